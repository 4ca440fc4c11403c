"""Many claims due at once, and the same taken back: a part of the acts on stored selections.

When each claim was due before stands in the act's own audit rows; taking it back restores exactly that.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from claims.actions.claims.due import insist_due_is_news, insist_may_set_due, restore_due_all, set_due_all
from claims.actions.claims.together import Together, locked
from claims.actions.review.bulk_previews import Act
from claims.models import AuditEvent, BulkAct, BulkActRow, Claim, Review, User


def moment_of(said: Mapping[str, Any]) -> dt.datetime | None:
    """Return the time that an act was asked with."""
    return dt.datetime.fromisoformat(said["due_at"]) if said["due_at"] else None


def foretold(actor: User, said: Mapping[str, Any], now: dt.datetime) -> Act:
    """Foretell ``set_due_all`` of each claim."""
    due_at = moment_of(said)

    def ask(claim: Claim, current: Review) -> str:
        insist_may_set_due(actor=actor, claim=claim, review=current, due_at=due_at, now=now)
        insist_due_is_news(claim, due_at)
        return ""

    return ask


def do(act: BulkAct, reviews: Sequence[Review], now: dt.datetime) -> Together:
    """Do one batch under its locks."""
    return set_due_all(actor=act.asked_by, reviews=reviews, due_at=moment_of(act.said), now=now)


def take_back(
    act: BulkAct, rows: Sequence[BulkActRow], *, actor: User, now: dt.datetime
) -> tuple[list[int], dict[int, str]]:
    """Let claims be due when they were; returns the claims where that was done, and why not where it was not."""
    events = AuditEvent.objects.filter(
        gesture=act.gesture, verb="claim.due_set", claim_id__in=[row.claim_id for row in rows]
    )
    before = dict(events.order_by("id").values_list("claim_id", "before"))
    reviews = locked([row.review_id for row in rows if row.review_id is not None and row.claim_id in before])
    due = {
        row.pk: dt.datetime.fromisoformat(before[row.claim_id]) if before[row.claim_id] else None
        for row in reviews
    }
    found = restore_due_all(actor=actor, reviews=reviews, due=due, now=now)
    claims = {row.pk: row.claim_id for row in reviews}
    return [claims[pk] for pk in found.done], {claims[pk]: why for pk, why in found.refused.items()}
