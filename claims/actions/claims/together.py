"""Whose work is it, of many claims at once? Assigning, closing, and both taken back, in one transaction for all.

The rules are those of the single acts in ``changes``, asked of every row under its lock; each row gets the audit
row that it would get alone. What refuses one row stops no other. A restored row is equal to what it was, but for
its version.
"""

from __future__ import annotations

import copy
import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models, transaction
from django.db.models import F, prefetch_related_objects
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from claims.actions import base
from claims.actions.base import AuditLine
from claims.actions.claims.changes import insist_may_assign, insist_may_close
from claims.actions.indexing.outbox import touch_all
from claims.models import Review, User

State = Review.State
#: What of a review an act on whose work it is may change, by kind of value.
_PEOPLE = ("assignee_id", "lease_user_id")
_TIMES = ("lease_until", "publish_at", "state_at")
_WORDS = ("state", "closed_reason", "closed_note", "held")
RESTORED = (*_PEOPLE, *_TIMES, *_WORDS)


@dataclass
class Together:
    """What became of each row, by review: the audit row of what was done, or why it was not."""

    done: dict[int, int] = field(default_factory=dict)
    refused: dict[int, str] = field(default_factory=dict)


def columns_of(review: Review) -> dict[str, Any]:
    """Return what these acts may change in a review, fit to be stored beside what was done."""
    found: dict[str, Any] = {name: getattr(review, name) for name in RESTORED}
    for name in _TIMES:
        found[name] = found[name].isoformat() if found[name] is not None else None
    return found


def locked(reviews: Iterable[int]) -> list[Review]:
    """Return reviews as they are now, locked in the order of their ids until the transaction ends."""
    rows = list(
        Review.objects.select_for_update(of=("self",))
        .select_related("claim", "desk")
        .filter(pk__in=list(reviews))
        .order_by("pk")
    )
    desks = {row.desk_id: row.desk for row in rows}
    prefetch_related_objects(list(desks.values()), "memberships")
    for row in rows:
        row.desk = desks[row.desk_id]
        row.claim.desk = row.desk
    return rows


def _asked(reviews: Sequence[Review], ask: Callable[[Review], None]) -> tuple[list[Review], Together]:
    """Part the rows into those that may go on, and refusals."""
    found, together = [], Together()
    for review in reviews:
        try:
            ask(review)
        except base.Refused as refusal:
            together.refused[review.pk] = str(refusal)
        else:
            found.append(review)
    return found, together


def insist_is_news(review: Review, to: User | None) -> None:
    """Refuse to give a claim to who has it."""
    if review.assignee_id == (to.pk if to is not None else None):
        if to is None:
            raise base.Refused(_("It is nobody's already."))
        raise base.Refused(_("%(name)s has it already.") % {"name": to.display_name})


@transaction.atomic
def assign_all(
    *, actor: User, reviews: Iterable[int], to: User | None, now: dt.datetime | None = None
) -> Together:
    """Give claims to somebody, or with ``None`` to nobody; a lease of somebody else ends with it."""
    now = now or timezone.now()

    def ask(review: Review) -> None:
        insist_may_assign(actor=actor, review=review, to=to)
        insist_is_news(review, to)

    rows, together = _asked(locked(reviews), ask)
    keeps = () if to is None else (None, to.pk)
    leaving = [row.pk for row in rows if row.lease_user_id not in keeps]
    staying = [row.pk for row in rows if row.lease_user_id in keeps]
    _write(staying, assignee=to)
    _write(leaving, assignee=to, lease_user=None, lease_until=None)
    after = str(to.pk if to is not None else "")
    _tell(
        "review.assigned", rows, together, actor, now, lambda row: (str(row.assignee_id or ""), after), dict
    )
    return together


@transaction.atomic
def close_all(
    *, actor: User, reviews: Iterable[int], reason: str, note: str = "", now: dt.datetime | None = None
) -> Together:
    """End reviews without a publication, with one reason for all."""
    now = now or timezone.now()
    note = " ".join(note.split())[:300]

    def ask(review: Review) -> None:
        insist_open(review)
        insist_may_close(actor=actor, review=review, reason=reason, now=now)

    rows, together = _asked(locked(reviews), ask)
    _write(
        [row.pk for row in rows],
        state=State.CLOSED,
        state_at=now,
        closed_reason=reason,
        closed_note=note,
        lease_user=None,
        lease_until=None,
        publish_at=None,
    )
    _tell(
        "review.closed",
        rows,
        together,
        actor,
        now,
        lambda row: (row.state, State.CLOSED),
        lambda: {"reason": reason, "note": note},
    )
    return together


def insist_open(review: Review) -> None:
    """Refuse to close what is closed, whatever the reason was."""
    if review.state == State.CLOSED:
        raise base.Stale(_("It is closed already."))


@transaction.atomic
def restore_all(
    *,
    actor: User,
    before: Mapping[int, Mapping[str, Any]],
    versions: Mapping[int, int],
    now: dt.datetime | None = None,
) -> Together:
    """Take back what ``assign_all`` or ``close_all`` did: columns by review, and the version the act left.

    Who could do the act to the row as it was may take it back; refused where anybody was there since.
    """
    now = now or timezone.now()
    rows = locked(before)
    open_elsewhere = dict(
        Review.objects.open()
        .filter(claim__in=[row.claim_id for row in rows])
        .order_by()
        .values_list("claim_id", "pk")
    )
    wanted = {row.pk: _as_it_was(row, before[row.pk]) for row in rows}
    people = User.objects.in_bulk({row.assignee_id for row in wanted.values() if row.assignee_id})

    def ask(review: Review) -> None:
        was = wanted[review.pk]
        if review.version != versions[review.pk]:
            raise base.Stale(
                _("It has changed since: it is %(state)s now.") % {"state": review.get_state_display()}
            )
        if review.state != State.CLOSED:
            insist_may_assign(
                actor=actor,
                review=review,
                to=people.get(was.assignee_id) if was.assignee_id else None,
            )
            return
        if review.claim.merged_into_id is not None:
            raise base.Refused(_("This claim was merged into another one; work goes on there."))
        if open_elsewhere.get(review.claim_id, review.pk) != review.pk:
            raise base.Refused(_("Another review of this claim is open already."))
        if was.publish_at is not None and was.publish_at <= now:
            raise base.Refused(
                _("It would have been published meanwhile. Open it again, and plan its publication anew.")
            )
        insist_may_close(actor=actor, review=was, reason=review.closed_reason, now=now)

    found, together = _asked(rows, ask)
    held_before = {row.pk: (str(row.assignee_id or ""), row.state) for row in found}
    # Rows that go back to the same values are written together.
    alike: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for row in found:
        was = wanted[row.pk]
        alike[tuple(getattr(was, name) for name in RESTORED)].append(row.pk)
        for name in RESTORED:
            setattr(row, name, getattr(was, name))
    for values, pks in alike.items():
        _write(pks, **dict(zip(RESTORED, values, strict=True)))
    reopened = [row for row in found if held_before[row.pk][1] == State.CLOSED]
    given = [row for row in found if held_before[row.pk][1] != State.CLOSED]
    _tell("review.reopened", reopened, together, actor, now, lambda row: (State.CLOSED, row.state), dict)
    _tell(
        "review.assigned",
        given,
        together,
        actor,
        now,
        lambda row: (held_before[row.pk][0], str(row.assignee_id or "")),
        dict,
    )
    return together


def _as_it_was(review: Review, before: Mapping[str, Any]) -> Review:
    was = copy.copy(review)
    # The copy must not share what Django remembers of the row's relations.
    was._state = copy.copy(review._state)
    was._state.fields_cache = {"claim": review.claim, "desk": review.desk}
    for name in RESTORED:
        value = before[name]
        setattr(was, name, parse_datetime(value) if name in _TIMES and value else value)
    return was


def _write(pks: Sequence[int], **columns: Any) -> None:
    if pks:
        Review.objects.filter(pk__in=pks).update(version=F("version") + 1, **columns)


def _tell(
    verb: str,
    rows: Sequence[Review],
    together: Together,
    actor: User,
    now: dt.datetime,
    states: Callable[[Review], tuple[str, str]],
    detail: Callable[[], dict[str, Any]],
) -> None:
    """Write the audit rows of one desk after the other, and let the index catch up."""
    by_desk: dict[int, list[Review]] = {}
    for row in rows:
        by_desk.setdefault(row.desk_id, []).append(row)
    for of_desk in by_desk.values():
        lines = []
        for row in of_desk:
            before, after = states(row)
            lines.append(AuditLine(row, row.claim_id, before, after, detail()))
        events = base.audit_all(verb, lines, actor=actor, desk=of_desk[0].desk, now=now)
        together.done |= {row.pk: event for row, event in zip(of_desk, events, strict=True)}
    if rows:
        touch_all("claims", [row.claim_id for row in rows])


def newest_of(claims: models.QuerySet[Any] | Sequence[int]) -> dict[int, int]:
    """Return the newest review of each claim, by claim."""
    rows = Review.objects.filter(claim__in=claims).order_by("claim_id", "number")
    return dict(rows.values_list("claim_id", "pk"))
