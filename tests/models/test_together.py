"""What several parts of a page ask at once comes back as if each had asked alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.db.models import Count, Exists, Max, OuterRef, QuerySet, Value
from django.db.models.functions import Substr
from django.test.utils import CaptureQueriesContext

from claims.models import (
    Appearance,
    AuditEvent,
    Claim,
    Desk,
    Document,
    DocumentFingerprint,
    Membership,
    Tag,
    User,
)
from claims.models.together import Asking, HowMany, answered, at_once, by_name, figures_of, read
from tests import builders
from tests.people import Cast

pytestmark = pytest.mark.django_db

#: Every kind of question, by a name; each is asked twice, alone and together with the others.
QUESTIONS: dict[str, Callable[[], QuerySet[Any, Any]]] = {
    "rows": lambda: Claim.objects.order_by("-pk"),
    "rows with what they hang on, more columns than a function takes arguments": lambda: (
        Appearance.objects.select_related(
            "document__outlet__owner", "document__origin", "claim__claimant", "claim__desk", "capture", "desk"
        ).order_by("pk")
    ),
    "columns": lambda: Appearance.objects.order_by("pk").values(
        "pk", "score", "reasons", "document__published"
    ),
    "tuples": lambda: AuditEvent.objects.order_by("pk").values_list(
        "gesture", "created_at", "verb", "actor_id"
    ),
    "one column": lambda: Claim.objects.order_by("-pk").values_list("wording", flat=True),
    "days": lambda: Document.objects.order_by("pk").values_list("published_earliest", "published_latest"),
    "rows without a column": lambda: Claim.objects.defer("wording").order_by("pk"),
    "rows and what is worked out": lambda: Claim.objects.annotate(
        placed=Exists(Appearance.objects.filter(claim=OuterRef("pk"))),
        short=Substr("wording", 1, 5),
        sign=Value("100 % “sure”"),
    ).order_by("pk"),
    "groups": lambda: Membership.objects.order_by("role").values_list("role").annotate(n=Count("pk")),
    "what JSON cannot hold": lambda: DocumentFingerprint.objects.order_by("pk"),
    "an order beside what is distinct": lambda: (
        User.objects.distinct().order_by("display_name", "pk").values_list("email", flat=True)
    ),
    "a slice": lambda: Membership.objects.select_related("user").order_by("-pk")[1:3],
    "nothing": lambda: Claim.objects.none(),
    "nothing that is there": lambda: Claim.objects.filter(wording="?").order_by("pk"),
    "rows with others": lambda: Desk.objects.prefetch_related("memberships").order_by("pk"),
}


def _told(row: Any) -> Any:
    """Return all that a row says: of an object its loaded columns and those of what hangs on it."""
    if not hasattr(row, "_state"):
        return row
    told = {
        name: value
        for name, value in vars(row).items()
        if name not in ("_state", "_prefetched_objects_cache")
    }
    for name, other in row._state.fields_cache.items():
        told[name] = _told(other)
    assert row._state.db == "default"
    assert not row._state.adding
    return type(row).__name__, told


def _typed(value: Any) -> Any:
    """Tell apart what is equal and of another type: 1 and True, a moment of another zone."""
    if isinstance(value, dict):
        return {name: _typed(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_typed(one) for one in value]
    return type(value).__name__, value


@pytest.fixture
def _work(cast: Cast) -> None:
    article = builders.article(cast, published="2026-03", title="“Fees” – 100 %\t\\ ü 😀")
    builders.analysed(cast, article, builders.harbour_units())
    for words in ("The ferry sank.", "The \\ bridge “grew”: 5 %.", "A\u2028line"):
        builders.claim(cast, wording=words)
    Appearance.objects.update(score=0.1 + 0.2, reasons=[{"weight": 1 / 3, "text": "5 % “more”"}, None, True])
    # Whole numbers come back as the kind of their column.
    Appearance.objects.filter(pk=Appearance.objects.latest("pk").pk).update(score=1)


@pytest.mark.usefixtures("_work")
def test_what_is_asked_together_is_what_each_would_have_found_alone() -> None:
    alone = {name: [_typed(_told(row)) for row in question()] for name, question in QUESTIONS.items()}
    asked = {name: question() for name, question in QUESTIONS.items()}
    read(*asked.values())
    with CaptureQueriesContext(connection) as later:
        found = {name: [_typed(_told(row)) for row in rows] for name, rows in asked.items()}
    assert len(later) == 0
    for name in QUESTIONS:
        assert found[name] == alone[name], name
    empty = {name for name, rows in found.items() if not rows}
    assert empty <= {"nothing", "nothing that is there", "what JSON cannot hold"}


@pytest.mark.usefixtures("_work")
def test_many_questions_are_one_statement() -> None:
    asked = [Claim.objects.order_by("pk"), Tag.objects.order_by("pk"), Appearance.objects.order_by("-pk")]
    with CaptureQueriesContext(connection) as statements:
        read(*asked, asked[0], Claim.objects.none())
        assert [len(rows) for rows in asked] == [3, 0, 6]
    assert len(statements) == 1


@pytest.mark.usefixtures("_work")
def test_what_was_read_is_not_asked_again() -> None:
    rows = Claim.objects.order_by("pk")
    known = list(rows)
    with CaptureQueriesContext(connection) as statements:
        read(rows)
    assert len(statements) == 0
    assert all(one is other for one, other in zip(rows, known, strict=True))


def _wordings(first: int) -> Asking[list[str]]:
    claims = Claim.objects.filter(pk__gte=first).order_by("pk")
    yield [claims]
    places = Appearance.objects.filter(claim__in=[row.pk for row in claims]).order_by("pk")
    yield [places]
    return [row.wording for row in claims] + [row.quotation for row in places]


def _people() -> Asking[list[str]]:
    people = User.objects.order_by("pk").values_list("email", flat=True)
    yield [people]
    return list(people)


def _nothing() -> Asking[int]:
    return 7
    yield


@pytest.mark.usefixtures("_work")
def test_parts_side_by_side_take_as_many_statements_as_the_longest() -> None:
    with CaptureQueriesContext(connection) as statements:
        (wordings, people), named = answered(
            at_once(
                at_once(_wordings(0), _people()),
                by_name(again=_wordings(0), seven=_nothing(), people=_people()),
            )
        )
    assert len(statements) == 2
    assert wordings == named["again"] == answered(_wordings(0))
    assert len(wordings) >= 3
    assert people == named["people"] == answered(_people())
    assert people
    assert named["seven"] == 7 == answered(_nothing())


def test_a_part_that_fails_ends_all_of_them() -> None:
    def failing() -> Asking[int]:
        yield [Claim.objects.order_by("pk")]
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        answered(at_once(failing(), _people()))


@pytest.mark.usefixtures("cast")
def test_rows_figures_and_counts_are_one_statement() -> None:
    people, desks = User.objects.order_by("pk"), Desk.objects.all()
    few, every, same = HowMany(people, 3), HowMany(people), HowMany(people)
    nothing = HowMany(User.objects.none())

    def part() -> Asking[dict[str, Any]]:
        yield few, every, same, nothing, desks
        return (yield from figures_of(people, n=Count("pk"), last=Max("pk")))

    with CaptureQueriesContext(connection) as asked:
        found, none = answered(
            at_once(
                figures_of(people, n=Count("pk"), last=Max("pk")),
                figures_of(User.objects.none(), n=Count("pk"), last=Max("pk")),
            )
        )
        assert answered(part()) == found
    assert len(asked) == 3
    assert found == people.aggregate(n=Count("pk"), last=Max("pk"))
    assert none == {"n": 0, "last": None}
    assert (int(few), int(every), int(same), int(nothing)) == (3, people.count(), people.count(), 0)
    assert len(desks) == Desk.objects.count()


@pytest.mark.usefixtures("cast")
def test_what_is_counted_twice_is_counted_once() -> None:
    counts = [HowMany(User.objects.filter(is_active=True)) for _ in range(3)]
    with CaptureQueriesContext(connection) as asked:
        read(*counts)
    assert len({int(one) for one in counts}) == 1
    assert asked.captured_queries[0]["sql"].count("COUNT(") == 1
