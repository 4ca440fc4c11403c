"""Drawings of figures as SVG: bars beside names, columns over time. Colours are the page's tokens, by class.

A drawing is one picture with a title and a description in words; the table beside it holds the same figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_WIDTH = 640
_NAME, _COUNT = 190, 56
_ROW, _BAR = 26, 16
_HEIGHT = 160


@dataclass(frozen=True, slots=True)
class Series:
    """One kind of bar: its class in the sheet, its word, and a value for each name."""

    tone: str
    words: str
    values: tuple[int, ...]


def _cut(name: str, most: int) -> str:
    return name if len(name) <= most else name[: most - 1] + "…"


def _svg(ident: str, title: str, told: str, height: int, inner: SafeString) -> SafeString:
    return format_html(
        '<svg class="chart" role="img" viewBox="0 0 {} {}" aria-labelledby="{}-t {}-d" preserveAspectRatio='
        '"xMinYMin meet"><title id="{}-t">{}</title><desc id="{}-d">{}</desc>{}</svg>',
        *(_WIDTH, height, ident, ident, ident, title, ident, told, inner),
    )


def told(names: Sequence[str], series: Sequence[Series]) -> str:
    """Return what a drawing shows, as a sentence for each name."""
    return " ".join(
        f"{name}: "
        + ", ".join(f"{one.words} {one.values[at]}" if one.words else str(one.values[at]) for one in series)
        + "."
        for at, name in enumerate(names)
    )


def bars(ident: str, title: str, names: Sequence[str], series: Sequence[Series]) -> SafeString:
    """Draw one line for each name; the values of several series stand end to end."""
    most = max((sum(one.values[at] for one in series) for at in range(len(names))), default=0) or 1
    room = _WIDTH - _NAME - _COUNT
    parts = []
    for at, name in enumerate(names):
        top = at * _ROW
        parts.append(
            format_html(
                '<text class="chart-name" x="{}" y="{}">{}</text>', _NAME - 8, top + 17, _cut(name, 28)
            )
        )
        left = float(_NAME)
        for one in series:
            width = round(room * one.values[at] / most, 1)
            if width:
                parts.append(
                    format_html(
                        '<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>',
                        *(one.tone, round(left, 1), top + 5, width, _BAR),
                    )
                )
            left += width
        total = sum(one.values[at] for one in series)
        parts.append(
            format_html(
                '<text class="chart-count" x="{}" y="{}">{}</text>', round(left + 6, 1), top + 17, total
            )
        )
    inner = format_html_join("", "{}", ((part,) for part in parts))
    return _svg(ident, title, told(names, series), max(len(names), 1) * _ROW + 4, inner)


def columns(ident: str, title: str, names: Sequence[str], series: Sequence[Series]) -> SafeString:
    """Draw columns side by side for each name, which is a part of time; some names stand under them."""
    most = max((value for one in series for value in one.values), default=0) or 1
    step = _WIDTH / max(len(names), 1)
    wide = min(step * 0.8 / max(len(series), 1), 28)
    every = max(1, -(-len(names) // 8))
    parts = [
        format_html('<line class="chart-ground" x1="0" x2="{}" y1="{}" y2="{}"/>', _WIDTH, _HEIGHT, _HEIGHT)
    ]
    for at, name in enumerate(names):
        left = at * step + (step - wide * len(series)) / 2
        for number, one in enumerate(series):
            high = round((_HEIGHT - 20) * one.values[at] / most, 1)
            if high:
                parts.append(
                    format_html(
                        '<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>',
                        *(one.tone, round(left + number * wide, 1), round(_HEIGHT - high, 1)),
                        *(round(max(wide - 1, 1), 1), high),
                    )
                )
        if at % every == 0:
            parts.append(
                format_html(
                    '<text class="chart-time" x="{}" y="{}">{}</text>',
                    round(at * step, 1),
                    _HEIGHT + 16,
                    name,
                )
            )
    parts.append(format_html('<text class="chart-time" x="0" y="11">{}</text>', most))
    inner = format_html_join("", "{}", ((part,) for part in parts))
    return _svg(ident, title, told(names, series), _HEIGHT + 24, inner)
