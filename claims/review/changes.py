"""What changed between two public versions, and which kind of release may carry it?

Compares two payloads as stored (plain JSON). A minor edit is refused where anything changes that a reader
could have relied on: rating, wording, claimant, dates, figures, short answer, sources, a negation, a finding,
or more than a few words of the reasoning. Refuses to judge whether a correction should rather be an update:
people say.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rapidfuzz.distance import LCSseq

from claims.review.deciding import YES, Decision
from claims.spoken import gettext as _
from claims.vocabulary import ReleaseKind, gettext_noop

#: The largest share of the words of a text that a minor edit may touch.
MINOR_SHARE = 0.1
#: …and what it may touch in any text, however short.
MINOR_WORDS = 2

_WORD = re.compile(r"\w+(?:[’'-]\w+)*")
_NUMBER = re.compile(r"\d+(?:[.,:/]\d+)*\s?%?")
_NUMBER_WORD = re.compile(
    r"(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|"
    r"fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|"
    r"seventy|eighty|ninety|hundred|thousand|million|billion|trillion|dozen|half|quarter|"
    r"third|twice|double|triple|percent|first|second)\Z"
)
_NEGATION = re.compile(
    r"(?:no|not|never|none|nobody|nothing|neither|nor|without|cannot|false|untrue|wrong|"
    r"denied|denies|deny|isn't|wasn't|aren't|weren't|don't|doesn't|didn't|won't|can't|"
    r"couldn't|hasn't|haven't|hadn't|shouldn't|wouldn't)\Z"
)
_DATES = ("made_on", "about", "appeared_on")
_TEXTS = {
    "headline": gettext_noop("headline"),
    "justification": gettext_noop("justification"),
    "not_found": gettext_noop("what was not found"),
}


@dataclass(frozen=True, slots=True)
class Changes:
    """The fields that differ, and why they are more than minor, in words.

    Empty reasons mean a minor edit is fine.
    """

    fields: tuple[str, ...]
    reasons: tuple[str, ...]

    @property
    def any(self) -> bool:
        return bool(self.fields)

    @property
    def is_minor(self) -> bool:
        return not self.reasons


def classify_change(old: Mapping[str, Any], new: Mapping[str, Any]) -> Changes:
    """Compare two payloads.

    What a release itself changes (number, kind, times, notes, history) does not count.
    """
    ignored = {
        "number", "kind", "modified_at", "public_note", "changes", "verdict_version", "status", "schema",
    }  # fmt: skip
    names = sorted((set(old) | set(new)) - ignored)
    fields = [name for name in names if old.get(name) != new.get(name)]
    reasons: list[str] = []
    if _rating(old) != _rating(new):
        reasons.append(_("the rating changes"))
    if _folded(old.get("wording")) != _folded(new.get("wording")) or old.get("checks") != new.get("checks"):
        reasons.append(_("the claim's wording changes"))
    if _folded(old.get("quotation")) != _folded(new.get("quotation")):
        reasons.append(_("the quotation changes"))
    if _claimant(old) != _claimant(new):
        reasons.append(_("the claimant changes"))
    if any(old.get(name) != new.get(name) for name in _DATES) or _places(old) != _places(new):
        reasons.append(_("a date or place of the claim changes"))
    if _folded(old.get("short_answer")) != _folded(new.get("short_answer")):
        reasons.append(_("the short answer changes"))
    if _sources(old) != _sources(new):
        reasons.append(_("the sources change"))
    if _points(old) != _points(new):
        reasons.append(_("a point or its finding changes"))
    reasons += _texts(old, new)
    return Changes(tuple(fields), tuple(dict.fromkeys(reasons)))


def may_release_as(kind: ReleaseKind, changes: Changes, note: str = "") -> Decision:
    """Say whether a new version may go out as this kind; ``note`` is the public note."""
    if kind in (ReleaseKind.CLARIFICATION, ReleaseKind.CORRECTION, ReleaseKind.UPDATE, ReleaseKind.MINOR):
        if not changes.any:
            return Decision(
                False, "nothing", _("Nothing that the public sees changes, so there is nothing to publish.")
            )
        if kind is ReleaseKind.MINOR and not changes.is_minor:
            what = _and(changes.reasons)
            return Decision(
                False,
                "not_minor",
                _(
                    "This is no minor edit: %(what)s. Publish it as a clarification, a correction or an update,"
                    " with a note to the readers."
                )
                % {"what": what},
            )
        if kind is ReleaseKind.CLARIFICATION and _("the rating changes") in changes.reasons:
            return Decision(
                False,
                "not_clarification",
                _(
                    "The rating changes, which is more than a clarification. Publish it as a correction or an update."
                ),
            )
    if kind.needs_note and not note.strip():
        return Decision(
            False,
            "no_note",
            _("A %(kind)s needs a note that tells readers what happened and why.") % {"kind": kind.label},
        )
    return YES


def figures(text: str) -> Counter[str]:
    """Count the figures of a text, in digits and in words."""
    found = Counter(re.sub(r"\s", "", n) for n in _NUMBER.findall(text))
    found.update(w for w in (m.casefold() for m in _WORD.findall(text)) if _NUMBER_WORD.match(w))
    return found


def _texts(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    reasons = []
    for name, called in _TEXTS.items():
        before, after = str(old.get(name) or ""), str(new.get(name) or "")
        if before == after:
            continue
        what = {"what": _(called)}
        # Numbers in square brackets are citations, compared as sources.
        plain_before, plain_after = (re.sub(r"\[\d+\]", " ", t) for t in (before, after))
        if figures(plain_before) != figures(plain_after):
            reasons.append(_("a figure or date in the %(what)s changes") % what)
        if _negations(plain_before) != _negations(plain_after):
            reasons.append(_("a negation in the %(what)s changes") % what)
        if _cited(before) != _cited(after):
            reasons.append(_("the sources change"))
        words_before, words_after = _words(plain_before), _words(plain_after)
        touched = _touched(words_before, words_after)
        if touched > max(MINOR_WORDS, MINOR_SHARE * max(len(words_before), 1)):
            reasons.append(_("more than a few words of the %(what)s change") % what)
    return reasons


def _touched(before: list[str], after: list[str]) -> int:
    return max(len(before), len(after)) - int(LCSseq.similarity(before, after))


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]


def _negations(text: str) -> Counter[str]:
    return Counter(w for w in (word.replace("’", "'") for word in _words(text)) if _NEGATION.match(w))


def _cited(text: str) -> list[str]:
    return re.findall(r"\[(\d+)\]", text)


def _folded(value: Any) -> str:
    """Fold what typesetting changes: spaces, quotation marks, dashes."""
    text = " ".join(str(value or "").split())
    return text.translate(str.maketrans("“”„«»‘’‚–—", '"""""\'\'\'--'))


def _rating(payload: Mapping[str, Any]) -> tuple[Any, ...]:
    row = payload.get("rating") or {}
    return (
        *tuple(row.get(k) for k in ("label", "finding", "value", "best", "worst")),
        _folded(row.get("explanation")),
    )


def _claimant(payload: Mapping[str, Any]) -> tuple[str, ...]:
    row = payload.get("claimant") or {}
    return (_folded(row.get("name")), str(row.get("kind") or ""), _folded(payload.get("outlet")))


def _places(payload: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    rows = payload.get("appearances") or []
    return [
        (str(r.get("url") or ""), str(r.get("published") or ""), str(r.get("locator") or "")) for r in rows
    ]


def _sources(payload: Mapping[str, Any]) -> list[tuple[str, ...]]:
    rows = payload.get("citations") or []
    names = ("url", "published", "according_to", "stance", "kind", "evidence_id")
    return [
        (str(r.get("number")), _folded(r.get("quotation")), *(str(r.get(name) or "") for name in names))
        for r in rows
    ]


def _points(payload: Mapping[str, Any]) -> list[tuple[str, str, str, str]]:
    rows = payload.get("points") or []
    return [
        (_folded(r.get("question")), _folded(r.get("answer")), str(r.get("finding")), str(r.get("citations")))
        for r in rows
    ]


def _and(parts: tuple[str, ...]) -> str:
    return _(" and ").join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
