"""A search while Elasticsearch is away, refuses us or is not whole: kept, explained, done later; or refused."""

from __future__ import annotations

import datetime as dt
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from claims.actions.evidence import search
from claims.actions.indexing import engines
from claims.models import Claim, Evidence, Job, SearchRun
from claims.query.types import Collection
from claims.search import elastic, elastic_query
from tests.builders import accepted, analysed, article
from tests.people import Cast
from tests.search.conftest import elastic_options
from tests.search.elastic_server import Played, error, playing

pytestmark = pytest.mark.django_db(transaction=True)

REPORT = """Port fees up by two fifths

Port Lenna, 4 March 2026. The harbour authority raised its fees in Port Lenna by 40 percent this week, its \
price list shows. The list was published on Monday. The authority said the money pays for a new pier."""

Drain = Callable[..., int]


@pytest.fixture
def claim(cast: Cast) -> Claim:
    added = article(cast, published="2026-03-05")
    analysed(cast, added)
    return accepted(cast)


@pytest.fixture
def use(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Point the installation to another Elasticsearch, as a restart with other settings does."""
    monkeypatch.setattr(elastic, "SEARCH_SECONDS", 0.5)
    engines.close_all()

    def point(**options: str) -> None:
        engines.close_all()
        blank = {"url": "", "api_key": "", "user": "", "password": "", "ca_certs": "", "prefix": "waiting"}
        settings.SEARCH_ENGINE = "elasticsearch"
        settings.ELASTICSEARCH = {**blank, **options}

    yield point
    engines.close_all()


def job_of(claim: Claim) -> Job:
    return Job.objects.get(kind="search", arguments__claim=claim.pk)


def assert_waits(claim: Claim, reason: str) -> None:
    job = job_of(claim)
    assert job.status == Job.Status.QUEUED
    assert reason in job.error
    assert (job.attempts, job.waits) == (0, 1)
    assert timezone.now() < job.run_after < timezone.now() + dt.timedelta(minutes=5)
    assert not SearchRun.objects.filter(claim=claim).exists()


AWAY: dict[str, tuple[Played, str]] = {
    "wrong password": (Played((401, error("security_exception"))), "refused the credentials"),
    "wrong password from the start": (Played((200, {}), (401, error("x"))), "refused the credentials"),
    "not allowed": (Played((403, error("security_exception"))), "do not allow"),
    "busy": (Played((429, error("es_rejected_execution_exception"))), "not ready"),
    "starting": (Played((503, error("cluster_block_exception"))), "not ready"),
    "red": (Played((503, error("no_shard_available_action_exception"))), "not ready"),
    "broken inside": (Played((500, error("null_pointer_exception"))), "not ready"),
    "gateway": (Played((502, b""), (502, b"<html>Bad gateway</html>"), product=""), "not ready"),
    "gateway in time": (Played((504, b""), (504, b""), product=""), "not ready"),
    "proxy": (
        Played((404, b""), (404, b"<html>no such site</html>"), product=""),
        "in place of Elasticsearch",
    ),
    "other server": (Played((200, b"{}"), product=""), "not Elasticsearch"),
    "nonsense": (Played((200, b"welcome")), "unreadable"),
    "page": (Played((200, b"<html>welcome</html>"), product=""), "not Elasticsearch"),
    "page of a sudden": (Played((200, b"<html>welcome</html>")), "not Elasticsearch"),
    "silent": (Played((200, {}), delay=1.0), "in time"),
    "no index yet": (Played((404, error("index_not_found_exception"))), "not been built"),
    "closed index": (Played((400, error("index_closed_exception"))), "not ready"),
    "holes": (Played((200, {"count": 1, "_shards": {"failed": 1}})), "part of the index"),
    "too old": (Played((200, {}), (200, {"version": {"number": "8.1.0"}})), "does not fit"),
}


@pytest.mark.parametrize("how", AWAY)
def test_the_search_is_kept_for_later_and_says_why(
    how: str, claim: Claim, drain: Drain, use: Callable[..., None]
) -> None:
    played, reason = AWAY[how]
    with playing(played):
        use(url=played.url)
        drain("search")
    assert_waits(claim, reason)


def test_nobody_listens(claim: Claim, drain: Drain, use: Callable[..., None]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        use(url=f"http://127.0.0.1:{taken.getsockname()[1]}")
        drain("search")
    assert_waits(claim, "cannot be reached")


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"url": "not an address"}, "address of Elasticsearch is wrong"),
        ({"url": "https://127.0.0.1:1", "ca_certs": "/no/such/file"}, "no certificate file"),
    ],
)
def test_settings_that_cannot_work_are_waited_for_too(
    options: dict[str, str], reason: str, claim: Claim, drain: Drain, use: Callable[..., None]
) -> None:
    use(**options)
    drain("search")
    assert_waits(claim, reason)


@pytest.mark.parametrize("own_words", ["", "fees of the port", '"40 percent"'])
def test_a_wrong_question_fails_at_once(
    own_words: str, cast: Cast, claim: Claim, drain: Drain, use: Callable[..., None]
) -> None:
    Job.objects.filter(kind="search").delete()
    search.search_claim(actor=cast.ada, claim=claim, own_words=own_words)
    with playing(Played((400, error("parsing_exception", "no such field")))) as played:
        use(url=played.url)
        drain("search")
        asked = len(played.asked)
        drain("search")
        assert len(played.asked) == asked
    job = job_of(claim)
    assert (job.status, job.waits) == (Job.Status.FAILED, 0)
    assert "refused the question" in job.error
    assert "no such field" in job.error


def test_a_crowd_of_searches_asks_a_missing_server_once_a_round(
    cast: Cast, claim: Claim, drain: Drain, use: Callable[..., None]
) -> None:
    for number in range(20):
        search.search_claim(actor=cast.ada, claim=claim, own_words=f"fees of {number} boats")
    with playing(Played((503, error("cluster_block_exception")))) as played:
        use(url=played.url)
        drain("search")
        assert Job.objects.filter(kind="search", status=Job.Status.QUEUED, waits=1).count() == 21
        Job.objects.filter(kind="search").update(run_after=timezone.now())
        played.asked.clear()
        drain("search")
        assert len(played.asked) == 1


def test_pages_say_why_the_search_waits(
    cast: Cast, claim: Claim, drain: Drain, use: Callable[..., None], client: Client
) -> None:
    with playing(Played((401, error("security_exception")))) as played:
        use(url=played.url)
        drain("search")
    client.force_login(cast.ada)
    for page in (
        reverse("claim", args=[claim.pk]),
        reverse("claim-search", args=[claim.pk]),
        reverse("jobs", args=[cast.desk.slug]),
    ):
        shown = client.get(page).content.decode()
        assert "Elasticsearch refused the credentials" in shown, page
        assert "waiting since" in shown, page
        assert "failed" not in shown.split("The search could not be done yet")[-1].split("</p>")[0], page


def run_waiting(drain: Drain) -> None:
    """Let the pause be over."""
    Job.objects.filter(kind="search", status=Job.Status.QUEUED).update(run_after=timezone.now())
    drain("search")


@pytest.mark.elasticsearch
class TestRealServer:
    @pytest.fixture(autouse=True)
    def archive(self, cast: Cast, claim: Claim, drain: Drain, use: Callable[..., None]) -> Iterator[None]:
        """Index a report on a real server, then forget the connection."""
        self.options = {**elastic_options(), "prefix": "waiting-test"}
        use(**self.options)
        engines.writer().erase()
        article(cast, REPORT, published="2026-03-04")
        drain("index")
        yield
        use(**self.options)
        engines.writer().erase()

    def test_a_wrong_password_is_mended_and_the_evidence_found(
        self, claim: Claim, drain: Drain, use: Callable[..., None]
    ) -> None:
        use(**{**self.options, "password": "wrong"})
        drain("search")
        assert_waits(claim, "refused the credentials")
        use(**self.options)
        run_waiting(drain)
        job = job_of(claim)
        assert (job.status, job.error, job.waiting_since) == (Job.Status.DONE, "", None)
        assert Evidence.objects.filter(claim=claim).exists()

    def test_the_first_search_that_works_wakes_the_others(
        self, cast: Cast, claim: Claim, drain: Drain, use: Callable[..., None]
    ) -> None:
        for words in ("fees of the port", "new pier"):
            search.search_claim(actor=cast.ada, claim=claim, own_words=words)
        use(**{**self.options, "password": "wrong"})
        drain("search")
        assert Job.objects.filter(kind="search", status=Job.Status.QUEUED, waits=1).count() == 3
        use(**self.options)
        first = Job.objects.filter(kind="search").order_by("id")[:1].values("pk")
        Job.objects.filter(pk__in=first).update(run_after=timezone.now())
        drain("search")
        assert Job.objects.filter(kind="search", status=Job.Status.DONE).count() == 3

    def test_an_index_that_is_closed_and_opened_again(
        self, claim: Claim, drain: Drain, use: Callable[..., None]
    ) -> None:
        engine = engines.writer()
        assert isinstance(engine, elastic.ElasticEngine)
        names = [engine._index(collection, engine.current() or "") for collection in Collection]
        # The client of a search does not wait long; an index may take its time to open.
        patient = engine._client.options(request_timeout=60).indices
        patient.close(index=names, wait_for_active_shards="0")
        drain("search")
        assert_waits(claim, "not ready")
        patient.open(index=names, wait_for_active_shards="1")
        run_waiting(drain)
        assert job_of(claim).status == Job.Status.DONE

    def test_a_question_the_server_does_not_understand_fails_at_once(
        self, claim: Claim, drain: Drain, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        filters = elastic_query.filters

        def garbled(query: Any) -> dict[str, Any]:
            return {**filters(query), "must_not": [{"no_such_query": {}}]}

        monkeypatch.setattr(elastic_query, "filters", garbled)
        drain("search")
        job = job_of(claim)
        assert job.status == Job.Status.FAILED
        assert "refused the question" in job.error
