"""How is what a newer reading would change said to a person? Old and new in words, never in codes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from claims.models import Appearance, Claimant
from claims.templatetags.date_words import in_words
from claims.workbench.articles.flag_words import words_of

_NAMES = {
    "wording": _lazy("Wording"),
    "claimant_text": _lazy("Claimant"),
    "claimant_kind": _lazy("Kind of claimant"),
    "attribution": _lazy("Attribution"),
    "checkable": _lazy("Checkable"),
    "claim_type": _lazy("Type"),
    "negated": _lazy("Negated"),
    "dates": _lazy("Dates"),
    "score": _lazy("Worth checking"),
    "flags": _lazy("To look at"),
}
_KINDS = {
    "new": _lazy("A further claim"),
    "gone": _lazy("Taken back"),
    "changed": _lazy("Read differently"),
}
_CHOICES: dict[str, dict[str, Any]] = {
    "attribution": dict(Appearance.Attribution.choices),
    "checkable": dict(Appearance.Checkable.choices),
    "claimant_kind": dict(Claimant.Kind.choices),
}


@dataclass(frozen=True, slots=True)
class ToldChange:
    """One column of a suggestion: its name, and what it said and would say."""

    name: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class ToldDifference:
    """One suggestion that would come, go or be read differently; ``was`` where its words have other ends."""

    kind: str
    label: str
    words: str
    was: str = ""
    says: str = ""
    changes: list[ToldChange] = field(default_factory=list)


def said(row: dict[str, Any]) -> ToldDifference:
    """Return one stored difference in words."""
    changes = [
        ToldChange(str(_NAMES.get(name, name)), _value(name, old), _value(name, new))
        for name, (old, new) in row.get("fields", {}).items()
    ]
    kind = str(row["kind"])
    says = str(row.get("says", {}).get("claimant_text", ""))
    return ToldDifference(
        kind, str(_KINDS.get(kind, kind)), str(row["words"]), str(row.get("was", "")), says, changes
    )


def _value(name: str, value: Any) -> str:
    if name == "dates":
        return "; ".join(f"{one['expr']}: {in_words(str(one['value']))}" for one in value) or "–"
    if name == "flags":
        return "; ".join(words_of(str(flag)) for flag in value) or "–"
    if name == "score":
        return f"{round(value * 100)} %"
    if name == "negated":
        return _("yes") if value else _("no")
    known = _CHOICES.get(name, {}).get(value)
    return str(known) if known is not None else str(value).replace("_", " ") or "–"
