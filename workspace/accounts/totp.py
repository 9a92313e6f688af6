"""The arithmetic of a second factor: six digits from a shared secret and the time (RFC 6238), and recovery codes."""

import hashlib
import hmac
import secrets
from datetime import datetime

import pyotp

STEP = 30  # seconds
RECOVERY_CODES = 10
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's: no letter that looks like a digit
_LOOK_ALIKES = str.maketrans({"o": "0", "i": "1", "l": "1", "-": None, " ": None, "\u00a0": None})
_LENGTH, _GROUP = 16, 4  # 80 bits: their hash alone cannot be turned back


def new_secret() -> str:
    """160 bits in base32, as authenticator programs take them."""
    return pyotp.random_base32(32)


def is_secret(secret: str) -> bool:
    """Whether this has the shape of `new_secret`."""
    return len(secret) == 32 and set(secret) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")  # noqa: PLR2004


def address_for(secret: str, *, email: str, issuer: str) -> str:
    """The otpauth: address that a QR code carries."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=issuer)


def step_of(secret: str, code: str, *, at: datetime, after: int | None) -> int | None:
    """The time step that `code` belongs to: this one or a neighbour, and later than the last one used.

    None for a wrong code, and for one that has been used before.
    """
    given = "".join(code.split())
    now = int(at.timestamp()) // STEP
    generator = pyotp.HOTP(secret)
    matching = [step for step in (now - 1, now, now + 1) if _same(generator.at(step), given)]
    return next((step for step in reversed(matching) if after is None or step > after), None)


def new_recovery_codes() -> tuple[str, ...]:
    """Codes to print, in groups of four."""
    return tuple(_grouped("".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))) for _ in range(RECOVERY_CODES))


def recovery_hash(code: str) -> str:
    """What the database holds of a recovery code, however it was typed."""
    plain = code.casefold().translate(_LOOK_ALIKES)
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()


def _grouped(code: str) -> str:
    return "-".join(code[at : at + _GROUP] for at in range(0, len(code), _GROUP))


def _same(right: str, given: str) -> bool:
    return hmac.compare_digest(right.encode(), given.encode("utf-8", "surrogatepass"))
