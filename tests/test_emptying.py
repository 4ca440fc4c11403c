"""After a test that commits, the database is again as it was made: rows gone, guards and permissions standing."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection

from claims.models import Approval, Desk, User, guards
from tests.checks_made import published
from tests.emptying import Emptying
from tests.people import make_cast

pytestmark = pytest.mark.django_db(transaction=True)


def _rows() -> dict[str, int]:
    """Return how many rows each table holds; tables without any are left out."""
    found = {}
    with connection.cursor() as cursor:
        for name in connection.introspection.django_table_names(only_existing=True, include_views=False):
            cursor.execute(f'SELECT count(*) FROM "{name}"')
            found[name] = cursor.fetchone()[0]
    return {name: count for name, count in found.items() if count}


def test_what_was_committed_is_gone_and_what_was_there_stays() -> None:
    emptying = Emptying(connection)
    before = _rows()
    assert before == {
        "django_content_type": ContentType.objects.count(),
        "auth_permission": Permission.objects.count(),
    }
    published(make_cast())
    assert Approval.objects.exists()  # which a guard lets nobody delete
    assert _rows() != before
    emptying.again()
    assert _rows() == before
    assert guards.missing() == []
    emptying.close()


def test_the_same_rows_can_be_made_again_and_guards_and_keys_are_asked() -> None:
    emptying = Emptying(connection)
    for _time in range(2):
        cast = make_cast()
        assert Desk.objects.count() == 2
        assert User.objects.get(email="ada@desk.example") == cast.ada
        emptying.again()
    emptying.close()
    connection.check_constraints()


@pytest.mark.parametrize("time", ["first", "second"])
def test_each_test_begins_without_what_the_one_before_committed(time: str) -> None:
    assert not User.objects.exists(), time
    make_cast()


@pytest.mark.embedded
def test_rows_that_were_not_read_to_their_end_hold_nothing_up() -> None:
    emptying = Emptying(connection)
    make_cast()
    reading = connection.connection.execute("SELECT id FROM claims_user")
    assert reading.fetchone()
    emptying.again()
    assert not User.objects.exists()
    emptying.close()
