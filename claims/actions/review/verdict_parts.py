"""What a submitted verdict leans on: the claim's wording, a rating of the scale, evidence that it may cite.

Refuses ratings of other desks and older scales; names citations that do not hold and leaves the judgement to
the policy.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

from django.db.models import F

from claims.actions import base
from claims.actions.indexing.outbox import touch_index
from claims.actions.publishing.payload import CITATION
from claims.actions.review.verdict_text import VerdictData
from claims.models import Claim, Evidence, Rating, Review, User, Verdict


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
        raise base.Stale("Somebody else changed this claim meanwhile. Look at its wording again.")
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
    chosen = Rating.objects.select_related("scale").filter(pk=data.rating_id, scale__desk=review.desk).first()
    if chosen is None:
        raise base.Refused("This rating is not on your desk's scale.")
    kept = source is not None and source.rating_id == chosen.pk
    if not chosen.scale.is_current and not kept:
        raise base.Refused(
            f"“{chosen.label}” belongs to an older scale of your desk. Choose from the current one."
        )
    return chosen


def holding(claim: Claim, citations: list[int], actor: User, source: Verdict | None) -> set[int]:
    """Return which of the cited ids are evidence of the claim that this person may cite.

    That is what they may see, and what the version they change cites already: it stays cited, unseen.
    """
    rows = Evidence.objects.filter(claim=claim, pk__in=citations, rejected=False)
    kept = rows.filter(pk__in=source.citations) if source is not None else rows.none()
    return {*rows.visible_to(actor).values_list("pk", flat=True), *kept.values_list("pk", flat=True)}


def broken(
    claim: Claim, citations: list[int], texts: Iterable[str], *, actor: User, source: Verdict | None
) -> tuple[str, ...]:
    """Return the citations that do not hold for this person, as they were written."""
    held = holding(claim, citations, actor, source)
    failing = [f"[e:{pk}]" for pk in citations if pk not in held]
    # Something that wants to be a citation and is none would be published as it stands.
    for text in texts:
        rest = CITATION.sub("", text)
        failing += re.findall(r"\[e:[^\]]{0,40}\]?", rest)
    return tuple(failing)


def cite(claim: Claim, citations: list[int], actor: User, *, now: dt.datetime) -> None:
    """Mark the evidence that the version cites as cited."""
    fresh = Evidence.objects.filter(claim=claim, pk__in=citations, cited=False, rejected=False)
    for row in fresh:
        Evidence.objects.filter(pk=row.pk).update(
            cited=True, decided_by=actor, decided_at=now, version=F("version") + 1
        )
        base.audit(
            "evidence.cited", row, actor=actor, desk=claim.desk, claim_id=claim.pk, after="cited", now=now
        )
