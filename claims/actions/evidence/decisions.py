"""What people decide about evidence, evidence added by hand, and decisions about earlier fact checks."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from claims.actions import base
from claims.actions.evidence.search import log_outside_search, search_again, search_claim
from claims.actions.origin_counts import link_pages, recount_origins
from claims.actions.reliance import reliance_of
from claims.independence.reliance import Reliance, Speaker
from claims.language.partial_dates import PartialDate
from claims.models import Claim, ContactNote, Desk, Document, Evidence, Job, Match, Review, User
from claims.models.panels import owes_opinion_on
from claims.vocabulary import CloseReason, PanelRule

if TYPE_CHECKING:
    from claims.actions.documents.storing import Added

__all__ = [
    "add_by_file",
    "add_by_url",
    "add_contact",
    "add_quotation",
    "decide",
    "decide_match",
    "evidence_of_file",
    "log_outside_search",
    "reject_rest",
    "search_again",
    "search_claim",
]

LONGEST = 20_000
DECIDABLE = (
    "stance",
    "cited",
    "rejected",
    "reason",
    "according_to",
    "primacy",
    "interest",
    "is_public",
    "translation",
)


#: What changes the figures of the claim.
_COUNTED = frozenset({"rejected", "stance", "according_to", "primacy"})


@transaction.atomic
def decide(
    *,
    actor: User,
    evidence: Evidence,
    expected_version: int | None = None,
    now: dt.datetime | None = None,
    **decisions: Any,
) -> Evidence:
    """Write what a person decided about one piece of evidence; only the given fields change.

    Citing takes a rejection back and the other way round. Raises Stale where somebody decided meanwhile.
    """
    now = now or timezone.now()
    base.require(actor, evidence.desk, *base.WORKERS, what=_("decide about evidence"))
    _not_apart(actor, evidence.desk, evidence.claim_id)
    unknown = set(decisions) - set(DECIDABLE)
    if unknown:
        raise TypeError(f"decide() got {', '.join(sorted(unknown))}")
    changes = {name: value for name, value in decisions.items() if value is not None}
    if "stance" in changes and changes["stance"] not in Evidence.Stance.values:
        raise base.Refused(_("Choose one of the five stances."))
    if "primacy" in changes and changes["primacy"] not in Evidence.Primacy.values:
        raise base.Refused(_("Choose primary or secondary."))
    if changes.get("cited"):
        changes["rejected"] = False
    elif changes.get("rejected"):
        changes["cited"] = False
    if changes.get("cited") and not evidence.is_public and changes.get("is_public") is not True:
        raise base.Refused(_("Redacted evidence cannot be cited; make it public first."))
    if not changes:
        return evidence
    if "is_public" in changes:
        # Said of a document that not everybody may read, it is the decision to publish these words of it.
        changes["cleared_by"] = actor if changes["is_public"] and restricted(evidence.document) else None
    rows = Evidence.objects.filter(pk=evidence.pk)
    if expected_version is not None:
        rows = rows.filter(version=expected_version)
    before = {name: getattr(evidence, name) for name in changes if name in DECIDABLE}
    if not rows.update(**changes, decided_by=actor, decided_at=now, version=F("version") + 1):
        raise base.Stale(_("Somebody else has just decided about this evidence; this is the newer state."))
    if _COUNTED & set(changes):
        recount_origins([evidence.claim_id])
    base.audit(
        "evidence.decided",
        evidence,
        actor=actor,
        desk=evidence.desk,
        claim_id=evidence.claim_id,
        now=now,
        before_values=before,
        after_values={name: value for name, value in changes.items() if name in DECIDABLE},
    )
    evidence.refresh_from_db()
    return evidence


def _not_apart(actor: User, desk: Desk, claim: int) -> None:
    """Refuse whoever owes an opinion formed apart: they do not see what others decided, and would overwrite it."""
    if desk.panels != PanelRule.OFF and owes_opinion_on(actor, claim):
        raise base.Refused(
            _(
                "Say first what you find, or decline: until then what others decided about sources is kept from you."
            )
        )


def restricted(document: Document | None) -> bool:
    """Return whether not everybody who reads the archive may read this document."""
    return document is not None and document.visibility != Document.Visibility.ARCHIVE


@transaction.atomic
def reject_rest(*, actor: User, claim: Claim, now: dt.datetime | None = None) -> int:
    """Mark everything that is neither cited nor judged as “seen, not used”; returns how many."""
    now = now or timezone.now()
    base.require(actor, claim.desk, *base.WORKERS, what=_("decide about evidence"))
    _not_apart(actor, claim.desk, claim.pk)
    # Locked first: who cites or judges one of them meanwhile comes before or after, not in between.
    rest = (
        Evidence.objects.visible_to(actor).shown().filter(claim=claim, cited=False, rejected=False, stance="")
    )
    locked = Evidence.objects.filter(pk__in=rest.values("pk")).order_by("pk").select_for_update()
    ids = list(locked.values_list("pk", flat=True))
    Evidence.objects.filter(pk__in=ids, cited=False, rejected=False, stance="").update(
        rejected=True, reason="seen, not used", decided_by=actor, decided_at=now, version=F("version") + 1
    )
    if ids:
        recount_origins([claim.pk])
        base.audit(
            "evidence.rest_rejected", claim, actor=actor, desk=claim.desk, claim_id=claim.pk, now=now, ids=ids
        )
    return len(ids)


def _add(
    *, actor: User, claim: Claim, kind: str, quotation: str, key: str, now: dt.datetime, **fields: Any
) -> Evidence:
    """Add one row by hand; an equal one is returned instead of made twice."""
    base.require(actor, claim.desk, *base.WORKERS, what=_("add evidence"))
    quotation = quotation.strip()
    if not quotation:
        raise base.Refused(_("Quote the words that bear on the claim."))
    if len(quotation) > LONGEST:
        raise base.Refused(
            _("Quote no more than %(limit)s characters.")
            % {"limit": number_format(LONGEST, force_grouping=True)}
        )
    if fields.get("source_date"):
        try:
            fields["source_date"] = PartialDate.parse(fields["source_date"]).value
        except ValueError as error:
            raise base.Refused(str(error)) from error
    if fields.get("stance", "") not in Evidence.Stance.values:
        raise base.Refused(_("Choose one of the five stances."))
    digest = hashlib.sha256(f"{key}\n{quotation}".encode()).hexdigest()
    fields.setdefault("relies", _relies(claim, quotation, fields))
    try:
        with transaction.atomic():
            row = Evidence.objects.create(
                desk=claim.desk,
                claim=claim,
                kind=kind,
                quotation=quotation,
                place_key=f"{kind}:{digest[:64]}",
                added_by=actor,
                is_public=not restricted(fields.get("document")),
                decided_by=actor if fields.get("stance") else None,
                decided_at=now if fields.get("stance") else None,
                created_at=now,
                **fields,
            )
    except IntegrityError:
        return Evidence.objects.get(claim=claim, place_key=f"{kind}:{digest[:64]}")
    recount_origins([claim.pk])
    base.audit("evidence.added", row, actor=actor, desk=claim.desk, claim_id=claim.pk, after=kind, now=now)
    return row


def _relies(claim: Claim, quotation: str, fields: dict[str, Any]) -> dict[str, Any]:
    """Return whom words added by hand rely on."""
    capture, start = fields.get("capture"), fields.get("start", 0)
    return reliance_of(
        quotation,
        claim.wording,
        document=fields.get("document"),
        head=capture.text if capture is not None else "",
        before=capture.text[:start] if capture is not None else "",
        language=claim.language,
        outlet=fields.get("source_title", ""),
        title=fields.get("source_title", ""),
        url=fields.get("source_url", ""),
    ).to_json()


@transaction.atomic
def add_quotation(
    *,
    actor: User,
    claim: Claim,
    quotation: str,
    source_title: str,
    source_url: str = "",
    source_date: str = "",
    stance: str = "",
    primacy: str = "",
    according_to: str = "",
    now: dt.datetime | None = None,
) -> Evidence:
    """Add words from a book, a broadcast or any place outside the archive."""
    if not source_title.strip():
        raise base.Refused(_("Say where the words are from."))
    return _add(
        actor=actor,
        claim=claim,
        kind=Evidence.Kind.QUOTATION,
        quotation=quotation,
        key=f"{source_title}|{source_url}",
        now=now or timezone.now(),
        source_title=source_title.strip()[:500],
        source_url=source_url.strip(),
        source_date=source_date.strip(),
        stance=stance,
        primacy=primacy,
        according_to=according_to.strip()[:300],
    )


def add_by_url(
    *,
    actor: User,
    claim: Claim,
    url: str,
    quotation: str = "",
    title: str = "",
    date: str = "",
    stance: str = "",
    now: dt.datetime | None = None,
) -> Evidence:
    """Add a page as evidence: the quotation that was read there, and the page itself into the archive.

    The page is fetched by a job; a page that cannot be fetched still stands with what was typed.
    """
    from claims.actions.documents.intake import add_url
    from claims.net.addresses import canonical_url

    now = now or timezone.now()
    try:
        canonical = canonical_url(url)
    except ValueError as error:
        raise base.Refused(str(error)) from error
    with transaction.atomic():
        row = _add(
            actor=actor,
            claim=claim,
            kind=Evidence.Kind.URL,
            quotation=quotation or title or canonical,
            key=canonical,
            now=now,
            source_title=title.strip()[:500],
            source_url=url.strip(),
            source_date=date.strip(),
            stance=stance,
        )
        if settings.OUTBOUND:
            known = add_url(actor=actor, desk=claim.desk, url=url, now=now)
            if not isinstance(known, Job):
                link_pages(
                    desk=claim.desk,
                    document=known.document,
                    capture=known.capture,
                    addresses=(url, known.document.url),
                )
                row.refresh_from_db()
    return row


def add_by_file(
    *,
    actor: User,
    claim: Claim,
    name: str,
    data: bytes,
    quotation: str = "",
    title: str = "",
    stance: str = "",
    now: dt.datetime | None = None,
) -> Job:
    """Queue the reading of a file that is evidence: it goes into the archive, and the quotation must stand in it.

    The row is made by the job, with ``evidence_of_file``; where the words are not in the file, the job says so.
    """
    from claims.actions.documents.intake import add_file

    base.require(actor, claim.desk, *base.WORKERS, what=_("add evidence"))
    if stance not in Evidence.Stance.values:
        raise base.Refused(_("Choose one of the five stances."))
    wanted = {"claim": claim.pk, "quotation": quotation.strip(), "title": title.strip(), "stance": stance}
    return add_file(
        actor=actor,
        desk=claim.desk,
        name=name,
        data=data,
        purpose={"evidence": wanted},
        subject=f"claim {claim.pk}",
        now=now,
    )


def evidence_of_file(
    *,
    actor: User,
    first: Added,
    name: str,
    claim: int,
    quotation: str,
    title: str,
    stance: str,
    now: dt.datetime,
) -> Evidence:
    """Make the evidence that a file was sent for; for the transaction of the job that has read it."""
    text = first.capture.text
    start = text.find(quotation) if quotation else -1
    if quotation and start < 0:
        raise base.Refused(_("These words do not stand in the file; copy them as they are there."))
    words = quotation or text[:1500].strip()
    start = max(start, text.find(words), 0)
    return _add(
        actor=actor,
        claim=Claim.objects.select_related("desk").get(pk=claim),
        kind=Evidence.Kind.FILE,
        quotation=words,
        key=f"capture:{first.capture.pk}",
        now=now,
        document=first.document,
        capture=first.capture,
        start=start,
        end=start + len(words),
        source_title=(title or first.document.title or name)[:500],
        stance=stance,
    )


@transaction.atomic
def add_contact(
    *,
    actor: User,
    claim: Claim,
    who: str,
    quotation: str,
    asked_at: dt.datetime,
    how: str = "",
    answered_at: dt.datetime | None = None,
    question: str = "",
    stance: str = "",
    now: dt.datetime | None = None,
) -> Evidence:
    """Add who was asked, when, and what they said; no answer is written down as such."""
    now = now or timezone.now()
    if not who.strip():
        raise base.Refused(_("Say who was asked."))
    if asked_at > now + dt.timedelta(minutes=5):
        raise base.Refused(_("The question cannot have been asked in the future."))
    if answered_at is not None and answered_at < asked_at:
        raise base.Refused(_("The answer cannot be older than the question."))
    row = _add(
        actor=actor,
        claim=claim,
        kind=Evidence.Kind.CONTACT,
        quotation=quotation or "No answer so far.",
        key=f"{who}|{asked_at.isoformat()}",
        now=now,
        source_title=who.strip()[:500],
        source_date=(answered_at or asked_at).date().isoformat(),
        stance=stance,
        primacy=Evidence.Primacy.PRIMARY,
        relies=Reliance(speakers=(Speaker(who.strip()[:200]),), read=True).to_json(),
    )
    ContactNote.objects.get_or_create(
        evidence=row,
        defaults={
            "who": who.strip()[:200],
            "how": how.strip()[:200],
            "asked_at": asked_at,
            "answered_at": answered_at,
            "question": question.strip(),
            "by": actor,
            "created_at": now,
        },
    )
    return row


@transaction.atomic
def decide_match(*, actor: User, match: Match, confirmed: bool, now: dt.datetime | None = None) -> Match:
    """Confirm or reject an earlier fact check; a confirmed one closes the claim as already checked."""
    now = now or timezone.now()
    claim = match.claim
    base.require(actor, claim.desk, *base.WORKERS, what=_("decide about earlier fact checks"))
    _not_apart(actor, claim.desk, claim.pk)
    state = Match.State.CONFIRMED if confirmed else Match.State.REJECTED
    if (
        not Match.objects.filter(pk=match.pk)
        .exclude(state=state)
        .update(state=state, decided_by=actor, decided_at=now)
    ):
        match.refresh_from_db()
        return match
    base.audit("match.decided", match, actor=actor, desk=claim.desk, claim_id=claim.pk, after=state, now=now)
    if confirmed:
        open_states = [Review.State.QUEUED, Review.State.IN_PROGRESS]
        review = Review.objects.filter(claim=claim, state__in=open_states).first()
        if review is not None:
            Review.objects.filter(pk=review.pk, state__in=open_states).update(
                state=Review.State.CLOSED,
                closed_reason=CloseReason.ALREADY_CHECKED,
                closed_note=str(match.factcheck)[:300],
                state_at=now,
                version=F("version") + 1,
            )
            base.audit(
                "review.closed",
                review,
                actor=actor,
                desk=claim.desk,
                claim_id=claim.pk,
                before=review.state,
                after=Review.State.CLOSED,
                now=now,
            )
    match.refresh_from_db()
    return match
