"""What an operator allows is a host and a port, and nothing beside it; clouds' own addresses are nobody's to allow."""

from __future__ import annotations

import gzip
import ipaddress
import zlib
from collections.abc import Iterator

import pytest

from claims.net.addresses import METADATA_NAMES, Allow, refusal
from claims.net.fetch import AddressRefused, FetchError, Unreachable, fetch
from tests.net.server import Site, answer, redirect, serve


@pytest.fixture
def site() -> Iterator[Site]:
    with serve() as running:
        yield running


def get(url: str, allow: Allow, **options: object) -> bytes:
    return fetch(url, user_agent="t", allow=allow, **options).body  # type: ignore[arg-type]


def test_the_pair_itself_is_asked_however_it_is_written(site: Site) -> None:
    site.routes["/"] = answer(b"inside")
    named = Allow.only(f"Intranet.Example.:{site.port}")
    for host in ("intranet.example", "INTRANET.example", "intranet.example."):
        assert get(f"http://{host}:{site.port}/", named, resolve=lambda *_: ["127.0.0.1"]) == b"inside"
    assert get(f"http://127.0.0.1:{site.port}/", Allow.only(f"127.0.0.1:{site.port}")) == b"inside"


@pytest.mark.parametrize(
    "host", ["other.example", "sub.intranet.example", "intranet.example.evil.example", "127.0.0.1"]
)
def test_no_other_host_at_the_same_address_is_asked(site: Site, host: str) -> None:
    with pytest.raises(AddressRefused):
        get(
            f"http://{host}:{site.port}/",
            Allow.only(f"intranet.example:{site.port}"),
            resolve=lambda *_: ["127.0.0.1"],
        )
    assert site.asked == []


def test_no_other_port_of_the_host_is_asked(site: Site) -> None:
    with pytest.raises(AddressRefused):
        get(f"http://127.0.0.1:{site.port}/", Allow.only("127.0.0.1:80", f"127.0.0.2:{site.port}"))
    assert site.asked == []


def test_a_port_that_one_host_was_allowed_is_not_open_elsewhere() -> None:
    allow = Allow.only("10.0.0.5:8080")
    assert refusal(ipaddress.ip_address("1.1.1.1"), allow, host="one.example", port=8080)
    assert refusal(ipaddress.ip_address("10.0.0.5"), allow, host="10.0.0.5", port=80)
    assert not refusal(ipaddress.ip_address("10.0.0.5"), allow, host="10.0.0.5", port=8080)
    with pytest.raises(AddressRefused, match="8080"):
        get("http://one.example:8080/", allow, resolve=lambda *_: ["1.1.1.1"])


def test_an_allowed_host_does_not_lead_elsewhere_inside(site: Site) -> None:
    with serve() as other:
        other.routes["/"] = answer(b"secret")
        site.routes["/"] = redirect(f"http://127.0.0.1:{other.port}/")
        with pytest.raises(AddressRefused):
            get(f"http://127.0.0.1:{site.port}/", Allow.only(f"127.0.0.1:{site.port}"))
        assert other.asked == []


@pytest.mark.parametrize(
    "text", ["intranet.example", "host:", ":80", "host:0", "host:70000", "fd12::5:80", "h:x"]
)
def test_what_is_no_pair_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match="host:port"):
        Allow.only(text)


def test_pairs_of_the_second_family_are_written_in_brackets() -> None:
    allow = Allow.only("[FD12:0::5]:8443")
    assert not refusal(ipaddress.ip_address("fd12::5"), allow, host="fd12::5", port=8443)
    assert refusal(ipaddress.ip_address("fd12::6"), allow, host="fd12::6", port=8443)


CLOUDS = {
    "AWS, Azure, Google, DigitalOcean, Hetzner, OpenStack": "169.254.169.254",
    "AWS of the second family": "fd00:ec2::254",
    "AWS containers": "169.254.170.2",
    "AWS pods": "fd00:ec2::23",
    "Azure": "168.63.129.16",
    "Alibaba": "100.100.100.200",
    "Oracle": "192.0.0.192",
    "Tencent": "169.254.0.23",
    "Scaleway": "169.254.42.42",
    "Scaleway of the second family": "fd00:42::42",
    "OpenStack of the second family": "fe80::a9fe:a9fe",
    "Google of the second family": "fd20:ce::254",
}


def written(address: str) -> list[str]:
    """Return the address and every way of carrying it inside another one."""
    if ":" in address:
        return [address]
    bits = int(ipaddress.IPv4Address(address))
    high, low = f"{bits >> 16:x}", f"{bits & 0xFFFF:x}"
    return [
        address,
        f"::ffff:{high}:{low}",
        f"::{high}:{low}",
        f"64:ff9b::{high}:{low}",
        f"64:ff9b:1::{high}:{low}",
        f"2002:{high}:{low}::1",
        str(ipaddress.IPv6Address((0x20010000 << 96) | ((bits ^ 0xFFFFFFFF) & 0xFFFFFFFF))),
    ]


@pytest.mark.parametrize("cloud", list(CLOUDS))
def test_no_cloud_answers_about_itself_even_where_it_was_allowed(cloud: str) -> None:
    for text in written(CLOUDS[cloud]):
        address = ipaddress.ip_address(text)
        host = f"[{text}]" if ":" in text else text
        everything = Allow.of(("0.0.0.0/0", "::/0"), (80, 8080))
        for allow in (Allow(), everything, Allow.only(f"{host}:80", "metadata.example:80")):
            assert refusal(address, allow, host=text, port=80), text
            assert refusal(address, allow, host="metadata.example", port=80), text


def test_the_names_of_clouds_are_refused_whatever_they_resolve_to() -> None:
    for name in sorted(METADATA_NAMES):
        with pytest.raises(AddressRefused):
            get(f"http://{name}./", Allow.only(f"{name}:80"), resolve=lambda *_: ["1.1.1.1"])


def raw(head: str, body: bytes) -> object:
    def route(handler: object) -> None:
        handler.wfile.write(f"HTTP/1.1 200 OK\r\n{head}Connection: close\r\n\r\n".encode() + body)  # type: ignore[attr-defined]
        handler.close_connection = True  # type: ignore[attr-defined]

    return route


def cut_bodies() -> dict[str, object]:
    page = b"<p>The fees rose by 40 percent.</p>" * 200
    packed, squeezed = gzip.compress(page), zlib.compress(page)
    wrapped = f"{len(page):x}\r\n".encode() + page + b"\r\n"
    return {
        "shorter than its length": raw(f"Content-Length: {len(page) + 9}\r\n", page),
        "a chunk cut": raw("Transfer-Encoding: chunked\r\n", wrapped[:-400]),
        "no last chunk": raw("Transfer-Encoding: chunked\r\n", wrapped),
        "gzip cut": raw(f"Content-Encoding: gzip\r\nContent-Length: {len(packed) - 20}\r\n", packed[:-20]),
        "gzip without its sum": raw("Content-Encoding: gzip\r\n", packed[:-8]),
        "second member cut": raw("Content-Encoding: gzip\r\n", packed + packed[:-20]),
        "deflate cut": raw("Content-Encoding: deflate\r\n", squeezed[:-6]),
        "raw deflate cut": raw("Content-Encoding: deflate\r\n", squeezed[2:-30]),
    }


@pytest.mark.parametrize("how", list(cut_bodies()))
def test_a_body_that_ends_early_is_an_error_with_a_sentence(site: Site, how: str) -> None:
    site.routes["/"] = cut_bodies()[how]  # type: ignore[assignment]
    with pytest.raises(FetchError, match=r"complete|damaged") as caught:
        get(f"http://127.0.0.1:{site.port}/", Allow.only(f"127.0.0.1:{site.port}"))
    assert isinstance(caught.value, Unreachable) or "damaged" in str(caught.value)


def test_whole_bodies_of_every_packing_come_through(site: Site) -> None:
    page = b"<p>The fees rose.</p>" * 5000
    squeezed = zlib.compress(page)
    for head, body in (
        ("gzip", gzip.compress(page)),
        ("gzip", gzip.compress(page[:100]) + gzip.compress(page[100:]) + b"\0" * 40),
        ("deflate", squeezed),
        ("deflate", squeezed[2:-4]),
        ("identity", page),
    ):
        site.routes["/"] = answer(body, Content_Encoding=head)
        assert get(f"http://127.0.0.1:{site.port}/", Allow.only(f"127.0.0.1:{site.port}")) == page
    site.routes["/"] = answer(b"", Content_Encoding="gzip")
    assert get(f"http://127.0.0.1:{site.port}/", Allow.only(f"127.0.0.1:{site.port}")) == b""
