"""By when should claims be checked? Set and cleared by a desk editor, or by whoever has the claim."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions import base, telling
from claims.actions.base import AuditLine
from claims.actions.claims.together import Together
from claims.models import Claim, Notice, Review, User


def insist_may_set_due(
    *, actor: User, claim: Claim, review: Review | None, due_at: dt.datetime | None, now: dt.datetime
) -> None:
    """Refuse what ``set_due`` refuses of a claim and its newest review."""
    has = review.assignee_id if review is not None else None
    own = has in (None, actor.pk)
    what = _("say when this claim is due")
    base.require(actor, claim.desk, *(base.WORKERS if own else base.EDITORS), what=what)
    if claim.merged_into_id is not None:
        raise base.Refused(_("This claim was merged into another one; work goes on there."))
    if due_at is None or claim.due_at == due_at:
        return
    if review is None or review.state in (Review.State.PUBLISHED, Review.State.CLOSED):
        raise base.Refused(_("Nobody is checking this claim, so nothing is due. Open it again first."))
    if due_at <= now:
        raise base.Refused(_("That time has passed. Choose a later one, or none."))


@transaction.atomic
def set_due(
    *, actor: User, claim: Claim, due_at: dt.datetime | None, now: dt.datetime | None = None
) -> Claim:
    """Say by when a claim should be checked, or with ``None`` that there is no such time.

    Where somebody has the claim, it is theirs and the desk editors' to say; who has it is told of what another said.
    """
    now = now or timezone.now()
    claim = Claim.objects.select_for_update(of=("self",), no_key=True).select_related("desk").get(pk=claim.pk)
    review = Review.objects.filter(claim=claim).order_by("-number").first()
    insist_may_set_due(actor=actor, claim=claim, review=review, due_at=due_at, now=now)
    if claim.due_at == due_at:
        return claim
    before = logged(claim.due_at)
    Claim.objects.filter(pk=claim.pk).update(due_at=due_at)
    claim.due_at = due_at
    base.audit(
        "claim.due_set", claim, actor=actor, desk=claim.desk, claim_id=claim.pk, before=before,
        after=logged(due_at), now=now,
    )  # fmt: skip
    has = review.assignee_id if review is not None else None
    telling.tell(Notice.Kind.DUE, desk=claim.desk, users=[has], actor=actor, now=now, claims=[claim.pk])
    return claim


@transaction.atomic
def set_due_all(
    *, actor: User, reviews: Sequence[Review], due_at: dt.datetime | None, now: dt.datetime
) -> Together:
    """Say of many claims, by their newest reviews, when they are due; what refuses one row stops no other.

    Nobody is told here: an act on many claims tells everybody once, when it ends.
    """
    return _written(actor, reviews, {row.pk: due_at for row in reviews}, now, back=False)


@transaction.atomic
def restore_due_all(
    *, actor: User, reviews: Sequence[Review], due: Mapping[int, dt.datetime | None], now: dt.datetime
) -> Together:
    """Let claims be due again when they were, by review; a time that has passed meanwhile is no reason not to."""
    return _written(actor, reviews, due, now, back=True)


def _written(
    actor: User,
    reviews: Sequence[Review],
    due: Mapping[int, dt.datetime | None],
    now: dt.datetime,
    *,
    back: bool,
) -> Together:
    ids = sorted(row.claim_id for row in reviews)
    rows = Claim.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=ids).order_by("pk")
    claims = {claim.pk: claim for claim in rows}
    found, lines, changed = Together(), [], []
    for review in reviews:
        claim, wanted = claims[review.claim_id], due[review.pk]
        claim.desk = review.desk
        try:
            if back:
                base.require(actor, claim.desk, *base.WORKERS, what=_("say when this claim is due"))
            else:
                insist_may_set_due(actor=actor, claim=claim, review=review, due_at=wanted, now=now)
                insist_due_is_news(claim, wanted)
        except base.Refused as refusal:
            found.refused[review.pk] = str(refusal)
            continue
        lines.append(AuditLine(claim, claim_id=claim.pk, before=logged(claim.due_at), after=logged(wanted)))
        claim.due_at = wanted
        changed.append((review.pk, claim))
    if changed:
        Claim.objects.bulk_update([claim for _pk, claim in changed], ["due_at"])
        events = base.audit_all("claim.due_set", lines, actor=actor, desk=changed[0][1].desk, now=now)
        found.done = {pk: event for (pk, _claim), event in zip(changed, events, strict=True)}
    return found


def insist_due_is_news(claim: Claim, due_at: dt.datetime | None) -> None:
    """Refuse to set what is set already."""
    if claim.due_at != due_at:
        return
    raise base.Refused(
        _("Nothing would change: it has no such time.")
        if due_at is None
        else _("Nothing would change: it is due then already.")
    )


def logged(moment: dt.datetime | None) -> str:
    """Return a time as the log keeps it, or nothing."""
    return moment.astimezone(dt.UTC).isoformat(timespec="minutes") if moment is not None else ""
