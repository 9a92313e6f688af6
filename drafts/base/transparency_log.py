"""Proof that a history was only ever added to: RFC 6962 trees, their proofs, and signed checkpoints.

Everything here works on plain bytes, so that whoever holds a checkpoint can check
offline what a server, or an edition, says of its log.

A checkpoint is a signed note: the origin (which log), the number of entries, the
root hash in base64, an empty line, and a line for each Ed25519 signature over the text
before that line. A signature line begins with the name of the key and the first four
bytes of the key's hash, so that one knows which key to ask.
"""

import base64
import binascii
import hashlib
from collections.abc import Callable, Sequence

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from msgspec import Struct

from drafts.base.errors import BadNote

EMPTY_ROOT = hashlib.sha256(b"").digest()
Subtree = Callable[[int, int], bytes]  # (first leaf, number of leaves: a power of two) -> hash
_ED25519 = b"\x01"
_PEM = bytes.fromhex("302a300506032b6570032100")  # before such a key in SubjectPublicKeyInfo (RFC 8410)
_HINT = 4  # bytes of a key's hash that a signature line begins with
_HASH, _PUBLIC, _SIGNATURE = 32, 32, 64  # bytes


def leaf_hash(entry: bytes) -> bytes:
    """RFC 6962, 2.1: the hash of a leaf is SHA-256 over a zero byte and the entry."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an interior node is SHA-256 over a one byte and both children."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def inclusion_root(leaves: Sequence[bytes]) -> Subtree:
    """The subtrees of a tree whose leaf hashes are all at hand."""

    def subtree(first: int, count: int) -> bytes:
        level = list(leaves[first : first + count])
        while len(level) > 1:
            level = [node_hash(level[i], level[i + 1]) for i in range(0, len(level), 2)]
        return level[0]

    return subtree


def root(size: int, subtree: Subtree) -> bytes:
    """The root of the first `size` leaves; O(log n) complete subtrees are asked for."""
    return _range(0, size, subtree) if size else EMPTY_ROOT


class GrowingTree:
    """A tree that is only added to, leaf by leaf: its root at any time, in O(log n) memory."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []  # roots of the complete subtrees, the largest first

    def add(self, leaf: bytes) -> list[bytes]:
        """Add a leaf; the roots of the subtrees that it completes, of one leaf, two leaves, four …"""
        completed, node, size = [leaf], leaf, self.size
        while size & 1:
            node = node_hash(self._peaks.pop(), node)
            completed.append(node)
            size >>= 1
        self._peaks.append(node)
        self.size += 1
        return completed

    @property
    def root(self) -> bytes:
        if not self._peaks:
            return EMPTY_ROOT
        found = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            found = node_hash(peak, found)
        return found


def inclusion_proof(index: int, size: int, subtree: Subtree) -> list[bytes]:
    """RFC 6962, 2.1.1: what, with the leaf at `index`, gives the root of the first `size` leaves."""
    if not 0 <= index < size:
        raise ValueError("the tree has no such leaf")
    first, count, path = 0, size, []
    while count > 1:
        half = _half(count)
        if index - first < half:
            path.append(_range(first + half, count - half, subtree))
            count = half
        else:
            path.append(_range(first, half, subtree))
            first, count = first + half, count - half
    return path[::-1]


def consistency_proof(before: int, size: int, subtree: Subtree) -> list[bytes]:
    """RFC 6962, 2.1.2: what shows that the tree of `size` begins with the tree of `before` leaves."""
    if not 0 < before <= size:
        raise ValueError("only a tree that has leaves can have grown")
    first, count, kept, path, is_whole = 0, size, before, list[bytes](), True
    while kept < count:
        half = _half(count)
        if kept <= half:
            path.append(_range(first + half, count - half, subtree))
            count = half
        else:
            path.append(_range(first, half, subtree))
            first, count, kept, is_whole = first + half, count - half, kept - half, False
    if not is_whole:
        path.append(_range(first, count, subtree))
    return path[::-1]


def is_included(leaf: bytes, index: int, *, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """RFC 9162, 2.1.3.2: whether the proof leads from the leaf to the root."""
    if not 0 <= index < size:
        return False
    node, last, found = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if node & 1 or node == last:
            found = node_hash(sibling, found)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and found == root


def is_consistent(before: int, size: int, *, path: Sequence[bytes], root_before: bytes, root: bytes) -> bool:
    """RFC 9162, 2.1.4.2: whether the proof shows the smaller tree to be the beginning of the larger one."""
    if before == size:
        return not path and root_before == root
    if not 0 < before < size or not path:
        return False
    rest = [root_before, *path] if before & (before - 1) == 0 else list(path)
    node, last = before - 1, size - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    old = new = rest[0]
    for sibling in rest[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and old == root_before and new == root


class Checkpoint(Struct, frozen=True):
    """What a log was at one time: which one, how long, and the root of its tree."""

    origin: str
    size: int
    root: bytes

    @property
    def body(self) -> str:
        """The text that is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


class PublicKey(Struct, frozen=True):
    """A named Ed25519 key that checkpoints can be verified with."""

    name: str
    raw: bytes

    @property
    def hint(self) -> bytes:
        return hashlib.sha256(self.name.encode() + b"\n" + _ED25519 + self.raw).digest()[:_HINT]

    @property
    def line(self) -> str:
        """The key as one line to hand on: name, hash, and the key itself."""
        return f"{self.name}+{self.hint.hex()}+{base64.b64encode(_ED25519 + self.raw).decode()}"

    @property
    def file(self) -> bytes:
        """The key as a bundle holds it: its line, to compare by eye, and PEM, which OpenSSL reads."""
        encoded = base64.b64encode(_PEM + self.raw).decode()
        return f"{self.line}\n-----BEGIN PUBLIC KEY-----\n{encoded}\n-----END PUBLIC KEY-----\n".encode()

    @classmethod
    def read(cls, line: str) -> "PublicKey":
        """Raises `BadNote` for a line that is not such a key."""
        name, _, rest = line.strip().partition("+")
        hint, _, encoded = rest.partition("+")
        decoded = _base64(encoded, "key")
        key = cls(name, decoded[1:])
        if decoded[:1] != _ED25519 or len(key.raw) != _PUBLIC or key.hint.hex() != hint:
            raise BadNote(part="key")
        return key

    def has_signed(self, text: str, signature: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, text.encode())
        except InvalidSignature:
            return False
        return True


class Signature(Struct, frozen=True):
    """One signature line: who is said to have signed, and the signature itself."""

    name: str
    hint: bytes
    signature: bytes


class SignedNote(Struct, frozen=True):
    """A checkpoint with its signatures."""

    checkpoint: Checkpoint
    signatures: tuple[Signature, ...]

    @property
    def text(self) -> str:
        lines = (
            f"— {signature.name} {base64.b64encode(signature.hint + signature.signature).decode()}\n"
            for signature in self.signatures
        )
        return f"{self.checkpoint.body}\n{''.join(lines)}"

    @classmethod
    def read(cls, text: str) -> "SignedNote":
        """Raises `BadNote`, naming the part that is not as it should be."""
        body, gap, signed = text.replace("\r\n", "\n").partition("\n\n")
        lines = body.split("\n")
        if not gap or len(lines) < 3 or not lines[0]:  # noqa: PLR2004  (origin, size, root)
            raise BadNote(part="checkpoint")
        if len(lines) > 3 or not (lines[1].isascii() and lines[1].isdecimal()) or str(int(lines[1])) != lines[1]:  # noqa: PLR2004
            raise BadNote(part="size")
        root_hash = _base64(lines[2], "root")
        if len(root_hash) != _HASH:
            raise BadNote(part="root")
        signatures = tuple(_signature(line) for line in signed.splitlines() if line)
        if not signatures:
            raise BadNote(part="signature")
        return cls(Checkpoint(lines[0], int(lines[1]), root_hash), signatures)

    def signed_by(self, keys: Sequence[PublicKey]) -> list[PublicKey]:
        """Those of `keys` whose valid signature the note carries."""
        return [
            key
            for key in keys
            for signature in self.signatures
            if (signature.name, signature.hint) == (key.name, key.hint)
            and key.has_signed(self.checkpoint.body, signature.signature)
        ]


def sign(checkpoint: Checkpoint, private: Ed25519PrivateKey, *, name: str) -> SignedNote:
    """The checkpoint as a note, signed by this key under this name."""
    public = PublicKey(name, private.public_key().public_bytes_raw())
    return SignedNote(checkpoint, (Signature(name, public.hint, private.sign(checkpoint.body.encode())),))


def _signature(line: str) -> Signature:
    dash, _, rest = line.partition(" ")
    name, _, encoded = rest.rpartition(" ")
    decoded = _base64(encoded, "signature")
    if dash != "—" or not name or len(decoded) != _HINT + _SIGNATURE:
        raise BadNote(part="signature")
    return Signature(name, decoded[:_HINT], decoded[_HINT:])


def _base64(text: str, part: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadNote(part=part) from error


def _half(count: int) -> int:
    """The largest power of two below `count`."""
    return 1 << (count - 1).bit_length() - 1


def _range(first: int, count: int, subtree: Subtree) -> bytes:
    """The hash over `count` leaves from `first` on, as the tree has them together."""
    if count & (count - 1) == 0:
        return subtree(first, count)
    half = _half(count)
    return node_hash(subtree(first, half), _range(first + half, count - half, subtree))
