"""Which rows does a text with separators hold, where its quotation marks are not what they should be?

A mark that is missing swallows every row up to the next mark. Such a row is found out by the rows inside it, read by
itself, and told by its line; a mark that only stands within a cell stays a mark. Works on lines as they come: what is
held in memory is one row.
"""

from __future__ import annotations

import csv
import io
import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

#: All lines together are read so many times at most, or the marks make no sense at all.
_MOST_READINGS = 40
_ADDRESS = re.compile(r"\s*https?://")
DELIMITERS = ",;\t|"


class MarksMakeNoSense(ValueError):
    """So many quotation marks are missing that rows cannot be told."""


@dataclass(frozen=True, slots=True)
class CsvRow:
    """The cells of one row and the line it begins in, from 1.

    ``unclosed``: a mark is missing in it. Its cells are then as many as there are columns where they could be told.
    """

    line: int
    cells: list[Any]
    unclosed: bool = False


class _Source:
    """Lines that can be given back, and which of them the row at hand was read from."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._rest = iter(lines)
        self._back: deque[str] = deque()
        self.here: list[str] = []
        self.ended = False
        self.seen = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self._back:
            line = self._back.popleft()
        else:
            try:
                line = next(self._rest)
            except StopIteration:
                self.ended = True
                raise
            self.seen += 1
        self.here.append(line)
        return line

    def taken(self) -> list[str]:
        """Return the lines of the row that was read, and begin with the next."""
        here, self.here = self.here, []
        return here

    def give_back(self, lines: Sequence[str]) -> None:
        """Let these lines be read again."""
        self._back.extendleft(reversed(lines))


def lines_of(text: str) -> list[str]:
    """Return the lines with their ends, as tables count them: no other sign than CR and LF ends one."""
    return list(io.StringIO(text, newline=""))


def rows_of(lines: Iterable[str], delimiter: str, *, begin: int, width: int) -> Iterator[CsvRow]:
    """Yield the rows of the lines, the first of which is number ``begin`` + 1; the table has ``width`` columns.

    Raises MarksMakeNoSense.
    """
    source = _Source(lines)
    reader = csv.reader(source, delimiter=delimiter, strict=False)
    at, again = begin, 0
    while True:
        try:
            cells = next(reader, None)
        except csv.Error:
            # A cell longer than any article: its mark has no other one.
            here = source.taken()
            reader = csv.reader(source, delimiter=delimiter, strict=False)
            cells, swallows = [], True
        else:
            if cells is None:
                return
            here = source.taken()
            swallows = any('"' in line for line in here) and _swallows(
                here, delimiter, width, ended=source.ended
            )
        if swallows:
            source.give_back(here[1:])
            again += len(here) - 1
            at += 1
            yield CsvRow(at, _split(here[0], delimiter, width), unclosed=True)
            if again > _MOST_READINGS * max(source.seen, 1_000):
                raise MarksMakeNoSense
            continue
        first, at = at + 1, at + len(here)
        if '"' in here[0] and not _is_sound(here, delimiter):
            mended = _with_marks_inside("".join(here), delimiter)
            if len(mended) != width and "\\" in here[0]:
                mended = _with_marks_inside("".join(here), delimiter, escaped=r"\\.|")
            cells = mended if len(mended) == width else cells
        yield CsvRow(first, cells)


def _swallows(lines: Sequence[str], delimiter: str, width: int, *, ended: bool) -> bool:
    """Return whether a mark without its other one made one row of several lines, or of the rest of the table."""
    if ended and not _is_closed(lines, delimiter):
        return True
    if len(lines) < 2:
        return False
    # Whole by itself, its address behind the mark: what the mark opened ends in this line.
    opened = _opened(lines[0], delimiter)
    plain = _plain(lines[0], delimiter)
    if len(plain) == width and any(map(_ADDRESS.match, plain[opened:])):
        return True
    return any(_is_row(line, delimiter, width) for line in lines[1:])


def _opened(line: str, delimiter: str) -> int:
    """Return how many cells a line has with the one that its last mark opened."""
    return len(next(csv.reader([line], delimiter=delimiter)))


def _is_closed(lines: Sequence[str], delimiter: str) -> bool:
    """Return whether the row ends where the last line does, and not in the middle of a cell."""
    reader = csv.reader([*lines, "behind it"], delimiter=delimiter, strict=False)
    next(reader, None)
    return reader.line_num == len(lines)


def _is_row(line: str, delimiter: str, width: int) -> bool:
    """Return whether one line has all columns by itself, its marks in pairs, and an address among them."""
    if line.count('"') % 2 or line.count(delimiter) < width - 1 or not _is_sound([line], delimiter):
        return False
    cells = _with_marks_inside(line, delimiter)
    return len(cells) == width and any(map(_ADDRESS.match, cells))


def _is_sound(lines: Sequence[str], delimiter: str) -> bool:
    try:
        next(csv.reader(lines, delimiter=delimiter, strict=True), None)
    except csv.Error:
        return False
    return True


def _split(line: str, delimiter: str, width: int) -> list[str]:
    """Return the cells of a line that lacks a mark.

    Where they are too many, those in front of the mark and the last ones are told, if there is an address among
    these; what stands between is the cell that the mark opened.
    """
    plain = _plain(line, delimiter)
    before = _opened(line, delimiter) - 1
    behind = width - before - 1
    last = plain[len(plain) - behind :] if behind > 0 else []
    if len(plain) <= width or not any(map(_ADDRESS.match, last)):
        return plain
    first = next(csv.reader([line], delimiter=delimiter))[:before]
    cell = line.rstrip("\r\n").split(delimiter)[
        len(plain) - behind - (len(plain) - width) - 1 : len(plain) - behind
    ]
    return [*first, delimiter.join(cell).strip().strip('"').replace('""', '"'), *last]


def _plain(line: str, delimiter: str) -> list[str]:
    """Return what stands between the separators of a line whose marks cannot be trusted."""
    return [cell.strip().strip('"').replace('""', '"') for cell in line.rstrip("\r\n").split(delimiter)]


def _with_marks_inside(text: str, delimiter: str, *, escaped: str = "") -> list[str]:
    """Return the cells where a mark ends one only before a separator or at the end: ``"The "old" lake",False``.

    ``escaped`` is the pattern of a mark that ends none even there.
    """
    sign = re.escape(delimiter)
    cell = re.compile(
        rf'[^\S\t\r\n]*"((?:{escaped}[^"]|"(?![^\S\t]*(?:{sign}|\s*\Z)))*+)"[^\S\t]*|([^{sign}]*)', re.DOTALL
    )
    text = text.rstrip("\r\n")
    found: list[str] = []
    at = 0
    while True:
        match = cell.match(text, at)
        assert match is not None  # the second way takes an empty cell
        quoted = match[1]
        found.append(match[2] if quoted is None else quoted.replace('\\"', '"').replace('""', '"'))
        at = match.end()
        if at < len(text) and text[at] != delimiter:
            # Behind a cell in marks stands something else: it belongs to the cell.
            end = text.find(delimiter, at)
            end = len(text) if end < 0 else end
            found[-1] += text[at:end]
            at = end
        if at >= len(text):
            return found
        at += 1
