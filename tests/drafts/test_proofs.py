"""Merkle trees, their proofs and signed checkpoints, against values worked out by another way."""

import base64
import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from drafts.base import transparency_log
from drafts.base.errors import BadNote
from drafts.base.transparency_log import Checkpoint, GrowingTree, PublicKey, SignedNote

ENTRIES = [
    bytes.fromhex(entry)
    for entry in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [  # the published roots of the trees over the first n of these entries
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAVES = [transparency_log.leaf_hash(b"%d" % number) for number in range(70)]


def by_definition(entries):
    """RFC 6962, 2.1, word for word."""
    if not entries:
        return hashlib.sha256(b"").digest()
    if len(entries) == 1:
        return hashlib.sha256(b"\x00" + entries[0]).digest()
    half = 1
    while half * 2 < len(entries):
        half *= 2
    return hashlib.sha256(b"\x01" + by_definition(entries[:half]) + by_definition(entries[half:])).digest()


@pytest.mark.parametrize("size", range(9))
def test_the_root_is_the_published_one(size):
    leaves = [transparency_log.leaf_hash(entry) for entry in ENTRIES[:size]]

    assert by_definition(ENTRIES[:size]).hex() == ROOTS[size]
    assert transparency_log.root(size, transparency_log.inclusion_root(leaves)).hex() == ROOTS[size]


def test_a_tree_that_grows_has_the_root_of_the_whole_at_every_size():
    tree = GrowingTree()
    for number, leaf in enumerate(LEAVES, start=1):
        tree.add(leaf)
        assert (tree.size, tree.root) == (number, by_definition([b"%d" % one for one in range(number)]))


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 33, 64, 70])
def test_every_entry_is_proved_to_be_in_the_tree_and_no_other(size):
    subtree = transparency_log.inclusion_root(LEAVES[:size])
    root = transparency_log.root(size, subtree)
    for index in range(size):
        path = transparency_log.inclusion_proof(index, size, subtree)
        assert transparency_log.is_included(LEAVES[index], index, size=size, path=path, root=root)
        assert not transparency_log.is_included(
            transparency_log.leaf_hash(b"other"), index, size=size, path=path, root=root
        )
        assert not transparency_log.is_included(LEAVES[index], index, size=size, path=[*path, root], root=root)
        assert not transparency_log.is_included(LEAVES[index], size, size=size, path=path, root=root)


def test_every_tree_is_proved_to_begin_with_every_smaller_one():
    subtree = transparency_log.inclusion_root(LEAVES)
    roots = [transparency_log.root(size, subtree) for size in range(len(LEAVES) + 1)]
    for size in range(1, len(LEAVES) + 1):
        for before in range(1, size + 1):
            path = transparency_log.consistency_proof(before, size, subtree)
            proved = transparency_log.is_consistent(
                before, size, path=path, root_before=roots[before], root=roots[size]
            )
            assert proved
            assert not transparency_log.is_consistent(before, size, path=path, root_before=roots[0], root=roots[size])


def test_a_checkpoint_is_read_as_it_was_written_and_its_signature_holds():
    private = Ed25519PrivateKey.generate()
    public = PublicKey("town", private.public_key().public_bytes_raw())
    note = transparency_log.sign(
        Checkpoint("the log of a town", 9, transparency_log.root(9, transparency_log.inclusion_root(LEAVES))),
        private,
        name="town",
    )

    read = SignedNote.read(note.text)

    assert read == note
    assert read.signed_by([public]) == [public]
    assert PublicKey.read(public.line) == public
    other = SignedNote.read(note.text.replace("\n9\n", "\n8\n"))
    assert other.signed_by([public]) == []


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "checkpoint"),
        ("log\n9\n\n— town AAAA\n", "checkpoint"),
        ("log\n09\n" + base64.b64encode(bytes(32)).decode() + "\n\n— town AAAA\n", "size"),
        ("log\nnine\n" + base64.b64encode(bytes(32)).decode() + "\n\n— town AAAA\n", "size"),
        ("log\n9\nAAAA\n\n— town AAAA\n", "root"),
        ("log\n9\n" + base64.b64encode(bytes(32)).decode() + "\n\n", "signature"),
        ("log\n9\n" + base64.b64encode(bytes(32)).decode() + "\n\n— town AAAA\n", "signature"),
    ],
)
def test_what_is_no_checkpoint_is_refused_with_the_part_that_is_wrong(text, part):
    with pytest.raises(BadNote) as refused:
        SignedNote.read(text)
    assert refused.value.facts == {"part": part}


@pytest.mark.parametrize("line", ["", "town", "town+00000000+AAAA", "town+zz+" + base64.b64encode(bytes(33)).decode()])
def test_what_is_no_key_is_refused(line):
    with pytest.raises(BadNote):
        PublicKey.read(line)
