"""Addresses of machines that may be asked, and addresses of pages as they are remembered."""

from __future__ import annotations

import ipaddress

import pytest

from claims.net.addresses import Allow, canonical_url, refusal


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.216.34", "2606:4700::1111", "64:ff9b::101:101"])
def test_public_addresses_may_be_asked(address: str) -> None:
    assert refusal(ipaddress.ip_address(address)) == ""


def test_an_operator_can_allow_a_network_and_no_other() -> None:
    allow = Allow.of(("10.1.0.0/16",))
    assert refusal(ipaddress.ip_address("10.1.2.3"), allow) == ""
    assert refusal(ipaddress.ip_address("::ffff:10.1.2.3"), allow) == ""
    assert "private" in refusal(ipaddress.ip_address("10.2.0.1"), allow)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTPS://Www.Weir.Example:443/Path?b=2&a=1#top", "https://www.weir.example/Path?b=2&a=1"),
        ("http://weir.example", "http://weir.example/"),
        ("http://weir.example:80/a", "http://weir.example/a"),
        ("http://weir.example:8080/a", "http://weir.example:8080/a"),
        ("https://weir.example/a?utm_source=x&id=3&fbclid=1&UTM_Campaign=z", "https://weir.example/a?id=3"),
        ("https://weir.example/a?utm_source=x", "https://weir.example/a"),
        ("https://weir.example/a?gclid=1&q=utm_source", "https://weir.example/a?q=utm_source"),
        ("https://weir.example/a?x=&y", "https://weir.example/a?x=&y"),
        ("https://weir.example./a", "https://weir.example/a"),
        ("https://weir.example/a b", "https://weir.example/a%20b"),
        ("https://weir.example/%C3%BC", "https://weir.example/%C3%BC"),
        ("https://bücher.example/ü", "https://xn--bcher-kva.example/%C3%BC"),
        ("http://u:p@weir.example/a", "http://weir.example/a"),
        ("http://[2606:4700::1111]:8080/", "http://[2606:4700::1111]:8080/"),
        ("  https://weir.example/a\n", "https://weir.example/a"),
    ],
)
def test_a_page_has_one_address(url: str, expected: str) -> None:
    assert canonical_url(url) == expected
    assert canonical_url(expected) == expected


@pytest.mark.parametrize(
    "url", ["", "weir.example", "ftp://weir.example/", "mailto:a@b.example", "http://a:99999/", "http://"]
)
def test_what_is_no_web_address_has_none(url: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        canonical_url(url)
