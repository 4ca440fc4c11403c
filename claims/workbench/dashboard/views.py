"""The dashboard of a desk, the same as a file, and the report on the codes of practice."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from claims.models import Desk, FactCheck, Rating, Release
from claims.models.figures import TOLD, DeskFigures, begins, desk_figures
from claims.models.together import Asking, answered, at_once, these
from claims.review.figures import Period
from claims.workbench.access import PersonRequest, open_desk, signed_in
from claims.workbench.dashboard.report import criteria
from claims.workbench.dashboard.tables import all_tables, day
from claims.workbench.desk.list_files import as_file

#: How long a period is where nothing is said, and the longest one.
_USUAL = 90
_LONGEST = 40 * 366
#: Corrections that stand in the report one by one.
_LISTED = 50


@dataclass(frozen=True, slots=True)
class Choice:
    """The period of a page: its days, what was wrong with what was asked for, and ready ones to choose from."""

    period: Period
    problem: str
    ready: tuple[tuple[str, str, bool], ...]

    @property
    def query(self) -> str:
        return f"since={self.period.since.isoformat()}&until={self.period.until.isoformat()}"


def chosen_period(request: PersonRequest, desk: Desk, now: dt.datetime) -> Choice:
    """Return the period of an address; the usual one, and a sentence, where it means none."""
    today = now.astimezone(zoneinfo.ZoneInfo(desk.time_zone)).date()
    usual = Period(today - dt.timedelta(days=_USUAL - 1), today)
    period, problem = usual, ""
    typed = {name: request.GET.get(name, "").strip() for name in ("since", "until")}
    if any(typed.values()):
        try:
            since = dt.date.fromisoformat(typed["since"]) if typed["since"] else None
            until = dt.date.fromisoformat(typed["until"]) if typed["until"] else today
            if since is None:
                since = until - dt.timedelta(days=_USUAL - 1)
            if (
                not dt.date(1970, 1, 2) <= since <= until <= dt.date(9000, 1, 1)
                or (until - since).days > _LONGEST
            ):
                raise ValueError
            period = Period(since, until)
        except (ValueError, OverflowError):
            problem = _("These are no days from one to a later one. The last %d days are shown.") % _USUAL
    quarter = dt.date(today.year, today.month - (today.month - 1) % 3, 1)
    ready = []
    for words, since in (
        (_("30 days"), today - dt.timedelta(days=29)),
        (_("90 days"), usual.since),
        (_("this quarter"), quarter),
        (_("this year"), dt.date(today.year, 1, 1)),
        (_("12 months"), today - dt.timedelta(days=364)),
    ):
        query = f"since={since.isoformat()}&until={today.isoformat()}"
        ready.append((words, query, period == Period(since, today)))
    return Choice(period, problem, tuple(ready))


def _asked(request: PersonRequest, slug: str) -> tuple[Desk, Choice, Asking[DeskFigures], dt.datetime]:
    """Return the desk, the period an address means, its figures to be asked for, and of when they are."""
    desk, now = open_desk(request, slug), timezone.now()
    choice = chosen_period(request, desk, now)
    return desk, choice, desk_figures(desk, request.user, choice.period, now=now), now


@signed_in
@require_safe
def dashboard(request: PersonRequest, slug: str) -> HttpResponse:
    """Show what the desk did in a period, in figures."""
    desk, choice, figures, _now = _asked(request, slug)
    context = {"choice": choice, "tables": all_tables(desk, answered(figures))}
    return render(request, "claims/dashboard.html", context)


@signed_in
@require_safe
def dashboard_csv(request: PersonRequest, slug: str) -> HttpResponseBase:
    """Give every figure of the dashboard as one line: table, row, column, value."""
    desk, choice, figures, _now = _asked(request, slug)
    found = answered(figures)

    def lines() -> Iterator[dict[str, Any]]:
        for table in all_tables(desk, found):
            for row in table.rows:
                for column, cell in zip(table.columns[1:], row.cells, strict=True):
                    yield {"figure": table.title, "row": row.name, "column": column, "value": cell}

    name = f"figures-{desk.slug}-{choice.period.since}-{choice.period.until}"
    return as_file(("figure", "row", "column", "value"), lines(), name)


@signed_in
@require_safe
def report(request: PersonRequest, slug: str) -> HttpResponse:
    """Show, for printing, what the desk did in a period for each criterion of the codes of practice."""
    desk, choice, figures, now = _asked(request, slug)
    changes = (
        Release.objects.filter(
            factcheck__desk=desk,
            factcheck__imported=False,
            kind__in=TOLD,
            created_at__gte=begins(desk, choice.period.since),
            created_at__lt=begins(desk, choice.period.until + dt.timedelta(days=1)),
        )
        .select_related("factcheck")
        .defer("payload", "factcheck__raw")
        .order_by("-created_at", "-id")[: _LISTED + 1]
    )
    scale = Rating.objects.filter(scale__desk=desk, scale__is_current=True).select_related("scale")
    scale = scale.order_by("position", "pk")
    ever = FactCheck.objects.published().filter(desk=desk).order_by().values_list("pk")[:1]
    found, _rows = answered(at_once(figures, these(changes, scale, ever)))
    listed = list(changes)
    context = {
        "choice": choice,
        "criteria": criteria(desk, found, list(scale)),
        "tables": all_tables(desk, found),
        "changes": listed[:_LISTED],
        "more": len(listed) > _LISTED,
        "since": day(choice.period.since),
        "until": day(choice.period.until),
        "made_at": now,
        "ever": bool(ever),
    }
    return render(request, "claims/report.html", context)
