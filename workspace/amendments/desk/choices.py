"""What is marked on a desk of many pages: what the form of one page says, and what was kept of the others."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from uuid import UUID

import msgspec
import sqlalchemy as sa
from msgspec import Struct

from drafts.diff.amendments import Change
from drafts.text.blocks import Language
from workspace.amendments.change_form.form import typed_rewording
from workspace.amendments.domain import queries as filed
from workspace.amendments.domain import stored_amendments
from workspace.amendments.domain.committee_models import DeskDraft
from workspace.amendments.domain.models import Amendment, Verdict
from workspace.amendments.domain.outcomes import Ruling
from workspace.amendments.views.cards import Card, PlaceGroup
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import Invalid, NotFound, existing, required
from workspace.core.storage.db import Db
from workspace.core.validation import id_or_none, whole_number
from workspace.declarations.domain.models import Declaration
from workspace.web.i18n.marking import N_


class CardChoice(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was chosen for one card: for the amendment `number` and for `same`, which ask for the very same.

    `because_of` is the number of the amendment on whose account it falls; `pieces` are the changes that are taken.
    """

    number: int
    verdict: Verdict
    same: tuple[int, ...] = ()
    reason: str = ""
    wording: str = ""
    pieces: tuple[int, ...] = ()
    keeps_rest_open: bool = False
    because_of: int = 0


VERDICTS: Mapping[Verdict, str] = {
    Verdict.ADOPT: N_("Adopt"),
    Verdict.ADOPT_MODIFIED: N_("Adopt with changes"),
    Verdict.REJECT: N_("Reject"),
    Verdict.ADOPT_PARTLY: N_("Adopt in part"),
    Verdict.REFER: N_("Refer back"),
    Verdict.BRACKET: N_("Bracket the text"),
    Verdict.FALL: N_("Lapses"),
    Verdict.INADMISSIBLE: N_("Inadmissible"),
    Verdict.HAND_OVER: N_("To the translators"),
}
AT_HAND = (Verdict.ADOPT, Verdict.ADOPT_MODIFIED, Verdict.REJECT)  # the others are given seldom
_FIELD = "verdict-"
_LEADS = "leading-"
OF_A_CARD = (_FIELD, "same-")  # fields that say that a card was shown; it always has the second
ALONE = "alone"  # a button that accepts one card and lets its rivals fall


def form_choices(data: Mapping[str, str]) -> Sequence[CardChoice]:
    """The cards of a submitted form for which something was chosen, by number."""
    return sorted(_choices(data), key=lambda choice: choice.number)


def single_card_form(data: Mapping[str, str], value: str) -> Mapping[str, str]:
    """The form with one card accepted and those that cannot stand beside it fallen: "12-9.31" of `ALONE`."""
    number, _, others = value.partition("-")
    fallen = _numbers(others.split(".")) if whole_number(number) is not None else []
    if not fallen:
        return data
    marked = {**data, f"{_FIELD}{number}": Verdict.ADOPT.value}
    for key in fallen:
        marked |= {f"{_FIELD}{key}": Verdict.FALL.value, f"because-{key}": number}
    return marked


def shown_cards(data: Mapping[str, str]) -> frozenset[int]:
    """The cards that a submitted form has shown, by number, whether or not something was chosen for them."""
    return frozenset(_numbers(field.partition("-")[2] for field in data if field.startswith(OF_A_CARD)))


def _numbers(written: Iterable[str]) -> list[int]:
    """Those that are numbers."""
    return [number for text in written if (number := whole_number(text)) is not None]


def _choices(data: Mapping[str, str]) -> Iterator[CardChoice]:
    verdicts = {str(verdict) for verdict in VERDICTS}
    for field, verdict in data.items():
        number = field.removeprefix(_FIELD)
        card = whole_number(number)
        if field.startswith(_FIELD) and card is not None and verdict in verdicts:
            yield CardChoice(
                number=card,
                verdict=Verdict(verdict),
                same=tuple(_numbers(data.get(f"same-{number}", "").split(","))),
                reason=data.get(f"reason-{number}", ""),
                wording=data.get(f"wording-{number}", ""),
                pieces=tuple(_pieces(data, f"piece-{number}-")),
                keeps_rest_open=data.get(f"rest-{number}") == "open",
                because_of=whole_number(data.get(f"because-{number}", "")) or 0,
            )


def _pieces(data: Mapping[str, str], prefix: str) -> list[int]:
    return _numbers(field.removeprefix(prefix) for field in data if field.startswith(prefix))


def chosen_numbers(chosen: Sequence[CardChoice]) -> frozenset[int]:
    """The numbers of all the amendments that these choices speak of."""
    return frozenset(number for choice in chosen for number in (choice.number, *choice.same, choice.because_of))


def rulings_of(chosen: Sequence[CardChoice], amendments: Mapping[int, Amendment]) -> Sequence[Ruling]:
    """The same for the service: one ruling for each amendment. Raises `NotFound` for a number that is not there."""
    return [_ruling(choice, number, amendments) for choice in chosen for number in (choice.number, *choice.same)]


def _ruling(choice: CardChoice, number: int, amendments: Mapping[int, Amendment]) -> Ruling:
    amendment = existing(amendments.get(number), "amendment", number)
    is_part, falls = choice.verdict is Verdict.ADOPT_PARTLY, choice.verdict is Verdict.FALL
    cause = amendments.get(choice.because_of)
    return Ruling(
        amendment.id,
        choice.verdict,
        choice.reason,
        changes=(_modified(choice, amendment),) if choice.verdict is Verdict.ADOPT_MODIFIED else (),
        pieces=choice.pieces if is_part else (),
        keeps_rest_open=is_part and choice.keeps_rest_open,
        because_of=required(cause, Invalid(field=f"because-{choice.number}", reason="required")).id if falls else None,
    )


def _modified(choice: CardChoice, amendment: Amendment) -> Change:
    rewording = stored_amendments.single_rewording(stored_amendments.changes_of(amendment.own))
    if rewording is None or not choice.wording.strip():
        raise Invalid(field=f"wording-{choice.number}", reason="empty")
    return typed_rewording(rewording.block, choice.wording)


class DeskMarks(Struct, frozen=True):
    """`here` is what the form of this page says, `elsewhere` what was kept of the others.

    `leading` names the language that leads in a paragraph, by its id.
    """

    here: Sequence[CardChoice] = ()
    elsewhere: Sequence[CardChoice] = ()
    leading: Mapping[str, Language] = {}

    @property
    def every(self) -> Sequence[CardChoice]:
        return sorted((*self.here, *self.elsewhere), key=lambda choice: choice.number)

    @property
    def verdicts(self) -> Mapping[int, Verdict]:
        """Of the amendments that are marked, by number."""
        return {number: choice.verdict for choice in self.every for number in (choice.number, *choice.same)}

    @property
    def written(self) -> str:
        """Each mark in a word; a page that shows them sends it back."""
        return " ".join(f"{choice.number}-{choice.verdict}" for choice in self.every)

    def apart(self, written: str) -> tuple["DeskMarks", "DeskMarks"]:
        """What a page has shown when it is recorded, and what was marked elsewhere since."""
        shown = written.split()
        later = [choice for choice in self.elsewhere if f"{choice.number}-{choice.verdict}" not in shown]
        known = [choice for choice in self.elsewhere if choice not in later]
        return DeskMarks(self.here, known, self.leading), DeskMarks((), later, self.leading if later else {})

    @property
    def leads(self) -> Mapping[UUID, Language]:
        """The same as `leading`, for the service."""
        return {UUID(block_id): language for block_id, language in self.leading.items()}


def pending_marks(db: Db, declaration: Declaration, *, actor: Actor) -> DeskMarks:
    """What this person has marked and not recorded, as far as it can still be decided: others may have meanwhile."""
    found = db.get(DeskDraft, (declaration.id, actor.person_id)) if actor.person_id else None
    if not found:
        return DeskMarks()
    statement = filed.where_readable(sa.select(Amendment.number), declaration, actor).where(
        Amendment.disposition.in_(filed.UNDECIDED), Amendment.proposer_id != actor.person_id
    )
    undecided = set(db.scalars(statement))
    kept = [
        msgspec.structs.replace(choice, same=tuple(number for number in choice.same if number in undecided))
        for choice in msgspec.convert(found.choices, tuple[CardChoice, ...])
        if choice.number in undecided
    ]
    return DeskMarks((), kept, msgspec.convert(found.leading, dict[str, Language]))


def submitted_marks(db: Db, declaration: Declaration, form: Mapping[str, str], *, actor: Actor) -> DeskMarks:
    """What a page of the desk sends: its own marks in the place of those that were kept of it."""
    cards, before = shown_cards(form), pending_marks(db, declaration, actor=actor)
    leads = {
        field.removeprefix(_LEADS): Language(chosen)
        for field, chosen in form.items()
        if field.startswith(_LEADS) and id_or_none(field.removeprefix(_LEADS)) and chosen in set(Language)
    }
    elsewhere = [choice for choice in before.every if choice.number not in cards]
    shown = form.get("shown", "").split()
    leads |= {block_id: language for block_id, language in before.leading.items() if block_id not in shown}
    return DeskMarks(form_choices(form), elsewhere, leads)


def keep_marks(db: Db, declaration: Declaration, marks: DeskMarks, *, actor: Actor) -> None:
    """Keep these for this person until they are recorded, in the place of those before; none clear the desk."""
    if actor.person_id is None:
        raise NotFound(what="declaration", id=str(declaration.id))
    found = db.get(DeskDraft, (declaration.id, actor.person_id))
    if found is None and marks.every:
        found = DeskDraft(declaration_id=declaration.id, person_id=actor.person_id)
        db.add(found)
    elif found is not None and not marks.every:
        db.delete(found)
    if found is not None:
        found.choices, found.leading = msgspec.to_builtins(list(marks.every)), dict(marks.leading)
        found.kept_at = clock.now()
    db.flush()


def adopting_choices(cards: Sequence[Card]) -> Sequence[CardChoice]:
    """The choice to adopt each of these, for all who ask for it."""
    return [
        CardChoice(number=card.decidable[0], verdict=Verdict.ADOPT, same=tuple(card.decidable[1:])) for card in cards
    ]


def undisputed_cards(groups: Sequence[PlaceGroup]) -> Sequence[Card]:
    """What can be adopted without a word: no collision, no closed paragraph, no amendment to it, no
    opinion against, and in time."""
    return [card for group in groups for card in group.cards if card.is_free]
