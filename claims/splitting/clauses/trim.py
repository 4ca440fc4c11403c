"""How is a unit trimmed? No leading conjunction or link word, no final stop, no enclosing quotation marks."""

from __future__ import annotations

from claims.splitting.clauses.verbs import ClauseLine, phrases

_LOOSE = frozenset({",", ";", ":", ".", "!", "?", "--", "-", "–", "—", "...", "…", "'"})
_SUBJECT_TAGS = frozenset({"DT", "PRP", "PRP$", "EX", "NN", "NNS", "NNP", "NNPS"})
_OPENING = {"(": ")", "[": "]"}


def trimmed(line: ClauseLine, start: int, end: int, *, quoted: bool = False) -> tuple[int, int] | None:
    """Return the offsets of the places ``start:end`` without what is no part of the assertion; None if empty.

    ``quoted``: marks at both ends enclose one quotation even where a frame in the middle interrupts it.
    """
    while True:
        before = (start, end)
        while start < end and _leads(line, start):
            start += 1
        start = _after_link(line, start, end)
        while start < end and _trails(line, end - 1):
            end -= 1
        start, end = _without_marks(line, start, end, quoted=quoted)
        if start >= end:
            return None
        if (start, end) == before:
            return line.tokens[start].start, line.tokens[end - 1].end


def _leads(line: ClauseLine, i: int) -> bool:
    word = line.low[i]
    if word in _LOOSE or word in (")", "]"):
        return True
    if line.tag[i] == "CC":
        return word not in ("both", "either", "neither")
    if word in ("yet", "so") and i and line.tag[i - 1] == "CC":
        # "And yet the lake shrank", not "And so many died".
        return i + 1 < len(line) and line.tag[i + 1] in _SUBJECT_TAGS
    return word == "that" and line.tag[i] == "IN" and line.label[i] == "mark"


def _trails(line: ClauseLine, i: int) -> bool:
    word = line.low[i]
    if line.tag[i] == "IN" and i and line.low[i - 1] == ",":
        # "400,000 inhabitants, of | whom …": the preposition belongs to the relative clause cut off.
        return True
    return word in _LOOSE or word in ("(", "[") or (line.tag[i] == "CC" and len(word) <= 3)


def _after_link(line: ClauseLine, start: int, end: int) -> int:
    """Step over "However," and its like at the beginning."""
    for i in range(start, min(start + 5, end - 2)):
        if line.low[i + 1] == ",":
            for words in phrases("clauses_leading").get(line.low[i], ()):
                if tuple(line.low[start : i + 1]) == words:
                    return i + 2
            return start
    return start


def _without_marks(line: ClauseLine, start: int, end: int, *, quoted: bool) -> tuple[int, int]:
    """Drop marks that enclose the whole, and marks or brackets without their partner."""
    marks = [i for i in line.marks if start <= i < end] if line.marks else []
    if marks:
        first, last = marks[0] == start, marks[-1] == end - 1
        if first and last and (len(marks) == 2 or (quoted and len(marks) % 2 == 0)):
            return start + 1, end - 1
        if len(marks) % 2:
            if first:
                return start + 1, end
            if last:
                return start, end - 1
    if start < end:
        opened = line.low[start]
        if opened in _OPENING and _OPENING[opened] not in line.low[start:end]:
            return start + 1, end
        closed = line.low[end - 1]
        if closed in (")", "]") and {")": "(", "]": "["}[closed] not in line.low[start:end]:
            return start, end - 1
    return start, end
