"""Keeping the filter of a list as a view, changing it, and taking it away again."""

from __future__ import annotations

from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from claims.actions.base import Refused
from claims.actions.desk import saved_views as acts
from claims.filters import named
from claims.models import Claimant, Desk, SavedView, User
from claims.models.access import access_view
from claims.workbench.access import PersonRequest, open_desk, opened, signed_in
from claims.workbench.desk.view_list import PAGES
from claims.workbench.outcomes import done


def _by_number(desk: Desk, user: User, query: str) -> str:
    """Return a filter whose claimant is named by number where the name means exactly one."""
    fields = QueryDict(query.lstrip("?"), mutable=True)
    name = fields.get("claimant", "")
    if name and not name.isdecimal():
        known = Claimant.objects.standing().visible_to(user).filter(desk=desk)
        found = named(known, name[:200], user)
        if len(found) == 1:
            fields["claimant"] = str(found[0])
    return fields.urlencode()


def _address(view: SavedView) -> str:
    page = reverse(PAGES[SavedView.Of(view.of)], args=[view.desk.slug])
    return f"{page}?{view.query}&view={view.pk}"


@signed_in
@require_POST
def view_save(request: PersonRequest, slug: str) -> HttpResponse:
    """Keep the filter of the list that was looked at."""
    desk = open_desk(request, slug)
    sent = request.POST
    view = acts.save_view(
        actor=request.user,
        desk=desk,
        of=sent.get("of", ""),
        name=sent.get("name", ""),
        query=_by_number(desk, request.user, sent.get("query", "")[:2_000]),
        shared=bool(sent.get("shared")),
    )
    return done(request, _("Kept as “%s”.") % view.name, _address(view))


@signed_in
@require_POST
def view_change(request: PersonRequest, pk: int) -> HttpResponse:
    """Rename, share, open with, or delete a view; one button for each."""
    view = opened(request, access_view, pk)
    sent, act = request.POST, request.POST.get("act", "")
    if act == "change":
        row = acts.change_view(
            actor=request.user, view=view, name=sent.get("name", ""), shared=bool(sent.get("shared"))
        )
        return done(request, _("Stored as “%s”.") % row.name, _address(row))
    if act in ("open", "whole"):
        acts.open_with(actor=request.user, view=view, on=act == "open")
        said = (
            _("The list opens with “%s” for you.") if act == "open" else _("The list opens as a whole again.")
        )
        return done(request, said % view.name if act == "open" else said, _address(view))
    if act == "delete":
        acts.delete_view(actor=request.user, view=view)
        page = reverse(PAGES[SavedView.Of(view.of)], args=[view.desk.slug])
        return done(request, _("The view “%s” is deleted.") % view.name, f"{page}?{view.query}")
    raise Refused(_("Choose what to do with the view."))
