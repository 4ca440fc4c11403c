"""A wording can be read alone, and asks where it cannot."""

from __future__ import annotations

import pytest

from claims.splitting.wording.dates import spelled
from tests.splitting.seen import analysed


def wordings(text: str, **options: str) -> list[str]:
    return [unit.wording.text for unit in analysed(text, **options).units]


def questions(text: str, **options: str) -> list[tuple[str, str]]:
    """Return what is marked in the wordings, and the question asked."""
    return [
        (unit.wording.text[place.start : place.end], place.why)
        for unit in analysed(text, **options).units
        for place in unit.wording.unresolved
    ]


@pytest.mark.parametrize(
    ("text", "wording"),
    [
        ("the mill closed.", "The mill closed."),
        ("Ida Brandt said she had closed the mill.", "Ida Brandt had closed the mill."),
        ("“I have closed the mill,” Ida Brandt said.", "Ida Brandt has closed the mill."),
        ("“I am against the plan,” Ida Brandt said.", "Ida Brandt is against the plan."),
        ("“I live in Kelm,” Ida Brandt said.", "Ida Brandt lives in Kelm."),
        ("Ankara says it has not been involved.", "The government of Turkey has not been involved."),
        ("Ida Brandt rejected the charge.", "Ida Brandt rejected the charge."),
    ],
)
def test_pronouns_and_elided_subjects_become_names(text: str, wording: str) -> None:
    assert wordings(text)[0] == wording


def test_an_elided_subject_is_taken_from_the_clause_before() -> None:
    assert wordings("The town council closed the mill and sold the land.") == [
        "The town council closed the mill.",
        "The town council sold the land.",
    ]


def test_a_relative_clause_gets_its_noun() -> None:
    assert "The bridge was built in 1931." in wordings(
        "The bridge, which was built in 1931, carries 12,000 cars."
    )


def test_a_loose_phrase_keeps_the_clause_it_hangs_on() -> None:
    text = "Rebels took the hill, blocking the only road to the port."
    assert wordings(text)[-1] == "Rebels took the hill, blocking the only road to the port."


@pytest.mark.parametrize(
    ("text", "wording"),
    [
        (
            "The school served as a hospital during the war.",
            "The school served as a hospital during the war.",
        ),
        ("Rents doubled after the factory opened.", "Rents doubled after the factory opened."),
        (
            "Sales rose to 30 boats in March 2020, up from 20 a year earlier.",
            "Sales rose to 30 boats in March 2020, up from 20 a year earlier.",
        ),
    ],
)
def test_what_says_itself_when_it_was_stays_and_is_not_asked_for_its_event(text: str, wording: str) -> None:
    assert wordings(text, published="2020-10-15") == [wording]
    assert "counted from which event?" not in [why for _, why in questions(text, published="2020-10-15")]
    assert ("later", "counted from which event?") in questions("Ida Brandt later moved to Lund.")


@pytest.mark.parametrize(
    ("text", "wording"),
    [
        (
            "Rates averaged 3.1 percent, up from 2.9 percent a year earlier, according to Velodata.",
            "Rates averaged 3.1 percent, up from 2.9 percent a year earlier.",
        ),
        ("The mill closed two days later, as Ida Holm said.", "The mill closed two days later."),
        ("The mill closed in May, reportedly according to Velodata.", "The mill closed in May."),
    ],
)
def test_the_adverb_of_a_time_stays_with_it_before_a_frame(text: str, wording: str) -> None:
    assert wordings(text)[0] == wording


def test_a_quarter_that_is_counted_or_named_is_not_asked_for() -> None:
    assert questions("Orders shrank for the eleventh consecutive quarter.") == []


def test_an_hour_is_not_overwritten_by_its_day() -> None:
    text = "The ferry left on 3 May 2020. The ferry came back at 6am."
    assert wordings(text, published="2020-10-15")[1] == "The ferry came back at 6am."


def test_relative_dates_are_written_out_when_the_publication_date_is_known() -> None:
    text = "The mill closed yesterday."
    assert wordings(text, published="2020-10-15") == ["The mill closed on 14 October 2020."]
    assert wordings(text) == ["The mill closed yesterday."]
    assert ("yesterday", "which date?") in questions(text)


def test_a_preposition_is_not_doubled() -> None:
    assert wordings("The mill closed on Tuesday.", published="2020-10-15") == [
        "The mill closed on 13 October 2020."
    ]


def test_what_cannot_be_resolved_is_asked() -> None:
    assert questions("“We closed three mills,” Ida Brandt said.") == [("We", "who is “we”?")]
    assert ("the agreement", "which agreement?") in questions("Both sides broke the agreement.")
    assert questions("This is illegal.") == [("This", "what is “this”?")]


def test_an_editors_insertion_answers_the_question() -> None:
    assert wordings("“It [Turkey] left the talks,” Ida Brandt said.") == ["Turkey left the talks."]


def test_premises_say_what_they_assert() -> None:
    text = "The Turkish-backed militia fled."
    assert "The militia is Turkish-backed." in wordings(text)


def test_a_frame_in_the_middle_is_left_out_of_the_wording() -> None:
    assert wordings("“The ceasefire,” Ida Brandt said, “must hold.”") == ["The ceasefire must hold."]


@pytest.mark.parametrize(
    ("text", "wording"),
    [
        (
            "The union called off a strike planned for Dec. 9.",
            "The union called off a strike planned for 9 December 2024.",
        ),
        ("Output is still below its June peak.", "Output is still below its June 2024 peak."),
        ("Rents fell after Friday's vote.", "Rents fell after the 3 May 2024 vote."),
        ("Last year was the hottest on record.", "2023 was the hottest on record."),
        ("Rents were higher than last year.", "Rents were higher than in 2023."),
        ("Rents doubled between last year and this month.", "Rents doubled between 2023 and May 2024."),
        ("The ferry sank yesterday.", "The ferry sank on 7 May 2024."),
    ],
)
def test_a_date_is_written_in_as_its_neighbours_ask(text: str, wording: str) -> None:
    assert wordings(text, published="2024-05-08")[0] == wording


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("The match ended with two goals.", "The match"),
        ("Rebels left before the old bridge fell.", "the old bridge"),
        ("Officials praised the decision.", "the decision"),
        ("Brandt sold these mills in 1931.", "these"),
        ("Both were sold in 1931.", "Both"),
        ("Farmers sold wheat there in 1931.", "there"),
    ],
)
def test_every_reference_that_the_sentence_does_not_answer_is_asked(text: str, asked: str) -> None:
    assert asked in [words for words, _ in questions(text)]


@pytest.mark.parametrize(
    "text",
    [
        "The mayor of Kelm resigned in 1931.",
        "The Kelm council met in 1931.",
        "The largest mill in Kelm closed in 1931.",
        "Smoke filled a ferry before crews raised the ferry in 1932.",
        "Prices rose around the world in 2020.",
        "Crews raised the ferry that sank off Kelm.",
    ],
)
def test_nothing_is_asked_where_the_sentence_says_which_one(text: str) -> None:
    assert [why for _, why in questions(text) if why.startswith("which")] == []


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("Ann Berg, the mayor, spoke on Monday. Ms. Berg sold three mills.", "Ann Berg sold three mills."),
        ("Mayor Ann Berg spoke on Monday. Critics of Berg sold mills.", "Critics of Berg sold mills."),
        ("Mayor Ann Berg spoke. The Berg campaign sold mills.", "The Berg campaign sold mills."),
        (
            "Crews repaired the University of Kelm. Berg sold the university.",
            "Berg sold the University of Kelm.",
        ),
        (
            "The University of Kelm fought Lund University. Berg sold the university.",
            "Berg sold the university.",
        ),
    ],
)
def test_a_short_name_is_written_in_full_where_only_one_can_be_meant(text: str, last: str) -> None:
    assert wordings(text)[-1] == last


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("The Kelm team won in May. The team lost in June.", "The Kelm team lost in June."),
        ("The mayor of Kelm spoke. Berg attacked the mayor.", "Berg attacked the mayor of Kelm."),
        ("The Kelm team beat the Lund team. The team lost in June.", "The team lost in June."),
        ("A third team left. The Kelm team won in May. The team lost in June.", "The team lost in June."),
        ("A big team won in May. The team lost in June.", "The team lost in June."),
    ],
)
def test_a_thing_is_described_as_before_where_the_article_knows_one(text: str, last: str) -> None:
    assert wordings(text)[-1] == last


def test_a_description_put_in_is_asked_about() -> None:
    found = questions("The Kelm team won in May. The team lost in June.")
    assert ("The Kelm team", "is “the Kelm team” what is meant?") in found


@pytest.mark.parametrize(
    "text",
    [
        "The interview, which Berg did with Ann Holt in 1931, was lost.",
        "The reply came even though the chief of staff, who knew Berg, was aware of the inquiry.",
    ],
)
def test_a_clause_that_lacks_a_part_is_not_offered_alone(text: str) -> None:
    assert all(
        wording not in ("Berg did with Ann Holt in 1931.", "The reply came even though the chief of staff.")
        for wording in wordings(text)
    )


def test_a_subject_put_before_a_clause_is_asked_about_too() -> None:
    text = "The accident, which happened in Kelm, killed three people."
    assert ("The accident", "which accident?") in questions(text)
    assert wordings(text).count("The accident happened in Kelm.") == 1


def test_what_the_subject_acts_on_is_not_the_subject() -> None:
    assert ("it", "what is “it”?") in questions("Velodata has replaced it with three versions.")


def test_words_that_only_look_like_a_frame_stay() -> None:
    text = "North Kelm stated it would attack ships and would respond, at sea, within 48 hours if they stay."
    assert all("ships and at sea" not in wording for wording in wordings(text))


def test_it_is_nobody_and_he_is_never_who_speaks() -> None:
    assert wordings("Holt said it would cost 3 million.") == ["It would cost 3 million."]
    assert "Ida Brandt lost" not in " ".join(wordings("“He lost 40 million crowns,” Ida Brandt said."))
    turns = "MARK OSEI: We cut tax in 2024.\n\nLENA DORN: He lost 40 million crowns.\n\nMARK OSEI: That is untrue."
    assert wordings(turns)[1] == "He lost 40 million crowns."


def test_a_subject_agrees_with_its_verb_and_stands_in_what_is_said() -> None:
    assert wordings("Holt said the plan is “unfair, hurts the poor and rewards the banks”.")[-1] == (
        "The plan rewards the banks."
    )
    assert wordings("The company defended its decision.")[0] == "The company defended its decision."


@pytest.mark.parametrize(
    ("text", "wording"),
    [
        (
            "The unem\u00adployment office lost 300 mil\u00adlion crowns.",
            "The unemployment office lost 300 million crowns.",
        ),
        ("The office\u200b lost 300\u00a0million crowns.", "The office lost 300 million crowns."),
    ],
)
def test_what_nobody_sees_is_not_written(text: str, wording: str) -> None:
    assert wording in wordings(text)


def test_a_subtitle_is_written_without_its_times() -> None:
    cues = (
        "1\n00:00:01,000 --> 00:00:04,000\n>> MAYOR HOLT: Crime fell by 12 percent\n\n"
        "2\n00:00:04,000 --> 00:00:07,000\nin Lund in 2023, and 40 officers were hired.\n"
    )
    assert wordings(cues, source="srt")[0] == "Crime fell by 12 percent in Lund in 2023."


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("2020-10-14", "14 October 2020"),
        ("2020-10", "October 2020"),
        ("2020", "2020"),
        ("P2Y", ""),
        ("2020-Q3", ""),
    ],
)
def test_dates_are_spelled_as_people_write_them(value: str, written: str) -> None:
    assert spelled(value) == written


@pytest.mark.parametrize(
    ("text", "wording"),
    [
        ("I know that today marks a new chapter.", "I know that 8 May 2024 marks a new chapter."),
        (
            "November's a great time to go.",
            "November 2023's a great time to go.",
        ),
        ("Ida Holm sold the clerk two books which he still owns today.", "which he still owns today."),
    ],
)
def test_a_day_that_is_a_subject_or_no_day_gets_no_preposition(text: str, wording: str) -> None:
    assert any(one.endswith(wording) for one in wordings(text, published="2024-05-08"))


def test_who_writes_is_asked_for_where_nobody_is_quoted() -> None:
    asked = questions("I think we lost 40 boats, and our port was closed.")
    assert ("I", "who is “I”?") in asked
    assert ("Our", "who is “we”?") in asked


def test_the_first_of_two_alike_is_the_one_asked_about() -> None:
    (unit,) = analysed("They decided they would watch it alone.").units
    first = unit.wording.unresolved[0]
    assert (first.start, first.why) == (0, "who are “they”?")


@pytest.mark.parametrize(
    ("text", "wording"),
    [
        ("Ida Holm married Paul Lund, who died in 1993. [8]", "Paul Lund died in 1993."),
        ("Ida Holm wrote a letter [citation needed] in 1993.[12]", "Ida Holm wrote a letter in 1993."),
        ("The press is old, so it takes an hour to warm up.", "It takes an hour to warm up."),
    ],
)
def test_notes_and_links_that_say_nothing_are_left_out(text: str, wording: str) -> None:
    assert wording in wordings(text)


@pytest.mark.parametrize(
    ("text", "wording"),
    [
        (
            "“It was chaos,” said Leslie Wimes, a South Florida-based president of the Women Caucus.",
            "Leslie Wimes is a South Florida-based president of the Women Caucus.",
        ),
        (
            "Moll, the oldest swimmer in the club, lost twice in May.",
            "Moll is the oldest swimmer in the club.",
        ),
    ],
)
def test_what_a_name_is_called_behind_a_comma_is_what_it_is(text: str, wording: str) -> None:
    assert wording in wordings(text)


def test_what_goes_with_a_frame_in_the_middle_goes_as_well() -> None:
    text = "The guards, Per Moll said earlier in the council hearing, earned 40 crowns a day."
    assert wordings(text)[0] in ("The guards earned 40 crowns a day.", text)


def test_nobody_says_of_himself_what_he_says_of_others() -> None:
    text = "These guards, Moll explained earlier in the council hearing, were “well-paid,” making 40 crowns a day."
    assert not any(wording.startswith("Moll were") for wording in wordings(text))


def test_a_noun_cut_from_its_article_is_no_subject() -> None:
    text = 'He described her as a "remarkable" and "loving and wonderful" woman who left her mark with her songs.'
    assert not any(wording.startswith('"loving') for wording in wordings(text))


def test_a_day_that_is_in_doubt_is_asked_about_and_a_name_keeps_its_day() -> None:
    text = "Holt again started 2014 in Basel, but was called up May 17 after an injury to Will Lund."
    assert ("May 17", "which date?") in questions(text, published="2024-05-08")
    text = "Per Lund had a role in the 2009 version of Friday the 13th as Clay Miller."
    assert "Friday the 13th" in wordings(text, published="2024-05-08")[0]


def test_it_is_no_group_of_people() -> None:
    text = "Victims remain calm despite a few saying they think it should be changed to help families."
    assert not any(wording.startswith("Victims should") for wording in wordings(text))


def test_what_was_asked_of_others_is_not_what_the_asker_did() -> None:
    text = (
        "Norvia accepted the Lund administration's request to cooperate in a programme that allowed a few trucks over "
        "the border."
    )
    made = wordings(text)
    assert not any(
        "asked to cooperate" in one or "request to cooperate in a programme allowed" in one for one in made
    )
    assert any("accepted" in one for one in made)


@pytest.mark.parametrize(
    ("text", "wording"),
    [
        (
            "It began in newsgroups such as alt.games.chess, which drew 3,000 readers.",
            "Alt.games.chess drew 3,000 readers.",
        ),
        (
            "The site example.org/news, which drew 3,000 readers, closed.",
            "Example.org/news drew 3,000 readers.",
        ),
        ("The AC/DC, which toured Norway in 1990, left.", "The AC/DC toured Norway in 1990."),
        ("Joe Clark met Dick Dilworth, who led the party.", "Dick Dilworth led the party."),
        (
            "Prices will rise, according to Finn Aldous, who led the ministry.",
            "Finn Aldous led the ministry.",
        ),
    ],
)
def test_the_noun_of_a_relative_clause_is_whole(text: str, wording: str) -> None:
    assert wording in wordings(text)


@pytest.mark.parametrize(
    ("text", "clause"),
    [
        (
            "They came from the coast of mainland New Zealand, but who developed their own language.",
            "New Zealand developed",
        ),
        ("There was a strike in the United States, which is a very bold step.", "States is a very"),
        ("He wrote the Symphony From the New World, which spread his fame.", "World spread"),
        ("Police arrested a man from Oslo, who was carrying a knife.", "Oslo was carrying"),
        ("I met the mayors of this city, who carry on a tradition.", "This city carr"),
        ("The guild in Leeds, which is a charity, sold the hall.", "Leeds is a charity"),
    ],
)
def test_a_relative_clause_is_about_no_place_that_only_stands_near(text: str, clause: str) -> None:
    assert not any(clause in wording for wording in wordings(text))


def test_a_pronoun_is_no_name_where_the_one_before_it_is_open() -> None:
    text = "Mohan Gadre led the march. Reed said his aim was peace. He was not able to prevent violence around him."
    last = analysed(text).units[-1].wording
    assert "He" not in last.text.split() or "around him" in last.text


def test_two_open_pronouns_that_meet_are_both_asked_about() -> None:
    assert [why for _, why in questions("He beat him in 2019.")] == ["who is “he”?", "who is “him”?"]


@pytest.mark.parametrize(
    ("text", "clause"),
    [
        (
            "The council met on Monday after its leader and chief clerk, Ida Holm, resigned over the deal.",
            "The council resigned",
        ),
        (
            "Her mother had spoken out after her ex-husband and Anna's father, Jan Reed, left the church in May.",
            "Her mother left",
        ),
    ],
)
def test_a_verb_behind_an_apposition_is_not_of_the_subject_far_before(text: str, clause: str) -> None:
    assert not any(wording.startswith(clause) for wording in wordings(text))
