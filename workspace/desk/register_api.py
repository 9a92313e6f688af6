"""The register as a file, coverage, and what became of contributions, as JSON."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, Response
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body
from msgspec import Struct

from workspace.core.shapes import filled
from workspace.declarations.api import opened
from workspace.desk.contributions import (
    Contribution,
    ContributionPage,
    of_organisation,
    of_person,
    of_session,
    of_speaker,
)
from workspace.desk.coverage import CoveragePage, coverage
from workspace.desk.register_files import LARGEST, AnswersIn, register_file, take_answers
from workspace.people.service import PeopleService
from workspace.web.api import answer, reads, writes
from workspace.web.params import FromPath, FromQuery
from workspace.web.services import Work


class CoveredOut(Struct, frozen=True, kw_only=True):
    """A paragraph, the recommendations it came from, and how many of those stand under each theme."""

    block_id: str
    number: str
    sources: int
    under: list[int]


class CoverageOut(Struct, frozen=True, kw_only=True):
    """Paragraphs against themes. `placed` and `wanted` count the recommendations under each theme."""

    themes: list[str]
    placed: list[int]
    wanted: list[int]
    paragraphs: list[CoveredOut]
    without_source: int
    without_place: int
    to_look_at: list[UUID]

    @classmethod
    def of(cls, shown: CoveragePage) -> "CoverageOut":
        return filled(
            cls,
            shown,
            placed=shown.counts,
            paragraphs=shown.rows,
            without_place=shown.homeless,
            to_look_at=[recommendation.id for recommendation in shown.looks],
        )


class BecameOut(Struct, frozen=True, kw_only=True):
    """A paragraph that a recommendation went into, as it reads now."""

    number: str
    address: str
    language: str
    text: str


class ContributionOut(Struct, frozen=True, kw_only=True):
    """One recommendation and its fate: taken_up, partly, merged, declined, dropped or open."""

    number: int
    text: str
    language: str
    fate: str
    reason: str
    merged_into: int | None
    became: list[BecameOut]

    @classmethod
    def of(cls, one: Contribution) -> "ContributionOut":
        became = [
            BecameOut(number=number, address=href, language=language, text=text)
            for number, href, text, language in one.texts
        ]
        return filled(cls, one.line, fate=one.fate, became=became)


class ContributionsOut(Struct, frozen=True, kw_only=True):
    """What became of what somebody said, and of what they stand behind."""

    who: str
    said: list[ContributionOut]
    endorsed: list[ContributionOut]

    @classmethod
    def of(cls, shown: ContributionPage) -> "ContributionsOut":
        return cls(
            who=shown.who,
            said=[ContributionOut.of(one) for one in shown.contributions],
            endorsed=[ContributionOut.of(one) for one in shown.endorsed],
        )


class TakenOut(Struct, frozen=True, kw_only=True):
    """How many recommendations a file held; they wait to be confirmed."""

    recommendations: int


class RegisterFileApi(Controller):
    """The register as a spreadsheet, out and in."""

    path = "/api/forums/{forum:str}/recommendations"
    tags = ("Recommendations",)

    @reads("/file", policy="recommendation.read", media_type="application/octet-stream")
    def read_register_file(
        self, work: NamedDependency[Work], forum: FromPath[str], kind: FromQuery[str] = "xlsx"
    ) -> Response[bytes]:
        """Read what fits the filters of the register's page as `xlsx` or `csv`."""
        with work.reading() as db:
            return register_file(db, forum, kind, work=work, settings=dict(work.request.query_params.items()))

    @writes("/answers", policy="recommendation.confirm_merge", largest=LARGEST + 100_000)
    def take_in_answers(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        data: Annotated[AnswersIn, Body(media_type=RequestEncodingType.MULTI_PART)],
    ) -> Response[TakenOut]:
        """Take in a spreadsheet: a list of recommendations, or the answers to a questionnaire."""
        actor = work.actor
        content, name = data.file.file.read(LARGEST + 1), data.file.filename
        with work.writing() as db:
            count = take_answers(db, PeopleService(db).forum(forum), content, name, data.said_in, actor=actor)
        return answer(TakenOut(recommendations=count))


class CoverageApi(Controller):
    """What a text covers of what was recommended."""

    path = "/api"
    tags = ("Provenance",)

    @reads("/declarations/{declaration_id:uuid}/coverage", policy="provenance.read")
    def read_coverage(
        self, work: NamedDependency[Work], declaration_id: FromPath[UUID], taxonomy: FromQuery[str] = ""
    ) -> Response[CoverageOut]:
        """Count, paragraph by paragraph, what each came from, under the themes of one list."""
        actor = work.actor
        with work.reading() as db:
            declaration = opened(db, declaration_id, actor=actor)
            shown = coverage(db, declaration.forum.slug, declaration.slug, taxonomy, work=work)
            return answer(CoverageOut.of(shown))

    @reads("/forums/{forum:str}/contributions/sessions/{session_id:uuid}", policy="recommendation.read")
    def read_session_contribution(
        self, work: NamedDependency[Work], forum: FromPath[str], session_id: FromPath[UUID]
    ) -> Response[ContributionsOut]:
        """Read what became of what a session said."""
        with work.reading() as db:
            return answer(ContributionsOut.of(of_session(db, forum, session_id, work=work)))

    @reads("/forums/{forum:str}/contributions/people/{person_id:uuid}", policy="recommendation.read")
    def read_person_contribution(
        self, work: NamedDependency[Work], forum: FromPath[str], person_id: FromPath[UUID]
    ) -> Response[ContributionsOut]:
        """Read what became of what somebody sent in for themselves: for themselves, and who looks after people."""
        with work.reading() as db:
            return answer(ContributionsOut.of(of_person(db, forum, person_id, work=work)))

    @reads("/forums/{forum:str}/contributions/speakers/{speaker:str}", policy="recommendation.read")
    def read_speaker_contribution(
        self, work: NamedDependency[Work], forum: FromPath[str], speaker: FromPath[str]
    ) -> Response[ContributionsOut]:
        """Read what became of what was said where somebody spoke; their name is as in the address of their page."""
        with work.reading() as db:
            return answer(ContributionsOut.of(of_speaker(db, forum, speaker, work=work)))

    @reads("/forums/{forum:str}/contributions/organisations/{organisation_id:uuid}", policy="recommendation.read")
    def read_organisation_contribution(
        self, work: NamedDependency[Work], forum: FromPath[str], organisation_id: FromPath[UUID]
    ) -> Response[ContributionsOut]:
        """Read what became of what an organisation sent in or stands behind."""
        with work.reading() as db:
            return answer(ContributionsOut.of(of_organisation(db, forum, organisation_id, work=work)))
