"""The text in force is read once in a unit of work, and never after it has moved."""

import sqlalchemy as sa

from drafts.diff.amendments import Change, ChangeOp
from drafts.text.blocks import Language
from tests.support import factories, site
from workspace.amendments.service import AmendmentService
from workspace.core.actor import Role
from workspace.core.storage.db import Db, Store
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration, Head
from workspace.declarations.domain.service import DeclarationService
from workspace.history.audit import audit
from workspace.translations.domain.service import TranslationService

EN, FR = Language.EN, Language.FR


def words(db: Db, declaration: Declaration, language: Language = EN) -> list[str]:
    return [row.content(language) for row in queries.head_rows(db, declaration)]


def reword(db: Db, declaration: Declaration, text: str) -> None:
    change = Change(ChangeOp.REWORD, queries.head_rows(db, declaration)[0].id, text=text)
    expected, chair = declaration.head.id, factories.chair(db)
    AmendmentService(db).edit(declaration.id, [change], language=EN, reason="So.", expected_head=expected, actor=chair)


def test_it_is_read_once_and_put_together_once_for_all_who_find_the_same_heads(store: Store):
    with store.writing() as db:
        declaration_id = factories.declaration(db, "Towns share water.").id
    texts = []
    for _ in range(2):  # its places and words are known since they were written
        with store.reading() as db:
            declaration = DeclarationService(db).get(declaration_id)
            with site.counted(store) as sent:
                texts += [queries.text_in_force(db, declaration) for _ in range(2)]
            assert len(sent) == 1
    assert all(text is texts[0] for text in texts)


def test_a_revision_moves_it_on_with_no_query_and_as_it_is_stored(store: Store):
    with store.writing() as db:
        declaration = factories.declaration(db, "Towns share water.", "Towns mend pumps.")
        reword(db, declaration, "Towns share clean water.")
        with site.counted(store) as sent:
            told = [(row.id, row.original_language, row.texts) for row in queries.head_rows(db, declaration)]
        assert sent == []
        assert words(db, declaration) == ["Towns share clean water.", "Towns mend pumps."]
    with store.reading() as db:
        rows = queries.head_rows(db, DeclarationService(db).get(declaration.id))
        stored = [(row.id, row.original_language, {of: text.id for of, text in row.texts.items()}) for row in rows]
    assert [(block, of, {key: text.id for key, text in texts.items()}) for block, of, texts in told] == stored


def test_what_stays_of_a_long_text_is_stored_as_what_changes(store: Store):
    texts = [f"Towns mend pump {number}." for number in range(30)]
    with store.writing() as db:
        declaration = factories.declaration(db, *texts)
        blocks = [row.id for row in queries.head_rows(db, declaration)]
        for change in (
            Change(ChangeOp.REWORD, blocks[4], text="Towns mend taps."),
            Change(ChangeOp.INSERT, "new", text="Towns dig wells.", after=blocks[25]),
            Change(ChangeOp.DELETE, blocks[27]),
            Change(ChangeOp.MOVE, blocks[29], after=blocks[26]),
        ):
            AmendmentService(db).edit(
                declaration.id,
                [change],
                language=EN,
                reason="So.",
                expected_head=declaration.head.id,
                actor=factories.chair(db),
            )
    texts[4:5], texts[26:] = ["Towns mend taps."], ["Towns dig wells.", texts[26], texts[29], texts[28]]
    with store.reading() as db:
        declaration = DeclarationService(db).get(declaration.id)
        assert words(db, declaration) == texts
        stored = queries.pinned_rows(db, declaration.head.id, is_anew=True)
        assert stored == queries.head_rows(db, declaration)
        assert audit(db).findings == ()


def test_a_text_that_is_saved_is_seen_at_once_and_so_is_how_it_stands(store: Store):
    with store.writing() as db:
        declaration, translator = factories.declaration(db, {EN: "Water."}), factories.person(db, Role.TRANSLATOR)
        service = TranslationService(db)
        assert [words(db, declaration, FR), service.standings(declaration)[0].states[FR].value] == [[""], "missing"]
        block = queries.head_rows(db, declaration)[0].block_id
        service.save(declaration.id, block, FR, "Eau.", sources=(EN,), expected=None, actor=translator)
        assert [words(db, declaration, FR), service.standings(declaration)[0].states[FR].value] == [["Eau."], "current"]


def test_a_text_that_is_left_out_stands_so_at_once(store: Store):
    with store.writing() as db:
        declaration, service = factories.declaration(db, {EN: "Water."}), TranslationService(db)
        assert service.standings(declaration)[0].states[FR].value == "missing"
        block = queries.head_rows(db, declaration)[0].block_id
        service.leave_out(declaration.id, block, FR, reason="Not wanted.", actor=factories.chair(db))
        assert service.standings(declaration)[0].states[FR].value == "absent"


def test_what_is_rolled_back_was_never_the_text(store: Store):
    with store.writing() as db:
        declaration = factories.declaration(db, "Towns share water.")
        words(db, declaration)
        savepoint = db.begin_nested()
        reword(db, declaration, "Towns share wine.")
        assert words(db, declaration) == ["Towns share wine."]
        savepoint.rollback()
        assert words(db, declaration) == ["Towns share water."]
        reword(db, declaration, "Towns share tea.")
        assert words(db, declaration) == ["Towns share tea."]


def test_a_head_that_a_statement_moves_is_seen(store: Store):
    with store.writing() as db:
        declaration = factories.declaration(db, "Towns share water.")
        row = queries.head_rows(db, declaration)[0]
        db.execute(sa.delete(Head).where(Head.block_id == row.block_id, Head.language == EN))
        assert words(db, declaration) == [""]


def test_behind_the_lock_it_is_read_anew(any_store: Store):
    """Somebody else may have moved it before the lock was had."""
    with any_store.writing() as db:
        declaration_id = factories.declaration(db, "Towns share water.").id
    with any_store.writing() as db:
        declaration = DeclarationService(db).get(declaration_id)
        queries.text_in_force(db, declaration)
        DeclarationService(db).lock(declaration_id)
        with site.counted(any_store) as sent:
            queries.text_in_force(db, declaration)
        assert len(sent) == 1
        DeclarationService(db).lock(declaration_id)  # it is held already
        with site.counted(any_store) as sent:
            queries.text_in_force(db, declaration)
        assert sent == []
