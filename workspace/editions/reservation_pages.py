"""The page of positions on record: what members filed about which paragraph, and how they file within the window."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect
from msgspec import Struct
from msgspec.structs import asdict

from drafts.apparatus import Position
from drafts.blocks import Language
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.db import Db
from workspace.core.errors import Invalid
from workspace.declarations.frame import Frame
from workspace.editions import around_policy as policy
from workspace.editions.around_doing import Act, Done, carried_out, shared, shown
from workspace.editions.around_models import ReservationRecord
from workspace.editions.around_views import (
    POSITIONS,
    SEE_IT,
    AroundPage,
    Tongue,
    id_of,
    in_three,
    paragraphs,
    three,
)
from workspace.editions.reservations import ReservationService
from workspace.people.models import Organisation
from workspace.translations.overview import Ways
from workspace.web.params import FromPath, URLEncodedBody
from workspace.web.services import Work


class ReservationLine(Struct, frozen=True):
    """One position on record. `paragraph` is how its paragraph is called, empty for the whole text."""

    number: int
    position: str
    organisation: str
    paragraph: str
    language: Language
    text: str
    filed_at: datetime
    is_withdrawn: bool
    may_withdraw: bool
    translations: Sequence[Tongue]


class ReservationsPage(AroundPage, frozen=True, kw_only=True):
    lines: Sequence[ReservationLine]
    standing: int
    opens_at: datetime | None
    closes_at: datetime | None
    is_open: bool
    is_over: bool
    zone: str
    may_file: bool
    may_set_window: bool
    may_translate: bool
    organisations: Sequence[tuple[str, str]]
    paragraphs: Sequence[tuple[str, str]]
    positions: Sequence[tuple[str, str]]


class ReservationForm(Struct, frozen=True):
    """What is put on record."""

    position: str = Position.RESERVATION.value
    organisation: str = ""
    paragraph: str = ""
    language: str = ""
    text_es: str = ""
    text_en: str = ""
    text_fr: str = ""


class WindowForm(Struct, frozen=True):
    """From when until when, as the clock of the forum's place shows it."""

    opens_at: str = ""
    closes_at: str = ""


class TranslationForm(Struct, frozen=True):
    """What was filed, in another language."""

    language: str = ""
    text: str = ""


class ReservationPages(Controller):
    """Reservations, explanations of position, dissociations."""

    path = "/{forum:str}/{declaration:str}/reservations"

    @get("/", name="reservations", sync_to_thread=True, policy=SEE_IT)
    def reservations(
        self, work: NamedDependency[Work], forum: FromPath[str], declaration: FromPath[str]
    ) -> Response[str]:
        """What is on record, and the form while the window is open."""
        return _page(Ways(work, forum, declaration))

    @post("/", name="file_reservation", sync_to_thread=True, policy="reservation.file")
    def file_reservation(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        data: URLEncodedBody[ReservationForm],
    ) -> Response[str] | Redirect:
        """Put a position on record."""

        def act(db: Db, found: Frame, actor: Actor) -> Done:
            made = ReservationService(db).file(
                found.declaration,
                _position(data.position),
                id_of(data.organisation),
                three(data.text_es, data.text_en, data.text_fr),
                language=_original(data, work),
                block_id=id_of(data.paragraph) if data.paragraph else None,
                actor=actor,
            )
            return Done(work.messages.gettext("It is on record with the number %(number)s.", number=made.number))

        return _carried_out(Ways(work, forum, declaration), act, sent=asdict(data))

    @post("/window", name="set_reservation_window", sync_to_thread=True, policy="reservation.window")
    def set_window(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        data: URLEncodedBody[WindowForm],
    ) -> Response[str] | Redirect:
        """Say from when until when reservations may be filed."""

        def act(db: Db, found: Frame, actor: Actor) -> Done:
            opens, closes = (
                _moment(getattr(data, field), field, found.forum.timezone) for field in ("opens_at", "closes_at")
            )
            ReservationService(db).set_window(found.declaration, opens, closes, actor=actor)
            return Done(work.messages.gettext("The window for reservations is set."))

        return _carried_out(Ways(work, forum, declaration), act, sent=asdict(data))

    @post("/{number:int}/translation", name="translate_reservation", sync_to_thread=True, policy="edition.prepare")
    def translate(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        number: FromPath[int],
        data: URLEncodedBody[TranslationForm],
    ) -> Response[str] | Redirect:
        """Say in another language what was filed."""

        def act(db: Db, found: Frame, actor: Actor) -> Done:
            service, language = ReservationService(db), _language(data.language)
            service.translate(found.declaration, number, language, data.text, actor=actor)
            return Done(work.messages.gettext("The translation is kept."))

        return _carried_out(Ways(work, forum, declaration), act)

    @post("/{number:int}/withdrawal", name="withdraw_reservation", sync_to_thread=True, policy="reservation.file")
    def withdraw(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        number: FromPath[int],
    ) -> Response[str] | Redirect:
        """Take back what one's organisation filed."""

        def act(db: Db, found: Frame, actor: Actor) -> Done:
            ReservationService(db).withdraw(found.declaration, number, actor=actor)
            return Done(work.messages.gettext("It is withdrawn. It stays on record, and is not printed."))

        return _carried_out(Ways(work, forum, declaration), act)


def _position(word: str) -> Position:
    try:
        return Position(word)
    except ValueError as error:
        raise Invalid(field="position", reason="unknown_word", given=word[:40]) from error


def _language(word: str) -> Language:
    try:
        return Language(word)
    except ValueError as error:
        raise Invalid(field="language", reason="unknown_language") from error


def _original(data: ReservationForm, work: Work) -> Language:
    """The language that was chosen; without a choice the reader's own, or the only one that has words."""
    if data.language:
        return _language(data.language)
    filled = [one for one in Language if getattr(data, f"text_{one}").strip()]
    return work.language if work.language in filled or not filled else filled[0]


def _moment(written: str, field: str, zone: str) -> datetime:
    if not written:
        raise Invalid(field=field, reason="empty")
    try:
        return datetime.fromisoformat(written).replace(tzinfo=ZoneInfo(zone))
    except ValueError as error:
        raise Invalid(field=field, reason="not_a_moment", given=written) from error


def _carried_out(ways: Ways, act: Act, *, sent: Mapping[str, str] | None = None) -> Response[str] | Redirect:
    return carried_out(ways, "reservations", act, again=lambda refusal: _page(ways, sent=sent, refusal=refusal))


def _page(ways: Ways, *, sent: Mapping[str, str] | None = None, refusal: Invalid | None = None) -> Response[str]:
    def made(db: Db, found: Frame) -> ReservationsPage:
        return _context(db, ways, found, sent or {}, refusal)

    return shown(ways, "editions/reservations.html", made, refusal)


def _context(db: Db, ways: Ways, found: Frame, sent: Mapping[str, str], refusal: Invalid | None) -> ReservationsPage:
    work, service, declaration = ways.work, ReservationService(db), found.declaration
    window, local, actor = service.window(declaration), found.forum.local, work.actor
    named = paragraphs(db, declaration, work)
    lines = [_line(service, one, found, dict(named), work) for one in service.listed(declaration)]
    own = [db.get_one(Organisation, one) for one in policy.spoken_for(actor, declaration)]
    opens, closes = (local(window.opens_at), local(window.closes_at)) if window else (None, None)
    dates = {"opens_at": f"{opens:%Y-%m-%dT%H:%M}", "closes_at": f"{closes:%Y-%m-%dT%H:%M}"} if opens else {}
    filled = {**asdict(ReservationForm()), **asdict(WindowForm()), "language": work.language, **dates, **sent}
    return ReservationsPage(
        **shared(ways, found, "reservations", filled, refusal),
        lines=lines,
        standing=sum(not one.is_withdrawn for one in lines),
        opens_at=opens,
        closes_at=closes,
        is_open=policy.is_open(window, clock.now()),
        is_over=closes is not None and closes <= clock.now(),
        zone=found.forum.timezone,
        may_file=policy.may_file(actor, declaration, window),
        may_set_window=policy.may_set_window(actor, declaration),
        may_translate=policy.may_translate(actor, declaration),
        organisations=[(str(one.id), one.name) for one in own],
        paragraphs=named,
        positions=[(one.value, work.messages.gettext(words)) for one, words in POSITIONS.items()],
    )


def _line(
    service: ReservationService, one: ReservationRecord, found: Frame, named: Mapping[str, str], work: Work
) -> ReservationLine:
    words = one.text.to_dict()
    shown = work.language if words[work.language] else one.language
    return ReservationLine(
        number=one.number,
        position=work.messages.gettext(POSITIONS[Position(one.position)]),
        organisation=one.organisation.name,
        paragraph=named.get(str(one.block_id), "") if one.block_id else "",
        language=Language(shown),
        text=words[shown],
        filed_at=found.forum.local(one.filed_at),
        is_withdrawn=one.withdrawn_at is not None,
        may_withdraw=service.may_withdraw(one, found.declaration, actor=work.actor),
        translations=[tongue for tongue in in_three(one.text) if tongue.language != one.language],
    )
