"""Which claims does one text make? Prints them, for people or as JSON, without a database.

Offsets count code points of the text as the file holds it: a byte-order mark is removed, line ends stay, NUL
and lone surrogates are replaced one for one. With ``--html`` the file is a page and offsets count in the text
that was read from it, which is then part of the JSON. Stores nothing.
"""

from __future__ import annotations

import codecs
import json
import sys
from argparse import ArgumentParser
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from claims.language.partial_dates import PartialDate
from claims.splitting.types import Split, Unit

SCHEMA = 1
WRONG_USE = 2
_SUBTITLES = {".srt": "srt", ".vtt": "vtt"}
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\v\f\r\x1b")
# What a person enters outranks what the bytes say.
_BY_PERSON = "person"


@dataclass(frozen=True, slots=True)
class Input:
    """The text to split and what its own bytes say about it; ``repaired`` where it is not the file's text."""

    text: str
    source: str = "text"
    published: str | None = None
    published_source: str = ""
    repaired: bool = False


class Command(BaseCommand):
    help = "Print the checkable claims of one text, without a database."
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file", metavar="FILE", nargs="?", help="a text file in UTF-8, or - for standard input"
        )
        parser.add_argument("--published", metavar="YYYY-MM-DD", help="when the text was published")
        parser.add_argument("--html", action="store_true", help="the file is an HTML page")
        parser.add_argument("--json", action="store_true", help="print one JSON object on standard output")
        parser.add_argument(
            "--fast",
            action="store_true",
            help="without the sentence encoder: what can be checked, by rules alone",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        name = options["file"]
        if name is None:
            raise _wrong_use("Name a file, or - for standard input.")
        published = _published(options["published"])
        data = _read(name)
        given = _page(data) if options["html"] else _plain(data, name)
        # Imported late: a mistake in the arguments should not wait for the tagger's weights.
        from claims.splitting import split
        from claims.splitting.checkable.head import decide

        result = split(
            given.text,
            published=published or given.published,
            source=given.source,
            judge=None if options["fast"] else decide,
        )
        when: str | None
        if published:
            when, how = published, _BY_PERSON
        elif given.published:
            when, how = given.published, given.published_source
        else:
            when, how = result.published, result.published_source
        if options["json"]:
            readable = self._encoding.lower().replace("-", "") == "utf8"
            self._print(json.dumps(as_json(result, given, when, how), ensure_ascii=not readable))
        else:
            for line in as_lines(result, when, how):
                self._print(line)

    def _print(self, line: str) -> None:
        # A terminal that cannot show a character of the article shows a mark instead of failing.
        self.stdout.write(line.encode(self._encoding, "backslashreplace").decode(self._encoding))

    @property
    def _encoding(self) -> str:
        return getattr(self.stdout, "encoding", None) or "utf-8"


# --- input --------------------------------------------------------------------------------------


def _published(value: str | None) -> str | None:
    if value is None:
        return None
    try:
        date = PartialDate.parse(value)
    except ValueError:
        date = None
    if date is None or date.earliest is None:
        raise _wrong_use(f"“{value}” is no publication date: write it as YYYY-MM-DD, for example 2020-10-14.")
    return date.value


def _read(name: str) -> bytes:
    if name == "-":
        stream = getattr(sys.stdin, "buffer", None)
        return stream.read() if stream is not None else sys.stdin.read().encode("utf-8", "surrogatepass")
    path = Path(name)
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise _wrong_use(f"There is no file {name}.") from None
    except IsADirectoryError:
        raise _wrong_use(f"{name} is a folder: name one file.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise _wrong_use(f"{name} cannot be read: {reason}.") from None


def _plain(data: bytes, name: str) -> Input:
    from claims.intake.types import BYTES_LIMIT, TEXT_LIMIT
    from claims.language.normalise import repair

    if len(data) > BYTES_LIMIT:
        raise _wrong_use(
            f"The text has {len(data) / 1024**2:.1f} MB; up to {BYTES_LIMIT // 1024**2} MB are read."
        )
    text = _decode(data)
    if not text.strip():
        raise _wrong_use("The text is empty.")
    if len(text) > TEXT_LIMIT:
        raise _wrong_use(f"The text has {len(text):,} characters; up to {TEXT_LIMIT:,} are read as one text.")
    repaired = repair(text)
    return Input(repaired, _SUBTITLES.get(Path(name).suffix.lower(), "auto"), repaired=repaired != text)


def _decode(data: bytes) -> str:
    """Decode UTF-8, with or without a mark; lone surrogates pass, because they are replaced one for one."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise _wrong_use("The file is in UTF-16, not in UTF-8: save it as UTF-8.")
    body = data.removeprefix(codecs.BOM_UTF8)
    try:
        text = body.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError as error:
        if _is_binary(body):
            raise _binary() from None
        raise _wrong_use(
            f"The file is not in UTF-8 (byte {error.start + 1:,} cannot be read): save it as UTF-8."
        ) from None
    if _is_binary(body):
        raise _binary()
    return text


def _is_binary(data: bytes) -> bool:
    """Tell whether characters that no writer types make up more than a twentieth, or a PDF begins."""
    controls = len(data) - len(data.translate(None, _CONTROLS))
    return data.startswith(b"%PDF-") or (controls > 3 and controls * 20 > len(data))


def _binary() -> CommandError:
    return _wrong_use("The file is binary, not a text: give its words as plain text, or a page with --html.")


def _page(data: bytes) -> Input:
    from claims.intake.html import extract
    from claims.intake.types import IntakeError

    try:
        page = extract(data, None)
    except IntakeError as error:
        raise _wrong_use(error.sentence) from None
    return Input(
        page.text,
        published=page.published or None,
        published_source=str(page.published_source),
        repaired=True,
    )


def _wrong_use(sentence: str) -> CommandError:
    return CommandError(sentence, returncode=WRONG_USE)


# --- output -------------------------------------------------------------------------------------


def as_json(result: Split, given: Input, published: str | None, how: str) -> dict[str, Any]:
    """Return the promised object; ``text`` is in it where offsets do not count in the file as it lies."""
    document: dict[str, Any] = {
        "language": result.language,
        "published": published or None,
        "published_source": how,
        "characters": result.characters,
    }
    if given.repaired:
        document["text"] = given.text
    return {
        "schema": SCHEMA,
        "analyser": result.analyser,
        "document": document,
        "claims": [_row(unit) for unit in result.units],
    }


def _row(unit: Unit) -> dict[str, Any]:
    return {
        "id": unit.id,
        "within": unit.within,
        "start": unit.start,
        "end": unit.end,
        "text": unit.text,
        "attribution": str(unit.attribution),
        "claimant": unit.claimant,
        "claimant_kind": str(unit.claimant_kind),
        "negated": unit.negated,
        "checkable": str(unit.checkable),
        "score": round(unit.score, 4),
        "reasons": [
            {"feature": reason.feature, "weight": round(reason.weight, 4), "text": reason.text}
            for reason in unit.reasons
        ],
        "dates": [
            {"expr": date.expr, "start": date.start, "end": date.end, "value": date.value}
            for date in unit.dates
        ],
        "flags": list(unit.flags),
    }


def as_lines(result: Split, published: str | None, how: str) -> list[str]:
    """Return the claims for people: number, who asserts it, the words, and why it is (not) worth checking."""
    source = f" ({how})" if published and how else ""
    lines = [
        f"{len(result.units)} claims in {result.characters:,} characters, "
        f"language {result.language or 'unknown'}, published {published or 'unknown'}{source}",
        "",
    ]
    numbers = {unit.id: number for number, unit in enumerate(result.units, 1)}
    for unit in result.units:
        lines += _claim_lines(unit, numbers)
    if result.flags:
        lines.append(f"Look at: {', '.join(result.flags)}")
    return lines


def _claim_lines(unit: Unit, numbers: dict[int, int]) -> list[str]:
    said_by = {"article": "the article", "premise": "the article, as a premise"}
    who = unit.claimant or said_by.get(str(unit.attribution), "unknown")
    what = {"fact": "content checkable", "said": "only that it was said", "no": "not checkable"}
    lines = [
        f"{numbers[unit.id]:>3}. “{' '.join(unit.text.split())}”",
        f"     {who} · {unit.attribution} · {what[str(unit.checkable)]} · {unit.score:.2f}"
        + (" · negated" if unit.negated else ""),
    ]
    if unit.within is not None and unit.within in numbers:
        lines.append(f"     inside {numbers[unit.within]}")
    if unit.dates:
        lines.append("     when: " + "; ".join(f"{date.expr} = {date.value}" for date in unit.dates))
    speaking_for = [reason.text for reason in unit.reasons if reason.weight >= 0]
    against = [reason.text for reason in unit.reasons if reason.weight < 0]
    if speaking_for:
        lines.append("     why: " + "; ".join(speaking_for))
    if against:
        lines.append("     against it: " + "; ".join(against))
    if unit.flags:
        lines.append("     look at: " + ", ".join(unit.flags))
    return [*lines, ""]
