"""The page of what is annexed: texts of their own in three languages, and what the forum has made."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Protocol, TypedDict
from uuid import UUID

from litestar import Controller, Response
from msgspec import Struct
from msgspec.structs import asdict

from drafts.formats.apparatus import AnnexKind, Position
from drafts.text.blocks import Language
from drafts.text.markup import plain
from workspace.core.actor import Actor
from workspace.core.errors import Invalid
from workspace.core.storage.db import Db, Trilingual
from workspace.core.validation import chosen_word
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration
from workspace.declarations.frame import Frame, frame
from workspace.editions.domain import policy
from workspace.editions.domain.annexes import WRITTEN, AnnexFields, AnnexService
from workspace.editions.domain.models import AnnexRecord
from workspace.translations.views.overview import TranslationLinks, Ways
from workspace.web.http.request_context import FromPath, URLEncodedBody, Work
from workspace.web.http.routing import get, post
from workspace.web.i18n.marking import N_
from workspace.web.pages import Page, PageOrRedirect, PagePlace, field_errors, page, redirect

POSITIONS: Mapping[Position, str] = {
    Position.RESERVATION: N_("Reservation"),
    Position.EXPLANATION: N_("Explanation of position"),
    Position.DISSOCIATION: N_("Dissociation"),
}
KINDS: Mapping[AnnexKind, str] = {
    AnnexKind.TEXT: N_("A text of your own"),
    AnnexKind.CONDUCT: N_("Code of conduct"),
    AnnexKind.RECOMMENDATIONS: N_("Recommendation set"),
    AnnexKind.PROJECTS: N_("Collaboration projects"),
    AnnexKind.PARTICIPANTS: N_("Participating organisations"),
}
SEE_IT = ("head.read", "edition.read_verify")
_EXCERPT = 60


class ApparatusPage(Page, frozen=True, kw_only=True):
    """What each of the three pages has. `tabs` are the pages: address, words, whether it is this one."""

    name: str
    reading: str
    tabs: Sequence[tuple[str, str, bool]]
    may_prepare: bool
    sent: Mapping[str, str]
    errors: Mapping[str, str]


class LanguageText(Struct, frozen=True):
    """The same in one language, and in which."""

    language: Language
    words: str


def apparatus_tabs(work: Work, forum: str, declaration: str, here: str) -> list[tuple[str, str, bool]]:
    """The three pages about what stands around the text."""
    say, at = work.messages.gettext, {"forum": forum, "declaration": declaration}
    pages = (
        ("signatories", say(N_("Signatories"))),
        ("reservations", say(N_("Reservations"))),
        ("annexes", say(N_("Annexes"))),
    )
    return [(work.url_for(name, **at), words, name == here) for name, words in pages]


def language_texts(words: Trilingual) -> list[LanguageText]:
    return [LanguageText(language, words.to_dict()[language]) for language in Language]


def trilingual(es: str, en: str, fr: str) -> Trilingual:
    return Trilingual(es=es, en=en, fr=fr)


def paragraph_choices(db: Db, declaration: Declaration, work: Work) -> list[tuple[str, str]]:
    """Every paragraph that can be named: its id, and its number or how it begins, in the reader's language."""
    rows = queries.head_rows(db, declaration)
    numbered = queries.numbers_of(rows)
    found = []
    for row in rows:
        words = " ".join(plain(row.content(work.language) or row.original().text).split())
        excerpt = words if len(words) <= _EXCERPT else f"{words[:_EXCERPT].rstrip()}…"
        number = numbered.get(row.id, "")
        found.append((row.id, f"{number}. {excerpt}" if number else excerpt))
    return found


def form_id(written: str) -> UUID:
    """An id as a form sends it; one that cannot be read is nobody's."""
    try:
        return UUID(written)
    except ValueError:
        return UUID(int=0)


class FormResult(Struct, frozen=True):
    """What was done, as a sentence for the reader in their language; `href` leads elsewhere than to the list."""

    said: str
    href: str = ""


FormAction = Callable[[Db, Frame, Actor], FormResult]


class ApparatusContext(TypedDict):
    """What every one of the pages says (`AroundPage`)."""

    place: PagePlace
    name: str
    reading: str
    tabs: list[tuple[str, str, bool]]
    may_prepare: bool
    sent: Mapping[str, str]
    errors: Mapping[str, str]


class ShownAgain(Protocol):
    """Shows a page with its forms filled in as they were `sent`, and says why that was refused."""

    def __call__(
        self, ways: TranslationLinks, *, sent: Mapping[str, str] | None = None, refusal: Invalid | None = None
    ) -> Response[str]: ...


def handle_form(
    ways: TranslationLinks, to: str, act: FormAction, show: ShownAgain, *, sent: Mapping[str, str] | None = None
) -> PageOrRedirect:
    """Do it in one unit of work and go to the page `to`; where it is refused, show the page as it was `sent`."""
    actor = ways.work.actor
    try:
        with ways.work.writing() as db:
            done = act(db, frame(db, ways.forum, ways.declaration, work=ways.work, may=policy.may_see_apparatus), actor)
    except Invalid as refusal:
        return show(ways, sent=sent, refusal=refusal)
    list_of = ways.work.url_for(to, forum=ways.forum, declaration=ways.declaration)
    return redirect(ways.work, done.href or list_of, said=done.said)


def show_apparatus_page(
    ways: TranslationLinks, template: str, made: Callable[[Db, Frame], ApparatusPage], refusal: Invalid | None = None
) -> Response[str]:
    """Show one of the pages, as it was left where something in it was refused."""
    with ways.work.reading() as db:
        context = made(db, frame(db, ways.forum, ways.declaration, work=ways.work, may=policy.may_see_apparatus))
    return page(ways.work, template, context, status=422 if refusal else 200)


def apparatus_context(
    ways: TranslationLinks, found: Frame, here: str, sent: Mapping[str, str], refusal: Invalid | None
) -> ApparatusContext:
    """What the page `here` has in common with the others; `sent` is what its forms are filled with."""
    work = ways.work
    return ApparatusContext(
        place=found.place,
        name=found.declaration.name.said_in(work.language),
        reading=work.url_for("reading", forum=ways.forum, declaration=ways.declaration),
        tabs=apparatus_tabs(work, ways.forum, ways.declaration, here),
        may_prepare=policy.may_prepare_apparatus(work.actor, found.declaration),
        sent=sent,
        errors=field_errors(work, refusal) if refusal else {},
    )


class AnnexLine(Struct, frozen=True):
    """One annex of the list. `lacking` are the languages that are still to be written."""

    id: UUID
    title: str
    kind: str
    version: str
    lacking: Sequence[Language]
    is_first: bool


class AnnexesPage(ApparatusPage, frozen=True, kw_only=True):
    lines: Sequence[AnnexLine]
    kinds: Sequence[tuple[str, str]]
    sets: Sequence[tuple[str, str]]


class AnnexPage(ApparatusPage, frozen=True, kw_only=True):
    """One annex in its form."""

    id: UUID
    title: str
    kind: str
    is_written: bool
    is_set: bool
    sets: Sequence[tuple[str, str]]
    back: str


class AnnexForm(Struct, frozen=True):
    """What is said of an annex."""

    kind: str = AnnexKind.TEXT.value
    title_es: str = ""
    title_en: str = ""
    title_fr: str = ""
    text_es: str = ""
    text_en: str = ""
    text_fr: str = ""
    version: str = ""
    theme_id: str = ""
    other_theme_id: str = ""

    def fields(self, kind: AnnexKind | None = None) -> AnnexFields:
        """What the form says; raises `Invalid` for a kind that nobody knows."""
        return AnnexFields(
            kind=kind or chosen_word(AnnexKind, self.kind, "kind"),
            title=trilingual(self.title_es, self.title_en, self.title_fr),
            text=trilingual(self.text_es, self.text_en, self.text_fr),
            version=self.version,
            theme_id=form_id(self.theme_id) if self.theme_id else None,
            other_theme_id=form_id(self.other_theme_id) if self.other_theme_id else None,
        )


class AnnexPages(Controller):
    """What is printed behind the text."""

    path = "/{forum:str}/{declaration:str}/annexes"

    @get("/", name="annexes", policy=SEE_IT)
    def annexes(self, ways: Ways) -> Response[str]:
        """The annexes in their order."""
        return _list(ways)

    @post("/", name="add_annex", policy="edition.prepare")
    def add_annex(self, ways: Ways, data: URLEncodedBody[AnnexForm]) -> PageOrRedirect:
        """Add an annex; what is written oneself goes on to its form."""

        def act(db: Db, found: Frame, actor: Actor) -> FormResult:
            made = AnnexService(db).add(found.declaration, data.fields(), actor=actor)
            form = ways.work.url_for("annex", forum=ways.forum, declaration=ways.declaration, annex_id=made.id)
            return FormResult(ways.work.messages.gettext("Annex added."), form if made.kind in WRITTEN else "")

        return handle_form(ways, "annexes", act, _list, sent=asdict(data))

    @get("/{annex_id:uuid}", name="annex", policy=SEE_IT)
    def annex(self, ways: Ways, annex_id: FromPath[UUID]) -> Response[str]:
        """One annex, to read or to change."""
        return _annex_page(ways, annex_id=annex_id)

    @post("/{annex_id:uuid}", name="change_annex", policy="edition.prepare")
    def change_annex(self, ways: Ways, annex_id: FromPath[UUID], data: URLEncodedBody[AnnexForm]) -> PageOrRedirect:
        """Put other words in its place."""

        def act(db: Db, found: Frame, actor: Actor) -> FormResult:
            service = AnnexService(db)
            kind = AnnexKind(service.get(found.declaration, annex_id).kind)
            service.change(found.declaration, annex_id, data.fields(kind), actor=actor)
            return FormResult(ways.work.messages.gettext("Annex saved."))

        return handle_form(ways, "annexes", act, partial(_annex_page, annex_id=annex_id), sent=asdict(data))

    @post("/{annex_id:uuid}/up", name="move_annex_up", policy="edition.prepare")
    def move_up(self, ways: Ways, annex_id: FromPath[UUID]) -> PageOrRedirect:
        """Let it change places with the one before it."""

        def act(db: Db, found: Frame, actor: Actor) -> FormResult:
            AnnexService(db).move_up(found.declaration, annex_id, actor=actor)
            return FormResult(ways.work.messages.gettext("Annexes reordered."))

        return handle_form(ways, "annexes", act, _list)

    @post("/{annex_id:uuid}/removal", name="remove_annex", policy="edition.prepare")
    def remove_annex(self, ways: Ways, annex_id: FromPath[UUID]) -> PageOrRedirect:
        """Take an annex away."""

        def act(db: Db, found: Frame, actor: Actor) -> FormResult:
            AnnexService(db).remove(found.declaration, annex_id, actor=actor)
            return FormResult(ways.work.messages.gettext("Annex removed."))

        return handle_form(ways, "annexes", act, _list)


def _list(
    ways: TranslationLinks, *, sent: Mapping[str, str] | None = None, refusal: Invalid | None = None
) -> Response[str]:
    say, language = ways.work.messages.gettext, ways.work.language
    filled = {**asdict(AnnexForm()), **(sent or {})}

    def made(db: Db, found: Frame) -> AnnexesPage:
        service = AnnexService(db)
        lacking: dict[UUID, list[Language]] = {}
        for annex_text in service.unfinished(found.declaration):
            lacking.setdefault(annex_text.annex_id, []).append(annex_text.language)
        return AnnexesPage(
            **apparatus_context(ways, found, "annexes", filled, refusal),
            lines=[
                AnnexLine(
                    id=annex.id,
                    title=annex.title.said_in(language),
                    kind=say(KINDS[AnnexKind(annex.kind)]),
                    version=annex.version,
                    lacking=lacking.get(annex.id, []),
                    is_first=place == 0,
                )
                for place, annex in enumerate(service.listed(found.declaration))
            ],
            kinds=[(kind.value, say(words)) for kind, words in KINDS.items()],
            sets=_sets(db, found, ways.work),
        )

    return show_apparatus_page(ways, "editions/annexes.html", made, refusal)


def _sets(db: Db, found: Frame, work: Work) -> list[tuple[str, str]]:
    return [(str(theme.id), theme.name.said_in(work.language)) for theme in AnnexService(db).sets(found.declaration)]


def _annex_page(
    ways: TranslationLinks, *, annex_id: UUID, sent: Mapping[str, str] | None = None, refusal: Invalid | None = None
) -> Response[str]:
    def made(db: Db, found: Frame) -> AnnexPage:
        annex = AnnexService(db).get(found.declaration, annex_id)
        return AnnexPage(
            **apparatus_context(ways, found, "annexes", {**_filled(annex), **(sent or {})}, refusal),
            id=annex.id,
            title=annex.title.said_in(ways.work.language),
            kind=ways.work.messages.gettext(KINDS[AnnexKind(annex.kind)]),
            is_written=annex.kind in WRITTEN,
            is_set=annex.kind is AnnexKind.RECOMMENDATIONS,
            sets=_sets(db, found, ways.work),
            back=ways.work.url_for("annexes", forum=ways.forum, declaration=ways.declaration),
        )

    return show_apparatus_page(ways, "editions/annex.html", made, refusal)


def _filled(annex: AnnexRecord) -> dict[str, str]:
    def spread(name: str, words: Trilingual) -> dict[str, str]:
        return {f"{name}_{language}": said for language, said in words.to_dict().items()}

    return {
        **spread("title", annex.title),
        **spread("text", annex.text),
        "kind": annex.kind,
        "version": annex.version,
        "theme_id": str(annex.theme_id or ""),
        "other_theme_id": str(annex.other_theme_id or ""),
    }
