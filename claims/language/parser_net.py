"""How are tags and arcs computed? The forward pass of the tagger and parser, in numpy.

A convolution over sums of word-feature embeddings; tags after two layers, biaffine arcs and labels on top.
Imported by ``claims.language.parser`` at first use only. It refuses pickled weights.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from threading import Lock, local
from typing import Any

import numpy as np
from numpy.typing import NDArray

from claims.language.one_thread import on_one_thread

Floats = NDArray[np.float32]
Ints = NDArray[np.intp]

# Rows of the table of words already looked up; the table starts afresh when it is full.
TABLE_ROWS = 32_768
# So many characters are kept with what they are in a pattern of letters.
MOST_MARKS = 4_096
# Each thread keeps room to work in for so many words at most (some 5 MB), in steps of so many.
ROOM_WORDS = 2_048
ROOM_STEP = 256
# Head distances beyond this share one weight.
FAR = 12
ROOT_SLOT = 2 * FAR + 1
SLOTS = 2 * FAR + 2

_YEAR = re.compile(r"\d{4}\Z")
_DIGIT = re.compile(r"\d")
_ADDRESS = re.compile(r"(?:https?://|www\.)|\S+@\S+\.\S|\S+\.(?:com|org|net|gov|edu|co\.uk)\b", re.IGNORECASE)
_STRAIGHT = str.maketrans(
    {"‘": "'", "’": "'", "‚": "'", "‛": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "\xad": None}
)
_DASHES = {"–": "-", "—": "--", "―": "--", "…": "..."}


class _Marks(dict[int, str]):
    """What each character is in a pattern of letters, told when it is first met."""

    def __missing__(self, code: int) -> str:
        if len(self) >= MOST_MARKS:
            self.clear()
        character = chr(code)
        mark = character
        if character.isdigit():
            mark = "d"
        elif character.isalpha():
            mark = "X" if character.isupper() else "x"
        self[code] = mark
        return mark


_MARKS = _Marks()
_RUN = re.compile(r"(.)\1{2,}", re.DOTALL)


def features(word: str) -> tuple[str, str, str, str, str]:
    """Return the five features of a word: norm, last three and two letters, first two, shape."""
    word = word.translate(_STRAIGHT)
    word = _DASHES.get(word, word)
    if _YEAR.match(word):
        norm = "!Y"
    elif _DIGIT.search(word):
        norm = "!D"
    elif _ADDRESS.match(word):
        norm = "!U"
    else:
        norm = word.lower()
    return norm, norm[-3:], norm[-2:], norm[:2], shape(word)


def shape(word: str) -> str:
    """Return the letter pattern of the first twelve characters, runs cut to two, six long at most."""
    return _RUN.sub(r"\1\1", word[:12].translate(_MARKS))[:6]


class Net:
    """The loaded weights. Safe to share between threads."""

    def __init__(self, arrays: dict[str, NDArray[Any]]) -> None:
        """Take the arrays of a weight file; matrices stay int8 only for the embeddings."""
        meta = json.loads(arrays["meta"].tobytes().decode("utf-8"))
        self.xpos: list[str] = meta["xpos"]
        self.upos: list[str] = meta["upos"]
        self.labels: list[str] = meta["labels"]
        self.dilations: list[int] = meta["dilations"]
        self.tag_layers: int = meta["tag_layers"]
        # Row 0 of every feature stands for values not seen in training.
        self.vocabulary = [{value: row for row, value in enumerate(rows, 1)} for rows in meta["vocabulary"]]
        self.tables = [
            (arrays[f"emb{i}.q"], arrays[f"emb{i}.s"].astype(np.float32)) for i in range(len(self.vocabulary))
        ]
        self.w: dict[str, Floats] = {}
        for name, value in arrays.items():
            if name.endswith(".q") and not name.startswith("emb"):
                self.w[name[:-2]] = value.astype(np.float32) * arrays[name[:-2] + ".s"].astype(np.float32)
            elif not name.endswith((".q", ".s")) and name != "meta":
                self.w[name] = value.astype(np.float32)
        self.width = int(self.tables[0][0].shape[1])
        self._lock = Lock()
        self._rooms = local()
        self._reset()

    @classmethod
    def load(cls, path: Path) -> Net:
        """Read a weight file; pickled arrays are refused by numpy."""
        with np.load(path, allow_pickle=False) as stored:
            return cls({name: stored[name] for name in stored.files})

    @on_one_thread
    def tag(self, sentences: Sequence[Sequence[str]]) -> list[tuple[tuple[str, ...], ...]]:
        """Return words, universal tags and Penn tags of each (non-empty) sentence."""
        if not sentences:
            return []
        h = self._embedded(sentences)
        around = self._around(sentences)
        for layer in range(self.tag_layers):
            h = self._layer(h, around, layer)
        xpos, upos = self._tags(h)[:2]
        return [
            (tuple(words), tuple(upos[a:b]), tuple(xpos[a:b]))
            for words, a, b in zip(sentences, *_bounds(sentences), strict=True)
        ]

    @on_one_thread
    def parse(self, sentences: Sequence[Sequence[str]]) -> list[tuple[Any, ...]]:
        """Return words, universal tags, Penn tags, heads and labels of each (non-empty) sentence."""
        if not sentences:
            return []
        h = self._embedded(sentences)
        around = self._around(sentences)
        for layer in range(len(self.dilations)):
            if layer == self.tag_layers:
                xpos, upos, probabilities = self._tags(h)
                h += probabilities @ self.w["tag_in"]
            h = self._layer(h, around, layer)
        y = np.empty_like(h)
        _norm(h, self.w["ln_g"], self.w["ln_b"], y)
        starts, ends = _bounds(sentences)
        heads = self._heads(y, starts, ends)
        labels = self._labels(y, heads, starts, ends)
        return [
            (tuple(words), tuple(upos[a:b]), tuple(xpos[a:b]), tuple(heads[a:b]), tuple(labels[a:b]))
            for words, a, b in zip(sentences, starts, ends, strict=True)
        ]

    def _reset(self) -> None:
        self._rows: dict[str, int] = {}
        self._table: Floats = np.zeros((1024, self.width), np.float32)

    def _embedded(self, sentences: Sequence[Sequence[str]]) -> Floats:
        """Return one row a word, the sentences behind each other."""
        with self._lock:
            if len(self._rows) + sum(map(len, sentences)) > TABLE_ROWS:
                self._reset()
            known = self._rows
            self._learn([word for words in sentences for word in words if word not in known])
            return self._table[[known[word] for words in sentences for word in words]]

    def _around(self, sentences: Sequence[Sequence[str]]) -> dict[int, Ints]:
        """Return for each dilation the rows left of, at and right of each word, n by 3.

        The row behind the last word is zero: it stands for what lies outside the sentence.
        """
        starts, ends = _bounds(sentences)
        lengths = np.subtract(ends, starts)
        first, behind = np.repeat(starts, lengths), np.repeat(ends, lengths)
        place = np.arange(ends[-1])
        found: dict[int, Ints] = {}
        for d in set(self.dilations):
            left, right = place - d, place + d
            found[d] = np.stack(
                (
                    np.where(left >= first, left, len(place)),
                    place,
                    np.where(right < behind, right, len(place)),
                ),
                axis=1,
            )
        return found

    def _learn(self, words: Sequence[str]) -> None:
        """Give each word that is not known yet a row of the table, all of them in one go."""
        new = list(dict.fromkeys(words))
        if not new:
            return
        first = len(self._rows)
        behind = first + len(new)
        size = len(self._table)
        while size < behind:
            size *= 2
        if size > len(self._table):
            grown = np.zeros((size, self.width), np.float32)
            grown[:first] = self._table[:first]
            self._table = grown
        total = self._table[first:behind]
        total[:] = 0
        by_feature = zip(*map(features, new), strict=True)
        for values, rows, (quantised, scale) in zip(by_feature, self.vocabulary, self.tables, strict=True):
            at = [rows.get(value, 0) for value in values]
            total += quantised[at] * scale[at]
        self._rows.update(zip(new, range(first, behind), strict=True))

    def _layer(self, h: Floats, around: dict[int, Ints], layer: int) -> Floats:
        """Add to ``h``, in place, what a layer makes of each word and its neighbours; return it."""
        x, joined, out = self._room(len(h))
        _norm(h, self.w[f"ln{layer}_g"], self.w[f"ln{layer}_b"], x[:-1])
        x[-1] = 0
        # "clip" changes nothing, as all places lie within: a checked take is written elsewhere first.
        x.take(around[self.dilations[layer]], axis=0, out=joined, mode="clip")
        np.matmul(joined.reshape(len(h), 3 * self.width), self.w[f"conv{layer}"], out=out)
        out += self.w[f"conv{layer}_b"]
        np.maximum(out, 0, out=out)
        h += out
        return h

    def _room(self, words: int) -> tuple[Floats, Floats, Floats]:
        """Return arrays to work in, one more row than words, three a word and one a word, with anything in them.

        They stay with the thread: a new array of this size is memory that the kernel has to empty page by page.
        """
        kept: tuple[Floats, Floats, Floats] | None = getattr(self._rooms, "kept", None)
        if kept is None or len(kept[2]) < words:
            size = -(-words // ROOM_STEP) * ROOM_STEP
            kept = (
                np.empty((size + 1, self.width), np.float32),
                np.empty((size, 3, self.width), np.float32),
                np.empty((size, self.width), np.float32),
            )
            if size <= ROOM_WORDS:
                self._rooms.kept = kept
        return kept[0][: words + 1], kept[1][:words], kept[2][:words]

    def _tags(self, h: Floats) -> tuple[list[str], list[str], Floats]:
        scores = h @ self.w["xpos_out"] + self.w["xpos_b"]
        upos = (h @ self.w["upos_out"] + self.w["upos_b"]).argmax(1)
        best = scores.argmax(1)
        scores -= scores.max(1, keepdims=True)
        np.exp(scores, out=scores)
        scores /= scores.sum(1, keepdims=True)
        xpos = list(map(self.xpos.__getitem__, best.tolist()))
        return xpos, list(map(self.upos.__getitem__, upos.tolist())), scores

    def _heads(self, y: Floats, starts: list[int], ends: list[int]) -> list[int]:
        """Return the head of every word within its sentence (-1 root)."""
        w = self.w
        dependent = np.maximum(y @ w["dep"] + w["dep_b"], 0)
        governor = np.maximum(y @ w["gov"] + w["gov_b"], 0)
        asks = dependent @ w["arc"] + w["arc_b"]
        near = dependent @ w["rel"] + w["rel_b"]
        root = asks @ w["root"] + near[:, ROOT_SLOT]
        # One flat index is a third of the work of two.
        flat = near.ravel()
        heads = np.empty(len(y), np.intp)
        groups: dict[int, list[int]] = {}
        for sentence, (start, end) in enumerate(zip(starts, ends, strict=True)):
            groups.setdefault(end - start, []).append(sentence)
        scored: dict[int, Floats] = {}
        for n, members in groups.items():
            slots = _slots(n)
            # Keeps one product of a long-sentence group to a few megabytes.
            step = max(1, 500_000 // (n * n))
            for at in range(0, len(members), step):
                first = np.array([starts[m] for m in members[at : at + step]])
                rows = first[:, None] + np.arange(n)
                scores = np.empty((len(first), n, n + 1), np.float32)
                np.matmul(asks[rows], governor[rows].transpose(0, 2, 1), out=scores[:, :, 1:])
                scores[:, :, 1:] += flat.take((SLOTS * rows)[:, :, None] + slots)
                scores[:, :, 0] = root[rows]
                diagonal = np.arange(n)
                scores[:, diagonal, diagonal + 1] = -1e9
                heads[rows] = scores.argmax(2)
                scored.update(zip(members[at : at + step], scores, strict=True))
        for sentence in _no_trees(heads, starts, ends).tolist():
            start, end = starts[sentence], ends[sentence]
            heads[start:end] = _tree(scored[sentence], heads[start:end].tolist())
        heads -= 1
        found: list[int] = heads.tolist()
        return found

    def _labels(self, y: Floats, heads: list[int], starts: list[int], ends: list[int]) -> list[str]:
        w = self.w
        lengths = np.subtract(ends, starts)
        base = np.repeat(np.array(starts), lengths)
        within = np.array(heads)
        is_root = within < 0
        place = np.arange(len(y)) - base
        slot = np.where(is_root, ROOT_SLOT, np.clip(within - place, -FAR, FAR) + FAR)
        from_head = (y @ w["lab_head"])[np.where(is_root, 0, within + base)]
        from_head[is_root] = 0
        hidden = y @ w["lab_dep"] + from_head + w["lab_rel"][slot] + w["lab_b"]
        np.maximum(hidden, 0, out=hidden)
        scores = hidden @ w["lab_out"] + w["lab_out_b"]
        # The label "root" belongs to the root and to nothing else.
        at = self.labels.index("root")
        scores[:, at] = np.where(is_root, 1e9, -1e9)
        return list(map(self.labels.__getitem__, scores.argmax(1).tolist()))


def _norm(x: Floats, gain: Floats, bias: Floats, out: Floats) -> None:
    """Normalise each row to mean 0 and variance 1, then scale and shift, into ``out``."""
    np.subtract(x, x.mean(1, keepdims=True), out=out)
    variance = np.einsum("ij,ij->i", out, out) / x.shape[1]
    out *= (1 / np.sqrt(variance + 1e-5))[:, None]
    out *= gain
    out += bias


def _bounds(sentences: Sequence[Sequence[str]]) -> tuple[list[int], list[int]]:
    ends = np.cumsum([len(words) for words in sentences]).tolist()
    return [0, *ends[:-1]], ends


def _slots(n: int) -> Ints:
    """Return for word i and head j of a sentence the slot of their distance, n by n."""
    place = np.arange(n)
    return np.clip(place[None, :] - place[:, None], -FAR, FAR) + FAR


def _no_trees(heads: Ints, starts: list[int], ends: list[int]) -> Ints:
    """Return the sentences that have not one root, or words that never reach it; heads count from 1, 0 is the root."""
    lengths = np.subtract(ends, starts)
    sentence = np.repeat(np.arange(len(lengths)), lengths)
    is_root = heads == 0
    place = np.arange(len(heads))
    # Every word points at its head, a root at itself; twice as far each time, all end where they lead.
    up = np.where(is_root, place, heads - 1 + np.repeat(starts, lengths))
    for _ in range(int(lengths.max()).bit_length()):
        up = up[up]
    lost = np.bincount(sentence[~is_root[up]], minlength=len(lengths)) > 0
    return np.flatnonzero(lost | (np.bincount(sentence[is_root], minlength=len(lengths)) != 1))


def _tree(scores: Floats, heads: list[int]) -> list[int]:
    """Repair the best heads of one sentence into a tree with exactly one root.

    Heads count from 1, 0 is the root. Each cycle gives up the arc whose replacement costs least.
    """
    n = len(heads)
    others = scores[:, 1:].max(1)
    roots = [i for i in range(n) if heads[i] == 0]
    if len(roots) != 1:
        margin = scores[:, 0] - others
        root = max(roots or range(n), key=lambda i: float(margin[i]))
        for i in roots:
            heads[i] = 1 + int(scores[i, 1:].argmax())
        heads[root] = 0
    blocked = scores.copy()
    blocked[:, 0] = -1e9
    for _ in range(n):
        reached = _reaching(heads)
        if len(reached) == n + 1:
            return heads
        cycle = _cycle(heads, reached)
        targets = np.array(sorted(reached - {0}))
        best_cost, best_word, best_head = float("inf"), cycle[0], int(targets[0])
        for word in cycle:
            options = blocked[word - 1, targets]
            pick = int(options.argmax())
            cost = float(blocked[word - 1, heads[word - 1]] - options[pick])
            if cost < best_cost:
                best_cost, best_word, best_head = cost, word, int(targets[pick])
        heads[best_word - 1] = best_head
    return heads


def _reaching(heads: list[int]) -> set[int]:
    """Return the words (from 1) whose chain of heads ends at the root, and the root itself."""
    children: list[list[int]] = [[] for _ in range(len(heads) + 1)]
    for word, head in enumerate(heads, 1):
        children[head].append(word)
    reached = {0}
    todo = [0]
    while todo:
        for child in children[todo.pop()]:
            reached.add(child)
            todo.append(child)
    return reached


def _cycle(heads: list[int], reached: set[int]) -> list[int]:
    """Return the words of one cycle among the words that do not reach the root."""
    at = next(word for word in range(1, len(heads) + 1) if word not in reached)
    seen: set[int] = set()
    while at not in seen:
        seen.add(at)
        at = heads[at - 1]
    cycle = [at]
    following = heads[at - 1]
    while following != at:
        cycle.append(following)
        following = heads[following - 1]
    return cycle
