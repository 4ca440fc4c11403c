"""Where articles and earlier checks come from by themselves: the feeds of a desk, and how each stands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from claims.actions import base
from claims.actions.base import Refused
from claims.actions.feeds.managing import (
    add_feed,
    add_listed,
    ask_now,
    change_feed,
    pause_feed,
    remove_feed,
    resume_feed,
)
from claims.forms.feeds import FeedChangeForm, FeedForm, FeedListForm
from claims.intake.opml import read_opml
from claims.intake.types import IntakeError
from claims.models import Desk, Feed, FeedEntry, FeedRun, Job
from claims.models.access import access_feed
from claims.workbench.access import PersonRequest, open_desk, opened, signed_in
from claims.workbench.outcomes import done, insist_valid
from claims.workbench.paging import page_of

ACTS: dict[str, Callable[..., object]] = {"ask": ask_now, "pause": pause_feed, "resume": resume_feed}


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def feeds(request: PersonRequest, slug: str) -> HttpResponse:
    """List the feeds of the desk with their yield; a POST adds one."""
    desk = open_desk(request, slug)
    if request.method != "POST":
        kind = request.GET.get("kind", "")
        first = {"kind": kind} if kind in Feed.Kind.values else {}
        return _page(request, desk, form=FeedForm(initial=first, auto_id="feed-%s"))
    form = FeedForm(request.POST, auto_id="feed-%s")
    status = 422
    if form.is_valid():
        try:
            feed = add_feed(actor=request.user, desk=desk, **form.cleaned_data)
        except Refused as refusal:
            form.refuse(refusal)
            status = refusal.status
        else:
            return done(
                request, _("The feed is being asked for the first time."), reverse("feed", args=[feed.pk])
            )
    return _page(request, desk, form=form, status=status)


@signed_in
@require_POST
def feed_list(request: PersonRequest, slug: str) -> HttpResponse:
    """Add every feed of an OPML file."""
    desk = open_desk(request, slug)
    form = FeedListForm(request.POST, request.FILES, auto_id="list-%s")
    status = 422
    if form.is_valid():
        data = dict(form.cleaned_data)
        try:
            listed = add_listed(
                actor=request.user, desk=desk, outlines=read_opml(data.pop("file").read()), **data
            )
        except IntakeError as error:
            form.add_error("file", error.sentence)
        except Refused as refusal:
            form.refuse(refusal)
            status = refusal.status
        else:
            for url, why in listed.refused[:10]:
                messages.warning(request, f"{url}: {why}")
            said = _("%(added)d feeds added, %(known)d there already, %(refused)d refused.") % {
                "added": len(listed.added),
                "known": len(listed.known),
                "refused": len(listed.refused),
            }
            return done(request, said, reverse("feeds", args=[slug]))
    return _page(request, desk, list_form=form, status=status)


def _page(
    request: PersonRequest,
    desk: Desk,
    *,
    form: FeedForm | None = None,
    list_form: FeedListForm | None = None,
    status: int = 200,
) -> HttpResponse:
    rows = Feed.objects.visible_to(request.user).filter(desk=desk)
    held = desk.roles_of(request.user)
    context = {
        "page": page_of(rows, request, order=("-created_at", "-id")),
        "count": rows.count(),
        "failing": rows.filter(failures__gt=0).count(),
        "form": form or FeedForm(auto_id="feed-%s"),
        "list_form": list_form or FeedListForm(auto_id="list-%s"),
        "edits": not held.isdisjoint(base.EDITORS),
    }
    return render(request, "claims/feeds.html", context, status=status)


@signed_in
@require_safe
def feed(request: PersonRequest, pk: int) -> HttpResponse:
    """One feed: how it stands, its last askings, and the pages it named with what became of them."""
    return _one(request, opened(request, access_feed, pk))


def _one(
    request: PersonRequest, found: Feed, *, form: FeedChangeForm | None = None, status: int = 200
) -> HttpResponse:
    held = found.desk.roles_of(request.user)
    entries = FeedEntry.objects.visible_to(request.user).filter(feed=found)
    outcome = request.GET.get("outcome", "")
    if outcome in FeedEntry.Outcome.values:
        entries = entries.filter(outcome=outcome)
    waiting = Job.objects.filter(kind="poll", subject=f"feed {found.pk}", status__in=["queued", "running"])
    context: dict[str, Any] = {
        "feed": found,
        "job": waiting.order_by("-id").first(),
        "runs": list(FeedRun.objects.filter(feed=found).order_by("-id")[:20]),
        "page": page_of(entries.select_related("document"), request, order=("-created_at", "-id")),
        "outcomes": FeedEntry.Outcome.choices,
        "outcome": outcome,
        "form": form
        or FeedChangeForm(
            found,
            initial={"title": found.title, "every_minutes": found.every_minutes, "follow": found.follow},
            auto_id="feed-%s",
        ),
        "edits": not held.isdisjoint(base.EDITORS),
        "works": not held.isdisjoint(base.WORKERS),
    }
    return render(request, "claims/feed.html", context, status=status)


@signed_in
@require_POST
def feed_change(request: PersonRequest, pk: int) -> HttpResponse:
    """Change a feed's name and how often it is asked."""
    found = opened(request, access_feed, pk)
    data = insist_valid(FeedChangeForm(found, request.POST))
    change_feed(actor=request.user, feed=found, **data)
    return done(request, _("Stored."), reverse("feed", args=[pk]))


@signed_in
@require_POST
def feed_act(request: PersonRequest, pk: int, act: str) -> HttpResponse:
    """Ask a feed now, pause it or resume it."""
    found = opened(request, access_feed, pk)
    ACTS[act](actor=request.user, feed=found)
    said = {
        "ask": _("The feed is being asked."),
        "pause": _("The feed is asked no more until somebody resumes it."),
        "resume": _("The feed is asked again."),
    }[act]
    return done(request, said, reverse("feed", args=[pk]))


@signed_in
@require_POST
def feed_remove(request: PersonRequest, pk: int) -> HttpResponse:
    """Forget a feed; what came in by it stays."""
    found = opened(request, access_feed, pk)
    remove_feed(actor=request.user, feed=found)
    said = _("“%(feed)s” is removed; what came in by it stays.") % {"feed": found}
    return done(request, said, reverse("feeds", args=[found.desk.slug]))
