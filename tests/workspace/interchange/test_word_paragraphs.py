"""What a Word file proposes, paragraph by paragraph: apart or together, to the text or to an open amendment."""

import io
import zipfile

import docx
import pytest

from drafts.text.blocks import Language
from tests.support import factories
from tests.support.page import Page
from tests.support.texts import delete, insert, move, reword, split
from tests.support.word import InWord
from tests.workspace.amendments.room import LIGHT, SHADE, WATER, opened
from tests.workspace.interchange.test_side_door import sent
from tests.workspace.interchange.test_word import amendments, brought, taken
from workspace.core.actor import Role
from workspace.translations.domain.service import TranslationService


def ticked(page: Page) -> list[str]:
    return page.root.xpath("//input[@name='take'][@checked]/@value")


def offered(page: Page) -> list[str]:
    return page.root.xpath("//input[@name='take']/@value")


def two_changed(room, office) -> str:
    file = InWord(taken(office), author=room.member.name).replace("clean water", "free water")
    return brought(office, file.replace("after dark", "at night").save()).headers["location"]


def settle(room, office, address: str, *places: str, **more):
    person = [str(room.member.person_id)] * len(offered(office.page(address)))
    return office.fill(
        office.see(address), address, take=list(places), person=person, reason=[""] * len(person), **more
    )


def test_each_paragraph_is_an_amendment_and_any_of_them_can_be_left(room, office):
    address = two_changed(room, office)
    assert ticked(office.page(address)) == ["0", "1"]
    assert settle(room, office, address, "1").status_code == 303
    assert [words for _, words in amendments(room).values()] == [[LIGHT.replace("after dark", "at night")]]


def test_paragraphs_taken_apart_are_two_amendments_and_together_one(room, office):
    free, night = WATER.replace("clean", "free"), LIGHT.replace("after dark", "at night")
    assert settle(room, office, two_changed(room, office), "0", "1", join="1").status_code == 303
    assert [words for _, words in amendments(room).values()] == [[free, night]]


def test_the_api_files_them_together_on_request(house):
    table = house.declaration(WATER, LIGHT)
    secretary, member = house[Role.SECRETARIAT], str(house.people[Role.MEMBER].person_id)
    out = secretary.get(f"{table.path}/word/text/en").content
    data = InWord(out).replace("clean water", "free water").replace("after dark", "at night").save()
    read = secretary.post(f"{table.path}/word/returned", files={"file": ("back.docx", data)})
    body, tag = read.json(), {"if_match": read.headers["etag"].strip('"')}
    assert [len(one["changes"]) for one in body["proposals"]] == [1, 1]
    path = f"{table.path}/word/returned/{body['document']['id']}/settlement"
    unknown = secretary.post(path, {"proposals": [{"place": 0, "also": [7], "person": member}]}, **tag)
    assert (unknown.status_code, unknown.json()["code"]) == (422, "workspace.invalid")
    settled = secretary.post(path, {"proposals": [{"place": 0, "also": [1], "person": member}]}, **tag)
    assert settled.json()["amendments"] == [1]


def test_a_new_paragraph_goes_with_its_items_and_its_footnote_with_the_words_that_call_it(store, office_of):
    room = opened(store, "Towns shall share water.", "Towns shall light paths.")
    office = office_of(room)
    file = InWord(taken(office), author=room.member.name)
    file.add_paragraph("Towns shall share water.", "Towns shall plant trees.")
    file.add_paragraph("Towns shall light paths.", "Towns shall keep wells.")
    page = office.page(brought(office, file.save()).headers["location"])
    assert offered(page) == ["0", "1"]


def without_our_part(data: bytes) -> bytes:
    """The file as a program saves it that keeps nothing but the words, the bookmarks and the properties."""
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(kept, "w") as after:
        for name in before.namelist():
            if not name.startswith("customXml/"):
                after.writestr(name, before.read(name))
    return kept.getvalue()


@pytest.mark.parametrize("saved", [bytes, without_our_part])
def test_a_file_made_before_a_translation_does_not_propose_to_delete_it(store, office_of, saved):
    spanish = "Los pueblos comparten el agua limpia."
    room = opened(store, {Language.EN: WATER, Language.ES: spanish}, {Language.EN: LIGHT}, {Language.EN: SHADE})
    office = office_of(room)
    data = taken(office, text="es")
    with store.writing() as db:
        found = room.rows()[1]
        translator = factories.person(db, Role.TRANSLATOR)
        TranslationService(db).save(
            room.declaration.id,
            found.block_id,
            Language.ES,
            "Los pueblos alumbran.",
            sources=(),
            expected=None,
            actor=translator,
        )
    page = office.page(brought(office, saved(data)).headers["location"])
    assert (offered(page), page.root.xpath("//button[@name='read_in']")) == ([], [])


def test_what_could_not_be_told_from_untracked_changes_is_never_ticked(room, office):
    data = InWord(taken(office), author="").replace("clean water", "free water").save()
    mixed = InWord(data, author=room.member.name).replace("free water", "open wells").save()
    page = office.page(brought(office, mixed).headers["location"])
    assert ticked(page) == ["0"], "the untracked change alone"
    assert page.data("author")[0] == ""


def test_what_an_open_amendment_asks_for_already_is_not_ticked_and_is_refused_on_the_page(room, office):
    number = room.propose(reword(room.block(0), WATER.replace("clean", "free")))
    data = InWord(taken(office), author="").replace("clean water", "free water").save()
    address = brought(office, data).headers["location"]
    page = office.page(address)
    assert (ticked(page), page.data("same")) == ([], [str(number)])
    refused = settle(room, office, address, "0")
    assert refused.status_code == 422
    assert Page(refused).refusals or Page(refused).text
    assert list(amendments(room)) == [number]


def test_an_untouched_file_with_open_amendments_of_every_kind_proposes_nothing(room, office):
    room.propose(reword(room.block(0), WATER.replace("clean", "free")))
    room.propose(reword(room.block(0), WATER.replace("their", "all their")))
    room.propose(reword(room.block(0), WATER.replace("clean", "cold").replace("Towns", "Cities")), by=room.other)
    room.propose(insert("new", "Towns shall dig wells.", after=room.block(1)))
    room.propose(insert("new", "Towns shall mend pipes.", after=room.block(1)), by=room.other)
    room.propose(split(room.block(2), "Towns shall plant one tree", ("new", "for every child born.")))
    room.propose(move(room.block(1), after=room.block(2)), by=room.other)
    number = room.propose(delete(room.block(1)))
    room.amend(1, reword(room.block(0), WATER.replace("clean", "very free")))
    page = office.page(brought(office, taken(office, "amendments")).headers["location"])
    assert offered(page) == [], [page.data("author"), number]


def test_the_file_says_which_open_amendments_it_leaves_out(room, office):
    room.propose(reword(room.block(0), WATER.replace("clean", "free")))
    child = room.amend(1, reword(room.block(0), WATER.replace("clean", "very free")))
    overtaken = room.propose(reword(room.block(1), LIGHT.replace("after dark", "at night")))
    room.edit(reword(room.block(1), LIGHT.replace("after dark", "by day")))
    data = taken(office, "amendments")
    said = [comment.text for comment in docx.Document(io.BytesIO(data)).comments]
    assert [text for text in said if f"{child}, {overtaken}" in text], said
    page = office.page(brought(office, data).headers["location"])
    assert not page.has_field("say")


@pytest.mark.usefixtures("clock_stands")
def test_two_amendments_of_one_second_are_known_when_they_come_back(room, office):
    room.propose(reword(room.block(0), WATER.replace("clean", "free")))
    room.propose(reword(room.block(0), WATER.replace("neighbours", "guests")))
    room.propose(reword(room.block(1), LIGHT.replace("after dark", "at night")))
    page = office.page(brought(office, taken(office, "amendments")).headers["location"])
    assert (offered(page), page.data("on-record")) == ([], ["3"])


@pytest.mark.parametrize("author", ["", "Inés Duarte"])
def test_an_edit_inside_an_open_amendment_amends_it_in_the_senders_name(room, office, author):
    number = room.propose(reword(room.block(0), WATER.replace("clean", "free and open")))
    room.edit(reword(room.block(1), LIGHT.replace("after dark", "at night")))  # decided elsewhere in the meantime
    data = InWord(taken(office, "amendments"), author=author).replace("open", "safe").save()
    address = brought(office, data).headers["location"]
    page = office.page(address)
    assert (page.data("author"), page.data("amends")) == ([author], [str(number)])
    assert "h-unplaced" not in office.client.get(address).text
    sent = office.fill(office.see(address), address, take="0", person=str(room.other.person_id), reason="")
    assert sent.status_code == 303
    filed = amendments(room)
    assert filed[number][0] == room.member.name
    assert filed[number + 1] == (room.other.name, [WATER.replace("clean", "free and safe")])
    assert room.amendment(number + 1).parent.number == number


@pytest.mark.parametrize("author", ["", "Inés Duarte"])
def test_an_edit_inside_a_paragraph_that_an_amendment_adds_amends_it(room, office, author):
    number = room.propose(insert("new", "Towns shall dig deep wells for all.", after=room.block(1)))
    room.edit(reword(room.block(0), WATER.replace("clean", "free")))
    data = InWord(taken(office, "amendments"), author=author).replace("deep wells", "open wells").save()
    address = brought(office, data).headers["location"]
    page = office.page(address)
    assert (page.data("author"), page.data("amends")) == ([author], [str(number)])
    assert "h-unplaced" not in office.client.get(address).text
    assert (
        office.fill(office.see(address), address, take="0", person=str(room.other.person_id), reason="").status_code
        == 303
    )
    assert amendments(room)[number + 1] == (room.other.name, ["Towns shall dig open wells for all."])


@pytest.mark.parametrize("author", ["", "Inés Duarte"])
def test_a_paragraph_typed_after_one_that_an_amendment_adds_is_a_new_one(room, office, author):
    number = room.propose(insert("new", "Towns shall dig deep wells for all.", after=room.block(0)))
    data = InWord(taken(office, "amendments"), author=author).add_paragraph("deep wells", "Towns mend pumps.").save()
    page = office.page(address := brought(office, data).headers["location"])
    assert (page.data("author"), page.data("amends"), page.data("on-record")) == ([author], [], [str(number)])
    sent = office.fill(office.see(address), address, take="0", person=str(room.other.person_id), reason="")
    assert sent.status_code == 303
    assert amendments(room)[number + 1] == (room.other.name, ["Towns mend pumps."])


@pytest.mark.parametrize("author", ["", "Inés Duarte"])
def test_a_paragraph_that_an_amendment_adds_taken_apart_is_told_and_loses_no_word(room, office, author):
    room.propose(insert("new", "Towns shall dig deep wells for all.", after=room.block(0)))
    data = InWord(taken(office, "amendments"), author=author).split("wells for all").save()
    page = office.page(address := brought(office, data).headers["location"])
    assert (page.data("author"), page.data("amends")) == ([], [])
    assert "h-unplaced" in office.client.get(address).text


def test_an_untracked_edit_elsewhere_in_an_amended_paragraph_is_an_amendment_of_its_own(room, office):
    number = room.propose(reword(room.block(0), WATER.replace("clean", "free")))
    data = InWord(taken(office, "amendments"), author="").replace("neighbours", "guests").save()
    address = brought(office, data).headers["location"]
    page = office.page(address)
    assert (page.data("author"), page.data("amends"), page.data("on-record")) == ([""], [], ["1"])
    assert (
        office.fill(office.see(address), address, take="0", person=str(room.other.person_id), reason="").status_code
        == 303
    )
    assert amendments(room)[number + 1] == (room.other.name, [WATER.replace("neighbours", "guests")])


def test_a_short_mail_and_an_unmarked_word_file_are_read_in_another_language_on_demand(store, office_of):
    french = ["Les communes partagent leur eau avec leurs voisines.", "Les communes plantent des arbres en ville."]
    oaks = french[1].replace("arbres", "chênes")
    room = opened(store, {Language.EN: WATER, Language.FR: french[0]}, {Language.EN: SHADE, Language.FR: french[1]})
    office = office_of(room)
    letter, data = docx.Document(), io.BytesIO()
    for line in (french[0], oaks):
        letter.add_paragraph(line)
    letter.save(data)
    word = brought(office, data.getvalue()).headers["location"]
    mail = sent(office, "Paragraph 1: delete.").headers["location"]
    for address in (word, mail):
        assert office.page(address).root.xpath("//button[@name='read_in']/@value") == ["fr"]
        assert office.send(address, read_in="es").status_code == 422
        assert office.send(address, read_in="fr").status_code == 303
        assert office.page(address).root.xpath("//button[@name='read_in']/@value") == ["en"]
    settle(room, office, word, "0")
    assert [words for _, words in amendments(room).values()] == [[oaks]]
    assert office.send(word, read_in="en").status_code == 422
