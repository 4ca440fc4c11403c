"""Has anything that the public reads changed since a reader's last visit? One short statement, before a page is made.

Public pages are made from releases, from desks and from their scales, and from nothing else: whatever happens to a
check is a further release, or a redaction of one. A release at another desk makes a page look new that is not; then
it is made once more.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language

from claims.models import Desk, RatingScale, Release
from claims.models.together import read

#: So many of the newest releases are compared: one that was numbered first and stored later is among them.
NEWEST = 64
#: What pages are made of besides rows: a new version of the software is a new page.
_MADE_OF = (("templates", "*.html"), ("claims", "*.py"), ("locale", "*.mo"))


def mark_of(request: HttpRequest) -> str:
    """Return the entity tag of a public page as it would be made now for this reader."""
    releases = Release.objects.order_by("-pk").values_list("pk", flat=True)[:NEWEST]
    redacted = Release.objects.exclude(redacted_at=None).order_by("-redacted_at", "-pk")
    changed = redacted.values_list("pk", "redacted_at")[:NEWEST]
    scales = RatingScale.objects.order_by("-pk").values_list("pk", "is_current")[:NEWEST]
    desks = Desk.objects.order_by("pk").values_list()
    read(releases, changed, scales, desks)
    parts = [
        _software(), settings.SITE_URL, request.get_full_path(), get_language(), timezone.get_current_timezone_name(),
        list(releases), list(changed), list(scales), list(desks),
    ]  # fmt: skip
    return f'"{hashlib.sha256(repr(parts).encode()).hexdigest()[:32]}"'


@cache
def _software() -> str:
    """Return what tells this version of the software from another; read once by a process."""
    found = hashlib.sha256()
    for folder, files in _MADE_OF:
        for file in sorted((Path(settings.BASE_DIR) / folder).rglob(files)):
            found.update(file.read_bytes())
    return found.hexdigest()
