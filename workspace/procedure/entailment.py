"""What a final act would do now, for programs that ask before they do it, as pages tell people."""

from collections.abc import Callable, Sequence
from hashlib import sha256

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from workspace.amendments.domain.models import Amendment, AmendmentDraft
from workspace.amendments.domain.sub_amendments import falling_with
from workspace.core.errors import Invalid
from workspace.core.security.permissions import Phase
from workspace.core.storage.db import Db
from workspace.core.storage.row_digests import canonical_json
from workspace.declarations.domain import policy
from workspace.declarations.domain.models import Declaration
from workspace.procedure.models import Question
from workspace.procedure.store import QuestionStore
from workspace.procedure.unsettled import Unsettled, unsettled
from workspace.procedure.visibility import lacks_quorum
from workspace.web.i18n.messages import Messages

READ = frozenset({Phase.REVIEW, Phase.CONSULTATION, Phase.ADOPTION})  # phases in which others read the text


class Entailment(Struct, frozen=True, kw_only=True):
    """What an act would do now; a write that `confirms` another `digest` is refused.

    `open_matters` is what is open in the text; `unsent_drafts` of amendments can no longer be submitted after it. The
    questions `ends` end with it, or are no longer agreed; the amendments `falls` fall. What `is_final` cannot be taken
    back; what `takes_two` is asked for.
    """

    act: str
    revision: int
    open_matters: Unsettled | None = None
    unsent_drafts: int = 0
    ends: Sequence[int] = ()
    falls: Sequence[int] = ()
    lacks_quorum: bool = False
    takes_two: bool = False
    is_final: bool = False
    digest: str = ""

    def lines(self, messages: Messages) -> dict[str, str]:
        """A sentence for everything that it finds open, by its name."""
        found = self.open_matters.lines(messages) if self.open_matters else {}
        if self.unsent_drafts:
            found["drafts"] = messages.ngettext(
                "One amendment not submitted", "%(n)s amendments not submitted", self.unsent_drafts
            )
        return found


def of_phase(db: Db, declaration: Declaration, phase: Phase) -> Entailment:
    """Going to a phase."""
    store = QuestionStore(db)
    ended = [*store.open_ones(declaration), *store.adoptions(declaration)]
    is_forward = policy.ORDER.index(phase) > policy.ORDER.index(declaration.phase)
    return _with_digest(
        Entailment(
            act=f"phase:{phase.name.lower()}",
            revision=declaration.head.number,
            open_matters=(unsettled(db, declaration) or None) if is_forward and phase in READ else None,
            unsent_drafts=_unsent(db, declaration) if phase is Phase.ADOPTION and is_forward else 0,
            ends=sorted(question.number for question in ended) if declaration.phase is Phase.ADOPTION else (),
            takes_two=policy.takes_two(declaration, phase),
            is_final=is_forward and phase not in policy.MAY_GO_BACK_FROM,
        )
    )


def of_consensus(db: Db, declaration: Declaration) -> Entailment:
    """Noting consensus on the whole text."""
    found, revision = unsettled(db, declaration) or None, declaration.head.number
    return _with_digest(Entailment(act="consensus", revision=revision, open_matters=found, takes_two=True))


def of_closing(question: Question) -> Entailment:
    """Closing a vote and counting it."""
    revision, number = question.declaration.head.number, question.number
    found = Entailment(act=f"closing:{number}", revision=revision, ends=[number], is_final=True)
    return _with_digest(replace(found, lacks_quorum=lacks_quorum(question)))


def of_withdrawal(db: Db, amendment: Amendment) -> Entailment:
    """Withdrawing an amendment, with the amendments to it; votes on any of them are closed."""
    revision, act = amendment.declaration.head.number, f"withdrawal:{amendment.number}"
    falling = falling_with(amendment)
    put = QuestionStore(db).open_ones(amendment.declaration)
    ends = sorted(question.number for question in put if question.amendment in (amendment, *falling))
    return _with_digest(Entailment(act=act, revision=revision, ends=ends, falls=[child.number for child in falling]))


def _unsent(db: Db, declaration: Declaration) -> int:
    """How many amendments their authors have written and not submitted; nobody else learns whose they are."""
    own = sa.select(sa.func.count()).select_from(AmendmentDraft).where(AmendmentDraft.declaration_id == declaration.id)
    return db.scalar(own) or 0


def ensure_as_confirmed(db: Db, declaration: Declaration, find: Callable[[], Entailment], confirms: str) -> None:
    """Raise `Invalid` where an act entails something else than what is confirmed; "" confirms whatever it is."""
    if confirms:
        QuestionStore(db).declarations.lock(declaration.id)
        db.expire_all()  # what was read before the lock may have changed since
        if find().digest != confirms:
            raise Invalid(field="confirms", reason="entails_otherwise")


def _with_digest(found: Entailment) -> Entailment:
    counted = canonical_json(replace(found, unsent_drafts=0))  # which change with every keystroke of a draft
    return replace(found, digest=sha256(counted).hexdigest())
