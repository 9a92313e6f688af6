"""A published edition: its page in one language or several, and its files byte for byte."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache, partial

from anyio.to_thread import run_sync
from litestar import Controller, HttpMethod, Response, get, route
from litestar.di import NamedDependency
from markupsafe import Markup

from drafts.blocks import Language
from drafts.formats.bundle import BUNDLE
from workspace.core.db import Db
from workspace.declarations.frame import Frame, frame
from workspace.editions import policy
from workspace.editions.beside import Beside, beside
from workspace.editions.book import FileLine, file_lines, is_intact, printed
from workspace.editions.bundling import bundle_of
from workspace.editions.citing import Citing, Source, citations, words_of
from workspace.editions.issuing import sha256
from workspace.editions.models import Edition
from workspace.editions.outlet import KeptFile, Leaf, knows, outlet
from workspace.editions.override_views import OverrideLine
from workspace.editions.override_views import of_edition as overrides_of_edition
from workspace.editions.sealing import seals
from workspace.editions.service import EditionService
from workspace.web.form_tokens import FORM_FIELD, unmasked
from workspace.web.limits import UNLIMITED
from workspace.web.pages import Page, page
from workspace.web.params import FromPath
from workspace.web.qr import qr_code
from workspace.web.services import Work

# An edition's web page carries its style and fonts inside; it runs nothing and loads nothing.
BOOK_POLICY = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; font-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
SHOWN_IN_BROWSER = frozenset({"text/html", "application/pdf", "text/plain"})
ZIP = "application/zip"
_PASSING = re.compile(r'nonce="[^"]*"|\bsince=[^"&]*')  # of a page: of this answer, and from when on events are told
_TOKEN = re.compile(rf'(?<=name="{FORM_FIELD}" value=")[^"]*')
FOR_EVER = "public, max-age=31536000, immutable"


class EditionPage(Page, frozen=True, kw_only=True):
    name: str
    number: int
    latest: str  # address of the latest edition when this is an older one
    texts: Sequence[Language]
    choices: Sequence[tuple[str, Sequence[Language], bool]]
    title_page: Markup
    body: Markup
    issuer: str
    adopted_on: date
    published_at: datetime
    fingerprint: str
    manifest_sha256: str
    is_intact: bool
    is_signed: bool
    bundle: str
    verify: str
    overrides: Sequence[OverrideLine]
    beside: Beside
    address: str  # whole, as somebody types it from paper
    drawing: str  # the same as a QR code for print
    citing: Citing
    files: Sequence[FileLine]


class PublishedPages(Controller):
    """What is published, for anybody."""

    path = "/{forum:str}/{declaration:str}"

    @get("/editions/{number:int}", name="edition", sync_to_thread=True, policy="edition.read_verify")
    def edition(
        self, work: NamedDependency[Work], forum: FromPath[str], declaration: FromPath[str], number: FromPath[int]
    ) -> Response[str] | Response[bytes]:
        """A published edition: its text in one language, its files, and what it can be verified by."""
        with work.reading() as db:
            found = frame(db, forum, declaration, work=work, may=policy.may_read_editions)
            context = _edition(db, work, found, number)
        return _unless_known(work, page(work, "editions/edition.html", context, is_public=True))

    @route(
        "/editions/{number:int}/{file:str}",
        name="edition_file",
        http_method=[HttpMethod.GET, HttpMethod.HEAD],
        pace=UNLIMITED,
        policy="edition.read_verify",
    )
    async def edition_file(
        self,
        *,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        number: FromPath[int],
        file: FromPath[str],
    ) -> Response[bytes]:
        """One file, byte for byte. It never changes, so that a cache may keep it for ever.

        What is at hand is answered without a thread: that is most of what is asked when everybody looks at once.
        """
        kept = outlet(work.site.store).file(forum, declaration, number, file)
        if kept is None:
            read = await run_sync(partial(_read, work, forum, declaration, number, file))
            if isinstance(read, bytes):
                return _bundle(work, read)
            kept = read
        headers = {"Cache-Control": FOR_EVER, "ETag": f'"{kept.sha256}"'}
        if knows(work.request.headers.get("If-None-Match", ""), kept.sha256):
            return Response(b"", status_code=304, media_type=kept.media_type, headers=headers)
        return as_file(kept.name, kept.media_type, kept.content, headers)


def _unless_known(work: Work, response: Response[str]) -> Response[str] | Response[bytes]:
    """The page, or 304 where a visitor's browser has it as it is; what changes with each answer counts for nothing.

    A page for somebody who has signed in is kept by nobody, and has no tag.
    """
    if response.headers["Cache-Control"] != "no-cache":
        return response
    lasting = _TOKEN.sub(lambda found: unmasked(found[0]).hex(), _PASSING.sub("", response.content))
    digest = sha256(lasting.encode())
    headers = {"Cache-Control": "no-cache", "ETag": f'W/"{digest}"'}
    if knows(work.request.headers.get("If-None-Match", ""), digest):
        return Response(b"", status_code=304, media_type=response.media_type, headers=headers)
    response.headers["ETag"] = headers["ETag"]
    return response


def _read(work: Work, forum: str, declaration: str, number: int, file: str) -> KeptFile | bytes:
    """A file of an edition from the database, kept at hand from now on; its bundle as bytes."""
    with work.reading() as db:
        found = frame(db, forum, declaration, work=work, may=policy.may_read_editions)
        service = EditionService(db)
        edition = service.edition(found.declaration, number, actor=work.actor)
        if file == BUNDLE:
            return bundle_of(db, edition)
        read = service.file(edition, file)
        kept = KeptFile(read.name, read.media_type, read.sha256, read.content)
    outlet(work.site.store).keep_file(kept, forum, declaration, number, file)
    return kept


def as_file(name: str, media: str, content: bytes, headers: Mapping[str, str]) -> Response[bytes]:
    """One file of an edition, shown where a browser can show it safely, else to keep."""
    disposition = "inline" if media in SHOWN_IN_BROWSER else "attachment"
    own = {"Content-Security-Policy": BOOK_POLICY} if media == "text/html" else {}
    return Response(
        content,
        status_code=200,
        media_type=media,
        headers={**headers, **own, "Content-Disposition": f'{disposition}; filename="{name}"'},
    )


def _bundle(work: Work, content: bytes) -> Response[bytes]:
    """It grows by its signature and checkpoint soon after publication, so that a cache asks whether it is the same."""
    digest = _digest(content)
    headers = {"Cache-Control": "public, no-cache", "ETag": f'"{digest}"'}
    if knows(work.request.headers.get("If-None-Match", ""), digest):
        return Response(b"", status_code=304, media_type=ZIP, headers=headers)
    return as_file(BUNDLE, ZIP, content, headers)


@lru_cache(maxsize=4)
def _digest(content: bytes) -> str:
    """Of a bundle that is kept at hand, made once."""
    return sha256(content)


def _edition(db: Db, work: Work, found: Frame, number: int) -> EditionPage:
    service, place = EditionService(db), found.place
    edition = service.edition(found.declaration, number, actor=work.actor)
    languages = work.texts()
    leaf, is_good = _leaf(service, work, edition, languages)
    newest = service.editions(found.declaration)[0].number

    def address(number: int, **query: str) -> str:
        return work.url_for("edition", forum=place.forum, declaration=place.declaration, number=number, **query)

    whole = str(work.request.base_url).rstrip("/") + address(number)
    return EditionPage(
        place=place,
        here="edition",
        address=whole,
        citing=_citing(service, work, edition, leaf, whole),
        drawing=_drawing(whole),
        name=found.declaration.name.said_in(work.language),
        number=number,
        latest=address(newest) if newest != number else "",
        texts=languages,
        choices=[
            (address(number, text=",".join(wanted)), wanted, tuple(wanted) == languages)
            for wanted in ((Language.ES,), (Language.EN,), (Language.FR,), tuple(Language))
        ],
        title_page=leaf.title,
        body=leaf.body,
        issuer=place.forum_name,
        adopted_on=edition.adopted_on,
        published_at=found.forum.local(edition.published_at),
        fingerprint=leaf.fingerprint,
        manifest_sha256=edition.manifest_sha256,
        is_intact=is_good,
        is_signed=edition.id in seals(db, found.declaration.id),
        bundle=work.url_for(
            "edition_file", forum=place.forum, declaration=place.declaration, number=number, file=BUNDLE
        ),
        verify=work.url_for("verify"),
        overrides=overrides_of_edition(db, work, found, edition),
        beside=beside(db, work, found, edition),
        files=file_lines(work, place.forum, place.declaration, number, service.files(edition)),
    )


def _citing(service: EditionService, work: Work, edition: Edition, leaf: Leaf, whole: str) -> Citing:
    """How the edition is cited, or the paragraph that is asked for; in the first language that is shown."""
    language = work.texts()[0]
    wanted = work.request.query_params.get("paragraph", "")
    number = wanted if wanted in leaf.numbers else ""
    declaration = edition.declaration
    source = Source(
        forum=declaration.forum.name.said_in(language),
        name=declaration.name.said_in(language),
        adopted_on=edition.adopted_on,
        edition=edition.number,
        manifest=edition.manifest_sha256,
        language=language,
        address=f"{whole}#p{number.replace(' ', '-')}" if number else whole,
        paragraph=number,
        words=words_of(service.text(edition), number, language) if number else "",
    )
    return Citing(leaf.numbers, number, citations(source))


@lru_cache(maxsize=256)
def _drawing(address: str) -> str:
    """An address as a QR code for print."""
    return qr_code(address, scale=4)


def _leaf(service: EditionService, work: Work, edition: Edition, languages: tuple[Language, ...]) -> tuple[Leaf, bool]:
    """The text as the page shows it, and whether it has the published fingerprint; only then is it kept at hand."""
    known = outlet(work.site.store)
    kept = known.leaf(edition.id, languages)
    if kept is not None:
        return kept, True
    text = service.text(edition)
    leaf = Leaf(*printed(text, languages), text.fingerprint, tuple(text.numbers.values()))
    is_good = is_intact(service, edition, text)
    if is_good:
        known.keep_leaf(leaf, edition.id, languages)
    return leaf, is_good
