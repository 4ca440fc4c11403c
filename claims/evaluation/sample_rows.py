"""What does a search bring the sample desk's claims once its archive is large? Counts the rows that are wrong.

The articles of the sample desk lie among unrelated passages (``among``, as in ``evidence-rows``), and each of its
claims is asked as the desk asks and weighed as the desk weighs. Everything unrelated that is shown is a wrong row;
what the desk decided to use, by its steps, should be there still. Asked are the wordings that its people gave, else
the sentence in which the claim was found.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from pathlib import Path

from claims.evaluation.evidence_rows import SIZE, Shelf, answers, unrelated
from claims.evaluation.types import BadData, Evaluation
from claims.management.sample.reading import BadSample, Sample, read_sample

_FINDS = ("accept", "hear")


def run(
    data: Path,
    *,
    train: Path | None = None,
    engine: str = "embedded",
    semantic: bool = False,
    vectors: bool = False,
    among: Iterable[Path] = (),
    size: int = SIZE,
    cache: Path | None = None,
    details: Callable[[str], object] | None = None,
    progress: Callable[[str], None] = lambda line: None,
) -> Evaluation:
    """Ask the claims of a sample desk among ``size`` passages; ``data`` is its folder."""
    begun = time.monotonic()
    try:
        sample = read_sample(data)
    except (BadSample, FileNotFoundError) as error:
        raise BadData(f"{data} holds no sample desk: {error}") from error
    shelf = Shelf()
    number = {article.key: shelf.add(article.title, article.text) for article in sample.articles}
    for title, text in unrelated(among):
        if len(shelf) >= size:
            break
        shelf.add(title, text)
    asked = claims_of(sample)
    decided = decided_of(sample)
    progress(f"{len(shelf):,} passages, {len(asked)} claims")
    wrong = touched = shown = used = 0
    with answers(
        shelf, engine, semantic=semantic, vectors=vectors, cache=cache, progress=progress
    ) as answered:
        for name, wording in asked.items():
            found = answered(wording).shown
            strange = [document for document in found if document > len(number)]
            wrong += len(strange)
            touched += bool(strange)
            shown += len(found)
            used += sum(number[article] in found for article in decided.get(name, ()))
            if details is not None:
                for document in strange:
                    details(f"{name}: {shelf.documents[document - 1][0][:80]}")
    metrics: dict[str, float] = {
        "wrong_rows": wrong,
        "claims_with_wrong_rows": touched,
        "rows": shown,
        "decided_documents": sum(map(len, decided.values())),
        "decided_shown": used,
    }
    return Evaluation("sample-rows", str(data), len(asked), metrics, time.monotonic() - begun, engine)


def claims_of(sample: Sample) -> dict[str, str]:
    """Return the claims of a sample desk by name, each in the first words somebody gave it."""
    found: dict[str, str] = {}
    for step in sample.steps:
        if step.do in _FINDS and "claim" in step.values:
            words = step.values.get("wording") or step.values.get("quotation") or ""
            if words:
                found.setdefault(str(step.values["claim"]), str(words))
    return found


def decided_of(sample: Sample) -> dict[str, list[str]]:
    """Return which articles the desk decided to use for each claim."""
    found: dict[str, list[str]] = {}
    for step in sample.steps:
        for row in step.values.get("evidence", ()) if step.do == "judge" else ():
            articles = found.setdefault(str(step.values["claim"]), [])
            if row.get("cited") and row.get("article") and row["article"] not in articles:
                articles.append(str(row["article"]))
    return found
