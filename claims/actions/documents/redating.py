"""What becomes different when the publication date of a document does? Looked at first, then written.

The dates of every appearance in every capture are resolved again, decided or not: they are the machine's
reading of the words. A claim that was made of an appearance follows with what the machine suggested for it; what
a person typed stays, and so does a claim that nobody may change now. Releases are never touched.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from claims.actions import base
from claims.actions.documents.stored_dates import SUGGESTED, as_json, mention_of, suggested
from claims.actions.indexing.outbox import touch_index
from claims.actions.origin_counts import recount_origins
from claims.language.blocks import layout
from claims.language.document import view_of
from claims.language.normalise import MAX_TEXT
from claims.models import Appearance, Capture, Claim, Desk, Document, Review, User
from claims.splitting.unit_dates import resolve_again

#: States of a review in which its claim may still be changed.
_OPEN = (Review.State.QUEUED, Review.State.IN_PROGRESS)
SET = "document.published_set"
RESOLVED = "claim.dates_resolved"


@dataclass(frozen=True, slots=True)
class Changed:
    """One date of one appearance that became different."""

    appearance: Appearance
    expr: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ClaimDate:
    """A date of a claim for which the article says something else now; ``kept`` says why it stays, if it does."""

    claim: Claim
    name: str
    before: str
    after: str
    columns: dict[str, object] = field(repr=False)
    kept: str = ""


@dataclass(frozen=True, slots=True)
class Redating:
    """All that changes with a publication date; nothing of it is written by looking."""

    published: str
    changes: tuple[Changed, ...]
    claims: tuple[ClaimDate, ...]
    rows: dict[Appearance, list[dict[str, Any]]] = field(repr=False)

    @property
    def moves(self) -> tuple[ClaimDate, ...]:
        """The dates of claims that follow."""
        return tuple(one for one in self.claims if not one.kept)


def source_of(capture: Capture) -> str:
    """Return how a capture's text is laid out: as the subtitles it was, else by its looks."""
    types = {"application/x-subrip": "srt", "text/vtt": "vtt"}
    return types.get(capture.media_type, "auto")


def look(document: Document, published: str, *, actor: User | None, lock: bool = False) -> Redating:
    """Return what would change; ``actor`` is whose act it is, None the machine, whom no claim follows."""
    rows: dict[Appearance, list[dict[str, Any]]] = {}
    for capture in document.captures.defer("pages", "notes").order_by("number").iterator(chunk_size=1):
        rows |= _resolved(capture, document, published, lock=lock)
    changes = [
        Changed(row, str(new["expr"]), str(old["value"]), str(new["value"]))
        for row, fresh in rows.items()
        for old, new in zip(row.dates, fresh, strict=True)
        if old["value"] != new["value"]
    ]
    return Redating(published, tuple(changes), tuple(_claims(rows, published, actor)), rows)


def _resolved(
    capture: Capture, document: Document, published: str, *, lock: bool
) -> dict[Appearance, list[dict[str, Any]]]:
    found = Appearance.objects.filter(capture=capture).order_by("start", "-end", "pk")
    rows = list(found.select_for_update(no_key=True) if lock else found)
    # Links between dates are numbers of units, which only mean something inside one analysis.
    runs: dict[int | None, list[Appearance]] = defaultdict(list)
    for row in rows:
        row.document = document
        runs[row.run_id].append(row)
    dated = any(row.dates for row in rows)
    view = view_of(layout(capture.text[:MAX_TEXT], source=source_of(capture))) if dated else ""
    again: dict[int, list[dict[str, Any]]] = {}
    for members in runs.values():
        keys = {row.pk: row.unit if row.unit is not None else -row.pk for row in members}
        fresh = resolve_again(
            view,
            {keys[row.pk]: [mention_of(one) for one in row.dates] for row in members if row.dates},
            published=published or None,
            language=document.language or capture.language or "en",
        )
        for row in members:
            again[row.pk] = [as_json(one) for one in fresh.get(keys[row.pk], ())]
    return {row: again[row.pk] for row in rows}


def _claims(
    rows: dict[Appearance, list[dict[str, Any]]], published: str, actor: User | None
) -> Iterable[ClaimDate]:
    by_pk = {row.pk: row for row in rows}
    claims = (
        Claim.objects.filter(dates_from__document__in={row.document_id for row in rows}, merged_into=None)
        .select_related("desk")
        .order_by("pk")
    )
    states = _states(claims)
    for claim in claims:
        row = by_pk.get(claim.dates_from_id or 0)
        if row is None:
            continue
        wanted = suggested(row, published=published, dates=rows[row])
        kept = _kept(claim, states.get(claim.pk), actor)
        for name in SUGGESTED:
            before, after = getattr(claim, name), str(wanted[name])
            if before != after:
                typed = getattr(claim, f"{name}_typed")
                columns = {key: value for key, value in wanted.items() if key.startswith(name)}
                yield ClaimDate(
                    claim, name, before, after, columns, _("A person entered it.") if typed else kept
                )


def follow_row(row: Appearance, *, actor: User, now: dt.datetime) -> None:
    """Let the claims that an appearance dates follow it, where they may and nobody typed a date."""
    published = row.document.published if row.document is not None else row.appeared_on
    found = Redating(published, (), tuple(_claims({row: row.dates}, published, actor)), {})
    write(found, document=row.document, actor=actor, now=now)


def _states(claims: Iterable[Claim]) -> dict[int, Review]:
    """Return the newest review of each claim."""
    newest: dict[int, Review] = {}
    for review in Review.objects.filter(claim__in=claims).order_by("claim_id", "number"):
        newest[review.claim_id] = review
    return newest


def _kept(claim: Claim, review: Review | None, actor: User | None) -> str:
    if actor is None:
        return _("A person decides it on the claim's page.")
    if claim.desk.roles_of(actor).isdisjoint(base.WORKERS):
        return _("A fact-checker of %(desk)s decides it on the claim's page.") % {"desk": claim.desk.name}
    if review is not None and review.state not in _OPEN:
        return _("The claim is %(state)s: return, reopen or correct it first.") % {
            "state": review.get_state_display()
        }
    return ""


def write(
    found: Redating, *, document: Document | None, actor: User | None, now: dt.datetime
) -> list[list[Any]]:
    """Write what ``look`` found, in the caller's transaction; return what an undo has to know of the rows.

    Each claim that follows leaves a row of its own in the log.
    """
    kept: list[list[Any]] = []
    changed = []
    for row, fresh in found.rows.items():
        if fresh == row.dates and row.appeared_on == found.published:
            continue
        kept.append([row.pk, row.version + 1, row.dates, row.appeared_on, fresh])
        row.dates, row.appeared_on, row.version = fresh, found.published, row.version + 1
        changed.append(row)
    Appearance.objects.bulk_update(changed, ["dates", "appeared_on", "version"], batch_size=200)
    moves: dict[int, list[ClaimDate]] = defaultdict(list)
    for one in found.moves:
        moves[one.claim.pk].append(one)
    for dates in moves.values():
        columns = {key: value for one in dates for key, value in one.columns.items()}
        follow(dates[0].claim, columns, document=document, actor=actor, now=now)
    return kept


def follow(
    claim: Claim,
    columns: dict[str, object],
    *,
    document: Document | None,
    actor: User | None,
    now: dt.datetime,
) -> None:
    """Let dates of a claim, value and bounds, be what its article suggests.

    Raises Stale where somebody was faster.
    """
    names = [name for name in SUGGESTED if name in columns]
    old = {column: str(getattr(claim, column) or "") for column in columns}
    changed = Claim.objects.filter(pk=claim.pk, version=claim.version).update(
        **columns, version=claim.version + 1, updated_at=now
    )
    if not changed:
        raise base.Stale(_("Somebody else changed this claim; look at it again."))
    claim.refresh_from_db()
    recount_origins([claim.pk])
    touch_index("claims", claim.pk)
    base.audit(
        RESOLVED,
        claim,
        actor=actor,
        desk=claim.desk,
        claim_id=claim.pk,
        now=now,
        document=document.pk if document is not None else None,
        version=claim.version,
        was=old,
        old={name: old[name] for name in names},
        new={name: getattr(claim, name) for name in names},
    )


def log(
    document: Document,
    was: dict[str, str],
    rows: list[list[Any]],
    found: Redating,
    *,
    actor: User | None,
    now: dt.datetime,
) -> None:
    """Note that a publication date was entered, with what an undo needs; ``was`` is date and source before."""
    base.audit(
        SET,
        document,
        actor=actor,
        desk=document.desk,
        before=was["published"][:40],
        after=document.published[:40],
        now=now,
        document=document.pk,
        source=document.published_source,
        was=was,
        dated=rows,
        changed=sorted({change.appearance.pk for change in found.changes}),
    )


def analysed(document: Document) -> list[tuple[Desk, Capture]]:
    """Return every desk that has had the newest capture split, to have it split again."""
    capture = document.captures.order_by("-number").first()
    if capture is None:
        return []
    runs = capture.analysis_runs.select_related("desk").order_by("desk", "pk")
    return [(desk, capture) for desk in {run.desk_id: run.desk for run in runs}.values()]
