"""Where does a request really come from? The address behind proxies that are trusted, and its network.

A header is believed only as far as trusted proxies wrote it: from the right, hop by hop, up to the first address
that is none of them. Whatever stands further left was written by strangers.
"""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

#: Most hops that are read of a header; more than any chain of proxies, less than a flood.
MOST_HOPS = 20


def client_address(remote: str, forwarded: str, trusted: Sequence[Network]) -> str:
    """Return the address of the client, or an empty string where even the nearest one cannot be read.

    ``remote`` is the peer of the connection, ``forwarded`` the header ``X-Forwarded-For``. A hop that cannot be
    read ends the reading: the trusted proxy before it is then the best that is known.
    """
    nearest = _read(remote)
    if nearest is None:
        return ""
    if not _is_trusted(nearest, trusted):
        return str(nearest)
    for hop in reversed(forwarded.split(",")[-MOST_HOPS:]):
        address = _read(hop)
        if address is None:
            break
        nearest = address
        if not _is_trusted(address, trusted):
            break
    return str(nearest)


def network_of(address: str) -> str:
    """Return the network that one subscriber holds: an IPv4 address itself, the /64 of an IPv6 address."""
    read = _read(address)
    if read is None:
        return ""
    if isinstance(read, IPv6Address):
        return str(ip_network((read, 64), strict=False).network_address)
    return str(read)


def _is_trusted(address: Address, trusted: Sequence[Network]) -> bool:
    return any(address.version == network.version and address in network for network in trusted)


def _read(text: str) -> Address | None:
    """Return an address as proxies write it: bare, with a port, or in brackets; None for anything else."""
    text = text.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        read = ip_address(text)
    except ValueError:
        return None
    if isinstance(read, IPv6Address):
        if read.scope_id is not None:
            return None
        return read.ipv4_mapped or read
    return read


__all__ = ["Network", "client_address", "network_of"]
