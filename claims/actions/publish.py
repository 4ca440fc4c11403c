"""How does an approved verdict become public, and how is what is public changed?

Publishes, holds and times approved reviews; suspends, reinstates and withdraws fact checks; starts
corrections; imports the checks of others. Everything new passes ``may_publish``, whoever asks: a page, the
admin, a bulk action, the API, a command or the clock.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import logging
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from claims.actions import base, transitions
from claims.actions.indexing import touch_index
from claims.actions.release_payload import build_payload, columns, restated
from claims.exports.imports import NotAReview, read_claimreview
from claims.exports.payload import BadPayload, Payload, digest
from claims.jobs import rows
from claims.models import AuditEvent, Desk, FactCheck, Release, Review, User, Verdict
from claims.models.facts import latest_verdict, member, review_facts
from claims.models.fields import public_id
from claims.review import policy
from claims.review.changes import classify_change, may_release_as
from claims.review.states import CheckStatus, ReleaseKind

log = logging.getLogger(__name__)

REVISIONS = (ReleaseKind.MINOR, ReleaseKind.CLARIFICATION, ReleaseKind.CORRECTION, ReleaseKind.UPDATE)
NOTE_LIMIT = 2_000


def prepare(review: Review, verdict: Verdict, *, now: dt.datetime) -> tuple[FactCheck | None, Payload]:
    """Build the payload this version would be released with; raise Refused where its kind does not fit.

    Called at submission as well, so that nobody approves what could not be published.
    """
    check = FactCheck.objects.select_related("latest").filter(claim_id=review.claim_id).first()
    kind = ReleaseKind(review.release_kind)
    published = check is not None and check.latest is not None
    if published == (kind is ReleaseKind.FIRST):
        raise base.Refused(
            "This claim has a published fact check already: say what kind of change this is."
            if published
            else f"Nothing is published yet that a {kind.value} could change."
        )
    if check is not None and check.status == FactCheck.Status.WITHDRAWN:
        raise base.Refused("The fact check is withdrawn, which is final. Close this review.")
    number = check.latest.number + 1 if check and check.latest else 1
    try:
        payload = build_payload(
            verdict=verdict,
            factcheck=check,
            public_id=check.public_id if check else public_id(),
            number=number,
            kind=kind,
            public_note=review.public_note,
            now=now,
        )
    except BadPayload as problem:
        raise base.Refused(f"This cannot be published: {problem}.") from problem
    if check is not None and check.latest is not None:
        changes = classify_change(check.latest.payload, payload.to_dict())
        transitions.insist(may_release_as(kind, changes, review.public_note))
    return check, payload


@transaction.atomic
def publish(*, actor: User | None, review: Review, now: dt.datetime | None = None) -> Release:
    """Release an approved version; ``actor=None`` is the clock, which a hold stops.

    A second click finds the review published and gets the release of the first.
    """
    now = now or timezone.now()
    review = transitions.lock(review)
    facts = review_facts(review, now=now)
    person = member(review.desk, actor) if actor is not None else None
    if review.state == Review.State.PUBLISHED and (person is None or person.has(*policy.APPROVERS)):
        done = Release.objects.filter(verdict__review=review).order_by("-number").first()
        if done is not None:
            return done
    if actor is None and review.publish_at is not None and review.publish_at > now:
        raise base.Refused("Its time has not come yet.")
    transitions.insist(policy.may_publish(facts, person))
    return _release(review, actor=actor, now=now)


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
        raise base.Refused("There is no submitted version to publish.")
    check, payload = prepare(review, verdict, now=now)
    before = review.state
    if check is None:
        check = FactCheck.objects.create(
            desk=review.desk,
            claim=review.claim,
            public_id=payload.id,
            created_at=now,
            **columns(payload),
        )
    release = _write(check, payload, verdict=verdict, actor=actor, now=now)
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
    _fan_out(check, release, event, now=now)
    return release


def _write(
    check: FactCheck, payload: Payload, *, verdict: Verdict | None, actor: User | None, now: dt.datetime
) -> Release:
    """Store one release and bring the fact check up to it."""
    plain = payload.to_dict()
    release = Release.objects.create(
        factcheck=check,
        number=payload.number,
        kind=payload.kind.value,
        verdict=verdict,
        public_note=payload.public_note,
        payload=plain,
        payload_hash=digest(plain),
        by=actor,
        created_at=now,
    )
    changed = FactCheck.objects.filter(pk=check.pk, latest=check.latest_id).update(
        latest=release, version=F("version") + 1, **columns(payload)
    )
    if not changed:
        raise base.Stale("Somebody else changed this fact check meanwhile. Look at it again.")
    check.refresh_from_db()
    touch_index("factchecks", check.pk, deleted=check.status != FactCheck.Status.LIVE)
    return release


def _fan_out(check: FactCheck, release: Release, event: AuditEvent, *, now: dt.datetime) -> None:
    """Queue what follows from this release, in the same transaction."""
    rows.enqueue(
        "fanout",
        desk=check.desk,
        subject=f"release:{release.pk}",
        arguments={"event": event.pk, "release": release.pk},
        now=now,
    )


@transaction.atomic
def publish_at(
    *, actor: User, review: Review, at: dt.datetime | None, now: dt.datetime | None = None
) -> Review:
    """Set the time at which an approved version goes out; None takes the time away again."""
    now = now or timezone.now()
    review = transitions.lock(review)
    facts, person = transitions.gather(review, actor, now=now)
    transitions.insist(policy.may_hold(facts, person))
    if at is not None and at <= now:
        raise base.Refused("That time has passed. Choose a later one, or publish now.")
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
    facts, person = transitions.gather(review, actor, now=now)
    transitions.insist(policy.may_hold(facts, person))
    if review.held:
        return review
    fresh = transitions.swap(review, now=now, held=True, publish_at=None)
    base.audit("review.held", fresh, actor=actor, desk=fresh.desk, claim_id=fresh.claim_id, now=now)
    return fresh


@transaction.atomic
def suspend(*, actor: User, factcheck: FactCheck, note: str, now: dt.datetime | None = None) -> Release:
    """Replace a live check by a notice at once."""
    return _restate(
        actor,
        factcheck,
        note,
        CheckStatus.SUSPENDED,
        ReleaseKind.SUSPENSION,
        policy.may_suspend,
        "suspended",
        now,
    )


@transaction.atomic
def reinstate(*, actor: User, factcheck: FactCheck, note: str, now: dt.datetime | None = None) -> Release:
    """Show a suspended check again, unchanged, with a note that says what became of the doubt."""
    return _restate(
        actor,
        factcheck,
        note,
        CheckStatus.LIVE,
        ReleaseKind.REINSTATEMENT,
        policy.may_reinstate,
        "reinstated",
        now,
    )


@transaction.atomic
def withdraw(*, actor: User, factcheck: FactCheck, note: str, now: dt.datetime | None = None) -> Release:
    """Withdraw a check for good; its address stays and says so."""
    release = _restate(
        actor,
        factcheck,
        note,
        CheckStatus.WITHDRAWN,
        ReleaseKind.WITHDRAWAL,
        policy.may_withdraw,
        "withdrawn",
        now,
    )
    return release


def _restate(
    actor: User,
    factcheck: FactCheck,
    note: str,
    status: CheckStatus,
    kind: ReleaseKind,
    may: Any,
    verb: str,
    now: dt.datetime | None,
) -> Release:
    now = now or timezone.now()
    check = _lock_check(factcheck)
    review = _last_review(check)
    facts = review_facts(review, now=now)
    note = _note(note)
    person = member(check.desk, actor)
    if check.status == status.value and check.latest is not None and check.latest.kind == kind.value:
        # A double click: whoever may take this step finds it taken.
        base.require(actor, check.desk, *base.EDITORS, what=f"have a fact check {verb}")
        return check.latest
    transitions.insist(may(facts, person))
    if not note:
        raise base.Refused(f"A {kind.value} needs a note that tells readers what happened and why.")
    if check.latest is None:
        raise base.Refused("There is no published version.")
    before = check.status
    payload = restated(
        Payload.from_dict(check.latest.payload),
        status=status,
        kind=kind,
        number=check.latest.number + 1,
        note=note,
        now=now,
    )
    release = _write(check, payload, verdict=check.latest.verdict, actor=actor, now=now)
    event = base.audit(
        f"factcheck.{verb}",
        check,
        actor=actor,
        desk=check.desk,
        claim_id=check.claim_id,
        before=before,
        after=check.status,
        now=now,
        note=note,
    )
    _fan_out(check, release, event, now=now)
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
    open_review = Review.objects.open().filter(claim_id=check.claim_id).first()
    if open_review is not None:
        raise base.Stale(
            f"A new version is in the works already: it is {open_review.get_state_display()}. Go on with that one."
        )
    facts, person = transitions.gather(last, actor, now=now)
    transitions.insist(policy.may_revise(facts, person))
    try:
        chosen = ReleaseKind(kind)
    except ValueError:
        chosen = ReleaseKind.FIRST
    if chosen not in REVISIONS:
        raise base.Refused("Choose a minor edit, a clarification, a correction or an update.")
    note = _note(public_note)
    if chosen.needs_note and not note:
        raise base.Refused(f"A {chosen.value} needs a note that tells readers what happened and why.")
    number = Review.objects.filter(claim_id=check.claim_id).aggregate(last=Max("number"))["last"] or 0
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


@transaction.atomic
def import_factcheck(
    *,
    actor: User | None,
    desk: Desk,
    raw: Mapping[str, Any],
    page_url: str = "",
    created: str = "",
    modified: str = "",
    now: dt.datetime | None = None,
) -> FactCheck:
    """Store one ClaimReview of another publisher; a changed one becomes its next release, a known one none.

    Raises Refused where the object is no usable fact check. ``actor=None`` is a command or a feed reader.
    """
    now = now or timezone.now()
    if actor is not None:
        base.require(actor, desk, *base.WORKERS, what="import fact checks")
    try:
        found = read_claimreview(raw, page_url=page_url, created=created, modified=modified, fetched_at=now)
    except NotAReview as problem:
        raise base.Refused(f"This cannot be imported: {problem}.") from problem
    payload = found.payload
    key = _import_key(payload)
    check = (
        FactCheck.objects.select_for_update(of=("self",))
        .select_related("latest")
        .filter(desk=desk, imported=True, import_key=key)
        .first()
    )
    if check is not None and check.latest is not None:
        if _same(check.latest.payload, payload.to_dict()):
            return check
        payload = _renumbered(payload, number=check.latest.number + 1, kind=ReleaseKind.UPDATE)
    else:
        payload = _renumbered(payload, number=1, kind=ReleaseKind.FIRST)
    verb = "factcheck.import_updated" if check is not None else "factcheck.imported"
    if check is None:
        check = FactCheck.objects.create(
            desk=desk,
            imported=True,
            import_key=key,
            url=payload.url[:2000],
            raw=dict(raw),
            created_at=now,
            **columns(payload),
        )
    else:
        FactCheck.objects.filter(pk=check.pk).update(raw=dict(raw), url=payload.url[:2000])
    release = _write(check, payload, verdict=None, actor=actor, now=now)
    base.audit(verb, check, actor=actor, desk=desk, now=now, release=release.number, notes=list(found.notes))
    return check


@transaction.atomic
def withdraw_import(
    *, actor: User | None, desk: Desk, url: str, at: dt.datetime | None = None, now: dt.datetime | None = None
) -> int:
    """Take over that another publisher withdrew a page; returns how many checks it held."""
    now = now or timezone.now()
    if actor is not None:
        base.require(actor, desk, *base.WORKERS, what="import fact checks")
    found = FactCheck.objects.select_for_update(of=("self",)).select_related("latest")
    count = 0
    for check in found.filter(desk=desk, imported=True, url=url).exclude(status=FactCheck.Status.WITHDRAWN):
        if check.latest is None:
            continue
        payload = restated(
            Payload.from_dict(check.latest.payload),
            status=CheckStatus.WITHDRAWN,
            kind=ReleaseKind.WITHDRAWAL,
            number=check.latest.number + 1,
            note="",
            now=at or now,
        )
        _write(check, payload, verdict=None, actor=actor, now=now)
        base.audit("factcheck.import_withdrawn", check, actor=actor, desk=desk, now=now)
        count += 1
    return count


def _import_key(payload: Payload) -> str:
    """Return the identity of a foreign check: its own @id, else its page and its claim (a page may hold several)."""
    own = payload.uri if payload.uri != payload.url else f"{payload.url}#{payload.id}"
    folded = own.strip().casefold()
    if len(folded) <= 300:
        return folded
    return f"{folded[:200]}~{hashlib.sha256(folded.encode()).hexdigest()}"


def _same(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    # A date that stands in for a missing one is the time of the import: it differs every time and means nothing.
    ignored = {"number", "kind", "modified_at", "published_at"}
    return all(old.get(name) == value for name, value in new.items() if name not in ignored)


def _renumbered(payload: Payload, *, number: int, kind: ReleaseKind) -> Payload:
    return dataclasses.replace(payload, number=number, kind=kind)


def _note(text: str) -> str:
    note = text.replace("\x00", "\ufffd").strip()
    if len(note) > NOTE_LIMIT:
        raise base.Refused(f"The note to readers is too long: at most {NOTE_LIMIT} characters.")
    return note


def _lock_check(factcheck: FactCheck) -> FactCheck:
    check = (
        FactCheck.objects.select_for_update(of=("self",))
        .select_related("desk", "latest__verdict")
        .get(pk=factcheck.pk)
    )
    if check.imported:
        raise base.Refused(
            "This check is another publisher's: it changes when they change it and it is imported again."
        )
    return check


def _last_review(check: FactCheck) -> Review:
    """Return the pass that was published last."""
    review = (
        Review.objects.select_related("claim", "desk")
        .filter(claim_id=check.claim_id, state=Review.State.PUBLISHED)
        .order_by("-number")
        .first()
    )
    if review is None:
        raise base.Refused("There is no published version.")
    return review


__all__ = [
    "hold",
    "import_factcheck",
    "prepare",
    "publish",
    "publish_at",
    "reinstate",
    "release_if_due",
    "start_correction",
    "suspend",
    "withdraw",
    "withdraw_import",
]
