"""No test speaks to the outside: every connection but to this machine is an error that names the address."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock


class OutsideWorld(RuntimeError):
    """A test tried to reach another machine."""


def is_loopback(host: object) -> bool:
    """Tell whether a host as sockets take it is this machine; names other than localhost are not resolved."""
    if host in (None, "", "localhost", b"localhost"):
        return True
    text = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
    try:
        return ipaddress.ip_address(text.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _checked(real: Callable[..., Any]) -> Callable[..., Any]:
    def call(self: socket.socket, *arguments: Any) -> Any:
        # The address is the last argument of connect, connect_ex and sendto.
        address = arguments[-1]
        outside = isinstance(address, tuple) and not is_loopback(address[0])
        if outside and self.family in (socket.AF_INET, socket.AF_INET6):
            raise OutsideWorld(f"A test tried to reach {address[0]}:{address[1]}.")
        return real(self, *arguments)

    return call


def _resolved(real: Callable[..., Any]) -> Callable[..., Any]:
    def call(host: Any, *arguments: Any, **options: Any) -> Any:
        if not is_loopback(host):
            try:
                # A written-out address asks no name server; a connection to it is refused above. That holds
                # for the older spellings 2130706433 and 0x7f.1 as well.
                if ":" in str(host):
                    ipaddress.ip_address(str(host))
                else:
                    socket.inet_aton(str(host))
            except (ValueError, OSError):
                raise OutsideWorld(f"A test tried to resolve the name {host}.") from None
        return real(host, *arguments, **options)

    return call


@contextmanager
def loopback_only() -> Iterator[None]:
    """Let sockets reach this machine and nothing else."""
    with (
        mock.patch.object(socket.socket, "connect", _checked(socket.socket.connect)),
        mock.patch.object(socket.socket, "connect_ex", _checked(socket.socket.connect_ex)),
        mock.patch.object(socket.socket, "sendto", _checked(socket.socket.sendto)),
        mock.patch.object(socket, "getaddrinfo", _resolved(socket.getaddrinfo)),
    ):
        yield
