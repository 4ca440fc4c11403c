"""Rows from before one row stood for each document: what the migration folds, and what it leaves alone."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps

from claims.models import Claim, Evidence, Review, SearchRun, VerdictDraft
from tests.builders import article, claim, moment
from tests.people import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def on(cast: Cast) -> Claim:
    return claim(cast)


def row(on: Claim, document: Any, rank: int, **values: Any) -> Evidence:
    run = SearchRun.objects.filter(claim=on).first() or SearchRun.objects.create(
        desk=on.desk, claim=on, outcome="found"
    )
    return Evidence.objects.create(
        desk=on.desk, claim=on, kind="passage", run=run, rank=rank, document=document.document,
        capture=document.capture, start=rank, end=rank + 5, quotation=f"Passage {rank}", matched=["fee"],
        place_key=f"capture:{document.capture.pk}:{rank}", **values,
    )  # fmt: skip


def folded(on: Claim) -> list[int]:
    import_module("claims.migrations.0018_fold_further_passages").forwards(apps, None)
    return list(
        Evidence.objects.filter(claim=on, folded=True).order_by("rank").values_list("rank", flat=True)
    )


def test_the_best_passage_of_a_document_stays_with_the_others_beside_it(cast: Cast, on: Claim) -> None:
    report, other = article(cast), article(cast, "Something else\n\nOn Monday a ferry sailed to the islands.")
    first = row(on, report, 1)
    row(on, other, 2)
    row(on, report, 3)
    assert folded(on) == [3]
    first.refresh_from_db()
    assert [(one["start"], one["quotation"]) for one in first.further] == [(3, "Passage 3")]
    on.refresh_from_db()
    assert on.origins_found == 2


@pytest.mark.parametrize(
    "decided", [{"stance": "context"}, {"cited": True}, {"rejected": True}, {"added_by": True}]
)
def test_what_people_decided_stays_and_stands_for_its_document(
    cast: Cast, on: Claim, decided: dict[str, Any]
) -> None:
    report = article(cast)
    row(on, report, 1)
    row(on, report, 2, **({"added_by": cast.ada} if "added_by" in decided else decided))
    assert folded(on) == [1]


def test_what_a_draft_cites_stays(cast: Cast, on: Claim) -> None:
    report = article(cast)
    row(on, report, 1)
    cited = row(on, report, 2)
    VerdictDraft.objects.create(
        review=Review.objects.get(claim=on), user=cast.ada, updated_at=moment(),
        data={"justification": f"So it is [e:{cited.pk}]."},
    )  # fmt: skip
    assert folded(on) == [1]


def test_twelve_documents_are_left_to_see(cast: Cast, on: Claim) -> None:
    for rank in range(1, 16):
        row(
            on,
            article(cast, f"Report {rank}\n\nOn day {rank} the fees rose by {rank} percent in the harbour."),
            rank,
        )
    assert folded(on) == [13, 14, 15]
