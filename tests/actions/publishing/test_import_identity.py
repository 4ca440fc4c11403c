"""One page is one page in whatever spelling of its address; what its publisher corrects takes its place."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from claims.actions.publishing.imports import import_factcheck, take_in, withdraw_import
from claims.models import FactCheck, Release
from claims.net.addresses import page_identity
from claims.vocabulary import CheckStatus
from tests.actions.publishing.test_publish import FOREIGN
from tests.builders import moment
from tests.conftest import NOW
from tests.people import Cast

pytestmark = pytest.mark.django_db

SPELLINGS = [
    "http://checks.example/weir",
    "https://checks.example/weir/",
    "https://www.checks.example/weir?utm_source=letter&utm_medium=mail",
    "HTTPS://WWW.CHECKS.EXAMPLE:443/weir#top",
    "http://checks.example:80/weir?fbclid=1",
    "https://checks.example/weir/amp/",
    "https://checks.example/amp/weir",
    "https://amp.checks.example/weir",
    "https://checks.example/weir?amp=1",
    "https://checks.example/weir?outputType=amp",
    "https://checks.example/weir.amp",
    "https://checks-example.cdn.ampproject.org/c/s/checks.example/weir",
    "https://www.google.com/amp/s/www.checks.example/weir/",
    "https://checks.example//weir/index.html",
    "https://checks.example/%77eir",
]


@pytest.mark.parametrize("url", SPELLINGS)
def test_another_spelling_is_the_same_check_and_no_change(url: str, cast: Cast) -> None:
    first = import_factcheck(actor=None, desk=cast.desk, raw=FOREIGN, now=NOW)
    again, outcome = take_in(actor=None, desk=cast.desk, raw=FOREIGN | {"url": url}, now=moment(1))
    assert (again, outcome) == (first, "unchanged")
    assert Release.objects.count() == 1


@pytest.mark.parametrize(
    "url",
    [
        "https://checks.example/weir-two",
        "https://other.example/weir",
        "https://checks.example/weir?id=2",
        "https://checks.example/weir/amplifier",
        "https://checks.example/amp",
        "https://checks.example/weir%2Ftwo",
        "https://checks.example/Weir",
        "https://checks.example:8443/weir",
    ],
)
def test_another_page_is_another_check(url: str, cast: Cast) -> None:
    import_factcheck(actor=None, desk=cast.desk, raw=FOREIGN, now=NOW)
    assert (
        take_in(actor=None, desk=cast.desk, raw=FOREIGN | {"url": url}, alone=True, now=moment(1))[1] == "new"
    )


def test_a_corrected_wording_takes_the_place_where_its_page_holds_no_other(cast: Cast) -> None:
    first = import_factcheck(actor=None, desk=cast.desk, raw=FOREIGN, now=NOW)
    corrected = FOREIGN | {
        "url": "http://www.checks.example/weir/",
        "claimReviewed": "The weir at Lake Ostra broke in January.",
        "reviewRating": {"alternateName": "True"},
    }
    again, outcome = take_in(actor=None, desk=cast.desk, raw=corrected, alone=True, now=moment(1))
    assert (again.pk, outcome) == (first.pk, "changed")
    assert list(FactCheck.objects.values_list("claim_text", "rating_label")) == [
        ("The weir at Lake Ostra broke in January.", "True")
    ]
    assert again.public_id == first.public_id


def test_a_second_claim_of_the_same_page_is_a_check_of_its_own(cast: Cast) -> None:
    import_factcheck(actor=None, desk=cast.desk, raw=FOREIGN, now=NOW)
    second = FOREIGN | {"claimReviewed": "Nobody was hurt."}
    assert take_in(actor=None, desk=cast.desk, raw=second, now=moment(1))[1] == "new"
    assert take_in(actor=None, desk=cast.desk, raw=second, now=moment(2))[1] == "unchanged"


def test_a_row_stored_under_the_first_key_is_found(cast: Cast) -> None:
    from claims.actions.publishing import imports

    stored = FOREIGN | {"url": "http://www.checks.example/weir/"}
    current = imports._import_key
    imports._import_key = imports._first_import_key
    try:
        first = import_factcheck(actor=None, desk=cast.desk, raw=stored, now=NOW)
    finally:
        imports._import_key = current
    for url in (stored["url"], FOREIGN["url"]):
        assert take_in(actor=None, desk=cast.desk, raw=FOREIGN | {"url": url}, now=moment(1)) == (
            first,
            "unchanged",
        )


def test_a_withdrawal_reaches_the_check_in_any_spelling(cast: Cast) -> None:
    check = import_factcheck(actor=None, desk=cast.desk, raw=FOREIGN, now=NOW)
    assert withdraw_import(actor=None, desk=cast.desk, url=SPELLINGS[1], now=moment(1)) == 1
    check.refresh_from_db()
    assert check.status == CheckStatus.WITHDRAWN


def test_identity_of_what_is_no_address() -> None:
    assert page_identity(" URN:x ") == "urn:x"
    assert (
        page_identity("https://www.a.example/?p=1")
        == page_identity("http://a.example?p=1")
        == "a.example?p=1"
    )


def run(path: Path, data: Any) -> tuple[dict[str, Any], str]:
    path.write_text(json.dumps(data), encoding="utf-8")
    out, err = StringIO(), StringIO()
    call_command("import_factchecks", str(path), "--json", stdout=out, stderr=err)
    return json.loads(out.getvalue()), err.getvalue()


def test_the_command_counts_everything(cast: Cast, tmp_path: Path) -> None:
    feed = {"dataFeedElement": [{"item": [FOREIGN | {"url": url}]} for url in SPELLINGS]}
    counts, _said = run(tmp_path / "feed.json", feed)
    assert (counts["new"], counts["unchanged"]) == (1, len(SPELLINGS) - 1)
    counts, said = run(tmp_path / "page.json", {"@graph": [{"@type": "WebPage"}, FOREIGN]})
    assert (counts["unchanged"], counts["passed_over"]) == (1, 1)
    assert "1 × webpage" in said


@pytest.mark.parametrize("data", [[], {"@graph": []}, {"@type": "WebPage"}])
def test_a_file_without_a_check_is_an_error(data: Any, cast: Cast, tmp_path: Path) -> None:
    with pytest.raises(CommandError):
        run(tmp_path / "empty.json", data)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("/b%C3%BCro", "/büro"),
        ("/b%c3%bcro", "/B%C3%BCro".replace("B", "b", 1)),
        ("/a/amp?page=2", "/a?page=2"),
    ],
)
def test_escapes_that_are_not_needed_and_amp_beside_a_question_are_one_page(one: str, other: str) -> None:
    assert page_identity(f"https://x.example{one}") == page_identity(f"http://www.x.example{other}")


@pytest.mark.parametrize(
    "url", ["https://x.example/a%26b", "https://x.example/a%2Fb", "https://x.example/%FF"]
)
def test_what_is_escaped_for_a_reason_stays(url: str) -> None:
    assert page_identity(url) == url.removeprefix("https://")


def _named(page: str, name: str) -> dict[str, Any]:
    return FOREIGN | {
        "url": f"https://checks.example/{page}",
        "@id": name,
        "claimReviewed": f"The {page} broke.",
    }


@pytest.mark.parametrize(
    "name", ["https://checks.example/#claimreview", "https://checks.example/", "https://checks.example"]
)
def test_checks_that_a_site_all_calls_by_one_name_stay_apart(name: str, cast: Cast) -> None:
    for page in ("weir", "dam"):
        assert take_in(actor=None, desk=cast.desk, raw=_named(page, name), now=NOW)[1] == "new"
        assert take_in(actor=None, desk=cast.desk, raw=_named(page, name), now=moment(1))[1] == "unchanged"
    assert FactCheck.objects.count() == 2


def test_a_sign_on_the_front_page_with_a_number_is_the_name_of_one_check(cast: Cast) -> None:
    name = "https://checks.example/#/schema/ClaimReview/{}"
    first, _outcome = take_in(actor=None, desk=cast.desk, raw=_named("weir", name.format(1)), now=NOW)
    assert take_in(actor=None, desk=cast.desk, raw=_named("dam", name.format(2)), now=NOW)[1] == "new"
    moved, outcome = take_in(actor=None, desk=cast.desk, raw=_named("moved", name.format(1)), now=moment(1))
    assert (moved.pk, outcome) == (first.pk, "changed")
