"""Feeds of a desk in the admin: how each stands, what its askings brought, and what foreign labels mean."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from claims.admin.filters import DeskFilter, ScopedRelatedFilter, desk_filter
from claims.admin.guarded import GuardedAdmin, brief, shown
from claims.models import Feed, FeedEntry, FeedRun, ForeignLabel


@shown(Feed)
class FeedAdmin(GuardedAdmin):
    list_display = (
        "__str__", "kind", "last_outcome", "last_at", "last_new_at", "next_at", "taken", "failures", "paused",
    )  # fmt: skip
    list_filter = (DeskFilter, "kind", "last_outcome", "paused")
    finds = ("url", "title")
    search_help_text = _("Number, whole address or whole title.")
    related = ((_("askings"), "feedrun", "feed__id__exact"), (_("entries"), "feedentry", "feed__id__exact"))


@shown(FeedRun)
class FeedRunAdmin(GuardedAdmin):
    list_display = ("created_at", "feed", "outcome", brief("sentence", _("what it said")), "seconds")
    list_select_related = ("feed",)
    list_filter = (desk_filter("feed__desk"), "outcome", ("feed", ScopedRelatedFilter))
    desk_path = "feed__desk"
    deferred = ("problems",)


@shown(FeedEntry)
class FeedEntryAdmin(GuardedAdmin):
    list_display = ("__str__", "feed", "outcome", "tries", brief("sentence", _("what it said")), "created_at")
    list_select_related = ("feed",)
    list_filter = (desk_filter("feed__desk"), "outcome", ("feed", ScopedRelatedFilter))
    desk_path = "feed__desk"
    finds = ("url", "key")
    search_help_text = _("Number or whole address.")


@shown(ForeignLabel)
class ForeignLabelAdmin(GuardedAdmin):
    list_display = ("label", "site", "publisher", "suggested", "finding", "confirmed_at")
    list_filter = (DeskFilter, "suggested", "finding")
    finds = ("site", "label_key")
    search_help_text = _("Number, whole site or whole label.")
    related = ((_("checks with this label"), "factcheck", "foreign_label__id__exact"),)
