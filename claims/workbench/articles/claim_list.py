"""How does a person want the claims beside an article: in which order, from which worth on, and only which?"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from claims.workbench.access import PersonRequest
from claims.workbench.articles.claims_beside import Card, next_open

_KEY = "claim-list"
#: Where a list begins until somebody chooses: what is weak is folded below it.
FAIR = 2


@dataclass(frozen=True, slots=True)
class ClaimList:
    """The order (``text`` or ``worth``), the least worth that is listed, 1 to 3, and which kind alone, if one."""

    order: str = "text"
    least: int = FAIR
    only: str = ""

    def kept(self, cards: list[Card]) -> list[Card]:
        """Return the cards of the chosen kind; the one in focus always stays."""
        if not self.only:
            return cards
        return [card for card in cards if card.focused or self.only in card.kinds]

    def next_open(self, cards: list[Card], after: int | None) -> int | None:
        """Return the row to look at next: one that is listed, else one below the threshold."""
        listed = [card for card in cards if card.worth >= self.least or card.row.pk == after]
        return next_open(listed, after) or next_open(cards, after)

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

    def filters(self, cards: list[Card]) -> list[tuple[str, str, int, bool]]:
        """The kinds to choose from: value, word, how many, and whether it is chosen."""
        choices = [
            ("", _("all kinds")),
            ("checked", _("already checked")),
            ("said", _("said only")),
            ("flagged", _("to look at")),
        ]
        return [
            (
                value or "all",
                label,
                sum(1 for card in cards if not value or value in card.kinds),
                value == self.only,
            )
            for value, label in choices
        ]


def list_of(request: PersonRequest) -> ClaimList:
    """Return how this person reads claims; what the address asks for is remembered for the session."""
    kept = request.session.get(_KEY, {})
    order, least, only = kept.get("order", "text"), kept.get("least", FAIR), kept.get("only", "")
    asked = {name: request.GET.get(name) for name in ("order", "least", "only")}
    if asked["order"] in ("worth", "text"):
        order = asked["order"]
    if asked["least"] in ("1", "2", "3"):
        least = int(asked["least"])
    if asked["only"] in ("all", "checked", "said", "flagged"):
        only = "" if asked["only"] == "all" else asked["only"]
    if any(asked.values()):
        request.session[_KEY] = {"order": order, "least": least, "only": only}
    return ClaimList(order, least, only)
