"""Searches, evidence, contact notes and earlier checks in the admin, to browse; they are decided on a claim's page."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from claims.admin.filters import DeskFilter, LatelyNamedFilter, ScopedRelatedFilter, desk_filter
from claims.admin.guarded import GuardedAdmin, brief, preformatted, shown
from claims.admin.scope import person_of
from claims.models import (
    ContactNote,
    Evidence,
    Match,
    SearchHit,
    SearchRun,
    SourceAlert,
    UnmatchedCapture,
)
from claims.models.fields import beginning


class _DecidedApart(GuardedAdmin):
    """Rows about claims of which whoever owes an opinion on the claim is not told what others decided."""

    keeps_blind = True
    #: What people decide: rows found, or put in order, by it tell it.
    decided: ClassVar[tuple[str, ...]] = ()

    def scoped(self, rows: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
        found: Any = super().scoped(rows, request)
        asked = any(name.partition("__")[0] in self.decided or name == "o" for name in request.GET)
        return found.decided_before(person_of(request)) if asked else found


@shown(Evidence)
class EvidenceAdmin(_DecidedApart):
    list_display = (
        brief("quotation", _("quotation")),
        "on_claim",
        "kind",
        "stance",
        "cited",
        "rejected",
        "document",
    )
    list_select_related = ("claim", "document")
    list_filter = (DeskFilter, "kind", "stance", "cited", "rejected", "primacy")
    deferred = ("matched", "translation")
    finds = ("claim__public_id", "source_url", "source_title__startswith")
    search_help_text = _("Number, the claim's public id, the source's address or the beginning of its title.")

    decided = ("stance", "cited", "rejected", "primacy")

    @admin.display(description=_("claim"))
    def on_claim(self, row: Evidence) -> SafeString:
        address = reverse("admin:claims_claim_change", args=[row.claim_id])
        return format_html('<a href="{}#e{}">{}</a>', address, row.pk, beginning(str(row.claim), 80))


@shown(ContactNote)
class ContactNoteAdmin(GuardedAdmin):
    list_display = ("who", "how", "asked_at", "answered_at", "by")
    list_select_related = ("by",)
    list_filter = (desk_filter("evidence__desk"),)
    desk_path = "evidence__desk"
    finds = ("who__startswith",)


@shown(SearchRun)
class SearchRunAdmin(GuardedAdmin):
    list_display = (
        "__str__",
        "claim",
        "engine",
        "searched",
        "in_window",
        "hits_found",
        "outcome",
        "created_at",
    )
    list_select_related = ("claim",)
    list_filter = (DeskFilter, "kind", "outcome", ("engine", LatelyNamedFilter))
    deferred = ("questions",)
    finds = ("claim__public_id",)
    search_help_text = _("Number, or the claim's public id.")
    related = ((_("what it answered"), "searchhit", "run__id__exact"),)


@shown(SearchHit)
class SearchHitAdmin(GuardedAdmin):
    list_display = ("__str__", "run", "document", "weak")
    list_select_related = ("run", "document")
    list_filter = ("weak", desk_filter("run__desk"))
    desk_path = "run__desk"
    deferred = ("matched",)

    @admin.display(description=_("passage"))
    def passage(self, row: SearchHit) -> SafeString:
        return preformatted(row.capture.text[row.start : row.end])

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return ["passage", *super().get_readonly_fields(request, obj)]


@shown(Match)
class MatchAdmin(_DecidedApart):
    decided = ("state", "decided_by")
    list_display = ("claim", "factcheck", "state", "rank", "decided_by", "decided_at")
    list_select_related = ("claim", "factcheck", "decided_by")
    list_filter = (desk_filter("claim__desk"), "state", ("decided_by", ScopedRelatedFilter))
    desk_path = "claim__desk"
    deferred = ("reasons", "factcheck__raw")
    finds = ("claim__public_id", "factcheck__public_id")
    search_help_text = _("Number, or the public id of the claim or the fact check.")


@shown(SourceAlert)
class SourceAlertAdmin(GuardedAdmin):
    list_display = ("document", "claim", "state", "relevance", "created_at", "decided_by", "decided_at")
    list_select_related = ("document", "claim", "decided_by")
    list_filter = (DeskFilter, "state", ("decided_by", ScopedRelatedFilter))
    deferred = ("matched", "reasons", "relies")
    finds = ("claim__public_id",)
    search_help_text = _("Number, or the claim's public id.")


@shown(UnmatchedCapture)
class UnmatchedCaptureAdmin(GuardedAdmin):
    list_display = ("capture", "since")
    list_select_related = ("capture",)
    list_filter = (desk_filter("capture__document__desk"),)
    desk_path = "capture__document__desk"
