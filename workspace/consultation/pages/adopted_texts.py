"""The forum's own published declarations beside the bank of adopted texts: what it has said before, word for word."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from uuid import UUID

from litestar import Controller, Response
from litestar.datastructures import UploadFile
from msgspec import Struct
from rapidfuzz import fuzz

from drafts.base.words import fold_text
from drafts.text.blocks import Language
from drafts.text.markup import plain
from drafts.text.numbering import printed
from workspace.consultation import policy
from workspace.consultation.adopted_texts import AdoptedTextFields, BankEntry, BankIndex, BankService
from workspace.consultation.api import PassageSearch
from workspace.consultation.models import AdoptedText
from workspace.core.actor import Actor
from workspace.core.errors import Invalid, NotFound, existing
from workspace.core.shapes import Shape, filled
from workspace.core.storage.db import Db, Trilingual
from workspace.core.storage.text_search import query_terms
from workspace.core.validation import known_id, parse_day
from workspace.declarations.domain import queries
from workspace.declarations.domain.queries import BlockRow
from workspace.declarations.frame import header
from workspace.declarations.pages.new_declaration import FormRejected, document_of, text_of
from workspace.editions.domain.commitments import newest_editions
from workspace.editions.domain.models import Edition
from workspace.editions.domain.policy import may_read_editions
from workspace.people.frame import FrameInForum, InForum, forum_frame
from workspace.people.models import Forum
from workspace.web.api import ListOf, reads
from workspace.web.http.request_context import FormBody, FromQuery, MultipartBody, PathId, Slug, Work
from workspace.web.http.routing import get, post
from workspace.web.i18n import messages
from workspace.web.i18n.marking import N_
from workspace.web.i18n.messages import LANGUAGES
from workspace.web.pages import Done, Page, PageOrRedirect, field_errors, page, redirect, shows, takes

MOST_FOUND = 50
CITED = N_("%(declaration)s, edition %(edition)s, paragraph %(number)s")
CITED_WITHOUT_NUMBER = N_("%(declaration)s, edition %(edition)s")
QUOTED = re.compile(r"[“«\"]\s*([^”»\"]{20,4000}?)\s*[”»\"]")
CITED_PLACE = re.compile(r"\(((?:[^()]|\([^()]*\))+)\)")
_MAY_QUOTE = re.compile(r"[(“«\"&]").search  # also what is written as a character reference
ALIKE = 80  # of a hundred: from here on words are those of the passage, with something changed
PARAPHRASED = 70  # below that, words before a citation without quotation marks only tell of it


class Misquote(Struct, frozen=True):
    """Words of a paragraph that cite an adopted text, and the passage as it was adopted, which has them otherwise."""

    block_id: UUID
    language: str
    quoted: str
    passage: str
    source: str


def misquotes(db: Db, forum: Forum, rows: Sequence[BlockRow]) -> list[Misquote]:
    """Every quotation in these paragraphs that is not what the bank of the network has."""
    said = [
        (row.block_id, language.value, text)
        for row in rows
        for language in row.texts
        if _MAY_QUOTE(row.content(language))
        for text in (" ".join(plain(row.content(language)).split()),)
        if "(" in text or QUOTED.search(text)
    ]
    bank = BankService(db).index(forum) if said else BankIndex(())
    return [
        Misquote(block_id, language, quoted, entry.text, entry.cited)
        for block_id, language, text in (said if bank.entries else ())
        for quoted, entry in _misquoted(text, language, bank)
    ]


def _misquoted(text: str, language: str, bank: BankIndex) -> Iterator[tuple[str, BankEntry]]:
    """What a text has instead of words that were adopted, each with the passage: where it cites one, or quotes it."""
    told = set()
    for cited in CITED_PLACE.finditer(text):
        for entry in bank.by_citation.get((language, cited[1]), ()):
            before = text[: cited.start()].rstrip()
            *_, last = (None, *QUOTED.finditer(before))
            span = last[1] if last and last.end() == len(before) else ""
            told.add(span)
            is_near = bool(span) or fuzz.partial_ratio(fold_text(before), entry.folded) >= PARAPHRASED
            if is_near and entry.folded not in fold_text(before) and not _is_in(span, [entry]):
                yield span or before, entry
    for found in QUOTED.finditer(text):
        near = bank.holding(found[1], language=language, limit=8) if found[1] not in told else []
        ratios = [(fuzz.partial_ratio(fold_text(found[1]).strip(" ."), entry.folded), entry) for entry in near]
        likest = max(ratios, key=lambda pair: pair[0], default=None)
        if likest and likest[0] >= ALIKE and not _is_in(found[1], near):
            yield found[1], likest[1]


def _is_in(span: str, entries: Sequence[BankEntry]) -> bool:
    said = fold_text(span).strip(" .")
    return bool(said) and any(said in entry.folded for entry in entries)


class PublishedPassage(Struct, frozen=True):
    """A paragraph of the last edition of a declaration, in one of its languages. `number` is "" where it has none.

    `key` names it again for `published_passage`; `citation` says where it stands, in the paragraph's own language.
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
    editions = sorted(newest_editions(db, forum, actor=work.actor), key=lambda edition: edition.declaration.slug)
    every = (passage for edition in editions for passage in _in_edition(db, edition, work))
    return list(islice((passage for passage in every if _has(passage, terms)), MOST_FOUND))


def published_passage(db: Db, forum: Forum, key: str, *, work: Work) -> PublishedPassage:
    """The passage that `key` names; raises `NotFound`, also for an edition that the reader may not see."""
    edition = db.get(Edition, known_id(key.partition(":")[0], "passage"))
    if edition is None or edition.declaration.forum_id != forum.id:
        raise NotFound(what="passage", id=key[:80])
    found = (passage for passage in _in_edition(db, edition, work) if passage.key == key)
    return existing(
        next(found, None) if may_read_editions(work.actor, edition.declaration) else None, "passage", key[:80]
    )


def _has(passage: PublishedPassage, terms: tuple[str, ...]) -> bool:
    bare = fold_text(passage.text)
    return all(part in bare for part in terms)


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


class Quotable(Shape, frozen=True):
    """Words of an adopted text, with where they stand."""

    id: UUID
    cited: str
    text: str
    language: str


class PassageFields(Struct, frozen=True):
    """Words of an adopted text, its title, and where in it they stand."""

    source: str = ""
    citation: str = ""
    language: str = ""
    text: str = ""


class AdoptedTextForm(Struct, frozen=True):
    """A whole text: in each language a file, or written; its titles, where they are not the documents' own."""

    es: UploadFile | None = None
    en: UploadFile | None = None
    fr: UploadFile | None = None
    text_es: str = ""
    text_en: str = ""
    text_fr: str = ""
    title_es: str = ""
    title_en: str = ""
    title_fr: str = ""
    symbol: str = ""
    adopted_on: str = ""

    def texts(self, work: Work) -> dict[Language, str]:
        """What was sent in each language, a file before what is written; raises `FormRejected` for one that is none."""
        found = {}
        for language in Language:
            file, written = getattr(self, language), getattr(self, f"text_{language}")
            content = file.file.read() if file else b""
            read = text_of(content, file.filename, language, work=work) if file and content else written
            if read.strip():
                found[language] = read.replace("\r\n", "\n").strip()
        return found

    @property
    def day(self) -> date | None:
        """Raises `Invalid` for what is no day."""
        return parse_day("adopted_on", self.adopted_on)


class AdoptedTextLine(Struct, frozen=True):
    """A whole text of the bank."""

    title: str
    symbol: str
    adopted_on: date | None
    paragraphs: int
    href: str


class BankPage(Page, frozen=True, kw_only=True):
    words: str
    texts: Sequence[AdoptedTextLine]
    passages: Sequence[Quotable]
    own: Sequence[PublishedPassage]
    may_add: bool
    form: PassageFields
    sent: AdoptedTextForm
    read: Mapping[str, str]  # by language, what was sent and is to be corrected
    errors: Mapping[str, str]


class AdoptedRowLine(Struct, frozen=True):
    """A paragraph in the languages that have it, each with its text and where it stands."""

    position: int
    is_doubtful: bool
    texts: Mapping[str, tuple[str, str]]


class AdoptedTextPage(Page, frozen=True, kw_only=True):
    id: UUID
    title: str
    symbol: str
    adopted_on: date | None
    languages: Sequence[str]
    rows: Sequence[AdoptedRowLine]
    doubtful: int
    may_change: bool


class AlignmentForm(Struct, frozen=True):
    """A paragraph of a whole text, and whether its languages say the same; or the whole text, to remove."""

    position: int = 0
    act: str = ""
    sure: str = ""


def _bank(
    work: Work,
    forum: str,
    *,
    words: str = "",
    form: PassageFields | None = None,
    sent: AdoptedTextForm | None = None,
    read: Mapping[Language, str] | None = None,
    errors: Mapping[str, str] | None = None,
    refusal: Invalid | None = None,
) -> Response[str]:
    errors = errors or field_errors(work, refusal)
    with work.reading() as db:
        found = forum_frame(db, forum, work=work)
        texts = BankService(db).texts(found.forum, actor=work.actor)
        passages = BankService(db).find(found.forum, words, is_single=not words, actor=work.actor)
        context = BankPage(
            place=header(db, found, work=work),
            here="sessions",
            words=words,
            texts=[_text_line(text, count, forum, work) for text, count in texts],
            passages=[Quotable.of(passage) for passage in passages],
            own=published_passages(db, found.forum, words, work=work),
            may_add=policy.may_quote(work.actor, found.forum),
            form=form or PassageFields(language=work.language),
            sent=sent or AdoptedTextForm(),
            read={language.value: text for language, text in (read or {}).items()},
            errors=errors,
        )
    return page(work, "desk/bank.html", context, status=422 if errors else 200)


class BankPages(Controller):
    """The bank of adopted texts."""

    path = "/{forum:str}/sessions/adopted-texts"

    @get(name="bank", policy="session.read")
    def bank(self, work: Work, forum: Slug, words: FromQuery[str] = "") -> Response[str]:
        """The passages that have these words."""
        return _bank(work, forum, words=words)

    @takes(again=_bank, name="add_passage", policy=("session.edit", "provenance.link"))
    def add_passage(self, db: Db, work: Work, actor: Actor, forum: InForum, data: FormBody[PassageFields]) -> Done:
        """Put one more in."""
        BankService(db).add(
            forum,
            source=data.source,
            citation=data.citation,
            language=data.language if data.language in LANGUAGES else work.language,
            text=data.text,
            actor=actor,
        )
        return Done("bank", work.messages.gettext("Text added to the agreed language."))

    @post("/texts", name="add_adopted_text", policy=("session.edit", "provenance.link"))
    def add_text(self, work: Work, forum: Slug, data: MultipartBody[AdoptedTextForm]) -> PageOrRedirect:
        """Bring a whole text in."""
        actor, texts = work.actor, dict[Language, str]()
        try:
            texts = data.texts(work)
            wanted = AdoptedTextFields(
                documents={language: document_of(text, language, work) for language, text in texts.items()},
                title=Trilingual(data.title_es, data.title_en, data.title_fr),
                symbol=data.symbol,
                adopted_on=data.day,
            )
            with work.writing() as db:
                made = BankService(db).take_in(forum_frame(db, forum, work=work).forum, wanted, actor=actor).id
        except FormRejected as refusal:
            return _bank(work, forum, sent=data, read=texts, errors=refusal.errors)
        except Invalid as refusal:
            errors = {_FIELDS.get(field, field): said for field, said in field_errors(work, refusal).items()}
            return _bank(work, forum, sent=data, read=texts, errors=errors)
        said = work.messages.gettext("Text added to the agreed language.")
        return redirect(work, work.url_for("adopted_text", forum=forum, text_id=made), said=said)

    @shows("desk/adopted_text.html", "/texts/{text_id:uuid}", name="adopted_text", policy="session.read")
    def adopted_text(self, db: Db, work: Work, found: FrameInForum, text_id: PathId) -> AdoptedTextPage:
        """One whole text, its languages side by side."""
        text, rows = BankService(db).text(found.forum, text_id, actor=work.actor)
        return AdoptedTextPage(
            place=header(db, found, work=work),
            here="sessions",
            id=text_id,
            title=text.title.said_in(work.language),
            symbol=text.symbol,
            adopted_on=text.adopted_on,
            languages=[said_in for said_in in LANGUAGES if any(said_in in row.passages for row in rows)],
            rows=[
                filled(AdoptedRowLine, row, texts={of: (said.text, said.citation) for of, said in row.passages.items()})
                for row in rows
            ],
            doubtful=sum(row.is_doubtful for row in rows),
            may_change=text.forum_id == found.forum.id and policy.may_quote(work.actor, found.forum),
        )

    @takes("/texts/{text_id:uuid}", name="change_adopted_text", policy=("session.edit", "provenance.link"))
    def change_text(self, db: Db, work: Work, forum: InForum, text_id: PathId, data: FormBody[AlignmentForm]) -> Done:
        """Say whether the languages of a paragraph answer one another, or remove the text."""
        if data.act == REMOVE:
            if not data.sure:
                raise Invalid(field="sure", reason="not_sure")
            BankService(db).remove(forum, text_id, actor=work.actor)
            return Done("bank", work.messages.gettext("Adopted text removed."))
        BankService(db).settle_row(forum, text_id, data.position, is_same=data.act == SAME, actor=work.actor)
        return Done("adopted_text", work.messages.gettext("Saved."), anchor=f"p{data.position}")


SAME, REMOVE = "same", "remove"
_FIELDS = {"text": "text_en"}  # of the form, where a refusal names the whole


def _text_line(text: AdoptedText, paragraphs: int, forum: str, work: Work) -> AdoptedTextLine:
    href = work.url_for("adopted_text", forum=forum, text_id=text.id)
    return filled(AdoptedTextLine, text, title=text.title.said_in(work.language), paragraphs=paragraphs, href=href)


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
        self, work: Work, db: Db, forum: Slug, words: PassageSearch = ""
    ) -> ListOf[PublishedPassageOut]:
        """Look for words in the last edition of each of the forum's declarations."""
        found = published_passages(db, forum_frame(db, forum, work=work).forum, words, work=work)
        return ListOf(items=[PublishedPassageOut.of(published_passage) for published_passage in found])
