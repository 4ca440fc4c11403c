"""The analyser: what terms a text has, and where."""

from __future__ import annotations

import random
import threading

import pytest

from claims.query import analysis
from claims.query.analysis import MAX_TERM, base_language, function_words, pairs, places, terms
from claims.query.deciding import matching
from claims.query.types import Collection, Ref
from claims.search.analysis import SENTINEL, records
from claims.search.engine import IndexedDocument, IndexedPassage


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Cat sat", ["cat", "sat"]),
        ("closing schools closed", ["close", "school", "close"]),
        ("COVID-19 state-of-the-art", ["covid", "19", "state", "art"]),
        ("the council’s plan, the council's plan", ["council", "plan", "council", "plan"]),
        ("the U.S. army and the U.S.A.", ["us", "armi", "usa"]),
        ("1,200,000 people, 12.5% and 3rd", ["1200000", "peopl", "12.5", "3", "rd"]),
        ("#BlackBox @realVoice", ["blackbox", "black", "box", "realvoic", "real", "voic"]),
        ("XMLParser", ["xmlparser", "xml", "parser"]),
        ("G7 and iPhone12", ["g7", "g", "7", "iphone12", "i", "phone", "12"]),
        ("see https://example.org/a?b=1 www.example.org pic.twitter.com/x now", ["see", "now"]),
        ("don't O’Brien", ["don't", "o'brien"]),
        ("1 2 3.", ["1", "2", "3"]),
        ("", []),
        ("the of and", []),
        ("\x00 \t … — !!", []),
    ],
)
def test_english_terms(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


def test_other_languages_have_their_own_endings_and_numbers() -> None:
    assert terms("Die Schulen schließen bei 1.234,5 Grad", "de") == [
        "die",
        "schul",
        "schliess",
        "bei",
        "1234.5",
        "grad",
    ]
    assert terms("les écoles fermées", "fr-CA")[1:] == ["écol", "ferm"]
    assert terms("closing schools", "xx") == ["closing", "schools"]


def test_marks_stay_on_their_letters() -> None:
    assert terms("हिन्दी", "xx") == ["हिन्दी"]
    assert terms("cafe\u0301", "xx") == ["caf\u00e9"]


def test_long_words_are_cut() -> None:
    assert [len(term) for term in terms("x" * 5000 + " " + "9" * 5000, "xx")] == [MAX_TERM, MAX_TERM]


def test_no_term_can_be_split_by_a_whitespace_tokenizer() -> None:
    text = "a\u00a0b c\u2003d e\u200bf g\x1fh _ __ i_j"
    for term in (*terms(text, "xx"), *pairs(terms(text, "xx"), "xx")):
        assert term.split() == [term]
        assert term != SENTINEL


@pytest.mark.parametrize(
    "text",
    [
        "The U.S. economy’s COVID-19 #BlackBox https://t.co/x 1,000.5% O'Brien",
        "cafe\u0301 zu 12,5 %",
        "日本 東京",
    ],
)
def test_places_give_the_same_terms_with_true_offsets(text: str) -> None:
    assert [term for place in places(text) for term in place.terms] == terms(text)
    for place in places(text):
        assert terms(text[place.start : place.end])[0] == place.terms[0]


def test_marks_what_gave_a_term() -> None:
    text = "See www.closed.org: schools closed, the school’s #ClosedDoor"
    spans = [text[place.start : place.end] for place in matching(text, {"close", "school"})]
    assert spans == ["schools", "closed", "school’s", "ClosedDoor"]


def test_pairs_pass_over_function_words() -> None:
    assert pairs(terms("The minister who had resigned because of rents")) == ["minist_resign", "resign_rent"]
    assert pairs(["alone"]) == []


def test_function_words_leave_out_what_is_also_a_name() -> None:
    words = function_words()
    assert {"who", "after", "all", "does", "doe"} & words == {"who", "after", "all", "doe"}
    assert not {"us", "may", "will"} & words
    assert function_words("de") == frozenset()


def test_a_language_tag_is_read_by_its_first_part() -> None:
    assert [base_language(tag) for tag in ("pt-BR", "EN_us", "", "de")] == ["pt", "en", "en", "de"]


def test_threads_agree() -> None:
    text = " ".join(f"closing{number}s schools" for number in range(400))
    expected = terms(text, "it")
    results: list[bool] = []

    def work() -> None:
        results.append(all(terms(text + f" {number}", "it")[:-1] == expected for number in range(20)))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [True] * 4


def test_records_hold_all_title_and_pairs() -> None:
    document = IndexedDocument(
        Ref(Collection.FACTCHECKS, 1),
        1,
        1,
        "Ferry sank",
        (IndexedPassage(1, "In Jorvik harbour"), IndexedPassage(2, "")),
        also="Kolt",
    )
    first, second = records(document)
    assert (first.all, first.title, first.bi) == (
        "ferri sank jorvik harbour kolt",
        "ferri sank",
        "ferri_sank jorvik_harbour",
    )
    assert (second.all, second.bi) == ("ferri sank kolt", "ferri_sank")


def test_empty_fields_hold_the_filler() -> None:
    empty = IndexedDocument(Ref(Collection.DOCUMENTS, 1), 1, 1, "", ())
    (record,) = records(empty)
    assert (record.passage, record.all, record.title, record.bi) == (None, SENTINEL, SENTINEL, SENTINEL)


@pytest.mark.parametrize("language", ["en", "de", "tr", "ja"])
def test_pieces_between_spaces_give_what_the_whole_text_gives(language: str) -> None:
    """Words are looked up by the piece, with the signs beside them; told apart here as one text."""
    dice = random.Random(7)
    signs = "aAbZ09.,%'’“”‘–—…-_é/w:\u00a0\u0301\u2028\x1c½中"
    for _ in range(3_000):
        text = " ".join(
            "".join(dice.choice(signs) for _ in range(dice.randint(1, 9))) for _ in range(dice.randint(1, 5))
        )
        assert terms(text, language) == [term for place in places(text, language) for term in place.terms], (
            repr(text)
        )


def test_an_address_ends_at_the_next_space() -> None:
    assert terms("See(https://example.org/a-b?c=d.Fees)rise www.example.org/fees fees") == ["see", "fee"]
    assert terms("pic.twitter.com/abc rose") == ["rose"]


def test_long_pieces_are_not_remembered() -> None:
    piece = "x" * 30 + "/" + "z" * 30
    before = len(analysis._words("en"))
    assert terms(piece) == ["x" * 30, "z" * 30]
    assert piece not in analysis._words("en")
    assert len(analysis._words("en")) <= before + 2
