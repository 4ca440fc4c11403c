"""Every model is there to browse, no model's form changes anything, and nobody writes around the actions."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from claims.actions.indexing import engines
from claims.actions.indexing.outbox import queue_if_dirty
from claims.admin import guarded
from claims.admin.guarded import GuardedAdmin
from claims.models import (
    CheckVector,
    ClaimVector,
    DocumentFingerprint,
    IndexDue,
    IndexEntry,
    IndexTarget,
    OpenSession,
    PassageMeaning,
    PassageReading,
    Resemblance,
    SentForm,
    ShingleKey,
    SuggestionVector,
    User,
    Worker,
)
from tests import builders
from tests.admin.conftest import submitted
from tests.people import Cast

MODELS: list[Any] = list(apps.get_app_config("claims").get_models())
SHOWN = [model for model in MODELS if not model._meta.auto_created]
#: The installation's own upkeep.
FOR_ADMINISTRATORS = {
    CheckVector,
    ClaimVector,
    DocumentFingerprint,
    IndexDue,
    IndexEntry,
    IndexTarget,
    OpenSession,
    PassageMeaning,
    PassageReading,
    Resemblance,
    SentForm,
    ShingleKey,
    SuggestionVector,
    Worker,
}
SignIn = Callable[[User], Client]


def test_every_model_is_registered() -> None:
    assert set(admin.site._registry) == set(SHOWN)


def test_every_admin_is_guarded_and_nothing_else_gets_in() -> None:
    assert all(isinstance(shown, GuardedAdmin) for shown in admin.site._registry.values())


def test_no_admin_allows_any_change(rf: Any, staff: Cast) -> None:
    request = rf.get("/")
    request.user = staff.administrator
    for shown in admin.site._registry.values():
        assert not shown.has_add_permission(request)
        assert not shown.has_change_permission(request)
        assert not shown.has_delete_permission(request)
        assert "delete_selected" not in shown.get_actions(request)


@pytest.fixture(autouse=True)
def _engine_of_this_test(settings: Any, tmp_path: Path) -> Iterator[None]:
    """Give each test an index of its own: the tables are emptied after it, the index is not."""
    settings.INDEX_DIR = tmp_path / "index"
    yield
    engines.close_all()


@pytest.fixture
def filled(staff: Cast, drain: Callable[..., int]) -> Cast:
    """A desk with rows in most tables: an article, claims and a verdict."""
    added = builders.article(staff)
    builders.analysed(staff, added)
    builders.accepted(staff)
    submitted(staff)
    return staff


def test_stock_writing_addresses_refuse(filled: Cast, as_: SignIn) -> None:
    """Adding, changing, deleting are refused for everybody, the administrator of the installation too."""
    User.objects.filter(pk=filled.dana.pk).update(is_superuser=True)
    client = as_(filled.dana)
    tried = 0
    for model in SHOWN:
        base = f"/admin/claims/{model._meta.model_name}/"
        assert client.get(f"{base}add/").status_code == 403, base
        assert client.post(f"{base}add/", {}).status_code == 403, base
        row = model._default_manager.first()
        if row is None:
            continue
        tried += 1
        count = model._default_manager.count()
        for address in ("change", "delete"):
            assert client.post(f"{base}{row.pk}/{address}/", {"post": "yes"}).status_code == 403, base
        client.post(base, {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"})
        assert model._default_manager.count() == count, base
    assert tried > 20


@pytest.mark.parametrize("who", ["dana", "ada"])
def test_lists_searches_and_pages_open(who: str, filled: Cast, as_: SignIn) -> None:
    client = as_(getattr(filled, who))
    opened = 0
    for model in SHOWN:
        base = f"/admin/claims/{model._meta.model_name}/"
        answer = client.get(base)
        if who == "ada" and model in FOR_ADMINISTRATORS:
            assert answer.status_code == 403, base
            continue
        assert answer.status_code == 200, base
        row = admin.site._registry[model].get_queryset(answer.wsgi_request).first()
        if row is not None:
            opened += 1
            assert client.get(f"{base}{row.pk}/change/").status_code == 200, base
            assert client.get(f"{base}{row.pk}/history/").status_code == 200, base
    assert opened > 20


def test_odd_words_find_nothing_and_break_nothing(filled: Cast, as_: SignIn) -> None:
    client = as_(filled.dana)
    for model in SHOWN:
        # An address behind an open quotation mark, and more digits than a column holds.
        for words in ('"https://example.org/a?b -', "9" * 30):
            assert client.get(f"/admin/claims/{model._meta.model_name}/", {"q": words}).status_code == 200


def test_a_row_is_found_by_its_number(filled: Cast, as_: SignIn) -> None:
    claim = builders.claim(filled)
    answer = as_(filled.ada).get("/admin/claims/claim/", {"q": str(claim.pk)})
    assert [row.pk for row in answer.context["cl"].result_list] == [claim.pk]


def test_claims_documents_and_checks_are_found_by_words_through_the_engine(
    filled: Cast, as_: SignIn, drain: Callable[..., int]
) -> None:
    queue_if_dirty()
    drain("index")
    client = as_(filled.ada)
    for name, words in (("claim", "raised fees by 40 percent"), ("document", "fishing union eleven boats")):
        answer = client.get(f"/admin/claims/{name}/", {"q": words})
        assert len(answer.context["cl"].result_list) >= 1, name
        assert client.get(f"/admin/claims/{name}/", {"q": "zebra xylophone"}).context["cl"].result_count == 0


def test_links_to_what_hangs_on_a_row_open_a_narrowed_list(filled: Cast, as_: SignIn) -> None:
    client = as_(filled.dana)
    for shown in admin.site._registry.values():
        for _words, model, lookup in shown.related:
            answer = client.get(f"/admin/claims/{model}/", {lookup: 1})
            # A lookup that the list does not know is answered with a redirect.
            assert answer.status_code == 200, (shown, lookup)


def test_counting_stops_at_the_cap_and_says_so(filled: Cast, as_: SignIn, monkeypatch: Any) -> None:
    for _count in range(4):
        builders.claim(filled)
    monkeypatch.setattr(guarded, "COUNTED", 3)
    answer = as_(filled.ada).get("/admin/claims/claim/")
    assert answer.context["cl"].result_count == 3
    assert "Only the newest 3 rows" in answer.content.decode()


def test_secrets_are_not_shown(filled: Cast, as_: SignIn) -> None:
    page = as_(filled.dana).get(f"/admin/claims/user/{filled.ada.pk}/change/").content.decode()
    assert "Ada" in page
    assert filled.ada.password not in page


def test_a_list_asks_the_same_number_of_questions_however_long_it_is(filled: Cast, as_: SignIn) -> None:
    client = as_(filled.ada)
    address = "/admin/claims/claim/"
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for _count in range(12):
        builders.claim(filled)
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) == len(few)
    assert len(many) <= 15


def test_lists_leave_texts_in_the_database(filled: Cast, as_: SignIn) -> None:
    client = as_(filled.ada)
    for name in ("capture", "passage", "appearance", "document", "searchhit"):
        with CaptureQueriesContext(connection) as asked:
            client.get(f"/admin/claims/{name}/")
        assert not [q["sql"] for q in asked if '"claims_capture"."text"' in q["sql"]]


# Who writes rows

ROOT = Path(__file__).resolve().parents[2] / "claims"
WRITES = {
    "save", "create", "update", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create",
    "add", "set", "remove", "clear",
}  # fmt: skip
#: Of these only what is called on something that looks like a manager or a query.
AMBIGUOUS = {"update", "delete", "add", "set", "remove", "clear"}
LOOKS_LIKE_ONE = re.compile(rf"\.({'|'.join(sorted(WRITES))})\(")
MAY_WRITE = ("actions/", "jobs/", "models/", "migrations/")
#: Written elsewhere, with the reason.
ALLOWED = {
    "exports/share_card.py": "writes a picture into memory; knows no models",
    "search/elastic_targets.py": "creates an index of the engine, not a row; knows no models",
}


def _is_query(node: ast.expr) -> bool:
    """Tell whether a call hangs on ``.objects`` or on a related manager's query."""
    while isinstance(node, ast.Call | ast.Attribute):
        if isinstance(node, ast.Attribute) and node.attr in ("objects", "_default_manager", "_base_manager"):
            return True
        node = node.func if isinstance(node, ast.Call) else node.value
    return False


def bare_writes(source: str) -> list[tuple[int, str]]:
    found = []
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        name = node.func.attr
        if name in WRITES and (name not in AMBIGUOUS or _is_query(node.func.value)):
            found.append((node.lineno, name))
    return found


def test_the_search_for_bare_writes_finds_them() -> None:
    source = (
        "Claim.objects.filter(pk=1).update(a=1)\nclaim.save()\nnames.update({})\nReview.objects.create()\n"
    )
    assert [name for _line, name in bare_writes(source)] == ["update", "save", "create"]


def test_nobody_writes_around_the_actions() -> None:
    found = {}
    for path in sorted(ROOT.rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        if name.startswith(MAY_WRITE) or name in ALLOWED:
            continue
        source = path.read_text(encoding="utf-8")
        lines = bare_writes(source) if LOOKS_LIKE_ONE.search(source) else []
        if lines:
            found[name] = lines
    assert found == {}


@pytest.mark.parametrize("asked", ["pk__in={}", "desk={}", "id__exact={}", "desk__id__exact={}"])
def test_a_number_that_no_column_can_hold_is_asked_for_wrongly(
    as_: Callable[[User], Client], staff: Cast, asked: str
) -> None:
    browser = as_(staff.dana)
    for model in apps.get_app_config("claims").get_models():
        address = f"/admin/claims/{model._meta.model_name}/"
        if browser.get(address).status_code == 200:
            answer = browser.get(address + "?" + asked.format("9" * 30))
            assert answer.status_code in (302, 400), address
            assert answer.status_code == 400 or answer["Location"].endswith("?e=1"), address
