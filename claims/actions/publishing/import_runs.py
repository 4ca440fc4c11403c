"""How do many fact checks of others come in at once? One by one, each counted, nothing passed over silently."""

from __future__ import annotations

import datetime as dt
import math
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from claims.actions import base
from claims.actions.publishing.imports import stored_as_they_came, take_in, withdraw_import
from claims.exports.imports import Deleted, Imported, ImportRefused, PassedOver, ReadElement
from claims.models import Desk, User
from claims.net.addresses import page_identity

#: In the order in which they are told.
OUTCOMES = ("new", "changed", "unchanged", "older", "withdrawn", "refused", "passed_over")
#: Problems that are kept with their words; all of them are counted.
MOST_PROBLEMS = 200


@dataclass
class Tally:
    """What became of everything: counts by outcome, what was passed over by kind, problems and notes in words."""

    counts: Counter[str] = field(default_factory=Counter)
    passed_over: Counter[str] = field(default_factory=Counter)
    problems: list[dict[str, Any]] = field(default_factory=list)
    notes: Counter[str] = field(default_factory=Counter)

    @property
    def seen(self) -> int:
        return sum(self.counts.values())

    @property
    def usable(self) -> int:
        return self.seen - self.counts["refused"] - self.counts["passed_over"]

    def pass_over(self, kind: str, times: int = 1) -> None:
        """Count what is no fact check, by what it is."""
        self.counts["passed_over"] += times
        self.passed_over[kind[:120]] += times

    def refuse(self, source: str, place: int, reason: str) -> None:
        """Count what should have been one and cannot be used."""
        self.counts["refused"] += 1
        if len(self.problems) < MOST_PROBLEMS:
            row: dict[str, Any] = {"place": place, "reason": reason}
            self.problems.append({**row, "source": source} if source else row)

    def as_json(self) -> dict[str, Any]:
        """Return all of it as plain values."""
        return {
            **{name: self.counts[name] for name in OUTCOMES},
            "passed_over_kinds": dict(self.passed_over.most_common(50)),
            "problems": self.problems,
            "notes": dict(self.notes.most_common(50)),
        }


@dataclass(frozen=True, slots=True)
class Part:
    """One file or answer of a run. ``whole_pages``: all checks of a page it names are in it."""

    source: str
    found: Sequence[ReadElement]
    whole_pages: bool = True


def take_parts(
    *,
    actor: User | None,
    desk: Desk,
    parts: Sequence[Part],
    tally: Tally,
    within: Callable[[], AbstractContextManager[None]] = nullcontext,
    until: float = math.inf,
    now: dt.datetime | None = None,
) -> int:
    """Take in everything that was read, each in its own transaction, and count what became of it.

    The parts of one run come together: whether a page holds one check or several is seen over all of them.
    ``within`` is entered around each, such as a job's fence. Returns how many were left because ``until``, on the
    monotonic clock, was over: what is stored already costs next to nothing, so the next run gets further.
    """
    if actor is not None:
        base.require(actor, desk, *base.WORKERS, what=_("import fact checks"))
    checks = [one for part in parts for one in part.found if isinstance(one, Imported)]
    same = {id(checks[place]) for place in stored_as_they_came(desk, checks)}
    left = 0
    pages = Counter(
        page_identity(one.payload.url) for part in parts for one in part.found if isinstance(one, Imported)
    )
    doubtful = {
        page_identity(one.payload.url)
        for part in parts
        if not part.whole_pages
        for one in part.found
        if isinstance(one, Imported)
    }
    for part in parts:
        for place, one in enumerate(part.found, start=1):
            if isinstance(one, PassedOver):
                tally.pass_over(one.kind)
                continue
            if isinstance(one, ImportRefused):
                tally.refuse(part.source, one.place, f"{one.reason[0].upper()}{one.reason[1:]}.")
                continue
            if id(one) in same:
                tally.counts["unchanged"] += 1
                continue
            if time.monotonic() > until:
                left += 1
                continue
            try:
                page = page_identity(one.payload.url) if isinstance(one, Imported) else ""
                with within():
                    outcome = _take(
                        actor, desk, one, alone=pages[page] == 1 and page not in doubtful, now=now
                    )
            except base.NotAllowed:
                raise
            except base.Refused as refusal:
                tally.refuse(part.source, place, str(refusal))
                continue
            tally.counts[outcome] += 1
            if isinstance(one, Imported):
                tally.notes.update(one.notes)
    return left


def _take(
    actor: User | None, desk: Desk, one: Imported | Deleted, *, alone: bool, now: dt.datetime | None
) -> str:
    if isinstance(one, Deleted):
        return (
            "withdrawn"
            if withdraw_import(actor=actor, desk=desk, url=one.url, at=one.at, now=now)
            else "unchanged"
        )
    payload = one.payload
    return take_in(
        actor=actor,
        desk=desk,
        raw=one.raw,
        page_url=payload.url,
        created=payload.published_at.isoformat(),
        modified=payload.modified_at.isoformat(),
        alone=alone,
        stated=one.stated,
        now=now,
    )[1]
