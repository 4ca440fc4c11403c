"""What of a claim does a person not see, and whom may they ask? Counts only; nothing of the sources is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import ngettext

from claims.models.claims import Appearance, Claim
from claims.models.documents import Document
from claims.models.evidence import Evidence
from claims.models.kept import kept
from claims.models.together import Asking, answered
from claims.models.users import User


@dataclass(frozen=True, slots=True)
class Withheld:
    """How many sources of a claim a person does not see, and who does."""

    named: int
    others: int

    @property
    def sentences(self) -> list[str]:
        found = []
        if self.named:
            text = ngettext(
                "%(n)d source shown to named people only.",
                "%(n)d sources shown to named people only.",
                self.named,
            )
            found.append(text % {"n": self.named})
        if self.others:
            text = ngettext(
                "%(n)d source shown to another desk only.",
                "%(n)d sources shown to another desk only.",
                self.others,
            )
            found.append(text % {"n": self.others})
        return found


def withheld(claim: Claim, user: User) -> Withheld:
    """Count the documents that a claim appears in or is judged by and that this person may not read."""
    return answered(ask_withheld(claim, user))


def ask_withheld(claim: Claim, user: User) -> Asking[Withheld]:
    """Ask for what ``withheld`` returns, beside other parts of a page."""
    rows = _hidden_sources(claim.pk, user)
    yield [rows]
    counted = dict(rows)
    named = counted.get(Document.Visibility.NAMED, 0)
    return Withheld(named, sum(counted.values()) - named)


@kept
def _hidden_sources(claim: int, user: User) -> QuerySet[Any, Any]:
    """Ask how many documents of each visibility there are."""
    places = Appearance.objects.filter(claim=claim, triage=Appearance.Triage.ACCEPTED).order_by()
    found = Document.objects.filter(
        Q(pk__in=places.values("document"))
        | Q(pk__in=Evidence.objects.filter(claim=claim, rejected=False).order_by().values("document"))
    ).exclude(pk__in=Document.objects.visible_to(user).order_by().values("pk"))
    return found.order_by("visibility").values_list("visibility").annotate(n=Count("pk"))


def closed_to_others(claim: Claim) -> bool:
    """Return whether colleagues who may not read its document do not see this claim yet."""
    sources = [claim.source if claim.wording_confirmed_at is None else None]
    sources.append(claim.claimant.source if claim.claimant else None)
    return any(one is not None and one.visibility != Document.Visibility.ARCHIVE for one in sources)
