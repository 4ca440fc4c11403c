"""One act on many claims: what happens to each, and why not to some.

What an act would find is asked of all rows at once (``bulk_previews``), and writes nothing. A verdict or an approval
takes a transaction of its own for each row, through the same action that one claim would get; permission is asked
up front, and a row that fails never stops the rest. What writes many rows at once is done in ``bulk_acts``.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions import base
from claims.actions.evidence.search import insist_may_search
from claims.actions.publishing.payload import absolute
from claims.actions.review import bulk_due, bulk_previews, bulk_tags, verdict_copies
from claims.actions.review import verdicts as review
from claims.actions.review.drafts import base_verdicts
from claims.actions.review.selections import MOST, chunks
from claims.actions.review.verdict_text import VerdictData
from claims.exports.csvfile import guard
from claims.models import Claim, ClaimTag, Review, User, Verdict
from claims.models.facts import latest_verdict
from claims.models.failures import failure_of
from claims.models.panels import claims_kept_blind
from claims.vocabulary import BulkAction, Role

log = logging.getLogger(__name__)

#: Who may do what, in words that complete “may …”, and what each act is asked with.
ROLES: dict[BulkAction, tuple[Role, ...]] = {
    **dict.fromkeys(BulkAction, base.WORKERS),
    BulkAction.APPROVE: base.APPROVERS,
}
WHAT = {
    BulkAction.ASSIGN: "assign claims",
    BulkAction.DISMISS: "close reviews",
    BulkAction.SEARCH: "search for evidence",
    BulkAction.VERDICT: "assign verdicts",
    BulkAction.APPROVE: "approve verdicts",
    BulkAction.TAG: "tag claims",
    BulkAction.DUE: "say when claims are due",
}
SAYS: dict[BulkAction, tuple[str, ...]] = {
    BulkAction.ASSIGN: ("to",),
    BulkAction.DISMISS: ("reason", "note"),
    BulkAction.SEARCH: (),
    BulkAction.VERDICT: ("lead",),
    BulkAction.APPROVE: ("comment",),
    BulkAction.TAG: ("add", "take"),
    BulkAction.DUE: ("due_at",),
}


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


def _searching(actor: User) -> bulk_previews.Act:
    def ask(claim: Claim, _current: Review) -> str:
        insist_may_search(actor=actor, desk=claim.desk)
        return ""

    return ask


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
    base.require(actor, lead.desk, *base.WORKERS, what=_("assign verdicts"))
    source = _source_of(lead, actor)
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

    return _each(actor, wanted, BulkAction.VERDICT, act, foretold, dry_run=dry_run)


def approve_many(
    *,
    actor: User,
    claims: Iterable[Claim | int],
    kind: str = "editorial",
    comment: str = "",
    unread_reason: str = "",
    dry_run: bool = False,
    now: dt.datetime | None = None,
) -> BulkReport:
    """Approve each claim's newest version; skips what this person has written, or not opened with all its sources."""
    now = now or timezone.now()

    def act(_claim: Claim, current: Review) -> str:
        verdict = latest_verdict(current)
        if verdict is None or current.state != Review.State.AWAITING_APPROVAL:
            raise base.Stale(bulk_previews.nothing_to_approve(current))
        review.approve(
            actor=actor, verdict=verdict, kind=kind, comment=comment, unread_reason=unread_reason, now=now
        )
        return ""

    def foretold(rows: Sequence[Review]) -> bulk_previews.Act:
        return bulk_previews.approving(
            rows, actor=actor, kind=kind, comment=comment, unread_reason=unread_reason, now=now
        )

    return _each(actor, claims, BulkAction.APPROVE, act, foretold, dry_run=dry_run)


def one_by_one(
    actor: User, action: str, claims: Sequence[int], said: Mapping[str, Any], *, now: dt.datetime
) -> BulkReport:
    """Do an act that takes a transaction for each row, with what a stored act was asked with."""
    if action == BulkAction.APPROVE:
        return approve_many(actor=actor, claims=claims, comment=said["comment"], now=now)
    return assign_verdict_many(actor=actor, claims=claims, lead=_lead(actor, said), now=now)


def _lead(actor: User, said: Mapping[str, Any]) -> Claim:
    seen = Claim.objects.visible_to(actor).select_related("desk", "claimant")
    found = seen.filter(pk=said["lead"]).first()
    if found is None:
        raise base.Refused(_("The lead claim is not there any more."))
    return found


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What an act would find at one claim: its newest review, and what would come of it."""

    claim: Claim | None
    review: Review | None
    outcome: RowOutcome
    why: str = ""


def foretold(
    actor: User, claims: Sequence[int], action: str, said: Mapping[str, Any], *, now: dt.datetime
) -> list[Foreseen]:
    """Ask the rules of an act about claims of one desk, in the order given; writes nothing."""
    found = _visible(actor, tuple(claims))
    reviews = _newest_reviews(found.claims)
    _share_desks(found, reviews)
    rows = list(reviews.values())
    match action:
        case BulkAction.ASSIGN:
            to = User.objects.get(pk=said["to"]) if said["to"] is not None else None
            ask = bulk_previews.assigning(actor=actor, to=to)
        case BulkAction.DISMISS:
            ask = bulk_previews.closing(actor=actor, reason=said["reason"], now=now)
        case BulkAction.APPROVE:
            ask = bulk_previews.approving(
                rows, actor=actor, kind="editorial", comment=said["comment"], now=now
            )
        case BulkAction.VERDICT:
            lead = _lead(actor, said)
            copied = verdict_copies.lead_of(lead, _source_of(lead, actor), None, skip_warned=False)
            ask = bulk_previews.submitting(rows, actor=actor, lead=copied, now=now)
        case BulkAction.TAG:
            ask = bulk_tags.foretold(actor, claims, said)
        case BulkAction.DUE:
            ask = bulk_due.foretold(actor, said, now)
        case _:
            ask = _searching(actor)
    seen = []
    for pk in found.order:
        claim = found.claims.get(pk)
        review = reviews.get(pk)
        row = _row(pk, claim, _asking(ask, review))
        seen.append(Foreseen(claim, review, row.outcome, row.why))
    return seen


def _asking(ask: bulk_previews.Act, review: Review | None) -> Callable[[Claim], str]:
    return lambda claim: ask(claim, _started(review))


def _source_of(lead: Claim, actor: User) -> Verdict | None:
    last = Review.objects.filter(claim=lead).select_related("desk").order_by("-number").first()
    return base_verdicts([last], reader=actor).get(last.pk) if last is not None else None


EXPORTED = (
    "id", "public_id", "wording", "claimant", "made_on", "about", "checks", "state", "closed_reason",
    "rating", "finding", "assignee", "articles", "origins", "primary", "in_time", "created_at", "url", "tags",
)  # fmt: skip


def export_rows(*, actor: User, claims: Iterable[Claim | int]) -> Iterator[dict[str, Any]]:
    """Yield one plain row per claim that the person may see, in the order given."""
    found = _visible(actor, _ids(claims))
    reviews = _newest_reviews(found.claims)
    verdicts = base_verdicts(reviews.values(), reader=actor)
    tags = {
        pk: held
        for part in chunks(list(found.claims))
        for pk, held in ClaimTag.objects.not_kept_from(actor).on(part).gathered().items()
    }
    apart = set(claims_kept_blind(actor))
    for pk in found.order:
        claim = found.claims.get(pk)
        if claim is None:
            continue
        if pk in apart:
            claim.without_counts()
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
            "tags": "; ".join(tag.name for tag in tags.get(claim.pk, ())),
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
    if len(ids) > MOST:
        raise base.Refused(
            _("At most %(limit)s claims at once; %(n)s are selected.") % {"limit": MOST, "n": len(ids)}
        )
    return tuple(ids)


def _visible(actor: User, ids: tuple[int, ...]) -> _Found:
    found: dict[int, Claim] = {}
    for part in chunks(ids):
        rows = Claim.objects.visible_to(actor).filter(pk__in=part)
        found |= {claim.pk: claim for claim in rows.select_related("desk", "claimant__merged_into")}
    return _Found(ids, found)


def _newest_reviews(claims: Iterable[int]) -> dict[int, Review]:
    """Return the newest review of each claim, in one query for some hundred."""
    found: dict[int, Review] = {}
    for part in chunks(list(claims)):
        rows = Review.objects.filter(claim__in=part).select_related("desk", "claim", "assignee")
        found |= {review.claim_id: review for review in rows.order_by("claim_id", "number")}
    return found


def _share_desks(found: _Found, reviews: Mapping[int, Review]) -> None:
    """Let all rows of a desk have the same desk, whose people are loaded once."""
    desks = {claim.desk_id: claim.desk for claim in found.claims.values()}
    prefetch_related_objects(list(desks.values()), "memberships")
    for claim in found.claims.values():
        claim.desk = desks[claim.desk_id]
    for pk, row in reviews.items():
        row.claim, row.desk = found.claims[pk], desks[row.desk_id]


def _current(claim: int) -> Review | None:
    reviews = Review.objects.filter(claim=claim).select_related("desk", "claim", "assignee")
    return reviews.order_by("-number").first()


def _permitted(actor: User, claims: Iterable[Claim | int], action: BulkAction) -> _Found:
    found = _visible(actor, _ids(claims))
    desks = {claim.desk_id: claim.desk for claim in found.claims.values()}
    for desk in desks.values():
        base.require(actor, desk, *ROLES[action], what=WHAT[action])
    return found


def _each(
    actor: User,
    claims: Iterable[Claim | int],
    action: BulkAction,
    act: bulk_previews.Act,
    foretold: Callable[[Sequence[Review]], bulk_previews.Act],
    *,
    dry_run: bool,
) -> BulkReport:
    """Do or foretell an act row by row, each in a transaction of its own."""
    found = _permitted(actor, claims, action)
    if dry_run:
        return _dry(found, foretold)

    def done(claim: Claim) -> str:
        with transaction.atomic():
            return act(claim, _started(_current(claim.pk)))

    with base.gesture("bulk"):
        return BulkReport(tuple(_row(pk, found.claims.get(pk), done) for pk in found.order))


def _dry(found: _Found, foretold: Callable[[Sequence[Review]], bulk_previews.Act]) -> BulkReport:
    reviews = _newest_reviews(found.claims)
    _share_desks(found, reviews)
    ask = foretold(list(reviews.values()))
    rows = (_row(pk, found.claims.get(pk), _asking(ask, reviews.get(pk))) for pk in found.order)
    return BulkReport(tuple(rows), True)


def _started(review: Review | None) -> Review:
    if review is None:
        raise base.Refused(_("Nobody has started a review of it."))
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
        return BulkRow(pk, label, RowOutcome.SKIPPED, _broken(error, pk))
    return BulkRow(pk, label, RowOutcome.WARNED if warning else RowOutcome.DONE, warning)


def _broken(error: Exception, pk: int) -> str:
    """Say that a row broke, in words that tell no secret; the log has the rest."""
    failure = failure_of(error)
    if failure is not None:
        log.warning("A bulk act was not done on row %s: %s", pk, failure)
        return f"Nothing was changed: {failure.trouble.reason}. Try it again."
    log.error("A bulk act failed on row %s", pk, exc_info=error)
    return "It failed, and nothing was changed. The log says why."


__all__ = [
    "BulkReport",
    "BulkRow",
    "Foreseen",
    "RowOutcome",
    "approve_many",
    "assign_verdict_many",
    "export_csv",
    "export_rows",
    "foretold",
    "one_by_one",
]
