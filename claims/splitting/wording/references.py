"""Which words of a sentence mean something that only the article around it tells? Each is asked for.

"The accident", "this plan", "such a rule", "there", "both", "another": a reader who sees the sentence alone cannot
know which one. Nothing is asked where the sentence itself says it, by a name, a phrase behind the noun or an earlier
mention, and for what there is only one of (``wording_known.txt``).
"""

from __future__ import annotations

from collections.abc import Container

from claims.language.document import Sentence
from claims.splitting.word_lists import any_role, word_lists
from claims.splitting.wording.changes import WordChange
from claims.splitting.wording.clean import one_line

TIMES = word_lists("closed_words_en.txt")["definite-times"]
# Where the words stand that are asked about, and the question.
_Question = tuple[int, int, str]
_POINTING = frozenset({"this", "that", "these", "those", "such"})
_PRONOUNS = frozenset({"it", "he", "she", "they", "we", "this", "that"})
_SHORT = frozenset(
    {"both", "others", "another", "most", "many", "some", "few", "none", "neither", "all", "one", "two"}
)
# The only words that anything is asked about.
WORDS = frozenset({"the", "there"}) | _POINTING | _SHORT
_BEHIND = ("nmod", "acl", "appos", "dep")
_TELLING = frozenset({"of", "that", "which", "who", "between", '"', "“"})
_SUBJECTS = ("nsubj", "nsubj:pass", "obj")


def asked(sentence: Sentence, at: int, visible: Container[int], first: int, text: str) -> WordChange | None:
    """Return the question about the word at a place, None where it asks nothing; ``first`` begins the wording."""
    found = _question(sentence, at, visible, first)
    if found is None:
        return None
    start, end, why = found
    return WordChange(start, end, one_line(text[start:end]), why)


def _question(sentence: Sentence, at: int, visible: Container[int], first: int) -> _Question | None:
    low = sentence.low[at]
    if low == "the":
        return _definite(sentence, at, visible, first)
    if low in _POINTING:
        return _pointing(sentence, at, visible)
    if low in _SHORT:
        return _short(sentence, at, visible)
    if low == "there" and sentence.tree.xpos[at] == "RB":
        return _kept(sentence, at, at, "where is “there”?")
    return None


def _kept(sentence: Sentence, first: int, last: int, why: str) -> _Question:
    tokens = sentence.tokens
    return tokens[first].start, tokens[last].end, why


def _definite(sentence: Sentence, at: int, visible: Container[int], first: int) -> _Question | None:
    """Ask which one is meant by "the agreement", where nothing in the wording says so."""
    tokens, tree = sentence.tokens, sentence.tree
    head = tree.heads[at] if tree.labels[at].startswith("det") else -1
    if not at < head <= at + 6 or head not in visible:
        head = next((k for k in range(at + 1, min(at + 5, len(tokens))) if tree.xpos[k].startswith("NN")), -1)
    if head < 0 or head not in visible or not tree.xpos[head].startswith("NN"):
        return None
    if tree.xpos[head] in ("NNP", "NNPS") or tokens[head].norm[:1].isupper():
        return _capital(sentence, at, head, visible)
    if any(tokens[k].norm in (",", ";", ".") for k in range(at + 1, head)):
        return None
    inner = range(at + 1, head)
    if any(
        tree.xpos[k] in ("NNP", "NNPS", "JJS", "CD", "POS") or tokens[k].norm[:1].isupper() for k in inner
    ):
        return None
    noun = sentence.low[head]
    if noun in _known() or any(sentence.low[k] in ("same", "only", "very") for k in inner):
        return None
    if noun in TIMES or _said_before(sentence, head, visible, first) or _said_behind(sentence, head, visible):
        return None
    begin = head
    while begin - 2 > at and tokens[begin - 1].norm == "-":
        begin -= 2
    noun = "".join(sentence.low[k] for k in range(begin, head + 1))
    return _kept(sentence, at, head, f"which {noun}?")


def _capital(sentence: Sentence, at: int, head: int, visible: Container[int]) -> _Question | None:
    """Ask which one "the Department" is: a kind of body alone, with a capital, is no name."""
    tree = sentence.tree
    noun = sentence.low[head]
    alone = head == at + 1 and not (
        head + 1 in visible and tree.xpos[head + 1].startswith(("NN", "CD", "HYPH"))
    )
    if not alone or noun not in any_role("organisation", "body", "title", "role"):
        return None
    return None if _said_behind(sentence, head, visible) else _kept(sentence, at, head, f"which {noun}?")


def asked_of(words: str) -> str:
    """Return the question that a subject put before a sentence leaves: "the accident", "they"; empty for none."""
    low = words.lower().split()
    if len(low) == 1:
        return f"who or what is “{low[0]}”?" if low[0] in _PRONOUNS else ""
    noun = low[-1]
    pointing = low[0] in _POINTING or (low[0] == "the" and noun not in _known())
    plain = len(low) <= 3 and words.split()[-1].islower() and noun not in TIMES
    return f"which {noun}?" if pointing and plain else ""


def _known() -> frozenset[str]:
    return word_lists("wording_known.txt")["known"]


def _said_before(sentence: Sentence, head: int, visible: Container[int], first: int) -> bool:
    """Tell whether the wording has named the thing before: "A ferry sank … the ferry"."""
    noun = sentence.low[head]
    return any(
        k in visible and sentence.low[k] in (noun, noun + "s", noun.removesuffix("s"))
        for k in range(first, head)
        if sentence.tree.xpos[k].startswith("NN")
    )


def _said_behind(sentence: Sentence, head: int, visible: Container[int]) -> bool:
    """Tell whether words behind a noun say which one is meant."""
    tree = sentence.tree
    if head + 1 in visible and head + 1 < len(tree.words):
        behind = tree.xpos[head + 1]
        low = sentence.low[head + 1]
        if behind in ("NNP", "NNPS", "WDT", "WP", "VBN", "CD") or low in _TELLING:
            return True
    return any(
        tree.heads[k] == head and k in visible and tree.labels[k].split(":")[0] in _BEHIND
        for k in range(head + 1, min(head + 12, len(tree.heads)))
    )


def _pointing(sentence: Sentence, at: int, visible: Container[int]) -> _Question | None:
    """Ask what "this" or "that deal" points to; leave "that" where it opens a clause."""
    tree = sentence.tree
    low = sentence.low[at]
    label = tree.labels[at]
    if tree.xpos[at] not in ("DT", "PDT", "WDT") or (low == "that" and label == "mark"):
        return None
    after = at + 1
    while (
        after < at + 4
        and after in visible
        and tree.xpos[after] in ("JJ", "JJR", "CD", "NNP", "RB", "VBN", "DT")
    ):
        after += 1
    if after in visible and tree.xpos[after] in ("NN", "NNS") and tree.xpos[at] != "WDT":
        noun = sentence.low[after]
        return None if noun in TIMES else _kept(sentence, at, at, f"which {noun}?")
    if tree.xpos[at] == "WDT" or low == "such":
        return None
    behind = sentence.low[at + 1] if at + 1 < len(sentence.tokens) else ""
    if low in ("those", "that") and behind in ("who", "of", "in", "that", "which", "with", "from", "whose"):
        return None
    return _kept(sentence, at, at, f"what is “{low}”?")


def _short(sentence: Sentence, at: int, visible: Container[int]) -> _Question | None:
    """Ask of what "both" or "another" are some, where no noun follows."""
    tree, tokens = sentence.tree, sentence.tokens
    if not tree.labels[at].startswith(_SUBJECTS) or tree.xpos[at].startswith(("NNP", "V")):
        return None
    behind = sentence.low[at + 1] if at + 1 < len(tokens) else ""
    if at + 1 in visible and (
        behind in ("of", "who", "that", "in") or tree.xpos[at + 1].startswith(("NN", "JJ", "CD"))
    ):
        return None
    return _kept(sentence, at, at, f"“{sentence.low[at]}” of whom or what?")
