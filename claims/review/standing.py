"""What does the evidence of a claim come to? Articles, origins, primary ones, those in its time, for and against.

The one place where evidence is counted: page, queue, policy, API, admin and the public payload show what comes out of
here. Not counted is what was rejected or found irrelevant, a note of whom was asked, an address that nobody has
fetched, the claim's own article and its copies, and what only repeats the claimant: that is a group of its own, which
counts once as such and never as corroboration.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from claims.review.claim_time import When
from claims.spoken import gettext as _


class Uncounted(StrEnum):
    """Why a piece of evidence is none of the articles, origins and those in the claim's time."""

    REJECTED = "rejected"
    IRRELEVANT = "irrelevant"
    CONTACT = "contact"
    NOT_FETCHED = "not_fetched"
    OWN = "own"
    REPEATS = "repeats"


class Group(StrEnum):
    """The group of the board in which a piece is shown."""

    PRIMARY = "primary"
    REPEATS = "repeats"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class CountedPiece:
    """One piece of evidence as it is counted.

    ``article`` is what makes it one article with others, ``origin`` what makes it one origin. ``fetched`` is False
    for an address whose page is not in the archive. ``own`` is the claim's own article or something of its origin,
    ``repeats`` what has its matter from the claimant alone. ``ultimate`` is who people say it relies on, folded.
    ``stance`` is what a person decided, never a hint.
    """

    id: int
    article: str
    origin: str
    outlet: str = ""
    ultimate: str = ""
    stance: str = ""
    cited: bool = False
    rejected: bool = False
    contact: bool = False
    fetched: bool = True
    own: bool = False
    repeats: bool = False
    primary: bool = False
    in_time: bool = False
    when: When = When.UNKNOWN

    @property
    def uncounted(self) -> Uncounted | None:
        """Return why it does not count, the first reason that holds; None where it counts."""
        for reason, holds in (
            (Uncounted.REJECTED, self.rejected),
            (Uncounted.IRRELEVANT, self.stance == "irrelevant"),
            (Uncounted.OWN, self.own),
            (Uncounted.CONTACT, self.contact),
            (Uncounted.NOT_FETCHED, not self.fetched),
            # Where a person read that it refutes the claim, it does not repeat it, whoever speaks.
            (Uncounted.REPEATS, self.repeats and self.stance != "refutes"),
        ):
            if holds:
                return reason
        return None

    @property
    def group(self) -> Group:
        if self.own or (self.repeats and self.stance != "refutes"):
            return Group.REPEATS
        return Group.PRIMARY if self.primary and self.uncounted is None else Group.OTHER


@dataclass(frozen=True, slots=True)
class EvidenceStanding:
    """The figures over the evidence of a claim, or over the part of it that a verdict cites.

    ``articles``, ``in_time`` and ``later`` are articles; ``origins``, ``primary``, ``supports``, ``partly`` and
    ``refutes`` are origins; ``repeating`` are articles that only repeat the claimant, which count once as such.
    """

    articles: int = 0
    outlets: int = 0
    origins: int = 0
    ultimate: int = 0
    primary: int = 0
    in_time: int = 0
    later: int = 0
    supports: int = 0
    partly: int = 0
    refutes: int = 0
    repeating: int = 0
    pieces: int = 0
    uncounted: Mapping[int, Uncounted] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def repeats(self) -> int:
        """Return how often what repeats the claimant counts: once, however many print it."""
        return min(self.repeating, 1)


def standing(pieces: Iterable[CountedPiece]) -> EvidenceStanding:
    """Count pieces of evidence."""
    rows = list(pieces)
    reasons = {row.id: reason for row in rows if (reason := row.uncounted) is not None}
    counted = [row for row in rows if row.id not in reasons]

    def origins(*stances: str) -> int:
        return len({row.origin for row in counted if row.stance in stances})

    return EvidenceStanding(
        articles=len({row.article for row in counted}),
        outlets=len({row.outlet for row in counted if row.outlet}),
        origins=len({row.origin for row in counted}),
        ultimate=len({row.ultimate for row in counted if row.ultimate}),
        primary=len({row.origin for row in counted if row.primary}),
        in_time=len({row.article for row in counted if row.in_time}),
        later=len({row.article for row in counted if row.when is When.LATER}),
        supports=origins("supports"),
        partly=origins("partly"),
        refutes=origins("refutes"),
        repeating=len(
            {row.article for row in rows if reasons.get(row.id) in (Uncounted.REPEATS, Uncounted.OWN)}
        ),
        pieces=len(rows),
        uncounted=MappingProxyType(reasons),
    )


def remarks(cited: EvidenceStanding) -> tuple[str, ...]:
    """Return what a reader of the verdict should know of the sources it cites; nothing here refuses anything."""
    if not cited.pieces:
        return ()
    found = []
    if not cited.articles:
        found.append(
            _(
                "None of the cited sources counts as evidence: they are the claimant's own words, contact notes or"
                " addresses that were not fetched."
            )
        )
    elif cited.later == cited.articles:
        found.append(_("Everything the verdict cites came out after the claim was made."))
    if cited.articles and cited.origins == 1 and cited.articles > 1:
        found.append(_("All cited sources rest on one report."))
    return tuple(found)
