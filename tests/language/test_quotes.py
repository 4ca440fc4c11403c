"""Quotations: which marks pair, what is a clause, a fragment, a term, and what goes on from what."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.language.quotes import Joint, Quote, QuoteKind, quotes


def inner(text: str, quote: Quote) -> str:
    return text[quote.inner_start : quote.inner_end]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "“We did nothing wrong. We followed the law,” the minister said.",
            ["We did nothing wrong. We followed the law,"],
        ),
        ('"We won," he said.', ["We won,"]),
        ("„Wir gewinnen“, sagte er. »Nein«, sagte sie.", ["Wir gewinnen", "Nein"]),
        ("« Oui », dit-il.", [" Oui "]),
        ("'We will win,' he said. 'It's ours.'", ["We will win,", "It's ours."]),
        ("‘The boys’ school is open,’ she said.", ["The boys’ school is open,"]),
        ("the boys' school, rock 'n' roll, 'tis the '90s, it's Roe's", []),
        ('a 6" gun and a 5\'10" man', []),
        ('“Mixed marks," he said.', ["Mixed marks,"]),
        ("「終わった。」と彼は言った。", ["終わった。"]),
    ],
)
def test_marks_pair_and_apostrophes_do_not(text: str, expected: list[str]) -> None:
    assert [inner(text, quote) for quote in quotes(text)] == expected


def test_a_quotation_split_by_its_frame_is_one_utterance() -> None:
    for text in (
        "“The ceasefire,” Lavrov said, “must hold.” He gave no date.",
        '"The ceasefire," Lavrov said, "must hold." He gave no date.',
    ):
        first, second = quotes(text)
        assert second.continued_from == first.id
        assert second.joint is Joint.FRAME
        assert {first.kind, second.kind} == {QuoteKind.FULL}


def test_a_new_sentence_directly_after_the_frame_goes_on() -> None:
    first, second = quotes('"We won," he said. "It was hard."')
    assert (second.continued_from, second.joint) == (first.id, Joint.SENTENCE)


def test_two_terms_in_one_sentence_are_not_joined() -> None:
    found = quotes("He called it “a disaster” and “a shame,” he said.")
    assert [quote.continued_from for quote in found] == [None, None]
    assert [quote.kind for quote in found] == [QuoteKind.SCARE, QuoteKind.SCARE]


def test_a_nested_quotation_knows_its_parent() -> None:
    text = "“He told me, ‘It is over.’ I did not believe him,” she said."
    outer, nested = quotes(text)
    assert (nested.depth, nested.parent) == (1, outer.id)
    assert inner(text, nested) == "It is over."


def test_a_quotation_may_go_on_over_paragraphs() -> None:
    text = "“We won.\n\n“They lost,” he said.\n\nHe left."
    first, second = quotes(text)
    assert not first.closed
    assert text[first.start : first.end] == "“We won."
    assert (second.continued_from, second.joint, second.closed) == (first.id, Joint.PARAGRAPH, True)


def test_an_unclosed_quotation_ends_with_its_sentence() -> None:
    text = "“We did nothing wrong. We followed the law, the minister said.\nHe left."
    (only,) = quotes(text)
    assert not only.closed
    assert text[only.start : only.end] == "“We did nothing wrong."


def test_insertions_are_spans_and_commas_may_stand_on_either_side() -> None:
    text = '"participation in the [verification mechanism]", the minister said'
    (only,) = quotes(text)
    assert [text[start:end] for start, end in only.insertions] == ["[verification mechanism]"]
    other = "“[Azerbaijani] President [Ilham] Aliyev,” Lavrov said"
    (second,) = quotes(other)
    assert [other[start:end] for start, end in second.insertions] == ["[Azerbaijani]", "[Ilham]"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("land that they call “occupied territories,” which ignores that", QuoteKind.SCARE),
        ('Turkey was never considered a "strategic ally" for Moscow.', QuoteKind.SCARE),
        ("a solution was “unacceptable.”", QuoteKind.SCARE),
        ('the film "The Great Escape" was shown', QuoteKind.SCARE),
        ('the council had "failed to inform the people of the town" in time', QuoteKind.PARTIAL),
        ('He said "it is reasonable to expect more"', QuoteKind.FULL),
        ("“Never!” she cried.", QuoteKind.FULL),
        ('"No," he said.', QuoteKind.FULL),
        ("“We have never considered it. It is a partner”, he said", QuoteKind.FULL),
    ],
)
def test_clauses_fragments_and_terms_are_told_apart(text: str, kind: QuoteKind) -> None:
    assert [quote.kind for quote in quotes(text)] == [kind]


def test_quotations_are_looked_for_in_the_given_spans_only() -> None:
    text = "“One,” he said.\n“Two,” he said."
    assert [quote.start for quote in quotes(text, [(16, len(text))])] == [16]
    assert quotes(text, []) == ()


@given(st.text(alphabet=st.sampled_from("aA \n.,'\"“”‘’„«»‹›「」[]s1!—") | st.characters(), max_size=200))
def test_any_text_gives_ordered_quotations_that_nest(text: str) -> None:
    found = quotes(text)
    assert found == quotes(text)
    assert [quote.id for quote in found] == list(range(len(found)))
    for quote in found:
        assert 0 <= quote.start < quote.inner_start <= quote.inner_end <= quote.end <= len(text)
        assert all(quote.start < start < end <= quote.end for start, end in quote.insertions)
        if quote.parent is not None:
            above = found[quote.parent]
            assert above.start <= quote.start
            assert quote.end <= above.end
            assert quote.depth == above.depth + 1
        if quote.continued_from is not None:
            assert quote.continued_from < quote.id
    outer = [quote for quote in found if quote.depth == 0]
    assert all(a.end <= b.start for a, b in pairwise(outer))
