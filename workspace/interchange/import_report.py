"""What `workspace import` does, file by file, and what it says about it."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import click
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress

from drafts.base.errors import DraftsError
from drafts.languages.alignment import AlignedRow, Doubt, RowDecision, doubtful
from drafts.languages.alignment import row_choices as choices_of
from drafts.text.blocks import Language
from drafts.text.markup import plain
from drafts.text.markup import read_blocks as markdown
from workspace.core.actor import OPERATOR
from workspace.core.errors import AlteredForum, BadFile, Invalid, NotFound, WorkspaceError
from workspace.core.storage.db import Db, Store, new_id
from workspace.core.validation import whole_number
from workspace.declarations.domain.text_files import first_draft_text
from workspace.history.cli import tell_findings, tell_unproved
from workspace.interchange.forum_archive import BEGINNING, import_forum, is_forum_file
from workspace.interchange.import_service import (
    ImportedDocument,
    NoteImportService,
    import_declaration_texts,
    side_by_side,
)
from workspace.interchange.notes import extract, read_note
from workspace.people.models import Forum
from workspace.people.service import PeopleService
from workspace.recommendations.models import RecommendationStatus
from workspace.recommendations.service import RecommendationService
from workspace.recommendations.similarity import KnownTexts
from workspace.sessions.extraction import Extraction
from workspace.sessions.service import SessionService
from workspace.web.i18n import messages
from workspace.web.i18n.command_line import number_text, print_json, say
from workspace.web.i18n.marking import N_
from workspace.web.refusals.sentences import sentence

LARGEST = 64_000_000  # bytes of an exported forum


def import_declaration(
    store: Store,
    paths: Sequence[Path],
    *,
    forum: str | None,
    slug: str,
    language: str | None,
    accept_gaps: bool,
    dry_run: bool,
    decided: Sequence[str] = (),
) -> None:
    """Take in two or three aligned texts as one declaration; raises what refuses them.

    `decided` are what becomes of doubtful rows, as 12=apart; the others are told, and their texts are unverified.
    """
    texts = {which: first_draft_text(read_file_bytes(path), path.name) for which, path in by_language(paths).items()}
    original = Language(language) if language else next(iter(texts))
    for which, path in by_language(paths).items():
        _ensure_readable(texts[which], path, which)
    rows = side_by_side(texts)
    choices = _choices(decided, rows)
    with store.writing() as db:
        made, gaps = import_declaration_texts(
            db,
            chosen_forum(db, forum),
            slug=slug,
            texts=texts,
            language=original,
            accept_gaps=accept_gaps,
            decided=choices,
            actor=OPERATOR,
        )
        count = len(made.head.rows)
        if dry_run:
            db.rollback()
    _tell_doubtful(rows, choices)
    for where in gaps:
        said = say(
            "“%(excerpt)s” has no counterpart in “%(language)s”.", language=where.language.value, excerpt=where.excerpt
        )
        click.echo(said, err=True)
    done = (
        N_("Would import %(declaration)s in %(languages)s: %(count)s paragraphs.")
        if dry_run
        else N_("Imported %(declaration)s in %(languages)s: %(count)s paragraphs.")
    )
    click.echo(say(done, declaration=made.slug, languages=", ".join(texts), count=number_text(count)))


_WHY = {
    Doubt.WEAK: N_("Row %(row)s is doubtful: only its place suggests it."),
    Doubt.SPLIT: N_("Row %(row)s is doubtful: one paragraph seems to be two."),
    Doubt.ALONE: N_("Row %(row)s is doubtful: a language is missing."),
}
_SHOWN = 70  # characters of a paragraph


def _tell_doubtful(rows: Sequence[AlignedRow], choices: Mapping[int, RowDecision]) -> None:
    """Say of each doubtful row what it holds, and what can be decided about it."""
    for index in doubtful(rows):
        if index in choices:
            continue
        row = rows[index]
        click.echo(say(_WHY[row.doubt or Doubt.WEAK], row=index), err=True)
        for language, block in row.blocks.items():
            mark = "?" if language is row.odd else " "
            click.echo(f"  {mark} {language.value}: {plain(block.text)[:_SHOWN]}", err=True)
        others = [f"--decide {index}={row_decision.value}" for row_decision in choices_of(rows, index)]
        left = say("Its texts are unverified, or: %(others)s", others=", ".join(others))
        click.echo(f"    {left}", err=True)


def _choices(given: Sequence[str], rows: Sequence[AlignedRow]) -> dict[int, RowDecision]:
    """What --decide says. Raises `click.BadParameter` for a row that is not doubtful, or cannot become that."""
    found = {}
    for decision in given:
        row, _, choice = decision.partition("=")
        index = whole_number(row)
        if index is None or index not in doubtful(rows):
            said = say("%(given)s: there is no doubtful row %(row)s.", given=decision, row=row)
            raise click.BadParameter(said, param_hint="--decide")
        known = {possible.value: possible for possible in choices_of(rows, index)}
        if choice not in known:
            said = say("%(given)s: row %(row)s can be %(choices)s.", given=decision, row=row, choices=", ".join(known))
            raise click.BadParameter(said, param_hint="--decide")
        found[index] = known[choice]
    return found


def _ensure_readable(text: str, path: Path, language: Language) -> None:
    """Say which of several files it is that cannot be read as Markdown."""
    try:
        markdown(text, language=language, new_id=lambda: str(new_id()))
    except DraftsError:
        click.echo(f"{path.name}:", err=True)
        raise


def show_notes(paths: Sequence[Path], *, as_json: bool) -> int:
    """Say what notes hold, and store nothing."""
    found: list[Extraction] = []
    refused = 0
    with _progress(len(paths)) as progress:
        for path in paths:
            try:
                found.append(extract(read_file_bytes(path), source=path.name))
            except (WorkspaceError, DraftsError) as refusal:
                refused += 1
                print_refusal(refusal)
            if progress:
                progress.advance(progress.task_ids[0])
    if as_json:
        print_json(found)
    else:
        for extraction in found:
            click.echo(_line(extraction.source, len(extraction.sessions), len(extraction.recommendations)))
    return 1 if refused else 0


def import_files(
    store: Store,
    paths: Sequence[Path],
    *,
    forum: str | None,
    accept_all: bool,
    accept_altered: str,
    as_json: bool,
    session: int | None = None,
) -> int:
    """Take each file in, whole or not at all; 1 when some were refused."""
    found: list[Extraction] = []
    refused = 0
    known = KnownTexts()
    with _progress(len(paths)) as progress:
        for path in paths:
            try:
                data = read_file_bytes(path)
                if is_forum_file(data):
                    _bring_back(store, data, path.name, accept_altered)
                    continue
                said = _file(store, data, path.name, forum=forum, accept_all=accept_all, session=session, known=known)
            except (WorkspaceError, DraftsError) as refusal:
                refused += 1
                print_refusal(refusal)
            else:
                found.append(said)
            if progress:
                progress.advance(progress.task_ids[0])
    if as_json:
        print_json(found)
    return 1 if refused else 0


def holds_forum(path: Path) -> bool:
    """Whether a file says of itself that it is a whole forum, which may be the first thing in a new database."""
    try:
        with path.open("rb") as file:
            return is_forum_file(file.read(BEGINNING))
    except OSError:
        return False


def _bring_back(store: Store, data: bytes, name: str, accept_altered: str) -> None:
    try:
        with store.writing() as db:
            back, proof = import_forum(db, data, source=name, actor=OPERATOR, accept_altered=accept_altered)
            slug = back.slug
    except AlteredForum as refusal:
        tell_findings(refusal.findings)
        raise
    if proof.findings:
        tell_findings(proof.findings)
        click.echo(say("%(file)s: forum %(forum)s imported; the log records what was altered.", file=name, forum=slug))
    else:
        click.echo(say("%(file)s: forum %(forum)s restored.", file=name, forum=slug), err=True)
    tell_findings(proof.unnamed)
    tell_unproved(proof.unproved)


def _file(
    store: Store, data: bytes, name: str, *, forum: str | None, accept_all: bool, session: int | None, known: KnownTexts
) -> Extraction:
    note = read_note(data, source=name)
    with store.writing() as db:
        where = chosen_forum(db, forum)
        taken = NoteImportService(db, known=known).take_in(
            where,
            note.extraction,
            note.file.text,
            file=note.file,
            into=SessionService(db).numbered(where, session, actor=OPERATOR) if session else None,
            actor=OPERATOR,
        )
        if accept_all and taken.recommendations:
            numbers = [recommendation.number for recommendation in taken.recommendations]
            RecommendationService(db).settle(where, numbers, RecommendationStatus.CONFIRMED, actor=OPERATOR)
        click.echo(_said(name, taken), err=True)
    return note.extraction


def _said(name: str, taken: ImportedDocument) -> str:
    if taken.document is None:
        return say("%(file)s: the forum already has this text; nothing was added.", file=name)
    return _line(name, len(taken.sessions), len(taken.recommendations))


def _line(name: str, sessions: int, recommendations: int) -> str:
    return say(
        "%(file)s: sessions: %(sessions)s; recommendations to confirm: %(recommendations)s",
        file=name,
        sessions=number_text(sessions),
        recommendations=number_text(recommendations),
    )


def by_language(paths: Sequence[Path]) -> Mapping[Language, Path]:
    """Which language each file is in: `es=FILE`, or a name that ends in .es, .es.md and the like.

    Raises `Invalid` for a file that does not say, or two in one language.
    """
    found: dict[Language, Path] = {}
    for path in paths:
        before, equals, after = str(path).partition("=")
        said = [part for part in path.name.split(".")[1:] if part in set(Language)]
        tag, where = (before, Path(after)) if equals else (said[-1] if said else "", path)
        if tag not in set(Language):
            raise Invalid(field="paths", reason="no_language", given=path.name)
        if Language(tag) in found:
            raise Invalid(field="paths", reason="same_language", given=tag)
        found[Language(tag)] = where
    return {language: found[language] for language in Language if language in found}


def read_file_bytes(path: Path) -> bytes:
    """The bytes of a file; raises `BadFile` when it is not there, not a file, or larger than anything we take in."""
    try:
        if path.stat().st_size > LARGEST:
            raise BadFile(source=path.name, reason="too_large", bytes=path.stat().st_size, most=LARGEST)
        return path.read_bytes()
    except OSError as error:
        raise BadFile(source=str(path), reason="not_there") from error


def chosen_forum(db: Db, slug: str | None) -> Forum:
    """The forum of this address, or the only one there is; raises `NotFound`, or `Invalid` when one must be chosen."""
    people = PeopleService(db)
    if slug:
        return people.forum(slug)
    forums = people.forums()
    if not forums:
        raise NotFound(what="forum", id="")
    if len(forums) > 1:
        raise Invalid(field="forum", reason="required")
    return forums[0]


def print_refusal(refusal: WorkspaceError | DraftsError) -> None:
    """Print one refusal in the language of the command line."""
    click.echo(sentence(refusal, messages.messages(messages.of_command_line())), err=True)


def _progress(total: int) -> AbstractContextManager[Progress | None]:
    """A bar on the terminal's error output, so that what is printed can be piped; none where nobody looks."""
    console = Console(stderr=True)
    if total == 1 or not console.is_terminal:
        return nullcontext()
    progress = Progress(*Progress.get_default_columns(), MofNCompleteColumn(), console=console, transient=True)
    progress.add_task("", total=total)
    return progress
