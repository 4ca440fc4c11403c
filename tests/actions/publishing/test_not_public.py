"""What does a release tell of sources and places that are not for everybody? That they exist, and no more."""

from __future__ import annotations

import json
from typing import Any

import pytest

from claims.actions.claims import changes
from claims.actions.evidence import decisions as evidence_actions
from claims.actions.publishing.payload import UNNAMED
from claims.actions.review import verdicts as review
from claims.actions.triage import decisions as triage
from claims.models import Appearance, Claim, Document, Evidence, FactCheck
from tests.actions.evidence.test_search import REPORT
from tests.builders import HARBOUR, accepted, analysed, article
from tests.checks_made import approved, checked_claim, current, source, words
from tests.conftest import NOW
from tests.people import Cast

pytestmark = pytest.mark.django_db
SOME = ["desk", "named"]
QUOTED = "The list was published on Monday"


def shown_to(document: Document, visibility: str) -> None:
    Document.objects.filter(pk=document.pk).update(visibility=visibility)


def passage(cast: Cast, made: Claim, visibility: str) -> Evidence:
    """Cite a passage of an article, then show the article to some only."""
    added = article(cast, REPORT, published="2026-03-04", outlet="Harbour Gazette")
    start = REPORT.index(QUOTED)
    cited = Evidence.objects.create(
        desk=cast.desk,
        claim=made,
        kind=Evidence.Kind.PASSAGE,
        document=added.document,
        capture=added.capture,
        start=start,
        end=start + len(QUOTED),
        quotation=QUOTED,
        place_key=f"test:{added.capture.pk}",
        added_by=cast.ada,
    )
    evidence_actions.decide(actor=cast.ada, evidence=cited, cited=True)
    shown_to(added.document, visibility)
    return Evidence.objects.get(pk=cited.pk)


def payload(cast: Cast, made: Claim, cited: Evidence) -> dict[str, Any]:
    verdict = review.submit_verdict(actor=cast.ada, review=current(made), data=words(cast, cited), now=NOW)
    approved(cast, verdict)
    check = FactCheck.objects.select_related("latest").get(claim=made)
    assert check.latest is not None
    found: dict[str, Any] = check.latest.payload
    return found


def test_a_passage_of_the_archive_is_quoted_with_its_place(cast: Cast) -> None:
    made = checked_claim(cast)
    (shown,) = payload(cast, made, passage(cast, made, "archive"))["citations"]
    assert shown["quotation"] == QUOTED
    assert shown["outlet"] == "Harbour Gazette"


@pytest.mark.parametrize("visibility", SOME)
def test_a_passage_of_a_document_for_some_is_a_source_without_words(cast: Cast, visibility: str) -> None:
    made = checked_claim(cast)
    found = payload(cast, made, passage(cast, made, visibility))
    (shown,) = found["citations"]
    assert (shown["title"], shown["kind"], shown["quotation"], shown["url"]) == (UNNAMED, "redacted", "", "")
    assert QUOTED not in json.dumps(found)
    assert "Gazette" not in json.dumps(found)


@pytest.mark.parametrize("visibility", SOME)
def test_words_that_a_person_cleared_do_not_say_where_they_stand(cast: Cast, visibility: str) -> None:
    made = checked_claim(cast)
    cited = passage(cast, made, visibility)
    Evidence.objects.filter(pk=cited.pk).update(cleared_by=cast.carla)
    found = payload(cast, made, cited)
    (shown,) = found["citations"]
    assert (shown["title"], shown["quotation"], shown["published"]) == (UNNAMED, QUOTED, "")
    assert "Gazette" not in json.dumps(found)


@pytest.mark.parametrize("visibility", SOME)
def test_a_place_in_a_document_for_some_is_not_told(cast: Cast, visibility: str) -> None:
    open_copy = article(cast, HARBOUR, outlet="Lenna Post", published="2026-03-05")
    analysed(cast, open_copy)
    made = accepted(cast)
    hidden = article(cast, f"An inner memo\n\n{HARBOUR}", outlet="Inner Circle", published="2026-03-01")
    analysed(cast, hidden)
    other = Appearance.objects.get(document=hidden.document, quotation__contains="raised its fees")
    triage.accept(actor=cast.ada, appearance=other, claim=made)
    for one, url in ((open_copy, "https://lenna.example/fees"), (hidden, "https://inner.example/memo")):
        Document.objects.filter(pk=one.document.pk).update(url=url)
    shown_to(hidden.document, visibility)
    found = payload(cast, confirmed(cast, made), source(cast, made))
    assert "memo" not in json.dumps(found).lower()
    assert [place["outlet"] for place in found["appearances"]] == ["Lenna Post"]
    assert "Inner Circle" not in json.dumps(found)


def confirmed(cast: Cast, made: Claim) -> Claim:
    made.refresh_from_db()
    return changes.edit_wording(actor=cast.ada, claim=made, wording="Port Lenna raised its fees.", now=NOW)
