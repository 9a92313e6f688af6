"""My work tells whoever can be the second person what waits for them, and the page it leads to is there."""

import pytest

from drafts.text.blocks import Language
from tests.support import factories
from tests.support.browser import browsers
from tests.support.page import Page
from tests.workspace.desk.visiting import FORUM, tasks
from tests.workspace.editions.conftest import Hall
from tests.workspace.editions.test_corrigenda import WATER as WITH_A_SLIP
from tests.workspace.editions.test_corrigenda import Printed, in_an_hour, member
from workspace.cli import run
from workspace.core.actor import Role
from workspace.editions.domain.overrides import OverrideService
from workspace.history.erasure import ErasureService

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
