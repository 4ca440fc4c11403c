"""How does an approved verdict become public, and how is what is public changed?

Publishes, holds and times approved reviews; suspends, reinstates and withdraws fact checks; starts
corrections; imports the checks of others. Everything new passes ``may_publish``, whoever asks: a page, the
admin, a bulk action, the API, a command or the clock.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import logging
from collections.abc import Callable, Iterable

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions import base, transitions
from claims.actions.publishing import releases
from claims.actions.publishing.imports import import_factcheck, withdraw_import
from claims.actions.publishing.payload import Sources, build_payload, columns, restated, sources_of
from claims.exports.payload import BadPayload, Payload
from claims.models import AuditDetail, FactCheck, Release, Review, User, Verdict
from claims.models.facts import latest_verdict, member, review_facts
from claims.models.fields import public_id
from claims.models.together import Asking, answered
from claims.review import after_publication, deciding, policy
from claims.review.changes import classify_change, may_release_as
from claims.review.facts import Member, ReviewFacts
from claims.vocabulary import CheckStatus, ReleaseKind

log = logging.getLogger(__name__)

REVISIONS = (ReleaseKind.MINOR, ReleaseKind.CLARIFICATION, ReleaseKind.CORRECTION, ReleaseKind.UPDATE)
NOTE_LIMIT = 2_000


def prepare(review: Review, verdict: Verdict, *, now: dt.datetime) -> tuple[FactCheck | None, Payload]:
    """Build the payload this version would be released with; raise Refused where its kind does not fit.

    Called at submission as well, so that nobody approves what could not be published.
    """
    check = FactCheck.objects.select_related("latest").filter(claim_id=review.claim_id).first()
    return check, prepared(review, verdict, check, sources_of(verdict), now=now)


def prepared(
    review: Review, verdict: Verdict, check: FactCheck | None, sources: Sources, *, now: dt.datetime
) -> Payload:
    """Do what ``prepare`` says with rows that are loaded already; the claim's check needs its ``latest``."""
    held = sources.evidence
    gone = [
        f"[e:{pk}]"
        for pk in verdict.citations
        if pk not in held or held[pk].rejected or held[pk].claim_id != review.claim_id
    ]
    if gone:
        raise base.Refused(
            _("A cited source was rejected meanwhile (%(names)s). Return the verdict.")
            % {"names": ", ".join(gone)}
        )
    kind = ReleaseKind(review.release_kind)
    published = check is not None and check.latest is not None
    if published == (kind is ReleaseKind.FIRST):
        raise base.Refused(
            "This claim has a published fact check already: say what kind of change this is."
            if published
            else f"Nothing is published yet that a {kind.value} could change."
        )
    if check is not None and check.status == FactCheck.Status.WITHDRAWN:
        raise base.Refused(_("The fact check is withdrawn, which is final. Close this review."))
    number = check.latest.number + 1 if check and check.latest else 1
    try:
        payload = build_payload(
            verdict=verdict,
            sources=sources,
            factcheck=check,
            public_id=check.public_id if check else public_id(),
            number=number,
            kind=kind,
            public_note=review.public_note,
            now=now,
        )
    except BadPayload as problem:
        raise base.Refused(_("This cannot be published: %(problem)s.") % {"problem": problem}) from problem
    if check is not None and check.latest is not None:
        changes = classify_change(check.latest.payload, payload.to_dict())
        transitions.insist(may_release_as(kind, changes, review.public_note))
    return payload


def check_of(claim: int) -> FactCheck | None:
    """Return the fact check of a claim with its newest release, where it has one."""
    return checks_of(claim).first()


def checks_of(claim: int) -> QuerySet[FactCheck]:
    """Ask for the one fact check of a claim, with its newest release."""
    return FactCheck.objects.select_related("latest").filter(claim=claim).order_by()


def preview(verdict: Verdict, *, now: dt.datetime | None = None) -> Payload:
    """Return what the public will read if this version is published now; writes nothing."""
    return preview_from(verdict, sources_of(verdict), check_of(verdict.claim_id), now=now)


def preview_from(
    verdict: Verdict, sources: Sources, check: FactCheck | None, *, now: dt.datetime | None = None
) -> Payload:
    """Return the same of rows that are at hand already; asks nothing."""
    review = verdict.review
    return build_payload(
        verdict=verdict,
        sources=sources,
        factcheck=check,
        public_id=check.public_id if check else "preview",
        number=check.latest.number + 1 if check and check.latest else 1,
        kind=ReleaseKind(review.release_kind),
        public_note=review.public_note,
        now=now or timezone.now(),
    )


def changed_since_submission(verdict: Verdict, payload: Payload) -> tuple[str, ...]:
    """Return what of the public content differs from what was submitted, in words.

    A verdict version is immutable, the claim and the evidence beside it are not: approvals given to one
    claimant or date must not carry another one to the public.
    """
    return differing(submitted_contents([verdict.pk]).get(verdict.pk), payload)


def submitted_contents(verdicts: Iterable[int]) -> dict[int, object]:
    """Return by id what each version was submitted as, where that is kept."""
    return answered(ask_submitted_contents(verdicts))


def ask_submitted_contents(verdicts: Iterable[int]) -> Asking[dict[int, object]]:
    """Ask for what ``submitted_contents`` returns, beside other parts of a page."""
    events = AuditDetail.objects.filter(event__object_kind="verdict", event__object_id__in=list(verdicts))
    kept = events.filter(event__verb="verdict.submitted").order_by("event_id")
    rows = kept.values_list("event__object_id", "data")
    yield [rows]
    return {verdict: data.get("content") for verdict, data in rows}


def differing(content: object, payload: Payload) -> tuple[str, ...]:
    """Return in words what of a payload differs from what ``submitted_contents`` kept of the version."""
    if not isinstance(content, dict):
        return ("nobody can tell any more what was submitted",)
    return classify_change(content, payload.to_dict()).reasons


def insist_as_submitted(content: object, payload: Payload) -> None:
    """Refuse where the payload is not what ``submitted_contents`` kept of the version."""
    reasons = differing(content, payload)
    if reasons:
        raise base.Refused(
            _(
                "Something beside the verdict was changed after it was submitted: %(names)s. Return it, so "
                "that it is submitted and approved as it is now."
            )
            % {"names": "; ".join(reasons)}
        )


@transaction.atomic
def publish(*, actor: User | None, review: Review, now: dt.datetime | None = None) -> Release:
    """Release an approved version; ``actor=None`` is the clock, which a hold stops.

    A second click finds the review published and gets the release of the first.
    """
    now = now or timezone.now()
    review = transitions.lock(review)
    facts = review_facts(review, now=now)
    person = member(review.desk, actor) if actor is not None else None
    if review.state == Review.State.PUBLISHED and (person is None or person.has(*deciding.APPROVERS)):
        done = Release.objects.filter(verdict__review=review).order_by("-number", "-pk").first()
        if done is not None:
            return done
    if actor is None and review.publish_at is not None and review.publish_at > now:
        raise base.Refused(_("Its time has not come yet."))
    transitions.insist(policy.may_publish(facts, person))
    return _release(review, actor=actor, now=now)


def insist_unchanged(review: Review, verdict: Verdict, *, now: dt.datetime) -> None:
    """Refuse an approval of something that is no longer what was submitted."""
    _check, payload = prepare(review, verdict, now=now)
    insist_as_submitted(submitted_contents([verdict.pk]).get(verdict.pk), payload)


def release_if_due(review: Review, *, actor: User, now: dt.datetime) -> Release | None:
    """Publish right after the last approval where neither a time nor a hold stands against it.

    Runs inside the transaction of the approval; ``actor`` is who gave it.
    """
    if review.publish_at is not None and review.publish_at > now:
        return None
    if not policy.may_publish(review_facts(review, now=now)):
        return None
    return _release(review, actor=actor, now=now)


def _release(review: Review, *, actor: User | None, now: dt.datetime) -> Release:
    verdict = latest_verdict(review)
    if verdict is None:  # may_publish has seen approvals, so there is a version
        raise base.Refused(_("There is no submitted version to publish."))
    check, payload = prepare(review, verdict, now=now)
    insist_as_submitted(submitted_contents([verdict.pk]).get(verdict.pk), payload)
    before = review.state
    if check is None:
        check = FactCheck.objects.create(
            desk=review.desk,
            claim=review.claim,
            public_id=payload.id,
            created_at=now,
            **columns(payload),
        )
    release = releases.write_release(check, payload, verdict=verdict, actor=actor, now=now)
    transitions.swap(
        review,
        now=now,
        state=Review.State.PUBLISHED,
        publish_at=None,
        held=False,
        lease_user=None,
        lease_until=None,
        returned_note="",
    )
    event = base.audit(
        "review.published",
        review,
        actor=actor,
        desk=review.desk,
        claim_id=review.claim_id,
        before=before,
        after=Review.State.PUBLISHED,
        now=now,
        release=release.number,
        kind=release.kind,
    )
    releases.fan_out(check, release, event, now=now)
    return release


@transaction.atomic
def publish_at(
    *, actor: User, review: Review, at: dt.datetime | None, now: dt.datetime | None = None
) -> Review:
    """Set the time at which an approved version goes out; None takes the time away again."""
    now = now or timezone.now()
    review = transitions.lock(review)
    transitions.permitted(review, actor, policy.may_hold, now=now)
    if at is not None and at <= now:
        raise base.Refused(_("That time has passed. Choose a later one, or publish now."))
    fresh = transitions.swap(review, now=now, publish_at=at, held=False)
    base.audit(
        "review.timed",
        fresh,
        actor=actor,
        desk=fresh.desk,
        claim_id=fresh.claim_id,
        after=at.isoformat(timespec="minutes") if at else "",
        now=now,
    )
    return fresh


@transaction.atomic
def hold(*, actor: User, review: Review, now: dt.datetime | None = None) -> Review:
    """Keep an approved version back until a person publishes it; takes a planned time away."""
    now = now or timezone.now()
    review = transitions.lock(review)
    transitions.permitted(review, actor, policy.may_hold, now=now)
    if review.held:
        return review
    fresh = transitions.swap(review, now=now, held=True, publish_at=None)
    base.audit("review.held", fresh, actor=actor, desk=fresh.desk, claim_id=fresh.claim_id, now=now)
    return fresh


@transaction.atomic
def suspend(*, actor: User, factcheck: FactCheck, note: str, now: dt.datetime | None = None) -> Release:
    """Replace a live check by a notice at once."""
    return _restate(actor, factcheck, note, _SUSPENSION, now)


@transaction.atomic
def reinstate(*, actor: User, factcheck: FactCheck, note: str, now: dt.datetime | None = None) -> Release:
    """Show a suspended check again, unchanged, with a note that says what became of the doubt."""
    return _restate(actor, factcheck, note, _REINSTATEMENT, now)


@transaction.atomic
def withdraw(*, actor: User, factcheck: FactCheck, note: str, now: dt.datetime | None = None) -> Release:
    """Withdraw a check for good; its address stays and says so."""
    return _restate(actor, factcheck, note, _WITHDRAWAL, now)


@dataclasses.dataclass(frozen=True, slots=True)
class _Restatement:
    """One act on a published check that asserts nothing new."""

    status: CheckStatus
    kind: ReleaseKind
    may: Callable[[ReviewFacts, Member], deciding.Decision]
    verb: str


_SUSPENSION = _Restatement(
    CheckStatus.SUSPENDED, ReleaseKind.SUSPENSION, after_publication.may_suspend, "suspended"
)
_REINSTATEMENT = _Restatement(
    CheckStatus.LIVE, ReleaseKind.REINSTATEMENT, after_publication.may_reinstate, "reinstated"
)
_WITHDRAWAL = _Restatement(
    CheckStatus.WITHDRAWN, ReleaseKind.WITHDRAWAL, after_publication.may_withdraw, "withdrawn"
)


def _restate(
    actor: User, factcheck: FactCheck, note: str, act: _Restatement, now: dt.datetime | None
) -> Release:
    now = now or timezone.now()
    check = _lock_check(factcheck)
    review = _last_review(check)
    facts = review_facts(review, now=now)
    note = _note(note)
    person = member(check.desk, actor)
    if check.status == act.status.value and check.latest is not None and check.latest.kind == act.kind.value:
        # A double click: whoever may take this step finds it taken.
        base.require(actor, check.desk, *base.EDITORS, what=_("change what is public of a fact check"))
        return check.latest
    transitions.insist(act.may(facts, person))
    if not note:
        raise base.Refused(
            _("%(kind)s: this needs a note that tells readers what happened and why.")
            % {"kind": Release.Kind(act.kind.value).label}
        )
    if check.latest is None:
        raise base.Refused(_("There is no published version."))
    before = check.status
    payload = restated(
        Payload.from_dict(check.latest.payload),
        status=act.status,
        kind=act.kind,
        number=check.latest.number + 1,
        note=note,
        now=now,
    )
    release = releases.write_release(check, payload, verdict=check.latest.verdict, actor=actor, now=now)
    event = base.audit(
        f"factcheck.{act.verb}",
        check,
        actor=actor,
        desk=check.desk,
        claim_id=check.claim_id,
        before=before,
        after=check.status,
        now=now,
        note=note,
    )
    releases.fan_out(check, release, event, now=now)
    return release


@transaction.atomic
def start_correction(
    *,
    actor: User,
    factcheck: FactCheck,
    kind: str,
    public_note: str = "",
    now: dt.datetime | None = None,
) -> Review:
    """Open the next pass over a published claim; what is public stays until the new version is approved."""
    now = now or timezone.now()
    check = _lock_check(factcheck)
    last = _last_review(check)
    open_review = Review.objects.open().filter(claim=check.claim).first()
    if open_review is not None:
        raise base.Stale(
            _("A new version is in the works already: it is %(state)s. Go on with that one.")
            % {"state": open_review.get_state_display()}
        )
    transitions.permitted(last, actor, after_publication.may_revise, now=now)
    try:
        chosen = ReleaseKind(kind)
    except ValueError:
        chosen = ReleaseKind.FIRST
    if chosen not in REVISIONS:
        raise base.Refused(_("Choose a minor edit, a clarification, a correction or an update."))
    note = _note(public_note)
    if chosen.needs_note and not note:
        raise base.Refused(
            _("%(kind)s: this needs a note that tells readers what happened and why.")
            % {"kind": Release.Kind(chosen.value).label}
        )
    number = Review.objects.filter(claim=check.claim).aggregate(last=Max("number"))["last"] or 0
    review = Review.objects.create(
        desk=check.desk,
        claim=last.claim,
        number=number + 1,
        state=Review.State.IN_PROGRESS,
        assignee=actor,
        release_kind=chosen.value,
        public_note=note,
        state_at=now,
        created_at=now,
    )
    base.audit(
        "review.revision_started",
        review,
        actor=actor,
        desk=check.desk,
        claim_id=check.claim_id,
        after=Review.State.IN_PROGRESS,
        now=now,
        kind=chosen.value,
        note=note,
    )
    return review


def _note(text: str) -> str:
    note = text.replace("\x00", "\ufffd").strip()
    if len(note) > NOTE_LIMIT:
        raise base.Refused(
            _("The note to readers is too long: at most %(limit)s characters.") % {"limit": NOTE_LIMIT}
        )
    return note


def _lock_check(factcheck: FactCheck) -> FactCheck:
    check = (
        FactCheck.objects.select_for_update(of=("self",))
        .select_related("desk", "latest__verdict")
        .get(pk=factcheck.pk)
    )
    if check.imported or check.claim_id is None:
        raise base.Refused(
            _("This check is another publisher's: it changes when they change it and it is imported again.")
        )
    return check


def _last_review(check: FactCheck) -> Review:
    """Return the pass that was published last."""
    review = (
        Review.objects.select_related("claim", "desk")
        .filter(claim=check.claim, state=Review.State.PUBLISHED)
        .order_by("-number")
        .first()
    )
    if review is None:
        raise base.Refused(_("There is no published version."))
    return review


__all__ = [
    "changed_since_submission",
    "hold",
    "import_factcheck",
    "prepare",
    "preview",
    "publish",
    "publish_at",
    "reinstate",
    "release_if_due",
    "start_correction",
    "suspend",
    "withdraw",
    "withdraw_import",
]
