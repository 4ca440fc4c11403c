"""Which full name stands for a short one in a sentence read alone? The one the article gives, where there is only one.

"Mr. Furman" becomes "Jason Furman" once, "the mosque" the Grand Mosque that the article has named before. Where two
could be meant, or the word describes something ("the Clinton campaign"), it stays.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from typing import NamedTuple

from claims.language.document import Reading, Sentence
from claims.splitting.claimants.name_runs import NameRun
from claims.splitting.claimants.resolver import Resolver
from claims.splitting.types import ClaimantKind
from claims.splitting.word_lists import any_role
from claims.splitting.wording.changes import WordChange

_TITLE = re.compile(r"\b(?:Mr|Mrs|Ms|Miss)\.?\s+\Z")
_NAMES = ("NNP", "NNPS")
_MODIFYING = frozenset({"NN", "NNP", "NNPS", "JJ", "JJR", "JJS", "VBN", "VBG"})
_LONGEST = 4


class _Described(NamedTuple):
    """One description of a thing; ``telling`` ones may stand for it elsewhere, the others only speak against that."""

    start: int
    words: str
    parts: frozenset[str]
    telling: bool


class FullNames:
    """The full names of one article, for the sentences made of it."""

    def __init__(self, reading: Reading, resolver: Resolver) -> None:
        self.reading = reading
        self.resolver = resolver
        self._people: dict[int, list[tuple[int, str, WordChange | None]]] = {}
        self._phrases: dict[str, list[_Described]] | None = None
        self._things: dict[str, dict[str, int]] | None = None

    def people(self, sentence: Sentence, visible: Container[int], text: str) -> list[WordChange]:
        """Return the changes that give people their full names, each once; ``visible`` are the wording's places."""
        if sentence.index not in self._people:
            self._people[sentence.index] = list(self._mentions(sentence, text))
        changes = []
        named: set[str] = set()
        for at, name, change in self._people[sentence.index]:
            if at in visible and name not in named:
                named.add(name)
                changes += [change] if change is not None else []
        return changes

    def _mentions(self, sentence: Sentence, text: str) -> Iterator[tuple[int, str, WordChange | None]]:
        """Yield the people of a sentence: the place of the surname, the name, and the change where it stands alone."""
        runs = self.resolver.register.runs(sentence)
        if all(len(run.words) != 1 for run in runs):
            return
        for run in runs:
            entity, flags = self.resolver.register.find(run.words)
            if entity is None or flags or entity.kind is not ClaimantKind.PERSON:
                continue
            short = len(run.words) == 1 and run.words[0] == entity.surname and " " in entity.name
            known = bool(entity.gender or entity.roles)
            change = None
            if short and known and _stands_alone(sentence, run.last):
                start, end = sentence.tokens[run.last].start, sentence.tokens[run.last].end
                title = _TITLE.search(text, max(sentence.start, start - 8), start)
                change = WordChange(title.start() if title else start, end, entity.name)
            yield run.last, entity.name, change

    def thing(self, noun: str, place: int) -> str:
        """Return the one name that the article gives, before a place, to what it then calls "the" noun; or nothing."""
        if self._things is None:
            self._things = {}
            for sentence in self.reading.sentences:
                for run in self.resolver.register.runs(sentence):
                    self._add(sentence, run)
        found = self._things.get(noun, {})
        name = next(iter(found), "")
        # A name without its article ("UK Government" of a credit) would not stand where "the government" does.
        return name if len(found) == 1 and found[name] < place and name.startswith("the ") else ""

    def described(self, noun: str, place: int) -> str:
        """Return the one fuller phrase that the article has used before a place for what it then calls "the" noun.

        Any other description of such a thing in the article leaves it open.
        """
        if self._phrases is None:
            self._phrases = {}
            for sentence in self.reading.sentences:
                self._collect(sentence)
        found = self._phrases.get(noun, [])
        usable = [phrase for phrase in found if phrase.telling and phrase.start < place]
        if not usable:
            return ""
        chosen = usable[0]
        named = any(word[:1].isupper() for word in chosen.words.split())
        if not all(chosen.parts <= phrase.parts or chosen.parts >= phrase.parts for phrase in found):
            return ""
        return f"the {chosen.words}" if named or len(found) > 1 else ""

    def _collect(self, sentence: Sentence) -> None:
        """Remember how a sentence describes things: "crane accident", "mayor of Kelm", "third match"."""
        assert self._phrases is not None
        tokens, tags = sentence.tokens, sentence.tree.xpos
        for head, tag in enumerate(tags):
            if tag not in ("NN", "NNS") or (
                head + 1 < len(tags) and tags[head + 1].startswith(("NN", "POS", "HYPH"))
            ):
                continue
            first = head
            while first and head - first < _LONGEST and tags[first - 1] in _MODIFYING:
                first -= 1
            last = head
            if head + 2 < len(tags) and sentence.low[head + 1] == "of" and tags[head + 2] in _NAMES:
                last = head + 2
                while last + 1 < len(tags) and last - head < _LONGEST and tags[last + 1] in _NAMES:
                    last += 1
            before = tags[first - 1] if first else ""
            counted = before in ("CD", "POS", "PRP$", "HYPH")
            if first == head == last and not counted:
                continue
            cut = counted or (first > 1 and tokens[first - 1].norm[:1].isupper())
            named = any(tags[k].startswith("NN") or tokens[k].norm[:1].isupper() for k in range(first, head))
            telling = (named or last > head) and not cut and tokens[head].norm.islower()
            words = [tokens[k].norm for k in range(first, last + 1)]
            parts = frozenset(word.lower() for word in words) | (
                {sentence.low[first - 1]} if counted else set()
            )
            self._phrases.setdefault(sentence.low[head], []).append(
                _Described(tokens[first].start, " ".join(words), parts, telling)
            )

    def _add(self, sentence: Sentence, run: NameRun) -> None:
        """Remember a name that ends in its kind ("Grand Mosque") or begins with it ("University of Kelm")."""
        assert self._things is not None
        words = (*run.title, *run.words)
        if not 2 <= len(words) <= 6:
            return
        lows = [word.lower() for word in words]
        kinds = any_role("organisation", "body")
        for at in {0 if len(lows) > 2 and lows[1] == "of" else -1}:
            if lows[at] not in kinds:
                continue
            before = sentence.low[run.first - 1] if run.first else ""
            name = " ".join(words)
            listed = self._things.setdefault(lows[at], {})
            if before == "the":
                listed[f"the {name}"] = min(
                    run.start, listed.pop(name, run.start), listed.get(f"the {name}", run.start)
                )
            elif f"the {name}" not in listed:
                listed.setdefault(name, run.start)


def _stands_alone(sentence: Sentence, at: int) -> bool:
    """Tell a surname by itself from a part of a name, of a compound or of a title."""
    tokens, tree = sentence.tokens, sentence.tree
    if at:
        before = tokens[at - 1].norm
        titled = before.rstrip(".") in ("Mr", "Mrs", "Ms", "Miss", "Dr")
        if (before[:1].isupper() and at > 1 and not titled) or before.lower() in (
            "the",
            "a",
            "an",
            "of",
            "-",
            "'",
            "&",
        ):
            return False
    if at + 1 < len(tokens):
        behind = tokens[at + 1].norm
        if behind == "-" or tree.xpos[at + 1] in _NAMES:
            return False
        if tree.xpos[at + 1].startswith(("NN", "JJ")) and tree.heads[at] > at:
            return False
    return True
