"""Names around a text that deceive whoever reads them: of its forum, of people, organisations, sessions and files."""

import hashlib
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct

from drafts.checks.characters import deceiving_signs
from workspace.core.storage.db import Db, Trilingual
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
    forum, found = declaration.forum_id, list[DeceivingName]()
    members, no_salt = Mandate.forum_id == forum, sa.literal("")
    own_signatories = SignatoryRecord.declaration_id == declaration.id
    organisations = sa.select(Mandate.organisation_id).where(members)
    for kind, id_, name, salt, which in (
        ("forum", Forum.id, Forum.name, no_salt, Forum.id == forum),
        ("forum", Forum.id, Forum.place, no_salt, Forum.id == forum),
        ("declaration", Declaration.id, Declaration.name, no_salt, Declaration.id == declaration.id),
        ("organisation", Organisation.id, Organisation.name, no_salt, Organisation.id.in_(organisations)),
        ("person", Person.id, Person.name, Person.salt, Person.id.in_(sa.select(Mandate.person_id).where(members))),
        ("signatory", SignatoryRecord.id, SignatoryRecord.organisation, no_salt, own_signatories),
        ("signatory", SignatoryRecord.id, SignatoryRecord.person, no_salt, own_signatories),
        ("session", Session.id, Session.title, no_salt, Session.forum_id == forum),
        ("source_document", SourceDocument.id, SourceDocument.name, no_salt, SourceDocument.forum_id == forum),
    ):
        for owner, said, salted in db.execute(sa.select(id_, name, salt).where(which).order_by(id_)):
            names = list(dict.fromkeys(said.to_dict().values())) if isinstance(said, Trilingual) else [str(said)]
            if any(deceiving_signs(each) for each in names):
                words = " / ".join(filter(None, names))
                found.append(DeceivingName(kind, owner, words, hashlib.sha256(f"{salted}{words}".encode()).hexdigest()))
    return found
