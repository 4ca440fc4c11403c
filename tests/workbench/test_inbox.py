"""The inbox page: one list of everything one was told, by hand and by key, without a script."""

from __future__ import annotations

import re

import pytest

from claims.actions.claims import changes
from claims.actions.discussion.notes import withdraw_note, write_note
from claims.actions.review import bulk_acts, selections
from claims.models import Notice
from tests import builders
from tests.people import Cast
from tests.workbench import desk_pages as pages

pytestmark = pytest.mark.django_db
INBOX = "/desk/north/inbox/"


def test_notes_single_acts_and_acts_on_many_stand_in_one_list(cast: Cast) -> None:
    one, two = builders.claim(cast), builders.claim(cast)
    write_note(actor=cast.carla, claim=one, text="@Ben, look.")
    changes.assign(actor=cast.carla, review=one.reviews.get(), to=cast.ben)
    kept = selections.select(actor=cast.carla, desk=cast.desk, claims=[two.pk])
    act = bulk_acts.preview(actor=cast.carla, selection=kept, action="assign", to=cast.ben)
    bulk_acts.start(actor=cast.carla, act=act)
    client = pages.signed_in(cast.ben)
    page = client.get(INBOX).content.decode()
    assert page.count('<li id="i') == 3
    assert page.count("Carla has given you 1 claim.") >= 2
    assert "Carla has written to you." in page
    assert "@Ben, look." in page
    for path in ("/desk/north/",):
        assert "Carla has written to you." in client.get(path).content.decode()
    assert "has written" not in pages.signed_in(cast.ada).get(INBOX).content.decode()


def test_opening_marks_as_read_and_leads_to_the_note(cast: Cast) -> None:
    claim = builders.claim(cast)
    note = write_note(actor=cast.carla, claim=claim, text="@Ben, look.")
    client = pages.signed_in(cast.ben)
    pk = Notice.objects.get().pk
    answer = client.post(f"/notices/{pk}/seen/", {"to": "open", "next": INBOX})
    assert answer["Location"] == f"/claims/{claim.pk}/#n{note.pk}"
    assert "You have read everything." in client.get(INBOX).content.decode()
    page = client.get(INBOX + "?show=all").content.decode()
    assert "Keep as unread" in page
    client.post(f"/notices/{pk}/seen/", {"to": "unread"})
    assert "Carla has written to you." in client.get(INBOX).content.decode()


def test_all_is_marked_as_read_up_to_what_was_shown(cast: Cast) -> None:
    claim = builders.claim(cast)
    write_note(actor=cast.carla, claim=claim, text="@Ben, one.")
    client = pages.signed_in(cast.ben)
    upto = re.search(r'name="upto" value="(\d+)"', client.get(INBOX).content.decode())
    assert upto is not None
    write_note(actor=cast.carla, claim=claim, text="@Ben, two.")
    client.post(f"{INBOX}seen/", {"upto": upto.group(1)})
    page = client.get(INBOX).content.decode()
    assert "@Ben, two." in page
    assert "@Ben, one." not in page
    assert client.post(f"{INBOX}seen/", {"upto": "nonsense"}).status_code == 303


def test_a_withdrawn_note_leaves_the_inbox(cast: Cast) -> None:
    note = write_note(actor=cast.carla, claim=builders.claim(cast), text="@Ben, he lied.")
    Notice.objects.update(seen_at=note.created_at)
    withdraw_note(actor=cast.carla, note=note)
    assert "he lied" not in pages.signed_in(cast.ben).get(INBOX + "?show=all").content.decode()


def test_mail_and_feed_are_chosen_there(cast: Cast) -> None:
    client = pages.signed_in(cast.ben)
    assert client.post(f"{INBOX}telling/", {"told_by_mail": "digest", "digest_hour": "7"}).status_code == 303
    cast.ben.refresh_from_db()
    assert (cast.ben.told_by_mail, cast.ben.digest_hour) == ("digest", 7)
    assert client.post(f"{INBOX}telling/", {"told_by_mail": "digest", "digest_hour": "24"}).status_code == 422
    assert "/atom.xml" not in client.get(INBOX).content.decode()
    client.post(f"{INBOX}feed/")
    found = re.search(r"http[^<]*?(/inbox/[^<]*/atom\.xml)", client.get(INBOX).content.decode())
    assert found is not None
    assert client.get(found.group(1)).status_code == 200
