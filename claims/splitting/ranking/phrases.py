"""What can be said of an English unit in a few plain words, truly and without knowing what its words mean there?

Each phrase has a name and is read off words, tags and what the pipeline knows. There is none for a subject: "war",
"strike", "crash", "fire" or "bill" have other senses, and a wrong one makes the whole list doubtful. A word is repeated
only where its form settles its sense: a percentage, "because of", "voted against". It weighs nothing: ``reasons`` does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from textwrap import shorten

from claims.splitting.ranking.circumstances import RankCase
from claims.splitting.types import ClaimantKind
from claims.splitting.word_lists import word_lists
from claims.vocabulary import Attribution

_LONGEST = 40
_KNOWN = word_lists("ranking_words_en.txt")
_CURRENCIES = frozenset("$£€¥")
_PERCENT = frozenset(("%", "percent", "percentage"))
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d\Z")
_NUMBER = re.compile(r"\d[\d,.]*\Z|[a-z-]+\Z")
_NO_FIGURE = frozenset(("one", "zero", "once"))
_NAME = ("NNP", "NNPS")
_DASH = frozenset(("-", "–", "—", "--"))
_MARK = frozenset((",", "(", ")", ";", *_DASH))
_RESULT = re.compile(r"\bresult(?:ed|s)? (?:in|of|from)\b")
_EVER = re.compile(r"\bfor the first time\b|\bfirst .{0,40}\bsince\b|\bsince records began\b")
_MAY = frozenset(("may", "might"))
_WILL = frozenset(("will", "'ll", "wo"))
_SELF = frozenset(("i", "my", "me", "myself"))
_POINTING = frozenset(("he", "she", "they"))
#: A word of neither kind relates nothing.
_RELATING = frozenset({"due"}).union(
    *(_KNOWN[kind] for kind in ("changes", "causing", "permitting", "legal", "demanding"))
)
_DEGREES = frozenset(("JJS", "RBS", "JJR", "RBR"))
_UNNAMED = (ClaimantKind.VAGUE, ClaimantKind.ANONYMOUS)
_SPOKEN = (Attribution.REPORTED, Attribution.QUOTED)


def phrases(case: RankCase) -> dict[str, str]:
    """Return what can be said of a unit, by the name of the phrase."""
    low = case.low
    tags = list(case.xpos)
    found = _figures(low, tags, case.words)
    found |= _relations(low, tags, case.words)
    found |= _speaker(case)
    found |= _doubts(case, low, tags)
    return found


def _figures(low: Sequence[str], tags: Sequence[str], words: Sequence[str]) -> dict[str, str]:
    """Return the most telling quantity: a share, a sum, a figure, else a year; or that there is none."""
    if "CD" not in tags:
        return {} if not _KNOWN["counted"].isdisjoint(low) else {"no-figure": "gives no figure"}
    best: tuple[int, str, str] | None = None
    at = tags.index("CD")
    while at < len(low):
        if tags[at] != "CD" or not _NUMBER.match(low[at]):
            at += 1
            continue
        end = at + 1
        while end < len(low) and (tags[end] == "CD" or low[end] in _KNOWN["large"]):
            end += 1
        told = _quantity(low, tags, words, at, end)
        if told is not None and (best is None or told[0] > best[0]):
            best = told
        at = end
    return {best[1]: best[2]} if best is not None else {}


def _quantity(
    low: Sequence[str], tags: Sequence[str], words: Sequence[str], at: int, end: int
) -> tuple[int, str, str] | None:
    """Return how telling a number is, the name of its phrase, and it; None for a name, an age, a date, a time."""
    before = low[at - 1] if at else ""
    behind = low[end] if end < len(low) else ""
    number = " ".join(words[at:end])
    if behind in _PERCENT or (behind == "per" and low[end + 1 : end + 2] == ["cent"]):
        unit = "%" if behind == "%" else " " + " ".join(words[end : end + (2 if behind == "per" else 1)])
        return 4, "share", f"gives a percentage: {number}{unit}"
    if before in _CURRENCIES:
        return 3, "sum", f"gives a sum of money: {before}{number}"
    if behind in _KNOWN["money"]:
        return 3, "sum", f"gives a sum of money: {number} {words[end]}"
    named = at > 0 and (tags[at - 1] in _NAME or (at > 1 and words[at - 1][:1].isupper()))
    if end == at + 1 and _YEAR.match(low[at]):
        placed = before in _KNOWN["before-year"] or before in _KNOWN["months"] or named
        return (1, "year", f"names a year: {number}") if placed and tags[end : end + 1] != ["NNS"] else None
    clock = behind in _KNOWN["clock"]
    aged = before in _MARK and behind in _MARK
    if (
        clock
        or aged
        or before in _KNOWN["months"]
        or behind in _KNOWN["months"]
        or (named and low[end - 1] not in _KNOWN["large"])
    ):
        return None
    if end == at + 1 and low[at] in _NO_FIGURE:
        return None
    if before == "the" and not (end < len(tags) and tags[end].startswith(("NN", "JJ"))):
        # "the 747", "the two": a name, or counted before.
        return None
    opens, ends = tags[end + 1 : end + 2] == ["CD"], tags[max(0, at - 2) : at - 1] == ["CD"]
    if (behind in _DASH and opens) or (before in _DASH and ends):
        # The result of a match, or a span: neither number tells it alone.
        return None
    return 2, "figure", f"gives a figure: {number}"


def _relations(low: Sequence[str], tags: Sequence[str], words: Sequence[str]) -> dict[str, str]:
    """Return comparisons, changes, causes and what is permitted, where the form settles the sense."""
    found: dict[str, str] = {}
    line = " ".join(low)
    if not (_RELATING.isdisjoint(low) and _DEGREES.isdisjoint(tags)):
        for at, word in enumerate(low):
            if word in _RELATING or tags[at] in _DEGREES:
                for name, text in _relation(low, tags, words, at):
                    found.setdefault(name, text)
    if "because" in low:
        found.setdefault("caused", "gives a cause: “because”")
    elif "as a result" in line:
        found.setdefault("caused", "gives a cause: “as a result”")
    elif "result" in line and _RESULT.search(line):
        found.setdefault("caused", "says what followed from what")
    if ("first" in line or "since records" in line) and _EVER.search(line):
        found.setdefault("superlative", "says that it was never so before, or not for long")
    return found


def _relation(
    low: Sequence[str], tags: Sequence[str], words: Sequence[str], at: int
) -> Iterator[tuple[str, str]]:
    """Yield what one word says in its place."""
    word, tag = low[at], tags[at]
    behind = low[at + 1] if at + 1 < len(low) else ""
    if tag in ("JJS", "RBS") and _is_superlative(low, tags, at):
        rest = words[at + 1] if tag == "RBS" and behind and tags[at + 1].startswith("JJ") else ""
        yield "superlative", f"a superlative: “{' '.join((words[at], rest)).strip()}”"
    elif tag in ("JJR", "RBR") and word not in ("rather", "later", "earlier"):
        than = next((far for far in range(at + 1, min(at + 6, len(low))) if low[far] == "than"), 0)
        # "More than 200": a figure.
        if than and tags[than + 1 : than + 2] not in (["CD"], ["$"]):
            yield "compares", f"compares: “{words[at]}{' …' if than > at + 1 else ''} than”"
    elif word in _KNOWN["changes"] and (tag.startswith("VB") or tag == "NN") and _by_how_much(low, tags, at):
        yield "changed", f"says how much changed: “{words[at]}”"
    elif word in _KNOWN["causing"] and tag.startswith("VB"):
        yield "caused", f"says what caused it: “{words[at]}”"
    elif word == "due" and behind == "to" and tags[at + 2 : at + 3] != ["VB"]:
        # "Due to meet" is a date.
        yield "caused", "gives a cause: “due to”"
    elif (word in _KNOWN["permitting"] and tag.startswith("VB")) or (
        word in _KNOWN["legal"] and _is_predicate(low, tags, at)
    ):
        yield "permitted", f"says what is allowed or forbidden: “{words[at]}”"
    elif word in _KNOWN["demanding"] and behind == "to" and tag.startswith("VB"):
        yield "permitted", f"says what is allowed or demanded: “{words[at]} to”"


def _is_predicate(low: Sequence[str], tags: Sequence[str], at: int) -> bool:
    """Tell "worship is legal" from "legal advice" and "illegal migrants"."""
    before, behind = low[max(0, at - 2) : at], tags[at + 1] if at + 1 < len(tags) else ""
    return not _KNOWN["be"].isdisjoint(before) and not behind.startswith("NN")


def _is_superlative(low: Sequence[str], tags: Sequence[str], at: int) -> bool:
    """Tell the highest of all from a manner of speaking: at least, the latest, most of them."""
    before = low[at - 1] if at else ""
    if before in ("at", "for") or low[at] in _KNOWN["no-superlative"]:
        return False
    if low[at] in ("most", "least"):
        return before == "the" or tags[at + 1 : at + 2] in (["JJ"], ["RB"])
    return True


def _by_how_much(low: Sequence[str], tags: Sequence[str], at: int) -> bool:
    """Tell whether a change is one of a quantity: by, to or from a figure, a share or a sum."""
    if low[at] in _KNOWN["doubling"]:
        return True
    near = range(at + 1, min(at + 6, len(low)))
    return any(
        tags[far] == "CD"
        and (
            low[far - 1] in ("by", "to", "from", *_CURRENCIES)
            or low[far + 1 : far + 2] in (["%"], ["percent"], ["per"], ["points"])
        )
        for far in near
    )


def _speaker(case: RankCase) -> dict[str, str]:
    unit = case.unit
    if unit.attribution not in _SPOKEN:
        if unit.attribution is Attribution.ARTICLE:
            return {"article-says": "nobody is named who says it"}
        return {"taken-as-given": "taken as given, in passing"}
    if not unit.claimant:
        return {"said-by": "somebody’s words; whose is not found"}
    if unit.claimant_kind in _UNNAMED:
        return {"said-by": "said by somebody who is not named"}
    return {"said-by": f"said by {_shortened(unit.claimant)}"}


def _shortened(name: str) -> str:
    name = " ".join(name.split())
    return name if len(name) <= _LONGEST else shorten(name, _LONGEST, placeholder="…")


def _doubts(case: RankCase, low: Sequence[str], tags: Sequence[str]) -> dict[str, str]:
    """Return what makes a unit less worth an hour."""
    unit = case.unit
    found: dict[str, str] = {}
    if unit.within is not None:
        found["part"] = "part of a longer claim"
    if len(low) < 6:
        found["short"] = "very short"
    if unit.wording.unresolved or (low and low[0] in _POINTING and tags[0] == "PRP"):
        found["open"] = "leaves open who or what is meant"
    modals = {low[at] for at, tag in enumerate(tags) if tag == "MD"} if "MD" in tags else frozenset[str]()
    if not _WILL.isdisjoint(modals):
        found["to-come"] = "about what is still to come"
    elif not _MAY.isdisjoint(modals):
        found["to-come"] = "says only what may be"
    if not _SELF.isdisjoint(low):
        found["self"] = "the speaker talks of themselves"
    if "NNP" not in tags and "NNPS" not in tags and "CD" not in tags:
        found["no-name"] = "names nobody and gives no figure"
        found.pop("no-figure", None)
    if unit.negated:
        found["not-so"] = "says that something is not so"
    return found
