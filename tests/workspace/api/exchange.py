"""What comes in from elsewhere: mails, sheets, files of Word."""

from tests.workspace.api.knocking import Knock, Place
from workspace.core.actor import Role
from workspace.core.storage.db import new_id


def receiving(place: Place) -> list[Knock]:
    """Papers that were written without the workspace."""
    nowhere = str(new_id())
    return [
        Knock(Role.SECRETARIAT, "receive_mail", f"{place.table.path}/mails", {"words": "Paragraph 1: delete."}),
        Knock(Role.SECRETARIAT, "receive_filled_sheet", f"{place.table.path}/sheets/filled", {"file": "x"}),
        Knock(
            Role.SECRETARIAT,
            "settle_mail",
            f"{place.table.path}/mails/{nowhere}/settlement",
            {"drafts": [{"place": 0, "person": nowhere}]},
        ),
        Knock(Role.SECRETARIAT, "read_mail_in", f"{place.table.path}/mails/{nowhere}/language", {"language": "fr"}),
        Knock(
            Role.SECRETARIAT,
            "read_returned_word_in",
            f"{place.table.path}/word/returned/{nowhere}/language",
            {"language": "fr"},
        ),
        Knock(
            Role.TRANSLATOR,
            "take_bilingual_word_in",
            f"{place.table.path}/word/translations",
            {"file": "x"},
        ),
        Knock(Role.SECRETARIAT, "receive_returned_word", f"{place.table.path}/word/returned", {"file": "x"}),
        Knock(
            Role.SECRETARIAT,
            "settle_returned_word",
            f"{place.table.path}/word/returned/{nowhere}/settlement",
            {"proposals": [{"place": 0, "person": nowhere, "reason": "So."}], "comments": []},
        ),
    ]
