"""In which order do rows come? In the one an editor expects, unknown last, and the same in both databases."""

from __future__ import annotations

import ast
import datetime as dt
import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.db import connection
from django.db.models import Count, F, Max, Model, OuterRef, QuerySet, Subquery
from django.test import Client, RequestFactory

from claims.actions.evidence.asking import prepared
from claims.models import Appearance, Claim, Evidence, Job, Review, User
from claims.workbench.desk.queue import ORDERS, in_order
from claims.workbench.paging import page_of
from tests import builders
from tests.order_guard import DisputedOrder, disputed, orders_are_said
from tests.people import Cast

ROOT = Path(settings.BASE_DIR)
MODELS = list(apps.get_app_config("claims").get_models())
LISTS = sorted(admin.site._registry.items(), key=lambda one: one[0].__name__)


def _disputed(rows: QuerySet[Any]) -> list[str]:
    compiler = rows.query.get_compiler(connection=connection)
    compiler.setup_query()
    keys = [key for key, _sql in compiler.get_order_by()]
    return disputed(rows.query, keys) if keys else []


# What says it, and what does not


def _before_now() -> QuerySet[Job]:
    return Job.objects.filter(lease_until__lt=builders.moment())


LEFT_TO_THE_DATABASE: dict[str, Callable[[], QuerySet[Any]]] = {
    "a column that can be empty": lambda: Job.objects.order_by("started_at", "id"),
    "the same downwards": lambda: Job.objects.order_by("-started_at", "id"),
    "only the empty ones": lambda: Job.objects.filter(started_at__isnull=True).order_by("started_at", "id"),
    "only the empty ones, excluded": lambda: Job.objects.exclude(started_at__isnull=False).order_by(
        "started_at", "id"
    ),
    "a filter of another column": lambda: _before_now().order_by("started_at", "id"),
    "a column behind a relation that can be empty": lambda: Review.objects.order_by(
        "assignee__display_name", "id"
    ),
    "a relation that can be empty": lambda: Claim.objects.order_by("claimant", "id"),
    "a maximum": lambda: Claim.objects.annotate(at=Max("reviews__state_at")).order_by("at", "id"),
    "what another query answers": lambda: Claim.objects.annotate(
        at=Subquery(Review.objects.filter(claim=OuterRef("pk")).order_by("id").values("state_at")[:1])
    ).order_by("at", "id"),
    "rows that are equal in every key": lambda: Claim.objects.order_by("-score"),
    "numbers of several claims": lambda: Review.objects.filter(claim__in=[1, 2]).order_by("-number"),
    "groups that are equal": lambda: Review.objects.values("claim").annotate(n=Count("pk")).order_by("-n"),
}
DECIDED: dict[str, Callable[[], QuerySet[Any]]] = {
    "empty ones last": lambda: Job.objects.order_by(F("started_at").asc(nulls_last=True), "id"),
    "empty ones first": lambda: Job.objects.order_by(F("started_at").desc(nulls_first=True), "id"),
    "empty ones excluded": lambda: Job.objects.exclude(started_at=None).order_by("started_at", "id"),
    "empty ones filtered": lambda: Job.objects.filter(started_at__isnull=False).order_by("started_at", "id"),
    "compared with a value": lambda: _before_now().order_by("lease_until", "id"),
    "a column behind a relation": lambda: Review.objects.order_by("claim__created_at", "id"),
    "the id last": lambda: Claim.objects.order_by("-score", "-pk"),
    "what is unique together": lambda: Review.objects.order_by("claim_id", "number"),
    "the same, one of them given": lambda: Review.objects.filter(claim=1).order_by("-number"),
    "groups by their key": lambda: (
        Review.objects.values("claim").annotate(n=Count("pk")).order_by("-n", "claim")
    ),
}


@pytest.mark.parametrize("name", LEFT_TO_THE_DATABASE)
def test_the_guard_of_the_tests_knows_what_is_left_to_the_database(name: str) -> None:
    assert _disputed(LEFT_TO_THE_DATABASE[name]())


@pytest.mark.parametrize("name", DECIDED)
def test_the_guard_of_the_tests_lets_pass_what_is_decided(name: str) -> None:
    assert _disputed(DECIDED[name]()) == []


@pytest.mark.django_db
def test_an_order_left_to_the_database_ends_the_test_that_asked_for_it(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        pytest.raises(DisputedOrder, match=r"claims/workbench/paging\.py:\d+: .*started_at"),
        orders_are_said(),
    ):
        page_of(Job.objects.all(), RequestFactory().get("/"), order=("started_at", "id"))


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_the_order_that_a_model_declares_is_decided(model: type[Model]) -> None:
    assert _disputed(model._default_manager.order_by(*model._meta.ordering)) == []


# Every line of the product

_CAN_BE_EMPTY = {
    name
    for model in MODELS
    for field in model._meta.concrete_fields
    if field.null
    for name in (field.name, field.attname)
}
#: Keys whose column can be empty in some model, but not where they are used; the guard reads the query itself.
_NEVER_EMPTY_HERE = {
    ("claims/actions/publishing/schedule.py", "publish_at"): "only what has a time",
    ("claims/jobs/rows.py", "lease_until"): "only what has a lease",
    ("claims/api/google.py", "-first_published_at"): "only what was published",
    ("claims/actions/documents/redating.py", "desk"): "an analysis has its desk",
    ("claims/workbench/desk/memberships.py", "desk__name"): "a membership has its desk",
    ("claims/models/jobs.py", "-seen_at"): "a worker says when it was there",
    ("claims/actions/desk/factor_rules.py", "second_factor_from"): "only desks that ask for one",
    ("claims/workbench/desk/queue.py", "due_at"): "only what has a time",
    ("claims/workbench/desk/waiting_work.py", "claim__due_at"): "only what has a time",
    ("claims/workbench/public/unchanged.py", "-redacted_at"): "only what was redacted",
}


def _given(node: ast.AST) -> list[ast.expr]:
    """Return where a node of the source names what rows are sorted by."""
    if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("order_by", "latest", "earliest"):
        return list(node.args)
    if isinstance(node, ast.keyword) and node.arg in ("order", "ordering", "admin_order_field"):
        return [node.value]
    if isinstance(node, ast.Assign) and any(
        getattr(target, "id", "").lower() in ("ordering", "orders") for target in node.targets
    ):
        return [node.value]
    return []


def _keys() -> Iterator[tuple[str, int, str]]:
    """Find every word by which the product sorts: file, line and word."""
    for path in sorted((ROOT / "claims").rglob("*.py")):
        if "migrations" not in path.parts:
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                for given in _given(node):
                    for word in ast.walk(given):
                        if isinstance(word, ast.Constant) and isinstance(word.value, str):
                            yield path.relative_to(ROOT).as_posix(), word.lineno, word.value


def test_no_line_sorts_by_a_column_that_can_be_empty_without_saying_where_the_empty_ones_go() -> None:
    stated = re.compile(r"nulls_(?:last|first)=True")
    found = []
    for name, line, key in _keys():
        steps = key.lstrip("-").split("__")
        if not set(steps) & _CAN_BE_EMPTY or (name, key) in _NEVER_EMPTY_HERE:
            continue
        # A column of the row's own that ends in _id is judged by the models and by the guard.
        if len(steps) == 1 and (
            key.endswith("_id") or stated.search((ROOT / name).read_text().splitlines()[line - 1])
        ):
            continue
        found.append(f"{name}:{line} {key}")
    assert found == []


def test_the_search_for_such_lines_finds_them() -> None:
    keys = list(_keys())
    assert len(keys) > 250
    assert {(name, key) for name, _line, key in keys} >= set(_NEVER_EMPTY_HERE)
    assert "-origins_found" in {key for name, _line, key in keys if name == "claims/workbench/desk/queue.py"}


def test_raw_statements_sort_by_what_is_never_empty() -> None:
    found = {
        match[1]
        for path in (ROOT / "claims").rglob("*.py")
        if "migrations" not in path.parts
        for match in re.finditer(r"ORDER BY ([^\"')]*)", path.read_text("utf-8"))
    }
    assert found == {"1, c.ordinal_position", "id", "d.id", "id LIMIT %s", "r.number DESC LIMIT 1"}


# Lists of the admin


@pytest.mark.django_db
@pytest.mark.parametrize(("model", "page"), LISTS, ids=[model.__name__ for model, _page in LISTS])
def test_a_list_of_the_admin_is_sorted_by_no_column_that_an_address_names(
    model: type[Model], page: Any, cast: Cast
) -> None:
    User.objects.filter(pk=cast.dana.pk).update(is_superuser=True)
    person = User.objects.get(pk=cast.dana.pk)
    for asked in ("", *(f"?o={sign}{number}" for number in range(1, 9) for sign in ("", "-"))):
        request = RequestFactory().get(f"/admin/{asked}")
        request.user = person
        rows = page.get_changelist_instance(request).get_queryset(request)
        assert _disputed(rows) == []
        assert list(rows.query.order_by) in (["-id"], ["-pk"], ["-id", "-pk"]), asked


# Rows without a value come last, whichever database holds them


def _job(cast: Cast, started: dt.datetime | None) -> int:
    return Job.objects.create(
        desk=cast.desk,
        kind="search",
        subject="claim 1",
        status=Job.Status.RUNNING,
        queue=Job.Queue.BULK,
        run_after=builders.moment(),
        started_at=started,
    ).pk


@pytest.mark.django_db
def test_running_jobs_come_by_their_start_and_those_without_one_last(cast: Cast) -> None:
    unknown, late = _job(cast, None), _job(cast, builders.moment(2))
    unknown_too, early = _job(cast, None), _job(cast, builders.moment(1))
    client = Client()
    client.force_login(cast.dana)
    running = next(
        part for part in client.get("/desk/north/jobs/").context["parts"] if part["name"] == "running"
    )
    shown = [row["job"].pk if isinstance(row, dict) else row.pk for row in running["rows"]]
    assert shown == [early, late, unknown, unknown_too]


@pytest.mark.django_db
def test_what_waits_for_publication_comes_by_its_time_and_what_has_none_last(cast: Cast) -> None:
    ids = []
    for at, held in ((None, False), (3, False), (None, True), (1, False), (2, True), (None, False)):
        review = Review.objects.get(claim=builders.claim(cast))
        Review.objects.filter(pk=review.pk).update(
            state=Review.State.APPROVED, held=held, publish_at=at and builders.moment(at)
        )
        ids.append(review.pk)
    client = Client()
    client.force_login(cast.carla)
    waiting = client.get("/desk/north/published/").context["waiting"]
    assert [row["review"].pk for row in waiting] == [ids[at] for at in (3, 1, 0, 5, 4, 2)]


@pytest.mark.django_db
def test_suggestions_for_a_bulk_act_come_by_article_and_those_without_one_last(cast: Cast) -> None:
    User.objects.filter(pk=cast.ada.pk).update(is_staff=True)
    outside = Appearance.objects.get(claim=builders.claim(cast))
    runs = [
        builders.analysed(cast, builders.article(cast, f"{builders.HARBOUR}\n\n{n}"), ()) for n in range(2)
    ]
    inside = [
        Appearance.objects.create(
            desk=cast.desk,
            document=run.capture.document,
            capture=run.capture,
            run=run,
            start=start,
            end=start + 5,
            quotation=run.capture.text[start : start + 5],
        ).pk
        for run, start in ((runs[1], 9), (runs[0], 7), (runs[0], 2))
    ]
    client = Client()
    client.force_login(cast.ada)
    answer = client.post(
        "/admin/claims/appearance/bulk/",
        {"action": "dismiss", "rows": [outside.pk, *inside], "step": "preview", "reason": "opinion"},
    )
    shown = [row.claim_id for row in answer.context["report"].rows]
    assert shown == [inside[2], inside[1], inside[0], outside.pk]


@pytest.mark.django_db
def test_a_search_reads_around_the_claim_in_its_article_not_in_a_broadcast(cast: Cast) -> None:
    builders.analysed(cast, builders.article(cast))
    row = builders.accepted(cast)
    place = row.appearances.get()
    broadcast = Appearance.objects.get(claim=builders.claim(cast))
    Appearance.objects.filter(pk=broadcast.pk).update(claim=row)
    assert place.capture_id is not None
    assert broadcast.capture_id is None
    assert prepared([row])[0].text.quotation == place.quotation


@pytest.mark.django_db
@pytest.mark.parametrize("order", ORDERS)
def test_pages_of_the_queue_hold_every_claim_once_in_both_directions(cast: Cast, order: str) -> None:
    for number in range(11):
        row = builders.claim(cast)
        # Many are equal in what is sorted by.
        Claim.objects.filter(pk=row.pk).update(
            score=0.5 if number % 3 else 0.1,
            origins_found=number % 2,
            created_at=builders.moment(number // 4),
            due_at=builders.moment(number // 4),
        )
    builders.claim(cast) if order == "due" else None
    rows, _name, columns = in_order(Claim.objects.all(), order, cast.carla)
    assert _disputed(rows.order_by(*columns)) == []
    whole = list(rows.order_by(*columns).values_list("pk", flat=True))
    assert len(whole) == 11
    walked, mark, pages = [], "", []
    while True:
        page = page_of(rows, RequestFactory().get("/", {"after": mark}), order=columns, size=3)
        pages.append([row.pk for row in page])
        walked += pages[-1]
        if not page.next:
            break
        mark = page.next
    assert walked == whole
    assert len(pages) == 4
    for before, after in pairwise(reversed(pages)):
        page = page_of(rows, RequestFactory().get("/", {"before": page.previous}), order=columns, size=3)
        assert [row.pk for row in page] == after, before


@pytest.mark.django_db
def test_every_column_that_can_be_empty_puts_its_empty_rows_last_in_both_directions(cast: Cast) -> None:
    """What ``nulls_last`` means is the same in both databases, with and without an index."""
    rows = [builders.claim(cast) for _number in range(4)]
    for place, at in ((1, 2), (2, 1)):
        Claim.objects.filter(pk=rows[place].pk).update(searched_at=builders.moment(at))
    keys = {"asc": F("searched_at").asc(nulls_last=True), "desc": F("searched_at").desc(nulls_last=True)}
    found = {
        name: list(Claim.objects.order_by(key, "id").values_list("pk", flat=True))
        for name, key in keys.items()
    }
    assert found["asc"] == [rows[2].pk, rows[1].pk, rows[0].pk, rows[3].pk]
    assert found["desc"] == [rows[1].pk, rows[2].pk, rows[0].pk, rows[3].pk]
    assert not Evidence.objects.exists()
