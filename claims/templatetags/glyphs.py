"""Which drawing stands before a word? One set for ratings, states and stances, on desk, admin and public pages.

A rating's silhouette says the side, its filling how wholly. A state is one grey pie that fills. A stance is an
arrow. A drawing never stands without its word, so it is hidden from screen readers and carries no meaning alone.
"""

from __future__ import annotations

import functools

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from claims.vocabulary import Finding

_RING = '<circle cx="8" cy="8" r="6.2" fill="none" stroke="currentColor" stroke-width="1.6"/>'
_LINE = 'fill="none" stroke="currentColor"'

#: Name: what is drawn in a square of 16 by 16, in the colour of the text around it.
DRAWINGS: dict[str, str] = {
    # Ratings
    "check": '<circle cx="8" cy="8" r="7.5" fill="currentColor"/>'
    '<path d="M4.6 8.3l2.3 2.3 4.5-5" fill="none" stroke="var(--paper)" stroke-width="1.8"/>',
    "check-outline": f'<circle cx="8" cy="8" r="6.7" {_LINE} stroke-width="1.6"/>'
    f'<path d="M4.9 8.2l2.1 2.1 4.1-4.6" {_LINE} stroke-width="1.7"/>',
    "half": f'<path d="M8 .9L15.1 8 8 15.1.9 8z" {_LINE} stroke-width="1.6" stroke-linejoin="round"/>'
    '<path d="M8 .9V15.1L.9 8z" fill="currentColor"/>',
    "cross-outline": f'<rect x="1.3" y="1.3" width="13.4" height="13.4" rx="1.6" {_LINE} stroke-width="1.6"/>'
    f'<path d="M5 5l6 6M11 5l-6 6" {_LINE} stroke-width="1.7"/>',
    "cross": '<rect x=".5" y=".5" width="15" height="15" rx="2" fill="currentColor"/>'
    '<path d="M4.7 4.7l6.6 6.6M11.3 4.7l-6.6 6.6" fill="none" stroke="var(--paper)" stroke-width="1.8"/>',
    "triangle": f'<path d="M8 1.6L15 14.2H1z" {_LINE} stroke-width="1.6" stroke-linejoin="round"/>'
    f'<path d="M8 6v4.2M8 11.4v1.5" {_LINE} stroke-width="1.7"/>',
    "question": f'<circle cx="8" cy="8" r="6.7" {_LINE} stroke-width="1.6" stroke-dasharray="2.6 1.75"/>'
    f'<path d="M6 6.4C6 5.1 6.9 4.5 8 4.5s2 .7 2 1.8c0 1.5-2 1.6-2 3.1M8 10.6v1.5" {_LINE} stroke-width="1.5"/>',
    "circle": f'<circle cx="8" cy="8" r="6.7" {_LINE} stroke-width="1.6"/>',
    # States
    "dashed": f'<circle cx="8" cy="8" r="6.2" {_LINE} stroke-width="1.6" stroke-dasharray="1.6 2.1"/>',
    "ring": _RING,
    "pie-half": _RING + '<path d="M8 4.2a3.8 3.8 0 0 1 0 7.6z" fill="currentColor"/>',
    "pie-most": _RING + '<path d="M8 8V4.2A3.8 3.8 0 1 1 4.2 8z" fill="currentColor"/>',
    "pie-full": _RING + '<circle cx="8" cy="8" r="3.8" fill="currentColor"/>',
    "disc": '<circle cx="8" cy="8" r="7" fill="currentColor"/>',
    "bars": _RING + f'<path d="M6.4 5.4v5.2M9.6 5.4v5.2" {_LINE} stroke-width="1.6"/>',
    "stroke": _RING + f'<path d="M4 12L12 4" {_LINE} stroke-width="1.6"/>',
    # Stances
    "up": f'<path d="M8 14V2.6M3.2 7.2L8 2.4l4.8 4.8" {_LINE} stroke-width="2"/>',
    "up-right": f'<path d="M3 13L12.6 3.4M5.4 3h7.4v7.4" {_LINE} stroke-width="2"/>',
    "down": f'<path d="M8 2v11.4M3.2 8.8L8 13.6l4.8-4.8" {_LINE} stroke-width="2"/>',
    "dot": '<circle cx="8" cy="8" r="3.2" fill="currentColor"/>',
    "dash": f'<path d="M3 8h10" {_LINE} stroke-width="2"/>',
    "small-ring": f'<circle cx="8" cy="8" r="3.4" {_LINE} stroke-width="1.5"/>',
    # Marks
    "tick": f'<path d="M3 8.4l3.3 3.3L13 4.8" {_LINE} stroke-width="1.8"/>',
    "box": f'<rect x="2" y="2" width="12" height="12" rx="2" {_LINE} stroke-width="1.5"/>',
    "no": f'<path d="M3.6 3.6l8.8 8.8M12.4 3.6l-8.8 8.8" {_LINE} stroke-width="1.8"/>',
    "alert": f'<path d="M8 2.5v7.2M8 11.6v2.2" {_LINE} stroke-width="2.2"/>',
    "again": f'<path d="M13 8a5 5 0 1 1-1.6-3.7M13 2v3.2H9.8" {_LINE} stroke-width="1.6"/>',
    "parting": f'<path d="M8 14.4V8.6M8 8.6L3.2 2.4M8 8.6l4.8-6.2" {_LINE} stroke-width="2"/>',
    # The tool itself: a tick on a highlighted line.
    "brand": '<rect x="1" y="9.5" width="14" height="5.5" rx="1" fill="var(--mark)"/>'
    f'<path d="M3 8l3.2 3.4L13.4 3" {_LINE} stroke-width="2.4"/>',
    "origin": '<circle cx="4" cy="8" r="2.4" fill="currentColor"/>'
    f'<path d="M6 7l6-4M6 9l6 4M6.4 8H13" {_LINE} stroke-width="1.3"/>',
}

#: What a rating's finding looks like where the desk's own label is not one of the default scale.
_FINDINGS: dict[str, tuple[str, str]] = {
    Finding.SUPPORTED.value: ("check", "is-good"),
    Finding.REFUTED.value: ("cross", "is-bad"),
    Finding.CONFLICTING.value: ("half", "is-mixed"),
    Finding.NOT_ENOUGH.value: ("question", "is-open"),
}
#: Labels of the default scale, by their code: finding that they must have, drawing. A desk's own label under
#: the same code but of another finding is drawn by its finding.
_LABELS: dict[str, tuple[str, str]] = {
    "true": (Finding.SUPPORTED.value, "check"),
    "mostly_true": (Finding.SUPPORTED.value, "check-outline"),
    "half_true": (Finding.CONFLICTING.value, "half"),
    "mostly_false": (Finding.REFUTED.value, "cross-outline"),
    "false": (Finding.REFUTED.value, "cross"),
    "misleading": (Finding.CONFLICTING.value, "triangle"),
    "unproven": (Finding.NOT_ENOUGH.value, "question"),
}
#: Value of a closed list: drawing, tone. Values of several lists share the table: none means two things.
_VALUES: dict[str, tuple[str, str]] = {
    # Review.state
    "queued": ("ring", "is-state"),
    "in_progress": ("pie-half", "is-state"),
    "awaiting_approval": ("pie-most", "is-state"),
    "approved": ("pie-full", "is-state"),
    "published": ("disc", "is-state"),
    "closed": ("stroke", "is-state"),
    # Appearance.triage
    "suggested": ("dashed", "is-state"),
    "accepted": ("tick", "is-state"),
    "dismissed": ("no", "is-state"),
    "not_selected": ("dash", "is-state"),
    "superseded": ("again", "is-state"),
    # Job.status
    "running": ("pie-half", "is-state"),
    "done": ("tick", "is-state"),
    "failed": ("alert", "is-bad"),
    "cancelled": ("dash", "is-state"),
    # FactCheck.status
    "live": ("disc", "is-state"),
    "suspended": ("bars", "is-state"),
    "withdrawn": ("stroke", "is-state"),
    # Evidence.stance
    "": ("small-ring", "is-state"),
    "supports": ("up", "is-good"),
    "partly": ("up-right", "is-mixed"),
    "refutes": ("down", "is-bad"),
    "context": ("dot", "is-state"),
    "irrelevant": ("dash", "is-state"),
    # SearchRun.outcome
    "found": ("tick", "is-state"),
    "nothing": ("ring", "is-state"),
    "not_covered": ("dashed", "is-state"),
    # Match.state
    "confirmed": ("tick", "is-state"),
    "rejected": ("no", "is-state"),
}


@functools.cache
def glyph(name: str) -> SafeString:
    """Return a drawing as inline SVG, hidden from screen readers; raises KeyError where there is none."""
    return format_html(
        '<svg class="g" viewBox="0 0 16 16" aria-hidden="true" focusable="false">{}</svg>',
        mark_safe(DRAWINGS[name]),  # noqa: S308  a constant of this file
    )


def drawing_of(value: str) -> str:
    """Return the name of the drawing of a value of a closed list."""
    return _VALUES.get(value, ("dot", ""))[0]


def look_of_rating(finding: str, code: str = "") -> tuple[str, str]:
    """Return drawing and tone of a rating: by its label in the default scale, else by its finding."""
    of_label = _LABELS.get(code)
    drawing, tone = _FINDINGS.get(finding, ("circle", "is-open"))
    return (of_label[1], tone) if of_label is not None and of_label[0] == finding else (drawing, tone)


def rating_tag(finding: str, label: object, code: str = "", *, big: bool = False) -> SafeString:
    """Show a rating: drawing, word and colour say the same. ``finding`` may be empty: the word stands alone."""
    drawing, tone = look_of_rating(finding, code)
    return _tag(drawing, f"{tone} big" if big else tone, label)


def value_tag(value: str, label: object = "") -> SafeString:
    """Show a value of a closed list (state, stance, outcome) with its word."""
    if value in _FINDINGS:
        return rating_tag(value, label or value)
    drawing, tone = _VALUES.get(value, ("dot", "is-state"))
    return _tag(drawing, tone, label or value)


def _tag(drawing: str, tone: str, label: object) -> SafeString:
    return format_html('<span class="tag {}">{}<b>{}</b></span>', tone, glyph(drawing), label)
