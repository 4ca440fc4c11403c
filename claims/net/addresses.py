"""Which network addresses may be asked, and what an address of a page is when tracking is taken off.

Refuses everything that is not the public internet: loopback, private, link-local, carrier-grade NAT,
multicast, documentation, benchmarking, reserved and unspecified ranges, of both families, and v4 addresses
wrapped in v6 (mapped, compatible, 6to4, Teredo, NAT64). Does no I/O.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, unquote, urlsplit, urlunsplit

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

WEB_PORTS = frozenset({80, 443})

# is_global of the standard library follows the IANA registries, but differs between patch releases (3.11.2
# and 3.11.10 disagree); the ranges that matter are therefore written down and checked besides it.
_REFUSED: tuple[Network, ...] = tuple(
    ipaddress.ip_network(text)
    for text in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "::/96",
        "64:ff9b:1::/48",
        "100::/64",
        "2001::/23",
        "2001:db8::/32",
        "3fff::/20",
        "5f00::/16",
        "fc00::/7",
        "fe80::/10",
        "fec0::/10",
        "ff00::/8",
    )
)
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
#: Where clouds answer their own machines, with keys among other things. Nobody can allow these: AWS, Azure,
#: Google, DigitalOcean, Hetzner, OpenStack, Oracle, IBM and Tencent use the link-local range; the others follow.
_METADATA: tuple[Network, ...] = tuple(
    ipaddress.ip_network(text)
    for text in (
        "169.254.0.0/16",
        "fe80::/10",
        "100.100.100.200/32",  # Alibaba
        "168.63.129.16/32",  # Azure, an address like any public one
        "192.0.0.192/32",  # Oracle
        "fd00:ec2::/32",  # AWS: ::254, ::23 for pods, ::253 for names
        "fd20:ce::/32",  # Google
        "fd00:42::/32",  # Scaleway
        "fd00:a9fe:a9fe::/48",  # OpenStack and others
    )
)
METADATA_NAMES = frozenset(
    {
        "metadata", "metadata.google.internal", "metadata.goog", "instance-data", "instance-data.ec2.internal",
        "metadata.tencentyun.com", "metadata.azure.internal", "metadata.platformequinix.com",
        "metadata.packet.net", "metadata.oraclecloud.com", "metadata.hetzner.cloud", "api.metadata.cloud.ibm.com",
        "rancher-metadata",
    }
)  # fmt: skip
_UNICAST6 = ipaddress.IPv6Network("2000::/3")


@dataclass(frozen=True, slots=True)
class Allow:
    """What may be asked besides the public web, and nothing more.

    ``pairs`` are hosts exactly as they are asked for, each with one port: no other port of the host, no name
    below it, no other name of its address. ``networks`` with ``ports`` are whole ranges, for tests.
    """

    networks: tuple[Network, ...] = ()
    ports: frozenset[int] = frozenset()
    pairs: frozenset[tuple[str, int]] = frozenset()

    @classmethod
    def of(cls, networks: tuple[str, ...] = (), ports: tuple[int, ...] = ()) -> Allow:
        """Read networks as text (``127.0.0.1``, ``10.1.0.0/16``); raises ValueError for anything else."""
        return cls(tuple(ipaddress.ip_network(text) for text in networks), frozenset(ports))

    @classmethod
    def only(cls, *pairs: str) -> Allow:
        """Read ``host:port`` pairs; raises ValueError with a sentence for anything else."""
        return cls(pairs=frozenset(_pair(text) for text in pairs))


def _pair(text: str) -> tuple[str, int]:
    host, colon, port = text.strip().rpartition(":")
    bracketed = host.startswith("[") and host.endswith("]")
    if (
        not colon
        or not host
        or not port.isdecimal()
        or not 0 < int(port) < 65_536
        or (":" in host) != bracketed
    ):
        raise ValueError(f"“{text}” is no host:port pair, such as intranet.example:8080 or [fd12::5]:443")
    try:
        return ascii_host(host.strip("[]")), int(port)
    except ValueError as error:
        raise ValueError(f"“{text}” is no host:port pair: {error}") from error


def refusal(address: Address, allow: Allow = Allow(), *, host: str = "", port: int = 443) -> str:
    """Return why an address may not be asked at this port, in words; empty when it may.

    ``host`` is the name it was found under, as ``ascii_host`` writes it.
    """
    if host in METADATA_NAMES or any(_is_metadata(one) for one in (address, *_carried(address))):
        return "answers machines of a cloud about themselves"
    if (host, port) in allow.pairs:
        return ""
    if (port in WEB_PORTS or port in allow.ports) and any(
        address.version == net.version and address in net for net in allow.networks
    ):
        return ""
    if port not in WEB_PORTS:
        return f"is not asked at port {port}"
    inner = _inner(address)
    if inner is not None:
        why = refusal(inner, allow)
        return f"{why} (as {address})" if why else ""
    if any(address.version == net.version and address in net for net in _REFUSED):
        return _name(address)
    if isinstance(address, ipaddress.IPv6Address) and address not in _UNICAST6:
        return "is not a public address"
    if not address.is_global or address.is_multicast or address.is_reserved:
        return _name(address)
    return ""


def _is_metadata(address: Address) -> bool:
    return any(address.version == net.version and address in net for net in _METADATA)


def _carried(address: Address) -> list[Address]:
    """Return every v4 address that a v6 address may be a way of writing."""
    if not isinstance(address, ipaddress.IPv6Address):
        return []
    found: list[Address] = []
    inner = _inner(address)
    if inner is not None:
        found.append(inner)
    if address.teredo is not None:
        found += address.teredo
    if int(address) >> 32 == 0 or address in ipaddress.IPv6Network("64:ff9b:1::/48"):
        found.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return found


def _inner(address: Address) -> ipaddress.IPv4Address | None:
    """Return the v4 address that a v6 address carries to its destination, if it does."""
    if not isinstance(address, ipaddress.IPv6Address):
        return None
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.sixtofour


def _name(address: Address) -> str:
    if address.is_loopback:
        return "is this machine itself"
    if address.is_link_local:
        return "is a link-local address"
    if address.is_multicast:
        return "is a multicast address"
    if address.is_private or not address.is_global:
        return "belongs to a private or reserved network"
    return "is not a public address"


_TRACKING = re.compile(
    r"(?:utm_.*|pk_.*|mtm_.*|piwik_.*|hsa_.*|_hs.*|vero_.*|oly_.*|mc_[ce]id|fbclid|gclid|gclsrc|dclid|gbraid|"
    r"wbraid|msclkid|twclid|ttclid|yclid|igshid|igsh|li_fat_id|mkt_tok|ml_subscriber(?:_hash)?|rb_clickid|s_cid|"
    r"cmpid|ncid|sr_share|__twitter_impression|_ga|_gl|wt_mc|ref_src|ref_url|xtor|at_medium|at_campaign|"
    r"at_custom\d|guccounter|guce_referrer(?:_sig)?|smid|spm)\Z",
    re.IGNORECASE,
)


def canonical_url(url: str) -> str:
    """Return the address under which a page is remembered.

    Lower-case scheme and host (IDNA form), no default port, fragment, user name or tracking parameter; an
    empty path is ``/``. Path, order and spelling of the other parameters stay: changing them may name another
    page. Raises ValueError where the text is no http or https address.
    """
    parts = urlsplit(url.strip())
    scheme = parts.scheme.lower()
    if scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("not an http or https address")
    host = ascii_host(parts.hostname)
    port = parts.port  # raises ValueError beyond 65535
    netloc = f"[{host}]" if ":" in host else host
    if port is not None and port != {"http": 80, "https": 443}[scheme]:
        netloc += f":{port}"
    kept = [piece for piece in parts.query.split("&") if piece and not _is_tracking(piece)]
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = quote("&".join(kept), safe="/%:@!$&'()*+,;=~-._?[]")
    return urlunsplit((scheme, netloc, path, query, ""))


def page_identity(url: str) -> str:
    """Return what two spellings of one page's address share: no scheme, ``www.``, final slash or tracking parameter.

    Nor the form for telephones (AMP), ``index.html``, or escapes that are not needed.
    Compare with it, never fetch it. What is no http or https address comes back folded.
    """
    try:
        page = canonical_url(url).partition("://")[2]
    except ValueError:
        return url.strip().casefold()
    if "amp" in page:
        page = _without_amp(page)
    if "%" in page:
        page = _ESCAPED.sub(_unescaped, page)
    host, slash, rest = page.removeprefix("www.").partition("/")
    path, mark, query = rest.partition("?")
    path = re.sub(r"(?:\A|/)index\.html?\Z", "", re.sub(r"/{2,}", "/", path)).strip("/")
    return f"{host}{slash if path else ''}{path}{mark}{query}"


#: A run of escaped letters of other scripts, or one escaped sign that never needs it; reserved signs stay escaped.
_ESCAPED = re.compile(
    r"(?:%[89A-F][0-9A-F])+|%(?:2[DE]|3\d|4[1-9A-F]|5[0-9AF]|6[1-9A-F]|7[0-9AE])", re.IGNORECASE
)
_AMP_CACHE = re.compile(
    r"[\w-]+\.cdn\.ampproject\.org/(?:[a-z]/)?(?:s/)?|(?:www\.)?(?:google\.[a-z.]+|bing\.com)/amp/(?:s/)?"
)
_AMP_QUERY = re.compile(r"(?:amp|amp_\w+|usqp|outputtype=amp|amp=\w*)(?:=.*)?", re.IGNORECASE)


def _unescaped(match: re.Match[str]) -> str:
    try:
        return unquote(match[0], errors="strict")
    except UnicodeDecodeError:
        return match[0]


def _without_amp(page: str) -> str:
    """Return the address of the page whose form for telephones this is, kept or copied by a search site."""
    if copied := _AMP_CACHE.match(page):
        inner = page[copied.end() :]
        if re.match(r"[\w.-]+\.[a-z]{2,}(?:[/?:]|\Z)", inner):
            page = inner.removeprefix("www.")
    host, slash, rest = page.partition("/")
    path, mark, query = rest.partition("?")
    host = host.removeprefix("www.")
    if host.startswith("amp.") and host.count(".") > 1:
        host = host.removeprefix("amp.")
    # Only below another name: the page “amp” of a site is a page.
    path = re.sub(r"(?<=[^/])/amp/?\Z|\Aamp/(?=[^/])|\.amp(?=(?:\.html?)?/?\Z)", "", path)
    query = "&".join(one for one in query.split("&") if one and not _AMP_QUERY.fullmatch(one))
    return f"{host}{slash}{path}{mark if query else ''}{query}"


def _is_tracking(piece: str) -> bool:
    name = piece.partition("=")[0]
    pairs = parse_qsl(name + "=x", keep_blank_values=True)
    return bool(pairs) and _TRACKING.match(pairs[0][0]) is not None


def ascii_host(host: str) -> str:
    """Return a host name as it goes over the wire: lower case, IDNA, no final dot; raises ValueError."""
    host = host.strip().rstrip(".").lower()
    if not host or len(host) > 253:
        raise ValueError("not a host name")
    try:
        return str(ipaddress.ip_address(host.partition("%")[0]))
    except ValueError:
        pass
    if host.isascii():
        name = host
    else:
        import idna

        try:
            name = idna.encode(host, uts46=True).decode("ascii")
        except idna.IDNAError as error:
            raise ValueError("not a host name") from error
    if not re.fullmatch(r"[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?", name):
        raise ValueError("not a host name")
    return name
