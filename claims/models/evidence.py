"""What was searched, what was found, and what people decided about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from claims.models.claims import Claim, of_claim, through_claim
from claims.models.desks import Desk, desks_of
from claims.models.documents import Capture, Document, through
from claims.models.fields import PartialDateColumns, Stamped, beginning
from claims.models.panels import DecidedApart

if TYPE_CHECKING:
    from claims.models.users import User


class SearchRunQuerySet(models.QuerySet["SearchRun"]):
    def visible_to(self, user: User) -> SearchRunQuerySet:
        """Searches of the person's desks; of a claim that a hidden document gave, the questions quote it."""
        if user.is_superuser:
            return self
        return self.filter(
            ~models.Q(claim__in=Claim.objects.resting_on_hidden(user).values("pk")),
            desk__in=desks_of(user),
        )


class SearchRun(Stamped):
    """The questions put to one engine for one claim, and how much was searched. Never edited."""

    class Kind(models.TextChoices):
        CLAIM = "claim", _("the whole claim")
        OWN_WORDS = "own_words", _("own words")
        OUTSIDE = "outside", _("outside the archive")

    class Outcome(models.TextChoices):
        FOUND = "found", _("found")
        NOTHING = "nothing", _("nothing found")
        NOT_COVERED = "not_covered", _("the archive does not cover this time")
        FAILED = "failed", _("the search failed")

    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="search_runs")
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="search_runs")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.CLAIM)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # The questions as asked: a list of {"text", "terms"}; for outside searches {"text", "where", "url"}.
    questions = models.JSONField(default=list)
    engine = models.CharField(max_length=20, blank=True)
    index_stamp = models.CharField(max_length=100, blank=True)
    searched = models.PositiveIntegerField(default=0)
    in_window = models.PositiveIntegerField(null=True, blank=True)
    window_earliest = PartialDateColumns.bound()
    window_latest = PartialDateColumns.bound()
    hits_found = models.PositiveIntegerField(default=0)
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    note = models.CharField(max_length=500, blank=True)

    objects = SearchRunQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.get_outcome_display()}"


class SearchHitQuerySet(models.QuerySet["SearchHit"]):
    def visible_to(self, user: User) -> SearchHitQuerySet:
        """Answers of searches this person sees, in documents that they may read."""
        if user.is_superuser:
            return self
        return self.filter(through(user), run__in=SearchRun.objects.visible_to(user).order_by().values("pk"))


class SearchHit(models.Model):
    """One passage an engine answered with: question, rank and matched terms. Never edited, no score kept."""

    run = models.ForeignKey(SearchRun, on_delete=models.CASCADE, related_name="hits")
    question = models.PositiveSmallIntegerField(default=0)
    rank = models.PositiveIntegerField()
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="search_hits")
    capture = models.ForeignKey(Capture, on_delete=models.PROTECT, related_name="search_hits")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    matched = models.JSONField(default=list)
    weak = models.BooleanField(default=False)

    objects = SearchHitQuerySet.as_manager()

    class Meta:
        ordering = ["run_id", "question", "rank"]
        constraints = [models.UniqueConstraint(fields=["run", "question", "rank"], name="one_hit_per_rank")]

    def __str__(self) -> str:
        return f"#{self.rank}"


class EvidenceQuerySet(DecidedApart["Evidence"]):
    def visible_to(self, user: User) -> EvidenceQuerySet:
        """Evidence of claims that this person sees, from documents that they may read or from none.

        Whoever is to give an opinion on the claim, formed apart, reads it as if nobody else had decided about it.
        """
        return self.filter(through(user) & of_claim(user)).read_by(user)

    def for_user(self, user: User) -> EvidenceQuerySet:
        return self.visible_to(user)

    def shown(self) -> EvidenceQuerySet:
        """What stands on the board: everything but what is folded and untouched."""
        return self.exclude(
            folded=True, added_by=None, decided_by=None, stance="", cited=False, rejected=False
        )


class Evidence(Stamped):
    """A place bearing on a claim, with its own quotation and what people decided about it."""

    class Kind(models.TextChoices):
        PASSAGE = "passage", _("passage of the archive")
        URL = "url", _("page")
        FILE = "file", _("file")
        QUOTATION = "quotation", _("quotation")
        CONTACT = "contact", _("contact note")

    class Stance(models.TextChoices):
        UNSET = "", _("not decided")
        SUPPORTS = "supports", _("supports")
        PARTLY = "partly", _("partly")
        REFUTES = "refutes", _("refutes")
        CONTEXT = "context", _("context")
        IRRELEVANT = "irrelevant", _("irrelevant")

    class Primacy(models.TextChoices):
        UNSET = "", _("not decided")
        PRIMARY = "primary", _("primary")
        SECONDARY = "secondary", _("secondary")

    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="evidence")
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="evidence")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    document = models.ForeignKey(
        Document, null=True, blank=True, on_delete=models.PROTECT, related_name="evidence"
    )
    capture = models.ForeignKey(
        Capture, null=True, blank=True, on_delete=models.PROTECT, related_name="evidence"
    )
    start = models.PositiveIntegerField(default=0)
    end = models.PositiveIntegerField(default=0)
    quotation = models.TextField()
    # Where it is from, for evidence without a document of the archive.
    source_title = models.CharField(max_length=500, blank=True)
    source_url = models.URLField(max_length=2000, blank=True)
    source_date = PartialDateColumns.value()
    place_key = models.CharField(max_length=100)
    run = models.ForeignKey(
        SearchRun, null=True, blank=True, on_delete=models.PROTECT, related_name="evidence"
    )
    rank = models.PositiveIntegerField(default=0)
    matched = models.JSONField(default=list, blank=True)
    # What a search made of it: how likely it bears on the claim (percent), and why, as {"name", …}.
    relevance = models.PositiveSmallIntegerField(null=True, blank=True)
    reasons = models.JSONField(default=list, blank=True)
    # Further passages of the same capture that bear on the claim: {"start", "end", "quotation", "matched"}.
    further = models.JSONField(default=list, blank=True)
    # A later search found it weaker than what is shown. Never set on what a person decided about.
    folded = models.BooleanField(default=False)
    # What earlier versions guessed (docs/decisions/0034): kept as it was, shown to nobody and counted nowhere.
    stance_hint = models.CharField(max_length=10, choices=Stance.choices, blank=True, default="")
    stance_cue = models.CharField(max_length=200, blank=True)
    stance = models.CharField(max_length=10, choices=Stance.choices, blank=True, default="")
    cited = models.BooleanField(default=False)
    rejected = models.BooleanField(default=False)
    reason = models.CharField(max_length=300, blank=True)
    # Whom the passage relies on, as the machine reads it; what people write below wins.
    relies = models.JSONField(default=dict, blank=True)
    according_to = models.CharField(max_length=300, blank=True)
    primacy = models.CharField(max_length=10, choices=Primacy.choices, blank=True, default="")
    interest = models.CharField(_("interest note"), max_length=500, blank=True)
    translation = models.TextField(blank=True)
    is_public = models.BooleanField(default=True)
    # Who decided that these words may be published although their document is not shown to everybody.
    cleared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="evidence_added",
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    #: Whether whoever reads it is still to give an opinion on its claim, formed apart; set by ``visible_to``.
    kept_apart = False

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["claim_id", "rank", "id"]
        constraints = [
            models.UniqueConstraint(fields=["claim", "place_key"], name="one_evidence_per_place"),
            models.CheckConstraint(condition=~models.Q(quotation=""), name="evidence_has_quotation"),
            models.CheckConstraint(
                condition=~(models.Q(cited=True) & models.Q(rejected=True)), name="cited_is_not_rejected"
            ),
        ]
        indexes = [
            # The few addresses that nobody has fetched yet: every stored page asks whether it is one of them.
            models.Index(
                fields=["desk"],
                condition=models.Q(kind="url", document__isnull=True),
                name="evidence_unfetched",
            ),
        ]

    def __str__(self) -> str:
        return beginning(self.quotation, 120)

    def without_decisions(self) -> None:
        """Take what people decided out of this row as it is read; in the database it stays.

        Whom the words rely on and whether they are primary is the machine's reading again: ``relies``.
        """
        self.stance, self.reason, self.interest = self.Stance.UNSET, "", ""
        self.according_to = ""
        # That somebody who was asked is a source of the first hand is no judgement.
        asked = self.kind == self.Kind.CONTACT
        self.primacy = self.Primacy.PRIMARY if asked else self.Primacy.UNSET
        self.cited = self.rejected = False
        self.decided_by, self.decided_at = None, None

    @property
    def is_shown(self) -> bool:
        """Whether it stands on the board, as ``shown`` of the rows says."""
        touched = self.added_by_id or self.decided_by_id or self.stance or self.cited or self.rejected
        return not self.folded or bool(touched)


class ContactNoteQuerySet(models.QuerySet["ContactNote"]):
    def visible_to(self, user: User) -> ContactNoteQuerySet:
        return self.filter(through(user, "evidence__document") & through_claim(user, "evidence__claim"))


class ContactNote(Stamped):
    """Who was asked, when, and what they said."""

    evidence = models.OneToOneField(Evidence, on_delete=models.CASCADE, related_name="contact")
    who = models.CharField(max_length=200)
    how = models.CharField(max_length=200, blank=True)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    question = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="contact_notes")

    objects = ContactNoteQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-id"]

    def __str__(self) -> str:
        return self.who
