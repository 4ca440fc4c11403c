"""The client behind trusted proxies: nobody else's word is taken, and no header breaks anything."""

from __future__ import annotations

from ipaddress import ip_network

import pytest

from claims.net.forwarded import client_address, network_of

PROXIES = [ip_network("10.0.0.0/8"), ip_network("::1"), ip_network("2001:db8:aa::/48")]

CASES = [
    # peer, header, who it is
    ("203.0.113.9", "", "203.0.113.9"),
    # A stranger's header is not read at all.
    ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
    ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
    ("10.0.0.1", "", "10.0.0.1"),
    # What stands left of the first strange address was written by the stranger.
    ("10.0.0.1", "127.0.0.1, 198.51.100.1", "198.51.100.1"),
    ("10.0.0.1", "1.1.1.1, 198.51.100.1, 10.0.0.7", "198.51.100.1"),
    ("10.0.0.1", "10.0.0.9, 10.0.0.7", "10.0.0.9"),
    ("::1", "2001:db8:1::5", "2001:db8:1::5"),
    ("2001:db8:aa::2", "198.51.100.1", "198.51.100.1"),
    ("::ffff:10.0.0.1", "198.51.100.1", "198.51.100.1"),
    # As proxies write addresses.
    ("10.0.0.1", "198.51.100.1:4711", "198.51.100.1"),
    ("10.0.0.1", "[2001:db8:1::5]:4711", "2001:db8:1::5"),
    ("10.0.0.1", ' "198.51.100.1" ', "198.51.100.1"),
    # What cannot be read ends the reading.
    ("10.0.0.1", "198.51.100.1, nonsense", "10.0.0.1"),
    ("10.0.0.1", "198.51.100.1, unknown, 10.0.0.7", "10.0.0.7"),
    ("10.0.0.1", ",,,", "10.0.0.1"),
    ("10.0.0.1", "999.1.1.1", "10.0.0.1"),
    ("10.0.0.1", "fe80::1%eth0", "10.0.0.1"),
    ("10.0.0.1", "0x7f.1", "10.0.0.1"),
    ("10.0.0.1", "١٢٧.0.0.1", "10.0.0.1"),
    ("10.0.0.1", "10.0.0.7," * 5000 + "198.51.100.1", "198.51.100.1"),
    ("", "198.51.100.1", ""),
    ("unix:", "198.51.100.1", ""),
]


@pytest.mark.parametrize(("peer", "header", "client"), CASES)
def test_the_client_is_the_first_stranger_from_the_right(peer: str, header: str, client: str) -> None:
    assert client_address(peer, header, PROXIES) == client


def test_without_trusted_proxies_no_header_is_believed() -> None:
    assert client_address("127.0.0.1", "198.51.100.1", []) == "127.0.0.1"


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("198.51.100.1", "198.51.100.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("::ffff:198.51.100.1", "198.51.100.1"),
        ("", ""),
    ],
)
def test_the_network_is_what_one_subscriber_holds(address: str, network: str) -> None:
    assert network_of(address) == network
