"""What the pages around a text share: where they lead to each other, how a paragraph is called, what a form sends."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from msgspec import Struct

from drafts.apparatus import AnnexKind, Position
from drafts.blocks import Language
from drafts.markup import plain
from workspace.core.db import Db, Trilingual
from workspace.core.errors import Invalid
from workspace.declarations import queries
from workspace.declarations.models import Declaration
from workspace.editions.annexes import AnnexService
from workspace.translations.overview import Ways
from workspace.web.i18n import N_
from workspace.web.pages import Page
from workspace.web.services import Work

POSITIONS: Mapping[Position, str] = {
    Position.RESERVATION: N_("Reservation"),
    Position.EXPLANATION: N_("Explanation of position"),
    Position.DISSOCIATION: N_("Dissociation"),
}
KINDS: Mapping[AnnexKind, str] = {
    AnnexKind.TEXT: N_("A text of your own"),
    AnnexKind.CONDUCT: N_("Code of conduct"),
    AnnexKind.RECOMMENDATIONS: N_("A set of recommendations"),
    AnnexKind.PROJECTS: N_("The collaboration projects"),
    AnnexKind.PARTICIPANTS: N_("The participating organisations"),
}
SEE_IT = ("head.read", "edition.read_verify")
_EXCERPT = 60


class AroundPage(Page, frozen=True, kw_only=True):
    """What each of the three pages has. `tabs` are the pages: address, words, whether it is this one."""

    name: str
    reading: str
    tabs: Sequence[tuple[str, str, bool]]
    may_prepare: bool
    sent: Mapping[str, str]
    errors: Mapping[str, str]


class Tongue(Struct, frozen=True):
    """The same in one language, and in which."""

    language: Language
    words: str


def tabs(work: Work, forum: str, declaration: str, here: str) -> list[tuple[str, str, bool]]:
    """The three pages about what stands around the text."""
    say, at = work.messages.gettext, {"forum": forum, "declaration": declaration}
    pages = (
        ("signatories", say(N_("Signatories"))),
        ("reservations", say(N_("Reservations"))),
        ("annexes", say(N_("Annexes"))),
    )
    return [(work.url_for(name, **at), words, name == here) for name, words in pages]


def in_three(words: Trilingual) -> list[Tongue]:
    return [Tongue(language, words.to_dict()[language]) for language in Language]


class UnfinishedAnnex(Struct, frozen=True):
    """An annex that stops publication, and the languages that it lacks."""

    title: str
    languages: Sequence[Language]
    href: str


def unfinished_annexes(db: Db, ways: Ways, declaration: Declaration) -> list[UnfinishedAnnex]:
    """The annexes that are still to be written, each with where to write it."""
    service, lacking = AnnexService(db), dict[UUID, list[Language]]()
    for one in service.unfinished(declaration):
        lacking.setdefault(one.annex_id, []).append(one.language)
    at = {"forum": ways.forum, "declaration": ways.declaration}
    return [
        UnfinishedAnnex(
            title=annex.title.said_in(ways.work.language),
            languages=lacking[annex.id],
            href=ways.work.url_for("annex", **at, annex_id=annex.id),
        )
        for annex in service.listed(declaration)
        if annex.id in lacking
    ]


def three(es: str, en: str, fr: str) -> Trilingual:
    return Trilingual(es=es, en=en, fr=fr)


def paragraphs(db: Db, declaration: Declaration, work: Work) -> list[tuple[str, str]]:
    """Every paragraph that can be named: its id, and its number or how it begins, in the reader's language."""
    rows = queries.head_rows(db, declaration)
    numbered = queries.numbers_of(rows)
    found = []
    for row in rows:
        words = " ".join(plain(row.content(work.language) or row.original().text).split())
        excerpt = words if len(words) <= _EXCERPT else f"{words[:_EXCERPT].rstrip()}…"
        number = numbered.get(row.id, "")
        found.append((row.id, f"{number}. {excerpt}" if number else excerpt))
    return found


def day_of(written: str, field: str) -> date | None:
    """A day as a form sends it; raises `Invalid`."""
    if not written.strip():
        return None
    try:
        return date.fromisoformat(written.strip())
    except ValueError as error:
        raise Invalid(field=field, reason="not_a_day") from error


def id_of(written: str) -> UUID:
    """An id as a form sends it; one that cannot be read is nobody's."""
    try:
        return UUID(written)
    except ValueError:
        return UUID(int=0)
