"""What a card on the committee's desk says beside the proposal itself: its single changes, opinions, other words."""

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from markupsafe import Markup
from msgspec import Struct, field

from drafts.diff import HunkKind
from workspace.amendments import additions, brackets, proposals
from workspace.amendments.advising import AdviceService, put_beside
from workspace.amendments.committee_models import Answer, Opinion, Reply, Stance
from workspace.amendments.models import Amendment
from workspace.amendments.pieces import pieces
from workspace.amendments.views import LineBuilder, Part, hunk_html
from workspace.core.db import Db
from workspace.declarations import paragraph_status
from workspace.declarations.models import Declaration
from workspace.web.i18n import N_
from workspace.web.pages import ROLE_NAMES

STANCES: Mapping[Stance, str] = {
    Stance.ACCEPT: N_("In favour"),
    Stance.REJECT: N_("Against"),
    Stance.MODIFY: N_("With other words"),
}
REPLIES: Mapping[Reply, str] = {
    Reply.ACCEPT: N_("Its proposer accepts these words."),
    Reply.MAINTAIN: N_("Its proposer maintains their own words."),
}
CLOSED = N_("Its paragraph is closed: it is opened again before anything can be adopted there.")
IN_BRACKETS = N_("Its paragraph stands in brackets: add these words to the bracket, or resolve the bracket first.")


class PieceLine(Struct, frozen=True):
    """One change that can be taken alone."""

    number: int
    html: Markup


class OpinionLine(Struct, frozen=True):
    """What somebody of the committee advises. `who` is a role and a name."""

    role: str
    who: str
    stance: str
    reason: str


class Beside(Struct, frozen=True):
    """Other words that were put for the amendment, and what its proposer said to them ("" while they have not)."""

    parts: Sequence[Part]
    wording: str
    reply: str
    stance: str  # of the answer, by its name
    word: str


class Dressing(Struct, frozen=True):
    """`shut` says why nothing can be adopted there now, "" where it can."""

    pieces: Sequence[PieceLine] = ()
    opinions: Sequence[OpinionLine] = ()
    beside: Beside | None = None
    shut: str = ""
    is_bracketable: bool = False
    has_objection: bool = False


BARE = Dressing()


class Wardrobe(Struct, frozen=True):
    """All that the cards of one declaration need to be dressed; read in a fixed number of queries."""

    opinions: Mapping[UUID, Sequence[Opinion]] = field(default_factory=dict)
    answers: Mapping[UUID, Answer] = field(default_factory=dict)
    closed: frozenset[str] = frozenset()
    in_brackets: frozenset[str] = frozenset()

    @classmethod
    def of(cls, db: Db, declaration: Declaration, amendments: Sequence[Amendment]) -> "Wardrobe":
        advice = AdviceService(db)
        return cls(
            advice.opinions(amendments),
            advice.answers(amendments),
            paragraph_status.closed(db, declaration),
            brackets.open_blocks(db, declaration),
        )

    def dress(self, amendment: Amendment, builder: LineBuilder, *, is_divided: bool = True) -> Dressing:
        """Everything about one amendment. Its single changes are drawn only where somebody can choose among them."""
        hunks = proposals.hunks_of(amendment.own)
        blocks = {block.id for hunk in hunks for block in hunk.old}
        say = builder.work.messages.gettext
        shut = CLOSED if blocks & self.closed else IN_BRACKETS if blocks & self.in_brackets else ""
        is_whole = amendment.is_indivisible or amendment.parent_id is not None
        of_one = len(hunks) == 1 and hunks[0].kind in {HunkKind.REWORD, HunkKind.DELETE}
        of_one = of_one or additions.is_addition(hunks)
        return Dressing(
            pieces=tuple(_pieces(amendment, builder)) if is_divided and not is_whole else (),
            opinions=[self._opinion(one, builder) for one in self.opinions.get(amendment.id, ())],
            beside=self._beside(amendment, builder),
            shut=say(shut) if shut else "",
            has_objection=any(one.stance is not Stance.ACCEPT for one in self.opinions.get(amendment.id, ())),
            is_bracketable=of_one and amendment.parent_id is None and not blocks & self.closed,
        )

    def _opinion(self, opinion: Opinion, builder: LineBuilder) -> OpinionLine:
        say = builder.work.messages.gettext
        return OpinionLine(
            role=say(ROLE_NAMES[opinion.role]),
            who=opinion.given_by.name if opinion.given_by else "",
            stance=say(STANCES[opinion.stance]),
            reason=opinion.reason,
        )

    def _beside(self, amendment: Amendment, builder: LineBuilder) -> Beside | None:
        version = put_beside(amendment)
        if version is None:
            return None
        changes = proposals.changes_of(version)
        reworded = proposals.single_rewording(changes)
        answer = self.answers.get(amendment.id)
        passages = builder.passages_in(amendment.language)
        return Beside(
            parts=tuple(builder.parts(proposals.hunks_of(version), changes, passages)),
            wording=reworded.text or "" if reworded else "",
            reply=builder.work.messages.gettext(REPLIES[answer.reply]) if answer else "",
            stance=answer.reply.value if answer else "",
            word=answer.word if answer else "",
        )


def _pieces(amendment: Amendment, builder: LineBuilder) -> Iterator[PieceLine]:
    """The single changes, if there are several."""
    found = pieces(proposals.hunks_of(amendment.own))
    passages = builder.passages_in(amendment.language)
    if len(found) > 1:
        yield from (PieceLine(one.number, hunk_html(one.alone, passages)) for one in found)
