"""Kinds of sentences that real news is full of, each in words that no rule was written on."""

from __future__ import annotations

import pytest

from tests.splitting.seen import news_units as units


def said(text: str) -> list[tuple[str, str]]:
    return [(unit.text, unit.claimant) for unit in units(text)]


@pytest.mark.parametrize(
    ("text", "claim", "who"),
    [
        ("The navy said in a statement that the strait is open.", "the strait is open", "navy"),
        ("The bank said in a letter that fees would double.", "fees would double", "bank"),
        ("The bank said in a letter to clients that fees would double.", "fees would double", "bank"),
        ("The airline said on its website that flights would resume.", "flights would resume", "airline"),
        ("The union said in a tweet that members had voted.", "members had voted", "union"),
        (
            "The hospital said in its annual report that deaths fell by 3 percent.",
            "deaths fell by 3 percent",
            "hospital",
        ),
        ("The party announced on Facebook that its leader had resigned.", "its leader had resigned", "party"),
        ("The firm argued in court that the patent had expired.", "the patent had expired", "firm"),
    ],
)
def test_what_is_said_in_a_letter_is_what_somebody_says(text: str, claim: str, who: str) -> None:
    assert said(text) == [(claim, who)]


def test_a_letter_that_did_something_says_nothing_by_it() -> None:
    text = "The bank said in a letter that angered clients that fees would double."
    assert "angered clients" not in {unit.text for unit in units(text)}
    assert not [
        unit for unit in units("The firm paid in a deal that lawyers struck.") if unit.claimant == "firm"
    ]


@pytest.mark.parametrize(
    ("text", "claim", "who"),
    [
        (
            "Adler has repeatedly rejected the accusation, insisting the trip was private.",
            "the trip was private",
            "Adler",
        ),
        ("Brandt left early, claiming the talks were pointless.", "the talks were pointless", "Brandt"),
        ("The guild walked out, stressing the offer was too low.", "the offer was too low", "guild"),
    ],
)
def test_who_does_one_thing_saying_another_says_it(text: str, claim: str, who: str) -> None:
    assert (claim, who) in said(text)


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("Mind you, the river flooded twice last year.", "the river flooded twice last year"),
        ("Excuse me, the tax rose by 5 percent in 2022.", "the tax rose by 5 percent in 2022"),
        ("Frankly, the port handles half of the freight.", "the port handles half of the freight"),
        ("To be fair, they hired 20 nurses.", "they hired 20 nurses"),
        ("We have the lowest crime ever, believe me.", "We have the lowest crime ever"),
        ("They shut 40 schools, trust me.", "They shut 40 schools"),
        ("We paid 3 million, period.", "We paid 3 million"),
        ("He lost 2 seats, I can tell you.", "He lost 2 seats"),
        ("And believe me, they cut 300 beds.", "they cut 300 beds"),
    ],
)
def test_openers_and_tags_are_no_part_of_what_is_claimed(text: str, claim: str) -> None:
    speech = f"DORN: That is untrue.\nREED: {text}\nDORN: It is not."
    assert (claim, "Reed") in said(speech)


@pytest.mark.parametrize(
    "text",
    [
        "Mind the gap at platform 3.",
        "Read more about the 2019 vote.",
        "Please call us by 5 May, Monday to Friday.",
    ],
)
def test_what_tells_somebody_to_do_something_stays_a_command(text: str) -> None:
    assert not units(text)


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("REED: Look, violent crime has fallen by 18 percent since 2021.", "Reed"),
        ("MAYOR HOLT: We built 400 flats last year.", "Holt"),
        ("Ann Reed: We built 400 flats last year.", "Ann Reed"),
    ],
)
def test_one_line_of_a_debate_has_its_speaker(text: str, who: str) -> None:
    (unit,) = units(text)
    assert unit.claimant == who
    assert unit.text[0].islower() or unit.text.startswith("We")


@pytest.mark.parametrize(
    "text",
    [
        "WARNING: The bridge was closed in 2019.",
        "Berlin court: The bridge was closed in 2019.",
        "The town lost 300 jobs.\nREED: We built 400 flats last year.\nThe bridge was closed.",
    ],
)
def test_other_words_before_a_colon_make_no_speech_of_a_line(text: str) -> None:
    assert "Reed" not in {unit.claimant for unit in units(text) if "bridge" in unit.text}
    assert not {unit.claimant for unit in units(text)} & {"Warning", "WARNING", "Berlin"}


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ("The law caps rents and forbids short lets.", ["The law caps rents", "forbids short lets"]),
        ("The act tops benefits and trims fees.", ["The act tops benefits", "trims fees"]),
    ],
)
def test_a_sentence_whose_verbs_look_like_nouns_does_not_vanish(text: str, claims: list[str]) -> None:
    assert [unit.text for unit in units(text)] == claims


def test_a_finished_sentence_without_figure_or_name_is_offered_whole_where_no_rule_reads_it() -> None:
    assert units("Most of the fishermen wear vests at sea.")


@pytest.mark.parametrize("event", ["flood", "storm", "riots", "heatwave", "strike"])
def test_what_happens_during_something_that_lasts_is_dated_by_it(event: str) -> None:
    (unit,) = units(f"The hall served as a morgue during the {event}.")
    assert [date.value for date in unit.dates] == ["event-relative"]


@pytest.mark.parametrize(
    ("text", "claim", "who"),
    [
        ("Police said rents doubled.", "rents doubled", "police"),
        ("Holt said wages stalled.", "wages stalled", "Holt"),
        ("Anne-Sophie Le Goff said fares doubled.", "fares doubled", "Anne-Sophie Le Goff"),
        ("Conor O'Shea-Daly said the ward shut in May.", "the ward shut in May", "Conor O'Shea-Daly"),
        ("Holt claimed exports plunged.", "exports plunged", "Holt"),
        ("Holt said he was ill.", "he was ill", "Holt"),
        ("Holt said the mayor was ill.", "the mayor was ill", "Holt"),
    ],
)
def test_a_past_that_looks_like_a_participle_is_what_was_said(text: str, claim: str, who: str) -> None:
    ((found, speaker),) = said(text)
    assert (found, speaker.lower()) == (claim, who.lower())


@pytest.mark.parametrize(
    "text",
    ["Asked about the mayor, Brandt said he had lied.", "After meeting the king, Brandt said he was tired."],
)
def test_he_is_nobody_by_name_where_a_role_alone_can_be_meant(text: str) -> None:
    (unit,) = units(text)
    assert unit.wording.text.startswith("He ")


@pytest.mark.parametrize(
    ("text", "value", "wording"),
    [
        ("The hearing was put off until after Easter.", "2025-04-20", "until after 20 April 2025"),
        ("The move was delayed to late May.", "2025-05", "to late May"),
        ("The figures are due out later this month.", "2024-11", "due out later in November 2024"),
        ("The rule was scrapped earlier this year.", "2024", "scrapped earlier in 2024"),
    ],
)
def test_days_behind_two_prepositions_and_parts_of_this_month(text: str, value: str, wording: str) -> None:
    (unit,) = units(text)
    assert [date.value for date in unit.dates] == [value]
    assert wording in unit.wording.text


@pytest.mark.parametrize(
    ("text", "claim", "who"),
    [
        (
            "Three people were killed when a train derailed near Lund, officials said, in what unions called the "
            "worst accident in two decades.",
            "Three people were killed when a train derailed near Lund",
            "officials",
        ),
        (
            "A bomb killed 12 people in Kelm on Monday, police said, in what the mayor described as an act of terror.",
            "A bomb killed 12 people in Kelm on Monday",
            "police",
        ),
        (
            "Supporters say it would cut costs; critics, including the drivers' union, argue it would harm it.",
            "it would cut costs",
            "supporters",
        ),
        (
            "In an interview with Radio Kelm on Monday, before the crash, Vold had said spending on rail safety was at "
            "a record high.",
            "spending on rail safety was at a record high",
            "Vold",
        ),
    ],
)
def test_a_lead_keeps_what_happened_apart_from_what_others_call_it(text: str, claim: str, who: str) -> None:
    assert (claim, who.lower()) in [(found, speaker.lower()) for found, speaker in said(text)]


@pytest.mark.parametrize(
    ("text", "who"),
    [
        (
            "Prosecutors had sought seven years. They argued that Brekke had hidden the payments.",
            "prosecutors",
        ),
        ("Police searched the flat on Monday. They said nothing was found.", "police"),
        ("Teachers walked out on Monday. They say pay has fallen by a tenth.", "teachers"),
        ("The firm was fined in 2020. It denies wrongdoing.", "firm"),
    ],
)
def test_they_are_the_subject_of_the_sentence_before(text: str, who: str) -> None:
    assert said(text)[-1][1].lower() == who


@pytest.mark.parametrize(
    "text",
    [
        "“Prices fell in May,” the firm said. They rose in June, Holt said.",
        "The harbour froze in May. They said it would thaw.",
    ],
)
def test_they_stay_open_where_no_such_subject_stands_before(text: str) -> None:
    assert said(text)[-1][1] in ("Holt", "They")


@pytest.mark.parametrize(
    "text",
    [
        "The number is expected to triple by 2050.",
        "Sales doubled, according to the firm, and the number is expected to triple by 2050.",
        "The plan is expected to be approved by the council.",
    ],
)
def test_what_is_expected_keeps_what_stands_behind_by(text: str) -> None:
    assert units(text)[-1].text.endswith(text.rstrip(".")[-12:])
    assert units(text)[-1].claimant in ("", "firm")


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        (
            'Berg described the plan as "reckless" and said the figures were out of date.',
            'described the plan as "reckless"',
        ),
        (
            'Crewe, a neurologist, called the results "interesting but hardly surprising".',
            'called the results "interesting but hardly surprising"',
        ),
        ('Holt dismissed the report as "a pack of lies".', 'dismissed the report as "a pack of lies"'),
        ('Holt called him "a liar".', 'called him "a liar"'),
    ],
)
def test_what_somebody_calls_something_is_one_claim_with_what_is_called_so(text: str, claim: str) -> None:
    found = said(text)
    assert found[0][0] == claim
    assert not [one for one, _who in found if one in claim and one != claim]


def test_he_called_it_what_runs_on_in_marks_keeps_its_sentences() -> None:
    found = [one for one, _who in said('Holt called it "a feud that began in 1990. Boats were burned".')]
    assert "Boats were burned" in found


@pytest.mark.parametrize(
    ("text", "claim", "who"),
    [
        (
            'The water will peak on Thursday, according to the weather service, which had forecast "moderate" rain.',
            "The water will peak on Thursday",
            "weather service",
        ),
        ("According to the bureau, which surveyed 900 tenants, rents doubled.", "rents doubled", "bureau"),
        ("Rents doubled, according to Holt, who owns 40 flats.", "Rents doubled", "Holt"),
        (
            "Aker rejected claims that his government had ignored warnings.",
            "rejected claims that his government had ignored warnings",
            "Aker",
        ),
        (
            "Aker dismissed suggestions that the bridge was unsafe.",
            "dismissed suggestions that the bridge was unsafe",
            "Aker",
        ),
    ],
)
def test_what_tells_of_the_source_is_no_content_and_a_denial_keeps_its_verb(
    text: str, claim: str, who: str
) -> None:
    assert (claim, who) in said(text)
    assert "" not in {speaker for found, speaker in said(text) if found in claim}


def test_the_year_somebody_did_something_belongs_to_the_date_before_it() -> None:
    text = "8,120 crimes were recorded in 2021, the year Holt took office, and 8,466 in 2024, an increase of 4 percent."
    (unit,) = units(text)
    assert unit.text == text.rstrip(".")
    assert [date.value for date in unit.dates] == ["2021", "2024"]


def test_a_relative_clause_is_written_with_the_whole_name_before_it() -> None:
    text = (
        "Painter Ilse Marten, who turned scrap metal into monumental landscapes, has died, her gallery said."
    )
    assert "Painter Ilse Marten turned scrap metal into monumental landscapes." in {
        unit.wording.text for unit in units(text)
    }
