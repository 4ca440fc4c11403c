"""Do the words around a date speak of what was or of what will be? The one reading of tense there is.

Reads the sentence that the expression stands in, from its words alone: it needs no parse, so it says the same
while an article is split, when a date is resolved again years later, and in the evaluation. It says nothing
where the words say nothing: a date that only names a thing ("the Nov. 8 election") has no tense of its own.
"""

from __future__ import annotations

import json
import re
from functools import cache, lru_cache
from pathlib import Path

from claims.language.dates import tense_german
from claims.language.dates.model import Calendar, DateExpr

_DATA = Path(__file__).parent.parent / "data" / "tense_en.json"
_TOKEN = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*|\d+|['’](?:ll|d|s)\b|[^\w\s]")
#: How far the sentence around an expression is looked at, in characters; longer ones say it nearer by.
_LEFT, _RIGHT = 220, 140
_ENDS = re.compile(r"[.!?;:][”’\"')\]]*\s|\n\s*\n")
#: A title in quotation marks ("Lost Owners") asserts nothing.
_TITLE = re.compile(r"[\"“][A-Z][^\"”.!?,]{0,40}[\"”]")
_DETERMINERS = frozenset(
    {"the", "a", "an", "this", "that", "its", "his", "her", "their", "our", "any", "each"}
)
_FAR = 12


@cache
def _words() -> dict[str, frozenset[str]]:
    return {name: frozenset(words.split()) for name, words in json.loads(_DATA.read_text("utf-8")).items()}


def read(text: str, expr: DateExpr, *, language: str = "en") -> str:
    """Return ``past``, ``present``, ``future``, ``planned``, or nothing where the words do not say.

    ``planned`` is a day that was fixed ahead ("set for", "postponed until"): to come when it was fixed, which
    may be over by now.
    """
    code = language.split("-")[0].lower()
    if code not in ("en", "de"):
        return ""
    before, after = _sentence(text, expr.start, max(expr.end, expr.tail))
    if code == "de":
        if expr.before == "since":
            return "past"
        return tense_german.read(before, after)
    left, right = _tokens(before, opens=True), _tokens(after, opens=False)
    if any(word in _AT_FIRST for word in left[-4:]):
        # "Originally scheduled for March, it will be held in June": some March near by.
        return ""
    fixed = _fixed(left)
    if fixed:
        return fixed
    if _names_a_thing(left, right):
        return _of_a_thing(left, right)
    said = _behind(left) or _ahead_of(right)
    if said:
        return said
    if expr.before == "from" and isinstance(expr.form, Calendar) and expr.form.day is not None:
        # "Fares rise from 1 January": with no past in it, it begins then.
        return "planned"
    return "planned" if expr.before.split(" ")[0] in ("by", "until", "till") else ""


def sentence_ends(text: str) -> list[int]:
    """Return the offsets behind every end of a sentence or paragraph, in order."""
    return [match.end() for match in _ENDS.finditer(text) if not _abbreviates(text, match.start())]


def _sentence(text: str, start: int, end: int) -> tuple[str, str]:
    left = text[max(0, start - _LEFT) : start]
    for match in _ENDS.finditer(left):
        if not _abbreviates(left, match.start()):
            cut = match.end()
            left = " " * cut + left[cut:]
    # The full stop of "30 June." may be that of the sentence.
    right = text[end - (text[end - 1] == ".") : end + _RIGHT]
    over = _ENDS.search(right)
    if over is not None and over.start() == 0 and not right[over.end() : over.end() + 1].isupper():
        over = _ENDS.search(right, 1)
    return left, right[: over.start()] if over is not None else right


def _abbreviates(left: str, stop: int) -> bool:
    word = left[max(0, stop - 12) : stop].rsplit(" ", 1)[-1]
    return left[stop] == "." and len(word) <= 4 and word[:1].isupper()


@lru_cache(maxsize=64)
def _tokens(part: str, *, opens: bool) -> list[str]:
    """Return the words and marks in lower case, but for names: they have no tense ("Mohamed", "Lost Owners").

    ``opens``: the part begins a sentence. A heading in capitals has no names to be told apart.
    """
    found = [match.group() for match in _TOKEN.finditer(_TITLE.sub(" ", part))]
    words = [word for word in found if word[0].isalpha()]
    if sum(word[0].isupper() for word in words) > 0.6 * len(words):
        return [word.lower() for word in found]
    first = next((at for at, word in enumerate(found) if word[0].isalpha()), 0) if opens else -1
    return [word if word[0].isupper() and at != first else word.lower() for at, word in enumerate(found)]


def _fixed(left: list[str]) -> str:
    """Return ``planned`` or ``future`` where the words in front fix a day to come: "set for", "postponed until".

    Between the verb and its preposition may stand what was moved, and by how much: "gave the firm until Friday",
    "called an election for 8 June", "was delayed by a week to Monday". What "is set" lies ahead, what "was set" may be
    over.
    """
    words = _words()
    left = left[: _before_a_part(left)]
    at = len(left) - 1
    if (
        at > 0
        and left[at] in ("after", "at", "late", "early", "well")
        and left[at - 1] in ("until", "till", "to", "for")
    ):
        # "put off until after Easter", "moved to late May"
        at -= 1
    if at < 0:
        return ""
    kinds = _KINDS_OF_FIXING.get(left[at])
    if kinds is None:
        # "scheduled Monday"; but "was postponed Monday" says when that was done.
        return _told_now(left, at) if left[at] in words["fixed_on"] else ""
    if left[at] in ("until", "till") and left[at - 1 : at] in (["has"], ["have"], ["had"]):
        return _told_now(left, at - 1)
    for place in range(at - 1, max(-1, at - _OBJECT), -1):
        word = left[place]
        if any(word in words[kind] for kind in kinds):
            # "due to expire on" is the infinitive's, "due to the storm on" a cause.
            return "" if left[place + 1] == "to" and place + 1 < at else _told_now(left, place)
        if not _inside_an_object(word):
            return ""
    return ""


def _before_a_part(left: list[str]) -> int:
    """Return where "the first week of" and "the end of" begin: "postponed until the end of" June points ahead."""
    at = len(left)
    if left[-1:] != ["of"]:
        return at
    at -= 2 if left[at - 2 : at - 1] and left[at - 2] in _PARTS else 0
    if at == len(left):
        return at
    at -= left[at - 1 : at] != [] and left[at - 1] in _WHICH_PART
    return at - (left[at - 1 : at] == ["the"])


#: In front of a day that was fixed and is so no more.
_AT_FIRST = frozenset({"originally", "initially"})
_PARTS = frozenset(
    {"week", "weekend", "half", "days", "weeks", "end", "start", "beginning", "middle", "fortnight"}
)
_WHICH_PART = frozenset({"first", "second", "third", "fourth", "last", "final", "opening", "closing", "very"})


#: By which verbs a preposition is governed that points ahead.
_KINDS_OF_FIXING: dict[str, tuple[str, ...]] = {
    "until": ("given_until", "moved_to"),
    "till": ("given_until", "moved_to"),
    "to": ("moved_to",),
    "into": ("moved_to",),
    "through": ("moved_to",),
    "for": ("called_for", "moved_to"),
    "on": ("fixed_on",),
    "in": ("fixed_on",),
    "at": ("fixed_on",),
    "by": ("fixed_on",),
    "from": ("fixed_on",),
    "the": ("fixed_on",),
    "of": ("fixed_on",),
    "since": (),
}
_OBJECT = 8


def _told_now(left: list[str], verb: int) -> str:
    """Return ``future`` for what is fixed at the time of writing ("is set for"), else ``planned``."""
    before = left[max(0, verb - 3) : verb]
    if "been" in before:
        return "planned" if "had" in left[max(0, verb - 5) : verb] else "future"
    return "future" if any(word in ("is", "are", "'s", "’s", "now") for word in before) else "planned"


def _inside_an_object(word: str) -> bool:
    """Tell a word that may stand between the verb and its preposition; a verb or a mark ends the object."""
    words = _words()
    if not word[0].isalnum():
        return False
    return not (word in words["past"] or word in words["present"] or word in words["shall"] or _is_past(word))


def _names_a_thing(left: list[str], right: list[str]) -> bool:
    """Tell "the Nov. 8 election", "Monday's ruling": the date is a name, no adverbial."""
    if not right:
        return False
    follows = right[1] if right[0] in ("'s", "’s") and len(right) > 1 else right[0]
    possessive = right[0] in ("'s", "’s")
    if not follows[0].isalpha() or follows in _words()["function"]:
        return possessive
    named = bool(left) and (left[-1] in _DETERMINERS or left[-1].endswith(("'s", "’s")))
    return possessive or named


def _of_a_thing(left: list[str], right: list[str]) -> str:
    """Return ``past`` for what is over ("after the January vote two left", "lost the January vote"), else nothing."""
    words = _words()
    governor = left[-2] if len(left) > 1 and left[-1] in _DETERMINERS else ""
    if governor in words["over_with"]:
        return "past"
    if (
        right[:1] in (["'s"], ["’s"])
        and left[-1:] in (["in"], ["at"], ["for"])
        and any(word in words["contests"] for word in right[1:4])
        and _behind(left) == "future"
    ):
        # "Meets the champion in Tuesday's final".
        return "future"
    if governor not in ("after", "since", "following"):
        return ""
    return "past" if "past" in (_behind(left[:-2]), _ahead_of(right[1:])) else ""


def _behind(left: list[str]) -> str:
    """Return the tense of the nearest verb in front."""
    words = _words()
    first = max(0, len(left) - _FAR)
    for at in range(len(left) - 1, first - 1, -1):
        word = left[at]
        following = left[at + 1] if at + 1 < len(left) else ""
        if word in words["shall"] or word.endswith(("'ll", "’ll")):
            return "future"
        if word in words["might"]:
            if word == "could" and _is_denied(left, at):
                return "past"
            return "" if following == "have" else "future"
        if (
            word == "to"
            and following.isalpha()
            and following.islower()
            and not (following in words["function"] - {"be"} or following in words["where_to"])
        ):
            return _infinitive(left, at)
        if word in words["ahead"]:
            over = any(one in ("had", "was", "were") for one in left[max(0, at - 4) : at])
            return "past" if over else "planned"
        if word in words["past"] or _is_past(word):
            before = left[max(0, at - 3) : at]
            if (
                "be" in before
                or "being" in before
                or (before and before[-1] in words["shall"] | words["might"])
            ):
                continue
            if (
                word not in words["auxiliary"]
                and before[-1:]
                and before[-1] in ("is", "are", "isn't", "aren't")
            ):
                return _present(left, at)
            return "future" if before[-1:] and before[-1] in words["timetable"] else "past"
        if word in words["present"]:
            if word in ("has", "have"):
                return "past"
            return _present(left, at)
        if word in words["timetable"] and not _counted(left, at):
            # "The law takes effect on Monday": the present of a timetable.
            return "future"
    return ""


def _present(left: list[str], at: int) -> str:
    """Return ``present``, or nothing where the day may be that of a noun: "is closed after a fire on Friday"."""
    return "" if any(word in _words()["inside"] for word in left[at + 1 : -1]) else "present"


def _is_denied(left: list[str], at: int) -> bool:
    """Tell "could not be reached on Friday": it was tried."""
    return left[at + 1 : at + 2] in (["not"], ["never"]) or any(
        word in ("neither", "none", "nobody", "no") for word in left[max(0, at - 8) : at]
    )


def _counted(left: list[str], at: int) -> bool:
    """Tell the noun of "scored 30 runs" and "both ends" from the verb."""
    before = left[at - 1] if at else ""
    noun = left[at] in _words()["not_counted"]
    return noun and (
        not before or not before[0].isalpha() or before in _DETERMINERS or before in ("of", "both", "two")
    )


def _infinitive(left: list[str], at: int) -> str:
    """Return what "to meet on Friday" says: a plan, the end of a past act, or nothing."""
    words = _words()
    governor = left[at - 1] if at else ""
    earlier = left[max(0, at - 4) : at]
    if governor in words["brought_about"]:
        return "past"
    if governor in words["plans"] or governor in ("is", "are", "'s", "’s"):
        return "past" if "had" in earlier else "future"
    if governor in ("was", "were"):
        return "planned"
    if left[at + 1] == "be":
        return "future"
    finite = any(word in words["past"] or word in words["present"] or _is_past(word) for word in left[:at])
    return "" if finite else "planned"


def _ahead_of(right: list[str]) -> str:
    """Return the tense of the first verb behind: "On Friday the council will vote"."""
    words = _words()
    for place, word in enumerate(right[:14]):
        following = right[place + 1] if place + 1 < len(right) else ""
        if word in ("will", "'ll", "’ll", "shall", "won't", "won’t"):
            return "future"
        if word in ("is", "are", "plans", "expects", "intends") and following == "to":
            return "future"
        if word in ("due", "scheduled", "expected", "slated") or (place == 0 and word == "as"):
            return "planned"
        if word in words["past"] or _is_past(word) or word in ("has", "have"):
            return "past"
        if word in words["present"]:
            return "present"
    return ""


def _is_past(word: str) -> bool:
    return word.endswith("ed") and len(word) > 4 and word[0].islower() and word not in _words()["not_past"]
