"""A question whose SQL is kept is the one that would be made anew, for whoever asks it about whatever."""

from __future__ import annotations

import datetime as dt
import importlib
import pkgutil
import threading
from collections.abc import Callable
from types import FunctionType
from typing import Any

import pytest
from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet, Value
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from django.utils.translation import gettext as _

import claims
from claims.actions.desk import inbox_lines
from claims.actions.evidence import asking, keeping, search
from claims.actions.indexing.reading import live_targets
from claims.actions.source_passages import passages_of
from claims.models import Claim, Desk, Document, Evidence, Job, Membership, User, together
from claims.models import kept as module
from claims.models.kept import AskedWords, CannotBeKept, Kept, QuestionForm, kept
from claims.models.together import HowMany, read
from claims.vocabulary import PanelRule, Role
from claims.workbench.claim import search_log
from claims.workbench.desk import waiting_work
from tests import builders
from tests.people import Cast, person
from tests.visibility.addresses import first_ids, named_paths
from tests.visibility.world import make_world
from tests.workbench import desk_pages as pages

pytestmark = pytest.mark.django_db

#: Pages that ask kept questions; each is asked for about several objects.
ASKING = {
    "claim", "claim-evidence", "claim-weaker", "claim-searches", "document", "evidence", "approve", "log", "queue",
    "verdict-public", "factcheck", "desk", "desk-next", "inbox",
}  # fmt: skip


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """Compare each kept question that is asked with the one made anew; by name, how often that was done."""
    forms: dict[int, tuple[Callable[..., Any], tuple[Any, ...], Any]] = {}
    counted: dict[str, int] = {}
    made, put = module._form, QuestionForm.with_numbers

    def noted(build: Any, shape: tuple[Any, ...], language: str | None, part: Any = None) -> QuestionForm:
        form = made(build, shape, language, part)
        forms[id(form)] = build, shape, part
        return form

    def compared(self: QuestionForm, numbers: list[Any]) -> Any:
        build, shape, part = forms[id(self)]
        arguments = [_again(one, number) for one, number in zip(shape, numbers, strict=True)]
        rows = build(*arguments) if part is None else part.of(build(*arguments))
        sql, parameters = rows.query.get_compiler(using="default").as_sql()
        statement = put(self, numbers)
        assert statement == (sql, tuple(parameters)), build.__qualname__
        assert {name: numbers[at] for name, at in self.told} == {
            name: vars(rows)[name] for name, _at in self.told
        }
        name = f"{build.__module__}.{build.__qualname__}"
        counted[name] = counted.get(name, 0) + 1
        return statement

    monkeypatch.setattr(module, "_form", noted)
    monkeypatch.setattr(QuestionForm, "with_numbers", compared)
    return counted


def _again(form: Any, number: Any) -> Any:
    """Return an argument as a builder would get it without any keeping."""
    if not isinstance(form, module._Place):
        return form
    if form.person:
        return User.objects.get(pk=number)
    if form.moment:
        return (
            number
            if isinstance(number, dt.datetime)
            else dt.datetime.fromisoformat(number).replace(tzinfo=dt.UTC)
        )
    return list(number) if form.several else number


def _builders() -> set[str]:
    """Return the names of all builders of the product whose questions are kept."""
    found = set()
    for part in pkgutil.walk_packages(claims.__path__, "claims."):
        if ".migrations." in part.name or part.name.endswith("__main__"):
            continue
        for one in vars(importlib.import_module(part.name)).values():
            if isinstance(one, FunctionType) and one.__code__ is _plain.__code__:
                found.add(f"{one.__module__}.{one.__qualname__}")
    return found


@kept
def _plain(claim: int) -> QuerySet[Claim]:
    return Claim.objects.filter(pk=claim).order_by()


def test_on_every_page_a_kept_question_is_the_one_made_anew(cast: Cast, asked: dict[str, int]) -> None:
    world = make_world(cast)
    blind = person("Zoe", cast.desk, Role.ADMINISTRATOR, Role.REVIEWER)
    Job.objects.create(
        kind="search",
        subject=f"claim {world.judged.pk}",
        desk=cast.desk,
        status=Job.Status.FAILED,
        arguments={},
    )
    # A desk that asks for opinions formed apart reads those of a review.
    Desk.objects.filter(pk=cast.desk.pk).update(panels=PanelRule.POSSIBLE)
    for language, user in (
        ("en", cast.carla),
        ("de", world.root),
        ("en", world.nina),
        ("de", blind),
        ("en", cast.ada),
    ):
        client = pages.signed_in(user)
        with translation.override(language):
            for name, path in named_paths(cast.desk.slug, world.check.public_id, first_ids()):
                if name in ASKING:
                    assert client.get(path).status_code in (200, 302, 303, 403, 404), path
            # What stands on none of these pages there: questions kept to some outlets, who has what was handed in,
            # what somebody was told, what searches ask.
            for rest in (
                search_log._outlets([1, 2], user), waiting_work._asked([1, 2]), waiting_work._opened([1, 2], user),
                inbox_lines._claims([1, 2], user), inbox_lines._notes([1, 2], user), search._claims([1, 2]),
                asking._places_of([1, 2]), asking._archives_for([1, 2]), passages_of([1, 2]), live_targets(),
                keeping._stored([1, 2]), keeping._drafts([1, 2]),
            ):  # fmt: skip
                assert rest.read() is not None
    assert _builders() - set(asked) == set(), "ask for a page that asks this, so that it is compared"


def test_the_page_of_a_claim_makes_its_questions_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    claim = builders.claim(cast)
    client, path = pages.signed_in(cast.carla), f"/claims/{claim.pk}/"
    client.get(path)
    made: list[str] = []
    of = together._Question.of.__func__  # type: ignore[attr-defined]

    def counted(cls: Any, rows: Any) -> Any:
        made.extend([] if isinstance(rows, Kept) else [rows.model.__name__])
        return of(cls, rows)

    monkeypatch.setattr(together._Question, "of", classmethod(counted))
    assert client.get(path).status_code == 200
    # The labels to choose from belong to a field of a form, which takes a queryset.
    assert made == ["Rating"]


@kept
def _several(claims: list[int], user: User, order: str, mine: bool) -> QuerySet[Claim]:
    rows = Claim.objects.visible_to(user).filter(pk__in=claims).select_related("claimant", "desk")
    rows = rows.filter(added_by=user) if mine else rows
    return rows.annotate(placed=Exists(Evidence.objects.filter(claim=OuterRef("pk")))).order_by(order)


def test_alone_and_beside_others_it_finds_what_a_queryset_finds(cast: Cast) -> None:
    made = [builders.claim(cast, wording=f"Bridge {number} of Osk stands.") for number in range(4)]
    ids = [row.pk for row in made]
    for order in ("pk", "-pk"):
        for some in (ids, ids[1:3], ids[:1], [], [ids[0], ids[0]]):
            for user in (cast.ada, cast.otto):
                wanted = list(_several.__wrapped__(some, user, order, False))  # type: ignore[attr-defined]
                alone, beside = _several(some, user, order, False), _several(some, user, order, False)
                other = _several(some, user, order, True)
                read(beside, other, Membership.objects.order_by("pk"))
                with CaptureQueriesContext(connection) as later:
                    found = list(beside)
                assert not later.captured_queries
                assert list(alone) == found == wanted
                assert [row.claimant for row in found] == [row.claimant for row in wanted]
                assert len(alone) == len(wanted)


def test_what_cannot_match_is_not_asked(cast: Cast) -> None:
    with CaptureQueriesContext(connection) as nothing:
        assert list(_several([], cast.ada, "pk", False)) == []
    assert not nothing.captured_queries


@kept
def _made_before(desk: int, moment: dt.datetime) -> QuerySet[Claim]:
    return Claim.objects.filter(desk=desk, created_at__lt=moment).order_by("pk")


def test_moments_rows_at_the_beginning_and_how_many_there_are(cast: Cast) -> None:
    made = [builders.claim(cast, wording=f"Bridge {number} of Osk stands.") for number in range(4)]
    middle = made[2].created_at
    for moment, found in (
        (middle, made[:2]),
        (middle + dt.timedelta(days=1), made),
        (made[0].created_at, []),
    ):
        before = _made_before(cast.desk.pk, moment)
        every, few = HowMany(before), HowMany(before, 2)
        first = before.first(1)
        with CaptureQueriesContext(connection) as asked:
            read(before, every, few, first)
        assert len(asked) == 1
        assert before.read() == found
        assert first.read() == found[:1]
        assert (int(every), int(few)) == (len(found), min(len(found), 2))


@kept
def _said(subject: str, desk: int) -> QuerySet[Job]:
    return Job.objects.filter(subject=subject, desk=desk).order_by("pk")


def test_words_are_put_in_as_numbers_are(cast: Cast) -> None:
    before = module._form.cache_info().misses
    for number in range(3):
        job = Job.objects.create(kind="search", subject=f"claim {number}", desk=cast.desk, arguments={})
        assert list(_said(AskedWords(f"claim {number}"), cast.desk.pk)) == [job]
    assert module._form.cache_info().misses == before + 1


@kept
def _in_words(claim: int) -> QuerySet[Any, Any]:
    return (
        Claim.objects.filter(pk=claim)
        .annotate(said=Value(_("Queue")))
        .order_by()
        .values_list("said", flat=True)
    )


def test_each_language_has_its_own(cast: Cast) -> None:
    claim = builders.claim(cast)
    said = []
    for language in ("en", "de", "en"):
        with translation.override(language):
            said += list(_in_words(claim.pk))
    assert said == ["Queue", "Warteschlange", "Queue"]


def test_evidence_is_read_by_the_person_who_asks(cast: Cast) -> None:
    @kept
    def shown(claim: int, user: User) -> QuerySet[Evidence]:
        return Evidence.objects.visible_to(user).filter(claim=claim).order_by("pk")

    assert dict(shown(1, cast.ada).form.told) == {"_reader": 1}


def _asks_the_person(user: User) -> QuerySet[Claim]:
    return Claim.objects.filter(added_by=user, wording=user.email)


def _asks_the_database(user: User) -> QuerySet[Claim]:
    return Claim.objects.filter(added_by=user, desk__in=list(Document.objects.values_list("desk", flat=True)))


def _forgets_a_number(claim: int, other: int) -> QuerySet[Claim]:
    return Claim.objects.filter(pk=claim)


def _holds_a_moment(claim: int) -> QuerySet[Claim]:
    return Claim.objects.filter(pk=claim, created_at__lt=timezone.now())


def _writes_it_down(claim: int) -> QuerySet[Job]:
    return Job.objects.filter(pk=claim, subject=f"claim {claim}")


def _cuts(claim: int) -> QuerySet[Claim]:
    return Claim.objects.filter(pk=claim)[: abs(claim)]


def _begins_at_a_row(user: User) -> QuerySet[Membership]:
    return user.memberships.order_by("pk")  # type: ignore[return-value]


@pytest.mark.parametrize(
    "build",
    [
        _asks_the_person,
        _asks_the_database,
        _forgets_a_number,
        _holds_a_moment,
        _writes_it_down,
        _cuts,
        _begins_at_a_row,
    ],
)
def test_what_differs_in_more_than_numbers_is_not_kept(cast: Cast, build: Callable[..., Any]) -> None:
    arguments = [
        cast.ada if name == "user" else 1 for name in build.__code__.co_varnames[: build.__code__.co_argcount]
    ]
    with pytest.raises(CannotBeKept):
        kept(build)(*arguments)


def test_arguments_are_given_by_place() -> None:
    with pytest.raises(CannotBeKept):
        _plain(claim=1)


@pytest.mark.django_db(transaction=True)
def test_what_one_thread_made_is_asked_by_another_over_its_own_connection(cast: Cast) -> None:
    claim = builders.claim(cast)
    assert [one.pk for one in _plain(claim.pk)] == [claim.pk]
    found: list[object] = []

    def ask() -> None:
        try:
            found.extend(one.pk for one in _plain(claim.pk))
        except Exception as error:
            found.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert found == [claim.pk]
