"""What is a difference between two assertions?"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Check(StrEnum):
    """What two assertions differ in."""

    NUMBER = "number"
    NEGATION = "negation"
    ANTONYM = "antonym"
    ACTOR = "actor"
    DATE = "date"
    MODALITY = "modality"
    QUANTIFIER = "quantifier"
    LINK = "link"
    KIND = "kind"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference, in words for a person: what each of the two has; empty where it has nothing.

    Not ``certain``, it is a doubt: a person has to look whether it matters.
    """

    check: Check
    one: str
    other: str
    certain: bool = True
