"""Documents are compared by what is kept of their texts; what is missing, old or damaged is made anew."""

from __future__ import annotations

from dataclasses import asdict

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.actions.documents import fingerprints, intake
from claims.independence.fingerprint import EDITION, fingerprint
from claims.models import Document, DocumentFingerprint
from tests.independence.stories import AGENCY, COPY_WITH_NEW_HEAD
from tests.independence.test_joining import REWRITE
from tests.people import Cast

pytestmark = pytest.mark.django_db


def put(cast: Cast, text: str, outlet: str, url: str = "") -> Document:
    return intake.add_text(
        actor=cast.ada, desk=cast.desk, text=text, outlet=outlet, published="2026-10-14", url=url
    ).document


def origins(*documents: Document) -> set[int | None]:
    return set(Document.objects.filter(pk__in=[one.pk for one in documents]).values_list("origin", flat=True))


def test_no_text_of_another_document_is_read(cast: Cast) -> None:
    report = put(cast, AGENCY, "Reuters")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        copy = put(cast, COPY_WITH_NEW_HEAD, "Post")
        rewrite = put(cast, REWRITE, "Herald")
    assert len(origins(report, copy, rewrite)) == 1
    reads = [
        one["sql"] for one in asked if one["sql"].startswith("SELECT") and "claims_capture" in one["sql"]
    ]
    assert [sql for sql in reads if '"text"' in sql.partition("FROM")[0]] == []


@pytest.mark.parametrize("what", ["missing", "older", "damaged"])
def test_what_is_missing_older_or_damaged_is_made_anew(cast: Cast, what: str) -> None:
    report = put(cast, AGENCY, "Reuters")
    good = bytes(DocumentFingerprint.objects.get(document=report).data)
    row = DocumentFingerprint.objects.filter(document=report)
    if what == "missing":
        row.delete()
    elif what == "older":
        row.update(edition=EDITION - 1, data=b"of another layout")
    else:
        row.update(data=good[:100])
    copy = put(cast, COPY_WITH_NEW_HEAD, "Post")
    assert len(origins(report, copy)) == 1
    made = DocumentFingerprint.objects.get(document=report)
    assert (made.edition, bytes(made.data)) == (EDITION, good)


def test_a_new_text_takes_the_place_of_the_old_one(cast: Cast) -> None:
    url = "https://post.example/lake"
    put(cast, AGENCY, "Reuters", url)
    document = put(cast, REWRITE, "Reuters", url)
    assert document.captures_made == 2
    assert asdict(fingerprints.near([document.pk])[document.pk][1]) == asdict(fingerprint(REWRITE))
    assert DocumentFingerprint.objects.count() == 1


def test_of_an_origin_only_the_first_documents_are_asked_for(cast: Cast) -> None:
    documents = [put(cast, f"{AGENCY}\n\nNumber {number}.", f"Paper {number}") for number in range(4)]
    documents = list(Document.objects.filter(pk__in=[one.pk for one in documents]).order_by("pk"))
    (origin,) = {one.origin_id for one in documents}
    assert origin is not None
    known = fingerprints.near([documents[0].pk])
    found = fingerprints.of_origins([origin], each=3, known=known)
    assert list(found) == [one.pk for one in documents[1:3]]
    assert [row.outlet for row, _read in found.values()] == ["Paper 1", "Paper 2"]


def test_who_may_not_read_a_document_sees_no_fingerprint_of_it(cast: Cast) -> None:
    document = put(cast, AGENCY, "Reuters")
    assert DocumentFingerprint.objects.visible_to(cast.ada).filter(document=document).exists()
    assert not DocumentFingerprint.objects.visible_to(cast.otto).filter(document=document).exists()
