"""The figures of a desk as tables: the same rows for the page, its drawings, its file and the report.

Each row may lead to what it counts; where a list cannot be narrowed to just that, it does not.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from claims.models import Desk, Review
from claims.models.figures import DeskFigures, PanelFigures
from claims.review import figures
from claims.review.figures import AGES, FINDINGS, Period
from claims.vocabulary import Finding, PanelOutcome, ReleaseKind
from claims.workbench.dashboard import charts
from claims.workbench.dashboard.charts import Series

_TONES = {
    Finding.SUPPORTED: "c-good",
    Finding.CONFLICTING: "c-warn",
    Finding.REFUTED: "c-bad",
    Finding.NOT_ENOUGH: "c-quiet",
}


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One line: its name, its cells, and the list of what it counts."""

    name: str
    cells: tuple[Any, ...]
    address: str = ""


@dataclass(frozen=True, slots=True)
class FigureTable:
    """One figure: what it answers, its columns and rows, a drawing where one helps, and what to know about it."""

    key: str
    title: str
    about: str
    columns: tuple[str, ...]
    rows: tuple[FigureRow, ...]
    drawing: SafeString = field(default_factory=lambda: SafeString(""))
    notes: tuple[str, ...] = ()
    empty: str = ""


def day(value: dt.date) -> str:
    """Return a day in words, short enough for a drawing."""
    return str(date_format(value, "j M Y"))


def hours(value: float | None) -> str:
    """Return a length of time in hours up to two days, then in days."""
    if value is None:
        return "–"
    if value < 48:
        return _("%s h") % f"{value:.1f}"
    return _("%s days") % f"{value / 24:.1f}"


def all_tables(desk: Desk, found: DeskFigures) -> list[FigureTable]:
    """Return every figure of a period."""
    return [
        _time_to_verdict(desk, found),
        _waiting(desk, found),
        _throughput(desk, found),
        _ratings(desk, found),
        _by_claimant(desk, found),
        _by_tag(desk, found),
        _origins(desk, found),
        _corrections(desk, found),
        *([_agreement(found.panels)] if found.panels is not None else []),
    ]


def _agreement(panels: PanelFigures) -> FigureTable:
    """Show what panels came to, and how far people agreed who did not see each other's opinions."""
    rows = [FigureRow(str(one.label), (panels.outcomes[one.value],)) for one in PanelOutcome]
    found = panels.agreement
    rows += [
        FigureRow(_("Opinions compared"), (found.judgements,)),
        FigureRow(
            _("Pairs of readers who found the same"),
            ("–" if found.percent is None else _("%d %%") % round(found.percent * 100),),
        ),
        FigureRow(_("Krippendorff's alpha"), ("–" if found.alpha is None else f"{found.alpha:.2f}",)),
    ]
    return FigureTable(
        "agreement",
        _("Agreement of opinions formed apart"),
        _(
            "Panels that ended in the period. Compared is what each reader said first. Alpha is 1 where all agree, 0 "
            "where they agree as often as by chance; below about 20 panels it says little."
        ),
        (_("Figure"), _("Value")),
        tuple(rows) if any(panels.outcomes.values()) else (),
        empty=_("No panel ended in this period."),
    )


def _list(desk: Desk, name: str, **fields: Any) -> str:
    return f"{reverse(name, args=[desk.slug])}?{urlencode(fields)}"


def _published(desk: Desk, period: Period, **fields: Any) -> str:
    return _list(desk, "published", **fields, since=period.since.isoformat(), until=period.until.isoformat())


def _no_checks() -> str:
    return _("No check was first published in this period.")


def _time_to_verdict(desk: Desk, found: DeskFigures) -> FigureTable:
    rows = []
    for part in figures.parts(found.period):
        spread = figures.spread(
            one.hours for one in found.checks if one.hours is not None and part.since <= one.day <= part.until
        )
        if spread.count:
            cells = (spread.count, *map(hours, (spread.quarter, spread.half, spread.three_quarters)))
            rows.append(FigureRow(_part(part), cells, _published(desk, part)))
    whole = figures.spread(one.hours for one in found.checks if one.hours is not None)
    if whole.count:
        cells = (whole.count, *map(hours, (whole.quarter, whole.half, whole.three_quarters)))
        rows.append(FigureRow(_("the whole period"), cells, _published(desk, found.period)))
    unknown = sum(1 for one in found.checks if one.hours is None)
    notes = (_("%d checks have no claim here, and no time.") % unknown,) if unknown else ()
    return FigureTable(
        "time",
        _("Time to verdict"),
        _("From the moment a claim came in to its first publication."),
        (_("Published"), _("Checks"), _("a quarter within"), _("half within"), _("three quarters within")),
        tuple(rows),
        notes=notes,
        empty=_no_checks(),
    )


def _part(part: Period) -> str:
    return day(part.since) if part.days == 1 else f"{day(part.since)} – {day(part.until)}"


def _ages() -> list[str]:
    names = []
    before = 0
    for days in AGES:
        names.append(
            _("up to a day") if days == 1 else _("%(from)d to %(to)d days") % {"from": before, "to": days}
        )
        before = days
    return [*names, _("longer")]


def _waiting(desk: Desk, found: DeskFigures) -> FigureTable:
    names = _ages()
    labels = dict(Review.State.choices)
    rows = tuple(
        FigureRow(str(labels[one.state]), (*one.by_age, one.count), _list(desk, "queue", state=one.state))
        for one in found.waiting
    )
    tones = ("c-1", "c-2", "c-3", "c-4")
    series = [
        Series(tone, str(labels[one.state]), one.by_age)
        for tone, one in zip(tones, found.waiting, strict=False)
    ]
    total = sum(one.count for one in found.waiting)
    return FigureTable(
        "queue",
        _("Age of the queue"),
        _("Open claims now, by how long they have been at the desk."),
        (_("State"), *names, _("all")),
        rows if total else (),
        charts.bars("queue", _("Age of the queue"), names, series) if total else SafeString(""),
        empty=_("Nothing is open."),
    )


def _throughput(desk: Desk, found: DeskFigures) -> FigureTable:
    words = (_("claims added"), _("verdicts handed in"), _("checks published"), _("closed without a verdict"))
    rows = tuple(
        FigureRow(
            _part(one.part),
            (one.added, one.verdicts, one.published, one.closed),
            _list(desk, "queue", since=one.part.since.isoformat(), until=one.part.until.isoformat()),
        )
        for one in found.throughput
    )
    series = [
        Series(f"c-{at + 1}", words[at], tuple(int(row.cells[at]) for row in rows))
        for at in range(len(words))
    ]
    names = [date_format(one.part.since, "j M") for one in found.throughput]
    return FigureTable(
        "throughput",
        _("Throughput"),
        _("What came in, was written, went out and was closed. A line leads to the claims added then."),
        (_("Days"), *words),
        rows,
        charts.columns("throughput", _("Throughput"), names, series),
    )


def _ratings(desk: Desk, found: DeskFigures) -> FigureTable:
    listed = figures.ratings(found.checks)
    rows = tuple(
        FigureRow(
            rating or _("no label"), (_finding(finding), n), _published(desk, found.period, rating=rating)
        )
        for rating, finding, n in listed
    )
    drawing = charts.bars(
        "ratings",
        _("Ratings"),
        [rating or _("no label") for rating, _f, _n in listed],
        [
            Series(
                _TONES.get(Finding(one), "c-quiet") if one else "c-quiet",
                _finding(one),
                tuple(n if finding == one else 0 for _r, finding, n in listed),
            )
            for one in FINDINGS
        ],
    )
    return FigureTable(
        "ratings",
        _("Ratings"),
        _("Checks first published in the period, by the label they have now."),
        (_("Rating"), _("Finding"), _("Checks")),
        rows,
        drawing if rows else SafeString(""),
        empty=_no_checks(),
    )


def _finding(value: str) -> str:
    return str(Finding(value).label) if value in Finding.values else _("none")


def _balanced(
    key: str,
    title: str,
    about: str,
    lines: Sequence[figures.Balance],
    rows: tuple[FigureRow, ...],
    empty: str,
) -> FigureTable:
    names = [row.name for row in rows]
    series = [
        Series(
            _TONES.get(Finding(one), "c-quiet") if one else "c-line",
            _finding(one),
            tuple(line.by_finding[at] for line in lines),
        )
        for at, one in enumerate(FINDINGS)
    ]
    return FigureTable(
        key,
        title,
        about,
        (_("Name"), *(_finding(one) for one in FINDINGS), _("Checks")),
        rows,
        charts.bars(key, title, names, series) if rows else SafeString(""),
        empty=empty,
    )


def _others(line: figures.Balance, nameless: str) -> str:
    if line.others:
        return ngettext("%d other", "%d others", line.others) % line.others
    return line.name or nameless


def _by_claimant(desk: Desk, found: DeskFigures) -> FigureTable:
    lines = figures.balance(found.checks, lambda one: (one.claimant,))
    rows = tuple(
        FigureRow(
            _others(line, _("no claimant")),
            (*line.by_finding, line.count),
            _published(desk, found.period, claimant=line.name) if line.name else "",
        )
        for line in lines
    )
    return _balanced(
        "claimants",
        _("Balance by claimant"),
        _("Whose claims were checked, and what was found. Whether that is balanced is for people to judge."),
        lines,
        rows,
        _no_checks(),
    )


def _by_tag(desk: Desk, found: DeskFigures) -> FigureTable:
    lines = figures.balance(found.checks, lambda one: one.tags)
    rows = tuple(
        FigureRow(
            _others(line, ""),
            (*line.by_finding, line.count),
            _published(desk, found.period, tag=line.name) if line.name and not line.name.isdecimal() else "",
        )
        for line in lines
    )
    table = _balanced(
        "tags",
        _("Balance by topic"),
        _("By the desk's tags; a check with several counts under each."),
        lines,
        rows,
        _("No check of this period has a tag. Tag claims, and they are counted here.")
        if found.checks
        else _no_checks(),
    )
    untagged = sum(1 for one in found.checks if not one.tags)
    if not (rows and untagged):
        return table
    note = ngettext("%d check has no tag.", "%d checks have no tag.", untagged) % untagged
    return FigureTable(
        table.key, table.title, table.about, table.columns, rows, table.drawing, (note,), table.empty
    )


def _origins(desk: Desk, found: DeskFigures) -> FigureTable:
    counts = figures.by_origins(found.checks)
    words = {"not known": _("not known"), "4+": _("4 or more")}
    rows = tuple(FigureRow(words.get(name, name), (n,)) for name, n in counts)
    drawing = charts.bars(
        "origins",
        _("Independent origins per verdict"),
        [row.name for row in rows],
        [Series("c-1", "", tuple(n for _name, n in counts))],
    )
    return FigureTable(
        "origins",
        _("Independent origins per verdict"),
        _("How many reports, independent of each other and of the claimant, the cited sources go back to."),
        (_("Origins"), _("Checks")),
        rows if found.checks else (),
        drawing if found.checks else SafeString(""),
        empty=_no_checks(),
    )


def _corrections(desk: Desk, found: DeskFigures) -> FigureTable:
    kinds = [kind for kind in ReleaseKind if kind is not ReleaseKind.FIRST]
    rows = tuple(
        FigureRow(str(kind.label), (found.releases[kind],), _list(desk, "published", change=kind.value))
        for kind in kinds
    )
    return FigureTable(
        "corrections",
        _("Corrections and other changes"),
        _("Changes of published checks in the period. A line leads to all checks that were ever changed so."),
        (_("Change"), _("Times")),
        rows if any(found.releases[kind] for kind in kinds) else (),
        empty=_("Nothing that is published was changed in this period."),
    )
