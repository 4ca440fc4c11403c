"""One box for an address, a text or a file; claims without an article."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from claims.jobs import child
from claims.models import Appearance, Claim, Document, Job
from claims.tasks.base import run_now
from tests import builders
from tests.people import Cast

pytestmark = pytest.mark.django_db
BrowserOf = Callable[..., Client]


@pytest.fixture
def client_of_ada(cast: Cast, browser_of: BrowserOf) -> Client:
    return browser_of(cast.ada)


def test_a_pasted_text_is_stored_and_opened(client_of_ada: Client) -> None:
    answer = client_of_ada.post("/desk/north/add/", {"what": "  Two lines\r\nof text, stored as they are.  "})
    document = Document.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/documents/{document.pk}/")
    assert document.captures.get().text == "  Two lines\nof text, stored as they are.  "


def test_an_address_is_fetched_by_a_job(client_of_ada: Client) -> None:
    answer = client_of_ada.post("/desk/north/add/", {"what": " courier.example/fees "})
    job = Job.objects.get(kind="fetch")
    assert job.arguments["url"] == "https://courier.example/fees"
    assert answer["Location"] == f"/desk/north/adding/{job.pk}/"
    page = client_of_ada.get(answer["Location"]).content.decode()
    assert "waits for its turn" in page
    assert "You can leave this page" in page
    Job.objects.filter(pk=job.pk).update(status="running", progress_done=1, progress_total=2)
    page = client_of_ada.get(answer["Location"]).content.decode()
    assert "being fetched" in page
    assert 'max="2"' in page


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("https://courier.example/a?b=c", "https://courier.example/a?b=c"),
        ("www.courier.example/a", "https://www.courier.example/a"),
        ("See https://courier.example/a", ""),
        ("https://courier.example/a is wrong", ""),
        ("a.b", ""),
        ("The end.", ""),
    ],
)
def test_only_a_lone_address_is_one(typed: str, address: str) -> None:
    from claims.forms.articles import AddForm

    form = AddForm({"what": typed})
    assert form.is_valid()
    assert form.address == address


def test_a_fetched_article_opens_by_itself(cast: Cast, client_of_ada: Client) -> None:
    added = builders.article(cast)
    result = {"documents": [added.document.pk], "sentence": "Stored."}
    job = Job.objects.create(desk=cast.desk, kind="fetch", status="done", result=result)
    assert (
        client_of_ada.get(f"/desk/north/adding/{job.pk}/")["Location"] == f"/documents/{added.document.pk}/"
    )
    part = client_of_ada.get(f"/desk/north/adding/{job.pk}/", HTTP_HX_REQUEST="true")
    assert part["HX-Redirect"] == f"/documents/{added.document.pk}/"


def test_an_address_that_cannot_be_fetched_says_why_and_offers_the_box(
    cast: Cast, client_of_ada: Client
) -> None:
    job = Job.objects.create(
        desk=cast.desk,
        kind="fetch",
        status="failed",
        error="The address leads into this machine.",
        arguments={"url": "x"},
    )
    page = client_of_ada.get(f"/desk/north/adding/{job.pk}/").content.decode()
    assert "The address leads into this machine." in page
    assert "You can paste the text instead" in page
    assert "hx-trigger" not in page


def test_a_duplicate_is_shown_and_nothing_is_stored(cast: Cast, client_of_ada: Client) -> None:
    added = builders.article(cast, title="Harbour fees")
    answer = client_of_ada.post("/desk/north/add/", {"what": builders.HARBOUR})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "is in the archive already" in page
    assert f'href="/documents/{added.document.pk}/"' in page
    assert Document.objects.count() == 1


def test_a_known_address_can_be_fetched_again(cast: Cast, client_of_ada: Client) -> None:
    builders.article(cast, url="https://courier.example/fees")
    page = client_of_ada.post("/desk/north/add/", {"what": "https://courier.example/fees"}).content.decode()
    assert "Fetch the address again" in page
    client_of_ada.post("/desk/north/add/", {"what": "https://courier.example/fees", "again": "on"})
    assert Job.objects.filter(kind="fetch").count() == 1


def test_a_file_is_read_by_a_job_and_opened(client_of_ada: Client) -> None:
    file = SimpleUploadedFile("fees.txt", builders.HARBOUR.encode(), "text/plain")
    answer = client_of_ada.post("/desk/north/add/", {"file": file})
    job = Job.objects.get(kind="read")
    assert answer["Location"] == f"/desk/north/adding/{job.pk}/"
    assert not Document.objects.exists()
    page = client_of_ada.get(answer["Location"]).content.decode()
    assert "fees.txt" in page
    assert run_now(job.pk)
    assert client_of_ada.get(answer["Location"])["Location"] == f"/documents/{Document.objects.get().pk}/"


def test_a_file_whose_reading_was_stopped_says_so(
    client_of_ada: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def endless(*given: object, **named: object) -> None:
        raise child.ChildStopped("Stopped after 60 s.")

    monkeypatch.setattr(child, "run", endless)
    file = SimpleUploadedFile("fees.txt", builders.HARBOUR.encode(), "text/plain")
    answer = client_of_ada.post("/desk/north/add/", {"file": file})
    run_now(Job.objects.get(kind="read").pk)
    page = client_of_ada.get(answer["Location"]).content.decode()
    assert "It could not be read: Stopped after 60 s. Paste the text" in page
    assert Job.objects.get(kind="read").attempts == 1


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("empty.txt", b"", "empty"),
        ("photo.pdf", b"\x89PNG\r\n\x1a\n" + b"\x00" * 64, "a picture (PNG)"),
        ("data.txt", bytes(range(256)) * 40, ""),
    ],
)
def test_a_file_that_is_no_text_is_refused_with_a_sentence(
    client_of_ada: Client, name: str, data: bytes, said: str
) -> None:
    answer = client_of_ada.post("/desk/north/add/", {"file": SimpleUploadedFile(name, data)})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert Document.objects.count() == 0


def test_a_file_beyond_the_limit_is_refused(client_of_ada: Client, settings: Any) -> None:
    settings.BLOB_LIMIT = 1024 * 1024
    answer = client_of_ada.post("/desk/north/add/", {"file": SimpleUploadedFile("a.txt", b"a " * 700_000)})
    assert answer.status_code == 422
    assert "larger than 1 MB" in answer.content.decode()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"what": "   "}, "Paste an address or a text"),
        ({"what": "word " * 60_000}, "200,000"),
        ({"what": "Fees rose.", "published": "2999-01-01"}, "lies in the future"),
        ({"what": "Fees rose.", "published": "soon"}, "soon"),
    ],
)
def test_what_cannot_be_stored_is_explained_and_stays_typed(
    client_of_ada: Client, fields: dict[str, str], said: str
) -> None:
    answer = client_of_ada.post("/desk/north/add/", fields)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert fields["what"].strip()[:100] in page
    assert Document.objects.count() == 0


def test_nul_and_lone_surrogates_are_stored_one_for_one(client_of_ada: Client) -> None:
    client_of_ada.post("/desk/north/add/", {"what": "Fees\x00 rose in Port Lenna."})
    assert Document.objects.get().captures.get().text == "Fees\ufffd rose in Port Lenna."


def test_a_claim_without_an_article(cast: Cast, client_of_ada: Client) -> None:
    fields = {
        "quotation": "The bridge has never been closed.",
        "who": "Ilse Brandt",
        "kind": "person",
        "where": "Radio Lenna",
        "when": "2026-03",
        "checks": "content",
    }
    answer = client_of_ada.post("/desk/north/claims/new/", fields)
    claim = Claim.objects.get()
    assert answer["Location"] == f"/claims/{claim.pk}/"
    assert claim.claimant is not None
    assert (claim.claimant.name, claim.made_on) == ("Ilse Brandt", "2026-03")
    assert Appearance.objects.get().locator == "Radio Lenna"


def test_a_claim_without_words_is_refused_and_the_rest_stays_typed(client_of_ada: Client) -> None:
    answer = client_of_ada.post(
        "/desk/north/claims/new/", {"quotation": "…", "who": "Ilse Brandt", "checks": "content"}
    )
    assert answer.status_code == 422
    assert "Write the words" in answer.content.decode()
    assert 'value="Ilse Brandt"' in answer.content.decode()


def test_the_progress_of_another_desk_is_not_shown(
    cast: Cast, client_of_ada: Client, browser_of: BrowserOf
) -> None:
    job = Job.objects.create(desk=cast.other_desk, kind="fetch", arguments={"url": "x"})
    assert client_of_ada.get(f"/desk/north/adding/{job.pk}/").status_code == 404
