"""Guessing is slowed down for who guesses, and for as few others as can be."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from axes.models import AccessFailureLog
from django.contrib.auth import authenticate
from django.db import connection
from django.http import HttpRequest
from django.test import Client

from claims.actions.desk import accounts, api_keys, sign_in_gate
from claims.actions.desk.sent_forms import purge_sent_forms, send_once
from claims.actions.desk.sign_in_gate import ACCOUNT, DEVICE, NETWORK, TooManyAttempts
from claims.models import User
from tests.people import PASSWORD, Cast

pytestmark = pytest.mark.django_db
ALL = 60


@pytest.fixture(autouse=True)
def _no_real_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep waits from running out while a slow machine works."""
    slow = dt.timedelta(hours=9)
    for name, first in (("ACCOUNT", 10), ("NETWORK", 5)):
        rule: sign_in_gate.Rule = getattr(sign_in_gate, name)
        monkeypatch.setattr(sign_in_gate, name, replace(rule, first=dt.timedelta(minutes=first), most=slow))


def post(client: Client, email: str, password: str = "wrong", at: str = "/login/", **headers: Any) -> Any:
    names = {"/login/": "email", "/admin/login/": "username"}
    return client.post(at, {names[at]: email, "password": password}, **headers)


def known(user: User) -> Client:
    """Return a browser in which somebody has signed in, and out again."""
    client = Client()
    post(client, user.email, PASSWORD)
    client.get("/profile/")
    client.post("/logout/")
    assert "_auth_user_id" not in client.session
    return client


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def invent(count: int, client: Client | None = None) -> None:
    for number in range(count):
        post(client or Client(), f"invented{number}@elsewhere.example")


def test_wrong_passwords_for_invented_addresses_keep_nobody_out(cast: Cast) -> None:
    """One proxy, a whole newsroom behind it."""
    invent(40)
    for user in (cast.ada, cast.ben, cast.carla):
        client = Client()
        assert post(client, user.email, PASSWORD).status_code == 303
        assert signed_in(client)


def test_a_known_device_passes_whatever_strangers_do(cast: Cast) -> None:
    client = known(cast.ada)
    for _number in range(ALL):
        post(Client(), cast.ada.email)
    invent(ALL)
    assert post(Client(), cast.ada.email, PASSWORD).status_code == 429
    assert post(Client(), cast.ben.email, PASSWORD).status_code == 429
    assert post(client, cast.ada.email, PASSWORD).status_code == 303
    assert signed_in(client)


def test_a_device_is_known_for_its_own_people_only(cast: Cast) -> None:
    client = known(cast.ada)
    for _number in range(ALL):
        post(Client(), cast.ben.email)
    assert post(client, cast.ben.email, PASSWORD).status_code == 429


def test_a_known_device_is_no_way_to_guess_for_ever(cast: Cast) -> None:
    client = known(cast.ada)
    seen = [post(client, cast.ada.email).status_code for _number in range(ALL)]
    assert seen.count(422) == DEVICE.free + ACCOUNT.free
    assert seen[-1] == 429


def test_a_known_device_forgets_an_account_that_was_closed(cast: Cast) -> None:
    client = known(cast.eli)
    accounts.deactivate(actor=cast.dana, desk=cast.desk, user=cast.eli)
    accounts.reactivate(actor=cast.dana, desk=cast.desk, user=cast.eli)
    for _number in range(ACCOUNT.free):
        post(Client(), cast.eli.email)
    assert post(client, cast.eli.email, PASSWORD).status_code == 429


@pytest.mark.parametrize("forged", ["", "x", "W10:1abc:def", "device"])
def test_a_forged_device_is_unknown(forged: str, cast: Cast) -> None:
    for _number in range(ACCOUNT.free):
        post(Client(), cast.ada.email)
    client = Client()
    client.cookies["device"] = forged
    assert post(client, cast.ada.email, PASSWORD).status_code == 429


@pytest.mark.parametrize("at", ["/login/", "/admin/login/"])
@pytest.mark.parametrize("email", ["ada@desk.example", "invented@elsewhere.example", "ADA@Desk.example"])
def test_known_and_unknown_addresses_get_the_same_words(at: str, email: str, cast: Cast) -> None:
    answers = [post(Client(), email, at=at) for _number in range(ACCOUNT.free + 2)]
    assert [answer.status_code for answer in answers[ACCOUNT.free :]] == [429, 429]
    page = answers[-1].content.decode()
    assert "Too many attempts failed. Try again in 10 minutes, or ask for a login link." in page
    assert int(answers[-1]["Retry-After"]) in range(590, 601)


def test_page_and_admin_count_together(cast: Cast) -> None:
    for number in range(ACCOUNT.free):
        post(Client(), cast.ada.email, at=("/login/", "/admin/login/")[number % 2])
    assert post(Client(), cast.ada.email, PASSWORD).status_code == 429
    assert post(Client(), cast.ada.email, PASSWORD, at="/admin/login/").status_code == 429
    assert post(Client(), cast.ada.email, PASSWORD, HTTP_HX_REQUEST="true").status_code == 429


def test_the_same_work_is_done_for_known_and_unknown_addresses(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.contrib.auth.hashers import MD5PasswordHasher

    done: list[str] = []
    encode = MD5PasswordHasher.encode

    def counted(self: Any, password: str, salt: str) -> str:
        done.append(password)
        return encode(self, password, salt)

    newcomer = accounts.make_person(
        actor=cast.dana,
        desk=cast.desk,
        email="new@desk.example",
        display_name="New",
        roles=["contributor"],  # type: ignore[list-item]
    )
    assert isinstance(newcomer, User)
    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    for email in ("ada@desk.example", "invented@elsewhere.example", "new@desk.example"):
        done.clear()
        assert authenticate(HttpRequest(), username=email, password="wrong") is None
        assert len(done) == 1, email


def test_the_wait_grows_and_ends(cast: Cast, now: dt.datetime) -> None:
    waits = [ACCOUNT.wait(failures, now, now).total_seconds() for failures in range(4, 13)]
    assert waits == [0, 30, 60, 120, 240, 480, 900, 900, 900]
    assert ACCOUNT.wait(5, now, now + dt.timedelta(seconds=31)) == dt.timedelta()
    assert NETWORK.wait(1000, now, now) == dt.timedelta(minutes=1)
    for _number in range(ACCOUNT.free):
        post(Client(), cast.ada.email)
    assert post(Client(), cast.ada.email, PASSWORD).status_code == 429
    AccessFailureLog.objects.update(attempt_time=now - dt.timedelta(days=2))
    assert post(Client(), cast.ada.email, PASSWORD).status_code == 303


def test_a_right_password_forgets_the_typing_mistakes(cast: Cast) -> None:
    for _round in range(3):
        for _number in range(ACCOUNT.free - 1):
            post(Client(), cast.ada.email)
        assert post(Client(), cast.ada.email, PASSWORD).status_code == 303


def test_one_right_password_does_not_wipe_out_a_networks_guesses(cast: Cast) -> None:
    invent(NETWORK.free)
    client = known(cast.ada)
    assert not signed_in(client)
    assert AccessFailureLog.objects.count() == NETWORK.free
    assert post(Client(), cast.ben.email, PASSWORD).status_code == 429


def test_networks_are_told_apart_and_headers_are_believed_from_proxies_only(
    cast: Cast, settings: Any
) -> None:
    from ipaddress import ip_network

    for number in range(NETWORK.free):
        post(Client(), f"invented{number}@elsewhere.example", HTTP_X_FORWARDED_FOR=f"198.51.100.{number}")
    # Nobody is trusted: the header changed nothing.
    assert post(Client(), cast.ada.email, PASSWORD, HTTP_X_FORWARDED_FOR="203.0.113.1").status_code == 429
    settings.TRUSTED_PROXIES = [ip_network("127.0.0.1")]
    assert post(Client(), cast.ada.email, PASSWORD, HTTP_X_FORWARDED_FOR="203.0.113.1").status_code == 303
    for spoofed in ("203.0.113.77, 127.0.0.1", "127.0.0.1"):
        assert post(Client(), cast.ben.email, PASSWORD, HTTP_X_FORWARDED_FOR=spoofed).status_code in (
            303,
            429,
        )


def test_addresses_of_one_ipv6_subscriber_count_together(cast: Cast) -> None:
    for number in range(NETWORK.free):
        post(Client(), f"invented{number}@elsewhere.example", REMOTE_ADDR=f"2001:db8:1:2::{number:x}")
    assert post(Client(), cast.ada.email, PASSWORD, REMOTE_ADDR="2001:db8:1:2:ff::1").status_code == 429
    assert post(Client(), cast.ada.email, PASSWORD, REMOTE_ADDR="2001:db8:1:3::1").status_code == 303


def test_wrong_keys_wait_and_right_ones_pass(cast: Cast) -> None:
    key, text = api_keys.make_key(actor=cast.dana, desk=cast.desk, name="Script", scopes=["read"])
    wrong = Client(headers={"Authorization": f"Bearer {key.prefix}.wrong"})
    seen = [wrong.get("/api/v1/claims/").status_code for _number in range(ACCOUNT.free + 2)]
    assert seen == [401] * ACCOUNT.free + [429] * 2
    assert int(wrong.get("/api/v1/claims/")["Retry-After"]) in range(590, 601)
    # Neither the script nor the newsroom behind the same address is kept out.
    assert Client(headers={"Authorization": f"Bearer {text}"}).get("/api/v1/claims/").status_code == 200
    assert post(Client(), cast.ada.email, PASSWORD).status_code == 303


def test_what_was_typed_is_kept_in_no_readable_form(cast: Cast) -> None:
    post(Client(), "my secret password", "ada@desk.example", HTTP_USER_AGENT="Agent 7")
    row = AccessFailureLog.objects.get()
    kept = f"{row.username} {row.user_agent} {row.http_accept} {row.path_info}"
    for word in ("secret", "ada@", "Agent"):
        assert word not in kept


def test_attempts_at_the_same_moment_are_counted_like_attempts_in_a_row(cast: Cast) -> None:
    """Each writes itself down before it looks; whoever finds too many before it goes back."""
    request = HttpRequest()
    for _number in range(ACCOUNT.free - 1):
        sign_in_gate.enter(request, cast.ada.email)
    asked: Callable[..., None] = sign_in_gate._insist
    others: list[int] = []

    def late(*arguments: Any, before: int | None = None) -> None:
        if before is None and not others:
            # While this one was let in, others were written.
            others.extend(range(3))
            asked(*arguments)
            for _number in others:
                AccessFailureLog.objects.create(
                    username=sign_in_gate._digest(f"password:{cast.ada.email}"), path_info="password"
                )
            return
        asked(*arguments, before=before)

    sign_in_gate._insist = late  # type: ignore[assignment]
    try:
        with pytest.raises(TooManyAttempts):
            sign_in_gate.enter(request, cast.ada.email)
    finally:
        sign_in_gate._insist = asked  # type: ignore[assignment]


@pytest.mark.django_db(transaction=True)
def test_all_processes_count_together(cast: Cast) -> None:
    """The count is in the database: what another connection wrote is counted here."""

    def elsewhere() -> None:
        for _number in range(ACCOUNT.free):
            authenticate(HttpRequest(), username=cast.ada.email, password="wrong")
        connection.close()

    other = threading.Thread(target=elsewhere)
    other.start()
    other.join()
    with pytest.raises(TooManyAttempts):
        authenticate(HttpRequest(), username=cast.ada.email, password=PASSWORD)


def test_old_failures_are_purged(cast: Cast, now: dt.datetime) -> None:
    for days in (0, 2):
        post(Client(), f"of{days}@elsewhere.example")
        newest = AccessFailureLog.objects.latest("pk")
        AccessFailureLog.objects.filter(pk=newest.pk).update(attempt_time=now - dt.timedelta(days=days))
    send_once(mark="old form", now=now - dt.timedelta(days=9))
    assert (sign_in_gate.purge_sign_in_attempts(now=now), purge_sent_forms(now=now)) == (1, 1)
    assert AccessFailureLog.objects.count() == 1


def test_the_device_mark_opens_nothing_by_itself(cast: Cast) -> None:
    client = known(cast.ada)
    assert client.get("/desk/north/").status_code == 302
    assert post(client, cast.ada.email, "wrong").status_code == 422
