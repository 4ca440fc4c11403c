"""Which words does each frame of a sentence cover?

Works from left to right over the hits of one scope: finds sources, decides whether the content stands before or
behind the frame, and where the next frame ends it. The end of a sentence is the end of a content unless a later
frame of the same level begins before it.
"""

from __future__ import annotations

from claims.splitting.attributed import Complement, CueClass
from claims.splitting.attribution_rules import Hit, classify, find_hits
from claims.splitting.attribution_sources import (
    Range,
    inverted_source,
    left_source,
    merge,
    phrase_end,
    step_left,
    tree_source,
    walk_left,
    without_adverb,
)
from claims.splitting.attribution_words import ADVERBS, BE, FINITE, NAMES, NOUNS, RELATIVES, STOPS, Scope

_RAISING = frozenset({"seem", "appear", "tend", "happen", "likely", "unlikely", "expected", "supposed", "look", "sound"})
_EXPLETIVES = frozenset({"it", "there"})
_CLAUSE_MARKS = frozenset("after when while as before because since although though if until unless".split())
_HAVE = frozenset({"have", "has", "had", "having", "'ve", "'d", "'s"})


def read_scope(scope: Scope) -> list[Hit]:
    """Return the frames of one level of a sentence, each with its source and content."""
    hits = [hit for hit in find_hits(scope) if _find_source(scope, hit)]
    kept: list[Hit] = []
    for hit in hits:
        if hit.inherited and not _inherit(scope, hit, kept):
            continue
        if not _acceptable(scope, hit):
            continue
        if kept and kept[-1].first <= hit.at <= kept[-1].last:
            continue
        kept.append(hit)
    _frames(scope, kept)
    done: list[Hit] = []
    for index, hit in enumerate(kept):
        _content(scope, hit, kept, index, done)
        if hit.content or hit.cue.cls is CueClass.SPEECH and hit.sort != "noun" and hit.complement is None and hit.post:
            done.append(hit)
    return done


def _find_source(scope: Scope, hit: Hit) -> bool:
    """Set the source of a hit; False drops it."""
    words, at = scope.words, hit.at
    low, xpos = words.low, words.xpos
    if hit.sort in ("phrase", "noun"):
        return True
    if not _verb_source(scope, hit):
        return False
    if hit.source is not None:
        hit.source = without_adverb(words, hit.source)
    return True


def _verb_source(scope: Scope, hit: Hit) -> bool:
    words, at = scope.words, hit.at
    low, xpos = words.low, words.xpos
    if hit.sort == "adjective":
        rule, name = left_source(scope, hit.at)
        tree = tree_source(words, at)
        hit.source, other = merge(words, rule, tree, participle=False)
        hit.rules.append(other or name)
        if hit.source and low[hit.source[0]] in _EXPLETIVES and hit.source[0] == hit.source[1]:
            hit.flags.append("expletive")
        return True
    if hit.passive:
        return _passive(scope, hit)
    if hit.complement in (None, Complement.QUOTE, Complement.CLAUSE) or hit.begin == at + 1:
        found = inverted_source(scope, at)
        if found and _really_inverted(scope, hit, found):
            hit.source, hit.inverted, hit.post = found, True, True
            hit.rules.append("verb before its subject")
            hit.complement, hit.begin, hit.addressee = None, -1, None
            return True
    if xpos[at] == "VBN" and not _after_have(scope, at):
        noun = at > scope.start and xpos[at - 1] in NOUNS
        closed = at + 1 >= scope.end or low[at + 1] in STOPS or low[at + 1] == "that"
        if not (noun and closed and "q" in hit.cue.takes and _by_phrase(scope, hit) is None):
            return _reduced(scope, hit)
    participle = xpos[at] == "VBG" and not (at > scope.start and low[at - 1] in BE or _be_before(scope, at))
    rule, name = (None, "") if participle or xpos[at] == "VB" and _to_before(scope, at) else left_source(scope, at)
    tree = tree_source(words, at)
    if tree and any(scope.hidden[index] >= 0 for index in range(tree[0], tree[1] + 1)):
        tree = _open_part(scope, tree, at)
    hit.source, other = merge(words, rule, tree, participle=participle)
    hit.rules.append(other or name)
    if name == "relative clause" or hit.source is not None:
        before = step_left(scope, at)
        if before >= scope.start and scope.hidden[before] < 0 and low[before] in ("who", "which", "that"):
            hit.subject = (before, before)
    if hit.source is None and xpos[at] == "VB":
        back = next((index for index in range(at - 1, scope.start, -1) if xpos[index] in FINITE and scope.hidden[index] < 0), -1)
        if back > 0 and at - back <= 8:
            rule, _ = left_source(scope, back)
            hit.source, _ = merge(words, rule, tree_source(words, back), participle=False)
            hit.rules.append("subject of the verb before")
    if participle and hit.source is None:
        hit.inherited = True
    if name == "coordination" and (hit.source is None or rule is None):
        hit.inherited = True
    if hit.source and low[hit.source[0]] in _EXPLETIVES and hit.source[0] == hit.source[1]:
        hit.flags.append("expletive" if low[hit.source[0]] == "there" else "maybe-expletive")
    return True


def _open_part(scope: Scope, tree: Range, at: int) -> Range | None:
    """Return the part of a subject next to its verb that is on this level of quotation."""
    left, right = tree
    if right < at:
        while right >= left and scope.hidden[right] >= 0:
            right -= 1
        start = right
        while start - 1 >= left and scope.hidden[start - 1] < 0:
            start -= 1
        return (start, right) if right >= left and right - start >= 0 else None
    return tree if scope.hidden[left] < 0 and right - left < 25 else None


def _really_inverted(scope: Scope, hit: Hit, found: Range) -> bool:
    """Tell an inversion from a verb behind a parenthesis ("Smith, the mayor, said the deal is off")."""
    words, at = scope.words, hit.at
    low = words.low
    before = at - 1
    if before >= scope.start and scope.hidden[before] < 0 and low[before] == ",":
        if before - 1 >= scope.start and scope.hidden[before - 1] >= 0:
            return True
        subject = words.child(at, "nsubj", "nsubj:pass")
        after = found[1] + 1
        ended = after >= scope.end or scope.hidden[after] < 0 and low[after] in (",", ".", ";", "!", "?")
        ended = ended and words.xpos[found[1]] not in ("DT", "CC")
        named = any(words.xpos[index] in NAMES for index in range(found[0], found[1] + 1))
        rule, name = left_source(scope, at)
        if name == "apposition" and rule is not None and not (subject > at) and (not (ended and named) or "adr" in hit.cue.takes):
            return False
        if hit.complement is Complement.CLAUSE and not subject > at and not (ended and named):
            return False
        return subject > at or ended
    if before < scope.start and scope.quote is None:
        return scope.start > 0 or False
    return True


def _to_before(scope: Scope, at: int) -> bool:
    low, xpos = scope.words.low, scope.words.xpos
    back = at - 1
    while back >= scope.start and xpos[back] in ADVERBS:
        back -= 1
    return back >= scope.start and low[back] == "to"


def _be_before(scope: Scope, at: int) -> bool:
    low, xpos = scope.words.low, scope.words.xpos
    back = at - 1
    while back >= scope.start and xpos[back] in ADVERBS:
        back -= 1
    return back >= scope.start and low[back] in BE


def _after_have(scope: Scope, at: int) -> bool:
    low, xpos = scope.words.low, scope.words.xpos
    back = at - 1
    while back >= scope.start and (xpos[back] in ADVERBS or low[back] == "been"):
        back -= 1
    if back >= scope.start and (low[back] in _HAVE or xpos[back] in ("CC",)):
        return True
    # "Have they said …", or a past tense mistagged: a subject stands directly before it.
    return back >= scope.start and (xpos[back] in ("PRP", "WP") or scope.words.child(at, "nsubj") >= 0)


def _passive(scope: Scope, hit: Hit) -> bool:
    words, at, cue = scope.words, hit.at, hit.cue
    low = words.low
    if cue.lemma in ("quote", "cite") and at + 2 < scope.end and low[at + 1] == "as" and low[at + 2] in ("saying", "telling", "writing"):
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
    expletive = subject is not None and low[subject[1]] in _EXPLETIVES and subject[0] == subject[1]
    if "adr" in cue.takes and subject is not None and not expletive:
        hit.addressee = subject
    elif subject is not None and not expletive:
        hit.content.append((subject[0], subject[1] + 1))
        hit.flags.append("subject is content")
    if hit.complement is None and hit.source is None:
        return expletive
    if hit.source is None:
        hit.flags.append("anonymous")
        return hit.complement in (Complement.CLAUSE, Complement.INFINITIVE, Complement.QUOTE) or bool(cue.object_leads)
    if hit.complement is None or hit.begin <= hit.source[1]:
        after = hit.source[1] + 1
        hit.complement = hit.complement or Complement.PHRASE
        hit.begin = after if after < scope.end and low[after] not in (".", ",") else -1
    return True


def _saying() -> "Cue":
    from claims.splitting.cues import Cue, verbs

    say = verbs()["say"]
    return Cue("quoted as saying", say.cls, say.takes, say.leads, say.object_leads)


def _by_phrase(scope: Scope, hit: Hit) -> Range | None:
    words = scope.words
    low, xpos = words.low, words.xpos
    for at in range(hit.last + 1, min(scope.end, hit.last + 6)):
        if scope.hidden[at] >= 0 or low[at] in STOPS or xpos[at] in FINITE:
            return None
        if low[at] == "by":
            end = phrase_end(scope, at + 1)
            return (at + 1, end - 1) if end > at + 1 else None
    return None


def _reduced(scope: Scope, hit: Hit) -> bool:
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


def _inherit(scope: Scope, hit: Hit, kept: list[Hit]) -> bool:
    """Give a frame without a subject of its own the source of the frame before it, or the sentence's subject."""
    words = scope.words
    for earlier in reversed(kept):
        if earlier.sort in ("verb", "adjective") and earlier.source is not None and "expletive" not in earlier.flags:
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


def _acceptable(scope: Scope, hit: Hit) -> bool:
    """Drop what has neither a source nor a clause, and frames whose source lies inside the verb's own object."""
    if hit.source is None:
        if hit.passive or hit.cue.lemma in _RAISING:
            return True
        if hit.sort == "noun":
            return hit.complement in (Complement.CLAUSE, Complement.INFINITIVE) and hit.cue.cls is CueClass.SPEECH
        return hit.cue.cls is CueClass.SPEECH and hit.complement in (Complement.CLAUSE, Complement.QUOTE)
    if hit.cue.cls is CueClass.WEAK and hit.complement is None:
        return False
    return not (hit.complement is None and hit.cue.cls is not CueClass.SPEECH and not _frame_like(scope, hit))


def _frame_like(scope: Scope, hit: Hit) -> bool:
    """Tell whether a cue without complement stands in a frame ("…, he believes", "as some hoped")."""
    if "that" not in hit.cue.takes or hit.source is None:
        return False
    low = scope.words.low
    before = min(hit.source[0], hit.first) - 1
    after = max(hit.source[1], hit.last) + 1
    closed = after >= scope.end or scope.hidden[after] >= 0 or low[after] in STOPS
    return closed and before >= scope.start and (low[before] in (",", "as", "—", "than", "?", "!") or scope.hidden[before] >= 0)


def _frames(scope: Scope, hits: list[Hit]) -> None:
    for hit in hits:
        left, right = hit.first, hit.last
        if hit.source is not None and not hit.inherited:
            if hit.source[1] < hit.first and (hit.sort == "noun" or hit.first - hit.source[1] < 30):
                left = hit.source[0]
            if hit.source[0] > hit.last and (hit.inverted or hit.sort in ("phrase",) or hit.passive):
                right = hit.source[1]
        if hit.addressee is not None and hit.addressee[0] > right:
            right = hit.addressee[1]
        hit.frame_left, hit.frame_right = left, right


def _content(scope: Scope, hit: Hit, hits: list[Hit], index: int, done: list[Hit]) -> None:
    words = scope.words
    low = words.low
    as_frame = _as_before(scope, hit)
    around = hit.sort == "phrase" or as_frame >= 0
    before = hit.complement is None or hit.inverted
    previous = scope.start
    for earlier in done:
        if (around or before) and not _holds_against(scope, earlier, hit):
            continue
        if earlier.frame_left < hit.frame_left and not _covers(earlier, hit):
            ends = [end for _, end in earlier.content if end <= hit.frame_left]
            previous = max([previous, earlier.frame_right + 1, *ends])
        elif around or before:
            previous = max(previous, earlier.frame_right + 1)
    if around and _relays(hit, done):
        return
    if around:
        _parenthetic(scope, hit, previous, as_frame)
    elif before:
        hit.post = True
        _postposed(scope, hit, previous, hits, index)
    if around or before:
        # What stands inside a content that its frame follows is inside that content, and ends with it.
        if hit.content and hit.content[0][0] < hit.frame_left:
            for earlier in done:
                if not _holds_against(scope, earlier, hit):
                    earlier.content = [(start, min(end, hit.content[0][1])) for start, end in earlier.content if start < hit.content[0][1]]
        return
    if hit.cue.lemma in _RAISING or "expletive" in hit.flags:
        source = hit.source
        hit.source = None
        if source and low[source[0]] not in _EXPLETIVES:
            hit.content.append((source[0], source[1] + 1))
    if hit.begin >= 0:
        end = _end(scope, hit, hits, index)
        if hit.complement is Complement.QUOTE:
            before = hit.frame_left - 1
            if before >= scope.start and low[before] == "," and scope.hidden[before] < 0:
                before -= 1
            if before >= previous and scope.hidden[before] >= 0:
                start = _quote_sentence_start(scope, before, previous)
                hit.content.append((start, before + 1))
                hit.rules.append("quotation split by its frame")
        hit.content.append((hit.begin, end))
        hit.end = end


def _holds_against(scope: Scope, earlier: Hit, hit: Hit) -> bool:
    """Tell whether an earlier frame keeps its content although a later frame claims what stands before itself."""
    if earlier.cue.cls is not CueClass.SPEECH or earlier.sort != "verb" or hit.sort == "phrase":
        return False
    if earlier.complement is Complement.QUOTE or earlier.post:
        return True
    low = scope.words.low
    before = hit.frame_left - 1
    closing = before >= scope.start and (low[before] in (",", "—") or scope.hidden[before] >= 0)
    after = hit.frame_right + 1
    final = after >= scope.end or scope.hidden[after] < 0 and (low[after] in (".", "!", "?", ";") or after >= scope.end - 6)
    return earlier.complement is Complement.CLAUSE and not (closing and final)


def _relays(hit: Hit, done: list[Hit]) -> bool:
    """Make "according to X" or "as X reported" behind a frame the relay of that frame."""
    for earlier in reversed(done):
        if earlier.cue.cls is CueClass.SPEECH and earlier.sort == "verb" and earlier.frame_left < hit.frame_left:
            own = earlier.post or earlier.complement is Complement.QUOTE
            if own and hit.source is not None and earlier.relay is None:
                earlier.relay, earlier.relay_cue = hit.source, (hit.first, hit.last)
                earlier.rules.append("relay")
                return True
            return False
    return False


def _quote_sentence_start(scope: Scope, at: int, previous: int) -> int:
    """Return where content before a frame begins: after the last frame, at the latest at the quotation."""
    return previous


def _covers(earlier: Hit, hit: Hit) -> bool:
    return any(start <= hit.at < end for start, end in earlier.content)


def _as_before(scope: Scope, hit: Hit) -> int:
    """Return the index of an "as" that makes the frame a comment clause, -1 without one."""
    if hit.sort != "verb":
        return -1
    low = scope.words.low
    before = hit.frame_left - 1
    if before >= scope.start and scope.hidden[before] < 0 and low[before] in ("as", "than"):
        if low[before] == "as" and hit.complement in (None, Complement.PHRASE):
            follows = hit.frame_right + 1
            putting = hit.cue.lemma in ("put", "tell", "describe", "see", "explain", "say")
            if hit.complement is Complement.PHRASE and not (putting and follows < scope.end and low[follows] == "it"):
                return -1
            if hit.complement is Complement.PHRASE:
                hit.frame_right = follows
            return before
        if low[before] == "than" and hit.complement is None:
            return before
    if low[hit.at - 1 if hit.at else 0] == "as" and hit.inverted:
        return hit.at - 1
    return -1


def _parenthetic(scope: Scope, hit: Hit, previous: int, as_at: int) -> None:
    """Set the content of "according to X" and "as X said": all of the sentence around the frame."""
    words, hidden = scope.words, scope.hidden
    low = words.low
    left = as_at if as_at >= 0 else hit.frame_left
    right = hit.frame_right
    while right + 1 < scope.end and hidden[right + 1] < 0 and low[right + 1] not in STOPS:
        if as_at < 0 or words.xpos[right + 1] in ("PRP",):
            break
        right += 1
    while left - 1 >= previous and hidden[left - 1] < 0 and (low[left - 1] in (",", "—", "(") or words.xpos[left - 1] in ADVERBS):
        left -= 1
    if left > previous:
        hit.content.append((previous, left))
        hit.post = True
    follow = right + 1
    if follow < scope.end and low[follow] in (",", "—", ")", "--") or (follow < scope.end and hidden[follow] >= 0):
        if hidden[follow] < 0:
            follow += 1
        if follow < scope.end - 1 and (hit.sort == "phrase" or left <= previous or True):
            hit.content.append((follow, scope.end))
    elif follow < scope.end - 1 and left <= previous:
        hit.content.append((follow, scope.end))
    hit.rules.append("comment clause")


def _postposed(scope: Scope, hit: Hit, previous: int, hits: list[Hit], index: int) -> None:
    """Set the content that stands before its frame, and what goes on behind it."""
    words, hidden = scope.words, scope.hidden
    low, xpos = words.low, words.xpos
    left = hit.frame_left
    while left - 1 >= previous and hidden[left - 1] < 0 and (low[left - 1] in (",", "—", "--", "-") or low[left - 1] in ("and", "but")):
        left -= 1
    start = previous
    while start < left and low[start] in (",", ";") and hidden[start] < 0:
        start += 1
    if left > start:
        comma = left < hit.frame_left or hidden[left - 1] >= 0 or low[left - 1] in ("?", "!")
        if comma:
            hit.content.append((start, left))
    right = hit.frame_right + 1
    scan = right
    while scan < scope.end and hidden[scan] < 0 and low[scan] not in (",", ".", ";", ":", "—", "--", "!", "?"):
        scan += 1
    if scan < scope.end and hidden[scan] >= 0 and scan > right and not words.finite_between(right, scan):
        if hit.content or "q" in hit.cue.takes:
            hit.content.append((scan, _end(scope, hit, hits, index, scan)))
    elif scan < scope.end - 1:
        follow = scan + 1
        if hidden[scan] >= 0:
            hit.content.append((scan, _end(scope, hit, hits, index, scan)))
        elif follow < scope.end and hidden[follow] >= 0:
            hit.content.append((follow, _end(scope, hit, hits, index, follow)))
        elif (
            (hit.content or left <= start)
            and low[scan] == ","
            and not (hit.content and hidden[hit.content[0][1] - 1] >= 0)
            and xpos[follow] not in ("VBG", "CC")
            and low[follow] not in RELATIVES
            and low[follow] not in ("as", "while", "after", "when", "before", "although", "though")
            and not (hit.inverted and xpos[follow] in NOUNS | {"DT"})
        ):
            hit.content.append((follow, _end(scope, hit, hits, index, follow)))
    hit.rules.append("content before its frame")


def _end(scope: Scope, hit: Hit, hits: list[Hit], index: int, begin: int = -1) -> int:
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
    end = min(end, _adjunct_end(scope, hit, begin, end))
    while end - 1 > begin and scope.hidden[end - 1] < 0 and low[end - 1] in (",", "and", "but", "while", ";", "—", "--", "as", "."):
        end -= 1
    return end


def _terminates(scope: Scope, hit: Hit, later: Hit) -> bool:
    """Tell whether a later frame ends the content of an earlier one rather than standing inside it."""
    words = scope.words
    low, xpos = words.low, words.xpos
    if later.sort in ("noun", "phrase", "adjective"):
        return False
    speech = later.cue.cls is CueClass.SPEECH
    same_tense = xpos[hit.at] == xpos[later.at] or hit.sort == "adjective"
    head = words.heads[later.at]
    if words.labels[later.at] == "conj" and later.complement is not None and (later.inherited or speech) and xpos[later.at] in FINITE:
        node, steps = hit.at, 0
        while node >= 0 and steps < 8:
            if node == head:
                return True
            node, steps = words.heads[node], steps + 1
    before = later.frame_left - 1
    mark = low[before] if before >= scope.start else ""
    if xpos[later.at] == "VBG" and mark == ",":
        return speech and later.complement is not None
    if later.inherited:
        return same_tense and (speech or hit.cue.cls is not CueClass.SPEECH) and xpos[later.at] in ("VBD", "VBZ")
    if later.complement is None:
        return False
    if mark in ("and", "but", "while", ";", ",", "—") and xpos[later.at] in ("VBD", "VBZ", "VBP") and same_tense:
        if mark in ("and", "but", "while"):
            comma = before - 1 >= scope.start and low[before - 1] in (",", ";")
            return speech and (comma or words.labels[later.at] == "conj" and head == hit.at)
        return speech and mark == ";"
    return False


def _adjunct_end(scope: Scope, hit: Hit, begin: int, end: int) -> int:
    """Return where an adverbial clause of the frame begins behind a quotation or a noun phrase."""
    words = scope.words
    low, xpos = words.low, words.xpos
    if hit.complement is Complement.QUOTE or scope.hidden[begin] >= 0:
        last = max((at for at in range(begin, end) if scope.hidden[at] >= 0), default=-1)
        follow = last + 1
        if last > begin and follow < end and low[last] == '"':
            if low[last - 1] in (",", ".", "?", "!") or low[follow] in _CLAUSE_MARKS or low[follow] in (",", "during", "in", "at", "on"):
                return follow
        return end
    return end


def _subordinate_end(scope: Scope, hit: Hit, begin: int) -> int:
    """Return where the subject or the adverbial clause ends that the cue stands in, when its head follows it."""
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


def _clause_end(scope: Scope, hit: Hit, begin: int) -> int:
    """Return where a coordinated clause of the cue's own level begins, for contents that are not full clauses."""
    words = scope.words
    if hit.sort != "verb" or hit.complement not in (Complement.PHRASE, Complement.INFINITIVE, Complement.GERUND):
        return scope.end
    end = scope.end
    for kid in words.kids[hit.at]:
        if kid > begin and words.labels[kid] in ("conj", "parataxis") and words.xpos[kid] in FINITE:
            left = words.edges(kid)[0]
            if left > begin:
                end = min(end, left)
    return end
