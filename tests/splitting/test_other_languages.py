"""In other languages a claim is a clean sentence with balanced marks, its speaker and a score that ranks.

Sentences are invented. The frames of German, Spanish and French are crossed with speakers of several kinds.
"""

from __future__ import annotations

import pytest

from claims.splitting.pipeline import split
from claims.splitting.types import Unit
from claims.splitting.wording.gate import faults

# What is said: the writer's indirect words, and the same as a quotation.
GERMAN_FRAMES = {
    "subject, verb, comma": (
        "{Who} sagte, davon profitierten 60 Werke.",
        "davon profitierten 60 Werke",
    ),
    "with a time": (
        "{Who} sagte am Dienstagabend, die Zahl liege bei 3,5 Prozent.",
        "die Zahl liege bei 3,5 Prozent",
    ),
    "verb in two parts": (
        "{Who} kündigte an, das Werk werde 2.000 Autos bauen.",
        "das Werk werde 2.000 Autos bauen",
    ),
    "quotation and verb": (
        "„Das kostet 200.000 Arbeitsplätze“, warnte {who}.",
        "Das kostet 200.000 Arbeitsplätze",
    ),
    "guillemets": ("»Das kostet 2 Mio. Euro«, betonte {who} am Montag.", "Das kostet 2 Mio. Euro"),
    "quotation and so": ("„Wir haben 40 Brücken gesperrt“, so {who}.", "Wir haben 40 Brücken gesperrt"),
    "indirect and so": (
        "Die Stadt habe 40 Tore gesperrt, so {who} am Freitag.",
        "Die Stadt habe 40 Tore gesperrt",
    ),
    "indirect and verb": (
        "Die Stadt habe 40 Tore gesperrt, sagte {who}.",
        "Die Stadt habe 40 Tore gesperrt",
    ),
    "verb, two parts, behind": (
        "Es gebe 12 Verletzte, teilte {who} Montag früh mit.",
        "Es gebe 12 Verletzte",
    ),
    "colon": ("{Who} sagte: „Wir haben 40 Brücken gesperrt.“", "Wir haben 40 Brücken gesperrt"),
    "wie": ("In dem Haus lebten 40 Menschen, wie {who} mitteilte.", "In dem Haus lebten 40 Menschen"),
    "perfect": ("„Wir haben 40 Brücken gesperrt“, hat {who} erklärt.", "Wir haben 40 Brücken gesperrt"),
    "any verb": (
        "„Die Kosten liegen bei 3 Mrd. Euro“, rechnete {who} vor.",
        "Die Kosten liegen bei 3 Mrd. Euro",
    ),
    "time first": (
        "Am Freitag sagte {who}, die Rente steige um 3,5 Prozent.",
        "die Rente steige um 3,5 Prozent",
    ),
}
GERMAN_SPEAKERS = [
    ("Arbeitsminister Hubertus Keller", "Hubertus Keller", "person"),
    ("Verbandschefin Anja Roth-Weber", "Anja Roth-Weber", "person"),
    ("der SPD-Politiker Karl Sommer", "Karl Sommer", "person"),
    ("Polizeisprecher Jan von der Heide", "Jan von der Heide", "person"),
    ("Ina Groß", "Ina Groß", "person"),
    ("die Feuerwehr", "Feuerwehr", "organisation"),
    ("das Statistische Landesamt", "Statistische Landesamt", "organisation"),
    ("ein Sprecher der Polizei", "Sprecher der Polizei", "person"),
]

SPANISH_FRAMES = {
    "quotation and verb": ("«Costará 100.000 empleos», advirtió {who}.", "Costará 100.000 empleos"),
    "other marks, a time": (
        "“Hemos cerrado 40 escuelas”, dijo el martes {who}.",
        "Hemos cerrado 40 escuelas",
    ),
    "any verb": ("«Faltan 40 médicos», se quejó {who}.", "Faltan 40 médicos"),
    "que": ("{Who} aseguró que el paro bajó un 11 %.", "el paro bajó un 11 %"),
    "perfect": ("{Who} ha anunciado que 300 escuelas cerrarán.", "300 escuelas cerrarán"),
    "según before": (
        "Según {who}, la inflación cayó al 3,5 % en marzo.",
        "la inflación cayó al 3,5 % en marzo",
    ),
    "datos": ("Según datos de {who}, el paro es del 12 %.", "el paro es del 12 %"),
    "tal y como": ("Tal y como explicó {who}, se abrirán 12 centros.", "se abrirán 12 centros"),
    "según behind": ("La inflación cayó al 3,5 %, según {who}.", "La inflación cayó al 3,5 %"),
    "indirect and verb": ("La obra costará 40 millones, explicó {who}.", "La obra costará 40 millones"),
    "colon": ("{Who} declaró: «Faltan 40 médicos».", "Faltan 40 médicos"),
}
SPANISH_SPEAKERS = [
    ("la patronal", "patronal", "organisation"),
    ("María Díaz", "María Díaz", "person"),
    ("la ministra Ana Gil", "Ana Gil", "person"),
    ("el alcalde de León, Juan Ruiz", "Juan Ruiz", "person"),
    ("el Ministerio de Trabajo", "Ministerio de Trabajo", "organisation"),
    ("el portavoz del Gobierno", "portavoz del Gobierno", "person"),
]

FRENCH_FRAMES = {
    "quotation and verb": (
        "« Cela coûtera 100 000 emplois », a déclaré {who}.",
        "Cela coûtera 100 000 emplois",
    ),
    "narrow spaces": (
        "«\u202fNous avons fermé 40 écoles\u202f», explique {who}.",
        "Nous avons fermé 40 écoles",
    ),
    "any verb": ("« Il manque 40 infirmiers », s’inquiète {who}.", "Il manque 40 infirmiers"),
    "addressee": ("« Il manque 40 infirmiers », a indiqué à l’AFP {who}.", "Il manque 40 infirmiers"),
    "que": ("{Who} a affirmé mardi que 30 écoles ont fermé.", "30 écoles ont fermé"),
    "selon before": (
        "Selon {who}, le chômage a baissé de 2 % en mars.",
        "le chômage a baissé de 2 % en mars",
    ),
    "comme": ("Comme l’a expliqué {who}, 12 centres ouvriront.", "12 centres ouvriront"),
    "selon behind": ("Le chômage a baissé de 2 %, selon {who}.", "Le chômage a baissé de 2 %"),
    "d'après": ("D’après {who}, 12 personnes ont été arrêtées.", "12 personnes ont été arrêtées"),
    "colon": ("{Who} dénonce : « Il manque 40 infirmiers. »", "Il manque 40 infirmiers"),
}
FRENCH_SPEAKERS = [
    ("Marie Dupont", "Marie Dupont", "person"),
    ("la ministre Claire Morel", "Claire Morel", "person"),
    ("le maire de Lyon, Paul Roux", "Paul Roux", "person"),
    ("l’Insee", "Insee", "organisation"),
    ("le ministère du Travail", "ministère du Travail", "organisation"),
    ("Jean-Luc Petit", "Jean-Luc Petit", "person"),
    ("la porte-parole du gouvernement", "porte-parole du gouvernement", "person"),
]

Row = tuple[str, str, str, str, str]


def _crossed(
    language: str, frames: dict[str, tuple[str, str]], speakers: list[tuple[str, str, str]]
) -> list[object]:
    rows: list[object] = []
    for name, (frame, claim) in frames.items():
        for who, claimant, kind in speakers:
            apposed = "," in who and not frame.rstrip(".").endswith("{who}") and "{Who}" not in frame
            if apposed and "{who}," not in frame:
                continue
            if "{Who}" in frame and "," in who:
                who_there = who[0].upper() + who[1:] + ","
            else:
                who_there = who[0].upper() + who[1:]
            text = frame.format(who=who, Who=who_there)
            rows.append(
                pytest.param(language, text, claim, claimant, kind, id=f"{language}-{name}-{claimant}")
            )
    return rows


FRAMED = [
    *_crossed("de", GERMAN_FRAMES, GERMAN_SPEAKERS),
    *_crossed("es", SPANISH_FRAMES, SPANISH_SPEAKERS),
    *_crossed("fr", FRENCH_FRAMES, FRENCH_SPEAKERS),
]


def units(text: str, language: str) -> tuple[Unit, ...]:
    """Return the claims of a text that came out on 10 May 2024."""
    return split(text, published="2024-05-10", language=language).units


def is_clean(unit: Unit, language: str) -> bool:
    """Tell a claim whose words and wording have their marks in pairs, and whose wording has one end."""
    pairs = (("„", "“"), ("«", "»"), ("“", "”"))
    if unit.text.count("“") and "„" in unit.text:
        pairs = pairs[:2]
    paired = all(unit.text.count(opens) == unit.text.count(closes) for opens, closes in pairs)
    ended = not unit.wording.text.endswith(("..", "。.", "。。", ".“.", "”."))
    return paired and ended and not faults(unit.wording.text, language=language)


@pytest.mark.parametrize(("language", "text", "claim", "claimant", "kind"), FRAMED)
def test_a_plain_frame_gives_a_clean_claim_and_its_speaker(
    language: str, text: str, claim: str, claimant: str, kind: str
) -> None:
    (unit,) = units(text, language)
    assert (unit.text, unit.claimant, unit.claimant_kind) == (claim, claimant, kind)
    assert unit.wording.text == f"{claim[0].upper()}{claim[1:]}."
    assert unit.attribution in ("quoted", "reported")
    assert is_clean(unit, language)
    assert 0 < unit.score < 1
    assert unit.reasons


WHOLE = [
    ("de", "Laut {who} fehlen 3,5 Millionen Euro.", "Bürgermeister Jan Petersen", "Jan Petersen"),
    (
        "de",
        "Nach Angaben {who} stieg der Preis um 3,5 Prozent.",
        "des Statistischen Bundesamtes",
        "Statistisches Bundesamt",
    ),
    (
        "de",
        "Nach Einschätzung {who} verlieren 20.000 Menschen ihre Arbeit.",
        "der Ökonomin Klara Weiß",
        "Klara Weiß",
    ),
    ("de", "{who} zufolge sank die Quote auf 5,1 Prozent.", "Dem Umweltministerium", "Umweltministerium"),
    ("de", "Wie {who} am Montag mitteilte, wurden 120 Fälle gezählt.", "das Landesamt", "Landesamt"),
    ("de", "{who} räumte ein, 300 Tonnen Öl verloren zu haben.", "Der Konzern", "Konzern"),
    ("de", "{who} fordert 200 neue Stellen.", "Gewerkschafterin Tina Beck", "Tina Beck"),
]


@pytest.mark.parametrize(("language", "frame", "who", "claimant"), WHOLE, ids=[row[3] for row in WHOLE])
def test_where_the_rest_is_no_sentence_the_claim_keeps_its_frame(
    language: str, frame: str, who: str, claimant: str
) -> None:
    text = frame.format(who=who)
    (unit,) = units(text, language)
    assert (unit.text, unit.claimant) == (text.rstrip("."), claimant)
    assert unit.wording.text == text


MIDDLE = [
    ("de", "Die Mieten stiegen laut {0} um 12 Prozent.", "Mieterbund", "Die Mieten stiegen um 12 Prozent."),
    (
        "de",
        "Er wisse nicht, so {0}, woher die 40 Euro kommen.",
        "Keller",
        "Er wisse nicht, woher die 40 Euro kommen.",
    ),
    (
        "de",
        "„Wir haben 40 Schulen gebaut“, sagte {0}, „und 20 Kitas.“",
        "Ina Groß",
        "Wir haben 40 Schulen gebaut, und 20 Kitas.",
    ),
    (
        "es",
        "El tren, según {0}, salió con 20 minutos de retraso.",
        "Renfe",
        "El tren salió con 20 minutos de retraso.",
    ),
    (
        "fr",
        "Les secours, selon {0}, sont arrivés après 30 minutes.",
        "Paul Roux",
        "Les secours sont arrivés après 30 minutes.",
    ),
    ("fr", "« C’est faux, affirme {0}, il y a 40 blessés. »", "Paul Roux", "C’est faux, il y a 40 blessés."),
]


@pytest.mark.parametrize(
    ("language", "frame", "claimant", "wording"), MIDDLE, ids=[row[1][:30] for row in MIDDLE]
)
def test_a_frame_in_the_middle_is_left_out_of_the_wording(
    language: str, frame: str, claimant: str, wording: str
) -> None:
    (unit,) = units(frame.format(claimant), language)
    assert (unit.claimant, unit.wording.text) == (claimant, wording)
    assert is_clean(unit, language)


@pytest.mark.parametrize(
    ("language", "text", "claimant"),
    [
        ("de", "Die Regierung bestreitet, dass 40 Soldaten starben.", "Regierung"),
        ("es", "El Gobierno niega que haya 40 detenidos.", "Gobierno"),
        ("fr", "Le gouvernement nie que 40 soldats soient morts.", "gouvernement"),
    ],
)
def test_what_is_denied_is_not_put_forward(language: str, text: str, claimant: str) -> None:
    (unit,) = units(text, language)
    assert (unit.text, unit.claimant) == (text.rstrip("."), claimant)


def test_so_and_a_name_is_not_given_to_the_office_before() -> None:
    text = (
        "Nach Angaben des Statistischen Bundesamtes stieg der Preis um 3,5 Prozent."
        " Er wisse nicht, so Keller, woher das Geld komme."
    )
    assert [unit.claimant for unit in units(text, "de")] == ["Statistisches Bundesamt", "Keller"]


@pytest.mark.parametrize(
    "said",
    [
        "Sie liege bei 40.",
        "Er wisse nicht mehr.",
        "Das Geld fehle seit Jahren.",
        "Niemand habe 2023 davon gewusst.",
    ],
)
def test_indirect_speech_goes_on_until_the_writer_speaks(said: str) -> None:
    text = f"Minister Paul Lang sagte, die Zahl sei gesunken. {said} Das Werk steht in Köln."
    assert [unit.claimant for unit in units(text, "de")] == ["Paul Lang", "Paul Lang", ""]


@pytest.mark.parametrize(
    ("language", "text", "claimant"),
    [
        (
            "de",
            "Eva Alt schwieg. „Es ist ernst. Es fehlen 200 Betten“, sagte Klinikchef Omar Haddad.",
            "Omar Haddad",
        ),
        (
            "de",
            "Köln schwieg. „Es fehlen 200 Betten“, so Arzt Omar Haddad. „Und 40 Pfleger fehlen.“",
            "Omar Haddad",
        ),
        ("es", "Llovió. «No hay agua», lamentó Rosa Peña. «Llevamos 40 días así».", "Rosa Peña"),
        ("es", "Llovió. «Subirá un 2 %», dijo Rosa Peña. Añadió que afectará a 40 familias.", "Rosa Peña"),
    ],
)
def test_every_sentence_of_a_quotation_has_its_speaker(language: str, text: str, claimant: str) -> None:
    assert [unit.claimant for unit in units(text, language) if unit.attribution != "article"] == [
        claimant
    ] * 2


@pytest.mark.parametrize(
    ("text", "claimant"),
    [
        (
            "Minister Paul Lang sagte, es fehlten 40 Lehrer. Der Minister erklärte, das ändere sich 2025.",
            "Paul Lang",
        ),
        ("Minister Paul Lang sagte, es fehlten 40 Lehrer. Das wisse jeder, so Lang.", "Paul Lang"),
        (
            "Minister Paul Lang sagte, es fehlten 40 Lehrer. Er fügte hinzu, das ändere sich 2025.",
            "Paul Lang",
        ),
        ("Der Schaden liege bei 2 Mio. Euro, hieß es bei der Polizei.", "Polizei"),
        ("Aus dem Ministerium hieß es, die 40 Zahlen seien vorläufig.", "Ministerium"),
        ("Kanzlerin Marta Vogt (SPD) sagte am Mittwoch in Bonn, 400 Häuser würden gebaut.", "Marta Vogt"),
        ("„Es fehlen 40 Lehrer“, sagte Lena Lied dem „Morgenblatt“.", "Lena Lied"),
        ("„Es fehlen 40 Lehrer“, sagte Lena Lied 2015.", "Lena Lied"),
        ("Der Chef der Partei im Landtag, Max Ohm, sagte der dpa: „Wir bauen 40 Schulen.“", "Max Ohm"),
        ("Die Lage ist ernst. Ole Kuhn (CDU): „Wir bauen 40 Schulen.“", "Ole Kuhn"),
        ("„Das sind 40 gute Schulen“, sagt die 54-Jährige.", "54-Jährige"),
        ("Auch die Opposition kritisierte, die 40 Schulen seien zu teuer.", "Opposition"),
        ("Nach Angaben der Vereinten Nationen fliehen 40.000 Menschen.", "Vereinte Nationen"),
        ("Nach Polizeiangaben wurden 30 Menschen verletzt.", "Polizei"),
        ("Paul Lang, Minister für Arbeit, sagte, die Zahl sei auf 40 gesunken.", "Paul Lang"),
        ("„Es fehlen 40 Lehrer“, sagte der Minister für Arbeit, Paul Lang.", "Paul Lang"),
        ("Das Haus sei leer, sagte Paul Lang der Deutschen Presse-Agentur.", "Paul Lang"),
    ],
)
def test_a_german_speaker_is_found_by_role_name_and_place(text: str, claimant: str) -> None:
    assert units(text, "de")[-1].claimant == claimant


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Der Zug fuhr nach Köln und hielt dort, weil ein Signal ausfiel."),
        ("de", "So viele Menschen wie nie zogen 2023 um."),
        ("de", "Der Hund bellte laut und lief weg."),
        ("de", "Das berichtet die „Süddeutsche Morgenpost“."),
        ("de", "Die Frau sagte nicht, wo sie 2019 war."),
        ("es", "El hombre no dijo que tenía 40 años."),
        ("de", "Er warf den Ball, den Paul gefangen hatte."),
        ("de", "Sie gab ihm 40 Euro, weil er fror."),
        ("es", "La ciudad, que tiene 40.000 habitantes, dice adiós al tranvía."),
        ("fr", "Le maire a 40 ans et la ville compte trois ponts."),
    ],
)
def test_what_nobody_says_has_no_speaker(language: str, text: str) -> None:
    (unit,) = units(text, language)
    assert (unit.claimant, unit.attribution, unit.text) == ("", "article", text.rstrip("."))


@pytest.mark.parametrize(
    ("language", "text", "wordings"),
    [
        (
            "ar",
            "قال وزير العمل إن 200 ألف شخص فقدوا وظائفهم. ارتفع التضخم إلى 5 في المئة.",
            ["قال وزير العمل إن 200 ألف شخص فقدوا وظائفهم.", "ارتفع التضخم إلى 5 في المئة."],
        ),
        ("ar", "«سنبني 40 مدرسة»، قال الوزير أحمد علي.", ["«سنبني 40 مدرسة»، قال الوزير أحمد علي."]),
        (
            "ar",
            "هل ارتفع التضخم؟ أعلنت الحكومة يوم الاثنين بناء 30 مستشفى.",
            ["أعلنت الحكومة يوم الاثنين بناء 30 مستشفى."],
        ),
        (
            "zh",
            "劳动部长张伟表示，去年有20万人失业。通货膨胀率上升到百分之五。",
            ["劳动部长张伟表示，去年有20万人失业。", "通货膨胀率上升到百分之五。"],
        ),
        ("zh", "“我们建了40所学校。”市长李强说。", ["我们建了40所学校。"]),
        ("zh", "「我們在2020年建了40所學校」，市長說。", ["「我們在2020年建了40所學校」，市長說。"]),
    ],
)
def test_arabic_and_chinese_give_clean_sentences_that_rank(
    language: str, text: str, wordings: list[str]
) -> None:
    found = units(text, language)
    assert [unit.wording.text for unit in found] == wordings
    assert all(is_clean(unit, language) and unit.score > 0 for unit in found)
    assert all(not unit.text.endswith(("。", ".")) for unit in found)


@pytest.mark.parametrize(
    ("language", "more", "less"),
    [
        (
            "de",
            "Im Jahr 2023 verloren 20.000 Menschen in Köln ihre Arbeit.",
            "Das war ein schöner und ruhiger Tag.",
        ),
        ("es", "En 2023 perdieron su empleo 20.000 personas en León.", "Fue un día bonito y tranquilo."),
        ("fr", "En 2023, 20 000 personas ont perdu leur emploi à Lyon.", "Ce fut un beau jour tranquille."),
        ("ar", "في عام 2023 فقد 20 ألف شخص وظائفهم.", "كان يوما جميلا وهادئا جدا."),
        ("zh", "2023年有20万人失业。", "那是美好而平静的一天。"),
        ("pl", "W 2023 roku w Gdyni pracę straciło 20 000 osób.", "To był bardzo spokojny dzień."),
    ],
)
def test_a_figure_a_name_and_a_date_rank_above_mood_in_every_language(
    language: str, more: str, less: str
) -> None:
    (high,), (low,) = units(more, language), units(less, language)
    assert high.score > 0.5 > low.score > 0
    assert len(high.reasons) <= 3
    assert all(reason.text for reason in high.reasons)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("es", "La fábrica cerró el martes y 40 personas se fueron."),
        ("fr", "L’usine a fermé mardi soir et 40 personnes sont parties."),
        ("ar", "أغلق المصنع يوم الثلاثاء وغادر 40 شخصا."),
        ("zh", "工厂星期二关闭，40人离开。"),
        ("de", "Jeden Dienstagabend proben 40 Kinder im Chor."),
    ],
)
def test_a_weekday_that_is_not_read_gives_no_date(language: str, text: str) -> None:
    assert [unit.dates for unit in units(text, language)] == [()]
