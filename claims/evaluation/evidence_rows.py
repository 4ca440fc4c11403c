"""How many rows does a reviewer get for a claim in a large archive, and are they right?

Puts the texts that are known to bear on claims (any layout of ``evidence``) among passages that have nothing to do
with them, asks as the desk asks, and weighs as the desk weighs. ``unrelated`` is any folder or file of texts, a tar of
them, or one of the same layouts; so much of it is read that the archive has ``size`` passages. Of the first ten
rows only those count as right that the set says are: a text nobody labelled counts as wrong.

With a ``cache`` a run that was broken off goes on where it was, and the next one asks nothing again that was answered
by the same archive, engine, analyser and model.
"""

from __future__ import annotations

import hashlib
import json
import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from claims.evaluation.evidence import load
from claims.evaluation.kept_vectors import found_by_meaning, vectors_of
from claims.evaluation.ranking import SCOPE, archive, tar_members
from claims.evaluation.types import BadData, Evaluation
from claims.intake.passages import cut
from claims.language.likeness import likeness_of
from claims.query.analysis import ANALYSER_VERSION
from claims.query.build import ClaimText
from claims.query.types import Query
from claims.relevance import features, model, weighing
from claims.relevance.features import AskedClaim, ReadPassage
from claims.relevance.model import SHIPPED, shipped
from claims.relevance.weighing import Weighed, repeats, weigh
from claims.search import nearest
from claims.search.asking import ask
from claims.search.engine import Engine

SIZE = 100_000
#: As the desk does.
WEIGHED, SHOWN = 60, 12


@dataclass
class Shelf:
    """Documents as (title, passages), counted from 1, and which passage belongs to which."""

    documents: list[tuple[str, list[str]]] = field(default_factory=list)
    owners: list[int] = field(default_factory=lambda: [0])
    texts: list[tuple[str, str]] = field(default_factory=lambda: [("", "")])

    def add(self, title: str, text: str) -> int:
        """Cut a text into passages as the intake does; returns its number."""
        passages = [text[one.start : one.end] for one in cut(text)]
        self.documents.append((title, passages))
        number = len(self.documents)
        for passage in passages:
            self.owners.append(number)
            self.texts.append((title, passage))
        return number

    def __len__(self) -> int:
        return len(self.owners) - 1


def run(
    data: Path,
    *,
    train: Path | None = None,
    engine: str = "embedded",
    semantic: bool = False,
    vectors: bool = False,
    among: Iterable[Path] = (),
    size: int = SIZE,
    judged: Path | None = None,
    cache: Path | None = None,
    sample: int = 200,
    progress: Callable[[str], None] = lambda line: None,
) -> Evaluation:
    """Measure rows, precision and what is kept on ``sample`` claims of the set; with ``semantic`` by meaning too.

    With ``vectors`` passages are found by their meaning as well, as for a desk that has that switched on.

    ``judged`` are labels made by hand: lines of claim, passage and 1 or 0, both as ``name_of`` names them. Its
    claims are measured along; rows nobody judged are left out of ``p10_judged`` and told in ``judged_share``.
    """
    begun = time.monotonic()
    loaded = load(data)
    shelf = Shelf()
    number = {id: shelf.add(title, text) for id, (title, text) in loaded.texts.items()}
    for title, text in unrelated(among):
        if len(shelf) >= size:
            break
        shelf.add(title, text)
    ids = sorted(loaded.right)
    chosen = ids[:: max(1, len(ids) // sample)][:sample]
    labels = _labels(judged) if judged is not None else {}
    asked = {claim for claim, _passage in labels}
    known = set(chosen)
    looked_at = [id for id in ids if name_of(loaded.claims[id]) in asked]
    progress(f"{len(shelf):,} passages, {len(chosen)} claims")
    rows: list[int] = []
    right = first = kept = reached = 0
    said: list[bool | None] = []
    with answers(
        shelf, engine, semantic=semantic, vectors=vectors, cache=cache, progress=progress
    ) as answered:
        every = dict.fromkeys((*chosen, *looked_at))
        for at, id in enumerate(every, 1):
            claim = loaded.claims[id]
            gold = {number[text] for text in loaded.right[id]}
            answer = answered(claim)
            found, hits = answer.shown, answer.hits
            if at % 20 == 0:
                progress(f"{at} of {len(every)} claims")
            if name_of(claim) in asked:
                said += [
                    True if document in gold else labels.get((name_of(claim), name))
                    for document, name in zip(found[:10], answer.names, strict=False)
                ]
            if id not in known:
                continue
            rows.append(len(found))
            right += len(gold.intersection(found[:10]))
            first += len(found[:10])
            kept += bool(gold.intersection(found))
            reached += bool(gold.intersection(hits))
    metrics = {
        "rows_median": statistics.median(rows),
        "rows_mean": round(statistics.mean(rows), 2),
        "p10": round(right / first, 4) if first else 0.0,
        "claims_with_right": round(kept / len(chosen), 4),
        "claims_reached": round(reached / len(chosen), 4),
        "claims_without_rows": round(sum(not one for one in rows) / len(rows), 4),
    }
    if said:
        told = [one for one in said if one is not None]
        metrics["p10_judged"] = round(sum(told) / len(told), 4) if told else 0.0
        metrics["judged_share"] = round(len(told) / len(said), 4)
    seconds = round(time.monotonic() - begun, 2)
    return Evaluation("evidence-rows", str(data), len(chosen), metrics, seconds, engine)


@dataclass(frozen=True, slots=True)
class RowsAnswer:
    """What one claim is answered with: documents shown, the names of their best passages, and all that were weighed."""

    shown: list[int]
    names: list[str]
    hits: list[int]


@contextmanager
def answers(
    shelf: Shelf,
    engine: str,
    *,
    semantic: bool,
    vectors: bool,
    cache: Path | None,
    progress: Callable[[str], None] = lambda line: None,
) -> Iterator[Callable[[str], RowsAnswer]]:
    """Offer a function from a claim to its answer; with a ``cache`` each is asked once and kept in a journal."""
    place = None if cache is None else cache / _name_of_archive(shelf)
    known: dict[str, RowsAnswer] = {}
    if place is not None:
        place.mkdir(parents=True, exist_ok=True)
        way = f"{'sense' if semantic else 'words'}{'-vectors' if vectors else ''}"
        journal = place / f"{engine}-{way}-{_name_of_rules()}.jsonl"
        known = _journal(journal)
    made = vectors_of(shelf.texts[1:], cache, progress) if vectors else ()
    kept = place / "vectors" if place is not None and vectors else place
    with archive(shelf.documents, engine, kept=kept, vectors=made) as opened:

        def answered(claim: str) -> RowsAnswer:
            found = known.get(claim)
            if found is None:
                best, hits = shown(opened, shelf, claim, semantic=semantic, vectors=vectors)
                found = known[claim] = RowsAnswer(list(best), [name_of(text) for text in best.values()], hits)
                if place is not None:
                    with journal.open("a", encoding="utf-8") as file:
                        file.write(json.dumps({"claim": claim, **asdict(found)}) + "\n")
            return found

        yield answered


def _journal(path: Path) -> dict[str, RowsAnswer]:
    """Read what was answered; a line that was cut short is asked again."""
    found = {}
    for line in path.read_text("utf-8").splitlines() if path.exists() else ():
        try:
            row = json.loads(line)
        except ValueError:
            continue
        claim = row.pop("claim")
        found[claim] = RowsAnswer(**row)
    return found


def _name_of_archive(shelf: Shelf) -> str:
    told = hashlib.sha256(str(ANALYSER_VERSION).encode())
    for owner, (title, text) in zip(shelf.owners, shelf.texts, strict=True):
        told.update(f"{owner}\0{title}\0{text}\0".encode("utf-8", "replace"))
    return told.hexdigest()[:16]


def _name_of_rules() -> str:
    """Return what changes the answers beside the archive: the model, and the code that measures and weighs."""
    told = hashlib.sha256(SHIPPED.read_bytes())
    for module in (features, model, weighing, nearest):
        told.update(Path(str(module.__file__)).read_bytes())
    return told.hexdigest()[:12]


def shown(
    engine: Engine,
    shelf: Shelf,
    claim: str,
    *,
    semantic: bool,
    vectors: bool = False,
    language: str = "en",
) -> tuple[dict[int, str], list[int]]:
    """Return the documents a reviewer is shown for a claim with their best passages, and all that were weighed."""
    answer = ask(
        engine,
        ClaimText(claim, language=language),
        Query(SCOPE),
        limit=100,
        texts=lambda passages: {passage: shelf.texts[passage] for passage in passages},
    )
    if vectors:
        answer = found_by_meaning(engine, answer, claim, Query(SCOPE))
    hits = answer.found[:WEIGHED]
    asked = AskedClaim(claim, answer.question.words, answer.frequencies, language)
    passages = [
        ReadPassage(text, title, rank)
        for rank, hit in enumerate(hits)
        for title, text in (shelf.texts[hit.hit.passage],)
    ]
    found: dict[int, Weighed] = {}
    for one in weigh(asked, passages, shipped(), sense=likeness_of if semantic else None):
        document = hits[one.place].hit.ref.id
        if not one.shown or document in found or len(found) == SHOWN:
            continue
        if not repeats(one.compared, (other.compared for other in found.values())):
            found[document] = one
    best = {document: one.compared.passage.text for document, one in found.items()}
    return best, [hit.hit.ref.id for hit in hits]


def name_of(text: str) -> str:
    """Return what names a text in a list of labels without holding a word of it."""
    return hashlib.sha256(text.strip().encode()).hexdigest()[:16]


def _labels(path: Path) -> dict[tuple[str, str], bool]:
    found = {}
    for line in path.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            claim, passage, right = line.split("\t")
            found[claim, passage] = right == "1"
    return found


def unrelated(places: Iterable[Path]) -> Iterator[tuple[str, str]]:
    """Yield (title, text) of everything that lies at the places; what is no text is passed over."""
    for place in places:
        files = sorted(path for path in place.rglob("*") if path.is_file()) if place.is_dir() else [place]
        for path in files:
            if ".tar" in path.suffixes:
                for inside, data in tar_members(path):
                    yield from _texts(inside, data)
            else:
                yield from _texts(path, path.read_bytes())


def _texts(path: Path, data: bytes) -> Iterator[tuple[str, str]]:
    text = data.decode("utf-8", "replace")
    if path.suffix == ".txt":
        yield text.strip().partition("\n")[0][:200], text
    elif path.suffix == ".json":
        try:
            found = json.loads(text)
        except ValueError as problem:
            raise BadData(f"{path} is no JSON") from problem
        if isinstance(found, dict) and isinstance(found.get("text"), str):
            yield str(found.get("title") or ""), f"{found.get('vclaim') or ''}\n{found['text']}".strip()
