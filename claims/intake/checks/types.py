"""What came out of a file of other publishers' fact checks, and why one cannot be read."""

from __future__ import annotations

from dataclasses import dataclass

from claims.exports.imports import ReadElement
from claims.intake.types import IntakeError

__all__ = ["CheckFile", "Columns", "PageLink", "UnknownColumns"]


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a table, which field each was taken for (empty: for none), and its first rows."""

    names: tuple[str, ...]
    fields: tuple[str, ...]
    sample: tuple[tuple[str, ...], ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """Return the fields without which no row can be used and that no column was taken for."""
        found = set(self.fields)
        needed = []
        if not found & {"claim", "title"}:
            needed.append("claim")
        if "url" not in found:
            needed.append("url")
        return tuple(needed)


class UnknownColumns(IntakeError):
    """A table whose columns nobody can name but a person; it carries what they need to see for that."""

    def __init__(self, columns: Columns) -> None:
        named = ", ".join(columns.names[:30])
        super().__init__(
            "unknown_columns",
            "The columns of this table are not known: say which one holds the claim, the address of the check"
            f" and its rating. There are: {named[:600]}.",
        )
        self.columns = columns

    def __reduce__(self) -> tuple[type[UnknownColumns], tuple[Columns]]:  # type: ignore[override]
        return UnknownColumns, (self.columns,)


@dataclass(frozen=True, slots=True)
class PageLink:
    """A page that a feed names and that may hold a fact check."""

    url: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class CheckFile:
    """One file or answer: what shape it has, in words, and what was found in it.

    ``links`` are pages that a feed names without saying what they found; ``next_url`` and ``next_token`` lead
    to the page after this one, where there is one.
    """

    shape: str
    found: tuple[ReadElement, ...] = ()
    links: tuple[PageLink, ...] = ()
    notes: tuple[str, ...] = ()
    columns: Columns | None = None
    next_url: str = ""
    next_token: str = ""
