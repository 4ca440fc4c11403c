"""For whom does a search of a claim read? For its desk: what the archive and this desk may read, no more."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.db import transaction

from claims.actions.indexing import engines, outbox
from claims.models import Claim, Document, Evidence, SearchHit, SearchRun
from tests.actions.evidence.test_search import REPORT
from tests.builders import accepted, analysed, article
from tests.people import Cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def own_engine() -> Iterator[None]:
    yield
    engines.writer().erase()
    engines.close_all()


@pytest.fixture
def claim(cast: Cast) -> Claim:
    analysed(cast, article(cast, published="2026-03-05"))
    return accepted(cast)


def shown_to(cast: Cast, document: Document, readers: str) -> None:
    """Show a document of the desk's own archive to some only, behind every action's back."""
    desk = cast.other_desk if readers == "another desk" else cast.desk
    visibility = "named" if readers.startswith("named") else "desk" if "desk" in readers else "archive"
    Document.objects.filter(pk=document.pk).update(visibility=visibility, desk=desk)
    if readers == "named people":
        # Of the same desk, and who asks for the search is among them: what is found belongs to the claim.
        document.named.set([cast.ada, cast.ben])
    with transaction.atomic():
        outbox.touch_index("documents", document.pk)


@pytest.mark.parametrize(
    ("readers", "found"),
    [("the archive", True), ("this desk", True), ("another desk", False), ("named people", False)],
)
def test_a_search_reads_what_its_desk_may_read(
    cast: Cast, claim: Claim, drain: Callable[..., int], readers: str, found: bool
) -> None:
    report = article(cast, REPORT, published="2026-03-04").document
    shown_to(cast, report, readers)
    drain("index", "search")
    run = SearchRun.objects.filter(claim=claim).latest("id")
    assert Evidence.objects.filter(claim=claim, document=report).exists() == found
    assert SearchHit.objects.filter(run=run, document=report).exists() == found
    # What is not read is not counted as searched either.
    assert (run.searched > 1) == found


def test_a_search_reads_no_archive_of_another_desk(
    cast: Cast, claim: Claim, drain: Callable[..., int]
) -> None:
    report = article(cast, REPORT, published="2026-03-04").document
    Document.objects.filter(pk=report.pk).update(
        archive=cast.other_desk.own_archives.get(), desk=cast.other_desk
    )
    with transaction.atomic():
        outbox.touch_index("documents", report.pk)
    drain("index", "search")
    assert not Evidence.objects.filter(claim=claim).exists()
