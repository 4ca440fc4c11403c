"""What does a claim's page in the admin show, and which acts does it offer?

The page binds the forms that the workbench's pages use; an act is one action, called here with what the form
says. A refusal shows the page again with the words as they were typed and the reason beside them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from claims.actions import base
from claims.actions.claims import changes as claims
from claims.actions.evidence import decisions as evidence
from claims.actions.publishing import publish
from claims.actions.review import verdicts as review
from claims.admin.guarded import GuardedAdmin, told
from claims.admin.scope import person_of
from claims.forms.approval import CorrectionForm, NoteForm
from claims.forms.claims import (
    AssignForm,
    ChecksForm,
    ClaimantForm,
    CloseForm,
    DatesForm,
    VersionForm,
    WordingForm,
)
from claims.forms.evidence import ADD_FORMS, AskForm, EvidenceDecisionForm
from claims.forms.verdict import VerdictForm, typed_draft
from claims.models import (
    Appearance,
    AuditEvent,
    Claim,
    Evidence,
    FactCheck,
    Match,
    Review,
    User,
    VerdictDraft,
)
from claims.models.access import access_claim, access_evidence, access_match
from claims.models.facts import member, review_facts
from claims.models.panels import is_kept_blind
from claims.models.withheld import withheld
from claims.review import after_publication, deciding, whose_work
from claims.vocabulary import PanelRule

LOGGED = 60
EMPTY_POINTS = 2


@dataclass
class Act:
    """One act on one claim: who, what, and the form that failed if it did."""

    request: HttpRequest
    person: User
    claim: Claim
    form: Form | None = None
    #: Which form on the page ``form`` is, for showing it again.
    place: str = ""

    def review(self) -> Review:
        found = newest_review(self.claim)
        if found is None:
            raise base.Refused(_("This claim has no review to work on."))
        return found

    def check(self) -> FactCheck:
        found = FactCheck.objects.filter(claim=self.claim).first()
        if found is None:
            raise base.Refused(_("Nothing is published about this claim."))
        return found

    def valid(self, form: Form, place: str) -> dict[str, Any]:
        """Return what the form says, or refuse; either way it is remembered for showing it again."""
        self.form, self.place = form, place
        if not form.is_valid():
            raise base.Refused(_("Something is missing; it is marked below."))
        return form.cleaned_data


def newest_review(claim: Claim) -> Review | None:
    """Return the newest pass over a claim."""
    rows = Review.objects.filter(claim=claim).select_related("claim", "desk", "assignee", "lease_user")
    return rows.order_by("-number").first()


def in_scope(owner: GuardedAdmin, request: HttpRequest, pk: int) -> Claim:
    """Return a claim through both doors: the one of the workbench and the admin's own."""
    owner.get_object(request, str(pk))
    return access_claim(person_of(request), pk)


# The page


def page(
    owner: GuardedAdmin, request: HttpRequest, row: Claim, *, act: Act | None = None, status: int = 200
) -> HttpResponse:
    """Render one claim; ``act`` is one that was refused, shown with what was typed."""
    person = person_of(request)
    claim = in_scope(owner, request, row.pk)
    current = newest_review(claim)
    asks = current is not None and current.desk.panels != PanelRule.OFF
    if current is not None and asks and is_kept_blind(person, current.pk):
        # What was written of a verdict is kept from whoever is to give an opinion beside it.
        current.returned_note = ""
    check = FactCheck.objects.filter(claim=claim).select_related("latest").first()
    failed = {act.place: act.form} if act is not None and act.form is not None else {}
    events = AuditEvent.objects.visible_to(person).filter(claim_id=claim.pk).order_by("-id")[:LOGGED]
    searches = claim.search_runs.select_related("asked_by").order_by("-id")
    context = {
        **owner.admin_site.each_context(request),
        "title": _("Claim %(number)d") % {"number": claim.pk},
        "opts": owner.opts,
        "claim": claim,
        "review": current,
        "check": check,
        "appearances": _appearances(claim, person),
        "groups": _groups(claim, failed, person),
        "withheld": withheld(claim, person),
        "matches": Match.objects.filter(claim=claim).select_related("factcheck").defer("factcheck__raw"),
        "searches": searches.visible_to(person)[:10],
        "verdicts": _verdicts(claim, person),
        "proposals": _proposals(current, person),
        "releases": check.releases.defer("payload").order_by("-number") if check else (),
        "events": told(list(events)),
        "article_dates": claims.dates_of_article(claim),
        "forms": _forms(claim, current, check, failed),
        "add_forms": {
            kind: failed.get(f"add-{kind}") or form(prefix=f"add-{kind}") for kind, form in ADD_FORMS.items()
        },
        "ask": failed.get("search") or AskForm(),
        "may": _may(current, person),
        **_editor(current, person, failed.get("verdict")),
    }
    return TemplateResponse(request, "admin/claims/claim/work.html", context, status=status)


def _appearances(claim: Claim, person: User) -> list[dict[str, Any]]:
    seen = Appearance.objects.visible_to(person).filter(claim=claim)
    rows = seen.select_related("capture", "document__outlet").order_by("id")
    found = []
    for row in rows[:50]:
        around = ("", "")
        if row.capture is not None:
            text = row.capture.text
            around = (text[row.paragraph_start : row.start], text[row.end : row.paragraph_end])
        found.append({"row": row, "before": around[0], "after": around[1]})
    return found


def _groups(claim: Claim, failed: dict[str, Form], person: User) -> list[dict[str, Any]]:
    """Return the evidence by origin, in the order of the best rank of each; rejected rows come last."""
    rows = (
        Evidence.objects.visible_to(person)
        .filter(claim=claim)
        .select_related("document__outlet", "document__origin", "contact", "decided_by")
        .order_by("rejected", "rank", "id")
    )
    groups: dict[str, dict[str, Any]] = {}
    for row in rows:
        origin = row.document.origin if row.document else None
        key = f"origin {origin.pk}" if origin else f"alone {row.pk}"
        group = groups.setdefault(key, {"origin": origin, "rows": []})
        form = failed.get(f"evidence-{row.pk}") or decision_form(row)
        group["rows"].append({"row": row, "form": form})
    return list(groups.values())


def decision_form(row: Evidence, data: Any = None) -> EvidenceDecisionForm:
    """Return the form of one piece of evidence, with what was decided so far."""
    initial = {name: getattr(row, name) for name in evidence.DECIDABLE} | {"expected_version": row.version}
    return EvidenceDecisionForm(data, initial=initial, auto_id=f"e{row.pk}_%s")


def _verdicts(claim: Claim, person: User) -> Any:
    return (
        claim.verdicts.not_kept_from(person)
        .select_related("rating", "created_by")
        .prefetch_related("approvals__user")
        .order_by("-review__number", "-number", "-pk")
    )


def _proposals(current: Review | None, person: User) -> Any:
    if current is None:
        return ()
    rows = VerdictDraft.objects.visible_to(person).filter(review=current, data__proposal=True)
    return rows.select_related("user")


def _forms(
    claim: Claim, current: Review | None, check: FactCheck | None, failed: dict[str, Form]
) -> dict[str, Form]:
    version = {"expected_version": claim.version}
    name = claim.claimant.name if claim.claimant else ""
    kind = claim.claimant.kind if claim.claimant else ""
    forms: dict[str, Form] = {
        "wording": WordingForm(initial={"wording": claim.wording, **version}, prefix="wording"),
        "claimant": ClaimantForm(initial={"name": name, "kind": kind, **version}, prefix="claimant"),
        "checks": ChecksForm(initial={"checks": claim.checks, **version}, prefix="checks"),
        "dates": DatesForm(
            initial={"made_on": claim.made_on, "about": claim.about, **version}, prefix="dates"
        ),
    }
    if current is not None:
        assigned = {"to": current.assignee_id}
        forms["assign"] = AssignForm(desk=claim.desk, initial=assigned, prefix="assign")
        forms["close"] = CloseForm(prefix="close")
    if check is not None:
        forms |= {name: NoteForm(prefix=name) for name in ("suspend", "reinstate", "withdraw")}
        forms["correct"] = CorrectionForm(prefix="correct")
    return {name: failed.get(name) or form for name, form in forms.items()}


def _may(current: Review | None, person: User) -> dict[str, deciding.Decision]:
    """Return what the person may do now; a refusal says why not and who could."""
    if current is None:
        return {}
    facts, who = review_facts(current), member(current.desk, person)
    writes = whose_work.may_start if current.state == Review.State.QUEUED else whose_work.may_edit
    return {
        "write": writes(facts, who),
        "close": whose_work.may_close(facts, who),
        "reopen": whose_work.may_reopen(facts, who),
        "suspend": after_publication.may_suspend(facts, who),
        "reinstate": after_publication.may_reinstate(facts, who),
        "withdraw": after_publication.may_withdraw(facts, who),
        "correct": after_publication.may_revise(facts, who),
    }


def _editor(current: Review | None, person: User, failed: Form | None) -> dict[str, Any]:
    if current is None:
        return {"verdict_form": None}
    form = VerdictForm.for_review(current, person)
    draft = form.draft_version
    if isinstance(failed, VerdictForm):
        form = failed
        draft = failed.draft_version
    empty = [{"question": "", "answer": "", "finding": ""}] * EMPTY_POINTS
    return {
        "verdict_form": form,
        "draft_version": draft,
        "points": [*form.points, *empty],
        "rating_definitions": list(form.fields["rating"].queryset),  # type: ignore[attr-defined]
    }


# The acts


def act(owner: GuardedAdmin, request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Do one act on one claim and return to its page; a refusal shows the page with what was typed."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    chosen = ACTS.get(name)
    if chosen is None:
        raise Http404
    doing = Act(request=request, person=person_of(request), claim=in_scope(owner, request, pk))
    try:
        with base.gesture("admin"):
            sentence, anchor = chosen(doing)
    except base.Refused as refusal:
        if doing.form is not None and doing.form.is_bound and doing.form.is_valid():
            doing.form.add_error(None, str(refusal))
        messages.error(request, str(refusal))
        return page(owner, request, doing.claim, act=doing, status=refusal.status)
    if sentence:
        messages.success(request, sentence)
    return HttpResponseRedirect(reverse("admin:claims_claim_change", args=[pk]) + anchor)


def _number(data: Any, name: str) -> int:
    text = str(data.get(name, ""))
    if not text.isdecimal() or len(text) > 18:
        raise Http404
    return int(text)


def _decide(doing: Act) -> tuple[str, str]:
    row = access_evidence(doing.person, _number(doing.request.POST, "evidence"))
    if row.claim_id != doing.claim.pk:
        raise Http404
    form = decision_form(row, doing.request.POST)
    doing.valid(form, f"evidence-{row.pk}")
    form.decide(actor=doing.person, evidence=row)
    return _("Noted."), f"#e{row.pk}"


def _reject_rest(doing: Act) -> tuple[str, str]:
    count = evidence.reject_rest(actor=doing.person, claim=doing.claim)
    return _("%(count)d marked as seen, not used.") % {"count": count}, "#evidence"


def _adder(kind: str) -> Callable[[Act], tuple[str, str]]:
    def add(doing: Act) -> tuple[str, str]:
        form = ADD_FORMS[kind](doing.request.POST, doing.request.FILES, prefix=f"add-{kind}")
        doing.valid(form, f"add-{kind}")
        row = form.add(actor=doing.person, claim=doing.claim)
        return _("Added. Cite it with [e:%(number)d].") % {"number": row.pk}, f"#e{row.pk}"

    return add


def _search(doing: Act) -> tuple[str, str]:
    form = AskForm(doing.request.POST)
    doing.valid(form, "search")
    form.search(actor=doing.person, claim=doing.claim)
    return _("The search is queued; load this page again in a moment."), "#searches"


def _match(doing: Act) -> tuple[str, str]:
    row = access_match(doing.person, _number(doing.request.POST, "match"))
    if row.claim_id != doing.claim.pk:
        raise Http404
    confirmed = doing.request.POST.get("decision") == "confirm"
    evidence.decide_match(actor=doing.person, match=row, confirmed=confirmed)
    return _("Confirmed as already checked.") if confirmed else _("Rejected."), "#matches"


def _wording(doing: Act) -> tuple[str, str]:
    said = doing.valid(WordingForm(doing.request.POST, prefix="wording"), "wording")
    claims.edit_wording(
        actor=doing.person,
        claim=doing.claim,
        wording=said["wording"],
        expected_version=said["expected_version"],
    )
    return _("The wording is confirmed."), ""


def _claimant(doing: Act) -> tuple[str, str]:
    said = doing.valid(ClaimantForm(doing.request.POST, prefix="claimant"), "claimant")
    claims.set_claimant(
        actor=doing.person,
        claim=doing.claim,
        name=said["name"],
        kind=said["kind"],
        expected_version=said["expected_version"],
    )
    return _("The claimant is set."), ""


def _checks(doing: Act) -> tuple[str, str]:
    said = doing.valid(ChecksForm(doing.request.POST, prefix="checks"), "checks")
    claims.set_checks(
        actor=doing.person,
        claim=doing.claim,
        checks=said["checks"],
        expected_version=said["expected_version"],
    )
    return _("Set."), ""


def _dates(doing: Act) -> tuple[str, str]:
    said = doing.valid(DatesForm(doing.request.POST, prefix="dates"), "dates")
    claims.set_dates(
        actor=doing.person,
        claim=doing.claim,
        made_on=said["made_on"],
        about=said["about"],
        expected_version=said["expected_version"],
    )
    return _("The dates are set."), ""


def _article_dates(doing: Act) -> tuple[str, str]:
    said = doing.valid(VersionForm(doing.request.POST), "article-dates")
    claims.follow_article(actor=doing.person, claim=doing.claim, expected_version=said["expected_version"])
    return _("The dates are those of the article."), ""


def _assign(doing: Act) -> tuple[str, str]:
    said = doing.valid(AssignForm(doing.request.POST, desk=doing.claim.desk, prefix="assign"), "assign")
    claims.assign(actor=doing.person, review=doing.review(), to=said["to"])
    name = said["to"].display_name if said["to"] else _("nobody")
    return _("Assigned to %(name)s.") % {"name": name}, ""


def _take(doing: Act) -> tuple[str, str]:
    claims.take_lease(actor=doing.person, review=doing.review())
    return _("You are working on this claim; others see it."), "#verdict"


def _close(doing: Act) -> tuple[str, str]:
    said = doing.valid(CloseForm(doing.request.POST, prefix="close"), "close")
    claims.close(actor=doing.person, review=doing.review(), reason=said["reason"], note=said["note"])
    return _("Closed."), ""


def _reopen(doing: Act) -> tuple[str, str]:
    claims.reopen(actor=doing.person, review=doing.review())
    return _("It is back in the queue."), ""


def _typed_verdict(doing: Act) -> tuple[Review, VerdictForm]:
    current = doing.review()
    source = review.base_verdict(current)
    form = VerdictForm(
        doing.request.POST,
        review=current,
        user=doing.person,
        kept_rating=source.rating_id if source else None,
    )
    form.draft_version = _draft_version(doing.request)
    # Remembered before it is valid: whatever is refused, no typed word is lost.
    doing.form, doing.place = form, "verdict"
    return current, form


def _draft_version(request: HttpRequest) -> int:
    text = request.POST.get("draft_version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _draft(doing: Act) -> tuple[str, str]:
    current, form = _typed_verdict(doing)
    review.save_draft(
        actor=doing.person,
        review=current,
        data=typed_draft(doing.request.POST),
        expected_version=form.draft_version or None,
    )
    return _("Your draft is kept; nobody else sees it."), "#verdict"


def _submit(doing: Act) -> tuple[str, str]:
    current, form = _typed_verdict(doing)
    doing.valid(form, "verdict")
    verdict = review.submit_verdict(actor=doing.person, review=current, data=form.verdict_data())
    return _("Version %(number)d waits for approval.") % {"number": verdict.number}, "#verdict"


def _proposal(doing: Act) -> tuple[str, str]:
    seen = VerdictDraft.objects.visible_to(doing.person)
    rows = seen.filter(review__claim=doing.claim, data__proposal=True)
    row = (
        rows.filter(pk=_number(doing.request.POST, "proposal"))
        .select_related("review", "base", "user")
        .first()
    )
    if row is None:
        raise Http404
    if doing.request.POST.get("decision") == "accept":
        made = review.accept_proposal(actor=doing.person, draft=row)
        return _("Accepted: it is version %(number)d.") % {"number": made.number}, "#verdict"
    review.decline_proposal(actor=doing.person, draft=row)
    return _("Declined; the submitted version stays."), "#verdict"


def _restate(name: str) -> Callable[[Act], tuple[str, str]]:
    def restate(doing: Act) -> tuple[str, str]:
        note = doing.valid(NoteForm(doing.request.POST, prefix=name), name)["note"]
        release = getattr(publish, name)(actor=doing.person, factcheck=doing.check(), note=note)
        return _("Release %(number)d is public.") % {"number": release.number}, "#published"

    return restate


def _correct(doing: Act) -> tuple[str, str]:
    said = doing.valid(CorrectionForm(doing.request.POST, prefix="correct"), "correct")
    publish.start_correction(
        actor=doing.person, factcheck=doing.check(), kind=said["kind"], public_note=said["public_note"]
    )
    return _("A new version is open below; what is public stays until it is approved."), "#verdict"


ACTS: dict[str, Callable[[Act], tuple[str, str]]] = {
    "evidence": _decide,
    "rest": _reject_rest,
    **{f"add-{kind}": _adder(kind) for kind in ADD_FORMS},
    "search": _search,
    "match": _match,
    "wording": _wording,
    "claimant": _claimant,
    "checks": _checks,
    "dates": _dates,
    "article-dates": _article_dates,
    "assign": _assign,
    "take": _take,
    "close": _close,
    "reopen": _reopen,
    "draft": _draft,
    "submit": _submit,
    "proposal": _proposal,
    **{name: _restate(name) for name in ("suspend", "reinstate", "withdraw")},
    "correct": _correct,
}
