"""Who comes in, and to which desk? Every page of the workbench passes here before it reads anything.

Visitors are sent to the sign-in form, with what they typed. What a person may do is asked in the actions.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol, TypeAlias, TypeVar

from django.contrib.auth.views import redirect_to_login
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from claims.actions.base import through
from claims.models import Desk, Document, User
from claims.models.access import access_desk
from claims.workbench.doors import door_of
from claims.workbench.resumed_forms import sign_in_again
from claims.workbench.typist import typist_of

_P = ParamSpec("_P")


class PersonRequest(HttpRequest):
    """A request of somebody who is signed in; only for the type checker."""

    user: User
    desk: Desk


View: TypeAlias = Callable[Concatenate[PersonRequest, _P], HttpResponseBase]


class SeeOther(HttpResponseRedirect):
    """The answer to every act that was done: look at what is there now."""

    status_code = 303


def is_of_this_site(request: HttpRequest, address: str) -> bool:
    """Tell whether an address that came with a request leads nowhere else; words are none."""
    is_address = address.startswith(("/", "http:", "https:"))
    return is_address and url_has_allowed_host_and_scheme(address, {request.get_host()}, request.is_secure())


def safe_address(request: HttpRequest, address: str, otherwise: str) -> str:
    """Return an address of this site that a form wants to lead to, else that of a page by its name."""
    return address if is_of_this_site(request, address) else resolve_url(otherwise)


def signed_in(view: View[_P]) -> Callable[Concatenate[HttpRequest, _P], HttpResponseBase]:
    """Let only people in; a visitor's words wait for them behind the sign-in form."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: _P.args, **kwargs: _P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            if request.method in ("GET", "HEAD") and not getattr(request, "htmx", False):
                return redirect_to_login(request.get_full_path())
            return sign_in_again(request, typist_of(request))
        with through(door_of(request)):
            return view(request, *args, **kwargs)  # type: ignore[arg-type]  # a person from here on

    guarded.needs_person = True  # type: ignore[attr-defined]  # asked by the test of all addresses
    return guarded


def open_desk(request: PersonRequest, slug: str) -> Desk:
    """Return the desk of the address and make it the one the frame shows; 404 for people of other desks."""
    desk = access_desk(request.user, slug)
    return enter(request, desk)


def enter(request: PersonRequest, desk: Desk) -> Desk:
    """Make a desk the one the frame shows, and remember it for pages that belong to several."""
    request.desk = desk
    if request.method in ("GET", "HEAD"):
        # Nothing changes while a page is shown, so nobody's roles are asked for twice; an act asks for itself.
        desk.known_roles = {}
    if request.session.get("desk") != desk.slug:
        request.session["desk"] = desk.slug
    return desk


class _Owned(Protocol):
    desk: Desk


_Found = TypeVar("_Found", bound=_Owned)


def opened(request: PersonRequest, door: Callable[[User, int], _Found], pk: int) -> _Found:
    """Return what a door of ``claims.models.access`` gives, and make its desk the one the frame shows."""
    found = door(request.user, pk)
    enter(request, found.desk)
    return found


def desk_of_document(request: PersonRequest, document: Document) -> Desk:
    """Return the desk at which this person reads a document: several may share its archive."""
    readers = Desk.objects.for_user(request.user)
    of_archive = Q(archives=document.archive_id) | Q(own_archives=document.archive_id)
    own = list(readers.filter(of_archive).distinct())
    wanted = request.GET.get("desk") or request.session.get("desk")
    for desk in own:
        if desk.slug == wanted:
            return enter(request, desk)
    found = next((desk for desk in own if desk.pk == document.desk_id), own[0] if own else None)
    if found is None:
        raise Http404(_("There is nothing here that you may see."))
    return enter(request, found)
