"""The provenance edition: the published text, and under each paragraph what it came from.

Sessions, organisations and recommendations are public once the text is (`provenance.read`). Amendments and decisions
are named only once the history of the declaration is open to everybody, exactly as in the bundle. The edition is
made when somebody asks for it, from what was frozen and from the log; the same bytes as long as the history stays
open, or closed.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

import sqlalchemy as sa
from litestar import Controller, Response, get
from litestar.di import NamedDependency
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy.orm import joinedload, selectinload

from drafts.formats import html, pdf
from drafts.formats.apparatus import Origin, Said
from drafts.formats.apparatus_rows import ADDED_WORDS, AddedWords
from drafts.formats.assembly import EditionText
from drafts.formats.bundle import ParagraphCauses, TextCause
from drafts.formats.labels import NBSP, literal
from drafts.text.blocks import BlockKind, Language
from workspace.amendments.domain.models import Amendment, AmendmentVersion, Decision
from workspace.amendments.domain.stored_amendments import changes_of
from workspace.core.actor import Actor
from workspace.core.errors import NotFound
from workspace.core.storage.db import Db
from workspace.declarations.api import opened
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration, Provenance
from workspace.declarations.domain.policy import may_do
from workspace.declarations.frame import frame
from workspace.editions.domain import policy
from workspace.editions.domain.models import Edition
from workspace.editions.domain.publication import EditionService
from workspace.editions.verification.bundle import BundleCauses, causes_of
from workspace.web.api import Number, reads
from workspace.web.http.request_context import FromPath, Work

PROVENANCE_FORMS = ("html", "pdf")
PROVENANCE_FILE_NAMES = tuple(f"provenance.{language}.{form}" for language in Language for form in PROVENANCE_FORMS)
_TOLD = frozenset({BlockKind.PREAMBLE, BlockKind.OPERATIVE, BlockKind.PARAGRAPH, BlockKind.ITEM, BlockKind.CHAPEAU})


def may_read_provenance(actor: Actor, declaration: Declaration) -> bool:
    return may_do(actor, "provenance.read", declaration) and may_do(actor, "edition.read_verify", declaration)


def provenance_file(db: Db, edition: Edition, name: str) -> bytes:
    """One file of the provenance edition; raises `NotFound` for a name that it has not."""
    if name not in PROVENANCE_FILE_NAMES:
        raise NotFound(what="edition_file", id=name)
    _, tongue, form = name.split(".")
    make = html.page if form == "html" else pdf.language_pdf
    return make(document_with_origins(db, edition), Language(tongue))


def document_with_origins(db: Db, edition: Edition) -> EditionText:
    """The text of an edition with what each paragraph came from; without reservations, signatories and annexes."""
    text = EditionService(db).text(edition)
    causes = causes_of(db, edition)
    of_block = {paragraph.id: paragraph for paragraph in causes.paragraphs}
    links = queries.sources(db, edition.declaration)
    filed = _filed(db, edition.declaration) if causes.is_open else {}
    origins = []
    for row in text.rows:
        if row.kind in _TOLD:
            said = list(_recommendations(links.get(UUID(row.id), [])))
            acts = list(_acts(row.id, of_block.get(row.id), causes, filed))
            is_plain = row.kind is BlockKind.ITEM and not said and acts == [_SINCE_FIRST]  # as its paragraph says
            origins.append(Origin(row.id, () if is_plain else (*said, *acts)))
    around = replace(
        text.apparatus,
        signatories=(),
        reservations=(),
        annexes=(),
        renumbered=(),
        origins=tuple(origin for origin in origins if origin.lines),
    )
    return replace(text, apparatus=around)


class _Filed(Struct, frozen=True):
    """An amendment: for whom it was filed, the paragraphs it is about, the numbers of the decisions on it."""

    organisation: str
    blocks: frozenset[str]
    decisions: frozenset[int]


def _filed(db: Db, declaration: Declaration) -> Mapping[int, _Filed]:
    """Every amendment, by its number."""
    statement = sa.select(Amendment).where(Amendment.declaration_id == declaration.id)
    every = statement.options(
        joinedload(Amendment.organisation), selectinload(Amendment.versions).selectinload(AmendmentVersion.changes)
    )
    decided: dict[UUID | None, set[int]] = {}
    for amendment_id, number in db.execute(
        sa.select(Decision.amendment_id, Decision.number).where(
            Decision.declaration_id == declaration.id, ~Decision.undone_by.has()
        )
    ):
        decided.setdefault(amendment_id, set()).add(number)
    return {
        amendment.number: _Filed(
            amendment.organisation.name if amendment.organisation else "",
            frozenset(block for version in amendment.versions for block in _touched(version)),
            frozenset(decided.get(amendment.id, ())),
        )
        for amendment in db.scalars(every)
    }


def _touched(version: AmendmentVersion) -> Iterator[str]:
    for change in changes_of(version):
        yield from (change.block, *change.joined, *(part.id for part in change.parts))


def _recommendations(links: Sequence[Provenance]) -> Iterator[Said]:
    for link in links:
        source = literal(link.recommendation.origin)
        after = f"*{source}*" if source else ""
        number = link.recommendation.number
        yield {
            language: _followed(ADDED_WORDS[language].recommendation.format(number=number), after, language)
            for language in Language
        }


def _acts(
    block: str, told: ParagraphCauses | None, causes: BundleCauses, filed: Mapping[int, _Filed]
) -> Iterator[Said]:
    """What the log says of the wording: the last act that was not a translation."""
    acts = [text for text in (told.texts.values() if told else ()) if text is not None and text.kind in _SENTENCE]
    if not acts:
        return
    last = max(acts, key=lambda text_cause: text_cause.entry)
    about = {number: filed[number] for number in last.amendments if number in filed and block in filed[number].blocks}
    yield {language: _act(last, causes, about or filed, language) for language in Language}


_SINCE_FIRST = {language: words.since_first for language, words in ADDED_WORDS.items()}
_SENTENCE = {"import": "since_first", "adoption": "adopted", "editorial": "edited"}


def _act(cause: TextCause, causes: BundleCauses, filed: Mapping[int, _Filed], language: Language) -> str:
    """What was done, with the amendments it took up, as far as they are among those `filed`, and the decisions on them.

    A round of the committee takes up many amendments at once: only those about the paragraph are named beneath it.
    """
    words = ADDED_WORDS[language]
    sentence: str = getattr(words, _SENTENCE[cause.kind])
    taken = {number: filed[number] for number in cause.amendments if number in filed}
    named = [_amendment(number, amendment.organisation, words) for number, amendment in taken.items()]
    if causes.is_open:
        numbers = [number for entry in cause.decisions if (number := causes.decisions.get(entry, 0))]
        on_these = [number for number in numbers if any(number in amendment.decisions for amendment in taken.values())]
        named += [words.decision.format(number=number) for number in on_these or numbers]
    return _followed(sentence, ", ".join(named), language)


def _followed(words: str, by: str, language: Language) -> str:
    """Join both with the colon of the language."""
    return f"{words}{NBSP if language is Language.FR else ''}: {by}" if by else words


def _amendment(number: int, organisation: str, words: AddedWords) -> str:
    if not organisation:
        return words.amendment.format(number=number)
    return words.amendment_by.format(number=number, organisation=literal(organisation))


_BYTES = "application/octet-stream"
_PDF, _HTML = "application/pdf", "text/html"
_BOOK = "sandbox; default-src 'none'; style-src 'unsafe-inline'; font-src data:; frame-ancestors 'none'"
_AS_A_FILE = "default-src 'none'; sandbox"


class ProvenanceEditionPages(Controller):
    """Where each paragraph of an edition came from, as a book."""

    @get(
        "/{forum:str}/{declaration:str}/editions/{number:int}/provenance/{file:str}",
        name="provenance_edition",
        sync_to_thread=True,
        policy="provenance.read",
    )
    def provenance_edition(
        self,
        *,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        number: FromPath[int],
        file: FromPath[str],
    ) -> Response[bytes]:
        """One language as a web page or a PDF."""
        with work.reading() as db:
            found = frame(db, forum, declaration, work=work, may=may_read_provenance)
            edition = EditionService(db).edition(found.declaration, number, actor=work.actor)
            content = provenance_file(db, edition, file)
        is_page = file.endswith(".html")
        return _answered(work, content, file, _HTML if is_page else _PDF, rules=_BOOK if is_page else "")


class ProvenanceEditionApi(Controller):
    """The same for programs."""

    path = "/api/declarations/{declaration_id:uuid}/editions"
    tags = ("Editions",)

    @reads("/{number:str}/provenance/{name:str}", media_type=_BYTES, policy="provenance.read")
    def read_provenance_edition(
        self, work: NamedDependency[Work], declaration_id: FromPath[UUID], number: Number, name: FromPath[str]
    ) -> Response[bytes]:
        """Read one file of the provenance edition, such as `provenance.en.pdf`: each paragraph with its sources.

        Amendments and decisions are named once the history of the declaration is open to everybody.
        """
        actor = work.actor
        with work.reading() as db:
            declaration = opened(db, declaration_id, actor=actor, may=policy.may_read_editions)
            edition = EditionService(db).edition(declaration, number, actor=actor)
            content = provenance_file(db, edition, name)
        return _answered(work, content, name, _HTML if name.endswith(".html") else _PDF, rules=_AS_A_FILE)


def _answered(work: Work, content: bytes, name: str, media_type: str, *, rules: str) -> Response[bytes]:
    """It changes when the history is opened, so that a cache asks whether it is the same."""
    digest = f'"{hashlib.sha256(content).hexdigest()}"'
    headers = {"Cache-Control": "public, no-cache", "ETag": digest}
    if digest in work.request.headers.get("If-None-Match", ""):
        return Response(b"", status_code=304, media_type=media_type, headers=headers)
    if rules:
        headers["Content-Security-Policy"] = rules
    headers["Content-Disposition"] = f'inline; filename="{name}"'
    return Response(content, media_type=media_type, headers=headers)
