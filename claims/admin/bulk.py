"""One act on many rows of the admin's lists.

Selected claims are kept and handed to the pages that the queue uses; suggestions are accepted and dismissed one by
one through the actions of triage. What is foretold is a dry run of the same act.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import F, QuerySet
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
    QueryDict,
)
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from claims.actions import base
from claims.actions.review import bulk as reports
from claims.actions.review import bulk_acts, selections
from claims.actions.review.bulk import BulkReport, BulkRow, RowOutcome
from claims.actions.triage import decisions as triage
from claims.admin.guarded import GuardedAdmin
from claims.admin.scope import person_of
from claims.forms.fields import LineField
from claims.models import Appearance, Claim, Desk, User
from claims.models.fields import row_number
from claims.vocabulary import BulkAction

MOST = 500
_LABEL = 120
_ASKS = tuple(one for one in BulkAction if one is not BulkAction.SEARCH)


def _chosen(name: str, words: Any) -> Any:
    """Return the list's own action: it keeps the selection and goes on to the pages that the queue uses."""

    @admin.action(description=words)
    def start(owner: GuardedAdmin, request: HttpRequest, queryset: QuerySet[Claim]) -> HttpResponse | None:
        person = person_of(request)
        desks = set(queryset.order_by().values_list("desk_id", flat=True).distinct()[:2])
        if len(desks) > 1:
            messages.error(
                request, _t("Select claims of one desk at a time: people, scales and rules differ.")
            )
        if len(desks) != 1:
            return None
        desk = Desk.objects.get(pk=desks.pop())
        ids = list(queryset.order_by("pk").values_list("pk", flat=True)[: selections.MOST + 1])
        try:
            if name == _EXPORT:
                return HttpResponse(
                    reports.export_csv(actor=person, claims=ids),
                    content_type="text/csv; charset=utf-8",
                    headers={"Content-Disposition": f'attachment; filename="claims-{desk.slug}.csv"'},
                )
            kept = selections.select(actor=person, desk=desk, claims=ids)
            if name in _ASKS:
                return HttpResponseRedirect(f"{reverse('selection', args=[kept.pk])}?act={name}")
            act = bulk_acts.preview(actor=person, selection=kept, action=name)
        except base.Refused as refusal:
            messages.error(request, str(refusal))
            return None
        return HttpResponseRedirect(reverse("bulk-act", args=[act.pk]))

    start.__name__ = f"bulk_{name}"
    return start


_EXPORT = "export"
CLAIM_ACTIONS = (
    *(_chosen(one.value, one.label) for one in BulkAction),
    _chosen(_EXPORT, _("Export as CSV")),
)


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
    ids = [pk for typed in data.getlist("rows") if (pk := row_number(typed)) is not None][:MOST]
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
