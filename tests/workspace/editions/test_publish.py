"""Publishing: what stops it, the second person, and files that nobody can change afterwards."""

import hashlib
import json

import pytest
import sqlalchemy as sa

from drafts.base.errors import UnknownBlock
from drafts.formats.edition import MANIFEST
from drafts.languages.staleness import State
from drafts.text.blocks import Language
from drafts.text.numbering import reference
from tests.support import factories
from workspace.approvals.models import ApprovalRequest, Outcome
from workspace.approvals.service import ApprovalService
from workspace.core.actor import NOBODY, Role
from workspace.core.errors import Invalid, NotAllowed, NotFound, NotReady, Stale
from workspace.core.security.permissions import Phase
from workspace.core.storage.log import LogEntry
from workspace.declarations.domain.models import Revision
from workspace.declarations.domain.service import DeclarationService
from workspace.editions.domain.models import Edition, EditionFile
from workspace.editions.domain.policy import PUBLICATION
from workspace.editions.domain.publication import EditionService
from workspace.history.audit import audit
from workspace.people.models import Mandate

ES, EN, FR = Language
WATER = {
    ES: "Las ciudades compartirán el agua.",
    EN: "Towns shall share water.",
    FR: "Les villes partagent l’eau.",
}
TREES = {EN: "Towns shall plant trees.", ES: "Las ciudades plantarán árboles."}


def stored(hall):
    """Everything a publication leaves behind."""
    with hall.store.reading() as db:
        return {
            "editions": db.scalar(sa.select(sa.func.count()).select_from(Edition)),
            "files": db.scalar(sa.select(sa.func.count()).select_from(EditionFile)),
            "requests": db.scalar(sa.select(sa.func.count()).where(ApprovalRequest.outcome.is_(None))),
            "revisions": db.scalar(sa.select(sa.func.count()).select_from(Revision)),
            "log": db.scalar(sa.select(sa.func.count()).select_from(LogEntry)),
            "phase": hall.declaration(db).phase,
        }


def blockers(hall):
    with hall.store.reading() as db:
        found = EditionService(db).blockers(hall.declaration(db))
        return [(blocker.number, blocker.language, blocker.state) for blocker in found]


def test_what_stops_publication_is_named_by_paragraph_language_and_state(hall):
    hall = hall(WATER, TREES)
    hall.reword(EN, 0, "Towns shall share drinking water.")
    hall.save(FR, 1, "Les villes plantent des arbres.", sources=(FR,))
    assert blockers(hall) == [
        ("1", ES, State.STALE_SUBSTANTIVE),
        ("1", FR, State.STALE_SUBSTANTIVE),
        ("2", FR, State.UNVERIFIED),
    ]


@pytest.mark.parametrize("door", ["prepare", "request"])
def test_nothing_goes_out_while_a_text_is_missing(any_hall, door):
    hall = any_hall(WATER, TREES)
    before = stored(hall)
    with pytest.raises(NotReady) as refused:
        getattr(hall, door)()
    [blocker] = refused.value.blockers
    assert (blocker.number, blocker.language, blocker.state) == ("2", FR, State.MISSING)
    assert blocker.excerpt == TREES[EN]
    assert stored(hall) == before


def test_a_text_left_out_by_decision_stops_nothing_and_its_reason_is_printed(hall):
    hall = hall(WATER, TREES)
    hall.leave_out(FR, 1, "It names a Spanish law.")
    files = hall.prepare().files
    assert "It names a Spanish law." in files["declaration.fr.html"].decode()


def test_a_text_that_turns_stale_after_the_request_stops_the_confirmation(any_hall):
    hall = any_hall(WATER)
    prepared = hall.prepare()
    hall.request()
    hall.reword(EN, 0, "Towns shall share drinking water.")
    before = stored(hall)
    with pytest.raises(NotReady) as refused:
        hall.publish(prepared)
    assert [blocker.language for blocker in refused.value.blockers] == [ES, FR]
    assert stored(hall) == before


def test_one_person_alone_cannot_publish(any_hall):
    hall = any_hall(WATER)
    hall.request(hall.secretary)
    before = stored(hall)
    with pytest.raises(Invalid) as refused:
        hall.publish(actor=hall.secretary)
    assert refused.value.facts["reason"] == "second_person"
    assert stored(hall) == before


def test_nobody_publishes_what_nobody_asked_for(hall):
    hall = hall(WATER)
    with pytest.raises(NotFound):
        hall.publish()
    assert stored(hall)["editions"] == 0


def test_a_text_that_moved_since_it_was_prepared_is_not_published(any_hall):
    hall = any_hall(WATER)
    hall.request()
    prepared = hall.prepare()
    hall.save(FR, 0, "Les villes mettent l’eau en commun.")
    before = stored(hall)
    with pytest.raises(Stale) as refused:
        hall.publish(prepared)
    assert refused.value.facts["expected"] == prepared.text.fingerprint
    assert stored(hall) == before


@pytest.mark.parametrize("move", ["translation", "revision"])
def test_a_text_that_moved_since_it_was_asked_for_is_not_published(hall, move):
    hall = hall(WATER)
    hall.request()
    if move == "translation":
        hall.save(FR, 0, "Les villes mettent l’eau en commun.")
    else:
        hall.reword(EN, 0, "Towns shall share “water”.")
        hall.reword(EN, 0, "Towns shall share ‘water’.")
        hall.save(ES, 0, "Las ciudades compartirán «agua».")
        hall.save(FR, 0, "Les villes partagent l’« eau ».")
    with pytest.raises(Stale):
        hall.publish(hall.prepare())
    with hall.store.reading() as db:
        assert EditionService(db).pending(hall.declaration(db)) is None
    hall.sign()
    hall.request()
    assert hall.publish(hall.prepare()).number == 1


def test_two_people_publish_and_the_declaration_is_closed(any_hall):
    hall = any_hall(WATER)
    prepared = hall.prepare()
    hall.request(hall.secretary)
    edition = hall.publish(prepared, actor=hall.chair)
    assert edition.number == 1
    assert (edition.requested_by_id, edition.published_by_id) == (hall.secretary.person_id, hall.chair.person_id)
    assert stored(hall)["phase"] is Phase.PUBLISHED
    assert stored(hall)["requests"] == 0
    with hall.store.reading() as db:
        [kept] = EditionService(db).editions(hall.declaration(db))
        assert {file.name: file.content for file in kept.files} == prepared.files


def test_who_asked_must_still_have_the_right_when_it_is_confirmed(hall):
    hall = hall(WATER)
    hall.request()
    with hall.store.writing() as db:
        theirs = Mandate.person_id == hall.secretary.person_id
        db.execute(sa.update(Mandate).where(theirs).values(role=Role.MEMBER))
    with pytest.raises(NotAllowed):
        hall.publish()
    assert stored(hall)["editions"] == 0


def test_how_a_request_ended_stays_on_record(hall):
    hall = hall(WATER)
    hall.request(hall.secretary)
    with hall.store.writing() as db:
        declined = {"actor": hall.chair, "reason": "Alta has not read it."}
        assert ApprovalService(db).withdraw(PUBLICATION, hall.declaration(db), **declined)
    hall.request(hall.secretary)
    hall.publish(actor=hall.chair)
    with hall.store.reading() as db:
        kept = db.scalars(sa.select(ApprovalRequest).order_by(ApprovalRequest.requested_at)).all()
        assert [(one.outcome, one.answer) for one in kept] == [
            (Outcome.DECLINED, "Alta has not read it."),
            (Outcome.CONFIRMED, ""),
        ]
        assert {one.ended_by_id for one in kept} == {hall.chair.person_id}
        assert audit(db).findings == ()


def test_the_request_pins_the_text_that_is_published(hall):
    hall = hall({ES: WATER[ES], EN: WATER[EN]})
    hall.save(FR, 0, WATER[FR])
    hall.sign()
    hall.request()
    prepared = hall.prepare()
    edition = hall.publish(prepared)
    with hall.store.reading() as db:
        service = EditionService(db)
        kept = service.edition(hall.declaration(db), 1, actor=hall.chair)
        assert kept.revision_id == edition.revision_id == hall.declaration(db).head_id
        assert kept.revision.number == 2
        assert service.text(kept) == prepared.text


def test_the_manifest_names_every_byte(hall):
    hall = hall(WATER)
    hall.request()
    edition = hall.publish()
    with hall.store.reading() as db:
        service = EditionService(db)
        kept = service.edition(hall.declaration(db), 1, actor=hall.chair)
        contents = {file.name: file.content for file in kept.files}
        hashes = {file.name: file.sha256 for file in kept.files}
        fingerprint = service.text(kept).fingerprint
    manifest = json.loads(contents[MANIFEST])
    assert edition.manifest_sha256 == hashlib.sha256(contents[MANIFEST]).hexdigest()
    assert manifest["fingerprint"] == fingerprint
    assert manifest["files"] == {
        name: hashlib.sha256(content).hexdigest() for name, content in contents.items() if name != MANIFEST
    }
    assert hashes == {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}


@pytest.mark.parametrize("statement", ["UPDATE edition_file SET content = 'x'", "DELETE FROM edition"])
def test_a_published_file_can_be_neither_changed_nor_removed(any_hall, statement):
    hall = any_hall(WATER)
    hall.request()
    hall.publish()
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), hall.store.writing() as db:
        db.execute(sa.text(statement))


def test_the_publication_is_on_the_log_with_its_fingerprint(hall):
    hall = hall(WATER)
    prepared = hall.prepare()
    hall.request()
    edition = hall.publish(prepared)
    with hall.store.reading() as db:
        entries = {entry.kind: entry.entry for entry in db.query(LogEntry)}
    assert prepared.text.fingerprint in entries["edition.published"]
    assert edition.manifest_sha256 in entries["edition.published"]


def test_a_reference_to_a_paragraph_that_is_gone_stops_publication(hall):
    gone = reference("0" * 8)
    hall = hall({language: f"{text} {gone}" for language, text in WATER.items()})
    with hall.store.reading() as db:
        found = EditionService(db).dangling(hall.declaration(db))
    assert [(one.number, one.language) for one in found] == [("1", ES), ("1", EN), ("1", FR)]
    before = stored(hall)
    with pytest.raises(UnknownBlock):
        hall.request()
    with pytest.raises(UnknownBlock):
        hall.prepare()
    assert stored(hall) == before


@pytest.mark.parametrize("role", [Role.MEMBER, Role.COMMITTEE, Role.TRANSLATOR, Role.RAPPORTEUR, Role.ADMIN])
def test_only_secretariat_and_chair_publish(hall, role):
    hall = hall(WATER)
    with hall.store.writing() as db:
        somebody = factories.person(db, role)
    with pytest.raises(NotAllowed):
        hall.request(somebody)
    hall.request()
    with pytest.raises(NotAllowed):
        hall.publish(actor=somebody)


@pytest.mark.parametrize("phase", [Phase.DRAFTING, Phase.REVIEW, Phase.CONSULTATION, Phase.PUBLISHED])
def test_nothing_is_published_outside_the_adoption_phase(hall, phase):
    hall = hall(WATER)
    with hall.store.writing() as db:
        DeclarationService(db).enter(hall.declaration(db), phase, actor=hall.chair)
    with pytest.raises(NotAllowed):
        hall.request()


def test_an_edition_is_read_by_nobody_before_it_is_out_and_by_anyone_after(hall):
    hall = hall(WATER)
    with hall.store.reading() as db, pytest.raises(NotFound):
        EditionService(db).edition(hall.declaration(db), 1, actor=hall.chair)
    hall.request()
    hall.publish()
    with hall.store.writing() as db:
        anyone = NOBODY
        edition = EditionService(db).edition(hall.declaration(db), 1, actor=anyone)
        assert EditionService(db).file(edition, MANIFEST).media_type == "application/json"
        with pytest.raises(NotFound):
            EditionService(db).file(edition, "declaration.de.html")
