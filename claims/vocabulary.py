"""The closed lists of the house, each once: roles, states, kinds, findings.

Pure rooms compare their members, models store them, forms and pages show their labels. Django's ``TextChoices``
would bind the pure rooms to Django, so ``ClosedList`` offers the same reading interface without it; the models
say once by whom labels are translated.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import EnumType, StrEnum
from typing import Any, Self

_translation: Callable[[str], Any] = str


def translate_labels(by: Callable[[str], Any]) -> None:
    """Let labels pass through ``by`` (Django's lazy gettext) from now on."""
    global _translation
    _translation = by


def gettext_noop(words: str) -> str:
    """Mark words for translation where they are written down; ``label`` translates them."""
    return words


_ = gettext_noop


class _Listed(EnumType):
    """What a list says of itself as a whole, as Django's ``ChoicesType`` does."""

    @property
    def choices(cls) -> list[tuple[str, Any]]:
        members: list[ClosedList] = list(cls)
        return [(member.value, member.label) for member in members]

    @property
    def values(cls) -> list[str]:
        members: list[ClosedList] = list(cls)
        return [member.value for member in members]


class ClosedList(StrEnum, metaclass=_Listed):
    """Members are their stored value; ``label`` says them to people. Reads like Django's ``TextChoices``."""

    _value_: str
    _words: str

    def __new__(cls, value: str, words: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member._words = words
        return member

    @property
    def label(self) -> Any:
        return _translation(self._words)


class Role(ClosedList):
    """What a person may do at one desk; one person may hold several."""

    CONTRIBUTOR = "contributor", _("contributor")
    FACT_CHECKER = "fact_checker", _("fact-checker")
    REVIEWER = "reviewer", _("reviewer")
    DESK_EDITOR = "desk_editor", _("desk editor")
    ADMINISTRATOR = "administrator", _("administrator")
    PARTNER = "partner", _("partner")


class Attribution(ClosedList):
    """Who puts the content forward, and how: the four classes of the annotation guidelines."""

    ARTICLE = "article", _("own assertion")
    REPORTED = "reported", _("reported speech")
    QUOTED = "quoted", _("direct quote")
    PREMISE = "premise", _("premise")


class Checkable(ClosedList):
    """What of a claim unit can be checked: its content, only that it was said, or neither."""

    FACT = "fact", _("its content")
    SAID = "said", _("that it was said")
    NO = "no", _("not checkable")


class Triage(ClosedList):
    """What a person decided about a suggested appearance."""

    SUGGESTED = "suggested", _("suggested")
    ACCEPTED = "accepted", _("accepted")
    DISMISSED = "dismissed", _("dismissed")
    NOT_SELECTED = "not_selected", _("not selected")
    SUPERSEDED = "superseded", _("no longer found by a newer analysis")


class ReviewState(ClosedList):
    """Where one pass of people over one claim stands."""

    QUEUED = "queued", _("queued")
    IN_PROGRESS = "in_progress", _("in progress")
    AWAITING_APPROVAL = "awaiting_approval", _("awaiting approval")
    APPROVED = "approved", _("approved")
    PUBLISHED = "published", _("published")
    CLOSED = "closed", _("closed")

    @property
    def is_open(self) -> bool:
        return self not in (ReviewState.PUBLISHED, ReviewState.CLOSED)


class CloseReason(ClosedList):
    """Why a review ended without a publication."""

    ALREADY_CHECKED = "already_checked", _("already checked")
    NOT_CHECKABLE = "not_checkable", _("not checkable")
    NOT_WORTH_IT = "not_worth_it", _("not worth checking")
    MERGED = "merged", _("merged into another claim")
    NO_EVIDENCE = "no_evidence", _("could not be settled")
    OVERTAKEN = "overtaken", _("overtaken by events")
    OTHER = "other", _("another reason")


class PanelRule(ClosedList):
    """Whether a desk asks several people for opinions that are formed apart, and what waits for them."""

    OFF = "off", _("not used")
    POSSIBLE = "possible", _("possible")
    NEEDED = "needed", _("needed before a verdict can be approved")


class PanelOutcome(ClosedList):
    """What the opinions of a panel came to."""

    AGREED = "agreed", _("agreed")
    DISSENT = "dissent", _("no agreement")
    TOO_FEW = "too_few", _("too few opinions")
    OVERTAKEN = "overtaken", _("overtaken: the work on the claim had ended")


class ApprovalKind(ClosedList):
    """What an approval vouches for."""

    EDITORIAL = "editorial", _("editorial")
    LEGAL = "legal", _("legal")


class CheckStatus(ClosedList):
    """What a published fact check is to the public now."""

    LIVE = "live", _("live")
    SUSPENDED = "suspended", _("suspended")
    WITHDRAWN = "withdrawn", _("withdrawn")


class ReleaseKind(ClosedList):
    """Why a numbered public state exists."""

    FIRST = "first", _("first publication")
    MINOR = "minor", _("minor edit")
    CLARIFICATION = "clarification", _("clarification")
    CORRECTION = "correction", _("correction")
    UPDATE = "update", _("update")
    SUSPENSION = "suspension", _("suspension")
    REINSTATEMENT = "reinstatement", _("reinstatement")
    WITHDRAWAL = "withdrawal", _("withdrawal")

    @property
    def needs_note(self) -> bool:
        """Whether the public must be told what happened; a first release and a minor edit need no note."""
        return self not in (ReleaseKind.FIRST, ReleaseKind.MINOR)

    @property
    def carries_new_verdict(self) -> bool:
        """Whether the release shows a verdict version that the one before did not show."""
        return self in (
            ReleaseKind.FIRST,
            ReleaseKind.MINOR,
            ReleaseKind.CLARIFICATION,
            ReleaseKind.CORRECTION,
            ReleaseKind.UPDATE,
        )


class Finding(ClosedList):
    """The internal value behind every label, by the names of the evidence-checking literature."""

    SUPPORTED = "Supported", _("Supported")
    REFUTED = "Refuted", _("Refuted")
    NOT_ENOUGH = "Not Enough Evidence", _("Not Enough Evidence")
    CONFLICTING = "Conflicting Evidence", _("Conflicting Evidence")


class BulkAction(ClosedList):
    """What can be done to many claims at once, and stays written down row by row."""

    ASSIGN = "assign", _("Assign")
    DISMISS = "dismiss", _("Close")
    SEARCH = "search", _("Search the archive again")
    VERDICT = "verdict", _("Assign a lead claim's verdict")
    APPROVE = "approve", _("Approve what I have opened")
    TAG = "tag", _("Tag")
    DUE = "due", _("Say when they are due")


class Consequence(ClosedList):
    """What a bulk act would do to a row beyond what was asked for; each needs a tick of its own."""

    TAKES = "takes", _("Taken from others")
    SCHEDULED = "scheduled", _("Planned publication is dropped")
    SUBMITTED = "submitted", _("Ends what waits for approval")
    DRAFT = "draft", _("Somebody's draft is dropped")
    DIFFERS = "differs", _("Another claimant, date or number")
