"""What the pages of the static site say themselves, in the language of the page."""

from types import MappingProxyType

from msgspec import Struct

from drafts.blocks import Language


class SiteWords(Struct, frozen=True):
    """Labels of one language. Sentences hold {named} places."""

    declarations: str
    edition: str
    later: str
    open_latest: str
    editions: str
    search: str
    hits: str
    no_hit: str
    next: str
    previous: str
    files: str
    cite: str
    cite_hint: str
    bundle: str
    side_by_side: str
    languages: str
    about: str


WORDS = MappingProxyType(
    {
        Language.ES: SiteWords(
            declarations="Declaraciones",
            edition="Edición {number}",
            later="Se ha publicado una edición posterior.",
            open_latest="Abrir la última edición",
            editions="Todas las ediciones",
            search="Buscar en el texto",
            hits="{number} de {total}",
            no_hit="Nada encontrado",
            next="Siguiente",
            previous="Anterior",
            files="Descargar",
            cite="Citar",
            cite_hint="El número de cada párrafo es un enlace: su dirección lo cita.",
            bundle="Todos los archivos con sus pruebas",
            side_by_side="Los tres textos en columnas",
            languages="Idioma de la declaración",
            about="Acerca de esta edición",
        ),
        Language.EN: SiteWords(
            declarations="Declarations",
            edition="Edition {number}",
            later="A later edition has been published.",
            open_latest="Open the latest edition",
            editions="All editions",
            search="Search the text",
            hits="{number} of {total}",
            no_hit="Nothing found",
            next="Next",
            previous="Previous",
            files="Download",
            cite="Cite",
            cite_hint="The number of each paragraph is a link: its address cites it.",
            bundle="Every file with its proofs",
            side_by_side="The three texts in columns",
            languages="Language of the declaration",
            about="About this edition",
        ),
        Language.FR: SiteWords(
            declarations="Déclarations",
            edition="Édition {number}",
            later="Une édition ultérieure a été publiée.",
            open_latest="Ouvrir la dernière édition",
            editions="Toutes les éditions",
            search="Rechercher dans le texte",
            hits="{number} sur {total}",
            no_hit="Aucun résultat",
            next="Suivant",
            previous="Précédent",
            files="Télécharger",
            cite="Citer",
            cite_hint="Le numéro de chaque paragraphe est un lien\u00a0: son adresse le cite.",
            bundle="Tous les fichiers avec leurs preuves",
            side_by_side="Les trois textes en colonnes",
            languages="Langue de la déclaration",
            about="À propos de cette édition",
        ),
    }
)
