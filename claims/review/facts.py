"""What the policy needs to know about one review: frozen, gathered by the models, free of the database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from claims.review.standing import EvidenceStanding
from claims.review.states import PublishMode
from claims.vocabulary import (
    ApprovalKind,
    CheckStatus,
    PanelOutcome,
    PanelRule,
    ReleaseKind,
    ReviewState,
    Role,
)


@dataclass(frozen=True, slots=True)
class Member:
    """A person as a member of the claim's desk: id, public name, roles there, and whether they may log in."""

    id: int
    name: str
    roles: frozenset[Role]
    active: bool = True
    may_give: frozenset[ApprovalKind] = frozenset({ApprovalKind.EDITORIAL})

    def has(self, *roles: Role) -> bool:
        return self.active and bool(self.roles & set(roles))


@dataclass(frozen=True, slots=True)
class ApprovalGiven:
    """One sign-off of the verdict version at hand."""

    person: int
    kind: ApprovalKind = ApprovalKind.EDITORIAL


@dataclass(frozen=True, slots=True)
class Draft:
    """What the newest text of the verdict holds, as far as submission asks for it."""

    wording_confirmed: bool = False
    unresolved: int = 0
    has_claimant: bool = False
    has_rating: bool = False
    has_headline: bool = False
    has_short_answer: bool = False
    has_justification: bool = False
    cited: int = 0
    #: evidence ids cited in the justification that are rejected, redacted or of another claim
    broken_citations: tuple[str, ...] = ()
    #: the written sentence on what was searched and not found, which can stand in for a source
    has_not_found: bool = False
    #: whether the rating's finding is Not Enough Evidence
    finding_is_not_enough: bool = False
    #: what the cited evidence comes to
    standing: EvidenceStanding = field(default_factory=EvidenceStanding)


@dataclass(frozen=True, slots=True)
class OpinionFacts:
    """One reader of a panel; ``rating`` and ``reason`` are empty until the panel has ended."""

    reader: int
    name: str
    given: bool = False
    declined: bool = False
    rating: str = ""
    finding: str = ""
    reason: str = ""
    #: what they found first, where they changed it later
    first: str = ""
    #: they had looked at the verdict on the claim's page before they were asked
    had_seen: bool = False
    set_aside: bool = False


@dataclass(frozen=True, slots=True)
class PanelFacts:
    """The newest panel of a review, as far as it is no secret."""

    id: int
    asked_by: int
    needed: int
    opinions: tuple[OpinionFacts, ...]
    due_at: dt.datetime | None = None
    closed_at: dt.datetime | None = None
    outcome: PanelOutcome | None = None
    #: id, label and finding of what they agreed on
    rating: int | None = None
    label: str = ""
    finding: str = ""

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def asked(self) -> int:
        return len(self.opinions)

    @property
    def given(self) -> int:
        return sum(one.given for one in self.opinions)

    @property
    def awaited(self) -> frozenset[int]:
        """Who is still to give an opinion."""
        if not self.is_open:
            return frozenset()
        return frozenset(one.reader for one in self.opinions if not one.given and not one.declined)


@dataclass(frozen=True, slots=True)
class ReviewFacts:
    """One review as the policy sees it.

    ``authors`` are the direct writers of the version at hand (an accepted proposal does not make its proposer
    one); ``opened_by`` the people who opened exactly that version; ``approvals`` those of exactly that
    version. ``members`` are the desk's people, so that a refusal can name who could. ``needed`` counts the
    approvals the desk asks for, by kind.
    """

    state: ReviewState
    version: int | None = None
    authors: frozenset[int] = frozenset()
    opened_by: frozenset[int] = frozenset()
    approvals: tuple[ApprovalGiven, ...] = ()
    #: evidence ids that the version cites, in the order of their public numbers
    citations: tuple[int, ...] = ()
    #: by person the cited sources of exactly this version that they opened and found to match
    ticked: Mapping[int, frozenset[int]] = field(default_factory=dict)
    #: whether the desk refuses approvals by whoever has not ticked every source
    refuses_unread: bool = False
    needed: Mapping[ApprovalKind, int] = field(default_factory=lambda: {ApprovalKind.EDITORIAL: 1})
    members: tuple[Member, ...] = ()
    draft: Draft = Draft()
    assignee: int | None = None
    #: who holds the lease now; a lapsed lease is given as None
    lease_holder: int | None = None
    mode: PublishMode = PublishMode.ON_RELEASE
    held: bool = False
    check: CheckStatus | None = None
    #: the version that the public sees now
    published_version: int | None = None
    claim_merged: bool = False
    release_kind: ReleaseKind = ReleaseKind.FIRST
    panels: PanelRule = PanelRule.OFF
    panel: PanelFacts | None = None

    def name_of(self, person: int | None) -> str:
        for member in self.members:
            if member.id == person:
                return member.name
        return "someone else"
