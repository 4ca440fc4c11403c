"""Which people, bodies and governments does an article name, under which names, titles and abbreviations?

A register is built once per article from capitalised names, titles, roles and a shipped table of states. It
merges a surname with the one full name that ends in it, and refuses to choose between two.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from claims.language.document import Reading, Sentence
from claims.language.parser import FINITE
from claims.splitting.claimants.name_runs import (
    GENERAL,
    NameRun,
    acronym,
    initials,
    joined_words,
    name_runs,
    title_words,
)
from claims.splitting.claimants.person_names import (
    given_names,
    is_personal,
    looks_personal,
    same_person,
)
from claims.splitting.types import ClaimantKind
from claims.splitting.word_lists import roles, states, word_lists

_OFTEN = 2
_MOST_ALIKE = 40
_PLACE_FIRST = word_lists("name_words_en.txt")["place"]


@dataclass(slots=True)
class Entity:
    """One person, body or state of an article, with every place it is named at."""

    name: str
    kind: ClaimantKind
    roles: set[str] = field(default_factory=set)
    modifiers: set[str] = field(default_factory=set)
    gender: str = ""
    places: list[int] = field(default_factory=list)
    short: str = ""

    @property
    def surname(self) -> str:
        """The last word of the name."""
        return self.name.split()[-1] if self.name else ""


class Register:
    """The entities of one article."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.people: list[Entity] = []
        self.bodies: list[Entity] = []
        self.states_named: list[tuple[int, str]] = []
        self._by_name: dict[str, Entity] = {}
        self._lonely: list[tuple[str, int, set[str]]] = []
        self._personal: set[int] = set()
        self._personal_entities: set[int] = set()
        self._places: dict[str, list[int]] = {}
        # Full names by surname and first letter: "Donald J. Trump" is no "Ivanka Trump".
        self._by_letter: dict[tuple[str, str], list[Entity]] = {}
        self._by_initials: dict[str, Entity] = {}
        self._held: set[int] = set()
        self._by_surname: dict[str, list[Entity]] = {}
        self._by_first: dict[str, list[Entity]] = {}
        self._runs: dict[int, list[NameRun]] = {}
        first = {sentence.index: name_runs(sentence, reading.view) for sentence in reading.sentences}
        alone = frozenset(run.words[0] for runs in first.values() for run in runs if len(run.words) == 1)
        for sentence in reading.sentences:
            runs = first[sentence.index]
            if any(len(run.words) > 3 for run in runs):
                runs = name_runs(sentence, reading.view, alone)
            self._runs[sentence.index] = runs
            self._read(sentence)
        for name, place, titles in self._lonely:
            matches = self.by_surname(name)
            if len(matches) == 1:
                matches[0].places.append(place)
                self._describe(matches[0], titles)
            elif not matches and (titles or place in self._personal):
                self._person((name,), titles, place)
        self._join_short_names()
        for entity in (*self.people, *self.bodies):
            entity.places.sort()

    def _join_short_names(self) -> None:
        """Let "the Daily News" be the one body whose longer name ends, or begins before "of", with these words."""
        ends: dict[str, list[tuple[Entity, list[str]]]] = {}
        for body in self.bodies:
            words = body.name.split()
            for edge in {words[-1], words[0]} if words else ():
                ends.setdefault(edge, []).append((body, words))
        merged: set[int] = set()
        for short in self.bodies:
            words = short.name.split()
            near = ends.get(words[-1], []) if words else []
            if acronym(short.name) or len(near) > _MOST_ALIKE:
                continue
            longer = [
                (body, other)
                for body, other in near
                if len(other) > len(words)
                and (
                    other[-len(words) :] == words
                    or other[: len(words) + 1] in ([*words, "of"], [*words, "for"])
                )
            ]
            if not longer:
                continue
            fullest, parts = max(longer, key=lambda pair: len(pair[0].name))
            extra = initials(" ".join(parts[: -len(words)]))
            if all(body is fullest or other[0] == extra for body, other in longer):
                self._by_name[short.name.lower()] = fullest
                fullest.places += short.places
                merged.add(id(short))
        self.bodies = [body for body in self.bodies if id(body) not in merged]
        self._by_initials = {}
        for body in self.bodies:
            self._by_initials.setdefault(initials(body.name), body)

    def _read(self, sentence: Sentence) -> None:
        lists, table = roles(), states()
        for run in self._runs[sentence.index]:
            name = joined_words(run.words)
            low = name.lower()
            if not name:
                continue
            if low in table.names or low in table.seats:
                self.states_named.append((run.start, table.names.get(low) or table.seats[low]))
                continue
            if low in table.adjectives:
                self.states_named.append((run.start, table.adjectives[low]))
                continue
            keys = {word.lower().rstrip(".") for word in run.words}
            is_body = (
                bool(keys & lists["organisation"])
                or (len(run.words) == 1 and acronym(name) and low not in title_words())
                or (len(run.words) == 2 and run.words[0] == "General" and low.split()[-1] in GENERAL)
            )
            if is_body and not run.title:
                entity = self._body(name, run.start)
                short = self._abbreviation(sentence, run)
                if short:
                    entity.short = short
                    self._by_name[short.lower()] = entity
                continue
            last = run.words[-1].lower()
            if not run.title and (last in lists["role"] or last in lists["title"] or last in lists["body"]):
                continue
            titles = {word.lower() for word in run.title} | self._apposition(sentence, run)
            if " " in name or (run.title and not low.endswith(".")):
                if run.words[0].lower() in _PLACE_FIRST and not run.title:
                    continue
                if " " not in name:
                    self._lonely.append((name, run.start, titles))
                    continue
                if not titles and not looks_personal(run.words):
                    continue
                self._person(run.words, titles, run.start)
            else:
                self._lonely.append((name, run.start, titles))
                self._places.setdefault(low, []).append(run.start)
                if is_personal(sentence, run.words[0], run.last, given_names()):
                    self._personal.add(run.start)

    def state_written_of(self) -> str:
        """Return the state that an article is about: named twice, and twice as often as any other."""
        counts = Counter(state for _, state in self.states_named).most_common(2)
        if not counts or counts[0][1] < _OFTEN or (len(counts) > 1 and counts[0][1] < 2 * counts[1][1]):
            return ""
        return counts[0][0]

    def add_body(self, name: str) -> Entity:
        """Return the body of a single name that no rule took for one, with every place it stands at."""
        entity = Entity(name, ClaimantKind.ORGANISATION, places=sorted(self._places.get(name.lower(), [])))
        self._hold(entity)
        self._by_name[name.lower()] = entity
        return entity

    def _hold(self, body: Entity) -> None:
        """Add a body that is not among the bodies yet."""
        if id(body) not in self._held:
            self._held.add(id(body))
            self.bodies.append(body)
            self._by_initials.setdefault(initials(body.name), body)

    def _person(self, words: tuple[str, ...], titles: set[str], place: int) -> None:
        name = joined_words(words)
        low = name.lower()
        entity = self._by_name.get(low)
        if entity is None:
            # "Donald J. Trump" and "Donald Trump" are one; "Donald Trump Jr." is another.
            for other in self._by_letter.get((words[-1].lower(), low[:1]), ()):
                if same_person(other.name, name):
                    entity = other
                    if len(name) > len(other.name):
                        other.name = name
                    break
        if entity is None:
            entity = Entity(name, ClaimantKind.PERSON)
            self.people.append(entity)
            self._by_surname.setdefault(entity.surname.lower(), []).append(entity)
            self._by_letter.setdefault((entity.surname.lower(), low[:1]), []).append(entity)
            self._personal_entities.add(id(entity))
            self._by_first.setdefault(name.split()[0].lower(), []).append(entity)
        self._by_name[low] = entity
        entity.places.append(place)
        self._describe(entity, titles)

    def _describe(self, entity: Entity, titles: set[str]) -> None:
        lists = roles()
        entity.roles |= {
            word.rstrip(".") for word in titles if word in lists["role"] or word in lists["title"]
        }
        entity.modifiers |= titles
        names = word_lists("names_en.txt")
        first = entity.name.split()[0] if entity.name else ""
        if titles & lists["female"] or (first in names["female"] and first not in names["male"]):
            entity.gender = entity.gender or "f"
        elif titles & lists["male"] or first in names["male"]:
            entity.gender = entity.gender or "m"

    def _body(self, name: str, place: int) -> Entity:
        entity = self._by_name.get(name.lower()) or self._by_name.get(name.replace(".", "").lower())
        if entity is None:
            entity = Entity(name, ClaimantKind.ORGANISATION)
            if acronym(name):
                entity = self._by_initials.get(name.replace(".", "").upper(), entity)
            self._hold(entity)
        self._by_name[name.lower()] = entity
        entity.places.append(place)
        return entity

    def _abbreviation(self, sentence: Sentence, run: NameRun) -> str:
        """Return the abbreviation in brackets behind a name."""
        tokens = sentence.tokens
        at = run.last + 1
        if (
            at + 2 < len(tokens)
            and tokens[at].norm == "("
            and tokens[at + 2].norm == ")"
            and acronym(tokens[at + 1].norm)
        ):
            return tokens[at + 1].norm.replace(".", "")
        return ""

    def _apposition(self, sentence: Sentence, run: NameRun) -> set[str]:
        """Return the role words of "X, the mayor of Y," and "the mayor, X"."""
        tokens = sentence.tokens
        lists = roles()
        found: set[str] = set()
        at = run.last + 1
        if at < len(tokens) and tokens[at].norm == ",":
            for look in range(at + 1, min(len(tokens), at + 9)):
                low = sentence.low[look]
                if low in lists["role"]:
                    if not _acts(sentence, at + 1, look):
                        found.update(token.norm.lower() for token in tokens[at + 1 : look + 1])
                    break
                if tokens[look].norm in (",", ".", ";") or sentence.tree.xpos[look] in (
                    "VBD",
                    "VBZ",
                    "VBP",
                    "MD",
                    "IN",
                ):
                    break
        at = run.first - 1
        if at >= 1 and tokens[at].norm == ",":
            at -= 1
        back = at
        while back >= 0 and back > at - 6:
            low = sentence.low[back]
            if low in lists["role"] and (back == at or tokens[at + 1].norm == ","):
                found.update(token.norm.lower() for token in tokens[max(0, back - 2) : back + 1])
                break
            if back == at and low not in lists["role"]:
                break
            back -= 1
        return {word for word in found if word.isalpha() or "-" in word} - {"the", "a", "an", "of", "and"}

    def by_surname(self, name: str) -> list[Entity]:
        """Return the people whose surname or whole name a word is."""
        found = self._by_surname.get(name.lower(), [])
        if not found and (entity := self._by_name.get(name.lower())) is not None:
            return [entity] if id(entity) in self._personal_entities else []
        return found

    def runs(self, sentence: Sentence) -> list[NameRun]:
        """Return the runs of capitalised words of a sentence, read once."""
        return self._runs.get(sentence.index, [])

    def find(self, words: tuple[str, ...]) -> tuple[Entity | None, tuple[str, ...]]:
        """Return the entity that a name means, and flags; None where it means two people of one surname."""
        name = joined_words(words)
        entity = self._by_name.get(name.lower()) or self._by_name.get(name.replace(".", "").lower())
        if entity is not None:
            return entity, ()
        people = self.by_surname(name.split()[-1]) if name else []
        # "Ruiz-Ortega" is one word of a name.
        alone = " " not in name
        if len(people) == 1 and (alone or same_person(people[0].name, name)):
            return people[0], ()
        if len(people) > 1 and alone:
            return None, ("same-surname",)
        if len(words) == 1:
            first = self._by_first.get(words[0].lower(), [])
            if len(first) == 1:
                return first[0], ()
        return (self._by_initials.get(name.replace(".", "").upper()) if acronym(name) else None), ()


def _acts(sentence: Sentence, first: int, role: int) -> bool:
    """Tell "In Leeds, | the mayor said": a role with an article and a verb right behind it is nobody's apposition."""
    if sentence.low[first] not in ("the", "a", "an"):
        return False
    for tag, word in zip(sentence.tree.xpos[role + 1 :], sentence.low[role + 1 :], strict=False):
        if tag in FINITE:
            return True
        if word in (",", ".", ";", ":", "-", "—", "–", ")") or tag in ("WP", "WDT", "WP$", "VBN", "VBG"):
            return False
    return False
