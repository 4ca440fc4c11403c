"""Which tags of the parser are certainly wrong? Repairs the few that decide whether somebody speaks.

The parser was trained on web text and takes "told" and "fell" for participles where they are the finite verb
of a sentence. Only closed lists and plain patterns are repaired; heads and labels stay as they are.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from claims.language.parser import Tree

_LISTS: dict[str, list[str]] = json.loads(
    (Path(__file__).with_name("data") / "tag_repair_en.json").read_text(encoding="utf-8")
)
# Past forms that are no participle: fell, not fallen.
_PAST_ONLY = frozenset(_LISTS["past_only"])
# Verbs of speech whose past form is their participle as well.
_SPOKE = frozenset(_LISTS["spoke"])
_AUXILIARIES = frozenset(_LISTS["auxiliaries"])
_ADDRESSING = frozenset(_LISTS["addressing"])
# Forms of verbs of speech that are nouns as well ("reports", "claims"), and what may stand behind such a verb
# where it closes a sentence.
_SPEAKS = frozenset(_LISTS["speaks"])
_SPEAK = frozenset(_LISTS["speak"])
_CLOSING_TIME = frozenset(_LISTS["closing_time"])
# What the tagger takes a rare surname for at the beginning of a sentence.
_MISREAD_NAMES = frozenset({"NN", "NNS", "RB", "VB", "VBP", "VBD", "VBN", "VBG", "JJ", "UH", "FW"})
_LONGEST_SUBJECT = 10
_TITLES = frozenset({"mr", "mrs", "ms", "miss", "dr", "prof", "sir", "lady"})
_FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
_NAMING = ("NN", "PRP")
_NOUN_PHRASE = ("NN", "JJ", "DT", "PRP", "CD")


def names_of(trees: Sequence[Tree]) -> frozenset[str]:
    """Return the words that an article writes as names in mid-sentence and never writes small."""
    names: set[str] = set()
    small: set[str] = set()
    for tree in trees:
        for at, word in enumerate(tree.words):
            if word[:1].isupper():
                if at and tree.xpos[at] == "NNP" and tree.words[at - 1].isalpha() and len(word) > 2:
                    names.add(word)
            else:
                small.add(word)
    return frozenset(name for name in names if name.lower() not in small)


def repair(tree: Tree, names: frozenset[str] = frozenset()) -> Tree:
    """Return the tree with repaired tags; the same object where nothing was wrong.

    ``names`` are words known for names by the other sentences of the article.
    """
    tags = list(tree.xpos)
    for at in (0, 1):
        opening = at == 0 or (len(tags) > 1 and tree.words[0] in ('"', "'"))
        if opening and at < len(tags) and tags[at] in _MISREAD_NAMES and tree.words[at] in names:
            tags[at] = "NNP"
            if tags[at + 1 : at + 2] == ["VB"]:
                tags[at + 1] = "VBD"
    low = [word.lower() for word in tree.words]
    for at, word in enumerate(low):
        if tags[at] == "VBN" and not _after_auxiliary(low, tags, at):
            if word in _PAST_ONLY or (word in _SPOKE and _is_told_of(low, tags, at)):
                tags[at] = "VBD"
        elif word == "that" and tags[at] in ("WDT", "DT") and _after_addressee(low, tags, at):
            tags[at] = "IN"
        elif tags[at] in ("MD", "IN", "VB", "VBD", "JJ") and _behind_title(tree.words, low, tags, at):
            tags[at] = "NNP"
        elif tags[at] in ("NN", "NNS") and (word in _SPEAKS or word in _SPEAK):
            if _comments(low, tags, at) or _points_out(low, tags, at):
                tags[at] = "VBZ" if word in _SPEAKS else "VBP"
        elif word == "points" and _points_out(low, tags, at):
            tags[at] = "VBZ"
    if not any(tag in _FINITE for tag in tags):
        _find_a_finite_verb(low, tags)
    if tags == list(tree.xpos):
        return tree
    upos = [
        "SCONJ" if tags[at] == "IN" and old in ("WDT", "DT") else tree.upos[at]
        for at, old in enumerate(tree.xpos)
    ]
    return replace(tree, xpos=tuple(tags), upos=tuple(upos))


def _after_auxiliary(low: Sequence[str], tags: Sequence[str], at: int) -> bool:
    """Say whether a form of be or have stands before, adverbs between: then it is a participle."""
    before = at - 1
    while before >= 0 and (tags[before] in ("RB", "RBR") or low[before] in ("not", "n't")):
        before -= 1
    if before >= 0 and low[before] in _AUXILIARIES:
        return True
    # A question turns it round: "has he told", "were voters told".
    return before >= 1 and tags[before].startswith("PRP") and low[before - 1] in _AUXILIARIES


def _is_told_of(low: Sequence[str], tags: Sequence[str], at: int) -> bool:
    """Say whether somebody stands before a form like "told", and no agent or infinitive after it."""
    before = at - 1
    while before >= 0 and tags[before] in ("RB", "RBR"):
        before -= 1
    if before < 0 or not (tags[before].startswith(_NAMING) or low[before] in (",", ")")):
        return False
    after = low[at + 1] if at + 1 < len(low) else ""
    return after != "by" and not (after == "to" and not tags[before].startswith(("NNP", "PRP")))


def _after_addressee(low: Sequence[str], tags: Sequence[str], at: int) -> bool:
    """Say whether "that" opens what somebody was told: a verb of telling and one noun phrase before it."""
    back = at - 1
    while (
        back >= 0
        and at - back <= 6
        and (tags[back].startswith(("NN", "JJ", "DT", "PRP", "CD")) or low[back] == "'s")
    ):
        back -= 1
    return 0 <= back < at - 1 and low[back] in _ADDRESSING


def _behind_title(words: Sequence[str], low: Sequence[str], tags: Sequence[str], at: int) -> bool:
    """Say whether a word is a surname by the title before it: "Mrs May", "Mr Lord"; or "Theresa May" before a verb."""
    if at < 1 or not words[at][:1].isupper() or words[at].isupper():
        return False
    if low[at - 1].rstrip(".") in _TITLES:
        return True
    verb = at + 1 < len(tags) and tags[at + 1] in ("VBD", "VBZ")
    return low[at] == "may" and tags[at - 1] == "NNP" and verb


def _comments(low: Sequence[str], tags: Sequence[str], at: int) -> bool:
    """Say whether a word closes a comment behind a clause: ", the weather service reports".

    A comma with a finite verb before it, or a closing quotation mark, then one noun phrase that agrees in
    number, then the word, then nothing but a time or a place.
    """
    if not _closes(low, tags, at):
        return False
    start = at
    while start > 0 and at - start < _LONGEST_SUBJECT and _in_subject(low, tags, start - 1):
        start -= 1
    head = next((place - 1 for place in range(start + 1, at) if tags[place] == "IN"), at - 1)
    if start < 1 or start == at or not tags[head].startswith(_NAMING):
        return False
    if (tags[head] in ("NNS", "NNPS")) == (low[at] in _SPEAKS):
        return False
    if low[start - 1] == '"':
        return start >= 3 and low[start - 2] in (",", "?", "!")
    return low[start - 1] == "," and any(tag in _FINITE for tag in tags[: start - 1])


def _in_subject(low: Sequence[str], tags: Sequence[str], place: int) -> bool:
    if low[place] in ("of", "from", "at", "for", "in"):
        return tags[place] == "IN"
    return tags[place].startswith(_NOUN_PHRASE) or tags[place] in ("POS", "HYPH", "VBN") or low[place] == "-"


def _closes(low: Sequence[str], tags: Sequence[str], at: int) -> bool:
    """Say whether nothing but a time, a place or another clause stands behind a word."""
    rest = list(low[at + 1 :])
    while rest and rest[-1] in (".", '"', "'", ")"):
        rest.pop()
    if not rest:
        return True
    if rest[0] == ",":
        rest = rest[1:]
        return bool(rest) and (rest[0] in _CLOSING_TIME or tags[at + 2] in ("VBG", "IN", "RB"))
    return rest[0] in _CLOSING_TIME and not any(tag in _FINITE for tag in tags[at + 1 :])


def _points_out(low: Sequence[str], tags: Sequence[str], at: int) -> bool:
    """Say whether "points out that" or "estimates that it" follows the first noun phrase of a clause."""
    if at < 1 or not tags[at - 1].startswith("NN") or any(tag in _FINITE for tag in tags[:at]):
        return False
    if low[at] == "points":
        return low[at + 1 : at + 3] == ["out", "that"] or low[at + 1 : at + 2] == ["out"]
    following = tags[at + 2] if at + 2 < len(tags) else ""
    return low[at] in _SPEAKS and low[at + 1 : at + 2] == ["that"] and following in ("PRP", "EX", "NNP", "CD")


def _find_a_finite_verb(low: Sequence[str], tags: list[str]) -> None:
    """Take the first participle after a noun for the verb of a sentence that has none."""
    for at in range(1, len(tags)):
        if (
            tags[at] == "VBN"
            and tags[at - 1].startswith(_NAMING)
            and (low[at + 1 : at + 2] or [""])[0] != "by"
        ):
            tags[at] = "VBD"
            return
