"""How do the units of one splitting become appearances, and what may a second splitting change?

It renews what nobody has touched, adds what is new and marks what is no longer found. Where a person has
decided, it changes nothing and proposes: proposals stand on the run, and a person applies them one by one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions import base, partial_dates
from claims.actions.documents import redating
from claims.actions.documents.stored_dates import as_json
from claims.actions.documents.storing import analysis_key, queue_analysis
from claims.jobs import rows
from claims.models import (
    AnalysisRun,
    Appearance,
    Capture,
    DateSource,
    Desk,
    Document,
    FinishedArticle,
    Job,
    User,
)
from claims.splitting.types import Split, Unit
from claims.vocabulary import Role

Triage = Appearance.Triage
#: What the analysis writes; links to other rows are written in a second pass.
_FIELDS = (
    "unit",
    "sentence_start",
    "sentence_end",
    "paragraph_start",
    "paragraph_end",
    "quotation",
    "attribution",
    "claimant_text",
    "claimant_kind",
    "relay",
    "negated",
    "checkable",
    "claim_type",
    "score",
    "reasons",
    "dates",
    "flags",
    "rules",
    "wording",
    "wording_unresolved",
    "appeared_on",
    "time_start",
    "time_end",
)
#: What a person is asked about; scores and reasons may drift without a question.
_ASKED = ("attribution", "claimant_text", "claimant_kind", "negated", "checkable", "dates")


@transaction.atomic
def store_split(
    *,
    actor: User | None = None,
    desk: Desk,
    capture: Capture,
    split: Split,
    now: dt.datetime | None = None,
) -> AnalysisRun:
    """Store what one splitting found for one desk; the same splitting a second time changes nothing."""
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
    changes = _Changes(run, document, now)
    changes.write(split.units)
    if not changes.any and before is not None and _same_question(before, run):
        # A job that ran twice leaves one run.
        run.delete()
        AnalysisRun.objects.filter(pk=before.pk).update(is_current=True)
        before.is_current = True
        return before
    Appearance.objects.filter(pk__in=changes.of_run).update(run=run)
    if changes.proposals:
        run.proposals = changes.proposals
        run.save(update_fields=["proposals"])
    if not document.language and split.language:
        Document.objects.filter(pk=document.pk, language="").update(language=split.language[:10])
    base.audit(
        "document.analysed",
        document,
        actor=actor,
        desk=desk,
        after=run.analyser[:40],
        now=now,
        run=run.pk,
        units=run.units,
        proposals=len(run.proposals),
    )
    return run


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


class _Changes:
    """Compares the units with the rows that are there, and writes the difference."""

    def __init__(self, run: AnalysisRun, document: Document, now: dt.datetime) -> None:
        self.run = run
        self.document = document
        self.now = now
        self.finished = FinishedArticle.objects.when(document, run.desk) is not None
        self.proposals: list[dict[str, Any]] = []
        self.any = False
        #: ids of the rows that this splitting found where nobody has decided
        self.of_run: list[int] = []
        self.rows = list(Appearance.objects.filter(desk=run.desk, capture=run.capture))
        self.at = {(row.start, row.end): row for row in self.rows}
        # Where a person moved, cut or joined a row, it still stands for the places the machine had found.
        self.moved = {
            (int(place[0]), int(place[1])): row
            for row in self.rows
            for place in row.provenance.get("places", ())
            if row.touched_at is not None
        }

    def write(self, units: Iterable[Unit]) -> None:
        units = list(units)
        rows: dict[int, Appearance] = {}
        fresh: list[Appearance] = []
        renewed: list[Appearance] = []
        for unit in units:
            place = (unit.start, unit.end)
            row = self.at.get(place) or self.moved.get(place)
            if row is None:
                row = self._new(unit)
                fresh.append(row)
                self.at[place] = row
            elif row.touched_at is not None:
                self._propose(row, unit)
            elif self._renew(row, unit):
                renewed.append(row)
            rows[unit.id] = row
        self.any = bool(fresh or renewed or self.proposals)
        for row in fresh:
            row.save(force_insert=True)
        if renewed:
            Appearance.objects.bulk_update(
                renewed, [*_FIELDS, "triage", "provenance", "version"], batch_size=100
            )
        self._link(units, rows)
        self._vanish({row.pk for row in rows.values()})
        self.of_run = [row.pk for row in rows.values() if row.touched_at is None]

    def _new(self, unit: Unit) -> Appearance:
        row = Appearance(
            desk=self.run.desk,
            document=self.document,
            capture=self.run.capture,
            run=self.run,
            start=unit.start,
            end=unit.end,
            created_at=self.now,
            provenance=_provenance(unit),
            **_values(unit, self.document.published),
        )
        if self.finished:
            # Finished means: what was left was not selected. A person sees it among the proposals.
            row.triage = Triage.NOT_SELECTED
            self.proposals.append(
                {"kind": "new", "start": unit.start, "end": unit.end, "quotation": unit.text}
            )
        return row

    def _renew(self, row: Appearance, unit: Unit) -> bool:
        values = _values(unit, self.document.published)
        changed = any(getattr(row, name) != value for name, value in values.items())
        if row.triage == Triage.SUPERSEDED:
            row.triage = Triage.SUGGESTED
            changed = True
        if not changed:
            return False
        for name, value in values.items():
            setattr(row, name, value)
        row.provenance = {**row.provenance, **_provenance(unit)}
        row.version += 1
        return True

    def _propose(self, row: Appearance, unit: Unit) -> None:
        if row.run_id is None or (row.start, row.end) != (unit.start, unit.end):
            return
        values = _values(unit, self.document.published)
        fields = {
            name: [getattr(row, name), values[name]]
            for name in _ASKED
            if _differs(name, getattr(row, name), values[name])
        }
        if fields:
            self.proposals.append(
                {"kind": "change", "appearance": row.pk, "quotation": row.quotation, "fields": fields}
            )

    def _link(self, units: list[Unit], rows: dict[int, Appearance]) -> None:
        linked = []
        for unit in units:
            row = rows[unit.id]
            if row.touched_at is not None:
                continue
            within = rows.get(unit.within) if unit.within is not None else None
            repeats = rows.get(unit.repeats) if unit.repeats is not None else None
            wanted = (
                within.pk if within is not None and within.pk != row.pk else None,
                repeats.pk if repeats is not None and repeats.pk != row.pk else None,
            )
            if (row.within_id, row.repeats_id) != wanted:
                row.within_id, row.repeats_id = wanted
                linked.append(row)
        if linked:
            self.any = True
            Appearance.objects.bulk_update(linked, ["within", "repeats"], batch_size=100)

    def _vanish(self, found: set[int]) -> None:
        gone = [row for row in self.rows if row.pk not in found and row.run_id is not None]
        silent = [row.pk for row in gone if row.touched_at is None and row.triage == Triage.SUGGESTED]
        if silent:
            self.any = True
            Appearance.objects.filter(pk__in=silent).update(triage=Triage.SUPERSEDED)
        for row in gone:
            place = (row.start, row.end)
            machine = [place] + [tuple(one) for one in row.provenance.get("places", ())]
            if row.touched_at is None or row.triage == Triage.DISMISSED or row.provenance.get("places"):
                continue
            if not any(tuple(one) in self.at and self.at[tuple(one)].pk in found for one in machine):
                self.any = True
                self.proposals.append({"kind": "gone", "appearance": row.pk, "quotation": row.quotation})


def _values(unit: Unit, published: str) -> dict[str, Any]:
    since, until = unit.time if unit.time is not None else (None, None)
    return {
        "unit": unit.id,
        "sentence_start": unit.sentence[0],
        "sentence_end": unit.sentence[1],
        "paragraph_start": unit.paragraph[0],
        "paragraph_end": unit.paragraph[1],
        "quotation": unit.text,
        "attribution": str(unit.attribution),
        "claimant_text": unit.claimant[:300],
        "claimant_kind": str(unit.claimant_kind),
        "relay": unit.relay[:300],
        "negated": unit.negated,
        "checkable": str(unit.checkable),
        "claim_type": str(unit.type),
        "score": round(unit.score, 4),
        "reasons": [asdict(reason) for reason in unit.reasons],
        "dates": [as_json(mention) for mention in unit.dates],
        "flags": list(unit.flags),
        "rules": list(unit.rules),
        "wording": unit.wording.text,
        "wording_unresolved": [asdict(one) for one in unit.wording.unresolved],
        "appeared_on": published,
        "time_start": since,
        "time_end": until,
    }


def _provenance(unit: Unit) -> dict[str, Any]:
    found: dict[str, Any] = {"by": "rules"}
    if unit.quote is not None:
        found["quote"] = unit.quote
    if unit.claimant_span is not None:
        found["claimant_span"] = list(unit.claimant_span)
    if unit.insertions:
        found["insertions"] = [list(span) for span in unit.insertions]
    return found


def _differs(name: str, old: Any, new: Any) -> bool:
    if name == "dates":
        return [(row["start"], row["value"]) for row in old] != [(row["start"], row["value"]) for row in new]
    return bool(old != new)


def reanalyse(*, actor: User, capture: Capture, desk: Desk, now: dt.datetime | None = None) -> Job:
    """Queue another splitting of a capture, with today's analyser and the document's date."""
    base.require(actor, desk, *base.ADDERS, what=_("analyse an article again"))
    with transaction.atomic():
        return queue_analysis(desk=desk, capture=capture, queue=Job.Queue.INTERACTIVE, now=now)


@transaction.atomic
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
            if name in _ASKED:
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
