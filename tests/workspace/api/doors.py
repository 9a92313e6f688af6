"""Every operation of the API that writes."""

from tests.workspace.api import consultation, deliberation, exchange, people, publication, translation
from tests.workspace.api.knocking import Knock, Place

SUBJECTS = (
    consultation.beginning,
    deliberation.writing,
    translation.texts,
    publication.letting_out,
    people.own,
    people.of_people,
    consultation.consulting,
    deliberation.amending,
    deliberation.in_committee,
    translation.wording,
    exchange.receiving,
    deliberation.put_to_the_room,
    publication.around,
    publication.correcting,
)


def every(place: Place) -> list[Knock]:
    """One knock at each door, a few at those that take bodies of several shapes."""
    return [knock for subject in SUBJECTS for knock in subject(place)]
