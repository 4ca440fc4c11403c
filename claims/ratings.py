"""What a rating says: versioned scales of labels, and the four findings that make desks comparable.

Knows how to read the labels other publishers use. Refuses to turn a label it does not know into a finding:
an unknown label stays unknown.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from claims.vocabulary import Finding


class BadScale(ValueError):
    """A rating scale contradicts itself; the message says where."""


@dataclass(frozen=True, slots=True)
class Label:
    """One label of a scale as people read it.

    ``value`` is None for a label that has no place between worst and best ("Unproven"): such a label is
    published without any number. ``shape`` and ``tone`` are names for the templates, so that colour never
    carries meaning alone.
    """

    code: str
    label: str
    definition: str
    finding: Finding
    value: int | None = None
    tone: str = "neutral"
    shape: str = "circle"


@dataclass(frozen=True, slots=True)
class Scale:
    """A numbered version of a desk's labels; a published rating keeps the version it was given under."""

    name: str
    version: int
    labels: tuple[Label, ...]
    worst: int
    best: int

    def __post_init__(self) -> None:
        codes = [row.code for row in self.labels]
        names = [row.label.casefold() for row in self.labels]
        if not self.labels:
            raise BadScale("a scale needs at least one label")
        if len(set(codes)) != len(codes) or len(set(names)) != len(names):
            raise BadScale("two labels of a scale have the same code or name")
        if self.worst >= self.best:
            raise BadScale("the worst value must lie below the best")
        for row in self.labels:
            if row.value is not None and not self.worst <= row.value <= self.best:
                raise BadScale(f"{row.label}: {row.value} lies outside {self.worst} to {self.best}")
            if not row.definition.strip():
                raise BadScale(f"{row.label} has no definition for the reader")

    def __getitem__(self, code: str) -> Label:
        for row in self.labels:
            if row.code == code:
                return row
        raise KeyError(code)


#: The scale a new desk starts with. The two labels at the end say something else than a degree of truth and
#: have no value.
DEFAULT_SCALE = Scale(
    name="Default",
    version=1,
    worst=1,
    best=5,
    labels=(
        Label(
            "true",
            "True",
            "The claim is accurate, and nothing that would change its meaning is left out.",
            Finding.SUPPORTED,
            5,
            "good",
            "check",
        ),
        Label(
            "mostly_true",
            "Mostly true",
            "The core of the claim is accurate; a detail is wrong or missing, without changing its meaning.",
            Finding.SUPPORTED,
            4,
            "good",
            "check-outline",
        ),
        Label(
            "half_true",
            "Half true",
            "An essential part of the claim is accurate and an essential part of it is not.",
            Finding.CONFLICTING,
            3,
            "mixed",
            "half",
        ),
        Label(
            "mostly_false",
            "Mostly false",
            "The core of the claim is wrong, although something in it is accurate.",
            Finding.REFUTED,
            2,
            "bad",
            "cross-outline",
        ),
        Label(
            "false",
            "False",
            "The claim contradicts the evidence.",
            Finding.REFUTED,
            1,
            "bad",
            "cross",
        ),
        Label(
            "misleading",
            "Misleading",
            "The words or figures are genuine, but selected or placed so that they give a wrong picture.",
            Finding.CONFLICTING,
            None,
            "mixed",
            "triangle",
        ),
        Label(
            "unproven",
            "Unproven",
            "The evidence that we found, or that exists, does not allow a conclusion either way.",
            Finding.NOT_ENOUGH,
            None,
            "neutral",
            "question",
        ),
    ),
)


def normal_label(label: str) -> str:
    """Fold a label for comparison: case, accents, punctuation and spaces; other scripts stay as they are."""
    text = unicodedata.normalize("NFKD", label).casefold()
    text = "".join(c for c in text if not unicodedata.combining(c) or unicodedata.category(c) == "Mc")
    return " ".join(re.sub(r"[\W_]+", " ", text).split())


@lru_cache(maxsize=1)
def _foreign() -> dict[str, Finding]:
    path = Path(__file__).with_name("rating_labels.json")
    rows: dict[str, list[str]] = json.loads(path.read_text(encoding="utf-8"))
    known: dict[str, Finding] = {}
    for finding, labels in rows.items():
        for label in labels:
            known[normal_label(label)] = Finding(finding)
    return known


def finding_for(label: str) -> Finding | None:
    """Return the finding a foreign label stands for, None where it is not known.

    Only whole labels are known, never words inside one: "Not false" must not become Refuted. A label followed
    by an explanation ("False. The photo is from 2011", "FALSE - …") is read by its first part.
    """
    known = _foreign()
    if found := known.get(normal_label(label)):
        return found
    first = re.split(r"[.:;!|(\n–—]| - ", label.strip(), maxsplit=1)[0]
    return known.get(normal_label(first)) if first.strip() else None


@lru_cache(maxsize=1)
def _publishers() -> dict[str, tuple[str, dict[str, Finding]]]:
    path = Path(__file__).with_name("publisher_labels.json")
    rows: dict[str, dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return {
        site: (
            str(row["name"]),
            {normal_label(label): finding for finding in Finding for label in row.get(finding.value, ())},
        )
        for site, row in rows.items()
    }


def publisher_of(site: str) -> str:
    """Return the name under which the publisher of a site is known, empty where it is not."""
    return _publishers()[known][0] if (known := _known_site(site)) else ""


def _known_site(site: str) -> str:
    parts = site.lower().removeprefix("www.").split(".")
    return next((name for at in range(len(parts) - 1) if (name := ".".join(parts[at:])) in _publishers()), "")


def label_key(label: str) -> str:
    """Return what spellings of one label share; a long one, such as a whole sentence, by its beginning and hash."""
    key = normal_label(label) or " ".join(label.casefold().split())
    return key if len(key) <= 200 else f"{key[:160]}~{hashlib.sha256(key.encode()).hexdigest()[:32]}"


def suggest_finding(
    label: str,
    *,
    site: str = "",
    value: float | None = None,
    best: float | None = None,
    worst: float | None = None,
) -> Finding | None:
    """Suggest the finding a publisher's label stands for: by their own table, by its words, by its number.

    A person confirms it. A number says only the ends of its scale; what lies between them is conflicting.
    """
    if (known := _known_site(site)) and (found := _publishers()[known][1].get(normal_label(label))):
        return found
    if found := finding_for(label):
        return found
    if value is None or best is None or worst is None or best == worst:
        return None
    place = (value - worst) / (best - worst)
    if not 0 <= place <= 1:
        return None
    return Finding.SUPPORTED if place == 1 else Finding.REFUTED if place == 0 else Finding.CONFLICTING
