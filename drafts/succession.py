"""Two bundles of one declaration held against each other: whether the later one corrects the earlier, and in what."""

import hashlib

import msgspec
from msgspec import Struct

from drafts.agreement import Paragraph, Text
from drafts.blocks import Language
from drafts.formats.bundle import BadBundle, unpack
from drafts.formats.edition import MANIFEST
from drafts.formats.manifest import Manifest

_TEXT = "declaration.json"


class Corrected(Struct, frozen=True):
    """A text that is not the same in both: of the paragraph with this number (or id), None where there is no text."""

    paragraph: str
    language: Language
    before: str | None
    after: str | None


class Succession(Struct, frozen=True):
    """Whether the later manifest names the earlier one by its hash, and what differs between the two texts."""

    is_named: bool
    corrected: tuple[Corrected, ...]


def succession(later: bytes, earlier: bytes) -> Succession:
    """Compare two bundles, each of which is to be verified by itself; raises `BadBundle` for what is none."""
    manifest, text, _ = _read(later)
    _, old, digest = _read(earlier)
    is_named = manifest.corrects is not None and manifest.corrects.manifest == digest
    before = {one.id: one for one in old.paragraphs}
    after = {one.id: one for one in text.paragraphs}
    order = [*after, *(known for known in before if known not in after)]
    pairs = ((before.get(block), after.get(block), language) for block in order for language in Language)
    found = (_compared(before, after, language) for before, after, language in pairs)
    return Succession(is_named, tuple(correction for correction in found if correction))


def _compared(old: Paragraph | None, new: Paragraph | None, language: Language) -> Corrected | None:
    before, after = (paragraph.cell(language).text if paragraph else None for paragraph in (old, new))
    known = new or old
    if before == after or known is None:
        return None
    return Corrected(known.number or known.id, language, before, after)


def _read(data: bytes) -> tuple[Manifest, Text, str]:
    files = unpack(data)
    try:
        manifest = msgspec.json.decode(files[MANIFEST], type=Manifest)
        text = msgspec.json.decode(files[_TEXT], type=Text)
    except (KeyError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise BadBundle("not_an_edition") from error
    return manifest, text, hashlib.sha256(files[MANIFEST]).hexdigest()
