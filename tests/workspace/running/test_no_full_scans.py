"""The pages and addresses of every day find what they show by an index: none reads a large table from end to end.

Asked of SQLite, which plans by the indexes there are and not by how much is in them, so a small database will do.
"""

import re
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from tests.support import factories, site
from workspace.core.actor import Role
from workspace.core.storage.db import Store
from workspace.declarations.domain import queries

LARGE = {
    *("amendment", "amendment_change", "amendment_shown_text", "amendment_version", "comment", "comment_thread"),
    *("decision", "edge", "letter", "log_entry", "notice", "provenance", "recommendation", "revision_block"),
    *("text_version", "webhook_delivery"),
}
DRAFT, FORUM = "/en/third-forum/declaration", "/en/third-forum"
PAGES = (
    *(f"{FORUM}/search?words=water", f"{DRAFT}/amendments?words=water&text=en"),
    *(FORUM, f"{FORUM}/work", f"{FORUM}/recommendations", f"{FORUM}/recommendations?words=water", f"{FORUM}/log"),
    *(f"{FORUM}/recommendations?page=3", f"{FORUM}/sessions", f"{FORUM}/people", "/en/notices", f"{FORUM}/letters"),
    *(DRAFT, f"{DRAFT}?text=es,en,fr", f"{DRAFT}?revision=1", f"{DRAFT}?seek=water", f"{DRAFT}/history"),
    *(f"{DRAFT}/amendments", f"{DRAFT}/amendments?state=decided", f"{DRAFT}/desk", f"{DRAFT}/paragraphs/BLOCK"),
    *(f"{DRAFT}/paragraphs/BLOCK/beside?text=en", f"{DRAFT}/amendments/new?block=BLOCK", f"{DRAFT}/translation"),
    *(f"{DRAFT}/compare?from=1&to=1&text=en", f"{DRAFT}/readiness", f"{DRAFT}/coverage", f"{DRAFT}/translation/fr"),
    *("/api/forums/third-forum/recommendations", "/api/forums/third-forum/log", "/api/notices"),
    *(f"/api/declarations/ID/{one}" for one in ("text", "amendments", "threads", "decisions", "events", "readiness")),
)
_SCAN, _ALIAS = re.compile(r"SCAN (\w+)(.*)"), re.compile(r"(?:FROM|JOIN) (\w+) AS (\w+)")


@pytest.mark.parametrize("role", [Role.CHAIR, Role.MEMBER])
def test_no_page_of_every_day_reads_a_large_table_from_end_to_end(store: Store, role: Role):
    with store.writing() as db:
        reader = factories.person(db, role)
        made = factories.declaration(db, "Towns share water.", "Towns light paths.")
        names = {"BLOCK": str(queries.head_rows(db, made)[0].block_id), "ID": str(made.id)}
    asked: list[tuple[str, object]] = []
    sa.event.listen(store.engine, "before_cursor_execute", lambda *of: asked.append((of[2], of[3])))
    found: dict[str, set[str]] = {}
    shown = 0
    with site.browser(store, reader) as client:
        for page in PAGES:
            asked.clear()
            path = re.sub("|".join(names), lambda name: names[name[0]], page)
            shown += client.get(path).status_code == 200
            for statement, parameters in tuple(asked):
                for scan in scans(store, statement, parameters):
                    found.setdefault(scan, set()).add(page)

    assert found == {}
    assert shown > len(PAGES) * 0.7


def test_a_scan_would_be_noticed(store: Store):
    assert list(scans(store, "SELECT comment.id FROM comment WHERE comment.text = ?", ("Why?",)))
    assert list(scans(store, "SELECT one.id FROM amendment AS one WHERE one.number > ?", (3,)))
    assert not list(scans(store, "SELECT comment.id FROM comment WHERE comment.id = ?", ("x",)))


def scans(store: Store, statement: str, parameters: object) -> Iterator[str]:
    """The large tables that this statement would read from end to end."""
    if not statement.lstrip().startswith(("SELECT", "WITH")):
        return
    names = {short: table for table, short in _ALIAS.findall(statement)}
    with store.engine.connect() as connection:
        for *_, told in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters):
            if (scan := _SCAN.match(told)) and (table := names.get(scan[1], scan[1])) in LARGE:
                yield f"{table}{scan[2]}: {' '.join(statement.split())[:400]}"
