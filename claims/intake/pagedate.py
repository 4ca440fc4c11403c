"""When was this page published, and how do we know?

Order: structured data of the article, the page's meta data, a date in the address, then htmldate's careful
mode on what is visible. Partial dates stay partial; a moment in UTC becomes the day that readers saw. Refuses
copyright years, days in the future, days that no place of the page shows, and days of the last change.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from claims.intake.shown_day import DaySign, Stamp, days_in, read_stamp, seen_day, zone_in
from claims.intake.types import PublishedSource

_META = (
    ("property", "article:published_time"),
    ("property", "og:article:published_time"),
    ("property", "og:published_time"),
    ("name", "article:published_time"),
    ("itemprop", "datePublished"),
    ("name", "parsely-pub-date"),
    ("name", "sailthru.date"),
    ("name", "dc.date.issued"),
    ("name", "dcterms.created"),
    ("name", "dc.date"),
    ("name", "citation_publication_date"),
    ("name", "publish-date"),
    ("name", "publishdate"),
    ("name", "pubdate"),
    ("name", "date"),
)
_CHANGED_META = frozenset(
    {
        "article:modified_time", "og:updated_time", "og:modified_time", "article:modified", "last-modified",
        "lastmod", "last_modified", "dc.date.modified", "dcterms.modified", "datemodified", "revised",
        "last-updated", "lastupdated", "date.modified", "modified", "updated_time", "sailthru.modified",
    }
)  # fmt: skip
#: Words before or in the name of a date that is of the last change.
_CHANGED = re.compile(
    r"updat|modif|last[-_ ]?(?:chang|edit|review|updat|modif)|revis|aktualisiert|zuletzt|\bstand\b|mise? à jour"
    r"|actualiz|aggiorn",
    re.IGNORECASE,
)
_LABEL = re.compile(
    rf"(?:{_CHANGED.pattern})\w*|\b(?:published|posted|first published|veröffentlicht|publié|publicado)\b",
    re.I,
)
#: How a page names the elements in which it shows its date.
_DATE_NAMED = re.compile(r"date|time|byline|publish|posted|dateline|meta|author|datum|fecha", re.IGNORECASE)
#: A line that is a byline, says when it was published, or is nothing but a day.
_SAYS_DATE = re.compile(
    r"(?:by|von|par|por|published|posted|first published|veröffentlicht|publié|publicado)\b"
    r"[^.!?]{0,60}\d(?:[^.!?]|(?<=[apm])\.){0,60}\Z"
    r"|(?:[^\W\d_]{3,10}\.?,?\s+){0,2}\d{1,2}[^\W\d_]{0,2}\.?,?\s+"
    r"(?:[^\W\d_]{3,10}\.?,?\s+)?\d{4}(?:\D.{0,24})?\Z",
    re.IGNORECASE,
)
_FRAME = frozenset({"nav", "footer", "aside", "form", "script", "style", "noscript", "select", "svg"})
_MOST_SHOWN, _LONGEST_SHOWN = 40, 200
_ARTICLE_TYPES = re.compile(r"(?:Article|BlogPosting|Report|LiveBlogPosting|WebPage|ClaimReview|Posting)\Z")
_ISO = re.compile(r"\s*(\d{4})(?:[-/](\d{1,2})(?:[-/](\d{1,2}))?)?(?=\D|\Z)", re.ASCII)
_IN_URL = re.compile(
    r"/(199\d|20\d\d)[/-](1[0-2]|0?[1-9])(?![0-9])(?:[/-](3[01]|[12]\d|0?[1-9])(?=[/\-_.]|\Z))?"
)
_FIRST_OF_YEAR = re.compile(r"\b(?:0?1[./-]0?1|jan\w*\.? 0?1\b|0?1(?:st|\.)? jan|-01-01)", re.IGNORECASE)
_EARLIEST = date(1990, 1, 1)
_ADDRESS = "the date in the address"

Found = tuple[str, PublishedSource, str, list[str]]
_Candidate = tuple[str, PublishedSource, str]


def published_date(tree: Any, source: str, url: str, today: date) -> Found:
    """Return value, source, evidence in words, and notes about what does not fit together."""
    notes: list[str] = []
    # A page just published east of here carries tomorrow's date.
    last = today + timedelta(days=1)
    found: list[_Candidate] = []
    stamps: list[tuple[Stamp | None, str]] = []
    for value, kind, evidence in _candidates(tree, url):
        partial = _partial(value)
        if not partial:
            continue
        if _first_day(partial) > last:
            notes.append(f"The page gives {partial} as its date, which lies in the future ({evidence}).")
        elif _first_day(partial) >= _EARLIEST:
            found.append((partial, kind, evidence))
            stamps.append((read_stamp(value), evidence))
    if not found and (visible := _visible(tree, source, url, last)):
        found.append((visible, PublishedSource.VISIBLE, "a date shown on the page"))
        stamps.append((_time_of(tree, visible), "a date shown on the page"))
    if not found:
        return "", PublishedSource.UNKNOWN, "", notes
    best = found[0]
    stamp = stamps[0][0]
    if stamp is not None and stamp.in_utc:
        day, told = seen_day(stamp, _shown(tree, stamp.day, stamps[1:]))
        if told and day <= last:
            notes.append(f"The page's data say {best[0]}, in UTC; for its readers it was {day} ({told}).")
            best = (day.isoformat(), best[1], f"{best[2]}; the day is that of {told}")
    for other, _, evidence in found[1:]:
        if len(other) == len(best[0]) == 10 and abs((_first_day(other) - _first_day(best[0])).days) > 1:
            notes.append(f"The page gives two dates: {best[0]} ({best[2]}) and {other} ({evidence}).")
            break
    return (*best, notes)


def _shown(tree: Any, day: date, others: list[tuple[Stamp | None, str]]) -> Iterator[DaySign]:
    """Yield what the page says about the day of a moment in UTC, the strongest first."""
    texts = list(_date_texts(tree))
    for text in texts:
        if days := days_in(text, day):
            yield DaySign("the day shown on the page", days=days)
    in_address: list[DaySign] = []
    for stamp, evidence in others:
        if stamp is None or stamp.in_utc:
            continue
        one = DaySign(evidence, days=(stamp.day,))
        if evidence == _ADDRESS:
            in_address.append(one)
        else:
            yield one
    for value in _all_stamps(tree):
        stamp = read_stamp(value)
        if stamp is not None and stamp.offset:
            yield DaySign("the time zone of the page's other times", offset=stamp.offset)
            break
    for text in texts:
        if (offset := zone_in(text, day)) is not None and offset != 0:
            yield DaySign("the time zone shown on the page", offset=offset)
            break
    yield from in_address


def _date_texts(tree: Any) -> Iterator[str]:
    """Yield short texts in which a page shows when it was published; those of its last change are left out."""
    said = 0
    for node in tree.iter():
        if not isinstance(node.tag, str) or said >= _MOST_SHOWN:
            continue
        named = _names_date(node)
        if not named and node.tag not in ("p", "span", "div", "small", "em", "li"):
            continue
        text = _short_text(node)
        if not any(c.isdigit() for c in text) or not (named or _SAYS_DATE.match(text)):
            continue
        if _CHANGED.search(_names(node)) or _in_frame(node):
            continue
        if kept := _without_changes(text):
            said += 1
            yield kept


def _names(node: Any) -> str:
    return " ".join(node.get(name, "") for name in ("class", "id", "itemprop", "property", "data-testid"))


def _names_date(node: Any) -> bool:
    return node.tag in ("time", "address") or _DATE_NAMED.search(_names(node)) is not None


def _in_frame(node: Any) -> bool:
    """Whether an element stands in what frames a page: menus, boxes at its side, the strip at its top."""
    inside = False
    for parent in node.iterancestors():
        if parent.tag in _FRAME:
            return True
        inside = inside or parent.tag in ("article", "main")
        if parent.tag == "header" and not inside:
            return parent.find(".//h1") is None and not any(
                one.tag in ("article", "main") for one in parent.iterancestors()
            )
    return False


def _without_changes(text: str) -> str:
    """Return a text without what follows a word for the last change, up to the next label."""
    kept, at, changed = "", 0, False
    for label in _LABEL.finditer(text):
        kept += "" if changed else text[at : label.start()]
        changed = _CHANGED.match(label.group()) is not None
        at = label.end()
    return (kept + ("" if changed else text[at:])).strip()


def _all_stamps(tree: Any) -> Iterator[str]:
    """Yield every time the page carries for machines, also of its last change: they tell its time zone."""
    for node in tree.iter("meta", "time"):
        yield node.get("content") or node.get("datetime") or ""
    for data in _linked_data(tree):
        yield from _strings(data, 0)


def _strings(data: Any, depth: int) -> Iterator[str]:
    if depth > 4:
        return
    if isinstance(data, list):
        for one in data[:100]:
            yield from _strings(one, depth + 1)
    elif isinstance(data, dict):
        for key, value in data.items():
            if isinstance(value, str) and "date" in key.lower():
                yield value
            elif not isinstance(value, str):
                yield from _strings(value, depth + 1)


def _time_of(tree: Any, day: str) -> Stamp | None:
    """Return the moment behind a day that was found in a time element."""
    for node in tree.iter("time"):
        stamp = read_stamp(node.get("datetime") or "")
        if stamp is not None and stamp.day.isoformat() == day:
            return stamp
    return None


def _candidates(tree: Any, url: str) -> Iterator[tuple[str, PublishedSource, str]]:
    for value in _structured(tree):
        yield value, PublishedSource.STRUCTURED, "datePublished in the page's structured data"
    for attribute, name in _META:
        for node in tree.xpath(f"//*[@{attribute}]"):
            if node.get(attribute, "").strip().lower() == name.lower():
                value = node.get("content") or node.get("datetime") or ""
                yield value, PublishedSource.METADATA, f"{name} in the page's meta data"
    for node in tree.xpath("//time[@pubdate and @datetime] | //article//header//time[@datetime]"):
        if _is_change(node):
            continue
        yield node.get("datetime", ""), PublishedSource.METADATA, "a time element of the article"
    if match := _IN_URL.search(url):
        parts = [match[1], match[2].zfill(2), *([match[3].zfill(2)] if match[3] else [])]
        yield "-".join(parts), PublishedSource.URL, _ADDRESS


def _structured(tree: Any) -> Iterator[str]:
    for data in _linked_data(tree):
        yield from _dates_in(data, 0)


def _linked_data(tree: Any) -> Iterator[Any]:
    for node in tree.xpath("//script[contains(@type, 'ld+json')]"):
        text = node.text or ""
        if len(text) > 500_000:
            continue
        try:
            yield json.loads(text, strict=False)
        except (ValueError, RecursionError):
            continue


def _is_change(node: Any) -> bool:
    """Whether a time element, or the few words around it, says when the page was last changed."""
    if _CHANGED.search(_names(node)):
        return True
    parent = node.getparent()
    before = _short_text(node) if parent is None else _words_before(parent, node)
    labels = [match.group() for match in _LABEL.finditer(before[-60:])]
    return bool(labels) and _CHANGED.match(labels[-1]) is not None


def _words_before(parent: Any, node: Any) -> str:
    words = parent.text or ""
    for one in parent:
        if one is node:
            break
        if isinstance(one.tag, str):
            words += " " + _short_text(one)
        words += " " + (one.tail or "")
    return words + " " + _short_text(node)[:20]


def _dates_in(data: Any, depth: int) -> Iterator[str]:
    """Yield datePublished of the article itself: the top, a list or @graph of it, never what it mentions."""
    if depth > 3:
        return
    if isinstance(data, list):
        for one in data:
            yield from _dates_in(one, depth + 1)
    elif isinstance(data, dict):
        kinds = data.get("@type", "")
        kinds = kinds if isinstance(kinds, list) else [kinds]
        value = data.get("datePublished") or data.get("dateCreated")
        if isinstance(value, str) and any(isinstance(k, str) and _ARTICLE_TYPES.search(k) for k in kinds):
            yield value
        if "@graph" in data:
            yield from _dates_in(data["@graph"], depth + 1)


def _partial(value: str) -> str:
    """Return an ISO day, month or year at the beginning of a value, empty where it is none.

    A day stays the day that was written, whatever its time zone: that is the date readers saw.
    """
    if (stamp := read_stamp(value)) is not None:
        return stamp.day.isoformat()
    match = _ISO.match(value)
    if match is None:
        return ""
    year, month, day = match[1], match[2], match[3]
    try:
        if day:
            return date(int(year), int(month), int(day)).isoformat()
        if month:
            return date(int(year), int(month), 1).isoformat()[:7]
        # A year alone in meta data is a copyright year as often as a date.
        return ""
    except ValueError:
        return ""


def _first_day(partial: str) -> date:
    return date.fromisoformat((partial + "-01-01")[:10])


def _visible(tree: Any, source: str, url: str, last: date) -> str:
    """Ask htmldate's careful mode; refuse the first of January where the page does not write that day out."""
    from htmldate import find_date

    try:
        value = find_date(
            _without_last_change(tree, source),
            extensive_search=False,
            original_date=True,
            url=url or None,
            max_date=last.isoformat(),
        )
    except Exception:  # a parser of foreign pages may fail in any way; all of them mean "unknown"
        return ""
    if not value or (value.endswith("-01-01") and not _FIRST_OF_YEAR.search(source)):
        return ""
    return value if _EARLIEST <= date.fromisoformat(value) <= last else ""


def _without_last_change(tree: Any, source: str) -> str:
    """Return the page without what says when it was last changed; as it came where it says nothing of that."""
    if not _CHANGED.search(source):
        return source
    tree = copy.deepcopy(tree)
    gone, emptied = [], False
    for node in tree.iter("meta", "time", "span", "div", "p", "small", "em", "li", "abbr", "script"):
        if node.tag == "meta":
            name = (node.get("property") or node.get("name") or node.get("itemprop") or "").strip().lower()
            if name in _CHANGED_META or node.get("http-equiv", "").lower() == "last-modified":
                gone.append(node)
        elif node.tag == "script":
            if node.text and "dateModified" in node.text:
                emptied = True
                node.text = re.sub(r'"dateModified"\s*:\s*"[^"]{0,60}"', '"dateModified": ""', node.text)
        elif (text := _short_text(node)) and _says_change(node, text):
            gone.append(node)
    for node in gone:
        if (parent := node.getparent()) is not None:
            if node.tail and (before := node.getprevious()) is not None:
                before.tail = (before.tail or "") + node.tail
            elif node.tail:
                parent.text = (parent.text or "") + node.tail
            parent.remove(node)
    return str(etree.tostring(tree, encoding="unicode", method="html")) if gone or emptied else source


def _says_change(node: Any, text: str) -> bool:
    if node.tag == "time":
        return _is_change(node)
    if _CHANGED.search(text) and not re.search(r"\d", _without_changes(text)):
        return True
    return len(node) == 0 and re.search(r"\d", text) is not None and _CHANGED.search(_names(node)) is not None


def _short_text(node: Any) -> str:
    """Return the words of an element that holds few, else nothing; never reads far into a large one."""
    pieces, length = [], 0
    for piece in node.itertext():
        length += len(piece)
        if length > 2 * _LONGEST_SHOWN:
            return ""
        pieces.append(piece)
    text = " ".join("".join(pieces).split())
    return text if len(text) <= _LONGEST_SHOWN else ""
