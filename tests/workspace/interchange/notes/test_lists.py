"""Participants, projects, links and key messages of a note."""

from workspace.interchange.notes import extract
from workspace.sessions.extraction import CollaborationProject

REPORT = """# Informe anual de la comisión

Más información en https://sierra.example.org/informe (véase también www.valles.example.org).

## Mensajes clave

- La montaña guarda el agua de las ciudades.
- ¿Quién la cuida?

## Participantes

1. Ayuntamiento de Cusco
2. Red de Valles

## Proyectos

Proyecto 1: Sendas compartidas

Se proponen las siguientes actividades:

- Señalizar diez sendas.
- Formar a guías jóvenes.

Ciudades interesadas en el proyecto: Cusco, Huaraz y Puno
"""


def test_the_lists_of_a_report_are_read():
    found = extract(REPORT.encode(), source="informe.md")

    assert found.links == ("https://sierra.example.org/informe", "www.valles.example.org")
    assert [one.text for one in found.key_messages] == ["La montaña guarda el agua de las ciudades."]
    assert found.participants == ("Ayuntamiento de Cusco", "Red de Valles")
    assert found.collaboration_projects == (
        CollaborationProject(
            title="Sendas compartidas",
            interested=("Cusco", "Huaraz", "Puno"),
            actions=("Señalizar diez sendas.", "Formar a guías jóvenes."),
        ),
    )


def test_a_note_without_them_has_none():
    found = extract(b"# Minutes\n\nThe towns met in the old hall and talked until noon.\n", source="a.md")

    assert (found.links, found.participants, found.collaboration_projects, found.key_messages) == ((), (), (), ())
    assert (found.recommendations, found.objectives, found.template_sections, found.inconsistencies) == ((), (), (), ())
