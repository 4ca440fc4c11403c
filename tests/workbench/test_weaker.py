"""Weaker passages on a claim's page: counted, read on demand with and without htmx, and made evidence."""

from __future__ import annotations

import pytest

from claims.models import Claim, Document, Evidence, SearchHit, SearchRun
from tests.builders import article, claim
from tests.people import Cast
from tests.workbench import desk_pages as pages

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(cast: Cast) -> Claim:
    """A claim whose search answered with one shown passage, two weaker ones, and one that is folded."""
    made = claim(cast, "Fees rose by 11 percent")
    added = article(
        cast, "Fees in Port Lenna\n\nThe fees rose by 11 percent. Ships pay at the pier. It rained."
    )
    run = SearchRun.objects.create(desk=cast.desk, claim=made, outcome="found", searched=4)
    for rank, words in enumerate(
        ("The fees rose by 11 percent.", "Ships pay at the pier.", "It rained."), start=1
    ):
        start = added.capture.text.index(words)
        place = {
            "document": added.document,
            "capture": added.capture,
            "start": start,
            "end": start + len(words),
        }
        SearchHit.objects.create(run=run, rank=rank, weak=rank > 1, matched=["ship"], **place)
        if rank == 1:
            Evidence.objects.create(
                desk=cast.desk, claim=made, kind="passage", run=run, rank=1, quotation=words, place_key="capture:1",
                reasons=[{"name": "figure"}, {"name": "later", "days": 2}],
                further=[{"capture": added.capture.pk, "start": 0, "end": 18, "quotation": "Fees in Port Lenna",
                          "matched": []}], **place,
            )  # fmt: skip
    Evidence.objects.create(
        desk=cast.desk, claim=made, kind="passage", run=run, rank=9, quotation="An old row", place_key="capture:2",
        folded=True, document=added.document, capture=added.capture, start=1, end=9,
    )  # fmt: skip
    return made


def test_the_page_counts_weaker_passages_and_does_not_carry_them(cast: Cast, asked: Claim) -> None:
    text = pages.signed_in(cast.ada).get(f"/claims/{asked.pk}/").content.decode()
    assert "3 weaker passages" in text
    assert f'href="/claims/{asked.pk}/evidence/weaker/"' in text
    assert "Ships pay" not in text
    assert "An old row" not in text


def test_a_row_says_why_and_has_its_further_passages_beside_it(cast: Cast, asked: Claim) -> None:
    text = pages.signed_in(cast.ada).get(f"/claims/{asked.pk}/").content.decode()
    assert "same figure · 2 days later" in text
    assert "1 more passage of this article" in text


@pytest.mark.parametrize("htmx", [False, True])
def test_weaker_passages_are_read_on_demand(cast: Cast, asked: Claim, htmx: bool) -> None:
    headers = {"HX-Request": "true"} if htmx else {}
    text = (
        pages.signed_in(cast.ada)
        .get(f"/claims/{asked.pk}/evidence/weaker/", headers=headers)
        .content.decode()
    )
    assert "<mark>Ships</mark> pay" in text
    assert "It rained." in text
    assert "An old row" in text
    assert "rose by 11" not in text.split("</h1>")[-1]
    assert ("<html" in text) is not htmx


def test_a_weaker_passage_is_made_evidence(cast: Cast, asked: Claim) -> None:
    hit = SearchHit.objects.get(run__claim=asked, rank=2)
    answer = pages.signed_in(cast.ada).post(f"/claims/{asked.pk}/evidence/take/", {"hit": hit.pk})
    made = Evidence.objects.get(claim=asked, added_by=cast.ada)
    assert (answer.status_code, answer["Location"]) == (303, f"/claims/{asked.pk}/#e{made.pk}")
    assert made.quotation == "Ships pay at the pier."
    assert "2 weaker passages" in pages.signed_in(cast.ada).get(f"/claims/{asked.pk}/").content.decode()


@pytest.mark.parametrize("sent", ["", "x", "-1", "9" * 30, "²"])
def test_a_hit_that_is_none_is_404(cast: Cast, asked: Claim, sent: str) -> None:
    assert (
        pages.signed_in(cast.ada).post(f"/claims/{asked.pk}/evidence/take/", {"hit": sent}).status_code == 404
    )


def test_a_hit_of_another_claim_is_404(cast: Cast, asked: Claim) -> None:
    hit = SearchHit.objects.get(run__claim=asked, rank=2)
    other = claim(cast)
    assert (
        pages.signed_in(cast.ada).post(f"/claims/{other.pk}/evidence/take/", {"hit": hit.pk}).status_code
        == 404
    )


def test_passages_of_documents_for_named_people_are_told_to_nobody_else(cast: Cast, asked: Claim) -> None:
    Document.objects.update(visibility=Document.Visibility.NAMED, added_by=cast.ada)
    hit = SearchHit.objects.get(run__claim=asked, rank=2)
    client = pages.signed_in(cast.ben)
    text = client.get(f"/claims/{asked.pk}/evidence/weaker/").content.decode()
    assert "pay at the pier" not in text
    assert "An old row" not in text
    assert client.post(f"/claims/{asked.pk}/evidence/take/", {"hit": hit.pk}).status_code == 404


def test_deciding_about_a_folded_row_brings_it_back(cast: Cast, asked: Claim) -> None:
    folded = Evidence.objects.get(claim=asked, folded=True)
    sent = {"stance": "context", "expected_version": folded.version}
    pages.signed_in(cast.ada).post(f"/evidence/{folded.pk}/", sent, headers={"HX-Request": "true"})
    assert "An old row" in pages.signed_in(cast.ada).get(f"/claims/{asked.pk}/").content.decode()


def test_the_rest_that_is_set_aside_is_what_is_shown(cast: Cast, asked: Claim) -> None:
    pages.signed_in(cast.ada).post(f"/claims/{asked.pk}/evidence/rest/")
    assert not Evidence.objects.get(claim=asked, folded=True).rejected
    assert Evidence.objects.filter(claim=asked, rejected=True).count() == 1
