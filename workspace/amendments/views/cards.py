"""What a card on the committee's desk says beside the proposal itself: its single changes, opinions, other words."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from uuid import UUID

from markupsafe import Markup
from msgspec import Struct, field

from drafts.diff.hunks import HunkKind
from drafts.merge.disputes import Cluster, ClusterKind
from drafts.text.blocks import Language
from workspace.amendments.decisions import brackets
from workspace.amendments.decisions import brackets as additions
from workspace.amendments.decisions.partial import single_changes
from workspace.amendments.domain import stored_amendments
from workspace.amendments.domain.committee_models import Answer, Opinion, Reply, Stance
from workspace.amendments.domain.conflicts import proposal_fingerprint
from workspace.amendments.domain.models import Amendment, Verdict
from workspace.amendments.domain.opinions import AdviceService, put_beside
from workspace.amendments.domain.outcomes import AdoptionPreview
from workspace.amendments.views.amendment import AmendmentView, AmendmentViewBuilder, ChangedPlace, hunk_html
from workspace.core.storage.db import Db
from workspace.declarations.domain import paragraph_status
from workspace.declarations.domain.models import Declaration
from workspace.web.i18n.marking import N_
from workspace.web.pages import ROLE_NAMES

STANCES: Mapping[Stance, str] = {
    Stance.ACCEPT: N_("In favour"),
    Stance.REJECT: N_("Against"),
    Stance.MODIFY: N_("Another wording"),
}
REPLIES: Mapping[Reply, str] = {
    Reply.ACCEPT: N_("Its author accepts this wording."),
    Reply.MAINTAIN: N_("Its author maintains the original wording."),
}
CLOSED = N_("Paragraph closed: reopen it first.")
IN_BRACKETS = N_("Paragraph in brackets: add to them, or remove them first.")


class SingleChangeLine(Struct, frozen=True):
    """One change that can be taken alone."""

    number: int
    html: Markup


class OpinionLine(Struct, frozen=True):
    """What somebody of the committee advises. `who` is a role and a name."""

    role: str
    who: str
    stance: str
    reason: str


class ModifiedWording(Struct, frozen=True):
    """Other words that were put for the amendment, and what its proposer said to them ("" while they have not)."""

    parts: Sequence[ChangedPlace]
    wording: str
    reply: str
    stance: str  # of the answer, by its name
    word: str


class CardDetails(Struct, frozen=True):
    """`shut` says why nothing can be adopted there now, "" where it can."""

    pieces: Sequence[SingleChangeLine] = ()
    opinions: Sequence[OpinionLine] = ()
    beside: ModifiedWording | None = None
    shut: str = ""
    is_bracketable: bool = False
    has_objection: bool = False


EMPTY_DETAILS = CardDetails()


class CardDetailsLoader(Struct, frozen=True):
    """All that the cards of one declaration need to be dressed; read in a fixed number of queries."""

    opinions: Mapping[UUID, Sequence[Opinion]] = field(default_factory=dict)
    answers: Mapping[UUID, Answer] = field(default_factory=dict)
    closed: frozenset[str] = frozenset()
    in_brackets: frozenset[str] = frozenset()

    @classmethod
    def of(cls, db: Db, declaration: Declaration, amendments: Sequence[Amendment]) -> "CardDetailsLoader":
        advice = AdviceService(db)
        return cls(
            advice.opinions(amendments),
            advice.answers(amendments),
            paragraph_status.closed(db, declaration),
            brackets.open_blocks(db, declaration),
        )

    def dress(self, amendment: Amendment, builder: AmendmentViewBuilder, *, is_divided: bool = True) -> CardDetails:
        """Everything about one amendment. Its single changes are drawn only where somebody can choose among them."""
        hunks = amendment.own.diff
        blocks = {block.id for hunk in hunks for block in hunk.old}
        say = builder.work.messages.gettext
        shut = CLOSED if blocks & self.closed else IN_BRACKETS if blocks & self.in_brackets else ""
        is_whole = amendment.is_indivisible or amendment.parent_id is not None
        is_single = len(hunks) == 1 and hunks[0].kind in {HunkKind.REWORD, HunkKind.DELETE}
        is_single = is_single or additions.is_addition(hunks)
        return CardDetails(
            pieces=tuple(_pieces(amendment, builder)) if is_divided and not is_whole else (),
            opinions=[self._opinion(opinion, builder) for opinion in self.opinions.get(amendment.id, ())],
            beside=self._beside(amendment, builder),
            shut=say(shut) if shut else "",
            has_objection=any(opinion.stance is not Stance.ACCEPT for opinion in self.opinions.get(amendment.id, ())),
            is_bracketable=is_single and amendment.parent_id is None and not blocks & self.closed,
        )

    def _opinion(self, opinion: Opinion, builder: AmendmentViewBuilder) -> OpinionLine:
        say = builder.work.messages.gettext
        return OpinionLine(
            role=say(ROLE_NAMES[opinion.role]),
            who=opinion.given_by.name if opinion.given_by else "",
            stance=say(STANCES[opinion.stance]),
            reason=opinion.reason,
        )

    def _beside(self, amendment: Amendment, builder: AmendmentViewBuilder) -> ModifiedWording | None:
        version = put_beside(amendment)
        if version is None:
            return None
        changes = stored_amendments.changes_of(version)
        reworded = stored_amendments.single_rewording(changes)
        answer = self.answers.get(amendment.id)
        passages = builder.passages_in(amendment.language)
        return ModifiedWording(
            parts=tuple(builder.parts(version.diff, changes, passages)),
            wording=reworded.text or "" if reworded else "",
            reply=builder.work.messages.gettext(REPLIES[answer.reply]) if answer else "",
            stance=answer.reply.value if answer else "",
            word=answer.word if answer else "",
        )


def _pieces(amendment: Amendment, builder: AmendmentViewBuilder) -> Iterator[SingleChangeLine]:
    """The single changes, if there are several."""
    found = single_changes(amendment.own.diff)
    passages = builder.passages_in(amendment.language)
    if len(found) > 1:
        yield from (
            SingleChangeLine(single_change.number, hunk_html(single_change.alone, passages)) for single_change in found
        )


class Card(Struct, frozen=True):
    """One proposal: the amendment that asked first, and the others that ask for the very same.

    `may_hand_over`: words of another language stand against it, and may be taken instead.
    """

    line: AmendmentView
    same: Sequence[AmendmentView]
    may_hand_over: bool
    dressing: CardDetails = EMPTY_DETAILS

    @property
    def barred(self) -> frozenset[Verdict]:
        """The verdicts that cannot be given on it as it stands."""
        is_open = not self.dressing.shut
        given = {
            Verdict.ADOPT: is_open,
            Verdict.ADOPT_MODIFIED: is_open and bool(self.line.block),
            Verdict.ADOPT_PARTLY: is_open and bool(self.dressing.pieces),
            Verdict.BRACKET: self.dressing.is_bracketable,
            Verdict.HAND_OVER: self.may_hand_over,
        }
        return frozenset(verdict for verdict, may_be in given.items() if not may_be)

    @property
    def is_free(self) -> bool:
        """Whether it can be adopted without a word: nothing stands against it, nothing is to be decided first.

        One that came after the window had closed is not: whether it is taken at all is for the committee to say.
        """
        return (
            bool(self.decidable)
            and not (self.may_hand_over or self.dressing.shut or self.dressing.has_objection)
            and not self.line.open_children
            and not any(line.is_late or line.is_overtaken for line in self.lines)
        )

    @property
    def lines(self) -> Sequence[AmendmentView]:
        return (self.line, *self.same)

    @property
    def decidable(self) -> Sequence[int]:
        """The amendments on which this reader could decide: everybody's but their own and their delegation's."""
        return [line.number for line in self.lines if not line.is_ours]


class DisputedCards(Struct, frozen=True):
    """Cards that cannot all stand.

    `of_words` want different words or places in one language; `of_languages` change
    one paragraph in several, and are one where another language has led since.
    Either may be empty. `against` are the cards with which each cannot
    stand, by number; `rivals` those of one language, by the numbers under which they
    are decided. One of `languages` leads in each of the paragraphs `contested`.
    """

    of_words: Sequence[int]
    of_languages: Sequence[int]
    cards: Sequence[Card]
    against: Mapping[int, Sequence[int]]
    rivals: Mapping[int, Sequence[int]]
    contested: Sequence[str]
    languages: Sequence[Language]

    @property
    def numbers(self) -> frozenset[int]:
        return frozenset((*self.of_words, *self.of_languages))


class PlaceGroup(Struct):
    """What is proposed at one place of the text; `also` are those that change it, and stand at their first place.

    `text` is what stands there in `language`, the reader's where it has one, and `margin` beside it.
    """

    id: str
    title: str
    block: str = ""
    margin: str = ""
    text: Markup = Markup()
    language: Language = Language.ES
    disputes: list[DisputedCards] = field(default_factory=list)
    cards: list[Card] = field(default_factory=list)
    also: list[AmendmentView] = field(default_factory=list)


class TableBuilder(Struct, frozen=True, dict=True):
    """Builds the groups of one declaration. `prospects` say, for each language, what adopting everything would do.

    One that is not `is_drawn` says nothing of the words, and so costs little for thousands.
    """

    builder: AmendmentViewBuilder
    prospects: Mapping[Language, AdoptionPreview]
    wardrobe: CardDetailsLoader
    is_drawn: bool = True

    def groups(self, amendments: Sequence[Amendment]) -> Sequence[PlaceGroup]:
        """`amendments` to the text, each with those that amend it."""
        cards = {card.line.number: card for card in self._cards(amendments)}
        places: dict[int, PlaceGroup] = {}
        for dispute in self._disputes(cards):
            first = dispute.cards[0].line
            places.setdefault(first.place, self._place(first, first.place)).disputes.append(dispute)
        disputed = {number for place in places.values() for dispute in place.disputes for number in dispute.numbers}
        for card in cards.values():
            if card.line.number not in disputed:
                places.setdefault(card.line.place, self._place(card.line, card.line.place)).cards.append(card)
            for other in card.line.places[1:]:
                places.setdefault(other, self._place(card.line, other)).also.append(card.line)
        return [group for _, group in sorted(places.items())]

    def _place(self, line: AmendmentView, place: int) -> PlaceGroup:
        """Called as the page calls it: a paragraph without a number is quoted in one language for all who amend it."""
        passages = self.builder.passages
        if not line.about or place >= len(passages.rows):
            return PlaceGroup(f"place-{place}", line.about)
        row = passages.rows[place]
        language = passages.language if passages.language in row.texts else row.original_language
        text = self.builder.passages_in(language).html(row.block(language)) if self.is_drawn else Markup()
        return PlaceGroup(f"place-{place}", passages.name_of(row.id), row.id, passages.margin(row.id), text, language)

    def _cards(self, amendments: Sequence[Amendment]) -> Iterator[Card]:
        together: dict[tuple[object, ...], list[Amendment]] = {}
        for amendment in amendments:
            together.setdefault(proposal_fingerprint(amendment), []).append(amendment)
        for first, *others in together.values():
            lines = [self.builder.line(amendment, is_drawn=self.is_drawn) for amendment in (first, *others)]
            yield Card(
                line=lines[0],
                same=lines[1:],
                may_hand_over=first.number in self._apart,
                dressing=self.wardrobe.dress(first, self.builder, is_divided=self.is_drawn),
            )

    @cached_property
    def _apart(self) -> frozenset[int]:
        clusters = (cluster for prospect in self.prospects.values() for cluster in prospect.apart)
        of_words = (cluster for cluster in clusters if cluster.kind is ClusterKind.LANGUAGES)
        return frozenset(number for cluster in of_words for number in cluster.amendments)

    def _disputes(self, cards: Mapping[int, Card]) -> Iterator[DisputedCards]:
        by_number = {line.number: card for card in cards.values() for line in card.lines}
        every = (cluster for prospect in self.prospects.values() for cluster in prospect.clusters)
        crossing = [cluster for prospect in self.prospects.values() for cluster in prospect.apart]
        for clusters in connected([cluster for cluster in every if by_number.keys() >= set(cluster.amendments)]):
            firsts = dict.fromkeys(by_number[number].line.number for number in _numbers(clusters))
            of_words = [cluster for cluster in clusters if cluster.kind is ClusterKind.WORDS]
            apart = [cluster for cluster in clusters if cluster in crossing]
            shared = [self.builder.passages.rows[cluster.base_blocks[0]] for cluster in apart]
            reworded = [cluster.base_blocks[0] for cluster in apart if cluster.kind is ClusterKind.LANGUAGES]
            spoken = {self.builder.passages.rows[place].original_language for place in reworded}
            spoken |= {by_number[number].line.language for number in _numbers(apart)}
            yield DisputedCards(
                of_words=_numbers(of_words),
                of_languages=_numbers(apart),
                cards=[cards[number] for number in firsts],
                against=_against(clusters, lambda number: by_number[number].line.number),
                rivals=_against(of_words, lambda number: next(iter(by_number[number].decidable), 0)),
                contested=list(dict.fromkeys(row.id for row in shared)),
                languages=sorted(spoken, key=list(Language).index),
            )


def _against(clusters: Iterable[Cluster], name: Callable[[int], int]) -> Mapping[int, Sequence[int]]:
    """Who collides with whom, by what each is called; what is called 0 is left out."""
    found: dict[int, set[int]] = {}
    for cluster in clusters:
        named = {called for number in cluster.amendments if (called := name(number))}
        for called in named:
            found.setdefault(called, set()).update(named - {called})
    return {called: sorted(others) for called, others in found.items() if others}


def _numbers(clusters: Iterable[Cluster]) -> Sequence[int]:
    return sorted({number for cluster in clusters for number in cluster.amendments})


def connected(clusters: Sequence[Cluster]) -> Sequence[Sequence[Cluster]]:
    """Clusters that have amendments in common, together: they are decided together."""
    groups: list[list[Cluster]] = []
    for cluster in clusters:
        touching = [
            group for group in groups if any(set(member.amendments) & set(cluster.amendments) for member in group)
        ]
        groups = [group for group in groups if group not in touching]
        groups.append([*(cluster for group in touching for cluster in group), cluster])
    return groups
