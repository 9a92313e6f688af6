"""All the files of an edition, under names that never change."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

import msgspec
from msgspec import Struct

from drafts.formats import akoma_ntoso, corrigendum, html, pdf, text_formats
from drafts.formats.assembly import EditionText
from drafts.formats.docx import writer as word
from drafts.formats.verification_files import GUIDE, guide, manifest
from drafts.text.blocks import Language

THREE = "-".join(Language)
MANIFEST = "manifest.json"
TEXT = "declaration.json"
SHEET = "corrigendum"


def edition_files(text: EditionText, others: Mapping[str, bytes] | None = None) -> Mapping[str, bytes]:
    """Return every file of the edition by name, `others` that it holds among them, `manifest.json` last.

    The same text gives the same bytes, whenever and wherever it is made.
    """
    return dict(_each_file(text, others or {}))


def edition_file(text: EditionText, name: str) -> bytes | None:
    """Return one file alone, which is quicker; None for a name that no file of an edition has."""
    if name == MANIFEST:
        return edition_files(text)[MANIFEST]
    make = _makers(text).get(name)
    return make() if make else None


class FilesWanted(Struct, frozen=True):
    """What a process of its own puts into `folder`: every file of an edition, or the one of that `name` alone."""

    text: EditionText
    folder: str
    others: Mapping[str, bytes]
    name: str = ""


def write_files(data: bytes, _: str) -> bytes:
    """In that process: write the files that `data`, `FilesWanted` as MessagePack, asks for; one at a time is held."""
    wanted = msgspec.msgpack.decode(data, type=FilesWanted)
    made = _each_file(wanted.text, wanted.others)
    if wanted.name:
        made = ((name, make()) for name, make in _makers(wanted.text).items() if name == wanted.name)
    for name, content in made:
        Path(wanted.folder, name).write_bytes(content)
    return b""


def _each_file(text: EditionText, others: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """Yield the files as they are made."""
    hashes: dict[str, str] = {}
    for name in (*(makers := _makers(text)), *others):
        content = makers[name]() if name in makers else others[name]
        hashes[name] = hashlib.sha256(content).hexdigest()
        yield name, content
    yield MANIFEST, manifest(text, hashes)


_FORMS = {
    "html": html.page,
    "pdf": pdf.language_pdf,
    "docx": word.edition_docx,
    "txt": text_formats.plain_text_page,
    "md": text_formats.markdown_page,
    "akn.xml": akoma_ntoso.expression,
}


def _makers(text: EditionText) -> Mapping[str, Callable[[], bytes]]:
    """The files by name; of an edition that corrects another, the sheet that says what it puts right among them."""
    made: dict[str, Callable[[], bytes]] = {
        f"declaration.{THREE}.html": partial(html.parallel, text),
        f"declaration.{THREE}.pdf": partial(pdf.parallel_pdf, text),
        f"declaration.{THREE}.docx": partial(word.parallel_docx, text),
    }
    for name, paper in (("declaration", text), (SHEET, corrigendum.sheet(text))):
        if paper is not None:
            made |= {
                f"{name}.{language}.{form}": partial(make, paper, language)
                for language in Language
                for form, make in _FORMS.items()
            }
    return made | {TEXT: partial(text_formats.edition_json, text), GUIDE: guide}
