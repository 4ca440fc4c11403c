"""People and how they come in: e-mail and password, one-time login links, roles, deactivation."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.core import signing
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from claims.actions import base
from claims.models import Desk, Membership, Role, User
from claims.models.fields import key_of

LINK_SALT = "claims.login-link"
LINK_LIFETIME = dt.timedelta(hours=24)
ATTEMPTS = 8
ATTEMPT_WINDOW = 15 * 60


class TooManyAttempts(base.Refused):
    """Too many wrong passwords for one e-mail address or from one network address."""

    status = 429


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
        keys = _attempt_keys(request, email)
        if any(int(cache.get(key, 0)) >= ATTEMPTS for key in keys):
            raise TooManyAttempts(
                "Too many wrong passwords. Try again in 15 minutes, or ask for a login link."
            )
        user = User.objects.filter(email_key=key_of(email)).first()
        if user is None:
            # The same work for an unknown address, so that the time tells nobody who works here.
            User().set_password(password)
        elif user.check_password(password) and self.user_can_authenticate(user):
            cache.delete_many(keys)
            return user
        for key in keys:
            cache.add(key, 0, ATTEMPT_WINDOW)
            cache.incr(key)
        return None

    def get_user(self, user_id: int) -> User | None:
        return User.objects.filter(pk=user_id, is_active=True).first()


def _attempt_keys(request: HttpRequest | None, email: str) -> list[str]:
    parts = [key_of(email)]
    if request is not None:
        parts.append(request.META.get("REMOTE_ADDR", ""))
    return ["login:" + hashlib.sha256(part.encode()).hexdigest()[:32] for part in parts if part]


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
) -> User:
    """Add a person to a desk, or further roles to one who is known; ``actor=None`` is the command line."""
    now = now or timezone.now()
    if actor is not None:
        base.require(actor, desk, *base.ADMINISTRATORS, what="add people")
    user = User.objects.filter(email_key=key_of(email)).first()
    if user is None:
        try:
            user = User.objects.create_user(
                email,
                password,
                display_name=display_name.strip(),
                public_name=public_name.strip(),
                is_staff=True,
            )
        except ValidationError as error:
            raise base.Refused(" ".join(error.messages)) from error
        base.audit("person.made", user, actor=actor, desk=desk, now=now, name=user.display_name)
    set_roles(actor=actor, desk=desk, user=user, roles=roles, now=now, keep=True)
    return user


@transaction.atomic
def set_roles(
    *,
    actor: User | None,
    desk: Desk,
    user: User,
    roles: list[Role],
    keep: bool = False,
    now: dt.datetime | None = None,
) -> None:
    """Give a person exactly these roles at the desk (``keep`` only adds); the last administrator stays."""
    now = now or timezone.now()
    if actor is not None:
        base.require(actor, desk, *base.ADMINISTRATORS, what="change roles")
    held = desk.roles_of(user) if not user.is_superuser else frozenset()
    wanted = frozenset(roles) | (held if keep else frozenset())
    for role in wanted - held:
        Membership.objects.get_or_create(desk=desk, user=user, role=role, defaults={"created_at": now})
    gone = held - wanted
    if Role.ADMINISTRATOR in gone:
        others = Membership.objects.filter(desk=desk, role=Role.ADMINISTRATOR, user__is_active=True)
        if not others.exclude(user=user).exists():
            raise base.Refused("A desk needs an administrator: give the role to somebody else first.")
    Membership.objects.filter(desk=desk, user=user, role__in=gone).delete()
    if wanted != held:
        base.audit(
            "person.roles",
            user,
            actor=actor,
            desk=desk,
            now=now,
            roles=sorted(wanted),
            before_roles=sorted(held),
        )


@transaction.atomic
def deactivate(*, actor: User, desk: Desk, user: User, now: dt.datetime | None = None) -> None:
    """Close a person's account and end their sessions; their work keeps its author."""
    now = now or timezone.now()
    base.require(actor, desk, *base.ADMINISTRATORS, what="deactivate people")
    if user.pk == actor.pk:
        raise base.Refused("Somebody else has to deactivate your account.")
    if not Membership.objects.filter(desk=desk, user=user).exists():
        raise base.NotAllowed("This person does not work at your desk.")
    User.objects.filter(pk=user.pk).update(is_active=False, session_epoch=user.session_epoch + 1)
    base.audit("person.deactivated", user, actor=actor, desk=desk, now=now)


def login_link(user: User) -> str:
    """Return the path of a link that signs this person in once, within a day."""
    token = signing.dumps([user.pk, user.session_epoch, _mark(user)], salt=LINK_SALT)
    return f"/login/link/{token}/"


def _mark(user: User) -> str:
    """A link is spent when the person has signed in since: the mark holds their last sign-in."""
    last = user.last_login.isoformat() if user.last_login else ""
    return hashlib.sha256(f"{user.password}{last}".encode()).hexdigest()[:16]


def person_of_link(token: str) -> User:
    """Return the person a link is for. Raises Refused where it is spent, expired or damaged."""
    sentence = "This link has been used or is too old. Ask for a new one."
    try:
        pk, epoch, mark = signing.loads(token, salt=LINK_SALT, max_age=LINK_LIFETIME)
    except (signing.BadSignature, ValueError) as error:
        raise base.Refused(sentence) from error
    user = User.objects.filter(pk=pk, session_epoch=epoch, is_active=True).first()
    if user is None or _mark(user) != mark:
        raise base.Refused(sentence)
    return user


@transaction.atomic
def set_preferences(
    *,
    actor: User,
    display_name: str,
    public_name: str,
    time_zone: str,
    theme: str,
    single_keys: bool,
    now: dt.datetime | None = None,
) -> None:
    """Change how one is shown and how the pages behave; only for oneself."""
    actor.display_name, actor.public_name = display_name.strip(), public_name.strip()
    actor.time_zone, actor.theme, actor.single_keys = time_zone, theme, single_keys
    try:
        actor.full_clean(exclude=["password"])
    except ValidationError as error:
        raise base.Refused(" ".join(error.messages)) from error
    actor.save(update_fields=["display_name", "public_name", "time_zone", "theme", "single_keys"])
    base.audit("person.preferences", actor, actor=actor, desk=None, now=now)
