"""Which English sentences are offered whole? Those in which no rule found a claim.

Nothing vanishes: a sentence that gives no unit is offered whole, flagged, where anything in it can be its predicate,
though the tagger saw none. In short texts (headlines, posts) the predicate
may be one of their own kind: "Three dead as …", "Polar bears: 5k in the 1960s". Captions, credits and labels are not.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Container, Mapping, Sequence

from claims.language.document import Reading, Sentence
from claims.language.news_verbs import finite_forms
from claims.language.parser import FINITE
from claims.splitting.attribution.results import LABEL, Attributed
from claims.splitting.units import UnitDraft
from claims.splitting.word_lists import word_lists

FLAG = "whole-sentence"
_RULE = "whole sentence"
_NOUNS = frozenset({"NN", "NNS", "NNP", "NNPS", "PRP", "CD"})
# Tags that taggers give to finite verbs of rarer kinds.
_MISTAKEN = frozenset({"NN", "NNS", "JJ", "VB", "VBN"})
_OBJECT = frozenset({"DT", "PRP$", "PRP", "PDT", "NNP", "WRB"})
_BEHIND = frozenset({"IN", "TO", "RB", "RP", "NNP", "CD", "RBR"})
_MEASURING = re.compile(r"\b(?:in|by|since|from|today|now|this|last|per|after|than)\b")
_MOSTLY = 0.85
# So few words of a text are a headline or a post: they have no verbs to spare.
_SHORT_TEXT = 60
_LEAST = 3
_EDGES = " \n\"'“”«»„"


def with_lost(
    reading: Reading, rows: Sequence[Attributed], found: Sequence[UnitDraft], skip: Container[int]
) -> list[UnitDraft]:
    """Return the units found and, whole, the sentences that gave none and assert something; ``skip`` are left out."""
    having = {draft.sentence for draft in found}
    short = sum(len(sentence.tokens) for sentence in reading.sentences) <= _SHORT_TEXT
    speaking = _speaking(reading, rows)
    framing = {row.sentence for row in rows}
    lost = []
    for sentence in reading.sentences:
        if sentence.index in having or sentence.index in skip:
            continue
        if sentence.index in framing and reading.view[sentence.start : sentence.end].rstrip().endswith(":"):
            # "The mayor wrote:" is the frame of what stands behind it.
            continue
        if not _has_predicate(sentence) and not (short and _is_telegraphic(sentence)):
            continue
        draft = _draft(reading, sentence, rows, speaking)
        lost += [draft] if draft is not None else []
    return sorted([*found, *lost], key=lambda draft: (draft.start, -draft.end)) if lost else list(found)


def _speaking(reading: Reading, rows: Sequence[Attributed]) -> dict[int, int]:
    """Return for every sentence that frames reach, by its index, the first of them that is no quotation's."""
    starts = [sentence.start for sentence in reading.sentences]
    found: dict[int, int] = {}
    for index, row in enumerate(rows):
        for span in row.content if row.quote is None else ():
            at = max(0, bisect_right(starts, span.start) - 1)
            while at < len(starts) and starts[at] < span.end:
                if span.start < reading.sentences[at].end:
                    found.setdefault(at, index)
                at += 1
    return found


def _draft(
    reading: Reading, sentence: Sentence, rows: Sequence[Attributed], speaking: Mapping[int, int]
) -> UnitDraft | None:
    view = reading.view[sentence.start : sentence.end]
    start = sentence.start + len(view) - len(view.lstrip(_EDGES))
    end = sentence.start + len(view.rstrip(_EDGES + "."))
    words = [at for at, token in enumerate(sentence.tokens) if token.norm[:1].isalnum()]
    if end <= start or len(words) < _LEAST:
        return None
    inside = sum(sentence.quoted[at] >= 0 for at in words)
    row = speaking.get(sentence.index)
    spoken = inside >= _MOSTLY * len(words) or (row is not None and rows[row].lemma == LABEL)
    return UnitDraft(start, end, sentence.index, row, spoken, "sentence", (_RULE,), flags=(FLAG,))


def _has_predicate(sentence: Sentence) -> bool:
    """Tell whether a word can be the finite verb of a sentence, by its tag, its form or what stands around it."""
    tokens, tree = sentence.tokens, sentence.tree
    forms, pasts = finite_forms(), word_lists("wording_known.txt")["pasts"]
    if any(tag in FINITE for tag in tree.xpos):
        return True
    if not tokens[-1].norm.endswith((".", "!", '"', "”", ")")):
        return False
    for at in range(1, len(tokens) - 1):
        tag, low = tree.xpos[at], sentence.low[at]
        if tag not in _MISTAKEN or not low.isalpha() or tokens[at].norm[:1].isupper():
            continue
        before, behind = _tag_before(sentence, at), tree.xpos[at + 1]
        if low in pasts or (low.endswith("s") and behind == "TO" and before == "JJ"):
            return True
        if before not in _NOUNS:
            continue
        if low in forms or behind in _OBJECT:
            return True
        if low.endswith(("s", "ed")) and behind in _BEHIND and before != "CD":
            return True
        # "Two in three villages lack clean water": a plural, a bare word, and one more noun behind it.
        if tag in ("NN", "VB") and before in ("NNS", "NNPS") and behind in ("JJ", "NNS", "NN"):
            return True
    return False


def _tag_before(sentence: Sentence, at: int) -> str:
    """Return the tag before a place, adverbs skipped."""
    before = at - 1
    while before > 0 and sentence.tree.xpos[before] in ("RB", "RBR", "RBS"):
        before -= 1
    return sentence.tree.xpos[before]


def _is_telegraphic(sentence: Sentence) -> bool:
    """Tell what headlines and posts say without a verb: who or how many, and what became of them or how much."""
    tokens, tree = sentence.tokens, sentence.tree
    words = [token.norm for token in tokens]
    counted = any(
        tag == "CD" or any(c.isdigit() for c in word) for tag, word in zip(tree.xpos, words, strict=True)
    )
    text = " ".join(words)
    if counted and (":" in words[1:-1] or _MEASURING.search(text)):
        return True
    states = word_lists("wording_known.txt")["states"]
    for at in range(1, len(tokens)):
        low, tag = words[at].lower(), tree.xpos[at]
        if _tag_before(sentence, at) in _NOUNS and (
            low in states or tag == "VBN" or (tag == "TO" and at + 1 < len(tokens))
        ):
            return True
        if (
            at + 1 < len(tokens)
            and tag in _MISTAKEN
            and low.endswith(("s", "ed"))
            and tree.xpos[at + 1] in _BEHIND
        ):
            return True
    return False
