"""An address elsewhere that the demonstration tells of its news; nothing is called, what it answered is made up."""

from datetime import timedelta

import sqlalchemy as sa

from workspace.core.actor import Actor
from workspace.core.db import Store
from workspace.core.settings import Outbound
from workspace.people.service import PeopleService
from workspace.webhooks.courier import gather
from workspace.webhooks.models import Delivery
from workspace.webhooks.service import WebhookService

URL = "https://agenda.ciudades-en-vela.example/hooks/declaration"
KINDS = ("edition", "phase")
_SOON = timedelta(seconds=2)
_LATER = timedelta(minutes=7)
_AGO = timedelta(hours=1)
_ENOUGH = 3  # messages to show one that came late, one that never came, and another one


def enter_webhook(store: Store, forum: str, *, actor: Actor) -> None:
    """The calendar of the network wants to know of phases and editions."""
    with store.writing() as db:
        found = PeopleService(db).forum(forum)
        WebhookService(db, Outbound.ON).add(found, url=URL, kinds=KINDS, actor=actor)


def tell_webhook(store: Store) -> None:
    """What it was told: everything arrived, one message at the third try only, and the last but one never."""
    gather(store)
    with store.writing() as db:
        told = db.scalars(sa.select(Delivery).order_by(Delivery.sequence)).all()
        for one in told:
            one.made_at -= _AGO
            one.attempts, one.next_try_at, one.delivered_at = 1, None, one.made_at + _SOON
        if len(told) >= _ENOUGH:
            told[0].attempts, told[0].delivered_at = 3, told[0].made_at + _LATER
            lost = told[-2]
            lost.attempts, lost.delivered_at, lost.failed_at = 11, None, lost.made_at + _LATER
            lost.last_error = "status 503"
