"""No way in passes the second factor by; a code works once; wrong ones are slowed down; what was typed is kept."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from claims.actions.base import Refused
from claims.actions.desk import api_keys, factor_rules, second_factors, signing_in
from claims.actions.desk.accounts import deactivate, login_link
from claims.actions.desk.settings import change_desk
from claims.actions.desk.sign_in_gate import ACCOUNT
from claims.models import AuditEvent, Desk, Document, User
from claims.tasks.base import drain
from tests import builders
from tests.people import PASSWORD, Cast

pytestmark = pytest.mark.django_db
HERE = {"HTTP_ORIGIN": "http://testserver"}
NEW = "another quite long password"


@pytest.fixture(autouse=True)
def _on(settings: Any) -> None:
    settings.SECOND_FACTOR = True
    settings.MAIL = True


def code_of(user: User, steps: int = 0) -> str:
    """Return the code that the person's app shows, or another one of its time."""
    row = Authenticator.objects.get(user=user, type="totp")
    secret = second_factors.get_adapter().decrypt(row.data["secret"])
    counter = list(totp.yield_hotp_counters_from_time())[1] + steps
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


def password_alone(email: str, client: Client | None = None, **more: str) -> Client:
    client = client or Client()
    client.post("/login/", {"email": email, "password": PASSWORD, **more}, **HERE)
    return client


def is_in(client: Client) -> bool:
    return client.get("/profile/").status_code == 200


def set_up(client: Client, password: str = PASSWORD) -> Any:
    page = client.get("/profile/second-factor/").content.decode()
    found = re.search(r'class="totp-key">([A-Z2-7 ]+)<', page)
    assert found
    secret = found.group(1).replace(" ", "")
    counter = list(totp.yield_hotp_counters_from_time())[1]
    code = totp.format_hotp_value(totp.hotp_value(secret, counter))
    answer = client.post("/profile/second-factor/app/", {"current_password": password, "code": code})
    # Time passes: the code that confirmed it is not asked for again.
    cache.clear()
    Authenticator.objects.filter(type="totp").update(
        data={"secret": second_factors.get_adapter().encrypt(secret)}
    )
    return answer


def codes_in(answer: Any) -> list[str]:
    return re.findall(r"<li><code>(\d+)</code></li>", answer.content.decode())


@pytest.fixture
def ada(cast: Cast) -> User:
    """Ada, with an app."""
    assert set_up(password_alone(cast.ada.email)).status_code == 200
    return User.objects.get(pk=cast.ada.pk)


# Ways in: each leaves the browser where the way itself ends.


def by_password(user: User, cast: Cast) -> Client:
    return password_alone(user.email)


def by_link(user: User, cast: Cast) -> Client:
    client = Client()
    client.post(login_link(actor=cast.dana, desk=cast.desk, user=user))
    return client


def by_admin(user: User, cast: Cast) -> Client:
    client = Client()
    client.post("/admin/login/", {"username": user.email, "password": PASSWORD, "next": "/admin/"})
    return client


def by_reset(user: User, cast: Cast) -> Client:
    Client().post("/login/forgotten/", {"email": user.email})
    drain()
    found = re.search(r"(/login/reset/\S+)", str(mail.outbox[-1].body))
    assert found
    client = Client()
    client.post(found.group(1), {"new_password": NEW, "new_password_again": NEW})
    client.post("/login/", {"email": user.email, "password": NEW})
    return client


def by_some_other_path(user: User, cast: Cast) -> Client:
    """As code would that knows of no second step."""
    client = Client()
    client.force_login(user)
    return client


WAYS: list[Callable[[User, Cast], Client]] = [by_password, by_link, by_admin, by_reset, by_some_other_path]
PAGES = (
    "/profile/",
    "/desk/north/",
    "/admin/",
    "/admin/claims/claim/",
    "/api/v1/claims/",
    "/profile/second-factor/",
)


@pytest.mark.parametrize("way", WAYS)
def test_no_way_in_passes_the_second_factor_by(way: Any, ada: User, cast: Cast) -> None:
    client = way(ada, cast)
    for page in PAGES:
        assert client.get(page).status_code in (302, 401, 403), page
    added = client.post("/desk/north/add/", {"what": builders.HARBOUR}, **HERE)
    assert added.status_code == 401
    assert Document.objects.count() == 0
    assert "device" not in client.cookies
    assert "typist" not in client.cookies


@pytest.mark.parametrize("way", [by_password, by_link, by_admin, by_reset])
def test_with_the_code_every_way_leads_in(way: Any, ada: User, cast: Cast) -> None:
    client = way(ada, cast)
    assert "Second step" in client.get("/login/second/").content.decode()
    answer = client.post("/login/second/", {"code": code_of(ada)})
    assert (answer.status_code, answer["Location"]) == (303, "/admin/" if way is by_admin else "/desk/")
    assert is_in(client)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("why", ["none set up", "switched off"])
def test_without_a_factor_every_way_leads_in_at_once(
    way: Any, why: str, cast: Cast, request: pytest.FixtureRequest, settings: Any
) -> None:
    user = cast.ada
    if why == "switched off":
        user = request.getfixturevalue("ada")
        settings.SECOND_FACTOR = False
    assert is_in(way(user, cast))


def test_the_page_that_was_wanted_comes_after_the_second_step(ada: User, cast: Cast) -> None:
    client = password_alone(ada.email, next="/desk/north/articles/")
    assert client.post("/login/second/", {"code": code_of(ada)})["Location"] == "/desk/north/articles/"


@pytest.mark.parametrize("elsewhere", ["https://elsewhere.example/", "//elsewhere.example/"])
def test_it_never_leads_to_another_site(elsewhere: str, ada: User, cast: Cast) -> None:
    client = password_alone(ada.email, next=elsewhere)
    assert client.post("/login/second/", {"code": code_of(ada)})["Location"] == "/desk/"


def carried_form(ada: User) -> tuple[Client, str]:
    client = password_alone(ada.email)
    client.post("/login/second/", {"code": code_of(ada)})
    client.get("/desk/north/")
    del client.cookies["sessionid"]
    page = client.post("/desk/north/add/", {"what": builders.HARBOUR}, **HERE).content.decode()
    found = re.search(r'name="carried" value="([^"]*)"', page)
    assert found
    return client, found.group(1)


def test_what_was_typed_is_sent_after_the_second_step(ada: User, cast: Cast) -> None:
    client, carried = carried_form(ada)
    password_alone(ada.email, client, carried=carried)
    assert Document.objects.count() == 0
    assert client.post("/login/second/", {"code": "000000"}).status_code == 422
    assert client.post("/login/second/", {"code": code_of(ada, 1)}, **HERE).status_code == 303
    assert Document.objects.get().captures.get().text == builders.HARBOUR


def test_what_was_typed_outlives_a_second_step_that_took_too_long(
    ada: User, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, carried = carried_form(ada)
    password_alone(ada.email, client, carried=carried)
    with monkeypatch.context() as patched:
        patched.setattr(signing_in, "PATIENCE", dt.timedelta(seconds=-1))
        assert client.post("/login/second/", {"code": code_of(ada, 1)})["Location"] == "/login/"
    assert "raised its fees by 40 percent" in client.get("/login/").content.decode()
    password_alone(ada.email, client)
    client.post("/login/second/", {"code": code_of(ada, 1)}, **HERE)
    assert Document.objects.count() == 1


def test_a_code_works_once_also_in_another_process(ada: User, cast: Cast) -> None:
    code = code_of(ada)
    assert password_alone(ada.email).post("/login/second/", {"code": code}).status_code == 303
    # Another process has a memory of its own.
    cache.clear()
    again = password_alone(ada.email).post("/login/second/", {"code": code})
    assert again.status_code == 422
    assert "used already" in again.content.decode()
    spaced = f"{code[:3]} {code[3:]}"
    assert password_alone(ada.email).post("/login/second/", {"code": spaced}).status_code == 422


@pytest.mark.parametrize("wrong", ["000000", "", "12345", "abcdef", "9" * 400, "\x00"])
def test_a_wrong_code_opens_nothing(wrong: str, ada: User, cast: Cast) -> None:
    client = password_alone(ada.email)
    assert client.post("/login/second/", {"code": wrong}).status_code == 422
    assert not is_in(client)


@pytest.mark.parametrize("steps", [-3, 3])
def test_a_code_of_another_time_opens_nothing(steps: int, ada: User, cast: Cast) -> None:
    client = password_alone(ada.email)
    assert client.post("/login/second/", {"code": code_of(ada, steps)}).status_code == 422


def test_a_code_of_somebody_else_opens_nothing(ada: User, cast: Cast) -> None:
    set_up(password_alone(cast.ben.email))
    other = {"secret": second_factors.get_adapter().encrypt("A" * 32)}
    Authenticator.objects.filter(user=cast.ben, type="totp").update(data=other)
    client = password_alone(cast.ben.email)
    assert client.post("/login/second/", {"code": code_of(ada)}).status_code == 422


def test_wrong_codes_count_in_the_gate_over_all_browsers(ada: User, cast: Cast) -> None:
    for _try in range(ACCOUNT.free):
        client = password_alone(ada.email)
        assert client.post("/login/second/", {"code": "000000"}).status_code == 422
    client = password_alone(ada.email)
    answer = client.post("/login/second/", {"code": code_of(ada)})
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert not is_in(client)


def test_an_emergency_code_works_once(cast: Cast) -> None:
    codes = codes_in(set_up(password_alone(cast.ada.email)))
    assert len(codes) == 10
    assert password_alone(cast.ada.email).post("/login/second/", {"code": codes[0]}).status_code == 303
    assert password_alone(cast.ada.email).post("/login/second/", {"code": codes[0]}).status_code == 422
    assert password_alone(cast.ada.email).post("/login/second/", {"code": codes[1]}).status_code == 303
    assert AuditEvent.objects.filter(verb="factor.code_used").count() == 2


@pytest.mark.parametrize("meanwhile", ["too late", "password", "closed", "nobody"])
def test_the_second_step_ends_with_the_first(
    meanwhile: str, ada: User, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client() if meanwhile == "nobody" else password_alone(ada.email)
    if meanwhile == "too late":
        monkeypatch.setattr(signing_in, "PATIENCE", dt.timedelta(seconds=-1))
    elif meanwhile == "password":
        ada.set_password(NEW)
        ada.save()
    elif meanwhile == "closed":
        deactivate(actor=cast.dana, desk=cast.desk, user=ada)
    answer = client.post("/login/second/", {"code": code_of(ada)})
    assert (answer.status_code, answer["Location"]) == (303, "/login/")
    assert not is_in(client)


def test_setting_up_asks_for_the_password_and_ends_other_sessions(cast: Cast) -> None:
    there, here = password_alone(cast.ada.email), password_alone(cast.ada.email)
    assert set_up(here, password="not this one").status_code == 422
    assert not User.objects.get(pk=cast.ada.pk).second_factor
    answer = set_up(here)
    assert len(codes_in(answer)) == 10
    assert "no-store" in answer["Cache-Control"]
    assert User.objects.get(pk=cast.ada.pk).second_factor
    assert is_in(here)
    assert not is_in(there)
    assert AuditEvent.objects.filter(verb="factor.added", actor_id=cast.ada.pk).count() == 1
    drain()
    assert "was added" in mail.outbox[-1].subject
    assert codes_in(here.get("/profile/second-factor/")) == []


def test_secrets_are_not_readable_in_the_tables(ada: User, cast: Cast) -> None:
    row = Authenticator.objects.get(user=ada, type="totp")
    assert not re.fullmatch(r"[A-Z2-7]+", row.data["secret"])
    assert re.fullmatch(r"[A-Z2-7]+", second_factors.get_adapter().decrypt(row.data["secret"]))


def test_with_another_secret_key_codes_are_wrong_and_no_page_breaks(
    ada: User, cast: Cast, settings: Any
) -> None:
    settings.SECRET_KEY = "another secret key of more than forty letters"
    client = password_alone(ada.email)
    assert client.post("/login/second/", {"code": "123456"}).status_code == 422


def test_taking_it_off_asks_for_the_password_and_tells_by_mail(ada: User, cast: Cast) -> None:
    client = password_alone(ada.email)
    client.post("/login/second/", {"code": code_of(ada)})
    row = Authenticator.objects.get(user=ada, type="totp")
    address = f"/profile/second-factor/{row.pk}/remove/"
    assert client.post(address, {"current_password": "not this one"}).status_code == 422
    assert client.post(address, {}).status_code == 422
    assert User.objects.get(pk=ada.pk).second_factor
    assert client.post(address, {"current_password": PASSWORD}).status_code == 303
    assert not User.objects.get(pk=ada.pk).second_factor
    assert not Authenticator.objects.filter(user=ada).exists()
    assert is_in(client)
    assert is_in(password_alone(ada.email))
    drain()
    assert "taken off" in mail.outbox[-1].subject
    assert AuditEvent.objects.filter(verb="factor.removed").count() == 1


def test_nobody_takes_off_the_factor_of_another(ada: User, cast: Cast) -> None:
    row = Authenticator.objects.get(user=ada, type="totp")
    client = password_alone(cast.ben.email)
    client.post(f"/profile/second-factor/{row.pk}/remove/", {"current_password": PASSWORD})
    assert User.objects.get(pk=ada.pk).second_factor


def test_new_emergency_codes_end_the_old_ones(cast: Cast) -> None:
    client = password_alone(cast.ada.email)
    old = codes_in(set_up(client))
    assert client.post("/profile/second-factor/codes/", {"current_password": "x"}).status_code == 422
    fresh = codes_in(client.post("/profile/second-factor/codes/", {"current_password": PASSWORD}))
    assert len(fresh) == 10
    assert not set(old) & set(fresh)
    assert password_alone(cast.ada.email).post("/login/second/", {"code": old[0]}).status_code == 422
    assert password_alone(cast.ada.email).post("/login/second/", {"code": fresh[0]}).status_code == 303


def test_an_administrator_takes_off_a_lost_factor(ada: User, cast: Cast) -> None:
    client = password_alone(cast.dana.email)
    assert "Take off the lost second factor" in client.get("/desk/north/settings/people/").content.decode()
    assert client.post(f"/desk/north/settings/people/{ada.pk}/factor/").status_code == 303
    assert is_in(password_alone(ada.email))
    event = AuditEvent.objects.get(verb="factor.reset")
    assert (event.actor_id, event.object_id, event.desk_id) == (cast.dana.pk, ada.pk, cast.desk.pk)
    assert client.post(f"/desk/north/settings/people/{ada.pk}/factor/").status_code == 409


def test_api_keys_are_not_asked(ada: User, cast: Cast) -> None:
    key, text = api_keys.make_key(actor=cast.dana, desk=cast.desk, name="Script", scopes=["read"])
    type(key).objects.filter(pk=key.pk).update(user=ada)
    Desk.objects.update(needs_second_factor=True, second_factor_from=timezone.now() - dt.timedelta(days=1))
    answer = Client().get("/api/v1/claims/", HTTP_AUTHORIZATION=f"Bearer {text}")
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "path", ["/accounts/signup/", "/accounts/email/", "/signup/", "/2fa/", "/login/sso/"]
)
def test_no_page_of_the_library_is_reachable(path: str, cast: Cast) -> None:
    assert Client().get(path).status_code == 404


class TestDeskThatInsists:
    @pytest.fixture
    def insisting(self, cast: Cast) -> Desk:
        change_desk(actor=cast.carla, desk=cast.desk, values={"needs_second_factor": True})
        return Desk.objects.get(pk=cast.desk.pk)

    def over(self) -> None:
        Desk.objects.filter(needs_second_factor=True).update(
            second_factor_from=timezone.now() - dt.timedelta(minutes=1)
        )

    def test_members_are_told_and_have_time(self, insisting: Desk, cast: Cast) -> None:
        assert insisting.second_factor_from is not None
        days = (insisting.second_factor_from - timezone.now()).days
        assert days in (factor_rules.GRACE.days - 1, factor_rules.GRACE.days)
        page = password_alone(cast.ada.email).get("/desk/north/")
        assert page.status_code == 200
        assert "needs its members to have a second factor" in page.content.decode()

    @pytest.mark.parametrize("path", ["/desk/north/", "/admin/", "/admin/claims/claim/", "/profile/desks/"])
    def test_then_they_set_one_up_before_anything_else(self, path: str, insisting: Desk, cast: Cast) -> None:
        self.over()
        client = password_alone(cast.ada.email)
        answer = client.get(path)
        assert (answer.status_code, answer["Location"]) == (302, "/profile/second-factor/")
        assert "to go on working" in client.get("/profile/second-factor/").content.decode()
        refused = client.post("/desk/north/add/", {"what": builders.HARBOUR}, **HERE)
        assert refused.status_code == 403
        assert "set one up under My profile first" in refused.content.decode()
        assert client.get("/api/v1/claims/").status_code == 403
        assert set_up(client).status_code == 200
        assert client.get("/desk/north/").status_code == 200

    def test_people_of_other_desks_are_not_asked(self, insisting: Desk, cast: Cast) -> None:
        self.over()
        assert password_alone(cast.otto.email).get("/desk/south/").status_code == 200

    def test_the_last_factor_stays(self, insisting: Desk, cast: Cast, ada: User) -> None:
        client = password_alone(ada.email)
        client.post("/login/second/", {"code": code_of(ada)})
        row = Authenticator.objects.get(user=ada, type="totp")
        answer = client.post(f"/profile/second-factor/{row.pk}/remove/", {"current_password": PASSWORD})
        assert answer.status_code == 422
        assert User.objects.get(pk=ada.pk).second_factor

    def test_taking_the_rule_back_ends_it(self, insisting: Desk, cast: Cast) -> None:
        self.over()
        change_desk(actor=cast.carla, desk=insisting, values={"needs_second_factor": False})
        assert password_alone(cast.ada.email).get("/desk/north/").status_code == 200
        assert Desk.objects.get(pk=insisting.pk).second_factor_from is None

    def test_it_cannot_be_asked_for_where_none_is_offered(self, cast: Cast, settings: Any) -> None:
        settings.SECOND_FACTOR = False
        with pytest.raises(Refused):
            change_desk(actor=cast.carla, desk=cast.desk, values={"needs_second_factor": True})
