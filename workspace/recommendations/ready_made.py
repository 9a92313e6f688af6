"""Lists of themes that many forums use, with what they are called in three languages."""

from collections.abc import Mapping, Sequence

from workspace.core.db import Trilingual
from workspace.recommendations.models import TaxonomyKind

Named = tuple[str, Trilingual]

NAMES: Mapping[TaxonomyKind, Trilingual] = {
    TaxonomyKind.AXES: Trilingual(es="Ejes", en="Axes", fr="Axes"),
    TaxonomyKind.CAPITALS: Trilingual(
        es="Capitales de la resiliencia", en="Resilience capitals", fr="Capitaux de la résilience"
    ),
    TaxonomyKind.COMPONENTS: Trilingual(
        es="Personas, planeta, gobiernos", en="People, planet, governments", fr="Personnes, planète, gouvernements"
    ),
    TaxonomyKind.GOALS: Trilingual(
        es="Objetivos de Desarrollo Sostenible",
        en="Sustainable Development Goals",
        fr="Objectifs de développement durable",
    ),
    TaxonomyKind.SETS: Trilingual(
        es="Conjuntos de recomendaciones", en="Sets of recommendations", fr="Recueils de recommandations"
    ),
    TaxonomyKind.OWN: Trilingual(es="Temas", en="Themes", fr="Thèmes"),
}
THEMES: Mapping[TaxonomyKind, Sequence[Named]] = {
    TaxonomyKind.CAPITALS: (
        ("human", Trilingual(es="Humano", en="Human", fr="Humain")),
        ("social", Trilingual(es="Social", en="Social", fr="Social")),
        ("economic", Trilingual(es="Económico", en="Economic", fr="Économique")),
        ("cultural", Trilingual(es="Cultural", en="Cultural", fr="Culturel")),
        ("environmental", Trilingual(es="Ambiental", en="Environmental", fr="Environnemental")),
    ),
    TaxonomyKind.COMPONENTS: (
        ("people", Trilingual(es="Personas", en="People", fr="Personnes")),
        ("planet", Trilingual(es="Planeta", en="Planet", fr="Planète")),
        ("governments", Trilingual(es="Gobiernos", en="Governments", fr="Gouvernements")),
    ),
    TaxonomyKind.GOALS: tuple(
        (str(number), Trilingual(es=f"{number}. {es}", en=f"{number}. {en}", fr=f"{number}. {fr}"))
        for number, (es, en, fr) in enumerate(
            (
                ("Fin de la pobreza", "No poverty", "Pas de pauvreté"),
                ("Hambre cero", "Zero hunger", "Faim « zéro »"),
                ("Salud y bienestar", "Good health and well-being", "Bonne santé et bien-être"),
                ("Educación de calidad", "Quality education", "Éducation de qualité"),
                ("Igualdad de género", "Gender equality", "Égalité entre les sexes"),
                ("Agua limpia y saneamiento", "Clean water and sanitation", "Eau propre et assainissement"),
                (
                    "Energía asequible y no contaminante",
                    "Affordable and clean energy",
                    "Énergie propre et d’un coût abordable",
                ),
                (
                    "Trabajo decente y crecimiento económico",
                    "Decent work and economic growth",
                    "Travail décent et croissance économique",
                ),
                (
                    "Industria, innovación e infraestructura",
                    "Industry, innovation and infrastructure",
                    "Industrie, innovation et infrastructure",
                ),
                ("Reducción de las desigualdades", "Reduced inequalities", "Inégalités réduites"),
                (
                    "Ciudades y comunidades sostenibles",
                    "Sustainable cities and communities",
                    "Villes et communautés durables",
                ),
                (
                    "Producción y consumo responsables",
                    "Responsible consumption and production",
                    "Consommation et production responsables",
                ),
                (
                    "Acción por el clima",
                    "Climate action",
                    "Mesures relatives à la lutte contre les changements climatiques",
                ),
                ("Vida submarina", "Life below water", "Vie aquatique"),
                ("Vida de ecosistemas terrestres", "Life on land", "Vie terrestre"),
                (
                    "Paz, justicia e instituciones sólidas",
                    "Peace, justice and strong institutions",
                    "Paix, justice et institutions efficaces",
                ),
                (
                    "Alianzas para lograr los objetivos",
                    "Partnerships for the goals",
                    "Partenariats pour la réalisation des objectifs",
                ),
            ),
            start=1,
        )
    ),
}
