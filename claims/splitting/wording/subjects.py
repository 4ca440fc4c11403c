"""Whose is an assertion that begins with a verb: the subject of the clause before, the noun of a relative, the speaker?

Finds the subject in the tree and returns it as it is written; where the tree does not show one, it asks.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from claims.language.document import Reading, Sentence
from claims.language.parser import FINITE
from claims.language.tokens import Token
from claims.splitting.attribution.results import Attributed
from claims.splitting.types import Unit
from claims.splitting.units import UnitDraft
from claims.splitting.word_lists import roles, states, word_lists
from claims.splitting.wording.clean import one_line
from claims.splitting.wording.pronouns import in_case, owned
from claims.splitting.wording.references import TIMES, asked_of
from claims.vocabulary import Attribution

_ADVERBS = frozenset({"RB", "RBR", "RBS"})
_SPACES = re.compile(r"\s+")
_LONGEST = 20
# Said in place of a subject that nobody finds: the sentence of the source stands then.
NOBODY = "whose action or state is this?"
_JOINTS = frozenset("-/.")
_NO_NOUN = frozenset(
    {"one", "those", "anyone", "someone", "everyone", "anybody", "somebody", "everybody", "all"}
)
_IN_TITLES = frozenset({"from", "of", "in", "to", "for", "on", "with", "and", "at", "by", "or", "the"})
_PLACING = frozenset({"in", "at", "from", "near", "across", "into"})
_ARTICLES = frozenset({"a", "an", "the"})
_BEFORE_ARTICLES = frozenset({"all", "both", "half", "such", "many", "quite"})
_WHERE = frozenset({"in", "at", "from", "to", "near", "on", "for", "across", "into"})
_SEVERAL = frozenset(
    {"police", "people", "staff", "team", "couple", "group", "majority", "number", "family", "crew"}
)
_RANKED = frozenset({"one", "another", "its", "their"})
_INSIDE = frozenset({"DT", "PRP$", "POS", "HYPH", "PRP", "-LRB-", "-RRB-"})


def clause_before(unit: Unit, units: Iterable[Unit]) -> Unit | None:
    """Return the unit of the same sentence that a loose phrase hangs on: around it, else right before it."""
    best: Unit | None = None
    for other in units:
        if other.sentence != unit.sentence or other.id == unit.id or other.attribution is Attribution.PREMISE:
            continue
        if other.start < unit.start and (best is None or other.start > best.start or other.end >= unit.end):
            best = other
    return best if best is not None and best.end <= unit.start else None


class Missing(NamedTuple):
    """What a claim lacks before its first word: its subject, and with ``finite`` also the auxiliaries of its verb.

    ``why`` is the question a person must settle, empty where there is none.
    """

    words: str
    why: str
    finite: bool = False


def elided(
    unit: Unit, draft: UnitDraft, sentence: Sentence, reading: Reading, rows: Sequence[Attributed]
) -> Missing | None:
    """Return the missing subject and, where a person must settle it, the question; None where none is missing."""
    starts = sentence.starts
    first, last = bisect_left(starts, unit.start), bisect_left(starts, unit.end)
    tree = sentence.tree
    at = first
    while at < last and tree.xpos[at] in _ADVERBS:
        at += 1
    if at >= last:
        return None
    if first and tree.xpos[first - 1] == "WRB":
        # "where sheep graze": what stands first is no verb without a subject.
        return None
    row = rows[draft.row] if draft.row is not None else None
    if (
        (
            row is not None
            and unit.start <= row.cue.start < unit.end
            and row.cue.start <= starts[min(at, last - 1)] + 20
        )
        and unit.claimant
        and not _has_subject(sentence, at)
    ):
        return Missing(_shown(unit, reading), "")
    if tree.xpos[at] == "TO" and unit.attribution is Attribution.REPORTED:
        return Missing(_shown(unit, reading), "") if unit.claimant else None
    bare = tree.xpos[at] in FINITE or (tree.xpos[at] in ("VBN", "VBG", "VB") and draft.kind == "coordinate")
    if not bare or _has_subject(sentence, at):
        return None
    passive = _passive_before(sentence, at, last)
    if passive >= 0:
        found = _subject_before(sentence, at, _begins(row, sentence, starts), _who_says(row, sentence))
        shared = _auxiliaries(sentence, passive)
        if (
            found is None
            or not shared
            or sentence.low[at] not in word_lists("wording_known.txt")["undergone"]
        ):
            return Missing("", NOBODY)
        words = _words_of(reading, sentence, found)
        return Missing(f"{words[:1].upper()}{words[1:]} {shared}", asked_of(words), True)
    if "list-elided" in draft.rules and "CC" not in tree.xpos[at:]:
        # "spoke up after her husband, Jan Reed, | left": no "and" ends a list, so it may be one of what stands before.
        return Missing("", NOBODY)
    found = None
    if draft.kind != "coordinate-elided":
        link = _link_before(sentence, at)
        found = _antecedent(sentence, at, link) if link >= 0 else None
        if link >= 0 and (found is None or not _is_trusted(sentence, found, link, at)):
            return Missing("", NOBODY)
    if found is None:
        found = _subject_before(sentence, at, _begins(row, sentence, starts), _who_says(row, sentence))
    if found is None:
        return Missing("", NOBODY)
    start = found[0]
    words = _words_of(reading, sentence, found)
    doubtful = draft.kind == "relative" and start > 0 and sentence.low[start - 1] == "of"
    if words.lower() == "i" and unit.attribution is Attribution.QUOTED and unit.claimant:
        return Missing(_shown(unit, reading), "")
    shown = words[:1].upper() + words[1:]
    return Missing(shown, f"is “{words}” what is meant?" if doubtful else asked_of(words))


def _words_of(reading: Reading, sentence: Sentence, found: tuple[int, int]) -> str:
    """Return the text from the first to the last word of a phrase, on one line."""
    first, last = found
    return _SPACES.sub(" ", reading.layout.text[sentence.tokens[first].start : sentence.tokens[last].end])


def _auxiliaries(sentence: Sentence, head: int) -> str:
    """Return the auxiliaries of a passive: "have been"; none where another word stands among them or none is finite.

    "was never charged or | convicted", "was twice sued and | fined": what else stands there may go for both or for one.
    """
    tree = sentence.tree
    first = head
    while first and tree.heads[first - 1] == head and tree.labels[first - 1].startswith("aux"):
        first -= 1
    if first == head or tree.xpos[first] not in FINITE:
        return ""
    return " ".join(sentence.tokens[k].norm for k in range(first, head))


def _begins(row: Attributed | None, sentence: Sentence, starts: Sequence[int]) -> int:
    """Return the first place of what the speaker of a unit says in its sentence: no subject stands before it."""
    if row is None:
        return 0
    inside = [span.start for span in row.content if sentence.start <= span.start < sentence.end]
    return bisect_left(starts, min(inside)) if inside else 0


def _shown(unit: Unit, reading: Reading) -> str:
    """Return the claimant as the subject of a sentence: a common noun with the article of the text."""
    name = unit.claimant
    if name[:1].islower() and unit.claimant_span is not None and not name.startswith("government of"):
        start, end = unit.claimant_span
        written = one_line(reading.layout.text[start:end]).strip()
        if written.lower().endswith(name.lower()) and len(written.split()) <= len(name.split()) + 2:
            name = written
    shown = owned(name, "") if name[:1].islower() else in_case(name)
    return shown[:1].upper() + shown[1:]


def _has_subject(sentence: Sentence, at: int) -> bool:
    """Tell whether the first verb has a subject of its own behind it (a question form, "there is")."""
    tree = sentence.tree
    head = tree.heads[at] if tree.labels[at].startswith(("aux", "cop")) and tree.heads[at] >= 0 else at
    return any(
        tree.heads[k] == head and tree.labels[k].startswith(("nsubj", "expl", "csubj")) and k > at
        for k in range(at + 1, min(len(tree.heads), at + 4))
    )


def _link_before(sentence: Sentence, at: int) -> int:
    """Return the place of the "who" or "which" that stands before a verb and its adverbs, -1 without one."""
    before = at - 1
    while before >= 0 and before >= at - 3 and sentence.tree.xpos[before] in _ADVERBS:
        before -= 1
    return before if before >= 0 and sentence.tree.xpos[before] in ("WP", "WDT") else -1


def _is_trusted(sentence: Sentence, phrase: tuple[int, int], link: int, at: int) -> bool:
    """Tell a noun that a relative clause can be about from one that only stands near it.

    Not trusted are "as one who believes", a title cut in its middle ("From the | New World, which spread"), and
    for "who" a place or thing: "the mayors of | this city, who carry on". "A strike in | Spain, which is a bold
    step" is about no name behind a preposition.
    """
    tree, low = sentence.tree, sentence.low
    first, last = phrase
    if low[link - 1] in _NO_NOUN:
        return False
    before = sentence.tokens[first - 1].norm if first else ""
    if first > 1 and before[:1].isupper() and before.lower() in _IN_TITLES:
        return False
    governed = first > 0 and tree.xpos[first - 1] in ("IN", "TO")
    if low[link] == "who":
        name = " ".join(sentence.tokens[place].norm for place in range(first, last + 1)).lower()
        placed = governed and low[first - 1] in _PLACING and sentence.tokens[last].norm[:1].isupper()
        state = name.removeprefix("mainland ").removeprefix("the ") in states().names
        thing = governed and low[first] in ("this", "that", "its") and low[last] not in roles()["role"]
        return not (placed or state or thing)
    equated = low[at] in ("is", "was", "are", "were") and at + 1 < len(low) and low[at + 1] in _ARTICLES
    named = governed and low[first - 1] in _WHERE and sentence.tokens[last].norm[:1].isupper()
    return not (equated and named)


def _antecedent(sentence: Sentence, at: int, before: int) -> tuple[int, int] | None:
    """Return the noun phrase that a relative clause belongs to: by the tree, else the nearest, if the verb agrees.

    ``before`` is the place of its link.
    """
    tree = sentence.tree
    near = before - 1
    while near >= 0 and not tree.xpos[near].startswith("NN"):
        if tree.xpos[near] == "CD" and near and tree.xpos[near - 1] == "DT":
            break
        near -= 1
    verb = tree.heads[at] if tree.labels[at].startswith(("aux", "cop")) and tree.heads[at] >= 0 else at
    far = tree.heads[verb] if tree.labels[verb].startswith("acl") else -1
    if near > 1 and sentence.low[before] == "who" and tree.xpos[near] == "NN":
        # "the chief of staff, who": a bare noun behind "of" is nobody.
        far = near - 2 if sentence.low[near - 1] == "of" else far
    for noun in (far, near):
        if 0 <= noun < before and tree.xpos[noun].startswith("NN") and _agrees(sentence, noun, at):
            return _whole_name(sentence, _phrase(sentence, noun), before)
    return _phrase(sentence, near) if near >= 0 else None


def _whole_name(sentence: Sentence, found: tuple[int, int], before: int) -> tuple[int, int]:
    """Return a phrase with the rest of a name that the tree left apart: "Painter Ilse | Marten, who …"."""
    first, last = found
    tags = sentence.tree.xpos
    while last + 1 < before and tags[last] == "NNP" and tags[last + 1] == "NNP":
        last += 1
    return first, last


def _agrees(sentence: Sentence, noun: int, verb: int) -> bool:
    """Tell whether a finite verb can have a noun for its subject: "staff knows", not "staffs knows"."""
    tree = sentence.tree
    low, tag = sentence.low[verb], tree.xpos[verb]
    joined = any(
        tree.heads[k] == noun and tree.labels[k] == "conj" for k in range(noun + 1, min(noun + 12, verb))
    )
    word = sentence.low[noun]
    many = tree.xpos[noun] in ("NNS", "NNPS") or joined or (tree.xpos[noun] == "CD" and word != "one")
    if low in ("was", "is", "has", "does", "'s") or (tag == "VBZ" and low not in ("'re", "'ve")):
        return not many or tree.xpos[noun] == "NNPS"
    if low in ("were", "are", "have", "do", "'re", "'ve") or tag == "VBP":
        return many or word in _SEVERAL or tree.xpos[noun] in ("PRP", "DT", "JJ", "NNP")
    return True


def _who_says(row: Attributed | None, sentence: Sentence) -> range:
    """Return the places of who says it, where its frame stands in the middle: nobody says it of himself."""
    if row is None or row.source is None or not row.content or row.content[0].start > row.source.start:
        return range(0)
    starts = sentence.starts
    return range(bisect_left(starts, row.source.start), bisect_left(starts, row.source.end))


def _subject_before(sentence: Sentence, at: int, begins: int, speaks: range) -> tuple[int, int] | None:
    """Return the subject of the clause that this one is coordinated with: up the tree, else the nearest before."""
    tree = sentence.tree
    here = at
    for _ in range(6):
        head = tree.heads[here]
        if head < 0:
            break
        subject = _subject(sentence, head, at, begins)
        if subject is not None and subject not in speaks and _agrees(sentence, subject, at):
            return _phrase(sentence, subject)
        here = head
    for k in range(at - 1, begins - 1, -1):
        if (
            tree.labels[k].startswith("nsubj")
            and k not in speaks
            and tree.xpos[k] not in ("WP", "WDT")
            and _agrees(sentence, k, at)
        ):
            return _phrase(sentence, k)
    return None


def _subject(sentence: Sentence, verb: int, limit: int, begins: int) -> int | None:
    tree = sentence.tree
    for k in range(min(limit, len(tree.heads)) - 1, begins - 1, -1):
        if tree.heads[k] == verb and tree.labels[k].startswith("nsubj") and tree.xpos[k] not in ("WP", "WDT"):
            return k
    return None


def _phrase(sentence: Sentence, noun: int) -> tuple[int, int]:
    """Return the words of the noun phrase around a noun, its modifiers before it and "of …" behind it."""
    tree = sentence.tree
    left = right = noun
    while (
        left > 0 and noun - left < _LONGEST and _before(tree.xpos[left - 1], sentence.tokens[left - 1].norm)
    ):
        if left < noun and sentence.low[left] in _ARTICLES and sentence.low[left - 1] not in _BEFORE_ARTICLES:
            # "On Monday | the firm, which owns 12 ships"
            break
        left -= 1
    tokens = sentence.tokens
    while right + 1 < len(tokens) and (
        _joins(tokens, right + 1) or (tree.labels[right + 1] == "flat" and tree.heads[right + 1] == noun)
    ):
        right += 1
    while left > 0 and _joins(tokens, left):
        left -= 1
    if right + 2 < len(tree.xpos) and sentence.low[right + 1] == "of":
        at = right + 2
        while at < len(tree.xpos) and at - right < 8 and _before(tree.xpos[at], sentence.tokens[at].norm):
            at += 1
        if tree.xpos[at - 1].startswith("NN"):
            right = at - 1
    return left, right


def _joins(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether a word goes on in this one: "STS-135", "AC/DC", "alt.sports.chess"."""
    if tokens[at].start != tokens[at - 1].end:
        return False
    if tokens[at].norm in _JOINTS:
        return (
            at + 1 < len(tokens)
            and tokens[at + 1].start == tokens[at].end
            and tokens[at + 1].norm[0].isalnum()
        )
    return tokens[at - 1].norm in _JOINTS and tokens[at].norm[0].isalnum()


def _before(tag: str, norm: str) -> bool:
    """Tell a word that stands inside a noun phrase before its noun."""
    inner = tag.startswith(("NN", "JJ", "CD")) or tag in _INSIDE
    return inner and norm not in ("(", ")")


def _passive_before(sentence: Sentence, at: int, last: int) -> int:
    """Return the place of a passive whose auxiliary a form can share, -1 where it cannot.

    "was sued twice, fined and | ordered to pay"; most such forms can be a past of their own as well.
    """
    tree, low = sentence.tree, sentence.low
    known = word_lists("wording_known.txt")
    if tree.xpos[at] not in ("VBD", "VBN") or low[at] in known["actives"]:
        return -1
    here, above = at, -1
    for _ in range(4):
        above = tree.heads[here]
        if tree.labels[here] != "conj" or not 0 <= above < here:
            return -1
        if any(
            tree.heads[k] == above and tree.labels[k] == "aux:pass" for k in range(max(0, above - 4), above)
        ):
            break
        if low[above] in known["actives"]:
            return -1
        here = above
    else:
        return -1
    ordered = low[at] in known["ordered"]
    acts = any(
        tree.heads[k] == at
        and (tree.labels[k] in ("obj", "ccomp") or (tree.labels[k] == "xcomp" and not ordered))
        and low[k] not in TIMES
        for k in range(at + 1, last)
    )
    return -1 if acts else above


def lacks_object(sentence: Sentence, places: range) -> bool:
    """Tell whether a relative clause is about what its link stands for: "which I did with Lopez" lacks its object."""
    before = places[0] - 1 if places else -1
    tree = sentence.tree
    if before < 0 or tree.xpos[before] not in ("WDT", "WP", "WRB"):
        return False
    return any(tree.labels[at].startswith("nsubj") and at - places[0] < 4 for at in places)


def apposed(sentence: Sentence, places: range) -> tuple[str, int] | None:
    """Return the name that a phrase behind a comma says what it is, with its verb, and the place of its noun.

    "Lake Erie, | one of the Great Lakes" gives "Lake Erie is"; None where the tree shows no such name.
    """
    tree, tokens = sentence.tree, sentence.tokens
    first = places[0] if places else 0
    opens = sentence.low[first] in _RANKED or tree.xpos[first] == "DT"
    if first < 2 or tokens[first - 1].norm != "," or not opens:
        return None
    noun = next((at for at in places if tree.heads[at] not in places), -1)
    name = tree.heads[noun] if noun >= 0 else -1
    if not (0 <= name < first - 1) or tree.labels[noun] != "appos" or tree.xpos[name] != "NNP":
        return None
    conjoined = range(name, places[-1] + 1)
    joined = any(tree.heads[at] in (name, noun) and tree.labels[at] == "conj" for at in conjoined)
    start = _phrase(sentence, name)[0]
    whole = all(tree.heads[at] >= name and tree.labels[at] != "punct" for at in range(name + 1, first - 1))
    if joined or not whole or tree.xpos[noun] in ("NNS", "NNPS"):
        return None
    words = one_line("".join(_spaced(tokens, at, start) for at in range(start, first - 1)))
    return f"{words[:1].upper()}{words[1:]} is", noun


def _spaced(tokens: Sequence[Token], at: int, start: int) -> str:
    return (" " if at > start and tokens[at].start > tokens[at - 1].end else "") + tokens[at].norm
