"""One act on many rows of the admin's lists: choose, look at what would happen to each, do it, read the report.

Claims go through ``actions.bulk``; suggestions are accepted and dismissed one by one through the actions of
triage. What is foretold is a dry run of the same act.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from claims.actions import base
from claims.actions.review import bulk as actions
from claims.actions.review.bulk import BulkReport, BulkRow, RowOutcome
from claims.actions.triage import decisions as triage
from claims.admin.guarded import GuardedAdmin
from claims.admin.scope import desks_of, person_of
from claims.forms.bulk import MOST, BulkAction, BulkForm
from claims.forms.fields import LineField
from claims.models import Appearance, Claim, Desk, User
from claims.models.access import access_claim

#: The fields of the shared form that an act asks for before its preview.
ASKED: dict[str, tuple[str, ...]] = {
    BulkAction.ASSIGN: ("to",),
    BulkAction.DISMISS: ("reason", "note"),
    BulkAction.SEARCH: (),
    BulkAction.VERDICT: ("lead",),
    BulkAction.APPROVE: ("comment",),
    BulkAction.EXPORT: (),
}
_LABEL = 120


def _chosen(action: BulkAction) -> Any:
    """Return the list's own action: it opens the form of the act, or its preview where nothing is asked."""

    @admin.action(description=action.label)
    def start(owner: GuardedAdmin, request: HttpRequest, queryset: QuerySet[Claim]) -> HttpResponse | None:
        rows = list(queryset.order_by().values_list("pk", "desk_id")[: MOST + 1])
        desks = {desk for _pk, desk in rows}
        if len(desks) > 1:
            messages.error(
                request, _t("Select claims of one desk at a time: people, scales and rules differ.")
            )
            return None
        if len(rows) > MOST:
            messages.error(request, _t("Select at most %(most)d claims at a time.") % {"most": MOST})
            return None
        if not desks:
            return None
        data = QueryDict(mutable=True)
        data.setlist("claims", [str(pk) for pk, _desk in sorted(rows)])
        data["action"], data["desk"] = action.value, str(desks.pop())
        data["step"] = "choose" if ASKED[action] else "preview"
        return _step(owner, request, data)

    start.__name__ = f"bulk_{action.value}"
    return start


CLAIM_ACTIONS = tuple(_chosen(action) for action in BulkAction)


def page(owner: GuardedAdmin, request: HttpRequest) -> HttpResponse:
    """Go one step further with a bulk act on claims."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    return _step(owner, request, request.POST)


def _desk(request: HttpRequest, value: str) -> Desk:
    if not value.isdecimal() or len(value) > 18 or int(value) not in desks_of(request):
        raise Http404
    return Desk.objects.get(pk=int(value))


def _step(owner: GuardedAdmin, request: HttpRequest, data: QueryDict) -> HttpResponse:
    person, desk = person_of(request), _desk(request, data.get("desk", ""))
    try:
        action = BulkAction(data.get("action", ""))
    except ValueError:
        raise Http404 from None
    step = data.get("step", "")
    form = BulkForm(data if step != "choose" else None, initial=_initial(data), desk=desk, user=person)
    # A checkbox says that rows with another claimant, date or number are to be left out.
    skip_warned = data.get("skip_warned") == "yes"
    context = {
        **owner.admin_site.each_context(request),
        "title": action.label.rstrip(" …"),
        "opts": owner.opts,
        "action": action,
        "desk": desk,
        "form": form,
        "asked": [form[name] for name in ASKED[action]],
        "selected": [pk for pk in data.getlist("claims") if pk.isdecimal()],
        "address": reverse("admin:claims_claim_bulk"),
        "back": reverse("admin:claims_claim_changelist"),
        "row_page": "admin:claims_claim_change",
        "selected_name": "claims",
        "offers_skipping": action is BulkAction.VERDICT,
        "skip_warned": skip_warned,
        "exports": action is BulkAction.EXPORT,
    }
    if step == "choose" or not form.is_valid():
        status = 200 if step == "choose" else 422
        context["listed"] = _listed(person, desk, data)
        return TemplateResponse(request, "admin/bulk_choose.html", context, status=status)
    said = form.cleaned_data
    try:
        if action is BulkAction.EXPORT and step == "do":
            return HttpResponse(
                actions.export_csv(actor=person, claims=list(said["claims"])),
                content_type="text/csv; charset=utf-8",
                headers={"Content-Disposition": f'attachment; filename="claims-{desk.slug}.csv"'},
            )
        report = run(person, action, said, skip_warned=skip_warned, dry_run=step != "do")
    except base.Refused as refusal:
        messages.error(request, str(refusal))
        context["listed"] = _listed(person, desk, data)
        return TemplateResponse(request, "admin/bulk_choose.html", context, status=refusal.status)
    return _report(request, context, report, data)


def _initial(data: QueryDict) -> dict[str, Any]:
    """Offer the first selected claim as the lead."""
    chosen = data.getlist("claims")
    return {"action": data.get("action", ""), "lead": data.get("lead") or (chosen[0] if chosen else "")}


def _listed(person: User, desk: Desk, data: QueryDict) -> list[Claim]:
    ids = [int(pk) for pk in data.getlist("claims") if pk.isdecimal() and len(pk) < 19]
    rows = Claim.objects.visible_to(person).filter(desk=desk, pk__in=ids[:MOST])
    return list(rows.select_related("claimant").order_by("pk"))


def _report(
    request: HttpRequest, context: dict[str, Any], report: BulkReport, data: QueryDict
) -> HttpResponse:
    """Show what would happen, or what happened, row by row."""
    kept = [
        (name, value)
        for name in data
        if name not in ("csrfmiddlewaretoken", "step", "index", "select_across", "_selected_action")
        for value in data.getlist(name)
    ]
    counts = {outcome.value: report.count(outcome) for outcome in RowOutcome}
    context |= {
        "report": report,
        "counts": counts,
        "can": counts["done"] + counts["warned"],
        "kept": kept,
        "done": not report.dry_run,
    }
    return TemplateResponse(request, "admin/bulk_report.html", context)


def run(
    person: User, action: BulkAction, said: dict[str, Any], *, skip_warned: bool = False, dry_run: bool
) -> BulkReport:
    """Hand one act over to its action; ``said`` is what the shared form says."""
    chosen = list(said["claims"])
    with base.gesture("admin"):
        match action:
            case BulkAction.ASSIGN:
                return actions.assign_many(actor=person, claims=chosen, to=said["to"], dry_run=dry_run)
            case BulkAction.DISMISS:
                return actions.dismiss_many(
                    actor=person, claims=chosen, reason=said["reason"], note=said["note"], dry_run=dry_run
                )
            case BulkAction.SEARCH:
                return actions.search_many(actor=person, claims=chosen, dry_run=dry_run)
            case BulkAction.VERDICT:
                lead = access_claim(person, said["lead"])
                others = [claim for claim in chosen if claim.pk != lead.pk]
                return actions.assign_verdict_many(
                    actor=person, claims=others, lead=lead, skip_warned=skip_warned, dry_run=dry_run
                )
            case BulkAction.APPROVE:
                return actions.approve_many(
                    actor=person, claims=chosen, comment=said["comment"], dry_run=dry_run
                )
            case BulkAction.EXPORT:
                rows = actions.export_rows(actor=person, claims=chosen)
                return BulkReport(
                    tuple(BulkRow(row["id"], row["wording"][:_LABEL], RowOutcome.DONE) for row in rows), True
                )


# Suggestions


class TriageForm(forms.Form):
    """What one triage act on several suggestions asks for."""

    reason = LineField(max_length=300, label=_("Reason"))


def _accept(person: User, row: Appearance, said: dict[str, Any]) -> None:
    triage.accept(actor=person, appearance=row, why=said["reason"], expected_version=row.version)


def _dismiss(person: User, row: Appearance, said: dict[str, Any]) -> None:
    triage.dismiss(actor=person, appearance=row, reason=said["reason"], expected_version=row.version)


_TRIAGE: dict[str, tuple[Any, Callable[[User, Appearance, dict[str, Any]], None]]] = {
    "accept": (_("Accept as claims …"), _accept),
    "dismiss": (_("Dismiss …"), _dismiss),
}


def _triage_action(name: str) -> Any:
    words, _act = _TRIAGE[name]

    @admin.action(description=words)
    def start(
        owner: GuardedAdmin, request: HttpRequest, queryset: QuerySet[Appearance]
    ) -> HttpResponse | None:
        rows = list(queryset.order_by().values_list("pk", flat=True)[: MOST + 1])
        if len(rows) > MOST:
            messages.error(request, _t("Select at most %(most)d rows at a time.") % {"most": MOST})
            return None
        data = QueryDict(mutable=True)
        data.setlist("rows", [str(pk) for pk in sorted(rows)])
        data["action"], data["step"] = name, "choose"
        return _triage_step(owner, request, data)

    start.__name__ = f"bulk_{name}"
    return start


APPEARANCE_ACTIONS = tuple(_triage_action(name) for name in _TRIAGE)


def appearances_page(owner: GuardedAdmin, request: HttpRequest) -> HttpResponse:
    """Go one step further with accepting or dismissing several suggestions."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    return _triage_step(owner, request, request.POST)


def _triage_step(owner: GuardedAdmin, request: HttpRequest, data: QueryDict) -> HttpResponse:
    name, step = data.get("action", ""), data.get("step", "")
    if name not in _TRIAGE:
        raise Http404
    ids = [int(pk) for pk in data.getlist("rows") if pk.isdecimal() and len(pk) < 19][:MOST]
    by_article = F("capture_id").asc(nulls_last=True)
    rows = list(owner.get_queryset(request).filter(pk__in=ids).order_by(by_article, "start", "pk"))
    form = TriageForm(data if step != "choose" else None)
    words, act = _TRIAGE[name]
    context = {
        **owner.admin_site.each_context(request),
        "title": str(words).rstrip(" …"),
        "opts": owner.opts,
        "action": name,
        "form": form,
        "asked": [form["reason"]],
        "selected": [row.pk for row in rows],
        "selected_name": "rows",
        "address": reverse("admin:claims_appearance_bulk"),
        "back": reverse("admin:claims_appearance_changelist"),
        "row_page": "admin:claims_appearance_change",
        "listed": rows,
    }
    if step == "choose" or not form.is_valid():
        return TemplateResponse(
            request, "admin/bulk_choose.html", context, status=200 if step == "choose" else 422
        )
    said, person = form.cleaned_data, person_of(request)
    report = each(rows, lambda row: act(person, row, said), dry_run=step != "do")
    return _report(request, context, report, data)


def each(rows: Iterable[Appearance], act: Callable[[Appearance], None], *, dry_run: bool) -> BulkReport:
    """Do one act on each suggestion in a transaction of its own; a dry run takes each back."""
    found = []
    with base.gesture("admin"):
        for row in rows:
            outcome, why = RowOutcome.DONE, ""
            try:
                with transaction.atomic():
                    act(row)
                    if dry_run:
                        transaction.set_rollback(True)
            except base.Refused as refusal:
                outcome, why = RowOutcome.SKIPPED, str(refusal)
            found.append(BulkRow(row.pk, row.quotation[:_LABEL], outcome, why))
    return BulkReport(tuple(found), dry_run)
