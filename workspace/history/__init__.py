"""The log as one Merkle tree: checkpoints, audits, backups, and the erasure of a person."""

from workspace.core.actor import Role
from workspace.core.security.conditions import Condition
from workspace.core.security.permissions import ADMIN, ALWAYS, AUDITOR, KNOWN, OWN, STAFF, TWO, grants, permission_row
from workspace.web.i18n.marking import N_
from workspace.web.refusals.slice_registry import RefusalExplanation, SliceRegistry, Wording

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
            grants(ALWAYS, *KNOWN, when=OWN), grants(ALWAYS, ADMIN, when=TWO)
        ),
        "backup_restore": permission_row(grants(ALWAYS, ADMIN, when=(Condition.CLI,))),
    },
    explanations={
        "workspace.no_key": RefusalExplanation(
            N_("No signing key"),
            (N_("The folder %(folder)s lacks the key in force."), N_("No signing key is available.")),
            N_("Nothing was signed or changed."),
            N_("Run “workspace keys create”, or restore the folder of WORKSPACE_KEYS."),
        ),
        "workspace.history_altered": RefusalExplanation(
            N_("The log was altered"),
            (
                N_("The log no longer matches its checkpoint of %(size)s entries."),
                N_("The log no longer matches its last checkpoint."),
            ),
            N_("Nothing was signed."),
            N_("Run “workspace audit verify” with a checkpoint from outside."),
        ),
    },
    reasons={
        ("workspace.invalid", "two_key_holders"): N_("The signing key needs two administrators: --as and --second."),
        ("workspace.no_key", "not_there"): N_("The folder %(folder)s lacks the key in force."),
        ("workspace.no_key", "none"): N_("No signing key has been created in %(folder)s yet."),
        ("workspace.invalid", "key_in_force"): N_("The key %(given)s is in force: replace it with “rotate”."),
        ("workspace.invalid", "key_revoked"): N_("The key %(given)s is already revoked."),
        ("workspace.invalid", "no_such_size"): N_("The log has no entry %(given)s there."),
        ("workspace.invalid", "not_empty"): N_("The database is not empty: “%(given)s” has rows."),
        ("workspace.invalid", "erasure_waits"): N_("This person is already erased, or a request is open."),
        ("workspace.invalid", "nothing_waits"): N_("No request is open."),
        ("workspace.bad_file", "there_already"): N_("“%(source)s” exists already and was left unchanged."),
        ("workspace.bad_file", "not_a_backup"): N_("“%(source)s” is not a backup of this program."),
        ("workspace.bad_file", "newer_program"): N_("“%(source)s” comes from a newer version of this program."),
        ("workspace.bad_file", "not_restored"): N_("The database rejected “%(source)s”; nothing was kept."),
    },
    log_kinds={
        "erasure.cancelled": N_("Erasure withdrawn"),
        "erasure.declined": N_("Erasure declined"),
        "erasure.requested": N_("Erasure requested"),
        "key.created": N_("Signing key %(key)s created"),
        "key.retired": N_("Signing key %(key)s retired"),
        "key.revoked": N_("Signing key %(key)s revoked"),
        "person.erased": N_("Person erased"),
        "rows.kept": N_("Rows of the last act"),
    },
    letters={
        "checkpoint": Wording(
            name=N_("Checkpoint of the log"),
            subject=N_("Checkpoint of the log at %(tree_size)s entries"),
            before=(
                (N_("Signed checkpoint of the log: %(tree_size)s entries."),),
                (N_("Root hash: %(root)s"),),
                (N_("Keep this e-mail: it shows later whether the log was rewritten."),),
                (N_("The attached checkpoint is for “workspace audit verify --checkpoint FILE”."),),
            ),
            file="note",
            choice="checkpoints",
        )
    },
)
