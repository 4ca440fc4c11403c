"""Which words exactly are the claim? People move a span, cut one in two, join several, or mark a missed one.

The text at the offsets is the quotation, always. What the machine had found at other places is remembered, so
that a later analysis does not suggest it again.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions import base
from claims.actions.claims.wording import one_sentence
from claims.actions.documents.redating import source_of
from claims.actions.documents.stored_dates import as_json
from claims.actions.triage.decisions import swap
from claims.actions.triage.undo import before, remembered
from claims.language.blocks import layout
from claims.language.document import view_of
from claims.language.normalise import MAX_TEXT
from claims.language.sentences import sentences
from claims.models import Appearance, Capture, Desk, Document, User
from claims.splitting.unit_dates import Datable, attach
from claims.vocabulary import Checkable

Triage = Appearance.Triage
#: Characters that may stand between two suggestions that are joined: a frame, no sentence.
_BETWEEN = 160
_ENDS = re.compile(r"[.!?…。！？](?=[\s\"'”’»)]|$)")
_LONGEST = 5_000


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span without outer white space; raises Refused where no word is left."""
    if not 0 <= start < end <= len(text):
        raise base.Refused(_("Select words inside the article."))
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if not any(character.isalnum() for character in text[start:end]):
        raise base.Refused(_("Select at least one word."))
    if end - start > _LONGEST:
        raise base.Refused(_("This is too long for one claim; select the sentence that asserts it."))
    return start, end


def _free(row: Appearance | None, desk: Desk, capture: Capture, start: int, end: int) -> None:
    there = Appearance.objects.filter(desk=desk, capture=capture, start=start, end=end)
    if row is not None:
        there = there.exclude(pk=row.pk)
    if there.exists():
        raise base.Refused(_("There is a claim at exactly these words already."))


def _around(text: str, start: int, end: int, language: str) -> dict[str, int]:
    """Return the paragraph and the sentences that hold a span."""
    top = text.rfind("\n", 0, start) + 1
    bottom = text.find("\n", end)
    bottom = len(text) if bottom < 0 else bottom
    inside = [
        span
        for span in sentences(text, top, bottom, language=language or "en")
        if span.start < end and span.end > start
    ]
    return {
        "paragraph_start": top,
        "paragraph_end": bottom,
        "sentence_start": min([start, *(span.start for span in inside)]),
        "sentence_end": max([end, *(span.end for span in inside)]),
    }


def _dates(
    document: Document, capture: Capture, start: int, end: int, checkable: str
) -> list[dict[str, Any]]:
    unit = Datable(0, start, end, Checkable(checkable))
    found = attach(
        view_of(layout(capture.text[:MAX_TEXT], source=source_of(capture))),
        [unit],
        published=document.published or None,
        language=document.language or capture.language or "en",
    )
    return [as_json(mention) for mention in found[0]]


def _placed(row: Appearance, start: int, end: int) -> dict[str, Any]:
    """Return the columns of an appearance that stands at another place of its capture."""
    capture, document = row.capture, row.document
    assert capture is not None
    assert document is not None
    outside = [date for date in row.dates if not row.start <= date["start"] < row.end]
    if (start, end) == (row.start, row.end):
        return {}
    inside = _dates(document, capture, start, end, row.checkable)
    known = {date["start"]: date for date in row.dates}
    # A date that the analysis had placed with the tense of its clause keeps that reading.
    inside = [known.get(date["start"], date) for date in inside]
    taken = {date["start"] for date in inside}
    places = [list(place) for place in row.provenance.get("places", ())]
    return {
        "start": start,
        "end": end,
        "quotation": capture.text[start:end],
        "wording": one_sentence(capture.text[start:end]),
        "wording_unresolved": [],
        "dates": [*[date for date in outside if date["start"] not in taken], *inside],
        "provenance": {**row.provenance, "places": [*places, [row.start, row.end]]},
        **_around(capture.text, start, end, document.language),
    }


def _require_open(row: Appearance, *, also_accepted: bool = False) -> Capture:
    if row.capture is None:
        raise base.Refused(_("This has no place in an article; edit its quotation on the claim's page."))
    allowed = [Triage.SUGGESTED, Triage.NOT_SELECTED, Triage.SUPERSEDED]
    if also_accepted:
        allowed.append(Triage.ACCEPTED)
    if row.triage not in allowed:
        raise base.Stale(_("This is %(state)s already.") % {"state": row.get_triage_display()})
    return row.capture


@transaction.atomic
def edit_span(
    *,
    actor: User,
    appearance: Appearance,
    start: int,
    end: int,
    expected_version: int | None = None,
    now: dt.datetime | None = None,
) -> Appearance:
    """Move an appearance to other words of its article; the suggested wording follows."""
    now = now or timezone.now()
    base.require(actor, appearance.desk, *base.WORKERS, what=_("edit suggestions"))
    capture = _require_open(appearance, also_accepted=True)
    start, end = _trimmed(capture.text, start, end)
    if (start, end) == (appearance.start, appearance.end):
        return appearance
    _free(appearance, appearance.desk, capture, start, end)
    kept = before(appearance)
    swap(appearance, expected_version, actor=actor, now=now, **_placed(appearance, start, end))
    base.audit(
        "appearance.span_edited",
        appearance,
        actor=actor,
        desk=appearance.desk,
        claim_id=appearance.claim_id,
        before=f"{kept['start']}–{kept['end']}",
        after=f"{start}–{end}",
        now=now,
        **remembered(appearance, kept),
    )
    return appearance


@transaction.atomic
def split_span(
    *,
    actor: User,
    appearance: Appearance,
    at: int,
    expected_version: int | None = None,
    now: dt.datetime | None = None,
) -> tuple[Appearance, Appearance]:
    """Cut an appearance in two at an offset of the text; the first half stays the row."""
    now = now or timezone.now()
    base.require(actor, appearance.desk, *base.WORKERS, what=_("edit suggestions"))
    capture = _require_open(appearance)
    if not appearance.start < at < appearance.end:
        raise base.Refused(_("Put the cut between two words of the claim."))
    first = _trimmed(capture.text, appearance.start, at)
    second = _trimmed(capture.text, at, appearance.end)
    _free(appearance, appearance.desk, capture, *first)
    _free(appearance, appearance.desk, capture, *second)
    kept = before(appearance)
    other_columns = _placed(appearance, *second)
    with base.gesture():
        swap(appearance, expected_version, actor=actor, now=now, **_placed(appearance, *first))
        other = Appearance.objects.create(
            **{
                name: getattr(appearance, name)
                for name in (
                    "desk",
                    "document",
                    "capture",
                    "run",
                    "within",
                    "attribution",
                    "claimant_text",
                    "claimant_kind",
                    "relay",
                    "checkable",
                    "claim_type",
                    "score",
                    "reasons",
                    "flags",
                    "appeared_on",
                )
            },
            **other_columns,
            triage=Triage.SUGGESTED,
            touched_by=actor,
            touched_at=now,
            created_at=now,
        )
        for row, remembers in ((appearance, kept), (other, None)):
            base.audit(
                "appearance.split",
                row,
                actor=actor,
                desk=row.desk,
                before=f"{kept['start']}–{kept['end']}",
                after=f"{row.start}–{row.end}",
                now=now,
                **remembered(row, remembers),
            )
    return appearance, other


def joined_words(*, actor: User, appearances: list[Appearance]) -> str:
    """Return the words that merging would make one claim of; refuses what :func:`merge` refuses."""
    _rows, capture, (start, end) = _joinable(actor, appearances)
    return capture.text[start:end]


def _joinable(
    actor: User, appearances: list[Appearance]
) -> tuple[list[Appearance], Capture, tuple[int, int]]:
    rows = sorted(
        {row.pk: row for row in appearances}.values(), key=lambda row: (row.start, -row.end, row.pk)
    )
    if len(rows) < 2:
        raise base.Refused(_("Choose at least two suggestions to merge."))
    head = rows[0]
    base.require(actor, head.desk, *base.WORKERS, what=_("edit suggestions"))
    if len({(row.desk_id, row.capture_id) for row in rows}) > 1:
        raise base.Refused(_("Only suggestions of one article can be merged."))
    for row in rows:
        capture = _require_open(row)
    _insist_neighbours(rows, capture)
    return rows, capture, _trimmed(capture.text, head.start, max(row.end for row in rows))


def _insist_neighbours(rows: list[Appearance], capture: Capture) -> None:
    """Refuse to join what does not stand side by side: one claim is no third of an article."""
    reached = rows[0].end
    chosen = {row.pk for row in rows}
    others = Appearance.objects.filter(desk=rows[0].desk, capture=capture, triage=Triage.SUGGESTED)
    places = list(others.exclude(pk__in=chosen).order_by("start", "pk").values_list("start", "end"))
    for row in rows[1:]:
        if any(reached <= start and end <= row.start for start, end in places):
            raise base.Refused(_("Only neighbours can be joined: another claim stands between these."))
        between = capture.text[reached : row.start]
        if len(between) > _BETWEEN or "\n" in between.strip() or len(_ENDS.findall(between)) > 1:
            raise base.Refused(_("Only neighbours can be joined: these stand too far apart in the text."))
        reached = max(reached, row.end)


@transaction.atomic
def merge(*, actor: User, appearances: list[Appearance], now: dt.datetime | None = None) -> Appearance:
    """Join neighbours of one article into one, from the first word to the last; the others are dismissed."""
    now = now or timezone.now()
    rows, capture, (start, end) = _joinable(actor, appearances)
    head = rows[0]
    kept_row = next((row for row in rows if (row.start, row.end) == (start, end)), head)
    _free(kept_row, head.desk, capture, start, end)
    with base.gesture():
        with base.in_own_language():
            reason = _("merged with its neighbour")
        for row in [*(row for row in rows if row.pk != kept_row.pk), kept_row]:
            kept = before(row)
            if row.pk == kept_row.pk:
                columns = _placed(row, start, end)
                if not row.claimant_text:
                    said = next((one for one in rows if one.claimant_text), None)
                    if said is not None:
                        columns |= {"claimant_text": said.claimant_text, "claimant_kind": said.claimant_kind}
            else:
                columns = {"triage": Triage.DISMISSED, "dismiss_reason": reason}
            swap(row, None, actor=actor, now=now, **columns)
            base.audit(
                "appearance.merged",
                row,
                actor=actor,
                desk=row.desk,
                before=kept["triage"],
                after=str(kept_row.pk),
                now=now,
                **remembered(row, kept),
            )
    return kept_row


@transaction.atomic
def add_from_selection(
    *,
    actor: User,
    document: Document,
    capture: Capture,
    start: int,
    end: int,
    desk: Desk | None = None,
    now: dt.datetime | None = None,
) -> Appearance:
    """Suggest what a person selected; a suggestion at exactly these words is reopened instead.

    Speaker and attribution are taken from the smallest suggestion around it, else from one of the same
    sentence.
    """
    now = now or timezone.now()
    desk = desk or document.desk
    base.require(actor, desk, *base.ADDERS, what=_("add claims to an article"))
    if capture.document_id != document.pk:
        raise base.Refused(_("The selection belongs to another article."))
    start, end = _trimmed(capture.text, start, end)
    there = Appearance.objects.filter(desk=desk, capture=capture, start=start, end=end).first()
    if there is not None:
        return _taken_up(actor, there, now)
    rows = list(Appearance.objects.filter(desk=desk, capture=capture))
    context = _around(capture.text, start, end, document.language)
    holding = [row for row in rows if row.start <= start and end <= row.end]
    beside = [
        row for row in rows if row.start < context["sentence_end"] and row.end > context["sentence_start"]
    ]
    like = min(holding or beside, key=lambda row: (row.end - row.start, row.pk), default=None)
    row = Appearance.objects.create(
        desk=desk,
        document=document,
        capture=capture,
        start=start,
        end=end,
        quotation=capture.text[start:end],
        within=like if like is not None and like in holding else None,
        attribution=like.attribution if like else Appearance.Attribution.ARTICLE,
        claimant_text=like.claimant_text if like else "",
        claimant_kind=like.claimant_kind if like else "",
        dates=_dates(document, capture, start, end, Appearance.Checkable.FACT),
        wording=one_sentence(capture.text[start:end]),
        appeared_on=document.published,
        touched_by=actor,
        touched_at=now,
        provenance={"by": "person"},
        created_at=now,
        **context,
    )
    base.audit(
        "appearance.added",
        row,
        actor=actor,
        desk=desk,
        after=Triage.SUGGESTED,
        now=now,
        **remembered(row, None),
    )
    return row


def _taken_up(actor: User, row: Appearance, now: dt.datetime) -> Appearance:
    """Return the row that stands at the selected words, open again where it was put aside."""
    if row.triage in (Triage.SUGGESTED, Triage.ACCEPTED):
        return row
    kept = before(row)
    swap(row, None, actor=actor, now=now, triage=Triage.SUGGESTED, dismiss_reason="")
    base.audit(
        "appearance.reopened",
        row,
        actor=actor,
        desk=row.desk,
        before=kept["triage"],
        after=Triage.SUGGESTED,
        now=now,
        **remembered(row, kept),
    )
    return row
