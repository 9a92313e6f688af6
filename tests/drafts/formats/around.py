"""What stands around the invented declaration: everything that an apparatus can hold."""

from datetime import date

from drafts.formats.apparatus import (
    Annex,
    AnnexKind,
    AnnexLine,
    Apparatus,
    Origin,
    Position,
    Renumbered,
    Reservation,
    Signatory,
)
from drafts.text.blocks import BlockKind, Language

ES, EN, FR = Language.ES, Language.EN, Language.FR


def everywhere(words):
    return dict.fromkeys(Language, words)


APPARATUS = Apparatus(
    signatories=(
        Signatory(
            organisation={ES: "Ciudad de Vallemar", EN: "City of Vallemar", FR: "Ville de Vallemar"},
            person="Amparo Quiroga",
            capacity={ES: "Alcaldesa", EN: "Mayor", FR: "Maire"},
            signed_on=date(2027, 7, 1),
        ),
        Signatory(
            organisation=everywhere("Ñandubay"),
            person="Bruno Etcheverry",
            capacity={ES: "Intendente", EN: "Governor", FR: "Gouverneur"},
            signed_on=date(2027, 7, 1),
        ),
        Signatory(
            organisation=everywhere("Noirmont-sur-Lac"),
            person="Élise Bovet",
            capacity={ES: "Alcaldesa", EN: "Mayor", FR: "Syndique"},
        ),
        Signatory(
            organisation=everywhere("Nyholm"),
            person="Karin [Ek]",
            capacity={ES: "Concejala", EN: "Councillor", FR: "Conseillère"},
            signed_on=date(2027, 7, 2),
        ),
    ),
    reservations=(
        Reservation(
            id="r1",
            position=Position.RESERVATION,
            organisation=everywhere("Nyholm"),
            block="o1",
            original=EN,
            text={
                ES: "Nyholm no puede comprometer recursos antes de la aprobación de su presupuesto.",
                EN: "Nyholm cannot commit resources before its budget has been adopted.",
                FR: "Nyholm ne peut engager de ressources avant l’adoption de son budget.",
            },
            filed_on=date(2027, 7, 1),
        ),
        Reservation(
            id="r2",
            position=Position.EXPLANATION,
            organisation=everywhere("Noirmont-sur-Lac"),
            block="",
            original=FR,
            text={FR: "Nous lisons ce texte à la lumière de notre charte.\nElle date de 1998."},
            filed_on=date(2027, 7, 3),
        ),
    ),
    annexes=(
        Annex(
            id="a1",
            kind=AnnexKind.CONDUCT,
            title={ES: "Código de conducta", EN: "Code of conduct", FR: "Code de conduite"},
            lines=(
                AnnexLine(BlockKind.HEADING, {ES: "Respeto", EN: "Respect", FR: "Respect"}, level=1),
                AnnexLine(
                    BlockKind.PARAGRAPH,
                    {
                        ES: "Nos escuchamos hasta el final.",
                        EN: "We listen to each other to the end.",
                        FR: "Nous nous écoutons jusqu’au bout.",
                    },
                ),
                AnnexLine(BlockKind.BULLET, {ES: "Una lengua clara.", EN: "Plain language.", FR: "Une langue claire."}),
                AnnexLine(BlockKind.PARAGRAPH, {ES: "Solo en español queda esta línea."}),
            ),
        ),
        Annex(
            id="a2",
            kind=AnnexKind.RECOMMENDATIONS,
            title={ES: "Recomendaciones", EN: "Recommendations", FR: "Recommandations"},
            lines=(AnnexLine(BlockKind.BULLET, {FR: "Mesurer avant de promettre."}, language="fr"),),
        ),
    ),
    renumbered=(Renumbered("4", "5"), Renumbered("5", ""), Renumbered("", "4")),
    origins=(),
)

ORIGINS = Apparatus(
    origins=(
        Origin(
            "o1",
            ({ES: "Sesión «Talleres»", EN: "Session “Workshops”", FR: "Séance «\u00a0Ateliers\u00a0»"},),
        ),
    )
)
