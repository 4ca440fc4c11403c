"""Lists as files: the same rows as on the screen, in the same order, safe to open; and the claims of one article."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from django.test import Client

from claims.actions.claims.tags import tag_claim, tag_document
from claims.actions.documents import intake
from claims.actions.review.verdicts import VerdictData, submit_verdict
from claims.models import Document, FactCheck
from tests import builders
from tests.people import Cast
from tests.workbench import desk_pages as pages

pytestmark = pytest.mark.django_db
QUEUE, ARTICLES, CHECKS = "/desk/north/claims/", "/desk/north/articles/", "/desk/north/published/"


def read(client: Client, path: str, sent: Any = None) -> list[dict[str, str]]:
    answer = client.get(path, sent or {})
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer["Content-Disposition"]
    text = b"".join(answer.streaming_content).decode()
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize(
    "sent",
    [{}, {"state": "queued"}, {"tag": "bridges"}, {"sort": "oldest"}, {"assignee": "me"}, {"sort": "score"}],
)
def test_the_queue_as_a_file_holds_the_rows_of_the_screen_in_their_order(
    cast: Cast, sent: dict[str, str]
) -> None:
    made = [builders.claim(cast) for _ in range(3)]
    pages.published(cast)
    pages.working(cast)
    tag_claim(actor=cast.ada, claim=made[1], typed="bridges, roads")
    client = pages.signed_in(cast.ada)
    shown = client.get(QUEUE, sent or {"view": "all"}).context["rows"]
    rows = read(client, f"{QUEUE}list.csv", sent)
    assert [int(row["id"]) for row in rows] == [row["claim"].pk for row in shown]
    assert rows
    if "tag" in sent:
        assert rows[0]["tags"] == "bridges; roads"
        assert rows[0]["claimant"] == "Ilse Brandt"


def test_all_pages_of_a_list_are_in_its_file(cast: Cast) -> None:
    for _ in range(55):
        builders.claim(cast)
    assert len(read(pages.signed_in(cast.ada), f"{QUEUE}list.csv")) == 55


def test_what_a_spreadsheet_would_run_is_guarded(cast: Cast) -> None:
    claim = builders.claim(
        cast, '=HYPERLINK("http://x") is a claim', wording="=1+1 is three.", who="@SUM(A1)"
    )
    tag_claim(actor=cast.ada, claim=claim, typed="+cmd")
    document = intake.add_text(actor=cast.ada, desk=cast.desk, text="A text.", title="-2+3").document
    tag_document(actor=cast.ada, desk=cast.desk, document=document, typed="=x")
    client = pages.signed_in(cast.ada)
    row = read(client, f"{QUEUE}list.csv")[0]
    assert (row["wording"], row["claimant"], row["tags"]) == ("'=1+1 is three.", "'@SUM(A1)", "'+cmd")
    row = read(client, f"{ARTICLES}list.csv")[0]
    assert (row["title"], row["tags"]) == ("'-2+3", "'=x")


@pytest.mark.parametrize("path", [QUEUE, ARTICLES, CHECKS])
@pytest.mark.parametrize("sent", [{"tag": "nowhere"}, {"since": "x"}])
def test_a_filter_that_means_nothing_makes_no_file(cast: Cast, path: str, sent: dict[str, str]) -> None:
    builders.claim(cast)
    answer = pages.signed_in(cast.ada).get(f"{path}list.csv", sent)
    assert answer.status_code == 422
    assert "Content-Disposition" not in answer


def test_articles_and_checks_as_files(cast: Cast) -> None:
    builders.analysed(cast, builders.article(cast, outlet="Lenna Post"))
    check = pages.published(cast)
    client = pages.signed_in(cast.ada)
    (row,) = read(client, f"{ARTICLES}list.csv", {"state": "triage"})
    assert (row["outlet"], row["to_triage"], row["claims"]) == ("Lenna Post", "3", "0")
    assert read(client, f"{ARTICLES}list.csv", {"state": "finished"}) == []
    (row,) = read(client, f"{CHECKS}list.csv", {"show": "live"})
    assert row["rating"] == check.rating_label
    assert row["url"].endswith(f"/checks/{check.public_id}/")
    FactCheck.objects.create(
        desk=cast.desk, imported=True, import_key="y", claim_text="Theirs", modified_at=builders.moment()
    )
    assert [row["claim"] for row in read(client, f"{CHECKS}list.csv", {"show": "imported"})] == ["Theirs"]
    assert len(read(client, f"{CHECKS}list.csv")) == 1


def test_each_claim_of_an_article_has_its_place_in_the_text_of_the_file(cast: Cast) -> None:
    added = builders.article(cast)
    builders.analysed(cast, added)
    claim = builders.accepted(cast, "raised its fees")
    client = pages.signed_in(cast.eli)
    answer = client.get(f"/documents/{added.document.pk}/claims.json")
    body = json.loads(answer.content)
    text = body["capture"]["text"]
    assert text == added.capture.text
    assert [text[one["start"] : one["end"]] for one in body["units"]] == [
        one["quotation"] for one in body["units"]
    ]
    first = body["units"][0]
    assert (first["claim"], first["state"], first["triage"]) == (claim.pk, "queued", "accepted")
    assert body["units"][1]["claimant"] == "Ilse Brandt"
    assert body["units"][1]["claim"] is None
    rows = read(client, f"/documents/{added.document.pk}/claims.csv")
    assert [(row["start"], row["end"], row["quotation"]) for row in rows] == [
        (str(one["start"]), str(one["end"]), one["quotation"]) for one in body["units"]
    ]


def test_a_verdict_stands_beside_its_claim_in_the_file_of_the_article(cast: Cast) -> None:
    added = builders.article(cast)
    builders.analysed(cast, added)
    claim = builders.accepted(
        cast, "raised its fees", wording="The harbour raised its fees.", claimant="Ilse Brandt"
    )
    source = pages.cited(cast, claim)
    sent = pages.words(cast, source, wording=claim.wording)
    verdict = VerdictData(
        **{name: sent[name] for name in ("wording", "headline", "short_answer", "justification", "byline")},
        rating_id=int(sent["rating"]),
    )
    submit_verdict(actor=cast.ada, review=pages.review_of(claim), data=verdict)
    client = pages.signed_in(cast.ada)
    first = json.loads(client.get(f"/documents/{added.document.pk}/claims.json").content)["units"][0]
    assert (first["state"], first["rating"], first["finding"]) == ("awaiting_approval", "False", "Refuted")


def test_a_hidden_article_has_no_file_and_is_in_none(cast: Cast) -> None:
    added = builders.article(cast, title="Secret")
    builders.analysed(cast, added)
    document = added.document
    document.refresh_from_db()
    intake.set_metadata(
        actor=cast.ada, document=document, visibility=Document.Visibility.NAMED, named=[cast.ada]
    )
    client = pages.signed_in(cast.ben)
    assert client.get(f"/documents/{document.pk}/claims.json").status_code == 404
    assert client.get(f"/documents/{document.pk}/claims.csv").status_code == 404
    assert read(client, f"{ARTICLES}list.csv") == []


@pytest.mark.parametrize("capture", ["9", "x", "²", "9" * 30])
def test_a_state_of_the_text_that_is_not_there_is_not_found(cast: Cast, capture: str) -> None:
    added = builders.article(cast)
    answer = pages.signed_in(cast.ada).get(
        f"/documents/{added.document.pk}/claims.json", {"capture": capture}
    )
    assert answer.status_code == 404
