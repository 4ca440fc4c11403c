"""Rows that are written from plain values are what the model itself would have written."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from claims.models import Claim, SearchHit, SearchRun
from claims.models.plain_rows import insert_plain, update_plain
from claims.models.standing import KEPT
from tests.builders import article, claim, moment
from tests.people import Cast

pytestmark = pytest.mark.django_db

NAMES = ("run", "question", "rank", "document", "capture", "start", "end", "matched", "weak")


def values(hit: SearchHit) -> tuple[object, ...]:
    return (
        hit.run_id, hit.question, hit.rank, hit.document_id, hit.capture_id, hit.start, hit.end, hit.matched,
        hit.weak,
    )  # fmt: skip


@pytest.fixture
def run(cast: Cast) -> SearchRun:
    on = claim(cast, "Fees rose by 11 percent")
    return SearchRun.objects.create(
        desk=on.desk, claim=on, kind="claim", outcome="found", created_at=moment(1)
    )


def test_rows_are_the_same_as_by_the_model(
    cast: Cast, run: SearchRun, django_assert_num_queries: object
) -> None:
    text = article(cast, "The fee rose.")
    words = ["fee", "naïve “ones”", '"%s"', ""]
    rows = [
        (run.pk, 0, rank, text.document.pk, text.capture.pk, rank, rank + 3, words[:rank], rank > 2)
        for rank in range(1, 5)
    ]
    with django_assert_num_queries(1):  # type: ignore[operator]
        insert_plain(SearchHit, NAMES, rows)
    assert [values(hit) for hit in SearchHit.objects.order_by("rank")] == rows
    columns = {field.name for field in SearchHit._meta.concrete_fields}
    assert columns == {"id", *NAMES}, "a column without a value"
    SearchHit.objects.filter(rank=4).delete()
    kept = SearchHit.objects.create(
        run=run,
        rank=4,
        document=text.document,
        capture=text.capture,
        start=4,
        end=7,
        matched=words,
        weak=True,
    )
    assert values(kept) == rows[3]


def test_what_the_database_refuses_is_refused(cast: Cast, run: SearchRun) -> None:
    text = article(cast, "The fee rose.")
    row = (run.pk, 0, 1, text.document.pk, text.capture.pk, 0, 3, [], False)
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_plain(SearchHit, NAMES, [row, row])
    assert not SearchHit.objects.exists()


def test_only_the_named_columns_of_the_named_rows_change(cast: Cast) -> None:
    one, other, third = (claim(cast, f"Fees rose by {number} percent") for number in (11, 12, 13))
    update_plain(Claim, KEPT, [(4, 3, 2, 1, one.pk), (8, 7, 6, 5, other.pk)])
    found = {row["pk"]: row for row in Claim.objects.values("pk", "wording", *KEPT)}
    assert [[found[row.pk][name] for name in KEPT] for row in (one, other, third)] == [
        [4, 3, 2, 1],
        [8, 7, 6, 5],
        [getattr(third, name) for name in KEPT],
    ]
    assert found[one.pk]["wording"] == one.wording


def test_nothing_to_write_asks_nothing(cast: Cast, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        insert_plain(SearchHit, NAMES, [])
