"""Who is meant by the source of a frame: the person, body or government, by its fullest name?

Answers from the article alone and a shipped table of states; it never looks anything up and never guesses
between two people of one surname (flag ``same-surname``). What it cannot name it returns as it is written,
with a flag.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from claims.language.document import Reading, Sentence
from claims.language.spans import Span
from claims.splitting.attribution.results import Attributed
from claims.splitting.claimants.entities import Entity, NameRun, Register
from claims.splitting.claimants.mentions import head_end as head_end_of
from claims.splitting.claimants.mentions import opens_link, plain, plural_head, subject
from claims.splitting.claimants.named_bodies import AGAIN, DOCUMENTS, STAFF, Bodies
from claims.splitting.types import ClaimantKind
from claims.splitting.word_lists import roles, states

_SINGULAR = {
    "he": "m",
    "his": "m",
    "him": "m",
    "himself": "m",
    "she": "f",
    "her": "f",
    "hers": "f",
    "herself": "f",
}
_PLURAL = frozenset({"they", "their", "them", "themselves"})
_THINGS = frozenset({"it", "its", "itself"})
_SPEAKING = frozenset({"i", "we", "my", "our", "us", "me", "myself", "ourselves"})
_ARTICLES = frozenset(
    {"the", "a", "an", "this", "that", "these", "those", "his", "her", "its", "their", "one", "our", "my"}
)
_MINISTRY = re.compile(
    r"\b(government|ministry|ministries|foreign office|state department|pentagon|kremlin|white house|"
    r"downing street|"
    r"presidency|cabinet|defen[cs]e department|treasury)\b",
    re.I,
)
_STATE_OFFICES = {
    "state department": "United States",
    "pentagon": "United States",
    "kremlin": "Russia",
    "white house": "United States",
    "downing street": "United Kingdom",
    "foreign office": "United Kingdom",
}
_RELATIVE = re.compile(r"(?:which|whose|whom|that|who|where)\b", re.I)
#: How words for people in an office end ("press officer", "auditor", "economist").
_AGENT = re.compile(r"(?:er|or|ist|ian|woman|man|chief|head|aide|governor)\Z")
_RECORDS = frozenset({"record", "records", "recording", "recordings", "minutes", "register", "table"})
_CREW = frozenset({"staff", "employees", "workers", "crew", "personnel"})
_NEAR = 4
"""Sentences that "it" and "they" look back; "he" and "she" look back further."""
_FAR = 12


@dataclass(frozen=True, slots=True)
class NamedClaimant:
    """Whom a mention names.

    ``name`` is empty for an anonymous source ("it is believed"). ``span`` is the mention resolved. ``flags``
    say why a person should look: ``pronoun-unresolved``, ``pronoun-ambiguous``, ``same-surname``,
    ``role-unresolved``, ``vague-source``, ``anonymous-source``, ``issuer-unnamed``.
    """

    name: str
    kind: ClaimantKind
    span: Span | None
    flags: tuple[str, ...] = ()


ANONYMOUS = NamedClaimant("", ClaimantKind.ANONYMOUS, None, ("anonymous-source",))


def claimants(
    reading: Reading, rows: Sequence[Attributed], resolver: Resolver | None = None
) -> tuple[NamedClaimant, ...]:
    """Return the claimant of every frame, in order; in a quotation its speaker is "I" and "we".

    A ``resolver`` given by the caller remembers afterwards who spoke.
    """
    resolver = resolver or Resolver(reading)
    speakers: dict[int, NamedClaimant] = {}
    result: list[NamedClaimant | None] = [None] * len(rows)
    outer = [quote for quote in reading.quotes if quote.depth == 0]
    ends = [quote.end for quote in outer]
    for index, row in enumerate(rows):
        if row.quote is None:
            result[index] = claimant = resolver.resolve(row.source) if row.source else ANONYMOUS
            for span in row.content:
                for quote in outer[bisect_right(ends, span.start) :]:
                    if quote.start >= span.end:
                        break
                    speakers.setdefault(quote.id, claimant)
    for index, row in enumerate(rows):
        if row.quote is not None:
            speaker = speakers.get(row.quote)
            result[index] = resolver.resolve(row.source, speaker=speaker) if row.source else ANONYMOUS
    return tuple(claimant or ANONYMOUS for claimant in result)


@dataclass(frozen=True, slots=True)
class _Mention:
    """A person or body named at a place, as a candidate for a pronoun."""

    start: int
    sentence: int
    entity: Entity
    subject: bool


class Resolver:
    """Resolves mentions of one article, in the order of the text: it remembers who spoke last."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.register = Register(reading)
        self.bodies = Bodies(reading, self.register)
        self._starts = [sentence.start for sentence in reading.sentences]
        self._mentions: list[_Mention] = []
        self._last: list[tuple[int, NamedClaimant]] = []
        self._last_starts: list[int] = []
        self._places: list[int] = []
        self._index()

    def _index(self) -> None:
        for sentence in self.reading.sentences:
            for run in self.register.runs(sentence):
                entity, _ = self._entity(run)
                if entity is not None:
                    self._mentions.append(_Mention(run.start, sentence.index, entity, subject(sentence, run)))

    def _before(self, place: int, sentence: Sentence, reach: int) -> list[_Mention]:
        """Return the mentions before a place, at most ``reach`` sentences back, in order."""
        if len(self._places) != len(self._mentions):
            self._places = [mention.start for mention in self._mentions]
        end = bisect_left(self._places, place)
        start = end
        while start > 0 and sentence.index - self._mentions[start - 1].sentence <= reach:
            start -= 1
        return self._mentions[start:end]

    def _entity(self, run: NameRun) -> tuple[Entity | None, tuple[str, ...]]:
        table = states()
        low = " ".join(run.words).lower()
        if (low in table.names or low in table.seats) and not self.register.by_surname(low):
            state = table.names.get(low) or table.seats[low]
            return Entity(f"government of {state}", ClaimantKind.GOVERNMENT), ()
        return self.register.find(run.words)

    def sentence_at(self, place: int) -> Sentence | None:
        """Return the sentence that holds a place of the text."""
        at = bisect_right(self._starts, place) - 1
        return self.reading.sentences[at] if at >= 0 else None

    def resolve(self, span: Span, *, speaker: NamedClaimant | None = None) -> NamedClaimant:
        """Return whom a mention names; ``speaker`` is who says the quotation that the mention stands in."""
        claimant = self._resolve(span, speaker)
        if _RELATIVE.match(claimant.name):
            # "which artillery fired": a relative clause is nobody.
            claimant = replace(ANONYMOUS, span=span)
        if claimant.name and claimant.kind is not ClaimantKind.VAGUE:
            at = bisect_right(self._last_starts, span.start)
            self._last_starts.insert(at, span.start)
            self._last.insert(at, (span.start, claimant))
        return claimant

    def _resolve(self, span: Span, speaker: NamedClaimant | None) -> NamedClaimant:
        text = self.reading.layout.text[span.start : span.end]
        view = self.reading.view[span.start : span.end]
        low = view.lower().strip(" ,'\"")
        sentence = self.sentence_at(span.start)
        if not low or sentence is None:
            return replace(ANONYMOUS, span=span)
        if low in _SPEAKING:
            if speaker is not None and speaker.name:
                return replace(speaker, span=span)
            return NamedClaimant(text, ClaimantKind.VAGUE, span, ("pronoun-unresolved",))
        if low in _SINGULAR:
            return self._pronoun(span, text, low, sentence)
        if low in _PLURAL or low in _THINGS:
            return self._thing(span, text, low, sentence)
        low = re.sub(r"'s?$", "", low)
        runs = [run for run in self.register.runs(sentence) if span.start < run.end <= span.end + 2]
        head_end = head_end_of(sentence, span)
        if not runs and text[:1].isupper() and len(text.split()) == 1:
            entity, flags = self.register.find((text.strip(" ,'’"),))
            if entity is not None:
                return NamedClaimant(entity.name, entity.kind, span, flags)
        named = self._named(span, runs, head_end, sentence)
        if named is not None:
            return named
        return self._described(span, text, low, runs, head_end, sentence)

    def _named(
        self, span: Span, runs: list[NameRun], head_end: int, sentence: Sentence
    ) -> NamedClaimant | None:
        """Resolve a mention whose head, or whose apposition, is a name."""
        table, lists = states(), roles()
        head_low = self.reading.view[span.start : head_end].lower()
        head_words = re.findall(r"[\w.'-]+", head_low)
        office = _MINISTRY.search(head_low)
        # "the Kelm-based group" is not Kelm.
        inside = [
            run for run in runs if run.start < head_end and self.reading.view[run.end : run.end + 6] != "-based"
        ]
        # A noun phrase ends in its head: "the town's coach Nabil Roth" is Roth, "a spokesman for Acme" not Acme.
        for run in sorted(inside, key=lambda run: run.end < head_end - 2):
            name = " ".join(run.words)
            low = name.lower()
            at_end = run.end >= head_end - 2 or not opens_link(sentence, span, run)
            if not at_end:
                continue
            if office and not run.title:
                break
            last_word = head_words[-1] if head_words else ""
            if (
                last_word in lists["role"] | lists["body"] | lists["medium"] | lists["vague"]
                and run.end < head_end - 1
            ):
                break
            person = self.register.by_surname(low) if len(run.words) == 1 else []
            if (low in table.names or low in table.seats) and not person:
                if run.end < head_end - 1 and last_word != low.split()[-1]:
                    break
                state = table.names.get(low) or table.seats[low]
                return NamedClaimant(f"government of {state}", ClaimantKind.GOVERNMENT, span)
            entity, flags = self.register.find(run.words)
            if entity is not None:
                return NamedClaimant(entity.name, entity.kind, span, flags)
            if flags:
                return NamedClaimant(name, ClaimantKind.PERSON, span, flags)
            if low in table.adjectives:
                break
            if run.words and run.words[-1].lower() in lists["role"] | lists["title"]:
                break
            kind = ClaimantKind.PERSON if run.title else ClaimantKind.ORGANISATION
            return NamedClaimant(name, kind, span)
        # "a spokesman, Scott Whiffen": the name stands in the apposition, the head is a role.
        if any(word in lists["role"] or _AGENT.search(word) for word in head_words):
            for run in runs:
                if run.start >= head_end and self.reading.view[head_end : run.start].strip(" ,") == "":
                    entity, flags = self.register.find(run.words)
                    if entity is not None and entity.kind is ClaimantKind.PERSON:
                        return NamedClaimant(entity.name, entity.kind, span, flags)
        return None

    def _described(
        self, span: Span, text: str, low: str, runs: list[NameRun], head_end: int, sentence: Sentence
    ) -> NamedClaimant:
        """Resolve a mention without a name of its own: a government, a role, a body, a document, a group."""
        lists, table = roles(), states()
        head_low = self.reading.view[span.start : head_end].lower().strip(" ,'\"")
        words = re.findall(r"[\w.'-]+", head_low)
        core = [word.removesuffix("'s") for word in words]
        head = core[-1] if core else ""
        office = _MINISTRY.search(low[: head_end - span.start + 1]) if head_end > span.start else None
        nation = next((table.adjectives[word] for word in core if word in table.adjectives), "")
        nation = nation or next(
            (
                table.adjectives[f"{a} {b}"]
                for a, b in itertools.pairwise(core)
                if f"{a} {b}" in table.adjectives
            ),
            "",
        )
        nation = nation or next((table.names[word] for word in core if word in table.names), "")
        nation = nation or next((_STATE_OFFICES[key] for key in _STATE_OFFICES if key in head_low), "")
        definite = bool(core) and core[0] in ("the", "this", "that")
        if head.endswith("-year-old"):
            again = self._person_again(head, core, span, sentence)
            if again is not None:
                return again
        if head in lists["role"] and head not in ("official",):
            person = self._by_role(head, set(core), span.start, nation)
            if person is not None:
                return NamedClaimant(person.name, person.kind, span)
            again = self._person_again(head, core, span, sentence)
            if again is not None:
                return again
            flags = ("role-unresolved",) if core and core[0] in ("the", "this", "that") else ()
            return NamedClaimant(plain(text, self.reading, span), ClaimantKind.PERSON, span, flags)
        if office or (
            nation
            and head in ("authorities", "officials", "government", "administration", "side", "leadership")
        ):
            if not nation and " of " in low:
                tail = low.split(" of ", 1)[1].removeprefix("the ").strip()
                nation = table.names.get(tail) or table.names.get("the " + tail) or ""
            if nation:
                return NamedClaimant(f"government of {nation}", ClaimantKind.GOVERNMENT, span)
            # Which country a bare ministry serves is not guessed from the countries an article names.
            if head in ("ministry", "department"):
                body = self.bodies.meant(head, core, span.start, definite=definite)
                if body is not None:
                    return NamedClaimant(body.name, ClaimantKind.GOVERNMENT, span, ("state-unnamed",))
            else:
                states_named = [state for _, state in self.register.states_named]
                if len(set(states_named)) == 1 and len(states_named) > 1:
                    return NamedClaimant(
                        f"government of {states_named[0]}", ClaimantKind.GOVERNMENT, span, ("state-inferred",)
                    )
            return NamedClaimant(
                plain(text, self.reading, span), ClaimantKind.GOVERNMENT, span, ("state-unnamed",)
            )
        if head in lists["medium"] or head in DOCUMENTS or head in STAFF or head in _RECORDS:
            issuer = self._issuer(span, runs, sentence) if head not in STAFF else None
            if issuer is None and len(core) <= 3 and head_end >= span.end - 1:
                body = self.bodies.issuer(head, span.start, definite=definite)
                issuer = NamedClaimant(body.name, body.kind, span) if body is not None else None
            if issuer is not None:
                return issuer
        if head in lists["medium"]:
            return NamedClaimant(
                plain(text, self.reading, span), ClaimantKind.ORGANISATION, span, ("issuer-unnamed",)
            )
        if head in lists["body"] and head != "people":
            body = self.bodies.meant(head, core, span.start, definite=definite)
            if body is not None:
                return NamedClaimant(body.name, body.kind, span)
            for run in runs:
                if run.start < head_end and run.end >= head_end - 1:
                    return NamedClaimant(" ".join((*run.title, *run.words)), ClaimantKind.ORGANISATION, span)
            return NamedClaimant(plain(text, self.reading, span), ClaimantKind.ORGANISATION, span)
        content = [word for word in core if word not in _ARTICLES]
        if content == [head] and head in _CREW and head_end >= span.end - 1:
            return self._crew(span, head, sentence)
        if head in lists["vague"] or (content and content[0] in lists["vague"]):
            specific = len(content) > 1 or head_end < span.end
            kind = ClaimantKind.GROUP if nation else ClaimantKind.VAGUE
            flags = () if nation else ("vague-source",)
            return NamedClaimant(
                plain(text, self.reading, span) if specific else " ".join(content) or text, kind, span, flags
            )
        plural = plural_head(sentence, span, head_end)
        if runs and runs[0].start <= span.start + 4:
            return NamedClaimant(" ".join((*runs[0].title, *runs[0].words)), ClaimantKind.ORGANISATION, span)
        kind = ClaimantKind.GROUP if plural else ClaimantKind.PERSON
        return NamedClaimant(plain(text, self.reading, span), kind, span)

    def _crew(self, span: Span, head: str, sentence: Sentence) -> NamedClaimant:
        """Resolve "staff" alone: of the one organisation named just before, else vague."""
        named = {
            mention.entity.name
            for mention in self._before(span.start, sentence, 1)
            if mention.entity.kind is ClaimantKind.ORGANISATION
        }
        if len(named) == 1:
            return NamedClaimant(f"{head} of {named.pop()}", ClaimantKind.GROUP, span)
        return NamedClaimant(head, ClaimantKind.VAGUE, span, ("vague-source",))

    def _by_role(self, head: str, words: set[str], place: int, nation: str) -> Entity | None:
        """Return the person last named before a place who holds a role, else the only one who does."""
        holders = [person for person in self.register.people if head in person.roles]
        modifiers = words - _ARTICLES - {head}
        if len(holders) > 1 and modifiers:
            fitting = [person for person in holders if modifiers & person.modifiers]
            holders = fitting or holders
        if head in ("spokesman", "spokeswoman", "man", "woman") or not holders:
            gender = "f" if head in roles()["female"] else "m" if head in roles()["male"] else ""
            holders = [person for person in holders if not gender or person.gender in ("", gender)]
        if not holders:
            return None
        before = [
            (max(at for at in person.places if at < place), person)
            for person in holders
            if any(at < place for at in person.places)
        ]
        if before:
            return max(before, key=lambda pair: pair[0])[1]
        return holders[0] if len(holders) == 1 else None

    def _person_again(
        self, head: str, core: list[str], span: Span, sentence: Sentence
    ) -> NamedClaimant | None:
        """Return the person that "the 24-year-old" or "the former mayor of Kelm" means again.

        News varies a name by what else is true of the person just spoken of: the subject of the sentences before.
        """
        if core[:1] != ["the"] or not (head in AGAIN or head.endswith("-year-old") or "former" in core[1:-1]):
            return None
        gender = "f" if head in roles()["female"] else "m" if head in roles()["male"] else ""
        near = [
            mention
            for mention in self._before(span.start, sentence, 2)
            if mention.entity.kind is ClaimantKind.PERSON
            and (not gender or mention.entity.gender in ("", gender))
        ]
        if not near:
            return None
        chosen = max(near, key=lambda mention: (mention.sentence, mention.subject, mention.start))
        return NamedClaimant(chosen.entity.name, ClaimantKind.PERSON, span)

    def _issuer(self, span: Span, runs: list[NameRun], sentence: Sentence) -> NamedClaimant | None:
        """Return the body that issued a report, a poll or a statement, where the mention names it."""
        for run in runs:
            entity, flags = self._entity(run)
            if entity is not None:
                return NamedClaimant(entity.name, entity.kind, span, flags)
            if len(run.words) and run.words[-1].lower() in roles()["organisation"]:
                return NamedClaimant(" ".join(run.words), ClaimantKind.ORGANISATION, span)
        # "the institute's weekly bulletin" is the institute's.
        owner = re.match(r"((?:[\w.-]+ ){1,3}[\w.-]+)'s? ", self.reading.view[span.start : span.end])
        if owner is not None:
            return self._resolve(Span(span.start, span.start + owner.end(1)), None)
        words = self.reading.view[span.start : span.end].lower().split()
        if words and words[0] in ("his", "her", "their", "its"):
            return self._resolve(Span(span.start, span.start + len(words[0])), None)
        return None

    def _pronoun(self, span: Span, text: str, low: str, sentence: Sentence) -> NamedClaimant:
        gender = _SINGULAR[low]
        fitting: dict[str, tuple[float, Entity]] = {}
        at = bisect_left(self._last_starts, span.start)
        last = self._last[at - 1][1] if at else None
        for mention in self._before(span.start, sentence, _FAR):
            entity = mention.entity
            distance = sentence.index - mention.sentence
            if entity.kind is not ClaimantKind.PERSON or entity.gender not in ("", gender):
                continue
            score = -float(distance)
            score += 1.2 if mention.subject else 0.0
            score += 1.5 if entity.gender == gender else 0.0
            score += 1.0 if last is not None and last.name == entity.name else 0.0
            before = fitting.get(entity.name)
            if before is None or before[0] <= score:
                fitting[entity.name] = (score, entity)
        if (
            last is not None
            and last.kind is ClaimantKind.PERSON
            and last.name not in fitting
            and not self._gender_differs(last.name, gender)
        ):
            holder = self.sentence_at(self._last[at - 1][0])
            distance = sentence.index - (holder.index if holder else 0)
            if distance <= _NEAR:
                fitting[last.name] = (1.0 - distance, Entity(last.name, last.kind))
        if not fitting:
            return NamedClaimant(text, ClaimantKind.PERSON, span, ("pronoun-unresolved",))
        ranked = sorted(fitting.values(), key=lambda pair: -pair[0])
        close = len(ranked) > 1 and ranked[0][0] - ranked[1][0] < 0.5
        return NamedClaimant(
            ranked[0][1].name, ClaimantKind.PERSON, span, ("pronoun-ambiguous",) if close else ()
        )

    def _gender_differs(self, name: str, gender: str) -> bool:
        words = name.lower().split()
        lists = roles()
        other = lists["female"] if gender == "m" else lists["male"]
        return any(word in other for word in words)

    def _thing(self, span: Span, text: str, low: str, sentence: Sentence) -> NamedClaimant:
        """Resolve "they" and "it": the last speaker that is no single person, else the last body named."""
        kinds = (ClaimantKind.ORGANISATION, ClaimantKind.GOVERNMENT, ClaimantKind.GROUP)
        best: tuple[float, str, ClaimantKind] | None = None
        at = bisect_left(self._last_starts, span.start)
        for start, claimant in self._last[max(0, at - 12) : at]:
            holder = self.sentence_at(start)
            if (
                start < span.start
                and holder is not None
                and claimant.kind in kinds
                and sentence.index - holder.index <= _NEAR
            ):
                score = 1.0 - (sentence.index - holder.index)
                if best is None or score >= best[0]:
                    best = (score, claimant.name, claimant.kind)
        for mention in self._before(span.start, sentence, _NEAR):
            if mention.entity.kind in kinds and sentence.index - mention.sentence <= _NEAR:
                score = mention.sentence - sentence.index + (0.8 if mention.subject else 0.0)
                if best is None or score >= best[0]:
                    best = (score, mention.entity.name, mention.entity.kind)
        if best is None:
            return NamedClaimant(text, ClaimantKind.VAGUE, span, ("pronoun-unresolved",))
        return NamedClaimant(best[1], best[2], span)
