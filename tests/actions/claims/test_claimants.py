"""Who asserts: names are linked exactly, and joined or parted only by an editor."""

from __future__ import annotations

import pytest

from claims.actions import base
from claims.actions.claims import claimants
from claims.models import Appearance, AuditEvent, Claimant, ClaimantAlias
from tests.builders import accepted, analysed, article, claim
from tests.people import Cast

pytestmark = pytest.mark.django_db


def named(cast: Cast, name: str) -> Claimant:
    found = claimants.link(desk=cast.desk, name=name)
    assert found is not None
    return found


def test_a_name_is_the_same_claimant_whatever_its_case_and_spaces(cast: Cast) -> None:
    assert named(cast, "Ilse Brandt") == named(cast, "  ILSE\n brandt, ")
    assert Claimant.objects.count() == 1


def test_a_name_that_looks_alike_is_another_claimant(cast: Cast) -> None:
    assert named(cast, "Ilse Brandt") != named(cast, "I. Brandt")
    assert named(cast, "Brandt") not in (named(cast, "Ilse Brandt"), named(cast, "I. Brandt"))


def test_the_same_name_at_another_desk_is_another_row(cast: Cast) -> None:
    ours = named(cast, "Ilse Brandt")
    theirs = claimants.link(desk=cast.other_desk, name="Ilse Brandt")
    assert theirs != ours


def test_no_name_is_no_claimant(cast: Cast) -> None:
    assert claimants.link(desk=cast.desk, name=' "“” , ') is None
    assert claimants.find(cast.desk, "") is None


def test_a_name_longer_than_its_column_is_cut_and_found_again(cast: Cast) -> None:
    long = "the spokesman of " * 40
    assert named(cast, long) == named(cast, long)


def test_an_articles_own_words_belong_to_its_outlet_else_to_its_byline(cast: Cast) -> None:
    analysed(cast, article(cast, outlet="Lenna Post"))
    mine = accepted(cast, "raised its fees").claimant
    assert mine is not None
    assert (mine.name, mine.kind) == ("Lenna Post", "outlet")
    document = article(cast, "Bread is cheaper than ever in the old town.", authors="Mara Holt").document
    byline = claimants.of_document(document, cast.desk)
    assert byline is not None
    assert byline.name == "Mara Holt"
    row = Appearance(desk=cast.desk, document=None, attribution="article")
    assert claimants.of_appearance(row) is None


def test_a_voice_that_a_recorder_numbers_is_nobody_the_desk_knows(cast: Cast) -> None:
    row = Appearance(desk=cast.desk, document=None, attribution="quoted", claimant_text="Speaker 1")
    row.flags = ["recorder-label"]
    assert claimants.of_appearance(row) is None
    row.flags = []
    assert claimants.of_appearance(row) is not None


def test_merged_claimants_share_claims_and_names_and_the_log_keeps_which(cast: Cast) -> None:
    short, long = named(cast, "I. Brandt"), named(cast, "Ilse Brandt")
    one = claim(cast, who="I. Brandt")
    with pytest.raises(base.NotAllowed, match="desk editor"):
        claimants.merge_claimants(actor=cast.ada, claimant=short, into=long)
    assert claimants.merge_claimants(actor=cast.carla, claimant=short, into=long) == long
    one.refresh_from_db()
    assert one.claimant == long
    assert named(cast, "i. brandt") == long
    assert short.merged_into == long
    assert AuditEvent.objects.get(verb="claimant.merged").detail.data["claims"] == [one.pk]
    with pytest.raises(base.Stale):
        claimants.merge_claimants(actor=cast.carla, claimant=short, into=named(cast, "Somebody"))
    with pytest.raises(base.Refused, match="same"):
        claimants.merge_claimants(actor=cast.carla, claimant=long, into=short)


def test_claimants_of_two_desks_are_never_merged(cast: Cast) -> None:
    theirs = claimants.link(desk=cast.other_desk, name="Ilse Brandt")
    assert theirs is not None
    with pytest.raises(base.Refused, match="desks"):
        claimants.merge_claimants(actor=cast.carla, claimant=named(cast, "Ilse Brandt"), into=theirs)


def test_a_parted_alias_takes_the_claims_that_use_only_that_name(cast: Cast) -> None:
    short, long = named(cast, "I. Brandt"), named(cast, "Ilse Brandt")
    by_short, by_long = claim(cast, who="I. Brandt"), claim(cast, who="Ilse Brandt")
    claimants.merge_claimants(actor=cast.carla, claimant=short, into=long)
    with pytest.raises(base.NotAllowed):
        claimants.split_claimant(actor=cast.ada, claimant=long, alias="I. Brandt")
    own = claimants.split_claimant(actor=cast.carla, claimant=long, alias="i. brandt")
    assert own == short
    by_short.refresh_from_db()
    by_long.refresh_from_db()
    assert (by_short.claimant, by_long.claimant) == (own, long)
    assert named(cast, "I. Brandt") == own
    with pytest.raises(base.Refused, match="no other name"):
        claimants.split_claimant(actor=cast.carla, claimant=long, alias="I. Brandt")


def test_an_alias_links_from_then_on_and_names_one_claimant_only(cast: Cast) -> None:
    long = named(cast, "Ilse Brandt")
    claimants.add_alias(actor=cast.carla, claimant=long, alias="the fees minister")
    assert named(cast, "The Fees Minister") == long
    other = named(cast, "Jan Bek")
    with pytest.raises(base.Refused, match="Ilse Brandt"):
        claimants.add_alias(actor=cast.carla, claimant=other, alias="the fees minister")
    with pytest.raises(base.Refused, match="Jan Bek"):
        claimants.add_alias(actor=cast.carla, claimant=long, alias="jan bek")
    parted = claimants.split_claimant(actor=cast.carla, claimant=long, alias="the fees minister")
    assert parted.name == "the fees minister"


def test_a_renamed_claimant_is_still_known_by_the_old_name(cast: Cast) -> None:
    row = named(cast, "Ilse Brandt")
    claimants.rename_claimant(actor=cast.ada, claimant=row, name="Ilse Brandt-Weiss", job_title="minister")
    assert named(cast, "Ilse Brandt") == named(cast, "Ilse Brandt-Weiss") == row
    assert ClaimantAlias.objects.get().alias == "Ilse Brandt"
    with pytest.raises(base.Refused, match="another claimant"):
        claimants.rename_claimant(actor=cast.ada, claimant=named(cast, "Jan Bek"), name="ilse brandt")
    claimants.rename_claimant(actor=cast.ada, claimant=row, name="ILSE BRANDT")
    assert named(cast, "Ilse Brandt-Weiss") == row
