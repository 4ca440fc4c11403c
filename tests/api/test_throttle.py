"""Strangers ask the public search so many times a minute; keys are not counted."""

from __future__ import annotations

from ipaddress import ip_network
from typing import Any

import pytest
from django.test import Client

from claims.actions.desk.api_keys import make_key
from claims.models import ApiKey
from tests.people import Cast

pytestmark = pytest.mark.django_db
URL = "/v1alpha1/claims:search?reviewPublisherSiteFilter=nowhere.example"


@pytest.fixture(autouse=True)
def _three_a_minute(settings: Any) -> None:
    settings.SEARCH_RATE = 3


def _ask(times: int = 1, address: str = "192.0.2.7", url: str = URL, **headers: str) -> list[int]:
    return [Client(REMOTE_ADDR=address).get(url, headers=headers).status_code for _number in range(times)]


def test_who_asks_too_often_is_told_when_to_ask_again() -> None:
    assert _ask(3) == [200] * 3
    answer = Client(REMOTE_ADDR="192.0.2.7").get(URL)
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 60
    assert answer.json()["error"]["status"] == "RESOURCE_EXHAUSTED"
    assert answer["Access-Control-Allow-Origin"] == "*"


def test_another_network_is_counted_for_itself_and_a_network_is_one() -> None:
    assert _ask(4)[-1] == 429
    assert _ask(1, "192.0.2.8") == [200]
    assert _ask(3, "2001:db8::1") == [200] * 3
    assert _ask(1, "2001:db8::ffff:2") == [429]
    assert _ask(1, "2001:db8:0:1::1") == [200]


def test_what_strangers_write_into_the_header_changes_nothing() -> None:
    assert _ask(3, **{"X-Forwarded-For": "198.51.100.1"}) == [200] * 3
    assert _ask(1, **{"X-Forwarded-For": "198.51.100.2"}) == [429]


def test_behind_a_trusted_proxy_the_clients_are_counted(settings: Any) -> None:
    settings.TRUSTED_PROXIES = [ip_network("192.0.2.0/24")]
    assert _ask(4, **{"X-Forwarded-For": "198.51.100.1"})[-1] == 429
    assert _ask(1, **{"X-Forwarded-For": "198.51.100.2"}) == [200]
    assert _ask(1, **{"X-Forwarded-For": "198.51.100.9, 198.51.100.1"}) == [429]


def test_a_key_of_the_installation_is_not_counted_and_an_invented_one_is(cast: Cast) -> None:
    _row, text = make_key(actor=cast.dana, desk=cast.desk, name="x", scopes=[ApiKey.Scope.values[0]])
    assert _ask(6, Authorization=f"Bearer {text}") == [200] * 6
    assert _ask(6, url=f"{URL}&key={text}") == [200] * 6
    assert _ask(4, url=f"{URL}&key=any")[-1] == 429
    assert _ask(1, Authorization="Bearer no.key") == [429]
    assert _ask(1, Authorization=f"Bearer {text}") == [200]


def test_the_rest_of_the_public_pages_is_not_counted(cast: Cast) -> None:
    assert _ask(6, url="/feeds/feed.json") == [200] * 6
