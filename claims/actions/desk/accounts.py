"""People and how they come in: e-mail and password, one-time login links, roles, deactivation."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions import base
from claims.actions.desk import invitations, memberships, preferences, sign_in_gate
from claims.models import AuditEvent, Desk, Invitation, Membership, User
from claims.models.fields import key_of
from claims.vocabulary import Role

LINK_SALT = "claims.login-link"
LINK_LIFETIME = dt.timedelta(hours=24)


class EmailBackend(ModelBackend):
    """Signs people in by e-mail address, whatever its case, and slows down who guesses."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        email = username or kwargs.get("email") or ""
        if not email or password is None:
            return None
        user = User.objects.filter(email_key=key_of(email)).first()
        attempt = sign_in_gate.enter(
            request or HttpRequest(), email, person=user, otherwise=_("or ask for a login link")
        )
        if user is None:
            # The same work for an unknown address, so that the time tells nobody who works here.
            User().set_password(password)
        elif user.check_password(password) and self.user_can_authenticate(user):
            attempt.passed()
            return user
        return None

    def get_user(self, user_id: int) -> User | None:
        return User.objects.filter(pk=user_id, is_active=True).first()


@transaction.atomic
def make_person(
    *,
    actor: User | None,
    desk: Desk,
    email: str,
    display_name: str,
    roles: list[Role],
    public_name: str = "",
    password: str | None = None,
    now: dt.datetime | None = None,
) -> User | Invitation:
    """Let somebody work at the desk: a newcomer at once, somebody known elsewhere by their own acceptance.

    Returns the person where they hold the roles now, else the invitation that waits for them. Whether its
    address is known through another desk, a closed account or the installation is not told apart.
    ``actor=None`` is the command line.
    """
    now = now or timezone.now()
    if actor is not None:
        base.require(actor, desk, *base.ADMINISTRATORS, what=_("add people"))
    wanted = frozenset(roles)
    if not wanted:
        raise base.Refused(_("Choose at least one role."))
    memberships.lock(desk)
    user = User.objects.select_for_update().filter(email_key=key_of(email)).first()
    if user is None:
        user = _newcomer(email, password, display_name.strip(), public_name.strip())
        base.audit("person.made", user, actor=actor, desk=desk, now=now, name=user.display_name)
    elif not (memberships.roles_at(desk, user) or _made_here_and_left(desk, user, now)):
        return invitations.write(
            actor=actor, desk=desk, user=user, email=email, name=display_name, roles=wanted, now=now
        )
    wanted |= memberships.roles_at(desk, user)
    memberships.change(actor=actor, desk=desk, user=user, wanted=wanted, now=now)
    return user


def _newcomer(email: str, password: str | None, display_name: str, public_name: str) -> User:
    try:
        with transaction.atomic():
            return User.objects.create_user(
                email, password, display_name=display_name, public_name=public_name, is_staff=True
            )
    except ValidationError as error:
        raise base.Refused(" ".join(error.messages)) from error
    except IntegrityError as error:
        raise base.Stale(_("Somebody has just added this address. Send it once more.")) from error


def _made_here_and_left(desk: Desk, user: User, now: dt.datetime) -> bool:
    """Return whether the desk may simply take back a person it made: they hold and are promised nothing now."""
    if user.is_superuser or not user.is_active:
        return False
    if Membership.objects.filter(user=user).exists():
        return False
    if Invitation.objects.open(now).filter(user=user).exclude(desk=desk).exists():
        return False
    rows = AuditEvent.objects.about("user", user.pk).filter(verb__in=["person.made", "person.roles"])
    return set(rows.values_list("desk_id", flat=True)) == {desk.pk}


@transaction.atomic
def set_roles(
    *, actor: User, desk: Desk, user: User, roles: list[Role], now: dt.datetime | None = None
) -> None:
    """Give a colleague exactly these roles at the desk; none removes them from it and closes no account.

    Raises NotAllowed for people who do not work there: they are invited. The last administrator stays.
    """
    now = now or timezone.now()
    base.require(actor, desk, *base.ADMINISTRATORS, what=_("change roles"))
    memberships.lock(desk, user)
    _insist_colleague(desk, user)
    memberships.change(actor=actor, desk=desk, user=user, wanted=roles, now=now)


@transaction.atomic
def leave(*, actor: User, desk: Desk, now: dt.datetime | None = None) -> None:
    """Give up all one's own roles at a desk; the account stays. The last administrator stays too."""
    memberships.lock(desk, actor)
    _insist_colleague(desk, actor)
    memberships.change(actor=actor, desk=desk, user=actor, wanted=(), now=now or timezone.now())


@transaction.atomic
def deactivate(*, actor: User, desk: Desk, user: User, now: dt.datetime | None = None) -> None:
    """Close the account of somebody who works at this desk only, and end their sessions, links and keys.

    Their work keeps its author. People of several desks are removed from the desk instead; only an
    administrator of the installation closes such an account, or another administrator's of it.
    """
    now = now or timezone.now()
    base.require(actor, desk, *base.ADMINISTRATORS, what=_("deactivate people"))
    if user.pk == actor.pk:
        raise base.Refused(_("Somebody else has to deactivate your account."))
    memberships.lock(desk, user)
    user = User.objects.get(pk=user.pk)
    _insist_colleague(desk, user)
    _insist_ours(actor, desk, user, now, instead=_("Remove them from the desk instead."))
    if not user.is_active:
        return
    desks = list(Desk.objects.filter(memberships__user=user).distinct().order_by("pk"))
    for each in desks:
        if Role.ADMINISTRATOR in memberships.roles_at(each, user):
            memberships.insist_on_an_administrator(each, without=user)
    User.objects.filter(pk=user.pk).update(is_active=False, session_epoch=F("session_epoch") + 1)
    base.audit("person.deactivated", user, actor=actor, desk=desk, now=now)
    for each in desks:
        memberships.lay_down_work(actor=actor, desk=each, user=user, now=now)
        memberships.end_keys(actor=actor, desk=each, user=user, now=now)


@transaction.atomic
def reactivate(*, actor: User, desk: Desk, user: User, now: dt.datetime | None = None) -> None:
    """Open an account again that this desk closed; old sessions and links stay dead."""
    now = now or timezone.now()
    base.require(actor, desk, *base.ADMINISTRATORS, what=_("open accounts again"))
    memberships.lock(desk, user)
    user = User.objects.get(pk=user.pk)
    _insist_colleague(desk, user)
    _insist_ours(actor, desk, user, now, instead=_("Ask an administrator of the installation."))
    if user.is_active:
        return
    rows = AuditEvent.objects.about("user", user.pk).filter(verb="person.deactivated")
    closed = rows.order_by("-id").first()
    by_us = (
        closed is not None
        and closed.desk_id == desk.pk
        and not User.objects.filter(pk=closed.actor_id, is_superuser=True).exists()
    )
    if not by_us and not actor.is_superuser:
        raise base.NotAllowed(
            _("The desk did not close this account: ask an administrator of the installation to open it.")
        )
    User.objects.filter(pk=user.pk).update(is_active=True, session_epoch=F("session_epoch") + 1)
    base.audit("person.reactivated", user, actor=actor, desk=desk, now=now)


def _insist_colleague(desk: Desk, user: User) -> None:
    if not memberships.roles_at(desk, user):
        raise base.NotAllowed(
            _("This person does not work at your desk. Invite them with their e-mail address.")
        )


def _insist_ours(actor: User, desk: Desk, user: User, now: dt.datetime, *, instead: str) -> None:
    """Raise NotAllowed unless the account is the desk's own to open and close."""
    if actor.is_superuser:
        return
    if user.is_superuser or not memberships.works_here_only(desk, user, now=now):
        raise base.NotAllowed(
            _("The account of %(name)s is not this desk's alone. %(instead)s")
            % {"name": user.display_name, "instead": instead}
        )


def insist_may_open(
    *, actor: User | None, desk: Desk | None, user: User, what: str, now: dt.datetime
) -> User:
    """Return the person as stored, where the actor may do what lets somebody into this account; else raise NotAllowed.

    That is the account's own desk, and of people of several desks an administrator of the installation. The
    caller holds a transaction; desk and person are locked.
    """
    if actor is not None:
        if desk is None:
            raise TypeError("What opens an account needs the desk of who does it.")
        base.require(actor, desk, *base.ADMINISTRATORS, what=what)
        memberships.lock(desk, user)
        user = User.objects.get(pk=user.pk)
        _insist_colleague(desk, user)
    if not user.is_active:
        raise base.Refused(_("This account is closed."))
    if actor is not None and desk is not None:
        if user.is_superuser:
            raise base.NotAllowed(_("An administrator of the installation comes in by other ways."))
        if not actor.is_superuser and not memberships.works_here_only(desk, user, now=now):
            raise base.NotAllowed(
                _("%(name)s works at other desks too: only an administrator of the installation does this.")
                % {"name": user.display_name}
            )
    return user


@transaction.atomic
def login_link(*, actor: User | None, desk: Desk | None, user: User, now: dt.datetime | None = None) -> str:
    """Return the path of a link that signs this person in once, within a day.

    A link is a key to everything the person may do, so a desk gets one only for people who work there and
    nowhere else, never for an administrator of the installation. ``actor=None`` is the command line, where
    an administrator of the installation makes links for everybody.
    """
    now = now or timezone.now()
    user = insist_may_open(actor=actor, desk=desk, user=user, what=_("make login links"), now=now)
    base.audit("person.link_made", user, actor=actor, desk=desk, now=now)
    maker, place = (actor.pk, desk.pk) if actor is not None and desk is not None else (0, 0)
    token = signing.dumps([user.pk, user.session_epoch, _mark(user), maker, place], salt=LINK_SALT)
    return f"/login/link/{token}/"


def _mark(user: User) -> str:
    """A link is spent when the person has signed in since: the mark holds their last sign-in."""
    last = user.last_login.isoformat() if user.last_login else ""
    return hashlib.sha256(f"{user.password}{last}".encode()).hexdigest()[:16]


def person_of_link(token: str, *, now: dt.datetime | None = None) -> User:
    """Return the person a link is for. Raises Refused where it is spent, expired, damaged or no longer right.

    What allowed the link must still hold: who made it administers the desk, and the person works there only.
    """
    now = now or timezone.now()
    refusal = base.Refused(_("This link has been used or is too old. Ask for a new one."))
    try:
        pk, epoch, mark, maker, place = signing.loads(token, salt=LINK_SALT, max_age=LINK_LIFETIME)
    except (signing.BadSignature, ValueError) as error:
        raise refusal from error
    user = User.objects.filter(pk=pk, session_epoch=epoch, is_active=True).first()
    if user is None or _mark(user) != mark or (maker and not _still_right(maker, place, user, now)):
        raise refusal
    return user


def _still_right(maker: int, place: int, user: User, now: dt.datetime) -> bool:
    actor = User.objects.filter(pk=maker).first()
    desk = Desk.objects.filter(pk=place).first()
    if actor is None or desk is None or Role.ADMINISTRATOR not in desk.roles_of(actor):
        return False
    if user.is_superuser or not memberships.roles_at(desk, user):
        return False
    return actor.is_superuser or memberships.works_here_only(desk, user, now=now)


@transaction.atomic
def set_preferences(
    *,
    actor: User,
    display_name: str,
    public_name: str,
    time_zone: str,
    theme: str,
    single_keys: bool,
    language: str,
    now: dt.datetime | None = None,
) -> None:
    """Change how one is shown, and how the pages behave and speak; only for oneself."""
    preferences.insist_known(language)
    actor.display_name, actor.public_name = display_name.strip(), public_name.strip()
    actor.time_zone, actor.theme, actor.single_keys = time_zone, theme, single_keys
    actor.language = language
    try:
        actor.full_clean(exclude=["password"])
    except ValidationError as error:
        raise base.Refused(" ".join(error.messages)) from error
    actor.save(update_fields=["display_name", "public_name", "time_zone", "theme", "single_keys", "language"])
    base.audit("person.preferences", actor, actor=actor, desk=None, now=now)
