"""Filing an amendment: what is kept, and what is refused without a trace."""

import msgspec
import pytest
import sqlalchemy as sa

from drafts.base.constants import ENGINE_VERSION
from drafts.base.errors import ImpossibleChange, UnknownBlock
from drafts.diff.amendments import Change, ChangeOp
from drafts.diff.hunks import Hunk, HunkKind
from drafts.text.blocks import Language
from tests.support import factories
from tests.support.texts import delete, insert, reword, split
from tests.workspace.amendments.room import LIGHT, WATER, opened
from workspace.amendments.domain.models import Amendment, AmendmentVersion
from workspace.amendments.service import AmendmentService
from workspace.core.actor import NOBODY, Role
from workspace.core.errors import Invalid, NotFound
from workspace.core.security.permissions import Phase
from workspace.core.storage.db import new_id
from workspace.core.validation import LONGEST_REASON
from workspace.declarations.domain.service import DeclarationService
from workspace.translations.domain.service import TranslationService

EN, ES = Language.EN, Language.ES
CLEANER = "Towns shall share clean, free water with their neighbours."


def stored(room):
    """How many amendments and versions there are."""
    with room.store.reading() as db:
        return [db.scalar(sa.select(sa.func.count()).select_from(model)) for model in (Amendment, AmendmentVersion)]


def test_an_amendment_keeps_the_words_of_its_author_and_the_diff_to_what_they_saw(any_room):
    number = any_room.propose(reword(any_room.block(0), CLEANER))

    amendment = any_room.amendment(number)
    [version] = amendment.versions
    [hunk] = msgspec.convert(version.hunks, tuple[Hunk, ...])
    assert (number, amendment.language, amendment.proposer.name) == (1, EN, "Marta Olivar")
    assert any_room.words(number) == [[CLEANER]]
    assert version.engine_version == ENGINE_VERSION
    assert (hunk.kind, [(word.old, word.new) for word in hunk.words]) == (HunkKind.REWORD, [("", ", free")])
    assert version.base_revision.number == 1


def test_the_very_text_that_was_shown_is_on_record(room):
    number = room.propose(reword(room.block(0), CLEANER), delete(room.block(1)))

    [version] = room.amendment(number).versions
    assert {one.text.content for one in version.shown} == {WATER, LIGHT}


def test_a_translation_saved_since_the_revision_is_what_was_shown(any_room):
    with any_room.store.writing() as db:
        translator = factories.person(db, Role.TRANSLATOR)
    with any_room.store.writing() as db:
        row = DeclarationService(db).get(any_room.declaration.id).head.rows[0]
        TranslationService(db).save(
            any_room.declaration.id,
            row.block_id,
            ES,
            "Las ciudades compartirán el agua limpia con sus vecinas.",
            sources=[EN],
            expected=row.es_id,
            actor=translator,
        )

    number = any_room.propose(
        reword(any_room.block(0), "Las ciudades compartirán el agua limpia y gratuita con sus vecinas."), language=ES
    )

    [version] = any_room.amendment(number).versions
    assert [one.text.content for one in version.shown] == ["Las ciudades compartirán el agua limpia con sus vecinas."]
    assert any_room.revisions() == 1
    any_room.adopt(number, language=ES)
    assert any_room.texts(ES)[0] == "Las ciudades compartirán el agua limpia y gratuita con sus vecinas."


def test_new_paragraphs_get_permanent_ids_whatever_their_proposer_calls_them(room):
    first = room.propose(insert("new", "Towns shall keep their wells.", after=room.block(0)))
    second = room.propose(insert("new", "Towns shall keep their springs.", after=room.block(0)))

    ids = [room.amendment(number).versions[0].changes[0].change["block"] for number in (first, second)]
    assert "new" not in ids
    assert len(set(ids)) == 2


def test_numbers_count_through_the_declaration(room):
    assert [room.propose(delete(room.block(place))) for place in range(3)] == [1, 2, 3]


@pytest.mark.parametrize(
    ("changes", "base", "refusal"),
    [
        (lambda room: [reword(room.block(0), CLEANER)], 7, NotFound),
        (lambda _: [reword(str(new_id()), CLEANER)], 1, UnknownBlock),
        (lambda _: [reword("not an id", CLEANER)], 1, UnknownBlock),
        (lambda _: [insert("new", "Towns shall dig.", after="nowhere")], 1, UnknownBlock),
        (lambda room: [reword(room.block(0), WATER)], 1, Invalid),
        (lambda room: [reword(room.block(0), f"  {WATER}\n")], 1, Invalid),
        (lambda room: [reword(room.block(0), " ")], 1, ImpossibleChange),
        (lambda room: [split(room.block(0), "Towns shall share clean water")], 1, ImpossibleChange),
        (lambda room: [Change(ChangeOp.JOIN, room.block(0), joined=(room.block(2),))], 1, ImpossibleChange),
        (lambda _: [], 1, Invalid),
    ],
    ids=[
        "a revision that is not there",
        "a paragraph that is not there",
        "a paragraph that cannot be",
        "after a paragraph that is not there",
        "the same words",
        "the same words spaced otherwise",
        "no words",
        "a split into one",
        "a join of strangers",
        "nothing",
    ],
)
def test_what_the_text_cannot_take_is_refused_and_nothing_is_stored(room, changes, base, refusal):
    asked = changes(room)
    with pytest.raises(refusal):
        room.propose(*asked, base=base)
    assert stored(room) == [0, 0]


def test_a_reason_longer_than_a_page_is_refused(room):
    with pytest.raises(Invalid) as refused, room.store.writing() as db:
        AmendmentService(db).propose(
            room.declaration.id,
            base_revision=1,
            language=EN,
            changes=[delete(room.block(0))],
            reason="x" * (LONGEST_REASON + 1),
            actor=room.member,
        )
    assert refused.value.facts["field"] == "reason"
    assert stored(room) == [0, 0]


def test_words_cannot_be_changed_in_a_language_that_has_none(store):
    room = opened(store, {EN: WATER, ES: "Las ciudades compartirán el agua."}, {EN: LIGHT})

    with pytest.raises(ImpossibleChange) as refused:
        room.propose(reword(room.block(1), "Las ciudades alumbrarán."), language=ES)
    assert refused.value.facts["reason"] == "untranslated"
    assert room.propose(delete(room.block(1)), language=ES) == 1


@pytest.mark.parametrize(
    ("role", "phase"),
    [
        (Role.MEMBER, Phase.DRAFTING),
        (Role.MEMBER, Phase.ADOPTION),
        (Role.OBSERVER, Phase.REVIEW),
        (Role.TRANSLATOR, Phase.REVIEW),
        (Role.SECRETARIAT, Phase.REVIEW),
    ],
)
def test_who_may_not_amend_finds_nothing_to_amend(store, role, phase):
    room = opened(store, phase=phase)
    with store.writing() as db:
        somebody = factories.person(db, role)

    with pytest.raises(NotFound):
        room.propose(reword(room.block(0), CLEANER), by=somebody)
    with pytest.raises(NotFound):
        room.propose(reword(room.block(0), CLEANER), by=NOBODY)
    assert stored(room) == [0, 0]
