"""How are the weights for "he" and "she" learned? From a treebank that says who is who, out of fold by document.

Reads CoNLL-U with ``Entity`` as GUM has it (`../gum-open`): a pronoun's entity is that of the brackets around it; a
person named before is the right one if a name of that entity holds a word of his.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from claims.language.blocks import layout
from claims.language.document import read
from claims.splitting import logistic
from claims.splitting.claimants import antecedents
from claims.splitting.claimants.antecedents import PRONOUNS, Antecedent, Antecedents
from claims.splitting.claimants.entities import Register

STRENGTH = 0.3
_BRACKETS = re.compile(r"\([^()]*\)?|[^()]*\)")
_LONGEST_NAME = 6


@dataclass(frozen=True, slots=True)
class PronounCase:
    """One pronoun with everybody it can mean, and which of them it means."""

    document: str
    candidates: tuple[Antecedent, ...]
    right: tuple[bool, ...]


def cases(name: str, conllu: str) -> Iterator[PronounCase]:
    """Return the cases of one document in CoNLL-U."""
    text, entities = _read(conllu)
    reading = read(layout(text, source="text"), language="en")
    people = Antecedents(reading, Register(reading))
    meant = {place: entity for entity, places in entities.items() for place in places}
    for sentence in reading.sentences:
        for at, token in enumerate(sentence.tokens):
            entity = meant.get((token.start, token.end))
            if token.norm.lower() not in PRONOUNS or entity is None:
                continue
            called = [text[start:end] for start, end in entities[entity]]
            proper = [
                words for words in called if words[:1].isupper() and len(words.split()) <= _LONGEST_NAME
            ]
            proper = [words for words in proper if words.lower() not in PRONOUNS] or called
            found = people.candidates(sentence, at)
            right = tuple(_named(one.who, proper) for one in found)
            yield PronounCase(name, tuple(found), right)


def _named(who: str, called: Sequence[str]) -> bool:
    words = [word for word in who.split() if len(word) > 3] or who.split()
    return any(re.search(rf"\b{re.escape(word)}\b", one) for word in words for one in called)


def _read(conllu: str) -> tuple[str, dict[str, list[tuple[int, int]]]]:
    """Return the text, one paragraph a block, and where each entity is mentioned."""
    blocks: list[list[str]] = []
    for line in conllu.splitlines():
        if line.startswith("# newpar_block") or (line.startswith("# newpar") and "_" not in line):
            blocks.append([])
        elif line.startswith("# text ="):
            if not blocks:
                blocks.append([])
            blocks[-1].append(line.split("= ", 1)[1])
    text = "\n\n".join(" ".join(block) for block in blocks if block)
    entities: dict[str, list[tuple[int, int]]] = defaultdict(list)
    opened: list[tuple[str, int]] = []
    at = behind = 0
    for line in conllu.splitlines():
        if line.startswith("# text ="):
            at = text.index(line.split("= ", 1)[1], behind)
            behind = at + len(line.split("= ", 1)[1])
        if not line[:1].isdigit():
            continue
        columns = line.split("\t")
        if not columns[0].isdigit():
            continue
        start = text.find(columns[1], at)
        start = at if start < 0 or start > at + 3 else start
        at = start + len(columns[1])
        marks = re.search(r"Entity=([^|]*)", columns[9])
        for mark in _BRACKETS.findall(marks.group(1)) if marks else ():
            number = mark.strip("()").split("-")[0]
            if mark.startswith("(") and mark.endswith(")"):
                entities[number].append((start, at))
            elif mark.startswith("("):
                opened.append((number, start))
            else:
                place = next((k for k in range(len(opened) - 1, -1, -1) if opened[k][0] == number), -1)
                if place >= 0:
                    entities[number].append((opened.pop(place)[1], at))
    return text, entities


def learn(rows: Sequence[PronounCase]) -> dict[str, object]:
    """Fit the weights; standardisation is folded in."""
    names = antecedents.names([one for row in rows for one in row.candidates])
    table, labels = _table(rows, names)
    fitted = logistic.fit(table, labels, strength=STRENGTH)
    weights = dict(zip(names, (round(one, 4) for one in fitted.weights.tolist()), strict=True))
    return {"bias": round(fitted.bias, 4), "weights": weights}


def out_of_fold(rows: Sequence[PronounCase]) -> list[tuple[float, bool]]:
    """Return for every case the chance of the likeliest, by weights that saw none of its document; is it right?"""
    fold = logistic.folds([row.document for row in rows])
    names = antecedents.names([one for row in rows for one in row.candidates])
    found: list[tuple[float, bool]] = []
    for number in sorted(set(fold.values())):
        fitted = logistic.fit(
            *_table([row for row in rows if fold[row.document] != number], names), strength=STRENGTH
        )
        for row in rows:
            if fold[row.document] != number:
                continue
            if not row.candidates:
                found.append((0.0, False))
                continue
            chances = fitted.chances(_table([row], names)[0])
            best = int(chances.argmax())
            found.append((float(chances[best]), row.right[best]))
    return found


def _table(rows: Sequence[PronounCase], names: Sequence[str]) -> tuple[logistic.Array, logistic.Array]:
    table = [[one.circumstances[name] for name in names] for row in rows for one in row.candidates]
    return np.array(table), np.array([right for row in rows for right in row.right], dtype=float)


def write(weights: dict[str, object], path: Path) -> None:
    """Write weights as :mod:`antecedents` reads them."""
    path.write_text(json.dumps(weights, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
