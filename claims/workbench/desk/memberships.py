"""My desks: where one works, the invitations that wait for one's answer, and leaving."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from claims.actions.base import Refused
from claims.actions.desk import accounts, invitations
from claims.models import Invitation, Membership
from claims.models.access import access_membership, access_own_invitation
from claims.workbench.access import PersonRequest, signed_in
from claims.workbench.outcomes import done


@signed_in
@require_GET
def my_desks(request: PersonRequest) -> HttpResponse:
    """List the desks and roles of the person, and the invitations they can answer."""
    held: dict[int, dict[str, object]] = {}
    for row in (
        Membership.objects.filter(user=request.user).select_related("desk").order_by("desk__name", "pk")
    ):
        entry = held.setdefault(row.desk_id, {"desk": row.desk, "roles": []})
        entry["roles"].append(row.get_role_display())  # type: ignore[attr-defined]  # the list made above
    waiting = Invitation.objects.open(timezone.now()).filter(user=request.user)
    context = {
        "held": list(held.values()),
        "waiting": waiting.select_related("desk", "invited_by").order_by("created_at", "pk"),
    }
    return render(request, "claims/my_desks.html", context)


@signed_in
@require_POST
def answer(request: PersonRequest, pk: int) -> HttpResponse:
    """Accept or decline an invitation for oneself."""
    invitation = access_own_invitation(request.user, pk)
    home = resolve_url("my-desks")
    decision = request.POST.get("decision")
    if decision == "accept":
        desk = invitations.accept(actor=request.user, invitation=invitation)
        return done(request, _("You work at %(desk)s now.") % {"desk": desk.name}, home)
    if decision == "decline":
        desk = invitations.decline(actor=request.user, invitation=invitation)
        return done(request, _("The invitation of %(desk)s is declined.") % {"desk": desk.name}, home)
    raise Refused(_("Accept the invitation or decline it."))


@signed_in
@require_POST
def leave(request: PersonRequest, slug: str) -> HttpResponse:
    """Give up one's own roles at a desk."""
    desk = access_membership(request.user, slug)
    accounts.leave(actor=request.user, desk=desk)
    return done(
        request,
        _("You no longer work at %(desk)s. Your account stays open.") % {"desk": desk.name},
        resolve_url("my-desks"),
    )
