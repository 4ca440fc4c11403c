"""Notes: who may write them, whom they reach, and what is kept when they change."""

from __future__ import annotations

import pytest

from claims.actions.base import NotAllowed, Refused, Stale
from claims.actions.claims import changes
from claims.actions.discussion.notes import edit_note, withdraw_note, write_note
from claims.actions.documents import intake
from claims.models import AuditDetail, AuditEvent, DeskNote, Document, Membership, NoteVersion, Notice
from claims.vocabulary import Role
from tests import builders
from tests.conftest import NOW
from tests.people import Cast, person
from tests.workbench import desk_pages

pytestmark = pytest.mark.django_db


def restricted(cast: Cast) -> Document:
    """An article that Ada added and shows to Ben alone."""
    added = builders.article(cast)
    intake.set_metadata(
        actor=cast.ada, document=added.document, visibility=Document.Visibility.NAMED, named=[cast.ben]
    )
    return Document.objects.get(pk=added.document.pk)


def test_a_note_names_people_and_tells_them_once(cast: Cast) -> None:
    claim = builders.claim(cast)
    note = write_note(
        actor=cast.ada, claim=claim, text="@Ben and @ben, look. @Ada too.", tell=[cast.ben.pk], now=NOW
    )
    assert [person for _start, _end, person in note.mentions] == [cast.ben.pk, cast.ben.pk, cast.ada.pk]
    told = Notice.objects.get()
    assert (told.user, told.actor, told.kind, told.claims, told.note) == (
        cast.ben, cast.ada, Notice.Kind.MENTIONED, [claim.pk], note,
    )  # fmt: skip
    event = AuditEvent.objects.get(verb="note.written")
    assert (event.object_id, event.claim_id, event.actor_id) == (note.pk, claim.pk, cast.ada.pk)
    assert not AuditDetail.objects.filter(event=event).exists(), "words of notes are kept with the note alone"


def test_whoever_is_ticked_is_told_without_a_name_in_the_text(cast: Cast) -> None:
    write_note(actor=cast.eli, claim=builders.claim(cast), text="Is this ours?", tell=[cast.carla.pk])
    assert Notice.objects.get().user == cast.carla


def test_who_may_not_write(cast: Cast) -> None:
    claim = builders.claim(cast)
    pia = person("Pia", cast.desk, Role.PARTNER)
    for user in (cast.otto, pia):
        with pytest.raises(NotAllowed):
            write_note(actor=user, claim=claim, text="Hello.")
    document = restricted(cast)
    with pytest.raises(NotAllowed, match="may not see"):
        write_note(actor=cast.carla, document=document, desk=cast.desk, text="Hello.")
    assert not DeskNote.objects.exists()


def test_naming_somebody_who_may_not_see_it_is_refused_and_nothing_is_written(cast: Cast) -> None:
    document = restricted(cast)
    write_note(actor=cast.ada, document=document, desk=cast.desk, text="@Ben, look.")
    for named in ({"text": "@Carla, look."}, {"text": "Look.", "tell": [cast.carla.pk]}):
        with pytest.raises(Refused, match="Carla may not see"):
            write_note(actor=cast.ada, document=document, desk=cast.desk, **named)  # type: ignore[arg-type]
    note = DeskNote.objects.get()
    with pytest.raises(Refused, match="Carla may not see"):
        edit_note(actor=cast.ada, note=note, text="@Carla, look.")
    assert DeskNote.objects.get().text == "@Ben, look."
    assert Notice.objects.get().user == cast.ben


def test_a_note_on_a_hidden_passage_is_hidden_on_a_claim_that_everybody_sees(cast: Cast) -> None:
    claim, _review, source = desk_pages.ready(cast)
    document = restricted(cast)
    source.document, source.capture = document, document.captures.get()
    source.save(update_fields=["document", "capture"])
    write_note(actor=cast.ada, evidence=source, text="The memo says so.")
    assert DeskNote.objects.visible_to(cast.ben).filter(claim=claim).exists()
    for user in (cast.carla, cast.dana, cast.eli, cast.otto):
        assert not DeskNote.objects.visible_to(user).exists()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("  \n ", "Write something"),
        ("x" * 5_001, "at most 5000"),
        ("@Ann?", "could mean Ann Bell or Ann Reed"),
    ],
)
def test_what_cannot_be_sent(cast: Cast, text: str, says: str) -> None:
    person("Ann", cast.desk, Role.CONTRIBUTOR)
    for name in ("Bell", "Reed"):
        other = person(f"Ann{name}", cast.desk, Role.CONTRIBUTOR)
        other.display_name = f"Ann {name}"
        other.save()
    Membership.objects.filter(user__display_name="Ann").delete()
    with pytest.raises(Refused, match=says):
        write_note(actor=cast.ada, claim=builders.claim(cast), text=text)


def test_quoted_words_must_stand_there(cast: Cast) -> None:
    document = builders.article(cast).document
    note = write_note(
        actor=cast.ada,
        document=document,
        desk=cast.desk,
        text="Really?",
        quotation="raised  its fees by 40 percent",
    )
    assert note.quotation == "raised its fees by 40 percent"
    with pytest.raises(Refused, match="do not stand there"):
        write_note(actor=cast.ada, document=document, desk=cast.desk, text="?", quotation="lowered its fees")


def test_an_edit_keeps_what_was_said_and_tells_only_who_is_named_newly(cast: Cast) -> None:
    note = write_note(actor=cast.ada, claim=builders.claim(cast), text="@Ben, look.")
    Notice.objects.update(seen_at=NOW)
    note = edit_note(actor=cast.ada, note=note, text="@Ben and @Carla, look.", expected_version=1, now=NOW)
    assert (note.version, note.edited_at) == (2, NOW)
    assert [row.text for row in NoteVersion.objects.filter(note=note)] == ["@Ben, look."]
    assert set(Notice.objects.unseen().values_list("user", flat=True)) == {cast.carla.pk}
    note = edit_note(actor=cast.ada, note=note, text="Nobody, look.")
    assert not Notice.objects.unseen().exists(), "who is not named any more has nothing to read"
    assert Notice.objects.filter(user=cast.ben).exists()


def test_a_note_is_its_authors_alone(cast: Cast) -> None:
    note = write_note(actor=cast.ada, claim=builders.claim(cast), text="Mine.")
    for act in (
        lambda: edit_note(actor=cast.carla, note=note, text="Ours."),
        lambda: withdraw_note(actor=cast.dana, note=note),
    ):
        with pytest.raises(NotAllowed, match="Only Ada"):
            act()


def test_a_withdrawn_note_keeps_its_place_and_loses_its_words(cast: Cast) -> None:
    note = write_note(actor=cast.ada, claim=builders.claim(cast), text="@Ben, he lied.")
    note = withdraw_note(actor=cast.ada, note=note, now=NOW)
    assert (note.text, note.mentions, note.withdrawn_at) == ("", [], NOW)
    assert not Notice.objects.exists()
    everybody = (cast.ada, cast.ben, cast.carla, cast.dana, cast.eli)
    readers = {one.display_name for one in everybody if NoteVersion.objects.visible_to(one).filter(note=note)}
    assert readers == {"Ada", "Carla", "Dana"}
    for act in (
        lambda: edit_note(actor=cast.ada, note=note, text="Again."),
        lambda: withdraw_note(actor=cast.ada, note=note),
    ):
        with pytest.raises(Stale, match="withdrawn"):
            act()


def test_what_a_withdrawn_note_quoted_goes_with_its_words(cast: Cast) -> None:
    document = builders.article(cast).document
    quoted = {"document": document, "desk": cast.desk, "quotation": "raised its fees"}
    note = write_note(actor=cast.ada, text="Look.", **quoted)
    assert note.quotation == "raised its fees"
    assert withdraw_note(actor=cast.ada, note=note).quotation == ""


def test_another_window_of_the_author_is_not_overwritten(cast: Cast) -> None:
    note = write_note(actor=cast.ada, claim=builders.claim(cast), text="One.")
    edit_note(actor=cast.ada, note=note, text="Two.", expected_version=1)
    with pytest.raises(Stale):
        edit_note(actor=cast.ada, note=note, text="Three.", expected_version=1)


def test_notes_stay_where_they_were_written_when_claims_are_merged(cast: Cast) -> None:
    one, two = builders.claim(cast), builders.claim(cast)
    note = write_note(actor=cast.ada, claim=one, text="Look.")
    changes.merge_claims(actor=cast.ada, claim=one, into=two)
    assert b"Look." in desk_pages.signed_in(cast.ben).get(f"/claims/{two.pk}/").content
    note.refresh_from_db()
    assert note.claim == one
