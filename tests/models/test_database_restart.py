"""PostgreSQL was restarted: nobody's page pays for the connections that ended with it."""

from __future__ import annotations

import threading

import psycopg
import pytest
from django.conf import settings
from django.db import close_old_connections, connection
from django.test import Client

from tests.people import Cast

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def end_all_connections() -> None:
    """End what the server holds open for this database, as a restart does."""
    database = connection.settings_dict
    with psycopg.connect(
        host=database["HOST"] or None,
        port=database["PORT"] or None,
        user=database["USER"],
        password=database["PASSWORD"] or None,
        dbname="postgres",
        autocommit=True,
    ) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [database["NAME"]]
        )


def test_the_first_page_after_a_restart_is_answered(cast: Cast) -> None:
    assert settings.DATABASES["default"]["OPTIONS"]["pool"]
    client = Client()
    client.force_login(cast.ada)
    statuses: list[int] = []

    def ask() -> None:
        close_old_connections()
        statuses.append(client.get(f"/desk/{cast.desk.slug}/").status_code)
        connection.close()

    connection.close()
    for act in (ask, end_all_connections, ask, ask):
        thread = threading.Thread(target=act)
        thread.start()
        thread.join()
    assert statuses == [200, 200, 200]
