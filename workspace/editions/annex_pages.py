"""The page of what is annexed: texts of their own in three languages, and what the forum has made."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect

from drafts.apparatus import AnnexKind
from drafts.blocks import Language
from workspace.core.db import Db, Trilingual
from workspace.core.errors import Invalid
from workspace.declarations.frame import Frame, frame
from workspace.editions import around_policy as policy
from workspace.editions.annexes import WRITTEN, AnnexFields, AnnexService
from workspace.editions.around_models import AnnexRecord
from workspace.editions.around_views import KINDS, SEE_IT, AroundPage, id_of, tabs, three
from workspace.web.pages import field_errors, page, redirect
from workspace.web.services import Work


@dataclass(frozen=True, slots=True)
class AnnexLine:
    """One annex of the list. `lacking` are the languages that are still to be written."""

    id: UUID
    title: str
    kind: str
    version: str
    lacking: Sequence[Language]
    is_first: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnexesPage(AroundPage):
    lines: Sequence[AnnexLine]
    kinds: Sequence[tuple[str, str]]
    sets: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnexPage(AroundPage):
    """One annex in its form."""

    id: UUID
    title: str
    kind: str
    is_written: bool
    is_set: bool
    sets: Sequence[tuple[str, str]]
    back: str


@dataclass(frozen=True, slots=True)
class AnnexForm:
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
        return _list(work, forum, declaration)

    @post("/", name="add_annex", sync_to_thread=True, policy="edition.prepare")
    def add_annex(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        data: URLEncodedBody[AnnexForm],
    ) -> Response[str] | Redirect:
        """Add an annex; what is written oneself goes on to its form."""
        actor = work.actor
        try:
            with work.writing() as db:
                found = frame(db, forum, declaration, work=work, may=policy.may_see).declaration
                made = AnnexService(db).add(found, data.fields(), actor=actor)
                annex_id, is_written = made.id, made.kind in WRITTEN
        except Invalid as refusal:
            return _list(work, forum, declaration, sent=asdict(data), refusal=refusal)
        said = work.messages.gettext("The annex is added.")
        at = {"forum": forum, "declaration": declaration}
        to = work.url_for("annex", **at, annex_id=annex_id) if is_written else work.url_for("annexes", **at)
        return redirect(work, to, said=said)

    @get("/{annex_id:uuid}", name="annex", sync_to_thread=True, policy=SEE_IT)
    def annex(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        annex_id: FromPath[UUID],
    ) -> Response[str]:
        """One annex, to read or to change."""
        return _one(work, forum, declaration, annex_id)

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
        actor = work.actor
        try:
            with work.writing() as db:
                found = frame(db, forum, declaration, work=work, may=policy.may_see).declaration
                service = AnnexService(db)
                kind = AnnexKind(service.get(found, annex_id).kind)
                service.change(found, annex_id, data.fields(kind), actor=actor)
        except Invalid as refusal:
            return _one(work, forum, declaration, annex_id, sent=asdict(data), refusal=refusal)
        return _back(work, forum, declaration, work.messages.gettext("The annex is kept."))

    @post("/{annex_id:uuid}/up", name="move_annex_up", sync_to_thread=True, policy="edition.prepare")
    def move_up(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        annex_id: FromPath[UUID],
    ) -> Response[str] | Redirect:
        """Let it change places with the one before it."""
        actor = work.actor
        try:
            with work.writing() as db:
                found = frame(db, forum, declaration, work=work, may=policy.may_see).declaration
                AnnexService(db).move_up(found, annex_id, actor=actor)
        except Invalid as refusal:
            return _list(work, forum, declaration, refusal=refusal)
        return _back(work, forum, declaration, work.messages.gettext("The annexes are in their new order."))

    @post("/{annex_id:uuid}/removal", name="remove_annex", sync_to_thread=True, policy="edition.prepare")
    def remove_annex(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        annex_id: FromPath[UUID],
    ) -> Response[str] | Redirect:
        """Take an annex away."""
        actor = work.actor
        try:
            with work.writing() as db:
                found = frame(db, forum, declaration, work=work, may=policy.may_see).declaration
                AnnexService(db).remove(found, annex_id, actor=actor)
        except Invalid as refusal:
            return _list(work, forum, declaration, refusal=refusal)
        return _back(work, forum, declaration, work.messages.gettext("The annex is taken away."))


def _kind(word: str) -> AnnexKind:
    try:
        return AnnexKind(word)
    except ValueError as error:
        raise Invalid(field="kind", reason="unknown_word", given=word[:40]) from error


def _back(work: Work, forum: str, declaration: str, said: str) -> Redirect:
    return redirect(work, work.url_for("annexes", forum=forum, declaration=declaration), said=said)


def _list(
    work: Work,
    forum: str,
    declaration: str,
    *,
    sent: Mapping[str, str] | None = None,
    refusal: Invalid | None = None,
) -> Response[str]:
    with work.reading() as db:
        found = frame(db, forum, declaration, work=work, may=policy.may_see)
        service = AnnexService(db)
        lacking: dict[UUID, list[Language]] = {}
        for one in service.unfinished(found.declaration):
            lacking.setdefault(one.annex_id, []).append(one.language)
        context = AnnexesPage(
            place=found.place,
            name=found.declaration.name.said_in(work.language),
            reading=work.url_for("reading", forum=forum, declaration=declaration),
            tabs=tabs(work, forum, declaration, "annexes"),
            may_prepare=policy.may_prepare(work.actor, found.declaration),
            sent={**asdict(AnnexForm()), **(sent or {})},
            errors=field_errors(work, refusal) if refusal else {},
            lines=[
                AnnexLine(
                    id=one.id,
                    title=one.title.said_in(work.language),
                    kind=work.messages.gettext(KINDS[AnnexKind(one.kind)]),
                    version=one.version,
                    lacking=lacking.get(one.id, []),
                    is_first=place == 0,
                )
                for place, one in enumerate(service.listed(found.declaration))
            ],
            kinds=[(one.value, work.messages.gettext(words)) for one, words in KINDS.items()],
            sets=_sets(db, found, work),
        )
    return page(work, "editions/annexes.html", context, status=422 if refusal else 200)


def _sets(db: Db, found: Frame, work: Work) -> list[tuple[str, str]]:
    return [(str(one.id), one.name.said_in(work.language)) for one in AnnexService(db).sets(found.declaration)]


def _one(
    work: Work,
    forum: str,
    declaration: str,
    annex_id: UUID,
    *,
    sent: Mapping[str, str] | None = None,
    refusal: Invalid | None = None,
) -> Response[str]:
    with work.reading() as db:
        found = frame(db, forum, declaration, work=work, may=policy.may_see)
        one = AnnexService(db).get(found.declaration, annex_id)
        context = AnnexPage(
            place=found.place,
            name=found.declaration.name.said_in(work.language),
            reading=work.url_for("reading", forum=forum, declaration=declaration),
            tabs=tabs(work, forum, declaration, "annexes"),
            may_prepare=policy.may_prepare(work.actor, found.declaration),
            sent={**_filled(one), **(sent or {})},
            errors=field_errors(work, refusal) if refusal else {},
            id=one.id,
            title=one.title.said_in(work.language),
            kind=work.messages.gettext(KINDS[AnnexKind(one.kind)]),
            is_written=one.kind in WRITTEN,
            is_set=one.kind is AnnexKind.RECOMMENDATIONS,
            sets=_sets(db, found, work),
            back=work.url_for("annexes", forum=forum, declaration=declaration),
        )
    return page(work, "editions/annex.html", context, status=422 if refusal else 200)


def _filled(one: AnnexRecord) -> dict[str, str]:
    def spread(name: str, words: Trilingual) -> dict[str, str]:
        return {f"{name}_{language}": said for language, said in words.to_dict().items()}

    return {
        **spread("title", one.title),
        **spread("text", one.text),
        "kind": one.kind,
        "version": one.version,
        "theme_id": str(one.theme_id or ""),
    }
