"""What becomes of a reader's message? It is answered, made a claim, or put aside; each can be taken back.

An answer goes to the reader by the desk's own mail: here stands only that it was given, and what it said.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions import base
from claims.actions.triage.outside import claim_without_article
from claims.intake.decode import clean
from claims.models import Claim, ReaderMessage, User

LONGEST_NOTE = 5_000
_SETTLED = (ReaderMessage.State.ANSWERED, ReaderMessage.State.DISMISSED)


@transaction.atomic
def settle(
    *,
    actor: User,
    message: ReaderMessage,
    state: str,
    note: str = "",
    expected_version: int | None = None,
    now: dt.datetime | None = None,
) -> ReaderMessage:
    """Say that a message was answered, or put it aside; a complaint needs a note of what was done."""
    now = now or timezone.now()
    base.require(actor, message.desk, *base.WORKERS, what=_("settle what readers wrote"))
    if state not in _SETTLED:
        raise base.Refused(_("Choose whether the message was answered or is put aside."))
    note = clean(note).strip()[:LONGEST_NOTE]
    message = _open_one(message, expected_version)
    if message.kind == ReaderMessage.Kind.COMPLAINT and not note:
        raise base.Refused(_("Write what was done about the complaint; the report on complaints shows it."))
    return _to(message, state, actor, note, None, now)


@transaction.atomic
def make_claim(
    *,
    actor: User,
    message: ReaderMessage,
    expected_version: int | None = None,
    now: dt.datetime | None = None,
    **claim: Any,
) -> Claim:
    """Make a claim of what a reader suggests; ``claim`` are the values of ``claim_without_article``."""
    now = now or timezone.now()
    base.require(actor, message.desk, *base.WORKERS, what=_("make claims"))
    with base.gesture():
        message = _open_one(message, expected_version)
        made = claim_without_article(actor=actor, desk=message.desk, now=now, **claim)
        _to(message, ReaderMessage.State.CLAIMED, actor, "", made, now)
    return made


@transaction.atomic
def reopen(
    *,
    actor: User,
    message: ReaderMessage,
    expected_version: int | None = None,
    now: dt.datetime | None = None,
) -> ReaderMessage:
    """Open a settled message again; a claim that was made of it stays."""
    now = now or timezone.now()
    base.require(actor, message.desk, *base.WORKERS, what=_("settle what readers wrote"))
    message = _locked(message, expected_version)
    if message.state == ReaderMessage.State.OPEN:
        return message
    before = message.state
    message.state, message.settled_by, message.settled_at = ReaderMessage.State.OPEN, None, None
    message.version += 1
    message.save(update_fields=["state", "settled_by", "settled_at", "version"])
    base.audit(
        "reader_message.reopened",
        message,
        actor=actor,
        desk=message.desk,
        before=before,
        after="open",
        now=now,
    )
    return message


def forget_readers(*, now: dt.datetime | None = None) -> int:
    """Forget names and addresses of readers whose message was settled long ago; return how many."""
    now = now or timezone.now()
    old = ReaderMessage.objects.exclude(state=ReaderMessage.State.OPEN).filter(
        settled_at__lt=now - dt.timedelta(days=settings.KEEP_READERS_DAYS)
    )
    return (old.exclude(name="") | old.exclude(reply_to="")).update(name="", reply_to="")


def _to(
    message: ReaderMessage, state: str, actor: User, note: str, claim: Claim | None, now: dt.datetime
) -> ReaderMessage:
    before = message.state
    message.state, message.note = state, note or message.note
    message.claim = claim or message.claim
    message.settled_by, message.settled_at = actor, now
    message.version += 1
    message.save(update_fields=["state", "note", "claim", "settled_by", "settled_at", "version"])
    base.audit(
        f"reader_message.{state}",
        message,
        actor=actor,
        desk=message.desk,
        claim_id=claim.pk if claim is not None else None,
        before=before,
        after=state,
        now=now,
    )
    return message


def _open_one(message: ReaderMessage, expected_version: int | None) -> ReaderMessage:
    message = _locked(message, expected_version)
    if message.state != ReaderMessage.State.OPEN:
        raise base.Stale(
            _("Somebody settled this message already (%(state)s). Open it again to change that.")
            % {"state": message.get_state_display()}
        )
    return message


def _locked(message: ReaderMessage, expected_version: int | None) -> ReaderMessage:
    message = ReaderMessage.objects.select_for_update(of=("self",)).select_related("desk").get(pk=message.pk)
    if expected_version is not None and expected_version != message.version:
        raise base.Stale(_("Somebody changed this message meanwhile; look at it again."))
    return message
