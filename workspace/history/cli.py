"""Commands of the operator: signing keys, checkpoints, audits, backups, erasure."""

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import click

from drafts.base.transparency_log import PublicKey, SignedNote
from workspace.accounts.domain.service import find_person
from workspace.core.actor import OPERATOR, Actor
from workspace.core.cli_support import ensure_database, open_store
from workspace.core.environment import BadSetting
from workspace.core.errors import BadFile, NotFound, UnderMaintenance, existing
from workspace.core.settings import Settings
from workspace.core.storage import maintenance
from workspace.core.storage.db import Db, Store
from workspace.core.storage.schema import can_serve
from workspace.history.audit import SENTENCES, TROUBLES, VERDICTS, AuditFinding, AuditReport, Progress
from workspace.history.audit import audit as look
from workspace.history.backups import restore_backup, write_backup
from workspace.history.checkpoints import CheckpointService
from workspace.history.erasure import REMAINS, ErasureService, remaining
from workspace.history.signing_keys import KeyEnd, KeyHolders, key_service, known_keys, make_first_key
from workspace.people.models import Person
from workspace.people.service import PeopleService
from workspace.web.i18n import command_line
from workspace.web.i18n import messages as i18n
from workspace.web.i18n.command_line import number_text, print_json, read_input_text, say
from workspace.web.i18n.marking import N_

_FILE = click.Path(path_type=Path, dir_okay=False)
_ENDS = {
    "": N_("in force"),
    "retired": N_("until entry %(entry)s, when another replaced it"),
    "revoked": N_("revoked at entry %(entry)s"),
}
_NOT_TRUSTED = ("#", "revoked ")  # what such lines of a file of keys begin with
_MOST_TOLD = 50  # findings said in full; the rest is counted, and all of them are in --json


@command_line.group()
def keys() -> None:
    """Create, list, replace or revoke signing keys.

    They are in the folder WORKSPACE_KEYS (./keys by default), outside the
    database and its backups: keep a copy of it.
    """


def _by_two(command: Callable[..., None]) -> Callable[..., None]:
    """The two administrators who answer for another key, once a workspace has two."""
    second = click.option("--second", default="", help="Another administrator, who confirms.")
    return click.option("--as", "name", default="", help="The administrator who asks.")(second(command))


@keys.command("create")
@_by_two
@click.pass_obj
def create_key(settings: Settings, name: str, second: str) -> None:
    """Create the first key, or one after a revocation.

    The first key needs nobody; afterwards two administrators answer for it:

    \b
    workspace keys create --as "Ana Ruiz" --second "Luc Petit"
    """
    with open_store(settings) as store, store.writing() as db:
        made = key_service(db, settings).create(actor=OPERATOR, holders=KeyHolders(name, second))
    click.echo(made.public.line)


def say_first_key(store: Store, settings: Settings) -> None:
    """A new workspace signs its log from its first day, and its first edition."""
    try:
        made = make_first_key(store, settings)
    except (BadFile, UnderMaintenance):
        said = N_("No signing key could be created in %(folder)s.")
    else:
        if made is None:
            return
        said = N_("First signing key created in %(folder)s. Keep a copy of it.")
    click.echo(say(said, folder=settings.keys))


@keys.command("list")
@click.pass_obj
def list_keys(settings: Settings) -> None:
    """List keys and what they sign."""
    with open_store(settings) as store, store.reading() as db:
        known, folder = known_keys(db), key_service(db, settings).folder
    for key in known:
        click.echo(f"{'revoked ' if key.end is KeyEnd.REVOKED else ''}{key.public.line}")
        since = say("from log entry %(entry)s, %(day)s", entry=key.since, day=f"{key.made_at:%Y-%m-%d}")
        click.echo(f"# {since}; {say(_ENDS[key.end.value if key.end else ''], entry=key.until)}")
        if not folder.has(key.hint):
            missing = N_("The signing key %(key)s is not in “%(folder)s”: restore that folder.")
            click.echo(f"# {say(missing, key=key.hint, folder=settings.keys)}")
    if not known:
        click.echo(say("No key yet: run “workspace keys create”."))


@keys.command("rotate")
@_by_two
@click.pass_obj
def rotate_key(settings: Settings, name: str, second: str) -> None:
    """Replace the key in force. What it signed stays valid."""
    with open_store(settings) as store, store.writing() as db:
        made = key_service(db, settings).rotate(actor=OPERATOR, holders=KeyHolders(name, second))
    click.echo(made.public.line)
    _say_who_answers(name)


@keys.command("revoke")
@click.argument("key")
@click.option("--reason", required=True, help="Reason, kept in the log.")
@_by_two
@click.pass_obj
def revoke_key(settings: Settings, /, *, key: str, reason: str, name: str, second: str) -> None:
    """Revoke a key that somebody else may have.

    KEY is the eight characters after its name. Its later checkpoints are void: create another key.
    """
    with open_store(settings) as store, store.writing() as db:
        ended = key_service(db, settings).revoke(key, reason=reason, actor=OPERATOR, holders=KeyHolders(name, second))
    click.echo(say("%(key)s revoked at log entry %(entry)s.", key=ended.hint, entry=ended.until))
    _say_who_answers(name)


def _say_who_answers(name: str) -> None:
    """That nobody had to confirm, where a workspace has too few administrators for that."""
    if not name:
        alone = say("Fewer than two administrators: no second approval was needed. Appoint another.")
        click.echo(alone, err=True)


@command_line.group()
def audit() -> None:
    """Prove that the history is unaltered."""


@audit.command("checkpoint")
@click.option("--output", type=_FILE, help="Output file; printed if left out.")
@click.pass_obj
def make_checkpoint(settings: Settings, output: Path | None) -> None:
    """Sign the current state of the log.

    The workspace does this every day and after each publication.
    """
    with open_store(settings) as store, store.writing() as db:
        note = CheckpointService(db).make(key_service(db, settings)).note
    if output is None:
        click.echo(note, nl=False)
        return
    try:
        output.write_text(note, encoding="utf-8")
    except OSError as error:
        raise BadFile(source=str(output), reason="not_written") from error


@audit.command("verify")
@click.option(
    "--checkpoint", "checkpoints", type=_FILE, multiple=True, help="A checkpoint from elsewhere (repeatable)."
)
@click.option("--keys", "key_file", type=_FILE, help="Public keys from elsewhere, one per line.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_obj
def verify(settings: Settings, checkpoints: tuple[Path, ...], key_file: Path | None, *, as_json: bool) -> int:
    """Check every log entry and the rows it names.

    \b
    Exit code 0: unaltered and proved.
              1: altered; each place is named.
              2: a signature or key is not valid.
              3: unaltered, not proved.
              4: a wrong call or file.

    \b
    workspace audit verify --checkpoint checkpoint-2027-06-12.txt
    """
    notes, trusted = [SignedNote.read(read_input_text(path)) for path in checkpoints], _trusted(key_file)
    store = Store(settings)
    try:
        ensure_database(store)
        report = _audited(store, notes, trusted, is_quiet=as_json)
    finally:
        store.close()
    if as_json:
        print_json(_report_fields(report))
    else:
        _tell(report)
    return report.exit_code


@command_line.command()
@click.argument("file", type=_FILE)
@click.pass_obj
def backup(settings: Settings, file: Path) -> int:
    """Back up the whole database to a file.

    Exit code 1: the database was altered.

    It contains personal data, but no signing keys: copy the folder
    WORKSPACE_KEYS too.

    \b
    workspace backup workspace-2027-06-12.zip
    """
    with open_store(settings) as store:
        written = write_backup(store, file, progress=_progress())
    said = say(
        "Wrote %(file)s (%(size)s bytes): %(rows)s rows, %(entries)s log entries; audited.",
        file=file,
        size=number_text(file.stat().st_size),
        rows=number_text(written.rows),
        entries=number_text(written.log_size),
    )
    click.echo(said)
    return tell_findings(written.findings)


@command_line.command()
@click.argument("file", type=_FILE)
@click.pass_obj
def restore(settings: Settings, file: Path) -> int:
    """Restore everything from a backup.

    Exit code 1: altered before the backup. Restore the folder
    WORKSPACE_KEYS too.

    \b
    WORKSPACE_DATABASE_URL=sqlite:///new.sqlite3 workspace restore workspace-2027-06-12.zip
    """
    store = Store(settings)
    try:
        restored = restore_backup(store, file, progress=_progress())
        maintenance.end(store, although_moved=True)
    finally:
        store.close()
    rows, entries = number_text(restored.rows), number_text(restored.log_size)
    click.echo(
        say("Restored %(rows)s rows and %(entries)s log entries from %(file)s.", rows=rows, entries=entries, file=file)
    )
    return tell_findings(restored.findings)


def _audited(
    store: Store, notes: Sequence[SignedNote], trusted: Sequence[PublicKey] | None, *, is_quiet: bool
) -> AuditReport:
    if not can_serve(store):
        raise BadSetting("Nothing to verify: the database is empty, or needs `workspace migrate`.")
    with store.reading() as db:
        if is_quiet:
            return look(db, outside=notes, trusted=trusted)
        return look(db, outside=notes, trusted=trusted, progress=_progress())


def _trusted(path: Path | None) -> list[PublicKey] | None:
    if path is None:
        return None
    lines = [line.strip() for line in read_input_text(path).splitlines()]
    return [PublicKey.read(line) for line in lines if line and not line.startswith(_NOT_TRUSTED)]


def _progress() -> Progress:
    """Say on a terminal what is being looked at; nothing where nobody watches."""
    last = [time.monotonic()]

    def tell(what: str, done: int, total: int) -> None:
        if sys.stderr.isatty() and (time.monotonic() - last[0] > 1 or done == total):
            last[0] = time.monotonic()
            said = say("%(what)s: %(done)s of %(total)s", what=what, done=number_text(done), total=number_text(total))
            click.echo(f"\r{said}".ljust(60), nl=False, err=True)
            if done == total:
                click.echo(err=True)

    return tell


def tell_findings(findings: Sequence[AuditFinding]) -> int:
    """Say each finding; returns the exit code that they come to."""
    messages = i18n.messages(i18n.of_command_line())
    for finding in findings[:_MOST_TOLD]:
        click.echo(messages.gettext(SENTENCES[finding.what], **finding.facts), err=True)
    if len(findings) > _MOST_TOLD:
        more = number_text(len(findings) - _MOST_TOLD)
        click.echo(say("… %(count)s more (see “workspace audit verify --json”)", count=more), err=True)
    return 1 if findings else 0


def tell_unproved(unproved: Mapping[str, int]) -> None:
    """Say of how many rows no entry of the log that came with them says anything."""
    if unproved:
        rows = ", ".join(f"{table} {number_text(count)}" for table, count in sorted(unproved.items()))
        click.echo(say("The imported log of a forum does not mention these rows: %(rows)s.", rows=rows), err=True)


def _tell(report: AuditReport) -> None:
    messages = i18n.messages(i18n.of_command_line())
    tell_findings(report.findings)
    for trouble in report.troubles:
        click.echo(messages.gettext(TROUBLES[trouble.why], size=trouble.size, key=trouble.key), err=True)
    tell_unproved(report.unproved)
    click.echo(messages.gettext(VERDICTS[report.exit_code]))
    entries, rows = number_text(report.entries), number_text(report.rows)
    click.echo(say("log: %(entries)s  %(root)s\nrows: %(rows)s", entries=entries, root=report.root, rows=rows))


def _report_fields(report: AuditReport) -> dict[str, object]:
    return {
        "verdict": ("good", "altered", "key_trouble", "not_provable")[report.exit_code],
        "entries": report.entries,
        "root": report.root,
        "rows": report.rows,
        "outside": report.outside,
        "findings": report.findings,
        "troubles": report.troubles,
        "unproved": report.unproved,
    }


@command_line.command("erase")
@click.argument("who", metavar="ADDRESS|NAME")
@click.option("--forum", required=True, help="The forum.")
@click.option("--as", "name", help="The person, or an administrator.")
@click.option("--second", help="Another administrator, who confirms.")
@click.option("--with-comments", is_flag=True, help="Delete their comments too.")
@click.option("--in-sessions", is_flag=True, help="Replace the name in session facts too.")
@click.option("--cancel", is_flag=True, help="Withdraw or decline it.")
@click.option("--reason", default="", help="Reason for declining. Write no names.")
@click.pass_obj
def erase(
    settings: Settings,
    /,
    *,
    who: str,
    forum: str,
    name: str | None,
    second: str | None,
    with_comments: bool,
    in_sessions: bool,
    cancel: bool,
    reason: str,
) -> None:
    """Erase a person’s data.

    It cannot be undone. Proposals, decisions, the log and its proofs stay,
    without the name.

    \b
    workspace user erase "Luc Morel" --forum third-forum --as "Luc Morel"
    workspace user erase luc@example.org --forum third-forum --as "Ana Ruiz" --second "Eva Blanc"
    """
    from workspace.web import approvals

    if not (name or second):
        raise click.UsageError(say("Name who asks with --as, or who confirms with --second."))
    with open_store(settings) as store, store.writing() as db:
        people = PeopleService(db)
        where = people.forum(forum)
        person = find_person(db, where, who)
        asks, confirms = (
            people.actor_named(where, person_name) if person_name else None for person_name in (name, second)
        )
        actor = asks or confirms
        if cancel and actor is not None:
            said = say(approvals.decline_message(is_declined=_cancelled(db, person, actor, reason)))
        elif _erased(db, person, asks=asks, confirms=confirms, with_comments=with_comments, in_sessions=in_sessions):
            said = say("Person erased; decisions stay, without the name.")
        else:
            said = say("The request awaits a second administrator.")
    click.echo(said)


def _erased(
    db: Db, person: Person, *, asks: Actor | None, confirms: Actor | None, with_comments: bool, in_sessions: bool
) -> bool:
    """Say what stays, then ask for it, confirm it, or both; whether it is done now."""
    for kind, count in remaining(db, person).items():
        click.echo(say(REMAINS[kind], count=number_text(count)), err=True)
    if sys.stdin.isatty():
        click.confirm(say("Erase permanently"), abort=True, err=True)
    service = ErasureService(db)
    pending = service.pending(person.id) if asks is None else None
    if asks is not None:
        pending = service.request(
            person.id, withdraws_comments=with_comments, replaces_in_sessions=in_sessions, actor=asks
        )
    if pending is None:
        raise NotFound(what="erasure_request", id=person.name)
    is_own = asks is not None and asks.person_id == person.id
    second = confirms or (asks if is_own else None)
    if second is None:
        return False
    service.confirm(pending.id, actor=second)
    return True


def _cancelled(db: Db, person: Person, actor: Actor, reason: str) -> bool:
    """Take it back or decline it; whether it was declined."""
    service = ErasureService(db)
    pending = existing(service.pending(person.id), "erasure_request", person.name)
    return service.cancel(pending.id, actor=actor, reason=reason)
