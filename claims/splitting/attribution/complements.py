"""Which complement follows a cue?

Rules over forms and tags, with the tree asked only whether a clause without "that" begins. A listed word that
has none of its complements and no quotation beside it is not a cue here.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from claims.language.parser import FINITE, NOUNS
from claims.splitting.attribution.cues import Cue, verbs
from claims.splitting.attribution.results import Complement
from claims.splitting.attribution.sentence_words import (
    ADVERBS,
    BE,
    GET,
    NEGATIONS,
    RELATIVES,
    STOPS,
    WordScope,
)
from claims.splitting.attribution.source_phrases import Range, phrase_end
from claims.splitting.word_lists import acts

_FEW = frozenset({"hardly", "scarcely", "barely", "not"})
_ANY = frozenset({"any", "anyone", "anybody", "one", "a", "many", "all", "everyone", "everybody"})
_SUBJECT = 9
_HARDLY = frozenset({"no", "neither", "nor", "hardly", "scarcely", "barely"})
_NEVER = frozenset({"no", "never", "nowhere"})


QUESTION_WORDS = frozenset(
    {"if", "whether", "how", "why", "what", "who", "where", "when", "which", "whatever"}
)
_ADJUNCTS = frozenset(
    {"to", "in", "on", "at", "during", "after", "from", "of", "before", "through", "via", "for", "with"}
)
_DAYS = frozenset(
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "yesterday", "today"]
)


@dataclass(slots=True)
class CueHit:
    """A cue in a scope: ``at`` its head word, ``first``–``last`` all, ``begin`` where a complement begins."""

    at: int
    first: int
    last: int
    cue: Cue
    sort: str
    complement: Complement | None = None
    begin: int = -1
    end: int = -1
    source: Range | None = None
    addressee: Range | None = None
    passive: bool = False
    inverted: bool = False
    inherited: bool = False
    post: bool = False
    negated: bool = False
    content: list[tuple[int, int]] = field(default_factory=list)
    frame_left: int = -1
    frame_right: int = -1
    rules: list[str] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    relay: Range | None = None
    relay_cue: Range | None = None
    subject: Range | None = None


def is_negated(scope: WordScope, at: int) -> bool:
    """Tell whether a cue is negated by one of the five words before it, or only not done ("refused to say")."""
    words = scope.words
    if _not_done(scope, at):
        return True
    for back in range(at - 1, max(scope.start, at - 5) - 1, -1):
        if scope.hidden[back] >= 0 or words.low[back] in STOPS:
            return False
        if words.low[back] in NEGATIONS:
            return True
        if words.xpos[back] in NOUNS or words.xpos[back] == "PRP":
            if back > scope.start and words.low[back - 1] in _HARDLY:
                return True
            return _inverted(scope, back) or _hardly_any(scope, back)
    return False


def _hardly_any(scope: WordScope, subject: int) -> bool:
    """Tell "Hardly any of the nurses said", "Not one guard said": the clause begins with a denial of its subject."""
    low = scope.words.low
    at = subject
    while (
        at > scope.start and scope.hidden[at - 1] < 0 and low[at - 1] not in STOPS and subject - at < _SUBJECT
    ):
        at -= 1
    denied = low[at] in _FEW and low[at + 1] in _ANY
    return denied and not scope.words.finite_between(at, subject)


def _inverted(scope: WordScope, subject: int) -> bool:
    """Tell whether a denial turns a verb before its subject: "At no point did the mayor say", "Never has she said"."""
    low, xpos = scope.words.low, scope.words.xpos
    first = max(scope.start, subject - 8)
    for at in range(subject - 1, first, -1):
        if low[at] in acts("inverted"):
            return not _NEVER.isdisjoint(low[first:at])
        if low[at] in STOPS or xpos[at].startswith("VB"):
            # "No charges have been filed, police said": that verb has another subject.
            return False
    return False


def _not_done(scope: WordScope, at: int) -> bool:
    """Tell "refused to say", "without saying", "stopped short of saying"."""
    low, xpos = scope.words.low, scope.words.xpos
    back = at - 1
    while back >= scope.start and xpos[back] in ADVERBS:
        back -= 1
    if back < scope.start or scope.hidden[back] >= 0:
        return False
    if xpos[at] in ("VB", "VBP") and low[back] == "to":
        return back > scope.start and low[back - 1] in acts("refusals")
    if xpos[at] != "VBG":
        return False
    return low[back] in ("without", "avoided", "avoids", "avoid", "resisted") or (
        low[back] in ("of", "from")
        and back > scope.start
        and low[back - 1] in ("short", "instead", "refrained", "far")
    )


def cue_first(scope: WordScope, at: int) -> int:
    """Return the first of the auxiliaries, modals and adverbs that belong to the cue at ``at``."""
    words = scope.words
    first = at
    while first - 1 >= scope.start and scope.hidden[first - 1] < 0:
        tag, word = words.xpos[first - 1], words.low[first - 1]
        if (
            tag in ADVERBS
            or tag == "MD"
            or word in BE
            or word in ("has", "have", "had", "do", "does", "did", "'ve", "'d")
        ):
            first -= 1
        else:
            break
    while first < at and words.xpos[first] in ADVERBS and words.low[first] not in NEGATIONS:
        first += 1
    return first


def is_passive(scope: WordScope, at: int) -> bool:
    """Tell whether the verb at ``at`` is a passive participle after a form of "be" or "get"."""
    words = scope.words
    if words.xpos[at] not in ("VBN", "VBD"):
        return False
    back = at - 1
    while back >= scope.start and words.xpos[back] in ADVERBS:
        back -= 1
    if back < scope.start or scope.hidden[back] >= 0:
        return False
    if words.low[back] == "'s" and words.low[at] in (
        "said",
        "told",
        "argued",
        "called",
        "made",
        "spoken",
        "written",
    ):
        return False
    return words.low[back] in BE or words.low[back] in GET


def classify(scope: WordScope, hit: CueHit) -> None:
    """Set the complement of a hit, where it begins, the addressee, and the last word of the cue."""
    words, cue, end = scope.words, hit.cue, scope.end
    low, xpos, hidden = words.low, words.xpos, scope.hidden
    takes = cue.takes
    clausal = bool(takes & {"that", "q"})
    at = hit.last + 1
    while (
        at < end and hidden[at] < 0 and (xpos[at] in ADVERBS or xpos[at] == "RP") and low[at] not in cue.leads
    ):
        at += 1
    if at >= end:
        return
    counted = at
    while counted - 1 > hit.last and low[counted - 1] in acts("about"):
        # "said nearly a third of firms failed": the adverb belongs to the number.
        counted -= 1
    if clausal and _clause_start(scope, at, hit):
        return
    if _quantity_clause(scope, hit, at):
        hit.complement, hit.begin = Complement.CLAUSE, counted
        return
    word = low[at]
    if (
        hidden[at] < 0
        and word in cue.leads
        and at + 1 < end
        and (low[at + 1] not in STOPS or hidden[at + 1] >= 0)
    ):
        hit.last = at
        begin = at + 1
        if xpos[at] == "RP" and "that" in takes and _clause_start(scope, begin, hit):
            return
        if xpos[at] == "RP" and "that" in takes and hidden[begin] < 0 and zero_clause(scope, hit, begin):
            # "pointed out the bridge was closed"
            hit.complement, hit.begin = Complement.CLAUSE, begin
            return
        infinitive = word == "to" and xpos[begin] == "VB" and hidden[begin] < 0
        if not infinitive or "to" in takes:
            hit.complement = (
                Complement.INFINITIVE
                if infinitive
                else Complement.GERUND
                if xpos[begin] == "VBG"
                else Complement.PHRASE
            )
            hit.begin = at if infinitive else begin
            return
        hit.last = at - 1
    if hidden[at] < 0 and word == "to" and "to" in takes:
        verb = at + 1
        while verb < end and xpos[verb] in ADVERBS:
            verb += 1
        if verb < end and xpos[verb] in ("VB", "VBP", "VBD", "VBN") and hidden[verb] < 0:
            hit.complement, hit.begin = Complement.INFINITIVE, at
            return
    if "ing" in takes and xpos[at] == "VBG" and hidden[at] < 0:
        hit.complement, hit.begin = Complement.GERUND, at
        return
    if hidden[at] < 0 and (takes & {"adr", "oto"} or cue.object_leads):
        after = phrase_end(scope, at, links=False)
        longer = phrase_end(scope, at)
        for stop in dict.fromkeys((after, longer)):
            if stop <= at or stop >= end:
                continue
            if low[stop] == "not" and stop + 1 < end and low[stop + 1] == "to" and hidden[stop] < 0:
                stop += 1
            if "adr" in takes and _clause_start(scope, stop, hit, strict=True):
                hit.addressee = (at, stop - 1)
                return
            if hidden[stop] < 0 and low[stop] == "to" and stop + 1 < end and (takes & {"oto", "to"}):
                verb = stop + 1
                while verb < end and (xpos[verb] in ADVERBS):
                    verb += 1
                if verb < end and xpos[verb] == "VB":
                    hit.complement, hit.begin = Complement.INFINITIVE, at
                    return
            if hidden[stop] < 0 and low[stop] in cue.object_leads and stop + 1 < end:
                gerund = xpos[stop + 1] == "VBG"
                hit.complement = Complement.GERUND if gerund else Complement.PHRASE
                hit.begin = at
                return
    if "that" in takes and hidden[at] < 0 and zero_clause(scope, hit, at):
        hit.complement, hit.begin = Complement.CLAUSE, counted if xpos[at] in ("DT", "CD") else at
        return
    if clausal and _after_adjuncts(scope, hit, at):
        return
    if (
        "that" in takes
        and hidden[at] < 0
        and xpos[at] in FINITE
        and xpos[hit.at] in FINITE
        and not hit.passive
    ):
        # "says more is needed": what looked like an adverb was the subject.
        subject = at > hit.last + 1 and low[at - 1] in ("more", "most", "less", "there", "enough", "much")
        hit.complement, hit.begin = Complement.CLAUSE, at - 1 if subject else at
        if not subject:
            hit.rules.append("frame inside a clause")
        return
    if (
        takes >= {"that", "q"}
        and hidden[at] < 0
        and low[at] not in STOPS
        and xpos[hit.at] in FINITE
        and (xpos[at] not in ("IN", "TO", "CC") or low[at] in ("both", "either", "neither"))
        and low[at] not in _DAYS
        and words.finite_between(at + 1, min(end, at + 14))
        and not any(low[look] in STOPS for look in range(at, min(end, at + 3)))
        and "adr" not in takes
        and hit.cue.lemma in acts("clausal")
    ):
        hit.complement, hit.begin = Complement.CLAUSE, at
        return
    if "adr" in takes and hidden[at] < 0 and not hit.passive:
        after = phrase_end(scope, at)
        if after > at:
            hit.addressee = (at, after - 1)
            if after < end and hidden[after] < 0 and low[after] in ("about", "of") and xpos[after] == "IN":
                # Not "on": "told reporters on Monday", "told analysts on a call" is when and where.
                hit.complement, hit.begin = Complement.PHRASE, after + 1
            elif after < end and _after_adjuncts(scope, hit, after):
                pass
            return
    phrase = phrase_end(scope, at) > at or xpos[at] in ("DT", "WP", "PRP", "CD")
    if takes & {"np", "as"} and hidden[at] < 0 and not hit.passive and phrase:
        if low[at] not in _DAYS:
            hit.complement, hit.begin = Complement.PHRASE, at
        return
    if hidden[at] >= 0 and takes & {"np", "as"}:
        hit.complement, hit.begin = Complement.PHRASE, at


def _quantity_clause(scope: WordScope, hit: CueHit, at: int) -> bool:
    """Tell "said 40 nurses left": a number, its noun and a verb, where the tagger saw a noun phrase."""
    words, low, xpos = scope.words, scope.words.low, scope.words.xpos
    if (
        hit.passive
        or "that" not in hit.cue.takes
        or hit.cue.lemma not in acts("reporting")
        or scope.hidden[at] >= 0
    ):
        return False
    begin = at
    while begin < scope.end and (low[begin] in acts("about") or xpos[begin] in ("DT", "JJR")):
        begin += 1
    if begin >= scope.end or (xpos[begin] != "CD" and low[begin] not in acts("quantities")):
        return False
    noun = False
    for look in range(begin + 1, min(scope.end, begin + 14)):
        if scope.hidden[look] >= 0 or low[look] in RELATIVES or low[look] in STOPS:
            return False
        final = look + 1 >= scope.end or low[look + 1] in STOPS
        verb = xpos[look] in FINITE or (xpos[look] in ("VBN", "VB") and final)
        if noun and verb and low[look - 1] not in ("to", "of"):
            return True
        noun = noun or xpos[look] in NOUNS
        if final and xpos[look] in ("JJ", "NN") and noun and words.labels[look] in ("ccomp", "root", "xcomp"):
            return True
    return False


def _clause_start(scope: WordScope, at: int, hit: CueHit, *, strict: bool = False) -> bool:
    """Set the complement where "that", a question word, a colon or a quotation begins at ``at``."""
    words, end, hidden = scope.words, scope.end, scope.hidden
    low, xpos, takes = words.low, words.xpos, hit.cue.takes
    if at >= end:
        return False
    if hidden[at] >= 0:
        if "q" in takes or ("that" in takes and "np" not in takes):
            hit.complement, hit.begin = Complement.QUOTE, at
            return True
        return False
    word = low[at]
    if word in (",", ":") and at + 1 < end and hidden[at + 1] >= 0 and takes & {"q", "that"}:
        hit.complement, hit.begin = Complement.QUOTE, at + 1
        return True
    if word == ":" and at + 1 < end and "q" in takes:
        hit.complement, hit.begin = Complement.CLAUSE, at + 1
        return True
    if "that" not in takes:
        return False
    if word == "that" and at + 1 < end:
        if (
            hidden[at + 1] >= 0
            or xpos[at] == "IN"
            or words.labels[at] == "mark"
            or words.finite_between(at + 2, min(end, at + 12))
        ):
            hit.complement, hit.begin = Complement.CLAUSE, at
            return True
        return False
    if word in QUESTION_WORDS and at + 1 < end and low[at + 1] not in STOPS:
        if word in ("if", "when", "where") and hit.cue.lemma not in (
            "ask",
            "wonder",
            "know",
            "see",
            "question",
            "say",
            "decide",
        ):
            return False
        hit.complement, hit.begin = Complement.CLAUSE, at
        return True
    if strict and zero_clause(scope, hit, at) and xpos[at] in ("PRP", "DT", "NNP", "EX", "PRP$", "NNS"):
        hit.complement, hit.begin = Complement.CLAUSE, at
        return True
    return False


def _after_adjuncts(scope: WordScope, hit: CueHit, at: int) -> bool:
    """Skip a time, a place or an addressee with "to" where "that", a colon or a quotation follows soon."""
    words, hidden = scope.words, scope.hidden
    low, xpos = words.low, words.xpos
    parenthetic = low[at] == "," and hidden[at] < 0
    if (
        not (low[at] in _ADJUNCTS or xpos[at] in ("NNP", "NN", "DT", "RB", "JJ") or parenthetic)
        or hidden[at] >= 0
    ):
        return False
    for look in range(at + 1, min(scope.end, at + 22)):
        if hidden[look] >= 0:
            ready = low[look - 1] in (",", ":", "that") or hidden[look - 1] < 0
            if ready and not words.finite_between(at, look):
                return _clause_start(scope, look, hit)
            return False
        if low[look] in (";", "."):
            return False
        if xpos[look] == "VBG" and low[look - 1] == "," and low[look] in verbs():
            # "said in a statement, adding that": what follows belongs to the other verb.
            return False
        if low[look] == "that" and (
            xpos[look] == "IN" or words.labels[look] == "mark" or low[look - 1] in _DAYS
        ):
            if words.finite_between(at, look):
                return False
            return _clause_start(scope, look, hit)
        if low[look] == "that" and _told_in(scope, hit, at, look):
            hit.complement, hit.begin = Complement.CLAUSE, look
            return True
        if low[look] == ":" and not words.finite_between(at, look):
            return _clause_start(scope, look, hit)
        if words.xpos[look] in FINITE:
            if "that" in hit.cue.takes and not parenthetic:
                for kid in words.kids[hit.at]:
                    if words.labels[kid] == "ccomp" and kid >= look:
                        if words.edges(kid)[0] < hit.at and low[look - 1] == ",":
                            # "The mine, officials admitted on Monday, had no permit": the frame is in its middle.
                            return False
                        left = max(words.edges(kid)[0], at + 1)
                        if left < look and hidden[left] < 0:
                            hit.complement, hit.begin = Complement.CLAUSE, left
                            return True
            return False
    return False


def _told_in(scope: WordScope, hit: CueHit, at: int, that: int) -> bool:
    """Tell "said in a letter that fees would double": who only says has nothing else to say than what follows."""
    words, low = scope.words, scope.words.low
    if low[at] not in ("in", "on", "via", "through") or hit.cue.lemma not in acts("reporting") or hit.passive:
        return False
    if words.finite_between(at, that) or scope.hidden[that] >= 0:
        return False
    stop = phrase_end(scope, that + 1) if that + 1 < scope.end else that + 1
    if stop <= that + 1 or not words.finite_between(stop, min(scope.end, stop + 4)):
        # "in a letter that angered members": the letter did.
        return False
    # "in a letter that she sent on Monday that …": the last one is meant.
    return not any(
        low[look] == "that" and words.xpos[look] == "IN" for look in range(stop, min(scope.end, stop + 14))
    )


def zero_clause(scope: WordScope, hit: CueHit, at: int) -> bool:
    """Tell whether a finite clause without "that" begins at ``at``."""
    words, hidden, end = scope.words, scope.hidden, scope.end
    xpos, low = words.xpos, words.low
    if low[at] in STOPS or xpos[at] in ("CC", "VBD", "VBZ", "VBP"):
        return False
    for kid in words.kids[hit.at]:
        if words.labels[kid] == "ccomp" and kid > hit.at:
            left = words.edges(kid)[0]
            # What begins before the cue goes around its frame: "The mine, officials admitted on Monday, had no permit".
            subject = words.child(hit.at, "nsubj")
            around = (
                left < subject < hit.at and "," in low[at:kid] and low[words.edges(subject)[0] - 1] == ","
            )
            if not around and left <= at + 1 and (xpos[kid] in FINITE or words.finite_between(at, kid + 1)):
                return True
    stop = phrase_end(scope, at)
    if (
        xpos[at] == "VBG"
        and "ing" not in hit.cue.takes
        and hit.cue.lemma in acts("reporting")
        and not hit.passive
    ):
        # "said spending on safety was at a record": nobody says a participle.
        stop = next((k for k in range(at + 1, min(end, at + 9)) if xpos[k] in FINITE or low[k] in STOPS), end)
        return stop < end and hidden[stop] < 0 and xpos[stop] in FINITE
    if stop <= at:
        return False
    while stop < end and hidden[stop] < 0 and xpos[stop] in ADVERBS:
        stop += 1
    return stop < end and hidden[stop] < 0 and xpos[stop] in FINITE
