"""Documents attached to a session: who sees it reads them, who edits it attaches and removes them."""

import pytest

from tests.support import factories
from tests.support.page import Page
from tests.support.site import token_of
from workspace.cli import run
from workspace.core.actor import NOBODY, Role

PDF = b"%PDF-1.7\nWater for every district.\n%%EOF\n"
WORD = b"PK\x03\x04word"
SESSIONS = "/forums/third-forum/sessions"


@pytest.fixture
def session(house):
    """Makes a session by its facts; its address."""

    def make(title="Water", **facts):
        with house.store.writing() as db:
            factories.forum(db).is_public_programme = True
        made = house[Role.SECRETARIAT].post(SESSIONS, {"facts": {"title": title, **facts}, "language": "en"})
        return f"/sessions/{made.json()['id']}"

    return make


def links_of(answer, here):
    return [link for link in Page(answer).links if link.startswith(f"{here}/files/")]


def attach(caller, session, name="Note de cadrage – eau.pdf", content=PDF):
    return caller.post(f"{session}/files", files={"file": (name, content)})


def test_a_file_is_attached_read_removed_and_restored_by_the_api(house, session, visit):
    office, water = house[Role.SECRETARIAT], session()
    assert attach(house.member, water).status_code in {403, 404}
    made = attach(office, water)
    assert made.status_code == 201, made.text
    told = made.json()
    assert (told["name"], told["size"]) == ("Note de cadrage – eau.pdf", len(PDF))
    assert house.member.get(f"{water}/files").json()["items"] == [told]
    here = f"{water}/files/{told['id']}"
    read = visit(NOBODY).get(f"/api{here}")
    assert (read.status_code, read.content) == (200, PDF)
    assert read.headers["content-disposition"].startswith('attachment; filename="Note_de_cadrage')
    assert "filename*=UTF-8''Note%20de%20cadrage%20%E2%80%93%20eau.pdf" in read.headers["content-disposition"]
    assert "sandbox" in read.headers["content-security-policy"]
    assert house.member.post(f"{here}/removal").status_code in {403, 404}
    assert office.post(f"{here}/removal").status_code == 200
    assert office.get(f"{water}/files").json()["items"] == []
    assert office.get(here).status_code == 404
    assert office.post(f"{here}/removal/undoing").status_code == 200
    assert house.member.get(f"{water}/files").json()["items"] == [told]


def test_a_file_is_read_by_whoever_sees_its_session_and_by_nobody_else(house, session, visit):
    closed, other = session("Closed", members_only=True), session("Open")
    told = attach(house[Role.SECRETARIAT], closed).json()
    visitor = visit(NOBODY)
    assert house.member.get(f"{closed}/files/{told['id']}").status_code == 200
    page = f"/en/third-forum{closed}/files/{told['id']}"
    for address in (f"/api{closed}/files", f"/api{closed}/files/{told['id']}", page):
        assert visitor.get(address).status_code == 404, address
    assert visitor.get(f"/api{other}/files/{told['id']}").status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("note.html", b"<script>", "not_attachable"),
        ("note.pdf", b"MZ no such thing", "damaged_file"),
        ("note.docx", PDF, "damaged_file"),
        ("locked.xlsx", b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        ("empty.txt", b"", "empty"),
        ("long.txt", b"a" * 10_000_001, "too_large"),
    ],
)
def test_a_file_of_another_kind_or_too_large_is_refused_by_name(house, session, name, content, reason):
    water = session()
    refused = attach(house.chair, water, name, content)
    assert (refused.status_code, refused.json()["facts"]["reason"]) == (422, reason)
    assert refused.json()["facts"]["source"] == name
    assert house.chair.get(f"{water}/files").json()["items"] == []


def test_a_session_has_so_many_files_and_each_of_them_once(house, session):
    water, chair = session(), house.chair
    for number in range(30):
        assert attach(chair, water, f"{number}.txt", f"{number}".encode()).status_code == 201
    assert attach(chair, water, "30.txt", b"30").json()["facts"]["reason"] == "too_many_files"
    other = session("Air")
    first = attach(chair, other).json()["id"]
    assert attach(chair, other, "The same.pdf").json()["id"] == first


def test_files_go_along_with_a_session_that_is_joined(house, session):
    office, kept, other = house[Role.SECRETARIAT], session("Water"), session("Water (report)")
    for address, name in ((kept, "a.docx"), (other, "b.docx")):
        assert attach(office, address, name, WORD).status_code == 201
    assert attach(office, other).status_code == 201
    body = {"into": kept.rpartition("/")[2], "reason": "The same."}
    assert office.post(f"{other}/joining", body).status_code == 200
    assert [file["name"] for file in office.get(f"{kept}/files").json()["items"]] == [
        "a.docx",
        "Note de cadrage – eau.pdf",
    ]


@pytest.mark.parametrize("language", ["en", "es", "fr"])
def test_a_file_is_attached_and_removed_in_a_browser(house, session, visit, language):
    office, visitor = visit(house.people[Role.SECRETARIAT]), visit(NOBODY)
    here = f"/{language}/third-forum{session()}"

    def sent(path, name="", content=b""):
        files = {"file": (name, content)} if name else None
        return office.post(path, data={"csrf": token_of(office)}, files=files, follow_redirects=False)

    assert not Page(visitor.get(here)).forms_to(f"{here}/files")
    assert Page(office.get(here)).forms_to(f"{here}/files")
    refused = sent(f"{here}/files", "note.exe", b"MZ")
    assert (refused.status_code, Page(refused).field("file").is_wrong) == (422, True)
    assert sent(f"{here}/files", "Nota – agua.pdf", PDF).status_code == 303
    shown = Page(visitor.get(here))
    (link,) = links_of(visitor.get(here), here)
    assert "Nota – agua.pdf" in shown.text
    assert visitor.get(link).content == PDF
    assert sent(f"{link}/removal").status_code == 303
    assert not links_of(visitor.get(here), here)
    assert sent(f"{link}/removal/undoing").status_code == 303
    assert links_of(visitor.get(here), here) == [link]


def test_a_file_is_attached_by_command(house, session, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("WORKSPACE_DATABASE_URL", house.store.engine.url.render_as_string())
    water, here = session(), ["--forum", "third-forum"]
    note, script = tmp_path / "Concept note.pdf", tmp_path / "note.exe"
    note.write_bytes(PDF)
    script.write_bytes(b"MZ")
    assert run(["programme", "attach", "1", str(note), *here]) == 0
    assert run(["programme", "attach", "1", str(note), *here]) == 0
    assert capsys.readouterr().out == "Concept note.pdf\n" * 2
    assert run(["programme", "attach", "1", str(script), *here]) == 2
    [attached] = house.chair.get(f"{water}/files").json()["items"]
    assert (attached["name"], attached["size"]) == ("Concept note.pdf", len(PDF))
