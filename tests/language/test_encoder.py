"""The sentence encoder in the box: what is cut, what is read, that it is the published one, and who never loads it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from claims.language import encoder
from claims.language.encoder import LONGEST, WEIGHTS, WIDTH, shipped
from claims.language.wordpieces import WordPieces

VOCABULARY = [
    "[PAD]",
    "[UNK]",
    "[CLS]",
    "[SEP]",
    "tax",
    "##es",
    "fell",
    "cafe",
    ".",
    "$",
    "3",
    "京",
    "€",
    "##3",
]
REFERENCE = Path(__file__).parent / "data" / "encoder_reference.npz"


def pieces(text: str) -> list[int]:
    return WordPieces(VOCABULARY, longest=LONGEST).ids(text)


def test_words_are_cut_into_the_longest_pieces_known() -> None:
    assert pieces("Taxes fell.") == [2, 4, 5, 6, 8, 3]


def test_accents_and_case_are_dropped_and_unknown_words_marked() -> None:
    assert pieces("CAFÉ xyz $3") == [2, 7, 1, 9, 10, 3]


def test_ideographs_stand_alone_and_a_currency_sign_belongs_to_its_figure() -> None:
    assert pieces("京3 €3") == [2, 11, 10, 12, 13, 3]


def test_what_nobody_sees_is_no_piece() -> None:
    assert pieces("ta\u00adx\u200bes\x07 fell") == pieces("taxes fell")


def test_a_mark_written_in_the_text_is_no_mark() -> None:
    assert 3 not in pieces("[SEP] fell")[1:-1]


def test_long_texts_are_cut() -> None:
    assert len(pieces("fell " * 1000)) == LONGEST


@pytest.mark.parametrize("layer", [encoder.FOR_HEADS, encoder.FOR_LIKENESS])
def test_the_vectors_are_those_of_the_published_weights(layer: int) -> None:
    with np.load(REFERENCE) as stored:
        texts, wanted = [str(text) for text in stored["texts"]], stored[f"layer{layer}"]
    mine = shipped().encode(texts, layer=layer)
    cosine = (mine * wanted).sum(1) / np.linalg.norm(mine, axis=1) / np.linalg.norm(wanted, axis=1)
    assert cosine.min() > 0.99, cosine


def test_what_says_the_same_is_nearer_than_what_does_not() -> None:
    rows = shipped().encode(
        [
            "The harbour authority of Port Lenna doubled its landing fees.",
            "Landing fees in the harbour of Port Lenna are twice as high.",
            "The orchestra opened its season with a Bruckner symphony.",
        ]
    )
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    assert rows[0] @ rows[1] > rows[0] @ rows[2] + 0.3


def test_a_text_has_the_same_vector_alone_and_beside_longer_ones() -> None:
    alone = shipped().encode(["taxes fell"])
    beside = shipped().encode(["fell . fell . fell . fell " * 9, "taxes fell", "$3"])
    assert beside.shape == (3, WIDTH)
    assert np.allclose(alone[0], beside[1], atol=1e-4)


def test_no_text_gives_no_row_and_an_empty_one_a_finite_one() -> None:
    assert shipped().encode([]).shape == (0, WIDTH)
    assert np.isfinite(shipped().encode([""])).all()


@pytest.mark.parametrize("layer", [0, 7])
def test_a_layer_that_is_not_there_is_refused(layer: int) -> None:
    with pytest.raises(ValueError, match="between 1 and 6"):
        shipped().encode(["fell"], layer=layer)


def test_the_box_is_small_and_holds_no_pickled_object() -> None:
    assert WEIGHTS.stat().st_size <= 24_000_000
    with np.load(WEIGHTS, allow_pickle=False) as stored:
        assert {stored[name].dtype.kind for name in stored.files} <= {"i", "u", "f"}


def test_scoring_a_sentence_loads_neither_vectors_nor_training() -> None:
    code = (
        "import sys; from claims.splitting.checkable import classes as checkable, worthiness as c;"
        "c.score(['He', 'left'], ['PRP', 'VBD']);"
        "heavy = ('numpy', 'claims.language.encoder', 'claims.splitting.checkable.training');"
        "print([name for name in heavy if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_the_encoder_takes_little_memory() -> None:
    code = (
        "import numpy, resource\n"
        "def mb(): return int(open('/proc/self/statm').read().split()[1]) * resource.getpagesize() / 1e6\n"
        "before = mb()\n"
        "from claims.language.encoder import shipped\n"
        "shipped().encode(['The bridge was closed for two weeks in March.'] * 64)\n"
        "print(mb() - before)\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert float(ran.stdout) <= 60


def test_heads_that_ask_one_after_the_other_have_a_text_encoded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made = shipped()
    asked: list[list[str]] = []
    encode = made.encode

    def counting(texts: Sequence[str], *, layer: int) -> Any:
        asked.append(list(texts))
        return encode(texts, layer=layer)

    monkeypatch.setattr(made, "encode", counting)
    monkeypatch.setattr(made, "_last", {})
    first = made.for_heads(["The dam broke.", "Rain fell.", "The dam broke."])
    second = made.for_heads(["Rain fell.", "The mayor left."])
    assert asked == [["The dam broke.", "Rain fell."], ["The mayor left."]]
    assert np.array_equal(first[1], second[0])
    assert np.array_equal(first[0], first[2])
    assert made.for_heads([]).shape == (0, WIDTH)
