"""E-mail addresses as they are kept and compared."""

import re
import unicodedata

from workspace.core.errors import Invalid

LONGEST = 254
_SHAPE = re.compile(r"[^@\s\"(),:;<>\[\\\]]+@[^@\s\"(),:;<>\[\\\]]+")


def folded(email: str) -> str:
    """The address as it is compared: without spaces around it, in small letters."""
    return unicodedata.normalize("NFC", email.strip()).casefold()


def checked(email: str) -> str:
    """The address as it is kept; raises `Invalid` for what no letter could reach."""
    address = folded(email)
    local, _, domain = address.partition("@")
    is_address = _SHAPE.fullmatch(address) and address.isprintable() and len(address) <= LONGEST
    if not is_address or local.startswith(".") or ".." in address or not all(domain.split(".")):
        raise Invalid(field="email", reason="bad_email")
    return address
