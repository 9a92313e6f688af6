"""The collaboration projects of a forum as an edition's annex has them: plain values that no longer change."""

from collections.abc import Sequence

from msgspec import Struct

from workspace.consultation.promises import ProjectService
from workspace.core.actor import Actor
from workspace.core.db import Db
from workspace.people.models import Forum


class AnnexProject(Struct, frozen=True):
    """One project. `members` are those whom its document names and those who joined since, each once."""

    number: int
    title: str
    language: str
    promoter: str
    members: Sequence[str]
    actions: Sequence[str]


def annex_of_projects(db: Db, forum: Forum, *, actor: Actor) -> tuple[AnnexProject, ...]:
    """Every project of the forum, by their numbers; raises `NotAllowed` for who may not read the programme."""
    return tuple(
        AnnexProject(
            number=one.number,
            title=one.title,
            language=one.language,
            promoter=one.promoter,
            members=_each_once([*one.interested, *(joined.organisation.name for joined in one.joined)]),
            actions=tuple(one.actions),
        )
        for one in ProjectService(db).projects(forum, actor=actor)
    )


def _each_once(names: Sequence[str]) -> tuple[str, ...]:
    """The first spelling of each name: a document writes "BILBAO", the register "Bilbao"."""
    seen: dict[str, str] = {}
    for name in names:
        known = seen.get(name.casefold())
        if known is None or known.isupper():
            seen[name.casefold()] = name
    return tuple(seen.values())
