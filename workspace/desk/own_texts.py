"""The forum's own published declarations beside the bank of adopted texts: what it has said before, word for word."""

from collections.abc import Iterator
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct

from drafts.blocks import Language
from drafts.markup import plain
from drafts.numbering import printed
from workspace.core.db import Db
from workspace.core.errors import NotFound
from workspace.core.search import asked_for, folded
from workspace.declarations import queries
from workspace.declarations.models import Declaration
from workspace.declarations.queries import BlockRow
from workspace.editions.models import Edition
from workspace.editions.policy import may_read_editions
from workspace.people.models import Forum
from workspace.web import i18n
from workspace.web.i18n import N_
from workspace.web.services import Work

MOST_FOUND = 50
CITED = N_("%(declaration)s, edition %(edition)s, paragraph %(number)s")
CITED_WITHOUT_NUMBER = N_("%(declaration)s, edition %(edition)s")


class OwnPassage(Struct, frozen=True):
    """A paragraph of the last edition of a declaration, in one of its languages. `number` is "" where it has none.

    `key` names it again for `own_passage`; `citation` says where it stands, in the paragraph's own language.
    """

    key: str
    text: str
    language: str
    declaration: str
    edition: int
    number: str
    citation: str
    href: str


def own_passages(db: Db, forum: Forum, words: str, *, work: Work) -> list[OwnPassage]:
    """The paragraphs that have all these words, whatever their accents; none where no words are given."""
    asked = asked_for(words)
    if not asked:
        return []
    found: list[OwnPassage] = []
    for edition in _last_editions(db, forum):
        if may_read_editions(work.actor, edition.declaration):
            found += (passage for passage in _in_edition(db, edition, work) if _has(passage, asked))
    return found[:MOST_FOUND]


def own_passage(db: Db, forum: Forum, key: str, *, work: Work) -> OwnPassage:
    """The passage that `key` names; raises `NotFound`, also for an edition that the reader may not see."""
    edition = db.get(Edition, _id(key.partition(":")[0]))
    if edition is None or edition.declaration.forum_id != forum.id:
        raise NotFound(what="passage", id=key[:80])
    found = (passage for passage in _in_edition(db, edition, work) if passage.key == key)
    passage = next(found, None) if may_read_editions(work.actor, edition.declaration) else None
    if passage is None:
        raise NotFound(what="passage", id=key[:80])
    return passage


def _id(told: str) -> UUID:
    try:
        return UUID(told)
    except ValueError:
        raise NotFound(what="passage", id=told[:80]) from None


def _has(passage: OwnPassage, asked: tuple[str, ...]) -> bool:
    bare = folded(passage.text)
    return all(part in bare for part in asked)


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


def _in_edition(db: Db, edition: Edition, work: Work) -> Iterator[OwnPassage]:
    rows = queries.pinned_rows(db, edition.revision_id)
    numbered = queries.numbers_of(rows)
    for row in rows:
        number = numbered.get(row.id, "")
        for language in row.texts:
            yield _passage(edition, row, language, number, work)


def _passage(edition: Edition, row: BlockRow, language: Language, number: str, work: Work) -> OwnPassage:
    declaration = edition.declaration
    facts = {
        "declaration": declaration.name.said_in(language),
        "edition": edition.number,
        "number": printed(number, language),
    }
    cited = i18n.messages(language).gettext(CITED if number else CITED_WITHOUT_NUMBER, **facts)
    return OwnPassage(
        key=f"{edition.id}:{row.block_id}:{language.value}",
        text=plain(row.content(language)),
        language=language.value,
        declaration=declaration.name.said_in(work.language),
        edition=edition.number,
        number=printed(number, work.language),
        citation=cited,
        href=work.url_for("edition", forum=declaration.forum.slug, declaration=declaration.slug, number=edition.number),
    )
