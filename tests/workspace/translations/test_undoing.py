"""Undoing decisions brings every language back to what it was: its words, and how they stand to the original."""

import os
from random import Random

import pytest

from drafts.base.errors import DraftsError
from drafts.diff.amendments import Change
from drafts.languages.staleness import State
from drafts.text.blocks import Language
from tests.support import factories
from tests.support.texts import delete, insert, join, move, reword, split
from tests.workspace.translations.conftest import Desk
from workspace.amendments.domain.models import Verdict
from workspace.amendments.domain.outcomes import Ruling
from workspace.amendments.service import AmendmentService
from workspace.core.actor import Role
from workspace.core.errors import WorkspaceError
from workspace.translations.domain.service import TranslationService
from workspace.translations.domain.suggestions import SuggestionService

EN, ES, FR = Language.EN, Language.ES, Language.FR
TEXTS = (
    {EN: "Towns share water. They share light.", ES: "Las ciudades comparten agua.", FR: "Les villes partagent l’eau."},
    {EN: "Towns plant trees. They keep them.", ES: "Las ciudades plantan árboles."},
    {EN: "Towns teach children.", FR: "Les villes instruisent les enfants."},
    {EN: "Towns house people. They heal them.", ES: "Alojan.", FR: "Elles logent."},
)


def standing(desk: Desk):
    """Of each paragraph in its order: its original, and each language's words and state."""
    with desk.store.reading() as db:
        every = TranslationService(db).standings(desk.declaration(db))
        return [
            (
                known.row.id,
                known.row.original_language,
                {of: known.row.content(of) for of in Language},
                dict(known.states),
            )
            for known in every
        ]


def undo_last(desk: Desk) -> None:
    with desk.store.writing() as db:
        service, declaration = AmendmentService(db), desk.declaration(db)
        last = service.undoable(declaration)
        service.undo(declaration.id, last.number, reason="A slip.", expected_head=declaration.head_id, actor=desk.chair)


def _change(chance: Random, desk: Desk, language: Language, serial: int) -> Change:
    rows = desk.rows()
    row, other = chance.choices([row for row in rows if language in row.texts], k=2)
    first, _, rest = row.content(language).partition(". ")
    after = chance.choice([None, other.id])
    return chance.choice(
        [
            reword(row.id, f"Towns decide {serial}."),
            split(row.id, f"{first}.", (f"part-{serial}", rest or "And more.")),
            split(row.id, f"{first}.", (f"part-{serial}", rest or "And more.")),
            move(row.id, after=after),
            delete(row.id),
            insert(f"new-{serial}", f"Towns build {serial}.", after=after),
            join(row.id, _next(rows, row, language), wording=f"Towns join {serial}."),
        ]
    )


def _next(rows, row, language: Language) -> str:
    """The paragraph below, where there is one in this language; else any, which is refused."""
    place = [one.id for one in rows].index(row.id)
    return next((one.id for one in rows[place + 1 :] if language in one.texts), row.id)


def _decide(chance: Random, desk: Desk, serial: int) -> bool:
    language = chance.choice(list(Language))
    try:
        desk.edit(language, _change(chance, desk, language, serial))
    except (WorkspaceError, DraftsError, IndexError):
        return False
    return True


def _translate(chance: Random, desk: Desk, serial: int) -> None:
    """Somebody saves or confirms a text."""
    place, language = chance.randrange(len(desk.rows())), chance.choice(list(Language))
    row = desk.rows()[place]
    if language is row.original_language:
        return
    if language in row.texts and chance.random() < 0.5:
        desk.confirm(language, place)
    else:
        desk.save(language, place, f"{language} {serial}.")


@pytest.mark.parametrize("seed", range(int(os.environ.get("WORKSPACE_LAW_EXAMPLES", "24"))))
def test_after_rounds_were_undone_every_text_stands_as_before_them(store, seed):
    chance, desk = Random(seed), Desk(store, *TEXTS)
    for serial in range(6):
        chance.choice([_decide, _translate])(chance, desk, serial)
    before = []
    for serial in range(10, 10 + chance.randint(1, 3)):
        known = standing(desk)
        if _decide(chance, desk, serial):
            before.append(known)
    while before:
        undo_last(desk)
        assert standing(desk) == before.pop()


def test_what_somebody_wrote_since_stays_theirs(store):
    desk = Desk(store, *TEXTS)
    desk.edit(EN, split(desk.block(0), "Towns share water.", ("part", "They share light.")))
    desk.save(FR, 0, "Les villes partagent leur eau.")
    undo_last(desk)

    assert desk.rows()[0].content(FR) == "Les villes partagent leur eau."
    [(_, _, _, states), *_] = standing(desk)
    assert (states[ES], states[FR]) == (State.CURRENT, State.STALE_SUBSTANTIVE)


def _adopt_prepared(desk: Desk) -> None:
    """Adopt an amendment to the first paragraph with the Spanish that was prepared for it."""
    block = desk.rows()[0].block_id
    with desk.store.writing() as db:
        service, declaration = AmendmentService(db), desk.declaration(db)
        amendment = service.propose(
            declaration.id,
            base_revision=1,
            language=EN,
            changes=[reword(str(block), "Towns share all.")],
            reason="",
            actor=factories.person(db, Role.COMMITTEE),
        )
        SuggestionService(db).prepare(amendment.id, block, ES, "Comparten todo.", actor=desk.translator)
        ruling = Ruling(amendment.id, Verdict.ADOPT)
        service.decide(declaration.id, [ruling], expected_head=declaration.head_id, actor=desk.chair)


def test_a_translation_prepared_for_an_amendment_waits_again_when_its_adoption_is_undone(store):
    desk = Desk(store, *TEXTS)
    before = standing(desk)
    _adopt_prepared(desk)
    assert desk.rows()[0].content(ES) == "Comparten todo."
    undo_last(desk)

    assert standing(desk) == before
    with store.reading() as db:
        [[waiting]] = SuggestionService(db).pending(desk.declaration(db)).values()
    assert waiting.content == "Comparten todo."


def test_a_translation_prepared_for_an_amendment_stays_when_something_else_is_undone(store):
    desk = Desk(store, *TEXTS)
    _adopt_prepared(desk)
    desk.reword(EN, 0, "Towns share everything.")
    desk.reword(EN, 1, "Towns plant.")
    undo_last(desk)

    assert desk.rows()[0].content(ES) == "Comparten todo."
