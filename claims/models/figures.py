"""What did a desk do in a period? The facts for ``claims.review.figures``, in one statement.

Days are the desk's own. Only the desk's own checks count, not imported ones; claims that are hidden from who asks
are left out where claims are counted.
"""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, OuterRef, Q, Subquery

from claims.models.desks import Desk
from claims.models.factchecks import FactCheck, Release
from claims.models.panels import Opinion
from claims.models.reader_messages import ReaderMessage
from claims.models.reviews import OPEN_STATES, Approval, Review, Verdict
from claims.models.seen import hidden_claims, seen_claims, seen_reviews
from claims.models.tags import ClaimTag
from claims.models.together import Asking, HowMany, at_once, by_name, figures_of
from claims.models.users import User
from claims.review import figures
from claims.review.agreement import Agreement, agreement
from claims.review.figures import AGES, Period, PublishedCheck
from claims.vocabulary import PanelOutcome, PanelRule, ReleaseKind

TOLD = (ReleaseKind.CLARIFICATION, ReleaseKind.CORRECTION, ReleaseKind.UPDATE, ReleaseKind.WITHDRAWAL)


@dataclass(frozen=True, slots=True)
class Throughput:
    """One part of the period: claims that came in, verdicts handed in, checks published, reviews closed without one."""

    part: Period
    added: int
    verdicts: int
    published: int
    closed: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """Open claims of one state now, by how long they have been at the desk (the classes of ``AGES``)."""

    state: str
    by_age: tuple[int, ...]

    @property
    def count(self) -> int:
        return sum(self.by_age)


@dataclass(frozen=True, slots=True)
class Complaints:
    """What readers complained of in the period, and what became of it."""

    received: int
    settled: int
    in_time: int
    overdue: int


@dataclass(frozen=True, slots=True)
class PanelFigures:
    """Panels that ended in the period by what they came to, and how far their readers agreed at first."""

    outcomes: dict[str, int]
    agreement: Agreement


@dataclass(frozen=True, slots=True)
class DeskFigures:
    """Everything the dashboard and the report show of one period."""

    period: Period
    checks: tuple[PublishedCheck, ...]
    throughput: tuple[Throughput, ...]
    waiting: tuple[Waiting, ...]
    releases: dict[str, int]
    approvals: int
    approvals_unread: int
    complaints: Complaints
    #: None where the desk does without.
    panels: PanelFigures | None = None


def begins(desk: Desk, day: dt.date) -> dt.datetime:
    """Return the moment at which a day begins where the desk is."""
    return dt.datetime.combine(day, dt.time(), zoneinfo.ZoneInfo(desk.time_zone))


def _within(desk: Desk, period: Period, column: str) -> Q:
    after = begins(desk, period.until + dt.timedelta(days=1))
    return Q(**{f"{column}__gte": begins(desk, period.since), f"{column}__lt": after})


def desk_figures(desk: Desk, user: User, period: Period, *, now: dt.datetime) -> Asking[DeskFigures]:
    """Ask for the figures of a period, as this person may see them."""
    hidden = hidden_claims(user)
    asked: dict[str, Asking[Any]] = {
        "checks": _checks(desk, user, period),
        "parts": _parts(desk, user, period, hidden),
        "waiting": _waiting(desk, user, now, hidden),
        "releases": _releases(desk, period),
        "approvals": _approvals(desk, period),
        "complaints": _complaints(desk, period, now),
    }
    if desk.panels != PanelRule.OFF:
        asked["panels"] = _panels(desk, user, period)
    found = yield from by_name(**asked)
    checks: tuple[PublishedCheck, ...] = found["checks"]
    return DeskFigures(
        period=period,
        checks=checks,
        throughput=_throughput(period, found["parts"], checks),
        waiting=found["waiting"],
        releases=found["releases"],
        **found["approvals"],
        complaints=found["complaints"],
        panels=found.get("panels"),
    )


def _checks(desk: Desk, user: User, period: Period) -> Asking[tuple[PublishedCheck, ...]]:
    zone = zoneinfo.ZoneInfo(desk.time_zone)
    own = FactCheck.objects.own().filter(_within(desk, period, "first_published_at"), desk=desk)
    tagged = ClaimTag.objects.visible_to(user).filter(claim__factcheck__in=own.order_by().values("pk"))
    named = tagged.order_by("tag__name_key", "pk").values_list("claim_id", "tag__name")
    rows = own.order_by("pk").values_list(
        "claim_id",
        "claim__created_at",
        "first_published_at",
        "rating_label",
        "finding",
        "claimant_name",
        "status",
        "latest__payload__origins",
        "latest__verdict__citations",
    )
    yield named, rows
    tags: dict[int, list[str]] = {}
    for claim, name in named:
        tags.setdefault(claim, []).append(name)
    found = []
    for claim, came, out, rating, finding, claimant, status, origins, cited in rows:
        at = out or begins(desk, period.since)  # never empty: the filter asks for it
        found.append(
            PublishedCheck(
                day=at.astimezone(zone).date(),
                hours=max((at - came).total_seconds(), 0) / 3600 if came else None,
                rating=rating,
                finding=finding,
                claimant=claimant,
                tags=tuple(tags.get(claim, ())),
                # What is suspended or withdrawn says nothing of its sources.
                origins=origins if status == FactCheck.Status.LIVE and isinstance(origins, int) else None,
                sources=len(cited) if status == FactCheck.Status.LIVE and cited is not None else None,
            )
        )
    return tuple(found)


def _parts(
    desk: Desk, user: User, period: Period, hidden: Collection[int] | None
) -> Asking[tuple[dict[str, int], dict[str, int], dict[str, int]]]:
    """Ask how many claims came in, verdicts were handed in and reviews closed, in each part of the period."""
    cut = figures.parts(period)

    def counted(column: str) -> dict[str, Count]:
        return {f"n{at}": Count("pk", filter=_within(desk, part, column)) for at, part in enumerate(cut)}

    whole = Period(cut[0].since, cut[-1].until)
    # Merged ones too: they came in.
    claims = seen_claims(desk.pk, user, hidden, standing=False).filter(_within(desk, whole, "created_at"))
    handed = Verdict.objects.filter(_within(desk, whole, "created_at"), desk=desk)
    ended = Review.objects.filter(_within(desk, whole, "state_at"), desk=desk, state=Review.State.CLOSED)
    return (
        yield from at_once(
            figures_of(claims, **counted("created_at")),
            figures_of(handed, **counted("created_at")),
            figures_of(ended, **counted("state_at")),
        )
    )


def _throughput(
    period: Period, counts: tuple[dict[str, int], ...], checks: Sequence[PublishedCheck]
) -> tuple[Throughput, ...]:
    cut = figures.parts(period)
    added, verdicts, closed = counts
    published = figures.per_part((check.day for check in checks), cut)
    return tuple(
        Throughput(part, added[f"n{at}"], verdicts[f"n{at}"], published[at], closed[f"n{at}"])
        for at, part in enumerate(cut)
    )


def _waiting(
    desk: Desk, user: User, now: dt.datetime, hidden: Collection[int] | None
) -> Asking[tuple[Waiting, ...]]:
    bounds = [now - dt.timedelta(days=days) for days in AGES]
    classes = {}
    newer = None
    for at, bound in enumerate(bounds):
        condition = Q(created_at__gt=bound)
        if newer is not None:
            condition &= Q(created_at__lte=newer)
        classes[f"n{at}"] = Count("pk", filter=condition)
        newer = bound
    # None of a merged claim is among them: merging ends its review.
    waits = seen_reviews(desk.pk, user, hidden)
    # Each state by itself, which its index alone can tell.
    every = {state: HowMany(waits.filter(state=state)) for state in OPEN_STATES}
    # Whatever is not young is old, and need not be looked at. From the claims, as few are young: the database
    # would go through all open reviews otherwise.
    open_review = Review.objects.filter(claim=OuterRef("pk"), state__in=OPEN_STATES).order_by()
    young = (
        seen_claims(desk.pk, user, hidden, standing=False)
        .filter(created_at__gt=bounds[-1])
        .annotate(waits_as=Subquery(open_review.values("state")[:1]))
        .filter(waits_as__isnull=False)
        .values_list("waits_as")
        .annotate(**classes)
    )
    yield [*every.values(), young]
    by_state = {row[0]: tuple(row[1:]) for row in young}
    none = (0,) * len(classes)
    return tuple(
        Waiting(state, (*of_age, int(every[state]) - sum(of_age)))
        for state in OPEN_STATES
        for of_age in (by_state.get(state, none),)
    )


def _releases(desk: Desk, period: Period) -> Asking[dict[str, int]]:
    rows = Release.objects.filter(
        _within(desk, period, "created_at"), factcheck__desk=desk, factcheck__imported=False
    )
    by_kind = rows.order_by().values_list("kind").annotate(n=Count("pk"))
    yield [by_kind]
    counts = dict(by_kind)
    return {kind: counts.get(kind, 0) for kind in ReleaseKind.values}


def _approvals(desk: Desk, period: Period) -> Asking[dict[str, int]]:
    rows = Approval.objects.filter(_within(desk, period, "created_at"), verdict__desk=desk)
    unread = Count("pk", filter=~Q(unread_reason=""))
    return (yield from figures_of(rows, approvals=Count("pk"), approvals_unread=unread))


def _panels(desk: Desk, user: User, period: Period) -> Asking[PanelFigures]:
    rows = Opinion.objects.visible_to(user).filter(
        _within(desk, period, "panel__closed_at"), panel__desk=desk
    )
    # Whoever had seen the verdict agrees with it, and not with the others: theirs is not compared.
    said: dict[int, list[str]] = {}
    came: dict[int, str] = {}
    columns = rows.order_by("panel_id", "id").values_list(
        "panel_id", "panel__outcome", "first_rating__label", "had_seen"
    )
    yield [columns]
    for panel, outcome, label, had_seen in columns:
        came[panel] = outcome
        if label is not None and not had_seen:
            said.setdefault(panel, []).append(label)
    counts = {outcome: list(came.values()).count(outcome) for outcome in PanelOutcome.values}
    return PanelFigures(counts, agreement(said.values()))


def _complaints(desk: Desk, period: Period, now: dt.datetime) -> Asking[Complaints]:
    rows = ReaderMessage.objects.filter(_within(desk, period, "created_at"), desk=desk, kind="complaint")
    settled = Q(settled_at__isnull=False)
    counts = yield from figures_of(
        rows,
        received=Count("pk"),
        settled=Count("pk", filter=settled),
        in_time=Count("pk", filter=settled & (Q(answer_by=None) | Q(settled_at__lte=F("answer_by")))),
        overdue=Count("pk", filter=~settled & Q(answer_by__lt=now)),
    )
    return Complaints(**counts)
