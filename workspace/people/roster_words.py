"""What stands in spreadsheets of people, in three languages: headings of columns, kinds, roles, languages."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

from drafts.blocks import Language
from workspace.core.actor import Role
from workspace.people.models import OrganisationKind
from workspace.people.words import folded

Meaning = TypeVar("Meaning")

COLUMNS = ("name", "email", "organisation", "kind", "country", "role", "starts_on", "ends_on", "language")


def _by_word(told: Mapping[Meaning, str]) -> Mapping[str, Meaning]:
    return {folded(word): meaning for meaning, words in told.items() for word in words.split("|")}


HEADINGS: Mapping[str, str] = _by_word(
    {
        "name": "name|full name|person|participant|nombre|nombre completo|nombre y apellidos|persona|participante"
        "|nom|nom complet|nom et prénom|prénom et nom|personne|participante",
        "given_name": "first name|given name|nombre de pila|prénom|prénoms",
        "family_name": "surname|last name|family name|apellido|apellidos|nom de famille",
        "email": "email|e-mail|mail|e-mail address|email address|correo|correo electrónico|dirección de correo"
        "|courriel|adresse électronique|adresse e-mail|mél",
        "organisation": "organisation|organization|institution|body|city|town|organización|entidad|institución"
        "|ciudad|municipio|organisme|collectivité|ville|commune",
        "kind": "kind|type|kind of organisation|type of organisation|clase|tipo|tipo de organización"
        "|clase de organización|genre|type d’organisation|nature",
        "country": "country|país|pays",
        "role": "role|rol|papel|rôle",
        "starts_on": "from|start|starts|starts on|start date|valid from|first day|desde|inicio|fecha de inicio"
        "|a partir de|primer día|du|de|à partir du|début|date de début|premier jour",
        "ends_on": "to|until|end|ends|ends on|end date|valid until|last day|hasta|fin|fecha de fin|último día"
        "|au|jusqu’au|à|date de fin|dernier jour",
        "language": "language|idioma|lengua|langue",
    }
)
KINDS: Mapping[str, OrganisationKind] = _by_word(
    {
        OrganisationKind.CITY: "city|town|municipality|local government|ciudad|municipio|ayuntamiento|gobierno local"
        "|ville|commune|municipalité|collectivité locale",
        OrganisationKind.REGION: "region|province|county|state|district|región|provincia|estado|diputación|distrito"
        "|mancomunidad|région|département|province|métropole|intercommunalité",
        OrganisationKind.NETWORK: "network|association|federation|confederation|union|red|asociación|federación"
        "|confederación|unión|réseau|association|fédération|confédération|union",
        OrganisationKind.OTHER: "other|another|ngo|party|political party|university|foundation|company|trade union"
        "|otro|otra|ong|partido|partido político|universidad|fundación|empresa|sindicato"
        "|autre|parti|parti politique|université|fondation|entreprise|syndicat",
    }
)
ROLES: Mapping[str, Role] = _by_word(
    {
        Role.OBSERVER: "observer|observador|observadora|observateur|observatrice",
        Role.MEMBER: "member|miembro|miembra|membre|delegate|delegado|delegada|délégué|déléguée",
        Role.RAPPORTEUR: "rapporteur|relator|relatora|rapporteure|rapporteuse",
        Role.TRANSLATOR: "translator|traductor|traductora|traducteur|traductrice",
        Role.COMMITTEE: "committee|drafting committee|comité|comité de redacción|comité de rédaction",
        Role.SECRETARIAT: "secretariat|secretaría|secrétariat",
        Role.CHAIR: "chair|chairperson|presidencia|presidente|presidenta|présidence|président|présidente",
        Role.AUDITOR: "auditor|auditora|auditeur|auditrice",
        Role.ADMIN: "admin|administrator|administrador|administradora|administrateur|administratrice|administración"
        "|administration",
    }
)
LANGUAGES: Mapping[str, Language] = _by_word(
    {
        Language.ES: "es|spanish|español|castellano|espagnol",
        Language.EN: "en|english|inglés|anglais",
        Language.FR: "fr|french|francés|français",
    }
)


def columns_of(headings: Iterable[str]) -> Mapping[int, str]:
    """Which column holds what, by its place; a column that nobody knows is left out, a second one of a kind too."""
    found: dict[int, str] = {}
    for place, heading in enumerate(headings):
        meaning = HEADINGS.get(folded(heading))
        if meaning and meaning not in found.values():
            found[place] = meaning
    return found
