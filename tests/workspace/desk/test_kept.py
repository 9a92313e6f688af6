"""The key of what pages keep in memory, and the lines they number for print."""

import re

from markupsafe import Markup

from tests.support import factories
from workspace.core.actor import OPERATOR
from workspace.core.storage import log
from workspace.core.storage.db import Store, new_id
from workspace.desk.pages.reading import LONGEST, line_numbered, place_in_log


def test_the_place_in_the_log_moves_with_the_forum_and_with_what_is_nobodys(store: Store) -> None:
    with store.writing() as db:
        forum = factories.forum(db)
        before = place_in_log(db, forum.id)
        log.record(db, "person.erased", actor=OPERATOR)
        after_all = place_in_log(db, forum.id)
        log.record(db, "comment.opened", actor=OPERATOR, forum_id=new_id())
        after_another = place_in_log(db, forum.id)
        log.record(db, "comment.opened", actor=OPERATOR, forum_id=forum.id)

        assert before != after_all
        assert after_another == after_all
        assert place_in_log(db, forum.id) != after_another


def test_lines_break_between_words_and_count_on() -> None:
    html = Markup("Towns <strong>share</strong> &amp; keep {}").format("the water of their wells " * 8)

    first, after = line_numbered(html, 4)
    lines = [re.sub(r"<[^>]+>", "", line) for line in first.split("<br>")]

    assert after == 4 + len(lines)
    assert all(len(line.replace("&amp;", "&")) <= LONGEST for line in lines)
    assert " ".join(lines) == re.sub(r"<[^>]+>", "", html).strip()
    assert 'data-line="5"' in first
    assert 'data-line="4"' not in first


def test_one_word_that_is_too_long_has_a_line_of_its_own() -> None:
    html, after = line_numbered(Markup("a {} b").format("x" * 100), 1)

    assert after == 4
    assert html.count("<br>") == 2
