"""What the scripts of the form say while a change is written, as JSON for them to read."""

import msgspec

from drafts.blocks import Language
from drafts.numbering import printed
from workspace.amendments.passages import Passages
from workspace.web import i18n
from workspace.web.i18n import N_
from workspace.web.services import Work

INSERTED = (N_("inserted:"), N_("end of insertion"))
DELETED = (N_("deleted:"), N_("end of deletion"))
COUNTED = N_("{i} words inserted, {d} deleted")


def around_changes(language: Language, work: Work) -> str:
    """What the script says: around a change in the language of the text, the count in the reader's."""
    text = i18n.messages(language)
    told = {
        "ins": [text.gettext(words) for words in INSERTED],
        "del": [text.gettext(words) for words in DELETED],
        "sum": work.messages.gettext(COUNTED),
    }
    return msgspec.json.encode(told).decode()


def of_editor(passages: Passages, work: Work) -> str:
    """What the editor says, and the numbers by which it shows references to other paragraphs."""
    say = work.messages.gettext
    told = {
        "numbers": {block: printed(number, work.messages.language) for block, number in passages.numbers.items()},
        "bold": say(N_("Bold")),
        "italic": say(N_("Italic")),
        "link": say(N_("Link")),
        "unlink": say(N_("Remove the link")),
        "address": say(N_("Address of the link")),
        "break": say(N_("Line break")),
        "undo": say(N_("Undo")),
        "redo": say(N_("Redo")),
        "tools": say(N_("Form of the words")),
        "plain": say(N_("Write in plain characters")),
        "rich": say(N_("Write with the editor")),
        "keeping": say(N_("Keeping…")),
        "away": say(N_("The server cannot be reached. What you write is kept in this browser until it can.")),
        "refused": say(N_("The server does not take this draft now. What you write is kept in this browser.")),
        "found": say(N_("This browser has words of yours that could not be kept on the server.")),
        "put_back": say(N_("Put them back")),
        "forget": say(N_("Forget them")),
    }
    return msgspec.json.encode(told).decode()
