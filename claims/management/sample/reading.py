"""What does the sample desk consist of? Reads the articles, the imported checks and the steps of the people.

Articles are files with a few ``name: value`` lines and the text below them; steps are TOML, one file per
story, put into one order by their time. Refuses what is not spelled as expected; knows nothing of the
database.
"""

from __future__ import annotations

import datetime as dt
import json
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent
_FIELDS = frozenset({"title", "outlet", "url", "authors", "published", "added", "by"})


class BadSample(ValueError):
    """A file of the sample desk is not written as it should be; the message names it."""


@dataclass(frozen=True, slots=True)
class SampleArticle:
    """One article: ``key`` is folder and file name, ``by`` the person who brings it in at ``added``."""

    key: str
    title: str
    outlet: str
    url: str
    published: str
    added: dt.datetime
    by: str
    text: str
    authors: str = ""


@dataclass(frozen=True, slots=True)
class SampleStep:
    """One act of one person: the verb, its time and what it needs."""

    at: dt.datetime
    do: str
    by: str
    values: dict[str, Any]
    story: str


@dataclass(frozen=True, slots=True)
class Person:
    key: str
    name: str
    email: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sample:
    """Everything in the order in which it happened."""

    desk: dict[str, Any]
    people: tuple[Person, ...]
    owners: tuple[tuple[str, str], ...]
    articles: tuple[SampleArticle, ...]
    steps: tuple[SampleStep, ...]
    checks: tuple[dict[str, Any], ...]

    @property
    def ends(self) -> dt.datetime:
        """The last time anything happens; the clock of the machine has to be later."""
        return max([*(one.added for one in self.articles), *(one.at for one in self.steps)])


def read_sample(folder: Path = FOLDER) -> Sample:
    """Read the whole sample desk; raises BadSample."""
    desk = _toml(folder / "desk.toml")
    articles = [read_article(path) for path in sorted((folder / "stories").glob("*/*.md"))]
    steps: list[SampleStep] = []
    for path in [*sorted((folder / "work").glob("*.toml")), folder / "discussion.toml"]:
        steps += [_step(row, path) for row in _toml(path)["step"]]
    return Sample(
        desk=desk["desk"],
        people=tuple(
            Person(row["key"], row["name"], row["email"], tuple(row["roles"])) for row in desk["people"]
        ),
        owners=tuple((outlet, row["name"]) for row in desk["owners"] for outlet in row["outlets"]),
        articles=tuple(sorted(articles, key=lambda one: (one.added, one.key))),
        steps=tuple(sorted(steps, key=lambda one: one.at)),
        checks=tuple(json.loads((folder / "checks.json").read_text(encoding="utf-8"))),
    )


def read_article(path: Path) -> SampleArticle:
    """Read one article file: lines ``name: value``, an empty line, the text."""
    head, gap, text = path.read_text(encoding="utf-8").partition("\n\n")
    values: dict[str, str] = {}
    for line in head.splitlines():
        name, colon, value = line.partition(": ")
        if not colon or name not in _FIELDS:
            raise BadSample(f"{path.name}: “{line}” is not a known field.")
        values[name] = value.strip()
    missing = _FIELDS - {"authors"} - set(values)
    if missing or not gap or not text.strip():
        raise BadSample(f"{path.name} lacks {', '.join(sorted(missing)) or 'its text'}.")
    added = _time(values.pop("added"), path)
    return SampleArticle(key=f"{path.parent.name}/{path.stem}", added=added, text=text.rstrip("\n"), **values)


def _step(row: dict[str, Any], path: Path) -> SampleStep:
    values = dict(row)
    try:
        at, do, by = values.pop("at"), values.pop("do"), values.pop("by")
    except KeyError as missing:
        raise BadSample(f"{path.name}: a step lacks {missing}.") from missing
    return SampleStep(_time(at, path), do, by, values, path.stem)


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as problem:
        raise BadSample(f"{path.name}: {problem}") from problem


def _time(value: Any, path: Path) -> dt.datetime:
    if isinstance(value, str):
        try:
            value = dt.datetime.fromisoformat(value)
        except ValueError as problem:
            raise BadSample(f"{path.name}: {problem}") from problem
    if not isinstance(value, dt.datetime):
        raise BadSample(f"{path.name}: {value!r} is no time.")
    return value if value.tzinfo else value.replace(tzinfo=dt.UTC)
