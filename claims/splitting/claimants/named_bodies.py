"""Which named body does a common noun mean: "the company", "the union", "the study", "the researchers"?

A table of families of nouns decides which names fit; it never takes a body of another family, and an indefinite
mention ("a company said") means none. It also tells which single names of an article are bodies, by what stands
beside them ("the start-up Lumo", "shares in Corven", "Aldwater, the company that …").
"""

from __future__ import annotations

from dataclasses import dataclass

from claims.language.document import Reading, Sentence
from claims.splitting.claimants.entities import Entity, Register
from claims.splitting.claimants.name_runs import NameRun
from claims.splitting.types import ClaimantKind
from claims.splitting.word_lists import roles, states, word_lists

_LISTS = word_lists("bodies_en.txt")
_NOT_FAMILIES = frozenset(
    {"company-name", "party-name", "document", "research", "staff", "other", "again", "owning"}
)
_FAMILIES = {name: words for name, words in _LISTS.items() if name not in _NOT_FAMILIES}
_DEFINITE = frozenset({"the", "this", "that"})
_BY = frozenset({"by", "from", "of", "at"})
_MODIFYING = ("JJ", "NN", "VBN", "VBG", "HYPH")
_LONGEST_PHRASE = 4
AGAIN = _LISTS["again"]
STAFF = _LISTS["staff"]
DOCUMENTS = _LISTS["document"]


@dataclass(frozen=True, slots=True)
class _Link:
    """A document or its authors, and the body that the text ties them to, at one place."""

    place: int
    head: str
    name: str
    kind: ClaimantKind


class Bodies:
    """The bodies of one article, with the common nouns they answer to."""

    def __init__(self, reading: Reading, register: Register) -> None:
        self._view = reading.view
        self._register = register
        self._kinds: dict[str, set[str]] = {}
        self._phrases: list[tuple[int, str, str]] = []
        self._links: list[_Link] = []
        for sentence in reading.sentences:
            for run in register.runs(sentence):
                self._describe(sentence, run)
        for sentence in reading.sentences:
            self._collect_phrases(sentence)
            self._collect_links(sentence)

    def _describe(self, sentence: Sentence, run: NameRun) -> None:
        """Note the kind of a body from the words beside its name; a single name becomes a body by them."""
        name = " ".join(run.words)
        low = name.lower()
        table = states()
        if low in table.names or low in table.seats or low in table.adjectives or run.title:
            return
        entity, flags = self._register.find(run.words)
        if flags or (entity is not None and entity.kind is ClaimantKind.PERSON):
            return
        kinds = _kinds_beside(sentence, run)
        if not kinds:
            return
        if entity is None:
            if len(run.words) > 3 or run.words[-1].lower() in roles()["role"]:
                return
            entity = self._register.add_body(name)
        self._kinds.setdefault(entity.name, set()).update(kinds)

    def _collect_phrases(self, sentence: Sentence) -> None:
        """Note bodies written small: "the national geological service", "Lorra police"."""
        tokens, tags = sentence.tokens, sentence.tree.xpos
        heads = roles()["body"]
        for at in range(1, len(tokens)):
            head = tokens[at].norm
            if head not in heads or not tags[at].startswith("NN"):
                continue
            start = at
            while start > 0 and at - start < _LONGEST_PHRASE and tags[start - 1].startswith(_MODIFYING):
                start -= 1
            if start == at or sentence.low[start] in _LISTS["other"]:
                continue
            phrase = self._view[tokens[start].start : tokens[at].end]
            if head == "police" and not phrase[:1].isupper():
                continue
            self._phrases.append((tokens[start].start, head, phrase))

    def _collect_links(self, sentence: Sentence) -> None:
        """Note which body a report, a study or its authors belong to."""
        tokens, tags = sentence.tokens, sentence.tree.xpos
        runs = [(run, body) for run in self._register.runs(sentence) if (body := self._named_body(run))]
        staff = [at for at, token in enumerate(tokens) if token.norm in STAFF] if self._links else []
        if DOCUMENTS.isdisjoint(sentence.low) and STAFF.isdisjoint(sentence.low):
            return
        for at, head in enumerate(sentence.low):
            if (head not in DOCUMENTS and head not in STAFF) or not tags[at].startswith("NN"):
                continue
            if (
                staff
                and staff[0] < at <= staff[0] + 6
                and head in DOCUMENTS
                and tokens[staff[0] + 2].norm == "in"
            ):
                authors = [link for link in self._links if link.head in STAFF]
                if authors:
                    self._links.append(_Link(tokens[at].start, head, authors[-1].name, authors[-1].kind))
                    continue
            for run, body in runs:
                gap = [one.norm.lower() for one in tokens[at + 1 : run.first]]
                owns = [one.norm.lower() for one in tokens[run.last + 1 : at]]
                after = (
                    run.first > at
                    and len(gap) <= 4
                    and not _BY.isdisjoint(gap)
                    and "," not in gap
                    and "and" not in gap
                )
                before = run.last < at and owns[:1] == ["'s"] and len(owns) <= 4
                # "The board said in a preliminary report".
                inside = (
                    run.last < at
                    and head in DOCUMENTS
                    and "in" in owns
                    and tokens[at - len(owns) + owns.index("in")].norm == "in"
                    and len(owns) - owns.index("in") <= 4
                    and sum(tag in ("VBD", "VBZ") for tag in tags[run.last + 1 : at]) == 1
                )
                if after or before or inside:
                    name = body.name
                    if head in STAFF and after:
                        name = f"{head} {'at' if 'at' in gap else 'of'} {body.name}"
                    self._links.append(_Link(tokens[at].start, head, name, body.kind))
                    break
            else:
                issuer = self._who_issued(sentence, at)
                if issuer is not None:
                    self._links.append(_Link(tokens[at].start, head, issuer.name, issuer.kind))

    def _who_issued(self, sentence: Sentence, at: int) -> Entity | None:
        """Return the subject of "posted a notice", "said in a note"; its common noun where it has no name."""
        tree, tokens = sentence.tree, sentence.tokens
        verb = tree.heads[at]
        if verb < 0 or sentence.low[verb] not in _LISTS["issuing"]:
            return None
        for place in range(verb):
            if tree.heads[place] != verb or not tree.labels[place].startswith("nsubj"):
                continue
            for run in self._register.runs(sentence):
                if run.first <= place <= run.last:
                    entity, _ = self._register.find(run.words)
                    return entity or Entity(" ".join(run.words), ClaimantKind.ORGANISATION)
            head = sentence.low[place]
            if (head in roles()["body"] or head in _LISTS["company"]) and tree.xpos[place].startswith("NN"):
                body = self.meant(head, [head], tokens[place].start, definite=True)
                return body or Entity(head, ClaimantKind.ORGANISATION)
        return None

    def _named_body(self, run: NameRun) -> Entity | None:
        if run.title:
            return None
        entity, _ = self._register.find(run.words)
        return entity if entity is not None and entity.kind is ClaimantKind.ORGANISATION else None

    def meant(self, head: str, words: list[str], place: int, *, definite: bool) -> Entity | None:
        """Return the body last named before a place that a common noun means, None where none fits."""
        content = [word for word in words if word not in _DEFINITE]
        modifiers = content[:-1]
        if not definite and head != "police":
            return None
        if any(word in _LISTS["other"] or word in states().adjectives for word in modifiers):
            return None
        named = [body for body in self._register.bodies if body.places and body.places[0] < place]
        exact = [body for body in named if head in self._words(body)]
        families = [family for family, nouns in _FAMILIES.items() if head in nouns]
        if head.endswith("maker"):
            families.append("company")
        fitting = exact or [body for body in named if any(self._fits(body, family) for family in families)]
        if fitting:
            return max(fitting, key=lambda body: max(at for at in body.places if at < place))
        if modifiers:
            return None
        small = [name for at, noun, name in self._phrases if noun == head and at < place]
        return Entity(small[-1], ClaimantKind.ORGANISATION) if small else None

    def _words(self, body: Entity) -> set[str]:
        return {word.lower().rstrip(".") for word in body.name.split()} | self._kinds.get(body.name, set())

    def _fits(self, body: Entity, family: str) -> bool:
        words = self._words(body)
        if words & _FAMILIES[family]:
            return True
        return bool(words & _LISTS.get(f"{family}-name", frozenset()))

    def small(self, start: int, end: int) -> str:
        """Return the last body written small between two places: "the fire service"; empty where there is none."""
        return next((name for at, _, name in reversed(self._phrases) if start <= at < end), "")

    def issuer(self, head: str, place: int, *, definite: bool) -> Entity | None:
        """Return the body a document, or the people who wrote it, belong to; None where the text is silent."""
        before = [link for link in self._links if link.place < place]
        family = _LISTS["research"] | STAFF if head in _LISTS["research"] | STAFF else {head}
        if definite:
            exact = [link for link in before if link.head == head]
            chosen = exact or [link for link in before if link.head in family]
            if chosen:
                return Entity(chosen[-1].name, chosen[-1].kind)
        elif head in _LISTS["research"]:
            # "A study suggests": who made it is told in the next sentences.
            later = [link for link in self._links if link.place > place and link.head in family]
            if later and not before and later[0].place - place < _SOON:
                return Entity(later[0].name, later[0].kind)
        return None


_SOON = 400


def _kinds_beside(sentence: Sentence, run: NameRun) -> set[str]:
    """Return the common nouns that tell what a name is: before it, in its apposition, or what it owns."""
    tokens, tags = sentence.tokens, sentence.tree.xpos
    company = _FAMILIES["company"]
    every = frozenset().union(*_FAMILIES.values())
    found: set[str] = set()
    if run.first >= 1:
        before = sentence.low[run.first - 1]
        if before == "up" and run.first >= 3 and sentence.low[run.first - 3] == "start":
            found.add("start-up")
        if before in every and tags[run.first - 1].startswith("NN"):
            found.add(before)
        if before == "in" and run.first >= 2 and sentence.low[run.first - 2] in ("shares", "stake"):
            found.add("company")
    after = [token.norm.lower() for token in tokens[run.last + 1 : run.last + 9]]
    owns = after[:1] == ["'s"] and any(word in _LISTS["owning"] for word in after[1:3])
    if owns or after[:1] in (["shares"], ["stock"]):
        found.add("company")
    elif after[:2] in ([",", "a"], [",", "an"], [",", "the"], [",", "one"]):
        for place, word in enumerate(after[2:], start=run.last + 3):
            if after[1] == "one" and word.removesuffix("s") in every:
                # "Quill, one of the biggest publishers"
                found.add(word.removesuffix("s"))
                break
            if word in every and tags[place].startswith("NN") and tokens[place].norm == word:
                found.add(word)
                break
            if word == "," or (tags[place] in ("IN", "VBD", "VBZ", "WP", "WDT", "POS") and after[1] != "one"):
                break
    if found & company:
        found.add("company")
    return found
