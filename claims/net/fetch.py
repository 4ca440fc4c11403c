"""The one door to the outside: ask a web address for bytes, safely.

Answers "what did this address say, and when". The name is resolved once and the connection goes to an address
that was checked, so that a second answer of the name server cannot lead elsewhere; host name and TLS name
stay those of the page. Every redirect is checked again. Sizes are limited on the wire and after
decompression, time over everything together. Refuses other schemes and ports, and every address ``addresses``
refuses. Proxies of the environment are not used, cookies are not kept. Interprets nothing: decoding and
reading are intake's.
"""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from types import MappingProxyType
from typing import Any
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

import certifi
import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, NewConnectionError, SSLError, TimeoutError

from claims.net.addresses import WEB_PORTS, Address, Allow, ascii_host, refusal
from claims.net.errors import (
    AddressRefused,
    BadAddress,
    BadAnswer,
    BadStatus,
    FetchError,
    TimedOut,
    TooLarge,
    TooManyRedirects,
    Unreachable,
    status_sentence,
    timed_out,
    too_large,
)
from claims.net.unpack import unpacker
from claims.spoken import gettext as _

__all__ = [
    "AddressRefused",
    "BadAddress",
    "BadAnswer",
    "BadStatus",
    "FetchError",
    "Fetched",
    "Limits",
    "TimedOut",
    "TooLarge",
    "TooManyRedirects",
    "Unreachable",
    "fetch",
]

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_CHUNK = 64 * 1024
#: Headers this client sets itself; a caller cannot smuggle them in.
_OWN_HEADERS = frozenset(
    {"host", "connection", "content-length", "transfer-encoding", "accept-encoding", "user-agent"}
)

Resolver = Callable[[str, int], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes, times in seconds; ``total`` covers resolving, redirects and the body together."""

    wire: int = 10 * 1024 * 1024
    body: int = 10 * 1024 * 1024
    total: float = 30.0
    connect: float = 5.0
    read: float = 10.0
    redirects: int = 5


@dataclass(frozen=True, slots=True)
class Fetched:
    """One answer. ``headers`` have lower-case names; ``charset`` is what the header declares, or empty."""

    url: str
    final_url: str
    status: int
    headers: Mapping[str, str]
    content_type: str
    charset: str
    body: bytes
    at: datetime
    redirects: tuple[str, ...] = ()

    def ok(self) -> Fetched:
        """Return this answer if it carries the page; raises BadStatus with a sentence otherwise."""
        if 200 <= self.status < 300:
            return self
        raise BadStatus(status_sentence(self.status), url=self.final_url, status=self.status)


def fetch(
    url: str,
    *,
    user_agent: str,
    method: str = "GET",
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    limits: Limits = Limits(),
    allow: Allow = Allow(),  # noqa: B008 - frozen
    tls: ssl.SSLContext | None = None,
    resolve: Resolver | None = None,
) -> Fetched:
    """Ask an address and return its answer, whatever its status.

    Redirects are followed for GET and HEAD only; ``headers`` go to the first host alone, since they may carry
    a secret. Raises FetchError in one of its forms; never returns a truncated body.
    """
    deadline = _Deadline(limits.total)
    at = datetime.now(UTC)
    extra = {name: value for name, value in (headers or {}).items() if name.lower() not in _OWN_HEADERS}
    current = url
    seen: list[str] = []
    first_host = ""
    context = tls or default_tls()
    while True:
        target = _target(current, allow)
        first_host = first_host or target.host
        sent = {"Accept": "*/*", **extra} if target.host == first_host else {"Accept": "*/*"}
        sent |= {
            "Host": target.authority,
            "User-Agent": user_agent,
            "Accept-Encoding": "gzip, deflate",
            "Connection": "close",
        }
        answer = _ask(
            target, method, body, sent, limits, allow, context, resolve or _system_resolve, deadline
        )
        location = answer.headers.get("location", "")
        if answer.status not in _REDIRECTS or not location or method not in ("GET", "HEAD"):
            return Fetched(
                url=url,
                final_url=target.url,
                status=answer.status,
                headers=MappingProxyType(answer.headers),
                content_type=answer.content_type,
                charset=answer.charset,
                body=answer.body,
                at=at,
                redirects=tuple(seen),
            )
        seen.append(target.url)
        if len(seen) > limits.redirects:
            raise TooManyRedirects(
                _(
                    "The address leads on more than %(redirects)s times. Open it in a browser and add the "
                    "address of the page it ends on, or paste the text."
                )
                % {"redirects": limits.redirects},
                url=url,
            )
        current = urljoin(target.url, _readable(location))


def default_tls() -> ssl.SSLContext:
    """Return a verifying context that trusts the system's authorities and certifi's."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


@dataclass(frozen=True, slots=True)
class _Target:
    url: str
    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == {"http": 80, "https": 443}[self.scheme] else f"{name}:{self.port}"


def _target(url: str, allow: Allow) -> _Target:
    text = url.strip()
    if any(ord(c) < 0x20 or c == "\x7f" for c in text):
        raise BadAddress(
            _("The address contains control characters. Copy it again from the browser."), url=url
        )
    try:
        parts = urlsplit(text)
        port = parts.port
        host = ascii_host(parts.hostname or "")
    except ValueError:
        raise BadAddress(
            _("This is not a complete web address. It begins with http:// or https:// and a host name."),
            url=url,
        ) from None
    scheme = parts.scheme.lower()
    if scheme not in ("http", "https"):
        raise BadAddress(
            _(
                "Only http and https addresses can be fetched, not %(scheme)s. Paste the text or upload "
                "the file instead."
            )
            % {"scheme": scheme or "one without a scheme"},
            url=url,
        )
    if parts.username is not None or parts.password is not None:
        raise BadAddress(_("The address carries a user name. Take it out, or paste the text."), url=url)
    port = {"http": 80, "https": 443}[scheme] if port is None else port
    if port not in WEB_PORTS and port not in allow.ports and (host, port) not in allow.pairs:
        raise AddressRefused(
            _(
                "Port %(port)s is not asked, only 80 and 443. If the page is public, paste its text or "
                "upload it as a file; an administrator can allow a port."
            )
            % {"port": port},
            url=url,
        )
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    if parts.query:
        path += "?" + quote(parts.query, safe="/%:@!$&'()*+,;=~-._?[]")
    authority = f"[{host}]" if ":" in host else host
    if parts.port is not None:
        authority += f":{port}"
    return _Target(urlunsplit((scheme, authority, *path.partition("?")[::2], "")), scheme, host, port, path)


class _Deadline:
    """The moment when everything must be over, on the monotonic clock."""

    def __init__(self, seconds: float) -> None:
        self.end = time.monotonic() + seconds

    def left(self) -> float:
        return self.end - time.monotonic()

    def check(self, url: str) -> float:
        left = self.left()
        if left <= 0:
            raise timed_out(url)
        return left


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: dict[str, str]
    content_type: str
    charset: str
    body: bytes


def _system_resolve(host: str, port: int) -> Sequence[str]:
    rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(row[4][0]) for row in rows))


def _resolve(target: _Target, resolve: Resolver, deadline: _Deadline) -> list[Address]:
    """Resolve in a thread, because the system's resolver knows no deadline."""
    found: list[str] = []
    failed: list[Exception] = []

    def run() -> None:
        try:
            found.extend(resolve(target.host, target.port))
        except (OSError, UnicodeError) as error:
            failed.append(error)

    thread = threading.Thread(target=run, name="resolve", daemon=True)
    thread.start()
    thread.join(deadline.check(target.url))
    if thread.is_alive():
        raise timed_out(target.url)
    if failed or not found:
        raise Unreachable(
            _(
                "There is no machine named %(host)s, or the name server does not answer. Check the "
                "spelling; if it is right, try again in a minute."
            )
            % {"host": target.host},
            url=target.url,
        )
    return [ipaddress.ip_address(text.partition("%")[0]) for text in found]


def _ask(
    target: _Target,
    method: str,
    body: bytes | None,
    headers: dict[str, str],
    limits: Limits,
    allow: Allow,
    tls: ssl.SSLContext,
    resolve: Resolver,
    deadline: _Deadline,
) -> _Answer:
    resolved = _resolve(target, resolve, deadline)
    reasons = {address: refusal(address, allow, host=target.host, port=target.port) for address in resolved}
    usable = [address for address, why in reasons.items() if not why]
    if not usable:
        raise AddressRefused(
            _(
                "%(host)s %(next)s. Only public web addresses are fetched; paste the text or upload the "
                "file instead."
            )
            % {"host": target.host, "next": next(iter(reasons.values()))},
            url=target.url,
        )
    # A name often has addresses of both families where the machine can use one: three tries, one deadline.
    for n, address in enumerate(usable[:3], start=1):
        try:
            return _ask_one(target, address, method, body, headers, limits, tls, deadline)
        except NewConnectionError:
            if n == len(usable[:3]):
                raise Unreachable(
                    _("%(host)s does not answer. The site may be down: try again later, or paste the text.")
                    % {"host": target.host},
                    url=target.url,
                ) from None
    raise AssertionError("the loop returns or raises")


class _Guard:
    """Ends a connection at the deadline, whatever it waits for: handshake, a dripping header, the body."""

    def __init__(self) -> None:
        self.socket: socket.socket | None = None
        self.fired = False

    def watch(self, sock: socket.socket) -> None:
        # A duplicate of the descriptor stays usable when TLS takes the socket over.
        self.socket = sock.dup()

    def fire(self) -> None:
        self.fired = True
        if self.socket is not None:
            with contextlib.suppress(OSError):
                self.socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        if self.socket is not None:
            self.socket.close()


def _connection_classes(guard: _Guard) -> tuple[type[HTTPConnection], type[HTTPSConnection]]:
    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            sock = super()._new_conn()
            guard.watch(sock)
            return sock

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            sock = super()._new_conn()
            guard.watch(sock)
            return sock

    return Plain, Secure


def _ask_one(
    target: _Target,
    address: Address,
    method: str,
    body: bytes | None,
    headers: dict[str, str],
    limits: Limits,
    tls: ssl.SSLContext,
    deadline: _Deadline,
) -> _Answer:
    left = deadline.check(target.url)
    guard = _Guard()
    plain, secure = _connection_classes(guard)
    timeout = urllib3.Timeout(connect=min(limits.connect, left), read=min(limits.read, left))
    pool: Any
    if target.scheme == "https":
        pool = urllib3.HTTPSConnectionPool(
            str(address),
            target.port,
            timeout=timeout,
            maxsize=1,
            retries=False,
            ssl_context=tls,
            server_hostname=target.host,
            assert_hostname=target.host,
        )
        pool.ConnectionCls = secure
    else:
        pool = urllib3.HTTPConnectionPool(
            str(address), target.port, timeout=timeout, maxsize=1, retries=False
        )
        pool.ConnectionCls = plain
    timer = threading.Timer(left, guard.fire)
    timer.daemon = True
    timer.start()
    response = None
    try:
        response = pool.urlopen(
            method,
            target.path,
            body=body,
            headers=headers,
            redirect=False,
            assert_same_host=False,
            preload_content=False,
            decode_content=False,
        )
        names = {name.lower(): str(value) for name, value in response.headers.items()}
        declared = names.get("content-length", "")
        skip = method == "HEAD" or (response.status in _REDIRECTS and "location" in names)
        if not skip and declared.isdecimal() and int(declared) > limits.wire:
            raise too_large(limits.wire, target.url)
        data = b"" if skip else _read(response, names, limits, target.url, deadline)
        if guard.fired:
            raise timed_out(target.url)
        media, charset = _content_type(names.get("content-type", ""))
        return _Answer(response.status, names, media, charset, data)
    except NewConnectionError:
        if guard.fired or deadline.left() <= 0:
            raise timed_out(target.url) from None
        raise
    except SSLError as error:
        if guard.fired:
            raise timed_out(target.url) from None
        raise Unreachable(
            _(
                "The certificate of %(host)s does not hold, so its text cannot be trusted to come from "
                "there. Open the page in a browser and paste the text if you trust it."
            )
            % {"host": target.host},
            url=target.url,
        ) from error
    except TimeoutError as error:
        raise timed_out(target.url) from error
    except (HTTPError, OSError, ValueError) as error:
        if guard.fired or deadline.left() <= 0:
            raise timed_out(target.url) from None
        raise Unreachable(
            _(
                "The connection to %(host)s broke off before the page was complete. Try again, or paste "
                "the text."
            )
            % {"host": target.host},
            url=target.url,
        ) from error
    finally:
        timer.cancel()
        if response is not None:
            response.close()
        pool.close()
        guard.close()


def _read(response: Any, headers: Mapping[str, str], limits: Limits, url: str, deadline: _Deadline) -> bytes:
    unpack = unpacker(headers.get("content-encoding", ""), url)
    wire = 0
    out = bytearray()
    for chunk in response.stream(_CHUNK, decode_content=False):
        deadline.check(url)
        wire += len(chunk)
        if wire > limits.wire:
            raise too_large(limits.wire, url)
        for piece in unpack(chunk):
            if len(out) + len(piece) > limits.body:
                raise too_large(limits.body, url)
            out += piece
    if not unpack.complete:
        raise Unreachable(
            _("The page broke off before it was complete; nothing was stored. Try again, or paste the text."),
            url=url,
        )
    return bytes(out)


def _readable(location: str) -> str:
    """Undo the reading as Latin-1 that HTTP prescribes: servers send UTF-8 there, and browsers take it so."""
    try:
        return location.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return location


def _content_type(value: str) -> tuple[str, str]:
    message = Message()
    message["content-type"] = value.replace("\n", " ").replace("\r", " ")
    media = message.get_content_type() if value else ""
    charset = message.get_param("charset", "")
    return media, charset.strip().strip("'\"").lower() if isinstance(charset, str) else ""
