"""The page on which three texts are compared and signed."""

from collections.abc import Mapping, Sequence

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect
from msgspec import Struct, field
from msgspec.structs import replace

from drafts.assembly import Authenticity
from drafts.blocks import Language
from workspace.core.db import Db
from workspace.core.errors import Invalid, NotFound, Stale
from workspace.declarations.frame import frame
from workspace.people.models import Forum
from workspace.translations import policy
from workspace.translations.concordance import ConcordanceService
from workspace.translations.overview import Ways
from workspace.translations.signing import Review, Signed, review, seen_in
from workspace.web.errors import STATUS
from workspace.web.i18n import N_
from workspace.web.pages import Page, page, redirect
from workspace.web.params import FromPath, URLEncodedBody
from workspace.web.route_policies import FOLLOW_THE_WORK
from workspace.web.sentences import worded
from workspace.web.services import Work

_REFUSED: Mapping[type[Exception], str] = {
    Stale: N_("Nothing was signed: a text has changed since you compared it. Look at it again."),
    Invalid: N_("Nothing was signed: choose paragraphs in which every language stands and the checks find no error."),
}


class ConcordancePage(Page, frozen=True, kw_only=True):
    name: str
    reading: str
    overview: str
    review: Review
    is_needed: bool
    refused: str


class SignatureForm(Struct, frozen=True):
    """The paragraphs that are signed; those of a whole section come in `every`, and count where `all` is pressed."""

    paragraphs: list[str] | str = field(default_factory=list)
    every: list[str] | str = field(default_factory=list)
    all: str = ""

    def chosen(self) -> Sequence[str]:
        given = self.every if self.all else self.paragraphs
        return [given] if isinstance(given, str) else given


class SignOffForm(Struct, frozen=True):
    language: str = ""
    texts: str = ""


class SigningPages(Controller):
    """Concordance: three columns, signed paragraph by paragraph and language by language."""

    path = "/{forum:str}/{declaration:str}/translation/concordance"

    @get("/", name="concordance", sync_to_thread=True, policy=FOLLOW_THE_WORK)
    def concordance(
        self, work: NamedDependency[Work], forum: FromPath[str], declaration: FromPath[str]
    ) -> Response[str]:
        """The three texts side by side, what the checks say of them, and who has signed."""
        return _page(Ways(work, forum, declaration))

    @post("/", name="sign_concordance", sync_to_thread=True, policy="concordance.sign")
    def sign(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        data: URLEncodedBody[SignatureForm],
    ) -> Response[str] | Redirect:
        """Answer for it that the chosen paragraphs say the same in every language."""
        actor, ways = work.actor, Ways(work, forum, declaration)
        try:
            with work.writing() as db:
                found = frame(db, forum, declaration, work=work, may=policy.may_follow).declaration
                signed = ConcordanceService(db).sign(found.id, seen_in(data.chosen()), actor=actor)
        except (Stale, Invalid) as refusal:
            return _page(ways, refusal)
        said = work.messages.ngettext("One paragraph is signed.", "%(n)s paragraphs are signed.", len(signed))
        return redirect(work, ways.concordance(), said=said)

    @post("/languages", name="sign_off", sync_to_thread=True, policy="concordance.sign")
    def sign_off(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        data: URLEncodedBody[SignOffForm],
    ) -> Response[str] | Redirect:
        """Answer for the whole text in one language."""
        actor, ways = work.actor, Ways(work, forum, declaration)
        if data.language not in set(Language):
            raise NotFound(what="language", id=data.language)
        language = Language(data.language)
        try:
            with work.writing() as db:
                found = frame(db, forum, declaration, work=work, may=policy.may_follow).declaration
                ConcordanceService(db).sign_off(found.id, language, expected=data.texts, actor=actor)
        except (Stale, Invalid) as refusal:
            return _page(ways, refusal)
        said = work.messages.gettext(
            "You answer for the whole text in %(language)s.", language=work.messages.language_name(language)
        )
        return redirect(work, ways.concordance(), said=said)


def _page(ways: Ways, refusal: Stale | Invalid | None = None) -> Response[str]:
    work = ways.work
    with work.reading() as db:
        context = _context(db, ways, refusal)
    return page(work, "translations/concordance.html", context, status=STATUS[type(refusal)] if refusal else 200)


def _context(db: Db, ways: Ways, refusal: Stale | Invalid | None) -> ConcordancePage:
    work = ways.work
    found = frame(db, ways.forum, ways.declaration, work=work, may=policy.may_follow)
    shown = review(ConcordanceService(db), found.declaration, ways, actor=work.actor)
    return ConcordancePage(
        place=found.place,
        here="translation",
        name=found.declaration.name.said_in(work.language),
        reading=ways.reading(),
        overview=ways.overview(),
        review=_at_home(shown, found.forum),
        is_needed=found.declaration.authenticity is Authenticity.EQUAL,
        refused=worded(refusal, work.messages.gettext(_REFUSED[type(refusal)])) if refusal else "",
    )


def _at_home(shown: Review, forum: Forum) -> Review:
    """The same with every moment as the clocks of the forum show it."""

    def here(signed: Signed | None) -> Signed | None:
        return replace(signed, at=forum.local(signed.at)) if signed else None

    return replace(
        shown,
        sections=[
            replace(section, paragraphs=[replace(one, signed=here(one.signed)) for one in section.paragraphs])
            for section in shown.sections
        ],
        answers=[replace(one, signed=here(one.signed)) for one in shown.answers],
    )
