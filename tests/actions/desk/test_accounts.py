"""People: coming in, roles, links that work once, and accounts that close."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.auth import authenticate
from django.utils import timezone

from claims.actions import base
from claims.actions.desk import accounts, api_keys
from claims.models import Invitation, User
from claims.vocabulary import Role
from tests.people import PASSWORD, Cast

pytestmark = pytest.mark.django_db


def test_the_case_of_an_address_does_not_matter(cast: Cast) -> None:
    assert authenticate(username="ADA@Desk.example", password=PASSWORD) == cast.ada


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(cast: Cast) -> None:
    assert authenticate(username="ada@desk.example", password="wrong") is None
    assert authenticate(username="nobody@desk.example", password="wrong") is None


def test_a_login_link_works_once_and_for_its_person(cast: Cast) -> None:
    token = accounts.login_link(actor=cast.dana, desk=cast.desk, user=cast.ada).split("/")[-2]
    assert accounts.person_of_link(token) == cast.ada
    cast.ada.last_login = timezone.now()
    cast.ada.save(update_fields=["last_login"])
    with pytest.raises(base.Refused, match="Ask for a new one"):
        accounts.person_of_link(token)
    with pytest.raises(base.Refused, match="Ask for a new one"):
        accounts.person_of_link(token + "x")


def test_roles_are_given_exactly_and_the_last_administrator_stays(cast: Cast) -> None:
    accounts.set_roles(actor=cast.dana, desk=cast.desk, user=cast.ada, roles=[Role.REVIEWER])
    assert cast.desk.roles_of(cast.ada) == {Role.REVIEWER}
    with pytest.raises(base.Refused, match="needs an administrator"):
        accounts.set_roles(actor=cast.dana, desk=cast.desk, user=cast.dana, roles=[Role.REVIEWER])
    with pytest.raises(base.NotAllowed):
        accounts.set_roles(actor=cast.ada, desk=cast.desk, user=cast.ada, roles=[Role.ADMINISTRATOR])


def test_a_closed_account_ends_sessions_and_keeps_its_work(cast: Cast) -> None:
    before = cast.ada.get_session_auth_hash()
    accounts.deactivate(actor=cast.dana, desk=cast.desk, user=cast.ada)
    ada = User.objects.get(pk=cast.ada.pk)
    assert ada.get_session_auth_hash() != before
    assert cast.desk.roles_of(ada) == frozenset()
    assert authenticate(username="ada@desk.example", password=PASSWORD) is None
    with pytest.raises(base.NotAllowed, match="does not work at your desk"):
        accounts.deactivate(actor=cast.dana, desk=cast.desk, user=cast.otto)


def test_two_people_cannot_share_an_address(cast: Cast) -> None:
    made = accounts.make_person(
        actor=cast.dana, desk=cast.desk, email="Otto@desk.EXAMPLE", display_name="X", roles=[Role.CONTRIBUTOR]
    )
    assert isinstance(made, Invitation)
    assert made.user == cast.otto
    assert User.objects.filter(email_key="otto@desk.example").count() == 1


def test_an_unknown_time_zone_is_refused(cast: Cast) -> None:
    with pytest.raises(base.Refused, match="not a time zone"):
        accounts.set_preferences(
            actor=cast.ada,
            display_name="Ada",
            public_name="",
            time_zone="Mars/Base",
            theme="dark",
            single_keys=True,
            language="",
        )


def test_an_api_key_is_shown_once_and_ends(cast: Cast) -> None:
    key, text = api_keys.make_key(actor=cast.dana, desk=cast.desk, name="Site", scopes=["read"])
    assert text.startswith(f"{key.prefix}.")
    assert text.partition(".")[2] not in key.secret_hash
    assert api_keys.find_key(text) == key
    assert api_keys.find_key(text[:-1] + ("a" if text[-1] != "a" else "b")) is None
    assert api_keys.find_key(text, now=timezone.now() + dt.timedelta(days=366)) is None
    api_keys.revoke_key(actor=cast.dana, key=key)
    assert api_keys.find_key(text) is None
    with pytest.raises(base.NotAllowed):
        api_keys.make_key(actor=cast.ada, desk=cast.desk, name="Mine", scopes=["read"])
    with pytest.raises(base.Refused, match="at least one of the scopes"):
        api_keys.make_key(actor=cast.dana, desk=cast.desk, name="All", scopes=["root"])
