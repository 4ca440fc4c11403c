"""What would an act on many claims do beyond what was asked for, and whose work would it touch?

Reads only, in as many statements for many rows as for few. What it finds is asked for twice: when somebody looks
at the act, and under the lock when it is done, where anything that nobody agreed to leaves the row as it is.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from claims.models import Review, User, VerdictAuthor, VerdictDraft
from claims.models.facts import latest_verdicts
from claims.vocabulary import BulkAction, Consequence

State = Review.State


@dataclass
class Touched:
    """The consequences of one row in the order of their weight, a sentence for each, and who is to be told."""

    consequences: list[Consequence] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)
    told: set[int] = field(default_factory=set)

    def add(self, consequence: Consequence, sentence: str, *told: int) -> None:
        if consequence not in self.consequences:
            self.consequences.append(consequence)
        self.sentences.append(sentence)
        self.told.update(told)


def touched(
    action: str, reviews: Sequence[Review], *, actor: User, to: int | None, now: dt.datetime
) -> dict[int, Touched]:
    """Return, by review, what the act would take from people; rows that it takes nothing from are empty."""
    found = {review.pk: Touched() for review in reviews}
    if action == BulkAction.DUE:
        # It takes nothing from anybody; who has the claim is told.
        for review in reviews:
            found[review.pk].told = {review.assignee_id} - {None, actor.pk}  # type: ignore[assignment]
        return found
    if action not in (BulkAction.ASSIGN, BulkAction.DISMISS, BulkAction.VERDICT):
        return found
    drafts = _drafts(review.pk for review in reviews)
    authors = _authors(reviews) if action == BulkAction.DISMISS else {}
    people = _names(reviews, drafts)
    for review in reviews:
        row, mine = found[review.pk], {actor.pk, to}
        holder = review.assignee_id
        taken = action != BulkAction.ASSIGN or holder != to
        if holder is not None and holder != actor.pk and taken:
            row.add(Consequence.TAKES, _("%(name)s has it, and is told.") % people[holder], holder)
        user = review.lease_user_id
        if user is not None and user not in mine and review.lease_until and review.lease_until > now:
            row.add(Consequence.TAKES, _("%(name)s is working on it now, and is told.") % people[user], user)
        if action == BulkAction.DISMISS:
            _ended(row, review, authors.get(review.pk, set()) - {actor.pk})
        for user in drafts.get(review.pk, ()):
            if action == BulkAction.ASSIGN and user in mine:
                continue
            if action == BulkAction.ASSIGN:
                said = _("%(name)s has a draft; it is kept, and they are told.")
                row.add(Consequence.TAKES, said % people[user], user)
            elif user != actor.pk:
                row.add(Consequence.DRAFT, _("%(name)s has a draft, and is told.") % people[user], user)
            elif action == BulkAction.DISMISS:
                row.add(Consequence.DRAFT, _("You have a draft."))
    return found


def _ended(row: Touched, review: Review, authors: set[int]) -> None:
    if review.publish_at is not None:
        row.add(
            Consequence.SCHEDULED,
            _("Its publication is planned for %(when)s; that is dropped.")
            % {"when": f"{review.publish_at:%Y-%m-%d %H:%M} UTC"},
            *authors,
        )
    elif review.state == State.APPROVED:
        row.add(Consequence.SCHEDULED, _("It is approved and waits to be published."), *authors)
    elif review.state == State.AWAITING_APPROVAL:
        row.add(
            Consequence.SUBMITTED,
            _("A verdict waits for approval; who wrote it is told."),
            *authors,
        )


def _drafts(reviews: Iterable[int]) -> dict[int, list[int]]:
    """Return whose words lie unsubmitted in each review."""
    found: dict[int, list[int]] = defaultdict(list)
    rows = VerdictDraft.objects.filter(review__in=list(reviews)).order_by("review_id", "user_id")
    for review, user, data in rows.values_list("review_id", "user_id", "data"):
        if any(_written(value) for value in data.values()):
            found[review].append(user)
    return found


def _written(value: Any) -> bool:
    return bool(value.strip()) if isinstance(value, str) else bool(value)


def _authors(reviews: Sequence[Review]) -> dict[int, set[int]]:
    """Return who wrote what waits or is approved."""
    late = [row for row in reviews if row.state in (State.AWAITING_APPROVAL, State.APPROVED)]
    newest = {verdict.pk: review for review, verdict in latest_verdicts(late).items()} if late else {}
    found: dict[int, set[int]] = defaultdict(set)
    for verdict, user in VerdictAuthor.objects.filter(verdict__in=newest).values_list(
        "verdict_id", "user_id"
    ):
        found[newest[verdict]].add(user)
    return found


def _names(reviews: Sequence[Review], drafts: Mapping[int, Sequence[int]]) -> dict[int, dict[str, str]]:
    wanted = {pk for row in reviews for pk in (row.assignee_id, row.lease_user_id) if pk is not None}
    wanted |= {user for users in drafts.values() for user in users}
    rows = User.objects.filter(pk__in=wanted).values_list("pk", "display_name")
    return {pk: {"name": name} for pk, name in rows}
