"""What needs one person, as an Atom feed at an address that nobody else knows. Nothing else of it is public.

The address is its own key: another one is made in the inbox, and this one then shows nothing. Words that hang on a
source for named people stay inside.
"""

from __future__ import annotations

import hashlib

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from claims.actions.desk.inbox import person_of_feed
from claims.actions.desk.inbox_lines import InboxLine, lines
from claims.actions.publishing.payload import absolute
from claims.exports import atom
from claims.exports.payload import rfc3339
from claims.exports.xmltext import element
from claims.models import Notice, User

#: The newest so many, read or not.
SHOWN = 50


@require_safe
def inbox_feed(request: HttpRequest, token: str) -> HttpResponse:
    """The newest of what a person was told, at all their desks."""
    person = person_of_feed(token)
    if person is None:
        raise Http404(_("There is no such feed. Its address may have been renewed."))
    rows = Notice.objects.visible_to(person).select_related("actor", "desk").order_by("-id")[:SHOWN]
    body = _feed(person, lines(list(rows), person), absolute(request.path))
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    response = get_conditional_response(request, etag=etag) or HttpResponse(
        body, content_type=atom.CONTENT_TYPE
    )
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    response["X-Robots-Tag"] = "noindex"
    return response


def _feed(person: User, told: list[InboxLine], here: str) -> bytes:
    updated = told[0].notice.created_at if told else person.created_at
    parts = [
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">',
        element("id", absolute(f"/people/{person.pk}/inbox")),
        element("title", _("What needs %(name)s") % {"name": person.display_name}),
        element("updated", rfc3339(updated)),
        element("link", attributes=[("rel", "self"), ("type", atom.CONTENT_TYPE), ("href", here)]),
        *(_entry(one) for one in told),
        "</feed>\n",
    ]
    return "\n".join(parts).encode()


def _entry(line: InboxLine) -> str:
    notice = line.notice
    inbox = reverse("inbox", args=[notice.desk.slug])
    words = [] if line.inside_only else [*(claim.wording for claim in line.claims), line.words]
    summary = "\n".join(part for part in words if part)
    return (
        "<entry>"
        + element("id", absolute(f"/notices/{notice.pk}"))
        + element("title", f"{notice.desk.name}: {line.sentence}")
        + element("updated", rfc3339(notice.created_at))
        + f"<author>{element('name', notice.actor.display_name)}</author>"
        + element("link", attributes=[("rel", "alternate"), ("href", absolute(line.leads or inbox))])
        + (element("summary", summary) if summary else "")
        + "</entry>"
    )
