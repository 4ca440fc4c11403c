"""Which documents does a CSV or JSON file hold? Several rows, several documents.

Columns are known by name, in any order and letter case: one of ``text`` (or body, content, article), and what
is there of ``title`` (headline), ``url`` (link), ``published`` (date, published_at, publish_date), ``outlet``
(source, site, publisher), ``author`` (byline), ``language`` (lang). Other columns are kept beside the document; one
of a last change is never the day of publication. Refuses a file without a text column; a bad row is left out and
said so.
"""

from __future__ import annotations

import csv
import itertools
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from claims.intake.csv_rows import DELIMITERS, CsvRow, MarksMakeNoSense, lines_of, rows_of
from claims.intake.decode import clean
from claims.intake.loose_json import loose_or_none
from claims.intake.partial import day_written, parse_partial
from claims.intake.plain import require_text
from claims.intake.shown_day import address_sign, read_stamp, seen_day
from claims.intake.types import BYTES_LIMIT, Extracted, IntakeError, Item, PublishedSource, Skipped, Upload
from claims.net.addresses import canonical_url
from claims.spoken import gettext as _

_NAMES = {
    "text": ("text", "body", "content", "article", "fulltext", "articlebody"),
    "title": ("title", "headline"),
    "url": ("url", "link", "address", "uri"),
    "published": (
        "published", "publishdate", "publisheddate", "datepublished", "publishedat", "publishedon", "pubdate",
        "publicationdate", "publicationday", "publicationtime", "publishtime", "publishedtime", "dateofpublication",
        "firstpublished", "firstpublishedat", "releasedate", "dateposted", "postedat", "postdate", "posted",
        "articledate", "storydate", "newsdate", "issuedate", "issued", "date", "datetime", "timestamp",
    ),
    "outlet": ("outlet", "source", "site", "publisher", "sitename", "media"),
    "author": ("author", "authors", "byline"),
    "language": ("language", "lang"),
}  # fmt: skip
_FIELD_OF = {name: field for field, names in _NAMES.items() for name in names}
_MOST_ROWS = 10_000
_MOST_COLUMNS = 200
#: So many lines are looked at for the names of columns.
_BEFORE = 10


def read_csv(source: str, *, today: date | None = None) -> Upload:
    """Read a table with a header line; comma, semicolon, tab or bar between columns.

    Raises IntakeError ``no_items`` where no column holds text, or ``broken``.
    """
    # A cell may hold a whole document, which is more than the module's default allows.
    csv.field_size_limit(max(csv.field_size_limit(), len(source) + 1))
    lines = lines_of(source)
    try:
        header, delimiter, at = _header(lines[:_BEFORE])
        rows = list(_limited(rows_of(lines[at:], delimiter, begin=at, width=len(header))))
    except (csv.Error, MarksMakeNoSense):
        raise IntakeError(
            "broken", _("The table cannot be read. Save it again as CSV with commas and quotation marks.")
        ) from None
    return _uploaded(
        [_row_of(header, row, today) for row in rows if any(c.strip() for c in row.cells)], "csv"
    )


def read_csv_stream(lines: Iterable[str], *, today: date | None = None) -> Iterator[Item | Skipped]:
    """Yield the documents of a table of any length, row by row; ``lines`` keep their line ends.

    Raises IntakeError ``no_items`` where no column holds text.
    """
    rest = iter(lines)
    first = list(itertools.islice(rest, _BEFORE))
    csv.field_size_limit(max(csv.field_size_limit(), BYTES_LIMIT))
    header, delimiter, at = _header(first)
    try:
        for row in rows_of(itertools.chain(first[at:], rest), delimiter, begin=at, width=len(header)):
            if any(cell.strip() for cell in row.cells):
                yield _row_of(header, row, today)
    except MarksMakeNoSense as error:
        raise csv.Error from error


def _header(lines: Sequence[str]) -> tuple[list[str], str, int]:
    """Return the names of columns, what stands between them, and how many lines there are up to them.

    A title, a day of export and what a spreadsheet tells of its separator may stand above them.
    """
    first: list[str] = []
    for at, line in enumerate(lines):
        line = line.lstrip("\ufeff")
        delimiter = max(DELIMITERS, key=line.count)
        if line.count(delimiter) >= _MOST_COLUMNS:
            raise IntakeError(
                "broken",
                _("The table has %(n)s columns; it may use another separator.")
                % {"n": line.count(delimiter) + 1},
            )
        names = next(csv.reader([line], delimiter=delimiter), [])
        if any(_field(name) == "text" for name in names):
            return names, delimiter, at + 1
        first = first or names
    raise _no_text(first)


def _row_of(header: Sequence[str], row: CsvRow, today: date | None) -> Item | Skipped:
    place = f"row {row.line}"
    if row.unclosed and len(row.cells) != len(header):
        said = _("A quotation mark is missing in line %(n)d, so that its columns cannot be told.") % {
            "n": row.line
        }
        return Skipped(place, "broken", said)
    try:
        item = _item(
            dict(zip(header, row.cells, strict=False)), "csv", place, today or datetime.now(UTC).date()
        )
    except IntakeError as error:
        return Skipped(place, error.code, error.sentence)
    if not row.unclosed:
        return item
    note = f"A quotation mark is missing in line {row.line} of the file; it was read without it."
    return replace(item, extracted=replace(item.extracted, notes=(*item.extracted.notes, note)))


def read_json(source: str, *, today: date | None = None) -> Upload:
    """Read one object, a list of objects, an object with one such list, or one object per line (JSONL)."""
    try:
        data: Any = json.loads(source)
    except RecursionError:
        raise IntakeError(
            "broken", _("The JSON is nested too deeply. Save a flat list of objects.")
        ) from None
    except ValueError as error:
        data = _lines(source) or _loose(source)
        if data is None:
            where = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
            raise IntakeError(
                "broken", _("The file is not valid JSON%(where)s. Save it again.") % {"where": where}
            ) from None
    rows = _rows(data)
    if not rows or not any(_field(k) == "text" for row in rows for k in row):
        raise _no_text([k for row in rows[:1] for k in row])
    return _upload(rows, "json", "item", 1, today)


def _limited(rows: Iterable[CsvRow]) -> Iterable[CsvRow]:
    for n, row in enumerate(rows):
        if n >= _MOST_ROWS:
            raise IntakeError(
                "too_large",
                _(
                    "The table has more than %(most_rows)s rows. Use the ingest command for archives, or add "
                    "it in parts."
                )
                % {"most_rows": f"{_MOST_ROWS:,}"},
            )
        yield row


def _loose(source: str) -> Any:
    """Return what is written in a program's own notation, such as single quotes; None where it is not."""
    found = loose_or_none(source) or None
    return found[0] if found and len(found) == 1 and source.lstrip()[:1] == "{" else found


def _lines(source: str) -> list[Any] | None:
    lines = [line for line in source.splitlines() if line.strip()]
    if len(lines) < 2:
        return None
    try:
        return [json.loads(line) for line in lines[: _MOST_ROWS + 1]]
    except (ValueError, RecursionError):
        return None


def _rows(data: Any) -> list[Mapping[str, Any]]:
    if isinstance(data, Mapping):
        data = _unwrapped(data)
        if _holds_text(data):
            return [data]
        lists = [value for value in data.values() if isinstance(value, list) and value]
        data = lists[0] if len(lists) == 1 else []
    if not isinstance(data, list):
        return []
    if len(data) > _MOST_ROWS:
        raise IntakeError(
            "too_large",
            _("The file has more than %(most_rows)s items. Add it in parts.")
            % {"most_rows": f"{_MOST_ROWS:,}"},
        )
    return [_unwrapped(row) if isinstance(row, Mapping) else {} for row in data]


def _holds_text(row: Mapping[str, Any]) -> bool:
    return any(_field(key) == "text" and not isinstance(value, Mapping) for key, value in row.items())


def _unwrapped(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a row whose document lies in an object of its own (``_source``, ``article``) with its fields in reach."""
    if _holds_text(row):
        return row
    inner = [value for value in row.values() if isinstance(value, Mapping) and _holds_text(value)]
    if len(inner) != 1:
        return row
    return {**{key: value for key, value in row.items() if value is not inner[0]}, **inner[0]}


def _field(name: Any) -> str:
    return _FIELD_OF.get(re.sub(r"[\W_]", "", str(name)).casefold(), "")


def _upload(rows: list[Any], source: str, word: str, first: int, today: date | None) -> Upload:
    made: list[Item | Skipped] = []
    for number, row in enumerate(rows, start=first):
        place = f"{word} {number}"
        try:
            made.append(_item(row, source, place, today or datetime.now(UTC).date()))
        except IntakeError as error:
            made.append(Skipped(place, error.code, error.sentence))
    return _uploaded(made, source)


def _uploaded(made: Sequence[Item | Skipped], source: str) -> Upload:
    items = tuple(one for one in made if isinstance(one, Item))
    skipped = tuple(one for one in made if isinstance(one, Skipped))
    if not items:
        why = f" {skipped[0].place}: {skipped[0].sentence}" if skipped else ""
        raise IntakeError(
            "no_items", _("The file holds no document that can be added.%(why)s") % {"why": why}
        )
    return Upload(items, skipped, f"text/{source}" if source == "csv" else "application/json")


def _item(row: Mapping[str, Any], source: str, place: str, today: date) -> Item:
    known: dict[str, str] = {}
    extra: dict[str, str] = {}
    for key, value in row.items():
        field = _field(key)
        text = _string(value)
        if field and field not in known:
            known[field] = text
        elif text:
            extra[clean(str(key))] = text
    text = known.get("text", "")
    require_text(text)
    notes: list[str] = []
    published, evidence = "", f"{place} of the file"
    url = known.get("url", "").strip()
    if value := known.get("published", "").strip():
        stamp = read_stamp(value)
        day, told = seen_day(stamp, address_sign(url)) if stamp is not None else (None, "")
        if told and day is not None:
            value, evidence = day.isoformat(), f"{evidence}, in UTC; the day is that of {told}"
        try:
            published = parse_partial(day_written(value), today=today).value
        except IntakeError as error:
            notes.append(error.sentence)
    if url:
        try:
            url = canonical_url(url)
        except ValueError:
            notes.append(f"“{url}” is not a web address and was left out.")
            url = ""
    return Item(
        extracted=Extracted(
            text=text,
            title=" ".join(known.get("title", "").split()),
            authors=tuple(a.strip() for a in known.get("author", "").split(";") if a.strip()),
            site=known.get("outlet", "").strip(),
            language=known.get("language", "").strip().lower().replace("_", "-").partition("-")[0],
            published=published,
            published_source=PublishedSource.FILE if published else PublishedSource.UNKNOWN,
            published_evidence=evidence if published else "",
            canonical_url=url,
            notes=tuple(notes),
            extractor=f"{source}/1",
        ),
        source=source,
        url=url,
        outlet=known.get("outlet", "").strip(),
        place=place,
        extra=extra,
    )


def _string(value: Any) -> str:
    if isinstance(value, str):
        return clean(value)
    if value is None:
        return ""
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return clean("; ".join(value))
    return clean(json.dumps(value, ensure_ascii=False))


def _no_text(names: Iterable[Any]) -> IntakeError:
    seen = ", ".join(str(name) for name in names if str(name).strip())[:200]
    return IntakeError(
        "no_items",
        "No column is named “text”, so it is unclear what the documents are. Name one column text; title,"
        " url,"
        f" published and outlet are read as well.{' Found: ' + seen + '.' if seen else ''}",
    )
