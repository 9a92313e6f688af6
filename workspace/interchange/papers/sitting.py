"""The papers of a sitting, made from the running order as it is now: what the chair needs to put each item."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from drafts.diff.hunks import Hunk, HunkKind
from drafts.diff.word_diff import word_diff
from drafts.formats.docx.glyphs import GlyphKind, Style, StyledPiece
from drafts.formats.docx.inline_markdown import markdown_of
from drafts.formats.pdf import PaperReport
from drafts.merge.rebase import RebaseStatus
from drafts.text.blocks import Block, BlockKind, Document, Language
from drafts.text.markup import plain
from workspace.amendments.decisions.partial import single_changes
from workspace.amendments.domain.committee_models import Opinion, Stance
from workspace.amendments.domain.models import Amendment, AmendmentVersion
from workspace.amendments.domain.opinions import AdviceService
from workspace.amendments.domain.sponsors import organisations_behind
from workspace.amendments.domain.stored_amendments import changes_of
from workspace.amendments.labels import ParagraphLabels
from workspace.amendments.service import AmendmentService
from workspace.amendments.views.amendment import AFTER, AT_THE_BEGINNING, NEW_PARAGRAPH, SAID, STATUSES, Prepared
from workspace.amendments.views.cards import STANCES
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import NotFound
from workspace.core.security.permissions import VOTERS
from workspace.core.shapes import MadeFile
from workspace.core.storage import log
from workspace.core.storage.db import Db
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.policy import ensure_may, may_do
from workspace.interchange.papers.documents import PaperFormat, PaperWriter, escape_markdown, paper_file, styled
from workspace.letters.service import LetterService
from workspace.procedure.agenda import A_PAGE, AgendaPage, CurrentItemService, PlenaryItem
from workspace.procedure.models import Means, OrderChange
from workspace.procedure.running_order import SeparateVoteService
from workspace.procedure.service import QuestionService
from workspace.procedure.store import QuestionStore
from workspace.translations.domain.suggestions import SuggestionService
from workspace.web.i18n.marking import N_
from workspace.web.i18n.messages import LANGUAGES, Messages, messages
from workspace.web.pages import ROLE_NAMES

MOST_NAMED = 12  # amendments that lapse with one
ON_PAPER = 100  # items of a paper
_MOST_PLACES = 2  # of one amendment, shown and said
_CONTEXT = 60  # unchanged characters beside a change
_LONGEST = 420  # characters of new or deleted words in one place
_LONGEST_REASON = 160
_BOLD, _ITALIC = Style(is_bold=True), Style(is_italic=True)
_QUESTIONS: Mapping[Means, str] = {
    Means.VOTE: N_("Who is in favour? Who is against? Who abstains?"),
    Means.CONSENSUS: N_("Is there any objection?"),
    Means.SILENCE: N_("Is there any objection?"),
}


class SittingPaper(StrEnum):
    """What can be made of the running order."""

    BRIEF = "brief"
    VOTING_LIST = "voting-list"


ACTIONS: Mapping[SittingPaper, str] = {SittingPaper.BRIEF: "brief.read", SittingPaper.VOTING_LIST: "voting_list.read"}


class SittingItem(Struct, frozen=True):
    """An item of the order with all that is said about it; `lapses` are the amendments that cannot stand beside it, and
    it `is_waiting` where the text has changed in its place, `is_shared` where another language is asked for words, too.
    """

    place: int
    item: PlenaryItem
    amendment: Amendment
    lapses: Sequence[int]
    opinions: Sequence[Opinion]
    separate: Sequence[str]
    is_waiting: bool
    is_shared: bool

    @property
    def is_contested(self) -> bool:
        """Whether it needs a vote: something stands against it, is to be decided first, or somebody asks for one."""
        amendment, advice = self.amendment, any(opinion.stance is not Stance.ACCEPT for opinion in self.opinions)
        of_family = amendment.parent or any(child.disposition.is_undecided for child in amendment.children)
        is_asked = bool(self.separate) or self.item.is_by_parts
        is_new = amendment.is_late or self.is_waiting or self.is_shared
        return bool(self.lapses) or advice or bool(of_family) or is_asked or is_new

    @property
    def version(self) -> AmendmentVersion:
        """What it asks for on the text in force."""
        carrying = self.amendment.carrying
        return carrying.made if carrying and carrying.made else self.amendment.own


class Sitting(Struct, frozen=True):
    """A page of the running order, and the text in force."""

    declaration: Declaration
    leaf: AgendaPage
    total: int
    changes: Sequence[OrderChange]
    items: Sequence[SittingItem]
    text: Sequence[queries.BlockRow]
    means: Means
    at: datetime
    prepared: Prepared


def sitting_of(db: Db, declaration: Declaration, *, actor: Actor, number: int = 1, size: int = A_PAGE) -> Sitting:
    """The page `number` of the order; the last one beyond them."""
    order = CurrentItemService(db).order(declaration, actor=actor)
    leaf = order.leaf(number, size=size)
    amendments = order.amendments(leaf.items)
    lapses, shared = AmendmentService(db).rivalry(declaration, list(amendments.values()), actor=actor)
    opinions = AdviceService(db).opinions(amendments.values())
    separate = SeparateVoteService(db).named([item.id for item in leaf.items])
    waiting = QuestionService(db).waiting_among(declaration, amendments.values())
    return Sitting(
        declaration=declaration,
        leaf=leaf,
        total=len(order),
        changes=order.changes,
        items=[
            SittingItem(
                place,
                item,
                amendments[item.number],
                sorted(lapses.get(item.number, ())),
                opinions.get(item.id, ()),
                separate.get(item.id, ()),
                item.number in waiting or amendments[item.number].status is RebaseStatus.COLLIDES,
                item.number in shared,
            )
            for place, item in enumerate(leaf.items, leaf.after + 1)
        ],
        text=queries.shown_rows(db, declaration),
        means=QuestionStore(db).rules(declaration).means,
        at=declaration.forum.local(clock.now()),
        prepared=SuggestionService(db).prepared(declaration, actor=actor),
    )


class TouchedPlace(Struct, frozen=True):
    """One place that an amendment changes; `block_id` is the paragraph, or the one that something new follows."""

    hunk: Hunk
    block_id: str


def touched(version: AmendmentVersion) -> Sequence[TouchedPlace]:
    """The places that a proposal changes, in the order of the text."""
    targets = {change.block: change.after for change in changes_of(version)}
    return [
        TouchedPlace(hunk, hunk.old[0].id if hunk.old else targets.get(hunk.new[0].id) or "") for hunk in version.diff
    ]


class SittingWriter:
    """Writes the papers of a sitting in the language of `said`."""

    def __init__(self, sitting: Sitting, said: Messages) -> None:
        self.sitting = sitting
        self.said = said
        self.made = PaperWriter(said)
        self.labels = ParagraphLabels(sitting.text, said.language, said, "")
        self.tongues: dict[str, Language] = {}

    def brief(self) -> PaperReport:
        """The chair's brief: for each item what stands, who proposes, what is advised, what lapses, what to say."""
        say = self.said.gettext
        self._add(BlockKind.TITLE, say(N_("Chair’s brief: %(declaration)s"), declaration=self._name))
        self._add(BlockKind.PARAGRAPH, say(N_("New words in bold, deleted words in brackets.")))
        spoken: set[str] = set()
        for known in self.sitting.items:
            self._add(BlockKind.HEADING, self._heading(known), 1)
            for language, line in self._words(known):
                self._say(language, BlockKind.PARAGRAPH, line)
            for line in self._facts(known):
                self._add(BlockKind.PARAGRAPH, line)
            if not known.item.group or known.item.group not in spoken:
                for language in LANGUAGES:
                    words = escape_markdown(self.sentence(known, language))
                    self._say(language, BlockKind.QUOTATION, f"{language.upper()}. {words}")
            spoken.add(known.item.group)
        if not self.sitting.items:
            self._add(BlockKind.PARAGRAPH, say(N_("No pending amendments.")))
        return self._report()

    def voting_list(self) -> PaperReport:
        """What nobody contests, to be adopted together, and what is voted on, with boxes for one's own notes."""
        say = self.said.gettext
        voted: list[Sequence[SittingItem]] = []
        together: list[Sequence[SittingItem]] = []
        self._add(BlockKind.TITLE, say(N_("Voting list: %(declaration)s"), declaration=self._name))
        for units in self._units():
            contested = any(known.is_contested for known in units)
            (voted if contested else together).append(units)
        head = (say(N_("Amendment")), say(N_("Place")), say(N_("Proposed by")))
        if together:
            self._add(BlockKind.HEADING, say(N_("Adopted together unless a delegation asks for a vote")), 1)
            self._table(head, [self._unit(units) for units in together])
        if voted:
            boxes = (say("In favour"), say("Against"), say("Abstentions"), say("Note"))
            self._add(BlockKind.HEADING, say("Votes"), 1)
            rows = [row for units in voted for row in self._rows(units)]
            self._table(("", *head, *boxes), rows)
        if not self.sitting.items:
            self._add(BlockKind.PARAGRAPH, say(N_("No pending amendments.")))
        return self._report(is_landscape=True)

    def _units(self) -> Sequence[Sequence[SittingItem]]:
        """The items, those of one group together."""
        found: dict[object, list[SittingItem]] = {}
        for known in self.sitting.items:
            found.setdefault(known.item.group or known.place, []).append(known)
        return list(found.values())

    def _unit(self, units: Sequence[SittingItem]) -> Sequence[str]:
        numbers = ", ".join(str(known.item.number) for known in units)
        group = units[0].item.group
        who = dict.fromkeys(known.item.who for known in units)
        about = "; ".join(self.about(known) for known in units)
        return [escape_markdown(cell) for cell in (f"{group}: {numbers}" if group else numbers, about, ", ".join(who))]

    def _rows(self, units: Sequence[SittingItem]) -> Iterator[Sequence[str]]:
        number, about, who = self._unit(units)
        place, note = str(units[0].place), escape_markdown("; ".join(self._notes(units)))
        parts = single_changes(units[0].version.diff) if units[0].item.is_by_parts else ()
        for part in parts:
            words = marked_change(_text(part.alone.old), _text(part.alone.new)).replace("|", "\\|")
            yield (place, f"{number} ({part.number + 1})", words, who, "", "", "", note)
        if not parts:
            yield (place, number, about, who, "", "", "", note)

    def _notes(self, units: Sequence[SittingItem]) -> Iterator[str]:
        """Why there is a vote."""
        say = self.said.gettext
        against = sorted({number for known in units for number in known.lapses[:MOST_NAMED]})
        if against:
            yield say(N_("in conflict with %(numbers)s"), numbers=self.said.listed(map(str, against)))
        opinions = [opinion for known in units for opinion in known.opinions if opinion.stance is not Stance.ACCEPT]
        yield from dict.fromkeys(
            f"{say(ROLE_NAMES[given.role])}{say(':')} {say(STANCES[given.stance])}" for given in opinions
        )
        marks = (mark for known in units for mark in self.marks(known)[bool(known.item.group) :])  # without its group
        yield from dict.fromkeys(marks)

    def _table(self, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        lines = (head, ["---"] * len(head), *rows)
        self.made.add(BlockKind.TABLE, "\n".join(f"| {' | '.join(cells)} |" for cells in lines))

    def about(self, known: SittingItem, said: Messages | None = None) -> str:
        """What it does, and where: "Paragraph 7, reworded"."""
        places, labels = touched(known.version), self.labels.spoken(said or self.said)
        lines = [_about(place, labels) for place in places[:_MOST_PLACES]]
        return "; ".join((*lines, *(["…"] if len(places) > _MOST_PLACES else [])))

    def marks(self, known: SittingItem) -> Sequence[str]:
        """What sets it apart: its group, what it amends, by parts, late, oral, and who wants a vote of its own."""
        say, parent = self.said.gettext, known.amendment.parent
        every = {
            say(N_("group %(name)s"), name=known.item.group): known.item.group,
            say(N_("to amendment %(number)s"), number=parent.number if parent else 0): parent,
            say(STATUSES[RebaseStatus.COLLIDES][0].words): known.is_waiting,
            say("by parts"): known.item.is_by_parts,
            say("late"): known.amendment.is_late,
            say("oral"): known.amendment.is_oral,
            say(N_("separate vote: %(who)s"), who=self.said.listed(known.separate)): known.separate,
        }
        return [words for words, is_so in every.items() if is_so]

    def lapsing(self, known: SittingItem) -> str:
        """What lapses if it is adopted, in a sentence; "" where nothing does."""
        if not known.lapses:
            return ""
        more = ["…"] if len(known.lapses) > MOST_NAMED else []
        return self.said.ngettext(
            "If adopted, amendment %(numbers)s lapses.",
            "If adopted, amendments %(numbers)s lapse.",
            len(known.lapses),
            numbers=self.said.listed([*map(str, known.lapses[:MOST_NAMED]), *more]),
        )

    def sentence(self, known: SittingItem, language: Language) -> str:
        """What the chair says to put it to the plenary."""
        spoken, amendment = messages(language), known.amendment
        facts = {"number": known.item.number, "who": known.item.who}
        group = [other.item.number for other in self.sitting.items if other.item.group == known.item.group]
        if known.item.group and len(group) > 1:
            numbers = spoken.listed(map(str, group))
            opening = spoken.gettext(
                N_("We come to group %(group)s: amendments %(numbers)s."), group=known.item.group, numbers=numbers
            )
        elif amendment.parent is not None:
            opening = spoken.gettext(
                N_("We come to amendment %(number)s, submitted by %(who)s, to amendment %(amends)s."),
                amends=amendment.parent.number,
                **facts,
            )
        else:
            opening = spoken.gettext(
                N_("We come to amendment %(number)s, submitted by %(who)s: %(what)s."),
                what=self.about(known, spoken),
                **facts,
            )
        parts = [spoken.gettext(N_("I put it part by part."))] if known.item.is_by_parts else []
        return " ".join((opening, *parts, spoken.gettext(_QUESTIONS[self.sitting.means])))

    @property
    def _name(self) -> str:
        return self.sitting.declaration.name.said_in(self.said.language)

    def _add(self, kind: BlockKind, words: str, level: int = 0) -> None:
        self.made.add(kind, escape_markdown(words), level)

    def _say(self, language: Language, kind: BlockKind, words: str) -> None:
        """The same, in a language that need not be the paper's."""
        place = f"said-{len(self.made.blocks)}"
        self.tongues[place] = language
        self.made.add(kind, words, block_id=place)

    def _report(self, *, is_landscape: bool = False) -> PaperReport:
        sitting, leaf = self.sitting, self.sitting.leaf
        header = self.said.gettext(
            N_("%(declaration)s · revision %(revision)s · %(at)s"),
            declaration=self._name,
            revision=sitting.declaration.head.number,
            at=self.said.moment(sitting.at),
        )
        if leaf.count > 1:
            header = f"{header} · {leaf.number} / {leaf.count}"
        document = Document(tuple(self.made.blocks), self.said.language)
        return PaperReport(document, {}, header, sitting.at.date(), is_landscape, self.tongues)

    def _heading(self, known: SittingItem) -> str:
        words = self.said.gettext("Amendment %(number)s, %(name)s", number=known.item.number, name=known.item.who)
        return " · ".join((f"{known.place}. {words}", self.about(known), *self.marks(known)))

    def _words(self, known: SittingItem) -> Iterator[tuple[Language, str]]:
        """What changes, as submitted; then in each other language as it would read, where that is known."""
        own = known.amendment.language
        for language in sorted(LANGUAGES, key=lambda language: language is not own):
            for place in touched(known.version)[:_MOST_PLACES]:
                change = self._change(place.hunk, language, own)
                if change is not None:
                    yield language, f"{language.upper()}: {marked_change(*change)}"

    def _change(self, hunk: Hunk, language: Language, own: Language) -> tuple[str, str] | None:
        """The words before and after in a language; None where nobody has prepared them."""
        if language is own:
            return _text(hunk.old), _text(hunk.new)
        rows = [self.labels.row(block.id) for block in hunk.old]
        if any(row is None or language not in row.texts for row in rows):
            return None
        old = _text([row.block(language) for row in rows if row])
        if hunk.kind is HunkKind.DELETE:
            return old, ""
        [*words] = (self.sitting.prepared.get((language, block.id, block.text)) for block in hunk.new)
        return (old, " ".join(plain(said) for said in words if said)) if all(words) else None

    def _facts(self, known: SittingItem) -> Iterator[str]:
        """Who else stands behind it, what is advised, and what lapses."""
        say = self.said.gettext
        behind = [each.name for each in organisations_behind(known.amendment) if each.name != known.item.who]
        if behind:
            yield say(N_("With %(who)s."), who=self.said.listed(behind))
        for opinion in known.opinions:
            reason = _shortened(opinion.reason, _LONGEST_REASON)
            yield f"{say(ROLE_NAMES[opinion.role])}{say(':')} {say(STANCES[opinion.stance])}. {reason}"
        if known.lapses:
            yield self.lapsing(known)


def _about(place: TouchedPlace, labels: ParagraphLabels) -> str:
    if place.hunk.kind is not HunkKind.INSERT:
        return labels.say(SAID[place.hunk.kind], place.block_id)
    say = labels.messages.gettext
    where = labels.say(AFTER, place.block_id) if place.block_id in labels.places else say(AT_THE_BEGINNING)
    return f"{say(NEW_PARAGRAPH)}, {where}"


def _text(blocks: Sequence[Block]) -> str:
    return " ".join(plain(block.text) for block in blocks)


def _shortened(words: str, most: int) -> str:
    words = " ".join(words.split())
    return words if len(words) <= most else f"{words[:most].rsplit(' ', 1)[0]} …"


def marked_change(old: str, new: str) -> str:
    """A change in Markdown: new words in bold, deleted ones in brackets, and few of those around them."""
    old, new = " ".join(old.split()), " ".join(new.split())
    pieces, at = [], 0
    for hunk in word_diff(old, new):
        gone = old[hunk.start.offset : hunk.end.offset]
        pieces.append(StyledPiece(GlyphKind.TEXT, _around(old[at : hunk.start.offset], is_first=not at)))
        if gone:
            space = " " if hunk.new or gone != gone.rstrip() else ""
            inside = styled(_shortened(gone, _LONGEST), _ITALIC)
            pieces += [StyledPiece(GlyphKind.TEXT, "["), *inside, StyledPiece(GlyphKind.TEXT, f"]{space}")]
        come = hunk.new if len(hunk.new) <= _LONGEST else f"{_shortened(hunk.new, _LONGEST)} "
        pieces += styled(come, _BOLD)
        at = hunk.end.offset
    pieces.append(StyledPiece(GlyphKind.TEXT, _around(old[at:], is_last=True)))
    return markdown_of([piece for piece in pieces if piece.text])


def _around(words: str, *, is_first: bool = False, is_last: bool = False) -> str:
    """What stands unchanged beside a change, without the middle of it."""
    if len(words) <= 2 * _CONTEXT:
        return words
    before = "" if is_first else words[:_CONTEXT].rpartition(" ")[0]
    after = "" if is_last else words[-_CONTEXT:].partition(" ")[2]
    return f"{before} … {after}".lstrip() if is_first else f"{before} … {after}"


class MadePaper(Struct, frozen=True):
    """A paper, and of which page of the order it is."""

    report: PaperReport
    leaf: AgendaPage


class SittingPapers:
    """Makes the papers of a sitting as files, in the language of `said`."""

    def __init__(self, db: Db, said: Messages) -> None:
        self.db = db
        self.said = said

    def made(self, declaration: Declaration, paper: SittingPaper, *, actor: Actor, number: int = 1) -> MadePaper:
        """A page of it. Raises `NotFound` where the actor may not read it."""
        if not may_do(actor, ACTIONS[paper], declaration):
            raise NotFound(what="paper", id=paper.value)
        sitting = sitting_of(self.db, declaration, actor=actor, number=number, size=ON_PAPER)
        writer = SittingWriter(sitting, self.said)
        report = writer.brief() if paper is SittingPaper.BRIEF else writer.voting_list()
        return MadePaper(report, sitting.leaf)

    def send_voting_list(self, declaration: Declaration, *, actor: Actor) -> int:
        """A letter with the way to it for every delegate with a vote; how many there are."""
        ensure_may(actor, "voting_list.send", declaration)
        path = f"/{{language}}/{declaration.forum.slug}/{declaration.slug}/sitting/{SittingPaper.VOTING_LIST}"
        names = declaration.name.to_dict()
        service = LetterService(self.db)
        letters = service.announce(declaration.forum, "voting_list", roles=VOTERS, declaration=names, path=path)
        log.record_in(self.db, "floor.list_sent", declaration, actor=actor, letters=letters)
        return letters

    def file(
        self, declaration: Declaration, paper: SittingPaper, form: PaperFormat, *, actor: Actor, number: int = 1
    ) -> MadeFile:
        """The same as a file."""
        report = self.made(declaration, paper, actor=actor, number=number).report
        return paper_file(f"{declaration.slug}.{paper}.{self.said.language}", report, form)
