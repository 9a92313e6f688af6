"""What became of what somebody said, in a session, for an organisation or for themselves; and the letter about it."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from drafts.base.words import fold_text
from drafts.text.markup import plain
from workspace.accounts.domain.models import Account
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import NotFound, existing
from workspace.core.events import PhaseMoved
from workspace.core.outbox import Receiver, queue_letters
from workspace.core.security.permissions import Phase
from workspace.core.storage.db import Db
from workspace.declarations.domain.models import Declaration, Provenance, ProvenanceKind
from workspace.declarations.frame import header
from workspace.declarations.labels import row_excerpt
from workspace.forms.results import OwnAnswer, own_answers
from workspace.people.frame import ForumFrame, forum_frame
from workspace.people.guests import GuestService
from workspace.people.models import Forum, Mandate, Organisation, Person
from workspace.people.policy import sees_everybody
from workspace.recommendations import policy
from workspace.recommendations.models import Endorsement, Recommendation, RecommendationStatus
from workspace.recommendations.pages.register import UNPUBLISHED, RegisterLine, register_rows
from workspace.recommendations.pages.usage import RecommendationUsage
from workspace.sessions import policy as programme
from workspace.sessions.extraction import SessionDetails
from workspace.sessions.models import Session
from workspace.web.http.request_context import Work
from workspace.web.i18n.messages import LANGUAGES
from workspace.web.pages import Page


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


class NotedSpeaker(Struct, frozen=True):
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
        organisations=list(_organisation_contributors(db, found.forum, work)),
        sessions=list(_session_contributors(db, found.forum, counts, work)),
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
    is_own = sa.and_(Recommendation.organisation_id.is_(None), Recommendation.said_by == "")
    return sa.and_(Recommendation.submitted_by_id == person_id, is_own)


def speakers(db: Db, forum: Forum, *, actor: Actor) -> Mapping[str, NotedSpeaker]:
    """Everybody whom the notes name as speaking or moderating, by the key that their page has in its address."""
    if not programme.may_read(actor, forum):
        return {}
    by_name: dict[str, NotedSpeaker] = {}
    rows = sa.select(Session.id, Session.language, Session.details)
    rows = rows.where(Session.forum_id == forum.id, programme.shown_to(actor, forum))
    for session_id, language, details in db.execute(rows.order_by(Session.number)):
        found = msgspec.convert(details, SessionDetails).found
        for name in dict.fromkeys(person.name for person in (*found.moderators, *found.speakers) if person.name):
            before = by_name.get(speaker_key(name), NotedSpeaker(name, language, ()))
            by_name[speaker_key(name)] = NotedSpeaker(before.name, before.language, (*before.sessions, session_id))
    return by_name


def speaker_key(name: str) -> str:
    """A name as part of an address."""
    return fold_text(name).strip().replace(" ", "-")


def _own(db: Db, forum: Forum, work: Work) -> Contributor | None:
    person_id = work.actor.person_id
    if person_id is None:
        return None
    mine = sa.select(sa.func.count()).where(Recommendation.forum_id == forum.id, sent_in_by(person_id))
    count = db.scalar(mine) or 0
    href = work.url_for("person_contribution", forum=forum.slug, person_id=person_id)
    return Contributor("", "", href, count) if count else None


def _organisation_contributors(db: Db, forum: Forum, work: Work) -> Iterator[Contributor]:
    said = sa.select(Recommendation.organisation_id.label("by"), Recommendation.id.label("what"))
    behind = sa.select(Endorsement.organisation_id, Recommendation.id).join(
        Recommendation, Recommendation.id == Endorsement.recommendation_id
    )
    shown = policy.shown_to(work.actor, forum)
    both = sa.union(said.where(shown, Recommendation.organisation_id.is_not(None)), behind.where(shown)).subquery()
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
        policy.shown_to(actor, forum), Recommendation.session_id.is_not(None)
    )
    return {key: count for key, count in db.execute(rows.group_by(Recommendation.session_id)) if key}


def _session_contributors(db: Db, forum: Forum, counts: Mapping[UUID, int], work: Work) -> Iterator[Contributor]:
    rows = sa.select(Session.id, Session.title, Session.language)
    rows = rows.where(Session.forum_id == forum.id, programme.shown_to(work.actor, forum))
    for key, title, language in db.execute(rows.order_by(Session.number)):
        if key in counts:
            href = work.url_for("session_contribution", forum=forum.slug, session_id=key)
            yield Contributor(title, _tag(language), href, counts[key])


def _speakers(db: Db, forum: Forum, counts: Mapping[UUID, int], work: Work) -> Iterator[Contributor]:
    found = speakers(db, forum, actor=work.actor)
    for key, spoke in sorted(found.items()):
        count = sum(counts.get(session, 0) for session in spoke.sessions)
        if count:
            href = work.url_for("speaker_contribution", forum=forum.slug, speaker=key)
            yield Contributor(spoke.name, _tag(spoke.language), href, count)


def _tag(language: str) -> str:
    return language if language in LANGUAGES else "und"


GUESTS = "guests"  # those among whoever sent something in, for themselves or not
NOTICE = "contributions"  # what a person switches off in their profile


class Contribution(Struct, frozen=True):
    """One recommendation and what it became; `texts` are the paragraphs it went into, as they read now."""

    line: RegisterLine
    href: str  # its own page, "" where that opens not
    fate: str  # that of the line, or what its author alone is told
    texts: Sequence[tuple[str, str, str, str]]  # number, address, words, language
    stands_in: Sequence[str]  # the declaration of each of these texts


class ContributionPage(Page, frozen=True, kw_only=True):
    who: str
    who_language: str
    about: str  # "session", "organisation", "person" or "speaker"
    origin: str  # address of the session, "" for all others
    is_private: bool  # whether the address opens to nobody else
    contributions: Sequence[Contribution]
    endorsed: Sequence[Contribution]  # said by others
    fates: Sequence[tuple[str, int]]
    share: str  # the whole address
    may_see_where: bool
    answers: Sequence[OwnAnswer] = ()  # to forms


def session_contributions(db: Db, forum_slug: str, session_id: UUID, *, work: Work) -> ContributionPage:
    """What became of what a session said; raises `NotFound`."""
    found = forum_frame(db, forum_slug, work=work)
    policy.ensure_may_read(work.actor, found.forum)
    session = db.get(Session, session_id)
    if session is None or session.forum_id != found.forum.id or not programme.may_read_session(work.actor, session):
        raise NotFound(what="session", id=str(session_id))
    own = _ids(db, found.forum, Recommendation.session_id == session_id, work)
    origin = work.url_for("session", forum=forum_slug, session_id=session_id)
    share = work.url_for("session_contribution", forum=forum_slug, session_id=session_id)
    who = _Who("session", session.title, session.language, origin, share)
    return _page(db, found, work, own, (), who=who)


def organisation_contributions(db: Db, forum_slug: str, organisation_id: UUID, *, work: Work) -> ContributionPage:
    """What became of what an organisation sent in or stands behind; raises `NotFound` where there is nothing."""
    found = forum_frame(db, forum_slug, work=work)
    policy.ensure_may_read(work.actor, found.forum)
    organisation = db.get(Organisation, organisation_id)
    own = _ids(db, found.forum, Recommendation.organisation_id == organisation_id, work)
    behind = sa.select(Endorsement.recommendation_id).where(Endorsement.organisation_id == organisation_id)
    endorsed = [id_ for id_ in _ids(db, found.forum, Recommendation.id.in_(behind), work) if id_ not in own]
    if organisation is None or not (own or endorsed):
        raise NotFound(what="organisation", id=str(organisation_id))
    share = work.url_for("organisation_contribution", forum=forum_slug, organisation_id=organisation_id)
    return _page(db, found, work, own, endorsed, who=_Who("organisation", organisation.name, "", "", share))


def person_contributions(db: Db, forum_slug: str, person_id: UUID, *, work: Work) -> ContributionPage:
    """What became of what somebody sent in for themselves, also before it is released; raises `NotFound`.

    Themselves and those who look after people read it, and nobody else.
    """
    found = forum_frame(db, forum_slug, work=work)
    policy.ensure_may_read(work.actor, found.forum)
    person = person_named(db, found.forum, person_id, actor=work.actor)
    own = _ids(db, found.forum, sent_in_by(person_id), work, is_own=True)
    answers = own_answers(db, found.forum, person_id, work=work)
    if not (own or answers):
        raise NotFound(what="person", id=str(person_id))
    share = work.url_for("person_contribution", forum=forum_slug, person_id=person_id)
    return replace(_page(db, found, work, own, (), who=_Who("person", person.name, "", "", share)), answers=answers)


def speaker_contributions(db: Db, forum_slug: str, speaker: str, *, work: Work) -> ContributionPage:
    """What became of what was said in the sessions that somebody spoke in or moderated; raises `NotFound`."""
    found = forum_frame(db, forum_slug, work=work)
    policy.ensure_may_read(work.actor, found.forum)
    spoke = existing(speakers(db, found.forum, actor=work.actor).get(speaker), "speaker", speaker[:80])
    own = _ids(db, found.forum, Recommendation.session_id.in_(spoke.sessions), work)
    share = work.url_for("speaker_contribution", forum=forum_slug, speaker=speaker)
    return _page(db, found, work, own, (), who=_Who("speaker", spoke.name, spoke.language, "", share))


class _Who(Struct, frozen=True):
    """Of whom a page tells, and where it is."""

    about: str
    name: str
    language: str
    origin: str
    share: str


def _ids(db: Db, forum: Forum, about: sa.ColumnElement[bool], work: Work, *, is_own: bool = False) -> list[UUID]:
    shown = Recommendation.forum_id == forum.id if is_own else policy.shown_to(work.actor, forum)
    return list(db.scalars(sa.select(Recommendation.id).where(shown, about).order_by(Recommendation.number)))


def _page(
    db: Db, found: ForumFrame, work: Work, own: Sequence[UUID], endorsed: Sequence[UUID], *, who: _Who
) -> ContributionPage:
    trails = RecommendationUsage.of(db, found.forum, work.actor, is_own=who.about == "person")
    texts = _texts(db, trails, work)
    lines = _by_id(db, found.forum, [*own, *endorsed], trails, work)
    every = {key: _contribution(line, texts) for key, line in lines}
    fates = Counter(every[key].fate for key in own)
    return ContributionPage(
        place=header(db, found, work=work),
        here="recommendations",
        who=who.name,
        who_language=who.language,
        about=who.about,
        origin=who.origin,
        is_private=who.about == "person",
        contributions=[every[key] for key in own],
        endorsed=[every[key] for key in endorsed],
        fates=fates.most_common(),
        share=str(work.request.base_url).rstrip("/") + who.share,
        may_see_where=bool(trails.declarations),
    )


def sent_in(db: Db, found: ForumFrame, person_id: UUID, *, work: Work) -> Sequence[Contribution]:
    """What became of everything that somebody sent in, for themselves or for an organisation.

    That it went into a text is told also while that text is not open to them, as their letter does.
    """
    forum, actor = found.forum, work.actor
    own = _ids(db, forum, Recommendation.submitted_by_id == person_id, work, is_own=True)
    trails = RecommendationUsage.of(db, forum, actor, is_own=True)
    texts = _texts(db, trails, work) if own else {}
    opens = policy.shown_standings(actor, forum)
    made = {
        key: _contribution(line, texts, is_read=line.standing in opens)
        for key, line in _by_id(db, forum, own, trails, work)
    }
    rows = sa.select(Provenance.recommendation_id, Provenance.kind).where(
        Provenance.recommendation_id.in_(own),
        Provenance.declaration_id.not_in(trails.declarations),
        Provenance.kind != ProvenanceKind.DECLINED,
    )
    for key, kind in db.execute(rows) if own else ():
        made[key] = replace(made[key], fate=kind.value) if made[key].fate == UNPUBLISHED else made[key]
    return list(made.values())


def _by_id(
    db: Db, forum: Forum, ids: Sequence[UUID], trails: RecommendationUsage, work: Work
) -> list[tuple[UUID, RegisterLine]]:
    return list(zip(ids, register_rows(db, forum, ids, trails, work), strict=True))


def _texts(db: Db, trails: RecommendationUsage, work: Work) -> dict[UUID, tuple[str, str]]:
    """The words of every paragraph that came from somewhere, in the reader's language where they are in it."""
    if not trails.declarations:
        return {}
    linked = set(
        db.scalars(sa.select(Provenance.block_id).where(Provenance.declaration_id.in_(list(trails.declarations))))
    )
    return {
        row.block_id: (plain(row.content(said_in)), said_in.value)
        for declaration in trails.declarations.values()
        for row in trails.rows(db, declaration)
        if row.block_id in linked
        for said_in in (row_excerpt(row, work.language)[1],)
    }


def _contribution(line: RegisterLine, texts: dict[UUID, tuple[str, str]], *, is_read: bool = True) -> Contribution:
    places = [usage for usage in line.went if usage.href and usage.kind is not ProvenanceKind.DECLINED]
    return Contribution(
        line,
        line.href if is_read else "",
        line.fate,
        [(usage.number, usage.href, *texts.get(usage.block_id, ("", ""))) for usage in places],
        [usage.declaration for usage in places],
    )


def tell_contributors(db: Db, event: PhaseMoved) -> None:
    """Answer to `PhaseMoved`: once a declaration is published, tell everybody whose words it came from.

    An organisation's people get the page of their organisation, a rapporteur that of each of their sessions, and
    whoever sent something in for themselves, or as a guest, their own.
    """
    if Phase(event.after) is not Phase.PUBLISHED:
        return
    declaration = db.get_one(Declaration, event.declaration_id)
    forum = declaration.forum
    base = f"/{{language}}/{forum.slug}/contributions"
    facts = {"forum": forum.name.to_dict(), "declaration": declaration.name.to_dict()}
    people: Mapping[str, Callable[[UUID], sa.Select[Any]]] = {
        "organisations": lambda key: _of_organisation(forum, key),
        "sessions": lambda key: sa.select(Session.rapporteur_id).where(Session.id == key),
        "people": lambda key: sa.select(Person.id).where(Person.id == key),
    }
    sources = sorted((page, key) for page, key in db.execute(_sources_of(forum)) if key)
    for page, key in ((page, key) for page, key in sources if page != GUESTS):
        receivers, path = _people(db, people[page](key)), f"{base}/{page}/{key}"
        queue_letters(db, "contribution", receivers, forum_id=forum.id, path=path, **facts)
    senders = {key for page, key in sources if page == GUESTS}
    for guest in GuestService(db).speaking(forum, senders) if senders else ():
        to, own = [Receiver(guest.email, guest.person.language, guest.person_id)], GuestService(db).page_of
        queue_letters(db, "contribution", to, forum_id=forum.id, path=own(forum, guest.person_id), **facts)


def _sources_of(forum: Forum) -> sa.CompoundSelect[str, UUID | None]:
    """Whose words a forum has, each once: the kind of their page, and whose it is."""
    organisation, sender, session, guest = (
        sa.select(sa.literal(page), of).where(Recommendation.forum_id == forum.id, of.is_not(None))
        for page, of in (
            ("organisations", Recommendation.organisation_id),
            ("people", Recommendation.submitted_by_id),
            ("sessions", Recommendation.session_id),
            (GUESTS, Recommendation.submitted_by_id),
        )
    )
    behind = (
        sa.select(sa.literal("organisations"), Endorsement.organisation_id)
        .join(Recommendation, Recommendation.id == Endorsement.recommendation_id)
        .where(Recommendation.forum_id == forum.id, Endorsement.organisation_id.is_not(None))
    )
    return sa.union(
        organisation.where(Recommendation.standing == RecommendationStatus.CONFIRMED),
        behind,
        session,
        guest,
        sender.where(Recommendation.organisation_id.is_(None), Recommendation.said_by == ""),
    )


def _of_organisation(forum: Forum, organisation_id: UUID) -> sa.Select[UUID]:
    today = clock.today(forum.timezone)
    return sa.select(Mandate.person_id).where(
        Mandate.forum_id == forum.id,
        Mandate.organisation_id == organisation_id,
        sa.or_(Mandate.ends_on.is_(None), Mandate.ends_on >= today),
    )


def _people(db: Db, persons: sa.Select[Any]) -> list[Receiver]:
    rows = db.execute(
        sa.select(Account.email, Person.language, Account.person_id, Account.notices)
        .join(Person, Person.id == Account.person_id)
        .where(Account.closed_at.is_(None), Account.person_id.in_(persons))
        .order_by(Account.person_id)
    )
    return [
        Receiver(email, language, person_id)
        for email, language, person_id, notices in rows
        if notices.get(NOTICE, True)
    ]
