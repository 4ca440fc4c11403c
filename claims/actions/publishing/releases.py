"""Writes one frozen release and what hangs on it: copied columns, the index, the job of its fan-out.

The only place where a Release is made. It asks nothing: whoever calls has asked the policy.
"""

from __future__ import annotations

import datetime as dt

from django.db.models import F
from django.utils.translation import gettext as _

from claims.actions import base
from claims.actions.indexing.outbox import touch_index
from claims.actions.publishing.payload import columns
from claims.exports.payload import Payload, digest
from claims.jobs import rows
from claims.models import AuditEvent, FactCheck, Release, User, Verdict


def write_release(
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
    shown = columns(payload)
    if check.imported:
        # What another publisher's label means is what a person at this desk has confirmed.
        shown["finding"] = check.foreign_label.finding if check.foreign_label is not None else ""
    changed = FactCheck.objects.filter(pk=check.pk, latest=check.latest_id).update(
        latest=release, version=F("version") + 1, **shown
    )
    if not changed:
        raise base.Stale(_("Somebody else changed this fact check meanwhile. Look at it again."))
    check.refresh_from_db()
    touch_index("factchecks", check.pk, deleted=check.status != FactCheck.Status.LIVE)
    return release


def fan_out(check: FactCheck, release: Release, event: AuditEvent, *, now: dt.datetime) -> None:
    """Queue what follows from this release, in the same transaction."""
    rows.enqueue(
        "fanout",
        desk=check.desk,
        subject=f"release:{release.pk}",
        arguments={"event": event.pk, "release": release.pk},
        now=now,
    )
