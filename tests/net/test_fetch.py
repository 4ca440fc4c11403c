"""The guarded client: what it brings back, and everything it refuses."""

from __future__ import annotations

import gzip
import socket
import ssl
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from claims.net.addresses import Allow
from claims.net.fetch import (
    AddressRefused,
    BadAddress,
    BadAnswer,
    BadStatus,
    Fetched,
    FetchError,
    Limits,
    TimedOut,
    TooLarge,
    TooManyRedirects,
    Unreachable,
    fetch,
)
from tests.net.server import Site, answer, redirect, serve

HERE = Path(__file__).parent


@pytest.fixture
def site() -> Iterator[Site]:
    with serve() as running:
        yield running


def get(site: Site, path: str, host: str = "127.0.0.1", **options: object) -> Fetched:
    allow = Allow.of(("127.0.0.1",), (site.port,))
    return fetch(site.url(path, host), user_agent="desk-test/1", allow=allow, **options)  # type: ignore[arg-type]


def test_a_page_comes_back_with_its_bytes_type_and_time(site: Site) -> None:
    site.routes["/a?q=1"] = answer(b"<p>Hi</p>", Content_Type='text/html; charset="ISO-8859-1"')
    got = get(site, "/a?q=1")
    assert (got.status, got.body, got.content_type, got.charset) == (
        200,
        b"<p>Hi</p>",
        "text/html",
        "iso-8859-1",
    )
    assert got.final_url == site.url("/a?q=1")
    assert got.at.tzinfo is not None
    assert site.asked[0][1]["User-Agent"] == "desk-test/1"


def test_the_name_is_resolved_once_and_the_host_header_keeps_it(site: Site) -> None:
    site.routes["/a"] = answer(b"x")
    asked: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        # A rebinding name server would answer differently the second time.
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    got = get(site, "/a", host="weir.example", resolve=resolve)
    assert got.body == b"x"
    assert asked == ["weir.example"]
    assert site.asked[0][1]["Host"] == f"weir.example:{site.port}"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.9",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::127.0.0.1",
        "fe80::1",
        "fc00::1",
        "fec0::1",
        "ff02::1",
        "2002:7f00:1::",
        "64:ff9b::a00:1",
        "64:ff9b:1::1",
        "2001:db8::1",
        "2001::1",
        "198.18.0.1",
    ],
)
def test_a_name_that_leads_into_a_private_network_is_refused_before_any_connection(address: str) -> None:
    with pytest.raises(AddressRefused, match="Only public web addresses"):
        fetch("http://weir.example/", user_agent="t", resolve=lambda host, port: [address])


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/", "http://[::1]/", "http://2130706433/", "http://0x7f.1/", "http://localhost/"]
)
def test_loopback_is_refused_however_it_is_spelt(url: str) -> None:
    with pytest.raises((AddressRefused, Unreachable)) as caught:
        fetch(url, user_agent="t", limits=Limits(total=5))
    assert isinstance(caught.value, AddressRefused)


@pytest.mark.parametrize("port", [22, 25, 6379, 8080, 9200])
def test_other_ports_are_refused_without_resolving(port: int) -> None:
    def resolve(host: str, port: int) -> list[str]:
        raise AssertionError("asked the name server")

    with pytest.raises(AddressRefused, match=f"Port {port} is not asked"):
        fetch(f"http://weir.example:{port}/", user_agent="t", resolve=resolve)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "weir.example/a",
        "ftp://weir.example/a",
        "file:///etc/passwd",
        "gopher://weir.example/",
        "http://",
        "javascript:alert(1)",
        "http://user:secret@weir.example/",
        "http://weir.example:99999/",
        "http://weir.example/\r\nHost: other",
        "http://bad_%00host/",
        "data:text/html,x",
    ],
)
def test_what_is_no_web_address_is_refused_with_a_sentence(url: str) -> None:
    with pytest.raises(BadAddress) as caught:
        fetch(url, user_agent="t", resolve=lambda host, port: ["93.184.216.34"])
    assert caught.value.sentence.endswith(".")


def test_redirects_are_followed_and_remembered(site: Site) -> None:
    site.routes |= {
        "/old": redirect("/new?x=ü".encode().decode("latin-1"), 301),
        "/new?x=%C3%BC": answer(b"here"),
    }
    got = get(site, "/old")
    assert (got.body, got.redirects) == (b"here", (site.url("/old"),))
    assert got.final_url.endswith("/new?x=%C3%BC")


@pytest.mark.parametrize(
    "location", ["http://10.0.0.1/", "http://169.254.169.254/latest/meta-data/", "http://weir.example:6379/"]
)
def test_a_redirect_into_a_private_network_or_port_is_refused(site: Site, location: str) -> None:
    site.routes["/go"] = redirect(location)
    with pytest.raises(AddressRefused):
        get(site, "/go")


@pytest.mark.parametrize(
    "location", ["file:///etc/passwd", "ftp://weir.example/", "http://a:b@weir.example/"]
)
def test_a_redirect_to_another_scheme_is_refused(site: Site, location: str) -> None:
    site.routes["/go"] = redirect(location)
    with pytest.raises(BadAddress):
        get(site, "/go")


def test_endless_redirects_end_after_five(site: Site) -> None:
    site.routes["/loop"] = redirect("/loop")
    with pytest.raises(TooManyRedirects, match="more than 5 times"):
        get(site, "/loop")
    assert len(site.asked) == 6


def test_headers_of_the_caller_do_not_follow_to_another_host(site: Site) -> None:
    site.routes |= {"/a": redirect(site.url("/b", host="other.example")), "/b": answer(b"x")}
    get(site, "/a", headers={"X-Key": "secret", "Host": "evil"}, resolve=lambda host, port: ["127.0.0.1"])
    (_, first), (_, second) = site.asked
    assert first["X-Key"] == "secret"
    assert "evil" not in first["Host"]
    assert "X-Key" not in second


def test_a_declared_length_over_the_limit_is_refused_unread(site: Site) -> None:
    site.routes["/big"] = answer(b"", Content_Length=str(10**9))
    with pytest.raises(TooLarge, match="larger than"):
        get(site, "/big")


def test_an_undeclared_length_over_the_limit_is_cut_off(site: Site) -> None:
    def endless(handler) -> None:  # type: ignore[no-untyped-def]
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        while not site.stop.is_set():
            handler.wfile.write(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")

    site.routes["/endless"] = endless
    with pytest.raises(TooLarge):
        get(site, "/endless", limits=Limits(wire=1_000_000, body=10**12, total=5))


@pytest.mark.parametrize("packing", ["gzip", "deflate"])
def test_a_bomb_is_stopped_while_it_unpacks(site: Site, packing: str) -> None:
    raw = b"\0" * 50_000_000
    body = gzip.compress(raw) if packing == "gzip" else zlib.compress(raw)
    site.routes["/bomb"] = answer(body, Content_Encoding=packing)
    with pytest.raises(TooLarge):
        get(site, "/bomb", limits=Limits(body=1_000_000))


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(b"one ", mtime=0) + gzip.compress(b"two", mtime=0)),
        ("gzip", gzip.compress(b"one two", mtime=0) + b"\0" * 20),
        ("deflate", zlib.compress(b"one two")),
        ("deflate", zlib.compress(b"one two")[2:-4]),
        ("identity", b"one two"),
    ],
)
def test_packed_pages_are_unpacked(site: Site, encoding: str, body: bytes) -> None:
    site.routes["/p"] = answer(body, Content_Encoding=encoding)
    assert get(site, "/p").body == b"one two"


@pytest.mark.parametrize(
    ("encoding", "body"), [("br", b"xx"), ("gzip, gzip", b"xx"), ("gzip", b"not packed at all")]
)
def test_packing_not_asked_for_or_damaged_is_refused(site: Site, encoding: str, body: bytes) -> None:
    site.routes["/p"] = answer(body, Content_Encoding=encoding)
    with pytest.raises(BadAnswer):
        get(site, "/p")


def test_a_page_that_breaks_off_is_not_taken_for_complete(site: Site) -> None:
    def half(handler) -> None:  # type: ignore[no-untyped-def]
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        handler.wfile.write(b"half")
        handler.close_connection = True

    site.routes["/half"] = half
    with pytest.raises(Unreachable, match="broke off"):
        get(site, "/half")


def test_a_header_that_drips_is_ended_by_the_total_time(site: Site) -> None:
    def drip(handler) -> None:  # type: ignore[no-untyped-def]
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while not site.stop.wait(0.05):
            handler.wfile.write(b"x")
            handler.wfile.flush()

    site.routes["/drip"] = drip
    with pytest.raises(TimedOut, match="too long"):
        get(site, "/drip", limits=Limits(total=0.5, read=0.4))


def test_a_body_that_drips_is_ended_by_the_total_time(site: Site) -> None:
    def drip(handler) -> None:  # type: ignore[no-untyped-def]
        handler.send_response(200)
        handler.send_header("Content-Length", "100000")
        handler.end_headers()
        while not site.stop.wait(0.05):
            handler.wfile.write(b"x")
            handler.wfile.flush()

    site.routes["/drip"] = drip
    with pytest.raises(TimedOut):
        get(site, "/drip", limits=Limits(total=0.5, read=0.4))


def test_a_silent_server_is_given_up(site: Site) -> None:
    site.routes["/silent"] = lambda handler: site.stop.wait(5) and None
    with pytest.raises(TimedOut):
        get(site, "/silent", limits=Limits(total=5, read=0.2))


def test_a_name_server_that_hangs_is_given_up(site: Site) -> None:
    def hang(host: str, port: int) -> list[str]:
        site.stop.wait(5)
        return []

    with pytest.raises(TimedOut):
        fetch("http://weir.example/", user_agent="t", resolve=hang, limits=Limits(total=0.2))


def test_an_unknown_name_says_so() -> None:
    def unknown(host: str, port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    with pytest.raises(Unreachable, match=r"no machine named weir\.example"):
        fetch("http://weir.example/", user_agent="t", resolve=unknown)


def test_a_closed_port_says_that_the_site_does_not_answer() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(Unreachable, match="does not answer"):
        fetch(f"http://127.0.0.1:{port}/", user_agent="t", allow=Allow.of(("127.0.0.1",), (port,)))


def test_only_the_allowed_addresses_of_a_name_are_used(site: Site) -> None:
    site.routes["/a"] = answer(b"x")
    got = get(site, "/a", host="weir.example", resolve=lambda host, port: ["10.0.0.1", "127.0.0.1"])
    assert got.body == b"x"


@pytest.mark.parametrize("status", [403, 404, 410, 418, 429, 500, 503])
def test_a_refusing_server_becomes_a_sentence_when_the_page_is_needed(site: Site, status: int) -> None:
    site.routes["/a"] = answer(b"no", status)
    got = get(site, "/a")
    assert got.status == status
    with pytest.raises(BadStatus, match=str(status)) as caught:
        got.ok()
    assert caught.value.status == status


def test_what_is_not_http_is_refused() -> None:
    with socket.create_server(("127.0.0.1", 0)) as raw:
        port = raw.getsockname()[1]
        import threading

        def speak() -> None:
            conn, _ = raw.accept()
            conn.recv(1000)
            conn.sendall(b"SSH-2.0-OpenSSH\r\n")
            conn.close()

        thread = threading.Thread(target=speak)
        thread.start()
        with pytest.raises(FetchError):
            fetch(f"http://127.0.0.1:{port}/", user_agent="t", allow=Allow.of(("127.0.0.1",), (port,)))
        thread.join()


def test_a_certificate_is_checked_against_the_name_of_the_page() -> None:
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_side.load_cert_chain(HERE / "news_example_cert.pem", HERE / "news_example_key.pem")
    names: list[str | None] = []
    server_side.sni_callback = lambda sock, name, context: names.append(name)
    trusting = ssl.create_default_context(cafile=str(HERE / "news_example_cert.pem"))
    with serve(server_side) as site:
        site.routes["/a"] = answer(b"sealed")
        allow = Allow.of(("127.0.0.1",), (site.port,))

        def ask(host: str, tls: ssl.SSLContext | None) -> Fetched:
            return fetch(
                site.url("/a", host, "https"),
                user_agent="t",
                allow=allow,
                tls=tls,
                resolve=lambda h, p: ["127.0.0.1"],
            )

        assert ask("news.example", trusting).body == b"sealed"
        assert names == ["news.example"]
        with pytest.raises(Unreachable, match="certificate"):
            ask("other.example", trusting)
        with pytest.raises(Unreachable, match="certificate"):
            ask("news.example", None)
