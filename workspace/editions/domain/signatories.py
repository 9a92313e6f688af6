"""Signatories: entered one by one, or pasted from a spreadsheet."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from msgspec import Struct, structs

from drafts.formats.apparatus import Signatory
from drafts.formats.apparatus_rows import collated
from drafts.text.blocks import Language
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import Invalid, NotFound
from workspace.core.storage import log
from workspace.core.storage.db import Service, Trilingual
from workspace.core.validation import ensure_short
from workspace.declarations.domain.models import Declaration
from workspace.editions.domain import policy
from workspace.editions.domain.models import SignatoryRecord
from workspace.editions.domain.names import signatories
from workspace.people.validation import ensure_printable, folded

LONGEST_SIGNATORY_FIELD = 300  # characters of a name or a capacity
MOST_ROWS = 2_000
_SHORT, _LONG = 4, 8  # columns: one language, or organisation and capacity in three
_NOTHING = Trilingual()
_HEADS = frozenset({"organisation", "organization", "organizacion", "city", "ciudad", "ville", "entidad", "entite"})
_DAYS = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y/%m/%d")


class SignatoryFields(Struct, frozen=True):
    """What is said of a signatory. The organisation's name is needed in one language at least."""

    organisation: Trilingual
    person: str = ""
    capacity: Trilingual = _NOTHING
    signed_on: date | None = None


class PastedRows(Struct, frozen=True):
    """What came of pasted rows: how many were entered, and how many were there already."""

    added: int
    known: int


class SignatoryService(Service):
    """The list of those who sign a declaration."""

    def listed(self, declaration: Declaration, language: Language = Language.EN) -> list[SignatoryRecord]:
        """Every signatory, in the alphabetical order of a language."""
        return sorted(
            signatories(self.db, declaration),
            key=lambda signatory: (
                collated(signatory.organisation.said_in(language), language),
                collated(signatory.person, language),
            ),
        )

    def get(self, declaration: Declaration, signatory_id: UUID) -> SignatoryRecord:
        """One of this declaration; raises `NotFound`."""
        found = self.db.get(SignatoryRecord, signatory_id)
        if found is None or found.declaration_id != declaration.id:
            raise NotFound(what="signatory", id=str(signatory_id))
        return found

    def add(self, declaration: Declaration, wanted: SignatoryFields, *, actor: Actor) -> SignatoryRecord:
        """Enter one signatory; raises `Invalid` for one without an organisation, or who is in the list already."""
        policy.ensure_may_prepare_apparatus(actor, declaration)
        fields = _checked(wanted)
        if _key(fields) in {_key(signatory) for signatory in self.listed(declaration)}:
            raise Invalid(field="organisation", reason="listed_already")
        made = self._made(declaration, fields, actor=actor)
        self._record("signatory.added", declaration, actor=actor, signatory=str(made.id), count=1)
        return made

    def change(
        self, declaration: Declaration, signatory_id: UUID, wanted: SignatoryFields, *, actor: Actor
    ) -> SignatoryRecord:
        """Correct what is said of one."""
        policy.ensure_may_prepare_apparatus(actor, declaration)
        found, fields = self.get(declaration, signatory_id), _checked(wanted)
        found.organisation, found.person = fields.organisation, fields.person
        found.capacity, found.signed_on = fields.capacity, fields.signed_on
        self._record("signatory.changed", declaration, actor=actor, signatory=str(found.id))
        return found

    def remove(self, declaration: Declaration, signatory_id: UUID, *, actor: Actor) -> None:
        """Take one off the list."""
        policy.ensure_may_prepare_apparatus(actor, declaration)
        found = self.get(declaration, signatory_id)
        self.db.delete(found)
        self._record("signatory.removed", declaration, actor=actor, signatory=str(signatory_id))

    def add_rows(self, declaration: Declaration, pasted: str, *, actor: Actor) -> PastedRows:
        """Enter the rows of a spreadsheet, all or none (`read_rows`); who is in the list already is left as they are.

        Raises `Invalid` naming the first row that cannot be read.
        """
        policy.ensure_may_prepare_apparatus(actor, declaration)
        rows = [_checked(fields) for fields in read_rows(pasted)]
        if not rows:
            raise Invalid(field="rows", reason="empty")
        known = {_key(signatory) for signatory in self.listed(declaration)}
        fresh: list[SignatoryFields] = []
        for signatory in rows:
            if _key(signatory) not in known:
                known.add(_key(signatory))
                fresh.append(signatory)
        for signatory in fresh:
            self._made(declaration, signatory, actor=actor)
        if fresh:
            self._record("signatory.added", declaration, actor=actor, count=len(fresh))
        return PastedRows(added=len(fresh), known=len(rows) - len(fresh))

    def _made(self, declaration: Declaration, fields: SignatoryFields, *, actor: Actor) -> SignatoryRecord:
        made = SignatoryRecord(
            declaration_id=declaration.id,
            **structs.asdict(fields),
            entered_by_id=actor.person_id,
            entered_at=clock.now(),
        )
        self.db.add(made)
        self.db.flush()
        return made

    def _record(self, kind: str, declaration: Declaration, *, actor: Actor, **facts: str | int) -> None:
        log.record_in(self.db, kind, declaration, actor=actor, **facts)


def read_rows(pasted: str) -> list[SignatoryFields]:
    """Rows copied from a spreadsheet: organisation, person, capacity, date; tabs or semicolons between them.

    Eight columns give organisation and capacity in Spanish, English and French (organisation ×3, person, capacity ×3,
    date). A row of headings is passed over. Raises `Invalid` with the number of the first row that cannot be read, or
    that has one cell where others have several: it may be an organisation, a person, or no signatory at all.
    """
    found: list[SignatoryFields] = []
    mark = "\t" if "\t" in pasted else ";"
    for number, line in enumerate(pasted.splitlines(), 1):
        if not line.strip():
            continue
        cells = [cell.strip().strip('"').strip() for cell in line.split(mark)]
        if len(cells) == 1 and mark in pasted:
            raise Invalid(field="rows", reason="row_of_one_cell", row=number, given=cells[0][:80])
        if not found and folded(cells[0]).split(" ")[0] in _HEADS and len(cells) > 1 and not _is_day(cells[-1]):
            continue
        found.append(_read(cells, number))
        if len(found) > MOST_ROWS:
            raise Invalid(field="rows", reason="too_long")
    return found


def signatory_of(record: SignatoryRecord) -> Signatory:
    """The signatory as an edition prints them."""
    return Signatory(
        organisation=_said(record.organisation),
        person=record.person,
        capacity=_said(record.capacity),
        signed_on=record.signed_on,
    )


def _said(words: Trilingual) -> dict[Language, str]:
    return {language: words.said_in(language) for language in Language}


def _read(cells: Sequence[str], number: int) -> SignatoryFields:
    if len(cells) > _SHORT and any(cells[_SHORT:]):
        padded = (*cells, *[""] * _LONG)[:_LONG]
        organisation, capacity = Trilingual(*padded[0:3]), Trilingual(*padded[4:7])
        person, day = padded[3], padded[7]
    else:
        name, person, post, day = (*cells, *[""] * _SHORT)[:_SHORT]
        organisation, capacity = Trilingual(name, name, name), Trilingual(post, post, post)
    if not organisation.said_in(Language.EN):
        raise Invalid(field="rows", reason="row_without_name", row=number)
    try:
        return SignatoryFields(organisation, person, capacity, _day(day))
    except ValueError as error:
        raise Invalid(field="rows", reason="row_without_day", row=number, given=day[:40]) from error


def _day(written: str) -> date | None:
    if not written:
        return None
    for form in _DAYS:
        try:
            return datetime.strptime(written, form).date()  # noqa: DTZ007  (a day, not a moment)
        except ValueError:
            continue
    raise ValueError(written)


def _is_day(written: str) -> bool:
    try:
        return _day(written) is not None
    except ValueError:
        return False


def _checked(wanted: SignatoryFields) -> SignatoryFields:
    organisation, capacity = _tidied(wanted.organisation), _tidied(wanted.capacity)
    person = " ".join(wanted.person.split())
    if not organisation.said_in(Language.EN):
        raise Invalid(field="organisation", reason="empty")
    for field, words in (("organisation", organisation), ("capacity", capacity)):
        for content in words.to_dict().values():
            ensure_short(content, LONGEST_SIGNATORY_FIELD, field)
    ensure_printable("organisation", organisation)
    ensure_printable("capacity", capacity)
    ensure_printable("person", Trilingual(person))
    ensure_short(person, LONGEST_SIGNATORY_FIELD, "person")
    return SignatoryFields(organisation, person, capacity, wanted.signed_on)


def _tidied(words: Trilingual) -> Trilingual:
    return Trilingual.of({language: " ".join(content.split()) for language, content in words.to_dict().items()})


def _key(signatory: SignatoryFields | SignatoryRecord) -> tuple[str, str]:
    return folded(signatory.organisation.said_in(Language.EN)), folded(signatory.person)
