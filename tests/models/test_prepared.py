"""Is what is kept of a question never its answer?"""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.models import Archive, Claim, Desk, Document, Membership
from claims.models.desks import archives_of, desks_of
from claims.models.documents import hidden_documents
from claims.models.prepared import prepared
from tests import builders
from tests.people import Cast

pytestmark = pytest.mark.django_db


def test_who_leaves_a_desk_sees_nothing_of_it_with_the_next_question(cast: Cast) -> None:
    builders.claim(cast)
    assert Desk.objects.filter(pk__in=desks_of(cast.ada)).get() == cast.desk
    assert Archive.objects.filter(pk__in=archives_of(cast.ada)).exists()
    assert Claim.objects.visible_to(cast.ada).exists()
    Membership.objects.filter(user=cast.ada).delete()
    assert not Desk.objects.filter(pk__in=desks_of(cast.ada)).exists()
    assert not Archive.objects.filter(pk__in=archives_of(cast.ada)).exists()
    assert not Claim.objects.visible_to(cast.ada).exists()


def test_a_document_is_hidden_and_shown_again(cast: Cast) -> None:
    document = builders.article(cast).document
    rows = Document.objects.filter(pk__in=hidden_documents(cast.ada))
    assert not rows.exists()
    Document.objects.filter(pk=document.pk).update(visibility=Document.Visibility.NAMED, added_by=cast.ben)
    assert rows.all().get() == document
    document.named.add(cast.ada)
    assert not rows.all().exists()


def test_who_begins_to_run_the_installation_sees_all(cast: Cast) -> None:
    assert not Desk.objects.filter(pk__in=desks_of(cast.ada)).exclude(pk=cast.desk.pk).exists()
    cast.ada.is_superuser = True
    assert set(Desk.objects.filter(pk__in=desks_of(cast.ada))) == set(Desk.objects.all())


def test_making_a_question_asks_nothing(cast: Cast) -> None:
    with CaptureQueriesContext(connection) as asked:
        desks_of(cast.ada), archives_of(cast.ada), hidden_documents(cast.ada)
    assert len(asked) == 0


def test_what_is_few_is_the_same_and_said_to_be_few_where_it_is_guessed(cast: Cast) -> None:
    document = builders.article(cast).document
    Document.objects.filter(pk=document.pk).update(visibility=Document.Visibility.NAMED, added_by=cast.ben)
    hidden = hidden_documents(cast.ada)
    assert ("unnest" in hidden.sql) == (connection.vendor == "postgresql")  # type: ignore[union-attr]
    plain = prepared(Document.objects.hidden_from(cast.ada).values("pk"))
    assert (
        list(Document.objects.filter(pk__in=plain))
        == list(Document.objects.filter(pk__in=hidden))
        == [document]
    )
