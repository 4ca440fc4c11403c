"""What changes a claim after it was accepted? Wording, claimant, what is checked, dates, whose work it is.

Verdicts and publication are not here. A change while a verdict waits for approval is refused: the verdict was
written for the wording it carries.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions import base, partial_dates, telling
from claims.actions.claims import claimants
from claims.actions.claims.tags import opinion_first, take_over_tags
from claims.actions.claims.wording import one_sentence
from claims.actions.documents.stored_dates import SUGGESTED, suggested
from claims.actions.evidence.search import search_claim
from claims.actions.indexing.outbox import touch_index
from claims.actions.origin_counts import recount_origins
from claims.models import Appearance, Claim, Claimant, Evidence, FactCheck, Match, Notice, Review, User
from claims.models.panels import is_kept_blind
from claims.vocabulary import CloseReason, PanelRule

#: How long a claim stays marked as worked on after the last sign of life.
LEASE = dt.timedelta(minutes=20)
State = Review.State
_EDITABLE = (State.QUEUED, State.IN_PROGRESS)


def insist_may_edit(actor: User, claim: Claim, now: dt.datetime, what: str) -> None:
    """Refuse unless the actor may work on this claim now: role, state, somebody else's lease."""
    base.require(actor, claim.desk, *base.WORKERS, what=what)
    if claim.merged_into_id is not None:
        raise base.Refused(_("This claim was merged into another one; work goes on there."))
    review = claim.reviews.select_related("lease_user").order_by("-number").first()
    if review is None:
        return
    if review.state not in _EDITABLE:
        raise base.Refused(
            _("This claim is %(state)s. Return, reopen or correct it first.")
            % {"state": review.get_state_display()}
        )
    _not_leased(review, actor, now)


def _not_leased(review: Review, actor: User, now: dt.datetime) -> None:
    holder = review.lease_user
    if (
        holder is not None
        and holder.pk != actor.pk
        and review.lease_until is not None
        and review.lease_until > now
    ):
        raise base.Refused(
            _("%(name)s is working on this claim. Ask them to put it down, or wait until %(until)s.")
            % {"name": holder.display_name, "until": f"{timezone.localtime(review.lease_until):%H:%M}"}
        )


#: What decides whether a source repeats the claimant and lies in the claim's time.
_COUNTED = frozenset({"wording", "claimant", "checks", "made_on", "about"})


def store(claim: Claim, expected: int | None, now: dt.datetime, **columns: Any) -> None:
    """Write columns of a claim if it is still as it was read; raises Stale. What rests on them is counted anew."""
    version = claim.version if expected is None else expected
    changed = Claim.objects.filter(pk=claim.pk, version=version).update(
        **columns, version=version + 1, updated_at=now
    )
    if not changed:
        raise base.Stale(_("Somebody else changed this claim; look at it again."))
    claim.refresh_from_db()
    if set(columns) & _COUNTED:
        recount_origins([claim.pk])
    touch_index("claims", claim.pk)


@transaction.atomic
def edit_wording(
    *,
    actor: User,
    claim: Claim,
    wording: str,
    expected_version: int | None = None,
    now: dt.datetime | None = None,
) -> Claim:
    """Change or confirm the sentence that is checked; what was unresolved in it counts as resolved."""
    now = now or timezone.now()
    insist_may_edit(actor, claim, now, _("change a claim's wording"))
    sentence = one_sentence(wording)
    if not sentence:
        raise base.Refused(_("Write the claim as one sentence."))
    if len(sentence) > 1_000:
        raise base.Refused(_("Write the claim in no more than 1,000 characters."))
    old = claim.wording
    store(
        claim,
        expected_version,
        now,
        wording=sentence,
        wording_unresolved=[],
        wording_confirmed_by=actor,
        wording_confirmed_at=now,
    )
    _log("claim.wording_set", claim, actor, now, old=old, new=sentence)
    if sentence != old:
        search_claim(actor=None, claim=claim, now=now)
    return claim


@transaction.atomic
def set_claimant(
    *,
    actor: User,
    claim: Claim,
    name: str,
    kind: str = "",
    expected_version: int | None = None,
    now: dt.datetime | None = None,
) -> Claim:
    """Say who asserts the claim; a name or alias that the desk knows is linked, a new one is made."""
    now = now or timezone.now()
    insist_may_edit(actor, claim, now, _("change a claim's claimant"))
    if kind and kind not in Claimant.Kind.values:
        raise base.Refused(_("Choose what kind of claimant this is."))
    person = claimants.link(desk=claim.desk, name=name, kind=kind, now=now)
    if person is None:
        raise base.Refused(
            _("Name who asserts it: the speaker, or the outlet or byline for the article's own words.")
        )
    if kind and person.kind != kind:
        Claimant.objects.filter(pk=person.pk).update(kind=kind)
    old = claim.claimant.name if claim.claimant else ""
    store(claim, expected_version, now, claimant=person)
    _log("claim.claimant_set", claim, actor, now, old=old, new=person.name)
    return claim


@transaction.atomic
def set_checks(
    *,
    actor: User,
    claim: Claim,
    checks: str,
    expected_version: int | None = None,
    now: dt.datetime | None = None,
) -> Claim:
    """Say what is checked: the content, that it was said, or the exact wording."""
    now = now or timezone.now()
    insist_may_edit(actor, claim, now, _("change what is checked"))
    if checks not in Claim.Checks.values:
        raise base.Refused(_("Choose what is checked: the content, that it was said, or the exact wording."))
    old = claim.checks
    store(claim, expected_version, now, checks=checks)
    _log("claim.checks_set", claim, actor, now, before=old, after=checks)
    return claim


@transaction.atomic
def set_dates(
    *,
    actor: User,
    claim: Claim,
    made_on: str | None = None,
    about: str | None = None,
    expected_version: int | None = None,
    now: dt.datetime | None = None,
) -> Claim:
    """Say when the claim was made, and what time it is about; ``None`` leaves a date as it is."""
    now = now or timezone.now()
    insist_may_edit(actor, claim, now, _("change a claim's dates"))
    columns: dict[str, object] = {}
    if made_on is not None:
        columns |= partial_dates.past("made_on", made_on, now=now, what=_("The day it was said"))
    if about is not None:
        columns |= partial_dates.columns("about", about)
    old = {"made_on": claim.made_on, "about": claim.about}
    # What was only shown in the form and stored as it was is still the machine's.
    for name in ("made_on", "about"):
        if name in columns and columns[name] != old[name]:
            columns[f"{name}_typed"] = True
    store(claim, expected_version, now, **columns)
    _log("claim.dates_set", claim, actor, now, old=old, new={"made_on": claim.made_on, "about": claim.about})
    return claim


def dates_of_article(claim: Claim) -> dict[str, str]:
    """Return the dates that the claim's article suggests where they are other ones than the claim's."""
    if claim.dates_from is None:
        return {}
    wanted = suggested(claim.dates_from)
    return {name: str(wanted[name]) for name in SUGGESTED if str(wanted[name]) != getattr(claim, name)}


@transaction.atomic
def follow_article(
    *, actor: User, claim: Claim, expected_version: int | None = None, now: dt.datetime | None = None
) -> Claim:
    """Take over the dates that the claim's article suggests; from then on they follow it again."""
    now = now or timezone.now()
    insist_may_edit(actor, claim, now, _("change a claim's dates"))
    if claim.dates_from is None:
        raise base.Refused(_("No article gives this claim its dates; enter them."))
    old = {"made_on": claim.made_on, "about": claim.about}
    columns = {**suggested(claim.dates_from), "made_on_typed": False, "about_typed": False}
    store(claim, expected_version, now, **columns)
    _log("claim.dates_set", claim, actor, now, old=old, new={"made_on": claim.made_on, "about": claim.about})
    return claim


@transaction.atomic
def merge_claims(*, actor: User, claim: Claim, into: Claim, now: dt.datetime | None = None) -> Claim:
    """Say that a claim is another one: its appearances and the evidence people decided about go over.

    Refused where the claim has a verdict or a fact check of its own: these stay where they were written.
    """
    now = now or timezone.now()
    insist_may_edit(actor, claim, now, _("merge claims"))
    if claim.pk == into.pk:
        raise base.Refused(_("This is the same claim."))
    if claim.desk_id != into.desk_id:
        raise base.Refused(_("The claims belong to different desks."))
    if into.merged_into_id is not None:
        raise base.Refused(_("That claim was merged into another one; choose that one."))
    if claim.verdicts.exists() or FactCheck.objects.filter(claim=claim).exists():
        raise base.Refused(_("This claim has a verdict already. Merge the other claim into this one."))
    appearances = list(claim.appearances.values_list("pk", flat=True))
    evidence = _evidence_to_move(claim, into)
    with base.gesture():
        Appearance.objects.filter(pk__in=appearances).update(claim=into, version=models.F("version") + 1)
        Evidence.objects.filter(pk__in=evidence).update(claim=into)
        Claim.objects.filter(merged_into=claim).update(merged_into=into)
        take_over_tags(claim=claim, into=into, now=now)
        store(claim, None, now, merged_into=into)
        review = claim.reviews.exclude(state__in=[State.PUBLISHED, State.CLOSED]).first()
        if review is not None:
            with base.in_own_language():
                note = _("Claim %(number)d") % {"number": into.pk}
            _step(
                review,
                None,
                now,
                state=State.CLOSED,
                closed_reason=CloseReason.MERGED,
                closed_note=note,
                lease_user=None,
                lease_until=None,
            )
        Match.objects.filter(claim=claim, state=Match.State.SUGGESTED).delete()
        _log(
            "claim.merged",
            claim,
            actor,
            now,
            after=str(into.pk),
            appearances=appearances,
            evidence=evidence,
        )
        _log(
            "claim.took_over",
            into,
            actor,
            now,
            before=str(claim.pk),
            appearances=appearances,
            evidence=evidence,
        )
    recount_origins([claim.pk, into.pk])
    touch_index("claims", claim.pk)
    touch_index("claims", into.pk)
    return into


def _evidence_to_move(claim: Claim, into: Claim) -> list[int]:
    there = set(into.evidence.values_list("place_key", flat=True))
    decided = claim.evidence.exclude(added_by=None, decided_by=None)
    return [row.pk for row in decided.order_by("pk") if row.place_key not in there]


# --- whose work it is -------------------------------------------------------------------------------------


def _step(review: Review, expected: int | None, now: dt.datetime, **columns: Any) -> None:
    """Write a review if nobody was faster; a new state gets its time."""
    version = review.version if expected is None else expected
    if "state" in columns and columns["state"] != review.state:
        columns["state_at"] = now
    changed = Review.objects.filter(pk=review.pk, version=version).update(**columns, version=version + 1)
    if not changed:
        newer = Review.objects.select_related("assignee").get(pk=review.pk)
        raise base.Stale(
            _("Somebody was faster: this claim is now %(state)s.") % {"state": newer.get_state_display()}
        )
    review.refresh_from_db()
    touch_index("claims", review.claim_id)


def insist_may_assign(*, actor: User, review: Review, to: User | None) -> None:
    """Refuse what ``assign`` refuses, writing nothing."""
    if review.state in (State.PUBLISHED, State.CLOSED):
        raise base.Refused(
            _("This review is %(state)s; there is nothing to assign.") % {"state": review.get_state_display()}
        )
    mine = review.assignee_id in (None, actor.pk) and (to is None or to.pk == actor.pk)
    base.require(actor, review.desk, *(base.WORKERS if mine else base.EDITORS), what=_("assign this claim"))
    if to is not None and review.desk.roles_of(to).isdisjoint(base.WORKERS):
        raise base.Refused(
            _("%(name)s cannot write verdicts on this desk, so the claim would lie still.")
            % {"name": to.display_name}
        )


@transaction.atomic
def assign(
    *,
    actor: User,
    review: Review,
    to: User | None,
    expected_version: int | None = None,
    now: dt.datetime | None = None,
) -> Review:
    """Give a claim to somebody, or with ``None`` to nobody; who writes verdicts may take a free one."""
    now = now or timezone.now()
    insist_may_assign(actor=actor, review=review, to=to)
    if review.assignee_id == (to.pk if to else None):
        return review
    had = review.assignee_id
    before = str(had or "")
    columns: dict[str, Any] = {"assignee": to}
    if to is None or review.lease_user_id not in (None, to.pk):
        columns |= {"lease_user": None, "lease_until": None}
    _step(review, expected_version, now, **columns)
    _log_review("review.assigned", review, actor, now, before=before, after=str(to.pk if to else ""))
    _tell(Notice.Kind.GIVEN, to.pk if to else None, review, actor, now)
    _tell(Notice.Kind.TAKEN, had, review, actor, now)
    return review


@transaction.atomic
def take_lease(
    *, actor: User, review: Review, expected_version: int | None = None, now: dt.datetime | None = None
) -> Review:
    """Start or go on working on a claim, for others to see. Raises Refused while somebody else is at it.

    What is assigned to another is not begun by the way: that is ``take_over``, which shows what they had and
    tells them.
    """
    now = now or timezone.now()
    base.require(actor, review.desk, *base.WORKERS, what=_("work on this claim"))
    review.refresh_from_db(from_queryset=Review.objects.select_for_update(no_key=True))
    if review.state not in _EDITABLE:
        raise base.Stale(_("This claim is %(state)s now.") % {"state": review.get_state_display()})
    _not_leased(review, actor, now)
    _not_blind(review, actor)
    holds = review.lease_user_id == actor.pk and review.lease_until is not None and review.lease_until > now
    if review.assignee_id not in (None, actor.pk) and not holds:
        name = User.objects.get(pk=review.assignee_id).display_name
        raise base.Refused(
            _("This claim is with %(name)s. Take it over first: you see what they have, and they are told.")
            % {"name": name}
        )
    columns: dict[str, Any] = {"lease_user": actor, "lease_until": now + LEASE}
    started = review.state == State.QUEUED
    if review.lease_user_id == actor.pk and not started:
        # Going on is no change that others must look at again.
        Review.objects.filter(pk=review.pk, lease_user=actor).update(**columns)
        review.refresh_from_db()
        return review
    before = review.state
    if started:
        columns["state"] = State.IN_PROGRESS
    if review.assignee_id is None:
        columns["assignee"] = actor
    _step(review, expected_version, now, **columns)
    _log_review("review.taken", review, actor, now, before=before, after=review.state)
    return review


@transaction.atomic
def drop_lease(*, actor: User, review: Review, now: dt.datetime | None = None) -> Review:
    """Put a claim down without putting it back: it stays assigned, others may work on it."""
    now = now or timezone.now()
    base.require(actor, review.desk, *base.WORKERS, what=_("put this claim down"))
    changed = Review.objects.filter(pk=review.pk, lease_user=actor).update(lease_user=None, lease_until=None)
    review.refresh_from_db()
    if changed:
        _log_review("review.put_down", review, actor, now)
    return review


@transaction.atomic
def put_back(
    *, actor: User, review: Review, expected_version: int | None = None, now: dt.datetime | None = None
) -> Review:
    """Return a claim in progress to the queue, free for anybody."""
    now = now or timezone.now()
    mine = review.assignee_id in (None, actor.pk)
    base.require(actor, review.desk, *(base.WORKERS if mine else base.EDITORS), what=_("put this claim back"))
    if review.state != State.IN_PROGRESS:
        raise base.Stale(_("This claim is %(state)s now.") % {"state": review.get_state_display()})
    had = review.assignee_id
    _step(review, expected_version, now, state=State.QUEUED, assignee=None, lease_user=None, lease_until=None)
    _log_review("review.put_back", review, actor, now, before=State.IN_PROGRESS, after=State.QUEUED)
    _tell(Notice.Kind.TAKEN, had, review, actor, now)
    return review


def insist_may_close(*, actor: User, review: Review, reason: str, now: dt.datetime) -> None:
    """Refuse what ``close`` refuses of a review that is not closed with this reason already."""
    free = review.assignee_id in (None, actor.pk) and (
        review.lease_user_id in (None, actor.pk) or review.lease_until is None or review.lease_until <= now
    )
    own = free and review.state in _EDITABLE
    base.require(actor, review.desk, *(base.WORKERS if own else base.EDITORS), what=_("close this review"))
    if reason not in CloseReason.values or not reason:
        raise base.Refused(_("Choose why the review ends."))
    if review.state in (State.PUBLISHED, State.CLOSED):
        raise base.Stale(_("This review is %(state)s already.") % {"state": review.get_state_display()})


@transaction.atomic
def close(
    *,
    actor: User,
    review: Review,
    reason: str,
    note: str = "",
    expected_version: int | None = None,
    now: dt.datetime | None = None,
) -> Review:
    """End a review without a publication, with a reason; others' work and late states are a desk editor's."""
    now = now or timezone.now()
    base.require(actor, review.desk, *base.WORKERS, what=_("close this review"))
    if review.state == State.CLOSED and review.closed_reason == reason:
        return review
    insist_may_close(actor=actor, review=review, reason=reason, now=now)
    before = review.state
    note = " ".join(note.split())[:300]
    _step(
        review,
        expected_version,
        now,
        state=State.CLOSED,
        closed_reason=reason,
        closed_note=note,
        lease_user=None,
        lease_until=None,
        publish_at=None,
    )
    _log_review(
        "review.closed", review, actor, now, before=before, after=State.CLOSED, reason=reason, note=note
    )
    _tell(Notice.Kind.CLOSED, review.assignee_id, review, actor, now, words=note)
    return review


@transaction.atomic
def reopen(
    *, actor: User, review: Review, expected_version: int | None = None, now: dt.datetime | None = None
) -> Review:
    """Put a closed review back into the queue."""
    now = now or timezone.now()
    base.require(actor, review.desk, *base.WORKERS, what=_("reopen this review"))
    if review.state != State.CLOSED:
        raise base.Stale(_("This review is %(state)s now.") % {"state": review.get_state_display()})
    claim = review.claim
    if claim.merged_into_id is not None:
        raise base.Refused(_("This claim was merged into another one; work goes on there."))
    if claim.reviews.exclude(state__in=[State.PUBLISHED, State.CLOSED]).exists():
        raise base.Refused(_("Another review of this claim is open already."))
    _step(review, expected_version, now, state=State.QUEUED, closed_reason="", closed_note="", assignee=None)
    _log_review("review.reopened", review, actor, now, before=State.CLOSED, after=State.QUEUED)
    return review


def _not_blind(review: Review, actor: User) -> None:
    if review.desk.panels == PanelRule.OFF or not is_kept_blind(actor, review.pk):
        return
    raise base.Refused(opinion_first())


def _tell(
    kind: Notice.Kind, user: int | None, review: Review, actor: User, now: dt.datetime, words: str = ""
) -> None:
    telling.tell(
        kind, desk=review.desk, users=[user], actor=actor, now=now, claims=[review.claim_id], words=words
    )


def _log(
    verb: str, claim: Claim, actor: User, now: dt.datetime, before: str = "", after: str = "", **detail: Any
) -> None:
    base.audit(
        verb,
        claim,
        actor=actor,
        desk=claim.desk,
        claim_id=claim.pk,
        before=before,
        after=after,
        now=now,
        **detail,
    )


def _log_review(
    verb: str, review: Review, actor: User, now: dt.datetime, before: str = "", after: str = "", **detail: Any
) -> None:
    base.audit(
        verb,
        review,
        actor=actor,
        desk=review.desk,
        claim_id=review.claim_id,
        before=before,
        after=after,
        now=now,
        **detail,
    )
