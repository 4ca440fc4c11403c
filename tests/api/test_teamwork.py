"""Notes and panels by programs: the same readers, writers and refusals as on the pages."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from claims.actions.desk.api_keys import make_key
from claims.actions.desk.settings import change_desk
from claims.actions.discussion.notes import write_note
from claims.actions.documents import intake
from claims.actions.review.panels import ask_panel, end_panel
from claims.models import ApiKey, AuditEvent, DeskNote, Document, Notice, Opinion, Panel, Rating, User
from tests.builders import article
from tests.checks_made import checked_claim, current
from tests.people import Cast

pytestmark = pytest.mark.django_db


def key(cast: Cast, holder: User, *scopes: str) -> dict[str, str]:
    row, text = make_key(actor=cast.dana, desk=cast.desk, name="script", scopes=list(scopes))
    ApiKey.objects.filter(pk=row.pk).update(user=holder)
    return {"HTTP_AUTHORIZATION": f"Bearer {text}"}


def call(method: str, path: str, status: int, data: Any = None, **headers: Any) -> Any:
    sent = {"data": data, "content_type": "application/json"} if data is not None else {}
    response = getattr(Client(), method)(f"/api/v1/{path}", **sent, **headers)
    assert response.status_code == status, response.content
    return response.json()


def test_a_note_is_written_read_changed_and_withdrawn(cast: Cast) -> None:
    claim = checked_claim(cast)
    mine = key(cast, cast.ada, "read", "write")
    made = call("post", "notes/", 201, {"claim": claim.pk, "text": "@Ben, look at the count."}, **mine)
    assert (made["author"], made["claim"], made["mentions"]) == ("Ada", claim.pk, [[0, 4, cast.ben.pk]])
    assert Notice.objects.filter(user=cast.ben, kind=Notice.Kind.MENTIONED).count() == 1
    assert AuditEvent.objects.get(verb="note.written").via == "api"
    changed = call("patch", f"notes/{made['id']}/", 200, {"text": "Look again.", "version": 1}, **mine)
    assert (changed["text"], changed["version"]) == ("Look again.", 2)
    call("patch", f"notes/{made['id']}/", 409, {"text": "And again.", "version": 1}, **mine)
    gone = call("delete", f"notes/{made['id']}/", 200, **mine)
    assert (gone["text"], gone["withdrawn_at"] is not None) == ("", True)
    listed = call("get", f"notes/?claim={claim.pk}", 200, **key(cast, cast.ben, "read"))["results"]
    assert [row["text"] for row in listed] == [""]


def test_scopes_are_those_of_every_other_address(cast: Cast) -> None:
    claim = checked_claim(cast)
    note = write_note(actor=cast.ada, claim=claim, text="Look.")
    reads, writes = key(cast, cast.ada, "read"), key(cast, cast.ada, "write")
    for method, path in (("post", "notes/"), ("patch", f"notes/{note.pk}/"), ("delete", f"notes/{note.pk}/")):
        call(method, path, 403, {"claim": claim.pk, "text": "x"}, **reads)
        call(method, path, 401, {"claim": claim.pk, "text": "x"})
    call("get", "notes/", 403, **writes)
    assert DeskNote.objects.get().version == 1


def test_only_its_author_changes_a_note(cast: Cast) -> None:
    note = write_note(actor=cast.ada, claim=checked_claim(cast), text="Look.")
    others = key(cast, cast.carla, "read", "write")
    call("patch", f"notes/{note.pk}/", 403, {"text": "Mine."}, **others)
    call("delete", f"notes/{note.pk}/", 403, **others)
    assert DeskNote.objects.get().text == "Look."


def test_another_desk_and_a_source_for_named_people_are_not_there(cast: Cast) -> None:
    claim, added = checked_claim(cast), article(cast)
    notes = [
        write_note(actor=cast.ada, claim=claim, text="On the claim."),
        write_note(actor=cast.ada, document=added.document, desk=cast.desk, text="On the article."),
    ]
    intake.set_metadata(
        actor=cast.ada, document=added.document, visibility=Document.Visibility.NAMED, named=[cast.ada]
    )
    ben = key(cast, cast.ben, "read", "write")
    assert [row["id"] for row in call("get", "notes/", 200, **ben)["results"]] == [notes[0].pk]
    call("get", f"notes/{notes[1].pk}/", 404, **ben)
    call("post", "notes/", 400, {"document": added.document.pk, "text": "Hm."}, **ben)
    assert len(call("get", "notes/", 200, **key(cast, cast.ada, "read"))["results"]) == 2
    client = Client()
    client.force_login(cast.otto)
    assert client.get("/api/v1/notes/").json()["results"] == []
    assert client.get(f"/api/v1/notes/{notes[0].pk}/").status_code == 404
    sent = {"claim": claim.pk, "text": "x"}
    assert client.post("/api/v1/notes/", sent, content_type="application/json").status_code in (400, 403)


@pytest.mark.parametrize(
    "sent",
    [
        {"text": "About nothing."},
        {"text": "Two things.", "claim": 1, "document": 1},
        {"text": "Gone.", "claim": 999_999},
        {"text": "Too far.", "claim": 2**70},
        {"text": "", "claim": 1},
        {"text": "Nobody here.", "claim": 1, "tell": ["x"]},
    ],
)
def test_what_means_nothing_is_refused_in_a_sentence(cast: Cast, sent: dict[str, Any]) -> None:
    checked_claim(cast)
    assert call("post", "notes/", 400, sent, **key(cast, cast.ada, "write"))
    assert not DeskNote.objects.exists()
    call("get", "notes/?claim=x", 400, **key(cast, cast.ada, "read"))


def panel(cast: Cast) -> Panel:
    change_desk(actor=cast.dana, desk=cast.desk, values={"panels": "possible"})
    review = current(checked_claim(cast))
    return ask_panel(actor=cast.ada, review=review, readers=[cast.ben, cast.carla], needed=2)


def test_a_program_gives_an_opinion_and_reads_no_others(cast: Cast) -> None:
    made = panel(cast)
    ben, carla = (key(cast, one, "read", "write") for one in (cast.ben, cast.carla))
    shown = call("get", f"panels/{made.pk}/", 200, **ben)
    assert (shown["asked"], [one["reader"] for one in shown["opinions"]]) == (2, ["Ben"])
    said = {"rating": shown["ratings"][0]["id"], "reason": "The counter says so."}
    given = call("post", f"panels/{made.pk}/opinion/", 200, said, **ben)
    assert given["reason"] == "The counter says so."
    seen = call("get", "panels/", 200, **carla)["results"][0]
    assert [one["reason"] for one in seen["opinions"]] == [""]
    assert (seen["outcome"], seen["rating"]) == ("", None)
    call("post", f"panels/{made.pk}/opinion/", 409, {**said, "reason": "No.", "version": 1}, **ben)
    call("post", f"panels/{made.pk}/opinion/", 400, {**said, "rating": 999_999}, **ben)
    call("post", f"panels/{made.pk}/opinion/", 403, said, **key(cast, cast.ada, "read", "write"))
    call("post", f"panels/{made.pk}/opinion/", 403, said, **key(cast, cast.carla, "read"))
    end_panel(actor=cast.ada, panel=made)
    seen = call("get", f"panels/{made.pk}/", 200, **carla)
    assert seen["outcome"] == "too_few"
    assert "The counter says so." in [one["reason"] for one in seen["opinions"]]
    assert Opinion.objects.get(reader=cast.ben).rating == Rating.objects.get(pk=said["rating"])
    client = Client()
    client.force_login(cast.otto)
    assert client.get(f"/api/v1/panels/{made.pk}/").status_code == 404
