"""Which people, bodies and governments does an article name, under which names, titles and abbreviations?

A register is built once per article from capitalised names, titles, roles and a shipped table of states. It
merges a surname with the one full name that ends in it, and refuses to choose between two.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container
from dataclasses import dataclass, field
from functools import lru_cache

from claims.language.document import Reading, Sentence
from claims.splitting.attribution.sentence_words import AUXILIARIES, NAMES
from claims.splitting.claimants.person_names import (
    given_names,
    is_personal,
    looks_personal,
    person_behind_body,
    same_person,
    title_inside,
)
from claims.splitting.types import ClaimantKind
from claims.splitting.word_lists import any_role, roles, states, word_lists

_LISTS = word_lists("name_words_en.txt")
_PARTICLES = _LISTS["particle"]
_ARTICLES = _LISTS["article"]
_COMPOUNDS = _LISTS["behind-hyphen"]
_BRACKETS = ("[", "]")
_NOT_LAST = ("of", "for", "and", "on", "the", "-", "&")
_LONGEST_SMALL = 4
_OFTEN = 2
_MOST_ALIKE = 40
_ROLE_MODIFIERS = _LISTS["modifier"]
_PLACE_FIRST = _LISTS["place"]
_DAYS = _LISTS["calendar"]
_NOT_NAMES = _LISTS["function"]


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


@dataclass(frozen=True, slots=True)
class NameRun:
    """A run of capitalised words: its words without title and marks, and the title before it."""

    start: int
    end: int
    words: tuple[str, ...]
    title: tuple[str, ...]
    first: int
    last: int


def name_runs(sentence: Sentence, view: str, alone: Container[str] = ()) -> list[NameRun]:
    """Return the runs of capitalised words of a sentence; an editor's brackets in a name are dropped.

    ``alone`` are the words that stand as a name of their own elsewhere in the article: a surname among them tells
    where a body's name ends and a person's begins ("the Refugee Council Enver Solomon").
    """
    tokens = sentence.tokens
    runs: list[NameRun] = []
    at = 0
    while at < len(tokens):
        if not _name_word(sentence, at):
            at += 1
            continue
        end = at + 1
        words = [at]
        while end < len(tokens):
            taken = _next_of_name(sentence, words, end)
            if not taken:
                break
            words.extend(place for place in range(end, end + taken) if tokens[place].norm not in _BRACKETS)
            end += taken
        while words and tokens[words[-1]].norm.lower() in _NOT_LAST:
            words.pop()
        cut = person_behind_body(
            [tokens[place].norm for place in words], alone, role_of=_role_of(sentence, words[0])
        )
        for part in (words[:cut], words[cut:]) if cut else (words,):
            runs.append(_split_title(sentence, view, part))
        at = end
    return runs


def _role_of(sentence: Sentence, at: int) -> bool:
    """Tell whether "minister of", "ambassador to the" stands before a place."""
    before = [token.norm.lower() for token in sentence.tokens[max(0, at - 3) : at]]
    if before[-1:] == ["the"]:
        before.pop()
    return len(before) > 1 and before[-1] in ("of", "to", "for") and before[-2] in _people()


def _people() -> frozenset[str]:
    return any_role("role", "title")


def _next_of_name(sentence: Sentence, words: list[int], at: int) -> int:
    """Return how many tokens from ``at`` go on with a name: a name word, or a particle with what it leads to."""
    tokens = sentence.tokens
    norm, low = tokens[at].norm, tokens[at].norm.lower()
    if _name_word(sentence, at):
        return 1
    if at + 1 >= len(tokens):
        return int(norm == "]")
    following = _name_word(sentence, at + 1)
    if norm in _BRACKETS or norm == "'":
        return int(following or norm == "]")
    joined = tokens[at].start == tokens[at - 1].end
    if norm in ("-", "&") and joined:
        return 1 if following else _small_behind_hyphen(sentence, at)
    if low in _PARTICLES and low != "st" and not joined:
        # "von der", "de la": up to three lead to one name.
        last = at + 1
        while last < at + 3 and last < len(tokens) and tokens[last].norm in _PARTICLES:
            last += 1
        if last < len(tokens) and _name_word(sentence, last):
            return last - at
    if low in _ARTICLES and tokens[at + 1].norm == "-" and tokens[at + 1].start == tokens[at].end:
        return 2 if at + 2 < len(tokens) and _name_word(sentence, at + 2) else 0
    if low in ("of", "for", "and", "on") and any(
        tokens[place].norm.lower() in roles()["organisation"] for place in words
    ):
        the = tokens[at + 1].norm.lower() == "the" and at + 2 < len(tokens) and _name_word(sentence, at + 2)
        return int(following or the)
    return int(low == "the" and tokens[at - 1].norm.lower() in ("of", "for") and following)


def _small_behind_hyphen(sentence: Sentence, at: int) -> int:
    """Return 2 where a hyphen joins a small second half to a given name: "Kim Jong-un", "Seung-hun Lee"."""
    tokens = sentence.tokens
    small = tokens[at + 1]
    close = small.start == tokens[at].end and small.norm.isalpha() and small.norm.islower()
    tag = sentence.tree.xpos[at + 1]
    if (
        not close
        or len(small.norm) > _LONGEST_SMALL
        or tag in ("VBN", "VBG", "JJR")
        or small.norm in _COMPOUNDS
    ):
        return 0
    behind = at + 2 < len(tokens) and (
        _name_word(sentence, at + 2) or sentence.tree.xpos[at + 2] in ("VBD", "VBZ", "POS", ",", ".")
    )
    return 2 if behind else 0


def _name_word(sentence: Sentence, at: int) -> bool:
    norm = sentence.tokens[at].norm
    if not norm[:1].isupper():
        return False
    low = norm.lower()
    if low in _DAYS and sentence.tree.xpos[at] in ("NNP", "NNPS", "") and len(norm) > 3:
        return False
    first = at == 0 or sentence.tokens[at - 1].norm in ('"', ":", "(", "'")
    if first or low in _NOT_NAMES:
        tags = sentence.tree.xpos
        if low in _NOT_NAMES:
            return False
        # "Mu Li", "Hugh Hill": a first name that the tagger does not know; "Norvian Rail".
        before_name = at + 1 < len(tags) and (
            sentence.tokens[at + 1].norm[:1].isupper() or sentence.tokens[at + 1].norm in _PARTICLES | {"-"}
        )
        unknown = before_name and (
            (
                tags[at] in ("NN", "FW", "UH", "VB", "MD")
                and low not in roles()["role"]
                and low not in AUXILIARIES
            )
            or norm in given_names()
            or (tags[at] == "JJ" and _generic_body(sentence.tokens[at + 1].norm.lower()))
        )
        return tags[at] in NAMES or tags[at] == "" or unknown
    return sentence.tree.xpos[at] not in ("PRP", "DT", "WP") or (
        norm.isupper() and len(norm) > 1 and norm != "I"
    )


def _generic_body(word: str) -> bool:
    """Tell a word that is a body's name only with what stands before it ("Norvian Rail", "Lorra Council")."""
    return word in roles()["organisation"]


#: What "General" belongs to as a part of the name and is no rank.
_GENERAL = frozenset(
    [
        "staff",
        "assembly",
        "secretariat",
        "council",
        "court",
        "directorate",
        "command",
        "synod",
        "hospital",
        "motors",
    ]
)


def _split_title(sentence: Sentence, view: str, words: list[int]) -> NameRun:
    tokens = sentence.tokens
    lists = roles()
    table = states()
    cut = 0
    while cut < len(words) - 1:
        low = tokens[words[cut]].norm.lower()
        two = low + " " + tokens[words[cut + 1]].norm.lower()
        if (
            low in lists["title"]
            or low in lists["role"]
            or low in _ROLE_MODIFIERS
            or low in table.adjectives
            or low in ("-", "of", "and", "the")
        ):
            cut += 1
        elif two in table.adjectives:
            cut += 2
        elif low in table.names and any(
            tokens[index].norm.lower() in lists["title"] for index in words[cut + 1 : cut + 4]
        ):
            cut += 1
        else:
            break
    cut = max(cut, title_inside([tokens[index].norm for index in words]))
    # A run of nothing but title words, or of a body ("Foreign Ministry"), keeps them.
    title = [tokens[index].norm for index in words[:cut]]
    if cut and not any(word.lower() in lists["title"] or word.lower() in lists["role"] for word in title):
        cut, title = 0, []
    last = tokens[words[-1]].norm.lower()
    general = last in _GENERAL and "general" in [word.lower() for word in title]
    if cut and (general or last in any_role("organisation", "role", "title")):
        cut, title = 0, []
    rest = words[cut:]
    return NameRun(
        tokens[words[0]].start,
        tokens[words[-1]].end,
        tuple(tokens[index].norm for index in rest),
        tuple(title),
        words[0],
        words[-1],
    )


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
            if _acronym(short.name) or len(near) > _MOST_ALIKE:
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
            name = _joined(run.words)
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
                or (len(run.words) == 1 and _acronym(name) and low not in _people())
                or (len(run.words) == 2 and run.words[0] == "General" and low.split()[-1] in _GENERAL)
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
        name = _joined(words)
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
            if _acronym(name):
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
            and _acronym(tokens[at + 1].norm)
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
                low = tokens[look].norm.lower()
                if low in lists["role"]:
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
            low = tokens[back].norm.lower()
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
        name = _joined(words)
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
        return (self._by_initials.get(name.replace(".", "").upper()) if _acronym(name) else None), ()


@lru_cache(maxsize=4_096)
def _joined(words: tuple[str, ...]) -> str:
    text = " ".join(words)
    if "-" in text:
        text = re.sub(r" ?- ?", "-", text)
    text = text.replace(" ' ", "' ")
    return text.replace("[", "").replace("]", "").strip()


def _acronym(name: str) -> bool:
    plain = name.replace(".", "")
    return 2 <= len(plain) <= 6 and plain.isupper() and plain.isalpha()


def initials(name: str) -> str:
    """Return the capital letters that begin the words of a name."""
    return "".join(word[0] for word in re.split(r"[\s-]+", name) if word[:1].isupper())
