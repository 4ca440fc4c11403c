"""Which words put something forward as someone's, and which complements do they take?

Reads the hand-written lists in ``data/cues_*.txt``. A list says what a word *may* do; whether it does so in a
sentence is for ``attribution_rules.py``. No list was counted from a corpus.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from claims.splitting.attribution.results import CueClass

# Prepositions that need no ">" in the lists.
_BARE = frozenset({"of", "for", "on", "in", "at", "with", "by", "over", "about", "against"})

DATA = Path(__file__).parent.parent / "data"


@dataclass(frozen=True, slots=True)
class Cue:
    """One word of a list: its complements, and the prepositions that lead one in.

    ``takes`` holds ``that, q, to, oto, np, ing, adr, as``; ``leads`` the prepositions directly after the cue,
    ``object_leads`` those after an object ("accuse X *of*"). ``denies`` marks "deny" and its like.
    """

    lemma: str
    cls: CueClass
    takes: frozenset[str]
    leads: frozenset[str]
    object_leads: frozenset[str]
    denies: bool = False


@cache
def verbs(language: str = "en") -> dict[str, Cue]:
    """Return the cue of every inflected form."""
    entries = _entries(f"cues_verbs_{language}.txt")
    irregular = _irregular(language)
    forms: dict[str, Cue] = {}
    for lemma, cue in entries.items():
        for form in (lemma, *irregular.get(lemma, ()), *_regular(lemma, irregular.get(lemma, ()))):
            forms.setdefault(form, cue)
    for lemma, cue in entries.items():
        # The base form belongs to its own lemma even where another verb shares it ("saw", "found").
        forms[lemma] = cue
    return forms


@cache
def nouns(language: str = "en") -> dict[str, Cue]:
    """Return the cue of every noun, singular and plural."""
    forms: dict[str, Cue] = {}
    for lemma, cue in _entries(f"cues_nouns_{language}.txt").items():
        forms[lemma] = cue
        forms.setdefault(_plural(lemma), cue)
    return forms


@cache
def adjectives(language: str = "en") -> dict[str, Cue]:
    """Return the cue of every adjective."""
    return dict(_entries(f"cues_adjectives_{language}.txt"))


@cache
def cue_words() -> frozenset[str]:
    """Return every form that can be a cue: no other word needs to be asked about."""
    return frozenset(verbs()) | frozenset(nouns()) | frozenset(adjectives()) | {"according", "words"}


def _lines(name: str) -> list[str]:
    text = (DATA / name).read_text(encoding="utf-8")
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]


def _entries(name: str) -> dict[str, Cue]:
    entries: dict[str, Cue] = {}
    cls = CueClass.SPEECH
    for line in _lines(name):
        if line.startswith("["):
            cls = CueClass(line.strip("[]"))
            continue
        lemma, *marks = line.split()
        entries[lemma] = Cue(
            lemma,
            cls,
            frozenset(mark for mark in marks if ">" not in mark and mark != "deny" and mark not in _BARE),
            frozenset(mark.removeprefix(">") for mark in marks if mark.startswith(">") or mark in _BARE),
            frozenset(mark[2:] for mark in marks if mark.startswith("o>")),
            "deny" in marks,
        )
    return entries


@cache
def _irregular(language: str) -> dict[str, tuple[str, ...]]:
    rows = (line.split() for line in _lines(f"verbs_irregular_{language}.txt"))
    return {row[0]: tuple(row[1:]) for row in rows}


def _regular(lemma: str, irregular: tuple[str, ...]) -> list[str]:
    """Return the regular forms of an English verb; a list of irregular forms replaces those it has."""
    if lemma.endswith("y") and lemma[-2] not in "aeiou":
        third, past, ing = lemma[:-1] + "ies", lemma[:-1] + "ied", lemma + "ing"
    elif lemma.endswith("ie"):
        third, past, ing = lemma + "s", lemma + "d", lemma[:-2] + "ying"
    elif lemma.endswith("e"):
        third, past, ing = lemma + "s", lemma + "d", (lemma if lemma.endswith("ee") else lemma[:-1]) + "ing"
    elif lemma.endswith(("s", "sh", "ch", "x", "z", "o")):
        third, past, ing = lemma + "es", lemma + "ed", lemma + "ing"
    else:
        third, past, ing = lemma + "s", lemma + "ed", lemma + "ing"
    forms = [third]
    if not any(not form.endswith(("s", "ing")) for form in irregular):
        forms.append(past)
    if not any(form.endswith("ing") for form in irregular):
        forms.append(ing)
    return forms


def _plural(noun: str) -> str:
    if noun.endswith("y") and noun[-2] not in "aeiou":
        return noun[:-1] + "ies"
    if noun.endswith("sis"):
        return noun[:-2] + "es"
    return noun + ("es" if noun.endswith(("s", "sh", "ch", "x")) else "s")
