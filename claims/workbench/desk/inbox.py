"""The inbox of one person at one desk: what others wrote to them, gave them and took from them; read and unread.

Also how they are told outside: by mail, by a feed, or not at all.
"""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from claims.actions.desk import inbox as acts
from claims.actions.desk.inbox_lines import InboxLine, ask_lines, lines
from claims.actions.publishing.payload import absolute
from claims.forms.notes import TellingForm
from claims.models import Desk, Notice, User
from claims.models.access import access_notice
from claims.models.kept import kept
from claims.models.together import Asking
from claims.workbench.access import PersonRequest, SeeOther, open_desk, opened, signed_in
from claims.workbench.outcomes import done, insist_valid
from claims.workbench.paging import page_of

#: So many are shown on the desk.
SHOWN = 5


def unread(desk: Desk, user: User) -> Asking[list[InboxLine]]:
    """Ask for the newest of what a person has not read at a desk."""
    newest = _unseen(desk.pk, user)
    yield [newest]
    return (yield from ask_lines(newest.read(), user))


@kept
def _unseen(desk: int, user: User) -> QuerySet[Notice]:
    rows = Notice.objects.visible_to(user).unseen().filter(desk=desk).select_related("actor")
    return rows.order_by("-id")[:SHOWN]


@signed_in
@require_safe
def inbox(request: PersonRequest, slug: str) -> HttpResponse:
    """List what one was told, unread first of all; ``?show=all`` with what was read."""
    desk = open_desk(request, slug)
    everything = request.GET.get("show") == "all"
    rows = Notice.objects.visible_to(request.user).filter(desk=desk).select_related("actor")
    if not everything:
        rows = rows.unseen()
    page = page_of(rows, request, order=("-id",))
    token = acts.feed_token(request.user)
    context = {
        "page": page,
        "lines": lines(list(page.rows), request.user),
        "everything": everything,
        "upto": page.rows[0].pk if page.rows else 0,
        "telling": TellingForm.of(request.user),
        "feed": absolute(reverse("inbox-feed", args=[token])) if token else "",
    }
    return render(request, "claims/inbox.html", context)


def _inbox(desk: Desk) -> str:
    return reverse("inbox", args=[desk.slug])


@signed_in
@require_POST
def see(request: PersonRequest, pk: int) -> HttpResponse:
    """Mark one notice as read, or (``to=unread``) keep it for later; ``to=open`` goes where it leads."""
    notice = opened(request, access_notice, pk)
    wanted = request.POST.get("to", "")
    if wanted == "unread":
        acts.unsee(actor=request.user, notice=notice)
        return done(request, "", _inbox(notice.desk))
    acts.see(actor=request.user, notice=notice)
    if wanted == "open":
        line = lines([notice], request.user)[0]
        if line.leads:
            return SeeOther(line.leads)
        return done(request, _("What it was about is not shown to you any more."), _inbox(notice.desk))
    return done(request, "", reverse("desk", args=[notice.desk.slug]))


@signed_in
@require_POST
def see_all(request: PersonRequest, slug: str) -> HttpResponse:
    """Mark everything that was on the page, and what is older, as read."""
    desk = open_desk(request, slug)
    upto = request.POST.get("upto", "")
    number = int(upto) if upto.isdecimal() and len(upto) < 19 else 0
    count = acts.see_all(actor=request.user, desk=desk, upto=number)
    said = ngettext("%(n)d marked as read.", "%(n)d marked as read.", count) % {"n": count}
    return done(request, said, _inbox(desk))


@signed_in
@require_POST
def telling(request: PersonRequest, slug: str) -> HttpResponse:
    """Say whether and when one gets mail."""
    desk = open_desk(request, slug)
    data: dict[str, Any] = insist_valid(TellingForm(request.POST))
    acts.change_telling(actor=request.user, by_mail=data["told_by_mail"], digest_hour=data["digest_hour"])
    return done(request, _("Stored."), _inbox(desk))


@signed_in
@require_POST
def feed_renew(request: PersonRequest, slug: str) -> HttpResponse:
    """Make the address of one's feed, or another one."""
    desk = open_desk(request, slug)
    acts.renew_feed(actor=request.user)
    said = _("This is the address of your feed. Any address before it shows nothing from now on.")
    return done(request, said, _inbox(desk) + "#telling")


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mail_off(request: HttpRequest, token: str) -> HttpResponse:
    """End mail to whoever the address belongs to: programs that read mail send this form by themselves (RFC 8058)."""
    person = acts.person_of_mail(token)
    if person is None:
        raise Http404(_("There is nothing here that you may see."))
    ended = request.method == "POST"
    if ended:
        acts.change_telling(actor=person, by_mail=User.ToldByMail.NONE, digest_hour=person.digest_hour)
    return render(request, "claims/mail_off.html", {"ended": ended})
