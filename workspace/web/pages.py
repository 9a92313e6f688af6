"""From a page's context to an answer: templates, the frame around every page, where a form leads, QR codes."""

import hashlib
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache, partial, wraps
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, Self, TypeAlias, TypedDict
from urllib.parse import quote, unquote, urlencode

import msgspec
from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket
from jinja2.compiler import CodeGenerator, Frame
from jinja2.ext import Extension
from jinja2.nodes import Expr
from litestar import Response
from litestar.enums import MediaType
from litestar.handlers import HTTPRouteHandler
from litestar.response import Redirect
from markupsafe import Markup, escape
from msgspec import Struct
from msgspec.structs import fields, replace

from drafts.formats.inline_runs import unbroken
from drafts.text.blocks import Language
from workspace.core import clock, instruments
from workspace.core.actor import ERASED_PERSON, Role
from workspace.core.errors import Invalid, WorkspaceError
from workspace.core.storage.db import Trilingual
from workspace.paths import TEMPLATES
from workspace.web.assets import Assets
from workspace.web.http import security, sign_ins
from workspace.web.http import security as form_tokens
from workspace.web.http.addresses import Addresses, in_language, own_path
from workspace.web.http.request_context import Handler, NavItem, Persona, Work, in_unit, knowing_who_asks
from workspace.web.http.routing import LateHandler, get, post
from workspace.web.i18n import messages as i18n
from workspace.web.i18n.marking import N_
from workspace.web.i18n.messages import CLOCKS, Clocks, Messages, reader_zone
from workspace.web.refusals.sentences import RefusalText, sentence
from workspace.web.shown_signs import with_signs_shown

SEE_OTHER: Literal[303] = 303
SHOWN_AGAIN = 422
Theme = Literal["light", "dark", ""]
_ACCOUNT_ROUTES = ("sign_in", "account", "sign_out", "second_step")  # routes that stand above the ground of the pages
_SIGN_IN_PATHS = ("sign-in", "password", "invitations", "register", "email", "set-up")  # no pages to come back to
_CSRF_INPUT = Markup('<input type="hidden" name="{}" value="{}">')
REFUSED = "!"  # instead of an address to undo by
FOR_A_MINUTE = "public, max-age=60"
PLACEHOLDER_NAMES: Mapping[str, str] = {ERASED_PERSON: N_("Erased person")}
THEMES: Mapping[str, Theme] = {"light": "light", "dark": "dark"}
ROLE_NAMES: Mapping[Role, str] = {
    Role.ANON: N_("Visitor"),
    Role.GUEST: N_("Guest"),
    Role.OTHER_ORG: N_("Member of another organisation"),
    Role.OBSERVER: N_("Observer"),
    Role.MEMBER: N_("Member"),
    Role.RAPPORTEUR: N_("Rapporteur"),
    Role.TRANSLATOR: N_("Translator"),
    Role.COMMITTEE: N_("Drafting committee"),
    Role.SECRETARIAT: N_("Secretariat"),
    Role.CHAIR: N_("Chair"),
    Role.AUDITOR: N_("Auditor"),
    Role.ADMIN: N_("Administrator"),
}


class PagePlace(Struct, frozen=True):
    """Where a page stands: the forum whose header it carries, and the declaration that the header's links lead to.

    What the reader may do in each says which of the header's links would open.
    """

    network: str  # name, in the reader's language
    forum: str  # slug
    forum_name: str
    declaration: str = ""  # slug; without one, the links that need a declaration are left out
    may_in_forum: frozenset[str] = frozenset()  # actions of the permission table
    may_in_declaration: frozenset[str] = frozenset()


class Piece(Markup):
    """A comment in the place of a long part of many pages: what deceives in it is marked, and its bytes made, once."""

    content: bytes

    @classmethod
    def of(cls, html: str, messages: Messages) -> Self:
        content = with_signs_shown(html, messages).encode()
        made = cls(f"<!--{hashlib.blake2b(content, digest_size=16).hexdigest()}-->")
        made.content = content
        return made


class Page(Struct, frozen=True, kw_only=True):
    """What every page says about itself. `here` is the route name of the header's link to mark as current."""

    place: PagePlace | None = None
    here: str = ""


class PageNumbers(Struct, frozen=True):
    """Which page of a list is shown, of how many, and the addresses of those around it: "" at an end."""

    number: int
    count: int
    previous: str
    following: str

    @classmethod
    def of(cls, number: int, count: int, address: Callable[[int], str]) -> "PageNumbers":
        return cls(
            number, count, address(number - 1) if number > 1 else "", address(number + 1) if number < count else ""
        )


class NavLink(Struct, frozen=True):
    label: str
    href: str
    is_current: bool = False


class InterfaceLanguageLink(Struct, frozen=True):
    language: Language
    name: str
    href: str
    is_current: bool


class PageFrame(Struct, frozen=True):
    """The frame around every page: header, menus, footer."""

    language: Language
    languages: Sequence[InterfaceLanguageLink]
    origin: str  # of whole addresses
    navigation: Sequence[NavLink]
    more: Sequence[NavLink]  # places needed less often, in a menu of their own
    home: str
    search: str  # of the page of a forum that finds words; empty where there is none
    network: str
    forum_name: str
    who: str
    persona: Persona | None
    personas: Sequence[Persona]
    address: str  # of this page, to come back to
    made_at: datetime  # when this page was made: what happened later is news to it
    clocks: Clocks | None  # whose every moment on the page is told by
    theme: Theme  # the reader's choice; empty for what the system says
    sign_in: str  # address of the page, empty where nobody can sign in, or somebody has
    account: str  # address of the reader's own account, empty for whoever has not signed in
    sign_out: str
    notices: str  # address of the reader's own, empty for nobody in particular
    unread: int
    enrol: str  # address of the page for a second step, where the reader's rights wait for one
    help: str  # address of what the guide tells about this page, empty where there is no guide


PageOrRedirect: TypeAlias = Response[str] | Response[None]  # what a form is answered with
Again: TypeAlias = Callable[..., PageOrRedirect]  # answers a form that was refused


def page(work: Work, template: str, context: Page, *, status: int = 200, is_public: bool = False) -> Response[str]:
    """Answer with a page. Unless `is_public`, no cache keeps it; to mere readers of one that is, no cookie is given.

    Call it after the unit of work has ended: the context holds plain values, and a template asks the database nothing.
    """
    is_shared = is_public and not work.actor.name and not work.signed_in
    response = _rendered(
        work, template, context, who=work.actor.name, status=status, unread=work.unread, keeps_zone=not is_shared
    )
    response.headers["Cache-Control"] = "no-cache" if is_shared else "no-store"
    if is_shared and security.FORM_FIELD not in response.content and "said" not in work.request.cookies:
        response.cookies = []
        response.headers.update({"Cache-Control": FOR_A_MINUTE, "Vary": "Cookie"})
    return response


def shows(template: str, path: str = "/", *, is_public: bool = False, **more: Any) -> Callable[[Handler], LateHandler]:
    """A route that shows a page: its function returns what stands on it, made in a unit of work that only reads.

    The function may also return an answer that is no page: a way elsewhere. Where a form leads to the page again (see
    `takes`), it has two parameters more, with defaults: the `form` as sent, and the `refusal`.
    """

    def shown(function: Handler) -> LateHandler:
        def answering(**how: Any) -> Handler:
            def answer(work: Work, made: Any) -> Any:
                return page(work, template, made, **how) if isinstance(made, Page) else made

            return in_unit(function, Work.reading, answer=answer, returned=Response[str])

        route = get(path, **more)(knowing_who_asks(answering(is_public=is_public)))
        route.again = partial(answering(status=SHOWN_AGAIN), None)
        return route

    return shown


gives = partial(shows, "")  # a route that answers with a file, or with another answer that is no page


class Done(Struct, frozen=True):
    """What came of a form: the named route to go to, and what is said there once.

    `at` is what its address does not share with that of the form; `anchor` a place on that page. Where the form says
    what to go `back` to, a path of our own, that goes before. `undo` is the named route that undoes it, `undo_at` what
    that one does not share.
    """

    route: str
    said: str = ""
    at: Mapping[str, object] = MappingProxyType({})
    anchor: str = ""
    back: str = ""
    undo: str = ""
    undo_at: Mapping[str, object] = MappingProxyType({})


class Shown(Struct, frozen=True):
    """A page instead, which asks something before anything is done."""

    template: str
    context: Page


def takes(
    path: str = "/",
    *,
    again: Again | LateHandler | None = None,
    refusals: tuple[type[Exception], ...] = (Invalid,),
    **more: Any,
) -> Callable[[Handler], HTTPRouteHandler]:
    """A route that a form is sent to: its function does it in a unit of work, and returns what is `Done` or `Shown`.

    Where that is refused, the form is shown `again`: with what the address says, the `form` as sent, and the `refusal`;
    on the page of a route that `shows` one, or as a function answers.
    """
    answer_again = again.again if isinstance(again, LateHandler) else again

    def taken(function: Handler) -> HTTPRouteHandler:
        act = in_unit(function, Work.writing, answer=lambda _, done: done, returned=PageOrRedirect)

        @wraps(act)
        def answered(*given: Any, work: Work, **named: Any) -> PageOrRedirect:
            _ = work.actor  # asked before the unit of work opens
            try:
                done = act(*given, work=work, **named)
            except refusals as refusal:
                if answer_again is None:
                    raise
                form = named.pop("data", None)
                return answer_again(work=work, **named, form=form, refusal=refusal)
            if isinstance(done, Shown):
                return page(work, done.template, done.context)
            to = work.url_from_here(done.route, **done.at) + (f"#{done.anchor}" if done.anchor else "")
            undo = work.url_from_here(done.undo, **done.undo_at) if done.undo else ""
            return redirect(work, done.back or to, said=done.said, undo=undo)

        route: HTTPRouteHandler = post(path, **more)(answered)
        return route

    return taken


def said_at(route: str, *shared: str) -> Again:
    """Why a form was refused, said on the page of a named route, or where the form says to go `back` to.

    What its address needs and that of the form does not say is what the form says in the fields `shared`.
    """

    def again(work: Work, *, form: object = None, refusal: WorkspaceError, **_: Any) -> Redirect:
        to = work.url_from_here(route, **{name: getattr(form, name) for name in shared})
        return redirect(work, getattr(form, "back", "") or to, said=sentence(refusal, work.messages))

    return again


def kept_page(work: Work, template: str, context: Page, piece: Piece) -> PageOrRedirect:
    """A long page, most of it its `piece`, that the browser it is for keeps and asks about each time: 304 if the same.

    What is on it follows from its context and its frame, from the token of its forms, and from the day.
    """
    tag = "" if "said" in work.request.cookies else _tag_of(work, template, context)
    response: Response[Any] = Response(None, status_code=304, media_type=MediaType.HTML)
    if not tag or tag not in work.request.headers.get("if-none-match", ""):
        response = page(work, template, context)
        whole: Any = piece.content.join(part.encode() for part in response.content.split(piece))
        response.content = whole
    if tag:
        response.headers.update({"Cache-Control": "private, no-cache", "ETag": tag, "Vary": "Cookie"})
    return response


def page_of_refusal(work: Work, template: str, context: Page, *, who: str, status: int) -> Response[str]:
    """A page about an error, for `who` if that is known. Asks the database nothing."""
    response = _rendered(work, template, context, who=who, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def redirect(work: Work, to: str, *, said: str = "", undo: str = "") -> Redirect:
    """Answer a form: go to `to` (a path of our own) and show `said` there once, in a line that says what was kept.

    The line carries as `data-result` what happened, in stable names: the log's kinds, or the code of a refusal.
    With `undo`, a path of our own that takes an empty form, it has a button to undo it; with a place on a page (`#…`),
    a link to where that is asked for.
    """
    response = Redirect(own_path_or_home(work, to), status_code=SEE_OTHER)
    if said:
        is_refused = isinstance(said, RefusalText)
        result = said.code if isinstance(said, RefusalText) else " ".join(dict.fromkeys(work.recorded))
        shown = quote(f"{result}\n{REFUSED if is_refused else undo}\n{said[:300]}")
        security.set_preference_cookie(work.request, response, "said", shown, days=1)
    return response


def field_errors(work: Work, *refusals: Invalid | None) -> Mapping[str, str]:
    """What to say beside each field of a form that is shown again: pass it to the macros as `errors`."""
    return {str(refusal.facts.get("field", "")): sentence(refusal, work.messages) for refusal in refusals if refusal}


def own_path_or_home(work: Work, to: str) -> str:
    """`to` when it is a path on this site; otherwise the front page in the reader's language."""
    return own_path(to, otherwise=f"/{work.language}")


def _rendered(
    work: Work,
    template: str,
    context: Page,
    *,
    who: str,
    status: int,
    unread: int | None = None,
    keeps_zone: bool = False,
) -> Response[str]:
    if who and CLOCKS.get() is None:
        work.use_clocks("UTC")
    token = form_tokens.form_token(work.request)
    nonce = security.new_nonce()
    result, undo, said = (*unquote(work.request.cookies.get("said", "")).split("\n", 2), "", "")[:3]
    content = (
        work.site.templates[work.language]
        .get_template(template)
        .render(
            **{field.name: getattr(context, field.name) for field in fields(context)},
            chrome=_page_frame(work, context, who, unread),
            keeps_zone=keeps_zone,
            nonce=nonce,
            csrf_input=_CSRF_INPUT.format(form_tokens.FORM_FIELD, form_tokens.masked(token)),
            said=said,
            said_as=result,
            is_refused=undo == REFUSED,
            undo=own_path(undo, otherwise="") if undo else "",
        )
    )
    shown = with_signs_shown(content, work.messages)
    response = Response(shown, media_type=MediaType.HTML, status_code=status)
    response.headers[security.POLICY] = security.page_policy(nonce)
    if not sign_ins.cookie_token(work.request):
        security.set_preference_cookie(work.request, response, form_tokens.form_cookie(work.request), token)
    if i18n.in_path(work.request.scope["path"]):
        security.set_preference_cookie(work.request, response, "language", work.language)
    if said:
        response.delete_cookie("said", path="/")
    return response


_STARTED = secrets.token_hex(8)  # the same in processes that were forked: other code may write other pages
_ENCODER = msgspec.msgpack.Encoder(
    enc_hook=lambda value: hash(value) if isinstance(value, Markup) else str(value), order="deterministic"
)
_QUARTER = 900  # seconds: some place's day begins at each


def _tag_of(work: Work, template: str, context: Page) -> str:
    frame = _page_frame(work, context, work.actor.name, work.unread)
    since = datetime.fromtimestamp(frame.made_at.timestamp() // _QUARTER * _QUARTER, UTC)
    token = form_tokens.form_token(work.request)
    shown = _ENCODER.encode((_STARTED, template, context, replace(frame, made_at=since), token, instruments.in_force()))
    return f'W/"{hashlib.blake2b(shown, digest_size=16).hexdigest()}"'


def _page_frame(work: Work, context: Page, who: str, unread: int | None) -> PageFrame:
    path, query = work.request.scope["path"], work.request.scope["query_string"].decode("latin-1")
    place = context.place
    navigation, more = _navigation(work, place, context.here) if place else ((), ())
    return PageFrame(
        language=work.language,
        languages=[
            InterfaceLanguageLink(
                language,
                i18n.AUTONYMS[language],
                in_language(path, query, language),
                is_current=language == work.language,
            )
            for language in i18n.LANGUAGES
        ],
        origin=str(work.request.base_url).rstrip("/"),
        navigation=navigation,
        more=more,
        home=f"/{work.language}/{quote(place.forum)}" if place else f"/{work.language}",
        search=work.url_for("search", forum=place.forum) if place and "search" in work.site.addresses.patterns else "",
        network=place.network if place else work.messages.gettext("Declaration Workspace"),
        forum_name=place.forum_name if place else "",
        who=who,
        persona=work.persona,
        personas=work.site.personas or (),
        address=in_language(path, query, work.language),
        made_at=clock.now(),
        clocks=CLOCKS.get(),
        theme=THEMES.get(work.request.cookies.get("theme", ""), ""),
        notices="" if unread is None else work.url_for("notices"),
        unread=unread or 0,
        help=_help(work),
        **_account_links(work, who),
    )


def _help(work: Work) -> str:
    """What the guide tells about this page; its contents, where it tells nothing of it."""
    if work.site.help_topic is None:
        return ""
    slug = work.site.help_topic(work.request.scope.get("path_template", ""))
    return work.url_for("help_topic", slug=slug) if slug else work.url_for("help")


class _AccountLinks(TypedDict):
    sign_in: str
    account: str
    sign_out: str
    enrol: str


def _account_links(work: Work, who: str) -> _AccountLinks:
    """Where to sign in, or what is one's own; `who` is "" where that is not known, and then nothing is asked."""
    signed_in = work.signed_in if who else None
    path: str = work.request.scope["path"]
    doors = {name: work.url_for(name) if name in work.site.addresses.patterns else "" for name in _ACCOUNT_ROUTES}
    is_inside = not path.startswith(tuple(f"/{work.language}/{word}" for word in _SIGN_IN_PATHS))
    back = f"?{urlencode({'to': path})}" if is_inside else ""
    owes = signed_in is not None and signed_in.must_enrol and not path.startswith(doors["second_step"] or path)
    return {
        "sign_in": "" if who or work.site.personas or not doors["sign_in"] else doors["sign_in"] + back,
        "account": doors["account"] if signed_in else "",
        "sign_out": doors["sign_out"] if signed_in else "",
        "enrol": doors["second_step"] if owes else "",
    }


def _navigation(work: Work, place: PagePlace, here: str) -> tuple[Sequence[NavLink], Sequence[NavLink]]:
    """The places of the header that open to the reader, and those under "More": a single one needs no menu."""
    known = {"language": work.language, "forum": place.forum, "declaration": place.declaration}
    gettext = work.messages.gettext
    given = {name for name, value in known.items() if value}
    opened = [
        (
            item,
            NavLink(
                gettext(item.label),
                work.url_for(item.name, **{name: known[name] for name in needed}),
                item.name == here,
            ),
        )
        for item in work.site.navigation
        if (needed := work.site.addresses.parameters(item.name)) <= given and _opens(item, needed, place)
    ]
    aside = [link for item, link in opened if item.is_aside]
    if len(aside) == 1:
        return [link for _, link in opened], ()
    return [link for item, link in opened if not item.is_aside], aside


def _opens(item: NavItem, needed: frozenset[str], place: PagePlace) -> bool:
    may = place.may_in_declaration if "declaration" in needed else place.may_in_forum
    return not item.opened_by or not item.opened_by.isdisjoint(may)


_SPECIAL = re.compile("[&<>'\"]")


def _written(value: object, *, erased: str) -> str:
    """What a template writes, escaped, with the name of an erased person in the reader's language."""
    if type(value) is Markup:
        return value
    if isinstance(value, str) and not (value == ERASED_PERSON or hasattr(value, "__html__") or _SPECIAL.search(value)):
        return value
    return escape(erased if value == ERASED_PERSON else value)


class EscapesOnce(CodeGenerator):
    """Has `finalize` alone escape what a template writes: Jinja's own looks at each of thousands of values thrice."""

    def _output_child_pre(self, _node: Expr, _frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        self.write(finalize.src or "escape(")

    def _output_child_post(self, _node: Expr, _frame: Frame, _finalize: CodeGenerator._FinalizeInfo) -> None:
        self.write(")")


class Environments(dict[Language, Environment]):
    """The templates of each interface language: undefined names are errors, and everything is escaped.

    Each is made when the first page is asked for in its language, so that a server which starts waits for none.
    """

    def __init__(self, assets: Assets, addresses: Addresses) -> None:
        super().__init__()
        self.assets = assets
        self.addresses = addresses

    def __missing__(self, language: Language) -> Environment:
        made = _environment(i18n.messages(language), self.assets, self.addresses)
        return self.setdefault(language, made)


class ScriptNonces(Extension):
    """Every script that a template writes carries the nonce of the answer; one that a text smuggled in does not."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:  # noqa: ARG002  (the signature is Jinja's)
        return source.replace("<script ", '<script nonce="{{ nonce }}" ')


class CompiledTemplates(FileSystemBytecodeCache):
    """Keeps templates as they were compiled, as Python keeps modules: beside them, where that folder may be written.

    To compile those of one page took longer than anything else that the first reader waited for. Other code here may
    compile otherwise, so its hash is in their names.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder), f"%s.{hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:16]}")

    def dump_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            Path(self.directory).mkdir(exist_ok=True)
            super().dump_bytecode(bucket)


_COMPILED = CompiledTemplates(TEMPLATES / "__pycache__")


def _environment(messages: Messages, assets: Assets, addresses: Addresses) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        bytecode_cache=_COMPILED,
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n", ScriptNonces],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
        finalize=partial(_written, erased=messages.gettext(PLACEHOLDER_NAMES[ERASED_PERSON])),
    )
    environment.code_generator_class = EscapesOnce
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_translations(messages.catalogue, newstyle=True)  # type: ignore[attr-defined]
    saying = _saying(messages.catalogue.gettext)
    environment.globals.update(
        _=saying,
        gettext=saying,
        AUTONYMS=i18n.AUTONYMS,
        LANGUAGES=i18n.LANGUAGES,
        language=messages.language,
        static=assets.address,
        utc=UTC,
        url_for=partial(addresses.url_for, language=messages.language),
    )
    environment.filters.update(
        date=messages.date,
        days=messages.days,
        time=messages.time,
        moment=lambda at, zone=None: messages.moment(at, zone or reader_zone()),
        spoken=lambda at, zone=None: messages.spoken(at, zone or reader_zone()),
        deadline=messages.deadline,
        offset=messages.offset,
        number=messages.number,
        percent=messages.percent,
        listed=messages.listed,
        language_name=messages.language_name,
        city=messages.city,
        unbroken=lambda words: type(words)(unbroken(str(words), messages.language)),
        in_language=lambda texts: Trilingual.of(texts).said_in(messages.language),
        role_name=lambda role: messages.gettext(ROLE_NAMES[role]),
    )
    return environment


def _saying(translated: Callable[[str], str]) -> Callable[..., Markup]:
    """`_` of the templates, whose own asks three times for each of the thousand sentences of a page.

    What a forum names in its own way is said anew each time.
    """

    def written(message: str) -> Markup:
        return Markup(translated(message))  # noqa: S704  (catalogues are ours)

    known = lru_cache(4_096)(written)
    bare = lru_cache(4_096)(lambda message: written(message) % ())

    def say(message: str, /, **values: object) -> Markup:
        if instruments.in_force():
            return written(message) % (values or ())
        return known(message) % values if values else bare(message)

    return say


def qr_code(address: str, *, scale: int) -> str:
    """The QR code of `address` (ISO/IEC 18004, error correction M) as a data address of SVG; a module is `scale` wide.

    Black on white in any colour scheme, because a telephone has to read it.
    """
    import segno  # noqa: PLC0415  (ten files that a server needs for its first code, not to start)

    return segno.make(address, error="m", micro=False).svg_data_uri(scale=scale, border=4, light="#fff", dark="#000")
