"""Who works at a desk and as what: add people, give roles, send login links, close accounts."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from claims.actions import base
from claims.actions.desk.accounts import deactivate as deactivate_person
from claims.actions.desk.accounts import login_link, make_person, set_roles
from claims.actions.publishing.payload import absolute
from claims.forms.settings import PersonForm, RolesForm
from claims.models import Desk, Membership, Role, User
from claims.workbench.access import PersonRequest, open_desk, signed_in
from claims.workbench.outcomes import done, insist_valid
from claims.workbench.resumed_forms import typed_fields


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: PersonRequest, slug: str) -> HttpResponse:
    """The people of the desk and their roles; a POST adds somebody and shows their login link once."""
    desk = open_desk(request, slug)
    if request.method != "POST":
        return _page(request, desk)
    form = PersonForm(request.POST, auto_id="person-%s")
    if not form.is_valid():
        return _page(request, desk, bound=form, status=422)
    data = form.cleaned_data
    try:
        person = make_person(
            actor=request.user,
            desk=desk,
            email=data["email"],
            display_name=data["display_name"],
            roles=[Role(role) for role in data["roles"]],
        )
    except base.Refused as refusal:
        return _page(request, desk, bound=form, refusal=refusal)
    if person.last_login is not None:
        return done(request, _("%(name)s works here now.") % {"name": person.display_name}, _home(slug))
    messages.success(request, _("%(name)s works here now.") % {"name": person.display_name})
    return _page(request, desk, link=(person, absolute(login_link(person))))


def _home(slug: str) -> str:
    return reverse("people", args=[slug])


def _page(
    request: PersonRequest,
    desk: Desk,
    *,
    bound: PersonForm | None = None,
    refusal: base.Refused | None = None,
    status: int = 200,
    link: tuple[User, str] | None = None,
) -> HttpResponse:
    rows: dict[int, dict[str, Any]] = {}
    for row in (
        Membership.objects.filter(desk=desk).select_related("user").order_by("user__display_name", "user_id")
    ):
        entry = rows.setdefault(row.user_id, {"person": row.user, "roles": set(), "labels": []})
        entry["roles"].add(row.role)
        entry["labels"].append(row.get_role_display())
    context = {
        "rows": list(rows.values()),
        "roles": Role.choices,
        "form": bound or PersonForm(auto_id="person-%s"),
        "may_administer": Role.ADMINISTRATOR in desk.roles_of(request.user),
        "link": link,
        "refusal": str(refusal) if refusal else "",
        "typed": typed_fields(request.POST) if refusal else [],
    }
    response = render(request, "claims/people.html", context, status=refusal.status if refusal else status)
    if link:
        response["Cache-Control"] = "no-store"
    return response


def _person(desk: Desk, pk: int) -> User:
    return get_object_or_404(User.objects.filter(memberships__desk=desk).distinct(), pk=pk)


@signed_in
@require_POST
def roles(request: PersonRequest, slug: str, pk: int) -> HttpResponse:
    """Give a person exactly these roles."""
    desk = open_desk(request, slug)
    person = _person(desk, pk)
    data = insist_valid(RolesForm(request.POST))
    set_roles(actor=request.user, desk=desk, user=person, roles=[Role(role) for role in data["roles"]])
    return done(request, _("The roles of %(name)s are changed.") % {"name": person.display_name}, _home(slug))


@signed_in
@require_POST
def link(request: PersonRequest, slug: str, pk: int) -> HttpResponse:
    """Make a login link that works once within a day, and show it, this once."""
    desk = open_desk(request, slug)
    person = _person(desk, pk)
    base.require(request.user, desk, *base.ADMINISTRATORS, what=_("make login links"))
    if not person.is_active:
        raise base.Refused(_("This account is closed."))
    if person.is_superuser and not request.user.is_superuser:
        raise base.NotAllowed(_("An administrator of the installation comes in by other ways."))
    others = Membership.objects.filter(user=person).exclude(desk=desk).exists()
    if others and not request.user.is_superuser and person.pk != request.user.pk:
        # A link is a key to every desk of the person.
        raise base.NotAllowed(
            _("%(name)s works at other desks too: only an administrator of the installation makes this link.")
            % {"name": person.display_name}
        )
    return _page(request, desk, link=(person, absolute(login_link(person))))


@signed_in
@require_POST
def deactivate(request: PersonRequest, slug: str, pk: int) -> HttpResponse:
    """Close a person's account; their work keeps its author."""
    desk = open_desk(request, slug)
    person = _person(desk, pk)
    deactivate_person(actor=request.user, desk=desk, user=person)
    return done(request, _("The account of %(name)s is closed.") % {"name": person.display_name}, _home(slug))
