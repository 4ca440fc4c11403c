"""What stands beside the article: its suggested claims in text order, repeats joined, each with its reasons.

Reads only. One article costs the same number of queries whatever it holds.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from claims.actions.triage.repeats import Earlier, suggest_repeats_of
from claims.models import Appearance, Capture, Claim, Desk, FactCheck, Match, User
from claims.models.together import Asking, answered, at_once
from claims.splitting.ranking.reasons import shown
from claims.splitting.whole_sentences import FLAG as WHOLE_SENTENCE
from claims.templatetags.desk import partial
from claims.workbench.articles.flag_words import words_of
from claims.workbench.articles.marked_text import Mark, with_marks
from claims.workbench.articles.weighed_words import weighed

Triage = Appearance.Triage
_CLOSED = (Triage.DISMISSED, Triage.NOT_SELECTED)
_TONES = {Triage.ACCEPTED: "accepted", Triage.DISMISSED: "closed", Triage.NOT_SELECTED: "closed"}
# Said by the value already.
_QUIET = frozenset(
    {"since", "until", "season", "future", "week-of", "order-from-other-dates", "compared", "time-of-day"}
)
_DATE_FLAGS = {
    "event-relative": _lazy("counted from another event"),
    "unresolved": _lazy("which day?"),
}


#: The steps of check-worthiness on pages, in words.
WORTH = {
    3: _lazy("worth checking: strong"),
    2: _lazy("worth checking: fair"),
    1: _lazy("worth checking: weak"),
}
#: From which score on a claim is strong, or fair.
_STRONG, _FAIR = 0.6, 0.35


def worth_of(row: Appearance) -> int:
    """Return the step of a suggestion; what cannot be checked is weak whatever its score."""
    if row.checkable == Appearance.Checkable.NO or (row.score or 0) < _FAIR:
        return 1
    return 3 if (row.score or 0) >= _STRONG else 2


#: So many claims of one paragraph are put aside with one key; more than that nobody has seen at once.
AT_A_LOOK = 12


@dataclass(frozen=True, slots=True)
class DateChip:
    """A date expression and what it was read as; ``doubt`` says what a person should look at."""

    expr: str
    value: str
    doubt: str = ""

    @property
    def shown(self) -> str:
        """The value in words, unless the text says just that."""
        words = partial(self.value)
        return "" if words.casefold() == self.expr.casefold() else words


@dataclass(slots=True)
class Card:
    """One claim beside the text with everything the page shows of it."""

    row: Appearance
    number: int
    appearances: list[Appearance] = field(default_factory=list)
    wording: SafeString = field(default_factory=SafeString)
    doubts: list[str] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    against: list[str] = field(default_factory=list)
    weighed: dict[str, str] = field(default_factory=dict)
    dates: list[DateChip] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    matches: list[Match] = field(default_factory=list)
    says: list[Earlier] = field(default_factory=list)
    # Where this person sees it.
    claim: Claim | None = None
    inside: int = 0
    focused: bool = False
    # From this open one on, all open ones of its paragraph that are listed; empty for the last, and for too many.
    onward: list[Card] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        return self.row.triage == Triage.SUGGESTED

    @property
    def is_closed(self) -> bool:
        return self.row.triage in _CLOSED

    @property
    def is_whole(self) -> bool:
        """An open sentence that was not cut into claims: it comes last, folded with its like."""
        return self.is_open and WHOLE_SENTENCE in self.row.flags

    @property
    def checked(self) -> FactCheck | None:
        """The live fact check that answers it: a confirmed match, else that of a claim that surely says the same."""
        confirmed = [match.factcheck for match in self.matches if match.state == Match.State.CONFIRMED]
        said = [getattr(one.claim, "factcheck", None) for one in self.says if one.sure]
        live = FactCheck.Status.LIVE
        return next((one for one in (*confirmed, *said) if one is not None and one.status == live), None)

    @property
    def kinds(self) -> set[str]:
        """The kinds by which the list can be narrowed."""
        found = set()
        if self.checked or self.matches or self.says:
            found.add("checked")
        if self.row.checkable == Appearance.Checkable.SAID:
            found.add("said")
        if self.flags or self.doubts or any(date.doubt for date in self.dates):
            found.add("flagged")
        return found

    @property
    def waits(self) -> str:
        """Return "1" where somebody must still decide, "2" where that comes after all others, else nothing."""
        if not self.is_open or self.row.checkable == Appearance.Checkable.NO:
            return ""
        return "2" if self.is_whole else "1"

    @property
    def more_says(self) -> int:
        """How many earlier claims are folded behind the first that may be the same."""
        return max(0, len(self.says) - 1)

    @property
    def worth(self) -> int:
        """How much it deserves checking, in the three steps that pages show: 3 strong, 2 fair, 1 weak."""
        return worth_of(self.row)

    @property
    def worth_words(self) -> str:
        return str(WORTH[self.worth])

    @property
    def reworded(self) -> bool:
        """Whether the suggested sentence says more than the words of the article."""
        return " ".join(self.row.wording.split()).rstrip(".") != " ".join(self.row.quotation.split()).rstrip(
            "."
        )


def mark_onward(listed: list[Card]) -> None:
    """Note at each open claim of a list which ones of its paragraph still wait from there on."""
    paragraphs: dict[tuple[int, int], list[Card]] = defaultdict(list)
    for card in listed:
        if card.waits == "1":
            paragraphs[card.row.paragraph_start, card.row.paragraph_end].append(card)
    for cards in paragraphs.values():
        for at, card in enumerate(cards[:-1]):
            if len(cards) - at <= AT_A_LOOK:
                card.onward = cards[at:]


def cards_of(
    desk: Desk, capture: Capture, user: User, *, focus: int | None = None, described: bool = True
) -> list[Card]:
    """Return what ``ask_cards_of`` asks for."""
    return answered(ask_cards_of(desk, capture, user, focus=focus, described=described))


def ask_cards_of(
    desk: Desk, capture: Capture, user: User, *, focus: int | None = None, described: bool = True
) -> Asking[list[Card]]:
    """Ask for the claims of a capture in text order; what repeats another one is its appearance.

    Not ``described``, they carry only their rows and numbers: for finding the next one. The capture's door has
    been passed already; claims of other articles are shown as far as ``user`` may see them.
    """
    rows = (
        Appearance.objects.filter(desk=desk, capture=capture)
        .exclude(triage=Triage.SUPERSEDED)
        .select_related("claim", "touched_by")
        .order_by("start", "-end", "pk")
    )
    yield [rows]
    known = {row.pk: row for row in rows}
    heads: dict[int, Card] = {}
    cards: list[Card] = []
    repeats: dict[int, list[Appearance]] = defaultdict(list)
    for row in rows:
        head = known.get(row.repeats_id or 0)
        # Decided differently, a repeat is a claim of its own.
        if head is not None and head.triage == row.triage and head.claim_id == row.claim_id:
            repeats[_first(head, known).pk].append(row)
        else:
            cards.append(Card(row, 0))
    for number, card in enumerate(cards, start=1):
        card.number = number
        heads[card.row.pk] = card
    if not described:
        return cards
    _describe(cards, heads, repeats, focus)
    yield from at_once(_claims(cards, user), _said_before(cards, user))
    return cards


def _first(row: Appearance, known: dict[int, Appearance]) -> Appearance:
    """Follow repeats of repeats to the first one."""
    seen = {row.pk}
    while row.repeats_id in known and row.repeats_id not in seen:
        head = known[row.repeats_id]
        if head.triage != row.triage or head.claim_id != row.claim_id:
            break
        row = head
        seen.add(row.pk)
    return row


def _describe(
    cards: list[Card], heads: dict[int, Card], repeats: dict[int, list[Appearance]], focus: int | None
) -> None:
    for card in cards:
        row = card.row
        card.appearances = repeats.get(row.pk, [])
        card.focused = focus is not None and (
            row.pk == focus or any(one.pk == focus for one in card.appearances)
        )
        within = heads.get(row.within_id or 0)
        card.inside = within.number if within is not None and within is not card else 0
        card.reasons, card.against = shown(row.reasons)
        card.weighed = weighed(row.provenance.get("weighed", ()))
        card.dates = [_date(one) for one in row.dates]
        said = {words_of("publication-date-unknown")} if any(one.doubt for one in card.dates) else set()
        card.flags = [words for flag in row.flags if (words := words_of(str(flag))) not in said]
        places = [(int(one["start"]), int(one["end"]), str(one["why"])) for one in row.wording_unresolved]
        card.wording = with_marks(row.wording or row.quotation, places)
        card.doubts = [why for _start, _end, why in places]


def _date(row: dict[str, Any]) -> DateChip:
    value = str(row["value"])
    flags = [words_of(str(flag)) for flag in row.get("flags", ()) if str(flag) not in _QUIET]
    if "names-its-event" in row.get("flags", ()):
        # "during the war" says itself what it counts from.
        return DateChip(str(row["expr"]), "")
    if value in _DATE_FLAGS:
        return DateChip(str(row["expr"]), "", "; ".join([str(_DATE_FLAGS[value]), *flags]))
    if value.startswith("XXXX") and not flags:
        flags.append(_("which year?"))
    return DateChip(
        str(row["expr"]), "" if value.startswith("XXXX-XX") else value, "; ".join(dict.fromkeys(flags))
    )


def _claims(cards: list[Card], user: User) -> Asking[None]:
    """Attach the claims that were made of the cards, with the earlier fact checks suggested or confirmed for them."""
    made = {card.row.claim_id for card in cards if card.row.claim_id}
    seen = Claim.objects.visible_to(user).filter(pk__in=made).order_by().values_list("pk", flat=True)
    rows = Match.objects.offered_to(user).filter(claim__in=made).select_related("factcheck")
    yield seen, rows
    found: dict[int, list[Match]] = defaultdict(list)
    for match in rows:
        found[match.claim_id].append(match)
    let_see = set(seen)
    for card in cards:
        if card.row.claim_id in let_see:
            card.claim = card.row.claim
            card.matches = found[card.row.claim_id]


def _said_before(cards: list[Card], user: User) -> Asking[None]:
    """Attach earlier claims of the desk that an open suggestion repeats, or may repeat; a person confirms."""
    rows = [card.row for card in cards if card.is_open and card.row.checkable != Appearance.Checkable.NO]
    found = yield from suggest_repeats_of(rows, user)
    for card in cards:
        card.says = found.get(card.row.pk, [])


def in_order(cards: list[Card], order: str) -> list[Card]:
    """Return the cards as a person reads them: by ``worth``, the strongest first, or as in the text."""
    if order != "worth":
        return cards
    return sorted(cards, key=lambda card: (card.is_whole, -card.worth, -(card.row.score or 0), card.number))


def apart(cards: list[Card]) -> tuple[list[Card], list[Card]]:
    """Return the cards to list, in their order, and the whole sentences to fold behind them.

    Where a text gave nothing but whole sentences, as in a language without rules, they are the list.
    """
    whole = [card for card in cards if card.is_whole]
    if len(whole) == sum(card.is_open for card in cards):
        return cards, []
    return [card for card in cards if not card.is_whole], whole


def marks_of(cards: list[Card], focus: int | None = None) -> list[Mark]:
    """Return the places to mark in the text; the appearances of one claim share its number."""
    return [
        Mark(
            row.pk,
            card.number,
            row.start,
            row.end,
            _TONES.get(Triage(row.triage), ""),
            focused=focus is not None and row.pk == focus,
            worth=card.worth,
        )
        for card in cards
        for row in (card.row, *card.appearances)
    ]


def next_open(cards: list[Card], after: int | None) -> int | None:
    """Return the row to look at next: the first open, checkable claim behind this one in the list, else the first.

    Whole sentences come when nothing else is open.
    """
    at = next((n for n, card in enumerate(cards) if after in _rows_of(card)), -1)
    # In the order in which they are looked at: what stands behind, then what was passed over.
    onward = [*cards[at + 1 :], *cards[: at + 1]]
    waiting = [card for card in onward if card.waits]
    waiting = [card for card in waiting if card.waits == "1"] or waiting
    return waiting[0].row.pk if waiting else None


def _rows_of(card: Card) -> set[int]:
    return {card.row.pk, *(one.pk for one in card.appearances)}
