"""The bank of adopted texts that session notes cite: titles in three languages, years, and how they are misquoted.

Years are those of adoption, and for agendas also the years in their names. Names are compared without case and accents.
"""

from collections.abc import Mapping

from msgspec import Struct


class AdoptedText(Struct, frozen=True):
    """A text that was adopted: how it is called, when, and how it should not be called."""

    key: str
    titles: Mapping[str, str]
    year: int
    known_as: tuple[str, ...] = ()
    """Shorter names that are right too."""
    years: tuple[int, ...] = ()
    """Other years that rightly stand beside its name: entry into force, period, target."""
    misquoted: tuple[str, ...] = ()
    """Names under which it is cited and which it never had."""


def _text(
    key: str,
    year: int,
    en: str,
    es: str,
    fr: str,
    *,
    known_as: tuple[str, ...] = (),
    years: tuple[int, ...] = (),
    misquoted: tuple[str, ...] = (),
) -> AdoptedText:
    return AdoptedText(key, {"en": en, "es": es, "fr": fr}, year, known_as, years, misquoted)


ADOPTED_TEXTS: tuple[AdoptedText, ...] = (
    _text(
        "2030-agenda",
        2015,
        "Transforming our world: the 2030 Agenda for Sustainable Development",
        "Transformar nuestro mundo: la Agenda 2030 para el Desarrollo Sostenible",
        "Transformer notre monde : le Programme de développement durable à l’horizon 2030",
        known_as=("2030 Agenda", "Agenda 2030", "Programme 2030"),
        years=(2030, 2016),
        misquoted=("Agenda for Sustainable Growth", "Agenda para el Crecimiento Sostenible", "Millennium Agenda 2030"),
    ),
    _text(
        "sdgs",
        2015,
        "Sustainable Development Goals",
        "Objetivos de Desarrollo Sostenible",
        "Objectifs de développement durable",
        years=(2030, 2016),
        misquoted=(
            "Sustainable Growth Goals",
            "Objetivos del Desarrollo Sustentable",
            "Objectifs du développement durable",
            "Objetivos para el Desarrollo Sostenible",
        ),
    ),
    _text(
        "mdgs",
        2000,
        "Millennium Development Goals",
        "Objetivos de Desarrollo del Milenio",
        "Objectifs du Millénaire pour le développement",
        years=(2015,),
    ),
    _text(
        "new-urban-agenda",
        2016,
        "New Urban Agenda",
        "Nueva Agenda Urbana",
        "Nouveau Programme pour les villes",
        known_as=("Nouvel agenda urbain",),
        years=(2036,),
        misquoted=("New Urbanism Agenda", "Nueva Agenda de las Ciudades", "Nueva Agencia Urbana"),
    ),
    _text(
        "paris-agreement",
        2015,
        "Paris Agreement",
        "Acuerdo de París",
        "Accord de Paris",
        years=(2016,),
        misquoted=(
            "Paris Climate Treaty",
            "Paris Climate Agreement",
            "Treaty of Paris on climate",
            "Acuerdo Climático de París",
            "Tratado Climático de París",
            "Tratado de París sobre el clima",
            "Traité climatique de Paris",
            "Accord climatique de Paris",
            "Traité de Paris sur le climat",
        ),
    ),
    _text(
        "sendai-framework",
        2015,
        "Sendai Framework for Disaster Risk Reduction 2015–2030",
        "Marco de Sendái para la Reducción del Riesgo de Desastres 2015-2030",
        "Cadre d’action de Sendai pour la réduction des risques de catastrophe 2015-2030",
        known_as=("Sendai Framework", "Marco de Sendai", "Cadre de Sendai", "Cadre d’action de Sendai"),
        years=(2030,),
        misquoted=("Sendai Protocol", "Protocolo de Sendai", "Protocole de Sendai", "Sendai Convention"),
    ),
    _text(
        "addis-ababa",
        2015,
        "Addis Ababa Action Agenda",
        "Agenda de Acción de Addis Abeba",
        "Programme d’action d’Addis-Abeba",
        misquoted=("Addis Ababa Agreement", "Acuerdo de Addis Abeba", "Accord d’Addis-Abeba"),
    ),
    _text(
        "udhr",
        1948,
        "Universal Declaration of Human Rights",
        "Declaración Universal de Derechos Humanos",
        "Déclaration universelle des droits de l’homme",
        known_as=("Déclaration universelle des droits humains",),
        misquoted=(
            "Universal Declaration on Human Rights",
            "Declaración Universal sobre Derechos Humanos",
            "Universal Convention on Human Rights",
            "Universal Charter of Human Rights",
            "Carta Universal de Derechos Humanos",
            "Charte universelle des droits de l’homme",
        ),
    ),
    _text(
        "un-charter", 1945, "Charter of the United Nations", "Carta de las Naciones Unidas", "Charte des Nations Unies"
    ),
    _text(
        "rights-of-the-child",
        1989,
        "Convention on the Rights of the Child",
        "Convención sobre los Derechos del Niño",
        "Convention relative aux droits de l’enfant",
        years=(1990,),
        misquoted=("Declaration on the Rights of Children", "Convention sur les droits de l’enfance"),
    ),
    _text(
        "cedaw",
        1979,
        "Convention on the Elimination of All Forms of Discrimination against Women",
        "Convención sobre la eliminación de todas las formas de discriminación contra la mujer",
        "Convention sur l’élimination de toutes les formes de discrimination à l’égard des femmes",
        known_as=("CEDAW",),
        years=(1981,),
    ),
    _text(
        "beijing",
        1995,
        "Beijing Declaration and Platform for Action",
        "Declaración y Plataforma de Acción de Beijing",
        "Déclaration et Programme d’action de Beijing",
        misquoted=("Beijing Protocol", "Protocolo de Beijing"),
    ),
    _text(
        "disabilities",
        2006,
        "Convention on the Rights of Persons with Disabilities",
        "Convención sobre los Derechos de las Personas con Discapacidad",
        "Convention relative aux droits des personnes handicapées",
        years=(2008,),
    ),
    _text(
        "unfccc",
        1992,
        "United Nations Framework Convention on Climate Change",
        "Convención Marco de las Naciones Unidas sobre el Cambio Climático",
        "Convention-cadre des Nations Unies sur les changements climatiques",
        years=(1994,),
    ),
    _text("kyoto", 1997, "Kyoto Protocol", "Protocolo de Kioto", "Protocole de Kyoto", years=(2005,)),
    _text(
        "rio",
        1992,
        "Rio Declaration on Environment and Development",
        "Declaración de Río sobre el Medio Ambiente y el Desarrollo",
        "Déclaration de Rio sur l’environnement et le développement",
        known_as=("Rio Declaration", "Declaración de Río", "Déclaration de Rio"),
    ),
    _text(
        "biodiversity",
        1992,
        "Convention on Biological Diversity",
        "Convenio sobre la Diversidad Biológica",
        "Convention sur la diversité biologique",
        years=(1993,),
        misquoted=("Convention on Biodiversity", "Convenio sobre Biodiversidad"),
    ),
    _text(
        "kunming-montreal",
        2022,
        "Kunming-Montreal Global Biodiversity Framework",
        "Marco Mundial de Biodiversidad de Kunming-Montreal",
        "Cadre mondial de la biodiversité de Kunming-Montréal",
        years=(2030, 2050),
    ),
    _text(
        "migration-compact",
        2018,
        "Global Compact for Safe, Orderly and Regular Migration",
        "Pacto Mundial para la Migración Segura, Ordenada y Regular",
        "Pacte mondial pour des migrations sûres, ordonnées et régulières",
        known_as=("Marrakech Compact", "Pacto Mundial para una Migración Segura, Ordenada y Regular"),
    ),
    _text(
        "pact-for-the-future",
        2024,
        "Pact for the Future",
        "Pacto para el Futuro",
        "Pacte pour l’avenir",
    ),
    _text(
        "local-self-government",
        1985,
        "European Charter of Local Self-Government",
        "Carta Europea de Autonomía Local",
        "Charte européenne de l’autonomie locale",
        years=(1988,),
        misquoted=("European Charter of Local Autonomy", "Carta Europea de Autogobierno Local"),
    ),
    _text(
        "aarhus",
        1998,
        "Aarhus Convention",
        "Convenio de Aarhus",
        "Convention d’Aarhus",
        years=(2001,),
    ),
    _text("escazu", 2018, "Escazú Agreement", "Acuerdo de Escazú", "Accord d’Escazú", years=(2021,)),
    _text(
        "local-agenda-21",
        1992,
        "Agenda 21",
        "Agenda 21",
        "Action 21",
        known_as=("Local Agenda 21", "Agenda 21 Local", "Agenda 21 de la cultura", "Agenda 21 for culture"),
        years=(2004,),
    ),
    _text("agenda-2063", 2015, "Agenda 2063", "Agenda 2063", "Agenda 2063", years=(2063, 2013)),
    _text(
        "geneva-refugees",
        1951,
        "Convention relating to the Status of Refugees",
        "Convención sobre el Estatuto de los Refugiados",
        "Convention relative au statut des réfugiés",
        known_as=("Refugee Convention", "Convención sobre los Refugiados", "Convention sur les réfugiés"),
        years=(1954, 1967),
    ),
    _text(
        "milan-food-pact",
        2015,
        "Milan Urban Food Policy Pact",
        "Pacto de Política Alimentaria Urbana de Milán",
        "Pacte de politique alimentaire urbaine de Milan",
        known_as=("Milan Pact", "Pacto de Milán", "Pacte de Milan"),
    ),
    _text(
        "habitat-agenda",
        1996,
        "Istanbul Declaration on Human Settlements",
        "Declaración de Estambul sobre los Asentamientos Humanos",
        "Déclaration d’Istanbul sur les établissements humains",
    ),
)

KNOWN_AGENDAS = frozenset({2030, 2063, 2020, 2040, 2045, 2050})
"""Agendas that have a year in their name: the United Nations', the African Union's, and cities' own."""
NUMBER_OF_GOALS = 17
NUMBER_OF_TARGETS = 169
