"""A passkey in a real browser: made on the profile, asked for at signing in; and the pages round it are accessible."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator

from claims.actions.desk import reset_links
from claims.models import User
from tests.browser.conftest import Window
from tests.people import PASSWORD, Cast, make_cast

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not shutil.which("chromium"), reason="needs a Chromium"),
]
WindowOf = Callable[..., Window]


@pytest.fixture
def cast(db: None, settings: Any) -> Cast:
    settings.SECOND_FACTOR = settings.MAIL = True
    return make_cast()


def key_in(window: Window) -> Any:
    """Put a virtual authenticator into the window: it makes passkeys and always finds its person present."""
    tools = window.context.new_cdp_session(window.page)
    tools.send("WebAuthn.enable")
    made = tools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return tools, made["authenticatorId"]


def sign_in(window: Window, user: User) -> None:
    page = window.open("/login/")
    page.get_by_label("E-mail address").fill(user.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_load_state()


def test_a_passkey_is_made_and_then_opens_the_second_step(cast: Cast, window_of: WindowOf) -> None:
    window = window_of(None)
    tools, authenticator = key_in(window)
    sign_in(window, cast.ada)
    page = window.open("/profile/second-factor/")
    assert window.violations() == []
    page.get_by_label("Name, to tell it from others").fill("My laptop")
    page.locator("#password-key").fill(PASSWORD)
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_role("heading", name="Emergency codes").wait_for()
    assert page.get_by_text("My laptop").first.is_visible()
    assert window.violations() == []
    assert Authenticator.objects.filter(user=cast.ada, type="webauthn").count() == 1
    assert User.objects.get(pk=cast.ada.pk).second_factor

    window.context.clear_cookies()
    sign_in(window, cast.ada)
    assert page.url.endswith("/login/second/")
    assert window.violations() == []
    # Not the right key: the browser finds none, and says so.
    kept = tools.send("WebAuthn.getCredentials", {"authenticatorId": authenticator})["credentials"]
    tools.send("WebAuthn.clearCredentials", {"authenticatorId": authenticator})
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_text("No passkey was used").wait_for()
    for one in kept:
        tools.send("WebAuthn.addCredential", {"authenticatorId": authenticator, "credential": one})
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/desk/north/")
    assert window.complaints == []


def test_what_a_passkey_signed_is_taken_once(cast: Cast, window_of: WindowOf) -> None:
    window = window_of(None)
    key_in(window)
    sign_in(window, cast.ada)
    page = window.open("/profile/second-factor/")
    page.locator("#password-key").fill(PASSWORD)
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_role("heading", name="Emergency codes").wait_for()
    window.context.clear_cookies()
    sign_in(window, cast.ada)
    sent: list[str] = []
    page.on("request", lambda one: sent.append(one.post_data or "") if one.method == "POST" else None)
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/desk/north/")
    body = next(one for one in sent if "passkey=" in one)
    # The same words again, in a second sign-in of the same browser.
    window.context.clear_cookies()
    sign_in(window, cast.ada)
    answer = page.evaluate(
        """async (body) => {
          const fields = new URLSearchParams(body);
          fields.set("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
          const answer = await fetch("/login/second/", {method: "POST", body: fields, redirect: "manual"});
          return answer.status;
        }""",
        body,
    )
    assert answer == 422
    assert window.open("/profile/") is page
    assert "/login/" in page.url


@pytest.mark.parametrize("width", [1280, 360])
def test_the_pages_of_an_account_are_accessible(width: int, cast: Cast, window_of: WindowOf) -> None:
    visitor, window = window_of(None, width=width), window_of(cast.ada, width=width)
    for path in ("/profile/", "/profile/password/", "/profile/sessions/", "/profile/second-factor/"):
        window.open(path)
        assert window.violations() == [], path
        assert window.sideways() <= 0, path
    for path in ("/login/", "/login/forgotten/", reset_links.path_for(cast.ben)):
        visitor.open(path)
        assert visitor.violations() == [], path
        assert visitor.sideways() <= 0, path
    assert visitor.complaints + window.complaints == []
