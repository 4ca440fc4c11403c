"""Can the content of a claim unit be checked, only that it was said, or neither, and what type of claim is
it?

Decided by the rules of the annotation guidelines where a word settles it (a demand, a pledge, a pleasantry),
else by a small linear model over the named features of the unit's own words, who puts it forward and with
which cue (``data/checkable.json``, learned from units we wrote, by ``manage.py train_worthiness``). The frame
is never scored: "he said" always looks factual. It refuses to judge whether the content is true.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

from claims.language.parser import FINITE
from claims.splitting.checkable import features as worth_features
from claims.splitting.checkable.features import DATA, Features
from claims.splitting.checkable.worthiness import BadWeights, Weights, logistic
from claims.splitting.types import ClaimType
from claims.vocabulary import Attribution, Checkable

SHIPPED = DATA / "checkable.json"
UNITS = DATA / "checkable.tsv"
# From this chance on the content counts as checkable: three in four units of news are, of the training
# units half.
FACT_FROM = 0.38
# Between these chances a person should look.
UNSURE = (0.25, 0.5)

#: The flag of a unit that a person should look at.
CLOSE_CALL = "checkable: close call"

_VERBS = frozenset({"VBD", "VBZ", "VBP", "MD", "VBN", "VBG", "VB"})
_YEAR = re.compile(r"(?:19|20)\d\d")
_QUIET = frozenset({"``", "''", ",", ".", ":", "-LRB-", "-RRB-", "HYPH"})


class Classified(NamedTuple):
    """What of a unit can be checked, its type, the rules that decided, and why a person should look."""

    checkable: Checkable
    type: ClaimType
    rules: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()


@dataclass(frozen=True)
class UnitWeights:
    """A linear model of "the content can be checked": named features, and circumstances of the unit."""

    features: Weights
    circumstances: dict[str, float]

    def chance(self, features: Features, circumstances: Sequence[str]) -> float:
        """Return the chance that the content can be checked."""
        extra = sum([self.circumstances.get(name, 0.0) for name in circumstances])
        return logistic(self.features.log_odds(features) + extra)


def load(path: Path) -> UnitWeights:
    """Read a model; raises ``BadWeights`` where the file is another thing."""
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        features = {str(name): float(value) for name, value in stored["weights"].items()}
        extra = {str(name): float(value) for name, value in stored["circumstances"].items()}
        return UnitWeights(Weights(features, float(stored["bias"]), FACT_FROM), extra)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadWeights(f"{path.name} holds no weights of checkability") from error


@cache
def shipped() -> UnitWeights:
    """Return the model that comes with the project."""
    return load(SHIPPED)


def circumstances(attribution: Attribution, cue: str) -> tuple[str, ...]:
    """Return the names of what is known of a unit besides its words."""
    found = [f"attribution:{attribution}"]
    if cue:
        found += [f"cue:{group}" for group in _cue_groups().get(cue.lower(), ("plain",))]
    return tuple(found)


def classify(
    words: Sequence[str],
    xpos: Sequence[str],
    *,
    attribution: Attribution,
    cue: str = "",
    cue_inside: bool = False,
    features: Features | None = None,
    weights: UnitWeights | None = None,
    low: Sequence[str] | None = None,
) -> Classified:
    """Decide a unit from the words and Penn tags of its span.

    ``cue`` is the lemma of the reporting verb or noun ("demand", "say", "according"), empty where nobody is
    named; ``cue_inside`` says that it stands inside the span ("rejected the charge"). ``features`` and the words in
    small letters (``low``) may be given.
    """
    read = features if features is not None else worth_features.read(words, xpos)
    model = weights if weights is not None else shipped()
    if low is None:
        low = [word.lower() for word in words]
    settled = _settled(low, xpos, attribution, cue.lower(), cue_inside)
    if settled is not None:
        checkable, rule = settled
        return Classified(checkable, claim_type(read, checkable), (f"checkable:{rule}",))
    if _judges(read):
        return Classified(Checkable.SAID, claim_type(read, Checkable.SAID), ("checkable:judgement",))
    extra = circumstances(attribution, cue)
    chance = model.chance(read, extra)
    checkable = Checkable.FACT if chance >= FACT_FROM else Checkable.SAID
    flags = (CLOSE_CALL,) if UNSURE[0] <= chance <= UNSURE[1] else ()
    return Classified(checkable, claim_type(read, checkable), ("checkable:model",), flags)


def _settled(
    low: Sequence[str],
    xpos: Sequence[str],
    attribution: Attribution,
    cue: str,
    cue_inside: bool,
) -> tuple[Checkable, str] | None:
    """Return what a word or the bare form of the unit decides, with the name of the rule."""
    if attribution is Attribution.PREMISE:
        if cue in _TERMING:
            return Checkable.SAID, "term in use"
        return Checkable.FACT, "premise"
    content = [tag for tag in xpos if tag not in _QUIET]
    groups = _cue_groups().get(cue, ())
    if not cue_inside and attribution is not Attribution.REPORTED:
        if len(content) <= 12 and _is_courtesy(low):
            return Checkable.NO, "courtesy"
        if len(content) <= (5 if attribution is Attribution.QUOTED else 3) and not _verbal(content):
            # "the highest since 1990" asserts something; "What a night", "Perhaps", "Under fifty" do not.
            superlative = not {"JJS", "RBS", "JJR"}.isdisjoint(content)
            return (Checkable.FACT, "apposition") if superlative else (Checkable.NO, "fragment")
    if attribution is not Attribution.ARTICLE and _takes_position(low, xpos):
        return Checkable.FACT, "stated position"
    # The writer's "will" with a day is a schedule, which can be checked.
    told = attribution is Attribution.QUOTED or (attribution is Attribution.ARTICLE and not _is_dated(low))
    if told and _foretells(low, xpos):
        return Checkable.SAID, "forecast"
    if attribution is Attribution.REPORTED and cue:
        finite = not FINITE.isdisjoint(content)
        # "The study suggests that it sank": a clause about what is or was is no demand.
        asserting = finite and "MD" not in content and not cue_inside
        if cue_inside and cue in _CALLING and "CD" not in xpos:
            # "described the visit as theatre": a name for it, which only was given.
            return Checkable.SAID, "evaluation"
        if "predictive" in groups or ("directive" in groups and not asserting):
            return Checkable.SAID, "demand or forecast"
        if "commissive" in groups and not asserting:
            return Checkable.SAID, "pledge or plan"
        if "evaluative" in groups and not finite:
            gerund = "VBG" in content
            if not (cue == "blame" and gerund):
                return Checkable.SAID, "evaluation"
        if "announcing" in groups and not finite:
            return Checkable.SAID, "announcement"
        if "announcing" not in groups and _foretells(low, xpos):
            return Checkable.SAID, "forecast"
    return None


def _is_courtesy(low: Sequence[str]) -> bool:
    """Say whether a unit thanks, greets or wishes well."""
    line = f" {' '.join(low)} ".replace(" n't", "n't").replace(" thanks to ", " ")
    for phrase in _courtesies():  # noqa: SIM110  # asked of every unit
        if phrase in line:
            return True
    return False


def _judges(features: Features) -> bool:
    """Say whether the unit's main clause calls something good or bad, and gives no figure."""
    has = _feature_masks()
    bits = features.bits
    return bool(bits & has["judge"] and bits & has["copula"] and not bits & has["number"])


def _foretells(low: Sequence[str], xpos: Sequence[str]) -> bool:
    """Say whether the first full verb is "will", as in a forecast or a pledge."""
    for word, tag in zip(low, xpos, strict=True):
        if tag in FINITE:
            return word in ("will", "'ll", "wo")
    return False


def _is_dated(low: Sequence[str]) -> bool:
    """Say whether a word names a time of the calendar: a month, a weekday, "tomorrow", a year."""
    if not _calendar().isdisjoint(low):
        return True
    return any(_YEAR.fullmatch(word) is not None for word in low if len(word) == 4)


def _verbal(content: Sequence[str]) -> bool:
    """Say whether a short unit has a verb or a number to assert something with."""
    return "CD" in content or not _VERBS.isdisjoint(content)


_TERMING = frozenset({"call", "label", "term", "dub", "name", "describe"})
#: What these call something it is only said to be.
_CALLING = frozenset({"describe", "dub", "characterize", "characterise", "label", "brand"})


_OPENING_WORDS = 7


def _takes_position(low: Sequence[str], xpos: Sequence[str]) -> bool:
    """Say whether a state or a body ("we", "his country", not "I") states where it stands."""
    opening = list(low[:_OPENING_WORDS])
    tags = xpos[:_OPENING_WORDS]
    positions = _positions()
    if "i" in opening or "MD" in tags or positions.isdisjoint(opening):
        return False
    at = next(place for place, word in enumerate(opening) if word in positions)
    return at > 0 and any(tag in ("PRP", "NN", "NNP", "NNS", "NNPS") for tag in tags[:at])


def claim_type(features: Features, checkable: Checkable) -> ClaimType:
    """Return the type an editor sees, from the features of the unit's words."""
    has = _feature_masks()
    bits = features.bits
    if checkable is Checkable.NO:
        return ClaimType.NOT_A_CLAIM
    if bits & has["future"] and not bits & has["past_only"]:
        return ClaimType.PREDICTION
    if checkable is Checkable.SAID:
        return ClaimType.PREDICTION if bits & has["modal"] else ClaimType.NOT_A_CLAIM
    if bits & has["wording"]:
        return ClaimType.PAST_WORDING
    if bits & has["cause"]:
        return ClaimType.CAUSE
    if bits & has["quantity"]:
        return ClaimType.QUANTITY
    if bits & has["position"]:
        return ClaimType.POSITION
    if bits & has["rule"]:
        return ClaimType.RULE
    return ClaimType.EVENT


_TYPED = {
    "future": ("i_will", "they_will"),
    "past_only": ("past_only",),
    "modal": ("modal", "have_to"),
    "wording": ("said_that", "did_not_say"),
    "cause": ("strong_cause",),
    "quantity": (
        "count_people",
        "count_things",
        "pct",
        "money_sum",
        "two_numbers",
        "more_than_number",
        "times",
    ),
    "position": ("stance_for", "voted"),
    "rule": ("allowed",),
    "judge": ("judge_good", "judge_bad"),
    "copula": ("kind:be_adjective", "kind:be_noun"),
    "number": ("any_number",),
}


@cache
def _feature_masks() -> dict[str, int]:
    index = {feature.name: place for place, feature in enumerate(worth_features.names())}
    return {
        name: sum(1 << index[feature] for feature in features if feature in index)
        for name, features in _TYPED.items()
    }


@cache
def _lines(name: str) -> tuple[str, ...]:
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))


@cache
def _courtesies() -> tuple[str, ...]:
    return tuple(f" {phrase} " for phrase in _lines("checkable_courtesies.txt"))


@cache
def _calendar() -> frozenset[str]:
    return frozenset(" ".join(_lines("checkable_calendar.txt")).split())


@cache
def _positions() -> frozenset[str]:
    return frozenset(" ".join(_lines("checkable_positions.txt")).split())


@cache
def _cue_groups() -> dict[str, tuple[str, ...]]:
    """Return the groups of each cue lemma."""
    stored: dict[str, str] = json.loads((DATA / "checkable_cues.json").read_text(encoding="utf-8"))
    groups: dict[str, list[str]] = {}
    for group, lemmas in stored.items():
        for lemma in lemmas.split():
            groups.setdefault(lemma, []).append(group)
    return {lemma: tuple(found) for lemma, found in groups.items()}
