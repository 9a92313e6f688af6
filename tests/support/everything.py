"""A forum in which every table has a row: one declaration still worked on, another published."""

from datetime import date

from drafts.amendments import Change, ChangeOp, Part
from drafts.markup import decode
from tests.support import factories
from tests.support.factories import EN, ES, FR
from workspace.amendments.models import Verdict
from workspace.amendments.service import AmendmentService, Ruling
from workspace.comments.service import CommentService
from workspace.core.actor import OPERATOR, Role
from workspace.core.db import Db
from workspace.core.log import ImportedLogEntry, leaf_hash
from workspace.core.permissions import Phase
from workspace.declarations import queries
from workspace.declarations.service import DeclarationService
from workspace.editions.service import EditionService
from workspace.interchange.notes import extract
from workspace.interchange.service import NotesService
from workspace.people.service import PeopleService
from workspace.recommendations.service import RecommendationService
from workspace.translations.service import TranslationService

NOTE = """# Water for every district

Date: 4 March 2027, 10:00-11:30 (UTC+1)

## Recommendations

- Towns must publish the state of their fountains every year.
- Regions should lend pumps to the towns that ask for them.
"""


def one_of_everything(db: Db) -> None:
    """Fill every table through the services that people use."""
    forum = factories.forum(db)
    people = PeopleService(db)
    town = people.add_organisation(forum, name="Town of Villa Clara", actor=OPERATOR)
    member = people.add_person(forum, name="M. Ember", role=Role.MEMBER, organisation=town, actor=OPERATOR).as_actor()
    chair, secretariat = factories.chair(db), factories.person(db, Role.SECRETARIAT)
    data = NOTE.encode()
    taken = NotesService(db).take_in(forum, extract(data, source="note.md"), decode(data, "note.md"), actor=OPERATOR)
    RecommendationService(db).confirm_all(forum, actor=OPERATOR)

    draft = factories.declaration(
        db, "Towns share water. They mend pumps.", {EN: "Only in English.", ES: "En español."}
    )
    first, second = (row.block_id for row in queries.head_rows(db, draft))
    DeclarationService(db).link(draft, first, taken.recommendations[0], actor=OPERATOR)
    CommentService(db).open(draft, first, text="And who pays?", language=EN, actor=member)
    TranslationService(db).leave_out(draft.id, second, FR, reason="No French member asked for it.", actor=chair)
    split = Change(ChangeOp.SPLIT, str(first), text="Towns share water.", parts=(Part("new", "They mend pumps."),))
    amendments = AmendmentService(db)
    proposed = amendments.propose(
        draft.id, base_revision=1, language=EN, changes=[split], reason="Two duties.", actor=member
    )
    amendments.decide(
        draft.id,
        [Ruling(proposed.id, Verdict.ADOPT, "Agreed.")],
        language=EN,
        expected_head=draft.head.id,
        actor=chair,
    )

    adopted = factories.declaration(db, slug="adopted", phase=Phase.ADOPTION)
    editions = EditionService(db)
    prepared = editions.prepare(adopted, adopted_on=date(2027, 6, 12), actor=secretariat)
    editions.request(adopted, actor=secretariat)
    editions.publish(adopted.id, prepared, actor=chair)
    waiting = factories.declaration(db, slug="waiting", phase=Phase.ADOPTION)
    editions.request(waiting, actor=secretariat)

    entry = '{"kind":"forum.founded"}'
    line = ImportedLogEntry(forum_id=forum.id, position=1, sequence=1, entry=entry, leaf_hash=leaf_hash(entry.encode()))
    db.add(line)
