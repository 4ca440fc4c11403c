"""Which sentence says what a noun phrase takes for granted?

"The dozens of villages that flooded last year" says that dozens of villages flooded then. Only a relative clause has
its verb with it; for every other phrase nothing is offered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from claims.language.document import Sentence
from claims.language.parser import FINITE

_NUMBERS = frozenset(
    {"most", "many", "several", "dozens", "hundreds", "thousands", "millions", "two", "both"}
)
# What a single noun has before it.
_POINTS = frozenset({"DT", "PRP$", "POS", "CD", "PDT"})


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
        if tag.startswith("NN"):
            head = at
        elif head >= 0 and tag != "POS" and not _goes_on(tree.xpos, at, places):
            break
    return Phrase(sentence, places, head) if head >= 0 else None


def _goes_on(tags: Sequence[str], at: int, places: range) -> bool:
    """Tell whether a phrase that has a noun goes on to its head: "the port's sudden refusal"."""
    if tags[at] in ("JJ", "VBN", "VBG", "HYPH", "CD", "RB"):
        return at > places[0] and tags[at - 1] in ("POS", "HYPH", "JJ", "RB")
    return False


def asserted(phrase: Phrase) -> str:
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
