"""Approval: the verdict as the public will read it beside its sources, what changed, and what follows."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from claims.actions.base import Refused, gesture
from claims.actions.publishing import publish
from claims.actions.publishing.payload import Sources, ask_sources_of, numbered, stored_payload
from claims.actions.review.readings import open_source, tick_citation
from claims.actions.review.verdicts import (
    VerdictData,
    open_verdict,
    propose_wording,
    return_verdict,
)
from claims.actions.review.verdicts import (
    approve as approve_verdict,
)
from claims.exports.payload import BadPayload, Payload
from claims.forms.approval import ApproveForm, PublishAtForm, ReturnForm
from claims.forms.verdict import RatingField, VerdictForm, typed_initial
from claims.language.sentences import sentences
from claims.models import (
    Approval,
    CitationReading,
    Evidence,
    FactCheck,
    Point,
    Review,
    User,
    Verdict,
    VerdictAuthor,
    VerdictReading,
)
from claims.models.access import access_review, access_verdict
from claims.models.corrections import corrections_of
from claims.models.facts import ask_people, ask_review_facts, member
from claims.models.fields import row_number
from claims.models.together import answered, at_once, by_name, these
from claims.review import policy
from claims.review.facts import ReviewFacts
from claims.review.standing import remarks
from claims.review.states import PublishMode
from claims.templatetags.date_words import moment_in_words
from claims.vocabulary import ApprovalKind
from claims.workbench.access import PersonRequest, opened, signed_in
from claims.workbench.approval.differences import WordDifference, between, since_published
from claims.workbench.claim.evidence_board import evidence_row
from claims.workbench.claim.panel_part import panel_part
from claims.workbench.claim.reading import source_part
from claims.workbench.claim.standing_words import figures, tally
from claims.workbench.doors import stands_at
from claims.workbench.outcomes import attempt, done, gone, insist_valid
from claims.workbench.public.views import check_context, page_of_draft
from claims.workbench.resumed_forms import typed_fields

#: DataFeed, JSON Feed, Atom, RSS, CSV.
FEEDS = 5
_NUMBER = re.compile(r"\[(\d{1,3})\]")


@signed_in
@require_safe
def approve(request: PersonRequest, pk: int) -> HttpResponse:
    """One submitted version; ``?source=`` opens one of its sources beside it, ``?source=next`` the first unticked.

    A member who opens the page has read it, and who opens a source has opened it: both are written down on GET,
    deliberately. They ask for no decision, are the same however often a page is opened, and an approval rests on
    them. That a source says what it is cited for is a tick, and a tick is a POST of its own.
    """
    return second_reading(request, opened(request, access_verdict, pk))


def second_reading(request: PersonRequest, verdict: Verdict) -> HttpResponse:
    """Show a version to somebody who has come in, and write down what they read; in the admin's frame there."""
    before = VerdictReading.objects.filter(verdict=verdict, user=request.user).order_by()
    answered(at_once(ask_people(verdict.desk), these(before)))
    if not before and verdict.desk.roles_of(request.user):
        open_verdict(actor=request.user, verdict=verdict)
    wanted = request.GET.get("source", "")
    source = _unticked(verdict, request.user) if wanted == "next" else row_number(wanted) or 0
    refusal = None
    if source:
        try:
            open_source(actor=request.user, verdict=verdict, evidence=source)
        except Refused as problem:
            source, refusal = 0, problem
    return _page(request, verdict, source=source, refusal=refusal)


def _unticked(verdict: Verdict, user: User) -> int:
    """Return the first cited source that this person may read and has not ticked; 0 where there is none."""
    seen = Evidence.objects.filter(pk__in=verdict.citations).visible_to(user).order_by()
    ticked = CitationReading.objects.filter(verdict=verdict, user=user, ticked_at__isnull=False)
    left = set(seen.exclude(pk__in=ticked.values("evidence")).values_list("pk", flat=True))
    return next((pk for pk in verdict.citations if pk in left), 0)


@signed_in
@require_safe
def public_page(request: PersonRequest, pk: int) -> HttpResponse:
    """The very page that this version would be to the public, and nothing else."""
    verdict = opened(request, access_verdict, pk)
    now = timezone.now()
    checks = publish.checks_of(verdict.claim_id)
    sources, _asked = answered(at_once(ask_sources_of(verdict), these(checks)))
    check = next(iter(checks), None)
    try:
        payload = publish.preview_from(verdict, sources, check, now=now)
    except BadPayload as problem:
        raise Refused(str(problem)) from problem
    return page_of_draft(request, verdict.desk, payload, found=check, now=now)


def _page(
    request: PersonRequest,
    verdict: Verdict,
    *,
    bound: dict[str, Any] | None = None,
    refusal: Refused | None = None,
    status: int = 200,
    source: int = 0,
) -> HttpResponse:
    bound = bound or {}
    if refusal is not None:
        verdict = access_verdict(request.user, verdict.pk)
    review = verdict.review
    # One desk and one claim for all of them: the people of the desk are read once.
    review.desk, review.claim = verdict.desk, verdict.claim
    asked = _Asked.of(verdict, request.user)
    found = answered(
        by_name(
            facts=ask_review_facts(review),
            beside_it=ask_sources_of(verdict),
            submitted=publish.ask_submitted_contents([verdict.pk]),
            asked=these(*asked.questions),
        )
    )
    facts: ReviewFacts = found["facts"]
    beside_it: Sources = found["beside_it"]
    person = member(review.desk, request.user)
    kinds = [kind for kind in policy.approvals_missing(facts) if kind in person.may_give]
    kind = kinds[0] if kinds else ApprovalKind.EDITORIAL
    problem, context, payload = "", {}, None
    check = next(iter(asked.checks), None)
    try:
        payload = publish.preview_from(verdict, beside_it, check)
        context = check_context(payload)
    except (BadPayload, Refused) as trouble:
        problem = str(trouble)
    previous = next(iter(asked.earlier), None)
    if previous is None:
        previous = next((row for row in asked.published if row.pk != verdict.pk), None)
    cited = beside_it.counted.of(verdict.citations)
    sources = _cited(verdict, request.user, beside_it, asked)
    newest = facts.version == verdict.number
    context |= {
        "verdict": verdict,
        "review": review,
        "claim": review.claim,
        "facts": facts,
        "problem": problem,
        "cited": sources,
        "shown": _shown(sources, source),
        "unread": [one for one in sources if not one["ticked"]],
        "read": sum(1 for one in sources if one["ticked"]),
        "figures": figures(cited),
        "tally": tally(cited),
        "remarks": remarks(cited),
        "previous": previous,
        "changes_between": between(previous, verdict) if previous else [],
        "for_readers": _for_readers(check, payload),
        "beside": publish.differing(found["submitted"].get(verdict.pk), payload)
        if payload is not None and review.state == Review.State.AWAITING_APPROVAL
        else (),
        "may_approve": policy.may_approve(facts, person, kind, version=verdict.number),
        "may_return": policy.may_return(facts, person),
        "may_publish": policy.may_publish(facts, person),
        "may_hold": policy.may_hold(facts, person),
        "panel": panel_part(facts, person, verdict.rating),
        "next": what_follows(facts, review, kind),
        "kinds": kinds,
        "kind": kind,
        "approvals": list(asked.approvals),
        "authors": [row.user for row in asked.authors],
        "newest": newest,
        "approve_form": bound.get("approve") or ApproveForm(auto_id="approve-%s"),
        "return_form": bound.get("return") or ReturnForm(auto_id="return-%s"),
        "at_form": bound.get("at") or PublishAtForm(auto_id="at-%s"),
        "propose_form": bound.get("propose")
        or _propose_form(verdict, review, beside_it.points, asked.ratings),
        "refusal": str(refusal) if refusal else "",
        "typed": typed_fields(request.POST) if refusal else [],
    }
    context["stays_at"] = _in_admin(request, verdict)
    frame = "admin/claims/claim/reading.html" if context["stays_at"] else "claims/approve.html"
    return render(request, frame, context, status=refusal.status if refusal else status)


def _in_admin(request: PersonRequest, verdict: Verdict) -> str:
    """Return the address of the version in the admin, where the person is there now."""
    there = reverse("admin:claims_claim_verdict", args=[verdict.claim_id, verdict.pk])
    # Whoever returns a version goes on at the claim.
    claim = reverse("admin:claims_claim_change", args=[verdict.claim_id])
    return there if stands_at(request) in (there, claim) else ""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the page shows beside the facts and the sources of a version; all of it is read at once."""

    checks: QuerySet[FactCheck]
    #: The version before, of the same review; and the one that is published.
    earlier: QuerySet[Verdict]
    published: QuerySet[Verdict]
    approvals: QuerySet[Approval]
    authors: QuerySet[VerdictAuthor]
    #: Of the cited evidence, what this person may read; and what of it they opened and ticked.
    readable: QuerySet[Any, Any]
    readings: QuerySet[Any, Any]
    ratings: RatingField

    @classmethod
    def of(cls, verdict: Verdict, user: User) -> _Asked:
        rows = Verdict.objects.select_related("rating")
        checks = publish.checks_of(verdict.claim_id)
        cited = Evidence.objects.filter(pk__in=verdict.citations).visible_to(user)
        return cls(
            checks=checks,
            earlier=rows.filter(review=verdict.review_id, number__lt=verdict.number).order_by("-number")[:1],
            published=rows.filter(pk__in=checks.values("latest__verdict")).order_by(),
            approvals=Approval.objects.filter(verdict=verdict).select_related("user"),
            authors=VerdictAuthor.objects.filter(verdict=verdict).select_related("user").order_by("pk"),
            readable=cited.order_by().values_list("pk", flat=True),
            readings=CitationReading.objects.filter(verdict=verdict, user=user)
            .order_by()
            .values_list("evidence_id", "ticked_at"),
            ratings=RatingField(review=verdict.review, kept=verdict.rating_id),
        )

    @property
    def questions(self) -> list[QuerySet[Any, Any]]:
        rows = (self.checks, self.earlier, self.published, self.approvals, self.authors)
        return [*rows, self.readable, self.readings, self.ratings.offered]


def _cited(verdict: Verdict, user: User, beside_it: Sources, asked: _Asked) -> list[dict[str, Any]]:
    """Return the cited evidence in the order of its public numbers, with what this person opened and ticked.

    What the person may not read keeps its number: the verdict rests on it, and they should know.
    """
    rows, seen, ticked = beside_it.evidence, set(asked.readable), dict(asked.readings)
    notes = corrections_of([row for pk, row in rows.items() if pk in seen], user)
    says = _sentences(verdict, beside_it.points)
    found: list[dict[str, Any]] = []
    for number, pk in enumerate(verdict.citations, start=1):
        row = rows.get(pk)
        shown = (
            evidence_row(row, "", beside_it.counted, notes.get(pk, ()))
            if row is not None and pk in seen
            else None
        )
        found.append(
            {
                "number": number,
                "row": shown,
                "pk": pk,
                "opened": pk in ticked,
                "ticked": ticked.get(pk) is not None,
                "says": says.get(number, []),
            }
        )
    return found


def _sentences(verdict: Verdict, points: Sequence[Point]) -> dict[int, list[str]]:
    """Return the sentences of the verdict by the public number of the sources they cite."""
    numbers = {pk: number for number, pk in enumerate(verdict.citations, start=1)}
    texts = [verdict.justification, *(point.answer for point in points)]
    found: dict[int, list[str]] = defaultdict(list)
    for text in texts:
        shown = numbered(text, numbers)
        for start, end in sentences(shown):
            words = " ".join(shown[start:end].split())
            for number in dict.fromkeys(int(one) for one in _NUMBER.findall(words)):
                found[number].append(words)
    return found


def _shown(sources: list[dict[str, Any]], wanted: int) -> dict[str, Any] | None:
    """Return the source that is read now, with its text around the passage and the next one that is unread."""
    one = next((one for one in sources if one["pk"] == wanted and one["row"] is not None), None)
    if one is None:
        return None
    later = [other for other in sources if other["number"] > one["number"]]
    others = [other for other in (*later, *sources) if other is not one and other["row"]]
    return one | {
        "part": source_part(one["row"]),
        "next": next((other for other in others if not other["ticked"]), others[0] if others else None),
    }


def _for_readers(check: FactCheck | None, payload: Payload | None) -> list[WordDifference] | None:
    """Return what changes for the reader against what is public now; None where nothing is."""
    if payload is None or check is None or check.latest is None:
        return None
    return since_published(stored_payload(check.latest), payload)


def what_follows(facts: ReviewFacts, review: Review, kind: ApprovalKind) -> str:
    """Say in a sentence what an approval now would bring about."""
    missing = sum(policy.approvals_missing(facts).values())
    if missing > 1:
        left = missing - 1
        return ngettext(
            "%(n)d more approval is needed after yours.", "%(n)d more approvals are needed after yours.", left
        ) % {"n": left}
    if facts.held or facts.mode is PublishMode.ON_RELEASE:
        return _("It is then held until a reviewer or desk editor publishes it.")
    if review.publish_at is not None:
        return _("It is then held until %(at)s and published by itself: the public page and %(n)d feeds.") % {
            "at": moment_in_words(review.publish_at),
            "n": FEEDS,
        }
    return _(
        "It is then published at once: the public page, %(n)d feeds and the search carry it within seconds."
    ) % {"n": FEEDS}


def _propose_form(
    verdict: Verdict, review: Review, points: Sequence[Point], ratings: RatingField
) -> VerdictForm:
    return VerdictForm(
        review=review,
        ratings=ratings,
        initial=typed_initial(VerdictData.from_verdict(verdict, points)),
        auto_id="propose-%s",
    )


@signed_in
@require_POST
def tick(request: PersonRequest, pk: int) -> HttpResponse:
    """Note that one cited source was opened and says what it is cited for, or take that back; goes on to the next."""
    verdict = opened(request, access_verdict, pk)
    source = row_number(request.POST.get("source", "")) or 0
    matches = request.POST.get("ticked", "1") == "1"
    tick_citation(actor=request.user, verdict=verdict, evidence=source, matches=matches)
    onward = (row_number(request.POST.get("after", "")) if matches else None) or source
    here = _in_admin(request, verdict) or reverse("approve", args=[pk])
    return gone(request, f"{here}?source={onward}#passage" if onward in verdict.citations else here)


@signed_in
@require_POST
def give(request: PersonRequest, pk: int) -> HttpResponse:
    """Approve a version."""
    verdict = opened(request, access_verdict, pk)

    def act(data: dict[str, Any]) -> HttpResponse:
        # Deliberately not the reading itself: who approves must have opened the page before.
        with gesture(), transaction.atomic():
            if data["when"] == "hold":
                publish.hold(actor=request.user, review=verdict.review)
            review = approve_verdict(
                actor=request.user,
                verdict=verdict,
                kind=data["kind"],
                comment=data["comment"],
                unread_reason=data["unread_reason"],
                publish_at=data["publish_at"],
            )
        said = {
            Review.State.PUBLISHED: _("Approved and published."),
            Review.State.APPROVED: _("Approved. It is not published yet."),
        }.get(Review.State(review.state), _("Approved. Further approvals are needed."))
        if request.POST.get("then") != "next":
            return done(request, said, reverse("approve", args=[pk]))
        messages.success(request, said)
        return gone(request, reverse("desk-next", args=[verdict.desk.slug]))

    form = ApproveForm(request.POST, auto_id="approve-%s")
    return attempt(form, act, partial(_page, request, verdict, bound={"approve": form}))


@signed_in
@require_POST
def send_back(request: PersonRequest, pk: int) -> HttpResponse:
    """Return a version to its authors, with a comment."""
    verdict = opened(request, access_verdict, pk)

    def act(data: dict[str, Any]) -> HttpResponse:
        return_verdict(actor=request.user, verdict=verdict, comment=data["comment"])
        return done(request, _("Returned with your comment."), reverse("claim", args=[verdict.claim_id]))

    form = ReturnForm(request.POST, auto_id="return-%s")
    return attempt(form, act, partial(_page, request, verdict, bound={"return": form}))


@signed_in
@require_POST
def propose(request: PersonRequest, pk: int) -> HttpResponse:
    """Offer the authors other words; only they can make them the next version."""
    verdict = opened(request, access_verdict, pk)
    form = VerdictForm(
        request.POST, review=verdict.review, kept_rating=verdict.rating_id, auto_id="propose-%s"
    )

    def act(data: dict[str, Any]) -> HttpResponse:
        comment = request.POST.get("comment", "")
        propose_wording(actor=request.user, verdict=verdict, data=form.verdict_data(), comment=comment)
        said = _("Proposed. The author can take it over with one key.")
        return done(request, said, reverse("approve", args=[pk]))

    return attempt(form, act, partial(_page, request, verdict, bound={"propose": form}))


def _after(review: Review) -> str:
    verdict = Verdict.objects.filter(review=review).order_by("-number").values_list("pk", flat=True).first()
    return reverse("approve", args=[verdict]) if verdict else reverse("claim", args=[review.claim_id])


@signed_in
@require_POST
def publish_now(request: PersonRequest, pk: int) -> HttpResponse:
    """Publish an approved verdict now."""
    review = opened(request, access_review, pk)
    publish.publish(actor=request.user, review=review)
    return done(request, _("Published."), _after(review))


@signed_in
@require_POST
def publish_at(request: PersonRequest, pk: int) -> HttpResponse:
    """Set when an approved verdict is published."""
    review = opened(request, access_review, pk)
    data = insist_valid(PublishAtForm(request.POST))
    publish.publish_at(actor=request.user, review=review, at=data["at"])
    return done(request, _("The time of publication is set."), _after(review))


@signed_in
@require_POST
def hold(request: PersonRequest, pk: int) -> HttpResponse:
    """Hold a publication until somebody lifts it by publishing."""
    review = opened(request, access_review, pk)
    publish.hold(actor=request.user, review=review)
    return done(request, _("Held until somebody publishes it."), _after(review))
