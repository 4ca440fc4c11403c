"""How ranked lists are measured, and the engine they are measured on.

Metrics are those of the published tasks, relevance is yes or no: nDCG with log2 discount, recall, average
precision cut at k and divided by the number of right answers, reciprocal rank, precision of the first.
"""

from __future__ import annotations

import json
import math
import os
import secrets
import tarfile
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from claims.query.types import Collection, Ref
from claims.search.engine import Engine, IndexedDocument, IndexedPassage
from claims.search.factory import elasticsearch_engine, elasticsearch_settings, embedded_engine

from .types import BadData

SCOPE = frozenset({1})


def ndcg(ranked: Sequence[str], right: set[str], k: int) -> float:
    """Return the normalised discounted cumulative gain of the first k."""
    gain = sum(1 / math.log2(at + 2) for at, one in enumerate(ranked[:k]) if one in right)
    return gain / sum(1 / math.log2(at + 2) for at in range(min(k, len(right))))


def recall(ranked: Sequence[str], right: set[str], k: int) -> float:
    """Return the share of the right answers that are among the first k."""
    return len(right.intersection(ranked[:k])) / len(right)


def average_precision(ranked: Sequence[str], right: set[str], k: int) -> float:
    """Return the precision at each right answer among the first k, over all right answers."""
    found, total = 0, 0.0
    for at, one in enumerate(ranked[:k], 1):
        if one in right:
            found += 1
            total += found / at
    return total / len(right)


def reciprocal_rank(ranked: Sequence[str], right: set[str]) -> float:
    """Return 1 over the rank of the first right answer, 0 when there is none."""
    return next((1 / at for at, one in enumerate(ranked, 1) if one in right), 0.0)


def measure(rankings: Mapping[str, Sequence[str]], right: Mapping[str, set[str]]) -> dict[str, float]:
    """Return the mean of every metric over the questions; one without an answer counts as 0."""
    rows = [
        {
            "ndcg10": ndcg(ranked, right[id], 10),
            "r5": recall(ranked, right[id], 5),
            "r20": recall(ranked, right[id], 20),
            "r100": recall(ranked, right[id], 100),
            "map5": average_precision(ranked, right[id], 5),
            "mrr": reciprocal_rank(ranked, right[id]),
            "p1": 1.0 if ranked and ranked[0] in right[id] else 0.0,
        }
        for id, ranked in rankings.items()
    ]
    if not rows:
        raise BadData("no question has a right answer in the pool")
    return {name: round(sum(row[name] for row in rows) / len(rows), 4) for name in rows[0]}


@contextmanager
def pool(
    texts: Sequence[tuple[str, str, str]],
    engine: str,
    collection: Collection = Collection.DOCUMENTS,
    *,
    vectors: Sequence[bytes] = (),
) -> Iterator[Engine]:
    """Offer an engine that holds exactly these (title, text, further words); ids count from 1.

    ``vectors`` say what each text means, in the same order; without them it is found by words alone.
    """
    meanings = vectors or [b""] * len(texts)
    documents = (
        IndexedDocument(Ref(collection, id), 1, 1, title, (IndexedPassage(id, text, vector),), also=also)
        for id, ((title, text, also), vector) in enumerate(zip(texts, meanings, strict=True), 1)
    )
    with _holding(documents, engine) as opened:
        yield opened


@contextmanager
def archive(
    documents: Sequence[tuple[str, Sequence[str]]],
    engine: str,
    *,
    kept: Path | None = None,
    vectors: Sequence[bytes] = (),
) -> Iterator[Engine]:
    """Offer an engine that holds exactly these (title, passages); both are counted from 1, ``vectors`` likewise.

    In ``kept`` an embedded index stays for the next time: the caller names the folder after what it holds.
    """

    def indexed() -> Iterator[IndexedDocument]:
        passage = 0
        for id, (title, texts) in enumerate(documents, 1):
            passages = tuple(
                IndexedPassage(passage + at, text, vectors[passage + at - 1] if vectors else b"")
                for at, text in enumerate(texts, 1)
            )
            passage += len(texts)
            if passages:
                yield IndexedDocument(Ref(Collection.DOCUMENTS, id), 1, 1, title, passages)

    if engine == "embedded" and kept is not None:
        filled = kept / "filled"
        with embedded_engine(kept) as held:
            if not filled.exists():
                held.rebuild(indexed())
                filled.touch()
            yield held
        return
    with _holding(indexed(), engine) as opened:
        yield opened


@contextmanager
def _holding(documents: Iterable[IndexedDocument], engine: str) -> Iterator[Engine]:
    """Fill a throw-away engine.

    Elasticsearch is found through the environment; its indices have a name of their own and are dropped.
    """
    with tempfile.TemporaryDirectory(prefix="evaluate-") as folder:
        opened: Engine
        if engine == "embedded":
            opened = embedded_engine(Path(folder))
        elif engine == "elasticsearch":
            prefix = f"evaluate-{secrets.token_hex(4)}"
            opened = elasticsearch_engine(elasticsearch_settings(os.environ), prefix=prefix)
        else:
            raise BadData(f"there is no engine {engine}: embedded or elasticsearch")
        with opened:
            opened.rebuild(documents)
            try:
                yield opened
            finally:
                opened.erase()


def first_of(folder: Path, *patterns: str) -> Path | None:
    """Return the first file or folder that one of the patterns finds, earlier patterns first."""
    for pattern in patterns:
        found = sorted(path for path in folder.glob(pattern) if not path.name.startswith("._"))
        if found:
            return found[0]
    return None


def json_files(folder: Path, name: str) -> Iterator[tuple[str, Any]]:
    """Yield (stem, content) of the JSON files of ``name``, a folder or a tar of any compression."""
    place = first_of(folder, name, f"*{name}")
    if place is not None and place.is_dir():
        for path in sorted(place.rglob("*.json")):
            yield path.stem, json.loads(path.read_text("utf-8"))
        return
    packed = first_of(folder, f"{name}.tar*", f"*{name}*.tar*")
    if packed is None:
        raise BadData(f"{folder} has neither a folder nor a tar called {name}")
    for path, data in tar_members(packed):
        if path.suffix == ".json":
            yield path.stem, json.loads(data)


def tar_members(packed: Path) -> Iterator[tuple[Path, bytes]]:
    """Yield the files of a tar with their paths; nothing is written to disk."""
    with tarfile.open(packed) as tar:
        for member in tar:
            path = Path(member.name)
            if member.isfile() and not path.name.startswith("._"):
                file = tar.extractfile(member)
                if file is not None:
                    yield path, file.read()


def qrels(lines: Iterable[str]) -> dict[str, set[str]]:
    """Return the right answers by question, from TREC lines or a table with a header."""
    right: dict[str, set[str]] = {}
    for line in lines:
        cells = line.split("\t") if "\t" in line else line.split()
        cells = [cell.strip() for cell in cells]
        if len(cells) < 3 or not cells[-1].lstrip("-").isdigit():
            continue
        document = cells[2] if len(cells) >= 4 else cells[1]
        if int(cells[-1]) > 0:
            right.setdefault(cells[0], set()).add(document)
    return right
