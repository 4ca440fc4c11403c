"""The jobs of a desk: running with progress, due, failed with the reason, and done lately."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from claims.actions.desk.jobs import cancel_job, retry_job
from claims.models import Desk, Job
from claims.models.access import access_job
from claims.workbench.access import PersonRequest, enter, open_desk, signed_in
from claims.workbench.outcomes import done

KINDS = {
    "fetch": gettext_lazy("Fetch a page"),
    "read": gettext_lazy("Read a file"),
    "suggest": gettext_lazy("Ask a language model"),
    "recount": gettext_lazy("Read whom older evidence relies on"),
    "purge": gettext_lazy("Delete what has grown old"),
    "account_mail": gettext_lazy("Tell a person by mail about their account"),
    "embed": gettext_lazy("Read what earlier checks say"),
    "resemble": gettext_lazy("Look which suggestions say what a claim says"),
    "regroup": gettext_lazy("Compare the origins of older articles"),
    "analyse": gettext_lazy("Find the claims of an article"),
    "reread": gettext_lazy("Read articles again by newer rules"),
    "search": gettext_lazy("Search evidence for a claim"),
    "searches": gettext_lazy("Search evidence for many claims"),
    "standing": gettext_lazy("Compare new sources with the claims that are watched"),
    "meaning": gettext_lazy("Read what passages of the archive mean"),
    "read_ahead": gettext_lazy("Read the archive ahead by meaning"),
    "index": gettext_lazy("Write the search index"),
    "publish": gettext_lazy("Publish at its time"),
    "fanout": gettext_lazy("Carry a publication to feeds and search"),
}
SHOWN = 50


def kind_in_words(job: Job) -> str:
    """Say what a job does."""
    return str(KINDS.get(job.kind, job.kind))


@signed_in
@require_safe
def jobs(request: PersonRequest, slug: str) -> HttpResponse:
    """The page; asked by htmx, only the lists, which then come again every few seconds."""
    desk = open_desk(request, slug)
    rows = Job.objects.shown_to(request.user).filter(_of_desk(desk)).defer("arguments")
    running = list(
        rows.filter(status=Job.Status.RUNNING).order_by(F("started_at").asc(nulls_last=True), "id")[:SHOWN]
    )
    due = list(rows.filter(status=Job.Status.QUEUED).order_by("run_after", "id")[:SHOWN])
    ahead = _ahead(due)
    failed = list(rows.filter(status=Job.Status.FAILED).order_by("-id")[:SHOWN])
    finished = list(rows.filter(status__in=[Job.Status.DONE, Job.Status.CANCELLED]).order_by("-id")[:20])
    parts: list[dict[str, Any]] = [
        {
            "name": "running",
            "title": _("Running"),
            "rows": _named(running),
            "empty": _("Nothing is running."),
        },
        {"name": "due", "title": _("Due"), "rows": _named(due, ahead), "empty": _("Nothing waits.")},
        {"name": "failed", "title": _("Failed"), "rows": _named(failed), "empty": _("Nothing has failed.")},
        {
            "name": "done",
            "title": _("Done lately"),
            "rows": _named(finished),
            "empty": _("Nothing was done yet."),
        },
    ]
    context = {"parts": parts, "busy": bool(running or due), "failed": len(failed)}
    part = bool(getattr(request, "htmx", False))
    return render(request, "claims/_jobs.html" if part else "claims/jobs.html", context)


def _of_desk(desk: Desk) -> Q:
    """Return the desk's jobs and the installation's own upkeep, which is everybody's business."""
    return Q(desk=desk) | Q(desk=None)


def _ahead(due: list[Job]) -> dict[int, int]:
    """Return how many jobs, of all desks, are served before each of these; asked once for each queue."""
    now = timezone.now()
    found: dict[int, int] = {}
    for queue in {job.queue for job in due}:
        waiting = Job.objects.filter(queue=queue, status=Job.Status.QUEUED, run_after__lte=now)
        order = list(waiting.order_by("turn", "run_after", "id").values_list("pk", flat=True)[:1000])
        found |= {pk: place for place, pk in enumerate(order)}
    return found


def _named(rows: list[Job], ahead: dict[int, int] | None = None) -> list[dict[str, Any]]:
    return [
        {
            "job": job,
            "kind": kind_in_words(job),
            "again": job.status == Job.Status.QUEUED and job.attempts > 0,
            "address": _subject(job),
            "ahead": (ahead or {}).get(job.pk),
        }
        for job in rows
    ]


def _subject(job: Job) -> str:
    """Return the page of what the job is about, where its subject names one."""
    kind, _space, number = job.subject.partition(" ")
    name = {"claim": "claim", "document": "document", "reading": "rereading"}.get(kind)
    return reverse(name, args=[int(number)]) if name and number.isdecimal() else ""


@signed_in
@require_POST
def retry(request: PersonRequest, pk: int) -> HttpResponse:
    """Put a failed job back into the queue."""
    job = access_job(request.user, pk)
    if job.desk is not None:
        enter(request, job.desk)
    retry_job(actor=request.user, job=job)
    home = reverse("jobs", args=[job.desk.slug]) if job.desk else reverse("desk-home")
    return done(request, _("Queued again."), home)


@signed_in
@require_POST
def cancel(request: PersonRequest, pk: int) -> HttpResponse:
    """Take a job that waits out of its queue."""
    job = access_job(request.user, pk)
    if job.desk is not None:
        enter(request, job.desk)
    cancel_job(actor=request.user, job=job)
    home = reverse("jobs", args=[job.desk.slug]) if job.desk else reverse("desk-home")
    return done(request, _("Cancelled."), home)
