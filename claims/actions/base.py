"""What every action shares: who acts, what they may do, the audit row, and the ways to say no.

An action is a function, keyword-only, ``actor`` first: permission → lock → write → audit → job. It runs in
one transaction, takes ``now`` so that tests can set it, and raises one of the refusals below.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from claims.models import AuditDetail, AuditEvent, Desk, User
from claims.vocabulary import Role


class Refused(Exception):
    """The act is not possible; the message tells the person why and what to do. Nothing was written."""

    status = 422


class NotAllowed(Refused):
    """This person may not do this; the message says who could."""

    status = 403


class Stale(Refused):
    """Somebody else was faster; the message says what is newer. The page answers 409."""

    status = 409


StaleReview = Stale


def require(actor: User, desk: Desk, *roles: Role, what: str) -> None:
    """Raise NotAllowed unless the actor holds one of the roles at the desk. ``what`` completes “may …”."""
    held = desk.roles_of(actor)
    if held.isdisjoint(roles):
        names = _(" or ").join(str(role.label) for role in roles)
        raise NotAllowed(
            _("Only a %(roles)s of %(desk)s may %(what)s; you are %(held)s there.")
            % {
                "roles": names,
                "desk": desk.name,
                "what": what,
                "held": ", ".join(sorted(str(role.label) for role in held)) or _("not a member"),
            }
        )


WORKERS = (Role.FACT_CHECKER, Role.REVIEWER, Role.DESK_EDITOR, Role.ADMINISTRATOR)
ADDERS = (Role.CONTRIBUTOR, *WORKERS)
APPROVERS = (Role.REVIEWER, Role.DESK_EDITOR, Role.ADMINISTRATOR)
EDITORS = (Role.DESK_EDITOR, Role.ADMINISTRATOR)
ADMINISTRATORS = (Role.ADMINISTRATOR,)


_gesture: ContextVar[uuid.UUID | None] = ContextVar("gesture", default=None)
_via: ContextVar[str] = ContextVar("via", default="")


def in_own_language() -> AbstractContextManager[None]:
    """Say what is stored, and what others will read, in the language of the installation, not of whoever acts."""
    own: AbstractContextManager[None] = translation.override(settings.LANGUAGE_CODE)
    return own


@contextmanager
def through(door: str) -> Iterator[None]:
    """Have the log say by which door everything done inside came in; a gesture that names its own says that."""
    token = _via.set(door)
    try:
        yield
    finally:
        _via.reset(token)


@contextmanager
def gesture(via: str = "", *, known: uuid.UUID | None = None) -> Iterator[uuid.UUID]:
    """Group the audit rows of everything done inside under one uuid; nested gestures join the outer one.

    ``known`` goes on with a gesture that was begun elsewhere: an act that a job does in several stretches.
    """
    current = _gesture.get()
    if current is not None:
        yield current
        return
    fresh = known or uuid.uuid4()
    token, via_token = _gesture.set(fresh), _via.set(via or _via.get())
    try:
        yield fresh
    finally:
        _gesture.reset(token)
        _via.reset(via_token)


def audit(
    verb: str,
    subject: models.Model,
    *,
    actor: User | None,
    desk: Desk | None,
    claim_id: int | None = None,
    before: str = "",
    after: str = "",
    now: dt.datetime | None = None,
    **detail: Any,
) -> AuditEvent:
    """Write one audit row in the caller's transaction.

    ``verb`` is dotted (``claim.accepted``); ids and states go into the event, words and personal data
    (``detail``) into AuditDetail. ``actor=None`` is the machine.
    """
    event = AuditEvent.objects.create(
        gesture=_gesture.get() or uuid.uuid4(),
        desk_id=desk.pk if desk else None,
        actor_id=actor.pk if actor else None,
        verb=verb,
        object_kind=subject._meta.model_name or "",
        object_id=subject.pk,
        claim_id=claim_id,
        before=before,
        after=after,
        via=_via.get(),
        created_at=now or timezone.now(),
    )
    if detail:
        AuditDetail.objects.create(event=event, data=detail)
    return event


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One of many audit rows of the same act: on what, and what became of it; ``gesture`` where it is its own."""

    subject: models.Model
    claim_id: int | None = None
    before: str = ""
    after: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)
    gesture: uuid.UUID | None = None


def audit_all(
    verb: str, lines: Sequence[AuditLine], *, actor: User | None, desk: Desk | None, now: dt.datetime
) -> list[int]:
    """Write one audit row for each line, all at once, in the caller's transaction; return their ids in order."""
    one = _gesture.get() or uuid.uuid4()
    events = AuditEvent.objects.bulk_create(
        AuditEvent(
            gesture=line.gesture or one,
            desk_id=desk.pk if desk else None,
            actor_id=actor.pk if actor else None,
            verb=verb,
            object_kind=line.subject._meta.model_name or "",
            object_id=line.subject.pk,
            claim_id=line.claim_id,
            before=line.before,
            after=line.after,
            via=_via.get(),
            created_at=now,
        )
        for line in lines
    )
    AuditDetail.objects.bulk_create(
        AuditDetail(event=event, data=dict(line.detail))
        for event, line in zip(events, lines, strict=True)
        if line.detail
    )
    return [event.pk for event in events]
