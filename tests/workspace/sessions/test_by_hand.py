"""Sessions made, corrected in every fact, and removed by people, without any file."""

import io
from datetime import date, time

import openpyxl
import pytest

from tests.support import factories, sheets
from tests.support.page import Page
from tests.support.site import token_of
from workspace.cli import run
from workspace.core.actor import OPERATOR, Role
from workspace.sessions.extraction import SessionDetails, SessionFound
from workspace.sessions.service import SessionService
from workspace.sessions.spreadsheets import COLUMNS
from workspace.sessions.typed_facts import FORMATS, format_of
from workspace.web.i18n.messages import LANGUAGES, messages

SESSIONS = "/forums/third-forum/sessions"
ANA = {"name": "Ana Ruiz", "role": "mayor", "organisation": "Alta", "confirmed": "yes"}
FACTS = {
    "speaking": [ANA],
    "moderating": [{"name": "Luc"}],
    "organisers": ["City of Alta"],
    "objectives": ["Agree on a count."],
    "key_messages": ["Water is short."],
    "questions": ["Who pays?"],
    "agenda": [{"title": "Welcome", "minutes": 10}],
    "format": "hybrid",
    "capacity": 40,
}


def test_a_session_is_made_corrected_and_removed_by_the_api(house):
    office = house[Role.SECRETARIAT]
    facts = {"title": "Water", "starts": "4/3/2027 10:00 +01:00"}
    assert house.member.post(SESSIONS, {"facts": facts, "language": "en"}).status_code == 404
    assert office.post(SESSIONS, {"facts": {"title": " "}, "language": "en"}).status_code == 422
    made = office.post(SESSIONS, {"facts": facts, "language": "en"})
    assert (made.status_code, made.json()["starts"]) == (201, "2027-03-04T10:00+01:00")
    path = f"/sessions/{made.json()['id']}"
    said = office.post(f"{path}/facts", FACTS).json()["details"]
    assert {name: said["found"][name] for name in ("organisers", "format", "capacity")} == {
        name: FACTS[name] for name in ("organisers", "format", "capacity")
    }
    assert said["found"]["speakers"] == [ANA]
    assert [person["name"] for person in said["found"]["moderators"]] == ["Luc"]
    assert [item["title"] for item in said["found"]["agenda"]] == ["Welcome"]
    texts = [[each["text"] for each in said[name]] for name in ("objectives", "key_messages", "discussion_questions")]
    assert texts == [FACTS["objectives"], FACTS["key_messages"], FACTS["questions"]]
    assert office.post(f"{path}/removal", {"reason": " "}).status_code == 422
    assert house.member.post(f"{path}/removal", {"reason": "It never was."}).status_code == 404
    assert office.post(f"{path}/removal", {"reason": "It never was."}).status_code == 200
    assert office.get(path).status_code == 404
    assert office.get(SESSIONS).json()["items"] == []


def test_a_session_that_said_something_is_not_removed(house):
    session = house.session("Water for every district", "Towns must repair their fountains.")
    refused = house.chair.post(f"/sessions/{session}/removal", {"reason": "A slip."})
    assert (refused.status_code, refused.json()["facts"]["reason"]) == (422, "in_use")
    assert house.chair.get(f"/sessions/{session}").status_code == 200


@pytest.mark.parametrize("language", ["en", "es", "fr"])
def test_a_session_is_made_corrected_and_removed_in_a_browser(house, visit, language):
    office = visit(house.people[Role.SECRETARIAT])

    def sent(path, **fields):
        return office.post(path, data={"csrf": token_of(office), **fields}, follow_redirects=False)

    home = f"/{language}/third-forum/sessions"
    assert Page(office.get(home)).links_to(f"{home}/new")
    refused = sent(f"{home}/new", title="", starts="tomorrow")
    assert (refused.status_code, Page(refused).field("starts").is_wrong) == (422, True)
    made = sent(f"{home}/new", title="Water", starts="4/3/2027 10:00")
    assert made.status_code == 303
    here = made.headers["location"].partition("?")[0]
    changed = sent(f"{here}/edit", title="Water", speakers="Ana Ruiz; mayor; Alta\nLuc", objectives="To agree.")
    assert changed.status_code == 303
    shown = Page(office.get(here))
    assert all(words in shown.text for words in ("Ana Ruiz", "Alta", "Luc", "To agree."))
    answer = office.get(f"{here}/edit")
    assert answer.status_code == 200, answer.text
    edited = Page(answer)
    assert edited.field("speakers").value == "Ana Ruiz; mayor; Alta\nLuc"
    assert sent(f"{here}/removal", reason="").status_code == 422
    assert sent(f"{here}/removal", reason="A phantom.").status_code == 303
    assert office.get(here).status_code == 404


def test_the_moments_of_a_session_are_picked_in_the_zone_of_the_place(house, visit):
    office, home = visit(house.people[Role.SECRETARIAT]), "/en/third-forum/sessions"

    def sent(path, **fields):
        return office.post(path, data={"csrf": token_of(office), **fields}, follow_redirects=False)

    assert Page(office.get(f"{home}/new")).field("zone").value == "UTC"
    wrong = sent(f"{home}/new", title="Water", starts="2027-03-04T10:00", zone="Europe/Nowhere")
    assert (wrong.status_code, Page(wrong).field("zone").is_wrong) == (422, True)
    made = sent(f"{home}/new", title="Water", starts="2027-03-04T10:00", zone="UTC")
    here = made.headers["location"].partition("?")[0]
    assert _moments(house, here)["starts"] == "2027-03-04T10:00+00:00"
    form = Page(office.get(f"{here}/edit"))
    assert [form.field(name).value for name in ("starts", "ends", "zone")] == ["2027-03-04T10:00", "", "UTC"]
    sent(f"{here}/edit", title="Water", starts="2027-03-04T10:00", ends="2027-03-04T12:00", zone="America/Lima")
    assert _moments(house, here)["ends"] == "2027-03-04T12:00-05:00"
    kept = Page(office.get(f"{here}/edit"))
    assert [kept.field(name).value for name in ("starts", "ends", "zone")] == [
        "2027-03-04T10:00",
        "2027-03-04T12:00",
        "-05:00",
    ]
    saved = sent(f"{here}/edit", title="Water", **{name: kept.field(name).value for name in ("starts", "ends", "zone")})
    assert _moments(house, here)["starts"] == "2027-03-04T10:00-05:00"
    assert Page(office.get(saved.headers["location"])).result is not None
    sent(f"{here}/edit", title="Water", starts="2027-03-04T10:00", zone="madrid")
    assert _moments(house, here)["starts"] == "2027-03-04T10:00+01:00"


def test_a_moment_whose_clock_nobody_told_is_picked_and_stays_so(house, visit, store):
    office = visit(house.people[Role.SECRETARIAT])
    with store.writing() as db:
        details = SessionDetails(found=SessionFound(title="Water", start="2027-03-04T10:00:00"))
        made = SessionService(db).add(factories.forum(db), details, language="en", document=None, actor=OPERATOR)
        here = f"/en/third-forum/sessions/{made.id}"
    form = Page(office.get(f"{here}/edit"))
    typed = {name: form.field(name).value for name in ("starts", "ends", "zone")}
    assert typed == {"starts": "2027-03-04T10:00", "ends": "", "zone": ""}
    assert form.root.xpath("//input[@id='starts']/@type") == ["datetime-local"]
    office.post(f"{here}/edit", data={"csrf": token_of(office), "title": "Water", "place": "Alta", **typed})
    assert [_moments(house, here)[name] for name in ("starts", "place")] == ["2027-03-04T10:00:00", "Alta"]


def test_a_month_stands_in_the_form_as_it_is_typed(house, visit):
    office, home = visit(house.people[Role.SECRETARIAT]), "/en/third-forum/sessions"
    typed = {"csrf": token_of(office), "title": "Water", "starts": "3/2013"}
    here = office.post(f"{home}/new", data=typed, follow_redirects=False).headers["location"].partition("?")[0]
    assert _moments(house, here)["starts"] == "2013-03"
    assert Page(office.get(f"{here}/edit")).field("starts").value == "3/2013"
    office.post(f"{here}/edit", data={**typed, "place": "Alta"})
    assert [_moments(house, here)[name] for name in ("starts", "place")] == ["2013-03", "Alta"]


def _moments(house, page):
    answer = house.chair.get(f"/sessions/{page.rpartition('/')[2]}")
    return answer.json()["session"]


SHEET = "/forums/third-forum/sessions/sheet"
ROWS = (
    ("Título", "Fecha", "Inicio", "Fin", "Sala", "Ponentes", "Orden del día"),
    ("Apertura", "4/3/2027", "9:00", "10:00", "Plenario", "Ana Ruiz; alcaldesa; Alta; por confirmar", ""),
    ("Agua", date(2027, 3, 4), time(10, 0), "11h30", "A", "Luc\nMei; ; Baja", "10:00-10:15; Pausa\n15 min; Debate"),
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_formats_of_a_spreadsheet_are_in_words_that_are_read_again(language):
    for word, said in FORMATS.items():
        assert format_of(messages(language).gettext(said)) == word


def test_the_spreadsheet_says_the_format_in_the_reader_s_language(house, visit):
    house.chair.post(SESSIONS, {"facts": {"title": "Water", "format": "hybrid"}, "language": "en"})
    sheet = visit(house.people[Role.SECRETARIAT]).get("/es/third-forum/sessions/sheet").content
    assert "híbrida" in [cell.value for cell in openpyxl.load_workbook(io.BytesIO(sheet)).active[2]]


@pytest.fixture
def lima(house):
    with house.store.writing() as db:
        factories.forum(db).timezone = "America/Lima"


def send(caller, content, name="programme.xlsx"):
    return caller.post(SHEET, files={"file": (name, content)}, data={"language": "es"})


@pytest.mark.usefixtures("lima")
@pytest.mark.parametrize("written", [sheets.xlsx, sheets.ods])
def test_a_programme_comes_from_a_spreadsheet(house, written):
    assert send(house.member, written(*ROWS)).status_code == 404
    done = send(house[Role.SECRETARIAT], written(*ROWS))
    assert (done.status_code, len(done.json()["added"])) == (200, 2), done.text
    opening, water = (house.chair.get(f"/sessions/{made}").json() for made in done.json()["added"])
    assert (opening["session"]["starts"], opening["session"]["ends"]) == (
        "2027-03-04T09:00-05:00",
        "2027-03-04T10:00-05:00",
    )
    found = water["details"]["found"]
    assert (found["end"], found["room"], water["session"]["language"]) == ("2027-03-04T11:30-05:00", "A", "es")
    assert [person["organisation"] for person in found["speakers"]] == [None, "Baja"]
    assert [(item["title"], item["is_break"]) for item in found["agenda"]] == [("Pausa", True), ("Debate", False)]


def test_a_spreadsheet_with_a_bad_row_changes_nothing_and_names_it(house):
    bad = (*ROWS, ("", "2027-03-05", "", "", "", "", ""), ("Sombra", "2027-02-30", "10:00", "", "", "", ""))
    done = send(house.chair, sheets.xlsx(*bad))
    assert (done.status_code, [problem["line"] for problem in done.json()["problems"]]) == (422, [4, 5])
    assert house.chair.get(SESSIONS).json()["items"] == []
    assert send(house.chair, sheets.xlsx(("Colour",), ("Blue",))).json()["facts"]["reason"] == "no_titles"


@pytest.mark.parametrize(
    ("column", "typed", "said"),
    [
        ("number", "99", "No.: There is no session 99."),
        ("title", "", "Title: Required."),
        ("day", "31/6/2027", "Date: “31/6/2027” is not a date, such as 2027-06-12."),
        ("day", "2027-02-30", "Date: “2027-02-30” is not a date, such as 2027-06-12."),
        ("day", "the fourth", "Date: “the fourth” is not a date, such as 2027-06-12."),
        ("day", "2027-03", "Date: “2027-03” is not a date, such as 2027-06-12."),
        ("day", "", "Date: Required."),
        ("starts", "25:00", "Starts: “25:00” is not a time."),
        ("ends", "10:30 am", "Ends: “10:30 am” is not a time."),
        ("ends", "2027-03-04T24:30", "Ends: “24:30” is not a time."),
        ("ends", "2027-06-31 11:00", "Ends: “2027-06-31” is not a date, such as 2027-06-12."),
        ("ends", "9 h", "Ends: It cannot end before it starts."),
        ("format", "outdoors", "Format: “outdoors” is not in person, online or hybrid."),
        ("capacity", "many", "Capacity: “many” is not a number."),
        ("agenda", "2027-02-30\n10:00; Welcome", "Agenda: “2027-02-30” is not a date, such as 2027-06-12."),
        ("agenda", "25:10; Welcome", "Agenda: “25:10; Welcome” is not a time."),
        ("members_only", "perhaps", "For members only: “perhaps” is neither yes nor no."),
    ],
)
def test_a_cell_is_refused_in_its_column_for_what_is_wrong_with_it(house, column, typed, said):
    row = {"title": "Water", "day": "2027-03-04", "starts": "10h", "ends": "11 h 15", column: typed}
    done = send(house.chair, sheets.xlsx([COLUMNS[name] for name in row], list(row.values())))
    assert [problem["detail"] for problem in done.json()["problems"]] == [f"Row 2. {said}"]


@pytest.mark.usefixtures("lima")
@pytest.mark.parametrize("language", ["en", "es", "fr"])
def test_what_comes_out_goes_in_again_and_changes_what_differs(house, visit, language):
    office = visit(house.people[Role.SECRETARIAT])
    home = f"/{language}/third-forum/sessions"
    for facts in ({"title": "Water", "starts": "2027-03-04T10:00", **FACTS}, {"title": "Air", "starts": "2027-03-05"}):
        house.chair.post(SESSIONS, {"facts": facts, "language": "en"})
    send(house.chair, sheets.xlsx(*ROWS))
    (file,) = [link for link in Page(office.get(home)).links if link.endswith("/sheet")]
    rows = [list(row) for row in openpyxl.load_workbook(io.BytesIO(office.get(file).content)).active.values]

    def imported(rows):
        files = [("file", ("programme.xlsx", sheets.xlsx(*rows)))]
        answer = office.post(f"{home}/sheet", data={"csrf": token_of(office)}, files=files, follow_redirects=False)
        return answer.status_code

    def states():
        listed = house.chair.get(SESSIONS).json()["items"]
        return [house.chair.get(f"/sessions/{line['id']}").json()["details"] for line in listed]

    before = states()
    assert (imported(rows), states()) == (303, before)
    changed = [row for row in rows if "Agua" in row]
    changed[0][changed[0].index("A")] = "B"
    assert imported([rows[0], changed[0], [None, "New one", *[None] * (len(rows[0]) - 2)]]) == 303
    assert [found["found"]["room"] for found in states()] == ["Plenario", None, "B", None, None]
    assert [found["found"]["title"] for found in states()][-1] == "New one"
    assert imported([rows[0], [99, "Nowhere", *[None] * (len(rows[0]) - 2)]]) == 422


@pytest.mark.usefixtures("lima")
def test_columns_of_a_programme_that_nobody_reads_are_named(house, visit):
    rows = sheets.xlsx(("Title", "Colour", "Titre"), ("Water", "Blue", "Eau"))
    assert send(house.chair, rows).json()["unknown_columns"] == ["Colour", "Titre"]
    office = visit(house.people[Role.SECRETARIAT])
    sent = {"data": {"csrf": token_of(office)}, "files": {"file": ("a.xlsx", rows)}}
    answer = office.post("/fr/third-forum/sessions/sheet", **sent)
    assert "Colonnes ignorées (inconnues ou en double)\N{NO-BREAK SPACE}: Colour, Titre." in answer.text


def test_the_command_writes_and_reads_the_programme_and_joins(house, tmp_path, store, monkeypatch):
    monkeypatch.setenv("WORKSPACE_DATABASE_URL", store.engine.url.render_as_string())
    monkeypatch.setenv("WORKSPACE_LANGUAGE", "en")
    made, file = tmp_path / "made.xlsx", tmp_path / "out.xlsx"
    made.write_bytes(sheets.xlsx(*ROWS))
    here = ["--forum", "third-forum"]
    assert run(["programme", "import", str(made), *here]) == 0
    assert run(["programme", "export", str(file), *here]) == 0
    assert openpyxl.load_workbook(file).active["B2"].value == "Apertura"
    note = tmp_path / "note.txt"
    note.write_text("- Towns must repair their fountains.\n- Regions should lend pumps.\n")
    assert run(["import", str(note), *here, "--session", "2"]) == 0
    assert run(["programme", "remove", "2", *here, "--into", "1", "--reason", "The same."]) == 0
    assert [line["title"] for line in house.chair.get(SESSIONS).json()["items"]] == ["Apertura"]
    said = house.chair.get("/forums/third-forum/recommendations").json()["items"]
    assert said[0]["text"] == "Towns must repair their fountains."


def test_the_command_makes_edits_and_divides_one_session(house, tmp_path, store, monkeypatch, capsys):
    monkeypatch.setenv("WORKSPACE_DATABASE_URL", store.engine.url.render_as_string())
    monkeypatch.setenv("WORKSPACE_LANGUAGE", "en")
    facts, here = tmp_path / "facts.json", ["--forum", "third-forum"]
    facts.write_text('{"title": "Water", "agenda": [{"title": "Welcome"}, {"title": "Pumps"}]}')
    assert run(["programme", "edit", str(facts), *here]) == 0
    assert capsys.readouterr().out == "1\n"
    facts.write_text('{"place": "Alta", "funders": ["City of Alta"]}')
    assert run(["programme", "edit", str(facts), *here, "--number", "1"]) == 0
    facts.write_text('{"where": "Alta"}')
    assert run(["programme", "edit", str(facts), *here, "--number", "1"]) == 2
    assert run(["programme", "divide", "1", "--item", "2", *here, "--reason", "Two rooms."]) == 0
    assert run(["programme", "divide", "1", "--item", "9", *here]) == 2
    sessions = house.chair.get(SESSIONS).json()["items"]
    assert [(line["title"], line["place"]) for line in sessions] == [("Water", "Alta"), ("Pumps", "Alta")]
