"""Who works at a desk and as what: add and invite people, give roles, make login links, close accounts."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from claims.actions import base
from claims.actions.desk import accounts, invitations
from claims.actions.desk.accounts import login_link, make_person, set_roles
from claims.actions.publishing.payload import absolute
from claims.forms.settings import PersonForm, RolesForm
from claims.models import Desk, Invitation, Membership, User
from claims.models.access import access_invitation
from claims.vocabulary import Role
from claims.workbench.access import PersonRequest, SeeOther, open_desk, signed_in
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
    if isinstance(person, Invitation):
        sentence = _(
            "%(email)s is invited. They find the invitation under “My desks” after signing in as they always do."
        )
        return done(request, sentence % {"email": person.email}, _home(slug))
    messages.success(request, _("%(name)s works here now.") % {"name": person.display_name})
    if person.last_login is not None:
        return SeeOther(_home(slug))
    try:
        path = login_link(actor=request.user, desk=desk, user=person)
    except base.Refused:
        # A colleague of several desks got further roles; their link is not ours to make.
        return SeeOther(_home(slug))
    return _page(request, desk, link=(person, absolute(path)))


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
        Membership.objects.filter(desk=desk)
        .select_related("user")
        .order_by("user__display_name", "user_id", "role")
    ):
        entry = rows.setdefault(row.user_id, {"person": row.user, "roles": set(), "labels": []})
        entry["roles"].add(row.role)
        entry["labels"].append(row.get_role_display())
    may_administer = Role.ADMINISTRATOR in desk.roles_of(request.user)
    # Only this desk's own accounts are its to open and close; of others it takes its roles away.
    elsewhere = set(
        Membership.objects.filter(user__in=list(rows)).exclude(desk=desk).values_list("user_id", flat=True)
    )
    for pk, entry in rows.items():
        entry["ours"] = pk not in elsewhere and not entry["person"].is_superuser
    context = {
        "rows": list(rows.values()),
        "invitations": Invitation.objects.open(timezone.now()).filter(desk=desk) if may_administer else (),
        "roles": Role.choices,
        "form": bound or PersonForm(auto_id="person-%s"),
        "may_administer": may_administer,
        "second_factor": settings.SECOND_FACTOR,
        "link": link,
        "refusal": str(refusal) if refusal else "",
        "typed": typed_fields(request.POST) if refusal else [],
    }
    response = render(request, "claims/people.html", context, status=refusal.status if refusal else status)
    if link:
        response["Cache-Control"] = "no-store"
    return response


def person_here(desk: Desk, pk: int) -> User:
    """Return somebody who works at the desk; 404 for everybody else."""
    return get_object_or_404(User.objects.filter(memberships__desk=desk).distinct(), pk=pk)


@signed_in
@require_POST
def roles(request: PersonRequest, slug: str, pk: int) -> HttpResponse:
    """Give a person exactly these roles."""
    desk = open_desk(request, slug)
    person = person_here(desk, pk)
    data = insist_valid(RolesForm(request.POST))
    set_roles(actor=request.user, desk=desk, user=person, roles=[Role(role) for role in data["roles"]])
    return done(request, _("The roles of %(name)s are changed.") % {"name": person.display_name}, _home(slug))


@signed_in
@require_POST
def link(request: PersonRequest, slug: str, pk: int) -> HttpResponse:
    """Make a login link that works once within a day, and show it, this once."""
    desk = open_desk(request, slug)
    person = person_here(desk, pk)
    path = login_link(actor=request.user, desk=desk, user=person)
    return _page(request, desk, link=(person, absolute(path)))


@signed_in
@require_POST
def remove(request: PersonRequest, slug: str, pk: int) -> HttpResponse:
    """Take all roles at this desk away; the person's account stays open."""
    desk = open_desk(request, slug)
    person = person_here(desk, pk)
    set_roles(actor=request.user, desk=desk, user=person, roles=[])
    return done(request, _("%(name)s no longer works here.") % {"name": person.display_name}, _home(slug))


@signed_in
@require_POST
def deactivate(request: PersonRequest, slug: str, pk: int) -> HttpResponse:
    """Close the account of somebody who works at this desk only; their work keeps its author."""
    desk = open_desk(request, slug)
    person = person_here(desk, pk)
    accounts.deactivate(actor=request.user, desk=desk, user=person)
    return done(request, _("The account of %(name)s is closed.") % {"name": person.display_name}, _home(slug))


@signed_in
@require_POST
def reactivate(request: PersonRequest, slug: str, pk: int) -> HttpResponse:
    """Open an account again that the desk closed."""
    desk = open_desk(request, slug)
    person = person_here(desk, pk)
    accounts.reactivate(actor=request.user, desk=desk, user=person)
    return done(
        request, _("The account of %(name)s is open again.") % {"name": person.display_name}, _home(slug)
    )


@signed_in
@require_POST
def withdraw(request: PersonRequest, slug: str, pk: int) -> HttpResponse:
    """Take an invitation back that nobody has answered."""
    desk = open_desk(request, slug)
    invitation = access_invitation(request.user, desk, pk)
    invitations.withdraw(actor=request.user, invitation=invitation)
    return done(
        request, _("The invitation of %(email)s is withdrawn.") % {"email": invitation.email}, _home(slug)
    )
