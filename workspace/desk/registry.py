"""What desk adds to the application: letters."""

from workspace.web.i18n.marking import N_
from workspace.web.refusals.letter_wording import Wording
from workspace.web.refusals.slice_registry import SliceRegistry

REGISTRY = SliceRegistry(
    letters={
        "contribution": Wording(
            name=N_("My contributions"),
            subject=N_("%(declaration)s: what became of what you said"),
            before=(
                (
                    N_(
                        "“%(declaration)s” (%(forum)s) is published. A page shows each recommendation of yours, in its "
                        "own words, and the paragraphs it became, or why it did not."
                    ),
                ),
            ),
            action=N_("See what became of it"),
            after=((N_("The page can be passed on: whoever has its address can read it."),),),
            is_announcement=True,
        ),
    },
)
