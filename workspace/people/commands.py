"""Commands that set up a forum and say who takes part."""

import click

from workspace.core.actor import OPERATOR, Role
from workspace.core.settings import Settings

_ROLES = [role.value for role in Role if role not in {Role.ANON, Role.GUEST, Role.OTHER_ORG}]


@click.command()
@click.argument("forum")
@click.option("--network", required=True, help="Name of the network that holds the forum.")
@click.option("--name", required=True, help="Name of the forum, in the language without an option of its own.")
@click.option("--name-es", help="Its name in Spanish.")
@click.option("--name-en", help="Its name in English.")
@click.option("--name-fr", help="Its name in French.")
@click.option("--place", default="", help="Where it meets.")
@click.option("--timezone", default="UTC", show_default=True, help="Time zone of the place, for example Europe/Madrid.")
@click.option("--starts", type=click.DateTime(["%Y-%m-%d"]), help="First day, as 2027-06-10.")
@click.option("--ends", type=click.DateTime(["%Y-%m-%d"]), help="Last day.")
@click.pass_obj
def init(
    settings: Settings, /, *, forum: str, network: str, name: str, place: str, timezone: str, **given: object
) -> None:
    """Prepare the database and found FORUM.

    FORUM is the word that stands in its addresses: small letters, digits and
    hyphens. Nothing is changed when the forum is there already.

    \b
    workspace init third-forum --network "Network of Towns" --name "Third Forum"
    workspace user add "Ana Ruiz" --forum third-forum --role chair
    """
    from datetime import datetime

    from workspace.core.console import opened
    from workspace.core.db import Trilingual
    from workspace.people.service import PeopleService

    named = {language: str(given[f"name_{language}"] or name) for language in ("es", "en", "fr")}
    days = {field: value.date() for field in ("starts", "ends") if isinstance(value := given[field], datetime)}
    with opened(settings) as store, store.writing() as db:
        PeopleService(db).found(
            network=Trilingual(es=network, en=network, fr=network),
            slug=forum,
            name=Trilingual.of(named),
            place=Trilingual(es=place, en=place, fr=place),
            timezone=timezone,
            starts_on=days.get("starts"),
            ends_on=days.get("ends"),
            actor=OPERATOR,
        )
    click.echo(f"Founded {forum}. Next: workspace user add NAME --forum {forum} --role chair")


@click.group()
def user() -> None:
    """Add people to a forum, and list them."""


@user.command()
@click.argument("name")
@click.option("--forum", required=True, help="The forum they take part in.")
@click.option("--role", type=click.Choice(_ROLES), required=True, help="What they are there.")
@click.option("--organisation", help="Whom they stand for; added if it is new.")
@click.option("--language", type=click.Choice(["es", "en", "fr"]), default="en", show_default=True)
@click.pass_obj
def add(settings: Settings, /, *, name: str, forum: str, role: str, organisation: str | None, language: str) -> None:
    """Add the person NAME to a forum, with one role.

    \b
    workspace user add "Ana Ruiz" --forum third-forum --role chair --language es
    """
    from workspace.core.console import opened
    from workspace.people.service import PeopleService

    with opened(settings) as store, store.writing() as db:
        people = PeopleService(db)
        where = people.forum(forum)
        people.add_person(
            where,
            name=name,
            role=Role(role),
            organisation=people.organisation_named(where, organisation, actor=OPERATOR) if organisation else None,
            language=language,
            actor=OPERATOR,
        )
    click.echo(f"Added {name} as {role}.")


@user.command("list")
@click.option("--forum", required=True)
@click.pass_obj
def list_(settings: Settings, forum: str) -> None:
    """List who takes part in a forum: role, name, organisation."""
    from workspace.core.console import opened
    from workspace.people.service import PeopleService

    with opened(settings) as store, store.reading() as db:
        people = PeopleService(db)
        for person, mandate in people.people(people.forum(forum)):
            organisation = f", {mandate.organisation.name}" if mandate.organisation else ""
            click.echo(f"{mandate.role.value:12} {person.name}{organisation}")
