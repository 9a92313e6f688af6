"""What two sets of recommendations have in common: the third list, and what may belong to it."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from litestar import Controller
from msgspec import Struct, field

from workspace.core.actor import Actor
from workspace.core.errors import Invalid, NotFound
from workspace.core.storage.db import Db
from workspace.declarations.frame import header
from workspace.people.frame import FrameInForum, InForum
from workspace.people.models import Forum
from workspace.recommendations import near_duplicates, policy
from workspace.recommendations.models import Recommendation, RecommendationStatus, TaxonomyKind
from workspace.recommendations.near_duplicates import CommonGround, CommonPair
from workspace.recommendations.pages.register import SimilarRecommendation, similar, themes_to_choose
from workspace.recommendations.service import RecommendationService
from workspace.recommendations.themes import ThemeService
from workspace.web.http.request_context import FormBody, FromQuery, Work
from workspace.web.pages import Done, Page, shows, takes
from workspace.web.refusals.sentences import sentence

COMMON, REOPEN = "common", "reopen"
_NOT_OF_BOTH = Invalid(field="other", reason="not_of_both_sets")
ThemeChoice = tuple[str, Sequence[tuple[str, str]]]


class CommonForm(Struct, frozen=True):
    """Two recommendations by number, of these two sets, and what is said of them."""

    first: str = ""
    second: str = ""
    left: int = field(default=0, name="one")
    right: int = field(default=0, name="other")
    act: str = COMMON


class CommonLine(Struct, frozen=True):
    """Words of the common ground with their sources: those of either set, or the one and what was merged into it."""

    sources: Sequence[SimilarRecommendation]
    is_pair: bool
    is_confirmed: bool


class CommonGroundPage(Page, frozen=True, kw_only=True):
    themes: Sequence[ThemeChoice]
    first: str
    second: str
    lines: Sequence[CommonLine]
    open: Sequence[CommonLine]
    may_settle: bool
    sent: CommonForm
    errors: Mapping[str, str]


class CommonGroundPages(Controller):
    """The common ground of two sets."""

    path = "/{forum:str}/recommendations/common-ground"

    @shows("recommendations/common_ground.html", name="common_ground", policy="recommendation.read")
    def common_ground(
        self,
        *,
        db: Db,
        work: Work,
        found: FrameInForum,
        first: FromQuery[str] = "",
        second: FromQuery[str] = "",
        form: CommonForm | None = None,
        refusal: Invalid | NotFound | None = None,
    ) -> CommonGroundPage:
        """What two sets share, each with its sources; without a choice, the forum's first two sets or themes."""
        form = form or CommonForm(first, second)
        sets = _ids(form.first, form.second) or _first_sets(db, found.forum, work)
        ground = near_duplicates.common_ground(db, found.forum, *sets, actor=work.actor) if sets else None
        is_unknown = type(refusal) is NotFound  # a number that no recommendation has
        said = _NOT_OF_BOTH if is_unknown else refusal
        return CommonGroundPage(
            place=header(db, found, work=work),
            here="recommendations",
            themes=themes_to_choose(db, found.forum, work),
            first=str(sets[0]) if sets else "",
            second=str(sets[1]) if sets else "",
            lines=_lines(ground, found.forum, work) if ground else (),
            open=[_pair(pair, found.forum, work) for pair in ground.open] if ground else (),
            may_settle=policy.may_confirm(work.actor, found.forum),
            sent=form,
            errors={"by-other": sentence(said, work.messages)} if said else {},
        )

    @takes(
        again=common_ground,
        refusals=(Invalid, NotFound),
        name="settle_common_ground",
        policy="recommendation.confirm_merge",
    )
    def settle(self, db: Db, work: Work, actor: Actor, forum: InForum, data: FormBody[CommonForm]) -> Done:
        """Add two to the common ground, take them out of it, or keep them apart for good."""
        pair, say = RecommendationService(db).chosen(forum, [data.left, data.right]), work.messages.gettext
        if data.act == COMMON:
            near_duplicates.agree_pair(db, forum, pair, sets=_ids(data.first, data.second) or (), actor=actor)
            said = say("Added to the common ground.")
        elif data.act == REOPEN:
            near_duplicates.reopen_pair(db, forum, pair, actor=actor)
            said = say("Removed from the common ground.")
        else:
            near_duplicates.dismiss_pair(db, forum, pair[0].id, pair[-1].id, actor=actor)
            said = say("Kept apart; they are not shown together again.")
        return Done("common_ground", said, at={"first": data.first, "second": data.second})


def _ids(first: str, second: str) -> tuple[UUID, UUID] | None:
    try:
        return UUID(first), UUID(second)
    except ValueError:
        return None


def _first_sets(db: Db, forum: Forum, work: Work) -> tuple[UUID, UUID] | None:
    lists = ThemeService(db).taxonomies(forum, actor=work.actor)
    ordered = sorted(lists, key=lambda taxonomy: taxonomy.kind is not TaxonomyKind.SETS)
    themes = [theme.id for taxonomy in ordered for theme in taxonomy.themes]
    return (themes[0], themes[1]) if len(themes) > 1 else None


def _lines(ground: CommonGround, forum: Forum, work: Work) -> list[CommonLine]:
    shared = [_line([row, *merged], forum, work, is_pair=False) for row, merged in ground.shared]
    return [*shared, *(_pair(pair, forum, work) for pair in ground.agreed)]


def _pair(pair: CommonPair, forum: Forum, work: Work) -> CommonLine:
    return _line([pair.first, pair.second], forum, work, is_pair=True)


def _line(rows: Sequence[Recommendation], forum: Forum, work: Work, *, is_pair: bool) -> CommonLine:
    asked = rows if is_pair else rows[:1]
    is_confirmed = all(row.standing is RecommendationStatus.CONFIRMED for row in asked)
    return CommonLine([similar(row, forum, work) for row in rows], is_pair, is_confirmed)
