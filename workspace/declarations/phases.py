"""What the phases of a declaration are called, and what each means for its readers."""

from collections.abc import Mapping

from msgspec import Struct

from workspace.core.permissions import Phase
from workspace.web.i18n import N_

NAMES: Mapping[Phase, str] = {
    Phase.SETUP: N_("Setup"),
    Phase.DRAFTING: N_("Drafting"),
    Phase.REVIEW: N_("Review"),
    Phase.CONSULTATION: N_("Consultation"),
    Phase.ADOPTION: N_("Adoption"),
    Phase.PUBLISHED: N_("Publication"),
    Phase.ARCHIVED: N_("Archive"),
}
WINDOW = N_("Window for amendments")
STATES: Mapping[Phase, str] = {
    Phase.SETUP: N_("The declaration is being set up"),
    Phase.DRAFTING: N_("The committee is drafting the text"),
    Phase.REVIEW: N_("The text is under review by the members"),
    Phase.CONSULTATION: N_("The text is open for consultation"),
    Phase.ADOPTION: N_("The text is before the plenary for adoption"),
    Phase.PUBLISHED: N_("The declaration is published"),
    Phase.ARCHIVED: N_("The declaration is in the archive"),
}
MEANINGS: Mapping[Phase, str] = {
    Phase.SETUP: N_("The chair and the secretariat prepare the first text. Nobody else sees it yet."),
    Phase.DRAFTING: N_("The committee writes, the translators follow. Members read the text once review begins."),
    Phase.REVIEW: N_("Members read the text, comment on it and file amendments; the chair rules on them."),
    Phase.CONSULTATION: N_("Everybody can read the text. Members may still file amendments."),
    Phase.ADOPTION: N_("No new amendments are taken. The chair rules on what is left, and the text is adopted."),
    Phase.PUBLISHED: N_("The text can no longer change. Its edition can be read, downloaded and verified by anyone."),
    Phase.ARCHIVED: N_("The text and its whole history are kept as they were."),
}


class Step(Struct, frozen=True):
    """One phase on the way of a declaration."""

    name: str
    is_done: bool
    is_current: bool


def steps(now: Phase) -> list[Step]:
    """The phases in order, those behind `now` done."""
    order = list(Phase)
    return [Step(NAMES[one], order.index(one) < order.index(now), one is now) for one in order]
