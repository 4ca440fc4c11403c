"""Appearances (one assertion at one place), claims (what is checked) and claimants (who asserts it)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from claims import vocabulary
from claims.models.desks import Desk, desks_of
from claims.models.documents import AnalysisRun, Capture, Document, hidden_documents, through
from claims.models.fields import PartialDateColumns, Stamped, beginning, public_id
from claims.models.prepared import prepared

if TYPE_CHECKING:
    from claims.models.users import User


class ClaimantQuerySet(models.QuerySet["Claimant"]):
    def visible_to(self, user: User) -> ClaimantQuerySet:
        """Claimants of the person's desks, but for names that only a document hidden from them gave."""
        if user.is_superuser:
            return self
        return self.filter(
            ~models.Q(source__in=hidden_documents(user)),
            desk__in=desks_of(user),
        )

    def for_user(self, user: User) -> ClaimantQuerySet:
        return self.visible_to(user)

    def hidden_from(self, user: User) -> ClaimantQuerySet:
        """Claimants whose name a hidden document gave and nobody has confirmed."""
        return self.filter(source__in=hidden_documents(user)).order_by()

    def standing(self) -> ClaimantQuerySet:
        """Claimants that were not merged into another."""
        return self.filter(merged_into=None)


class Claimant(Stamped):
    """A person or body across articles. Merging and splitting is an editor's act, never silent."""

    class Kind(models.TextChoices):
        PERSON = "person", _("person")
        ORGANISATION = "organisation", _("organisation")
        GOVERNMENT = "government", _("government")
        GROUP = "group", _("group")
        OUTLET = "outlet", _("outlet or byline")
        VAGUE = "vague", _("vague source")
        ANONYMOUS = "anonymous", _("anonymous source")

    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="claimants")
    name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=200, editable=False)
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.PERSON)
    job_title = models.CharField(max_length=200, blank=True)
    same_as = models.URLField(max_length=500, blank=True)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged"
    )
    # The document that gave the name, until a person confirms it: the name is then shown as the document is.
    source = models.ForeignKey(
        Document, null=True, blank=True, on_delete=models.PROTECT, related_name="claimants_named"
    )

    objects = ClaimantQuerySet.as_manager()

    class Meta:
        ordering = ["name_key", "id"]
        constraints = [
            models.UniqueConstraint(fields=["desk", "name_key"], name="one_claimant_per_name"),
            models.CheckConstraint(condition=~models.Q(name=""), name="claimant_has_name"),
        ]

    def __str__(self) -> str:
        return self.name


class ClaimantAliasQuerySet(models.QuerySet["ClaimantAlias"]):
    def visible_to(self, user: User) -> ClaimantAliasQuerySet:
        """Other names of claimants this person sees, but for names of merged ones that are hidden."""
        if user.is_superuser:
            return self
        merged = Claimant.objects.hidden_from(user).filter(
            desk=models.OuterRef("desk"), name_key=models.OuterRef("alias_key")
        )
        return self.filter(
            ~models.Exists(merged), claimant__in=Claimant.objects.visible_to(user).order_by().values("pk")
        )


class ClaimantAlias(Stamped):
    """Another name under which a claimant appears at this desk."""

    claimant = models.ForeignKey(Claimant, on_delete=models.CASCADE, related_name="aliases")
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="claimant_aliases")
    alias = models.CharField(max_length=200)
    alias_key = models.CharField(max_length=200, editable=False)

    objects = ClaimantAliasQuerySet.as_manager()

    class Meta:
        verbose_name = _("other name of a claimant")
        verbose_name_plural = _("other names of claimants")
        ordering = ["alias_key", "id"]
        constraints = [models.UniqueConstraint(fields=["desk", "alias_key"], name="one_claimant_per_alias")]

    def __str__(self) -> str:
        return self.alias


class ClaimQuerySet(models.QuerySet["Claim"]):
    def visible_to(self, user: User) -> ClaimQuerySet:
        """Claims of the person's desks, but for those that are still the words of a hidden document.

        A claim is the desk's work from the moment people have confirmed its wording and named its claimant; its
        places and its evidence stay as hidden as their documents.
        """
        if user.is_superuser:
            return self
        return self.filter(~_is_hidden(user), desk__in=desks_of(user))

    def for_user(self, user: User) -> ClaimQuerySet:
        return self.visible_to(user)

    def hidden_from(self, user: User) -> ClaimQuerySet:
        """Claims whose wording or claimant comes from a hidden document and was confirmed by nobody."""
        if user.is_superuser:
            return self.none()
        return self.filter(_is_hidden(user)).order_by()

    def ids_hidden_from(self, user: User) -> models.QuerySet[Claim, int]:
        """The ids of what ``hidden_from`` gives, in any order: found by way of the two indexes."""
        if user.is_superuser:
            return self.none().values_list("pk", flat=True)
        hidden = hidden_documents(user)
        worded = self.filter(source__in=hidden, wording_confirmed_at=None)
        named = self.filter(claimant__in=Claimant.objects.hidden_from(user).values("pk"))
        ids = (rows.order_by().values_list("pk", flat=True) for rows in (worded, named))
        return next(ids).union(*ids)

    def resting_on_hidden(self, user: User) -> ClaimQuerySet:
        """Claims that a hidden document gave or holds: what is kept of their past may quote it."""
        if user.is_superuser:
            return self.none()
        hidden = hidden_documents(user)
        places = Appearance.objects.filter(document__in=hidden).exclude(claim=None)
        named = Claimant.objects.hidden_from(user).values("pk")
        # Each by an index of its own: asked as one condition, PostgreSQL read all claims.
        given, made = Claim.objects.filter(source__in=hidden), Claim.objects.filter(claimant__in=named)
        ids = [rows.order_by().values_list("pk", flat=True) for rows in (given, made)]
        found = places.order_by().values_list("claim", flat=True).union(*ids)
        return self.filter(pk__in=prepared(found, few=True)).order_by()

    def standing(self) -> ClaimQuerySet:
        """Claims that were not merged into another."""
        return self.filter(merged_into=None)


def of_claim(user: User, path: str = "claim") -> models.Q:
    """Return the condition on rows that hang on a claim: it is of the person's desks and not hidden from them."""
    if user.is_superuser:
        return models.Q()
    return models.Q(**{f"{path}__desk__in": desks_of(user)}) & ~_is_hidden(user, f"{path}__")


def _is_hidden(user: User, at: str = "") -> models.Q:
    """Return the condition that a claim's wording or claimant comes from a hidden document, confirmed by nobody.

    Asked of each row's own columns: asked as ``EXISTS`` of a second row of claims, PostgreSQL read all of them.
    """
    hidden = hidden_documents(user)
    names = Claimant.objects.hidden_from(user).values("pk")
    worded = models.Q(**{f"{at}source__in": hidden, f"{at}wording_confirmed_at": None})
    return worded | models.Q(**{f"{at}claimant__in": names})


def through_claim(user: User, path: str) -> models.Q:
    """Return the same condition on rows that stand further from their claim; ``path`` leads to it over other tables.

    Asked of each row that is looked at: a database that joined instead would begin at all claims of the desk, or at all
    that lies between, also where hardly a row hangs on them.
    """
    if user.is_superuser:
        return models.Q()
    return models.Q(models.Exists(Claim.objects.visible_to(user).filter(pk=models.OuterRef(path)).order_by()))


class Claim(Stamped):
    """What is checked, as one self-contained sentence that a person confirmed."""

    class Checks(models.TextChoices):
        CONTENT = "content", _("its content")
        SAID = "said", _("that it was said")
        WORDING = "wording", _("its exact wording")

    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="claims")
    public_id = models.CharField(max_length=12, unique=True, default=public_id, editable=False)
    wording = models.TextField()
    wording_unresolved = models.JSONField(default=list, blank=True)
    wording_confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    wording_confirmed_at = models.DateTimeField(null=True, blank=True)
    # The document that gave the first wording: until somebody confirms one, it is shown as the document is.
    source = models.ForeignKey(
        Document, null=True, blank=True, on_delete=models.PROTECT, related_name="claims_worded"
    )
    checks = models.CharField(max_length=10, choices=Checks.choices, default=Checks.CONTENT)
    claimant = models.ForeignKey(
        Claimant, null=True, blank=True, on_delete=models.PROTECT, related_name="claims"
    )
    made_on = PartialDateColumns.value()
    made_on_earliest = PartialDateColumns.bound()
    made_on_latest = PartialDateColumns.bound()
    about = PartialDateColumns.value()
    about_earliest = PartialDateColumns.bound()
    about_latest = PartialDateColumns.bound()
    # Dates follow the appearance that suggested them until a person types one.
    made_on_typed = models.BooleanField(default=False)
    about_typed = models.BooleanField(default=False)
    dates_from = models.ForeignKey(
        "Appearance", null=True, blank=True, on_delete=models.SET_NULL, related_name="dated_claims"
    )
    why = models.CharField(_("why we check this"), max_length=300, blank=True)
    language = models.CharField(max_length=10, blank=True)
    topics = models.JSONField(default=list, blank=True)
    score = models.FloatField(default=0)
    # What ``claims.review.standing`` counts over the evidence, kept for lists and filters.
    articles_found = models.PositiveIntegerField(default=0)
    origins_found = models.PositiveIntegerField(default=0)
    primary_found = models.PositiveIntegerField(default=0)
    in_time_found = models.PositiveIntegerField(default=0)
    searched_at = models.DateTimeField(null=True, blank=True)
    # By when it should be checked; a day without an hour is its last minute.
    due_at = models.DateTimeField(null=True, blank=True)
    # Whether new sources are compared with it; somebody may have said that it is enough.
    watched = models.BooleanField(default=True)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged"
    )
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="claims_added"
    )
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField()

    objects = ClaimQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [models.CheckConstraint(condition=~models.Q(wording=""), name="claim_has_wording")]
        indexes = [
            models.Index(fields=["desk", "-created_at", "-id"], name="claim_newest"),
            # One for each order of the queue.
            models.Index(fields=["desk", "-score", "-id"], name="claim_score"),
            models.Index(fields=["desk", "-origins_found", "-id"], name="claim_origins"),
            models.Index(fields=["desk", "claimant", "-created_at", "-id"], name="claim_claimant_newest"),
            models.Index(
                fields=["desk", "due_at", "id"], condition=models.Q(due_at__isnull=False), name="claim_due"
            ),
            models.Index(
                fields=["desk", "-created_at", "-id"],
                condition=models.Q(searched_at=None),
                name="claim_unsearched",
            ),
        ]

    def __str__(self) -> str:
        return beginning(self.wording, 120)

    def without_counts(self) -> None:
        """Take what its evidence came to out of this row as it is read: it was counted after people decided."""
        self.articles_found = self.origins_found = self.primary_found = self.in_time_found = None  # type: ignore[assignment]


class AppearanceQuerySet(models.QuerySet["Appearance"]):
    def visible_to(self, user: User) -> AppearanceQuerySet:
        """Appearances of the person's desks, in documents that they may read or in none of the archive."""
        if user.is_superuser:
            return self
        return self.filter(through(user), desk__in=desks_of(user))

    def for_user(self, user: User) -> AppearanceQuerySet:
        return self.visible_to(user)

    def open(self) -> AppearanceQuerySet:
        return self.filter(triage=Appearance.Triage.SUGGESTED)

    def open_articles(self, desk: Desk | int) -> models.QuerySet[Any, Any]:
        """Return the ids of documents in which a desk has suggestions that nobody has decided about.

        To stand behind ``__in``: an index holds just these rows, whereas asking at each document looks at all of them.
        """
        return self.open().filter(desk=desk).exclude(document=None).order_by().values("document")


class Appearance(Stamped):
    """One assertion at one place: ``capture.text[start:end]`` is the quotation.

    Without a capture (a broadcast, a post, a letter) ``quotation`` and ``locator`` stand for the place.
    """

    Triage = vocabulary.Triage
    Attribution = vocabulary.Attribution
    Checkable = vocabulary.Checkable

    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="appearances")
    document = models.ForeignKey(
        Document, null=True, blank=True, on_delete=models.PROTECT, related_name="appearances"
    )
    capture = models.ForeignKey(
        Capture, null=True, blank=True, on_delete=models.PROTECT, related_name="appearances"
    )
    run = models.ForeignKey(
        AnalysisRun, null=True, blank=True, on_delete=models.PROTECT, related_name="appearances"
    )
    unit = models.PositiveIntegerField(null=True, blank=True)
    start = models.PositiveIntegerField(default=0)
    end = models.PositiveIntegerField(default=0)
    sentence_start = models.PositiveIntegerField(default=0)
    sentence_end = models.PositiveIntegerField(default=0)
    paragraph_start = models.PositiveIntegerField(default=0)
    paragraph_end = models.PositiveIntegerField(default=0)
    quotation = models.TextField()
    locator = models.CharField(max_length=300, blank=True)
    within = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="inner")
    repeats = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="repeated_by"
    )
    attribution = models.CharField(max_length=10, choices=Attribution.choices, default=Attribution.ARTICLE)
    claimant_text = models.CharField(max_length=300, blank=True)
    claimant_kind = models.CharField(max_length=20, blank=True)
    relay = models.CharField(max_length=300, blank=True)
    negated = models.BooleanField(default=False)
    checkable = models.CharField(max_length=5, choices=Checkable.choices, default=Checkable.FACT)
    claim_type = models.CharField(max_length=20, blank=True)
    score = models.FloatField(default=0)
    reasons = models.JSONField(default=list, blank=True)
    dates = models.JSONField(default=list, blank=True)
    flags = models.JSONField(default=list, blank=True)
    rules = models.JSONField(default=list, blank=True)
    wording = models.TextField(blank=True)
    wording_unresolved = models.JSONField(default=list, blank=True)
    appeared_on = PartialDateColumns.value()
    time_start = models.FloatField(null=True, blank=True)
    time_end = models.FloatField(null=True, blank=True)
    triage = models.CharField(max_length=12, choices=Triage.choices, default=Triage.SUGGESTED)
    dismiss_reason = models.CharField(max_length=300, blank=True)
    claim = models.ForeignKey(
        Claim, null=True, blank=True, on_delete=models.PROTECT, related_name="appearances"
    )
    # Set by the first act of a person on this row; from then on no analysis changes it.
    touched_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    touched_at = models.DateTimeField(null=True, blank=True)
    provenance = models.JSONField(default=dict, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = AppearanceQuerySet.as_manager()

    class Meta:
        ordering = ["start", "-end", "id"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(quotation=""), name="appearance_has_quotation"),
            models.CheckConstraint(
                condition=models.Q(capture=None) | models.Q(start__lt=models.F("end")),
                name="appearance_has_span",
            ),
            models.CheckConstraint(
                condition=~models.Q(triage="accepted") | models.Q(claim__isnull=False),
                name="accepted_has_claim",
            ),
            models.UniqueConstraint(
                fields=["desk", "capture", "start", "end"],
                condition=models.Q(capture__isnull=False),
                name="one_appearance_per_place",
            ),
        ]
        indexes = [
            models.Index(fields=["desk", "triage", "document"], name="appearance_triage_of"),
            models.Index(fields=["document", "desk", "triage"], name="appearance_of_document"),
            models.Index(fields=["capture", "start"], name="appearance_place"),
        ]

    def __str__(self) -> str:
        return beginning(self.quotation, 120)
