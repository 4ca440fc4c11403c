"""People from the command line: a new desk's administrator, and links for whoever runs the installation."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.test import Client

from claims.models import Desk, Invitation, User
from tests.people import PASSWORD, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


def say(*words: str) -> str:
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def logins() -> str:
    return (Path(django_settings.DATA_DIR) / "logins.txt").read_text(encoding="utf-8")


def test_a_new_desk_has_a_new_administrator_with_a_password(cast: Cast) -> None:
    say("make_desk", "--slug", "east", "--email", "fay@desk.example", "--person", "Fay")
    password = logins().split(" / ")[1].strip()
    assert Client().login(username="fay@desk.example", password=password)


def test_somebody_known_is_invited_to_a_new_desk_and_keeps_the_password(cast: Cast) -> None:
    told = say("make_desk", "--slug", "east", "--email", "Otto@desk.example", "--person", "Otto")
    desk = Desk.objects.get(slug="east")
    assert desk.roles_of(cast.otto) == frozenset()
    assert Invitation.objects.get(desk=desk).user == cast.otto
    assert "has been invited" in told
    assert " / " not in logins()
    client = Client()
    assert client.login(username="otto@desk.example", password=PASSWORD)
    client.post(f"/invitations/{Invitation.objects.get().pk}/answer/", {"decision": "accept"})
    assert {role.value for role in desk.roles_of(cast.otto)} == {"administrator", "desk_editor"}


def test_a_link_from_the_command_line_lets_anybody_in_once(cast: Cast) -> None:
    User.objects.filter(pk=cast.dana.pk).update(is_superuser=True)
    path = "/login/link/" + say("login_link", "Dana@desk.example").split("/login/link/")[1].strip()
    assert Client().post(path).status_code == 303
    assert Client().post(path).status_code == 410


def test_no_link_for_strangers_and_closed_accounts(cast: Cast) -> None:
    User.objects.filter(pk=cast.eli.pk).update(is_active=False)
    for email, why in (("nobody@desk.example", "Nobody here"), ("eli@desk.example", "closed")):
        with pytest.raises(CommandError, match=why):
            say("login_link", email)


def test_the_first_administrator_comes_in_by_a_link_and_no_password_is_written(settings: Any) -> None:
    settings.SITE_URL = "https://desk.example.org"
    link = say("make_desk", "--slug", "east", "--email", "fay@desk.example", "--person", "Fay", "--link")
    fay = User.objects.get(email="fay@desk.example")
    assert not fay.has_usable_password()
    assert not (Path(django_settings.DATA_DIR) / "logins.txt").exists()
    path = link.strip().removeprefix("https://desk.example.org")
    client = Client()
    assert client.post(path).status_code == 303
    assert client.session["_auth_user_id"] == str(fay.pk)
    assert Client().post(path).status_code == 410
    assert {role.value for role in Desk.objects.get(slug="east").roles_of(fay)} == {
        "administrator",
        "desk_editor",
    }


def test_somebody_known_gets_an_invitation_and_no_link(cast: Cast) -> None:
    told = say("make_desk", "--slug", "east", "--email", "Otto@desk.example", "--link")
    assert told == ""
    assert Invitation.objects.get(desk__slug="east").user == cast.otto


def test_a_link_needs_to_know_for_whom() -> None:
    with pytest.raises(CommandError, match="--email"):
        say("make_desk", "--slug", "east", "--link")
    assert not Desk.objects.filter(slug="east").exists()


def test_an_installation_is_prepared_without_a_desk(settings: Any, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path / "static"
    assert say("prepare", "--no-desk") == ""
    assert not Desk.objects.exists()
    assert not (tmp_path / "logins.txt").exists()
