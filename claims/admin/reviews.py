"""Reviews, verdict versions, approvals, fact checks and releases in the admin, to browse.

A verdict's page shows it as the public would read it; approving happens on its own page, which notes that it
was opened. A draft is its writer's alone until it is offered as a proposal.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from claims.actions.indexing.finding import find_factchecks
from claims.actions.indexing.reading import no_answer
from claims.admin.filters import DeskFilter, NamedChoicesFilter, ScopedRelatedFilter, desk_filter
from claims.admin.guarded import GuardedAdmin, brief, preformatted, shown
from claims.admin.scope import desks_of, person_of
from claims.models import (
    Approval,
    CitationReading,
    Desk,
    FactCheck,
    Opinion,
    Panel,
    Point,
    ReadingRequest,
    Release,
    Review,
    Verdict,
    VerdictAuthor,
    VerdictDraft,
    VerdictReading,
    VerdictSight,
)
from claims.models.panels import is_kept_blind
from claims.search.engine import EngineError


@shown(Review)
class ReviewAdmin(GuardedAdmin):
    list_display = ("on_claim", "state", "assignee", "number", "release_kind", "state_at")
    list_display_links = ("state",)
    list_select_related = ("claim", "assignee")
    list_filter = (
        DeskFilter,
        "state",
        ("closed_reason", NamedChoicesFilter),
        ("assignee", ScopedRelatedFilter),
    )
    deferred = ("public_note", "returned_note")
    finds = ("claim__public_id",)
    search_help_text = _("Number, or the claim's public id.")
    related = ((_("verdicts"), "verdict", "review__id__exact"),)

    @admin.display(description=_("claim"))
    def on_claim(self, row: Review) -> SafeString:
        address = reverse("admin:claims_claim_change", args=[row.claim_id])
        return format_html('<a href="{}">{}</a>', address, row.claim)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Keep why a verdict came back from whoever is to give an opinion beside it."""
        row = super().get_object(request, object_id, from_field)
        if is_kept_blind(person_of(request), row.pk):
            row.returned_note = ""
        return row


@shown(Panel)
class PanelAdmin(GuardedAdmin):
    list_display = ("on_claim", "asked_by", "needed", "due_at", "closed_at", "outcome", "rating")
    list_display_links = ("asked_by",)
    list_select_related = ("review__claim", "asked_by", "rating")
    list_filter = (DeskFilter, "outcome")
    deferred = ("words",)
    finds = ("review__claim__public_id",)
    search_help_text = _("Number, or the claim's public id.")
    related = ((_("opinions"), "opinion", "panel__id__exact"),)

    @admin.display(description=_("claim"))
    def on_claim(self, row: Panel) -> SafeString:
        address = reverse("admin:claims_claim_change", args=[row.review.claim_id])
        return format_html('<a href="{}">{}</a>', address, row.review.claim)


@shown(Opinion)
class OpinionAdmin(GuardedAdmin):
    """Opinions of panels that have ended, and one's own."""

    list_display = ("panel", "reader", "rating", "given_at", "had_seen", "set_aside")
    list_select_related = ("panel", "reader", "rating")
    list_filter = (desk_filter("panel__desk"),)
    desk_path = "panel__desk"
    keeps_blind = True
    deferred = ("reason", "earlier")
    finds = ("panel__review__claim__public_id",)
    search_help_text = _("Number, or the claim's public id.")


@shown(VerdictSight)
class VerdictSightAdmin(GuardedAdmin):
    list_display = ("review", "user", "created_at")
    list_select_related = ("review__claim", "user")
    list_filter = (desk_filter("review__desk"),)
    desk_path = "review__desk"


@shown(Verdict)
class VerdictAdmin(GuardedAdmin):
    list_display = ("headline", "number", "rating", "created_by", "created_at")
    list_select_related = ("rating", "created_by")
    list_filter = (DeskFilter, ("rating", ScopedRelatedFilter), ("created_by", ScopedRelatedFilter))
    deferred = ("justification", "not_found", "short_answer", "wording")
    keeps_blind = True
    finds = ("claim__public_id", "headline__startswith")
    search_help_text = _("Number, the claim's public id, or the beginning of the headline.")
    related = (
        (_("authors"), "verdictauthor", "verdict__id__exact"),
        (_("readings"), "verdictreading", "verdict__id__exact"),
        (_("sources opened"), "citationreading", "verdict__id__exact"),
        (_("approvals"), "approval", "verdict__id__exact"),
        (_("points"), "point", "verdict__id__exact"),
    )

    @admin.display(description=_("as the public will read it"))
    def opened(self, row: Verdict) -> SafeString:
        address = reverse("admin:claims_claim_verdict", args=[row.claim_id, row.pk])
        return format_html('<a href="{}">{}</a>', address, _("Open to read and approve"))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return ["opened", *super().get_readonly_fields(request, obj)]


class _OfVerdict(GuardedAdmin):
    desk_path = "verdict__desk"
    keeps_blind = True
    list_filter: ClassVar[Any] = (desk_filter("verdict__desk"),)
    finds = ("verdict__claim__public_id",)
    search_help_text = _("Number, or the claim's public id.")


@shown(VerdictAuthor)
class VerdictAuthorAdmin(_OfVerdict):
    list_display = ("verdict", "user")
    list_select_related = ("verdict", "user")


@shown(VerdictReading)
class VerdictReadingAdmin(_OfVerdict):
    list_display = ("verdict", "user", "created_at")
    list_select_related = ("verdict", "user")


@shown(ReadingRequest)
class ReadingRequestAdmin(_OfVerdict):
    list_display = ("verdict", "reader", "asked_by", "created_at")
    list_select_related = ("verdict", "reader", "asked_by")


@shown(CitationReading)
class CitationReadingAdmin(_OfVerdict):
    list_display = ("verdict", "user", "evidence_id", "created_at", "ticked_at")
    list_select_related = ("verdict", "user")


@shown(Approval)
class ApprovalAdmin(_OfVerdict):
    list_display = ("verdict", "user", "kind", "unread_reason", "created_at")
    list_select_related = ("verdict", "user")
    list_filter = (desk_filter("verdict__desk"), "kind", ("user", ScopedRelatedFilter))


@shown(Point)
class PointAdmin(_OfVerdict):
    list_display = (brief("question", _("question")), "number", "verdict", "finding")
    list_select_related = ("verdict",)


@shown(VerdictDraft)
class VerdictDraftAdmin(GuardedAdmin):
    list_display = ("review", "user", "version", "updated_at")
    list_select_related = ("review__claim", "user")
    list_filter = (desk_filter("review__desk"),)
    desk_path = "review__desk"
    keeps_blind = True
    deferred = ("data",)

    def scoped(self, rows: QuerySet[VerdictDraft], request: HttpRequest) -> QuerySet[VerdictDraft]:
        mine = Q(user=person_of(request)) | Q(data__proposal=True)
        return super().scoped(rows, request).filter(mine)


@shown(FactCheck)
class FactCheckAdmin(GuardedAdmin):
    list_display = (
        brief("claim_text", _("claim")),
        "claimant_name",
        "rating_label",
        "status",
        "imported",
        "publisher",
        "modified_at",
    )
    list_filter = (
        DeskFilter,
        "status",
        "imported",
        "finding",
        "language",
        ("foreign_label", ScopedRelatedFilter),
    )
    deferred = ("raw",)
    finds = ("public_id", "import_key", "url")
    search_help_text = _("Number, public id, address, or words of the check (asks the engine).")
    related = (
        (_("releases"), "release", "factcheck__id__exact"),
        (_("claims it matches"), "match", "factcheck__id__exact"),
    )

    def find(self, request: HttpRequest, rows: QuerySet[Any], words: str) -> QuerySet[Any]:
        """Look the words up as a name first, then ask the engine; suspended checks are found by name only."""
        named = super().find(request, rows, words)
        if named.exists():
            return named
        try:
            found = find_factchecks(words, desks=Desk.objects.filter(pk__in=desks_of(request)))
        except EngineError as problem:
            messages.warning(
                request, no_answer(problem) + " " + _t("Only numbers and addresses were looked up.")
            )
            return rows.none()
        return rows.filter(pk__in=found)


@shown(Release)
class ReleaseAdmin(GuardedAdmin):
    list_display = ("factcheck", "number", "kind", "by", "created_at")
    list_display_links = ("number",)
    list_select_related = ("factcheck", "by")
    list_filter = (desk_filter("factcheck__desk"), "kind")
    desk_path = "factcheck__desk"
    deferred = ("payload", "factcheck__raw")
    finds = ("factcheck__public_id", "payload_hash")
    search_help_text = _("Number, the fact check's public id, or the hash of the payload.")

    @admin.display(description=_("as published"))
    def as_published(self, row: Release) -> SafeString | str:
        if row.redacted_at is not None:
            return format_html("<em>{}</em>", _("Redacted; only that it was is kept."))
        public = row.payload
        shown_parts = [
            (_("claim"), public.get("wording", "")),
            (_("headline"), public.get("headline", "")),
            (_("short answer"), public.get("short_answer", "")),
            (_("reasoning"), public.get("justification", "")),
        ]
        return preformatted("\n\n".join(f"{words}:\n{text}" for words, text in shown_parts if text))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return ["as_published", *super().get_readonly_fields(request, obj)]
