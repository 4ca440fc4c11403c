"""How do pages look and speak for one person? Their language, and which hints they have read; for oneself only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions import base
from claims.models import User


def insist_known(language: str) -> None:
    """Raise Refused unless the pages speak this language; an empty one follows the browser."""
    if language and language not in dict(settings.LANGUAGES):
        raise base.Refused(_("The pages do not speak this language yet. Choose one of the list."))


@transaction.atomic
def set_language(*, actor: User, language: str, now: dt.datetime | None = None) -> None:
    """Choose the language of one's pages; an empty one follows the browser."""
    insist_known(language)
    if actor.language == language:
        return
    actor.language = language
    actor.save(update_fields=["language"])
    base.audit("person.preferences", actor, actor=actor, desk=None, now=now or timezone.now())


#: Puts all hints away at once.
ALL_HINTS = "hints"
_MOST = 200


@transaction.atomic
def put_away(*, actor: User, name: str, now: dt.datetime | None = None) -> None:
    """Show a hint, or the first steps of a desk, no more; `ALL_HINTS` switches every hint off."""
    name = name.strip()
    if not name or len(name) > 60:
        raise base.Refused(_("There is no such hint."))
    _store(actor, lambda names: {*names, name}, now)


@transaction.atomic
def show_again(*, actor: User, now: dt.datetime | None = None) -> None:
    """Bring all hints and first steps back."""
    _store(actor, lambda names: set(), now)


def _store(actor: User, change: Callable[[frozenset[str]], set[str]], now: dt.datetime | None) -> None:
    locked = User.objects.select_for_update().get(pk=actor.pk)
    names = sorted(change(locked.put_away))[:_MOST]
    locked.preferences = {**locked.preferences, "put_away": names}
    locked.save(update_fields=["preferences"])
    actor.preferences = locked.preferences
    base.audit("person.preferences", actor, actor=actor, desk=None, now=now or timezone.now())
