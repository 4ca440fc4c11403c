"""Who publishes what a desk reads, who owns whom, how much the archive holds, and how the index stands."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from claims.actions import base
from claims.actions.claims.claimants import add_alias, merge_claimants, rename_claimant, split_claimant
from claims.actions.desk.settings import set_owner
from claims.actions.indexing import engines
from claims.actions.indexing.outbox import ask_standing, request_rebuild, try_again
from claims.filters import OutletFilter
from claims.forms.claims import ClaimantAliasForm, ClaimantChangeForm, ClaimantMergeForm, ClaimantSplitForm
from claims.forms.settings import OwnerForm
from claims.models import (
    Capture,
    Claim,
    Claimant,
    ClaimantAlias,
    Document,
    FactCheck,
    Feed,
    ForeignLabel,
    IndexDue,
    IndexEntry,
    IndexTarget,
    Outlet,
    Owner,
    Passage,
    User,
)
from claims.models.access import access_claimant
from claims.models.together import Asking, answered, at_once, by_name, figures_of, these
from claims.search.engine import EngineError
from claims.vocabulary import Role
from claims.workbench.access import PersonRequest, open_desk, opened, signed_in
from claims.workbench.desk.outlet_list import archives, asked_outlets
from claims.workbench.outcomes import done, insist_valid
from claims.workbench.paging import page_of

#: So many outlets stand on the page; the file has them all.
SHOWN = 300


@signed_in
@require_safe
def sources(request: PersonRequest, slug: str) -> HttpResponse:
    """Outlets with their owners, the archive's size, and the state of the index."""
    desk = open_desk(request, slug)
    documents = Document.objects.visible_to(request.user).filter(archive__in=archives(desk)).order_by()
    known, wanted = asked_outlets(desk, request.user, request.GET)
    shown = known[: SHOWN + 1]
    owners = Owner.objects.filter(outlets__documents__in=documents.values("pk")).distinct()[:300]
    may_rebuild = Role.ADMINISTRATOR in desk.roles_of(request.user)
    # Whatever does not rest on one another is asked for at once.
    parts = answered(
        by_name(
            lists=these(shown, owners),
            archive=_archive(documents),
            feeds=figures_of(
                Feed.objects.visible_to(request.user).filter(desk=desk),
                all=Count("pk"),
                taken=Sum("taken"),
                failing=Count("pk", filter=Q(failures__gt=0)),
            ),
            checks=figures_of(
                FactCheck.objects.visible_to(request.user).filter(desk=desk, imported=True), n=Count("pk")
            ),
            labels=figures_of(
                ForeignLabel.objects.visible_to(request.user).filter(desk=desk, confirmed_at=None),
                n=Count("pk"),
            ),
            index=_index(request.user),
        )
    )
    listed = list(shown)
    context = {
        "outlets": listed[:SHOWN],
        "rows": listed,
        "more": len(listed) > SHOWN,
        "most": SHOWN,
        "asked": wanted,
        "sent": request.GET,
        "kinds": OutletFilter.base_filters["kind"].extra["choices"],
        "owners": list(owners),
        "archive": parts["archive"],
        "feeds": parts["feeds"] | {"taken": parts["feeds"]["taken"] or 0},
        "checks": parts["checks"]["n"],
        "open_labels": parts["labels"]["n"],
        "index": parts["index"],
        "may_rebuild": may_rebuild,
    }
    return render(request, "claims/sources.html", context)


def _archive(documents: QuerySet[Document]) -> Asking[dict[str, int]]:
    """Ask how much the archives hold of what this person may read."""
    within = documents.values("pk")
    whole, captures, passages = yield from at_once(
        figures_of(
            documents,
            documents=Count("pk"),
            origins=Count("origin", distinct=True),
            undated=Count("pk", filter=Q(published="")),
        ),
        figures_of(Capture.objects.filter(document__in=within), captures=Count("pk")),
        figures_of(Passage.objects.filter(capture__document__in=within), passages=Count("pk")),
    )
    return whole | captures | passages


def _index(user: User) -> Asking[dict[str, Any]]:
    """Ask what the index says of itself and what it still has to catch up with."""
    due = IndexDue.objects.of(engines.name()).visible_to(user)
    targets = IndexTarget.objects.open().order_by("engine", "state", "id")
    failed = due.given_up().select_related("entry").order_by("id")[:20]
    put_off = due.waiting().exclude(attempts=0).select_related("entry").order_by("id")[:20]
    standing, entries, _rows = yield from at_once(
        ask_standing(),
        figures_of(IndexEntry.objects.filter(deleted=False), n=Count("pk")),
        these(targets, failed, put_off),
    )
    found: dict[str, Any] = {
        "targets": list(targets),
        "standing": standing,
        "failed": list(failed),
        "put_off": list(put_off),
        "entries": entries["n"],
        "status": None,
        "problem": "",
    }
    try:
        found["status"] = engines.reader().status()
    except EngineError as problem:
        found["problem"] = str(problem) or _("The search engine does not answer.")
    return found


@signed_in
@require_POST
def owner(request: PersonRequest, slug: str) -> HttpResponse:
    """Say who owns an outlet."""
    desk = open_desk(request, slug)
    data = insist_valid(OwnerForm(request.POST))
    documents = Document.objects.visible_to(request.user).filter(archive__in=archives(desk)).order_by()
    mine = Outlet.objects.filter(documents__in=documents.values("pk")).distinct()
    outlet = get_object_or_404(mine, pk=data["outlet"])
    set_owner(actor=request.user, desk=desk, outlet=outlet, owner=data["owner"])
    return done(
        request, _("Noted who owns %(name)s.") % {"name": outlet.name}, reverse("sources", args=[slug])
    )


@signed_in
@require_POST
def reindex(request: PersonRequest, slug: str) -> HttpResponse:
    """Start building a fresh index beside the one that is read."""
    open_desk(request, slug)
    request_rebuild(actor=request.user)
    said = _("A fresh index is being built; searches go on with the one there is.")
    return done(request, said, reverse("sources", args=[slug]))


@signed_in
@require_POST
def index_again(request: PersonRequest, slug: str) -> HttpResponse:
    """Have the objects tried again that could not be written to the index."""
    open_desk(request, slug)
    count = try_again(actor=request.user)
    said = ngettext("%(n)d object is tried again.", "%(n)d objects are tried again.", count) % {"n": count}
    return done(request, said, reverse("sources", args=[slug]))


@signed_in
@require_safe
def claimants(request: PersonRequest, slug: str) -> HttpResponse:
    """The claimants of the desk, with other names they are known by."""
    desk = open_desk(request, slug)
    known = Claimant.objects.visible_to(request.user).filter(desk=desk, merged_into=None)
    aliases = Prefetch("aliases", ClaimantAlias.objects.visible_to(request.user))
    page = page_of(known.prefetch_related(aliases), request, order=("name_key", "id"))
    made = Claim.objects.filter(claimant__in=[row.pk for row in page]).order_by().values_list("claimant")
    counts = dict(made.annotate(n=Count("pk")))
    context: dict[str, Any] = {"page": page, "claimants": [(row, counts.get(row.pk, 0)) for row in page]}
    held = desk.roles_of(request.user)
    context |= {
        "kinds": Claimant.Kind.choices,
        "works": not held.isdisjoint(base.WORKERS),
        "edits": not held.isdisjoint(base.EDITORS),
    }
    return render(request, "claims/claimants.html", context)


@signed_in
@require_POST
def claimant_change(request: PersonRequest, pk: int) -> HttpResponse:
    """Correct a claimant's name, kind or job title."""
    claimant = opened(request, access_claimant, pk)
    data = insist_valid(ClaimantChangeForm(request.POST))
    claimant = rename_claimant(actor=request.user, claimant=claimant, **data)
    said = _("Noted: %(name)s.") % {"name": claimant.name}
    return done(request, said, reverse("claimants", args=[claimant.desk.slug]))


@signed_in
@require_POST
def claimant_alias(request: PersonRequest, pk: int) -> HttpResponse:
    """Say by which other name a claimant is known."""
    claimant = opened(request, access_claimant, pk)
    data = insist_valid(ClaimantAliasForm(request.POST))
    row = add_alias(actor=request.user, claimant=claimant, alias=data["alias"])
    said = _("%(alias)s means %(name)s from now on.") % {"alias": row.alias, "name": claimant.name}
    return done(request, said, reverse("claimants", args=[claimant.desk.slug]))


@signed_in
@require_POST
def claimant_merge(request: PersonRequest, pk: int) -> HttpResponse:
    """Say that two claimants are one."""
    claimant = opened(request, access_claimant, pk)
    data = insist_valid(ClaimantMergeForm(request.POST, desk=claimant.desk, user=request.user))
    into = merge_claimants(actor=request.user, claimant=claimant, into=data["into"])
    said = _("%(name)s is now another name of %(into)s.") % {"name": claimant.name, "into": into.name}
    return done(request, said, reverse("claimants", args=[claimant.desk.slug]))


@signed_in
@require_POST
def claimant_split(request: PersonRequest, pk: int) -> HttpResponse:
    """Make one of a claimant's names a claimant of its own again."""
    claimant = opened(request, access_claimant, pk)
    data = insist_valid(ClaimantSplitForm(request.POST))
    own = split_claimant(actor=request.user, claimant=claimant, alias=data["alias"])
    said = _("%(name)s is a claimant of its own again.") % {"name": own.name}
    return done(request, said, reverse("claimants", args=[claimant.desk.slug]))
