"""Who says what in a passage is read once: kept by a search, used by the next, read anew by newer rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from claims.actions import reliance
from claims.actions.evidence import passage_readings, passage_statements
from claims.actions.evidence.kept_reading import KeptReading
from claims.actions.evidence.passage_readings import rules
from claims.actions.evidence.reading_ahead import read_ahead_by_time, unread
from claims.actions.evidence.search import search_article, search_claim
from claims.actions.indexing import engines
from claims.actions.reliance import Told, read_told
from claims.actions.source_passages import source_passages, to_be_read
from claims.models import Claim, Document, Evidence, Job, Passage, PassageReading
from tests.builders import HARBOUR, accepted, analysed, article
from tests.people import Cast

pytestmark = pytest.mark.django_db(transaction=True)

REPORT = """Port fees

The harbour authority of Port Lenna raised its fees by 40 percent in March, said the mayor, Ida Berg. "Fishing \
boats pay nothing," she said. The council was not asked."""
#: A text of several passages: who "he" is stands in the first only.
LONG = "\n\n".join(
    (
        "Viktor Halasz, the harbour master of Port Lenna, said that the harbour fees rose by 40 percent in March. "
        + "Nobody else was asked about the weather of that day by the reporters of the paper. " * 9,
        "Much was written about fishing, boats, nets and the weather at sea in these weeks. " * 12,
        'He said: "The harbour authority raised its fees by 40 percent." '
        + "It rained on the quay again. " * 20,
    )
)


@pytest.fixture(autouse=True)
def own_engine() -> Iterator[None]:
    yield
    engines.writer().erase()
    engines.close_all()


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[Told]:
    """What was read for who speaks, in order."""
    given: list[Told] = []

    def noted(text: Told) -> Any:
        given.append(text)
        return read_told(text)

    monkeypatch.setattr(passage_statements, "read_told", noted)
    return given


@pytest.fixture
def claim(cast: Cast) -> Claim:
    analysed(cast, article(cast, HARBOUR, published="2026-03-05"))
    article(cast, REPORT, published="2026-03-04", title="Port fees")
    article(cast, LONG, published="2026-03-06", title="Harbour fees in Port Lenna")
    return accepted(cast)


def readings_kept() -> int:
    return sum(map(len, PassageReading.objects.values_list("statements", flat=True)))


def relied_on(claim: Claim, cast: Cast, drain: Callable[..., int]) -> dict[int, Any]:
    """Search the claim; returns whom its rows rely on, by document."""
    search_claim(actor=cast.ada, claim=claim)
    drain("index", "search")
    rows = Evidence.objects.filter(claim=claim, folded=False).order_by("rank")
    return dict(rows.values_list("document", "relies"))


def test_the_next_search_reads_nothing_again(
    cast: Cast, claim: Claim, drain: Callable[..., int], read: list[Told]
) -> None:
    first = relied_on(claim, cast, drain)
    assert any(one["speakers"] for one in first.values())
    assert len(read) == readings_kept() > 1
    read.clear()
    assert relied_on(claim, cast, drain) == first
    assert read == []


def test_rows_rely_on_the_same_whether_readings_were_kept_or_not(
    cast: Cast, claim: Claim, drain: Callable[..., int], read: list[Told]
) -> None:
    first = relied_on(claim, cast, drain)
    PassageReading.objects.all().delete()
    read.clear()
    assert relied_on(claim, cast, drain) == first
    assert read
    assert readings_kept()


def test_newer_rules_read_anew_and_take_the_place_of_older_ones(
    cast: Cast,
    claim: Claim,
    drain: Callable[..., int],
    read: list[Told],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = relied_on(claim, cast, drain)
    kept = readings_kept()
    for row in PassageReading.objects.all():
        PassageReading.objects.filter(pk=row.pk).update(statements={key: [0] for key in row.statements})
    assert relied_on(claim, cast, drain) != first
    read.clear()
    monkeypatch.setattr(passage_readings, "ANALYSER", "rules of tomorrow")
    assert relied_on(claim, cast, drain) == first
    assert read
    assert readings_kept() == kept
    assert set(PassageReading.objects.exclude(statements={}).values_list("rules", flat=True)) == {rules()}


def test_readings_go_with_their_document(cast: Cast, claim: Claim, drain: Callable[..., int]) -> None:
    relied_on(claim, cast, drain)
    documents = set(PassageReading.objects.values_list("passage__capture__document", flat=True))
    assert documents
    Evidence.objects.all().delete()
    Passage.objects.filter(capture__document__in=documents).delete()
    assert not PassageReading.objects.exists()


def test_who_speaks_without_a_name_is_looked_for_in_the_passage_before(cast: Cast, claim: Claim) -> None:
    document = Document.objects.order_by("-pk")[0]
    passages = source_passages(to_be_read().filter(capture__document=document).order_by("number", "pk"))
    assert len(passages) >= 3
    ends = [passages[0], passages[-1]]
    (together,) = KeptReading().said.of([ends])
    said = [one for one in together if "40 percent" in one.text and one.said]
    assert [one.speaker for one in said] == ["Viktor Halasz", "Viktor Halasz"]
    # Alone, the second names nobody: both ways are kept, and give the same again.
    kept = KeptReading()
    kept.said.of([ends])
    kept.keep()
    assert readings_kept() == 3
    assert KeptReading().said.of([ends]) == [together]


def test_a_kept_reading_gives_the_same_statements(cast: Cast, claim: Claim) -> None:
    for passage in source_passages(to_be_read()):
        (made,) = KeptReading().said.of([[passage]])
        kept = KeptReading()
        kept.said.of([[passage]])
        kept.keep()
        reliance._places_of.cache_clear()
        (again,) = KeptReading().said.of([[passage]])
        assert again == made
        assert all(one.text and one.text in passage.before + passage.words for one in again)


def test_many_documents_are_asked_for_in_one_statement(
    cast: Cast, claim: Claim, django_assert_num_queries: Any
) -> None:
    passages = [[one] for one in source_passages(to_be_read())]
    kept = KeptReading()
    with django_assert_num_queries(1):
        first = kept.said.of(passages)
    kept.keep()
    again = KeptReading()
    with django_assert_num_queries(1):
        assert again.said.of(passages) == first


def test_claims_of_one_article_read_a_passage_once(
    cast: Cast, claim: Claim, drain: Callable[..., int], read: list[Told]
) -> None:
    document = claim.appearances.get().document
    assert document is not None
    search_article(actor=cast.ada, desk=cast.desk, document=document)
    drain("index", "search", "searches")
    keys = [passage_statements.key_of(one) for one in read]
    assert len(keys) == len(set(keys)) > 0


def test_an_archive_is_read_ahead_for_who_speaks_and_again_by_newer_rules(
    cast: Cast,
    claim: Claim,
    drain: Callable[..., int],
    read: list[Told],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    type(cast.desk).objects.filter(pk=cast.desk.pk).update(reads_ahead=True)
    assert read_ahead_by_time() is not None
    drain("read_ahead")
    assert set(PassageReading.objects.exclude(statements={}).values_list("passage", flat=True)) == set(
        Passage.objects.values_list("pk", flat=True)
    )
    assert not unread().exists()
    monkeypatch.setattr(passage_readings, "ANALYSER", "rules of tomorrow")
    assert unread().count() == Passage.objects.count()
    Job.objects.filter(kind="read_ahead").delete()
    assert read_ahead_by_time() is not None
    drain("read_ahead")
    assert not unread().exists()
    assert set(PassageReading.objects.values_list("rules", flat=True)) == {rules()}
    read.clear()
    relied_on(claim, cast, drain)
    # Only passages that are read together, where one alone does not say who speaks, are left to the search.
    assert all("\n\n" in one.text for one in read)
