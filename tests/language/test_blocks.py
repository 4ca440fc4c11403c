"""What each part of an article is, what is left out and why, and where the words to be read begin."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.language.blocks import Block, BlockKind, blocks, layout
from claims.language.sentences import sentences


def kinds(text: str) -> list[str]:
    return [block.kind.value for block in blocks(text)]


def body(text: str, block: Block) -> str:
    return text[block.body : block.end]


def read(text: str) -> list[str]:
    return [body(text, block) for block in blocks(text) if block.read and block.kind is not BlockKind.HEADING]


def test_heading_byline_and_one_paragraph() -> None:
    text = "Economy slows\n\nBy Jane Doe, Staff Writer\n\nGDP grew 0.2%"
    assert kinds(text) == ["heading", "byline", "paragraph"]
    assert read(text) == ["GDP grew 0.2%"]


def test_every_block_left_out_says_why() -> None:
    text = (
        "Mayor quits\n\nBy Jane Doe\n\n1 61\n\nThe mayor left.\n\n"
        "What comes next\n\nNobody in the town knows that."
    )
    left = [(text[block.start : block.end], block.why) for block in blocks(text) if not block.read]
    assert left == [
        ("Mayor quits", "heading"),
        ("By Jane Doe", "byline"),
        ("1 61", "counter"),
        ("What comes next", "heading"),
    ]


@pytest.mark.parametrize(
    ("text", "place", "date", "agency", "rest"),
    [
        (
            "WASHINGTON, Oct. 14 (Reuters) - The U.S. economy grew 3.1%.",
            "WASHINGTON",
            "Oct. 14",
            "Reuters",
            "The U.S. economy grew 3.1%.",
        ),
        ("MOSCOW. October 14. INTERFAX - X met Y.", "MOSCOW", "October 14", "INTERFAX", "X met Y."),
        ("KYIV, Ukraine (AP) — It fell.", "KYIV, Ukraine", "", "AP", "It fell."),
        ("Paris, 3 March 2020 (AFP) – It rained.", "Paris", "3 March 2020", "AFP", "It rained."),
        ("LONDON — The bank closed.", "LONDON", "", "", "The bank closed."),
        ("(Reuters) - The bank closed.", "", "", "Reuters", "The bank closed."),
        ("KORREN (Meridian News Agency) – It fell.", "KORREN", "", "Meridian News Agency", "It fell."),
        ("Korren (Meridian News Agency) – It fell.", "Korren", "", "Meridian News Agency", "It fell."),
        ("PORT ELLERY (Tarn Wire) – Nine fell.", "PORT ELLERY", "", "Tarn Wire", "Nine fell."),
        ("KORREN (Meridian) – Nine fell.", "KORREN", "", "Meridian", "Nine fell."),
        ("KORREN, Sarenia (Meridian) - It fell.", "KORREN, Sarenia", "", "Meridian", "It fell."),
        ("KORREN, Sept 3 (Meridian) — It fell.", "KORREN", "Sept 3", "Meridian", "It fell."),
        ("KORREN, Tuesday (Meridian) — It fell.", "KORREN", "Tuesday", "Meridian", "It fell."),
        ("KORREN, 3. September (MNA) – It fell.", "KORREN", "3. September", "MNA", "It fell."),
        ("KORREN – It fell.", "KORREN", "", "", "It fell."),
        ("KORREN, Sarenia – It fell.", "KORREN, Sarenia", "", "", "It fell."),
        ("KORREN — 3,000 people left.", "KORREN", "", "", "3,000 people left."),
        ("(Meridian News Agency) – It fell.", "", "", "Meridian News Agency", "It fell."),
        ("Holmgard, 13 May 2026. The Mission came.", "Holmgard", "13 May 2026", "", "The Mission came."),
    ],
)
def test_a_dateline_is_taken_off_its_paragraph(
    text: str, place: str, date: str, agency: str, rest: str
) -> None:
    (block,) = blocks(text)
    assert block.kind is BlockKind.PARAGRAPH
    assert block.dateline is not None
    assert (block.dateline.place, block.dateline.date, block.dateline.agency) == (place, date, agency)
    assert body(text, block) == rest


@pytest.mark.parametrize(
    "text",
    [
        "NATO — the alliance — is old.",
        "The mayor - a lawyer - left.",
        "Rome: it fell.",
        "A BAD WEEK — It fell.",
        "NATO – the alliance – said no.",
        "WHO (Geneva) said it was over.",
        "NATO (Brussels) – The alliance is old.",
        "IAEA – The agency said no.",
        "MONDAY – The day began.",
        "Tanager (Homeland Party) – the leader – lost.",
        "Holt (Homeland Party) – The minister won.",
        "Holt (Tarn Press) – The editor of the paper – won.",
        "Holt (Tarn Press) – the editor – won.",
        "LENNA (the town) – Nine died.",
        "Berlin (3.6 million people) – Germany's capital – grew.",
        "Tanager, 13 May. The rest is known.",
    ],
)
def test_what_only_looks_like_a_dateline_stays(text: str) -> None:
    (block,) = blocks(text)
    assert block.dateline is None
    assert body(text, block) == text


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("1 61", "boilerplate"),
        ("2.3K shares", "boilerplate"),
        ("Share this:", "boilerplate"),
        ("Read more: Five things", "boilerplate"),
        ("Photo: AP/J. Smith", "caption"),
        ("A crowd waits outside. (AP Photo/Jane Roe)", "caption"),
        ("Copyright X 2024", "boilerplate"),
        ("© 2024 The Town Post. All rights reserved.", "boilerplate"),
        ("Tap to unmute", "boilerplate"),
        ("Advertisement", "boilerplate"),
        ("https://example.org/a", "boilerplate"),
        ("* * *", "boilerplate"),
        ("Reporting by Jane Doe; editing by John Roe", "byline"),
        ("BY JANE DOE", "byline"),
        ("14:05 GMT", "boilerplate"),
    ],
)
def test_lines_of_the_page_are_left_out(line: str, kind: str) -> None:
    text = f"The town grew last year. It is big.\n\n{line}\n\nThe town shrank again. It is small."
    assert kinds(text) == ["paragraph", kind, "paragraph"]
    assert blocks(text)[1].why


@pytest.mark.parametrize(
    "line",
    [
        "By then it was over.",
        "By 2019 crime had doubled.",
        "By Friday 40 people had died.",
        "By May 300 homes had been rebuilt.",
        "More people came.",
        "J. Smith said no.",
        "Share prices fell.",
    ],
)
def test_sentences_that_begin_alike_are_read(line: str) -> None:
    text = f"The town grew last year. It is big.\n\n{line}\n\nThe town shrank again. It is small."
    assert kinds(text) == ["paragraph"] * 3


def test_three_list_items() -> None:
    text = "1. Crime fell by 12 percent.\n2. Arrests rose.\n3. No. of officers is unchanged."
    assert kinds(text) == ["list_item"] * 3
    assert read(text) == ["Crime fell by 12 percent.", "Arrests rose.", "No. of officers is unchanged."]


def test_wrapped_mail_is_joined_and_read_as_one_paragraph() -> None:
    text = (
        "The council of the small town met on\nMonday and decided that the bridge over\n"
        "the river has to be closed. The mayor\nsaid that he had not been asked.\n\nIt will open in May."
    )
    laid = layout(text)
    assert [block.kind.value for block in laid.blocks] == ["paragraph", "paragraph"]
    first = laid.blocks[0]
    assert len(sentences(laid.view, first.body, first.end)) == 2
    assert "\n" not in laid.view[first.body : first.end]


def test_one_paragraph_per_line_is_not_joined() -> None:
    text = "The council met and closed the bridge.\nThe mayor was not asked about it.\nIt opens in May."
    assert kinds(text) == ["paragraph"] * 3


def test_odd_line_ends_separate_paragraphs() -> None:
    text = "First one.\n\u00a0\nSecond one.\r\n\r\nThird one.\x0cFourth one."
    assert read(text) == ["First one.", "Second one.", "Third one.", "Fourth one."]


def test_a_live_blog_stamps_its_entries() -> None:
    text = "14:05 GMT\nThe vote began.\n\n14:20 - The vote ended."
    first, second, third = blocks(text)
    assert (first.why, second.stamp, third.stamp) == ("time stamp", "14:05 GMT", "14:20")
    assert body(text, third) == "The vote ended."


def test_interview_turns_in_running_text() -> None:
    text = "LAVROV: We did not agree.\nQUESTION: Why not?"
    first, second = blocks(text)
    assert (first.kind, first.speaker, first.role, body(text, first)) == (
        "turn",
        "LAVROV",
        "answer",
        "We did not agree.",
    )
    assert (second.speaker, second.role) == ("QUESTION", "question")


def test_markup_is_not_read_and_its_words_are() -> None:
    text = (
        "<p>The town <b>grew</b> &amp; shrank.</p>\n<script>var x = 1;</script>\n"
        "<div>\n</div>\n<p>It is old.</p>"
    )
    laid = layout(text)
    assert [block.kind.value for block in laid.blocks] == ["paragraph", "markup", "paragraph"]
    first = laid.blocks[0]
    assert laid.view[first.body : first.end].split() == ["The", "town", "grew", "&", "shrank."]
    assert laid.blocks[1].why == "mark-up"


def test_less_than_signs_are_not_markup() -> None:
    text = "It holds that a < b and c > d < e."
    assert layout(text).view == text


def test_tables_and_code_are_left_out() -> None:
    text = (
        "| a | b |\n|---|---|\n| 1 | 2 |\n\nText is here.\n\n```\nx = 1\n```\n\nyear\trise\tfall\n2019\t1\t2"
    )
    assert kinds(text) == ["table", "paragraph", "code", "table"]


@given(
    st.text(alphabet=st.sampled_from("aA .\n\r\u00a0\u200b1:-|<>p/'\t\"(é") | st.characters(), max_size=200)
)
@pytest.mark.parametrize("source", ["text", "auto", "transcript"])
def test_any_text_gives_ordered_blocks_that_cover_it(source: str, text: str) -> None:
    laid = layout(text, source=source)
    assert laid == layout(text, source=source)
    assert len(laid.view) == len(text)
    at = 0
    for block in laid.blocks:
        assert at <= block.start <= block.body <= block.end <= len(text)
        assert block.start < block.end
        at = block.end
    if laid.source in {"text", "transcript"}:
        covered = sum(c.isalnum() for block in laid.blocks for c in text[block.start : block.end])
        assert covered == sum(c.isalnum() for c in text)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("Year | What happened\n2019 | The town lost 300 jobs.\n2020 | Nothing", ["The town lost 300 jobs."]),
        (
            "| Claim | Source |\n|---|---|\n| Rents have doubled in Lund | Holt |",
            ["Rents have doubled in Lund"],
        ),
        (
            "Before | After | Town\n\nThe port was closed. | It opened in May. | Lenna",
            ["The port was closed.", "It opened in May."],
        ),
        ("Year | Jobs | Rents\n2019 | 300 | 12\n2020 | 200 | 14", []),
        ("Year | Jobs\n\n2019 | 300\n\n2020 | 200", []),
        ("Quarter of the year | Revenue of the group\nFirst | 3.2 million crowns", []),
    ],
)
def test_rows_of_a_table_are_read_where_their_cells_assert_something(rows: str, said: list[str]) -> None:
    text = f"The town grew last year. It is big.\n\n{rows}\n\nThe town shrank again. It is small."
    assert read(text) == ["The town grew last year. It is big.", *said, "The town shrank again. It is small."]
    table = [block for block in blocks(text) if block.kind is BlockKind.TABLE]
    assert table
    assert all(block.why == "table" for block in table)


def test_one_bar_in_a_line_is_no_table() -> None:
    assert "table" not in kinds("The mayor left | she said why.\n\nThe town is old. It is big.")


@pytest.mark.parametrize(
    "line",
    [
        "“We lost 300 jobs.” – Jens Holt",
        "“We lost 300 jobs.” – @jensholt",
        '"We lost 300 jobs." -- Jens Holt, mayor of Lund',
        "«Nous partons.» — Jens Holt (Parti), March 1, 2026 at 3:01 p.m",
    ],
)
def test_a_signed_quotation_is_no_heading(line: str) -> None:
    text = f"Jobs are lost\n\n{line}\n\nThe town council met on Monday evening to talk about the jobs in the harbour."
    assert kinds(text) == ["heading", "paragraph", "paragraph"]


@pytest.mark.parametrize("name", ["By April Ryan", "By June Holt and Max Moe", "By May Lind, Staff Writer"])
def test_a_given_name_that_is_a_month_signs_an_article(name: str) -> None:
    text = f"Mayor quits\n\n{name}\n\nThe mayor left on Friday after nine years in office."
    assert name not in read(text)
