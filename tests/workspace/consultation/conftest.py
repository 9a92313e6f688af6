"""A rapporteur with a document that was just read."""

import pytest

from tests.support import factories
from workspace.core.actor import OPERATOR, Role
from workspace.interchange.import_service import NoteImportService
from workspace.sessions.extraction import Evidence, Extraction, Inconsistency, Person, SessionFound, Statement
from workspace.sessions.service import SessionService

NOTE = """# Water for every district

Date: 4 March 2027, 10:00-11:30 (UTC+1)
Place: Town hall, Villa Clara

## Agenda

- 10 min. Welcome
- 60 min. Round table

## Speakers

- Ana Ruiz, mayor, Villa Clara
- Representative of the water board (to be confirmed)

## Recommendations

- Towns must publish the state of their fountains every year and towns should mend
  what leaks within ten days.
- Regions should lend pumps to the towns that ask for them.
- Schools must teach where the water comes from.

## Impressions

The mayors want a common price for the water that they sell each other.
"""

READ = Extraction(
    source="water.md",
    language="en",
    document_kind="minutes",
    title="Water for every district",
    sessions=(
        SessionFound(
            title="Water for every district",
            start="2027-03-04T10:00+01:00",
            end="2027-03-04T11:30+01:00",
            place="Town hall, Villa Clara",
            stated_duration_minutes=90,
            speakers=(
                Person(name="Ana Ruiz", role="mayor", organisation="Villa Clara"),
                Person(role="Representative of the water board", confirmed="no"),
            ),
        ),
    ),
    recommendations=(
        Statement(
            text="Towns must publish the state of their fountains every year and towns should mend what leaks within "
            "ten days.",
            line=18,
            section="Recommendations",
            session=0,
        ),
        Statement(text="Regions should lend pumps to the towns that ask for them.", line=20, section="Recommendations"),
        Statement(text="Schools must teach where the water comes from.", line=21, section="Recommendations"),
    ),
    inconsistencies=(
        Inconsistency(
            type="agenda_total",
            severity="warning",
            description="The agenda adds up to 70 minutes, and the session lasts 90.",
            evidence=(Evidence(quote="60 min. Round table", line=9),),
        ),
    ),
)


@pytest.fixture
def rapporteur(store):
    """Whose session it is."""
    with store.writing() as db:
        return factories.person(db, Role.RAPPORTEUR, "R. Apport")


@pytest.fixture
def document(store, rapporteur):
    """The document's id; nothing of it is confirmed."""
    with store.writing() as db:
        forum = factories.forum(db)
        taken = NoteImportService(db).take_in(forum, READ, NOTE, actor=OPERATOR)
        for session in taken.sessions:
            SessionService(db).give_to(session, rapporteur.person_id, actor=OPERATOR)
        return taken.document.id
