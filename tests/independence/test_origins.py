"""Documents are grouped by the report they rest on, with the reason in words."""

from __future__ import annotations

import itertools
from pathlib import Path

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


STORIES = Path(__file__).resolve().parents[2] / "claims" / "management" / "sample" / "stories"


def sample(*names: str) -> list[Text]:
    """Return articles of the sample desk, as their heads date them and name their outlets."""
    documents = []
    for name in names:
        head, _, text = (STORIES / f"{name}.md").read_text(encoding="utf-8").partition("\n\n")
        fields = dict(line.split(": ", 1) for line in head.splitlines() if ": " in line)
        documents.append(Text(name, text, fields["outlet"], fields["title"], fields["published"]))
    return documents


def test_a_credit_ties_to_the_report_it_rests_on_and_not_to_the_day_before() -> None:
    assert keys(sample("ceasefire/tribune-rewrite", "ceasefire/agreed", "ceasefire/broken")) == {
        frozenset({"ceasefire/tribune-rewrite", "ceasefire/broken"}),
        frozenset({"ceasefire/agreed"}),
    }


def test_a_copy_is_not_tied_to_another_report_of_the_agency_it_was_copied_from() -> None:
    assert keys(
        sample("ceasefire/courier-copy", "ceasefire/post-cut", "ceasefire/agreed", "ceasefire/broken")
    ) == {
        frozenset({"ceasefire/courier-copy", "ceasefire/post-cut", "ceasefire/broken"}),
        frozenset({"ceasefire/agreed"}),
    }


def test_where_the_report_itself_is_missing_the_day_before_does_not_take_its_place() -> None:
    names = ("ceasefire/tribune-rewrite", "ceasefire/courier-copy", "ceasefire/agreed")
    assert frozenset({"ceasefire/agreed"}) in keys(sample(*names))


def test_a_credit_does_not_reach_an_older_report_on_the_same_subject() -> None:
    names = ("tunnel/tribune-postponed", "tunnel/minister", "tunnel/post-copy", "tunnel/postponed")
    assert keys(sample(*names)) == {
        frozenset({"tunnel/tribune-postponed", "tunnel/postponed"}),
        frozenset({"tunnel/minister", "tunnel/post-copy"}),
    }
    assert keys(sample("tunnel/tribune-postponed", "tunnel/minister")) == {
        frozenset({"tunnel/tribune-postponed"}),
        frozenset({"tunnel/minister"}),
    }


def test_a_credit_does_not_tie_two_stories_about_one_person() -> None:
    assert keys(sample("election/tribune-debate", "tunnel/tripled", "election/debate")) == {
        frozenset({"election/tribune-debate", "election/debate"}),
        frozenset({"tunnel/tripled"}),
    }


def test_the_same_report_a_month_before_the_credit_is_another() -> None:
    source = AGENCY.replace("OSTRA, Oct 14 (Reuters) - ", "")
    for day, groups in (
        ("2020-10-09", 1),
        ("2020-10-08", 1),
        ("2020-10-07", 2),
        ("2020-09", 2),
        ("2020-10", 1),
    ):
        got = group(
            [
                Text("rewrite", REWRITE_WITH_CREDIT, "Lake Courier", published="2020-10-15"),
                Text("agency", source, "Reuters", published=day),
            ]
        )
        assert len(got.groups) == groups, day


def test_of_two_equally_near_reports_the_one_of_the_same_day_is_the_source() -> None:
    source = AGENCY.replace("OSTRA, Oct 14 (Reuters) - ", "")
    other = source.replace("The repair will cost", "Repairs of the gate will cost") + "\n\nIt rained."
    got = group(
        [
            Text("before", other, "Reuters", published="2020-10-13"),
            Text("rewrite", REWRITE_WITH_CREDIT, "Lake Courier", published="2020-10-15"),
            Text("same day", source, "Reuters", published="2020-10-15"),
        ]
    )
    credit = [link for found in got.groups for link in found.links if link.tie is Tie.CREDIT]
    assert [link.second for link in credit] == ["same day"]


def test_two_copies_of_an_agencys_reports_months_apart_stay_apart() -> None:
    august = sample("tunnel/postponed")[0]
    copied = Text("august copy", august.text, "The Ellery Courier", published="2026-08-20")
    assert len(group([*sample("tunnel/post-copy"), copied]).groups) == 2
