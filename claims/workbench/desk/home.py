"""The desk page: what needs me, and the one button that leads to the next of it."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from claims.forms.articles import AddForm
from claims.models import Desk, Document, Invitation, User
from claims.models.kept import kept
from claims.models.together import Asking, answered, by_name, these
from claims.workbench.access import PersonRequest, SeeOther, open_desk, signed_in
from claims.workbench.desk import waiting_work
from claims.workbench.desk.first_steps import first_steps, put_away_as
from claims.workbench.desk.inbox import unread

#: How long an article counts as just added, and how many are shown.
JUST = dt.timedelta(days=3)
ADDED = 5


@signed_in
@require_GET
def home(request: PersonRequest) -> HttpResponse:
    """Lead to the desk where the person was last, else to their first one."""
    desks = list(Desk.objects.for_user(request.user).order_by("-is_default", "name", "id")[:50])
    last = request.session.get("desk")
    desk = next((one for one in desks if one.slug == last), desks[0] if desks else None)
    if desk is None:
        return render(request, "claims/no_desk.html", status=403)
    return SeeOther(resolve_url("desk", desk.slug))


@signed_in
@require_GET
def desk(request: PersonRequest, slug: str) -> HttpResponse:
    """Show what needs this person, each group with its count and its three oldest."""
    desk = open_desk(request, slug)
    roles = desk.roles_of(request.user)
    any_article, desks = _any_article(desk.pk), _others(desk.pk, request.user)
    invited = (
        Invitation.objects.open(timezone.now()).filter(user=request.user).order_by().values_list("pk")[:1]
    )
    parts = answered(
        by_name(
            steps=first_steps(desk, request.user, roles),
            just_added=_just_added(desk, request.user),
            groups=waiting_work.groups(desk, request.user, roles),
            notices=unread(desk, request.user),
            few=these(any_article, desks, invited),
        )
    )
    steps = parts["steps"]
    context = {
        "steps": steps,
        "steps_done": sum(step.done for step in steps),
        "steps_name": put_away_as(desk),
        "just_added": parts["just_added"],
        "groups": [group for group in parts["groups"] if group.rows or group.note],
        "idle": [group for group in parts["groups"] if not group.rows and not group.note],
        "notices": parts["notices"],
        "form": AddForm(),
        "archive_empty": not len(any_article),
        "desks": desks,
        "invited": bool(invited),
    }
    return render(request, "claims/desk.html", context)


def _just_added(desk: Desk, user: User) -> Asking[list[Document]]:
    """Ask for the newest articles that came in during the last days, whoever added them."""
    newest = _newest(desk.pk, user, timezone.now() - JUST)
    yield [newest]
    return newest.read()


@kept
def _any_article(desk: int) -> QuerySet[Document]:
    return Document.objects.for_desk(desk).order_by().only("pk")[:1]


@kept
def _others(desk: int, user: User) -> QuerySet[Desk]:
    return Desk.objects.for_user(user).exclude(pk=desk)


@kept
def _newest(desk: int, user: User, since: dt.datetime) -> QuerySet[Document]:
    rows = Document.objects.visible_to(user).filter(desk=desk, created_at__gt=since)
    return rows.select_related("added_by").order_by("-id")[:ADDED]


@signed_in
@require_GET
def next_item(request: PersonRequest, slug: str) -> HttpResponse:
    """Lead to the most urgent thing for this person."""
    desk = open_desk(request, slug)
    address = waiting_work.next_for(desk, request.user, desk.roles_of(request.user))
    if not address:
        messages.info(request, _("Nothing waits for you. Add an article, or look at what others work on."))
        address = resolve_url("desk", slug)
    return SeeOther(address)
