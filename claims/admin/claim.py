"""Claims, claimants and appearances in the admin; the page of one claim is where it is worked on.

Claims are found by number, public id or claimant, else by the engine; never by looking through texts.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from claims.actions.indexing.finding import find_claims
from claims.actions.indexing.reading import no_answer
from claims.admin import bulk
from claims.admin import claim_page as work
from claims.admin.filters import AssignedFilter, DeskFilter, FindingFilter, ScopedRelatedFilter, StateFilter
from claims.admin.guarded import GuardedAdmin, brief, shown
from claims.admin.scope import desks_of, person_of
from claims.models import Appearance, Claim, Claimant, ClaimantAlias, Desk, Evidence, Review, Verdict
from claims.models.fields import key_of, row_number
from claims.models.panels import awaited_on
from claims.search.engine import EngineError
from claims.splitting.ranking import reasons
from claims.vocabulary import Finding

_NAMED = 50


# Not Django's bar of years and months: it reads every row to know which there are.
CREATED = ("created_at", admin.DateFieldListFilter)


@shown(Claim)
class ClaimAdmin(GuardedAdmin):
    """The queue as the stock list, and for each claim the whole way to its publication."""

    list_display = (
        "wording_shown",
        "claimant",
        "state",
        "rating_shown",
        "finding_shown",
        "cited_shown",
        "due_shown",
        "assignee",
        "articles_shown",
        "origins_shown",
        "score_shown",
        "created_at",
    )
    list_select_related = ("claimant", "desk")
    list_filter = (
        DeskFilter,
        StateFilter,
        AssignedFilter,
        FindingFilter,
        "checks",
        ("claimant", ScopedRelatedFilter),
        CREATED,
    )
    search_help_text = _("Number, public id, claimant, or words of the claim (asks the engine).")
    deferred = ("why", "topics", "wording_unresolved")
    actions = bulk.CLAIM_ACTIONS

    @admin.display(description=_("claim"))
    def wording_shown(self, row: Claim) -> str:
        words = str(row)
        return f"{words} → {row.merged_into_id}" if row.merged_into_id else words

    def _newest(self, row: Claim) -> Review | None:
        return max(row.reviews.all(), key=lambda review: review.number, default=None)

    @admin.display(description=_("state"))
    def state(self, row: Claim) -> str:
        newest = self._newest(row)
        return newest.get_state_display() if newest else "–"

    @admin.display(description=_("rating"))
    def rating_shown(self, row: Any) -> str:
        return row.rating_label or "–"

    @admin.display(description=_("finding"))
    def finding_shown(self, row: Any) -> str:
        return str(Finding(row.rating_finding).label) if row.rating_finding else "–"

    @admin.display(description=_("due"))
    def due_shown(self, row: Claim) -> str:
        if row.due_at is None:
            return "–"
        day = date_format(timezone.localtime(row.due_at), "SHORT_DATE_FORMAT")
        newest = self._newest(row)
        ended = newest is not None and newest.state in (Review.State.CLOSED, Review.State.PUBLISHED)
        late = not ended and row.due_at < timezone.now()
        return _t("overdue since %(day)s") % {"day": day} if late else day

    @admin.display(description=_("cited"))
    def cited_shown(self, row: Any) -> int:
        return int(row.cited_count or 0)

    @admin.display(description=_("articles found"))
    def articles_shown(self, row: Any) -> int | str:
        return "–" if row.kept_apart else row.articles_found

    @admin.display(description=_("origins found"))
    def origins_shown(self, row: Any) -> int | str:
        return "–" if row.kept_apart else row.origins_found

    @admin.display(description=_("assigned to"))
    def assignee(self, row: Claim) -> str:
        newest = self._newest(row)
        return newest.assignee.display_name if newest and newest.assignee else "–"

    @admin.display(description=_("score"))
    def score_shown(self, row: Claim) -> str:
        return f"{row.score:.2f}"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        reviews = Review.objects.select_related("assignee").defer("public_note", "returned_note")
        # Looked up for the rows of one page alone: the database computes them after it has cut the list.
        newest = (
            Verdict.objects.not_kept_from(person_of(request)).filter(claim=OuterRef("pk")).order_by("-pk")
        )
        cited = (
            Evidence.objects.visible_to(person_of(request))
            .decided_before(person_of(request))
            .filter(claim=OuterRef("pk"), cited=True)
            .order_by()
            .values("claim")
            .annotate(found=Count("pk"))
            .values("found")
        )
        rows = super().get_queryset(request).prefetch_related(Prefetch("reviews", queryset=reviews))
        return rows.annotate(
            rating_label=Subquery(newest.values("rating__label")[:1]),
            rating_finding=Subquery(newest.values("rating__finding")[:1]),
            cited_count=Subquery(cited),
            kept_apart=awaited_on(person_of(request), "pk"),
        )

    def find(self, request: HttpRequest, rows: QuerySet[Any], words: str) -> QuerySet[Any]:
        """Look the words up as a number, an id or a claimant first, then ask the engine."""
        wanted = Q(public_id=words)
        if (number := row_number(words)) is not None:
            wanted |= Q(pk=number)
        person = person_of(request)
        people = Claimant.objects.visible_to(person).filter(
            desk__in=desks_of(request), name_key=key_of(words)
        )
        wanted |= Q(claimant__in=list(people.values_list("pk", flat=True)[:_NAMED]))
        named = rows.filter(wanted)
        if named.exists():
            return named
        try:
            found = [
                pk
                for desk in Desk.objects.filter(pk__in=desks_of(request))
                for pk in find_claims(words, desk=desk, user=person)
            ]
        except EngineError as problem:
            messages.warning(request, no_answer(problem) + " " + _t("Only numbers and names were looked up."))
            return rows.none()
        return rows.filter(pk__in=found)

    # The work

    def get_urls(self) -> list[URLPattern]:
        own = self.admin_site.admin_view(require_safe(self.verdict_view))
        return [
            path("<int:pk>/verdict/<int:verdict>/", own, name="claims_claim_verdict"),
            *super().get_urls(),
        ]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the claim's page. What is done on it goes to the addresses of the workbench, and comes back."""
        if request.method == "POST" or "_popup" in request.GET:
            # The stock view refuses both as it should: nothing is changed by a model's form.
            return super().change_view(request, object_id, form_url, extra_context)
        return work.page(self, request, row_number(object_id) or 0)

    def verdict_view(self, request: HttpRequest, pk: int, verdict: int) -> HttpResponse:
        return work.version_page(self, request, pk, verdict)


@shown(Claimant)
class ClaimantAdmin(GuardedAdmin):
    list_display = ("name", "kind", "job_title", "merged_into", "desk")
    list_select_related = ("merged_into", "desk")
    list_filter = (DeskFilter, "kind")
    finds = ("name_key__startswith", "aliases__alias_key")
    related = (
        (_("claims"), "claim", "claimant__id__exact"),
        (_("other names"), "claimantalias", "claimant__id__exact"),
    )


@shown(ClaimantAlias)
class ClaimantAliasAdmin(GuardedAdmin):
    list_display = ("alias", "claimant", "desk")
    list_select_related = ("claimant", "desk")
    list_filter = (DeskFilter,)
    finds = ("alias_key__startswith",)


@shown(Appearance)
class AppearanceAdmin(GuardedAdmin):
    list_display = (
        brief("quotation", _("quotation")),
        "triage",
        "document",
        "claimant_text",
        "checkable",
        "score_shown",
        "on_claim",
    )
    list_select_related = ("document", "claim")
    list_filter = (DeskFilter, "triage", "attribution", "checkable", ("touched_by", ScopedRelatedFilter))
    search_help_text = _("Number, the claim's public id, or the claimant as written.")
    finds = ("claim__public_id", "claimant_text")
    deferred = ("reasons", "dates", "flags", "rules", "wording", "wording_unresolved", "provenance")
    actions = bulk.APPEARANCE_ACTIONS

    @admin.display(description=_("score"))
    def score_shown(self, row: Appearance) -> str:
        return f"{row.score:.2f}"

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        columns = super().get_readonly_fields(request, obj)
        at = columns.index("score") + 1
        return [*columns[:at], "reasons_shown", *columns[at:]]

    @admin.display(description=_("why it is check-worthy"))
    def reasons_shown(self, row: Appearance) -> str:
        """The reasons in the words of the article page."""
        speaking_for, against = reasons.shown(row.reasons)
        told = " · ".join(speaking_for)
        if against:
            told = " ".join((told, str(_("against it:")), " · ".join(against))).strip()
        return told or "–"

    @admin.display(description=_("claim"))
    def on_claim(self, row: Appearance) -> SafeString | str:
        if row.claim_id is None:
            return "–"
        address = reverse("admin:claims_claim_change", args=[row.claim_id])
        return format_html('<a href="{}">{}</a>', address, row.claim_id)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.work_view(self.bulk_view)
        return [path("bulk/", view, name="claims_appearance_bulk"), *super().get_urls()]

    def bulk_view(self, request: HttpRequest) -> HttpResponse:
        return bulk.appearances_page(self, request)
