"""What a replay found, as sentences: a table of stable words and messages."""

from collections.abc import Mapping

from workspace.editions.verification.replay import ReplayProblemKind
from workspace.web.i18n.marking import N_

REPLAY_SENTENCES: Mapping[ReplayProblemKind, str] = {
    ReplayProblemKind.BROKEN_STEP: N_("Entry %(entry)s replaces a text that was not in force: %(place)s."),
    ReplayProblemKind.WORDS_MISSING: N_(
        "Entry %(entry)s put words in force that the database does not have: %(place)s."
    ),
    ReplayProblemKind.WORDS_ALTERED: N_("The words that entry %(entry)s put in force were altered: %(place)s."),
    ReplayProblemKind.NO_DECISION: N_(
        "Revision %(number)s (entry %(entry)s) rests on a decision that the log does not tell of."
    ),
    ReplayProblemKind.REVISION_DIFFERS: N_("Revision %(number)s is not what entry %(entry)s says: %(place)s."),
    ReplayProblemKind.REVISION_UNKNOWN: N_(
        "Revision %(number)s is in the database, and no entry of the log tells of it."
    ),
    ReplayProblemKind.HEAD_DIFFERS: N_("Another text is in force than the log says: %(place)s."),
    ReplayProblemKind.VERSION_UNKNOWN: N_(
        "The database has words that no entry of the log ever put in force: %(place)s."
    ),
    ReplayProblemKind.EDITION_DIFFERS: N_("Edition %(number)s (entry %(entry)s) is not the text that the log gives."),
}
REPLAY_VERDICTS: Mapping[int, str] = {
    0: N_("Good: every word in force, and of every edition, follows from the log."),
    1: N_("Not every word follows from the log."),
}
