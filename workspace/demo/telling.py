"""Telling the demonstration: progress while it runs, a table of what was made and where, and the server."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from msgspec import structs
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from drafts.formats.bundle import BUNDLE, unpack
from drafts.proofs import Note, PublicKey
from drafts.verdicts import Trust
from drafts.verifying import verify
from workspace.core.db import Store
from workspace.core.errors import BadFile
from workspace.core.schema import migrate
from workspace.core.settings import Settings
from workspace.demo.declaring import Declaring
from workspace.demo.story import FROM_NOTES, PRACTICE, Story
from workspace.editions.bundling import bundle_of
from workspace.editions.files import write_files
from workspace.editions.models import Edition
from workspace.editions.sealing import seal_editions
from workspace.editions.verdicts import told as said
from workspace.history.checkpoints import CheckpointService
from workspace.history.signing import key_service, make_first_key
from workspace.serving import personas_of, run_server
from workspace.web.i18n import messages, of_command_line

DATABASE = "workspace.sqlite3"
EDITION = "edition"
KEYS = "keys"
PUBLIC_KEYS = "keys.txt"
CHECKPOINT = "checkpoint.txt"  # as somebody outside would keep it
MARK = "demo.txt"  # says that a folder is the demonstration's own, to be made anew
_MARK_TEXT = "Made by `workspace demo`. Running it again makes this folder anew.\n"


def tell_demo(folder: Path, notes: Sequence[Path]) -> None:
    """Make the demonstration in `folder`, anew if it is there already, and say what came of it.

    Raises `BadFile` for a folder that holds somebody else's database, and for notes
    that cannot be read; nothing is left behind then.
    """
    console = Console()
    store = _empty_store(folder)
    try:
        story = Story(store, notes)
        way = _tell(story, console)
    except BaseException:
        store.close()
        _clear(folder)
        raise
    bundle = _seal(store, folder)
    store.close()
    paths = write_files({**way.told.files, BUNDLE: bundle}, folder / EDITION)
    console.print(_table(story, way, folder, paths, verdict=_verify(folder)))


def serve_demo(folder: Path, *, port: int) -> None:
    """Serve the demonstration with a switch between its people."""
    settings = structs.replace(
        Settings.for_file(folder / DATABASE), mail_dir=str(folder / "letters"), keys=str(folder / KEYS)
    )
    store = Store(settings)
    run_server(store, settings, port=port, personas=personas_of(store, Story(store).slug))


def _tell(story: Story, console: Console) -> Declaring:
    with _progress(console) as progress:
        task = progress.add_task("", total=8 + len(story.material.rounds))

        def step(words: str, act: Callable[[], None]) -> None:
            progress.update(task, description=words)
            act()
            progress.advance(task)

        step("Founding the forum", story.found)
        step("Importing the session notes", story.take_notes_in)
        step("Collecting recommendations", story.settle_recommendations)
        if story.own_notes:
            story.follow_up()
        else:
            story.draft_from_notes()
        way = story.declaring()
        step("Drafting in three languages", way.draft)
        step("Commenting", way.comment)
        step("Filing amendments", way.amend)
        for number in way.decide():
            progress.update(task, description=f"Deciding and translating, round {number}", advance=1)
        step("Publishing in three languages", way.publish)
        step("Leaving a draft to practise on", story.leave_practice)
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


def _seal(store: Store, folder: Path) -> bytes:
    """Sign the edition and the log as it is at the end, with a key of the demonstration's own; returns the bundle."""
    settings = Settings(keys=str(folder / KEYS))
    make_first_key(store, settings)
    with store.writing() as db:
        service = key_service(db, settings)
        seal_editions(db, service)
        note, key = CheckpointService(db).make(service).note, service.in_force().public
    (folder / CHECKPOINT).write_text(note, encoding="utf-8")
    (folder / PUBLIC_KEYS).write_text(f"{key.line}\n", encoding="utf-8")
    with store.reading() as db:
        return bundle_of(db, db.scalars(sa.select(Edition)).one())


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
    outside = Note.read((folder / CHECKPOINT).read_text(encoding="utf-8"))
    bundle = (folder / EDITION / BUNDLE).read_bytes()
    report = verify(bundle, Trust(keys=[key], outside=[outside]))
    held = unpack(bundle)
    for path in (folder / EDITION).iterdir():
        if path.name != BUNDLE and held.get(path.name) != path.read_bytes():
            raise BadFile(source=path.name, reason="damaged", table=EDITION)
    *_, verdict = said(report, messages(of_command_line()))
    return verdict


def _table(story: Story, way: Declaring, folder: Path, paths: Sequence[Path], *, verdict: str) -> Table:
    collected, told = story.collected, way.told
    table = Table(title="What was made, and where", show_header=False, title_justify="left", box=None, pad_edge=False)
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    table.add_row("Session notes", f"{collected.documents} documents, {collected.sessions} sessions")
    table.add_row("Recommendations", f"{collected.recommendations} found, word for word, with the line they stand in")
    if not story.own_notes:
        table.add_row("First draft", f"made of what your notes recommend: {story.slug}/{FROM_NOTES}")
    table.add_row("Declaration", f"{told.paragraphs} blocks in es, en, fr; {told.revisions} revisions")
    table.add_row("Amendments", f"{told.amendments} filed; {told.collisions} collisions put before the committee")
    table.add_row("Comments", str(told.comments))
    table.add_row("Translations", f"{told.translations} brought up to date")
    table.add_row(
        "Refused at first",
        "; ".join(f"paragraph {one.number}, {one.language.value}: {one.state.value}" for one in told.refused),
    )
    table.add_row("Edition", f"{told.edition}, manifest {told.manifest[:16]}…")
    for path in paths:
        table.add_row("", str(path))
    table.add_row("Verified", verdict)
    table.add_row("", f"workspace verify {folder / EDITION / BUNDLE} --keys {folder / PUBLIC_KEYS}")
    table.add_row("To try things on", f"{story.slug}/{PRACTICE}, left half-way")
    table.add_row("Log", f"sealed with a signed checkpoint: {folder / CHECKPOINT}")
    table.add_row("Database", str(folder / DATABASE))
    return table
