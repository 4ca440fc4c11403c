"""Which sentence says what a noun phrase takes for granted?

"Its decision to close the plant" says that the company decided to close it, "the demolition of 40 homes by the city"
that the city demolished them, "fees imposed in March" that fees were imposed then. Only forms whose sentence is made
of the article's own words with the right verb are written; for every other phrase nothing is offered.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from claims.language.document import Sentence
from claims.splitting.word_lists import DATA

_PLURAL = frozenset({"NNS", "NNPS"})
_NUMBERS = frozenset(
    {"most", "many", "several", "dozens", "hundreds", "thousands", "millions", "two", "both"}
)
_WITHIN = frozenset({"DT", "PRP$", "POS", "HYPH", "VBN", "VBG", "CC"})
_BE = {"was": "were"}
# What "sold" and its like are behind "was": only where past and participle differ.
_PARTICIPLES = {"took_over": "taken over", "stole": "stolen", "withdrew": "withdrawn", "sank": "sunk"}


@dataclass(frozen=True, slots=True)
class Deed:
    """The verb of a noun of a deed in the past, and how the noun names what is done (``to``, ``of``, ``self``)."""

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
    """Return the noun phrase that a span holds; None where its head is no noun."""
    tree = sentence.tree
    for at in places:
        if not places[0] <= tree.heads[at] <= places[-1] and tree.xpos[at].startswith("NN"):
            return Phrase(sentence, places, at)
    return None


def asserted(phrase: Phrase, holder: str) -> str:
    """Return the sentence a phrase takes for granted; ``holder`` stands for "its", empty where nobody knows whose."""
    return _deed(phrase, holder) or _acted_on(phrase) or _relative(phrase)


def _deed(phrase: Phrase, holder: str) -> str:
    """Write "its decision to close the plant" and "the sale of the mill by the bank" with their verbs."""
    tree, tokens, head, places = phrase.sentence.tree, phrase.sentence.tokens, phrase.head, phrase.places
    deed = deeds().get(tokens[head].norm.lower())
    if deed is None or head + 1 > places[-1] + 1:
        return ""
    doer, doer_at = _owner(phrase, holder)
    past = deed.past.replace("_", " ")
    behind = tokens[head + 1].norm.lower() if head + 1 <= places[-1] else ""
    if deed.takes == "to":
        if behind != "to" or not doer or head + 2 > places[-1] or tree.xpos[head + 2] not in ("VB", "RB"):
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
        tree.xpos[at].startswith(("NN", "JJ", "CD"))
        or tree.xpos[at] in ("DT", "PRP$", "POS", "HYPH", "VBN", "VBG", "CC")
    ):
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
    verb = link + 1
    while verb < places[-1] and tree.xpos[verb] in ("RB", "RBR"):
        verb += 1
    if tree.xpos[verb] not in ("VBD", "VBZ", "VBP", "MD"):
        return ""
    inner = tree.xpos[places[0]] == "DT" and tokens[places[0]].norm.lower() == "the"
    counted = inner and places[0] + 1 < link and tokens[places[0] + 1].norm.lower() in _NUMBERS
    subject = phrase.words(places[0] + 1 if counted else places[0], link).rstrip(" ,")
    return f"{subject} {phrase.words(link + 1, places[-1] + 1)}"


def _be(phrase: Phrase) -> str:
    tree, tokens = phrase.sentence.tree, phrase.sentence.tokens
    joined = any(
        tree.heads[k] == phrase.head and tree.labels[k] == "conj"
        for k in range(phrase.head, phrase.places[-1] + 1)
    )
    many = tree.xpos[phrase.head] in _PLURAL or tokens[phrase.head].norm.lower() in _NUMBERS
    return "were" if many or joined else "was"
