"""Who is the source of a cue, as a stretch of words?

Two readings are made and merged: rules over tags (inversion, apposition, relative clauses, a walk to the
left) and the parse tree (subject, agent, the subject of the governing verb). Rules lead, the tree fills gaps
and widens.
"""

from __future__ import annotations

from claims.language.parser import FINITE, NOUNS
from claims.splitting.attribution.sentence_words import (
    ADVERBS,
    RELATIVES,
    STOPS,
    SentenceWords,
    WordScope,
)
from claims.splitting.attribution.source_phrases import (
    PHRASE_STARTS,
    TIMES,
    Range,
    apposition_end,
    partner_left,
    phrase_end,
    step_left,
    walk_left,
)
from claims.splitting.word_lists import acts, any_role, roles

LONGEST_SOURCE = 40
# A subject with an apposition before a time is no longer.
_APPOSED = 16


def left_source(scope: WordScope, at: int) -> tuple[Range | None, str]:
    """Return the source to the left of the verb at ``at`` by rules, and the name of the rule."""
    words = scope.words
    low, xpos = words.low, words.xpos
    before = step_left(scope, at)
    if before < scope.start or scope.hidden[before] >= 0:
        return None, ""
    word = low[before]
    if (word in RELATIVES and word != "that") or (word == "that" and xpos[before] in ("WDT", "WP")):
        anchor = before - 1
        while anchor > scope.start and low[anchor] in (",", "of", "many", "some", "—"):
            anchor -= 1
        found = walk_left(scope, anchor)
        return found and _who_of(scope, found, word), "relative clause"
    if word in (",", ")", "—", "--", "]") or (word in ("-", "–") and _spaced(scope, before)):
        opening = partner_left(scope, before)
        if opening > scope.start:
            found = walk_left(scope, opening - 1)
            if found and _is_age(scope, found):
                # "Jo Hale, 47, a chemist, said"
                found = walk_left(scope, found[0] - 2) or found
            if found:
                return (_role_before(scope, found), before - 1), "apposition"
        return None, ""
    if word in ("and", "but", "or", "then", "yet"):
        return None, "coordination"
    found = _past_time(scope, walk_left(scope, before))
    if found:
        shared = _shared(scope, found)
        if shared is not None:
            return shared, "participle before the verb"
        antecedent = _before_relative(scope, found)
        if antecedent is not None:
            return (antecedent, found[1]), "relative clause before the verb"
    if found and found[1] == found[0] and low[found[0]] in TIMES:
        inner = walk_left(scope, found[0] - 1) if found[0] > scope.start else None
        if inner:
            return inner, "subject before the verb"
    if found:
        found = (_list_before(scope, _with_its_noun(scope, found)), found[1])
    return found, "subject before the verb" if found else ""


def _who_of(scope: WordScope, found: Range, link: str) -> Range:
    """Return "her lawyer" of "the letters to her lawyer, who said": letters are nobody."""
    low, xpos = scope.words.low, scope.words.xpos
    last = next((at for at in range(found[1] - 1, found[0], -1) if low[at] == "to"), -1)
    persons = any_role("role", "title")
    if link != "who" or last < 0 or xpos[last + 1] not in ("DT", "PRP$", "NNP"):
        return found
    of_a_thing = low[last - 1] not in persons and low[last - 1].removesuffix("s") not in persons
    named = xpos[found[1]] == "NNP" or low[found[1]] in persons
    return (last + 1, found[1]) if of_a_thing and named and xpos[last - 1] in ("NN", "NNS") else found


def _with_its_noun(scope: WordScope, found: Range) -> Range:
    """Return "an audit by the county" for "the county" that ends "…, an audit by the county found"."""
    words = scope.words
    link = found[0] - 1
    if link <= scope.start or words.low[link] not in ("by", "from"):
        return found
    noun = walk_left(scope, link - 1)
    closes = noun is not None and noun[0] > scope.start and words.low[noun[0] - 1] == ","
    if noun is None or not closes or words.low[noun[0]] not in ("a", "an", "the"):
        return found
    return (noun[0], found[1]) if words.finite_between(scope.start, noun[0]) else found


def _list_before(scope: WordScope, found: Range) -> int:
    """Return where a list begins that opens its clause: "The port, Ana Holt and Per Brandt said"."""
    words = scope.words
    comma, joint = found[0] - 1, "and" in words.low[found[0] : found[1] + 1]
    if not joint or comma <= scope.start or words.low[comma] != "," or words.low[found[0]] in ("a", "an"):
        return found[0]
    item = walk_left(scope, comma - 1)
    alone = item is not None and item[0] == scope.start and words.low[item[1]] not in TIMES
    names = alone and all(scope.hidden[at] < 0 and words.xpos[at] != "IN" for at in range(scope.start, comma))
    return scope.start if names else found[0]


def _is_age(scope: WordScope, found: Range) -> bool:
    """Tell a bare number between two commas."""
    words, at = scope.words, found[0]
    return (
        found[0] == found[1] and words.xpos[at] == "CD" and at - 2 >= scope.start and words.low[at - 1] == ","
    )


def _spaced(scope: WordScope, at: int) -> bool:
    """Tell a dash from a hyphen: space on both sides."""
    tokens = scope.words.sentence.tokens
    return (
        0 < at < len(tokens) - 1
        and tokens[at - 1].end < tokens[at].start
        and tokens[at].end < tokens[at + 1].start
    )


def _past_time(scope: WordScope, found: Range | None) -> Range | None:
    """Return the phrase before a time that stands between subject and verb ("Holt this morning warned")."""
    if found is None or found[0] <= scope.start or scope.words.low[found[1]] not in TIMES:
        return found
    low = scope.words.low
    before = found[0] - 1
    dated = low[found[0]] in ("this", "last", "next", "late", "early", "earlier", "that") or low[before] in (
        "on",
        "in",
    )
    if not dated and found[0] != found[1]:
        return found
    if low[before] in ("on", "in", "late", "early", "earlier", "this", "last"):
        before -= 1
    if low[before] == "," and before - scope.start <= _APPOSED:
        # "Holt, 54, on Friday told reporters"
        before = partner_left(scope, before) - 1
    return (walk_left(scope, before) if before >= scope.start else None) or found


def _shared(scope: WordScope, found: Range) -> Range | None:
    """Return what was "shared hundreds of times" before the verb: that speaks, not the times."""
    words = scope.words
    for at in range(found[0] - 1, max(scope.start, found[0] - 10), -1):
        if scope.hidden[at] >= 0 or words.low[at] in STOPS or words.low[at] in RELATIVES:
            return None
        if (
            words.low[at] in acts("shared")
            and words.xpos[at] in ("VBN", "VBD", "VBG")
            and words.xpos[at - 1] in NOUNS
        ):
            return walk_left(scope, at - 1)
        if words.xpos[at] in FINITE:
            return None
    return None


def _role_before(scope: WordScope, found: Range) -> int:
    """Return where the role begins that a name stands beside ("the town's mayor, Ana Holt, 52, said")."""
    words = scope.words
    comma = found[0] - 1
    named = all(words.xpos[at] in ("NNP", "NNPS") for at in range(found[0], found[1] + 1))
    if not named or comma <= scope.start or words.low[comma] != "," or scope.hidden[comma] >= 0:
        return found[0]
    role = walk_left(scope, comma - 1)
    if role is None or words.low[role[1]] not in roles()["role"] or words.xpos[role[0]] not in ("DT", "PRP$"):
        return found[0]
    opened = role[0] == scope.start or words.low[role[0] - 1] in (",", "—", "--", ";", '"')
    return role[0] if opened else found[0]


def _before_relative(scope: WordScope, found: Range) -> int | None:
    """Return where the subject begins if ``found`` ends a relative clause on it ("one who saw him said")."""
    words = scope.words
    low, xpos = words.low, words.xpos
    finite = False
    if xpos[found[0]] == "PRP" and low[found[0]] not in ("him", "her", "it", "them", "us", "me"):
        return None
    for at in range(found[0] - 1, max(scope.start, found[0] - 14), -1):
        if scope.hidden[at] >= 0 or low[at] in STOPS:
            return None
        if xpos[at] in FINITE:
            finite = True
        if low[at] in ("who", "that", "which") and finite and at > scope.start:
            if low[at] == "that" and xpos[at] != "WDT":
                return None
            noun = walk_left(scope, at - 1)
            return noun[0] if noun and xpos[at - 1] in NOUNS | {"CD", "DT", "PRP"} else None
    return None


def without_adverb(words: SentenceWords, found: Range) -> Range:
    """Cut a stray "however" at the end of a source."""
    low = words.low
    if low[found[1]] in ("however", "meanwhile", "though") and found[1] > found[0]:
        end = found[1] - 1
        while end > found[0] and low[end] in STOPS:
            end -= 1
        return found[0], end
    return found


def inverted_source(scope: WordScope, at: int) -> Range | None:
    """Return the source behind a verb that directly follows a comma, a question mark or a quotation."""
    words = scope.words
    low, xpos = words.low, words.xpos
    if xpos[at] not in ("VBD", "VBZ", "VBP", "VBN"):
        return None
    before = at - 1
    if before < 0:
        return None
    if before >= scope.start and scope.hidden[before] < 0 and low[before] not in (",", "?", "!", "as"):
        return None
    if low[before] == "as" and before >= scope.start and (before == scope.start or low[before - 1] != ","):
        return None
    start = at + 1
    while start < scope.end and xpos[start] in ADVERBS:
        start += 1
    if (
        start >= scope.end
        or scope.hidden[start] >= 0
        or (xpos[start] not in PHRASE_STARTS and low[start] != "[")
    ):
        return None
    end = phrase_end(scope, start)
    if end <= start:
        return None
    if end < scope.end and scope.hidden[end] < 0:
        if low[end] == "(":
            close = next((look for look in range(end, min(scope.end, end + 12)) if low[look] == ")"), -1)
            if close > 0:
                end = close + 1
        if end >= scope.end or scope.hidden[end] >= 0:
            return start, end - 1
        follow = low[end]
        if (
            follow not in STOPS
            and xpos[end] not in ("IN", "CC", "TO", "RB")
            and follow not in RELATIVES
            and follow not in TIMES
        ):
            return None
        told = any(words.labels[kid] == "ccomp" and kid < at for kid in words.kids[at])
        if follow == "that" and words.labels[at] != "parataxis" and not told:
            return None
        if follow == "," or follow in ("who", "which", "that"):
            end = apposition_end(scope, end)
    return start, end - 1


def tree_source(words: SentenceWords, at: int, *, passive: bool = False, depth: int = 0) -> Range | None:
    """Return the subtree of the subject of a verb, of its agent if passive, or of its governor's subject."""
    if depth > 4 or at < 0:
        return None
    labels, xpos = words.labels, words.xpos
    kids = words.kids[at]
    if passive:
        for kid in kids:
            if labels[kid] == "obl:agent" or (
                labels[kid] == "obl" and any(words.low[sub] == "by" for sub in words.kids[kid] if sub < kid)
            ):
                if xpos[kid] == "CD" or any(xpos[between] == "VB" for between in range(at + 1, kid)):
                    # "is expected to triple by 2050"
                    continue
                left, right = words.edges(kid)
                return (left + 1, right) if words.low[left] == "by" else (left, right)
        return None
    for kid in kids:
        if labels[kid] in ("nsubj", "nsubj:pass", "csubj") and (kid < at or xpos[at] in FINITE | {"VBN"}):
            if words.low[kid] in RELATIVES:
                head = words.heads[at]
                if labels[at].startswith("acl") and head >= 0:
                    left, right = words.edges(head, without=at)
                    return left, min(right, at - 1) if head < at else right
                return kid, kid
            left, right = words.edges(kid)
            if kid < at <= right:
                right = at - 1
            return left, right
    label, head = labels[at], words.heads[at]
    if label in ("conj", "xcomp", "parataxis") or (
        label in ("advcl", "acl") and xpos[at] in ("VBG", "VBN", "VB")
    ):
        if label == "parataxis":
            return None
        if label == "acl" and head >= 0 and words.upos[head] in ("NOUN", "PROPN", "PRON"):
            if xpos[at] == "VBG":
                return words.edges(head, without=at)
            return None
        found = tree_source(words, head, depth=depth + 1)
        if found is not None and xpos[at] == "VBG" and found[0] > at:
            # "rejected it, insisting the trip was private": its subject is that of the verb above.
            found = tree_source(words, words.heads[head], depth=depth + 1)
            found = found if found is not None and found[1] < at else None
        return found
    if label.startswith("acl") and head >= 0:
        return words.edges(head, without=at)
    return None


def merge(
    words: SentenceWords, rule: Range | None, tree: Range | None, *, participle: bool
) -> tuple[Range | None, str]:
    """Return the source of two readings: the rule's, unless the tree's is wider or the rule's is a time."""
    if tree is not None:
        left, right = tree
        while left <= right and (
            words.low[left] in STOPS or words.low[left] in ("and", "but", "that", "while")
        ):
            left += 1
        while right >= left and words.low[right] in STOPS:
            right -= 1
        tree = (left, right) if left <= right else None
        if tree and right - left > 3 and not any(words.low[at] in RELATIVES for at in range(left, right)):
            # A subject with a finite verb of its own and no relative pronoun is two clauses read as one.
            finite = [at for at in range(left, right + 1) if words.xpos[at] in FINITE]
            if finite:
                tree = None
    if tree and words.xpos[tree[0]] in ("IN", "TO") and words.low[tree[0]] not in ("about", "more", "nearly"):
        tree = None
    if rule is None:
        return (tree, "subject in the tree") if tree and tree[1] - tree[0] < LONGEST_SOURCE else (None, "")
    if tree is None or rule == tree:
        return rule, ""
    if tree[0] <= rule[0] and rule[1] <= tree[1]:
        return (tree, "wider in the tree") if tree[1] - tree[0] < 25 else (rule, "")
    if (tree[1] < rule[0] or rule[1] < tree[0]) and (participle or words.low[rule[1]] in TIMES):
        return tree, "subject in the tree"
    return rule, ""
