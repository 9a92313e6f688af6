"""Forms with a public address: whoever has it answers, keeps a receipt, and hears what became of it."""

import io
from datetime import timedelta

import openpyxl
import pytest

from tests.support.page import Page
from tests.workspace.amendments.browsing import browsing
from workspace.accounts.domain.models import Account
from workspace.core import clock
from workspace.core.actor import OPERATOR, Role
from workspace.core.events import PersonErased
from workspace.core.outbox import Letter, facts_with_link
from workspace.core.security.permissions import Phase
from workspace.declarations.domain.models import Declaration
from workspace.forms.models import FormAnswer, forget
from workspace.interchange.intake.domain.intake import person_at
from workspace.people.models import Organisation
from workspace.people.service import PeopleService

HERE, API = "/en/third-forum/forms", "/forums/third-forum/forms"
GREEN = {"es": "Verde", "en": "Green", "fr": "Vert"}
RED = {"es": "Rojo", "en": "Red", "fr": "Rouge"}
FIELDS = [
    {"key": "colour", "kind": "choice", "label": {"en": "Which?"}, "options": [GREEN, RED], "is_required": True},
    {"key": "several", "kind": "choices", "label": {"en": "Which all?"}, "options": [GREEN, RED]},
    {"key": "grade", "kind": "scale", "label": {"en": "How good?"}, "limit": 5},
    {"key": "say", "kind": "text", "label": {"en": "What should towns do?", "fr": "Que faire ?"}, "limit": 8},
]
EMAIL = "ember@town.example"
NINE = "one two three four five six seven eight nine"
WHO = {"name": "Greta Guest", "email": "greta@home.example"}
FILLED = {"q.colour": "1", "q.several": "0", "q.grade": "4", "q.say": "Mend pumps.\n\nLend pumps."}


@pytest.fixture(autouse=True)
def table(house):
    return house.declaration("Towns share water.", phase=Phase.DRAFTING)


@pytest.fixture
def make(house):
    def made(kind="questionnaire", **fields):
        questions = {"fields": FIELDS} if kind == "questionnaire" else {}
        form = {"title": {"en": "Our water"}, "opens": "2026-01-01T00:00", **questions, **fields}
        answer = house.chair.post(API, {"kind": kind, **{key: each for key, each in form.items() if key != "fields"}})
        assert answer.status_code == 201, answer.text
        number = answer.json()["number"]
        if "fields" in form:
            answer = house.chair.post(f"{API}/{number}", form)
            assert answer.status_code == 200, answer.text
        return number

    return made


def answered(visitor, number, **fields):
    visitor.see(f"{HERE}/{number}")
    answer = visitor.send(f"{HERE}/{number}", **{**FILLED, **WHO, **fields})
    assert answer.status_code == 303, Page(answer).root.text_content()[-600:]
    return answer.headers["location"]


def letters(house, kind):
    with house.store.reading() as db:
        found = db.query(Letter).filter_by(kind=kind).order_by(Letter.id).all()
        return [(letter.to, facts_with_link(house.store, letter.facts)) for letter in found]


def confirm(house, visitor, kind="form_answered"):
    path = letters(house, kind)[-1][1]["path"].replace("{language}", "en")
    visitor.see(path)
    assert visitor.send(path).status_code == 303
    return path


def results(house, number):
    return house.chair.get(f"{API}/{number}/results").json()


def test_a_visitor_answers_and_corrects_by_the_receipt_until_the_form_closes(house, make, monkeypatch):
    number = make(closes="2030-01-01T00:00")
    with browsing(house.store) as visitor:
        receipt = answered(visitor, number)
        assert visitor.page(receipt).part("receipt").root.get("data-state") == "received"
        assert results(house, number)["states"] == {"received": 1}
        confirm(house, visitor)
        assert visitor.page(receipt).part("receipt").root.get("data-state") == "counted"
        late = visitor.send(receipt, **{**FILLED, "q.colour": "0", "q.say": NINE})
        assert late.status_code == 422
        assert visitor.send(receipt, **{**FILLED, "q.colour": "0"}).status_code == 303
        assert visitor.see(receipt[:-1] + ("0" if receipt[-1] != "0" else "1")).status_code == 404
        at = clock.now()
        monkeypatch.setattr(clock, "now", lambda: at + timedelta(days=2_000))
        assert visitor.send(receipt, **FILLED).status_code == 422
    monkeypatch.undo()
    colour, several, grade, said = results(house, number)["fields"]
    assert colour["choices"] == [["Green", 1], ["Red", 0]]
    assert (several["choices"], grade["mean"], said["count"]) == ([["Green", 1], ["Red", 0]], 4.0, 1)


def test_a_form_is_open_between_its_dates_and_a_draft_is_nobodys(house, make):
    draft, past, future = make(opens=""), make(closes="2026-02-01T00:00"), make(opens="2040-01-01T00:00")
    open_one = make()
    with browsing(house.store) as visitor:
        assert [row.root.get("data-form") for row in visitor.page(HERE).rows("form")] == [str(open_one)]
        assert visitor.page("/en/third-forum").rows("open-form")
        assert [visitor.see(f"{HERE}/{number}").status_code for number in (draft, past, future)] == [404, 200, 404]
        assert visitor.page(f"{HERE}/{past}").state == "closed"
        assert visitor.send(f"{HERE}/{past}", **FILLED, **WHO).status_code == 422
        assert visitor.see(f"{HERE}/{open_one}/answers").status_code == 404
        assert visitor.see(f"{HERE}/{open_one}/edit").status_code == 404


def test_wrong_answers_are_refused_at_their_question(house, make):
    number = make(respondent="organisation")
    with browsing(house.store) as visitor:
        visitor.see(f"{HERE}/{number}")
        wrongs = [
            {"q.colour": ""},
            {"q.colour": "7"},
            {"q.grade": "6"},
            {"q.say": NINE},
            {"email": "nobody"},
            {"name": ""},
            {"organisation": ""},
        ]
        for wrong in [*wrongs, {name: said for each in wrongs for name, said in each.items()}]:
            answer = visitor.send(f"{HERE}/{number}", **{**FILLED, **WHO, "organisation": "Villa Clara", **wrong})
            assert answer.status_code == 422
            assert {link.get("href")[1:] for link in Page(answer).root.xpath("//a[*[@data-refusal]]")} == set(wrong)


def test_what_comes_after_the_form_closed_or_was_used_is_refused_beside_what_stands(house, make, monkeypatch):
    number = make("concept_note", closes="2030-01-01T00:00")
    note = {"q.title": "Leaks", "q.objectives": "Count them."}
    with browsing(house.store) as visitor:
        visitor.see(f"{HERE}/{number}")
        receipt = visitor.send(f"{HERE}/{number}", **note, **WHO).headers["location"]

        def refused(path):
            page = Page(visitor.send(path, **{**note, "q.objectives": "Lend them."}))
            typed = page.part("refused-text").text
            assert (page.status, "Lend them." in typed, "Count them." in typed) == (422, True, False)
            assert page.refusal
            return page.root.text_content()

        house.chair.post(f"{API}/{number}/answers/1", {"make_session": True})
        assert "Count them." in refused(receipt)
        at = clock.now()
        monkeypatch.setattr(clock, "now", lambda: at + timedelta(days=2_000))
        assert "Count them." in refused(receipt)
        assert "Count them." not in refused(f"{HERE}/{number}")


def test_who_only_answered_a_form_takes_no_part_in_the_forum(house, make, table):
    member, number = house.people[Role.MEMBER], make()
    with house.store.writing() as db:
        db.add(Account(person_id=member.person_id, email=WHO["email"], made_at=clock.now()))

    def seen():
        with browsing(house.store, house.people[Role.SECRETARIAT]) as office:
            office.see("/en/third-forum")
            circular = office.send("/en/third-forum/sessions/circulars", kind="circular").headers["location"]
            sitting = "/en/third-forum/declaration/sittings"
            office.send(sitting, kind="plenary", at="2030-01-01T10:00", place="Hall")
            office.send(f"{sitting}/1", act="begin")
            speakers = office.page(f"{sitting}/1").field("mandate_id").element.value_options
            return office.page(circular).data("unreached"), speakers

    before = seen()
    with browsing(house.store) as visitor:
        answered(visitor, number, name=member.name)
        confirm(house, visitor)
    assert seen() == before
    with house.store.reading() as db:
        declaration = db.get_one(Declaration, table.id)
        assert person_at(db, declaration, WHO["email"]).id == member.person_id
        assert PeopleService(db).actor_named(declaration.forum, member.name).person_id == member.person_id


def test_signs_that_stand_alone_are_no_words_of_a_limit(house, make):
    said = "- Que faire\u00a0?\n- Dire «\u00a0oui\u00a0»\u202f: un puits – deux pompes !"
    with browsing(house.store) as visitor:
        answered(visitor, make(), **{"q.say": said})


def test_a_refused_change_of_a_form_keeps_what_was_typed_beside_what_is_wrong(house, make):
    path = f"{HERE}/{make()}/edit"
    question = {"act": "put", "key": "say", "label_en": "What now?", "kind": "choice", "limit": "", "options_en": "One"}
    wrongs = [
        ({"options_en": "One"}, "options"),
        ({"options_en": "One\nTwo", "options_es": "Uno"}, "options"),
        ({"kind": "text", "limit": "many"}, "limit"),
        ({"label_en": "", "label_es": ""}, "label"),
    ]
    with browsing(house.store, house.people[Role.SECRETARIAT]) as browser:
        browser.see(path)
        for key, ending in (("say", "say"), ("", "new")):
            for wrong, field in wrongs:
                sent = {**question, **wrong, "key": key}
                page = Page(browser.send(path, **sent))
                assert page.status == 422
                [form] = page.root.xpath(f"//form[.//*[@id='label-{ending}-en']]")
                assert form.xpath(f".//*[@id='{field}']"), (key, field)
                assert form.xpath(".//input[@name='label_en']/@value") == [sent["label_en"]]
                assert form.xpath(".//select[@name='kind']/option[@selected]/@value") == [sent["kind"]]
                assert (
                    sent["kind"] == "text"
                    or form.xpath(".//textarea[@name='options_en']")[0].text.split() == sent["options_en"].split()
                )
        texts = {
            "title_en": "Other water",
            "introduction_fr": "Bonjour",
            "opens": "2027-01-02T00:00",
            "closes": "2027-01-01T00:00",
        }
        page = Page(browser.send(path, **texts, respondent="organisation"))
        assert page.root.xpath("//*[@id='closes-error']")
        assert page.root.xpath("//*[@id='title_en' or @id='opens' or @id='closes']/@value") == [
            "Other water",
            *list(texts.values())[2:],
        ]
        assert page.root.xpath("//*[@id='introduction_fr']")[0].text.strip() == "Bonjour"
        assert page.root.xpath("//*[@id='respondent']/option[@selected]/@value") == ["organisation"]


def test_nobody_fills_the_box_of_a_stranger(house, make):
    number = make()
    for _ in range(3):
        with browsing(house.store) as visitor:
            answered(visitor, number)
    with browsing(house.store) as visitor:
        visitor.see(f"{HERE}/{number}")
        assert visitor.send(f"{HERE}/{number}", **FILLED, **WHO).status_code == 422
    assert len(letters(house, "form_answered")) == 3


def test_an_organisation_answers_once_and_an_unknown_one_is_looked_at_first(house, make):
    number = make(respondent="organisation")
    with browsing(house.store) as visitor:
        answered(visitor, number, organisation="Villa Nova", **{"q.say": "- Mend pumps.\n- Lend\n  pumps."})
        confirm(house, visitor)
    with browsing(house.store) as other:
        other.see(f"{HERE}/{number}")
        again = {**FILLED, **WHO, "email": "other@home.example", "organisation": "villa nova"}
        assert other.send(f"{HERE}/{number}", **again).status_code == 422
    with house.store.reading() as db:
        assert not db.query(Organisation).filter_by(name="Villa Nova").count()
    with browsing(house.store, house.people[Role.SECRETARIAT]) as secretariat:
        page = secretariat.page(f"{HERE}/{number}/answers")
        assert [row.root.get("data-unknown") for row in page.rows("unknown")] == ["Villa Nova"]
        to = f"{HERE}/{number}/answers"
        secretariat.send(to, act="take_up", text="1.say")
        assert house.chair.get("/forums/third-forum/recommendations").json()["items"] == []
        secretariat.send(to, act="identify", named="Villa Nova", becomes="new")
        assert not secretariat.page(to).rows("unknown")
        secretariat.send(to, act="take_up", text="1.say")
        secretariat.send(to, act="take_up", text="1.say")
    register = house.chair.get("/forums/third-forum/recommendations").json()["items"]
    assert [(row["text"], row["standing"]) for row in register] == [
        ("Mend pumps.", "proposed"),
        ("Lend\n  pumps.", "proposed"),
    ]


def test_a_person_answers_a_questionnaire_once_and_proposes_several_sessions(house, make):
    number, call = make(), make("call")
    content = {key.removeprefix("q."): said for key, said in FILLED.items()} | {"several": ["0"]}
    proposal = {"title": "Leaks", "objectives": "Count them."}
    sent = [house.member.post(f"{API}/{number}/answers", {"content": content}).status_code for _ in range(2)]
    assert (sent, results(house, number)["states"]) == ([201, 422], {"counted": 1})
    sent = [house.member.post(f"{API}/{call}/answers", {"content": proposal}).status_code for _ in range(2)]
    assert (sent, results(house, call)["states"]) == ([201, 201], {"counted": 2})
    with house.store.writing() as db:
        db.add(Account(person_id=house.people[Role.MEMBER].person_id, email=EMAIL, made_at=clock.now()))
    for email in (WHO["email"], WHO["email"].upper(), EMAIL):
        with browsing(house.store) as visitor:
            receipt = answered(visitor, number, email=email)
            confirm(house, visitor)
            counts = visitor.page(receipt).part("receipt").root.get("data-state") == "counted"
            assert counts is (email == WHO["email"])
            assert bool(visitor.page(receipt).rows("other")) is not counts


def test_whoever_answered_hears_of_each_step_once_and_reads_it_all_on_one_page(house, make, table):
    number = make()
    with browsing(house.store) as visitor:
        answered(visitor, number)
        own = confirm(house, visitor)
        house.chair.post(f"{API}/{number}/texts", {"texts": [[1, "say"]]})
        recommendations = "/forums/third-forum/recommendations"
        house.chair.post(f"{recommendations}/settlement", {"numbers": [1, 2], "standing": "confirmed"})
        for _ in range(2):
            ruling = {"numbers": [1], "outcome": "declined", "reason": "No pumps."}
            assert house.chair.post(f"{recommendations}/rulings", ruling).status_code < 300
        [_, second] = house.chair.get(recommendations).json()["items"]
        linked = {"block_id": table.block(), "recommendation_id": second["id"], "kind": "partly", "note": ""}
        assert house.chair.post(f"{table.path}/provenance", linked).status_code == 201
        *told, (_, placed) = letters(house, "guest_told")
        assert (placed["number"], placed["text"]) == (2, "Lend pumps.")
        assert sorted(facts["number"] for _, facts in told) == [1, 1, 2]
        assert {facts["path"].replace("{language}", "en") for _, facts in told} == {own}
        page = visitor.page(own)
        assert [row.root.get("data-answered") for row in page.rows("answered")] == ["counted"]
        assert page.data("fate") == ["declined", "partly"]
        assert "No pumps." in page.root.text_content()


def test_what_is_set_aside_is_told_with_its_reason_and_no_longer_counts(house, make):
    number = make()
    with browsing(house.store) as visitor:
        receipt = answered(visitor, number)
        confirm(house, visitor)
        secretariat = house[Role.SECRETARIAT]
        assert secretariat.post(f"{API}/{number}/answers/1", {"state": "set_aside"}).status_code == 422
        secretariat.post(f"{API}/{number}/answers/1", {"state": "set_aside", "reason": "Sent twice."})
        [(to, facts)] = letters(house, "form_outcome")
        assert (to, facts["reason"]) == (WHO["email"], "Sent twice.")
        assert "Sent twice." in visitor.see(receipt).text
        assert visitor.send(receipt, **FILLED).status_code == 422
    assert results(house, number)["fields"][0]["count"] == 0


def test_a_call_becomes_a_session_and_a_note_and_a_report_come_onto_it(house, make):
    call, note, report = make("call"), make("concept_note"), make("report")
    with house.store.writing() as db:
        db.add(Account(person_id=house.people[Role.MEMBER].person_id, email=EMAIL, made_at=clock.now()))
    said = {"title": "Pumps for all", "objectives": "Lend.\nMend.", "languages": "français\narabe"}
    said["speakers"] = "- Ana Ruiz; mayor; Villa Clara; à confirmer"
    house.member.post(f"{API}/{call}/answers", {"content": {**said, "format": "2"}})
    answer = house.chair.post(f"{API}/{call}/answers/1", {"make_session": True})
    assert {to for kind in ("form_receipt", "form_outcome") for to, _ in letters(house, kind)} == {EMAIL}
    [session] = house.chair.get("/forums/third-forum/sessions").json()["items"]
    assert (answer.status_code, session["title"]) == (200, "Pumps for all")
    again = house.chair.post(f"{API}/{call}/answers/1", {"make_session": True})
    assert again.status_code == 422
    more = {"session": session["id"], "title": "Pumps for everybody", "objectives": "Lend.", "key_messages": "Pump."}
    house.member.post(f"{API}/{note}/answers", {"content": more})
    house.chair.post(f"{API}/{note}/answers/1", {"make_session": True})
    [session] = house.chair.get("/forums/third-forum/sessions").json()["items"]
    assert session["title"] == "Pumps for everybody"
    written = {"session": session["id"], "recommendations": "- Towns lend pumps.\n- Towns mend pumps."}
    written |= {"summary": "All agreed.", "key_messages": "Pump.\nShare."}
    house.member.post(f"{API}/{report}/answers", {"content": written})
    house.chair.post(f"{API}/{report}/answers/1", {"make_session": True})
    register = house.chair.get("/forums/third-forum/recommendations").json()["items"]
    assert [(row["text"], row["session_title"]) for row in register] == [
        ("Towns lend pumps.", "Pumps for everybody"),
        ("Towns mend pumps.", "Pumps for everybody"),
    ]
    details = house.chair.get(f"/sessions/{session['id']}").json()["details"]
    found = details["found"]
    assert (found["working_languages"], found["format"]) == (["fr", "ar"], "hybrid")
    assert [(person["name"], person["confirmed"]) for person in found["speakers"]] == [("Ana Ruiz", "no")]
    assert [statement["text"] for statement in details["key_messages"]] == ["Pump.", "Share."]
    with browsing(house.store, house.people[Role.MEMBER]) as member:
        [summary] = member.page(f"/en/third-forum/sessions/{session['id']}").rows("summary")
        assert summary.text == "All agreed."


def test_the_account_of_a_guest_says_what_became_of_each_answer(house, make):
    call, other = make("call"), make()
    with browsing(house.store) as visitor:
        visitor.see(f"{HERE}/{call}")
        visitor.send(f"{HERE}/{call}", **{"q.title": "Pumps for all", "q.objectives": "Lend."}, **WHO)
        account = confirm(house, visitor)
        answered(visitor, other)
        house.chair.post(f"{API}/{call}/answers/1", {"make_session": True})
        house.chair.post(f"{API}/{other}/answers/1", {"state": "set_aside", "reason": "Sent twice."})
        taken, aside = sorted(visitor.page(account).rows("answered"), key=lambda row: "twice" in row.text)
        [session] = house.chair.get("/forums/third-forum/sessions").json()["items"]
        [link] = taken.root.xpath(".//a[contains(@href, '/sessions/')]")
        assert (link.get("href").endswith(session["id"]), "Pumps for all" in link.text) == (True, True)
        assert (aside.root.get("data-answered"), "Sent twice." in aside.text) == ("set_aside", True)


def test_a_receipt_leads_to_what_came_of_the_answer_and_asks_no_more_for_the_address(house, make):
    report = make("report")
    house.chair.post("/forums/third-forum/sessions", {"facts": {"title": "Pumps for all"}, "language": "en"})
    [session] = house.chair.get("/forums/third-forum/sessions").json()["items"]
    with browsing(house.store) as visitor:
        visitor.see(f"{HERE}/{report}")
        written = {"q.session": session["id"], "q.recommendations": "Towns lend pumps.\nTowns mend pumps."}
        receipt = visitor.send(f"{HERE}/{report}", **written, **WHO).headers["location"]
        asked = visitor.page(receipt).part("receipt")
        assert asked.data("unconfirmed") == [""]
        house.chair.post(f"{API}/{report}/answers/1", {"make_session": True})
        shown = visitor.page(receipt).part("receipt")
        assert not shown.data("unconfirmed")
        assert [link.rpartition("/")[2] for link in shown.links if link != receipt] == [session["id"]]
    with browsing(house.store, house.people[Role.SECRETARIAT]) as secretariat:
        links = secretariat.page(receipt).part("receipt").links
        assert [link.rpartition("/")[2] for link in links if link != receipt] == [session["id"], "1", "2"]


def test_a_question_about_a_session_offers_no_texts_to_take_up(house, make):
    report = make("report")
    house.chair.post("/forums/third-forum/sessions", {"facts": {"title": "Pumps for all"}, "language": "en"})
    [session] = house.chair.get("/forums/third-forum/sessions").json()["items"]
    written = {"session": session["id"], "recommendations": "Towns lend pumps."}
    house.member.post(f"{API}/{report}/answers", {"content": written})
    with browsing(house.store, house.people[Role.SECRETARIAT]) as secretariat:
        rows = secretariat.page(f"{HERE}/{report}/answers").rows("result-of")
        assert [row.links for row in rows if row.root.get("data-answered") == "1"] == [
            [],
            ["?question=recommendations"],
        ]


def test_a_member_who_only_answered_a_form_finds_it_among_their_contributions(house, make):
    house.member.post(f"{API}/{make()}/answers", {"content": {"colour": "1", "say": "Mend pumps."}})
    with browsing(house.store, house.people[Role.MEMBER]) as member:
        [own] = [link for link in member.page("/en/account/contributions").links if "/contributions/people/" in link]
        assert member.page(own).data("answered") == ["counted"]


def test_the_secretariat_makes_a_questionnaire_on_its_page(house):
    with browsing(house.store, house.people[Role.SECRETARIAT]) as secretariat:
        secretariat.see(HERE)
        edit = secretariat.send(HERE, kind="questionnaire", title="Water").headers["location"]
        choice = {"act": "put", "kind": "choice", "label_en": "Which?", "label_es": "¿Cuál?"}
        assert secretariat.send(edit, **choice, options_en="Green\nRed", options_es="Verde").status_code == 422
        secretariat.send(edit, **choice, options_en="Green\nRed", options_es="Verde\nRojo")
        secretariat.send(edit, act="put", kind="text", label_en="Why?", limit="50")
        secretariat.send(edit, act="up", key="q2")
        secretariat.send(edit, title_en="Water", title_fr="L’eau", opens="2026-01-01T00:00", respondent="person")
        assert [row.root.get("data-question") for row in secretariat.page(edit).rows("question")] == ["q2", "q1"]
        number = edit.split("/")[-2]
        answered(secretariat, number, **{"q.q1": "1"})
        assert secretariat.send(edit, act="remove", key="q2").status_code == 422
    with browsing(house.store) as visitor:
        assert "Verde" in visitor.see(f"/es/third-forum/forms/{number}").text


def test_two_thousand_answers_are_counted_in_as_many_statements_as_two(house, make):
    number = make(respondent="organisation")

    def send(town, content):
        sent = house.member.post(f"{API}/{number}/answers", {"content": content, "organisation": f"Town {town}"})
        assert sent.status_code == 201

    for town in range(2):
        send(town, {"colour": "0", "say": "=A1"})
    page = f"{HERE}/{number}/answers"
    with browsing(house.store, house.people[Role.SECRETARIAT]) as secretariat:
        before = secretariat.queries(page)
        for town in range(2, 10):
            send(town, {"colour": "1", "several": ["0", "1"]})
        assert secretariat.queries(page) == before
        file = secretariat.see(f"{HERE}/{number}/file/xlsx").content
    rows = list(openpyxl.load_workbook(io.BytesIO(file)).active.values)
    assert [row["choices"] for row in results(house, number)["fields"][:2]] == [
        [["Green", 2], ["Red", 8]],
        [["Green", 8], ["Red", 8]],
    ]
    assert len(rows) == 11


def to_do(house, role):
    with browsing(house.store, house.people[role]) as person:
        page = person.page("/en/third-forum/work")
        return [link for row in page.rows("task") for link in row.links if "/forms/" in link]


def test_answers_to_settle_are_in_the_to_do_of_who_may_settle_them(house, make):
    call, questions = make("call"), make(respondent="organisation")
    office, call_answers = Role.SECRETARIAT, f"{HERE}/{call}/answers"
    with browsing(house.store) as visitor:
        visitor.see(f"{HERE}/{call}")
        fields = {f"q.{key}": said for key, said in (("title", "Pumps"), ("objectives", "Lend."))} | WHO
        assert visitor.send(f"{HERE}/{call}", **fields).status_code == 303
        assert to_do(house, office) == []
        confirm(house, visitor)
    assert to_do(house, office) == to_do(house, Role.CHAIR) == [call_answers]
    assert to_do(house, Role.MEMBER) == to_do(house, Role.RAPPORTEUR) == []
    with browsing(house.store) as visitor:
        answered(visitor, questions, organisation="Villa Nova")
        confirm(house, visitor)
    assert set(to_do(house, office)) == {call_answers, f"{HERE}/{questions}/answers"}
    assert house.chair.post(f"{API}/{call}/answers/1", {"make_session": True}).status_code == 200
    house.chair.post(f"{API}/{questions}/texts", {"organisations": {"Villa Nova": "name"}})
    assert to_do(house, office) == []


def test_a_corrected_answer_keeps_what_it_said_before_for_the_secretariat(house, make):
    number = make()
    with browsing(house.store) as visitor:
        receipt = answered(visitor, number)
        confirm(house, visitor)
        for words in ("Sell pumps.", "Sell pumps.", "Rent pumps."):
            assert visitor.send(receipt, **{**FILLED, "q.say": words}).status_code == 303
        assert "Mend pumps." not in visitor.see(receipt).text
    [told] = house.chair.get(f"{API}/{number}/answers").json()["items"]
    assert told["content"]["say"] == "Rent pumps."
    assert [version["content"]["say"] for version in told["earlier"]] == ["Mend pumps.\n\nLend pumps.", "Sell pumps."]
    with browsing(house.store, house.people[Role.SECRETARIAT]) as office:
        shown = office.page(f"{HERE}/{number}/answers").rows("earlier")
        assert len(shown) == 2
        assert "Sell pumps." in shown[0].text
    with house.store.writing() as db:
        person_id = db.query(FormAnswer).one().person_id
        forget(db, PersonErased(person_id, withdraws_comments=False, actor=OPERATOR))
    [told] = house.chair.get(f"{API}/{number}/answers").json()["items"]
    assert (told["content"], told["earlier"]) == ({}, [])


def test_a_form_that_is_not_open_says_what_it_waits_for(house, make):
    draft, future, past = make(opens=""), make(opens="2040-01-01T00:00"), make(closes="2026-02-01T00:00")
    with browsing(house.store, house.people[Role.SECRETARIAT]) as office:
        shown = [office.page(f"{HERE}/{number}") for number in (draft, future, past)]
        assert [page.state for page in shown] == ["draft", "upcoming", "closed"]
        to_opening = [any(link.endswith("/edit#opens") for link in page.links) for page in shown]
        assert to_opening == [True, True, False]
        states = [row.data("state") for row in office.page(HERE).rows("form")]
        assert states == [["closed"], ["upcoming"], ["draft"]]


def test_a_refused_new_form_keeps_its_type_and_title(house):
    with browsing(house.store, house.people[Role.SECRETARIAT]) as office:
        office.see(HERE)
        page = Page(office.send(HERE, kind="report", title="W" * 301))
        assert (page.status, page.field("kind").value, page.field("title").value) == (422, "report", "W" * 301)


def test_the_title_of_a_session_is_asked_on_one_line(house, make):
    number = make("concept_note")
    with browsing(house.store) as visitor:
        page = visitor.page(f"{HERE}/{number}")
        assert page.root.xpath("//*[@id='q.title']")[0].tag == "input"
        assert page.root.xpath("//*[@id='q.objectives']")[0].tag == "textarea"


def test_what_is_refused_among_the_answers_is_said_at_its_place(house, make):
    number = make()
    with browsing(house.store) as visitor:
        answered(visitor, number, organisation="Villa Nova")
        confirm(house, visitor)
    to = f"{HERE}/{number}/answers"
    with browsing(house.store, house.people[Role.SECRETARIAT]) as office:
        office.see(to)
        page = Page(office.send(to, act="set_aside", number="1", reason=" "))
        [line] = page.rows("answer")
        assert (page.status, line.refusal, line.root.get("open") is not None) == (422, "workspace.invalid:empty", True)
        page = Page(office.send(f"{to}?question=say", act="take_up", text="1.say"))
        [box] = page.root.xpath("//input[@name='text']")
        assert (page.refusal, box.checked) == ("workspace.invalid:unknown_organisations", True)
        office.send(to, act="identify", named="Villa Nova", becomes="name")
        done = office.send(f"{to}?question=say", act="take_up", text="1.say")
        assert done.headers["location"].endswith("/answers?question=say")
