"""What one person or desk does stays with them: what they read, whom they tag, what their views are called."""

from __future__ import annotations

import pytest

from claims.actions.claims import changes, tags
from claims.actions.desk import inbox
from claims.actions.desk.saved_views import change_view, delete_view, open_with, save_view
from claims.models import AuditDetail, AuditEvent, ClaimTag, DocumentTag, Notice, Tag
from tests import builders
from tests.conftest import NOW
from tests.people import Cast

pytestmark = pytest.mark.django_db


def _tag_of_south(cast: Cast, name: str = "harbours") -> Tag:
    claim = builders.claim(cast, actor=cast.otto, desk=cast.other_desk)
    tags.tag_claim(actor=cast.otto, claim=claim, typed=name)
    return Tag.objects.get(desk=cast.other_desk, name=name)


def test_what_came_in_after_the_page_was_shown_stays_unread(cast: Cast) -> None:
    for _number in range(3):
        changes.assign(actor=cast.carla, review=builders.claim(cast).reviews.get(), to=cast.ada)
    first, second, third = Notice.objects.filter(user=cast.ada).order_by("pk")
    assert inbox.see_all(actor=cast.ada, desk=cast.desk, upto=second.pk) == 2
    assert list(Notice.objects.unseen().filter(user=cast.ada)) == [third]
    first.refresh_from_db()
    assert first.seen_at is not None


def test_reading_all_reads_nobody_elses_and_nothing_of_another_desk(cast: Cast) -> None:
    changes.assign(actor=cast.carla, review=builders.claim(cast).reviews.get(), to=cast.ben)
    here = Notice.objects.get(user=cast.ben)
    Notice.objects.create(
        user=cast.ada, actor=cast.otto, desk=cast.other_desk, kind=Notice.Kind.GIVEN, created_at=NOW
    )
    assert inbox.see_all(actor=cast.ada, desk=cast.desk, upto=10**9) == 0
    assert Notice.objects.unseen().count() == 2
    assert inbox.see_all(actor=cast.ben, desk=cast.desk, upto=here.pk) == 1


def test_claims_of_another_desk_get_no_tag_of_ours(cast: Cast) -> None:
    ours = builders.claim(cast)
    theirs = builders.claim(cast, actor=cast.otto, desk=cast.other_desk)
    tags.tag_claim(actor=cast.ada, claim=ours, typed="bridges")
    tag = Tag.objects.get(name="bridges")
    found = tags.tag_all(actor=cast.ada, desk=cast.desk, claims=[ours.pk, theirs.pk], add=[tag], now=NOW)
    assert theirs.pk not in found.done
    assert list(ClaimTag.objects.values_list("claim", flat=True)) == [ours.pk]


def test_another_desks_tag_of_an_article_is_not_taken_off(cast: Cast) -> None:
    added = builders.article(cast)
    tag = _tag_of_south(cast)
    DocumentTag.objects.create(document=added.document, tag=tag, by=cast.otto, created_at=NOW)
    assert not tags.untag_document(actor=cast.ada, desk=cast.desk, document=added.document, tag=tag)
    assert DocumentTag.objects.filter(tag=tag).exists()
    assert not AuditEvent.objects.filter(verb="document.tagged").exists()
    tags.tag_document(actor=cast.ada, desk=cast.desk, document=added.document, typed="bridges")
    own = Tag.objects.get(desk=cast.desk, name="bridges")
    assert tags.untag_document(actor=cast.ada, desk=cast.desk, document=added.document, tag=own)


def _logged(verb: str) -> str:
    return str(list(AuditDetail.objects.filter(event__verb=verb).values_list("data", flat=True)))


def test_what_a_private_view_is_called_is_in_no_log(cast: Cast) -> None:
    asked = {"desk": cast.desk, "of": "claims", "query": "state=open"}
    view = save_view(actor=cast.ada, name="Doubts about Ben", **asked)
    view = change_view(actor=cast.ada, view=view, name="More doubts about Ben", shared=False)
    delete_view(actor=cast.ada, view=view)
    for verb in ("view.saved", "view.changed", "view.deleted"):
        assert AuditEvent.objects.filter(verb=verb).exists()
        assert "doubts" not in _logged(verb).casefold(), verb
        assert "open" not in _logged(verb), verb
    save_view(actor=cast.ada, name="Bridges", shared=True, **asked)
    assert "Bridges" in _logged("view.saved")


def test_a_view_that_is_shared_no_more_opens_nobody_elses_list(cast: Cast) -> None:
    view = save_view(
        actor=cast.ada, desk=cast.desk, of="claims", name="Bridges", query="state=open", shared=True
    )
    for who in (cast.ada, cast.ben):
        open_with(actor=who, view=view, on=True)
    view = change_view(actor=cast.ada, view=view, name="Bridges", shared=False)
    assert list(view.opens_for.all()) == [cast.ada]
