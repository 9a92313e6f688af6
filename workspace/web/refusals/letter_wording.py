"""The words of one kind of letter, as messages for translators.

The facts of a letter stand in its sentences by name. Of several wordings of one
paragraph the first is taken whose facts the letter has; without any, the
paragraph is left out.
"""

from typing import TypeAlias

from msgspec import Struct

from workspace.web.i18n.marking import N_

Said: TypeAlias = tuple[str, ...]  # wordings of one paragraph, the fullest first


class Wording(Struct, frozen=True, kw_only=True):
    """The words of one kind of letter, `name`. `action` names the link to the page in the fact `path`.

    `file` names a fact that goes along as a text file, word for word; `whole` one that stands in the letter whole, line
    by line, where other facts are short and on one line. An urgent letter is waited for by somebody
    and overtakes the others. `choice` is the kind that its receiver can end, where the fact `choice` does not say it.
    """

    name: str
    subject: str
    before: tuple[Said, ...]
    action: str = ""
    after: tuple[Said, ...] = ()
    file: str = ""
    whole: str = ""
    is_urgent: bool = False
    is_announcement: bool = False
    choice: str = ""


ONCE: Said = (N_("The link works once, until %(expires)s."), N_("The link works once."))
NOT_YOU: Said = (N_("If it was not you, ignore this e-mail. Do not forward it."),)
UNTIL: Said = (N_("Open until %(until)s."),)
REASON_GIVEN: Said = (N_("Reason: %(reason)s"),)
