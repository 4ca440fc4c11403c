"""What all actions on a review share: lock the row, ask the policy, swap the state or say what is newer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from claims.actions import base
from claims.models import Review, User
from claims.models.facts import member, review_facts
from claims.review.deciding import Decision
from claims.review.facts import Draft, Member, ReviewFacts

_FORBIDDEN = frozenset({"role", "author", "inactive", "kind", "not_author"})
_OVERTAKEN = frozenset({"stale", "wrong_state", "wrong_status", "leased", "merged"})


def lock(review: Review) -> Review:
    """Return the row as it is now, locked until the transaction ends; call it first in an action."""
    return Review.objects.select_for_update(of=("self",)).select_related("claim", "desk").get(pk=review.pk)


def gather(
    review: Review, actor: User, *, draft: Draft | None = None, now: dt.datetime
) -> tuple[ReviewFacts, Member]:
    return review_facts(review, draft=draft, now=now), member(review.desk, actor)


def insist(decision: Decision) -> None:
    """Raise the refusal that fits a No of the policy."""
    if decision:
        return
    if decision.code in _FORBIDDEN:
        raise base.NotAllowed(decision.sentence)
    if decision.code in _OVERTAKEN:
        raise base.Stale(decision.sentence)
    raise base.Refused(decision.sentence)


def permitted(
    review: Review, actor: User, may: Callable[[ReviewFacts, Member], Decision], *, now: dt.datetime
) -> ReviewFacts:
    """Return the facts of a locked review where the policy lets this person take the step; raise its refusal."""
    facts, person = gather(review, actor, now=now)
    insist(may(facts, person))
    return facts


def swap(review: Review, *, now: dt.datetime, **values: Any) -> Review:
    """Write the new values where nobody was faster; raise Stale with the newer state in words otherwise."""
    if "state" in values and values["state"] != review.state:
        values["state_at"] = now
    changed = Review.objects.filter(pk=review.pk, version=review.version, state=review.state).update(
        version=F("version") + 1, **values
    )
    if not changed:
        newest = Review.objects.get(pk=review.pk)
        raise base.Stale(
            _("Somebody else was faster: this review is now %(state)s. Look at it again before you go on.")
            % {"state": newest.get_state_display()}
        )
    fresh = Review.objects.select_related("claim", "desk").get(pk=review.pk)
    for name in [*values, "version"]:
        setattr(review, name, getattr(fresh, name))
    return fresh
