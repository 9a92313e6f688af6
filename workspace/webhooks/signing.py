"""How a receiver knows that a message is ours: the signature of Standard Webhooks (v1, HMAC with SHA-256)."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping

PREFIX = "whsec_"
_BYTES = 32


def new_secret() -> str:
    """A secret that the two sides share."""
    return PREFIX + base64.b64encode(secrets.token_bytes(_BYTES)).decode()


def headers(secret: str, message_id: str, seconds: int, body: bytes) -> Mapping[str, str]:
    """What goes with a message: its id, which stays the same when it is sent again, the time, and the signature."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    mac = hmac.new(key, f"{message_id}.{seconds}.".encode() + body, hashlib.sha256).digest()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(seconds),
        "webhook-signature": f"v1,{base64.b64encode(mac).decode()}",
    }
