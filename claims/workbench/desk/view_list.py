"""Which lists does a person find beside the list? Ready ones, their own and shared ones, with counts up to a thousand.

All counts are one statement, however many views there are. A view whose tag or rating is gone is there and says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from django.db.models import Exists, OuterRef, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from claims.actions.base import EDITORS
from claims.actions.desk.saved_views import kept_query
from claims.filters import (
    TAGS,
    ClaimFilter,
    DocumentFilter,
    FactCheckFilter,
    MeantTag,
    Shown,
    meant_tags,
)
from claims.models import Claim, Desk, FactCheck, Rating, Review, SavedView, User
from claims.models.together import HowMany, read
from claims.workbench.access import PersonRequest
from claims.workbench.articles.asked_articles import narrowed, readable_articles

Of = SavedView.Of
#: Counting stops there, and says so.
COUNTED = 999
#: Name of the page of each kind of list.
PAGES = {Of.CLAIMS: "queue", Of.ARTICLES: "articles", Of.CHECKS: "published"}


@dataclass(frozen=True, slots=True)
class ViewLink:
    """One line of the side list; ``count`` is None where it cannot be counted."""

    name: str
    address: str
    count: int | None = None
    more: bool = False
    chosen: bool = False
    wrong: bool = False
    view: SavedView | None = None


@dataclass
class ViewList:
    """The side list, and what of it the page shows."""

    groups: list[tuple[str, list[ViewLink]]] = field(default_factory=list)
    of: str = ""
    query: str = ""
    # The view that is shown, and whether this person may change it and opens the list with it.
    shown: SavedView | None = None
    may_change: bool = False
    opens: bool = False
    can_save: bool = False
    # With what the list opens for this person, where it was asked for without any filter.
    opening: str = ""
    counted: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Known:
    """What all the filters of a page share, read once."""

    ratings: Sequence[Rating]
    tags: dict[str, MeantTag]
    claims: QuerySet[Claim]
    reviews: QuerySet[Review] | None


def _ready(of: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the views that every desk has: group, and name with its filter."""
    if of == Of.CLAIMS:
        return [
            (
                _("Mine"),
                [
                    (_("In progress"), "assignee=me&state=in_progress"),
                    (_("Waiting for others"), "assignee=me&state=awaiting_approval"),
                ],
            ),
            (
                _("Desk"),
                [
                    (_("All open"), "state=open"),
                    (_("Nobody’s"), "assignee=nobody&state=open"),
                    (_("To approve"), "state=awaiting_approval"),
                ],
            ),
        ]
    if of == Of.ARTICLES:
        return [(_("Desk"), [(_("To triage"), "state=triage"), (_("Finished"), "state=finished")])]
    return [(_("Desk"), [(_("Live"), "show=live"), (_("Suspended"), "show=suspended")])]


def view_list(
    request: PersonRequest,
    desk: Desk,
    of: str,
    *,
    ratings: Sequence[Rating] = (),
    claims: QuerySet[Claim] | None = None,
    reviews: QuerySet[Review] | None = None,
    also: Mapping[str, QuerySet[Any]] | None = None,
) -> ViewList:
    """Return the side list of a page; the number of statements does not grow with the views.

    ``claims`` are those of the desk that this person sees, where the page has asked for them already, and
    ``reviews`` theirs. ``also`` is
    counted in the same statement, up to the same bound.
    """
    user = request.user
    here = kept_query(request.GET.urlencode())
    opening = SavedView.opens_for.through._default_manager.order_by()
    # Annotated rows.
    saved: list[Any] = list(
        SavedView.objects.visible_to(user)
        .filter(desk=desk, of=of)
        .select_related("owner", "desk")
        .annotate(opens=Exists(opening.filter(savedview=OuterRef("pk"), user=user)))
        .order_by("shared", "name", "id")
    )
    lines: list[tuple[str, str, str, SavedView | None]] = [
        (group, name, query, None) for group, rows in _ready(of) for name, query in rows
    ]
    lines += [(_("Saved, shared") if row.shared else _("Saved"), row.name, row.query, row) for row in saved]
    asked = [QueryDict(query) for _group, _name, query, _view in lines]
    tags = meant_tags(desk, [value for one in asked for value in one.getlist("tag")[:TAGS]], most=200)
    if claims is None:
        claims = Claim.objects.visible_to(user).filter(desk=desk, merged_into=None)
    known = _Known(ratings, {meant.value: meant for meant in tags}, claims, reviews)
    rows = [_rows(desk, user, of, one, known) for one in asked]
    wanted_counts = {
        f"v{at}": found
        for at, (one, found) in enumerate(zip(asked, rows, strict=True))
        if found is not None and not one.get("q")
    }
    asked_counts = {
        name: HowMany(found, COUNTED + 1) for name, found in (wanted_counts | dict(also or {})).items()
    }
    read(*asked_counts.values())
    counted = {name: int(one) for name, one in asked_counts.items()}
    wanted = request.GET.get("view", "")
    shown = next((row for row in saved if str(row.pk) == wanted and row.query == here), None) or next(
        (row for row in saved if row.query == here), None
    )
    groups: dict[str, list[ViewLink]] = {}
    page = reverse(PAGES[Of(of)], args=[desk.slug])
    for at, (group, name, query, view) in enumerate(lines):
        number = counted.get(f"v{at}")
        groups.setdefault(group, []).append(
            ViewLink(
                name,
                f"{page}?{query}" + (f"&view={view.pk}" if view is not None else ""),
                count=min(number, COUNTED) if number is not None else None,
                more=number is not None and number > COUNTED,
                chosen=view == shown if view is not None or shown is not None else query == here,
                wrong=rows[at] is None,
                view=view,
            )
        )
    first = next((row for row in saved if row.opens), None)
    return ViewList(
        list(groups.items()),
        of=of,
        query=here,
        shown=shown,
        may_change=shown is not None and _may_change(shown, user),
        opens=shown is not None and shown.opens,
        opening="" if request.GET or first is None else f"{page}?{first.query}&view={first.pk}",
        counted=counted,
        can_save=bool(here) and shown is None,
    )


def _may_change(view: SavedView, user: User) -> bool:
    if view.owner_id == user.pk:
        return True
    return view.shared and not view.desk.roles_of(user).isdisjoint(EDITORS)


def _rows(desk: Desk, user: User, of: str, query: QueryDict, known: _Known) -> QuerySet[Any] | None:
    """Return what a view shows, without its words; None where it asks for what is not there any more."""
    if of == Of.CLAIMS:
        chosen: Any = ClaimFilter(
            query, queryset=known.claims, desk=desk, user=user, ratings=known.ratings, known_tags=known.tags
        )
    elif of == Of.ARTICLES:
        chosen = DocumentFilter(
            query, queryset=readable_articles(desk, user), desk=desk, user=user, known_tags=known.tags
        )
    else:
        checks = FactCheck.objects.filter(desk=desk)
        chosen = FactCheckFilter(query, queryset=checks, desk=desk, user=user, known_tags=known.tags)
    if not chosen.is_valid() or any(meant.tag is None for meant in chosen.tags()):
        return None
    if of == Of.CLAIMS and known.reviews is not None:
        counted = chosen.open_ones(known.reviews)
        if counted is not None:
            return cast("QuerySet[Any]", counted)
    found: QuerySet[Any] = chosen.qs
    if of == Of.ARTICLES:
        return narrowed(found, desk, query)
    if of == Of.CHECKS and query.get("show") != Shown.IMPORTED:
        return found.filter(imported=False)
    return found
