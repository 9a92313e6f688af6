"""The glossary of a forum or a declaration, by whose guide it writes, and its translation memory."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias
from uuid import UUID

from litestar import Controller, Response
from litestar.datastructures import UploadFile
from msgspec import Struct

from drafts.base.errors import DraftsError
from drafts.checks import Profile
from drafts.formats import tmx
from drafts.formats.glossary_csv import SEPARATOR, GlossaryRow, split
from drafts.formats.tmx import TMX
from drafts.text.blocks import Language, canonical
from workspace.core.actor import Actor
from workspace.core.detection import decode_text
from workspace.core.errors import BadFile, Invalid, NotFound, Stale, WorkspaceError
from workspace.core.shapes import MadeFile, filled
from workspace.core.sheets import CSV
from workspace.core.storage.db import Db
from workspace.core.validation import known_id
from workspace.declarations.frame import frame, header
from workspace.people.frame import InForum, forum_frame
from workspace.terms import policy
from workspace.terms.glossary import GlossaryService
from workspace.terms.models import HouseStyle, TermRecord
from workspace.terms.policy import Scope
from workspace.terms.translation_memory import MemoryService
from workspace.translations.domain.policy import may_follow, scope_of
from workspace.web.http.files import attachment
from workspace.web.http.request_context import FormBody, MultipartBody, PathId, Slug, Work
from workspace.web.i18n.marking import N_
from workspace.web.pages import Done, Page, PagePlace, gives, shows, takes
from workspace.web.refusals.sentences import sentence, worded

Refusal: TypeAlias = WorkspaceError | DraftsError
_EDIT = "glossary.edit"
_LARGEST_TABLE = 5_000_000
_REFUSED: Mapping[type[Exception], str] = {
    Stale: N_("Not saved: somebody else has changed it. Here is theirs."),
    Invalid: N_("A term needs two languages, or a name that stays as it is."),
}
PROFILES: Mapping[Profile, str] = {
    Profile.NATIONAL: N_("National: Spain, United Kingdom, France"),
    Profile.UN: N_("United Nations"),
    Profile.EU: N_("European Union"),
}


class TermRow(Struct, frozen=True):
    """A term as the form shows it: wordings of one language in one line, with " / " between them."""

    id: UUID
    version: UUID
    wordings: Mapping[Language, str]
    forbidden: Mapping[Language, str]
    domain: str
    note: str
    is_kept: bool


class GlossaryPage(Page, frozen=True, kw_only=True):
    """`of` is the slug of the declaration that the glossary belongs to, "" for the forum's own."""

    name: str
    of: str
    terms: Sequence[TermRow]
    profile: Profile
    style_version: str
    profiles: Sequence[tuple[Profile, str]]
    memory: int
    wanted: str
    refused: str


class TermForm(Struct, frozen=True):
    of: str = ""
    version: str = ""
    remove: str = ""
    es: str = ""
    en: str = ""
    fr: str = ""
    forbidden_es: str = ""
    forbidden_en: str = ""
    forbidden_fr: str = ""
    domain: str = ""
    note: str = ""
    keep: str = ""

    def entry(self) -> GlossaryRow:
        own = {language: split(str(getattr(self, language.value))) for language in Language}
        ruled = {language: split(str(getattr(self, f"forbidden_{language}"))) for language in Language}
        return GlossaryRow(
            wordings={language: words for language, words in own.items() if words},
            forbidden={language: words for language, words in ruled.items() if words},
            domain=canonical(self.domain),
            note=canonical(self.note),
            is_kept=bool(self.keep),
        )


class StyleForm(Struct, frozen=True):
    of: str = ""
    profile: str = ""
    version: str = ""


class GlossaryFileForm(Struct, frozen=True):
    file: UploadFile
    of: str = ""


Uploaded = MultipartBody[GlossaryFileForm]


class GlossaryPages(Controller):
    """Agreeing on wording. `?of=` names a declaration; without it the forum's own glossary is meant."""

    path = "/{forum:str}"

    @shows("terms/glossary.html", "/glossary", name="glossary", policy=_EDIT)
    def glossary(
        self,
        db: Db,
        work: Work,
        forum: Slug,
        form: TermForm | StyleForm | GlossaryFileForm | None = None,
        refusal: Refusal | None = None,
    ) -> GlossaryPage:
        """The terms, the style and the memory."""
        of = form.of if form else work.request.query_params.get("of", "")
        scope, place = _scope(db, work, forum, of)
        service = GlossaryService(db)
        style: HouseStyle | None = service.style(scope)
        wanted = work.request.query_params.get("words", "").casefold()
        rows = [_row(term) for term in service.terms(scope, actor=work.actor)]
        return GlossaryPage(
            place=place,
            here="translation",
            name=scope.forum.name.said_in(work.language),
            of=of,
            terms=[
                row for row in rows if any(wanted in words.casefold() for words in (*row.wordings.values(), row.domain))
            ],
            profile=style.profile if style else service.rules(scope).house.profile,
            style_version=str(style.version_id) if style else "",
            profiles=[(profile, work.messages.gettext(words)) for profile, words in PROFILES.items()],
            memory=MemoryService(db).size(scope.forum.id),
            wanted=wanted,
            refused=_refused(work, refusal),
        )

    @takes("/glossary/terms", again=glossary, name="agree_on_term", policy=_EDIT)
    def agree(self, db: Db, work: Work, actor: Actor, forum: Slug, data: FormBody[TermForm]) -> Done:
        """Agree on a term."""
        GlossaryService(db).add(_scope(db, work, forum, data.of)[0], data.entry(), actor=actor)
        return _back(work, data.of, N_("Term saved."))

    @takes(
        "/glossary/terms/{term_id:uuid}", again=glossary, refusals=(Invalid, Stale), name="change_term", policy=_EDIT
    )
    def change(self, db: Db, work: Work, forum: Slug, term_id: PathId, data: FormBody[TermForm]) -> Done:
        """Change a term, or remove it."""
        scope, service, expected = (
            _scope(db, work, forum, data.of)[0],
            GlossaryService(db),
            known_id(data.version, "term"),
        )
        if data.remove:
            service.remove(scope, term_id, expected=expected, actor=work.actor)
            return _back(work, data.of, N_("Term removed."))
        service.change(scope, term_id, data.entry(), expected=expected, actor=work.actor)
        return _back(work, data.of, N_("Term changed."))

    @takes("/glossary/style", again=glossary, refusals=(Stale,), name="choose_style", policy=_EDIT)
    def style(self, db: Db, work: Work, actor: Actor, forum: Slug, data: FormBody[StyleForm]) -> Done:
        """Choose by whose guide to write."""
        if data.profile not in set(Profile):
            raise NotFound(what="profile", id=data.profile)
        scope, expected = _scope(db, work, forum, data.of)[0], known_id(data.version, "term") if data.version else None
        GlossaryService(db).choose_style(scope, Profile(data.profile), expected=expected, actor=actor)
        return _back(work, data.of, N_("Style guide changed."))

    @gives("/glossary/table", name="glossary_table", policy=_EDIT)
    def table(self, db: Db, work: Work, forum: Slug) -> Response[bytes]:
        """The glossary as CSV."""
        of = work.request.query_params.get("of", "")
        content = GlossaryService(db).as_table(_scope(db, work, forum, of)[0], actor=work.actor)
        return attachment(MadeFile(f"glossary-{of or forum}.csv", f"\ufeff{content}".encode(), CSV))

    @takes(
        "/glossary/table",
        again=glossary,
        refusals=(BadFile, Invalid, DraftsError),
        name="take_glossary_in",
        policy=_EDIT,
        request_max_body_size=_LARGEST_TABLE + 100_000,
    )
    def take_table(self, db: Db, work: Work, actor: Actor, forum: Slug, data: Uploaded) -> Done:
        """Take a table of terms in."""
        scope, content = _scope(db, work, forum, data.of)[0], data.file.file.read()
        taken = GlossaryService(db).take_in(scope, decode_text(content, source=data.file.filename), actor=actor)
        said = N_("Imported: %(added)s new, %(changed)s changed, %(same)s known.")
        numbers = {name: work.messages.number(getattr(taken, name)) for name in ("added", "changed", "same")}
        return _back(work, data.of, said, **numbers)

    @gives("/memory", name="memory_file", policy=_EDIT)
    def memory(self, db: Db, work: Work, forum: InForum) -> Response[bytes]:
        """The whole memory as TMX."""
        content = MemoryService(db).as_tmx(forum, source=work.language, actor=work.actor)
        return attachment(MadeFile(f"memory-{forum.slug}.tmx", content, TMX))

    @takes(
        "/memory",
        again=glossary,
        refusals=(BadFile, DraftsError),
        name="take_memory_in",
        policy=_EDIT,
        request_max_body_size=tmx.LARGEST + 100_000,
    )
    def take_memory(self, db: Db, work: Work, actor: Actor, forum: InForum, data: Uploaded) -> Done:
        """Take the memory of another tool in."""
        content = data.file.file.read(tmx.LARGEST + 1)
        taken = MemoryService(db).take_in(forum, content, name=data.file.filename, actor=actor)
        said = N_("Imported: %(added)s new segments, %(known)s known.")
        return _back(
            work, "", said, **{name: work.messages.number(getattr(taken, name)) for name in ("added", "known")}
        )


def _scope(db: Db, work: Work, forum: str, of: str) -> tuple[Scope, PagePlace]:
    """What the page is about, and its place; raises `NotFound` for whoever may not work on it."""
    if of:
        found = frame(db, forum, of, work=work, may=may_follow)
        scope, place = scope_of(found.declaration), found.place
    else:
        known = forum_frame(db, forum, work=work)
        scope, place = Scope(known.forum), header(db, known, work=work)
    policy.ensure_may_edit(work.actor, scope)
    return scope, place


def _refused(work: Work, refusal: Refusal | None) -> str:
    if isinstance(refusal, DraftsError | BadFile):
        return sentence(refusal, work.messages)
    return worded(refusal, work.messages.gettext(_REFUSED[type(refusal)])) if refusal else ""


def _row(term: TermRecord) -> TermRow:
    return filled(
        TermRow,
        term,
        version=term.version_id,
        wordings={language: SEPARATOR.join(term.wordings(language)) for language in Language},
        forbidden={language: SEPARATOR.join(term.forbidden.get(language.value, ())) for language in Language},
    )


def _back(work: Work, of: str, said: str, **numbers: str) -> Done:
    return Done("glossary", work.messages.gettext(said, **numbers), at={"of": of or None})
