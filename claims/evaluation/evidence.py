"""How well evidence is found: claims against a pool of texts of which some are known to bear on them.

Reads the layouts of SciFact (queries.jsonl, a corpus and qrels), Check-COVID (corpus.json and a split) and
AVeriTeC (one JSON list; the pool is all extractive and abstractive answers of five words or more). The
question is the one the desk asks: the same code, no training.
"""

from __future__ import annotations

import csv
import io
import json
import lzma
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from claims.intake.passages import cut as passages_of
from claims.query.abbreviations import Abbreviations
from claims.query.build import ClaimText
from claims.query.types import Query
from claims.search.asking import ask

from .kept_vectors import found_by_meaning, vectors_of
from .ranking import SCOPE, archive, first_of, measure, qrels
from .types import BadData, Evaluation

MIN_ANSWER_WORDS = 5


@dataclass(frozen=True, slots=True)
class Pool:
    """Texts by id as (title, text), claims by id, and which texts are right for which claim."""

    texts: dict[str, tuple[str, str]]
    claims: dict[str, str]
    right: dict[str, set[str]]


def run(
    data: Path,
    *,
    train: Path | None = None,
    engine: str = "embedded",
    semantic: bool = False,
    cut: bool = False,
    cache: Path | None = None,
    progress: Callable[[str], None] = lambda line: None,
) -> Evaluation:
    """Measure evidence retrieval on the set at ``data``; ``train`` is not used, nothing is learned.

    With ``semantic`` what the vectors of all texts find is joined; a ``cache`` keeps those vectors. With ``cut``
    each text is in passages, as an archive has it, and comes where its best one does.
    """
    begun = time.monotonic()
    loaded = load(data)
    ids = list(loaded.texts)
    documents = [(title, _passages(text) if cut else [text]) for title, text in loaded.texts.values()]
    rows = [(title, passage) for title, passages in documents for passage in passages]
    abbreviations = Abbreviations.of(f"{title} \n {text}" for title, text in loaded.texts.values())
    rankings: dict[str, list[str]] = {}
    vectors = vectors_of(rows, cache, progress) if semantic else ()
    with archive(documents, engine, vectors=vectors) as opened:
        for id in loaded.right:
            answer = ask(
                opened,
                ClaimText(loaded.claims[id]),
                Query(SCOPE),
                texts=lambda passages: {passage: rows[passage - 1] for passage in passages},
                abbreviations=abbreviations,
            )
            if semantic:
                answer = found_by_meaning(opened, answer, loaded.claims[id], Query(SCOPE))
            rankings[id] = list(dict.fromkeys(ids[one.hit.ref.id - 1] for one in answer.found))
    metrics = measure(rankings, loaded.right)
    seconds = round(time.monotonic() - begun, 2)
    return Evaluation("evidence", str(data), len(rankings), metrics, seconds, engine)


def _passages(text: str) -> list[str]:
    return [text[one.start : one.end] for one in passages_of(text)] or [text]


def load(data: Path) -> Pool:
    """Read whichever of the three layouts lies at the path."""
    if not data.exists():
        raise BadData(f"{data} does not exist")
    folder = data if data.is_dir() else data.parent
    if data.is_dir() and (folder / "queries.jsonl").exists():
        return _scifact(folder)
    if (folder / "corpus.json").exists() or (folder.parent / "corpus.json").exists():
        return _check_covid(data)
    return _averitec(data)


def _kept(texts: dict[str, tuple[str, str]], claims: dict[str, str], right: dict[str, set[str]]) -> Pool:
    kept = {id: answers for id, answers in right.items() if id in claims and answers}
    if not kept:
        raise BadData("no claim has a right text")
    return Pool(texts, claims, kept)


def _scifact(folder: Path) -> Pool:
    claims = {row["_id"]: row["text"] for row in _json_lines(folder / "queries.jsonl")}
    judged = first_of(
        folder, "test.tsv", "qrels/test.tsv", "dev.tsv", "qrels/dev.tsv", "*.tsv", "qrels/*.tsv"
    )
    if judged is None:
        raise BadData(f"{folder} has no qrels table (*.tsv)")
    packed = first_of(folder, "corpus.csv.xz", "corpus.csv", "corpus.jsonl")
    if packed is None:
        raise BadData(f"{folder} has no corpus.csv.xz, corpus.csv or corpus.jsonl")
    texts = {}
    if packed.suffix == ".jsonl":
        for row in _json_lines(packed):
            texts[str(row["_id"])] = str(row.get("title", "")), str(row["text"])
    else:
        raw = lzma.decompress(packed.read_bytes()) if packed.suffix == ".xz" else packed.read_bytes()
        csv.field_size_limit(10_000_000)
        for line in csv.DictReader(io.StringIO(raw.decode("utf-8"), newline="")):
            texts[line["doc_id"]] = line["title"], _abstract(line["abstract"])
    return _kept(texts, claims, qrels(judged.read_text("utf-8").splitlines()))


def _abstract(cell: str) -> str:
    """Return the sentences of a printed array without its quotes and brackets."""
    return re.sub(r"""['"]\s*\n\s*['"]""", " ", cell.strip()).strip("[]'\" \n")


def _check_covid(data: Path) -> Pool:
    base = data if data.is_dir() else data.parent
    root = base if (base / "corpus.json").exists() else base.parent
    if data.is_file() and data.name != "corpus.json":
        split: Path | None = data
    else:
        folders = [base] if base != root else [root / name for name in ("test", "dev", "train")]
        patterns = ("*composed+extracted*.json", "*.json")
        split = next((found for one in folders if (found := first_of(one, *patterns))), None)
    if split is None:
        raise BadData(f"{root} has no split (test, dev or train) beside its corpus")
    texts = {
        row["cord_id"]: (row["title"], " ".join(row["abstract"])) for row in _json_lines(root / "corpus.json")
    }
    claims: dict[str, str] = {}
    right: dict[str, set[str]] = {}
    for row in _json_lines(split):
        claims[row["id"]] = row["claim"]
        right.setdefault(row["id"], set()).add(row["cord_id"])
    return _kept(texts, claims, right)


def _averitec(data: Path) -> Pool:
    path = data if data.is_file() else first_of(data, "test.json", "dev.json", "train.json", "*.json")
    if path is None:
        raise BadData(f"{data} holds none of the layouts of SciFact, Check-COVID and AVeriTeC")
    rows = json.loads(path.read_text("utf-8"))
    if not isinstance(rows, list) or not rows or "questions" not in rows[0]:
        raise BadData(f"{path} is no list of claims with questions, as AVeriTeC has")
    texts: dict[str, tuple[str, str]] = {}
    claims: dict[str, str] = {}
    right: dict[str, set[str]] = {}
    for at, row in enumerate(rows):
        claims[str(at)] = row["claim"]
        for asked in row["questions"]:
            for given in asked.get("answers", ()):
                text = given.get("answer") or ""
                kind = given.get("answer_type")
                if kind in ("Extractive", "Abstractive") and len(text.split()) >= MIN_ANSWER_WORDS:
                    texts.setdefault(text, ("", text))
                    right.setdefault(str(at), set()).add(text)
    return _kept(texts, claims, right)


def _json_lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            if line.strip():
                yield json.loads(line)
