"""One language of the whole text in step with its source, each paragraph to be written in its place."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from markupsafe import Markup
from msgspec import Struct

from drafts.blocks import Language
from workspace.core.errors import NotFound
from workspace.declarations import queries
from workspace.declarations.frame import frame
from workspace.declarations.naming import Spot, spots
from workspace.translations import policy
from workspace.translations.inline import words_html
from workspace.translations.overview import Ways
from workspace.translations.reviews import ReviewService
from workspace.translations.service import TranslationService
from workspace.translations.standing import TOLD, Told
from workspace.translations.standings import Standing
from workspace.web.pages import Page, page
from workspace.web.params import FromPath, FromQuery
from workspace.web.route_policies import FOLLOW_THE_WORK
from workspace.web.services import Work


class Step(Struct, frozen=True):
    """A paragraph beside its source. `told` only where something is to be done; `save` "" where nothing is written.

    `version` is the text that a new one replaces, `source` the one that it is made from.
    """

    spot: Spot
    source_language: Language
    source: str
    source_html: Markup
    words: str
    html: Markup
    version: str
    told: Told | None
    is_original: bool
    is_approved: bool
    bench: str
    save: str
    confirm: str


class WholePage(Page, frozen=True, kw_only=True):
    name: str
    reading: str
    overview: str
    text_language: Language
    steps: Sequence[Step]
    waiting: int
    total: int
    only_waiting: bool
    others: Sequence[tuple[Language, str]]


class WholeTextPages(Controller):
    """The whole text of one language beside what it is made from."""

    path = "/{forum:str}/{declaration:str}/translation/text"

    @get("/{text:str}", name="translation_text", sync_to_thread=True, policy=FOLLOW_THE_WORK)
    def whole(
        self,
        *,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        text: FromPath[str],
        only: FromQuery[str] = "",
    ) -> Response[str]:
        """Every paragraph with its source; those that wait for a translator alone, with `?only=waiting`."""
        if text not in set(Language):
            raise NotFound(what="language", id=text)
        language, ways = Language(text), Ways(work, forum, declaration)
        with work.reading() as db:
            found = frame(db, forum, declaration, work=work, may=policy.may_follow)
            standings = TranslationService(db).standings(found.declaration)
            rows = [one.row for one in standings]
            approved = ReviewService(db).approved(found.declaration, rows)
            side = _Side(
                ways,
                language,
                queries.numbers_of(rows),
                may_write=policy.may_translate(work.actor, found.declaration, language),
            )
            named = {one.block_id: one for one in spots(rows, work.messages)}
            steps = [
                side.step(one, named[one.row.block_id], (one.row.block_id, language) in approved) for one in standings
            ]
            waiting = [one for one in steps if one.told]
            context = WholePage(
                place=found.place,
                here="translation",
                name=found.declaration.name.said_in(work.language),
                reading=ways.reading(),
                overview=ways.overview(),
                text_language=language,
                steps=waiting if only else steps,
                waiting=len(waiting),
                total=len(steps),
                only_waiting=bool(only),
                others=[(choice, ways.whole(choice)) for choice in Language if choice is not language],
            )
        return page(work, "translations/whole.html", context)


class _Side(Struct, frozen=True):
    """The language that is written, and how its paragraphs are shown."""

    ways: Ways
    language: Language
    numbers: Mapping[str, str]
    may_write: bool

    def step(self, standing: Standing, spot: Spot, is_approved: bool) -> Step:  # noqa: FBT001  (one of many facts)
        row, state, language = standing.row, standing.states[self.language], self.language
        original, head = row.texts.get(row.original_language), row.texts.get(language)
        is_original = language is row.original_language
        may_write = self.may_write and not is_original and original is not None
        bench = self._at(row.block_id, is_original)
        return Step(
            spot=spot,
            source_language=row.original_language,
            source=str(original.id) if original else "",
            source_html=words_html(row.original(), row.original_language, self.numbers, "source"),
            words=head.content if head else "",
            html=words_html(row.block(language), language, self.numbers, "target") if head else Markup(),
            version=str(head.id) if head else "",
            told=TOLD[state] if state.stops_publication else None,
            is_original=is_original,
            is_approved=is_approved,
            bench=bench,
            save=bench if may_write else "",
            confirm=f"{bench}/confirmation" if may_write and head and state.stops_publication else "",
        )

    def _at(self, block_id: UUID, is_original: bool) -> str:  # noqa: FBT001
        return self.ways.paragraph(block_id) if is_original else self.ways.translate(block_id, self.language)
