"""The German pack finds the dates of news and refuses figures that only look like them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.language.dates import find, read
from claims.language.dates.claimed import read_claimed
from tests.language.placing import resolve

CASES = [
    ("Die Zahl stieg im Frühjahr 2019.", [("Frühjahr 2019", "2019-03/2019-05")]),
    ("Die Zahl stieg im Winter 2018/19.", [("Winter 2018/19", "2018-12/2019-02")]),
    ("Im Herbst vergangenen Jahres brannte es.", [("Herbst vergangenen Jahres", "2019-09/2019-11")]),
    ("Seit Sommer 2017 sinkt sie.", [("Sommer 2017", "2017-06/2017-08")]),
    ("Die Sommerpause beginnt.", []),
    ("Frau Sommer und Herr Winter kamen.", []),
    ("Vorigen Dienstagabend brannte es.", [("Vorigen Dienstagabend", "2020-10-13")]),
    ("Am Dienstag vergangener Woche brannte es.", [("Dienstag vergangener Woche", "2020-10-06")]),
    ("Ende Juli schloss sie.", [("Ende Juli", "2020-07")]),
    ("Am 3.7. schloss sie.", [("3.7.", "2020-07-03")]),
    ("Version 3.7. erschien.", []),
    ("In den neunziger Jahren sank sie.", [("neunziger Jahren", "1990/1999")]),
    ("In den 90er-Jahren sank sie.", [("90er-Jahren", "1990/1999")]),
    ("Zwischen 2015 und 2018 sank sie.", [("2015 und 2018", "2015/2018")]),
    ("Heuer sank sie.", [("Heuer", "2020")]),
    ("Zu Weihnachten 2018 brannte es.", [("Weihnachten 2018", "2018-12-25")]),
    ("Am Pfingstmontag 2019 brannte es.", [("Pfingstmontag 2019", "2019-06-10")]),
    ("Das Weihnachtsgeld sinkt, der Oster-Markt auch.", []),
    ("Er kam gestern an.", [("gestern", "2020-10-14")]),
    ("Er kam vorgestern an.", [("vorgestern", "2020-10-13")]),
    ("Der Vertrag vom 10. Oktober 2020 gilt.", [("10. Oktober 2020", "2020-10-10")]),
    ("Der Vertrag vom 10. Oktober gilt.", [("10. Oktober", "2020-10-10")]),
    ("Am Mittwoch, dem 14. Oktober 2020, regnete es.", [("Mittwoch, dem 14. Oktober 2020", "2020-10-14")]),
    ("Das Papier vom 05.06.2019 fehlt.", [("05.06.2019", "2019-06-05")]),
    ("Er kam vor drei Jahren an.", [("vor drei Jahren", "2017")]),
    ("Er kam vor zwei Wochen an.", [("vor zwei Wochen", "2020-W40")]),
    ("Er kam vor 10 Tagen an.", [("vor 10 Tagen", "2020-10-05")]),
    ("Er kam am Freitag an.", [("Freitag", "2020-10-09")]),
    ("Er kam am vergangenen Freitag an.", [("vergangenen Freitag", "2020-10-09")]),
    ("Er kam letzte Woche an.", [("letzte Woche", "2020-W41")]),
    ("Er kam im vergangenen Jahr an.", [("vergangenen Jahr", "2019")]),
    ("Er kam im vergangenen Monat an.", [("vergangenen Monat", "2020-09")]),
    ("Sie öffnet im Mai 2019.", [("Mai 2019", "2019-05")]),
    ("Sie schloss im März.", [("März", "2020-03")]),
    ("Sie schloss Anfang März.", [("Anfang März", "2020-03")]),
    ("Sie schloss im Jahr 1998.", [("1998", "1998")]),
    ("Sie ist seit 1998 zu.", [("1998", "1998")]),
    ("Sie schloss im dritten Quartal 2020.", [("dritten Quartal 2020", "2020-Q3")]),
    ("Sie wuchs in den 1990er Jahren.", [("1990er Jahren", "1990/1999")]),
    ("Sie stammt aus dem 19. Jahrhundert.", [("19. Jahrhundert", "1801/1900")]),
    ("Sie wuchs 2015 bis 2018 nicht.", [("2015 bis 2018", "2015/2018")]),
    ("Es dauerte vom 10. bis 12. Oktober 2019.", [("10. bis 12. Oktober 2019", "2019-10-10/2019-10-12")]),
    ("Sie leben dort über 2.500 Jahre.", [("über 2.500 Jahre", "P2500Y")]),
    ("Sie trafen sich zwei Tage später.", [("zwei Tage später", "event-relative")]),
    ("Einige Minuten nach der Einigung fiel er.", [("Einige Minuten nach der Einigung", "event-relative")]),
    ("Am Tag nach dem Anschlag floh er.", [("Tag nach dem Anschlag", "event-relative")]),
    ("Er kam am Dienstagabend an.", [("Dienstagabend", "2020-10-13")]),
    ("Er kam Montag früh an.", [("Montag früh", "2020-10-12")]),
    ("Das teilte die Polizei Freitagmittag mit.", [("Freitagmittag", "2020-10-09")]),
    ("Er kam Dienstag Abend an.", [("Dienstag Abend", "2020-10-13")]),
    ("Er kam am frühen Mittwochmorgen an.", [("Mittwochmorgen", "2020-10-14")]),
    ("Am späten Freitag fiel Regen.", [("Freitag", "2020-10-09")]),
    ("In der Nacht zum Samstag brannte es.", [("Samstag", "2020-10-10")]),
    ("In der Nacht auf Sonntag brannte es.", [("Sonntag", "2020-10-11")]),
    ("Jeden Montagabend probt der Chor.", []),
    ("Dienstagabends ist geschlossen.", []),
    ("Montags und freitags ruht der Betrieb.", []),
    ("Die Montagsdemo war friedlich.", []),
    ("Seite 2020 fehlt.", []),
    ("Es kamen 2000 Menschen.", []),
    ("Er wohnt in 1.999 Metern Höhe, Version 3.11.2.", []),
    ("Am Morgen kam er.", []),
    ("Ein Tagebuch, ein Jahrbuch.", []),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_german_dates_have_their_values(text: str, expected: list[tuple[str, str]]) -> None:
    mentions = [
        resolve(expr, text, published="2020-10-15", tense="past", language="de")
        for expr in find(text, language="de")
    ]
    assert [(mention.expr, mention.value) for mention in mentions] == expected


def test_a_language_without_a_pack_has_no_dates() -> None:
    assert find("Il est venu hier, le 3 mai 2019.", language="fr") == []
    assert find("El martes cayó; el lunes y el viernes llovió.", language="es") == []
    assert find("Mardi soir il est parti, lundi il revient.", language="fr") == []
    assert find("Op maandag viel hij. Lunedì è caduto. 星期一他来了。", language="nl") == []
    assert find("He came on 3 May 2019.", language="en-GB") != []


WORDS = [
    "10.",
    "12",
    ".",
    "Oktober",
    "2020",
    "bis",
    "vor",
    "drei",
    "Jahren",
    "Tag",
    "nach",
    "dem",
    "Anschlag",
]
WORDS += ["Anschlag", "Ende", "Mitte", "seit", "31.", "Februar", "9999"]


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.text(max_size=200), st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join)))
def test_any_text_keeps_its_offsets(text: str) -> None:
    position = 0
    for expr in find(text, language="de"):
        assert position <= expr.start < expr.end <= len(text)
        position = expr.end
        mention = resolve(expr, text, published="2020-10-15", tense="past", language="de")
        assert mention.expr == text[mention.start : mention.end]


def test_the_second_time_of_a_german_comparison_is_counted_from_the_first() -> None:
    text = "Die Inflation lag im März bei 3,1 Prozent nach 4,4 Prozent ein Jahr zuvor."
    assert [row.where.value for row in read(text, published="2024-05-08", language="de")] == [
        "2024-03",
        "2023-03",
    ]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        # A year behind a verb or at the head of a sentence, and a figure that counts.
        ("Das Gesetz wurde 2019 beschlossen und 2021 aufgehoben.", ["2019", "2021"]),
        ("2019 wurde die Halle verkauft.", ["2019"]),
        ("Er wurde 2019 zum Präsidenten gewählt.", ["2019"]),
        ("Die Partei verlor 2019 Stimmen.", []),
        ("Die Firma baute 2000 neue Wohnungen.", []),
        # Weeks of a month, months in a row, periods, spans of months and nights.
        ("Die Abstimmung wurde auf die erste Juniwoche verschoben.", ["2024-06-01/2024-06-07"]),
        ("Sie wurde auf das letzte Wochenende im Juni verschoben.", ["2024-06-29/2024-06-30"]),
        ("Der Umsatz stieg in den zwölf Monaten bis März um 3 Prozent.", ["2023-04/2024-03"]),
        ("Zwischen Januar und April verdoppelten sich die Diebstähle.", ["2024-01/2024-04"]),
        ("Von Oktober bis März blieb die Halle zu.", ["2023-10/2024-03"]),
        ("In der Nacht vom 3. auf den 4. Mai brannte die Scheune ab.", ["2024-05-03/2024-05-04"]),
        ("Die Preise fielen den dritten Monat in Folge.", ["P3M"]),
        ("Im Geschäftsjahr 2022/23 machte die Firma Verlust.", ["2022/2023"]),
        ("Im Geschäftsjahr 2023 machte die Firma Verlust.", ["2023"]),
        # One time in two expressions.
        ("Heute vor zehn Jahren brach der Damm.", ["2014-05-08"]),
        ("Im April vor zwei Jahren sank der Kahn.", ["2022-04"]),
        ("Vor zweieinhalb Jahren wurde die Halle gebaut.", ["2021-11"]),
        ("Sie ruft für nächsten Donnerstag und Freitag zum Streik auf.", ["2024-05-09", "2024-05-10"]),
        ("Er wurde im Mai 2021 verurteilt und im August freigelassen.", ["2021-05", "2021-08"]),
        # Which way, and named days.
        ("Die Regel gilt seit dem 1. Juli.", ["2023-07-01"]),
        ("Die Regel gilt ab dem 1. Juli.", ["2024-07-01"]),
        ("Der Zug fährt ab Juni wieder.", ["2024-06"]),
        ("Am Pfingstmontag schlug der Blitz in den Turm ein.", ["2023-05-29"]),
        ("Am Osterwochenende starben 14 Menschen.", ["2024-03-29/2024-04-01"]),
        ("Im Laufe des Jahres sollen 90 Stellen wegfallen.", ["2024"]),
        ("Ende der Woche endet die Frist.", ["2024-W19"]),
        ("Sie will bis Jahresende fertig sein.", ["2024"]),
    ],
)
def test_times_of_german_news(text: str, values: list[str]) -> None:
    assert [one.where.value for one in read_claimed(text, published="2024-05-08", language="de")] == values


@pytest.mark.parametrize(
    "text",
    [
        "Der Angeklagte bekam fünf Jahre Haft.",
        "Er wurde zu fünf Jahren Haft verurteilt.",
        "Sie bekam zwei Jahre auf Bewährung.",
        "Das Kind ist drei Jahre alt.",
        "Der Markt ist jeden Dienstag und Donnerstag geöffnet.",
    ],
)
def test_terms_ages_and_habits_of_german_are_no_dates(text: str) -> None:
    assert read_claimed(text, published="2024-05-08", language="de") == []
