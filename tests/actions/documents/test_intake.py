"""Documents, captures and duplicates: what storing does, and what it refuses."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from claims.actions import base
from claims.actions.documents import blobs, intake
from claims.actions.documents.intake import Added
from claims.models import AuditEvent, Capture, DateSource, Document, IndexEntry, Job, Origin, Outlet, Passage
from claims.tasks.base import run_now
from tests.builders import HARBOUR, article, uploaded
from tests.people import Cast, make_cast

pytestmark = pytest.mark.django_db

URL = "https://www.lenna-post.example/news/harbour-fees"


def test_a_pasted_text_becomes_a_document_with_one_capture_and_its_passages(cast: Cast) -> None:
    added = article(cast, title="Fees doubled", outlet="Lenna Post", authors="Mara Holt; Jan Bek")
    document, capture = added.document, added.capture
    assert added.outcome == "new"
    assert (document.kind, document.title, document.authors) == (
        "pasted",
        "Fees doubled",
        "Mara Holt, Jan Bek",
    )
    assert document.outlet is not None
    assert document.outlet.name == "Lenna Post"
    assert capture.text == HARBOUR
    assert blobs.read(capture.blob) == HARBOUR.encode()
    words = " ".join(capture.text[p.start : p.end] for p in capture.passages.order_by("number"))
    assert words.split() == HARBOUR.split()
    assert document.origin is not None
    assert IndexEntry.objects.filter(collection="documents", object_id=document.pk).exists()
    assert AuditEvent.objects.get(object_kind="document").verb == "document.added"
    assert Job.objects.get(kind="analyse").arguments["capture"] == capture.pk


def test_a_form_field_keeps_its_spaces_and_folds_its_line_ends(cast: Cast) -> None:
    added = article(cast, "  First line.\r\nSecond line.  ")
    assert added.capture.text == "  First line.\nSecond line.  "
    assert added.capture.characters == len(added.capture.text)


def test_the_same_text_again_is_the_same_row_and_says_so(cast: Cast) -> None:
    first = article(cast)
    again = article(cast, HARBOUR.replace("\n", "\r\n") + "\n\n")
    assert again.outcome == "same"
    assert again.duplicate
    assert again.document == first.document
    assert again.capture == first.capture
    assert "already" in again.sentence
    assert Document.objects.count() == 1
    assert Passage.objects.filter(capture=first.capture).count() == first.capture.passages.count()


def test_a_known_address_with_a_new_text_gets_another_capture(cast: Cast) -> None:
    first = article(cast, url=URL, published="2026-03-03")
    later = article(cast, HARBOUR + " The fee was cut again.", url=URL + "?utm_source=feed")
    assert later.outcome == "updated"
    assert later.document == first.document
    assert [c.number for c in first.document.captures.order_by("number")] == [1, 2]
    later.document.refresh_from_db()
    assert later.document.captures_made == 2
    assert later.document.published == "2026-03-03"
    assert IndexEntry.objects.get(collection="documents").version == 2


def test_a_text_that_returns_to_an_address_is_a_third_state_of_it(cast: Cast) -> None:
    article(cast, url=URL)
    article(cast, "Something else entirely stood here for an hour.", url=URL)
    back = article(cast, url=URL)
    assert back.outcome == "updated"
    assert back.capture.number == 3


def test_the_same_text_at_another_address_is_a_copy_with_the_same_origin(cast: Cast) -> None:
    first = article(cast, url=URL)
    copy = article(cast, url="https://harbour-times.example/fees")
    assert copy.outcome == "copy"
    assert copy.document != first.document
    assert copy.document.origin == first.document.origin
    assert "word for word" in copy.document.origin_reason
    assert str(first.document) in copy.sentence


def test_a_text_cut_to_half_joins_the_origin_of_the_whole(cast: Cast) -> None:
    text = " ".join(
        f"On day {n} the council of Lenna heard the {word} report and voted for plan {n * 7}."
        for n, word in enumerate(
            ["harbour", "bridge", "tram", "school", "water", "market", "tower", "garden"]
        )
    )
    whole = article(cast, text, url=URL)
    half = article(
        cast, text[: len(text) // 2] + " The rest follows tomorrow.", url="https://harbour-times.example/c"
    )
    other = article(
        cast, "A bakery opened in the old town and sells forty kinds of bread from six in the morning on."
    )
    assert half.outcome == "new"
    assert half.document.origin == whole.document.origin
    assert "%" in half.document.origin_reason
    assert other.document.origin != whole.document.origin


def test_a_person_moves_a_document_to_an_origin_of_its_own_and_says_why(cast: Cast) -> None:
    article(cast, url=URL)
    copy = article(cast, url="https://harbour-times.example/fees").document
    with pytest.raises(base.Refused, match="why"):
        intake.set_origin(actor=cast.ada, document=copy, origin=None, reason=" ")
    before = copy.origin
    intake.set_origin(actor=cast.ada, document=copy, origin=None, reason="Own reporting, asked the author.")
    assert copy.origin != before
    assert copy.origin_reason == "Own reporting, asked the author."
    with pytest.raises(base.NotAllowed):
        intake.set_origin(actor=cast.eli, document=copy, origin=before, reason="no")
    assert before is not None
    intake.merge_origin(actor=cast.ada, origin=copy.origin, into=before, reason="Same agency report.")
    copy.refresh_from_db()
    assert copy.origin == before


def test_a_stale_version_moves_no_origin(cast: Cast) -> None:
    document = article(cast).document
    Document.objects.filter(pk=document.pk).update(version=7)
    with pytest.raises(base.Stale):
        intake.set_origin(actor=cast.ada, document=document, origin=None, reason="Because.")
    assert Origin.objects.filter(documents=document).count() == 1


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "no text"),
        (" \n\t ", "no text"),
        ("...", "no text"),
        ("x " * 3_000_000, "MB"),
        ("word " * 50_000, "characters"),
        ("PNG\x00\x01\x02\x03\x04\x05\x06\x07\x08" * 40, "not text but"),
    ],
    ids=["empty", "spaces", "dots", "five megabytes", "too long", "binary"],
)
def test_what_is_no_article_is_refused_in_a_sentence_and_leaves_nothing(
    cast: Cast, text: str, word: str
) -> None:
    with pytest.raises(base.Refused, match=word) as refusal:
        article(cast, text)
    assert str(refusal.value).endswith(".")
    assert not Document.objects.exists()
    assert not Job.objects.exists()


def test_a_nul_and_a_lone_surrogate_are_replaced_one_for_one(cast: Cast) -> None:
    added = article(cast, "A harbour\x00fee \ud800 was raised in the town of Lenna.", title="T\x00")
    assert added.capture.text == "A harbour\ufffdfee \ufffd was raised in the town of Lenna."
    assert added.document.title == "T\ufffd"


@pytest.mark.parametrize("value", ["2099-01-01", "not a date", "14.10.2020", "XXXX-10-10", "2020-13"])
def test_a_publication_date_must_be_a_day_that_has_been(cast: Cast, value: str) -> None:
    with pytest.raises(base.Refused):
        article(cast, published=value)
    assert not Document.objects.exists()


def test_only_members_add_and_outsiders_are_told_who_could(cast: Cast) -> None:
    assert article(cast, actor=cast.eli).outcome == "new"
    with pytest.raises(base.NotAllowed, match="contributor"):
        article(cast, "Another text about the harbour.", actor=cast.otto)


def test_what_one_desk_hides_another_person_adds_without_learning_of_it(cast: Cast) -> None:
    cast.other_desk.archives.set(cast.desk.own_archives.all())
    cast.other_desk.own_archives.all().delete()
    hidden = article(cast, url=URL).document
    intake.set_metadata(actor=cast.ada, document=hidden, visibility=Document.Visibility.DESK)
    added = intake.add_text(actor=cast.otto, desk=cast.other_desk, text=HARBOUR, url=URL)
    assert added.outcome == "new"
    assert added.document != hidden
    again = intake.add_text(actor=cast.otto, desk=cast.other_desk, text=HARBOUR, url=URL)
    assert again.document == added.document


# --- files ------------------------------------------------------------------------------------------------


def test_a_text_file_keeps_its_offsets_and_takes_its_name_as_title(cast: Cast) -> None:
    data = b"\xef\xbb\xbf" + HARBOUR.encode().replace(b"\n", b"\r\n")
    (document,) = uploaded(cast, "C:\\notes\\fees.txt", data)
    capture = document.captures.get()
    assert capture.text == HARBOUR.replace("\n", "\r\n")
    assert document.title == "fees"
    assert document.kind == Document.Kind.UPLOADED
    assert blobs.read(capture.blob) == data


def test_a_table_of_articles_is_stored_row_by_row_and_all_or_none(cast: Cast) -> None:
    table = (
        b"title,text,url,date\n"
        b"One,The first article tells of fees.,https://a.example/1,2026-03-01\n"
        b"Two,The second article tells of boats.,,\n"
    )
    documents = uploaded(cast, "batch.csv", table)
    assert [one.title for one in documents] == ["One", "Two"]
    assert documents[0].url == "https://a.example/1"
    assert documents[0].published == "2026-03-01"
    assert len(set(AuditEvent.objects.filter(verb="document.added").values_list("gesture", flat=True))) == 1
    assert all(blobs.read(one.captures.get().blob) == table for one in documents)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("scan.pdf", b"\x89PNG\r\n\x1a\n" + b"\0" * 100),
        ("page.html", b"<html><body><nav>Home</nav></body></html>"),
        ("empty.txt", b""),
        ("photo.jpg", b"\xff\xd8\xff\xe0" + b"\0" * 50),
        ("table.csv", b"a,b\n1,2\n"),
    ],
)
def test_a_file_without_a_text_is_refused_and_nothing_is_written(cast: Cast, name: str, data: bytes) -> None:
    """Its first bytes tell at once, or the job that reads it does."""
    try:
        job = intake.add_file(actor=cast.ada, desk=cast.desk, name=name, data=data)
    except base.Refused as refusal:
        said = str(refusal)
    else:
        assert run_now(job.pk)
        job.refresh_from_db()
        assert (job.status, job.attempts) == (Job.Status.FAILED, 1)
        said = job.error
    assert said.endswith(".")
    assert not Document.objects.exists()


# --- addresses --------------------------------------------------------------------------------------------


def test_an_address_is_queued_once_and_a_known_one_is_shown_instead(cast: Cast) -> None:
    job = intake.add_url(
        actor=cast.eli, desk=cast.desk, url=" HTTPS://Lenna-Post.example/a?utm_medium=x#top "
    )
    assert isinstance(job, Job)
    assert job.arguments["url"] == "https://lenna-post.example/a"
    assert intake.add_url(actor=cast.ada, desk=cast.desk, url="https://lenna-post.example/a") == job
    document = article(cast, url=URL).document
    known = intake.add_url(actor=cast.ada, desk=cast.desk, url=URL)
    assert isinstance(known, Added)
    assert (known.document, known.outcome) == (document, "same")
    assert isinstance(intake.add_url(actor=cast.ada, desk=cast.desk, url=URL, again=True), Job)


@pytest.mark.parametrize(
    "url", ["", "lenna", "ftp://a.example/x", "javascript:alert(1)", "https://a.example/" + "x" * 2001]
)
def test_what_is_no_address_is_refused(cast: Cast, url: str) -> None:
    with pytest.raises(base.Refused):
        intake.add_url(actor=cast.ada, desk=cast.desk, url=url)
    assert not Job.objects.exists()


def test_without_outbound_connections_the_refusal_says_what_to_do(cast: Cast, settings: object) -> None:
    settings.OUTBOUND = False  # type: ignore[attr-defined]
    with pytest.raises(base.Refused, match="Paste the text"):
        intake.add_url(actor=cast.ada, desk=cast.desk, url=URL)


def test_a_long_address_is_known_by_its_hash(cast: Cast) -> None:
    url = "https://lenna-post.example/" + "a" * 400
    first = article(cast, url=url)
    assert first.document.url == url
    assert len(first.document.address_key) < 100
    assert article(cast, HARBOUR + " More.", url=url).document == first.document


# --- what people know better ------------------------------------------------------------------------------


def test_a_person_enters_a_partial_date_and_clears_it_again(cast: Cast) -> None:
    document = article(cast).document
    intake.set_publication(
        actor=cast.eli, document=document, value="2020-10", expected_version=document.version
    )
    assert (document.published, str(document.published_earliest), str(document.published_latest)) == (
        "2020-10",
        "2020-10-01",
        "2020-10-31",
    )
    assert document.published_source == DateSource.PERSON
    intake.set_publication(actor=cast.eli, document=document, value="")
    assert (document.published, document.published_earliest, document.published_source) == ("", None, "")


def test_a_later_fetch_never_overwrites_the_date_of_a_person(cast: Cast) -> None:
    document = article(cast, url=URL, published="2026-03-01").document
    later = article(cast, HARBOUR + " Corrected.", url=URL, published="")
    assert later.document.published == "2026-03-01"
    assert later.document.published_source == DateSource.PERSON
    assert later.document == document


def test_two_people_who_change_a_document_at_once_are_told_apart(cast: Cast) -> None:
    document = article(cast).document
    seen = document.version
    intake.set_metadata(actor=cast.ada, document=document, title="Fees up", expected_version=seen)
    mine = Document.objects.get(pk=document.pk)
    with pytest.raises(base.Stale):
        intake.set_metadata(actor=cast.ben, document=mine, title="Fees down", expected_version=seen)
    assert Document.objects.get(pk=document.pk).title == "Fees up"


def test_naming_the_outlet_of_a_page_names_its_site(cast: Cast) -> None:
    document = article(cast, url=URL).document
    assert document.outlet is not None
    assert (document.outlet.site, document.outlet.name) == ("lenna-post.example", "lenna-post.example")
    intake.set_metadata(actor=cast.ada, document=document, outlet="The Lenna Post", language="EN-gb")
    assert Outlet.objects.get(site="lenna-post.example").name == "The Lenna Post"
    assert document.language == "en"
    with pytest.raises(base.Refused):
        intake.set_metadata(actor=cast.ada, document=document, language="english please")


def test_who_may_see_a_document_is_not_a_contributors_choice(cast: Cast) -> None:
    document = article(cast, actor=cast.eli).document
    with pytest.raises(base.NotAllowed):
        intake.set_metadata(actor=cast.eli, document=document, visibility=Document.Visibility.DESK)


# --- at once ----------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("url", ["", URL])
def test_the_same_article_twice_at_once_ends_in_one_row_and_both_are_told(url: str) -> None:
    cast = make_cast()
    start = threading.Barrier(4)
    added: list[Added] = []
    failed: list[BaseException] = []

    def add() -> None:
        try:
            start.wait()
            added.append(article(cast, url=url))
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failed == []
    assert sorted(one.outcome for one in added) == ["new", "same", "same", "same"]
    assert Document.objects.count() == 1
    assert Capture.objects.count() == 1
    assert Job.objects.filter(kind="analyse").count() == 1


def test_the_worker_splits_what_was_stored(cast: Cast, drain: Callable[..., int]) -> None:
    document = article(cast).document
    assert drain("analyse") == 1
    run = document.captures.get().analysis_runs.get()
    assert run.is_current
    assert run.units == document.appearances.count() > 2
    for row in document.appearances.all():
        assert HARBOUR[row.start : row.end] == row.quotation
    document.refresh_from_db()
    assert document.language == "en"
