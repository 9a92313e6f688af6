"""An edition that is confirmed now and comes out at an appointed time: read by nobody before, by everybody after."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from drafts.base.transparency_log import PublicKey
from drafts.formats.bundle import unpack
from drafts.text.blocks import Language
from drafts.verification.bundle_report import TrustAnchors, Voucher
from drafts.verification.bundle_verification import verify_bundle
from workspace.accounts.domain.models import Account
from workspace.approvals.models import Matter
from workspace.core import clock
from workspace.core.actor import NOBODY, OPERATOR
from workspace.core.errors import Invalid, NotAllowed, NotFound, Sealed
from workspace.core.jobs import JobContext
from workspace.core.outbox import Letter
from workspace.core.security.permissions import Phase
from workspace.core.settings import Settings
from workspace.core.storage.log import LogEntry
from workspace.declarations.domain.phase_changes import PhaseService
from workspace.declarations.domain.policy import may_read
from workspace.editions.domain.embargo import EmbargoService
from workspace.editions.domain.models import Edition
from workspace.editions.domain.publication import EditionService
from workspace.editions.jobs import release_due_editions
from workspace.editions.verification.bundle import bundle_of
from workspace.editions.verification.replay import replay_declaration
from workspace.history.signing_keys import KeyFolder, KeyService

CANARY = "Quetzal harbours"
WATER = {
    Language.ES: f"{CANARY} compartirán el agua.",
    Language.EN: f"{CANARY} shall share water.",
    Language.FR: f"{CANARY} partagent l’eau.",
}


def told(moment: datetime) -> str:
    return moment.isoformat(timespec="minutes")


def in_hours(count: int) -> datetime:
    return (clock.now() + timedelta(hours=count)).replace(second=0, microsecond=0)


@pytest.fixture
def sealed(hall):
    """The three texts are confirmed by two people, to come out in two hours."""
    return _sealed(hall(WATER))


@pytest.fixture
def any_sealed(any_hall):
    """The same, once on each database."""
    return _sealed(any_hall(WATER))


def _sealed(hall):
    hall.sign()
    hall.time = in_hours(2)
    hall.request(release=told(hall.time))
    prepared = hall.prepare()
    with hall.store.writing() as db:
        EmbargoService(db).seal(hall.declaration_id, prepared, actor=hall.chair)
    hall.prepared = prepared
    return hall


def come(hall, monkeypatch, moment: datetime, keys: str = "") -> None:
    """It is that time, and the worker makes its round."""
    monkeypatch.setattr(clock, "now", lambda: moment)
    release_due_editions(JobContext(hall.store, Settings(keys=keys) if keys else Settings()))


def editions(hall) -> list[int]:
    with hall.store.reading() as db:
        return [one.number for one in EditionService(db).editions(hall.declaration(db))]


def test_it_comes_out_at_its_time_as_it_was_confirmed_and_not_before(any_sealed, monkeypatch):
    sealed = any_sealed
    come(sealed, monkeypatch, sealed.time - timedelta(minutes=1))
    assert editions(sealed) == []
    come(sealed, monkeypatch, sealed.time)
    come(sealed, monkeypatch, sealed.time + timedelta(minutes=1))
    with sealed.store.reading() as db:
        service, declaration = EditionService(db), sealed.declaration(db)
        [edition] = service.editions(declaration)
        assert {file.name: file.content for file in edition.files} == sealed.prepared.files
        assert (edition.requested_by_id, edition.published_by_id) == (
            sealed.secretary.person_id,
            sealed.chair.person_id,
        )
        assert (declaration.phase, declaration.is_embargoed) == (Phase.PUBLISHED, False)
        assert service.edition(declaration, 1, actor=NOBODY).published_at == sealed.time
        assert replay_declaration(db, declaration).troubles == ()


def test_letters_go_out_with_it_and_not_with_the_seal(sealed, monkeypatch):
    def letters() -> int:
        with sealed.store.reading() as db:
            return db.scalar(sa.select(sa.func.count()).select_from(Letter).where(Letter.kind == "phase_moved"))

    with sealed.store.writing() as db:
        db.add(Account(person_id=sealed.secretary.person_id, email="ana@town.example", made_at=clock.now()))
    before = letters()
    come(sealed, monkeypatch, sealed.time - timedelta(minutes=1))
    assert letters() == before
    come(sealed, monkeypatch, sealed.time)
    assert letters() == before + 1


def test_its_files_are_on_the_log_by_their_hash_before_it_comes_out_and_signed_when_it_does(
    sealed, monkeypatch, tmp_path
):
    keys = str(tmp_path / "keys")
    with sealed.store.writing() as db:
        key: PublicKey = KeyService(db, KeyFolder(tmp_path / "keys")).create(actor=OPERATOR).public
        entry = db.scalar(sa.select(LogEntry.entry).where(LogEntry.kind == "edition.sealed"))
    come(sealed, monkeypatch, sealed.time, keys)
    with sealed.store.reading() as db:
        [edition] = EditionService(db).editions(sealed.declaration(db))
        assert edition.manifest_sha256 in entry
        data = bundle_of(db, db.get_one(Edition, edition.id))
    assert verify_bundle(data, TrustAnchors(keys=[key])).vouchers == [Voucher.SIGNATURE, Voucher.CHECKPOINT]
    assert "manifest.json.sig" in unpack(data)


def test_no_word_can_change_while_it_is_sealed(sealed):
    with pytest.raises(Sealed):
        sealed.reword(Language.EN, 0, "Towns shall share all water.")
    with pytest.raises(Sealed):
        sealed.save(Language.FR, 0, "Les villes partagent toute l’eau.")
    with pytest.raises(Sealed), sealed.store.writing() as db:
        PhaseService(db).move(sealed.declaration(db), Phase.CONSULTATION, actor=sealed.chair, reason="A mistake.")
    with pytest.raises(Sealed), sealed.store.writing() as db:
        PhaseService(db).ask(sealed.declaration(db), Matter.EMBARGO, actor=sealed.chair, wanted=False)


def test_the_public_reads_nothing_of_it_at_any_address_until_it_is_out(sealed, visit, monkeypatch):
    with sealed.store.reading() as db:
        declaration = sealed.declaration(db)
        forum, slug, ident = declaration.forum.slug, declaration.slug, declaration.id
        assert not may_read(NOBODY, declaration)
    reader = visit(NOBODY)
    found = f"/api/forums/{forum}/search?words=harbours"
    paths = [
        "/en",
        "/en/editions.atom",
        found,
        f"/en/{forum}",
        *(f"/en/{forum}/{slug}{rest}" for rest in _WITHIN),
        f"/api/declarations/{ident}",
        *(f"/api/declarations/{ident}/{rest}" for rest in ("readiness", "editions", "editions/1", "editions/1/bundle")),
    ]
    for path in paths:
        assert CANARY not in reader.get(path).text, path
    assert reader.get(f"/en/{forum}/{slug}/editions/1").status_code == 404
    come(sealed, monkeypatch, sealed.time)
    assert CANARY in reader.get(f"/en/{forum}/{slug}/editions/1").text
    assert slug in reader.get("/en/editions.atom").text
    assert CANARY in reader.get(found).text


_WITHIN = (
    "",
    "/history",
    "/compare",
    "/readiness",
    "/preview/declaration.en.html",
    "/editions/1",
    "/editions/1/declaration.en.html",
    "/editions/1/bundle.zip",
)


def test_the_time_is_moved_by_two_people(sealed, monkeypatch):
    later = in_hours(5)
    with sealed.store.writing() as db:
        EmbargoService(db).ask(sealed.declaration(db), release=told(later), actor=sealed.chair)
    with pytest.raises(Invalid) as refused, sealed.store.writing() as db:
        EmbargoService(db).confirm(sealed.declaration(db), actor=sealed.chair)
    assert refused.value.facts["reason"] == "second_person"
    with sealed.store.writing() as db:
        EmbargoService(db).confirm(sealed.declaration(db), actor=sealed.secretary)
    come(sealed, monkeypatch, sealed.time)
    assert editions(sealed) == []
    come(sealed, monkeypatch, later)
    assert editions(sealed) == [1]


def test_two_people_break_the_seal_and_the_text_can_be_worked_on_again(sealed, monkeypatch):
    with sealed.store.writing() as db:
        EmbargoService(db).ask(sealed.declaration(db), release="", actor=sealed.chair)
        EmbargoService(db).confirm(sealed.declaration(db), actor=sealed.secretary)
    come(sealed, monkeypatch, sealed.time)
    assert editions(sealed) == []
    monkeypatch.undo()
    sealed.reword(Language.EN, 0, "Towns shall share “water”.")


@pytest.mark.parametrize("given", ["2020-01-01T10:00", "soon"])
def test_a_time_that_has_passed_or_is_none_cannot_be_asked_for(hall, given):
    hall = hall(WATER)
    hall.sign()
    with pytest.raises(Invalid) as refused:
        hall.request(release=given)
    assert refused.value.facts["field"] == "release"


def test_what_two_people_agreed_on_is_confirmed_and_nothing_else(hall):
    hall = hall(WATER)
    hall.sign()
    hall.request()
    prepared = hall.prepare()
    with pytest.raises(Invalid) as refused, hall.store.writing() as db:
        EmbargoService(db).seal(hall.declaration_id, prepared, actor=hall.chair)
    assert refused.value.facts["reason"] == "not_as_asked"
    hall.request(release=told(in_hours(2)))
    with pytest.raises(Invalid) as refused:
        hall.publish(prepared)
    assert refused.value.facts["reason"] == "not_as_asked"
    with pytest.raises(Invalid) as refused, hall.store.writing() as db:
        EmbargoService(db).seal(hall.declaration_id, prepared, release=told(in_hours(3)), actor=hall.chair)
    assert refused.value.facts["reason"] == "not_as_asked"


def test_only_the_chair_asks_for_another_time(sealed):
    for actor in (sealed.secretary, sealed.translator):
        with pytest.raises(NotAllowed), sealed.store.writing() as db:
            EmbargoService(db).ask(sealed.declaration(db), release=told(in_hours(3)), actor=actor)
    with pytest.raises(NotFound), sealed.store.writing() as db:
        EmbargoService(db).confirm(sealed.declaration(db), actor=sealed.secretary)
    assert isinstance(sealed.declaration_id, UUID)
