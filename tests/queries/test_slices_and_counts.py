"""What is loaded: slices instead of whole texts, a fixed number of statements, counts that are kept."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from claims.actions.documents import origin_decisions
from claims.actions.evidence import decisions
from claims.actions.evidence.asking import prepared
from claims.actions.indexing.documents import gather, passage_texts
from claims.actions.review.bulk import export_csv
from claims.models import Claim, Evidence, IndexEntry, Passage
from tests.builders import HARBOUR, accepted, analysed, article, claim
from tests.people import Cast

BOOK = "\n\n".join(
    f"Paragraph {number} says that the harbour of Lenna – with 𝄞 and ü – had {number * 7} ships. "
    + "Nothing else of note happened in the town during that long and quiet year. " * 4
    for number in range(120)
)


@contextmanager
def loaded() -> Iterator[list[int]]:
    """Count the characters that the database hands over, by statement."""
    sizes: list[int] = []

    def watch(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        result = execute(sql, params, many, context)
        cursor = context["cursor"].cursor
        if sql.lstrip().upper().startswith("SELECT"):
            rows = cursor.fetchall()
            sizes.append(sum(len(value) for row in rows for value in row if isinstance(value, str)))
            remaining = iter(rows)
            context["cursor"].fetchall = lambda: list(remaining)
            context["cursor"].fetchone = lambda: next(remaining, None)
            context["cursor"].fetchmany = lambda size=None: [
                row for _, row in zip(range(size or 100), remaining, strict=False)
            ]
        return result

    with connection.execute_wrapper(watch):
        yield sizes


@pytest.mark.django_db
def test_the_text_of_passages_is_cut_by_the_database_and_is_the_same(cast: Cast) -> None:
    added = article(cast, BOOK)
    rows = list(Passage.objects.filter(capture=added.capture))
    assert len(rows) > 20
    with loaded() as sizes:
        found = passage_texts([row.pk for row in rows])
    text = added.capture.text
    assert {pk: words for pk, (_title, words) in found.items()} == {
        row.pk: text[row.start : row.end] for row in rows
    }
    assert sum(sizes) < 2 * len(text) + 10_000


@pytest.mark.django_db
def test_only_the_newest_state_of_a_document_is_read_for_the_index(cast: Cast) -> None:
    from claims.models import Capture

    added = article(cast, BOOK)
    for number in range(2, 6):
        Capture.objects.create(
            document=added.document,
            number=number,
            text=f"{BOOK}\n\n{number}",
            text_hash=str(number),
            extractor="x",
            characters=len(BOOK) + 3,
        )
    with loaded() as sizes:
        gather(list(IndexEntry.objects.filter(collection="documents")))
    assert sum(sizes) < 2 * len(BOOK)


@pytest.mark.django_db
def test_the_sentences_around_a_claim_are_those_of_its_text(cast: Cast) -> None:
    analysed(cast, article(cast))
    row = accepted(cast)
    place = row.appearances.select_related("capture").get()
    assert place.capture is not None
    text = place.capture.text
    around = prepared([row])[0].text
    before = text[place.paragraph_start : place.sentence_start].strip()
    after = text[place.sentence_end : place.paragraph_end].strip()
    assert around.before == ((before,) if before else ())
    assert around.after == ((after,) if after else ())
    assert around.after


def _statements(act: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as asked:
        act()
    return len(asked)


@pytest.mark.django_db
def test_an_export_asks_as_often_for_thirty_rows_as_for_three(cast: Cast) -> None:
    rows = [claim(cast) for number in range(9)]
    few = _statements(lambda: export_csv(actor=cast.ada, claims=rows[:3]))
    many = _statements(lambda: export_csv(actor=cast.ada, claims=rows))
    assert many == few
    assert export_csv(actor=cast.ada, claims=rows).count(b"\n") == 10


LISTS = [
    *(f"/desk/north/{name}/" for name in ("articles", "claims", "sources", "jobs", "published", "claimants")),
    "/api/v1/claims/",
    *(f"/admin/claims/{name}/" for name in ("claim", "review", "job")),
]


@pytest.mark.django_db
@pytest.mark.parametrize("path", LISTS)
def test_a_list_asks_as_often_for_many_rows_as_for_few(cast: Cast, path: str) -> None:
    client = Client()
    client.force_login(cast.dana)

    def look() -> int:
        assert client.get(path).status_code == 200
        return _statements(lambda: client.get(path))

    for _ in range(3):
        claim(cast)
    few = look()
    for _ in range(3, 12):
        claim(cast)
    assert look() == few


def _with_document(cast: Cast, row: Claim, number: int) -> Evidence:
    added = article(cast, f"{HARBOUR}\n\nAnother edition, {number}.")
    return Evidence.objects.create(
        desk=row.desk,
        claim=row,
        kind=Evidence.Kind.PASSAGE,
        document=added.document,
        capture=added.capture,
        start=0,
        end=20,
        quotation=HARBOUR[:20],
        place_key=f"capture:{added.capture.pk}:0:20",
    )


@pytest.mark.django_db
def test_origins_are_counted_again_by_whatever_changes_them(cast: Cast) -> None:
    row = claim(cast)
    one, two = _with_document(cast, row, 1), _with_document(cast, row, 2)
    assert one.document
    assert two.document
    for number, evidence in enumerate((one, two)):
        evidence.document.refresh_from_db()
        origin_decisions.set_origin(
            actor=cast.carla, document=evidence.document, origin=None, reason=f"own {number}"
        )

    def count() -> int:
        return Claim.objects.get(pk=row.pk).origins_found

    assert count() == 2
    decisions.decide(actor=cast.ada, evidence=one, rejected=True)
    assert count() == 1
    one.refresh_from_db()
    decisions.decide(actor=cast.ada, evidence=one, rejected=False, cited=True)
    assert count() == 2
    decisions.add_quotation(actor=cast.ada, claim=row, quotation="Fees doubled.", source_title="A letter")
    assert count() == 3
    one.document.refresh_from_db()
    two.document.refresh_from_db()
    origin_decisions.set_origin(
        actor=cast.carla, document=two.document, origin=one.document.origin, reason="the same report"
    )
    assert count() == 2
    decisions.reject_rest(actor=cast.ada, claim=row)
    assert count() == 1


@pytest.mark.django_db(transaction=True)
def test_setting_the_rest_aside_while_somebody_cites_loses_neither(cast: Cast) -> None:
    row = claim(cast)
    rows = [_with_document(cast, row, number) for number in range(6)]
    problems: list[BaseException] = []
    go = threading.Barrier(2)

    def act(what: Callable[[], object]) -> None:
        try:
            go.wait()
            what()
        except decisions.base.Stale:
            pass
        except BaseException as problem:
            problems.append(problem)
        finally:
            connections.close_all()

    def cite() -> None:
        for evidence in rows:
            decisions.decide(actor=cast.ben, evidence=evidence, cited=True)

    threads = [
        threading.Thread(target=act, args=(cite,)),
        threading.Thread(target=act, args=(lambda: decisions.reject_rest(actor=cast.ada, claim=row),)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert not Evidence.objects.filter(claim=row, cited=True, rejected=True).exists()
    assert Evidence.objects.filter(claim=row, cited=True).count() == 6
