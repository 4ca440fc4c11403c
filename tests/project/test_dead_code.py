"""Nothing stands in the product that nobody calls: functions, methods, classes, modules and templates."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings

vulture = pytest.importorskip("vulture")

ROOT = Path(settings.BASE_DIR)
CODE = ("claims", "factcheck", "benchmarks")

#: Called by name by a framework: Django's admin, forms, commands and middleware, REST framework, Celery.
CALLED_BY_FRAMEWORKS = re.compile(
    r"Command|add_arguments|clean_\w+|lookups|field_choices|expected_parameters|partial_update|destroy|process_exception|has_\w*permission|history_view"
    r"|get_(search_fields|search_results|serializer_class|security_definition|user|full_name|short_name"
    r"|natural_key|by_natural_key|session_auth_hash|fields|queryset|object|form|urls|readonly_fields|actions"
    r"|changelist|ordering_field)"
    r"|authenticate(_header|_credentials)?|validate(_\w+)?|create_superuser|ApiKeyScheme|ready"
    # One method for each kind of line in the sample desk's files.
    r"|do_\w+"
    # Celery asks a request for on_timeout, pickle an unpickler for find_class.
    r"|on_timeout|find_class"
    # Django's storages are asked for the one, its models for the other.
    r"|_save|_get_FIELD_display"
    # REST framework's throttles are asked for these.
    r"|get_rate|get_cache_key|scope"
    # Django's login view and middleware, and the adapters of django-allauth.
    r"|form_valid|process_view|pre_social_login|on_authentication_error|is_open_for_signup"
    # Expressions are asked for their SQL by database.
    r"|as_postgresql"
    # Sitemaps are asked for these.
    r"|get_protocol|get_domain|location|lastmod"
    # Every kind of object has one door, whether or not a page opens it today.
    r"|access_\w+"
)
DECORATORS = [
    "@shown*",
    "@shared_task*",
    "@*register*",
    "@extend_schema*",
    "@job_task*",
    "@celeryd_init*",
    "@beat_init*",
]


def _named_in_words() -> set[str]:
    """Return names that templates and dotted or single-word strings use: ``list_display``, addresses, settings."""
    found = set(
        re.findall(r"\w+", "\n".join(page.read_text("utf-8") for page in (ROOT / "templates").rglob("*.*")))
    )
    for folder in CODE:
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " not in node.value:
                    found.update(re.findall(r"\w+", node.value))
    return found


def test_everything_that_is_defined_is_used() -> None:
    scan = vulture.Vulture(ignore_decorators=DECORATORS)
    scan.scavenge([str(ROOT / name) for name in (*CODE, "manage.py")], exclude=["*/migrations/*"])
    named = _named_in_words()
    unused = [
        f"{item.filename}:{item.first_lineno} {item.typ} {item.name}"
        for item in scan.get_unused_code(min_confidence=60)
        if item.typ in ("function", "method", "property", "class", "import")
        and item.name not in named
        and not CALLED_BY_FRAMEWORKS.fullmatch(item.name)
    ]
    assert unused == []


def test_every_template_is_rendered_or_included() -> None:
    pages = [path.relative_to(ROOT / "templates").as_posix() for path in (ROOT / "templates").rglob("*.*")]
    text = "\n".join(
        path.read_text("utf-8")
        for folder in (*CODE, "templates")
        for path in (ROOT / folder).rglob("*.*")
        if path.suffix in (".py", ".html", ".txt")
    )
    # The admin finds these by their place.
    by_place = re.compile(
        r"admin/(claims/\w+/)?(change_form|change_list|base_site|index|object_history)\.html"
    )
    assert [page for page in pages if page not in text and not by_place.fullmatch(page)] == []


def _imports_only(path: Path) -> bool:
    body = ast.parse(path.read_text("utf-8")).body
    rest = [
        node for node in body if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
    ]
    return bool(rest) and all(
        isinstance(node, ast.Import | ast.ImportFrom)
        or (isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__all__")
        for node in rest
    )


def test_no_module_only_hands_on_what_others_define() -> None:
    forwarding = {
        path.relative_to(ROOT).as_posix() for path in (ROOT / "claims").rglob("*.py") if _imports_only(path)
    }
    # A package's face is its __init__; nothing else forwards.
    assert {name for name in forwarding if not name.endswith("__init__.py")} == set()
