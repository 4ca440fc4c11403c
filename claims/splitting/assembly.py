"""What is said of each stretch that was found: by whom, when, with which score, in which wording?

Turns drafts into the units of one article. It finds no stretch of its own and asks the heads it is given.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import NamedTuple

from claims.language.document import Reading, Sentence
from claims.language.news_verbs import finite_forms
from claims.language.spans import Span
from claims.language.transcripts import heard
from claims.splitting import repeats, unit_dates, whole_sentences
from claims.splitting.attribution.results import LABEL, Attributed
from claims.splitting.checkable import classes as checkable
from claims.splitting.checkable import features as worth_features
from claims.splitting.checkable import plain_worth
from claims.splitting.checkable.classes import CLOSE_CALL
from claims.splitting.checkable.features import Features
from claims.splitting.checkable.head import Case, HeadDecision
from claims.splitting.claimants.named import NamedClaimant
from claims.splitting.claimants.rank_features import Cases
from claims.splitting.claimants.ranker import Chooser, ClaimantDecision
from claims.splitting.claimants.resolver import Resolver
from claims.splitting.claimants.speakers import admitted
from claims.splitting.clauses import negation
from claims.splitting.clauses.premises import PremiseKind
from claims.splitting.left_out import is_command
from claims.splitting.ranking.circumstances import RankCase, WholeArticle
from claims.splitting.ranking.head import Ranking
from claims.splitting.types import ClaimantKind, ClaimType, DateMention, Reason, Unit, WeighedBy, settled
from claims.splitting.units import UnitDraft
from claims.splitting.wording.writing import worded
from claims.vocabulary import Attribution, Checkable

Judge = Callable[[Sequence[Case]], Sequence[HeadDecision]]


class _Read(NamedTuple):
    """The places of the words of a draft in its sentence, the words, the same in small letters, and their tags."""

    places: Sequence[int]
    words: tuple[str, ...]
    low: tuple[str, ...]
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Judged:
    """What scoring says of a draft."""

    attribution: Attribution
    checkable: Checkable
    type: ClaimType
    score: float
    reasons: tuple[Reason, ...]
    rules: tuple[str, ...]
    flags: tuple[str, ...]


class Assembly:
    """Turns drafts into units."""

    def __init__(
        self,
        reading: Reading,
        rows: Sequence[Attributed],
        people: Sequence[NamedClaimant],
        resolver: Resolver | None,
        published: str | None,
        judge: Judge | None,
        chooser: Chooser | None,
        ranking: Ranking,
    ) -> None:
        self.reading = reading
        self.ranking = ranking
        self.judge = judge if reading.language == "en" else None
        self.chooser = chooser if reading.language == "en" else None
        self.rows = rows
        self.people = people
        self.published = published
        self._resolver = resolver
        self._inserted = sorted({span for quote in reading.quotes for span in quote.insertions})
        self._judgements: dict[object, _Judged] = {}
        self._chosen: dict[tuple[int, int], ClaimantDecision] = {}
        self._read: dict[tuple[tuple[str, ...], tuple[str, ...]], Features] = {}
        self._drafts: dict[tuple[int, int, tuple[int, int] | None], _Read] = {}

    def units(self, found: Sequence[UnitDraft]) -> tuple[Unit, ...]:
        """Return the units of the drafts, in order."""
        made: list[Unit] = []
        open_units: list[Unit] = []
        kept: list[UnitDraft] = []
        for draft, person in zip(found, self._claimants(found), strict=True):
            unit = self._unit(len(kept) + 1, draft, person)
            if unit is None:
                continue
            kept.append(draft)
            while open_units and open_units[-1].end < unit.end:
                open_units.pop()
            if open_units and open_units[-1].start <= unit.start:
                unit = settled(unit, within=open_units[-1].id)
            open_units.append(unit)
            made.append(unit)
        made = [self._with_choice(unit) for unit in made]
        if self.judge is not None:
            made = self._checked(made, kept, self.judge)
        carried = {
            unit.id
            for unit, draft in zip(made, kept, strict=True)
            if unit.within and (draft.premise or draft.kind == "ranked")
        }
        datable = [
            unit_dates.Datable(unit.id, draft.start, draft.end, unit.checkable, draft.frame)
            for unit, draft in zip(made, kept, strict=True)
            if unit.id not in carried
        ]
        dates = unit_dates.attach(
            self.reading.view,
            datable,
            published=self.published,
            language=self.reading.language,
        )
        made = [_dated(unit, dates.get(unit.id, ())) for unit in made]
        made = _carried_dates(made, carried)
        made = self._flagged(made, kept)
        made = worded(made, kept, self.reading, self.rows, self._resolver)
        return tuple(repeats.mark(self._in_order(made, kept)))

    def _in_order(self, made: Sequence[Unit], kept: Sequence[UnitDraft]) -> list[Unit]:
        """Return the units with the score and the reasons that they have in this article."""
        if self.reading.language != "en":
            return list(made)
        cases = [self._rank_case(unit, draft) for unit, draft in zip(made, kept, strict=True)]
        article = WholeArticle.of(self.reading.layout.text, (unit.sentence for unit in made))
        return [
            settled(unit, score=worth.score, reasons=worth.reasons)
            for unit, worth in zip(made, self.ranking(cases, article), strict=True)
        ]

    def _rank_case(self, unit: Unit, draft: UnitDraft) -> RankCase:
        read = self._read_of(draft)
        return RankCase(unit, read.words, read.tags, self._features(read), read.low)

    def _features(self, read: _Read) -> Features:
        key = (read.low, read.tags)
        found = self._read.get(key)
        if found is None:
            found = self._read[key] = worth_features.read_low(read.low, read.tags)
        return found

    def _claimants(self, found: Sequence[UnitDraft]) -> list[NamedClaimant | None]:
        """Return who puts each draft forward: by the rules, where they leave a choice by the chooser."""
        ruled = [self._admitted(self._source(draft)) for draft in found]
        if self.chooser is None:
            return ruled
        assert self._resolver is not None
        makes = Cases(self.reading, self.rows, self._resolver, found, ruled)
        cases = [case for at in range(len(found)) if (case := makes.of(at)) is not None]
        self._chosen = {
            (case.start, case.end): decision
            for case, decision in zip(cases, self.chooser(cases), strict=True)
            if decision.claimant is not None
        }
        chosen = {place: self._admitted(decision.claimant) for place, decision in self._chosen.items()}
        return [chosen.get((draft.start, draft.end), one) for draft, one in zip(found, ruled, strict=True)]

    def _with_choice(self, unit: Unit) -> Unit:
        """Keep with a unit why the chooser named who speaks."""
        decision = self._chosen.get((unit.start, unit.end))
        if decision is None or decision.claimant is None or decision.claimant.name != unit.claimant:
            return unit
        why = WeighedBy(
            "claimant", unit.claimant, round(decision.chance, 3), decision.spoke_for, decision.spoke_against
        )
        return settled(unit, weighed=(*unit.weighed, why))

    def _checked(self, made: Sequence[Unit], kept: Sequence[UnitDraft], judge: Judge) -> list[Unit]:
        """Return the units with what the head says of their content, where the rules call it a claim at all."""
        asked = [at for at, unit in enumerate(made) if unit.checkable is not Checkable.NO]
        cases = []
        for at in asked:
            read = self._read_of(kept[at])
            unit = made[at]
            cases.append(Case(unit.text, read.words, read.tags, unit.attribution, unit.checkable, unit.rules))
        found = list(made)
        for at, case, decision in zip(asked, cases, judge(cases), strict=True):
            found[at] = _as_decided(made[at], case, decision)
        return found

    def _unit(self, number: int, draft: UnitDraft, person: NamedClaimant | None) -> Unit | None:
        """Return the unit of a draft; None for what asserts nothing: an order, a courtesy."""
        sentence = self.reading.sentences[draft.sentence]
        block = self.reading.block_of(sentence)
        row = self.rows[draft.row] if draft.row is not None else None
        read = self._read_of(draft)
        words, tags = read.words, read.tags
        attribution = _attribution(draft)
        direct = attribution in (Attribution.ARTICLE, Attribution.QUOTED)
        if direct and self.reading.language == "en" and is_command(words, tags):
            return None
        if self.reading.language == "en":
            judged = self._judged(read, attribution, row, draft)
            whole = whole_sentences.FLAG in draft.flags
            if "checkable:courtesy" in judged.rules or (
                "checkable:fragment" in judged.rules and (whole or attribution is Attribution.ARTICLE)
            ):
                if not whole and finite_forms().isdisjoint(read.low[1:]):
                    return None
                # "Arrests rose.": the tagger takes a verb at the end of so short a sentence for a noun.
                judged = replace(judged, checkable=Checkable.FACT, type=ClaimType.EVENT)
        else:
            judged = self._ranked(draft, attribution)
        flags = [*draft.flags, *judged.flags]
        if row is not None:
            flags += [*row.flags, *(person.flags if person is not None else ())]
            if row.relay is not None:
                flags.append("relayed")
        elif draft.quoted and draft.premise is None:
            flags.append("speaker-not-found" if person is None else "speaker-inferred")
        negated = False
        if self.reading.language == "en" and negation.denies(read.low):
            span = Span(draft.start, draft.end)
            negated = negation.negated(sentence.tokens, sentence.tree, span)
            if negation.negations(sentence.tokens, sentence.tree, span) > 1:
                flags.append("complex-negation")
        if row is not None and (row.denial or row.negated) and draft.start <= row.cue.start < draft.end:
            negated = True
        relay = row.relay if row is not None else None
        text = self.reading.layout.text
        quote = next((sentence.quoted[at] for at in read.places if sentence.quoted[at] >= 0), None)
        return Unit(
            id=number,
            start=draft.start,
            end=draft.end,
            text=text[draft.start : draft.end],
            attribution=attribution,
            checkable=judged.checkable,
            claimant=person.name if person is not None else "",
            claimant_kind=person.kind if person is not None else ClaimantKind.NONE,
            claimant_span=_bounds(person),
            relay=text[relay.start : relay.end] if relay is not None else "",
            negated=negated,
            sentence=(sentence.start, sentence.end),
            paragraph=(block.start, block.end),
            quote=quote,
            type=judged.type,
            score=judged.score,
            reasons=judged.reasons,
            flags=tuple(dict.fromkeys(flags)),
            rules=tuple(
                dict.fromkeys((*draft.rules, *(row.rules if row is not None else ()), *judged.rules))
            ),
            insertions=self._insertions(draft),
            time=heard(draft.start, draft.end, block.pieces) if block.pieces else None,
        )

    def _ranked(self, draft: UnitDraft, attribution: Attribution) -> _Judged:
        """Judge a draft of a language without a model: everything may be a claim, some deserve checking more."""
        worth = plain_worth.score(
            self.reading.layout.text[draft.start : draft.end],
            language=self.reading.language,
            reported=attribution is Attribution.REPORTED,
            quoted=draft.quoted,
            place=draft.sentence,
        )
        return _Judged(attribution, Checkable.FACT, ClaimType.EVENT, worth.score, worth.reasons, (), ())

    def _judged(
        self,
        read: _Read,
        attribution: Attribution,
        row: Attributed | None,
        draft: UnitDraft,
    ) -> _Judged:
        """Judge a draft; the same words under the same cue are judged once."""
        inside = _holds_cue(draft, row)
        cue = row.lemma if row is not None and row.lemma != ":" else ""
        key = (
            read.words,
            read.tags,
            attribution,
            cue,
            inside,
            draft.premise is not None and draft.premise.kind,
        )
        judged = self._judgements.get(key)
        if judged is None:
            judged = _judge(read, attribution, cue, inside, draft, self._features(read))
            self._judgements[key] = judged
        return judged

    def _admitted(self, found: NamedClaimant | None) -> NamedClaimant | None:
        """Return who was found, if it can speak at all."""
        if found is None or self.reading.language != "en":
            # The packs of other languages ask their own lists who can speak.
            return found
        return admitted(found)

    def _source(self, draft: UnitDraft) -> NamedClaimant | None:
        if draft.premise is not None and draft.premise.holder is not None:
            return self._named().resolve(draft.premise.holder)
        if draft.row is None:
            return None
        row = self.rows[draft.row]
        if row.lemma == LABEL and row.source is not None and self.reading.language == "en":
            label = self.reading.layout.text[row.source.start : row.source.end]
            return self._named().turns.speaker(label, row.source)
        return self.people[draft.row]

    def _named(self) -> Resolver:
        if self._resolver is None:
            self._resolver = Resolver(self.reading)
        return self._resolver

    def _read_of(self, draft: UnitDraft) -> _Read:
        """Return the places, words and tags of a draft: one that stands still is read once."""
        key = (draft.start, draft.end, draft.frame)
        found = self._drafts.get(key)
        if found is None:
            found = self._drafts[key] = _words_of(self.reading.sentences[draft.sentence], draft)
        return found

    def _insertions(self, draft: UnitDraft) -> tuple[tuple[int, int], ...]:
        first = bisect_left(self._inserted, (draft.start, draft.start))
        last = bisect_left(self._inserted, (draft.end, draft.end))
        return tuple(span for span in self._inserted[first:last] if span[1] <= draft.end)

    def _flagged(self, made: list[Unit], found: Sequence[UnitDraft]) -> list[Unit]:
        """Mark units of the writer right behind somebody's speech, and dates that a person has to settle."""
        said: dict[int, int] = {}
        for draft in found:
            if draft.row is not None:
                said.setdefault(draft.sentence, draft.row)
        result: list[Unit] = []
        for unit, draft in zip(made, found, strict=True):
            flags = list(unit.flags)
            before = draft.sentence - 1
            sentences = self.reading.sentences
            if (
                unit.attribution is Attribution.ARTICLE
                and before in said
                and draft.sentence not in said
                and sentences[before].block == sentences[draft.sentence].block
            ):
                flags.append("possibly-continued")
            for mention in unit.dates:
                flags += [flag for flag in mention.flags if flag.startswith("ambiguous")]
                if mention.value == "unresolved" and self.published is None:
                    flags.append("date-needs-publication")
            result.append(
                settled(unit, flags=tuple(dict.fromkeys(flags))) if flags != list(unit.flags) else unit
            )
        return result


def _words_of(sentence: Sentence, draft: UnitDraft) -> _Read:
    """Return the words of a draft, the frame in its middle left out."""
    starts, tree, low = sentence.starts, sentence.tree, sentence.low
    first, last = bisect_left(starts, draft.start), bisect_left(starts, draft.end)
    frame = draft.frame
    if frame is None or not (draft.start < frame[0] and frame[1] < draft.end):
        return _Read(range(first, last), tree.words[first:last], low[first:last], tree.xpos[first:last])
    places = [at for at in range(first, last) if not frame[0] <= starts[at] < frame[1]]
    return _Read(
        places,
        tuple([tree.words[at] for at in places]),
        tuple([low[at] for at in places]),
        tuple([tree.xpos[at] for at in places]),
    )


def _bounds(person: NamedClaimant | None) -> tuple[int, int] | None:
    return (person.span.start, person.span.end) if person is not None and person.span is not None else None


def _attribution(draft: UnitDraft) -> Attribution:
    if draft.premise is not None:
        return Attribution.PREMISE
    if draft.quoted:
        return Attribution.QUOTED
    return Attribution.ARTICLE if draft.row is None else Attribution.REPORTED


def _holds_cue(draft: UnitDraft, row: Attributed | None) -> bool:
    """Tell whether the cue stands inside the span: "rejected the charge"."""
    if row is None or draft.frame is None or not draft.start <= row.cue.start < draft.end:
        return False
    return not (row.frames and draft.start < row.frames[0].start)


def _judge(
    read: _Read,
    attribution: Attribution,
    cue: str,
    inside: bool,
    draft: UnitDraft,
    features: Features,
) -> _Judged:
    verdict = checkable.classify(
        read.words,
        read.tags,
        attribution=attribution,
        cue=cue,
        cue_inside=inside,
        features=features,
        low=read.low,
    )
    if draft.premise is not None and draft.premise.kind is PremiseKind.TERM:
        # A name in use: that it is used can be checked, not the name.
        verdict = verdict._replace(checkable=Checkable.SAID, type=ClaimType.PAST_WORDING)
    return _Judged(attribution, verdict.checkable, verdict.type, 0.0, (), verdict.rules, verdict.flags)


def _as_decided(unit: Unit, case: Case, decision: HeadDecision) -> Unit:
    if case.is_settled:
        return unit
    flags = [flag for flag in unit.flags if flag != CLOSE_CALL]
    if decision.unsure:
        flags.append(CLOSE_CALL)
    why = WeighedBy(
        "checkable",
        str(decision.checkable),
        round(decision.chance, 3),
        decision.spoke_for,
        decision.spoke_against,
    )
    unit = settled(
        unit,
        flags=tuple(flags),
        rules=(*unit.rules, "checkable:head"),
        weighed=(*unit.weighed, why),
    )
    if decision.checkable is unit.checkable:
        return unit
    features = worth_features.read(case.words, case.xpos)
    return settled(
        unit, checkable=decision.checkable, type=checkable.claim_type(features, decision.checkable)
    )


def _carried_dates(units: Sequence[Unit], carried: AbstractSet[int]) -> list[Unit]:
    """Give premises and what was offered the dates inside them; the clause around them keeps them too."""
    by_id = {unit.id: unit for unit in units}
    found = list(units)
    for at, unit in enumerate(units):
        holder = unit
        # A premise inside a premise has the dates of the clause around both.
        while holder.id in carried and holder.within is not None:
            holder = by_id[holder.within]
        if unit.id in carried:
            inside = tuple(one for one in holder.dates if unit.start <= one.start and one.end <= unit.end)
            found[at] = _dated(unit, inside)
    return found


def _dated(unit: Unit, dates: tuple[DateMention, ...]) -> Unit:
    return settled(unit, dates=dates) if dates else unit
