"""Evidence and searches on the claim page: decide, add, ask the archive again, go and search outside."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from claims.actions.base import Refused, Stale
from claims.actions.evidence import decisions as actions
from claims.actions.evidence.keeping import take_passage
from claims.forms.evidence import (
    ADD_FORMS,
    AddByHandForm,
    AskForm,
    EvidenceDecisionForm,
    OutsideSearchForm,
)
from claims.models import Evidence, Job, SearchRun, User
from claims.models.access import (
    access_claim,
    access_evidence,
    access_hit,
    access_match,
    access_search_run,
)
from claims.models.corrections import corrections_of
from claims.models.standing import Counting, evidence_of
from claims.models.withheld import withheld
from claims.workbench.access import PersonRequest, enter, opened, signed_in
from claims.workbench.claim.evidence_board import (
    STANCES,
    EvidenceRow,
    evidence_part,
    evidence_row,
    weaker_part,
)
from claims.workbench.claim.fetch_states import fetch_states
from claims.workbench.claim.page import OUTSIDE, outside_address
from claims.workbench.claim.reading import reader_part
from claims.workbench.claim.search_log import logged, search_part
from claims.workbench.claim.views import claim_page
from claims.workbench.outcomes import attempt, done, insist_valid
from claims.workbench.paging import page_of
from claims.workbench.resumed_forms import typed_fields

#: So many questions stand on one page of the dossier.
DOSSIER = 25
#: In the address of the form that holds its kind itself.
CHOSEN = "chosen"
_UNDOABLE = ("stance", "cited", "rejected")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def evidence(request: PersonRequest, pk: int) -> HttpResponse:
    """One piece of evidence with everything known about it; a POST decides about it.

    Without htmx the answer leads back to the claim; with it, it is the row as it is now.
    """
    found = opened(request, access_evidence, pk)
    beside = "beside" in request.POST
    if request.method != "POST":
        if "fetch" in request.GET and getattr(request, "htmx", False):
            return _fetching(request, found)
        return _page(request, found, _form_of(found))
    form = EvidenceDecisionForm(request.POST, auto_id=f"e{pk}-%s")
    htmx = bool(getattr(request, "htmx", False))
    refusal: Refused | None = None
    before = {name: getattr(found, name) for name in _UNDOABLE}
    if form.is_valid():
        try:
            found = form.decide(actor=request.user, evidence=found)
        except Refused as problem:
            refusal = problem
    else:
        refusal = Refused(" ".join(f"{e}" for errors in form.errors.values() for e in errors))
    if refusal is not None and not htmx:
        return _page(request, found, form, refusal)
    if not htmx:
        back = reverse("claim", args=[found.claim_id])
        return done(request, "", f"{back}?beside={pk}#passage" if beside else f"{back}#e{pk}")
    found = access_evidence(request.user, pk)
    if beside:
        return _beside(request, found, refusal)
    after = {name: getattr(found, name) for name in _UNDOABLE}
    undo = before if before != after else None
    if refusal is None and request.headers.get("X-Acts-Waiting"):
        # More is to come for this row: how it looks is answered with the last.
        return render(request, "claims/_evidence_brief.html", {"e": found, "undo": undo})
    return _row(request, found, refusal, undo)


def _form_of(found: Evidence) -> EvidenceDecisionForm:
    names = [name for name in EvidenceDecisionForm.base_fields if name != "expected_version"]
    initial = {name: getattr(found, name) for name in names} | {"expected_version": found.version}
    return EvidenceDecisionForm(initial=initial, auto_id=f"e{found.pk}-%s")


def _page(
    request: PersonRequest, found: Evidence, form: EvidenceDecisionForm, refusal: Refused | None = None
) -> HttpResponse:
    if refusal is not None:
        found = access_evidence(request.user, found.pk)
    around = _around(found)
    context = {
        "row": _row_of(found, request.user),
        "evidence": found,
        "claim": found.claim,
        "form": form,
        "around": around,
        "refusal": str(refusal) if refusal else "",
        "typed": typed_fields(request.POST) if refusal else [],
        "stale": isinstance(refusal, Stale),
        "part": bool(getattr(request, "htmx", False)),
    }
    template = "claims/_evidence_details.html" if context["part"] else "claims/evidence.html"
    return render(request, template, context, status=refusal.status if refusal else 200)


def _row_of(found: Evidence, user: User) -> EvidenceRow:
    # Whoever is to give an opinion sees it counted without what others decided.
    claims = [found.claim_id]
    counted = (Counting(claims).of([found]) if found.kept_apart else evidence_of(claims))[found.claim_id]
    return evidence_row(found, found.claim.language, counted, corrections_of([found], user).get(found.pk, ()))


def _around(found: Evidence) -> tuple[str, str] | None:
    """Return the words before and after the passage in its text, as far as a reader needs them."""
    if found.capture is None or found.end <= found.start:
        return None
    text = found.capture.text
    return text[max(0, found.start - 600) : found.start], text[found.end : found.end + 600]


def _fetching(request: PersonRequest, found: Evidence) -> HttpResponse:
    """Tell how the fetching of the page stands; once it is over, the whole row as it is now."""
    state = fetch_states([found], request.user).get(found.pk)
    if state is not None and state.busy:
        context = {"row": evidence_row(found, "", fetch=state), "claim": found.claim, "may_decide": True}
        return render(request, "claims/_fetch_state.html", context)
    answer = _row(request, found, None, None, focused=False)
    answer["HX-Retarget"], answer["HX-Reswap"] = f"#e{found.pk}", "outerHTML"
    return answer


def _row(
    request: PersonRequest,
    found: Evidence,
    refusal: Refused | None,
    undo: dict[str, Any] | None,
    *,
    focused: bool = True,
) -> HttpResponse:
    whole = evidence_part(found.claim, request.user)
    context = {
        "row": next(
            (
                row
                for rows in (*(group.rows for group in whole.groups), whole.rejected)
                for row in rows
                if row.evidence.pk == found.pk
            ),
            evidence_row(found, found.claim.language),
        ),
        "claim": found.claim,
        "evidence": whole,
        "stances": STANCES,
        "focused": focused,
        "undo": undo,
        "refusal": str(refusal) if refusal else "",
        "figures": True,
        "may_decide": True,
    }
    return render(request, "claims/_evidence.html", context, status=refusal.status if refusal else 200)


def _beside(request: PersonRequest, found: Evidence, refusal: Refused | None) -> HttpResponse:
    """Answer the reader with its own decisions and the line of its list, not with a row of the board."""
    board = evidence_part(found.claim, request.user)
    context = {
        "claim": found.claim,
        "evidence": board,
        "reader": reader_part(board, found.pk),
        "refusal": str(refusal) if refusal else "",
        "swapped": True,
    }
    return render(
        request, "claims/_reader_decide.html", context, status=refusal.status if refusal is not None else 200
    )


@signed_in
@require_POST
def rest(request: PersonRequest, pk: int) -> HttpResponse:
    """Mark everything undecided as seen and not used."""
    claim = opened(request, access_claim, pk)
    count = actions.reject_rest(actor=request.user, claim=claim)
    said = ngettext(
        "%(n)d passage is marked as seen, not used.", "%(n)d passages are marked as seen, not used.", count
    )
    return done(request, said % {"n": count}, reverse("claim", args=[pk]) + "#evidence")


@signed_in
@require_POST
def add(request: PersonRequest, pk: int, kind: str) -> HttpResponse:
    """Add evidence by address, file, quotation or contact note; of the ``chosen`` kind, the form says which."""
    claim = opened(request, access_claim, pk)
    if kind not in (*ADD_FORMS, CHOSEN):
        raise Http404
    sent = request.POST.copy()
    if kind != CHOSEN:
        sent["kind"] = kind
    form = AddByHandForm(sent, request.FILES, auto_id="add-%s")

    def act(data: dict[str, Any]) -> HttpResponse:
        with transaction.atomic():
            added = form.add(actor=request.user, claim=claim)
        if isinstance(added, Job):
            said = _("The file is being read. What you quoted becomes evidence as soon as it is.")
            return done(request, said, reverse("claim", args=[pk]) + "#searching")
        return done(request, _("The evidence is added."), reverse("claim", args=[pk]) + f"#e{added.pk}")

    return attempt(form, act, partial(claim_page, request, claim, bound={"add": form}))


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def search(request: PersonRequest, pk: int) -> HttpResponse:
    """Ask the archive (POST), or tell how the search under way is doing (GET, a part of the page)."""
    claim = opened(request, access_claim, pk)
    if request.method != "POST":
        return render(
            request, "claims/_searching.html", {"claim": claim, "search": search_part(claim, request.user)}
        )
    form = AskForm(request.POST, auto_id="ask-%s")

    def act(data: dict[str, Any]) -> HttpResponse:
        form.search(actor=request.user, claim=claim)
        if getattr(request, "htmx", False):
            return render(
                request,
                "claims/_searching.html",
                {"claim": claim, "search": search_part(claim, request.user)},
            )
        return done(request, _("The search is under way."), reverse("claim", args=[pk]) + "#search")

    return attempt(form, act, partial(claim_page, request, claim, bound={"ask": form}))


@signed_in
@require_safe
def searches(request: PersonRequest, pk: int) -> HttpResponse:
    """The dossier of searches: every question whole, on its filters, with what it was answered with."""
    claim = opened(request, access_claim, pk)
    rows = SearchRun.objects.filter(claim=claim).select_related("asked_by")
    page = page_of(rows, request, order=("-id",), size=DOSSIER)
    context = {
        "claim": claim,
        "page": page,
        "lines": logged(claim, request.user, page.rows, with_hits=True),
        "now": timezone.now(),
    }
    return render(request, "claims/searches.html", context)


@signed_in
@require_POST
def search_again(request: PersonRequest, pk: int) -> HttpResponse:
    """Ask a question of the log again as it was asked."""
    run = access_search_run(request.user, pk)
    enter(request, run.desk)
    actions.search_again(actor=request.user, run=run)
    return done(
        request,
        _("The question is asked again as it was; the log will say what is new."),
        reverse("claim", args=[run.claim_id]) + "#search",
    )


@signed_in
@require_safe
def pane(request: PersonRequest, pk: int) -> HttpResponse:
    """The evidence as it is now, for the page that waited for a search."""
    claim = opened(request, access_claim, pk)
    context = {
        "claim": claim,
        "evidence": evidence_part(claim, request.user),
        "stances": STANCES,
        "search": search_part(claim, request.user),
        "withheld": withheld(claim, request.user),
        "may_decide": True,
    }
    return render(request, "claims/_evidence_list.html", context)


@signed_in
@require_safe
def weaker(request: PersonRequest, pk: int) -> HttpResponse:
    """What was found and is weaker than the rows that are shown: a page, or with htmx its part."""
    claim = opened(request, access_claim, pk)
    part = bool(getattr(request, "htmx", False))
    folded, passages = weaker_part(claim, request.user)
    context = {"claim": claim, "folded": folded, "weaker": passages, "may_decide": True}
    return render(request, "claims/_weaker.html" if part else "claims/weaker.html", context)


@signed_in
@require_POST
def take(request: PersonRequest, pk: int) -> HttpResponse:
    """Make a passage that a search answered with evidence of its own."""
    claim = opened(request, access_claim, pk)
    hit = access_hit(request.user, claim, request.POST.get("hit", ""))
    found = take_passage(actor=request.user, hit=hit)
    said = _("The passage stands among the evidence.")
    return done(request, said, reverse("claim", args=[pk]) + f"#e{found.pk}")


@signed_in
@require_POST
def outside(request: PersonRequest, pk: int) -> HttpResponse:
    """Write down a search outside the archive and lead there.

    A page with a link, not a redirect: the browser forbids our forms to end at another site.
    """
    claim = opened(request, access_claim, pk)
    data = insist_valid(OutsideSearchForm(request.POST))
    address = outside_address(data["where"], data["text"])
    if not address:
        raise Refused(_("Choose one of the places on the list."))
    label = next(label for name, label, _address in OUTSIDE if name == data["where"])
    actions.log_outside_search(actor=request.user, claim=claim, where=label, url=address, text=data["text"])
    return render(request, "claims/outside.html", {"claim": claim, "address": address, "label": label})


@signed_in
@require_POST
def match(request: PersonRequest, pk: int) -> HttpResponse:
    """Confirm or reject an earlier fact check; confirming closes the claim as already checked."""
    found = access_match(request.user, pk)
    enter(request, found.claim.desk)
    confirmed = request.POST.get("decision") == "confirm"
    actions.decide_match(actor=request.user, match=found, confirmed=confirmed)
    said = (
        _("Confirmed: the claim is closed as already checked. It can be reopened.")
        if confirmed
        else _("Rejected: it is another claim.")
    )
    return done(request, said, reverse("claim", args=[found.claim_id]))
