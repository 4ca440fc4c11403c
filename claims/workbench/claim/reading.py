"""One source read beside the claim: its text with the passage marked in its place, and the way through the others.

A long text is cut around the passage; the whole of it is one link away. What has no text in the archive (a
quotation, a contact note, an address that was not fetched) is shown by its own words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from claims.models import Capture
from claims.workbench.claim.evidence_board import EvidenceRow, highlighted

if TYPE_CHECKING:
    from claims.workbench.claim.evidence_board import EvidencePart

#: Characters kept on each side of the passage.
AROUND = 20_000


@dataclass(frozen=True, slots=True)
class ReaderPart:
    """The source at hand among the evidence of its claim."""

    row: EvidenceRow
    text: SafeString
    at: int
    of: int
    before: EvidenceRow | None = None
    after: EvidenceRow | None = None
    #: The capture that was read, where the text is in the archive; and whether more of it is left out.
    capture: Capture | None = None
    is_cut: bool = False


def reader_part(board: EvidencePart, wanted: int) -> ReaderPart | None:
    """Return the source with this number as it is read; None where the board does not hold it."""
    rows = [*board.in_order, *board.rejected]
    at = next((place for place, row in enumerate(rows) if row.evidence.pk == wanted), None)
    if at is None:
        return None
    row = rows[at]
    part = source_part(row)
    return replace(
        part,
        at=at + 1,
        of=len(rows),
        before=rows[at - 1] if at else None,
        after=rows[at + 1] if at + 1 < len(rows) else None,
    )


def source_part(row: EvidenceRow) -> ReaderPart:
    """Return one source as it is read, alone."""
    e = row.evidence
    capture = e.capture
    text = capture.text if capture is not None else ""
    if not (capture is not None and 0 <= e.start < e.end <= len(text)):
        return ReaderPart(row=row, text=row.quotation, at=1, of=1, capture=capture)
    start, end = max(0, e.start - AROUND), min(len(text), e.end + AROUND)
    language = (e.document.language if e.document is not None else "") or "en"
    spans = [(e.start, e.end, e.matched, ' id="passage" class="here"')]
    spans += [
        (one["start"], one["end"], one["matched"], ' class="here"')
        for one in e.further
        if one.get("capture") == capture.pk
    ]
    return ReaderPart(
        row=row,
        text=_marked(text, start, end, spans, language),
        at=1,
        of=1,
        capture=capture,
        is_cut=start > 0 or end < len(text),
    )


def _marked(
    text: str, start: int, end: int, spans: Sequence[tuple[int, int, Sequence[str], str]], language: str
) -> SafeString:
    """Return a stretch of text with its passages marked; of passages that overlap the first is kept whole."""
    out, at = [], start
    first, *others = spans
    clear = [one for one in others if one[1] <= first[0] or one[0] >= first[1]]
    for begins, ends, matched, attributes in sorted([first, *clear], key=lambda one: one[0]):
        if begins < at or ends > end:
            continue
        out.append(str(escape(text[at:begins])))
        words = highlighted(text[begins:ends], matched, language, paragraphs=True)
        out.append(f"<span{attributes}>{words}</span>")
        at = ends
    out.append(str(escape(text[at:end])))
    return mark_safe("".join(out))  # noqa: S308  # every piece of text was escaped
