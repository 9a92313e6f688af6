"""Word out and in: what is taken to Word, changed there and brought back, and what is filed of it."""

import io
import re
import zipfile
from collections.abc import Sequence

import docx
import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from drafts.formats.docx.reader import read
from tests.support import factories
from tests.support.page import Page
from tests.support.site import token_of
from tests.support.texts import insert, reword
from tests.support.word import InWord
from tests.workspace.amendments.browsing import DRAFT, browsing
from tests.workspace.amendments.room import LIGHT, SHADE, WATER, opened
from workspace.amendments.domain.models import Verdict
from workspace.amendments.service import AmendmentService
from workspace.comments.queries import Conversations
from workspace.core.actor import Role
from workspace.core.settings import Settings
from workspace.core.storage.db import Store
from workspace.core.storage.log import LogEntry
from workspace.declarations.domain import queries
from workspace.declarations.domain.service import DeclarationService
from workspace.interchange.cli import word

WORD = f"{DRAFT}/word"


@pytest.fixture
def room(store: Store):
    return opened(store)


@pytest.fixture
def office(room):
    """The browser of somebody in the secretariat."""
    with room.store.writing() as db:
        secretary = factories.person(db, Role.SECRETARIAT)
    with browsing(room.store, secretary) as browser:
        yield browser


def taken(browser, form="clean", **query) -> bytes:
    answer = browser.client.get(f"{WORD}/file", params={"form": form, "text": "en", **query})
    assert answer.status_code == 200, answer.text
    return answer.content


def brought(browser, data: bytes, name: str = "returned.docx"):
    return browser.client.post(
        WORD,
        data={"csrf": token_of(browser.client)},
        files={"file": (name, data, "application/octet-stream")},
        follow_redirects=False,
    )


def amendments(room) -> dict[int, tuple[str, list[str]]]:
    with room.store.reading() as db:
        found = AmendmentService(db).of_declaration(room.declaration, actor=room.chair)
        return {
            one.number: (one.proposer.name, [record.change.get("text") or record.op for record in one.own.changes])
            for one in found
        }


def test_what_was_tracked_in_word_is_filed_in_the_name_of_whoever_sent_it(room, office):
    data = InWord(taken(office), author=room.member.name).replace("clean water", "free water").save()

    answer = brought(office, data)
    preview = office.see(answer.headers["location"])

    assert "free" in preview.text
    assert amendments(room) == {}
    fields = {"take": "0", "person": str(room.member.person_id), "reason": "It should cost nothing."}
    settled = office.fill(office.see(answer.headers["location"]), answer.headers["location"], **fields)
    assert settled.status_code == 303
    assert amendments(room) == {1: (room.member.name, [WATER.replace("clean", "free")])}


def test_what_is_in_brackets_has_a_comment_that_says_so_and_does_not_come_back_as_a_proposal(room, office):
    room.propose(insert("new", "Towns shall dig.", after=room.block(1)))
    room.propose(reword(room.block(0), WATER.replace("clean", "free")))
    room.decide(dict.fromkeys((1, 2), Verdict.BRACKET))

    data = taken(office)

    said = {one.text for one in docx.Document(io.BytesIO(data)).comments}
    lines = sorted([line.partition(": ")[2] for line in one.splitlines()[1:]] for one in said)
    assert lines == sorted([["Towns shall dig."], [WATER, WATER.replace("clean", "free")]])
    assert len({one.splitlines()[0] for one in said}) == 2, "a whole paragraph is told apart from its words"
    answer = brought(office, data)
    assert "Towns shall dig." not in office.page(answer.headers["location"]).text
    assert room.texts()[2] == "Towns shall dig."


def test_comments_and_their_answers_are_taken_over_on_the_words_they_are_about(room, office):
    file = InWord(taken(office), author=room.member.name)
    data = file.comment("every public path", "Every one?").comment("after dark", "Yes.", to="Every one?").save()

    address = brought(office, data).headers["location"]
    assert "Every one?" in office.page(address).text
    assert (
        office.fill(office.see(address), address, say="0", speaker=str(room.member.person_id), about="").status_code
        == 303
    )

    with room.store.reading() as db:
        threads = Conversations(db).threads(room.declaration, actor=room.chair)
        [thread] = [one for found in threads.values() for one in found]
    assert [(one.author, one.text) for one in thread.comments] == [
        (room.member.name, "Every one?"),
        (room.member.name, "Yes."),
    ]
    assert str(thread.block_id) == room.block(1)
    assert thread.words.chosen == "every public path"


def test_a_file_whose_changes_were_accepted_is_compared_with_the_revision_it_was_made_from(room, office):
    data = InWord(taken(office), author="").replace("one tree", "two trees").save()
    room.edit(reword(room.block(0), "Towns shall share clean water with all."))

    address = brought(office, data).headers["location"]
    preview = office.page(address)
    assert preview.data("author") == [""]
    assert "share" not in preview.text_of("author")
    office.fill(office.see(address), address, take="0", person=str(room.member.person_id), reason="")
    assert amendments(room) == {1: (room.member.name, [SHADE.replace("one tree", "two trees")])}


def test_nothing_is_filed_where_one_of_the_chosen_is_refused(room, office):
    file = InWord(taken(office), author=room.member.name).replace("clean water", "free water")
    file.author = "Somebody Else"
    address = brought(office, file.replace("after dark", "at night").save()).headers["location"]

    both = {"take": ["0", "1"], "person": [str(room.member.person_id), ""], "reason": ["", ""]}
    refused = office.fill(office.see(address), address, **both)

    assert refused.status_code == 422
    assert Page(refused).refusals
    assert amendments(room) == {}


def test_the_same_file_is_received_once_and_settled_once(room, office):
    data = InWord(taken(office), author=room.member.name).replace("clean water", "free water").save()
    address = brought(office, data, "first.docx").headers["location"]
    assert brought(office, data, "second.docx").headers["location"] == address
    fields = {"take": "0", "person": str(room.member.person_id), "reason": ""}
    assert office.fill(office.see(address), address, **fields).status_code == 303
    assert office.fill(office.see(address), address, **fields).status_code == 422
    assert list(amendments(room)) == [1]
    assert office.client.get(f"{address}/file").content == data


def test_a_member_files_their_own_and_nobody_elses(room):
    with browsing(room.store, room.member) as browser:
        data = InWord(taken(browser), author="Marta").replace("clean water", "free water").save()
        address = brought(browser, data).headers["location"]
        other = {"take": "0", "person": str(room.other.person_id), "reason": ""}
        assert browser.fill(browser.see(address), address, **other).status_code in {404, 422}
        assert amendments(room) == {}
        assert (
            browser.fill(browser.see(address), address, **{**other, "person": str(room.member.person_id)}).status_code
            == 303
        )
    assert amendments(room)[1][0] == room.member.name


def test_an_observer_takes_the_text_away_and_can_bring_nothing_back(room):
    with room.store.writing() as db:
        observer = factories.person(db, Role.OBSERVER)
    with browsing(room.store, observer) as browser:
        data = taken(browser)
        assert not browser.page(WORD).has_field("file")
        assert brought(browser, data).status_code == 404
    with browsing(room.store, None) as visitor:
        assert visitor.see(WORD).status_code == 404
        assert visitor.see(f"{WORD}/file?form=clean&text=en").status_code == 404


def test_open_amendments_go_out_as_tracked_changes_and_are_known_when_they_come_back(room, office):
    number = room.propose(reword(room.block(0), WATER.replace("clean", "free")))
    out = taken(office, "amendments")
    assert docx.Document(io.BytesIO(out)).comments
    file = InWord(out, author="Inés Duarte").replace("after dark", "at night")

    address = brought(office, file.save()).headers["location"]
    assert office.page(address).data("on-record") == ["1"]
    office.fill(office.see(address), address, take="0", person=str(room.other.person_id), reason="")
    filed = amendments(room)
    assert filed[number][0] == room.member.name
    assert filed[number + 1] == (room.other.name, [LIGHT.replace("after dark", "at night")])
    assert len(filed) == 2


def test_two_revisions_are_compared_in_word_and_the_past_is_for_those_who_may_read_it(room, office):
    room.edit(reword(room.block(0), WATER.replace("clean", "free")))
    data = taken(office, "changes", **{"from": "1", "to": "2"})
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        body = file.read("word/document.xml").decode()
    assert "<w:del " in body
    assert "<w:ins " in body
    room.edit(reword(room.block(1), LIGHT.replace("after dark", "at night")))
    assert taken(office, "changes", **{"from": "1", "to": "2"}) == data
    assert taken(office, "changes", **{"from": "1", "to": "3"}) != data
    with browsing(room.store, None) as visitor:
        assert visitor.see(f"{DRAFT}/word/file?form=changes&text=en&from=1&to=2").status_code == 404


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (b"PK\x03\x04 no archive", "workspace.bad_file:not_an_archive"),
        (b"%PDF-1.7", "workspace.bad_file:not_word"),
        (b"plain words", "workspace.bad_file:not_word"),
        (b"", "workspace.bad_file:empty"),
    ],
)
def test_a_file_that_is_not_word_is_refused_beside_its_field(office, data, refusal):
    answer = brought(office, data)
    assert answer.status_code == 422
    assert Page(answer).field("file").error == refusal


def test_a_file_of_another_declaration_is_refused(room, office):
    data = taken(office)
    with room.store.writing() as db:
        factories.declaration(db, "Another text.", slug="other")
    address = WORD.replace("declaration", "other")
    answer = office.client.post(
        address, data={"csrf": token_of(office.client)}, files={"file": ("a.docx", data)}, follow_redirects=False
    )
    assert answer.status_code == 422
    assert Page(answer).refusal == "workspace.invalid:of_another_text"


def test_what_was_done_is_in_the_log_without_a_word_of_the_text(room, office):
    data = InWord(taken(office), author=room.member.name).replace("clean water", "unheard water").save()
    address = brought(office, data).headers["location"]
    office.fill(office.see(address), address, take="0", person=str(room.member.person_id), reason="")
    with room.store.reading() as db:
        entries = list(db.scalars(sa.select(LogEntry).order_by(LogEntry.sequence)))
    kinds = [one.kind for one in entries]
    assert kinds[-3:] == ["document.received", "amendment.proposed", "document.settled"]
    assert all("unheard" not in one.entry for one in entries)


@pytest.mark.parametrize("language", ["es", "en", "fr"])
def test_the_pages_stand_in_every_language(office, language):
    page = office.client.get(WORD.replace("/en/", f"/{language}/"))
    assert page.status_code == 200
    file = InWord(taken(office), author="Somebody").replace("clean", "free").comment("after dark", "Why?")
    address = brought(office, file.embolden("one tree").save()).headers["location"]
    assert office.client.get(address.replace("/en/", f"/{language}/")).status_code == 200


def test_the_api_does_the_same(house):
    table = house.declaration(WATER, LIGHT)
    out = house[Role.SECRETARIAT].get(f"{table.path}/word/text/en")
    assert out.status_code == 200
    data = InWord(out.content, author="Ana").replace("clean water", "free water").comment("after dark", "Why?").save()
    files = {"file": ("returned.docx", data)}

    read = house[Role.SECRETARIAT].post(f"{table.path}/word/returned", files=files)
    assert read.status_code == 201, read.text
    body = read.json()
    assert [one["author"] for one in body["proposals"]] == ["Ana"]
    assert body["proposals"][0]["changes"][0]["text"] == WATER.replace("clean", "free")
    assert body["comments"][0]["about"] == "after dark"

    path = f"{table.path}/word/returned/{body['document']['id']}"
    person = str(house.people[Role.MEMBER].person_id)
    filing = {"proposals": [{"place": 0, "person": person}], "comments": [{"place": 0, "person": person}]}
    tag = {"if_match": read.headers["etag"].strip('"')}
    assert house[Role.OBSERVER].post(f"{path}/settlement", filing, **tag).status_code == 404
    settled = house[Role.SECRETARIAT].post(f"{path}/settlement", filing, **tag)
    assert settled.json() == {"amendments": [1], "comments": 1}
    assert house[Role.SECRETARIAT].get(f"{table.path}/word/returned").json()["items"][0]["amendments"] == [1]
    assert house[Role.SECRETARIAT].get(f"{path}/file").content == data
    for form in ("amendments/en", "columns/en,es", "changes/en/1/1"):
        assert house[Role.SECRETARIAT].get(f"{table.path}/word/{form}").content[:2] == b"PK"


def test_a_declaration_begins_with_a_word_file_and_a_markdown_file(office):
    data = taken(office)
    spanish = (
        "1. Las ciudades compartirán el agua limpia con sus vecinas.\n\n"
        "2. Las ciudades iluminarán todo camino público al anochecer.\n\n"
        "3. Las ciudades plantarán un árbol por cada niño que nazca.\n"
    )
    files = {"en": ("text.docx", data), "es": ("text.md", spanish.encode())}
    fields = {"csrf": token_of(office.client), "way": "texts", "slug": "begun", "language": "en"}
    answer = office.client.post("/en/third-forum/declarations/new", data=fields, files=files, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    begun = office.page(answer.headers["location"]).text
    assert all(text in begun for text in (WATER, SHADE))


def test_doubtful_paragraphs_of_word_files_are_decided_about_on_a_page(room, office):
    texts = {
        "es": ["Las ciudades comparten el agua.", "Nadie pagará el pan."],
        "en": ["Towns share their water.", "Benches shall stand in the shade, and somebody shall mend them."],
    }
    files = {language: (f"{language}.docx", a_word_file(lines)) for language, lines in texts.items()}
    fields = {"csrf": token_of(office.client), "way": "texts", "slug": "begun", "language": "es"}
    address = "/en/third-forum/declarations/new"
    asked = office.client.post(address, data=fields, files=files)
    assert Page(asked).count == 1
    [choice] = re.findall(r'<option value="([^"]*apart[^"]*)"', asked.text)
    kept = dict(re.findall(r'<textarea name="(text_\w+)"[^>]*>\n(.*?)</textarea>', asked.text, re.DOTALL))

    decided = {**fields, **kept, "has_answers": "yes", "row": choice}
    answer = office.client.post(address, data=decided, files={"en": ("", b"")}, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    with room.store.reading() as db:
        begun = DeclarationService(db).at(factories.forum(db), "begun")
        assert [len(row.texts) for row in queries.head_rows(db, begun)] == [2, 1, 1]


def a_word_file(lines: Sequence[str]) -> bytes:
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


HOSTILE = b"""<?xml version="1.0"?><!DOCTYPE akomaNtoso [<!ENTITY a SYSTEM "file:///etc/hostname">]>
<akomaNtoso xmlns="http://docs.oasis-open.org/legaldocml/ns/akn/3.0"><statement><mainBody>
<paragraph><content><p>&a;</p></content></paragraph></mainBody></statement></akomaNtoso>"""


def test_a_declaration_begins_with_akoma_ntoso_and_one_that_calls_for_other_files_is_refused(office):
    plain = HOSTILE.replace(b'<!DOCTYPE akomaNtoso [<!ENTITY a SYSTEM "file:///etc/hostname">]>', b"")
    english = plain.replace(b"&a;", b"Towns shall share 12 wells.")
    files = {"en": ("text.akn.xml", english), "es": ("text.md", b"Las ciudades compartir\xc3\xa1n 12 pozos.")}
    fields = {"csrf": token_of(office.client), "way": "texts", "slug": "begun", "language": "en"}
    address = "/en/third-forum/declarations/new"
    answer = office.client.post(address, data=fields, files=files, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    assert "12 wells" in office.client.get(answer.headers["location"]).text

    refused = office.client.post(address, data=fields, files={**files, "en": ("text.akn.xml", HOSTILE)})
    assert refused.status_code == 422
    assert "workspace.bad_file:doctype" in Page(refused).refusals


def test_a_file_that_is_no_text_at_all_is_refused_beside_its_field(office):
    fields = {"csrf": token_of(office.client), "way": "texts", "slug": "begun", "language": "en"}
    files = {"en": ("text.docx", b"PK\x03\x04 no archive"), "es": ("text.md", b"# Uno")}
    answer = office.client.post("/en/third-forum/declarations/new", data=fields, files=files)
    assert answer.status_code == 422
    assert "workspace.bad_file:not_an_archive" in Page(answer).refusals


def test_the_command_writes_a_file_that_knows_where_it_came_from(room, tmp_path):
    path = tmp_path / "text.docx"
    settings = Settings(database_url=room.store.engine.url.render_as_string(hide_password=False))
    arguments = ["third-forum/declaration", "--text", "en", "--output", str(path)]
    assert CliRunner().invoke(word, arguments, obj=settings).exit_code == 0
    assert read(path.read_bytes()).origin.declaration == str(room.declaration.id)


def without_origin(data: bytes) -> bytes:
    """The file as another program wrote it anew: without the part in which ours says what it holds."""
    with zipfile.ZipFile(io.BytesIO(data)) as file, zipfile.ZipFile(kept := io.BytesIO(), "w") as copy:
        for name in file.namelist():
            content = file.read(name)
            if b"urn:declaration-workspace" not in content:
                copy.writestr(name, content)
    return kept.getvalue()


@pytest.mark.parametrize("name", ["amendment", "proposal", "contribution"])
def test_what_a_file_says_of_an_amendment_is_known_by_whatever_name_it_was_made_under(room, office, name):
    room.propose(reword(room.block(0), WATER.replace("clean", "free")))
    with room.store.writing() as db:
        factories.forum(db).labels = {"amendment": name}
    file = InWord(taken(office, "amendments"), author="Inés Duarte").replace("after dark", "at night")
    data = without_origin(file.save())
    with room.store.writing() as db:
        factories.forum(db).labels = {}

    preview = office.page(brought(office, data).headers["location"])
    assert preview.root.xpath("//*[@aria-labelledby='h-remarks']") == []
