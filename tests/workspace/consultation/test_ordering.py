"""Learning from marks: `workspace notes train` measures itself beside the rules, and only orders what they suggest."""

import random
import re
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.workspace.test_cli import first_forum, founded, here  # noqa: F401  (fixtures)
from workspace.cli import run
from workspace.consultation.models import MarkKind, NoteMark, SuggestionOrder
from workspace.consultation.ordering import likelihood
from workspace.core import clock
from workspace.core.settings import Settings
from workspace.core.storage.db import Store
from workspace.core.storage.log import LogEntry
from workspace.people.models import Forum
from workspace.recommendations.models import Recommendation, RecommendationStatus
from workspace.sessions.models import Session, SourceDocument

THINGS = ("fountain", "tree", "street", "school", "market", "bus", "roof", "lamp", "bench", "pump")


def settle(folder: Path, *, count: int, is_learnable: bool) -> None:
    """Marks of ten sessions: as many confirmed as not, told apart by their words or by nothing that can be learned."""
    draw, store = random.Random(5), Store(Settings.for_file(folder / "db.sqlite3"))
    with store.writing() as db:
        forum = db.scalars(sa.select(Forum)).one()
        sessions = [_session(db, forum, number) for number in range(1, 11)]
        for number in range(1, count + 1):
            session, is_good = draw.choice(sessions), number % 2 == 0
            thing = " ".join(draw.choices(THINGS, k=4))
            if is_learnable:
                text = f"Towns must mend the {thing} {number}." if is_good else f"The mayor spoke of {thing} {number}."
                standing = RecommendationStatus.CONFIRMED if is_good else RecommendationStatus.DROPPED
            elif is_good:
                text, standing = f"{thing} {number}", RecommendationStatus.CONFIRMED
            else:
                of, text = session.id, f"{thing} {number}"
                db.add(NoteMark(session_id=of, kind=MarkKind.NOTHING, text=text, language="en", made_at=clock.now()))
                continue
            db.add(
                Recommendation(
                    forum_id=forum.id,
                    session_id=session.id,
                    number=number,
                    language="en",
                    text=text,
                    standing=standing,
                )
            )
    store.close()


def _session(db, forum: Forum, number: int) -> Session:
    text = f"Note {number}"
    document = SourceDocument(
        forum_id=forum.id, name=text, language="en", sha256=text, text=text, imported_at=clock.now()
    )
    session = Session(forum_id=forum.id, document=document, number=number, title=text, language="en", details={})
    db.add(session)
    db.flush()
    return session


def kept(folder: Path) -> tuple[dict[str, float] | None, list[str]]:
    store = Store(Settings.for_file(folder / "db.sqlite3"))
    with store.reading() as db:
        order = db.scalar(sa.select(SuggestionOrder))
        kinds = [kind for kind in db.scalars(sa.select(LogEntry.kind)) if kind == "notes.order_changed"]
        found = order.weights if order else None
    store.close()
    return found, kinds


def figures(said: str) -> tuple[int, float, float]:
    marks, rules, learned = re.findall(r"\d+(?:[.,]\d+)*", said.splitlines()[0])
    return int(re.sub(r"\D", "", marks)), float(rules), float(learned)


def test_what_was_learned_orders_suggestions_once_an_operator_chooses_it(founded: Path, capsys):  # noqa: F811
    settle(founded, count=1_000, is_learnable=True)

    assert run(["notes", "train", "forum"]) == 0
    marks, rules, learned = figures(capsys.readouterr().out)
    assert (marks, kept(founded)) == (1_000, (None, []))
    assert learned > 0.9 > rules

    assert run(["notes", "train", "forum", "--use"]) == 0
    weights, logged = kept(founded)
    assert likelihood(weights, "Towns must mend the bridge.", "en") > likelihood(weights, "The mayor spoke.", "en")
    assert logged == ["notes.order_changed"]
    assert not any(re.search("[a-z]", place) for place in weights), "words of notes are kept"

    assert run(["notes", "train", "forum", "--no-use"]) == 0
    assert kept(founded)[0] is None


def test_where_the_rules_do_better_they_stay(founded: Path, capsys):  # noqa: F811
    settle(founded, count=1_000, is_learnable=False)

    assert run(["notes", "train", "forum", "--use"]) == 1
    _, rules, learned = figures(capsys.readouterr().out)
    assert learned < rules == 1.0
    assert kept(founded) == (None, [])


@pytest.mark.parametrize(("count", "code"), [(0, 2), (999, 2)])
def test_fewer_than_a_thousand_marks_teach_nothing(founded: Path, capsys, count, code):  # noqa: F811
    settle(founded, count=count, is_learnable=True)
    assert run(["notes", "train", "forum"]) == code
    assert "1000" in re.sub(r"\D", "", capsys.readouterr().err)
