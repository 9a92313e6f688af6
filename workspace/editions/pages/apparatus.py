"""The page of what is annexed: texts of their own in three languages, and what the forum has made."""

from collections.abc import Mapping, Sequence
from typing import Annotated, TypedDict
from uuid import UUID

from litestar import Controller
from msgspec import Struct
from msgspec.structs import asdict

from drafts.formats.apparatus import AnnexKind, Position
from drafts.text.blocks import Language
from drafts.text.markup import plain
from workspace.core.actor import Actor
from workspace.core.errors import Invalid
from workspace.core.storage.db import Db, Trilingual
from workspace.core.validation import chosen_word, sent_id
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration
from workspace.declarations.frame import Frame, frame
from workspace.editions.domain import policy
from workspace.editions.domain.annexes import WRITTEN, AnnexFields, AnnexService
from workspace.editions.domain.models import AnnexRecord
from workspace.web.http.request_context import FormBody, Loads, PathId, Slug, Work
from workspace.web.i18n.marking import N_
from workspace.web.pages import Done, Page, PagePlace, field_errors, shows, takes

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


class ApparatusContext(TypedDict):
    """What every one of the pages says (`ApparatusPage`)."""

    place: PagePlace
    name: str
    reading: str
    tabs: list[tuple[str, str, bool]]
    may_prepare: bool
    sent: Mapping[str, str]
    errors: Mapping[str, str]


def apparatus_frame(db: Db, forum: Slug, declaration: Slug, *, work: Work) -> Frame:
    """What one of the pages is about, for whoever may see what stands around the text."""
    return frame(db, forum, declaration, work=work, may=policy.may_see_apparatus)


ApparatusFrame = Annotated[Frame, Loads(apparatus_frame)]


def apparatus_context(
    work: Work, found: Frame, here: str, sent: Mapping[str, str], refusal: Invalid | None
) -> ApparatusContext:
    """What the page `here` has in common with the others; `sent` is what its forms are filled with."""
    at = {"forum": found.forum.slug, "declaration": found.declaration.slug}
    return ApparatusContext(
        place=found.place,
        name=found.declaration.name.said_in(work.language),
        reading=work.url_for("reading", **at),
        tabs=apparatus_tabs(work, **at, here=here),
        may_prepare=policy.may_prepare_apparatus(work.actor, found.declaration),
        sent=sent,
        errors=field_errors(work, refusal),
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
            theme_id=sent_id(self.theme_id) if self.theme_id else None,
            other_theme_id=sent_id(self.other_theme_id) if self.other_theme_id else None,
        )


def _sets(db: Db, found: Frame, work: Work) -> list[tuple[str, str]]:
    return [(str(theme.id), theme.name.said_in(work.language)) for theme in AnnexService(db).sets(found.declaration)]


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


class AnnexPages(Controller):
    """What is printed behind the text."""

    path = "/{forum:str}/{declaration:str}/annexes"

    @shows("editions/annexes.html", name="annexes", policy=SEE_IT)
    def annexes(
        self, db: Db, work: Work, found: ApparatusFrame, form: AnnexForm | None = None, refusal: Invalid | None = None
    ) -> AnnexesPage:
        """The annexes in their order."""
        service, say = AnnexService(db), work.messages.gettext
        lacking: dict[UUID, list[Language]] = {}
        for annex_text in service.unfinished(found.declaration):
            lacking.setdefault(annex_text.annex_id, []).append(annex_text.language)
        return AnnexesPage(
            **apparatus_context(work, found, "annexes", asdict(form or AnnexForm()), refusal),
            lines=[
                AnnexLine(
                    id=annex.id,
                    title=annex.title.said_in(work.language),
                    kind=say(KINDS[AnnexKind(annex.kind)]),
                    version=annex.version,
                    lacking=lacking.get(annex.id, []),
                    is_first=place == 0,
                )
                for place, annex in enumerate(service.listed(found.declaration))
            ],
            kinds=[(kind.value, say(words)) for kind, words in KINDS.items()],
            sets=_sets(db, found, work),
        )

    @takes(again=annexes, name="add_annex", policy="edition.prepare")
    def add_annex(self, db: Db, work: Work, actor: Actor, found: ApparatusFrame, data: FormBody[AnnexForm]) -> Done:
        """Add an annex; what is written oneself goes on to its form."""
        made = AnnexService(db).add(found.declaration, data.fields(), actor=actor)
        said = work.messages.gettext("Annex added.")
        return Done("annex", said, at={"annex_id": made.id}) if made.kind in WRITTEN else Done("annexes", said)

    @shows("editions/annex.html", "/{annex_id:uuid}", name="annex", policy=SEE_IT)
    def annex(
        self,
        *,
        db: Db,
        work: Work,
        found: ApparatusFrame,
        annex_id: PathId,
        form: AnnexForm | None = None,
        refusal: Invalid | None = None,
    ) -> AnnexPage:
        """One annex, to read or to change."""
        annex = AnnexService(db).get(found.declaration, annex_id)
        sent = _filled(annex) | (asdict(form) if form else {})
        return AnnexPage(
            **apparatus_context(work, found, "annexes", sent, refusal),
            id=annex.id,
            title=annex.title.said_in(work.language),
            kind=work.messages.gettext(KINDS[AnnexKind(annex.kind)]),
            is_written=annex.kind in WRITTEN,
            is_set=annex.kind is AnnexKind.RECOMMENDATIONS,
            sets=_sets(db, found, work),
            back=work.url_from_here("annexes"),
        )

    @takes("/{annex_id:uuid}", again=annex, name="change_annex", policy="edition.prepare")
    def change_annex(
        self, db: Db, work: Work, found: ApparatusFrame, annex_id: PathId, data: FormBody[AnnexForm]
    ) -> Done:
        """Put other words in its place."""
        service = AnnexService(db)
        kind = AnnexKind(service.get(found.declaration, annex_id).kind)
        service.change(found.declaration, annex_id, data.fields(kind), actor=work.actor)
        return Done("annexes", work.messages.gettext("Annex saved."))

    @takes("/{annex_id:uuid}/up", again=annexes, name="move_annex_up", policy="edition.prepare")
    def move_up(self, db: Db, work: Work, actor: Actor, found: ApparatusFrame, annex_id: PathId) -> Done:
        """Let it change places with the one before it."""
        AnnexService(db).move_up(found.declaration, annex_id, actor=actor)
        return Done("annexes", work.messages.gettext("Annexes reordered."))

    @takes("/{annex_id:uuid}/removal", again=annexes, name="remove_annex", policy="edition.prepare")
    def remove_annex(self, db: Db, work: Work, actor: Actor, found: ApparatusFrame, annex_id: PathId) -> Done:
        """Take an annex away."""
        AnnexService(db).remove(found.declaration, annex_id, actor=actor)
        return Done("annexes", work.messages.gettext("Annex removed."))
