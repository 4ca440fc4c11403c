"""The doors: what exists elsewhere is not found, and nobody is told the difference."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from claims.actions.desk.accounts import make_person
from claims.actions.desk.api_keys import make_key
from claims.actions.discussion.notes import write_note
from claims.actions.documents import intake
from claims.actions.review import bulk_acts, selections
from claims.jobs import rows
from claims.models import (
    AnalysisRun,
    Approval,
    AuditEvent,
    Claim,
    Document,
    Evidence,
    FactCheck,
    Feed,
    Invitation,
    Match,
    Membership,
    Notice,
    OpenSession,
    Panel,
    ReaderMessage,
    Release,
    SavedView,
    SearchHit,
    SearchRun,
    SourceAlert,
    Tag,
    User,
    Verdict,
    access,
)
from claims.vocabulary import Role
from tests import reread
from tests.builders import accepted, analysed, article
from tests.builders import claim as claim_of
from tests.people import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def things(cast: Cast) -> dict[str, object]:
    """One object of every kind that has a door, all of the first desk."""
    added = article(cast)
    run = analysed(cast, added)
    claim = accepted(cast)
    review = claim.reviews.get()
    rating = cast.desk.scales.get().ratings.first()
    verdict = Verdict.objects.create(
        review=review,
        desk=cast.desk,
        claim=claim,
        number=1,
        wording="x",
        headline="x",
        rating=rating,
        short_answer="x",
        justification="x",
        created_by=cast.ada,
    )
    check = FactCheck.objects.create(desk=cast.desk, claim=claim, modified_at=timezone.now())
    Approval.objects.create(verdict=verdict, user=cast.ben)
    release = Release.objects.create(
        factcheck=check, number=1, kind="first", verdict=verdict, payload={}, payload_hash="0"
    )
    batch = reread.previewed_batch(cast)
    key, _text = make_key(actor=cast.dana, desk=cast.desk, name="k", scopes=["read"])
    return {
        "document": added.document,
        "capture": added.capture,
        "origin": added.document.origin,
        "analysis": run,
        "appearance": claim.appearances.get(),
        "claim": claim,
        "claimant": claim.claimant,
        "evidence": Evidence.objects.create(
            desk=cast.desk, claim=claim, kind="quotation", quotation="x", place_key="x"
        ),
        "alert": SourceAlert.objects.create(
            desk=cast.desk, claim=claim, document=added.document, capture=added.capture, start=0, end=5
        ),
        "search_run": SearchRun.objects.create(desk=cast.desk, claim=claim, outcome="nothing"),
        "match": Match.objects.create(claim=claim, factcheck=check),
        "review": review,
        "verdict": verdict,
        "factcheck": check,
        "release": release,
        "feed": Feed.objects.create(desk=cast.desk, kind="articles", url="https://a.example/", url_key="a"),
        "reader_message": ReaderMessage.objects.create(desk=cast.desk, kind="other", words="x"),
        "tag": Tag.objects.create(desk=cast.desk, name="x", name_key="x"),
        "rereading": batch,
        "reread_article": batch.rows.first(),
        "job": rows.enqueue("search", desk=cast.desk),
        "api_key": key,
        "note": write_note(actor=cast.ada, claim=claim, text="Look."),
        "panel": Panel.objects.create(
            desk=cast.desk, review=review, asked_by=cast.ada, scale=verdict.rating.scale, needed=1
        ),
        "audit_event": AuditEvent.objects.filter(desk_id=cast.desk.pk).first(),
    }


def door(name: str) -> Callable[[object, int], object]:
    return getattr(access, f"access_{name}")  # type: ignore[no-any-return]


DOORS = sorted(name.removeprefix("access_") for name in dir(access) if name.startswith("access_"))


#: Doors to what people have at a desk, and to an answer of a search for one claim; they are tried below, each in
#: its own way.
OF_PEOPLE = {
    "invitation",
    "own_invitation",
    "membership",
    "hit",
    "selection",
    "bulk_act",
    "notice",
    "own_session",
    "view",
}


def test_an_invitation_is_seen_by_the_desk_and_by_whom_it_is_for(cast: Cast) -> None:
    invitation = make_person(
        actor=cast.dana, desk=cast.desk, email=cast.otto.email, display_name="Otto", roles=[Role.REVIEWER]
    )
    assert isinstance(invitation, Invitation)
    assert access.access_own_invitation(cast.otto, invitation.pk) == invitation
    assert access.access_invitation(cast.ada, cast.desk, invitation.pk) == invitation
    with pytest.raises(access.NotVisible):
        access.access_own_invitation(cast.ada, invitation.pk)
    with pytest.raises(access.NotVisible):
        access.access_invitation(cast.otto, cast.desk, invitation.pk)
    with pytest.raises(access.NotVisible):
        access.access_invitation(cast.otto, cast.other_desk, invitation.pk)


def test_an_answer_is_found_through_its_claim_alone(cast: Cast, things: dict[str, object]) -> None:
    run = things["search_run"]
    assert isinstance(run, SearchRun)
    capture = things["capture"]
    hit = SearchHit.objects.create(
        run=run,
        rank=1,
        document=capture.document,
        capture=capture,
        start=0,
        end=5,  # type: ignore[attr-defined]
    )
    assert access.access_hit(cast.ada, run.claim, str(hit.pk)) == hit
    for user, claim, pk in (
        (cast.otto, run.claim, str(hit.pk)),
        (cast.ada, claim_of(cast), str(hit.pk)),
        (cast.ada, run.claim, "0"),
        (cast.ada, run.claim, "²"),
    ):
        with pytest.raises(access.NotVisible):
            access.access_hit(user, claim, pk)


def test_selections_acts_and_notices_are_ones_own(cast: Cast) -> None:
    kept = selections.select(actor=cast.ada, desk=cast.desk, claims=[claim_of(cast).pk])
    act = bulk_acts.preview(actor=cast.ada, selection=kept, action="search")
    told = Notice.objects.create(desk=cast.desk, user=cast.ada, actor=cast.ben, kind="given", act=act)
    things = (("selection", kept.pk), ("bulk_act", act.pk), ("notice", told.pk))
    for name, pk in things:
        assert door(name)(cast.ada, pk)
        for other in (cast.ben, cast.carla, cast.dana, cast.otto, AnonymousUser()):
            with pytest.raises(access.NotVisible):
                door(name)(other, pk)
    # What was done at a desk is seen by its editors.
    bulk_acts.start(actor=cast.ada, act=act)
    assert access.access_bulk_act(cast.carla, act.pk) == act
    for other in (cast.ben, cast.otto):
        with pytest.raises(access.NotVisible):
            access.access_bulk_act(other, act.pk)


def test_a_session_is_ones_own(cast: Cast) -> None:
    row = OpenSession.objects.create(user=cast.ada, session_key="x", last_seen=timezone.now())
    assert access.access_own_session(cast.ada, row.pk) == row
    root = User.objects.create_superuser("root@desk.example", display_name="Root")
    for other in (cast.ben, cast.dana, cast.otto, root, AnonymousUser()):
        with pytest.raises(access.NotVisible):
            access.access_own_session(other, row.pk)


def test_a_view_is_ones_own_until_it_is_shared(cast: Cast) -> None:
    view = SavedView.objects.create(
        desk=cast.desk, owner=cast.ada, of="claims", name="Mine", query="state=open"
    )
    assert access.access_view(cast.ada, view.pk) == view
    for other in (cast.ben, cast.carla, cast.otto, AnonymousUser()):
        with pytest.raises(access.NotVisible):
            access.access_view(other, view.pk)
    SavedView.objects.update(shared=True)
    assert access.access_view(cast.ben, view.pk) == view
    with pytest.raises(access.NotVisible):
        access.access_view(cast.otto, view.pk)


def test_a_membership_is_ones_own(cast: Cast) -> None:
    assert access.access_membership(cast.ada, "north") == cast.desk
    with pytest.raises(access.NotVisible):
        access.access_membership(cast.otto, "north")


def test_every_door_is_tried_here(cast: Cast, things: dict[str, object]) -> None:
    if things["claimant"] is None:
        things.pop("claimant")
    assert set(things) | {"desk", "claimant"} | OF_PEOPLE == set(DOORS)


@pytest.mark.parametrize("name", [name for name in DOORS if name not in {"desk", "claimant"} | OF_PEOPLE])
def test_members_find_it_and_everybody_else_finds_nothing(
    cast: Cast, things: dict[str, object], name: str
) -> None:
    thing = things[name]
    assert thing is not None
    pk = thing.pk  # type: ignore[attr-defined]
    open_door = door(name)
    assert open_door(cast.ada, pk) == thing
    assert open_door(User.objects.create_superuser("root@desk.example", display_name="Root"), pk) == thing
    for user in (cast.otto, AnonymousUser()):
        with pytest.raises(access.NotVisible):
            open_door(user, pk)
    with pytest.raises(access.NotVisible):
        open_door(cast.ada, pk + 10_000)
    with pytest.raises(access.NotVisible):
        open_door(cast.ada, 10**30)
    cast.ada.is_active = False
    with pytest.raises(access.NotVisible):
        open_door(cast.ada, pk)


def test_a_claimant_is_its_desks_own(cast: Cast) -> None:
    analysed(cast, article(cast, outlet="Lenna Post"))
    claimant = accepted(cast).claimant
    assert claimant is not None
    assert access.access_claimant(cast.ada, claimant.pk) == claimant
    with pytest.raises(access.NotVisible):
        access.access_claimant(cast.otto, claimant.pk)


def test_a_desk_is_found_by_who_works_there(cast: Cast) -> None:
    assert access.access_desk(cast.ada, "north") == cast.desk
    for user, slug in (
        (cast.ada, "south"),
        (cast.otto, "north"),
        (cast.ada, "nowhere"),
        (AnonymousUser(), "north"),
    ):
        with pytest.raises(access.NotVisible):
            access.access_desk(user, slug)


def test_a_person_of_two_desks_finds_an_object_once(cast: Cast) -> None:
    document = article(cast).document
    Membership.objects.create(desk=cast.desk, user=cast.otto, role=Role.REVIEWER)
    Membership.objects.create(desk=cast.desk, user=cast.otto, role=Role.FACT_CHECKER)
    assert access.access_document(cast.otto, document.pk) == document
    assert Document.objects.for_user(cast.otto).count() == 1


def test_a_shared_archive_opens_documents_but_not_the_work_on_them(cast: Cast) -> None:
    added = article(cast)
    analysed(cast, added)
    claim = accepted(cast)
    added.document.archive.readers.add(cast.other_desk)
    assert access.access_document(cast.otto, added.document.pk) == added.document
    with pytest.raises(access.NotVisible):
        access.access_claim(cast.otto, claim.pk)
    with pytest.raises(access.NotVisible):
        access.access_analysis(cast.otto, AnalysisRun.objects.get().pk)
    intake.set_metadata(actor=cast.ada, document=added.document, visibility=Document.Visibility.DESK)
    with pytest.raises(access.NotVisible):
        access.access_document(cast.otto, added.document.pk)


def test_a_document_for_named_people_is_seen_by_them_and_by_who_added_it(cast: Cast) -> None:
    document = article(cast).document
    intake.set_metadata(
        actor=cast.ada, document=document, visibility=Document.Visibility.NAMED, named=[cast.ben]
    )
    for user in (cast.ada, cast.ben):
        assert access.access_document(user, document.pk) == document
        assert access.access_capture(user, document.captures.get().pk)
    for user in (cast.carla, cast.otto):
        with pytest.raises(access.NotVisible):
            access.access_document(user, document.pk)


def test_jobs_of_the_installation_are_not_a_desks(cast: Cast) -> None:
    job = rows.enqueue("index", desk=None)
    with pytest.raises(access.NotVisible):
        access.access_job(cast.dana, job.pk)


def test_a_merged_claim_still_has_its_page(cast: Cast) -> None:
    analysed(cast, article(cast))
    one, two = accepted(cast, "raised its fees"), accepted(cast, "300 jobs")
    Claim.objects.filter(pk=one.pk).update(merged_into=two)
    assert access.access_claim(cast.ada, one.pk).merged_into == two
