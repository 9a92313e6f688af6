"""Lists page by page: a cursor leads on from where a page ended, and what was never a cursor is refused."""

import pytest

from workspace.core.errors import Invalid
from workspace.core.storage.db import new_id
from workspace.web.api import id_after, list_page, number_after


@pytest.mark.parametrize(
    ("found", "items", "following"), [([], [], None), ([3, 5], [3, 5], None), ([3, 5, 8], [3, 5], "5")]
)
def test_a_page_tells_where_the_next_one_begins_while_there_is_one(found, items, following):
    page = list_page(found, cursor=int, limit=2)
    assert [page.items, page.next] == [items, following]


def test_a_list_begins_at_its_beginning_and_goes_on_after_the_cursor():
    thread = new_id()
    assert [number_after(""), number_after("12")] == [0, 12]
    assert [id_after(""), id_after(str(thread))] == [None, thread]


@pytest.mark.parametrize("cursor", ["x", "-1", "1_0", "٣", "9" * 60])
@pytest.mark.parametrize("read", [number_after, id_after])
def test_what_was_never_a_cursor_is_refused(read, cursor):
    with pytest.raises(Invalid) as refused:
        read(cursor)
    assert refused.value.facts == {"field": "cursor", "reason": "unknown_cursor", "given": cursor}
