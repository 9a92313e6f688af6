"""What history adds to the application: permissions, refusals and their reasons, kinds of log entries, letters."""

from workspace.core.actor import Role
from workspace.core.security.conditions import Condition
from workspace.core.security.permissions import ADMIN, ALWAYS, AUDITOR, KNOWN, OWN, STAFF, TWO, grants, permission_row
from workspace.web.i18n.marking import N_
from workspace.web.refusals.explanations import RefusalExplanation
from workspace.web.refusals.letter_wording import Wording
from workspace.web.refusals.slice_registry import SliceRegistry

REGISTRY = SliceRegistry(
    grants={
        "log.read": permission_row(
            grants(ALWAYS, *KNOWN, when=OWN),
            grants(ALWAYS, *STAFF, when=(Condition.OF_DECLARATION,)),
            grants(ALWAYS, AUDITOR, ADMIN, when=(Condition.NO_TEXT,)),
        ),
        "checkpoint.read": permission_row(grants(ALWAYS, *Role)),
        "signing_key.manage": permission_row(grants(ALWAYS, ADMIN, when=(*TWO, Condition.CLI))),
        "personal_data.erase_request": permission_row(
            grants(ALWAYS, *KNOWN, when=OWN),
            grants(ALWAYS, ADMIN, when=TWO),
        ),
        "backup_restore": permission_row(grants(ALWAYS, ADMIN, when=(Condition.CLI,))),
    },
    explanations={
        "workspace.no_key": RefusalExplanation(
            N_("There is no key to sign with"),
            (N_("The folder %(folder)s does not hold the key that is in force."), N_("No signing key is at hand.")),
            N_("Nothing was signed, and nothing was changed."),
            N_("Make the first key with “workspace keys create”, or bring back the folder that WORKSPACE_KEYS names."),
        ),
        "workspace.history_altered": RefusalExplanation(
            N_("The log was altered"),
            (
                N_("The log no longer begins as its checkpoint of %(size)s entries says."),
                N_("The log no longer begins as its last checkpoint says."),
            ),
            N_("Nothing was signed."),
            N_("Run “workspace audit verify” with a checkpoint from outside this machine: it names what was changed."),
        ),
    },
    reasons={
        ("workspace.invalid", "two_key_holders"): N_(
            "Two administrators answer for the signing key: one asks (--as), another one confirms (--second)."
        ),
        ("workspace.no_key", "not_there"): N_("The folder %(folder)s does not hold the key that is in force."),
        ("workspace.no_key", "none"): N_("No signing key has been made yet; the folder for it is %(folder)s."),
        ("workspace.invalid", "key_in_force"): N_(
            "The key %(given)s is in force: put another in its place by rotating."
        ),
        ("workspace.invalid", "key_revoked"): N_("The key %(given)s has been revoked already."),
        ("workspace.invalid", "no_such_size"): N_("The log has no entry with the number %(given)s there."),
        ("workspace.invalid", "not_empty"): N_("The database is not empty: there are rows in “%(given)s”."),
        ("workspace.invalid", "erasure_waits"): N_("This person has been erased already, or a request for it waits."),
        ("workspace.invalid", "nothing_waits"): N_("There is no request that waits."),
        ("workspace.bad_file", "there_already"): N_("“%(source)s” is there already, and is left as it is."),
        ("workspace.bad_file", "not_a_backup"): N_("“%(source)s” is not a backup of this program."),
        ("workspace.bad_file", "newer_program"): N_("“%(source)s” was made by a newer version of this program."),
        ("workspace.bad_file", "not_restored"): N_(
            "The database did not take what is in “%(source)s”, and nothing of it was kept."
        ),
    },
    log_kinds={
        "erasure.cancelled": N_("Took back the request to erase a person"),
        "erasure.declined": N_("Declined the request that a person be erased"),
        "erasure.requested": N_("Asked that a person be erased"),
        "key.created": N_("Made the signing key %(key)s"),
        "key.retired": N_("Retired the signing key %(key)s"),
        "key.revoked": N_("Revoked the signing key %(key)s"),
        "person.erased": N_("Erased a person"),
        "rows.kept": N_("The program kept what belongs to the work just done"),
    },
    letters={
        "checkpoint": Wording(
            name=N_("Checkpoint of the log"),
            subject=N_("Checkpoint of the log at %(tree_size)s entries"),
            before=(
                (N_("This is a signed checkpoint of the workspace’s log: it has %(tree_size)s entries."),),
                (N_("Root hash: %(root)s"),),
                (N_("Please keep this letter: with it, anyone can find out later whether the log was rewritten."),),
                (N_("The checkpoint is attached as a file, which “workspace audit verify --checkpoint FILE” reads."),),
            ),
            file="note",
            choice="checkpoints",
        ),
    },
)
