"""The page of what is annexed: texts of their own in three languages, and what the forum has made."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect
from msgspec import Struct
from msgspec.structs import asdict

from drafts.apparatus import AnnexKind
from drafts.blocks import Language
from workspace.core.actor import Actor
from workspace.core.db import Db, Trilingual
from workspace.core.errors import Invalid
from workspace.declarations.frame import Frame
from workspace.editions.annexes import WRITTEN, AnnexFields, AnnexService
from workspace.editions.around_doing import Act, Done, carried_out, shared, shown
from workspace.editions.around_models import AnnexRecord
from workspace.editions.around_views import KINDS, SEE_IT, AroundPage, id_of, three
from workspace.translations.overview import Ways
from workspace.web.params import FromPath, URLEncodedBody
from workspace.web.services import Work


class AnnexLine(Struct, frozen=True):
    """One annex of the list. `lacking` are the languages that are still to be written."""

    id: UUID
    title: str
    kind: str
    version: str
    lacking: Sequence[Language]
    is_first: bool


class AnnexesPage(AroundPage, frozen=True, kw_only=True):
    lines: Sequence[AnnexLine]
    kinds: Sequence[tuple[str, str]]
    sets: Sequence[tuple[str, str]]


class AnnexPage(AroundPage, frozen=True, kw_only=True):
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

    def fields(self, kind: AnnexKind | None = None) -> AnnexFields:
        """What the form says; raises `Invalid` for a kind that nobody knows."""
        return AnnexFields(
            kind=kind or _kind(self.kind),
            title=three(self.title_es, self.title_en, self.title_fr),
            text=three(self.text_es, self.text_en, self.text_fr),
            version=self.version,
            theme_id=id_of(self.theme_id) if self.theme_id else None,
        )


class AnnexPages(Controller):
    """What is printed behind the text."""

    path = "/{forum:str}/{declaration:str}/annexes"

    @get("/", name="annexes", sync_to_thread=True, policy=SEE_IT)
    def annexes(self, work: NamedDependency[Work], forum: FromPath[str], declaration: FromPath[str]) -> Response[str]:
        """The annexes in their order."""
        return _list(Ways(work, forum, declaration))

    @post("/", name="add_annex", sync_to_thread=True, policy="edition.prepare")
    def add_annex(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        data: URLEncodedBody[AnnexForm],
    ) -> Response[str] | Redirect:
        """Add an annex; what is written oneself goes on to its form."""

        def act(db: Db, found: Frame, actor: Actor) -> Done:
            made = AnnexService(db).add(found.declaration, data.fields(), actor=actor)
            form = work.url_for("annex", forum=forum, declaration=declaration, annex_id=made.id)
            return Done(work.messages.gettext("The annex is added."), form if made.kind in WRITTEN else "")

        return _carried_out(Ways(work, forum, declaration), act, sent=asdict(data))

    @get("/{annex_id:uuid}", name="annex", sync_to_thread=True, policy=SEE_IT)
    def annex(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        annex_id: FromPath[UUID],
    ) -> Response[str]:
        """One annex, to read or to change."""
        return _one(Ways(work, forum, declaration), annex_id)

    @post("/{annex_id:uuid}", name="change_annex", sync_to_thread=True, policy="edition.prepare")
    def change_annex(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        annex_id: FromPath[UUID],
        data: URLEncodedBody[AnnexForm],
    ) -> Response[str] | Redirect:
        """Put other words in its place."""
        ways = Ways(work, forum, declaration)

        def act(db: Db, found: Frame, actor: Actor) -> Done:
            service = AnnexService(db)
            kind = AnnexKind(service.get(found.declaration, annex_id).kind)
            service.change(found.declaration, annex_id, data.fields(kind), actor=actor)
            return Done(work.messages.gettext("The annex is kept."))

        def again(refusal: Invalid) -> Response[str]:
            return _one(ways, annex_id, sent=asdict(data), refusal=refusal)

        return carried_out(ways, "annexes", act, again=again)

    @post("/{annex_id:uuid}/up", name="move_annex_up", sync_to_thread=True, policy="edition.prepare")
    def move_up(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        annex_id: FromPath[UUID],
    ) -> Response[str] | Redirect:
        """Let it change places with the one before it."""

        def act(db: Db, found: Frame, actor: Actor) -> Done:
            AnnexService(db).move_up(found.declaration, annex_id, actor=actor)
            return Done(work.messages.gettext("The annexes are in their new order."))

        return _carried_out(Ways(work, forum, declaration), act)

    @post("/{annex_id:uuid}/removal", name="remove_annex", sync_to_thread=True, policy="edition.prepare")
    def remove_annex(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        annex_id: FromPath[UUID],
    ) -> Response[str] | Redirect:
        """Take an annex away."""

        def act(db: Db, found: Frame, actor: Actor) -> Done:
            AnnexService(db).remove(found.declaration, annex_id, actor=actor)
            return Done(work.messages.gettext("The annex is taken away."))

        return _carried_out(Ways(work, forum, declaration), act)


def _kind(word: str) -> AnnexKind:
    try:
        return AnnexKind(word)
    except ValueError as error:
        raise Invalid(field="kind", reason="unknown_word", given=word[:40]) from error


def _carried_out(ways: Ways, act: Act, *, sent: Mapping[str, str] | None = None) -> Response[str] | Redirect:
    return carried_out(ways, "annexes", act, again=lambda refusal: _list(ways, sent=sent, refusal=refusal))


def _list(ways: Ways, *, sent: Mapping[str, str] | None = None, refusal: Invalid | None = None) -> Response[str]:
    say, language = ways.work.messages.gettext, ways.work.language
    filled = {**asdict(AnnexForm()), **(sent or {})}

    def made(db: Db, found: Frame) -> AnnexesPage:
        service = AnnexService(db)
        lacking: dict[UUID, list[Language]] = {}
        for annex_text in service.unfinished(found.declaration):
            lacking.setdefault(annex_text.annex_id, []).append(annex_text.language)
        return AnnexesPage(
            **shared(ways, found, "annexes", filled, refusal),
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

    return shown(ways, "editions/annexes.html", made, refusal)


def _sets(db: Db, found: Frame, work: Work) -> list[tuple[str, str]]:
    return [(str(one.id), one.name.said_in(work.language)) for one in AnnexService(db).sets(found.declaration)]


def _one(
    ways: Ways, annex_id: UUID, *, sent: Mapping[str, str] | None = None, refusal: Invalid | None = None
) -> Response[str]:
    def made(db: Db, found: Frame) -> AnnexPage:
        annex = AnnexService(db).get(found.declaration, annex_id)
        return AnnexPage(
            **shared(ways, found, "annexes", {**_filled(annex), **(sent or {})}, refusal),
            id=annex.id,
            title=annex.title.said_in(ways.work.language),
            kind=ways.work.messages.gettext(KINDS[AnnexKind(annex.kind)]),
            is_written=annex.kind in WRITTEN,
            is_set=annex.kind is AnnexKind.RECOMMENDATIONS,
            sets=_sets(db, found, ways.work),
            back=ways.work.url_for("annexes", forum=ways.forum, declaration=ways.declaration),
        )

    return shown(ways, "editions/annex.html", made, refusal)


def _filled(annex: AnnexRecord) -> dict[str, str]:
    def spread(name: str, words: Trilingual) -> dict[str, str]:
        return {f"{name}_{language}": said for language, said in words.to_dict().items()}

    return {
        **spread("title", annex.title),
        **spread("text", annex.text),
        "kind": annex.kind,
        "version": annex.version,
        "theme_id": str(annex.theme_id or ""),
    }
