"""An editor splits articles from an origin and joins origins, with a reason, and takes it back."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from claims.models import Document
from tests.actions.documents.test_origins_merge import FIRST, SECOND, WHOLE, fresh, put
from tests.people import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.ada)
    return client


def post(client: Client, name: str, document: Document, **fields: str) -> int:
    return client.post(reverse(name, args=[document.pk]), fields).status_code


def page(client: Client, document: Document) -> str:
    return client.get(reverse("document-origin", args=[document.pk])).content.decode()


def test_the_page_says_what_else_is_of_the_origin_and_why(cast: Cast, ada: Client) -> None:
    report, copy = put(cast, WHOLE, "Reuters"), put(cast, WHOLE + "\n\nIt rained.", "Post")
    shown = page(ada, copy)
    assert "% of the shorter text stands word for word in the other" in shown
    assert reverse("document", args=[report.pk]) in shown
    assert "word for word in the other" in page(ada, report)


def test_an_article_is_split_off_with_a_reason_and_the_page_says_who(cast: Cast, ada: Client) -> None:
    report, copy = put(cast, WHOLE, "Reuters"), put(cast, WHOLE + "\n\nIt rained.", "Post")
    assert post(ada, "document-origin-split", copy, reason="") == 422
    assert post(ada, "document-origin-split", copy, reason="Own reporter there.") == 303
    assert len(set(fresh(report, copy))) == 2
    shown = page(ada, copy)
    assert "Own reporter there." in shown
    assert "decided by Ada" in shown
    assert post(ada, "document-origin-undo", copy) == 303
    assert len(set(fresh(report, copy))) == 1
    assert "decided by" not in page(ada, copy)


def test_a_page_that_is_older_than_the_article_splits_nothing(cast: Cast, ada: Client) -> None:
    report, copy = put(cast, WHOLE, "Reuters"), put(cast, WHOLE + "\n\nIt rained.", "Post")
    Document.objects.filter(pk=copy.pk).update(version=7)
    assert post(ada, "document-origin-split", copy, reason="Own.", expected_version="1") == 409
    assert len(set(fresh(report, copy))) == 1


@pytest.mark.parametrize("by", ["number", "link"])
def test_two_origins_are_joined_by_number_or_address(cast: Cast, ada: Client, by: str) -> None:
    first, second = put(cast, FIRST, "Post"), put(cast, SECOND, "Herald")
    said = str(second.pk) if by == "number" else f"http://testserver/documents/{second.pk}/"
    assert post(ada, "document-origin-join", first, other=said, reason="One agency report.") == 303
    assert len(set(fresh(first, second))) == 1
    assert "One agency report." in page(ada, first)


def test_what_one_may_not_read_cannot_be_joined(cast: Cast, ada: Client) -> None:
    first, second = put(cast, FIRST, "Post"), put(cast, SECOND, "Herald")
    Document.objects.filter(pk=second.pk).update(visibility=Document.Visibility.NAMED, added_by=cast.carla)
    answer = ada.post(
        reverse("document-origin-join", args=[first.pk]), {"other": str(second.pk), "reason": "One report."}
    )
    assert answer.status_code == 422
    assert "no article with this address or number that you may read" in answer.content.decode()
    assert len(set(fresh(first, second))) == 2
