"""Who is meant by the label of a turn, or by the name that signs a letter: "BRIGGS", "DANA BRIGGS, ANCHOR", "A"?

A label of one word is the one person whose full name another label, or the article, gives.
"""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import replace

from claims.language.block_lines import BlockKind
from claims.language.document import Reading
from claims.language.spans import Span
from claims.splitting.claimants.entities import Register
from claims.splitting.claimants.named import ANONYMOUS, RECORDED, NamedClaimant
from claims.splitting.claimants.person_names import looks_personal
from claims.splitting.types import ClaimantKind
from claims.splitting.word_lists import any_role

_VOICE = re.compile(
    r"(?:unknown )?(?:speaker|sprecher(?:in)?|hablante|intervenant|spk)(?:[ _#]*\d{1,3})?"
    r"|(?:speaker|unknown)[ _]unknown",
    re.IGNORECASE,
)
_INTRODUCTION = re.compile(
    r"\b(?:[Mm]y name(?:'s| is)|I'm|I am|[Tt]his is)\s+([^\W\d_a-z][\w'-]+(?:\s+[^\W\d_a-z][\w.'-]+){1,3})"
)
_INTRODUCED = 3
_ANSWERS = frozenset({"A", "ANSWER", "RESPONSE", "REPLY", "ANTWORT"})


class Turns:
    """The speakers of the turns of one text; without a register, as in other languages, labels alone name them."""

    def __init__(self, reading: Reading, register: Register | None = None) -> None:
        self._reading = reading
        self._register = register
        self._known: dict[str, NamedClaimant] = {}
        labels = {block.speaker for block in reading.layout.blocks if block.speaker}
        self._full: dict[str, set[tuple[str, ...]]] = {}
        for label in labels:
            words = _name(label)
            if len(words) > 1:
                self._full.setdefault(words[-1].lower(), set()).add(words)

    def speaker(self, label: str, span: Span) -> NamedClaimant:
        """Return whom a label means; "A" is whom the interview is with."""
        if label not in self._known:
            self._known[label] = self._speaker(label, span)
        return self._known[label]

    def addressed(self, block: int, span: Span) -> NamedClaimant:
        """Return whom a moderator's "you" means: who speaks next; nobody outside a turn."""
        blocks = self._reading.layout.blocks
        asked = blocks[block].speaker
        for later in blocks[block + 1 :] if asked else ():
            if later.speaker and later.speaker != asked and later.speaker_span is not None:
                return self.speaker(later.speaker, Span(*later.speaker_span))
        return replace(ANONYMOUS, span=span)

    def _speaker(self, label: str, span: Span) -> NamedClaimant:
        if label.upper().strip(" .") in _ANSWERS:
            person = self._interviewee()
            return person if person is not None else NamedClaimant("interviewee", ClaimantKind.PERSON, span)
        if label.startswith("@"):
            return NamedClaimant(label, ClaimantKind.PERSON, span)
        voice = _VOICE.fullmatch(label.strip())
        if voice is not None:
            name = self._own_name(label)
            if name:
                return NamedClaimant(name, ClaimantKind.PERSON, span, ("speaker-inferred",))
            # A recorder's number tells two voices apart and names nobody.
            shown = " ".join(label.replace("_", " ").split()).capitalize()
            return NamedClaimant(shown, ClaimantKind.ANONYMOUS, span, (RECORDED,))
        words = _name(label)
        full = self._full.get(words[-1].lower(), set()) if len(words) == 1 else set()
        if len(full) == 1:
            words = next(iter(full))
        entity, flags = self._register.find(words) if words and self._register else (None, ())
        if entity is not None and entity.kind is ClaimantKind.PERSON:
            return NamedClaimant(entity.name, entity.kind, span, flags)
        return NamedClaimant(" ".join(words), ClaimantKind.PERSON, span, flags)

    def _own_name(self, label: str) -> str:
        """Return the name by which a voice introduces itself in its first turns; nothing where it says none."""
        turns = [block for block in self._reading.layout.blocks if block.speaker == label][:_INTRODUCED]
        for turn in turns:
            said = _INTRODUCTION.search(self._reading.view, turn.body, turn.end)
            if said is not None and looks_personal(said.group(1).split()):
                return " ".join(said.group(1).split())
        return ""

    def _interviewee(self) -> NamedClaimant | None:
        """Return the person whom the answers of an interview come from: the one its introduction names most."""
        blocks = self._reading.layout.blocks
        first = next((block.start for block in blocks if block.kind is BlockKind.TURN and block.role), 0)
        ranked = sorted(
            self._register.people if self._register else (),
            key=lambda one: (
                -sum(at < first for at in one.places),
                -len(one.places),
                min(one.places, default=0),
            ),
        )
        return NamedClaimant(ranked[0].name, ranked[0].kind, None, ("speaker-inferred",)) if ranked else None


def _name(label: str) -> tuple[str, ...]:
    """Return the words of the name in a label: no role before it or behind a comma, no party, no capitals only."""
    text = re.sub(r"\(.*?\)|\[.*?\]|[*_:]", " ", label)
    name, _, behind = text.partition(",")
    words = (
        name if name.strip() and behind.strip(" .").lower() not in ("jr", "sr") else text.replace(",", " ")
    ).split()
    titles = any_role("title", "role")
    given = behind.split()
    if name.strip() and _is_surname_first(name.split(), given, titles):
        words = [*given, *words]
    if len(words) > 1:
        words = [
            word for word in words if titles.isdisjoint((word.lower(), word.lower().strip(".")))
        ] or words
    return tuple(_written(word) for word in words)


def _is_surname_first(surname: list[str], given: list[str], titles: Set[str]) -> bool:
    """Tell "Dorn, Lena", as programs list people, from "Dorn, Mayor" and "BRIGGS, ANCHOR"."""
    if len(surname) != 1 or len(given) not in (1, 2) or surname[0].isupper():
        return False
    return all(word[:1].isupper() and not word.isupper() and word.lower() not in titles for word in given)


def _written(word: str) -> str:
    """Return a word in capitals as names are written: "O'HARA", "SMITH-JONES"."""
    if not word.isupper() or len(word.strip(".")) < 3:
        return word
    return re.sub(r"[^\W\d_]+", lambda part: part[0].capitalize(), word)
