"""What happened to a claim, in sentences, from the audit log: newest first, with people and times."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from claims.models import AuditDetail, AuditEvent, Claim, Evidence, Release, SearchRun, User
from claims.models.event_words import door_in_words, event_in_words
from claims.models.kept import kept
from claims.models.together import Asking
from claims.vocabulary import CloseReason

LIMIT = 200


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the timeline."""

    event: AuditEvent
    person: str
    sentence: str
    note: str
    count: int = 1

    @property
    def machine(self) -> bool:
        return self.event.actor_id is None

    @property
    def door(self) -> str:
        return door_in_words(self.event.via)


def timeline(claim: Claim, user: User) -> Asking[list[Entry]]:
    """Ask for what happened to a claim; equal lines of one gesture are one line with a count.

    What words an event holds is told to those who may read what it is about.
    """
    events = _events(claim.pk, user)
    yield [events]
    entries: list[Entry] = []
    for entry in (yield from ask_told(events, user)):
        last = entries[-1] if entries else None
        if (
            last is not None
            and last.sentence == entry.sentence
            and last.event.actor_id == entry.event.actor_id
            and (not entry.note or entry.note == last.note)
            and last.event.object_kind == entry.event.object_kind == "evidence"
        ):
            entries[-1] = Entry(last.event, last.person, last.sentence, last.note, last.count + 1)
            continue
        entries.append(entry)
    return entries


def ask_told(events: Iterable[AuditEvent], user: User) -> Asking[list[Entry]]:
    """Ask for what events say, one line each, with the words that this person may read."""
    asked = list(events)
    told = _details([event.pk for event in asked], user)
    known = names({event.actor_id for event in asked if event.actor_id})
    yield [told, known]
    words = {row.event_id: row.data for row in told}
    people = dict(known)
    return [
        Entry(
            event,
            people.get(event.actor_id or 0, ""),
            event_in_words(event.verb),
            _note(event, words.get(event.pk, {}), people),
        )
        for event in asked
    ]


@kept
def _events(claim: int, user: User) -> QuerySet[AuditEvent]:
    return AuditEvent.objects.visible_to(user).filter(claim_id=claim).order_by("-id")[:LIMIT]


@kept
def _details(events: list[int], user: User) -> QuerySet[AuditDetail]:
    rows = AuditDetail.objects.visible_to(user).filter(event__in=events, redacted_at=None)
    return rows.order_by("-event_id")


@kept
def names(people: Collection[int]) -> QuerySet[Any, tuple[int, str]]:
    """Ask for the names of these people, by their numbers."""
    return User.objects.filter(pk__in=people).order_by().values_list("pk", "display_name")


def _note(event: AuditEvent, data: Mapping[str, Any], people: Mapping[int, str]) -> str:
    """Return what the log keeps about an event, as a person reads it."""
    if event.verb == "review.closed":
        reason = str(data.get("reason") or "")
        label = str(CloseReason(reason).label) if reason in CloseReason.values else ""
        return " – ".join(part for part in (label, str(data.get("note") or "")) if part)
    if event.verb == "claim.searched":
        return str(SearchRun.Outcome(event.after).label) if event.after in SearchRun.Outcome.values else ""
    if event.verb == "claim.due_set":
        return _by_the_clock(event.after) if event.after else _("no time")
    if event.verb == "review.assigned":
        after = int(event.after) if event.after.isdecimal() else 0
        return (
            _("to %(name)s") % {"name": people[after]}
            if after in people
            else _("to nobody")
            if not after
            else ""
        )
    if event.verb == "claim.tagged":
        added = len(data.get("added") or ())
        return ", ".join(
            f"{'+' if at < added else '−'} {name}" for at, name in enumerate(data.get("names") or ())
        )
    if event.verb == "evidence.decided":
        return _decisions(data.get("after_values"))
    if event.verb == "review.revision_started":
        kind = str(data.get("kind") or "")
        return str(Release.Kind(kind).label) if kind in Release.Kind.values else ""
    if data.get("old") and data.get("new") and isinstance(data["new"], str):
        return f"“{data['old']}” → “{data['new']}”"
    for name in ("comment", "note", "why", "words", "where"):
        if data.get(name):
            return str(data[name])
    return ""


def _by_the_clock(logged: str) -> str:
    """Return a time of the log by the reader's clock."""
    try:
        moment = dt.datetime.fromisoformat(logged)
    except ValueError:
        return logged
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT")


def _decisions(values: Any) -> str:
    if not isinstance(values, Mapping):
        return ""
    parts: list[str] = []
    stance = values.get("stance")
    if stance is not None:
        parts.append(str(Evidence.Stance(stance).label) if stance in Evidence.Stance.values else str(stance))
    if "cited" in values:
        parts.append(
            _("cited") if values["cited"] else _("no longer cited") if not values.get("rejected") else ""
        )
    if values.get("rejected"):
        parts.append(_("rejected"))
    if values.get("reason"):
        parts.append(str(values["reason"]))
    return ", ".join(part for part in parts if part)
