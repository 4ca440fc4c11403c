"""Everything the claim page shows, gathered in a constant number of queries. Nothing here changes anything."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote_plus

from django.db.models import F, QuerySet
from django.db.models.functions import Substr
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.actions.base import ADDERS, EDITORS, WORKERS
from claims.actions.claims.changes import dates_of_article
from claims.actions.discussion.notes import people_of
from claims.forms.claims import (
    AssignForm,
    ChecksForm,
    ClaimantForm,
    CloseForm,
    DatesForm,
    DueForm,
    TopicsForm,
    WordingForm,
)
from claims.forms.evidence import AddByHandForm, AskForm
from claims.forms.notes import DiscussionForm
from claims.forms.verdict import VerdictForm
from claims.models import (
    Appearance,
    Claim,
    FactCheck,
    Match,
    ReadingRequest,
    Release,
    Review,
    User,
    Verdict,
    VerdictDraft,
)
from claims.models.facts import ask_people, ask_review_facts, member, review_facts
from claims.models.kept import kept
from claims.models.standing import ClaimEvidence, evidence_of
from claims.models.together import Asking, answered, at_once, by_name, these
from claims.models.withheld import ask_withheld, closed_to_others
from claims.review import after_publication, deciding, policy, whose_work
from claims.review.facts import Draft, Member, ReviewFacts
from claims.workbench.claim.board_filters import BoardFilters
from claims.workbench.claim.evidence_board import STANCES, EvidencePart, ask_evidence_part
from claims.workbench.claim.handing_parts import asked_readers, handing_of
from claims.workbench.claim.new_sources import ask_new_sources
from claims.workbench.claim.panel_part import panel_part
from claims.workbench.claim.reading import reader_part
from claims.workbench.claim.search_log import ask_search_part
from claims.workbench.claim.timeline import Entry, timeline
from claims.workbench.claim.wording_hints import hints, marked
from claims.workbench.desk.tags import on_claim
from claims.workbench.discussion.panel import Discussion, ShownNote, of_claim, said_about

# Where people search outside the archive: name, label, address with {words}.
OUTSIDE: tuple[tuple[str, str, str], ...] = (
    ("duckduckgo", "DuckDuckGo", "https://duckduckgo.com/?q={words}"),
    ("google", "Google", "https://www.google.com/search?q={words}"),
    ("bing", "Bing", "https://www.bing.com/search?q={words}"),
    ("news", "Google News", "https://news.google.com/search?q={words}"),
    ("factcheck", "Fact Check Explorer", "https://toolbox.google.com/factcheck/explorer/search/{words}"),
    ("wayback", "Internet Archive", "https://web.archive.org/web/*/{words}*"),
    ("wikipedia", "Wikipedia", "https://en.wikipedia.org/w/index.php?search={words}"),
)


def outside_address(where: str, words: str) -> str:
    """Return the address of a search outside, or nothing for a place that is not on the list."""
    found = next((address for name, _label, address in OUTSIDE if name == where), "")
    return found.format(words=quote_plus(words)) if found else ""


@dataclass(frozen=True, slots=True)
class ShownAppearance:
    """One place where the claim appeared, with the paragraph around it."""

    appearance: Appearance
    before: str
    quotation: str
    after: str
    date: str


def appearances(claim: Claim, user: User) -> Asking[list[ShownAppearance]]:
    """Ask for the places of a claim that this person may read, the first one first; of each text its paragraph."""
    rows = _appearances(claim.pk, user)
    yield [rows]
    found = []
    for row in rows:
        paragraph = row.paragraph or ""  # type: ignore[attr-defined]  # annotated
        start, end = row.start - row.paragraph_start, row.end - row.paragraph_start
        inside = row.capture_id is not None and 0 <= start < end <= len(paragraph)
        found.append(
            ShownAppearance(
                appearance=row,
                before=paragraph[:start] if inside else "",
                quotation=paragraph[start:end] if inside else row.quotation,
                after=paragraph[end:] if inside else "",
                date=row.appeared_on or (row.document.published if row.document else ""),
            )
        )
    return found


@kept
def _appearances(claim: int, user: User) -> QuerySet[Appearance]:
    return (
        Appearance.objects.visible_to(user)
        .filter(claim=claim, triage=Appearance.Triage.ACCEPTED)
        .select_related("document__outlet")
        .annotate(
            paragraph=Substr(
                "capture__text", F("paragraph_start") + 1, F("paragraph_end") - F("paragraph_start")
            )
        )
        .order_by("id")
    )


@kept
def matches(claim: int, user: User) -> QuerySet[Match]:
    """Ask for the earlier fact checks that search suggests or people confirmed."""
    rows = Match.objects.offered_to(user).filter(claim=claim)
    return rows.select_related("factcheck__latest", "decided_by").order_by("rank", "id")


@dataclass(frozen=True, slots=True)
class EarlierCheckShown:
    """One line of the checklist."""

    ok: bool
    sentence: str


def checklist(facts: ReviewFacts) -> list[EarlierCheckShown]:
    """Return what submission asks for, fulfilled or not, in the words of the policy."""
    d = facts.draft
    missing = policy.missing_for_submission(facts)
    rows = [
        EarlierCheckShown(
            d.wording_confirmed and not d.unresolved, _("The wording is confirmed, nothing in it unresolved")
        ),
        EarlierCheckShown(d.has_claimant, _("It is known who made the claim")),
        EarlierCheckShown(d.has_rating, _("A rating is chosen")),
        EarlierCheckShown(d.has_headline, _("There is a headline")),
        EarlierCheckShown(d.has_short_answer, _("There is a short answer")),
        EarlierCheckShown(d.has_justification, _("There is a justification")),
        EarlierCheckShown(
            not any("cite" in one for one in missing),
            _("A source is cited, or what was not found is written"),
        ),
    ]
    return rows


def draft_facts(claim: Claim, form: VerdictForm, counted: ClaimEvidence) -> Draft:
    """Return what the form at hand holds, as the policy asks for it; ``counted`` is the claim's evidence."""
    from claims.actions.publishing.payload import CITATION, cited_ids, finding_of
    from claims.vocabulary import Finding

    def value(name: str) -> str:
        return str(form[name].value() or "") if name in form.fields else ""

    justification = value("justification")
    rating = value("rating")
    finding = next(
        (row.finding for row in form.fields["rating"].queryset if str(row.pk) == rating),  # type: ignore[attr-defined]
        "",
    )
    texts = (justification, *(point["answer"] for point in form.points))
    wording = " ".join(value("wording").split())
    ticked = "confirm_wording" in form.fields and bool(form["confirm_wording"].value())
    reworded = ticked or (bool(wording) and wording != claim.wording)
    return Draft(
        wording_confirmed=claim.wording_confirmed_at is not None or reworded,
        unresolved=0 if reworded else len(claim.wording_unresolved),
        has_claimant=claim.claimant_id is not None,
        has_rating=bool(finding),
        has_headline=bool(value("headline").strip()),
        has_short_answer=bool(value("short_answer").strip()),
        has_justification=bool(CITATION.sub("", justification).strip()),
        cited=len(cited_ids(*texts)),
        has_not_found=bool(value("not_found").strip()),
        finding_is_not_enough=bool(finding) and finding_of(finding) is Finding.NOT_ENOUGH,
        standing=counted.of(cited_ids(*texts)),
    )


@dataclass(frozen=True, slots=True)
class Lease:
    """Who works on the claim now, since when."""

    person: User
    mine: bool
    until: dt.datetime


STATE_STEPS = (
    ("queued", gettext_lazy("queued")),
    ("in_progress", gettext_lazy("in progress")),
    ("awaiting_approval", gettext_lazy("awaiting approval")),
    ("approved", gettext_lazy("approved")),
    ("published", gettext_lazy("published")),
)


def claim_context(
    claim: Claim,
    user: User,
    *,
    bound: dict[str, Any] | None = None,
    narrowed: BoardFilters | None = None,
    beside: int = 0,
    now: dt.datetime | None = None,
) -> dict[str, Any]:
    """Return the context of the claim page; ``bound`` are forms with what was typed and refused.

    ``narrowed`` says which evidence is shown; ``beside`` is the source that is read.
    """
    now = now or timezone.now()
    bound = bound or {}
    found = matches(claim.pk, user)
    # Whatever does not rest on one another is asked for at once.
    parts = answered(
        by_name(
            work=_work(claim, user, bound, now),
            events=timeline(claim, user),
            appearances=appearances(claim, user),
            evidence=ask_evidence_part(claim, user, narrowed=narrowed),
            withheld=ask_withheld(claim, user),
            search=ask_search_part(claim, user),
            new_sources=ask_new_sources(claim, user),
            tags=on_claim(claim, user),
            said=said_about(claim, user),
            matches=these(found),
        )
    )
    work: _Work = parts["work"]
    board: EvidencePart = parts["evidence"]
    context: dict[str, Any] = {
        "claim": claim,
        "review": work.review,
        "appearances": parts["appearances"],
        "evidence": board,
        "reader": reader_part(board, beside) if beside else None,
        "withheld": parts["withheld"],
        "closed_to_others": closed_to_others(claim),
        "stances": STANCES,
        "search": parts["search"],
        "new_sources": parts["new_sources"],
        "matches": list(found),
        "hints": hints(claim.wording, claim.wording_unresolved),
        "wording_marked": marked(claim.wording, claim.wording_unresolved),
        "events": parts["events"],
        "outside": [(name, label) for name, label, _address in OUTSIDE],
        "add_form": bound.get("add") or AddByHandForm(auto_id="add-%s"),
        "ask_form": bound.get("ask") or AskForm(auto_id="ask-%s"),
        "now": now,
        **parts["tags"],
    }
    start = {"expected_version": claim.version}
    context["wording_form"] = bound.get("wording") or WordingForm(
        initial={**start, "wording": claim.wording}, auto_id="wording-%s"
    )
    context["claimant_form"] = bound.get("claimant") or ClaimantForm(
        initial={
            **start,
            "name": claim.claimant.name if claim.claimant else "",
            "kind": claim.claimant.kind if claim.claimant else "person",
        },
        auto_id="claimant-%s",
    )
    context["checks_form"] = bound.get("checks") or ChecksForm(
        initial={**start, "checks": claim.checks}, auto_id="checks-%s"
    )
    context["dates_form"] = bound.get("dates") or DatesForm(
        initial={**start, "made_on": claim.made_on, "about": claim.about}, auto_id="dates-%s"
    )
    context["topics_form"] = bound.get("topics") or TopicsForm(
        initial={**start, "topics": ", ".join(claim.topics)}, auto_id="topics-%s"
    )
    context["article_dates"] = dates_of_article(claim)
    if work.review is not None:
        context |= _review_context(work.review, work, claim, user, parts["events"], bound, now, board)
    context["discussion"] = _discussion(claim, user, parts["said"], context, bound.get("note"))
    return context


@dataclass(frozen=True, slots=True)
class _Work:
    """What is read of the newest review of a claim."""

    review: Review | None
    stored: ReviewFacts | None = None
    form: VerdictForm | None = None
    verdicts: Sequence[Verdict] = ()
    factcheck: FactCheck | None = None
    proposals: Sequence[VerdictDraft] = ()
    requests: Sequence[ReadingRequest] = ()


def _work(claim: Claim, user: User, bound: dict[str, Any], now: dt.datetime) -> Asking[_Work]:
    """Ask for the newest review, then for what its people did and wrote."""
    newest, checks = _newest_review(claim.pk), _checks(claim.pk)
    yield from at_once(ask_people(claim.desk), these(newest, checks))
    review = next(iter(newest), None)
    if review is None:
        return _Work(None)
    # One desk and one claim for both of them: the people of the desk are read once.
    review.desk, review.claim = claim.desk, claim
    written, offered, requests = _verdicts(review.pk), _proposals(review.pk), asked_readers(review.pk)
    facts, form, _asked = yield from at_once(
        ask_review_facts(review, now=now),
        _editor(review, user, bound.get("verdict")),
        these(written, offered, requests),
    )
    return _Work(review, facts, form, list(written), next(iter(checks), None), list(offered), list(requests))


@kept
def _newest_review(claim: int) -> QuerySet[Review]:
    rows = Review.objects.filter(claim=claim).select_related("assignee", "lease_user")
    return rows.order_by("-number")[:1]


@kept
def _checks(claim: int) -> QuerySet[FactCheck]:
    return FactCheck.objects.filter(claim=claim).select_related("latest").order_by()


@kept
def _verdicts(review: int) -> QuerySet[Verdict]:
    rows = Verdict.objects.filter(review=review).select_related("rating", "created_by", "proposed_by")
    return rows.order_by("-number")


@kept
def _proposals(review: int) -> QuerySet[VerdictDraft]:
    rows = VerdictDraft.objects.filter(review=review, data__has_key="proposal")
    return rows.select_related("user", "base").order_by("pk")


def _editor(review: Review, user: User, typed: VerdictForm | None) -> Asking[VerdictForm]:
    """Ask for the editor as it begins; the one that was sent and refused asks for its ratings only."""
    if typed is None:
        return (yield from VerdictForm.ask_for_review(review, user, auto_id="verdict-%s", confirmable=True))
    yield [typed.fields["rating"].queryset]  # type: ignore[attr-defined]
    return typed


def _discussion(
    claim: Claim,
    user: User,
    said: tuple[ShownNote, ...],
    context: dict[str, Any],
    form: DiscussionForm | None,
) -> Discussion:
    """Return what is said about the claim; who could be named is known from the review's facts."""
    facts: ReviewFacts | None = context.get("facts")
    if facts is None:
        people, may_write = people_of(claim.desk), not claim.desk.roles_of(user).isdisjoint(ADDERS)
    else:
        people = [(one.id, one.name) for one in facts.members if one.has(*ADDERS)]
        may_write = user.is_superuser or any(pk == user.pk for pk, _name in people)
    reader = context["reader"]
    passage = reader.row.evidence.pk if reader is not None else 0
    return of_claim(claim, user, said, people, may_write=may_write, passage=passage, form=form)


def _review_context(
    review: Review,
    work: _Work,
    claim: Claim,
    user: User,
    events: Sequence[Entry],
    bound: dict[str, Any],
    now: dt.datetime,
    board: EvidencePart,
) -> dict[str, Any]:
    assert work.stored is not None
    assert work.form is not None
    form = work.form
    facts = replace(work.stored, draft=draft_facts(claim, form, board.whole))
    person = member(review.desk, user)
    # Whoever is still to give a blind opinion is shown no word of a verdict.
    blind = not deciding.unblinded(facts, person)
    verdicts = [] if blind else list(work.verdicts)
    writable = review.state in (Review.State.QUEUED, Review.State.IN_PROGRESS) and not blind
    lines = checklist(facts) if writable else []
    return {
        "facts": facts,
        "verdict_form": form,
        "checklist": lines,
        "readers": _readers(facts, user) if writable else "",
        "ticked": sum(1 for line in lines if line.ok),
        "remarks": policy.remarks_for_submission(facts) if writable else (),
        "may_submit": policy.may_submit(facts, person),
        "may": _allowed(facts, person, review),
        "writable": writable and person.has(*deciding.WRITERS),
        "lease": lease_of(review, user, now),
        "verdicts": verdicts,
        "verdict": verdicts[0] if verdicts else None,
        "factcheck": work.factcheck,
        "proposals": list(work.proposals) if verdicts else [],
        "panel": panel_part(facts, person, verdicts[0].rating if verdicts else None),
        "due_form": bound.get("due") or DueForm.of(claim, auto_id="due-%s"),
        "may_set_due": writable and not person.roles.isdisjoint(WORKERS if _own(review, user) else EDITORS),
        "handing": handing_of(review, verdicts[0] if verdicts else None, facts, person, bound, work.requests),
        "steps": _steps(review, events),
        "assign_form": bound.get("assign")
        or AssignForm(
            desk=review.desk,
            people=[(one.id, one.name) for one in facts.members if one.has(*deciding.WRITERS)],
            initial={"to": review.assignee_id},
            auto_id="assign-%s",
        ),
        "close_form": bound.get("close") or CloseForm(auto_id="close-%s"),
        "is_revision": review.release_kind != Release.Kind.FIRST,
        "approvals_missing": policy.approvals_missing(facts),
        # They are refused to tag the claim: the field would only lead to that.
        **({"may_tag": False, "tag_names": []} if blind else {}),
    }


def _own(review: Review, user: User) -> bool:
    return review.assignee_id in (None, user.pk)


def _readers(facts: ReviewFacts, user: User) -> str:
    """Name the people who could approve what this person writes, the first of them."""
    names = [one.name for one in facts.members if one.has(*deciding.APPROVERS) and one.id != user.pk]
    return _(" or ").join(names[:2])


def checklist_of(review: Review, form: VerdictForm) -> list[EarlierCheckShown]:
    """Return the checklist for the words of a form, for the page that is being typed into."""
    counted = evidence_of([review.claim_id])[review.claim_id]
    return checklist(review_facts(review, draft=draft_facts(review.claim, form, counted)))


def lease_of(review: Review, user: User, now: dt.datetime) -> Lease | None:
    """Return who works on the claim, where somebody does."""
    if review.lease_user is None or review.lease_until is None or review.lease_until <= now:
        return None
    return Lease(review.lease_user, review.lease_user_id == user.pk, review.lease_until)


def _allowed(facts: ReviewFacts, person: Member, review: Review) -> dict[str, deciding.Decision]:
    return {
        "start": whose_work.may_start(facts, person),
        "put_back": whose_work.may_put_back(facts, person),
        "assign": whose_work.may_assign(facts, person, None),
        "assign_me": whose_work.may_assign(facts, person, person),
        "close": whose_work.may_close(facts, person),
        "reopen": whose_work.may_reopen(facts, person),
        "recall": policy.may_recall(facts, person),
        "publish": policy.may_publish(facts, person),
        "hold": policy.may_hold(facts, person),
        "revise": after_publication.may_revise(facts, person),
    }


def _steps(review: Review, events: Sequence[Entry]) -> list[dict[str, Any]]:
    """Return the strip of states with who brought the review there, and when."""
    reached: dict[str, Entry] = {}
    for entry in events:
        if entry.event.after and entry.event.object_kind in ("review", "verdict"):
            reached.setdefault(entry.event.after, entry)
    states = [name for name, _label in STATE_STEPS]
    at = states.index(review.state) if review.state in states else -1
    rows = [
        {
            "label": label,
            "state": name,
            "now": name == review.state,
            "past": at > place,
            "entry": reached.get(name) if at >= place or review.state == "closed" else None,
        }
        for place, (name, label) in enumerate(STATE_STEPS)
    ]
    if review.state == Review.State.CLOSED:
        rows.append(
            {
                "label": review.get_state_display(),
                "state": "closed",
                "now": True,
                "past": False,
                "entry": reached.get("closed"),
            }
        )
    return rows
