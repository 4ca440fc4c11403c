"""Earlier checks of other publishers: import a file, name its columns, say what their labels mean."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import render, resolve_url
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from claims.actions import base
from claims.actions.base import Refused
from claims.actions.publishing.import_files import JOB, import_again, import_file
from claims.actions.publishing.labels import NONE, confirm_labels
from claims.forms.feeds import ChecksFileForm
from claims.models import FactCheck, ForeignLabel, Job
from claims.models.access import access_job
from claims.vocabulary import Finding
from claims.workbench.access import PersonRequest, SeeOther, open_desk, signed_in
from claims.workbench.outcomes import done
from claims.workbench.paging import page_of

#: Fields a person is offered for a column, in their words.
FIELD_WORDS = (
    ("claim", _lazy("the claim")),
    ("label", _lazy("the rating")),
    ("url", _lazy("the address of the check")),
    ("publisher", _lazy("the publisher")),
    ("published", _lazy("the day of the check")),
    ("modified", _lazy("the day of its last change")),
    ("claimant", _lazy("who made the claim")),
    ("made_on", _lazy("the day of the claim")),
    ("title", _lazy("the title of the check")),
    ("summary", _lazy("the short answer")),
    ("language", _lazy("the language")),
    ("tags", _lazy("topics")),
    ("appearance", _lazy("where the claim stands")),
)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def checks_import(request: PersonRequest, slug: str) -> HttpResponse:
    """Offer to import a file of fact checks, and list what was imported last."""
    desk = open_desk(request, slug)
    form, status = ChecksFileForm(), 200
    if request.method == "POST":
        form, status = ChecksFileForm(request.POST, request.FILES), 422
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                job = import_file(actor=request.user, desk=desk, name=file.name, data=file.read())
            except Refused as refusal:
                form.refuse(refusal)
                status = refusal.status
            else:
                return SeeOther(resolve_url("checks-imported", desk.slug, job.pk))
    jobs = Job.objects.visible_to(request.user).filter(desk=desk, kind=JOB)
    context = {
        "form": form,
        "works": not desk.roles_of(request.user).isdisjoint(base.WORKERS),
        "jobs": list(jobs.order_by("-id")[:20]),
        "count": FactCheck.objects.filter(desk=desk, imported=True).count(),
    }
    return render(request, "claims/checks_import.html", context, status=status)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def checks_imported(request: PersonRequest, slug: str, pk: int) -> HttpResponse:
    """Show what became of a file; a POST names the columns of a table and imports it again."""
    desk = open_desk(request, slug)
    job = access_job(request.user, pk)
    if job.desk_id != desk.pk or job.kind != JOB:
        raise Http404(_("There is nothing here that you may see."))
    result = job.result if isinstance(job.result, dict) else {}
    refusal: Refused | None = None
    if request.method == "POST":
        names = result.get("columns", {}).get("names", [])
        columns = {
            field: names[at]
            for at in range(len(names))
            if (field := request.POST.get(f"column-{at}", "")) in dict(FIELD_WORDS)
        }
        try:
            again = import_again(actor=request.user, job=job, columns=columns)
        except Refused as problem:
            refusal = problem
        else:
            return SeeOther(resolve_url("checks-imported", desk.slug, again.pk))
    context = {
        "job": job,
        "waits": job.status in (Job.Status.QUEUED, Job.Status.RUNNING),
        "result": result,
        "columns": _columns(result.get("columns", {}), request),
        "field_words": FIELD_WORDS,
        "refusal": refusal,
        "open_labels": ForeignLabel.objects.filter(desk=desk, confirmed_at=None).count(),
    }
    return render(request, "claims/checks_imported.html", context, status=refusal.status if refusal else 200)


def _columns(asked: dict[str, Any], request: PersonRequest) -> list[dict[str, Any]]:
    return [
        {
            "at": at,
            "name": name,
            "field": request.POST.get(f"column-{at}", asked["fields"][at]),
            "sample": [row[at] for row in asked["sample"] if row[at]],
        }
        for at, name in enumerate(asked.get("names", []))
    ]


@signed_in
@require_safe
def labels(request: PersonRequest, slug: str) -> HttpResponse:
    """Publishers with how many of their labels are open; the labels of the one that is chosen."""
    desk = open_desk(request, slug)
    rows = ForeignLabel.objects.visible_to(request.user).filter(desk=desk)
    site = request.GET.get("site", "")
    publishers = (
        rows.values("site")
        .annotate(n=Count("pk"), open=Count("pk", filter=Q(confirmed_at=None)))
        .order_by("-open", "site")[:500]
    )
    chosen = rows.filter(site=site).annotate(checks=Count("factchecks")).select_related("confirmed_by")
    context = {
        "publishers": list(publishers),
        "site": site,
        "page": page_of(chosen, request, order=("label_key", "id")) if site else None,
        "findings": Finding.choices,
        "none": NONE,
        "edits": not desk.roles_of(request.user).isdisjoint(base.EDITORS),
    }
    return render(request, "claims/labels.html", context)


@signed_in
@require_POST
def labels_confirm(request: PersonRequest, slug: str) -> HttpResponse:
    """Say what the labels of one publisher mean."""
    desk = open_desk(request, slug)
    site = request.POST.get("site", "")
    meanings = {
        int(name.removeprefix("label-")): str(value)
        for name, value in request.POST.items()
        if name.startswith("label-") and name.removeprefix("label-").isdecimal() and len(name) < 25
    }
    changed = confirm_labels(actor=request.user, desk=desk, site=site, meanings=meanings)
    said = _("Stored. %(n)d checks show another finding than before.") % {"n": changed}
    return done(request, said, reverse("labels", args=[slug]))
