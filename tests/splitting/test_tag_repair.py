"""Tags and arcs that contradict each other where that decides whether somebody speaks."""

from __future__ import annotations

import pytest

from claims.language.parser import Tree
from claims.language.tag_repair import names_of, repair
from claims.splitting import split


def tree(*rows: str) -> Tree:
    """Make a tree of ``word/TAG/label>head`` (a place from 0, -1 root); label and head may be left out."""
    words, tags, labels, heads = [], [], [], []
    for row in rows:
        word, tag, *arc = row.rsplit("/", 2) if ">" in row else row.rsplit("/", 1)
        label, head = arc[0].split(">") if arc else ("dep", "-1")
        words.append(word)
        tags.append(tag)
        labels.append(label)
        heads.append(int(head))
    return Tree(tuple(words), ("X",) * len(words), tuple(tags), tuple(heads), tuple(labels))


@pytest.mark.parametrize(
    ("rows", "at", "tag"),
    [
        (("Reik/NNP/nsubj>1", "told/VBN/root>-1", "reporters/NNS/obj>1"), 1, "VBD"),
        (("Reik/NNP/nsubj>2", "later/RB/advmod>2", "told/VBN/root>-1"), 2, "VBD"),
        (("spending/NN", "fell/VBN", "and/CC", "rose/VBD"), 1, "VBD"),
        (("Reik/NNP/nsubj>2", "was/VBD/aux>2", "told/VBN/root>-1"), 2, "VBN"),
        (("Reik/NNP/nsubj>3", "has/VBZ/dep>3", "never/RB/advmod>3", "told/VBN/root>-1"), 3, "VBN"),
        (("people/NNS/nsubj>2", "told/VBN/acl>0", "left/VBD/root>-1"), 1, "VBN"),
        (("Prices/NNS/nsubj>1", "raised/VBN/root>-1", "by/IN/case>3", "shops/NNS/obl>1"), 1, "VBN"),
        (("He/PRP/nsubj>1", "ran/VBD/root>-1", "and/CC/cc>3", "warned/VBN/conj>1", "us/PRP/obj>3"), 3, "VBD"),
        (("It/PRP/nsubj>1", "rose/VBD/root>-1", ",/,", "compared/VBN/conj>1", "with/IN"), 3, "VBN"),
        (("told/VBD", "the/DT", "council/NN", "that/WDT", "it/PRP", "fell/VBD"), 3, "IN"),
        (("bought/VBD", "the/DT", "house/NN", "that/WDT", "fell/VBD"), 3, "WDT"),
        (("said/VBD/root>-1", "that/DT/mark>3", "wages/NNS/nsubj>3", "grew/VBD/ccomp>0"), 1, "IN"),
        (("said/VBD/root>-1", "that/WDT/nsubj>3", "exports/VBZ/aux>3", "fell/VBD/ccomp>0"), 1, "IN"),
        (("said/VBD/root>-1", "that/WDT/nsubj>3", "exports/VBZ/aux>3", "fell/VBD/ccomp>0"), 2, "NNS"),
        (("he/PRP/nsubj>2", "has/VBZ/aux>2", "left/VBN/root>-1"), 1, "VBZ"),
        (("the/DT/det>2", "bank/NN/compound>2", "lent/NN/root>-1", "money/NN/obj>2"), 2, "VBD"),
        (("it/PRP/nsubj>2", "was/VBD/aux>2", "lent/NN/root>-1"), 2, "VBN"),
        (("country/NN/nsubj>1", "disagrees/NNS/root>-1"), 1, "VBZ"),
        (("They/PRP/nsubj>2", "are/VBP/cop>2", "allies/NNS/root>-1"), 2, "NNS"),
        (("ill/JJ/root>-1", ",/,/punct>3", "bulletin/NN/compound>3", "shows/NNS/conj>0", "./."), 3, "VBZ"),
        (("maps/NNS/obj>-1", ",/,/punct>3", "bank/NN/compound>3", "records/NNS/conj>0", "./."), 3, "NNS"),
        (("shops/NNS/compound>1", "stock/NN/root>-1", "brands/NNS/obj>1"), 1, "VBP"),
        (
            ("In/IN/case>2", "police/NN/compound>2", "districts/NNS/root>-1", "cases/NNS/obj>2", "fell/VBD"),
            2,
            "NNS",
        ),
        (
            ("In/IN/case>2", "city/NN/compound>2", "schools/NNS/root>-1", "pupils/NNS/nsubj>2", "left/VBD"),
            2,
            "NNS",
        ),
        (("at/IN/case>2", "a.com/ADD/compound>2", "names/NNS/root>-1", "members/NNS/obj>2"), 2, "VBZ"),
        (("Mrs/NNP", "May/MD", "said/VBD"), 1, "NNP"),
        (("He/PRP", "may/MD", "go/VB"), 1, "MD"),
    ],
)
def test_what_contradicts_itself_is_repaired_and_nothing_else(
    rows: tuple[str, ...], at: int, tag: str
) -> None:
    assert repair(tree(*rows)).xpos[at] == tag


@pytest.mark.parametrize(
    "text",
    [
        "In two police districts cases from the years 2021 and 2022 were not passed on completely.",
        "At four county hospitals patients from the north and south were turned away.",
        "From three coal mines workers and engineers were sent home.",
        "In several police districts reports from 2019 and 2020 are missing.",
    ],
)
def test_a_plural_behind_a_preposition_is_no_verb_of_the_clause_behind_it(text: str) -> None:
    assert [unit.text for unit in split(text, judge=None).units] == [text[:-1]]


def test_a_noun_before_a_verb_that_was_taken_for_one_is_its_subject() -> None:
    repaired = repair(tree("the/DT/det>1", "cat/NN/compound>2", "slept/NN/conj>-1"))
    assert repaired.labels == ("det", "nsubj", "parataxis")


RENTS = (
    "Rents/NNS/nsubj>4",
    ",/,/punct>0",
    "the/DT/det>3",
    "league/NN/nsubj>4",
    "said/VBD/root>-1",
    ",/,/punct>0",
    "have/VBP/aux>7",
    "doubled/VBN/ccomp>4",
)


def test_the_first_of_two_subjects_belongs_to_the_verb_behind_the_frame() -> None:
    repaired = repair(tree(*RENTS))
    assert (repaired.heads[0], repaired.labels[0]) == (7, "nsubj")
    assert repaired.heads[1:] == tree(*RENTS).heads[1:]


def test_a_verb_in_brackets_has_no_subject_outside() -> None:
    rows = (
        "dam/NN/nsubj:pass>4",
        "(/-LRB-",
        "it/PRP/nsubj:pass>4",
        "was/VBD/aux:pass>4",
        "built/VBN/root>-1",
    )
    assert repair(tree(*rows)).labels[0] == "dep"


def test_an_apposition_taken_for_a_subject_takes_none_away() -> None:
    rows = ("bill/NN/nsubj>4", ",/,", "first/JJ/nsubj>4", ",/,", "passed/VBD/root>-1")
    assert repair(tree(*rows)).labels[0] == "nsubj"


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
