"""Was something found corrected, withdrawn or called wrong afterwards? Notes in the archive and our own checks.

A note counts for a source where it stands in a capture of the same document, in a document of the same origin, or in a
later document of the same outlet about the same matter. What a person may not read is not told.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from claims.models.claims import Appearance
from claims.models.documents import Capture, through
from claims.models.evidence import Evidence
from claims.models.kept import kept
from claims.models.together import Asking, answered
from claims.models.users import User
from claims.query.analysis import function_words, terms
from claims.vocabulary import CheckStatus, Finding

#: Words in common from which a correction of the same outlet is about the same matter.
SHARED = 3
_MOST = 300


@dataclass(frozen=True, slots=True)
class Corrected:
    """One note about a source: its words, where they stand, since when the archive has them."""

    text: str
    document: int
    title: str
    at: dt.datetime
    same_document: bool
    since_cited: bool = False
    check: str = ""


def corrections_of(rows: Iterable[Evidence], user: User) -> dict[int, list[Corrected]]:
    """Return the notes about each piece of evidence, in one statement; none where nothing was corrected.

    The rows bring their documents and captures with them.
    """
    return answered(ask_corrections_of(rows, user))


def ask_corrections_of(rows: Iterable[Evidence], user: User) -> Asking[dict[int, list[Corrected]]]:
    """Ask for what ``corrections_of`` returns, beside other parts of a page."""
    having = [row for row in rows if row.document is not None]
    if not having:
        return {}
    documents = {row.document_id for row in having if row.document_id}
    origins = {row.document.origin_id for row in having if row.document and row.document.origin_id}
    outlets = {row.document.outlet_id for row in having if row.document and row.document.outlet_id}
    notes, wrong = _notes(documents, origins, outlets, user), _checks_on(documents, user)
    yield [notes, wrong]
    found: dict[int, list[Corrected]] = {}
    for row in having:
        told = [one for note in notes if (one := _about(row, note)) is not None]
        if told:
            found[row.pk] = told[:3]
    for document, claim, text, label, public, at in wrong:
        for row in having:
            if row.document_id == document and row.claim_id != claim and at is not None:
                note = Corrected(f"{label}: {text}", document, "", at, False, check=public)
                found.setdefault(row.pk, []).append(note)
    return found


def _about(row: Evidence, note: Capture) -> Corrected | None:
    document, other = row.document, note.document
    assert document is not None
    same = other.pk == document.pk
    if same:
        holds = row.capture is None or note.number >= row.capture.number
    elif document.origin_id and other.origin_id == document.origin_id:
        holds = True
    else:
        dated = other.published_earliest, document.published_earliest
        later = dated[0] is None or dated[1] is None or dated[0] >= dated[1]
        holds = other.outlet_id == document.outlet_id and later and _same_matter(row, note)
    if not holds:
        return None
    decided = row.decided_at
    return Corrected(
        text=note.correction,
        document=other.pk,
        title=other.title,
        at=note.created_at,
        same_document=same,
        since_cited=row.cited and decided is not None and note.created_at > decided,
    )


def _same_matter(row: Evidence, note: Capture) -> bool:
    language = note.document.language or "en"
    small = function_words(language)
    assert row.document is not None
    one = set(terms(f"{row.document.title} {row.quotation[:600]}", language)) - small
    other = set(terms(f"{note.document.title} {note.correction}", language)) - small
    return len(one & other) >= SHARED


@kept
def _notes(
    documents: Collection[int], origins: Collection[int], outlets: Collection[int], user: User
) -> QuerySet[Capture]:
    """Ask for corrections that stand in these documents, or near them."""
    near = Q(document__in=documents) | Q(document__origin__in=origins) | Q(document__outlet__in=outlets)
    return (
        Capture.objects.filter(through(user), near)
        .exclude(correction="")
        .select_related("document")
        .only(
            "correction", "created_at", "number", "document__title", "document__origin", "document__outlet",
            "document__published_earliest", "document__language",
        )
        .order_by("-id")[:_MOST]
    )  # fmt: skip


@kept
def _checks_on(documents: Collection[int], user: User) -> QuerySet[Any, Any]:
    """Ask for published checks that found a claim of these articles wrong."""
    return (
        Appearance.objects.visible_to(user)
        .filter(
            document__in=documents,
            claim__factcheck__status=CheckStatus.LIVE,
            claim__factcheck__finding__in=[Finding.REFUTED, Finding.CONFLICTING],
        )
        .order_by("pk")
        .values_list(
            "document_id", "claim_id", "claim__factcheck__claim_text", "claim__factcheck__rating_label",
            "claim__factcheck__public_id", "claim__factcheck__first_published_at",
        )
    )  # fmt: skip
