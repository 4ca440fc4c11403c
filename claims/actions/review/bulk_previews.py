"""What would a bulk act do to each claim? Asks the acts' own rules about rows that are loaded all at once.

Writes nothing and locks nothing; the number of statements does not grow with the rows. Each function gathers
and returns the question to ask of one row, which answers as the act would: with a warning, or by a refusal.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from claims.actions import base, transitions
from claims.actions.claims import changes as claim_actions
from claims.actions.claims import together
from claims.actions.publishing import publish
from claims.actions.publishing.payload import (
    Sources,
    cited_ids,
    evidence_rows,
    places_of,
    scale_values,
    sources_of_each,
)
from claims.actions.review import verdict_copies, verdict_parts
from claims.actions.review import verdicts as review_actions
from claims.actions.review.drafts import base_verdicts
from claims.actions.review.verdict_copies import Lead
from claims.models import Claim, Evidence, FactCheck, Point, Rating, Review, User, VerdictAuthor
from claims.models.facts import latest_verdicts, member, needed, review_facts_of
from claims.review import policy, whose_work
from claims.review.states import Step, after
from claims.vocabulary import CloseReason, ReviewState

#: Returns a warning, or an empty string.
Act = Callable[[Claim, Review], str]


def assigning(*, actor: User, to: User | None) -> Act:
    """Foretell ``assign``."""

    def ask(_claim: Claim, current: Review) -> str:
        claim_actions.insist_may_assign(actor=actor, review=current, to=to)
        together.insist_is_news(current, to)
        return ""

    return ask


def closing(*, actor: User, reason: CloseReason | str, now: dt.datetime) -> Act:
    """Foretell ``close``."""

    def ask(_claim: Claim, current: Review) -> str:
        together.insist_open(current)
        claim_actions.insist_may_close(actor=actor, review=current, reason=reason, now=now)
        return ""

    return ask


def approving(
    reviews: Sequence[Review],
    *,
    actor: User,
    kind: str,
    comment: str,
    now: dt.datetime,
    unread_reason: str = "",
) -> Act:
    """Foretell ``approve`` of each review's newest version."""
    verdicts = latest_verdicts(reviews)
    facts = review_facts_of(reviews, now=now)
    contents = publish.submitted_contents(verdict.pk for verdict in verdicts.values())
    sources = sources_of_each(list(verdicts.values()))
    checks = _checks(reviews)

    def ask(claim: Claim, current: Review) -> str:
        verdict = verdicts.get(current.pk)
        if verdict is None or current.state != Review.State.AWAITING_APPROVAL:
            raise base.Stale(nothing_to_approve(current))
        known = facts[current.pk]
        if any(given.person == actor.pk for given in known.approvals):
            return ""
        chosen = review_actions.kind_of_approval(kind)
        person = member(current.desk, actor)
        reason = review_actions.comment_text(unread_reason)
        transitions.insist(
            policy.may_approve(known, person, chosen, version=verdict.number, unread_reason=reason)
        )
        verdict.claim, verdict.desk = claim, current.desk
        payload = publish.prepared(current, verdict, checks.get(claim.pk), sources[verdict.pk], now=now)
        publish.insist_as_submitted(contents.get(verdict.pk), payload)
        review_actions.comment_text(comment)
        return ""

    return ask


def nothing_to_approve(current: Review) -> str:
    return f"It is {current.get_state_display()}; there is nothing to approve."


def submitting(reviews: Sequence[Review], *, actor: User, lead: Lead, now: dt.datetime) -> Act:
    """Foretell the submission of the lead's verdict for each claim."""
    claims = [review.claim_id for review in reviews]
    words = lead.words
    facts = review_facts_of(reviews, now=now)
    newest, made_from = latest_verdicts(reviews), base_verdicts(reviews)
    authors: dict[int, set[int]] = {}
    bases = {row.pk for row in (lead.source, *made_from.values()) if row is not None}
    for verdict, user in VerdictAuthor.objects.filter(verdict__in=bases).values_list("verdict_id", "user_id"):
        authors.setdefault(verdict, set()).add(user)
    rating = Rating.objects.select_related("scale").filter(pk=words.rating_id or 0).first()
    values = scale_values([rating.scale_id]).get(rating.scale_id, []) if rating else []
    own = verdict_copies.known_places(lead, claims)
    # Citations that are no evidence of the lead may be the other claim's own.
    others = evidence_rows(set(lead.cited) - set(lead.evidence))
    loaded = [*lead.evidence, *others, *(row.pk for rows in own.values() for row in rows.values())]
    seen = set(Evidence.objects.filter(pk__in=loaded).visible_to(actor).values_list("pk", flat=True))
    places, checks = places_of(claims), _checks(reviews)

    def ask(claim: Claim, current: Review) -> str:
        warning = verdict_copies.insist_fits(lead, claim, current)
        held = {pk: row for pk, row in others.items() if row.claim_id == claim.pk}
        ids = {}
        for pk in lead.cited:
            if pk in lead.evidence:
                row = own.get(claim.pk, {}).get(lead.evidence[pk].place_key)
                row = (
                    verdict_copies.insist_standing(row)
                    if row is not None
                    else verdict_copies.as_copied(lead.evidence[pk], claim)
                )
                ids[pk] = row.pk
                held[row.pk] = row
        data = verdict_copies.words_citing(words, ids).cleaned()
        known, person = facts[current.pk], member(current.desk, actor)
        if current.state == Review.State.QUEUED:
            if verdict_parts.is_same(newest.get(current.pk), actor, data):
                return warning
            transitions.insist(whose_work.may_start(known, person))
            known = replace(known, state=ReviewState(after(Step.START, known.state)))
        source = made_from.get(current.pk)
        chosen = None
        if data.rating_id is not None:
            chosen = verdict_parts.insist_on_scale(rating, current, source)
        texts = verdict_parts.texts_of(data)
        citations = cited_ids(*texts)
        kept = source.citations if source is not None else ()
        may_cite = {pk for pk, row in held.items() if not row.rejected and (pk in seen or pk in kept)}
        failing = verdict_parts.broken(may_cite, citations, texts)
        for name, value in verdict_parts.changed_kind(current, data).items():
            setattr(current, name, value)
        known = replace(
            known,
            draft=verdict_parts.draft(claim, data, chosen, citations, failing),
            needed=needed(current),
            authors=frozenset(
                {actor.pk}.union(
                    *(authors.get(one.pk, ()) for one in (source, lead.source) if one is not None)
                )
            ),
        )
        transitions.insist(policy.may_submit(known, person))
        verdict_parts.insist_citations_stand_right(data)
        if chosen is None:  # may_submit has asked for one
            raise base.Refused(_("Choose a rating."))
        made = verdict_parts.unstored(current, actor, data, chosen, newest.get(current.pk), now)
        points = [
            Point(number=number, question=question, answer=answer, finding=finding)
            for number, (question, answer, finding) in enumerate(data.points, start=1)
        ]
        beside = Sources(evidence=held, places=places.get(claim.pk, ()), points=points, values=values)
        publish.prepared(current, made, checks.get(claim.pk), beside, now=now)
        return warning

    return ask


def _checks(reviews: Sequence[Review]) -> dict[int, FactCheck]:
    rows = FactCheck.objects.select_related("latest").filter(claim__in=[row.claim_id for row in reviews])
    return {row.claim_id: row for row in rows if row.claim_id is not None}
