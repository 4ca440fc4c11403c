"""One act on many claims: what is selected, what would happen, what happened, and taking it back.

For the queue and the admin alike. A selection is kept before anything is asked, so that thousands of ticks travel
once; every step is a page that works without a script.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Count, QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from claims.actions.base import EDITORS, Refused
from claims.actions.review import bulk as reports
from claims.actions.review import bulk_acts, bulk_undo, selections
from claims.actions.review.bulk_due import moment_of
from claims.exports.listfile import CONTENT_TYPE, lines
from claims.forms.bulk import BulkActForm
from claims.models import BulkAct, BulkActRow, Claim, Desk, Job, Review, Selection, User
from claims.models.access import access_bulk_act, access_selection
from claims.models.fields import row_number
from claims.search.engine import EngineRefused, EngineUnavailable
from claims.templatetags.date_words import moment_in_words
from claims.vocabulary import BulkAction, CloseReason, Consequence
from claims.workbench.access import PersonRequest, SeeOther, open_desk, opened, signed_in
from claims.workbench.desk.matching import matching
from claims.workbench.outcomes import back, done
from claims.workbench.paging import page_of

#: Rows of one kind that stand on the page of an act; the rest is a page away.
SHOWN = 50
EXPORT = "export"
#: Columns of the file of an act.
ROWS = ("id", "claim", "before", "after", "outcome", "why")
KEEP = "keep"


def numbers(values: Iterable[str]) -> list[int]:
    """Return the ids among what a form sent: one in a field, or many with commas between."""
    parts = (part.strip() for value in values for part in value.split(","))
    return [number for part in parts if (number := row_number(part)) is not None]


@signed_in
@require_POST
def bulk(request: PersonRequest, slug: str) -> HttpResponse:
    """Keep what is ticked, or all that the filter lets through, and go on to the act."""
    desk = open_desk(request, slug)
    sent = request.POST
    action = sent.get("action", "")
    if action not in (*BulkAction.values, EXPORT, KEEP):
        raise Refused(_("Choose what to do with the selected claims."))
    query = sent.get("filter", "")[:1_000]
    if sent.get("which") == "all":
        ids = _all_of(desk, request.user, query)
    else:
        ids, query = numbers(sent.getlist("claims")), ""
    if action == EXPORT:
        return _export(request, desk, ids)
    pks = numbers([sent.get("selection", "")])
    earlier = access_selection(request.user, pks[0]) if pks else None
    if sent.get("which") == "all":
        earlier = None
    kept = selections.select(
        actor=request.user,
        desk=desk,
        claims=ids,
        chosen_by=query,
        add_to=earlier,
        shown=numbers(sent.getlist("shown")),
    )
    if action == KEEP:
        return SeeOther(_with_selection(back(request, reverse("queue", args=[slug])), kept))
    return prepared(request, kept, BulkAction(action))


def _all_of(desk: Desk, user: User, query: str) -> list[int]:
    """Return what a filter lets through now; refused where it is not the filter that the list was shown by."""
    try:
        rows = matching(desk, user, QueryDict(query))
    except (EngineUnavailable, EngineRefused) as trouble:
        raise Refused(
            _("The search engine does not answer for these words, so nothing is selected. Tick the claims.")
        ) from trouble
    return list(rows.values_list("pk", flat=True)[: selections.MOST + 1])


def _with_selection(address: str, kept: Selection) -> str:
    path, _mark, query = address.partition("?")
    fields = QueryDict(query, mutable=True)
    fields["selection"] = str(kept.pk)
    return f"{path}?{fields.urlencode()}"


def prepared(request: PersonRequest, kept: Selection, action: BulkAction) -> HttpResponse:
    """Go to the act's fields where it needs some that were not sent, else to what it would do."""
    form = BulkActForm(action, request.POST, desk=kept.desk, user=request.user)
    asked = [name for name in form.fields if name in request.POST]
    if (form.fields and not asked) or not form.is_valid():
        return SeeOther(f"{reverse('selection', args=[kept.pk])}?act={action}")
    act = bulk_acts.preview(actor=request.user, selection=kept, action=action, **form.cleaned_data)
    return SeeOther(reverse("bulk-act", args=[act.pk]))


def _export(request: PersonRequest, desk: Desk, ids: list[int]) -> HttpResponse:
    rows = Claim.objects.visible_to(request.user).filter(desk=desk)
    seen = {
        pk
        for part in selections.chunks(ids)
        for pk in rows.filter(pk__in=part).order_by().values_list("pk", flat=True)
    }
    if not seen:
        raise Refused(_("Select at least one claim first."))
    return HttpResponse(
        reports.export_csv(actor=request.user, claims=[pk for pk in ids if pk in seen]),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="claims-{desk.slug}.csv"'},
    )


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def selection(request: PersonRequest, pk: int) -> HttpResponse:
    """Show what is selected and ask what the act needs; a POST prepares the act."""
    kept = opened(request, access_selection, pk)
    wanted = (request.POST if request.method == "POST" else request.GET).get("act", "")
    if wanted not in BulkAction.values:
        wanted = BulkAction.ASSIGN.value
    action = BulkAction(wanted)
    sent = request.POST if request.method == "POST" else None
    first = {"lead": kept.claims[0]} if kept.claims else {}
    form = BulkActForm(action, sent, desk=kept.desk, user=request.user, initial=first)
    status = 200
    if sent is not None:
        if form.is_valid():
            try:
                act = bulk_acts.preview(
                    actor=request.user, selection=kept, action=action, **form.cleaned_data
                )
                return SeeOther(reverse("bulk-act", args=[act.pk]))
            except Refused as refusal:
                form.refuse(refusal)
                status = refusal.status
        else:
            status = 422
    rows = Claim.objects.visible_to(request.user).filter(pk__in=kept.claims[:SHOWN])
    by_pk = {row.pk: row for row in rows.select_related("claimant")}
    context = {
        "selection": kept,
        "action": action,
        "actions": [(one.value, one.label, one == action) for one in BulkAction],
        "form": form,
        "listed": [by_pk[one] for one in kept.claims[:SHOWN] if one in by_pk],
        "more": max(kept.count - SHOWN, 0),
        "back": _with_selection(_list_of(kept), kept),
    }
    return render(request, "claims/selection.html", context, status=status)


def _list_of(kept: Selection | None, desk: Desk | None = None) -> str:
    found = kept.desk if kept is not None else desk
    address = reverse("queue", args=[found.slug if found else ""])
    return f"{address}?{kept.chosen_by}" if kept is not None and kept.chosen_by else address


@signed_in
@require_safe
def bulk_act(request: PersonRequest, pk: int) -> HttpResponse:
    """Show an act: what it would do, how far it is, or what became of each row."""
    act = opened(request, access_bulk_act, pk)
    rows = BulkActRow.objects.visible_to(request.user).filter(act=act).select_related("claim")
    looking = act.state == BulkAct.State.LOOKING
    looked = act.state == BulkAct.State.PREVIEW
    column = "group" if looked else "outcome"
    counted = dict(rows.order_by().values_list(column).annotate(n=Count("pk")))
    only = request.GET.get("show")
    names = _PREVIEW if looked else _OUTCOMES
    people = _people(act, request.user)
    groups = []
    page = None
    for name, title in names:
        if looking or not counted.get(name) or (only is not None and only != name):
            continue
        some = rows.filter(**{column: name})
        page = page_of(some, request, order=("id",), size=SHOWN) if only == name else None
        found = list(page.rows) if page is not None else list(some.order_by("id")[:SHOWN])
        groups.append(
            {
                "name": name,
                "title": title,
                "count": counted[name],
                "rows": _lines(act, found, people),
                "more": 0 if page is not None else max(counted[name] - len(found), 0),
                "asks": looked and name in Consequence.values,
                "left": looked and name == bulk_acts.LEFT,
            }
        )
    ticked = rows.filter(ticked=True).exclude(group=bulk_acts.LEFT)
    on_page = sum(1 for group in groups for line in group["rows"] if looked and line["row"].ticked)
    count = ticked.count()
    job = bulk_acts.work_of(act) if act.is_active else None
    mine = act.asked_by_id == request.user.pk
    waiting = counted.get(BulkActRow.Outcome.WAITING, 0)
    context = {
        "desk": act.desk,
        "act": act,
        "title": _title(act, people),
        "groups": groups,
        "page": page,
        "only": only,
        "looked": looked,
        "looking": looking,
        "will": act.selection.count if looking and act.selection else count,
        "elsewhere": count - on_page,
        "verb": BulkAction(act.action).label,
        "takes": sum(counted.get(name, 0) for name in Consequence.values) if looked else 0,
        "left": counted.get(bulk_acts.LEFT, 0) if looked else 0,
        "counted": counted,
        "waiting": waiting,
        "worked": act.total if looking else count - waiting,
        "stopped": act.is_active
        and (job is None or job.status not in (Job.Status.QUEUED, Job.Status.RUNNING)),
        "why_stopped": job.error if job is not None else "",
        "mine": mine,
        "may_work": mine or not act.desk.roles_of(request.user).isdisjoint(EDITORS),
        "may_undo": bulk_undo.may_undo(request.user, act, now=timezone.now())
        and bool(counted.get(BulkActRow.Outcome.DONE)),
        "undoes": act.action in bulk_undo.UNDOES,
        "undo_until": act.ended_at + BulkAct.UNDO_WITHIN if act.ended_at else None,
        "back": _list_of(act.selection, act.desk),
        "change": f"{reverse('selection', args=[act.selection_id])}?act={act.action}"
        if act.selection_id and mine
        else "",
    }
    return render(request, "claims/bulk_act.html", context)


_PREVIEW = (
    *((one.value, one.label) for one in Consequence),
    ("", gettext_lazy("Will change")),
    (bulk_acts.LEFT, gettext_lazy("Left as they are")),
)
_OUTCOMES = (
    (BulkActRow.Outcome.WARNED.value, BulkActRow.Outcome.WARNED.label),
    (BulkActRow.Outcome.SKIPPED.value, BulkActRow.Outcome.SKIPPED.label),
    (BulkActRow.Outcome.KEPT.value, BulkActRow.Outcome.KEPT.label),
    (BulkActRow.Outcome.UNDONE.value, BulkActRow.Outcome.UNDONE.label),
    (BulkActRow.Outcome.DONE.value, BulkActRow.Outcome.DONE.label),
    (BulkActRow.Outcome.WAITING.value, BulkActRow.Outcome.WAITING.label),
)


def _people(act: BulkAct, user: User) -> dict[int, str]:
    """Return the names of the desk's people and of whoever the rows name."""
    rows = User.objects.filter(memberships__desk=act.desk) | User.objects.filter(pk=act.said.get("to") or 0)
    return dict(rows.distinct().values_list("pk", "display_name"))


def _title(act: BulkAct, people: dict[int, str]) -> str:
    match act.action:
        case BulkAction.ASSIGN:
            to = act.said.get("to")
            return _("Assign to %(who)s") % {"who": people.get(to, _("somebody")) if to else _("nobody")}
        case BulkAction.DISMISS:
            return _("Close: %(reason)s") % {"reason": CloseReason(act.said["reason"]).label}
        case BulkAction.VERDICT:
            return _("Assign the verdict of claim %(n)d") % {"n": act.said["lead"]}
        case BulkAction.TAG:
            return _("Tag: %(what)s") % {"what": _tags_of(act)}
        case BulkAction.DUE:
            return _("Due: %(when)s") % {"when": _due(moment_of(act.said))}
        case _:
            return str(BulkAction(act.action).label)


def _due(moment: dt.datetime | None) -> str:
    return moment_in_words(moment) if moment is not None else _("no time")


def _tags_of(act: BulkAct) -> str:
    """Return the tags of an act: a plus before what is put on, a minus before what is taken off."""
    return ", ".join(
        [*(f"+ {name}" for name in act.said["add"]), *(f"− {name}" for name in act.said["take"])]
    )


def _lines(act: BulkAct, rows: Iterable[BulkActRow], people: dict[int, str]) -> list[dict[str, Any]]:
    return [{"row": row, **_shift(act, row, people)} for row in rows]


def _shift(act: BulkAct, row: BulkActRow, people: dict[int, str]) -> dict[str, str]:
    """Return what of a row would be, or was, another: old and new in words."""
    holder = row.before.get("assignee_id")
    state = row.before.get("state", "")
    was = str(Review.State(state).label) if state in Review.State.values else "–"
    match act.action:
        case BulkAction.ASSIGN:
            to = act.said.get("to")
            return {
                "old": people.get(holder, _("somebody")) if holder else _("nobody"),
                "new": people.get(to, _("somebody")) if to else _("nobody"),
            }
        case BulkAction.DISMISS:
            return {"old": was, "new": str(Review.State.CLOSED.label)}
        case BulkAction.VERDICT:
            return {"old": was, "new": str(Review.State.AWAITING_APPROVAL.label)}
        case BulkAction.APPROVE:
            return {"old": was, "new": _("approved by you")}
        case BulkAction.TAG:
            return {"old": "", "new": _tags_of(act)}
        case BulkAction.DUE:
            return {
                "old": _due(row.claim.due_at) if row.outcome == BulkActRow.Outcome.WAITING else "",
                "new": _due(moment_of(act.said)),
            }
        case _:
            return {"old": was, "new": _("searched again")}


@signed_in
@require_POST
def start(request: PersonRequest, pk: int) -> HttpResponse:
    """Keep the ticks of the page; do the act unless only the ticks were meant."""
    act = opened(request, access_bulk_act, pk)
    sent = request.POST
    here = reverse("bulk-act", args=[pk])
    bulk_acts.tick(
        actor=request.user,
        act=act,
        ticked=numbers(sent.getlist("claims")),
        shown=numbers(sent.getlist("shown")),
    )
    group, _mark, on = sent.get("group", "").rpartition(":")
    if on in ("on", "off"):
        bulk_acts.tick(actor=request.user, act=act, group=group, on=on == "on")
        return SeeOther(back(request, here))
    if sent.get("do") == KEEP:
        return SeeOther(back(request, here))
    bulk_acts.start(actor=request.user, act=act)
    return SeeOther(here)


@signed_in
@require_POST
def stop(request: PersonRequest, pk: int) -> HttpResponse:
    """End an act after the batch it is at."""
    left = bulk_acts.stop(actor=request.user, act=opened(request, access_bulk_act, pk))
    said = ngettext("Stopped. %d claim stays as it is.", "Stopped. %d claims stay as they are.", left) % left
    return done(request, said, reverse("bulk-act", args=[pk]))


@signed_in
@require_POST
def go_on(request: PersonRequest, pk: int) -> HttpResponse:
    """Go on with an act whose worker ended."""
    job = bulk_acts.go_on(actor=request.user, act=opened(request, access_bulk_act, pk))
    said = _("It goes on.") if job is not None else _("Nothing is left to do.")
    return done(request, said, reverse("bulk-act", args=[pk]))


@signed_in
@require_POST
def undo(request: PersonRequest, pk: int) -> HttpResponse:
    """Take an act back, where nothing newer happened."""
    bulk_undo.undo(actor=request.user, act=opened(request, access_bulk_act, pk))
    return SeeOther(reverse("bulk-act", args=[pk]))


@signed_in
@require_safe
def rows_csv(request: PersonRequest, pk: int) -> HttpResponse:
    """Give every row of an act: the claim, what it was, what became of it and why."""
    act = opened(request, access_bulk_act, pk)
    rows = BulkActRow.objects.visible_to(request.user).filter(act=act).select_related("claim").order_by("id")
    return HttpResponse(
        lines(ROWS, _told(act, rows, _people(act, request.user))),
        content_type=CONTENT_TYPE,
        headers={"Content-Disposition": f'attachment; filename="bulk-{act.pk}.csv"'},
    )


def _told(act: BulkAct, rows: QuerySet[BulkActRow], people: dict[int, str]) -> Iterator[dict[str, Any]]:
    for row in rows.iterator(chunk_size=500):
        shift = _shift(act, row, people)
        yield {
            "id": row.claim_id,
            "claim": row.claim.wording,
            "before": str(shift["old"]),
            "after": str(shift["new"]),
            "outcome": str(row.get_outcome_display()),
            "why": row.why,
        }
