"""A browser, and the places that it visits. Everything in this folder is marked as needing one."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from drafts.diff.amendments import Change, ChangeOp
from tests.browsers.places import TRANSLATOR, Chamber, Hall
from tests.support import factories
from tests.support import site as built
from tests.support.chromium import launched
from tests.support.factories import EN
from tests.support.questions import delegate
from tests.support.served import served
from tests.workspace.amendments.room import WATER, Room
from workspace.amendments.service import AmendmentService
from workspace.core.actor import OPERATOR, Role
from workspace.core.security.permissions import Phase
from workspace.core.settings import Settings
from workspace.core.storage.db import Store
from workspace.declarations.domain import queries
from workspace.declarations.domain.service import DeclarationService
from workspace.demo.story import Demonstration
from workspace.procedure.models import Means
from workspace.procedure.service import QuestionService
from workspace.procedure.store import VotingRules
from workspace.serving import personas_of

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


@pytest.fixture(scope="module")
def place_store(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> Iterator[Store]:
    """The file of a place, for as long as a module's tests run."""
    path = tmp_path_factory.mktemp("place") / "workspace.sqlite3"
    shutil.copyfile(empty_database, path)
    store = Store(Settings.for_file(path))
    yield store
    store.close()


@pytest.fixture(scope="module")
def site(place_store: Store) -> Iterator[str]:
    """The demonstration's forum with a draft half-way, served on loopback."""
    story = Demonstration(place_store)
    story.found()
    story.take_notes_in()
    story.settle_recommendations()
    story.leave_practice()
    app = built.on_loopback(place_store, personas_of(place_store, story.slug), door="site")
    with served(app, place_store) as address:
        yield address


@pytest.fixture(scope="module")
def hall(place_store: Store, chromium: Browser) -> Iterator[Hall]:
    with place_store.writing() as db:
        room = Room(
            store=place_store,
            chair=factories.chair(db),
            member=factories.person(db, Role.MEMBER, "Marta Olivar"),
            other=factories.person(db, Role.MEMBER, "Inés Duarte"),
            declaration=factories.declaration(db, WATER),
        )
        factories.person(db, Role.TRANSLATOR, TRANSLATOR)
    app = built.on_loopback(place_store, personas_of(place_store, "third-forum"), door="hall")
    with served(app, place_store) as address:
        yield Hall(room, address, chromium)


@pytest.fixture(scope="module")
def chamber(place_store: Store) -> Iterator[Chamber]:
    with place_store.writing() as db:
        people = delegate(db, "Town of Alta"), delegate(db, "Town of Baja"), factories.chair(db)
        alta, baja, chair = people
        draft = factories.declaration(db, "Towns share water.", "Towns mend pumps.", slug="voted")
        block = str(queries.head_rows(db, draft)[0].block_id)
        change = Change(ChangeOp.REWORD, block, text="Towns share clean water.")
        AmendmentService(db).propose(draft.id, base_revision=1, language=EN, changes=[change], reason="", actor=alta)
        DeclarationService(db).enter(draft, Phase.ADOPTION, actor=OPERATOR)
        QuestionService(db).set_rules(draft, VotingRules(Means.VOTE), actor=chair)
        factories.declaration(db, "Towns share water.", slug="reviewed")
    app = built.on_loopback(place_store, personas_of(place_store, "third-forum"), door="chamber")
    with served(app, place_store) as address:
        yield Chamber(address, place_store, chair, alta, baja)
