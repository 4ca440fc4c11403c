"""Every model is there to browse, nothing there can be changed by a model's form, and nobody writes around the actions."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import Client

from claims.admin.guarded import GuardedAdmin
from claims.models import User
from tests import builders
from tests.admin.conftest import submitted
from tests.people import Cast

MODELS = list(apps.get_app_config("claims").get_models())
SignIn = Callable[[User], Client]


def _name(model: type) -> str:
    return str(model._meta.model_name)  # type: ignore[attr-defined]


def test_every_model_is_registered() -> None:
    automatic = {model for model in MODELS if model._meta.auto_created}
    assert set(admin.site._registry) == set(MODELS) - automatic


def test_every_admin_is_guarded_and_nothing_else_gets_in() -> None:
    assert all(isinstance(shown, GuardedAdmin) for shown in admin.site._registry.values())


def test_no_admin_allows_any_change(rf: object, staff: Cast) -> None:
    request = rf.get("/")  # type: ignore[attr-defined]
    request.user = staff.administrator
    for shown in admin.site._registry.values():
        assert not shown.has_add_permission(request)
        assert not shown.has_change_permission(request)
        assert not shown.has_delete_permission(request)
        assert "delete_selected" not in shown.get_actions(request)


@pytest.fixture
def filled(staff: Cast, drain: Callable[..., int]) -> Cast:
    """A desk with rows in most tables: an article, claims and a verdict."""
    added = builders.article(staff)
    builders.analysed(staff, added)
    builders.accepted(staff)
    submitted(staff)
    return staff


@pytest.mark.parametrize("model", [m for m in MODELS if not m._meta.auto_created], ids=_name)
def test_stock_writing_addresses_refuse(model: type, filled: Cast, as_: SignIn) -> None:
    """Adding, changing, deleting are refused for everybody, the administrator of the installation too."""
    User.objects.filter(pk=filled.dana.pk).update(is_superuser=True)
    client = as_(filled.dana)
    base = f"/admin/claims/{_name(model)}/"
    assert client.get(f"{base}add/").status_code == 403
    assert client.post(f"{base}add/", {}).status_code == 403
    row = model._default_manager.first()  # type: ignore[attr-defined]
    if row is None:
        return
    count = model._default_manager.count()  # type: ignore[attr-defined]
    for address in ("change", "delete"):
        assert client.post(f"{base}{row.pk}/{address}/", {"post": "yes"}).status_code == 403
    answer = client.post(base, {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"})
    assert answer.status_code in (200, 302)
    assert model._default_manager.count() == count  # type: ignore[attr-defined]


@pytest.mark.parametrize("model", [m for m in MODELS if not m._meta.auto_created], ids=_name)
def test_lists_searches_and_pages_open(model: type, filled: Cast, as_: SignIn) -> None:
    client = as_(filled.dana)
    base = f"/admin/claims/{_name(model)}/"
    assert client.get(base).status_code == 200
    # A number, words, an address, quotes, and digits that no column holds.
    for words in ("1", "harbour fees", "https://example.org/a?b", '"x', "9" * 30, "-", "0x1"):
        assert client.get(base, {"q": words}).status_code == 200
    shown = admin.site._registry[model]  # type: ignore[index]
    request = client.get(base).wsgi_request
    row = shown.get_queryset(request).first()
    if row is not None:
        assert client.get(f"{base}{row.pk}/change/").status_code == 200
        assert client.get(f"{base}{row.pk}/history/").status_code == 200


def test_secrets_are_not_shown(filled: Cast, as_: SignIn) -> None:
    page = as_(filled.dana).get(f"/admin/claims/user/{filled.ada.pk}/change/").content.decode()
    assert "Ada" in page
    assert filled.ada.password not in page


def test_a_list_asks_the_same_number_of_questions_however_long_it_is(
    filled: Cast, as_: SignIn, django_assert_num_queries: object
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = as_(filled.ada)
    address = "/admin/claims/claim/"
    client.get(address)
    with CaptureQueriesContext(connection, ) as few:
        client.get(address)
    for _count in range(12):
        builders.claim(filled)
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) == len(few)
    assert len(many) <= 15


def test_lists_leave_texts_in_the_database(filled: Cast, as_: SignIn) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

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
MAY_WRITE = ("actions/", "jobs/", "models/")
#: Written elsewhere, with the reason.
ALLOWED: dict[str, str] = {}


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
    source = "Claim.objects.filter(pk=1).update(a=1)\nclaim.save()\nnames.update({})\nReview.objects.create()\n"
    assert [name for _line, name in bare_writes(source)] == ["update", "save", "create"]


def test_nobody_writes_around_the_actions() -> None:
    found = {}
    for path in sorted(ROOT.rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        if name.startswith((*MAY_WRITE, "migrations/")) or name in ALLOWED:
            continue
        lines = bare_writes(path.read_text(encoding="utf-8"))
        if lines:
            found[name] = lines
    assert found == {}
