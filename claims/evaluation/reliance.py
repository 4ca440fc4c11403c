"""How often is a passage rightly said to repeat the claimant, and a page rightly said to be a primary source?

Reads a list of hand labels that names texts by folder, article and offsets and holds none of them: ``repeats`` rows
point into folders of annotated articles, where the claim's words and its claimant are the annotation's, ``primary``
rows into AVeriTeC. Of these pages only the address is known, so what an outlet's name or a text's form tells is not
measured.
``train`` is unused.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from claims.actions.reliance import Told, read_told
from claims.evaluation.types import BadData, Evaluation
from claims.independence.issuers import Form, Printed, form_of
from claims.independence.reliance import Asker, reliance, repeats_claimant


@dataclass(frozen=True, slots=True)
class _Label:
    """One judged row: which question, what was found, what is right, and what to call it."""

    question: str
    found: bool
    right: bool
    name: str


def run(
    data: Path, *, train: Path | None = None, details: Callable[[str], object] | None = None
) -> Evaluation:
    """Judge every row of the list at ``data``; ``details`` gets a line for each that is wrong."""
    begun = time.monotonic()
    counted: Counter[tuple[str, bool, bool]] = Counter()
    rows = 0
    for label in _labels(data):
        rows += 1
        counted[label.question, label.found, label.right] += 1
        if details is not None and label.found is not label.right:
            details(f"{label.question}: {'yes' if label.found else 'no'}, should be otherwise: {label.name}")
    metrics = {}
    for question in ("repeats", "primary"):
        hits = counted[question, True, True]
        said, wanted = hits + counted[question, True, False], hits + counted[question, False, True]
        metrics[f"{question}_precision"] = round(hits / said, 4) if said else 0.0
        metrics[f"{question}_recall"] = round(hits / wanted, 4) if wanted else 0.0
    return Evaluation("reliance", str(data), rows, metrics, round(time.monotonic() - begun, 2))


def _labels(path: Path) -> Iterator[_Label]:
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadData(f"{path} cannot be read: {error}") from error
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        match line.split("\t"):
            case ["repeats", folder, article, *offsets, label] if len(offsets) == 4:
                start, end, first, last = (int(one) for one in offsets)
                text, units = _article(path.parent / folder, article)
                yield _repeats(text, units, (start, end), (first, last), label, article)
            case ["primary", folder, claim, question, answer, label]:
                url = _answers(path.parent / folder)[int(claim)]["questions"][int(question)]["answers"][
                    int(answer)
                ]
                yield _primary(str(url["source_url"]), label)
            case _:
                raise BadData(f"{path}, line {number}: neither a “repeats” nor a “primary” row")


def _repeats(
    text: str,
    units: list[dict[str, Any]],
    claim: tuple[int, int],
    place: tuple[int, int],
    label: str,
    article: str,
) -> _Label:
    unit = next((row for row in units if (row["start"], row["end"]) == claim), None)
    if unit is None:
        raise BadData(f"{article} has no annotated unit at {claim}")
    passage = Told(text[slice(*place)], "en", text[: place[0]])
    found = reliance(passage.text, read_told(passage).of(passage), Printed(), text[slice(*claim)])
    said = repeats_claimant(found, Asker((unit["claimant"],)))
    who = ", ".join(one.name or "?" for one in found.speakers) + (" and itself" if found.itself else "")
    return _Label("repeats", said, label == "yes", f"{article} {place}: {unit['claimant']} <- {who}")


def _primary(url: str, label: str) -> _Label:
    site = (urlsplit(url).hostname or "").removeprefix("www.")
    form = form_of(Printed(site=site, url=url))
    return _Label("primary", form is not Form.NONE, label == "yes", f"{url} ({form or 'nothing'})")


@cache
def _article(folder: Path, article: str) -> tuple[str, list[dict[str, Any]]]:
    try:
        text = (folder / f"{article}.txt").read_text("utf-8")
        return text, json.loads((folder / f"{article}.json").read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise BadData(f"the article {article} of {folder} cannot be read: {error}") from error


@cache
def _answers(folder: Path) -> list[dict[str, Any]]:
    try:
        rows: list[dict[str, Any]] = json.loads((folder / "train.json").read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise BadData(f"AVeriTeC's train.json is not in {folder}: {error}") from error
    return rows
