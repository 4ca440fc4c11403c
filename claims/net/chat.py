"""Ask an OpenAI-compatible endpoint for one answer to one chat, within a time and a size, with one retry.

Goes through the guarded client; besides the public web exactly the endpoint that the operator configured may
be reached, be it on this machine. Returns the words of the answer and who gave them; refuses to judge them.
"""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from claims.net.addresses import Allow
from claims.net.errors import BadStatus, FetchError, TimedOut, TooLarge, Unreachable
from claims.net.fetch import Fetched, Limits, Resolver, fetch
from claims.spoken import gettext as _

#: Names this way of asking in the provenance of what comes back.
ADAPTER = "openai-chat/1"
LIMITS = Limits(wire=512 * 1024, body=512 * 1024, total=60.0, connect=5.0, read=60.0, redirects=0)
ATTEMPTS = 2


class ChatUnavailable(Exception):
    """No usable answer came; the message is a sentence for a person and carries nothing of the request."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where to ask: the base address (``…/v1``) or the full one, the model's name, and a key or nothing."""

    url: str
    model: str = ""
    key: str = ""

    @property
    def address(self) -> str:
        base = self.url.rstrip("/")
        return base if base.endswith("/chat/completions") else f"{base}/chat/completions"


@dataclass(frozen=True, slots=True)
class ChatAnswer:
    """The words of the answer, and the model that says it gave them."""

    content: str
    model: str


def ask(
    endpoint: Endpoint,
    messages: Sequence[dict[str, str]],
    *,
    user_agent: str,
    limits: Limits = LIMITS,
    tls: ssl.SSLContext | None = None,
    resolve: Resolver | None = None,
) -> ChatAnswer:
    """Return the endpoint's answer; raises ChatUnavailable after a second attempt where one may help."""
    body = json.dumps(
        {"model": endpoint.model, "messages": list(messages), "temperature": 0, "stream": False}
    ).encode()
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    if endpoint.key:
        headers["Authorization"] = f"Bearer {endpoint.key}"
    for attempt in range(1, ATTEMPTS + 1):
        last = attempt == ATTEMPTS
        try:
            got = fetch(
                endpoint.address,
                user_agent=user_agent,
                method="POST",
                body=body,
                headers=headers,
                limits=limits,
                allow=_allow(endpoint.address),
                tls=tls,
                resolve=resolve,
            ).ok()
            return _read(got, endpoint)
        except BadStatus as error:
            if last or not (error.status == 429 or error.status >= 500):
                raise ChatUnavailable(f"The endpoint answered with status {error.status}.") from error
        except TimedOut as error:
            if last:
                raise ChatUnavailable("The endpoint took too long to answer.") from error
        except Unreachable as error:
            if last:
                raise ChatUnavailable("The endpoint cannot be reached.") from error
        except TooLarge as error:
            raise ChatUnavailable("The endpoint's answer is too large.") from error
        except FetchError as error:
            raise ChatUnavailable(f"The endpoint cannot be asked: {error.sentence}") from error
        except _Unreadable as error:
            if last:
                raise ChatUnavailable("The endpoint's answer is not what such an endpoint sends.") from error
    raise AssertionError("the loop returns or raises")


class _Unreadable(Exception):
    pass


def _allow(address: str) -> Allow:
    """Permit the configured endpoint itself: its addresses and its port, wherever it lies."""
    parts = urlsplit(address)
    try:
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme, 0)
        rows = socket.getaddrinfo(parts.hostname or "", port, type=socket.SOCK_STREAM)
    except (OSError, ValueError) as error:
        raise Unreachable(_("The endpoint's name leads nowhere."), url=address) from error
    networks = tuple(dict.fromkeys(str(row[4][0]).partition("%")[0] for row in rows))
    return Allow.of(networks, (port,))


def _read(got: Fetched, endpoint: Endpoint) -> ChatAnswer:
    try:
        read: Any = json.loads(got.body)
        content = read["choices"][0]["message"]["content"]
        model = read.get("model") or endpoint.model
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError) as error:
        raise _Unreadable from error
    if not isinstance(content, str):
        raise _Unreadable
    return ChatAnswer(content, str(model)[:100])
