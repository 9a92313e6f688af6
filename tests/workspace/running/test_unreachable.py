"""A PostgreSQL that cannot be used, as whoever sets the server up meets it: a sentence in their language, no traceback.

The wrong password is refused by a little server of our own, which speaks as much of the protocol as that takes.
"""

import json
import re
import socketserver
import threading
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from drafts.text.blocks import Language
from workspace.cli import run
from workspace.core.storage.db import new_id
from workspace.web.i18n import messages
from workspace.web.refusals.system_errors import SAID

PASSWORD = "hidden-from-everybody"


class Refusing(socketserver.StreamRequestHandler):
    """Asks for a password in the clear, and refuses it."""

    def handle(self) -> None:
        if self._message()[4:8] == b"\x04\xd2\x16\x2f":  # whether it speaks TLS: it does not
            self.wfile.write(b"N")
            self._message()
        self.wfile.write(b"R\x00\x00\x00\x08\x00\x00\x00\x03")
        self.rfile.read(1)
        self._message()
        told = b'SFATAL\x00VFATAL\x00C28P01\x00Mpassword authentication failed for user "workspace"\x00\x00'
        self.wfile.write(b"E" + (len(told) + 4).to_bytes(4) + told)

    def _message(self) -> bytes:
        length = self.rfile.read(4)
        return length + self.rfile.read(int.from_bytes(length) - 4) if len(length) == 4 else b""


@pytest.fixture(scope="module")
def refusing() -> Iterator[int]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Refusing) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


@pytest.fixture
def without_unicode(postgresql: sa.URL) -> Iterator[sa.URL]:
    """A database that was made in a cluster without a locale."""
    engine = sa.create_engine(postgresql.set(database="postgres"), isolation_level="AUTOCOMMIT")
    name = f"workspace_ascii_{new_id().hex}"
    with engine.connect() as connection:
        connection.exec_driver_sql(
            f"CREATE DATABASE {name} ENCODING 'SQL_ASCII' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'"
        )
    yield postgresql.set(database=name)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name}")
    engine.dispose()


@pytest.fixture
def of_somebody_else(postgresql: sa.URL) -> Iterator[sa.URL]:
    """A database whose owner is another than the user that the workspace was given."""
    engine = sa.create_engine(postgresql.set(database="postgres"), isolation_level="AUTOCOMMIT")
    name = f"workspace_poor_{new_id().hex}"
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0")
        connection.exec_driver_sql(f"CREATE ROLE {name} LOGIN PASSWORD '{PASSWORD}'")
    yield postgresql.set(database=name, username=name, password=PASSWORD)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name}")
        connection.exec_driver_sql(f"DROP ROLE {name}")
    engine.dispose()


def refusal(url: str, language: Language, monkeypatch, capsys) -> str:
    """What a command says of this database."""
    monkeypatch.setenv("WORKSPACE_DATABASE_URL", url)
    monkeypatch.setenv("WORKSPACE_LANGUAGE", language)
    assert run(["letters", "list"]) == 2
    said = capsys.readouterr().err
    assert "Traceback" not in said
    assert PASSWORD not in said
    return said


@pytest.mark.parametrize("language", Language)
def test_a_server_that_is_not_there_or_takes_another_password_is_said_in_a_sentence(
    refusing: int, monkeypatch, capsys, language: Language
):
    for port in (1, refusing):
        url = f"postgresql+psycopg://workspace:{PASSWORD}@127.0.0.1:{port}/workspace?connect_timeout=5"
        said = refusal(url, language, monkeypatch, capsys)

        assert "WORKSPACE_DATABASE_URL" in said
    assert messages.messages(language).gettext(SAID["password authentication failed"]) in said


@pytest.mark.parametrize("language", Language)
def test_a_database_that_is_not_there_is_said_in_a_sentence(
    postgresql: sa.URL, monkeypatch, capsys, language: Language
):
    url = postgresql.set(database="nowhere").render_as_string(hide_password=False)

    assert "WORKSPACE_DATABASE_URL" in refusal(url, language, monkeypatch, capsys)


@pytest.mark.parametrize("language", Language)
def test_a_database_that_cannot_keep_every_letter_is_refused_with_the_command_that_makes_one(
    without_unicode: sa.URL, monkeypatch, capsys, language: Language
):
    said = refusal(without_unicode.render_as_string(hide_password=False), language, monkeypatch, capsys)

    assert "SQL_ASCII" in said
    assert re.search(r"\bcreatedb\b", said)


def test_a_user_that_may_not_make_tables_is_told_what_it_lacks(of_somebody_else: sa.URL, monkeypatch, capsys):
    url = of_somebody_else.render_as_string(hide_password=False)

    said = refusal(url, Language.EN, monkeypatch, capsys)

    assert messages.messages(Language.EN).gettext(SAID["permission denied for"]) in said
    assert "WORKSPACE_DATABASE_URL" in said


def test_the_doctor_names_a_user_that_may_read_and_not_write(
    of_somebody_else: sa.URL, postgresql: sa.URL, monkeypatch, capsys
):
    reader = of_somebody_else.username
    monkeypatch.setenv("WORKSPACE_LANGUAGE", "en")
    owners = postgresql.set(database=of_somebody_else.database).render_as_string(hide_password=False)
    monkeypatch.setenv("WORKSPACE_DATABASE_URL", owners)
    assert run(["migrate"]) == 0
    assert "bad" not in _database(capsys)
    engine = sa.create_engine(owners)
    with engine.begin() as connection:
        connection.exec_driver_sql(f'GRANT SELECT ON ALL TABLES IN SCHEMA public TO "{reader}"')
    engine.dispose()

    monkeypatch.setenv("WORKSPACE_DATABASE_URL", of_somebody_else.render_as_string(hide_password=False))
    assert "bad" in _database(capsys)


def _database(capsys) -> list[str]:
    """How the doctor finds the database, each time it looked at a side of it."""
    capsys.readouterr()
    assert run(["doctor", "--json"]) == 1
    return [one["health"] for one in json.loads(capsys.readouterr().out) if one["part"] == "database"]
