"""How do pages look and speak for one person? Their language, and which hints they have read; for oneself only."""

from __future__ import annotations

import datetime as dt

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
