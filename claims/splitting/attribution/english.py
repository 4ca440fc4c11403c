"""Who says, thinks or wants what in an article?

Joins what the rules find in single sentences over the article: frames inside quotations, quotations of
several sentences, quotations that stand free beside a frame. It decides neither who a source is nor what is
checkable.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Container, Iterable

from claims.language.document import Reading, Sentence
from claims.language.parser import FINITE
from claims.language.quotes import Quote, QuoteKind
from claims.language.spans import Span
from claims.splitting.attribution.complements import CueHit
from claims.splitting.attribution.content import read_scope
from claims.splitting.attribution.cues import verbs
from claims.splitting.attribution.results import (
    DISPLAYED,
    LABEL,
    Attributed,
    Complement,
    CueClass,
    FrameWording,
)
from claims.splitting.attribution.rows import FoundFrame, row_of_hit
from claims.splitting.attribution.sentence_words import SentenceWords, WordScope
from claims.splitting.attribution.signatures import row_of, signed_quotations
from claims.splitting.attribution.sources import left_source, merge, tree_source
from claims.splitting.word_lists import word_lists


def attribute(reading: Reading) -> tuple[Attributed, ...]:
    """Return the frames of an article in order of their sentence, outer before inner."""
    by_id = {quote.id: quote for quote in reading.quotes}
    nested: dict[int, list[Quote]] = {}
    for quote in reading.quotes:
        if quote.depth == 1 and quote.parent is not None:
            nested.setdefault(quote.parent, []).append(quote)
    found: list[FoundFrame] = []
    inner: list[FoundFrame] = []
    for sentence in reading.sentences:
        words = SentenceWords.of(sentence)
        if not words.low:
            continue
        outside = WordScope(words, 0, len(words), list(sentence.quoted))
        hits = read_scope(outside)
        label = _labelled(outside)
        if label is not None:
            hits = [label, *hits]
        if not any(hit.cue.cls is CueClass.SPEECH for hit in hits):
            hits = _bare_frame(outside, by_id) + hits + _issued(outside)
        found.extend(FoundFrame(sentence.index, outside, hit, []) for hit in hits)
        for scope in _inside(words, sentence, by_id, nested):
            inner.extend(FoundFrame(sentence.index, scope, hit, []) for hit in read_scope(scope))
    signed = signed_quotations(reading)
    _join_quotations(reading, by_id, found, signed)
    _join_displayed(reading, found)
    marks = ({quote.start: quote for quote in reading.quotes}, {quote.end: quote for quote in reading.quotes})
    rows = [row for item in (*found, *inner) if (row := row_of_hit(reading, item, marks)) is not None]
    rows.extend(row_of(reading, signature) for signature in signed.values())
    rows.extend(_turns(reading))
    return in_order(rows)


def in_order(rows: Iterable[Attributed]) -> tuple[Attributed, ...]:
    """Return frames in order of their sentence, outer before inner."""
    return tuple(sorted(rows, key=lambda row: (row.sentence, row.quote is not None, row.cue.start)))


def _turns(reading: Reading) -> list[Attributed]:
    """Return the turns of a transcript or an interview: the label is the source, all it says the content."""
    rows: list[Attributed] = []
    seen: set[int] = set()
    for sentence in reading.sentences:
        block = reading.block_of(sentence)
        if block.speaker_span is None or sentence.block in seen:
            continue
        seen.add(sentence.block)
        label = Span(*block.speaker_span)
        spoken = Span(sentence.start, block.start + len(reading.view[block.start : block.end].rstrip()))
        if spoken.start >= spoken.end:
            continue
        rows.append(
            Attributed(
                sentence=sentence.index,
                cue=Span(label.end, max(label.end, min(label.end + 1, sentence.start))),
                lemma=LABEL,
                cue_class=CueClass.SPEECH,
                wording=FrameWording.QUOTED,
                complement=Complement.CONTEXT,
                frames=(label,),
                source=label,
                content=(spoken,),
                unit=(spoken,),
                rules=("turn of a speaker",),
            )
        )
    return rows


def _labelled(scope: WordScope) -> CueHit | None:
    """Read "Smith: the deal is off", as headlines have it."""
    words = scope.words
    size = len(words)
    at = 0
    while at < min(5, size) and words.xpos[at] in ("NNP", "NNPS") and scope.hidden[at] < 0:
        at += 1
    if not 0 < at < size - 3 or words.low[at] != ":" or scope.hidden[at] >= 0:
        return None
    if not (words.finite_between(at + 1, size) or scope.hidden[at + 1] >= 0):
        return None
    say = verbs()["say"]
    hit = CueHit(at, at, at, say, "phrase", Complement.CLAUSE, at + 1, size, (0, at - 1))
    hit.frame_left, hit.frame_right = 0, at
    hit.content = [(at + 1, size)]
    hit.rules.append("name before a colon")
    return hit


def _inside(
    words: SentenceWords, sentence: Sentence, by_id: dict[int, Quote], nested: dict[int, list[Quote]]
) -> list[WordScope]:
    """Return the scopes of the quotations in a sentence, each without the quotations inside it."""
    scopes: list[WordScope] = []
    tokens = sentence.tokens
    at = 0
    quoted = sentence.quoted
    if max(quoted, default=-1) < 0:
        return scopes
    while at < len(tokens):
        id_ = quoted[at]
        if id_ < 0:
            at += 1
            continue
        end = at
        while end < len(tokens) and quoted[end] == id_:
            end += 1
        if by_id[id_].kind is QuoteKind.FULL and end - at >= 4:
            hidden = [-1] * len(tokens)
            for quote in nested.get(id_, ()):
                if quote.start < sentence.end and quote.end > sentence.start:
                    for place in range(at, end):
                        if quote.start <= tokens[place].start < quote.end:
                            hidden[place] = quote.id
            start = at + 1 if words.low[at] in ('"', "'") else at
            stop = end - 1 if words.low[end - 1] in ('"', "'") else end
            if stop > start:
                scopes.append(WordScope(words, start, stop, hidden, id_))
        at = end
    return scopes


def _bare_frame(scope: WordScope, by_id: dict[int, Quote]) -> list[CueHit]:
    """Read a quotation beside a subject and a verb that no list holds: ``"…," Smith shrugged``."""
    words = scope.words
    size = len(words)
    full = [
        at for at in range(size) if scope.hidden[at] >= 0 and by_id[scope.hidden[at]].kind is QuoteKind.FULL
    ]
    if not full:
        return []
    first, last = full[0], full[-1]
    say = verbs()["say"]
    if first > 1 and words.low[first - 1] in (",", ":"):
        # NP verb ..., "quotation": the verb nearest to the start that is finite.
        finite = [at for at in range(first) if scope.hidden[at] < 0 and words.xpos[at] in FINITE]
        if finite and first - finite[0] <= 14:
            at = finite[0]
            rule, _ = left_source(scope, at)
            source, _ = merge(words, rule, tree_source(words, at), participle=False)
            if source:
                hit = CueHit(at, at, first - 2, say, "verb", Complement.QUOTE, first, size, source)
                hit.frame_left, hit.frame_right = source[0], first - 1
                hit.content = [(first, size)]
                hit.rules.append("verb beside a quotation")
                return [hit]
        return []
    after = last + 1
    if after < size - 1 and words.low[last] == '"' and words.low[last - 1] in (",", "?", "!"):
        finite = [
            at
            for at in range(after, min(size, after + 12))
            if words.xpos[at] in FINITE and words.xpos[at] != "MD"
        ]
        if finite:
            at = finite[0]
            rule, _ = left_source(scope, at)
            if rule and rule[0] >= after and words.xpos[after] not in ("IN", "CC", "WDT", "WP"):
                hit = CueHit(at, at, at, say, "verb", None, -1, after, rule, post=True)
                hit.frame_left, hit.frame_right = rule[0], at
                hit.content = [(0, after)]
                hit.rules.append("verb beside a quotation")
                return [hit]
    return []


def _issued(scope: WordScope) -> list[CueHit]:
    """Read "Senator Lund issued a statement.": the quotation behind it is hers, where no other frame is near."""
    words = scope.words
    low = words.low
    lists = word_lists("bodies_en.txt")
    for at in range(scope.start + 1, scope.end - 2):
        if low[at] not in lists["issuing"] or words.xpos[at] not in FINITE or scope.hidden[at] >= 0:
            continue
        near = range(at + 2, min(at + 6, scope.end))
        noun = next((look for look in near if low[look] in lists["document"]), -1)
        if noun < 0 or low[at + 1] not in ("a", "an", "this", "the"):
            continue
        rule, _ = left_source(scope, at)
        source, _ = merge(words, rule, tree_source(words, at), participle=False)
        if source:
            hit = CueHit(at, at, noun, verbs()["say"], "verb", None, -1, noun + 1, source, post=True)
            hit.frame_left, hit.frame_right = source[0], noun
            hit.rules.append("issued a statement")
            return [hit]
    return []


def _join_quotations(
    reading: Reading, by_id: dict[int, Quote], found: list[FoundFrame], signed: Container[int]
) -> None:
    """Give quoted sentences to the frame that holds another part of their quotation, or stands beside."""
    root: dict[int, int] = {}
    for quote in reading.quotes:
        root[quote.id] = (
            root.get(quote.continued_from, quote.continued_from)
            if quote.continued_from is not None
            else quote.id
        )
    owner: dict[int, FoundFrame] = {}
    covered: dict[int, set[int]] = {}
    # Contents of one sentence overlap; what the first of them held needs no second look.
    seen: dict[int, bytearray] = {}
    for item in found:
        if item.hit.sort not in ("verb", "phrase") and item.hit.cue.cls is not CueClass.SPEECH:
            continue
        looked = seen.setdefault(item.sentence, bytearray(len(item.scope.hidden)))
        for start, end in item.hit.content:
            at = looked.find(0, start, end)
            while at >= 0:
                looked[at] = 1
                id_ = item.scope.hidden[at]
                if id_ >= 0:
                    if by_id[id_].kind is QuoteKind.FULL:
                        owner.setdefault(root[id_], item)
                    covered.setdefault(item.sentence, set()).add(at)
                at = looked.find(0, at + 1, end)
    frames_by_block: dict[int, list[FoundFrame]] = {}
    for item in found:
        if (
            item.hit.cue.cls is CueClass.SPEECH
            and item.hit.sort in ("verb", "phrase")
            and item.hit.source is not None
        ):
            frames_by_block.setdefault(reading.sentences[item.sentence].block, []).append(item)
    last_block_owner: FoundFrame | None = None
    last_block = 0
    for sentence in reading.sentences:
        taken = covered.get(sentence.index, set())
        runs = _runs(sentence, taken, by_id)
        for id_, start, end in runs:
            if id_ in signed:
                continue
            holder = owner.get(root[id_])
            if holder is None:
                holder = _beside(reading, sentence, frames_by_block.get(sentence.block, []), start, end)
                alone = end - start > 0.85 * len(sentence.tokens)
                # Quoted paragraphs follow one another under the frame that opened them.
                if holder is None and alone and sentence.block - last_block <= 2:
                    holder = last_block_owner
                if holder is not None:
                    owner[root[id_]] = holder
            if holder is not None:
                holder.extra.append(Span(sentence.tokens[start].start, sentence.tokens[end - 1].end))
                last_block_owner, last_block = holder, sentence.block
        frames = frames_by_block.get(sentence.block, [])
        at = bisect_right(frames, sentence.index, key=_sentence_of)
        if at and frames[at - 1].sentence == sentence.index:
            last_block_owner, last_block = frames[at - 1], sentence.block


def _join_displayed(reading: Reading, found: list[FoundFrame]) -> None:
    """Give the paragraph behind "Lund writes:" to that frame: a quotation set apart without marks."""
    sentences = reading.sentences
    for item in found:
        sentence = sentences[item.sentence]
        following = item.sentence + 1
        if item.hit.cue.cls is not CueClass.SPEECH or item.hit.source is None or item.extra:
            continue
        if not sentence.tokens or sentence.tokens[-1].norm != ":" or following >= len(sentences):
            continue
        later = any(
            other > item.hit.at and item.scope.words.xpos[other] in FINITE for other in _finite(item.scope)
        )
        if later or sentences[following].block == sentence.block:
            continue
        item.hit.content = []
        item.hit.rules.append(DISPLAYED)
        at = following
        while at < len(sentences) and sentences[at].block == sentences[following].block:
            if sum(id_ >= 0 for id_ in sentences[at].quoted) < 0.5 * len(sentences[at].quoted):
                item.extra.append(Span(sentences[at].start, sentences[at].end))
            at += 1


def _finite(scope: WordScope) -> list[int]:
    return [at for at in range(scope.start, scope.end) if scope.words.xpos[at] in FINITE]


def _runs(sentence: Sentence, taken: set[int], by_id: dict[int, Quote]) -> list[tuple[int, int, int]]:
    """Return the quoted stretches of a sentence that no frame holds and that are whole clauses."""
    runs: list[tuple[int, int, int]] = []
    at = 0
    quoted = sentence.quoted
    size = len(quoted)
    if max(quoted, default=-1) < 0:
        return runs
    while at < size:
        if quoted[at] < 0 or at in taken:
            at += 1
            continue
        end = at
        while end < size and quoted[end] == quoted[at] and end not in taken:
            end += 1
        quote = by_id[quoted[at]]
        if quote.kind is QuoteKind.FULL and end - at >= 2:
            runs.append((quote.id, at, end))
        at = end
    return runs


def _beside(
    reading: Reading, sentence: Sentence, frames: list[FoundFrame], start: int, end: int
) -> FoundFrame | None:
    """Return the frame of the same block that a free quotation goes with: before it, else after it."""
    if end - start < 0.6 * len(sentence.tokens):
        return None
    at = bisect_left(frames, sentence.index, key=_sentence_of)
    if at and sentence.index - frames[at - 1].sentence <= 6:
        return frames[at - 1]
    at = bisect_right(frames, sentence.index, key=_sentence_of)
    return frames[at] if at < len(frames) and frames[at].sentence - sentence.index <= 4 else None


def _sentence_of(item: FoundFrame) -> int:
    return item.sentence
