"""One act on many claims: what happens to each, and why not to some.

Permission is asked up front, then every row is a transaction of its own through the same action that one
claim would get, so that a row that fails never stops the rest. A dry run does the same and takes it back:
what it foretells is what the rules say, not a copy of them.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.utils import timezone

from claims.actions import base
from claims.actions.claims import changes as claim_actions
from claims.actions.evidence.search import search_claim
from claims.actions.origin_counts import recount_origins
from claims.actions.publishing.payload import absolute, cited_ids, recited
from claims.actions.review import verdicts as review
from claims.actions.review.drafts import base_verdict, base_verdicts
from claims.actions.review.verdict_text import VerdictData
from claims.exports.csvfile import guard
from claims.models import Claim, Claimant, ContactNote, Evidence, Job, Review, User
from claims.models.facts import latest_verdict
from claims.models.failures import failure_of
from claims.review.changes import figures
from claims.vocabulary import CloseReason

log = logging.getLogger(__name__)

LIMIT = 1_000


class RowOutcome(StrEnum):
    """What became of one row. A warned row is done; the warning says what to look at."""

    DONE = "done"
    WARNED = "warned"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class BulkRow:
    claim_id: int
    label: str
    outcome: RowOutcome
    why: str = ""


@dataclass(frozen=True, slots=True)
class BulkReport:
    """The report of one bulk act; of a dry run it says what would happen."""

    rows: tuple[BulkRow, ...]
    dry_run: bool = False

    def count(self, outcome: str) -> int:
        return sum(1 for row in self.rows if row.outcome == outcome)


# Returns a warning, or an empty string.
_Act = Callable[[Claim, Review], str]


def assign_many(
    *,
    actor: User,
    claims: Iterable[Claim | int],
    to: User | None,
    dry_run: bool = False,
    now: dt.datetime | None = None,
) -> BulkReport:
    """Give the claims to one person, or to nobody."""
    now = now or timezone.now()

    def act(_claim: Claim, current: Review) -> str:
        claim_actions.assign(actor=actor, review=current, to=to, now=now)
        return ""

    return _each(actor, claims, base.WORKERS, "assign claims", act, dry_run=dry_run)


def dismiss_many(
    *,
    actor: User,
    claims: Iterable[Claim | int],
    reason: str,
    note: str = "",
    dry_run: bool = False,
    now: dt.datetime | None = None,
) -> BulkReport:
    """Close the claims' reviews without a publication, with one reason for all."""
    now = now or timezone.now()
    if reason not in CloseReason.values or not reason:
        raise base.Refused("Choose why these reviews end.")

    def act(_claim: Claim, current: Review) -> str:
        if current.state == Review.State.CLOSED:
            raise base.Stale("It is closed already.")
        claim_actions.close(actor=actor, review=current, reason=reason, note=note, now=now)
        return ""

    return _each(actor, claims, base.WORKERS, "close reviews", act, dry_run=dry_run)


def search_many(
    *, actor: User, claims: Iterable[Claim | int], dry_run: bool = False, now: dt.datetime | None = None
) -> BulkReport:
    """Queue a fresh search for each claim."""
    now = now or timezone.now()

    def act(claim: Claim, _current: Review) -> str:
        search_claim(actor=actor, claim=claim, queue=Job.Queue.BULK, now=now)
        return ""

    return _each(actor, claims, base.WORKERS, "search for evidence", act, dry_run=dry_run)


def assign_verdict_many(
    *,
    actor: User,
    claims: Iterable[Claim | int],
    lead: Claim,
    data: VerdictData | None = None,
    skip_warned: bool = False,
    dry_run: bool = False,
    now: dt.datetime | None = None,
) -> BulkReport:
    """Submit the lead claim's verdict for every claim: its rating, words and cited evidence.

    Each claim keeps its own wording and claimant, and gets a copy of evidence that it lacks. Rows with
    another claimant, date or number than the lead are warned of. Who wrote the lead's verdict is an author of
    every copy. ``data`` replaces the words of the lead's newest version.
    """
    now = now or timezone.now()
    wanted = _ids(claims)
    base.require(actor, lead.desk, *base.WORKERS, what="assign verdicts")
    last = Review.objects.filter(claim=lead).order_by("-number").first()
    source = base_verdict(last) if last is not None else None
    if source is None and data is None:
        raise base.Refused("The lead claim has no verdict yet: write and submit it first.")
    words = data or VerdictData.from_verdict(source)  # type: ignore[arg-type]  # one of the two exists
    words = words.cleaned()
    cited = cited_ids(words.justification, *(answer for _question, answer, _finding in words.points))
    evidence = Evidence.objects.filter(claim=lead).in_bulk(cited)

    def act(claim: Claim, current: Review) -> str:
        if claim.pk == lead.pk:
            raise base.Refused("This is the lead claim itself.")
        if claim.desk_id != lead.desk_id:
            raise base.Refused("It belongs to another desk than the lead claim.")
        warning = differences(lead, claim)
        if warning and skip_warned:
            raise base.Refused(warning)
        if current.state not in (Review.State.QUEUED, Review.State.IN_PROGRESS):
            raise base.Stale(f"It is {current.get_state_display()}.")
        ids = {pk: _copied(evidence[pk], claim, actor, now=now) for pk in cited if pk in evidence}
        own = replace(
            words,
            wording="",
            justification=recited(words.justification, ids),
            points=tuple((q, recited(a, ids), finding) for q, a, finding in words.points),
            proposed_by=None,
        )
        authors = [source] if source is not None else []
        review.submit(actor=actor, review=current, data=own, now=now, author_of=authors)
        return warning

    return _each(actor, wanted, base.WORKERS, "assign verdicts", act, dry_run=dry_run)


def approve_many(
    *,
    actor: User,
    claims: Iterable[Claim | int],
    kind: str = "editorial",
    comment: str = "",
    dry_run: bool = False,
    now: dt.datetime | None = None,
) -> BulkReport:
    """Approve each claim's newest version; skips what this person has not opened, or has written."""
    now = now or timezone.now()

    def act(_claim: Claim, current: Review) -> str:
        verdict = latest_verdict(current)
        if verdict is None or current.state != Review.State.AWAITING_APPROVAL:
            raise base.Stale(f"It is {current.get_state_display()}; there is nothing to approve.")
        review.approve(actor=actor, verdict=verdict, kind=kind, comment=comment, now=now)
        return ""

    return _each(actor, claims, base.APPROVERS, "approve verdicts", act, dry_run=dry_run)


EXPORTED = (
    "id", "public_id", "wording", "claimant", "made_on", "about", "checks", "state", "closed_reason",
    "rating", "finding", "assignee", "origins", "created_at", "url",
)  # fmt: skip


def export_rows(*, actor: User, claims: Iterable[Claim | int]) -> Iterator[dict[str, Any]]:
    """Yield one plain row per claim that the person may see, in the order given."""
    found = _visible(actor, _ids(claims))
    reviews = _newest_reviews(found.claims)
    verdicts = base_verdicts(reviews.values())
    for pk in found.order:
        claim = found.claims.get(pk)
        if claim is None:
            continue
        current = reviews.get(pk)
        verdict = verdicts.get(current.pk) if current is not None else None
        yield {
            "id": claim.pk,
            "public_id": claim.public_id,
            "wording": claim.wording,
            "claimant": claim.claimant.name if claim.claimant else "",
            "made_on": claim.made_on,
            "about": claim.about,
            "checks": claim.checks,
            "state": current.state if current else "",
            "closed_reason": current.closed_reason if current else "",
            "rating": verdict.rating.label if verdict else "",
            "finding": verdict.rating.finding if verdict else "",
            "assignee": current.assignee.display_name if current and current.assignee else "",
            "origins": claim.origins_found,
            "created_at": claim.created_at.astimezone(dt.UTC).isoformat(timespec="seconds"),
            "url": absolute(f"/claims/{claim.pk}/"),
        }


def export_csv(*, actor: User, claims: Iterable[Claim | int]) -> bytes:
    """Return the rows as CSV for a spreadsheet: what it would run as a formula is guarded."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(EXPORTED)
    for row in export_rows(actor=actor, claims=claims):
        writer.writerow([guard(value) if isinstance(value, str) else value for value in row.values()])
    return out.getvalue().encode()


def differences(lead: Claim, claim: Claim) -> str:
    """Return what a verdict on the lead may get wrong about another claim; empty if nothing."""
    found = []
    if _standing(lead.claimant) != _standing(claim.claimant):
        found.append(f"another claimant ({claim.claimant.name if claim.claimant else 'none'})")
    for name, what in (("made_on", "day it was made"), ("about", "time it is about")):
        if getattr(lead, name) != getattr(claim, name):
            found.append(f"another {what} ({getattr(claim, name) or 'none'})")
    ours, theirs = figures(lead.wording), figures(claim.wording)
    if ours != theirs:
        found.append(f"other numbers ({', '.join(sorted((theirs - ours) | (ours - theirs)))})")
    return f"It has {' and '.join(found)}: read it again before it is approved." if found else ""


def _standing(claimant: Claimant | None) -> int | None:
    while claimant is not None and claimant.merged_into is not None:
        claimant = claimant.merged_into
    return claimant.pk if claimant else None


_COPIED = (
    "kind", "document_id", "capture_id", "start", "end", "quotation", "source_title", "source_url",
    "source_date", "place_key", "matched", "stance", "reason", "according_to", "primacy", "interest",
    "translation", "is_public", "cleared_by_id",
)  # fmt: skip


def _copied(row: Evidence, claim: Claim, actor: User, *, now: dt.datetime) -> int:
    """Return the id of the same place among the claim's evidence, copied there if it is absent."""
    known = Evidence.objects.filter(claim=claim, place_key=row.place_key).first()
    if known is not None:
        if known.rejected:
            raise base.Refused("A source that the verdict cites was rejected for this claim.")
        return known.pk
    values = {name: getattr(row, name) for name in _COPIED}
    made = Evidence.objects.create(
        desk=claim.desk,
        claim=claim,
        added_by=actor,
        decided_by=actor,
        decided_at=now,
        cited=True,
        created_at=now,
        **values,
    )
    note = ContactNote.objects.filter(evidence=row).first()
    if note is not None:
        ContactNote.objects.create(
            evidence=made,
            who=note.who,
            how=note.how,
            asked_at=note.asked_at,
            answered_at=note.answered_at,
            question=note.question,
            by=note.by,
            created_at=now,
        )
    recount_origins([claim.pk])
    base.audit(
        "evidence.copied", made, actor=actor, desk=claim.desk, claim_id=claim.pk, now=now, source=row.pk
    )
    return made.pk


@dataclass(frozen=True, slots=True)
class _Found:
    order: tuple[int, ...]
    claims: dict[int, Claim]


def _ids(claims: Iterable[Claim | int]) -> tuple[int, ...]:
    ids = dict.fromkeys(one.pk if isinstance(one, Claim) else int(one) for one in claims)
    if len(ids) > LIMIT:
        raise base.Refused(f"At most {LIMIT} claims at once; {len(ids)} are selected.")
    return tuple(ids)


def _visible(actor: User, ids: tuple[int, ...]) -> _Found:
    rows = Claim.objects.visible_to(actor).filter(pk__in=ids).select_related("desk", "claimant__merged_into")
    return _Found(ids, {claim.pk: claim for claim in rows})


def _newest_reviews(claims: Iterable[int]) -> dict[int, Review]:
    """Return the newest review of each claim, in one query."""
    rows = Review.objects.filter(claim__in=list(claims)).select_related("desk", "claim", "assignee")
    return {review.claim_id: review for review in rows.order_by("claim_id", "number")}


def _current(claim: Claim) -> Review | None:
    reviews = Review.objects.filter(claim=claim).select_related("desk", "claim", "assignee")
    return reviews.order_by("-number").first()


def _each(
    actor: User,
    claims: Iterable[Claim | int],
    roles: tuple[Any, ...],
    what: str,
    act: _Act,
    *,
    dry_run: bool,
) -> BulkReport:
    found = _visible(actor, _ids(claims))
    for desk in {claim.desk_id: claim.desk for claim in found.claims.values()}.values():
        base.require(actor, desk, *roles, what=what)
    with base.gesture("bulk"):
        rows = tuple(_one(pk, found.claims.get(pk), act, dry_run) for pk in found.order)
    return BulkReport(rows, dry_run)


def _one(pk: int, claim: Claim | None, act: _Act, dry_run: bool) -> BulkRow:
    if claim is None:
        return BulkRow(pk, f"#{pk}", RowOutcome.SKIPPED, "There is no such claim at your desks.")
    label = claim.wording[:120]
    try:
        with transaction.atomic():
            current = _current(claim)
            if current is None:
                raise base.Refused("Nobody has started a review of it.")
            warning = act(claim, current)
            if dry_run:
                transaction.set_rollback(True)
    except base.Refused as refusal:
        return BulkRow(pk, label, RowOutcome.SKIPPED, str(refusal))
    except Exception as error:
        failure = failure_of(error)
        if failure is not None:
            log.warning("A bulk act was not done on claim %s: %s", pk, failure)
            return BulkRow(
                pk, label, RowOutcome.SKIPPED, f"Nothing was changed: {failure.trouble.reason}. Try it again."
            )
        log.exception("A bulk act failed on claim %s", pk)
        return BulkRow(pk, label, RowOutcome.SKIPPED, "It failed, and nothing was changed. The log says why.")
    return BulkRow(pk, label, RowOutcome.WARNED if warning else RowOutcome.DONE, warning)


__all__ = [
    "BulkReport",
    "BulkRow",
    "RowOutcome",
    "approve_many",
    "assign_many",
    "assign_verdict_many",
    "differences",
    "dismiss_many",
    "export_csv",
    "export_rows",
    "search_many",
]
