"""From a spreadsheet of people to rows of plain strings."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from msgspec import Struct

from drafts.text.blocks import Language
from workspace.core.actor import Role
from workspace.core.errors import BadFile
from workspace.core.spreadsheets import HEADING_WITHIN, MOST_EMPTY, MOST_ROWS, ensure_within, read_rows
from workspace.people.models import OrganisationKind
from workspace.people.validation import folded

Meaning = TypeVar("Meaning")

COLUMNS = ("name", "email", "organisation", "kind", "country", "role", "starts_on", "ends_on", "language")


def _by_word(meanings: Mapping[Meaning, str]) -> Mapping[str, Meaning]:
    return {folded(word): meaning for meaning, words in meanings.items() for word in words.split("|")}


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
        "role": "role|rol|papel|función|funcion|rôle|fonction",
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
        Role.MEMBER: "member|miembro|miembra|membre|delegate|delegado|delegada|délégué|déléguée|participant"
        "|participante|representative|representante|représentant|représentante",
        Role.RAPPORTEUR: "rapporteur|relator|relatora|rapporteure|rapporteuse",
        Role.TRANSLATOR: "translator|traductor|traductora|traducteur|traductrice",
        Role.COMMITTEE: "committee|drafting committee|comité|comité de redacción|comité de rédaction"
        "|drafting commission|drafting group|drafting board|drafting bureau|comisión de redacción|grupo de redacción"
        "|junta de redacción|mesa de redacción|commission de rédaction|groupe de rédaction|conseil de rédaction"
        "|bureau de rédaction",
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


_MOST_COLUMNS = 60
_LONGEST_CELL = 1_000


class RosterSheet(Struct, frozen=True):
    """The rows of a spreadsheet: the number of each in the file, and what stands under each known heading."""

    rows: Sequence[tuple[int, Mapping[str, str]]]
    columns: Sequence[str]  # the known ones, in their order
    unknown: Sequence[str]  # headings that nobody knows


def read_sheet(data: bytes, *, source: str) -> RosterSheet:
    """Read a spreadsheet; raises `BadFile` for what is none, is too large, or names no column of people."""
    return _sheet(read_rows(data, source=source, headings=columns_of), source)


def _sheet(lines: Iterable[Sequence[str]], source: str) -> RosterSheet:
    numbered = enumerate(lines, start=1)
    columns, unknown, width = _headings(numbered, source)
    rows: list[tuple[int, Mapping[str, str]]] = []
    for number, cells in numbered:
        ensure_within(cells, width, row=number, source=source)
        row = {meaning: cells[place].strip() for place, meaning in columns.items() if place < len(cells)}
        if any(row.values()):
            rows.append((number, {meaning: value[:_LONGEST_CELL] for meaning, value in row.items()}))
        if len(rows) > MOST_ROWS or number - len(rows) > MOST_EMPTY:
            raise BadFile(source=source, reason="too_many_rows", most=MOST_ROWS)
    if not rows:
        raise BadFile(source=source, reason="no_rows")
    return RosterSheet(rows, list(columns.values()), unknown)


def _headings(lines: Iterator[tuple[int, Sequence[str]]], source: str) -> tuple[Mapping[int, str], Sequence[str], int]:
    """The first row that names two columns, or a name, within the first rows, and how far its headings go."""
    for number, cells in lines:
        columns = columns_of(cells[:_MOST_COLUMNS])
        if {"name", "family_name"} & set(columns.values()):
            unknown = [cell[:80] for place, cell in enumerate(cells[:_MOST_COLUMNS]) if cell and place not in columns]
            width = max(place for place, cell in enumerate(cells, 1) if cell.strip())
            return columns, unknown, width
        if number >= HEADING_WITHIN:
            break
    raise BadFile(source=source, reason="no_headings")
