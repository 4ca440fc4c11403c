"""How is a date written into a sentence? By its neighbours: "on 9 May 2024", "due 9 May 2024", "its June 2024 peak".

A relative expression becomes the day, month or year where that is known. Where the construction holds no such words
("the weekend before"), or the day is not known, the words stay and a person is asked.
"""

from __future__ import annotations

import calendar
import re
from bisect import bisect_left

from claims.language.document import Sentence
from claims.language.partial_dates import PartialDate
from claims.splitting.types import DateMention
from claims.splitting.wording.changes import WordChange
from claims.splitting.wording.clean import one_line

_MONTHS = tuple(calendar.month_name)[1:]
_YEAR = re.compile(r"\d{4}")
# "By year end" is no "by 2023".
_PART = re.compile(r"\b(?:end|start|beginning|early|late|mid|middle|half|quarter|rest|turn)\b", re.I)
# What a reader understands as it stands: "during the war", "at 6am", "from 850 a year earlier".
_KEPT_AS_WORDS = frozenset({"names-its-event", "time-of-day", "compared"})
# Words before a time that are no preposition of it: "more than last year", "as last year", "like last year".
_COMPARING = frozenset(
    {"than", "as", "like", "that", "because", "while", "if", "whether", "although", "though"}
)
_LINKED = frozenset({"and", "or", "-", "–", "—", "to", "but"})
_ARGUMENTS = ("nsubj", "csubj", "root")


def written(mention: DateMention, sentence: Sentence, text: str) -> WordChange | None:
    """Return the change that writes a mention out, or asks for it; None where it can stay as it is."""
    start, end = mention.start, mention.end
    expr = one_line(text[start:end])
    if not _KEPT_AS_WORDS.isdisjoint(mention.flags):
        return None
    if any(flag.startswith("ambiguous") for flag in mention.flags):
        return WordChange(start, end, expr, "which date?")
    if mention.value == "event-relative":
        return WordChange(start, end, expr, "counted from which event?")
    if mention.value == "unresolved" or mention.value.startswith("XXXX"):
        return WordChange(start, end, expr, "which date?")
    spelled_out = spelled(mention.value)
    if not spelled_out or _YEAR.search(expr) or mention.value.startswith("P") or "/" in mention.value:
        return None
    if _PART.search(expr) and len(mention.value) < len("2024-05-08"):
        return _asked(start, end, expr, spelled_out)
    tokens, tree = sentence.tokens, sentence.tree
    starts = sentence.starts
    first, last = bisect_left(starts, start), bisect_left(starts, end) - 1
    if not 0 <= first <= last < len(tokens) or starts[first] != start or tokens[last].end != end:
        return _asked(start, end, expr, spelled_out)
    before = sentence.low[first - 1] if first else ""
    tag_before = tree.xpos[first - 1] if first else ""
    after = tokens[last + 1] if last + 1 < len(tokens) else None
    if (after is not None and after.norm.lower() == "the") and expr.split()[0].lower().endswith("day"):
        # "Friday the 13th"
        return None
    if before == "ago" or (after is not None and after.norm.lower() in ("before", "earlier", "later")):
        return _asked(start, end, expr, spelled_out)
    owns = after is not None and after.norm.lower() in ("'s", "’s", "'") and tree.xpos[last + 1] == "POS"
    if expr.endswith(("'s", "’s")) or owns:
        stop = end if expr.endswith(("'s", "’s")) or after is None else after.end
        return _owning(start, stop, text[start:stop], spelled_out, before, tag_before)
    inside = _attributive(sentence, first, last)
    if inside:
        whole_day = len(mention.value) == 10
        if whole_day and tag_before not in ("DT", "PRP$", "POS", "JJ", "NN"):
            return _asked(start, end, expr, spelled_out)
        return WordChange(start, end, spelled_out)
    if tag_before in ("DT", "PRP$", "POS", "PDT", "JJ", "JJS", "VBG"):
        # "the 9th", "an early Monday": the words before belong to a phrase that no date fits into.
        if before == "the" and len(mention.value) == 10:
            at = tokens[first - 1].start
            ahead = tree.xpos[first - 2] if first >= 2 else ""
            return WordChange(at, end, ("" if ahead in ("IN", "TO") else "on ") + spelled_out)
        return _asked(start, end, expr, spelled_out)
    lead = _lead(sentence, first, last, before, tag_before, mention.value)
    return WordChange(start, end, lead + spelled_out)


def spelled(value: str) -> str:
    """Return a day, month or year as people write it ("13 October 2020"); nothing for other values."""
    try:
        date = PartialDate.parse(value)
    except ValueError:
        return ""
    parts = date.value.split("-")
    if not all(part.isdigit() for part in parts) or len(parts[0]) != 4:
        return ""
    month = _MONTHS[int(parts[1]) - 1] if len(parts) > 1 else ""
    return " ".join(part for part in (str(int(parts[2])) if len(parts) > 2 else "", month, parts[0]) if part)


def _lead(sentence: Sentence, first: int, last: int, before: str, tag_before: str, value: str) -> str:
    """Return the preposition that a day or month takes at its place, with a space; nothing where it has one."""
    tree = sentence.tree
    wanted = "on " if len(value) == 10 else "in "
    counted = sentence.low[first] in ("later", "earlier")
    if counted:
        # "Due out later this month"
        wanted = f"{sentence.low[first]} {wanted}"
    heads = [at for at in range(first, last + 1) if not first <= tree.heads[at] <= last]
    label = tree.labels[heads[-1]] if heads else ""
    if label.split(":")[0] in _ARGUMENTS and not label.endswith("unmarked") and not counted:
        # "Last year was the hottest": the time itself is what the clause tells of.
        return ""
    if before in _COMPARING:
        return wanted
    governed = tag_before in ("IN", "TO") and before not in ("out", "off", "away", "back")
    if governed or before in ("until", "till", "by", "since", "to", "on", "in"):
        return ""
    if before in _LINKED and first >= 2:
        return "" if _dated_before(sentence, first - 2) else wanted
    return wanted


def _dated_before(sentence: Sentence, at: int) -> bool:
    """Tell whether a time with its preposition stands before "and": "between Monday and Friday"."""
    tokens, tree = sentence.tokens, sentence.tree
    for place in range(at, max(-1, at - 5), -1):
        if tree.xpos[place] in ("IN", "TO"):
            return True
        if tree.xpos[place].startswith("V") or tokens[place].norm in (",", ";"):
            return False
    return False


def _attributive(sentence: Sentence, first: int, last: int) -> bool:
    """Tell whether a time stands before the noun that it describes: "its June peak"."""
    tree = sentence.tree
    if last + 1 >= len(tree.words):
        return False
    heads = [tree.heads[at] for at in range(first, last + 1) if not first <= tree.heads[at] <= last]
    head = heads[-1] if heads else -1
    if not (last < head <= last + 3 and tree.xpos[head].startswith("NN")):
        return False
    label = next(tree.labels[at] for at in range(last, first - 1, -1) if tree.heads[at] == head)
    return label.startswith(("compound", "amod", "nmod:poss", "nummod")) and all(
        tree.xpos[at].startswith(("NN", "JJ", "CD", "HYPH", "VBN", "VBG")) for at in range(last + 1, head + 1)
    )


def _owning(start: int, end: int, expr: str, spelled_out: str, before: str, tag_before: str) -> WordChange:
    """Write "Friday's vote" as "the 3 May 2024 vote"; behind a word of its own phrase only ask."""
    if tag_before in ("DT", "PRP$", "JJ", "POS", "RB"):
        return _asked(start, end, one_line(expr), spelled_out)
    words = f"the {spelled_out}"
    opens = expr[:1].isupper() and not before[:1].isalnum()
    return WordChange(start, end, words[:1].upper() + words[1:] if opens else words)


def _asked(start: int, end: int, expr: str, spelled_out: str) -> WordChange:
    return WordChange(start, end, expr, f"write {spelled_out} here?")
