"""All the files of an edition, under names that never change."""

from collections.abc import Mapping

from drafts.assembly import EditionText
from drafts.blocks import Language
from drafts.formats import akoma_ntoso, html, markdown, pdf, plain_json, plain_text
from drafts.formats.docx import edition as word
from drafts.formats.guide import GUIDE, guide
from drafts.formats.manifest import manifest

THREE = "-".join(Language)
MANIFEST = "manifest.json"


def edition_files(text: EditionText) -> Mapping[str, bytes]:
    """Return every file of the edition by name, `manifest.json` last.

    The same text gives the same bytes, whenever and wherever it is made.
    """
    files = {f"declaration.{THREE}.html": html.parallel(text), f"declaration.{THREE}.pdf": pdf.parallel(text)}
    for language in Language:
        files[f"declaration.{language}.html"] = html.page(text, language)
        files[f"declaration.{language}.pdf"] = pdf.book(text, language)
        files[f"declaration.{language}.docx"] = word.page(text, language)
        files[f"declaration.{language}.txt"] = plain_text.page(text, language)
        files[f"declaration.{language}.md"] = markdown.page(text, language)
        files[f"declaration.{language}.akn.xml"] = akoma_ntoso.expression(text, language)
    files[f"declaration.{THREE}.docx"] = word.parallel(text)
    files["declaration.json"] = plain_json.whole(text)
    files[GUIDE] = guide()
    return files | {MANIFEST: manifest(text, files)}
