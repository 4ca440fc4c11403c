"""How often is the same assertion called different, and a different one the same?

Reads a list of pairs (lines of family, ``same`` or ``different``, one, other, parted by tabs), or the folder of CLEF
2021 CheckThat! task 2A: there a tweet and the claim checked in it are the same, and the tweet and the nearest claim
that was not its own, by rare words shared with the right one, are different. ``train`` is unused.
"""

from __future__ import annotations

import math
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from claims.matching.sameness import Assertion, Sameness, compare, profile

from .ranking import first_of, json_files, qrels
from .types import BadData, Evaluation


@dataclass(frozen=True, slots=True)
class JudgedPair:
    """Two texts and whether they assert the same."""

    family: str
    wanted: Sameness
    one: str
    other: str


def run(
    data: Path, *, train: Path | None = None, details: Callable[[str], object] | None = None
) -> Evaluation:
    """Compare every pair of the set at ``data``; ``details`` gets a line for each that is called the contrary."""
    begun = time.monotonic()
    pairs = list(_posts(data) if data.is_dir() else _listed(data))
    called: Counter[tuple[Sameness, Sameness]] = Counter()
    for pair in pairs:
        found = compare(Assertion(pair.one), Assertion(pair.other))
        called[pair.wanted, found.verdict] += 1
        if details is not None and found.verdict is not pair.wanted:
            why = "; ".join(
                f"{row.check}: {row.one} | {row.other}" for row in found.differences + found.doubts
            )
            details(f"{pair.family}: {found.verdict}, not {pair.wanted} ({why}): {pair.one} | {pair.other}")
    metrics = {}
    for wanted in (Sameness.SAME, Sameness.DIFFERENT):
        rows = sum(called[wanted, verdict] for verdict in Sameness)
        for verdict in Sameness:
            if rows:
                metrics[f"{wanted}_called_{verdict}"] = round(called[wanted, verdict] / rows, 4)
    return Evaluation("repeats", str(data), len(pairs), metrics, round(time.monotonic() - begun, 2))


def _listed(path: Path) -> Iterator[JudgedPair]:
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = line.split("\t")
        if len(cells) != 4 or cells[1] not in (Sameness.SAME, Sameness.DIFFERENT):
            raise BadData(f"line {number} of {path} is not family, same or different, one text, another")
        yield JudgedPair(cells[0], Sameness(cells[1]), cells[2], cells[3])


def _posts(folder: Path) -> Iterator[JudgedPair]:
    judged, asked = first_of(folder, "qrels-dev*", "qrels*"), first_of(folder, "tweets*.tsv")
    if judged is None or asked is None:
        raise BadData(f"{folder} needs qrels (qrels-dev.tsv) and tweets (tweets*.tsv)")
    tweets = dict(line.split("\t", 1) for line in asked.read_text("utf-8").splitlines() if "\t" in line)
    claims = {str(row.get("vclaim_id", id)): str(row["vclaim"]) for id, row in json_files(folder, "vclaims")}
    right = qrels(judged.read_text("utf-8").splitlines())
    holders: dict[str, list[str]] = defaultdict(list)
    for id, text in claims.items():
        for word in profile(Assertion(text)).content:
            holders[word].append(id)
    for tweet, ids in right.items():
        for id in sorted(ids & claims.keys()):
            if tweet not in tweets:
                continue
            yield JudgedPair("post", Sameness.SAME, tweets[tweet], claims[id])
            nearest: dict[str, float] = defaultdict(float)
            for word in profile(Assertion(claims[id])).content:
                for other in holders[word]:
                    nearest[other] += math.log(len(claims) / len(holders[word]))
            wrong = max(
                (one for one in nearest if one not in ids), key=lambda one: (nearest[one], one), default=""
            )
            if wrong:
                yield JudgedPair("nearest", Sameness.DIFFERENT, tweets[tweet], claims[wrong])
