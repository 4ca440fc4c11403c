"""How is a verdict version read, approved, sent back or published in the admin?

Opening the page is what the desk's rule asks of an approver; it is noted here as on the workbench's own page.
Nobody's click goes around the policy: every button is an action, and its refusal is shown with what was typed.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from claims.actions import base
from claims.actions.publishing import publish
from claims.actions.review import readings
from claims.actions.review import verdicts as review
from claims.admin.claim_page import in_scope
from claims.admin.guarded import GuardedAdmin
from claims.admin.scope import person_of
from claims.exports.markdown import link_citations, render
from claims.exports.payload import BadPayload
from claims.forms.approval import ApproveForm, PublishAtForm, ReturnForm
from claims.models import CitationReading, Evidence, Review, User, Verdict
from claims.models.access import access_verdict
from claims.models.facts import latest_verdict, member, review_facts
from claims.models.fields import row_number
from claims.review import policy
from claims.review.states import PublishMode
from claims.vocabulary import ApprovalKind

_TOLD = (
    "wording",
    "headline",
    "rating",
    "short_answer",
    "justification",
    "not_found",
    "byline",
)


def page(owner: GuardedAdmin, request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Show one version as the public will read it, and do what is asked about it."""
    person = person_of(request)
    claim = in_scope(owner, request, pk)
    verdict = access_verdict(person, number)
    if verdict.claim_id != claim.pk:
        return HttpResponseRedirect(reverse("admin:claims_claim_verdict", args=[verdict.claim_id, number]))
    forms: dict[str, Form] = {
        "approve": ApproveForm(prefix="approve"),
        "return": ReturnForm(prefix="return"),
        "publish-at": PublishAtForm(prefix="publish-at"),
    }
    if request.method in ("GET", "HEAD"):
        review.open_verdict(actor=person, verdict=verdict)
        return _shown(owner, request, verdict, forms)
    if request.method != "POST":
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    try:
        with base.gesture("admin"), transaction.atomic():
            sentence = _done(request, person, verdict, forms)
    except base.Refused as refusal:
        messages.error(request, str(refusal))
        return _shown(owner, request, verdict, forms, status=refusal.status)
    messages.success(request, sentence)
    return HttpResponseRedirect(reverse("admin:claims_claim_verdict", args=[pk, number]))


def _done(request: HttpRequest, person: User, verdict: Verdict, forms: dict[str, Form]) -> str:
    """Do one act on the version; return the sentence that says what came of it."""
    name = request.POST.get("act", "")
    current = verdict.review
    if name == "tick":
        for typed in request.POST.getlist("matched"):
            if (pk := row_number(typed)) is not None:
                readings.tick_citation(actor=person, verdict=verdict, evidence=pk)
        return _("Your ticks are kept.")
    if name == "approve":
        said = _valid(forms, "approve", ApproveForm(request.POST, prefix="approve"))
        if said["when"] == "hold":
            publish.hold(actor=person, review=current)
        after = review.approve(
            actor=person,
            verdict=verdict,
            kind=said["kind"],
            comment=said["comment"],
            unread_reason=said["unread_reason"],
            publish_at=said["publish_at"],
        )
        return _("Approved: this review is now %(state)s.") % {"state": after.get_state_display()}
    if name == "return":
        said = _valid(forms, "return", ReturnForm(request.POST, prefix="return"))
        review.return_verdict(actor=person, verdict=verdict, comment=said["comment"])
        return _("Returned to its author with your comment.")
    if name == "recall":
        review.recall_verdict(actor=person, verdict=verdict)
        return _("Recalled; go on writing on the claim's page.")
    if name == "hold":
        publish.hold(actor=person, review=current)
        return _("Held until somebody publishes it.")
    if name == "publish":
        release = publish.publish(actor=person, review=current)
        return _("Release %(number)d is public.") % {"number": release.number}
    if name == "publish-at":
        said = _valid(forms, "publish-at", PublishAtForm(request.POST, prefix="publish-at"))
        publish.publish_at(actor=person, review=current, at=said["at"])
        return _("It will be published at that time.")
    raise base.Refused(_("There is no such act."))


def _valid(forms: dict[str, Form], name: str, form: Form) -> dict[str, Any]:
    forms[name] = form
    if not form.is_valid():
        raise base.Refused(_("Something is missing; it is marked below."))
    return form.cleaned_data


def _shown(
    owner: GuardedAdmin, request: HttpRequest, verdict: Verdict, forms: dict[str, Form], *, status: int = 200
) -> HttpResponse:
    person = person_of(request)
    verdict.review.refresh_from_db()
    facts, who = review_facts(verdict.review), member(verdict.desk, person)
    newest = latest_verdict(verdict.review)
    public, problem, differs = _public(verdict)
    context = {
        **owner.admin_site.each_context(request),
        "title": _("Version %(number)d of the verdict") % {"number": verdict.number},
        "opts": owner.opts,
        "claim": verdict.claim,
        "review": verdict.review,
        "verdict": verdict,
        "newest": newest,
        "is_newest": newest is not None and newest.pk == verdict.pk,
        "public": public,
        "reasoning": _reasoning(public),
        "problem": problem,
        "differs": differs if verdict.review.state in _OPEN else (),
        "sources": _sources(verdict, person),
        "changed": _changed(verdict),
        "approvals": verdict.approvals.select_related("user").order_by("id"),
        "authors": [row.user.display_name for row in verdict.authors.select_related("user")],
        "forms": {name.replace("-", "_"): form for name, form in forms.items()},
        "next": _next(verdict, facts),
        "may": {
            "approve": policy.may_approve(facts, who, version=verdict.number),
            "legal": policy.may_approve(facts, who, ApprovalKind.LEGAL, version=verdict.number),
            "return": policy.may_return(facts, who),
            "recall": policy.may_recall(facts, who),
            "hold": policy.may_hold(facts, who),
            "publish": policy.may_publish(facts, who),
        },
    }
    return TemplateResponse(request, "admin/claims/claim/verdict.html", context, status=status)


_OPEN = (Review.State.AWAITING_APPROVAL, Review.State.APPROVED)


def _public(verdict: Verdict) -> tuple[Any, str, tuple[str, ...]]:
    """Return the content as it would be published, why it could not be, and what differs from submission."""
    try:
        payload = publish.preview(verdict)
    except (BadPayload, base.Refused) as problem:
        return None, str(problem), ()
    return payload, "", publish.changed_since_submission(verdict, payload)


def _reasoning(public: Any) -> str:
    if public is None:
        return ""
    html = link_citations(render(public.justification), {source.number for source in public.citations})
    return mark_safe(html)  # noqa: S308 – cleaned by ``render`` to a short list of tags


def _sources(verdict: Verdict, person: User) -> list[dict[str, Any]]:
    """Return the cited evidence under the numbers that the public reads; what the person may not see keeps its own."""
    cited = Evidence.objects.visible_to(person).filter(pk__in=verdict.citations)
    rows = cited.select_related("document__outlet").in_bulk()
    readings_made = CitationReading.objects.filter(verdict=verdict, user=person)
    ticked = dict(readings_made.values_list("evidence_id", "ticked_at"))
    return [
        {"number": number, "row": rows.get(pk), "opened": pk in ticked, "ticked": ticked.get(pk) is not None}
        for number, pk in enumerate(verdict.citations, start=1)
    ]


def _changed(verdict: Verdict) -> list[dict[str, str]]:
    """Return what differs from the version before, field by field."""
    before = verdict.review.verdicts.filter(number__lt=verdict.number).order_by("-number").first()
    if before is None:
        return []
    return [
        {
            "name": name.replace("_", " "),
            "old": str(getattr(before, name)),
            "new": str(getattr(verdict, name)),
        }
        for name in _TOLD
        if getattr(before, name) != getattr(verdict, name)
    ]


def _next(verdict: Verdict, facts: Any) -> str:
    """Say what the next approval does."""
    missing = sum(policy.approvals_missing(facts).values())
    if missing > 1:
        return _("%(count)d approvals are missing; nothing is published before all of them.") % {
            "count": missing
        }
    if facts.held or facts.mode is PublishMode.ON_RELEASE:
        return _("With this approval it is complete and is held until somebody publishes it.")
    if verdict.review.publish_at is not None:
        return _("With this approval it is complete and is published at the time that was set.")
    return _("With this approval it is published at once, to the public page and all feeds.")
