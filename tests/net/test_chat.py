"""The chat client against a server on this machine: what it sends, when it tries again, when it gives up."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler

import pytest

from claims.net import chat
from claims.net.fetch import Limits
from tests.net.server import Site, answer, redirect, serve

PATH = "/v1/chat/completions"
SMALL = Limits(wire=20_000, body=20_000, redirects=0)
IMPATIENT = Limits(total=0.3, connect=0.3, read=0.3, redirects=0)


@pytest.fixture
def site() -> Iterator[Site]:
    with serve() as running:
        yield running


def said(content: object, **more: object) -> bytes:
    return json.dumps({"choices": [{"message": {"content": content}}], **more}).encode()


def ask(site: Site, key: str = "", limits: Limits = SMALL) -> chat.ChatAnswer:
    return chat.ask(
        chat.Endpoint(site.url("/v1/"), "small", key),
        [{"role": "user", "content": "…"}],
        user_agent="tests",
        limits=limits,
    )


def test_the_answer_and_the_model_that_gave_it_are_returned(site: Site) -> None:
    site.routes[PATH] = answer(said("words", model="small-2"))
    assert ask(site) == chat.ChatAnswer("words", "small-2")


def test_the_question_carries_model_messages_and_key(site: Site) -> None:
    asked: list[dict[str, object]] = []

    def route(handler: BaseHTTPRequestHandler) -> None:
        asked.append(json.loads(handler.rfile.read(int(handler.headers["Content-Length"]))))
        answer(said("words"))(handler)

    site.routes[PATH] = route
    assert ask(site, key="secret").model == "small"
    assert asked[0]["model"] == "small"
    assert asked[0]["messages"] == [{"role": "user", "content": "…"}]
    assert site.asked[0][1]["Authorization"] == "Bearer secret"


def test_one_failure_is_tried_again_and_a_second_is_told(site: Site) -> None:
    busy = [answer(b"", 503), answer(said("words"))]
    site.routes[PATH] = lambda handler: busy.pop(0)(handler)
    assert ask(site).content == "words"
    site.routes[PATH] = answer(b"", 503)
    with pytest.raises(chat.ChatUnavailable, match="status 503"):
        ask(site)
    assert len(site.asked) == 4


def test_a_refused_key_is_not_tried_twice_and_never_repeated(site: Site) -> None:
    site.routes[PATH] = answer(b"who are you?", 401)
    with pytest.raises(chat.ChatUnavailable) as told:
        ask(site, key="secret")
    assert "secret" not in str(told.value)
    assert len(site.asked) == 1


def test_an_endpoint_that_never_answers_is_left(site: Site) -> None:
    site.routes[PATH] = lambda handler: time.sleep(1.0)
    with pytest.raises(chat.ChatUnavailable, match="too long"):
        ask(site, limits=IMPATIENT)


def test_an_endpoint_that_is_gone_is_told(site: Site) -> None:
    gone = chat.Endpoint("http://127.0.0.1:9/v1", "small")
    with pytest.raises(chat.ChatUnavailable, match="cannot be reached"):
        chat.ask(gone, [], user_agent="tests", limits=SMALL)


def test_a_huge_answer_is_cut_off(site: Site) -> None:
    site.routes[PATH] = answer(said("x" * 50_000))
    with pytest.raises(chat.ChatUnavailable, match="too large"):
        ask(site)


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b"{}", b'{"choices": []}', said(None), said(["words"])]
)
def test_an_answer_of_another_shape_is_told(site: Site, body: bytes) -> None:
    site.routes[PATH] = answer(body)
    with pytest.raises(chat.ChatUnavailable, match="not what such an endpoint sends"):
        ask(site)


def test_a_redirect_is_not_followed_with_the_key(site: Site) -> None:
    site.routes[PATH] = redirect("/elsewhere")
    with pytest.raises(chat.ChatUnavailable, match="status 302"):
        ask(site, key="secret")
    assert [path for path, _headers in site.asked] == [PATH]


def test_a_full_address_is_taken_as_it_is() -> None:
    assert chat.Endpoint("https://models.example/v1").address == "https://models.example/v1/chat/completions"
    full = "https://models.example/x/chat/completions"
    assert chat.Endpoint(full).address == full
