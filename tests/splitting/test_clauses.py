"""One assertion, one unit: the rules of claim units on invented sentences.

In the table ``|`` stands before each expected unit, in order of start, outer before inner.
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.language.parser import parse
from claims.language.spans import Span
from claims.language.tag_repair import repair
from claims.language.tokens import tokenize
from claims.splitting.clauses.assertions import ClauseAssertion, ClauseKind, clauses

WHOLE = "="


def split(
    text: str, *, quoted: bool = False, content: Span | None = None, frames: tuple[Span, ...] = ()
) -> list[ClauseAssertion]:
    tokens = tokenize(text)
    tree = repair(parse([[token.norm for token in tokens]])[0])
    return clauses(text, tokens, tree, content or Span(0, len(text)), quoted=quoted, frames=frames)


def units(text: str, **options: object) -> list[str]:
    return [text[clause.start : clause.end] for clause in split(text, **options)]  # type: ignore[arg-type]


def expected(text: str, wanted: list[str]) -> list[str]:
    return [text.rstrip(".") if unit == WHOLE else unit for unit in wanted]


COORDINATED = [
    (
        "The ministry approved the loan, but stressed that the money must be repaid by June.",
        ["The ministry approved the loan", "stressed that the money must be repaid by June"],
    ),
    (
        "Nobody was hurt, but the warehouse burned down.",
        ["Nobody was hurt", "the warehouse burned down"],
    ),
    (
        "The police arrested 12 people and seized 4 kilos of cocaine.",
        ["The police arrested 12 people", "seized 4 kilos of cocaine"],
    ),
    (
        "Rail workers walked out on Monday and dock workers will follow on Friday.",
        ["Rail workers walked out on Monday", "dock workers will follow on Friday"],
    ),
    (
        "Sales were flat in May but rose 4 percent in June.",
        ["Sales were flat in May", "rose 4 percent in June"],
    ),
    (
        "In 2019 the bank lent 3 billion euros; in 2020 it lent 5 billion.",
        ["In 2019 the bank lent 3 billion euros", "in 2020 it lent 5 billion"],
    ),
    (
        "Inflation is rising, wages are falling, and strikes are spreading.",
        ["Inflation is rising", "wages are falling", "strikes are spreading"],
    ),
    (
        "The court froze the assets, and on Tuesday the bank closed its branch in Oslo.",
        ["The court froze the assets", "on Tuesday the bank closed its branch in Oslo"],
    ),
    (
        "He was detained in May and fined a month later.",
        ["He was detained in May", "fined a month later"],
    ),
    (
        "The bridge has been closed since March and will reopen in July.",
        ["The bridge has been closed since March", "will reopen in July"],
    ),
    (
        "Exports rose 3%, while imports fell 2%.",
        ["Exports rose 3%", "imports fell 2%"],
    ),
    (
        "The north lost 4,000 jobs, whereas the south gained 2,000.",
        ["The north lost 4,000 jobs", "the south gained 2,000"],
    ),
    (
        "Although prices fell, the shop raised wages by 5 percent.",
        ["prices fell", "the shop raised wages by 5 percent"],
    ),
    (
        "While exports rose 3%, imports fell 2%.",
        ["exports rose 3%", "imports fell 2%"],
    ),
    (
        "Given that the bridge was never inspected, the council closed it.",
        ["the bridge was never inspected", "the council closed it"],
    ),
    (
        "The club kept its licence, although it owed the league 2 million euros.",
        ["The club kept its licence", "it owed the league 2 million euros"],
    ),
    (
        "The state is not involved, as the capital has not asked for help.",
        ["The state is not involved", "the capital has not asked for help"],
    ),
    (
        "Prices rose in May, fell in June and rose again in July.",
        ["Prices rose in May", "fell in June", "rose again in July"],
    ),
    (
        "The suspect was charged with murder in 2017 and sentenced to 20 years in 2018.",
        ["The suspect was charged with murder in 2017", "sentenced to 20 years in 2018"],
    ),
    (
        "The talks failed because neither side would give way, but they will resume in June.",
        ["The talks failed because neither side would give way", "they will resume in June"],
    ),
    (
        "Despite the fact that the road was closed, lorries used it.",
        ["the road was closed", "lorries used it"],
    ),
    (
        "But the mayor signed the order and the council approved it.",
        ["the mayor signed the order", "the council approved it"],
    ),
]

INSIDE = [
    "Exports rose 3% after the tariff fell.",
    "If the dam breaks and the valley floods, thousands will lose their homes.",
    "The shop closed when the owner died.",
    "The talks will go on until both sides agree.",
    "The firm has to apologise and pay 3 million dollars.",
    "The company will cut 400 jobs and close two plants.",
    "Of the victims, 40% were women, 12% migrants.",
    "The man who shot the guard and fled was caught in Lyon.",
    "The law that the senate passed in May is void.",
    "Turnout was 41 percent, two points less than a year before.",
    "Prices rose 4 percent, compared with 2 percent in 2019.",
    "Troops fled, as rockets fell on the city.",
    "The foreign minister, Ana Lopes, met the ambassador on Monday.",
    "The report found that the mine was unsafe and that managers knew it.",
    "Norway and Sweden signed the treaty in 1998.",
    "The bakery opened because the old one burned down.",
    "The plane was in the air while the pilot was asleep.",
    "A few minutes after the agreement entered into force, the army resumed fire.",
    "He left the house, wearing a red coat.",
    "Since the law was passed in 2012, crime has fallen by a third.",
    "He went on to rebut the letter, writing that Rust gave it time and that others had named themselves.",
    "It drew a chart of wrong and wildly inaccurate statistics, just a day after supporters hit a man.",
    "The state acts as though it owned the river.",
    "She noted that while exports rose, imports fell.",
    "Either the pump failed or the valve was shut.",
    "The minister, a lawyer, resigned on Monday.",
    "Wheat, a box of apples and three sacks of rice were stolen.",
    "More people died on the roads than were killed in the war.",
]

NESTED = [
    (
        "The treaty, which was signed in 1998, expired last week.",
        [WHOLE, "was signed in 1998"],
    ),
    (
        "The council rejected the plan, which would have cost 40 million euros.",
        ["The council rejected the plan", "would have cost 40 million euros"],
    ),
    (
        "The mayor, who was elected in 2019, resigned and moved to Spain.",
        ["The mayor, who was elected in 2019, resigned", "was elected in 2019", "moved to Spain"],
    ),
    (
        "The drug, which is sold in 40 countries, was approved in 2011 and earned the firm 2 billion.",
        [
            "The drug, which is sold in 40 countries, was approved in 2011",
            "is sold in 40 countries",
            "earned the firm 2 billion",
        ],
    ),
    (
        "Most of the dead, many of whom were children, were buried on Sunday.",
        [WHOLE, "many of whom were children"],
    ),
    (
        "The village, where 12 people died in 2003, was flooded again.",
        [WHOLE, "12 people died in 2003"],
    ),
    (
        "The chair, Maria Silva, who has led the party since 2015, will step down.",
        [WHOLE, "has led the party since 2015"],
    ),
    (
        "Unemployment, which stood at 9 percent in 2015, has fallen to 6 percent, while wages barely moved.",
        [
            "Unemployment, which stood at 9 percent in 2015, has fallen to 6 percent",
            "stood at 9 percent in 2015",
            "wages barely moved",
        ],
    ),
    (
        "The army, although it lost 400 men, held the town.",
        [WHOLE, "it lost 400 men"],
    ),
    (
        "Rebels took the hill, blocking the only road to the port.",
        ["Rebels took the hill", "blocking the only road to the port"],
    ),
    (
        "The factory, built in 1962, employs 300 people.",
        [WHOLE, "built in 1962"],
    ),
    (
        "The bill, the first of its kind in Europe, passed with 312 votes.",
        [WHOLE, "the first of its kind in Europe"],
    ),
    (
        "The company, the largest employer in the town, closed on Friday.",
        [WHOLE, "the largest employer in the town"],
    ),
    (
        "The bank raised its rate to 5 percent, the highest level since 2008.",
        ["The bank raised its rate to 5 percent", "the highest level since 2008"],
    ),
    (
        "The tunnel, which cost 3 billion euros and took nine years to build, opened on Sunday.",
        [WHOLE, "cost 3 billion euros", "took nine years to build"],
    ),
    (
        "The island, home to 3,000 people, has no school.",
        [WHOLE, "home to 3,000 people"],
    ),
    (
        "The government banned the drug, a move that doubled its price.",
        ["The government banned the drug", "a move that doubled its price"],
    ),
    (
        "The firm wrote in its letter, sent in 2016, that the articles were false.",
        [WHOLE, "sent in 2016"],
    ),
    (
        "The city has 400,000 inhabitants, of whom 60,000 are students.",
        ["The city has 400,000 inhabitants", "60,000 are students"],
    ),
    (
        "The dam (it was built in 1931) leaks.",
        [WHOLE, "it was built in 1931"],
    ),
    (
        "The militia shelled the town, killing 14 people and wounding 30, and withdrew at dawn.",
        [
            "The militia shelled the town",
            "killing 14 people",
            "wounding 30",
            "withdrew at dawn",
        ],
    ),
]

FRAMES = [
    (
        "The announcement comes as inflation reached 9 percent.",
        ["inflation reached 9 percent"],
    ),
    (
        "This comes as the river reached its highest level since 1954.",
        ["the river reached its highest level since 1954"],
    ),
    (
        "They want the land back, which ignores that farmers have lived there for 90 years.",
        ["They want the land back", "farmers have lived there for 90 years"],
    ),
    (
        "However, the tax was raised twice in 2018.",
        ["the tax was raised twice in 2018"],
    ),
    (
        "In addition, the port was closed for a week.",
        ["the port was closed for a week"],
    ),
]


@pytest.mark.parametrize(("text", "wanted"), COORDINATED)
def test_clauses_with_their_own_finite_verb_are_units(text: str, wanted: list[str]) -> None:
    assert units(text) == wanted


@pytest.mark.parametrize("text", INSIDE)
def test_what_changes_the_truth_stays_inside(text: str) -> None:
    assert units(text) == [text.rstrip(".")]


@pytest.mark.parametrize(("text", "wanted"), NESTED)
def test_loose_clauses_that_assert_are_units(text: str, wanted: list[str]) -> None:
    # In the middle they lie inside the clause around them; at its end that clause stops before them, because the
    # span of a unit is the shortest stretch that carries it.
    assert units(text) == expected(text, wanted)


@pytest.mark.parametrize(("text", "wanted"), FRAMES)
def test_frames_and_link_words_are_left_off(text: str, wanted: list[str]) -> None:
    assert units(text) == wanted


def test_a_nested_unit_names_the_clause_around_it() -> None:
    outer, inner, beside = split("The mayor, who was elected in 2019, resigned and moved to Spain.")
    assert (outer.outer, inner.outer, beside.outer) == (None, 0, None)
    assert (outer.kind, inner.kind, beside.kind) == (
        ClauseKind.MAIN,
        ClauseKind.RELATIVE,
        ClauseKind.COORDINATE,
    )


def test_every_unit_names_its_rule() -> None:
    rules = [clause.rule for clause in split("Exports rose 3%, while imports fell 2%.")]
    assert rules == ["main", "contrast-while"]


def test_a_frame_in_the_middle_stays_inside_the_span_and_is_not_read() -> None:
    text = "“The ceasefire,” the envoy said, “must hold.”"
    start = text.index("the envoy")
    frame = Span(start, text.index(", “must"))
    assert units(text, quoted=True, frames=(frame,)) == ["The ceasefire,” the envoy said, “must hold"]


def test_only_the_content_is_cut() -> None:
    text = "She said that the fund lost money and that the board resigned, officials confirmed."
    content = Span(text.index("the fund"), text.index(", officials"))
    assert units(text, content=content) == ["the fund lost money", "the board resigned"]


def test_enclosing_quotation_marks_are_left_off_and_inner_ones_kept() -> None:
    assert units("“The plan is dead.”", quoted=True) == ["The plan is dead"]
    assert units("The plan was “dead”.") == ["The plan was “dead”"]


def test_first_person_frames_inside_quotations_are_left_off() -> None:
    assert units("I think that the bridge is unsafe.", quoted=True) == ["the bridge is unsafe"]
    assert units("We proceed from the fact that the treaty is in force.", quoted=True) == [
        "the treaty is in force"
    ]
    assert units("I do not think that the bridge is unsafe.", quoted=True) == [
        "I do not think that the bridge is unsafe"
    ]


def test_a_fragment_without_a_verb_is_one_unit() -> None:
    assert units("Two dead in harbour fire") == ["Two dead in harbour fire"]


def test_nothing_gives_nothing() -> None:
    assert units("") == []
    assert units("...") == []


def test_an_endless_list_of_clauses_is_cut_throughout() -> None:
    text = "the cat slept and the dog barked and " * 200
    assert 300 <= len(units(text)) <= 401


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "the",
                "a",
                "mayor",
                ",",
                "and",
                "but",
                "which",
                "who",
                "“",
                "”",
                '"',
                "(",
                ")",
                "-",
                "–",
                ";",
                ":",
                "said",
                "was",
                "killed",
                "12",
                "people",
                "in",
                "May",
                "although",
                "while",
                "as",
                "that",
                "if",
                "comes",
                "after",
                "blocking",
                "largest",
                "not",
                "I",
                "think",
                ".",
                "🙂",
                "которая",
            ]
        ),
        max_size=40,
    )
)
def test_spans_lie_in_the_content_and_nest(words: list[str]) -> None:
    text = " ".join(words)
    content = Span(0, len(text))
    found = split(text, quoted=True, content=content)
    for index, clause in enumerate(found):
        assert 0 <= clause.start < clause.end <= len(text)
        assert text[clause.start : clause.end].strip() == text[clause.start : clause.end]
        if clause.outer is not None:
            outer = found[clause.outer]
            assert clause.outer < index
            assert outer.start <= clause.start
            assert clause.end <= outer.end
