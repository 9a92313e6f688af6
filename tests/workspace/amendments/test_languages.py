"""Words of one paragraph in two languages are never merged: the committee takes one, and the other is translated."""

import pytest

from drafts.merge.disputes import ClusterKind
from drafts.text.blocks import Language
from tests.support.texts import delete, reword
from tests.workspace.amendments.room import LIGHT, WATER, opened
from workspace.amendments.domain.models import DecisionOutcome, Disposition, Verdict
from workspace.amendments.domain.outcomes import Ruling
from workspace.core.errors import Undecidable
from workspace.translations.domain.service import TranslationService

ES, EN, FR = Language
AGUA = "Los municipios compartirán el agua limpia."
FREE = WATER.replace("clean", "free")
FRIA = AGUA.replace("limpia", "fría")


@pytest.fixture
def room(store):
    return opened(store, {EN: WATER, ES: AGUA, FR: "Les villes partagent l’eau propre."}, LIGHT)


@pytest.fixture
def english(room):
    return room.propose(reword(room.block(0), FREE))


@pytest.fixture
def spanish(room):
    return room.propose(reword(room.block(0), FRIA), language=ES, by=room.other)


def test_adopting_both_is_a_dispute_of_languages_and_the_text_stays(room, english, spanish):
    adoption = room.adopt(english, spanish)

    assert room.outcomes(adoption) == [DecisionOutcome.WAITS] * 2
    [cluster] = adoption.clusters
    assert (cluster.kind, cluster.base_blocks, cluster.amendments) == (ClusterKind.LANGUAGES, (0,), (english, spanish))
    assert [one.text for one in cluster.alternatives] == [f"1. {FREE}", f"1. {FRIA}"]
    assert (room.texts()[0], room.texts(ES)[0]) == (WATER, AGUA)


def test_the_committee_takes_one_and_the_other_goes_to_the_translators(room, english, spanish):
    adoption = room.decide({english: Verdict.ADOPT, spanish: Verdict.HAND_OVER})

    assert room.outcomes(adoption) == [DecisionOutcome.APPLIED, DecisionOutcome.NONE]
    assert (room.texts()[0], room.texts(ES)[0]) == (FREE, AGUA)
    assert room.disposition(spanish) is Disposition.HANDED_OVER


def test_the_words_of_one_language_do_not_silently_overrule_those_adopted_in_another(room, english, spanish):
    room.adopt(english)

    adoption = room.adopt(spanish, language=ES)

    assert (room.outcomes(adoption), adoption.revision) == ([DecisionOutcome.WAITS], None)
    assert [cluster.kind for cluster in adoption.clusters] == [ClusterKind.LANGUAGES]
    room.decide({spanish: Verdict.HAND_OVER}, language=ES)
    assert room.disposition(spanish) is Disposition.HANDED_OVER


def test_words_of_the_committee_may_lead_in_either_language(room, english, spanish):
    room.adopt(english)

    room.decide({spanish: Ruling(None, Verdict.ADOPT_MODIFIED, "", (reword(room.block(0), FRIA),))}, language=ES)

    assert room.texts(ES)[0] == FRIA
    assert room.originals()[0] is ES


def test_once_the_translators_have_brought_it_up_to_date_it_is_a_matter_of_words(room, english, spanish):
    room.adopt(english)
    row = room.rows()[0]
    with room.store.writing() as db:
        translator = room.person(db, "translator")
        TranslationService(db).save(
            room.declaration.id,
            row.block_id,
            ES,
            "Los municipios compartirán gratis el agua limpia.",
            sources=[EN],
            expected=row.texts[ES].id,
            actor=translator,
        )

    adoption = room.adopt(spanish, language=ES)

    assert room.outcomes(adoption) == [DecisionOutcome.APPLIED]
    assert room.texts(ES)[0] == "Los municipios compartirán gratis el agua fría."


def test_what_holds_in_every_language_is_no_dispute_of_languages(room, english):
    deletion = room.propose(delete(room.block(1)), language=ES, by=room.other)
    room.adopt(english)
    assert room.outcomes(room.adopt(deletion, language=ES)) == [DecisionOutcome.APPLIED]


def test_nothing_is_handed_over_where_no_other_language_leads(room, english, spanish):
    with pytest.raises(Undecidable) as refused:
        room.decide({english: Verdict.HAND_OVER})
    assert refused.value.facts["reason"] == "nothing_leads"
    with pytest.raises(Undecidable):
        room.decide({spanish: Verdict.HAND_OVER}, language=ES)


def test_one_in_another_language_is_decided_with_those_of_its_own_words(room, english):
    elsewhere = room.propose(reword(room.block(1), "Luz."), language=ES, by=room.other)
    with pytest.raises(Undecidable) as refused:
        room.adopt(english, elsewhere, language=EN)
    assert refused.value.facts == {"number": elsewhere, "reason": "other_language"}
