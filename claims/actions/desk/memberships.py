"""Who works at which desk, and what goes with somebody who leaves? The rows behind roles.

Asks nobody's permission and writes no account: the actions of ``accounts`` and ``invitations`` call it after
they have decided.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.utils.translation import gettext as _

from claims.actions import base, transitions
from claims.models import ApiKey, Desk, Invitation, Membership, Review, User
from claims.vocabulary import Role

State = Review.State


def lock(desk: Desk, user: User | None = None) -> None:
    """Let one change of the desk's people, and of this person, happen at a time.

    Two administrators cannot take each other's last role; nobody is closed while joining another desk.
    """
    list(Desk.objects.select_for_update().filter(pk=desk.pk).order_by().values_list("pk"))
    if user is not None:
        list(User.objects.select_for_update().filter(pk=user.pk).order_by().values_list("pk"))


def roles_at(desk: Desk, user: User) -> frozenset[Role]:
    """Return the roles in the rows: a closed account's too, and no more for a superuser."""
    rows = Membership.objects.filter(desk=desk, user=user).values_list("role", flat=True)
    return frozenset(Role(row) for row in rows)


def works_here_only(desk: Desk, user: User, *, now: dt.datetime) -> bool:
    """Return whether all this person holds is this desk's: at least one role, and none promised elsewhere."""
    desks = set(Membership.objects.filter(user=user).values_list("desk_id", flat=True))
    promised = Invitation.objects.open(now).filter(user=user).exclude(desk=desk)
    return desks == {desk.pk} and not promised.exists()


def insist_on_an_administrator(desk: Desk, *, without: User) -> None:
    """Raise Refused where the desk would be left without an administrator who can sign in."""
    others = Membership.objects.filter(desk=desk, role=Role.ADMINISTRATOR, user__is_active=True)
    if not others.exclude(user=without).exists():
        raise base.Refused(_("A desk needs an administrator: give the role to somebody else first."))


def change(
    *, actor: User | None, desk: Desk, user: User, wanted: Iterable[Role], now: dt.datetime
) -> frozenset[Role]:
    """Write exactly these roles and return the former ones; who loses them lays down what they held."""
    wanted, held = frozenset(wanted), roles_at(desk, user)
    if wanted == held:
        return held
    gone = held - wanted
    if Role.ADMINISTRATOR in gone:
        insist_on_an_administrator(desk, without=user)
    for role in sorted(wanted - held):
        Membership.objects.create(desk=desk, user=user, role=role, created_at=now)
    Membership.objects.filter(desk=desk, user=user, role__in=gone).delete()
    base.audit(
        "person.roles",
        user,
        actor=actor,
        desk=desk,
        now=now,
        roles=sorted(wanted),
        before_roles=sorted(held),
    )
    if wanted.isdisjoint(base.WORKERS) and not held.isdisjoint(base.WORKERS):
        lay_down_work(actor=actor, desk=desk, user=user, now=now)
    if not wanted:
        end_keys(actor=actor, desk=desk, user=user, now=now)
    return held


def lay_down_work(*, actor: User | None, desk: Desk, user: User, now: dt.datetime) -> None:
    """Free the claims this person has in hand at the desk; what they wrote keeps its author."""
    rows = Review.objects.open().select_for_update(of=("self",)).filter(desk=desk)
    for review in rows.filter(assignee=user).select_related("claim", "desk").order_by("pk"):
        before = review.state
        values: dict[str, object] = {"assignee": None}
        if review.lease_user_id == user.pk:
            values |= {"lease_user": None, "lease_until": None}
        if review.state == State.IN_PROGRESS and review.lease_user_id in (None, user.pk):
            values["state"] = State.QUEUED
        fresh = transitions.swap(review, now=now, **values)
        base.audit(
            "review.put_back" if fresh.state != before else "review.assigned",
            fresh,
            actor=actor,
            desk=desk,
            claim_id=fresh.claim_id,
            before=before if fresh.state != before else str(user.pk),
            after=fresh.state if fresh.state != before else "",
            now=now,
        )
    for review in rows.filter(lease_user=user).select_related("claim", "desk").order_by("pk"):
        fresh = transitions.swap(review, now=now, lease_user=None, lease_until=None)
        base.audit(
            "review.put_down",
            fresh,
            actor=actor,
            desk=desk,
            claim_id=fresh.claim_id,
            now=now,
        )


def end_keys(*, actor: User | None, desk: Desk, user: User, now: dt.datetime) -> None:
    """Revoke the keys this person holds at the desk: a key acts as its holder."""
    for key in ApiKey.objects.select_for_update().filter(desk=desk, user=user, revoked_at=None):
        ApiKey.objects.filter(pk=key.pk).update(revoked_at=now)
        base.audit("apikey.revoked", key, actor=actor, desk=desk, now=now)
