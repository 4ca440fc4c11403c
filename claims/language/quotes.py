"""What stands in quotation marks, and which marks belong together?

Knows marks, not speakers: who says a quotation is for attribution to find. Apostrophes are never quotations.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

from claims.language.normalise import MAX_SENTENCE
from claims.language.spans import line_spans
from claims.language.wordlists import load_words


class QuoteKind(StrEnum):
    """FULL is a clause or more in someone's words, PARTIAL a piece of one, SCARE a term set in marks."""

    FULL = "full"
    PARTIAL = "partial"
    SCARE = "scare"


class Joint(StrEnum):
    """Across what a quotation continues an earlier one.

    FRAME: the sentence goes on after ``he said,``. SENTENCE: a new sentence follows ``he said.`` directly.
    """

    NONE = ""
    PARAGRAPH = "paragraph"
    FRAME = "frame"
    SENTENCE = "sentence"


@dataclass(frozen=True, slots=True)
class Quote:
    """One stretch between marks.

    ``start:end`` includes the marks, ``inner_start:inner_end`` does not. ``parent`` is the id of the
    enclosing quotation, ``depth`` 0 outside any. ``continued_from`` is the id of the quotation this one
    goes on from (``joint`` says across what); all parts of a chain are one utterance. ``insertions`` are
    the spans of editorial brackets inside, which are not the speaker's words. ``closed`` is false when the
    closing mark is missing and the end was bounded.
    """

    id: int
    start: int
    end: int
    inner_start: int
    inner_end: int
    kind: QuoteKind
    depth: int = 0
    parent: int | None = None
    continued_from: int | None = None
    joint: Joint = Joint.NONE
    insertions: tuple[tuple[int, int], ...] = ()
    closed: bool = True


_MARK = re.compile("[\"＂“”„‟«»‹›「」『』'‘’‚‛]")
_SINGLE = frozenset("'‘’‚‛")
_CLOSES = {
    '"': '"',
    "＂": "＂",
    "“": "”",
    "„": "“",
    "‟": "”",
    "”": "”",
    "«": "»",
    "»": "«",
    "‹": "›",
    "›": "‹",
    "「": "」",
    "『": "』",
    "'": "'",
    "‘": "’",
    "‚": "‘",
    "‛": "’",
}
# Writers mix styles inside one pair; what may close an opening mark besides its own partner.
_ALSO_CLOSES = {'"': "”", "“": '"', "„": '”"', "‟": '"', "‘": "'", "‚": "’'", "«": "", "'": "’"}
_ALWAYS_OPENS = frozenset("„‟‚‛「『")
_ALWAYS_CLOSES = frozenset("」』")
_BEFORE_OPENER = frozenset(" \t\n\r\u00a0\u202f\u200b([{—–-/:“‘\"'«„‚>")
_MAX_DEPTH = 4
_APOSTROPHE_WORD = re.compile(
    r"(?:em|tis|twas|twere|til|till|cause|cos|n|round|bout|s|er|im|ere|neath|nuff|kay|sup|fraid|\d\ds?)(?![^\W_])",
    re.I,
)
_INSERTION = re.compile(r"\[[^\[\]\n]{1,200}\]")
_SENTENCE_END = re.compile(r"[.!?…]+(?=[\s\"'”’»)]*(?:\s[\"“‘«]?[^\W\d_a-z]|\Z))")
_INNER_END = re.compile(r"[.!?。！？]\s+[^\W_a-z]")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_FINAL = frozenset(".!?…。！？")
_FINITE = load_words("quotes_finite.txt")
_SUBJECTS = load_words("quotes_subjects.txt")
_SPEECH = load_words("quotes_speech.txt")
_FIRST_LETTER = re.compile(r"[^\W\d_]")
_OUTER = " \t\n\r\f\v\u00a0\u200b\ufeff\u2060\u202f"
_DOUBLE = re.compile('["＂“”]')
_CREDITED = ("Image", "Photo", "Picture", "Credit", "File photo", "Illustration")
_CREDIT = re.compile(r"\b(?:Image|Photo|Photograph|Picture|Credit|File photo|Illustration)\s?(?::|by\b|/)")
_MOST_PARAGRAPHS = 4
_LONGEST_CAPTION = 300
_LONGEST_FRAME = 160
_SHORT = 4


class _Pair(NamedTuple):
    """Where a quotation opens and ends, marks included, and where its words begin and end."""

    start: int
    end: int
    inner_end: int
    closed: bool
    inner_start: int = -1


def quotes(text: str, paragraphs: Iterable[tuple[int, int]] | None = None) -> tuple[Quote, ...]:
    """Return the quotations of a text in order of start, outer before inner.

    ``paragraphs`` are the spans in which quotations are looked for, in order (blocks to be read); without
    them every line is one. Give the stored text where it is at hand: curly marks say more than their
    shadow.
    """
    given = line_spans(text) if paragraphs is None else paragraphs
    spans = [_trimmed(text, start, end) for start, end in given]
    spans = [span for span in spans if span[0] < span[1]]
    result: list[Quote] = []
    carried: int | None = None
    running, closing = -1, -1
    for place, (start, end) in enumerate(spans):
        follower = text[spans[place + 1][0]] if place + 1 < len(spans) else ""
        if place <= running:
            ends = place == running
            last = closing if ends else end
            pairs = [_Pair(start, min(last + 1, end), last, ends, start)]
            if ends and last + 1 < end:
                found = _closed_later(text, spans, place, last + 1)
                if found is not None:
                    running, closing = found
                    follower = text[_opening(text, last + 1, end)]
                pairs += _scan(text, last + 1, end, follower)
            made = _build(text, pairs, len(result), end)
            made[0] = replace(made[0], continued_from=carried, joint=Joint.PARAGRAPH, kind=QuoteKind.FULL)
            carried = made[0].id if not ends else made[-1].id if running > place else None
            result.extend(made)
            continue
        found = _closed_later(text, spans, place, start)
        if found is not None:
            running, closing = found
            follower = text[_opening(text, start, end)]
        elif follower and place + 2 < len(spans) and _is_caption(text, *spans[place + 1]):
            follower = text[spans[place + 2][0]]
        pairs = _scan(text, start, end, follower)
        made = _build(text, pairs, len(result), end)
        if carried is not None and made and made[0].start == start:
            made[0] = replace(made[0], continued_from=carried, joint=Joint.PARAGRAPH, kind=QuoteKind.FULL)
        if not _is_caption(text, start, end):
            carried = None
        for quote in made:
            if not quote.closed and quote.end == end and _same_mark(text[quote.start], follower):
                carried = quote.id
        result.extend(made)
    return tuple(result)


def _opening(text: str, start: int, end: int) -> int:
    """Return the place of the double mark that a paragraph opens last and does not close, -1 without one."""
    opened = -1
    for match in _DOUBLE.finditer(text, start, end):
        at = match.start()
        before = text[at - 1] if at > start else " "
        after = text[at + 1] if at + 1 < end else " "
        if before in _BEFORE_OPENER and not after.isspace():
            if opened >= 0:
                return -1
            opened = at
        else:
            opened = -1
    return opened


def _closed_later(
    text: str, spans: Sequence[tuple[int, int]], place: int, begin: int
) -> tuple[int, int] | None:
    """Return the paragraph and the mark that close a quotation which a paragraph leaves open; None without one.

    Only where no paragraph up to there opens with a mark: then the writer forgot the marks between, or a machine
    lost them. At most ``_MOST_PARAGRAPHS`` paragraphs on.
    """
    end = spans[place][1]
    opened = _opening(text, begin, end)
    if opened < 0 or text[end - 1] not in ".!?…":
        return None
    for later in range(place + 1, min(place + 1 + _MOST_PARAGRAPHS, len(spans))):
        mark = _DOUBLE.search(text, *spans[later])
        if mark is None:
            continue
        at, last = mark.start(), spans[later][1]
        closes = at > spans[later][0] and text[at - 1] in ".!?…," and _accepts(text[opened], text[at])
        return (later, at) if closes and (at + 1 == last or text[at + 1].isspace()) else None
    return None


def _is_caption(text: str, start: int, end: int) -> bool:
    """Tell a line below a picture that stands between two paragraphs: it names who made the picture."""
    if end - start > _LONGEST_CAPTION:
        return False
    piece = text[start:end]
    for word in _CREDITED:
        if word in piece:
            return _CREDIT.search(text, start, end) is not None
    return False


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span without outer space and invisible characters."""
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip(_OUTER))
    return min(start + left, end), start + max(left, len(piece.rstrip(_OUTER)))


def _same_mark(mark: str, other: str) -> bool:
    """Say whether a paragraph that begins with ``other`` can go on from one that opened with ``mark``."""
    return bool(other) and (
        mark == other or (mark in '"“' and other in '"“') or (mark == "«" and other == "»")
    )


def _accepts(mark: str, closer: str) -> bool:
    return closer == _CLOSES[mark] or closer in _ALSO_CLOSES.get(mark, "")


def _scan(text: str, start: int, end: int, follower: str) -> list[_Pair]:
    """Pair the marks of one paragraph; ``follower`` is the character that the next paragraph begins with."""
    marks = [match.start() for match in _MARK.finditer(text, start, end)]
    later_singles = [
        at
        for at in marks
        if text[at] in _SINGLE and at > start and not text[at - 1].isspace() and not _alnum(text, at + 1, end)
    ]
    waiting: list[tuple[str, int]] = []
    pairs: list[_Pair] = []
    for at in marks:
        mark = text[at]
        if mark in _SINGLE:
            opens, closes = _single_role(text, start, end, at, waiting, later_singles)
        else:
            opens, closes = _double_role(text, start, end, at, waiting)
        if closes:
            depth = max(i for i, (opener, _) in enumerate(waiting) if _accepts(opener, mark))
            opened = waiting[depth][1]
            del waiting[depth:]
            if text[opened + 1 : at].strip():
                pairs.append(_Pair(opened, at + 1, at, True))
        elif opens and len(waiting) < _MAX_DEPTH:
            waiting.append((mark, at))
    return pairs + _unclosed(text, end, waiting, follower)


def _unclosed(text: str, end: int, waiting: list[tuple[str, int]], follower: str) -> list[_Pair]:
    """Bound quotations without closing mark: at the paragraph's end when the next one goes on."""
    pairs: list[_Pair] = []
    covered = -1
    for mark, at in waiting:
        if mark in _SINGLE or at < covered or not text[at + 1 : end].strip():
            continue
        last = end
        if not _same_mark(mark, follower):
            stop = _SENTENCE_END.search(text, at + 1, min(end, at + MAX_SENTENCE))
            last = stop.end() if stop is not None else min(end, at + MAX_SENTENCE)
        pairs.append(_Pair(at, last, last, False))
        covered = last
    return pairs


def _alnum(text: str, at: int, end: int) -> bool:
    return at < end and text[at].isalnum()


def _double_role(
    text: str, start: int, end: int, at: int, waiting: list[tuple[str, int]]
) -> tuple[bool, bool]:
    """Say whether a double mark opens and whether it closes."""
    mark = text[at]
    if mark in _ALWAYS_OPENS:
        return True, False
    closes = any(_accepts(opener, mark) for opener, _ in waiting)
    if mark in _ALWAYS_CLOSES or mark in "”›":
        return False, closes
    before = text[at - 1] if at > start else " "
    after = text[at + 1] if at + 1 < end else " "
    looks_open = before in _BEFORE_OPENER and not after.isspace()
    looks_closed = not before.isspace() and not after.isalnum()
    if mark == "“":
        german = bool(waiting) and waiting[-1][0] == "„"
        misused = looks_closed and not looks_open and closes
        return not (german or misused), german or misused
    if mark in "«»‹":
        if closes and (mark in "»›" or looks_closed):
            return False, True
        return (mark in "«‹" or looks_open) and after != "\n", False
    if looks_open and not looks_closed:
        return True, False
    if closes:
        return False, True
    # A mark directly after a figure is an inch or a second.
    return not before.isdigit() and not before.isalpha() and not after.isspace(), False


def _single_role(
    text: str, start: int, end: int, at: int, waiting: list[tuple[str, int]], later: list[int]
) -> tuple[bool, bool]:
    """Say whether a single mark opens and whether it closes; else it is an apostrophe."""
    mark = text[at]
    before = text[at - 1] if at > start else " "
    inside_word = before.isalnum() and _alnum(text, at + 1, end)
    if inside_word:
        return False, False
    follows = bisect_right(later, at)
    if any(_accepts(opener, mark) for opener, _ in waiting) and not before.isspace():
        return False, not _is_possessive(text, end, at, before, follows, later)
    if mark == "’" or before not in _BEFORE_OPENER or at + 1 >= end or text[at + 1].isspace():
        return False, False
    if follows >= len(later) or later[follows] == at + 1:
        return False, False
    if _APOSTROPHE_WORD.match(text, at + 1, end) and (
        mark == "'" or not _closed_soon(text, at, later[follows])
    ):
        return False, False
    return True, False


def _closed_soon(text: str, at: int, closer: int) -> bool:
    return closer - at <= 4 * MAX_SENTENCE and text[closer - 1] in ".,!?;…"


def _is_possessive(text: str, end: int, at: int, before: str, follows: int, later: list[int]) -> bool:
    """Say whether the mark is that of ``the boys' school``, with the closing mark still to come."""
    if before not in "sSnx" or text[at + 1 : at + 2] != " " or not text[at + 2 : at + 3].islower():
        return False
    if follows >= len(later):
        return False
    return not any(text[i] in "‘'" and text[i - 1] in _BEFORE_OPENER for i in range(at + 1, later[follows]))


def _build(text: str, pairs: list[_Pair], first_id: int, end: int) -> list[Quote]:
    """Make quotations of the pairs of one paragraph: order, nesting, insertions, kinds, joints."""
    ordered = sorted(pairs, key=lambda pair: (pair.start, -pair.end))
    made: list[Quote] = []
    above: list[Quote] = []
    last_outer: Quote | None = None
    for pair in ordered:
        while above and above[-1].end <= pair.start:
            above.pop()
        if above and pair.end > above[-1].end:
            continue
        insertions = tuple(
            match.span() for match in _INSERTION.finditer(text, pair.start + 1, pair.inner_end)
        )
        quote = Quote(
            id=first_id + len(made),
            start=pair.start,
            end=pair.end,
            inner_start=pair.start + 1 if pair.inner_start < 0 else pair.inner_start,
            inner_end=pair.inner_end,
            kind=_kind(text, pair, end),
            depth=len(above),
            parent=above[-1].id if above else None,
            insertions=insertions,
            closed=pair.closed,
        )
        if quote.depth == 0:
            if last_outer is not None:
                quote, kind = _joined(text, last_outer, quote)
                place = last_outer.id - first_id
                made[place] = replace(made[place], kind=kind)
            last_outer = quote
        above.append(quote)
        made.append(quote)
    return made


def _joined(text: str, before: Quote, quote: Quote) -> tuple[Quote, QuoteKind]:
    """Return ``quote``, joined to the one before when only a frame stands between, and that one's kind."""
    frame = text[before.end : quote.start]
    if not before.closed or not 3 < len(frame) <= _LONGEST_FRAME:
        return quote, before.kind
    words = [word.lower() for word in _WORD.findall(frame)]
    if not words or len(words) > 18 or not any(word in _SPEECH for word in words):
        return quote, before.kind
    ending = text[before.inner_end - 1] if not frame.lstrip().startswith(",") else ","
    begins = _FIRST_LETTER.search(text, quote.inner_start, quote.inner_end)
    small = begins is not None and begins.group().islower()
    body = frame.strip()
    # Between the parts of one sentence the frame ends in a comma, between two sentences in a full stop.
    if ending in ",—–-…" and body[-1:] != ".":
        if small or body.endswith((",", "—", "–", " -")):
            both = (
                QuoteKind.FULL if not small or before.kind is QuoteKind.FULL or ending == "," else quote.kind
            )
            if _INNER_END.search(body) or " and " in body or " that " in body:
                return quote, before.kind
            return replace(quote, continued_from=before.id, joint=Joint.FRAME, kind=both), both
        return quote, before.kind
    both_full = before.kind is QuoteKind.FULL and quote.kind is QuoteKind.FULL
    whole_frame = body.endswith(".") and not _INNER_END.search(body) and ending in ",?!…—–-"
    if both_full and whole_frame and not small and _ends_sentence(text, quote):
        return replace(quote, continued_from=before.id, joint=Joint.SENTENCE), before.kind
    return quote, before.kind


def _ends_sentence(text: str, quote: Quote) -> bool:
    """Say whether no frame of its own follows a quotation: its last mark ends a sentence."""
    return not quote.closed or text[quote.inner_end - 1] in ".!?…" or text[quote.end : quote.end + 1] == "."


def _kind(text: str, pair: _Pair, end: int) -> QuoteKind:
    """Tell a clause or more from a fragment and from a term, by case, final mark, length and finite words."""
    inner = text[pair.start + 1 : min(pair.inner_end, pair.start + 1 + MAX_SENTENCE)].strip()
    bare = _INSERTION.sub(" ", inner)
    words = _WORD.findall(bare)
    if not words:
        return QuoteKind.SCARE
    lower = [word.lower().replace("’", "'") for word in words]
    finite = any(word in _FINITE or word.endswith(("n't", "'re", "'ll", "'ve", "'m")) for word in lower)
    capital = words[0][:1].isupper() or not (words[0].isascii() or words[0][:1].islower())
    final = inner[-1] in _FINAL
    if _INNER_END.search(inner):
        return QuoteKind.FULL
    if capital:
        if final or (finite and len(words) > 2):
            titled = not finite and len(words) > 1 and all(word[:1].isupper() for word in words)
            return QuoteKind.SCARE if titled and inner[-1] == "." and len(words) <= _SHORT else QuoteKind.FULL
        if (inner[-1] == "," or text[pair.end : pair.end + 1] == ",") and _frame_after(text, pair.end, end):
            return QuoteKind.FULL
        if len(words) > 8:
            return QuoteKind.FULL
    elif finite and len(words) >= _SHORT and lower[0] in _SUBJECTS:
        return QuoteKind.FULL
    if not finite and len(_WORD.findall(inner)) <= _SHORT:
        return QuoteKind.SCARE
    return QuoteKind.PARTIAL


def _frame_after(text: str, at: int, end: int) -> bool:
    """Say whether a speech verb follows within a few words."""
    return any(word.lower() in _SPEECH for word in _WORD.findall(text, at, min(end, at + 90))[:9])
