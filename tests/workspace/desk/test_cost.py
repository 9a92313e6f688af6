"""What a page costs, in calls instead of seconds: work that is the same for all is done once, not once for each row."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from drafts.diff import side_by_side
from drafts.diff.amendments import Change, ChangeOp
from drafts.text import markup, numbering
from tests.support import factories
from tests.support.page import Page
from tests.workspace.desk.visiting import DRAFT, browser
from workspace.amendments.service import AmendmentService
from workspace.comments.service import CommentService
from workspace.core.actor import OPERATOR, Actor, Role
from workspace.core.storage.db import Store
from workspace.declarations.domain import queries
from workspace.declarations.domain.service import DeclarationService
from workspace.desk.pages import draft, reading
from workspace.desk.pages.parallel_text import ParagraphRow

FEW, MANY = 10, 60


@contextmanager
def counting(monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> Iterator[list[str]]:
    """A mark for each call of this function, wherever it was imported to."""
    calls: list[str] = []
    counted = _counted(getattr(module, name), calls)
    with monkeypatch.context() as patch:
        for other in (module, draft, queries):
            if hasattr(other, name):
                patch.setattr(other, name, counted)
        yield calls


def _counted(called: Callable[..., Any], calls: list[str]) -> Callable[..., Any]:
    def counted(*given: Any, **named: Any) -> Any:
        calls.append(called.__name__)
        return called(*given, **named)

    return counted


@pytest.fixture(params=[FEW, MANY])
def chair(store: Store, request: pytest.FixtureRequest) -> Actor:
    with store.writing() as db:
        factories.declaration(db, *(f"Towns share water, {number}." for number in range(request.param)))
        return factories.person(db, Role.CHAIR)


@pytest.mark.usefixtures("chair")
def test_an_edit_makes_as_many_objects_in_a_long_text_as_in_a_short_one(store: Store) -> None:
    """The writer's lock is held meanwhile: a row for each paragraph is inserted without an object for each."""
    made: list[object] = []
    with store.writing() as db:
        declaration = DeclarationService(db).at(factories.forum(db), "declaration")
        block = queries.head_rows(db, declaration)[0].id
        sa.event.listen(db, "before_flush", lambda session, *_: made.extend(session.new))
        AmendmentService(db).edit(
            declaration.id,
            [Change(ChangeOp.REWORD, block, text="Towns share clean water.")],
            language=factories.EN,
            reason="so decided",
            expected_head=declaration.head.id,
            actor=OPERATOR,
        )
    assert 0 < len(made) < FEW


@pytest.mark.parametrize("page", ["agreement", "readiness", "translation", "translation/text/fr", "desk", "amendments"])
def test_a_text_is_numbered_a_fixed_number_of_times(
    store: Store, chair: Actor, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    with browser(store, chair) as client, counting(monkeypatch, queries, "numbers_of") as calls:
        assert client.get(f"{DRAFT}/{page}").status_code == 200
    assert len(calls) <= 6, page


def test_after_a_comment_only_its_paragraph_is_written_again(
    store: Store, chair: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every entry in the log makes the sheet anew, for all who read."""
    with browser(store, chair) as client:
        client.get(DRAFT)
        block = _comment(store, chair)
        written: list[ParagraphRow] = []
        with monkeypatch.context() as patch:
            write = reading.write_articles
            patch.setattr(reading, "write_articles", lambda rows, work: written.extend(rows) or write(rows, work))
            kept = Page(client.get(DRAFT)).rows("kind")
        reading.SHEETS.clear()
        reading.ARTICLES.clear()
        anew = Page(client.get(DRAFT)).rows("kind")
    assert [row.id for row in written] == [str(block)]
    assert [row.text for row in kept] == [row.text for row in anew]


def _comment(store: Store, chair: Actor) -> UUID:
    """The block that somebody has just said something of."""
    with store.writing() as db:
        declaration = DeclarationService(db).at(factories.forum(db), "declaration")
        block = queries.head_rows(db, declaration)[3].block_id
        CommentService(db).open(declaration, block, text="Who pays?", language=factories.EN, actor=chair)
        return block


def test_of_a_text_that_moves_on_only_what_it_is_now_is_in_memory(store: Store, chair: Actor) -> None:
    """Whatever it was before is shown to nobody again; the bytes are counted, of which one letter may take four."""
    reading.SHEETS.clear()
    with browser(store, chair) as client:
        for _ in range(3):
            _comment(store, chair)
            client.get(DRAFT)
    [(_, sheet)] = reading.SHEETS.values()
    assert reading.SHEETS.currsize == len(sheet.html.content)


def test_revisions_that_were_compared_are_not_compared_again(
    store: Store, chair: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft.COMPARISONS.clear()
    draft._compared.cache_clear()
    address = f"{DRAFT}/compare?from=1&to=1"
    with browser(store, chair) as client, counting(monkeypatch, side_by_side, "placed_rows") as calls:
        first, again, beside = (client.get(address + more).text for more in ("", "", "&view=side"))
    assert len(calls) == 1
    assert first.count("<article") == again.count("<article") == beside.count("<article") > 0


def test_texts_without_a_reference_are_not_searched_for_one(monkeypatch: pytest.MonkeyPatch) -> None:
    class Searched:
        def __getattr__(self, name: str) -> None:
            raise AssertionError(name)

    monkeypatch.setattr(numbering, "_REFERENCE", Searched())
    assert numbering.resolve("Towns share water.", {}, factories.EN) == "Towns share water."
    assert numbering.references("Towns share water.") == ()


def test_the_first_words_of_a_text_are_read_once(store: Store, chair: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    with browser(store, chair) as client:
        client.get(f"{DRAFT}/translation")
        with counting(monkeypatch, markup.markdown_parser, "inline") as calls:
            client.get(f"{DRAFT}/translation")
    assert len(calls) == 0
