"""Which claims of a desk does a person see, asked in the way that costs least where there are very many?"""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import QuerySet

from claims.models.claims import Claim
from claims.models.desks import Desk
from claims.models.kept import kept
from claims.models.reviews import Review
from claims.models.users import User

#: So few claims that are hidden from somebody are read once and left out, instead of asking at each row.
HIDDEN = 200


def hidden_claims(user: User) -> list[int] | None:
    """Return the few claims that are hidden from somebody; None where they are more than few."""
    hidden = list(_hidden(user))
    return None if len(hidden) > HIDDEN else hidden


@kept
def _hidden(user: User) -> QuerySet[Claim, int]:
    return Claim.objects.ids_hidden_from(user)[: HIDDEN + 1]


def seen_claims(
    desk: int, user: User, hidden: Collection[int] | None, *, standing: bool = True
) -> QuerySet[Claim]:
    """Return the claims of a desk that somebody who works there may see; merged ones only without ``standing``."""
    claims = Claim.objects.visible_to(user) if hidden is None else Claim.objects.exclude(pk__in=hidden)
    claims = claims.filter(merged_into=None) if standing else claims
    return claims.filter(desk=desk).order_by()


def unhidden_reviews(user: User, hidden: Collection[int] | None) -> QuerySet[Review]:
    """Return all reviews but those of hidden claims, for whoever narrows them to desks of the person's."""
    return Review.objects.visible_to(user) if hidden is None else Review.objects.exclude(claim__in=hidden)


def seen_reviews(desk: int, user: User, hidden: Collection[int] | None) -> QuerySet[Review]:
    """Return the reviews of a desk's claims that somebody who works there may see."""
    return unhidden_reviews(user, hidden).filter(desk=desk).order_by()


def seen_at(desk: Desk, user: User) -> tuple[QuerySet[Claim], QuerySet[Review]]:
    """Return the standing claims of a desk, and the reviews of its claims, that somebody who works there may see.

    Reviews of merged claims are among them, but none that is open: merging ends it. Who is let in at the desk sees
    all claims but the hidden ones, mostly none. Asking at each row whether it is hidden is safe for any number of
    those, and costs more than everything else on a page.
    """
    hidden = hidden_claims(user)
    return seen_claims(desk.pk, user, hidden), seen_reviews(desk.pk, user, hidden)
