"""One search over claims, articles, evidence and checks: in groups, for who may read what, and when nothing answers."""

from __future__ import annotations

from typing import Any

import pytest

from claims.actions.documents import intake
from claims.actions.indexing.outbox import queue_if_dirty
from claims.models import Document, Evidence, User
from claims.search.engine import EngineRefused, EngineUnavailable
from tests import builders
from tests.people import Cast
from tests.workbench import desk_pages as pages

pytestmark = pytest.mark.django_db
PAGE = "/desk/north/search/"


def found(user: User, words: str, desk: str = "north") -> dict[str, list[Any]]:
    answer = pages.signed_in(user).get(f"/desk/{desk}/search/", {"q": words})
    assert answer.status_code == 200
    return {group.kind: list(group.rows) for group in answer.context["groups"]}


@pytest.fixture
def filled(cast: Cast, drain: Any) -> tuple[Document, Evidence]:
    """An article about a lighthouse with evidence in it, a claim and a published check on other things."""
    added = builders.article(
        cast, "The lighthouse keeper of Osk retired in 2019.\n\nNobody came after.", title="Osk"
    )
    claim = builders.claim(cast, "The lighthouse keeper was never paid")
    row = Evidence.objects.create(
        desk=cast.desk, claim=claim, kind="passage", document=added.document, capture=added.capture,
        start=0, end=45, quotation=added.capture.text[:45], place_key="p", stance="refutes",
    )  # fmt: skip
    pages.published(cast)
    queue_if_dirty()
    drain("index")
    return added.document, row


def test_what_the_words_find_stands_in_groups(cast: Cast, filled: tuple[Document, Evidence]) -> None:
    document, row = filled
    groups = found(cast.ada, "lighthouse keeper")
    assert [one["claim"].pk for one in groups["claims"]] == [row.claim_id]
    assert [one["document"].pk for one in groups["articles"]] == [document.pk]
    assert groups["articles"][0]["excerpt"].startswith("The lighthouse keeper of Osk")
    assert [one["evidence"].pk for one in groups["evidence"]] == [row.pk]
    assert "checks" not in groups
    assert len(found(cast.ada, "bridge Lenna carries cars")["checks"]) == 1


def test_nobody_finds_what_they_may_not_read(cast: Cast, filled: tuple[Document, Evidence]) -> None:
    document, row = filled
    assert found(cast.otto, "lighthouse keeper", "south") == {}
    assert pages.signed_in(cast.otto).get(PAGE, {"q": "lighthouse"}).status_code == 404
    document.refresh_from_db()
    intake.set_metadata(
        actor=cast.ada, document=document, visibility=Document.Visibility.NAMED, named=[cast.ada]
    )
    # The index has not heard of it yet: the rows decide.
    groups = found(cast.ben, "lighthouse keeper")
    assert "articles" not in groups
    assert "evidence" not in groups
    assert [one["evidence"].pk for one in found(cast.ada, "lighthouse keeper")["evidence"]] == [row.pk]


def test_a_number_is_that_of_a_claim(cast: Cast) -> None:
    claim = builders.claim(cast)
    answer = pages.signed_in(cast.ada).get(PAGE, {"q": f"#{claim.pk}"})
    assert f'href="/claims/{claim.pk}/"' in answer.content.decode()
    for words in ("999999999999999999999", "#²", "-1"):
        assert pages.signed_in(cast.ada).get(PAGE, {"q": words}).context["numbered"] is None


@pytest.mark.parametrize("words", ["", "  ", "\x00", "?!", "zzzqqq nowhere", "x" * 5_000, "“”"])
def test_nothing_and_nonsense_find_nothing(cast: Cast, words: str) -> None:
    answer = pages.signed_in(cast.ada).get(PAGE, {"q": words})
    assert answer.status_code == 200
    assert answer.context["groups"] == []


@pytest.mark.parametrize("trouble", [EngineUnavailable("gone"), EngineRefused("too long")])
def test_an_engine_that_does_not_answer_is_said(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    def gone(*_args: object, **_kwargs: object) -> list[int]:
        raise trouble

    monkeypatch.setattr("claims.workbench.desk.search.find_passages", gone)
    claim = builders.claim(cast)
    answer = pages.signed_in(cast.ada).get(PAGE, {"q": str(claim.pk)})
    assert answer.status_code == 200
    assert answer.context["problem"]
    assert answer.context["numbered"] == claim


def test_the_palette_leads_to_the_search(cast: Cast) -> None:
    text = pages.signed_in(cast.ada).get("/desk/north/palette/", {"q": "light & dark"}).content.decode()
    assert "/desk/north/search/?q=light+%26+dark" in text
