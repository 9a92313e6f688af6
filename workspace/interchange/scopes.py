"""The tables of interchange that belong to a forum."""

from workspace.core.forum_scope import scope
from workspace.interchange.models import (
    DocumentIn,
    DocumentInAmendment,
    MailIn,
    MailInAmendment,
    MailInDocument,
)

SCOPES = (
    scope(DocumentIn),
    scope(DocumentInAmendment, DocumentInAmendment.amendment_id),
    scope(MailIn),
    scope(MailInAmendment, MailInAmendment.amendment_id),
    scope(MailInDocument, MailInDocument.mail_id),
)
