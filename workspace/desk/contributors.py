"""Everybody whose words a forum has gathered, each with the page that says what became of them.

An organisation and a session are named to whoever reads the register. A speaker is named as the programme names them.
A person who sent something in for themselves is shown to themselves and to those who look after people.
"""

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

import msgspec
import sqlalchemy as sa
from msgspec import Struct

from workspace.core.actor import Actor
from workspace.core.db import Db
from workspace.core.errors import NotFound
from workspace.core.search import folded
from workspace.declarations.frame import header
from workspace.people.frame import forum_frame
from workspace.people.models import Forum, Organisation, Person
from workspace.people.policy import sees_everybody
from workspace.recommendations import policy
from workspace.recommendations.models import Endorsement, Recommendation, Standing
from workspace.sessions import policy as programme
from workspace.sessions.extraction import SessionDetails
from workspace.sessions.models import Session
from workspace.web.i18n import LANGUAGES
from workspace.web.pages import Page
from workspace.web.services import Work


class Contributor(Struct, frozen=True):
    """Somebody who said something, where to read what became of it, and how many recommendations that are."""

    name: str
    language: str
    href: str
    count: int


class ContributorsPage(Page, frozen=True, kw_only=True):
    own: Contributor | None
    organisations: Sequence[Contributor]
    sessions: Sequence[Contributor]
    speakers: Sequence[Contributor]


class Spoke(Struct, frozen=True):
    """A speaker as the notes name them, and the sessions they speak in or moderate."""

    name: str
    language: str
    sessions: Sequence[UUID]


def contributors(db: Db, forum_slug: str, *, work: Work) -> ContributorsPage:
    """The page that lists them; raises `NotAllowed` for who may not read the register."""
    found = forum_frame(db, forum_slug, work=work)
    policy.ensure_may_read(work.actor, found.forum)
    counts = _by_session(db, found.forum, work.actor)
    return ContributorsPage(
        place=header(db, found, work=work),
        here="recommendations",
        own=_own(db, found.forum, work),
        organisations=list(_organisations(db, found.forum, work)),
        sessions=list(_sessions(db, found.forum, counts, work)),
        speakers=list(_speakers(db, found.forum, counts, work)),
    )


def person_named(db: Db, forum: Forum, person_id: UUID, *, actor: Actor) -> Person:
    """Who sent something in for themselves, for themselves to read and for those who look after people."""
    person = db.get(Person, person_id)
    if person is None or not (actor.person_id == person_id or sees_everybody(actor, forum)):
        raise NotFound(what="person", id=str(person_id))
    return person


def sent_in_by(person_id: UUID) -> sa.ColumnElement[bool]:
    """What somebody sent in; a secretariat that takes answers in sends nothing in itself."""
    return sa.and_(Recommendation.submitted_by_id == person_id, Recommendation.organisation_id.is_(None))


def speakers(db: Db, forum: Forum, *, actor: Actor) -> Mapping[str, Spoke]:
    """Everybody whom the notes name as speaking or moderating, by the key that their page has in its address."""
    if not programme.may_read(actor, forum):
        return {}
    told: dict[str, Spoke] = {}
    rows = sa.select(Session.id, Session.language, Session.details).where(Session.forum_id == forum.id)
    for session_id, language, details in db.execute(rows.order_by(Session.number)):
        found = msgspec.convert(details, SessionDetails).found
        for name in dict.fromkeys(one.name for one in (*found.moderators, *found.speakers) if one.name):
            before = told.get(key_of(name), Spoke(name, language, ()))
            told[key_of(name)] = Spoke(before.name, before.language, (*before.sessions, session_id))
    return told


def key_of(name: str) -> str:
    """A name as part of an address."""
    return folded(name).strip().replace(" ", "-")


def _own(db: Db, forum: Forum, work: Work) -> Contributor | None:
    person_id = work.actor.person_id
    if person_id is None:
        return None
    mine = sa.select(sa.func.count()).where(Recommendation.forum_id == forum.id, sent_in_by(person_id))
    count = db.scalar(mine) or 0
    href = work.url_for("person_contribution", forum=forum.slug, person_id=person_id)
    return Contributor("", "", href, count) if count else None


def _organisations(db: Db, forum: Forum, work: Work) -> Iterator[Contributor]:
    said = sa.select(Recommendation.organisation_id.label("by"), Recommendation.id.label("what"))
    behind = sa.select(Endorsement.organisation_id, Recommendation.id).join(
        Recommendation, Recommendation.id == Endorsement.recommendation_id
    )
    shown = _shown(forum, work.actor)
    both = sa.union(said.where(*shown, Recommendation.organisation_id.is_not(None)), behind.where(*shown)).subquery()
    rows = (
        sa.select(Organisation.id, Organisation.name, sa.func.count())
        .join(both, both.c.by == Organisation.id)
        .group_by(Organisation.id, Organisation.name)
        .order_by(Organisation.name)
    )
    for key, name, count in db.execute(rows):
        href = work.url_for("organisation_contribution", forum=forum.slug, organisation_id=key)
        yield Contributor(name, "", href, count)


def _by_session(db: Db, forum: Forum, actor: Actor) -> Mapping[UUID, int]:
    rows = sa.select(Recommendation.session_id, sa.func.count()).where(
        *_shown(forum, actor), Recommendation.session_id.is_not(None)
    )
    return {key: count for key, count in db.execute(rows.group_by(Recommendation.session_id)) if key}


def _sessions(db: Db, forum: Forum, counts: Mapping[UUID, int], work: Work) -> Iterator[Contributor]:
    rows = sa.select(Session.id, Session.title, Session.language).where(Session.forum_id == forum.id)
    for key, title, language in db.execute(rows.order_by(Session.number)):
        if key in counts:
            href = work.url_for("session_contribution", forum=forum.slug, session_id=key)
            yield Contributor(title, _tag(language), href, counts[key])


def _speakers(db: Db, forum: Forum, counts: Mapping[UUID, int], work: Work) -> Iterator[Contributor]:
    found = speakers(db, forum, actor=work.actor)
    for key, spoke in sorted(found.items()):
        count = sum(counts.get(one, 0) for one in spoke.sessions)
        if count:
            href = work.url_for("speaker_contribution", forum=forum.slug, speaker=key)
            yield Contributor(spoke.name, _tag(spoke.language), href, count)


def _shown(forum: Forum, actor: Actor) -> list[sa.ColumnElement[bool]]:
    here: list[sa.ColumnElement[bool]] = [Recommendation.forum_id == forum.id]
    if not policy.may_read_all(actor, forum):
        here.append(Recommendation.standing == Standing.CONFIRMED)
    return here


def _tag(language: str) -> str:
    return language if language in LANGUAGES else "und"
