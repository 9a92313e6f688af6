"""Taking a request back or declining it, as pages and the API say it; the form is `macros/requests.html`."""

from collections.abc import Mapping
from typing import Annotated

from msgspec import Meta, Struct

from workspace.core.errors import Invalid
from workspace.core.validation import LONGEST_REASON
from workspace.web.http.request_context import Work
from workspace.web.i18n.marking import N_
from workspace.web.pages import field_errors

REQUEST_WITHDRAWN = N_("Request withdrawn.")
REQUEST_DECLINED = N_("Request declined; its author is notified.")


class RefusalForm(Struct, frozen=True):
    """Why a request is declined; nothing where it is taken back."""

    reason: str = ""


class RefusalIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a request is declined: whoever asked for it is told."""

    reason: Annotated[str, Meta(max_length=LONGEST_REASON)]


class DecliningForm(Struct, frozen=True):
    """A request that somebody was declining, and why, where that was refused."""

    key: str
    reason: str


def decline_message(*, is_declined: bool) -> str:
    """The message that tells what was done with a request."""
    return REQUEST_DECLINED if is_declined else REQUEST_WITHDRAWN


def reason_errors(work: Work, refusal: Invalid, key: str) -> Mapping[str, str]:
    """What to say beside the reason in the form that declines the request `key`."""
    return {f"why-{key}" if name == "reason" else name: words for name, words in field_errors(work, refusal).items()}
