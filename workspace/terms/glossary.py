"""Agreeing on wording: the glossary of a forum or of one declaration, and by whose guide they write."""

from collections.abc import Mapping, Sequence
from typing import TypeVar
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct

from drafts.checks import CATALOGUE, House, Profile, Severity, Term
from drafts.formats import glossary_csv
from drafts.formats.glossary_csv import GlossaryRow
from drafts.text.blocks import Language
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import Invalid, NotFound, Stale
from workspace.core.shapes import filled
from workspace.core.storage import log
from workspace.core.storage.db import Db, Service, dictionaries, new_id
from workspace.core.storage.readings import read_once
from workspace.terms import policy
from workspace.terms.dictionaries import installed
from workspace.terms.models import HouseStyle, TermRecord
from workspace.terms.policy import Scope

Ruling = TypeVar("Ruling", TermRecord, HouseStyle)
_LEAST = 2  # languages without which a row agrees on nothing


class GlossaryImport(Struct, frozen=True):
    """What a table brought: rows that are new, that changed a known one, and that said what was known."""

    added: int
    changed: int
    same: int


class HouseRules(Struct, frozen=True):
    """How a declaration is checked. Two are the same when `key` is: it names every term and style behind `house`."""

    key: str
    house: House

    def __eq__(self, other: object) -> bool:
        return isinstance(other, HouseRules) and other.key == self.key

    def __hash__(self) -> int:
        return hash(self.key)


class GlossaryService(Service):
    """Terms and style. What a declaration agrees on comes beside what its forum has, and its style instead of it."""

    def terms(self, scope: Scope, *, actor: Actor) -> list[TermRecord]:
        """The terms agreed on in this very scope, in the order of their first wording."""
        policy.ensure_may_edit(actor, scope)
        return self._terms(scope)

    def term(self, scope: Scope, term_id: UUID, *, actor: Actor) -> TermRecord:
        """One term of this very scope; raises `NotFound`."""
        policy.ensure_may_edit(actor, scope)
        found = self.db.get(TermRecord, term_id)
        if found is None or (found.forum_id, found.declaration_id) != (scope.forum.id, scope.declaration_id):
            raise NotFound(what="term", id=str(term_id))
        return found

    def add(self, scope: Scope, entry: GlossaryRow, *, actor: Actor) -> TermRecord:
        """Agree on a term. Raises `Invalid` unless it has wordings in two languages, or is kept as it is."""
        policy.ensure_may_edit(actor, scope)
        record = self._put(scope, None, entry, actor)
        self._log("term.agreed", scope, actor, term=str(record.id), version=str(record.version_id))
        return record

    def change(self, scope: Scope, term_id: UUID, entry: GlossaryRow, *, expected: UUID, actor: Actor) -> TermRecord:
        """Agree on other wordings; `Stale` when somebody has changed the term since `expected`."""
        record = self._unchanged(scope, term_id, expected, actor)
        self._put(scope, record, entry, actor)
        self._log("term.changed", scope, actor, term=str(record.id), version=str(record.version_id))
        return record

    def remove(self, scope: Scope, term_id: UUID, *, expected: UUID, actor: Actor) -> None:
        record = self._unchanged(scope, term_id, expected, actor)
        self.db.delete(record)
        self._log("term.removed", scope, actor, term=str(term_id))

    def take_in(self, scope: Scope, text: str, *, actor: Actor) -> GlossaryImport:
        """Take a table in: a row that names a known notion changes it, the others are new. Nothing is removed.

        A notion is known by its first wordings in two languages. Raises `BadExchange`, `TooLarge` or `Invalid`.
        """
        policy.ensure_may_edit(actor, scope)
        entries = glossary_csv.read(text)
        known = {key: term for term in self._terms(scope) for key in _keys(table_row(term))}
        added = changed = same = 0
        for entry in entries:
            record = next((known[key] for key in _keys(entry) if key in known), None)
            if record is not None and table_row(record) == entry:
                same += 1
                continue
            added, changed = (added + 1, changed) if record is None else (added, changed + 1)
            made = self._put(scope, record, entry, actor)
            known |= dict.fromkeys(_keys(entry), made)
        self._log("glossary.taken_in", scope, actor, added=added, changed=changed, same=same)
        return GlossaryImport(added, changed, same)

    def as_table(self, scope: Scope, *, actor: Actor) -> str:
        """The glossary of this scope as CSV."""
        return glossary_csv.write([table_row(term) for term in self.terms(scope, actor=actor)])

    def style(self, scope: Scope) -> HouseStyle | None:
        """What this very scope has chosen; None where it follows its forum, or nobody has chosen."""
        return self.db.scalar(
            sa.select(HouseStyle).filter_by(forum_id=scope.forum.id, declaration_id=scope.declaration_id)
        )

    def choose_style(
        self,
        scope: Scope,
        profile: Profile,
        *,
        severities: Mapping[str, str] | None = None,
        expected: UUID | None,
        actor: Actor,
    ) -> HouseStyle:
        """Choose by whose guide to write; `severities` weighs checks otherwise than the catalogue, None leaves that.

        `expected` is the version that is replaced, None for the first choice: `Stale` when it is another by now.
        """
        policy.ensure_may_edit(actor, scope)
        style = self.style(scope)
        if expected != (style.version_id if style else None):
            raise Stale(expected=str(expected or ""), head=str(style.version_id) if style else "")
        if style is None:
            style = HouseStyle(forum_id=scope.forum.id, declaration_id=scope.declaration_id, severities={})
            self.db.add(style)
        if severities is not None:
            _ensure_known(severities)
            style.severities = dict(severities)
        style.profile, style.version_id = profile, new_id()
        style.changed_by_id, style.changed_at = actor.person_id, clock.now()
        self._log("style.chosen", scope, actor, profile=profile.value, severities=dict(style.severities))
        return style

    def rules(self, scope: Scope) -> HouseRules:
        """How texts in this scope are checked: its terms and its forum's, its style or else its forum's."""
        key = HouseRules, scope.forum.id, scope.declaration_id
        return read_once(self.db, key, (TermRecord, HouseStyle), lambda: self._rules(scope))

    def _rules(self, scope: Scope) -> HouseRules:
        every = sorted(self._of_both(TermRecord, scope), key=_in_order)
        own = [term_record for term_record in every if term_record.declaration_id is not None]
        ruled = {key for term_record in own for key in _keys(table_row(term_record))}
        forums = (term_record for term_record in every if term_record.declaration_id is None)
        terms = [*own, *(term_record for term_record in forums if ruled.isdisjoint(_keys(table_row(term_record))))]
        styles = {house_style.declaration_id: house_style for house_style in self._of_both(HouseStyle, scope)}
        style = styles.get(scope.declaration_id) or styles.get(None)
        key = "/".join(str(term.version_id) for term in terms) + f"#{style.version_id if style else ''}"
        spelling = installed(dictionaries(self.db))
        key += "".join(f"#{known.hash}" for each in spelling.values() for known in each)
        return HouseRules(
            key,
            House(
                profile=style.profile if style else Profile.NATIONAL,
                terms=tuple(_term(term) for term in terms),
                severities=dict(style.severities) if style else {},
                dictionaries=spelling,
            ),
        )

    def _terms(self, scope: Scope) -> list[TermRecord]:
        statement = sa.select(TermRecord).filter_by(forum_id=scope.forum.id, declaration_id=scope.declaration_id)
        return sorted(self.db.scalars(statement), key=_in_order)

    def _of_both(self, kind: type[Ruling], scope: Scope) -> Sequence[Ruling]:
        """What is ruled in this scope, and in its forum."""
        here = sa.or_(kind.declaration_id.is_(None), kind.declaration_id == scope.declaration_id)
        return self.db.scalars(sa.select(kind).where(kind.forum_id == scope.forum.id, here)).all()

    def _unchanged(self, scope: Scope, term_id: UUID, expected: UUID, actor: Actor) -> TermRecord:
        record = self.term(scope, term_id, actor=actor)
        if record.version_id != expected:
            raise Stale(expected=str(expected), head=str(record.version_id))
        return record

    def _put(self, scope: Scope, record: TermRecord | None, entry: GlossaryRow, actor: Actor) -> TermRecord:
        if len(entry.wordings) < _LEAST and not (entry.is_kept and entry.wordings):
            raise Invalid(field="wordings", reason="one_language")
        if record is None:
            record = TermRecord(id=new_id(), forum_id=scope.forum.id, declaration_id=scope.declaration_id)
            self.db.add(record)
        record.es, record.en, record.fr = (list(entry.wordings.get(language, ())) for language in Language)
        record.forbidden = {language.value: list(words) for language, words in entry.forbidden.items()}
        record.domain, record.note, record.is_kept = entry.domain, entry.note, entry.is_kept
        record.version_id = new_id()
        record.changed_by_id, record.changed_at = actor.person_id, clock.now()
        return record

    def _log(self, kind: str, scope: Scope, actor: Actor, **facts: "log.Fact") -> None:
        self.db.flush()
        log.record(self.db, kind, actor=actor, forum_id=scope.forum.id, declaration_id=scope.declaration_id, **facts)


def agreed_wordings(db: Db, forum_id: UUID) -> Sequence[tuple[str, ...]]:
    """All forms of each notion that a forum has agreed on, in any language."""
    statement = (
        sa.select(TermRecord)
        .where(TermRecord.forum_id == forum_id, TermRecord.declaration_id.is_(None))
        .order_by(TermRecord.id)
    )
    terms = (_term(term_record) for term_record in db.scalars(statement))
    return [(*term.es, *term.en, *term.fr) for term in terms]


def table_row(record: TermRecord) -> GlossaryRow:
    """A term as a row of a table."""
    return filled(
        GlossaryRow,
        record,
        wordings={language: tuple(words) for language in Language if (words := record.wordings(language))},
        forbidden={Language(language): tuple(words) for language, words in record.forbidden.items() if words},
    )


def _term(record: TermRecord) -> Term:
    """What the checks look for; a name that is kept is the same in each language that has none of its own."""
    entry = table_row(record)
    if not entry.is_kept:
        return entry.term()
    name = next(iter(entry.wordings.values()))
    return GlossaryRow({language: entry.wordings.get(language, name) for language in Language}, entry.forbidden).term()


def _keys(entry: GlossaryRow) -> Sequence[tuple[Language, str, Language, str]]:
    """By which a notion is known again: its first wordings in each pair of languages."""
    first = [(language, words[0].casefold()) for language, words in sorted(entry.wordings.items())]
    pairs = [(*first_pair, *other) for place, first_pair in enumerate(first) for other in first[place + 1 :]]
    return pairs or [(*pair, *pair) for pair in first]


def _in_order(record: TermRecord) -> tuple[str, str]:
    return next((words[0].casefold() for words in (record.en, record.es, record.fr) if words), ""), str(record.id)


def _ensure_known(severities: Mapping[str, str]) -> None:
    for check, severity in severities.items():
        if check not in CATALOGUE or severity not in set(Severity):
            raise Invalid(field="severities", reason="unknown_check", given=check)
