"""How is something said about a claim, a passage or an article, changed, and taken back?

A note is its author's: nobody else changes it. What it said before is kept. Whom it names must be able to see what
it is about, and is told.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions import base, telling
from claims.intake.decode import clean
from claims.models import Claim, Desk, DeskNote, Document, Evidence, NoteVersion, Notice, User
from claims.models.desks import Membership
from claims.review.mentions import mentions_in
from claims.vocabulary import Role

LENGTH = 5_000
QUOTED = 1_000


@transaction.atomic
def write_note(
    *,
    actor: User,
    text: str,
    claim: Claim | None = None,
    evidence: Evidence | None = None,
    document: Document | None = None,
    desk: Desk | None = None,
    quotation: str = "",
    tell: Collection[int] = (),
    now: dt.datetime | None = None,
) -> DeskNote:
    """Say something about a claim, a passage of its evidence or an article (then ``desk`` is whose discussion).

    ``tell`` are people it is for besides those it names. Raises Refused where it is empty or too long, where the
    quoted words do not stand there, and where somebody it names may not see what it is about.
    """
    now = now or timezone.now()
    if evidence is not None:
        claim = evidence.claim
    place = desk or (claim.desk if claim is not None else None)
    if place is None or (claim is None) == (document is None):
        raise TypeError("write_note() needs a claim, a passage, or an article and a desk.")
    base.require(actor, place, *base.ADDERS, what=_("write to the desk"))
    note = DeskNote(
        desk=place, author=actor, claim=claim, evidence=evidence, document=document, text=_words(text),
        quotation=_quoted(quotation, evidence, document), created_at=now,
    )  # fmt: skip
    told = _addressed(note, people_of(place), tell)
    note.save(force_insert=True)
    if not DeskNote.objects.visible_to(actor).filter(pk=note.pk).exists():
        raise base.NotAllowed(_("You may not see what this note is about."))
    _insist_readable(note, told)
    _log("note.written", note, actor, now)
    _tell(note, told, actor, now)
    return note


@transaction.atomic
def edit_note(
    *,
    actor: User,
    note: DeskNote,
    text: str,
    tell: Collection[int] = (),
    expected_version: int | None = None,
    now: dt.datetime | None = None,
) -> DeskNote:
    """Change one's own note; what it said is kept, and only people it names newly are told."""
    now = now or timezone.now()
    note = _own(actor, note, expected_version, _("change"))
    words = _words(text)
    if words == note.text and set(tell) <= set(note.told):
        return note
    before = note.text
    note.text = words
    told = _addressed(note, people_of(note.desk), {*tell, *note.told})
    _insist_readable(note, told)
    _keep(note, before, now)
    DeskNote.objects.filter(pk=note.pk).update(
        text=note.text, mentions=note.mentions, told=note.told, version=F("version") + 1, edited_at=now
    )
    note.refresh_from_db()
    _log("note.edited", note, actor, now)
    Notice.objects.filter(note=note, seen_at=None).exclude(user__in=told).delete()
    _tell(note, told, actor, now)
    return note


@transaction.atomic
def withdraw_note(
    *, actor: User, note: DeskNote, expected_version: int | None = None, now: dt.datetime | None = None
) -> DeskNote:
    """Take one's own note back: its place stays, its words are read by their author and the desk's editors only."""
    now = now or timezone.now()
    note = _own(actor, note, expected_version, _("withdraw"))
    _keep(note, note.text, now)
    DeskNote.objects.filter(pk=note.pk).update(
        text="", quotation="", mentions=[], version=F("version") + 1, withdrawn_at=now
    )
    note.refresh_from_db()
    _log("note.withdrawn", note, actor, now)
    Notice.objects.filter(note=note, seen_at=None).delete()
    return note


def people_of(desk: Desk) -> list[tuple[int, str]]:
    """Return whom a note of this desk can name, by name: everybody who works there."""
    rows = Membership.objects.filter(desk=desk, user__is_active=True).exclude(role=Role.PARTNER)
    columns = rows.order_by("user__display_name", "user_id", "role").values_list(
        "user_id", "user__display_name"
    )
    return list(dict.fromkeys(columns))


def _words(text: str) -> str:
    words = clean(text).replace("\r\n", "\n").strip()
    if not words:
        raise base.Refused(_("Write something first."))
    if len(words) > LENGTH:
        raise base.Refused(_("A note has at most %(n)d characters.") % {"n": LENGTH})
    return words


def _quoted(quotation: str, evidence: Evidence | None, document: Document | None) -> str:
    """Return the quoted words as they stand there; raise Refused where they do not."""
    words = " ".join(clean(quotation).split())
    if not words:
        return ""
    if len(words) > QUOTED:
        raise base.Refused(_("Quote at most %(n)d characters.") % {"n": QUOTED})
    texts: list[str] = []
    if evidence is not None:
        texts = [evidence.quotation, evidence.capture.text if evidence.capture is not None else ""]
    elif document is not None:
        texts = [capture.text for capture in document.captures.order_by("-number")[:1]]
    if not any(words in " ".join(one.split()) for one in texts):
        raise base.Refused(_("The quoted words do not stand there. Copy them exactly, or leave them out."))
    return words


def _addressed(note: DeskNote, people: Sequence[tuple[int, str]], tell: Collection[int]) -> list[int]:
    """Set whom the note names and whom it is for; return both, without its author."""
    known = {pk for pk, _name in people}
    strangers = set(tell) - known
    if strangers:
        raise base.Refused(_("Somebody chosen does not work at this desk any more. Choose again."))
    read = mentions_in(note.text, people, meant=tell)
    if read.unclear:
        words, names = read.unclear[0]
        raise base.Refused(
            _("“@%(words)s” could mean %(names)s. Write the whole name, or tick who is meant.")
            % {"words": words, "names": _(" or ").join(names)}
        )
    note.mentions = [[one.start, one.end, one.person] for one in read.mentions]
    note.told = sorted(tell)
    return sorted(({one.person for one in read.mentions} | set(tell)) - {note.author_id})


def _insist_readable(note: DeskNote, told: Collection[int]) -> None:
    """Refuse where somebody it is for could not read it; asked of each as their own pages ask."""
    kept_out = [
        person.display_name
        for person in User.objects.filter(pk__in=told).order_by("display_name", "pk")
        if not DeskNote.objects.within_reach_of(person).filter(pk=note.pk).exists()
    ]
    if kept_out:
        raise base.Refused(
            _(
                "%(names)s may not see what this note is about, so it would not reach them. Leave the name out."
            )
            % {"names": _(" and ").join(kept_out)}
        )


def _own(actor: User, note: DeskNote, expected: int | None, what: str) -> DeskNote:
    note = (
        DeskNote.objects.select_for_update(of=("self",))
        .select_related("desk", "author", "claim")
        .get(pk=note.pk)
    )
    base.require(actor, note.desk, *base.ADDERS, what=_("write to the desk"))
    if note.author_id != actor.pk:
        raise base.NotAllowed(
            _("Only %(name)s can %(what)s this note.") % {"name": note.author.display_name, "what": what}
        )
    if not DeskNote.objects.visible_to(actor).filter(pk=note.pk).exists():
        raise base.NotAllowed(_("You may not see what this note is about."))
    if note.withdrawn_at is not None:
        raise base.Stale(_("This note is withdrawn already."))
    if expected is not None and note.version != expected:
        raise base.Stale(_("You changed this note in another window; look at it again."))
    return note


def _keep(note: DeskNote, text: str, now: dt.datetime) -> None:
    NoteVersion.objects.create(note=note, number=note.version, text=text, created_at=now)


def _tell(note: DeskNote, told: Collection[int], actor: User, now: dt.datetime) -> None:
    claims = [note.claim_id] if note.claim_id is not None else []
    kind = Notice.Kind.MENTIONED
    telling.tell(kind, desk=note.desk, users=told, actor=actor, claims=claims, note=note, now=now)


def _log(verb: str, note: DeskNote, actor: User, now: dt.datetime) -> None:
    base.audit(verb, note, actor=actor, desk=note.desk, claim_id=note.claim_id, now=now)
