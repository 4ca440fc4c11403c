"""What no import contract can say: rows and actions know no HTTP, nothing is imported by a string, names are one."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
WEB = ("django.http", "django.shortcuts", "django.urls", "django.template", "rest_framework")


def _modules(folder: str) -> Iterator[tuple[str, ast.Module]]:
    for path in sorted((ROOT / folder).rglob("*.py")):
        if "migrations" not in path.parts:
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text("utf-8"))


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def test_rows_jobs_and_actions_know_no_http() -> None:
    found = {
        (name, module)
        for folder in ("claims/models", "claims/jobs", "claims/actions", "claims/tasks")
        for name, tree in _modules(folder)
        for module in _imported(tree)
        if module.startswith(WEB)
    }
    # An authentication backend is handed the request by Django, and asks where it comes from. Who signs in, and
    # where they are signed in, is a matter of requests and their sessions.
    assert {name for name, _module in found} <= {
        "claims/actions/desk/accounts.py",
        "claims/actions/desk/open_sessions.py",
        "claims/actions/desk/passwords.py",
        "claims/actions/desk/second_factors.py",
        "claims/actions/desk/signing_in.py",
        "claims/actions/desk/sign_in_gate.py",
    }


def test_nothing_is_imported_by_a_string_to_get_round_the_layers() -> None:
    found = [
        name
        for name, tree in _modules("claims")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and (getattr(node.func, "id", "") or getattr(node.func, "attr", ""))
        in ("import_string", "import_module", "__import__")
    ]
    # The two commands find a benchmark or an evaluation by the name that was typed; the measure of rules takes every
    # module of the rooms below it; the application wakes up the broker's client before the first request.
    allowed = {
        "claims/apps.py",
        "claims/evaluation/rule_switches.py",
        "claims/management/commands/benchmark.py",
        "claims/management/commands/evaluate.py",
    }
    assert set(found) <= allowed


def test_no_two_classes_of_the_product_bear_one_name() -> None:
    places: dict[str, list[str]] = defaultdict(list)
    for name, tree in _modules("claims"):
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_") and node.name != "Command":
                places[node.name].append(name)
    assert {name: where for name, where in places.items() if len(where) > 1} == {}


def test_no_file_holds_both_sides_of_a_conflict() -> None:
    folders = ("claims", "templates", "docs", "tests", "factcheck", "benchmarks", ".ci")
    endings = {".py", ".html", ".css", ".js", ".md", ".toml", ".yml", ".json", ".txt", ""}
    beside = [
        path for path in ROOT.iterdir() if path.suffix in (".md", ".toml", ".yml") or path.name == "run"
    ]
    found = [
        path.relative_to(ROOT).as_posix()
        for path in (*beside, *(path for folder in folders for path in (ROOT / folder).rglob("*")))
        if path.is_file()
        and path.suffix in endings
        and "\n" + 7 * "<" + " " in path.read_text("utf-8", "replace")
    ]
    assert found == []
