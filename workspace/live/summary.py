"""What is new since a page was opened, in sentences: for a line that says so and changes nothing."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct, field

from workspace.core.storage.db import Db
from workspace.declarations import labels
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration
from workspace.live.claims import ClaimService
from workspace.live.feed import Event
from workspace.live.models import ParagraphClaim
from workspace.people.models import Forum, Person
from workspace.web.http.request_context import Work
from workspace.web.i18n.marking import N_
from workspace.web.i18n.messages import Messages

MOST_NAMED = 4


class NewsSummary(Struct):
    """What has been counted since the page was opened. What the reader did themselves is no news to them."""

    reader: UUID | None
    counts: Counter[str] = field(default_factory=Counter)
    revision: int = 0
    is_behind: bool = False

    def add(self, events: Iterable[Event]) -> None:
        for event in events:
            if event.event == "text" and event.kind == "revision.made":
                self.revision = int(event.facts.get("number", 0))
            elif event.actor_id is None or event.actor_id != self.reader:
                self.counts[_counted_as(event)] += 1

    def sentences(self, messages: Messages) -> Iterator[str]:
        say = messages.gettext
        if self.is_behind:
            yield say(N_("Much has changed since you opened this page."))
        if self.revision:
            yield say(N_("The text is now revision %(number)s."), number=self.revision)
        if count := self.counts["proposed"]:
            yield messages.ngettext("One new amendment.", "%(count)s new amendments.", count, count=count)
        if count := self.counts["decision"]:
            yield messages.ngettext("One decision.", "%(count)s decisions.", count, count=count)
        if count := self.counts["comment"]:
            yield messages.ngettext("One new comment.", "%(count)s new comments.", count, count=count)
        if count := self.counts["translation"]:
            yield messages.ngettext("One translation changed.", "%(count)s translations changed.", count, count=count)
        if self.counts["phase"]:
            yield say(N_("The phase has changed."))
        if self.counts["edition"]:
            yield say(N_("New edition published."))
        if self.counts["question"]:
            yield say(N_("News from the plenary."))


def _counted_as(event: Event) -> str:
    if event.event == "amendment":
        return "proposed" if event.kind == "amendment.proposed" else "amendment changed"
    if event.event == "comment":
        return "comment" if event.kind in {"comment.opened", "comment.replied"} else "comment changed"
    return event.event


def people_here(db: Db, people: frozenset[UUID], messages: Messages, *, reader: UUID | None) -> str:
    """Who else is here, as a sentence; "" when nobody is."""
    others = people - {reader}
    if not others:
        return ""
    names = sorted(db.scalars(sa.select(Person.name).where(Person.id.in_(others), Person.erased_at.is_(None))))
    shown, rest = names[:MOST_NAMED], len(names) - MOST_NAMED
    if rest > 0:
        shown = [*shown, messages.ngettext("one more", "%(count)s more", rest, count=rest)]
    return messages.gettext("Also here: %(names)s", names=messages.listed(shown)) if shown else ""


def claimed(
    db: Db, claims: Sequence[ParagraphClaim], declaration: Declaration, forum: Forum, messages: Messages
) -> dict[str, list[str]]:
    """Who is at work on what, as sentences, by block."""
    if not claims:
        return {}
    text = queries.text_in_force(db, declaration)
    found: dict[str, list[str]] = {}
    for claim in claims:
        where = labels.name_in(text, claim.block_id, messages) or messages.gettext(N_("A removed paragraph"))
        found.setdefault(str(claim.block_id), []).append(claim_said(claim, where, forum, messages))
    return found


def who_claims(db: Db, declaration: Declaration, block_id: UUID, name: str, work: Work) -> str:
    """Who else is at work on one paragraph, in a sentence for each; `name` is what the paragraph is called."""
    claims = ClaimService(db).on(declaration, actor=work.actor, block_id=block_id)
    return " ".join(claim_said(claim, name, declaration.forum, work.messages) for claim in claims)


def claim_said(claim: ParagraphClaim, where: str, forum: Forum, messages: Messages) -> str:
    """The sentence of one claim; `where` is what the paragraph is called."""
    since = forum.local(claim.since)
    return messages.gettext(
        "%(where)s: %(name)s is editing since %(time)s.", where=where, name=claim.person.name, time=messages.time(since)
    )
