"""The archive in the admin: outlets, documents, captures, passages, origins and analyses.

Texts are read on the page of one capture; lists never load them. Documents are found by their address, by the
beginning of their title or by what stands in them, which the engine is asked.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from claims.actions.base import Refused
from claims.actions.documents import fetching
from claims.actions.documents.publication import preview_publication, sentence_of, set_publication
from claims.actions.evidence.asking import scopes_of
from claims.actions.indexing.reading import asked_engine, no_answer
from claims.admin.filters import DeskFilter, LatelyNamedFilter, ScopedRelatedFilter, desk_filter
from claims.admin.guarded import GuardedAdmin, preformatted, shown
from claims.admin.scope import administers, desks_of, person_of
from claims.forms import redating
from claims.forms.articles import PublicationForm
from claims.models import (
    AnalysisRun,
    Archive,
    Capture,
    Desk,
    Document,
    DocumentFingerprint,
    FinishedArticle,
    Origin,
    OriginParting,
    Outlet,
    Owner,
    Passage,
    ShingleKey,
)
from claims.query.build import ClaimText, question
from claims.query.types import ARCHIVE_AUDIENCE, Collection, Query
from claims.search.engine import EngineError

FOUND = 300


def archives_of(request: HttpRequest) -> QuerySet[Archive]:
    """Return the archives that this person's desks own or read."""
    if person_of(request).is_superuser:
        return Archive.objects.all()
    desks = desks_of(request)
    return Archive.objects.filter(Q(desk__in=desks) | Q(readers__in=desks)).distinct()


@shown(Archive)
class ArchiveAdmin(GuardedAdmin):
    list_display = ("name", "slug", "desk", "created_at")
    list_select_related = ("desk",)
    desk_path = None
    finds = ("slug", "name__startswith")
    related = ((_("documents"), "document", "archive__id__exact"),)

    def scoped(self, rows: QuerySet[Archive], request: HttpRequest) -> QuerySet[Archive]:
        return rows.filter(pk__in=archives_of(request).values("pk"))


@shown(Owner)
class OwnerAdmin(GuardedAdmin):
    list_display = ("name", "created_at")
    desk_path = None
    finds = ("name_key__startswith",)
    related = ((_("outlets"), "outlet", "owner__id__exact"),)


@shown(Outlet)
class OutletAdmin(GuardedAdmin):
    list_display = ("name", "site", "owner", "is_agency")
    list_filter = ("is_agency",)
    list_select_related = ("owner",)
    desk_path = None
    finds = ("name_key__startswith", "site")
    related = ((_("documents"), "document", "outlet__id__exact"),)


@shown(Origin)
class OriginAdmin(GuardedAdmin):
    list_display = ("__str__", "archive", "created_at")
    list_select_related = ("archive",)
    list_filter = (("archive", ScopedRelatedFilter),)
    desk_path = None
    related = ((_("documents"), "document", "origin__id__exact"),)


@shown(OriginParting)
class OriginPartingAdmin(GuardedAdmin):
    """Origins that a person held apart; the machine never merges them."""

    list_display = ("first", "second", "created_at")
    list_select_related = ("first", "second")
    desk_path = None


@shown(Document)
class DocumentAdmin(GuardedAdmin):
    list_display = ("__str__", "outlet", "published", "kind", "language", "finished", "created_at")
    list_select_related = ("outlet",)
    list_filter = (
        DeskFilter,
        "kind",
        "visibility",
        "published_source",
        ("outlet", ScopedRelatedFilter),
        ("archive", ScopedRelatedFilter),
    )
    desk_path = None
    finds = ("address_key", "url", "title__startswith")
    # Shown by ``reason``, to those who may know.
    secret = ("origin_reason",)
    search_help_text = _("Number, address, beginning of the title, or words of the text (asks the engine).")
    related = (
        (_("captures"), "capture", "document__id__exact"),
        (_("appearances"), "appearance", "document__id__exact"),
        (_("evidence from it"), "evidence", "document__id__exact"),
    )

    change_form_template = "admin/claims/document/change_form.html"

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        known = Origin.objects.visible_to(person_of(request))

        @admin.display(description=_("why it is of this origin"))
        def reason(row: Document) -> str:
            if not row.origin_reason or not row.origin_id:
                return row.origin_reason or "–"
            if known.filter(pk=row.origin_id).exists():
                return row.origin_reason
            return _t("(told to those who may read all documents of the origin)")

        return [*super().get_readonly_fields(request, obj), reason]

    @admin.display(description=_("finished"), boolean=True)
    def finished(self, row: Document) -> bool:
        return bool(row.finished_here)  # type: ignore[attr-defined]  # annotated

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        mine = FinishedArticle.objects.filter(document=OuterRef("pk"), desk__in=desks_of(request))
        return super().get_queryset(request).annotate(finished_here=Exists(mine.order_by()))

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.work_view(self.publication_view)
        own = path("<int:pk>/publication/", view, name="claims_document_publication")
        return [own, *super().get_urls()]

    def publication_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Enter, change or remove the publication date; what changes with it is shown first, always."""
        document = self.get_object(request, str(pk))
        initial = {"value": document.published, "expected_version": document.version}
        form, ahead, status = PublicationForm(initial=initial), None, 200
        if request.method == "POST":
            form, status = PublicationForm(request.POST), 422
            if form.is_valid():
                said = dict(form.cleaned_data)
                try:
                    if said.pop("confirmed"):
                        redated = set_publication(actor=person_of(request), document=document, **said)
                        messages.success(request, sentence_of(redated))
                        return HttpResponseRedirect(reverse("admin:claims_document_change", args=[pk]))
                    seen = preview_publication(
                        actor=person_of(request), document=document, value=said["value"]
                    )
                    ahead, status = redating.ahead(seen, said), 200
                except Refused as refusal:
                    form.add_error("value", str(refusal))
                    status = refusal.status
        context = {
            **self.admin_site.each_context(request),
            "title": _t("Publication date"),
            "opts": self.opts,
            "document": document,
            "form": form,
            "ahead": ahead,
        }
        template = "admin/claims/document/publication.html"
        return TemplateResponse(request, template, context, status=status)

    def find(self, request: HttpRequest, rows: QuerySet[Any], words: str) -> QuerySet[Any]:
        """Look the words up as address and title first, then ask the engine for texts that hold them."""
        named = super().find(request, rows, words)
        if "://" in words:
            try:
                return named | rows.filter(address_key=fetching.known_address(words))
            except fetching.FetchRefused:
                return named
        if named.exists():
            return named
        try:
            return rows.filter(pk__in=_holding(request, words))
        except EngineError as problem:
            messages.warning(
                request,
                no_answer(problem) + " " + _t("Only numbers, addresses and titles were looked up."),
            )
            return rows.none()


def _holding(request: HttpRequest, words: str) -> set[int]:
    """Return ids of documents with a passage that answers these words. Raises EngineError."""
    asked = question(ClaimText(words[:1000]))
    desks = Desk.objects.filter(pk__in=desks_of(request))
    scope = frozenset().union(*scopes_of(desk.pk for desk in desks).values())
    if not asked.clauses or not scope:
        return set()
    person = person_of(request)
    audiences = {ARCHIVE_AUDIENCE, f"user:{person.pk}", *(f"desk:{pk}" for pk in desks_of(request))}
    query = Query(
        scope=scope,
        clauses=asked.clauses,
        collection=Collection.DOCUMENTS,
        audiences=frozenset(audiences),
    )
    return {hit.ref.id for hit in asked_engine().search(query, FOUND).hits}


@shown(FinishedArticle)
class FinishedArticleAdmin(GuardedAdmin):
    list_display = ("document", "desk", "at")
    list_select_related = ("document", "desk")
    list_filter = (DeskFilter,)


@shown(Capture)
class CaptureAdmin(GuardedAdmin):
    list_display = ("__str__", "document", "number", "characters", "language", "published", "created_at")
    list_select_related = ("document",)
    list_filter = ("published_source", desk_filter("document__desk"))
    desk_path = None
    finds = ("text_hash", "document__address_key")
    search_help_text = _("Number, hash of the text, or the exact address of its document.")
    deferred = ("text", "pages", "notes")
    related = (
        (_("passages"), "passage", "capture__id__exact"),
        (_("analyses"), "analysisrun", "capture__id__exact"),
    )


@shown(Passage)
class PassageAdmin(GuardedAdmin):
    list_display = ("__str__", "of_capture", "start", "end")
    list_select_related = ("capture__document",)
    desk_path = None
    finds = ("capture__text_hash",)
    deferred = ("capture__text", "capture__pages", "capture__notes")
    search_help_text = _("Number, or the hash of its capture's text.")

    @admin.display(description=_("capture"))
    def of_capture(self, row: Passage) -> SafeString:
        address = reverse("admin:claims_capture_change", args=[row.capture_id])
        return format_html('<a href="{}">{}</a>', address, row.capture.document)

    @admin.display(description=_("text"))
    def words(self, row: Passage) -> SafeString:
        return preformatted(row.capture.text[row.start : row.end])

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return [*super().get_readonly_fields(request, obj), "words"]


@shown(AnalysisRun)
class AnalysisRunAdmin(GuardedAdmin):
    list_display = ("__str__", "analyser", "published", "units", "is_current", "created_at")
    list_filter = (DeskFilter, "is_current", ("analyser", LatelyNamedFilter))
    deferred = ("left_out", "flags", "proposals")
    finds = ("analyser",)
    related = ((_("appearances"), "appearance", "run__id__exact"),)


@shown(DocumentFingerprint)
class DocumentFingerprintAdmin(GuardedAdmin):
    """What other texts are compared with: machine-written, for administrators to look into."""

    list_display = ("document", "edition")
    list_select_related = ("document",)
    list_filter = ("edition",)
    desk_path = None
    secret = ("data",)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return super().has_module_permission(request) and administers(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_view_permission(request, obj) and administers(request)


@shown(ShingleKey)
class ShingleKeyAdmin(GuardedAdmin):
    """What finds candidates for a common origin: machine-written, for administrators to look into."""

    list_display = ("document", "key")
    list_select_related = ("document",)
    desk_path = None
    finds = ("key",)
    search_help_text = _("Number, or the key itself.")

    def find(self, request: HttpRequest, rows: QuerySet[Any], words: str) -> QuerySet[Any]:
        if not words.lstrip("-").isdecimal() or len(words) > 19:
            return rows.none()
        return rows.filter(Q(pk=int(words)) | Q(key=int(words)) | Q(document=int(words)))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return super().has_module_permission(request) and administers(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_view_permission(request, obj) and administers(request)
