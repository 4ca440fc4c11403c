"""What changed between two texts, word by word? For people who approve a new version of a verdict."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from claims.exports.payload import Citation, Payload
from claims.models import Verdict

_WORD = re.compile(r"\s+|[^\s]+")
# Longer texts are shown paragraph by paragraph: comparing all their words takes seconds.
MOST_WORDS = 6_000


@dataclass(frozen=True, slots=True)
class ComparedPiece:
    """A stretch of text: ``same``, ``gone`` or ``new``."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class WordDifference:
    """One field that differs."""

    label: str | Promise
    pieces: tuple[ComparedPiece, ...]

    @property
    def marked(self) -> SafeString:
        """Return the text with what went and what came marked."""
        elements = {"gone": "<del>{}</del>", "new": "<ins>{}</ins>", "same": "{}"}
        shown = (format_html(elements[piece.kind], piece.text) for piece in self.pieces)
        return mark_safe("".join(shown))  # noqa: S308  each piece is escaped


def word_diff(old: str, new: str) -> tuple[ComparedPiece, ...]:
    """Return the texts as one, with what went and what came; equal neighbours are joined."""
    first, second = _WORD.findall(old), _WORD.findall(new)
    if len(first) + len(second) > MOST_WORDS:
        first, second = old.splitlines(keepends=True), new.splitlines(keepends=True)
    pieces: list[ComparedPiece] = []
    for tag, a, b, c, d in SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(ComparedPiece("same", "".join(first[a:b])))
            continue
        if b > a:
            pieces.append(ComparedPiece("gone", "".join(first[a:b])))
        if d > c:
            pieces.append(ComparedPiece("new", "".join(second[c:d])))
    return tuple(pieces)


_FIELDS = (
    ("wording", _("Claim")),
    ("headline", _("Headline")),
    ("short_answer", _("Short answer")),
    ("justification", _("Justification")),
    ("not_found", _("What is not known")),
    ("byline", _("Byline")),
)


def between(old: Verdict, new: Verdict) -> list[WordDifference]:
    """Return what differs between two versions, field by field; the rating and the points included."""
    found = []
    if old.rating_id != new.rating_id:
        pieces = (
            ComparedPiece("gone", old.rating.label),
            ComparedPiece("same", " "),
            ComparedPiece("new", new.rating.label),
        )
        found.append(WordDifference(_("Rating"), pieces))
    for name, label in _FIELDS:
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            found.append(WordDifference(label, word_diff(before, after)))
    before, after = _points(old), _points(new)
    if before != after:
        found.append(WordDifference(_("Points"), word_diff(before, after)))
    return found


def _points(verdict: Verdict) -> str:
    rows = verdict.points.order_by("number")
    return "\n\n".join(f"{row.question}\n{row.answer} {row.finding}".strip() for row in rows)


_PUBLIC = (
    ("wording", _("Claim")),
    ("headline", _("Headline")),
    ("short_answer", _("Short answer")),
    ("justification", _("Justification")),
    ("not_found", _("What is not known")),
)


def since_published(old: Payload, new: Payload) -> list[WordDifference]:
    """Return what changes for the reader between what is public now and what would be: words, rating, sources."""
    found = []
    if (old.rating.label, old.rating.finding) != (new.rating.label, new.rating.finding):
        found.append(WordDifference(_("Rating"), _became(old.rating.label, new.rating.label)))
    for name, label in _PUBLIC:
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            found.append(WordDifference(label, word_diff(before, after)))
    for label, before, after in (
        (_("Points"), _answers(old), _answers(new)),
        (_("Said by"), old.claimant.name if old.claimant else "", new.claimant.name if new.claimant else ""),
        (_("Made on"), old.made_on, new.made_on),
        (_("Byline"), ", ".join(old.byline), ", ".join(new.byline)),
    ):
        if before != after:
            found.append(WordDifference(label, word_diff(before, after)))
    sources = _sources(old.citations, new.citations)
    if sources:
        found.append(WordDifference(_("Sources"), sources))
    return found


def _became(before: str, after: str) -> tuple[ComparedPiece, ...]:
    return ComparedPiece("gone", before), ComparedPiece("same", " "), ComparedPiece("new", after)


def _answers(payload: Payload) -> str:
    rows = payload.points
    return "\n\n".join(f"{one.question}\n{one.answer} {one.finding or ''}".strip() for one in rows)


def _sources(old: Sequence[Citation], new: Sequence[Citation]) -> tuple[ComparedPiece, ...]:
    """Return the sources line by line: kept, gone, new; one that is quoted otherwise went and came."""
    before, after = [_source(one) for one in old], [_source(one) for one in new]
    if before == after:
        return ()
    pieces: list[ComparedPiece] = []
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces += [ComparedPiece("same", f"{line}\n") for line in before[a:b]]
            continue
        pieces += [ComparedPiece("gone", f"{line}\n") for line in before[a:b]]
        pieces += [ComparedPiece("new", f"{line}\n") for line in after[c:d]]
    return tuple(pieces)


def _source(one: Citation) -> str:
    named = ", ".join(part for part in (one.title or one.url, one.outlet, one.published) if part)
    return f"{named}: “{one.quotation}”" if one.quotation else named
