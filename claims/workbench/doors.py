"""By which door did somebody come in? Pages of the workbench are shown in the admin's frame, too.

A form of such a page carries where it stands as ``next``; an act done there leads back there, and the log says so.
"""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

#: As the log writes them.
PAGE, ADMIN = "page", "admin"


def stands_at(request: HttpRequest) -> str:
    """Return the address of the page on which somebody is: that of the page itself, or what its form carries."""
    return request.POST.get("next") or request.path


def door_of(request: HttpRequest) -> str:
    """Return by which door a request came: ``admin`` from a page in the admin's frame, else ``page``."""
    return ADMIN if stands_at(request).startswith(reverse("admin:index")) else PAGE
