"""The forum's own published declarations beside the bank of adopted texts: what it has said before, word for word."""

import re
from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

import sqlalchemy as sa
from litestar import Controller, Response
from msgspec import Struct
from rapidfuzz import fuzz

from drafts.text.blocks import Language
from drafts.text.markup import plain
from drafts.text.numbering import printed
from workspace.consultation import policy
from workspace.consultation.adopted_texts import BankService
from workspace.consultation.api import PassageSearch
from workspace.consultation.models import Passage
from workspace.core.errors import Invalid, NotFound
from workspace.core.shapes import filled
from workspace.core.storage.db import Db
from workspace.core.storage.text_search import fold_text, query_terms
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.queries import BlockRow
from workspace.declarations.frame import header
from workspace.editions.domain.models import Edition
from workspace.editions.domain.policy import may_read_editions
from workspace.people.frame import forum_frame
from workspace.people.models import Forum
from workspace.web.api import ListOf, reads
from workspace.web.http.request_context import CurrentWork, FromQuery, Slug, URLEncodedBody, Work
from workspace.web.http.routing import get, post
from workspace.web.i18n import messages
from workspace.web.i18n.marking import N_
from workspace.web.i18n.messages import LANGUAGES
from workspace.web.pages import Page, field_errors, page, redirect

MOST_FOUND = 50
CITED = N_("%(declaration)s, edition %(edition)s, paragraph %(number)s")
CITED_WITHOUT_NUMBER = N_("%(declaration)s, edition %(edition)s")
QUOTED = re.compile(r"[“«\"]\s*([^”»\"]{20,4000}?)\s*[”»\"]")
ALIKE = 80  # of a hundred: from here on words are those of the passage, with something changed


class Misquote(Struct, frozen=True):
    """Words of a paragraph that cite an adopted text, and the passage as it was adopted, which has them otherwise."""

    block_id: UUID
    language: str
    quoted: str
    passage: str
    source: str


def misquotes(db: Db, forum_id: UUID, rows: Sequence[BlockRow]) -> list[Misquote]:
    """Every quotation in these paragraphs that is not what the bank of the forum has."""
    passages = db.scalars(sa.select(Passage).where(Passage.forum_id == forum_id)).all()
    return [
        Misquote(row.block_id, language.value, quoted, passage.text, f"{passage.source}, {passage.citation}")
        for row in (rows if passages else ())
        for language in row.texts
        for text in (" ".join(plain(row.content(language)).split()),)
        for passage in passages
        if passage.language == language and (quoted := _misquoted(text, passage))
    ]


def _misquoted(text: str, passage: Passage) -> str:
    """What the text has instead of words of the passage; "" where it quotes them rightly, or not at all."""
    adopted = fold_text(passage.text)
    cited = text.partition(f"({passage.source}, {passage.citation})")
    if cited[1] and adopted not in fold_text(cited[0]):
        return cited[0].strip()
    spans = (found[1] for found in QUOTED.finditer(text))
    return next((said for said in spans if _differs(fold_text(said).strip(" ."), adopted)), "")


def _differs(said: str, adopted: str) -> bool:
    return said not in adopted and fuzz.partial_ratio(said, adopted) >= ALIKE


class PublishedPassage(Struct, frozen=True):
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


def published_passages(db: Db, forum: Forum, words: str, *, work: Work) -> list[PublishedPassage]:
    """The paragraphs that have all these words, whatever their accents; none where no words are given."""
    terms = query_terms(words)
    if not terms:
        return []
    found: list[PublishedPassage] = []
    for edition in _last_editions(db, forum):
        if may_read_editions(work.actor, edition.declaration):
            found += (passage for passage in _in_edition(db, edition, work) if _has(passage, terms))
    return found[:MOST_FOUND]


def published_passage(db: Db, forum: Forum, key: str, *, work: Work) -> PublishedPassage:
    """The passage that `key` names; raises `NotFound`, also for an edition that the reader may not see."""
    edition = db.get(Edition, _id(key.partition(":")[0]))
    if edition is None or edition.declaration.forum_id != forum.id:
        raise NotFound(what="passage", id=key[:80])
    found = (passage for passage in _in_edition(db, edition, work) if passage.key == key)
    passage = next(found, None) if may_read_editions(work.actor, edition.declaration) else None
    if passage is None:
        raise NotFound(what="passage", id=key[:80])
    return passage


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound(what="passage", id=text[:80]) from None


def _has(passage: PublishedPassage, terms: tuple[str, ...]) -> bool:
    bare = fold_text(passage.text)
    return all(part in bare for part in terms)


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


def _in_edition(db: Db, edition: Edition, work: Work) -> Iterator[PublishedPassage]:
    rows = queries.pinned_rows(db, edition.revision_id)
    numbered = queries.numbers_of(rows)
    for row in rows:
        number = numbered.get(row.id, "")
        for language in row.texts:
            yield _passage(edition, row, language, number, work)


def _passage(edition: Edition, row: BlockRow, language: Language, number: str, work: Work) -> PublishedPassage:
    declaration = edition.declaration
    facts = {
        "declaration": declaration.name.said_in(language),
        "edition": edition.number,
        "number": printed(number, language),
    }
    cited = messages.messages(language).gettext(CITED if number else CITED_WITHOUT_NUMBER, **facts)
    return PublishedPassage(
        key=f"{edition.id}:{row.block_id}:{language.value}",
        text=plain(row.content(language)),
        language=language.value,
        declaration=declaration.name.said_in(work.language),
        edition=edition.number,
        number=printed(number, work.language),
        citation=cited,
        href=work.url_for("edition", forum=declaration.forum.slug, declaration=declaration.slug, number=edition.number),
    )


class Quotable(Struct, frozen=True):
    """Words of an adopted text, with where they stand."""

    id: UUID
    source: str
    citation: str
    text: str
    language: str


class PassageFields(Struct, frozen=True):
    """Words of an adopted text, its title, and where in it they stand."""

    source: str = ""
    citation: str = ""
    language: str = ""
    text: str = ""


class BankPage(Page, frozen=True, kw_only=True):
    words: str
    passages: Sequence[Quotable]
    own: Sequence[PublishedPassage]
    may_add: bool
    form: PassageFields
    errors: Mapping[str, str]


class BankPages(Controller):
    """The bank of adopted texts."""

    path = "/{forum:str}/sessions/adopted-texts"

    @get(name="bank", policy="session.read")
    def bank(self, work: CurrentWork, forum: Slug, words: FromQuery[str] = "") -> Response[str]:
        """The passages that have these words."""
        return _bank(work, forum, words=words)

    @post(name="add_passage", policy=("session.edit", "provenance.link"))
    def add_passage(
        self, work: CurrentWork, forum: Slug, data: URLEncodedBody[PassageFields]
    ) -> Response[str] | Response[None]:
        """Put one more in."""
        actor = work.actor
        try:
            with work.writing() as db:
                BankService(db).add(
                    forum_frame(db, forum, work=work).forum,
                    source=data.source,
                    citation=data.citation,
                    language=data.language if data.language in LANGUAGES else work.language,
                    text=data.text,
                    actor=actor,
                )
        except Invalid as refusal:
            return _bank(work, forum, form=data, errors=field_errors(work, refusal))
        said = work.messages.gettext("Text added to the agreed language.")
        return redirect(work, work.url_for("bank", forum=forum), said=said)


def _bank(
    work: Work,
    forum: str,
    *,
    words: str = "",
    form: PassageFields | None = None,
    errors: Mapping[str, str] | None = None,
) -> Response[str]:
    with work.reading() as db:
        found = forum_frame(db, forum, work=work)
        passages = BankService(db).find(found.forum, words, actor=work.actor)
        context = BankPage(
            place=header(db, found, work=work),
            here="sessions",
            words=words,
            passages=[
                Quotable(passage.id, passage.source, passage.citation, passage.text, passage.language)
                for passage in passages
            ],
            own=published_passages(db, found.forum, words, work=work),
            may_add=policy.may_quote(work.actor, found.forum),
            form=form or PassageFields(language=work.language),
            errors=errors or {},
        )
    return page(work, "desk/bank.html", context, status=422 if errors else 200)


class PublishedPassageOut(Struct, frozen=True, kw_only=True):
    """A paragraph of a published edition; `citation` says where it stands, in the paragraph's own language."""

    text: str
    language: str
    citation: str
    edition: int
    paragraph: str
    address: str

    @classmethod
    def of(cls, published_passage: PublishedPassage) -> "PublishedPassageOut":
        return filled(cls, published_passage, paragraph=published_passage.number, address=published_passage.href)


class PublishedPassagesApi(Controller):
    """What the forum has published before."""

    path = "/api/forums/{forum:str}"
    tags = ("Adopted texts",)

    @reads("/published-passages", policy="session.read")
    def list_published_passages(
        self, work: CurrentWork, db: Db, forum: Slug, words: PassageSearch = ""
    ) -> ListOf[PublishedPassageOut]:
        """Look for words in the last edition of each of the forum's declarations."""
        found = published_passages(db, forum_frame(db, forum, work=work).forum, words, work=work)
        return ListOf(items=[PublishedPassageOut.of(published_passage) for published_passage in found])
