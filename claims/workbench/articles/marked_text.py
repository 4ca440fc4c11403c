"""How does an article read with its claims marked? HTML from text and spans; offsets are code points.

The text inside the HTML is the capture's text, character by character, so that a selection in the page counts
to the same offsets. Everything is escaped here; numbers are shown by the style sheet and are no text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

_LINES = re.compile(r"[^\n\r]+|[\n\r]+")
_DEEPEST = 3


@dataclass(frozen=True, slots=True)
class Mark:
    """One claim in the text: ``pk`` of its row, the number people see, where it stands, how it is shown.

    ``tone`` is empty for open ones, ``accepted`` or ``closed``; ``worth`` is 3 (strong), 2, 1 or 0 (not told).
    """

    pk: int
    number: int
    start: int
    end: int
    tone: str = ""
    focused: bool = False
    worth: int = 0


def marked(text: str, marks: Iterable[Mark]) -> SafeString:
    """Return the article as HTML paragraphs with every span marked, also nested and overlapping ones."""
    ordered = sorted(
        (mark for mark in marks if 0 <= mark.start < mark.end <= len(text)),
        key=lambda mark: (mark.start, -mark.end, mark.pk),
    )
    parts: list[str] = []
    waiting = 0
    running: list[Mark] = []
    for line in _LINES.finditer(text):
        start, end = line.span()
        if text[start] in "\n\r":
            parts.append(f'<span class="gap">{_escaped(line.group())}</span>')
            continue
        while waiting < len(ordered) and ordered[waiting].start < end:
            running.append(ordered[waiting])
            waiting += 1
        running = [mark for mark in running if mark.end > start]
        parts.append(_paragraph(text, start, end, running))
    return mark_safe("".join(parts))  # noqa: S308  # every piece of text went through escape()


def _paragraph(text: str, start: int, end: int, marks: Sequence[Mark]) -> str:
    here = [mark for mark in marks if mark.start < end and mark.end > start]
    if not here:
        return f'<p class="para" dir="auto">{_escaped(text[start:end])}</p>'
    edges = {start, end}
    for mark in here:
        edges.update(edge for edge in (mark.start, mark.end) if start < edge < end)
    cuts = sorted(edges)
    pieces = [_gutter([mark for mark in here if mark.start >= start])]
    for first, last in pairwise(cuts):
        over = [mark for mark in here if mark.start <= first and mark.end >= last]
        pieces.extend(_number(mark) for mark in over if mark.start == first)
        words = _escaped(text[first:last])
        pieces.append(_stretch(over, words, first) if over else words)
    return f'<p class="para" dir="auto">{"".join(pieces)}</p>'


def _stretch(over: Sequence[Mark], words: str, first: int) -> str:
    """Wrap one stretch; underlines grow with the depth, the tone is the innermost claim's."""
    innermost = min(over, key=lambda mark: mark.end - mark.start)
    classes = ["m", f"d{min(len(over), _DEEPEST)}"]
    if innermost.tone:
        classes.append(f"t-{innermost.tone}")
    elif innermost.worth:
        classes.append(f"w{innermost.worth}")
    if any(mark.focused for mark in over):
        classes.append("is-focused")
    ids = " ".join(str(mark.pk) for mark in sorted(over, key=lambda mark: mark.start - mark.end))
    anchors = [mark for mark in over if mark.start == first]
    anchor = f' id="t{anchors[-1].pk}"' if anchors else ""
    return f'<span class="{" ".join(classes)}" data-a="{ids}"{anchor}>{words}</span>'


def _link(mark: Mark, kind: str) -> str:
    label = escape(_("Claim %(number)d") % {"number": mark.number})
    classes = " ".join(
        part
        for part in (kind, f"t-{mark.tone}" if mark.tone else "", "is-focused" if mark.focused else "")
        if part
    )
    return (
        f'<a class="{classes}" href="?focus={mark.pk}#a{mark.pk}" data-a="{mark.pk}"'
        f' data-n="{mark.number}" aria-label="{label}"></a>'
    )


def _gutter(marks: Sequence[Mark]) -> str:
    if not marks:
        return ""
    shown: dict[int, Mark] = {}
    for mark in marks:
        shown.setdefault(mark.number, mark)
    return '<span class="gutter">' + "".join(_link(mark, "g") for mark in shown.values()) + "</span>"


def _number(mark: Mark) -> str:
    classes = f"n t-{mark.tone}" if mark.tone else "n"
    return f'<span class="{classes}" data-n="{mark.number}" aria-hidden="true"></span>'


def _escaped(text: str) -> str:
    # A lone carriage return in HTML source would be read as a line feed and move every offset behind it.
    return escape(text).replace("\r", "&#13;")


def with_marks(text: str, places: Iterable[tuple[int, int, str]]) -> SafeString:
    """Return a wording with what is unresolved in it marked; each place says why."""
    parts: list[str] = []
    at = 0
    for start, end, why in sorted(places):
        if at <= start < end <= len(text):
            parts.append(escape(text[at:start]))
            parts.append(f'<mark title="{escape(why)}">{escape(text[start:end])}</mark>')
            at = end
    parts.append(escape(text[at:]))
    return mark_safe("".join(parts))  # noqa: S308  # every piece of text went through escape()
