"""What is a claim about, in words for readers? They stand on its public page, in feeds and among the public filters."""

from __future__ import annotations

import datetime as dt
import re

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions import base
from claims.actions.claims.changes import insist_may_edit, store
from claims.models import Claim, User
from claims.models.fields import key_of

#: So many, of so many characters each.
MOST, LONGEST = 8, 60
# A bar parts them where they are looked for.
_BETWEEN = re.compile(r"[,;|\n]")


def topics_typed(typed: str) -> list[str]:
    """Return the topics of a line with commas between, each once, as first written; refuses what is too much."""
    found: dict[str, str] = {}
    for part in _BETWEEN.split(typed.replace("\x00", " ")):
        words = " ".join(part.split())
        if words:
            found.setdefault(key_of(words), words)
    if len(found) > MOST:
        raise base.Refused(_("Name at most %(n)d topics.") % {"n": MOST})
    if any(len(words) > LONGEST for words in found.values()):
        raise base.Refused(_("A topic has at most %(n)d characters.") % {"n": LONGEST})
    return list(found.values())


@transaction.atomic
def set_topics(
    *,
    actor: User,
    claim: Claim,
    typed: str,
    expected_version: int | None = None,
    now: dt.datetime | None = None,
) -> Claim:
    """Say what a claim is about; ``typed`` has commas between, and nothing in it takes all away.

    Like its wording they are part of what is approved, and change with a new version only.
    """
    now = now or timezone.now()
    insist_may_edit(actor, claim, now, _("say what a claim is about"))
    topics = topics_typed(typed)
    if topics == claim.topics:
        return claim
    old = ", ".join(claim.topics)
    store(claim, expected_version, now, topics=topics)
    base.audit(
        "claim.topics_set", claim, actor=actor, desk=claim.desk, claim_id=claim.pk, now=now,
        old=old, new=", ".join(topics), note=", ".join(topics),
    )  # fmt: skip
    return claim
