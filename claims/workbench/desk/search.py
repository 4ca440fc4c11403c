"""One search over everything a person may read at a desk: claims, articles, evidence and published checks.

All words go to the engine through its port, so that both engines answer alike; what comes back is read through the
doors of the rows. Evidence is found by the passages that it stands in; what was typed by hand is found by its claim.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import F
from django.db.models.functions import Substr
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from claims.actions.indexing.finding import find_claims, find_factchecks, find_passages
from claims.actions.indexing.reading import no_answer
from claims.models import Claim, Desk, Document, Evidence, FactCheck, Passage, User
from claims.models.fields import row_number
from claims.search.engine import EngineError, EngineRefused, Hit
from claims.workbench.access import PersonRequest, open_desk, signed_in
from claims.workbench.desk.matching import words_of
from claims.workbench.desk.queue import with_reviews
from claims.workbench.found_rows import in_order_found

#: So many of a kind are shown; the list of the kind has the rest.
SHOWN = 8
#: Of what the engine finds, not everything may be seen.
_READ = 60
_EXCERPT = 240


@dataclass(frozen=True, slots=True)
class FoundGroup:
    """What was found of one kind, and the list that has all of it."""

    kind: str
    title: str
    rows: Sequence[Any]
    all_of_it: str = ""


@signed_in
@require_safe
def search(request: PersonRequest, slug: str) -> HttpResponse:
    """Show what the words of ``q`` find, in groups."""
    desk = open_desk(request, slug)
    words = words_of(request.GET)
    groups: list[FoundGroup] = []
    problem = ""
    if words:
        try:
            groups = _found(words, desk, request.user)
        except EngineRefused as refusal:
            problem = _("The search engine refused these words: %(why)s") % {"why": refusal}
        except EngineError as trouble:
            problem = no_answer(trouble)
    context = {
        "words": words,
        "groups": [group for group in groups if group.rows],
        "problem": problem,
        "numbered": _numbered(words, desk, request.user),
    }
    return render(request, "claims/search.html", context)


def _numbered(words: str, desk: Desk, user: User) -> Claim | None:
    """Return the claim whose number was typed."""
    number = row_number(words.removeprefix("#"))
    if number is None:
        return None
    return Claim.objects.visible_to(user).filter(desk=desk, pk=number).order_by().first()


def _found(words: str, desk: Desk, user: User) -> list[FoundGroup]:
    hits = find_passages(words, desk=desk, user=user, limit=_READ)
    passages = _passages(hits, user)
    query = urlencode({"q": words})
    return [
        FoundGroup(
            "claims",
            _("Claims"),
            _claims(find_claims(words, desk=desk, user=user), desk, user),
            f"{reverse('queue', args=[desk.slug])}?{query}",
        ),
        FoundGroup(
            "articles",
            _("Articles"),
            _articles(hits, passages, user),
            f"{reverse('articles', args=[desk.slug])}?{query}",
        ),
        FoundGroup("evidence", _("Evidence"), _evidence(hits, passages, desk, user)),
        FoundGroup(
            "checks", _("Published checks"), _checks(find_factchecks(words, desks=[desk]), desk, user)
        ),
    ]


def _claims(ids: list[int], desk: Desk, user: User) -> list[dict[str, Any]]:
    rows = Claim.objects.visible_to(user).filter(desk=desk, merged_into=None).select_related("claimant")
    return with_reviews(in_order_found(rows, ids, read=_READ, most=SHOWN), user)


def _passages(hits: Sequence[Hit], user: User) -> dict[int, Passage]:
    """Return the passages of the answer, each with the beginning of its text."""
    rows = Passage.objects.visible_to(user).filter(pk__in=[hit.passage for hit in hits])
    rows = rows.annotate(
        words=Substr("capture__text", F("start") + 1, _EXCERPT), document=F("capture__document")
    )
    return {row.pk: row for row in rows.order_by("pk")}


def _articles(hits: Sequence[Hit], passages: dict[int, Passage], user: User) -> list[dict[str, Any]]:
    best: dict[int, int] = {}
    for hit in hits:
        best.setdefault(hit.ref.id, hit.passage)
    rows = Document.objects.visible_to(user).select_related("outlet").in_bulk(list(best))
    found = []
    for pk in [pk for pk in best if pk in rows][:SHOWN]:
        passage = passages.get(best[pk])
        found.append({"document": rows[pk], "excerpt": _excerpt(passage)})
    return found


def _excerpt(passage: Passage | None) -> str:
    words = " ".join(str(getattr(passage, "words", "")).split())
    return f"{words} …" if words else ""


def _evidence(
    hits: Sequence[Hit], passages: dict[int, Passage], desk: Desk, user: User
) -> list[dict[str, Any]]:
    """Return the evidence that stands in the passages found, in their order, each row once."""
    captures = {row.capture_id for row in passages.values()}
    rows = (
        Evidence.objects.visible_to(user)
        .filter(desk=desk, capture__in=captures, claim__merged_into=None)
        .select_related("claim", "document__outlet")
        .order_by("pk")[:500]
    )
    by_capture: dict[int, list[Evidence]] = {}
    for row in rows:
        by_capture.setdefault(row.capture_id or 0, []).append(row)
    found: dict[int, Evidence] = {}
    for hit in hits:
        passage = passages.get(hit.passage)
        if passage is None:
            continue
        for row in by_capture.get(passage.capture_id, ()):
            if row.start < passage.end and row.end > passage.start:
                found.setdefault(row.pk, row)
    return [{"evidence": row, "claim": row.claim} for row in list(found.values())[:SHOWN]]


def _checks(ids: list[int], desk: Desk, user: User) -> list[dict[str, Any]]:
    rows = FactCheck.objects.visible_to(user).filter(desk=desk).defer("raw")
    return [{"check": row} for row in in_order_found(rows, ids, read=_READ, most=SHOWN)]
