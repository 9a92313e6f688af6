"""Every edition that anybody may read, as a static website in a folder."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from drafts.formats.bundle import BUNDLE
from drafts.formats.static_site import STYLE, SiteEdition, site
from workspace.core.actor import NOBODY
from workspace.core.errors import BadFile
from workspace.core.storage.db import Db
from workspace.editions.domain import policy
from workspace.editions.domain.edition_store import files_kept
from workspace.editions.domain.models import Edition
from workspace.editions.domain.publication import EditionService
from workspace.editions.verification.bundle import bundle_of


class WrittenSite(Struct, frozen=True):
    """What is in the folder now; `size` in bytes."""

    editions: int
    files: int
    size: int


def write_site(db: Db, folder: Path, *, url: str = "") -> WrittenSite:
    """Put the site into `folder`, which is new, empty, or holds a site that is replaced as a whole.

    Raises `BadFile` for a folder with anything else in it, or that cannot be written; it is then as it was.
    """
    if folder.exists() and any(folder.iterdir()) and not (folder / STYLE).is_file():
        raise BadFile(source=str(folder), reason="not_empty")
    unfinished = folder.with_name(f".{folder.name}.part")
    try:
        shutil.rmtree(unfinished, ignore_errors=True)
        editions, files, size = public_editions(db), 0, 0
        for path, content in _contents(db, editions, url=url):
            target = unfinished / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
            files, size = files + 1, size + len(content)
        shutil.rmtree(folder, ignore_errors=True)
        unfinished.replace(folder)
    except OSError as error:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise BadFile(source=str(folder), reason="not_written") from error
    return WrittenSite(len(editions), files, size)


def public_editions(db: Db) -> list[Edition]:
    """Those whose declaration anybody may read, oldest first."""
    every = db.scalars(sa.select(Edition).order_by(Edition.published_at, Edition.id))
    return [edition for edition in every if policy.may_read_editions(NOBODY, edition.declaration)]


def site_entries(db: Db, editions: list[Edition]) -> list[SiteEdition]:
    """What a list of editions tells of each, without its files."""
    service = EditionService(db)
    last = {edition.declaration_id: edition.number for edition in sorted(editions, key=lambda edition: edition.number)}
    return [
        SiteEdition(
            address=f"{edition.declaration.forum.slug}/{edition.declaration.slug}",
            number=edition.number,
            id=str(edition.id),
            text=service.text(edition),
            published_at=edition.published_at,
            sizes={},
            is_latest=last[edition.declaration_id] == edition.number,
        )
        for edition in editions
    ]


def _contents(db: Db, editions: list[Edition], *, url: str) -> Iterator[tuple[str, bytes]]:
    shown = list[SiteEdition]()
    for edition, entry in zip(editions, site_entries(db, editions), strict=True):
        bundle = bundle_of(db, edition)
        sizes = {file.name: file.size for file in files_kept(db, edition.id)}
        made = replace(entry, sizes={**sizes, BUNDLE: len(bundle)})
        shown.append(made)
        yield made.file(BUNDLE), bundle
        for file in edition.files:
            yield made.file(file.name), file.content
    yield from site(shown, url=url)
