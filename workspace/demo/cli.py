"""`workspace demo`: the whole way from session notes to a published declaration, on an embedded database."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click
import sqlalchemy as sa
from msgspec import structs
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from drafts.base.transparency_log import PublicKey, SignedNote
from drafts.formats.bundle import BUNDLE, unpack
from drafts.verification.bundle_report import TrustAnchors
from drafts.verification.bundle_verification import verify_bundle
from workspace.core.errors import BadFile
from workspace.core.settings import DEFAULT_PORT, Settings
from workspace.core.storage.db import Store
from workspace.core.storage.schema import migrate
from workspace.demo.declaration import DeclarationSteps
from workspace.demo.story import FROM_NOTES, PRACTICE, Demonstration
from workspace.editions.domain.models import Edition
from workspace.editions.domain.publication import Blocker
from workspace.editions.messages import report_sentences as said
from workspace.editions.verification.bundle import bundle_of, write_edition_files
from workspace.editions.verification.signing import sign_editions
from workspace.history.checkpoints import CheckpointService
from workspace.history.signing_keys import key_service, make_first_key
from workspace.serving import personas_of, run_server
from workspace.translations.labels import STATE_LABELS
from workspace.web.i18n import command_line
from workspace.web.i18n.command_line import say
from workspace.web.i18n.messages import messages, of_command_line


@command_line.command()
@click.argument("notes", nargs=-1, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--dir",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("declaration-demo"),
    show_default=True,
    help="Folder of the database and the files.",
)
@click.option("--no-serve", is_flag=True, help="Do not serve the workspace.")
@click.option("--port", default=DEFAULT_PORT, show_default=True, help="Port on 127.0.0.1.")
def demo(notes: tuple[Path, ...], folder: Path, port: int, *, no_serve: bool) -> None:
    """Try the whole process with an invented network.

    With your own NOTES (text or Markdown), it makes a first draft of what
    they recommend.

    \b
    workspace demo
    workspace demo minutes.md programme.txt --no-serve
    """

    make_demo(folder, notes)
    if not no_serve:
        serve_demo(folder, port=port)


DATABASE = "workspace.sqlite3"
EDITION = "edition"
KEYS = "keys"
PUBLIC_KEYS = "keys.txt"
CHECKPOINT = "checkpoint.txt"  # as somebody outside would keep it
MARK = "demo.txt"  # says that a folder is the demonstration's own, to be made anew
_MARK_TEXT = "Made by `workspace demo`. Running it again makes this folder anew.\n"


def make_demo(folder: Path, notes: Sequence[Path]) -> None:
    """Make the demonstration in `folder`, anew if it is there already, and say what came of it.

    Raises `BadFile` for a folder that holds somebody else's database, and for notes
    that cannot be read; nothing is left behind then.
    """
    console = Console()
    store = _empty_store(folder)
    try:
        story = Demonstration(store, notes)
        way = _tell(story, console)
    except BaseException:
        store.close()
        _clear(folder)
        raise
    bundle = _seal(store, folder, way.summary.manifest)
    store.close()
    paths = write_edition_files({**way.summary.files, BUNDLE: bundle}, folder / EDITION)
    console.print(_table(story, way, folder, paths, verdict=_verify(folder)))


def serve_demo(folder: Path, *, port: int) -> None:
    """Serve the demonstration with a switch between its people."""
    settings = structs.replace(
        Settings.for_file(folder / DATABASE), mail_dir=str(folder / "letters"), keys=str(folder / KEYS)
    )
    store = Store(settings)
    run_server(store, settings, port=port, personas=personas_of(store, Demonstration(store).slug))


def _tell(story: Demonstration, console: Console) -> DeclarationSteps:
    with _progress(console) as progress:
        task = progress.add_task("", total=10 + len(story.material.rounds))

        def step(words: str, act: Callable[[], None]) -> None:
            progress.update(task, description=words)
            act()
            progress.advance(task)

        step(say("Creating the forum"), story.found)
        step(say("Importing the session notes"), story.take_notes_in)
        step(say("Collecting recommendations"), story.settle_recommendations)
        if story.own_notes:
            story.follow_up()
        else:
            story.draft_from_notes()
        way = story.declaring()
        step(say("Drafting in three languages"), way.draft)
        step(say("Commenting"), way.comment)
        step(say("Submitting amendments"), way.amend)
        for number in way.decide():
            progress.update(
                task, description=say("Deciding and translating, round %(number)s", number=number), advance=1
            )
        step(say("Publishing in three languages"), way.publish)
        step("Publishing a letter, and putting it right", story.send_letter)
        if story.own_notes:
            story.report_progress()
        step(say("Leaving a draft to practise on"), story.leave_practice)
        step(say("Gathering a second forum"), story.gather_late)
    return way


@contextmanager
def _progress(console: Console) -> Iterator[Progress]:
    columns = (SpinnerColumn(finished_text="done"), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        yield progress


def _empty_store(folder: Path) -> Store:
    if (folder / DATABASE).exists() and not (folder / MARK).exists():
        raise BadFile(source=str(folder / DATABASE), reason="not_a_demo")
    folder.mkdir(parents=True, exist_ok=True)
    _clear(folder)
    (folder / MARK).write_text(_MARK_TEXT)
    store = Store(Settings.for_file(folder / DATABASE))
    migrate(store)
    return store


def _seal(store: Store, folder: Path, manifest: str) -> bytes:
    """Sign the editions and the log as it is at the end, with a key of the demonstration's own.

    Returns the bundle of the edition with this manifest.
    """
    settings = Settings(keys=str(folder / KEYS))
    make_first_key(store, settings)
    with store.writing() as db:
        service = key_service(db, settings)
        sign_editions(db, service)
        note, key = CheckpointService(db).make(service).note, service.in_force().public
    (folder / CHECKPOINT).write_text(note, encoding="utf-8")
    (folder / PUBLIC_KEYS).write_text(f"{key.line}\n", encoding="utf-8")
    with store.reading() as db:
        return bundle_of(db, db.scalars(sa.select(Edition).where(Edition.manifest_sha256 == manifest)).one())


def _clear(folder: Path) -> None:
    for name in (CHECKPOINT, PUBLIC_KEYS):
        (folder / name).unlink(missing_ok=True)
    for key in (folder / KEYS).glob("*.pem"):
        key.unlink()
    for name in (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm"):
        (folder / name).unlink(missing_ok=True)
    for path in (folder / EDITION).glob("*"):
        path.unlink()


def _verify(folder: Path) -> str:
    """Verify the bundle as anyone can who has the key or the checkpoint, and check the files beside it."""
    key = PublicKey.read((folder / PUBLIC_KEYS).read_text(encoding="utf-8"))
    outside = SignedNote.read((folder / CHECKPOINT).read_text(encoding="utf-8"))
    bundle = (folder / EDITION / BUNDLE).read_bytes()
    report = verify_bundle(bundle, TrustAnchors(keys=[key], outside=[outside]))
    held = unpack(bundle)
    for path in (folder / EDITION).iterdir():
        if path.name != BUNDLE and held.get(path.name) != path.read_bytes():
            raise BadFile(source=path.name, reason="damaged", table=EDITION)
    *_, verdict = said(report, messages(of_command_line()))
    return verdict


def _table(story: Demonstration, way: DeclarationSteps, folder: Path, paths: Sequence[Path], *, verdict: str) -> Table:
    collected, summary = story.collected, way.summary
    table = Table(
        title=say("What was created, and where"), show_header=False, title_justify="left", box=None, pad_edge=False
    )
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    notes = say(
        "documents: %(documents)s; sessions: %(sessions)s", documents=collected.documents, sessions=collected.sessions
    )
    table.add_row(say("Session notes"), notes)
    found = say("%(count)s found, word for word", count=collected.recommendations)
    table.add_row(say("Recommendations"), found)
    if not story.own_notes:
        where = f"{story.slug}/{FROM_NOTES}"
        table.add_row(say("First draft"), say("from what your notes recommend: %(address)s", address=where))
    blocks = say(
        "paragraphs in es, en, fr: %(blocks)s; revisions: %(revisions)s",
        blocks=summary.paragraphs,
        revisions=summary.revisions,
    )
    table.add_row(say("Declaration"), blocks)
    filed = say(
        "submitted: %(filed)s; conflicts put before the committee: %(collisions)s",
        filed=summary.amendments,
        collisions=summary.collisions,
    )
    table.add_row(say("Amendments"), filed)
    table.add_row(say("Comments"), str(summary.comments))
    table.add_row(say("Translations"), say("brought up to date: %(count)s", count=summary.translations))
    table.add_row(say("Refused at first"), "; ".join(map(_refused, summary.refused)))
    edition = say("%(number)s, manifest %(hash)s…", number=summary.edition, hash=summary.manifest[:16])
    table.add_row(say("Edition"), edition)
    for path in paths:
        table.add_row("", str(path))
    table.add_row(say("Verified"), verdict)
    table.add_row("", f"workspace verify {folder / EDITION / BUNDLE} --keys {folder / PUBLIC_KEYS}")
    letter = f"{story.slug}/{story.material.letter.slug}"
    corrected = say("published, and corrected in a second edition: %(address)s", address=letter)
    table.add_row(say("Corrigendum"), corrected)
    practice = say("%(address)s, left half-way", address=f"{story.slug}/{PRACTICE}")
    table.add_row(say("To try things on"), practice)
    late = f"{story.material.late.slug}/{story.material.late.draft}"
    table.add_row(say("With one voice"), say("%(address)s, where delegations speak", address=late))
    table.add_row(say("Log"), say("sealed with a signed checkpoint: %(file)s", file=folder / CHECKPOINT))
    table.add_row(say("Database"), str(folder / DATABASE))
    return table


def _refused(blocker: Blocker) -> str:
    said = say("paragraph %(number)s, %(language)s", number=blocker.number, language=blocker.language.value)
    return f"{said}: {say(STATE_LABELS[blocker.state].sentence)}"
