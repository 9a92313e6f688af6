"""Desk: pages that show several slices at once. No tables and no rules."""

from workspace.web.i18n.marking import N_
from workspace.web.refusals.slice_registry import SliceRegistry, Wording

REGISTRY = SliceRegistry(
    letters={
        "contribution": Wording(
            name=N_("Outcome of your contributions"),
            subject=N_("%(declaration)s: outcome of your contributions"),
            before=(
                (N_("“%(declaration)s” (%(forum)s) is published. See the outcome of each of your recommendations."),),
            ),
            action=N_("See outcome"),
            after=((N_("Anyone with its address can read this page."),),),
            is_announcement=True,
        )
    }
)
