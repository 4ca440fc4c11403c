"""When was a document published? A person enters, confirms, changes or removes the date, after a look ahead.

Every date that hangs on it is resolved again, also of what was accepted already (``redating``); the new splitting
that is queued refines what nobody has touched and proposes what somebody has.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from claims.actions import base, partial_dates
from claims.actions.documents import redating
from claims.actions.documents.redating import Changed, ClaimDate, Redating
from claims.actions.documents.storing import queue_analysis
from claims.actions.indexing.outbox import touch_index
from claims.actions.origin_counts import recount_origins_of_documents
from claims.models import Appearance, AuditEvent, Claim, DateSource, Document, Job, User


@dataclass(frozen=True, slots=True)
class Redated:
    """A document with its publication date, and every date that changed, or would change, with it."""

    document: Document
    changes: tuple[Changed, ...]
    claims: tuple[ClaimDate, ...]

    @property
    def asks(self) -> bool:
        """Tell whether something that people decided on is concerned: then a person looks first."""
        return bool(self.claims) or any(change.appearance.claim_id for change in self.changes)


def preview_publication(
    *, actor: User, document: Document, value: str, now: dt.datetime | None = None
) -> Redated:
    """Return what entering this date would change, and write nothing."""
    columns = _columns(actor, document, value, now or timezone.now())
    return _seen(document, redating.look(document, str(columns["published"]), actor=actor), actor)


@transaction.atomic
def set_publication(
    *,
    actor: User,
    document: Document,
    value: str,
    source: str = DateSource.PERSON,
    expected_version: int | None = None,
    now: dt.datetime | None = None,
) -> Redated:
    """Enter or confirm when a document was published; an empty value says that it is not known.

    Claims follow with what the machine had suggested for them; what a person typed stays.
    """
    now = now or timezone.now()
    columns = _columns(actor, document, value, now)
    was = {"published": document.published, "source": document.published_source}
    _swap(
        document,
        expected_version,
        now,
        **columns,
        published_source=source if columns["published"] else DateSource.UNKNOWN,
    )
    found = redating.look(document, document.published, actor=actor, lock=True)
    with base.gesture():
        rows = redating.write(found, document=document, actor=actor, now=now)
        redating.log(document, was, rows, found, actor=actor, now=now)
    for desk, capture in redating.analysed(document):
        queue_analysis(desk=desk, capture=capture, queue=Job.Queue.INTERACTIVE, now=now)
    return _seen(document, found, actor)


def sentence_of(redated: Redated) -> str:
    """Say in one sentence what a new date changed."""
    said = ngettext("%(n)d date changed", "%(n)d dates changed", len(redated.changes)) % {
        "n": len(redated.changes)
    }
    moved = len({one.claim.pk for one in redated.claims if not one.kept})
    kept = len({one.claim.pk for one in redated.claims if one.kept})
    if moved:
        said += ", " + ngettext("%(n)d claim with them", "%(n)d claims with them", moved) % {"n": moved}
    if kept:
        said += ", " + ngettext(
            "%(n)d claim keeps a date of its own", "%(n)d claims keep a date of their own", kept
        ) % {"n": kept}
    return said + "."


def restore(event: AuditEvent, data: dict[str, Any], *, actor: User, now: dt.datetime) -> None:
    """Take the entering of a date back; raises Stale where the date was changed again since.

    Rows and claims that nobody touched since get back exactly what they held, others what the old date says.
    """
    followed = AuditEvent.objects.filter(gesture=event.gesture, verb=redating.RESOLVED)
    claims = set()
    for one in followed.select_related("detail").order_by("-id"):
        if _restore_claim(one, one.detail.data, actor=actor, now=now):
            claims.add(one.claim_id or 0)
    _restore(event, data, claims, actor=actor, now=now)


def _restore(
    event: AuditEvent, data: dict[str, Any], followed: set[int], *, actor: User, now: dt.datetime
) -> None:
    document = Document.objects.select_for_update(no_key=True).get(pk=data["document"])
    if document.published[:40] != event.after:
        raise base.Stale(_("The publication date has been changed since; set it instead."))
    was = data["was"]
    _swap(
        document,
        None,
        now,
        **partial_dates.columns("published", was["published"]),
        published_source=was["source"],
    )
    restored = set()
    for pk, version, dates, appeared_on, written in data["dated"]:
        row = Appearance.objects.filter(pk=pk).first()
        if row is not None and row.dates == written:
            row.dates, row.appeared_on = dates, appeared_on
            # Nobody has seen a state between: what was loaded before the date was entered is current again.
            row.version = version - 1 if row.version == version else row.version + 1
            row.save(update_fields=["dates", "appeared_on", "version"])
            restored.add(row.pk)
    found = redating.look(document, document.published, actor=actor, lock=True)
    rest = replace(
        found,
        rows={row: fresh for row, fresh in found.rows.items() if row.pk not in restored},
        claims=tuple(one for one in found.claims if one.claim.pk not in followed),
    )
    redating.write(rest, document=document, actor=actor, now=now)
    for desk, capture in redating.analysed(document):
        queue_analysis(desk=desk, capture=capture, queue=Job.Queue.INTERACTIVE, now=now)


def _restore_claim(event: AuditEvent, data: dict[str, Any], *, actor: User, now: dt.datetime) -> bool:
    """Give a claim back the dates it had before its article's date was entered, if they are still those."""
    claim = Claim.objects.select_related("desk").get(pk=event.claim_id or 0)
    if any(getattr(claim, name) != value for name, value in data["new"].items()):
        return False
    columns = {
        column: value or (None if column.endswith(("_earliest", "_latest")) else "")
        for column, value in data["was"].items()
    }
    Claim.objects.filter(pk=claim.pk, version=claim.version).update(
        **columns, version=claim.version + 1, updated_at=now
    )
    touch_index("claims", claim.pk)
    base.audit(
        redating.RESOLVED,
        claim,
        actor=actor,
        desk=claim.desk,
        claim_id=claim.pk,
        now=now,
        old=data["new"],
        new={name: data["was"][name] for name in data["new"]},
    )
    return True


def _columns(actor: User, document: Document, value: str, now: dt.datetime) -> dict[str, object]:
    base.require(actor, document.desk, *base.ADDERS, what=_("change what is known about a document"))
    return partial_dates.past("published", value, now=now, what=_("The day of publication"))


def _seen(document: Document, found: Redating, actor: User) -> Redated:
    """Return what this person may see of it: of other desks nothing."""
    rows = set(
        Appearance.objects.for_user(actor)
        .filter(pk__in=[change.appearance.pk for change in found.changes])
        .values_list("pk", flat=True)
    )
    claims = set(
        Claim.objects.for_user(actor)
        .filter(pk__in={one.claim.pk for one in found.claims})
        .values_list("pk", flat=True)
    )
    return Redated(
        document,
        tuple(change for change in found.changes if change.appearance.pk in rows),
        tuple(one for one in found.claims if one.claim.pk in claims),
    )


def _swap(document: Document, expected: int | None, now: dt.datetime, **columns: object) -> None:
    """Write the columns if nobody was faster, and make ``document`` what the row is now."""
    version = document.version if expected is None else expected
    changed = Document.objects.filter(pk=document.pk, version=version).update(
        **columns, version=version + 1, updated_at=now
    )
    if not changed:
        raise base.Stale(_("Somebody else changed this document; look at it again."))
    document.refresh_from_db()
    recount_origins_of_documents([document.pk])
    touch_index("documents", document.pk)
