"""Tags that decide whether somebody speaks: a finite verb taken for a participle is set right."""

from __future__ import annotations

import pytest

from claims.splitting import split
from claims.splitting.tag_repair import repair
from claims.text.parser import Tree


def tree(*pairs: str) -> Tree:
    words, tags = zip(*(pair.rsplit("/", 1) for pair in pairs), strict=True)
    blank = ("X",) * len(words)
    return Tree(words, blank, tags, (-1,) * len(words), blank)


@pytest.mark.parametrize(
    ("pairs", "at", "tag"),
    [
        (("Reik/NNP", "told/VBN", "reporters/NNS"), 1, "VBD"),
        (("Reik/NNP", "later/RB", "told/VBN", "reporters/NNS"), 2, "VBD"),
        (("spending/NN", "fell/VBN", "and/CC", "rose/VBD"), 1, "VBD"),
        (("Reik/NNP", "was/VBD", "told/VBN"), 2, "VBN"),
        (("Reik/NNP", "has/VBZ", "never/RB", "told/VBN", "us/PRP"), 3, "VBN"),
        (("people/NNS", "told/VBN", "to/TO", "leave/VB", "left/VBD"), 1, "VBN"),
        (("people/NNS", "told/VBN", "by/IN", "police/NN", "left/VBD"), 1, "VBN"),
        (("told/VBD", "the/DT", "council/NN", "that/WDT", "it/PRP", "fell/VBD"), 3, "IN"),
        (("bought/VBD", "the/DT", "house/NN", "that/WDT", "fell/VBD"), 3, "WDT"),
        (("Prices/NNS", "raised/VBN", "again/RB"), 1, "VBD"),
        (("Prices/NNS", "raised/VBN", "by/IN", "shops/NNS"), 1, "VBN"),
    ],
)
def test_only_certain_mistakes_are_repaired(pairs: tuple[str, ...], at: int, tag: str) -> None:
    assert repair(tree(*pairs)).xpos[at] == tag


def test_a_tree_without_mistakes_is_the_same_object() -> None:
    given = tree("Prices/NNS", "fell/VBD")
    assert repair(given) is given


@pytest.mark.parametrize(
    ("text", "said", "claimant"),
    [
        (
            "Mayor Anna Reik spoke.\n\n“We cut spending by 12 percent,” Reik told reporters.",
            "We cut spending by 12 percent",
            "Anna Reik",
        ),
        (
            "Mayor Anna Reik told reporters that spending fell by 12 percent.",
            "spending fell by 12 percent",
            "Anna Reik",
        ),
    ],
)
def test_who_told_reporters_is_heard(text: str, said: str, claimant: str) -> None:
    assert (said, claimant) in [(unit.text, unit.claimant) for unit in split(text).units]
