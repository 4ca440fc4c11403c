"""May a wording be offered? Only a sentence may; else the whole sentence of the source is, and says so.

Every wording passes here, whatever made it. What can be told from the words alone is asked in every language: time
codes, hidden characters, marks without their partner. In English a wording also needs a finite verb with its
subject, which the tree of the source tells, opens with no conjunction and holds no date that was pushed in. What it
refuses is not repaired by guessing: the words of the source stand instead. It does not say whether a wording is true
to the article.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from claims.language.parser import FINITE, Tree
from claims.splitting.types import Unresolved, Wording
from claims.splitting.wording import standing
from claims.splitting.wording.clean import said

WHOLE = "the whole sentence: which part of it is the claim?"
FLAG = "whole-sentence-wording"

_SUBJECTS = ("nsubj", "csubj", "expl")
# A clause under one of these says nothing by itself.
_DEPENDENT = ("acl", "advcl", "csubj", "nsubj", "obl", "nmod", "obj")
_LOOSE = frozenset({"nsubj", "obj", "iobj", "ccomp", "conj", "root", "dep", "parataxis", "xcomp", "appos"})
# A word under one of these cannot stand without the word behind it.
_LINKS = frozenset({"though", "although", "because", "whereas", "unless"})
_TIED = frozenset(
    {"det", "amod", "compound", "nummod", "obl", "advmod", "nmod", "case", "aux", "cop", "mark"}
)
_LEADING = frozenset(
    {"and", "but", "or", "nor", "yet", "which", "who", "whom", "whose", "that", "with", "whereas"}
)
_OPENERS = {"“": "”", "„": "“”", "«": "»", "(": ")", "[": "]", "‹": "›", "「": "」", "『": "』", "《": "》"}
_MARKS = frozenset({'"', *_OPENERS, *(mark for marks in _OPENERS.values() for mark in marks)})
_ANY_MARK = re.compile(f"[{re.escape(''.join(sorted(_MARKS)))}]")
_ENDS = tuple(".!?…。！？؟।")
_AFTER_END = "\"'”’“»«›)]」』） \u00a0\u202f"
_PUSHED = re.compile(
    r"\b(?:in|on|for|at|by|from|since|until|till|to|of|before|after|its|his|her|their|our|the|an?) (?:on|in) "
    r"(?:\d{1,2} )?(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|\d{4})\b|\b(?:on|in) (?:\d{1,2} )?(?:[A-Z][a-z]+ )?\d{4}['’]s\b"
)
_DOUBLED = re.compile(r"\b(of of|in in|on on|by by|to to|a a|the the|is is|was was)\b", re.I)
# What has to stand in a text for the two above to find anything: much cheaper to look for.
_ON_A_DAY = re.compile(r"n (?:\d|[A-Z])")
_TWICE = ("of of", "in in", "on on", "by by", "to to", "a a", "the the", "is is", "was was")
_FIRST_WORD = re.compile(r"\W*([\w’']+)")
_COMMA_AT_END = re.compile(r",([”\"’'»]*)\Z")
_MARKS_AT_END = "”\"’'»"
_CAMEL = re.compile(r"[a-z]+[A-Z]")
_NO_SPACES = re.compile("[぀-ヿ一-鿿]$")
_LED = re.compile(
    r"\A((?:[\"“‘']\s?)?)(?:(?:and|but|or),? |(?:so|yet), "
    r"|so (?=(?:I|he|she|it|we|they|you|the|this|these|there)\b))(?=\w)",
    re.I,
)


class Grammar(NamedTuple):
    """What the tree of the source says of a wording's words: the places used.

    ``subject_given``: a subject was put before them, with ``verb_given`` the auxiliaries of their verb as well.
    ``is_all``: they are all words of the sentence.
    """

    tree: Tree
    places: Sequence[int]
    subject_given: bool = False
    is_all: bool = False
    verb_given: bool = False


def passed(made: Wording, source: str, *, grammar: Grammar | None, language: str) -> tuple[Wording, bool]:
    """Return the wording to offer, and whether it is the source's whole sentence in place of the one made.

    ``source`` is the sentence of the text without what nobody says; ``grammar`` None: nothing is known of the words.
    """
    clean = _cleaned(made, language)
    wrong = _wrong(clean.text) if language == "en" else []
    if clean.text and not wrong and (grammar is None or grammar.is_all or is_sentence(grammar)):
        # There is no more to offer than all the words of a sentence; without a verb they say so.
        return clean, grammar is not None and grammar.is_all and _is_part(grammar)
    whole = _ended(_balanced(_unled(said(source), language)))
    if clean.text and _plain(clean.text) == _plain(whole):
        return clean, grammar is not None and _is_part(grammar)
    return Wording(whole, (Unresolved(0, len(whole), WHOLE),)), True


def faults(text: str, *, language: str) -> list[str]:
    """Return what can be told from the words alone to be wrong with a wording."""
    found = []
    if said(text) != text:
        found.append("signs that nobody says")
    if _balanced(text) != text:
        found.append("a mark without its partner")
    return found + _wrong(text) if language == "en" else found


def _wrong(text: str) -> list[str]:
    """Return what is wrong with the words of an English wording, its signs and marks apart."""
    found = []
    first = _FIRST_WORD.match(text)
    if first is not None and first.group(1).lower() in _LEADING and not _demonstrative(text):
        found.append("opens with a conjunction")
    if (_ON_A_DAY.search(text) and _PUSHED.search(text)) or _doubles(text):
        found.append("a date or a word pushed in")
    return found


def _doubles(text: str) -> bool:
    low = text.lower()
    for pair in _TWICE:
        if pair in low:
            return _DOUBLED.search(text) is not None
    return False


def _is_part(grammar: Grammar) -> bool:
    """Tell whether a whole sentence of the text is none: without a verb, or left hanging by its link."""
    return not _has_verb(grammar) or standing.hangs(grammar.tree, grammar.places)


def _has_verb(grammar: Grammar) -> bool:
    """Tell whether any word is a finite verb."""
    tree, places = grammar.tree, set(grammar.places)
    return any(tree.xpos[at] in FINITE and not _in_relative(tree, at, places) for at in places)


def _in_relative(tree: Tree, at: int, places: set[int]) -> bool:
    """Tell whether a verb stands in a clause that only says which one a noun means."""
    while at >= 0 and at in places:
        if tree.labels[at] == "acl:relcl":
            return True
        at = tree.heads[at]
    return False


def is_sentence(grammar: Grammar) -> bool:
    """Tell whether the words hold a finite verb with its subject that no other clause holds down, and end uncut."""
    tree, places = grammar.tree, set(grammar.places)
    if not places or _is_cut(tree, grammar.places[0], grammar.places[-1]):
        return False
    if standing.says_less(tree, grammar.places):
        return False
    if grammar.subject_given:
        return grammar.verb_given or _follows_a_subject(tree, grammar.places)
    for at in grammar.places:
        if tree.xpos[at] not in FINITE:
            continue
        head = at
        if tree.labels[at].startswith(("aux", "cop")) and tree.heads[at] in places:
            head = tree.heads[at]
        if not _free(tree, head, places):
            continue
        if _has_subject(tree, head, places) or _has_noun_before(tree, at, grammar.places):
            return True
    return False


def _follows_a_subject(tree: Tree, places: Sequence[int]) -> bool:
    """Tell whether words can stand behind a subject put before them: they begin with a finite verb.

    "Was arrested and | fined" shares its auxiliary and cannot; "closed it and | sold the land" can, whatever its tag.
    """
    at = next((k for k in places if not tree.xpos[k].startswith("RB")), -1)
    if at < 0 or tree.xpos[at] in FINITE:
        return at >= 0
    above = tree.heads[at]
    if tree.xpos[at] != "VBN" or tree.labels[at] != "conj" or above < 0 or tree.xpos[above] not in FINITE:
        return False
    return not any(tree.heads[k] == above and tree.labels[k].startswith("aux") for k in range(above))


def _has_noun_before(tree: Tree, at: int, places: Sequence[int]) -> bool:
    """Tell whether what can be a subject stands before a verb, whose tree takes it for the object of the frame."""
    held = set(places)
    for k in places:
        if k >= at:
            return False
        tag, label = tree.xpos[k], tree.labels[k].split(":")[0]
        outside = tree.heads[k] not in held
        noun = tag.startswith("NN") or tag in ("PRP", "DT", "CD", "EX", "VBG")
        if not noun or not ((label in _LOOSE and outside) or (tag == "VBG" and label in ("advcl", "csubj"))):
            continue
        if not any(tree.heads[j] == k and tree.labels[j] in ("case", "mark") for j in range(places[0], k)):
            return True
    return False


def _is_cut(tree: Tree, first: int, last: int) -> bool:
    """Tell whether a phrase is cut in two: "a year | earlier", "the Leeds | plant"."""
    behind = last + 1
    if behind >= len(tree.words):
        return False
    for at in range(last - 1, first, -1):
        if tree.xpos[at] in FINITE:
            break
        if tree.words[at].lower() in _LINKS and tree.xpos[at + 1] in (
            "DT",
            "NN",
            "NNS",
            "NNP",
            "PRP",
            "PRP$",
        ):
            # "came even though the chief | was aware"
            return True
    if tree.words[behind][0].isalnum() and any(
        tree.heads[at] > last and tree.labels[at] in ("mark", "nsubj")
        for at in range(max(first, last - 6), last)
    ):
        return True
    above, below = tree.heads[last] == behind, tree.heads[behind] == last
    if above:
        return tree.labels[last].split(":")[0] in _TIED and tree.xpos[behind] not in FINITE
    return below and tree.labels[behind].split(":")[0] in ("flat", "fixed", "goeswith", "compound")


def _free(tree: Tree, head: int, places: set[int]) -> bool:
    """Tell whether a clause hangs on no word of the wording that makes it a part of another."""
    for _ in range(20):
        above = tree.heads[head]
        if above < 0 or above not in places:
            return True
        if tree.labels[head].split(":")[0] in _DEPENDENT:
            return False
        head = above
    return False


def _has_subject(tree: Tree, head: int, places: set[int]) -> bool:
    for _ in range(4):
        if any(
            tree.heads[at] == head and tree.labels[at].split(":")[0] in _SUBJECTS
            for at in places
            if at != head
        ):
            return True
        if tree.labels[head] not in ("conj", "parataxis", "ccomp", "xcomp") or tree.heads[head] not in places:
            return False
        head = tree.heads[head]
    return False


def _demonstrative(text: str) -> bool:
    """Tell "That is untrue" and "With rain falling, the match ended" from a clause that hangs on what is gone."""
    words = text.split()
    low = words[0].lower().strip("\"'“‘")
    if low == "that":
        return len(words) > 2
    return low == "with" and "," in text


def _cleaned(made: Wording, language: str) -> Wording:
    """Return a wording without what nobody says, its marks in pairs and one end; questions move with their words."""
    text = _ended(_balanced(_unled(said(made.text), language)))
    if text == made.text or not made.unresolved:
        return Wording(text, made.unresolved if text == made.text else ())
    places = []
    for place in made.unresolved:
        words = said(made.text[place.start : place.end])
        # The first letter may have become a capital.
        low, sought = text.lower(), words.lower()
        nth = said(made.text[: place.start]).lower().count(sought) if sought else 0
        at = -1
        for _ in range(nth + 1):
            at = low.find(sought, at + 1)
        if at < 0:
            at = low.find(sought)
        if at >= 0 and words:
            places.append(Unresolved(at, at + len(words), place.why))
    return Wording(text, tuple(places))


def _balanced(text: str) -> str:
    """Return a text without marks that lack their partner."""
    if _ANY_MARK.search(text) is None:
        return text
    drop: set[int] = set()
    open_marks: list[tuple[int, str]] = []
    straight: list[int] = []
    pairs = _pairs(text)
    alike = '"' if "“" in text or "„" in text else '"”'
    for at, char in enumerate(text):
        if char in alike:
            straight.append(at)
        elif open_marks and char in pairs[open_marks[-1][1]]:
            open_marks.pop()
        elif char in pairs:
            open_marks.append((at, char))
        elif char in _MARKS:
            partner = next(
                (k for k in range(len(open_marks) - 1, -1, -1) if char in pairs[open_marks[k][1]]), -1
            )
            if partner < 0:
                drop.add(at)
            else:
                drop.update(place for place, _ in open_marks[partner + 1 :])
                del open_marks[partner:]
    closing = ""
    if len(straight) % 2:
        odd = _odd(text, straight)
        closing = text[odd] if odd and not open_marks and not drop and _opens(text, odd) else ""
        drop.update(() if closing else (odd,))
    elif len(open_marks) == 1 and open_marks[0][0] and not drop and _opens(text, open_marks[0][0]):
        # A fragment that the speaker goes on with in the next sentence is closed where it is cut.
        closing = pairs[open_marks[0][1]][0]
    else:
        drop.update(at for at, _ in open_marks)
    if closing:
        stop = len(text.rstrip(" .,;:"))
        return text[:stop] + closing + text[stop:].strip(" ,;:")
    if not drop:
        return text
    kept = "".join(char for at, char in enumerate(text) if at not in drop)
    return re.sub(r" {2,}", " ", re.sub(r"\s+([,.;:!?])", r"\1", kept)).strip()


def _pairs(text: str) -> dict[str, str]:
    """Return which mark closes which; »such« open the other way round where one comes first."""
    outward = text.find("»")
    if 0 <= outward < text.find("«"):
        return {**{mark: ends for mark, ends in _OPENERS.items() if mark != "«"}, "»": "«"}
    return _OPENERS


def _odd(text: str, straight: Sequence[int]) -> int:
    """Return the straight mark that has no partner: one that opens right before the next that opens, or closes."""
    want_open = True
    for at in straight:
        opens = _opens(text, at)
        if want_open and not opens:
            return at
        if not want_open and opens:
            return straight[straight.index(at) - 1]
        want_open = not want_open
    return straight[-1]


def _opens(text: str, at: int) -> bool:
    """Tell whether a straight mark opens: a space or bracket before it, a word behind it."""
    return (at == 0 or text[at - 1] in " ([—-") and at + 1 < len(text) and not text[at + 1].isspace()


def _ended(text: str) -> str:
    """Return a text with a capital and one end mark; what stands before the end keeps its place."""
    words = text.strip()
    if words.rstrip(_MARKS_AT_END).endswith(","):
        words = _COMMA_AT_END.sub(r"\1", words)
    if words[:1].islower() and not _CAMEL.match(words):
        words = words[0].upper() + words[1:]
    if words.rstrip(_AFTER_END).endswith(_ENDS) or not words:
        return words
    words = words.rstrip(" ,;:–—-")
    return f"{words}{'。' if _NO_SPACES.search(words) else '.'}"


def _unled(text: str, language: str) -> str:
    """Return a sentence without "And" or "But" at its head."""
    if language != "en":
        return text
    words = text.lstrip("….– —:;,)")
    led = _LED.match(words)
    return led.group(1) + words[led.end() :] if led is not None else words


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().lower()
