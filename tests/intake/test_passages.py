"""Passages cover a text, fit together, and keep to their length."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from claims.intake.passages import GOAL, LEAST, MOST, count_words, cut

SENTENCE = "The weir at Lake Ostra has three gates and was last repaired after the flood. "


def check(text: str) -> list[int]:
    """Check what holds for every text, and return the words of its passages."""
    passages = cut(text)
    at = 0
    for one in passages:
        assert at <= one.start < one.end <= len(text)
        assert not text[at : one.start].strip()
        piece = text[one.start : one.end]
        assert piece == piece.strip()
        at = one.end
    assert count_words(text[at:]) == 0
    return [one.words for one in passages]


def test_a_long_text_is_cut_at_sentences_into_80_to_150_words() -> None:
    text = SENTENCE * 60
    words = check(text)
    assert all(LEAST <= n <= MOST for n in words)
    assert all(text[one.start : one.end].endswith("flood.") for one in cut(text))
    assert sum(words) == count_words(text)


def test_paragraphs_end_a_passage_that_is_long_enough() -> None:
    paragraph = SENTENCE * 6
    text = "\n\n".join([paragraph.strip()] * 4)
    assert [text[one.start : one.end] for one in cut(text)] == [paragraph.strip()] * 4


def test_a_short_text_is_one_passage_and_an_empty_one_none() -> None:
    assert check("The weir leaks.") == [3]
    assert cut("") == []
    assert cut(" \n ") == []


def test_a_short_rest_is_joined_or_shared() -> None:
    for count in range(1, 60):
        words = check(SENTENCE * count)
        assert len(words) == 1 or min(words) >= 60, (count, words)
        assert max(words) <= MOST


def test_one_endless_sentence_is_cut_between_words() -> None:
    words = check("word " * 1000)
    assert max(words) <= MOST
    assert sum(words) == 1000


def test_scripts_without_spaces_are_cut_too() -> None:
    words = check("湖边的道路已经关闭因为大坝有裂缝。" * 100)
    assert len(words) > 3
    assert max(words) <= MOST


def test_crlf_and_form_feeds_end_blocks() -> None:
    text = (SENTENCE * 6).strip() + "\r\n" + (SENTENCE * 6).strip() + "\f" + (SENTENCE * 6).strip()
    assert len(check(text)) == 3


def test_the_goal_lies_inside_the_limits() -> None:
    assert LEAST < GOAL < MOST


@given(st.text(alphabet=st.sampled_from("ab .!?\n\r\f”\u00a0\u3002湖’-"), max_size=3000))
def test_any_text_is_covered(text: str) -> None:
    for words in check(text):
        assert words <= MOST


def test_endless_runs_of_marks_are_cut_like_any_text() -> None:
    # A quadratic search for sentence ends would make this test stand still.
    for text in ("." * 90_000 + "x", "a. " * 30_000, "“a " * 30_000, "。" * 90_000 + "湖"):
        check(text)
