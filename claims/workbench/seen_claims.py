"""Which claims of a desk does a person see, asked in the way that costs least where there are very many?"""

from __future__ import annotations

from django.db.models import QuerySet

from claims.models import Claim, Desk, Review, User

#: So few claims that are hidden from somebody are read once and left out, instead of asking at each row.
HIDDEN = 200


def seen_at(desk: Desk, user: User) -> tuple[QuerySet[Claim], QuerySet[Review]]:
    """Return the standing claims of a desk, and the reviews of its claims, that somebody who works there may see.

    Reviews of merged claims are among them, but none that is open: merging ends it. Who is let in at the desk sees
    all claims but the hidden ones, mostly none. Asking at each row whether it is hidden is safe for any number of
    those, and costs more than everything else on a page.
    """
    hidden = list(Claim.objects.ids_hidden_from(user)[: HIDDEN + 1])
    if len(hidden) > HIDDEN:
        claims, reviews = Claim.objects.visible_to(user), Review.objects.visible_to(user)
    else:
        claims, reviews = Claim.objects.all(), Review.objects.all()
        if hidden:
            claims, reviews = claims.exclude(pk__in=hidden), reviews.exclude(claim__in=hidden)
    return claims.filter(desk=desk, merged_into=None).order_by(), reviews.filter(desk=desk).order_by()
