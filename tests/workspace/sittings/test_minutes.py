"""Minutes are what the log says of a sitting's time: signed by the chair, corrected by members, in three languages."""

import hashlib
import io
import zipfile

import pytest
import sqlalchemy as sa

from tests.workspace.sittings.test_sittings import Hall, opened, text
from workspace.amendments.domain.models import Verdict
from workspace.amendments.domain.outcomes import Ruling
from workspace.amendments.service import AmendmentService
from workspace.core.storage.db import Store
from workspace.core.storage.log import LogEntry
from workspace.core.storage.row_digests import canonical_json
from workspace.declarations.domain import queries
from workspace.notices.models import Notice
from workspace.procedure.agenda import CurrentItemService
from workspace.procedure.models import VoteChoice
from workspace.procedure.service import QuestionService, QuestionSubject, Subject
from workspace.sittings.minutes import DEBATE, frozen
from workspace.sittings.models import Minutes
from workspace.sittings.service import Act, SittingActIn, SittingService

PATH = "/1/minutes"


@pytest.fixture
def held(store: Store) -> Hall:
    """A sitting at which an amendment was spoken about, voted on and decided, and another one was oral."""
    hall = opened(store)
    with store.writing() as db:
        CurrentItemService(db).give(text(db), amendment=1, actor=hall.chair)
    hall.post(hall.alta, act="arrive")
    hall.post(hall.chair, act="open_list", minutes="3")
    hall.speak(hall.alta, hall.baja)
    with store.writing() as db:
        declaration, questions = text(db), QuestionService(db)
        vote = questions.put_vote(declaration, QuestionSubject(Subject.AMENDMENT, amendment=1), actor=hall.chair)
        for who in (hall.alta, hall.baja):
            questions.cast(vote, VoteChoice.YES, actor=who)
        questions.close(vote, actor=hall.chair)
        amendment = AmendmentService(db).numbered(declaration, 1, actor=hall.chair)
        ruling = Ruling(amendment.id, Verdict.ADOPT, "It is clearer.")
        AmendmentService(db).decide(declaration.id, [ruling], expected_head=declaration.head.id, actor=hall.chair)
    hall.post(hall.chair, act="end")
    return hall


def record(hall: Hall) -> dict:
    from tests.support import site  # noqa: PLC0415  (as the hall does)

    with hall.store.reading() as db:
        address = f"/api/declarations/{text(db).id}/sittings/1/minutes"
    with site.browser(hall.store, hall.alta) as browser:
        return browser.get(address).json()


def topic(hall: Hall) -> str:
    """The key of the amendment that was taken up."""
    return next(line[0] for line in record(hall)["blocks"]["en"] if line[0].startswith("amendment:"))


def test_the_record_has_what_the_log_says_of_that_time(held: Hall):
    found = record(held)
    assert (found["decisions"], found["questions"], found["sha256"]) == ([1], [1], None)
    with held.store.reading() as db:
        logged = db.scalars(sa.select(LogEntry.kind).where(LogEntry.kind.in_(("decision.taken", "question.ended"))))
        assert sorted(logged) == ["decision.taken", "question.ended"]
    words = held.page(held.alta, PATH).text
    for said in ("Town of Alta", "Baja, Town of Baja", "2 yes, 0 no", "Amendment 1 adopted (decision 1)", "Yes: "):
        assert said in words
    assert "Alta, Town of Alta (0:" in words


def test_what_is_decided_after_the_sitting_is_not_in_its_minutes(held: Hall):
    before = record(held)
    with held.store.writing() as db:
        CurrentItemService(db).give(text(db), block_id=queries.head_rows(db, text(db))[1].block_id, actor=held.chair)
    assert record(held) == before


def test_what_is_undone_stands_with_what_was_decided(held: Hall):
    with held.store.writing() as db:
        service, declaration = SittingService(db), text(db)
        sitting = service.arrange(declaration, "Hall", "2030-01-01T10:00", actor=held.chair)
        service.perform(sitting, SittingActIn(act=Act.BEGIN), actor=held.chair)
        undone = {"reason": "The wrong one.", "expected_head": declaration.head.id, "actor": held.chair}
        AmendmentService(db).undo_decision(declaration.id, 1, **undone)
    with held.store.reading() as db:
        lines = frozen(db, SittingService(db).numbered(text(db), 2))["blocks"]["en"]
    assert {key.partition(":")[0] for key, *_ in lines} & {"amendment", DEBATE} == {"amendment"}


def test_a_signed_record_stays_and_has_its_digest(held: Hall):
    held.post(held.staff, act="note", key=topic(held), text="Long applause.")
    assert held.post(held.staff, act="sign", days="7").status_code == 404
    held.post(held.chair, act="sign", days="7")
    with held.store.reading() as db:
        signed = db.scalars(sa.select(Minutes)).one()
        assert signed.sha256 == hashlib.sha256(canonical_json(signed.record)).hexdigest()
        assert "Long applause." in canonical_json(signed.record).decode()
        told = set(db.scalars(sa.select(Notice.person_id).where(Notice.word == "minutes")))
        assert {held.alta.person_id, held.baja.person_id} <= told
    for late in ({"act": "note", "key": "", "text": "More."}, {"act": "sign", "days": "7"}):
        assert held.told(held.chair, **late) == "workspace.invalid:sitting_state"
    assert held.told(held.chair, act="attendance", **{"seat.2": "present"}) == "workspace.invalid:sitting_state"


def test_members_correct_within_a_time_and_the_chair_answers(held: Hall, moved_clock):
    held.post(held.chair, act="sign", days="7")
    item = topic(held)
    held.post(held.alta, act="correct", key=item, text="I asked for pumps.")
    held.post(held.baja, act="correct", key="attendance", text="We were here.")
    assert held.told(held.baja, act="correct", key=item, text=" ") == "workspace.invalid:empty"
    held.post(held.chair, act="answer", number="1", is_accepted="true")
    assert held.told(held.chair, act="answer", number="2", is_accepted="false") == "workspace.invalid:empty"
    held.post(held.chair, act="answer", number="2", is_accepted="false", reason="Nobody saw you.")
    assert held.told(held.chair, act="answer", number="2") == "workspace.invalid:correction_answered"
    shown = held.page(held.alta, PATH)
    assert (shown.data("accepted"), shown.state) == (["true", "false"], "signed")
    assert "I asked for pumps." in shown.text
    moved_clock.forward(days=8)
    assert held.told(held.alta, act="correct", key=item, text="Late.") == "workspace.invalid:correction_closed"
    assert held.page(held.alta, PATH).state == "final"


@pytest.mark.parametrize("language", ["es", "en", "fr"])
def test_minutes_are_page_pdf_and_word_in_each_language(held: Hall, language: str):
    from tests.support import site  # noqa: PLC0415  (as the hall does)

    shown = held.page(held.alta, PATH, language)
    assert shown.language == language
    assert "It is clearer." in shown.text
    with site.browser(held.store, held.alta) as browser:
        there = f"/{language}/third-forum/declaration/sittings{PATH}"
        assert browser.get(f"{there}/pdf").content.startswith(b"%PDF")
        words = zipfile.ZipFile(io.BytesIO(browser.get(f"{there}/docx").content)).read("word/document.xml").decode()
        assert "Town of Alta" in words
        assert browser.get(f"{there}/odt").status_code == 404


def test_visitors_read_no_draft(held: Hall):
    assert held.page(None, PATH).status == 404
