"""Which claims did somebody choose? Kept on the server, so that thousands of ticks need no form of thousands of fields.

A selection is a list of ids at one moment. What a filter lets through later is not in it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions import base
from claims.models import Claim, Desk, Selection, User

MOST = 50_000
#: So many ids are put into one statement.
CHUNK = 500
_One = TypeVar("_One")


def chunks(rows: Sequence[_One], size: int = CHUNK) -> Iterator[Sequence[_One]]:
    """Yield parts of a list that fit into one statement."""
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


@transaction.atomic
def select(
    *,
    actor: User,
    desk: Desk,
    claims: Iterable[int],
    chosen_by: str = "",
    add_to: Selection | None = None,
    shown: Iterable[int] = (),
    now: dt.datetime | None = None,
) -> Selection:
    """Keep a selection; claims that this person does not see at this desk are not in it.

    With ``add_to``, what was ticked on one page joins what was chosen before: of the rows ``shown`` there,
    those without a tick leave it.
    """
    now = now or timezone.now()
    wanted = dict.fromkeys(claims)
    if add_to is not None:
        if add_to.owner_id != actor.pk or add_to.desk_id != desk.pk:
            raise base.NotAllowed(_("This selection is somebody else's. Select the claims yourself."))
        gone = set(shown)
        wanted = dict.fromkeys([*(pk for pk in add_to.claims if pk not in gone), *wanted])
    ids = _of_desk(actor, desk, list(wanted))
    if not ids:
        raise base.Refused(_("Select at least one claim first."))
    if len(ids) > MOST:
        raise base.Refused(
            _("At most %(most)d claims at once; these are %(n)d. Narrow the filter.")
            % {"most": MOST, "n": len(ids)}
        )
    if add_to is not None:
        add_to.claims, add_to.count, add_to.expires_at = ids, len(ids), now + Selection.LIFETIME
        add_to.save(update_fields=["claims", "count", "expires_at"])
        return add_to
    return Selection.objects.create(
        desk=desk,
        owner=actor,
        claims=ids,
        count=len(ids),
        chosen_by=chosen_by[:1_000],
        created_at=now,
        expires_at=now + Selection.LIFETIME,
    )


def _of_desk(actor: User, desk: Desk, wanted: Sequence[int]) -> list[int]:
    seen: set[int] = set()
    for part in chunks(wanted[: MOST * 2]):
        rows = Claim.objects.visible_to(actor).filter(desk=desk, pk__in=part).order_by()
        seen |= set(rows.values_list("pk", flat=True))
    return [pk for pk in wanted if pk in seen]


def insist_usable(selection: Selection, *, now: dt.datetime) -> None:
    """Refuse a selection that is too old to mean what its owner remembers."""
    if selection.expires_at <= now:
        raise base.Stale(_("This selection is a week old. Select the claims again."))


def forget_old(*, now: dt.datetime, most: int = CHUNK) -> int:
    """Delete selections whose time is over; acts on them keep their own rows."""
    old = Selection.objects.filter(expires_at__lt=now).order_by("id")
    gone = 0
    while ids := list(old.values_list("pk", flat=True)[:most]):
        gone += len(ids)
        Selection.objects.filter(pk__in=ids).delete()
    return gone
