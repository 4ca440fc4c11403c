"""Whom does a passage of the archive rely on? Reads who speaks in it, outside any transaction.

What is stored with a row of evidence does not name the claimant: whether the claimant is among those relied on is asked
when evidence is counted, so another claimant needs no new reading.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from claims.actions.source_passages import BEFORE, SourceDocument, SourcePassage
from claims.independence.issuers import HEAD, Printed
from claims.independence.reliance import PRONOUNS, Reliance, Statement, reliance
from claims.models import Document
from claims.query.analysis import base_language
from claims.splitting.pipeline import split
from claims.vocabulary import Attribution

#: Languages in which splitting finds who speaks.
READ = frozenset({"en", "de", "es", "fr", "it", "pt", "nl"})
#: Longer texts (a file, a page quoted whole) are read to here.
LONGEST = 4_000
#: "…, the ministry's spokeswoman, Ida Berg, told reporters": a frame behind its content that splitting leaves whole.
_TRAILING = re.compile(
    r",[”\"’]? (?P<called>(?:[Tt]he |[Aa]n? |[A-Z])[^,;:”\"]{1,60}?"
    r"(?:, (?P<name>[A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*){0,3}),)?)"
    r" (?:said|says|told|added|announced|reported|wrote|warned|claimed|argued)\b(?: (?:reporters"
    r"|journalists|on|in|at|to|the"
    r" [A-Z])[^,;:]{0,60})?\Z"
)


def reliance_of(
    text: str,
    wording: str,
    *,
    document: Document | None = None,
    head: str = "",
    before: str = "",
    language: str = "",
    outlet: str = "",
    title: str = "",
    url: str = "",
) -> Reliance:
    """Return whom a passage relies on for what bears on a claim; ``before`` is the text in front of it.

    ``head`` is the beginning of the whole text, which bears credits. Outlet, title and address are the document's
    where there is one.
    """
    language = base_language(language or (document.language if document else ""))
    printed = Printed(outlet=outlet, title=title, url=url, head=head[:HEAD])
    if document is not None:
        printed = _printed(document, head, outlet=outlet, title=title, url=url)
    passage = Told(text, language, before)
    return reliance(
        passage.text,
        read_told(passage).of(passage),
        printed,
        wording,
        language=language,
        read=language in READ,
    )


def _printed(document: Document, head: str, *, outlet: str = "", title: str = "", url: str = "") -> Printed:
    published_by = document.outlet
    return Printed(
        outlet=published_by.name if published_by else outlet,
        site=published_by.site if published_by else "",
        title=document.title or title,
        url=document.url or url,
        head=head[:HEAD],
        agency=published_by.is_agency if published_by else False,
    )


def _printed_of(document: SourceDocument, head: str) -> Printed:
    return Printed(
        outlet=document.outlet or "",
        site=document.site or "",
        title=document.title,
        url=document.url,
        head=head[:HEAD],
        agency=bool(document.is_agency),
    )


@dataclass(frozen=True, slots=True)
class Told:
    """A text as it is read for who speaks in it, cut to what is read of it and of what stands before it."""

    text: str
    language: str
    before: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", self.text[:LONGEST])
        object.__setattr__(self, "before", self.before[-BEFORE:] if self.before.strip() else "")


@dataclass(frozen=True, slots=True)
class WhoSaysWhat:
    """Who says what in a text, as it can be kept beside it: places, not words.

    ``places`` are (start, end, speaker, how they are called, said by somebody) within the text and so many characters
    in front of it as ``beyond`` says.
    """

    places: tuple[tuple[int, int, str, str, bool], ...] = ()
    beyond: int = 0

    @property
    def speakers(self) -> list[str]:
        """Return the names of those who speak; empty for somebody who was not found."""
        return [speaker for _start, _end, speaker, _called, said in self.places if said]

    @property
    def sure(self) -> bool:
        """Tell whether everybody who speaks has a name in the text."""
        return all(one and one.casefold() not in PRONOUNS for one in self.speakers)

    def of(self, text: Told) -> tuple[Statement, ...]:
        """Return the statements of the text that was read."""
        whole = text.before[len(text.before) - self.beyond :] + text.text
        return tuple(
            Statement(whole[start:end], speaker, called, said)
            for start, end, speaker, called, said in self.places
        )

    def to_json(self) -> list[Any]:
        """Return plain values for a column."""
        return [self.beyond, *([*place[:4], int(place[4])] for place in self.places)]

    @classmethod
    def from_json(cls, kept: Sequence[Any]) -> WhoSaysWhat:
        """Read stored ones."""
        return cls(
            tuple(
                (start, end, speaker, called, bool(said)) for start, end, speaker, called, said in kept[1:]
            ),
            kept[0],
        )


def read_told(text: Told) -> WhoSaysWhat:
    """Return who says what in a text; what stands before it is read where somebody who speaks has no name in it.

    Takes about ten milliseconds for a passage. Nothing for a language without frames.
    """
    alone = _places_of(text.text, text.language)
    found = WhoSaysWhat(alone)
    if text.before and not all(found.speakers):
        return WhoSaysWhat(_places_of(text.text, text.language, text.before), len(text.before))
    return found


@lru_cache(maxsize=512)
def _places_of(text: str, language: str, before: str = "") -> tuple[tuple[int, int, str, str, bool], ...]:
    if language not in READ:
        return ()
    whole = before + text
    found = split(whole, language=language, judge=None, chooser=None, offer=None)
    rows = []
    for unit in found.units:
        if unit.end <= len(before):
            continue
        said = unit.attribution is not Attribution.ARTICLE
        called = whole[slice(*unit.claimant_span)] if unit.claimant_span else ""
        frame = _TRAILING.search(unit.text) if language == "en" and not said else None
        if frame is not None:
            called = frame["called"].strip(" ,")
            rows.append((unit.start, unit.start + frame.start(), frame["name"] or called, called, True))
        else:
            rows.append((unit.start, unit.end, unit.claimant, called, said))
    return tuple(rows)


def told_together(passages: Sequence[SourcePassage]) -> Told:
    """Return passages of one document as one text; the first one's neighbours go before."""
    rows = sorted(passages, key=lambda row: row.start)
    language = base_language(rows[0].document.language)
    return Told("\n\n".join(row.words for row in rows), language, rows[0].before or "")


def relied_on(passages: Sequence[SourcePassage], wording: str, statements: Sequence[Statement]) -> Reliance:
    """Return whom passages of one document rely on for a claim of this wording, by who says what in them.

    They are taken together: what one of them has from the claimant alone another may have from somebody else.
    """
    first = min(passages, key=lambda row: row.start)
    text = told_together(passages)
    return reliance(
        text.text,
        statements,
        _printed_of(first.document, first.head),
        wording,
        language=text.language,
        read=text.language in READ,
    )
