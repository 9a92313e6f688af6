"""Taking a request back or declining it, as pages and the API say it; the form is `macros/requests.html`."""

from collections.abc import Mapping
from typing import Annotated

from msgspec import Meta, Struct

from workspace.core.errors import Invalid
from workspace.core.reasons import LONGEST_REASON
from workspace.web.i18n import N_
from workspace.web.pages import field_errors
from workspace.web.services import Work

DROPPED = N_("The request is taken back.")
DECLINED = N_("The request is declined, nothing was changed, and whoever asked is told.")


class RefusalForm(Struct, frozen=True):
    """Why a request is declined; nothing where it is taken back."""

    reason: str = ""


class RefusalIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a request is declined: whoever asked for it is told."""

    reason: Annotated[str, Meta(max_length=LONGEST_REASON)]


class Refusing(Struct, frozen=True):
    """A request that somebody was declining, and why, where that was refused."""

    key: str
    reason: str


def said(*, is_declined: bool) -> str:
    """The message that tells what was done with a request."""
    return DECLINED if is_declined else DROPPED


def why_errors(work: Work, refusal: Invalid, key: str) -> Mapping[str, str]:
    """What to say beside the reason in the form that declines the request `key`."""
    return {f"why-{key}" if name == "reason" else name: words for name, words in field_errors(work, refusal).items()}
