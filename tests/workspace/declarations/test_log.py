"""The log tells every change of the text, with what it started from: the text can be made again from it alone."""

import json
from uuid import UUID

import sqlalchemy as sa

from drafts.diff.amendments import Change, ChangeOp, SplitPart
from tests.support import factories
from tests.support.factories import EN, ES, FR
from tests.workspace.amendments import room as rooms
from workspace.amendments.service import AmendmentService
from workspace.core.actor import Role
from workspace.core.security.permissions import Phase
from workspace.core.storage.log import LogEntry
from workspace.declarations.domain import queries
from workspace.declarations.domain.phase_changes import PhaseService
from workspace.declarations.domain.service import DeclarationService
from workspace.translations.domain.service import TranslationService


def replayed(db, declaration):
    """The text as the log has it: blocks in order, each with its kind, level, original language and hashes.

    Fails where an entry does not start from what the one before it left.
    """
    heads, places, order = {}, {}, []
    lines = sa.select(LogEntry.entry).where(LogEntry.declaration_id == declaration.id).order_by(LogEntry.sequence)
    for line in db.scalars(lines):
        facts = json.loads(line)["facts"]
        for move in facts.get("heads", ()):
            place = (move["block"], move["language"])
            assert heads.get(place) == move["from"]
            heads[place] = move["to"]
        places.update((place["block"], place) for place in facts.get("places", ()))
        order = facts.get("order", order)
    return [
        (
            *(places[block][word] for word in ("block", "kind", "level", "original")),
            {language: to["hash"] for (of, language), to in heads.items() if of == block},
        )
        for block in order
    ]


def in_force(db, declaration):
    return [
        (
            str(row.block_id),
            row.kind.value,
            row.level,
            row.original_language.value,
            {language.value: text.content_hash for language, text in row.texts.items()},
        )
        for row in queries.head_rows(db, declaration)
    ]


def test_the_text_in_force_is_made_again_from_the_log_after_every_kind_of_change(store):
    room = rooms.opened(store, rooms.WATER, {EN: rooms.LIGHT, ES: "Las ciudades iluminan."}, rooms.SHADE)
    first, second, third = (room.block(place) for place in range(3))

    def same():
        with store.reading() as db:
            declaration = DeclarationService(db).get(room.declaration.id)
            assert replayed(db, declaration) == in_force(db, declaration)
            return declaration.head

    def edit(*changes):
        with store.writing() as db:
            AmendmentService(db).edit(
                room.declaration.id, changes, language=EN, reason="so", expected_head=same().id, actor=room.chair
            )

    assert same().cause == "import"
    room.adopt(room.propose(Change(ChangeOp.REWORD, first, text="Towns shall share water.")))
    assert same().cause == "adoption"
    split = Change(
        ChangeOp.SPLIT, third, text="Towns shall plant one tree", parts=(SplitPart("b", "for every child born."),)
    )
    edit(split, Change(ChangeOp.MOVE, first, after=second))
    edit(Change(ChangeOp.JOIN, second, joined=(first,), text="Towns light paths and share water."))
    assert same().cause == "editorial"
    with store.writing() as db:
        translator = factories.person(db, Role.TRANSLATOR)
        TranslationService(db).save(
            room.declaration.id,
            UUID(second),
            FR,
            "Les villes.",
            sources=[EN],
            expected=_head(db, second, FR),
            actor=translator,
        )
    assert same().cause == "editorial"
    with store.writing() as db:
        translator = factories.person(db, Role.TRANSLATOR)
        save = TranslationService(db).save
        save(
            room.declaration.id,
            UUID(second),
            FR,
            "Les villes.",
            sources=[EN],
            expected=_head(db, second, FR),
            actor=translator,
        )
    assert same().cause == "editorial"
    with store.writing() as db:
        PhaseService(db).move(DeclarationService(db).get(room.declaration.id), Phase.CONSULTATION, actor=room.chair)
    assert same().cause == "freeze"


def _head(db, block, language):
    head = db.get(queries.Head, (UUID(block), language))
    return head.text_version_id if head else None
