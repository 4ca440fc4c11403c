"""Which stretches of each sentence are claim units, and which frame puts each of them forward?

Joins frames (who covers what) with clauses (what asserts something by itself). A sentence is a scope; the content
of every frame in it is a scope inside it; each scope is cut into clauses, and a clause that a deeper scope covers
or that is only the frame is left to it. It decides no claimant, no date and no score.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Container, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from claims.language.document import Reading, Sentence
from claims.language.news_verbs import finite_forms
from claims.language.parser import FINITE, NOUNS
from claims.language.quotes import QuoteKind
from claims.language.spans import Span
from claims.splitting.attribution.cue_places import VERB_AFTER_ALL
from claims.splitting.attribution.cues import verbs
from claims.splitting.attribution.results import (
    DISPLAYED,
    LABEL,
    Attributed,
    Complement,
    CueClass,
    FrameWording,
)
from claims.splitting.attribution.speech_acts import counting
from claims.splitting.clauses.assertions import SHARED_AUXILIARY, ClauseAssertion, ClauseKind, clauses
from claims.splitting.clauses.premises import Premise, premises
from claims.splitting.clauses.verbs import ClauseLine

# A clause of the outer scope is that of the deeper one when so much of it lies inside.
_COVERED = 0.6
# A unit is in the speaker's words when so many of its words stand in quotation marks.
_QUOTED = 0.85
_MOST_SCOPES = 40
_MOST_UNITS = 3_000
# No prose holds more: own articles, the densest, have a unit to 48 characters at most, 64 on average, news 70 to 130.
_CHARACTERS_TO_A_UNIT = 45
_ALWAYS = 600
# Nobody wrote more words as one sentence: it is kept whole, for a person to cut.
_LONGEST = 200
# Adverbial clauses stay inside their unit, and so does whoever speaks in them.
_INSIDE = frozenset({"advcl"})
_SUBORDINATORS = frozenset({"after", "when", "if", "until", "before", "once", "since", "unless"})
# Nobody says what is open: "whether the board believes the buyer will pay".
_OPEN_QUESTION = frozenset({"whether"})
_BEHIND_COLON = frozenset('"“‘«\n')
_LINKS = ("that", "which", "what", "whom")
#: How somebody spoke, which says nothing of the world.
_UNNAMED = re.compile(
    r"(?:who )?(?:(?:spoke|speaks|talked|speaking) on (?:the )?condition of anonymity"
    r"|(?:asked|requested|wished|wanted|insisted) (?:to remain anonymous|anonymity)"
    r"|(?:asked|requested|wished|wanted|insisted) not to be (?:named|identified|quoted by name)"
    r"|declined to be (?:named|identified|quoted by name))(?:,? (?:because|as|since|for|out of|due to|to)\b.*)?"
)


@dataclass(slots=True)
class UnitDraft:
    """One unit in the making; ``row`` is the index of the frame that puts it forward, None for the writer."""

    start: int
    end: int
    sentence: int
    row: int | None
    quoted: bool
    kind: str
    rules: tuple[str, ...]
    frame: tuple[int, int] | None = None
    premise: Premise | None = None
    flags: tuple[str, ...] = ()


@dataclass(slots=True)
class UnitScope:
    """What one frame covers of one sentence (``row`` None: the sentence itself)."""

    row: int | None
    hull: Span
    parts: list[Span]
    unit: Span
    frames: list[Span]
    inner: list[UnitScope] = field(default_factory=list)

    def covers(self, place: int) -> bool:
        """Tell whether a place of the text is content here."""
        for part in self.parts:  # noqa: SIM110  # asked for every word of a frame
            if part.start <= place < part.end:
                return True
        return False


def drafts(reading: Reading, rows: Sequence[Attributed], skip: Container[int] = ()) -> list[UnitDraft]:
    """Return the units of a reading in order of start, outer before inner; ``skip`` are sentences left out.

    At most about ``most_units``.
    """
    most = most_units(len(reading.view))
    scopes = _scopes(reading, rows)
    found: list[UnitDraft] = []
    full = frozenset(quote.id for quote in reading.quotes if quote.kind is QuoteKind.FULL)
    for sentence in reading.sentences:
        if sentence.index not in skip:
            found.extend(_sentence(reading, sentence, rows, scopes.get(sentence.index, ()), full))
        if len(found) >= most:
            break
    found.sort(key=lambda draft: (draft.start, -draft.end))
    return _unique(found)


def most_units(characters: int) -> int:
    """Return how many units a text of so many characters can have: as many as dense prose of that length holds."""
    return min(_MOST_UNITS, max(_ALWAYS, characters // _CHARACTERS_TO_A_UNIT))


def _unique(found: list[UnitDraft]) -> list[UnitDraft]:
    """Keep one draft for each span: that of a speaker before that of the writer."""
    kept: dict[tuple[int, int], UnitDraft] = {}
    for draft in found:
        key = (draft.start, draft.end)
        before = kept.get(key)
        if before is not None and before.premise is None and before.row is not None:
            continue
        if before is None or draft.premise is not None or draft.row is not None:
            kept[key] = draft
    return list(kept.values())


# --- scopes ---------------------------------------------------------------------------------------------------


def _scopes(reading: Reading, rows: Sequence[Attributed]) -> dict[int, list[UnitScope]]:
    """Return the scopes of every sentence that frames cover, by the index of the sentence."""
    starts = [sentence.start for sentence in reading.sentences]
    found: dict[int, list[UnitScope]] = {}
    told = counting(reading, rows)
    for index, row in enumerate(rows):
        if index not in told:
            continue
        parts: dict[int, list[Span]] = {}
        units: dict[int, list[Span]] = {}
        for spans, into in ((row.content, parts), (row.unit, units)):
            for span in spans:
                at = max(0, bisect_right(starts, span.start) - 1)
                while at < len(starts) and starts[at] < span.end:
                    sentence = reading.sentences[at]
                    start, end = max(span.start, sentence.start), min(span.end, sentence.end)
                    if start < end:
                        into.setdefault(at, []).append(Span(start, end))
                    at += 1
        for at, covered in parts.items():
            own = units.get(at) or covered
            unit = Span(own[0].start, max(span.end for span in own))
            hull = Span(min(unit.start, covered[0].start), max(unit.end, max(span.end for span in covered)))
            frames = [frame for frame in row.frames if unit.start < frame.end and frame.start < unit.end]
            keeps = row.complement is Complement.PHRASE or row.denial or row.negated
            if keeps and len(own) == 1:
                frames = []
            listed = found.setdefault(at, [])
            if len(listed) < _MOST_SCOPES:
                listed.append(UnitScope(index, hull, covered, unit, frames))
    return found


def _nest(sentence: Sentence, scopes: Sequence[UnitScope]) -> UnitScope:
    """Put the scopes of a sentence into each other, the widest outermost."""
    whole = Span(sentence.start, sentence.end)
    root = UnitScope(None, whole, [whole], whole, [])
    for scope in sorted(scopes, key=lambda scope: (scope.hull.start - scope.hull.end, scope.row or 0)):
        holder = root
        while True:
            inside = next(
                (
                    other
                    for other in holder.inner
                    if any(
                        p.start <= scope.hull.start and scope.hull.end <= p.end
                        for p in (*other.parts, other.hull)
                    )
                ),
                None,
            )
            if inside is None:
                break
            holder = inside
        holder.inner.append(scope)
    return root


# --- one sentence ---------------------------------------------------------------------------------------------


class _Cutter:
    """Cuts one sentence; keeps what all its scopes ask for."""

    def __init__(
        self, reading: Reading, sentence: Sentence, rows: Sequence[Attributed], full: AbstractSet[int]
    ) -> None:
        self.reading = reading
        self.sentence = sentence
        self.rows = rows
        self.starts = sentence.starts
        self.full = full
        self.found: list[UnitDraft] = []
        self._is_word = [token.norm[0].isalnum() for token in sentence.tokens]

    def places(self, start: int, end: int) -> range:
        """Return the indexes of the tokens that begin in a span."""
        return range(bisect_left(self.starts, start), bisect_left(self.starts, end))

    def words(self, start: int, end: int) -> list[int]:
        """Return the indexes of the words of a span, punctuation left out."""
        is_word = self._is_word
        return [at for at in self.places(start, end) if is_word[at]]

    def cut(self, scope: UnitScope) -> None:
        """Add the units of a scope and of those inside it."""
        denied = scope.row is not None and self.rows[scope.row].denial
        for inner in list(scope.inner):
            # "denied having said that X": X is what is denied, not what is said.
            if denied or not self._speaks(inner, scope):
                scope.inner.remove(inner)
        spoken = scope.row is not None
        view, tokens, tree = self.reading.view, self.sentence.tokens, self.sentence.tree
        pieces = clauses(view, tokens, tree, scope.unit, quoted=spoken, frames=scope.frames)
        for at, piece in enumerate(pieces):
            if not self._asserts(piece, scope):
                continue
            if scope.inner and self._is_left_to_inner(piece, pieces[at + 1 :], scope):
                continue
            self._add(self._before_added(piece, scope), scope)
        for inner in scope.inner:
            self.cut(inner)

    def _speaks(self, scope: UnitScope, outer: UnitScope) -> bool:
        """Tell whether a frame's content is a unit of its own, not part of an adverbial clause around the frame."""
        assert scope.row is not None
        row = self.rows[scope.row]
        if row.sentence != self.sentence.index or row.lemma == LABEL:
            return True
        if row.source is not None and row.source.start < row.cue.start:
            before = bisect_left(self.starts, row.source.start) - 1
            if before >= 1 and self.sentence.low[before] in _SUBORDINATORS:
                return False
        at = bisect_left(self.starts, row.cue.start)
        labels, heads = self.sentence.tree.labels, self.sentence.tree.heads
        if self._restricts_subject(at, row):
            return False
        for _ in range(12):
            if at < 0 or at >= len(labels):
                return True
            if (labels[at] in _INSIDE and self._subordinate(at)) or self._opens_with(at, _OPEN_QUESTION):
                return False
            at = heads[at]
            if at >= 0 and scope.covers(self.starts[at]):
                return True
        return True

    def _subordinate(self, at: int) -> bool:
        """Tell whether the clause of a verb opens with "after", "when", "if": what stays inside its unit."""
        return self._opens_with(at, _SUBORDINATORS)

    def _opens_with(self, at: int, openers: AbstractSet[str]) -> bool:
        tree = self.sentence.tree
        heads, labels, low = tree.heads, tree.labels, tree.low
        for kid in range(max(0, at - 12), at):
            if heads[kid] == at and labels[kid] in ("mark", "advmod") and low[kid] in openers:
                return True
        return False

    def _restricts_subject(self, at: int, row: Attributed) -> bool:
        """Tell "pupils who say they skip breakfast fell by a tenth": it says whom the clause around it is about."""
        tokens, tree = self.sentence.tokens, self.sentence.tree
        spoken = row.cue_class is CueClass.SPEECH and row.wording is not FrameWording.REPORTED
        if row.subject is None or spoken:
            return False
        pronoun = bisect_left(self.starts, row.subject.start)
        if not 0 < pronoun < at or self.sentence.low[pronoun] not in ("who", "that", "which"):
            return False
        if tokens[pronoun - 1].norm in (",", "(", "-", "–", "—", "--") or tree.xpos[pronoun - 1] not in NOUNS:
            return False
        noun = tree.heads[at] if tree.labels[at].startswith("acl") else pronoun - 1
        for _ in range(6):
            if noun < 0 or tree.labels[noun] in ("obj", "obl"):
                return False
            if tree.labels[noun].startswith("nsubj"):
                return tree.heads[noun] > at
            if tree.labels[noun] == "root" and tree.heads.count(noun):
                # The verb of the sentence was read as one of the relative clause.
                verbs = [tag for tag in tree.xpos[pronoun:] if tag.startswith("V") and tag != "VBG"]
                return len(verbs) > 2
            noun = tree.heads[noun]
        return False

    def _is_left_to_inner(
        self, piece: ClauseAssertion, behind: Sequence[ClauseAssertion], scope: UnitScope
    ) -> bool:
        """Tell whether a clause is only the frame of a deeper scope, or lies inside one."""
        nested = [other for other in behind if other.outer is not None and _inside(other, piece)]
        words = self.words(piece.start, piece.end)
        if not words:
            return True
        starts = self.starts
        for inner in scope.inner:
            assert inner.row is not None
            inside = len([at for at in words if inner.covers(starts[at])])
            row = self.rows[inner.row]
            if inside >= _COVERED * len(words):
                return True
            if row.sentence != self.sentence.index:
                continue
            held = piece.start <= row.cue.start < piece.end
            deeper = any(other.start <= row.cue.start < other.end for other in nested)
            if held and not deeper and self._carries(row, piece, inner):
                return True
        loose = piece.kind not in (ClauseKind.MAIN, ClauseKind.COORDINATE, ClauseKind.CONTRAST)
        if loose:
            # "…, said the union, which has 6,000 members": told by the writer about who speaks.
            return False
        spans = [span for inner in scope.inner for span in (*self.rows[inner.row or 0].frames, *inner.parts)]
        return all(any(start <= starts[at] < end for start, end in spans) for at in words)

    def _asserts(self, piece: ClauseAssertion, scope: UnitScope) -> bool:
        """Tell an assertion of the writer from a phrase without any verb: a name, a heading, "At the station"."""
        begins = piece.start if scope.row is None else min(piece.start, self.rows[scope.row].cue.start)
        if _UNNAMED.fullmatch(self.reading.view, begins, piece.end):
            return False
        if scope.row is None and self._opens_quotation(piece):
            return False
        if scope.row is not None or piece.kind not in (ClauseKind.MAIN, ClauseKind.COORDINATE):
            return True
        if piece.rule == SHARED_AUXILIARY:
            # "was detained in May and | fined a month later": its finite verb stands in the clause before.
            return True
        tags = self.sentence.tree.xpos
        places = self.places(piece.start, piece.end)
        if not FINITE.isdisjoint(tags[places.start : places.stop]):
            return True
        if 1 < len(places) <= 4 and self.reading.view[piece.end : piece.end + 1] == ".":
            # "Arrests rose.": too short for the tagger, but finished as a sentence.
            return any(self.sentence.low[at] in finite_forms() for at in places[1:])
        line = ClauseLine(
            self.reading.view, self.sentence.tokens, self.sentence.tree, Span(piece.start, piece.end)
        )
        return bool(line.verbs()) or line.missed_verb(0, len(line)) >= 0

    def _opens_quotation(self, piece: ClauseAssertion) -> bool:
        """Tell "The guild answered:" before what it answered: only that somebody spoke."""
        view, end = self.reading.view, piece.end
        if (
            view[end : end + 1] != ":"
            or (view[end + 1 : end + 4].lstrip(" ")[:1] or "\n") not in _BEHIND_COLON
        ):
            return False
        tokens, tags = self.sentence.tokens, self.sentence.tree.xpos
        acts = [at for at in self.places(piece.start, end) if tags[at].startswith("V")]
        cues = [verbs().get(tokens[at].norm.lower()) for at in acts]
        return any(cue is not None and cue.cls is CueClass.SPEECH for cue in cues)

    def _carries(self, row: Attributed, piece: ClauseAssertion, inner: UnitScope) -> bool:
        """Tell whether the cue is the verb of the clause, not one deeper in it."""
        at = bisect_left(self.starts, row.cue.start)
        labels, heads, xpos = self.sentence.tree.labels, self.sentence.tree.heads, self.sentence.tree.xpos
        verb = VERB_AFTER_ALL in row.rules
        no_verb = at < len(xpos) and not verb and not xpos[at].startswith("V") and xpos[at] != "IN"
        if self._adds(row) or no_verb:
            return False
        for _ in range(12):
            if at < 0 or not piece.start <= self.starts[at] < piece.end:
                return True
            if labels[at] in ("acl", "acl:relcl", "advcl", "nmod", "obl", "nsubj", "obj", "csubj"):
                return labels[at] == "obl" or (labels[at] == "advcl" and not self._subordinate(at))
            at = heads[at]
        return True

    def _adds(self, row: Attributed) -> bool:
        """Tell a frame that is added by a participle behind a clause: "closed the road, saying it was unsafe"."""
        at = bisect_left(self.starts, row.cue.start)
        if not 0 < at < len(self.starts) or self.sentence.tree.xpos[at] != "VBG":
            return False
        return self.sentence.tokens[at - 1].norm == "," and self._cut_before(row.cue.start)

    def _before_added(self, piece: ClauseAssertion, scope: UnitScope) -> ClauseAssertion:
        """End a clause before the participle by which its subject adds what a deeper scope holds."""
        for inner in scope.inner:
            row = self.rows[inner.row] if inner.row is not None else None
            if row is None or row.sentence != self.sentence.index or not self._adds(row):
                continue
            comma = bisect_left(self.starts, row.cue.start) - 1
            end = self.sentence.tokens[comma - 1].end
            if piece.start < end and inner.hull.end >= piece.end > row.cue.start:
                piece = piece._replace(end=end)
        return piece

    def _frame(self, row: Attributed, scope: UnitScope) -> tuple[int, int]:
        """Return the stretch of the frame with the time and place of speaking: to the edge of the sentence."""
        start, end = row.frames[0].start, row.frames[-1].end
        first, last = scope.parts[0].start, max(part.end for part in scope.parts)
        if end <= first:
            start = self.sentence.start if not self._cut_before(start) else start
        elif start >= last:
            end = self.sentence.end
        return start, end

    def _cut_before(self, place: int) -> bool:
        """Tell whether another finite verb stands before a place of the sentence."""
        return not FINITE.isdisjoint(self.sentence.tree.xpos[: bisect_left(self.starts, place)])

    def _add(self, piece: ClauseAssertion, scope: UnitScope) -> None:
        words = self.words(piece.start, piece.end)
        if not words or (len(words) == 1 and not self.sentence.tree.xpos[words[0]].startswith("V")):
            # "He said why.": one word that is no verb says nothing.
            return
        visible = words
        if scope.frames:
            visible = [
                at for at in words if not any(f.start <= self.starts[at] < f.end for f in scope.frames)
            ]
        quoted = self.sentence.quoted
        share = len([at for at in visible if quoted[at] in self.full]) if self.full else 0
        row = scope.row
        frame = None
        if row is not None and self.rows[row].sentence == self.sentence.index and self.rows[row].frames:
            frame = self._frame(self.rows[row], scope)
        turn = row is not None and (
            self.rows[row].lemma == LABEL
            or (DISPLAYED in self.rows[row].rules and self.rows[row].sentence != self.sentence.index)
        )
        spoken = turn or (len(visible) > 0 and share >= _QUOTED * len(visible))
        if not spoken and piece.kind is ClauseKind.APPOSITION:
            # What explains a name in reported words is the writer's: "Lund said the mill, a relic, would close".
            row = frame = None
        self.found.append(
            UnitDraft(
                piece.start,
                piece.end,
                self.sentence.index,
                row,
                spoken,
                piece.kind.value,
                (piece.rule,),
                frame,
            )
        )


def _inside(inner: ClauseAssertion, outer: ClauseAssertion) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end and inner is not outer


def _sentence(
    reading: Reading,
    sentence: Sentence,
    rows: Sequence[Attributed],
    scopes: Sequence[UnitScope],
    full: AbstractSet[int],
) -> list[UnitDraft]:
    if len(sentence.tokens) > _LONGEST:
        return _whole(reading, sentence)
    cutter = _Cutter(reading, sentence, rows, full)
    carried = premises(reading.view, sentence.tokens, sentence.tree)
    terms = [p for p in carried if p.holder is not None and _linked(reading.view, p.holder.start)]
    if any(p.holder is not None and p not in terms for p in carried):
        # "Holt called him “a liar”" is a report, and no term besides.
        sources = (rows[scope.row].source for scope in scopes if scope.row is not None)
        said = [source for source in sources if source is not None]
        carried = [
            p
            for p in carried
            if p.holder is None
            or p in terms
            or not any(who.start < p.holder.end and p.holder.start < who.end for who in said)
        ]
    root = _nest(sentence, [scope for scope in scopes if not any(_names(rows, scope, p) for p in terms)])
    cutter.cut(root)
    found = cutter.found
    for premise in carried:
        holder = _innermost(root, premise.start)
        quoted = any(sentence.quoted[at] in cutter.full for at in cutter.places(premise.start, premise.end))
        found.append(
            UnitDraft(
                premise.start,
                premise.end,
                sentence.index,
                holder,
                quoted,
                f"premise-{premise.kind}",
                (premise.rule,),
                premise=premise,
            )
        )
    return found


def _whole(reading: Reading, sentence: Sentence) -> list[UnitDraft]:
    """Return an endless sentence as one unit, where it has a verb and reads like words at all."""
    if len(set(sentence.tree.words)) < _LONGEST // 4 or FINITE.isdisjoint(sentence.tree.xpos):
        return []
    start, end = (
        sentence.start,
        sentence.start + len(reading.view[sentence.start : sentence.end].rstrip(" .\n")),
    )
    return [
        UnitDraft(
            start, end, sentence.index, None, False, "sentence", ("whole sentence",), flags=("long-sentence",)
        )
    ]


def _linked(view: str, place: int) -> bool:
    """Tell whether a relative word stands right before a place: "land that they call “X”" is no report."""
    return view[max(0, place - 6) : place].rstrip().endswith(_LINKS)


def _names(rows: Sequence[Attributed], scope: UnitScope, premise: Premise) -> bool:
    """Tell whether a frame is the one by which somebody uses the term of a premise."""
    source = rows[scope.row].source if scope.row is not None else None
    return source is not None and source == premise.holder


def _innermost(scope: UnitScope, place: int) -> int | None:
    """Return the frame whose content a place lies in, the deepest."""
    for inner in scope.inner:
        if inner.covers(place):
            return _innermost(inner, place)
    return scope.row


__all__ = ["ClauseKind", "UnitDraft", "UnitScope", "drafts", "most_units"]
