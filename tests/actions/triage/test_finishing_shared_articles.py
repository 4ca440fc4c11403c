"""Two desks read one archive: one of them has finished an article, the other has not begun."""

from __future__ import annotations

import pytest
from django.test import Client

from claims.actions.documents import intake
from claims.actions.triage.decisions import finish_article, reopen_article
from claims.actions.triage.undo import last_gesture, undo
from claims.models import Appearance, Document, FinishedArticle
from claims.workbench.desk.waiting_work import to_triage
from tests import builders
from tests.people import Cast


@pytest.fixture
def shared(cast: Cast) -> Document:
    """An article of one desk that another reads too, with suggestions at both."""
    added = builders.article(cast)
    cast.other_desk.archives.add(added.document.archive)
    builders.analysed(cast, added)
    builders.store_split(
        desk=cast.other_desk,
        capture=added.capture,
        split=builders.split_of(added.capture.text, builders.harbour_units()),
    )
    return added.document


def suggested(cast: Cast, desk: object) -> int:
    return Appearance.objects.filter(desk=desk, triage="suggested").count()


def test_each_desk_finishes_opens_and_undoes_for_itself(cast: Cast, shared: Document) -> None:
    ours, theirs = cast.desk, cast.other_desk
    finish_article(actor=cast.ada, document=shared, desk=ours)
    assert (suggested(cast, ours), suggested(cast, theirs)) == (0, 3)
    assert shared not in to_triage(ours.pk, cast.ada)
    assert shared in to_triage(theirs.pk, cast.otto)
    finish_article(actor=cast.otto, document=shared, desk=theirs)
    reopen_article(actor=cast.ada, document=shared, desk=ours)
    assert FinishedArticle.objects.when(shared, ours) is None
    assert FinishedArticle.objects.when(shared, theirs) is not None
    finish_article(actor=cast.ada, document=shared, desk=ours)
    found = last_gesture(actor=cast.otto, desk=theirs, document=shared)
    assert found is not None
    undo(actor=cast.otto, gesture=found[0])
    assert FinishedArticle.objects.when(shared, ours) is not None
    assert FinishedArticle.objects.when(shared, theirs) is None
    assert (suggested(cast, ours), suggested(cast, theirs)) == (0, 3)


def test_pages_and_lists_tell_each_desk_its_own_state(cast: Cast, shared: Document) -> None:
    finish_article(actor=cast.ada, document=shared, desk=cast.desk)
    told = {}
    for user, desk in ((cast.ada, cast.desk), (cast.otto, cast.other_desk)):
        client = Client()
        client.force_login(user)
        link = f"/documents/{shared.pk}/"
        lists = [
            link in client.get(f"/desk/{desk.slug}/articles/", {"state": state}).content.decode()
            for state in ("triage", "finished")
        ]
        told[desk.slug] = (*lists, "Open the article again" in client.get(link).content.decode())
    assert told == {"north": (False, True, True), "south": (True, False, False)}


def test_a_new_text_opens_it_at_every_desk(cast: Cast, shared: Document) -> None:
    added = intake.add_text(
        actor=cast.ada, desk=cast.desk, text="The first text.", url="https://one.example/a"
    )
    for user, desk in ((cast.ada, cast.desk), (cast.otto, cast.other_desk)):
        finish_article(actor=user, document=added.document, desk=desk)
    intake.add_text(actor=cast.ada, desk=cast.desk, text="A second text.", url="https://one.example/a")
    assert not FinishedArticle.objects.filter(document=added.document).exists()
