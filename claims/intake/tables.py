"""Which documents does a CSV or JSON file hold? Several rows, several documents.

Columns are known by name, in any order and letter case: one of ``text`` (or body, content, article), and what
is there of ``title`` (headline), ``url`` (link), ``published`` (date, published_at, publish_date), ``outlet``
(source, site, publisher), ``author`` (byline), ``language`` (lang). Other columns are kept beside the document; one
of a last change is never the day of publication. Refuses a file without a text column; a bad row is left out and
said so.
"""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

from claims.intake.decode import clean
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


def read_csv(source: str, *, today: date | None = None) -> Upload:
    """Read a table with a header line; comma, semicolon, tab or bar between columns.

    Raises IntakeError ``no_items`` where no column holds text, or ``broken``.
    """
    head = source[:20_000].partition("\n")[0]
    delimiter = max(",;\t|", key=head.count)
    # A cell may hold a whole document, which is more than the module's default allows.
    csv.field_size_limit(max(csv.field_size_limit(), len(source) + 1))
    reader = csv.reader(io.StringIO(source, newline=""), delimiter=delimiter, strict=False)
    try:
        header = next(reader, [])
        if len(header) > _MOST_COLUMNS:
            raise IntakeError(
                "broken", _("The table has %(n)s columns; it may use another separator.") % {"n": len(header)}
            )
        rows = [
            dict(zip(header, row, strict=False)) for row in _limited(reader) if any(c.strip() for c in row)
        ]
    except csv.Error:
        raise IntakeError(
            "broken", _("The table cannot be read. Save it again as CSV with commas and quotation marks.")
        ) from None
    if not any(_field(name) == "text" for name in header):
        raise _no_text(header)
    return _upload(rows, "csv", "row", 2, today)


def read_csv_stream(lines: Iterable[str], *, today: date | None = None) -> Iterator[Item | Skipped]:
    """Yield the documents of a table of any length, row by row; ``lines`` keep their line ends.

    Raises IntakeError ``no_items`` where no column holds text.
    """
    rest = iter(lines)
    first = next(rest, "").lstrip("\ufeff")
    delimiter = max(",;\t|", key=first.count)
    csv.field_size_limit(max(csv.field_size_limit(), BYTES_LIMIT))
    reader = csv.reader(itertools.chain([first], rest), delimiter=delimiter, strict=False)
    header = next(reader, [])
    if len(header) > _MOST_COLUMNS:
        raise IntakeError(
            "broken", _("The table has %(n)s columns; it may use another separator.") % {"n": len(header)}
        )
    if not any(_field(name) == "text" for name in header):
        raise _no_text(header)
    for number, row in enumerate(reader, start=2):
        if any(cell.strip() for cell in row):
            place = f"row {number}"
            try:
                yield _item(
                    dict(zip(header, row, strict=False)), "csv", place, today or datetime.now(UTC).date()
                )
            except IntakeError as error:
                yield Skipped(place, error.code, error.sentence)


def read_json(source: str, *, today: date | None = None) -> Upload:
    """Read one object, a list of objects, an object with one such list, or one object per line (JSONL)."""
    try:
        data: Any = json.loads(source)
    except RecursionError:
        raise IntakeError(
            "broken", _("The JSON is nested too deeply. Save a flat list of objects.")
        ) from None
    except ValueError as error:
        data = _lines(source)
        if data is None:
            where = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
            raise IntakeError(
                "broken", _("The file is not valid JSON%(where)s. Save it again.") % {"where": where}
            ) from None
    rows = _rows(data)
    if not rows or not any(_field(k) == "text" for row in rows for k in row):
        raise _no_text([k for row in rows[:1] for k in row])
    return _upload(rows, "json", "item", 1, today)


def _limited(reader: Iterable[list[str]]) -> Iterable[list[str]]:
    for n, row in enumerate(reader):
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
        if any(_field(key) == "text" for key in data):
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
    return [row if isinstance(row, Mapping) else {} for row in data]


def _field(name: Any) -> str:
    return _FIELD_OF.get(re.sub(r"[\W_]", "", str(name)).casefold(), "")


def _upload(rows: list[Any], source: str, word: str, first: int, today: date | None) -> Upload:
    items: list[Item] = []
    skipped: list[Skipped] = []
    for number, row in enumerate(rows, start=first):
        place = f"{word} {number}"
        try:
            items.append(_item(row, source, place, today or datetime.now(UTC).date()))
        except IntakeError as error:
            skipped.append(Skipped(place, error.code, error.sentence))
    if not items:
        why = f" {skipped[0].place}: {skipped[0].sentence}" if skipped else ""
        raise IntakeError(
            "no_items", _("The file holds no document that can be added.%(why)s") % {"why": why}
        )
    return Upload(tuple(items), tuple(skipped), f"text/{source}" if source == "csv" else "application/json")


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
