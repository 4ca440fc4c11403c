"""Rewrites are joined by a learned model, on the mean over all pairs of two groups."""

from __future__ import annotations

from dataclasses import replace

import pytest

from claims.independence.joining import Model, join_closest, shipped
from claims.independence.origins import Text, Tie, group
from claims.independence.pairs import signs, traits
from tests.independence.stories import AGENCY, COPY_WITH_NEW_HEAD, OWN_REPORT, REWRITE_WITH_CREDIT, UNRELATED

REWRITE = """Lakeside road shut after divers find cracks

Motorists have to avoid the road at Lake Ostra. Divers discovered two cracks in the wall of the weir, and the
regional water board lowers the level of the lake by one metre while the gate is repaired.

“We found two cracks in the wall, and water was leaking through one of them, but the wall was never broken,”
Pavel Novak, engineer of the board, said. The repair costs 4.2 million crowns, paid out of the fund that the region
set up after the flood of 2002."""


def keys(documents: list[Text], **options: object) -> set[frozenset[str]]:
    return {frozenset(one.keys) for one in group(documents, **options).groups}  # type: ignore[arg-type]


def test_a_rewrite_without_a_credit_is_joined_and_the_reason_says_what_is_shared() -> None:
    got = group([Text("a", AGENCY, "Reuters"), Text("b", REWRITE, "Lake Courier")])
    assert [one.keys for one in got.groups] == [("a", "b")]
    (link,) = got.groups[0].links
    assert link.tie is Tie.REWRITE
    assert link.sentence.startswith("The texts share 1 quotation, 2 figures, ")
    assert "% of the rarer words of the shorter" in link.sentence


def test_without_the_model_the_rules_do_not_find_it() -> None:
    silent = replace(shipped(), threshold=2.0)
    assert len(keys([Text("a", AGENCY, "Reuters"), Text("b", REWRITE, "Lake Courier")], model=silent)) == 2


def test_another_story_stays_apart_and_so_does_an_own_report_beside_the_rewrites() -> None:
    documents = [
        Text("a", AGENCY, "Reuters"),
        Text("b", REWRITE, "Lake Courier"),
        Text("c", UNRELATED, "Herald"),
    ]
    assert keys(documents) == {frozenset("ab"), frozenset("c")}
    assert frozenset("d") in keys([*documents, Text("d", OWN_REPORT, "Gazette")])


def test_a_text_of_another_week_is_not_joined_by_likeness() -> None:
    def at(day: str) -> list[Text]:
        return [
            Text("a", AGENCY, "Reuters", published="2020-10-14"),
            Text("b", REWRITE, "Lake Courier", published=day),
        ]

    assert len(keys(at("2020-10-15"))) == 1
    assert len(keys(at("2020-10-25"))) == 2


def test_a_denial_is_an_origin_of_its_own() -> None:
    denial = """Board calls report of a broken weir a hoax

A report that the weir of Lake Ostra had cracks is false, the regional water board said on Wednesday. The rumour that
two cracks were found by divers and the road would stay closed is baseless, its engineer Pavel Novak said, and
dismissed the story. No repair for 4.2 million crowns is planned, and the road beside the lake is open."""
    documents = [Text("a", AGENCY, "Reuters"), Text("b", REWRITE, "Courier"), Text("c", denial, "Herald")]
    assert keys(documents) == {frozenset("ab"), frozenset("c")}


def test_an_outlet_does_not_rewrite_itself() -> None:
    assert len(keys([Text("a", AGENCY, "Lake Courier"), Text("b", REWRITE, "Lake Courier")])) == 2


def test_what_stands_together_stays_and_what_is_held_apart_is_not_joined() -> None:
    documents = [Text("a", AGENCY), Text("b", COPY_WITH_NEW_HEAD), Text("c", UNRELATED)]
    assert keys(documents) == {frozenset("ab"), frozenset("c")}
    assert keys(documents, apart=[frozenset("ab")]) == {frozenset("a"), frozenset("b"), frozenset("c")}
    assert keys(documents, together=[["a", "c"]]) == {frozenset("abc")}


def test_a_bridge_does_not_bring_together_what_is_held_apart() -> None:
    documents = [Text("a", AGENCY), Text("b", REWRITE), Text("bridge", COPY_WITH_NEW_HEAD)]
    got = keys(documents, apart=[frozenset("ab")])
    assert frozenset({"a", "bridge"}) in got
    assert frozenset("b") in got


def test_the_mean_over_all_pairs_decides_and_not_one_lucky_pair() -> None:
    near = {frozenset("ab"): 0.9, frozenset("bc"): 0.6}

    def chance(one: str, other: str) -> float:
        return near.get(frozenset((one, other)), 0.0)

    assert join_closest([["a"], ["b"], ["c"]], chance, threshold=0.5) == [["a", "b"], ["c"]]
    assert join_closest([["a"], ["b"], ["c"]], chance, threshold=0.3) == [["a", "b", "c"]]


def test_the_order_of_two_texts_makes_no_difference_to_their_signs() -> None:
    for one, other in ((AGENCY, REWRITE), (AGENCY, REWRITE_WITH_CREDIT), (OWN_REPORT, UNRELATED)):
        assert signs(traits(one), traits(other)) == signs(traits(other), traits(one))


def test_a_script_without_spaces_is_compared_by_its_characters() -> None:
    one = traits("水务局周三关闭了湖边的道路，因为潜水员在堤坝的墙上发现了两条裂缝。")
    other = traits("潜水员在堤坝的墙上发现了两条裂缝，水务局因此关闭了道路。")
    assert signs(one, other).own_of_shorter > 0.5


def test_weights_of_other_signs_are_refused(tmp_path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "joining.json"
    path.write_text('{"weights": {"length": 1}, "bias": 0, "threshold": 0.5}', encoding="utf-8")
    with pytest.raises(ValueError, match="weights of other signs"):
        Model.load(path)
