"""Adding: one box for an address, a text or a file; and a claim that no article makes."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from claims.actions.base import Refused
from claims.actions.documents.intake import Added, add_file, add_text, add_url
from claims.actions.triage.outside import claim_without_article
from claims.forms.articles import AddForm, NewClaimForm
from claims.models import Job
from claims.models.access import access_job
from claims.workbench.access import PersonRequest, SeeOther, open_desk, signed_in


@signed_in
@require_http_methods(["GET", "POST"])
def add(request: PersonRequest, slug: str) -> HttpResponse:
    """Store what came and open it; stop only at a duplicate, and show that."""
    desk = open_desk(request, slug)
    form = AddForm(request.POST or None, request.FILES or None)
    status = 200
    if request.method == "POST":
        form = AddForm(request.POST, request.FILES)
        status = 422
        if form.is_valid():
            try:
                return _store(request, form)
            except Refused as refusal:
                form.refuse(refusal)
                status = refusal.status
    return render(request, "claims/add.html", {"form": form, "desk": desk}, status=status)


def _store(request: PersonRequest, form: AddForm) -> HttpResponse:
    desk, data = request.desk, form.cleaned_data
    if data["file"]:
        file = data["file"]
        job = add_file(
            actor=request.user,
            desk=desk,
            name=file.name,
            data=file.read(),
            media_type=file.content_type or "",
        )
        return SeeOther(resolve_url("adding", desk.slug, job.pk))
    if form.address:
        answer = add_url(actor=request.user, desk=desk, url=form.address, again=data["again"])
        if isinstance(answer, Job):
            return SeeOther(resolve_url("adding", desk.slug, answer.pk))
        return _opened(request, form, answer)
    names = ("title", "url", "outlet", "authors", "published")
    return _opened(
        request,
        form,
        add_text(actor=request.user, desk=desk, text=data["what"], **{name: data[name] for name in names}),
    )


def _opened(request: PersonRequest, form: AddForm, added: Added) -> HttpResponse:
    if added.duplicate:
        context = {"form": form, "desk": request.desk, "added": added, "address": form.address}
        return render(request, "claims/add.html", context)
    messages.success(request, added.sentence)
    return SeeOther(resolve_url("document", added.document.pk))


@signed_in
@require_GET
def adding(request: PersonRequest, slug: str, pk: int) -> HttpResponse:
    """Show how far fetching or reading is, and open the article when it is there."""
    desk = open_desk(request, slug)
    job = access_job(request.user, pk)
    if job.desk_id != desk.pk:
        raise Http404(_("There is nothing here that you may see."))
    result = job.result if isinstance(job.result, dict) and job.status == Job.Status.DONE else {}
    documents = result.get("documents", [])
    if documents:
        target = (
            resolve_url("document", documents[0])
            if len(documents) == 1
            else resolve_url("articles", desk.slug)
        )
        if result.get("sentence"):
            messages.info(request, str(result["sentence"]))
        if getattr(request, "htmx", False):
            response = HttpResponse()
            response["HX-Redirect"] = target
            return response
        return SeeOther(target)
    waits = job.status in (Job.Status.QUEUED, Job.Status.RUNNING)
    template = "claims/_adding.html" if getattr(request, "htmx", False) else "claims/adding.html"
    return render(request, template, {"job": job, "waits": waits, "desk": desk, "form": AddForm()})


@signed_in
@require_http_methods(["GET", "POST"])
def claim_new(request: PersonRequest, slug: str) -> HttpResponse:
    """Make a claim of what was said elsewhere: quotation, who, where, when."""
    desk = open_desk(request, slug)
    form = NewClaimForm()
    status = 200
    if request.method == "POST":
        form = NewClaimForm(request.POST, request.FILES)
        status = 422
        if form.is_valid():
            data = dict(form.cleaned_data)
            file = data.pop("file")
            try:
                claim = claim_without_article(
                    actor=request.user, desk=desk, file=(file.name, file.read()) if file else None, **data
                )
            except Refused as refusal:
                form.refuse(refusal)
                status = refusal.status
            else:
                messages.success(
                    request, _("The claim is in the queue, and a search for evidence has begun.")
                )
                return SeeOther(resolve_url("claim", claim.pk))
    return render(request, "claims/claim_new.html", {"form": form, "desk": desk}, status=status)
