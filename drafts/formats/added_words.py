"""What an edition says around its text, in the language of the text: signatories, reservations, annexes, numbers."""

from types import MappingProxyType

from msgspec import Struct

from drafts.apparatus import Position
from drafts.blocks import Language


class AddedWords(Struct, frozen=True):
    """Labels of one language. Sentences hold {named} places."""

    signatories: str
    reservations: str
    by: MappingProxyType[Position, str]
    by_on: MappingProxyType[Position, str]  # the same about one paragraph
    original: str
    languages: MappingProxyType[str, str]
    annex: str
    renumbered: str
    old_number: str
    new_number: str
    is_new: str
    is_gone: str
    origin: str
    provenance: str
    recommendation: str
    since_first: str
    adopted: str
    amendment: str
    amendment_by: str
    edited: str
    decision: str
    version: str
    promoter: str
    members: str


ADDED_WORDS = MappingProxyType(
    {
        Language.ES: AddedWords(
            signatories="Signatarios",
            reservations="Reservas y explicaciones de posición",
            by=MappingProxyType(
                {
                    Position.RESERVATION: "Reserva – {organisation}",
                    Position.EXPLANATION: "Explicación de posición – {organisation}",
                    Position.DISSOCIATION: "Desvinculación – {organisation}",
                }
            ),
            by_on=MappingProxyType(
                {
                    Position.RESERVATION: "Reserva al párrafo {number} – {organisation}",
                    Position.EXPLANATION: "Explicación de posición sobre el párrafo {number} – {organisation}",
                    Position.DISSOCIATION: "Desvinculación del párrafo {number} – {organisation}",
                }
            ),
            original="original en {language}",
            languages=MappingProxyType({"es": "español", "en": "inglés", "fr": "francés"}),
            annex="Anexo {number}. {title}",
            renumbered="Correspondencia de la numeración de los párrafos",
            old_number="Durante la negociación",
            new_number="Texto definitivo",
            is_new="nuevo",
            is_gone="suprimido",
            origin="Procedencia",
            provenance="Edición con la procedencia de cada párrafo",
            recommendation="Recomendación {number}",
            since_first="En el texto desde el primer borrador",
            adopted="Modificado por una enmienda aprobada",
            amendment="Enmienda {number}",
            amendment_by="Enmienda {number} ({organisation})",
            edited="Revisado por el comité de redacción",
            decision="decisión {number}",
            version="Versión {version}",
            promoter="Promueve: {name}",
            members="Participan: {names}",
        ),
        Language.EN: AddedWords(
            signatories="Signatories",
            reservations="Reservations and explanations of position",
            by=MappingProxyType(
                {
                    Position.RESERVATION: "Reservation – {organisation}",
                    Position.EXPLANATION: "Explanation of position – {organisation}",
                    Position.DISSOCIATION: "Dissociation – {organisation}",
                }
            ),
            by_on=MappingProxyType(
                {
                    Position.RESERVATION: "Reservation to paragraph {number} – {organisation}",
                    Position.EXPLANATION: "Explanation of position on paragraph {number} – {organisation}",
                    Position.DISSOCIATION: "Dissociation from paragraph {number} – {organisation}",
                }
            ),
            original="original in {language}",
            languages=MappingProxyType({"es": "Spanish", "en": "English", "fr": "French"}),
            annex="Annex {number}. {title}",
            renumbered="Concordance of paragraph numbers",
            old_number="During the negotiation",
            new_number="Final text",
            is_new="new",
            is_gone="deleted",
            origin="Provenance",
            provenance="Edition with the provenance of each paragraph",
            recommendation="Recommendation {number}",
            since_first="In the text since the first draft",
            adopted="Changed by an adopted amendment",
            amendment="Amendment {number}",
            amendment_by="Amendment {number} ({organisation})",
            edited="Edited by the drafting committee",
            decision="decision {number}",
            version="Version {version}",
            promoter="Promoted by: {name}",
            members="Taking part: {names}",
        ),
        Language.FR: AddedWords(
            signatories="Signataires",
            reservations="Réserves et explications de position",
            by=MappingProxyType(
                {
                    Position.RESERVATION: "Réserve – {organisation}",
                    Position.EXPLANATION: "Explication de position – {organisation}",
                    Position.DISSOCIATION: "Désolidarisation – {organisation}",
                }
            ),
            by_on=MappingProxyType(
                {
                    Position.RESERVATION: "Réserve au paragraphe {number} – {organisation}",
                    Position.EXPLANATION: "Explication de position sur le paragraphe {number} – {organisation}",
                    Position.DISSOCIATION: "Désolidarisation du paragraphe {number} – {organisation}",
                }
            ),
            original="original en {language}",
            languages=MappingProxyType({"es": "espagnol", "en": "anglais", "fr": "français"}),
            annex="Annexe {number}. {title}",
            renumbered="Concordance de la numérotation des paragraphes",
            old_number="Pendant la négociation",
            new_number="Texte définitif",
            is_new="nouveau",
            is_gone="supprimé",
            origin="Provenance",
            provenance="Édition avec la provenance de chaque paragraphe",
            recommendation="Recommandation {number}",
            since_first="Dans le texte depuis le premier projet",
            adopted="Modifié par un amendement adopté",
            amendment="Amendement {number}",
            amendment_by="Amendement {number} ({organisation})",
            edited="Révisé par le comité de rédaction",
            decision="décision {number}",
            version="Version {version}",
            promoter="Promoteur\u00a0: {name}",
            members="Participants\u00a0: {names}",
        ),
    }
)
