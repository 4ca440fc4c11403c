"""Lists of rows that hang on reviews or verdicts begin at those rows, and not at all there are to hang on."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.admin import site
from django.db.models import QuerySet
from django.test import RequestFactory

from claims.admin.guarded import GuardedAdmin
from claims.models import Point, VerdictAuthor
from tests.people import Cast
from tests.workbench import desk_pages as pages

pytestmark = pytest.mark.django_db


def _hanging() -> list[GuardedAdmin]:
    return [
        one
        for one in site._registry.values()
        if isinstance(one, GuardedAdmin) and one.desk_path in ("review__desk", "verdict__desk")
    ]


def _listed(page: GuardedAdmin, user: Any) -> QuerySet[Any]:
    request = RequestFactory().get("/")
    request.user = user
    return page.get_queryset(request).order_by("-pk")


def test_there_are_such_lists() -> None:
    assert {Point, VerdictAuthor} <= {page.model for page in _hanging()}
    assert len(_hanging()) >= 8


# PostgreSQL chooses by what it has counted, so its plan for a few rows says nothing.
@pytest.mark.embedded
@pytest.mark.parametrize("page", _hanging(), ids=lambda page: page.model.__name__)
def test_a_list_begins_at_its_own_rows(cast: Cast, page: GuardedAdmin) -> None:
    rows = _listed(page, cast.carla)
    own = f"SCAN {page.model._meta.db_table}"
    for asked in (rows[:50], rows.order_by().values("pk")):
        steps = [line for line in asked.explain().splitlines() if line.split()[1] == "0"]
        assert any(own in line for line in steps[:1]), steps


def test_whoever_works_there_finds_them_and_nobody_else(cast: Cast) -> None:
    pages.published(cast)
    for page in _hanging():
        if page.model in (Point, VerdictAuthor):
            every = set(page.model._default_manager.values_list("pk", flat=True))
            assert set(_listed(page, cast.carla).values_list("pk", flat=True)) == every
            assert not _listed(page, cast.otto).exists()
    assert VerdictAuthor.objects.exists()
