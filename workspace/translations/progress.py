"""How far each language is, whose work it is, and the ways to the other desks of the translators."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from msgspec import Struct

from drafts.blocks import Language
from workspace.core.db import Db
from workspace.declarations.models import Declaration
from workspace.terms.policy import may_edit
from workspace.translations import policy
from workspace.translations.models import Verdict
from workspace.translations.overview import Ways
from workspace.translations.reviews import ReviewService
from workspace.translations.standings import Standing
from workspace.translations.suggestions import SuggestionService
from workspace.translations.tasks import TaskService


class Task(Struct, frozen=True):
    """Whose work a language is, or one paragraph in it (`paragraph` names it, "" for the whole)."""

    id: UUID
    name: str
    due_on: date | None
    paragraph: str
    may_end: bool


class Progress(Struct, frozen=True):
    """One language: what is approved and suggested, of all that is translated into it.

    `translators` are those whom it can be given to, empty where the reader hands out nothing.
    """

    approved: int
    translated: int
    unread: str
    suggestions: int
    tasks: Sequence[Task]
    translators: Sequence[tuple[UUID, str]]
    files: Sequence[tuple[Language, str]]  # pairs for other tools, by the language they are made from


class Desks(Struct, frozen=True):
    """Where else translators work; "" where it is not open to the reader."""

    concordance: str
    glossary: str
    memory: str
    take_in: str


def progress(
    db: Db, declaration: Declaration, standings: Sequence[Standing], names: Mapping[UUID, str], ways: Ways
) -> Mapping[Language, Progress]:
    """Every language, in a fixed number of queries."""
    actor, tasks = ways.work.actor, TaskService(db)
    said = ReviewService(db).reviews(declaration, [paragraph.row for paragraph in standings])
    given, translators = tasks.assignments(declaration), tasks.translators(declaration)
    may_follow_suggestions = policy.may_translate(actor, declaration)
    waiting = SuggestionService(db).waiting(declaration) if may_follow_suggestions else {}
    found = {}
    for language in Language:
        into = [paragraph for paragraph in standings if paragraph.row.original_language is not language]
        current = [
            paragraph
            for paragraph in into
            if language in paragraph.row.texts and not paragraph.states[language].stops_publication
        ]
        reviews = [said.get((paragraph.row.block_id, language)) for paragraph in current]
        may_assign = policy.may_assign(actor, declaration, language)
        found[language] = Progress(
            approved=sum(one is not None and one.verdict is Verdict.APPROVED for one in reviews),
            translated=len(into),
            unread=ways.review(language)
            if any(one is None for one in reviews) and policy.may_review(actor, declaration, language, None)
            else "",
            suggestions=sum(len(some) for (_, of), some in waiting.items() if of is language),
            tasks=[
                Task(
                    id=one.id,
                    name=one.person.name,
                    due_on=one.due_on,
                    paragraph=names.get(one.block_id, "") if one.block_id else "",
                    may_end=may_assign,
                )
                for one in given
                if one.language is language
            ],
            translators=[(one.person.id, one.person.name) for one in translators if one.translates(language)]
            if may_assign
            else (),
            files=[(source, ways.xliff(source, language)) for source in Language if source is not language]
            if policy.may_translate(actor, declaration, language)
            else (),
        )
    return found


def desks(declaration: Declaration, ways: Ways) -> Desks:
    """The addresses of the other desks."""
    actor = ways.work.actor
    works = may_edit(actor, policy.scope_of(declaration))
    at = {"forum": ways.forum, "declaration": ways.declaration}
    glossary = ways.work.url_for("glossary", forum=ways.forum)
    return Desks(
        concordance=ways.concordance(),
        glossary=f"{glossary}?of={ways.declaration}" if works else "",
        memory=ways.work.url_for("translation_memory", **at) if works else "",
        take_in=ways.work.url_for("take_xliff_in", **at) if policy.may_translate(actor, declaration) else "",
    )
