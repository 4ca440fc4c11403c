"""Which sources of a claim does an address leave on the board? By the claim's time, by stance, by what they are.

The address may be shared. What it asks for and cannot be had is said, and nothing is shown then rather than all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from claims.models import Evidence
from claims.review.claim_time import When
from claims.workbench.chips import Chip, FiltersAsked, nothing_meant, without
from claims.workbench.claim.standing_words import WHEN

#: In the address, for what nobody has decided yet.
OPEN = "open"


@dataclass(frozen=True, slots=True)
class BoardChoice:
    """One filter of the board: its name in the address, its label, and what it may say with how many rows each."""

    label: str
    #: Part of the address, word, how many rows, and whether it is in force.
    options: Sequence[tuple[str, str, int, bool]]
    #: Part of the address without this filter.
    without: str
    in_force: bool


@dataclass(frozen=True, slots=True)
class BoardFilters:
    """What an address leaves on the board, in words."""

    when: str = ""
    stance: str = ""
    kind: str = ""
    asked: FiltersAsked | None = None

    @classmethod
    def of(cls, query: QueryDict | None) -> BoardFilters:
        if query is None:
            return cls()
        asked, values = FiltersAsked(), {}
        for name, label, words in _known():
            value = query.get(name, "").strip()
            if not value:
                continue
            values[name] = value
            said = words.get(value, "")
            problem = "" if said else nothing_meant(label, value)
            rest = without(query, name)
            asked.chips.append(Chip(label, said or value[:60], f"{rest}#evidence", problem))
        return cls(**values, asked=asked)

    def keeps(self, row: Evidence, when: str) -> bool:
        """Tell whether a source stays on the board; ``when`` is its part of the claim's time."""
        if self.asked is not None and self.asked.problems:
            return False
        return (
            (not self.when or self.when == when)
            and (not self.stance or self.stance == (row.stance or OPEN))
            and (not self.kind or self.kind == row.kind)
        )

    def choices(self, rows: Sequence[tuple[Evidence, str]]) -> list[BoardChoice]:
        """Return the filters that would tell some of these rows from others; each row with its part of the time."""
        found = []
        for name, label, words in _known():
            values = [
                {"when": when, "stance": row.stance or OPEN, "kind": row.kind}[name] for row, when in rows
            ]
            chosen = getattr(self, name)
            options = [
                (self._with(name, value), said, values.count(value), value == chosen)
                for value, said in words.items()
                if value in values
            ]
            if len(options) > 1 or chosen:
                found.append(BoardChoice(label, options, self._with(name, ""), bool(chosen)))
        return found

    def _with(self, name: str, value: str) -> str:
        """Return the part of the address with one filter set, or none; a source read beside is put down."""
        values = {one: getattr(self, one) for one in ("when", "stance", "kind")} | {name: value}
        rest = urlencode({one: said for one, said in values.items() if said})
        return f"?{rest}#evidence" if rest else "#evidence"


def _known() -> list[tuple[str, str, Mapping[str, str]]]:
    stances = {value or OPEN: str(label) for value, label in Evidence.Stance.choices}
    return [
        ("when", _("The claim's time"), {one.value: str(WHEN[one]) for one in When if one}),
        ("stance", _("Stance"), stances),
        ("kind", _("Kind"), {value: str(label) for value, label in Evidence.Kind.choices}),
    ]
