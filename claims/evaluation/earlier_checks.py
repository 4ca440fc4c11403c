"""How well earlier fact checks are found: posts and spoken sentences against a collection of checks.

Reads the layouts of the CLEF 2021 CheckThat! tasks 2A (tweets, ``vclaims``) and 2B (debate sentences,
``politifact-vclaims`` with full text, transcripts). For spoken sentences the speaker, the neighbouring
sentences and the day come from the transcript, as they come from the Appearance at the desk.
"""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from claims.language.encoder import shipped
from claims.query.abbreviations import Abbreviations
from claims.query.build import ClaimText
from claims.query.types import Collection, Query
from claims.search.asking import CheckFacts, ask_earlier_checks
from claims.search.sense import READ, by_sense, said_of

from .ranking import SCOPE, first_of, json_files, measure, pool, qrels, tar_members
from .types import BadData, Evaluation

BEFORE, AFTER = 4, 1
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]


@dataclass(frozen=True, slots=True)
class DebateLine:
    """A line of a transcript."""

    speaker: str
    text: str


@dataclass(frozen=True, slots=True)
class Checks:
    """The collection: per check id its (title, text, claimant) and what is compared beside the words."""

    texts: dict[str, tuple[str, str, str]]
    facts: list[CheckFacts]
    #: What of each is read for its meaning: headline and claim.
    said: list[str]


class Likened:
    """Likeness of sentences to checks, each check encoded at its first use."""

    def __init__(self, said: list[str]) -> None:
        self._said = said
        self._vectors: dict[int, NDArray[np.float32]] = {}

    def alike(self, words: str, passages: Sequence[int]) -> dict[int, float]:
        missing = [one for one in passages if one not in self._vectors]
        made = shipped().encode([words[:READ], *(self._said[one - 1] for one in missing)])
        made /= np.linalg.norm(made, axis=1, keepdims=True) + 1e-9
        # As they are kept: float16.
        self._vectors.update(zip(missing, made[1:].astype("<f2").astype(np.float32), strict=True))
        return {one: float(self._vectors[one] @ made[0]) for one in passages}


def run(
    data: Path, *, train: Path | None = None, engine: str = "embedded", semantic: bool = False
) -> Evaluation:
    """Measure the search for earlier checks on the set at ``data``; nothing is learned, ``train`` unused.

    With ``semantic`` the best are put in order by meaning too, as the desk does.
    """
    begun = time.monotonic()
    if not data.is_dir():
        raise BadData(f"{data} is no folder with questions, qrels and checks")
    judged = first_of(data, "qrels-test*", "test*.tsv", "qrels-dev*", "dev*.tsv", "qrels*", "train*.tsv")
    asked = first_of(data, "*.queries", "tweets*test*.tsv", "tweets*.tsv", "*queries*.tsv")
    if judged is None or asked is None:
        raise BadData(
            f"{data} needs qrels (qrels-*.tsv or train.tsv) and questions (*.queries or tweets*.tsv)"
        )
    right = qrels(judged.read_text("utf-8").splitlines())
    sentences = _questions(asked)
    spoken = first_of(data, "*politifact*") is not None
    checks = _spoken_checks(data) if spoken else _post_checks(data)
    transcripts = _transcripts(data) if spoken else {}
    ids = list(checks.texts)
    rows = list(checks.texts.values())
    abbreviations = Abbreviations.of(f"{title} \n {text}" for title, text, _ in rows)
    likened = Likened(checks.said)
    rankings: dict[str, list[str]] = {}
    with pool(rows, engine, Collection.FACTCHECKS) as opened:
        for id in right:
            if id not in sentences:
                continue
            answer = ask_earlier_checks(
                opened,
                _claim(id, sentences[id], transcripts),
                Query(SCOPE, collection=Collection.FACTCHECKS),
                lambda passages: {passage: checks.facts[passage - 1] for passage in passages},
                abbreviations=abbreviations,
            )
            if semantic:
                answer = by_sense(answer, partial(likened.alike, sentences[id]))
            rankings[id] = [ids[one.hit.ref.id - 1] for one in answer.found]
    metrics = measure(rankings, right)
    seconds = round(time.monotonic() - begun, 2)
    return Evaluation("earlier-checks", str(data), len(rankings), metrics, seconds, engine)


def _questions(path: Path) -> dict[str, str]:
    found = {}
    for line in path.read_text("utf-8").splitlines():
        id, tab, text = line.partition("\t")
        if tab:
            found[id.strip()] = text.strip()
    return found


def _post_checks(data: Path) -> Checks:
    texts, facts, said = {}, [], []
    for id, row in json_files(data, "vclaims"):
        statement = _joined(row.get("vclaim"), row.get("subtitle"))
        texts[str(row.get("vclaim_id", id))] = row.get("title") or "", statement, ""
        facts.append(CheckFacts())
        said.append(said_of(row.get("title") or "", row.get("vclaim") or ""))
    return Checks(texts, facts, said)


def _spoken_checks(data: Path) -> Checks:
    texts, facts, said = {}, [], []
    for id, row in json_files(data, "politifact-vclaims"):
        claimant = row.get("speaker") or ""
        text = _joined(row.get("vclaim"), row.get("text"))
        texts[id] = row.get("title") or "", text, claimant
        facts.append(CheckFacts(claimant, stated_on(row.get("date") or "")))
        said.append(said_of(row.get("title") or "", row.get("vclaim") or ""))
    return Checks(texts, facts, said)


def _joined(*parts: Any) -> str:
    return " \n ".join(str(part) for part in parts if part)


def stated_on(text: str) -> date | None:
    """Return the day of "stated on October 22, 2019 in a mailer"."""
    found = re.search(r"([A-Z][a-z]+ \d{1,2}, \d{4})", text)
    try:
        return datetime.strptime(found.group(1), "%B %d, %Y").date() if found else None  # noqa: DTZ007
    except ValueError:
        return None


def spoken_on(name: str) -> date | None:
    """Return the day in the name of a transcript: 20161019_… or 2019_nov_21."""
    found = re.match(r"(\d{4})(\d{2})(\d{2})(?!\d)", name)
    parts = [int(part) for part in found.groups()] if found else []
    named = re.match(r"(\d{4})_([a-z]{3})_(\d{1,2})(?!\d)", name.lower())
    if named and named.group(2) in _MONTHS:
        parts = [int(named.group(1)), _MONTHS.index(named.group(2)) + 1, int(named.group(3))]
    try:
        return date(*parts) if parts else None
    except ValueError:
        return None


def _transcripts(data: Path) -> dict[date, list[DebateLine]]:
    """Return the transcripts by day: their names are spelled differently in questions and files."""
    packed = first_of(data, "transcripts*.tar*")
    folder = first_of(data, "transcripts")
    if packed is not None:
        files = list(tar_members(packed))
    elif folder is not None:
        files = [(path, path.read_bytes()) for path in sorted(folder.rglob("*.tsv"))]
    else:
        return {}
    found: dict[date, list[DebateLine]] = {}
    for path, raw in files:
        day = spoken_on(path.name)
        if day is not None:
            cells = [line.split("\t") for line in raw.decode("utf-8", "replace").splitlines()]
            found[day] = [DebateLine(row[1], row[2]) for row in cells if len(row) >= 3]
    return found


def _claim(id: str, text: str, transcripts: dict[date, list[DebateLine]]) -> ClaimText:
    """Return the claim with what its transcript says of it; without a transcript, the sentence alone."""
    name, _, number = id.rpartition("_")
    day = spoken_on(name)
    lines = transcripts.get(day) if day else None
    if not lines:
        return ClaimText(text, made_on=day)
    at = next((at for at, line in enumerate(lines) if line.text.strip() == text), None)
    if number.isdecimal() and 0 < int(number) <= len(lines) and lines[int(number) - 1].text.strip() == text:
        at = int(number) - 1
    if at is None:
        return ClaimText(text, made_on=day)
    return ClaimText(
        text,
        claimant=lines[at].speaker,
        before=tuple(line.text for line in lines[max(0, at - BEFORE) : at]),
        after=tuple(line.text for line in lines[at + 1 : at + 1 + AFTER]),
        made_on=day,
    )
