"""How often is the same assertion called different, and a different one the same?

Reads a list of pairs (lines of family, ``same`` or ``different``, one, other, parted by tabs), or the folder of CLEF
2021 CheckThat! task 2A: there a tweet and the claim checked in it are the same, and the tweet and the nearest claim
that was not its own, by rare words shared with the right one, are different. ``train`` is unused. With ``semantic`` the
folder also tells what a desk with so many claims would offer for a look: every tweet against the claims that were
checked in any of them among others, by words alone and with what the vectors of both find.
"""

from __future__ import annotations

import hashlib
import math
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from claims.actions.triage.resemblance import CLAIMS
from claims.matching.candidates import ALIKE_FROM, CANDIDATES, OFFERED, ByWords, offered, order, stems
from claims.matching.sameness import Assertion, Sameness, compare, profile

from .kept_vectors import vectors_of
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
    data: Path,
    *,
    train: Path | None = None,
    semantic: bool = False,
    size: int = CLAIMS,
    cache: Path | None = None,
    details: Callable[[str], object] | None = None,
    progress: Callable[[str], None] = lambda line: None,
) -> Evaluation:
    """Compare every pair of the set at ``data``; ``details`` gets a line for each that is called the contrary.

    With ``semantic``, what is offered of ``size`` claims; ``cache`` keeps the vectors. Raises BadData for a list then.
    """
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
    if semantic:
        if not data.is_dir():
            raise BadData("a list of pairs holds nothing that could be offered: name the folder of task 2A")
        metrics |= _offers(_tweets_and_claims(data), size, cache, progress)
    return Evaluation("repeats", str(data), len(pairs), metrics, round(time.monotonic() - begun, 2))


def _listed(path: Path) -> Iterator[JudgedPair]:
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = line.split("\t")
        if len(cells) != 4 or cells[1] not in (Sameness.SAME, Sameness.DIFFERENT):
            raise BadData(f"line {number} of {path} is not family, same or different, one text, another")
        yield JudgedPair(cells[0], Sameness(cells[1]), cells[2], cells[3])


@dataclass(frozen=True, slots=True)
class CheckedTweets:
    """Tweets and claims by id, and which claims were checked in which tweet."""

    tweets: dict[str, str]
    claims: dict[str, str]
    right: dict[str, set[str]]


def _tweets_and_claims(folder: Path) -> CheckedTweets:
    judged, asked = first_of(folder, "qrels-dev*", "qrels*"), first_of(folder, "tweets*.tsv")
    if judged is None or asked is None:
        raise BadData(f"{folder} needs qrels (qrels-dev.tsv) and tweets (tweets*.tsv)")
    tweets = dict(line.split("\t", 1) for line in asked.read_text("utf-8").splitlines() if "\t" in line)
    claims = {str(row.get("vclaim_id", id)): str(row["vclaim"]) for id, row in json_files(folder, "vclaims")}
    right = {
        tweet: ids & claims.keys()
        for tweet, ids in qrels(judged.read_text("utf-8").splitlines()).items()
        if tweet in tweets
    }
    return CheckedTweets(tweets, claims, right)


def _offers(
    checked: CheckedTweets, size: int, cache: Path | None, progress: Callable[[str], None]
) -> dict[str, float]:
    """Return what of ``size`` claims is compared with and offered for tweets, by words alone and by meaning too."""
    ids = list(dict.fromkeys(id for its in checked.right.values() for id in sorted(its)))
    # Drawn by what their names hash to: without order, and the same every time.
    others = sorted(checked.claims.keys() - set(ids), key=lambda id: hashlib.sha256(id.encode()).digest())
    ids = [*ids, *others][:size]
    texts = [checked.claims[id] for id in ids]
    words = ByWords(stems(text) for text in texts)
    asked = [(checked.tweets[id], its) for id, its in checked.right.items()]
    likeness = (
        _floats([tweet for tweet, _right in asked], cache, progress) @ _floats(texts, cache, progress).T
    )
    profiles = [profile(Assertion(text)) for text in texts]
    totals: Counter[str] = Counter()
    for (tweet, its), row in zip(asked, likeness, strict=True):
        mine = profile(Assertion(tweet))
        shared = words.nearest(stems(tweet))
        near = [at for at in np.argsort(-row, kind="stable")[:CANDIDATES].tolist() if row[at] >= ALIKE_FROM]
        for way, places, known in (
            ("words", shared, {}),
            ("meaning", list(dict.fromkeys((*shared, *near))), {at: float(row[at]) for at in near}),
        ):
            compared = {at: compare(mine, profiles[at]) for at in places}
            best = [at for at in places if offered(compared[at], known.get(at, 0.0))]
            best.sort(key=lambda at: order(compared[at], known.get(at, 0.0)))
            shown = {ids[at] for at in best[:OFFERED]}
            totals[f"{way}_candidates"] += bool(its & {ids[at] for at in places})
            totals[f"{way}_offered"] += bool(its & shown)
            totals[f"{way}_right"] += len(its & shown)
            totals[f"{way}_rows"] += len(shown)
    metrics: dict[str, float] = {}
    for way in ("words", "meaning"):
        metrics[f"{way}_candidates"] = round(totals[f"{way}_candidates"] / len(asked), 4)
        metrics[f"{way}_offered"] = round(totals[f"{way}_offered"] / len(asked), 4)
        metrics[f"{way}_rows"] = totals[f"{way}_rows"]
        metrics[f"{way}_precision"] = round(totals[f"{way}_right"] / max(totals[f"{way}_rows"], 1), 4)
    return metrics


def _floats(
    texts: list[str], cache: Path | None, progress: Callable[[str], None]
) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    rows = vectors_of([("", text) for text in texts], cache, progress)
    return np.frombuffer(b"".join(rows), dtype="<f2").astype(np.float32).reshape(len(texts), -1)


def _posts(folder: Path) -> Iterator[JudgedPair]:
    checked = _tweets_and_claims(folder)
    tweets, claims = checked.tweets, checked.claims
    holders: dict[str, list[str]] = defaultdict(list)
    for id, text in claims.items():
        for word in profile(Assertion(text)).content:
            holders[word].append(id)
    for tweet, ids in checked.right.items():
        for id in sorted(ids):
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
