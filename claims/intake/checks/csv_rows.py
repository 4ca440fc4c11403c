"""Which rows does a text with separators hold, where its quotation marks are not what they should be?

A mark that is missing swallows every row up to the next mark. Such a row is found out by the rows inside it, read by
itself, and told by its line; a mark that only stands within a cell stays a mark.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

#: All lines together are read so many times at most, or the marks make no sense at all.
_MOST_READINGS = 40
_ADDRESS = re.compile(r"\s*https?://")


class MarksMakeNoSense(ValueError):
    """So many quotation marks are missing that rows cannot be told."""


@dataclass(frozen=True, slots=True)
class CsvRow:
    """The cells of one row and the line it begins in, from 1.

    ``unclosed``: a mark is missing in it. Its cells are then those between the separators, right where they are as
    many as there are columns.
    """

    line: int
    cells: list[Any]
    unclosed: bool = False


def lines_of(text: str) -> list[str]:
    """Return the lines with their ends, as tables count them: no other sign than CR and LF ends one."""
    return list(io.StringIO(text, newline=""))


def rows_of(lines: Sequence[str], delimiter: str, *, begin: int, width: int) -> Iterator[CsvRow]:
    """Yield the rows from line ``begin`` (from 0) on; ``width`` is how many columns the table has.

    Raises MarksMakeNoSense, csv.Error.
    """
    at, read = begin, 0
    while at < len(lines):
        first = at
        reader = csv.reader((lines[n] for n in range(first, len(lines))), delimiter=delimiter, strict=False)
        for cells in reader:
            end = first + reader.line_num
            here = lines[at:end]
            if not any('"' in line for line in here):
                yield CsvRow(at + 1, cells)
            elif _swallows(here, delimiter, width):
                yield CsvRow(at + 1, _plain(here[0], delimiter), unclosed=True)
                read += len(here)
                end = at + 1
            elif _is_sound(here, delimiter):
                yield CsvRow(at + 1, cells)
            else:
                mended = _with_marks_inside("".join(here), delimiter)
                yield CsvRow(at + 1, mended if len(mended) == width else cells)
            at = end
            if len(here) > 1 and end < first + reader.line_num:
                break
        if read > _MOST_READINGS * max(len(lines), 1_000):
            raise MarksMakeNoSense


def _swallows(lines: Sequence[str], delimiter: str, width: int) -> bool:
    """Return whether a mark without its other one made one row of several lines, or of the rest of the table."""
    if not _is_closed(lines, delimiter):
        return True
    if len(lines) > 1:
        # Whole by itself, its address behind the mark: what the mark opened ends in this line.
        plain, opened = _plain(lines[0], delimiter), len(next(csv.reader(lines[:1], delimiter=delimiter)))
        if len(plain) == width and any(map(_ADDRESS.match, plain[opened:])):
            return True
    return any(_is_row(line, delimiter, width) for line in lines[1:])


def _is_closed(lines: Sequence[str], delimiter: str) -> bool:
    """Return whether the row ends where the last line does, and not in the middle of a cell."""
    reader = csv.reader([*lines, "behind it"], delimiter=delimiter, strict=False)
    next(reader, None)
    return reader.line_num == len(lines)


def _is_row(line: str, delimiter: str, width: int) -> bool:
    """Return whether one line has all columns by itself, its marks in pairs, and an address among them."""
    if line.count('"') % 2 or not _is_sound([line], delimiter):
        return False
    cells = _with_marks_inside(line, delimiter)
    return len(cells) == width and any(map(_ADDRESS.match, cells))


def _is_sound(lines: Sequence[str], delimiter: str) -> bool:
    try:
        next(csv.reader(lines, delimiter=delimiter, strict=True), None)
    except csv.Error:
        return False
    return True


def _plain(line: str, delimiter: str) -> list[str]:
    """Return what stands between the separators of a line whose marks cannot be trusted."""
    return [cell.strip().strip('"').replace('""', '"') for cell in line.rstrip("\r\n").split(delimiter)]


def _with_marks_inside(text: str, delimiter: str) -> list[str]:
    """Return the cells where a mark ends one only before a separator or at the end: ``"The "old" lake",False``."""
    sign = re.escape(delimiter)
    cell = re.compile(
        rf'[^\S\t\r\n]*"((?:[^"]|"(?![^\S\t]*(?:{sign}|\s*\Z)))*+)"[^\S\t]*|([^{sign}]*)', re.DOTALL
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
        if at >= len(text):
            return found
        if text[at] != delimiter:
            # Behind a cell in marks stands something else: it belongs to the cell.
            end = text.find(delimiter, at)
            end = len(text) if end < 0 else end
            found[-1] += text[at:end]
            at = end
            if at >= len(text):
                return found
        at += 1
