"""claims:search in the words of its own clients."""

from __future__ import annotations

import json

import pytest

from claims.exports.google import GoogleError, apply_fields, error, newest_day, parse, render, response
from tests.exports.checks import BORN, check, every_state


def test_the_answer_has_the_fields_of_the_discovery_document() -> None:
    got = response([check()], "next")
    assert got == {
        "claims": [
            {
                "text": "The weir at Lake Ostra burst in March 2019.",
                "claimant": "Jan Kral",
                "claimDate": "2020-10-14T00:00:00Z",
                "claimReview": [
                    {
                        "publisher": {"name": "Ostra Weir Checks", "site": "weir.example"},
                        "url": "https://www.weir.example/checks/1/no-the-weir-did-not-burst",
                        "title": "No, the weir did not burst (1)",
                        "reviewDate": "2021-03-01T09:31:00Z",
                        "textualRating": "False",
                        "languageCode": "en",
                    }
                ],
            }
        ],
        "nextPageToken": "next",
    }


def test_nothing_found_is_an_empty_object() -> None:
    assert response([]) == {}


def test_only_live_checks_are_shown_and_reviews_of_one_claim_stand_together() -> None:
    again = check(7, claim_uri=check().claim_uri, headline="Still no")
    claims = response([*every_state(), again])["claims"]
    assert len(claims) == 4
    assert [r["title"] for r in claims[0]["claimReview"]] == [check().headline, "Still no"]


def test_a_partial_date_is_not_sent_as_a_day() -> None:
    assert "claimDate" not in response([check(made_on="2020-10")])["claims"][0]


def test_parameters_are_read_and_a_page_leads_to_the_next() -> None:
    first = parse({"query": "weir", "languageCode": "en-GB", "pageSize": "3", "key": "x", "alt": "json"})
    assert (first.language, first.page_size, first.position) == ("en", 3, 0)
    token = first.next_token()
    second = parse({"query": "weir", "languageCode": "en-US", "pageSize": "3", "pageToken": token})
    assert second.position == 3
    assert parse({"query": "weir", "offset": "20"}).position == 20
    assert parse({"reviewPublisherSiteFilter": "https://www.Weir.example/"}).site == "weir.example"


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"query": "  "},
        {"query": "a", "pageSize": "ten"},
        {"query": "a", "pageSize": "-1"},
        {"query": "a", "maxAgeDays": "1.5"},
        {"query": "a", "nonsense": "1"},
        {"query": "a", "alt": "media"},
        {"query": "a", "callback": "alert(1)//"},
        {"query": "a", "pageToken": "nonsense"},
        {"query": "a", "pageToken": "é"},
        {"query": "a", "pageToken": parse({"query": "b"}).next_token()},
        {"query": "a", "pageToken": parse({"query": "a"}).next_token(), "offset": "2"},
    ],
)
def test_a_wrong_request_is_answered_with_the_apis_error(query: dict[str, str]) -> None:
    with pytest.raises(GoogleError) as caught:
        parse(query)
    body = caught.value.body()["error"]
    assert (body["code"], body["status"]) == (400, "INVALID_ARGUMENT")
    assert body["message"]


def test_image_search_is_unimplemented_in_the_apis_words() -> None:
    assert error(501, "Image search is not offered here.")["error"]["status"] == "UNIMPLEMENTED"


def test_age_counts_from_the_newer_of_both_dates() -> None:
    assert newest_day(check()) == BORN.date()
    assert newest_day(check(made_on="2021-03-05")).isoformat() == "2021-03-05"
    assert newest_day(check(made_on="2021-03")) == BORN.date()


@pytest.mark.parametrize("site", ["http://[", "//", "http://[::1", "]["])
def test_what_is_no_site_is_refused(site: str) -> None:
    with pytest.raises(GoogleError):
        parse({"reviewPublisherSiteFilter": site})


def test_a_field_mask_selects() -> None:
    data = response([check()], "next")
    assert apply_fields(data, "nextPageToken") == {"nextPageToken": "next"}
    assert apply_fields(data, "claims(text,claimReview/publisher/name)") == {
        "claims": [
            {"text": data["claims"][0]["text"], "claimReview": [{"publisher": {"name": "Ostra Weir Checks"}}]}
        ]
    }
    assert apply_fields(data, "claims/claimReview(url),nextPageToken,claims/text")["claims"][0].keys() == {
        "text", "claimReview",
    }  # fmt: skip
    assert apply_fields(data, "*") == data
    for wrong in ("claims(", "claims)", ",", "claims/", "a b", "(" * 50):
        with pytest.raises(GoogleError):
            apply_fields(data, wrong)


def test_the_body_can_be_compact_or_wrapped() -> None:
    data = {"claims": [{"text": "</script>"}]}
    body, kind = render(data, parse({"query": "a", "prettyPrint": "false"}))
    assert body == b'{"claims": [{"text": "</script>"}]}\n'
    assert kind.startswith("application/json")
    body, kind = render(data, parse({"query": "a", "callback": "cb.x"}))
    assert kind.startswith("text/javascript")
    assert b"</script>" not in body
    assert json.loads(body.split(b"(", 1)[1].rsplit(b")", 1)[0]) == data
