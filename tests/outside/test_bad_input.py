"""Everything that goes wrong on the way in: each a clear message, nothing half-written, no typed word lost."""

from __future__ import annotations

import gzip
import html
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from claims.actions.indexing import engines
from claims.jobs import wakeup
from claims.models import (
    Approval,
    AuditEvent,
    Capture,
    Claim,
    Document,
    FactCheck,
    Job,
    Release,
    Review,
    SearchRun,
    Verdict,
)
from tests import builders
from tests.checks_made import read_whole
from tests.net.server import Site, answer, redirect, serve
from tests.people import PASSWORD, Cast
from tests.workbench import desk_pages as pages

ADD = "/desk/north/add/"
HERE = {"HTTP_ORIGIN": "http://testserver"}
TYPED = "Fees rose by 40 percent in Port Lenna, typed with care."
BrowserOf = Callable[..., Client]


@pytest.fixture
def ada(cast: Cast, browser_of: BrowserOf) -> Client:
    return browser_of(cast.ada)


@pytest.fixture
def site() -> Iterator[Site]:
    with serve() as running:
        yield running


def text_of(response: Any) -> str:
    return html.unescape(response.content.decode())


def nothing_written() -> bool:
    return not any(model._default_manager.exists() for model in (Document, Capture, Claim, Job, AuditEvent))


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None, f"no field {name} in the page"
    return html.unescape(found[1])


# What is typed


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("", "Paste an address or a text"),
        (" \n\t ", "Paste an address or a text"),
        ("​", ""),
        ("word " * 1_048_576, "200,000"),
    ],
    ids=["empty", "white space", "invisible", "5 MB"],
)
def test_text_that_cannot_be_an_article_is_refused_with_a_sentence(ada: Client, what: str, said: str) -> None:
    response = ada.post(ADD, {"what": what, "outlet": "Lenna Courier"})
    page = text_of(response)
    assert response.status_code == 422
    assert said in page
    assert "Lenna Courier" in page
    assert what.strip()[:2000] in page
    assert nothing_written()


@pytest.mark.django_db
def test_binary_in_a_text_field_is_refused_or_kept_as_readable_text(ada: Client) -> None:
    binary = bytes(range(256)).decode("latin-1") * 20
    response = ada.post(ADD, {"what": binary})
    assert response.status_code in (303, 422)
    if response.status_code == 422:
        assert nothing_written()
    else:
        assert "\x00" not in Capture.objects.get().text
        assert ada.get(response["Location"]).status_code == 200


@pytest.mark.django_db
def test_nul_characters_are_refused_or_replaced_wherever_they_are_typed(ada: Client, cast: Cast) -> None:
    assert ada.post(ADD, {"what": f"{TYPED}\x00 And more."}).status_code == 303
    assert Capture.objects.get().text == f"{TYPED}\ufffd And more."
    response = ada.post(ADD, {"what": f"{TYPED} Second.", "title": "Nul\x00", "outlet": "Lenna Courier"})
    assert response.status_code == 422
    assert f"{TYPED} Second." in text_of(response)
    for address in (f"/desk/north/claims/?q=%00{TYPED[:4]}", "/?q=%00", "/desk/north/articles/?q=%00"):
        assert ada.get(address).status_code < 500
    assert Document.objects.count() == 1


@pytest.mark.django_db
def test_invalid_utf8_in_a_form_breaks_nothing(ada: Client) -> None:
    body = b"what=Fees+rose+%ff%fe+by+40+percent+in+Port+Lenna.&outlet=%c3%28"
    response = ada.post(ADD, body, content_type="application/x-www-form-urlencoded")
    assert response.status_code in (303, 400, 422)
    if response.status_code == 303:
        assert "Fees rose" in Capture.objects.get().text
        assert ada.get(response["Location"]).status_code == 200
    else:
        assert nothing_written()


@pytest.mark.django_db
@pytest.mark.parametrize("charset", ["utf-16", "no-such-charset", "rot13", "utf-7"])
def test_a_form_with_a_wrong_encoding_header_breaks_nothing(ada: Client, charset: str) -> None:
    body = "what=Fees rose in Port Lenna.".replace(" ", "+").encode()
    response = ada.generic("POST", ADD, body, f"application/x-www-form-urlencoded; charset={charset}")
    assert response.status_code < 500
    for capture in Capture.objects.all():
        assert capture.text == "Fees rose in Port Lenna."


@pytest.mark.django_db
def test_a_page_whose_header_lies_about_its_encoding_is_read_as_it_is(
    cast: Cast, ada: Client, site: Site, settings: Any, drain: Callable[..., int]
) -> None:
    settings.FETCH_ALLOW = [f"127.0.0.1:{site.port}"]
    words = (
        "Die Gebühren im Hafen stiegen um 40 Prozent, sagte die Behörde für Häfen am Dienstag in Übersee. "
        * 4
    )
    page = f"<html><head><title>Gebühren</title></head><body><article><p>{words}</p></article></body></html>"
    site.routes["/lie"] = answer(page.encode("utf-8"), Content_Type="text/html; charset=iso-8859-1")
    ada.post(ADD, {"what": site.url("/lie")})
    drain("fetch")
    assert "Gebühren im Hafen" in Capture.objects.get().text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("scan.pdf", b"\x89PNG\r\n\x1a\n" + b"\x00" * 64),
        ("broken.pdf", b"%PDF-1.7\nnothing that follows is one"),
        ("empty.txt", b""),
        ("program.txt", b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 30),
        ("bare.html", b"<!doctype html><html><head><title>x</title></head><body><nav></nav></body></html>"),
    ],
    ids=["a picture", "no PDF", "empty", "a program", "a page of nothing"],
)
def test_a_file_without_an_article_in_it_is_refused_with_a_sentence(
    ada: Client, name: str, data: bytes, drain: Callable[..., int]
) -> None:
    response = ada.post(ADD, {"file": SimpleUploadedFile(name, data), "outlet": "Lenna Courier"})
    if response.status_code == 303:
        # What the first bytes do not tell, the job that reads them does.
        drain("read")
        page = text_of(ada.get(response["Location"]))
        assert re.search(r'class="notice refuse"><strong>\w.{20,}</strong>', page), "no sentence says why"
        assert not Document.objects.exists()
        return
    page = text_of(response)
    assert response.status_code == 422
    assert re.search(r'class="notice refuse" role="alert"><p>\w.{20,}</p>', page), "no sentence says why"
    assert "Lenna Courier" in page
    assert nothing_written()


@pytest.mark.django_db
@pytest.mark.parametrize("value", ["2999-01-01", "2999", "9999-99-99", "0000", "yesterday-ish"])
def test_a_publication_date_that_cannot_be_is_refused_and_stays_typed(ada: Client, value: str) -> None:
    response = ada.post(ADD, {"what": TYPED, "published": value})
    page = text_of(response)
    assert response.status_code == 422
    assert TYPED in page
    assert value in page
    assert nothing_written()


# Addresses


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://169.254.169.254/latest/meta-data/",
        "http://[fe80::1]/", "http://10.0.0.1/", "http://2130706433/", "http://0x7f.1/", "https://93.184.216.34:22/",
        "http://93.184.216.34:6379/", "http://user:secret@127.0.0.1/",
    ],
)  # fmt: skip
def test_addresses_inside_are_never_asked(ada: Client, address: str, drain: Callable[..., int]) -> None:
    response = ada.post(ADD, {"what": address})
    if response.status_code == 303:
        drain("fetch")
        job = Job.objects.get(kind="fetch")
        assert job.status == Job.Status.FAILED, job.error
        assert job.error
        page = text_of(ada.get(response["Location"]))
        assert job.error in page
    else:
        assert response.status_code == 422
        assert address in text_of(response)
    assert not Document.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/loop", "/inside", "/bomb", "/bare", "/binary", "/cut"])
def test_pages_that_lead_nowhere_end_in_a_sentence(
    ada: Client, site: Site, settings: Any, drain: Callable[..., int], path: str
) -> None:
    settings.FETCH_ALLOW = [f"127.0.0.1:{site.port}"]
    settings.BLOB_LIMIT = 1024 * 1024
    bomb = gzip.compress(b"<p>" + b"0" * 20_000_000)
    site.routes |= {
        "/loop": redirect("/loop"),
        "/inside": redirect("http://169.254.169.254/latest/"),
        "/bomb": answer(bomb, Content_Type="text/html", Content_Encoding="gzip"),
        "/bare": answer(
            b"<html><body><nav><a href='/'>Home</a></nav></body></html>", Content_Type="text/html"
        ),
        "/binary": answer(b"\x89PNG\r\n\x1a\n" + b"\x00" * 500, Content_Type="text/html"),
        "/cut": answer(b"<html><p>Fees rose", Content_Type="text/html", Content_Length="90000"),
    }
    response = ada.post(ADD, {"what": site.url(path)})
    assert response.status_code == 303
    drain("fetch")
    job = Job.objects.get(kind="fetch")
    page = text_of(ada.get(response["Location"]))
    assert not Document.objects.exists()
    if job.status == Job.Status.QUEUED:
        assert job.attempts == 1, "what may work later is tried again"
        assert job.run_after > job.created_at
    else:
        assert job.status == Job.Status.FAILED
        assert job.error in page
    assert job.error
    assert "Traceback" not in job.error


# Two at once


@contextmanager
def together(count: int = 2) -> Iterator[Callable[[list[Callable[[], Any]]], list[Any]]]:
    barrier = threading.Barrier(count)

    def run(acts: list[Callable[[], Any]]) -> list[Any]:
        found: list[Any] = [None] * len(acts)

        def one(number: int) -> None:
            try:
                barrier.wait(10)
                found[number] = acts[number]()
            except BaseException as error:
                found[number] = error
            finally:
                connection.close()

        threads = [threading.Thread(target=one, args=(number,)) for number in range(len(acts))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        return found

    yield run


@pytest.mark.django_db(transaction=True)
def test_the_same_article_twice_at_once_is_one_document(real_cast: Cast, browser_of: BrowserOf) -> None:
    browsers = [browser_of(real_cast.ada), browser_of(real_cast.ben)]
    with together() as run:
        answers = run([lambda one=one: one.post(ADD, {"what": builders.HARBOUR}) for one in browsers])
    assert sorted(one.status_code for one in answers) == [200, 303], answers
    assert (Document.objects.count(), Capture.objects.count()) == (1, 1)
    late = next(one for one in answers if one.status_code == 200)
    assert "is in the archive already" in text_of(late)
    assert Job.objects.filter(kind="analyse").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_double_click_on_approve_approves_and_publishes_once(
    real_cast: Cast, browser_of: BrowserOf
) -> None:
    verdict = pages.submitted(real_cast)
    read_whole(actor=real_cast.ben, verdict=verdict)
    browsers = [browser_of(real_cast.ben), browser_of(real_cast.ben)]
    with together() as run:
        answers = run([lambda one=one: one.post(f"/verdicts/{verdict.pk}/approve/", {}) for one in browsers])
    assert [one.status_code for one in answers] == [303, 303], answers
    assert Approval.objects.filter(verdict=verdict).count() == 1
    assert Release.objects.count() == FactCheck.objects.count() == 1
    assert AuditEvent.objects.filter(verb="verdict.approved").count() == 1
    assert AuditEvent.objects.filter(verb="review.published").count() == 1


# Sessions


def log_in(client: Client, carried: str) -> Any:
    return client.post("/login/", {"email": "ada@desk.example", "password": PASSWORD, "carried": carried})


@pytest.mark.django_db
def test_a_session_that_ends_in_the_middle_of_a_verdict_loses_no_word(
    cast: Cast, browser_of: BrowserOf
) -> None:
    _claim, review, source = pages.working(cast)
    client = browser_of(cast.ada)
    client.get(f"/claims/{review.claim_id}/")
    client.session.flush()
    sent = pages.words(
        cast, source, point_question=["How many?", "Since when?"], point_answer=[f"900 [e:{source.pk}].", "2024."],
        point_finding=["Refuted", ""],
    )  # fmt: skip
    response = client.post(f"/reviews/{review.pk}/submit/", sent, **HERE)
    page = response.content.decode()
    assert response.status_code == 401
    for words in (sent["headline"], sent["short_answer"], "Since when?"):
        assert words in html.unescape(page)
    assert not Verdict.objects.exists()
    again = log_in(client, hidden(page, "carried"))
    assert again.status_code == 303
    verdict = Verdict.objects.get(review=review)
    assert verdict.justification == sent["justification"]
    assert [point.question for point in verdict.points.order_by("number")] == ["How many?", "Since when?"]
    assert client.get(again["Location"]).status_code == 200


@pytest.mark.django_db
def test_an_autosave_without_a_session_says_so_and_stores_nothing(cast: Cast, client: Client) -> None:
    _claim, review, _source = pages.working(cast)
    response = client.post(
        f"/reviews/{review.pk}/draft/", {"headline": TYPED}, headers={"X-Autosave": "1"}, **HERE
    )
    assert response.status_code == 401
    assert not review.drafts.exists()


@pytest.mark.django_db
def test_a_login_in_another_tab_asks_once_more_and_keeps_the_verdict(
    cast: Cast, browser_of: BrowserOf
) -> None:
    _claim, review, source = pages.working(cast)
    client = browser_of(cast.ada, strict=True)
    page = client.get(f"/claims/{review.claim_id}/").content.decode()
    stale = hidden(page, "csrfmiddlewaretoken")
    fresh = client.get("/login/").content.decode()
    client.post("/logout/", {"csrfmiddlewaretoken": stale}, **HERE)
    fresh = client.get("/login/").content.decode()
    client.post(
        "/login/",
        {
            "email": "ada@desk.example",
            "password": PASSWORD,
            "csrfmiddlewaretoken": hidden(fresh, "csrfmiddlewaretoken"),
        },
        **HERE,
    )
    sent = pages.words(cast, source) | {"csrfmiddlewaretoken": stale}
    response = client.post(f"/reviews/{review.pk}/submit/", sent, **HERE)
    page = response.content.decode()
    assert response.status_code == 403
    assert sent["headline"] in html.unescape(page)
    assert not Verdict.objects.exists()
    again = client.post(
        "/login/",
        {"carried": hidden(page, "carried"), "csrfmiddlewaretoken": hidden(page, "csrfmiddlewaretoken")},
        **HERE,
    )
    assert again.status_code == 303
    assert Verdict.objects.get(review=review).headline == sent["headline"]


# What the workbench leans on is gone


def closed_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture
def no_elasticsearch(settings: Any) -> Iterator[None]:
    engines.close_all()
    settings.SEARCH_ENGINE = "elasticsearch"
    settings.ELASTICSEARCH = {
        "url": f"http://127.0.0.1:{closed_port()}", "api_key": "", "user": "", "password": "", "ca_certs": "",
        "prefix": "gone",
    }  # fmt: skip
    yield
    engines.close_all()


@pytest.mark.django_db
def test_without_elasticsearch_pages_work_and_searches_say_that_it_does_not_answer(
    cast: Cast, ada: Client, no_elasticsearch: None, drain: Callable[..., int]
) -> None:
    check = pages.published(cast)
    claim, _review, _source = pages.working(cast)
    for address in (
        "/desk/north/", "/desk/north/claims/", "/desk/north/articles/", "/desk/north/published/", "/desk/north/jobs/",
        f"/claims/{claim.pk}/", f"/factchecks/{check.pk}/", "/", "/feeds/atom.xml", "/feeds/claimreview.json",
        "/desk/north/sources/",
    ):  # fmt: skip
        assert ada.get(address).status_code == 200, address
    for address in ("/?q=bridge", "/desk/north/articles/?q=harbour", "/desk/north/claims/?q=bridge"):
        response = ada.get(address)
        assert response.status_code == 200, address
        assert re.search(r"search[^.]*(not answer|not available|does not|cannot)", text_of(response)), address
    assert Client().get("/v1alpha1/claims:search?query=bridge").status_code == 503

    before = SearchRun.objects.count()
    assert ada.post(f"/claims/{claim.pk}/search/", {}).status_code == 303
    drain("search")
    job = Job.objects.filter(kind="search", desk=cast.desk, status=Job.Status.QUEUED).latest("pk")
    assert job.waiting_since is not None, "it waits, which is no attempt"
    assert re.search(r"search|engine|Elasticsearch", job.error, re.I), job.error
    assert SearchRun.objects.count() == before


@pytest.mark.django_db
def test_an_index_that_vanishes_in_the_middle_is_said_and_work_goes_on(
    cast: Cast, ada: Client, engine: None, drain: Callable[..., int]
) -> None:
    from claims.actions.indexing.outbox import queue_if_dirty

    added = builders.article(cast)
    queue_if_dirty()
    drain("index")
    assert f'href="/documents/{added.document.pk}/"' in text_of(ada.get("/desk/north/articles/?q=harbour"))
    engines.writer().erase()
    engines.close_all()
    response = ada.get("/desk/north/articles/?q=harbour")
    assert response.status_code == 200
    assert "harbour" in text_of(response)
    assert ada.post(ADD, {"what": TYPED}).status_code == 303
    engines.writer().ensure()


@pytest.mark.django_db(transaction=True)
def test_without_redis_every_act_is_done_and_none_waits_for_it(
    real_cast: Cast, browser_of: BrowserOf, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.REDIS_URL = f"redis://127.0.0.1:{closed_port()}/0"
    monkeypatch.setattr(wakeup, "breaker", wakeup.Breaker())
    asked: list[float] = []
    real = wakeup._send

    def counted(pk: int) -> None:
        began = time.monotonic()
        try:
            real(pk)
        finally:
            asked.append(time.monotonic() - began)

    monkeypatch.setattr(wakeup, "_send", counted)
    client = browser_of(real_cast.ada)
    for number in range(3):
        assert client.post(ADD, {"what": f"{TYPED} Part {number}."}).status_code == 303
    assert client.get("/desk/north/jobs/").status_code == 200
    assert Job.objects.filter(kind="analyse", status=Job.Status.QUEUED).count() == 3
    assert len(asked) == 1, "after the first refusal the broker is left alone for a while"
    assert not wakeup.breaker.may_try()
    assert Review.objects.count() == 0
