"""Which frames have a source, and which?

Finds the source of each hit: behind an inverted verb, before a verb, as the agent of a passive or of a
participle, or carried over from the frame before. Drops what has neither a source nor a clause.
"""

from __future__ import annotations

from claims.language.parser import FINITE, NOUNS
from claims.splitting.attribution.complements import CueHit, classify
from claims.splitting.attribution.cues import Cue, verbs
from claims.splitting.attribution.results import Complement, CueClass
from claims.splitting.attribution.sentence_words import (
    ADVERBS,
    BE,
    NAMES,
    RELATIVES,
    STOPS,
    SentenceWords,
    WordScope,
)
from claims.splitting.attribution.source_phrases import Range, phrase_end, step_left, walk_left
from claims.splitting.attribution.sources import (
    inverted_source,
    left_source,
    merge,
    tree_source,
    without_adverb,
)
from claims.splitting.word_lists import word_lists

RAISING = frozenset(
    {"seem", "appear", "tend", "happen", "likely", "unlikely", "expected", "supposed", "look", "sound"}
)
EXPLETIVES = frozenset({"it", "there"})
#: By which a thing is said; behind "by" nobody who says it.
_MEANS = word_lists("closed_words_en.txt")["means"]
_LONGEST_WHEN = 10
_WHILE = frozenset({"while", "whilst", "when", "before", "after"})
#: Behind these an order needs somebody it is given to.
_TELLING = frozenset({"tell", "order", "instruct", "remind", "command", "direct"})
_AS_SAYING = frozenset({"saying", "telling", "writing", "claiming", "alleging", "denying"})
_QUOTING = frozenset({"quoted", "quotes", "quoting", "cited", "cites", "citing", "quote", "cite"})
_HAVE = frozenset({"have", "has", "had", "having", "'ve", "'d", "'s"})


def find_source(scope: WordScope, hit: CueHit) -> bool:
    """Set the source of a hit; False drops it."""
    words, _at = scope.words, hit.at
    _low, _xpos = words.low, words.xpos
    if hit.sort in ("phrase", "noun"):
        return True
    if not _verb_source(scope, hit):
        return False
    if hit.source is not None:
        hit.source = without_adverb(words, hit.source)
    return True


def _verb_source(scope: WordScope, hit: CueHit) -> bool:
    words, at = scope.words, hit.at
    low, xpos = words.low, words.xpos
    if hit.sort == "adjective":
        rule, name = left_source(scope, hit.at)
        tree = tree_source(words, at)
        hit.source, other = merge(words, rule, tree, participle=False)
        hit.rules.append(other or name)
        if hit.source and low[hit.source[0]] in EXPLETIVES and hit.source[0] == hit.source[1]:
            hit.flags.append("expletive")
        return True
    if not hit.passive and _is_told(scope, hit):
        hit.passive = True
    if hit.passive:
        return _passive(scope, hit)
    if hit.complement in (None, Complement.QUOTE, Complement.CLAUSE) or hit.begin == at + 1:
        found = inverted_source(scope, at)
        if found and _really_inverted(scope, hit, found):
            hit.source, hit.inverted, hit.post = found, True, True
            hit.rules.append("verb before its subject")
            hit.complement, hit.begin, hit.addressee = None, -1, None
            return True
    if xpos[at] == "VBN" and not _after_have(scope, at) and not _finite_after_apposition(scope, hit):
        noun = at > scope.start and xpos[at - 1] in NOUNS
        closed = at + 1 >= scope.end or low[at + 1] in STOPS or low[at + 1] == "that"
        if not (noun and closed and "q" in hit.cue.takes and _by_phrase(scope, hit) is None):
            return _reduced(scope, hit)
    if _is_quoting(scope, hit):
        return False
    if _is_quoted(scope, hit):
        return True
    participle = xpos[at] == "VBG" and not (at > scope.start and low[at - 1] in BE)
    rule, name = (None, "") if participle else left_source(scope, at)
    tree = tree_source(words, at)
    if participle and at > scope.start and low[at - 1] in _WHILE:
        # "defended the record whilst promising": by who defended it.
        rule, name, tree = None, "", None
    if tree and any(scope.hidden[index] >= 0 for index in range(tree[0], tree[1] + 1)):
        tree = None
    hit.source, other = merge(words, rule, tree, participle=participle)
    hit.rules.append(other or name)
    if name == "relative clause" or hit.source is not None:
        before = step_left(scope, at)
        if before >= scope.start and scope.hidden[before] < 0 and low[before] in ("who", "which", "that"):
            hit.subject = (before, before)
    if hit.source is None and xpos[at] == "VB":
        back = next(
            (
                index
                for index in range(at - 1, scope.start, -1)
                if xpos[index] in FINITE and scope.hidden[index] < 0
            ),
            -1,
        )
        if back > 0 and at - back <= 8:
            rule, _ = left_source(scope, back)
            hit.source, _ = merge(words, rule, tree_source(words, back), participle=False)
            hit.rules.append("subject of the verb before")
    if participle and hit.source is None:
        hit.inherited = True
    if name == "coordination" and (hit.source is None or rule is None):
        hit.inherited = True
    if _tells_of(scope, hit):
        hit.complement, hit.begin = None, -1
    if hit.source and low[hit.source[0]] in EXPLETIVES and hit.source[0] == hit.source[1]:
        hit.flags.append("expletive" if low[hit.source[0]] == "there" else "maybe-expletive")
    return True


def _is_quoting(scope: WordScope, hit: CueHit) -> bool:
    """Tell "quoted" in "The BBC quoted a doctor as saying that …": the frame is the doctor's."""
    low = scope.words.low
    if hit.cue.lemma not in ("quote", "cite"):
        return False
    found = next((at for at in range(hit.at + 2, min(hit.at + 14, scope.end - 1)) if low[at] == "as"), -1)
    if found < 0 or low[found + 1] not in _AS_SAYING:
        return False
    source, _ = left_source(scope, found)
    return source is not None and source[0] == hit.at + 1


def _is_quoted(scope: WordScope, hit: CueHit) -> bool:
    """Give what somebody is quoted as saying to them, and the quoting to who tells of it."""
    words, at = scope.words, hit.at
    if words.low[at] not in _AS_SAYING or at - 2 <= scope.start or words.low[at - 1] != "as":
        return False
    source, _ = left_source(scope, at - 1)
    if source is None or words.low[source[0] - 1] not in _QUOTING:
        return False
    hit.source = source
    hit.rules.append("quoted as saying")
    relay, _ = left_source(scope, source[0] - 1)
    if relay is not None:
        hit.relay, hit.relay_cue = relay, (source[0] - 1, source[0] - 1)
    return True


def _is_told(scope: WordScope, hit: CueHit) -> bool:
    """Tell "was fined and told to leave": nobody tells to, so who stands before it was told."""
    behind = hit.last + 1
    return (
        hit.cue.lemma in _TELLING
        and hit.complement is Complement.INFINITIVE
        and hit.begin == behind
        and scope.words.xpos[hit.at] in ("VBD", "VBN")
        and scope.words.low[behind] == "to"
        and scope.words.low[hit.at - 1 if hit.at else 0] not in _HAVE
    )


def _tells_of(scope: WordScope, hit: CueHit) -> bool:
    """Tell "“…,” Malik said about Keane": what was said stands before, and behind it only whom it is about."""
    if hit.complement is not Complement.PHRASE or hit.source is None or hit.source[1] > hit.first:
        return False
    low, before = scope.words.low, hit.source[0] - 1
    if low[hit.last] not in ("about", "of"):
        return False
    if before > scope.start and low[before] == "," and scope.hidden[before] < 0:
        before -= 1
    return before >= scope.start and scope.hidden[before] >= 0


def _finite_after_apposition(scope: WordScope, hit: CueHit) -> bool:
    """Tell a past tense read as a participle: "the town's deputy mayor, Ilie Marcu, said by telephone"."""
    words, at = scope.words, hit.at
    before = step_left(scope, at)
    if (
        hit.cue.cls is not CueClass.SPEECH
        or before != at - 1
        or before < scope.start
        or words.low[before] not in (",", "-", "—", "--")
    ):
        return False
    return _by_phrase(scope, hit) is None and left_source(scope, at)[1] == "apposition"


def _really_inverted(scope: WordScope, hit: CueHit, found: Range) -> bool:
    """Tell an inversion from a verb behind a parenthesis ("Smith, the mayor, said the deal is off")."""
    words, at = scope.words, hit.at
    low = words.low
    before = at - 1
    if before >= scope.start and scope.hidden[before] < 0 and low[before] == ",":
        if before - 1 >= scope.start and scope.hidden[before - 1] >= 0:
            return True
        subject = words.child(at, "nsubj", "nsubj:pass")
        after = found[1] + 1
        ended = after >= scope.end or (scope.hidden[after] < 0 and low[after] in (",", ".", ";", "!", "?"))
        ended = (ended or _only_when(scope, after)) and words.xpos[found[1]] not in ("DT", "CC")
        named = any(words.xpos[index] in NAMES for index in range(found[0], found[1] + 1))
        if ended and _told_by_whom(words, at, found):
            return True
        rule, name = left_source(scope, at)
        if (
            name == "apposition"
            and rule is not None
            and not (subject > at)
            and (not (ended and named) or "adr" in hit.cue.takes)
        ):
            return False
        if hit.complement is Complement.CLAUSE and not subject > at and not (ended and named):
            return False
        return subject > at or ended
    return before >= scope.start or scope.quote is not None or scope.start > 0


def _told_by_whom(words: SentenceWords, at: int, found: Range) -> bool:
    """Tell "…, said a banker who declined to be named": behind a whole clause, a noun and what is told of it."""
    labels, heads, kids, low = words.labels, words.heads, words.kids, words.low
    said = heads[at] if 0 <= heads[at] < at and labels[at] in ("parataxis", "conj", "ccomp") else -1
    said = next((kid for kid in kids[at] if kid < at and labels[kid] == "ccomp"), said)
    told = any(low[place] in RELATIVES for place in range(*found))
    if said < 0 or not told or not any(labels[kid].startswith("nsubj") for kid in kids[said]):
        return False
    aside = RELATIVES | {"because"}
    behind = {labels[kid] for kid in kids[at] if kid > at and not any(low[of] in aside for of in kids[kid])}
    before = {labels[kid] for kid in kids[at] if kid < at}
    return not behind.isdisjoint(("obj", "nsubj")) and "ccomp" not in behind and "nsubj" not in before


def _only_when(scope: WordScope, at: int) -> bool:
    """Tell whether a time or a place fills the sentence from ``at`` on ("said Moody's on Tuesday, May 7")."""
    words = scope.words
    return (
        at < scope.end
        and scope.hidden[at] < 0
        and words.low[at]
        in ("on", "in", "at", "this", "last", "late", "early", "earlier", "yesterday", "today")
        and scope.end - at <= _LONGEST_WHEN
        and not any(scope.hidden[look] >= 0 for look in range(at, scope.end))
        and not words.finite_between(at, scope.end)
    )


def _after_have(scope: WordScope, at: int) -> bool:
    low, xpos = scope.words.low, scope.words.xpos
    back = at - 1
    while back >= scope.start and (xpos[back] in ADVERBS or low[back] == "been"):
        back -= 1
    if back >= scope.start and (low[back] in _HAVE or xpos[back] in ("CC",)):
        return True
    # "Have they said …", or a past tense mistagged: a subject stands directly before it.
    return back >= scope.start and (xpos[back] in ("PRP", "WP") or scope.words.child(at, "nsubj") >= 0)


def _passive(scope: WordScope, hit: CueHit) -> bool:
    words, at, cue = scope.words, hit.at, hit.cue
    low = words.low
    if (
        cue.lemma in ("quote", "cite")
        and at + 2 < scope.end
        and low[at + 1] == "as"
        and low[at + 2] in _AS_SAYING
    ):
        hit.last = at + 2
        hit.cue = _saying()
        hit.complement, hit.begin = None, -1
        classify(scope, hit)
        rule, _ = left_source(scope, at)
        hit.source, _ = merge(words, rule, tree_source(words, at), participle=False)
        hit.passive = False
        hit.post = hit.complement is None
        hit.rules.append("quoted as saying")
        return hit.source is not None
    subject, _ = left_source(scope, at)
    tree = tree_source(words, at)
    subject, _ = merge(words, subject, tree, participle=False)
    agent = tree_source(words, at, passive=True)
    by = _by_phrase(scope, hit)
    hit.source = by or agent
    if hit.source and by and agent and agent[0] == by[0]:
        hit.source = agent if agent[1] - agent[0] < 25 else by
    hit.rules.append("passive")
    _cut_charge(scope, hit)
    expletive = subject is not None and low[subject[1]] in EXPLETIVES and subject[0] == subject[1]
    if "adr" in cue.takes and subject is not None and not expletive:
        hit.addressee = subject
    elif subject is not None and not expletive:
        hit.content.append((subject[0], subject[1] + 1))
        hit.flags.append("subject is content")
    if hit.complement is None and hit.source is None:
        return expletive
    if hit.source is None:
        hit.flags.append("anonymous")
        return hit.complement in (Complement.CLAUSE, Complement.INFINITIVE, Complement.QUOTE) or bool(
            cue.object_leads
        )
    if hit.complement is None or hit.begin <= hit.source[1]:
        after = hit.source[1] + 1
        hit.complement = hit.complement or Complement.PHRASE
        hit.begin = after if after < scope.end and low[after] not in (".", ",") else -1
    return True


def _cut_charge(scope: WordScope, hit: CueHit) -> None:
    """Cut the charge off the agent: "accused by former staff | of hiding two audits"."""
    if hit.source is None:
        return
    low, xpos = scope.words.low, scope.words.xpos
    for at in range(hit.source[0] + 1, min(hit.source[1] + 2, scope.end - 1)):
        if low[at] in hit.cue.object_leads and xpos[at + 1] == "VBG":
            hit.source = (hit.source[0], at - 1)
            hit.complement, hit.begin = Complement.GERUND, at + 1
            return


def _saying() -> Cue:
    say = verbs()["say"]
    return Cue("quoted as saying", say.cls, say.takes, say.leads, say.object_leads)


def _by_phrase(scope: WordScope, hit: CueHit) -> Range | None:
    words = scope.words
    low, xpos = words.low, words.xpos
    for at in range(hit.last + 1, min(scope.end, hit.last + 6)):
        if scope.hidden[at] >= 0 or low[at] in STOPS or xpos[at] in FINITE or xpos[at] == "VB":
            # "is expected to rise by a fifth": what stands behind the infinitive is its own.
            return None
        if low[at] == "by":
            end = phrase_end(scope, at + 1)
            if end == at + 2 and low[at + 1] in _MEANS:
                return None
            return (at + 1, end - 1) if end > at + 1 else None
    return None


def _reduced(scope: WordScope, hit: CueHit) -> bool:
    """Read a participle behind its noun: "the charges raised by the union"."""
    words, at = scope.words, hit.at
    by = _by_phrase(scope, hit)
    if by is None:
        return False
    agent = tree_source(words, at, passive=True)
    hit.source = agent if agent and agent[0] == by[0] and agent[1] - agent[0] < 25 else by
    before = at - 1
    while before >= scope.start and words.xpos[before] in ADVERBS:
        before -= 1
    if before >= scope.start and words.low[before] == "as" and hit.cue.cls is CueClass.SPEECH:
        hit.first = before + 1
        hit.sort = "phrase"
        hit.rules.append("as reported by")
        return True
    noun = walk_left(scope, at - 1)
    if noun is None:
        return False
    hit.content.append((noun[0], noun[1] + 1))
    hit.complement, hit.begin = Complement.PHRASE, -1
    hit.rules.append("participle with its agent")
    return True


def inherit(scope: WordScope, hit: CueHit, kept: list[CueHit]) -> bool:
    """Give a frame without a subject of its own the source of the frame before, or the sentence's subject."""
    words = scope.words
    for earlier in reversed(kept):
        if (
            earlier.sort in ("verb", "adjective")
            and earlier.source is not None
            and "expletive" not in earlier.flags
        ):
            both = hit.cue.cls is CueClass.SPEECH and earlier.cue.cls is CueClass.SPEECH
            if hit.source is None or words.xpos[hit.at] == "VBG" or both:
                hit.source = earlier.source
            hit.rules.append("source carried over")
            return True
    if hit.source is not None:
        return True
    for at in range(scope.start, hit.at):
        if scope.hidden[at] < 0 and words.xpos[at] in FINITE:
            rule, _ = left_source(scope, at)
            hit.source, _ = merge(words, rule, tree_source(words, at), participle=False)
            hit.rules.append("subject of the sentence")
            return hit.source is not None
    return False


def acceptable(scope: WordScope, hit: CueHit) -> bool:
    """Tell whether a frame has a source, or at least a clause that somebody must have uttered."""
    if hit.source is None:
        if hit.passive or hit.cue.lemma in RAISING:
            return True
        if hit.sort == "noun":
            return (
                hit.complement in (Complement.CLAUSE, Complement.INFINITIVE)
                and hit.cue.cls is CueClass.SPEECH
            )
        return hit.cue.cls is CueClass.SPEECH and hit.complement in (Complement.CLAUSE, Complement.QUOTE)
    if hit.cue.cls is CueClass.WEAK and hit.complement is None:
        return False
    return hit.complement is not None or hit.cue.cls is CueClass.SPEECH
