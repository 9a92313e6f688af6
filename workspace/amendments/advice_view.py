"""Opinions and answers on the page of one amendment."""

from collections.abc import Sequence

from msgspec import Struct

from workspace.amendments import advising
from workspace.amendments.committee_models import Stance
from workspace.amendments.dressing import STANCES, Dressing, Wardrobe
from workspace.amendments.models import Amendment
from workspace.amendments.proposals import changes_of, single_rewording
from workspace.amendments.views import LineBuilder, Part
from workspace.core.db import Db


class AdviceView(Struct, frozen=True):
    """What the committee thinks of it, and what the reader may add."""

    dressing: Dressing
    stances: Sequence[tuple[str, str]]
    may_advise: bool
    may_answer: bool

    def shows(self, parts: Sequence[Part]) -> bool:
        """Whether these words stand there already, put in the place of the member's."""
        return self.dressing.beside is not None and tuple(self.dressing.beside.parts) == tuple(parts)


def advice_on(db: Db, amendment: Amendment, builder: LineBuilder) -> AdviceView:
    actor, say = builder.work.actor, builder.work.messages.gettext
    advice = advising.AdviceService(db)
    wardrobe = Wardrobe(advice.opinions([amendment]), advice.answers([amendment]))
    can_be_worded = amendment.parent_id is None and single_rewording(changes_of(amendment.own)) is not None
    is_own = amendment.proposer_id == actor.person_id
    return AdviceView(
        dressing=wardrobe.dress(amendment, builder, is_divided=False),
        stances=[
            (stance.value, say(words))
            for stance, words in STANCES.items()
            if stance is not Stance.MODIFY or (can_be_worded and not is_own)
        ],
        may_advise=amendment.disposition.is_undecided and advising.may_advise(actor, amendment.declaration),
        may_answer=advising.may_answer(actor, amendment),
    )
