"""The first desk of an installation: archive, rating scale, people, and a file that says how to come in."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from claims.actions import base
from claims.actions.desk.accounts import login_link, make_person
from claims.models import Archive, Desk, Invitation, Rating, RatingScale
from claims.ratings import DEFAULT_SCALE
from claims.vocabulary import Role


@transaction.atomic
def make_desk(*, slug: str, name: str, is_default: bool | None = None) -> Desk:
    """Make a desk with an archive of its own and the default rating scale; the first one is the default."""
    if Desk.objects.filter(slug=slug).exists():
        raise base.Refused(_("There is already a desk with the short name “%(slug)s”.") % {"slug": slug})
    if is_default is None:
        is_default = not Desk.objects.filter(is_default=True).exists()
    desk = Desk.objects.create(slug=slug, name=name, is_default=is_default, feed_title=f"{name}: fact checks")
    Archive.objects.create(slug=slug, name=f"Archive of {name}", desk=desk)
    scale = RatingScale.objects.create(desk=desk, version=1, name=DEFAULT_SCALE.name, is_current=True)
    for position, rating in enumerate(DEFAULT_SCALE.labels, start=1):
        Rating.objects.create(
            scale=scale,
            position=position,
            key=rating.code,
            label=rating.label,
            definition=rating.definition,
            finding=rating.finding,
            value=rating.value,
        )
    base.audit("desk.made", desk, actor=None, desk=desk, name=name)
    return desk


def first_desk(*, slug: str, name: str, people: list[tuple[str, str, list[str]]]) -> Desk:
    """Make a desk and its people with generated passwords, and write ``logins.txt`` (mode 0600).

    Somebody who is known already gets no password here: they are invited, and say so themselves.
    """
    lines = []
    with transaction.atomic():
        desk = make_desk(slug=slug, name=name)
        for email, person, roles in people:
            password = generated_password()
            made = make_person(
                actor=None,
                desk=desk,
                email=email,
                display_name=person,
                public_name=person,
                roles=[Role(role) for role in roles],
                password=password,
            )
            who = f"{person} ({', '.join(roles).replace('_', '-')}): {email}"
            if isinstance(made, Invitation):
                lines.append(f"  {who}, invited: they accept under My desks after signing in as before")
            else:
                lines.append(f"  {who} / {password}")
    write_logins(["Sign in with one of these (made for this installation only):", *lines])
    return desk


@transaction.atomic
def desk_by_link(*, slug: str, name: str, email: str, person: str) -> tuple[Desk, str]:
    """Make a desk whose administrator comes in by a one-time link; no password is made or written anywhere.

    The path is empty where the address is known already: then an invitation waits for them.
    """
    desk = make_desk(slug=slug, name=name)
    made = make_person(
        actor=None,
        desk=desk,
        email=email,
        display_name=person,
        public_name=person,
        roles=[Role.ADMINISTRATOR, Role.DESK_EDITOR],
    )
    if isinstance(made, Invitation):
        return desk, ""
    return desk, login_link(actor=None, desk=desk, user=made)


def generated_password() -> str:
    """Return four groups of four easily read characters, about 78 bits."""
    alphabet = "23456789abcdefghjkmnpqrstuvwxyz"
    return "-".join("".join(secrets.choice(alphabet) for _ in range(4)) for _ in range(4))


def write_logins(lines: list[str]) -> None:
    path = Path(settings.DATA_DIR) / "logins.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
        handle.write("\n".join(lines) + "\n")
