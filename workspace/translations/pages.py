"""The translators' pages: how the three languages stand, and one text at a time."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect
from msgspec import Struct
from msgspec.structs import replace

from drafts.blocks import Language
from workspace.core.db import Db
from workspace.core.errors import Invalid, NotFound, Stale
from workspace.declarations.frame import Frame, frame
from workspace.declarations.naming import Spot, names_of, spots
from workspace.translations import policy
from workspace.translations.bench import Bench, Bencher, Clash
from workspace.translations.checking import CheckingService
from workspace.translations.deskside import Deskside, deskside
from workspace.translations.editorial import Claims, EditorialService
from workspace.translations.findings import Shown, shown
from workspace.translations.forms import AbsenceForm, Actions, Draft, TranslationForm, WaiverForm
from workspace.translations.overview import Queue, Ways, count_of, queues, text_map
from workspace.translations.progress import Desks, Progress, desks, progress
from workspace.translations.service import TranslationService
from workspace.translations.standings import Standing
from workspace.translations.strips import Strip
from workspace.translations.suggestions import SuggestionService
from workspace.web.errors import STATUS
from workspace.web.i18n import N_
from workspace.web.pages import Page, field_errors, page, redirect
from workspace.web.params import FromPath, URLEncodedBody
from workspace.web.route_policies import FOLLOW_THE_WORK
from workspace.web.services import Work

FOLD_FROM = 60  # paragraphs from which the map folds away what is settled


class TranslationPage(Page, frozen=True, kw_only=True):
    name: str
    reading: str
    waiting: int
    paragraphs: int
    queues: Sequence[Queue]
    strips: Sequence[Strip]
    is_folded: bool
    may_translate: bool
    progress: Mapping[Language, Progress]
    desks: Desks


class TranslatePage(Page, frozen=True, kw_only=True):
    name: str
    overview: str
    paragraph: str
    spot: Spot
    text_language: Language
    bench: Bench
    clash: Clash | None
    queue: Queue
    actions: Actions
    errors: Mapping[str, str]
    reason: str
    findings: Sequence[Shown]
    reason_for: str
    is_checked: bool
    side: Deskside
    editorial: Claims
    previous: str
    following: str


class _At(Struct, frozen=True):
    """Which text a page is about."""

    ways: Ways
    block_id: UUID
    language: Language

    def frame(self, db: Db) -> Frame:
        return frame(db, self.ways.forum, self.ways.declaration, work=self.ways.work, may=policy.may_follow)


class TranslationPages(Controller):
    """How the languages stand, and the translator's bench."""

    path = "/{forum:str}/{declaration:str}/translation"

    @get("/", name="translation", sync_to_thread=True, policy=FOLLOW_THE_WORK)
    def translation(
        self, work: NamedDependency[Work], forum: FromPath[str], declaration: FromPath[str]
    ) -> Response[str]:
        """Every paragraph in every language, and what waits in each."""
        ways = Ways(work, forum, declaration)
        with work.reading() as db:
            found = frame(db, forum, declaration, work=work, may=policy.may_follow)
            standings = TranslationService(db).standings(found.declaration)
            context = TranslationPage(
                place=found.place,
                here="translation",
                name=found.declaration.name.said_in(work.language),
                reading=ways.reading(),
                waiting=count_of(standings),
                paragraphs=len(standings),
                queues=queues(db, found.declaration, ways, standings),
                strips=text_map(ways, standings),
                is_folded=len(standings) >= FOLD_FROM,
                may_translate=policy.may_translate(work.actor, found.declaration),
                progress=progress(db, found.declaration, standings, _names(ways, standings), ways),
                desks=desks(found.declaration, ways),
            )
        return page(work, "translations/overview.html", context)

    @get("/{block_id:uuid}/{text:str}", name="translate", sync_to_thread=True, policy=FOLLOW_THE_WORK)
    def translate(
        self,
        *,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        block_id: FromPath[UUID],
        text: FromPath[str],
    ) -> Response[str]:
        """One text beside its sources, with what changed since it was translated."""
        with work.reading() as db:
            context = _page(db, _At(Ways(work, forum, declaration), block_id, _language(text)))
        return page(work, "translations/translate.html", context)

    @post("/{block_id:uuid}/{text:str}", name="save_translation", sync_to_thread=True, policy="translation.write")
    def save(
        self,
        *,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        block_id: FromPath[UUID],
        text: FromPath[str],
        data: URLEncodedBody[TranslationForm],
    ) -> Response[str] | Redirect:
        """Put the translation in force, unless somebody else has saved meanwhile."""
        at, actor = _At(Ways(work, forum, declaration), block_id, _language(text)), work.actor
        try:
            with work.writing() as db:
                declaration_ = at.frame(db).declaration
                saved = TranslationService(db).save(
                    declaration_.id,
                    block_id,
                    at.language,
                    data.words,
                    sources=data.sources(),
                    shown=data.shown(),
                    expected=data.replaces(),
                    actor=actor,
                )
                SuggestionService(db).used(declaration_, saved, actor=actor)
        except (Stale, Invalid) as refusal:
            return _again(at, _refused(work, data, refusal), refusal)
        if data.whole:
            return _back(at)
        if data.stay:
            said = work.messages.gettext("Kept.")
            return redirect(work, at.ways.translate(at.block_id, at.language), said=said)
        return _onward(at)

    @post(
        "/{block_id:uuid}/{text:str}/confirmation",
        name="confirm_translation",
        sync_to_thread=True,
        policy="translation.write",
    )
    def confirm(
        self,
        *,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        block_id: FromPath[UUID],
        text: FromPath[str],
        data: URLEncodedBody[TranslationForm],
    ) -> Response[str] | Redirect:
        """Say that the text in force is still valid beside the original that was shown."""
        at, actor = _At(Ways(work, forum, declaration), block_id, _language(text)), work.actor
        try:
            with work.writing() as db:
                TranslationService(db).confirm(
                    at.frame(db).declaration.id,
                    block_id,
                    at.language,
                    expected=data.replaces(),
                    shown=data.shown(),
                    actor=actor,
                )
        except (Stale, Invalid) as refusal:
            return _again(at, _refused(work, data, refusal), refusal)
        return _back(at) if data.whole else _onward(at)

    @post(
        "/{block_id:uuid}/{text:str}/absence",
        name="leave_out_translation",
        sync_to_thread=True,
        policy="amendment.decide_adopt_undo",
    )
    def leave_out(
        self,
        *,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        block_id: FromPath[UUID],
        text: FromPath[str],
        data: URLEncodedBody[AbsenceForm],
    ) -> Response[str] | Redirect:
        """Decide that the paragraph has no text in this language."""
        at, actor = _At(Ways(work, forum, declaration), block_id, _language(text)), work.actor
        try:
            with work.writing() as db:
                TranslationService(db).leave_out(
                    at.frame(db).declaration.id, block_id, at.language, reason=data.reason, actor=actor
                )
        except Invalid as refusal:
            draft = Draft(errors=field_errors(work, refusal), reason=data.reason)
            return _again(at, draft, refusal)
        said = work.messages.gettext("The decision is on record: there will be no text in this language.")
        return redirect(work, at.ways.overview(), said=said)

    @post(
        "/{block_id:uuid}/{text:str}/check",
        name="check_translation",
        sync_to_thread=True,
        status_code=200,
        policy="translation.write",
    )
    def check(
        self,
        *,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        block_id: FromPath[UUID],
        text: FromPath[str],
        data: URLEncodedBody[TranslationForm],
    ) -> Response[str]:
        """Say what the checks find in the words as they stand in the editor; nothing is kept."""
        at = _At(Ways(work, forum, declaration), block_id, _language(text))
        with work.reading() as db:
            policy.ensure_may_translate(work.actor, at.frame(db).declaration, at.language)
            context = _page(db, at, Draft(replace(data, words=data.mended or data.words), is_checked=True))
        return page(work, "translations/translate.html", context)

    @post("/{block_id:uuid}/{text:str}/waiver", name="waive_check", sync_to_thread=True, policy="check.waive")
    def waive(
        self,
        *,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        block_id: FromPath[UUID],
        text: FromPath[str],
        data: URLEncodedBody[WaiverForm],
    ) -> Response[str] | Redirect:
        """Let a finding in the text in force stand, for a reason."""
        at, actor = _At(Ways(work, forum, declaration), block_id, _language(text)), work.actor
        try:
            with work.writing() as db:
                CheckingService(db).waive(
                    at.frame(db).declaration.id, block_id, at.language, data.check, reason=data.reason, actor=actor
                )
        except Invalid as refusal:
            return _again(at, Draft(errors=field_errors(work, refusal), reason_for=data.check), refusal)
        said = work.messages.gettext("The finding stands, and the reason is on record.")
        return redirect(work, at.ways.translate(at.block_id, at.language), said=said)


def _refused(work: Work, form: TranslationForm, refusal: Stale | Invalid) -> Draft:
    if isinstance(refusal, Stale):
        return Draft(form, is_late=True)
    errors = {"words" if name == "text" else name: said for name, said in field_errors(work, refusal).items()}
    return Draft(form, errors=errors)


def _again(at: _At, draft: Draft, refusal: Stale | Invalid) -> Response[str]:
    with at.ways.work.reading() as db:
        context = _page(db, at, draft)
    return page(at.ways.work, "translations/translate.html", context, status=STATUS[type(refusal)])


def _page(db: Db, at: _At, draft: Draft | None = None) -> TranslatePage:
    found, work, translations = at.frame(db), at.ways.work, TranslationService(db)
    standings = translations.standings(found.declaration)
    bencher = Bencher(translations, found.declaration, at.block_id, at.language)
    if at.language is bencher.row.original_language:
        raise NotFound(what="translation", id=at.language.value)
    bench = bencher.bench(work.messages, chosen=draft.form.sources() if draft else ())
    clash = bencher.clash(draft.form.words, draft.form.replaces()) if draft and draft.is_late else None
    if clash:
        clash = replace(clash, at=found.forum.local(clash.at))
    if draft and draft.form.words:
        bench = replace(bench, text=draft.form.words)
    named = spots([standing.row for standing in standings], work.messages)
    return TranslatePage(
        place=found.place,
        here="translation",
        name=found.declaration.name.said_in(work.language),
        overview=at.ways.overview(),
        paragraph=at.ways.paragraph(at.block_id),
        spot=next(spot for spot in named if spot.block_id == at.block_id),
        text_language=at.language,
        bench=bench,
        clash=clash,
        queue=next(one for one in queues(db, found.declaration, at.ways, standings) if one.language is at.language),
        actions=_actions(at, found, bench),
        errors=draft.errors if draft else {},
        reason=draft.reason if draft else "",
        findings=_findings(db, at, found, bencher, bench),
        reason_for=draft.reason_for if draft else "",
        is_checked=bool(draft and draft.is_checked),
        editorial=_editorial(db, at, found, bencher, bench),
        side=deskside(db, found.declaration, bencher.row, at.language, at.ways),
        previous=_beside(at, standings, -1),
        following=_beside(at, standings, 1),
    )


def _names(ways: Ways, standings: Sequence[Standing]) -> Mapping[UUID, str]:
    return names_of([one.row for one in standings], ways.work.messages)


def _beside(at: _At, standings: Sequence[Standing], step: int) -> str:
    """The bench of the neighbouring paragraph in the order of the text; "" at its ends."""
    ids = [one.row.block_id for one in standings if one.row.original_language is not at.language]
    place = ids.index(at.block_id) + step
    return at.ways.translate(ids[place], at.language) if 0 <= place < len(ids) else ""


def _findings(db: Db, at: _At, found: Frame, bencher: Bencher, bench: Bench) -> list[Shown]:
    """What the checks find in the words on the bench: those in force, or those that are being written."""
    if not bench.text:
        return []
    remarks = CheckingService(db).of_text(found.declaration, bencher.row, at.language, bench.text)
    return shown(remarks, at.ways.work.messages)


def _editorial(db: Db, at: _At, found: Frame, bencher: Bencher, bench: Bench) -> Claims:
    """Who says that what changed in the original since is wording only."""
    if bench.before is None:
        return Claims()
    row, actor = bencher.row, at.ways.work.actor
    return EditorialService(db).open(found.declaration, row, row.original_language, since=bench.before, actor=actor)


def _actions(at: _At, found: Frame, bench: Bench) -> Actions:
    may_translate = policy.may_translate(at.ways.work.actor, found.declaration, at.language)
    may_leave_out = policy.may_leave_out(at.ways.work.actor, found.declaration)
    is_missing = not bench.expected
    address = at.ways.translate(at.block_id, at.language)
    return Actions(
        save=address if may_translate else "",
        confirm=f"{address}/confirmation" if may_translate and not is_missing and bench.state.stops_publication else "",
        leave_out=f"{address}/absence" if may_leave_out and is_missing and not bench.absent else "",
        check=f"{address}/check" if may_translate else "",
        waive=f"{address}/waiver"
        if not is_missing and policy.may_waive(at.ways.work.actor, found.declaration, at.language)
        else "",
    )


def _back(at: _At) -> Redirect:
    """To the paragraph in its place in the whole text."""
    said = at.ways.work.messages.gettext("Kept.")
    return redirect(at.ways.work, f"{at.ways.whole(at.language)}#b-{at.block_id}", said=said)


def _onward(at: _At) -> Redirect:
    """What a translator sees after a text is kept: the next one that waits, or the same when it is stale again."""
    work, say = at.ways.work, at.ways.work.messages.gettext
    with work.reading() as db:
        declaration = at.frame(db).declaration
        every = queues(db, declaration, at.ways, TranslationService(db).standings(declaration))
    waiting = next(one for one in every if one.language is at.language).to_write
    name = work.messages.language_name(at.language)
    if any(comment.spot.block_id == at.block_id for comment in waiting):
        said = say(N_("Kept, but the original has changed meanwhile: look at what changed."))
        return redirect(work, at.ways.translate(at.block_id, at.language), said=said)
    if not waiting:
        said = say(N_("Kept. Nothing else waits in %(language)s."), language=name)
        return redirect(work, at.ways.overview(), said=said)
    said = say(N_("Kept, and up to date in %(language)s. Here is the next one."), language=name)
    return redirect(work, waiting[0].href, said=said)


def _language(text: str) -> Language:
    if text not in set(Language):
        raise NotFound(what="language", id=text)
    return Language(text)
