"""Documents are grouped by the report they rest on, with the reason in words."""

from __future__ import annotations

import itertools

import pytest

from claims.independence.origins import Text, Tie, group
from tests.independence.stories import (
    AGENCY,
    COPY_WITH_NEW_HEAD,
    CUT,
    EDITED,
    OWN_REPORT,
    REWRITE_WITH_CREDIT,
    UNRELATED,
)

DOCUMENTS = [
    Text("agency", AGENCY, "Reuters", published="2020-10-14"),
    Text("copy", COPY_WITH_NEW_HEAD, "Weir Post", published="2020-10-15"),
    Text("cut", CUT, "Radio Ostra", published="2020-10-14"),
    Text("edited", EDITED, "Ostra Herald", published="2020-10-16"),
    Text("rewrite", REWRITE_WITH_CREDIT, "Lake Courier", published="2020-10-15"),
    Text("own", OWN_REPORT, "Ostra Gazette", published="2020-10-17"),
    Text("concert", UNRELATED, "Ostra Herald", published="2020-10-14"),
]


def keys(documents: list[Text]) -> set[frozenset[str]]:
    return {frozenset(one.keys) for one in group(documents).groups}


def test_copies_and_the_credited_rewrite_are_one_origin_and_own_reports_stay_apart() -> None:
    assert keys(DOCUMENTS) == {
        frozenset({"agency", "copy", "cut", "edited", "rewrite"}),
        frozenset({"own"}),
        frozenset({"concert"}),
    }


def test_the_order_of_the_documents_makes_no_difference() -> None:
    for documents in itertools.islice(itertools.permutations(DOCUMENTS), 0, 5040, 700):
        assert keys(list(documents)) == keys(DOCUMENTS)


def test_a_group_begins_with_its_earliest_and_is_named_after_the_agency() -> None:
    first = group(DOCUMENTS).groups[0]
    assert first.keys[0] in ("agency", "cut")
    assert first.name == "Reuters"
    ties = {(link.first, link.second): link for link in first.links}
    assert ties[("agency", "copy")].tie is Tie.COPY
    assert "word for word" in ties[("agency", "copy")].sentence
    assert ties[("rewrite", "agency")].sentence == (
        "Lake Courier names Reuters as its source, and both tell the same story."
    )


def test_a_shared_quotation_joins_nobody() -> None:
    quote = (
        "“We found two cracks, and water was leaking through one of them, but the wall stands,” said Novak."
    )
    one = Text("a", f"{OWN_REPORT}\n\n{quote}", "A Post")
    two = Text("b", f"{UNRELATED}\n\n{quote}", "B Post")
    assert keys([one, two]) == {frozenset({"a"}), frozenset({"b"})}


def test_two_papers_with_one_agencys_line_and_shared_wording_are_joined() -> None:
    again = (
        "UPPER OSTRA (Reuters) - Officials of the board said on Wednesday that divers had found two"
        " cracks in the"
        " wall of the weir. The road beside the lake is closed for repairs of the gate, and the level of"
        " the lake"
        " will be lowered by one metre. Cellars of residents in the lower village were damp since September."
    )
    got = group([Text("a", AGENCY, "Weir Post"), Text("b", again, "Lake Courier")])
    assert len(got.groups) == 1
    assert got.groups[0].links[0].tie is Tie.AGENCY


def test_one_agency_named_in_different_stories_is_only_a_hint_or_nothing() -> None:
    concert = UNRELATED + "\n\nThe conductor spoke to Reuters in the spring, Reuters reports."
    got = group([Text("a", AGENCY, "Weir Post"), Text("b", concert, "Lake Courier")])
    assert len(got.groups) == 2
    assert [hint.joined for hint in got.hints] == [False]
    assert "a person should see" in got.hints[0].sentence


def test_one_agency_has_many_stories() -> None:
    concert = "UPPER OSTRA, Oct 14 (Reuters) - " + UNRELATED
    got = group([Text("a", AGENCY, "Weir Post"), Text("b", concert, "Lake Courier")])
    assert len(got.groups) == 2
    assert got.hints[0].tie is Tie.AGENCY


def test_a_report_cannot_rest_on_a_later_one() -> None:
    later = [
        Text("rewrite", REWRITE_WITH_CREDIT, "Lake Courier", published="2020-10-01"),
        Text("agency", AGENCY.replace("(Reuters) - ", ""), "Reuters", published="2020-10-14"),
    ]
    assert len(group(later).groups) == 2


def test_identical_texts_are_joined_even_when_they_are_very_short() -> None:
    got = group([Text("a", "The road is closed.\r\n"), Text("b", "The road is  closed.")])
    assert got.groups[0].links[0].tie is Tie.IDENTICAL
    assert keys([Text("a", ""), Text("b", "")]) == {frozenset({"a"}), frozenset({"b"})}


def test_lines_that_an_outlet_sets_under_every_article_do_not_join() -> None:
    tail = "\n\nThe Herald is the only independent daily of the whole region and lives from its readers, who"
    tail += " may become members for as little as three crowns a week and receive a cup for it every spring."
    cat = (
        "A cat was found on the tower of the town hall last night by the fire brigade, which had been"
        " called because"
        " of smoke in the market square at about nine."
    )
    bodies = [OWN_REPORT[:500], UNRELATED[:400], cat]
    documents = [Text(str(n), body + tail, "Ostra Herald") for n, body in enumerate(bodies)]
    assert len(group(documents).groups) == 3


def test_two_documents_with_one_key_are_refused() -> None:
    with pytest.raises(ValueError, match="same key"):
        group([Text("a", "x"), Text("a", "y")])


def test_nothing_gives_no_groups() -> None:
    assert group([]).groups == ()
