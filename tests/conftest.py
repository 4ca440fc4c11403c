"""What every test stands on: no network but this machine, files in temporary folders, guards."""

from __future__ import annotations

import contextlib
import datetime as dt
import gc
import secrets
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import TransactionTestCase

from claims.jobs.frames import call_with_room
from tests.emptying import Emptying
from tests.network_guard import loopback_only
from tests.order_guard import orders_are_said
from tests.people import Cast, make_cast
from tests.template_database import Template

#: A fixed moment for actions: a Wednesday.
NOW = dt.datetime(2026, 3, 18, 9, 30, tzinfo=dt.UTC)


#: What takes a minute by itself begins first, so that no process is left alone with it at the end.
LONGEST = (
    "tests/visibility/",
    "tests/walks/",
    "tests/queries/test_constant_counts.py",
    "tests/workbench/test_matrix.py",
    "tests/workbench/test_control_marks.py",
)
#: Whoever asks for one of these asks a database, an engine or a broker.
SERVICES = frozenset({"db", "transactional_db", "live_server", "django_db_setup"})
SERVED = ("django_db", "postgresql", "redis", "elasticsearch", "live")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--second-pass",
        action="store_true",
        help="leave out what asks neither database nor engine nor broker: it is the same on every one of them",
    )


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--second-pass"):
        same = [item for item in items if not _is_served(item)]
        config.hook.pytest_deselected(items=same)
        items[:] = [item for item in items if _is_served(item)]
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))


def _is_served(item: pytest.Item) -> bool:
    asked = SERVICES.intersection(getattr(item, "fixturenames", ()))
    return bool(asked) or any(item.get_closest_marker(name) for name in SERVED)


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> object:
    """Run everything below a frame with room: tests, clients and pages are deep calls."""
    manager = session.config.pluginmanager
    return call_with_room(
        manager.subset_hook_caller("pytest_runtestloop", [sys.modules[__name__]]), session=session
    )


def pytest_collection_finish() -> None:
    """Let the garbage collector leave what stays anyhow alone: product, tests and what was collected."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _no_outside_world() -> Iterator[None]:
    with loopback_only():
        yield


@pytest.fixture(autouse=True)
def _no_order_left_to_the_database() -> Iterator[None]:
    with orders_are_said():
        yield


@pytest.fixture(autouse=True, scope="session")
def _files_of_the_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep files of the tests away from the installation's; name static files as they are, uncollected."""
    Path(django_settings.DATA_DIR).mkdir(parents=True, exist_ok=True)
    names = ("BLOB_DIR", "ELASTICSEARCH", "INDEX_DIR", "PASSWORD_HASHERS", "STATIC_ROOT", "STORAGES")
    kept = {name: getattr(django_settings, name) for name in names}
    django_settings.BLOB_DIR = tmp_path_factory.mktemp("blobs")
    django_settings.INDEX_DIR = tmp_path_factory.mktemp("index")
    # Runs that share a cluster keep out of each other's indices.
    django_settings.ELASTICSEARCH = {**kept["ELASTICSEARCH"], "prefix": f"test-{secrets.token_hex(4)}"}
    django_settings.STATIC_ROOT = tmp_path_factory.mktemp("static")
    django_settings.STORAGES = {
        **django_settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    # The real hash is slow on purpose; what is hashed is not what these tests are about.
    django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    yield
    for name, value in kept.items():
        setattr(django_settings, name, value)


@pytest.fixture(scope="session")
def _from_the_template(
    request: pytest.FixtureRequest,
    django_db_modify_db_settings: None,
    django_db_keepdb: bool,
    django_db_blocker: Any,
) -> Iterator[contextlib.ExitStack]:
    """Have the test database copied instead of migrated, where a copy can be had; see tests/template_database.py."""
    with contextlib.ExitStack() as open_while_made:
        if not django_db_keepdb:
            cache = getattr(request.config, "cache", None)
            folder = cache.mkdir("database") if cache else Path(django_settings.DATA_DIR) / "test-template"
            with django_db_blocker.unblock():
                open_while_made.enter_context(Template(connection, folder).lent())
        yield open_while_made


@pytest.fixture(scope="session")
def django_db_setup(
    _from_the_template: contextlib.ExitStack, django_db_setup: None, django_db_blocker: Any
) -> Iterator[None]:
    """Close what is open once the database is made, and empty it after tests that commit; see tests/emptying.py."""
    with django_db_blocker.unblock():
        _from_the_template.close()
        emptying = Emptying(connection)
    with mock.patch.object(TransactionTestCase, "_fixture_teardown", side_effect=emptying.again):
        yield
    emptying.close()


@pytest.fixture(autouse=True)
def _nobody_has_asked_yet() -> None:
    from django.core.cache import caches

    caches["throttle"].clear()


@pytest.fixture(autouse=True)
def _own_index(request: pytest.FixtureRequest) -> Iterator[None]:
    """Leave no index behind: the rows go with the test, and their ids come again.

    A module whose tests share one database says ``SHARES_INDEX = True``.
    """
    yield
    from claims.actions.indexing import engines

    if getattr(request.module, "SHARES_INDEX", False):
        return
    if engines.is_open():
        engines.writer().erase()
    engines.close_all()


@pytest.fixture(scope="session")
def _real_run() -> Callable[..., Any]:
    from claims.jobs import child

    return child.run


@pytest.fixture(autouse=True)
def _work_stays_here(request: pytest.FixtureRequest, _real_run: Callable[..., Any]) -> Iterator[None]:
    """Call what belongs into a child process in this one; a module that means the child says REAL_CHILD = True."""
    from claims.jobs import child

    # A test that patched it too may have put this fixture's own stand-in back behind it.
    child.run = _real_run
    if getattr(request.module, "REAL_CHILD", False):
        yield
        # One is kept warm for the next call, and would outlive the tests.
        child.children.close()
        return
    # Not by the test's monkeypatch: a test that takes its own changes back would start a real child.
    with mock.patch.object(
        child, "run", lambda function, *given, limits=None, **named: function(*given, **named)
    ):
        yield


@pytest.fixture
def now() -> dt.datetime:
    return NOW


@pytest.fixture
def cast(db: None) -> Cast:
    """Both desks and everybody who works at them."""
    return make_cast()


@pytest.fixture
def drain() -> Callable[..., int]:
    """Run due jobs in this process: all of them, or only the kinds that are named."""
    from claims.jobs import rows
    from claims.models import Job
    from claims.tasks import base

    def run(*kinds: str) -> int:
        if not kinds:
            return base.drain()
        done = 0
        for _round in range(100):
            due = Job.objects.filter(pk__in=rows.due(limit=1000), kind__in=kinds)
            ids = list(due.order_by("run_after", "id").values_list("pk", flat=True))
            if not ids:
                return done
            done += sum(base.run_now(pk) for pk in ids)
        raise AssertionError(f"Jobs of the kinds {kinds} queue themselves for ever.")

    return run
