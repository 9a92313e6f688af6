"""The side door from the command line: a mail read, and filed in the name of its sender."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from workspace.core.settings import Settings
from workspace.web import spoken
from workspace.web.spoken import say

if TYPE_CHECKING:
    from workspace.interchange.side_door_service import ExaminedMail


@spoken.command()
@click.argument("declaration")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
@click.option("--text", type=click.Choice(["es", "en", "fr"]), help="Language of the text that the mail speaks of.")
@click.option("--from", "sender", default="", help="Address of the sender, where the mail does not say it.")
@click.option("--file-as", "name", default="", help="File every sure draft in the name of this person of the forum.")
@click.pass_obj
def mail(settings: Settings, /, *, declaration: str, file: Path, text: str | None, sender: str, name: str) -> None:
    """Read the mail in FILE (or - for the standard input) that proposes amendments to DECLARATION.

    It is kept, and what it proposes is printed; nothing is filed unless
    --file-as says in whose name. The secretariat finds it on the page
    of the mails.

    \b
    workspace mail third-forum/our-declaration proposal.eml
    workspace mail third-forum/our-declaration - --from ana@example.org < words.txt
    """
    from drafts.blocks import Language
    from workspace.core.actor import OPERATOR
    from workspace.core.console import forum_and_declaration, opened
    from workspace.core.errors import BadFile
    from workspace.declarations.service import DeclarationService
    from workspace.interchange.intake.domain.intake import Filing
    from workspace.interchange.side_door_service import MailIntake
    from workspace.people.service import PeopleService

    try:
        data = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise BadFile(source=str(file), reason="not_readable") from error
    slug_of_forum, slug = forum_and_declaration(declaration)
    language = Language(text) if text else None
    with opened(settings) as store, store.writing() as db:
        people = PeopleService(db)
        forum = people.forum(slug_of_forum)
        found, door = DeclarationService(db).at(forum, slug), MailIntake(db)
        kept = door.receive(
            found, data, name="" if str(file) == "-" else file.name, address=sender, language=language, actor=OPERATOR
        )
        examined = door.examine(kept, actor=OPERATOR)
        tell(examined)
        if name:
            person = people.actor_named(forum, name).person_id
            drafts = enumerate(examined.parsed.proposals)
            wanted = [(place, one.reason) for place, one in drafts if one.is_sure and place not in examined.same]
            filings = [Filing(place=place, person=person, reason=reason) for place, reason in wanted if person]
            settled = door.settle(kept, filings, actor=OPERATOR)
            numbers = ", ".join(str(one.number) for one in settled.amendments)
            filed = numbers or say("nothing")
            click.echo(say("Filed: %(filed)s. Receipts: %(receipts)s.", filed=filed, receipts=settled.sent.receipts))


def tell(examined: "ExaminedMail") -> None:
    """Print what a mail proposes, and what could not be placed."""
    from workspace.interchange.side_door_views import REASONS

    for place, draft in enumerate(examined.parsed.proposals, start=1):
        same = examined.same.get(place - 1)
        click.echo(
            say("Draft %(place)s (amendment %(number)s asks for this already):", place=place, number=same)
            if same
            else say("Draft %(place)s:", place=place)
        )
        for source in draft.sources:
            click.echo(f"  {' '.join(source.split())}")
        for change in draft.changes:
            click.echo(f"  {change.op.value}: {change.text or ''}".rstrip(" :"))
    for one in examined.parsed.unplaced:
        words = " ".join(one.source.split())
        click.echo(say("Could not be placed: “%(words)s”. %(why)s", words=words, why=say(REASONS[one.why])))
