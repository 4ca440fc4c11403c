"""Which claims does an address of the queue ask for? One answer for the list and for all that match it."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from claims.actions.base import Refused
from claims.actions.indexing.finding import find_claims
from claims.filters import ClaimFilter
from claims.models import Claim, Desk, User


def words_of(query: QueryDict) -> str:
    """Return the words that are looked for, as one line."""
    return " ".join(query.get("q", "").replace("\x00", " ").split())[:300]


def filtered(desk: Desk, user: User, query: QueryDict) -> ClaimFilter:
    """Return the desk's claims as the filter of an address lets them through, without its words."""
    rows = Claim.objects.visible_to(user).filter(desk=desk, merged_into=None)
    return ClaimFilter(query or None, queryset=rows, desk=desk, user=user)


def matching(desk: Desk, user: User, query: QueryDict) -> QuerySet[Claim]:
    """Return all claims that an address of the queue lets through, newest first; raises what the engine raises."""
    chosen = filtered(desk, user, query)
    if query and not chosen.is_valid():
        raise Refused(
            _("This filter does not exist any more, so nothing is selected. Look at the list again.")
        )
    rows = chosen.qs.order_by("-created_at", "-id")
    words = words_of(query)
    return rows.filter(pk__in=find_claims(words, desk=desk, user=user)) if words else rows
