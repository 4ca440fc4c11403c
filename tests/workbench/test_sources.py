"""Sources, the state of the index, and claimants."""

from __future__ import annotations

import pytest

from claims.models import Claim, Claimant, IndexTarget, Outlet
from claims.search.engine import EngineUnavailable
from tests import builders
from tests.people import Cast
from tests.workbench import desk_pages as pages

pytestmark = pytest.mark.django_db
SOURCES = "/desk/north/sources/"


def test_the_owner_of_an_outlet_is_set_by_an_editor(cast: Cast) -> None:
    builders.article(cast, outlet="Lenna Courier")
    outlet = Outlet.objects.get(name="Lenna Courier")
    sent = {"outlet": outlet.pk, "owner": "North Press Ltd"}
    assert pages.signed_in(cast.ada).post(f"{SOURCES}owner/", sent).status_code == 403
    client = pages.signed_in(cast.carla)
    client.post(f"{SOURCES}owner/", sent)
    assert "North Press Ltd" in client.get(SOURCES).content.decode()
    client.post(f"{SOURCES}owner/", {**sent, "owner": ""})
    outlet.refresh_from_db()
    assert outlet.owner is None


def test_outlets_that_the_desk_does_not_read_cannot_be_changed(cast: Cast) -> None:
    foreign = Outlet.objects.create(name="Far Away", name_key="far away")
    sent = {"outlet": foreign.pk, "owner": "Me"}
    assert pages.signed_in(cast.carla).post(f"{SOURCES}owner/", sent).status_code == 404


def test_the_archive_is_counted_and_the_index_says_what_waits(cast: Cast) -> None:
    builders.article(cast)
    answer = pages.signed_in(cast.ada).get(SOURCES)
    assert answer.context["archive"]["documents"] == 1
    assert answer.context["index"]["standing"].waiting >= 1


def test_an_engine_that_is_gone_is_said(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> None:
        raise EngineUnavailable("connection refused")

    monkeypatch.setattr("claims.workbench.desk.sources.engines.reader", gone)
    text = pages.signed_in(cast.ada).get(SOURCES).content.decode()
    assert "connection refused" in text


def test_a_rebuild_is_for_administrators(cast: Cast) -> None:
    assert pages.signed_in(cast.carla).post(f"{SOURCES}reindex/").status_code == 403
    pages.signed_in(cast.dana).post(f"{SOURCES}reindex/")
    assert IndexTarget.objects.filter(state="building").exists()


def test_claimants_are_merged_and_parted_by_an_editor(cast: Cast) -> None:
    one = builders.claim(cast, who="Ilse Brandt")
    two = builders.claim(cast, who="Minister Brandt")
    first, second = one.claimant, two.claimant
    assert first is not None
    assert second is not None
    sent = {"into": first.pk}
    assert pages.signed_in(cast.ada).post(f"/claimants/{second.pk}/merge/", sent).status_code == 403
    client = pages.signed_in(cast.carla)
    client.post(f"/claimants/{second.pk}/merge/", sent)
    assert Claim.objects.get(pk=two.pk).claimant == first
    assert "Minister Brandt" in client.get("/desk/north/claimants/").content.decode()
    client.post(f"/claimants/{first.pk}/split/", {"alias": "Minister Brandt"})
    assert Claim.objects.get(pk=two.pk).claimant == Claimant.objects.get(name="Minister Brandt")


def test_a_claimant_is_renamed_and_known_by_further_names(cast: Cast) -> None:
    row = builders.claim(cast, who="Ilse Brandt").claimant
    assert row is not None
    client = pages.signed_in(cast.carla)
    client.post(
        f"/claimants/{row.pk}/change/",
        {"name": "Ilse Brandt-Weiss", "kind": "person", "job_title": "minister"},
    )
    client.post(f"/claimants/{row.pk}/alias/", {"alias": "the fees minister"})
    row.refresh_from_db()
    assert (row.name, row.job_title) == ("Ilse Brandt-Weiss", "minister")
    shown = client.get("/desk/north/claimants/").content.decode()
    assert "the fees minister" in shown
    assert "Ilse Brandt<" in shown, "the old name stays known"
    again = client.post(f"/claimants/{row.pk}/change/", {"name": "", "kind": "person"})
    assert again.status_code == 422


def test_claimants_of_another_desk_are_404(cast: Cast) -> None:
    theirs = builders.claim(cast, desk=cast.other_desk, actor=cast.otto).claimant
    assert theirs is not None
    assert (
        pages.signed_in(cast.carla).post(f"/claimants/{theirs.pk}/merge/", {"into": theirs.pk}).status_code
        == 404
    )
