"""Which desk insists on a second factor, and from when? A rule of the desk, with time to get used to it."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.utils import timezone

from claims.models import Desk, User

#: How long members have, counted from when the desk began to ask for it.
GRACE = dt.timedelta(days=14)


def demanding_desk(user: User) -> Desk | None:
    """Return the desk of this person that asks for a second factor, the most urgent of several."""
    if not settings.SECOND_FACTOR:
        return None
    desks = Desk.objects.for_user(user).filter(needs_second_factor=True, second_factor_from__isnull=False)
    return desks.order_by("second_factor_from", "pk").first()


def overdue_desk(user: User, *, now: dt.datetime | None = None) -> Desk | None:
    """Return the desk for which this person must set up a second factor before anything else."""
    if not settings.SECOND_FACTOR or user.second_factor:
        return None
    desk = demanding_desk(user)
    if desk is None or desk.second_factor_from is None or desk.second_factor_from > (now or timezone.now()):
        return None
    return desk
