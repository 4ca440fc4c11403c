"""Which part of speech is each word, and which word does it depend on?

One small network (weights in ``data/parser.npz``, trained by ``benchmarks/train_parser.py``) tags and parses
whole articles at once with numpy alone. Words are split as in UD English EWT (``claims.language.tokens``).
It refuses to split sentences, to guess at other languages, and to be loaded before it is first used: importing
this module imports no numpy. Its matrix products take one thread (``claims.language.one_thread``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from claims.language.parser_net import Net

WEIGHTS = Path(__file__).with_name("data") / "parser.npz"

# Arc scores are quadratic in the length of a sentence; above this the sentence is parsed in windows.
LONGEST = 120
# Words encoded at once: enough to keep the matrix products busy, few enough to bound memory.
BATCH_WORDS = 8192

#: Penn tags of verbs that carry a tense or a mood of their own, and of nouns.
FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
NOUNS = frozenset({"NN", "NNS", "NNP", "NNPS"})

_BREAKS = frozenset({";", ":", "--", "-", "–", "—", ",", ".", "!", "?", ")", '"', "”", "…", "..."})


@dataclass(frozen=True, slots=True)
class Tags:
    """The words of a sentence with their universal and Penn tags, one each per word."""

    words: tuple[str, ...]
    upos: tuple[str, ...]
    xpos: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tree:
    """Tags, and for each word the index of its head (-1 for the one root) and the UD label of the arc.

    ``low`` are the words in small letters, which hundreds of rules ask for.
    """

    words: tuple[str, ...]
    upos: tuple[str, ...]
    xpos: tuple[str, ...]
    heads: tuple[int, ...]
    labels: tuple[str, ...]
    low: tuple[str, ...] = field(init=False, repr=False, compare=False)
    _kids: list[list[int]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Read off the words what is asked most."""
        object.__setattr__(self, "low", tuple([word.lower() for word in self.words]))

    @property
    def kids(self) -> list[list[int]]:
        """The dependents of each word, in order; found when they are first asked for, never to be changed."""
        try:
            return self._kids
        except AttributeError:
            kids = dependents(self.heads)
            object.__setattr__(self, "_kids", kids)
            return kids


def dependents(heads: Sequence[int]) -> list[list[int]]:
    """Return for each word the words whose head it is, in order."""
    kids: list[list[int]] = [[] for _ in heads]
    for at, head in enumerate(heads):
        if head >= 0:
            kids[head].append(at)
    return kids


def parse(sentences: Sequence[Sequence[str]]) -> list[Tree]:
    """Tag and parse sentences, in order; an empty sentence gives an empty tree.

    Give all sentences of an article in one call: single calls are three times slower. Time is linear in the
    words given, also for one endless sentence (cut into windows of at most ``LONGEST`` words whose roots
    hang on the first as ``parataxis``).
    """
    net = _net()
    windows: list[list[str]] = []
    counts: list[int] = []
    for sentence in sentences:
        parts = _windows(list(sentence))
        counts.append(len(parts))
        windows.extend(parts)
    parsed: list[Tree] = []
    for batch in _batches(windows):
        parsed.extend(Tree(*row) for row in net.parse(batch))
    trees: list[Tree] = []
    at = 0
    for count in counts:
        trees.append(_joined(parsed[at : at + count]))
        at += count
    return trees


def tag(sentences: Sequence[Sequence[str]]) -> list[Tags]:
    """Tag sentences without parsing them, in order: about three times as fast as ``parse``."""
    net = _net()
    windows: list[list[str]] = []
    counts: list[int] = []
    for sentence in sentences:
        parts = _windows(list(sentence))
        counts.append(len(parts))
        windows.extend(parts)
    tagged: list[Tags] = []
    for batch in _batches(windows):
        tagged.extend(Tags(*row) for row in net.tag(batch))
    result: list[Tags] = []
    at = 0
    for count in counts:
        parts_tags = tagged[at : at + count]
        at += count
        result.append(
            Tags(
                tuple(word for part in parts_tags for word in part.words),
                tuple(value for part in parts_tags for value in part.upos),
                tuple(value for part in parts_tags for value in part.xpos),
            )
        )
    return result


@cache
def _net() -> Net:
    # Imported here so that a process that never parses never pays for numpy.
    from claims.language.parser_net import Net

    return Net.load(WEIGHTS)


def _windows(words: list[str]) -> list[list[str]]:
    """Cut an overlong sentence behind the last punctuation mark in the second half of each window."""
    windows: list[list[str]] = []
    start = 0
    while len(words) - start > LONGEST:
        end = start + LONGEST
        for place in range(end - 1, start + LONGEST // 2, -1):
            if words[place] in _BREAKS:
                end = place + 1
                break
        windows.append(words[start:end])
        start = end
    if start < len(words):
        windows.append(words[start:])
    return windows


def _batches(windows: list[list[str]]) -> list[list[list[str]]]:
    batches: list[list[list[str]]] = []
    size = BATCH_WORDS + 1
    for window in windows:
        if size + len(window) > BATCH_WORDS:
            batches.append([])
            size = 0
        batches[-1].append(window)
        size += len(window)
    return batches


def _joined(parts: list[Tree]) -> Tree:
    """Join the trees of the windows of one sentence."""
    if len(parts) == 1:
        return parts[0]
    words: list[str] = []
    upos: list[str] = []
    xpos: list[str] = []
    heads: list[int] = []
    labels: list[str] = []
    first_root = -1
    for part in parts:
        base = len(words)
        for head, label in zip(part.heads, part.labels, strict=True):
            if head >= 0:
                heads.append(base + head)
                labels.append(label)
            elif first_root < 0:
                first_root = len(heads)
                heads.append(-1)
                labels.append(label)
            else:
                heads.append(first_root)
                labels.append("parataxis")
        words.extend(part.words)
        upos.extend(part.upos)
        xpos.extend(part.xpos)
    return Tree(tuple(words), tuple(upos), tuple(xpos), tuple(heads), tuple(labels))
