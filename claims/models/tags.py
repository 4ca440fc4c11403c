"""The desk's own words on claims and articles, and the lists that people keep: tags and saved views.

Tags are for the desk and are never published; what readers see are the topics of a claim. A tag that was removed
or merged stays as a row, so that an address that names it can say what became of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from claims.models.claims import Claim, of_claim
from claims.models.desks import Desk, desks_of
from claims.models.documents import Document, through
from claims.models.fields import Stamped
from claims.models.panels import by_nobody_else

if TYPE_CHECKING:
    from claims.models.users import User


class TagQuerySet(models.QuerySet["Tag"]):
    def visible_to(self, user: User) -> TagQuerySet:
        """Tags of the person's desks, those that are gone too: their addresses say so."""
        if user.is_superuser:
            return self
        return self.filter(desk__in=desks_of(user))

    def standing(self) -> TagQuerySet:
        """Tags that were neither removed nor merged into another."""
        return self.filter(removed_at=None)


class Tag(Stamped):
    """One word or two by which a desk finds its claims and articles again."""

    MOST = 60

    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="tags")
    name = models.CharField(max_length=MOST)
    name_key = models.CharField(max_length=2 * MOST, editable=False)
    # Set when an editor removed it, or merged it into another.
    removed_at = models.DateTimeField(null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged"
    )

    objects = TagQuerySet.as_manager()

    class Meta:
        ordering = ["name_key", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["desk", "name_key"],
                condition=models.Q(removed_at=None),
                name="one_tag_per_name",
            ),
            models.CheckConstraint(condition=~models.Q(name=""), name="tag_has_name"),
        ]

    def __str__(self) -> str:
        return self.name


def _gathered(rows: Iterable[tuple[int, Tag]]) -> dict[int, list[Tag]]:
    found: dict[int, list[Tag]] = {}
    for pk, tag in rows:
        found.setdefault(pk, []).append(tag)
    return found


class ClaimTagQuerySet(models.QuerySet["ClaimTag"]):
    def visible_to(self, user: User) -> ClaimTagQuerySet:
        """Tags on claims that this person sees, but for those that are kept from them."""
        return self.not_kept_from(user).filter(of_claim(user))

    def not_kept_from(self, user: User) -> ClaimTagQuerySet:
        """All but what others put on claims on which this person owes an opinion: a tag may say what is thought."""
        return self.filter(by_nobody_else(user, "by"))

    def on(self, claims: Iterable[int]) -> ClaimTagQuerySet:
        """Ask for the tags on some hundred claims, by name."""
        return self.filter(claim__in=list(claims)).select_related("tag").order_by("tag__name_key", "pk")

    def gathered(self) -> dict[int, list[Tag]]:
        """Return the tags by claim; claims without are left out."""
        return _gathered((row.claim_id, row.tag) for row in self)


class ClaimTag(Stamped):
    """A tag on a claim."""

    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="on_claims")
    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="tagged")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = ClaimTagQuerySet.as_manager()

    class Meta:
        ordering = ["tag__name_key", "id"]
        constraints = [models.UniqueConstraint(fields=["tag", "claim"], name="one_tag_per_claim")]

    def __str__(self) -> str:
        return f"{self.tag_id} on claim {self.claim_id}"


class DocumentTagQuerySet(models.QuerySet["DocumentTag"]):
    def visible_to(self, user: User) -> DocumentTagQuerySet:
        """Tags of the person's desks on articles that they may read."""
        if user.is_superuser:
            return self
        return self.filter(through(user), tag__desk__in=desks_of(user))

    def on(self, documents: Iterable[int], desk: Desk) -> DocumentTagQuerySet:
        """Ask for a desk's tags on some hundred articles, by name."""
        rows = self.filter(document__in=list(documents), tag__desk=desk).select_related("tag")
        return rows.order_by("tag__name_key", "pk")

    def gathered(self) -> dict[int, list[Tag]]:
        """Return the tags by article; articles without are left out."""
        return _gathered((row.document_id, row.tag) for row in self)


class DocumentTag(Stamped):
    """A desk's tag on an article, which other desks of the same archive do not see."""

    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="on_documents")
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="tagged")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = DocumentTagQuerySet.as_manager()

    class Meta:
        ordering = ["tag__name_key", "id"]
        constraints = [models.UniqueConstraint(fields=["tag", "document"], name="one_tag_per_document")]

    def __str__(self) -> str:
        return f"{self.tag_id} on article {self.document_id}"


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def visible_to(self, user: User) -> SavedViewQuerySet:
        """One's own views, and those that are shared, at desks where one works."""
        rows = self.filter(models.Q(owner=user) | models.Q(shared=True))
        return rows if user.is_superuser else rows.filter(desk__in=desks_of(user))


class SavedView(Stamped):
    """The filter of a list under a name: for one person, or shared with the desk."""

    class Of(models.TextChoices):
        CLAIMS = "claims", _("claims")
        ARTICLES = "articles", _("articles")
        CHECKS = "checks", _("published checks")

    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="views")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="views")
    of = models.CharField(max_length=10, choices=Of.choices)
    name = models.CharField(max_length=80)
    # The part of the address after the question mark.
    query = models.CharField(max_length=1_000)
    shared = models.BooleanField(default=False)
    # For whom the list opens with it.
    opens_for: models.ManyToManyField[User, models.Model] = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="+"
    )

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["desk", "owner", "of", "name"], name="one_view_per_name"),
            models.CheckConstraint(condition=~models.Q(name=""), name="view_has_name"),
        ]
        indexes = [models.Index(fields=["desk", "of", "name"], name="view_list")]

    def __str__(self) -> str:
        return self.name
