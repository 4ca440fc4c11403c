"""How is an annotated article written? As one marked-up text, from which offsets are computed, never typed.

``markup/NN.md`` begins with a header of ``name: value`` lines and ends it with a line ``---``::

    register: agency report
    published: 2019-11-18          (or: unknown)
    L = Sergei Lavrov              (a key for every claimant)
    ---
    Lavrov said ⟦rs L|the ceasefire must hold⟧. ⟦af XXXX-10-10|It was signed on October 10⟧.

A unit stands between ``⟦`` and ``⟧`` and begins with a code and a bar: one letter for the class (article,
reported, quoted, premise), one for the check (fact, said, no), then the claimant's key where there is one,
then the values of its dates. ``er`` is short for event-relative, ``un`` for unresolved. Units may nest.

``python -m tests.splitting.annotate`` writes ``NN.txt``, ``NN.json`` and ``published.json`` beside the folder
``markup``; a test asserts that they agree with it.
"""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SET = Path(__file__).resolve().parent / "claim_units"

_CLASSES = {"a": "article", "r": "reported", "q": "quoted", "p": "premise"}
_CHECKS = {"f": "fact", "s": "said", "n": "no"}
_SHORT = {"er": "event-relative", "un": "unresolved"}
_DATE = re.compile(r"er|un|P\d+[YMWD]|PT\d+[HM](?:\d+M)?|(?:\d{4}|XXXX)[\dWQ/-]*")
_EDGE = re.compile(r"\s|[⟦⟧]")


class BadMarkup(Exception):
    """The markup cannot be read; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Annotated:
    """One article as its markup says it is."""

    name: str
    register: str
    published: str | None
    text: str
    rows: tuple[dict[str, Any], ...]


def read(path: Path) -> Annotated:
    """Read one marked-up article; raises BadMarkup."""
    head, line, body = path.read_bytes().decode("utf-8").partition("\n---\n")
    if not line:
        raise BadMarkup(f"{path.name}: no line --- after the header")
    fields: dict[str, str] = {}
    keys: dict[str, str] = {}
    for row in head.splitlines():
        if " = " in row:
            key, _, name = row.partition(" = ")
            keys[key.strip()] = name.strip()
        elif ": " in row:
            key, _, value = row.partition(": ")
            fields[key.strip()] = value.strip()
        else:
            raise BadMarkup(f"{path.name}: header line “{row}”")
    text, rows = parse(body.strip("\n") + "\n", keys, path.name)
    published = fields["published"]
    return Annotated(
        path.stem, fields["register"], None if published == "unknown" else published, text, tuple(rows)
    )


def parse(body: str, keys: dict[str, str], name: str) -> tuple[str, list[dict[str, Any]]]:
    """Strip the marks and return the text with its rows, outer before inner, in the order of their start."""
    text: list[str] = []
    length = 0
    opened: list[tuple[int, dict[str, Any]]] = []
    rows: list[dict[str, Any]] = []
    used: set[str] = set()
    at = 0
    while at < len(body):
        character = body[at]
        if character == "⟦":
            bar = body.find("|", at)
            code = body[at + 1 : bar]
            if bar < 0 or len(code) > 80 or "\n" in code:
                raise BadMarkup(f"{name}: no code after ⟦ at “{body[at : at + 40]}”")
            row = _row(code, keys, used, name)
            rows.append(row)
            opened.append((length, row))
            at = bar + 1
        elif character == "⟧":
            if not opened:
                raise BadMarkup(f"{name}: ⟧ without ⟦ at “{body[at - 40 : at]}”")
            start, row = opened.pop()
            row["start"], row["end"] = start, length
            at += 1
        else:
            text.append(character)
            length += 1
            at += 1
    if opened:
        raise BadMarkup(f"{name}: a unit that begins at {opened[-1][0]} is not closed")
    result = "".join(text)
    for row in rows:
        _check(row, result, name)
    unused = set(keys) - used
    if unused:
        raise BadMarkup(f"{name}: unused keys {', '.join(sorted(unused))}")
    rows.sort(key=lambda row: (row["start"], -row["end"]))
    return result, rows


def _row(code: str, keys: dict[str, str], used: set[str], name: str) -> dict[str, Any]:
    kind, *rest = code.split()
    if len(kind) != 2 or kind[0] not in _CLASSES or kind[1] not in _CHECKS:
        raise BadMarkup(f"{name}: code “{code}”")
    claimant = ""
    if rest and not _DATE.fullmatch(rest[0]):
        key = rest.pop(0)
        if key not in keys:
            raise BadMarkup(f"{name}: unknown key “{key}” in “{code}”")
        used.add(key)
        claimant = keys[key]
    if any(not _DATE.fullmatch(date) for date in rest):
        raise BadMarkup(f"{name}: dates in “{code}”")
    if (kind[0] in "rq") != bool(claimant) and kind[0] != "p":
        raise BadMarkup(f"{name}: claimant in “{code}”")
    dates = [{"value": _SHORT.get(date, date)} for date in rest]
    return {
        "start": 0,
        "end": 0,
        "class": _CLASSES[kind[0]],
        "claimant": claimant,
        "check": _CHECKS[kind[1]],
        "dates": dates,
    }


def _check(row: dict[str, Any], text: str, name: str) -> None:
    span = text[row["start"] : row["end"]]
    if not span or _EDGE.match(span[0]) or _EDGE.match(span[-1]) or "\n\n" in span:
        raise BadMarkup(f"{name}: span “{span}”")
    initials = re.search(r"\b(?:[A-Za-z]\.){2,}$|\b(?:Co|Inc|Ltd|Jr|St|No)\.$", span)
    if span[-1] in ",;:" or (span[-1] == "." and not initials):
        raise BadMarkup(f"{name}: span ends with its punctuation: “{span}”")


def write(folder: Path = SET) -> int:
    """Write text, rows and publication dates of every article of the folder; return the number of units."""
    published: dict[str, str | None] = {}
    units = 0
    for path in sorted((folder / "markup").glob("*.md")):
        article = read(path)
        published[article.name] = article.published
        units += len(article.rows)
        (folder / f"{article.name}.txt").write_bytes(article.text.encode("utf-8"))
        (folder / f"{article.name}.json").write_text(as_json(article.rows), encoding="utf-8")
    (folder / "published.json").write_text(
        json.dumps(published, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    return units


def as_json(rows: tuple[dict[str, Any], ...]) -> str:
    """Return the rows as the files hold them: one row a line."""
    return "[\n" + ",\n".join(" " + json.dumps(row, ensure_ascii=False) for row in rows) + "\n]\n"


if __name__ == "__main__":
    try:
        sys.stdout.write(f"{write()} units\n")
    except BadMarkup as error:
        sys.exit(str(error))
