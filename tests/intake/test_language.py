"""In which language is a text written, and what does it cost to know?"""

from __future__ import annotations

import numpy as np
import pytest

from claims.actions.documents import parsing
from claims.intake.language import LANGUAGES, _identifier, guess_language
from claims.jobs.child import Children
from claims.language.identify import beyond_doubt
from tests.jobs import in_child

ENGLISH = (
    "The harbour authority of Port Lenna said on Tuesday that it would raise its fees by nine percent, and that the "
    "new money was for the repair of the northern pier. The fishing union has said that this will close eleven boats, "
    "but the minister told a meeting of the council that it had been decided after talks with all who use the port. "
    "She said she would not change it, and there is no other way to pay for what the storm of the winter did."
)
GERMAN = (
    "Die Hafenbehörde von Lenna hat am Dienstag mitgeteilt, dass sie die Gebühren um neun Prozent erhöht und dass das "
    "neue Geld für die Reparatur des nördlichen Piers ist. Die Gewerkschaft der Fischer sagt, dass elf Boote nicht "
    "mehr fahren werden, aber die Ministerin hat in einer Sitzung im Rat erklärt, dass es nach Gesprächen mit allen "
    "entschieden worden ist, die den Hafen nutzen. Sie werde das nicht ändern, und es gibt auch keinen anderen Weg, um "
    "für das zu bezahlen, was der Sturm im Winter zerstört hat."
)
OTHERS = {
    "nl": "De havenautoriteit van Lenna heeft dinsdag gezegd dat zij de tarieven met negen procent verhoogt en dat het "
    "nieuwe geld voor het herstel van de noordelijke pier is. De vakbond van de vissers zegt dat elf boten niet meer "
    "zullen varen, maar de minister heeft in een vergadering van de raad verklaard dat het na gesprekken met alle "
    "gebruikers van de haven is besloten. Zij zal het niet veranderen, en er is ook geen andere weg om te betalen wat "
    "de storm van de winter heeft vernield.",
    "da": "Havnemyndigheden i Lenna sagde tirsdag, at den hæver afgifterne med ni procent, og at de nye penge skal "
    "bruges til at reparere den nordlige mole. Fiskernes fagforening siger, at elleve både ikke længere vil sejle, men "
    "ministeren har på et møde i rådet forklaret, at det er besluttet efter samtaler med alle, der bruger havnen. Hun "
    "vil ikke ændre det, og der er heller ikke nogen anden vej til at betale for det, som vinterens storm ødelagde.",
    "sv": "Hamnmyndigheten i Lenna sade på tisdagen att den höjer avgifterna med nio procent och att de nya pengarna "
    "ska användas för att reparera den norra piren. Fiskarnas fackförbund säger att elva båtar inte längre kommer att "
    "segla, men ministern har på ett möte i rådet förklarat att det har beslutats efter samtal med alla som använder "
    "hamnen. Hon kommer inte att ändra det, och det finns inte heller något annat sätt att betala för det som stormen "
    "i vintras förstörde.",
    "fr": "L'autorité portuaire de Lenna a annoncé mardi qu'elle augmente ses tarifs de neuf pour cent et que cet "
    "argent est destiné à la réparation de la jetée du nord. Le syndicat des pêcheurs dit que onze bateaux ne "
    "sortiront plus, mais la ministre a expliqué au conseil que cela a été décidé après des discussions avec "
    "tous ceux qui utilisent le port. Elle ne le changera pas, et il n'y a pas d'autre moyen de payer ce que la "
    "tempête de l'hiver a détruit.",
    "ca": "L'autoritat portuària de Lenna va dir dimarts que apuja les tarifes un nou per cent i que els diners nous "
    "són per a la reparació del moll del nord. El sindicat de pescadors diu que onze barques no sortiran més, però la "
    "ministra va explicar en una reunió del consell que això s'havia decidit després de parlar amb tots els que fan "
    "servir el port. No ho canviarà, i no hi ha cap altra manera de pagar el que la tempesta de l'hivern va destruir.",
    "es": "La autoridad portuaria de Lenna dijo el martes que sube las tarifas un nueve por ciento y que el dinero "
    "nuevo es para la reparación del muelle del norte. El sindicato de los pescadores dice que once barcos no saldrán "
    "más, pero la ministra explicó en una reunión del consejo que se había decidido después de hablar con todos los "
    "que usan el puerto. No lo cambiará, y no hay otra manera de pagar lo que la tormenta del invierno destruyó.",
    "ru": "Портовое управление Ленны сообщило во вторник, что повышает сборы на девять процентов и что новые деньги "
    "пойдут на ремонт северного причала. Профсоюз рыбаков говорит, что одиннадцать судов больше не выйдут в море, но "
    "министр объяснила на заседании совета, что это решено после переговоров со всеми, кто пользуется портом.",
}
AFRIKAANS = (
    "Die hawe-owerheid van Lenna het Dinsdag gesê dat dit die tariewe met nege persent verhoog en dat die nuwe geld "
    "vir die herstel van die noordelike pier is. Die vakbond van die vissers sê dat elf bote nie meer vaar nie, maar "
    "die minister het in 'n vergadering van die raad verklaar dat dit na gesprekke met al die gebruikers van die hawe "
    "besluit is. Sy sal dit nie verander nie, en daar is ook geen ander weg om te betaal wat die storm verwoes het nie."
)


@pytest.mark.parametrize(
    ("text", "code"), [(ENGLISH, "en"), (GERMAN, "de"), *[(v, k) for k, v in OTHERS.items()]]
)
def test_the_language_of_a_report_is_known(text: str, code: str) -> None:
    assert code in LANGUAGES
    assert guess_language(text) == code


@pytest.mark.parametrize(("text", "code"), [(ENGLISH, "en"), (GERMAN, "de")])
def test_english_and_german_are_beyond_doubt_without_the_model(text: str, code: str) -> None:
    assert beyond_doubt(text) == code
    children = Children()
    try:
        assert children.run(parsing.language_of, text) == code
        assert not {"py3langid", "numpy"} & set(children.run(in_child.modules))
        assert children.run(parsing.language_of, OTHERS["fr"]) == "fr"
        assert "py3langid" in children.run(in_child.modules)
    finally:
        children.close()


@pytest.mark.parametrize(
    "text",
    [
        *OTHERS.values(),
        AFRIKAANS,
        ENGLISH[:250],
        ENGLISH + OTHERS["fr"] + OTHERS["es"],
        ENGLISH + GERMAN,
        OTHERS["nl"] + GERMAN,
        "harbour fees pier union boats port council storm winter repair money talks " * 20,
        "",
    ],
)
def test_whatever_could_be_another_language_is_left_to_the_model(text: str) -> None:
    assert beyond_doubt(text) == ""


def test_a_few_words_are_not_guessed() -> None:
    assert guess_language("Lenna 2026") == ""
    assert guess_language("Lenna 2026", declared="de-AT") == "de"


def test_the_model_keeps_no_table_of_languages_that_are_not_asked_for() -> None:
    identifier = _identifier()
    assert set(identifier.labels) == set(LANGUAGES)
    held = [getattr(identifier, name, None) for name in type(identifier).__slots__]
    tables = [one for value in held for one in (value if isinstance(value, tuple) else (value,))]
    widest = max(one.shape[1] for one in tables if isinstance(one, np.ndarray) and one.ndim == 2)
    assert widest <= len(LANGUAGES) + 2  # a language written in two scripts has a column for each
