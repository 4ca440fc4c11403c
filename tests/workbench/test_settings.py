"""Settings of a desk: rules, feeds, the rating scale, API keys, people and roles."""

from __future__ import annotations

from typing import Any

import pytest

from claims.actions.base import Refused
from claims.actions.desk.api_keys import find_key
from claims.actions.desk.settings import change_desk
from claims.models import ApiKey, Desk, RatingScale, User
from claims.vocabulary import Role
from tests.people import Cast, person
from tests.workbench import desk_pages as pages

pytestmark = pytest.mark.django_db
SETTINGS = "/desk/north/settings/"
PEOPLE = f"{SETTINGS}people/"


def desk_form(**fields: Any) -> dict[str, Any]:
    return {
        "name": "North Desk", "editorial_approvals": 1, "legal_approvals": 0, "publish_mode": "at_once",
        "feed_title": "North checks", "licence": "", "newsroom_url": "https://north.example/",
        "time_zone": "Europe/Berlin", "method": "", "about": "", "contact": "", **fields,
    }  # fmt: skip


def test_an_editor_changes_the_rules_of_the_desk(cast: Cast) -> None:
    pages.signed_in(cast.carla).post(SETTINGS, desk_form(editorial_approvals=2, publish_mode="hold"))
    desk = Desk.objects.get(pk=cast.desk.pk)
    assert (desk.editorial_approvals, desk.publish_mode, desk.time_zone) == (2, "hold", "Europe/Berlin")


def test_a_desk_says_in_which_language_it_writes(cast: Cast) -> None:
    client = pages.signed_in(cast.carla)
    assert '<option value="en" selected>English</option>' in client.get(SETTINGS).content.decode()
    client.post(SETTINGS, desk_form(language="de"))
    assert Desk.objects.get(pk=cast.desk.pk).language == "de"
    # What the form does not hold stays, and an address by hand changes nothing.
    client.post(SETTINGS, desk_form())
    assert Desk.objects.get(pk=cast.desk.pk).language == "de"
    assert client.post(SETTINGS, desk_form(language="klingon")).status_code == 422
    assert Desk.objects.get(pk=cast.desk.pk).language == "de"
    assert client.get("/feeds/feed.json").json()["language"] == "de"
    with pytest.raises(Refused, match="two or three letters"):
        change_desk(actor=cast.carla, desk=cast.desk, values={"language": "<b>"})


def test_a_code_from_elsewhere_is_not_changed_by_storing_something_else(cast: Cast) -> None:
    Desk.objects.filter(pk=cast.desk.pk).update(language="pt-br")
    client = pages.signed_in(cast.carla)
    assert '<option value="pt-br" selected>' in client.get(SETTINGS).content.decode()
    assert client.post(SETTINGS, desk_form(name="North")).status_code == 303
    desk = Desk.objects.get(pk=cast.desk.pk)
    assert (desk.language, desk.name) == ("pt-br", "North")


@pytest.mark.parametrize(
    "wrong", [{"editorial_approvals": 0}, {"time_zone": "Middle/Earth"}, {"licence": "no address"}]
)
def test_a_rule_that_makes_no_sense_is_refused_with_what_was_typed(cast: Cast, wrong: dict[str, Any]) -> None:
    answer = pages.signed_in(cast.carla).post(SETTINGS, desk_form(**wrong, about="Words about us"))
    assert answer.status_code == 422
    assert b"Words about us" in answer.content
    assert Desk.objects.get(pk=cast.desk.pk).about == ""


def test_a_fact_checker_sees_the_rules_and_cannot_change_them(cast: Cast) -> None:
    client = pages.signed_in(cast.ada)
    assert "A desk editor or an administrator can change these." in client.get(SETTINGS).content.decode()
    assert client.post(SETTINGS, desk_form(editorial_approvals=1, name="Mine")).status_code == 403
    assert Desk.objects.get(pk=cast.desk.pk).name == "North Desk"


def scale_form(**fields: Any) -> dict[str, Any]:
    return {
        "name": "Truth, second edition", "key": ["false", "true", ""], "label": ["False", "True", ""],
        "definition": ["Not so.", "So.", ""], "finding": ["Refuted", "Supported", ""], "value": ["1", "5", ""],
        **fields,
    }  # fmt: skip


def test_a_new_version_of_the_scale_leaves_published_checks_as_they_are(cast: Cast) -> None:
    check = pages.published(cast)
    pages.signed_in(cast.dana).post(f"{SETTINGS}scale/", scale_form())
    scale = RatingScale.objects.get(desk=cast.desk, is_current=True)
    assert (scale.version, [row.label for row in scale.ratings.order_by("position")]) == (
        2,
        ["False", "True"],
    )
    check.refresh_from_db()
    assert check.latest is not None
    assert check.latest.payload["rating"]["scale_version"] == 1


def test_a_scale_that_contradicts_itself_is_refused_with_what_was_typed(cast: Cast) -> None:
    client = pages.signed_in(cast.dana)
    answer = client.post(f"{SETTINGS}scale/", scale_form(label=["Same words", "Same words", ""]))
    assert answer.status_code == 422
    assert answer.content.decode().count("Same words") >= 2
    assert RatingScale.objects.filter(desk=cast.desk).count() == 1


def test_an_editor_does_not_change_the_scale(cast: Cast) -> None:
    assert pages.signed_in(cast.carla).post(f"{SETTINGS}scale/", scale_form()).status_code == 403


def test_a_key_is_shown_once_and_works_until_it_is_revoked(cast: Cast) -> None:
    client = pages.signed_in(cast.dana)
    answer = client.post(f"{SETTINGS}keys/", {"name": "partner", "scopes": ["feeds"], "days": 30})
    text = answer.context["fresh_key"]
    key = ApiKey.objects.get()
    assert find_key(text) == key
    assert answer["Cache-Control"] == "no-store"
    assert text not in client.get(SETTINGS).content.decode()
    client.post(f"/keys/{key.pk}/revoke/")
    assert find_key(text) is None


def test_only_administrators_make_keys(cast: Cast) -> None:
    sent = {"name": "mine", "scopes": ["read"], "days": 30}
    assert pages.signed_in(cast.carla).post(f"{SETTINGS}keys/", sent).status_code == 403
    assert not ApiKey.objects.exists()


def test_somebody_is_added_and_comes_in_by_a_link_that_is_shown_once(cast: Cast) -> None:
    client = pages.signed_in(cast.dana)
    answer = client.post(
        PEOPLE, {"email": "finn@desk.example", "display_name": "Finn", "roles": ["reviewer"]}
    )
    finn = User.objects.get(email="finn@desk.example")
    assert cast.desk.roles_of(finn) == {Role.REVIEWER}
    link = answer.context["link"][1]
    assert "/login/link/" in link
    assert link not in client.get(PEOPLE).content.decode()


def test_roles_are_exactly_the_ones_that_are_ticked(cast: Cast) -> None:
    client = pages.signed_in(cast.dana)
    client.post(f"{PEOPLE}{cast.eli.pk}/roles/", {"roles": ["fact_checker", "reviewer"]})
    assert cast.desk.roles_of(cast.eli) == {Role.FACT_CHECKER, Role.REVIEWER}
    last = client.post(f"{PEOPLE}{cast.dana.pk}/roles/", {"roles": ["reviewer"]})
    assert last.status_code == 422
    assert b"needs an administrator" in last.content


def test_a_closed_account_is_closed_and_its_owner_is_out(cast: Cast) -> None:
    eli = pages.signed_in(cast.eli)
    assert eli.get("/desk/north/claims/").status_code == 200
    pages.signed_in(cast.dana).post(f"{PEOPLE}{cast.eli.pk}/deactivate/")
    assert eli.get("/desk/north/claims/").status_code == 302
    assert not User.objects.get(pk=cast.eli.pk).is_active


def test_only_administrators_change_people(cast: Cast) -> None:
    client = pages.signed_in(cast.carla)
    for path, sent in (
        (PEOPLE, {"email": "x@desk.example", "display_name": "X", "roles": ["administrator"]}),
        (f"{PEOPLE}{cast.carla.pk}/roles/", {"roles": ["administrator"]}),
        (f"{PEOPLE}{cast.dana.pk}/link/", {}),
        (f"{PEOPLE}{cast.eli.pk}/deactivate/", {}),
    ):
        assert client.post(path, sent).status_code == 403, path
    assert cast.desk.roles_of(cast.carla) == {Role.DESK_EDITOR}


def test_a_link_is_no_way_into_other_desks(cast: Cast) -> None:
    both = person("Gus", cast.desk, Role.CONTRIBUTOR)
    both.memberships.create(desk=cast.other_desk, role=Role.DESK_EDITOR)
    assert pages.signed_in(cast.dana).post(f"{PEOPLE}{both.pk}/link/").status_code == 403
    assert pages.signed_in(cast.dana).post(f"{PEOPLE}{cast.otto.pk}/roles/", {"roles": []}).status_code == 404
