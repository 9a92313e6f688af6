"""The sessions of a note: one from a form, several from a programme, with what is guessed kept apart."""

import pytest

from workspace.interchange.notes import extract, extract_text, times
from workspace.sessions.extraction import AgendaItem, Guess, Person, TemplateSection

CONCEPT_NOTE = """NOTE CONCEPTUELLE

Titre de la session : Habiter la ville qui se réchauffe
Type de session : Table ronde
Axe thématique : 2- La ville et le climat
Date : mardi 8 juin 2027
Heure : 9h30 – 11h00 (UTC+2)
Lieu : Salle Garonne, Toulouse, France
Capacité : 80 personnes
Inscription : obligatoire
Langues de travail : français, espagnol et anglais
Organisateurs : Réseau des villes d'eau ; Métropole du Midi
Modératrice : Claire Fontanel, directrice de l'Agence d'urbanisme
Intervenants : Paul Sarrazin, maire de Blagnac, France (à confirmer) ; Inès Caro, urbaniste

Contexte (maximum 10 mots)

Les étés sont plus longs et plus chauds qu'il y a vingt ans.

Objectifs

- Partager les expériences de six villes moyennes

Questions pour le débat

- Comment financer l'ombre ?

Ordre du jour

9h30 - 9h45 Mot de bienvenue
9h50 - 11h00 Échange entre les maires
"""

PROGRAMME = """Programa del Foro de Ciudades de Montaña

Cusco, Perú
3-4 de mayo de 2027

DÍA 1
3 de mayo

Formato:
Virtual a través de Zoom

09.00 a 10.30 (UTC-5)
Plenaria de apertura. El agua que baja de las cumbres

10.30 a 11.00
Pausa café

11.00 a 12.30 (UTC-5)
Taller 1. Caminos y mercados de
altura
Modera: Rosa Huamán, alcaldesa de Pisac

DÍA 2
4 de mayo

09.00 a 10.30 (UTC-5)
Mesa redonda: Jóvenes que se quedan



El agua de las cumbres
3 de mayo de 2027 - 09:00 10:30 (UTC-5)

Los municipios deben medir el caudal de sus ríos cada mes del año.
"""


def test_the_form_of_a_session_is_read_line_by_line():
    found = extract(CONCEPT_NOTE.encode(), source="note.txt")
    (session,) = found.sessions

    assert (found.language, found.document_kind, found.title) == (
        "fr",
        "concept_note",
        "Habiter la ville qui se réchauffe",
    )
    assert (session.title, session.type) == ("Habiter la ville qui se réchauffe", "Table ronde")
    assert session.thematic_line == "2 La ville et le climat"
    assert (session.start, session.end) == ("2027-06-08T09:30:00+02:00", "2027-06-08T11:00:00+02:00")
    assert (session.utc_offset, session.time_verbatim) == ("+02:00", "mardi 8 juin 2027 9h30 – 11h00 (UTC+2)")
    assert (session.room, session.place, session.capacity) == ("Salle Garonne", "Toulouse, France", 80)
    assert (session.registration, session.working_languages) == ("required", ("fr", "es", "en"))
    assert session.organisers == ("Réseau des villes d'eau", "Métropole du Midi")
    assert session.moderators == (
        Person(name="Claire Fontanel", role="directrice", organisation="Agence d'urbanisme", confirmed="yes"),
    )
    assert session.speakers == (
        Person(name="Paul Sarrazin", role="maire", organisation="Blagnac", confirmed="no"),
        Person(name="Inès Caro", role="urbaniste", organisation=None, confirmed="yes"),
    )
    assert session.agenda == (
        AgendaItem(title="Mot de bienvenue", minutes=15, start="09:30", end="09:45"),
        AgendaItem(title="Échange entre les maires", minutes=70, start="09:50", end="11:00"),
    )


def test_the_sections_of_a_form_are_counted_and_what_does_not_add_up_is_reported():
    found = extract(CONCEPT_NOTE.encode(), source="note.txt")

    assert found.template_sections == (TemplateSection(name="Contexte", limit_words=10, counted_words=13),)
    assert {(one.type, *(evidence.line for evidence in one.evidence)) for one in found.inconsistencies} == {
        ("word_limit", 16),
        ("schedule_gap", 30, 31),
        ("unconfirmed_speakers", 14),
        ("missing_field", 10),
        ("relative_date", 18),
    }
    assert [(one.text, one.line) for one in found.objectives] == [
        ("Partager les expériences de six villes moyennes", 22)
    ]
    assert [(one.text, one.line) for one in found.discussion_questions] == [("Comment financer l'ombre ?", 26)]


def test_the_slots_of_a_programme_are_its_sessions_and_breaks_are_none():
    found = extract(PROGRAMME.encode(), source="programme.txt")

    assert (found.document_kind, found.title) == ("programme", "Programa del Foro de Ciudades de Montaña")
    assert [(one.type, one.title, one.start) for one in found.sessions] == [
        ("Plenaria de apertura", "El agua que baja de las cumbres", "2027-05-03T09:00:00-05:00"),
        ("Taller", "Caminos y mercados de altura", "2027-05-03T11:00:00-05:00"),
        ("Mesa redonda", "Jóvenes que se quedan", "2027-05-04T09:00:00-05:00"),
    ]
    assert [(one.place, one.platform, one.format) for one in found.sessions] == [
        ("Cusco, Perú", "Zoom", "online"),
        ("Cusco, Perú", "Zoom", "online"),
        ("Cusco, Perú", None, None),
    ]
    assert [person.name for person in found.sessions[1].moderators] == ["Rosa Huamán"]


def test_a_note_at_the_same_time_is_the_programmes_session_and_its_other_title_is_reported():
    found = extract(PROGRAMME.encode(), source="programme.txt")

    assert [(one.session, one.section) for one in found.recommendations] == [(0, "El agua que baja de las cumbres")]
    assert [one.type for one in found.inconsistencies] == ["title_variant", "missing_note", "missing_note"]


def test_headings_followed_by_labelled_lines_are_sessions_too():
    note = (
        "# Coastal towns forum\n\n## Session 1: Harbours after the cod\n\nDate: 5 October 2027\n"
        "Time: 10:00-11:30 WEST\n\n"
        "Harbours must be heard in the quotas.\n\n## Session 2: Tourism in August\n\nDate: 6 October 2027\n"
        "Time: 2:30 – 4:00 pm WEST\n\nIsland towns should cap the number of permits.\n"
    )
    found = extract(note.encode(), source="forum.md")

    assert [(one.title, one.start, one.end) for one in found.sessions] == [
        ("Harbours after the cod", "2027-10-05T10:00:00+01:00", "2027-10-05T11:30:00+01:00"),
        ("Tourism in August", "2027-10-06T14:30:00+01:00", "2027-10-06T16:00:00+01:00"),
    ]
    assert [one.session for one in found.recommendations] == [0, 1]


def test_a_guess_stands_with_its_reason_and_not_among_the_facts():
    note = (
        "# Minutes: A quiet harbour\n\nDate: 04/05/2027\nTime: 10:00-11:00\n\n"
        "The old harbour was the subject of the day.\n"
    )
    (session,) = extract(note.encode(), source="minutes.md").sessions

    assert session.start is None
    assert session.inferred == {
        "start": Guess(
            value="2027-05-04T10:00:00",
            reason='"04/05/2027" is read as day before month; it could be the other way round',
        )
    }


def test_a_date_without_a_year_is_no_date():
    note = (
        "Taller de aprendizaje\n\nBarrios que leen\n\nFecha: 7 de septiembre\nHora: 10:00 a 11:00\n\n"
        "Una mañana de lectura.\n"
    )
    found = extract(note.encode(), source="taller.txt")

    assert [(one.start, one.time_verbatim) for one in found.sessions] == [(None, "7 de septiembre 10:00 a 11:00")]
    assert [one.type for one in found.inconsistencies] == ["missing_year"]


@pytest.mark.parametrize(
    ("written", "start", "end"),
    [
        ("3 de mayo de 2027, de 13h30 a 15h30 CEST", "2027-05-03T13:30:00+02:00", "2027-05-03T15:30:00+02:00"),
        ("lunes 3 de mayo de 2027, 13.30-15.30", "2027-05-03T13:30:00", "2027-05-03T15:30:00"),
        ("May 3, 2027, 1:30 pm - 3:30 pm (UTC-3)", "2027-05-03T13:30:00-03:00", "2027-05-03T15:30:00-03:00"),
        ("3 May 2027, from 9:30 to 11:00 GMT", "2027-05-03T09:30:00+00:00", "2027-05-03T11:00:00+00:00"),
        ("lundi 3 mai 2027, de 9 h 30 à 11 h", "2027-05-03T09:30:00", "2027-05-03T11:00:00"),
        ("2027-05-03 09:30–11:00", "2027-05-03T09:30:00", "2027-05-03T11:00:00"),
    ],
)
def test_times_are_read_as_people_write_them(written, start, end):
    note = f"# Acta de la sesión\n\nTítulo: El agua\nFecha y hora: {written}\n\nSe habló del agua de la sierra.\n"
    (session,) = extract(note.encode(), source="a.md").sessions

    assert (session.start, session.end, session.time_verbatim) == (start, end, written)


def test_two_zones_that_disagree_are_reported():
    note = (
        "Título: El agua de la sierra\nFecha: 3 de mayo de 2027\n"
        "Hora: 9:00 - 10:00 (UTC-3) / 13:00 - 14:00 (UTC+2)\n\nSesión sobre el agua.\n"
    )
    found = extract(note.encode(), source="a.md")

    assert found.sessions[0].utc_offset == "-03:00 / +02:00"
    assert [(one.type, one.severity) for one in found.inconsistencies] == [("timezone", "error")]


def test_a_duration_a_clock_and_an_agenda_that_differ_are_reported_with_their_lines():
    note = (
        "Title: Schools as shelters\nDate and time: 14 May 2027, 15:00 - 16:15\nDuration: 60 minutes\n\n"
        "## Agenda\n\nWelcome (5 min)\nThree cases (30 min)\n"
    )
    found = extract(note.encode(), source="a.md")

    assert [(item.title, item.minutes) for item in found.sessions[0].agenda] == [("Welcome", 5), ("Three cases", 30)]
    assert [(one.type, [evidence.line for evidence in one.evidence]) for one in found.inconsistencies] == [
        ("duration", [3, 2]),
        ("agenda_sum", [7, 8]),
    ]


@pytest.mark.parametrize(
    ("held", "announced", "described"),
    [
        (
            "El encuentro de puertos tuvo lugar en Lima el 4 de mayo de 2026.",
            "La siguiente reunión está prevista para 2027. El congreso de riberas se celebrará el 9 de marzo de 2027.",
            "Congreso de riberas\n\nEl congreso de riberas tendrá lugar el 9 de marzo de 2027 en Quito.",
        ),
        (
            "The harbour meeting took place in Cork on 4 May 2026.",
            "The next meeting is planned for 2027. The river congress will be held on 9 March 2027 in Bristol.",
            "River congress\n\nThe river congress will take place on 9 March 2027 in Bristol.",
        ),
        (
            "La rencontre des ports a eu lieu à Brest le 4 mai 2026.",
            "La prochaine réunion est prévue en 2027. Le congrès des rives se tiendra le 9 mars 2027 à Lyon.",
            "Congrès des rives\n\nLe congrès des rives aura lieu le 9 mars 2027 à Lyon.",
        ),
    ],
)
def test_a_meeting_that_a_report_only_announces_is_no_session(held: str, announced: str, described: str):
    head = {"E": "Informe de actividades 2026", "T": "Annual report 2026", "L": "Rapport d'activité 2026"}[held[0]]
    only, both = (
        extract_text(f"{head}\n\n{held}\n\n## {rest}\n", source="r.md") for rest in (f"2027\n\n{announced}", described)
    )

    assert [session.start for session in only.sessions] == ["2026-05-04"]
    assert [session.start for session in both.sessions] == ["2026-05-04", "2027-03-09"]


def test_a_report_invents_no_session():
    note = "Annual report of the commission\n\nThe commission met twice and printed a book about harbours.\n"

    assert extract(note.encode(), source="report.txt").sessions == ()


def test_the_name_of_the_paper_is_not_the_title_of_the_session():
    note = "RELATORÍA DE LA SESIÓN\n\nSesión 3: Vivienda y barrio\nFecha: 14/09/2027\n\nSe habló de los alquileres.\n"
    found = extract(note.encode(), source="relatoria.txt")

    assert found.document_kind == "report"
    assert [(one.type, one.title, one.start) for one in found.sessions] == [
        ("Sesión", "Vivienda y barrio", "2027-09-14")
    ]


@pytest.mark.parametrize("label", ["Intervinientes", "Conferenciantes", "Expositores", "Disertantes"])
def test_whoever_speaks_is_found_under_each_spanish_name_for_speakers(label):
    note = f"Sesión: Mercados nocturnos\nFecha: 20 de mayo de 2027\n{label}: Yolanda Ríos (Peñaclara); Iván Urbina\n"

    speakers = extract(note.encode(), source="nota.txt").sessions[0].speakers

    assert [(one.name, one.organisation) for one in speakers] == [("Yolanda Ríos", "Peñaclara"), ("Iván Urbina", None)]


@pytest.mark.parametrize(
    ("session", "who", "heading", "said"),
    [
        (
            "Séance : L’eau de toutes",
            "Rapporteur : Marthe Quillard",
            "Recommandations",
            "Que les villes partagent l’eau.",
        ),
        ("Session: Water for all", "Rapporteur: Mary Quill", "Recommendations", "That cities share their water."),
        (
            "Sesión: El agua de todas",
            "Relator: Mario Quiroga",
            "Recomendaciones",
            "Que las ciudades compartan el agua.",
        ),
    ],
)
def test_the_line_that_names_the_rapporteur_hides_no_session(session, who, heading, said):
    note = f"# {session}\n\n{who}\n\n## {heading}\n\n1. {said}\n"
    found = extract_text(note, source="note.md")
    assert (found.document_kind, [one.title for one in found.sessions]) == ("report", [session.split(":")[1].strip()])


def test_the_zone_and_the_place_said_once_for_a_day_are_those_of_its_sessions():
    note = (
        "# Programme of the forum\n\n"
        "Thursday 4 March 2027\n\nAll times are CET (UTC+1).\nPlace: Palace of the Rivers\n\n"
        "09:00-10:00 Plenary session: Opening of the forum\n10:30-12:00 Thematic session: Water for all\n\n"
        "Friday 5 March 2027\n\nPlace: Harbour Hall\n\n"
        "09:00-10:00 Plenary session: Rivers and towns\n10:30-12:00 Thematic session: Closing of the forum\n"
    )
    found = extract(note.encode(), source="a.md").sessions

    assert [session.start for session in found] == [
        "2027-03-04T09:00:00+01:00",
        "2027-03-04T10:30:00+01:00",
        "2027-03-05T09:00:00",
        "2027-03-05T10:30:00",
    ]
    assert [session.place for session in found] == ["Palace of the Rivers"] * 2 + ["Harbour Hall"] * 2


def test_a_zone_said_before_the_first_day_is_that_of_all_and_a_session_of_its_own_zone_keeps_it():
    note = (
        "# Programa del foro\n\nTodos los horarios en UTC-5.\n\nJueves 4 de marzo de 2027\n\n"
        "09:00-10:00 Sesión plenaria: Apertura\n10:30-12:00 (UTC+1) Sesión temática: Agua\n"
    )
    starts = [session.start for session in extract(note.encode(), source="a.md").sessions]

    assert starts == ["2027-03-04T09:00:00-05:00", "2027-03-04T10:30:00+01:00"]


def test_what_does_not_add_up_is_told_with_its_session():
    note = (
        "# Coastal towns forum\n\n## Session 1: Harbours\n\nDate: 5 October 2027\n\nThe towns met.\n\n"
        "## Session 2: Tourism\n\nDate: 6 October 2027\n\nOf 20 votes cast: 12 for, 9 against.\n"
    )
    found = extract(note.encode(), source="forum.md").inconsistencies

    assert [(one.type, one.session) for one in found if one.type == "sum_mismatch"] == [("sum_mismatch", 1)]


WORKSHOP = """# Taller de fuentes

El taller se realiza en conjunto por la Red de Aguas, con el apoyo financiero de la Fundación Manantial.

## Agenda

### Viernes 7 de mayo de 2027

9:00-10:00 Apertura
Modera: Ana Ruiz

10:00-10:30 Pausa café

10:30-12:00 Mesa redonda

- Luc Petit, alcalde de Alta
- Representante de Riomar (por confirmar)

### Sábado 8 de mayo de 2027

9:00-10:00 Conclusiones

## Participantes

*América Latina*

1. Alta
2. Riomar

*Europa*

3. Baja
"""


def test_an_agenda_names_its_days_breaks_and_speakers():
    (session,) = extract_text(WORKSHOP, source="taller.md").sessions
    said = [(item.day, item.title, item.is_break, item.speakers) for item in session.agenda]
    assert said == [
        ("2027-05-07", "Apertura", False, ("Ana Ruiz",)),
        ("2027-05-07", "Pausa café", True, ()),
        ("2027-05-07", "Mesa redonda", False, ("Luc Petit", "Riomar")),
        ("2027-05-08", "Conclusiones", False, ()),
    ]


def test_an_agenda_of_two_days_without_a_year_keeps_them_apart():
    (session,) = extract_text(WORKSHOP.replace(" de 2027", ""), source="taller.md").sessions
    assert [item.day for item in session.agenda] == ["--05-07", "--05-07", "--05-07", "--05-08"]


def test_who_funds_a_session_is_no_organiser():
    (session,) = extract_text(WORKSHOP, source="taller.md").sessions
    assert (session.organisers, session.co_organisers) == (("Red de Aguas",), ())
    assert session.funders == ("Fundación Manantial",)


def test_participants_stand_under_their_region():
    found = extract_text(WORKSHOP, source="taller.md")
    assert found.participants == ("Alta", "Riomar", "Baja")
    assert [(region.name, region.participants) for region in found.sessions[0].regions] == [
        ("América Latina", ("Alta", "Riomar")),
        ("Europa", ("Baja",)),
    ]


def test_two_sessions_in_one_room_at_one_time_are_told():
    rows = ["| 09:00-10:30 | Mill Room | Wells for all |", "| 10:00-11:30 | Mill Room | Roads in winter |"]
    rows += ["| 10:00-11:30 | Great Hall | Bread and rent |"]
    text = "\n".join(
        ["# Autumn programme", "Thursday 3 June 2027", "", "| Time | Room | Session |", "|---|---|---|", *rows]
    )

    found = [each for each in extract_text(text, source="x").inconsistencies if each.type == "schedule_overlap"]

    assert [[place.quote for place in each.evidence] for each in found] == [["Wells for all", "Roads in winter"]]


def test_a_session_told_in_prose_is_read_with_its_people_and_no_place_speaks():
    (session,) = extract_text(
        "# Report on the weirs\n\n"
        "The workshop «Weirs and mills» took place on Friday 4 May 2029 at half past six in the evening "
        "in the Old Mill, Oxbury, and was moderated by Ana Ruiz.\n\n"
        "Joan Pell (Oxbury Weirs) explained how the weir is kept. Oxbury Weirs pays for it.\n\n"
        "El Tour de Francia alone passes there each year. Marc Odell said that the mill can wait.",
        source="told",
    ).sessions

    assert (session.title, session.start) == ("Weirs and mills", "2029-05-04T18:30:00")
    assert [person.name for person in session.moderators] == ["Ana Ruiz"]
    assert [person.name for person in session.speakers] == ["Joan Pell", "Marc Odell"]


def test_what_the_first_sentence_of_a_slot_calls_a_pause_or_the_way_home_is_no_session():
    text = """Programme of the delta forum, 19 June 2027

09:30-10:45 Workshop: Water for all
11:00-12:30 Panel: Home care, who pays for it
13:00-13:20 Packed lunch and departures. The shuttle to the station leaves at 13:20 sharp.
14:00-15:30 Workshop: Repair, not waste
17:00-17:30 Home. Last bus at 17.40.
"""

    assert [session.title for session in extract_text(text, source="programme.md").sessions] == [
        "Water for all",
        "Home care, who pays for it",
        "Repair, not waste",
    ]


@pytest.mark.parametrize(
    ("when", "heads", "title", "first", "second"),
    [
        ("MARDI 8 JUIN 2027\n\n14 h 00 – 15 h 30", "HALLE EST", "Le sel : qui le pèse ?", "Luc Morvan", "Ida Kerbrat"),
        ("LUNES 7 DE JUNIO DE 2027\n\n9:00 a 10:15", "CORRAL ALTO", "Sal: quién la pesa", "Inés Rul", "Paz Otero"),
        ("Tuesday 8 June 2027\n\n14:00-15:30", "UPPER LOFT", "Salt: who weighs it", "Tom Ferris", "Ada Quill"),
    ],
)
def test_columns_under_names_in_capitals_are_sessions_in_rooms(when, heads, title, first, second):
    rows = [(heads, "KELN 2"), (title, "Nets"), (first, second)]
    note = f"Programme\n\n{when}\n" + "\n".join(f"{left:40}{right}" for left, right in rows) + "\n"
    read = extract_text(note, source="n").sessions

    assert [(session.title, [person.name for person in session.speakers]) for session in read] == [
        (title, [first]),
        ("Nets", [second]),
    ]


@pytest.mark.parametrize(
    ("label", "date", "who"),
    [
        ("Titre de la séance", "Date        jeudi 20 mai 2027", "Intervenants"),
        ("Título de la mesa", "Fecha       jueves 20 de mayo de 2027", "Ponentes"),
        ("Title of the panel", "Date        Thursday 20 May 2027", "Speakers"),
    ],
)
def test_a_label_that_says_whose_it_is_may_stand_apart_and_people_go_on_under_theirs(label, date, who):
    note = (
        f"{label:24}Salt: a life\n{date}\n{who:24}Ms Ida Kerbrat, mayor of Sel\n"
        f"{'':24}Mr Luc Morvan, mayor of Rul\n{'':24}Ms Paz Otero, former mayor of Tor\n\n1. Context\n\nIt is dear.\n"
    )
    (read,) = extract_text(note, source="n").sessions

    assert (read.title, read.start) == ("Salt: a life", "2027-05-20")
    assert [person.name for person in read.speakers] == ["Ida Kerbrat", "Luc Morvan", "Paz Otero"]


MAIL = {
    "en": (
        "From: Ada Pell\nTo: river group\nDate: Tue, 3 Nov 2026 09:10\nSubject: {subject}\n\nHello all,\n\n"
        "{told}\n\nWe agreed that the council should mend the tap before spring.\n\nAda\n"
    ),
    "es": (
        "De: Luz Paredes\nPara: lista\nFecha: martes, 3 de noviembre de 2026 9:10\nAsunto: {subject}\n\n"
        "Hola a todos:\n\n{told}\n\nAcordamos que el ayuntamiento arregle la fuente antes de marzo.\n\n"
        "Luz\n"
    ),
    "fr": (
        "De : Maud Perrin\nÀ : liste\nDate : mardi 3 novembre 2026 09:10\nObjet : {subject}\n\nBonjour à "
        "tous,\n\n{told}\n\nNous avons convenu que la mairie répare la fontaine avant mars.\n\nMaud\n"
    ),
}


@pytest.mark.parametrize(
    ("language", "subject", "told", "title", "start"),
    [
        (
            "en",
            "last night",
            (
                "Quick notes for those who missed the allotments working group yesterday evening in the Drill "
                "Hall. Tom Reed said the tap has been off since June. Sheila Brand chaired."
            ),
            "Allotments working group",
            "2026-11-02",
        ),
        (
            "en",
            "what I wrote down",
            (
                "This is what happened when the Canal Wardens group met yesterday at the Boat House. We began at "
                "three on the dot and Priya Sand let us go at half past four. Tom Reed said the locks leak."
            ),
            "Canal Wardens group",
            "2026-11-02T15:00:00",
        ),
        (
            "en",
            "catching up",
            (
                "Here is the district officers' meeting in a nutshell. We met last night in the Vicarage Rooms and "
                "Ann Roe took the chair. Tom Reed spoke of the buses."
            ),
            "District officers' meeting",
            "2026-11-02",
        ),
        (
            "es",
            "lo de anoche",
            (
                "Os cuento lo que salió en la reunión de la mesa de comedores que tuvimos ayer por la tarde en el "
                "Casal de Benifaro. Toni Reig dijo que la cocina está cerrada. Presidió Marta Soler."
            ),
            "Reunión de la mesa de comedores",
            "2026-11-02",
        ),
        (
            "es",
            "apuntes",
            (
                "Ayer nos vimos en la asamblea de barrio del Arenal, en el local de la parroquia. Empezamos a las "
                "19:00 y a las 20:30 Marta Soler levantó la reunión. Toni Reig habló de la fuente."
            ),
            "Asamblea de barrio del Arenal",
            "2026-11-02T19:00:00",
        ),
        (
            "fr",
            "hier soir",
            (
                "Voici ce qui s'est dit hier à la réunion du comité des jardins, à la Maison du Port. Luc Morin a "
                "raconté que le robinet est coupé. Anne Vidal présidait."
            ),
            "Réunion du comité des jardins",
            "2026-11-02",
        ),
        (
            "fr",
            "mes notes",
            (
                "Hier s'est tenue l'assemblée des riverains du canal, à la salle Pasteur. On a commencé à 18 h et "
                "Anne Vidal a levé la séance à 19 h 30. Luc Morin a parlé des écluses."
            ),
            "Assemblée des riverains du canal",
            "2026-11-02T18:00:00",
        ),
    ],
)
def test_a_mail_tells_of_the_meeting_and_not_of_when_it_was_sent(language, subject, told, title, start):
    [session] = extract_text(MAIL[language].format(subject=subject, told=told), source="mail").sessions

    assert (session.title, session.start) == (title, start)


@pytest.mark.parametrize(
    ("note", "title", "start", "end"),
    [
        (
            (
                "UNIÓN DE COOPERATIVAS\n\nACTA N.º 31\n\nEn la villa de Tordoya, siendo las 18:00 horas del martes "
                "9 de marzo de 2027, se reúne en el salón del Agua la Junta Rectora de la Unión, con asistencia de "
                "tres vocales.\n\n1. Cuotas. Se acuerda que se cobren en junio.\n\nSiendo las 19:30, se levanta la "
                "sesión.\n"
            ),
            "Junta Rectora de la Unión – reunión",
            "2027-03-09T18:00:00",
            "2027-03-09T19:30:00",
        ),
        (
            (
                "UNION DES COOPÉRATIVES\n\nPROCÈS-VERBAL N° 31\n\nLe mardi 9 mars 2027, à 18 h 00, s'est réuni à "
                "la Maison de l'Eau le Conseil d'administration de l'Union, en présence de trois membres.\n\n1. "
                "Cotisations. Il est décidé qu'elles soient perçues en juin.\n\nÀ 19 h 30, la présidente lève la "
                "séance.\n"
            ),
            "Conseil d'administration de l'Union – réunion",
            "2027-03-09T18:00:00",
            "2027-03-09T19:30:00",
        ),
        (
            (
                "UNION OF CO-OPERATIVES\n\nMINUTES No. 31\n\nOn Tuesday 9 March 2027 at 6 pm the Management "
                "Committee of the Union met in the Water House, Tordale, with three members attending.\n\n1. Dues. "
                "It was resolved that dues be collected in June.\n\nAt 7.30 pm the Chair closed the meeting.\n"
            ),
            "Management Committee – meeting",
            "2027-03-09T18:00:00",
            "2027-03-09T19:30:00",
        ),
    ],
)
def test_minutes_in_prose_are_of_the_body_that_met_from_its_opening_to_its_close(note, title, start, end):
    [session] = extract_text(note, source="minutes").sessions

    assert (session.title, session.start, session.end) == (title, start, end)


TOLD_IN_TURN = """Liga de Puertos Menores
Crónica de las jornadas
Lonja Vieja, Almarén, 4 y 5 de mayo de 2028

Las jornadas empezaron el jueves 4 de mayo a las 9:30, en la Sala Rompeolas, con la mesa redonda «Quién draga y quién
paga», moderada por Celia Barrientos. Tomás Urrea explicó las cuentas de su puerto. La sesión terminó a las 11:00.

Por la tarde hubo dos talleres a la vez, de 16:00 a 17:30. El primero, «Redes que no se tiran», se reunió en la Sala
Faro; lo presentó Irene Solas. El segundo, «Hielo para todos», tuvo lugar en la Sala Boya.

El viernes 5 de mayo, a las 10:00, se celebró en la Sala Rompeolas la plenaria «Lo que acordamos».
"""


def test_sessions_that_a_report_tells_of_in_its_paragraphs_are_found_one_by_one():
    read = extract_text(TOLD_IN_TURN, source="cronica.txt")

    assert [(session.title, session.start, session.end, session.room) for session in read.sessions] == [
        ("Quién draga y quién paga", "2028-05-04T09:30:00", "2028-05-04T11:00:00", "Sala Rompeolas"),
        ("Redes que no se tiran", "2028-05-04T16:00:00", "2028-05-04T17:30:00", "Sala Faro"),
        ("Hielo para todos", "2028-05-04T16:00:00", "2028-05-04T17:30:00", "Sala Boya"),
        ("Lo que acordamos", "2028-05-05T10:00:00", None, "Sala Rompeolas"),
    ]
    assert {session.place for session in read.sessions} == {"Lonja Vieja, Almarén"}
    assert read.document_kind == "report"


def test_prose_without_a_day_or_a_time_is_no_programme():
    read = extract_text("Las ciudades deben cuidar sus fuentes.\n\nEl río crece en primavera. " * 3, source="n.txt")

    assert read.document_kind not in {"programme", "agenda"}


def test_a_word_before_a_full_stop_is_no_first_name():
    note = (
        "Concept note\n\nTitle: Night work and pay\n\nDate: 5 May 2027\n\nModerator: Rosalind Achieng\n\nAgenda\n\n"
        "- 5 min: Welcome. Rosalind Achieng\n- 15 min: A night in pictures. Joyce Wambugu\n"
    )
    [session] = extract_text(note, source="night.txt").sessions

    people = [*session.speakers, *session.moderators]
    assert "Rosalind Achieng" in [person.name for person in session.moderators]
    assert not any("." in (person.name or "") for person in people)


@pytest.mark.parametrize(
    ("place", "room", "house"),
    [
        ("Library, Migration House, Lago", "Library", "Migration House, Lago"),
        ("Casa de los Arcos, Lago. Biblioteca, 1.ª planta", "Biblioteca, 1.ª planta", "Casa de los Arcos, Lago"),
        ("Bourse du travail, Lac (salle Olympe)", "salle Olympe", "Bourse du travail, Lac"),
        ("gym, Casa Azul, Lago", "gym", "Casa Azul, Lago"),
        ("Lago, Halle aux grains", None, "Halle aux grains, Lago"),
        ("Antigua Lonja, Lago (salvo indicación)", None, "Antigua Lonja, Lago"),
    ],
)
def test_the_room_the_house_and_the_town_of_a_labelled_place_are_told_apart(place, room, house):
    note = (
        f"Acta\n\nReunión del Consejo de la Red\n\nFecha: 5 de mayo de 2027, 10:00\nLugar: {place}\nPreside: Ana Ruiz\n"
    )
    [session] = extract_text(note, source="acta.txt").sessions

    assert (session.room, session.place) == (room, house)


CELLS_BELOW = """Asociación de Museos de Barrio
Museo de la Cal, Tarabilla
Página 1 de 2

{heads}

18/11/2026
09:30 a 11:00
Vitrinas para todos
Saturnina Quispe; Bruno Echarri
—

18/11/2026
11:30 a 13:00
Devolver o prestar
Ifeoma Nwosu
Bruno Echarri

Página 2 de 2

19/11/2026
09:30 a 12:00
Museos sin techo
Rosalba Fink
Edmundo Caro
"""


def test_cells_that_stand_one_below_the_other_are_rows_of_a_table():
    heads = "Fecha\nHorario\nTítulo\nExpositores\nCoordinación"
    read = extract_text(CELLS_BELOW.format(heads=heads), source="celdas.txt")

    assert [
        (each.title, each.start, [who.name for who in each.speakers], [who.name for who in each.moderators])
        for each in read.sessions
    ] == [
        ("Vitrinas para todos", "2026-11-18T09:30:00", ["Saturnina Quispe", "Bruno Echarri"], []),
        ("Devolver o prestar", "2026-11-18T11:30:00", ["Ifeoma Nwosu"], ["Bruno Echarri"]),
        ("Museos sin techo", "2026-11-19T09:30:00", ["Rosalba Fink"], ["Edmundo Caro"]),
    ]


def test_bars_between_words_of_a_line_are_no_table():
    note = "Assembly of Hill Towns\nHexley, 22 June 2027\n" + "".join(
        f"\n=======\nSESSION {number} | {title}\nTuesday 22 June | {time} | Lower Hall\nChair: Alun Prosser\n-------\n"
        for number, title, time in ((1, "Buses after dark", "14:00-15:30"), (2, "Who owns the signal?", "16:00-17:30"))
    )
    read = extract_text(note, source="bars.txt")

    assert [(each.title, each.start, each.room) for each in read.sessions] == [
        ("Buses after dark", "2027-06-22T14:00:00", "Lower Hall"),
        ("Who owns the signal?", "2027-06-22T16:00:00", "Lower Hall"),
    ]


def test_a_workshop_of_two_days_with_an_agenda_is_one_session():
    note = """Programa
Taller de Aprendizaje No 4
Aldport, 7 y 8 de septiembre de 2027

## I. OBJETIVOS DEL TALLER

El taller contará con ciudades de dos continentes.

## II. AGENDA

### MARTES 7 DE SEPTIEMBRE

9h00\tRegistro
9h30-9h45\tBienvenida
9h45-10h15\tPresentación de los participantes
10h15-11h30\tEje 1. Puertos abiertos
12h00-13h30\tEje 2. Barrios del agua

### MIÉRCOLES 8 DE SEPTIEMBRE

9h30-11h00\tEje 3. Lo que sigue
11h30-12h00\tConclusiones
"""
    [session] = extract_text(note, source="taller.txt").sessions

    assert len(session.agenda) == 7


def test_labels_alone_on_their_lines_tell_when_and_where_a_session_was_and_who_was_in_it():
    note = "Council of Far Harbours\nAUTUMN MEETING, 5-6 OCTOBER 2027\nReport to members\n" + "".join(
        f"\n---------\nSession {number}\n\n{title}\n\nWhen\n    {when}\nWhere\n    Pilot House, Skarvik, {room}\n"
        f"Chair\n    {chair}\nSpeakers\n    {speaker}, Skarvik Harbour Board\n    Olav Brandt, Dockers' Branch\n\n"
        f"{speaker.split()[-1]} showed the figures of three winters, which most found worse than they had feared.\n"
        for number, title, when, room, chair, speaker in (
            (1, "Quays that sink", "Tuesday 5 October, 09:30 to 11:00", "library", "Tove Lie", "Mary Ashworth"),
            (2, "Who sweeps the slipway", "Wednesday 6 October, 14:00 to 15:30", "upper room", "Jo Wren", "Ida Sunde"),
        )
    )
    read = extract_text(note, source="labels.txt")

    assert [
        (
            each.title,
            each.start,
            each.end,
            each.room,
            each.place,
            *([who.name for who in some] for some in who_of(each)),
        )
        for each in read.sessions
    ] == [
        (
            *("Quays that sink", "2027-10-05T09:30:00", "2027-10-05T11:00:00", "library", "Pilot House, Skarvik"),
            *(["Mary Ashworth", "Olav Brandt"], ["Tove Lie"]),
        ),
        (
            *("Who sweeps the slipway", "2027-10-06T14:00:00", "2027-10-06T15:30:00", "upper room"),
            *("Pilot House, Skarvik", ["Ida Sunde", "Olav Brandt"], ["Jo Wren"]),
        ),
    ]


def who_of(session):
    return session.speakers, session.moderators


def test_a_name_over_a_column_of_sessions_is_a_room_wherever_it_stands_alone():
    note = """MEETING OF REED CUTTERS
Venue: Old Tide Mill, Port Orrin (rooms: Wheel Shed, ground floor; Sack Floor, up the stair)
Tuesday 8 June 2027

09:00 - 10:00   Welcome and roll call of the marshes
                Wheel Shed
                Chair: Moana Tregear

Time          | Wheel Shed                       | Sack Floor
--------------|----------------------------------|----------------------------------
14:00 - 15:30 | Workshop A: Binding and storing  | Workshop B: Licences for punts
              | Facilitator: Nora Wills          | Facilitator: Grace Pund

16:00 - 17:00   Closing and reading of the appeal
                Wheel Shed
                Speaker: Moana Tregear
"""
    read = extract_text(note, source="rooms.txt")

    assert [(each.room, each.place, [who.name for who in each.speakers]) for each in read.sessions] == [
        ("Wheel Shed", "Old Tide Mill, Port Orrin", []),
        ("Wheel Shed", "Old Tide Mill, Port Orrin", []),
        ("Sack Floor", "Old Tide Mill, Port Orrin", []),
        ("Wheel Shed", "Old Tide Mill, Port Orrin", ["Moana Tregear"]),
    ]


@pytest.mark.parametrize(
    ("told", "start", "end"),
    [
        ("From 2 to 4.30 p.m. Tuula Maro spoke of deposits.", "14:00", "16:30"),
        ("De 9 a 10.30 habla Ana Ruiz.", "09:00", "10:30"),
        ("From 9 to 10.30 a.m. Ana Ruiz spoke.", "09:00", "10:30"),
    ],
)
def test_minutes_after_a_full_stop_belong_to_the_time_that_words_lead_to(told, start, end):
    span = times.told_span(told)

    assert (f"{span.start:%H:%M}", f"{span.end:%H:%M}") == (start, end)


def test_titles_and_a_house_that_no_rule_knows_are_found_by_what_notes_teach():
    note = """From: Office <office@lowharbour.example>
Subject: how the two days run

Dear all, here it is in plain words. We are in the Net House, Arvik, as last year.

On Saturday 16 September 2028 Karin Dahl, our president, begins at half past nine with her speech "A coast that
repairs things". From eleven to half past twelve comes "Rents after the freeze", chaired by Pavel Mirko, where you
will hear Desmond Quill of the tenants' federation. Sandwiches are in the yard.

Sunday starts later: from ten to a quarter to twelve Hollis Grane reports on "Winning the small ports". Then trains.
"""
    sessions = extract_text(note, source="mail.txt").sessions

    assert [session.title for session in sessions] == [
        "A coast that repairs things",
        "Rents after the freeze",
        "Winning the small ports",
    ]
    assert [session.start for session in sessions[:2]] == ["2028-09-16T09:30:00", "2028-09-16T11:00:00"]
    assert {session.place for session in sessions} == {"Net House, Arvik"}


def test_a_form_with_one_date_is_of_one_session_whatever_else_looks_like_a_title():
    note = """# Consulta 2. Pagar el alumbrado

Reunión de trabajo en línea

Fecha y hora: 15/04/27, 17h00

Modera: Yolanda Cifuentes, secretaria de Hacienda, Alcaldía de Arroyo Claro

## Resumen

54 personas de 8 ciudades

Se habló de quién paga y de cómo se rinden cuentas.
"""
    [session] = extract_text(note, source="consulta.md").sessions

    assert (session.title, session.start) == ("Pagar el alumbrado", "2027-04-15T17:00:00")


def test_a_paragraph_with_several_sessions_before_a_table_is_read_with_its_lines():
    told = " ".join(
        f"On Monday {10 + number} May 2027 at {9 + number}:00 comes “{title}”, chaired by Ana Ruiz of the committee."
        for number, title in enumerate(("Water for all", "Who pays the ferry", "Nets and knots", "Light on the quay"))
    )
    rows = "".join(f"| 10:00–11:30 | {title} | Tove Lie | {room} |\n" for title, room in ROWS)
    note = f"Meeting of harbours\n14 May 2027\n\n{told}\n\n| Time | Title | Speaker | Room |\n|---|---|---|---|\n{rows}"

    assert extract_text(note, source="tables.md").sessions


ROWS = (("Boats in winter", "Hall A"), ("Ropes in summer", "Hall B"))


@pytest.mark.parametrize("where", ["La Casa Encendida, Lago", "Le Havre des Marins, Lago", "L’Hospitalet, Lago"])
def test_a_house_keeps_the_article_of_its_name(where):
    note = f"Minutes of the board of the Harbour League\nHeld on 3 May 2027 at {where}\nChair: Ana Ruiz\n"
    [session] = extract_text(note, source="acta.txt").sessions

    assert session.place == where
