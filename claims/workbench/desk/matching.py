"""Which claims does an address of the queue ask for? One answer for the list, its file, and all that match it."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from claims.actions.base import Refused
from claims.actions.indexing.finding import find_claims
from claims.filters import ClaimFilter, named
from claims.forms.fields import PersonField
from claims.models import Claim, Claimant, Desk, User
from claims.models.fields import row_number
from claims.workbench.chips import FiltersAsked, asked, day_words


def words_of(query: QueryDict) -> str:
    """Return the words that are looked for, as one line."""
    return " ".join(query.get("q", "").replace("\x00", " ").split())[:300]


def filtered(desk: Desk, user: User, query: QueryDict) -> ClaimFilter:
    """Return the desk's claims as the filter of an address lets them through, without its words."""
    rows = Claim.objects.visible_to(user).filter(desk=desk, merged_into=None)
    return ClaimFilter(query or None, queryset=rows, desk=desk, user=user)


def asked_of_queue(desk: Desk, user: User, query: QueryDict, chosen: ClaimFilter) -> FiltersAsked:
    """Return the filters of an address of the queue in words."""

    def claimant(value: str) -> str:
        known = Claimant.objects.standing().visible_to(user).filter(desk=desk)
        found = named(known, value, user)
        if row_number(value) is not None and found:
            return str(known.filter(pk=found[0]).order_by().values_list("name", flat=True).get())
        return value if found else ""

    def assignee(value: str) -> str:
        known = {"me": _("me"), "nobody": _("nobody")}
        number = row_number(value)
        if number is None:
            return known.get(value, "")
        people = PersonField(desk=desk).queryset
        return next((one.display_name for one in people if one.pk == number), "")  # type: ignore[union-attr]

    def choice(name: str) -> str:
        labels = dict(chosen.filters[name].extra["choices"])
        return str(labels.get(query.get(name, ""), ""))

    return asked(
        query,
        chosen,
        {
            "claimant": claimant,
            "assignee": assignee,
            "rating": lambda _value: choice("rating"),
            "state": lambda _value: choice("state"),
            "evidence": lambda _value: choice("evidence"),
            "due": lambda _value: choice("due"),
            "since": day_words,
            "until": day_words,
        },
        more=("q",),
    )


def matching(desk: Desk, user: User, query: QueryDict) -> QuerySet[Claim]:
    """Return all claims that an address of the queue lets through, newest first; raises what the engine raises."""
    chosen = filtered(desk, user, query)
    problems = asked_of_queue(desk, user, query, chosen).problems if query else []
    if problems:
        raise Refused(
            _("This filter does not exist any more, so nothing is selected. Look at the list again.")
        )
    rows = chosen.qs.order_by("-created_at", "-id")
    words = words_of(query)
    return rows.filter(pk__in=find_claims(words, desk=desk, user=user)) if words else rows
