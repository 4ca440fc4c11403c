"""What every page's frame needs: the desk of the person and their roles there."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from claims.models import Desk
from claims.workbench.hints import hint_for
from claims.workbench.keyboard import script_table


def chrome(request: HttpRequest) -> dict[str, Any]:
    """Return the desk in the address, else the first one of the person; nothing for visitors."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"desk": None, "my_roles": frozenset(), "my_role_words": "", "hint": None}
    desk = getattr(request, "desk", None)
    if desk is None:
        desk = Desk.objects.for_user(user).order_by("-is_default", "name", "id").first()
    asked = settings.SECOND_FACTOR and desk is not None and desk.needs_second_factor
    held = desk.roles_of(user) if desk else frozenset()
    return {
        "desk": desk,
        "my_roles": {role.value for role in held},
        "my_role_words": ", ".join(sorted(str(role.label) for role in held)),
        "hint": hint_for(request, user),
        "key_table": script_table,
        "second_factor_due": desk.second_factor_from if asked and desk and not user.second_factor else None,
    }
