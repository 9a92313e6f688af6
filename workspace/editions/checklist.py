"""What is to be settled before publication, said so that somebody can settle it: by paragraph, under a map."""

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from msgspec import Struct

from drafts.text.blocks import Language
from workspace.amendments.domain.queries import PENDING, read_filed, select_by_block
from workspace.consultation.pages.adopted_texts import misquotes
from workspace.core.security.conditions import Condition
from workspace.core.security.permissions import Phase
from workspace.core.shapes import filled
from workspace.core.storage.db import Db
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.policy import may_do
from workspace.declarations.labels import spots
from workspace.editions.domain.annexes import AnnexService
from workspace.editions.domain.names import DeceivingName
from workspace.editions.domain.publication import EditionService, Obstacles
from workspace.people.policy import may_change_settings, may_see_people
from workspace.procedure import policy as procedure_policy
from workspace.procedure.store import QuestionStore
from workspace.translations.domain.queries import BlockStanding, standings
from workspace.translations.labels import STATE_LABELS
from workspace.translations.views.overview import Mark, Strip, TranslationLinks, strips
from workspace.web.i18n.marking import N_
from workspace.web.refusals.check_sentences import said

SIGNS: Mapping[str, Mark] = {  # of the squares of a paragraph, by what is to be settled there
    "amendments": Mark("b", "±", N_("pending amendment")),
    "brackets": Mark("b", "[ ]", N_("in brackets")),
    "contradiction": Mark("x", "×", N_("finding")),
    "dangling": Mark("x", "×", N_("finding")),
    "quotation": Mark("x", "×", N_("finding")),
    "date": Mark("x", "×", N_("finding")),
}
IN_LANGUAGE = N_("%(language)s: %(state)s")


class StopLine(Struct, frozen=True):
    """One thing to settle: its `kind`, in words, what is done about it, and the address where, "" where it is not here.

    What is no obstacle is open, and does not keep the text from going out. `quote` has words it is about.
    """

    kind: str
    message: str
    remedy: str
    href: str
    languages: Sequence[Language] = ()
    is_obstacle: bool = True
    quote: str = ""


class ParagraphStops(Struct, frozen=True):
    """What is to be settled in one paragraph: what it is called, how its original begins, and its page."""

    block_id: UUID
    short: str
    name: str
    excerpt: str
    language: Language
    href: str
    lines: Sequence[StopLine]


class Checklist(Struct, frozen=True):
    """What concerns the `whole` text, then each paragraph in the order of the text. `strips` is the map of both."""

    whole: Sequence[StopLine]
    paragraphs: Sequence[ParagraphStops]
    strips: Sequence[Strip]

    @property
    def obstacles(self) -> Sequence[StopLine]:
        """What keeps the text from going out."""
        every = [*self.whole, *(line for paragraph in self.paragraphs for line in paragraph.lines)]
        return [line for line in every if line.is_obstacle]


def checklist(db: Db, ways: TranslationLinks, declaration: Declaration, known: Obstacles | None = None) -> Checklist:
    """Everything once, as far as the reader may know of it; nothing for a text that is out.

    `known` is given by who has found the obstacles already.
    """
    rows = standings(db, declaration)
    named = spots([standing.row for standing in rows], ways.work.messages)
    found: dict[UUID | None, list[StopLine]] = {}
    if declaration.phase not in {Phase.PUBLISHED, Phase.ARCHIVED}:
        known = known or EditionService(db).obstacles(declaration)
        for block_id, line in _Finder(db, ways, declaration, rows, known).lines():
            found.setdefault(block_id, []).append(line)

    def address(block_id: UUID, _: Language) -> str:
        return f"#stop-{block_id}" if block_id in found else ""

    return Checklist(
        found.get(None, ()),
        [
            filled(ParagraphStops, spot, href=ways.paragraph(spot.block_id), lines=found[spot.block_id])
            for spot in named
            if spot.block_id in found
        ],
        strips(rows, named, ways.work.messages, address, _marks(found)),
    )


def _marks(found: Mapping[UUID | None, Sequence[StopLine]]) -> Mapping[tuple[UUID, Language], Mark]:
    """The squares that say more than how a translation stands: the first thing to settle that has a sign."""
    marks: dict[tuple[UUID, Language], Mark] = {}
    for block_id, lines in found.items():
        for line in lines:
            if block_id and (sign := SIGNS.get(line.kind)):
                for language in line.languages or Language:
                    marks.setdefault((block_id, language), sign)
    return marks


_Found = Iterator[tuple[UUID | None, StopLine]]


class _Finder(Struct, frozen=True):
    """Finds things to settle, each with its paragraph, or None for the whole text."""

    db: Db
    ways: TranslationLinks
    declaration: Declaration
    standings: Sequence[BlockStanding]
    obstacles: Obstacles

    def lines(self) -> _Found:
        """By kind: what the committee settles, what translators do, and what is signed and printed."""
        yield from self._amendments()
        yield from self._questions()
        yield from self._of_texts()
        yield from self._around()

    def _say(self, message: str, **values: object) -> str:
        return self.ways.work.messages.gettext(message, **values)

    def _url(self, route: str, **values: object) -> str:
        return self.ways.work.url_for(route, forum=self.ways.forum, declaration=self.ways.declaration, **values)

    def _listed(self, languages: Sequence[Language]) -> str:
        messages = self.ways.work.messages
        return messages.listed(map(messages.language_name, languages))

    def _amendments(self) -> _Found:
        """Each at the first paragraph that it changes."""
        order: dict[UUID | None, int] = {standing.row.block_id: at for at, standing in enumerate(self.standings)}
        actor, given = self.ways.work.actor, {Condition.NOT_AUTHOR}
        concerned = select_by_block(self.declaration, actor=actor, among=PENDING)
        rows = read_filed(self.db, self.declaration, actor, select_by_block, lambda: self.db.execute(concerned).all())
        homes: dict[int, UUID | None] = {}
        for block_id, number in sorted(rows, key=lambda row: order.get(row[0], len(order))):
            homes.setdefault(number, block_id if block_id in order else None)
        by_block: dict[UUID | None, list[int]] = {}
        for number in sorted(homes):
            by_block.setdefault(homes[number], []).append(number)
        may_decide = may_do(actor, "amendment.decide_adopt_undo", self.declaration, given=given)
        for block_id, numbers in by_block.items():
            yield block_id, self._pending(numbers, may_decide=may_decide)

    def _pending(self, numbers: Sequence[int], *, may_decide: bool) -> StopLine:
        messages, first = self.ways.work.messages, numbers[0]
        named = messages.listed(map(str, numbers))
        message = messages.ngettext(
            "Amendment %(numbers)s pending", "Amendments %(numbers)s pending", len(numbers), numbers=named
        )
        if may_decide:
            remedy, href = N_("Decide"), f"{self._url('desk', amendment=first)}#amendment-{first}"
        else:
            remedy, href = N_("See amendments"), self.ways.amendment(first)
        return StopLine("amendments", message, self._say(remedy), href)

    def _questions(self) -> _Found:
        opened = QuestionStore(self.db).open_ones(self.declaration)
        if opened and procedure_policy.may_know(self.ways.work.actor, self.declaration):
            messages, remedy = self.ways.work.messages, self._say(N_("See decisions"))
            message = messages.ngettext("One open question", "%(n)s open questions", len(opened))
            yield None, StopLine("questions", message, remedy, self._url("questions"), is_obstacle=False)

    def _of_texts(self) -> _Found:
        say, ways = self._say, self.ways
        rows = {standing.row.block_id: standing.row for standing in self.standings}
        for contested in self.obstacles.contested:
            href = self._url("agreement_paragraph", block_id=contested.block_id)
            yield contested.block_id, StopLine("brackets", say(N_("In brackets")), say(N_("See brackets")), href)
        for found in self.obstacles.contradictions:
            words, href = said(found.finding, ways.work.messages), ways.mend(rows[found.block_id], found.language)
            yield found.block_id, StopLine("contradiction", words, say(N_("Compare")), href, [found.language])
        for blocker in self.obstacles.blockers:
            label, href = STATE_LABELS[blocker.state], ways.translate(blocker.block_id, blocker.language)
            yield blocker.block_id, self._in(blocker.language, blocker.state.value, label.words, label.remedy, href)
        for reference in self.obstacles.dangling:
            words, href = N_("a reference leads nowhere"), ways.paragraph(reference.block_id)
            yield reference.block_id, self._in(reference.language, "dangling", words, N_("Open paragraph"), href)
        for flaw in misquotes(self.db, self.declaration.forum, list(rows.values())):
            words, remedy, href = N_("Not as adopted:"), say(N_("Open paragraph")), ways.paragraph(flaw.block_id)
            quote, of = f"{flaw.passage} ({flaw.source})", [Language(flaw.language)]
            line = StopLine("quotation", say(words), remedy, href, of, is_obstacle=False, quote=quote)
            yield flaw.block_id, line
        service, day = EditionService(self.db), EditionService(self.db).day_of_adoption(self.declaration)
        is_open = self.declaration.phase is Phase.ADOPTION and self.declaration.releases_at is None
        dated = service.dated_otherwise(self.declaration, day) if is_open else ()
        for block_id, language, quote in dated:
            words = f"{say(N_('Day of adoption'))}{say(N_(':'))} {ways.work.messages.date(day)} ≠"
            remedy, href = say(N_("Open paragraph")), ways.paragraph(block_id)
            yield block_id, StopLine("date", words, remedy, href, [language], is_obstacle=False, quote=quote)

    def _in(self, language: Language, kind: str, words: str, remedy: str, href: str) -> StopLine:
        name = self.ways.work.messages.language_name(language)
        message = self._say(IN_LANGUAGE, language=name, state=self._say(words))
        return StopLine(kind, message, self._say(remedy), href, [language])

    def _around(self) -> _Found:
        """Signatures in one line, because they are given for many paragraphs at once; annexes and names."""
        say, messages = self._say, self.ways.work.messages
        unsigned, unfinished = self.obstacles.unsigned, self.obstacles.unfinished
        languages, words = [lacking.language for lacking in unsigned if lacking.language], list[str]()
        if count := len(unsigned) - len(languages):
            words += [messages.ngettext("%(n)s paragraph can be signed.", "%(n)s paragraphs can be signed.", count)]
        if languages:
            words += [say(N_("Whole text not signed in: %(languages)s."), languages=self._listed(languages))]
        if words:
            remedy, href = say(N_("Compare and sign")), self.ways.concordance()
            yield None, StopLine("signatures", " ".join(words), remedy, href, languages)
        for annex in AnnexService(self.db).listed(self.declaration) if unfinished else ():
            if of := [lacking.language for lacking in unfinished if lacking.annex_id == annex.id]:
                named = {"title": annex.title.said_in(messages.language), "languages": self._listed(of)}
                message, remedy = say(N_("Annex “%(title)s” lacks: %(languages)s"), **named), say(N_("Write annex"))
                yield None, StopLine("annex", message, remedy, self._url("annex", annex_id=annex.id), of)
        for name in self.obstacles.names:
            message = f"{say(N_('Deceptive characters:'))} {name.name}"
            yield None, StopLine("name", message, say(N_("Correct")), self._href_of_name(name))

    def _href_of_name(self, name: DeceivingName) -> str:
        """Where its owner is shown, for whoever may look there."""
        actor, forum = self.ways.work.actor, self.declaration.forum
        match name.kind:
            case "organisation" | "person" | "session" if name.kind == "session" or may_see_people(actor, forum):
                return self.ways.work.url_for(name.kind, forum=forum.slug, **{f"{name.kind}_id": name.id})
            case "signatory":
                return self._url("signatories")
            case "forum" | "declaration" if may_change_settings(actor, forum):
                return self.ways.work.url_for("forum_settings", forum=forum.slug)
            case _:
                return ""
