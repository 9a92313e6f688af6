"""The page of positions on record: what members filed about which paragraph, and how they file within the window."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect

from drafts.apparatus import Position
from drafts.blocks import Language
from workspace.core import clock
from workspace.core.db import Db
from workspace.core.errors import Invalid
from workspace.declarations.frame import Frame, frame
from workspace.editions import around_policy as policy
from workspace.editions.around_models import ReservationRecord
from workspace.editions.around_views import (
    POSITIONS,
    SEE_IT,
    AroundPage,
    Tongue,
    id_of,
    in_three,
    paragraphs,
    tabs,
    three,
)
from workspace.editions.reservations import ReservationService
from workspace.people.models import Organisation
from workspace.web.pages import field_errors, page, redirect
from workspace.web.services import Work


@dataclass(frozen=True, slots=True)
class ReservationLine:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservationsPage(AroundPage):
    lines: Sequence[ReservationLine]
    standing: int
    opens_at: datetime | None
    closes_at: datetime | None
    is_open: bool
    zone: str
    may_file: bool
    may_set_window: bool
    may_translate: bool
    organisations: Sequence[tuple[str, str]]
    paragraphs: Sequence[tuple[str, str]]
    positions: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ReservationForm:
    """What is put on record."""

    position: str = Position.RESERVATION.value
    organisation: str = ""
    paragraph: str = ""
    language: str = ""
    text_es: str = ""
    text_en: str = ""
    text_fr: str = ""


@dataclass(frozen=True, slots=True)
class WindowForm:
    """From when until when, as the clock of the forum's place shows it."""

    opens_at: str = ""
    closes_at: str = ""


@dataclass(frozen=True, slots=True)
class TranslationForm:
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
        return _page(work, forum, declaration)

    @post("/", name="file_reservation", sync_to_thread=True, policy="reservation.file")
    def file_reservation(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        data: URLEncodedBody[ReservationForm],
    ) -> Response[str] | Redirect:
        """Put a position on record."""
        actor = work.actor
        try:
            with work.writing() as db:
                found = frame(db, forum, declaration, work=work, may=policy.may_see).declaration
                made = ReservationService(db).file(
                    found,
                    _position(data.position),
                    id_of(data.organisation),
                    three(data.text_es, data.text_en, data.text_fr),
                    language=_original(data, work),
                    block_id=id_of(data.paragraph) if data.paragraph else None,
                    actor=actor,
                )
                number = made.number
        except Invalid as refusal:
            return _page(work, forum, declaration, sent=asdict(data), refusal=refusal)
        said = work.messages.gettext("It is on record with the number %(number)s.", number=number)
        return _back(work, forum, declaration, said)

    @post("/window", name="set_reservation_window", sync_to_thread=True, policy="deadline.set")
    def set_window(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        data: URLEncodedBody[WindowForm],
    ) -> Response[str] | Redirect:
        """Say from when until when reservations may be filed."""
        actor = work.actor
        try:
            with work.writing() as db:
                found = frame(db, forum, declaration, work=work, may=policy.may_see)
                opens, closes = (
                    _moment(getattr(data, field), field, found.forum.timezone) for field in ("opens_at", "closes_at")
                )
                ReservationService(db).set_window(found.declaration, opens, closes, actor=actor)
        except Invalid as refusal:
            return _page(work, forum, declaration, sent=asdict(data), refusal=refusal)
        return _back(work, forum, declaration, work.messages.gettext("The window for reservations is set."))

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
        actor = work.actor
        try:
            with work.writing() as db:
                found = frame(db, forum, declaration, work=work, may=policy.may_see).declaration
                ReservationService(db).translate(found, number, _language(data.language), data.text, actor=actor)
        except Invalid as refusal:
            return _page(work, forum, declaration, refusal=refusal)
        return _back(work, forum, declaration, work.messages.gettext("The translation is kept."))

    @post("/{number:int}/withdrawal", name="withdraw_reservation", sync_to_thread=True, policy="reservation.file")
    def withdraw(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        number: FromPath[int],
    ) -> Redirect:
        """Take back what one's organisation filed."""
        actor = work.actor
        with work.writing() as db:
            found = frame(db, forum, declaration, work=work, may=policy.may_see).declaration
            ReservationService(db).withdraw(found, number, actor=actor)
        said = work.messages.gettext("It is withdrawn. It stays on record, and is not printed.")
        return _back(work, forum, declaration, said)


def _back(work: Work, forum: str, declaration: str, said: str) -> Redirect:
    return redirect(work, work.url_for("reservations", forum=forum, declaration=declaration), said=said)


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


def _page(
    work: Work,
    forum: str,
    declaration: str,
    *,
    sent: Mapping[str, str] | None = None,
    refusal: Invalid | None = None,
) -> Response[str]:
    with work.reading() as db:
        found = frame(db, forum, declaration, work=work, may=policy.may_see)
        context = _context(db, work, found, sent or {}, refusal)
    return page(work, "editions/reservations.html", context, status=422 if refusal else 200)


def _context(db: Db, work: Work, found: Frame, sent: Mapping[str, str], refusal: Invalid | None) -> ReservationsPage:
    service, declaration, place = ReservationService(db), found.declaration, found.place
    window, zone, actor = service.window(declaration), ZoneInfo(found.forum.timezone), work.actor
    named = paragraphs(db, declaration, work)
    lines = [_line(service, one, found, dict(named), work) for one in service.listed(declaration)]
    own = [db.get_one(Organisation, one) for one in policy.spoken_for(actor, declaration)]
    opens, closes = (window.opens_at.astimezone(zone), window.closes_at.astimezone(zone)) if window else (None, None)
    shown = {"opens_at": f"{opens:%Y-%m-%dT%H:%M}", "closes_at": f"{closes:%Y-%m-%dT%H:%M}"} if opens else {}
    return ReservationsPage(
        place=place,
        name=declaration.name.said_in(work.language),
        reading=work.url_for("reading", forum=place.forum, declaration=place.declaration),
        tabs=tabs(work, place.forum, place.declaration, "reservations"),
        may_prepare=policy.may_prepare(actor, declaration),
        sent={**asdict(ReservationForm()), **asdict(WindowForm()), "language": work.language, **shown, **sent},
        errors=field_errors(work, refusal) if refusal else {},
        lines=lines,
        standing=sum(not one.is_withdrawn for one in lines),
        opens_at=opens,
        closes_at=closes,
        is_open=policy.is_open(window, clock.now()),
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
        filed_at=one.filed_at.astimezone(ZoneInfo(found.forum.timezone)),
        is_withdrawn=one.withdrawn_at is not None,
        may_withdraw=service.may_withdraw(one, found.declaration, actor=work.actor),
        translations=[tongue for tongue in in_three(one.text) if tongue.language != one.language],
    )
