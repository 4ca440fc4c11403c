"""Signing in, links that work once, and words that survive the end of a session."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from claims.actions.desk.accounts import login_link
from claims.models import Document
from tests import builders
from tests.people import PASSWORD, Cast

pytestmark = pytest.mark.django_db
BrowserOf = Callable[..., Client]
HERE = {"HTTP_ORIGIN": "http://testserver"}


def sign_in(client: Client, email: str = "ada@desk.example", **more: str):
    return client.post("/login/", {"email": email, "password": PASSWORD, **more}, **HERE)


def session_ends(client: Client, email: str = "ada@desk.example") -> None:
    """Let somebody sign in, open a page, and lose the session."""
    sign_in(client, email)
    client.get("/desk/")
    client.get("/desk/north/")
    del client.cookies["sessionid"]


def hidden(html: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    assert found, f"no hidden field {name}"
    return found.group(1)


def test_signing_in_leads_to_the_desk(cast: Cast, client: Client) -> None:
    answer = sign_in(client)
    assert (answer.status_code, answer["Location"]) == (303, "/desk/")
    assert client.get("/desk/")["Location"] == "/desk/north/"


def test_signing_in_leads_to_the_page_that_was_wanted(cast: Cast, client: Client) -> None:
    wanted = client.get("/desk/north/articles/")
    assert wanted["Location"] == "/login/?next=/desk/north/articles/"
    assert sign_in(client, next="/desk/north/articles/")["Location"] == "/desk/north/articles/"


@pytest.mark.parametrize(
    "elsewhere", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"]
)
def test_signing_in_never_leads_to_another_site(cast: Cast, client: Client, elsewhere: str) -> None:
    assert sign_in(client, next=elsewhere)["Location"] == "/desk/"


def test_a_wrong_password_says_so_and_keeps_the_address(cast: Cast, client: Client) -> None:
    answer = client.post("/login/", {"email": "Ada@Desk.example", "password": "wrong"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "do not match" in page
    assert "Ada@Desk.example" in page
    assert "wrong" not in page


def test_guessing_is_slowed_down(cast: Cast, client: Client) -> None:
    for _attempt in range(8):
        client.post("/login/", {"email": "ada@desk.example", "password": "wrong"})
    answer = sign_in(client)
    assert answer.status_code == 429
    assert "Too many attempts failed. Try again in" in answer.content.decode()


def test_a_login_link_asks_first_and_works_once(cast: Cast, client: Client) -> None:
    link = login_link(actor=cast.dana, desk=cast.desk, user=cast.ada)
    assert "Sign in as Ada" in client.get(link).content.decode()
    assert "_auth_user_id" not in client.session
    assert client.post(link).status_code == 303
    assert client.get("/desk/north/").status_code == 200
    spent = Client().post(link)
    assert spent.status_code == 410
    assert "has been used or is too old" in spent.content.decode()


def test_signing_out_needs_a_form(cast: Cast, browser_of: BrowserOf) -> None:
    client = browser_of(cast.ada)
    assert client.get("/logout/").status_code == 405
    assert client.post("/logout/")["Location"] == "/login/"
    assert client.get("/desk/north/")["Location"].startswith("/login/")


def test_what_was_typed_after_the_session_ended_is_sent_after_signing_in(cast: Cast, client: Client) -> None:
    session_ends(client)
    answer = client.post("/desk/north/add/", {"what": builders.HARBOUR, "outlet": "Lenna Courier"}, **HERE)
    page = answer.content.decode()
    assert answer.status_code == 401
    assert "Your session has ended" in page
    assert "raised its fees by 40 percent" in page
    assert Document.objects.count() == 0

    answer = sign_in(client, carried=hidden(page, "carried"))
    document = Document.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/documents/{document.pk}/")
    assert document.outlet is not None
    assert document.outlet.name == "Lenna Courier"
    assert document.captures.get().text == builders.HARBOUR


def test_a_wrong_password_in_between_loses_nothing(cast: Cast, client: Client) -> None:
    session_ends(client)
    page = client.post("/desk/north/add/", {"what": builders.HARBOUR}, **HERE).content.decode()
    carried = hidden(page, "carried")
    answer = client.post("/login/", {"email": "ada@desk.example", "password": "no", "carried": carried})
    assert answer.status_code == 422
    assert sign_in(client, carried=hidden(answer.content.decode(), "carried")).status_code == 303
    assert Document.objects.count() == 1


def test_a_part_of_a_page_gets_the_form_beside_what_was_typed(cast: Cast, client: Client) -> None:
    added = builders.article(cast)
    builders.analysed(cast, added)
    row = builders.suggestion(cast)
    session_ends(client)
    answer = client.post(
        f"/appearances/{row.pk}/accept/", {"wording": "My own sentence."}, HTTP_HX_REQUEST="true", **HERE
    )
    assert answer.status_code == 401
    assert answer["HX-Retarget"] == "#refusals"
    assert "My own sentence." in answer.content.decode()
    answer = sign_in(client, carried=hidden(answer.content.decode(), "carried"))
    row.refresh_from_db()
    assert row.claim is not None
    assert row.claim.wording == "My own sentence."


def test_what_is_carried_obeys_the_rights_of_who_signs_in(cast: Cast, client: Client) -> None:
    page = client.post("/desk/north/add/", {"what": builders.HARBOUR}, **HERE).content.decode()
    asked = sign_in(client, "otto@desk.example", carried=hidden(page, "carried"))
    assert asked.status_code == 409
    answer = client.post("/login/", {"carried": hidden(asked.content.decode(), "carried")}, **HERE)
    assert answer.status_code == 404
    assert Document.objects.count() == 0


def test_a_damaged_or_foreign_carried_form_does_nothing(cast: Cast, client: Client) -> None:
    answer = sign_in(client, carried="not-signed-by-us")
    assert answer.status_code == 303
    assert "could not be carried over" in client.get("/desk/north/").content.decode()


def test_a_login_in_another_tab_asks_to_send_again(cast: Cast, browser_of: BrowserOf) -> None:
    client = browser_of(cast.ada, strict=True)
    client.get("/desk/north/")
    stale = "a" * 64
    answer = client.post("/desk/north/add/", {"what": builders.HARBOUR, "csrfmiddlewaretoken": stale}, **HERE)
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "Nothing was stored yet" in page
    again = client.post(
        "/login/",
        {"carried": hidden(page, "carried"), "csrfmiddlewaretoken": hidden(page, "csrfmiddlewaretoken")},
        **HERE,
    )
    assert again.status_code == 303
    assert Document.objects.count() == 1


def test_a_form_of_another_site_is_refused_and_not_carried(cast: Cast, browser_of: BrowserOf) -> None:
    client = browser_of(cast.ada, strict=True)
    answer = client.post(
        "/desk/north/add/", {"what": builders.HARBOUR}, HTTP_ORIGIN="https://elsewhere.example"
    )
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "did not come from a page of this site" in page
    assert "carried" not in page


def test_a_visitor_with_a_form_of_another_site_gets_an_empty_sign_in_form(cast: Cast, client: Client) -> None:
    answer = client.post("/desk/north/add/", {"what": "x"}, HTTP_ORIGIN="https://elsewhere.example")
    assert answer.status_code == 401
    assert "carried" not in answer.content.decode()


def test_passwords_are_never_carried_nor_shown(cast: Cast, client: Client) -> None:
    from claims.workbench.resumed_forms import unpack

    page = client.post(
        "/profile/", {"display_name": "Ada", "new_password": "secret words"}, **HERE
    ).content.decode()
    assert "secret words" not in page
    assert "new_password" not in unpack(hidden(page, "carried")).fields


def test_the_profile_is_stored_and_a_wrong_zone_is_explained(cast: Cast, browser_of: BrowserOf) -> None:
    client = browser_of(cast.ada)
    fields = {"display_name": "Ada", "public_name": "", "time_zone": "Europe/Oslo", "theme": "dark"}
    assert client.post("/profile/", fields).status_code == 303
    cast.ada.refresh_from_db()
    assert (cast.ada.time_zone, cast.ada.theme, cast.ada.single_keys) == ("Europe/Oslo", "dark", False)
    page = client.get("/desk/north/").content.decode()
    assert 'data-theme="dark"' in page
    assert 'data-keys="off"' in page
    answer = client.post("/profile/", {**fields, "time_zone": "Mars/Base"})
    assert answer.status_code == 422
    assert "Mars/Base" in answer.content.decode()


def test_the_menu_switches_colours_and_stays_on_the_page(cast: Cast, browser_of: BrowserOf) -> None:
    answer = browser_of(cast.ada).post(
        "/profile/switch/", {"theme": "light", "next": "/desk/north/articles/"}
    )
    cast.ada.refresh_from_db()
    assert answer["Location"] == "/desk/north/articles/"
    assert (cast.ada.theme, cast.ada.single_keys) == ("light", True)


def test_the_session_of_a_deactivated_person_ends(cast: Cast, browser_of: BrowserOf) -> None:
    from claims.actions.desk.accounts import deactivate

    client = browser_of(cast.ada)
    deactivate(actor=cast.dana, desk=cast.desk, user=cast.ada)
    assert client.get("/desk/north/")["Location"].startswith("/login/")
