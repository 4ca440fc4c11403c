"""What happened at a desk, to a claim or to an article: the log as a list that is narrowed, and as a file.

Events and their words are those that this person may know of, as on the claim's page. Newest first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from claims.actions.base import Refused
from claims.filters import EventFilter, EventSubject
from claims.models import AuditEvent, Claim, Desk, Document, Membership, User
from claims.models.fields import row_number
from claims.models.together import answered
from claims.workbench.access import PersonRequest, open_desk, signed_in
from claims.workbench.chips import FiltersAsked, asked, day_words
from claims.workbench.claim.timeline import Entry, ask_told
from claims.workbench.desk.list_files import as_file, utc
from claims.workbench.paging import page_of

EVENTS = ("id", "at", "who", "what", "note", "about", "number", "claim", "before", "after", "via")
#: So many are read at a time for the file.
_PART = 2_000
WORKBENCH = gettext_lazy("the workbench")


def asked_events(desk: Desk, user: User, query: QueryDict) -> tuple[QuerySet[AuditEvent], FiltersAsked]:
    """Return the events that an address lets through, and its filters in words."""
    rows = AuditEvent.objects.visible_to(user).filter(desk_id=desk.pk)
    chosen = EventFilter(query or None, queryset=rows, desk=desk, user=user)
    wanted = asked(
        query,
        chosen,
        {
            "about": lambda value: str(EventSubject(value).label) if value in EventSubject.values else "",
            "who": lambda value: _name(desk, value),
            "claim": lambda value: _title(Claim.objects.visible_to(user).filter(desk=desk), value),
            "document": lambda value: _title(Document.objects.visible_to(user), value),
            "since": day_words,
            "until": day_words,
        },
    )
    return (chosen.qs.none() if wanted.problems else chosen.qs), wanted


def _name(desk: Desk, value: str) -> str:
    """Return who is meant; somebody who has left the desk has done something there all the same."""
    if value == "workbench":
        return str(WORKBENCH)
    number = row_number(value) or 0
    here = AuditEvent.objects.filter(desk_id=desk.pk, actor_id=number)
    known = Membership.objects.filter(desk=desk, user=number).exists() or here.exists()
    return (
        User.objects.filter(pk=number).values_list("display_name", flat=True).first() or "" if known else ""
    )


def _title(rows: QuerySet[Any], value: str) -> str:
    found = rows.filter(pk=row_number(value) or 0).first()
    return "" if found is None else (" ".join(str(found).split())[:60] or f"{found.pk}")


@signed_in
@require_safe
def log(request: PersonRequest, slug: str) -> HttpResponse:
    """The log of a desk, newest first, narrowed by what the address says."""
    desk = open_desk(request, slug)
    rows, wanted = asked_events(desk, request.user, request.GET)
    page = page_of(rows, request, order=("-id",))
    entries = answered(ask_told(page.rows, request.user))
    people = User.objects.filter(memberships__desk=desk).distinct().order_by("display_name", "pk")
    context = {
        "page": page,
        "rows": entries,
        "events": entries,
        "asked": wanted,
        "people": list(people),
        "abouts": EventSubject.choices,
        "kept": [(name, request.GET[name]) for name in ("claim", "document") if request.GET.get(name)],
        "sent": request.GET,
    }
    return render(request, "claims/log.html", context)


@signed_in
@require_safe
def log_csv(request: PersonRequest, slug: str) -> HttpResponseBase:
    """Give the whole log as it is narrowed."""
    desk = open_desk(request, slug)
    rows, wanted = asked_events(desk, request.user, request.GET)
    if wanted.problems:
        raise Refused(" ".join(wanted.problems))
    return as_file(EVENTS, _lines(rows, request.user), f"log-{desk.slug}")


def _lines(rows: QuerySet[AuditEvent], user: User) -> Iterator[dict[str, Any]]:
    before: int | None = None
    while True:
        part: Sequence[AuditEvent] = list(
            (rows if before is None else rows.filter(pk__lt=before)).order_by("-id")[:_PART]
        )
        for entry in answered(ask_told(part, user)):
            yield _line(entry)
        if len(part) < _PART:
            return
        before = part[-1].pk


def _line(entry: Entry) -> dict[str, Any]:
    event = entry.event
    return {
        "id": event.pk,
        "at": utc(event.created_at),
        "who": str(WORKBENCH) if entry.machine else entry.person,
        "what": entry.sentence,
        "note": entry.note,
        "about": event.object_kind,
        "number": event.object_id,
        "claim": event.claim_id,
        "before": event.before,
        "after": event.after,
        "via": event.via,
    }
