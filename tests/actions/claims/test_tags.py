"""Tags of a desk: put on, taken off, renamed, merged, removed, and what many claims get at once."""

from __future__ import annotations

import pytest

from claims.actions import base
from claims.actions.claims import changes, tags
from claims.actions.review import bulk_acts, bulk_undo, selections
from claims.models import AuditEvent, BulkActRow, Claim, ClaimTag, DocumentTag, Tag
from tests import builders
from tests.people import Cast

pytestmark = pytest.mark.django_db


def on(claim: Claim) -> set[str]:
    return set(ClaimTag.objects.filter(claim=claim).values_list("tag__name", flat=True))


def tagged(cast: Cast, typed: str) -> Claim:
    claim = builders.claim(cast)
    tags.tag_claim(actor=cast.ada, claim=claim, typed=typed)
    return claim


def named(cast: Cast, name: str) -> Tag:
    return Tag.objects.standing().get(desk=cast.desk, name=name)


def test_words_with_commas_between_become_tags_and_one_word_is_one_tag(cast: Cast) -> None:
    first = tagged(cast, " Housing , #energy,, housing;\u200b")
    second = tagged(cast, "HOUSING")
    assert on(first) == {"Housing", "energy"}
    assert on(second) == {"Housing"}
    assert Tag.objects.filter(desk=cast.desk).count() == 2
    assert AuditEvent.objects.filter(verb="claim.tagged", claim_id=first.pk).count() == 1
    assert tags.tag_claim(actor=cast.ada, claim=first, typed="housing") == []
    assert AuditEvent.objects.filter(verb="claim.tagged", claim_id=first.pk).count() == 1


@pytest.mark.parametrize("typed", ["", " , ,", "\u200b", "x" * 61])
def test_nothing_and_too_much_are_no_tags(cast: Cast, typed: str) -> None:
    claim = builders.claim(cast)
    with pytest.raises(base.Refused):
        tags.tag_claim(actor=cast.ada, claim=claim, typed=typed)
    assert not Tag.objects.exists()


def test_a_claim_carries_so_many_tags_and_no_more(cast: Cast) -> None:
    claim = tagged(cast, ",".join(f"t{n}" for n in range(tags.MOST)))
    with pytest.raises(base.Refused, match="20 tags"):
        tags.tag_claim(actor=cast.ada, claim=claim, typed="one more")
    assert len(on(claim)) == tags.MOST


def test_contributors_tag_articles_and_no_claims(cast: Cast) -> None:
    claim, document = builders.claim(cast), builders.article(cast).document
    with pytest.raises(base.NotAllowed):
        tags.tag_claim(actor=cast.eli, claim=claim, typed="harbour")
    tags.tag_document(actor=cast.eli, desk=cast.desk, document=document, typed="harbour, fees")
    assert DocumentTag.objects.filter(document=document).count() == 2
    tag = named(cast, "harbour")
    assert tags.untag_document(actor=cast.eli, desk=cast.desk, document=document, tag=tag)
    assert not tags.untag_document(actor=cast.eli, desk=cast.desk, document=document, tag=tag)
    with pytest.raises(base.NotAllowed):
        tags.tag_document(actor=cast.otto, desk=cast.desk, document=document, typed="x")


def test_only_editors_change_a_word_for_everybody(cast: Cast) -> None:
    tagged(cast, "a, b")
    tag = named(cast, "a")
    for act in (
        lambda: tags.rename_tag(actor=cast.ben, tag=tag, name="c"),
        lambda: tags.merge_tags(actor=cast.ben, tag=tag, into="b"),
        lambda: tags.remove_tag(actor=cast.ben, tag=tag),
    ):
        with pytest.raises(base.NotAllowed):
            act()
    assert Tag.objects.standing().count() == 2


def test_a_new_name_stands_everywhere_and_never_twice(cast: Cast) -> None:
    claim = tagged(cast, "Goverment, Energy")
    tag = named(cast, "Goverment")
    with pytest.raises(base.Refused, match="Merge"):
        tags.rename_tag(actor=cast.carla, tag=tag, name="energy")
    tags.rename_tag(actor=cast.carla, tag=tag, name="Government")
    assert on(claim) == {"Government", "Energy"}
    tags.rename_tag(actor=cast.carla, tag=named(cast, "Energy"), name="ENERGY")
    assert on(claim) == {"Government", "ENERGY"}


def test_merging_leaves_each_claim_one_tag_and_old_addresses_lead_on(cast: Cast) -> None:
    both, one = tagged(cast, "flat, flats"), tagged(cast, "flats")
    document = builders.article(cast).document
    tags.tag_document(actor=cast.ada, desk=cast.desk, document=document, typed="flats")
    older = named(cast, "flats")
    tags.merge_tags(actor=cast.carla, tag=older, into="Flat")
    assert on(both) == on(one) == {"flat"}
    assert DocumentTag.objects.get(document=document).tag.name == "flat"
    older.refresh_from_db()
    assert older.merged_into == named(cast, "flat")
    with pytest.raises(base.Stale):
        tags.rename_tag(actor=cast.carla, tag=older, name="x")
    # A tag that leads to one which is merged itself leads to the last.
    tagged(cast, "homes")
    tags.merge_tags(actor=cast.carla, tag=named(cast, "flat"), into="homes")
    older.refresh_from_db()
    assert older.merged_into == named(cast, "homes")
    for into in ("", "nowhere", "homes"):
        with pytest.raises(base.Refused):
            tags.merge_tags(actor=cast.carla, tag=named(cast, "homes"), into=into)


def test_a_removed_tag_is_off_everything_and_its_name_is_free_again(cast: Cast) -> None:
    claim = tagged(cast, "old, kept")
    assert tags.remove_tag(actor=cast.carla, tag=named(cast, "old")) == 1
    assert on(claim) == {"kept"}
    tags.tag_claim(actor=cast.ada, claim=claim, typed="Old")
    assert on(claim) == {"kept", "Old"}


def test_tags_go_over_when_a_claim_is_merged(cast: Cast) -> None:
    claim, into = tagged(cast, "a, b"), tagged(cast, "b, c")
    changes.merge_claims(actor=cast.ada, claim=claim, into=into)
    assert on(into) == {"a", "b", "c"}


def test_many_claims_are_tagged_at_once_and_taken_back_to_what_each_had(cast: Cast) -> None:
    first, second, third = tagged(cast, "flood"), builders.claim(cast), tagged(cast, "flood, storm")
    kept = selections.select(actor=cast.carla, desk=cast.desk, claims=[first.pk, second.pk, third.pk])
    act = bulk_acts.preview(actor=cast.carla, selection=kept, action="tag", add="storm", take="flood")
    assert set(act.rows.values_list("ticked", flat=True)) == {True}
    act = bulk_acts.start(actor=cast.carla, act=act)
    assert [on(one) for one in (first, second, third)] == [{"storm"}] * 3
    assert AuditEvent.objects.filter(verb="claim.tagged", gesture=act.gesture).count() == 3
    bulk_undo.undo(actor=cast.carla, act=act)
    assert [on(one) for one in (first, second, third)] == [{"flood"}, set(), {"flood", "storm"}]


def test_what_somebody_tagged_since_is_not_taken_back(cast: Cast) -> None:
    first, second = builders.claim(cast), builders.claim(cast)
    kept = selections.select(actor=cast.carla, desk=cast.desk, claims=[first.pk, second.pk])
    act = bulk_acts.start(
        actor=cast.carla,
        act=bulk_acts.preview(actor=cast.carla, selection=kept, action="tag", add="storm"),
    )
    tags.untag_claim(actor=cast.ada, claim=first, tag=named(cast, "storm"))
    tags.tag_claim(actor=cast.ada, claim=first, typed="storm")
    bulk_undo.undo(actor=cast.carla, act=act)
    assert on(first) == {"storm"}
    assert on(second) == set()
    assert act.rows.get(claim=first).outcome == BulkActRow.Outcome.KEPT


def test_a_bulk_act_says_of_each_claim_what_would_not_change(cast: Cast) -> None:
    has, full, free = (
        tagged(cast, "storm"),
        tagged(cast, ",".join(f"t{n}" for n in range(20))),
        builders.claim(cast),
    )
    kept = selections.select(actor=cast.carla, desk=cast.desk, claims=[has.pk, full.pk, free.pk])
    act = bulk_acts.preview(actor=cast.carla, selection=kept, action="tag", add="storm")
    whys = dict(act.rows.values_list("claim_id", "why"))
    assert "already" in whys[has.pk]
    assert "20 tags" in whys[full.pk]
    assert whys[free.pk] == ""
    bulk_acts.start(actor=cast.carla, act=act)
    assert on(free) == {"storm"}
    assert "storm" not in on(full)


@pytest.mark.parametrize(("add", "take"), [("", ""), ("", "nowhere"), ("storm", "storm"), ("x" * 61, "")])
def test_a_bulk_act_without_a_tag_or_with_an_unknown_one_is_refused(cast: Cast, add: str, take: str) -> None:
    claim = tagged(cast, "storm")
    kept = selections.select(actor=cast.carla, desk=cast.desk, claims=[claim.pk])
    with pytest.raises(base.Refused):
        bulk_acts.preview(actor=cast.carla, selection=kept, action="tag", add=add, take=take)
