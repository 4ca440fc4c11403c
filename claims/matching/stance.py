"""Does a passage seem to support or refute a claim? A lexical hint with the cue that gave it, never more.

Figures of its kind are poor (refute F1 of 0.07–0.53 in published runs), so it abstains unless a plain cue
stands near words of the claim: a word of denial, a correction, a negation on one side only, another figure
for the same thing. Nothing is ever decided by it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from claims.language.numbers import quantities
from claims.query.analysis import terms

REFUTES = "refutes"
SUPPORTS = "supports"
PARTLY = "partly"

_DENIAL = re.compile(
    r"\b(?:den(?:y|ies|ied|ial)|false|untrue|not true|incorrect|wrong|baseless|unfounded|debunk\w*|refut\w+|"
    r"contradict\w*|no evidence|never happened|fabricated|misleading|rejects?|rejected|retract\w*)\b",
    re.IGNORECASE,
)
_CONFIRM = re.compile(
    r"\b(?:confirm(?:s|ed)?|verified|corroborat\w+|admit(?:s|ted)?|acknowledg\w+|shows? that|records? show)\b",
    re.IGNORECASE,
)
_NEGATION = re.compile(
    r"\b(?:no|not|never|none|nobody|nothing|neither|nor|cannot|without)\b|n['’]t\b", re.IGNORECASE
)
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]?")
NEAR = 0.5


@dataclass(frozen=True, slots=True)
class StanceHint:
    """``stance`` is empty where the rules abstain; ``cue`` is the stretch that gave it."""

    stance: str = ""
    cue: str = ""


def hint(claim: str, passage: str, *, language: str = "en") -> StanceHint:
    """Return the hint for the sentence of the passage that is nearest to the claim; English only."""
    if not language.startswith("en"):
        return StanceHint()
    wanted = set(terms(claim, language))
    if not wanted:
        return StanceHint()
    best, share = "", 0.0
    for match in _SENTENCE.finditer(passage):
        sentence = match.group().strip()
        held = len(wanted & set(terms(sentence, language))) / len(wanted)
        if held > share:
            best, share = sentence, held
    if share < NEAR:
        return StanceHint()
    denial = _DENIAL.search(best)
    if denial and not _DENIAL.search(claim):
        return StanceHint(REFUTES, denial.group())
    other = _other_figure(claim, best)
    if other:
        return StanceHint(REFUTES, other)
    if bool(_NEGATION.search(claim)) != bool(_NEGATION.search(best)):
        found = _NEGATION.search(best) or _NEGATION.search(claim)
        return StanceHint(REFUTES, found.group() if found else "")
    confirm = _CONFIRM.search(best)
    if confirm:
        return StanceHint(SUPPORTS, confirm.group())
    return StanceHint(SUPPORTS, best[:120]) if share >= 0.8 else StanceHint()


def _other_figure(claim: str, sentence: str) -> str:
    """Return a figure of the sentence that has the claim's unit and another value, if no figure agrees."""
    mine, theirs = quantities(claim), quantities(sentence)
    for one in mine:
        same_unit = [other for other in theirs if other.unit == one.unit and other.kind == one.kind]
        if same_unit and all(abs(other.value - one.value) > 1e-9 for other in same_unit):
            return sentence[same_unit[0].start : same_unit[0].end]
    return ""
