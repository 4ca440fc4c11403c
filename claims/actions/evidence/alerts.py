"""What do people decide about new sources for old claims? Take one as evidence, dismiss it, stop watching a claim."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions import base
from claims.actions.evidence.keeping import take_place
from claims.models import Claim, Evidence, SourceAlert, User

State = SourceAlert.State


@transaction.atomic
def take_alert(*, actor: User, alert: SourceAlert, now: dt.datetime | None = None) -> Evidence:
    """Make the source evidence of the claim; what was taken already is returned as it is."""
    now = now or timezone.now()
    base.require(actor, alert.desk, *base.WORKERS, what=_("take a new source as evidence"))
    row = _locked(alert)
    if row.state == State.TAKEN and row.evidence is not None:
        return row.evidence
    if row.state == State.DISMISSED:
        raise base.Stale(_("Somebody has dismissed this source; take that back first."))
    if row.claim.merged_into_id is not None:
        raise base.Refused(_("This claim was merged into another one; work goes on there."))
    with base.gesture():
        evidence = take_place(
            actor=actor,
            claim=row.claim,
            document=row.document,
            capture=row.capture,
            place=(row.start, row.end),
            matched=row.matched,
            now=now,
        )
        _decide(row, actor, State.TAKEN, now, evidence=evidence)
    alert.refresh_from_db()
    return evidence


@transaction.atomic
def dismiss_alert(*, actor: User, alert: SourceAlert, now: dt.datetime | None = None) -> SourceAlert:
    """Say that a new source is of no use for the claim; no other text of its origin raises an alert any more."""
    base.require(actor, alert.desk, *base.WORKERS, what=_("dismiss a new source"))
    return _moved(alert, actor, State.OPEN, State.DISMISSED, now or timezone.now())


@transaction.atomic
def reopen_alert(*, actor: User, alert: SourceAlert, now: dt.datetime | None = None) -> SourceAlert:
    """Take a dismissal back."""
    base.require(actor, alert.desk, *base.WORKERS, what=_("decide about a new source"))
    return _moved(alert, actor, State.DISMISSED, State.OPEN, now or timezone.now())


@transaction.atomic
def watch_claim(*, actor: User, claim: Claim, watched: bool, now: dt.datetime | None = None) -> Claim:
    """Compare new sources with a claim from now on, or no longer; alerts that are there stay."""
    now = now or timezone.now()
    base.require(actor, claim.desk, *base.WORKERS, what=_("say whether a claim is watched"))
    changed = Claim.objects.filter(pk=claim.pk, watched=not watched).update(watched=watched)
    claim.refresh_from_db()
    if changed:
        verb = "claim.watched_again" if watched else "claim.watched_no_more"
        base.audit(verb, claim, actor=actor, desk=claim.desk, claim_id=claim.pk, now=now)
    return claim


def _moved(alert: SourceAlert, actor: User, before: str, after: str, now: dt.datetime) -> SourceAlert:
    """Decide about an alert that is in one state; one that is in the other already stays as it is."""
    row = _locked(alert)
    if row.state == State.TAKEN:
        raise base.Stale(_("Somebody has taken this source as evidence; decide about it there."))
    if row.state == before:
        _decide(row, actor, after, now)
    alert.refresh_from_db()
    return alert


def _locked(alert: SourceAlert) -> SourceAlert:
    rows = SourceAlert.objects.select_for_update(of=("self",))
    return rows.select_related(
        "claim__desk", "claim__claimant", "document__outlet", "capture", "evidence"
    ).get(pk=alert.pk)


def _decide(
    row: SourceAlert, actor: User, state: str, now: dt.datetime, *, evidence: Evidence | None = None
) -> None:
    before = row.state
    opened = state == State.OPEN
    SourceAlert.objects.filter(pk=row.pk).update(
        state=state,
        evidence=evidence,
        decided_by=None if opened else actor,
        decided_at=None if opened else now,
    )
    base.audit(
        f"alert.{'reopened' if opened else state}",
        row,
        actor=actor,
        desk=row.desk,
        claim_id=row.claim_id,
        before=before,
        after=state,
        now=now,
    )
