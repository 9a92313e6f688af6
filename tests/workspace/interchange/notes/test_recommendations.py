"""Which statements of a note are recommendations, in three languages, with their words and lines."""

import pytest

from workspace.interchange.notes import extract


def found_in(note: str) -> list[tuple[int | None, str]]:
    return [(one.line, one.text) for one in extract(note.encode(), source="note.md").recommendations]


def texts_in(body: str) -> list[str]:
    return [text for _, text in found_in(f"# Title of the note\n\n{body}\n")]


@pytest.mark.parametrize(
    "sentence",
    [
        "Por tanto, en este contexto, los puertos deben abrirse.",
        "En la última reunión se acordó ampliar el mercado, ya que no caben todos.",
        "Because of this, towns should plant many more trees, since shade is scarce.",
        "Si la source tarit, les communes doivent partager ; il faut aussi creuser.",
        "Se invita a las alcaldías a plantear cómo: abrir los datos; crear espacios de diálogo; formar equipos.",
        "Es urgente transformar las normas del suelo, así como, reformar los catastros de la provincia.",
        "The harbour is old; towns must mend it, and the State should pay.",
    ],
)
def test_a_sentence_is_proposed_whole_and_once(sentence):
    assert texts_in(sentence) == [sentence]


@pytest.mark.parametrize(
    "note",
    [
        "Mr OSEI (Tema): Towns must act.\n\nMS LUND: I agree. Trams must come first.\n\nThe CHAIR: We must stop.",
        "[14/02/27, 9:02] Lola: hay que actuar\n[14/02/27, 9:05] Kike: deben pagar\n[14/02/27, 9:07] Lola: hay que ir",
        "La maire de Nérac estime que les villes doivent payer. Elle ajoute qu'il faut agir.",
        "El señor Salas responde que el Estado tendría que pagar. Considera que hay que actuar.",
        "Ada Brook argued that ports must close. She said that towns should help.",
        "> All cities must answer.\n\nThank you for the letter.",
    ],
)
def test_what_one_person_said_is_no_recommendation(note):
    assert texts_in(note) == []


def test_of_a_transcript_what_the_body_decides_is_one():
    note = "The CHAIR: It is so decided: cities will open the port.\n\nMS LUND: I must go.\n\nMR OSEI: We must stay."
    assert texts_in(note) == ["The CHAIR: It is so decided: cities will open the port."]


@pytest.mark.parametrize(
    ("heading", "asks"),
    [
        ("What the session asks for", True),
        ("Lo que pedimos a los gobiernos", True),
        ("Ce que nous demandons", True),
        ("Where we did not agree", False),
        ("Seguimiento de los acuerdos anteriores", False),
    ],
)
def test_any_heading_that_says_so_stands_over_recommendations(heading, asks):
    found = found_in(f"# Title\n\nA word.\n\n## {heading}\n\n- Small boats first\n- Lamps in every street\n")
    assert [text for _, text in found] == (["Small boats first", "Lamps in every street"] if asks else [])


def test_the_paragraphs_of_a_resolution_are_found_and_its_preamble_is_not():
    note = (
        "RESOLUTION\n\nThe Assembly,\n\nRecalling that cities must live with less rain,\n\n"
        "1. Decides to open a fund;\n\n2. Calls upon governments to pay for it;\n\n3. Decides to remain seized of it.\n"
    )
    assert [text for _, text in found_in(note)][:2] == [
        "Decides to open a fund",
        "Calls upon governments to pay for it",
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "Quizás sería conveniente empezar por los ríos más pequeños.",
        "Perhaps it would be useful to begin with the small rivers.",
        "Il serait souhaitable de revoir les horaires des chantiers.",
    ],
)
def test_a_cautious_one_keeps_its_caution_and_is_marked(sentence):
    (found,) = extract(f"# Title of the note\n\n{sentence}\n".encode(), source="a.md").recommendations

    assert (found.text, found.marker) == (sentence, "hedged")


def test_a_sentence_broken_over_lines_and_pages_is_rejoined_and_has_its_first_line():
    note = (
        "Cities of the delta\n\n"
        "The towns of the delta met in spring to talk about the river. The river\n"
        "committees must share what they measure with every town that lies\n"
        "below\n\n\n\n\n"
        "the dams, by day and by night. The meeting closed at noon in the old hall.\n"
    )

    assert found_in(note) == [
        (
            3,
            (
                "The river committees must share what they measure with every town that lies below the dams, "
                "by day and by night."
            ),
        )
    ]


def test_a_running_header_between_two_pages_does_not_part_a_sentence():
    header = "FORUM OF THE DELTA\nSession notes\n\n"
    note = (
        f"{header}Rivers and dams\n\nThe towns of the delta met in spring. Every town must\n\n\n\n\n"
        f"{header}measure its own wells each month and publish the results.\n"
    )

    assert found_in(note) == [(6, "Every town must measure its own wells each month and publish the results.")]


def test_a_word_broken_at_the_end_of_a_line_is_made_whole_and_a_real_hyphen_kept():
    note = "# Notas\n\nLos municipios deben pro-\nteger el vínculo urbano-\nrural. Lo urbano y lo rural son uno.\n"

    assert found_in(note) == [(3, "Los municipios deben proteger el vínculo urbano-rural.")]


@pytest.mark.parametrize(
    "heading",
    [
        "Recomendaciones",
        "## Conclusiones y recomendaciones",
        "**Key recommendations**",
        "Propuestas:",
        "4. Recommandations",
        "RECOMMENDATIONS",
    ],
)
def test_every_item_of_a_section_of_recommendations_is_one_whatever_its_verb(heading):
    note = (
        f"# The note\n\n{heading}\n\n- Small boats first in every quota\n"
        f"- Un archivo abierto para cada barrio.\n\n## Next\n\nThanks.\n"
    )

    assert found_in(note) == [(5, "Small boats first in every quota"), (6, "Un archivo abierto para cada barrio.")]


def test_a_section_without_bullets_gives_its_lines():
    note = "Acta\n\nRecomendaciones\n\nCrear un registro de viviendas vacías\n\nProhibir los desalojos en invierno\n"

    assert found_in(note) == [(5, "Crear un registro de viviendas vacías"), (7, "Prohibir los desalojos en invierno")]


def test_the_items_after_a_verb_and_a_colon_are_recommendations_and_the_opening_is_not():
    note = (
        "# Notes\n\nThe towns met. National governments should:\n"
        "- return a part of the water fee to the towns;\n- ask the villages first.\n"
    )

    assert found_in(note) == [(4, "return a part of the water fee to the towns"), (5, "ask the villages first.")]


def test_a_statement_and_a_question_in_one_item_are_two_things():
    note = "# Notes\n\n## Recommendations\n\n1. Train local technicians. Who will pay for it?\n"
    found = extract(note.encode(), source="a.md")

    assert [one.text for one in found.recommendations] == ["Train local technicians."]
    assert [one.text for one in found.discussion_questions] == ["Who will pay for it?"]


@pytest.mark.parametrize("heading", ["Speakers", "Biographies", "Información práctica", "Participants", "Agenda"])
def test_people_and_practical_matters_recommend_nothing(heading):
    note = (
        f"# The note\n\n## {heading}\n\n- Ana Ruiz, mayor of Lugo, must be the longest serving.\n"
        f"- The doors should open at nine.\n"
    )

    assert found_in(note) == []


@pytest.mark.parametrize(
    "title", ["Programme of the delta forum", "Notes", "Agenda and outcome of the day", "Participants' day"]
)
def test_what_a_note_is_called_silences_nothing_in_it(title):
    assert found_in(f"# {title}\n\nEvery town must measure its own wells each month.\n") == [
        (3, "Every town must measure its own wells each month.")
    ]


def test_titles_and_headings_recommend_nothing():
    note = "# Towns must act on water\n\n## Why every council should measure\n\nThe session was held in May.\n"

    assert found_in(note) == []


def test_a_passage_quoted_in_another_language_is_read_with_its_own_cues():
    note = (
        "# Acta de la sesión\n\nLa alcaldesa abrió la sesión y dio la palabra a las delegaciones de la costa.\n\n"
        "The delegation of the islands said that every ferry must publish its fares in three languages.\n"
    )

    assert [line for line, _ in found_in(note)] == [5]


def test_the_same_words_count_once():
    body = "Los municipios deben abrir los datos del agua.\n\nPor eso, los municipios deben abrir los datos del agua."

    assert len(texts_in(body)) == 1


def test_every_recommendation_can_be_found_in_the_source():
    note = (
        "# Acta\n\nLos **municipios** deben abrir\nlos datos. Es clave cuidar   el agua de todos.\n\n"
        "## Propuestas\n\n1) Un fondo\n   común para la sierra\n"
    )
    source = " ".join(note.split())

    assert [" ".join(text.split()) in source for _, text in found_in(note)] == [True, True, True]


def test_what_people_must_have_is_a_recommendation_and_what_must_have_been_is_not():
    note = (
        "# Night work\n\nDate: 4 March 2027\n\n## What came out\n\n"
        "- People who clean our streets must have somewhere warm to sit down.\n"
        "- It must have been late when the last bus left.\n"
    )

    assert [one.text for one in extract(note.encode(), source="note.md").recommendations] == [
        "People who clean our streets must have somewhere warm to sit down."
    ]


def test_items_under_items_are_each_one_whole():
    note = (
        "Report of the session\n\nRecommendations\n\n"
        "• Repair the fountains of the old towns\n"
        "o Begin with those that stand near a school and are\n"
        "used by children\n"
        "o Publish the list every spring\n"
        "• Lend pumps to the villages\n"
    )

    assert found_in(note) == [
        (5, "Repair the fountains of the old towns"),
        (6, "Begin with those that stand near a school and are used by children"),
        (8, "Publish the list every spring"),
        (9, "Lend pumps to the villages"),
    ]


def test_a_line_that_goes_on_with_or_is_no_item():
    note = "# Acta\n\n- Los municipios deben abrir archivos\no bibliotecas en cada barrio del norte.\n- Gracias.\n"

    assert found_in(note) == [(3, "Los municipios deben abrir archivos o bibliotecas en cada barrio del norte.")]


@pytest.mark.parametrize(
    ("silent", "following"), [("I. Participantes", "V. Debate del río"), ("I. Speakers", "II. River")]
)
def test_a_heading_with_a_roman_number_ends_the_section_before_it(silent, following):
    note = (
        f"# Acta\n\n{silent}\n\nAna Ruiz, alcaldesa\n\n{following}\n\n"
        "Los municipios deben medir el río cada mes.\n\nX. Cierre\n\nGracias a todas.\n"
    )

    assert found_in(note) == [(9, "Los municipios deben medir el río cada mes.")]


def test_a_list_with_roman_numbers_stays_a_list():
    note = "# Notes\n\n## Recommendations\n\nI. Repair every fountain\nII. Lend the pumps\nIII. Open the records\n"

    assert found_in(note) == [(5, "Repair every fountain"), (6, "Lend the pumps"), (7, "Open the records")]


def test_letters_that_a_printer_tied_together_are_letters():
    assert texts_in("Towns must ﬁnd oﬃces for the ﬂooded.") == ["Towns must find offices for the flooded."]


@pytest.mark.parametrize(
    ("body", "asked"),
    [
        (
            "## Q4. What should the charter ask for?\n\n*Upper Weir:*\n\n- A bench at every stop",
            ["A bench at every stop"],
        ),
        (
            "C2. ¿Qué pediría a la Diputación?\nQue se abra el molino los domingos.",
            ["Que se abra el molino los domingos."],
        ),
        ("Q3. Vos demandes au réseau\n[x] Une clé par hameau\n[ ] Une cloche par hameau", ["Une clé par hameau"]),
        (
            "WE ASK FOR\n* lamps on the towpath\n* no more night barges",
            ["lamps on the towpath", "no more night barges"],
        ),
        ("PROPUESTAS\n\n  > Que el barro se quite antes\n    de mayo.", ["Que el barro se quite antes de mayo."]),
        ("## Proposals\n\n1. To the mills: grind for everybody once a week.", ["grind for everybody once a week."]),
        (
            "DECISION 4/2029\nThe ferry will wait for the school.\nCarried by all.",
            ["The ferry will wait for the school."],
        ),
        ("The wardens talked for an hour. Agreed: bells are rung at six.", ["bells are rung at six."]),
        (
            "N | Proposal | From\n1 | Mend the weir | Lower Weir\n2 | Open the lock | Hithe",
            ["Mend the weir", "Open the lock"],
        ),
        ("Por seis votos a favor, la Junta acuerda pedir al Pleno que pague las barcas.", ["Por seis votos"]),
        ("Le cercle demande enfin que les ponts soient ouverts la nuit.", ["Le cercle demande enfin"]),
        (
            (
                "CONSIDERANDO:\nQue el molino es de todos;\n\nEL PLENO\nRESUELVE:\nARTÍCULO 1.º — Abrir el molino.\n\n"
                "Artículo segundo.- Las barcas pasan gratis. El paso se contará.\n\nArt. 3º: Comuníquese y archívese."
            ),
            ["Abrir el molino.", "Las barcas pasan gratis."],
        ),
        (
            (
                "The Congress\nNoting that the mill is old,\n\nRESOLVES:\n\nArticle 1. The mill opens on Sundays.\n\n"
                "Article 2. Boats pass free of charge.\n\nArticle 3. To be published and filed."
            ),
            ["The mill opens on Sundays.", "Boats pass free of charge."],
        ),
        (
            (
                "Le congrès\n\nConsidérant que le moulin est vieux,\n\nDÉCIDE :\n\nArticle premier. – Le moulin ouvre."
                "\n\nARTICLE 2 – Les barques passent sans payer."
            ),
            ["Le moulin ouvre.", "Les barques passent sans payer."],
        ),
        (
            (
                "The wardens wrote for an hour and by then had agreed on two things:\n"
                "that members open the sea wall to the school at noon; and\nthat a bell be hung."
            ),
            ["that members open the sea wall to the school at noon", "that a bell be hung."],
        ),
        (
            (
                "Tras una hora larga de discusión, la asamblea pide dos cosas:\n"
                "que el molino se abra a la escuela los domingos; y\nque se cuelgue una campana."
            ),
            ["que el molino se abra", "que se cuelgue una campana."],
        ),
        (
            (
                "Il est proposé par Mme Roy et résolu à l'unanimité :\n"
                "QUE le moulin soit ouvert à l'école le dimanche ;\nQUE demande soit faite à l'État de payer la cloche."
            ),
            ["QUE le moulin soit", "QUE demande soit"],
        ),
        (
            (
                "5. Cotisations\nLe conseil a hésité.\nProjet de décision 5.1 : La cotisation passe à dix euros.\n"
                "Projet de décision 5.2 : Il est demandé à la Région de payer la cloche."
            ),
            ["La cotisation passe", "Il est demandé"],
        ),
        (
            (
                "TALLER\n\nVinieron doce.\n\nHOJA 1: lo que hay\n- un molino\n- dos barcas\n\nHOJA 3: lo que queremos\n"
                "grupo azul\n  * un solo mesón para todos los papeles, ojalá en la misma posta\n"
                "grupo verde\n  * abrir el jardín en febrero y en marzo para más\n\nPUNTOS\n\nNadie contó."
            ),
            ["un solo mesón", "abrir el jardín"],
        ),
        (
            (
                "Our asks to the county:\n\n1. a law that keeps the mill open\n2. a bell for every lock\n\n"
                "THE DAY OF 23 OCTOBER\n\nTwo guests come:\n\n- Ada Brook, weaver\n- Ned Oto, who has a lot to tell"
            ),
            ["a law that", "a bell for"],
        ),
        (
            (
                "At the close everybody could put their name to:\n\n> the mill has to stay open all night;\n"
                "> every lock must have a bell."
            ),
            ["the mill has to stay open all night", "every lock must have a bell."],
        ),
        (
            (
                "De la mesa salió esto, que nadie discutió:\n\n> el molino debe abrir toda la noche;\n"
                "> cada esclusa debe tener una campana."
            ),
            ["el molino debe abrir toda la noche", "cada esclusa debe tener una campana."],
        ),
        (
            "À la fin, nous demandons :\n\n> le moulin ouvert toute la nuit ;\n> une cloche à chaque écluse.",
            ["le moulin ouvert toute la nuit", "une cloche à chaque écluse."],
        ),
        (
            (
                "## Discussion\n\nThe floor was lively, and most of those who had come to the hall stayed on.\n\n"
                "What the room agreed on\n\nThree things were read.\n\n"
                "a) each town to name a warden\nb) the office to keep a register"
            ),
            ["each town to name a warden", "the office to keep a register"],
        ),
        (
            "Il faut ouvrir les bains avant 7 h. Ensuite, les villes doivent payer.",
            ["Il faut ouvrir", "Ensuite, les villes"],
        ),
    ],
)
def test_what_is_asked_for_is_found_in_any_layout(body, asked):
    found = texts_in(body)

    assert len(found) == len(asked)
    assert all(text.startswith(begins) for text, begins in zip(found, asked, strict=True))


def test_what_is_surely_proposed_is_found_whoever_says_it_and_however_politely():
    told = (
        "# Report of the rapporteur\n\nThe panel met in the old hall, and twelve people came. It began late.\n\n"
        "A baker told how the mill was closed. He had no bread for a week. His oven is cold still.\n\n"
        "The miller answered that the weir leaks. It was built in 1902.\n\nSome laughed. Some did not.\n\n"
        "{sentence}\n\nThe session closed at noon. Nobody stayed. The slides are on the site.\n"
    )
    asked = "The regional government, in her view, must fund a night bus to every hospital and should pay for it."

    assert [text for _, text in found_in(told.format(sentence=asked))] == [asked]


@pytest.mark.parametrize(
    "body",
    [
        "Three themes have been agreed:\n\n- boats and bridges\n- fish in the market",
        "Une tisserande dit non ; à son avis, il faut attendre.",
        "Bex: we should stop paying the piper.",
        "Sin puente, dos familias tendrán que marcharse del valle.",
        "Each session should end with a sentence for the charter.",
        "## PROPOSALS\n\n- Mend the weir\n\nTECHNICAL NEEDS\nTwo hand-held microphones",
    ],
)
def test_what_only_looks_like_it_is_left_alone(body):
    assert [text for text in texts_in(body) if text != "Mend the weir"] == []


def test_what_is_moved_or_read_out_is_found_in_a_transcript():
    note = (
        "The CHAIR: Who moves it?\n\nMS LUND: I move the motion. It reads: “Every mill shall open its gates in a flood "
        "and say so.”\n\nThe CHAIR: Let me read what we have. First. The lock is opened at dawn. Any objections?\n\n"
        "MR OSEI: I propose that the wardens write it down.\n\nMS LUND: We must go home.\n"
    )

    assert texts_in(note) == [
        "Every mill shall open its gates in a flood and say so.",
        "The lock is opened at dawn.",
        "MR OSEI: I propose that the wardens write it down.",
    ]


def test_a_list_of_letters_under_a_number_ends_at_the_next_number():
    note = (
        "6. The session agreed that:\n   (a) boats should wait;\n   (b) bells should ring.\n\n7. The Chair closed it.\n"
    )

    assert texts_in(note) == ["boats should wait", "bells should ring."]
