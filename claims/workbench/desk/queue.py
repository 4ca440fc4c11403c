"""The queue of a desk: its claims by filter, search and order, with ticks for one act on many of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from claims.actions.indexing.finding import find_claims
from claims.actions.indexing.reading import no_answer
from claims.filters import TAGS
from claims.models import Claim, Claimant, ClaimTag, Desk, Review, SavedView, Selection, User, Verdict
from claims.models.facts import members, with_people
from claims.models.fields import key_of, row_number
from claims.models.panels import claims_kept_blind
from claims.models.reviews import OPEN_STATES
from claims.models.seen import seen_at
from claims.models.together import read
from claims.review.deciding import WRITERS
from claims.search.engine import EngineRefused, EngineUnavailable
from claims.workbench.access import PersonRequest, open_desk, signed_in
from claims.workbench.desk.matching import asked_of_queue, filtered, words_of
from claims.workbench.desk.view_list import COUNTED, view_list
from claims.workbench.found_rows import in_order_found
from claims.workbench.paging import SIZE, KeysetPage, page_of

#: So many names are offered for what was typed.
OFFERED = 12
_WITHOUT_FIELD = ("tag", "since", "until")
ORDERS = {
    "newest": (("-created_at", "-id"), gettext_lazy("newest first")),
    "oldest": (("created_at", "id"), gettext_lazy("oldest first")),
    "score": (("-score", "-id"), gettext_lazy("most check-worthy first")),
    "origins": (("-origins_found", "-id"), gettext_lazy("most origins first")),
    # Those without a time are left out: there is nothing to put in order.
    "due": (("due_at", "id"), gettext_lazy("due first")),
}

#: The acts of the bar under the list: value, words, key. Dots ask one thing more.
BULK = (
    ("assign", gettext_lazy("Assign …"), "m"),
    ("dismiss", gettext_lazy("Close …"), ""),
    ("tag", gettext_lazy("Tag …"), ""),
    ("due", gettext_lazy("Due …"), ""),
    ("search", gettext_lazy("Search again"), ""),
    ("verdict", gettext_lazy("Verdict …"), ""),
    ("approve", gettext_lazy("Approve"), ""),
    ("export", gettext_lazy("CSV"), ""),
)


def in_order(rows: QuerySet[Claim], asked: str, user: User) -> tuple[QuerySet[Claim], str, tuple[str, ...]]:
    """Return the rows that an order can hold, its name and its columns; the newest first for no order or an unknown.

    An order by what is kept from this person holds no row of which it would tell.
    """
    name = asked if asked in ORDERS else "newest"
    if name == "due":
        rows = rows.filter(due_at__isnull=False)
    if name == "origins":
        rows = rows.exclude(pk__in=claims_kept_blind(user))
    return rows, name, ORDERS[name][0]


@signed_in
@require_safe
def queue(request: PersonRequest, slug: str) -> HttpResponse:
    """The table of claims."""
    desk = with_people(open_desk(request, slug))
    chosen = filtered(desk, request.user, request.GET)
    claims, seen = seen_at(desk, request.user)
    views = view_list(
        request,
        desk,
        SavedView.Of.CLAIMS,
        ratings=chosen.ratings,
        claims=claims,
        reviews=seen,
        also=_states(claims, seen),
    )
    if views.opening:
        return redirect(views.opening)
    asked = asked_of_queue(desk, request.user, request.GET, chosen)
    listed = chosen.qs.none() if asked.problems else chosen.qs
    rows = listed.select_related("claimant", "factcheck")
    rows, order, columns = in_order(rows, request.GET.get("sort", ""), request.user)
    words = words_of(request.GET)
    kept = _kept(request)
    problem, page = "", None
    if words:
        try:
            page = _searched(rows, words, desk, request)
        except EngineUnavailable as trouble:
            problem = no_answer(trouble) + " " + _("This is the list without your words.")
        except EngineRefused as refusal:
            problem = _("The search engine refused these words: %(why)s") % {"why": refusal}
    if page is None:
        page = page_of(rows, request, order=columns)
    context = {
        "views": views,
        "page": page,
        "rows": with_reviews(page.rows, request.user),
        # Filters that have no field of their own here stay when the form is sent.
        "kept_filters": [
            (name, value) for name in _WITHOUT_FIELD for value in request.GET.getlist(name)[:TAGS] if value
        ],
        "filter": chosen,
        "states": _counted(views.counted, request.GET.get("state", "")),
        "people": chosen_people(desk, request),
        "orders": [(name, label, name == order) for name, (_columns, label) in ORDERS.items()],
        "words": words,
        "claimant": _claimant_name(desk, request, page.rows),
        "problem": problem,
        "asked": asked,
        "actions": BULK,
        "selection": kept,
        "ticked": set(kept.claims) if kept is not None else set(),
        "elsewhere": kept.count - sum(1 for claim in page.rows if claim.pk in kept.claims) if kept else 0,
        "query": _plain(request.GET),
        "filtered": any(request.GET.get(name) for name in (*chosen.filters, "q")),
        "empty": not page.rows,
    }
    return render(request, "claims/queue.html", context)


def _kept(request: PersonRequest) -> Selection | None:
    """Return the selection whose ticks the page shows, if the address names one of this person's."""
    mark = request.GET.get("selection", "")
    if not mark.isascii() or not mark.isdecimal() or len(mark) > 18:
        return None
    return Selection.objects.visible_to(request.user).filter(pk=int(mark), desk=request.desk).first()


def _claimant_name(desk: Desk, request: PersonRequest, shown: Iterable[Claim]) -> str:
    """Return what stands in the field: the name of the claimant whose number the address holds, or what was typed."""
    typed = request.GET.get("claimant", "")[:200]
    number = row_number(typed)
    if number is not None:
        by = next((claim.claimant for claim in shown if claim.claimant_id == number), None)
        if by is not None:
            return by.name
        known = Claimant.objects.visible_to(request.user).filter(desk=desk, pk=number).order_by()
        return known.values_list("name", flat=True).first() or typed
    return typed


def _plain(query: QueryDict) -> str:
    """Return the filter of an address, without the page and the ticks."""
    fields = query.copy()
    for name in ("after", "before", "selection", "sort"):
        fields.pop(name, None)
    return fields.urlencode()


@signed_in
@require_safe
def claimant_names(request: PersonRequest, slug: str) -> HttpResponse:
    """Offer claimants whose name begins with what was typed, as the part of the page that a field lists."""
    desk = open_desk(request, slug)
    typed = key_of(request.GET.get("claimant") or request.GET.get("into") or "")
    names: list[str] = []
    if typed:
        rows = Claimant.objects.standing().visible_to(request.user).filter(desk=desk)
        rows = rows.filter(name_key__startswith=typed.replace("\x00", " ")).order_by("name_key", "id")
        names = list(rows.values_list("name", flat=True)[:OFFERED])
    return render(request, "claims/_claimant_names.html", {"names": names})


def with_reviews(claims: Iterable[Claim], user: User) -> list[dict[str, Any]]:
    """Return the claims with their newest review, verdict and tags, in one statement for all of them."""
    claims = list(claims)
    ids = [claim.pk for claim in claims]
    passes = Review.objects.filter(claim__in=ids).select_related("assignee").order_by("claim_id", "number")
    versions = (
        Verdict.objects.not_kept_from(user)
        .filter(claim__in=ids)
        .select_related("rating")
        .defer("justification", "short_answer")
        .order_by("claim_id", "review__number", "number", "pk")
    )
    tagged = ClaimTag.objects.not_kept_from(user).on(ids)
    apart = claims_kept_blind(user).filter(panel__review__claim__in=ids)
    read(passes, versions, tagged, apart)
    for claim in claims:
        if claim.pk in apart:
            claim.without_counts()
    reviews = {row.claim_id: row for row in passes}
    verdicts = {row.claim_id: row for row in versions}
    tags = tagged.gathered()
    return [
        {
            "claim": claim,
            "review": reviews.get(claim.pk),
            "verdict": verdicts.get(claim.pk),
            "tags": tags.get(claim.pk, ()),
        }
        for claim in claims
    ]


def _searched(rows: QuerySet[Claim], words: str, desk: Desk, request: PersonRequest) -> KeysetPage[Claim]:
    """Return one page of what the engine finds, best first, as far as the filters let it through."""
    ids = find_claims(words, desk=desk, user=request.user)
    let_through = set(rows.filter(pk__in=ids).values_list("pk", flat=True))
    ids = [pk for pk in ids if pk in let_through]
    mark = request.GET.get("after", "")
    start = min(int(mark), len(ids)) if mark.isdecimal() and len(mark) < 6 else 0
    return KeysetPage(
        tuple(in_order_found(rows, ids[start:], read=SIZE, most=SIZE)),
        next=str(start + SIZE) if start + SIZE < len(ids) else "",
    )


def _states(claims: QuerySet[Claim], seen: QuerySet[Review]) -> dict[str, QuerySet[Any]]:
    """Return what is counted for each state, by a name for each."""
    newer = Review.objects.filter(claim=OuterRef("claim"), number__gt=OuterRef("number"))
    current = seen.filter(~Exists(newer), claim__merged_into=None)
    return {
        "state_": claims,
        # At most one review of a claim is open, and it is the newest.
        "state_open": seen.filter(state__in=OPEN_STATES),
        **{
            f"state_{state}": (seen if state in OPEN_STATES else current).filter(state=state)
            for state in Review.State.values
        },
    }


def _counted(counted: dict[str, int], chosen: str) -> list[dict[str, Any]]:
    """Return the states with how many claims stand there, up to a bound."""
    labels: list[tuple[str, Any]] = [("", _("all")), ("open", _("open")), *Review.State.choices]
    return [
        {
            "value": value,
            "label": label,
            "count": min(counted[f"state_{value}"], COUNTED),
            "more": counted[f"state_{value}"] > COUNTED,
            "chosen": value == chosen,
        }
        for value, label in labels
    ]


def chosen_people(desk: Desk, request: PersonRequest) -> list[tuple[str, str, bool]]:
    """Return who the list can be narrowed to: me, nobody, and the people of the desk."""
    chosen = request.GET.get("assignee", "")
    rows = [("", _("anybody")), ("me", _("me")), ("nobody", _("nobody"))]
    rows += [(str(one.id), one.name) for one in members(desk) if one.has(*WRITERS)]
    return [(value, label, value == chosen) for value, label in rows]
