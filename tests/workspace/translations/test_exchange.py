"""Files for translators' own tools: out, worked on there, and back without overwriting anybody."""

import copy

import pytest
from translate.storage.xliff import xlifffile
from translate.storage.xliff2 import Xliff2File

from drafts.diff.amendments import Change, ChangeOp
from drafts.text.blocks import Language
from tests.support import factories
from workspace.amendments.domain.models import Verdict
from workspace.amendments.domain.outcomes import Ruling
from workspace.amendments.service import AmendmentService
from workspace.core.actor import Role
from workspace.translations.domain.suggestions import SuggestionService

ES, EN, FR = Language
MARKED = {
    EN: "Towns shall share **clean** [water](https://water.example/en)[^1].",
    ES: "Las ciudades compartirán **agua** limpia[^1].",
}
TREES = {EN: "Towns shall plant trees.", FR: "Les villes plantent des arbres.", ES: "Plantarán árboles."}


@pytest.fixture
def table(house):
    return house.declaration(MARKED, TREES)


def sent(table, form="1.2", target=FR):
    answer = table.house[Role.TRANSLATOR].get(f"{table.path}/xliff/en/{target}?form={form}")
    assert answer.status_code == 200, answer.text
    return answer.content


def returned(table, content, name="fr.xlf"):
    answer = table.house[Role.TRANSLATOR].post(f"{table.path}/xliff", {"content": content, "name": name})
    assert answer.status_code == 201, answer.text
    return [one["fate"] for one in answer.json()["units"]]


def translated(data, *targets):
    """What another program makes of the file: the targets put into its units."""
    store = xlifffile.parsestring(data)
    for unit, target in zip(store.units, targets, strict=True):
        if target:
            unit.target = target
    return bytes(store).decode()


def test_a_file_goes_out_is_translated_elsewhere_and_comes_back(table):
    data = sent(table)
    assert b"water.example" not in data.partition(b"<source")[2].partition(b"equiv")[0] or b"<g id=" in data
    back = data.decode().replace(
        "</source><note>",
        '</source><target>Les villes partagent l’<g id="2">eau</g> <g id="1">propre</g><x id="3"/>.</target><note>',
        1,
    )
    assert returned(table, back) == ["saved", "same"]
    assert table.words(FR)[0] == "Les villes partagent l’[eau](https://water.example/en) **propre**[^1]."


def test_the_older_form_is_read_and_written_by_other_programs(table):
    back = translated(sent(table), "\u3164\u2060", "Les villes plantent mille arbres.")  # a translation nobody sees
    assert returned(table, back) == ["empty", "saved"]
    assert table.words(FR)[1] == "Les villes plantent mille arbres."


def test_the_newer_form_comes_back_whole(table):
    data = sent(table, "2.1").decode()
    assert returned(table, data) == ["empty", "same"]
    assert returned(table, data.replace("Les villes plantent des arbres.", "Les villes plantent.")) == [
        "empty",
        "saved",
    ]


def test_the_newer_form_is_read_and_written_by_other_programs(table):
    """Words and states are set by another program's own reader and writer; what is said to be undone waits."""
    store = Xliff2File.parsestring(sent(table, "2.1"))
    marked, trees = store.units
    assert [trees.source, trees.target] == [TREES[EN], TREES[FR]]
    trees.target = "Les villes plantent mille arbres."
    trees.markfuzzy()
    source = marked.xmlelement.find(marked.namespaced("source"))
    target = copy.deepcopy(source)
    target.tag = marked.namespaced("target")
    target.text, target[0].text, target[1].text = "Les villes partagent une eau ", "propre", "commune"
    source.addnext(target)

    assert returned(table, bytes(store).decode()) == ["saved", "suggested"]

    assert table.words(FR) == [
        "Les villes partagent une eau **propre** [commune](https://water.example/en)[^1].",
        TREES[FR],
    ]


MACHINES = "Les villes plantent mille arbres."
MATCH = (
    '<mtc:matches xmlns:mtc="urn:oasis:names:tc:xliff:matches:2.0"><mtc:match ref="#s1" type="mt">'
    f"<source>{TREES[EN]}</source><target>{MACHINES}</target></mtc:match></mtc:matches>"
)


@pytest.mark.parametrize(
    ("form", "change"),
    [
        ("1.2", ('state="translated"', 'state="translated" state-qualifier="mt-suggestion"')),
        ("1.2", ('state="translated"', 'state="needs-review-translation"')),
        ("2.1", ('state="translated"', 'state="translated" subState="okp:mt"')),
        ("2.1", ("<target ", '<target xmlns:its="http://www.w3.org/2005/11/its" its:mtConfidence="0.9" ')),
        ("2.1", (' state="translated"', "")),
    ],
)
def test_what_a_machine_wrote_waits_for_a_person(table, form, change):
    unit = sent(table, form).decode().partition(f"b-{table.block(1)}")
    body = unit[2].replace(TREES[FR], MACHINES).replace(*change)
    if form == "2.1":
        body = body.replace(">", f">{MATCH}", 1)
    before = state(table, "fr", 1)

    assert returned(table, "".join((*unit[:2], body))) == ["empty", "suggested"]

    assert (table.words(FR)[1], state(table, "fr", 1)) == (TREES[FR], before)


def test_what_a_machine_wrote_and_a_person_has_reviewed_is_taken(table):
    back = sent(table, "2.1").decode().replace(TREES[FR], MACHINES)
    reviewed = back.replace('state="translated"', 'state="reviewed" subState="okp:mt"')
    assert returned(table, reviewed) == ["empty", "saved"]


@pytest.mark.parametrize("side", ["source", "target"])
def test_where_a_side_has_moved_on_the_words_wait_as_a_suggestion(table, side):
    back = translated(sent(table), "", "Les villes plantent mille arbres.")
    house = table.house
    if side == "target":
        tag = table.version(FR, 1)
        body = {"content": "Les villes boisent.", "sources": ["en"]}
        path = f"{table.path}/blocks/{table.block(1)}/texts/fr"
        assert house[Role.TRANSLATOR].put(path, body, if_match=tag).status_code == 200
    else:
        table.reword("Towns shall plant oaks.", place=1)
    before = table.words(FR)

    assert returned(table, back) == ["empty", "suggested"]

    assert table.words(FR) == before
    [waiting] = house[Role.TRANSLATOR].get(f"{table.path}/suggestions").json()["suggestions"]
    assert [waiting["content"], waiting["origin"]] == ["Les villes plantent mille arbres.", "fr.xlf"]
    assert house[Role.MEMBER].get(f"{table.path}/suggestions").json()["suggestions"] == []
    path = f"{table.path}/suggestions/{waiting['id']}/settlement"
    assert house[Role.TRANSLATOR].post(path, {"is_taken": False}).status_code == 200
    assert house[Role.TRANSLATOR].get(f"{table.path}/suggestions").json()["suggestions"] == []
    assert house[Role.TRANSLATOR].post(path, {"is_taken": False}).status_code == 404


def state(table, language, place):
    blocks = table.house.member.get(f"{table.path}/text").json()["blocks"]
    return blocks[place]["states"][language]


@pytest.mark.parametrize("form", ["1.2", "2.1"])
def test_a_unit_that_nobody_touched_suggests_nothing_however_often_it_comes_back(table, form):
    data = sent(table, form).decode()
    path = f"{table.path}/blocks/{table.block(1)}/texts/fr"
    body = {"content": "Les villes boisent.", "sources": ["en"]}
    assert table.house[Role.TRANSLATOR].put(path, body, if_match=table.version(FR, 1)).status_code == 200
    assert [returned(table, data), returned(table, data)] == [["empty", "same"]] * 2
    back = data.replace("Les villes plantent des arbres.", "Les villes plantent.")
    assert [returned(table, back), returned(table, back)] == [["empty", "suggested"]] * 2
    assert len(table.house[Role.TRANSLATOR].get(f"{table.path}/suggestions").json()["suggestions"]) == 1


@pytest.mark.parametrize(("form", "stale"), [("1.2", "needs-translation"), ("2.1", "initial")])
def test_an_unchanged_unit_that_a_tool_marks_as_done_confirms_its_text_and_no_other(table, form, stale):
    table.reword("Towns shall plant trees and shrubs.", place=1)
    data, head = sent(table, form).decode(), table.version(FR, 1)
    assert returned(table, data) == ["empty", "same"]
    assert state(table, "fr", 1) == "stale:substantive"
    assert returned(table, data.replace(f'state="{stale}"', 'state="translated"')) == ["empty", "confirmed"]
    assert [state(table, "fr", 1), state(table, "es", 1)] == ["current", "stale:substantive"]
    assert table.version(FR, 1) == head


def test_a_file_says_that_its_own_source_is_stale(table):
    table.reword("Towns shall plant trees and shrubs.", place=1)
    answer = table.house[Role.TRANSLATOR].get(f"{table.path}/xliff/es/fr").text
    assert answer.count("Source of this file:") == 1


def test_a_paragraph_that_a_file_holds_twice_is_taken_from_neither(table):
    data = translated(sent(table), "", "Les villes plantent mille arbres.")
    unit = data[data.rindex("<trans-unit") : data.rindex("</trans-unit>") + len("</trans-unit>")]
    twice = data.replace(unit, unit + unit.replace("mille", "deux mille"))
    assert returned(table, twice) == ["empty", "twice", "twice"]
    assert table.words(FR)[1] == TREES[FR]


def marked(table, change):
    """The file with a translation of the marked paragraph, changed by `change`."""
    target = '<target>Les villes partagent l’<g id="2">eau</g> <g id="1">propre</g><x id="3"/>.</target>'
    return change(sent(table).decode().replace("</source><note>", f"</source>{target}<note>", 1))


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data.replace("Towns shall share", "Towns may share"),
        lambda data: data.replace('<g id="1">propre</g>', "propre"),
        lambda data: data.replace("Les villes", "Les villes " + "et les communes " * 60),
        lambda data: data.replace(' dw:source="', ' dw:source="0', 1),
    ],
    ids=["changed source", "lost code", "far too long", "unknown version"],
)
def test_what_does_not_fit_what_was_sent_waits_as_a_suggestion(table, change):
    assert returned(table, marked(table, lambda data: data))[0] == "saved"
    before = table.words(FR)
    other = marked(table, change).replace("Les villes partagent", "Les cités partagent")
    assert returned(table, other)[0] == "suggested"
    assert table.words(FR) == before


def test_a_target_longer_than_any_paragraph_and_an_unknown_form_are_refused(table):
    long = marked(table, lambda data: data.replace("Les villes", "Les villes " * 2_000))
    assert returned(table, long)[0] == "long"
    for known, strange in (("1.2", "1.9"), ("2.1", "3.0")):
        data = sent(table, known).decode().replace(f'version="{known}"', f'version="{strange}"')
        answer = table.house[Role.TRANSLATOR].post(f"{table.path}/xliff", {"content": data})
        assert [answer.status_code, answer.json()["facts"]["reason"]] == [422, "not_xliff"]


def test_what_cannot_be_taken_is_named_unit_by_unit_and_the_rest_is_kept(table):
    data = translated(sent(table), "", "Les villes plantent mille arbres.")
    strange = data.replace(table.block(0), "nowhere").replace("<note", "<target>Rien.</target><note", 1)
    assert returned(table, strange) == ["unknown", "saved"]
    codes = sent(table).decode().replace("mille arbres.", '<x id="77"/>.')
    assert returned(table, codes) == ["empty", "codes"]


def test_a_file_of_another_declaration_or_none_is_refused(table):
    data = sent(table).decode()
    other = table.house.declaration(TREES, slug="other")
    answer = table.house[Role.TRANSLATOR].post(f"{other.path}/xliff", {"content": data})
    assert [answer.status_code, answer.json()["facts"]["reason"]] == [422, "another_declaration"]
    answer = table.house[Role.TRANSLATOR].post(f"{table.path}/xliff", {"content": "<no"})
    assert [answer.status_code, answer.json()["code"]] == [422, "drafts.bad_exchange"]


def test_only_translators_send_and_take_files(table):
    data = sent(table).decode()
    for role in (Role.MEMBER, Role.CHAIR):
        assert table.house[role].get(f"{table.path}/xliff/en/fr").status_code == 404
        assert table.house[role].post(f"{table.path}/xliff", {"content": data}).status_code == 404


@pytest.fixture
def tabled(desk):
    """An amendment that rewords the first paragraph, translated into French before it is decided."""
    table = desk(TREES)
    with table.store.writing() as db:
        table.member = factories.person(db, Role.MEMBER)
        change = Change(ChangeOp.REWORD, table.block(0), text="Towns shall plant oaks.")
        amendment = AmendmentService(db).propose(
            table.declaration_id, base_revision=1, language=EN, changes=[change], reason="Oaks.", actor=table.member
        )
        table.amendment_id = amendment.id
    prepare(table, "Les villes plantent des chênes.")
    return table


def prepare(table, words):
    with table.store.writing() as db:
        return SuggestionService(db).prepare(
            table.amendment_id, table.rows()[0].block_id, FR, words, actor=table.translator
        )


def decide(table, verdict, text=None):
    changes = (Change(ChangeOp.REWORD, table.block(0), text=text),) if text else ()
    with table.store.writing() as db:
        AmendmentService(db).decide(
            table.declaration_id,
            [Ruling(table.amendment_id, verdict, "Agreed.", changes)],
            expected_head=table.declaration(db).head_id,
            actor=table.chair,
        )


def test_what_was_prepared_for_an_amendment_becomes_the_translation_when_it_is_adopted(tabled):
    assert tabled.words(FR) == [TREES[FR]]
    decide(tabled, Verdict.ADOPT)
    assert tabled.words(FR) == ["Les villes plantent des chênes."]
    assert [state.value for state in tabled.states(0)] == ["stale:substantive", "current", "current"]


def test_what_was_prepared_waits_when_other_words_were_adopted_or_the_text_has_moved(tabled):
    decide(tabled, Verdict.ADOPT_MODIFIED, "Towns shall plant elms.")
    assert tabled.words(FR) == [TREES[FR]]


def test_a_translation_that_was_changed_meanwhile_is_not_overwritten(tabled):
    tabled.save(FR, 0, "Les villes boisent.", sources=(EN,))
    decide(tabled, Verdict.ADOPT)
    assert tabled.words(FR) == ["Les villes boisent."]


def test_preparing_again_replaces_what_was_prepared(tabled):
    prepare(tabled, "Les communes plantent des chênes.")
    decide(tabled, Verdict.ADOPT)
    assert tabled.words(FR) == ["Les communes plantent des chênes."]


def test_whoever_follows_reads_what_was_prepared_for_amendments_as_on_the_page(house):
    table = house.declaration(TREES)
    made = table.propose("Towns shall plant oaks.")["amendment"]
    words = {"block_id": table.block(), "language": "fr", "content": "Les villes plantent des chênes."}
    assert house[Role.TRANSLATOR].post(f"/amendments/{made['id']}/translations", words).status_code == 201
    for role in (Role.MEMBER, Role.OBSERVER, Role.TRANSLATOR):
        [prepared] = house[role].get(f"{table.path}/suggestions").json()["suggestions"]
        assert (prepared["content"], prepared["amendment_id"]) == (words["content"], made["id"])
