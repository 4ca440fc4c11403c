"""Tags and saved views in the admin; they are made and changed in the workbench."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from claims.admin.filters import DeskFilter, desk_filter
from claims.admin.guarded import GuardedAdmin, shown
from claims.models import ClaimTag, DocumentTag, SavedView, Tag


@shown(Tag)
class TagAdmin(GuardedAdmin):
    """The desk's own words; readers never see them."""

    list_display = ("name", "desk", "created_at", "removed_at", "merged_into")
    list_select_related = ("desk", "merged_into")
    list_filter = (DeskFilter,)
    finds = ("name_key__startswith",)
    search_help_text = _("Beginning of the name.")
    related = (
        (_("claims"), "claimtag", "tag__id__exact"),
        (_("articles"), "documenttag", "tag__id__exact"),
    )


@shown(ClaimTag)
class ClaimTagAdmin(GuardedAdmin):
    list_display = ("tag", "claim", "by", "created_at")
    list_select_related = ("tag", "claim", "by")
    list_filter = (desk_filter("tag__desk_id"),)
    desk_path = "tag__desk"
    keeps_blind = True
    finds = ("tag__name_key__startswith",)


@shown(DocumentTag)
class DocumentTagAdmin(GuardedAdmin):
    list_display = ("tag", "document", "by", "created_at")
    list_select_related = ("tag", "document", "by")
    list_filter = (desk_filter("tag__desk_id"),)
    desk_path = "tag__desk"
    finds = ("tag__name_key__startswith",)


@shown(SavedView)
class SavedViewAdmin(GuardedAdmin):
    """Lists that people keep; private ones are shown to their owners alone."""

    list_display = ("name", "of", "desk", "owner", "shared", "created_at")
    list_select_related = ("desk", "owner")
    list_filter = (DeskFilter, "of", "shared")
    finds = ("name__startswith",)
    secret = ("opens_for",)
