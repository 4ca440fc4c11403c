"""How does a person want the claims beside an article: in which order, and from which worth on?"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from claims.workbench.access import PersonRequest
from claims.workbench.articles.claims_beside import Card

_KEY = "claim-list"


@dataclass(frozen=True, slots=True)
class ClaimList:
    """The order (``text`` or ``worth``) and the least worth that is listed, 1 to 3."""

    order: str = "text"
    least: int = 1

    def split(self, cards: list[Card]) -> tuple[list[Card], list[Card]]:
        """Return the cards to list, and the open ones below the threshold; the one in focus is always listed."""
        listed: list[Card] = []
        below: list[Card] = []
        for card in cards:
            weaker = card.is_open and card.worth < self.least and not card.focused
            (below if weaker else listed).append(card)
        return listed, below

    @property
    def steps(self) -> list[tuple[int, str]]:
        """The thresholds to choose from, in words."""
        return [(1, _("all")), (2, _("fair")), (3, _("strong"))]


def list_of(request: PersonRequest) -> ClaimList:
    """Return how this person reads claims; what the address asks for is remembered for the session."""
    kept = request.session.get(_KEY, {})
    order, least = kept.get("order", "text"), kept.get("least", 1)
    asked_order, asked_least = request.GET.get("order"), request.GET.get("least")
    if asked_order in ("worth", "text"):
        order = asked_order
    if asked_least in ("1", "2", "3"):
        least = int(asked_least)
    if asked_order or asked_least:
        request.session[_KEY] = {"order": order, "least": least}
    return ClaimList(order, least)
