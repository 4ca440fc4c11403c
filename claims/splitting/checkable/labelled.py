"""Which sentences were labelled for training, and how are they read?

Tab-separated rows of label, type, kind, sentence below a header line (``data/sentences.tsv``). Read by
commands only. It refuses rows it does not understand rather than skipping them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from claims.language.parser import tag
from claims.language.tokens import tokenize
from claims.splitting.checkable.classes import UNITS, circumstances
from claims.splitting.checkable.features import DATA
from claims.splitting.checkable.training import TrainingRow, UnitRow
from claims.splitting.types import ClaimType
from claims.vocabulary import Attribution, Checkable

SENTENCES = DATA / "sentences.tsv"
HEADER = ["label", "type", "kind", "sentence"]


class BadSentences(Exception):
    """A file of labelled sentences in another layout; the message says where."""


@dataclass(frozen=True, slots=True)
class LabelledSentence:
    """A labelled sentence: whether it deserves checking, its type, and the kind of writing it stands for."""

    worthy: bool
    type: ClaimType
    kind: str
    text: str


def read_sentences(path: Path) -> list[LabelledSentence]:
    """Return the sentences of a file; raises ``BadSentences`` where a row is not understood."""
    lines = path.read_text(encoding="utf-8").splitlines()
    if not lines or lines[0].split("\t") != HEADER:
        raise BadSentences(f"{path.name} does not begin with the columns {', '.join(HEADER)}")
    found = []
    for number, line in enumerate(lines[1:], start=2):
        row = line.split("\t")
        if (
            len(row) != 4
            or row[0] not in ("Yes", "No")
            or row[1] not in list(ClaimType)
            or not row[3].strip()
        ):
            raise BadSentences(
                f"{path.name}, line {number}: expected Yes or No, a claim type, a kind, a sentence"
            )
        found.append(LabelledSentence(row[0] == "Yes", ClaimType(row[1]), row[2], row[3]))
    return found


def tagged_rows(sentences: Sequence[LabelledSentence]) -> list[TrainingRow]:
    """Tag sentences for training; every sentence is a group of its own."""
    tags = tag([[token.norm for token in tokenize(sentence.text)] for sentence in sentences])
    return [
        TrainingRow(one.words, one.xpos, sentence.worthy)
        for one, sentence in zip(tags, sentences, strict=True)
    ]


UNIT_HEADER = ["check", "attribution", "cue", "unit"]
# A labelled sentence says less about units than a unit does.
SENTENCE_WEIGHT = 0.15
_CONTENT_KINDS = frozenset(
    {"opinion", "promise", "prediction", "programme", "intention", "conditional", "loaded-opinion"}
)


def read_units(path: Path = UNITS) -> list[tuple[Checkable, Attribution, str, str]]:
    """Return (check, attribution, cue, text) of each labelled unit; raises ``BadSentences`` as above."""
    lines = path.read_text(encoding="utf-8").splitlines()
    if not lines or lines[0].split("\t") != UNIT_HEADER:
        raise BadSentences(f"{path.name} does not begin with the columns {', '.join(UNIT_HEADER)}")
    found = []
    for number, line in enumerate(lines[1:], start=2):
        row = line.split("\t")
        if (
            len(row) != 4
            or row[0] not in list(Checkable)
            or row[1] not in list(Attribution)
            or not row[3].strip()
        ):
            raise BadSentences(
                f"{path.name}, line {number}: expected fact, said or no, an attribution, a cue, a unit"
            )
        found.append((Checkable(row[0]), Attribution(row[1]), row[2], row[3]))
    return found


def unit_rows(
    units: Sequence[tuple[Checkable, Attribution, str, str]], sentences: Sequence[LabelledSentence]
) -> list[UnitRow]:
    """Tag units for training, with the sentences whose kind says whether their content can be checked."""
    picked = [
        sentence
        for sentence in sentences
        if sentence.worthy or sentence.kind.removeprefix("news ") in _CONTENT_KINDS
    ]
    texts = [text for _, _, _, text in units] + [sentence.text for sentence in picked]
    tags = tag([[token.norm for token in tokenize(text)] for text in texts])
    rows = [
        UnitRow(one.words, one.xpos, circumstances(attribution, cue), check is Checkable.FACT)
        for one, (check, attribution, cue, _) in zip(tags[: len(units)], units, strict=True)
    ]
    for one, sentence in zip(tags[len(units) :], picked, strict=True):
        said_by = Attribution.ARTICLE if sentence.kind.startswith("news ") else Attribution.QUOTED
        rows.append(
            UnitRow(one.words, one.xpos, circumstances(said_by, ""), sentence.worthy, SENTENCE_WEIGHT)
        )
    return rows
