"""How often may strangers ask or write? So many searches a minute, so many messages an hour from one network.

Searches with a key are not counted.

The counting is Django REST framework's. Each web process counts for itself, in memory: the limit keeps one client
from taking the search from everybody else, and is no account of anybody. Several processes let that many times
more pass, and a restart forgets.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest
from rest_framework.throttling import SimpleRateThrottle

from claims.actions.desk.api_keys import find_key
from claims.actions.desk.sign_in_gate import address_of
from claims.net.forwarded import network_of


class NetworkThrottle(SimpleRateThrottle):
    """Counts by network: an IPv4 address, or the /64 of an IPv6 address, as trusted proxies tell it."""

    cache = caches["throttle"]

    def get_cache_key(self, request: Any, view: Any) -> str | None:
        """Return whom to count."""
        return f"{self.scope}:{network_of(address_of(request))}"


class MessageThrottle(NetworkThrottle):
    """Counts the messages of readers."""

    scope = "reader-message"

    def get_rate(self) -> str:
        """Return so many an hour as the settings say now."""
        return f"{settings.MESSAGE_RATE}/hour"


class PublicSearchThrottle(NetworkThrottle):
    """Counts the searches of strangers."""

    scope = "public-search"

    def get_rate(self) -> str:
        """Return so many a minute as the settings say now."""
        return f"{settings.SEARCH_RATE}/min"

    def get_cache_key(self, request: Any, view: Any) -> str | None:
        """Return whom to count; None for a valid key, in the header or in ``key`` as clients of Google's send it."""
        if _has_key(request):
            return None
        return super().get_cache_key(request, view)


def _has_key(request: HttpRequest) -> bool:
    scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
    offered = [request.GET.get("key", ""), bearer if scheme.lower() == "bearer" else ""]
    return any(text.strip() and find_key(text.strip()) is not None for text in offered)


def seconds_to_wait(request: HttpRequest, counted: type[NetworkThrottle] = PublicSearchThrottle) -> int:
    """Count a request; return 0 where it may pass, else after how many seconds to ask again."""
    throttle = counted()
    if throttle.allow_request(request, None):  # type: ignore[arg-type]  # reads what every request has
        return 0
    return max(1, round(throttle.wait() or 60))
