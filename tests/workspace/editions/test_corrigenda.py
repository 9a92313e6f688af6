"""Slips of a published edition are put right: a new edition follows, and the old one stays as it is."""

import json
from datetime import timedelta

import pytest
import sqlalchemy as sa

from drafts.checks.changes import Correction
from drafts.formats.bundle import unpack
from drafts.formats.edition import MANIFEST
from drafts.text.blocks import Language
from drafts.verification.bundle_report import TrustAnchors, Voucher
from drafts.verification.bundle_verification import verify_bundle
from tests.support import factories
from workspace.core import clock
from workspace.core.actor import NOBODY, OPERATOR, Actor, Role
from workspace.core.errors import Invalid, NotAllowed, NotFound
from workspace.core.jobs import JobContext
from workspace.core.security.permissions import Phase
from workspace.core.settings import Settings
from workspace.core.storage.db import new_id
from workspace.declarations.domain.service import DeclarationService
from workspace.editions.domain.corrigenda import CorrigendumService
from workspace.editions.domain.models import Corrigendum, CorrigendumState, Edition
from workspace.editions.domain.publication import EditionService
from workspace.editions.jobs import make_due_corrigenda, sign_new_editions
from workspace.editions.verification.bundle import bundle_of
from workspace.editions.verification.replay import replay_declaration
from workspace.history.audit import audit
from workspace.history.signing_keys import KeyFolder, KeyService
from workspace.people.models import Mandate, Organisation
from workspace.people.service import PeopleService
from workspace.terms.models import SegmentRecord

ES, EN, FR = Language
WATER = {
    ES: "Las ciudades compartirán su agua antes de 2030.",
    EN: "Cities shall shaer their water by 2030.",
    FR: "Les villes partagent leur eau avant 2030.",
}
RIGHT = "Cities shall share their water by 2030."


class Printed:
    """A hall whose text is published; each method is one unit of work."""

    def __init__(self, hall):
        self.hall, self.store = hall, hall.store
        hall.sign()
        hall.request()
        hall.publish()
        self.block = hall.block(0)

    def correct(self, language=EN, text=RIGHT, actor=None) -> Corrigendum:
        with self.store.writing() as db:
            service, declaration = CorrigendumService(db), self.hall.declaration(db)
            return service.correct(declaration, self.block, language, text, actor=actor or self.hall.secretary)

    def say(self, verb, *args, actor=None, **more):
        with self.store.writing() as db:
            service = CorrigendumService(db)
            corrigendum = service.every(self.hall.declaration(db), actor=self.hall.chair)[0]
            return getattr(service, verb)(corrigendum, *args, actor=actor or self.hall.secretary, **more)

    def confirm(self, actor=None) -> Edition:
        with self.store.reading() as db:
            service = CorrigendumService(db)
            prepared = service.prepare(service.every(self.hall.declaration(db), actor=self.hall.chair)[0])
        return self.say("confirm", prepared, actor=actor or self.hall.chair)

    def state(self) -> CorrigendumState:
        with self.store.reading() as db:
            return CorrigendumService(db).every(self.hall.declaration(db), actor=self.hall.chair)[0].state

    def texts(self) -> list[str]:
        """What each edition says in English, newest first."""
        with self.store.reading() as db:
            service = EditionService(db)
            return [service.text(one).rows[0].cells[EN].text for one in service.editions(self.hall.declaration(db))]


@pytest.fixture
def printed(hall):
    return Printed(hall(WATER))


@pytest.fixture
def any_printed(any_hall):
    """The same, once on each database."""
    return Printed(any_hall(WATER))


def member(printed: Printed) -> Actor:
    with printed.store.writing() as db:
        forum = factories.forum(db)
        town = Organisation(id=new_id(), network_id=forum.network_id, name="Puerto Claro", aliases=[])
        db.add(town)
        db.flush()
        somebody = factories.person(db, Role.MEMBER)
        db.query(Mandate).filter_by(person_id=somebody.person_id).update({"organisation_id": town.id})
        db.flush()
        return PeopleService(db).actor(somebody.person_id)


def in_an_hour() -> str:
    return (clock.now() + timedelta(hours=1)).isoformat(timespec="minutes")


def test_two_people_put_a_slip_right_and_both_editions_stand(any_printed, tmp_path):
    printed = any_printed
    with printed.store.writing() as db:
        key = KeyService(db, KeyFolder(tmp_path)).create(actor=OPERATOR).public
    shift = JobContext(printed.store, Settings(keys=str(tmp_path)))
    sign_new_editions(shift)
    assert printed.correct().changes[0].kind is Correction.SPELLING
    printed.say("ask", "A word was misspelt.")
    with pytest.raises(Invalid) as refused:
        printed.confirm(actor=printed.hall.secretary)
    assert refused.value.facts["reason"] == "second_person"
    assert printed.texts() == [WATER[EN]]
    edition = printed.confirm()
    sign_new_editions(shift)
    assert (edition.number, printed.state()) == (2, CorrigendumState.MADE)
    assert printed.texts() == [RIGHT, WATER[EN]]
    with printed.store.reading() as db:
        second, first = EditionService(db).editions(printed.hall.declaration(db))
        manifest = json.loads(EditionService(db).file(second, MANIFEST).content)
        assert manifest["corrects"] == {"edition": 1, "manifest": first.manifest_sha256}
        assert replay_declaration(db, printed.hall.declaration(db)).troubles == ()
        bundles = [bundle_of(db, db.get_one(Edition, one.id)) for one in (second, first)]
        assert audit(db).findings == ()
    for data in bundles:
        report = verify_bundle(data, TrustAnchors(keys=[key]))
        assert (report.exit_code, report.vouchers) == (0, [Voucher.SIGNATURE, Voucher.CHECKPOINT])
    causes = json.loads(unpack(bundles[0])["decisions.json"])["paragraphs"][0]["texts"]
    assert (causes["en"]["kind"], causes["es"]["kind"]) == ("corrigendum", "import")
    assert len(causes["en"]["decisions"]) == 1


def test_what_was_put_right_is_in_the_memory_from_then_on(printed):
    printed.correct()
    printed.say("ask", "A word was misspelt.")
    printed.confirm()
    with printed.store.reading() as db:
        remembered = [segment.en for segment in db.scalars(sa.select(SegmentRecord))]
    assert RIGHT in remembered


def test_silence_carries_what_nobody_objects_to(printed, monkeypatch):
    printed.correct(ES, "Los municipios compartirán su agua antes de 2030.")
    with pytest.raises(Invalid) as refused:
        printed.say("ask", "A better word.")
    assert refused.value.facts["reason"] == "needs_silence"
    printed.say("open_silence", "A better word.", in_an_hour())
    make_due_corrigenda(JobContext(printed.store, Settings()))
    assert printed.state() is CorrigendumState.SILENT
    later = clock.now() + timedelta(hours=2)
    monkeypatch.setattr(clock, "now", lambda: later)
    for _ in range(2):
        make_due_corrigenda(JobContext(printed.store, Settings()))
    assert printed.state() is CorrigendumState.MADE
    with printed.store.reading() as db:
        declaration = printed.hall.declaration(db)
        assert [one.number for one in EditionService(db).editions(declaration)] == [2, 1]
        assert replay_declaration(db, declaration).troubles == ()


def test_what_went_to_the_archive_meanwhile_stays_as_it_is(printed, monkeypatch):
    printed.correct(ES, "Los municipios compartirán su agua antes de 2030.")
    printed.say("open_silence", "A better word.", in_an_hour())
    with printed.store.writing() as db:
        DeclarationService(db).enter(printed.hall.declaration(db), Phase.ARCHIVED, actor=printed.hall.chair)
    later = clock.now() + timedelta(hours=2)
    monkeypatch.setattr(clock, "now", lambda: later)
    make_due_corrigenda(JobContext(printed.store, Settings()))
    with printed.store.reading() as db:
        assert [one.state for one in db.query(Corrigendum)] == [CorrigendumState.WITHDRAWN]
    assert printed.texts() == [WATER[EN]]


def test_one_objection_with_a_reason_breaks_the_silence(printed):
    town = member(printed)
    printed.correct(ES, "Los municipios compartirán su agua antes de 2030.")
    printed.say("open_silence", "A better word.", in_an_hour())
    with pytest.raises(Invalid) as refused:
        printed.say("object", " ", actor=town)
    assert refused.value.facts["field"] == "reason"
    for nobody in (printed.hall.secretary, printed.hall.translator):
        with pytest.raises(NotAllowed):
            printed.say("object", "No.", actor=nobody)
    printed.say("object", "We agreed on cities.", actor=town)
    assert printed.state() is CorrigendumState.BROKEN
    with pytest.raises(Invalid):
        printed.say("withdraw")
    assert len(printed.texts()) == 1


def test_a_change_of_substance_is_refused_with_its_reason(printed):
    for language, text, reason in (
        (EN, "Cities should share their water by 2030.", "no_correction_original"),
        (EN, "Cities shall shaer their water by 2035.", "no_correction_contradicts"),
        (FR, "", "no_correction_empty"),
        (FR, WATER[FR], "no_correction_same"),
    ):
        with pytest.raises(Invalid) as refused:
            printed.correct(language, text)
        assert refused.value.facts["reason"] == reason
    with printed.store.reading() as db:
        assert CorrigendumService(db).current(printed.hall.declaration(db)) is None


def test_words_that_somebody_is_asked_about_stand_still_until_it_is_taken_back(printed):
    printed.correct()
    printed.say("ask", "A word was misspelt.")
    with pytest.raises(Invalid) as refused:
        printed.correct(FR, "Les villes partagent leur eau, avant 2030.")
    assert refused.value.facts["reason"] == "waits_already"
    printed.say("withdraw")
    assert printed.correct().number == 2


def test_corrections_that_are_being_prepared_are_seen_by_those_who_make_them_alone(printed):
    town = member(printed)
    printed.correct()
    for somebody in (NOBODY, town, printed.hall.translator):
        with printed.store.reading() as db:
            service, declaration = CorrigendumService(db), printed.hall.declaration(db)
            assert service.every(declaration, actor=somebody) == []
            with pytest.raises(NotFound):
                service.numbered(declaration, 1, actor=somebody)
        with pytest.raises(NotAllowed):
            printed.correct(actor=somebody)
