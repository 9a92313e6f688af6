"""My work tells whoever can be the second person what waits for them, and the page it leads to is there."""

import pytest
import sqlalchemy as sa

from drafts.text.blocks import Language
from tests.support import factories
from tests.support.browser import browsers
from tests.support.page import Page
from tests.workspace.desk.visiting import FORUM, tasks
from tests.workspace.editions.conftest import Hall
from tests.workspace.editions.test_corrigenda import WATER as WITH_A_SLIP
from tests.workspace.editions.test_corrigenda import Printed, in_an_hour, member
from workspace.approvals.service import ApprovalService
from workspace.cli import run
from workspace.core.actor import Role
from workspace.core.errors import NotFound
from workspace.editions.domain.overrides import OverrideService
from workspace.editions.domain.queries import OVERRIDE as OVERRIDE_RULE
from workspace.history.erasure import ErasureService
from workspace.notices.models import Notice
from workspace.notices.views import NoticeSubjects

ES, EN, FR = Language
AT = "third-forum/declaration"
WATER = {ES: "Las ciudades compartirán el agua.", EN: "Towns shall share water.", FR: "Les villes partagent l’eau."}
OVERRIDE = "second", "declaration/readiness"
CORRIGENDUM = "second", "declaration/corrigenda/1"
SILENCE = "voter", "declaration/corrigenda/2"
ERASURE = "second", "erasures"


def unsigned(store) -> Hall:
    """A declaration whose Spanish and French have not followed the English."""
    hall = Hall(store, WATER)
    hall.reword(EN, 0, "Towns shall share all water.")
    return hall


@pytest.fixture
def seen(store):
    """Where a task of somebody's own work leads, if they have it."""
    with browsers(store) as visit:

        def look(actor, wanted: tuple[str, str]):
            client = visit(actor)
            waits = [(part, href) for part, _, href in tasks(Page(client.get(f"{FORUM}/work")))]
            return client.get(f"{FORUM}/{wanted[1]}").status_code if wanted in waits else None

        yield look


def test_an_override_waits_for_the_second_person_and_not_for_who_asked(store, seen):
    hall = unsigned(store)
    with store.writing() as db:
        service = OverrideService(db)
        first = service.obstacles(hall.declaration(db))[0]
        asked = service.ask(hall.declaration_id, first, reason="Read aloud in the plenary.", actor=hall.chair)

    assert seen(hall.secretary, OVERRIDE) == 200
    assert seen(hall.chair, OVERRIDE) is None
    with store.writing() as db:
        OverrideService(db).confirm(hall.declaration_id, asked.id, actor=hall.secretary)
    assert seen(hall.secretary, OVERRIDE) is None


def test_two_who_each_asked_for_an_override_wait_for_each_other(store, seen):
    hall = unsigned(store)
    with store.writing() as db:
        other = factories.person(db, Role.CHAIR, "Second Chair")
    for place, asking in enumerate((hall.chair, other)):
        with store.writing() as db:
            service = OverrideService(db)
            obstacle = service.obstacles(hall.declaration(db))[place]
            service.ask(hall.declaration_id, obstacle, reason="Read aloud in the plenary.", actor=asking)

    assert seen(hall.chair, OVERRIDE) == 200
    assert seen(other, OVERRIDE) == 200


def test_why_one_request_was_declined_is_not_told_of_the_next(store):
    hall = unsigned(store)
    with store.writing() as db:
        other = factories.person(db, Role.CHAIR, "Second Chair")
    with store.writing() as db:
        service, declaration = OverrideService(db), hall.declaration(db)
        declined, asked = service.obstacles(declaration)[:2]
        first = service.ask(declaration.id, declined, reason="Read aloud.", actor=hall.chair)
        ApprovalService(db).withdraw(OVERRIDE_RULE, declaration, actor=other, reason="Not now.", request_id=first.id)
        service.ask(declaration.id, asked, reason="Read aloud.", actor=other)
    with store.reading() as db:
        told = db.scalars(sa.select(Notice).where(Notice.person_id == hall.chair.person_id)).all()
        things = NoticeSubjects(db, told)
        assert {notice.word: things.answer(notice) for notice in told} == {
            "override_declined": "Not now.",
            "override": "",
        }


def test_what_was_confirmed_meanwhile_is_not_confirmed_again(postgresql_store):
    """A unit of work that has read the request before it takes the lock sees it as it is then."""
    hall = unsigned(postgresql_store)
    with postgresql_store.writing() as db:
        second, third = (factories.person(db, Role.CHAIR, name) for name in ("Second Chair", "Third Chair"))
    with postgresql_store.writing() as db:
        service, declaration = OverrideService(db), hall.declaration(db)
        asked = service.ask(declaration.id, service.obstacles(declaration)[0], reason="Read aloud.", actor=hall.chair)
    with postgresql_store.writing() as db:
        service = OverrideService(db)
        [waiting] = service.open_ones(hall.declaration(db))
        with postgresql_store.writing() as other:
            OverrideService(other).confirm(hall.declaration_id, asked.id, actor=second)
        with pytest.raises(NotFound):
            service.confirm(hall.declaration_id, waiting.id, actor=third)


def test_corrections_wait_for_the_second_person_or_for_the_members(store, seen):
    printed = Printed(Hall(store, WITH_A_SLIP))
    town = member(printed)
    printed.correct()
    printed.say("ask", "A slip.")

    assert seen(printed.hall.chair, CORRIGENDUM) == 200
    assert seen(printed.hall.secretary, CORRIGENDUM) is None
    printed.say("withdraw")
    printed.correct()
    printed.say("open_silence", "A slip.", in_an_hour(), "UTC")
    assert seen(town, SILENCE) == 200
    assert seen(printed.hall.chair, SILENCE) is None


def test_an_erasure_waits_for_another_administrator(store, seen):
    with store.writing() as db:
        first, second = factories.person(db, Role.ADMIN, "Ana"), factories.person(db, Role.ADMIN, "Luc")
        gone = factories.person(db, Role.OBSERVER, "Zoe")
        ErasureService(db).request(gone.person_id, withdraws_comments=False, actor=first)

    assert seen(second, ERASURE) == 200
    assert seen(first, ERASURE) is None
    assert seen(gone, ERASURE) is None


def test_at_the_command_line_an_override_is_listed_asked_for_and_confirmed(store, monkeypatch, capsys):
    hall = unsigned(store)
    monkeypatch.setenv("WORKSPACE_DATABASE_URL", store.engine.url.render_as_string())

    def override(*words: str) -> str:
        assert run(["override", AT, *words]) == 0
        return capsys.readouterr().out

    first = override().split()[0]
    assert run(["override", AT, first, "--as", "A chair"]) == 2  # without a reason
    assert run(["override", AT, first, "--as", "A chair", "--second", "A chair", "--reason", "So."]) == 2
    capsys.readouterr()
    asked = override(first, "--as", "A chair", "--reason", "Read aloud.")
    assert "Read aloud." in asked
    confirmed = override(first, "--second", "A secretariat")
    assert "Read aloud." in confirmed
    assert confirmed != asked
    with store.reading() as db:
        [kept] = OverrideService(db).open_ones(hall.declaration(db))
        assert kept.confirmed_by_id == hall.secretary.person_id
    assert "Read aloud." not in override(first, "--as", "A chair", "--drop")
