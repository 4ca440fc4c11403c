"""How are the weights of check-worthiness learned? Logistic regression over named features, in numpy alone.

Read by commands only: nothing that scores a text imports this module. A model is learned from labelled
sentences (our own, an installation's editors', or a public training split at evaluation time); its threshold
comes from predictions out of fold, never from the rows it was fitted on. It refuses to tag: rows carry their
words and tags.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from claims.splitting.checkable import features as worth_features
from claims.splitting.checkable.worthiness import Weights

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

# Penalty on the squared weights of standardised features, per row; found by cross-validation on our own
# sentences.
OWN_PENALTY = 500.0
UNIT_PENALTY = 60.0
# For a large foreign training split: named features raw, n-grams scaled.
LARGE_PENALTY = 6.0
# With sentence vectors, all columns standardised.
VECTOR_PENALTY = 1000.0
NGRAM_SCALE = 3.0
NGRAM_LEAST_ROWS = 3
FOLDS = 6
# A named feature seen in fewer rows than this says nothing yet.
LEAST_ROWS = 4
# A rare feature varies little in few rows; it is weighed as if it varied this much.
LEAST_SPREAD = 0.1


@dataclass(frozen=True, slots=True)
class TrainingRow:
    """A labelled sentence; rows of one ``group`` (a debate, an article) never sit on both sides of a fold."""

    words: tuple[str, ...]
    xpos: tuple[str, ...]
    worthy: bool
    group: str = ""
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Sparse:
    """Rows of (column, value) pairs end to end; ``starts`` has one entry more than there are rows."""

    columns: Ints
    values: Floats
    starts: Ints
    width: int

    def dot(self, weights: Floats) -> Floats:
        """Return the product with a vector of ``width``."""
        running = np.concatenate(([0.0], np.cumsum(self.values * weights[self.columns])))
        product: Floats = running[self.starts[1:]] - running[self.starts[:-1]]
        return product

    def transposed_dot(self, per_row: Floats) -> Floats:
        """Return the product of the transpose with a vector over rows."""
        spread = np.repeat(per_row, np.diff(self.starts)) * self.values
        product: Floats = np.bincount(self.columns, weights=spread, minlength=self.width).astype(np.float64)
        return product

    def take(self, rows: Ints) -> Sparse:
        """Return the given rows in the given order."""
        lengths = self.starts[rows + 1] - self.starts[rows]
        starts = np.concatenate(([0], np.cumsum(lengths)))
        places = (np.repeat(self.starts[rows] - starts[:-1], lengths) + np.arange(starts[-1])).astype(np.intp)
        return Sparse(self.columns[places], self.values[places], starts, self.width)


def minimise(
    slope: Callable[[Floats], tuple[float, Floats]], start: Floats, *, rounds: int = 200, memory: int = 10
) -> Floats:
    """Return the minimum of a smooth convex function by L-BFGS with backtracking.

    ``slope`` returns value and gradient. Nocedal and Wright, Numerical Optimization, algorithm 7.4.
    """
    point = start.copy()
    value, gradient = slope(point)
    steps: list[tuple[Floats, Floats, float]] = []
    for _ in range(rounds):
        direction = -gradient
        kept: list[float] = []
        for step, change, scale in reversed(steps):
            alpha = scale * float(step @ direction)
            direction = direction - alpha * change
            kept.append(alpha)
        if steps:
            step, change, _ = steps[-1]
            direction = direction * (float(step @ change) / float(change @ change))
        else:
            direction = direction / max(float(np.linalg.norm(gradient)), 1e-12)
        for (step, change, scale), alpha in zip(steps, reversed(kept), strict=True):
            direction = direction + step * (alpha - scale * float(change @ direction))
        fall = float(gradient @ direction)
        if fall > -1e-12:
            break
        stride = 1.0
        while True:
            following = point + stride * direction
            new_value, new_gradient = slope(following)
            if new_value <= value + 1e-4 * stride * fall or stride < 1e-8:
                break
            stride /= 2
        step, change = following - point, new_gradient - gradient
        curvature = float(step @ change)
        if curvature > 1e-12:
            steps = [*steps[1 - memory :], (step, change, 1 / curvature)] if memory > 1 else []
        settled = abs(value - new_value) < 1e-7 * max(abs(value), 1.0)
        point, value, gradient = following, new_value, new_gradient
        if settled:
            break
    return point


def fit(
    dense: Floats, sparse: Sparse | None, worthy: Floats, row_weights: Floats, penalty: float
) -> tuple[Floats, Floats, float]:
    """Return the weights of the dense and the sparse columns and the bias, fitted with an L2 penalty."""
    width = dense.shape[1]
    other = sparse.width if sparse is not None else 0
    total = row_weights.sum()

    def slope(point: Floats) -> tuple[float, Floats]:
        scores = dense @ point[:width] + point[-1]
        if sparse is not None:
            scores = scores + sparse.dot(point[width:-1])
        loss = np.logaddexp(0.0, scores) - worthy * scores
        error = row_weights * (1 / (1 + np.exp(-np.clip(scores, -500, 500))) - worthy)
        weights = point[:-1]
        parts = [dense.T @ error]
        if sparse is not None:
            parts.append(sparse.transposed_dot(error))
        gradient = np.concatenate([*parts, [error.sum()]])
        gradient[:-1] += penalty * weights
        value = float(row_weights @ loss) + 0.5 * penalty * float(weights @ weights)
        return value / total, gradient / total

    point = minimise(slope, np.zeros(width + other + 1))
    return point[:width], point[width:-1], float(point[-1])


def matrix(rows: Sequence[TrainingRow]) -> Floats:
    """Return the named features of the rows, one column each in the order of ``worth_features.names()``."""
    return features_matrix([worth_features.read(row.words, row.xpos) for row in rows])


def features_matrix(read: Sequence[worth_features.Features]) -> Floats:
    """Return features already read as a matrix."""
    bits = len(worth_features.names()) - len(worth_features.FRACTIONS)
    size = (bits + 7) // 8
    packed = np.frombuffer(b"".join(one.bits.to_bytes(size, "little") for one in read), dtype=np.uint8)
    flags = np.unpackbits(packed.reshape(len(read), size), axis=1, bitorder="little")[:, :bits]
    fractions = np.array([one.fractions for one in read], dtype=np.float64).reshape(
        len(read), len(worth_features.FRACTIONS)
    )
    return np.hstack([flags.astype(np.float64), fractions])


def folds(groups: Sequence[str], count: int = FOLDS) -> Ints:
    """Return the fold of each row so that rows of one group share it and folds are of like size."""
    sizes = Counter(groups)
    filled = [0] * count
    placed: dict[str, int] = {}
    for group, size in sorted(sizes.items(), key=lambda pair: (-pair[1], pair[0])):
        smallest = min(range(count), key=lambda fold: (filled[fold], fold))
        placed[group] = smallest
        filled[smallest] += size
    return np.array([placed[group] for group in groups], dtype=np.intp)


def best_threshold(chances: Floats, worthy: Floats) -> tuple[float, float]:
    """Return the threshold with the best F1 of the worthy class, and that F1."""
    order = np.argsort(-chances, kind="stable")
    hits = np.cumsum(worthy[order])
    scores = 2 * hits / (np.arange(1, len(order) + 1) + worthy.sum())
    at = int(np.argmax(scores))
    low = chances[order[at + 1]] if at + 1 < len(order) else 0.0
    return float((chances[order[at]] + low) / 2), float(scores[at])


def average_precision(scores: Sequence[float] | Floats, worthy: Sequence[bool] | Floats) -> float:
    """Return the mean of the precision at each worthy row, ranked by score; 0 when none is worthy."""
    labels = np.asarray(worthy, dtype=np.float64)
    if not labels.sum():
        return 0.0
    order = np.argsort(-np.asarray(scores, dtype=np.float64), kind="stable")
    ranked = labels[order]
    precision = np.cumsum(ranked) / np.arange(1, len(ranked) + 1)
    return float((precision * ranked).sum() / ranked.sum())


def chance(scores: Floats) -> Floats:
    """Return the logistic function of scores."""
    result: Floats = 1 / (1 + np.exp(-np.clip(scores, -500, 500)))
    return result


def train(rows: Sequence[TrainingRow], *, penalty: float = OWN_PENALTY) -> Weights:
    """Learn a model of named features from a few thousand labelled rows, such as our own or editors'
    decisions.

    Features are standardised, so that a rare one is not weighed by chance; length is left out, because the
    length of hand-written sentences says who wrote them, not what they are worth. Raises ``ValueError`` when
    all rows have the same label.
    """
    worthy = np.array([row.worthy for row in rows], dtype=np.float64)
    if not 0 < worthy.sum() < len(rows):
        raise ValueError("training needs sentences that deserve checking and sentences that do not")
    table = matrix(rows)
    groups = [row.group or str(place) for place, row in enumerate(rows)]
    row_weights = np.array([row.weight for row in rows])
    fold_of = folds(groups)
    outside = np.zeros(len(rows))
    for fold in range(FOLDS):
        inside = fold_of != fold
        if inside.all() or not 0 < worthy[inside].sum() < inside.sum():
            continue
        weights, bias = _named_weights(table[inside], worthy[inside], row_weights[inside], penalty)
        outside[~inside] = table[~inside] @ weights + bias
    threshold, _ = best_threshold(chance(outside), worthy)
    weights, bias = _named_weights(table, worthy, row_weights, penalty)
    listed = worth_features.names()
    return Weights(
        {feature.name: float(weight) for feature, weight in zip(listed, weights, strict=True) if weight},
        bias,
        threshold,
        {"rows": len(rows), "worthy": int(worthy.sum())},
    )


def _named_weights(
    table: Floats, worthy: Floats, row_weights: Floats, penalty: float
) -> tuple[Floats, float]:
    """Fit standardised features and return weights for the raw ones."""
    means, spreads = table.mean(axis=0), np.maximum(table.std(axis=0), LEAST_SPREAD)
    usable = (table != 0).sum(axis=0) >= LEAST_ROWS
    usable &= np.array([feature.family != "length" for feature in worth_features.names()])
    fitted, _, bias = fit(((table - means) / spreads)[:, usable], None, worthy, row_weights, penalty)
    weights = np.zeros(table.shape[1])
    weights[usable] = fitted / spreads[usable]
    return weights, bias - float(weights @ means)


@dataclass(frozen=True)
class LargeModel:
    """Learned from a large split, used in evaluation only: named features with n-grams of words and tags.

    Where sentence vectors were given, a second linear model over named features and vectors is averaged with
    the first (mean of log-odds); without them every weight belongs to something a person can read.
    """

    named: Floats
    grams: Floats
    bias: float
    vocabulary: dict[str, int]
    rarity: Floats
    threshold: float
    vectors: tuple[Floats, float] | None = None

    def scores(self, rows: Sequence[TrainingRow], vectors: Floats | None = None) -> Floats:
        """Return the chance that each row is worthy; ``vectors`` is needed where it learned from such."""
        table = matrix(rows)
        sparse = grams_matrix([grams(row.words, row.xpos) for row in rows], self.vocabulary, self.rarity)
        log_odds = table @ self.named + sparse.dot(self.grams) + self.bias
        if self.vectors is not None:
            if vectors is None:
                raise ValueError("this model was learned with sentence vectors and needs them")
            weights, bias = self.vectors
            log_odds = (log_odds + np.hstack([table, vectors]) @ weights + bias) / 2
        return chance(log_odds)


def train_large(
    rows: Sequence[TrainingRow], *, vectors: Floats | None = None, penalty: float = LARGE_PENALTY
) -> LargeModel:
    """Learn named features and n-grams together; the threshold is the best one out of fold."""
    worthy = np.array([row.worthy for row in rows], dtype=np.float64)
    row_weights = np.array([row.weight for row in rows])
    table = matrix(rows)
    lists = [grams(row.words, row.xpos) for row in rows]
    vocabulary, rarity = vocabulary_of(lists)
    sparse = grams_matrix(lists, vocabulary, rarity)
    wide = None if vectors is None else np.hstack([table, vectors])
    fold_of = folds([row.group or str(place) for place, row in enumerate(rows)])
    outside = np.zeros(len(rows))
    for fold in range(FOLDS):
        inside, other = np.flatnonzero(fold_of != fold), np.flatnonzero(fold_of == fold)
        if not len(inside) or not len(other):
            continue
        named, gram_weights, bias = fit(
            table[inside], sparse.take(inside), worthy[inside], row_weights[inside], penalty
        )
        outside[other] = table[other] @ named + sparse.take(other).dot(gram_weights) + bias
        if wide is not None:
            weights, bias = _dense_weights(wide[inside], worthy[inside], row_weights[inside], VECTOR_PENALTY)
            outside[other] = (outside[other] + wide[other] @ weights + bias) / 2
    threshold, _ = best_threshold(chance(outside), worthy)
    named, gram_weights, bias = fit(table, sparse, worthy, row_weights, penalty)
    second = None if wide is None else _dense_weights(wide, worthy, row_weights, VECTOR_PENALTY)
    return LargeModel(named, gram_weights, bias, vocabulary, rarity, threshold, second)


def _dense_weights(
    table: Floats, worthy: Floats, row_weights: Floats, penalty: float
) -> tuple[Floats, float]:
    """Fit standardised columns and return weights for the raw ones."""
    means, spreads = table.mean(axis=0), np.maximum(table.std(axis=0), LEAST_SPREAD / 2)
    fitted, _, bias = fit((table - means) / spreads, None, worthy, row_weights, penalty)
    weights = fitted / spreads
    return weights, bias - float(weights @ means)


# Words that keep their form in hybrid n-grams; all others are shown by their tag.
_FUNCTION_TAGS = frozenset(
    {"PRP", "PRP$", "MD", "IN", "TO", "DT", "CC", "WP", "WDT", "WRB", "EX", "RP", "PDT", "POS", ".", ","}
)
_FUNCTION_WORDS = frozenset(
    {
        "be",
        "is",
        "are",
        "was",
        "were",
        "been",
        "'s",
        "'re",
        "'m",
        "am",
        "'ve",
        "'d",
        "'ll",
        "have",
        "has",
        "had",
        "do",
        "does",
        "did",
        "not",
        "n't",
        "never",
        "more",
        "less",
        "than",
    }
)


def grams(words: Sequence[str], xpos: Sequence[str]) -> list[str]:
    """Return the n-grams of a sentence: words 1-2, tags 2-3, function words among tags 2-3."""
    low = [_shape(word.lower()) for word in words]
    tags = list(xpos)
    hybrid = [
        word if tag in _FUNCTION_TAGS or word in _FUNCTION_WORDS else tag
        for word, tag in zip(low, tags, strict=True)
    ]
    found = word_grams(words)
    for size in (2, 3):
        found += _runs(["<s>", *tags], size, "t")
        found += _runs(["<s>", *hybrid, "</s>"], size, "h")
    return found


def word_grams(words: Sequence[str]) -> list[str]:
    """Return the words of a sentence, numbers by their kind, and its pairs of words."""
    low = [_shape(word.lower()) for word in words]
    return [*low, *_runs(["<s>", *low, "</s>"], 2, "w")]


def _shape(word: str) -> str:
    if word[:1].isdigit():
        return "#YEAR" if len(word) == 4 and word.isdecimal() and 1500 < int(word) < 2100 else "#NUM"
    return word


def _runs(parts: list[str], size: int, prefix: str) -> Iterator[str]:
    for place in range(len(parts) - size + 1):
        yield prefix + "|" + " ".join(parts[place : place + size])


def vocabulary_of(lists: Sequence[list[str]]) -> tuple[dict[str, int], Floats]:
    """Return the n-grams of at least ``NGRAM_LEAST_ROWS`` rows with their columns and inverse frequencies."""
    seen: Counter[str] = Counter()
    for one in lists:
        seen.update(set(one))
    kept = sorted(gram for gram, rows in seen.items() if rows >= NGRAM_LEAST_ROWS)
    rarity = np.array([math.log((1 + len(lists)) / (1 + seen[gram])) + 1 for gram in kept])
    return {gram: column for column, gram in enumerate(kept)}, rarity


def grams_matrix(lists: Sequence[list[str]], vocabulary: dict[str, int], rarity: Floats) -> Sparse:
    """Return tf-idf rows of length ``NGRAM_SCALE``."""
    columns: list[int] = []
    counts: list[int] = []
    starts = [0]
    for one in lists:
        counted = Counter(column for column in map(vocabulary.get, one) if column is not None)
        columns.extend(counted.keys())
        counts.extend(counted.values())
        starts.append(len(columns))
    places = np.array(columns, dtype=np.intp)
    begins = np.array(starts, dtype=np.intp)
    values = (1 + np.log(np.array(counts, dtype=np.float64))) * rarity[places]
    running = np.concatenate(([0.0], np.cumsum(values**2)))
    lengths = np.sqrt(np.maximum(running[begins[1:]] - running[begins[:-1]], 1e-12))
    values = NGRAM_SCALE * values / np.repeat(lengths, np.diff(begins))
    return Sparse(places, values, begins, len(vocabulary))


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A claim unit labelled by whether its content can be checked, with what is known besides its words."""

    words: tuple[str, ...]
    xpos: tuple[str, ...]
    circumstances: tuple[str, ...]
    fact: bool
    weight: float = 1.0


def train_units(rows: Sequence[UnitRow], *, penalty: float = UNIT_PENALTY) -> dict[str, object]:
    """Learn when the content of a unit can be checked; return the model as ``checkable.load`` reads it."""
    fact = np.array([row.fact for row in rows], dtype=np.float64)
    if not 0 < fact.sum() < len(rows):
        raise ValueError("training needs units with and without checkable content")
    table = features_matrix([worth_features.read(row.words, row.xpos) for row in rows])
    extra_names = sorted({name for row in rows for name in row.circumstances})
    extra = np.array([[float(name in row.circumstances) for name in extra_names] for row in rows])
    listed = worth_features.names()
    both = np.hstack([table, extra])
    means, spreads = both.mean(axis=0), np.maximum(both.std(axis=0), 0.05)
    usable = (both != 0).sum(axis=0) >= LEAST_ROWS
    usable[: len(listed)] &= np.array([feature.family != "length" for feature in listed])
    row_weights = np.array([row.weight for row in rows])
    fitted, _, bias = fit(((both - means) / spreads)[:, usable], None, fact, row_weights, penalty)
    weights = np.zeros(both.shape[1])
    weights[usable] = fitted / spreads[usable]
    named = Weights(
        {feature.name: float(weight) for feature, weight in zip(listed, weights[: len(listed)], strict=True)},
        bias - float(weights @ means),
        0.5,
        {"rows": len(rows), "fact": int(fact.sum())},
    ).as_json()
    circumstances = {
        name: round(float(weight), 3)
        for name, weight in zip(extra_names, weights[len(listed) :], strict=True)
    }
    return {**named, "circumstances": circumstances}
