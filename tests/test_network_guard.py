"""The guard of the tests themselves: this machine may be reached, nothing else."""

from __future__ import annotations

import socket

import pytest

from tests.network_guard import OutsideWorld


@pytest.mark.parametrize("host", ["192.0.2.7", "2001:db8::7", "8.8.8.8"])
def test_another_machine_cannot_be_reached(host: str) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as stream, pytest.raises(OutsideWorld, match="reach"):
        stream.connect((host, 80))
    with socket.socket(family, socket.SOCK_DGRAM) as datagrams, pytest.raises(OutsideWorld, match="reach"):
        datagrams.sendto(b"x", (host, 53))


def test_no_name_is_resolved() -> None:
    with pytest.raises(OutsideWorld, match=r"desk\.example"):
        socket.getaddrinfo("desk.example", 443)


def test_this_machine_can_be_reached() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()[:2]) as client,
    ):
        assert client.getpeername() == server.getsockname()
