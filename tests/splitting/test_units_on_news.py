"""Kinds of sentences in real news that were cut wrongly: each family with members of our own."""

from __future__ import annotations

import pytest

from claims.language.blocks import layout
from tests.splitting.seen import said, units, words


def ruled(text: str) -> list[str]:
    """Return the units that rules alone find."""
    return words(text, offer=None, judge=None)


@pytest.mark.parametrize(
    ("text", "units"),
    [
        # What is open is not said by anybody.
        (
            "Everything depends on whether the court believes the witness was drunk.",
            ["Everything depends on whether the court believes the witness was drunk"],
        ),
        (
            "The inquiry is meant to find out whether the warden hid the letters.",
            ["The inquiry is meant to find out whether the warden hid the letters"],
        ),
        # Whom a clause is about is not who speaks.
        (
            "The share of sailors who say they sleep badly rose by a third.",
            ["The share of sailors who say they sleep badly rose by a third"],
        ),
        (
            "Drivers who believe the toll is unfair outnumber those who pay gladly.",
            ["Drivers who believe the toll is unfair outnumber those who pay gladly"],
        ),
        (
            "Residents who said the dam was safe have moved away.",
            ["Residents who said the dam was safe have moved away"],
        ),
        (
            "Police found a witness who said the driver was drunk.",
            ["Police found a witness who said the driver was drunk", "the driver was drunk"],
        ),
        # What a participle adds leaves the clause before it standing.
        (
            "Voss sold the mill in May, arguing that it was too old.",
            ["Voss sold the mill in May", "it was too old"],
        ),
        (
            "Harbour chief Ana Bek closed two piers, saying the planks were rotten.",
            ["Harbour chief Ana Bek closed two piers", "the planks were rotten"],
        ),
        (
            "The guard rejected the claim, adding that he was asleep.",
            ["rejected the claim", "he was asleep"],
        ),
    ],
)
def test_the_outer_clause_is_no_frame(text: str, units: list[str]) -> None:
    assert ruled(text) == units


@pytest.mark.parametrize(
    ("text", "units"),
    [
        (
            "Exports grew 4 percent while imports fell 2 percent.",
            ["Exports grew 4 percent", "imports fell 2 percent"],
        ),
        ("He slept while she drove.", ["He slept while she drove"]),
        ("The crew ate while it was raining.", ["The crew ate while it was raining"]),
        (
            "Although the mill is old the roof was never repaired.",
            ["the mill is old", "the roof was never repaired"],
        ),
        (
            "The sign says the pier is open, when in fact it burned down.",
            ["the pier is open", "it burned down"],
        ),
    ],
)
def test_contrasts_are_cut_without_a_comma(text: str, units: list[str]) -> None:
    assert ruled(text) == units


@pytest.mark.parametrize(
    ("text", "units"),
    [
        (
            "The yard raised its prices in May, fuelling talk of a takeover.",
            ["The yard raised its prices in May", "fuelling talk of a takeover"],
        ),
        (
            "Farmers blocked the ring road, with one organiser promising a week of protests.",
            ["Farmers blocked the ring road", "one organiser promising a week of protests"],
        ),
        (
            "The firm sold the mill, long known as its best site, in 2014.",
            ["The firm sold the mill, long known as its best site, in 2014"],
        ),
        ("The old, crumbling mill was sold.", ["The old, crumbling mill was sold"]),
    ],
)
def test_participles_and_with_phrases(text: str, units: list[str]) -> None:
    assert ruled(text) == units


def test_what_somebody_does_by_saying_is_told_by_the_writer() -> None:
    text = "Mayor Ana Bek announced the sale of two ferries."
    assert said(text, offer=None) == [("Mayor Ana Bek announced the sale of two ferries", "article", "")]
    ((content, attribution, _),) = said("Mayor Ana Bek requested a recount of the ballots.", offer=None)
    assert (content, attribution) == ("requested a recount of the ballots", "reported")


def test_one_word_is_no_claim_and_no_term() -> None:
    assert all(len(unit.split()) > 1 for unit in ruled("Users who call themselves “Lanterns” met in Kent."))
    assert "why" not in ruled("The guard left, and Bek said why.")


ARTICLE = (
    "{title}\n\nThe Kelm council on Friday signed an order that restores the ferry link to the northern islands "
    "after four years.\n\nIslanders had asked for it twice. The link closed in 2019.\n\nThe first boat leaves in May.\n"
)


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Kelm Council Restores Ferry Link To Northern Islands.", "heading"),
        ("Kelm council restores ferry link to islands.", "heading"),
        ("Four Years Later: Ferries Return To Islands.", "heading"),
        ("A storm broke two windows at the old school.", "paragraph"),
        ("The museum opened. It was full.", "paragraph"),
        ("He won.", "paragraph"),
    ],
)
def test_a_title_can_end_in_a_full_stop(title: str, kind: str) -> None:
    assert str(layout(ARTICLE.format(title=title)).blocks[0].kind) == kind


def test_a_line_by_itself_is_no_title() -> None:
    assert str(layout("Kelm Council Restores Ferry Link To Northern Islands.").blocks[0].kind) == "paragraph"


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Crews repair the northern pier. Image: Harbour Board.", "caption"),
        ("The ferry in 2012 Photo: Ana Bek", "caption"),
        ("Divers near the wreck. Picture courtesy: Kelm Museum", "caption"),
        ("She has one image: a ferry that burns at night.", "paragraph"),
        ("The paper printed the photo. It showed the mayor.", "paragraph"),
    ],
)
def test_a_credit_at_its_end_makes_a_caption(line: str, kind: str) -> None:
    assert str(layout(line).blocks[0].kind) == kind


@pytest.mark.parametrize(
    ("text", "by"),
    [
        (
            "The film had no licence, the ministry said, and everyone who took part would be prosecuted.",
            ("everyone who took part would be prosecuted", "ministry"),
        ),
        ("A waiter starts at 10 crowns, the union says, while shops pay 13.", ("shops pay 13", "union")),
        (
            "The bridge was closed in May, Ida Lind said; the ferry stopped in June.",
            ("the ferry stopped in June", "Ida Lind"),
        ),
        # What the speaker did, and what happened after her words, is told by the writer.
        (
            "The bridge would open soon, Ida Moe said, but she did not name a date.",
            ("she did not name a date", ""),
        ),
        ("The bridge was closed, Ida Moe said, and left the room.", ("left the room", "")),
        (
            '"The film is a gift to us all," Ida Lind said, and the hall rose to its feet.',
            ("the hall rose to its feet", ""),
        ),
    ],
)
def test_a_frame_in_the_middle_holds_for_the_clause_behind_it(text: str, by: tuple[str, str]) -> None:
    found = {unit.words: unit for unit in units(text, offer=None, judge=None)}
    unit = found[by[0]]
    assert unit.claimant == by[1]
    assert unit.attribution == ("reported" if by[1] else "article")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("By the time Holm entered the council three weeks later, Lind had taken her seat.", 1),
        ("By the time the council met a month later, the mill had closed.", 1),
        ("By the time police arrived, the gang had fled.", 1),
        ("The clerk was late by the time limit, and the court closed the case.", 2),
    ],
)
def test_by_the_time_opens_a_clause_that_stays_inside(text: str, kept: int) -> None:
    assert len(ruled(text)) == kept


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        (
            'The Post made the same charge in May, and Radio Nord answered: "We have never paid anyone."',
            ["The Post made the same charge in May", "We have never paid anyone"],
        ),
        (
            "The story spread fast.\n\nThe mayor Ida Holm wrote from her own account:\n\n"
            '"The bridge is open to all."\n\nThe school closed at noon.',
            ["The story spread fast", "The bridge is open to all", "The school closed at noon"],
        ),
    ],
)
def test_that_somebody_spoke_is_no_unit_where_the_words_follow(text: str, spoken: list[str]) -> None:
    assert ruled(text) == spoken


def test_what_a_figure_is_compared_with_stays_with_it() -> None:
    text = (
        "Patients who took the drug had an average of 4.1 attacks a month after twelve weeks, compared with "
        "8.3 at the beginning."
    )
    assert not [one for one in words(text, judge=None) if one.startswith("compared")]


def test_a_comparison_read_as_a_second_verb_stays_as_well() -> None:
    text = (
        "Corven now expects earnings before interest and tax of 210 million to 230 million euros this year, "
        "compared with a previous range of 280 million to 310 million."
    )
    assert not [one for one in ruled(text) if one.startswith("compared")]
