"""What a submitted verdict leans on: the claim's wording, a rating of the scale, evidence that it may cite.

Refuses ratings of other desks and older scales; names citations that do not hold and leaves the judgement to
the policy.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterable

from django.db.models import F
from django.utils.translation import gettext as _

from claims.actions import base
from claims.actions.indexing.outbox import touch_index
from claims.actions.origin_counts import recount_origins
from claims.actions.publishing import publish
from claims.actions.publishing.payload import CITATION, cited_ids, finding_of
from claims.actions.review.verdict_text import PARTS, VerdictData
from claims.models import Claim, Evidence, Rating, Review, User, Verdict
from claims.review.facts import Draft
from claims.vocabulary import Finding


def worded(claim: Claim, actor: User, data: VerdictData, *, now: dt.datetime) -> Claim:
    """Take over a wording that was changed in the verdict's form: who typed it has confirmed it."""
    wording = " ".join(data.wording.split())
    if not wording or wording == claim.wording:
        return claim
    changed = Claim.objects.filter(pk=claim.pk, version=claim.version).update(
        wording=wording,
        wording_unresolved=[],
        wording_confirmed_by=actor,
        wording_confirmed_at=now,
        version=F("version") + 1,
        updated_at=now,
    )
    if not changed:
        raise base.Stale(_("Somebody else changed this claim meanwhile. Look at its wording again."))
    base.audit(
        "claim.worded", claim, actor=actor, desk=claim.desk, claim_id=claim.pk, now=now,
        old=claim.wording, new=wording,
    )  # fmt: skip
    touch_index("claims", claim.pk)
    return Claim.objects.select_related("desk", "claimant").get(pk=claim.pk)


def rating(review: Review, data: VerdictData, source: Verdict | None) -> Rating | None:
    """Return the chosen rating of the desk's current scale; a change may keep the one it was made from."""
    if data.rating_id is None:
        return None
    chosen = Rating.objects.select_related("scale").filter(pk=data.rating_id).first()
    return insist_on_scale(chosen, review, source)


def insist_on_scale(chosen: Rating | None, review: Review, source: Verdict | None) -> Rating:
    """Return the chosen rating, loaded with its scale; refuse one of another desk or of an older scale."""
    if chosen is None or chosen.scale.desk_id != review.desk_id:
        raise base.Refused(_("This rating is not on your desk's scale."))
    kept = source is not None and source.rating_id == chosen.pk
    if not chosen.scale.is_current and not kept:
        raise base.Refused(
            _("“%(label)s” belongs to an older scale of your desk. Choose from the current one.")
            % {"label": chosen.label}
        )
    return chosen


def holding(claim: Claim, citations: list[int], actor: User, source: Verdict | None) -> set[int]:
    """Return which of the cited ids are evidence of the claim that this person may cite.

    That is what they may see, and what the version they change cites already: it stays cited, unseen.
    """
    rows = Evidence.objects.filter(claim=claim, pk__in=citations, rejected=False)
    kept = rows.filter(pk__in=source.citations) if source is not None else rows.none()
    return {*rows.visible_to(actor).values_list("pk", flat=True), *kept.values_list("pk", flat=True)}


def broken(held: Collection[int], citations: Iterable[int], texts: Iterable[str]) -> tuple[str, ...]:
    """Return the citations that do not hold, as they were written; ``held`` is what ``holding`` says."""
    failing = [f"[e:{pk}]" for pk in citations if pk not in held]
    # Something that wants to be a citation and is none would be published as it stands.
    for text in texts:
        rest = CITATION.sub("", text)
        failing += re.findall(r"\[e:[^\]]{0,40}\]?", rest)
    return tuple(failing)


def texts_of(data: VerdictData) -> tuple[str, ...]:
    """Return the texts that may cite evidence."""
    return (data.justification, *(answer for _question, answer, _finding in data.points))


def draft(
    claim: Claim, data: VerdictData, chosen: Rating | None, citations: list[int], failing: tuple[str, ...]
) -> Draft:
    """Return the words as the policy asks about them."""
    return Draft(
        wording_confirmed=claim.wording_confirmed_at is not None,
        unresolved=len(claim.wording_unresolved),
        has_claimant=claim.claimant_id is not None,
        has_rating=chosen is not None,
        has_headline=bool(data.headline),
        has_short_answer=bool(data.short_answer),
        has_justification=bool(CITATION.sub("", data.justification).strip()),
        cited=len(citations),
        broken_citations=failing,
        has_not_found=bool(data.not_found),
        finding_is_not_enough=chosen is not None and finding_of(chosen.finding) is Finding.NOT_ENOUGH,
    )


def insist_citations_stand_right(data: VerdictData) -> None:
    """Refuse citations in fields whose readers see no numbers."""
    for name in ("headline", "short_answer", "not_found"):
        if CITATION.search(getattr(data, name)):
            raise base.Refused(
                _("Sources are cited in the justification, not in the %(name)s.") % {"name": PARTS[name]}
            )


def is_same(newest: Verdict | None, actor: User, data: VerdictData) -> bool:
    """Whether the newest version is this very submission, sent twice."""
    return (
        newest is not None
        and newest.created_by_id == actor.pk
        and newest.headline == data.headline
        and newest.rating_id == data.rating_id
        and newest.short_answer == data.short_answer
        and newest.justification == data.justification
        and newest.not_found == data.not_found
        and (not data.wording or newest.wording == data.wording)
    )


def unstored(
    review: Review, actor: User, data: VerdictData, chosen: Rating, newest: Verdict | None, now: dt.datetime
) -> Verdict:
    """Return the version that the words make of the review's claim, not stored yet."""
    claim = review.claim
    return Verdict(
        review=review,
        desk=review.desk,
        claim=claim,
        number=newest.number + 1 if newest else 1,
        wording=claim.wording,
        headline=data.headline,
        rating=chosen,
        short_answer=data.short_answer,
        justification=data.justification,
        not_found=data.not_found,
        byline=data.byline or actor.byline[:200],
        citations=cited_ids(*texts_of(data)),
        created_by=actor,
        proposed_by=data.proposed_by,
        created_at=now,
    )


def changed_kind(review: Review, data: VerdictData) -> dict[str, str]:
    """Return the columns of a review whose kind of change the words choose; empty before a publication."""
    if data.release_kind == "first" or review.release_kind == "first":
        return {}
    if data.release_kind not in [kind.value for kind in publish.REVISIONS]:
        raise base.Refused(_("Choose a minor edit, a clarification, a correction or an update."))
    changed = {"release_kind": data.release_kind}
    if data.public_note:
        changed["public_note"] = data.public_note
    return changed


def cite(claim: Claim, citations: list[int], actor: User, *, now: dt.datetime) -> None:
    """Mark the evidence that the version cites as cited."""
    fresh = list(Evidence.objects.filter(claim=claim, pk__in=citations, cited=False, rejected=False))
    for row in fresh:
        Evidence.objects.filter(pk=row.pk).update(
            cited=True, decided_by=actor, decided_at=now, version=F("version") + 1
        )
        base.audit(
            "evidence.cited", row, actor=actor, desk=claim.desk, claim_id=claim.pk, after="cited", now=now
        )
    if fresh:
        # What was folded stands on the board from here on.
        recount_origins([claim.pk])
