"""Single rules of the reader, each with the least note that shows it."""

import pytest

from workspace.interchange.notes import extract_text

PROGRAMME = """ISLAND FORUM
Port Clara, 14-16 October 2026

PROGRAMME

Wednesday 14 October 2026

09.30 to 10.30 UTC+4
Opening Plenary. Islands at the table

11.00 to 12.30 UTC+4
High-level Dialogue. Who owns the reef?

Who owns the reef?

14 October 2026, 11:00 – 13:00 (UTC+4)

Fishers and divers live off the reef.
"""


def found(note: str) -> dict[str, list[str]]:
    """What does not add up: each kind with its sentences."""
    kinds: dict[str, list[str]] = {}
    for one in extract_text(note, source="note").inconsistencies:
        kinds.setdefault(one.type, []).append(one.description)
    return kinds


@pytest.mark.parametrize(
    ("note", "kind", "told"),
    [
        ("La red se reunió en Burdeos. En Bordeaux se habló poco.", "name_variant", "Burdeos, Bordeaux"),
        ("We cite the Milan Urban Food Policy Act once more.", "wrong_reference", "Milan Urban Food Policy Pact"),
        ("See the Sendai Framework for Disaster Risk Reduction 2016-2030.", "wrong_reference", "2015–2030"),
        ("# Notes\n\nNext meeting: to be determined", "missing_field", "not filled in"),
        ("# Notes\n\nDownload the report\n\nMore.", "extraction_artifact", "without address"),
        (
            "# Minutes of the water group\n\nDate: 4 May 2026\nTime: 10:00-11:30\n\nThe meeting closed at 11:45.",
            "duration",
            "was to end at 11:30, and ended at 11:45",
        ),
        (
            "# Note\n\nDate: 4 May 2026\nTime: 10:00-11:30\n\nThe group met for two hours.",
            "duration",
            "120 minutes in the text",
        ),
        (PROGRAMME, "date_mismatch", "Times in programme and note differ"),
    ],
)
def test_what_a_careful_reader_points_at_is_reported(note, kind, told):
    assert any(told in sentence for sentence in found(note).get(kind, []))


@pytest.mark.parametrize(
    "note",
    [
        "La ciudad de Porto Alegre recibe a la red. El puerto de Oporto no.",
        "We cite the Milan Urban Food Policy Pact and the New Urban Agenda.",
        "Los participantes contribuirán a definir las prioridades de la red.",
        "# Minutes of the water group\n\nDate: 4 May 2026\nTime: 10:00-11:30\n\nThe meeting closed at 11:30.",
    ],
)
def test_what_is_right_is_left_alone(note):
    assert not {"name_variant", "wrong_reference", "missing_field", "duration"} & found(note).keys()


def test_a_question_can_be_the_title_of_a_session():
    note = extract_text(PROGRAMME, source="note")

    assert [one.title for one in note.sessions] == ["Islands at the table", "Who owns the reef?"]
    assert note.discussion_questions == ()


def test_a_year_that_no_line_states_is_guessed_from_the_weekday_and_stays_a_guess():
    note = (
        "# Taller de ríos\n\nQuito, 7 y 8 de septiembre\n\nViernes 7 de septiembre\n\nTras la {} se revisa la norma.\n"
    )
    plain, cited = (
        extract_text(note.format(words), source="n").sessions[0] for words in ("ley", "Nueva Agenda Urbana")
    )

    assert (plain.start, plain.inferred["year"].value) == (None, "2007 / 2012 / 2018 / 2029 / 2035")
    assert (cited.start, cited.inferred["year"].value) == (None, "2018")
    assert "2016" in cited.inferred["year"].reason


def test_the_columns_of_an_agenda_are_read_by_their_heads():
    note = (
        "# Energía vecinal\n\nFecha: 9 de marzo de 2026\n\n## Agenda\n\n"
        "| Minutos | Contenido | Ponentes |\n|---|---|---|\n"
        "| 5 | Bienvenida | Elena Roca, consejera de Energía de Valdemora |\n"
        "| 20 | Casos | Pau Ferrer, Luz Común; Ilse Brandt (por confirmar). Modera: Teo Blanco |\n| 15 | Cierre | |\n"
    )
    [session] = extract_text(note, source="n").sessions

    assert [(one.minutes, one.title) for one in session.agenda] == [(5, "Bienvenida"), (20, "Casos"), (15, "Cierre")]
    assert [(one.name, one.confirmed) for one in session.speakers] == [
        ("Elena Roca", "yes"),
        ("Pau Ferrer", "yes"),
        ("Ilse Brandt", "no"),
    ]
    assert (session.speakers[0].role, session.speakers[0].organisation) == ("consejera de Energía", "Valdemora")
    assert [one.name for one in session.moderators] == ["Teo Blanco"]


def test_a_report_proposes_the_meetings_it_tells_of_and_no_meeting_it_only_mentions():
    note = (
        "# Annual report 2022\n\nSince the meeting held in Paris in 2015 the network has grown. "
        "The spring meeting took place in Ljubljana, Slovenia, on 12 and 13 May 2022. "
        "A second seminar was held online in November 2022.\n"
    )
    told = [(one.title, one.start, one.end, one.place) for one in extract_text(note, source="n").sessions]

    assert told == [
        ("Spring meeting", "2022-05-12", "2022-05-13", "Ljubljana, Slovenia"),
        ("Second seminar", "2022-11", None, None),
    ]


@pytest.mark.parametrize(
    ("note", "kind", "told"),
    [
        (
            "Veintiséis vecinas: quince de la vega y nueve de la sierra.",
            "sum_mismatch",
            "26 is stated, and the parts make 24",
        ),
        ("Forty-two people, thirty from the coast and nine from the hills, came.", "sum_mismatch", "make 39"),
        ("Of 60 mills, 25 grind by day and 40 not at all.", "sum_mismatch", "60 is stated, and the parts make 65"),
        ("On a compté 640 barques en mai et 815 en juin, soit 185 de plus.", "sum_mismatch", "make 175"),
        ("Había 24 molinos. Se cerraron nueve, de modo que quedan catorce.", "sum_mismatch", "make 15"),
        ("There are ten slots of 12 minutes: 150 minutes in all.", "sum_mismatch", "make 120"),
        ("Socios: 16\n\nAcudieron: 12\n\nPorcentaje de asistencia: 80 %", "sum_mismatch", "make 75 %"),
        ("Somos nueve.\n\nA favor, siete; en contra, dos y una abstención.", "sum_mismatch", "9 is stated"),
        (
            "We counted 19 days above 33 degrees, of which 8 in June, 7 in July and 5 in August.",
            "sum_mismatch",
            "make 20",
        ),
        ("Respondieron 48 personas. De ellas, mujeres 41, hombres 9.", "sum_mismatch", "make 50"),
        (
            "For 19, against 3, abst. 1.\n\nFor 15, against 6, abst. 2.\n\nFor 18, against 4, abst. 3.",
            "sum_mismatch",
            "make 25",
        ),
        ("The sitting was suspended at 15:40 and resumed at 15:20.", "order_mismatch", "15:20 is before 15:40"),
        ("A working meeting of four hours, from 9.30 to 13.00.", "duration", "240 minutes stated, 210"),
        (
            "Entitled to vote and voting    94\nFor    71\nAgainst    15\nAbstaining    5",
            "sum_mismatch",
            "parts make 91",
        ),
        (
            "Barqueros ........ 3\nMolineros ........ 2\nPescadoras ....... 1\nTOTAL ............ 7",
            "sum_mismatch",
            "make 6",
        ),
        ("- A1 Weirs\n- A2 Locks\n- A3 Fords\n\nThe bell rings in A2 and A5.", "wrong_reference", "A5 is not"),
        ("Q1. Name?\nQ2. Boat?\nQ3. Weir?\n\nAs said in question 14.", "wrong_reference", "question 14 is not"),
        ("El informe es el anexo III.\n\nAnexos: I. Mapa. II. Cuentas.", "wrong_reference", "anexo III is not"),
        ("- B.1 Weirs\n- B.2 Locks\n- B.3 Fords\n\nThe bell rings in B.2 and B.5.", "wrong_reference", "B.5 is not"),
        ("34 mills at first. Six joined, two withdrew, and the year closed with 40.", "sum_mismatch", "make 38"),
        (
            "We have 80 mills.\n\nGrind: 40 (50 %)\n\nSaw: 20 mills (25 %)\n\nRest: 20 mills (35 %)",
            "sum_mismatch",
            "35 % is stated",
        ),
        ("Nine were present.\n\nMr Faro and Ms Erik left the meeting.\n\nFor? 6. Against? 2.", "sum_mismatch", "7 is"),
        ("We make three demands:\n\n1. Lamps.\n\nIt is dark.\n\n2. Bells.", "count_mismatch", "2 follow"),
        ("Le puits coûte 40 par barque avec sa corde. Douze barques font 580.", "sum_mismatch", "make 480"),
        ("Cada noria vale 30 por molino. Quince molinos suman 405.", "sum_mismatch", "make 450"),
        ("The toll is 15 per barge at dusk. Thirty barges came to 540.", "sum_mismatch", "make 450"),
        (
            "Un legs de 900 francs, réparti en 400 à la digue, en 300 à la cale et en 250 au phare.",
            "sum_mismatch",
            "950",
        ),
        (
            "Se dieron 700 euros: con 300 para redes, con 200 para remos y con 100 para velas.",
            "sum_mismatch",
            "make 600",
        ),
        (
            "The legacy of 900 went with 400 to the weir, with 300 to the quay, with 250 to the lamp.",
            "sum_mismatch",
            "950",
        ),
        ("In per cent of all boats\nOars     51\nSails    30\nSteam    25", "sum_mismatch", "make 106"),
        ("Barcas, en por ciento:\n\nRemo     41\nVela     30\nVapor    20", "sum_mismatch", "make 91"),
        ("Barques, en pour cent\nRame     44\nVoile    40\nVapeur   22", "sum_mismatch", "make 106"),
        ("Enclosed are annexes A, B and C.\n\nThe tolls are in annex E.", "wrong_reference", "annex E is not"),
        ("Van los anexos A y B.\n\nLos peajes están en el anexo D.", "wrong_reference", "anexo D is not"),
        ("Ci-joint les annexes 1, 2 et 3.\n\nLes péages sont à l'annexe 5.", "wrong_reference", "annexe 5 is not"),
        ("Sur 90 barques, 50 % ont une rame, 30 % une voile et 31 % une vapeur.", "sum_mismatch", "make 111"),
        ("Sept membres habiles à voter. Pour : 4. Contre : 4.", "sum_mismatch", "7 is stated"),
        ("Veintiocho molinos, catorce en la vega y dieciséis en la sierra, siguen.", "sum_mismatch", "make 30"),
        ("Ninety boats cross, fifty in the morning and forty-five in the evening.", "sum_mismatch", "make 95"),
        ("On voit 120 barques, 70 de pêche et 60 de charge.", "sum_mismatch", "make 130"),
        ("Vinieron 46 vecinas de 18 villas (11 altas y 9 bajas).", "sum_mismatch", "make 20"),
        (
            "Les barques paient\nPéage     48'600.–\nQuai      12'000.–\nTotal     65'050.–",
            "sum_mismatch",
            "make 60600",
        ),
        ("With a vote (11): the wardens.\n\n8 for, 3 against, 2 abstaining.", "sum_mismatch", "11 is stated"),
        ("Las nueve tienen voto.\n\nSe aprueba por 7 a favor y 3 en contra.", "sum_mismatch", "9 is stated"),
        ("Huit siègent, avec voix délibérative.\n\nPour : 5. Contre : 4.", "sum_mismatch", "8 is stated"),
        (
            "| Boats | Oars | Sail | All |\n|---|---|---|---|\n| A | 3 | 4 | 7 |\n| B | 5 | 2 | 9 |\n| C | 2 | 2 | 4 |",
            "sum_mismatch",
            "9 is stated",
        ),
        (
            "| Texto | Sí | No | Abst. |\n|---|---|---|---|\n| 1 | 9 | 2 | 1 |\n| 2 | 8 | 4 | 0 |\n| 3 | 9 | 4 | 1 |",
            "sum_mismatch",
            "make 14",
        ),
        (
            "| Texte | Pour | Contre |\n|---|---|---|\n| A | 9 | 2 |\n| B | 8 | 3 |\n| C | 9 | 4 |",
            "sum_mismatch",
            "make 13",
        ),
        ("Guardamos cuatro: Presa Vieja, Molino Alto y Vado Hondo.", "count_mismatch", "3 stand in the list"),
        ("We keep five: Fish Weir, Upper Ford, Mill Lock.", "count_mismatch", "3 stand in the list"),
        ("Présents (5) : Ana Le Goff (meunière), Luc Roz, Ève Madec", "count_mismatch", "3 stand in the list"),
        ("La cuenca reúne cinco presas, a saber: Arriba, Abajo y Enmedio.", "count_mismatch", "3 stand in the list"),
        (
            "Primero.- Presas.\n\nSegundo.- Vados.\n\nTercero.- Según el punto noveno.",
            "wrong_reference",
            "punto noveno is not",
        ),
        (
            "Article 1. Digues.\n\nArticle 2. Gués.\n\nArticle 3. Selon l'article neuvième.",
            "wrong_reference",
            "article neuvième",
        ),
        (
            "1. Weirs.\n2. Locks.\n3. Fords.\n\nThe bell is told in item seventh.",
            "wrong_reference",
            "item seventh is not",
        ),
        (
            "Papers: A (weirs), B (locks), C (fords)\n\nThe bell is in Paper F, and the lamp in Paper A.",
            "wrong_reference",
            "Paper F is not",
        ),
        ("Sylvain Poirrier opened it.\n\nMinutes by Sylvain Poirier of the weir.", "name_variant", "two spellings"),
    ],
)
def test_what_can_be_counted_is_counted_again(note, kind, told):
    assert any(told in sentence for sentence in found(f"# Notes of the weir\n\n{note}\n").get(kind, []))


@pytest.mark.parametrize(
    "note",
    [
        "Veinticuatro vecinas: quince de la vega y nueve de la sierra.",
        "Forty people and 30 boats came, with nine dogs.",
        "Of 60 mills, 45 have a wheel and 30 have a pond.",
        "On a compté 640 barques en mai et 815 en juin, soit 175 de plus.",
        "Las quejas pasaron de 520 a 390; es decir, bajaron un 25 %.",
        "There are ten slots of 12 minutes: 120 minutes in all.",
        "We have 12 voters on the quay. In favour, 14; against, 5; abstentions, 4.",
        "The sitting was suspended at 15:20 and resumed at 15:40.",
        "Entitled to vote and voting    91\nFor    71\nAgainst    15\nAbstaining    5",
        "- A1 Weirs\n- A2 Locks\n- A3 Fords\n\nThe bell rings in A2 and is printed on A4.",
        "El informe es el anexo II.\n\nAnexos: I. Mapa. II. Cuentas.",
        "Ana Romero y Ana Moreno llegaron juntas a la presa con Francisco Prado y Francisca Prado.",
        "- B.1 Weirs\n- B.2 Locks\n- B.3 Fords\n\nThe bell rings in B.2 and B.3.",
        "34 mills at first. Six joined, two withdrew, and the year closed with 38.",
        "We have 80 mills.\n\nGrind: 40 (50 %)\n\nSaw: 20 mills (25 %)\n\nRest: 20 mills (25 %)",
        "Nine were present.\n\nMr Faro and Ms Erik left the meeting.\n\nFor? 5. Against? 2.",
        "We make two demands:\n\n1. Lamps.\n\nIt is dark.\n\n2. Bells.",
        "The toll is 15 per barge at dusk. Thirty barges came to 450.",
        "Se dieron 700 euros, con 300 para redes, con 300 para remos y con 100 para velas.",
        "In per cent of all boats\nOars     45\nSails    30\nSteam    25",
        "Enclosed are annexes A, B and C.\n\nThe tolls are in annex C.",
        "Présents (9) : les éclusiers.\n\nPouvoirs (3) : à la meunière.\n\nPour : 10. Contre : 2.",
        "Nine present, three proxies.\n\nFor: 10. Against: 2.",
        "Presentes: 9. Poderes: 3. Son 12 votos.\n\nA favor, 10; en contra, 2.",
        "Acta del 14 de diciembre de 2029.\n\nPróxima junta: sábado 12 de enero, con redes.",
        (
            "Les deux ports ont arrêté avec leurs gens de mer un plan de dragage qui tient à peu de "
            "choses, et que voici :\n\n- a\n- b\n- c\n- d"
        ),
        "The board looked at three weirs and chose the plainest of them all.\n- one\n- two\n- four\n- five",
        "Samedi 20 mai 2028, de 9 h 30 à 13 h (accueil dès 9 h)",
        "Of 90 boats, fifty came in the morning and twenty in the evening.",
        "With a vote (11): the wardens. The present limit is £9.\n\n7 for, 3 against, 1 abstaining.",
        "| Boats | Oars | Sail | All |\n|---|---|---|---|\n| A | 3 | 4 | 7 |\n| B | 5 | 2 | 7 |\n| C | 2 | 2 | 4 |",
        "| Texto | Sí | No |\n|---|---|---|\n| 1 | 9 | 2 |\n| 2 | 8 | 3 |\n| 3 | 7 | 3 |",
        "Guardamos tres: Presa Vieja (de piedra, alta), Molino Alto y Vado Hondo.",
        "Primero.- Presas.\n\nSegundo.- Vados.\n\nTercero.- Según el punto segundo.",
        "Papers: A (weirs), B (locks), C (fords)\n\nThe bell is in Paper C.",
        "Agreed at the meeting of Friday 14 December 2029:\n\n- lamps\n- bells",
    ],
)
def test_what_adds_up_is_left_alone(note):
    wrong = {"sum_mismatch", "order_mismatch", "count_mismatch", "wrong_reference", "name_variant"}
    assert not wrong & found(f"# Notes of the weir\n\n{note}\n").keys()


def test_short_lines_of_a_hasty_note_are_not_run_together():
    note = "Notes\n\nMESA DE ISLAS - notas rápidas\nmodera Nuria Tabares\nasisten siete islas\n\n" + "palabra " * 12
    found = extract_text(note, source="n")

    assert found.title == "MESA DE ISLAS"


def test_an_item_is_what_it_asks_without_what_is_said_about_it():
    note = "Pedimos:\n\n- Que la villa abra un baño con agua caliente. Lo esperamos siempre.\n- Que pague el banco.\n"

    assert [each.text for each in extract_text(note, source="n").recommendations] == [
        "Que la villa abra un baño con agua caliente.",
        "Que pague el banco.",
    ]


def test_what_is_agreed_as_follows_is_each_sentence_right_under_it():
    note = (
        "# Acta de la junta\n\nFecha: 4 de mayo de 2026\n\nSe acuerda lo siguiente:\nLa gerencia contratará una obra.\n"
        "Los pueblos cambiarán sus contadores.\n\nLa sesión fue larga.\n"
    )

    assert [each.text for each in extract_text(note, source="n").recommendations] == [
        "La gerencia contratará una obra.",
        "Los pueblos cambiarán sus contadores.",
    ]
