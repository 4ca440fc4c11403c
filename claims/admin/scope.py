"""Which desks' rows does the admin show to this person?

Those of the desks where they work. Being a partner, who reads feeds with a key, is not working there. The
answers are asked for once per request.
"""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from claims.models import Desk, Membership, User
from claims.vocabulary import Role

_KEPT = "_desks_of_admin"
_ADMINISTERS = "_administers_in_admin"


def person_of(request: HttpRequest) -> User:
    """Return who asks; call it behind the site's own login check."""
    user = request.user
    if not isinstance(user, User):
        raise TypeError("The admin was asked by somebody who is not signed in.")
    return user


def desks_of(request: HttpRequest) -> tuple[int, ...]:
    """Return the ids of the desks this person works at; all of them for an administrator of the installation."""
    kept: tuple[int, ...] | None = getattr(request, _KEPT, None)
    if kept is None:
        kept = tuple(Desk.objects.for_user(person_of(request)).order_by("pk").values_list("pk", flat=True))
        setattr(request, _KEPT, kept)
    return kept


def works_anywhere(request: HttpRequest) -> bool:
    """Return whether this person may come in at all."""
    user: User | AnonymousUser = request.user
    if not isinstance(user, User) or not (user.is_active and user.is_staff):
        return False
    return user.is_superuser or bool(desks_of(request))


def administers(request: HttpRequest) -> bool:
    """Return whether this person looks after an installation or a desk: who may see the machinery."""
    kept: bool | None = getattr(request, _ADMINISTERS, None)
    if kept is None:
        user = person_of(request)
        kept = user.is_superuser or Membership.objects.filter(user=user, role=Role.ADMINISTRATOR).exists()
        setattr(request, _ADMINISTERS, kept)
    return kept
