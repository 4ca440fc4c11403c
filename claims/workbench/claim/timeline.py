"""What happened to a claim, in sentences, from the audit log: newest first, with people and times."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.models import AuditDetail, AuditEvent, Claim, Evidence, Release, SearchRun, User
from claims.vocabulary import CloseReason

LIMIT = 200

# What each verb of the log says. A verb without a sentence is shown as it is: better strange than silent.
SENTENCES: dict[str, str | Promise] = {
    "appearance.accepted": gettext_lazy("accepted the claim from an article"),
    "appearance.dismissed": gettext_lazy("dismissed an appearance"),
    "claim.added": gettext_lazy("added the claim"),
    "claim.wording_set": gettext_lazy("set the wording"),
    "claim.worded": gettext_lazy("changed the wording with the verdict"),
    "claim.claimant_set": gettext_lazy("said who made the claim"),
    "claim.checks_set": gettext_lazy("said what is checked"),
    "claim.dates_set": gettext_lazy("set the dates"),
    "claim.dates_resolved": gettext_lazy("entered the article's date, which changed the dates"),
    "claim.claimant_merged": gettext_lazy("merged the claimant into another"),
    "claim.claimant_parted": gettext_lazy("made the claimant's other name a claimant of its own"),
    "claim.claimant_renamed": gettext_lazy("corrected the claimant's name"),
    "claim.took_over": gettext_lazy("took over what another claim had"),
    "appearance.span_edited": gettext_lazy("changed the quoted words"),
    "appearance.undone": gettext_lazy("took back what was done to an appearance"),
    "claim.due_set": gettext_lazy("said when it is due"),
    "claim.merged": gettext_lazy("merged the claim into another"),
    "claim.search_asked": gettext_lazy("asked for a search"),
    "claim.searched": gettext_lazy("The archive was searched"),
    "claim.searched_outside": gettext_lazy("searched outside the archive"),
    "claim.source_came_in": gettext_lazy("A new source came in that bears on the claim"),
    "claim.watched_again": gettext_lazy("has the claim watched for new sources again"),
    "claim.watched_no_more": gettext_lazy("stopped watching the claim for new sources"),
    "alert.taken": gettext_lazy("took a new source as evidence"),
    "alert.dismissed": gettext_lazy("dismissed a new source"),
    "alert.reopened": gettext_lazy("took the dismissal of a new source back"),
    "evidence.added": gettext_lazy("added evidence"),
    "evidence.decided": gettext_lazy("decided about evidence"),
    "evidence.cited": gettext_lazy("cited evidence in the verdict"),
    "evidence.rest_rejected": gettext_lazy("marked the rest of the evidence as seen, not used"),
    "match.decided": gettext_lazy("decided about an earlier fact check"),
    "note.written": gettext_lazy("wrote to the desk about it"),
    "note.edited": gettext_lazy("changed a note"),
    "note.withdrawn": gettext_lazy("withdrew a note"),
    "review.queued": gettext_lazy("put the claim into the queue"),
    "review.started": gettext_lazy("started to work on it"),
    "review.taken": gettext_lazy("took the claim"),
    "review.put_down": gettext_lazy("put the claim down"),
    "review.put_back": gettext_lazy("put the claim back into the queue"),
    "review.assigned": gettext_lazy("assigned the claim"),
    "review.handed_over": gettext_lazy("handed the claim over"),
    "review.taken_over": gettext_lazy("took the claim over"),
    "verdict.reader_asked": gettext_lazy("asked for a second reader"),
    "review.closed": gettext_lazy("closed the review"),
    "review.reopened": gettext_lazy("reopened the review"),
    "review.held": gettext_lazy("held the publication"),
    "review.timed": gettext_lazy("set the time of publication"),
    "review.scheduled": gettext_lazy("set the time of publication"),
    "review.published": gettext_lazy("published it"),
    "review.revision_started": gettext_lazy("opened a new version of what is published"),
    "verdict.submitted": gettext_lazy("submitted a verdict for approval"),
    "citation.opened": gettext_lazy("opened a source of the verdict"),
    "citation.ticked": gettext_lazy("found that a source says what it is cited for"),
    "citation.unticked": gettext_lazy("took the tick of a source back"),
    "verdict.approved": gettext_lazy("approved the verdict"),
    "verdict.returned": gettext_lazy("returned the verdict"),
    "verdict.recalled": gettext_lazy("took the verdict back to go on writing"),
    "verdict.proposal_made": gettext_lazy("proposed other words"),
    "verdict.proposal_accepted": gettext_lazy("accepted the proposed words"),
    "verdict.proposal_declined": gettext_lazy("declined the proposed words"),
    "factcheck.suspended": gettext_lazy("suspended the fact check"),
    "factcheck.reinstated": gettext_lazy("reinstated the fact check"),
    "factcheck.withdrawn": gettext_lazy("withdrew the fact check"),
}


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


def timeline(claim: Claim, user: User) -> list[Entry]:
    """Return what happened to a claim; equal lines of one gesture are one line with a count.

    What words an event holds is told to those who may read what it is about.
    """
    events = list(AuditEvent.objects.visible_to(user).filter(claim_id=claim.pk).order_by("-id")[:LIMIT])
    details = AuditDetail.objects.visible_to(user).filter(event__in=[event.pk for event in events])
    words = {row.event_id: row.data for row in details.filter(redacted_at=None)}
    people = names(event.actor_id for event in events)
    entries: list[Entry] = []
    for event in events:
        data = words.get(event.pk, {})
        sentence = str(SENTENCES.get(event.verb, event.verb.replace(".", ": ").replace("_", " ")))
        entry = Entry(event, people.get(event.actor_id or 0, ""), sentence, _note(event, data, people))
        last = entries[-1] if entries else None
        if (
            last is not None
            and last.sentence == sentence
            and last.event.actor_id == event.actor_id
            and (not entry.note or entry.note == last.note)
            and last.event.object_kind == event.object_kind == "evidence"
        ):
            entries[-1] = Entry(last.event, last.person, last.sentence, last.note, last.count + 1)
            continue
        entries.append(entry)
    return entries


def names(ids: Any) -> dict[int, str]:
    """Return the names of these people in one query."""
    wanted = {pk for pk in ids if pk}
    return dict(User.objects.filter(pk__in=wanted).order_by().values_list("pk", "display_name"))


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
    return date_format(timezone.localtime(moment), "j F Y, H:i")


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
