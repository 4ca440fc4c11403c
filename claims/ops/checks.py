"""System checks: what must hold before the workbench serves anyone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections


@register(Tags.database)
def guards_exist(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Fail where a migrated database lacks one of its guards."""
    from claims.models import guards

    found: list[CheckMessage] = []
    for alias in databases or ():
        if "claims_auditevent" not in connections[alias].introspection.table_names():
            continue
        absent = guards.missing(alias)
        if absent:
            found.append(
                Error(
                    f"The database “{alias}” lacks the guards {', '.join(absent)}.",
                    hint="Run manage.py migrate: it installs them.",
                    id="claims.E001",
                )
            )
    return found
