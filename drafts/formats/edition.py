"""All the files of an edition, under names that never change."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from drafts.formats import akoma_ntoso, corrigendum, html, pdf, text_formats
from drafts.formats.assembly import EditionText
from drafts.formats.docx import writer as word
from drafts.formats.verification_files import GUIDE, guide, manifest
from drafts.text.blocks import Language

THREE = "-".join(Language)
MANIFEST = "manifest.json"
TEXT = "declaration.json"
SHEET = "corrigendum"
_PRINTERS = 2  # typst sets a page without holding up the forms that are written meanwhile


def edition_files(text: EditionText, others: Mapping[str, bytes] | None = None) -> Mapping[str, bytes]:
    """Return every file of the edition by name, `others` that it holds among them, `manifest.json` last.

    The same text gives the same bytes, whenever and wherever it is made.
    """
    makers, sheets = _makers(text), _sheets(text)
    with ThreadPoolExecutor(_PRINTERS) as printers:
        printed = {name: printers.submit(pdf.compiled_apart, make()) for name, make in sheets.items()}
        written = {name: make() for name, make in makers.items() if name not in printed}
    files = {name: printed[name].result() if name in printed else written[name] for name in makers} | dict(others or {})
    return files | {MANIFEST: manifest(text, files)}


def edition_file(text: EditionText, name: str) -> bytes | None:
    """Return one file alone, which is quicker; None for a name that no file of an edition has."""
    if name == MANIFEST:
        return edition_files(text)[MANIFEST]
    make = _makers(text).get(name)
    return make() if make else None


def _makers(text: EditionText) -> Mapping[str, Callable[[], bytes]]:
    made: dict[str, Callable[[], bytes]] = {
        f"declaration.{THREE}.html": partial(html.parallel, text),
        f"declaration.{THREE}.pdf": partial(pdf.parallel_pdf, text),
        f"declaration.{THREE}.docx": partial(word.parallel_docx, text),
    }
    for language in Language:
        of = f"declaration.{language}"
        made[f"{of}.html"] = partial(html.page, text, language)
        made[f"{of}.pdf"] = partial(pdf.language_pdf, text, language)
        made[f"{of}.docx"] = partial(word.edition_docx, text, language)
        made[f"{of}.txt"] = partial(text_formats.plain_text_page, text, language)
        made[f"{of}.md"] = partial(text_formats.markdown_page, text, language)
        made[f"{of}.akn.xml"] = partial(akoma_ntoso.expression, text, language)
    return made | _of_corrigendum(text) | {TEXT: partial(text_formats.edition_json, text), GUIDE: guide}


def _sheets(text: EditionText) -> Mapping[str, Callable[[], pdf.PdfDocument]]:
    """What each PDF is set from, by the name of its file, the longest work first."""
    made = {f"declaration.{THREE}.pdf": partial(pdf.pdf_document, text, tuple(Language))}
    made |= {f"declaration.{language}.pdf": partial(pdf.pdf_document, text, (language,)) for language in Language}
    paper = corrigendum.sheet(text)
    if paper is not None:
        made |= {f"{SHEET}.{language}.pdf": partial(pdf.pdf_document, paper, (language,)) for language in Language}
    return made


def _of_corrigendum(text: EditionText) -> dict[str, Callable[[], bytes]]:
    """The sheet that says what a corrected edition puts right; nothing for an edition that corrects none."""
    paper = corrigendum.sheet(text)
    if paper is None:
        return {}
    forms = {
        "html": html.page,
        "pdf": pdf.language_pdf,
        "docx": word.edition_docx,
        "txt": text_formats.plain_text_page,
        "md": text_formats.markdown_page,
        "akn.xml": akoma_ntoso.expression,
    }
    return {
        f"{SHEET}.{language}.{form}": partial(make, paper, language)
        for language in Language
        for form, make in forms.items()
    }
