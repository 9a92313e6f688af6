"""Votes from the command line, as somebody at the machine runs them."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.support import factories
from tests.support.questions import delegate
from workspace.cli import main
from workspace.core.actor import OPERATOR
from workspace.core.security.permissions import Phase
from workspace.core.storage.db import Store
from workspace.declarations.domain.service import DeclarationService
from workspace.procedure.models import Means
from workspace.procedure.service import QuestionService
from workspace.procedure.store import VotingRules

HERE = "third-forum/declaration"


@pytest.fixture
def run(store: Store, tmp_path: Path):
    with store.writing() as db:
        delegate(db, "Town of Alta", name="Ana"), delegate(db, "Town of Baja", name="Bo")
        chair = factories.chair(db)
        draft = factories.declaration(db, "Towns share water.")
        DeclarationService(db).enter(draft, Phase.ADOPTION, actor=OPERATOR)
        QuestionService(db).set_rules(draft, VotingRules(Means.VOTE, quorum=0), actor=chair)
    url = f"sqlite:///{tmp_path / 'workspace.sqlite3'}"

    def run(*arguments: str, typed: str = ""):
        given = {"WORKSPACE_DATABASE_URL": url, "WORKSPACE_LANGUAGE": "en"}
        return CliRunner().invoke(main, ["vote", *arguments], env=given, input=typed, standalone_mode=False)

    return run


def listed(run):
    """What programs are told of the one question that was put."""
    [question] = json.loads(run("list", HERE, "--json").output)
    return question


def test_a_vote_is_opened_cast_closed_and_read_from_the_command_line(run):
    assert run("list", HERE).output.strip(), "that there is none"
    opened = run("open", HERE, "text", "--as", "A chair")
    assert opened.exception is None
    assert listed(run)["cast"] == 0
    run("cast", HERE, "1", "yes", "--as", "Ana")
    assert listed(run)["cast"] == 1
    run("close", HERE, "1", "--as", "A chair")

    record = run("record", HERE, "1").output
    roll = [line.split(maxsplit=2) for line in record.splitlines() if "Town of" in line]
    assert roll == [["yes", "1", "Town of Alta"], ["-", "1", "Town of Baja"]]
    closed = listed(run)
    assert (closed["number"], closed["end"]["yes"], closed["end"]["ending"]) == (1, 1, "carried")


def test_a_vote_without_a_quorum_is_closed_only_by_who_says_so(run, store):
    with store.writing() as db:
        draft = DeclarationService(db).at(factories.forum(db), "declaration")
        QuestionService(db).set_rules(draft, VotingRules(Means.VOTE, quorum=60), actor=OPERATOR)
    run("open", HERE, "text", "--as", "A chair")
    run("cast", HERE, "1", "yes", "--as", "Ana")
    for typed in ("", "n\n"):
        assert run("close", HERE, "1", "--as", "A chair", typed=typed).exception is not None
        assert listed(run)["end"] is None
    assert run("close", HERE, "1", "--as", "A chair", typed="y\n").exception is None
    assert listed(run)["end"]["ending"] == "no_quorum"


@pytest.mark.parametrize(
    "wrong",
    [
        ("open", HERE, "text", "--as", "Ana"),
        ("open", HERE, "nonsense", "--as", "A chair"),
        ("close", HERE, "1", "--as", "A chair"),
        ("cast", HERE, "1", "yes", "--as", "Nobody"),
        ("list", "third-forum/elsewhere"),
    ],
)
def test_what_is_not_allowed_or_not_there_is_refused_and_leaves_nothing(run, wrong):
    assert run(*wrong).exception is not None
    assert json.loads(run("list", HERE, "--json").output) == []
