"""The forum's own published declarations beside the bank of adopted texts: what it has said before, word for word."""

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from drafts.markup import plain
from drafts.numbering import numbers, printed
from workspace.core.db import Db
from workspace.core.search import asked_for, folded
from workspace.declarations import queries
from workspace.declarations.models import Declaration
from workspace.editions.models import Edition
from workspace.editions.policy import may_read_editions
from workspace.people.models import Forum
from workspace.web.services import Work

MOST_FOUND = 50


@dataclass(frozen=True, slots=True)
class OwnPassage:
    """A paragraph of the last edition of a declaration, in one of its languages. `number` is "" where it has none."""

    text: str
    language: str
    declaration: str
    edition: int
    number: str
    href: str


def own_passages(db: Db, forum: Forum, words: str, *, work: Work) -> list[OwnPassage]:
    """The paragraphs that have all these words, whatever their accents; none where no words are given."""
    asked = asked_for(words)
    if not asked:
        return []
    found: list[OwnPassage] = []
    for edition in _last_editions(db, forum):
        if may_read_editions(work.actor, edition.declaration):
            found += _in_edition(db, edition, asked, work)
    return found[:MOST_FOUND]


def _last_editions(db: Db, forum: Forum) -> Iterator[Edition]:
    """The last edition of each declaration, by their addresses."""
    rows = (
        sa.select(Edition)
        .join(Declaration, Declaration.id == Edition.declaration_id)
        .where(Declaration.forum_id == forum.id)
        .options(sa.orm.joinedload(Edition.declaration))
        .order_by(Declaration.slug, Edition.number.desc())
    )
    seen = set()
    for edition in db.scalars(rows):
        if edition.declaration_id not in seen:
            seen.add(edition.declaration_id)
            yield edition


def _in_edition(db: Db, edition: Edition, asked: tuple[str, ...], work: Work) -> Iterator[OwnPassage]:
    rows = queries.pinned_rows(db, edition.revision_id)
    numbered = numbers(queries.structure(rows))
    declaration = edition.declaration
    href = work.url_for("edition", forum=declaration.forum.slug, declaration=declaration.slug, number=edition.number)
    for row in rows:
        for language in row.texts:
            text = plain(row.content(language))
            bare = folded(text)
            if all(part in bare for part in asked):
                yield OwnPassage(
                    text=text,
                    language=language.value,
                    declaration=declaration.name.said_in(work.language),
                    edition=edition.number,
                    number=printed(numbered.get(str(row.block_id), ""), work.language),
                    href=href,
                )
