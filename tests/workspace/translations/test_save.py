"""Saving a translation: nobody's words are overwritten, no revision is made, and every absence is a decision."""

from uuid import uuid4

import pytest
import sqlalchemy as sa

from drafts.languages.staleness import ChangeClass, EdgeKind
from drafts.text.blocks import Language
from tests.support import factories
from workspace.amendments.domain.models import DecisionOutcome, Verdict
from workspace.amendments.service import AmendmentService
from workspace.core.actor import Role
from workspace.core.errors import Invalid, NotAllowed, NotFound, Stale
from workspace.core.security.permissions import Phase
from workspace.core.storage.log import LogEntry
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Edge, TextVersion
from workspace.declarations.domain.service import DeclarationService
from workspace.people.models import Mandate
from workspace.people.service import PeopleService
from workspace.translations.domain.service import TranslationService

ES, EN, FR = Language
WATER = {ES: "Las ciudades compartirán el agua.", EN: "Towns shall share water."}


def revisions(desk):
    with desk.store.reading() as db:
        return [revision.number for revision in DeclarationService(db).revisions(desk.declaration(db))]


def decisions(desk):
    with desk.store.reading() as db:
        return AmendmentService(db).decisions(desk.declaration(db))


def edges_to(desk, version_id):
    with desk.store.reading() as db:
        edges = db.query(Edge).where(Edge.target_id == version_id)
        return {(edge.kind, db.get_one(TextVersion, edge.source_id).language) for edge in edges}


def test_a_translation_is_in_force_at_once_and_makes_no_revision(any_desk):
    desk = any_desk(WATER)
    desk.save(FR, 0, "Les villes  partagent l’eau. ", sources=(EN,))
    assert desk.words(FR) == ["Les villes partagent l’eau."]
    assert revisions(desk) == [1]


def test_the_next_revision_pins_what_was_saved(any_desk):
    desk = any_desk(WATER)
    desk.save(FR, 0, "Les villes partagent l’eau.", sources=(EN,))
    desk.reword(EN, 0, "Towns shall share drinking water.")
    assert revisions(desk) == [1, 2]
    with desk.store.reading() as db:
        declarations = DeclarationService(db)
        before, after = declarations.revisions(desk.declaration(db))
        assert queries.pinned_rows(db, before.id)[0].content(FR) == ""
        assert queries.pinned_rows(db, after.id)[0].content(FR) == "Les villes partagent l’eau."


def test_a_save_onto_a_moved_head_is_refused_and_overwrites_nothing(any_desk):
    desk = any_desk(WATER)
    first = desk.save(FR, 0, "Les villes partagent l’eau.", sources=(EN,))
    second = desk.save(FR, 0, "Les villes mettent l’eau en commun.", sources=(EN,))
    with pytest.raises(Stale) as refused:
        desk.save(FR, 0, "Les villes se partagent l’eau.", sources=(EN,), expected=first)
    assert refused.value.facts == {"expected": str(first), "head": str(second)}
    assert desk.words(FR) == ["Les villes mettent l’eau en commun."]
    with desk.store.reading() as db:
        assert db.query(TextVersion).where(TextVersion.language == FR).count() == 2


def test_two_first_translations_cannot_both_be_first(desk):
    desk = desk(WATER)
    desk.save(FR, 0, "Les villes partagent l’eau.", sources=(EN,))
    row = desk.rows()[0]
    with pytest.raises(Stale), desk.store.writing() as db:
        TranslationService(db).save(
            desk.declaration_id, row.block_id, FR, "Autre.", sources=(EN,), expected=None, actor=desk.translator
        )
    assert desk.words(FR) == ["Les villes partagent l’eau."]


def test_a_translation_rests_on_the_languages_that_were_shown_and_no_others(desk):
    desk = desk(WATER)
    from_english = desk.save(FR, 0, "Les villes partagent l’eau.", sources=(EN,))
    from_both = desk.save(FR, 0, "Les villes partageront l’eau.", sources=(ES, EN))
    from_spanish = desk.save(FR, 0, "Les villes auront l’eau en partage.", sources=(ES,))
    assert edges_to(desk, from_english) == {(EdgeKind.TRANSLATED, EN)}
    assert edges_to(desk, from_both) == {(EdgeKind.TRANSLATED, ES), (EdgeKind.TRANSLATED, EN)}
    assert edges_to(desk, from_spanish) == {(EdgeKind.TRANSLATED, ES)}


def test_a_translation_that_names_no_source_rests_on_the_original(desk):
    desk = desk(WATER)
    assert edges_to(desk, desk.save(FR, 0, "Les villes partagent l’eau.")) == {(EdgeKind.TRANSLATED, EN)}


def test_a_typographic_change_rests_on_what_its_predecessor_rested_on(desk):
    desk = desk(WATER)
    desk.save(FR, 0, "Les villes partagent l'eau.", sources=(ES,))
    again = desk.save(FR, 0, "Les villes partagent l’eau.", sources=(EN,))
    assert desk.head(FR).change_class is ChangeClass.TYPOGRAPHIC
    assert edges_to(desk, again) == {(EdgeKind.TRANSLATED, ES)}


def test_every_version_of_a_translation_is_kept(desk):
    desk = desk(WATER)
    first = desk.save(FR, 0, "Un.", sources=(EN,))
    second = desk.save(FR, 0, "Deux.", sources=(EN,))
    head = desk.head(FR)
    assert (head.id, head.predecessor_id, head.started_from_id) == (second, first, first)


def test_a_save_is_one_line_of_the_log_with_its_sources(desk):
    desk = desk(WATER)
    version = desk.save(FR, 0, "Les villes partagent l’eau.", sources=(EN,))
    with desk.store.reading() as db:
        entry = db.query(LogEntry).order_by(LogEntry.sequence.desc()).limit(1).one()
        assert entry.kind == "translation.saved"
        assert str(version) in entry.entry
        assert desk.head(EN).content_hash in entry.entry


@pytest.mark.parametrize("text", ["", "  \n "])
def test_an_empty_translation_is_refused(desk, text):
    desk = desk(WATER)
    with pytest.raises(Invalid) as refused:
        desk.save(FR, 0, text, sources=(EN,))
    assert refused.value.facts["field"] == "text"
    assert desk.states()[2].value == "missing"


def test_the_original_is_changed_by_decision_and_never_by_a_translator(desk):
    desk = desk(WATER)
    with pytest.raises(Invalid) as refused:
        desk.save(EN, 0, "Towns may share water.", sources=(ES,))
    assert refused.value.facts["reason"] == "original"
    with pytest.raises(Invalid):
        desk.confirm(EN, 0)
    assert desk.words(EN) == [WATER[EN]]


def test_a_paragraph_that_is_not_there_cannot_be_translated(desk):
    desk = desk(WATER)
    with pytest.raises(NotFound), desk.store.writing() as db:
        TranslationService(db).save(
            desk.declaration_id, uuid4(), FR, "Rien.", sources=(EN,), expected=None, actor=desk.translator
        )


def test_a_text_that_is_not_there_cannot_be_still_valid(desk):
    desk = desk(WATER)
    row = desk.rows()[0]
    with pytest.raises(NotFound), desk.store.writing() as db:
        TranslationService(db).confirm(desk.declaration_id, row.block_id, FR, expected=None, actor=desk.translator)


def test_still_valid_is_refused_when_another_text_is_in_force_by_now(desk):
    desk = desk(WATER)
    row = desk.rows()[0]
    desk.save(ES, 0, "Los municipios compartirán el agua.", sources=(EN,))
    with pytest.raises(Stale), desk.store.writing() as db:
        TranslationService(db).confirm(
            desk.declaration_id, row.block_id, ES, expected=row.texts[ES].id, actor=desk.translator
        )


@pytest.mark.parametrize("role", [Role.OBSERVER, Role.MEMBER, Role.COMMITTEE, Role.SECRETARIAT, Role.CHAIR])
def test_only_translators_translate(desk, role):
    desk = desk(WATER)
    with desk.store.writing() as db:
        somebody = factories.person(db, role)
    with pytest.raises(NotAllowed):
        desk.save(FR, 0, "Les villes partagent l’eau.", sources=(EN,), actor=somebody)
    assert desk.words(FR) == [""]


def test_a_translator_writes_only_the_languages_of_their_task(desk):
    desk = desk(WATER)
    with desk.store.writing() as db:
        eva = factories.person(db, Role.TRANSLATOR)
        db.execute(sa.update(Mandate).where(Mandate.person_id == eva.person_id).values(languages="es"))
        eva = PeopleService(db).actor(eva.person_id)
    with pytest.raises(NotAllowed):
        desk.save(FR, 0, "Les villes partagent l’eau.", sources=(EN,), actor=eva)
    desk.save(ES, 0, "Las ciudades compartirán toda el agua.", sources=(EN,), actor=eva)
    assert [desk.words(FR), desk.words(ES)] == [[""], ["Las ciudades compartirán toda el agua."]]


def test_nothing_is_translated_once_the_text_is_published(desk):
    desk = desk(WATER)
    with desk.store.writing() as db:
        DeclarationService(db).enter(desk.declaration(db), Phase.PUBLISHED, actor=desk.chair)
    with pytest.raises(NotAllowed):
        desk.save(FR, 0, "Les villes partagent l’eau.", sources=(EN,))


def test_leaving_a_text_out_is_a_decision_on_record_with_its_reason(any_desk):
    desk = any_desk(WATER)
    desk.leave_out(FR, 0, "  It names a law that has no French text. ")
    [decision] = decisions(desk)
    assert (decision.verdict, decision.outcome) == (Verdict.ABSENT, DecisionOutcome.APPLIED)
    assert (decision.block_id, decision.language) == (desk.rows()[0].block_id, FR)
    assert decision.reason == "It names a law that has no French text."
    assert decision.decided_by_id == desk.chair.person_id
    assert revisions(desk) == [1]


def test_leaving_a_text_out_needs_a_reason(desk):
    desk = desk(WATER)
    with pytest.raises(Invalid) as refused:
        desk.leave_out(FR, 0, " ")
    assert refused.value.facts["field"] == "reason"
    assert decisions(desk) == []
    assert desk.states()[2].value == "missing"


def test_a_text_that_is_there_cannot_be_left_out(desk):
    desk = desk(WATER)
    with pytest.raises(Invalid) as refused:
        desk.leave_out(ES, 0, "Too long.")
    assert refused.value.facts["reason"] == "has_text"
    assert decisions(desk) == []


def test_a_translator_cannot_decide_that_a_text_stays_away(desk):
    desk = desk(WATER)
    with pytest.raises(NotAllowed):
        desk.leave_out(FR, 0, "No time.", actor=desk.translator)


def test_the_standings_of_one_paragraph_and_of_thirty_cost_the_same(store):
    def cost(number):
        with store.writing() as db:
            made = factories.declaration(db, *["Water."] * number, slug=f"of-{number}")
            declaration_id = made.id
        statements = []
        with store.reading() as db:
            declaration = DeclarationService(db).get(declaration_id)
            listen(db, statements)
            TranslationService(db).standings(declaration)
        return len(statements)

    def listen(db, statements):
        sa.event.listen(db.connection(), "before_cursor_execute", lambda *arguments: statements.append(arguments[2]))

    assert cost(1) == cost(30)
