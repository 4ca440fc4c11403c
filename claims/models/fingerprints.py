"""What of each document's newest text others are compared with: machine-written, made anew whenever it is gone."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connections, models, router

from claims.models.documents import Document, through
from claims.models.users import User


@dataclass(frozen=True, slots=True)
class ComparedDocument:
    """One document as another is compared with it; ``data`` is None where its fingerprint is to be made anew."""

    document: int
    origin: int | None
    outlet: str
    title: str
    published: str
    data: bytes | None


class FingerprintQuerySet(models.QuerySet["DocumentFingerprint"]):
    def visible_to(self, user: User) -> FingerprintQuerySet:
        return self.filter(through(user))

    def near(self, documents: Sequence[int], *, edition: int) -> list[ComparedDocument]:
        """Return these documents with their fingerprints of an edition, by their numbers.

        Asked with every text that comes in: statements of our own take a quarter of the time.
        """
        if not documents:
            return []
        marks = ", ".join(["%s"] * len(documents))
        return self._rows(f"{_NEAR} WHERE d.id IN ({marks}) ORDER BY d.id", [edition, *documents])

    def of_origins(
        self, origins: Sequence[int], *, each: int, edition: int, known: Collection[int] = ()
    ) -> list[ComparedDocument]:
        """Return the first documents of each of these origins but those that are known, likewise."""
        if not origins:
            return []
        # Each is an index range of its own that ends after a few rows: an origin may have a hundred thousand.
        first = (
            "SELECT id FROM (SELECT id FROM claims_document WHERE origin_id = %s ORDER BY id LIMIT %s) AS s"
        )
        chosen = " UNION ALL ".join([first] * len(origins))
        given = [value for origin in origins for value in (origin, each)]
        marks = ", ".join(["%s"] * len(known))
        others = f" AND d.id NOT IN ({marks})" if known else ""
        return self._rows(
            f"{_NEAR} WHERE d.id IN ({chosen}){others} ORDER BY d.id", [edition, *given, *known]
        )

    def keep(self, document: int, *, edition: int, data: bytes) -> None:
        """Store the fingerprint of a document in the place of an older one."""
        with connections[router.db_for_write(self.model)].cursor() as cursor:
            cursor.execute(
                "INSERT INTO claims_documentfingerprint (document_id, edition, data) VALUES (%s, %s, %s)"
                " ON CONFLICT (document_id) DO UPDATE SET edition = excluded.edition, data = excluded.data",
                [document, edition, data],
            )

    def _rows(self, statement: str, given: Sequence[Any]) -> list[ComparedDocument]:
        with connections[self.db].cursor() as cursor:
            cursor.execute(statement, given)
            return [
                ComparedDocument(
                    pk, origin, outlet or "", title, published, None if data is None else bytes(data)
                )
                for pk, origin, outlet, title, published, data in cursor.fetchall()
            ]


_NEAR = (
    "SELECT d.id, d.origin_id, o.name, d.title, d.published, f.data FROM claims_document d"
    " LEFT JOIN claims_outlet o ON o.id = d.outlet_id"
    " LEFT JOIN claims_documentfingerprint f ON f.document_id = d.id AND f.edition = %s"
)


class DocumentFingerprint(models.Model):
    """The newest text of one document as ``claims.independence.fingerprint`` packs it, and in which edition."""

    document = models.OneToOneField(Document, on_delete=models.CASCADE, related_name="fingerprint")
    edition = models.PositiveSmallIntegerField()
    data = models.BinaryField()

    objects = FingerprintQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.document_id}"
