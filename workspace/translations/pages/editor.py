"""The translators' pages: how the three languages stand, and one text at a time."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from litestar import Controller, Response
from litestar.di import NamedDependency, Provide
from litestar.response import Redirect
from msgspec import Struct, field
from msgspec.structs import replace

from drafts.text.blocks import Language
from workspace.amendments.change_form.context import keeping_words
from workspace.amendments.domain.policy import may_edit
from workspace.amendments.pages.change_form import KeptOut
from workspace.core.errors import Invalid, NotFound, Stale
from workspace.core.storage.db import Db
from workspace.core.validation import known_id
from workspace.declarations.frame import Frame, heading, is_closed
from workspace.declarations.labels import PHASE_MEANINGS, Spot, spots
from workspace.translations.domain import policy
from workspace.translations.domain.checks import TextCheckService
from workspace.translations.domain.drafts import DraftContent, TranslationDraftService, content_of
from workspace.translations.domain.models import TranslationDraft
from workspace.translations.domain.queries import BlockStanding
from workspace.translations.domain.service import EditorialClaims, EditorialService, TranslationService
from workspace.translations.domain.suggestions import SuggestionService
from workspace.translations.domain.work import TaskService
from workspace.translations.views.editor import (
    EditorModel,
    EditorModelBuilder,
    EditorSidebar,
    FindingView,
    SaveConflict,
    editor_sidebar,
    finding_views,
)
from workspace.translations.views.overview import (
    LanguageProgress,
    Queue,
    Strip,
    TranslationLinks,
    TranslatorLinks,
    Ways,
    count_of,
    language_named,
    progress,
    queues,
    text_map,
    translator_links,
)
from workspace.web.error_responses import STATUS
from workspace.web.http.guards import FOLLOW_THE_WORK
from workspace.web.http.request_context import FormBody, FromPath, FromQuery, PathId, Work
from workspace.web.http.routing import post
from workspace.web.i18n.marking import N_
from workspace.web.pages import Done, Page, PageOrRedirect, field_errors, page, redirect, shows, takes


class Actions(Struct, frozen=True):
    """Where the forms of the bench lead; empty where the reader may not or need not."""

    save: str
    confirm: str
    leave_out: str
    check: str
    waive: str
    edit: str  # the original
    draft: str
    closed: str  # why nobody writes in this phase


class TranslationForm(Struct, frozen=True):
    """What a translator sends: the words, the version they are meant to replace, and the texts they were made from."""

    words: str = ""
    mended: str = ""  # by a check, to be put in the place of the words
    expected: str = ""
    stay: str = ""  # after saving, rather than go to the next one
    keep: str = ""  # as a draft, and save nothing
    draft: str = ""
    version: str = ""
    whole: str = ""  # written in the whole text, to which it leads back
    from_es: str = ""
    from_en: str = ""
    from_fr: str = ""
    version_es: str = ""
    version_en: str = ""
    version_fr: str = ""

    def sources(self) -> tuple[Language, ...]:
        return tuple(language for language in Language if getattr(self, f"from_{language}"))

    def shown(self) -> Mapping[Language, UUID]:
        given = {language: str(getattr(self, f"version_{language}")) for language in Language}
        return {language: known_id(value, "text") for language, value in given.items() if value}

    def replaces(self) -> UUID | None:
        return known_id(self.expected, "text") if self.expected else None

    @classmethod
    def of(cls, draft: TranslationDraft) -> "TranslationForm":
        """What its author left in the editor."""
        content = content_of(draft)
        return cls(
            words=content.words,
            expected=str(content.expected or ""),
            draft=str(draft.id),
            version=str(draft.version),
            **{f"from_{language}": "yes" for language in content.sources},
        )


class AbsenceForm(Struct, frozen=True):
    reason: str = ""


class WaiverForm(Struct, frozen=True):
    check: str = ""
    reason: str = ""


class RefusedDraft(Struct, frozen=True):
    """A form to show again: what was written, and why it was refused."""

    form: TranslationForm = field(default_factory=TranslationForm)
    is_late: bool = False
    errors: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""
    reason_for: str = ""
    is_checked: bool = False


FOLD_FROM = 60  # paragraphs from which the map folds away what is settled


class TranslationPage(Page, frozen=True, kw_only=True):
    name: str
    reading: str
    unfinished: int
    paragraphs: int
    queues: Sequence[Queue]
    strips: Sequence[Strip]
    is_folded: bool
    may_translate: bool
    progress: Mapping[Language, LanguageProgress]
    desks: TranslatorLinks


class TranslatePage(Page, frozen=True, kw_only=True):
    name: str
    overview: str
    paragraph: str
    spot: Spot
    text_language: Language
    bench: EditorModel
    clash: SaveConflict | None
    queue: Queue
    actions: Actions
    errors: Mapping[str, str]
    reason: str
    findings: Sequence[FindingView]
    reason_for: str
    is_checked: bool
    side: EditorSidebar
    editorial: EditorialClaims
    draft: TranslationForm
    drafts: Mapping[str, datetime]
    draft_owner: str
    keeping: str
    previous: str
    following: str


class _At(Struct, frozen=True):
    """Which text a page is about."""

    ways: TranslationLinks
    block_id: UUID
    language: Language

    @property
    def work(self) -> Work:
        return self.ways.work

    def frame(self, db: Db) -> Frame:
        return self.ways.frame(db)


def _at(ways: Ways, block_id: PathId, text: FromPath[str]) -> _At:
    return _At(ways, block_id, language_named(text))


_AT = {"at": Provide(_at, sync_to_thread=False)}


class TranslationPages(Controller):
    """How the languages stand, and the translator's bench."""

    path = "/{forum:str}/{declaration:str}/translation"
    dependencies = _AT

    @shows("translations/overview.html", "/", name="translation", policy=FOLLOW_THE_WORK)
    def translation(self, db: Db, ways: Ways) -> TranslationPage:
        """Every paragraph in every language, and what waits in each."""
        work, found = ways.work, ways.frame(db)
        standings = TranslationService(db).standings(found.declaration)
        named = _named(ways, standings)
        whole = work.request.query_params.get("all", "")
        return TranslationPage(
            **heading(found, "translation", work=work),
            reading=ways.reading(),
            unfinished=count_of(standings),
            paragraphs=len(standings),
            queues=queues(db, found.declaration, ways, standings, named=named, whole=whole),
            strips=text_map(ways, standings, list(named.values())),
            is_folded=len(standings) >= FOLD_FROM,
            may_translate=policy.may_translate(work.actor, found.declaration),
            progress=progress(db, found.declaration, standings, named, ways),
            desks=translator_links(found.declaration, ways),
        )

    @shows("translations/translate.html", "/{block_id:uuid}/{text:str}", name="translate", policy=FOLLOW_THE_WORK)
    def translate(self, db: Db, at: NamedDependency[_At], draft: FromQuery[UUID | None] = None) -> TranslatePage:
        """One text beside its sources, with what changed since it was translated; one's own draft in the editor."""
        return _page(db, at, chosen=draft)

    @post("/{block_id:uuid}/{text:str}", name="save_translation", policy="translation.write")
    def save(self, at: NamedDependency[_At], data: FormBody[TranslationForm]) -> PageOrRedirect:
        """Put the translation in force, unless somebody else has saved meanwhile."""
        work, actor = at.work, at.work.actor
        if data.keep:
            with work.writing() as db:
                kept = _kept(db, at, data).id
            said = work.messages.gettext("Draft saved.")
            return redirect(work, f"{at.ways.translate(at.block_id, at.language)}?draft={kept}", said=said)
        try:
            with work.writing() as db:
                declaration_ = at.frame(db).declaration
                saved = TranslationService(db).save(
                    declaration_.id,
                    at.block_id,
                    at.language,
                    data.words,
                    sources=data.sources(),
                    shown=data.shown(),
                    expected=data.replaces(),
                    actor=actor,
                )
                SuggestionService(db).used(declaration_, saved, actor=actor)
                TaskService(db).release(declaration_.id, at.block_id, at.language, actor=actor)
                _discarded(db, at, data)
        except (Stale, Invalid) as refusal:
            return _again(at, _refused(work, data, refusal), refusal)
        if data.whole:
            return _back(at)
        if data.stay:
            said = work.messages.gettext("Saved.")
            return redirect(work, at.ways.translate(at.block_id, at.language), said=said)
        return _onward(at)

    @post(
        "/{block_id:uuid}/{text:str}/draft", name="keep_translation_draft", status_code=200, policy="translation.write"
    )
    def keep_draft(self, at: NamedDependency[_At], data: FormBody[TranslationForm]) -> Response[KeptOut]:
        """Keep what is in the editor for its author alone; for the script of the page."""
        work = at.work
        with work.writing() as db:
            draft = _kept(db, at, data)
            local = at.frame(db).forum.local(draft.kept_at)
            kept = KeptOut.of(draft, local, work.messages, is_other=data.draft not in {"", str(draft.id)})
        return Response(kept, headers={"Cache-Control": "no-store"})

    @takes("/{block_id:uuid}/{text:str}/draft/discard", name="discard_translation_draft", policy="translation.write")
    def discard_draft(self, db: Db, work: Work, at: NamedDependency[_At], data: FormBody[TranslationForm]) -> Done:
        """Throw one's own draft away; the text in force is in the editor again."""
        _discarded(db, at, data)
        return Done("translate", work.messages.gettext("Draft deleted."))

    @post("/{block_id:uuid}/{text:str}/confirmation", name="confirm_translation", policy="translation.write")
    def confirm(self, at: NamedDependency[_At], data: FormBody[TranslationForm]) -> PageOrRedirect:
        """Say that the text in force is still valid beside the original that was shown."""
        work, actor = at.work, at.work.actor
        try:
            with work.writing() as db:
                which = at.frame(db).declaration.id, at.block_id, at.language
                TranslationService(db).confirm(*which, expected=data.replaces(), shown=data.shown(), actor=actor)
                TaskService(db).release(*which, actor=actor)
        except (Stale, Invalid) as refusal:
            return _again(at, _refused(work, data, refusal), refusal)
        return _back(at) if data.whole else _onward(at)

    @post("/{block_id:uuid}/{text:str}/absence", name="leave_out_translation", policy="amendment.decide_adopt_undo")
    def leave_out(self, at: NamedDependency[_At], data: FormBody[AbsenceForm]) -> PageOrRedirect:
        """Decide that the paragraph has no text in this language."""
        work, actor = at.work, at.work.actor
        try:
            with work.writing() as db:
                TranslationService(db).leave_out(
                    at.frame(db).declaration.id, at.block_id, at.language, reason=data.reason, actor=actor
                )
        except Invalid as refusal:
            draft = RefusedDraft(errors=field_errors(work, refusal), reason=data.reason)
            return _again(at, draft, refusal)
        said = work.messages.gettext("Decided: no text in this language.")
        return redirect(work, at.ways.overview(), said=said)

    @post("/{block_id:uuid}/{text:str}/check", name="check_translation", status_code=200, policy="translation.write")
    def check(self, at: NamedDependency[_At], data: FormBody[TranslationForm]) -> Response[str]:
        """Say what the checks find in the words as they stand in the editor; nothing is kept."""
        work = at.work
        with work.reading() as db:
            policy.ensure_may_translate(work.actor, at.frame(db).declaration, at.language)
            checked = RefusedDraft(replace(data, words=data.mended or data.words), is_checked=True)
            context = _page(db, at, refused=checked)
        return page(work, "translations/translate.html", context)

    @post("/{block_id:uuid}/{text:str}/waiver", name="waive_check", policy="check.waive")
    def waive(self, at: NamedDependency[_At], data: FormBody[WaiverForm]) -> PageOrRedirect:
        """Let a finding in the text in force stand, for a reason."""
        work, actor = at.work, at.work.actor
        try:
            with work.writing() as db:
                TextCheckService(db).waive(
                    at.frame(db).declaration.id, at.block_id, at.language, data.check, reason=data.reason, actor=actor
                )
        except Invalid as refusal:
            return _again(at, RefusedDraft(errors=field_errors(work, refusal), reason_for=data.check), refusal)
        said = work.messages.gettext("Finding accepted, with its reason.")
        return redirect(work, at.ways.translate(at.block_id, at.language), said=said)


def _kept(db: Db, at: _At, form: TranslationForm) -> TranslationDraft:
    content = DraftContent(
        block_id=at.block_id, language=at.language, words=form.words, expected=form.replaces(), sources=form.sources()
    )
    return TranslationDraftService(db).kept(
        at.frame(db).declaration,
        content,
        draft_id=known_id(form.draft, "draft") if form.draft else None,
        version=known_id(form.version, "text") if form.version else None,
        actor=at.work.actor,
    )


def _discarded(db: Db, at: _At, form: TranslationForm) -> None:
    """The draft of the form is no longer needed."""
    drafts, actor = TranslationDraftService(db), at.work.actor
    for draft in drafts.about(at.frame(db).declaration, at.block_id, at.language, actor=actor):
        if str(draft.id) == form.draft:
            drafts.discard(draft.id, actor=actor)


def _resumed(drafts: Sequence[TranslationDraft], chosen: UUID | None) -> RefusedDraft | None:
    """The editor as its author left it: the draft that is asked for, or the one kept last."""
    draft = next((draft for draft in drafts if chosen in {None, draft.id}), None)
    return RefusedDraft(TranslationForm.of(draft), is_late=True, is_checked=True) if draft else None


def _refused(work: Work, form: TranslationForm, refusal: Stale | Invalid) -> RefusedDraft:
    if isinstance(refusal, Stale):
        return RefusedDraft(form, is_late=True)
    errors = {"words" if name == "text" else name: said for name, said in field_errors(work, refusal).items()}
    return RefusedDraft(form, errors=errors)


def _again(at: _At, draft: RefusedDraft, refusal: Stale | Invalid) -> Response[str]:
    with at.work.reading() as db:
        context = _page(db, at, refused=draft)
    return page(at.work, "translations/translate.html", context, status=STATUS[type(refusal)])


def _page(db: Db, at: _At, *, refused: RefusedDraft | None = None, chosen: UUID | None = None) -> TranslatePage:
    """The page with what was refused in the editor, or else one's own draft: `chosen`, or the one kept last."""
    found, work, translations = at.frame(db), at.work, TranslationService(db)
    drafts = TranslationDraftService(db).about(found.declaration, at.block_id, at.language, actor=work.actor)
    draft = refused or _resumed(drafts, chosen)
    standings = translations.standings(found.declaration)
    bencher = EditorModelBuilder(translations, found.declaration, at.block_id, at.language)
    if at.language is bencher.row.original_language:
        raise NotFound(what="translation", id=at.language.value)
    bench = bencher.bench(work.messages, chosen=draft.form.sources() if draft else ())
    clash = bencher.clash(draft.form.words, draft.form.replaces()) if draft and draft.is_late else None
    if clash:
        clash = replace(clash, at=found.forum.local(clash.at))
    if draft and draft.form.words:
        bench = replace(bench, text=draft.form.words)
    named = _named(at.ways, standings)
    [queue] = queues(db, found.declaration, at.ways, standings, named=named, into=at.language)
    return TranslatePage(
        **heading(found, "translation", work=work),
        overview=at.ways.overview(),
        paragraph=at.ways.paragraph(at.block_id),
        spot=named[at.block_id],
        text_language=at.language,
        bench=bench,
        clash=clash,
        queue=queue,
        actions=_actions(at, found, bench),
        errors=draft.errors if draft else {},
        reason=draft.reason if draft else "",
        findings=_findings(db, at, found, bencher, bench),
        reason_for=draft.reason_for if draft else "",
        is_checked=bool(draft and draft.is_checked),
        editorial=_editorial(db, at, found, bencher, bench),
        draft=draft.form if draft else TranslationForm(),
        drafts={str(own.id): found.forum.local(own.kept_at) for own in drafts},
        draft_owner=str(work.actor.person_id or ""),
        keeping=msgspec.json.encode(keeping_words(work)).decode(),
        side=editor_sidebar(db, found.declaration, bencher.row, at.language, at.ways),
        previous=_beside(at, standings, queue, -1),
        following=_beside(at, standings, queue, 1),
    )


def _named(ways: TranslationLinks, standings: Sequence[BlockStanding]) -> Mapping[UUID, Spot]:
    return {spot.block_id: spot for spot in spots([standing.row for standing in standings], ways.work.messages)}


def _beside(at: _At, standings: Sequence[BlockStanding], queue: Queue, step: int) -> str:
    """What waits before or after this text, from one that waits for nothing the first that does; "" at the ends.

    Where nothing waits it is the neighbour in the text.
    """
    queued = [text.spot.block_id for text in queue.to_write]
    if at.block_id not in queued and queued and step > 0:
        return at.ways.translate(queued[0], at.language)
    every = [standing.row.block_id for standing in standings if standing.row.original_language is not at.language]
    ids = queued if at.block_id in queued else every
    place = ids.index(at.block_id) + step
    return at.ways.translate(ids[place], at.language) if 0 <= place < len(ids) else ""


def _findings(db: Db, at: _At, found: Frame, bencher: EditorModelBuilder, bench: EditorModel) -> list[FindingView]:
    """What the checks find in the words on the bench: those in force, or those that are being written."""
    if not bench.text:
        return []
    remarks = TextCheckService(db).of_text(found.declaration, bencher.row, at.language, bench.text)
    return finding_views(remarks, bencher.row, at.ways)


def _editorial(db: Db, at: _At, found: Frame, bencher: EditorModelBuilder, bench: EditorModel) -> EditorialClaims:
    """Who says that what changed in the original since is wording only."""
    if bench.before is None:
        return EditorialClaims()
    row, actor = bencher.row, at.work.actor
    return EditorialService(db).open(found.declaration, row, row.original_language, since=bench.before, actor=actor)


def _actions(at: _At, found: Frame, bench: EditorModel) -> Actions:
    may_translate = policy.may_translate(at.work.actor, found.declaration, at.language)
    may_leave_out = policy.may_leave_out(at.work.actor, found.declaration)
    is_missing = not bench.expected
    address = at.ways.translate(at.block_id, at.language)
    return Actions(
        save=address if may_translate else "",
        confirm=f"{address}/confirmation" if may_translate and not is_missing and bench.state.stops_publication else "",
        leave_out=f"{address}/absence" if may_leave_out and is_missing and not bench.absent else "",
        check=f"{address}/check" if may_translate else "",
        draft=f"{address}/draft" if may_translate else "",
        waive=f"{address}/waiver"
        if not is_missing and policy.may_waive(at.work.actor, found.declaration, at.language)
        else "",
        edit=at.ways.edit(at.block_id) if may_edit(at.ways.work.actor, found.declaration) else "",
        closed=PHASE_MEANINGS[found.declaration.phase] if is_closed(found.declaration) else "",
    )


def _back(at: _At) -> Redirect:
    """To the paragraph in its place in the whole text."""
    said = at.work.messages.gettext("Saved.")
    return redirect(at.work, f"{at.ways.whole(at.language)}#b-{at.block_id}", said=said)


def _onward(at: _At) -> Redirect:
    """What a translator sees after a text is kept: the next one that waits, or the same when it is stale again."""
    work, say = at.work, at.work.messages.gettext
    with work.reading() as db:
        declaration = at.frame(db).declaration
        standings = TranslationService(db).standings(declaration)
        named = _named(at.ways, standings)
        to_write = queues(db, declaration, at.ways, standings, named=named, into=at.language)[0].to_write
        row = TranslationService(db).standing(declaration, at.block_id).row
        findings = TextCheckService(db).of_text(declaration, row, at.language, row.content(at.language))
    name = work.messages.language_name(at.language)
    if any(comment.spot.block_id == at.block_id for comment in to_write):
        said = say(N_("Saved, but the original has changed meanwhile."))
        return redirect(work, at.ways.translate(at.block_id, at.language), said=said)
    if any(finding.is_shown and not finding.is_waived for finding in findings):
        said = say(N_("Saved, with findings."))
        return redirect(work, f"{at.ways.translate(at.block_id, at.language)}#checks", said=said)
    if not to_write:
        said = say(N_("Saved. Nothing else pending in %(language)s."), language=name)
        return redirect(work, at.ways.overview(), said=said)
    said = say(N_("Saved in %(language)s. This is the next one."), language=name)
    return redirect(work, to_write[0].href, said=said)
