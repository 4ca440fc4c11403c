"""How does a notice read, and where does it lead? The same on the page, in mail and in the feed. Reads only.

What a person may no longer see is left out: the sentence stays, its claims and words do not.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from claims.models import Claim, DeskNote, Document, Notice, User
from claims.models.kept import kept
from claims.models.panels import awaited_on
from claims.models.together import Asking, answered

NAMED = 3
_SHORT = 300
Kind = Notice.Kind
_ASKING = (Kind.PANEL, Kind.PANEL_SOON)


@dataclass(frozen=True, slots=True)
class InboxLine:
    """One notice as it is read; ``words`` are what the other person wrote, ``leads`` a path or empty."""

    notice: Notice
    sentence: str
    words: str
    leads: str
    claims: tuple[Claim, ...]
    more: int
    #: The words hang on a source that not everybody may read: they do not leave the house.
    inside_only: bool


def lines(notices: Sequence[Notice], user: User) -> list[InboxLine]:
    """Return notices as this person reads them; load ``actor`` with them. One statement for all."""
    return answered(ask_lines(notices, user))


def ask_lines(notices: Sequence[Notice], user: User) -> Asking[list[InboxLine]]:
    """Ask for what notices are about: their claims and what was written."""
    wanted = {pk for notice in notices for pk in notice.claims[:NAMED]}
    ids = {notice.note_id for notice in notices if notice.note_id is not None}
    seen, written = _claims(wanted, user), _notes(ids, user)
    yield seen, written
    claims, notes = {claim.pk: claim for claim in seen}, {note.pk: note for note in written}
    return [_line(notice, claims, notes.get(notice.note_id or 0)) for notice in notices]


@kept
def _claims(wanted: Collection[int], user: User) -> QuerySet[Claim]:
    rows = Claim.objects.visible_to(user).filter(pk__in=wanted)
    return rows.annotate(kept_apart=awaited_on(user, "pk")).only("pk", "wording", "merged_into")


@kept
def _notes(wanted: Collection[int], user: User) -> QuerySet[DeskNote]:
    rows = DeskNote.objects.visible_to(user).filter(pk__in=wanted)
    return rows.select_related("document", "evidence__document")


def _line(notice: Notice, claims: Mapping[int, Any], note: DeskNote | None) -> InboxLine:
    shown = tuple(claims[pk] for pk in notice.claims[:NAMED] if pk in claims)
    # What others say is kept from whoever is to give an opinion formed apart, but for the asking itself.
    apart = notice.kind not in _ASKING and any(claim.kept_apart for claim in shown)
    words = note.text if note is not None else notice.words if shown and not apart else ""
    leads = place_of(note) if note is not None else ""
    if not leads and shown:
        leads = f"/claims/{shown[0].pk}/"
    return InboxLine(
        notice=notice,
        sentence=sentence(notice),
        words=words if len(words) <= _SHORT else words[:_SHORT].rstrip() + " …",
        leads=leads,
        claims=shown,
        more=max(notice.count - len(shown), 0) if shown else 0,
        inside_only=note is not None and _inside_only(note),
    )


def _inside_only(note: DeskNote) -> bool:
    source = note.document or (note.evidence.document if note.evidence is not None else None)
    return source is not None and source.visibility != Document.Visibility.ARCHIVE


def place_of(note: DeskNote) -> str:
    """Return the path of the place where a note is read."""
    if note.document_id is not None:
        return f"/documents/{note.document_id}/#n{note.pk}"
    beside = f"?beside={note.evidence_id}" if note.evidence_id is not None else ""
    return f"/claims/{note.claim_id}/{beside}#n{note.pk}"


def sentence(notice: Notice) -> str:
    """Say who did what with how many claims."""
    told = {"who": notice.actor.display_name, "n": notice.count}
    match notice.kind:
        case Kind.MENTIONED:
            words = _("%(who)s has written to you.")
        case Kind.SENT_BACK:
            words = _("%(who)s has returned your verdict.")
        case Kind.DUE:
            words = ngettext(
                "%(who)s has changed when a claim of yours is due.",
                "%(who)s has changed when %(n)d claims of yours are due.",
                notice.count,
            )
        case Kind.ASKED:
            words = _("%(who)s asks you to read a verdict.")
        case Kind.HANDED:
            words = _("%(who)s has handed a claim over to you.")
        case Kind.OVERTAKEN:
            words = _("%(who)s goes on with a claim that you worked on.")
        case Kind.PANEL:
            words = _("%(who)s asks for your opinion on a claim, formed apart from all others.")
        case Kind.PANEL_SOON:
            words = _("Your opinion on a claim is still awaited, and its time is nearly up.")
        case Kind.PANEL_LEFT:
            words = _("%(who)s gives no opinion on a claim that you asked about.")
        case Kind.PANEL_IN:
            words = _("The opinions on a claim are in and can be read.")
        case Kind.GIVEN:
            words = ngettext(
                "%(who)s has given you %(n)d claim.", "%(who)s has given you %(n)d claims.", notice.count
            )
        case Kind.CLOSED:
            words = ngettext(
                "%(who)s has closed %(n)d claim that you worked on.",
                "%(who)s has closed %(n)d claims that you worked on.",
                notice.count,
            )
        case Kind.RETURNED:
            words = ngettext(
                "%(who)s has taken an act on %(n)d claim back: it is as it was.",
                "%(who)s has taken an act on %(n)d claims back: they are as they were.",
                notice.count,
            )
        case _:
            words = ngettext(
                "%(who)s has given %(n)d claim that you worked on to somebody else.",
                "%(who)s has given %(n)d claims that you worked on to somebody else.",
                notice.count,
            )
    return words % told
