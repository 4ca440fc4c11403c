"""What claims and suggestions say, as vectors, and which of them say nearly the same: caches, made by the worker.

A page reads which pairs are alike and neither makes nor multiplies vectors. ``said`` are the words a vector was made
of: where the row has other words by now, it is made anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from claims.models.claims import Appearance, Claim, of_claim

if TYPE_CHECKING:
    from claims.models.users import User

#: So much of a claim or a suggestion is read.
READ = 500


class AsHex(models.Func):
    """A vector as letters, for ``bytes.fromhex``: bytes have no place among questions that are read together."""

    function = "HEX"
    output_field = models.CharField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        return self.as_sql(compiler, connection, template="ENCODE(%(expressions)s, 'hex')", **context)


class ClaimVectorQuerySet(models.QuerySet["ClaimVector"]):
    def visible_to(self, user: User) -> ClaimVectorQuerySet:
        """Vectors of claims that the person sees."""
        return self.filter(of_claim(user))


class ClaimVector(models.Model):
    """What a claim says, as a vector of float16 of length one."""

    claim = models.OneToOneField(Claim, on_delete=models.CASCADE, related_name="vector")
    said = models.CharField(max_length=READ)
    encoder = models.CharField(max_length=16)
    vector = models.BinaryField(max_length=768)

    objects = ClaimVectorQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.claim_id}"


class SuggestionVectorQuerySet(models.QuerySet["SuggestionVector"]):
    def visible_to(self, user: User) -> SuggestionVectorQuerySet:
        """Vectors of suggestions that the person sees."""
        seen = Appearance.objects.visible_to(user).filter(pk=models.OuterRef("suggestion"))
        return self.filter(models.Exists(seen))


class SuggestionVector(models.Model):
    """What an open suggestion says, as a vector of float16 of length one."""

    suggestion = models.OneToOneField(Appearance, on_delete=models.CASCADE, related_name="vector")
    said = models.CharField(max_length=READ)
    encoder = models.CharField(max_length=16)
    vector = models.BinaryField(max_length=768)

    objects = SuggestionVectorQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.suggestion_id}"


class ResemblanceQuerySet(models.QuerySet["Resemblance"]):
    def visible_to(self, user: User) -> ResemblanceQuerySet:
        """Pairs of which the person sees both."""
        seen = Appearance.objects.visible_to(user).filter(pk=models.OuterRef("suggestion"))
        return self.filter(of_claim(user), models.Exists(seen))


class Resemblance(models.Model):
    """A suggestion and a claim of its desk that say much the same, by the vectors of both."""

    suggestion = models.ForeignKey(Appearance, on_delete=models.CASCADE, related_name="resemblances")
    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="resemblances")
    #: Cosine of both vectors.
    likeness = models.FloatField()

    objects = ResemblanceQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["suggestion", "claim"], name="one_resemblance_per_pair")
        ]

    def __str__(self) -> str:
        return f"{self.suggestion_id} and {self.claim_id}"
