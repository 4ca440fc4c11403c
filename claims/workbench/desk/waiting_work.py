"""What waits for this person at this desk? The groups of the desk page and the order of "next item for me".

Reads only, in two or three statements for all groups, whatever they hold.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions.base import APPROVERS, EDITORS, WORKERS
from claims.actions.evidence.new_sources import OPEN_PER_DESK
from claims.models import (
    Approval,
    Capture,
    Claim,
    Desk,
    Document,
    Evidence,
    Job,
    ReaderMessage,
    ReadingRequest,
    Review,
    SourceAlert,
    User,
    Verdict,
    VerdictAuthor,
    VerdictReading,
)
from claims.models.documents import through
from claims.models.kept import Kept, kept
from claims.models.panels import kept_blind
from claims.models.prepared import prepared, there_is
from claims.models.reviews import OPEN_STATES
from claims.models.seen import hidden_claims, seen_reviews
from claims.models.together import Asking, HowMany, by_name, these
from claims.vocabulary import PanelRule, Role
from claims.workbench.articles.asked_articles import in_state, readable_articles
from claims.workbench.desk.jobs import kind_in_words
from claims.workbench.desk.view_list import COUNTED

SHOWN = 3


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """One thing to do: where it is, what it says, since when it waits."""

    url: str
    text: str
    since: Any
    note: str = ""


@dataclass(frozen=True, slots=True)
class WaitingGroup:
    """One kind of thing to do, its oldest rows, and where all of them are."""

    key: str
    title: str
    empty: str
    count: int
    rows: tuple[WaitingRow, ...]
    url: str = ""
    note: str = ""
    #: Whether there are more than were counted.
    more: bool = False


#: Claims of the desk that are hidden from the person; None where they are many (``hidden_claims``).
Hidden: TypeAlias = "Collection[int] | None"


def _reviews(desk: int, user: User, hidden: Hidden) -> QuerySet[Review]:
    """Return the reviews of a desk that this person may see, with their newest verdicts."""
    newest = Verdict.objects.not_kept_from(user).filter(review=OuterRef("pk")).order_by("-number")
    # Of merged claims as well: none of those is open, and every list here is of open ones.
    return (
        seen_reviews(desk, user, hidden)
        .select_related("claim")
        .annotate(
            verdict_id=Subquery(newest.values("pk")[:1]), headline=Subquery(newest.values("headline")[:1])
        )
        .order_by("state_at", "id")
    )


@kept
def mine(desk: int, user: User, hidden: Hidden) -> QuerySet[Review]:
    """My claims that nobody has sent back."""
    states = [Review.State.QUEUED, Review.State.IN_PROGRESS]
    return _reviews(desk, user, hidden).filter(assignee=user, state__in=states, returned_note="")


@kept
def returned(desk: int, user: User, hidden: Hidden) -> QuerySet[Review]:
    """Claims whose verdict of mine came back with a comment."""
    wrote = VerdictAuthor.objects.filter(verdict__review=OuterRef("pk"), user=user)
    rows = _reviews(desk, user, hidden).filter(state=Review.State.IN_PROGRESS).exclude(returned_note="")
    return rows.filter(Exists(wrote)) | rows.filter(assignee=user)


@kept
def to_approve(desk: int, user: User, hidden: Hidden) -> QuerySet[Review]:
    """Verdicts that wait for somebody who did not write them, and that I have not approved yet."""
    return (
        _reviews(desk, user, hidden)
        .filter(state=Review.State.AWAITING_APPROVAL)
        .exclude(pk__in=kept_blind(user))
        .exclude(there_is(VerdictAuthor.objects.filter(verdict=OuterRef("verdict_id"), user=user)))
        .exclude(there_is(Approval.objects.filter(verdict=OuterRef("verdict_id"), user=user)))
    )


@kept
def opinions(desk: int, user: User, hidden: Hidden) -> QuerySet[Review]:
    """Claims on which an opinion of mine is awaited."""
    return _reviews(desk, user, hidden).filter(pk__in=kept_blind(user), claim__merged_into=None)


@kept
def to_triage(desk: int, user: User) -> QuerySet[Document]:
    """Articles with suggestions that nobody has decided about."""
    rows = in_state(readable_articles(desk, user), desk, "triage")
    return rows.select_related("outlet").order_by("created_at", "id")


@kept
def overdue(desk: int, user: User, hidden: Hidden, now: dt.datetime, all_of_desk: bool) -> QuerySet[Review]:
    """Claims whose time has passed: all of the desk for its editors, one's own for everybody else."""
    # The claims first: few have a time, and an index of their own.
    late = Claim.objects.filter(desk=desk, due_at__lt=now).order_by().values("pk")
    theirs = Review.objects.filter(claim__in=late).order_by().values("pk")
    rows = _reviews(desk, user, hidden).filter(pk__in=theirs, claim__due_at__lt=now, state__in=OPEN_STATES)
    rows = rows if all_of_desk else rows.filter(assignee=user)
    return rows.select_related("claim", "assignee").order_by("claim__due_at", "id")


@kept
def with_others(desk: int, user: User, hidden: Hidden) -> QuerySet[Review]:
    """Verdicts of mine that wait for somebody else: to be read, to be published, or to be approved by one more."""
    wrote = VerdictAuthor.objects.filter(verdict=OuterRef("verdict_id"), user=user)
    states = [Review.State.AWAITING_APPROVAL, Review.State.APPROVED]
    return _reviews(desk, user, hidden).filter(there_is(wrote), state__in=states)


@kept
def corrected(desk: int, user: User) -> QuerySet[Evidence]:
    """Cited sources that were corrected or withdrawn after somebody cited them.

    Whoever decides about the source again, if only to say that it still holds, has seen it.
    """
    told = Capture.objects.exclude(correction="").order_by()
    notes = told.filter(through(user), created_at__gt=OuterRef("decided_at"))
    # Few texts tell of a correction: from them to what rests on them, and not through all that is cited.
    about = Document.objects.filter(
        Q(pk__in=told.values("document"))
        | Q(origin__in=told.exclude(document__origin=None).values("document__origin"))
    ).order_by()
    return (
        Evidence.objects.visible_to(user)
        .decided_before(user)
        .filter(
            pk__in=Evidence.objects.filter(document__in=prepared(about.values("pk"), few=True), cited=True)
            .order_by()
            .values("pk")
        )
        .filter(
            Exists(notes.filter(document=OuterRef("document")))
            | Exists(notes.filter(document__origin=OuterRef("document__origin"))),
            desk=desk,
            cited=True,
            claim__merged_into=None,
        )
        .select_related("claim", "document")
        .order_by("id")
    )


@kept
def from_readers(desk: int, user: User) -> QuerySet[ReaderMessage]:
    """What readers wrote and nobody has settled: complaints by their day, then the rest as it came."""
    rows = ReaderMessage.objects.visible_to(user).open().filter(desk=desk)
    return rows.order_by(F("answer_by").asc(nulls_last=True), "id")


@kept
def new_sources(desk: int, user: User) -> QuerySet[SourceAlert]:
    """Sources that came in after one of the desk's claims was searched and bear on it."""
    rows = SourceAlert.objects.visible_to(user).open().filter(desk=desk)
    return rows.select_related("claim", "document").order_by("id")


@kept
def failed(desk: int, user: User) -> QuerySet[Job]:
    return (
        Job.objects.visible_to(user).filter(desk=desk, status=Job.Status.FAILED).order_by("created_at", "id")
    )


@kept
def unassigned(desk: int, user: User, hidden: Hidden) -> QuerySet[Review]:
    return _reviews(desk, user, hidden).filter(state=Review.State.QUEUED, assignee=None)


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of thing to do: what is asked for it, and how its rows are shown."""

    key: str
    title: str
    empty: str
    rows: Kept[Any]
    show: Callable[[Any], WaitingRow] | None = None
    url: str = ""
    #: For rows that need something of others: given those that are shown, returns how each is.
    show_with: Callable[[Sequence[Any]], Asking[Callable[[Any], WaitingRow]]] | None = None
    #: What is said where there are so many.
    note: str = ""
    note_from: int = 0

    def asked_show(self, rows: Sequence[Any]) -> Asking[Callable[[Any], WaitingRow]]:
        """Ask for what the rows that are shown need of others."""
        if self.show_with is not None:
            return (yield from self.show_with(rows))
        assert self.show is not None
        return self.show

    def shown(self, show: Callable[[Any], WaitingRow], rows: Sequence[Any], count: int) -> WaitingGroup:
        note = self.note if self.note and count >= self.note_from else ""
        said = tuple(show(row) for row in rows)
        return WaitingGroup(
            self.key, self.title, self.empty, min(count, COUNTED), said, self.url, note, count > COUNTED
        )


def groups(desk: Desk, user: User, roles: frozenset[Role]) -> Asking[list[WaitingGroup]]:
    """Ask for the groups this person's roles make sense of, most urgent first.

    Their first rows are one statement; the counts of those that have more, and whom rows wait for, another.
    """
    found: list[_Kind] = []
    hidden, everything = hidden_claims(user), bool(roles & set(EDITORS))
    queue = reverse("queue", args=[desk.slug])
    if roles & set(WORKERS):
        found.append(
            _Kind(
                "overdue",
                _("Overdue"),
                _("Nothing is overdue."),
                overdue(desk.pk, user, hidden, timezone.now(), everything),
                lambda row: WaitingRow(
                    _claim(row), str(row.claim), row.claim.due_at, str(row.assignee or _("nobody has it"))
                ),
                queue + "?due=overdue&sort=due",
            )
        )
        found.append(
            _Kind(
                "returned",
                _("Returned to me"),
                _("Nothing was returned to you."),
                returned(desk.pk, user, hidden),
                lambda row: WaitingRow(
                    _claim(row), row.headline or str(row.claim), row.state_at, row.returned_note
                ),
            )
        )
    if roles & set(WORKERS) and desk.panels != PanelRule.OFF:
        found.append(
            _Kind(
                "opinions",
                _("My opinion is asked for"),
                _("Nobody waits for your opinion."),
                opinions(desk.pk, user, hidden),
                lambda row: WaitingRow(reverse("panel", args=[row.pk]), str(row.claim), row.state_at),
            )
        )
    if roles & set(APPROVERS):
        found.append(
            _Kind(
                "approve",
                _("Waiting for my approval"),
                _("No verdict waits for you."),
                to_approve(desk.pk, user, hidden),
                lambda row: WaitingRow(_reading(row), row.headline or str(row.claim), row.state_at),
                queue + "?state=awaiting_approval",
            )
        )
    if roles & set(WORKERS):
        found.append(
            _Kind(
                "mine",
                _("My claims in progress"),
                _("You work on no claim. Take one from the queue."),
                mine(desk.pk, user, hidden),
                lambda row: WaitingRow(
                    _claim(row), str(row.claim), row.state_at, str(row.get_state_display())
                ),
                queue + "?assignee=me",
            )
        )
        found.append(_others(desk, user, hidden))
        found.append(
            _Kind(
                "corrected",
                _("Cited sources corrected since"),
                _("No source that you cite was corrected."),
                corrected(desk.pk, user),
                lambda row: WaitingRow(
                    f"{_claim(row)}#e{row.pk}", str(row.claim), row.decided_at, str(row.document or "")
                ),
            )
        )
        found.append(_sources(desk, user))
    found.append(
        _Kind(
            "articles",
            _("Articles to triage"),
            _("No article waits. Add one above."),
            to_triage(desk.pk, user),
            lambda row: WaitingRow(
                reverse("document", args=[row.pk]), str(row), row.created_at, str(row.outlet or "")
            ),
            reverse("articles", args=[desk.slug]) + "?state=triage",
        )
    )
    if roles & set(WORKERS):
        found.append(
            _Kind(
                "readers",
                _("From readers"),
                _("No reader waits for an answer."),
                from_readers(desk.pk, user),
                lambda row: WaitingRow(
                    reverse("reader-message", args=[row.pk]),
                    str(row),
                    row.created_at,
                    str(row.get_kind_display()),
                ),
                reverse("reader-messages", args=[desk.slug]),
            )
        )
    if roles & set(WORKERS + EDITORS):
        jobs = reverse("jobs", args=[desk.slug])
        found.append(
            _Kind(
                "jobs",
                _("Failed jobs"),
                _("Everything ran."),
                failed(desk.pk, user),
                lambda row: WaitingRow(
                    jobs, kind_in_words(row), row.finished_at or row.created_at, row.error[:160]
                ),
                jobs,
            )
        )
    first = [kind.rows.first(SHOWN + 1) for kind in found]
    yield first
    longer = {
        kind.key: HowMany(kind.rows, COUNTED + 1)
        for kind, rows in zip(found, first, strict=True)
        if len(rows) > SHOWN
    }
    shown = {kind.key: tuple(rows.read()[:SHOWN]) for kind, rows in zip(found, first, strict=True)}
    shows = yield from by_name(
        _counts=these(*longer.values()), **{kind.key: kind.asked_show(shown[kind.key]) for kind in found}
    )
    return [
        kind.shown(shows[kind.key], shown[kind.key], int(longer.get(kind.key, len(shown[kind.key]))))
        for kind in found
    ]


def _others(desk: Desk, user: User, hidden: Hidden) -> _Kind:
    """Show who has what one handed in, and since when: whom one asked, who has opened it."""
    rows = with_others(desk.pk, user, hidden)

    def people(shown: Sequence[Any]) -> Asking[Callable[[Any], WaitingRow]]:
        verdicts = [row.verdict_id for row in shown]
        names, readers = _asked(verdicts), _opened(verdicts, user)
        yield names, readers
        return lambda row: WaitingRow(
            _claim(row),
            row.headline or str(row.claim),
            row.state_at,
            _who_has(
                row,
                asked=[name for pk, name in names if pk == row.verdict_id],
                opened=[name for pk, name in readers if pk == row.verdict_id],
            ),
        )

    return _Kind(
        "others",
        _("Waiting for others"),
        _("Nothing of yours waits for anybody."),
        rows,
        url=reverse("queue", args=[desk.slug]) + "?state=awaiting_approval",
        show_with=people,
    )


@kept
def _asked(verdicts: list[int]) -> QuerySet[Any, tuple[int, str]]:
    rows = ReadingRequest.objects.filter(verdict__in=verdicts).order_by("id")
    return rows.values_list("verdict_id", "reader__display_name")


@kept
def _opened(verdicts: list[int], user: User) -> QuerySet[Any, tuple[int, str]]:
    rows = VerdictReading.objects.filter(verdict__in=verdicts).exclude(user=user).order_by("id")
    return rows.values_list("verdict_id", "user__display_name")


def _who_has(row: Review, *, asked: list[str], opened: list[str]) -> str:
    if row.state == Review.State.APPROVED:
        return _("approved, not published yet")
    parts = [_("asked: %(names)s") % {"names": ", ".join(asked)}] if asked else []
    parts.append(
        _("opened by %(names)s") % {"names": ", ".join(opened)} if opened else _("nobody has opened it yet")
    )
    return "; ".join(parts)


def _sources(desk: Desk, user: User) -> _Kind:
    said = _("No more than %(n)d are kept. What else came in is found by asking the archive again.")
    return _Kind(
        "sources",
        _("New sources for our claims"),
        _("Nothing came in that bears on a claim."),
        new_sources(desk.pk, user),
        lambda row: WaitingRow(f"{_claim(row)}#s{row.pk}", str(row.claim), row.created_at, str(row.document)),
        note_from=OPEN_PER_DESK,
        note=said % {"n": OPEN_PER_DESK},
    )


def next_for(desk: Desk, user: User, roles: frozenset[Role]) -> str:
    """Return the address of the most urgent thing for this person, or nothing."""
    hidden = hidden_claims(user)
    if roles & set(WORKERS):
        for review in returned(desk.pk, user, hidden).first(1):
            return _claim(review)
        if desk.panels != PanelRule.OFF:
            for review in opinions(desk.pk, user, hidden).first(1):
                return reverse("panel", args=[review.pk])
    if roles & set(APPROVERS):
        for review in to_approve(desk.pk, user, hidden).first(1):
            return _reading(review)
    if roles & set(WORKERS):
        for review in mine(desk.pk, user, hidden).first(1):
            return _claim(review)
        for article in to_triage(desk.pk, user).first(1):
            return reverse("document", args=[article.pk])
        for review in unassigned(desk.pk, user, hidden).first(1):
            return _claim(review)
    return ""


def _reading(row: Review) -> str:
    """Return where a verdict is read: with the first source that this reader has not ticked beside it."""
    return reverse("approve", args=[row.verdict_id]) + "?source=next"  # type: ignore[attr-defined]  # annotated


def _claim(row: Review | Evidence | SourceAlert) -> str:
    return reverse("claim", args=[row.claim_id])
