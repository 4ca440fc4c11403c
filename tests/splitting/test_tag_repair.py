"""Tags that decide whether somebody speaks: a finite verb taken for a participle is set right."""

from __future__ import annotations

import pytest

from claims.language.parser import Tree
from claims.language.tag_repair import names_of, repair
from claims.splitting import split


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
        (("It/PRP", "fell/VBD", ",/,", "the/DT", "agency/NN", "estimates/NNS", "./."), 5, "VBZ"),
        (
            ("It/PRP", "fell/VBD", ",/,", "records/NNS", "at/IN", "the/DT", "bank/NN", "show/NN", "./."),
            7,
            "VBP",
        ),
        (("She/PRP", "read/VBD", "the/DT", "maps/NNS", ",/,", "the/DT", "reports/NNS", "./."), 6, "NNS"),
        (
            ("He/PRP", "had/VBD", "food/NN", ",/,", "the/DT", "bank/NN", "records/NNS", "and/CC", "ink/NN"),
            6,
            "NNS",
        ),
        (("industry/NN", "points/NNS", "out/IN", "that/IN", "it/PRP", "pays/VBZ"), 1, "VBZ"),
        (("Mrs/NNP", "May/MD", "said/VBD"), 1, "NNP"),
        (("He/PRP", "may/MD", "go/VB"), 1, "MD"),
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


def test_a_rare_name_at_the_beginning_is_known_from_the_other_sentences() -> None:
    others = [tree("said/VBD", "Wray/NNP"), tree("the/DT", "wood/NN", "of/IN", "Wood/NNP")]
    names = names_of(others)
    assert names == {"Wray"}
    assert repair(tree("Wray/VB", "put/VB", "it/PRP"), names).xpos[:2] == ("NNP", "VBD")
