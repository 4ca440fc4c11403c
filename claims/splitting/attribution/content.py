"""Which words does each frame of a sentence cover?

Works from left to right over the hits of one scope: decides whether the content stands before or behind the
frame, and where the next frame ends it. The end of a sentence is the end of a content unless a later frame of
the same level begins before it.
"""

from __future__ import annotations

from claims.language.parser import FINITE, NOUNS
from claims.splitting.attribution.complements import CueHit
from claims.splitting.attribution.cue_places import find_hits
from claims.splitting.attribution.frames import EXPLETIVES, RAISING, acceptable, find_source, inherit
from claims.splitting.attribution.results import Complement, CueClass
from claims.splitting.attribution.sentence_words import ADVERBS, RELATIVES, STOPS, WordScope
from claims.splitting.word_lists import acts


def read_scope(scope: WordScope) -> list[CueHit]:
    """Return the frames of one level of a sentence, each with its source and content."""
    hits = [hit for hit in find_hits(scope) if find_source(scope, hit)]
    kept: list[CueHit] = []
    for hit in hits:
        if hit.inherited and not inherit(scope, hit, kept):
            continue
        if not acceptable(scope, hit):
            continue
        if kept and (kept[-1].first <= hit.at <= kept[-1].last or _names_the_telling(hit, kept[-1])):
            continue
        kept.append(hit)
    _frames(scope, kept)
    done: list[CueHit] = []
    for index, hit in enumerate(kept):
        _content(scope, hit, kept, index, done)
        if hit.content or (
            hit.cue.cls is CueClass.SPEECH and hit.sort != "noun" and hit.complement is None and hit.post
        ):
            done.append(hit)
    return done


def _names_the_telling(hit: CueHit, before: CueHit) -> bool:
    """Tell "said in a statement that …": what is stated is what the verb says; "rejected claims that …" is a denial."""
    if hit.sort != "noun" or hit.source is not None or hit.first <= before.last:
        return False
    stated = hit.last < before.begin and hit.begin == before.begin
    denied = (
        before.sort == "verb"
        and before.cue.lemma in acts("rejecting")
        and hit.first - before.last <= _NEAR_OBJECT
    )
    return stated or denied


_NEAR_OBJECT = 4


def _frames(scope: WordScope, hits: list[CueHit]) -> None:
    for hit in hits:
        left, right = hit.first, hit.last
        if hit.source is not None and not hit.inherited:
            near = hit.sort == "noun" or hit.first - hit.source[1] < 30
            if hit.source[1] < hit.first and near and not _adds(scope, hit):
                left = hit.source[0]
            if hit.source[0] > hit.last and (hit.inverted or hit.sort in ("phrase",) or hit.passive):
                right = hit.source[1]
        if hit.addressee is not None and hit.addressee[0] > right:
            right = hit.addressee[1]
        hit.frame_left, hit.frame_right = left, right


def _adds(scope: WordScope, hit: CueHit) -> bool:
    """Tell "…, saying the shipment was labelled": what stands before it is told by another verb."""
    before = hit.first - 1
    comma = before >= scope.start and scope.words.low[before] == "," and scope.hidden[before] < 0
    return comma and hit.sort == "verb" and scope.words.xpos[hit.at] == "VBG"


def _content(scope: WordScope, hit: CueHit, hits: list[CueHit], index: int, done: list[CueHit]) -> None:
    words = scope.words
    low = words.low
    as_frame = _as_before(scope, hit)
    around = hit.sort == "phrase" or as_frame >= 0
    before = hit.complement is None or hit.inverted
    previous = scope.start
    for earlier in done:
        if not around and not before and earlier.frame_left < hit.frame_left:
            ends = [end for _, end in earlier.content if end <= hit.frame_left]
            previous = max([previous, earlier.frame_right + 1, *ends])
    if around and _relays(hit, done):
        return
    if around:
        _parenthetic(scope, hit, previous, as_frame)
    elif before:
        hit.post = True
        _postposed(scope, hit, previous, hits, index)
    quiet = (around or before) and hit.sort == "verb" and "that" not in hit.cue.takes and not hit.passive
    if quiet and not any(scope.hidden[at] >= 0 for start, end in hit.content for at in range(start, end)):
        # "continued", "began", "fired": speech only beside a quotation.
        hit.content = []
        hit.post = False
        return
    if around or before:
        # What stands inside a content that its frame follows is inside that content, and ends with it.
        if hit.content and hit.content[0][0] < hit.frame_left:
            for earlier in done:
                earlier.content = [
                    (start, min(end, hit.content[0][1]))
                    for start, end in earlier.content
                    if start < hit.content[0][1]
                ]
        return
    if hit.cue.lemma in RAISING or "expletive" in hit.flags:
        source = hit.source
        hit.source = None
        if source and low[source[0]] not in EXPLETIVES:
            hit.content.append((source[0], source[1] + 1))
    if hit.begin >= 0:
        if _is_cleft(scope, hit):
            hit.begin += 2
            hit.frame_left, hit.frame_right = hit.frame_left - 1, hit.begin - 1
        end = _end(scope, hit, hits, index)
        if hit.complement is Complement.QUOTE:
            edge = hit.frame_left - 1
            if edge >= scope.start and low[edge] == "," and scope.hidden[edge] < 0:
                edge -= 1
            if edge >= previous and scope.hidden[edge] >= 0:
                hit.content.append((previous, edge + 1))
                hit.rules.append("quotation split by its frame")
        hit.content.append((hit.begin, end))
        hit.end = end


def _is_cleft(scope: WordScope, hit: CueHit) -> bool:
    """Tell "What the figures show is that rents doubled": of that only "rents doubled" is shown."""
    low, before = scope.words.low, hit.frame_left - 1
    opened = before >= scope.start and low[before] == "what"
    return opened and low[hit.begin] in ("is", "was") and low[hit.begin + 1 : hit.begin + 2] == ["that"]


def _relays(hit: CueHit, done: list[CueHit]) -> bool:
    """Make "according to X" or "as X reported" behind a frame the relay of that frame."""
    for earlier in reversed(done):
        if (
            earlier.cue.cls is CueClass.SPEECH
            and earlier.sort == "verb"
            and earlier.content
            and earlier.frame_left < hit.frame_left
        ):
            own = earlier.post or earlier.complement is Complement.QUOTE
            if own and hit.source is not None and earlier.relay is None:
                earlier.relay, earlier.relay_cue = hit.source, (hit.first, hit.last)
                earlier.rules.append("relay")
                return True
            return False
    return False


def _as_before(scope: WordScope, hit: CueHit) -> int:
    """Return the index of an "as" that makes the frame a comment clause, -1 without one."""
    if hit.sort != "verb":
        return -1
    low = scope.words.low
    before = hit.frame_left - 1
    if before >= scope.start and scope.hidden[before] < 0 and low[before] in ("as", "than"):
        if low[before] == "as" and hit.complement in (None, Complement.PHRASE):
            follows = hit.frame_right + 1
            putting = hit.cue.lemma in ("put", "tell", "describe", "see", "explain", "say")
            if hit.complement is Complement.PHRASE and not (
                putting and follows < scope.end and low[follows] == "it"
            ):
                return -1
            if hit.complement is Complement.PHRASE:
                hit.frame_right = follows
            return before
        if low[before] == "than" and hit.complement is None:
            return before
    return -1


def _parenthetic(scope: WordScope, hit: CueHit, previous: int, as_at: int) -> None:
    """Set the content of "according to X" and "as X said": all of the sentence around the frame."""
    words, hidden = scope.words, scope.hidden
    low = words.low
    left = as_at if as_at >= 0 else hit.frame_left
    right = hit.frame_right
    while right + 1 < scope.end and hidden[right + 1] < 0 and low[right + 1] not in STOPS:
        if as_at < 0 or words.xpos[right + 1] in ("PRP",):
            break
        right += 1
    # "apparently according to X": the adverb is the frame's, unlike that of "a year earlier, according to X".
    while left - 1 >= previous and hidden[left - 1] < 0 and words.xpos[left - 1] in ADVERBS:
        left -= 1
    while left - 1 >= previous and hidden[left - 1] < 0 and low[left - 1] in (",", "—", "("):
        left -= 1
    if left > previous and low[left - 1] not in ("and", "but"):
        hit.content.append((previous, left))
        hit.post = True
    follow = right + 1
    if (follow < scope.end and low[follow] in (",", "—", ")", "--")) or (
        follow < scope.end and hidden[follow] >= 0
    ):
        if hidden[follow] < 0:
            follow += 1
        # "…, according to the office, which had expected rain": that tells of the office.
        if not hit.post and low[follow] in RELATIVES and hidden[follow] < 0:
            # "According to the bureau, which surveyed 900 tenants, rents doubled."
            closing = next((k for k in range(follow, scope.end) if low[k] == "," and hidden[k] < 0), -1)
            follow = closing + 1 if closing > 0 and words.finite_between(closing + 1, scope.end) else follow
        told = low[hit.frame_left : follow + 1]
        if follow < scope.end - 1 and not (hit.post and not RELATIVES.isdisjoint(told)):
            hit.content.append((follow, scope.end))
    elif follow < scope.end - 1 and left <= previous:
        hit.content.append((follow, scope.end))
    hit.rules.append("comment clause")


def _postposed(scope: WordScope, hit: CueHit, previous: int, hits: list[CueHit], index: int) -> None:
    """Set the content that stands before its frame, and what goes on behind it."""
    words, hidden = scope.words, scope.hidden
    low, xpos = words.low, words.xpos
    left = hit.frame_left
    while (
        left - 1 >= previous
        and hidden[left - 1] < 0
        and (low[left - 1] in (",", "—", "--", "-") or low[left - 1] in ("and", "but"))
    ):
        left -= 1
    start = previous
    while start < left and low[start] in (",", ";") and hidden[start] < 0:
        start += 1
    if left > start:
        comma = (
            (left < hit.frame_left and low[hit.frame_left - 1] not in ("and", "but"))
            or hidden[left - 1] >= 0
            or low[left - 1] in ("?", "!")
        )
        if comma:
            hit.content.append((start, left))
    right = hit.frame_right + 1
    scan = right
    while (
        scan < scope.end and hidden[scan] < 0 and low[scan] not in (",", ".", ";", ":", "—", "--", "!", "?")
    ):
        scan += 1
    if scan < scope.end and hidden[scan] >= 0 and scan > right and not words.finite_between(right, scan):
        if hit.content or "q" in hit.cue.takes:
            hit.content.append((scan, _end(scope, hit, hits, index, scan)))
    elif scan < scope.end - 1:
        follow = scan + 1
        if hidden[scan] >= 0:
            hit.content.append((scan, _end(scope, hit, hits, index, scan)))
        elif (
            (follow < scope.end and hidden[follow] >= 0)
            or (
                (hit.content or left <= start)
                and low[scan] == ","
                and not (hit.content and hidden[hit.content[0][1] - 1] >= 0)
                and xpos[follow] not in ("VBG", "CC")
                and low[follow] not in RELATIVES
                and low[follow] not in ("as", "while", "after", "when", "before", "although", "though")
                and not (hit.inverted and xpos[follow] in NOUNS | {"DT"})
                # "…, police said, in what the mayor called an attack": somebody else's name for it.
                and low[follow : follow + 2] not in (["in", "what"], ["at", "what"], ["for", "what"])
            )
        ):
            hit.content.append((follow, _end(scope, hit, hits, index, follow)))
    hit.rules.append("content before its frame")


def _end(scope: WordScope, hit: CueHit, hits: list[CueHit], index: int, begin: int = -1) -> int:
    """Return the index after the content of a hit that begins at ``begin``."""
    words = scope.words
    low = words.low
    begin = hit.begin if begin < 0 else begin
    end = scope.end
    for later in hits[index + 1 :]:
        if later.frame_left <= begin or later.frame_left >= end:
            continue
        if _terminates(scope, hit, later):
            end = later.frame_left
            break
    end = min(end, _clause_end(scope, hit, begin), _subordinate_end(scope, hit, begin))
    end = min(end, _adjunct_end(scope, hit, begin, end), _own_end(scope, hit, begin, end))
    if hit.sort == "noun" and hit.complement is Complement.CLAUSE and hit.first - scope.start <= 3:
        # "His claim that crime doubled is false": the second finite verb is the sentence's own.
        finite = [
            at
            for at in range(begin, end)
            if words.xpos[at] in FINITE or (words.xpos[at] == "VBN" and words.xpos[at - 1] in NOUNS)
        ]
        if len(finite) > 1 and not any(
            words.xpos[at] in ("CC", "IN", "WDT", "WP", ",", "MD", "TO") for at in range(finite[0], finite[1])
        ):
            end = finite[1]
    while (
        end - 1 > begin
        and scope.hidden[end - 1] < 0
        and low[end - 1] in (",", "and", "but", "while", ";", "—", "--", "as", ".")
    ):
        end -= 1
    return end


def _terminates(scope: WordScope, hit: CueHit, later: CueHit) -> bool:
    """Tell whether a later frame ends the content of an earlier one rather than standing inside it."""
    words = scope.words
    low, xpos = words.low, words.xpos
    if later.sort in ("noun", "phrase", "adjective"):
        return False
    speech = later.cue.cls is CueClass.SPEECH
    same_tense = xpos[hit.at] == xpos[later.at] or hit.sort == "adjective"
    head = words.heads[later.at]
    if (
        words.labels[later.at] == "conj"
        and later.complement is not None
        and (later.inherited or speech)
        and xpos[later.at] in FINITE
    ):
        node, steps = hit.at, 0
        while node >= 0 and steps < 8:
            if node == head:
                return True
            node, steps = words.heads[node], steps + 1
    before = later.frame_left - 1
    mark = low[before] if before >= scope.start else ""
    if xpos[later.at] == "VBG" and mark == ",":
        return speech and later.complement is not None
    if mark == ";" and speech and later.source is not None and not later.inherited and xpos[later.at] == "VB":
        # "Backers say …; critics, among them the union, argue …", read as a bare form behind an aside.
        return later.complement is Complement.CLAUSE
    if later.inherited:
        return (
            same_tense and (speech or hit.cue.cls is not CueClass.SPEECH) and xpos[later.at] in ("VBD", "VBZ")
        )
    if later.complement is None:
        return False
    if (
        mark in ("and", "but", "while", ";", ",", "—")
        and xpos[later.at] in ("VBD", "VBZ", "VBP")
        and same_tense
    ):
        if mark in ("and", "but", "while"):
            comma = before - 1 >= scope.start and low[before - 1] in (",", ";")
            return speech and comma
        return speech and mark == ";"
    return False


def _adjunct_end(scope: WordScope, hit: CueHit, begin: int, end: int) -> int:
    """Return where an adverbial clause of the frame begins behind a quotation or a noun phrase."""
    words = scope.words
    low, _xpos = words.low, words.xpos
    if hit.complement is Complement.QUOTE or scope.hidden[begin] >= 0:
        last = next((at for at in range(end - 1, begin - 1, -1) if scope.hidden[at] >= 0), -1)
        follow = last + 1
        if (
            last > begin
            and follow < end
            and low[last] == '"'
            and (low[last - 1] in (",", ".", "?", "!") or low[follow] in (",", "during", "in", "at", "on"))
        ):
            return follow
        return end
    return end


def _own_end(scope: WordScope, hit: CueHit, begin: int, end: int) -> int:
    """Return where the writer goes on: "rejected the appeal | , which …", "would open, but | she gave no date"."""
    words = scope.words
    low = words.low
    for at in range(begin + 1, end - 1):
        if scope.hidden[at] >= 0 or low[at] != ",":
            continue
        if hit.complement is Complement.PHRASE and low[at + 1] in ("which", "who", "whose"):
            return at
        follow = at + 1 + (words.xpos[at + 1] in ADVERBS)
        last = words.xpos[follow] == "VBN" and (follow == end - 2 or words.labels[follow] == "conj")
        if "relative clause" in hit.rules and (words.xpos[follow] in FINITE or last):
            # "The owner, who said the dam leaked, | left."
            return at
        if low[at + 1] in ("but", "and", "though", "although") and _withholds(scope, at + 2):
            return at
    return end


def _withholds(scope: WordScope, at: int) -> bool:
    """Tell "she did not name a date", "declined to comment", "gave no details": the writer on who spoke."""
    low = scope.words.low
    while at < scope.end and low[at] in ("he", "she", "they", "it", "also", "has", "have"):
        at += 1
    rest = low[at : min(scope.end, at + 3)]
    if rest[:1] and rest[0] in ("declined", "refused"):
        return True
    if len(rest) > 1 and rest[0] in ("gave", "offered", "provided", "cited") and rest[1] in ("no", "few"):
        return True
    return (
        len(rest) == 3
        and rest[0] in ("did", "does", "would")
        and rest[1] in ("not", "n't")
        and rest[2] in acts("tell")
    )


def _subordinate_end(scope: WordScope, hit: CueHit, begin: int) -> int:
    """Return where the subject or adverbial clause ends that the cue stands in, when its head follows."""
    words = scope.words
    at = hit.at
    for _ in range(12):
        head = words.heads[at]
        if head < 0:
            return scope.end
        if head > at and words.labels[at] not in ("ccomp", "parataxis", "root", "aux", "cop"):
            right = words.edges(at)[1]
            if begin <= right < head:
                return right + 1
        at = head
    return scope.end


def _clause_end(scope: WordScope, hit: CueHit, begin: int) -> int:
    """Return where a coordinated clause of the cue's level begins, where the content is no full clause."""
    words = scope.words
    if hit.sort != "verb" or hit.complement not in (
        Complement.PHRASE,
        Complement.INFINITIVE,
        Complement.GERUND,
    ):
        return scope.end
    end = scope.end
    for kid in words.kids[hit.at]:
        if kid > begin and words.labels[kid] in ("conj", "parataxis") and words.xpos[kid] in FINITE:
            left = words.edges(kid)[0]
            if left > begin:
                end = min(end, left)
    return end
