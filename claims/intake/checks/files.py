"""What is in a file or answer that should hold fact checks? Its shape is told by its bytes, then by its name.

Reads DataFeed, ClaimReview in any nesting, ``@graph``, Google's API, JSON Feed, RSS and Atom, lines of JSON,
tables, web pages, and any of these packed. Nothing is passed over silently.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from html import unescape
from pathlib import PurePosixPath
from typing import Any

from claims.exports.import_answers import google_error, is_google_answer, is_json_feed, of_google, of_item
from claims.exports.imports import Imported, ImportRefused, PassedOver, ReadElement, read_feed
from claims.exports.loose_values import as_list, kinds_of, text_of, url_of
from claims.intake.checks.packed import PackedFile, members
from claims.intake.checks.pages import feeds_of, is_page, read_page
from claims.intake.checks.tables import read_rows, read_table
from claims.intake.checks.types import CheckFile, PageLink, UnknownColumns
from claims.intake.decode import decode, refuse_binary
from claims.intake.feed import is_feed
from claims.intake.feed import read_feed as read_articles
from claims.intake.loose_json import loose_or_none, objects_in_a_row
from claims.intake.types import IntakeError
from claims.spoken import gettext as _

#: How much a packed file may have unpacked, in bytes, unless the caller says otherwise.
UNPACKED = 200 * 1024 * 1024
#: The pages that a sitemap names, without their pictures.
_LISTED = re.compile(r"<(?!image:)(?:\w+:)?loc>\s*(https?://[^\s<]+)\s*</")
_PAGES = (".html", ".htm", ".xhtml")
_NOTATION = "The JSON is written in a program's own notation, such as single quotes; it was read by that."
_TABLES = (".csv", ".tsv", ".tab")


def read_files(
    name: str, data: bytes, *, limit: int = UNPACKED, **options: Any
) -> Iterator[tuple[str, CheckFile | IntakeError]]:
    """Yield what each file of a packed one holds, or the sentence why it cannot be read.

    ``options`` are those of ``read_checks``. Raises IntakeError where the packed file itself is damaged.
    """
    for member in members(name, data, limit=limit):
        yield member.name, _one(member, options)


def _one(member: PackedFile, options: Mapping[str, Any]) -> CheckFile | IntakeError:
    if member.error:
        return IntakeError("broken", member.error)
    try:
        return read_checks(member.name, member.data, **options)
    except IntakeError as error:
        return error


def read_checks(
    name: str,
    data: bytes,
    *,
    content_type: str = "",
    charset: str = "",
    url: str = "",
    columns: Mapping[str, str] | None = None,
    **when: Any,
) -> CheckFile:
    """Read one file that is not packed; ``name`` and ``content_type`` are only hints, ``url`` where it was fetched.

    ``columns`` names a table's columns by field. Raises IntakeError, in its form UnknownColumns where a person
    needs to name the columns.
    """
    if not data.strip():
        raise IntakeError("empty", _("The file is empty."))
    suffix = PurePosixPath(name.replace("\\", "/")).suffix.lower()
    text = _called(decode(data, charset).text.lstrip("\ufeff"))
    head = re.sub(r"\A(?:\s|\x1e|//[^\n]*(?=\n)|/\*.{0,2000}?\*/)+", "", text[:10_000], flags=re.DOTALL)[:1]
    if head in ("{", "[") and suffix not in _TABLES:
        return _json(text, columns, url, when)
    if is_page(text) or suffix in _PAGES or content_type in ("text/html", "application/xhtml+xml"):
        return _page(data, url, charset, when)
    if is_feed(data):
        return _articles(data, content_type, url)
    if listed := _LISTED.findall(text) if head == "<" and "<urlset" in text[:2_000] else []:
        return CheckFile("sitemap", (), tuple(PageLink(unescape(one)) for one in listed))
    refuse_binary(text)
    if head == "<":
        raise IntakeError(
            "wrong_type",
            _("This is XML, but neither a web page nor a feed. Fact checks are not read from it."),
        )
    if suffix in (".json", ".jsonl", ".ndjson") or content_type.endswith("json"):
        raise IntakeError(
            "broken",
            _("This is no JSON: it begins with “%(strip)s”. Save it again.") % {"strip": text.strip()[:20]},
        )
    return read_table(text, columns=columns, **when)


def _called(text: str) -> str:
    """Return what stands in the brackets of a script that only hands over data (JSONP); other texts as they are."""
    begin = re.match(r"\s*(?:/\*.{0,40}?\*/\s*)?[A-Za-z_$][\w$.]{0,100}\s*\(\s*(?=[\[{])", text)
    end = re.search(r"\)\s*;?\s*\Z", text[-200:])
    return text[begin.end() : len(text) - len(end[0])] if begin and end else text


def _page(data: bytes, url: str, charset: str, when: Mapping[str, Any]) -> CheckFile:
    found = read_page(data, url=url, charset=charset, **when)
    if any(isinstance(one, Imported) for one in found):
        return CheckFile("page", found)
    feeds = feeds_of(data, url=url, charset=charset)
    told = (f"The page holds no fact check but links a feed: {', '.join(feeds[:3])}",) if feeds else ()
    return CheckFile("page", found, notes=told)


def _json(text: str, columns: Mapping[str, str] | None, url: str, when: Mapping[str, Any]) -> CheckFile:
    try:
        data: Any = json.loads(text, strict=False)
    except RecursionError:
        raise IntakeError("broken", _("The JSON is nested too deeply to be read.")) from None
    except ValueError as error:
        lines = _lines(text)
        if lines is None and (several := _several(text)):
            return _of_data(several, columns, url, when)
        if lines is None and (loose := loose_or_none(text)):
            read = _of_data(loose[0] if len(loose) == 1 else loose, columns, url, when)
            return replace(read, notes=(*read.notes, _NOTATION))
        lines = lines or _lines(text, loose=True)
        if lines is None:
            where = (
                f" (line {error.lineno}, column {error.colno})"
                if isinstance(error, json.JSONDecodeError)
                else ""
            )
            raise IntakeError(
                "broken", _("This is no JSON%(where)s: it may be cut off. Save it again.") % {"where": where}
            ) from None
        return _of_lines(lines, columns, when)
    try:
        return _of_data(data, columns, url, when)
    except RecursionError:
        raise IntakeError("broken", _("The JSON is nested too deeply to be read.")) from None


def _several(text: str) -> list[Any]:
    """Return JSON values that follow each other without a line of their own each; none where they are none."""
    try:
        return objects_in_a_row(text)
    except (ValueError, RecursionError):
        return []


def _of_data(data: Any, columns: Mapping[str, str] | None, url: str, when: Mapping[str, Any]) -> CheckFile:
    if problem := google_error(data):
        raise IntakeError("no_items", problem)
    if is_json_feed(data):
        return _json_feed(data, when)
    answers = data if isinstance(data, list) else [data]
    if answers and all(
        isinstance(one, Mapping) and isinstance(one.get("claimReview"), list) for one in answers
    ):
        # The claims of an answer, saved without what stood around them.
        answers = [{"claims": answers}]
    if answers and all(is_google_answer(one) for one in answers):
        # Saved pages of one search may stand in a list.
        reviews = [review for one in answers for review in of_google(one)]
        token = text_of(answers[-1].get("nextPageToken"))
        return CheckFile("Google's API", tuple(read_feed(reviews, **when)), next_token=token)
    found = tuple(read_feed(data, **when))
    rows = _flat_rows(data)
    if rows and all(isinstance(one, PassedOver) for one in found):
        try:
            return read_rows(rows, columns=columns, **when)
        except UnknownColumns:
            if columns or _looks_like_rows(rows):
                raise
    shape = "DataFeed" if isinstance(data, Mapping) and "dataFeedElement" in data else "ClaimReview"
    return CheckFile(shape, found)


def _flat_rows(data: Any) -> list[Mapping[str, Any]]:
    """Return plain objects without a type, as programs write rows; none where anything else is among them."""
    if isinstance(data, Mapping):
        lists = [value for value in data.values() if isinstance(value, list) and value]
        data = lists[0] if len(lists) == 1 else [data]
    if not isinstance(data, list) or not data:
        return []
    rows = [row for row in data if isinstance(row, Mapping) and not kinds_of(row)]
    return rows if len(rows) == len(data) else []


def _looks_like_rows(rows: list[Mapping[str, Any]]) -> bool:
    return all(
        len(row) > 1 and not any(isinstance(v, list | Mapping) for v in row.values()) for row in rows[:20]
    )


def _json_feed(feed: Mapping[str, Any], when: Mapping[str, Any]) -> CheckFile:
    found: list[ReadElement] = []
    links: list[PageLink] = []
    for place, item in enumerate(as_list(feed.get("items")), start=1):
        if not isinstance(item, Mapping):
            found.append(PassedOver(place, "item of the feed that is no object"))
            continue
        reviews = of_item(item, feed)
        if reviews:
            found += [replace(one, place=place) if isinstance(one, PassedOver | ImportRefused) else one
                      for one in read_feed(reviews, **when)]  # fmt: skip
            continue
        address = url_of(item.get("url")) or url_of(item.get("external_url")) or url_of(item.get("id"))
        if address:
            links.append(PageLink(address, text_of(item.get("title"))[:300]))
        else:
            found.append(PassedOver(place, "item of the feed without a ClaimReview and without an address"))
    return CheckFile("JSON Feed", tuple(found), tuple(links), next_url=url_of(feed.get("next_url")))


def _articles(data: bytes, content_type: str, url: str) -> CheckFile:
    feed = read_articles(data, content_type=content_type, url=url)
    links = [PageLink(item.url, item.extracted.title[:300]) for item in feed.items if item.url]
    without = [
        PassedOver(n, "entry of the feed without an address")
        for n, i in enumerate(feed.items, 1)
        if not i.url
    ]
    return CheckFile("feed", tuple(without), tuple(links))


def _lines(text: str, *, loose: bool = False) -> list[tuple[int, str]] | None:
    """Return the lines of a file of JSON lines; None where this is one broken object and no such file.

    ``loose`` counts lines in a program's own notation as well.
    """
    lines = [(n, line) for n, line in enumerate(text.split("\n"), start=1) if line.strip()]
    whole = 0
    for _number, line in lines[:200]:
        try:
            whole += isinstance(json.loads(line, strict=False), list | Mapping)
        except (ValueError, RecursionError):
            whole += loose and isinstance(next(iter(loose_or_none(line)), None), list | Mapping)
    return lines if len(lines) > 1 and whole else None


def _of_lines(
    lines: list[tuple[int, str]], columns: Mapping[str, str] | None, when: Mapping[str, Any]
) -> CheckFile:
    found: list[ReadElement] = []
    rows: list[Mapping[str, Any]] = []
    parsed: list[tuple[int, Any]] = []
    for number, line in lines:
        line = line.strip().lstrip("\x1e")
        try:
            parsed.append((number, json.loads(line, strict=False)))
        except (ValueError, RecursionError):
            if loose := loose_or_none(line):
                parsed += ((number, one) for one in loose)
                continue
            found.append(ImportRefused(number, f"line {number} is no JSON; it may be cut off", None))
    rows = [row for _n, row in parsed if isinstance(row, Mapping) and not kinds_of(row)]
    if rows and len(rows) == len(parsed):
        reviews = [one for row in rows for one in read_feed(row, **when)]
        if all(isinstance(one, PassedOver) for one in reviews) and not any(
            is_google_answer(row) for row in rows
        ):
            table = read_rows(rows, columns=columns, **when)
            return replace(table, shape="JSON lines", found=(*table.found, *found))
    for number, value in parsed:
        try:
            inner = _of_data(value, columns, "", when)
        except IntakeError as error:
            found.append(ImportRefused(number, f"line {number}: {error.sentence}", value))
            continue
        found += [replace(one, place=number) if isinstance(one, PassedOver | ImportRefused) else one
                  for one in inner.found]  # fmt: skip
    return CheckFile("JSON lines", tuple(found))


def is_address_list(text: str) -> list[str]:
    """Return the addresses of a text that holds one address a line and nothing else; none for any other."""
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    return lines if lines and all(re.fullmatch(r"https?://[^\s/]+\S*", line) for line in lines) else []
