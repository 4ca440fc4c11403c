"""Desks and people in the admin: who works where, scales and keys. Secrets are never shown."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from claims.admin.filters import DeskFilter, ScopedRelatedFilter, desk_filter
from claims.admin.guarded import GuardedAdmin, brief, shown
from claims.admin.scope import desks_of, person_of
from claims.models import ApiKey, Desk, Invitation, Membership, Rating, RatingScale, ReaderMessage, User
from claims.vocabulary import Role


@shown(Desk)
class DeskAdmin(GuardedAdmin):
    list_display = ("name", "slug", "is_default", "editorial_approvals", "legal_approvals", "publish_mode")
    desk_path = "pk"
    finds = ("slug", "name__startswith")
    related = (
        (_("claims"), "claim", "desk__id__exact"),
        (_("members"), "membership", "desk__id__exact"),
        (_("scales"), "ratingscale", "desk__id__exact"),
        (_("jobs"), "job", "desk__id__exact"),
    )


@shown(Membership)
class MembershipAdmin(GuardedAdmin):
    list_display = ("user", "role", "desk", "created_at")
    list_select_related = ("user", "desk")
    list_filter = (DeskFilter, "role")
    finds = ("user__email_key", "user__display_name__startswith")


@shown(Invitation)
class InvitationAdmin(GuardedAdmin):
    """For who administers the desk. Whom the address belongs to is not the desk's to see before they accept."""

    list_display = ("email", "name", "state", "desk", "created_at")
    list_select_related = ("desk",)
    list_filter = (DeskFilter, "state")
    finds = ("email",)
    secret = ("user",)

    def scoped(self, rows: QuerySet[Invitation], request: HttpRequest) -> QuerySet[Invitation]:
        person = person_of(request)
        if person.is_superuser:
            return rows
        held = Membership.objects.filter(user=person, role=Role.ADMINISTRATOR).values("desk")
        return rows.filter(desk__in=held)


@shown(User)
class UserAdmin(GuardedAdmin):
    list_display = ("display_name", "email", "is_active", "last_login")
    list_filter = ("is_active",)
    desk_path = None
    finds = ("email_key", "display_name__startswith")
    secret = ("password", "preferences", "session_epoch", "groups", "user_permissions", "email_key")
    related = (
        (_("roles"), "membership", "user__id__exact"),
        (_("claims assigned"), "review", "assignee__id__exact"),
    )

    def scoped(self, rows: QuerySet[User], request: HttpRequest) -> QuerySet[User]:
        person = person_of(request)
        if person.is_superuser:
            return rows
        colleagues = Membership.objects.filter(desk__in=desks_of(request)).values("user")
        return rows.filter(pk__in=colleagues)


@shown(RatingScale)
class RatingScaleAdmin(GuardedAdmin):
    list_display = ("name", "version", "is_current", "desk")
    list_select_related = ("desk",)
    list_filter = (DeskFilter, "is_current")
    finds = ("name__startswith",)
    related = ((_("labels"), "rating", "scale__id__exact"),)


@shown(Rating)
class RatingAdmin(GuardedAdmin):
    list_display = ("label", "scale", "position", "finding", "value", brief("definition", _("definition")))
    list_select_related = ("scale",)
    list_filter = (desk_filter("scale__desk"), "finding", ("scale", ScopedRelatedFilter))
    desk_path = "scale__desk"
    finds = ("key", "label__startswith")
    related = ((_("verdicts"), "verdict", "rating__id__exact"),)


@shown(ReaderMessage)
class ReaderMessageAdmin(GuardedAdmin):
    list_display = ("__str__", "kind", "state", "created_at", "answer_by", "settled_by")
    list_select_related = ("settled_by",)
    list_filter = (DeskFilter, "kind", "state")
    finds = ("factcheck__public_id",)
    search_help_text = _("Number, or the public id of the fact check it is about.")


@shown(ApiKey)
class ApiKeyAdmin(GuardedAdmin):
    list_display = ("name", "prefix", "user", "expires_at", "revoked", "used_at")
    list_select_related = ("user",)
    list_filter = (DeskFilter,)
    finds = ("prefix", "name__startswith")
    secret = ("secret_hash",)

    @admin.display(description=_("revoked"), boolean=True)
    def revoked(self, row: ApiKey) -> bool:
        return row.revoked_at is not None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer("secret_hash")
