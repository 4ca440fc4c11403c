"""One's own account: another password, where one is signed in, and a new password by a mailed link."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims.actions.desk import open_sessions, passwords, purge, sign_in_gate
from claims.actions.desk.accounts import deactivate, login_link
from claims.models import AuditEvent, Job, OpenSession, User
from claims.tasks.base import drain
from tests.people import PASSWORD, Cast

pytestmark = pytest.mark.django_db
BrowserOf = Callable[..., Client]
NEW = "another quite long password"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.0 Mobile/15E148 Safari/604.1"
)


@pytest.fixture
def mailing(settings: Any) -> None:
    settings.MAIL = True


def signed_in(
    email: str, agent: str = FIREFOX, address: str = "192.0.2.77", password: str = PASSWORD
) -> Client:
    client = Client(HTTP_USER_AGENT=agent, REMOTE_ADDR=address)
    assert client.post("/login/", {"email": email, "password": password}).status_code == 303
    return client


def is_in(client: Client) -> bool:
    return client.get("/profile/").status_code == 200


def change(client: Client, current: str = PASSWORD, new: str = NEW, again: str | None = None) -> Any:
    sent = {"current_password": current, "new_password": new, "new_password_again": again or new}
    return client.post("/profile/password/", sent)


def mailed_path() -> str:
    found = re.search(r"https?://[^/\s]+(/login/reset/\S+)", str(mail.outbox[-1].body))
    assert found
    return found.group(1)


def ask(email: str, client: Client | None = None) -> Any:
    return (client or Client()).post("/login/forgotten/", {"email": email})


def set_by_link(path: str, new: str = NEW, client: Client | None = None) -> Any:
    return (client or Client()).post(path, {"new_password": new, "new_password_again": new})


class TestChanging:
    def test_the_new_password_counts_and_the_old_one_no_more(self, cast: Cast) -> None:
        assert change(signed_in(cast.ada.email)).status_code == 303
        ada = User.objects.get(pk=cast.ada.pk)
        assert ada.check_password(NEW)
        assert not ada.check_password(PASSWORD)
        assert AuditEvent.objects.filter(verb="person.password_changed", object_id=ada.pk).count() == 1

    def test_this_session_goes_on_and_all_others_and_links_end(self, cast: Cast) -> None:
        here, there = signed_in(cast.ada.email), signed_in(cast.ada.email, PHONE)
        assert is_in(there)
        change(here)
        link = login_link(actor=cast.dana, desk=cast.desk, user=User.objects.get(pk=cast.ada.pk))
        assert is_in(here)
        assert not is_in(there)
        change(here, current=NEW, new="one more of these passwords")
        assert Client().post(link).status_code == 410

    def test_a_wrong_one_is_refused_and_counts_in_the_gate(self, cast: Cast) -> None:
        client = signed_in(cast.ada.email)
        answers = [change(client, current="not this one").status_code for _try in range(7)]
        assert answers[0] == 422
        assert answers[-1] == 429
        assert "/login/?" in Client().get("/profile/password/")["Location"]
        assert User.objects.get(pk=cast.ada.pk).check_password(PASSWORD)

    @pytest.mark.parametrize(
        ("new", "again", "words"),
        [
            ("short", None, "too short"),
            ("password1234", None, "too common"),
            (NEW, NEW + "x", "not the same"),
        ],
    )
    def test_what_is_no_good_is_said(self, new: str, again: str | None, words: str, cast: Cast) -> None:
        answer = change(signed_in(cast.ada.email), new=new, again=again)
        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert User.objects.get(pk=cast.ada.pk).check_password(PASSWORD)

    def test_somebody_without_a_password_sets_the_first_just_after_signing_in(self, cast: Cast) -> None:
        cast.ada.set_unusable_password()
        cast.ada.save()
        client = Client()
        client.post(login_link(actor=cast.dana, desk=cast.desk, user=cast.ada))
        session = client.session
        session[passwords.SIGNED_IN] -= 3600
        session.save()
        late = client.post("/profile/password/", {"new_password": NEW, "new_password_again": NEW})
        assert late.status_code == 422
        assert "Sign out and in again" in late.content.decode()
        session[passwords.SIGNED_IN] += 3600
        session.save()
        done = client.post("/profile/password/", {"new_password": NEW, "new_password_again": NEW})
        assert done.status_code == 303
        assert User.objects.get(pk=cast.ada.pk).check_password(NEW)


class TestSessions:
    def test_each_place_is_told_in_words_and_this_one_is_marked(self, cast: Cast) -> None:
        here, there = signed_in(cast.ada.email), signed_in(cast.ada.email, PHONE, "2001:db8:1:2::3")
        there.get("/profile/")
        page = here.get("/profile/sessions/").content.decode()
        assert "Firefox on Linux" in page
        assert "Safari on iPhone" in page
        assert "192.0.2.0/24" in page
        assert "192.0.2.77" not in page
        assert "2001:db8:1::/48" in page
        assert page.count("this one") == 1
        assert page.index("Firefox on Linux") < page.index("this one")

    def test_ending_one_ends_it_at_once(self, cast: Cast) -> None:
        here, there = signed_in(cast.ada.email), signed_in(cast.ada.email, PHONE)
        there.get("/profile/")
        row = OpenSession.objects.get(device="Safari on iPhone")
        assert here.post(f"/profile/sessions/{row.pk}/end/").status_code == 303
        assert not is_in(there)
        assert is_in(here)
        assert "iPhone" not in here.get("/profile/sessions/").content.decode()
        assert AuditEvent.objects.filter(verb="session.ended", actor_id=cast.ada.pk).count() == 1

    def test_this_one_is_ended_by_signing_out(self, cast: Cast) -> None:
        here = signed_in(cast.ada.email)
        here.get("/profile/")
        assert here.post(f"/profile/sessions/{OpenSession.objects.get().pk}/end/").status_code == 422
        assert is_in(here)

    def test_nobody_ends_the_session_of_another(self, cast: Cast) -> None:
        theirs, mine = signed_in(cast.ben.email), signed_in(cast.ada.email)
        theirs.get("/profile/")
        row = OpenSession.objects.get(user=cast.ben)
        assert mine.post(f"/profile/sessions/{row.pk}/end/").status_code == 404
        assert is_in(theirs)

    def test_ending_all_others_ends_those_that_are_not_listed_and_links_too(self, cast: Cast) -> None:
        here, there, unlisted = (signed_in(cast.ada.email) for _place in range(3))
        link = login_link(actor=cast.dana, desk=cast.desk, user=cast.ada)
        for client in (here, there):
            client.get("/profile/")
        OpenSession.objects.filter(session_key=unlisted.session.session_key).delete()
        assert here.post("/profile/sessions/end/").status_code == 303
        assert is_in(here)
        assert not is_in(there)
        assert not is_in(unlisted)
        assert Client().post(link).status_code == 410
        assert AuditEvent.objects.filter(verb="session.others_ended").count() == 1

    def test_a_row_is_written_at_signing_in_and_then_hourly_at_most(self, cast: Cast) -> None:
        client = signed_in(cast.ada.email)
        first = OpenSession.objects.get()
        client.get("/help/keys/")
        assert OpenSession.objects.get().last_seen == first.last_seen
        session = client.session
        session["seen"] = [session["seen"][0] - 3700, session["seen"][1]]
        session.save()
        client.get("/help/keys/")
        later = OpenSession.objects.get()
        assert later.last_seen > first.last_seen
        assert later.created_at == first.created_at

    def test_the_place_stays_one_row_when_its_password_is_changed(self, cast: Cast) -> None:
        client = signed_in(cast.ada.email)
        client.get("/profile/")
        first = OpenSession.objects.get()
        change(client)
        client.get("/profile/")
        row = OpenSession.objects.get()
        assert row.session_key == client.session.session_key != first.session_key
        assert row.created_at == first.created_at

    def test_rows_of_sessions_that_are_gone_are_purged_and_others_stay(self, cast: Cast) -> None:
        gone, stays = signed_in(cast.ada.email), signed_in(cast.ben.email)
        for client in (gone, stays):
            client.get("/profile/")
        Session.objects.filter(session_key=gone.session.session_key).delete()
        OpenSession.objects.update(last_seen=timezone.now() - dt.timedelta(hours=2))
        purge.purge_by_time()
        drain()
        assert list(OpenSession.objects.values_list("user", flat=True)) == [cast.ben.pk]

    @pytest.mark.parametrize(
        ("agent", "words"),
        [
            (FIREFOX, "Firefox on Linux"),
            (PHONE, "Safari on iPhone"),
            ("Mozilla/5.0 (Windows NT 10.0; Win64) Chrome/131.0 Safari/537.36 Edg/131.0", "Edge on Windows"),
            ("Mozilla/5.0 (Linux; Android 15) Chrome/131.0 Mobile Safari/537.36", "Chrome on Android"),
            ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14_7) Version/18.1 Safari/605.1", "Safari on macOS"),
            ("something else", ""),
            ("", ""),
        ],
    )
    def test_browsers_in_words(self, agent: str, words: str) -> None:
        assert open_sessions.device_in_words(agent) == words

    @pytest.mark.parametrize(
        ("address", "network"),
        [("192.0.2.77", "192.0.2.0/24"), ("2001:db8:1:2::3", "2001:db8:1::/48"), ("", ""), ("x", "")],
    )
    def test_networks_are_told_coarsely(self, address: str, network: str) -> None:
        assert open_sessions.coarse_network(address) == network


@pytest.mark.usefixtures("mailing")
class TestForgotten:
    def test_a_link_is_mailed_by_the_worker_and_sets_the_password_once(self, cast: Cast) -> None:
        assert ask("Ada@Desk.example").status_code == 200
        assert mail.outbox == []
        drain()
        (message,) = mail.outbox
        assert message.to == [cast.ada.email]
        path = mailed_path()
        assert "For Ada" in Client().get(path).content.decode()
        assert set_by_link(path).status_code == 303
        assert User.objects.get(pk=cast.ada.pk).check_password(NEW)
        assert AuditEvent.objects.filter(verb="person.password_reset", object_id=cast.ada.pk).count() == 1
        again = set_by_link(path, "yet another long password")
        assert again.status_code == 410
        assert "has been used or is too old" in again.content.decode()
        drain()
        assert "was changed" in mail.outbox[-1].subject

    def test_it_signs_nobody_in_and_ends_sessions_and_links(self, cast: Cast) -> None:
        there = signed_in(cast.ada.email)
        link = login_link(actor=cast.dana, desk=cast.desk, user=User.objects.get(pk=cast.ada.pk))
        ask(cast.ada.email)
        drain()
        client = Client()
        set_by_link(mailed_path(), client=client)
        assert not is_in(client)
        assert not is_in(there)
        assert Client().post(link).status_code == 410
        assert is_in(signed_in(cast.ada.email, password=NEW))

    @pytest.mark.parametrize("email", ["nobody@elsewhere.example", "closed", "not even an address"])
    def test_an_unknown_address_gets_the_same_answer_and_the_same_job(self, email: str, cast: Cast) -> None:
        if email == "closed":
            deactivate(actor=cast.dana, desk=cast.desk, user=cast.eli)
            email = cast.eli.email
        known, unknown = ask(cast.ada.email), ask(email)
        words = [re.sub(r'value="[^"]*"', "", answer.content.decode()) for answer in (known, unknown)]
        assert words[0] == words[1]
        assert known.status_code == unknown.status_code == 200
        first, second = Job.objects.filter(kind="account_mail").order_by("pk")
        assert set(first.arguments) == set(second.arguments)
        assert (first.queue, first.desk, first.subject) == (second.queue, second.desk, second.subject)
        drain()
        assert [message.to for message in mail.outbox] == [[cast.ada.email]]

    def test_the_same_number_of_queries_for_both(self, cast: Cast) -> None:
        counts = []
        for email in (cast.ada.email, "nobody@elsewhere.example"):
            with CaptureQueriesContext(
                connection,
            ) as asked:
                ask(email)
            counts.append(len(asked))
        assert counts[0] == counts[1]

    def test_the_gate_stands_in_front_for_both(self, cast: Cast) -> None:
        for email in (cast.ada.email, "nobody@elsewhere.example"):
            answers = [ask(email) for _try in range(sign_in_gate.ACCOUNT.free + 1)]
            assert [answer.status_code for answer in answers] == [200] * sign_in_gate.ACCOUNT.free + [429]
            assert int(answers[-1]["Retry-After"]) > 0
        # Asking for links keeps nobody from signing in.
        assert is_in(signed_in(cast.ada.email))

    @pytest.mark.parametrize("meanwhile", ["hour", "password", "closed", "signed in", "ended"])
    def test_a_link_ends_when_the_account_moves_on(self, meanwhile: str, cast: Cast, settings: Any) -> None:
        ask(cast.eli.email)
        drain()
        path = mailed_path()
        if meanwhile == "hour":
            settings.PASSWORD_RESET_TIMEOUT = -1
        elif meanwhile == "password":
            change(signed_in(cast.eli.email), new="the password of another day")
        elif meanwhile == "closed":
            deactivate(actor=cast.dana, desk=cast.desk, user=cast.eli)
        elif meanwhile == "signed in":
            signed_in(cast.eli.email)
        else:
            client = signed_in(cast.eli.email)
            client.post("/profile/sessions/end/")
        assert Client().get(path).status_code == 410
        assert set_by_link(path).status_code == 410
        assert not User.objects.get(pk=cast.eli.pk).check_password(NEW)

    @pytest.mark.parametrize("damage", ["/login/reset/zzzzzzzzzzzzzzzz/x-y/", "/login/reset/!/x/"])
    def test_a_damaged_link_is_said_to_be_one(self, damage: str, cast: Cast) -> None:
        assert Client().get(damage).status_code == 410

    def test_a_weak_password_is_refused_and_the_link_still_works(self, cast: Cast) -> None:
        ask(cast.ada.email)
        drain()
        path = mailed_path()
        assert set_by_link(path, "short").status_code == 422
        assert set_by_link(path).status_code == 303

    def test_a_mail_server_that_is_away_is_tried_again(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def away(*_given: Any, **_named: Any) -> None:
            raise ConnectionRefusedError("no mail server")

        ask(cast.ada.email)
        with monkeypatch.context() as patched:
            patched.setattr("django.core.mail.message.EmailMessage.send", away)
            drain()
        job = Job.objects.get(kind="account_mail")
        assert job.status == Job.Status.QUEUED
        assert "no mail server" in job.error
        Job.objects.filter(pk=job.pk).update(run_after=timezone.now())
        drain()
        assert len(mail.outbox) == 1


class TestWithoutMail:
    def test_the_sign_in_page_says_whom_to_ask_and_offers_no_link(self, cast: Cast) -> None:
        page = Client().get("/login/").content.decode()
        assert "An administrator of your desk can make you a login link" in page
        assert "/login/forgotten/" not in page

    def test_asking_all_the_same_does_nothing(self, cast: Cast) -> None:
        answer = ask(cast.ada.email)
        assert answer.status_code == 422
        assert "No mail is set up here" in answer.content.decode()
        assert not Job.objects.filter(kind="account_mail").exists()

    @pytest.mark.usefixtures("mailing")
    def test_with_mail_the_link_is_there(self, cast: Cast) -> None:
        assert "/login/forgotten/" in Client().get("/login/").content.decode()
