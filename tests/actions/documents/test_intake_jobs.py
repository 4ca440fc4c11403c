"""Fetching and analysing as jobs: what they write, when they try again, what a lost job leaves."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from claims.actions.documents import blobs, intake
from claims.actions.triage.outside import claim_without_article
from claims.jobs import rows
from claims.models import Appearance, Capture, DateSource, Document, Job
from claims.tasks.base import run_now
from tests.builders import HARBOUR, article
from tests.net.server import Site, answer, redirect, serve
from tests.people import Cast

pytestmark = pytest.mark.django_db

PARAGRAPHS = "".join(f"<p>{part}</p>" for part in HARBOUR.split("\n\n")[1:])
PAGE = f"""<!doctype html><html lang="en"><head><title>Fees doubled</title>
<meta property="og:site_name" content="Lenna Post">
<meta property="article:published_time" content="2026-03-03">
</head><body><article><h1>Harbour fees doubled</h1>
{PARAGRAPHS}{PARAGRAPHS.replace("fees", "charges")}</article></body>
</html>""".encode()
FEED = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>Lenna Post</title>
<item><title>Boats close</title><link>https://lenna-post.example/1</link>
<description>Eleven boats close.</description></item>
<item><title>Bread</title><link>https://lenna-post.example/2</link>
<description>Bread is cheap.</description></item>
</channel></rss>"""


@pytest.fixture
def site(settings: object) -> Iterator[Site]:
    """A web site on this machine that the operator lets the client reach."""
    with serve() as running:
        settings.FETCH_ALLOW = [f"127.0.0.1:{running.port}"]  # type: ignore[attr-defined]
        yield running


def fetched(cast: Cast, url: str, drain: Callable[..., int], **options: bool) -> Job:
    job = intake.add_url(actor=cast.eli, desk=cast.desk, url=url, **options)
    assert isinstance(job, Job)
    drain("fetch")
    job.refresh_from_db()
    return job


def test_a_page_becomes_a_document_with_its_date_outlet_and_bytes(
    cast: Cast, site: Site, drain: Callable[..., int]
) -> None:
    site.routes["/old"] = redirect("/news/fees")
    site.routes["/news/fees"] = answer(PAGE, Content_Type="text/html; charset=utf-8")
    job = fetched(cast, site.url("/old?utm_source=x"), drain)
    assert (job.status, job.error) == (Job.Status.DONE, "")
    document = Document.objects.get()
    assert job.result == {"documents": [document.pk], "outcome": "new", "sentence": "Stored."}
    assert document.url == site.url("/news/fees")
    assert (document.published, document.published_source) == ("2026-03-03", DateSource.METADATA)
    assert document.added_by == cast.eli
    assert document.outlet is not None
    assert document.outlet.name == "Lenna Post"
    capture = document.captures.get()
    assert capture.final_url == site.url("/news/fees")
    assert blobs.read(capture.blob) == PAGE
    assert "raised its fees by 40 percent" in capture.text


def test_fetching_again_shows_a_changed_page_as_updated_and_an_unchanged_one_as_the_same(
    cast: Cast, site: Site, drain: Callable[..., int]
) -> None:
    site.routes["/a"] = answer(PAGE, Content_Type="text/html")
    fetched(cast, site.url("/a"), drain)
    same = fetched(cast, site.url("/a"), drain, again=True)
    assert same.result is not None
    assert same.result["outcome"] == "same"
    site.routes["/a"] = answer(PAGE.replace(b"40 percent", b"45 percent"), Content_Type="text/html")
    updated = fetched(cast, site.url("/a"), drain, again=True)
    assert updated.result is not None
    assert updated.result["outcome"] == "updated"
    assert Document.objects.get().captures_made == 2


def test_a_feed_brings_its_entries(cast: Cast, site: Site, drain: Callable[..., int]) -> None:
    site.routes["/rss"] = answer(FEED, Content_Type="application/rss+xml")
    job = fetched(cast, site.url("/rss"), drain)
    assert job.result is not None
    assert job.result["outcome"] == "several"
    assert sorted(Document.objects.values_list("title", flat=True)) == ["Boats close", "Bread"]


@pytest.mark.parametrize(
    ("path", "route", "words"),
    [
        ("/gone", answer(b"", 404), "no page at this address"),
        ("/empty", answer(b"<html><body></body></html>", Content_Type="text/html"), "article"),
        ("/picture.pdf", answer(b"\x89PNG\r\n\x1a\n" + b"0" * 99, Content_Type="application/pdf"), "picture"),
        ("/round", redirect("/round"), "leads on more than"),
    ],
    ids=["missing", "no article", "picture", "round and round"],
)
def test_what_will_never_work_fails_at_once_with_a_sentence(
    cast: Cast, site: Site, drain: Callable[..., int], path: str, route: Callable[..., None], words: str
) -> None:
    site.routes[path] = route
    job = fetched(cast, site.url(path), drain)
    assert (job.status, job.attempts) == (Job.Status.FAILED, 1)
    assert words in job.error
    assert not Document.objects.exists()


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_site_in_trouble_is_asked_again_later(
    cast: Cast, site: Site, drain: Callable[..., int], status: int
) -> None:
    site.routes["/busy"] = answer(b"", status)
    job = fetched(cast, site.url("/busy"), drain)
    assert (job.status, job.attempts) == (Job.Status.QUEUED, 1)
    assert job.run_after > job.created_at
    assert "Try again" in job.error


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9/x", "http://169.254.169.254/latest/", "http://10.0.0.1/", "http://[::1]/"]
)
def test_addresses_of_this_machine_and_its_network_are_refused(
    cast: Cast, drain: Callable[..., int], url: str
) -> None:
    job = fetched(cast, url, drain)
    assert job.status == Job.Status.FAILED
    assert not Document.objects.exists()


def test_a_claim_gets_its_place_when_its_page_arrives(
    cast: Cast, site: Site, drain: Callable[..., int]
) -> None:
    site.routes["/b"] = answer(PAGE, Content_Type="text/html")
    claim_without_article(
        actor=cast.ada,
        desk=cast.desk,
        quotation="raised its fees by 40 percent",
        url=site.url("/b"),
        who="The port",
    )
    drain("fetch")
    row = Appearance.objects.get()
    assert row.capture is not None
    assert row.capture.text[row.start : row.end] == row.quotation


def test_a_job_that_was_taken_over_writes_nothing(
    cast: Cast, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.routes["/a"] = answer(PAGE, Content_Type="text/html")
    job = intake.add_url(actor=cast.ada, desk=cast.desk, url=site.url("/a"))
    assert isinstance(job, Job)
    real = rows.Running.fenced

    def stolen(running: rows.Running) -> object:
        Job.objects.filter(pk=running.row.pk).update(token="somebody else's")
        return real(running)

    monkeypatch.setattr(rows.Running, "fenced", stolen)
    assert run_now(job.pk)
    job.refresh_from_db()
    assert job.status == Job.Status.RUNNING
    assert not Document.objects.exists()


def test_an_article_that_shows_its_date_gets_it_as_a_guess(cast: Cast, drain: Callable[..., int]) -> None:
    text = "Fees doubled\n3 March 2026\n\nThe port of Lenna raised its fees on Monday. The council agreed."
    document = article(cast, text).document
    drain("analyse")
    document.refresh_from_db()
    assert (document.published, document.published_source) == ("2026-03-03", DateSource.VISIBLE)
    dated = [date for row in document.appearances.all() for date in row.dates]
    assert [date["value"] for date in dated if date["expr"] == "Monday"] == ["2026-03-02"]


def test_subtitles_are_read_as_subtitles(cast: Cast, drain: Callable[..., int]) -> None:
    srt = b"1\n00:00:01,000 --> 00:00:04,000\nBRANDT: The port lost 300 jobs last year.\n"
    intake.add_file(actor=cast.ada, desk=cast.desk, name="speech.srt", data=srt)
    drain("read", "analyse")
    row = Document.objects.get().appearances.first()
    assert row is not None
    assert (row.time_start, row.time_end) == (1.0, 4.0)


def test_a_text_in_another_language_is_recognised_and_split(cast: Cast, drain: Callable[..., int]) -> None:
    text = (
        "Der Hafen von Lenna hat seine Gebühren im März erhöht. Die Ministerin sagte,"
        " dreihundert Stellen seien weggefallen."
    )
    document = article(cast, text).document
    drain("analyse")
    document.refresh_from_db()
    assert document.language == "de"
    assert document.appearances.exists()


def test_a_capture_that_is_gone_is_no_reason_to_try_for_ever(cast: Cast, drain: Callable[..., int]) -> None:
    job = rows.enqueue("analyse", desk=cast.desk, arguments={"capture": 0, "desk": cast.desk.pk})
    drain("analyse")
    job.refresh_from_db()
    assert (job.status, Capture.objects.count()) == (Job.Status.FAILED, 0)


def test_the_day_of_the_last_change_is_no_guess_at_the_day_of_publication(
    cast: Cast, drain: Callable[..., int]
) -> None:
    text = (
        "Fees doubled\nLast updated: 3 March 2026\n\nThe port of Lenna raised its fees. The council agreed."
    )
    document = article(cast, text).document
    drain("analyse")
    document.refresh_from_db()
    assert document.published == ""
