"""A made-up archive that reads a little like news: invented places and people, words in a skewed spread."""

from __future__ import annotations

import random
from datetime import date, timedelta

from claims.query.types import Collection, Ref
from claims.search.engine import IndexedDocument, IndexedPassage

PLACES = [
    "Ardenza",
    "Belmora",
    "Caldrin",
    "Dunvale",
    "Estrella",
    "Farholt",
    "Grenmark",
    "Holloway",
    "Istria",
    "Jorvik",
    "Kestrel",
    "Lunden",
]
PEOPLE = [
    "Mira Kolt",
    "Anders Vey",
    "Lena Brandt",
    "Tomas Ruiz",
    "Ida Holm",
    "Pavel Orlik",
    "Sana Idris",
    "Georg Amsel",
]
SUBJECTS = [
    "the ministry",
    "the harbour authority",
    "the teachers' union",
    "the water board",
    "the city council",
    "the army",
    "the opposition",
    "the central bank",
    "a spokeswoman",
    "the hospital",
    "the regulator",
    "local farmers",
]
VERBS = [
    "announced",
    "denied",
    "reported",
    "confirmed",
    "rejected",
    "published",
    "withdrew",
    "questioned",
    "counted",
    "promised",
    "blamed",
    "measured",
]
OBJECTS = [
    "a ceasefire",
    "the budget",
    "new tariffs",
    "a vaccine trial",
    "the ferry timetable",
    "rising rents",
    "the flood defences",
    "school closures",
    "a power cut",
    "the election result",
    "a recall of CityBus4 engines",
    "COVID-19 figures",
]
TAILS = [
    "after midnight",
    "within minutes of the vote",
    "for the third time in a year",
    "against all advice",
    "while both sides blamed each other",
    "by 12.5% compared with last year",
    "since 1,200 people had left",
    "although nobody could say why",
    "before the U.S. delegation arrived",
    "without naming a source",
]


def sentence(dice: random.Random) -> str:
    """Return one sentence; low-numbered words come more often, as words do."""

    def pick(words: list[str]) -> str:
        return words[min(int(dice.expovariate(0.35)), len(words) - 1)]

    who = pick(SUBJECTS) if dice.random() < 0.7 else f"{pick(PEOPLE)}"
    return f"{who} in {pick(PLACES)} {pick(VERBS)} {pick(OBJECTS)} {pick(TAILS)}."


def archive(documents: int, *, seed: int = 7, first: int = 1, version: int = 1) -> list[IndexedDocument]:
    """Return documents of one to five passages; every fourth has no title, every tenth no date."""
    dice = random.Random(seed)
    built = []
    for id in range(first, first + documents):
        passages = tuple(
            IndexedPassage(id * 10 + place, " ".join(sentence(dice) for _ in range(dice.randint(2, 8))))
            for place in range(dice.randint(1, 5))
        )
        day = date(2024, 1, 1) + timedelta(days=dice.randint(0, 700)) if id % 10 else None
        title = "" if id % 4 == 0 else sentence(dice)
        built.append(
            IndexedDocument(
                Ref(Collection.DOCUMENTS, id),
                version,
                1,
                title,
                passages,
                outlet=id % 7,
                earliest=day,
                latest=day,
            )
        )
    return built


def claims(count: int, *, seed: int = 11) -> list[str]:
    """Return sentences of the same making, some with words that no text has."""
    dice = random.Random(seed)
    return [sentence(dice) + (" Quillfeather said so." if at % 5 == 0 else "") for at in range(count)]
