"""Whom does a note name? ``@`` and a name of the desk: the whole name, or its first word where one person has it.

Knows names and a text, and nothing of who may see what. A word after ``@`` that is no name of the desk is text.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mention:
    """One person named at one place of a text, offsets in code points, the ``@`` included."""

    start: int
    end: int
    person: int


@dataclass(frozen=True, slots=True)
class MentionsRead:
    """Who is named, and which words could mean several people, with the names they could mean."""

    mentions: tuple[Mention, ...]
    unclear: tuple[tuple[str, tuple[str, ...]], ...]


def mentions_in(text: str, people: Sequence[tuple[int, str]], *, meant: Collection[int] = ()) -> MentionsRead:
    """Read a text for names after ``@``; of several people of one name the one in ``meant`` is taken.

    The longest name that stands there counts, whatever its case. Addresses (``ann@desk.example``) name nobody.
    """
    names = [(pk, name) for pk, full in people for name in _handles(full)]
    found: list[Mention] = []
    unclear: list[tuple[str, tuple[str, ...]]] = []
    full_names = dict(people)
    for at in _marks(text):
        rest = text[at + 1 :]
        here = [(pk, name) for pk, name in names if _stands(rest, name)]
        if not here:
            continue
        longest = max(len(name) for _pk, name in here)
        able = dict.fromkeys(pk for pk, name in here if len(name) == longest)
        chosen = [pk for pk in able if pk in meant] if len(able) > 1 else list(able)
        if len(chosen) == 1:
            found.append(Mention(at, at + 1 + longest, chosen[0]))
        else:
            unclear.append((rest[:longest], tuple(full_names[pk] for pk in able)))
    return MentionsRead(tuple(found), tuple(unclear))


def _handles(full: str) -> Iterator[str]:
    name = " ".join(full.split())
    if name:
        yield name
        first = name.split(" ", 1)[0]
        if first != name:
            yield first


def _marks(text: str) -> Iterator[int]:
    for at, sign in enumerate(text):
        if sign == "@" and not (at and (text[at - 1].isalnum() or text[at - 1] in "._%+-@/")):
            yield at


def _stands(rest: str, name: str) -> bool:
    if rest[: len(name)].casefold() != name.casefold():
        return False
    after = rest[len(name) : len(name) + 2]
    if not after:
        return True
    return not (after[0].isalnum() or after[0] == "_" or (after[0] in "-@" and after[1:].isalnum()))
