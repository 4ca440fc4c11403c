"""Which person named before does "he" or "her" mean, and how likely is it?

An additive model: a weight for each named circumstance of everybody named in the sentences before. Weights, data and
figures: ``data/antecedents.md``. Who is not likely enough is not named at all: the reader is asked instead. It knows
names only; "his mother", met by no name, is nobody here.
"""

from __future__ import annotations

import json
import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from claims.language.document import Reading, Sentence
from claims.splitting.claimants.entities import Register
from claims.splitting.claimants.mentions import subject
from claims.splitting.claimants.name_runs import NameRun
from claims.splitting.claimants.person_names import given_names
from claims.splitting.types import ClaimantKind
from claims.splitting.word_lists import DATA, any_role, word_lists

SHIPPED = DATA / "antecedents.json"
#: The chance that a name must have to be written in place of a pronoun.
SURE = 0.8
PRONOUNS = {
    "he": "m",
    "his": "m",
    "him": "m",
    "himself": "m",
    "she": "f",
    "her": "f",
    "hers": "f",
    "herself": "f",
}
_REACH = 12
_MOST = 40
_MOST_NAMED = 400


@dataclass(frozen=True, slots=True)
class PersonNamed:
    """A person named at a place; ``who`` is the fullest name, or the surname alone where two people bear it."""

    start: int
    who: str
    gender: str
    sentence: Sentence
    run: NameRun
    is_subject: bool


@dataclass(frozen=True, slots=True)
class Antecedent:
    """Somebody a pronoun can mean, with what is known of him by the names of the weights."""

    who: str
    circumstances: dict[str, float]


@lru_cache(maxsize=1)
def _weights() -> tuple[dict[str, float], float]:
    stored = json.loads(SHIPPED.read_text(encoding="utf-8"))
    return stored["weights"], stored["bias"]


class Antecedents:
    """The persons and the pronouns of one article."""

    def __init__(self, reading: Reading, register: Register) -> None:
        self.named: list[PersonNamed] = []
        self._pronouns: dict[str, list[int]] = {"m": [], "f": []}
        self._places: dict[str, list[int]] = {}
        self._genders: dict[str, set[str]] = {}
        self._first: dict[str, int] = {}
        for sentence in reading.sentences:
            for run in register.runs(sentence):
                entity, flags = register.find(run.words)
                who, gender = "", ""
                if entity is not None and entity.kind is ClaimantKind.PERSON:
                    who, gender = entity.name, entity.gender
                elif entity is None and "same-surname" in flags:
                    who = run.words[-1]
                if who:
                    is_subject = subject(sentence, run)
                    self.named.append(PersonNamed(run.start, who, gender, sentence, run, is_subject))
            for at, low in enumerate(sentence.low):
                if low in PRONOUNS:
                    self._pronouns[PRONOUNS[low]].append(sentence.starts[at])
        for one in self.named:
            self._places.setdefault(one.who, []).append(one.start)
            self._genders.setdefault(one.who, set()).add(one.gender)
            self._first.setdefault(one.who, one.sentence.index)
        self._starts = [one.start for one in self.named]

    def meant(self, sentence: Sentence, at: int, *, never: str = "") -> str:
        """Return the person whom the pronoun at a place of a sentence surely means; empty where nobody is sure.

        ``never`` is who speaks the words that the pronoun stands in.
        """
        if _somebody_unnamed(sentence, at):
            return ""
        weights, bias = _weights()
        best, likeliest = None, SURE
        for one in self.candidates(sentence, at, never=never):
            odds = bias + sum(weights.get(name, 0.0) * value for name, value in one.circumstances.items())
            chance = 1 / (1 + math.exp(-odds))
            if chance >= likeliest:
                best, likeliest = one, chance
        return best.who if best is not None and _can_be_a_person(best) else ""

    def candidates(self, sentence: Sentence, at: int, *, never: str = "") -> list[Antecedent]:
        """Return everybody named in the sentences before whom a pronoun can mean, by gender."""
        token = sentence.tokens[at]
        gender = PRONOUNS.get(token.norm.lower(), "")
        before = bisect_left(self._starts, token.start)
        lasts: dict[str, PersonNamed] = {}
        for one in reversed(self.named[max(0, before - _MOST_NAMED) : before]):
            if sentence.index - one.sentence.index > _REACH:
                break
            if one.who.casefold() == never.casefold():
                continue
            if self._genders[one.who] <= {"", gender}:
                lasts.setdefault(one.who, one)
        counts = {who: bisect_left(self._places[who], token.start) for who in lasts}
        most = max(counts.values(), default=0)
        shared = sum(count == most for count in counts.values()) > 1
        pronouns = self._pronouns[gender]
        here = bisect_left(pronouns, token.start)
        ranked = sorted(lasts, key=lambda who: -lasts[who].start)[:_MOST]
        found = []
        for who in ranked:
            last = lasts[who]
            distance = sentence.index - last.sentence.index
            between = sum(other.start > last.start for other in lasts.values())
            share = counts[who] / most
            known = any(self._genders[who])
            given = who.split()[0] in given_names()
            circumstances = {
                "named in the sentence": float(distance == 0),
                "sentences away": min(distance, 8) / 8,
                "a subject": float(last.is_subject),
                "known by the form of address": float(known),
                "a given name that is known": float(given),
                "no sign of a person": float(not known and not given),
                "several names": float(" " in who),
                "how often named": math.log(counts[who]),
                "share of the most named": share,
                "named most": float(share == 1 and not shared),
                "share of all names": counts[who] / before,
                "named at the head": float(self._first[who] <= 1),
                "others named since": float(min(between, 4)),
                "nobody named since": float(between == 0),
                "pronouns since": float(min(here - bisect_left(pronouns, last.start), 5)),
                "same paragraph": float(last.sentence.block == sentence.block),
                "behind a preposition": float(
                    last.sentence.tree.labels[last.run.last].split(":")[0] in ("obl", "nmod")
                ),
                "in a quotation": float(sentence.quoted[at] >= 0),
                "named in the same place as others": float(
                    sum(other.sentence.index == last.sentence.index for other in lasts.values()) - 1
                ),
            }
            found.append(Antecedent(who, circumstances))
        return found


def _somebody_unnamed(sentence: Sentence, at: int) -> bool:
    """Tell "Asked about the mayor, Brandt said he had lied": whom a role alone names can be meant as well."""
    tree, roles = sentence.tree, any_role("role")
    return any(
        sentence.low[k] in roles
        and tree.xpos[k] == "NN"
        and tree.labels[k].split(":")[0] in ("nsubj", "obj", "obl", "iobj")
        for k in range(at)
    )


def _can_be_a_person(one: Antecedent) -> bool:
    """Tell "Chao Yuen" from "Nobel Prize" and "Gilmore Girls": no word of it is one that people write small."""
    small = word_lists("common_words_en.txt")["small"]
    unsure = one.circumstances["no sign of a person"]
    return not unsure or not any(word.lower() in small for word in one.who.split())


def names(rows: Sequence[Antecedent]) -> list[str]:
    """Return the names of all circumstances, in order."""
    return sorted({name for row in rows for name in row.circumstances})
