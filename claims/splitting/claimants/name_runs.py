"""Which runs of capitalised words are names, where does each begin and end, and which title stands before it?

Reads one sentence; who is meant by a name is for ``entities``.
"""

from __future__ import annotations

import re
from collections.abc import Container
from functools import lru_cache
from typing import NamedTuple

from claims.language.document import Sentence
from claims.splitting.attribution.sentence_words import AUXILIARIES, NAMES
from claims.splitting.claimants.person_names import given_names, person_behind_body, title_inside
from claims.splitting.word_lists import any_role, roles, states, word_lists

_LISTS = word_lists("name_words_en.txt")
_PARTICLES = _LISTS["particle"]
_ARTICLES = _LISTS["article"]
_BRACKETS = ("[", "]")
_NOT_LAST = ("of", "for", "and", "on", "the", "-", "&")
_LONGEST_SMALL = 4
_ROLE_MODIFIERS = _LISTS["modifier"]
_DAYS = _LISTS["calendar"]
_NOT_NAMES = _LISTS["function"]


class NameRun(NamedTuple):
    """A run of capitalised words: its words without title and marks, and the title before it."""

    start: int
    end: int
    words: tuple[str, ...]
    title: tuple[str, ...]
    first: int
    last: int


def name_runs(sentence: Sentence, view: str, alone: Container[str] = ()) -> list[NameRun]:
    """Return the runs of capitalised words of a sentence; an editor's brackets in a name are dropped.

    ``alone`` are the words that stand as a name of their own elsewhere in the article: a surname among them tells
    where a body's name ends and a person's begins ("the Refugee Council Enver Solomon").
    """
    tokens = sentence.tokens
    runs: list[NameRun] = []
    done = 0
    # Most words are in small letters: no name begins there.
    for at in [at for at, token in enumerate(tokens) if token.norm[:1].isupper()]:
        if at < done or not _name_word(sentence, at):
            continue
        end = at + 1
        words = [at]
        while end < len(tokens):
            taken = _next_of_name(sentence, words, end)
            if not taken:
                break
            words.extend(place for place in range(end, end + taken) if tokens[place].norm not in _BRACKETS)
            end += taken
        done = end
        while words and sentence.low[words[-1]] in _NOT_LAST:
            words.pop()
        if not words:
            # "RESULTS Of the 60 patients": a capital on the little word alone is no name.
            continue
        cut = person_behind_body(
            [tokens[place].norm for place in words], alone, role_of=_role_of(sentence, words[0])
        )
        for part in (words[:cut], words[cut:]) if cut else (words,):
            runs.append(_split_title(sentence, view, part))
    return runs


def _role_of(sentence: Sentence, at: int) -> bool:
    """Tell whether "minister of", "ambassador to the" stands before a place."""
    before = [token.norm.lower() for token in sentence.tokens[max(0, at - 3) : at]]
    if before[-1:] == ["the"]:
        before.pop()
    return len(before) > 1 and before[-1] in ("of", "to", "for") and before[-2] in title_words()


def title_words() -> frozenset[str]:
    """Return the words that name a role or a title."""
    return any_role("role", "title")


def _next_of_name(sentence: Sentence, words: list[int], at: int) -> int:
    """Return how many tokens from ``at`` go on with a name: a name word, or a particle with what it leads to."""
    tokens = sentence.tokens
    norm, low = tokens[at].norm, sentence.low[at]
    if _name_word(sentence, at):
        return 1
    if at + 1 >= len(tokens):
        return int(norm == "]")
    following = _name_word(sentence, at + 1)
    if norm in _BRACKETS or norm == "'":
        return int(following or norm == "]")
    joined = tokens[at].start == tokens[at - 1].end
    if norm in ("-", "&") and joined:
        return 1 if following else _small_behind_hyphen(sentence, at)
    if low in ("van", "in", "op") and tuple(sentence.low[at + 1 : at + 3]) == ("'", "t"):
        # "Pieter van 't Hoff"
        return 3 if at + 3 < len(tokens) and _name_word(sentence, at + 3) else 0
    if low in _PARTICLES and low != "st" and not joined:
        # "von der", "de la": up to three lead to one name.
        last = at + 1
        while last < at + 3 and last < len(tokens) and tokens[last].norm in _PARTICLES:
            last += 1
        if last < len(tokens) and _name_word(sentence, last):
            return last - at
    if low in _ARTICLES and tokens[at + 1].norm == "-" and tokens[at + 1].start == tokens[at].end:
        return 2 if at + 2 < len(tokens) and _name_word(sentence, at + 2) else 0
    if low in ("of", "for", "and", "on") and any(
        sentence.low[place] in roles()["organisation"] for place in words
    ):
        the = sentence.low[at + 1] == "the" and at + 2 < len(tokens) and _name_word(sentence, at + 2)
        return int(following or the)
    return int(low == "the" and sentence.low[at - 1] in ("of", "for") and following)


def _small_behind_hyphen(sentence: Sentence, at: int) -> int:
    """Return 2 where a hyphen joins a small second half to a given name: "Kim Jong-un", "Seung-hun Lee"."""
    tokens = sentence.tokens
    small = tokens[at + 1]
    close = small.start == tokens[at].end and small.norm.isalpha() and small.norm.islower()
    tag = sentence.tree.xpos[at + 1]
    if not close or len(small.norm) > _LONGEST_SMALL or tag in ("VBN", "VBG", "JJR"):
        return 0
    behind = at + 2 < len(tokens) and (
        _name_word(sentence, at + 2) or sentence.tree.xpos[at + 2] in ("VBD", "VBZ", "POS", ",", ".")
    )
    return 2 if behind else 0


def _name_word(sentence: Sentence, at: int) -> bool:
    norm = sentence.tokens[at].norm
    if not norm[:1].isupper():
        return False
    low = norm.lower()
    if low in _DAYS and sentence.tree.xpos[at] in ("NNP", "NNPS", "") and len(norm) > 3:
        return False
    first = at == 0 or sentence.tokens[at - 1].norm in ('"', ":", "(", "'")
    if first or low in _NOT_NAMES:
        tags = sentence.tree.xpos
        if low in _NOT_NAMES:
            return False
        # "Mu Li", "Hugh Hill": a first name that the tagger does not know; "Norvian Rail".
        before_name = at + 1 < len(tags) and (
            sentence.tokens[at + 1].norm[:1].isupper() or sentence.tokens[at + 1].norm in _PARTICLES | {"-"}
        )
        unknown = before_name and (
            (
                tags[at] in ("NN", "FW", "UH", "VB", "MD")
                and low not in roles()["role"]
                and low not in AUXILIARIES
            )
            or norm in given_names()
        )
        return tags[at] in NAMES or tags[at] == "" or unknown
    return sentence.tree.xpos[at] not in ("PRP", "DT", "WP") or (
        norm.isupper() and len(norm) > 1 and norm != "I"
    )


#: What "General" belongs to as a part of the name and is no rank.
GENERAL = word_lists("closed_words_en.txt")["general"]


def _split_title(sentence: Sentence, view: str, words: list[int]) -> NameRun:
    tokens = sentence.tokens
    lists = roles()
    table = states()
    cut = 0
    while cut < len(words) - 1:
        low = sentence.low[words[cut]]
        two = low + " " + sentence.low[words[cut + 1]]
        if (
            low in lists["title"]
            or low in lists["role"]
            or low in _ROLE_MODIFIERS
            or low in table.adjectives
            or low in ("-", "of", "and", "the")
        ):
            cut += 1
        elif two in table.adjectives:
            cut += 2
        elif low in table.names and any(
            sentence.low[index] in lists["title"] for index in words[cut + 1 : cut + 4]
        ):
            cut += 1
        else:
            break
    cut = max(cut, title_inside([tokens[index].norm for index in words]))
    # A run of nothing but title words, or of a body ("Foreign Ministry"), keeps them.
    title = [tokens[index].norm for index in words[:cut]]
    if cut and not any(word.lower() in lists["title"] or word.lower() in lists["role"] for word in title):
        cut, title = 0, []
    last = sentence.low[words[-1]]
    general = last in GENERAL and "general" in [word.lower() for word in title]
    if cut and (general or last in any_role("organisation", "role", "title")):
        cut, title = 0, []
    rest = words[cut:]
    return NameRun(
        tokens[words[0]].start,
        tokens[words[-1]].end,
        tuple(tokens[index].norm for index in rest),
        tuple(title),
        words[0],
        words[-1],
    )


@lru_cache(maxsize=4_096)
def joined_words(words: tuple[str, ...]) -> str:
    """Return the words of a name as they are written, without an editor's brackets."""
    text = " ".join(words)
    if "-" in text:
        text = re.sub(r" ?- ?", "-", text)
    text = text.replace(" ' t ", " 't ").replace(" ' ", "' ")
    return text.replace("[", "").replace("]", "").strip()


def acronym(name: str) -> bool:
    """Tell an abbreviation of two to six capitals: "NATO", "U.N."."""
    plain = name.replace(".", "")
    return 2 <= len(plain) <= 6 and plain.isupper() and plain.isalpha()


def initials(name: str) -> str:
    """Return the capital letters that begin the words of a name."""
    return "".join(word[0] for word in re.split(r"[\s-]+", name) if word[:1].isupper())
