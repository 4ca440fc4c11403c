"""Published fact checks, own and imported, their numbered frozen releases, and links of claims to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from claims import vocabulary
from claims.models.claims import Claim, of_claim
from claims.models.desks import Desk, desks_of
from claims.models.feeds import ForeignLabel
from claims.models.fields import EARLIEST, PartialDateColumns, Stamped, beginning, public_id
from claims.models.panels import DecidedApart
from claims.models.reviews import Verdict

if TYPE_CHECKING:
    from claims.models.users import User


class FactCheckQuerySet(models.QuerySet["FactCheck"]):
    def visible_to(self, user: User) -> FactCheckQuerySet:
        """Fact checks of the person's desks: what is in them is public, or was."""
        if user.is_superuser:
            return self
        return self.filter(desk__in=desks_of(user))

    def for_user(self, user: User) -> FactCheckQuerySet:
        return self.visible_to(user)

    def own(self) -> FactCheckQuerySet:
        return self.filter(imported=False)

    def published(self) -> FactCheckQuerySet:
        """Own fact checks with a public page: live, suspended and withdrawn ones."""
        return self.own().exclude(latest=None)

    def live(self) -> FactCheckQuerySet:
        return self.filter(status=FactCheck.Status.LIVE)


class FactCheck(Stamped):
    """The published object. Everything public is rendered from its latest release's payload."""

    Status = vocabulary.CheckStatus

    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="factchecks")
    public_id = models.CharField(max_length=12, unique=True, default=public_id, editable=False)
    claim = models.OneToOneField(
        Claim, null=True, blank=True, on_delete=models.PROTECT, related_name="factcheck"
    )
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.LIVE)
    imported = models.BooleanField(default=False)
    publisher = models.CharField(max_length=200, blank=True)
    url = models.URLField(max_length=2000, blank=True)
    # Identity of an imported check (its publisher's URL or @id), folded.
    import_key = models.CharField(max_length=300, blank=True)
    raw = models.JSONField(null=True, blank=True)
    # What its label means here; its finding is that of the label once a person has confirmed it.
    foreign_label = models.ForeignKey(
        ForeignLabel, null=True, blank=True, on_delete=models.PROTECT, related_name="factchecks"
    )
    # When its publisher says it was last changed, where they say so: an older state does not replace it.
    changed_there_at = models.DateTimeField(null=True, blank=True)
    latest = models.OneToOneField(
        "Release", null=True, blank=True, on_delete=models.PROTECT, related_name="latest_of"
    )
    # Columns copied from the latest payload for lists, filters and feeds.
    claim_text = models.TextField(blank=True)
    claimant_name = models.CharField(max_length=200, blank=True)
    rating_label = models.CharField(max_length=100, blank=True)
    finding = models.CharField(max_length=20, choices=vocabulary.Finding.choices, blank=True, default="")
    language = models.CharField(max_length=10, blank=True)
    made_on = PartialDateColumns.value()
    made_on_earliest = PartialDateColumns.bound()
    # What public searches and filters compare, folded in Python so that both databases agree; see
    # ``columns`` of the payload.
    site = models.CharField(max_length=253, blank=True, default="")
    language_key = models.CharField(max_length=10, blank=True, default="")
    claimant_key = models.CharField(max_length=200, blank=True, default="")
    topic_keys = models.TextField(blank=True, default="")
    newest_on = models.DateField(default=EARLIEST)
    first_published_at = models.DateTimeField(null=True, blank=True)
    modified_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = FactCheckQuerySet.as_manager()

    class Meta:
        ordering = ["-modified_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["desk", "import_key"], condition=models.Q(imported=True), name="one_import_per_key"
            )
        ]
        indexes = [
            models.Index(fields=["desk", "-modified_at", "-id"], name="factcheck_newest"),
            models.Index(fields=["desk", "status"], name="factcheck_status"),
            models.Index(fields=["status", "-first_published_at", "-id"], name="factcheck_first"),
            models.Index(fields=["site", "status", "-first_published_at", "-id"], name="factcheck_site"),
            models.Index(fields=["desk", "claimant_key", "-modified_at", "-id"], name="factcheck_claimant"),
        ]

    def __str__(self) -> str:
        return beginning(self.claim_text, 120)


class ReleaseQuerySet(models.QuerySet["Release"]):
    def visible_to(self, user: User) -> ReleaseQuerySet:
        """Releases of the person's desks: public, or once public."""
        if user.is_superuser:
            return self
        return self.filter(factcheck__desk__in=desks_of(user))


class Release(Stamped):
    """One numbered, frozen public state. Only a redaction may rewrite its payload."""

    Kind = vocabulary.ReleaseKind

    factcheck = models.ForeignKey(FactCheck, on_delete=models.PROTECT, related_name="releases")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=Kind.choices)
    verdict = models.ForeignKey(
        Verdict, null=True, blank=True, on_delete=models.PROTECT, related_name="releases"
    )
    public_note = models.TextField(blank=True)
    payload = models.JSONField()
    payload_hash = models.CharField(max_length=64)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="releases"
    )
    redacted_at = models.DateTimeField(null=True, blank=True)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        ordering = ["factcheck_id", "-number"]
        constraints = [models.UniqueConstraint(fields=["factcheck", "number"], name="one_release_per_number")]
        indexes = [
            # Hardly any: pages ask for the newest of them whenever somebody comes again.
            models.Index(
                fields=["-redacted_at", "-id"],
                condition=models.Q(redacted_at__isnull=False),
                name="release_redacted",
            )
        ]

    def __str__(self) -> str:
        return f"Release {self.number}"


class MatchQuerySet(DecidedApart["Match"]):
    def visible_to(self, user: User) -> MatchQuerySet:
        """Earlier checks of claims that this person sees; one who owes an opinion reads them as search found them."""
        return self.filter(of_claim(user)).read_by(user)

    def offered_to(self, user: User) -> MatchQuerySet:
        """Those that stand beside a claim: suggested or confirmed, and rejected ones where that is kept from them."""
        rejected = self.filter(state=Match.State.REJECTED).decided_before(user)
        return self.visible_to(user).exclude(pk__in=rejected.order_by().values("pk"))


class Match(Stamped):
    """A link from a claim to an earlier fact check; suggested by search, decided by a person."""

    class State(models.TextChoices):
        SUGGESTED = "suggested", _("suggested")
        CONFIRMED = "confirmed", _("confirmed")
        REJECTED = "rejected", _("rejected")

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="matches")
    factcheck = models.ForeignKey(FactCheck, on_delete=models.PROTECT, related_name="matches")
    state = models.CharField(max_length=10, choices=State.choices, default=State.SUGGESTED)
    rank = models.PositiveIntegerField(default=0)
    reasons = models.JSONField(default=list, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    #: Whether whoever reads it is still to give an opinion on its claim, formed apart; set by ``visible_to``.
    kept_apart = False

    objects = MatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("match with an earlier check")
        verbose_name_plural = _("matches with earlier checks")
        ordering = ["claim_id", "rank", "id"]
        constraints = [models.UniqueConstraint(fields=["claim", "factcheck"], name="one_match_per_factcheck")]

    def __str__(self) -> str:
        return f"{self.claim_id} → {self.factcheck_id} ({self.state})"

    def without_decisions(self) -> None:
        """Take what people decided out of this row as it is read; in the database it stays."""
        self.state, self.decided_by, self.decided_at = self.State.SUGGESTED, None, None
