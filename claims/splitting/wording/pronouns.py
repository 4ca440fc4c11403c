"""Which name stands for a pronoun in a sentence read alone, and where must a person say?

"I" is the speaker, "we" the body that speaks. "He" is never the speaker of the words it stands in, "it" is nobody
but a body known to be one. A pronoun behind its own noun phrase stays; where the wording holds nothing it could
mean, it is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from claims.language.document import Reading, Sentence
from claims.language.news_verbs import third_person
from claims.splitting.claimants.resolver import Resolver
from claims.splitting.types import ClaimantKind, Unit
from claims.splitting.word_lists import any_role, roles, states, word_lists
from claims.splitting.wording.changes import WordChange
from claims.vocabulary import Attribution

FIRST = {"i": "", "me": "", "my": "'s", "mine": "'s", "myself": ""}
FIRST_PLURAL = {"we": "", "us": "", "our": "'s", "ours": "'s", "ourselves": ""}
_PERSON = {"he": "", "she": "", "him": "", "his": "'s", "her": "", "himself": "", "herself": ""}
_THING = {"it": "", "its": "'s", "they": "", "them": "", "their": "'s"}
_ALIKE = (frozenset({"he", "him", "his", "himself"}), frozenset({"she", "her", "hers", "herself"}))
THIRD = {**_PERSON, **_THING}
_AGREES = {
    "am": "is",
    "'m": "is",
    "have": "has",
    "'ve": "has",
    "do": "does",
    "are": "is",
    "were": "was",
    "'re": "is",
}
_BODIES = (ClaimantKind.ORGANISATION, ClaimantKind.GOVERNMENT, ClaimantKind.GROUP)
_WEATHER = frozenset(
    {"rain", "rains", "rained", "raining", "snow", "snowed", "snowing", "seems", "seemed", "appears"}
)


@dataclass(slots=True)
class Named:
    """What a wording has named already: names put in, and whether its subject was given from before it."""

    names: set[str] = field(default_factory=set)
    subject: str = ""


def first_person(unit: Unit, sentence: Sentence, at: int, named: Named) -> list[WordChange]:
    """Replace "I" by the speaker and "we" by the body that speaks, with the verb behind it; else ask who is meant."""
    token = sentence.tokens[at]
    low = token.norm.lower()
    plural = low in FIRST_PLURAL
    owner = (FIRST_PLURAL if plural else FIRST)[low]
    if low in ("myself", "ourselves"):
        return []
    if plural and unit.claimant_kind not in _BODIES[:2]:
        if "we" in named.names:
            return []
        named.names.add("we")
        return [WordChange(token.start, token.end, low, "who is “we”?")]
    if not unit.claimant:
        if low in named.names:
            return []
        named.names.add(low)
        return [WordChange(token.start, token.end, token.norm, f"who is “{token.norm}”?")]
    if unit.claimant in named.names and not owner and low not in ("i", "we"):
        return []
    named.names.add(unit.claimant)
    return [WordChange(token.start, token.end, owned(unit.claimant, owner)), *_agreement(low, sentence, at)]


def writers_own(sentence: Sentence, at: int, named: Named) -> WordChange | None:
    """Ask once who "I" or "we" is in words that nobody is quoted with: a column, a speech, a post."""
    token = sentence.tokens[at]
    asked = "we" if token.norm.lower() in FIRST_PLURAL else "I"
    if asked in named.names:
        return None
    named.names.add(asked)
    return WordChange(token.start, token.end, token.norm, f"who is “{asked}”?")


def owned(name: str, owner: str) -> str:
    """Return a name as it stands inside a sentence, with the sign of possession asked for."""
    shown = f"the {name}" if name.startswith("government of") or _common(name) else in_case(name)
    return shown + (owner if not (owner and shown.endswith("s")) else "'")


def in_case(name: str) -> str:
    """Return a name as people write it: a label in capitals, as transcripts have it, in small letters."""
    words = name.split()
    if len(words) < 2 or not name.isupper():
        return name
    return " ".join(word if len(word) < 3 and "." in word else word.title() for word in words)


def _common(name: str) -> bool:
    """Tell a claimant that is a common noun without its article: "company"."""
    first = name.split()[0] if name else ""
    return (
        first.islower()
        and not first.endswith("s")
        and first not in word_lists("wording_known.txt")["determiners"]
    )


def _agreement(low: str, sentence: Sentence, at: int) -> list[WordChange]:
    """Let the verb behind a replaced "I" or "we" agree with the name."""
    if low not in ("i", "we"):
        return []
    after = at + 1
    while after < len(sentence.tokens) and sentence.tree.xpos[after] == "RB" and after - at < 3:
        after += 1
    if after >= len(sentence.tokens):
        return []
    token, tag = sentence.tokens[after], sentence.tree.xpos[after]
    verb = token.norm.lower()
    glued = " " if verb.startswith("'") else ""
    if verb in _AGREES:
        return [WordChange(token.start, token.end, glued + _AGREES[verb])]
    if verb == "'ll":
        return [WordChange(token.start, token.end, " will")]
    if tag == "VBP" and verb.isalpha():
        return [WordChange(token.start, token.end, third_person(verb))]
    return []


def third(
    unit: Unit,
    sentence: Sentence,
    at: int,
    places: Sequence[int],
    reading: Reading,
    resolver: Resolver | None,
    named: Named,
) -> WordChange | None:
    """Replace the first pronoun for somebody else by the name; leave it behind what it can mean; else ask."""
    tree, token = sentence.tree, sentence.tokens[at]
    low = token.norm.lower()
    if tree.labels[at] == "expl" or low in named.names:
        return None
    inserted = _inserted(sentence, at, reading)
    if inserted is not None:
        named.names.add(inserted.words)
        return inserted
    if named.subject or _meant_inside(sentence, at, places, named):
        return None
    words = reading.layout.text[token.start : token.end]
    if any(low in alike and named.names & alike for alike in _ALIKE):
        # "He calmed those around him": who "he" is was asked, and says who "him" is; but "he beat him" are two.
        acted_on = tree.labels[at] in ("obj", "iobj")
        return WordChange(token.start, token.end, words, f"who is “{low}”?") if acted_on else None
    named.names.add(low)
    if low in _THING:
        if low.startswith("it") and _is_nobody(sentence, at):
            return None
        reported = unit.attribution is Attribution.REPORTED
        body = unit.claimant if reported and _is_body(unit, resolver) else ""
        if (
            body
            and places.index(at) <= 2
            and low.startswith("it") is not (unit.claimant_kind is ClaimantKind.GROUP)
        ):
            named.names.add(body)
            return WordChange(token.start, token.end, owned(body, THIRD[low]))
        why = f"what is “{low}”?" if low[0] == "i" else f"who are “{low}”?"
        return WordChange(token.start, token.end, words, why)
    if low in ("himself", "herself"):
        return None
    asked = WordChange(token.start, token.end, words, f"who is “{low}”?")
    if resolver is None:
        return asked
    speaker = unit.claimant if unit.attribution is Attribution.QUOTED else ""
    person = resolver.person_meant(sentence, at, never=speaker)
    if not person:
        return asked
    named.names.add(person)
    owner = "'s" if low == "his" or (low == "her" and tree.xpos[at] == "PRP$") else ""
    return WordChange(token.start, token.end, owned(person, owner))


def _meant_inside(sentence: Sentence, at: int, places: Sequence[int], named: Named) -> bool:
    """Tell whether the wording holds, before a pronoun, what it can mean: a name or noun of its kind."""
    low = sentence.low[at]
    if low in _PERSON and any(" " in name or name[:1].isupper() for name in named.names):
        return True
    tree = sentence.tree
    for place in places:
        if place >= at:
            break
        tag = tree.xpos[place]
        if not tag.startswith("NN") or _acts_on(sentence, place, at):
            continue
        noun = sentence.low[place]
        if tag == "NNP" and low in ("they", "them", "their"):
            if any(tree.heads[k] == place and tree.labels[k] == "conj" for k in range(place + 1, at)):
                return True
            continue
        if low in ("they", "them", "their"):
            if tag in ("NNS", "NNPS") or noun in (
                "police",
                "people",
                "staff",
                "team",
                "couple",
                "family",
                "pair",
            ):
                return True
        elif low in ("it", "its"):
            if tag in ("NN", "NNP") and noun not in roles()["role"] and place + 1 != at:
                return True
        elif tag == "NNP" or noun in roles()["role"] or noun in roles()["title"]:
            return True
    return False


def _acts_on(sentence: Sentence, noun: int, at: int) -> bool:
    """Tell whether a pronoun is what a noun acts on: "Microsoft replaced it" is not about Microsoft."""
    tree = sentence.tree
    if tree.xpos[at] != "PRP" or tree.labels[at] not in ("obj", "iobj", "obl"):
        return False
    return tree.labels[noun].startswith("nsubj") and tree.heads[noun] == tree.heads[at]


def _is_nobody(sentence: Sentence, at: int) -> bool:
    """Tell "it" that stands for no thing: weather, "it is clear that …", "it takes years to …"."""
    tree = sentence.tree
    if tree.labels[at] not in ("nsubj", "nsubj:pass", "expl"):
        return False
    head = tree.heads[at]
    if head < 0:
        return False
    if sentence.low[head] in _WEATHER:
        return True
    if tree.xpos[head] == "NN" and sentence.low[head] not in any_role("body", "organisation"):
        # "It was the third attack, police said": no police.
        return any(tree.heads[k] == head and tree.labels[k] == "cop" for k in range(head))
    return any(
        tree.heads[k] == head and tree.labels[k] in ("csubj", "csubj:pass", "ccomp", "csubj:outer")
        for k in range(head + 1, len(tree.heads))
        if tree.xpos[head].startswith("JJ") or tree.labels[k].startswith("csubj")
    )


def _is_body(unit: Unit, resolver: Resolver | None) -> bool:
    """Tell whether a claimant is known to be a body: a government, a name that is no surname."""
    if unit.claimant_kind not in _BODIES:
        return False
    name = unit.claimant
    words = tuple(name.split())
    if unit.claimant_kind is not ClaimantKind.ORGANISATION or len(words) > 1 or words[0].islower():
        return True
    if name.isupper() or "." in name or name.lower() in states().names:
        return True
    known = resolver.register.find(words)[0] if resolver is not None else None
    return known is not None and known.kind is ClaimantKind.ORGANISATION


def _inserted(sentence: Sentence, at: int, reading: Reading) -> WordChange | None:
    """Return the editor's own resolution of a pronoun: "It [Turkey]"."""
    tokens = sentence.tokens
    if at + 3 >= len(tokens) or tokens[at + 1].norm != "[":
        return None
    close = next((k for k in range(at + 2, min(at + 8, len(tokens))) if tokens[k].norm == "]"), -1)
    if close < at + 3 or not sentence.tree.xpos[close - 1].startswith("NN"):
        return None
    return WordChange(
        tokens[at].start, tokens[close].end, reading.layout.text[tokens[at + 2].start : tokens[close - 1].end]
    )
