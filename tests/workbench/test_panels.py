"""Opinions formed apart, as the pages show and ask for them."""

from __future__ import annotations

import pytest
from django.test import Client

from claims.actions.desk.settings import change_desk
from claims.actions.review.panels import ask_panel, give_opinion
from claims.models import Opinion, Panel, Rating, Review, User
from claims.vocabulary import Role
from tests import people
from tests.people import Cast
from tests.workbench import desk_pages

pytestmark = pytest.mark.django_db


def read(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def review(cast: Cast) -> Review:
    change_desk(actor=cast.dana, desk=cast.desk, values={"panels": "possible"})
    return Review.objects.select_related("desk", "claim").get(pk=desk_pages.submitted(cast).review_id)


@pytest.fixture
def fay(cast: Cast) -> User:
    return people.person("Fay", cast.desk, Role.REVIEWER)


def rated(panel: Panel, at: int) -> Rating:
    return Rating.objects.filter(scale=panel.scale).order_by("position")[at]


def test_asked_answered_and_read_by_the_pages(cast: Cast, review: Review, fay: User) -> None:
    ada, reader = desk_pages.signed_in(cast.ada), desk_pages.signed_in(fay)
    assert "Ask for opinions" in read(ada, f"/claims/{review.claim_id}/")
    sent = {"readers": str(fay.pk), "needed": "1", "words": "You know bridges."}
    assert ada.post(f"/reviews/{review.pk}/opinions/ask/", sent).status_code == 303
    panel = Panel.objects.get()
    desk = read(reader, f"/desk/{cast.desk.slug}/")
    assert f"/reviews/{review.pk}/opinions/" in desk
    assert reader.get(f"/desk/{cast.desk.slug}/next/")["Location"] == f"/reviews/{review.pk}/opinions/"
    claim = read(reader, f"/claims/{review.claim_id}/")
    assert "You are asked what you find." in claim
    assert "The bridge carries far fewer cars" not in claim
    asked = read(reader, f"/reviews/{review.pk}/opinions/")
    assert "You know bridges." in asked
    nothing = reader.post(f"/opinions/{panel.pk}/give/", {"reason": "So."})
    assert (nothing.status_code, "So." in nothing.content.decode()) == (422, True)
    chosen = {"rating": str(rated(panel, 2).pk), "reason": "The counter says so.", "expected_version": "1"}
    assert reader.post(f"/opinions/{panel.pk}/give/", chosen).status_code == 303
    for person in (cast.ada, cast.ben, fay):
        page = read(desk_pages.signed_in(person), f"/claims/{review.claim_id}/")
        assert "The counter says so." in page
        assert "The verdict says something else than the panel found." in page
    verdict = review.verdicts.get()
    assert "The counter says so." in read(desk_pages.signed_in(cast.ben), f"/verdicts/{verdict.pk}/")


def test_a_dissent_is_named(cast: Cast, review: Review, fay: User) -> None:
    gus, hal = (people.person(name, cast.desk, Role.FACT_CHECKER) for name in ("Gus", "Hal"))
    panel = ask_panel(actor=cast.ada, review=review, readers=[fay, gus, hal], needed=2)
    for who, at in ((fay, 0), (gus, 0), (hal, 1)):
        give_opinion(actor=who, panel=panel, rating=rated(panel, at), reason=f"{who} counted.")
    page = read(desk_pages.signed_in(cast.carla), f"/reviews/{review.pk}/opinions/")
    assert page.count('class="dissent"') == 1
    assert "Hal counted." in page


def test_who_knows_the_verdict_is_not_offered(cast: Cast, review: Review, fay: User) -> None:
    read(desk_pages.signed_in(cast.ben), f"/verdicts/{review.verdicts.get().pk}/")
    form = desk_pages.signed_in(cast.ada).get(f"/reviews/{review.pk}/opinions/").context["ask_form"]
    assert {name for _pk, name in form.fields["readers"].choices} >= {"Fay", "Carla"}
    assert not {name for _pk, name in form.fields["readers"].choices} & {"Ada", "Ben", "Eli"}


def test_a_desk_without_shows_nothing_of_it(cast: Cast) -> None:
    verdict = desk_pages.submitted(cast)
    for person in (cast.ada, cast.carla):
        client = desk_pages.signed_in(person)
        assert 'id="opinions"' not in read(client, f"/claims/{verdict.claim_id}/")
        assert "pinion is asked" not in read(client, f"/desk/{cast.desk.slug}/")
    assert "does without" in read(desk_pages.signed_in(cast.ada), f"/reviews/{verdict.review_id}/opinions/")


def test_a_refusal_keeps_what_was_typed(cast: Cast, review: Review, fay: User) -> None:
    sent = {"readers": str(fay.pk), "needed": "3", "words": "Please look."}
    answer = desk_pages.signed_in(cast.ada).post(f"/reviews/{review.pk}/opinions/ask/", sent)
    assert (answer.status_code, "Please look." in answer.content.decode()) == (422, True)
    assert not Panel.objects.exists()


def test_declining_shows_the_verdict(cast: Cast, review: Review, fay: User) -> None:
    panel = ask_panel(actor=cast.ada, review=review, readers=[fay, cast.carla], needed=1)
    client = desk_pages.signed_in(fay)
    assert client.get(f"/verdicts/{review.verdicts.get().pk}/").status_code == 404
    assert client.post(f"/opinions/{panel.pk}/decline/").status_code == 303
    assert client.get(f"/verdicts/{review.verdicts.get().pk}/").status_code == 200
    assert Opinion.objects.get(reader=fay).declined_at is not None


def test_the_setting_is_stored_and_a_form_without_it_leaves_it(cast: Cast) -> None:
    client = desk_pages.signed_in(cast.dana)
    sent = {
        "name": "North Desk", "editorial_approvals": 1, "legal_approvals": 0, "publish_mode": "at_once",
        "time_zone": "UTC",
    }  # fmt: skip
    path = f"/desk/{cast.desk.slug}/settings/"
    assert client.post(path, {**sent, "panels": "needed", "panel_least": "2"}).status_code == 303
    assert client.post(path, sent).status_code == 303
    cast.desk.refresh_from_db()
    assert (cast.desk.panels, cast.desk.panel_least) == ("needed", 2)


def test_the_dashboard_counts_what_readers_said_first(cast: Cast, review: Review, fay: User) -> None:
    gus = people.person("Gus", cast.desk, Role.FACT_CHECKER)
    panel = ask_panel(actor=cast.ada, review=review, readers=[fay, gus], needed=2)
    give_opinion(actor=fay, panel=panel, rating=rated(panel, 0), reason="One.")
    give_opinion(actor=fay, panel=panel, rating=rated(panel, 1), reason="Another.")
    give_opinion(actor=gus, panel=panel, rating=rated(panel, 1), reason="Other.")
    client = desk_pages.signed_in(cast.carla)
    tables = {one.key: one for one in client.get(f"/desk/{cast.desk.slug}/dashboard/").context["tables"]}
    rows = {row.name: row.cells[0] for row in tables["agreement"].rows}
    assert (rows["agreed"], rows["Opinions compared"]) == (1, 2)
    assert rows["Pairs of readers who found the same"] == "0 %"
    assert rows["Krippendorff's alpha"] == "-0.50" or rows["Krippendorff's alpha"] == "0.00"
