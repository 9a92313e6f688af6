"""Published editions: their pages, their files byte for byte, and what programs look for on a site."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache, partial

import msgspec
from anyio.to_thread import run_sync
from litestar import Controller, HttpMethod, Response, route
from litestar.di import NamedDependency
from litestar.response import Redirect
from markupsafe import Markup
from msgspec import Struct
from msgspec.structs import replace

from drafts.formats import text_parts
from drafts.formats.assembly import EditionText, EditionWording
from drafts.formats.bundle import BUNDLE, BadBundle
from drafts.formats.edition import THREE
from drafts.formats.text_parts import ContentsEntry
from drafts.text.blocks import Language
from drafts.text.numbering import printed
from workspace.core.errors import Invalid
from workspace.core.security.conditions import Condition
from workspace.core.storage.db import Db
from workspace.declarations.domain.phase_changes import PhaseService
from workspace.declarations.domain.policy import may_do
from workspace.declarations.frame import Frame, frame, heading
from workspace.declarations.labels import first_words
from workspace.editions import messages as verdicts
from workspace.editions.domain import policy
from workspace.editions.domain.causes import Acts, edition_acts
from workspace.editions.domain.edition_store import files_kept, media_type, sha256
from workspace.editions.domain.models import Edition
from workspace.editions.domain.publication import EditionService
from workspace.editions.pages.cause_view import KINDS_WITH_CAUSES, CauseViewBuilder, ParagraphCause
from workspace.editions.pages.edition_view import (
    CitationForm,
    CitationSource,
    EditionLink,
    FileLine,
    LinkedEdition,
    LinkedFile,
    RelatedContent,
    citations,
    file_lines,
    is_intact,
    lineage,
    printed_text,
    quoted_paragraph,
    related_content,
    with_causes,
)
from workspace.editions.pages.feeds import CachedFile, CachedText, etag_matches, published_cache
from workspace.editions.pages.readiness_view import OverrideLine
from workspace.editions.pages.readiness_view import edition_override_lines as overrides_of_edition
from workspace.editions.verification.bundle import bundle_of
from workspace.editions.verification.signing import edition_signatures
from workspace.history.signing_keys import KeyEnd, known_keys
from workspace.translations.views.overview import TranslationLinks, Ways
from workspace.web.http.rate_limits import UNLIMITED
from workspace.web.http.request_context import FormBody, FromPath, Work
from workspace.web.http.routing import get, post
from workspace.web.http.security import FORM_FIELD, unmasked
from workspace.web.i18n.marking import N_
from workspace.web.i18n.messages import Messages
from workspace.web.pages import SHOWN_AGAIN, Page, PageOrRedirect, field_errors, page, qr_code, redirect
from workspace.web.refusals.sentences import sentence

_MOST_OF_OPENING = 200  # characters


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
    downloads: Sequence[tuple[str, str]]  # what most readers take: words and address
    contents: Sequence[ContentsEntry]
    body: Sequence[tuple[Markup, ParagraphCause | None]]
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
    beside: RelatedContent
    address: str  # whole, as somebody types it from paper
    drawing: str  # the same as a QR code for print
    citing: CitationForm
    files: Sequence[FileLine]
    opening: str
    linked: Markup = Markup()  # what search engines are told


class EditionsPage(Page, frozen=True, kw_only=True):
    """The editions of a declaration, oldest first."""

    name: str
    lineage: Sequence[EditionLink]
    may_open: bool  # the history to everybody, or close it
    is_open: bool
    errors: Mapping[str, str]


class HistoryForm(Struct, frozen=True):
    """Whether everybody may read the history from now on, and why."""

    is_open: str = ""
    reason: str = ""


class PublishedPages(Controller):
    """What is published, for anybody."""

    path = "/{forum:str}/{declaration:str}"

    @get("/editions", name="editions", policy="edition.read_verify")
    def editions(self, ways: Ways) -> Response[str] | Response[bytes]:
        """Every edition, the newest first."""
        return page_unless_known(ways.work, _editions(ways))

    @post("/editions", name="open_history", policy="history.open")
    def open_history(self, ways: Ways, data: FormBody[HistoryForm]) -> PageOrRedirect:
        """Let everybody read the history, or no longer."""
        actor, is_open = ways.work.actor, bool(data.is_open)
        try:
            with ways.work.writing() as db:
                found = frame(db, ways.forum, ways.declaration, work=ways.work, may=policy.may_read_editions)
                reason = data.reason.strip()
                PhaseService(db).open_history(found.declaration, is_open=is_open, reason=reason, actor=actor)
        except Invalid as refusal:
            return _editions(ways, refusal)
        said = N_("History public.") if is_open else N_("History closed.")
        to = ways.work.url_for("editions", forum=ways.forum, declaration=ways.declaration)
        return redirect(ways.work, to, said=ways.work.messages.gettext(said))

    @get("/editions/latest", name="latest_edition", policy="edition.read_verify")
    def latest(self, ways: Ways) -> Redirect:
        """The newest edition, whichever it is."""
        with ways.work.reading() as db:
            found = frame(db, ways.forum, ways.declaration, work=ways.work, may=policy.may_read_editions)
            return newest_edition(db, ways.work, found)

    @get("/editions/{number:int}", name="edition", policy="edition.read_verify")
    def edition(self, ways: Ways, number: FromPath[int]) -> Response[str] | Response[bytes]:
        """A published edition: its text in one language, its files, and what it can be verified by."""
        with ways.work.reading() as db:
            found = frame(db, ways.forum, ways.declaration, work=ways.work, may=policy.may_read_editions)
            context = _edition(db, ways.work, found, number)
        context = replace(context, linked=_linked(context, str(ways.work.request.base_url).rstrip("/")))
        return page_unless_known(ways.work, page(ways.work, "editions/edition.html", context, is_public=True))

    @route(
        "/editions/{number:int}/{file:str}",
        name="edition_file",
        http_method=[HttpMethod.GET, HttpMethod.HEAD],
        pace=UNLIMITED,
        policy="edition.read_verify",
    )
    async def edition_file(
        self, ways: NamedDependency[TranslationLinks], number: FromPath[int], file: FromPath[str]
    ) -> Response[bytes]:
        """One file, byte for byte. It never changes, so that a cache may keep it for ever.

        What is at hand is answered without a thread: that is most of what is asked when everybody looks at once.
        """
        kept = published_cache(ways.work.site.store).file(ways.forum, ways.declaration, number, file)
        if kept is None:
            read = await run_sync(partial(_read, ways.work, ways.forum, ways.declaration, number, file))
            if isinstance(read, bytes):
                return _bundle(ways.work, read)
            kept = read
        headers = {"Cache-Control": FOR_EVER, "ETag": f'"{kept.sha256}"'}
        if etag_matches(ways.work.request.headers.get("If-None-Match", ""), kept.sha256):
            return Response(b"", status_code=304, media_type=kept.media_type, headers=headers)
        return as_file(kept.name, kept.media_type, kept.content, headers)


def _editions(ways: TranslationLinks, refusal: Invalid | None = None) -> Response[str]:
    work = ways.work
    with work.reading() as db:
        found = frame(db, ways.forum, ways.declaration, work=work, may=policy.may_read_editions)
        context = EditionsPage(
            **heading(found, "edition", work=work),
            lineage=lineage(db, work, found),
            may_open=may_do(work.actor, "history.open", found.declaration, given={Condition.REASON}),
            is_open=found.declaration.is_history_open,
            errors=field_errors(work, refusal),
        )
    return page(work, "editions/editions.html", context, status=SHOWN_AGAIN if refusal else 200, is_public=True)


def newest_edition(db: Db, work: Work, found: Frame) -> Redirect:
    """Lead to the newest edition, in the languages of text that were asked for; raises `NotFound` without one."""
    newest = EditionService(db).newest(found.declaration, actor=work.actor)
    at = {"forum": found.place.forum, "declaration": found.place.declaration, "number": newest.number}
    to = work.url_for("edition", **at, text=work.request.query_params.get("text"))
    return Redirect(to, headers={"Cache-Control": "no-cache"})


def page_unless_known(work: Work, response: Response[str]) -> Response[str] | Response[bytes]:
    """The page, or 304 where a visitor's browser has it as it is; what changes with each answer counts for nothing.

    A page for somebody who has signed in is kept by nobody, and has no tag.
    """
    if response.headers["Cache-Control"] == "no-store":
        return response
    lasting = _TOKEN.sub(lambda found: unmasked(found[0]).hex(), _PASSING.sub("", response.content))
    digest = sha256(lasting.encode())
    headers = {"Cache-Control": response.headers["Cache-Control"], "Vary": "Cookie", "ETag": f'W/"{digest}"'}
    if etag_matches(work.request.headers.get("If-None-Match", ""), digest):
        return Response(b"", status_code=304, media_type=response.media_type, headers=headers)
    response.headers["ETag"] = headers["ETag"]
    return response


def _read(work: Work, forum: str, declaration: str, number: int, file: str) -> CachedFile | bytes:
    """A file of an edition from the database, kept at hand from now on; its bundle as bytes."""
    with work.reading() as db:
        found = frame(db, forum, declaration, work=work, may=policy.may_read_editions)
        service = EditionService(db)
        edition = service.edition(found.declaration, number, actor=work.actor)
        if file == BUNDLE:
            return bundle_of(db, edition)
        read = service.file(edition, file)
        kept = CachedFile(read.name, read.media_type, read.sha256, read.content)
    published_cache(work.site.store).keep_file(kept, forum, declaration, number, file)
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
    if etag_matches(work.request.headers.get("If-None-Match", ""), digest):
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
    causes = paragraph_causes(db, work, found, edition)

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
        downloads=[
            (words, f"{address(number)}/declaration.{THREE if len(languages) > 1 else languages[0]}.{form}")
            for words, form in (("PDF", "pdf"), ("Word", "docx"))
        ],
        contents=leaf.contents,
        body=with_causes(leaf.body, causes),
        issuer=place.forum_name,
        adopted_on=edition.adopted_on,
        published_at=found.forum.local(edition.published_at),
        fingerprint=leaf.fingerprint,
        manifest_sha256=edition.manifest_sha256,
        is_intact=is_good,
        is_signed=edition.id in edition_signatures(db, found.declaration.id),
        bundle=work.url_for(
            "edition_file", forum=place.forum, declaration=place.declaration, number=number, file=BUNDLE
        ),
        verify=work.url_for("verify"),
        overrides=overrides_of_edition(db, work, found, edition),
        beside=related_content(db, work, found, edition),
        files=file_lines(work, place.forum, place.declaration, number, files_kept(db, edition.id)),
        opening=leaf.opening,
    )


def paragraph_causes(db: Db, work: Work, found: Frame, edition: Edition) -> Mapping[str, ParagraphCause]:
    """What put each paragraph of an edition there, by block, as far as the reader may know."""
    return CauseViewBuilder(db, work, found, edition, acts_of(db, work, edition)).paragraphs()


def acts_of(db: Db, work: Work, edition: Edition) -> Acts:
    """What an edition's paragraphs stand on, which never changes, read from the database once."""
    known = published_cache(work.site.store)
    acts = known.acts(edition.id)
    if acts is None:
        acts = edition_acts(db, edition)
        known.keep_acts(acts, edition.id)
    return acts


def _citing(service: EditionService, work: Work, edition: Edition, leaf: CachedText, whole: str) -> CitationForm:
    """How the edition is cited, or the paragraph that is asked for; in the first language that is shown."""
    language = work.texts()[0]
    wanted = work.request.query_params.get("paragraph", "")
    number = wanted if wanted in leaf.numbers else ""
    declaration = edition.declaration
    source = CitationSource(
        forum=declaration.forum.name.said_in(language),
        name=declaration.name.said_in(language),
        adopted_on=edition.adopted_on,
        edition=edition.number,
        manifest=edition.manifest_sha256,
        language=language,
        address=f"{whole}#p{number.replace(' ', '-')}" if number else whole,
        paragraph=number,
        words=quoted_paragraph(service.text(edition), number, language) if number else "",
    )
    numbers = [(each, printed(each, work.language)) for each in leaf.numbers]
    return CitationForm(numbers, number, citations(source))


@lru_cache(maxsize=256)
def _drawing(address: str) -> str:
    """An address as a QR code for print."""
    return qr_code(address, scale=4)


def _leaf(
    service: EditionService, work: Work, edition: Edition, languages: tuple[Language, ...]
) -> tuple[CachedText, bool]:
    """The text as the page shows it, and whether it has the published fingerprint; only then is it kept at hand."""
    known = published_cache(work.site.store)
    kept = known.leaf(edition.id, languages)
    if kept is not None:
        return kept, True
    text = service.text(edition)
    numbers, contents = tuple(text.numbers.values()), text_parts.contents(text, languages[0])
    opening = _opening(text, languages[0])
    leaf = CachedText(*printed_text(text, languages), text.fingerprint, numbers, contents, opening)
    is_good = is_intact(service, edition, text)
    if is_good:
        known.keep_leaf(leaf, edition.id, languages)
    return leaf, is_good


def _opening(text: EditionText, language: Language) -> str:
    cells = (row.cells[language] for row in text.rows if row.kind in KINDS_WITH_CAUSES)
    return first_words(next((cell.printed for cell in cells if isinstance(cell, EditionWording)), ""), _MOST_OF_OPENING)


def _linked(page: EditionPage, origin: str) -> Markup:
    """What a search engine is told; safe inside a page."""
    edition = LinkedEdition(
        name=page.name,
        url=page.address,
        in_language=page.texts,
        version=str(page.number),
        legislation_date=page.adopted_on,
        date_published=page.published_at,
        publisher={"@type": "Organization", "name": page.issuer},
        encoding=[
            LinkedFile(origin + file.href, media_type(file.name), file.sha256, file.label)
            for file in page.files
            if file.is_near
        ],
    )
    written = msgspec.json.encode(edition).decode()
    return Markup(written.replace("<", "\\u003c"))  # noqa: S704  (nothing can end the script)


_NAMED = "file paragraph language entry key count edition manifest words declaration forum member"
_PLACES = {name: f"{{{name}}}" for name in _NAMED.split()}
_UNREADABLE = ("not_an_archive", "too_large", "too_many_members", "twice", "not_plain", "encrypted")
_IN_BROWSER: Mapping[str, str] = {
    "reading": N_("Reading the bundle …"),
    "unreadable": N_("This is not a readable bundle.zip of an edition."),
    "bad_key": N_("One line is not a key: copy it again."),
    "bad_checkpoint": N_("This is not a checkpoint: copy it again."),
    "insecure": N_("This page checks bundles only over https://."),
    "no_signatures": N_("This browser cannot check signatures: use another, or the commands below."),
    "not_provable": N_("Nothing was altered. To prove it, give a key or a checkpoint from elsewhere."),
}


class VerifyPage(Page, frozen=True, kw_only=True):
    name: str  # of the file
    keys: Sequence[str]
    words: Mapping[str, str]  # sentences for the script, with {places}
    languages: Mapping[str, str]


class VerifyPages(Controller):
    """One page, for anyone; what is put into it stays in the browser."""

    path = "/verify"

    @get("/", name="verify", policy="public")
    def verify(self, work: Work) -> Response[str]:
        """Drop a bundle here; the browser checks it, and nothing is sent."""
        with work.reading() as db:
            known = [
                f"revoked {key.public.line}" if key.end is KeyEnd.REVOKED else key.public.line for key in known_keys(db)
            ]
        context = VerifyPage(
            name=BUNDLE,
            keys=known,
            words=_words(work.messages),
            languages={language: work.messages.language_name(language) for language in ("es", "en", "fr")},
        )
        return page(work, "editions/verify.html", context, is_public=True)


def _words(messages: Messages) -> Mapping[str, str]:
    own = {name: messages.gettext(message) for name, message in _IN_BROWSER.items()}
    tables = (verdicts.SENTENCES, verdicts.TROUBLES, verdicts.VOUCHERS)
    words = {str(word): messages.gettext(message, **_PLACES) for table in tables for word, message in table.items()}
    said = {word: messages.gettext(verdicts.VERDICTS[code]) for code, word in verdicts.WORDS.items()}
    rest = {
        "unprovable": messages.gettext(verdicts.UNPROVABLE),
        "unsigned": messages.gettext(verdicts.UNSIGNED),
        "unproved": messages.gettext(verdicts.UNPROVED),
        "quoted": messages.gettext(verdicts.QUOTED, **_PLACES),
        "checked": messages.gettext(verdicts.CHECKED, **_PLACES),
        "corrects": messages.gettext(verdicts.CORRECTS, **_PLACES),
    }
    refused = {reason: sentence(BadBundle(reason, _PLACES["member"]), messages) for reason in _UNREADABLE}
    return {**said, **words, **rest, **own, **refused}
