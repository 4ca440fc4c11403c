"""The article page: what is known about it, its text with the claims in it, and its captures.

Reading only, but for publication date and metadata; what is done to claims is in ``appearances``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_GET, require_http_methods

from claims.actions.base import ADDERS, WORKERS, Refused
from claims.actions.documents import blobs
from claims.actions.documents.analysis import analyse_opened, hasten_analysis
from claims.actions.documents.intake import preview_publication, set_metadata, set_publication
from claims.actions.documents.rereading import last_of
from claims.actions.documents.storing import analysis_key
from claims.actions.evidence.search import MANY
from claims.actions.triage import suggestions
from claims.actions.triage.undo import ask_last_gesture
from claims.forms import redating
from claims.forms.articles import WHY, MetadataForm, PublicationForm
from claims.models import AnalysisRun, Capture, Claim, Desk, Document, FinishedArticle, Job
from claims.models.access import access_capture, access_document
from claims.models.facts import ask_people, members
from claims.models.together import Asking, answered, by_name, these
from claims.workbench.access import PersonRequest, SeeOther, desk_of_document, signed_in
from claims.workbench.articles.claim_list import list_of
from claims.workbench.articles.claims_beside import apart, ask_cards_of, in_order, mark_onward, marks_of
from claims.workbench.articles.flag_words import words_of
from claims.workbench.articles.marked_text import marked
from claims.workbench.articles.rereadings import on_article
from claims.workbench.desk.tags import on_document
from claims.workbench.discussion.panel import of_article, said_about_article

_UNDO = {
    "appearance.accepted": _lazy("Undo accepting"),
    "appearance.dismissed": _lazy("Undo dismissing"),
    "appearance.reopened": _lazy("Undo reopening"),
    "appearance.span_edited": _lazy("Undo the change of words"),
    "appearance.split": _lazy("Undo splitting"),
    "appearance.merged": _lazy("Undo merging"),
    "appearance.added": _lazy("Undo adding"),
    "document.finished": _lazy("Undo finishing"),
    "document.published_set": _lazy("Undo the publication date"),
}


def focus_of(request: PersonRequest) -> int | None:
    """Return the claim the address or the form points to."""
    value = request.GET.get("focus") or request.POST.get("focus") or ""
    return int(value) if value.isdecimal() and len(value) < 19 else None


@signed_in
@require_GET
def document(request: PersonRequest, pk: int) -> HttpResponse:
    """Show an article with its suggested claims."""
    found = access_document(request.user, pk)
    desk = desk_of_document(request, found)
    context = page_context(request, found, desk)
    job = context["job"]
    if job is not None and job.queue == Job.Queue.BULK and desk.roles_of(request.user):
        # Whoever opens it waits for it.
        hasten_analysis(actor=request.user, capture=context["capture"], desk=desk)
    unread = (
        context["capture"] is not None and context["is_newest"] and context["run"] is None and job is None
    )
    if unread and desk.roles_of(request.user):
        # What came in with many others is split when somebody opens it.
        context["job"] = analyse_opened(actor=request.user, capture=context["capture"], desk=desk)
    return render(request, "claims/document.html", context)


def page_context(
    request: PersonRequest, found: Document, desk: Desk, *, forms: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Gather everything the article page shows; ``forms`` replaces a form that was refused."""
    capture = _capture_asked(request, found)
    focus = focus_of(request)
    shown = list_of(request)
    runs = AnalysisRun.objects.filter(desk=desk, capture=capture, is_current=True)
    finished = (
        FinishedArticle.objects.filter(document=found, desk=desk).order_by().values_list("at", flat=True)
    )
    reread = last_of(found, desk)
    asked: dict[str, Asking[Any]] = {
        "people": ask_people(desk),
        "rows": these(finished, *((runs, reread) if capture else ())),
        "searching": _searching(desk, found),
        "undo": ask_last_gesture(actor=request.user, desk=desk, document=found),
        "said": said_about_article(found, desk, request.user),
        "tags": on_document(found, desk, request.user),
    }
    if capture is not None:
        asked["cards"] = ask_cards_of(desk, capture, request.user, focus=focus)
        asked["job"] = _analysis_job(desk, capture)
    # Whatever does not rest on one another is asked for at once.
    parts = answered(by_name(**asked))
    run = next(iter(runs), None) if capture else None
    cards = in_order(parts.get("cards", []), shown.order)
    if focus is None:
        focus = shown.next_open(shown.kept(cards), None)
        for card in cards:
            card.focused = card.row.pk == focus
    listed, whole = apart(shown.kept(cards))
    listed, below = shown.split(listed)
    mark_onward(listed)
    waiting = sum(1 for card in cards if card.is_open and card.row.checkable != "no")
    job = parts.get("job")
    roles = desk.roles_of(request.user)
    return {
        "document": found,
        "finished_at": next(iter(finished), None),
        "heading": found.title or _first_line(capture),
        "desk": desk,
        "capture": capture,
        "is_newest": capture is not None and capture.number == found.captures_made,
        "run": run,
        "job": job,
        "may_suggest": suggestions.configured(),
        "suggestions": suggestions.standing(desk=desk, capture=capture)
        if capture and suggestions.configured()
        else "",
        "cards": listed,
        "below": below,
        "below_open": any(card.focused for card in below),
        "list": shown,
        "kinds": shown.filters(cards),
        "whole_sentences": whole,
        "whole_open": any(card.focused for card in whole),
        "found": len(cards),
        "text": marked(capture.text, marks_of(cards, focus)) if capture else "",
        "focus": focus,
        "next": shown.next_open(shown.kept(cards), focus),
        "waiting": waiting,
        "searching": parts["searching"],
        "accepted": sum(1 for card in cards if card.row.triage == "accepted"),
        "rest": sum(1 for card in cards if card.is_open),
        "left_out": _left_out(run, capture),
        "flags": [words_of(str(flag)) for flag in run.flags] if run else [],
        "reread": on_article(run, next(iter(reread), None) if run else None),
        "proposals": list(enumerate(run.proposals)) if run else [],
        "undo": undo_button(parts["undo"]),
        # Written once for all cards.
        "options": {
            "why": _options(WHY),
            "checks": _options(Claim.Checks.choices),
            "claims": _options((one.pk, Truncator(one.wording).chars(80)) for one in _claims(cards)),
        },
        "changes": request.session.pop(f"redated:{found.pk}", None) if not forms else None,
        "publication": PublicationForm(
            initial={"value": found.published, "expected_version": found.version}, auto_id="pub_%s"
        ),
        "metadata": MetadataForm(found, initial=_metadata(found), auto_id="meta_%s"),
        "may_work": bool(roles & set(WORKERS)),
        "discussion": of_article(
            found,
            request.user,
            parts["said"],
            [(one.id, one.name) for one in members(desk) if one.has(*ADDERS)],
            may_write=bool(roles & set(ADDERS)),
            form=(forms or {}).get("note"),
        ),
        **parts["tags"],
        **(forms or {}),
    }


def undo_button(last: tuple[UUID, str] | None) -> dict[str, Any] | None:
    """Return what the button to undo says and names; None where nothing of this person can be taken back."""
    return {"gesture": last[0], "label": _UNDO.get(last[1], _("Undo"))} if last else None


def _first_line(capture: Capture | None) -> str:
    """Return the beginning of the text, for a document that nobody has given a title."""
    line = capture.text.strip().partition("\n")[0].strip() if capture else ""
    return line if len(line) <= 100 else line[:100].rpartition(" ")[0] + " …"


def _capture_asked(request: PersonRequest, found: Document) -> Capture | None:
    number = request.GET.get("capture", "")
    rows = found.captures.order_by("-number")
    if number.isdecimal():
        asked = rows.filter(number=int(number)).first()
        if asked is None:
            raise Http404(_("There is no such capture."))
        return asked
    return rows.first()


def _analysis_job(desk: Desk, capture: Capture) -> Asking[Job | None]:
    """Ask for the analysis of a capture that waits, runs or has failed last."""
    states = [Job.Status.QUEUED, Job.Status.RUNNING, Job.Status.FAILED]
    rows = Job.objects.filter(desk=desk, dedupe_key=analysis_key(desk, capture)).order_by("-id")
    newest = rows.filter(status__in=states)[:1]
    done = rows.filter(status=Job.Status.DONE).values_list("pk", flat=True)[:1]
    yield newest, done
    job = next(iter(newest), None)
    if job is not None and job.status == Job.Status.FAILED and next(iter(done), 0) > job.pk:
        return None
    return job


def _searching(desk: Desk, found: Document) -> Asking[Job | None]:
    """Ask for the search of all claims of an article that waits or runs, or the last one where it left claims out."""
    jobs = Job.objects.filter(desk=desk, kind=MANY, subject=f"document {found.pk}").order_by("-id")
    newest = jobs.exclude(status=Job.Status.CANCELLED)[:1]
    yield [newest]
    job = next(iter(newest), None)
    if job is None or job.status != Job.Status.DONE:
        return job
    return job if (job.result or {}).get("failed") else None


def _left_out(run: AnalysisRun | None, capture: Capture | None) -> list[dict[str, Any]]:
    if run is None or capture is None:
        return []
    return [
        {
            "text": capture.text[row["start"] : row["end"]].strip(),
            "why": row["why"],
            **{k: row[k] for k in ("start", "end")},
        }
        for row in run.left_out
        if capture.text[row["start"] : row["end"]].strip()
    ]


#: So many claims of an article are offered at each of its suggestions; a list for each grows with their product.
OFFERED = 30


def _options(pairs: Iterable[tuple[Any, Any]]) -> SafeString:
    return format_html_join("", '<option value="{}">{}</option>', pairs)


def _claims(cards: list[Any]) -> list[Claim]:
    """Return the newest claims that this article has made: another suggestion may be an appearance of one."""
    found = {card.claim.pk: card.claim for card in cards if card.claim is not None}
    return [found[pk] for pk in sorted(found, reverse=True)[:OFFERED]]


def _metadata(found: Document) -> dict[str, Any]:
    return {
        "title": found.title,
        "outlet": found.outlet.name if found.outlet else "",
        "authors": found.authors,
        "language": found.language,
        "visibility": found.visibility,
        "named": list(found.named.all()),
        "expected_version": found.version,
    }


@signed_in
@require_GET
def progress(request: PersonRequest, pk: int) -> HttpResponse:
    """Answer the page that asks how far the analysis is; ends the asking when it is over."""
    found = access_document(request.user, pk)
    desk = desk_of_document(request, found)
    capture = found.captures.order_by("-number").first()
    job = answered(_analysis_job(desk, capture)) if capture else None
    context = {
        "document": found,
        "job": job,
        "first_time": request.GET.get("first") == "1",
        "over": job is None,
    }
    if not getattr(request, "htmx", False):
        return SeeOther(resolve_url("document", found.pk))
    return render(request, "claims/_progress.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def publication(request: PersonRequest, pk: int) -> HttpResponse:
    """Enter or confirm when an article was published, and list every date that changed with it.

    Where claims that people accepted are concerned, what would change is shown first, to be confirmed.
    """
    found = access_document(request.user, pk)
    desk = desk_of_document(request, found)
    if request.method == "GET":
        return SeeOther(resolve_url("document", pk))
    form = PublicationForm(request.POST, auto_id="pub_%s")
    status = 422
    forms: dict[str, Any] = {"publication": form}
    if form.is_valid():
        said = dict(form.cleaned_data)
        confirmed = said.pop("confirmed")
        try:
            if not confirmed:
                ahead = preview_publication(actor=request.user, document=found, value=said["value"])
                if ahead.asks:
                    status, forms["ahead"] = 200, redating.ahead(ahead, said)
            if confirmed or status == 422:
                redated = set_publication(actor=request.user, document=found, **said)
                request.session[f"redated:{pk}"] = redating.listed(redated)
                return SeeOther(resolve_url("document", pk))
        except Refused as refusal:
            form.add_error("value", str(refusal))
            status = refusal.status
    context = page_context(request, found, desk, forms=forms)
    return render(request, "claims/document.html", context, status=status)


@signed_in
@require_http_methods(["GET", "POST"])
def metadata(request: PersonRequest, pk: int) -> HttpResponse:
    """Change title, outlet, author, language and who may see an article."""
    found = access_document(request.user, pk)
    desk = desk_of_document(request, found)
    if request.method == "GET":
        return SeeOther(resolve_url("document", pk))
    form = MetadataForm(found, request.POST, auto_id="meta_%s")
    status = 422
    if form.is_valid():
        try:
            set_metadata(actor=request.user, document=found, **form.cleaned_data)
        except Refused as refusal:
            form.refuse(refusal)
            status = refusal.status
        else:
            messages.success(request, _("Stored."))
            return SeeOther(resolve_url("document", pk))
    found.refresh_from_db()
    context = page_context(request, found, desk, forms={"metadata": form})
    return render(request, "claims/document.html", context, status=status)


@signed_in
@require_GET
def captures(request: PersonRequest, pk: int) -> HttpResponse:
    """List every state of a document that was stored."""
    found = access_document(request.user, pk)
    context = {
        "document": found,
        "desk": desk_of_document(request, found),
        "captures": found.captures.defer("text").order_by("-number"),
    }
    return render(request, "claims/captures.html", context)


@signed_in
@require_GET
def capture_file(request: PersonRequest, pk: int) -> HttpResponse:
    """Hand out the stored bytes, only as a download: nothing in them runs on our pages."""
    capture = access_capture(request.user, pk)
    if not capture.blob:
        raise Http404(_("This capture has no file."))
    try:
        data = blobs.read(capture.blob)
    except blobs.BlobMissing as missing:
        raise Http404(str(missing)) from missing
    response = HttpResponse(data, content_type="application/octet-stream")
    ending = {"text/html": "html", "application/pdf": "pdf", "text/plain": "txt", "application/json": "json"}
    name = f"capture-{capture.document_id}-{capture.number}.{ending.get(capture.media_type.partition(';')[0], 'bin')}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    # django-csp leaves a header alone that is there already.
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response
