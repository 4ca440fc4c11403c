"""The verdict editor: keep what is typed, show it as the public will read it, hand it in."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from claims.actions.base import Refused
from claims.actions.claims import changes as claim_actions
from claims.actions.review.drafts import base_verdict, save_draft
from claims.actions.review.previews import preview_draft
from claims.actions.review.verdicts import (
    accept_proposal,
    decline_proposal,
    recall_verdict,
)
from claims.forms.verdict import VerdictForm, typed_draft
from claims.models import FactCheck, Review, VerdictDraft
from claims.models.access import access_review, access_verdict
from claims.workbench.access import PersonRequest, enter, opened, signed_in
from claims.workbench.claim.page import checklist_of
from claims.workbench.claim.views import claim_page
from claims.workbench.outcomes import done, gone
from claims.workbench.public.views import page_of_draft


def _form(request: PersonRequest, review: Review) -> VerdictForm:
    source = base_verdict(review)
    form = VerdictForm(
        request.POST,
        review=review,
        user=request.user,
        kept_rating=source.rating_id if source else None,
        auto_id="verdict-%s",
        confirmable=True,
    )
    form.draft_version = _expected(request) or 0
    return form


def _expected(request: PersonRequest) -> int | None:
    sent = request.POST.get("expected_version", "")
    return int(sent) if sent.isdecimal() and len(sent) < 10 else None


@signed_in
@require_POST
def draft(request: PersonRequest, pk: int) -> HttpResponse:
    """Keep the words of the editor as they are; the script saves every few seconds, the button at once.

    Writing takes the claim, where nobody else is working on it. A draft that another window changed is not
    overwritten: the answer is 409 and says so.
    """
    review = opened(request, access_review, pk)
    by_script = request.headers.get("X-Autosave") == "1"
    try:
        kept = save_draft(
            actor=request.user,
            review=review,
            data=typed_draft(request.POST),
            expected_version=_expected(request),
        )
    except Refused as refusal:
        if by_script:
            return JsonResponse({"said": str(refusal)}, status=refusal.status)
        return claim_page(request, review.claim, bound={"verdict": _form(request, review)}, refusal=refusal)
    said = _("Kept at %(time)s.") % {"time": f"{timezone.localtime(kept.updated_at):%H:%M:%S}"}
    if review.state in (Review.State.QUEUED, Review.State.IN_PROGRESS):
        try:
            claim_actions.take_lease(actor=request.user, review=review)
        except Refused as refusal:
            said = f"{said} {refusal}"
    else:
        said = f"{said} " + _("This review is %(state)s now; your words wait here.") % {
            "state": review.get_state_display()
        }
    if by_script:
        lines = checklist_of(review, _form(request, review))
        checked = {"n": sum(1 for line in lines if line.ok), "of": len(lines)}
        return JsonResponse(
            {
                "version": kept.version,
                "said": said,
                "checklist": render_to_string("claims/_checklist.html", {"checklist": lines}),
                "checked": _("%(n)d of %(of)d") % checked,
            }
        )
    return done(request, said, reverse("claim", args=[review.claim_id]) + "#verdict")


@signed_in
@require_POST
def submit(request: PersonRequest, pk: int) -> HttpResponse:
    """Hand the verdict in for approval; what is missing is said beside what was typed."""
    review = opened(request, access_review, pk)
    form = _form(request, review)
    if not form.is_valid():
        return claim_page(request, review.claim, bound={"verdict": form}, status=422)
    try:
        form.submit(actor=request.user)
    except Refused as refusal:
        form.draft_version = _keep(request, review) or form.draft_version
        return claim_page(request, review.claim, bound={"verdict": form}, refusal=refusal)
    said = _("Submitted. Somebody who did not write it approves it next.")
    if request.POST.get("then") != "next":
        return done(request, said, reverse("claim", args=[review.claim_id]) + "#verdict")
    messages.success(request, said)
    return gone(request, reverse("desk-next", args=[review.desk.slug]))


def _keep(request: PersonRequest, review: Review) -> int | None:
    """Keep refused words as a draft too and return its version: the page may be closed before they are put right."""
    try:
        kept = save_draft(
            actor=request.user, review=review, data=typed_draft(request.POST), expected_version=None
        )
    except Refused:
        return None
    return kept.version


@signed_in
@require_POST
def preview(request: PersonRequest, pk: int) -> HttpResponse:
    """Show the words of the editor as the public would read them; keeps them as the draft."""
    review = opened(request, access_review, pk)
    form = _form(request, review)
    _keep(request, review)
    if not form.is_valid():
        return claim_page(request, review.claim, bound={"verdict": form}, status=422)
    try:
        payload = preview_draft(actor=request.user, review=review, data=form.verdict_data())
    except Refused as refusal:
        return claim_page(request, review.claim, bound={"verdict": form}, refusal=refusal)
    now = timezone.now()
    check = FactCheck.objects.filter(claim=review.claim).select_related("latest").first()
    return page_of_draft(request, review.desk, payload, found=check, now=now, draft_of=review.claim_id)


@signed_in
@require_POST
def recall(request: PersonRequest, pk: int) -> HttpResponse:
    """Take one's own submitted version back to go on writing."""
    verdict = opened(request, access_verdict, pk)
    recall_verdict(actor=request.user, verdict=verdict)
    return done(
        request, _("Taken back. Go on writing."), reverse("claim", args=[verdict.claim_id]) + "#verdict"
    )


@signed_in
@require_POST
def proposal(request: PersonRequest, pk: int) -> HttpResponse:
    """Accept or decline proposed words for one's verdict."""
    drafts = VerdictDraft.objects.select_related("review__desk", "review__claim", "base", "user")
    found = drafts.filter(pk=pk).first()
    review = access_review(request.user, found.review_id if found else 0)
    enter(request, review.desk)
    assert found is not None
    if request.POST.get("decision") == "accept":
        accept_proposal(actor=request.user, draft=found)
        said = _("Accepted: the proposed words are the next version.")
    else:
        decline_proposal(actor=request.user, draft=found)
        said = _("Declined: your version stays as it is.")
    return done(request, said, reverse("claim", args=[review.claim_id]) + "#verdict")
