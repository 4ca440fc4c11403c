"""How do the units of one splitting become appearances, and what may a second splitting change?

It renews what nobody has touched, adds what is new and marks what is no longer found. Where a person has
decided, it changes nothing and proposes: proposals stand on the run, and a person applies them one by one.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions import base, partial_dates
from claims.actions.documents import redating
from claims.actions.documents.reading_changes import ReadingChanges
from claims.actions.documents.storing import analysis_key, queue_analysis
from claims.jobs import rows
from claims.models import (
    AnalysisRun,
    Appearance,
    Capture,
    DateSource,
    Desk,
    Document,
    Job,
    User,
)
from claims.splitting.rereading import ASKED
from claims.splitting.types import Split
from claims.vocabulary import Role

Triage = Appearance.Triage
#: The verb of a reading in the log; its details hold what it changed.
ANALYSED = "document.analysed"


@dataclass(frozen=True, slots=True)
class StoredReading:
    """What became of one reading: its run, how much changed, and the row of the log by which it is taken back.

    ``event`` is None where the same reading was there already.
    """

    run: AnalysisRun
    counts: dict[str, int]
    event: int | None


def store_split(
    *,
    actor: User | None = None,
    desk: Desk,
    capture: Capture,
    split: Split,
    now: dt.datetime | None = None,
) -> AnalysisRun:
    """Store what one splitting found for one desk; the same splitting a second time changes nothing."""
    return store_reading(actor=actor, desk=desk, capture=capture, split=split, now=now).run


@transaction.atomic
def store_reading(
    *,
    actor: User | None,
    desk: Desk,
    capture: Capture,
    split: Split,
    now: dt.datetime | None = None,
) -> StoredReading:
    """Store what a splitting found, and say what it changed; compared anew under the lock of the document."""
    now = now or timezone.now()
    document = Document.objects.select_for_update(no_key=True).get(pk=capture.document_id)
    if split.characters != len(capture.text):
        raise ValueError("the splitting is of another text")
    published = _take_over_date(document, split)
    before = AnalysisRun.objects.filter(desk=desk, capture=capture, is_current=True).first()
    AnalysisRun.objects.filter(desk=desk, capture=capture, is_current=True).update(is_current=False)
    run = AnalysisRun.objects.create(
        desk=desk,
        capture=capture,
        analyser=split.analyser[:60],
        published=published[:40],
        language=split.language[:10],
        left_out=[asdict(one) for one in split.left_out],
        flags=list(split.flags),
        units=len(split.units),
        created_at=now,
    )
    changes = ReadingChanges(run, document, split.units, now)
    changes.write(split.units)
    if not changes.any and before is not None and _same_question(before, run):
        # A job that ran twice leaves one run.
        run.delete()
        AnalysisRun.objects.filter(pk=before.pk).update(is_current=True)
        before.is_current = True
        return StoredReading(before, changes.comparison.counts, None)
    changes.claim_rows()
    run.proposals = changes.proposals()
    run.save(update_fields=["proposals"])
    language = capture.language or split.language
    if not document.language and language:
        Document.objects.filter(pk=document.pk, language="").update(language=language[:10])
    event = base.audit(
        ANALYSED,
        document,
        actor=actor,
        desk=desk,
        before=before.analyser[:40] if before is not None else "",
        after=run.analyser[:40],
        now=now,
        run=run.pk,
        units=run.units,
        proposals=len(run.proposals),
        changes=changes.record(before),
    )
    return StoredReading(run, changes.comparison.counts, event.pk)


def _same_question(one: AnalysisRun, other: AnalysisRun) -> bool:
    return (one.analyser, one.published, one.language, one.units) == (
        other.analyser,
        other.published,
        other.language,
        other.units,
    )


def _take_over_date(document: Document, split: Split) -> str:
    """Return the publication date the splitting went by; one it read in the text becomes a marked guess."""
    if document.published or not split.published:
        return document.published or ""
    columns = partial_dates.columns("published", split.published)
    if columns["published_earliest"] is None:
        return split.published
    visible = split.published_source == DateSource.VISIBLE
    Document.objects.filter(pk=document.pk, published="").update(
        **columns, published_source=DateSource.VISIBLE if visible else DateSource.SUGGESTED
    )
    document.published = split.published
    return split.published


def reanalyse(*, actor: User, capture: Capture, desk: Desk, now: dt.datetime | None = None) -> Job:
    """Queue another splitting of a capture, with today's analyser and the document's date."""
    base.require(actor, desk, *base.ADDERS, what=_("analyse an article again"))
    with transaction.atomic():
        return queue_analysis(desk=desk, capture=capture, queue=Job.Queue.INTERACTIVE, now=now)


@transaction.atomic
def analyse_opened(
    *, actor: User, capture: Capture, desk: Desk, now: dt.datetime | None = None
) -> Job | None:
    """Queue the splitting of a text of the archive that somebody has opened and nobody has split for their desk.

    What comes in with many others is only searched until then. None where there is nothing to split, and where
    somebody cancelled it: they can ask for it again.
    """
    base.require(actor, desk, *Role, what=_("wait for the analysis of an article"))
    if capture.redacted_at is not None or not capture.text.strip():
        return None
    last = Job.objects.filter(dedupe_key=analysis_key(desk, capture)).order_by("-id").first()
    if last is not None and last.status == Job.Status.CANCELLED:
        return None
    return queue_analysis(desk=desk, capture=capture, queue=Job.Queue.INTERACTIVE, now=now)


def hasten_analysis(*, actor: User, capture: Capture, desk: Desk, now: dt.datetime | None = None) -> bool:
    """Let the splitting of an article that somebody has opened go before what nobody waits for.

    False where none waits among imports. It changes the order of work and nothing that is kept: no row in the log.
    """
    base.require(actor, desk, *Role, what=_("wait for the analysis of an article"))
    key = analysis_key(desk, capture)
    job = Job.objects.filter(dedupe_key=key, status=Job.Status.QUEUED, queue=Job.Queue.BULK).first()
    return job is not None and rows.hasten(job.pk, now=now)


@transaction.atomic
def apply_proposal(
    *, actor: User, run: AnalysisRun, number: int, accept: bool = True, now: dt.datetime | None = None
) -> Appearance | None:
    """Take over one thing that a re-run would change, or put it aside with ``accept=False``.

    ``number`` is its place among the run's proposals, from 0.
    """
    now = now or timezone.now()
    base.require(actor, run.desk, *base.WORKERS, what=_("decide what a new analysis changes"))
    run = AnalysisRun.objects.select_for_update(no_key=True).get(pk=run.pk)
    if not 0 <= number < len(run.proposals):
        raise base.Stale(_("This proposal has been decided already."))
    proposal = run.proposals[number]
    run.proposals = [one for place, one in enumerate(run.proposals) if place != number]
    run.save(update_fields=["proposals"])
    row = Appearance.objects.filter(
        desk=run.desk,
        capture=run.capture,
        **(
            {"start": proposal["start"], "end": proposal["end"]}
            if proposal["kind"] == "new"
            else {"pk": proposal["appearance"]}
        ),
    ).first()
    if row is not None and accept:
        _apply(row, proposal)
        row.touched_by, row.touched_at, row.version = actor, now, row.version + 1
        row.save()
        if "dates" in proposal.get("fields", ()):
            redating.follow_row(row, actor=actor, now=now)
    base.audit(
        "proposal.applied" if accept else "proposal.put_aside",
        run,
        actor=actor,
        desk=run.desk,
        now=now,
        proposal=proposal,
    )
    return row


def _apply(row: Appearance, proposal: dict[str, Any]) -> None:
    if proposal["kind"] == "change":
        for name, (_old, new) in proposal["fields"].items():
            if name in ASKED:
                setattr(row, name, new)
    elif proposal["kind"] == "new" and row.triage == Triage.NOT_SELECTED:
        row.triage = Triage.SUGGESTED
    elif proposal["kind"] == "gone":
        if row.claim_id is not None:
            raise base.Refused(_("This was accepted: close its claim, or keep it as it is."))
        row.triage = Triage.DISMISSED
        row.dismiss_reason = _("no longer found")


def put_in_place(row: Appearance, captures: list[Capture]) -> bool:
    """Give an appearance without offsets its document, and its place where the words stand there once.

    For the caller's transaction. Words that stand there twice could mean either place: no place is guessed.
    """
    for capture in captures:
        row.document = capture.document
        start = capture.text.find(row.quotation)
        if start >= 0 and capture.text.find(row.quotation, start + 1) < 0:
            end = start + len(row.quotation)
            taken = Appearance.objects.filter(desk_id=row.desk_id, capture=capture, start=start, end=end)
            if not taken.exists():
                row.capture, row.start, row.end = capture, start, end
                row.save(update_fields=["document", "capture", "start", "end"])
                return True
    if captures:
        row.document = captures[0].document
        row.save(update_fields=["document"])
    return False
