"""What translators do beside writing, as JSON: signing, reviewing, handing out work, being at work."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from litestar import Controller, Response
from msgspec import Meta, Struct

from drafts.formats.assembly import Authenticity
from drafts.languages.staleness import State
from drafts.text.blocks import Language
from workspace.core.actor import Actor
from workspace.core.shapes import Shape, filled
from workspace.core.storage.db import Db
from workspace.declarations.api import Readable, declared
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration
from workspace.translations.domain import policy
from workspace.translations.domain.concordance import ConcordanceService, ParagraphConcordance, Seen, texts_hash
from workspace.translations.domain.drafts import DraftContent, TranslationDraftService, content_of
from workspace.translations.domain.models import Concordance, ReviewVerdict, SignOff, TranslationDraft
from workspace.translations.domain.queue import QueueEntry, QueueNeed, QueueService
from workspace.translations.domain.service import TranslationService
from workspace.translations.domain.work import ReviewService, TaskService
from workspace.web.api import DONE, ListOf, answer, reads, removes, replaces, writes
from workspace.web.http.guards import FOLLOW_THE_WORK, OWN
from workspace.web.http.preconditions import IfMatch, expected_version
from workspace.web.http.request_context import Body, FromPath, FromQuery, PathId

Followed = Annotated[Declaration, declared(policy.may_follow)]


class SignatureOut(Struct, frozen=True, kw_only=True):
    """Who signed, when, and the text versions that were compared; null where a language has no text by decision.

    Whoever signed answers for `languages`.
    """

    id: UUID
    block_id: UUID
    languages: list[Language]
    es: UUID | None
    en: UUID | None
    fr: UUID | None
    note: str
    signed_by_id: UUID | None
    signed_at: datetime

    @classmethod
    def of(cls, signed: Concordance) -> "SignatureOut":
        return filled(cls, signed, languages=signed.answered, es=signed.es_id, en=signed.en_id, fr=signed.fr_id)


class ParagraphConcordanceOut(Struct, frozen=True, kw_only=True):
    """One paragraph: whether it can be signed, the signatures that hold, and the languages still to be signed.

    `signature` is the last of them once every language is signed, null before.
    """

    block_id: UUID
    is_ready: bool
    signature: SignatureOut | None
    signatures: list[SignatureOut]
    unsigned: list[Language]

    @classmethod
    def of(cls, found: ParagraphConcordance) -> "ParagraphConcordanceOut":
        parts = [SignatureOut.of(signed) for signed in found.signatures.parts]
        unsigned = list(found.signatures.unsigned)
        return cls(
            block_id=found.row.block_id,
            is_ready=found.is_ready,
            signature=parts[-1] if parts and not unsigned else None,
            signatures=parts,
            unsigned=unsigned,
        )


class SignOffOut(Struct, frozen=True, kw_only=True):
    """Who answers for a language of the whole text. `texts` is what a signature names; it changes with any word."""

    language: Language
    texts: str
    signed_by_id: UUID | None
    signed_at: datetime | None

    @classmethod
    def of(cls, language: Language, texts: str, sign_off: SignOff | None) -> "SignOffOut":
        signed_by, signed_at = (sign_off.signed_by_id, sign_off.signed_at) if sign_off else (None, None)
        return cls(language=language, texts=texts, signed_by_id=signed_by, signed_at=signed_at)


class ConcordanceOut(Struct, frozen=True, kw_only=True):
    """Every paragraph that wants a signature, in the order of the text, and each language as a whole."""

    is_needed: bool
    paragraphs: list[ParagraphConcordanceOut]
    languages: list[SignOffOut]

    @classmethod
    def of(
        cls,
        every: Sequence[ParagraphConcordance],
        texts: Mapping[Language, str],
        signed: Mapping[Language, SignOff],
        *,
        is_needed: bool,
    ) -> "ConcordanceOut":
        return cls(
            is_needed=is_needed,
            paragraphs=[ParagraphConcordanceOut.of(paragraph) for paragraph in every],
            languages=[SignOffOut.of(language, texts[language], signed.get(language)) for language in Language],
        )


class ComparedIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A paragraph, and the text versions that were compared."""

    block_id: UUID
    es: UUID | None = None
    en: UUID | None = None
    fr: UUID | None = None

    def seen(self) -> Seen:
        return {Language.ES: self.es, Language.EN: self.en, Language.FR: self.fr}


class SignaturesIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The paragraphs that are signed."""

    paragraphs: Annotated[list[ComparedIn], Meta(min_length=1, max_length=2_000)]
    note: Annotated[str, Meta(max_length=2_000)] = ""


class SignaturesOut(Struct, frozen=True, kw_only=True):
    """The signatures that were made."""

    signatures: list[SignatureOut]


class SignOffIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The language that is answered for, and the `texts` that were read."""

    language: Language
    texts: Annotated[str, Meta(max_length=64)]


class ReviewedIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The text versions that were read, what is said of them, and why."""

    versions: Annotated[list[UUID], Meta(min_length=1, max_length=2_000)]
    verdict: ReviewVerdict
    note: Annotated[str, Meta(max_length=2_000)] = ""


class TranslationReviewOut(Shape, frozen=True, kw_only=True):
    """What a second translator said of a text version."""

    id: UUID
    version_id: UUID
    verdict: ReviewVerdict
    note: str
    reviewed_by_id: UUID | None
    reviewed_at: datetime


class ReviewsOut(Struct, frozen=True, kw_only=True):
    """What was said of texts in force, the last word of each."""

    reviews: list[TranslationReviewOut]


class EditorialClaimOut(Shape, frozen=True, kw_only=True):
    """Who is at work on a text, and until when."""

    block_id: UUID
    language: Language
    person_id: UUID
    until: datetime


class AssignmentIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whose work a language is to be, or one paragraph in it, and until when."""

    language: Language
    person_id: UUID
    block_id: UUID | None = None
    due_on: date | None = None


class AssignmentOut(Shape, frozen=True, kw_only=True):
    """Whose work a language is, or one paragraph in it."""

    id: UUID
    language: Language
    person_id: UUID
    block_id: UUID | None
    due_on: date | None


class AssignmentsOut(Struct, frozen=True, kw_only=True):
    """Every task of a declaration."""

    assignments: list[AssignmentOut]


_PATH = "/api/declarations/{declaration_id:uuid}"


class ConcordanceApi(Controller):
    """That three texts say the same, and who answers for it."""

    path = _PATH
    tags = ("Texts",)

    @reads("/concordance", policy=FOLLOW_THE_WORK)
    def read_concordance(self, db: Db, declaration: Followed) -> ConcordanceOut:
        """Read which paragraphs are signed in three languages, and who answers for each language as a whole."""
        service = ConcordanceService(db)
        rows = queries.head_rows(db, declaration)
        return ConcordanceOut.of(
            service.review(declaration),
            {language: texts_hash(rows, language) for language in Language},
            service.signed_off(declaration, rows),
            is_needed=declaration.authenticity is Authenticity.EQUAL,
        )

    @writes("/concordance", 412, policy="concordance.sign")
    def sign_concordance(self, db: Db, actor: Actor, declaration: Followed, data: Body[SignaturesIn]) -> SignaturesOut:
        """Sign that paragraphs say the same in three languages, naming the text versions that were compared.

        All of them or none. Whoever signs answers for the languages that they are entered for; others sign for the
        rest. A signature is void as soon as the words of one of the texts change.
        """
        seen = {paragraph.block_id: paragraph.seen() for paragraph in data.paragraphs}
        made = ConcordanceService(db).sign(declaration.id, seen, note=data.note, actor=actor)
        return SignaturesOut(signatures=[SignatureOut.of(concordance) for concordance in made])

    @writes("/sign-offs", 412, policy="concordance.sign")
    def sign_off_language(self, db: Db, actor: Actor, declaration: Followed, data: Body[SignOffIn]) -> SignOffOut:
        """Answer for the whole text in one language."""
        made = ConcordanceService(db).sign_off(declaration.id, data.language, expected=data.texts, actor=actor)
        return SignOffOut.of(made.language, made.texts_hash, made)


class TranslationReviewApi(Controller):
    """What a second translator says of texts."""

    path = _PATH
    tags = ("Texts",)

    @reads("/reviews", policy=FOLLOW_THE_WORK)
    def read_reviews(self, db: Db, declaration: Followed) -> ReviewsOut:
        """Read what was said of the texts in force, the last word of each."""
        found = ReviewService(db).reviews(declaration, queries.head_rows(db, declaration))
        return ReviewsOut(reviews=[TranslationReviewOut.of(review) for review in found.values()])

    @writes("/reviews", 412, policy="translation.approve")
    def review_translations(self, db: Db, actor: Actor, declaration: Followed, data: Body[ReviewedIn]) -> ReviewsOut:
        """Approve or return text versions that somebody else wrote; all of them or none."""
        made = ReviewService(db).review(declaration.id, data.versions, data.verdict, note=data.note, actor=actor)
        return ReviewsOut(reviews=[TranslationReviewOut.of(review) for review in made])


class TaskApi(Controller):
    """Whose work a translation is."""

    path = _PATH
    tags = ("Texts",)

    @reads("/assignments", policy=FOLLOW_THE_WORK)
    def read_assignments(self, db: Db, declaration: Followed) -> AssignmentsOut:
        """Read whose work each language is, or single paragraphs of it."""
        tasks = TaskService(db).assignments(declaration)
        return AssignmentsOut(assignments=[AssignmentOut.of(assignment) for assignment in tasks])

    @writes("/assignments", policy="translation.assign")
    def assign_translation(
        self, db: Db, actor: Actor, declaration: Followed, data: Body[AssignmentIn]
    ) -> AssignmentOut:
        """Give a language, or one paragraph in it, to somebody who translates into it."""
        made = TaskService(db).assign(
            declaration.id, data.language, data.person_id, block_id=data.block_id, due_on=data.due_on, actor=actor
        )
        return AssignmentOut.of(made)

    @removes("/assignments/{assignment_id:uuid}", policy="translation.assign")
    def unassign_translation(self, db: Db, actor: Actor, declaration: Followed, assignment_id: PathId) -> None:
        """Take a task back."""
        TaskService(db).unassign(declaration.id, assignment_id, actor=actor)

    @writes("/blocks/{block_id:uuid}/texts/{language:str}/claim", status=DONE, policy="translation.write")
    def claim_text(
        self, db: Db, actor: Actor, declaration: Readable, block_id: PathId, language: FromPath[Language]
    ) -> EditorialClaimOut:
        """Say for twenty minutes that one is at work on a text; answers with whoever was there first.

        A claim is advice to the others and keeps nobody from saving.
        """
        return EditorialClaimOut.of(TaskService(db).claim(declaration.id, block_id, language, actor=actor))

    @removes("/blocks/{block_id:uuid}/texts/{language:str}/claim", policy="translation.write")
    def release_text(
        self, db: Db, actor: Actor, declaration: Readable, block_id: PathId, language: FromPath[Language]
    ) -> None:
        """Say that one is done with a text."""
        TaskService(db).release(declaration.id, block_id, language, actor=actor)


class QueuedOut(Struct, frozen=True, kw_only=True):
    """A text that waits: to be written, because it was returned, to be reviewed, or prepared for amendments."""

    need: QueueNeed
    block_id: UUID
    language: Language
    state: State
    due_on: date | None
    assigned_to: str
    amendments: list[int]

    @classmethod
    def of(cls, entry: QueueEntry) -> "QueuedOut":
        return filled(cls, entry, assigned_to=entry.whose, amendments=list(entry.amendments))


class QueueApi(Controller):
    """The translators' queues."""

    path = "/api/declarations/{declaration_id:uuid}"
    tags = ("Texts",)

    @reads("/translation-queue", policy=FOLLOW_THE_WORK)
    def read_translation_queue(
        self, db: Db, actor: Actor, declaration: Followed, language: FromQuery[Language | None] = None
    ) -> ListOf[QueuedOut]:
        """Read what waits, most urgent first: of one language, or of all three.

        What stops publication comes first, then what a reviewer returned, then what nobody has reviewed, and last
        the amendments on the table that can be translated beforehand.
        """
        standings = TranslationService(db).standings(declaration)
        entries = QueueService(db).entries(declaration, standings, actor=actor)
        return ListOf(items=[QueuedOut.of(entry) for entry in entries if language in (None, entry.language)])


class TranslationDraftIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Unfinished words for one text; `expected` is the version that they are meant to replace, null for the first."""

    block_id: UUID
    language: Language
    content: Annotated[str, Meta(max_length=20_000)]
    expected: UUID | None = None
    sources: Annotated[tuple[Language, ...], Meta(max_length=3)] = ()

    def to_content(self) -> DraftContent:
        return filled(DraftContent, self, words=self.content)


class TranslationDraftOut(Struct, frozen=True, kw_only=True):
    """A translation of one's own that is not saved. `version` is what the next write names in `If-Match`."""

    id: UUID
    version: UUID
    declaration_id: UUID
    block_id: UUID
    language: Language
    content: str
    expected: UUID | None
    sources: tuple[Language, ...]
    begun_at: datetime
    kept_at: datetime

    @classmethod
    def of(cls, draft: TranslationDraft) -> "TranslationDraftOut":
        kept = content_of(draft)
        return filled(
            cls,
            draft,
            block_id=kept.block_id,
            language=kept.language,
            content=kept.words,
            expected=kept.expected,
            sources=kept.sources,
        )


class TranslationDraftApi(Controller):
    """Unfinished translations."""

    path = "/api"
    tags = ("Texts",)

    @reads("/declarations/{declaration_id:uuid}/translation-drafts", policy=FOLLOW_THE_WORK)
    def list_translation_drafts(self, db: Db, actor: Actor, declaration: Followed) -> ListOf[TranslationDraftOut]:
        """List one's own unfinished translations."""
        every = TranslationDraftService(db).of(declaration, actor=actor)
        return ListOf(items=[TranslationDraftOut.of(draft) for draft in every])

    @writes("/declarations/{declaration_id:uuid}/translation-drafts", policy="translation.write")
    def begin_translation_draft(
        self, db: Db, actor: Actor, declaration: Readable, data: Body[TranslationDraftIn]
    ) -> Response[TranslationDraftOut]:
        """Keep an unfinished translation; the text in force stays as it is."""
        draft = TranslationDraftService(db).begin(declaration, data.to_content(), actor=actor)
        made = TranslationDraftOut.of(draft)
        return answer(made, etag=str(made.version), location=f"/api/translation-drafts/{made.id}")

    @reads("/translation-drafts/{draft_id:uuid}", policy=OWN)
    def read_translation_draft(self, db: Db, actor: Actor, draft_id: PathId) -> Response[TranslationDraftOut]:
        """Read one of one's own unfinished translations."""
        draft = TranslationDraftOut.of(TranslationDraftService(db).get(draft_id, actor=actor))
        return answer(draft, etag=str(draft.version))

    @replaces("/translation-drafts/{draft_id:uuid}", policy="translation.write")
    def keep_translation_draft(
        self, db: Db, actor: Actor, draft_id: PathId, data: Body[TranslationDraftIn], if_match: IfMatch = None
    ) -> Response[TranslationDraftOut]:
        """Put newer words in the place of those that `If-Match` names."""
        expected = expected_version(if_match)
        draft = TranslationDraftService(db).keep(draft_id, data.to_content(), expected=expected, actor=actor)
        return answer(TranslationDraftOut.of(draft), etag=str(draft.version))

    @removes("/translation-drafts/{draft_id:uuid}", policy="translation.write")
    def discard_translation_draft(self, db: Db, actor: Actor, draft_id: PathId) -> None:
        """Throw an unfinished translation away."""
        TranslationDraftService(db).discard(draft_id, actor=actor)
