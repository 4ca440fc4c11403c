"""Words are cut as UD English EWT cuts them."""

from __future__ import annotations

import lzma
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.language.tokens import tokenize
from tests.shared_data import shared_path


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("He didn't say it's Lavrov's.", "He did n't say it 's Lavrov 's ."),
        ("We’re sure they can’t.", "We 're sure they ca n't ."),
        ("a 15-year-old and/or $3.5bn, 10%", "a 15 - year - old and / or $ 3.5 bn , 10 %"),
        ("The U.S. and Mr. Roe e.g. left at 5 p.m.", "The U.S. and Mr. Roe e.g. left at 5 p.m."),
        ("It failed.Azerbaijan denied it...", "It failed . Azerbaijan denied it ..."),
        ("See www.example.com, or a.smith@example.org.", "See www.example.com , or a.smith@example.org ."),
        ("“No,” he said [again].", '" No , " he said [ again ] .'),
        ("anti-war pro-Kremlin peace-keeping", "anti-war pro-Kremlin peace - keeping"),
        ("We cannot go on the 17th at 10:30am", "We can not go on the 17th at 10:30 am"),
        ("O'Brien and AT&T won", "O'Brien and AT&T won"),
        ("他来了", "他 来 了"),
        ("वह आया।", "वह आया ।"),
        ("the workers' 1,000 jobs", "the workers ' 1,000 jobs"),
    ],
)
def test_words_and_their_norms(text: str, words: str) -> None:
    assert [token.norm for token in tokenize(text)] == words.split()


def test_invisible_characters_stay_in_the_span_and_leave_the_norm() -> None:
    text = "He co\u00adoperates"
    last = tokenize(text)[-1]
    assert (text[last.start : last.end], last.norm) == ("co\u00adoperates", "cooperates")


def test_offsets_count_from_the_whole_text() -> None:
    assert [token[:2] for token in tokenize("one two three", 4)] == [(4, 7), (8, 13)]


@given(st.text(alphabet=st.characters() | st.sampled_from("n't's .-'’@:/1aA\u200b\u0301"), max_size=200))
def test_every_visible_character_lies_in_exactly_one_token(text: str) -> None:
    tokens = tokenize(text)
    assert tokens == tokenize(text)
    at = 0
    for start, end, norm in tokens:
        assert at <= start < end <= len(text)
        assert norm
        at = end
    covered = sum(1 for start, end, _ in tokens for c in text[start:end] if c.isalnum())
    assert covered == sum(c.isalnum() for c in text)


@pytest.mark.shared
def test_agreement_with_the_treebank_on_its_development_split() -> None:
    path = shared_path("data/ud-english-ewt/en_ewt-ud-dev.conllu.xz")
    right = gold_count = found_count = 0
    for text, forms in _treebank(path):
        gold = set()
        at = 0
        for form in forms:
            while text[at].isspace():
                at += 1
            gold.add((at, at + len(form)))
            at += len(form)
        found = {(token.start, token.end) for token in tokenize(text)}
        right += len(gold & found)
        gold_count += len(gold)
        found_count += len(found)
    assert 2 * right / (gold_count + found_count) > 0.985


def _treebank(path: Path) -> list[tuple[str, list[str]]]:
    made: list[tuple[str, list[str]]] = []
    text, forms = "", []
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("# text = "):
                text, forms = line[9:].rstrip("\n"), []
            elif line[:1].isdigit():
                columns = line.split("\t")
                if columns[0].isdigit():
                    forms.append(columns[1])
            elif not line.strip() and text:
                made.append((text, forms))
    return made
