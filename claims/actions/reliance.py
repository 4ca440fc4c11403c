"""Whom does a passage of the archive rely on? Reads who speaks in it, outside any transaction.

What is stored with a row of evidence does not name the claimant: whether the claimant is among those relied on is asked
when evidence is counted, so another claimant needs no new reading.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.db.models import F, QuerySet, Value
from django.db.models.functions import Greatest, Least, Substr

from claims.independence.issuers import HEAD, Printed
from claims.independence.reliance import Reliance, Statement, reliance
from claims.models import Document, Passage
from claims.models.documents import passage_words
from claims.splitting.pipeline import split
from claims.vocabulary import Attribution

#: Languages in which splitting finds who speaks.
READ = frozenset({"en", "de", "es", "fr"})
#: How much before a passage is read with it where it begins with "she said", in characters.
BEFORE = 600
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
    language = (language or (document.language if document else "") or "en").split("-")[0].lower()
    printed = Printed(outlet=outlet, title=title, url=url, head=head[:HEAD])
    if document is not None:
        published_by = document.outlet
        printed = Printed(
            outlet=published_by.name if published_by else outlet,
            site=published_by.site if published_by else "",
            title=document.title or title,
            url=document.url or url,
            head=head[:HEAD],
            agency=published_by.is_agency if published_by else False,
        )
    passage = text[:LONGEST]
    statements = statements_of(passage, language)
    if before.strip() and any(one.said and not one.speaker for one in statements):
        statements = statements_of(passage, language, before[-BEFORE:])
    return reliance(passage, statements, printed, wording, language=language, read=language in READ)


@lru_cache(maxsize=512)
def statements_of(text: str, language: str, before: str = "") -> tuple[Statement, ...]:
    """Return who says what in a text, in its order; nothing for a language without frames."""
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
            rows.append(Statement(unit.text[: frame.start()], frame["name"] or called, called, said=True))
        else:
            rows.append(Statement(unit.text, unit.claimant, called, said))
    return tuple(rows)


def to_be_read() -> QuerySet[Passage]:
    """Return passages with all that is needed to read whom they rely on, whole texts left out."""
    start = F("start") - BEFORE + 1
    return (
        Passage.objects.select_related("capture__document__outlet")
        .defer("capture__text")
        .annotate(
            words=passage_words(),
            head=Substr("capture__text", 1, HEAD),
            before=Substr("capture__text", Greatest(start, Value(1)), Least(F("start"), Value(BEFORE))),
        )
    )


def relied_on(passages: Sequence[Passage], wording: str) -> dict[str, Any]:
    """Return whom passages of one document rely on for a claim of this wording, as it is stored.

    They come from ``to_be_read`` and are read together: what one of them has from the claimant alone another may have
    from somebody else.
    """
    rows: list[Any] = sorted(passages, key=lambda row: row.start)
    return reliance_of(
        "\n\n".join(row.words for row in rows),
        wording,
        document=rows[0].capture.document,
        head=rows[0].head,
        before=rows[0].before or "",
    ).to_json()
