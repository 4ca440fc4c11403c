"""Which tags of the parser are certainly wrong? Repairs the few that decide whether somebody speaks.

The parser was trained on web text and takes "told" and "fell" for participles where they are the finite verb
of a sentence. Only closed lists and plain patterns are repaired; heads and labels stay as they are.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from claims.text.parser import Tree

_LISTS: dict[str, list[str]] = json.loads(
    (Path(__file__).with_name("data") / "tag_repair_en.json").read_text(encoding="utf-8")
)
# Past forms that are no participle: fell, not fallen.
_PAST_ONLY = frozenset(_LISTS["past_only"])
# Verbs of speech whose past form is their participle as well.
_SPOKE = frozenset(_LISTS["spoke"])
_AUXILIARIES = frozenset(_LISTS["auxiliaries"])
_ADDRESSING = frozenset(_LISTS["addressing"])
_FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
_NAMING = ("NN", "PRP")
_NOUN_PHRASE = ("NN", "JJ", "DT", "PRP", "CD")


def repair(tree: Tree) -> Tree:
    """Return the tree with repaired tags; the same object where nothing was wrong."""
    tags = list(tree.xpos)
    low = [word.lower() for word in tree.words]
    for at, word in enumerate(low):
        if tags[at] == "VBN" and not _after_auxiliary(low, tags, at):
            if word in _PAST_ONLY or (word in _SPOKE and _is_told_of(low, tags, at)):
                tags[at] = "VBD"
        elif word == "that" and tags[at] in ("WDT", "DT") and _after_addressee(low, tags, at):
            tags[at] = "IN"
    if not any(tag in _FINITE for tag in tags):
        _find_a_finite_verb(low, tags)
    if tags == list(tree.xpos):
        return tree
    upos = [
        "SCONJ" if tags[at] == "IN" and old in ("WDT", "DT") else tree.upos[at]
        for at, old in enumerate(tree.xpos)
    ]
    return replace(tree, xpos=tuple(tags), upos=tuple(upos))


def _after_auxiliary(low: Sequence[str], tags: Sequence[str], at: int) -> bool:
    """Say whether a form of be or have stands before, adverbs between: then it is a participle."""
    before = at - 1
    while before >= 0 and (tags[before] in ("RB", "RBR") or low[before] in ("not", "n't")):
        before -= 1
    if before >= 0 and low[before] in _AUXILIARIES:
        return True
    # A question turns it round: "has he told", "were voters told".
    return before >= 1 and tags[before].startswith("PRP") and low[before - 1] in _AUXILIARIES


def _is_told_of(low: Sequence[str], tags: Sequence[str], at: int) -> bool:
    """Say whether somebody stands before a form like "told", and no agent or infinitive after it."""
    before = at - 1
    while before >= 0 and tags[before] in ("RB", "RBR"):
        before -= 1
    if before < 0 or not (tags[before].startswith(_NAMING) or low[before] in (",", ")")):
        return False
    after = low[at + 1] if at + 1 < len(low) else ""
    return after != "by" and not (after == "to" and not tags[before].startswith(("NNP", "PRP")))


def _after_addressee(low: Sequence[str], tags: Sequence[str], at: int) -> bool:
    """Say whether "that" opens what somebody was told: a verb of telling and one noun phrase before it."""
    back = at - 1
    while (
        back >= 0
        and at - back <= 6
        and (tags[back].startswith(("NN", "JJ", "DT", "PRP", "CD")) or low[back] == "'s")
    ):
        back -= 1
    return 0 <= back < at - 1 and low[back] in _ADDRESSING


def _find_a_finite_verb(low: Sequence[str], tags: list[str]) -> None:
    """Take the first participle after a noun for the verb of a sentence that has none."""
    for at in range(1, len(tags)):
        if (
            tags[at] == "VBN"
            and tags[at - 1].startswith(_NAMING)
            and (low[at + 1 : at + 2] or [""])[0] != "by"
        ):
            tags[at] = "VBD"
            return
