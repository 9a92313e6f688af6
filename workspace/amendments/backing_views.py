"""Who stands behind an amendment, as pages show it to one reader."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from msgspec import Struct

from workspace.amendments import policy
from workspace.amendments.backing import is_spoken_for, organisations_behind, own_support, sponsors, supporters
from workspace.amendments.models import Amendment, Cosponsor, Cosponsoring, Support
from workspace.core.actor import Actor
from workspace.core.errors import Invalid
from workspace.people.models import Person


class Backer(Struct, frozen=True):
    """Somebody by name, and for whom they speak."""

    id: str
    name: str
    organisation: str

    @property
    def called(self) -> str:
        return f"{self.name} ({self.organisation})" if self.organisation else self.name


class Backing(Struct, frozen=True):
    """`organisations` are the names of all that stand behind it, the proposer's first. Who was invited and who
    declined is for the proposer to see. Those who stand behind `earlier_words` have said nothing since it was
    rewritten. `is_own_support`, `is_asked` and `is_sponsor` are about the reader; `is_spoken_for` says that
    somebody else has put the one voice of the reader's organisation behind it, and `may_take_back` that this is a
    support which they may take back.
    """

    sponsors: Sequence[Backer]
    invited: Sequence[Backer]
    declined: Sequence[Backer]
    supporters: Sequence[Backer]
    earlier_words: Sequence[Backer]
    organisations: Sequence[str]
    is_own_support: bool
    is_spoken_for: bool
    may_take_back: bool
    is_asked: bool
    is_sponsor: bool


def backing_of(amendment: Amendment, *, actor: Actor) -> Backing:
    asked = amendment.cosponsors
    own = next((one.standing for one in asked if one.person_id == actor.person_id), None)
    is_proposer = actor.person_id is not None and amendment.proposer_id == actor.person_id
    return Backing(
        sponsors=_backers(sponsors(amendment)),
        invited=_backers(one for one in asked if is_proposer and one.standing is Cosponsoring.INVITED),
        declined=_backers(one for one in asked if is_proposer and one.standing is Cosponsoring.DECLINED),
        supporters=_backers(supporters(amendment)),
        earlier_words=_of_earlier_words(amendment),
        organisations=[one.name for one in organisations_behind(amendment)],
        is_own_support=any(one.person_id == actor.person_id for one in supporters(amendment)),
        is_spoken_for=is_spoken_for(amendment, actor=actor),
        may_take_back=own_support(amendment, actor=actor) is not None,
        is_asked=own is Cosponsoring.INVITED and policy.may_back(actor, amendment),
        is_sponsor=own is Cosponsoring.CONFIRMED,
    )


def _of_earlier_words(amendment: Amendment) -> Sequence[Backer]:
    written = amendment.own.made_at
    signed = (one for one in sponsors(amendment) if (one.answered_at or one.invited_at) < written)
    joined = (one for one in supporters(amendment) if one.supported_at < written)
    return [*_backers(signed), *_backers(joined)]


def backer(person: Person, forum_id: UUID) -> Backer:
    """Somebody of the forum."""
    held = (one.organisation for one in person.mandates if one.forum_id == forum_id and one.organisation)
    organisation = next(held, None)
    return Backer(str(person.id), person.name, organisation.name if organisation else "")


def called(name: str, people: Sequence[Backer]) -> Backer:
    """Whom somebody means who typed a name, an organisation, or both; raises `Invalid` where that is not one person."""
    wanted = " ".join(name.split()).casefold()
    for known in (
        [one for one in people if one.called.casefold() == wanted],
        [one for one in people if one.name.casefold() == wanted],
        [one for one in people if one.organisation.casefold() == wanted],
    ):
        if wanted and len(known) == 1:
            return known[0]
    raise Invalid(field="invitee", reason="nobody_so_called", given=name.strip()[:80])


def _backers(found: Iterable[Cosponsor | Support]) -> Sequence[Backer]:
    return [
        Backer(
            str(cosponsor.person_id),
            cosponsor.person.name,
            cosponsor.organisation.name if cosponsor.organisation else "",
        )
        for cosponsor in found
    ]
