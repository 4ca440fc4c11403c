"""Is an assertion put in the negative, and how often?

Counts words, not meanings: "nobody but the army denies that it failed" is two negations and a matter for a
person.
It refuses to say what a double negation amounts to.
"""

from __future__ import annotations

from collections.abc import Sequence

from claims.language.parser import Tree
from claims.language.spans import Span
from claims.language.tokens import Token
from claims.splitting.clauses.verbs import ClauseLine
from claims.splitting.word_lists import word_lists

_NOT = frozenset({"not", "n't", "never", "hardly", "barely", "scarcely", "neither", "nor", "cannot"})
_NOBODY = frozenset({"nobody", "none", "nothing", "neither", "nowhere"})
_DENYING = word_lists("closed_words_en.txt")["denying"]
# "not only X but Y", "no less than 5", "not least" deny nothing.
_IDLE = frozenset(
    {"only", "just", "least", "less", "fewer", "more", "later", "earlier", "sooner", "merely", "even"}
)


def negated(tokens: Sequence[Token], tree: Tree, span: Span) -> bool:
    """Tell whether the main predicate of the span is negated, by itself or in its subject or object."""
    line = ClauseLine("", tokens, tree, span)
    roots = [i for i in range(len(line)) if line.head[i] < 0 and line.label[i] != "punct"]
    if not roots:
        return False
    # A cut leaves several roots where the parser attached badly: the one with the most words under it is
    # the predicate.
    left, right = line.edges
    root = max(roots, key=lambda i: (line.tag[i].startswith("V"), right[i] - left[i]))
    reach = {root}
    reach.update(k for k in line.kids[root] if line.label[k] in ("xcomp", "cop", "aux", "aux:pass"))
    cues = [i for i in range(len(line)) if _is_cue(line, i)]
    return sum(_governs(line, i, reach) for i in cues) % 2 == 1


def negations(tokens: Sequence[Token], tree: Tree, span: Span) -> int:
    """Count the words of denial in a span, verbs of denying and refusing among them."""
    line = ClauseLine("", tokens, tree, span)
    return sum([_is_cue(line, i) or word in _DENYING for i, word in enumerate(line.low) if word in _ANY])


def denies(words: Sequence[str]) -> bool:
    """Tell whether any of the words (in lower case) can deny: where none can, nothing else needs to be asked."""
    return not _ANY.isdisjoint(words)


_ANY = _NOT | _NOBODY | _DENYING | {"no"}


def _is_cue(line: ClauseLine, i: int) -> bool:
    word = line.low[i]
    after = line.low[i + 1] if i + 1 < len(line) else ""
    if word in ("not", "no", "n't") and after in _IDLE:
        # "is no longer" and "no more" of a thing deny all the same.
        return word == "no" and after == "longer"
    if word == "no":
        return line.tag[i] in ("DT", "RB", "UH") and after not in (",", ".")
    return word in _NOT or word in _NOBODY


def _governs(line: ClauseLine, i: int, reach: set[int]) -> bool:
    """Tell whether a cue hangs on the predicate, or on its subject or object."""
    head = line.head[i]
    if i in reach or head in reach:
        return True
    if head >= 0 and line.low[i] in ("no", "neither", "longer", "not") and line.head[head] in reach:
        return line.label[head] in (
            "nsubj",
            "nsubj:pass",
            "obj",
            "obl",
            "expl",
            "xcomp",
            "advmod",
            "cop",
            "attr",
        )
    return False
