"""What an examination of a bundle can find, what somebody has from elsewhere to trust, and what it comes to."""

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum

from msgspec import Struct, field

from drafts.base.transparency_log import PublicKey, SignedNote
from drafts.text.blocks import Language


class BundleProblem(StrEnum):
    """The ways in which a bundle can fail to agree with itself, or with what was kept outside it."""

    FILE_MISSING = "file_missing"
    FILE_ALTERED = "file_altered"  # not the hash that the manifest has
    FILE_UNREADABLE = "file_unreadable"
    FILE_UNKNOWN = "file_unknown"  # the manifest knows of no such file
    TEXT_ALTERED = "text_altered"  # a paragraph in one language
    TEXT_DIFFERS = "text_differs"  # one form of the text says it otherwise than declaration.json
    TEXT_NOT_DECIDED = "text_not_decided"  # the log put another wording in force
    PARAGRAPH_DIFFERS = "paragraph_differs"  # it is missing, added, moved, or of another kind or number
    FINGERPRINT_DIFFERS = "fingerprint_differs"
    NOT_PUBLISHED = "not_published"  # the log names another manifest
    LINEAGE_DIFFERS = "lineage_differs"  # the log says that it corrects another edition, or none
    RECORD_DIFFERS = "record_differs"  # a decision or recommendation is not as it was when the edition came out
    ENTRY_ALTERED = "entry_altered"
    CHECKPOINT_DIFFERS = "checkpoint_differs"  # the one from outside says something else of the log
    OTHER_LOG = "other_log"


class SignatureProblem(StrEnum):
    """Why a signature does not count."""

    UNKNOWN = "unknown_key"
    REVOKED = "revoked_key"
    WRONG = "wrong_signature"


class Voucher(StrEnum):
    """What proves that the bundle is the one that was published."""

    SIGNATURE = "signature"  # of the manifest, by a trusted key
    CHECKPOINT = "checkpoint"  # signed by a trusted key
    OUTSIDE = "outside_checkpoint"


class BundleFinding(Struct, frozen=True):
    """One thing that is not as it should be; a field that does not apply is empty."""

    what: BundleProblem
    file: str = ""
    paragraph: str = ""  # its number, or its first words
    language: str = ""
    entry: int = 0


class RejectedSignature(Struct, frozen=True):
    """A signature that does not count: why, in which file, by which key."""

    why: SignatureProblem
    file: str
    key: str = ""


class GrowthProof(Struct, frozen=True):
    """The proof that the log of `size` entries begins with that of `since`, as the workspace gives it."""

    since: int
    size: int
    path: Sequence[bytes]


class TrustAnchors(Struct, frozen=True):
    """What the reader has from elsewhere: public keys, those of them that were revoked, checkpoints."""

    keys: Sequence[PublicKey] = ()
    revoked: Collection[PublicKey] = ()
    outside: Sequence[SignedNote] = ()
    growth: Sequence[GrowthProof] = ()


class VerificationReport(Struct):
    """What came of it. `manifest` is the hash of the manifest, `key` the key that is said to have signed it.

    `declaration` and `forum` are the names that the bundle itself gives, `texts` how many texts it holds.
    """

    findings: list[BundleFinding] = field(default_factory=list)
    troubles: list[RejectedSignature] = field(default_factory=list)
    vouchers: list[Voucher] = field(default_factory=list)
    edition: int = 0
    declaration: Mapping[Language, str] = {}
    forum: Mapping[Language, str] = {}
    texts: int = 0
    corrects: int = 0  # the edition in which this one puts slips right
    corrected: str = ""  # the hash of that one's manifest
    manifest: str = ""
    fingerprint: str = ""
    key: str = ""
    log_size: int = 0
    is_signed: bool = False

    @property
    def exit_code(self) -> int:
        """0 good; 1 altered; 2 a signature does not count; 3 not provable: nothing from elsewhere vouches for it."""
        if self.findings:
            return 1
        if self.troubles:
            return 2
        return 0 if self.vouchers else 3
