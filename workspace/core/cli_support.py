"""What every command needs: the store in its current shape, and the addresses people type."""

from collections.abc import Iterator
from contextlib import contextmanager

from workspace.core.errors import Invalid
from workspace.core.settings import Settings
from workspace.core.storage.db import Store
from workspace.core.storage.schema import is_current, migrate


@contextmanager
def open_store(settings: Settings) -> Iterator[Store]:
    """The store of these settings, brought up to date, and closed afterwards."""
    store = Store(settings)
    try:
        if not is_current(store):
            migrate(store)
        yield store
    finally:
        store.close()


def forum_and_declaration(address: str) -> tuple[str, str]:
    """Take "third-forum/our-declaration" apart; raises `Invalid`."""
    forum, slash, declaration = address.partition("/")
    if not (forum and slash and declaration) or "/" in declaration:
        raise Invalid(field="declaration", reason="not_an_address", given=address)
    return forum, declaration
