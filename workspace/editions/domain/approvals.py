"""What takes two people about an edition."""

from workspace.approvals.models import Matter
from workspace.approvals.service import LogKinds
from workspace.declarations.domain.approvals import DeclarationRule

PUBLICATION = DeclarationRule(
    matter=Matter.PUBLICATION,
    kinds=LogKinds("publication.requested", "publication.dropped", "publication.declined"),
    what="publication_request",
    action="edition.publish",
    confirming="edition.publish",
    is_about_text=True,
)
RELEASE = DeclarationRule(
    matter=Matter.RELEASE,
    kinds=LogKinds("edition.release_asked", "edition.release_dropped", "edition.release_declined"),
    action="embargo.change",
)
CORRIGENDUM = DeclarationRule(
    matter=Matter.CORRIGENDUM,
    kinds=LogKinds("corrigendum.asked", "corrigendum.withdrawn", "corrigendum.declined"),
    action="edition.corrigendum",
    confirming="edition.corrigendum",
)
