"""Commands about what people marked in notes."""

import click

from workspace.core.settings import Settings
from workspace.web.i18n import command_line
from workspace.web.i18n.command_line import say
from workspace.web.i18n.marking import N_


@command_line.group()
def notes() -> None:
    """Learn from what people marked in notes."""


@notes.command("train", line=N_("Learn in which order to show suggestions."))
@click.argument("forum")
@click.option("--use/--no-use", "is_used", default=None, help="Order suggestions by it, or by the rules again.")
@click.pass_obj
def train_order(settings: Settings, forum: str, *, is_used: bool | None) -> int:
    """Learn from the marks of the network of FORUM which suggestions are likely to be confirmed.

    Needs 1,000 marks, and the extra `learning`. Nothing leaves this machine.
    --use is refused where the rules do better.

    \b
    Exit code 0: done; 1: the rules do better.

    \b
    workspace notes train third-forum
    """
    from workspace.consultation.ordering import keep_order, marked_texts, train
    from workspace.core.actor import OPERATOR
    from workspace.core.cli_support import open_store
    from workspace.people.service import PeopleService

    with open_store(settings) as store, store.writing() as db:
        where = PeopleService(db).forum(forum)
        if is_used is False:
            keep_order(db, where, None, actor=OPERATOR)
            click.echo(say("The rules order the suggestions."))
            return 0
        figures, weights = train(marked_texts(db, where))
        rules, learned = f"{figures.rules:.2f}", f"{figures.learned:.2f}"
        click.echo(
            say(
                "Marks: %(marks)s. Average precision: rules %(rules)s, learned %(learned)s.",
                marks=figures.marks,
                rules=rules,
                learned=learned,
            )
        )
        if not figures.is_better:
            click.echo(say("The rules do better and stay."))
            return 1
        if is_used:
            keep_order(db, where, weights, count=figures.marks, actor=OPERATOR)
            click.echo(say("What was learned orders the suggestions."))
        else:
            click.echo(say("To order suggestions by it: --use"))
    return 0
