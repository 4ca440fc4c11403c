"""Lists of the desk as CSV for a spreadsheet: what it would run as a formula is guarded, lines come one by one.

Times are in UTC, texts as they are. The first line names the columns.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from claims.exports.csvfile import guard

CONTENT_TYPE = "text/csv; charset=utf-8"


class _Line:
    """A file of one line, for a writer of CSV."""

    def write(self, value: str) -> str:
        return value


def lines(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield the line of the columns, then one for each row; what a row does not have is empty."""
    writer = csv.writer(_Line())
    yield writer.writerow(columns)
    for row in rows:
        yield writer.writerow([_cell(row.get(name)) for name in columns])


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    return guard(value) if isinstance(value, str) else value
