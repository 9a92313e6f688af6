"""What agrees with what, and what has gone stale, as the verbs of the workspace bring it about."""

from itertools import count

from msgspec.structs import replace

from drafts.diff.amendments import Change, ChangeOp, SplitPart
from drafts.languages.staleness import State
from drafts.text.blocks import BlockKind, Document, Language
from drafts.text.markup import read_blocks
from tests.support import factories
from workspace.core.actor import OPERATOR
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import RevisionCause, TextVersion
from workspace.declarations.domain.service import DeclarationService, LedText
from workspace.translations.domain.service import TranslationService

ES, EN, FR = Language
CURRENT, MISSING, ABSENT, UNVERIFIED = State.CURRENT, State.MISSING, State.ABSENT, State.UNVERIFIED
SUBSTANTIVE, RESTRUCTURED = State.STALE_SUBSTANTIVE, State.STALE_RESTRUCTURED

WATER = {
    ES: "Las ciudades compartirán el agua.",
    EN: "Towns shall share water.",
    FR: "Les villes partagent l’eau.",
}
SHADE = {
    ES: "Las ciudades plantarán árboles.",
    EN: "Towns shall plant trees.",
    FR: "Les villes plantent des arbres.",
}


def test_texts_imported_side_by_side_agree(store):
    ids = map(str, count())
    documents = {
        language: read_blocks(
            f"1. {WATER[language]}\n\n2. {SHADE[language]}\n", language=language, new_id=lambda: next(ids)
        )
        for language in Language
    }
    with store.writing() as db:
        declaration = DeclarationService(db).import_texts(
            factories.forum(db), slug="imported", documents=documents, language=ES, actor=OPERATOR
        )
        standings = TranslationService(db).standings(declaration)

    assert [set(standing.states.values()) for standing in standings] == [{CURRENT}, {CURRENT}]


def test_an_edit_of_the_original_makes_the_other_two_stale(desk):
    desk = desk(WATER, SHADE)
    desk.reword(EN, 0, "Towns shall share drinking water.")
    assert desk.states(0) == (SUBSTANTIVE, CURRENT, SUBSTANTIVE)
    assert desk.states(1) == (CURRENT, CURRENT, CURRENT)


def test_the_language_in_which_a_decision_changes_words_leads(desk):
    desk = desk(WATER)
    desk.reword(FR, 0, "Les villes partagent l’eau potable.")
    assert desk.rows()[0].original_language is FR
    assert desk.states() == (SUBSTANTIVE, SUBSTANTIVE, CURRENT)


def test_an_original_that_moves_to_a_language_that_followed_keeps_what_agreed(desk):
    desk = desk(WATER)
    desk.reword(FR, 0, "Les villes partagent l’eau potable.")
    desk.save(ES, 0, "Las ciudades compartirán el agua potable.", sources=(FR,))
    desk.save(EN, 0, "Towns shall share drinking water.", sources=(FR,))
    assert desk.states() == (CURRENT, CURRENT, CURRENT)

    desk.reword(EN, 0, "Towns shall share clean drinking water.")
    assert desk.states() == (SUBSTANTIVE, CURRENT, SUBSTANTIVE)
    desk.reword(EN, 0, "Towns shall share drinking water.")
    assert desk.rows()[0].original_language is EN
    assert desk.states() == (CURRENT, CURRENT, CURRENT)  # Spanish through the French both were made from


def test_a_typographic_edit_makes_nothing_stale(desk):
    desk = desk({ES: "Un “pacto” – 10 %.", EN: "A “pact” – 10%.", FR: "Un « pacte » – 10 %."})
    desk.reword(EN, 0, "A 'pact' — 10 %.")
    assert desk.words(EN) == ["A 'pact' — 10 %."]
    assert desk.states() == (CURRENT, CURRENT, CURRENT)


def test_a_typographic_edit_of_another_language_leaves_the_original_where_it_was(desk):
    desk = desk({ES: "Un “pacto”.", EN: "A pact.", FR: "Un « pacte »."})
    desk.reword(ES, 0, "Un «pacto».")
    assert desk.rows()[0].original_language is EN
    assert desk.states() == (CURRENT, CURRENT, CURRENT)


def test_a_typographic_correction_after_a_translation_keeps_it_current(desk):
    desk = desk(WATER)
    desk.reword(EN, 0, "Towns shall share “drinking water”.")
    desk.save(FR, 0, "Les villes partagent l’« eau potable ».", sources=(EN,))
    desk.reword(EN, 0, "Towns shall share ‘drinking water’.")
    desk.save(FR, 0, "Les villes partagent l’“eau potable”.", sources=())
    assert desk.states() == (SUBSTANTIVE, CURRENT, CURRENT)


def test_a_withdrawn_change_heals_by_itself(desk):
    desk = desk(WATER)
    desk.reword(EN, 0, "Towns shall sell water.")
    assert desk.states() == (SUBSTANTIVE, CURRENT, SUBSTANTIVE)
    desk.reword(EN, 0, WATER[EN])
    assert desk.states() == (CURRENT, CURRENT, CURRENT)


def test_still_valid_speaks_for_one_language_only(desk):
    desk = desk(WATER)
    desk.reword(ES, 0, "Los municipios compartirán el agua.")
    desk.confirm(FR, 0)
    assert desk.words(FR) == [WATER[FR]]
    assert desk.states() == (CURRENT, SUBSTANTIVE, CURRENT)


def test_still_valid_is_no_step_of_a_relay(desk):
    desk = desk(WATER)
    desk.reword(ES, 0, "Los municipios compartirán el agua.")
    desk.confirm(EN, 0)
    desk.save(FR, 0, "Les villes partagent toute l’eau.", sources=(EN,))
    assert desk.states() == (CURRENT, CURRENT, SUBSTANTIVE)


def test_still_valid_ends_with_the_next_change(desk):
    desk = desk(WATER)
    desk.reword(ES, 0, "Los municipios compartirán el agua.")
    desk.confirm(FR, 0)
    desk.reword(ES, 0, "Los municipios compartirán el agua y la sombra.")
    assert desk.states() == (CURRENT, SUBSTANTIVE, SUBSTANTIVE)


def test_a_relay_from_spanish_through_english_to_french_is_current(desk):
    desk = desk(WATER)
    desk.reword(ES, 0, "Las ciudades compartirán el agua potable.")
    desk.save(EN, 0, "Towns shall share drinking water.", sources=(ES,))
    desk.save(FR, 0, "Les villes partagent l’eau potable.", sources=(EN,))
    assert desk.states() == (CURRENT, CURRENT, CURRENT)


def test_a_relay_through_a_stale_text_is_stale(desk):
    desk = desk(WATER)
    desk.reword(ES, 0, "Las ciudades compartirán el agua potable.")
    desk.save(FR, 0, "Les villes mettent l’eau en commun.", sources=(EN,))
    assert desk.states() == (CURRENT, SUBSTANTIVE, SUBSTANTIVE)


def test_a_split_leaves_the_whole_text_on_the_first_part(desk):
    desk = desk({ES: "Agua. Sombra.", EN: "Water. Shade.", FR: "Eau. Ombre."})
    desk.edit(EN, Change(ChangeOp.SPLIT, desk.block(0), text="Water.", parts=(SplitPart("new", "Shade."),)))
    assert [desk.words(language) for language in Language] == [
        ["Agua. Sombra.", ""],
        ["Water.", "Shade."],
        ["Eau. Ombre.", ""],
    ]
    assert desk.states(0) == (RESTRUCTURED, CURRENT, RESTRUCTURED)
    assert desk.states(1) == (MISSING, CURRENT, MISSING)


def test_what_a_split_carried_over_is_current_once_it_is_saved(desk):
    desk = desk({ES: "Agua. Sombra.", EN: "Water. Shade.", FR: "Eau. Ombre."})
    desk.edit(EN, Change(ChangeOp.SPLIT, desk.block(0), text="Water.", parts=(SplitPart("new", "Shade."),)))
    desk.save(ES, 0, "Agua.", sources=(EN,))
    desk.save(ES, 1, "Sombra.", sources=(EN,))
    desk.confirm(FR, 0)
    assert desk.states(0) == (CURRENT, CURRENT, CURRENT)
    assert desk.states(1) == (CURRENT, CURRENT, MISSING)


def test_a_join_puts_the_other_languages_together_with_one_space(desk):
    desk = desk(WATER, SHADE)
    first, second = desk.block(0), desk.block(1)
    desk.edit(EN, Change(ChangeOp.JOIN, first, joined=(second,)))
    assert [desk.words(language) for language in Language] == [
        [f"{WATER[language]} {SHADE[language]}"] for language in Language
    ]
    assert desk.states() == (RESTRUCTURED, CURRENT, RESTRUCTURED)


def test_a_join_takes_over_the_text_of_a_language_that_the_first_part_lacked(desk):
    desk = desk({ES: WATER[ES], EN: WATER[EN]}, SHADE)
    desk.edit(EN, Change(ChangeOp.JOIN, desk.block(0), joined=(desk.block(1),)))
    assert desk.words(FR) == [SHADE[FR]]
    assert desk.states() == (RESTRUCTURED, CURRENT, RESTRUCTURED)


def test_a_new_paragraph_is_missing_in_the_other_languages(desk):
    desk = desk(WATER)
    desk.edit(
        EN, Change(ChangeOp.INSERT, "new", text="Towns shall plant.", kind=BlockKind.OPERATIVE, after=desk.block(0))
    )
    assert desk.states(1) == (MISSING, CURRENT, MISSING)


def test_a_text_can_be_absent_by_decision_until_somebody_writes_one(desk):
    desk = desk({ES: WATER[ES], EN: WATER[EN]})
    assert desk.states() == (CURRENT, CURRENT, MISSING)
    desk.leave_out(FR, 0, "It names a Spanish law that French readers do not need.")
    assert desk.states() == (CURRENT, CURRENT, ABSENT)
    desk.save(FR, 0, WATER[FR], sources=(EN,))
    assert desk.states() == (CURRENT, CURRENT, CURRENT)


def test_texts_that_nothing_joins_are_unverified(desk):
    desk = desk({EN: WATER[EN]})
    desk.save(FR, 0, WATER[FR], sources=(ES,))  # made from a Spanish text that is not in the workspace
    assert desk.states() == (MISSING, CURRENT, UNVERIFIED)
    desk.confirm(FR, 0)
    assert desk.states() == (MISSING, CURRENT, CURRENT)


def test_a_move_makes_nothing_stale(desk):
    desk = desk(WATER, SHADE)
    desk.edit(ES, Change(ChangeOp.MOVE, desk.block(0), after=desk.block(1)))
    assert desk.words(EN) == [SHADE[EN], WATER[EN]]
    assert [row.original_language for row in desk.rows()] == [EN, EN]
    assert [desk.states(place) for place in (0, 1)] == [(CURRENT, CURRENT, CURRENT)] * 2


def test_a_deletion_makes_nothing_stale(desk):
    desk = desk(WATER, SHADE)
    desk.edit(FR, Change(ChangeOp.DELETE, desk.block(0)))
    assert desk.states() == (CURRENT, CURRENT, CURRENT)


def versions(desk, language):
    with desk.store.reading() as db:
        return db.query(TextVersion).where(TextVersion.language == language).count()


def test_the_same_words_saved_again_confirm_their_own_language_and_no_other(any_desk):
    desk = any_desk(WATER)
    desk.reword(EN, 0, "Towns shall share drinking water.")
    before = desk.head(FR)
    assert desk.save(FR, 0, f" {WATER[FR]} ", sources=(EN, ES)) == before.id
    assert versions(desk, FR) == 1
    assert desk.states() == (SUBSTANTIVE, CURRENT, CURRENT)


def test_a_typographic_change_of_a_stale_text_leaves_it_and_the_third_language_stale(desk):
    desk = desk(WATER)
    desk.reword(EN, 0, "Towns shall share drinking water.")
    desk.save(FR, 0, "Les villes partagent l'eau.", sources=(EN,))
    assert desk.states() == (SUBSTANTIVE, CURRENT, SUBSTANTIVE)
    desk.confirm(FR, 0)
    assert desk.states() == (SUBSTANTIVE, CURRENT, CURRENT)


def test_a_text_that_returns_to_earlier_words_is_no_step_to_the_third_language(desk):
    desk = desk(WATER)
    desk.reword(EN, 0, "Towns shall share drinking water.")
    desk.save(FR, 0, "Les villes partagent l’eau potable.", sources=(EN,))
    desk.save(FR, 0, WATER[FR], sources=(EN,))
    assert desk.states() == (SUBSTANTIVE, CURRENT, CURRENT)


def test_words_decided_with_the_leading_ones_and_left_as_they_are_speak_for_themselves_alone(desk):
    desk = desk(WATER)
    with desk.store.writing() as db:
        declarations, declaration = DeclarationService(db), desk.declaration(db)
        [row] = queries.head_rows(db, declaration)
        text = replace(row.block(EN), text="Towns shall share drinking water.")
        declarations.commit(
            declaration,
            LedText(Document((text,), EN), together={row.block_id: {FR: WATER[FR]}}),
            cause=RevisionCause.ADOPTION,
            actor=desk.chair,
        )
    assert desk.states() == (SUBSTANTIVE, CURRENT, CURRENT)


def test_a_carried_text_that_is_confirmed_as_it_stands_speaks_for_itself_alone(desk):
    desk = desk({ES: "Agua. Sombra.", EN: "Water. Shade.", FR: "Eau. Ombre."})
    desk.edit(EN, Change(ChangeOp.SPLIT, desk.block(0), text="Water.", parts=(SplitPart("new", "Shade."),)))
    desk.save(FR, 0, "Eau. Ombre.", sources=(EN,))
    desk.save(ES, 0, "Agua; sombra.", sources=(FR,))
    assert desk.states(0) == (SUBSTANTIVE, CURRENT, CURRENT)
