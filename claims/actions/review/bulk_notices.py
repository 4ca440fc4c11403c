"""Who is told of an act on many claims? Each person once, with the claims of theirs that it touched."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from claims.actions import telling
from claims.models import BulkAct, BulkActRow, Notice, User
from claims.vocabulary import BulkAction

#: So many claims are named in one notice; the rest is a count.
NAMED = 20
_DONE = (BulkActRow.Outcome.DONE, BulkActRow.Outcome.WARNED)
_KINDS = {BulkAction.DISMISS: Notice.Kind.CLOSED, BulkAction.DUE: Notice.Kind.DUE}


def tell(act: BulkAct, *, now: dt.datetime) -> None:
    """Tell everybody whose work was touched, and who was given some; called in the transaction that ends the act."""
    rows = BulkActRow.objects.filter(act=act, outcome__in=_DONE).order_by("id")
    claims: dict[tuple[int, str], list[int]] = defaultdict(list)
    to = act.said.get("to")
    for claim, told in rows.values_list("claim_id", "told"):
        for user in told:
            claims[user, _KINDS.get(BulkAction(act.action), Notice.Kind.TAKEN)].append(claim)
        if to is not None:
            claims[to, Notice.Kind.GIVEN].append(claim)
    _write(act, claims, act.asked_by_id, now)


def tell_undone(act: BulkAct, actor: User, *, now: dt.datetime) -> None:
    """Tell the same people that it was taken back, and who had asked for it."""
    rows = BulkActRow.objects.filter(act=act, outcome=BulkActRow.Outcome.UNDONE).order_by("id")
    claims: dict[tuple[int, str], list[int]] = defaultdict(list)
    to = act.said.get("to")
    for claim, told in rows.values_list("claim_id", "told"):
        for user in {*told, act.asked_by_id, *([to] if to is not None else [])}:
            claims[user, Notice.Kind.RETURNED].append(claim)
    _write(act, claims, actor.pk, now)


def _write(act: BulkAct, claims: dict[tuple[int, str], list[int]], actor: int, now: dt.datetime) -> None:
    telling.tell_all(
        Notice(
            desk_id=act.desk_id,
            user_id=user,
            actor_id=actor,
            kind=kind,
            claims=ids[:NAMED],
            count=len(ids),
            act=act,
            created_at=now,
        )
        for (user, kind), ids in sorted(claims.items())
    )
