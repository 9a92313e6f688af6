"""People in bulk: a spreadsheet is understood in three languages, shown by row, and taken in whole or not at all."""

import io
import time
from datetime import date, timedelta

import openpyxl
import pytest

from tests.support.sheets import xlsx
from tests.support.site import counted
from workspace.core import clock
from workspace.core.actor import Role
from workspace.core.jobs import JobContext
from workspace.core.outbox import Letter
from workspace.core.settings import Settings
from workspace.history.audit import audit
from workspace.jobs import FORGET_REQUESTS
from workspace.people.models import Contact, Mandate, Organisation, Person, Roster
from workspace.people.rosters import KEPT_FOR

FORUM = "/forums/third-forum"
ENGLISH = "Name,E-mail,Organisation,Kind,Country,Role,From,To,Language\n"
GOOD = ENGLISH + "Ana Ruiz,ana@alta.example,Alta,city,Spain,member,2027-01-01,,Spanish\n"

SPANISH = (
    "Nombre y apellidos,Correo electrónico,Organización,Tipo,País,Rol,Desde,Hasta,Idioma\n"
    "Ana Ruiz,ana@alta.example,Alta,ciudad,España,miembro,01/01/2027,,español\n"
)
FRENCH = (
    "Nom complet,Courriel,Organisme,Genre,Pays,Rôle,Du,Au,Langue\n"
    "Ana Ruiz,ana@alta.example,Alta,ville,Espagne,membre,1.1.2027,,espagnol\n"
)
APART = (
    "Prénom,Nom,Adresse électronique,Ville,Pays,Rôle,Du,Langue\n"
    "Ana,Ruiz,ANA@alta.example,Alta,ES,Membre,2027-01-01,es\n"
)
APELLIDOS = (
    "Apellidos,Nombre,Correo,Entidad,País,Rol,Desde,Idioma\n"
    "Ruiz,Ana,ana@alta.example,Alta,España,Miembro,2027-01-01,ES\n"
)


@pytest.fixture
def secretariat(house):
    return house[Role.SECRETARIAT]


def sent(caller, content, name="people.csv", language="en", **fields):
    data = content.encode() if isinstance(content, str) else content
    return caller.post(
        f"{FORUM}/rosters", files={"files": (name, data)}, data=fields, headers={"Accept-Language": language}
    )


def read(caller, content, **given):
    answer = sent(caller, content, **given)
    assert answer.status_code == 201, answer.text
    return answer.json()


def taken(caller, roster, **body):
    return caller.post(f"{FORUM}/rosters/{roster['id']}/taking-in", body)


def problems(roster):
    return [(row["line"], one["column"], one["reason"]) for row in roster["rows"] for one in row["problems"]]


def count(house, model):
    with house.store.reading() as db:
        return db.query(model).count()


@pytest.mark.parametrize(
    "content",
    [
        GOOD,
        GOOD.replace(",", ";"),
        GOOD.replace(",", "\t"),
        "\ufeff" + GOOD,
        SPANISH,
        FRENCH,
        APART,
        APELLIDOS,
        "Participants of the forum,,\n\n" + GOOD,
        "Participants, of the forum, 2027, by name\n\n" + GOOD.replace(",", ";"),
        "sep=;\r\n" + GOOD.replace(",", ";").replace("\n", "\r\n"),
    ],
    ids=[
        "commas",
        "semicolons",
        "tabs",
        "marked",
        "spanish",
        "french",
        "prenom",
        "apellidos",
        "titled",
        "titled with commas",
        "sep",
    ],
)
def test_a_row_says_the_same_in_every_language_and_form(secretariat, content):
    [row] = read(secretariat, content)["rows"]
    known = ("name", "email", "organisation", "country", "role", "starts_on", "language", "outcome", "problems")
    assert [row[one] for one in known] == [
        "Ana Ruiz", "ana@alta.example", "Alta", "ES", "member", "2027-01-01", "es", "new", [],
    ]  # fmt: skip


def test_a_workbook_is_read_with_its_days_and_a_file_of_an_older_program_with_its_accents(secretariat):
    book = xlsx(["Nombre", "Organización", "Desde", "Columna rara"], ["Íñigo Peña", "Alta", date(2027, 1, 1), 7])
    roster = read(secretariat, book, name="gente.xlsx")
    old = read(secretariat, "Nombre;Organización\nÍñigo Peña;Alta\n".encode("cp1252"))
    assert [roster["rows"][0][one] for one in ("name", "starts_on")] == ["Íñigo Peña", "2027-01-01"]
    assert roster["unknown_columns"] == ["Columna rara"]
    assert old["rows"][0]["name"] == "Íñigo Peña"


@pytest.mark.parametrize(
    "content",
    [
        "Nom;Prénom;Commune;Fonction\nRuiz;Ana;Alta;maire\nBenali;Aziz;Ksar;adjoint\nRoca;Pere;Cala;présidente\n",
        "Nombre,Función\nAna Ruiz,alcaldesa\nAziz Benali,\nPere Roca,secretario municipal\n",
        "Name\tRole\nAna Ruiz\tmayor\nAziz Benali\tchair\nPere Roca\tcouncillor\n",
    ],
)
def test_what_people_are_at_home_is_not_their_role(secretariat, content):
    roster = read(secretariat, content)
    assert roster["with_problems"] == 0
    assert {row["role"] for row in roster["rows"]} == {"member"}
    assert len(roster["unknown_columns"]) == 1


def test_every_problem_names_its_row_and_column_in_the_readers_language(secretariat):
    rows = [
        ",x@alta.example,Alta,,,,,,",
        "B,not an address,Alta,,,,,,",
        "C,,Alta,castle,,,,,",
        "D,,Alta,,Nowhere,,,,",
        "E,,Alta,,,king,,,",
        "F,,Alta,,,,31/02/2027,,",
        "G,,Alta,,,,2027-02-02,2027-02-01,",
        "H,,Alta,,,,,,Dutch",
        "I,i@alta.example,Alta,,,,,,",
        "Other,i@alta.example,Alta,,,,,,",
        "I,i@alta.example,Alta,,,,,,",
        "J,,Alta,,,admin,,,",
    ]
    roster = read(secretariat, ENGLISH + "\n".join(rows), language="fr")
    assert problems(roster) == [
        (2, "name", "empty"),
        (3, "email", "bad_email"),
        (4, "kind", "unknown_organisation_kind"),
        (5, "country", "unknown_country"),
        (6, "role", "unknown_role"),
        (7, "starts_on", "unknown_day"),
        (8, "ends_on", "before_start"),
        (9, "language", "unknown_language"),
        (11, "email", "email_of_another"),
        (12, "name", "same_row"),
        (13, "role", "not_yours_to_give"),
    ]
    assert roster["with_problems"] == 11
    assert all(one["detail"] for row in roster["rows"] for one in row["problems"])


def test_nothing_is_half_written_and_the_good_rows_are_a_second_choice(house, secretariat):
    roster = read(secretariat, GOOD + "B,not an address,Baja,,,,,,\n")
    before = count(house, Person), count(house, Organisation), count(house, Mandate)

    refused = taken(secretariat, roster, rows="all")

    assert (refused.status_code, refused.json()["facts"]["reason"]) == (422, "rows_with_problems")
    assert (count(house, Person), count(house, Organisation), count(house, Mandate)) == before
    good = taken(secretariat, roster, rows="good")
    assert good.json() == {"rows": 1, "new_people": 1, "invited": 0}
    assert count(house, Person) == before[0] + 1
    assert count(house, Roster) == 0
    assert taken(secretariat, roster, rows="good").status_code == 404


def test_the_same_file_again_adds_nobody(house, secretariat):
    taken(secretariat, read(secretariat, GOOD))
    people, mandates = count(house, Person), count(house, Mandate)

    again = read(secretariat, GOOD.replace("Ana Ruiz", "A. Ruiz"))

    assert [row["outcome"] for row in again["rows"]] == ["known"]
    taken(secretariat, again)
    assert (count(house, Person), count(house, Mandate)) == (people, mandates)


def test_somebody_who_is_known_by_name_and_organisation_or_by_address_gets_another_role(house, secretariat):
    taken(secretariat, read(secretariat, GOOD))
    people = count(house, Person)
    more = ENGLISH + "ana RUIZ,,ALTA,,,observer,,,\nAna Ruiz,ana@alta.example,Alta,,,committee,,,\n"
    roster = read(secretariat, more)
    assert [row["outcome"] for row in roster["rows"]] == ["role", "role"]
    assert taken(secretariat, roster).json()["new_people"] == 0
    assert count(house, Person) == people


def test_one_new_person_with_two_roles_is_one_person(house, secretariat):
    people = count(house, Person)
    two = GOOD + "Ana Ruiz,ana@alta.example,Alta,,,committee,,,\n"
    assert taken(secretariat, read(secretariat, two)).json() == {"rows": 2, "new_people": 1, "invited": 0}
    assert count(house, Person) == people + 1


def test_an_organisation_is_found_by_its_alias(house, secretariat):
    secretariat.post(f"{FORUM}/organisations", {"name": "Madrid", "aliases": ["Ayuntamiento de Madrid"]})
    roster = read(secretariat, "Name,Organisation\nAna,AYUNTAMIENTO DE MADRID\n")
    assert [row["is_new_organisation"] for row in roster["rows"]] == [False]
    taken(secretariat, roster)
    assert count(house, Organisation) == 1


def test_invitations_are_a_choice_and_go_to_new_people_with_an_address(house, secretariat):
    rows = GOOD + "No Address,,Alta,,,,,,\n"
    assert taken(secretariat, read(secretariat, rows), invite=True).json() == {"rows": 2, "new_people": 2, "invited": 1}
    with house.store.reading() as db:
        assert [(one.kind, one.to, one.language) for one in db.query(Letter)] == [
            ("invitation", "ana@alta.example", "es")
        ]
        assert [one.email for one in db.query(Contact)] == ["ana@alta.example"]


def test_a_role_is_chosen_for_rows_that_name_none(secretariat):
    [row] = read(secretariat, "Name\nAna\n", role="observer")["rows"]
    assert row["role"] == "observer"


def test_a_steward_takes_in_people_of_their_own_organisation_alone(secretariat, steward):
    secretariat.post(f"{FORUM}/organisations", {"name": "Baja"})
    rows = "Name,Organisation,Role\nOwn,Alta,member\nOther,Baja,member\nNew,Nueva,member\nBig,Alta,chair\n"
    roster = read(steward, rows)
    assert problems(roster) == [
        (3, "role", "not_yours_to_give"),
        (4, "organisation", "not_your_organisation"),
        (5, "role", "not_yours_to_give"),
    ]
    assert taken(steward, roster, rows="good").json()["rows"] == 1


def test_a_roster_is_only_its_senders(house, secretariat, steward):
    roster = read(secretariat, GOOD)
    assert secretariat.get(f"{FORUM}/rosters/{roster['id']}").json()["rows"] == roster["rows"]
    for caller in (house.chair, steward, house.member, house.nobody):
        assert caller.get(f"{FORUM}/rosters/{roster['id']}").status_code == 404
        assert taken(caller, roster).status_code == 404
    assert sent(house.member, GOOD).status_code == 404


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"Name\n", "no_rows"),
        (b"Colour,Shape\nred,round\n", "no_headings"),
        (b"Name\n\x00\x01\x02", "not_a_spreadsheet"),
        (b"PK\x03\x04 and then nothing", "not_an_archive"),
        (b"Name\n" + b"A\n" * 5_001, "too_many_rows"),
        (b"Name,E-mail\nAna,ana@town.example\nSoto, Bea,bea@town.example\n", "extra_cells"),
    ],
    ids=["empty", "no rows", "no headings", "bytes", "no archive", "too many", "a comma too many"],
)
def test_a_file_that_cannot_be_read_says_why(secretariat, content, reason):
    answer = sent(secretariat, content)
    assert (answer.status_code, answer.json()["facts"]["reason"]) == (422, reason)


def test_a_cell_at_the_far_end_of_a_sheet_is_not_waited_for(secretariat):
    book = openpyxl.Workbook()
    book.active["A1"], book.active["A2"], book.active["A1048576"] = "Name", "Ana", "Zoe"
    buffer = io.BytesIO()
    book.save(buffer)
    began = time.monotonic()
    answer = sent(secretariat, buffer.getvalue(), name="far.xlsx")
    assert (answer.status_code, answer.json()["facts"]["reason"]) == (422, "too_many_rows")
    assert time.monotonic() - began < 5


def test_a_list_that_nobody_took_in_is_gone_after_a_day_with_its_addresses(secretariat, store, monkeypatch):
    forgotten = read(secretariat, GOOD)
    later = clock.now() + KEPT_FOR + timedelta(minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    FORGET_REQUESTS.run(JobContext(store, Settings()))
    assert taken(secretariat, forgotten).status_code == 404
    with store.reading() as db:
        assert db.query(Roster).count() == 0


def test_five_hundred_people_are_taken_in_within_seconds(secretariat):
    rows = [[f"Person {one}", f"p{one}@town.example", f"Town {one % 90}", "MX", "member"] for one in range(500)]
    book = xlsx(["Name", "E-mail", "Organisation", "Country", "Role"], *rows)
    began = time.process_time()
    roster = read(secretariat, book, name="all.xlsx")
    assert taken(secretariat, roster).json() == {"rows": 500, "new_people": 500, "invited": 0}
    assert time.process_time() - began < 15


def test_more_rows_take_no_more_queries(house, secretariat):
    def statements(number):
        """Of reading, showing and taking in a sheet of people who are all new, in towns that are new, and invited."""
        rows = [[f"P {number}.{one}", f"p{number}.{one}@town.example", f"Town {number}.{one}"] for one in range(number)]
        with counted(house.store) as sent:
            roster = read(secretariat, xlsx(["Name", "E-mail", "Organisation"], *rows), name="all.xlsx")
            answer = taken(secretariat, roster, invite=True)
            assert answer.json() == {"rows": number, "new_people": number, "invited": number}
        return len(sent)

    statements(1)
    assert statements(40) == statements(4)
    with house.store.reading() as db:
        assert audit(db).findings == ()
