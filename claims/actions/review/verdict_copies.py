"""How does one claim's verdict become another's? What may be copied, what to warn of, and the evidence it cites.

Each claim keeps its own wording and claimant; the words are submitted by ``verdicts``, which asks the policy.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from claims.actions import base
from claims.actions.origin_counts import recount_origins
from claims.actions.publishing.payload import cited_ids, evidence_rows, recited
from claims.actions.review.verdict_parts import texts_of
from claims.actions.review.verdict_text import VerdictData
from claims.models import Claim, Claimant, ContactNote, Evidence, Review, User, Verdict
from claims.review.changes import figures

_COPIED = (
    "kind", "document_id", "capture_id", "start", "end", "quotation", "source_title", "source_url",
    "source_date", "place_key", "matched", "stance", "reason", "according_to", "primacy", "relies", "interest",
    "translation", "is_public", "cleared_by_id",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Lead:
    """A claim whose verdict others get: its words, the version they stand in, and the evidence they cite."""

    claim: Claim
    words: VerdictData
    source: Verdict | None
    cited: tuple[int, ...]
    evidence: Mapping[int, Evidence]
    skip_warned: bool = False


def lead_of(claim: Claim, source: Verdict | None, data: VerdictData | None, *, skip_warned: bool) -> Lead:
    """Gather what is copied from a claim; ``data`` replaces the words of its version ``source``."""
    if source is None and data is None:
        raise base.Refused(_("The lead claim has no verdict yet: write and submit it first."))
    words = (data or VerdictData.from_verdict(source)).cleaned()  # type: ignore[arg-type]  # one of the two exists
    cited = tuple(cited_ids(*texts_of(words)))
    held = {pk: row for pk, row in evidence_rows(cited).items() if row.claim_id == claim.pk}
    return Lead(claim, words, source, cited, held, skip_warned)


def insist_fits(lead: Lead, claim: Claim, current: Review) -> str:
    """Refuse a claim that cannot get the lead's verdict; return what to look at, or an empty string."""
    if claim.pk == lead.claim.pk:
        raise base.Refused(_("This is the lead claim itself."))
    if claim.desk_id != lead.claim.desk_id:
        raise base.Refused(_("It belongs to another desk than the lead claim."))
    warning = differences(lead.claim, claim)
    if warning and lead.skip_warned:
        raise base.Refused(warning)
    if current.state not in (Review.State.QUEUED, Review.State.IN_PROGRESS):
        raise base.Stale(_("It is %(state)s.") % {"state": current.get_state_display()})
    return warning


def words_citing(words: VerdictData, ids: Mapping[int, int]) -> VerdictData:
    """Return the lead's words with their citations pointed at the claim's own evidence."""
    return replace(
        words,
        wording="",
        justification=recited(words.justification, ids),
        points=tuple((q, recited(a, ids), finding) for q, a, finding in words.points),
        proposed_by=None,
    )


def differences(lead: Claim, claim: Claim) -> str:
    """Return what a verdict on the lead may get wrong about another claim; empty if nothing."""
    found = []
    if _standing(lead.claimant) != _standing(claim.claimant):
        found.append(f"another claimant ({claim.claimant.name if claim.claimant else 'none'})")
    for name, what in (("made_on", "day it was made"), ("about", "time it is about")):
        if getattr(lead, name) != getattr(claim, name):
            found.append(f"another {what} ({getattr(claim, name) or 'none'})")
    ours, theirs = figures(lead.wording), figures(claim.wording)
    if ours != theirs:
        found.append(f"other numbers ({', '.join(sorted((theirs - ours) | (ours - theirs)))})")
    return f"It has {' and '.join(found)}: read it again before it is approved." if found else ""


def _standing(claimant: Claimant | None) -> int | None:
    while claimant is not None and claimant.merged_into is not None:
        claimant = claimant.merged_into
    return claimant.pk if claimant else None


def known_places(lead: Lead, claims: Iterable[int]) -> dict[int, dict[str, Evidence]]:
    """Return by claim and place the evidence that the claims have already of what the lead cites."""
    found: dict[int, dict[str, Evidence]] = {}
    keys = {row.place_key for row in lead.evidence.values()}
    rows = Evidence.objects.filter(claim__in=list(claims), place_key__in=keys)
    for row in rows.select_related("document__outlet", "capture", "contact").defer("capture__text"):
        found.setdefault(row.claim_id, {})[row.place_key] = row
    return found


def insist_standing(row: Evidence) -> Evidence:
    """Return the claim's own evidence of a cited place; refuse what was rejected there."""
    if row.rejected:
        raise base.Refused(_("A source that the verdict cites was rejected for this claim."))
    return row


def as_copied(row: Evidence, claim: Claim) -> Evidence:
    """Return what ``copied`` would store for the claim, under the id of the lead's evidence; stores nothing."""
    values = {name: getattr(row, name) for name in _COPIED}
    made = Evidence(pk=row.pk, desk=claim.desk, claim=claim, cited=True, **values)
    made.document, made.capture = row.document, row.capture
    if hasattr(row, "contact"):
        made._state.fields_cache["contact"] = row.contact
    else:
        made._state.fields_cache["contact"] = None
    return made


def copied(row: Evidence, claim: Claim, actor: User, *, now: dt.datetime) -> int:
    """Return the id of the same place among the claim's evidence, copied there if it is absent."""
    known = Evidence.objects.filter(claim=claim, place_key=row.place_key).first()
    if known is not None:
        return insist_standing(known).pk
    values = {name: getattr(row, name) for name in _COPIED}
    made = Evidence.objects.create(
        desk=claim.desk,
        claim=claim,
        added_by=actor,
        decided_by=actor,
        decided_at=now,
        cited=True,
        created_at=now,
        **values,
    )
    note = ContactNote.objects.filter(evidence=row).first()
    if note is not None:
        ContactNote.objects.create(
            evidence=made,
            who=note.who,
            how=note.how,
            asked_at=note.asked_at,
            answered_at=note.answered_at,
            question=note.question,
            by=note.by,
            created_at=now,
        )
    recount_origins([claim.pk])
    base.audit(
        "evidence.copied", made, actor=actor, desk=claim.desk, claim_id=claim.pk, now=now, source=row.pk
    )
    return made.pk
