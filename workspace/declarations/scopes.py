"""The tables of declarations that belong to a forum."""

from workspace.core.forum_scope import scope
from workspace.declarations.models import (
    Absence,
    BlockRecord,
    Deadline,
    Declaration,
    Edge,
    Head,
    Lineage,
    Provenance,
    Revision,
    RevisionBlock,
    TextVersion,
)
from workspace.declarations.paragraph_models import ParagraphState

SCOPES = (
    scope(Declaration, Declaration.forum_id),
    scope(BlockRecord),
    scope(Revision, order=(Revision.declaration_id, Revision.number)),
    scope(TextVersion, order=(TextVersion.declaration_id, TextVersion.sequence)),
    scope(RevisionBlock, RevisionBlock.revision_id, order=(RevisionBlock.revision_id, RevisionBlock.position)),
    scope(Head, Head.block_id),
    scope(Edge),
    scope(Lineage),
    scope(Absence),
    scope(Provenance),
    scope(ParagraphState, order=(ParagraphState.declaration_id, ParagraphState.number)),
    scope(Deadline),
)
