"""What the claim page and the approval show of a panel. Rests on the review's facts alone: no statement of its own."""

from __future__ import annotations

from dataclasses import dataclass

from claims.models import Rating
from claims.review import panels
from claims.review.deciding import unblinded
from claims.review.facts import Member, OpinionFacts, PanelFacts, ReviewFacts
from claims.vocabulary import PanelOutcome, PanelRule


@dataclass(frozen=True, slots=True)
class ReaderLine:
    """One reader of a panel: what they said, if it can be read, and whether they found otherwise than the outcome."""

    opinion: OpinionFacts
    dissents: bool


@dataclass(frozen=True, slots=True)
class PanelPart:
    """A panel as a page shows it to one person."""

    panel: PanelFacts | None
    #: This person is still to give an opinion: no verdict is shown to them.
    blind: bool
    may_ask: bool
    may_end: bool
    outcome: str
    lines: tuple[ReaderLine, ...]
    awaited: tuple[str, ...]
    spoken: tuple[str, ...]
    #: The verdict at hand says something else than what the panel agreed on.
    differs: bool


def panel_part(facts: ReviewFacts, person: Member, rating: Rating | None = None) -> PanelPart | None:
    """Return what is shown, or None where the desk does without; ``rating`` is that of the verdict at hand."""
    if facts.panels is PanelRule.OFF:
        return None
    panel, may_ask = facts.panel, bool(panels.may_ask_panel(facts, person))
    if panel is None:
        return PanelPart(None, False, may_ask, False, "", (), (), (), False)
    agreed = panel.outcome is PanelOutcome.AGREED
    return PanelPart(
        panel=panel,
        blind=not unblinded(facts, person),
        may_ask=may_ask,
        may_end=panel.is_open and bool(panels.may_end_panel(facts, person, panel.asked_by)),
        outcome=str(panel.outcome.label) if panel.outcome is not None else "",
        lines=() if panel.is_open else tuple(_line(one, panel) for one in panel.opinions if one.given),
        awaited=tuple(one.name for one in panel.opinions if one.reader in panel.awaited),
        spoken=tuple(one.name for one in panel.opinions if one.given),
        differs=agreed
        and rating is not None
        and (rating.label, rating.finding) != (panel.label, panel.finding),
    )


def _line(one: OpinionFacts, panel: PanelFacts) -> ReaderLine:
    agreed = panel.outcome is PanelOutcome.AGREED
    return ReaderLine(one, agreed and (one.rating, one.finding) != (panel.label, panel.finding))
