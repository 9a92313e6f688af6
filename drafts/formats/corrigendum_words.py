"""What the sheet of a corrigendum says itself, in the language of its reader."""

from types import MappingProxyType

from msgspec import Struct

from drafts.blocks import BlockKind, Language


class SheetWords(Struct, frozen=True):
    """Sentences hold {named} places."""

    title: str
    about: str
    single: str
    several: str
    text: str
    texts: MappingProxyType[Language, str]
    paragraph: str
    sentence: str
    kinds: MappingProxyType[BlockKind, str]
    preamble: str
    after: str
    instead_of: str
    read: str
    quoted: str


SHEET_WORDS = MappingProxyType(
    {
        Language.ES: SheetWords(
            title="Corrección de errores {number}",
            about="Esta corrección de errores se refiere a la edición {before}. La edición {after} contiene el texto "
            "corregido; la edición {before} permanece en su dirección, sin cambios.",
            single="Afecta al texto en {texts}.",
            several="Afecta a los textos en {texts}.",
            text="Texto en {language}",
            texts=MappingProxyType({Language.ES: "español", Language.EN: "inglés", Language.FR: "francés"}),
            paragraph="Párrafo {number}",
            sentence="{place}, oración {count}",
            kinds=MappingProxyType(
                {
                    BlockKind.TITLE: "Título",
                    BlockKind.PLACE_DATE: "Lugar y fecha",
                    BlockKind.CHAPEAU: "Encabezamiento",
                    BlockKind.CLOSING: "Cláusula final",
                    BlockKind.HEADING: "Epígrafe",
                    BlockKind.ANNEX: "Título del anexo",
                    BlockKind.NOTE: "Nota",
                }
            ),
            preamble="Preámbulo, párrafo {count}",
            after="Después del párrafo {number}",
            instead_of="Donde dice:",
            read="debe decir:",
            quoted="«{words}»",
        ),
        Language.EN: SheetWords(
            title="Corrigendum {number}",
            about="This corrigendum puts edition {before} right. Edition {after} has the corrected text; "
            "edition {before} stays at its address, unchanged.",
            single="It concerns the {texts} text.",
            several="It concerns the {texts} texts.",
            text="{language} text",
            texts=MappingProxyType({Language.ES: "Spanish", Language.EN: "English", Language.FR: "French"}),
            paragraph="Paragraph {number}",
            sentence="{place}, sentence {count}",
            kinds=MappingProxyType(
                {
                    BlockKind.TITLE: "Title",
                    BlockKind.PLACE_DATE: "Place and date",
                    BlockKind.CHAPEAU: "Chapeau",
                    BlockKind.CLOSING: "Closing clause",
                    BlockKind.HEADING: "Heading",
                    BlockKind.ANNEX: "Heading of the annex",
                    BlockKind.NOTE: "Note",
                }
            ),
            preamble="Preamble, paragraph {count}",
            after="After paragraph {number}",
            instead_of="For:",
            read="read:",
            quoted="“{words}”",
        ),
        Language.FR: SheetWords(
            title="Rectificatif {number}",
            about="Le présent rectificatif corrige l’édition {before}. L’édition {after} contient le texte "
            "rectifié\u00a0; l’édition {before} reste à son adresse, inchangée.",
            single="Il concerne le texte {texts}.",
            several="Il concerne les textes {texts}.",
            text="Texte {language}",
            texts=MappingProxyType({Language.ES: "espagnol", Language.EN: "anglais", Language.FR: "français"}),
            paragraph="Paragraphe {number}",
            sentence="{place}, phrase {count}",
            kinds=MappingProxyType(
                {
                    BlockKind.TITLE: "Titre",
                    BlockKind.PLACE_DATE: "Lieu et date",
                    BlockKind.CHAPEAU: "Chapeau",
                    BlockKind.CLOSING: "Clause finale",
                    BlockKind.HEADING: "Intertitre",
                    BlockKind.ANNEX: "Titre de l’annexe",
                    BlockKind.NOTE: "Note",
                }
            ),
            preamble="Préambule, alinéa {count}",
            after="Après le paragraphe {number}",
            instead_of="Au lieu de\u00a0:",
            read="lire\u00a0:",
            quoted="«\u00a0{words}\u00a0»",
        ),
    }
)
