"""Which sentence says what a noun phrase takes for granted?

"Its decision to close the plant" says that the company decided to close it, "the demolition of 40 homes by the city"
that the city demolished them, "fees imposed in March" that fees were imposed then. Only forms whose sentence is made
of the article's own words with the right verb are written; for every other phrase nothing is offered.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from claims.language.document import Sentence
from claims.language.parser import FINITE
from claims.splitting.word_lists import DATA, word_lists

_PLURAL = frozenset({"NNS", "NNPS"})
_NUMBERS = frozenset(
    {"most", "many", "several", "dozens", "hundreds", "thousands", "millions", "two", "both"}
)
_ADJECTIVE = re.compile(r"(?:less|ful|ous|ive|able|ible|ical)\Z")
_NO_VERB = frozenset({"DT", "PRP$", "PRP", "NNP", "CD", "IN", "NNS"})
_BEFORE_NOUN = frozenset({"PRP$", "POS", "DT", "JJ"})
_TIMES = frozenset({"last", "next", "this", "yesterday", "today", "earlier", "late", "early", "then"})
_WITHIN = frozenset({"DT", "PRP$", "POS", "HYPH", "VBN", "VBG", "CC"})
# What a single noun has before it.
_POINTS = frozenset({"DT", "PRP$", "POS", "CD", "PDT"})
_BE = {"was": "were"}
# What "sold" and its like are behind "was": only where past and participle differ.
_PARTICIPLES = {"took_over": "taken over", "stole": "stolen", "withdrew": "withdrawn", "sank": "sunk"}


@dataclass(frozen=True, slots=True)
class Deed:
    """The verb of a noun of a deed in the past, and what follows the noun (``to``, ``that``, ``of``, ``self``)."""

    past: str
    takes: str


@cache
def deeds() -> dict[str, Deed]:
    """Return the nouns of deeds with their verbs."""
    found = {}
    for line in (DATA / "wording_deeds_en.txt").read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            noun, past, takes = line.split()
            found[noun] = Deed(past, takes)
    return found


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase of a sentence by its places, its head, and how to show a stretch of places in words."""

    sentence: Sentence
    places: range
    head: int

    def words(self, first: int, last: int) -> str:
        """Return the words of the places first to last, with the spaces of the source."""
        tokens = self.sentence.tokens
        shown = ""
        for at in range(first, last):
            if at > first and tokens[at].start > tokens[at - 1].end:
                shown += " "
            shown += tokens[at].norm
        return shown


def phrase_of(sentence: Sentence, places: range) -> Phrase | None:
    """Return the noun phrase that a span holds: its last noun before what follows the noun; None without a noun."""
    tree = sentence.tree
    head = -1
    for at in places:
        tag = tree.xpos[at]
        named = (
            at > places[0]
            and sentence.tokens[at].norm.lower() in deeds()
            and tree.xpos[at - 1] in _BEFORE_NOUN
        )
        if tag.startswith("NN") or named:
            head = at
        elif head >= 0 and tag != "POS" and not _goes_on(tree.xpos, at, places):
            break
    return Phrase(sentence, places, head) if head >= 0 else None


def _goes_on(tags: Sequence[str], at: int, places: range) -> bool:
    """Tell whether a phrase that has a noun goes on to its head: "the port's sudden refusal"."""
    if tags[at] in ("JJ", "VBN", "VBG", "HYPH", "CD", "RB"):
        return at > places[0] and tags[at - 1] in ("POS", "HYPH", "JJ", "RB")
    return False


def asserted(phrase: Phrase, holder: str) -> str:
    """Return the sentence a phrase takes for granted; ``holder`` stands for "its", empty where nobody knows whose."""
    return (
        _fact(phrase)
        or _deed(phrase, holder)
        or _acted_on(phrase)
        or _relative(phrase)
        or _described(phrase, holder)
    )


def _fact(phrase: Phrase) -> str:
    """Write "the fact that 40 mills closed" as what it says."""
    tokens, head, last = phrase.sentence.tokens, phrase.head, phrase.places[-1]
    opens = head + 2 <= last and tokens[head + 1].norm.lower() == "that"
    return phrase.words(head + 2, last + 1) if opens and tokens[head].norm.lower() == "fact" else ""


def _described(phrase: Phrase, holder: str) -> str:
    """Write "this reckless sell-off" as "the sell-off is reckless"; only where no phrase follows the noun."""
    tree, tokens, places, head = phrase.sentence.tree, phrase.sentence.tokens, phrase.places, phrase.head
    first = tokens[places[0]].norm.lower()
    glued = head + 2 == places[-1] and tree.xpos[head + 1] == "HYPH"
    if (
        (head != places[-1] and not glued)
        or tree.xpos[places[0]] not in ("DT", "PRP$")
        or first in ("a", "an", "no", "any", "some")
    ):
        return ""
    words = [at for at in range(places[0] + 1, head) if _describes(phrase, at)]
    if (
        len(words) != 1
        or words[0] != places[0] + 1
        or tokens[words[0]].norm.lower() in word_lists("wording_known.txt")["sorting"]
    ):
        return ""
    if tree.xpos[places[0]] == "PRP$":
        if not holder or first not in ("its", "his", "her", "their"):
            return ""
        owner = f"{holder}'" if holder.endswith("s") else f"{holder}'s"
    else:
        owner = "the"
    said = phrase.words(words[0], words[0] + 1)
    verb = "are" if tree.xpos[head] in _PLURAL else "is"
    return f"{owner} {phrase.words(words[-1] + 1, places[-1] + 1)} {verb} {said}"


def _describes(phrase: Phrase, at: int) -> bool:
    tag = phrase.sentence.tree.xpos[at]
    return tag in ("JJ", "JJR", "VBN") or (
        tag == "NN" and _ADJECTIVE.search(phrase.sentence.tokens[at].norm) is not None
    )


def _deed(phrase: Phrase, holder: str) -> str:
    """Write "its decision to close the plant" and "the sale of the mill by the bank" with their verbs."""
    tree, tokens, head, places = phrase.sentence.tree, phrase.sentence.tokens, phrase.head, phrase.places
    deed = deeds().get(tokens[head].norm.lower())
    if deed is None or head + 1 > places[-1] + 1:
        return ""
    doer, doer_at = _owner(phrase, holder)
    past = deed.past.replace("_", " ")
    behind = tokens[head + 1].norm.lower() if head + 1 <= places[-1] else ""
    if (
        behind == "that"
        and deed.takes in ("to", "that")
        and doer
        and not past.startswith(("tried", "moved", "was"))
    ):
        return f"{doer} {past} {phrase.words(head + 1, places[-1] + 1)}"
    if deed.takes == "that":
        return ""
    if deed.takes == "to":
        if behind != "to" or not doer or head + 2 > places[-1] or tree.xpos[head + 2] in _NO_VERB:
            return ""
        return f"{doer} {_agreeing(past, doer, doer_at, phrase)} {phrase.words(head + 1, places[-1] + 1)}"
    if deed.takes == "self":
        return (
            f"{doer} {past} {phrase.words(head + 1, places[-1] + 1)}".strip() if doer and not behind else ""
        )
    if behind != "of":
        return ""
    by = next((k for k in range(head + 2, places[-1] + 1) if tokens[k].norm.lower() == "by"), -1)
    rest_to = places[-1] + 1
    if (
        by > 0
        and not doer
        and by + 1 < rest_to
        and tree.xpos[by + 1] in ("DT", "NNP", "NNS", "NNPS", "NN", "JJ")
    ):
        stop = _phrase_end(phrase, by + 1)
        agent, after = phrase.words(by + 1, stop), phrase.words(stop, rest_to)
        return f"{agent} {past} {phrase.words(head + 2, by)} {after}".strip()
    if doer:
        return f"{doer} {past} {phrase.words(head + 2, rest_to)}"
    what_end = _phrase_end(phrase, head + 2)
    if what_end <= places[-1] and (
        tokens[what_end].norm in (",", ";", ":") or tokens[what_end].start == tokens[what_end - 1].end
    ):
        return ""
    several = any(tree.xpos[k] in _PLURAL for k in range(head + 2, what_end)) and not any(
        tree.xpos[k] == "NN" for k in range(head + 2, what_end) if tree.heads[k] == head
    )
    done = _PARTICIPLES.get(deed.past, past)
    what = phrase.words(head + 2, what_end)
    return f"{what} {'were' if several else 'was'} {done} {phrase.words(what_end, rest_to)}".strip()


def _phrase_end(phrase: Phrase, start: int) -> int:
    """Return where the noun phrase that begins at a place ends: behind its last noun before a verb or preposition."""
    tree = phrase.sentence.tree
    at = start
    while at <= phrase.places[-1] and (
        tree.xpos[at].startswith(("NN", "JJ", "CD")) or tree.xpos[at] in _WITHIN
    ):
        if at > start and phrase.sentence.tokens[at].norm.lower() in _TIMES:
            break
        at += 1
    return max(at, start + 1)


def _owner(phrase: Phrase, holder: str) -> tuple[str, int]:
    """Return whose deed it is, in words, and the place of its noun: "the port's refusal", "its refusal"."""
    tree, tokens, head = phrase.sentence.tree, phrase.sentence.tokens, phrase.head
    first = phrase.places[0]
    mark = next((k for k in range(first, head) if tree.xpos[k] == "POS"), -1)
    if mark > first:
        return phrase.words(first, mark), mark - 1
    if tree.xpos[first] == "PRP$" and holder and tokens[first].norm.lower() in ("its", "his", "her", "their"):
        return holder, -1
    return "", -1


def _agreeing(past: str, doer: str, doer_at: int, phrase: Phrase) -> str:
    """Let "was willing" agree with who it is said of."""
    first, _, rest = past.partition(" ")
    plural = doer_at >= 0 and phrase.sentence.tree.xpos[doer_at] in _PLURAL
    return f"{_BE[first]} {rest}" if plural and first in _BE else past


def _acted_on(phrase: Phrase) -> str:
    """Write "the fees imposed in March" as "the fees were imposed in March"."""
    tree, head, places = phrase.sentence.tree, phrase.head, phrase.places
    at = head + 1
    if at > places[-1] or tree.xpos[at] != "VBN" or at == places[-1] or tree.heads[at] != head:
        return ""
    if not _names_something(phrase):
        return ""
    subject = phrase.words(places[0], at)
    return f"{subject} {_be(phrase)} {phrase.words(at, places[-1] + 1)}"


def _relative(phrase: Phrase) -> str:
    """Write "the dozens of villages that flooded last year" as a sentence of its own."""
    tree, tokens, places = phrase.sentence.tree, phrase.sentence.tokens, phrase.places
    link = next(
        (k for k in range(phrase.head + 1, places[-1]) if tokens[k].norm.lower() in ("that", "which", "who")),
        -1,
    )
    if link < 0 or link + 1 > places[-1] or tree.xpos[link] not in ("WDT", "WP", "IN"):
        return ""
    if any(tree.xpos[at] == "TO" or tree.xpos[at].startswith("VB") for at in range(phrase.head + 1, link)):
        # "the request to cooperate in a program that allowed trucks": the program did.
        return ""
    verb = link + 1
    while verb < places[-1] and tree.xpos[verb] in ("RB", "RBR"):
        verb += 1
    if tree.xpos[verb] not in FINITE:
        return ""
    if not _names_something(phrase):
        return ""
    inner = tree.xpos[places[0]] == "DT" and tokens[places[0]].norm.lower() == "the"
    counted = inner and places[0] + 1 < link and tokens[places[0] + 1].norm.lower() in _NUMBERS
    subject = phrase.words(places[0] + 1 if counted else places[0], link).rstrip(" ,")
    return f"{subject} {phrase.words(link + 1, places[-1] + 1)}"


def _names_something(phrase: Phrase) -> bool:
    """Tell whether a phrase can be a subject: "a letter", "ships"; never "wonderful letter" cut from its article."""
    tree, first, head = phrase.sentence.tree, phrase.places[0], phrase.head
    if tree.xpos[head] != "NN":
        return True
    return any(tree.xpos[at] in _POINTS or tree.xpos[at].startswith("NNP") for at in range(first, head))


def _be(phrase: Phrase) -> str:
    tree, tokens = phrase.sentence.tree, phrase.sentence.tokens
    joined = any(
        tree.heads[k] == phrase.head and tree.labels[k] == "conj"
        for k in range(phrase.head, phrase.places[-1] + 1)
    )
    many = tree.xpos[phrase.head] in _PLURAL or tokens[phrase.head].norm.lower() in _NUMBERS
    return "were" if many or joined else "was"
