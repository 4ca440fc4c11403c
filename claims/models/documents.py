"""The archive: outlets and their owners, documents, their immutable captures, passages and origins."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connections, models, router
from django.db.models.expressions import RawSQL
from django.db.models.functions import Substr
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.models.desks import Archive, Desk, archives_of, desks_of, working_at
from claims.models.fields import PartialDateColumns, Stamped
from claims.models.prepared import PEOPLE, prepared

if TYPE_CHECKING:
    from claims.models.users import User


class OwnerQuerySet(models.QuerySet["Owner"]):
    def visible_to(self, user: User) -> OwnerQuerySet:
        """Owners of outlets that this person knows."""
        if user.is_superuser:
            return self
        known = Outlet.objects.visible_to(user).filter(owner=models.OuterRef("pk"))
        return self.filter(models.Exists(known.order_by()))


class Owner(Stamped):
    """Who owns one or more outlets."""

    name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=200, unique=True, editable=False)

    objects = OwnerQuerySet.as_manager()

    class Meta:
        ordering = ["name_key", "id"]

    def __str__(self) -> str:
        return self.name


class OutletQuerySet(models.QuerySet["Outlet"]):
    def visible_to(self, user: User) -> OutletQuerySet:
        """Outlets of documents that this person may read: a name that only a hidden one bears stays hidden."""
        if user.is_superuser:
            return self
        theirs = Document.objects.visible_to(user).filter(outlet=models.OuterRef("pk"))
        return self.filter(models.Exists(theirs.order_by()))


class Outlet(Stamped):
    """Who published a document: a paper, an agency, an office. Known by its site where it has one."""

    name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=200, editable=False)
    site = models.CharField(max_length=253, blank=True)
    owner = models.ForeignKey(Owner, null=True, blank=True, on_delete=models.SET_NULL, related_name="outlets")
    is_agency = models.BooleanField(default=False)

    objects = OutletQuerySet.as_manager()

    class Meta:
        ordering = ["name_key", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["site"], condition=~models.Q(site=""), name="one_outlet_per_site"
            ),
            models.UniqueConstraint(
                fields=["name_key"], condition=models.Q(site=""), name="one_outlet_per_name"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class OriginQuerySet(models.QuerySet["Origin"]):
    def visible_to(self, user: User) -> OriginQuerySet:
        """Origins of readable archives, but for those that a hidden document belongs to."""
        if user.is_superuser:
            return self
        hidden = Document.objects.hidden_from(user).exclude(origin=None)
        return self.filter(~models.Q(pk__in=hidden.values("origin")), archive__in=archives_of(user))

    def begin(self, document: Document) -> int:
        """Give a document an origin of its own and return its number; nine in ten texts that come in have one."""
        link = connections[router.db_for_write(self.model)]
        now = link.ops.adapt_datetimefield_value(timezone.now())
        with link.cursor() as cursor:
            cursor.execute(
                "INSERT INTO claims_origin (archive_id, label, created_at) VALUES (%s, '', %s) RETURNING id",
                [document.archive_id, now],
            )
            (number,) = cursor.fetchone()
            cursor.execute("UPDATE claims_document SET origin_id = %s WHERE id = %s", [number, document.pk])
        return int(number)


class Origin(Stamped):
    """Documents that rest on one report or statement: the unit of independence."""

    archive = models.ForeignKey(Archive, on_delete=models.PROTECT, related_name="origins")
    label = models.CharField(max_length=300, blank=True)

    objects = OriginQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.label or f"Origin {self.pk}"


class OriginPartingQuerySet(models.QuerySet["OriginParting"]):
    def visible_to(self, user: User) -> OriginPartingQuerySet:
        """Partings between origins that this person may see both of."""
        seen = Origin.objects.visible_to(user).values("pk")
        return self.filter(first__in=seen, second__in=seen)

    def between(self, origins: Sequence[int]) -> list[tuple[int, int]]:
        """Return which of these origins a person held apart; asked with nearly every text that comes in."""
        marks = ", ".join(["%s"] * len(origins))
        with connections[self.db].cursor() as cursor:
            cursor.execute(
                "SELECT first_id, second_id FROM claims_originparting"  # noqa: S608  # only marks are put in
                f" WHERE first_id IN ({marks}) AND second_id IN ({marks})",
                [*origins, *origins],
            )
            return cursor.fetchall()


class OriginParting(Stamped):
    """Two origins that a person held apart: the machine never merges them, whatever comes in between."""

    first = models.ForeignKey(Origin, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Origin, on_delete=models.CASCADE, related_name="+")

    objects = OriginPartingQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="origins_parted_once"),
            models.CheckConstraint(
                condition=models.Q(first__lt=models.F("second")), name="parted_origins_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first} – {self.second}"


class DateSource(models.TextChoices):
    """How a publication date is known."""

    METADATA = "metadata", _("stated in the page's metadata")
    VISIBLE = "visible", _("printed on the page")
    FEED = "feed", _("stated by a feed")
    SUGGESTED = "suggested", _("suggested, not confirmed")
    PERSON = "person", _("entered by a person")
    UNKNOWN = "", _("unknown")


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, user: User) -> DocumentQuerySet:
        """Documents this person may read: by archive, and by the document's own visibility."""
        if user.is_superuser:
            return self
        archives = archives_of(user)
        return self.filter(
            models.Q(visibility=Document.Visibility.ARCHIVE) | _named(user.pk), archive__in=archives
        )

    def for_user(self, user: User) -> DocumentQuerySet:
        return self.visible_to(user)

    def hidden_from(self, user: User) -> DocumentQuerySet:
        """Documents whose own visibility keeps this person out, in whichever archive: few, and found by an index.

        What hangs on a document is asked for by leaving these out; a list of what may be read would be long.
        """
        if user.is_superuser:
            return self.none()
        return _closed_to(self, user.pk)

    def for_desk(self, desk: Desk | int) -> DocumentQuerySet:
        """Documents in the archives that a desk owns or reads."""
        return self.filter(models.Q(archive__desk=desk) | models.Q(archive__readers=desk)).distinct()


def _named(person: int) -> models.Q:
    """Return which documents with a visibility of their own this person may read."""
    named = Document.named.through._default_manager.filter(user=person).values("document")
    return (
        models.Q(visibility=Document.Visibility.DESK, desk__in=working_at(person))
        | models.Q(pk__in=named)
        | models.Q(visibility=Document.Visibility.NAMED, added_by=person)
    )


def hidden_documents(user: User) -> models.QuerySet[Any, Any] | RawSQL:
    """Return the ids of documents that are hidden from a person, to stand behind ``__in`` of other questions."""
    if user.is_superuser:
        return Document.objects.none().values("pk")
    return _hidden(user.pk)


@functools.lru_cache(PEOPLE)
def _hidden(person: int) -> RawSQL:
    return prepared(_closed_to(Document.objects.all(), person).values("pk"), few=True)


def _closed_to(rows: DocumentQuerySet, person: int) -> DocumentQuerySet:
    return rows.exclude(visibility=Document.Visibility.ARCHIVE).exclude(_named(person)).order_by()


def through(user: User, path: str = "document") -> models.Q:
    """Return the condition on rows that hang on a document: it may be read by this person, or there is none.

    ``path`` leads from the row to the document. The one way in which every other table asks.
    """
    if user.is_superuser:
        return models.Q()
    archives = archives_of(user)
    shown = ~models.Q(**{f"{path}__in": hidden_documents(user)})
    return models.Q(**{f"{path}__isnull": True}) | (models.Q(**{f"{path}__archive__in": archives}) & shown)


class Document(Stamped):
    """One address, or one pasted or uploaded item, in one archive.

    The publication date here is the one in force (a person's over the machine's); each capture keeps what
    was found in it.
    """

    class Kind(models.TextChoices):
        WEB = "web", _("page")
        PASTED = "pasted", _("pasted text")
        UPLOADED = "uploaded", _("file")
        OUTSIDE = "outside", _("broadcast, post or letter")

    class Visibility(models.TextChoices):
        ARCHIVE = "archive", _("everyone who reads the archive")
        DESK = "desk", _("one desk")
        NAMED = "named", _("named people")

    archive = models.ForeignKey(Archive, on_delete=models.PROTECT, related_name="documents")
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    url = models.URLField(max_length=2000, blank=True)
    # The canonical address, or "text:<hash>" for an item without one.
    address_key = models.CharField(max_length=300)
    title = models.CharField(max_length=500, blank=True)
    outlet = models.ForeignKey(
        Outlet, null=True, blank=True, on_delete=models.PROTECT, related_name="documents"
    )
    authors = models.CharField(max_length=500, blank=True)
    language = models.CharField(max_length=10, blank=True)
    published = PartialDateColumns.value()
    published_earliest = PartialDateColumns.bound()
    published_latest = PartialDateColumns.bound()
    published_source = models.CharField(max_length=10, choices=DateSource.choices, blank=True, default="")
    visibility = models.CharField(max_length=10, choices=Visibility.choices, default=Visibility.ARCHIVE)
    named: models.ManyToManyField[User, models.Model] = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="documents_shown"
    )
    origin = models.ForeignKey(
        Origin,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="documents",
        db_index=False,
    )
    origin_reason = models.CharField(max_length=500, blank=True)
    # Who decided it; None is the machine, which never moves what a person placed.
    origin_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # The edition of its lookup keys; what has an older one is compared again in the background.
    origin_edition = models.PositiveSmallIntegerField(default=0)
    # How many captures there are; the newest one's number.
    captures_made = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="documents_added",
    )
    updated_at = models.DateTimeField()

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["archive", "address_key"], name="one_document_per_address"),
            models.CheckConstraint(condition=~models.Q(address_key=""), name="document_has_address_key"),
        ]
        indexes = [
            models.Index(fields=["archive", "-created_at", "-id"], name="document_newest"),
            models.Index(fields=["archive", "published_earliest"], name="document_published"),
            models.Index(fields=["origin", "id"], name="document_of_origin"),
            # What is still to be compared: empty but after an upgrade.
            models.Index(fields=["id"], condition=models.Q(origin_edition__lt=1), name="document_to_compare"),
            # The few that not everybody may read: asked for with nearly every list.
            models.Index(
                fields=["visibility"], condition=~models.Q(visibility="archive"), name="document_restricted"
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.url or f"Document {self.pk}"


class FinishedArticleQuerySet(models.QuerySet["FinishedArticle"]):
    def visible_to(self, user: User) -> FinishedArticleQuerySet:
        if user.is_superuser:
            return self
        return self.filter(through(user), desk__in=desks_of(user))

    def when(self, document: Document, desk: Desk) -> dt.datetime | None:
        """Return when this desk finished the article, or None."""
        return self.filter(document=document, desk=desk).values_list("at", flat=True).first()


class FinishedArticle(Stamped):
    """One desk has been through the suggestions of one article; others that share the archive may not have."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="finished")
    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="finished_articles")
    at = models.DateTimeField()

    objects = FinishedArticleQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [models.UniqueConstraint(fields=["desk", "document"], name="finished_once_per_desk")]

    def __str__(self) -> str:
        return f"{self.document} – {self.desk}"


class CaptureQuerySet(models.QuerySet["Capture"]):
    def visible_to(self, user: User) -> CaptureQuerySet:
        return self.filter(through(user))


class Capture(Stamped):
    """One immutable state of a document: bytes as a blob, text, and what was found in it.

    Offsets everywhere are code points of ``text``, for ever.
    """

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="captures")
    number = models.PositiveIntegerField()
    blob = models.CharField(max_length=64, blank=True)
    media_type = models.CharField(max_length=100, blank=True)
    final_url = models.URLField(max_length=2000, blank=True)
    text = models.TextField(blank=True)
    text_hash = models.CharField(max_length=64)
    characters = models.PositiveIntegerField()
    title = models.CharField(max_length=500, blank=True)
    language = models.CharField(max_length=10, blank=True)
    extractor = models.CharField(max_length=60, blank=True)
    published = PartialDateColumns.value()
    published_source = models.CharField(max_length=10, choices=DateSource.choices, blank=True, default="")
    published_evidence = models.CharField(max_length=300, blank=True)
    notes = models.JSONField(default=list, blank=True)
    # The note by which this text corrects, amends or withdraws what was printed before, as printed.
    correction = models.CharField(max_length=300, blank=True, default="")
    # Where the pages of a paginated file lie in the text: [number, start, end].
    pages = models.JSONField(default=list, blank=True)
    redacted_at = models.DateTimeField(null=True, blank=True)

    objects = CaptureQuerySet.as_manager()

    class Meta:
        ordering = ["document_id", "-number"]
        constraints = [models.UniqueConstraint(fields=["document", "number"], name="one_capture_per_number")]
        indexes = [
            models.Index(fields=["text_hash", "document"], name="capture_text"),
            # The few that correct or withdraw something: asked for with every list of sources.
            models.Index(fields=["document"], condition=~models.Q(correction=""), name="capture_correcting"),
        ]

    def __str__(self) -> str:
        return f"{self.title or self.document_id} – capture {self.number}"


def passage_words() -> Substr:
    """Return the expression for a passage's own text: a capture may be a book, its text is cut in the database."""
    return Substr("capture__text", models.F("start") + 1, models.F("end") - models.F("start"))


class PassageQuerySet(models.QuerySet["Passage"]):
    def visible_to(self, user: User) -> PassageQuerySet:
        return self.filter(through(user, "capture__document"))


class Passage(models.Model):
    """80–150 words of a capture, the unit of search; its text is ``capture.text[start:end]``."""

    capture = models.ForeignKey(Capture, on_delete=models.CASCADE, related_name="passages")
    number = models.PositiveIntegerField()
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()

    objects = PassageQuerySet.as_manager()

    class Meta:
        ordering = ["capture_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["capture", "number"], name="one_passage_per_number"),
            models.CheckConstraint(condition=models.Q(start__lt=models.F("end")), name="passage_has_text"),
        ]

    def __str__(self) -> str:
        return f"Passage {self.number} of capture {self.capture_id}"


class ShingleKeyQuerySet(models.QuerySet["ShingleKey"]):
    def visible_to(self, user: User) -> ShingleKeyQuerySet:
        return self.filter(through(user))

    def holders(self, *, archive: int, keys: Sequence[int]) -> Iterator[tuple[int, int]]:
        """Yield key and document for every row of an archive with one of these keys.

        Asked with every text that comes in, and with hundreds of keys: a statement of our own takes half the time.
        """
        link = connections[self.db]
        table = link.ops.quote_name(self.model._meta.db_table)
        chosen = f"SELECT key, document_id FROM {table} WHERE archive_id = %s AND key"  # noqa: S608  # our own table
        with link.cursor() as cursor:
            if link.vendor == "postgresql":
                cursor.execute(f"{chosen} = ANY(%s::bigint[])", [archive, list(keys)])
                yield from cursor.fetchall()
                return
            for at in range(0, len(keys), 500):
                some = keys[at : at + 500]
                marks = ", ".join(["%s"] * len(some))
                cursor.execute(f"{chosen} IN ({marks})", [archive, *some])
                yield from cursor.fetchall()

    def keep(self, *, document: int, archive: int, keys: Sequence[int]) -> None:
        """Store the keys of one document in one go; what is there already stays.

        Not by rows of the model: making seventy of them takes longer than all the rest of storing a text.
        """
        link = connections[router.db_for_write(self.model)]
        table = link.ops.quote_name(self.model._meta.db_table)
        into = f"INSERT INTO {table} (document_id, archive_id, key)"
        with link.cursor() as cursor:
            if link.vendor == "postgresql":
                cursor.execute(
                    f"{into} SELECT %s, %s, unnest(%s::bigint[]) ON CONFLICT DO NOTHING",
                    [document, archive, list(keys)],
                )
            else:
                cursor.executemany(
                    f"{into} VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
                    [(document, archive, key) for key in keys],
                )


class ShingleKey(models.Model):
    """One lookup key of a document's newest text: of its wording, a quotation or what it is about.

    Machine-written, replaced with every capture. Only candidates come from here; how much two texts share is
    measured on the texts. A key that many documents hold is not kept for more.
    """

    # Both are found by the constraint and the index below; more indexes would only cost with every document.
    document = models.ForeignKey(
        Document, on_delete=models.CASCADE, related_name="shingle_keys", db_index=False
    )
    archive = models.ForeignKey(Archive, on_delete=models.CASCADE, related_name="+", db_index=False)
    key = models.BigIntegerField()

    objects = ShingleKeyQuerySet.as_manager()

    class Meta:
        ordering = ["document_id", "key"]
        constraints = [models.UniqueConstraint(fields=["document", "key"], name="one_shingle_per_document")]
        indexes = [models.Index(fields=["archive", "key", "document"], name="shingle_lookup")]

    def __str__(self) -> str:
        return f"{self.document_id}: {self.key}"


class AnalysisRunQuerySet(models.QuerySet["AnalysisRun"]):
    def visible_to(self, user: User) -> AnalysisRunQuerySet:
        """Analyses of the person's desks, of documents that they may read."""
        if user.is_superuser:
            return self
        return self.filter(through(user, "capture__document"), desk__in=desks_of(user))


class AnalysisRun(Stamped):
    """One splitting of one capture for one desk: analyser version, the date it assumed, what was left out."""

    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="analysis_runs")
    capture = models.ForeignKey(Capture, on_delete=models.PROTECT, related_name="analysis_runs")
    analyser = models.CharField(max_length=60)
    published = PartialDateColumns.value()
    language = models.CharField(max_length=10, blank=True)
    left_out = models.JSONField(default=list, blank=True)
    flags = models.JSONField(default=list, blank=True)
    units = models.PositiveIntegerField(default=0)
    is_current = models.BooleanField(default=True)
    # What a re-run would change where a person has decided; shown, never applied by itself.
    proposals = models.JSONField(default=list, blank=True)

    objects = AnalysisRunQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["desk", "capture"], condition=models.Q(is_current=True), name="one_current_analysis"
            )
        ]

    def __str__(self) -> str:
        return f"{self.analyser} on capture {self.capture_id}"
