"""Own questions on the claim's page: the form keeps what was refused, the log asks again, the dossier tells all."""

from __future__ import annotations

import pytest

from claims.models import Document, Job, Outlet, SearchHit, SearchRun
from tests import builders
from tests.people import Cast
from tests.workbench import desk_pages as pages

pytestmark = pytest.mark.django_db


def test_what_is_wrong_is_said_beside_what_was_typed(cast: Cast) -> None:
    claim, _review, _source = pages.ready(cast)
    sent = {"own_words": 'fees "new pier', "outlet": "Courier", "since": "2026", "until": "", "language": ""}
    answer = pages.signed_in(cast.ada).post(f"/claims/{claim.pk}/search/", sent)
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "at character 6 is never closed" in shown
    assert "fees &quot;new pier" in shown
    assert 'value="Courier"' in shown
    assert '<details class="fold ask-filters" open>' in shown
    assert not Job.objects.filter(kind="search", arguments__own_words__startswith="fees").exists()


def test_the_log_says_its_filters_and_news_and_asks_again(cast: Cast) -> None:
    claim, _review, _source = pages.ready(cast)
    outlet = Outlet.objects.create(name="Lenna Courier", name_key="lenna courier")
    Document.objects.filter(pk=builders.article(cast).document.pk).update(outlet=outlet)
    asked = {"words": "pier -storm", "outlets": [outlet.pk], "since": "2026-03", "language": "en"}
    run = SearchRun.objects.create(
        desk=claim.desk, claim=claim, kind="own_words", outcome="found", asked_by=cast.ben, engine="embedded",
        questions=[{
            "text": "pier -storm", "terms": ["pier"], "asked": asked, "language": "en", "rules": 3,
            "since": {"run": 1, "at": builders.moment().isoformat(), "new": [1], "gone": 2},
        }],
    )  # fmt: skip
    added = builders.article(cast, builders.HARBOUR + " Once more.")
    SearchHit.objects.create(
        run=run, rank=1, document=added.document, capture=added.capture, start=0, end=40, matched=["pier"]
    )
    client = pages.signed_in(cast.ada)
    for address in (f"/claims/{claim.pk}/", f"/claims/{claim.pk}/searches/"):
        shown = client.get(address).content.decode()
        assert "only Lenna Courier" in shown
        assert "published from 2026-03" in shown
        assert "language en" in shown
        assert "1 passage is new, 2 are not found any more" in shown
        assert f'action="/searches/{run.pk}/again/"' in shown
    assert f'<a href="/documents/{added.document.pk}/">' in shown
    assert "Words that were looked for:" in shown
    assert client.post(f"/searches/{run.pk}/again/").status_code == 303
    job = Job.objects.get(kind="search", arguments__again=run.pk)
    assert job.arguments["asked"] == asked


def test_a_search_made_outside_leads_there_and_is_not_asked_again(cast: Cast) -> None:
    claim, _review, _source = pages.ready(cast)
    run = SearchRun.objects.create(
        desk=claim.desk, claim=claim, kind="outside", outcome="nothing",
        questions=[{"text": "pier", "where": "News", "url": "https://news.example/?q=pier"}],
    )  # fmt: skip
    client = pages.signed_in(cast.ada)
    shown = client.get(f"/claims/{claim.pk}/searches/").content.decode()
    assert 'href="https://news.example/?q=pier"' in shown
    assert f"/searches/{run.pk}/again/" not in shown
    assert client.post(f"/searches/{run.pk}/again/").status_code == 422
