"""A write that the machine cannot take: 503 at every door, the typed words in hand, nothing half done."""

from __future__ import annotations

import errno
import html
import logging
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client

from claims.actions.desk.api_keys import make_key
from claims.actions.documents import blob_folder
from claims.models import AuditEvent, Capture, Document, Job
from claims.ops import writing
from tests import builders
from tests.people import PASSWORD, Cast

BrowserOf = Callable[..., Client]
WORDS = "The ferry to Lenna carries “900” people\r\na day & more <b>than</b> ever."
KINDS = (
    "database is locked",
    "database or disk is full",
    "disk I/O error",
    "attempt to write a readonly database",
    "server closed the connection unexpectedly",
    "the database system is in recovery mode",
    "cannot execute INSERT in a read-only transaction",
    "sorry, too many clients already",
    "could not serialize access due to concurrent update",
    "deadlock detected",
    "could not extend file: No space left on device",
)


@pytest.fixture(autouse=True)
def _nothing_is_remembered() -> Iterator[None]:
    writing.forget()
    yield
    writing.forget()


def failing(words: str, after: int = 0) -> AbstractContextManager[None]:
    """Let the database refuse every write after the first ones, as it says it in these words."""
    seen = 0

    def wrapper(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal seen
        if re.match(r"\s*(INSERT|UPDATE|DELETE)", sql):
            seen += 1
            if seen > after:
                raise OperationalError(words)
        return execute(sql, params, many, context)

    return connection.execute_wrapper(wrapper)


def kept_form(page: str) -> tuple[str, dict[str, str]]:
    """Return where the form of the page goes and what it would send, as a browser reads it."""
    (action,) = re.findall(r'<form method="post" action="([^"]*)"', page)
    fields = re.findall(r'<textarea name="([^"]*)" hidden>\n(.*?)</textarea>', page, re.DOTALL)
    return html.unescape(action), {name: html.unescape(value) for name, value in fields}


def stored() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Document, Capture, AuditEvent, Job))


@pytest.mark.django_db
@pytest.mark.parametrize("words", KINDS)
def test_a_page_keeps_what_was_typed_and_sends_it_again(
    cast: Cast, browser_of: BrowserOf, words: str
) -> None:
    client = browser_of(cast.ada)
    client.get("/desk/north/")
    before = stored()
    with failing(words):
        answer = client.post("/desk/north/add/", {"what": WORDS})
    page = answer.content.decode()
    assert answer.status_code == 503
    assert int(answer["Retry-After"]) > 0
    assert "Nothing was stored" in page
    assert "Traceback" not in page
    assert stored() == before
    action, fields = kept_form(page)
    assert client.post(action, fields).status_code == 303
    assert Capture.objects.get().text == WORDS.replace("\r\n", "\n")


@pytest.mark.django_db
@pytest.mark.parametrize("words", KINDS)
def test_a_part_of_a_page_stays_with_everything_typed_in_it(
    cast: Cast, browser_of: BrowserOf, words: str
) -> None:
    builders.analysed(cast, builders.article(cast))
    row = builders.suggestion(cast)
    client = browser_of(cast.ada)
    client.get("/desk/north/")
    with failing(words):
        answer = client.post(
            f"/appearances/{row.pk}/accept/", {"wording": "Fees rose."}, headers={"hx-request": "true"}
        )
    assert (answer.status_code, answer["HX-Retarget"]) == (503, "#refusals")
    assert "Fees rose." in answer.content.decode()
    assert "<html" not in answer.content.decode()
    row.refresh_from_db()
    assert row.triage == "suggested"


def test_the_browser_shows_such_a_part() -> None:
    from django.template.loader import get_template

    assert '{"code":"503","swap":true' in get_template("base.html").template.source


@pytest.mark.django_db
@pytest.mark.parametrize("words", KINDS)
def test_a_program_gets_an_object_and_the_time_to_wait(cast: Cast, words: str) -> None:
    _row, key = make_key(actor=cast.dana, desk=cast.desk, name="script", scopes=["read", "write"])
    before = stored()
    with failing(words):
        answer = Client().post(
            "/api/v1/documents/",
            {"text": WORDS, "title": "Ferry"},
            "application/json",
            headers={"authorization": f"Bearer {key}"},
        )
    assert answer.status_code == 503
    assert answer["Content-Type"] == "application/json"
    assert set(answer.json()) == {"detail", "reason"}
    assert int(answer["Retry-After"]) > 0
    assert stored() == before


@pytest.mark.django_db
def test_a_program_that_only_reads_is_served_although_its_visit_cannot_be_noted(cast: Cast) -> None:
    _row, key = make_key(actor=cast.dana, desk=cast.desk, name="script", scopes=["read"])
    with failing("database or disk is full"):
        answer = Client().get("/api/v1/claims/", headers={"authorization": f"Bearer {key}"})
    assert answer.status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("words", KINDS)
def test_an_act_in_the_admin_keeps_what_was_typed(cast: Cast, browser_of: BrowserOf, words: str) -> None:
    claim = builders.claim(cast)
    client = browser_of(cast.ada)
    with failing(words):
        answer = client.post(
            f"/claims/{claim.pk}/wording/",
            {
                "wording": "The bridge carries 3,000 cars a day.",
                "expected_version": claim.version,
                "next": f"/admin/claims/claim/{claim.pk}/change/",
            },
        )
    assert answer.status_code == 503
    assert "The bridge carries 3,000 cars a day." in answer.content.decode()
    claim.refresh_from_db()
    assert "3,000" not in claim.wording


@pytest.mark.django_db
@pytest.mark.parametrize("words", KINDS)
def test_signing_in_keeps_all_but_the_password(cast: Cast, words: str) -> None:
    client = Client()
    with failing(words):
        answer = client.post(
            "/login/", {"email": cast.ada.email, "password": PASSWORD, "next": "/desk/north/"}
        )
    page = answer.content.decode()
    assert answer.status_code == 503
    assert PASSWORD not in page
    assert 'type="password" name="password"' in page
    action, fields = kept_form(page)
    done = client.post(action, {**fields, "password": PASSWORD})
    assert (done.status_code, done["Location"]) == (303, "/desk/north/")


@pytest.mark.django_db
def test_a_page_that_is_only_read_says_what_is_missing(cast: Cast, browser_of: BrowserOf) -> None:
    def gone(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        raise OperationalError("connection to server failed: Connection refused")

    client = browser_of(cast.ada)
    with connection.execute_wrapper(gone):
        answers = [
            # Sessions are read before any view: Django calls the page for errors there.
            Client(raise_request_exception=False, HTTP_COOKIE=client.cookies.output(header="")).get(path)
            for path in ("/desk/north/", "/", "/feeds/feed.json", "/admin/", "/api/v1/claims/")
        ]
    for answer in answers:
        assert answer.status_code == 503
        assert "Retry-After" in answer
        assert "Send it again" not in answer.content.decode()


@pytest.mark.django_db
def test_whichever_write_fails_nothing_is_half_done(cast: Cast, browser_of: BrowserOf) -> None:
    """The first, the second, … until the act goes through."""
    client = browser_of(cast.ada)
    client.get("/desk/north/")
    before = stored()
    for after in range(100):
        with failing("database is locked", after):
            answer = client.post("/desk/north/add/", {"what": WORDS})
        if answer.status_code != 503:
            break
        assert stored() == before, f"after {after} writes"
    assert after >= 4
    assert Document.objects.count() == 1
    assert AuditEvent.objects.filter(verb="document.added").count() == 1


@pytest.mark.django_db
def test_what_was_done_is_not_called_undone_because_the_session_is_not_stored(
    cast: Cast, browser_of: BrowserOf
) -> None:
    client = browser_of(cast.ada)

    def sessions_fail(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if "django_session" in sql and not sql.startswith("SELECT"):
            raise OperationalError("database is locked")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(sessions_fail):
        answer = client.post("/desk/north/add/", {"what": WORDS})
    assert answer.status_code == 303
    assert Document.objects.count() == 1


@pytest.mark.django_db
def test_a_disk_that_takes_no_file_stores_no_row(
    cast: Cast, browser_of: BrowserOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    client = browser_of(cast.ada)
    client.get("/desk/north/")
    before = stored()
    with monkeypatch.context() as patch:
        patch.setattr(blob_folder.os, "fsync", full)
        answer = client.post("/desk/north/add/", {"what": f"{WORDS} No file holds this yet."})
    assert answer.status_code == 503
    assert "disk of this installation is full" in answer.content.decode()
    assert stored() == before
    assert client.post("/desk/north/add/", {"what": WORDS}).status_code == 303


@pytest.mark.django_db
def test_the_log_gets_one_line_and_no_traceback(
    cast: Cast, browser_of: BrowserOf, caplog: pytest.LogCaptureFixture
) -> None:
    client = browser_of(cast.ada)
    with caplog.at_level(logging.WARNING), failing("database is locked"):
        client.post("/desk/north/add/", {"what": WORDS})
    assert [record.exc_info for record in caplog.records] == [None]
    assert "POST /desk/north/add/ was not done: the database is locked" in caplog.text


@pytest.mark.django_db
def test_a_fault_of_the_program_is_still_an_error(cast: Cast, browser_of: BrowserOf) -> None:
    client = browser_of(cast.ada)
    client.raise_request_exception = False
    with failing("no such table: claims_document"):
        answer = client.post("/desk/north/add/", {"what": WORDS})
    assert answer.status_code == 500


# --- the real thing -------------------------------------------------------------------------------------------


@contextmanager
def locked() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 50")
    with closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


@contextmanager
def full() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")  # no page may be free inside
        cursor.execute("PRAGMA page_count")
        cursor.execute(f"PRAGMA max_page_count = {cursor.fetchone()[0]}")
        yield
        cursor.execute("PRAGMA max_page_count = 1073741823")


@contextmanager
def read_only() -> Iterator[None]:
    on, off = (
        ("PRAGMA query_only = 1", "PRAGMA query_only = 0")
        if connection.vendor == "sqlite"
        else ("SET default_transaction_read_only = on", "SET default_transaction_read_only = off")
    )
    with connection.cursor() as cursor:
        cursor.execute(on)
        yield
        cursor.execute(off)


def ready() -> tuple[int, str]:
    answer = Client().get("/readyz")
    parts = {part["name"]: part for part in answer.json().get("parts", [])}
    return answer.status_code, parts["writes"]["reason"]


LONG = "A long article. " * 3000


@pytest.mark.embedded
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("trouble", "reason"), [(locked, "locked"), (full, "disk is full"), (read_only, "read-only")]
)
def test_a_sqlite_that_is_locked_full_or_read_only(
    cast: Cast, browser_of: BrowserOf, trouble: Callable[[], AbstractContextManager[None]], reason: str
) -> None:
    client = browser_of(cast.ada)
    client.get("/desk/north/")
    before = stored()
    with trouble():
        answer = client.post("/desk/north/add/", {"what": LONG})
        status, said = ready()
    assert answer.status_code == 503
    assert LONG[:100] in answer.content.decode()
    assert (status, reason in said) == (503, True), said
    assert stored() == before
    assert client.post("/desk/north/add/", {"what": LONG}).status_code == 303
    assert ready()[1] == ""


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_postgresql_that_only_reads(cast: Cast, browser_of: BrowserOf) -> None:
    client = browser_of(cast.ada)
    client.get("/desk/north/")
    before = stored()
    with read_only():
        answer = client.post("/desk/north/add/", {"what": WORDS})
        status, said = ready()
    assert answer.status_code == 503
    assert (status, said) == (503, "the database is read-only")
    assert stored() == before
    assert client.post("/desk/north/add/", {"what": WORDS}).status_code == 303
    assert ready()[1] == ""


@pytest.mark.django_db
def test_ready_says_that_the_data_folder_is_gone_or_nearly_full(
    cast: Cast, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ready()[1] == ""
    monkeypatch.setattr(writing, "LEAST_FREE", 1 << 62)
    assert "disk is full" in ready()[1]
    settings.DATA_DIR = settings.DATA_DIR / "not" / "there"
    assert "not/there" in ready()[1]
