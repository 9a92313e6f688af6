"""What becomes of recommendations: sent in, endorsed, ruled on, merged, put under themes, and found again."""

import io
from uuid import UUID

import openpyxl
import pytest
import sqlalchemy as sa

from tests.support import factories
from tests.support.page import Page
from tests.support.site import token_of
from workspace.core.actor import OPERATOR, Role
from workspace.core.security.permissions import Phase
from workspace.core.storage.db import new_id
from workspace.core.storage.log import LogEntry
from workspace.history.audit import audit
from workspace.people.models import Mandate
from workspace.people.service import PeopleService
from workspace.recommendations.models import Recommendation

REGISTER = "/forums/third-forum/recommendations"
SENT = {"recommendations": [{"text": "Les villes doivent planter des chênes.", "language": "fr"}]}


@pytest.fixture(autouse=True)
def water(house):
    """A session with three recommendations, in a forum whose draft is being written."""
    house.declaration("Towns shall share water.", "They mend fountains.", phase=Phase.DRAFTING)
    return house.session("Water", "Towns must repair every fountain.", "Lend pumps to the towns.", "Open the records.")


@pytest.fixture
def envoy(house):
    """A member who speaks for a town."""
    with house.store.writing() as db:
        town = PeopleService(db).add_organisation(factories.forum(db), name="Town of Villa Clara", actor=OPERATOR)
        held = sa.select(Mandate).where(Mandate.person_id == house.people[Role.MEMBER].person_id)
        db.scalars(held).one().organisation_id = town.id
    return house[Role.MEMBER]


def items(answer):
    assert answer.status_code in {200, 201}, answer.text
    return answer.json()["items"]


def numbers(answer):
    return [one["number"] for one in items(answer)]


def confirm(house, *chosen):
    body = {"standing": "confirmed", "numbers": list(chosen)}
    assert house.chair.post(f"{REGISTER}/settlement", body).status_code == 200


def test_a_member_sends_a_recommendation_in_for_their_town(house, envoy):
    [made] = items(envoy.post(REGISTER, SENT))
    assert [made["number"], made["organisation"], made["standing"]] == [4, "Town of Villa Clara", "proposed"]
    assert made["session_id"] is None
    assert made["text"] == SENT["recommendations"][0]["text"]
    assert numbers(house.chair.get(f"{REGISTER}?words=chene")) == [4]


def test_only_the_secretariat_and_the_chair_settle_what_no_session_said(house, envoy):
    envoy.post(REGISTER, SENT)
    body = {"standing": "confirmed", "numbers": [4]}
    assert house[Role.RAPPORTEUR].post(f"{REGISTER}/settlement", body).status_code == 404
    assert house[Role.SECRETARIAT].post(f"{REGISTER}/settlement", body).status_code == 200


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"recommendations": []}, 400),
        ({"recommendations": [{"text": "  ", "language": "fr"}]}, 422),
        ({"recommendations": [{"text": "x" * 4_001, "language": "fr"}]}, 400),
        ({"recommendations": [{"text": "Plant oaks.", "language": "de"}]}, 400),
        ({**SENT, "organisation_id": str(new_id())}, 422),
    ],
)
def test_what_cannot_be_sent_in_is_refused(envoy, body, status):
    assert envoy.post(REGISTER, body).status_code == status


def test_nobody_in_particular_sends_nothing_in(house):
    assert house.nobody.post(REGISTER, SENT).status_code == 404


def test_an_organisation_endorses_once_and_can_withdraw(house, envoy):
    one = house.chair.get(REGISTER).json()["items"][0]["id"]
    envoy.post(f"/recommendations/{one}/endorsements", {})
    envoy.post(f"/recommendations/{one}/endorsements", {})
    town = house.chair.get("/forums/third-forum/recommendations").json()
    assert town["items"][0]["number"] == 1
    organisation = envoy.post(f"/recommendations/{one}/endorsements", {}).json()["organisation_id"]
    assert numbers(house.chair.get(f"{REGISTER}?organisation_id={organisation}")) == [1]
    envoy.post(f"/recommendations/{one}/endorsement-withdrawal", {})
    assert numbers(house.chair.get(f"{REGISTER}?organisation_id={organisation}")) == []


def test_whoever_speaks_for_nobody_endorses_nothing(house):
    one = house.chair.get(REGISTER).json()["items"][0]["id"]
    answer = house.chair.post(f"/recommendations/{one}/endorsements", {})
    assert [answer.status_code, answer.json()["facts"]["reason"]] == [422, "speaks_for_none"]


def test_declining_needs_a_reason_and_is_kept_with_every_decision_before(house):
    confirm(house, 1)
    ruling = {"numbers": [1], "outcome": "declined"}
    assert house.chair.post(f"{REGISTER}/rulings", ruling).status_code == 422
    [ruled] = items(house.chair.post(f"{REGISTER}/rulings", {**ruling, "reason": "A matter for building codes."}))
    assert [ruled["outcome"], ruled["outcome_reason"]] == ["declined", "A matter for building codes."]
    house.chair.post(f"{REGISTER}/rulings", {"numbers": [1], "outcome": "taken_up"})
    kept = items(house.chair.get(f"/recommendations/{ruled['id']}/rulings"))
    assert [one["outcome"] for one in kept] == ["confirmed", "declined", "taken_up"]


def test_a_proposal_is_confirmed_before_it_is_ruled_on(house):
    answer = house.chair.post(f"{REGISTER}/rulings", {"numbers": [1], "outcome": "taken_up"})
    assert [answer.status_code, answer.json()["facts"]["reason"]] == [422, "unconfirmed"]


def test_the_log_tells_of_a_ruling_without_its_words(house):
    confirm(house, 1)
    house.chair.post(f"{REGISTER}/rulings", {"numbers": [1], "outcome": "declined", "reason": "Said by Ms Olivar."})
    with house.store.reading() as db:
        entries = list(db.scalars(sa.select(LogEntry.entry).order_by(LogEntry.sequence)))
    assert '"kind":"recommendations.ruled"' in entries[-1]
    assert "Olivar" not in "".join(entries)


def test_two_that_say_nearly_the_same_are_found_and_merged_with_a_trace(house):
    house.session("Streets", "Towns must repair every old fountain.", "Paint the kerbs in yellow.")
    [pair] = items(house.chair.get(f"{REGISTER}/resemblances"))
    assert {pair["one"]["number"], pair["other"]["number"]} == {1, 4}

    merged = house.chair.post(f"{REGISTER}/merger", {"kept": 1, "numbers": [4], "reason": "The same."})

    assert [merged.json()["number"], merged.json()["standing"]] == [1, "confirmed"]
    other = house.chair.get(f"/recommendations/{pair['other']['id']}").json()
    assert [other["standing"], other["merged_into_id"]] == ["merged", merged.json()["id"]]
    assert other["text"] == "Towns must repair every old fountain."
    assert items(house.chair.get(f"{REGISTER}/resemblances")) == []


def test_what_had_gone_into_one_that_is_merged_goes_with_it_and_the_log_knows(house):
    house.session("Streets", "Towns must repair every old fountain.", "Paint the kerbs in yellow.")
    house.chair.post(f"{REGISTER}/merger", {"kept": 4, "numbers": [1], "reason": "The same."})
    into = house.chair.post(f"{REGISTER}/merger", {"kept": 5, "numbers": [4], "reason": "Both are of streets."})
    assert into.status_code == 200, into.text

    with house.store.reading() as db:
        assert set(db.scalars(sa.select(Recommendation.merged_into_id))) == {None, UUID(into.json()["id"])}
        assert audit(db).findings == ()


def test_one_thing_said_in_two_languages_is_perhaps_the_same(house):
    said = (
        ("Agua", "Las ciudades deben garantizar el acceso al agua potable antes de 2030.", "es"),
        ("Eau", "Il faut créer un fonds de 50 millions pour le logement social.", "fr"),
        ("Water", "Cities must guarantee access to drinking water before 2030.", "en"),
        ("Vivienda", "Es necesario crear un fondo de 50 millones para la vivienda social.", "es"),
    )
    for title, words, language in said:
        house.session(title, words, language=language)

    pairs = items(house.chair.get(f"{REGISTER}/resemblances"))

    assert [{pair["one"]["number"], pair["other"]["number"]} for pair in pairs] == [{5, 7}, {4, 6}]


def test_two_that_are_kept_apart_are_not_shown_again(house):
    house.session("Streets", "Towns must repair every old fountain.")
    [pair] = items(house.chair.get(f"{REGISTER}/resemblances"))
    body = {"one_id": pair["one"]["id"], "other_id": pair["other"]["id"]}
    assert house.chair.post(f"{REGISTER}/resemblances/dismissal", body).status_code == 204
    assert items(house.chair.get(f"{REGISTER}/resemblances")) == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"kept": 1, "numbers": [1]}, 422),
        ({"kept": 9, "numbers": [1]}, 404),
        ({"kept": 3, "numbers": [1]}, 422),
        ({"kept": 1, "numbers": []}, 400),
    ],
)
def test_what_cannot_be_merged_is_refused(house, body, status):
    house.chair.post(f"{REGISTER}/settlement", {"standing": "dropped", "numbers": [3], "reason": "No."})
    assert house.chair.post(f"{REGISTER}/merger", body).status_code == status


def test_recommendations_are_put_under_themes_and_found_there(house):
    goals = house.chair.post("/forums/third-forum/taxonomies", {"kind": "goals"}).json()
    assert len(goals["themes"]) == 17
    water = goals["themes"][5]
    assert water["name"]["fr"] == "6. Eau propre et assainissement"
    theming = {"numbers": [1, 2], "themes": [water["id"]]}
    house.chair.post(f"{REGISTER}/themes", theming)
    assert numbers(house.chair.get(f"{REGISTER}?theme_id={water['id']}")) == [1, 2]
    house.chair.post(f"{REGISTER}/themes", {**theming, "numbers": [2], "is_on": False})
    assert numbers(house.chair.get(f"{REGISTER}?theme_id={water['id']}")) == [1]


def test_a_set_of_the_forums_own_can_be_begun_filled_and_emptied(house):
    sets = house.chair.post("/forums/third-forum/taxonomies", {"kind": "sets", "name": {"en": "Accompanying sets"}})
    made = house.chair.post(f"/taxonomies/{sets.json()['id']}/themes", {"en": "For citizens"}).json()
    house.chair.post(f"{REGISTER}/themes", {"numbers": [3], "themes": [made["id"]]})
    headers = house.chair.cookies
    assert house.client.delete(f"/api/themes/{made['id']}", headers=headers).status_code == 204
    assert items(house.chair.get("/forums/third-forum/taxonomies"))[0]["themes"] == []


@pytest.mark.parametrize("role", [Role.MEMBER, Role.OBSERVER, Role.TRANSLATOR, Role.COMMITTEE])
def test_who_may_not_settle_changes_nothing(house, role):
    confirm(house, 1)
    for path, body in (
        ("rulings", {"numbers": [1], "outcome": "taken_up"}),
        ("merger", {"kept": 1, "numbers": [2]}),
        ("themes", {"numbers": [1], "themes": [str(new_id())]}),
    ):
        assert house[role].post(f"{REGISTER}/{path}", body).status_code == 404
    assert house[role].post("/forums/third-forum/taxonomies", {"kind": "goals"}).status_code == 404


def test_a_search_is_kept_for_oneself_and_shared_among_rapporteurs(house):
    mine = {"name": "Open", "query": "standing=proposed", "is_shared": True}
    house.chair.post("/forums/third-forum/views", mine)
    house.member.post("/forums/third-forum/views", {**mine, "name": "Theirs"})
    assert [one["name"] for one in items(house[Role.RAPPORTEUR].get("/forums/third-forum/views"))] == ["Open"]
    assert [one["name"] for one in items(house.member.get("/forums/third-forum/views"))] == ["Theirs"]


def test_the_register_goes_out_as_a_spreadsheet_without_formulas(house):
    house.session("Sums", "=2+2 must be four in every town.")
    answer = house.chair.get(f"{REGISTER}/file?words=four")
    assert answer.status_code == 200
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    assert sheet.freeze_panes == "A2"
    assert [sheet["A2"].value, sheet["B2"].value, sheet["B2"].data_type] == [4, "=2+2 must be four in every town.", "s"]
    values = house.chair.get(f"{REGISTER}/file?kind=csv&words=four")
    assert "'=2+2 must be four" in values.text
    assert house.chair.get(f"{REGISTER}/file?kind=pdf").status_code == 404


def upload(house, role, name, content, said_in="es"):
    return house[role].post(f"{REGISTER}/answers", files={"file": (name, content)}, data={"said_in": said_in})


def test_answers_to_a_questionnaire_become_proposals_under_their_questions(house):
    with house.store.writing() as db:
        PeopleService(db).add_organisation(factories.forum(db), name="Ciudad de Almadraba", actor=OPERATOR)
    table = "Entidad;¿Qué hacer, dónde, cuándo?;¿Quién paga?\nCiudad de Almadraba;Plantar sombra en cada calle;No\n"
    assert upload(house, Role.SECRETARIAT, "respuestas.csv", table.encode()).json()["recommendations"] == 1
    [one] = items(house.chair.get(f"{REGISTER}?words=sombra"))
    assert [one["language"], one["organisation"], one["section"]] == [
        "es",
        "Ciudad de Almadraba",
        "¿Qué hacer, dónde, cuándo?",
    ]


def test_a_list_of_recommendations_is_taken_in_row_by_row(house):
    table = "Recommandation,Langue,Ville\nPlanter des arbres partout,français,\nPlant a tree in every street,en,\n"
    assert upload(house, Role.CHAIR, "liste.csv", table.encode(), "fr").json()["recommendations"] == 2
    assert [one["language"] for one in items(house.chair.get(f"{REGISTER}?words=tree"))] == ["en"]


def test_columns_of_a_list_that_nobody_reads_are_named(house, visit):
    table = "Recomendación;Texto;Nombre;Comentario\nPlantar sombra;;Ana;Urgente\n".encode()
    assert upload(house, Role.CHAIR, "lista.csv", table).json() == {
        "recommendations": 1,
        "unknown_columns": ["Texto", "Comentario"],
    }
    chair = visit(house.people[Role.CHAIR])
    sent = {"csrf": token_of(chair), "said_in": "es"}
    answer = chair.post("/es/third-forum/recommendations/answers", data=sent, files={"file": ("lista.csv", table)})
    assert "Columnas omitidas (desconocidas o repetidas): Texto, Comentario." in answer.text


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04broken", b"\x00\x01", b"Id,No\n1,2\n"])
def test_a_file_that_is_no_list_is_refused_and_leaves_nothing(house, content):
    answer = upload(house, Role.CHAIR, "list.xlsx", content)
    assert answer.status_code == 422, answer.text
    assert numbers(house.chair.get(REGISTER)) == [1, 2, 3]


def test_more_recommendations_and_themes_need_no_more_queries(house):
    goals = house.chair.post("/forums/third-forum/taxonomies", {"kind": "goals"}).json()
    house.chair.post(f"{REGISTER}/themes", {"numbers": [1], "themes": [goals["themes"][0]["id"]]})
    alone = house.queries(f"{REGISTER}?limit=1")
    house.chair.post(f"{REGISTER}/themes", {"numbers": [1, 2, 3], "themes": [one["id"] for one in goals["themes"][:3]]})
    assert house.queries(f"{REGISTER}?limit=3") == alone


TOWNS = (
    "Entidad;Recomendación\nCiudad de Almadraba;Plantar sombra\nVilla Nueva;Abrir el archivo\nRed Sur;Cerrar puentes\n"
)


@pytest.fixture
def almadraba(house):
    with house.store.writing() as db:
        made = PeopleService(db).add_organisation(factories.forum(db), name="Ciudad de Almadraba", actor=OPERATOR)
        return str(made.id)


def test_an_unknown_organisation_of_a_questionnaire_is_asked_about_and_never_dropped(house, almadraba):
    asked = upload(house, Role.SECRETARIAT, "r.csv", TOWNS.encode())
    facts = asked.json()["facts"]
    assert [asked.status_code, facts["reason"], facts["names"]] == [
        422,
        "unknown_organisations",
        "Villa Nueva\nRed Sur",
    ]
    assert numbers(house.chair.get(REGISTER)) == [1, 2, 3]
    data = {"said_in": "es", "named": ["Villa Nueva", "Red Sur"], "becomes": [almadraba, "name"]}
    taken = house[Role.SECRETARIAT].post(f"{REGISTER}/answers", files={"file": ("r.csv", TOWNS.encode())}, data=data)
    assert taken.json()["recommendations"] == 3, taken.text
    made = items(house.chair.get(REGISTER))[3:]
    assert [(one["organisation"], one["said_by"]) for one in made] == [
        ("Ciudad de Almadraba", ""),
        ("Ciudad de Almadraba", ""),
        ("", "Red Sur"),
    ]


@pytest.mark.parametrize("becomes", ["nonsense", "01a20510-1761-7a10-ac69-5b434f7caaba"])
def test_an_organisation_that_there_is_not_is_refused(house, becomes):
    data = {"said_in": "es", "named": "Villa Nueva", "becomes": becomes}
    table = "Entidad;Recomendación\nVilla Nueva;Abrir el archivo municipal\n"
    answer = house.chair.post(f"{REGISTER}/answers", files={"file": ("r.csv", table.encode())}, data=data)
    assert answer.status_code == 404
    assert numbers(house.chair.get(REGISTER)) == [1, 2, 3]


def test_the_page_asks_keeps_the_file_and_makes_what_is_chosen(house, almadraba, visit):
    assert almadraba
    client, address = visit(house.people[Role.SECRETARIAT]), "/en/third-forum/recommendations/answers"
    fields = {"csrf": token_of(client), "said_in": "es"}
    asked = Page(client.post(address, data=fields, files={"file": ("r.csv", TOWNS.encode())}))
    assert asked.data("unknown") == ["Villa Nueva", "Red Sur"]
    sent = {**dict(asked.form("/answers").values), "csrf": token_of(client), "named": asked.data("unknown")}
    again = Page(client.post(address, data={**sent, "becomes": ["new", ""]}, files={"x": ("", b"")}))
    assert again.form("/answers").element.xpath(".//option[@selected]/@value") == ["new"]
    done = client.post(address, data={**sent, "becomes": ["new", "name"]}, files={"x": ("", b"")})
    assert [done.status_code, str(done.url).rpartition("/")[2][:15]] == [200, "recommendations"]
    made = items(house.chair.get(REGISTER))[3:]
    assert [one["organisation"] or one["said_by"] for one in made] == ["Ciudad de Almadraba", "Villa Nueva", "Red Sur"]
    assert "Red Sur" in Page(client.get("/en/third-forum/recommendations")).by_id("r-6").text
