"""What does a verdict version consist of, as it is typed, saved and compared?

Cleans what forms send; refuses fields longer than their columns. Says nothing about whether it is complete:
that is the policy's question.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.actions import base
from claims.models import Point, User, Verdict
from claims.vocabulary import Finding

HEADLINE = 200
BYLINE = 200
SHORT_ANSWER = 2_000
TEXT = 100_000
POINTS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictData:
    """One version as it is submitted.

    ``justification`` is Markdown in which ``[e:12]`` cites evidence 12; ``points`` are (question, answer,
    finding) with findings as the tables name them or empty. ``release_kind`` and ``public_note`` matter for
    changes of something published only.
    """

    wording: str = ""
    headline: str = ""
    rating_id: int | None = None
    short_answer: str = ""
    justification: str = ""
    not_found: str = ""
    byline: str = ""
    points: tuple[tuple[str, str, str], ...] = ()
    proposed_by: User | None = None
    release_kind: str = "first"
    public_note: str = ""

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> VerdictData:
        """Read a saved draft; unknown fields are ignored, odd values become empty."""
        points = row.get("points") or ()
        return cls(
            **_texts({name: str(row.get(name) or "") for name in _TEXTS}),
            rating_id=int(rating) if (rating := str(row.get("rating_id") or "")).isdecimal() else None,
            points=tuple(_point(one) for one in points if isinstance(one, Sequence | Mapping)),
            release_kind=str(row.get("release_kind") or "first"),
        )

    @classmethod
    def from_verdict(cls, verdict: Verdict, points: Iterable[Point] | None = None) -> VerdictData:
        """Return what a stored version says, to begin the next one with; ``points`` where they are read already."""
        points = verdict.points.order_by("number") if points is None else points
        return cls(
            wording=verdict.wording,
            headline=verdict.headline,
            rating_id=verdict.rating_id,
            short_answer=verdict.short_answer,
            justification=verdict.justification,
            not_found=verdict.not_found,
            byline=verdict.byline,
            points=tuple((p.question, p.answer, p.finding) for p in points),
            release_kind=verdict.review.release_kind,
            public_note=verdict.review.public_note,
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the draft form, plain JSON."""
        return {
            **{name: getattr(self, name) for name in _TEXTS},
            "rating_id": self.rating_id,
            "points": [list(point) for point in self.points],
            "release_kind": self.release_kind,
        }

    def cleaned(self) -> VerdictData:
        """Return the texts as they are stored; raise Refused where one does not fit."""
        texts = {name: clean(getattr(self, name)) for name in _TEXTS}
        for name, limit in _LIMITS.items():
            if len(texts[name]) > limit:
                raise base.Refused(
                    _("The %(name)s has %(n)s characters; at most %(limit)s fit.")
                    % {"name": PARTS[name], "n": len(texts[name]), "limit": limit}
                )
        points = tuple(
            (clean(question), clean(answer), finding)
            for question, answer, finding in self.points
            if question.strip() or answer.strip()
        )
        if len(points) > POINTS:
            raise base.Refused(
                _("A verdict has at most %(limit)s points; this one has %(n)s.")
                % {"limit": POINTS, "n": len(points)}
            )
        for question, answer, finding in points:
            if not question or not answer:
                raise base.Refused(_("Each point needs a question and an answer."))
            if finding and finding not in Finding.values:
                raise base.Refused(_("“%(finding)s” is not a finding.") % {"finding": finding})
            if len(question) + len(answer) > TEXT:
                raise base.Refused(_("A point is too long."))
        return replace(self, points=points, **_texts(texts))


#: What the texts of a verdict are called in a sentence.
PARTS: dict[str, Any] = {
    "wording": gettext_lazy("wording"),
    "headline": gettext_lazy("headline"),
    "short_answer": gettext_lazy("short answer"),
    "justification": gettext_lazy("justification"),
    "not_found": gettext_lazy("part on what was not found"),
    "byline": gettext_lazy("byline"),
    "public_note": gettext_lazy("public note"),
}
_TEXTS = tuple(PARTS)
_LIMITS = {
    "wording": 2_000,
    "headline": HEADLINE,
    "short_answer": SHORT_ANSWER,
    "justification": TEXT,
    "not_found": SHORT_ANSWER,
    "byline": BYLINE,
    "public_note": SHORT_ANSWER,
}


def _texts(row: Mapping[str, str]) -> dict[str, Any]:
    return dict(row)


def clean(text: str) -> str:
    """Fold line ends, replace what databases cannot store, strip outer space."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "\ufffd")
    return "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in text).strip()


def _point(one: Any) -> tuple[str, str, str]:
    if isinstance(one, Mapping):
        return str(one.get("question") or ""), str(one.get("answer") or ""), str(one.get("finding") or "")
    parts = [str(part or "") for part in one] if not isinstance(one, str) else [one]
    question, answer, finding = (*parts, "", "", "")[:3]
    return question, answer, finding
