"""Who works at a desk: partners read feeds, they pass no door."""

from __future__ import annotations

import pytest

from claims.models import Archive, Desk, Document
from claims.vocabulary import CloseReason, Role
from tests.builders import article
from tests.people import Cast, person

pytestmark = pytest.mark.django_db


def test_a_partner_works_at_no_desk(cast: Cast) -> None:
    article(cast)
    partner = person("Pia", cast.desk, Role.PARTNER)
    assert not Desk.objects.for_user(partner).exists()
    assert not Archive.objects.for_user(partner).exists()
    assert not Document.objects.for_user(partner).exists()


def test_who_is_switched_off_holds_no_role(cast: Cast) -> None:
    assert cast.desk.roles_of(cast.dana) == {Role.ADMINISTRATOR}
    cast.dana.is_active = False
    assert cast.desk.roles_of(cast.dana) == frozenset()


def test_a_document_for_one_desk_is_not_the_other_ones_in_a_shared_archive(cast: Cast) -> None:
    shared = Archive.objects.create(slug="shared", name="Shared")
    for desk in (cast.desk, cast.other_desk):
        desk.archives.add(shared)
    document = article(cast).document
    rows = Document.objects.filter(pk=document.pk)
    for visibility, seen in (("archive", True), ("desk", False), ("named", False)):
        rows.update(archive=shared, visibility=visibility)
        assert (document in Document.objects.visible_to(cast.otto)) == seen
        assert document in Document.objects.visible_to(cast.ada)
    rows.update(archive=cast.desk.own_archives.get(), visibility="archive")
    assert document not in Document.objects.visible_to(cast.otto)


def test_several_roles_give_a_desk_once(cast: Cast) -> None:
    assert list(Desk.objects.for_user(cast.ben)) == [cast.desk]
    assert list(Desk.objects.for_user(cast.otto)) == [cast.other_desk]


def test_reasons_to_close_are_the_rules_own() -> None:
    assert {value for value in CloseReason.values if value} == {reason.value for reason in CloseReason}
