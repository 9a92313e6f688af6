"""What a replay found, as sentences: a table of stable words and messages."""

from collections.abc import Mapping

from workspace.editions.replay import What
from workspace.web.i18n import N_

SENTENCES: Mapping[What, str] = {
    What.BROKEN_STEP: N_("Entry %(entry)s replaces a text that was not in force: %(place)s."),
    What.WORDS_MISSING: N_("Entry %(entry)s put words in force that the database does not have: %(place)s."),
    What.WORDS_ALTERED: N_("The words that entry %(entry)s put in force were altered: %(place)s."),
    What.NO_DECISION: N_("Revision %(number)s (entry %(entry)s) rests on a decision that the log does not tell of."),
    What.REVISION_DIFFERS: N_("Revision %(number)s is not what entry %(entry)s says: %(place)s."),
    What.REVISION_UNKNOWN: N_("Revision %(number)s is in the database, and no entry of the log tells of it."),
    What.HEAD_DIFFERS: N_("Another text is in force than the log says: %(place)s."),
    What.VERSION_UNKNOWN: N_("The database has words that no entry of the log ever put in force: %(place)s."),
    What.EDITION_DIFFERS: N_("Edition %(number)s (entry %(entry)s) is not the text that the log gives."),
}
VERDICTS: Mapping[int, str] = {
    0: N_("Good: every word in force, and of every edition, follows from the log."),
    1: N_("Not every word follows from the log."),
}
