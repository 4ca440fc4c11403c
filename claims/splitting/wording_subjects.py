"""Whose is an assertion that begins with a verb: the subject of the clause before, the noun of a relative, the speaker?

Finds the subject in the tree and returns it as it is written; where the tree does not show one, it asks.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence

from claims.language.document import Reading, Sentence
from claims.splitting.attribution.results import Attributed
from claims.splitting.types import Unit
from claims.splitting.units import UnitDraft
from claims.vocabulary import Attribution

_FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
_ADVERBS = frozenset({"RB", "RBR", "RBS"})
_SPACES = re.compile(r"\s+")
_LONGEST = 20
_INSIDE = frozenset({"DT", "PRP$", "POS", "HYPH", "PRP", "-LRB-", "-RRB-"})


def clause_before(unit: Unit, units: Iterable[Unit]) -> Unit | None:
    """Return the unit of the same sentence that a loose phrase hangs on: around it, else right before it."""
    best: Unit | None = None
    for other in units:
        if other.sentence != unit.sentence or other.id == unit.id or other.attribution is Attribution.PREMISE:
            continue
        if other.start < unit.start and (best is None or other.start > best.start or other.end >= unit.end):
            best = other
    return best if best is not None and best.end <= unit.start else None


def elided(
    unit: Unit, draft: UnitDraft, sentence: Sentence, reading: Reading, rows: Sequence[Attributed]
) -> tuple[str, str] | None:
    """Return the missing subject and, where a person must settle it, the question; None where none is missing."""
    starts = [token.start for token in sentence.tokens]
    first, last = bisect_left(starts, unit.start), bisect_left(starts, unit.end)
    tree = sentence.tree
    at = first
    while at < last and tree.xpos[at] in _ADVERBS:
        at += 1
    if at >= last:
        return None
    row = rows[draft.row] if draft.row is not None else None
    if (
        (
            row is not None
            and unit.start <= row.cue.start < unit.end
            and row.cue.start <= starts[min(at, last - 1)] + 20
        )
        and unit.claimant
        and not _has_subject(sentence, at)
    ):
        return _shown(unit.claimant), ""
    if tree.xpos[at] == "TO" and unit.attribution is Attribution.REPORTED:
        return (_shown(unit.claimant), "") if unit.claimant else None
    bare = tree.xpos[at] in _FINITE or (tree.xpos[at] in ("VBN", "VBG", "VB") and draft.kind == "coordinate")
    if not bare or _has_subject(sentence, at):
        return None
    found = _antecedent(sentence, at) if draft.kind in ("relative", "coordinate", "main") else None
    if found is None:
        found = _subject_before(sentence, at)
    if found is None:
        return "[who or what]", "whose action or state is this?"
    start, end = found
    words = _SPACES.sub(" ", reading.layout.text[sentence.tokens[start].start : sentence.tokens[end].end])
    doubtful = draft.kind == "relative" and start > 0 and tree.xpos[start - 1] in ("IN", "TO")
    shown = words[:1].upper() + words[1:]
    return shown, (f"is “{words}” what is meant?" if doubtful else _pronoun_question(words))


def _pronoun_question(words: str) -> str:
    low = words.lower()
    return f"who or what is “{low}”?" if low in ("it", "he", "she", "they", "we", "this", "that") else ""


def _shown(name: str) -> str:
    return f"The {name}" if name.startswith("government of") else name[:1].upper() + name[1:]


def _has_subject(sentence: Sentence, at: int) -> bool:
    """Tell whether the first verb has a subject of its own behind it (a question form, "there is")."""
    tree = sentence.tree
    head = tree.heads[at] if tree.labels[at].startswith(("aux", "cop")) and tree.heads[at] >= 0 else at
    return any(
        tree.heads[k] == head and tree.labels[k].startswith(("nsubj", "expl", "csubj")) and k > at
        for k in range(at + 1, min(len(tree.heads), at + 4))
    )


def _antecedent(sentence: Sentence, at: int) -> tuple[int, int] | None:
    """Return the noun phrase that a relative clause belongs to."""
    tree = sentence.tree
    before = at - 1
    while before >= 0 and before >= at - 3 and tree.xpos[before] in _ADVERBS:
        before -= 1
    if before < 0 or tree.xpos[before] not in ("WP", "WDT"):
        return None
    noun = before - 1
    while noun >= 0 and not tree.xpos[noun].startswith("NN"):
        noun -= 1
    return _phrase(sentence, noun) if noun >= 0 else None


def _subject_before(sentence: Sentence, at: int) -> tuple[int, int] | None:
    """Return the subject of the clause that this one is coordinated with: up the tree, else the nearest before."""
    tree = sentence.tree
    here = at
    for _ in range(6):
        head = tree.heads[here]
        if head < 0:
            break
        subject = _subject(sentence, head, at)
        if subject is not None:
            return subject
        here = head
    for k in range(at - 1, -1, -1):
        if tree.labels[k].startswith("nsubj"):
            return _phrase(sentence, k)
    return None


def _subject(sentence: Sentence, verb: int, limit: int) -> tuple[int, int] | None:
    tree = sentence.tree
    for k in range(min(limit, len(tree.heads)) - 1, -1, -1):
        if tree.heads[k] == verb and tree.labels[k].startswith("nsubj") and tree.xpos[k] not in ("WP", "WDT"):
            return _phrase(sentence, k)
    return None


def _phrase(sentence: Sentence, noun: int) -> tuple[int, int] | None:
    """Return the words of the noun phrase around a noun, its modifiers before it and "of …" behind it."""
    tree = sentence.tree
    left = right = noun
    while (
        left > 0 and noun - left < _LONGEST and _before(tree.xpos[left - 1], sentence.tokens[left - 1].norm)
    ):
        left -= 1
    if right + 2 < len(tree.xpos) and sentence.tokens[right + 1].norm.lower() == "of":
        at = right + 2
        while at < len(tree.xpos) and at - right < 8 and _before(tree.xpos[at], sentence.tokens[at].norm):
            at += 1
        if tree.xpos[at - 1].startswith("NN"):
            right = at - 1
    return left, right


def _before(tag: str, norm: str) -> bool:
    """Tell a word that stands inside a noun phrase before its noun."""
    inner = tag.startswith(("NN", "JJ", "CD")) or tag in _INSIDE
    return inner and norm not in ("(", ")")
