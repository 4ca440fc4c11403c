"""What did a desk do in a period? The facts for ``claims.review.figures``, in as many statements for many as for few.

Days are the desk's own. Only the desk's own checks count, not imported ones; claims that are hidden from who asks
are left out where claims are counted.
"""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, F, Q

from claims.models.claims import Claim
from claims.models.desks import Desk
from claims.models.factchecks import FactCheck, Release
from claims.models.panels import Opinion
from claims.models.reader_messages import ReaderMessage
from claims.models.reviews import Approval, Review, Verdict
from claims.models.tags import ClaimTag
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


def desk_figures(desk: Desk, user: User, period: Period, *, now: dt.datetime) -> DeskFigures:
    """Gather the figures of a period, as this person may see them."""
    checks = _checks(desk, user, period)
    return DeskFigures(
        period=period,
        checks=checks,
        throughput=_throughput(desk, user, period, checks),
        waiting=_waiting(desk, user, now),
        releases=_releases(desk, period),
        **_approvals(desk, period),
        complaints=_complaints(desk, period, now),
        panels=_panels(desk, user, period) if desk.panels != PanelRule.OFF else None,
    )


def _checks(desk: Desk, user: User, period: Period) -> tuple[PublishedCheck, ...]:
    zone = zoneinfo.ZoneInfo(desk.time_zone)
    own = FactCheck.objects.own().filter(_within(desk, period, "first_published_at"), desk=desk)
    tags: dict[int, list[str]] = {}
    named = ClaimTag.objects.visible_to(user).filter(claim__factcheck__in=own.order_by().values("pk"))
    for claim, name in named.order_by("tag__name_key", "pk").values_list("claim_id", "tag__name"):
        tags.setdefault(claim, []).append(name)
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


def _throughput(
    desk: Desk, user: User, period: Period, checks: Sequence[PublishedCheck]
) -> tuple[Throughput, ...]:
    cut = figures.parts(period)

    def counted(column: str) -> dict[str, Count]:
        return {f"n{at}": Count("pk", filter=_within(desk, part, column)) for at, part in enumerate(cut)}

    whole = Period(cut[0].since, cut[-1].until)
    claims = Claim.objects.visible_to(user).filter(_within(desk, whole, "created_at"), desk=desk).order_by()
    added = claims.aggregate(**counted("created_at"))
    handed = Verdict.objects.filter(_within(desk, whole, "created_at"), desk=desk).order_by()
    verdicts = handed.aggregate(**counted("created_at"))
    ended = Review.objects.filter(
        _within(desk, whole, "state_at"), desk=desk, state=Review.State.CLOSED
    ).order_by()
    closed = ended.aggregate(**counted("state_at"))
    published = figures.per_part((check.day for check in checks), cut)
    return tuple(
        Throughput(part, added[f"n{at}"], verdicts[f"n{at}"], published[at], closed[f"n{at}"])
        for at, part in enumerate(cut)
    )


def _waiting(desk: Desk, user: User, now: dt.datetime) -> tuple[Waiting, ...]:
    bounds = [now - dt.timedelta(days=days) for days in AGES]
    classes = {}
    newer = None
    for at, bound in enumerate((*bounds, None)):
        condition = Q()
        if bound is not None:
            condition &= Q(claim__created_at__gt=bound)
        if newer is not None:
            condition &= Q(claim__created_at__lte=newer)
        classes[f"n{at}"] = Count("pk", filter=condition)
        newer = bound
    rows = (
        Review.objects.open()
        .visible_to(user)
        .filter(desk=desk, claim__merged_into=None)
        .order_by()
        .values_list("state")
        .annotate(**classes)
    )
    by_state = {row[0]: tuple(row[1:]) for row in rows}
    empty = (0,) * len(classes)
    return tuple(
        Waiting(state, by_state.get(state, empty))
        for state in Review.State.values
        if state not in (Review.State.PUBLISHED, Review.State.CLOSED)
    )


def _releases(desk: Desk, period: Period) -> dict[str, int]:
    rows = Release.objects.filter(
        _within(desk, period, "created_at"), factcheck__desk=desk, factcheck__imported=False
    )
    counts = dict(rows.order_by().values_list("kind").annotate(n=Count("pk")))
    return {kind: counts.get(kind, 0) for kind in ReleaseKind.values}


def _approvals(desk: Desk, period: Period) -> dict[str, int]:
    rows = Approval.objects.filter(_within(desk, period, "created_at"), verdict__desk=desk).order_by()
    counts = rows.aggregate(all=Count("pk"), unread=Count("pk", filter=~Q(unread_reason="")))
    return {"approvals": counts["all"], "approvals_unread": counts["unread"]}


def _panels(desk: Desk, user: User, period: Period) -> PanelFigures:
    rows = Opinion.objects.visible_to(user).filter(
        _within(desk, period, "panel__closed_at"), panel__desk=desk
    )
    # Whoever had seen the verdict agrees with it, and not with the others: theirs is not compared.
    said: dict[int, list[str]] = {}
    came: dict[int, str] = {}
    columns = rows.order_by("panel_id", "id").values_list(
        "panel_id", "panel__outcome", "first_rating__label", "had_seen"
    )
    for panel, outcome, label, had_seen in columns:
        came[panel] = outcome
        if label is not None and not had_seen:
            said.setdefault(panel, []).append(label)
    counts = {outcome: list(came.values()).count(outcome) for outcome in PanelOutcome.values}
    return PanelFigures(counts, agreement(said.values()))


def _complaints(desk: Desk, period: Period, now: dt.datetime) -> Complaints:
    rows = ReaderMessage.objects.filter(
        _within(desk, period, "created_at"), desk=desk, kind="complaint"
    ).order_by()
    settled = Q(settled_at__isnull=False)
    counts = rows.aggregate(
        all=Count("pk"),
        settled=Count("pk", filter=settled),
        in_time=Count("pk", filter=settled & (Q(answer_by=None) | Q(settled_at__lte=F("answer_by")))),
        overdue=Count("pk", filter=~settled & Q(answer_by__lt=now)),
    )
    return Complaints(counts["all"], counts["settled"], counts["in_time"], counts["overdue"])
