"""What people follow, and what they are told inside the product."""

from workspace.web.i18n.marking import N_
from workspace.web.refusals.slice_registry import REASON_GIVEN, SliceRegistry, Wording

REGISTRY = SliceRegistry(
    letters={
        "told": Wording(
            name=N_("Notification"),
            subject="%(first)s",
            before=((N_("News from “%(forum)s”."),),),
            action=N_("See notifications"),
            is_announcement=True,
        ),
        "guest_told": Wording(
            name=N_("Outcome"),
            subject="%(first)s",
            before=(("%(forum)s",), ("%(text)s",), REASON_GIVEN),
            action=N_("My contributions"),
        ),
        "digest": Wording(
            name=N_("Daily digest"),
            subject=N_("News of the day: %(forum)s"),
            before=((N_("Since yesterday in “%(forum)s”, unread by you."),),),
            action=N_("See notifications"),
            is_announcement=True,
        ),
    }
)
