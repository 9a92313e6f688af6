"""What the program writes down while it runs, and the figures it shows, tell of requests and never of people."""

import json
import logging
import socket
import urllib.request

import pytest
import sqlalchemy as sa
from litestar.testing import TestClient

from tests.support import factories, site
from workspace.core import program_log
from workspace.core.actor import Role
from workspace.core.environment import BadSetting
from workspace.core.storage.db import Store
from workspace.core.storage.schema import migrate
from workspace.running.metrics import ServerMetrics, serve_metrics


@pytest.fixture
def as_json():
    ours = logging.getLogger(program_log.ROOT)
    before = ours.level, ours.handlers[:]
    program_log.configure_logging("json")
    yield
    ours.setLevel(before[0])
    ours.handlers[:] = before[1]


@pytest.fixture
def figures(store: Store) -> ServerMetrics:
    return ServerMetrics(store)


@pytest.fixture
def client(store: Store, figures: ServerMetrics):
    with store.writing() as db:
        factories.declaration(db)
        factories.person(db, Role.MEMBER, "Marta Olivar")
    with TestClient(site.with_accounts(store, counts=figures)) as client:
        yield client


@pytest.mark.usefixtures("as_json")
def test_each_request_is_one_line_named_in_the_answer_and_tells_the_pattern_only(client, capsys):
    answer = client.get("/en/third-forum/declaration?seek=Olivar", headers={"user-agent": "Marta and her telephone"})

    [line] = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert line["request"] == answer.headers["x-request-id"]
    assert (line["method"], line["status"]) == ("GET", answer.status_code)
    assert "{forum" in line["route"]
    assert line["milliseconds"] > 0
    assert not {"third-forum", "Olivar", "telephone", "testclient"} & set(str(line).replace("/", " ").split())


def test_the_name_that_a_proxy_gave_is_kept_when_it_is_one(client):
    def kept(given: str) -> bool:
        return client.get("/health", headers={"x-request-id": given}).headers["x-request-id"] == given

    assert kept("proxy-4711-abc")
    assert not kept("x" * 65)
    assert not kept("a\tb{}c;d e")


@pytest.mark.usefixtures("as_json")
def test_a_fault_is_told_by_its_kind_and_place_and_not_by_what_it_carries(capsys):
    try:
        {}["Marta Olivar, marta@example.org"]
    except KeyError:
        logging.getLogger("workspace.web").exception("%s %s failed", "GET", "/{language:str}")

    line = json.loads(capsys.readouterr().err)
    assert line["error"] == "builtins.KeyError"
    assert "test_observed.py" in line["at"][-1]
    assert "Marta" not in str(line)


def test_what_is_said_of_a_refusal_by_the_database_names_nobody(store):
    name = {"name": "Marta Olivar"}
    with pytest.raises(sa.exc.DBAPIError) as refused, store.reading() as db:
        db.execute(sa.text("SELECT nothing FROM nowhere WHERE name = :name"), name)

    assert "nowhere" in str(refused.value)
    assert "Marta" not in str(refused.value)


def test_prometheus_reads_what_was_answered_and_what_waits(client, figures):
    client.get("/en/third-forum")
    client.get("/en/third-forum")
    client.get("/nowhere/at-all")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    with serve_metrics(figures, f"127.0.0.1:{port}"):
        text = urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5).read().decode()

    lines = text.splitlines()
    page = next(line for line in lines if line.startswith("workspace_requests_total") and 'status="200"' in line)
    assert page.endswith(" 2.0")
    assert "third-forum" not in text
    assert "workspace_letters_waiting 0.0" in lines
    assert "workspace_maintenance 0.0" in lines
    assert any(line.startswith("workspace_log_entries ") and not line.endswith(" 0.0") for line in lines)


def test_figures_are_not_on_the_public_address(client):
    assert client.get("/metrics").status_code == 404


@pytest.mark.parametrize("address", ["nowhere", "127.0.0.1:notaport", "256.1.1.1:9100"])
def test_an_address_that_cannot_be_listened_on_is_named(figures, address: str):
    with pytest.raises(BadSetting, match="WORKSPACE_METRICS"), serve_metrics(figures, address):
        pass


def test_a_server_is_ready_when_its_database_has_the_shape_of_the_program(client, store):
    assert client.get("/ready").status_code == 200
    with store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '20200101_0000'")
    assert client.get("/ready").status_code == 503


def test_a_server_goes_on_while_another_brings_the_database_to_a_later_shape(client, store):
    with store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '29991231_9999'")
    assert client.get("/ready").status_code == 200
    with pytest.raises(BadSetting, match="29991231_9999"):
        migrate(store)
