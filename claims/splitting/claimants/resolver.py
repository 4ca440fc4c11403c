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
from dataclasses import replace

from claims.language.document import Reading, Sentence
from claims.language.spans import Span
from claims.splitting.attribution.results import LABEL, Attributed, FrameWording
from claims.splitting.claimants.antecedents import Antecedents
from claims.splitting.claimants.entities import Entity, Register
from claims.splitting.claimants.joint import joined
from claims.splitting.claimants.mentions import head_end as head_end_of
from claims.splitting.claimants.mentions import plain, plural_head
from claims.splitting.claimants.name_runs import NameRun
from claims.splitting.claimants.named import ANONYMOUS, NamedClaimant
from claims.splitting.claimants.named_bodies import AGAIN, DOCUMENTS, STAFF, Bodies
from claims.splitting.claimants.recall import SINGULAR, Recall, government_of
from claims.splitting.claimants.speakers import admitted, can_speak
from claims.splitting.claimants.turns import Turns
from claims.splitting.types import ClaimantKind
from claims.splitting.word_lists import any_role, roles, states, word_lists

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
_GOVERNING = frozenset({"government", "authorities", "administration", "leadership", "side"})
_RECEIVED = re.compile(
    r"\b(?:seen by|reviewed by|viewed by|leaked to|shared with|given to|sent to|handed to)\b"
)
#: Whose figures they are: "figures the ministry released", "a report published in May by the bank".
_PUBLISHED = re.compile(
    r"(?:[\w-]+ ){0,3}(?:figures|data|statistics|numbers|results|findings|estimates|records|reports?|stud(?:y|ies)|"
    r"surveys?|polls?|documents?|statements?|letters?|videos?|images|analysis|audit|review) "
    r"(?:(?:that |which )?(?P<who>(?:(?:the|its|an?) )?[\w'. -]{2,60}?) (?:has |had |have )?"
    r"(?:released|published|issued|compiled|collected|presented|posted)\b(?!.* by )"
    r"|(?:released|published|issued|compiled|collected|presented|posted) (?:(?:on|in) [\w ]{3,16} |[A-Z]\w+day )?"
    r"by (?P<by>(?:the|its|an?) [a-z][\w' -]{2,40}?)(?: (?:in|on|last|this|at|early|late|earlier|[a-z]+day)\b.*)?\Z)"
)
_RELATIVE = re.compile(r"(?:which|whose|whom|that|who|where)\b", re.I)
#: How words for people in an office end ("press officer", "auditor", "economist").
_AGENT = re.compile(r"(?:er|or|ist|ian|woman|man|chief|head|aide|governor)\Z")
_TEXTS = word_lists("speakers_en.txt")["text"]
_RECORDS = frozenset({"record", "records", "recording", "recordings", "minutes", "register", "table"})
_POSSESSIVE = frozenset({"his", "her", "its", "their"})
#: Who speaks for a body, whatever their name.
_VOICES = frozenset({"spokesman", "spokeswoman", "spokesperson"})
_CREW = frozenset({"staff", "employees", "workers", "crew", "personnel"})


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
            result[index] = claimant = _of_row(resolver, row)
            if claimant.name and (row.lemma == LABEL or row.wording is FrameWording.QUOTED):
                for span in row.content:
                    resolver.recall.own_words(span, claimant.name)
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


def _of_row(resolver: Resolver, row: Attributed) -> NamedClaimant:
    if row.source is None or row.lemma == "hear":
        # "The court heard that": who said it is not told.
        return ANONYMOUS
    if row.lemma == LABEL:
        label = resolver.reading.layout.text[row.source.start : row.source.end]
        return resolver.turns.speaker(label, row.source)
    return resolver.resolve(row.source)


class Resolver:
    """Resolves mentions of one article, in the order of the text: it remembers who spoke last."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.register = Register(reading)
        self.bodies = Bodies(reading, self.register)
        self.recall = Recall(reading, self.register)
        self.turns = Turns(reading, self.register)
        self._antecedents: Antecedents | None = None

    def person_meant(self, sentence: Sentence, at: int, *, never: str = "") -> str:
        """Return the person whom "he" or "her" at a place surely means; empty where nobody is sure.

        ``never`` is who speaks the words that the pronoun stands in.
        """
        if self._antecedents is None:
            self._antecedents = Antecedents(self.reading, self.register)
        return self._antecedents.meant(sentence, at, never=never)

    def resolve(self, span: Span, *, speaker: NamedClaimant | None = None) -> NamedClaimant:
        """Return whom a mention names; ``speaker`` is who says the quotation that the mention stands in."""
        claimant = self._resolve(span, speaker)
        if _RELATIVE.match(claimant.name):
            # "which artillery fired": a relative clause is nobody.
            claimant = replace(ANONYMOUS, span=span)
        claimant = admitted(claimant)
        if claimant.name and claimant.kind is not ClaimantKind.VAGUE:
            self.recall.remember(span.start, claimant)
        return claimant

    def _resolve(self, span: Span, speaker: NamedClaimant | None) -> NamedClaimant:
        text = self.reading.layout.text[span.start : span.end]
        view = self.reading.view[span.start : span.end]
        low = view.lower().strip(" ,'\"")
        sentence = self.recall.sentence_at(span.start)
        if not low or sentence is None:
            return replace(ANONYMOUS, span=span)
        if low in _SPEAKING:
            if speaker is not None and speaker.name:
                return replace(speaker, span=span)
            return NamedClaimant(text, ClaimantKind.VAGUE, span, ("pronoun-unresolved",))
        if low == "you":
            return self.turns.addressed(sentence.block, span)
        if low in SINGULAR:
            return self.recall.person(span, text, SINGULAR[low], sentence)
        if low in _PLURAL or low in _THINGS:
            found = self.recall.thing(span, text, sentence)
            before = self._subject_before(sentence, low) if "pronoun-unresolved" in found.flags else None
            return replace(self._resolve(before, None), span=span) if before is not None else found
        low = re.sub(r"'s?$", "", low)
        runs = [run for run in self.register.runs(sentence) if span.start < run.end <= span.end + 2]
        head_end = head_end_of(sentence, span)
        if not runs and text[:1].isupper() and len(text.split()) == 1:
            entity, flags = self.register.find((text.strip(" ,'’"),))
            if entity is not None:
                return NamedClaimant(entity.name, entity.kind, span, flags)
        publishes = _PUBLISHED.match(view)
        if publishes is not None:
            # "figures the ministry released" are the ministry's.
            first, last = publishes.span("who" if publishes["who"] else "by")
            part = Span(span.start + first, span.start + last)
            # Where the publisher has a name it is found as any issuer's.
            bare = not any(run.start < part.end and part.start < run.end for run in runs)
            publisher = self._resolve(part, None) if bare else ANONYMOUS
            if publisher.name and "pronoun-unresolved" not in publisher.flags:
                return replace(publisher, span=span)
        together = self._together(span, runs, sentence)
        if together is not None:
            return together
        named = self._named(span, runs, head_end, sentence)
        if named is not None:
            return named
        return self._described(span, text, low, runs, head_end, sentence)

    def _together(self, span: Span, runs: list[NameRun], sentence: Sentence) -> NamedClaimant | None:
        """Resolve "Holt and Brandt" as both of them, each by the fullest name; None for a mention of one."""
        names: list[str] = []
        for part in joined(span, sentence, runs) if runs else ():
            text = self.reading.layout.text[part.start : part.end]
            whose = text.split(" ", 1)[0].lower() in _POSSESSIVE
            found = None if whose else self._resolve(part, None)
            names.append(found.name if found is not None and found.name else plain(text, self.reading, part))
        if len(names) < 2:
            return None
        if len(set(names)) < len(names):
            # "Johnson and Johnson" is one firm.
            return NamedClaimant(" and ".join(names), ClaimantKind.ORGANISATION, span)
        return NamedClaimant(f"{', '.join(names[:-1])} and {names[-1]}", ClaimantKind.GROUP, span)

    def _subject_before(self, sentence: Sentence, low: str) -> Span | None:
        """Return the subject of the sentence before: "Prosecutors had sought seven years. They argued that …"."""
        if not sentence.index:
            return None
        before = self.reading.sentences[sentence.index - 1]
        if sentence.block - before.block > 1 or max(before.quoted, default=-1) >= 0:
            return None
        tree = before.tree
        for at, label in enumerate(tree.labels):
            if label not in ("nsubj", "nsubj:pass") or tree.labels[tree.heads[at]] != "root":
                continue
            word = before.low[at]
            several = tree.xpos[at] == "NNS" or word == "police"
            wanted = several if low in _PLURAL else tree.xpos[at] == "NN" and word in roles()["body"]
            first = min((k for k in range(at) if tree.heads[k] == at), default=at)
            span = Span(before.tokens[first].start, before.tokens[at].end)
            clear = wanted and can_speak(self.reading.view[span.start : span.end], ClaimantKind.VAGUE)
            return span if clear else None
        return None

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
            run
            for run in runs
            if run.start < head_end and self.reading.view[run.end : run.end + 6] != "-based"
        ]
        # A noun phrase ends in its head: "the town's coach Nabil Roth" is Roth, "a spokesman for Acme" not Acme.
        for run in sorted(inside, key=lambda run: run.end < head_end - 2):
            name = " ".join(run.words)
            low = name.lower()
            if office and not run.title and (run.end < head_end - 2 or _MINISTRY.search(low)):
                break
            last_word = head_words[-1] if head_words else ""
            listed = last_word in any_role("role", "body", "medium", "vague") or last_word in _TEXTS
            if listed and run.end < head_end - 1:
                break
            person = self.register.by_surname(low) if len(run.words) == 1 else []
            if (low in table.names or low in table.seats) and not person:
                if run.end < head_end - 1 and last_word != low.split()[-1]:
                    break
                state = table.names.get(low) or table.seats[low]
                return NamedClaimant(government_of(state), ClaimantKind.GOVERNMENT, span)
            entity, flags = self.register.find(run.words)
            if entity is not None:
                return NamedClaimant(entity.name, entity.kind, span, flags)
            if flags:
                return NamedClaimant(name, ClaimantKind.PERSON, span, flags)
            if low in table.adjectives:
                break
            if run.words and run.words[-1].lower() in any_role("role", "title"):
                break
            if len(run.words) == 1 and self.reading.view[run.end : span.end] == "'s":
                # "said Moody's": the name of a firm, no owner of anything.
                return NamedClaimant(f"{name}'s", ClaimantKind.ORGANISATION, span)
            alone = len(run.words) == 1 and not name.isupper() and low not in lists["organisation"]
            kind = ClaimantKind.PERSON if run.title or alone else ClaimantKind.ORGANISATION
            return NamedClaimant(name, kind, span)
        if any(word in lists["role"] or _AGENT.search(word) for word in head_words):
            return self._in_apposition(span, runs, head_end)
        return None

    def _in_apposition(self, span: Span, runs: list[NameRun], head_end: int) -> NamedClaimant | None:
        """Resolve "a spokesman, Scott Lund", "the chair of the board (ARB), Ada Lund", "the CEO of Acme Ada Lund"."""
        view = self.reading.view
        last: NameRun | None = None
        for run in runs:
            between = view[last.end if last is not None else head_end : run.start]
            beside = view[head_end : run.start].strip(" ,") == "" or re.search(r"(?:[,)]|--|—)\s*\Z", between)
            if run.start >= head_end and (beside or (last is not None and not between.strip())):
                entity, flags = self.register.find(run.words)
                ended = view[run.end : run.end + 1] in (",", "") or run.end >= span.end - 1
                if entity is not None and entity.kind is ClaimantKind.PERSON and ended:
                    return NamedClaimant(entity.name, entity.kind, span, flags)
            last = run
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
        definite = bool(core) and core[0] in ("the", "this", "that")
        if len(core) > 1 and core[0] in _POSSESSIVE and head_end >= span.end - 1 and not office:
            owned = self._owned(span, core, sentence)
            if owned is not None:
                return owned
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
            if head in _VOICES and core[0] in _ARTICLES and len(core) == 2 and head_end >= span.end - 1:
                voiced = self._voiced(span, sentence)
                if voiced:
                    return NamedClaimant(f"{head} of {voiced}", ClaimantKind.PERSON, span)
            flags = ("role-unresolved",) if core and core[0] in ("the", "this", "that") else ()
            return NamedClaimant(plain(text, self.reading, span), ClaimantKind.PERSON, span, flags)
        if office or (nation and head in _GOVERNING):
            return self._office(span, text, low, core, nation, definite=definite)
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
        if head in _TEXTS or head.removesuffix("s") in _TEXTS:
            return NamedClaimant(
                plain(text, self.reading, span), ClaimantKind.ORGANISATION, span, ("issuer-unnamed",)
            )
        plural = plural_head(sentence, span, head_end)
        if runs and runs[0].start <= span.start + 4:
            return NamedClaimant(" ".join((*runs[0].title, *runs[0].words)), ClaimantKind.ORGANISATION, span)
        kind = ClaimantKind.GROUP if plural else ClaimantKind.PERSON
        return NamedClaimant(plain(text, self.reading, span), kind, span)

    def _office(
        self, span: Span, text: str, low: str, core: list[str], nation: str, *, definite: bool
    ) -> NamedClaimant:
        """Resolve a government, by its state, or an office of one, by its own name: no ministry is its state."""
        head = core[-1]
        name = plain(text, self.reading, span)
        if head not in _GOVERNING:
            # "the ministry" is the one named before; which country it serves is not guessed.
            body = self.bodies.meant(head, core, span.start, definite=definite)
            return NamedClaimant(body.name if body else name, ClaimantKind.GOVERNMENT, span)
        flags: tuple[str, ...] = ()
        if not nation and " of " in low:
            tail = low.split(" of ", 1)[1].removeprefix("the ").strip()
            nation = states().names.get(tail) or states().names.get("the " + tail) or ""
        if not nation and head == "government":
            nation, flags = self.register.state_written_of(), ("state-inferred",)
        if nation:
            return NamedClaimant(government_of(nation), ClaimantKind.GOVERNMENT, span, flags)
        return NamedClaimant(name, ClaimantKind.GOVERNMENT, span, ("state-unnamed",))

    def _owned(self, span: Span, words: list[str], sentence: Sentence) -> NamedClaimant | None:
        """Resolve "his family", "its director" by whose they are; None where that is not known."""
        if words[0] in SINGULAR:
            name = self.person_meant(sentence, bisect_left(sentence.starts, span.start))
        else:
            owner = self.recall.thing(Span(span.start, span.start + len(words[0])), "", sentence)
            name = "" if owner.flags else owner.name
        if not name:
            return None
        rest = self.reading.layout.text[span.start + len(words[0]) : span.end].strip()
        return NamedClaimant(f"{rest} of {name}", ClaimantKind.PERSON, span)

    def _voiced(self, span: Span, sentence: Sentence) -> str:
        """Return the body that "a spokeswoman" without a name speaks for: the one named last, just before."""
        near = [
            mention
            for mention in self.recall.before(span.start, sentence, 2)
            if mention.entity.kind in (ClaimantKind.ORGANISATION, ClaimantKind.GOVERNMENT)
        ]
        first = self.reading.sentences[max(0, sentence.index - 1)].start
        small = self.bodies.small(max(first, near[-1].start if near else 0), span.start)
        return small or (near[-1].entity.name if near else "")

    def _crew(self, span: Span, head: str, sentence: Sentence) -> NamedClaimant:
        """Resolve "staff" alone: of the one organisation named just before, else vague."""
        named = {
            mention.entity.name
            for mention in self.recall.before(span.start, sentence, 1)
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
            for mention in self.recall.before(span.start, sentence, 2)
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
            if _RECEIVED.search(self.reading.view, span.start, run.start):
                # "a letter seen by the Echo" is not the Echo's.
                continue
            entity, flags = self.recall.entity(run)
            if entity is not None:
                return NamedClaimant(entity.name, entity.kind, span, flags)
        # "the institute's weekly bulletin" is the institute's.
        owner = re.match(r"((?:[\w.-]+ ){1,3}[\w.-]+)'s? ", self.reading.view[span.start : span.end])
        if owner is not None:
            return self._resolve(Span(span.start, span.start + owner.end(1)), None)
        words = self.reading.view[span.start : span.end].lower().split()
        if words and words[0] in ("his", "her", "their", "its"):
            return self._resolve(Span(span.start, span.start + len(words[0])), None)
        return None
