"""How high do the sentences that professionals checked rank within a whole transcript?

A folder of tab-separated files, one transcript each: line number, speaker, sentence, 1 where it was checked
(the layout of CheckThat! 2019, task 1). A linear model over named features, words, and the place of a
sentence in its transcript is learned from other transcripts; where the two folders are the same, each
transcript is ranked by a model that has not seen it. Nothing learned here is kept.
"""

from __future__ import annotations

import math
import re
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from claims.evaluation.types import BadData, Evaluation
from claims.language.parser import Tags, tag
from claims.language.tokens import tokenize
from claims.splitting.checkable import features as worth_features
from claims.splitting.checkable import worthiness as checkworthiness
from claims.splitting.checkable.training import (
    Sparse,
    average_precision,
    features_matrix,
    fit,
    grams_matrix,
    vocabulary_of,
    word_grams,
)

TASK = "transcript-ranking"
Floats = NDArray[np.float64]

# Found by leaving out one transcript at a time.
_PENALTY = 3000.0
_WORDS_SCALE = 20.0
_TRANSCRIPT_SCALE = 3.0
_LEAST_SPREAD = 0.03
# Words shared by more than one sentence in seven or so say nothing about likeness.
_LEAST_RARITY = 2.0
_NEIGHBOURS = 5
_CONTENT = re.compile(r"[a-z]{3,}|\d+")


@dataclass(frozen=True, slots=True)
class TranscriptLine:
    """One sentence of a transcript."""

    speaker: str
    text: str
    checked: bool


@dataclass(frozen=True, slots=True)
class Transcript:
    """A transcript with what can be read from it without the labels of others."""

    name: str
    lines: tuple[TranscriptLine, ...]
    tags: tuple[Tags, ...]
    named: Floats
    own: Floats
    terms: tuple[frozenset[str], ...]

    @property
    def checked(self) -> Floats:
        """Return 1 for each line that was checked."""
        return np.array([line.checked for line in self.lines], dtype=np.float64)


def read(folder: Path) -> list[Transcript]:
    """Return the transcripts of a folder by name; raises ``BadData`` where the layout is another one."""
    if not folder.is_dir():
        raise BadData(f"{folder} is not a folder of transcripts")
    found = []
    for path in sorted(folder.glob("*.tsv")):
        lines = []
        for number, raw in enumerate(path.read_text(encoding="utf-8", errors="replace").split("\n"), start=1):
            row = raw.rstrip("\r").split("\t")
            if row == [""]:
                continue
            if len(row) != 4 or row[3] not in ("0", "1"):
                raise BadData(f"{path}, line {number}: expected number, speaker, sentence and 0 or 1")
            lines.append(TranscriptLine(row[1], row[2], row[3] == "1"))
        if lines:
            found.append(_prepared(path.name, lines))
    if not found:
        raise BadData(f"{folder} holds no transcripts (*.tsv)")
    return found


def _prepared(name: str, lines: list[TranscriptLine]) -> Transcript:
    tags = tag([[token.norm for token in tokenize(line.text)] for line in lines])
    features = [worth_features.read(one.words, one.xpos) for one in tags]
    shipped = checkworthiness.shipped()
    own = np.array([shipped.log_odds(one) for one in features])
    terms = tuple(frozenset(_CONTENT.findall(line.text.lower())) for line in lines)
    return Transcript(name, tuple(lines), tuple(tags), features_matrix(features), own, terms)


def run(data: Path, *, train: Path | None = None) -> Evaluation:
    """Return mean average precision and the recall within the first tenth, averaged over transcripts.

    Without ``train``, or where it is the same folder, each transcript is ranked by a model of the others.
    Transcripts in which nothing was checked are not scored.
    """
    began = time.monotonic()
    scored = read(data)
    if train is None or train.resolve() == data.resolve():
        pools = [[other for other in scored if other is not one] for one in scored]
        scores = [
            _ranked([one], pool)[0] if pool else one.own for one, pool in zip(scored, pools, strict=True)
        ]
    else:
        scores = _ranked(scored, read(train))
    precisions, recalls, lines = [], [], 0
    for one, values in zip(scored, scores, strict=True):
        checked = one.checked
        if not checked.any():
            continue
        lines += len(checked)
        precisions.append(average_precision(values, checked))
        first = np.argsort(-values, kind="stable")[: math.ceil(len(checked) / 10)]
        recalls.append(float(checked[first].sum() / checked.sum()))
    if not precisions:
        raise BadData(f"{data}: no sentence of any transcript is marked as checked")
    metrics = {
        "map": round(sum(precisions) / len(precisions), 4),
        "recall_first_tenth": round(sum(recalls) / len(recalls), 4),
    }
    return Evaluation(TASK, str(data), lines, metrics, round(time.monotonic() - began, 2))


def _ranked(wanted: Sequence[Transcript], pool: Sequence[Transcript]) -> list[Floats]:
    """Return a score for each line of the wanted transcripts, learned from the pool."""
    rarity = _rarity(pool)
    contexts = [_context(one, [other for other in pool if other is not one], rarity) for one in pool]
    dense = np.vstack([np.hstack([one.named, context]) for one, context in zip(pool, contexts, strict=True)])
    means, spreads = dense.mean(axis=0), np.maximum(dense.std(axis=0), _LEAST_SPREAD)
    lists = [word_grams(tags.words) for one in pool for tags in one.tags]
    vocabulary, weights = vocabulary_of(lists)
    words = _scaled(grams_matrix(lists, vocabulary, weights))
    sizes = [len(one.lines) for one in pool]
    owner = np.repeat(np.arange(len(pool)), sizes)
    # How much of a transcript was checked at all is no property of its sentences: each has an intercept of
    # its own.
    intercepts = np.zeros((len(dense), len(pool)))
    intercepts[np.arange(len(dense)), owner] = _TRANSCRIPT_SCALE
    # Long debates would otherwise drown the speeches, though each transcript counts once in the measure.
    row_weights = 1 / np.sqrt(np.array(sizes, dtype=np.float64))[owner]
    row_weights /= row_weights.mean()
    checked = np.concatenate([one.checked for one in pool])
    table = np.hstack([(dense - means) / spreads, intercepts])
    named, gram_weights, _ = fit(table, words, checked, row_weights, _PENALTY)
    scores = []
    for one in wanted:
        own = (np.hstack([one.named, _context(one, pool, rarity)]) - means) / spreads
        its_words = _scaled(grams_matrix([word_grams(tags.words) for tags in one.tags], vocabulary, weights))
        scores.append(own @ named[: own.shape[1]] + its_words.dot(gram_weights))
    return scores


def _scaled(sparse: Sparse) -> Sparse:
    return Sparse(sparse.columns, sparse.values * _WORDS_SCALE, sparse.starts, sparse.width)


def _rarity(pool: Sequence[Transcript]) -> dict[str, float]:
    seen = Counter(term for one in pool for terms in one.terms for term in terms)
    total = sum(len(one.lines) for one in pool)
    return {term: math.log(total / count) for term, count in seen.items()}


def _context(one: Transcript, others: Sequence[Transcript], rarity: dict[str, float]) -> Floats:
    """Return what the transcript says about each line: speaker, place, neighbours, earlier checks."""
    count = len(one.lines)
    speakers = [line.speaker for line in one.lines]
    said = Counter(speakers)
    asked = Counter(line.speaker for line in one.lines if line.text.rstrip().endswith("?"))
    lengths: defaultdict[str, int] = defaultdict(int)
    for speaker, tags in zip(speakers, one.tags, strict=True):
        lengths[speaker] += len(tags.words)
    all_words = max(sum(lengths.values()), 1)
    most = max(said.values())
    place = np.arange(count) / count
    own = one.own
    padded = np.concatenate(([own[0]], own, [own[-1]]))
    around = (padded[:-2] + padded[2:]) / 2
    stretch = np.array(
        [
            own[
                [near for near in range(max(0, at - 5), min(count, at + 6)) if speakers[near] == speakers[at]]
            ].mean()
            for at in range(count)
        ]
    )
    history = _history(others)
    return np.column_stack(
        [
            [said[speaker] / count for speaker in speakers],
            [asked[speaker] / said[speaker] for speaker in speakers],
            [lengths[speaker] / all_words for speaker in speakers],
            [said[speaker] / most for speaker in speakers],
            [float(speaker.upper() in ("SYSTEM", "AUDIENCE")) for speaker in speakers],
            place,
            (place - 0.5) ** 2,
            around,
            stretch,
            [history.get(speaker, 0.0) for speaker in speakers],
            _likeness(one, others, rarity),
            own,
            np.full(count, math.log(count)),
            np.full(count, float(len(said) == 1)),
        ]
    )


def _history(others: Sequence[Transcript]) -> dict[str, float]:
    """Return how much oftener than usual each speaker was checked elsewhere, as a log ratio."""
    said: Counter[str] = Counter()
    checked: Counter[str] = Counter()
    for other in others:
        for line in other.lines:
            said[line.speaker] += 1
            checked[line.speaker] += line.checked
    usual = checked.total() / max(said.total(), 1)
    if not usual:
        return {}
    return {name: math.log((checked[name] + 10 * usual) / (said[name] + 10) / usual) for name in said}


def _likeness(one: Transcript, others: Sequence[Transcript], rarity: dict[str, float]) -> Floats:
    """Return the cosine (tf-idf) to the likest earlier checked sentence, and the mean of the likest five."""
    earlier = [
        terms
        for other in others
        for terms, line in zip(other.terms, other.lines, strict=True)
        if line.checked
    ]
    if len(earlier) < _NEIGHBOURS:
        return np.zeros((len(one.lines), 2))
    holders: defaultdict[str, list[int]] = defaultdict(list)
    for row, terms in enumerate(earlier):
        for term in terms:
            holders[term].append(row)
    norms = np.array([_norm(terms, rarity) for terms in earlier])
    result = np.zeros((len(one.lines), 2))
    for row, terms in enumerate(one.terms):
        shared = np.zeros(len(earlier))
        # In a fixed order, so that the same input gives the same last digit.
        for term in sorted(terms):
            weight = rarity.get(term, 0.0)
            if weight > _LEAST_RARITY and term in holders:
                shared[holders[term]] += weight**2
        cosines = np.sort(shared / (norms * _norm(terms, rarity)))
        result[row] = cosines[-1], cosines[-_NEIGHBOURS:].mean()
    return result


def _norm(terms: frozenset[str], rarity: dict[str, float]) -> float:
    return math.sqrt(math.fsum(rarity.get(term, 0.0) ** 2 for term in terms)) + 1e-9
