"""How do fact checks of other publishers come in? One ClaimReview at a time, with its raw object.

They are found like our own and never published by us. Refuses what is no usable fact check; a changed one
becomes its next release, an unchanged one nothing.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from claims.actions import base
from claims.actions.publishing import releases
from claims.actions.publishing.payload import columns, restated
from claims.exports.imports import NotAReview, read_claimreview
from claims.exports.payload import Payload
from claims.models import Desk, FactCheck, User
from claims.vocabulary import CheckStatus, ReleaseKind


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
    return take_in(
        actor=actor, desk=desk, raw=raw, page_url=page_url, created=created, modified=modified, now=now
    )[0]


@transaction.atomic
def take_in(
    *,
    actor: User | None,
    desk: Desk,
    raw: Mapping[str, Any],
    page_url: str = "",
    created: str = "",
    modified: str = "",
    now: dt.datetime | None = None,
) -> tuple[FactCheck, str]:
    """Do what ``import_factcheck`` says, and tell whether it was ``new``, ``changed`` or ``unchanged``."""
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
            return check, "unchanged"
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
    release = releases.write_release(check, payload, verdict=None, actor=actor, now=now)
    base.audit(verb, check, actor=actor, desk=desk, now=now, release=release.number, notes=list(found.notes))
    return check, "changed" if verb == "factcheck.import_updated" else "new"


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
        releases.write_release(check, payload, verdict=None, actor=actor, now=now)
        base.audit("factcheck.import_withdrawn", check, actor=actor, desk=desk, now=now)
        count += 1
    return count


def _import_key(payload: Payload) -> str:
    """Return the identity of a foreign check: its own @id, else its page and its claim."""
    own = payload.uri if payload.uri != payload.url else f"{payload.url}#{payload.id}"
    folded = own.strip().casefold()
    if len(folded) <= 300:
        return folded
    return f"{folded[:200]}~{hashlib.sha256(folded.encode()).hexdigest()}"


def _same(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    # A date that stands in for a missing one is the time of the import: different every time.
    ignored = {"number", "kind", "modified_at", "published_at"}
    return all(old.get(name) == value for name, value in new.items() if name not in ignored)


def _renumbered(payload: Payload, *, number: int, kind: ReleaseKind) -> Payload:
    return dataclasses.replace(payload, number=number, kind=kind)
