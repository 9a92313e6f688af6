"""What each kind of annex holds, taken from the forum when an edition is prepared."""

from collections.abc import Callable, Iterator, Mapping

import sqlalchemy as sa

from drafts.apparatus import Annex, AnnexKind, AnnexLine
from drafts.blocks import BlockKind, Language
from drafts.formats.added import collated
from drafts.formats.added_words import ADDED_WORDS
from drafts.formats.annex_text import written
from drafts.formats.literal import lines, literal
from workspace.consultation.annex import annex_of_projects
from workspace.core.actor import OPERATOR, Role
from workspace.core.db import Db, Trilingual
from workspace.editions.around_models import AnnexRecord
from workspace.people import countries
from workspace.people.models import Forum, Mandate, Organisation
from workspace.recommendations.models import Recommendation, RecommendationTheme, Standing

_TAKING_PART = (Role.OBSERVER, Role.MEMBER, Role.COMMITTEE, Role.CHAIR)


def annex_of(db: Db, record: AnnexRecord) -> Annex:
    """An annex as an edition prints it."""
    kind = AnnexKind(record.kind)
    held = _HELD[kind](db, record)
    version = [_version(record)] if record.version else []
    return Annex(str(record.id), kind, _said(record.title), (*version, *held))


def _said(words: Trilingual) -> dict[Language, str]:
    return {Language(language): content for language, content in words.to_dict().items() if content}


def _told(words: dict[Language, str]) -> AnnexLine:
    return AnnexLine(BlockKind.PARAGRAPH, words)


def _verbatim(words: str, language: str, kind: BlockKind, level: int = 0) -> AnnexLine:
    """Words that are left in the language in which they were said."""
    return AnnexLine(kind, {Language.EN: lines(words)}, level, language)


def _version(record: AnnexRecord) -> AnnexLine:
    words = literal(record.version)
    return _told({each: f"*{said.version.format(version=words)}*" for each, said in ADDED_WORDS.items()})


def _written(_: Db, record: AnnexRecord) -> tuple[AnnexLine, ...]:
    return written(_said(record.text), record.id.hex[-6:])


def _recommendations(db: Db, record: AnnexRecord) -> Iterator[AnnexLine]:
    """The confirmed recommendations of a set, word for word, each in the language in which it was said."""
    statement = (
        sa.select(Recommendation)
        .join(RecommendationTheme, RecommendationTheme.recommendation_id == Recommendation.id)
        .where(RecommendationTheme.theme_id == record.theme_id, Recommendation.standing == Standing.CONFIRMED)
        .order_by(Recommendation.number)
    )
    for one in db.scalars(statement):
        source = f" (*{literal(one.origin)}*)" if one.origin else ""
        yield AnnexLine(BlockKind.BULLET, {Language.EN: lines(one.text) + source}, language=one.language)


def _projects(db: Db, record: AnnexRecord) -> Iterator[AnnexLine]:
    for one in annex_of_projects(db, record.declaration.forum, actor=OPERATOR):
        yield _verbatim(f"{one.number}. {one.title}", one.language, BlockKind.HEADING, 1)
        if one.promoter:
            name = literal(one.promoter)
            yield _told({each: words.promoter.format(name=name) for each, words in ADDED_WORDS.items()})
        for action in one.actions:
            yield _verbatim(action, one.language, BlockKind.BULLET)
        if one.members:
            names = literal(", ".join(one.members))
            yield _told({each: words.members.format(names=names) for each, words in ADDED_WORDS.items()})


def _participants(db: Db, record: AnnexRecord) -> Iterator[AnnexLine]:
    """The organisations that take part in the forum, in the order of each language's alphabet; no names of people."""
    bodies = _organisations(db, record.declaration.forum)
    ordered = {language: _in_order([_named(one, language) for one in bodies], language) for language in Language}
    for place in range(len(bodies)):
        said = {language: literal(names[place]) for language, names in ordered.items()}
        yield AnnexLine(BlockKind.BULLET, said)


def _in_order(names: list[str], language: Language) -> list[str]:
    return sorted(names, key=lambda name: collated(name, language))


def _organisations(db: Db, forum: Forum) -> list[Organisation]:
    held = sa.select(Mandate.organisation_id).where(Mandate.forum_id == forum.id, Mandate.role.in_(_TAKING_PART))
    statement = sa.select(Organisation).where(Organisation.id.in_(held), Organisation.merged_into_id.is_(None))
    return list(db.scalars(statement.order_by(Organisation.id)))


def _named(one: Organisation, language: Language) -> str:
    return f"{one.name} ({countries.name(one.country, language)})" if one.country else one.name


_HELD: Mapping[AnnexKind, Callable[[Db, AnnexRecord], Iterator[AnnexLine] | tuple[AnnexLine, ...]]] = {
    AnnexKind.TEXT: _written,
    AnnexKind.CONDUCT: _written,
    AnnexKind.RECOMMENDATIONS: _recommendations,
    AnnexKind.PROJECTS: _projects,
    AnnexKind.PARTICIPANTS: _participants,
}
