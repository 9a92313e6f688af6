"""A forum in which every table has a row: one declaration still worked on, another published."""

from datetime import date, timedelta
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from drafts.base.transparency_log import Checkpoint, PublicKey, sign
from drafts.checks import Profile
from drafts.diff.amendments import Change, ChangeOp, SplitPart
from drafts.formats.apparatus import AnnexKind, Position
from drafts.formats.edition import MANIFEST
from drafts.text.blocks import Block, BlockKind, Document
from drafts.text.markup import decode
from tests.support import factories, questions
from tests.support.factories import EN, ES, FR
from workspace.amendments.change_form.drafts import AmendmentDraftService, ChangeEntry, DraftContent
from workspace.amendments.compromise import CompromiseService
from workspace.amendments.desk import choices
from workspace.amendments.desk.choices import CardChoice, DeskMarks
from workspace.amendments.domain.committee_models import Reply, Stance
from workspace.amendments.domain.models import Verdict
from workspace.amendments.domain.opinions import AdviceService
from workspace.amendments.domain.outcomes import Ruling
from workspace.amendments.domain.sponsors import BackingService
from workspace.amendments.service import AmendmentService
from workspace.amendments.snapshots import SnapshotService
from workspace.approvals.models import Matter
from workspace.comments.quotes import QuotedPhrase
from workspace.comments.service import CommentService
from workspace.consultation.adopted_texts import AdoptedTextFields, BankService
from workspace.consultation.groups import GroupService
from workspace.consultation.marks import MarkService
from workspace.consultation.models import CommitmentStatus, MarkKind
from workspace.consultation.projects import ProjectService
from workspace.consultation.review import ReviewService, finding_digest
from workspace.core.actor import OPERATOR, Actor, Role
from workspace.core.clock import now
from workspace.core.jobs import JobRun
from workspace.core.outbox import queue_letter
from workspace.core.security.permissions import Phase
from workspace.core.settings import Outbound
from workspace.core.storage import log
from workspace.core.storage.db import Db, Trilingual, new_id
from workspace.core.storage.log import ImportedLogEntry, leaf_hash
from workspace.core.storage.maintenance import Maintenance
from workspace.declarations.domain import queries
from workspace.declarations.domain.calendar import CalendarService
from workspace.declarations.domain.models import Declaration, ParagraphStatus, Stage
from workspace.declarations.domain.paragraph_status import ParagraphStates
from workspace.declarations.domain.phase_changes import PhaseService
from workspace.declarations.domain.service import DeclarationService
from workspace.editions.domain.annexes import AnnexFields, AnnexService
from workspace.editions.domain.circulars import CircularService, CircularWords
from workspace.editions.domain.commitments import CommitmentService, Progress
from workspace.editions.domain.corrigenda import CorrigendumService
from workspace.editions.domain.edition_store import sha256
from workspace.editions.domain.models import CircularKind, ForumParent, ParentKind, SealedEdition, SealedFile
from workspace.editions.domain.overrides import OverrideService
from workspace.editions.domain.publication import EditionService
from workspace.editions.domain.reservations import ReservationService
from workspace.editions.domain.signatories import SignatoryFields, SignatoryService
from workspace.forms.models import FormKind
from workspace.forms.service import FormAnswerIn, FormIn, FormService
from workspace.history.checkpoints import LogMerkleTree, origin
from workspace.history.erasure import ErasureService
from workspace.history.models import SignedCheckpoint
from workspace.history.signing_keys import NAME
from workspace.interchange.import_service import NoteImportService
from workspace.interchange.models import DocumentIn, DocumentInAmendment, MailIn, MailInAmendment, MailInDocument
from workspace.interchange.notes import extract
from workspace.letters.models import Bounce, MailChoice, MailFrequency, MailKind
from workspace.people.emergency_access import EmergencyAccessService
from workspace.people.models import Forum
from workspace.people.roster_file import RosterSheet
from workspace.people.rosters import RosterService
from workspace.people.service import PeopleService
from workspace.recommendations.models import Taken, TaxonomyKind
from workspace.recommendations.search import ViewService
from workspace.recommendations.service import RecommendationService, VerbatimStatement
from workspace.recommendations.themes import ThemeService
from workspace.sessions.calendar_feeds import FeedService
from workspace.sessions.extraction import CollaborationProject, Inconsistency, SessionDetails, SessionFound
from workspace.sessions.files import FileService
from workspace.sessions.service import SessionService
from workspace.terms.models import HouseStyle, SegmentRecord, TermRecord, Trust
from workspace.translations.domain.models import (
    Assignment,
    Concordance,
    Review,
    SignOff,
    Suggestion,
    SuggestionSource,
    TextClaim,
    Waiver,
)
from workspace.translations.domain.models import ReviewVerdict as Opinion
from workspace.translations.domain.service import TranslationService
from workspace.webhooks.service import WebhookService

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
    taken = NoteImportService(db).take_in(
        forum, extract(data, source="note.md"), decode(data, "note.md"), actor=OPERATOR
    )
    RecommendationService(db).confirm_all(forum, actor=OPERATOR)

    draft = factories.declaration(
        db, "Towns share water. They mend pumps.", {EN: "Only in English.", ES: "En español."}
    )
    _fill_the_register(db, member)
    _follow_up(db, town.id)
    first, second = (row.block_id for row in queries.head_rows(db, draft))
    DeclarationService(db).link(draft, first, taken.recommendations[0], actor=OPERATOR)
    asked = CommentService(db).open(
        draft, first, text="And who pays, @A chair?", language=EN, actor=member, phrase=QuotedPhrase("share water", EN)
    )
    CommentService(db).recommend(
        CommentService(db)
        .edit(asked.comments[0].id, text="And who pays for it, @A chair?", language=EN, actor=member)
        .id,
        actor=OPERATOR,
    )
    TranslationService(db).leave_out(draft.id, second, FR, reason="No French member asked for it.", actor=chair)
    split = Change(ChangeOp.SPLIT, str(first), text="Towns share water.", parts=(SplitPart("new", "They mend pumps."),))
    amendments = AmendmentService(db)
    proposed = amendments.propose(
        draft.id, base_revision=1, language=EN, changes=[split], reason="Two duties.", actor=member
    )
    amendments.propose(
        draft.id,
        base_revision=1,
        language=EN,
        changes=[Change(ChangeOp.REWORD, str(first), text="Towns share clean water. They mend pumps.")],
        reason="So that it can be drunk.",
        actor=member,
    )
    _stand_behind(db, proposed.id, chair, proposer=member)
    AmendmentDraftService(db).begin(
        draft, DraftContent(language=EN, base=1, entries=(ChangeEntry(block=str(first)),)), actor=member
    )
    amendments.decide(
        draft.id,
        [Ruling(proposed.id, Verdict.ADOPT, "Agreed.")],
        expected_head=draft.head.id,
        actor=chair,
    )

    adopted = factories.declaration(db, slug="adopted", phase=Phase.ADOPTION)
    _print_around(db, adopted, member, town.id)
    _publish_one(db, adopted, secretariat, chair)
    _correct_one(db, adopted, secretariat)
    _seal_one(db, secretariat, chair)
    waiting = factories.declaration(db, slug="waiting", phase=Phase.ADOPTION)
    EditionService(db).request(waiting, actor=secretariat)

    _let_something_out(db, chair)
    _bring_into_three_languages(db, adopted)
    dated = factories.declaration(db, slug="dated", phase=Phase.CONSULTATION)
    dates = {"opens": "", "closes": (now() + timedelta(days=9)).strftime("%Y-%m-%dT%H:%M"), "zone": "Europe/Madrid"}
    CalendarService(db).set_dates(dated, Stage.AMENDMENTS, **dates, reason="", actor=chair)
    PhaseService(db).ask(dated, Matter.ADOPTION, actor=chair)
    admin = factories.person(db, Role.ADMIN)
    EmergencyAccessService(db).open(forum, reason="A page does not open.", actor=admin)

    _bring_a_log(db, forum.id)

    _bring_word_back(db, draft, proposed.id)

    queue_letter(db, "guest_check", to="guest@town.example", language="en", forum_id=forum.id, path="/en/third-forum")
    db.add(JobRun(name="checkpoint", began_at=now()))
    db.add(Maintenance(id=2, since=now()))

    _enrol(db)
    _tell_elsewhere(db, forum, admin)

    _sit_in_committee(db, draft.id, second, member, chair)

    asked = PeopleService(db).add_person(forum, name="F. Orget", role=Role.MEMBER, actor=OPERATOR)
    ErasureService(db).request(asked.id, withdraws_comments=False, actor=OPERATOR)
    _seal(db)


def _publish_one(db: Db, declaration: Declaration, one: Actor, other: Actor) -> None:
    editions = EditionService(db)
    day = date(2026, 6, 12)
    prepared = editions.prepare(declaration, adopted_on=day, actor=one)
    editions.request(declaration, actor=one, adopted_on=day)
    editions.publish(declaration.id, prepared, actor=other)


def _correct_one(db: Db, published: Declaration, actor: Actor) -> None:
    """A corrigendum that is being prepared."""
    paragraph = queries.head_rows(db, published)[0]
    corrected = paragraph.content(EN).replace(" ", "\u00a0", 1)
    CorrigendumService(db).correct(published, paragraph.block_id, EN, corrected, actor=actor)


def _seal_one(db: Db, one: Actor, other: Actor) -> None:
    """An edition that waits for its time, with a file that takes no time to make."""
    declaration, content = factories.declaration(db, slug="sealed", phase=Phase.ADOPTION), b"{}"
    declaration.releases_at, declaration.is_embargoed = now() + timedelta(days=3), True
    sealed = SealedEdition(
        declaration=declaration,
        edition_id=new_id(),
        revision_id=declaration.head_id,
        number=1,
        adopted_on=date(2026, 6, 12),
        fingerprint="0" * 64,
        manifest_sha256=sha256(content),
        requested_by_id=one.person_id,
        confirmed_by_id=other.person_id,
        sealed_at=now(),
        release_at=declaration.releases_at,
        release_offset=120,
        zone="Europe/Madrid",
        was_embargoed=False,
        files=[SealedFile(name=MANIFEST, media_type="application/json", sha256=sha256(content), content=content)],
    )
    db.add(sealed)
    db.flush()


def _bring_a_log(db: Db, forum_id: UUID) -> None:
    """A line of the log of another database."""
    entry = '{"kind":"forum.founded"}'
    line = ImportedLogEntry(forum_id=forum_id, position=1, sequence=0, entry=entry, leaf_hash=leaf_hash(entry.encode()))
    db.add(line)


def _bring_into_three_languages(db: Db, declaration: Declaration) -> None:
    """A waiver, a term, a style, a segment; a review, signatures, somebody at work, a task and a suggestion."""
    row, at = queries.head_rows(db, declaration)[0], now()
    here = {"declaration_id": declaration.id, "block_id": row.block_id}
    person_id = factories.person(db, Role.TRANSLATOR).person_id
    ids = {f"{language}_id": text.id for language, text in row.texts.items()}
    db.add_all(
        (
            Waiver(
                **here,
                language=EN,
                check_name="length_ratio",
                words_hash="0" * 64,
                reason="It is right so.",
                waived_at=at,
            ),
            TermRecord(forum_id=declaration.forum_id, es=["agua"], en=["water"], fr=["eau"], changed_at=at),
            HouseStyle(forum_id=declaration.forum_id, profile=Profile.UN, changed_at=at),
            SegmentRecord(
                forum_id=declaration.forum_id,
                key="0" * 64,
                position=1,
                en="Water.",
                fr="Eau.",
                trust=Trust.SAVED,
                made_at=at,
            ),
            Review(declaration_id=declaration.id, version_id=ids["fr_id"], verdict=Opinion.APPROVED, reviewed_at=at),
            Concordance(**here, **ids, signed_at=at),
            SignOff(declaration_id=declaration.id, language=FR, texts_hash="0" * 64, signed_at=at),
            TextClaim(**here, language=FR, person_id=person_id, until=at),
            Assignment(**here, language=FR, person_id=person_id, made_at=at),
            Suggestion(**here, language=FR, content="Eau.", came_from=SuggestionSource.FILE, made_at=at),
        )
    )
    db.flush()


def _enrol(db: Db) -> None:
    """Somebody with an address, and a spreadsheet of people that waits to be taken in."""
    forum = factories.forum(db)
    PeopleService(db).add_person(forum, name="G. Uest", role=Role.MEMBER, email="g.uest@town.example", actor=OPERATOR)
    sheet = RosterSheet([(2, {"name": "R. Oster"})], ["name"], [])
    RosterService(db).keep(forum, sheet, source="people.csv", role=Role.MEMBER, actor=OPERATOR)


def _sit_in_committee(db: Db, declaration_id: UUID, block_id: UUID, member: Actor, chair: Actor) -> None:
    """An opinion with other words, the answer to it, a bracket for an amendment, a table, choices, a status."""
    service, declaration = AmendmentService(db), DeclarationService(db).get(declaration_id)
    contested = service.propose(
        declaration_id,
        base_revision=declaration.head.number,
        language=EN,
        changes=[Change(ChangeOp.REWORD, str(block_id), text="Only in plain English.")],
        reason="It is plainer.",
        actor=member,
    )
    other = Change(ChangeOp.REWORD, str(block_id), text="In English only.")
    rival = service.propose(
        declaration_id,
        base_revision=declaration.head.number,
        language=EN,
        changes=[Change(ChangeOp.REWORD, str(block_id), text="In English, alas.")],
        reason="It is sad.",
        actor=member,
    )
    CompromiseService(db).draft(
        declaration_id,
        base_revision=declaration.head.number,
        language=EN,
        changes=[Change(ChangeOp.REWORD, str(block_id), text="Only in English, alas.")],
        reason="Both.",
        replaces=[contested.number, rival.number],
        actor=chair,
    )
    advice = AdviceService(db)
    advice.give_opinion(contested.id, Stance.MODIFY, reason="Shorter.", changes=[other], actor=chair)
    advice.answer(contested.id, Reply.MAINTAIN, word="Mine is clearer.", actor=member)
    service.decide(
        declaration_id,
        [Ruling(contested.id, Verdict.BRACKET)],
        expected_head=declaration.head.id,
        actor=chair,
    )
    SnapshotService(db).take(declaration_id, actor=chair)
    choices.keep_marks(db, declaration, DeskMarks([CardChoice(2, Verdict.REJECT)]), actor=chair)
    status = ParagraphStatus.AD_REFERENDUM
    ParagraphStates(db).set(declaration_id, block_id, status, reason="The regions ask at home.", actor=chair)


def _bring_word_back(db: Db, draft: Declaration, amendment_id: UUID) -> None:
    """A Word file that came back with a mail, and what was filed from both."""
    came = DocumentIn(
        declaration_id=draft.id,
        revision_id=draft.head.id,
        language=EN,
        name="returned.docx",
        sha256="0" * 64,
        content=b"PK",
        received_at=now(),
    )
    came.filed = [DocumentInAmendment(amendment_id=amendment_id)]
    mail = MailIn(
        declaration_id=draft.id,
        revision_id=draft.head.id,
        language=EN,
        name="",
        address="ana@example.org",
        sender="Ana",
        subject="Paragraph 1",
        sha256="0" * 64,
        words_sha256="0" * 64,
        content=b"Paragraph 1: delete.",
        received_at=now(),
        filed=[MailInAmendment(amendment_id=amendment_id)],
        enclosed=[MailInDocument(document=came)],
    )
    db.add_all([came, mail])


def _fill_the_register(db: Db, member: Actor) -> None:
    """Something sent in, endorsed and merged into the first recommendation; a theme; a search that is kept."""
    forum, register = factories.forum(db), RecommendationService(db)
    FeedService(db).make(forum, actor=member)
    db.add(MailChoice(person_id=member.person_id, kind=MailKind.TEXT, pace=MailFrequency.NEVER))
    db.add(Bounce(address="gone@town.example", person_id=member.person_id, letter_id=new_id(), code="5.1.1", at=now()))
    [sent] = register.submit(forum, [VerbatimStatement("Share the water fairly.", "en")], actor=member)
    register.endorse(sent, actor=member)
    register.merge(forum, 1, [sent.number], actor=OPERATOR)
    register.submit(forum, [VerbatimStatement("Towns must publish the state of their fountains.", "en")], actor=member)
    goals = ThemeService(db).add_ready_made(forum, TaxonomyKind.GOALS, actor=OPERATOR)
    ThemeService(db).assign(forum, [1], [goals.themes[5].id], actor=OPERATOR)
    ViewService(db).save(forum, name="Mine", query="words=water", is_shared=False, actor=member)
    questions.several(db, member, factories.chair(db))


def _stand_behind(db: Db, amendment: UUID, somebody: Actor, *, proposer: Actor) -> None:
    backing = BackingService(db)
    backing.invite(amendment, [somebody.person_id] if somebody.person_id else [], actor=proposer)
    backing.support(amendment, actor=somebody)


def _print_around(db: Db, adopted: Declaration, member: Actor, organisation_id: UUID) -> None:
    """A signatory, a reservation within its window, and an annex."""
    town = Trilingual(es="Ciudad A", en="Town A", fr="Ville A")
    SignatoryService(db).add(adopted, SignatoryFields(town, "Ana Amo", town, date(2026, 6, 12)), actor=OPERATOR)
    reservations = ReservationService(db)
    reservations.set_window(adopted, now() - timedelta(days=1), now() + timedelta(days=9), actor=OPERATOR)
    reservations.file(
        adopted, Position.RESERVATION, organisation_id, Trilingual(en="We cannot pay."), language=EN, actor=member
    )
    annex = AnnexFields(AnnexKind.CONDUCT, town, Trilingual(es="Uno.", en="One.", fr="Un."), version="2")
    AnnexService(db).add(adopted, annex, actor=OPERATOR)


def _follow_up(db: Db, town: UUID) -> None:
    """A group with a recommendation that was reworded, something seen, a project joined, a promise, a quotation."""
    forum = factories.forum(db)
    slip = Inconsistency(type="agenda_total", severity="warning", description="70 minutes, and 90.")
    project = CollaborationProject(title="Shared pumps", promoter="The region")
    details = SessionDetails(
        found=SessionFound(title="Pumps"), inconsistencies=(slip,), collaboration_projects=(project,)
    )
    sessions = SessionService(db)
    note = sessions.keep_document(forum, name="pumps.txt", language="en", text="Lend pumps to all.\n", actor=OPERATOR)
    session = sessions.add(forum, details, language="en", document=note, actor=OPERATOR)
    if note is not None:
        MarkService(db, note, [session]).mark(MarkKind.OBJECTIVE, "Lend pumps to all.", actor=OPERATOR)
    groups = GroupService(db)
    FileService(db).attach(session, "pumps.pdf", b"%PDF-1.7", actor=OPERATOR)
    group = groups.add_group(session, "North", language="en", actor=OPERATOR)
    [said] = groups.enter(session, "- Lend pumps.", language="en", group_id=group.id, actor=OPERATOR)
    ReviewService(db).reword(said, "Lend pumps to all.", actor=OPERATOR)
    ReviewService(db).look_at(session, finding_digest(slip), actor=OPERATOR)
    [joined] = ProjectService(db).take_up(session, actor=OPERATOR)
    ProjectService(db).join(joined, town, actor=OPERATOR)
    service, due = CommitmentService(db), date(2028, 1, 31)
    promised = service.promise(forum, town, "To mend a pump.", language="en", due=due, actor=OPERATOR)
    done = Progress(CommitmentStatus.UNDER_WAY, "Half.", file_name="pump.txt", content=b"A pump.")
    service.report(promised, done, due=due, actor=OPERATOR)
    circulars = CircularService(db)
    written, name = circulars.begin(forum, CircularKind.CIRCULAR, actor=OPERATOR), factories.trilingual("Second Forum")
    circulars.write(written, CircularWords(name, name, wants_answer=True), actor=OPERATOR)
    circulars.send(written, actor=OPERATOR)
    circulars.answer(written, "Yes.", actor=factories.chair(db))
    parent = ForumParent(forum_id=forum.id, kind=ParentKind.EARLIER, name=name, title=name, made_at=now())
    db.add(parent)
    db.flush()
    taken = (VerbatimStatement("Share pumps.", "en"), "Second Forum", Taken(parent.id, block_id=parent.id))
    RecommendationService(db).take_over(forum, [taken], actor=OPERATOR)
    _ask(db, forum)
    BankService(db).add(
        forum, source="Charter", citation="Article 4", language="en", text="Water is for all.", actor=OPERATOR
    )
    charter = Document((Block("one", BlockKind.TITLE, "Charter"), Block("two", BlockKind.OPERATIVE, "Share.")), EN)
    BankService(db).take_in(forum, AdoptedTextFields({EN: charter}), actor=OPERATOR)


def _ask(db: Db, forum: Forum) -> None:
    """A questionnaire with one answer."""
    service = FormService(db)
    given = FormIn(title={"en": "Our water"}, opens="2026-01-01T00:00")
    form = service.make(forum, FormKind.QUESTIONNAIRE, given, actor=OPERATOR)
    service.answer(
        form, FormAnswerIn(content={}, organisation="Nowhere"), actor=factories.person(db, Role.MEMBER, "A. Sked")
    )


def _let_something_out(db: Db, chair: Actor) -> None:
    """One signature that is lacking, which a second person has still to let go."""
    unsigned = factories.declaration(db, slug="unsigned")
    DeclarationService(db).enter(unsigned, Phase.ADOPTION, actor=OPERATOR)
    overrides = OverrideService(db)
    overrides.ask(unsigned.id, overrides.obstacles(unsigned)[0], reason="The printer waits.", actor=chair)


def _tell_elsewhere(db: Db, forum: Forum, admin: Actor) -> None:
    """An address that is told of news, and a message to it."""
    service = WebhookService(db, Outbound.ON)
    made = service.add(forum, url="https://hooks.town.example/news", kinds=["edition"], actor=admin)
    service.test(forum, made.made.id, actor=admin)


def _seal(db: Db) -> None:
    """A checkpoint by a key that has been retired since, and whose private half nobody has."""
    private = Ed25519PrivateKey.generate()
    public = PublicKey(NAME, private.public_key().public_bytes_raw())
    log.record(db, "key.created", actor=OPERATOR, key=public.hint.hex(), public=public.line)
    tree = LogMerkleTree(db)
    note = sign(Checkpoint(origin(db), tree.size, tree.root()), private, name=NAME)
    root, key = note.checkpoint.root.hex(), public.hint.hex()
    db.add(SignedCheckpoint(size=tree.size, root=root, note=note.text, key=key, made_at=now()))
    log.record(db, "key.retired", actor=OPERATOR, key=key, successor="")
