"""Which self-contained sentence says what a unit asserts, and what in it must a person settle?

A suggestion to be confirmed: pronouns become names, an elided subject is filled in, "yesterday" becomes a day when
the publication date is known. What the rules cannot settle stays as written and is marked with a question. Nothing is
ever added that the article does not say.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace

from claims.language.document import Reading, Sentence
from claims.language.partial_dates import PartialDate
from claims.language.spans import Span
from claims.splitting import wording_subjects as subjects
from claims.splitting.attribution.results import Attributed
from claims.splitting.claimants.resolver import Resolver
from claims.splitting.clauses.premises import PremiseKind
from claims.splitting.types import ClaimantKind, DateMention, Unit, Unresolved, Wording
from claims.splitting.units import UnitDraft
from claims.vocabulary import Attribution

_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_FIRST = {"i": "", "me": "", "my": "'s", "mine": "'s", "myself": ""}
_FIRST_PLURAL = {"we": "", "us": "", "our": "'s", "ours": "'s", "ourselves": ""}
_THIRD = {
    "he": "",
    "she": "",
    "him": "",
    "his": "'s",
    "her": "",
    "they": "",
    "their": "'s",
    "its": "'s",
    "it": "",
}
_AGREES = {
    "am": "is",
    "'m": "is",
    "have": "has",
    "'ve": "has",
    "do": "does",
    "are": "is",
    "were": "was",
    "'re": "is",
}
_POINTING = frozenset({"this", "that", "these", "those", "such"})
_EVENTS = frozenset(
    [
        "agreement",
        "deal",
        "accord",
        "truce",
        "ceasefire",
        "report",
        "study",
        "decision",
        "plan",
        "law",
        "bill",
        "vote",
        "attack",
        "incident",
        "move",
        "measure",
        "proposal",
        "ruling",
        "claim",
        "statement",
        "scheme",
        "project",
        "contract",
        "tax",
        "ban",
        "investigation",
        "inquiry",
        "talks",
        "crash",
        "fire",
        "election",
        "survey",
        "poll",
        "pact",
        "treaty",
        "merger",
        "figure",
        "number",
        "increase",
        "change",
        "policy",
        "programme",
        "program",
        "reform",
        "strike",
    ]
)
_COMPLEMENTS = frozenset(
    {"of", "between", "that", "which", "with", "on", "to", "by", "in", "at", "for", "from", "who"}
)
_SPACES = re.compile(r"\s+")
_BACKING = re.compile(
    r"\b((?!The\b|A\b|An\b)[A-Z][\w.]*(?:[- ][A-Z][\w.]*)*|foreign|state|government|regime)[-‑–]([a-z]+)\b,?\s*"
)
_LONGEST = 600
_AROUND = " ,\n\"“”«»„'‘’"


@dataclass(frozen=True, slots=True)
class _Change:
    """``text[start:end]`` becomes ``words``; with ``why`` it needs a person."""

    start: int
    end: int
    words: str
    why: str = ""


def worded(
    units: Sequence[Unit],
    found: Sequence[UnitDraft],
    reading: Reading,
    rows: Sequence[Attributed],
    resolver: Resolver | None,
) -> list[Unit]:
    """Return the units with their wordings, in order."""
    by_id = {unit.id: unit for unit in units}
    drafts = {unit.id: draft for unit, draft in zip(units, found, strict=True)}
    return [
        replace(unit, wording=_worded(unit, drafts[unit.id], by_id, reading, rows, resolver))
        for unit in units
    ]


def _worded(
    unit: Unit,
    draft: UnitDraft,
    by_id: dict[int, Unit],
    reading: Reading,
    rows: Sequence[Attributed],
    resolver: Resolver | None,
) -> Wording:
    if unit.end - unit.start > _LONGEST or reading.language != "en":
        return Wording(_sentence(unit.text))
    if draft.premise is not None:
        return _premise(unit, draft)
    sentence = reading.sentences[draft.sentence]
    if draft.kind in ("participle", "apposition"):
        before = subjects.clause_before(unit, by_id.values())
        if before is not None:
            joined = f"{_SPACES.sub(' ', before.text).rstrip(' ,.')}, {_SPACES.sub(' ', unit.text)}"
            return Wording(_sentence(joined))
    changes = _changes(unit, draft, sentence, reading, rows, resolver)
    start = subjects.elided(unit, draft, sentence, reading, rows)
    text, unresolved = _apply(reading.layout.text, unit, draft, changes)
    if start is not None:
        words, why = start
        lowered = text[:1].lower() + text[1:] if not text[:2].isupper() else text
        text = f"{words} {lowered}"
        moved = len(words) + 1
        unresolved = [Unresolved(u.start + moved, u.end + moved, u.why) for u in unresolved]
        if why:
            unresolved.insert(0, Unresolved(0, len(words), why))
    return Wording(_sentence(text), tuple(unresolved))


def _sentence(text: str) -> str:
    """Return a text with a capital and a full stop; lengths before the stop stay."""
    words = _SPACES.sub(" ", text).strip()
    words = re.sub(r",([”\"’'])\Z", r"\1", words)
    if words[:1].islower():
        words = words[0].upper() + words[1:]
    return words if words[-1:] in tuple(".!?…") else f"{words}."


def _apply(text: str, unit: Unit, draft: UnitDraft, changes: list[_Change]) -> tuple[str, list[Unresolved]]:
    """Return the words of a unit with the changes made, and the places that need a person."""
    parts = [(unit.start, unit.end)]
    frame = draft.frame
    if frame is not None and unit.start < frame[0] and frame[1] < unit.end:
        # The marks and the comma around the frame go with it.
        left, right = frame
        while left > unit.start and text[left - 1] in _AROUND:
            left -= 1
        while right < unit.end and text[right] in _AROUND:
            right += 1
        parts = [(unit.start, left), (right, unit.end)]
    made = ""
    unresolved: list[Unresolved] = []
    for start, end in parts:
        at = start
        made += " " if made else ""
        for change in sorted(changes, key=lambda change: change.start):
            if change.start < at or change.end > end:
                continue
            made = _joined(made, text[at : change.start])
            if change.why:
                begin = len(made)
                unresolved.append(Unresolved(begin, begin + len(change.words), change.why))
            made += change.words
            at = change.end
        made = _joined(made, text[at:end])
    return made.rstrip(), unresolved


def _joined(made: str, more: str) -> str:
    """Append words with single spaces, none at the beginning."""
    folded = _SPACES.sub(" ", more)
    if not made or made.endswith(" "):
        folded = folded.lstrip(" ")
    return made + folded


# --- changes ------------------------------------------------------------------------------------------------


def _changes(
    unit: Unit,
    draft: UnitDraft,
    sentence: Sentence,
    reading: Reading,
    rows: Sequence[Attributed],
    resolver: Resolver | None,
) -> list[_Change]:
    changes = [change for mention in unit.dates if (change := _date(mention, unit, reading)) is not None]
    tokens = sentence.tokens
    starts = [token.start for token in tokens]
    first, last = bisect_left(starts, unit.start), bisect_left(starts, unit.end)
    frame = draft.frame
    named: set[str] = set()
    for at in range(first, last):
        token = tokens[at]
        if frame is not None and frame[0] <= token.start < frame[1]:
            continue
        low = token.norm.lower()
        spoken = unit.attribution is Attribution.QUOTED
        if spoken and (low in _FIRST or low in _FIRST_PLURAL) and sentence.tree.xpos[at] in ("PRP", "PRP$"):
            change = _spoken(unit, low, token.start, token.end, named)
            if change is not None:
                changes.append(change)
                changes.extend(_agreement(low, sentence, at, change))
        elif low in _THIRD and sentence.tree.xpos[at] in ("PRP", "PRP$"):
            inserted = _inserted(sentence, at, reading)
            if inserted is not None:
                changes.append(inserted)
                named.add(inserted.words)
                continue
            change = _pronoun(unit, low, at, first, sentence, reading, resolver, named)
            if change is not None:
                changes.append(change)
        elif low in _POINTING:
            change = _pointing(sentence, at, last)
            if change is not None:
                changes.append(change)
        elif low == "the" and at + 1 < last:
            change = _event(sentence, at, reading)
            if change is not None:
                changes.append(change)
    return changes


def _event(sentence: Sentence, at: int, reading: Reading) -> _Change | None:
    """Ask which one is meant by "the agreement", where nothing behind it says so."""
    tokens, tags = sentence.tokens, sentence.tree.xpos
    noun = tokens[at + 1].norm.lower()
    if noun not in _EVENTS or tags[at + 1] not in ("NN", "NNS"):
        return None
    if at + 2 < len(tokens) and (
        tokens[at + 2].norm.lower() in _COMPLEMENTS or tags[at + 2] in ("NN", "NNS", "NNP", "VBN")
    ):
        return None
    words = reading.layout.text[tokens[at].start : tokens[at + 1].end]
    return _Change(tokens[at].start, tokens[at + 1].end, words, f"which {noun}?")


def _spoken(unit: Unit, low: str, start: int, end: int, named: set[str]) -> _Change | None:
    """Replace "I" by the speaker; "we" by the body that speaks, else ask who is meant."""
    plural = low in _FIRST_PLURAL
    owner = (_FIRST_PLURAL if plural else _FIRST)[low]
    body = unit.claimant_kind in (ClaimantKind.ORGANISATION, ClaimantKind.GOVERNMENT)
    if not unit.claimant or low in ("myself", "ourselves"):
        return None
    if plural and not body:
        return None if "we" in named else _ask(named, "we", _Change(start, end, low, "who is “we”?"))
    if unit.claimant in named:
        return None
    named.add(unit.claimant)
    return _Change(start, end, _owned(unit.claimant, owner))


def _ask(named: set[str], key: str, change: _Change) -> _Change:
    named.add(key)
    return change


def _owned(name: str, owner: str) -> str:
    shown = f"the {name}" if name.startswith("government of") else name
    return shown + (owner if not (owner and shown.endswith("s")) else "'")


def _agreement(low: str, sentence: Sentence, at: int, change: _Change) -> list[_Change]:
    """Let the verb behind a replaced "I" or "we" agree with the name."""
    if change.why or low not in ("i", "we"):
        return []
    after = at + 1
    while after < len(sentence.tokens) and sentence.tree.xpos[after] == "RB" and after - at < 3:
        after += 1
    if after >= len(sentence.tokens):
        return []
    token, tag = sentence.tokens[after], sentence.tree.xpos[after]
    verb = token.norm.lower()
    glued = " " if verb.startswith("'") else ""
    if verb in _AGREES:
        return [_Change(token.start, token.end, glued + _AGREES[verb])]
    if tag == "VBP" and verb.isalpha():
        ending = "es" if verb.endswith(("s", "sh", "ch", "x", "z", "o")) else "s"
        third = verb[:-1] + "ies" if verb.endswith("y") and verb[-2:-1] not in "aeiou" else verb + ending
        return [_Change(token.start, token.end, third)]
    return []


def _pronoun(
    unit: Unit,
    low: str,
    at: int,
    first: int,
    sentence: Sentence,
    reading: Reading,
    resolver: Resolver | None,
    named: set[str],
) -> _Change | None:
    """Replace the first pronoun for somebody; a possessive behind its own noun phrase stays."""
    token = sentence.tokens[at]
    tree = sentence.tree
    words = reading.layout.text[token.start : token.end]
    early = at - first <= 2
    if low in ("it", "its", "they", "their") and tree.labels[at] == "expl":
        return None
    earlier_name = any(tree.xpos[k] in ("NNP", "NNPS") for k in range(first, at))
    if earlier_name or named:
        return None
    if resolver is None:
        return _Change(token.start, token.end, words, f"who is “{low}”?")
    speaker = unit.claimant if unit.attribution is Attribution.REPORTED else ""
    body = unit.claimant_kind in (ClaimantKind.ORGANISATION, ClaimantKind.GOVERNMENT, ClaimantKind.GROUP)
    if low in ("it", "its", "they", "their"):
        if speaker and body and early:
            named.add(speaker)
            return _Change(token.start, token.end, _owned(speaker, _THIRD[low]))
        named.add(low)
        return _Change(
            token.start, token.end, words, f"what is “{low}”?" if low[0] == "i" else f"who are “{low}”?"
        )
    person = resolver.resolve(Span(token.start, token.end))
    if not person.name or person.flags or person.name.lower() == low:
        named.add(low)
        return _Change(token.start, token.end, words, f"who is “{low}”?")
    named.add(person.name)
    owner = "'s" if low == "his" or (low == "her" and tree.xpos[at] == "PRP$") else ""
    return _Change(token.start, token.end, _owned(person.name, owner))


def _inserted(sentence: Sentence, at: int, reading: Reading) -> _Change | None:
    """Return the editor's own resolution of a pronoun: "It [Turkey]"."""
    tokens = sentence.tokens
    if at + 3 >= len(tokens) or tokens[at + 1].norm != "[":
        return None
    close = next((k for k in range(at + 2, min(at + 8, len(tokens))) if tokens[k].norm == "]"), -1)
    if close < at + 3 or not sentence.tree.xpos[close - 1].startswith("NN"):
        return None
    return _Change(
        tokens[at].start, tokens[close].end, reading.layout.text[tokens[at + 2].start : tokens[close - 1].end]
    )


def _pointing(sentence: Sentence, at: int, last: int) -> _Change | None:
    """Ask what "this" or "that deal" points to; leave "that" where it opens a clause."""
    token, tag = sentence.tokens[at], sentence.tree.xpos[at]
    low = token.norm.lower()
    if tag not in ("DT", "PDT") or (low == "that" and sentence.tree.labels[at] == "mark"):
        return None
    if sentence.tree.labels[at] in ("nsubj", "nsubj:pass", "obj"):
        return _Change(token.start, token.end, token.norm, f"what is “{low}”?")
    if at + 1 < last and sentence.tree.xpos[at + 1] in ("NN", "NNS") and low != "such":
        noun = sentence.tokens[at + 1].norm.lower()
        if noun in ("year", "month", "week", "time", "day", "morning", "decade", "century"):
            return None
        return _Change(token.start, token.end, token.norm, f"which {noun}?")
    return None


def _date(mention: DateMention, unit: Unit, reading: Reading) -> _Change | None:
    """Write a relative date out where it is known; ask where it is not."""
    if not unit.start <= mention.start < mention.end <= unit.end:
        return None
    text = reading.layout.text
    expr = text[mention.start : mention.end]
    if mention.value == "event-relative":
        return _Change(mention.start, mention.end, _SPACES.sub(" ", expr), "counted from which event?")
    if mention.value == "unresolved" or mention.value.startswith("XXXX"):
        return _Change(mention.start, mention.end, _SPACES.sub(" ", expr), "which date?")
    written = spelled(mention.value)
    if not written or re.search(r"\d{4}", expr) or mention.value.startswith("P") or "/" in mention.value:
        return None
    before = text[max(0, mention.start - 4) : mention.start].lower()
    lead = (
        ""
        if re.search(r"\b(on|in|by|of|at)\s$", before)
        or re.search(r"\b(since|from|to)\s$", text[max(0, mention.start - 6) : mention.start].lower())
        else ("on " if len(mention.value) == 10 else "in ")
    )
    begins = expr[:1].isupper() and mention.start == unit.start
    words = lead + written
    return _Change(mention.start, mention.end, words[:1].upper() + words[1:] if begins else words)


def spelled(value: str) -> str:
    """Return a day, month or year as people write it ("13 October 2020"); nothing for other values."""
    try:
        date = PartialDate.parse(value)
    except ValueError:
        return ""
    parts = date.value.split("-")
    if not all(part.isdigit() for part in parts) or len(parts[0]) != 4:
        return ""
    month = _MONTHS[int(parts[1]) - 1] if len(parts) > 1 else ""
    return " ".join(part for part in (str(int(parts[2])) if len(parts) > 2 else "", month, parts[0]) if part)


# --- premises -----------------------------------------------------------------------------------------------


def _premise(unit: Unit, draft: UnitDraft) -> Wording:
    """Turn a noun phrase into the assertion it carries, where its form says which."""
    assert draft.premise is not None
    text = re.sub(r"\A(The|An?)\b", lambda found: found.group().lower(), _SPACES.sub(" ", unit.text))
    if draft.premise.kind is PremiseKind.TERM and unit.claimant:
        return Wording(_sentence(f"{_owned(unit.claimant, '')} uses the term “{text}”"))
    if draft.premise.kind is PremiseKind.BACKING:
        backed = _BACKING.findall(text)
        rest = _BACKING.sub("", text).strip(" ,")
        if backed and rest:
            several = " and " in rest or rest.endswith("s")
            modifiers = " and ".join(f"{who}-{how}" for who, how in backed)
            return Wording(_sentence(f"{rest} {'are' if several else 'is'} {modifiers}"))
    sentence = _sentence(text)
    return Wording(sentence, (Unresolved(0, len(sentence), "what does the phrase assert?"),))
