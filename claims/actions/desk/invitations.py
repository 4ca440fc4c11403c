"""May this desk have somebody who is known already? They say so themselves: invited, accepted, declined, withdrawn.

An invitation gives no role before it is accepted, and tells the desk nothing about the person: it keeps the
address and the name as the desk typed them.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions import base
from claims.actions.desk import memberships
from claims.models import Desk, Invitation, User
from claims.vocabulary import Role

State = Invitation.State


def write(
    *,
    actor: User | None,
    desk: Desk,
    user: User,
    email: str,
    name: str,
    roles: frozenset[Role],
    now: dt.datetime,
) -> Invitation:
    """Write the one open invitation of this person to this desk; a second one replaces the first.

    The caller has asked for permission and holds the desk's lock.
    """
    stale = Invitation.objects.filter(desk=desk, user=user, state=State.OPEN)
    for former in stale:
        former.state, former.answered_at = State.WITHDRAWN, now
        former.save(update_fields=["state", "answered_at"])
    invitation = Invitation.objects.create(
        desk=desk,
        user=user,
        invited_by=actor,
        email=email.strip(),
        name=name.strip(),
        roles=sorted(roles),
        created_at=now,
    )
    base.audit(
        "invitation.made",
        invitation,
        actor=actor,
        desk=desk,
        after=State.OPEN,
        now=now,
        email=invitation.email,
        roles=invitation.roles,
    )
    return invitation


@transaction.atomic
def accept(*, actor: User, invitation: Invitation, now: dt.datetime | None = None) -> Desk:
    """Take up the roles one is invited to, besides those one has; only the invited person can.

    Raises Refused where the invitation is no longer open, or who wrote it no longer administers the desk.
    """
    now = now or timezone.now()
    memberships.lock(invitation.desk, actor)
    row = _own(actor, invitation, now)
    inviter = row.invited_by
    if inviter is not None and Role.ADMINISTRATOR not in row.desk.roles_of(inviter):
        raise base.Refused(
            _("Who invited you no longer administers %(desk)s. Ask the desk for a new invitation.")
            % {"desk": row.desk.name}
        )
    _settle(row, State.ACCEPTED, actor=actor, now=now)
    roles = memberships.roles_at(row.desk, actor) | {Role(role) for role in row.roles}
    memberships.change(actor=actor, desk=row.desk, user=actor, wanted=roles, now=now)
    return row.desk


@transaction.atomic
def decline(*, actor: User, invitation: Invitation, now: dt.datetime | None = None) -> Desk:
    """Turn an invitation down; the desk may invite again."""
    now = now or timezone.now()
    row = _own(actor, invitation, now)
    _settle(row, State.DECLINED, actor=actor, now=now)
    return row.desk


@transaction.atomic
def withdraw(*, actor: User, invitation: Invitation, now: dt.datetime | None = None) -> None:
    """Take an invitation back before it is answered. Raises Stale where it was answered meanwhile."""
    now = now or timezone.now()
    base.require(actor, invitation.desk, *base.ADMINISTRATORS, what=_("withdraw invitations"))
    row = _locked(invitation)
    if row.state == State.WITHDRAWN:
        return
    if row.state != State.OPEN:
        raise base.Stale(_("This invitation is %(state)s already.") % {"state": row.get_state_display()})
    _settle(row, State.WITHDRAWN, actor=actor, now=now)


def _own(actor: User, invitation: Invitation, now: dt.datetime) -> Invitation:
    row = _locked(invitation)
    if row.user_id != actor.pk or not actor.is_active:
        raise base.NotAllowed(_("This invitation is for somebody else."))
    if row.state != State.OPEN:
        raise base.Stale(_("This invitation is %(state)s already.") % {"state": row.get_state_display()})
    if not row.is_open(now):
        raise base.Refused(_("This invitation is too old. Ask the desk for a new one."))
    return row


def _locked(invitation: Invitation) -> Invitation:
    rows = Invitation.objects.select_for_update(of=("self",)).select_related("desk", "user")
    return rows.get(pk=invitation.pk)


def _settle(row: Invitation, state: Invitation.State, *, actor: User, now: dt.datetime) -> None:
    before = row.state
    row.state, row.answered_at = state, now
    row.save(update_fields=["state", "answered_at"])
    base.audit(
        f"invitation.{state.value}", row, actor=actor, desk=row.desk, before=before, after=state, now=now
    )
