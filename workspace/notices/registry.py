"""What notices adds to the application: letters."""

from workspace.web.i18n.marking import N_
from workspace.web.refusals.letter_wording import REASON_GIVEN, Wording
from workspace.web.refusals.slice_registry import SliceRegistry

REGISTRY = SliceRegistry(
    letters={
        "told": Wording(
            name=N_("Notice"),
            subject="%(first)s",
            before=((N_("News from “%(forum)s” that you wanted to be told of at once."),),),
            action=N_("See all notices"),
            is_announcement=True,
        ),
        "guest_told": Wording(
            name=N_("What became of it"),
            subject="%(first)s",
            before=(("%(forum)s",), REASON_GIVEN),
            action=N_("Go to the forum"),
        ),
        "digest": Wording(
            name=N_("Daily digest"),
            subject=N_("What happened: %(forum)s"),
            before=((N_("This happened in “%(forum)s” since yesterday, and you have not read it yet."),),),
            action=N_("See all notices"),
            is_announcement=True,
        ),
    },
)
