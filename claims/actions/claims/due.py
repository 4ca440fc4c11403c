"""By when should a claim be checked? Set and cleared by a desk editor, or by whoever has the claim."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions import base, telling
from claims.models import Claim, Notice, Review, User


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
    has = review.assignee_id if review is not None else None
    own = has in (None, actor.pk)
    what = _("say when this claim is due")
    base.require(actor, claim.desk, *(base.WORKERS if own else base.EDITORS), what=what)
    if claim.merged_into_id is not None:
        raise base.Refused(_("This claim was merged into another one; work goes on there."))
    if claim.due_at == due_at:
        return claim
    if due_at is not None:
        if review is None or review.state in (Review.State.PUBLISHED, Review.State.CLOSED):
            raise base.Refused(_("Nobody is checking this claim, so nothing is due. Open it again first."))
        if due_at <= now:
            raise base.Refused(_("That time has passed. Choose a later one, or none."))
    before = _logged(claim.due_at)
    Claim.objects.filter(pk=claim.pk).update(due_at=due_at)
    claim.due_at = due_at
    base.audit(
        "claim.due_set", claim, actor=actor, desk=claim.desk, claim_id=claim.pk, before=before,
        after=_logged(due_at), now=now,
    )  # fmt: skip
    telling.tell(Notice.Kind.DUE, desk=claim.desk, users=[has], actor=actor, now=now, claims=[claim.pk])
    return claim


def _logged(moment: dt.datetime | None) -> str:
    return moment.astimezone(dt.UTC).isoformat(timespec="minutes") if moment is not None else ""
