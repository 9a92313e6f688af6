"""Readiness, preview, publication by two people, and the published editions with their files."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import segno
from litestar import Controller, HttpMethod, Response, get, post, route
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect
from markupsafe import Markup

from drafts.blocks import Language
from drafts.errors import UnknownBlock
from drafts.formats.bundle import BUNDLE
from workspace.core import clock
from workspace.core.db import Db
from workspace.core.errors import Invalid, NotFound, NotReady, Stale
from workspace.core.permissions import Phase
from workspace.declarations.frame import Frame, frame
from workspace.declarations.models import Declaration
from workspace.editions import policy
from workspace.editions.book import PREVIEWS, FileLine, file_lines, is_intact, label, printed
from workspace.editions.bundling import bundle_of
from workspace.editions.readiness import Signatures, Stop, signatures, stops
from workspace.editions.sealing import seals
from workspace.editions.service import EditionService, media_type
from workspace.people.service import PeopleService
from workspace.translations.overview import Ways, text_map
from workspace.translations.pages import FOLD_FROM
from workspace.translations.policy import may_follow
from workspace.translations.strips import Strip
from workspace.web.errors import STATUS
from workspace.web.i18n import N_
from workspace.web.pages import Page, page, redirect
from workspace.web.route_policies import FOLLOW_THE_WORK
from workspace.web.services import Work

# An edition's web page carries its style and fonts inside; it runs nothing and loads nothing.
BOOK_POLICY = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; font-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
SHOWN_IN_BROWSER = frozenset({"text/html", "application/pdf", "text/plain"})
ZIP = "application/zip"
FOR_EVER = "public, max-age=31536000, immutable"
Refusal = NotReady | Stale | Invalid | UnknownBlock


@dataclass(frozen=True, slots=True)
class Asked:
    """A request for publication that waits for a second person."""

    name: str
    at: datetime
    is_mine: bool


@dataclass(frozen=True, slots=True)
class Rights:
    preview: bool
    request: bool
    publish: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadinessPage(Page):
    name: str
    reading: str
    translation: str
    history: str
    is_adoption: bool
    stops: Sequence[Stop]
    signatures: Signatures | None
    contested: int  # paragraphs that stand in brackets
    strips: Sequence[Strip]
    is_folded: bool
    asked: Asked | None
    rights: Rights
    previews: Sequence[tuple[str, str]]
    edition: str  # address of the latest edition, if there is one
    revision: str
    adopted_on: str
    errors: Mapping[str, str]
    refused: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionPage(Page):
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
    address: str  # whole, as somebody types it from paper
    drawing: str  # the same as a QR code for print
    files: Sequence[FileLine]


@dataclass(frozen=True, slots=True)
class PublicationForm:
    """The second person's confirmation: the day of adoption, and the revision they looked at."""

    adopted_on: str = ""
    revision: str = ""


class EditionPages(Controller):
    """From the last blocker to the published files."""

    path = "/{forum:str}/{declaration:str}"

    @get("/readiness", name="readiness", sync_to_thread=True, policy=FOLLOW_THE_WORK)
    def readiness(self, work: NamedDependency[Work], forum: FromPath[str], declaration: FromPath[str]) -> Response[str]:
        """What stops publication; when nothing does, the way to publish."""
        return _readiness(Ways(work, forum, declaration))

    @post("/readiness", name="request_publication", sync_to_thread=True, policy="edition.publish")
    def request(
        self, work: NamedDependency[Work], forum: FromPath[str], declaration: FromPath[str]
    ) -> Response[str] | Redirect:
        """Ask for publication as the first of two people."""
        actor, ways = work.actor, Ways(work, forum, declaration)
        try:
            with work.writing() as db:
                EditionService(db).request(_frame(db, ways).declaration, actor=actor)
        except (NotReady, UnknownBlock) as refusal:
            return _readiness(ways, refusal=refusal)
        said = work.messages.gettext("You have asked for publication. A second person has to confirm it.")
        return redirect(work, work.url_for("readiness", forum=forum, declaration=declaration), said=said)

    @post("/readiness/publication", name="publish", sync_to_thread=True, policy="edition.publish")
    def publish(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        data: URLEncodedBody[PublicationForm],
    ) -> Response[str] | Redirect:
        """Confirm as the second person: make the files, freeze the text, close the declaration."""
        actor, ways, adopted_on = work.actor, Ways(work, forum, declaration), _day(data.adopted_on)
        if adopted_on is None:
            return _readiness(ways, form=data, refusal=Invalid(field="adopted_on", reason="not_a_day"))
        try:
            with work.reading() as db:
                found = _frame(db, ways).declaration
                _ensure_seen(found, data.revision)
                prepared = EditionService(db).prepare(found, adopted_on=adopted_on, actor=actor)
                declaration_id = found.id
            with work.writing() as db:
                number = EditionService(db).publish(declaration_id, prepared, actor=actor).number
        except (NotReady, Stale, Invalid, UnknownBlock) as refusal:
            return _readiness(ways, form=data, refusal=refusal)
        said = work.messages.gettext("Edition %(number)s is published. Its text can no longer change.", number=number)
        to = work.url_for("edition", forum=forum, declaration=declaration, number=number)
        return redirect(work, to, said=said)

    @get("/preview/{file:str}", name="preview", sync_to_thread=True, policy="edition.preview")
    def preview(
        self, work: NamedDependency[Work], forum: FromPath[str], declaration: FromPath[str], file: FromPath[str]
    ) -> Response[bytes]:
        """A file of the edition to be, made from what is in force now; nothing is kept."""
        with work.reading() as db:
            found = _frame(db, Ways(work, forum, declaration))
            adopted_on = _day(work.request.query_params.get("on", "")) or _expected_day(found)
            prepared = EditionService(db).prepare(found.declaration, adopted_on=adopted_on, actor=work.actor)
        if file not in prepared.files:
            raise NotFound(what="edition_file", id=file)
        return _file(file, media_type(file), prepared.files[file], {"Cache-Control": "no-store"})

    @get("/editions/{number:int}", name="edition", sync_to_thread=True, policy="edition.read_verify")
    def edition(
        self, work: NamedDependency[Work], forum: FromPath[str], declaration: FromPath[str], number: FromPath[int]
    ) -> Response[str]:
        """A published edition: its text in one language, its files, and what it can be verified by."""
        with work.reading() as db:
            found = frame(db, forum, declaration, work=work, may=policy.may_read_editions)
            context = _edition(db, work, found, number)
        return page(work, "editions/edition.html", context, is_public=True)

    @route(
        "/editions/{number:int}/{file:str}",
        name="edition_file",
        http_method=[HttpMethod.GET, HttpMethod.HEAD],
        sync_to_thread=True,
        policy="edition.read_verify",
    )
    def edition_file(
        self,
        *,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        number: FromPath[int],
        file: FromPath[str],
    ) -> Response[bytes]:
        """One file, byte for byte. It never changes, so that a cache may keep it for ever."""
        with work.reading() as db:
            found = frame(db, forum, declaration, work=work, may=policy.may_read_editions)
            service = EditionService(db)
            edition = service.edition(found.declaration, number, actor=work.actor)
            if file == BUNDLE:
                return _bundle(work, bundle_of(db, edition))
            kept = service.file(edition, file)
            headers = {"Cache-Control": FOR_EVER, "ETag": f'"{kept.sha256}"'}
            if _is_known(work.request.headers.get("If-None-Match", ""), kept.sha256):
                return Response(b"", status_code=304, media_type=kept.media_type, headers=headers)
            return _file(kept.name, kept.media_type, kept.content, headers)


def _frame(db: Db, ways: Ways) -> Frame:
    return frame(db, ways.forum, ways.declaration, work=ways.work, may=may_follow)


def _ensure_seen(declaration: Declaration, revision: str) -> None:
    """The second person confirms the text they looked at, which may not be the last one that was asked for."""
    if str(declaration.head_id) != revision:
        raise Stale(expected=revision, head=str(declaration.head_id))


def _file(name: str, media: str, content: bytes, headers: Mapping[str, str]) -> Response[bytes]:
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
    digest = hashlib.sha256(content).hexdigest()
    headers = {"Cache-Control": "public, no-cache", "ETag": f'"{digest}"'}
    if _is_known(work.request.headers.get("If-None-Match", ""), digest):
        return Response(b"", status_code=304, media_type=ZIP, headers=headers)
    return _file(BUNDLE, ZIP, content, headers)


def _is_known(header: str, sha256: str) -> bool:
    tags = {tag.strip().removeprefix("W/").strip('"') for tag in header.split(",")}
    return bool(tags & {sha256, "*"})


def _readiness(ways: Ways, *, form: PublicationForm | None = None, refusal: Refusal | None = None) -> Response[str]:
    work = ways.work
    with work.reading() as db:
        context = _readiness_page(db, ways, form, refusal)
    status = 200
    if refusal is not None:
        status = next(STATUS[kind] for kind in type(refusal).__mro__ if kind in STATUS)
    return page(work, "editions/readiness.html", context, status=status)


def _readiness_page(db: Db, ways: Ways, form: PublicationForm | None, refusal: Refusal | None) -> ReadinessPage:
    found, work, service = _frame(db, ways), ways.work, EditionService(db)
    declaration = found.declaration
    standings = service.translations.standings(declaration)
    stopping = stops(ways, standings, service.dangling(declaration), service.contradictions(declaration))
    asked = _asked(db, work, found)
    is_out = declaration.phase in {Phase.PUBLISHED, Phase.ARCHIVED}
    unsigned = None if is_out else signatures(ways, service.unsigned(declaration))
    contested = 0 if is_out else len(service.contested(declaration))
    may_publish = policy.may_publish(work.actor, declaration) and not (stopping or unsigned or contested)
    at = {"forum": ways.forum, "declaration": ways.declaration}
    day = form.adopted_on if form else _expected_day(found).isoformat()
    return ReadinessPage(
        place=found.place,
        here="readiness",
        name=declaration.name.said_in(work.language),
        reading=ways.reading(),
        translation=ways.overview(),
        history=work.url_for("history", **at),
        is_adoption=declaration.phase is Phase.ADOPTION,
        stops=() if is_out else stopping,
        signatures=unsigned,
        contested=contested,
        strips=text_map(ways, standings),
        is_folded=len(standings) >= FOLD_FROM,
        asked=asked,
        rights=Rights(
            preview=policy.may_preview(work.actor, declaration) and not stopping and not contested,
            request=may_publish and asked is None,
            publish=may_publish and asked is not None and not asked.is_mine,
        ),
        previews=[(label(name, work.messages), work.url_for("preview", **at, file=name)) for name in PREVIEWS],
        edition=_latest(db, work, found),
        revision=str(declaration.head_id),
        adopted_on=day,
        errors=_errors(work, refusal),
        refused=_refused(work, refusal),
    )


def _asked(db: Db, work: Work, found: Frame) -> Asked | None:
    request = EditionService(db).pending(found.declaration)
    if request is None:
        return None
    name = PeopleService(db).actor(request.requested_by_id).name
    asked_at = request.requested_at.astimezone(ZoneInfo(found.forum.timezone))
    return Asked(name, asked_at, is_mine=request.requested_by_id == work.actor.person_id)


def _latest(db: Db, work: Work, found: Frame) -> str:
    editions = EditionService(db).editions(found.declaration)
    if not editions or not policy.may_read_editions(work.actor, found.declaration):
        return ""
    place = found.place
    return work.url_for("edition", forum=place.forum, declaration=place.declaration, number=editions[0].number)


def _errors(work: Work, refusal: Refusal | None) -> Mapping[str, str]:
    if isinstance(refusal, Invalid) and refusal.facts.get("field") == "adopted_on":
        return {"adopted_on": work.messages.gettext("Write the day as year-month-day, for example 2027-06-12.")}
    return {}


def _refused(work: Work, refusal: Refusal | None) -> str:
    say = work.messages.gettext
    if isinstance(refusal, Stale):
        return say(
            N_("Nothing was published: the text has changed since it was asked for. Look at it again, and ask again.")
        )
    if isinstance(refusal, Invalid) and refusal.facts.get("reason") == "second_person":
        return say(N_("Nothing was published: a second person has to confirm what you asked for."))
    if isinstance(refusal, NotReady | UnknownBlock):
        return say(N_("Nothing was published: the points below have to be settled first."))
    return ""


def _edition(db: Db, work: Work, found: Frame, number: int) -> EditionPage:
    service, place = EditionService(db), found.place
    edition = service.edition(found.declaration, number, actor=work.actor)
    text, languages = service.text(edition), work.texts()
    newest = service.editions(found.declaration)[0].number
    title, body = printed(text, languages)

    def address(number: int, **query: str) -> str:
        return work.url_for("edition", forum=place.forum, declaration=place.declaration, number=number, **query)

    whole = str(work.request.base_url).rstrip("/") + address(number)
    return EditionPage(
        place=place,
        here="",
        address=whole,
        drawing=segno.make(whole, error="m", micro=False).svg_data_uri(scale=4, border=4, light="#fff", dark="#000"),
        name=found.declaration.name.said_in(work.language),
        number=number,
        latest=address(newest) if newest != number else "",
        texts=languages,
        choices=[
            (address(number, text=",".join(wanted)), wanted, tuple(wanted) == languages)
            for wanted in ((Language.ES,), (Language.EN,), (Language.FR,), tuple(Language))
        ],
        title_page=title,
        body=body,
        issuer=place.forum_name,
        adopted_on=edition.adopted_on,
        published_at=edition.published_at.astimezone(ZoneInfo(found.forum.timezone)),
        fingerprint=text.fingerprint,
        manifest_sha256=edition.manifest_sha256,
        is_intact=is_intact(service, edition, text),
        is_signed=edition.id in seals(db, found.declaration.id),
        bundle=work.url_for(
            "edition_file", forum=place.forum, declaration=place.declaration, number=number, file=BUNDLE
        ),
        verify=work.url_for("verify"),
        files=file_lines(work, place.forum, place.declaration, number, service.files(edition)),
    )


def _expected_day(found: Frame) -> date:
    """The day a form proposes: the last of the forum, when it adopts, or today."""
    return found.forum.ends_on or clock.now().date()


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None
