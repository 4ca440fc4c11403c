"""A form typed without a session is done as who typed it, or asked about: never as whoever signs in next."""

from __future__ import annotations

import datetime as dt
import html
import re
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core import signing
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from claims.actions.desk import sent_forms
from claims.models import (
    Archive,
    AuditEvent,
    Document,
    FactCheck,
    Membership,
    SentForm,
    User,
    VerdictDraft,
)
from claims.vocabulary import Role
from claims.workbench import resumed_forms
from claims.workbench.act_words import WORDS
from claims.workbench.resumed_forms import MADE_FOR
from tests import builders
from tests.checks_made import published
from tests.people import PASSWORD, Cast
from tests.workbench.desk_pages import ready
from tests.workbench.test_matrix import TABLE, names

pytestmark = pytest.mark.django_db
HERE = {"HTTP_ORIGIN": "http://testserver"}
HTMX = {"HTTP_HX_REQUEST": "true", **HERE}


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, f"no hidden field {name}"
    return html.unescape(found.group(1))


class Browser:
    """One browser with real form tokens, on a desk that several people use."""

    def __init__(self) -> None:
        self.client = Client(enforce_csrf_checks=True)
        self.page = ""

    def _answer(self, answer: Any) -> int:
        self.page = answer.content.decode()
        self.status: int = answer.status_code
        return self.status

    def opens(self, address: str) -> int:
        return self._answer(self.client.get(address))

    def signs_in(self, who: User, **more: str) -> int:
        """Fill in the sign-in form that is shown, or the one at its own address."""
        if 'name="password"' not in self.page:
            self.opens("/login/")
        sent = {"email": who.email, "password": PASSWORD, "csrfmiddlewaretoken": self.token(), **more}
        if 'name="carried"' in self.page:
            sent["carried"] = hidden(self.page, "carried")
        return self._answer(self.client.post("/login/", sent, **HERE))

    def token(self) -> str:
        return hidden(self.page, "csrfmiddlewaretoken")

    def sends(self, address: str, fields: dict[str, str], token: str = "", **headers: str) -> int:
        fields = {**fields, "csrfmiddlewaretoken": token or self.token()}
        return self._answer(self.client.post(address, fields, **(headers or HERE)))

    def says_yes(self, **more: str) -> int:
        sent = {"carried": hidden(self.page, "carried"), "csrfmiddlewaretoken": self.token(), **more}
        return self._answer(self.client.post("/login/", sent, **HERE))

    def loses_the_session(self, how: str) -> None:
        if how == "row expired":
            Session.objects.update(expire_date=timezone.now() - dt.timedelta(days=1))
        elif how == "row gone":
            Session.objects.all().delete()
        else:
            del self.client.cookies["sessionid"]


@pytest.fixture
def browser(cast: Cast) -> Browser:
    return Browser()


@pytest.fixture
def check(cast: Cast) -> FactCheck:
    return published(cast)


def status_of(check: FactCheck) -> str:
    return FactCheck.objects.get(pk=check.pk).status


SUSPENSION = {"note": "We doubt the count."}
ENDS = pytest.mark.parametrize("how", ["row expired", "row gone", "cookie gone"])
WAYS = pytest.mark.parametrize("headers", [HERE, HTMX], ids=["plain", "htmx"])


@ENDS
@WAYS
def test_who_typed_it_signs_in_again_and_it_is_done(
    how: str, headers: dict[str, str], cast: Cast, check: FactCheck, browser: Browser
) -> None:
    browser.signs_in(cast.carla)
    browser.opens(f"/factchecks/{check.pk}/")
    browser.loses_the_session(how)
    assert browser.sends(f"/factchecks/{check.pk}/suspend/", SUSPENSION, **headers) == 401
    assert status_of(check) == "live"
    assert browser.signs_in(cast.carla) == 303
    assert status_of(check) == "suspended"
    event = AuditEvent.objects.filter(verb__contains="suspen").latest("pk")
    assert event.actor_id == cast.carla.pk


@ENDS
@WAYS
def test_somebody_else_signs_in_and_is_asked_in_words(
    how: str, headers: dict[str, str], cast: Cast, check: FactCheck, browser: Browser
) -> None:
    browser.signs_in(cast.ada)
    browser.opens(f"/factchecks/{check.pk}/")
    browser.loses_the_session(how)
    browser.sends(f"/factchecks/{check.pk}/suspend/", SUSPENSION, **headers)
    assert browser.signs_in(cast.carla) == 409
    assert status_of(check) == "live"
    assert f"Suspend published fact check {check.pk}" in browser.page
    assert "We doubt the count." in browser.page
    assert "somebody else" in browser.page
    assert "carla@desk.example" in browser.page
    # Only a second, deliberate sending does it, in her own name.
    assert browser.says_yes() == 303
    assert status_of(check) == "suspended"


@pytest.mark.parametrize(("who", "status"), [("carla", 303), ("ben", 409)])
def test_forms_of_the_admin_know_who_typed_them(
    who: str, status: int, cast: Cast, check: FactCheck, browser: Browser
) -> None:
    browser.signs_in(cast.carla)
    browser.opens(f"/admin/claims/claim/{check.claim_id}/change/")
    browser.loses_the_session("cookie gone")
    browser.sends(f"/factchecks/{check.pk}/suspend/", SUSPENSION)
    assert browser.signs_in(getattr(cast, who)) in (status, 302)
    assert status_of(check) == ("suspended" if who == "carla" else "live")


def test_whom_nobody_knows_is_asked_about(cast: Cast, check: FactCheck, browser: Browser) -> None:
    browser.opens("/login/")
    browser.sends(f"/factchecks/{check.pk}/suspend/", SUSPENSION)
    assert browser.signs_in(cast.carla) == 409
    assert "while nobody was signed in" in browser.page
    assert status_of(check) == "live"
    browser.says_yes()
    assert status_of(check) == "suspended"


def test_a_page_from_before_the_last_sign_in_proves_nobody(
    cast: Cast, check: FactCheck, browser: Browser
) -> None:
    """Ada's page lies open; Carla comes and goes; Ada's page is sent, and Carla signs in once more."""
    browser.signs_in(cast.ada)
    browser.opens(f"/factchecks/{check.pk}/")
    of_ada = browser.token()
    browser.client.post("/logout/", {"csrfmiddlewaretoken": of_ada}, **HERE)
    browser.page = ""
    browser.signs_in(cast.carla)
    browser.opens("/desk/north/")
    browser.loses_the_session("cookie gone")
    assert browser.sends(f"/factchecks/{check.pk}/suspend/", SUSPENSION, token=of_ada) == 401
    assert browser.signs_in(cast.carla) == 409
    assert status_of(check) == "live"


def test_a_page_of_somebody_else_is_asked_about_while_one_is_signed_in(
    cast: Cast, check: FactCheck, browser: Browser
) -> None:
    browser.signs_in(cast.ada)
    browser.opens(f"/factchecks/{check.pk}/")
    of_ada = browser.token()
    browser.client.post("/logout/", {"csrfmiddlewaretoken": of_ada}, **HERE)
    browser.page = ""
    browser.signs_in(cast.carla)
    assert browser.sends(f"/factchecks/{check.pk}/suspend/", SUSPENSION, token=of_ada) == 403
    assert "Suspend published fact check" in browser.page
    assert status_of(check) == "live"
    assert browser.says_yes() == 303
    assert status_of(check) == "suspended"


def test_the_question_is_for_the_one_who_was_asked(cast: Cast, check: FactCheck, browser: Browser) -> None:
    browser.opens("/login/")
    browser.sends(f"/factchecks/{check.pk}/suspend/", SUSPENSION)
    browser.signs_in(cast.ada)
    asked_ada = hidden(browser.page, "carried")
    second = Browser()
    second.signs_in(cast.carla)
    second.opens("/desk/north/")
    sent = {"carried": asked_ada, "csrfmiddlewaretoken": second.token()}
    answer = second.client.post("/login/", sent, **HERE)
    assert answer.status_code == 409
    assert status_of(check) == "live"


def test_rights_are_of_who_says_yes(cast: Cast, check: FactCheck, browser: Browser) -> None:
    browser.opens("/login/")
    browser.sends(f"/factchecks/{check.pk}/suspend/", SUSPENSION)
    browser.signs_in(cast.ada)
    assert browser.says_yes() == 403
    assert status_of(check) == "live"


def test_a_form_is_sent_once(cast: Cast, browser: Browser) -> None:
    browser.signs_in(cast.ada)
    browser.opens("/desk/north/")
    browser.loses_the_session("cookie gone")
    browser.sends("/desk/north/add/", {"what": builders.HARBOUR})
    carried = hidden(browser.page, "carried")
    assert browser.signs_in(cast.ada) == 303
    assert Document.objects.count() == 1
    browser.opens("/desk/north/")
    sent = {"carried": carried, "csrfmiddlewaretoken": browser.token()}
    again = browser.client.post("/login/", sent, **HERE)
    assert again.status_code == 303
    assert "sent already" in browser.client.get("/desk/north/").content.decode()
    assert AuditEvent.objects.filter(verb__startswith="document").count() == 1


def test_a_form_that_was_refused_can_be_sent_again(cast: Cast, browser: Browser) -> None:
    browser.signs_in(cast.ada)
    browser.opens("/desk/north/")
    browser.loses_the_session("cookie gone")
    browser.sends("/desk/north/add/", {"what": " "})
    assert browser.signs_in(cast.ada) >= 400
    assert not SentForm.objects.exists()


def test_two_processes_cannot_send_the_same_form() -> None:
    assert sent_forms.send_once(mark="a")
    assert not sent_forms.send_once(mark="a")
    assert sent_forms.send_once(mark="b")


def test_marks_are_purged_when_their_forms_are_too_old(now: Any) -> None:
    sent_forms.send_once(mark="old", now=now - sent_forms.KEPT - dt.timedelta(hours=1))
    sent_forms.send_once(mark="new", now=now)
    assert sent_forms.purge_sent_forms(now=now) == 1
    assert list(SentForm.objects.values_list("mark", flat=True)) == ["new"]


@pytest.mark.parametrize("harm", ["cut", "changed", "other signature", "old shape"])
def test_a_tampered_form_does_nothing(harm: str, cast: Cast, check: FactCheck, browser: Browser) -> None:
    browser.signs_in(cast.carla)
    browser.opens(f"/factchecks/{check.pk}/")
    browser.loses_the_session("cookie gone")
    browser.sends(f"/factchecks/{check.pk}/suspend/", SUSPENSION)
    carried = hidden(browser.page, "carried")
    path, fields = f"/factchecks/{check.pk}/suspend/", [("note", "We doubt the count.")]
    harmed = {
        "cut": carried[:-1],
        "changed": "A" + carried[1:] if carried[0] != "A" else "B" + carried[1:],
        "other signature": signing.dumps([path, fields, cast.carla.pk, "", "m"], salt="claims.login-link"),
        "old shape": signing.dumps([path, fields], salt=resumed_forms._SALT, compress=True),
    }[harm]
    sent = {"email": cast.carla.email, "password": PASSWORD, "carried": harmed}
    answer = browser.client.post("/login/", {**sent, "csrfmiddlewaretoken": browser.token()}, **HERE)
    assert answer.status_code == 303
    assert status_of(check) == "live"
    assert "could not be carried over" in browser.client.get("/desk/north/").content.decode()


def test_a_forged_mark_names_nobody(cast: Cast, check: FactCheck, browser: Browser) -> None:
    browser.signs_in(cast.ada)
    browser.opens(f"/factchecks/{check.pk}/")
    value = browser.client.cookies["typist"].value
    forged = signing.dumps([cast.carla.pk, "0" * 32, "north"], salt="something else")
    for mark in (forged, value[:-2], "", "x"):
        other = Browser()
        other.client.cookies["typist"] = mark
        other.opens("/login/")
        other.sends(f"/factchecks/{check.pk}/suspend/", SUSPENSION)
        assert other.signs_in(cast.carla) == 409
    # A true mark with the form token of another browser names nobody either.
    thief = Browser()
    thief.client.cookies["typist"] = value
    thief.opens("/login/")
    thief.sends(f"/factchecks/{check.pk}/suspend/", SUSPENSION)
    assert thief.signs_in(cast.ada) == 409
    assert status_of(check) == "live"


def test_a_mark_is_never_part_of_a_page_that_others_may_keep(cast: Cast, browser: Browser) -> None:
    browser.signs_in(cast.ada)
    del browser.client.cookies["typist"]
    for address in ("/feeds/feed.json", "/feeds/verdicts.csv", "/"):
        answer = browser.client.get(address)
        assert "public" not in answer.get("Cache-Control", "") or "typist" not in answer.cookies


@pytest.fixture
def shared(cast: Cast) -> Document:
    """An article in an archive that both desks of Gus read."""
    document = builders.article(cast).document
    archive = Archive.objects.create(slug="shared", name="Shared")
    archive.readers.add(cast.desk, cast.other_desk)
    Document.objects.filter(pk=document.pk).update(archive=archive)
    for role in (Role.FACT_CHECKER,):
        Membership.objects.create(desk=cast.other_desk, user=cast.ada, role=role)
    return document


def desk_of_last(verb: str) -> int | None:
    return AuditEvent.objects.filter(verb__startswith=verb).latest("pk").desk_id


@pytest.mark.parametrize("slug", ["north", "south"])
def test_it_is_done_at_the_desk_where_it_was_typed(
    slug: str, cast: Cast, shared: Document, browser: Browser
) -> None:
    browser.signs_in(cast.ada)
    browser.opens(f"/desk/{slug}/")
    browser.opens(f"/documents/{shared.pk}/")
    browser.loses_the_session("cookie gone")
    browser.sends(f"/documents/{shared.pk}/finish/", {})
    browser.signs_in(cast.ada)
    meant = cast.desk if slug == "north" else cast.other_desk
    assert desk_of_last("document.finished") == meant.pk


def test_who_works_at_two_desks_is_asked_at_which(cast: Cast, shared: Document, browser: Browser) -> None:
    browser.opens("/login/")
    browser.sends(f"/documents/{shared.pk}/finish/", {})
    assert browser.signs_in(cast.ada) == 409
    assert "At which desk?" in browser.page
    browser.says_yes(act_desk="south")
    assert desk_of_last("document.finished") == cast.other_desk.pk


def test_every_address_that_takes_forms_has_its_words() -> None:
    public = {"login", "login-link", "logout"}
    # The API answers 401 and carries nothing.
    forms = {line.name for line in TABLE if line.send is not None and not line.name.startswith("api-")}
    takes_forms = forms - public
    assert takes_forms - set(WORDS) == set()
    in_admin = {name for name in WORDS if name.startswith("claims_")}
    assert set(WORDS) - in_admin - set(names(get_resolver().url_patterns)) == set()


@pytest.mark.parametrize("headers", [HERE, HTMX], ids=["plain", "htmx"])
def test_what_a_page_sends_for_somebody_else_is_asked_about_although_its_token_is_fresh(
    headers: dict[str, str], cast: Cast, check: FactCheck, browser: Browser
) -> None:
    """The script gives a form the newest token of the browser: it must not make it another person's act."""
    browser.signs_in(cast.carla)
    browser.opens(f"/factchecks/{check.pk}/")
    typed = {**SUSPENSION, MADE_FOR: str(cast.ada.pk)}
    assert browser.sends(f"/factchecks/{check.pk}/suspend/", typed, **headers) == 403
    assert status_of(check) == "live"
    assert "We doubt the count." in browser.page
    assert str(cast.ada.pk) not in re.findall(r"<dd><pre[^>]*>([^<]*)", browser.page)
    assert browser.says_yes() == 303
    assert status_of(check) == "suspended"


@pytest.mark.parametrize("made_for", ["", "{own}"])
def test_ones_own_page_is_never_asked_about(
    made_for: str, cast: Cast, check: FactCheck, browser: Browser
) -> None:
    browser.signs_in(cast.carla)
    browser.opens(f"/factchecks/{check.pk}/")
    typed = {**SUSPENSION, MADE_FOR: made_for.format(own=cast.carla.pk)}
    assert browser.sends(f"/factchecks/{check.pk}/suspend/", typed) == 303
    assert status_of(check) == "suspended"


def test_words_kept_by_themselves_are_never_kept_for_somebody_else(cast: Cast, browser: Browser) -> None:
    _claim, review, _source = ready(cast)
    browser.signs_in(cast.ben)
    browser.opens(f"/claims/{review.claim_id}/")
    address, token = f"/reviews/{review.pk}/draft/", browser.token()
    other = {"HTTP_X_PERSON": str(cast.ada.pk), "HTTP_X_AUTOSAVE": "1", **HERE}
    assert browser.sends(address, {"headline": "Words of Ada"}, token, **other) == 409
    # A page that goes can send no headers, only fields.
    assert browser.sends(address, {"headline": "Words of Ada", MADE_FOR: str(cast.ada.pk)}, token) == 403
    assert not VerdictDraft.objects.exists()


def test_words_kept_by_themselves_wait_for_the_sign_in_on_their_own_page(
    cast: Cast, browser: Browser
) -> None:
    _claim, review, _source = ready(cast)
    browser.signs_in(cast.ada)
    browser.opens(f"/claims/{review.claim_id}/")
    browser.loses_the_session("row gone")
    headers = {"HTTP_X_AUTOSAVE": "1", **HTMX}
    assert browser.sends(f"/reviews/{review.pk}/draft/", {"headline": "Half a"}, **headers) == 401
    # A part with one form, which the page shows beside what is typed.
    assert "<html" not in browser.page
    assert browser.page.count("<form") == 1
