"""While operators are at work everything can be read, nothing is written, and everybody is told in their language."""

import re
import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.support import factories, site
from tests.support.page import Page
from tests.support.site import token_of
from workspace.cli import run
from workspace.core import clock
from workspace.core.errors import UnderMaintenance
from workspace.core.jobs import Job, JobContext, Worker
from workspace.core.settings import Settings
from workspace.core.storage import maintenance
from workspace.core.storage.db import Store
from workspace.declarations.domain.models import Declaration

THOUGHT = "A name that somebody thought about"  # long enough to be worth copying


@pytest.fixture
def served(store: Store):
    """A declaration on a store that a server writes to, with another way in for the operator."""
    with store.writing() as db:
        declaration = factories.declaration(db)
        chair = factories.chair(db)
    operators = Store(Settings(database_url=store.engine.url.render_as_string(hide_password=False)))
    yield store, operators, declaration, chair
    operators.close()


@pytest.mark.parametrize("language", ["es", "en", "fr"])
def test_a_page_is_read_and_a_form_answered_with_what_to_do(served, language: str):
    store, operators, _, chair = served
    maintenance.begin(operators, clock.now() + timedelta(minutes=30))

    with site.browser(store, chair) as client:
        assert client.get(f"/{language}/third-forum").status_code == 200
        form = {
            "csrf": token_of(client),
            "name-en": THOUGHT,
            "password-of-it": "hidden-from-everybody",
        }
        refused = client.post(f"/{language}/third-forum/settings", data=form)
        assert refused.status_code == 503
        page = Page(refused)
        assert (page.language, page.refusal) == (language, "workspace.maintenance")
        assert page.root.xpath("//p[@class='typed']/text()") == [THOUGHT]
        assert "hidden-from-everybody" not in refused.text
        assert 1_700 < int(refused.headers["retry-after"]) <= 1_800

        maintenance.end(operators)
        assert client.post(f"/{language}/third-forum/settings", data=form).status_code != 503


def test_a_program_is_told_when_to_come_again(house):
    table = house.declaration()
    operators = Store(Settings(database_url=house.store.engine.url.render_as_string(hide_password=False)))
    maintenance.begin(operators)
    said = {"text": "Streets too.", "language": "en"}

    refused = house.member.post(f"{table.path}/threads", {"block_id": table.block(0), **said})

    assert refused.status_code == 503
    assert refused.json()["code"] == "workspace.maintenance"
    assert int(refused.headers["retry-after"]) > 0
    maintenance.end(operators)
    operators.close()
    assert house.member.post(f"{table.path}/threads", {"block_id": table.block(0), **said}).status_code == 201


def test_jobs_rest_without_a_complaint(served, caplog):
    store, operators, _, _ = served
    maintenance.begin(operators)

    def write(shift: JobContext) -> None:
        with shift.store.writing() as db:
            db.execute(sa.update(Declaration).values(slug="moved"))

    assert Worker(JobContext(store, Settings()), [Job("writes", timedelta(1), write)]).work_once()
    assert caplog.records == []
    with store.reading() as db:
        assert db.scalar(sa.select(Declaration.slug)) == "declaration"


def test_the_switch_waits_for_what_is_being_written(postgresql_store: Store):
    with postgresql_store.writing() as db:
        factories.declaration(db)
    operators = Store(Settings(database_url=postgresql_store.engine.url.render_as_string(hide_password=False)))
    switched = threading.Event()

    def switch() -> None:
        maintenance.begin(operators)
        switched.set()

    thread = threading.Thread(target=switch)
    with postgresql_store.writing() as db:
        db.execute(sa.update(Declaration).values(slug="in-time"))
        thread.start()
        assert not switched.wait(0.3)
    thread.join(10)
    assert switched.is_set()
    with pytest.raises(UnderMaintenance), postgresql_store.writing():
        pass
    operators.close()


def test_the_operator_switches_it_from_the_command_line(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("WORKSPACE_DATABASE_URL", f"sqlite:///{tmp_path / 'db.sqlite3'}")

    assert (
        run(["init", "forum", "--network", "N", "--name", "F", "--timezone", "UTC", "--admin", "", "--email", ""]) == 0
    )
    assert run(["maintenance", "status"]) == 0
    assert run(["maintenance", "on", "--minutes", "20"]) == 0
    capsys.readouterr()
    assert run(["maintenance", "status"]) == 1
    assert re.findall(r"\d\d:\d\d", capsys.readouterr().out), "until when it was announced"
    assert run(["maintenance", "off"]) == 0
    assert run(["maintenance", "status"]) == 0
