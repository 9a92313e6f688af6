"""The catalogues of messages, as translators' tools see them.

`python -m workspace.catalogues`, run in a checkout, collects every message from the program and
the templates into `locales/*/LC_MESSAGES/workspace.po`; what is new is left empty for a translator.
Message ids are the English sentences, so English has no catalogue; `[tool.babel]` in `pyproject.toml` says where they
stand. A catalogue is sorted by its messages and names no files: moving one changes no catalogue.
"""

import sys
import tomllib
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from drafts.text.blocks import Language
from workspace.cli import main
from workspace.paths import LOCALES
from workspace.web.i18n import command_line
from workspace.web.i18n.messages import LOCALE, TRANSLATED, catalogue_path


def read_catalogue(language: Language) -> Catalog:
    """The catalogue of one language as translators' tools see it, with comments."""
    with catalogue_path(language).open("rb") as file:
        return read_po(file, locale=str(language), abort_invalid=True)


def extracted(checkout: Path) -> Catalog:
    """Every message that stands in the program and its templates, without translations.

    Raises ValueError where one message has two plurals: a catalogue knows a message by its singular.
    """
    mappings = tomllib.loads((checkout / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["babel"]["mappings"]
    methods = [(mapping["pattern"], mapping["method"]) for mapping in mappings]
    options = {
        mapping["pattern"]: {key: value for key, value in mapping.items() if key not in {"method", "pattern"}}
        for mapping in mappings
    }
    keywords = {
        **DEFAULT_KEYWORDS,
        "N_": None,
        "N_two": (1, 2),
        "say": None,
        "say_count": (1, 2),
        "BadSetting": None,
        "_means": None,
    }
    found = Catalog(project="declaration-workspace")
    for _, _, message, comments, context in extract_from_dir(
        checkout, methods, options, keywords, comment_tags=("Translators:",), strip_comment_tags=True
    ):
        singular = message if isinstance(message, str) else message[0]
        there = found.get(singular, context)
        if there and there.id != message:
            raise ValueError(f"two plurals of one message: {singular}")
        found.add(message, auto_comments=comments, context=context)
    for message in command_line.help_messages([main]):
        found.add(message)
    return found


def update(checkout: Path) -> Mapping[Language, int]:
    """Bring the catalogues up to date with the program; returns how many messages wait for a translator."""
    template = extracted(checkout)
    untranslated = {language: _update(language, template) for language in TRANSLATED}
    for language in TRANSLATED:
        catalogue_path(language).with_name(f"{command_line.CLICK}.mo").write_bytes(of_click(language))
    return untranslated


def of_click(language: Language) -> bytes:
    """What click itself says in one language, compiled as gettext reads it."""
    catalogue = read_catalogue(language)
    words = Catalog(str(language), creation_date=catalogue.creation_date, revision_date=catalogue.revision_date)
    for message in (*command_line.OF_CLICK, *command_line.COUNTED_BY_CLICK):
        words.add(message, catalogue[message].string)
    compiled = BytesIO()
    write_mo(compiled, words)
    return compiled.getvalue()


def _update(language: Language, template: Catalog) -> int:
    path = catalogue_path(language)
    catalogue = read_catalogue(language) if path.exists() else _blank(language)
    catalogue.update(template, no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, width=110, no_location=True, sort_output=True)
    said = [message.string for message in catalogue if message.id]
    return sum(not all((forms,) if isinstance(forms, str) else forms or ("",)) for forms in said)


def _blank(language: Language) -> Catalog:
    name = LOCALE[Language.EN].languages[language]
    catalogue = Catalog(locale=str(language), project="Declaration Workspace", version="1", fuzzy=False)
    catalogue.header_comment = (
        f"# Declaration Workspace: the interface in {name}. Message ids are the English sentences."
    )
    return catalogue


if __name__ == "__main__":
    for updated, names in update(LOCALES.parent).items():
        sys.stdout.write(f"{catalogue_path(updated)}: {names} messages wait for a translation.\n")
