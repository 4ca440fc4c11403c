"""Where can a person go from here by a few letters? Pages of the desk, claims and articles, for the palette.

The palette asks while somebody types and gets a part of a page; without the script this is a page of its own.
Claims and articles are asked of the engine; where it does not answer, the pages are still there.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from claims.actions.indexing.finding import find_claims, find_factchecks
from claims.models import Claim, Desk, Document, FactCheck, User
from claims.search.engine import EngineError
from claims.workbench.access import PersonRequest, open_desk, signed_in
from claims.workbench.articles.article_list import search_articles
from claims.workbench.found_rows import in_order_found

_MOST = 6
# Of what the engine finds, not everything may be seen.
_READ = 24
_SHORTEST = 2


@dataclass(frozen=True, slots=True)
class Destination:
    """Somewhere to go: its name, what it is, and its address."""

    name: str
    address: str
    beside: str = ""


@signed_in
@require_safe
def palette(request: PersonRequest, slug: str) -> HttpResponse:
    """List what the letters in ``q`` may mean."""
    desk = open_desk(request, slug)
    words = " ".join(request.GET.get("q", "").replace("\x00", " ").split())[:300]
    groups = [(_("Go to"), _pages(desk, request.user, words))]
    claims, articles, checks, problem = _numbered(words), [], [], ""
    if len(words) >= _SHORTEST:
        try:
            claims += find_claims(words, desk=desk, user=request.user)
            articles = search_articles(words, desk, request.user)
            checks = find_factchecks(words, desks=[desk])
        except EngineError:
            problem = _("The search does not answer right now; pages can still be chosen.")
    groups += [
        (_("Claims"), _claims(claims, desk, request.user)),
        (_("Articles"), _articles(articles, request.user)),
        (_("Published checks"), _checks(checks, desk, request.user)),
    ]
    if words:
        everywhere = f"{reverse('search', args=[desk.slug])}?{urlencode({'q': words})}"
        groups.append((_("Search"), [Destination(_("Search everywhere for “%s”") % words, everywhere)]))
    context = {
        "desk": desk,
        "words": words,
        "groups": [(label, places) for label, places in groups if places],
        "problem": problem,
    }
    part = bool(getattr(request, "htmx", False))
    return render(request, "claims/_palette_found.html" if part else "claims/palette.html", context)


def _pages(desk: Desk, user: User, words: str) -> list[Destination]:
    """Return the pages whose name holds the letters; all of them for none."""
    pages = [
        Destination(_("Desk"), reverse("desk", args=[desk.slug]), "g d"),
        Destination(_("Articles"), reverse("articles", args=[desk.slug]), "g a"),
        Destination(_("Queue"), reverse("queue", args=[desk.slug]), "g q"),
        Destination(_("Published"), reverse("published", args=[desk.slug]), "g p"),
        Destination(_("Inbox"), reverse("inbox", args=[desk.slug]), "g i"),
        Destination(_("Add an article"), reverse("add", args=[desk.slug])),
        Destination(_("New claim without article"), reverse("claim-new", args=[desk.slug])),
        Destination(_("Dashboard"), reverse("dashboard", args=[desk.slug])),
        Destination(_("Claimants"), reverse("claimants", args=[desk.slug])),
        Destination(_("Tags"), reverse("tags", args=[desk.slug])),
        Destination(_("Sources"), reverse("sources", args=[desk.slug])),
        Destination(_("Feeds"), reverse("feeds", args=[desk.slug])),
        Destination(_("Jobs"), reverse("jobs", args=[desk.slug])),
        Destination(_("Settings"), reverse("settings", args=[desk.slug])),
        Destination(_("My profile"), reverse("profile")),
        Destination(_("My desks"), reverse("my-desks")),
        Destination(_("Keys"), reverse("keys"), "?"),
    ]
    if user.is_staff:
        pages.append(Destination(_("Admin"), reverse("admin:index")))
    wanted = words.casefold()
    return [one for one in pages if wanted in one.name.casefold()]


def _numbered(words: str) -> list[int]:
    """Return the number that was typed, as that of a claim."""
    number = words.removeprefix("#")
    return [int(number)] if number.isdecimal() and len(number) < 19 else []


def _claims(ids: list[int], desk: Desk, user: User) -> list[Destination]:
    rows = Claim.objects.visible_to(user).filter(desk=desk, merged_into=None)
    found = in_order_found(rows, ids, read=_READ, most=_MOST)
    return [Destination(row.wording, reverse("claim", args=[row.pk]), f"#{row.pk}") for row in found]


def _checks(ids: list[int], desk: Desk, user: User) -> list[Destination]:
    rows = FactCheck.objects.visible_to(user).filter(desk=desk).defer("raw")
    found = in_order_found(rows, ids, read=_READ, most=_MOST)
    return [
        Destination(row.claim_text, reverse("factcheck", args=[row.pk]), row.rating_label) for row in found
    ]


def _articles(ids: list[int], user: User) -> list[Destination]:
    rows = Document.objects.visible_to(user).select_related("outlet")
    found = in_order_found(rows, ids, read=_READ, most=_MOST)
    return [
        Destination(
            row.title or _("Untitled"),
            reverse("document", args=[row.pk]),
            row.outlet.name if row.outlet else "",
        )
        for row in found
    ]
