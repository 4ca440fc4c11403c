"""Does a clause taken out of its sentence still say what it said there?

Not where somebody demands it ("that all tenants train"), where it is what somebody asks or explains ("why the town
wanted it"), where its own link leaves it hanging ("even if most can be solved"), nor where a remark between dashes
cuts it in two. Read from the tree of the source; whether the words are a sentence at all is asked by :mod:`gate`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from claims.language.parser import Tree

# Beginnings of words behind which a bare verb says what shall be, not what is.
_DEMANDS = ("demand", "requir", "request", "urg", "recommend", "mandat", "stipulat")
_ALSO_TELL = ("insist", "suggest", "propos", "ask", "order", "plead", "advis", "agree")
# Forms that say what is even there: "insists that prices are fair".
_INDICATIVE = frozenset({"are", "have", "do", "'re", "'ve"})
_ASKING = frozenset({"WRB", "WP", "WDT", "WP$"})
_HANGING = frozenset({"if", "although", "though", "because", "unless", "whereas", "while", "until"})
_DASHES = frozenset({"—", "–", "--", "-"})
_CLAUSES = ("advcl", "csubj", "acl", "ccomp")
_LONGEST_REMARK = 40


def says_less(tree: Tree, places: Sequence[int]) -> bool:
    """Tell whether the words of a clause say something else, or less, without the words around them."""
    if not places:
        return True
    held = set(places)
    top = _top(tree, places[0], held)
    return (
        _demanded(tree, held)
        or _is_asked(tree, places[0], top)
        or _lost_its_link(tree, places[0], held)
        or hangs(tree, places)
        or _cut_by_remark(tree, places)
    )


def hangs(tree: Tree, places: Sequence[int]) -> bool:
    """Tell whether all there is hangs on its first link: "Even if most of them can be solved."."""
    held = set(places)
    for at in places[:2]:
        if tree.words[at].lower() in _HANGING and tree.labels[at] == "mark":
            top = _top(tree, at, held)
            return not _in_clause(tree, at, top) and not any(
                tree.heads[k] == top and tree.labels[k] in ("parataxis", "ccomp") for k in places if k > top
            )
    return False


def _demanded(tree: Tree, held: Collection[int]) -> bool:
    for at in held:
        above = tree.heads[at]
        if above < 0 or above in held or tree.labels[at] not in ("ccomp", "acl", "advcl", "xcomp", "obj"):
            continue
        verbs = [at, *(k for k in held if tree.heads[k] == at and tree.labels[k].startswith(("aux", "cop")))]
        tags = {tree.xpos[k] for k in verbs}
        if tags & {"MD", "VBD", "VBZ", "TO"}:
            continue
        word = tree.words[above].lower()
        if "VB" in tags and word.startswith(_DEMANDS + _ALSO_TELL):
            return True
        plain = "VBP" in tags and not any(tree.words[k].lower() in _INDICATIVE for k in verbs)
        if plain and (
            word.startswith(_DEMANDS) or (word.startswith(_ALSO_TELL) and _has_one_subject(tree, at))
        ):
            return True
    return False


def _lost_its_link(tree: Tree, first: int, held: Collection[int]) -> bool:
    """Tell "while | X is his first, Y went up twice" and "whose | remains can be seen": the link left out says more."""
    before = first - 1
    if before < 0 or before in held:
        return False
    if tree.xpos[before] == "WP$":
        return True
    clause = tree.heads[before]
    return tree.labels[before] == "mark" and clause in held and tree.heads[clause] in held


def _has_one_subject(tree: Tree, at: int) -> bool:
    """Tell "insisted that the port close" by its noun in the singular from "insisted that ports close"."""
    return any(
        tree.heads[k] == at and tree.labels[k].startswith("nsubj") and tree.xpos[k] in ("NN", "NNP")
        for k in range(at)
    )


def _is_asked(tree: Tree, first: int, top: int) -> bool:
    """Tell "why the town wanted the show" from "what he calls clever might be seen as evasive"."""
    asks = tree.xpos[first] in _ASKING or tree.words[first].lower() == "whether"
    return asks and tree.labels[top] in ("ccomp", "obj", "obl") and not _in_clause(tree, first, top)


def _cut_by_remark(tree: Tree, places: Sequence[int]) -> bool:
    """Tell whether the words begin inside a remark between dashes and leave it, or end where their clause is cut."""
    if _DASHES.isdisjoint(tree.words):
        return False
    first, last = places[0], places[-1]
    inside = sum(_is_dash(tree, at) for at in range(first + 1, last))
    if inside % 2 and sum(_is_dash(tree, at) for at in range(first)) % 2:
        return True
    behind = last + 1
    if behind >= len(tree.words) or not _is_dash(tree, behind):
        return False
    for at in range(behind + 2, min(behind + _LONGEST_REMARK, len(tree.words) - 1)):
        if _is_dash(tree, at):
            return tree.xpos[at + 1] in ("VBG", "VBN", "IN", "TO")
    return False


def _is_dash(tree: Tree, at: int) -> bool:
    return tree.words[at] in _DASHES and tree.xpos[at] in (",", ":")


def _top(tree: Tree, at: int, held: Collection[int]) -> int:
    for _ in range(30):
        above = tree.heads[at]
        if above < 0 or above not in held:
            return at
        at = above
    return at


def _in_clause(tree: Tree, at: int, top: int) -> bool:
    """Tell whether a word belongs to a clause below the one that holds everything."""
    for _ in range(30):
        if at == top or at < 0:
            return False
        if tree.labels[at].startswith(_CLAUSES):
            return True
        at = tree.heads[at]
    return False
