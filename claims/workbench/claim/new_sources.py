"""New sources on the claim page: what came in since, take it as evidence or dismiss it, stop watching."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from claims.actions.base import Refused
from claims.actions.evidence import alerts
from claims.actions.evidence.new_sources import OPEN_PER_CLAIM
from claims.independence.reliance import Reliance, repeats_claimant
from claims.models import Claim, Review, SourceAlert, User
from claims.models.access import access_alert, access_claim
from claims.models.kept import kept
from claims.models.standing import ask_askers_of
from claims.models.together import Asking, at_once, these
from claims.workbench.access import PersonRequest, enter, opened, signed_in
from claims.workbench.claim.evidence_board import highlighted
from claims.workbench.claim.relevance_words import in_words
from claims.workbench.outcomes import done

#: So many dismissed ones are there to be taken back.
DISMISSED = 10


@dataclass(frozen=True, slots=True)
class NewSource:
    """One alert as it is shown."""

    alert: SourceAlert
    quotation: SafeString
    why: str
    repeats: bool


@dataclass(frozen=True, slots=True)
class NewSources:
    """What came in for a claim and waits for a decision, and what was dismissed."""

    waiting: Sequence[NewSource]
    dismissed: Sequence[SourceAlert]
    published: bool

    @property
    def sentence(self) -> str:
        """Return what there is in one line, for whom it concerns."""
        n = len(self.waiting)
        if self.published:
            text = ngettext(
                "%(n)d new source since it was published",
                "%(n)d new sources since it was published",
                n,
            )
        else:
            text = ngettext(
                "%(n)d new source since the last search", "%(n)d new sources since the last search", n
            )
        return text % {"n": n}

    @property
    def full(self) -> bool:
        """Tell whether more may have come in than is kept."""
        return len(self.waiting) >= OPEN_PER_CLAIM


def ask_new_sources(claim: Claim, user: User) -> Asking[NewSources]:
    """Ask for the alerts of a claim that this person may see, and for more only where there are some."""
    rows = _alerts(claim.pk, user)
    yield [rows]
    waits = [row.pk for row in rows if row.state == SourceAlert.State.OPEN]
    still_open = _still_open(waits)
    askers, _open = yield from at_once(ask_askers_of([claim.pk] if waits else []), these(still_open))
    open_ones = set(still_open)
    asker = askers.get(claim.pk) if open_ones else None
    waiting = [
        NewSource(
            row,
            highlighted(str(vars(row)["words"]), row.matched, row.document.language or claim.language),
            in_words(row.reasons),
            asker is not None and repeats_claimant(Reliance.from_json(row.relies or {}), asker),
        )
        for row in rows
        if row.pk in open_ones
    ]
    gone = [row for row in rows if row.state == SourceAlert.State.DISMISSED][:DISMISSED]
    return NewSources(waiting, gone, any(row.published for row in rows))  # type: ignore[attr-defined]  # annotated


@kept
def _alerts(claim: int, user: User) -> QuerySet[SourceAlert]:
    published = Review.objects.filter(claim=OuterRef("claim"), state=Review.State.PUBLISHED)
    return (
        SourceAlert.objects.visible_to(user)
        .filter(claim=claim)
        .exclude(state=SourceAlert.State.TAKEN)
        .select_related("document__outlet")
        .with_words()
        .annotate(published=Exists(published))
        .order_by("-id")[: OPEN_PER_CLAIM * 4]
    )


@kept
def _still_open(alerts: list[int]) -> QuerySet[Any, int]:
    return SourceAlert.objects.open().filter(pk__in=alerts).order_by().values_list("pk", flat=True)


@signed_in
@require_POST
def decide(request: PersonRequest, pk: int) -> HttpResponse:
    """Take a new source as evidence, dismiss it, or take a dismissal back."""
    alert = access_alert(request.user, pk)
    enter(request, alert.desk)
    home = reverse("claim", args=[alert.claim_id])
    decision = request.POST.get("decision", "")
    if decision == "take":
        evidence = alerts.take_alert(actor=request.user, alert=alert)
        return done(request, _("The source stands among the evidence."), f"{home}#e{evidence.pk}")
    if decision == "dismiss":
        alerts.dismiss_alert(actor=request.user, alert=alert)
        return done(request, _("Dismissed. It can be taken back below."), f"{home}#new-sources")
    if decision == "reopen":
        alerts.reopen_alert(actor=request.user, alert=alert)
        return done(request, _("It waits for a decision again."), f"{home}#new-sources")
    raise Refused(_("Choose whether to take the source as evidence or to dismiss it."))


@signed_in
@require_POST
def watch(request: PersonRequest, pk: int) -> HttpResponse:
    """Stop comparing new sources with a claim, or begin again."""
    claim = opened(request, access_claim, pk)
    watched = request.POST.get("watched") == "true"
    alerts.watch_claim(actor=request.user, claim=claim, watched=watched)
    said = (
        _("New sources are compared with this claim again.")
        if watched
        else _("New sources are not compared with this claim any more.")
    )
    return done(request, said, reverse("claim", args=[pk]) + "#new-sources")
