"""One act on many claims: what happens to each, and why not to some.

Permission is asked up front, then every row is a transaction of its own through the same action that one
claim would get, so that a row that fails never stops the rest. A dry run asks the same rules about all rows at once
(``bulk_previews``), and writes nothing.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone

from claims.actions import base
from claims.actions.claims import changes as claim_actions
from claims.actions.evidence.search import insist_may_search, search_claim
from claims.actions.publishing.payload import absolute
from claims.actions.review import bulk_previews, verdict_copies
from claims.actions.review import verdicts as review
from claims.actions.review.drafts import base_verdict, base_verdicts
from claims.actions.review.verdict_text import VerdictData
from claims.exports.csvfile import guard
from claims.models import Claim, Job, Review, User
from claims.models.facts import latest_verdict
from claims.models.failures import failure_of
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

    foretold = bulk_previews.assigning(actor=actor, to=to)
    return _each(actor, claims, base.WORKERS, "assign claims", act, lambda _rows: foretold, dry_run=dry_run)


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
        bulk_previews.insist_open(current)
        claim_actions.close(actor=actor, review=current, reason=reason, note=note, now=now)
        return ""

    foretold = bulk_previews.closing(actor=actor, reason=reason, now=now)
    return _each(actor, claims, base.WORKERS, "close reviews", act, lambda _rows: foretold, dry_run=dry_run)


def search_many(
    *, actor: User, claims: Iterable[Claim | int], dry_run: bool = False, now: dt.datetime | None = None
) -> BulkReport:
    """Queue a fresh search for each claim."""
    now = now or timezone.now()

    def act(claim: Claim, _current: Review) -> str:
        search_claim(actor=actor, claim=claim, queue=Job.Queue.BULK, now=now)
        return ""

    def foretold(claim: Claim, _current: Review) -> str:
        insist_may_search(actor=actor, desk=claim.desk)
        return ""

    return _each(
        actor, claims, base.WORKERS, "search for evidence", act, lambda _rows: foretold, dry_run=dry_run
    )


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
    copied = verdict_copies.lead_of(lead, source, data, skip_warned=skip_warned)

    def act(claim: Claim, current: Review) -> str:
        warning = verdict_copies.insist_fits(copied, claim, current)
        ids = {
            pk: verdict_copies.copied(copied.evidence[pk], claim, actor, now=now)
            for pk in copied.cited
            if pk in copied.evidence
        }
        own = verdict_copies.words_citing(copied.words, ids)
        authors = [source] if source is not None else []
        review.submit(actor=actor, review=current, data=own, now=now, author_of=authors)
        return warning

    def foretold(rows: Sequence[Review]) -> bulk_previews.Act:
        return bulk_previews.submitting(rows, actor=actor, lead=copied, now=now)

    return _each(actor, wanted, base.WORKERS, "assign verdicts", act, foretold, dry_run=dry_run)


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
            raise base.Stale(bulk_previews.nothing_to_approve(current))
        review.approve(actor=actor, verdict=verdict, kind=kind, comment=comment, now=now)
        return ""

    def foretold(rows: Sequence[Review]) -> bulk_previews.Act:
        return bulk_previews.approving(rows, actor=actor, kind=kind, comment=comment, now=now)

    return _each(actor, claims, base.APPROVERS, "approve verdicts", act, foretold, dry_run=dry_run)


EXPORTED = (
    "id", "public_id", "wording", "claimant", "made_on", "about", "checks", "state", "closed_reason",
    "rating", "finding", "assignee", "articles", "origins", "primary", "in_time", "created_at", "url",
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
            "articles": claim.articles_found,
            "origins": claim.origins_found,
            "primary": claim.primary_found,
            "in_time": claim.in_time_found,
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


def _current(claim: int) -> Review | None:
    reviews = Review.objects.filter(claim=claim).select_related("desk", "claim", "assignee")
    return reviews.order_by("-number").first()


def _each(
    actor: User,
    claims: Iterable[Claim | int],
    roles: tuple[Any, ...],
    what: str,
    act: bulk_previews.Act,
    foretold: Callable[[Sequence[Review]], bulk_previews.Act],
    *,
    dry_run: bool,
) -> BulkReport:
    found = _visible(actor, _ids(claims))
    desks = {claim.desk_id: claim.desk for claim in found.claims.values()}
    for desk in desks.values():
        base.require(actor, desk, *roles, what=what)
    if dry_run:
        prefetch_related_objects(list(desks.values()), "memberships")
        reviews = _newest_reviews(found.claims)
        for pk, review in reviews.items():
            review.claim, review.desk = found.claims[pk], desks[review.desk_id]
            review.claim.desk = review.desk
        ask = foretold(list(reviews.values()))

        def asked(claim: Claim) -> str:
            return ask(claim, _started(reviews.get(claim.pk)))

        return BulkReport(tuple(_row(pk, found.claims.get(pk), asked) for pk in found.order), True)

    def done(claim: Claim) -> str:
        with transaction.atomic():
            return act(claim, _started(_current(claim.pk)))

    with base.gesture("bulk"):
        return BulkReport(tuple(_row(pk, found.claims.get(pk), done) for pk in found.order))


def _started(review: Review | None) -> Review:
    if review is None:
        raise base.Refused("Nobody has started a review of it.")
    return review


def _row(pk: int, claim: Claim | None, act: Callable[[Claim], str]) -> BulkRow:
    """Do or ask one row; what refuses it, and what breaks in it, becomes its report."""
    if claim is None:
        return BulkRow(pk, f"#{pk}", RowOutcome.SKIPPED, "There is no such claim at your desks.")
    label = claim.wording[:120]
    try:
        warning = act(claim)
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
    "dismiss_many",
    "export_csv",
    "export_rows",
    "search_many",
]
