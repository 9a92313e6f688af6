"""A declaration as Word files, with open amendments as tracked changes and brackets as comments."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from uuid import UUID

from msgspec import Struct

from drafts.diff.amendments import Amendment as Proposal
from drafts.formats.docx.comments import fingerprint
from drafts.formats.docx.entries import ChangeAuthor, CommentEntry
from drafts.formats.docx.origin import KnownRemark, origin_of
from drafts.formats.docx.package import MEDIA_TYPE, PageSetup
from drafts.formats.docx.tracked_changes import track_amendments, track_revisions, unchanged
from drafts.formats.docx.writer import LanguageColumn, columns_file, text_file
from drafts.formats.labels import WORDS
from drafts.merge.disputes import Cluster
from drafts.text.blocks import Document, Language
from drafts.text.markup import plain
from workspace.amendments.decisions import brackets
from workspace.amendments.domain.committee_models import Bracket
from workspace.amendments.domain.models import Amendment
from workspace.amendments.service import AmendmentService
from workspace.amendments.views.agreement import alternatives_worded, letter, sponsors
from workspace.comments.queries import CommentView, Conversations, VisibleThread
from workspace.core.actor import Actor
from workspace.core.errors import Invalid, NotFound
from workspace.core.shapes import MadeFile
from workspace.core.storage.db import Db
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration, Revision
from workspace.declarations.domain.policy import ensure_may_read, may_do
from workspace.declarations.domain.queries import BlockRow
from workspace.declarations.domain.service import DeclarationService
from workspace.translations.domain.queries import standings
from workspace.translations.labels import STATE_LABELS
from workspace.web.http.guards import FOLLOW_THE_WORK
from workspace.web.i18n.marking import N_
from workspace.web.i18n.messages import Messages


def bracket_remarks(
    db: Db, declaration: Declaration, rows: Sequence[BlockRow], language: Language, messages: Messages
) -> Iterator[CommentEntry]:
    """A comment on each paragraph that stands in brackets now: its alternatives, and who wants each of them."""
    opened = brackets.open_of(db, declaration)
    for row in rows:
        if row.block_id in opened:
            bracket = opened[row.block_id]
            hand = ChangeAuthor(messages.gettext(N_("Brackets %(number)s"), number=bracket.number), bracket.opened_at)
            yield CommentEntry(row.id, hand, "\n".join(_lines(bracket, row, language, messages)), language)


def _lines(bracket: Bracket, row: BlockRow, language: Language, messages: Messages) -> Iterator[str]:
    say = messages.gettext
    yield say(
        N_("This whole paragraph is in brackets.")
        if bracket.is_addition
        else N_("The wording of this paragraph is in brackets.")
    )
    for alternative in bracket.alternatives[bracket.is_addition :]:
        who = "; ".join(sponsors(alternative, messages)) or "–"
        text = plain(alternatives_worded(alternative, language, row)) or "–"
        yield say(
            N_("Alternative %(letter)s (%(who)s): %(text)s"), letter=letter(alternative.position), who=who, text=text
        )


class _Text(Struct, frozen=True):
    """A revision as files are made from it."""

    declaration: Declaration
    revision: Revision
    rows: Sequence[BlockRow]

    @property
    def numbers(self) -> Mapping[str, str]:
        return queries.numbers_of(self.rows)

    def document(self, language: Language) -> Document:
        return queries.document(self.rows, language)

    def title(self, language: Language) -> str:
        first = next((block.text for block in self.document(language) if block.text), self.declaration.slug)
        return " ".join(plain(first).split())[:200]

    def sheet(self, language: Language, *, is_landscape: bool = False, tracks_changes: bool = False) -> PageSetup:
        title = self.title(language)
        return PageSetup(title, language, title, is_landscape, tracks_changes, self.revision.made_at)


@lru_cache(maxsize=4)
def compared_file(
    old: Document, new: Document, hand: ChangeAuthor, sheet: PageSetup, numbers: Sequence[tuple[str, str]]
) -> bytes:
    """A text as a Word file with what `hand` made of it: the same for the same texts, and kept for who comes next."""
    return text_file(track_revisions(old, new, hand), sheet, numbers=dict(numbers))


class WordFiles:
    """Makes the Word files of declarations. What a reader may not see is not in their file."""

    def __init__(self, db: Db, messages: Messages) -> None:
        self.db, self.messages = db, messages
        self.declarations = DeclarationService(db)

    def clean(
        self, declaration: Declaration, language: Language, *, actor: Actor, revision: int | None = None
    ) -> MadeFile:
        """A revision, or the text in force, without any change; what is in brackets now has a comment that says so."""
        text = self._text(declaration, revision, actor=actor)
        document = text.document(language)
        contested = self._contested(text, language, actor=actor)
        known = [_known(comment_entry) for comment_entry in contested]
        origin = origin_of(document, declaration=str(declaration.id), revision=text.revision.number, remarks=known)
        said = {comment_entry.block: [comment_entry] for comment_entry in contested}
        sheet = text.sheet(language, tracks_changes=True)
        content = text_file(unchanged(document), sheet, numbers=text.numbers, origin=origin, remarks=said)
        return MadeFile(f"{declaration.slug}.r{text.revision.number}.{language}.docx", content, MEDIA_TYPE)

    def tracked(self, declaration: Declaration, language: Language, *, actor: Actor) -> MadeFile:
        """The text in force with the open amendments to it as tracked changes, and the comments on it.

        What amendments dispute stands as it was, each reading in a comment; so does the reason of each amendment. A
        comment at the beginning names the open amendments that are not in the file.
        """
        text = self._text(declaration, None, actor=actor)
        document = text.document(language)
        service = AmendmentService(self.db)
        readable = service.of_declaration(declaration, actor=actor)
        own = (amendment for amendment in readable if amendment.language is language and amendment.parent_id is None)
        filed = [amendment for amendment in own if amendment.disposition.is_undecided]
        proposals = list(_proposals(service, filed, document))
        hands = {amendment.number: tracked_author(amendment) for amendment in filed}
        made = track_amendments(document, proposals, hands)
        threads = Conversations(self.db).threads(declaration, actor=actor)
        said, known = comment_threads(threads)
        about_them = self._about(filed, proposals, made.merged.clusters, document, hands)
        here = {proposal.number for proposal in proposals}
        undecided = {amendment.number for amendment in readable if amendment.disposition.is_undecided}
        left_out = self._left_out(sorted(undecided - here), document)
        for about in (*left_out, *self._contested(text, language, actor=actor), *about_them):
            said.setdefault(about.block, []).append(about)
            known.append(_known(about))
        origin = origin_of(document, declaration=str(declaration.id), revision=text.revision.number, remarks=known)
        sheet = text.sheet(language, tracks_changes=True)
        content = text_file(made.entries, sheet, numbers=text.numbers, origin=origin, remarks=said)
        return MadeFile(f"{declaration.slug}.amendments.{language}.docx", content, MEDIA_TYPE)

    def _left_out(self, numbers: Sequence[int], document: Document) -> Iterator[CommentEntry]:
        said = self.messages.ngettext(
            "Open but not in this file: amendment %(numbers)s.",
            "Open but not in this file: amendments %(numbers)s.",
            len(numbers),
            numbers=", ".join(map(str, numbers)),
        )
        if numbers and document.blocks:
            hand = ChangeAuthor(self.messages.gettext(N_("Amendments")))
            yield CommentEntry(document.blocks[0].id, hand, said)

    def compared(
        self, declaration: Declaration, language: Language, *, before: int, after: int, actor: Actor
    ) -> MadeFile:
        """What changed from one revision to another, as tracked changes: for those who may read the history."""
        if not may_do(actor, "history.read", declaration):
            raise NotFound(what="revision", id=str(before))
        old = self._text(declaration, before, actor=actor)
        new = self._text(declaration, after, actor=actor)
        name = self.messages.gettext(N_("Revision %(number)s"), number=after)
        hand, numbers = ChangeAuthor(name, new.revision.made_at), tuple(old.numbers.items())
        content = compared_file(old.document(language), new.document(language), hand, old.sheet(language), numbers)
        return MadeFile(f"{declaration.slug}.r{before}-r{after}.{language}.docx", content, MEDIA_TYPE)

    def columns(
        self, declaration: Declaration, languages: Sequence[Language], *, actor: Actor, revision: int | None = None
    ) -> MadeFile:
        """The text in two or three languages side by side; of two, the second is the one to be translated into."""
        if len(set(languages)) < 2:  # noqa: PLR2004 - one language has no other beside it
            raise Invalid(field="text", reason="two_languages")
        text = self._text(declaration, revision, actor=actor)
        source, target = languages[0], languages[1] if len(languages) == 2 else None  # noqa: PLR2004
        columns = [
            LanguageColumn(text.document(language), WORDS[language].name, language.value) for language in languages
        ]
        origin = origin_of(
            text.document(source),
            declaration=str(declaration.id),
            revision=text.revision.number,
            target=text.document(target) if target else None,
        )
        sheet = text.sheet(source, is_landscape=True)
        states = self._states(text, target) if target else {}
        content = columns_file(columns, sheet, numbers=text.numbers, origin=origin, states=states)
        return MadeFile(f"{declaration.slug}.{'-'.join(languages)}.docx", content, MEDIA_TYPE)

    def _states(self, text: _Text, target: Language) -> Mapping[str, str]:
        """What waits in the language that is translated into, in the text in force, by paragraph."""
        if text.revision is not text.declaration.head:
            return {}
        return {
            standing.row.id: self.messages.gettext(STATE_LABELS[standing.states[target]].words)
            for standing in standings(self.db, text.declaration)
            if standing.states[target].stops_publication
        }

    def _text(self, declaration: Declaration, number: int | None, *, actor: Actor) -> _Text:
        """The text in force, or a revision of the past for those who may read the history."""
        ensure_may_read(actor, declaration)
        if number is None or number == declaration.head.number:
            return _Text(declaration, declaration.head, queries.head_rows(self.db, declaration))
        if not may_do(actor, "history.read", declaration):
            raise NotFound(what="revision", id=str(number))
        revision = self.declarations.revision(declaration, number)
        return _Text(declaration, revision, queries.pinned_rows(self.db, revision.id))

    def _contested(self, text: _Text, language: Language, *, actor: Actor) -> list[CommentEntry]:
        """What is in brackets, for those who follow the work, and in the text in force alone."""
        follows = any(may_do(actor, action, text.declaration) for action in FOLLOW_THE_WORK)
        if not follows or text.revision is not text.declaration.head:
            return []
        return list(bracket_remarks(self.db, text.declaration, text.rows, language, self.messages))

    def _about(
        self,
        filed: Sequence[Amendment],
        proposals: Sequence[Proposal],
        clusters: Sequence[Cluster],
        document: Document,
        hands: Mapping[int, ChangeAuthor],
    ) -> Iterator[CommentEntry]:
        """What each amendment says of itself, and how the text would read where several dispute it."""
        reasons = {amendment.number: amendment.reason for amendment in filed}
        for proposal in proposals:
            number = proposal.number
            words = self.messages.gettext(N_("Amendment %(number)s"), number=number)
            reason = f"{words}. {reasons[number]}" if reasons[number] else words
            yield CommentEntry(_first_block(proposal, document), hands[number], reason)
        for cluster in clusters:
            place = cluster.base_blocks[0] if cluster.base_blocks else max((cluster.gap or 0) - 1, 0)
            for reading in cluster.alternatives:
                for number in reading.amendments:
                    words = self.messages.gettext(
                        N_("Amendment %(number)s, contested. The text would read: %(text)s"),
                        number=number,
                        text=plain(reading.text) or "–",
                    )
                    yield CommentEntry(document.blocks[place].id, hands[number], words)


def _proposals(service: AmendmentService, filed: Iterable[Amendment], head: Document) -> Iterator[Proposal]:
    """The amendments in the coordinates of the text in force; one that collides with it, or is in it, has no place."""
    for amendment in filed:
        carried = service.bases.carried(service.bases.proposal(amendment), head)
        if carried.proposal is not None:
            yield carried.proposal


def _first_block(proposal: Proposal, document: Document) -> str:
    """Where a proposal begins in the text; what is only inserted belongs to the paragraph before it."""
    hunk = proposal.hunks[0]
    place = hunk.old_blocks[0] if hunk.old_blocks else max((hunk.old_gap or 0) - 1, 0)
    return document.blocks[place].id


def tracked_author(amendment: Amendment) -> ChangeAuthor:
    """Who proposes, as Word names them, and when they filed it, to the second."""
    person, organisation = amendment.proposer.name, amendment.organisation
    return ChangeAuthor(
        f"{person} ({organisation.name})" if organisation else person, amendment.filed_at.replace(microsecond=0)
    )


def comment_threads(
    threads: Mapping[UUID, Sequence[VisibleThread]],
) -> tuple[dict[str, list[CommentEntry]], list[KnownRemark]]:
    """The comments on each block, and what they are known by when they come back."""
    said: dict[str, list[CommentEntry]] = {}
    known: list[KnownRemark] = []
    for block_id, found in threads.items():
        for thread in found:
            is_resolved = thread.resolved_at is not None
            remarks = [
                _remark(str(block_id), comment, is_resolved=is_resolved) for comment in thread.comments if comment.text
            ]
            if remarks:
                first, *others = remarks
                whole = CommentEntry(
                    first.block, first.hand, first.text, first.language, first.is_resolved, tuple(others)
                )
                said.setdefault(str(block_id), []).append(whole)
                known += [
                    KnownRemark(str(thread.id), fingerprint(comment_entry.hand.author, comment_entry.text))
                    for comment_entry in remarks
                ]
    return said, known


def _known(remark: CommentEntry) -> KnownRemark:
    """How a comment that the file was made with is known again when it comes back: it is nobody's conversation."""
    return KnownRemark("", fingerprint(remark.hand.author, remark.text))


def _remark(block_id: str, comment: CommentView, *, is_resolved: bool) -> CommentEntry:
    return CommentEntry(
        block_id, ChangeAuthor(comment.author, comment.written_at), comment.text, comment.language, is_resolved
    )
