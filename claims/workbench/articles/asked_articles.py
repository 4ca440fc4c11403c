"""Which articles does an address of the list ask for? One answer for the list, its file and its saved views."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from claims.filters import DocumentFilter
from claims.models import AnalysisRun, Appearance, Desk, Document, FinishedArticle, Outlet, User
from claims.models.fields import row_number
from claims.workbench.chips import FiltersAsked, asked, day_words


@dataclass(frozen=True, slots=True)
class Filter:
    """One choice above the list: its value in the address, its word, and how many rows it has, if counted."""

    value: str
    label: str
    count: int | None = None


def states() -> list[Filter]:
    """Return the parts of the list."""
    return [
        Filter("", _("All")),
        Filter("triage", _("To triage")),
        Filter("finished", _("Finished")),
        Filter("background", _("Only searched")),
    ]


def readable_articles(desk: Desk | int, user: User) -> QuerySet[Document]:
    """Return the documents of the desk's archives that this person may read."""
    return Document.objects.for_desk(desk).filter(pk__in=Document.objects.visible_to(user).values("pk"))


def asked_articles(desk: Desk, user: User, query: QueryDict) -> tuple[QuerySet[Document], FiltersAsked]:
    """Return the articles that an address lets through, without its words, and its filters in words."""
    chosen = DocumentFilter(query or None, queryset=readable_articles(desk, user), desk=desk, user=user)
    wanted = asked(
        query,
        chosen,
        {"since": day_words, "until": day_words},
        more=("q", "state", "outlet"),
        named={
            "state": (_("State"), lambda value: {one.value: one.label for one in states()}.get(value, "")),
            "outlet": (_("Outlet"), lambda value: _outlet(value, user)),
        },
    )
    if wanted.problems:
        return chosen.qs.none(), wanted
    return narrowed(chosen.qs, desk, query), wanted


def narrowed(rows: QuerySet[Document], desk: Desk, query: QueryDict) -> QuerySet[Document]:
    """Return the articles of the state and the outlet that an address names; none of an outlet that is none."""
    rows, outlet = in_state(rows, desk, query.get("state", "")), query.get("outlet", "")
    return rows.filter(outlet=row_number(outlet) or 0) if outlet else rows


def _outlet(number: str, user: User) -> str:
    """Return the name of an outlet; empty where there is none of this number for this person."""
    names = Outlet.objects.visible_to(user).filter(pk=row_number(number) or 0).order_by()
    return names.values_list("name", flat=True).first() or ""


def finished(desk: Desk | int) -> QuerySet[FinishedArticle]:
    """Return whether a desk is done with the document of an outer question."""
    return FinishedArticle.objects.filter(desk=desk, document=OuterRef("pk")).order_by()


def _analysed(desk: Desk | int) -> Exists:
    return Exists(AnalysisRun.objects.filter(desk=desk, capture__document=OuterRef("pk")))


def in_state(rows: QuerySet[Document], desk: Desk | int, state: str) -> QuerySet[Document]:
    """Return the articles that still need somebody, are finished, or were only searched; all for an empty state."""
    if state == "triage":
        return rows.filter(~Exists(finished(desk)), pk__in=Appearance.objects.open_articles(desk))
    if state == "finished":
        return rows.filter(Exists(finished(desk)))
    if state == "background":
        return rows.exclude(_analysed(desk))
    return rows
