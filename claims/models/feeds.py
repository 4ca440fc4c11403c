"""Addresses a desk asks again and again: partners' fact checks, outlets' articles; and what their labels mean here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims import vocabulary
from claims.models.desks import Desk, desks_of
from claims.models.documents import Document
from claims.models.fields import Stamped

if TYPE_CHECKING:
    from claims.models.users import User


class FeedQuerySet(models.QuerySet["Feed"]):
    def visible_to(self, user: User) -> FeedQuerySet:
        """Feeds of the person's desks."""
        if user.is_superuser:
            return self
        return self.filter(desk__in=desks_of(user))


class Feed(Stamped):
    """One address of a desk that is asked on a schedule, and how it stands."""

    class Kind(models.TextChoices):
        CHECKS = "checks", _("fact checks of a partner")
        ARTICLES = "articles", _("articles of an outlet")

    class Outcome(models.TextChoices):
        NEVER = "", _("not asked yet")
        NEW = "new", _("something new")
        NOTHING = "nothing", _("nothing new")
        FAILED = "failed", _("failed")

    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="feeds")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    url = models.URLField(_("address"), max_length=2000)
    # One page is one page in whatever spelling of its address.
    url_key = models.CharField(max_length=300)
    title = models.CharField(max_length=200, blank=True)
    every_minutes = models.PositiveIntegerField(_("asked every … minutes"), default=60)
    # Whether the pages that it names are fetched; without, its own words are all there is.
    follow = models.BooleanField(_("fetch the pages it names"), default=True)
    paused = models.BooleanField(default=False)
    paused_why = models.CharField(max_length=300, blank=True)
    etag = models.CharField(max_length=300, blank=True)
    last_modified = models.CharField(max_length=100, blank=True)
    next_at = models.DateTimeField(default=timezone.now)
    last_at = models.DateTimeField(null=True, blank=True)
    last_new_at = models.DateTimeField(null=True, blank=True)
    last_outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True, default="")
    last_sentence = models.TextField(blank=True)
    failures = models.PositiveIntegerField(default=0)
    taken = models.PositiveIntegerField(default=0)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)

    objects = FeedQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "title", "id"]
        constraints = [
            models.UniqueConstraint(fields=["desk", "kind", "url_key"], name="one_feed_per_address"),
            models.CheckConstraint(
                condition=models.Q(every_minutes__gte=5), name="feed_is_asked_at_most_every_five_minutes"
            ),
        ]
        indexes = [
            models.Index(fields=["next_at", "id"], condition=models.Q(paused=False), name="feed_due"),
        ]

    def __str__(self) -> str:
        return self.title or self.url


class FeedRunQuerySet(models.QuerySet["FeedRun"]):
    def visible_to(self, user: User) -> FeedRunQuerySet:
        if user.is_superuser:
            return self
        return self.filter(feed__desk__in=desks_of(user))


class FeedRun(Stamped):
    """One asking of a feed: what came in, and what was passed over and why."""

    feed = models.ForeignKey(Feed, on_delete=models.CASCADE, related_name="runs")
    outcome = models.CharField(max_length=10, choices=Feed.Outcome.choices)
    sentence = models.TextField(blank=True)
    counts = models.JSONField(default=dict, blank=True)
    passed_over = models.JSONField(default=dict, blank=True)
    problems = models.JSONField(default=list, blank=True)
    seconds = models.FloatField(default=0)

    objects = FeedRunQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.feed_id}: {self.outcome}"


class FeedEntryQuerySet(models.QuerySet["FeedEntry"]):
    def visible_to(self, user: User) -> FeedEntryQuerySet:
        """Entries of the desks' feeds, but for those whose document is shown to others."""
        if user.is_superuser:
            return self
        rows = self.filter(feed__desk__in=desks_of(user))
        return rows.exclude(document__in=Document.objects.hidden_from(user))


class FeedEntry(Stamped):
    """One page that a feed named, by its address, and what became of it; it is not fetched twice."""

    class Outcome(models.TextChoices):
        TAKEN = "taken", _("taken in")
        KNOWN = "known", _("there already")
        EMPTY = "empty", _("passed over")
        FAILED = "failed", _("failed")

    feed = models.ForeignKey(Feed, on_delete=models.CASCADE, related_name="entries")
    key = models.CharField(max_length=64)
    url = models.URLField(max_length=2000, blank=True)
    title = models.CharField(max_length=300, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    sentence = models.TextField(blank=True)
    document = models.ForeignKey(
        Document, null=True, blank=True, on_delete=models.SET_NULL, related_name="feed_entries"
    )
    tries = models.PositiveSmallIntegerField(default=1)
    # Null: not tried again.
    again_at = models.DateTimeField(null=True, blank=True)

    objects = FeedEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("feed entry")
        verbose_name_plural = _("feed entries")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["feed", "key"], name="one_entry_per_page")]
        indexes = [models.Index(fields=["feed", "outcome", "-id"], name="feed_entry_outcome")]

    def __str__(self) -> str:
        return self.title or self.url or self.key


class ForeignLabelQuerySet(models.QuerySet["ForeignLabel"]):
    def visible_to(self, user: User) -> ForeignLabelQuerySet:
        """Labels of the person's desks."""
        if user.is_superuser:
            return self
        return self.filter(desk__in=desks_of(user))

    def confirmed(self) -> ForeignLabelQuerySet:
        return self.exclude(confirmed_at=None)


class ForeignLabel(Stamped):
    """What a label of another publisher means at this desk: suggested, until a person confirms it.

    ``finding`` counts only once confirmed; empty then means that the label stands for none.
    """

    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="foreign_labels")
    site = models.CharField(max_length=253)
    publisher = models.CharField(max_length=200, blank=True)
    label = models.CharField(max_length=300)
    label_key = models.CharField(max_length=200)
    suggested = models.CharField(max_length=20, choices=vocabulary.Finding.choices, blank=True, default="")
    finding = models.CharField(max_length=20, choices=vocabulary.Finding.choices, blank=True, default="")
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)

    objects = ForeignLabelQuerySet.as_manager()

    class Meta:
        ordering = ["site", "label_key", "id"]
        constraints = [
            models.UniqueConstraint(fields=["desk", "site", "label_key"], name="one_meaning_per_label"),
            models.CheckConstraint(
                condition=models.Q(finding="") | models.Q(confirmed_at__isnull=False),
                name="finding_of_a_label_is_confirmed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.site}: {self.label}"
