"""Desks (who works), archives (where documents live), memberships, rating scales and API keys."""

from __future__ import annotations

import datetime as dt
import functools
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from claims.models.fields import Stamped
from claims.models.prepared import PEOPLE, prepared
from claims.vocabulary import Finding, PanelRule, Role

if TYPE_CHECKING:
    from claims.models.users import User


class DeskQuerySet(models.QuerySet["Desk"]):
    def for_user(self, user: User) -> DeskQuerySet:
        """Desks this person works at; administrators of the installation see all.

        A partner reads feeds with a key and works at no desk.
        """
        if user.is_superuser:
            return self
        return self.filter(pk__in=desks_of(user))


def desks_of(user: User) -> models.QuerySet[Any, Any] | RawSQL:
    """Return the ids of a person's desks, to stand behind ``__in`` of other questions."""
    if user.is_superuser:
        return Desk.objects.values("pk")
    return working_at(user.pk)


@functools.lru_cache(PEOPLE)
def working_at(person: int) -> RawSQL:
    """The same of somebody who does not run the installation, by their number."""
    return prepared(Membership.objects.filter(user=person).exclude(role=Role.PARTNER).values("desk"))


class Desk(Stamped):
    """A newsroom team with its own claims, scale, rules of approval and feeds."""

    class AfterApproval(models.TextChoices):
        AT_ONCE = "at_once", _("publish with the last approval")
        HOLD = "hold", _("hold until somebody publishes")

    class UnreadSources(models.TextChoices):
        REASON = "reason", _("possible with a reason, which is logged")
        REFUSED = "refused", _("refused until every source is ticked")

    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=100)
    is_default = models.BooleanField(default=False)
    time_zone = models.CharField(max_length=64, default="UTC")
    language = models.CharField(max_length=10, default="en")
    editorial_approvals = models.PositiveSmallIntegerField(_("editorial approvals needed"), default=1)
    legal_approvals = models.PositiveSmallIntegerField(_("legal approvals needed"), default=0)
    publish_mode = models.CharField(
        max_length=10, choices=AfterApproval.choices, default=AfterApproval.AT_ONCE
    )
    unread_sources = models.CharField(
        _("approving with sources not ticked"),
        max_length=10,
        choices=UnreadSources.choices,
        default=UnreadSources.REASON,
    )
    # Opinions of several people who do not see each other's; and how many of them must find the same at least.
    panels = models.CharField(
        _("opinions formed apart"), max_length=10, choices=PanelRule.choices, default=PanelRule.OFF
    )
    panel_least = models.PositiveSmallIntegerField(_("opinions that must agree at least"), default=1)
    # Whether sources that come in are compared with the claims that were searched already.
    watches_claims = models.BooleanField(_("watch for new sources"), default=True)
    # Whether the worker reads passages of the desk's archives by meaning before anybody asks for them.
    reads_ahead = models.BooleanField(_("read the archive ahead"), default=False)
    # Whether claims find passages that say the same in other words: every passage gets a vector, in the background.
    finds_by_meaning = models.BooleanField(_("find passages by their meaning"), default=False)
    # Whether members must have a second factor, and from when one who has none does nothing else.
    needs_second_factor = models.BooleanField(_("members need a second factor"), default=False)
    second_factor_from = models.DateTimeField(null=True, blank=True, editable=False)
    feed_title = models.CharField(max_length=200, blank=True)
    licence = models.URLField(_("licence of the feeds"), blank=True)
    newsroom_url = models.URLField(_("address of the newsroom"), blank=True)
    logo_url = models.URLField(blank=True)
    method = models.TextField(_("method, in Markdown"), blank=True)
    about = models.TextField(_("about, in Markdown"), blank=True)
    contact = models.TextField(_("contact, in Markdown"), blank=True)
    archives: models.ManyToManyField[Archive, models.Model] = models.ManyToManyField(
        "Archive", related_name="readers", blank=True
    )

    objects = DeskQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=models.Q(is_default=True), name="one_default_desk"
            ),
            models.CheckConstraint(
                condition=models.Q(editorial_approvals__gte=1), name="desk_needs_an_approval"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    #: Whether the memberships were loaded with their people, in the order of names (``facts.with_people``).
    people_are_loaded = False
    #: What was answered about people's roles, for a page that asks several times and changes nothing; else None.
    known_roles: dict[int, frozenset[Role]] | None = None

    def roles_of(self, user: User) -> frozenset[Role]:
        """Return the roles this person holds here; every role for an administrator of the installation.

        Memberships that were prefetched for many rows are read, not asked for again.
        """
        if not user.is_active:
            return frozenset()
        if user.is_superuser:
            return frozenset(Role)
        if "memberships" in getattr(self, "_prefetched_objects_cache", {}):
            return frozenset(Role(row.role) for row in self.memberships.all() if row.user_id == user.pk)
        if self.known_roles is not None and user.pk in self.known_roles:
            return self.known_roles[user.pk]
        found = frozenset(
            Role(row) for row in self.memberships.filter(user=user).values_list("role", flat=True)
        )
        if self.known_roles is not None:
            self.known_roles[user.pk] = found
        return found


class Membership(Stamped):
    """One role of one person at one desk."""

    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices)

    class Meta:
        ordering = ["desk_id", "user_id", "role"]
        constraints = [
            models.UniqueConstraint(fields=["desk", "user", "role"], name="one_membership_per_role")
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.get_role_display()}"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self, now: dt.datetime) -> InvitationQuerySet:
        """Invitations that can be accepted now."""
        return self.filter(state=Invitation.State.OPEN, created_at__gt=now - Invitation.LIFETIME)


class Invitation(Stamped):
    """A desk asks somebody who is known already to work there; no role is held before they accept.

    ``email`` and ``name`` are what the desk typed. Who they belong to, ``user``, is not the desk's to see.
    """

    LIFETIME = dt.timedelta(days=30)

    class State(models.TextChoices):
        OPEN = "open", _("open")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("withdrawn")

    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="invitations")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="invitations")
    # Empty: the command line.
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    email = models.EmailField(_("e-mail"))
    name = models.CharField(max_length=100)
    roles = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["desk", "user"], condition=models.Q(state="open"), name="one_open_invitation"
            )
        ]

    def __str__(self) -> str:
        return f"{self.email} – {self.get_state_display()}"

    def is_open(self, now: dt.datetime) -> bool:
        return self.state == self.State.OPEN and self.created_at > now - self.LIFETIME

    @property
    def role_names(self) -> list[str]:
        return [str(Role(role).label) for role in self.roles]


class ArchiveQuerySet(models.QuerySet["Archive"]):
    def for_user(self, user: User) -> ArchiveQuerySet:
        if user.is_superuser:
            return self
        return self.filter(pk__in=archives_of(user))


def archives_of(user: User) -> models.QuerySet[Any, Any] | RawSQL:
    """Return the ids of archives that a person reads, to stand behind ``__in`` of other questions."""
    if user.is_superuser:
        return Archive.objects.values("pk")
    return _archives_of(user.pk)


@functools.lru_cache(PEOPLE)
def _archives_of(person: int) -> RawSQL:
    desks = working_at(person)
    rows = Archive.objects.filter(models.Q(readers__in=desks) | models.Q(desk__in=desks))
    return prepared(rows.values("pk").distinct())


class Archive(Stamped):
    """Where documents live: one desk's own, or shared by the desks that read it."""

    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=100)
    desk = models.ForeignKey(
        Desk, null=True, blank=True, on_delete=models.PROTECT, related_name="own_archives"
    )

    objects = ArchiveQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class RatingScale(Stamped):
    """One version of a desk's scale; a version that has been used never changes."""

    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="scales")
    version = models.PositiveIntegerField()
    name = models.CharField(max_length=100)
    is_current = models.BooleanField(default=False)

    class Meta:
        ordering = ["desk_id", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["desk", "version"], name="one_scale_version"),
            models.UniqueConstraint(
                fields=["desk"], condition=models.Q(is_current=True), name="one_current_scale"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} (version {self.version})"


class Rating(models.Model):
    """One label of a scale. ``value`` is empty for labels that do not measure truth."""

    scale = models.ForeignKey(RatingScale, on_delete=models.PROTECT, related_name="ratings")
    position = models.PositiveSmallIntegerField()
    key = models.SlugField(max_length=40)
    label = models.CharField(max_length=60)
    definition = models.TextField()
    finding = models.CharField(max_length=20, choices=Finding.choices)
    value = models.SmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["scale_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["scale", "key"], name="one_rating_per_key"),
            models.UniqueConstraint(fields=["scale", "position"], name="one_rating_per_position"),
        ]

    def __str__(self) -> str:
        return self.label


class ApiKey(Stamped):
    """A key ``prefix.secret`` for scripts and partners; only a hash of the secret is kept."""

    class Scope(models.TextChoices):
        READ = "read", _("read the desk")
        WRITE = "write", _("add documents and claims")
        FEEDS = "feeds", _("read partner feeds")

    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="api_keys")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="api_keys")
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=12, unique=True)
    secret_hash = models.CharField(max_length=64)
    scopes = models.JSONField(default=list)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        ordering = ["desk_id", "name", "id"]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"


__all__ = [
    "ApiKey",
    "Archive",
    "Desk",
    "Invitation",
    "Membership",
    "Rating",
    "RatingScale",
]
