"""Which self-contained sentence says what a unit asserts, and what in it must a person settle?

A suggestion to be confirmed: pronouns become names, an elided subject is filled in, "yesterday" becomes a day when
the publication date is known. What the rules cannot settle stays as written and is marked with a question. Nothing is
ever added that the article does not say, and what is no sentence is not offered: see :mod:`gate`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from claims.language.document import Reading, Sentence
from claims.language.parser import parse
from claims.language.spans import Span
from claims.language.tokens import tokenize
from claims.splitting.attribution.results import Attributed
from claims.splitting.claimants.resolver import Resolver
from claims.splitting.clauses.premises import PremiseKind
from claims.splitting.framed_sentences import CLAUSE, opens_clause
from claims.splitting.types import Unit, Unresolved, Wording, settled, with_changes
from claims.splitting.units import UnitDraft
from claims.splitting.wording import dates, gate, names, phrases, pronouns, references, subjects
from claims.splitting.wording.changes import WordChange, applied
from claims.splitting.wording.clean import one_line, visible
from claims.vocabulary import Attribution

_BACKING = re.compile(
    r"\b((?!The\b|A\b|An\b)[A-Z][\w.]*(?:[- ][A-Z][\w.]*)*|foreign|state|government|regime)[-‑–]([a-z]+)\b,?\s*"
)
_LONGEST = 600
_LONGEST_REST = 60
_PRONOUNS = ("PRP", "PRP$")
_AROUND = " ,\n\"“”«»„'‘’"


def worded(
    units: Sequence[Unit],
    found: Sequence[UnitDraft],
    reading: Reading,
    rows: Sequence[Attributed],
    resolver: Resolver | None,
) -> list[Unit]:
    """Return the units with their wordings, in order; one whose wording is its whole sentence says so in its flags."""
    writer = _Writer(units, found, reading, rows, resolver)
    return [writer.worded(unit, draft) for unit, draft in zip(units, found, strict=True)]


class _Writer:
    """Writes the wordings of one article."""

    def __init__(
        self,
        units: Sequence[Unit],
        found: Sequence[UnitDraft],
        reading: Reading,
        rows: Sequence[Attributed],
        resolver: Resolver | None,
    ) -> None:
        self.reading = reading
        self.rows = rows
        self.resolver = resolver
        self.names = names.FullNames(reading, resolver) if resolver is not None else None
        self.text = visible(reading)
        self.beside: dict[tuple[int, int], list[Unit]] = {}
        for unit in units:
            self.beside.setdefault(unit.sentence, []).append(unit)
        self._telling: tuple[int, dict[int, str]] = (-1, {})

    def worded(self, unit: Unit, draft: UnitDraft) -> Unit:
        """Return a unit with what the gate lets through of its wording."""
        sentence = self.reading.sentences[draft.sentence]
        made, grammar = self._made(unit, draft, sentence)
        source = self.text[sentence.start : sentence.end]
        wording, whole = gate.passed(made, source, grammar=grammar, language=self.reading.language)
        flags = (*unit.flags, gate.FLAG) if whole else unit.flags
        return settled(unit, wording=wording, flags=flags)

    def _made(self, unit: Unit, draft: UnitDraft, sentence: Sentence) -> tuple[Wording, gate.Grammar | None]:
        plain = Wording(one_line(self.text[unit.start : unit.end]).strip())
        if unit.end - unit.start > _LONGEST:
            return plain, None
        if self.reading.language != "en":
            if draft.kind == CLAUSE or draft.quoted:
                return Wording(self._without_frame(draft)), None
            # A unit leaves the marks at its edges out; the sentence has them in pairs.
            return Wording(one_line(self.text[sentence.start : sentence.end]).strip()), None
        starts = sentence.starts
        places = range(bisect_left(starts, unit.start), bisect_left(starts, unit.end))
        if draft.premise is not None or unit.attribution is Attribution.PREMISE:
            return self._premise(unit, draft, sentence, places), None
        apposed = subjects.apposed(sentence, places) if draft.kind in ("apposition", "ranked") else None
        if apposed is not None:
            return self._is_what(unit, sentence, places, *apposed)
        parts = self._parts(unit, draft)
        shown = list(places)
        if len(parts) > 1:
            shown = [at for at in places if any(part.start <= starts[at] < part.end for part in parts)]
        if draft.kind in ("participle", "apposition"):
            before = subjects.clause_before(unit, self.beside[unit.sentence])
            if before is not None:
                ahead = range(bisect_left(starts, before.start), bisect_left(starts, before.end))
                joined = with_changes(unit, start=before.start, dates=(*before.dates, *unit.dates))
                changes = self._changes(joined, sentence, [*ahead, *shown], "")
                spans = [Span(before.start, before.end), Span(unit.start, unit.end)]
                text, unresolved = _joined(self.text, spans, changes)
                return Wording(text, tuple(unresolved)), gate.Grammar(sentence.tree, [*ahead, *shown])
        given = subjects.elided(unit, draft, sentence, self.reading, self.rows)
        changes = self._changes(unit, sentence, shown, given.words if given is not None else "")
        text, unresolved = applied(self.text, parts, changes)
        if given is None and draft.kind == "relative" and subjects.lacks_object(sentence, places):
            return plain, gate.Grammar(sentence.tree, [])
        if given is None:
            return Wording(text, tuple(unresolved)), _grammar(sentence, shown)
        words, why, finite = given
        if why.startswith("which"):
            words, why = self._fuller(words, why, unit.start)
            words = words[:1].upper() + words[1:]
        if why == subjects.NOBODY:
            return plain, gate.Grammar(sentence.tree, [])
        lowered = text[:1].lower() + text[1:] if not text[:2].isupper() else text
        moved = len(words) + 1
        unresolved = [Unresolved(u.start + moved, u.end + moved, u.why) for u in unresolved]
        unresolved = [Unresolved(0, len(words), why)] * bool(why) + unresolved
        return Wording(f"{words} {lowered}", tuple(unresolved)), gate.Grammar(
            sentence.tree, shown, True, verb_given=finite
        )

    def _is_what(
        self, unit: Unit, sentence: Sentence, places: range, opens: str, noun: int
    ) -> tuple[Wording, gate.Grammar | None]:
        """Write what stands behind a name and a comma as what the name is: "Lake Erie is one of the Great Lakes"."""
        changes = self._changes(unit, sentence, places, opens)
        text, unresolved = applied(self.text, [Span(unit.start, unit.end)], changes)
        moved = len(opens) + 1
        asked = tuple(Unresolved(u.start + moved, u.end + moved, u.why) for u in unresolved)
        cut = sentence.tree.xpos[places[-1]] in ("IN", "TO", "DT", "CC") or noun == places[0] == places[-1]
        return Wording("" if cut else f"{opens} {text}", asked), None

    def _without_frame(self, draft: UnitDraft) -> str:
        """Return a claim as a sentence; where its frame stood between commas one stays before a clause of its own."""
        if draft.frame is None:
            return one_line(self.text[draft.start : draft.end]).strip()
        left = one_line(self.text[draft.start : draft.frame[0]]).strip(_AROUND)
        right = one_line(self.text[draft.frame[1] : draft.end]).strip(_AROUND)
        comma = draft.quoted or opens_clause(right, self.reading.language)
        return f"{left}{',' if comma else ''} {right}"

    def _telling_of(self, sentence: Sentence) -> dict[int, str]:
        """Return the places of a sentence whose word may mean something that it does not say, and the word."""
        if self._telling[0] != sentence.index:
            words = enumerate(zip(sentence.low, sentence.tree.xpos, strict=True))
            found = {at: low for at, (low, tag) in words if tag in _PRONOUNS or low in references.WORDS}
            self._telling = (sentence.index, found)
        return self._telling[1]

    def _parts(self, unit: Unit, draft: UnitDraft) -> list[Span]:
        """Return what is left of a unit without the frame in its middle, the marks and comma around it."""
        frame, text = draft.frame, self.text
        if frame is None or not (unit.start < frame[0] and frame[1] < unit.end):
            return [Span(unit.start, unit.end)]
        left, right = frame
        while left > unit.start and text[left - 1] in _AROUND:
            left -= 1
        while right < unit.end and text[right] in _AROUND:
            right += 1
        if left == frame[0] or not _set_off(text, left, frame[0]):
            return [Span(unit.start, unit.end)]
        if not _set_off(text, frame[1], right):
            # "Moll explained | earlier in the hearing, …": what goes with the frame goes as well.
            comma = text.find(",", right, min(unit.end, right + _LONGEST_REST))
            if comma < 0:
                return [Span(unit.start, unit.end)]
            right = comma
            while right < unit.end and text[right] in _AROUND:
                right += 1
        return [Span(unit.start, left), Span(right, unit.end)]

    def _changes(
        self, unit: Unit, sentence: Sentence, shown: Sequence[int], subject: str
    ) -> list[WordChange]:
        changes = [
            change
            for mention in unit.dates
            if unit.start <= mention.start < mention.end <= unit.end
            and (change := dates.written(mention, sentence, self.text)) is not None
        ]
        held = set(shown)
        if self.names is not None:
            changes += self.names.people(sentence, held, self.text)
        named = pronouns.Named(subject=subject)
        spoken = unit.attribution is Attribution.QUOTED
        tags = sentence.tree.xpos
        telling = self._telling_of(sentence)
        for at in shown:
            if at not in telling:
                continue
            low = telling[at]
            pronoun = tags[at] in _PRONOUNS
            if pronoun and spoken and (low in pronouns.FIRST or low in pronouns.FIRST_PLURAL):
                changes += pronouns.first_person(unit, sentence, at, named)
            elif pronoun and (low in pronouns.FIRST or low in pronouns.FIRST_PLURAL):
                change = pronouns.writers_own(sentence, at, named)
                changes += [change] if change is not None else []
            elif pronoun and low in pronouns.THIRD:
                change = pronouns.third(unit, sentence, at, shown, self.reading, self.resolver, named)
                changes += [change] if change is not None else []
            elif low in references.WORDS:
                change = references.asked(sentence, at, held, shown[0], self.text)
                changes += [self._answered(change)] if change is not None else []
        return changes

    def _answered(self, asked: WordChange) -> WordChange:
        """Put the one name that the article gives a thing in the place of "the mosque"; else ask as before."""
        words, why = self._fuller(asked.words, asked.why, asked.start)
        return asked if words is asked.words else WordChange(asked.start, asked.end, words, why)

    def _fuller(self, words: str, why: str, place: int) -> tuple[str, str]:
        """Return the fuller words that the article has for "the mosque" or "the accident", and what is left to ask."""
        parts = words.split()
        if self.names is None or len(parts) != 2 or parts[0].lower() != "the" or parts[1] == "House":
            return words, why
        name = self.names.thing(parts[1].lower(), place)
        if name:
            return name, ""
        described = self.names.described(parts[1], place)
        return (described, f"is “{described}” what is meant?") if described else (words, why)

    def _premise(self, unit: Unit, draft: UnitDraft, sentence: Sentence, places: range) -> Wording:
        """Turn a noun phrase into the sentence it takes for granted, where its form says which; else nothing."""
        text = re.sub(r"\A(The|An?)\b", lambda found: found.group().lower(), one_line(unit.text))
        kind = draft.premise.kind if draft.premise is not None else None
        if kind is PremiseKind.TERM and unit.claimant:
            return Wording(f"{pronouns.owned(unit.claimant, '')} uses the term “{text}”")
        if kind is PremiseKind.BACKING:
            backed = _BACKING.findall(text)
            rest = _BACKING.sub("", text).strip(" ,")
            if backed and rest:
                several = " and " in rest or rest.endswith("s")
                modifiers = " and ".join(f"{who}-{how}" for who, how in backed)
                return Wording(f"{rest} {'are' if several else 'is'} {modifiers}")
        phrase = phrases.phrase_of(sentence, places) if places else None
        if phrase is None:
            return Wording("")
        made = one_line(phrases.asserted(phrase))
        for mention in unit.dates:
            expr = one_line(self.text[mention.start : mention.end])
            change = dates.written(mention, sentence, self.text)
            if change is not None and not change.why:
                made = made.replace(expr, change.words)
        return _read_again(made)


def _set_off(text: str, left: int, frame: int) -> bool:
    """Tell a frame between marks (“The truce,” he said, “holds”) from words of the sentence that look like one."""
    return any(char in ',"“”«»„—–-' for char in text[left:frame])


def _read_again(text: str) -> Wording:
    """Return a sentence made of a phrase with the questions it leaves; nothing where it does not read as one."""
    if not text:
        return Wording("")
    words = text[:1].upper() + text[1:] + "."
    tokens = tokenize(words)
    (tree,) = parse([[token.norm for token in tokens]])
    places = range(len(tokens))
    if not gate.is_sentence(gate.Grammar(tree, places)):
        return Wording("")
    sentence = Sentence(0, 0, 0, len(words), tokens, tree, [-1] * len(tokens))
    asked = [
        change for at in places if (change := references.asked(sentence, at, places, 0, words)) is not None
    ]
    return Wording(words, tuple(Unresolved(one.start, one.end, one.why) for one in asked))


def _grammar(sentence: Sentence, shown: Sequence[int]) -> gate.Grammar:
    """Return what the gate asks of the words that stand as they do in their sentence."""
    held = set(shown)
    missing = (at for at, token in enumerate(sentence.tokens) if at not in held and token.norm[0].isalnum())
    return gate.Grammar(sentence.tree, shown, is_all=next(missing, None) is None)


def _joined(text: str, spans: Sequence[Span], changes: Sequence[WordChange]) -> tuple[str, list[Unresolved]]:
    """Return a clause and the loose phrase that hangs on it, joined by a comma."""
    made, unresolved = applied(text, spans[:1], changes)
    made = made.rstrip(" ,.")
    loose, more = applied(text, spans[1:], changes)
    moved = len(made) + 2
    return f"{made}, {loose}", [
        *unresolved,
        *(Unresolved(u.start + moved, u.end + moved, u.why) for u in more),
    ]
