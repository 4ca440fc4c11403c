"""The word lists that several rooms of splitting read: titles and roles, states, and lists by section."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"


@cache
def word_lists(name: str) -> dict[str, frozenset[str]]:
    """Return the sections of a shipped word list."""
    sections: dict[str, set[str]] = {}
    current: set[str] = set()
    for line in (DATA / name).read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("["):
            current = sections.setdefault(line.strip("[] \n"), set())
        else:
            current.update(line.split())
    return {section: frozenset(words) for section, words in sections.items()}


@cache
def roles() -> dict[str, frozenset[str]]:
    """Return the lists of titles, roles and kinds of bodies."""
    return word_lists("roles_en.txt")


@cache
def acts(section: str) -> frozenset[str]:
    """Return one list of what speakers do: tell, reject, rule, show."""
    return word_lists("acts_en.txt")[section]


@cache
def any_role(*sections: str) -> frozenset[str]:
    """Return the words of several of these lists, joined once: a union in a loop costs more than all it decides."""
    return frozenset().union(*(roles()[section] for section in sections))


@dataclass(frozen=True, slots=True)
class States:
    """The table of states: by name, by seat of government and by adjective, all in lower case."""

    names: dict[str, str]
    seats: dict[str, str]
    adjectives: dict[str, str]


@cache
def states() -> States:
    """Return the shipped table of states."""
    names: dict[str, str] = {}
    seats: dict[str, str] = {}
    adjectives: dict[str, str] = {}
    for line in (DATA / "territories_en.txt").read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        name, capitals, people, others = (*line.split("|"), "", "", "")[:4]
        names[name.lower()] = name
        names.update({other.lower(): name for other in others.split(";") if other})
        seats.update({seat.lower(): name for seat in capitals.split(";") if seat})
        adjectives.update({word.lower(): name for word in people.split(";") if word})
    return States(names, seats, adjectives)
