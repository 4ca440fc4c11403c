"""Deciding on several suggestions of one article at once: accept them, or put them aside.

One gesture of one person: undo takes all of it back. What cannot be done to one row is said about that row and
keeps no other from being done.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions import base
from claims.actions.triage import decisions
from claims.models import Appearance, User

#: More than any article of a few thousand words holds.
LIMIT = 500


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one row: ``refused`` is empty where it was done."""

    row: Appearance
    refused: str = ""


@transaction.atomic
def decide(
    *,
    actor: User,
    appearances: Sequence[Appearance],
    act: Literal["accept", "dismiss"],
    expected: Mapping[int, int] | None = None,
    now: dt.datetime | None = None,
) -> list[Outcome]:
    """Accept or dismiss open suggestions of one article, in text order; return what became of each.

    ``expected`` gives the version a person saw, by row. Raises Refused where nothing, too much or several
    articles were chosen, or where nothing at all could be done.
    """
    now = now or timezone.now()
    rows = sorted(
        {row.pk: row for row in appearances}.values(), key=lambda row: (row.start, -row.end, row.pk)
    )
    if not rows:
        raise base.Refused(_("Tick at least one suggestion first."))
    if len(rows) > LIMIT:
        raise base.Refused(_("Tick no more than %(limit)d at once.") % {"limit": LIMIT})
    base.require(actor, rows[0].desk, *base.WORKERS, what=_("decide on suggestions"))
    if len({(row.desk_id, row.capture_id) for row in rows}) > 1:
        raise base.Refused(_("Only suggestions of one article can be decided on together."))
    done = decisions.accept if act == "accept" else decisions.dismiss
    outcomes = []
    with base.gesture():
        for row in rows:
            try:
                # Each is a savepoint of its own; a repeat was accepted with its first, which accept knows.
                done(actor=actor, appearance=row, expected_version=(expected or {}).get(row.pk), now=now)
            except base.Refused as refusal:
                outcomes.append(Outcome(row, str(refusal)))
            else:
                outcomes.append(Outcome(row))
    if all(one.refused for one in outcomes):
        raise base.Stale(outcomes[0].refused)
    return outcomes
