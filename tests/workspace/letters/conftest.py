"""A mail server on loopback, and an outbox."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from msgspec.structs import replace

from tests.workspace.letters.post_office import PostOffice, opened
from workspace.core.jobs import JobContext
from workspace.core.outbox import Letter, queue_letter
from workspace.core.settings import Settings
from workspace.core.storage.db import Store
from workspace.letters.delivery import DeliveryRound, send_letters

URL = "https://declaration.example.org"
SENDER = "Network of Towns <workspace@towns.example>"


@pytest.fixture
def office() -> Iterator[PostOffice]:
    """A mail server that takes everything, in the clear."""
    with opened(PostOffice()) as office:
        yield office


class Outbox:
    """The outbox of a store, and a worker's round over it."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store = store
        self.settings = Settings(url=URL, mail_from=SENDER, mail_dir=str(folder / "letters"))

    def post(self, kind: str = "test", *, to: str = "ana@town.example", language: str = "en", **facts) -> None:
        with self.store.writing() as db:
            queue_letter(db, kind, to=to, language=language, **facts)

    def work(self, smtp: str = "") -> DeliveryRound:
        """One round of the worker, to the server of this address or into the folder."""
        return send_letters(JobContext(self.store, replace(self.settings, smtp=smtp)))

    def letters(self) -> list[Letter]:
        with self.store.reading() as db:
            return list(db.scalars(sa.select(Letter).order_by(Letter.due_at, Letter.id)))

    @property
    def letter(self) -> Letter:
        [one] = self.letters()
        return one


@pytest.fixture
def outbox(store: Store, tmp_path: Path) -> Outbox:
    return Outbox(store, tmp_path)
