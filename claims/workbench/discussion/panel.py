"""What has been said about a claim, its passages or an article, as this person may read it. Reads only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from claims.forms.notes import DiscussionForm
from claims.models import Claim, Desk, DeskNote, Document, NoteVersion, User
from claims.models.kept import Kept, kept
from claims.models.together import Asking, answered

#: The newest so many notes are shown.
SHOWN = 200


@dataclass(frozen=True, slots=True)
class ShownNote:
    """One note, its words with the names marked, and what it said before."""

    note: DeskNote
    words: SafeString
    mine: bool
    about: str
    earlier: tuple[NoteVersion, ...]


@dataclass(frozen=True, slots=True)
class Discussion:
    """The notes of one page, oldest first, and the form for the next one."""

    notes: tuple[ShownNote, ...]
    form: DiscussionForm
    address: str
    may_write: bool
    #: The passage that is read beside: the next note is about it.
    passage: int = 0

    @property
    def count(self) -> int:
        return sum(1 for one in self.notes if one.note.withdrawn_at is None)

    @property
    def is_open(self) -> bool:
        return bool(self.form.is_bound or self.passage)


def said_about(claim: Claim, user: User) -> Asking[tuple[ShownNote, ...]]:
    """Ask for what was said about a claim, its passages, and the claims that were merged into it."""
    return (yield from _said(_about_claim(claim.pk, user), user))


def said_about_article(document: Document, desk: Desk, user: User) -> Asking[tuple[ShownNote, ...]]:
    """Ask for what a desk said about an article."""
    return (yield from _said(_about_article(document.pk, desk.pk, user), user))


@kept
def _about_claim(claim: int, user: User) -> QuerySet[DeskNote]:
    return _newest(DeskNote.objects.visible_to(user).filter(Q(claim=claim) | Q(claim__merged_into=claim)))


@kept
def _about_article(document: int, desk: int, user: User) -> QuerySet[DeskNote]:
    return _newest(DeskNote.objects.visible_to(user).filter(document=document, desk=desk))


def _newest(rows: QuerySet[DeskNote]) -> QuerySet[DeskNote]:
    return rows.select_related("author", "evidence__document").order_by("-id")[:SHOWN]


def of_claim(
    claim: Claim,
    user: User,
    said: tuple[ShownNote, ...],
    people: Sequence[tuple[int, str]],
    *,
    may_write: bool,
    passage: int = 0,
    form: DiscussionForm | None = None,
) -> Discussion:
    """Return the discussion of a claim from what ``said_about`` found."""
    address = reverse("evidence-note", args=[passage]) if passage else reverse("claim-note", args=[claim.pk])
    return _discussion(said, user, people, form, address, may_write, passage)


def of_article(
    document: Document,
    user: User,
    said: tuple[ShownNote, ...],
    people: Sequence[tuple[int, str]],
    *,
    may_write: bool,
    form: DiscussionForm | None = None,
) -> Discussion:
    """Return the discussion of an article from what ``said_about_article`` found."""
    return _discussion(said, user, people, form, reverse("document-note", args=[document.pk]), may_write, 0)


def _discussion(
    said: tuple[ShownNote, ...],
    user: User,
    people: Sequence[tuple[int, str]],
    form: DiscussionForm | None,
    address: str,
    may_write: bool,
    passage: int,
) -> Discussion:
    others = [one for one in people if one[0] != user.pk]
    form = form or DiscussionForm(people=others, auto_id="note-%s")
    return Discussion(said, form, address, may_write, passage)


def _said(found: Kept[DeskNote], user: User) -> Asking[tuple[ShownNote, ...]]:
    yield [found]
    return (yield from _ask_shown(list(found)[::-1], user))


def shown(notes: Sequence[DeskNote], user: User) -> tuple[ShownNote, ...]:
    """Return notes as they are read; what they said before costs a query only where some were changed."""
    return answered(_ask_shown(notes, user))


def _ask_shown(notes: Sequence[DeskNote], user: User) -> Asking[tuple[ShownNote, ...]]:
    changed = [note.pk for note in notes if note.version > 1]
    versions = _versions(changed, user)
    yield [versions]
    earlier: dict[int, list[NoteVersion]] = defaultdict(list)
    for row in versions:
        earlier[row.note_id].append(row)
    return tuple(
        ShownNote(
            note=note,
            words=_marked(note),
            mine=note.author_id == user.pk and note.withdrawn_at is None,
            about=_about(note),
            earlier=tuple(earlier[note.pk]),
        )
        for note in notes
    )


@kept
def _versions(notes: list[int], user: User) -> QuerySet[NoteVersion]:
    return NoteVersion.objects.visible_to(user).filter(note__in=notes).order_by("note_id", "number")


def _about(note: DeskNote) -> str:
    if note.evidence is None:
        return ""
    return note.evidence.source_title or str(note.evidence.document or "")


def _marked(note: DeskNote) -> SafeString:
    """Return the words of a note with the names in it marked."""
    parts: list[SafeString] = []
    at = 0
    for start, end, _person in note.mentions:
        parts.append(format_html("{}", note.text[at:start]))
        parts.append(format_html('<span class="mention">{}</span>', note.text[start:end]))
        at = end
    parts.append(format_html("{}", note.text[at:]))
    return format_html_join("", "{}", ((part,) for part in parts))
