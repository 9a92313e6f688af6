"""The checks of a translation from the command line, for plain Markdown files and for lists of pairs.

Only click is imported up here, so that the command starts at once; the checks
come in when it runs, the web and the database never.
"""

from pathlib import Path

import click

from workspace.web import spoken
from workspace.web.spoken import say

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path, allow_dash=True)
_FOLDER = click.Path(exists=True, file_okay=False)
_LANGUAGE = click.Choice(["es", "en", "fr"])


@spoken.command()
@click.argument("source", type=_FILE, required=False)
@click.argument("target", type=_FILE, required=False)
@click.option("--from", "source_language", type=_LANGUAGE, help="Language of SOURCE; else told by its name (a.es.md).")
@click.option("--to", "target_language", type=_LANGUAGE, help="Language of TARGET; else told by its name (a.fr.md).")
@click.option("--pairs", type=_FILE, help="Check the pairs of texts in this JSON file instead of two files.")
@click.option("--profile", type=click.Choice(["national", "un", "eu"]), help="By whose usage; national by default.")
@click.option("--dictionaries", type=_FOLDER, help="A folder of Hunspell dictionaries: look at spelling too.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def check(
    source: Path | None,
    target: Path | None,
    *,
    source_language: str | None,
    target_language: str | None,
    pairs: Path | None,
    profile: str | None,
    dictionaries: str | None,
    form: str,
) -> int:
    """Check a translation against its source: numbers, dates, references, marks, typography, wording.

    The two Markdown files are put side by side by their structure; a paragraph
    without partner is missing. With --pairs, a JSON file of pairs is checked and
    the answer names the checks that found something in each. “-” reads from
    standard input. Exit code 0: no error was found; 1: at least one was (warnings
    and hints alone do not count).

    \b
    workspace check text.es.md text.fr.md
    workspace check source.md target.md --from en --to es --profile un --format json
    workspace check --pairs pairs.json
    """
    from workspace.interchange import check_answers

    if pairs is not None:
        if source or target or source_language or target_language:
            raise click.UsageError(say("--pairs takes its texts and languages from the file: give it alone."))
        return check_answers.check_list(pairs, profile=profile, dictionaries=dictionaries or "")
    if source is None or target is None:
        raise click.UsageError(say("Name two files, SOURCE and TARGET, or --pairs FILE."))
    languages = _told(source_language, source, "--from"), _told(target_language, target, "--to")
    if languages[0] == languages[1]:
        raise click.UsageError(say("SOURCE and TARGET are in one language: there is nothing to compare."))
    return check_answers.check_files(
        source, target, languages=languages, profile=profile, dictionaries=dictionaries or "", form=form
    )


def _told(named: str | None, path: Path, option: str) -> str:
    """The language asked for, or the one that the name of the file tells."""
    language = named or next((suffix[1:] for suffix in path.suffixes if suffix in (".es", ".en", ".fr")), None)
    if language is None:
        said = say(
            "The name %(file)s does not tell its language: say it with %(option)s es, en or fr.",
            file=path.name,
            option=option,
        )
        raise click.UsageError(said)
    return language
