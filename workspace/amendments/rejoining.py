"""Two people change the text at the same time: the second one's words join the first one's where they can.

Where both have changed the same words nothing is joined, and a person sees both.
"""

from collections.abc import Sequence
from uuid import UUID

from drafts.amendments import Amendment, Change, amend
from drafts.blocks import Document, Language
from drafts.rebase import RebaseStatus, rebase
from workspace.amendments import proposals
from workspace.core.db import Db
from workspace.core.errors import Invalid, NotFound, Stale
from workspace.declarations import queries
from workspace.declarations.models import Declaration, Revision


def rejoined(
    db: Db, declaration: Declaration, changes: Sequence[Change], *, begun_on: UUID, head: Document, language: Language
) -> Amendment:
    """Changes that were begun on an earlier revision, as they stand to the text in force.

    Raises `Stale` where somebody has changed the same words meanwhile, and `Invalid` where they ask for the same.
    """
    revision = db.get(Revision, begun_on)
    if revision is None or revision.declaration_id != declaration.id:
        raise NotFound(what="revision", id=str(begun_on))
    base = queries.document(queries.pinned_rows(db, revision.id), language)
    found = rebase(base, head, amend(0, base, proposals.with_new_ids(changes)))
    if found.status is RebaseStatus.COLLIDES:
        raise Stale(expected=str(begun_on), head=str(declaration.head_id))
    if found.amendment is None:
        raise Invalid(field="changes", reason="nothing_changes")
    return found.amendment
