"""Can the content of a unit be checked, or only that it was said? Learned, for what no word settles.

A linear head over the unit's sentence vector (layer 4 of the encoder) and named circumstances: the verdict of the
rules, who puts it forward, the first full verb, subject, figures, names, negation. The rules know forms; the vector
knows evaluation, which no list of words holds. Weights, data and figures: ``data/checkable_head.md``. Where a
word settles it (a pledge, a demand, a denial), the rules stand; only what they weigh goes to the head.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from claims.language.parser import FINITE
from claims.splitting.checkable.features import DATA
from claims.vocabulary import Attribution, Checkable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SHIPPED = DATA / "checkable_head.npz"
#: The verdict of the rules counts as so many standard deviations more than another circumstance.
_RULE = 2.0
# Between these chances a person should look.
_UNSURE = (0.35, 0.65)
_WEIGHED = frozenset({"checkable:model", "checkable:judgement"})
_SUBJECTS = {
    "I": ("i",),
    "we": ("we",),
    "you": ("you",),
    "he or she": ("he", "she"),
    "it": ("it",),
    "they": ("they",),
    "this": ("this", "that", "these", "those"),
    "there": ("there",),
    "who": ("who", "which"),
    "everyone": ("everyone", "people", "everybody"),
}
_OPEN = frozenset(
    {"plan", "plans", "planned", "want", "wants", "hope", "hopes", "expected", "expects", "likely", "should"}
    | {"must", "need", "needs"}
)


@dataclass(frozen=True, slots=True)
class Case:
    """One unit as the head sees it: its text, words and Penn tags, class, and what the rules decided."""

    text: str
    words: tuple[str, ...]
    xpos: tuple[str, ...]
    attribution: Attribution
    checkable: Checkable
    rules: tuple[str, ...] = ()

    @property
    def is_settled(self) -> bool:
        """Whether a word or a form decided, and not the linear model of the rules or a judging word."""
        return _WEIGHED.isdisjoint(self.rules)


@dataclass(frozen=True, slots=True)
class HeadDecision:
    """What of the content can be checked, with the chance that it can, and what spoke for and against it."""

    checkable: Checkable
    chance: float
    spoke_for: tuple[str, ...] = ()
    spoke_against: tuple[str, ...] = ()

    @property
    def unsure(self) -> bool:
        return _UNSURE[0] <= self.chance <= _UNSURE[1]


def circumstances(case: Case) -> dict[str, float]:
    """Return the named numbers of a unit; what is not named is 0. The names are the words people read."""
    low = [word.lower() for word in case.words]
    tags, n = case.xpos, max(len(low), 1)
    first = next((tag for tag in tags if tag in FINITE), "none")
    found: dict[str, float] = {
        f"class {case.attribution}": 1,
        f"first full verb {first}": 1,
        "the rules": _RULE if case.checkable is Checkable.FACT else 0,
        "length": math.log(n + 1),
    }
    found |= {rule: 1 for rule in case.rules if rule.startswith("checkable:")}
    modal = next((word for word, tag in zip(low, tags, strict=True) if tag == "MD"), None)
    if modal:
        found[f"“{modal}”"] = 1
    for name, words in _SUBJECTS.items():
        if low[:1] and low[0] in words:
            found[f"begins with {name}"] = 1
    if tags:
        found[f"begins as {tags[0]}"] = 1
    marks = {
        "a figure": tags.count("CD") > 0,
        "two figures": tags.count("CD") > 1,
        "a name": any(tag.startswith("NNP") for tag in tags),
        "several names": sum(tag.startswith("NNP") for tag in tags) > 2,
        "a negation": not {"not", "n't", "no", "never"}.isdisjoint(low),
        "a comparison": not {"JJR", "RBR"}.isdisjoint(tags),
        "a superlative": not {"JJS", "RBS"}.isdisjoint(tags),
        "first person": not {"i", "we", "our", "my", "us", "me"}.isdisjoint(low),
        "second person": not {"you", "your"}.isdisjoint(low),
        "a condition": not {"if", "unless"}.isdisjoint(low),
        "a plan or wish": not _OPEN.isdisjoint(low),
        "under five words": n < 5,
        "under nine words": n < 9,
        "over 25 words": n > 25,
    }
    found |= {name: 1 for name, there in marks.items() if there}
    shares = {
        "adjectives": "JJ",
        "adverbs": "RB",
        "names": "NNP",
        "nouns": "NN",
        "pronouns": "PRP",
        "verbs": "V",
    }
    found |= {
        f"share of {name}": sum(tag.startswith(prefix) for tag in tags) / n for name, prefix in shares.items()
    }
    return found


@dataclass(frozen=True)
class Head:
    """The weights: one a number of the vector, one a circumstance, standardisation folded in."""

    vector: NDArray[np.float32]
    named: dict[str, float]
    bias: float

    @classmethod
    def load(cls, path: object = SHIPPED) -> Head:
        """Read what ``train_checkable`` wrote."""
        import numpy as np

        with np.load(str(path), allow_pickle=False) as stored:
            names = stored["names"].tobytes().decode("utf-8").split("\n")
            weights = [float(weight) for weight in stored["named"]]
            return cls(stored["vector"], dict(zip(names, weights, strict=True)), float(stored["bias"]))

    def decide(self, cases: Sequence[Case]) -> list[HeadDecision]:
        """Judge units of one text together: their vectors are made in batches. What rules settled stays so."""
        weighed = self.weigh([case for case in cases if not case.is_settled])
        decided = iter(weighed)
        return [
            HeadDecision(case.checkable, float(case.checkable is Checkable.FACT))
            if case.is_settled
            else next(decided)
            for case in cases
        ]

    def weigh(self, cases: Sequence[Case]) -> list[HeadDecision]:
        """Judge units whatever the rules say of them."""
        if not cases:
            return []
        from claims.language.encoder import shipped

        # Every text once: subtitles and lists say the same line a thousand times.
        texts = list(dict.fromkeys(case.text for case in cases))
        meanings = dict(zip(texts, shipped().for_heads(texts) @ self.vector, strict=True))
        return [self._decision(case, float(meanings[case.text])) for case in cases]

    def _decision(self, case: Case, meaning: float) -> HeadDecision:
        parts = {name: value * self.named.get(name, 0.0) for name, value in circumstances(case).items()}
        chance = 1 / (1 + math.exp(-(meaning + sum(parts.values()) + self.bias)))
        ranked = sorted(parts, key=lambda name: parts[name])
        return HeadDecision(
            Checkable.FACT if chance >= 0.5 else Checkable.SAID,
            chance,
            tuple(name for name in reversed(ranked) if parts[name] > 0.1)[:2],
            tuple(name for name in ranked if parts[name] < -0.1)[:2],
        )


@lru_cache(maxsize=1)
def shipped() -> Head:
    """Return the head that comes with the project, loaded once in a process."""
    return Head.load()


def decide(cases: Sequence[Case]) -> list[HeadDecision]:
    """Judge units with the shipped head."""
    return shipped().decide(cases) if cases else []
