"""A bundle that was tampered with is found out, and what was changed is named."""

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import date

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from drafts.base import transparency_log
from drafts.base.transparency_log import Checkpoint, PublicKey, SignedNote, sign
from drafts.formats import akoma_ntoso, text_formats
from drafts.formats.assembly import EditionText, Imprint, RevisionRow, edition_text
from drafts.formats.bundle import BadBundle, pack, unpack
from drafts.formats.verification_files import manifest, record
from drafts.text.blocks import BlockKind, Language
from drafts.verification.bundle_report import (
    BundleProblem,
    GrowthProof,
    SignatureProblem,
    TrustAnchors,
    VerificationReport,
    Voucher,
)
from drafts.verification.bundle_verification import verify_bundle

ES, EN, FR = Language
PRIVATE, OTHER = (Ed25519PrivateKey.from_private_bytes(bytes([one]) * 32) for one in (7, 8))
NAME = "declaration-workspace"
WATER = {
    ES: "Las ciudades compartirán el agua.",
    EN: "Towns shall share water[^1].",
    FR: "Les villes partagent l’eau.",
}
ROWS = [
    RevisionRow("t", BlockKind.TITLE, {ES: "Declaración", EN: "Declaration", FR: "Déclaration"}),
    RevisionRow("p", BlockKind.PREAMBLE, {ES: "Conscientes del río,", EN: "Aware of *the river*,", FR: "Conscients,"}),
    RevisionRow("w", BlockKind.OPERATIVE, WATER),
    RevisionRow(
        "o",
        BlockKind.OPERATIVE,
        {ES: "Véase [](#b-w).", EN: "See [](#b-w) and [the map](https://map.example).", FR: "Voir [](#b-w)."},
    ),
    RevisionRow("s", BlockKind.OPERATIVE, {ES: "Una ley.", EN: "A law."}, absent={FR: "It names a Spanish law."}),
    RevisionRow("n", BlockKind.NOTE, dict.fromkeys(Language, "[^1]: Drinking water."), absent=None),
]
IMPRINT = Imprint(
    forum=dict.fromkeys(Language, "Forum"),
    declaration=dict.fromkeys(Language, "Declaration"),
    place=dict.fromkeys(Language, "Lyon"),
    date=date(2027, 6, 12),
)


def public(private: Ed25519PrivateKey) -> PublicKey:
    return PublicKey(NAME, private.public_key().public_bytes_raw())


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def dumped(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


DECIDED = dumped({"id": "d", "reason": "It names who pays.", "verdict": "adopt"}).decode()


def hashes_of(files: Mapping[str, bytes]) -> dict[str, str]:
    return {name: sha256(data) for name, data in files.items()}


def files_of(text: EditionText) -> dict[str, bytes]:
    files = {"declaration.json": text_formats.edition_json(text), "declaration.es-en-fr.pdf": b"%PDF-1.7 as printed"}
    for language in Language:
        files[f"declaration.{language}.md"] = text_formats.markdown_page(text, language)
        files[f"declaration.{language}.akn.xml"] = akoma_ntoso.expression(text, language)
    files["record.json"] = record({"decision": [DECIDED.encode()], "recommendation": [b"kept back"]})
    return files | {"manifest.json": manifest(text, hashes_of(files))}


@dataclass
class Log:
    """A log of this edition: an import, an amendment that was adopted, the publication."""

    entries: list[bytes] = field(default_factory=list)

    def add(self, kind: str, **facts: object) -> int:
        sequence = len(self.entries) + 1
        self.entries.append(dumped({"sequence": sequence, "kind": kind, "facts": facts}))
        return sequence

    @property
    def leaves(self) -> list[bytes]:
        return [transparency_log.leaf_hash(entry) for entry in self.entries]

    def checkpoint(self) -> Checkpoint:
        size, subtree = len(self.entries), transparency_log.inclusion_root(self.leaves)
        return Checkpoint(f"{NAME}/test", size, transparency_log.root(size, subtree))

    def entry(self, sequence: int) -> dict[str, object]:
        path = transparency_log.inclusion_proof(
            sequence - 1, len(self.entries), transparency_log.inclusion_root(self.leaves)
        )
        leaf = self.leaves[sequence - 1].hex()
        words = self.entries[sequence - 1].decode()
        return {"sequence": sequence, "leaf": leaf, "path": [one.hex() for one in path], "entry": words}


def moved(text: EditionText, *blocks: str) -> list[dict[str, object]]:
    return [
        {"block": row.id, "language": language, "from": None, "to": {"hash": cell.content_hash, "id": "x"}}
        for row in text.rows
        if row.id in blocks
        for language, cell in row.cells.items()
        if hasattr(cell, "content_hash")
    ]


def published(rows: list[RevisionRow] = ROWS, private: Ed25519PrivateKey = PRIVATE) -> tuple[dict[str, bytes], Log]:
    """The files of a bundle as the workspace makes them, and the log that vouches for them."""
    text, log = edition_text(rows, IMPRINT), Log()
    files = files_of(text)
    log.add("forum.founded")
    first = log.add("revision.made", cause="import", heads=moved(text, "t", "p", "o", "s", "n"), decisions=[])
    filed = log.add("amendment.proposed", amendment="a", number=12)
    adopted = log.add("revision.made", cause="adoption", heads=moved(text, "w"), decisions=["d"])
    decided = log.add("decision.taken", decision="d", amendment="a", verdict="adopt")
    absent = log.add("decision.taken", decision="e", verdict="absent", block="s", language="fr")
    came_out = log.add("edition.published", manifest=sha256(files["manifest.json"]), fingerprint=text.fingerprint)
    log.add("edition.signed")

    def cause(row: str, language: Language) -> dict[str, object]:
        if (row, language) == ("s", FR):
            return {"entry": absent, "kind": "absent", "decisions": [], "amendments": []}
        if row == "w":
            return {"entry": adopted, "kind": "adoption", "decisions": [decided], "amendments": [12]}
        return {"entry": first, "kind": "import", "decisions": [], "amendments": []}

    decisions = {
        "format": "declaration-decisions/1",
        "publication": came_out,
        "paragraphs": [
            {"id": row.id, "number": row.number, "texts": {one: cause(row.id, one) for one in Language}}
            for row in text.rows
        ],
        "entries": [log.entry(one) for one in (first, filed, adopted, decided, absent, came_out)],
        "rows": {"decision": [DECIDED]},
    }
    files |= {
        "decisions.json": dumped(decisions),
        "checkpoint.txt": sign(log.checkpoint(), private, name=NAME).text.encode(),
        "manifest.json.sig": private.sign(files["manifest.json"]),
        "key.pem": public(private).file,
    }
    return files, log


FILES, LOG = published()
TRUST = TrustAnchors(keys=[public(PRIVATE)])
NOTE = SignedNote.read(FILES["checkpoint.txt"].decode())


def look(files: dict[str, bytes], trust: TrustAnchors = TRUST) -> VerificationReport:
    return verify_bundle(pack(files), trust)


def found(report: VerificationReport) -> set[tuple[str, str, str, str]]:
    return {(one.what.value, one.file, one.paragraph, one.language) for one in report.findings}


def test_a_bundle_as_it_was_published_is_good_by_key_and_by_checkpoint():
    report = look(FILES)
    assert (report.exit_code, report.findings, report.troubles) == (0, [], [])
    assert report.vouchers == [Voucher.SIGNATURE, Voucher.CHECKPOINT]
    assert look(FILES, TrustAnchors(outside=[NOTE])).vouchers == [Voucher.OUTSIDE]
    assert (report.declaration[FR], report.forum[FR], report.texts) == ("Declaration", "Forum", 17)


def test_a_bundle_of_before_decisions_were_listed_is_good():
    files, log = published()
    old = {name: data for name, data in files.items() if name != "record.json"}
    listed = hashes_of({name: data for name, data in old.items() if name.startswith("decl")})
    old["manifest.json"] = manifest(edition_text(ROWS, IMPRINT), listed)
    entry = json.loads(log.entries[-2])
    entry["facts"]["manifest"] = sha256(old["manifest.json"])
    log.entries[-2] = dumped(entry)
    told = json.loads(old["decisions.json"])
    del told["rows"]
    told["entries"] = [log.entry(one["sequence"]) for one in told["entries"]]
    old["decisions.json"] = dumped(told)
    old["checkpoint.txt"] = sign(log.checkpoint(), PRIVATE, name=NAME).text.encode()
    old["manifest.json.sig"] = PRIVATE.sign(old["manifest.json"])
    assert (look(old).exit_code, look(old).findings) == (0, [])


def test_without_anything_from_elsewhere_nothing_is_proved():
    report = look(FILES, TrustAnchors())
    assert (report.exit_code, report.findings, report.vouchers) == (3, [], [])


def test_the_same_files_give_the_same_bundle():
    assert pack(FILES) == pack(dict(reversed(FILES.items())))
    assert unpack(pack(FILES)) == FILES


# Changes that anyone can make with an editor


def replaced(name: str, old: str, new: str) -> Callable[[dict[str, bytes]], None]:
    def change(files: dict[str, bytes]) -> None:
        assert old.encode() in files[name]
        files[name] = files[name].replace(old.encode(), new.encode())

    return change


def edited(name: str, edit: Callable[[dict[str, object]], object]) -> Callable[[dict[str, bytes]], None]:
    def change(files: dict[str, bytes]) -> None:
        value = json.loads(files[name])
        edit(value)
        files[name] = dumped(value)

    return change


def put(name: str, data: bytes) -> Callable[[dict[str, bytes]], None]:
    return lambda files: files.__setitem__(name, data)


def taken(name: str) -> Callable[[dict[str, bytes]], None]:
    return lambda files: files.__delitem__(name)


def an_entry(place: int, name: str, value: object) -> Callable[[dict[str, bytes]], None]:
    return edited("decisions.json", lambda told: told["entries"][place].__setitem__(name, value))


def a_cause(place: int, **values: object) -> Callable[[dict[str, bytes]], None]:
    return edited("decisions.json", lambda told: told["paragraphs"][place]["texts"]["en"].update(values))


TAMPERINGS = {
    "a word of the JSON": (
        replaced("declaration.json", "partagent l’eau", "gardent l’eau"),
        ("text_altered", "declaration.json", "1", "fr"),
    ),
    "a no-break space": (
        replaced("declaration.json", "Towns shall", "Towns\u00a0shall"),
        ("text_altered", "declaration.json", "1", "en"),
    ),
    "a printed number": (
        replaced("declaration.json", '"printed": "Voir 1."', '"printed": "Voir 2."'),
        ("text_altered", "declaration.json", "2", "fr"),
    ),
    "a word and its hash": (
        edited(
            "declaration.json",
            lambda told: told["paragraphs"][2]["texts"]["fr"].update(
                text="Non.", printed="Non.", sha256=sha256(b"Non.")
            ),
        ),
        ("text_altered", "declaration.json", "1", "fr"),
    ),
    "the reason of an absence made a text": (
        edited(
            "declaration.json",
            lambda told: told["paragraphs"][4]["texts"].update(
                fr={"text": "Loi.", "printed": "Loi.", "sha256": sha256(b"Loi.")}
            ),
        ),
        ("text_altered", "declaration.json", "3", "fr"),
    ),
    "two paragraphs in another order": (
        edited("declaration.json", lambda told: told["paragraphs"].reverse()),
        ("paragraph_differs", "declaration.json", "3", ""),
    ),
    "a paragraph left out": (
        edited("declaration.json", lambda told: told["paragraphs"].pop(2)),
        ("paragraph_differs", "declaration.json", "1", ""),
    ),
    "two paragraphs of the decisions in another order": (
        edited("decisions.json", lambda told: told["paragraphs"].insert(0, told["paragraphs"].pop(1))),
        ("paragraph_differs", "decisions.json", "Aware of the river,", ""),
    ),
    "a paragraph of the decisions left out": (
        edited("decisions.json", lambda told: told["paragraphs"].pop(2)),
        ("paragraph_differs", "decisions.json", "1", ""),
    ),
    "a number in the decisions": (
        edited("decisions.json", lambda told: told["paragraphs"][2].update(number="9")),
        ("paragraph_differs", "decisions.json", "1", ""),
    ),
    "a mark before the decisions": (
        replaced("decisions.json", '{"entries"', '\ufeff{"entries"'),
        ("file_unreadable", "decisions.json", "", ""),
    ),
    "a mark before the manifest": (
        lambda files: files.update({"manifest.json": "\ufeff".encode() + files["manifest.json"]}),
        ("file_unreadable", "manifest.json", "", ""),
    ),
    "a proof in capitals": (
        edited(
            "decisions.json", lambda told: told["entries"][0].update(path=[*map(str.upper, told["entries"][0]["path"])])
        ),
        ("entry_altered", "decisions.json", "", ""),
    ),
    "a line after the checkpoint": (
        lambda files: files.update({"checkpoint.txt": files["checkpoint.txt"] + b"\nSeen.\n"}),
        ("file_unreadable", "checkpoint.txt", "", ""),
    ),
    "a paragraph of another kind": (
        edited("declaration.json", lambda told: told["paragraphs"][1].update(kind="operative")),
        ("paragraph_differs", "declaration.json", "Aware of the river,", ""),
    ),
    "a word of the Markdown": (
        replaced("declaration.es.md", "compartirán", "venderán"),
        ("text_differs", "declaration.es.md", "1", "es"),
    ),
    "words after a paragraph of the Markdown": (
        lambda files: files.update(
            {"declaration.es.md": re.sub(rb"(compartir.+)", rb"\1 Y lo venden.", files["declaration.es.md"], count=1)}
        ),
        ("text_differs", "declaration.es.md", "1", "es"),
    ),
    "a word of the Akoma Ntoso": (
        replaced("declaration.fr.akn.xml", "partagent", "vendent"),
        ("text_differs", "declaration.fr.akn.xml", "1", "fr"),
    ),
    "a byte of the PDF": (
        replaced("declaration.es-en-fr.pdf", "printed", "pr1nted"),
        ("file_altered", "declaration.es-en-fr.pdf", "", ""),
    ),
    "a file taken away": (taken("declaration.es.md"), ("file_missing", "declaration.es.md", "", "")),
    "a file added": (put("annex.pdf", b"%PDF"), ("file_unknown", "annex.pdf", "", "")),
    "no manifest": (taken("manifest.json"), ("file_missing", "manifest.json", "", "")),
    "a manifest that is none": (put("manifest.json", b"{"), ("file_unreadable", "manifest.json", "", "")),
    "a hash in the manifest": (
        edited("manifest.json", lambda told: told["files"].update({"declaration.es.md": "0" * 64})),
        ("file_altered", "declaration.es.md", "", ""),
    ),
    "a hash of a paragraph in the manifest": (
        edited("manifest.json", lambda told: told["paragraphs"][2]["sha256"].update(fr="0" * 64)),
        ("fingerprint_differs", "manifest.json", "", ""),
    ),
    "the number of the edition": (
        edited("manifest.json", lambda told: told.update(edition=2)),
        ("not_published", "manifest.json", "", ""),
    ),
    "the fingerprint": (
        replaced("declaration.json", '"fingerprint": "', '"fingerprint": "0'),
        ("fingerprint_differs", "declaration.json", "", ""),
    ),
    "the words of an entry": (
        an_entry(0, "entry", '{"sequence":2,"kind":"revision.made","facts":{}}'),
        ("entry_altered", "decisions.json", "", ""),
    ),
    "the number of an entry": (an_entry(0, "sequence", 1), ("entry_altered", "decisions.json", "", "")),
    "a proof": (an_entry(5, "path", ["0" * 64]), ("entry_altered", "decisions.json", "", "")),
    "a cause that is not there": (a_cause(2, entry=99), ("text_not_decided", "decisions.json", "1", "en")),
    "another cause": (a_cause(2, entry=2), ("text_not_decided", "decisions.json", "1", "en")),
    "another amendment": (a_cause(2, amendments=[13]), ("text_not_decided", "decisions.json", "1", "en")),
    "another kind of act": (a_cause(2, kind="import"), ("text_not_decided", "decisions.json", "1", "en")),
    "another entry as publication": (
        edited("decisions.json", lambda told: told.update(publication=2)),
        ("not_published", "manifest.json", "", ""),
    ),
    "the size in the checkpoint": (
        replaced("checkpoint.txt", "\n8\n", "\n9\n"),
        ("entry_altered", "decisions.json", "", ""),
    ),
    "a checkpoint that is none": (put("checkpoint.txt", b"8"), ("file_unreadable", "checkpoint.txt", "", "")),
    "the reason of a decision": (
        replaced("decisions.json", "who pays", "nobody"),
        ("record_differs", "decisions.json", "decision d", ""),
    ),
    "the list of decisions": (
        replaced("record.json", '"decision"', '"derision"'),
        ("file_altered", "record.json", "", ""),
    ),
    "no key": (taken("key.pem"), ("file_missing", "key.pem", "", "")),
    "the PEM of another key": (
        put(
            "key.pem",
            public(PRIVATE).file.partition(b"\n")[0] + b"\n" + public(OTHER).file.partition(b"\n")[2],
        ),
        ("file_altered", "key.pem", "", ""),
    ),
}


def test_only_the_paragraph_that_was_left_out_is_named():
    files = dict(FILES)
    TAMPERINGS["a paragraph left out"][0](files)
    misplaced = [one.paragraph for one in look(files).findings if one.what is BundleProblem.PARAGRAPH_DIFFERS]
    assert misplaced == ["1"]


@pytest.mark.parametrize("kind", TAMPERINGS)
def test_every_kind_of_tampering_is_found_and_named(kind):
    tamper, named = TAMPERINGS[kind]
    files = dict(FILES)
    tamper(files)
    report = look(files)
    assert report.exit_code == 1
    assert named in found(report)


# A forger who makes every hash anew


FORGED = [
    row if row.id != "w" else RevisionRow("w", row.kind, {**WATER, FR: "Les villes vendent l’eau."}) for row in ROWS
]


def test_a_forger_who_makes_all_hashes_anew_is_betrayed_by_the_log_which_names_the_paragraph():
    files, text = dict(FILES), edition_text(FORGED, IMPRINT)
    files |= files_of(text)
    report = look(files)
    assert report.exit_code == 1
    assert found(report) == {
        ("text_not_decided", "decisions.json", "1", "fr"),
        ("not_published", "manifest.json", "", ""),
        ("file_altered", "manifest.json", "", ""),  # which its signature says
    }
    assert look(files, TrustAnchors()).exit_code == 1


def test_a_forger_without_a_log_is_betrayed_by_the_signature():
    files = dict(FILES) | files_of(edition_text(FORGED, IMPRINT))
    del files["checkpoint.txt"]
    told = json.loads(files["decisions.json"])
    told |= {"publication": None, "entries": []}
    for one in told["paragraphs"]:
        one["texts"] = dict.fromkeys(one["texts"])
    files["decisions.json"] = dumped(told)
    assert found(look(files)) == {("file_altered", "manifest.json", "", "")}
    del files["manifest.json.sig"]
    assert look(files).exit_code == 3


def test_a_forger_with_a_key_and_a_log_of_their_own_is_not_one_of_the_readers():
    files, _ = published(FORGED, OTHER)
    report = look(files)
    assert (report.exit_code, {(one.why, one.file) for one in report.troubles}) == (
        2,
        {(SignatureProblem.UNKNOWN, "manifest.json.sig"), (SignatureProblem.UNKNOWN, "checkpoint.txt")},
    )
    assert look(files, TrustAnchors(outside=[NOTE])).findings[0].what is BundleProblem.CHECKPOINT_DIFFERS
    assert look(files, TrustAnchors()).exit_code == 3


# Keys and checkpoints


def test_a_signature_that_is_not_valid_is_key_trouble_while_the_log_vouches_for_the_manifest():
    files = dict(FILES) | {"manifest.json.sig": OTHER.sign(FILES["manifest.json"])}
    report = look(files)
    assert (report.exit_code, [(one.why, one.file) for one in report.troubles]) == (
        2,
        [(SignatureProblem.WRONG, "manifest.json.sig")],
    )


def test_a_checkpoint_signed_by_nobody_is_key_trouble():
    forged = SignedNote(
        NOTE.checkpoint, tuple(SignedNote.read(sign(NOTE.checkpoint, OTHER, name=NAME).text).signatures)
    )
    files = dict(FILES) | {"checkpoint.txt": forged.text.encode()}
    assert [(one.why, one.file) for one in look(files).troubles] == [(SignatureProblem.UNKNOWN, "checkpoint.txt")]


def test_a_checkpoint_signed_under_another_name_is_key_trouble():
    renamed = FILES["checkpoint.txt"].replace(f"— {NAME} ".encode(), "— somebody ".encode())
    files = dict(FILES) | {"checkpoint.txt": renamed}
    assert [(one.why, one.file) for one in look(files).troubles] == [(SignatureProblem.WRONG, "checkpoint.txt")]


def test_a_revoked_key_proves_nothing():
    report = look(FILES, TrustAnchors(keys=[public(OTHER)], revoked=[public(PRIVATE)]))
    assert (report.exit_code, {one.why for one in report.troubles}) == (2, {SignatureProblem.REVOKED})


def test_an_edition_without_a_signature_is_proved_by_its_checkpoint_alone():
    files = {name: data for name, data in FILES.items() if name not in {"manifest.json.sig", "key.pem"}}
    report = look(files)
    assert (report.exit_code, report.vouchers, report.is_signed) == (0, [Voucher.CHECKPOINT], False)


def later() -> tuple[SignedNote, GrowthProof]:
    log = Log(list(LOG.entries))
    for _ in range(5):
        log.add("comment.opened")
    path = transparency_log.consistency_proof(8, 13, transparency_log.inclusion_root(log.leaves))
    return sign(log.checkpoint(), PRIVATE, name=NAME), GrowthProof(8, 13, path)


def test_a_later_checkpoint_vouches_with_the_proof_that_the_log_has_only_grown():
    note, growth = later()
    assert look(FILES, TrustAnchors(outside=[note])).exit_code == 3
    assert look(FILES, TrustAnchors(outside=[note], growth=[growth])).vouchers == [Voucher.OUTSIDE]
    false = GrowthProof(8, 13, [*growth.path[:-1], b"\0" * 32])
    report = look(FILES, TrustAnchors(outside=[note], growth=[false]))
    assert [one.what for one in report.findings] == [BundleProblem.CHECKPOINT_DIFFERS]


def test_a_checkpoint_of_the_same_size_with_another_root_shows_that_the_log_was_rewritten():
    other = sign(Checkpoint(NOTE.checkpoint.origin, 8, b"\1" * 32), PRIVATE, name=NAME)
    assert [one.what for one in look(FILES, TrustAnchors(outside=[other])).findings] == [
        BundleProblem.CHECKPOINT_DIFFERS
    ]


def test_a_checkpoint_of_another_log_is_said_to_be_one():
    other = sign(Checkpoint("declaration-workspace/elsewhere", 8, b"\1" * 32), PRIVATE, name=NAME)
    assert [one.what for one in look(FILES, TrustAnchors(outside=[other])).findings] == [BundleProblem.OTHER_LOG]


# Archives that are not read at all


def archive(*members: tuple[str | zipfile.ZipInfo, bytes], packing: int = zipfile.ZIP_STORED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", packing) as out:
        for name, data in members:
            out.writestr(name, data)
    return made.getvalue()


def link() -> zipfile.ZipInfo:
    member = zipfile.ZipInfo("manifest.json")
    member.external_attr = 0o120777 << 16
    return member


def encrypted() -> bytes:
    data = bytearray(archive(("manifest.json", b"{}")))
    for header, at in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        data[data.index(header) + at] |= 1
    return bytes(data)


def directory(at: int, value: bytes, data: bytes | None = None) -> bytes:
    """A bundle in which the list of members says something else of its first one."""
    changed = bytearray(data or archive(*FILES.items(), packing=zipfile.ZIP_DEFLATED))
    start = changed.index(b"PK\x01\x02") + at
    changed[start : start + len(value)] = value
    return bytes(changed)


def renamed_inside() -> bytes:
    """Programs that read an archive from its front find another name than those that read its list."""
    first = next(iter(sorted(FILES)))
    return pack(FILES).replace(first.encode(), first.upper().encode(), 1)


def twice(*names: str) -> bytes:
    with pytest.warns(UserWarning, match="Duplicate name") if len(set(names)) == 1 else nullcontext():
        return archive(*((name, b"{}") for name in names))


def commented() -> bytes:
    made = io.BytesIO(pack(FILES))
    with zipfile.ZipFile(made, "a") as out:
        out.comment = b"PK\x05\x06 and so on"
    return made.getvalue()


UNREADABLE: Mapping[str, tuple[bytes, str, str]] = {
    "nothing": (b"", "not_an_archive", ""),
    "a beginning": (b"PK\x03\x04 and so on", "not_an_archive", ""),
    "cut": (pack(FILES)[:-40], "not_an_archive", ""),
    "bytes before": (b"%PDF-1.7\n" + pack(FILES), "not_an_archive", ""),
    "another archive before": (archive(("a", b"")) + pack(FILES), "not_an_archive", ""),
    "bytes after": (pack(FILES) + b"\n", "not_an_archive", ""),
    "a comment": (commented(), "not_an_archive", ""),
    "another sum": (directory(16, b"\0\0\0\0"), "not_an_archive", ""),
    "a huge size": (directory(24, b"\xf0\xff\xff\xff"), "not_an_archive", ""),
    "a small size": (directory(24, b"\1\0\0\0"), "not_an_archive", ""),
    "another name inside": (renamed_inside(), "not_an_archive", ""),
    "a folder above": (archive(("../manifest.json", b"{}")), "not_plain", "../manifest.json"),
    "a folder": (archive(("/etc/manifest.json", b"{}")), "not_plain", "/etc/manifest.json"),
    "a link": (archive((link(), b"/etc/passwd")), "not_plain", "manifest.json"),
    "packed otherwise": (archive(("manifest.json", b"{}"), packing=zipfile.ZIP_BZIP2), "not_plain", "manifest.json"),
    "encrypted": (encrypted(), "encrypted", "manifest.json"),
    "a bomb": (archive(("a", b"0" * 20_000_000), packing=zipfile.ZIP_DEFLATED), "too_large", "a"),
    "many": (archive(*((f"{one}", b"") for one in range(201))), "too_many_members", ""),
    "a name twice": (twice("manifest.json", "manifest.json"), "twice", "manifest.json"),
    "a name in capitals": (twice("manifest.json", "Manifest.json"), "twice", "Manifest.json"),
}


@pytest.mark.parametrize("kind", UNREADABLE)
def test_an_archive_that_is_not_plain_is_refused_and_says_why(kind):
    data, reason, member = UNREADABLE[kind]
    with pytest.raises(BadBundle) as refused:
        verify_bundle(data, TRUST)
    assert refused.value.facts == {"reason": reason, "member": member}


def test_a_bundle_that_was_packed_again_is_as_good_as_before():
    again = archive(*FILES.items(), packing=zipfile.ZIP_DEFLATED)
    assert verify_bundle(again, TRUST).exit_code == 0
