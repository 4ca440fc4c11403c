"""Very many claims at one desk, to see how pages and acts behave there; made for tests of speed, never for work.

Rows are written in bulk and past the actions: nothing in the outbox of the index, nothing published. Claimants follow
a long tail (few make most claims), states and ages are those of a desk that has worked for years. The articles they
come from, searches, evidence and log lines are those of ``very_many_sources``.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions import base
from claims.actions.desk.accounts import make_person
from claims.actions.desk.setup import make_desk
from claims.actions.desk.very_many_sources import ROWS, around, surround
from claims.models import Claim, Claimant, Desk, Rating, Review, User, Verdict, VerdictAuthor
from claims.models.fields import key_of
from claims.vocabulary import CloseReason, Role

#: So many claims are written in one transaction.
STRETCH = 10_000
#: One claimant for so many claims, as on a desk of a hundred thousand.
PER_CLAIMANT = 20
YEARS = 8
State = Review.State
#: State, how many of a hundred claims stand there, and whether a verdict was written.
SHARES: tuple[tuple[str, int, bool], ...] = (
    (State.PUBLISHED, 52, True),
    (State.CLOSED, 30, False),
    (State.QUEUED, 12, False),
    (State.IN_PROGRESS, 3, False),
    (State.AWAITING_APPROVAL, 2, True),
    (State.APPROVED, 1, True),
)
_SUBJECTS = (
    "The bridge",
    "The port",
    "The clinic",
    "Unemployment",
    "The harvest",
    "Crime",
    "The budget",
    "The ferry",
)
_VERBS = ("grew by", "fell by", "costs", "employs", "carried", "lost", "has reached", "will need")
_PLACES = (
    "Lenna",
    "Osk",
    "Port Ellery",
    "Korren",
    "Tarnside",
    "Averland",
    "Brevik",
    "Halden",
    "Mirow",
    "Dravia",
)
_NAMES = (
    "Ilse Brandt",
    "Otto Falk",
    "Nina Fossum",
    "Jonas Veit",
    "Karin Holt",
    "Emil Tanager",
    "Mats Ekdahl",
)


@dataclass(frozen=True, slots=True)
class Scaled:
    """A desk that is filled, and who works there."""

    desk: Desk
    editor: User
    people: tuple[User, ...]


def make_people(slug: str) -> Scaled:
    """Return the desk of this name with six people; both are made where they are not there."""
    desk = Desk.objects.filter(slug=slug).first() or make_desk(slug=slug, name=f"Desk {slug}")
    people = []
    for number in range(6):
        email = f"person{number}@{slug}.invalid"
        known = User.objects.filter(email_key=key_of(email)).first()
        made = known or make_person(
            actor=None,
            desk=desk,
            email=email,
            display_name=f"Person {number} of {slug}",
            roles=list(Role) if number == 0 else [Role.FACT_CHECKER, Role.REVIEWER],
        )
        if not isinstance(made, User):
            raise base.Refused(
                _("%(email)s belongs to somebody else here; choose another desk.") % {"email": email}
            )
        people.append(made)
    return Scaled(desk, people[0], tuple(people))


def fill(
    place: Scaled, claims: int, *, dice: random.Random, bare: bool = False, now: dt.datetime | None = None
) -> Iterator[int]:
    """Add claims of all states and ages, in stretches; yields how many are there after each.

    With ``bare`` they have no articles, searches, evidence and log around them.
    """
    now = now or timezone.now()
    archive = place.desk.own_archives.order_by("pk").first()
    surroundings = None if bare or archive is None else around(archive, place.people, now)
    claimants = _claimants(place, max(claims // PER_CLAIMANT, 5), now)
    ratings = list(
        Rating.objects.filter(scale__desk=place.desk, scale__is_current=True).order_by("position", "pk")
    )
    done = 0
    while done < claims:
        count = min(STRETCH, claims - done)
        with transaction.atomic():
            claimed, reviews = _stretch(place, done, count, claims, claimants, ratings, dice, now)
            if surroundings:
                surround(surroundings, claimed, reviews, newest=done + count == claims, dice=dice)
        done += count
        yield done


def _claimants(place: Scaled, count: int, now: dt.datetime) -> list[int]:
    known = Claimant.objects.filter(desk=place.desk).count()
    rows = [
        Claimant(desk=place.desk, name=name, name_key=key_of(name), created_at=now)
        for number in range(known, known + count)
        if (name := f"{_NAMES[number % len(_NAMES)]} {number}")
    ]
    with transaction.atomic():
        made = Claimant.objects.bulk_create(rows, batch_size=ROWS)
    return [row.pk for row in made]


def _stretch(
    place: Scaled,
    before: int,
    count: int,
    total: int,
    claimants: Sequence[int],
    ratings: Sequence[Rating],
    dice: random.Random,
    now: dt.datetime,
) -> tuple[list[Claim], list[Review]]:
    """Write some thousand claims with their reviews and verdicts, and return them; the last ones are the newest."""
    states = dice.choices([row[0] for row in SHARES], [row[1] for row in SHARES], k=count)
    judged = {state for state, _share, verdict in SHARES if verdict}
    claims, ages = [], []
    for number in range(before, before + count):
        age = dt.timedelta(days=365 * YEARS * (1 - number / total), seconds=dice.random() * 3600)
        made = now - age
        ages.append(made)
        searched = dice.random() < 0.9
        found = int(dice.expovariate(0.5)) if searched else 0
        claims.append(
            Claim(
                desk=place.desk,
                wording=f"{dice.choice(_SUBJECTS)} of {dice.choice(_PLACES)} {dice.choice(_VERBS)} {number + 1:,}.",
                wording_confirmed_by=place.editor,
                wording_confirmed_at=made,
                # Few people make most of the claims.
                claimant_id=claimants[int(len(claimants) * dice.random() ** 3)],
                score=round(dice.random(), 4),
                searched_at=made if searched else None,
                articles_found=found * 2,
                origins_found=found,
                added_by=place.editor,
                created_at=made,
                updated_at=made,
            )
        )
    Claim.objects.bulk_create(claims, batch_size=ROWS)
    reviews = [
        Review(
            desk=place.desk,
            claim=claim,
            state=state,
            state_at=made,
            created_at=made,
            closed_reason=CloseReason.NOT_WORTH_IT if state == State.CLOSED else "",
            assignee=None if state == State.QUEUED and dice.random() < 0.8 else dice.choice(place.people),
        )
        for claim, state, made in zip(claims, states, ages, strict=True)
    ]
    Review.objects.bulk_create(reviews, batch_size=ROWS)
    verdicts = [
        Verdict(
            review=review,
            desk=place.desk,
            claim=review.claim,
            number=1,
            wording=review.claim.wording,
            headline=f"What is known of claim {review.claim_id}",
            rating=dice.choice(ratings),
            short_answer="The statistics office counted otherwise.",
            justification="The statistics office counted otherwise.",
            created_by=review.assignee or place.editor,
            created_at=review.created_at,
        )
        for review in reviews
        if review.state in judged
    ]
    Verdict.objects.bulk_create(verdicts, batch_size=ROWS)
    VerdictAuthor.objects.bulk_create(
        [VerdictAuthor(verdict=verdict, user_id=verdict.created_by_id) for verdict in verdicts],
        batch_size=ROWS,
    )
    return claims, reviews
