"""Do small words change what two assertions say: tense, modals, quantifiers, conjunctions, prepositions, "we"?

The lists are in ``data/grammar_en.txt``. Certain are two categories that no assertion can mean at once, before the
same word; one beside nothing leaves it open.
"""

from __future__ import annotations

from collections.abc import Iterator

from claims.matching.alignment import Aligned
from claims.matching.difference import Check, Difference
from claims.matching.profiles import BE, Profile, ReadWord
from claims.matching.word_lists import categories, category_pairs, irregular, words

_WAS = frozenset({"was", "were"})


def modality(pair: Aligned) -> Iterator[Difference]:
    """Compare what is said to be done with what will, may, must or was tried."""
    mine, theirs = (
        {head: (name, at) for at, name, head in read.marked("modality") if head}
        for read in (pair.one, pair.other)
    )
    for head in (mine.keys() | theirs.keys()) & pair.one.keys & pair.other.keys:
        left, at = mine.get(head, ("", -1))
        right, place = theirs.get(head, ("", -1))
        if left == right:
            continue
        one = pair.one.tokens[at].written if at >= 0 else _form(pair.one, head)
        other = pair.other.tokens[place].written if place >= 0 else _form(pair.other, head)
        names = frozenset(
            name or ("past" if _is_past(form) else "plain") for name, form in ((left, one), (right, other))
        )
        certain = names not in category_pairs("mild") and pair.is_near()
        yield Difference(Check.MODALITY, one, other, certain)
        return
    if not mine and not theirs:
        yield from _tenses(pair)


def _tenses(pair: Aligned) -> Iterator[Difference]:
    """Find the past of one beside the present of the other: a headline may mean the same, a list may not."""
    be = [{name for _at, name, _head in read.marked("be")} for read in (pair.one, pair.other)]
    if be[0] and be[1] and not be[0] & be[1]:
        one, other = (_forms_of_be(read) for read in (pair.one, pair.other))
        yield Difference(Check.MODALITY, one, other, certain=False)
        return
    theirs = {token.root: at for at, token in enumerate(pair.other.tokens) if token.root}
    for at, token in enumerate(pair.one.tokens):
        place = theirs.get(token.root, -1)
        if place >= 0 and {_tense(pair.one, at), _tense(pair.other, place)} == {"past", "plain"}:
            yield Difference(Check.MODALITY, token.written, pair.other.tokens[place].written, certain=False)
            return


def _form(read: Profile, head: str) -> str:
    return next(token.written for token in read.tokens if token.key == head)


def _forms_of_be(read: Profile) -> str:
    return next(read.tokens[at].written for at, _name, _head in read.marked("be"))


def _is_past(form: str) -> bool:
    return form.lower().endswith("ed") or form.lower() in irregular()


def _tense(read: Profile, at: int) -> str:
    """Return ``past`` or ``plain`` by the form of a word; nothing for a participle and behind a modal."""
    form = read.tokens[at].word
    before = set()
    for token in reversed(read.tokens[max(0, at - 3) : at]):
        if token.root:
            break
        before.add(token.word)
    if "did" in before:
        return "past"
    if form.endswith("ing"):
        return "plain" if before & BE - _WAS else ""
    if before & (BE - _WAS) or before & categories("modality").keys() or form in words("unchanging"):
        return ""
    return "past" if _is_past(form) else "plain"


def quantifiers(pair: Aligned) -> Iterator[Difference]:
    yield from _categories(pair, "quantifiers", Check.QUANTIFIER)


def links(pair: Aligned) -> Iterator[Difference]:
    yield from _categories(pair, "links", Check.LINK)


def _categories(pair: Aligned, section: str, check: Check) -> Iterator[Difference]:
    """Compare small words of categories that exclude each other or leave open what is meant."""
    mine, theirs = (
        {name: (at, head) for at, name, head in read.marked(section)} for read in (pair.one, pair.other)
    )
    left, right = mine.keys() - theirs.keys(), theirs.keys() - mine.keys()
    for one in sorted(left):
        for other in sorted(right):
            if frozenset((one, other)) in category_pairs("opposed"):
                (at, head), (place, target) = mine[one], theirs[other]
                near = head == target and pair.is_near()
                yield Difference(check, pair.one.tokens[at].written, pair.other.tokens[place].written, near)
                return
    for one in sorted(left & words("open")):
        if mine[one][1] in pair.other.keys and not mine[one][1].startswith("="):
            yield Difference(check, pair.one.tokens[mine[one][0]].written, "", certain=False)
    for other in sorted(right & words("open")):
        if theirs[other][1] in pair.one.keys and not theirs[other][1].startswith("="):
            yield Difference(check, "", pair.other.tokens[theirs[other][0]].written, certain=False)


def relations(pair: Aligned) -> Iterator[Difference]:
    """Find another preposition or conjunction before the same word."""
    mine, theirs = (_governed(read) for read in (pair.one, pair.other))
    for head in mine.keys() & theirs.keys():
        left, right = mine[head], theirs[head]
        if left.word != right.word and not {left.word, right.word} <= words("places"):
            yield Difference(Check.LINK, left.written, right.written, certain=False)
            return


def _governed(read: Profile) -> dict[str, ReadWord]:
    """Return the preposition or conjunction before each word of content that has one."""
    return {
        head: token
        for at, token in enumerate(read.tokens)
        if token.word in words("relations") and (head := read.head(at)) and not head.startswith("=")
    }


def speakers(pair: Aligned) -> Iterator[Difference]:
    """ "We" of one speaker is not "we" of another."""
    one, other = pair.one.assertion.claimant, pair.other.assertion.claimant
    if not one or not other or one.casefold() == other.casefold():
        return
    if all(words("speaker") & {token.word for token in read.tokens} for read in (pair.one, pair.other)):
        yield Difference(Check.ACTOR, one, other, certain=False)
