"""Where does a noun phrase begin and end, read by tags?

The steps that ``sources`` takes to the left and right of a verb: a phrase forwards, a phrase backwards, what lies
between. They know nothing of cues.
"""

from __future__ import annotations

from claims.language.parser import FINITE, NOUNS
from claims.splitting.attribution.sentence_words import ADVERBS, AUXILIARIES, RELATIVES, WordScope
from claims.splitting.word_lists import word_lists

Range = tuple[int, int]
"""First word, last word."""

_PREMODIFIERS = NOUNS | {
    "CD",
    "PRP$",
    "POS",
    "$",
    "HYPH",
    "JJ",
    "JJR",
    "JJS",
    "DT",
    "PDT",
    "AFX",
    "SYM",
    "NFP",
}
_LINKS = frozenset({"of", "for", "from", "at", "in", "with", "on", "to", "behind", "near", "against"})
_PRONOUNS = frozenset({"PRP", "DT", "WP", "NN", "EX"})
TIMES = word_lists("closed_words_en.txt")["saying-times"]
PHRASE_STARTS = NOUNS | {"DT", "PRP", "PRP$", "CD", "JJ", "JJR", "JJS", "PDT", "$", "WP", "VBG", "VBN", "AFX"}
_NOBODY = frozenset({"nobody", "none", "nothing", "everybody", "everyone", "all", "anyone"})


def phrase_end(scope: WordScope, at: int, *, links: bool = True) -> int:
    """Return the index after the noun phrase that begins at ``at``; ``at`` itself where none does."""
    words = scope.words
    low, xpos = words.low, words.xpos
    end = at
    seen_noun = False
    while end < scope.end and scope.hidden[end] < 0:
        tag = xpos[end]
        word = low[end]
        if word in ("[", "]") or (
            tag == "CD"
            and not seen_noun
            and end + 1 < scope.end
            and xpos[end + 1] in ("JJ", "NN", "NNS", "NNP", "RB")
        ):
            end += 1
        elif tag in NOUNS or tag in ("CD", "PRP"):
            if tag == "PRP" and end > at and low[end - 1] not in _LINKS:
                break
            seen_noun = True
            end += 1
            if tag == "PRP":
                if end < scope.end and low[end] in _LINKS and low[end] == "of":
                    continue
                break
        elif tag in ("DT", "PRP$", "PDT"):
            if seen_noun and low[end - 1] not in _LINKS and low[end - 1] not in ("and", "or", "all"):
                break
            end += 1
            if word in ("this", "that", "these", "those", "all", "some", "many", "both", "each"):
                seen_noun = True
        elif tag in ("JJ", "JJR", "JJS", "$", "HYPH", "AFX", "POS", "SYM") or (
            tag in ("VBN", "VBG", "RB") and not seen_noun and end > at
        ):
            end += 1
        elif (
            links and seen_noun and tag in ("IN", "TO") and word in ("of", "for", "from", "at", "in", "with")
        ):
            if end + 1 < scope.end and xpos[end + 1] in PHRASE_STARTS and scope.hidden[end + 1] < 0:
                end += 1
            else:
                break
        elif (
            seen_noun
            and word in ("and", "or", "&")
            and end + 1 < scope.end
            and xpos[end + 1] in NOUNS | {"DT"}
        ):
            follow = phrase_end(WordScope(words, end + 1, scope.end, scope.hidden), end + 1, links=False)
            if follow < scope.end and xpos[follow] in FINITE:
                break
            end += 1
        else:
            break
    while end > at and (
        low[end - 1] in _LINKS or low[end - 1] in ("and", "or", "[") or xpos[end - 1] == "HYPH"
    ):
        end -= 1
    return end


def walk_left(scope: WordScope, at: int) -> Range | None:
    """Return the noun phrase that ends at ``at``."""
    words = scope.words
    low, xpos = words.low, words.xpos
    if not scope.open(at):
        return None
    if (
        xpos[at] not in NOUNS
        and xpos[at] not in _PRONOUNS
        and xpos[at] not in ("CD", "JJ", "JJS", "VBG", "PRP$")
    ):
        return None
    if xpos[at] in ("PRP", "WP", "EX"):
        return at, at
    left = at
    while left - 1 >= scope.start and scope.hidden[left - 1] < 0:
        tag, word = xpos[left - 1], low[left - 1]
        here = xpos[left]
        if here in ("DT", "PRP$") and tag not in ("PDT", "CC", "IN", "TO", "RB", "JJ"):
            break
        if word in ("[", "]"):
            left -= 1
        elif tag in _PREMODIFIERS or (word == "-" and here == "NNP" and xpos[left - 2] == "NNP"):
            if low[left] in TIMES and word in TIMES:
                break
            left -= 1
        elif (
            tag in ("VBN", "VBG")
            and here in NOUNS
            and left - 2 >= scope.start
            and xpos[left - 2] in ("DT", "PRP$", "HYPH")
        ):
            left -= 1
        elif (
            word in _LINKS and left - 2 >= scope.start and (xpos[left - 2] in NOUNS or xpos[left - 2] == "CD")
        ) or (word in ("but", "except") and left - 2 >= scope.start and low[left - 2] in _NOBODY):
            left -= 2
        elif (
            word in ("with", "to", "on", "about", "in")
            and left - 3 >= scope.start
            and low[left - 2]
            in ("familiar", "close", "briefed", "involved", "surveyed", "interviewed", "knowledgeable")
            and xpos[left - 3] in NOUNS
        ):
            left -= 3
        elif word in ("and", "&", "or") and left - 2 >= scope.start and xpos[left - 2] in NOUNS:
            left -= 2
        else:
            break
    while left <= at and (xpos[left] in ("POS", "HYPH", "CC", "IN", "TO") or low[left] in ("and", ",", "]")):
        left += 1
    return (left, at) if left <= at else None


def step_left(scope: WordScope, at: int) -> int:
    """Return the first word to the left of ``at`` that is no adverb, auxiliary or modal."""
    words = scope.words
    at -= 1
    while at >= scope.start and scope.hidden[at] < 0:
        auxiliary = words.low[at] in AUXILIARIES and words.xpos[at] != "NNP"
        if words.xpos[at] in ADVERBS or words.xpos[at] == "MD" or auxiliary:
            at -= 1
        elif (before := _adverbs_between(scope, at)) >= scope.start:
            at = before
        else:
            break
    return at


def _adverbs_between(scope: WordScope, at: int) -> int:
    """Return the place before ", and falsely," where a comma closes nothing but adverbs, -1 where it does not."""
    words = scope.words
    if words.low[at] != ",":
        return -1
    first = at - 1
    while first > scope.start and (
        words.xpos[first] in ADVERBS or words.low[first] in ("and", "but", "if", "albeit")
    ):
        first -= 1
    return first - 1 if words.low[first] == "," and first < at - 1 else -1


def partner_left(scope: WordScope, at: int) -> int:
    """Return the mark that opens the parenthesis which the mark at ``at`` closes; -1 without one."""
    low = scope.words.low
    wanted = {")": "(", "]": "["}.get(low[at], low[at])
    for index in range(at - 1, max(scope.start, at - 32) - 1, -1):
        if scope.hidden[index] >= 0:
            return -1
        if low[index] == wanted:
            return index
        if low[index] in (";", ":"):
            return -1
    return -1


def apposition_end(scope: WordScope, at: int) -> int:
    """Return the index after the apposition or who-clause that begins at ``at``, else ``at``."""
    words = scope.words
    low, xpos = words.low, words.xpos
    first = at + 1 if low[at] == "," else at
    if first >= scope.end or scope.hidden[first] >= 0:
        return at
    relative = low[first] in RELATIVES
    adverb = xpos[first] == "RB" and first + 1 < scope.end and xpos[first + 1] == "DT"
    if (not relative and not adverb and xpos[first] not in PHRASE_STARTS) or xpos[first] == "PRP":
        return at
    if xpos[first] == "VBG" and not (first + 1 < scope.end and xpos[first + 1] in NOUNS):
        return at
    end = first + 1
    while end < scope.end and scope.hidden[end] < 0 and low[end] not in (".", ";", ":", "!", "?", "—", "--"):
        if low[end] == ",":
            # An age, a place and a role may follow one another.
            if (
                end - first <= 3
                and end + 1 < scope.end
                and xpos[end + 1] in ("DT", "CD", "NNP", "NN")
                and not words.finite_between(end + 1, min(scope.end, end + 5))
            ):
                end += 1
                continue
            break
        if (
            xpos[end] in FINITE
            and not relative
            and low[end - 1] not in RELATIVES
            and xpos[end - 1] not in ("PRP$", "DT", "POS")
        ):
            return at
        if low[end] in RELATIVES:
            relative = True
        end += 1
    return end if end - at <= 30 else at
