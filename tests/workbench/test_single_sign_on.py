"""Signing in through a provider lets in people who have an account, by an address it has verified; it makes none."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from claims.actions.desk.accounts import deactivate
from claims.models import AuditEvent, User
from tests.people import Cast, person
from tests.workbench.identity_provider import CLIENT, SECRET, Provider, provider
from tests.workbench.test_second_step import code_of, is_in, password_alone, set_up

pytestmark = pytest.mark.django_db


@pytest.fixture
def there(settings: Any) -> Iterator[Provider]:
    with provider() as told:
        settings.SSO, settings.SSO_NAME = True, "Newsroom login"
        settings.SOCIALACCOUNT_PROVIDERS = {
            "openid_connect": {
                "OAUTH_PKCE_ENABLED": True,
                "APPS": [
                    {
                        "provider_id": "sso",
                        "name": "Newsroom login",
                        "client_id": CLIENT,
                        "secret": SECRET,
                        "settings": {"server_url": told.address},
                    }
                ],
            }
        }
        yield told


def ada_there(cast: Cast, **more: Any) -> dict[str, Any]:
    return {"sub": "ada-1", "email": "Ada@Desk.example", "email_verified": True, "name": "Ada", **more}


def sign_on(there: Provider, client: Client | None = None, wanted: str = "") -> tuple[Client, Any]:
    client = client or Client()
    gone = client.get("/login/sso/", {"next": wanted} if wanted else {})
    assert gone.status_code == 302
    assert gone["Location"].startswith(f"{there.address}/authorise?")
    return client, client.get(there.authorise(gone["Location"]))


def test_somebody_with_an_account_is_let_in(there: Provider, cast: Cast) -> None:
    assert "Sign in with Newsroom login" in Client().get("/login/").content.decode()
    there.person = ada_there(cast)
    client, answer = sign_on(there, wanted="/desk/north/articles/")
    assert (answer.status_code, answer["Location"]) == (303, "/desk/north/articles/")
    assert is_in(client)
    assert SocialAccount.objects.get().user_id == cast.ada.pk
    assert AuditEvent.objects.filter(verb="person.sign_on_tied", object_id=cast.ada.pk).count() == 1


def test_from_then_on_the_providers_own_name_counts(there: Provider, cast: Cast) -> None:
    there.person = ada_there(cast)
    sign_on(there)
    there.person = ada_there(cast, email="ada.married@elsewhere.example")
    assert is_in(sign_on(there)[0])
    # Her former address belongs to somebody else there now.
    there.person = ada_there(cast, sub="somebody-else")
    client, _answer = sign_on(there)
    assert not is_in(client)
    assert "tied to another person" in client.get("/login/").content.decode()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"email_verified": False}, "has not verified"),
        ({"email_verified": None}, "has not verified"),
        ({"email": ""}, "has not verified"),
        ({"email": "nobody@elsewhere.example"}, "Nobody here has this e-mail address"),
    ],
)
def test_nobody_else_is_let_in_and_no_account_is_made(
    more: dict[str, Any], words: str, there: Provider, cast: Cast
) -> None:
    before = User.objects.count()
    there.person = ada_there(cast, **more)
    client, answer = sign_on(there)
    assert answer["Location"] == "/login/"
    assert words in client.get("/login/").content.decode()
    assert not is_in(client)
    assert User.objects.count() == before
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize("tied", [False, True])
def test_a_closed_account_stays_closed(tied: bool, there: Provider, cast: Cast) -> None:
    there.person = ada_there(cast)
    if tied:
        sign_on(there)
    deactivate(actor=cast.dana, desk=cast.desk, user=cast.ada)
    assert not is_in(sign_on(there)[0])


def test_the_second_factor_is_asked_for_all_the_same(there: Provider, cast: Cast, settings: Any) -> None:
    settings.SECOND_FACTOR = True
    set_up(password_alone(cast.ada.email))
    there.person = ada_there(cast)
    client, answer = sign_on(there, wanted="/desk/north/articles/")
    assert answer["Location"] == "/login/second/"
    assert not is_in(client)
    ada = User.objects.get(pk=cast.ada.pk)
    assert client.post("/login/second/", {"code": code_of(ada)})["Location"] == "/desk/north/articles/"
    assert is_in(client)


@pytest.mark.parametrize(
    "token",
    [
        {"aud": "another program"},
        {"iss": "https://elsewhere.example"},
        {"exp": int(time.time()) - 3600},
        {"sub": "not who userinfo says"},
    ],
)
def test_a_token_for_somebody_else_opens_nothing(token: dict[str, Any], there: Provider, cast: Cast) -> None:
    there.person, there.userinfo, there.token = ada_there(cast), ada_there(cast), token
    client, answer = sign_on(there)
    assert answer["Location"] == "/login/"
    assert not is_in(client)


def test_what_another_browser_began_is_not_finished_here(there: Provider, cast: Cast) -> None:
    there.person = ada_there(cast)
    back = there.authorise(Client().get("/login/sso/")["Location"])
    client = Client()
    assert client.get(back)["Location"] == "/login/"
    assert not is_in(client)


def test_an_answer_is_used_once(there: Provider, cast: Cast) -> None:
    there.person = ada_there(cast)
    client = Client()
    back = there.authorise(client.get("/login/sso/")["Location"])
    client.get(back)
    client.post("/logout/")
    client.get(back)
    assert not is_in(client)


@pytest.mark.parametrize("query", ["error=access_denied", "error=server_error", "", "code=x&state=y"])
def test_a_failure_there_leads_back_with_a_sentence(query: str, there: Provider, cast: Cast) -> None:
    client = Client()
    answer = client.get(f"/login/sso/callback/?{query}")
    assert (answer.status_code, answer["Location"]) == (303, "/login/")
    assert "Signing in there did not work" in client.get("/login/").content.decode()


def test_a_provider_that_is_away_is_said_to_be(there: Provider, cast: Cast) -> None:
    there.broken = True
    client = Client()
    assert client.get("/login/sso/")["Location"] == "/login/"
    assert "does not answer" in client.get("/login/").content.decode()


def test_it_leads_to_no_other_site(there: Provider, cast: Cast) -> None:
    there.person = ada_there(cast)
    _client, answer = sign_on(there, wanted="https://elsewhere.example/")
    assert answer["Location"] == "/desk/"


def test_without_the_setting_there_is_no_such_page(cast: Cast) -> None:
    assert Client().get("/login/sso/").status_code == 404
    assert Client().get("/login/sso/callback/?code=x&state=y").status_code == 404
    person("Nora")
    assert "/login/sso/" not in Client().get("/login/").content.decode()
