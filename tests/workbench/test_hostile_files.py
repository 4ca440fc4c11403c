"""Small files that take minutes to read: taken at once, stopped at a limit with a sentence, in nobody's way."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from claims.actions.documents import intake_jobs, parsing
from claims.jobs import child
from claims.models import Document, Job
from claims.tasks.base import run_now
from tests.intake import pdfs
from tests.intake.office_files import docx, paragraph
from tests.people import Cast

pytestmark = pytest.mark.django_db
REAL_CHILD = True


@pytest.fixture
def ada(cast: Cast, browser_of: Callable[..., Client]) -> Client:
    return browser_of(cast.ada)


@pytest.mark.parametrize("hostile", [pdfs.endless, pdfs.laborious])
def test_a_small_pdf_that_takes_minutes_is_taken_at_once_and_stopped_with_a_sentence(
    ada: Client, monkeypatch: pytest.MonkeyPatch, hostile: Callable[[], bytes]
) -> None:
    monkeypatch.setattr(intake_jobs, "READING", child.ChildLimits(seconds=4.0, cpu=60, memory=700))
    data = hostile()
    assert len(data) < 200_000
    used = time.process_time()
    answer = ada.post("/desk/north/add/", {"file": SimpleUploadedFile("fees.pdf", data)})
    assert answer.status_code == 303
    assert "waits for its turn" in ada.get(answer["Location"]).content.decode()
    assert time.process_time() - used < 2  # of this process, which is the web process here
    job = Job.objects.get(kind="read")
    assert run_now(job.pk)
    page = ada.get(answer["Location"]).content.decode()
    assert "It could not be read: Stopped after 4 s. Paste the text, or save it in another format." in page
    job.refresh_from_db()
    assert (job.status, job.attempts) == (Job.Status.FAILED, 1)
    assert not Document.objects.exists()
    # What comes after it is read as ever.
    monkeypatch.undo()
    good = SimpleUploadedFile("good.pdf", pdfs.pdf("The port raised its fees by nine percent in March 2026."))
    answer = ada.post("/desk/north/add/", {"file": good})
    assert run_now(Job.objects.get(kind="read", status="queued").pk)
    assert ada.get(answer["Location"])["Location"] == f"/documents/{Document.objects.get().pk}/"


def test_other_files_are_read_while_one_takes_minutes() -> None:
    children = child.Children()
    today, name = dt.date(2026, 3, 10), "fees.pdf"
    stopped: list[str] = []

    def hang() -> None:
        limits = child.ChildLimits(seconds=12.0, cpu=60, memory=700)
        try:
            children.run(parsing.read_file, name, pdfs.endless(), declared="", today=today, limits=limits)
        except child.ChildStopped as one:
            stopped.append(str(one))

    thread = threading.Thread(target=hang)
    thread.start()
    try:
        time.sleep(1)
        good = pdfs.pdf("The port raised its fees by nine percent in March 2026.")
        upload = children.run(parsing.read_file, name, good, declared="", today=today)
        assert "nine percent" in upload.items[0].extracted.text
        assert thread.is_alive()
        assert not stopped
    finally:
        thread.join()
        children.close()
    assert stopped == ["Stopped after 12 s."]


def test_a_word_document_is_offered_read_in_the_child_and_a_bomb_refused_with_a_sentence(ada: Client) -> None:
    form = ada.get("/desk/north/add/").content.decode()
    assert ".docx,.odt" in form
    good = SimpleUploadedFile(
        "fees.docx", docx(paragraph("The port raised its fees by nine percent in March 2026."))
    )
    answer = ada.post("/desk/north/add/", {"file": good})
    assert run_now(Job.objects.get(kind="read", status="queued").pk)
    assert ada.get(answer["Location"])["Location"] == f"/documents/{Document.objects.get().pk}/"
    bomb = SimpleUploadedFile("bomb.docx", docx("<w:p/>" * 7_000_000))
    answer = ada.post("/desk/north/add/", {"file": bomb})
    assert run_now(Job.objects.get(kind="read", status="queued").pk)
    assert "unpacks to more than" in ada.get(answer["Location"]).content.decode()
    assert Document.objects.count() == 1
