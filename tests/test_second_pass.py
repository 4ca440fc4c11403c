"""The second pass runs what asks a database, an engine or a broker, and nothing else."""

from __future__ import annotations

import pytest

from tests.conftest import _is_served
from tests.people import Cast

Request = pytest.FixtureRequest


def test_what_asks_nothing_is_the_same_everywhere(request: Request) -> None:
    assert not _is_served(request.node)


@pytest.mark.parametrize("value", [1, 2])
def test_values_alone_ask_nothing(request: Request, value: int) -> None:
    assert not _is_served(request.node)


@pytest.mark.django_db
def test_a_mark_asks_for_a_database(request: Request) -> None:
    assert _is_served(request.node)


def test_so_does_whatever_is_made_in_one(request: Request, cast: Cast) -> None:
    assert _is_served(request.node)


def test_so_does_a_fixture_that_is_asked_for_by_its_name_alone(
    request: Request, transactional_db: None
) -> None:
    assert _is_served(request.node)


@pytest.mark.parametrize("one", [pytest.param(1, marks=pytest.mark.elasticsearch)])
def test_so_does_a_value_with_a_mark(request: Request, one: int) -> None:
    assert _is_served(request.node)
