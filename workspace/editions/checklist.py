"""What is to be settled before publication, said so that somebody can settle it: by paragraph, under a map."""

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from msgspec import Struct

from drafts.text.blocks import Language
from workspace.amendments.domain.queries import select_by_block
from workspace.consultation.pages.adopted_texts import misquotes
from workspace.core.security.conditions import Condition
from workspace.core.security.permissions import Phase
from workspace.core.storage.db import Db
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.policy import may_do
from workspace.declarations.labels import Spot, spots
from workspace.editions.domain.annexes import AnnexService
from workspace.editions.domain.names import DeceivingName
from workspace.editions.domain.publication import EditionService
from workspace.people.policy import may_change_settings, may_see_people
from workspace.translations.domain.queries import BlockStanding
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
    """What is to be settled in one paragraph."""

    spot: Spot
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


def checklist(
    db: Db, ways: TranslationLinks, declaration: Declaration, standings: Sequence[BlockStanding]
) -> Checklist:
    """Everything once, as far as the reader may know of it; nothing for a text that is out."""
    named = spots([standing.row for standing in standings], ways.work.messages)
    found: dict[UUID | None, list[StopLine]] = {}
    if declaration.phase not in {Phase.PUBLISHED, Phase.ARCHIVED}:
        for block_id, line in _Finder(db, ways, declaration, standings).lines():
            found.setdefault(block_id, []).append(line)

    def address(block_id: UUID, _: Language) -> str:
        return f"#stop-{block_id}" if block_id in found else ""

    return Checklist(
        found.get(None, ()),
        [
            ParagraphStops(spot, ways.paragraph(spot.block_id), found[spot.block_id])
            for spot in named
            if spot.block_id in found
        ],
        strips(standings, named, ways.work.messages, address, _marks(found)),
    )


def _marks(found: Mapping[UUID | None, Sequence[StopLine]]) -> Mapping[tuple[UUID, Language], Mark]:
    """The squares that say more than how a translation stands: the first thing to settle that has a sign."""
    marks: dict[tuple[UUID, Language], Mark] = {}
    for block_id, lines in found.items():
        for line in lines if block_id else ():
            sign = SIGNS.get(line.kind)
            for language in (line.languages or Language) if block_id and sign else ():
                marks.setdefault((block_id, language), sign)
    return marks


_Found = Iterator[tuple[UUID | None, StopLine]]


class _Finder(Struct, frozen=True):
    """Finds things to settle, each with its paragraph, or None for the whole text."""

    db: Db
    ways: TranslationLinks
    declaration: Declaration
    standings: Sequence[BlockStanding]

    def lines(self) -> _Found:
        """By kind: what the committee settles, what translators do, and what is signed and printed."""
        yield from self._amendments()
        yield from self._of_texts()
        yield from self._signatures()
        yield from self._around()

    def _amendments(self) -> _Found:
        """Each at the first paragraph that it changes."""
        order = {standing.row.block_id: place for place, standing in enumerate(self.standings)}
        homes: dict[int, tuple[int, UUID | None, Language]] = {}
        for block_id, number, language in self.db.execute(
            select_by_block(self.declaration, actor=self.ways.work.actor)
        ):
            home = (order[block_id], block_id, language) if block_id in order else (len(order), None, language)
            homes[number] = min(home, homes.get(number, home), key=lambda place: place[0])
        by_block: dict[UUID | None, list[int]] = {}
        for number, (_, block_id, _language) in homes.items():
            by_block.setdefault(block_id, []).append(number)
        for block_id, numbers in by_block.items():
            yield block_id, self._pending(block_id, numbers, homes[numbers[0]][2])

    def _pending(self, block_id: UUID | None, numbers: Sequence[int], language: Language) -> StopLine:
        ways, messages = self.ways, self.ways.work.messages
        message = messages.ngettext(
            "Amendment %(numbers)s pending",
            "Amendments %(numbers)s pending",
            len(numbers),
            numbers=messages.listed(map(str, numbers)),
        )
        given = {Condition.NOT_AUTHOR}
        if may_do(ways.work.actor, "amendment.decide_adopt_undo", self.declaration, given=given):
            desk = ways.work.url_for("desk", forum=ways.forum, declaration=ways.declaration, text=language.value)
            remedy, href = messages.gettext("Decide"), f"{desk}#amendment-{numbers[0]}"
        else:
            several = f"{ways.paragraph(block_id)}#amendments" if block_id else ""
            remedy = messages.gettext("See amendments")
            href = several if several and len(numbers) > 1 else ways.amendment(numbers[0])
        return StopLine("amendments", message, remedy, href, is_obstacle=False)

    def _of_texts(self) -> _Found:
        say, ways, service = self.ways.work.messages.gettext, self.ways, EditionService(self.db)
        rows = {standing.row.block_id: standing.row for standing in self.standings}
        at = {"forum": ways.forum, "declaration": ways.declaration}
        for contested in service.contested(self.declaration):
            href = ways.work.url_for("agreement_paragraph", **at, block_id=contested.block_id)
            yield contested.block_id, StopLine("brackets", say(N_("In brackets")), say(N_("See brackets")), href)
        for finding in service.contradictions(self.declaration):
            words, href = said(finding.finding, ways.work.messages), ways.mend(rows[finding.block_id], finding.language)
            yield (
                finding.block_id,
                StopLine("contradiction", words, say(N_("Compare")), href, [finding.language]),
            )
        for blocker in service.blockers(self.declaration):
            label, href = STATE_LABELS[blocker.state], ways.translate(blocker.block_id, blocker.language)
            yield blocker.block_id, self._in(blocker.language, blocker.state.value, label.words, label.remedy, href)
        for reference in service.dangling(self.declaration):
            words, href = N_("a reference leads nowhere"), ways.paragraph(reference.block_id)
            yield reference.block_id, self._in(reference.language, "dangling", words, N_("Open paragraph"), href)
        for flaw in misquotes(self.db, self.declaration.forum_id, list(rows.values())):
            quote, href = f"{flaw.passage} ({flaw.source})", ways.paragraph(flaw.block_id)
            words, remedy = say(N_("Not as adopted:")), say(N_("Open paragraph"))
            of = [Language(flaw.language)]
            yield flaw.block_id, StopLine("quotation", words, remedy, href, of, is_obstacle=False, quote=quote)

    def _in(self, language: Language, kind: str, words: str, remedy: str, href: str) -> StopLine:
        messages = self.ways.work.messages
        state = messages.gettext(words)
        message = messages.gettext(IN_LANGUAGE, language=messages.language_name(language), state=state)
        return StopLine(kind, message, messages.gettext(remedy), href, [language])

    def _signatures(self) -> _Found:
        """In one line: they are given for many paragraphs at once."""
        messages, unsigned = self.ways.work.messages, EditionService(self.db).unsigned(self.declaration)
        languages = [lacking.language for lacking in unsigned if lacking.language]
        words = []
        if count := len(unsigned) - len(languages):
            words.append(messages.ngettext("%(n)s paragraph can be signed.", "%(n)s paragraphs can be signed.", count))
        if languages:
            named = self._listed(languages)
            words.append(messages.gettext(N_("Whole text not signed in: %(languages)s."), languages=named))
        if words:
            remedy, href = messages.gettext(N_("Compare and sign")), self.ways.concordance()
            yield None, StopLine("signatures", " ".join(words), remedy, href, languages)

    def _around(self) -> _Found:
        say, ways, service = self.ways.work.messages.gettext, self.ways, AnnexService(self.db)
        lacking: dict[UUID, list[Language]] = {}
        for unfinished in service.unfinished(self.declaration):
            lacking.setdefault(unfinished.annex_id, []).append(unfinished.language)
        at = {"forum": ways.forum, "declaration": ways.declaration}
        for annex in service.listed(self.declaration) if lacking else ():
            if languages := lacking.get(annex.id):
                title, href = (
                    annex.title.said_in(ways.work.language),
                    ways.work.url_for("annex", **at, annex_id=annex.id),
                )
                words = say(
                    N_("Annex “%(title)s” lacks: %(languages)s"), title=title, languages=self._listed(languages)
                )
                yield None, StopLine("annex", words, say(N_("Write annex")), href, languages)
        for name in EditionService(self.db).deceiving(self.declaration):
            words = f"{say(N_('Deceptive characters:'))} {name.name}"
            yield None, StopLine("name", words, say(N_("Correct")), self._href_of_name(name))

    def _listed(self, languages: Sequence[Language]) -> str:
        messages = self.ways.work.messages
        return messages.listed(map(messages.language_name, languages))

    def _href_of_name(self, name: DeceivingName) -> str:
        """Where its owner is shown, for whoever may look there."""
        url, actor, forum = self.ways.work.url_for, self.ways.work.actor, self.declaration.forum
        match name.kind:
            case "organisation" | "person" if may_see_people(actor, forum):
                return url(name.kind, forum=forum.slug, **{f"{name.kind}_id": name.id})
            case "session":
                return url("session", forum=forum.slug, session_id=name.id)
            case "source_document":
                return url("sessions", forum=forum.slug)
            case "signatory":
                return url("signatories", forum=forum.slug, declaration=self.declaration.slug)
            case "forum" | "declaration" if may_change_settings(actor, forum):
                return url("forum_settings", forum=forum.slug)
            case _:
                return ""
