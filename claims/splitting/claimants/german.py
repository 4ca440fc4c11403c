"""Who is meant by a German source? Names by their fullest form, bodies and groups as they are written.

Capital letters mark every German noun, so names are told by what precedes them: a role, a title, or nothing. Roles
and bodies are told by how a compound ends: "Arbeitsministerin", "Landesamt". Times, numbers and things speak for
nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from claims.language.document import Reading
from claims.splitting.attribution.results import Attributed
from claims.splitting.claimants.named import ANONYMOUS, NamedClaimant
from claims.splitting.claimants.speakers import NOBODY
from claims.splitting.types import ClaimantKind
from claims.splitting.word_lists import word_lists

_ARTICLES = frozenset(
    ["der", "die", "das", "den", "dem", "des", "ein", "eine", "einer", "einem", "einen", "eines"]
)
_PRONOUNS = frozenset(["er", "sie", "es", "wir", "ich", "man", "dieser", "diese", "dieses"])
_INNER = frozenset(["von", "der", "des", "für", "und", "den", "dem", "bei", "in", "im", "zu"])
_LISTS = word_lists("speakers_de.txt")
_DAY_PARTS = ("abend", "morgen", "nachmittag", "vormittag", "mittag", "nacht", "früh")
_ENDINGS = {"neuter": "es", "masculine": "er", "feminine": "e"}
_FEW_LETTERS = 3


def claimants(reading: Reading, rows: Sequence[Attributed]) -> tuple[NamedClaimant, ...]:
    """Return the claimant of every frame of a German article."""
    people = _People()
    return tuple(people.of(reading, row) for row in rows)


class _People:
    """Who spoke so far: full names, who holds which role, and who spoke last."""

    def __init__(self) -> None:
        self.full: dict[str, list[str]] = {}
        self.roles: dict[str, str] = {}
        self.last: NamedClaimant | None = None

    def of(self, reading: Reading, row: Attributed) -> NamedClaimant:
        """Return who is meant by the source of a frame."""
        if row.source is None:
            return ANONYMOUS
        source = reading.layout.text[row.source.start : row.source.end]
        words = [word.strip(",.;:") for word in source.split()]
        article = words[0].lower() if words and words[0].lower() in _ARTICLES else ""
        words = [word for word in words[bool(article) :] if word]
        low = [word.lower() for word in words]
        if not words or (len(low) == 1 and low[0] in _PRONOUNS):
            if self.last is not None:
                return replace(self.last, span=row.source)
            return NamedClaimant(source, ClaimantKind.PERSON, row.source, ("pronoun-unresolved",))
        if low[0].endswith("angaben") and len(words) == 1:
            # "nach Polizeiangaben", "nach Regierungsangaben".
            words = [words[0].removesuffix("angaben").removesuffix("s")]
            low = [words[0].lower()]
        name, kind, flags = self._named(words, low, article)
        if not _can_speak(name):
            return replace(ANONYMOUS, span=row.source, flags=(NOBODY,))
        self.last = NamedClaimant(name, kind, row.source, flags)
        return self.last

    def _named(
        self, words: list[str], low: list[str], article: str
    ) -> tuple[str, ClaimantKind, tuple[str, ...]]:
        head = _head(words)
        if low[head] in _LISTS["group"]:
            return " ".join(words), ClaimantKind.VAGUE, ("vague-source",)
        held = _held(words, low, head)
        rest = words[held[-1] + 1 :] if held else words
        while rest and rest[0].lower() in _LISTS["titles"]:
            rest = rest[1:]
        if held and rest and rest[0][:1].isupper():
            name = self._fullest(rest)
            self.roles.update({_masculine(low[at]): name[0] for at in held})
            return name[0], ClaimantKind.PERSON, name[1]
        if held:
            tail = words[held[-1] + 1 :]
            known = (
                self._holder(low[held[-1]])
                if not tail and article in ("der", "die", "dem", "den", "des", "")
                else ""
            )
            return known or " ".join(words), ClaimantKind.PERSON, ()
        body = _body(low[head]) or next((found for word in low[:3] if (found := _body(word))), "")
        if body:
            return _nominative(words, head, body, article), ClaimantKind.ORGANISATION, ()
        if article and article != "der" and len(words) == 1:
            return words[0], ClaimantKind.ORGANISATION, ()
        name = self._fullest(words)
        return name[0], ClaimantKind.PERSON, name[1]

    def _fullest(self, words: list[str]) -> tuple[str, tuple[str, ...]]:
        """Return the fullest name so far that ends in these words, and what a person should look at."""
        name = " ".join(words)
        for ending in ("", "s"):
            short = name.removesuffix(ending) if ending else name
            same = self.full.get(short.rsplit(" ", 1)[-1], [])
            known = [other for other in same if other != short and other.endswith(f" {short}")]
            if len(words) == 1 and len(known) == 1:
                return known[0], ()
            if len(words) == 1 and len(known) > 1:
                return short, ("same-surname",)
            if short in same:
                return short, ()
        if len(words) > 1:
            self.full.setdefault(words[-1], []).append(name)
        return name, ()

    def _holder(self, role: str) -> str:
        """Return who holds a role that ends like this one: "der Minister" after "Arbeitsminister Keller"."""
        found = {name for held, name in self.roles.items() if held.endswith(_masculine(role))}
        return found.pop() if len(found) == 1 else ""


def _head(words: Sequence[str]) -> int:
    """Return the place of the noun that the phrase is about: the last one before "der", "von" or "für"."""
    head = 0
    for at, word in enumerate(words):
        if at and word.lower() in _INNER:
            break
        head = at
    return head


def _held(words: Sequence[str], low: Sequence[str], head: int) -> list[int]:
    """Return the places of the roles in front of a name: "der frühere Parlamentarische Staatssekretär" counts."""
    held: list[int] = []
    for at in range(head + 1):
        if _is_role(low[at]) and (
            at == 0 or held or not words[at - 1][:1].isupper() or _is_adjective(words, at - 1)
        ):
            held.append(at)
        elif held or not (words[at][:1].islower() or _is_adjective(words, at)):
            break
    return held


def _is_adjective(words: Sequence[str], at: int) -> bool:
    return (
        at == 0
        and len(words) > 1
        and words[at].endswith(("e", "er", "en", "em"))
        and _is_role(words[1].lower())
    )


def _is_role(word: str) -> bool:
    """Tell a role or a compound of one; a short end as in "Walter" or "Sandrat" has to be the word itself."""
    if word in _LISTS["role"]:
        return True
    return any(len(role) > _FEW_LETTERS and word.endswith(role) for role in _LISTS["role"])


def _masculine(role: str) -> str:
    return role.removesuffix("in") if role.endswith("in") else role


def _body(word: str) -> str:
    """Return the gender of a word for a body or a text, in any case; nothing for another word."""
    forms = {
        word,
        word.removesuffix("s"),
        word.removesuffix("es"),
        word.removesuffix("en"),
        word.removesuffix("n"),
    }
    for gender in _ENDINGS:
        for known in _LISTS[gender]:
            if any(form == known or (len(known) >= _FEW_LETTERS and form.endswith(known)) for form in forms):
                return gender
    return ""


def _nominative(words: Sequence[str], head: int, gender: str, article: str) -> str:
    """Return a body's name as a subject: "Statistisches Bundesamt" for "des Statistischen Bundesamtes"."""
    named = list(words)
    if article in ("des", "dem", "eines", "einem"):
        known = _LISTS[gender]
        for ending in ("es", "s"):
            short = named[head].removesuffix(ending)
            if gender != "feminine" and short != named[head] and short.lower().endswith(tuple(known)):
                named[head] = short
                break
    if article in ("des", "dem", "der", "eines", "einem", "einer", "das", "die"):
        for at in range(head):
            stem = named[at]
            if stem.endswith(("en", "em")):
                named[at] = stem[:-2] + _ENDINGS[gender]
    return " ".join(named)


def _can_speak(name: str) -> bool:
    """Tell whether a name can put something forward; days, numbers, measures and things cannot."""
    words = name.lower().replace("-", " ").split()
    if not words or not any(char.isalpha() for char in name):
        return False
    head = words[_head(words)] if len(words) > 1 else words[0]
    if head.removesuffix("s") in _LISTS["never"] or head in _LISTS["never"]:
        return False
    days = ("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag")
    timed = head.startswith(days) and head.endswith(("tag", "mittwoch", *_DAY_PARTS))
    return not timed and any(char.isupper() for char in name)
