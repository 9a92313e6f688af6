"""Names around a text that deceive whoever reads them: of its forum, of people, organisations, sessions and files."""

import hashlib
from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct

from drafts.checks.characters import deceiving_signs
from workspace.core.storage.db import Db, Trilingual
from workspace.core.storage.readings import read_once
from workspace.declarations.domain.models import Declaration
from workspace.editions.domain.models import SignatoryRecord
from workspace.people.models import Forum, Mandate, Organisation, Person
from workspace.sessions.models import Session, SourceDocument


class DeceivingName(Struct, frozen=True):
    """A name with characters that deceive, whose it is (`kind`, `id`), and what stands for it as it is now (`seen`)."""

    kind: str
    id: UUID
    name: str
    seen: str


def deceiving_names(db: Db, declaration: Declaration) -> list[DeceivingName]:
    """Every one of them that is not mended yet; mostly none."""
    forum, found = declaration.forum, list[DeceivingName]()
    around: list[tuple[str, UUID, Trilingual | str, str]] = [
        ("forum", forum.id, forum.name, ""),
        ("forum", forum.id, forum.place, ""),
        ("declaration", declaration.id, declaration.name, ""),
    ]
    for signatory in signatories(db, declaration):
        around += [("signatory", signatory.id, name, "") for name in (signatory.organisation, signatory.person)]
    every = ((kind, owner, name, salt) for kind, owner, name, salt in db.execute(_plain_names(forum)))
    around += sorted(named for named in every if deceiving_signs(named[2]))
    for kind, owner, said, salted in around:
        names = list(dict.fromkeys(said.to_dict().values())) if isinstance(said, Trilingual) else [said]
        if any(deceiving_signs(each) for each in names):
            words = " / ".join(filter(None, names))
            found.append(DeceivingName(kind, owner, words, hashlib.sha256(f"{salted}{words}".encode()).hexdigest()))
    return found


def signatories(db: Db, declaration: Declaration) -> Sequence[SignatoryRecord]:
    """Who signs a declaration. One query in a unit."""
    mine = sa.select(SignatoryRecord).where(SignatoryRecord.declaration_id == declaration.id)
    key = (SignatoryRecord, declaration.id)
    return read_once(db, key, (SignatoryRecord,), lambda: db.scalars(mine.order_by(SignatoryRecord.id)).all())


def _plain_names(forum: Forum) -> sa.CompoundSelect[str, UUID, str, str]:
    """What is named in one language around a forum: of what kind it is, its id, its name and its salt."""
    members, no_salt = Mandate.forum_id == forum.id, sa.literal("")
    organisations, people = (sa.select(of).where(members) for of in (Mandate.organisation_id, Mandate.person_id))
    return sa.union_all(
        *(
            sa.select(sa.literal(kind), id_, name, salt).where(which)
            for kind, id_, name, salt, which in (
                ("organisation", Organisation.id, Organisation.name, no_salt, Organisation.id.in_(organisations)),
                ("person", Person.id, Person.name, Person.salt, Person.id.in_(people)),
                ("session", Session.id, Session.title, no_salt, Session.forum_id == forum.id),
                (
                    "source_document",
                    SourceDocument.id,
                    SourceDocument.name,
                    no_salt,
                    SourceDocument.forum_id == forum.id,
                ),
            )
        )
    )
