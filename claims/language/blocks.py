"""What is each line of an article: heading, byline, caption, list item, boilerplate, turn, paragraph …?

Blocks are ordered and never overlap; every visible character of a running text lies in exactly one (in
subtitles, cue numbers and time codes between two blocks lie in none). A block with ``why`` set yields no
claims, and ``why`` says the reason in words an editor reads. Blocks say nothing about sentences or
speakers' identities.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from claims.language.block_lines import (
    BlockKind,
    Dateline,
    cells_that_assert,
    classify,
    code_and_tables,
    dateline,
    hide_markup,
    is_signed,
)
from claims.language.normalise import shadow
from claims.language.recorders import is_recording
from claims.language.spans import Piece as Piece
from claims.language.transcripts import SpeakerLabel, detect, label, role, turns

_WIDEST_WRAP = 90


@dataclass(frozen=True, slots=True)
class Block:
    """One block of the text.

    ``body`` is where what is asserted begins: after a dateline, a list mark, a time stamp or a speaker label;
    it equals ``start`` elsewhere. ``why`` is empty when the block is to be read for claims. ``role`` is
    ``question`` or ``answer`` in an interview. ``stamp`` is the time of a live-blog entry as written.
    ``pieces`` are the timed stretches of a subtitle block.
    """

    start: int
    end: int
    kind: BlockKind
    body: int
    why: str = ""
    dateline: Dateline | None = None
    speaker: str = ""
    speaker_span: tuple[int, int] | None = None
    role: str = ""
    stamp: str = ""
    pieces: tuple[Piece, ...] = ()

    @property
    def read(self) -> bool:
        """Whether claims are looked for in the block."""
        return not self.why


@dataclass(frozen=True, slots=True)
class Layout:
    """A text laid out: its blocks, and the view that later steps read instead of the text.

    ``view`` is the shadow of the text, of equal length, in which what nobody says (time codes, cue numbers,
    mark-up inside cues) and the line breaks inside a block are spaces. Sentences, tokens and quotations are
    looked for in the view; their offsets index the stored text.
    """

    text: str
    view: str
    blocks: tuple[Block, ...]
    source: str


# How much of an article may tell its title again, and how many paragraphs make it an article.
_TOLD_AGAIN = 700
_FINISHED = 3


_SPEAKING = re.compile(r":\s(?:[\w', ]{0,40}\b)?(?:I|[Ww]e|[Yy]ou|[Mm]y|[Oo]ur|[Yy]our|us)\b")


@dataclass(slots=True)
class _Line:
    """A line that has something visible: its trimmed span and what it was taken for."""

    start: int
    end: int
    kind: BlockKind = BlockKind.PARAGRAPH
    why: str = ""
    body: int = 0
    stamp: str = ""
    blank_before: bool = False
    found: SpeakerLabel | None = None


def layout(text: str, *, source: str = "text") -> Layout:
    """Lay out a text; ``source`` is ``text``, ``transcript``, ``recording``, ``srt``, ``vtt`` or ``auto``.

    Speakers' turns are recognised in running text too, where labels show that it is an interview.
    """
    if source == "auto":
        source = detect(text)
    seen = shadow(text)
    if source == "transcript" and is_recording(seen):
        source = "recording"
    if source in {"srt", "vtt", "recording"}:
        return _cue_layout(text, seen, source)
    view = hide_markup(seen)
    lines = _lines(view, seen)
    code_and_tables(text, view, lines)
    _classify(view, lines, source)
    groups = _groups(view, lines)
    made: list[Block] = []
    chars = None
    for group in groups:
        if group[0].kind is BlockKind.TABLE and (rows := _rows(view, group)):
            made += rows
            continue
        made.append(_block(text, view, group))
        if len(group) > 1:
            chars = chars if chars is not None else list(view)
            for before, after in pairwise(group):
                for at in range(before.end, after.start):
                    chars[at] = " "
    if chars is not None:
        view = "".join(chars)
    made = _headings(view, made)
    return Layout(text, view, tuple(_stamped(_spoken(text, made, source))), source)


def blocks(text: str, *, source: str = "text") -> tuple[Block, ...]:
    """Return the blocks of a text in order."""
    return layout(text, source=source).blocks


def _cue_layout(text: str, seen: str, source: str) -> Layout:
    """Lay out subtitles: a block for every turn, and a view in which all but its words is space."""
    spoken = turns(text, source)
    chars = ["\n" if c == "\n" else " " for c in seen]
    made: list[Block] = []
    at = 0
    for turn in spoken:
        header = _subtitle_header(seen, at, turn.start) if at == 0 else None
        if header is not None:
            made.append(header)
        for place in range(turn.start, turn.end):
            chars[place] = " "
        for piece in turn.pieces:
            chars[piece.start : piece.end] = seen[piece.start : piece.end]
        made.append(
            Block(
                start=turn.start,
                end=turn.end,
                kind=BlockKind.CUE,
                body=turn.body,
                speaker=turn.speaker,
                speaker_span=turn.speaker_span,
                role=turn.role,
                pieces=turn.pieces,
            )
        )
        at = turn.end
    return Layout(text, "".join(chars), tuple(made), source)


def _subtitle_header(seen: str, start: int, end: int) -> Block | None:
    """Return the block of what stands before the first cue, when it says anything."""
    code = seen.find("-->", start, end)
    lines = seen[start : code if code >= 0 else end].split("\n")[:-1]
    # The name of the first cue stands directly above its time code.
    if lines and code >= 0 and lines[-1].strip():
        lines.pop()
    piece = "\n".join(lines)
    stripped = piece.strip()
    if not any(c.isalpha() for c in stripped):
        return None
    first = start + piece.index(stripped)
    return Block(first, first + len(stripped), BlockKind.BOILERPLATE, first, "subtitle header")


def _lines(view: str, seen: str) -> list[_Line]:
    """Return the lines that show something, trimmed; one whose mark-up alone shows is mark-up."""
    made: list[_Line] = []
    at = 0
    blank = True
    for raw in seen.split("\n"):
        stripped = raw.strip()
        if stripped:
            start = at + len(raw) - len(raw.lstrip())
            end = start + len(stripped)
            line = _Line(start, end, blank_before=blank)
            shown = view[start:end].strip()
            if not shown:
                line.kind, line.why = BlockKind.MARKUP, "mark-up"
            line.body = start + (len(view[start:end]) - len(view[start:end].lstrip()) if shown else 0)
            made.append(line)
        blank = not stripped
        at += len(raw) + 1
    return made


def _classify(view: str, lines: list[_Line], source: str) -> None:
    """Say of each line by itself whether it is boilerplate, byline, caption, list item, stamp or turn."""
    for line in lines:
        if line.kind is not BlockKind.PARAGRAPH or line.why:
            continue
        lettered = source == "transcript" and view[line.body : line.body + 2] in ("Q.", "A.")
        if (view[line.body] in "*_" or lettered) and (found := label(view, line.body, line.end)) is not None:
            # A name in bold type or the letter of who answers, no mark of a list.
            line.found = found
            continue
        kind, why, body, stamp = classify(view, line.body, line.end)
        line.kind, line.why, line.body, line.stamp = kind, why, body, stamp
        if kind is BlockKind.PARAGRAPH:
            line.found = label(view, line.body, line.end)
    labelled = [line for line in lines if line.found is not None]
    names = [line.found.name for line in labelled if line.found is not None]
    shouted = [line for line in labelled if line.found is not None and line.found.shouted]
    asks = any(role(name, interview=False) == "question" for name in names)
    repeated = len(names) > len(set(names))
    # Two labels in capitals, a question's label or a name that comes back make an interview; one ``Name:`` among other
    # lines does not. Somebody who pastes ``REED: We built 400 flats`` alone has cut it out of one.
    cut_out = bool(shouted) and len(shouted) == sum(not line.why for line in lines)
    if len(lines) == len(labelled) == 1 and not shouted and " " in names[0]:
        # "Ann Reed: We built 400 flats", but not "Berlin court: …".
        cut_out = _SPEAKING.search(view, lines[0].body, lines[0].end) is not None
        shouted = labelled if cut_out else shouted
    keep = source == "transcript" or asks or len(shouted) >= 2 or (repeated and len(names) >= 3) or cut_out
    for line in labelled:
        if not keep or (source != "transcript" and not asks and not repeated and line not in shouted):
            line.found = None
        else:
            line.kind = BlockKind.TURN


def _groups(view: str, lines: list[_Line]) -> list[list[_Line]]:
    """Put the lines of one wrapped paragraph together; every other line stands alone."""
    made: list[list[_Line]] = []
    stretch: list[_Line] = []
    for line in [*lines, None]:
        if line is not None and stretch and not line.blank_before:
            stretch.append(line)
            continue
        if stretch:
            made.extend(_unwrapped(view, stretch))
        stretch = [line] if line is not None else []
    return made


def _unwrapped(view: str, stretch: list[_Line]) -> list[list[_Line]]:
    """Join the lines between two blank ones where a line was broken for its width only."""
    width = max(line.end - line.start for line in stretch)
    # A line that breaks off inside a sentence shows that lines were broken for width; without one, each
    # is whole.
    broken = any(view[line.end - 1] not in ".!?:\"'" for line in stretch[:-1])
    made = [[stretch[0]]]
    for line in stretch[1:]:
        last = made[-1][-1]
        if _goes_on(view, last, line, width, len(stretch) if broken else 0):
            made[-1].append(line)
        else:
            made.append([line])
    return made


def _goes_on(view: str, last: _Line, line: _Line, width: int, count: int) -> bool:
    """Say whether ``line`` is the rest of the paragraph that ``last`` broke off."""
    running = {BlockKind.PARAGRAPH, BlockKind.TURN, BlockKind.LIST_ITEM}
    if line.kind is not BlockKind.PARAGRAPH or line.stamp:
        same = last.kind is line.kind and line.kind in {BlockKind.TABLE, BlockKind.CODE, BlockKind.MARKUP}
        return same
    if last.kind is BlockKind.BOILERPLATE:
        return last.why == "copyright" and view[line.body].islower()
    if last.kind not in running or width > _WIDEST_WRAP:
        return False
    ending = view[last.end - 1]
    first_word = view[line.start : line.end].split(" ", 1)[0]
    full = last.end - last.start + 1 + len(first_word) > width
    if view[line.body].islower():
        return full or ending not in ".!?"
    if ending in ".!?\"'":
        return full and count > 2
    return full and (count > 2 or ending in ",;-—")


def _block(text: str, view: str, group: list[_Line]) -> Block:
    """Make a block of the lines of one group."""
    head = group[0]
    start, end, body = head.start, group[-1].end, head.body
    if head.kind is BlockKind.TURN and head.found is not None:
        body = min(head.found.body, end)
        while body < end and view[body].isspace():
            body += 1
        span = (head.found.start, head.found.end)
        return Block(
            start,
            end,
            BlockKind.TURN,
            body,
            speaker=text[span[0] : span[1]],
            speaker_span=span,
            stamp=head.stamp,
        )
    if head.kind is BlockKind.PARAGRAPH:
        line = dateline(text, view, body, end)
        if line is not None:
            if line.end >= end:
                return Block(start, end, BlockKind.DATELINE, start, "dateline", dateline=line)
            return Block(start, end, BlockKind.PARAGRAPH, line.end, dateline=line, stamp=head.stamp)
    return Block(start, end, head.kind, body, head.why, stamp=head.stamp)


def _rows(view: str, group: list[_Line]) -> list[Block]:
    """Return the blocks of a table's rows where cells assert something: these are read, the rest is not."""
    cells = [cells_that_assert(view, line.start, line.end) for line in group]
    if not any(cells):
        return []
    made: list[Block] = []
    for line, found in zip(group, cells, strict=True):
        at = line.start
        for start, end in [*found, (line.end, line.end)]:
            if any(c.isalnum() for c in view[at:start]):
                made.append(Block(at, start, BlockKind.TABLE, at, "table"))
            if start < end:
                made.append(Block(start, end, BlockKind.LIST_ITEM, start))
            at = end
    return made


def _headings(view: str, made: list[Block]) -> list[Block]:
    """Turn short lines without a final mark that stand above running text into headings."""
    result = list(made)
    prose = [at for at, block in enumerate(made) if block.read and block.kind is not BlockKind.LIST_ITEM]
    for place, at in enumerate(prose):
        block = made[at]
        if block.kind is not BlockKind.PARAGRAPH or block.dateline is not None or block.stamp:
            continue
        following = made[prose[place + 1]] if place + 1 < len(prose) else None
        direct = made[at + 1] if at + 1 < len(made) else None
        told = view[block.end : block.end + _TOLD_AGAIN] if place == 0 and len(prose) > _FINISHED else ""
        if is_title(view[block.body : block.end], told) or is_heading(
            view, block.body, block.end, first=place == 0, following=following, direct=direct
        ):
            result[at] = Block(block.start, block.end, BlockKind.HEADING, block.body, "heading")
    return result


def is_title(piece: str, told: str) -> bool:
    """Say whether the first line of an article, finished like a sentence, is its title all the same.

    ``told`` is the text below it, empty for what does not stand first. A title has capitals all over, or is short and
    says what the article then tells again.
    """
    if not told or not piece.rstrip().endswith(".") or ". " in piece.strip():
        return False
    words = [word.strip("\"'’‘“”,.:;()") for word in piece.split()]
    if len(words) > 16:
        return False
    telling = [word for word in words if len(word) > 3 and word[0].isalpha()]
    if len(telling) < 3 or (words and words[0][:1].islower()):
        return False
    if sum(word[0].isupper() for word in telling) >= 0.8 * len(telling) and len(telling) >= 4:
        return True
    again = {word.strip("\"'’‘“”,.:;()").lower()[:5] for word in told.split()}
    return len(words) <= 11 and sum(word.lower()[:5] in again for word in telling) >= 0.6 * len(telling)


def is_heading(
    view: str, start: int, end: int, *, first: bool, following: Block | None, direct: Block | None
) -> bool:
    """Say whether a line is a heading, from its form and from what follows it."""
    piece = view[start : min(end, start + 200)]
    if piece.startswith("#"):
        return True
    if is_signed(piece):
        return False
    words = piece.split()
    final = piece.rstrip("\"') ")[-1:]
    if end - start > 160 or len(words) > (22 if first else 12) or final in ".!…:;,":
        return False
    if words and words[0][:1].islower():
        return False
    if following is None:
        return False
    if (
        first
        and direct is not None
        and direct.kind in {BlockKind.BYLINE, BlockKind.CAPTION, BlockKind.DATELINE}
    ):
        return True
    if following.kind in {BlockKind.TURN, BlockKind.LIST_ITEM}:
        return final != "?" or first
    if following.dateline is not None:
        return True
    rest = view[max(following.body, following.end - 400) : following.end]
    finished = rest.rstrip("\"') ")[-1:] in (".", "!", "?", "…", ":") or is_signed(rest)
    return finished and (first or following.end - following.body > end - start)


def _spoken(text: str, made: list[Block], source: str) -> list[Block]:
    """Give turns their roles; in a transcript a paragraph without label goes on with the turn before it."""
    named = [block for block in made if block.kind is BlockKind.TURN]
    interview = any(role(block.speaker, interview=False) == "question" for block in named)
    result: list[Block] = []
    carried: Block | None = None
    for block in made:
        if block.kind is BlockKind.TURN:
            block = replace(block, role=role(block.speaker, interview=interview))
            carried = block
        elif source == "transcript" and carried is not None and block.kind is BlockKind.PARAGRAPH:
            block = replace(
                block,
                kind=BlockKind.TURN,
                speaker=carried.speaker,
                speaker_span=carried.speaker_span,
                role=carried.role,
            )
        result.append(block)
    return result


def _stamped(made: list[Block]) -> list[Block]:
    """Let the time stamp of a live blog hold for the blocks below it until the next."""
    stamp = ""
    result: list[Block] = []
    for block in made:
        if block.stamp:
            stamp = block.stamp
        elif stamp and block.read:
            block = replace(block, stamp=stamp)
        result.append(block)
    return result
