"""How well are time expressions found and given their value, by the measure of TempEval-3 task A?

Reads TimeML: a ``.tar.xz`` (or ``.tar.gz``, ``.tar``) as it lies in the shared data, a folder with ``.tml``
files at any depth, or one such file. Only expressions inside ``TEXT`` count, the creation time is given.
``strict_f1`` asks for the exact span; ``value_f1`` is the relaxed match (one to one, any overlap) with the
right value, as the official scorer counts it. ``relaxed_f1`` is the match without the value.
"""

from __future__ import annotations

import html
import re
import tarfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from claims.evaluation.types import BadData, Evaluation
from claims.language.dates import STORY
from claims.language.dates import read as read_dates

_MOST_BYTES = 20_000_000
_PIECE = re.compile(r"<[^>]*>|[^<]+")
_ATTRIBUTE = re.compile(r"([\w:]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")


@dataclass(frozen=True, slots=True)
class Timex:
    """One annotated or predicted expression."""

    start: int
    end: int
    value: str


@dataclass(frozen=True, slots=True)
class TimeMLDocument:
    """The text of one TimeML document with its creation time and gold expressions."""

    name: str
    text: str
    created: str
    gold: tuple[Timex, ...]


def run(data: Path, *, train: Path | None = None) -> Evaluation:
    """Score the date grammar on TimeML documents; ``train`` is unused, the grammar has no weights.

    Raises BadData when there is no document with an annotated text at the path.
    """
    began = time.perf_counter()
    counts = {"gold": 0, "found": 0, "strict": 0, "relaxed": 0, "value": 0}
    documents = 0
    for document in read(data):
        documents += 1
        predicted = predict(document)
        counts["gold"] += len(document.gold)
        counts["found"] += len(predicted)
        gold_spans = {(timex.start, timex.end) for timex in document.gold}
        counts["strict"] += sum((timex.start, timex.end) in gold_spans for timex in predicted)
        for guess, truth in pairs(predicted, document.gold):
            counts["relaxed"] += 1
            counts["value"] += guess.value == truth.value
    if not documents:
        raise BadData(f"{data}: no TimeML document (.tml with a TEXT element) here.")
    total = counts["gold"] + counts["found"]
    metrics = {
        f"{name}_f1": round(2 * counts[name] / total, 4) if total else 0.0
        for name in ("value", "strict", "relaxed")
    }
    return Evaluation("dates", str(data), counts["gold"], metrics, round(time.perf_counter() - began, 3))


def predict(document: TimeMLDocument) -> list[Timex]:
    """Return the expressions that splitting reads in the text, with their TimeML values.

    A range counts as its two sides, as it is annotated; what only a story places ("later", "during the war",
    "in the evening") is no time expression of TimeML and does not count.
    """
    rows: list[Timex] = []
    for one in read_dates(document.text, published=document.created):
        if STORY in one.expr.flags:
            continue
        sides = one.sides or ((one.expr.start, one.expr.end, one.where),)
        rows += [Timex(start, end, where.timeml) for start, end, where in sides]
    return rows


def pairs(predicted: list[Timex], gold: tuple[Timex, ...]) -> list[tuple[Timex, Timex]]:
    """Match one to one: exact spans first, then any overlap in the order of the text."""
    left = list(gold)
    matched: list[tuple[Timex, Timex]] = []
    for exact in (True, False):
        taken = {id(guess) for guess, _ in matched}
        for guess in predicted:
            if id(guess) in taken:
                continue
            for truth in left:
                same = (guess.start, guess.end) == (truth.start, truth.end)
                if same if exact else guess.start < truth.end and truth.start < guess.end:
                    matched.append((guess, truth))
                    left.remove(truth)
                    break
    return matched


def read(data: Path) -> Iterator[TimeMLDocument]:
    """Yield the documents at a path in the order of their names."""
    if data.is_dir():
        for path in sorted(data.rglob("*.tml")):
            yield parse(path.stem, path.read_text("utf-8", "replace"))
        for path in sorted(data.rglob("*.tar*")):
            yield from _archive(path)
    elif data.suffix == ".tml":
        yield parse(data.stem, data.read_text("utf-8", "replace"))
    elif ".tar" in data.name:
        yield from _archive(data)
    else:
        raise BadData(f"{data}: expected a folder, a .tml file or a .tar.xz of TimeML documents.")


def _archive(path: Path) -> Iterator[TimeMLDocument]:
    try:
        with tarfile.open(path) as archive:
            members = [
                member for member in archive.getmembers() if member.name.endswith(".tml") and member.isfile()
            ]
            for member in sorted(members, key=lambda member: member.name):
                source = archive.extractfile(member)
                if source is None or member.size > _MOST_BYTES:
                    continue
                yield parse(Path(member.name).stem, source.read().decode("utf-8", "replace"))
    except (tarfile.TarError, EOFError, OSError) as error:
        raise BadData(f"{path}: not a readable archive of TimeML documents ({error}).") from error


def parse(name: str, source: str) -> TimeMLDocument:
    """Read one TimeML document; text and offsets are those of the TEXT element without its tags.

    The files are taken apart by tag instead of by an XML parser: some of the public ones are not well-formed.
    """
    created = ""
    text: list[str] = []
    gold: list[Timex] = []
    length, inside, open_timex = 0, False, list[tuple[int, str]]()
    for piece in _PIECE.findall(source):
        if piece.startswith("<"):
            tag = piece[1:].split(None, 1)[0].strip("<>/").upper() if len(piece) > 2 else ""
            closing = piece.startswith("</")
            if tag == "TEXT":
                inside = not closing
            elif tag == "TIMEX3" and not closing:
                attributes = {key: first or second for key, first, second in _ATTRIBUTE.findall(piece)}
                if not inside:
                    created = created or attributes.get("value", "")
                elif not piece.endswith("/>"):
                    open_timex.append((length, attributes.get("value", "")))
            elif tag == "TIMEX3" and inside and open_timex:
                start, value = open_timex.pop()
                gold.append(Timex(start, length, value))
        elif inside:
            content = html.unescape(piece)
            text.append(content)
            length += len(content)
    if not text:
        raise BadData(f"{name}: no TEXT element; expected a TimeML document.")
    whole = "".join(text)
    return TimeMLDocument(name, whole, _created(created), tuple(_trimmed(whole, timex) for timex in gold))


def _created(value: str) -> str:
    return value.split("T")[0] if re.match(r"\d{4}(-\d\d(-\d\d)?)?(T|$)", value) else ""


def _trimmed(text: str, timex: Timex) -> Timex:
    content = text[timex.start : timex.end]
    start = timex.start + len(content) - len(content.lstrip())
    return Timex(start, timex.end - (len(content) - len(content.rstrip())), timex.value)
