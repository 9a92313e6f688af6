"""Publishing and verifying from the command line."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import click
from msgspec import Struct, structs

from workspace.core.errors import NotReady
from workspace.core.settings import Settings
from workspace.web.i18n import command_line
from workspace.web.i18n.command_line import harmless, number_text, print_json, read_input, read_input_text, say

if TYPE_CHECKING:
    from drafts.base.transparency_log import PublicKey
    from drafts.verification.bundle_report import GrowthProof, TrustAnchors, VerificationReport
    from workspace.core.storage.db import Store
    from workspace.editions.verification.replay import Replayed
    from workspace.web.i18n.messages import Messages

_FILE = click.Path(path_type=Path, dir_okay=False)
_MOST_BYTES = 60_000_000  # of a bundle that is read at all
_REVOKED = "revoked "
_MOST_TOLD = 50  # troubles said in full; the rest is counted, and all of them are in --json
_EXCERPT = 50  # characters of a paragraph without number that name it


@command_line.command()
@click.argument("declaration")
@click.option("--as", "name", required=True, help="Who requests it (secretariat or chair).")
@click.option("--second", required=True, help="Second approval, by another person.")
@click.option(
    "--date", "day", type=command_line.DayParameter(), help="Day of adoption, as 2027-06-12; as recorded if left out."
)
@click.option("--output", type=click.Path(path_type=Path, file_okay=False), help="Folder for the files of the edition.")
@click.pass_obj
def publish(
    settings: Settings, /, *, declaration: str, name: str, second: str, day: datetime | None, output: Path | None
) -> int:
    """Publish a declaration as an edition.

    Exit code 1: refused; each obstacle is named.

    \b
    workspace publish third-forum/our-declaration --as "Ana Ruiz" --second "Luc Petit" --output edition
    """
    from drafts.formats.bundle import BUNDLE
    from workspace.core.cli_support import open_store
    from workspace.declarations.domain.service import DeclarationService
    from workspace.editions.domain.publication import EditionService
    from workspace.editions.verification.bundle import write_edition_files
    from workspace.people.service import PeopleService

    with open_store(settings) as store:
        with store.reading() as db:
            people, service = PeopleService(db), EditionService(db)
            found = DeclarationService(db).addressed(declaration)
            asks, confirms = people.actor_named(found.forum, name), people.actor_named(found.forum, second)
            try:
                adopted_on = day.date() if day else service.expected_day(found)
                prepared = service.prepare(found, adopted_on=adopted_on, actor=asks)
            except NotReady as refusal:
                _tell(refusal.blockers)
                return 1
            declaration_id = found.id
        try:
            with store.writing() as db:
                editions = EditionService(db)
                editions.request(DeclarationService(db).get(declaration_id), actor=asks, adopted_on=adopted_on)
                edition = editions.publish(declaration_id, prepared, actor=confirms)
        except NotReady as refusal:
            _tell(refusal.blockers)
            return 1
        said = say(
            "Published edition %(number)s of %(declaration)s, manifest %(sha256)s.",
            number=edition.number,
            declaration=declaration,
            sha256=edition.manifest_sha256,
        )
        click.echo(said)
        bundle = sealed_bundle(store, settings, edition.id)
    if output is not None:
        for path in write_edition_files({**prepared.files, BUNDLE: bundle}, output):
            click.echo(path)
    return 0


def sealed_bundle(store: "Store", settings: Settings, edition_id: UUID) -> bytes:
    """The bundle of an edition that has just come out, signed; the first key is made where there is none."""
    from workspace.core.jobs import JobContext
    from workspace.editions.domain.models import Edition
    from workspace.editions.jobs import sign_new_editions
    from workspace.editions.verification.bundle import bundle_of
    from workspace.history.cli import say_first_key

    say_first_key(store, settings)
    sign_new_editions(JobContext(store, settings))
    with store.reading() as db:
        return bundle_of(db, db.get_one(Edition, edition_id))


@command_line.command()
@click.argument("bundle", type=_FILE)
@click.option(
    "--keys",
    "key_file",
    type=_FILE,
    help="Public keys from elsewhere, one per line; before a revoked one, write: revoked",
)
@click.option(
    "--checkpoint", "checkpoints", type=_FILE, multiple=True, help="A checkpoint from elsewhere (repeatable)."
)
@click.option(
    "--proof",
    "proof_files",
    type=_FILE,
    multiple=True,
    help="For a later checkpoint: the proof from /api/checkpoints/LATER/consistency/EARLIER (numbers of entries).",
)
@click.option("--previous", type=_FILE, help="The bundle of the corrected edition: checks it, and prints the changes.")
@click.option("--json", "is_json", is_flag=True, help="Print as JSON.")
def verify(
    bundle: Path,
    key_file: Path | None,
    checkpoints: tuple[Path, ...],
    proof_files: tuple[Path, ...],
    previous: Path | None,
    *,
    is_json: bool,
) -> int:
    """Verify the bundle of an edition, offline.

    \b
    Exit code 0: unaltered and proved.
              1: altered; each place is named.
              2: a signature or key is not valid.
              3: unaltered, not proved.
              4: a wrong call or file.

    \b
    workspace verify bundle.zip --keys keys.txt
    """
    from drafts.verification.bundle_verification import verify_bundle as looked_at

    trust = _trust(key_file, checkpoints, proof_files)
    report = looked_at(read_input(bundle, _MOST_BYTES), trust)
    if is_json:
        from workspace.editions.messages import report_as_json

        print_json(report_as_json(report))
    else:
        print_report(report)
    return report.exit_code if previous is None else max(_print_lineage(bundle, previous), report.exit_code)


def _print_lineage(bundle: Path, previous: Path) -> int:
    """Say what the edition put right in the one before it; 1 where its manifest does not name that one."""
    from drafts.verification.comparison import succession

    found = succession(read_input(bundle, _MOST_BYTES), read_input(previous, _MOST_BYTES))
    for correction in found.corrected:
        click.echo(f"{correction.paragraph}, {correction.language.value}:", err=True)
        click.echo(f"  - {correction.before or ''}\n  + {correction.after or ''}", err=True)
    if not found.is_named:
        click.echo(say("The manifest does not name the edition in %(file)s.", file=previous.name), err=True)
        return 1
    click.echo(say("It corrects the edition in %(file)s, whose manifest it names.", file=previous.name), err=True)
    return 0


def print_report(report: "VerificationReport") -> None:
    """Say what came of verifying, in the language of the command line."""
    from workspace.editions.messages import report_sentences
    from workspace.web.i18n import messages

    *said, verdict = report_sentences(report, messages.messages(messages.of_command_line()))
    for sentence in said:
        click.echo(harmless(sentence), err=report.exit_code != 0)
    click.echo(verdict)


def _trust(key_file: Path | None, checkpoints: Sequence[Path], proof_files: Sequence[Path]) -> "TrustAnchors":
    from drafts.base.transparency_log import SignedNote
    from drafts.verification.bundle_report import TrustAnchors

    keys, revoked = _keys(key_file)
    outside: list[SignedNote] = [SignedNote.read(read_input_text(path, _MOST_BYTES)) for path in checkpoints]
    return TrustAnchors(keys, revoked, outside, [_growth(path) for path in proof_files])


def _keys(path: Path | None) -> "tuple[list[PublicKey], list[PublicKey]]":
    from drafts.base.errors import BadNote
    from drafts.base.transparency_log import PublicKey
    from workspace.core.errors import BadFile

    trusted: list[PublicKey] = []
    revoked: list[PublicKey] = []
    for number, line in enumerate(read_input_text(path, _MOST_BYTES).splitlines() if path else (), 1):
        try:
            if said := line.partition("#")[0].strip():
                (revoked if said.startswith(_REVOKED) else trusted).append(PublicKey.read(said.removeprefix(_REVOKED)))
        except BadNote as error:
            raise BadFile(source=str(path), line=number) from error
    return [public_key for public_key in trusted if public_key not in revoked], revoked


def _growth(path: Path) -> "GrowthProof":
    import msgspec

    from drafts.verification.bundle_report import GrowthProof
    from workspace.core.errors import BadFile

    try:
        found = msgspec.json.decode(read_input(path, _MOST_BYTES), type=_GrowthIn)
        return GrowthProof(found.since, found.size, [bytes.fromhex(hexadecimal) for hexadecimal in found.path])
    except (msgspec.MsgspecError, ValueError) as error:
        raise BadFile(source=str(path), reason="not_readable") from error


class _GrowthIn(Struct, frozen=True):
    since: int
    size: int
    path: list[str]


def _tell(blockers: "Sequence[object]") -> None:
    """What stops publication, a line each; signatures in one."""
    from workspace.editions.domain.publication import Unsigned
    from workspace.web.i18n import messages

    known = messages.messages(messages.of_command_line())
    for line in dict.fromkeys(_line(blocker, known) for blocker in blockers if not isinstance(blocker, Unsigned)):
        click.echo(line, err=True)
    if count := sum(isinstance(blocker, Unsigned) for blocker in blockers):
        said = say("Signatures of the concordance are missing (%(count)s): run workspace sign.", count=count)
        click.echo(said, err=True)


def _line(blocker: object, messages: "Messages") -> str:
    from drafts.text.markup import plain
    from workspace.editions.domain.annexes import UnfinishedLanguage
    from workspace.editions.domain.names import DeceivingName
    from workspace.editions.domain.publication import Blocker, Contested
    from workspace.translations.domain.checks import TextFinding
    from workspace.translations.labels import STATE_LABELS
    from workspace.web.refusals.check_sentences import said

    match blocker:
        case Blocker():
            where = blocker.number or plain(blocker.excerpt)[:_EXCERPT]
            line = f"{where}, {blocker.language.value}: {messages.gettext(STATE_LABELS[blocker.state].sentence)}"
        case TextFinding():
            line = f"{blocker.language.value}: {said(blocker.finding, messages)}"
        case Contested():
            where = say("bracket %(number)s is open: the committee removes it.", number=blocker.bracket)
            line = f"{blocker.number or blocker.bracket}: {where}"
        case int():
            forms = "Amendment %(numbers)s pending", "Amendments %(numbers)s pending"
            line = messages.ngettext(*forms, 1, numbers=blocker)
        case UnfinishedLanguage():
            line = say("Annex “%(title)s” lacks: %(languages)s", title=blocker.title, languages=blocker.language.value)
        case DeceivingName():
            line = f"{say('Deceptive characters:')} {blocker.name!a}"
        case _:
            line = str(blocker)
    return line


@command_line.command("replay")
@click.argument("declaration")
@click.option("--language", type=click.Choice(["es", "en", "fr"]), help="Only this language; else all three.")
@click.option("--words", "with_words", is_flag=True, help="Print the text, with the entry behind each part.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_obj
def replay_log(settings: Settings, declaration: str, language: str | None, *, with_words: bool, as_json: bool) -> int:
    """Rebuild a text from the log, and compare.

    \b
    Exit code 0: every text follows from the log.
              1: not every text; each place is named.
              4: a wrong call.

    \b
    workspace audit replay third-forum/our-declaration --language fr --words
    """
    from workspace.core.cli_support import open_store
    from workspace.declarations.domain.service import DeclarationService
    from workspace.editions.verification.replay import replay_declaration
    from workspace.history.audit import audit_forum

    with open_store(settings) as store, store.reading() as db:
        found = DeclarationService(db).addressed(declaration)
        rows = audit_forum(db, found.forum_id)
        replayed = structs.replace(replay_declaration(db, found), findings=tuple(rows))
    if as_json:
        print_json(replayed)
    else:
        if with_words:
            _print_words(replayed, [language] if language else ["es", "en", "fr"])
        _tell_replayed(replayed)
    return replayed.exit_code


def _print_words(replayed: "Replayed", languages: Sequence[str]) -> None:
    """Each paragraph in each language, its runs of words in lines with the entry and cause in front."""
    causes = {cause.entry: cause for cause in replayed.causes}
    for paragraph in replayed.paragraphs:
        for language in languages:
            for run in paragraph.texts.get(language, ()):
                cause = causes[run.entry]
                adopted = [number for number in cause.amendments if number in paragraph.amendments]
                named = " ".join([cause.kind, *(f"#{number}" for number in adopted)])
                words = run.text.strip().replace("\n", " ")
                click.echo(f"{paragraph.number or '-':>6} {language}  {run.entry:>6} {named:<28} {words}")


def _tell_replayed(replayed: "Replayed") -> None:
    from workspace.editions.verification.replay import REPLAY_SENTENCES, REPLAY_VERDICTS
    from workspace.history.cli import tell_findings
    from workspace.web.i18n import messages as i18n

    messages = i18n.messages(i18n.of_command_line())
    numbers = {paragraph.id: paragraph.number for paragraph in replayed.paragraphs}
    for replay_problem in replayed.troubles[:_MOST_TOLD]:
        place = " ".join(
            part
            for part in (numbers.get(replay_problem.block) or replay_problem.block, replay_problem.language)
            if part
        )
        click.echo(
            messages.gettext(
                REPLAY_SENTENCES[replay_problem.what],
                entry=replay_problem.entry,
                number=replay_problem.number,
                place=place,
            ),
            err=True,
        )
    if len(replayed.troubles) > _MOST_TOLD:
        more = number_text(len(replayed.troubles) - _MOST_TOLD)
        click.echo(say("… %(count)s more (see --json)", count=more), err=True)
    tell_findings(replayed.findings)
    click.echo(messages.gettext(REPLAY_VERDICTS[replayed.exit_code]))
    for edition in replayed.editions:
        click.echo(say("edition %(number)s: %(hash)s", number=edition.number, hash=edition.published))
    entries, revisions = number_text(replayed.entries), number_text(replayed.revisions)
    click.echo(say("entries: %(entries)s  revisions: %(revisions)s", entries=entries, revisions=revisions))


@command_line.command("override")
@click.argument("declaration")
@click.argument("obstacle", required=False)
@click.option("--as", "name", help="The chair, who asks or withdraws.")
@click.option("--second", help="Another person, who confirms or declines.")
@click.option("--reason", default="", help="Reason, shown in the edition; required to decline, too.")
@click.option("--drop", "is_dropped", is_flag=True, help="Withdraw or decline it.")
@click.pass_obj
def override(
    settings: Settings,
    /,
    *,
    declaration: str,
    obstacle: str | None,
    name: str | None,
    second: str | None,
    reason: str,
    is_dropped: bool,
) -> None:
    """Grant an exception, with a reason.

    Without OBSTACLE, it lists the obstacles that allow an exception.

    \b
    workspace override third-forum/our-declaration
    workspace override third-forum/our-declaration 4f9a01bc --as "Ana Ruiz" --second "Luc Petit" --reason "Read aloud."
    """
    from workspace.core.cli_support import open_store
    from workspace.declarations.domain.service import DeclarationService
    from workspace.editions.pages import readiness_view
    from workspace.people.service import PeopleService
    from workspace.web.i18n import messages

    if obstacle is not None and not (name or second):
        raise click.UsageError(say("Name who asks with --as, or who confirms with --second."))
    with open_store(settings) as store:
        if obstacle is not None:
            with store.writing() as db:
                people, found = PeopleService(db), DeclarationService(db).addressed(declaration)
                asks, confirms = (
                    people.actor_named(found.forum, person) if person else None for person in (name, second)
                )
                actor = asks or confirms
                if is_dropped and actor is not None:
                    readiness_view.drop_override(db, found, obstacle, actor=actor, reason=reason)
                else:
                    readiness_view.request_or_confirm_override(
                        db, found, obstacle, asks=asks, confirms=confirms, reason=reason
                    )
        with store.reading() as db:
            found = DeclarationService(db).addressed(declaration)
            lines = readiness_view.obstacle_lines(db, found, messages.messages(messages.of_command_line()))
    for line in lines:
        click.echo(line)
