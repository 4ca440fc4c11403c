"""Who speaks when, in transcripts and subtitles?

Reads ``NAME: text`` debates, interviews, what recorders write, SubRip and WebVTT. Keeps every span contiguous in
the stored text: a sentence that runs over several cues contains the time codes between them; ``words`` gives what was
said, and ``blocks.layout`` a view of equal length in which time codes are spaces.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace

from claims.language.normalise import NOTHING, shadow
from claims.language.recorders import cue_names, is_recording, line_heads
from claims.language.spans import Piece, line_spans
from claims.language.wordlists import load_words

_TIME = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,3}))?"
_CODE = re.compile(rf"[ ]*{_TIME}[ ]*-->[ ]*{_TIME}(?:[ ].*)?")
_VTT = re.compile(r"\s*WEBVTT(?:[ \t\n]|\Z)")
_LABEL = re.compile(
    r"""[ ]*(?:\*{1,2}|_{1,2})?\[?
    (?P<name>
        [^\W\d_a-zß-ÿ][^\W\d_a-zß-ÿ.'-]*(?:[ ,]+(?:[^\W\d_a-zß-ÿ][^\W_a-zß-ÿ.'-]*|&)){0,6}  # SEN. ROE
      | (?:SPEAKER|Speaker|Sprecher(?:in)?|spk)[ _]?\d{1,2}
      | (?:[^\W\d_a-z][\w.'-]*)(?:[ ](?:[^\W\d_a-z][\w.'-]*|de|van|von|bin|al|of|the|and)){0,5}  # Jane Doe
    )\]?
    (?:[ ]?[(\[](?P<inner>[^()\[\]\n]{1,40})[)\]])?(?P<role>,[ ][^,:;.!?\n]{2,60})?
    (?:[ ]?[(\[][^()\[\]\n]{1,40}[)\]])?(?:\*{1,2}|_{1,2})?[ ]?:(?:\*{1,2}|_{1,2})?(?=[ ]|\Z)[ ]*
    """,
    re.X,
)
#: "Q.", "A." and what court reporters write: the letter and a gap.
_LETTER = re.compile(r"[ ]*(?P<name>[QA])(?:\.[ ]|[ ]{2,}|\t)[ ]*(?=\S)")
_OFFICE = re.compile(r"(?:The|THE)[ ]")
_FULL_NAME = re.compile(r"[^\W\d_a-zß-ÿ][\w.'’-]+(?:[ ][^\W\d_a-zß-ÿ][\w.'’-]*){1,3}")
# What follows a name and a comma in front of a colon and is no role: a frame, a subordinate clause.
_NO_ROLE = re.compile(
    r"\b(?:said|says|told|added|wrote|asked|who|which|is|was|were|are|has|had|have|will|but|and he)\b"
)
_MARKS = re.compile(r"<[^<>\n]{0,120}>|\{\\?[^{}\n]{0,60}\}")
_SOUND = re.compile(r"[(\[][^()\[\]\n]{1,60}[)\]]|[♪♫#]+[^♪♫#\n]{0,200}[♪♫#]+|[♪♫]+")
_VOICE = re.compile(r"<v(?:\.[\w.]+)?[ ]([^<>\n]{1,80})>")
_CHANGE = re.compile(r"[ ]*(?:>>+|-(?=[ ]?[^\W\d_]))[ ]*")
_NOT_NAMES = load_words("transcripts_not_names.txt")
_QUESTIONERS = load_words("transcripts_questioners.txt")
_ANSWERERS = frozenset({"A", "ANSWER", "RESPONSE", "RÉPONSE", "ANTWORT", "RESPUESTA", "REPLY"})
_PAUSE = 8.0
_ROLLS = 0.5


@dataclass(frozen=True, slots=True)
class Turn:
    """One speaker's uninterrupted words.

    ``start:end`` covers the label, ``body`` is where the words begin. ``role`` is ``question``, ``answer`` or
    empty. ``pieces`` are the stretches that are words, with their seconds (0, 0 without time codes).
    """

    start: int
    end: int
    body: int
    speaker: str = ""
    speaker_span: tuple[int, int] | None = None
    role: str = ""
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True)
class SpeakerLabel:
    """A speaker's label at the beginning of a line: its name and where the words after it begin."""

    start: int
    end: int
    body: int
    name: str
    shouted: bool


def label(seen: str, start: int, end: int) -> SpeakerLabel | None:
    """Return the speaker's label that a line of a shadow begins with, if it does."""
    match = _LABEL.match(seen, start, min(end, start + 120))
    if match is None:
        letter = _LETTER.match(seen, start, min(end, start + 120))
        if letter is None:
            return None
        return SpeakerLabel(*letter.span("name"), letter.end(), letter["name"], False)
    if match["role"] and _NO_ROLE.search(match["role"]):
        return None
    first, last = match.span("name")
    # "DANA BRIGGS, CITY DESK ANCHOR": the name ends at the comma, what follows is what the speaker is.
    last = first + len(match["name"].partition(",")[0].rstrip())
    if match["inner"] and _OFFICE.match(match["name"]) and _FULL_NAME.fullmatch(match["inner"]):
        # "The Minister (Lena Dorn)": the name stands behind the office.
        first, last = match.span("inner")
    name = seen[first:last]
    if name.lower() in _NOT_NAMES or name.split()[-1].lower() in _NOT_NAMES:
        return None
    letters = [c for c in name if c.isalpha()]
    return SpeakerLabel(
        first, last, match.end(), name, len(letters) > 0 and all(c.isupper() for c in letters)
    )


def role(name: str, *, interview: bool) -> str:
    """Return ``question``, ``answer`` or nothing for a label; any other name answers in an interview."""
    upper = name.upper().strip(". ")
    if upper in _QUESTIONERS or upper.split(" ")[0] in _QUESTIONERS:
        return "question"
    if upper in _ANSWERERS or interview:
        return "answer"
    return ""


def detect(text: str) -> str:
    """Say what a text is: ``text``, ``transcript``, ``recording``, ``srt`` or ``vtt``."""
    seen = shadow(text[:20_000])
    lines = [line for line in seen.split("\n") if line.strip()]
    if _VTT.match(seen):
        return "vtt"
    if any(_CODE.fullmatch(line) for line in lines[:6]) and sum("-->" in line for line in lines) * 5 >= len(
        lines
    ):
        return "srt"
    if is_recording(seen):
        return "recording"
    names: list[str] = []
    shouted = 0
    for line in lines:
        found = label(line, 0, len(line))
        if found is not None:
            names.append(found.name)
            if found.start > len(line) - len(line.lstrip()) + 4:
                # "The Minister (Lena Dorn)" comes back as "The Minister".
                names.append(line[: found.start].strip(" (["))
            shouted += found.shouted
    if len(names) < 2 or len(names) * 4 < len(lines):
        return "text"
    repeated = len(names) > len(set(names))
    asks = any(role(name, interview=False) == "question" for name in names)
    return "transcript" if asks or (shouted >= 2) or (repeated and len(names) >= 3) else "text"


def turns(text: str, source: str | None = None) -> tuple[Turn, ...]:
    """Return the turns of a transcript or of subtitles in order; empty for running text."""
    source = source or detect(text)
    seen = shadow(text)
    if source in {"srt", "vtt"}:
        return _from_cues(text, seen)
    if source == "recording":
        return _from_recorder(text, seen)
    if source == "transcript":
        return _from_lines(text, seen)
    return ()


def words(text: str, start: int, end: int, pieces: tuple[Piece, ...]) -> str:
    """Return what was said in ``text[start:end]``: without time codes, cue numbers and tags, on one line."""
    first = bisect_right([piece.end for piece in pieces], start)
    said: list[str] = []
    for piece in pieces[first:]:
        if piece.start >= end:
            break
        said.extend(text[max(start, piece.start) : min(end, piece.end)].split())
    return " ".join(said)


def heard(start: int, end: int, pieces: tuple[Piece, ...]) -> tuple[float, float] | None:
    """Return the seconds between which ``start:end`` is heard, or nothing when it lies in no timed piece."""
    first = bisect_right([piece.end for piece in pieces], start)
    last = bisect_left([piece.start for piece in pieces], end)
    timed = [piece for piece in pieces[first:last] if piece.until > 0]
    return (timed[0].since, timed[-1].until) if timed else None


def _from_lines(text: str, seen: str) -> tuple[Turn, ...]:
    """Return the turns of ``NAME: text`` lines; lines without a label go on with the turn before them."""
    rows: list[tuple[SpeakerLabel | None, list[tuple[int, int]]]] = []
    for start, end in line_spans(seen):
        piece = _trim(seen, start, end)
        if piece is None:
            continue
        found = label(seen, piece[0], piece[1])
        if found is None:
            if rows:
                rows[-1][1].append(piece)
            continue
        body = _trim(seen, min(found.body, piece[1]), piece[1])
        rows.append((found, [body] if body is not None else []))
    interview = any(
        found is not None and role(found.name, interview=False) == "question" for found, _ in rows
    )
    made: list[Turn] = []
    for found, spans in rows:
        if found is None or not spans:
            continue
        made.append(
            Turn(
                start=found.start,
                end=spans[-1][1],
                body=spans[0][0],
                speaker=text[found.start : found.end],
                speaker_span=(found.start, found.end),
                role=role(found.name, interview=interview),
                pieces=tuple(Piece(first, last, 0.0, 0.0) for first, last in spans),
            )
        )
    return tuple(made)


def _trim(seen: str, start: int, end: int) -> tuple[int, int] | None:
    """Return the visible part of a line, or nothing."""
    piece = seen[start:end]
    left = piece.lstrip(" " + NOTHING)
    if not left:
        return None
    first = start + len(piece) - len(left)
    return first, first + len(left.rstrip(" " + NOTHING))


def _seconds(hours: str | None, minutes: str, seconds: str, fraction: str | None) -> float:
    whole = int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)
    return whole + (int(fraction) / 10 ** len(fraction) if fraction else 0.0)


class _Maker:
    """Collects pieces into turns; a new turn begins at a label, a change mark or a long pause."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.made: list[Turn] = []
        self.pieces: list[Piece] = []
        self.start = 0
        self.speaker = ""
        self.span: tuple[int, int] | None = None
        self._shown: tuple[str, float] = ("", 0.0)

    def is_shown(self, line: str, times: tuple[float, float]) -> bool:
        """Tell a line that only stays on the screen: captions that roll repeat the line before in the next cue."""
        words = " ".join(_MARKS.sub("", line).split())
        stays = " " in words and words == self._shown[0] and times[0] - self._shown[1] <= _ROLLS
        self._shown = (words, times[1]) if not stays else (words, max(times[1], self._shown[1]))
        return stays

    def close(self) -> None:
        if self.pieces:
            self.made.append(
                Turn(
                    start=min(self.start, self.pieces[0].start),
                    end=self.pieces[-1].end,
                    body=self.pieces[0].start,
                    speaker=self.speaker,
                    speaker_span=self.span,
                    pieces=tuple(self.pieces),
                )
            )
        self.pieces = []

    def speak(self, start: int, name: str, span: tuple[int, int] | None) -> None:
        self.close()
        self.start, self.speaker, self.span = start, name, span

    def add(self, piece: Piece) -> None:
        if self.pieces and piece.since - self.pieces[-1].until > _PAUSE:
            self.speak(piece.start, self.speaker, self.span)
        if not self.pieces and not self.speaker:
            self.start = piece.start
        self.pieces.append(piece)


def _from_recorder(text: str, seen: str) -> tuple[Turn, ...]:
    """Return the turns of a recorder's lines. Who was named goes on until somebody else is."""
    maker = _Maker(text)
    heads = line_heads(seen)
    since, begun = 0.0, False
    ends: list[float] = []
    later = 0.0
    for head in reversed(heads):
        ends.append(later)
        later = head.since if head.since is not None else later
    for head, until in zip(heads, reversed(ends), strict=True):
        if head.since is not None:
            since, begun = head.since, True
        if head.name is not None:
            maker.speak(head.name[0], text[head.name[0] : head.name[1]], head.name)
        trimmed = _trim(seen, head.body, head.end)
        begun = begun or head.name is not None
        if trimmed is not None and (begun or _LABEL.match(seen, *trimmed)):
            _cue_line(maker, seen, trimmed, (since, max(until, since)))
    maker.close()
    return _with_roles(maker.made)


def _from_cues(text: str, seen: str) -> tuple[Turn, ...]:
    """Return the turns of subtitles. A speaker named in an earlier cue goes on until the next is named."""
    maker = _Maker(text)
    times: tuple[float, float] | None = None
    named = cue_names(seen, _first_lines(seen))
    for start, end in line_spans(seen):
        code = _CODE.fullmatch(seen, start, end)
        if code is not None:
            found = code.groups()
            times = (
                _seconds(found[0], found[1], found[2], found[3]),
                _seconds(found[4], found[5], found[6], found[7]),
            )
            continue
        trimmed = _trim(seen, start, end)
        if trimmed is None:
            times = None
            continue
        if times is not None and trimmed[0] in named:
            span = named[trimmed[0]]
            maker.speak(span[0], text[span[0] : span[1]], span)
        elif times is not None and not maker.is_shown(seen[slice(*trimmed)], times):
            _cue_line(maker, seen, trimmed, times)
    maker.close()
    return _with_roles(maker.made)


def _with_roles(made: list[Turn]) -> tuple[Turn, ...]:
    """Return the turns with who asks and who answers, where somebody asks."""
    if not any(role(turn.speaker, interview=False) == "question" for turn in made if turn.speaker):
        return tuple(made)
    return tuple(replace(turn, role=role(turn.speaker, interview=bool(turn.speaker))) for turn in made)


def _first_lines(seen: str) -> list[tuple[int, int]]:
    """Return the first line of every cue that has several."""
    spans = [_trim(seen, start, end) for start, end in line_spans(seen)]
    found = []
    for before, line, after in zip(spans, spans[1:], spans[2:], strict=False):
        if before and line and after and _CODE.fullmatch(seen, *before):
            found.append(line)
    return found


def _cue_line(maker: _Maker, seen: str, trimmed: tuple[int, int], times: tuple[float, float]) -> None:
    """Add the words of one line of a cue: without tags, sounds, change marks and labels."""
    start, end = trimmed
    voice = _VOICE.match(seen, start, end)
    if voice is not None:
        name = maker.text[voice.start(1) : voice.end(1)]
        if name != maker.speaker or not maker.pieces:
            maker.speak(start, name, voice.span(1))
        start = voice.end()
    change = _CHANGE.match(seen, start, end)
    if change is not None and change.end() < end:
        maker.speak(start, "", None)
        start = change.end()
    found = label(seen, start, end)
    if found is not None:
        maker.speak(start, maker.text[found.start : found.end], (found.start, found.end))
        start = min(found.body, end)
    at = start
    hidden = [m.span() for m in _MARKS.finditer(seen, start, end)] + [
        m.span() for m in _SOUND.finditer(seen, start, end)
    ]
    for first, last in [*sorted(hidden), (end, end)]:
        if first > at:
            piece = _trim(seen, at, first)
            if piece is not None:
                maker.add(Piece(piece[0], piece[1], *times))
        at = max(at, last)
