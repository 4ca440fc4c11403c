"""What does a sentence mean, as a vector? all-MiniLM-L6-v2 in numpy, from the weights in the box.

The weights are int8 with a scale per row (``data/encoder.NOTICE.md`` says whose they are and how the file is
made). Layer 4 keeps tense and mood and feeds the learned heads; layer 6, the last, is made for likeness of topic
and serves repeats and search. Loaded at first use by whoever needs it: the worker and the commands, never the
web process. It refuses pickled weights and fetches nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from claims.language.one_thread import on_one_thread
from claims.language.weights import WEIGHTS
from claims.language.wordpieces import WordPieces

Floats = NDArray[np.float32]

LAYERS = 6
#: The layer whose mean feeds heads that judge a sentence, and the one that compares what sentences are about.
FOR_HEADS, FOR_LIKENESS = 4, 6
WIDTH = 384
LONGEST = 128
_HEADS = 12
_BATCH_TOKENS = 1536
_LAYER_NORM = np.float32(1e-12)


@lru_cache(maxsize=1)
def shipped() -> Encoder:
    """Return the encoder in the box, loaded once in a process: about 35 MB."""
    return Encoder.load(WEIGHTS)


class Encoder:
    """Sentences to vectors of ``WIDTH`` numbers."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]], pieces: WordPieces) -> None:
        self._pieces = pieces
        # Matrices stay int8: multiplied out for each batch they cost a twentieth of it, kept as floats 40 MB.
        self._arrays = {name: array for name, array in arrays.items() if name != "vocabulary"}
        self._last: dict[str, Floats] = {}

    @classmethod
    def load(cls, path: Path) -> Encoder:
        """Read a file that ``benchmarks/make_encoder.py`` wrote."""
        with np.load(path, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        vocabulary = arrays["vocabulary"].tobytes().decode("utf-8").split("\n")
        return cls(arrays, WordPieces(vocabulary, longest=LONGEST))

    def pieces(self, text: str) -> list[int]:
        """Return the numbers of the word pieces that are read of a text."""
        return self._pieces.ids(text)

    @on_one_thread
    def encode(self, texts: Sequence[str], *, layer: int = FOR_LIKENESS) -> Floats:
        """Return one row of ``WIDTH`` for each text: the mean over its pieces after ``layer``, not normalised.

        Texts longer than ``LONGEST`` pieces are cut there. Raises ValueError for a layer that is not there.
        """
        if not 1 <= layer <= LAYERS:
            raise ValueError(f"layer must lie between 1 and {LAYERS}")
        ids = [self.pieces(text) for text in texts]
        result = np.zeros((len(ids), WIDTH), dtype=np.float32)
        for batch in _batches([len(one) for one in ids]):
            result[batch] = self._run([ids[place] for place in batch], layer)
        return result

    def for_heads(self, texts: Sequence[str]) -> Floats:
        """Return the vectors that heads read; those of the last call are not made again.

        Heads ask one after the other about the units of one article.
        """
        last = self._last
        fresh = [text for text in dict.fromkeys(texts) if text not in last]
        made = dict(zip(fresh, self.encode(fresh, layer=FOR_HEADS), strict=True)) if fresh else {}
        self._last = {text: made[text] if text in made else last[text] for text in texts}
        return np.array([self._last[text] for text in texts], dtype=np.float32).reshape(len(texts), WIDTH)

    def _run(self, ids: list[list[int]], layers: int) -> Floats:
        longest = max(map(len, ids))
        table = np.zeros((len(ids), longest), dtype=np.intp)
        mask = np.zeros((len(ids), longest), dtype=np.float32)
        for row, one in enumerate(ids):
            table[row, : len(one)] = one
            mask[row, : len(one)] = 1
        # Of the largest table only the rows of the words at hand are multiplied out.
        state = self._arrays["words"][table] * self._arrays["words.scale"][table][..., None]
        state += self._arrays["places"][:longest]
        state = self._normed(state.reshape(-1, WIDTH), "embeddings")
        hidden = None if mask.all() else (1 - mask)[:, None, None, :] * np.float32(-1e4)
        for layer in range(layers):
            state = self._layer(state, f"{layer}.", (len(ids), longest), hidden)
        rows = state.reshape(len(ids), longest, WIDTH)
        mean: Floats = (rows * mask[:, :, None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
        return mean

    def _layer(self, state: Floats, name: str, shape: tuple[int, int], hidden: Floats | None) -> Floats:
        joined = self._linear(state, name + "qkv").reshape(*shape, 3, _HEADS, WIDTH // _HEADS)
        query, key, value = joined.transpose(2, 0, 3, 1, 4)
        scores = query @ key.transpose(0, 1, 3, 2)  # the square root of the width is in the weights of query
        if hidden is not None:
            scores += hidden
        scores -= scores.max(axis=-1, keepdims=True)
        np.exp(scores, out=scores)
        scores /= scores.sum(axis=-1, keepdims=True)
        mixed = (scores @ value).transpose(0, 2, 1, 3).reshape(-1, WIDTH)
        state = self._normed(state + self._linear(mixed, name + "out"), name + "attention")
        inner = _gelu(self._linear(state, name + "up"))
        return self._normed(state + self._linear(inner, name + "down"), name + "output")

    def _linear(self, state: Floats, name: str) -> Floats:
        product: Floats = state @ self._arrays[name].astype(np.float32).T
        product *= self._arrays[name + ".scale"]
        product += self._arrays[name + ".bias"]
        return product

    def _normed(self, state: Floats, name: str) -> Floats:
        state = state - state.mean(axis=-1, keepdims=True)
        spread = np.einsum("ij,ij->i", state, state)[:, None] / np.float32(WIDTH)
        state /= np.sqrt(spread + _LAYER_NORM)
        state *= self._arrays[name + ".weight"]
        state += self._arrays[name + ".bias"]
        return state


def _gelu(inner: Floats) -> Floats:
    """Return GELU in its hyperbolic form (cosine to the exact one above .99999), in place.

    Without a power, which costs more than all matrices together. Hendrycks and Gimpel 2016.
    """
    bend = inner * inner
    bend *= np.float32(0.044715)
    bend += np.float32(1)
    bend *= inner
    bend *= np.float32(0.7978845608)
    np.tanh(bend, out=bend)
    bend += np.float32(1)
    inner *= bend
    inner *= np.float32(0.5)
    return inner


def _batches(lengths: Sequence[int]) -> list[list[int]]:
    """Return places grouped by length, so that little is computed for the empty ends of short texts."""
    batches: list[list[int]] = []
    batch: list[int] = []
    for place in sorted(range(len(lengths)), key=lambda one: lengths[one]):
        if batch and (len(batch) + 1) * lengths[place] > _BATCH_TOKENS:
            batches.append(batch)
            batch = []
        batch.append(place)
    return [*batches, batch] if batch else batches
