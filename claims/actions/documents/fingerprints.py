"""What other documents' texts are compared by, without reading them: the rows of ``claims.independence.fingerprint``.

A row is a cache of a document's newest text. Whoever asks for one that is missing, of an older edition or damaged
has it made of the text there and then, and kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import F
from django.db.models.functions import Left

from claims.independence.fingerprint import EDITION, READ, Fingerprint, fingerprint, pack, unpack
from claims.models import Capture, DocumentFingerprint
from claims.models.fingerprints import ComparedDocument

Found = dict[int, tuple[ComparedDocument, Fingerprint]]


def near(documents: Sequence[int]) -> Found:
    """Return documents with the fingerprints of their newest texts, by number; those without a text are left out."""
    return _read(DocumentFingerprint.objects.near(documents, edition=EDITION))


def of_origins(origins: Sequence[int], *, each: int, known: Found) -> Found:
    """Return the first documents of each of these origins but those that are known, likewise."""
    rows = DocumentFingerprint.objects.of_origins(origins, each=each, edition=EDITION, known=known)
    return _read(rows)


def keep(document: int, text: str) -> None:
    """Store the fingerprint of a document's newest text."""
    _keep(document, fingerprint(text[:READ]))


def _read(rows: Iterable[ComparedDocument]) -> Found:
    found: Found = {}
    missing: dict[int, ComparedDocument] = {}
    for row in rows:
        try:
            if row.data is not None:
                found[row.document] = row, unpack(row.data)
                continue
        except ValueError:
            pass  # damaged: made anew like one that is missing
        missing[row.document] = row
    if missing:
        newest = Capture.objects.filter(document__in=missing, number=F("document__captures_made"))
        for pk, text in newest.order_by("document_id").values_list("document_id", Left("text", READ)):
            made = fingerprint(text)
            _keep(pk, made)
            found[pk] = missing[pk], made
    return found


def _keep(document: int, one: Fingerprint) -> None:
    DocumentFingerprint.objects.keep(document, edition=EDITION, data=pack(one))
