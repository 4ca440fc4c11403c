"""What do people decide about suggested claims? Accept, dismiss, reopen, finish the article.

Accepting makes the claim that is checked, queues its review and its search. Every act remembers what it
changed, so that it can be undone.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions import base
from claims.actions.claims import claimants
from claims.actions.claims.wording import one_sentence
from claims.actions.documents.stored_dates import suggested
from claims.actions.evidence.search import search_claim
from claims.actions.indexing.outbox import touch_index
from claims.actions.origin_counts import recount_origins
from claims.actions.triage.undo import before, remembered
from claims.intake.decode import clean
from claims.models import Appearance, Claim, Claimant, Desk, Document, FinishedArticle, Review, User

Triage = Appearance.Triage
_OPEN = (Triage.SUGGESTED, Triage.NOT_SELECTED, Triage.SUPERSEDED)


def swap(row: Appearance, expected: int | None, *, actor: User, now: dt.datetime, **columns: Any) -> None:
    """Write an appearance if nobody was faster, mark it as a person's, and make ``row`` what it is now."""
    version = row.version if expected is None else expected
    changed = Appearance.objects.filter(pk=row.pk, version=version).update(
        **columns, touched_by=actor, touched_at=now, version=version + 1
    )
    if not changed:
        raise base.Stale(_("Somebody else changed this; look at it again."))
    row.refresh_from_db()


@transaction.atomic
def accept(
    *,
    actor: User,
    appearance: Appearance,
    why: str = "",
    wording: str | None = None,
    claimant: Claimant | str | None = None,
    checks: str | None = None,
    claim: Claim | None = None,
    expected_version: int | None = None,
    now: dt.datetime | None = None,
) -> Claim:
    """Make a claim of a suggestion, or with ``claim`` another appearance of one that is there.

    A ``wording`` that is given counts as confirmed by the actor; without one the suggested sentence is taken
    over, unconfirmed. What repeats it inside the article becomes an appearance of the same claim.
    """
    now = now or timezone.now()
    desk = appearance.desk
    base.require(actor, desk, *base.WORKERS, what=_("accept claims"))
    expected = appearance.version if expected_version is None else expected_version
    appearance.refresh_from_db(from_queryset=Appearance.objects.select_for_update(no_key=True))
    if (
        appearance.claim is not None
        and appearance.touched_by_id == actor.pk
        and claim in (None, appearance.claim)
    ):
        # A double click: the second finds what the first made.
        return appearance.claim
    if appearance.triage not in _OPEN:
        raise base.Stale(_("This is %(state)s already.") % {"state": appearance.get_triage_display()})
    made = claim is None
    kept = before(appearance)
    if claim is None:
        claim = _make_claim(actor, appearance, wording, claimant, checks, why, now)
    elif claim.desk_id != desk.pk or claim.merged_into_id is not None:
        raise base.Refused(_("Choose a claim of this desk that was not merged into another."))
    with base.gesture():
        swap(
            appearance, expected, actor=actor, now=now, triage=Triage.ACCEPTED, claim=claim, dismiss_reason=""
        )
        details = remembered(appearance, kept)
        if made:
            details["made_claim"] = claim.pk
        base.audit(
            "appearance.accepted",
            appearance,
            actor=actor,
            desk=desk,
            claim_id=claim.pk,
            before=kept["triage"],
            after=Triage.ACCEPTED,
            now=now,
            why=why,
            **details,
        )
        for row in _repeats(appearance):
            kept = before(row)
            swap(row, None, actor=actor, now=now, triage=Triage.ACCEPTED, claim=claim)
            base.audit(
                "appearance.accepted",
                row,
                actor=actor,
                desk=desk,
                claim_id=claim.pk,
                before=kept["triage"],
                after=Triage.ACCEPTED,
                now=now,
                repeats=appearance.pk,
                **remembered(row, kept),
            )
        touch_index("claims", claim.pk)
        if made:
            search_claim(actor=None, claim=claim, now=now)
        else:
            # Another article is the claim's own now.
            recount_origins([claim.pk])
    return claim


def _repeats(row: Appearance) -> list[Appearance]:
    """Return the open, untouched suggestions of the same article that say the same."""
    first = row.repeats_id or row.pk
    rows = Appearance.objects.filter(desk_id=row.desk_id, triage=Triage.SUGGESTED, touched_at=None)
    same = rows.filter(repeats_id=first) | rows.filter(pk=first)
    return list(same.exclude(pk=row.pk).order_by("pk"))


def _make_claim(
    actor: User,
    row: Appearance,
    wording: str | None,
    claimant: Claimant | str | None,
    checks: str | None,
    why: str,
    now: dt.datetime,
) -> Claim:
    if checks is not None and checks not in Claim.Checks.values:
        raise base.Refused(_("Choose what is checked: the content, that it was said, or the exact wording."))
    sentence = one_sentence(wording) if wording is not None else (row.wording or one_sentence(row.quotation))
    if not sentence:
        raise base.Refused(_("Write the claim as one sentence."))
    confirmed = wording is not None
    unresolved = [] if confirmed or not row.wording else row.wording_unresolved
    if isinstance(claimant, Claimant):
        if claimant.desk_id != row.desk_id:
            raise base.Refused(_("This claimant belongs to another desk."))
        who: Claimant | None = claimants.standing(claimant)
        claimants.confirm(who)
    elif claimant is not None and claimant.strip():
        who = claimants.link(desk=row.desk, name=claimant, kind=row.claimant_kind, now=now)
    else:
        who = claimants.of_appearance(row, now=now)
    said = Claim.Checks.SAID if row.checkable == Appearance.Checkable.SAID else Claim.Checks.CONTENT
    document = row.document
    return new_claim(
        actor=actor,
        desk=row.desk,
        now=now,
        wording=sentence,
        wording_unresolved=unresolved,
        wording_confirmed_by=actor if confirmed else None,
        wording_confirmed_at=now if confirmed else None,
        checks=checks or said,
        claimant=who,
        why=" ".join(clean(why).split())[:300],
        language=document.language if document else "",
        source=document,
        score=row.score,
        dates_from=row,
        **suggested(row),
    )


def new_claim(*, actor: User, desk: Desk, now: dt.datetime, **columns: Any) -> Claim:
    """Write a claim with its first review, queued; for actions that make one."""
    claim = Claim.objects.create(desk=desk, added_by=actor, created_at=now, updated_at=now, **columns)
    Review.objects.create(desk=desk, claim=claim, state=Review.State.QUEUED, state_at=now, created_at=now)
    return claim


@transaction.atomic
def dismiss(
    *,
    actor: User,
    appearance: Appearance,
    reason: str = "",
    expected_version: int | None = None,
    now: dt.datetime | None = None,
) -> Appearance:
    """Say that a suggestion is not checked; a second time changes nothing."""
    now = now or timezone.now()
    base.require(actor, appearance.desk, *base.WORKERS, what=_("dismiss suggestions"))
    if appearance.triage == Triage.DISMISSED:
        return appearance
    if appearance.triage == Triage.ACCEPTED:
        raise base.Refused(_("This is a claim already. Undo, or close the claim with a reason."))
    kept = before(appearance)
    reason = " ".join(clean(reason).split())[:300]
    swap(appearance, expected_version, actor=actor, now=now, triage=Triage.DISMISSED, dismiss_reason=reason)
    base.audit(
        "appearance.dismissed",
        appearance,
        actor=actor,
        desk=appearance.desk,
        before=kept["triage"],
        after=Triage.DISMISSED,
        now=now,
        reason=reason,
        **remembered(appearance, kept),
    )
    return appearance


@transaction.atomic
def reopen(
    *,
    actor: User,
    appearance: Appearance,
    expected_version: int | None = None,
    now: dt.datetime | None = None,
) -> Appearance:
    """Put a dismissed or not selected suggestion back among the open ones."""
    now = now or timezone.now()
    base.require(actor, appearance.desk, *base.WORKERS, what=_("reopen suggestions"))
    if appearance.triage == Triage.SUGGESTED:
        return appearance
    if appearance.triage == Triage.ACCEPTED:
        raise base.Refused(_("This is a claim already. Undo, or close the claim with a reason."))
    kept = before(appearance)
    swap(appearance, expected_version, actor=actor, now=now, triage=Triage.SUGGESTED, dismiss_reason="")
    base.audit(
        "appearance.reopened",
        appearance,
        actor=actor,
        desk=appearance.desk,
        before=kept["triage"],
        after=Triage.SUGGESTED,
        now=now,
        **remembered(appearance, kept),
    )
    return appearance


@transaction.atomic
def finish_article(*, actor: User, document: Document, desk: Desk, now: dt.datetime | None = None) -> int:
    """Say that the rest of an article is not selected; return how many suggestions that were."""
    now = now or timezone.now()
    base.require(actor, desk, *base.WORKERS, what=_("finish articles"))
    Document.objects.select_for_update(no_key=True).get(pk=document.pk)
    rest = Appearance.objects.filter(desk=desk, document=document, triage=Triage.SUGGESTED)
    rows = [(pk, version + 1) for pk, version in rest.order_by("pk").values_list("pk", "version")]
    for pk, version in rows:
        # Not marked as touched: opened again, a new analysis may go on to renew what nobody decided one by one.
        Appearance.objects.filter(pk=pk, version=version - 1).update(
            triage=Triage.NOT_SELECTED, version=version
        )
    FinishedArticle.objects.update_or_create(
        document=document, desk=desk, defaults={"at": now}, create_defaults={"at": now, "created_at": now}
    )
    base.audit(
        "document.finished", document, actor=actor, desk=desk, now=now, document=document.pk, rows=rows
    )
    return len(rows)


@transaction.atomic
def reopen_article(*, actor: User, document: Document, desk: Desk, now: dt.datetime | None = None) -> int:
    """Open a finished article again: what was not selected is suggested again; return how many."""
    now = now or timezone.now()
    base.require(actor, desk, *base.WORKERS, what=_("reopen articles"))
    count = 0
    rest = Appearance.objects.filter(desk=desk, document=document, triage=Triage.NOT_SELECTED)
    for pk, version in rest.order_by("pk").values_list("pk", "version"):
        count += Appearance.objects.filter(pk=pk, version=version).update(
            triage=Triage.SUGGESTED, version=version + 1
        )
    FinishedArticle.objects.filter(document=document, desk=desk).delete()
    base.audit("document.reopened", document, actor=actor, desk=desk, now=now, rows=count)
    return count
