"""Random tokens, one-time codes (RFC 6238) and recovery codes, and the hashes that the database keeps of them."""

import base64
import hashlib
import hmac
import secrets
import zlib
from datetime import datetime

import pyotp

PROGRAM = "dw_"
_BYTES = 32
_SHOWN = 6  # characters of a program's token that its owner sees in the list, after "dw_"
_CHECKSUM = 6


def new_token() -> str:
    """A token that can stand in an address."""
    return secrets.token_urlsafe(_BYTES)


def hash_token(token: str) -> str:
    """What the database holds in place of `token`."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def new_program_token() -> str:
    random = base64.b32encode(secrets.token_bytes(_BYTES)).decode().rstrip("=").lower()
    return PROGRAM + random + _checksum(random)


def is_program_token(token: str) -> bool:
    """Whether this was ever a token of a program here: begins right, and its checksum is right."""
    random = token[len(PROGRAM) : -_CHECKSUM]
    return token.startswith(PROGRAM) and token.isascii() and token[-_CHECKSUM:] == _checksum(random)


def token_prefix(token: str) -> str:
    """The beginning of a program's token, by which its owner knows it again."""
    return token[: len(PROGRAM) + _SHOWN]


def _checksum(random: str) -> str:
    return base64.b32encode(zlib.crc32(random.encode()).to_bytes(4)).decode()[:_CHECKSUM].lower()


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


def authenticator_uri(secret: str, *, email: str, issuer: str) -> str:
    """The otpauth: address that a QR code carries."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=issuer)


def matching_step(secret: str, code: str, *, at: datetime, after: int | None) -> int | None:
    """The time step that `code` belongs to: this one or a neighbour, and later than the last one used.

    None for a wrong code, and for one that has been used before.
    """
    given = "".join(code.split()).encode("utf-8", "surrogatepass")
    now = int(at.timestamp()) // STEP
    generator = pyotp.HOTP(secret)
    matching = [step for step in (now - 1, now, now + 1) if hmac.compare_digest(generator.at(step).encode(), given)]
    return next((step for step in reversed(matching) if after is None or step > after), None)


def new_recovery_codes() -> tuple[str, ...]:
    """Codes to print, in groups of four."""
    codes = ("".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH)) for _ in range(RECOVERY_CODES))
    return tuple("-".join(code[at : at + _GROUP] for at in range(0, len(code), _GROUP)) for code in codes)


def recovery_hash(code: str) -> str:
    """What the database holds of a recovery code, however it was typed."""
    plain = code.casefold().translate(_LOOK_ALIKES)
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()
