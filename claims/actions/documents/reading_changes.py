"""How does a comparison of readings come into the rows, and how are its changes taken back?

What is decided in ``claims.splitting.rereading`` is written here, in the caller's transaction and under its lock
of the document; what was there before is returned, for the log.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext as _

from claims.actions import base
from claims.actions.documents.stored_dates import as_json
from claims.models import AnalysisRun, Appearance, Capture, Desk, Document, FinishedArticle
from claims.splitting.rereading import NewSuggestion, OldSuggestion, ReadingComparison, compare
from claims.splitting.types import Unit

Triage = Appearance.Triage
#: What the analysis writes; links to other rows are written in a second pass.
FIELDS = (
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
_LINKS = ("within_id", "repeats_id")


def rows_of(desk: Desk, capture: Capture, *, locked: bool = False) -> list[Appearance]:
    """Return a desk's appearances in a capture; ``locked``, nobody decides about them until we are done."""
    rows = Appearance.objects.filter(desk=desk, capture=capture).order_by("pk")
    return list(rows.select_for_update(no_key=True) if locked else rows)


def compared(rows: Iterable[Appearance], units: Iterable[Unit], published: str) -> ReadingComparison:
    """Compare appearances with the units of a reading that went by this publication date."""
    return compare(
        [_standing(row) for row in rows],
        [
            NewSuggestion(unit.id, unit.start, unit.end, unit.text, values_of(unit, published))
            for unit in units
        ],
    )


def _standing(row: Appearance) -> OldSuggestion:
    return OldSuggestion(
        key=row.pk,
        start=row.start,
        end=row.end,
        triage=row.triage,
        touched=row.touched_at is not None or row.claim_id is not None,
        by_rules=row.run_id is not None,
        values={name: getattr(row, name) for name in FIELDS},
        places=tuple((int(place[0]), int(place[1])) for place in row.provenance.get("places", ())),
    )


class ReadingChanges:
    """Writes the difference between the rows of one capture and a newer reading of it."""

    def __init__(self, run: AnalysisRun, document: Document, units: Sequence[Unit], now: dt.datetime) -> None:
        self.run = run
        self.now = now
        self.document = document
        self.units = {(unit.start, unit.end): unit for unit in reversed(units)}
        self.rows = {row.pk: row for row in rows_of(run.desk, run.capture, locked=True)}
        self.comparison = compared(self.rows.values(), self.units.values(), document.published)
        self.finished = FinishedArticle.objects.when(document, run.desk) is not None
        self.any = False
        self._was = {row.pk: _kept(row) for row in self.rows.values()}
        self._made: list[Appearance] = []
        self._found: list[int] = []

    def write(self, units: Sequence[Unit]) -> None:
        """Write what is new, changed and gone, and the links between what is found."""
        found = self.comparison
        at: dict[tuple[int, int], Appearance] = {}
        for match in (*found.kept, *found.same, *found.held):
            at[match.new.span] = self.rows[match.old.key]
        renewed = []
        for match in (*found.changed, *found.renewed):
            row = self.rows[match.old.key]
            if match.moved:
                self._take_away(row)
                at[match.new.span] = self._offer(match.new)
            else:
                self._renew(row, match.new)
                renewed.append(row)
                at[match.new.span] = row
        for one in found.new:
            at[one.span] = self._offer(one)
        for gone in found.gone:
            self._take_away(self.rows[gone.key])
        if renewed:
            self.any = True
            Appearance.objects.bulk_update(renewed, [*FIELDS, "provenance", "version"], batch_size=100)
        self._link(units, at)
        self.any = self.any or bool(self.proposals())
        held = {match.new.span for match in found.held}
        self._found = [row.pk for span, row in at.items() if row.touched_at is None and span not in held]

    def claim_rows(self) -> None:
        """Say of the rows that were found, and that nobody has touched, that this reading found them last."""
        Appearance.objects.filter(pk__in=self._found).exclude(run=self.run).update(run=self.run)

    def proposals(self) -> list[dict[str, Any]]:
        """Return what the reading would change where a person has decided; a person applies it one by one."""
        rows: list[dict[str, Any]] = []
        for match in self.comparison.asked:
            quotation, fields = (
                self.rows[match.old.key].quotation,
                {k: list(v) for k, v in match.fields.items()},
            )
            rows.append(
                {"kind": "change", "appearance": match.old.key, "quotation": quotation, "fields": fields}
            )
        for row in self.comparison.missing:
            rows.append({"kind": "gone", "appearance": row.key, "quotation": self.rows[row.key].quotation})
        if self.finished:
            # Finished means: what was left was not selected. A person sees it among the proposals.
            for one in self._offered():
                rows.append({"kind": "new", "start": one.start, "end": one.end, "quotation": one.text})
        return rows

    def _offered(self) -> list[NewSuggestion]:
        return [*self.comparison.new, *(match.new for match in self.comparison.changed if match.moved)]

    def record(self, before: AnalysisRun | None) -> dict[str, Any]:
        """Return what taking this back needs: the rows that were made, and what others were before."""
        changed = {}
        for pk, row in self.rows.items():
            now = _kept(row)
            was = {name: value for name, value in self._was[pk].items() if value != now[name]}
            if was:
                changed[str(pk)] = {"version": row.version, "was": was}
        return {
            "made": [[row.pk, row.version] for row in self._made],
            "changed": changed,
            "run_before": before.pk if before is not None else None,
            "held": len(self.comparison.held),
        }

    def _offer(self, one: NewSuggestion) -> Appearance:
        """Suggest what is new; a row that an earlier reading took away from this place comes back."""
        self.any = True
        unit = self.units[one.span]
        triage = Triage.NOT_SELECTED if self.finished else Triage.SUGGESTED
        row = next((row for row in self.rows.values() if (row.start, row.end) == one.span), None)
        if row is None:
            row = Appearance(
                desk=self.run.desk,
                document=self.document,
                capture=self.run.capture,
                run=self.run,
                start=unit.start,
                end=unit.end,
                triage=triage,
                created_at=self.now,
                provenance=_provenance(unit),
                **one.values,
            )
            row.save(force_insert=True)
            self._made.append(row)
            return row
        self._renew(row, one)
        row.triage = triage
        row.save(update_fields=[*FIELDS, "provenance", "version", "triage"])
        return row

    def _renew(self, row: Appearance, one: NewSuggestion) -> None:
        for name, value in one.values.items():
            setattr(row, name, value)
        row.provenance = {**row.provenance, **_provenance(self.units[one.span])}
        row.version += 1

    def _take_away(self, row: Appearance) -> None:
        self.any = True
        row.triage = Triage.SUPERSEDED
        # Whoever still looks at it is told that it has changed.
        row.version += 1
        row.save(update_fields=["triage", "version"])

    def _link(self, units: Sequence[Unit], at: dict[tuple[int, int], Appearance]) -> None:
        rows = {unit.id: at[(unit.start, unit.end)] for unit in units}
        held = {match.new.span for match in self.comparison.held}
        linked: dict[int, Appearance] = {}
        for unit in units:
            row = rows[unit.id]
            if row.touched_at is not None or (unit.start, unit.end) in held:
                continue
            within = rows.get(unit.within) if unit.within is not None else None
            repeats = rows.get(unit.repeats) if unit.repeats is not None else None
            wanted = (
                within.pk if within is not None and within.pk != row.pk else None,
                repeats.pk if repeats is not None and repeats.pk != row.pk else None,
            )
            if (row.within_id, row.repeats_id) != wanted:
                row.within_id, row.repeats_id = wanted
                linked[row.pk] = row
        if linked:
            self.any = True
            Appearance.objects.bulk_update(linked.values(), ["within", "repeats"], batch_size=100)


def _kept(row: Appearance) -> dict[str, Any]:
    return {name: getattr(row, name) for name in (*FIELDS, *_LINKS, "triage", "provenance")}


def take_back(run: AnalysisRun, record: dict[str, Any]) -> None:
    """Make the rows of a reading what they were before it, and the reading before it the one that counts.

    For the caller's transaction, under its lock of the document. Raises Stale where somebody has decided about one
    of the rows since.
    """
    rows = {row.pk: row for row in rows_of(run.desk, run.capture, locked=True)}
    made = {int(pk): int(version) for pk, version in record["made"]}
    changed = {int(pk): one for pk, one in record["changed"].items()}
    expected = made | {pk: int(one["version"]) for pk, one in changed.items()}
    for pk, version in expected.items():
        row = rows.get(pk)
        if row is None or row.touched_at is not None or row.version != version:
            raise base.Stale(
                _("Somebody has decided about a suggestion of this reading since; it stays as it is.")
            )
    for pk in made:
        row = rows[pk]
        row.triage, row.version = Triage.SUPERSEDED, row.version + 1
        row.save(update_fields=["triage", "version"])
    for pk, one in changed.items():
        row = rows[pk]
        for name, value in one["was"].items():
            setattr(row, name, value)
        row.version += 1
        row.save(update_fields=[*one["was"], "version"])
    AnalysisRun.objects.filter(pk=run.pk).update(is_current=False)
    before = AnalysisRun.objects.filter(pk=record["run_before"] or 0).first()
    if before is not None:
        AnalysisRun.objects.filter(pk=before.pk).update(is_current=True)
        Appearance.objects.filter(run=run).exclude(pk__in=made).update(run=before)


def values_of(unit: Unit, published: str) -> dict[str, Any]:
    """Return a unit under the names of the stored columns."""
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
    if unit.weighed:
        found["weighed"] = [asdict(one) for one in unit.weighed]
    return found
