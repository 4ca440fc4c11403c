"""System checks: what must hold before the workbench serves anyone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Tags, register
from django.core.checks import Warning as CheckWarning
from django.db import connections


@register(Tags.database)
def guards_exist(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Warn where a migrated database lacks one of its guards, or holds one that says something else.

    No error: ``migrate`` looks at these checks first, and is what installs them. ``doctor`` fails.
    """
    from claims.models import guards

    found: list[CheckMessage] = []
    for alias in databases or ():
        if "claims_auditevent" not in connections[alias].introspection.table_names():
            continue
        faults = guards.faults(alias)
        if faults:
            named = ", ".join(f"{name} ({what})" for name, what in faults.items())
            found.append(
                CheckWarning(
                    f"The database “{alias}” does not stand as it is guarded: {named}.",
                    hint="Run manage.py migrate: it installs them.",
                    id="claims.W001",
                )
            )
    return found
