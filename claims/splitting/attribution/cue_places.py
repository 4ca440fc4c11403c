"""Where is a cue: a verb, a noun, an adjective, "according to"?

A listed word that has none of its complements and no quotation beside it is not a cue.
"""

from __future__ import annotations

from claims.language.parser import FINITE, NOUNS
from claims.splitting.attribution import cues as lists
from claims.splitting.attribution.complements import (
    QUESTION_WORDS,
    CueHit,
    classify,
    cue_first,
    is_negated,
    is_passive,
    zero_clause,
)
from claims.splitting.attribution.cues import Cue
from claims.splitting.attribution.results import Complement, CueClass
from claims.splitting.attribution.sentence_words import ADVERBS, BE, RELATIVES, STOPS, WordScope
from claims.splitting.attribution.source_phrases import Range, apposition_end, phrase_end, walk_left
from claims.splitting.attribution.sources import LONGEST_SOURCE
from claims.splitting.word_lists import acts

# No written sentence holds more frames on one level; what is made of cues alone must not cost their square.
MOST_HITS = 40
VERB_TAGS = frozenset({"VBD", "VBZ", "VBP", "VB", "VBG", "VBN"})
#: The rule that reads a word tagged as a noun as the verb of its clause.
VERB_AFTER_ALL = "verb tagged as a noun"


def find_hits(scope: WordScope) -> list[CueHit]:
    """Return the cues of a scope in order."""
    words = scope.words
    verbs, nouns, adjectives = lists.verbs(), lists.nouns(), lists.adjectives()
    low, xpos, hidden = words.low, words.xpos, scope.hidden
    hits: list[CueHit] = []
    cues = lists.cue_words()
    for at in [at for at in range(scope.start, scope.end) if low[at] in cues and hidden[at] < 0]:
        word = low[at]
        tag = xpos[at]
        hit: CueHit | None = None
        # "Reports that 12 people died could not be verified.": nothing stands before to be the subject of a verb.
        opens = (
            at == scope.start and tag in ("VBZ", "NNS") and "that" in low[at + 1 : at + 2] and word in nouns
        )
        if (
            word in verbs
            and not opens
            and (tag in VERB_TAGS or (tag in NOUNS and _verb_after_all(scope, at)))
        ):
            hit = _verb_hit(scope, at, verbs[word])
            if hit is not None and tag in NOUNS:
                hit.rules.append(VERB_AFTER_ALL)
        elif word in nouns and (tag in NOUNS or opens):
            hit = _noun_hit(scope, at, nouns[word])
        elif word in adjectives and (tag.startswith("JJ") or tag in ("VBN", "VBD", "RB")):
            hit = _adjective_hit(scope, at, adjectives[word])
        elif word == "according" and at + 1 < scope.end and low[at + 1] == "to":
            hit = _according_hit(scope, at)
        elif word == "words" and low[max(scope.start, at - 2) : at + 2] == ["in", "the", "words", "of"]:
            hit = _according_hit(scope, at)
            if hit is not None:
                hit.first = at - 2
        if hit is None and word in adjectives and tag in ("VBN", "VBD"):
            hit = _adjective_hit(scope, at, adjectives[word])
        if hit is not None:
            hits.append(hit)
            if len(hits) >= MOST_HITS:
                break
    return hits


def _verb_after_all(scope: WordScope, at: int) -> bool:
    """Tell whether a word tagged as a noun is the verb of its clause by the tree."""
    words = scope.words
    low, xpos = words.low, words.xpos
    before = xpos[at - 1] if at > scope.start and scope.hidden[at - 1] < 0 else ""
    if before in ("DT", "PRP$", "POS", "JJ", "CD", "IN"):
        # "in a note that", "a rule that": a noun.
        return False
    after = at + 1
    if after < scope.end and low[after] == "that" and low[at] not in lists.nouns():
        return True
    if low[at].endswith("s") and before in ("NN", "NNP") and (after >= scope.end or low[after] in STOPS):
        start = at - 1
        while start > scope.start and xpos[start - 1] in ("DT", "JJ", "NN", "NNP", "PRP$"):
            start -= 1
        if start > scope.start and low[start - 1] == "," and scope.hidden[start - 1] < 0:
            # "…, the weather service reports."
            return xpos[start] in ("DT", "NNP") and words.finite_between(scope.start, start - 1)
    spoken = after < scope.end and (
        scope.hidden[after] >= 0
        or low[after] in ("he", "she", "they", "it", "we", "i", "there")
        or (low[after] == "," and after + 1 < scope.end and scope.hidden[after + 1] >= 0)
        or (low[after] == "that" and not words.finite_between(scope.start, at))
    )
    if spoken and low[at].endswith("s") and before in ("NNP", "PRP", "NN"):
        # "Lund claims she was …", "the ministry notes, “…”"
        return True
    if spoken and after < scope.end and low[after] == "that" and before in ("NNS", "NNP", "NNPS"):
        # "posts circulating on Facebook claim that"
        return True
    return words.upos[at] == "VERB" or (
        words.low[at].endswith("s") and any(words.labels[kid] == "nsubj" for kid in words.kids[at])
    )


def _verb_hit(scope: WordScope, at: int, cue: Cue) -> CueHit | None:
    words = scope.words
    low, xpos = words.low, words.xpos
    if cue.lemma == "hear":
        # "The court heard that": only of who sits to hear others.
        subject = words.child(at, "nsubj")
        if subject < 0 or low[subject] not in acts("hearing"):
            return None
    if cue.lemma == "put" and not (at + 1 < scope.end and low[at + 1] == "it"):
        return None
    previous = low[at - 1] if at > scope.start else ""
    if (
        xpos[at] in ("VBN", "VBG", "VBD")
        and at + 1 < scope.end
        and xpos[at + 1] in NOUNS
        and previous in ("the", "a", "an")
    ):
        return None
    hit = CueHit(at, cue_first(scope, at), at, cue, "verb")
    hit.passive = is_passive(scope, at)
    hit.negated = is_negated(scope, at)
    classify(scope, hit)
    if hit.complement is None and hit.passive and (cue.takes & {"np", "oto"}):
        return hit
    if hit.complement is None and (not (cue.takes & {"q", "that"}) or cue.lemma == "lie"):
        return None
    if hit.complement is None and "adr" not in cue.takes and cue.lemma not in ("say", "add"):
        subject, thing = words.child(at, "nsubj"), words.child(at, "obj")
        if 0 <= subject < at < thing and not any(hidden >= 0 for hidden in scope.hidden):
            # "held a ceremony": a deed, not a frame.
            return None
    return hit


def _noun_hit(scope: WordScope, at: int, cue: Cue) -> CueHit | None:
    words, end, hidden = scope.words, scope.end, scope.hidden
    low, xpos = words.low, words.xpos
    begin = at + 1
    hit = CueHit(at, at, at, cue, "noun")
    source: Range | None = None
    if at > scope.start:
        back = at - 1
        while (
            back > scope.start
            and (xpos[back].startswith("JJ") or xpos[back] in ("CD", "NN", "VBN", "RB", "HYPH", "RBS"))
            and hidden[back] < 0
        ):
            back -= 1
        if hidden[back] < 0 and xpos[back] == "PRP$":
            source = (back, back)
            hit.first = back + 1
        elif hidden[back] < 0 and xpos[back] == "POS" and back > scope.start:
            source = walk_left(scope, back - 1)
            if source:
                source = (source[0], back - 1)
            hit.first = back + 1
    if begin < end and source is None and hidden[begin] < 0 and low[begin] in ("by", "from"):
        stop = phrase_end(scope, begin + 1)
        if stop > begin + 1:
            source = (begin + 1, stop - 1)
            begin = stop
    if begin >= end:
        return None
    word = low[begin]
    if hidden[begin] >= 0:
        return None
    follow = begin + 1
    while follow < end and xpos[follow] in ADVERBS:
        follow += 1
    # "an order that effectively restores the right": a relative clause has no subject of its own.
    relative = follow < end and xpos[follow] in FINITE and hidden[follow] < 0
    marked = xpos[begin] == "IN" or words.labels[begin] == "mark"
    if word == "that" and "that" in cue.takes and marked and not relative:
        hit.complement, hit.begin = Complement.CLAUSE, begin
    elif word == "to" and "to" in cue.takes and begin + 1 < end and xpos[begin + 1] == "VB":
        hit.complement, hit.begin = Complement.INFINITIVE, begin
    elif word in cue.leads and begin + 1 < end and (low[begin + 1] not in STOPS or hidden[begin + 1] >= 0):
        hit.complement = Complement.GERUND if xpos[begin + 1] == "VBG" else Complement.PHRASE
        hit.begin = begin + 1
        hit.last = begin if begin == at + 1 else at
    else:
        return None
    if (
        source is None
        and hit.complement is not Complement.CLAUSE
        and hit.complement is not Complement.INFINITIVE
    ):
        return None
    hit.source = source
    if source:
        hit.rules.append("possessor of the noun")
    return hit


def _adjective_hit(scope: WordScope, at: int, cue: Cue) -> CueHit | None:
    words, end, hidden = scope.words, scope.end, scope.hidden
    low, xpos = words.low, words.xpos
    back = at - 1
    while (
        back >= scope.start
        and hidden[back] < 0
        and (xpos[back] in ADVERBS or low[back] in ("very", "more", "most"))
    ):
        back -= 1
    if back < scope.start or hidden[back] >= 0:
        return None
    if low[back] not in BE and low[back] not in (
        "feel",
        "feels",
        "felt",
        "remain",
        "remains",
        "remained",
        "become",
        "became",
        "becomes",
        "seem",
        "seems",
        "seemed",
        "appear",
        "appears",
        "appeared",
        "got",
        "get",
        "sound",
        "sounds",
        "sounded",
        "grew",
        "am",
    ):
        return None
    begin = at + 1
    if begin >= end or hidden[begin] >= 0:
        return None
    hit = CueHit(at, cue_first(scope, at), at, cue, "adjective")
    hit.negated = is_negated(scope, at)
    word = low[begin]
    if word == "to" and "to" in cue.takes and begin + 1 < end and xpos[begin + 1] == "VB":
        hit.complement, hit.begin = Complement.INFINITIVE, begin
    elif "that" in cue.takes and (word == "that" or word in QUESTION_WORDS):
        hit.complement, hit.begin = Complement.CLAUSE, begin
    elif word in cue.leads and begin + 1 < end:
        hit.complement, hit.begin, hit.last = Complement.PHRASE, begin + 1, begin
    elif "that" in cue.takes and zero_clause(scope, hit, begin) and xpos[begin] in ("PRP", "DT", "NNP", "EX"):
        hit.complement, hit.begin = Complement.CLAUSE, begin
    else:
        return None
    return hit


def _according_hit(scope: WordScope, at: int) -> CueHit | None:
    words = scope.words
    low, xpos = words.low, words.xpos
    start = at + 2
    if start >= scope.end:
        return None
    if low[start] in RELATIVES:
        return None
    end = phrase_end(scope, start)
    if end <= start:
        _left, right = (words.edges(start)) if scope.hidden[start] < 0 else (start, start)
        comma = next((k for k in range(start, right + 1) if low[k] == ","), right + 1)
        end = max(start + 1, comma)
    first = end
    # "according to a report released Tuesday by the ministry": go on to the next comma.
    while (
        end < min(scope.end, start + LONGEST_SOURCE)
        and scope.hidden[end] < 0
        and low[end] not in (",", ".", ";", ":", "—", "--", ")")
    ):
        if (
            xpos[end] in FINITE
            and low[end - 1] not in ("who", "that", "which")
            and not _tells_of_source(scope, at, first, end)
        ):
            break
        end += 1
    else:
        if end < scope.end and low[end] == "," and at > scope.start + 1:
            end = max(end, apposition_end(scope, end))
    cue = Cue("according to", CueClass.SPEECH, frozenset({"that"}), frozenset(), frozenset())
    hit = CueHit(at, at, at + 1, cue, "phrase")
    hit.source = (start, min(end, scope.end, start + LONGEST_SOURCE) - 1)
    hit.rules.append("according to")
    return hit


def _tells_of_source(scope: WordScope, cue: int, first: int, verb: int) -> bool:
    """Tell "according to figures | the ministry released": a clause right behind the source, with all said outside it.

    "According to police | the man died" is none: there nothing is left to be said.
    """
    words = scope.words
    if verb == first or words.finite_between(first, verb) or words.xpos[first - 1] not in ("NNS", "NN"):
        return False
    if words.low[first] not in ("that", "which") and words.xpos[first] not in ("DT", "PRP", "NNP", "PRP$"):
        return False
    if cue > scope.start + 1:
        return words.low[cue - 1] == "," and words.finite_between(scope.start, cue)
    comma = next((at for at in range(verb, scope.end) if words.low[at] == ","), scope.end)
    return words.finite_between(comma, scope.end)
