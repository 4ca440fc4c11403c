"""The log, the jobs and the index in the admin: what happened, what is due, what the engine holds.

The log of a desk is for its people; what belongs to no desk is for administrators.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from claims.admin.filters import DeskFilter, LatelyNamedFilter, desk_filter
from claims.admin.guarded import GuardedAdmin, preformatted, shown
from claims.admin.scope import administers, person_of
from claims.models import (
    AuditDetail,
    AuditEvent,
    BulkAct,
    BulkActRow,
    CheckVector,
    ClaimVector,
    DeskNote,
    IndexDue,
    IndexEntry,
    IndexTarget,
    Job,
    NoteVersion,
    Notice,
    OpenSession,
    PassageMeaning,
    PassageReading,
    RereadArticle,
    Rereading,
    Resemblance,
    Review,
    Selection,
    SentForm,
    SuggestionVector,
    User,
    Worker,
)
from claims.models.event_words import event_in_words
from claims.models.fields import row_number
from claims.models.panels import kept_blind


@shown(AuditEvent)
class AuditEventAdmin(GuardedAdmin):
    """Plain ids, shown with the names they have now; words that were redacted stay redacted."""

    list_display = ("created_at", "what", "subject", "who", "before", "after", "via")
    list_display_links = ("created_at",)
    list_filter = (
        desk_filter("desk_id"),
        ("created_at", admin.DateFieldListFilter),
        ("via", LatelyNamedFilter),
        ("object_kind", LatelyNamedFilter),
    )
    desk_path = None
    keeps_blind = True
    finds = ("verb", "object_kind")
    search_help_text = _("Number of the claim, verb (claim.worded), kind of object, or gesture.")
    secret = ("desk_id", "actor_id", "object_kind", "object_id")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        # The log holds no foreign keys; the name is looked up beside it, without one query per row.
        person = User.objects.filter(pk=OuterRef("actor_id")).values("display_name")[:1]
        return super().get_queryset(request).annotate(actor_name=Subquery(person))

    def find(self, request: HttpRequest, rows: QuerySet[Any], words: str) -> QuerySet[Any]:
        if (number := row_number(words)) is not None:
            return rows.filter(Q(pk=number) | Q(claim_id=number))
        wanted = Q(verb=words) | Q(object_kind=words)
        with suppress(ValueError):
            wanted |= Q(gesture=uuid.UUID(words))
        return rows.filter(wanted)

    @admin.display(description=_("who"))
    def who(self, row: Any) -> str:
        if row.actor_id is None:
            return str(_("the workbench"))
        return row.actor_name or f"#{row.actor_id}"

    @admin.display(description=_("what"))
    def what(self, row: AuditEvent) -> str:
        return event_in_words(row.verb)

    @admin.display(description=_("about"))
    def subject(self, row: AuditEvent) -> SafeString | str:
        words = f"{row.object_kind} {row.object_id}"
        try:
            address = reverse(f"admin:claims_{row.object_kind}_change", args=[row.object_id])
        except NoReverseMatch:
            return words
        return format_html('<a href="{}">{}</a>', address, words)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return [
            "who",
            "what",
            "subject",
            *super().get_readonly_fields(request, obj),
            _details(person_of(request)),
        ]


def _details(person: User) -> Callable[[AuditEvent], SafeString | str]:
    """Return how the words of an event are shown to this person."""

    @admin.display(description=_("details"))
    def details(row: AuditEvent) -> SafeString | str:
        detail = AuditDetail.objects.filter(event=row).first()
        if detail is None:
            return "–"
        if detail.redacted_at is not None:
            return format_html("<em>{}</em>", _("Redacted; only that it was is kept."))
        if not AuditDetail.objects.visible_to(person).filter(pk=detail.pk).exists():
            return format_html(
                "<em>{}</em>",
                _("They are shown to others only."),
            )
        return preformatted(detail.data)

    return details


@shown(AuditDetail)
class AuditDetailAdmin(GuardedAdmin):
    list_display = ("event", "redacted_at")
    list_select_related = ("event",)
    list_filter = (desk_filter("event__desk_id"),)
    desk_path = "event__desk_id"
    keeps_blind = True
    deferred = ("data",)


@shown(Job)
class JobAdmin(GuardedAdmin):
    list_display = ("__str__", "status", "progress", "attempts", "run_after", "finished_at")
    list_filter = (DeskFilter, "status", "kind")
    deferred = ("arguments", "result")
    finds = ("subject", "kind")
    search_help_text = _("Number, subject (claim 12) or kind (search).")
    secret = ("token", "dedupe_key")

    @admin.display(description=_("progress"))
    def progress(self, row: Job) -> str:
        count = f"{row.progress_done}/{row.progress_total}" if row.progress_total else ""
        return " ".join(part for part in (count, row.progress_note) if part) or "–"


class _Numbered(GuardedAdmin):
    """Rows that are found by their number alone."""

    search_help_text = _("Number of the row.")

    def find(self, request: HttpRequest, rows: QuerySet[Any], words: str) -> QuerySet[Any]:
        return rows.filter(pk=row_number(words))


@shown(Selection)
class SelectionAdmin(_Numbered):
    """Claims that people have selected for one act on many."""

    list_display = ("__str__", "desk", "owner", "count", "chosen_by", "created_at", "expires_at")
    list_select_related = ("desk", "owner")
    list_filter = (DeskFilter,)
    deferred = ("claims",)


@shown(BulkAct)
class BulkActAdmin(_Numbered):
    """Acts on many claims; they are done and taken back in the workbench."""

    list_display = ("__str__", "state", "desk", "asked_by", "created_at", "ended_at", "undone_by")
    list_select_related = ("desk", "asked_by", "undone_by")
    list_filter = (DeskFilter, "state", "action")
    related = ((_("Rows"), "bulkactrow", "act__id__exact"),)


@shown(BulkActRow)
class BulkActRowAdmin(_Numbered):
    list_display = ("__str__", "claim", "group", "ticked", "outcome", "why")
    list_select_related = ("claim",)
    list_filter = (desk_filter("act__desk_id"), "outcome")
    desk_path = "act__desk"
    deferred = ("before", "told", "consequences")


@shown(Notice)
class NoticeAdmin(_Numbered):
    """What people were told of acts on their work."""

    list_display = ("__str__", "desk", "user", "actor", "created_at", "seen_at")
    list_select_related = ("desk", "user", "actor")
    list_filter = (DeskFilter, "kind")

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Keep what was written of a verdict from whoever is to give an opinion beside it."""
        row = super().get_object(request, object_id, from_field)
        kept = Review.objects.filter(pk__in=kept_blind(person_of(request)), claim__in=row.claims)
        if kept.exists():
            row.words = ""
        return row


@shown(DeskNote)
class DeskNoteAdmin(_Numbered):
    """What people said to each other; written, changed and withdrawn in the workbench."""

    keeps_blind = True
    list_display = ("__str__", "desk", "author", "claim", "document", "created_at", "withdrawn_at")
    list_select_related = ("desk", "author", "claim", "document")
    list_filter = (DeskFilter,)


@shown(NoteVersion)
class NoteVersionAdmin(_Numbered):
    keeps_blind = True
    list_display = ("__str__", "note", "number", "created_at")
    list_select_related = ("note",)
    list_filter = (desk_filter("note__desk_id"),)
    desk_path = "note__desk"


@shown(Rereading)
class RereadingAdmin(GuardedAdmin):
    """Batches of readings by newer rules; they are asked for and taken over in the workbench."""

    list_display = ("__str__", "state", "articles", "analyser", "asked_by", "created_at", "ended_at")
    list_select_related = ("asked_by",)
    list_filter = (DeskFilter, "state")
    search_help_text = _("Number of the batch.")
    related = ((_("Articles"), "rereadarticle", "rereading__id__exact"),)

    def find(self, request: HttpRequest, rows: QuerySet[Any], words: str) -> QuerySet[Any]:
        return rows.filter(pk=row_number(words))


@shown(RereadArticle)
class RereadArticleAdmin(GuardedAdmin):
    list_display = ("__str__", "document", "state", "new", "gone", "changed", "held", "error")
    list_select_related = ("document",)
    list_filter = (desk_filter("rereading__desk_id"), "state")
    desk_path = "rereading__desk"
    deferred = ("differences", "applied")
    search_help_text = _("Number of the row, the batch or the article.")

    def find(self, request: HttpRequest, rows: QuerySet[Any], words: str) -> QuerySet[Any]:
        if (number := row_number(words)) is not None:
            return rows.filter(Q(pk=number) | Q(rereading=number) | Q(document=number))
        return rows.none()


class _ForAdministrators(GuardedAdmin):
    """The installation's own upkeep, which belongs to no desk."""

    desk_path = None

    def has_module_permission(self, request: HttpRequest) -> bool:
        return super().has_module_permission(request) and administers(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_view_permission(request, obj) and administers(request)


@shown(IndexEntry)
class IndexEntryAdmin(_ForAdministrators):
    list_display = ("__str__", "collection", "object_id", "version", "deleted", "pending")
    list_filter = ("collection", "deleted", "pending")
    finds = ("collection",)
    search_help_text = _("Number of the entry or of the object, or the collection.")

    def find(self, request: HttpRequest, rows: QuerySet[Any], words: str) -> QuerySet[Any]:
        if (number := row_number(words)) is not None:
            return rows.filter(Q(pk=number) | Q(object_id=number))
        return super().find(request, rows, words)


@shown(IndexDue)
class IndexDueAdmin(_ForAdministrators):
    list_display = ("entry", "target", "since", "attempts", "try_after", "given_up", "error")
    list_select_related = ("entry", "target")
    list_filter = ("given_up", "target__engine")
    search_help_text = _("Number of the object that is not in the index yet.")

    def find(self, request: HttpRequest, rows: QuerySet[Any], words: str) -> QuerySet[Any]:
        if (number := row_number(words)) is not None:
            return rows.filter(Q(pk=number) | Q(entry__object_id=number))
        return rows.none()


@shown(IndexTarget)
class IndexTargetAdmin(_ForAdministrators):
    list_display = (
        "name",
        "engine",
        "state",
        "stamp",
        "built_through",
        "complete",
        "doubtful",
        "error",
        "created_at",
    )
    list_filter = ("engine", "state")
    finds = ("name",)


@shown(CheckVector)
class CheckVectorAdmin(_ForAdministrators):
    list_display = ("__str__", "encoder", "key")
    secret = ("vector",)


@shown(ClaimVector)
class ClaimVectorAdmin(_ForAdministrators):
    list_display = ("__str__", "encoder")
    secret = ("vector", "said")


@shown(SuggestionVector)
class SuggestionVectorAdmin(_ForAdministrators):
    list_display = ("__str__", "encoder")
    secret = ("vector", "said")


@shown(Resemblance)
class ResemblanceAdmin(_ForAdministrators):
    list_display = ("__str__", "likeness")


@shown(OpenSession)
class OpenSessionAdmin(_ForAdministrators):
    list_display = ("user", "device", "network", "created_at", "last_seen")
    list_select_related = ("user",)
    secret = ("session_key",)


@shown(PassageMeaning)
class PassageMeaningAdmin(_ForAdministrators):
    list_display = ("__str__", "encoder")
    list_select_related = ("passage",)
    secret = ("vector",)


@shown(PassageReading)
class PassageReadingAdmin(_ForAdministrators):
    list_display = ("__str__", "encoder", "whole", "rules")
    list_select_related = ("passage",)
    secret = ("vectors", "statements")


@shown(SentForm)
class SentFormAdmin(_ForAdministrators):
    list_display = ("__str__", "created_at")
    secret = ("mark",)


@shown(Worker)
class WorkerAdmin(_ForAdministrators):
    list_display = ("__str__", "queues", "started_at", "seen_at")
