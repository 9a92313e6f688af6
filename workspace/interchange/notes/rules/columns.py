"""How the columns of an agenda's table are headed, in Spanish, English and French; compared without accents."""

from collections.abc import Mapping
from typing import Literal

Column = Literal["minutes", "time", "title", "speakers", "moderators"]

COLUMNS: Mapping[Column, tuple[str, ...]] = {
    "minutes": (
        *("minutos", "min", "duracion", "tiempo", "duracion (min)", "tiempo (min)"),
        *("minutes", "mins", "duration", "length", "minutes allotted"),
        *("duree", "duree (min)", "temps"),
    ),
    "time": ("hora", "horario", "horas", "time", "times", "when", "heure", "heures", "horaire", "horaires"),
    "title": (
        *("contenido", "actividad", "actividades", "tema", "temas", "descripcion", "titulo", "sesion", "punto", "que"),
        *("item", "agenda item", "activity", "topic", "topics", "content", "what", "session", "title", "description"),
        *("contenu", "activite", "activites", "sujet", "theme", "point", "intitule", "seance", "sequence", "quoi"),
    ),
    "speakers": (
        *("ponente", "ponentes", "orador", "oradora", "oradores", "panelistas", "quien", "a cargo de", "responsable"),
        *("interviene", "intervienen", "participantes", "responsables", "ponente(s)", "ponentes / panelistas"),
        *("speaker", "speakers", "who", "panellists", "panelists", "presenter", "presenters", "led by", "lead"),
        *("speaker(s)", "intervenant", "intervenants", "intervenant(e)s", "orateur", "orateurs", "qui"),
        *("intervenant-e-s", "intervenant·e·s", "panelistes"),
    ),
    "moderators": ("modera", "moderador", "moderadora", "moderacion", "moderator", "chair", "moderateur", "moderation"),
}
