"""Annexes: texts of their own in three languages, and what the forum has made: recommendations, projects, who came."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct, structs

from drafts.base.errors import DraftsError
from drafts.formats.apparatus import Annex, AnnexKind, AnnexLine
from drafts.formats.apparatus_rows import ADDED_WORDS, annex_lines, collated
from drafts.formats.labels import literal, literal_lines
from drafts.text.blocks import BlockKind, Language
from drafts.text.markup import read_blocks
from workspace.consultation.projects import ProjectService
from workspace.core import clock
from workspace.core.actor import OPERATOR, Actor, Role
from workspace.core.errors import Invalid, NotFound
from workspace.core.shapes import filled
from workspace.core.storage import log
from workspace.core.storage.db import Db, Service, Trilingual
from workspace.core.storage.readings import read_once
from workspace.core.validation import ensure_short
from workspace.declarations.domain.models import Declaration
from workspace.editions.domain import policy
from workspace.editions.domain.models import AnnexRecord
from workspace.people import validation
from workspace.people.models import Forum, Mandate, Organisation
from workspace.people.validation import ensure_printable
from workspace.recommendations import near_duplicates
from workspace.recommendations.models import (
    Recommendation,
    RecommendationStatus,
    RecommendationTheme,
    Taxonomy,
    TaxonomyKind,
    Theme,
)

LONGEST_TITLE = 300
LONGEST_TEXT = 200_000
LONGEST_VERSION = 40
MOST_ANNEXES = 40
_NOTHING = Trilingual()
WRITTEN = frozenset({AnnexKind.TEXT, AnnexKind.CONDUCT})  # with words of their own


class AnnexFields(Struct, frozen=True):
    """What is said of an annex. Only a written one has `text`, in Markdown; a set of recommendations has its theme.

    With `other_theme_id`, it is what two sets have in common.
    """

    kind: AnnexKind
    title: Trilingual
    text: Trilingual = _NOTHING
    version: str = ""
    theme_id: UUID | None = None
    other_theme_id: UUID | None = None


class UnfinishedLanguage(Struct, frozen=True):
    """An annex that lacks its title or its text in a language; it stops publication."""

    annex_id: UUID
    title: str
    language: Language


class AnnexService(Service):
    """What is printed behind a declaration."""

    def listed(self, declaration: Declaration) -> Sequence[AnnexRecord]:
        """Every annex, in the order in which they are printed."""
        statement = sa.select(AnnexRecord).where(AnnexRecord.declaration_id == declaration.id)
        ordered = statement.order_by(AnnexRecord.position, AnnexRecord.id)
        key = AnnexRecord, declaration.id
        return read_once(self.db, key, (AnnexRecord,), lambda: self.db.scalars(ordered).all())

    def get(self, declaration: Declaration, annex_id: UUID) -> AnnexRecord:
        """One of this declaration; raises `NotFound`."""
        found = self.db.get(AnnexRecord, annex_id)
        if found is None or found.declaration_id != declaration.id:
            raise NotFound(what="annex", id=str(annex_id))
        return found

    def sets(self, declaration: Declaration) -> Sequence[Theme]:
        """The sets of recommendations that can be annexed."""
        statement = sa.select(Theme).join(Taxonomy).where(Taxonomy.forum_id == declaration.forum_id)
        return self.db.scalars(
            statement.where(Taxonomy.kind == TaxonomyKind.SETS).order_by(Taxonomy.position, Theme.position)
        ).all()

    def unfinished(self, declaration: Declaration) -> list[UnfinishedLanguage]:
        """What is still to be written before publication: each annex and language that lacks something.

        An annex whose set of recommendations has been removed lacks everything.
        """
        annexes = self.listed(declaration)
        has_sets = any(annex.kind is AnnexKind.RECOMMENDATIONS for annex in annexes)
        sets = {None, *(theme.id for theme in self.sets(declaration))} if has_sets else set[UUID | None]()
        return [
            UnfinishedLanguage(annex.id, annex.title.said_in(Language.EN), language)
            for annex in annexes
            for language in Language
            if not annex.title.to_dict()[language]
            or (annex.kind in WRITTEN and not annex.text.to_dict()[language])
            or (
                annex.kind is AnnexKind.RECOMMENDATIONS
                and (annex.theme_id is None or not {annex.theme_id, annex.other_theme_id} <= sets)
            )
        ]

    def add(self, declaration: Declaration, wanted: AnnexFields, *, actor: Actor) -> AnnexRecord:
        """Add an annex behind the others; languages can follow later, but are needed for publication."""
        policy.ensure_may_prepare_apparatus(actor, declaration)
        fields, others = self._checked(declaration, wanted), self.listed(declaration)
        if len(others) >= MOST_ANNEXES:
            raise Invalid(field="title", reason="too_many_annexes", most=MOST_ANNEXES)
        made = AnnexRecord(
            declaration_id=declaration.id,
            position=max((annex_record.position for annex_record in others), default=0) + 1,
            **structs.asdict(fields),
            entered_by_id=actor.person_id,
            entered_at=clock.now(),
        )
        self.db.add(made)
        self.db.flush()
        self._record("annex.added", made, declaration, actor=actor)
        return made

    def change(self, declaration: Declaration, annex_id: UUID, wanted: AnnexFields, *, actor: Actor) -> AnnexRecord:
        """Put other words in its place; its kind stays."""
        policy.ensure_may_prepare_apparatus(actor, declaration)
        found = self.get(declaration, annex_id)
        fields = self._checked(declaration, wanted, kind=AnnexKind(found.kind))
        found.title, found.text = fields.title, fields.text
        found.version, found.theme_id, found.other_theme_id = fields.version, fields.theme_id, fields.other_theme_id
        self._record("annex.changed", found, declaration, actor=actor)
        return found

    def move_up(self, declaration: Declaration, annex_id: UUID, *, actor: Actor) -> None:
        """Let an annex change places with the one before it; the first one stays."""
        policy.ensure_may_prepare_apparatus(actor, declaration)
        found, every = self.get(declaration, annex_id), self.listed(declaration)
        place = every.index(found)
        if place:
            before = every[place - 1]
            before.position, found.position = found.position, before.position
            self._record("annex.changed", found, declaration, actor=actor)

    def remove(self, declaration: Declaration, annex_id: UUID, *, actor: Actor) -> None:
        """Take an annex away."""
        policy.ensure_may_prepare_apparatus(actor, declaration)
        found = self.get(declaration, annex_id)
        self.db.delete(found)
        self._record("annex.removed", found, declaration, actor=actor)

    def _checked(self, declaration: Declaration, wanted: AnnexFields, *, kind: AnnexKind | None = None) -> AnnexFields:
        kind = kind or wanted.kind
        title = Trilingual.of({language: " ".join(text.split()) for language, text in wanted.title.to_dict().items()})
        if not title.said_in(Language.EN):
            raise Invalid(field="title", reason="empty")
        text = wanted.text if kind in WRITTEN else Trilingual()
        for said in title.to_dict().values():
            ensure_short(said, LONGEST_TITLE, "title")
        for said in text.to_dict().values():
            ensure_short(said, LONGEST_TEXT, "text")
        ensure_short(wanted.version, LONGEST_VERSION, "version")
        ensure_printable("title", title)
        ensure_printable("text", text)
        for language in Language:
            _ensure_readable(text.to_dict()[language], language)
        sets = self._sets_of(declaration, wanted) if kind is AnnexKind.RECOMMENDATIONS else (None, None)
        return AnnexFields(kind, title, text, " ".join(wanted.version.split()), *sets)

    def _sets_of(self, declaration: Declaration, wanted: AnnexFields) -> tuple[UUID | None, UUID | None]:
        """The set of an annex, or the two that it compares. Raises `Invalid` for none, and for the same twice."""
        known = {theme.id for theme in self.sets(declaration)}
        if wanted.theme_id not in known:
            raise Invalid(field="theme_id", reason="no_such_set")
        if wanted.other_theme_id is not None and wanted.other_theme_id not in known - {wanted.theme_id}:
            raise Invalid(field="other_theme_id", reason="no_such_set")
        return wanted.theme_id, wanted.other_theme_id

    def _record(self, kind: str, annex: AnnexRecord, declaration: Declaration, *, actor: Actor) -> None:
        log.record_in(self.db, kind, declaration, actor=actor, annex=str(annex.id))


def _ensure_readable(text: str, language: Language) -> None:
    try:
        read_blocks(text, language=language, new_id=str)
    except DraftsError as error:
        raise Invalid(field="text", reason="not_readable", line=error.facts.get("line", 0)) from error


class AnnexProject(Struct, frozen=True):
    """One project. `members` are those whom its document names and those who joined since, each once."""

    number: int
    title: str
    language: str
    promoter: str
    members: tuple[str, ...]
    actions: tuple[str, ...]


def project_annex(db: Db, forum: Forum, *, actor: Actor) -> tuple[AnnexProject, ...]:
    """Every project of the forum, by their numbers; raises `NotAllowed` for who may not read the programme."""
    return tuple(
        filled(
            AnnexProject,
            project,
            members=_each_once([*project.interested, *(joined.organisation.name for joined in project.joined)]),
            actions=tuple(project.actions),
        )
        for project in ProjectService(db).projects(forum, actor=actor)
    )


def _each_once(names: Sequence[str]) -> tuple[str, ...]:
    """The first spelling of each name: a document writes "BILBAO", the register "Bilbao"."""
    seen: dict[str, str] = {}
    for name in names:
        known = seen.get(name.casefold())
        if known is None or known.isupper():
            seen[name.casefold()] = name
    return tuple(seen.values())


_TAKING_PART = (Role.OBSERVER, Role.MEMBER, Role.COMMITTEE, Role.CHAIR)


def annex_content(db: Db, record: AnnexRecord) -> Annex:
    """An annex as an edition prints it."""
    kind = AnnexKind(record.kind)
    held = _HELD[kind](db, record)
    version = [_version(record)] if record.version else []
    return Annex(str(record.id), kind, _said(record.title), (*version, *held))


def _said(words: Trilingual) -> dict[Language, str]:
    return {Language(language): content for language, content in words.to_dict().items() if content}


def _annex_line(words: dict[Language, str]) -> AnnexLine:
    return AnnexLine(BlockKind.PARAGRAPH, words)


def _verbatim(words: str, language: str, kind: BlockKind, level: int = 0) -> AnnexLine:
    """Words that are left in the language in which they were said."""
    return AnnexLine(kind, {Language.EN: literal_lines(words)}, level, language)


def _version(record: AnnexRecord) -> AnnexLine:
    words = literal(record.version)
    return _annex_line({each: f"*{said.version.format(version=words)}*" for each, said in ADDED_WORDS.items()})


def _written(_: Db, record: AnnexRecord) -> tuple[AnnexLine, ...]:
    return annex_lines(_said(record.text), record.id.hex[-6:])


def _recommendations(db: Db, record: AnnexRecord) -> Iterator[AnnexLine]:
    """The confirmed recommendations of a set, word for word, each in the language in which it was said."""
    if record.theme_id and record.other_theme_id:
        yield from _common_ground(db, record.theme_id, record.other_theme_id)
        return
    statement = (
        sa.select(Recommendation)
        .join(RecommendationTheme, RecommendationTheme.recommendation_id == Recommendation.id)
        .where(
            RecommendationTheme.theme_id == record.theme_id, Recommendation.standing == RecommendationStatus.CONFIRMED
        )
        .order_by(Recommendation.number)
    )
    for recommendation in db.scalars(statement):
        yield _with_source(recommendation)


def _common_ground(db: Db, first: UUID, second: UUID) -> Iterator[AnnexLine]:
    """The names of two sets, then what they share, with both sources: words of the first above those of the second."""
    names = [db.get_one(Theme, theme_id).name for theme_id in (first, second)]
    yield _annex_line({each: " · ".join(f"*{literal(name.said_in(each))}*" for name in names) for each in Language})
    ground = near_duplicates.confirmed_common_ground(db, first, second)
    pairs = ((pair.first, [pair.second]) for pair in ground.agreed)
    for said, others in (*ground.shared, *pairs):
        yield _with_source(said)
        yield from (_with_source(other, level=1) for other in others)


def _with_source(recommendation: Recommendation, *, level: int = 0) -> AnnexLine:
    source = f" (*{literal(recommendation.origin)}*)" if recommendation.origin else ""
    words = {Language.EN: literal_lines(recommendation.text) + source}
    return AnnexLine(BlockKind.BULLET, words, level, recommendation.language)


def _projects(db: Db, record: AnnexRecord) -> Iterator[AnnexLine]:
    for annex_project in project_annex(db, record.declaration.forum, actor=OPERATOR):
        yield _verbatim(f"{annex_project.number}. {annex_project.title}", annex_project.language, BlockKind.HEADING, 1)
        if annex_project.promoter:
            name = literal(annex_project.promoter)
            yield _annex_line({each: words.promoter.format(name=name) for each, words in ADDED_WORDS.items()})
        for action in annex_project.actions:
            yield _verbatim(action, annex_project.language, BlockKind.BULLET)
        if annex_project.members:
            names = literal(", ".join(annex_project.members))
            yield _annex_line({each: words.members.format(names=names) for each, words in ADDED_WORDS.items()})


def _participants(db: Db, record: AnnexRecord) -> Iterator[AnnexLine]:
    """The organisations that take part, by region of the world where they are of several, without names of people.

    Each language has them in the order of its alphabet; those of no known country come first.
    """
    bodies, regions = _organisations(db, record.declaration.forum), dict[str, list[Organisation]]()
    for organisation in bodies:
        regions.setdefault(validation.region_of(organisation.country), []).append(organisation)
    if len(regions.keys() - {""}) <= 1:
        yield from _bodies(bodies)
        return
    for region in sorted(regions, key=lambda code: code and validation.region_name(code, Language.EN)):
        if region:
            names = {language: literal(validation.region_name(region, language)) for language in Language}
            yield AnnexLine(BlockKind.HEADING, names, 1)
        yield from _bodies(regions[region])


def _bodies(bodies: Sequence[Organisation]) -> Iterator[AnnexLine]:
    ordered = {
        language: sorted((_named(body, language) for body in bodies), key=partial(collated, language=language))
        for language in Language
    }
    for place in range(len(bodies)):
        said = {language: literal(names[place]) for language, names in ordered.items()}
        yield AnnexLine(BlockKind.BULLET, said)


def _organisations(db: Db, forum: Forum) -> list[Organisation]:
    held = sa.select(Mandate.organisation_id).where(Mandate.forum_id == forum.id, Mandate.role.in_(_TAKING_PART))
    statement = sa.select(Organisation).where(Organisation.id.in_(held), Organisation.merged_into_id.is_(None))
    return list(db.scalars(statement.order_by(Organisation.id)))


def _named(organisation: Organisation, language: Language) -> str:
    return (
        f"{organisation.name} ({validation.country_name(organisation.country, language)})"
        if organisation.country
        else organisation.name
    )


_HELD: Mapping[AnnexKind, Callable[[Db, AnnexRecord], Iterator[AnnexLine] | tuple[AnnexLine, ...]]] = {
    AnnexKind.TEXT: _written,
    AnnexKind.CONDUCT: _written,
    AnnexKind.RECOMMENDATIONS: _recommendations,
    AnnexKind.PROJECTS: _projects,
    AnnexKind.PARTICIPANTS: _participants,
}
