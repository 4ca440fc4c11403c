"""What does a value in foreign JSON say? Text, addresses, numbers and dates out of every shape in use.

A value may be bare, in a list, an object with ``@value`` or ``name``, or nested under ``properties``. What
cannot be read comes out empty; nothing here raises.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html import unescape
from math import isfinite
from typing import Any

from claims.language.dates.written_day import day_in_figures, in_ascii, written_day

#: Where an object says in words what it is: as JSON-LD, databases and publishers put it.
_SAYING = ("@value", "@list", "$date", "name")
#: By what the texts of several languages are called; ``id`` and ``url`` call something else.
_LANGUAGE = re.compile(r"(?!(?:id|url|uri|src|key)\Z)[a-z]{2,3}(?:[-_]\w{2,4})?")


def storable(value: Any) -> Any:
    """Return foreign JSON as every database takes it: no NUL, no half characters, no number that is none."""
    if isinstance(value, str):
        return re.sub("[\x00\ud800-\udfff]", "\ufffd", value)
    if isinstance(value, float):
        return value if isfinite(value) else str(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value if abs(value) < 10**300 else str(value)
    if isinstance(value, list):
        return [storable(one) for one in value]
    if isinstance(value, Mapping):
        return {storable(str(key)): storable(one) for key, one in value.items()}
    return value


def fields_of(value: Any) -> dict[str, Any]:
    """Return an object's fields, those nested under ``properties`` lifted; empty for anything else."""
    if not isinstance(value, Mapping):
        return {}
    # A field that is written in both ways and once left empty has what the other says.
    row: dict[str, Any] = {}
    for key, one in value.items():
        if row.get(_plain(key)) in (None, "", []):
            row[_plain(key)] = one
    inner = row.pop("properties", None)
    inner = first_of(inner)
    if isinstance(inner, Mapping):
        row = {**fields_of(inner), **{k: v for k, v in row.items() if v not in (None, "", [])}}
    return row


def _plain(key: Any) -> str:
    """Return the name of a field without the vocabulary it is of: ``schema:url``, ``https://schema.org/url``."""
    return re.sub(r"\A(?:schema:|https?://(?:www\.)?schema\.org/)", "", str(key), flags=re.IGNORECASE)


def first_of(value: Any) -> Any:
    """Return the first of a list, anything else as it is."""
    return value[0] if isinstance(value, list) and value else value


def as_list(value: Any) -> list[Any]:
    """Return a list of one for a bare value, none for nothing."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def text_of(value: Any) -> str:
    """Return readable text out of a string, number, list or language-tagged value, of several languages the first."""
    if isinstance(value, Mapping):
        row = value
        value = next((row[name] for name in _SAYING if name in row), "")
        if not value and row and all(_LANGUAGE.fullmatch(str(key)) for key in row):
            value = next((one for one in row.values() if isinstance(one, str) and one.strip()), "")
    if isinstance(value, list):
        return next((text for one in value if (text := text_of(one))), "")
    if value is None or isinstance(value, bool | Mapping):
        return ""
    text = unescape(re.sub(r"<[^<>]{1,200}>", " ", str(value)))
    text = re.sub("[\x00\ud800-\udfff]", "\ufffd", text)
    return " ".join(text.split())


def url_of(value: Any) -> str:
    """Return an http or https address out of a string or an object, else nothing."""
    if isinstance(value, Mapping):
        row = fields_of(value)
        value = (
            row.get("url") or row.get("@id") or row.get("contentUrl") or row.get("@value") or row.get("@list")
        )
    if isinstance(value, list):
        return next((url for one in value if (url := url_of(one))), "")
    text = str(value).strip() if isinstance(value, str) else ""
    # As browsers take them: without a scheme.
    text = re.sub(r"\A(?://(?=[^\s/]+\.)|(?=www\.[^\s/]+\.))", "https://", text, flags=re.IGNORECASE)
    if re.match(r"https?://[^\s/]+", text, re.IGNORECASE) and not re.search(r"\s", text):
        return text
    return ""


def whole_number(value: Any) -> int | None:
    """Return a whole number out of what is sent as one; a fraction is none."""
    if isinstance(value, bool):
        return None
    try:
        number = float(text_of(value).replace(",", "."))
    except ValueError:
        return None
    return int(number) if number == number and abs(number) < 10**6 and number == int(number) else None


def language_of(value: Any) -> str:
    """Return a BCP 47 tag, or nothing."""
    if isinstance(value, Mapping):
        value = value.get("alternateName") or value.get("@value") or value.get("name")
    text = text_of(value).replace("_", "-")
    return text if re.fullmatch(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*", text) else ""


def time_of(value: Any) -> datetime | None:
    """Return an aware time out of a date as publishers write it: ISO, mail, seconds since 1970, in words.

    A date alone is midnight UTC, a month its first day. ``03/04/2026`` has two readings and is none, ``12/31/2026``
    has one; so does ``13.1.24``. Where the time of day cannot be, the day is what stands there.
    """
    text = in_ascii(text_of(value))
    if not text:
        return None
    if match := re.fullmatch(r"(\d{4})(?:-(\d{2}))?", text, re.ASCII):
        text = f"{match[1]}-{match[2] or '01'}-01"
    if match := re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)(.*)", text, re.ASCII | re.DOTALL):
        text = f"{match[1]}-{match[2]:0>2}-{match[3]:0>2}{match[4]}"
    elif match := re.fullmatch(r"(\d{1,2})([-/])(\d{1,2})\2(\d{4}|\d{2})(?:[ ,T].*)?", text, re.ASCII):
        text = day_in_figures(text) or text
    text = re.sub(r"(?<=\d)([+-]\d{2})(\d{2})\Z", r"\1:\2", text)
    when = _moment(text)
    if when is None and (match := re.match(r"(\d{4}-\d{2}-\d{2})[T, ]", text)):
        when = _moment(match[1])
    if when is None:
        return None
    try:
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:
        return None


def day_of(value: Any) -> str:
    """Return a partial ISO date, as far as it is one."""
    text = text_of(value)
    if match := re.match(r"(\d{4}-\d{2}-\d{2})(?=\Z|[T ])", text):
        try:
            datetime.fromisoformat(match[1])
        except ValueError:
            return ""
        return match[1]
    if re.fullmatch(r"\d{4}(?:-(?:0[1-9]|1[0-2]))?", text):
        return text
    when = time_of(text)
    return when.date().isoformat() if when else ""


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    # Programs of Microsoft's write milliseconds as /Date(1704240000000)/.
    if match := re.fullmatch(
        r"(?:/Date\()?(\d{9,10}|\d{12,13})(?:\.\d+)?(?:[+-]\d{4})?(?:\)/)?", text, re.ASCII
    ):
        seconds = int(match[1]) / (1000 if len(match[1]) > 10 else 1)
        return datetime.fromtimestamp(seconds, UTC)
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        pass
    day = written_day(text)
    return None if day is None else datetime(day.year, day.month, day.day, tzinfo=UTC)


def kinds_of(row: Mapping[str, Any]) -> frozenset[str]:
    """Return the types of an object in small letters, without the address of the vocabulary, in no order."""
    given = as_list(row.get("@type") or row.get("type"))
    return frozenset(re.split(r"[/#:]", text_of(one).lower())[-1] for one in given if text_of(one))
