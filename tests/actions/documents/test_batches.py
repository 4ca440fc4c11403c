"""A batch leaves the rows that storing one by one leaves, in fewer statements, and loses nothing to others."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims.actions import base
from claims.actions.documents import batches, storing
from claims.actions.documents.coming import Coming, coming
from claims.intake.types import Extracted, PublishedSource
from claims.models import (
    AuditDetail,
    AuditEvent,
    Capture,
    Desk,
    Document,
    DocumentFingerprint,
    IndexEntry,
    Job,
    Passage,
    ShingleKey,
    UnmatchedCapture,
)
from tests.builders import HARBOUR
from tests.independence.stories import AGENCY, COPY_WITH_NEW_HEAD
from tests.people import Cast

pytestmark = pytest.mark.django_db


def text(words: str, path: str = "", *, site: str = "", published: str = "2026-10-14") -> Coming:
    return coming(
        extracted=Extracted(
            text=words,
            title=words[:20],
            site=site,
            published=published,
            published_source=PublishedSource.METADATA,
        ),
        url=f"https://paper.example/{path}" if path else "",
        blob=words.encode(),
    )


def mixed() -> list[Coming]:
    """Two that are new, a changed text, the same again, a copy elsewhere, one without address twice, a near copy."""
    return [
        text(AGENCY, "lake", site="Reuters"),
        text(HARBOUR, "harbour"),
        text(f"{HARBOUR}\n\nThe boats are back.", "harbour", site="Paper", published="2026-10-15"),
        text(AGENCY, "lake", site="Reuters"),
        text(AGENCY, "elsewhere"),
        text("A note that nobody signed and that has no address at all."),
        text("A note that nobody signed and that has no address at all."),
        text(COPY_WITH_NEW_HEAD, "copy", site="Post"),
    ]


def rows(desk: Desk) -> dict[str, Any]:
    """Return all that a desk's archive holds, without the numbers of rows."""
    documents = list(Document.objects.filter(desk=desk).select_related("outlet").order_by("pk"))
    place = {one.pk: number for number, one in enumerate(documents)}
    origins = list(dict.fromkeys(one.origin_id for one in documents))
    events = AuditEvent.objects.filter(desk_id=desk.pk, object_kind="document").order_by("pk")
    return {
        "documents": [
            (
                one.url, one.address_key, one.kind, one.title, str(one.outlet), one.published,
                one.published_earliest, one.published_source, one.captures_made, one.version,
                one.origin_edition, origins.index(one.origin_id), one.origin_reason, one.visibility,
            )
            for one in documents
        ],
        "captures": [
            (place[one.document_id], one.number, one.text, one.blob, one.title, one.published, one.correction)
            for one in Capture.objects.filter(document__in=place).order_by("document_id", "number")
        ],
        "passages": Passage.objects.filter(capture__document__in=place).count(),
        "unmatched": UnmatchedCapture.objects.filter(capture__document__in=place).count(),
        "keys": ShingleKey.objects.filter(document__in=place).count(),
        "prints": DocumentFingerprint.objects.filter(document__in=place).count(),
        "index": sorted(
            (place[pk], version, pending)
            for pk, version, pending in IndexEntry.objects.filter(
                collection="documents", object_id__in=place
            ).values_list("object_id", "version", "pending")
        ),
        "audit": sorted((one.verb, place[one.object_id], one.after, one.via) for one in events),
        "gestures": events.values("gesture").distinct().count(),
        "details": AuditDetail.objects.filter(event__in=events).count(),
        "jobs": Job.objects.filter(desk=desk, kind="analyse").count(),
    }  # fmt: skip


@pytest.mark.parametrize("queue", ["", Job.Queue.BULK])
def test_a_batch_leaves_the_rows_that_one_by_one_leaves(cast: Cast, queue: str) -> None:
    now = timezone.now()
    one_by_one = []
    for one in mixed():
        with base.gesture("ingest"):
            one_by_one.append(storing.settle(one, actor=None, desk=cast.desk, queue=queue, now=now))
    together = batches.store_all(
        mixed(), actor=None, desk=cast.other_desk, queue=queue, via="ingest", now=now
    )
    said = [(one.outcome, one.sentence) for one in together if isinstance(one, storing.Added)]
    assert said == [(one.outcome, one.sentence) for one in one_by_one]
    assert [outcome for outcome, _ in said] == ["new", "new", "updated", "same", "copy", "new", "same", "new"]
    assert rows(cast.other_desk) == rows(cast.desk)


def test_what_is_new_costs_few_statements_each(cast: Cast) -> None:
    def statements(begin: int, count: int) -> int:
        batch = [
            text(f"{HARBOUR}\n\nEdition {n}.", f"{n}", site="Paper") for n in range(begin, begin + count)
        ]
        with CaptureQueriesContext(connection) as asked:
            made = batches.store_all(batch, actor=None, desk=cast.desk, queue="")
        assert all(isinstance(one, storing.Added) and one.outcome == "new" for one in made)
        return len(asked)

    statements(0, 5)
    ten, thirty = statements(100, 10), statements(200, 30)
    assert (thirty - ten) / 20 <= 10


def test_who_was_faster_is_found_and_nothing_is_lost(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    storing.settle(mixed()[1], actor=None, desk=cast.desk, queue="", now=timezone.now())
    # As if the other had come between the look and the write.
    monkeypatch.setattr(batches, "_known", lambda archive, batch: (set(), set()))
    made = batches.store_all(mixed()[:3], actor=None, desk=cast.desk, queue="")
    assert [one.outcome for one in made if isinstance(one, storing.Added)] == ["new", "same", "updated"]
    assert Document.objects.filter(desk=cast.desk).count() == 2


def test_one_that_is_refused_stops_no_other(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    real = storing.settle

    def refusing(what: Coming, **named: Any) -> storing.Added:
        if what.address.endswith("harbour"):
            raise base.Refused("Not here.")
        return real(what, **named)

    monkeypatch.setattr(batches, "settle", refusing)
    made = batches.store_all(mixed(), actor=None, desk=cast.desk, queue="")
    assert [str(one) for one in made if isinstance(one, base.Refused)] == ["Not here."]
    assert sum(isinstance(one, storing.Added) for one in made) == 7


def test_who_may_not_add_documents_stores_no_batch(cast: Cast) -> None:
    with pytest.raises(base.NotAllowed):
        batches.store_all(mixed(), actor=cast.otto, desk=cast.desk, queue="")
    assert not Document.objects.exists()
