"""Verifying a bundle offline: from its bytes alone, and from what somebody has kept of the workspace outside it.

`verify` answers with everything that does not agree, named as closely as it can be: this
paragraph in this language, this file, this entry of the log. Nothing found is not proof yet: somebody
who makes every file anew can make them agree. Proof is a signature by a key that the reader has
from elsewhere, or a checkpoint that they have kept (`Report.vouchers`).
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any, TypeVar

import msgspec

from drafts.base.errors import BadNote
from drafts.base.transparency_log import Checkpoint, PublicKey, SignedNote, is_consistent, is_included, leaf_hash
from drafts.formats import bundle
from drafts.formats.assembly import fingerprint
from drafts.formats.edition import MANIFEST
from drafts.formats.verification_files import RECORD, Manifest, ParagraphHashes, Record
from drafts.text.blocks import BlockKind, Language, content_hash
from drafts.text.markup import plain
from drafts.text.numbering import resolve
from drafts.verification.bundle_report import (
    BundleFinding,
    BundleProblem,
    GrowthProof,
    RejectedSignature,
    SignatureProblem,
    TrustAnchors,
    VerificationReport,
    Voucher,
)
from drafts.verification.comparison import JsonDeclaration, JsonParagraph, differing_formats

TEXT = "declaration.json"
_NAMED = 40  # characters of a paragraph without number that name it
_PUBLISHED = "edition.published"
_ROW_ID = re.compile(r'"(?:id|recommendation_id)":"([^"]+)"')
Read = TypeVar("Read")


def verify_bundle(data: bytes, trust: TrustAnchors) -> VerificationReport:
    """Check everything that a bundle says; raises `BadBundle` for what is not an archive that can be read safely."""
    return _BundleExamination(bundle.unpack(data), trust).report_of_all()


class _BundleExamination:
    """One bundle under examination."""

    def __init__(self, files: Mapping[str, bytes], trust: TrustAnchors) -> None:
        self.files = files
        self.trust = trust
        self.report = VerificationReport()
        self.text: JsonDeclaration | None = None

    def report_of_all(self) -> VerificationReport:
        manifest = self._decoded(MANIFEST, Manifest)
        if manifest is None:
            return self.report
        self.report.edition, self.report.fingerprint = manifest.edition, manifest.fingerprint
        self.report.manifest = _sha256(self.files[MANIFEST])
        if manifest.corrects is not None:
            self.report.corrects, self.report.corrected = manifest.corrects.edition, manifest.corrects.manifest
        self._files(manifest)
        self.text = self._decoded(TEXT, JsonDeclaration)
        if self.text is not None:
            self._texts(self.text, manifest)
            self.report.declaration, self.report.forum = self.text.declaration, self.text.forum
        if fingerprint(map(_line, manifest.paragraphs)) != manifest.fingerprint:
            self._find(BundleProblem.FINGERPRINT_DIFFERS, file=MANIFEST)
        note = self._checkpoint()
        is_proved = self._decisions(manifest, note.checkpoint if note else None)
        self._signature(is_proved=is_proved)
        if note is not None:
            self._vouch_for(note, is_proved=is_proved)
        self.report.findings = list(dict.fromkeys(self.report.findings))
        return self.report

    def _find(
        self, what: BundleProblem, *, file: str = "", paragraph: str = "", language: str = "", entry: int = 0
    ) -> None:
        self.report.findings.append(BundleFinding(what, file, paragraph, language, entry))

    def _decoded(self, name: str, form: type[Read]) -> Read | None:
        if name not in self.files:
            self._find(BundleProblem.FILE_MISSING, file=name)
            return None
        try:
            return msgspec.json.decode(self.files[name], type=form)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            self._find(BundleProblem.FILE_UNREADABLE, file=name)
            return None

    # The files and the texts in them

    def _files(self, manifest: Manifest) -> None:
        for name, digest in manifest.files.items():
            if name not in self.files:
                self._find(BundleProblem.FILE_MISSING, file=name)
            elif _sha256(self.files[name]) != digest:
                self._find(BundleProblem.FILE_ALTERED, file=name)
        for name in self.files.keys() - manifest.files.keys() - bundle.ADDED - {MANIFEST}:
            self._find(BundleProblem.FILE_UNKNOWN, file=name)

    def _texts(self, text: JsonDeclaration, manifest: Manifest) -> None:
        if (text.edition, text.fingerprint) != (manifest.edition, manifest.fingerprint):
            self._find(BundleProblem.FINGERPRINT_DIFFERS, file=TEXT)
        for of_text, of_manifest in ((text.paragraphs, manifest.paragraphs), (text.added, manifest.added)):
            rows: dict[str, JsonParagraph | ParagraphHashes] = {row.id: row for row in of_manifest}
            rows |= {row.id: row for row in of_text}
            for misplaced in _misplaced(*([(row.id, _place_of(row)) for row in of] for of in (of_text, of_manifest))):
                self._find(BundleProblem.PARAGRAPH_DIFFERS, file=TEXT, paragraph=_name(rows[misplaced]))
        known = {paragraph.id: paragraph.sha256 for paragraph in (*manifest.paragraphs, *manifest.added)}
        numbers = {paragraph.id: paragraph.number for paragraph in text.paragraphs if paragraph.number}
        for json_paragraph in (*text.paragraphs, *text.added):
            for language in Language:
                self.report.texts += json_paragraph.cell(language).text is not None
                if json_paragraph.id in known and not _is_as_listed(
                    json_paragraph, language, known[json_paragraph.id].get(language), numbers
                ):
                    self._find(
                        BundleProblem.TEXT_ALTERED,
                        file=TEXT,
                        paragraph=_name(json_paragraph, language),
                        language=language,
                    )
        altered = {name for name, digest in manifest.files.items() if _sha256(self.files.get(name, b"")) != digest}
        for name, json_paragraph, language in differing_formats(text, self.files, altered):
            self._find(
                BundleProblem.TEXT_DIFFERS, file=name, paragraph=_name(json_paragraph, language), language=language
            )

    # What the log says of them

    def _checkpoint(self) -> SignedNote | None:
        if bundle.CHECKPOINT not in self.files:
            return None
        try:
            note = SignedNote.read(self.files[bundle.CHECKPOINT].decode())
        except (BadNote, UnicodeDecodeError):
            self._find(BundleProblem.FILE_UNREADABLE, file=bundle.CHECKPOINT)
            return None
        self.report.log_size = note.checkpoint.size
        return note

    def _decisions(self, manifest: Manifest, checkpoint: Checkpoint | None) -> bool:
        """Whether the checkpoint proves that the log names this manifest as published."""
        decisions = self._decoded(bundle.DECISIONS, bundle.BundledDecisions)
        if decisions is None:
            return False
        self._rows(decisions)
        entries = self._entries(decisions, checkpoint)
        causes = {paragraph.id: paragraph.texts for paragraph in decisions.paragraphs}
        told = [(row.id, row.number) for row in decisions.paragraphs]
        listed = [(row.id, row.number) for row in manifest.paragraphs]
        for misplaced in _misplaced(told, listed):
            name = self._named(misplaced, dict([*told, *listed])[misplaced])
            self._find(BundleProblem.PARAGRAPH_DIFFERS, file=bundle.DECISIONS, paragraph=name)
        for paragraph in manifest.paragraphs:
            for language in Language:
                cause = causes.get(paragraph.id, {}).get(language)
                if cause is not None and not _is_cause(cause, paragraph, language, entries):
                    self._find(
                        BundleProblem.TEXT_NOT_DECIDED,
                        file=bundle.DECISIONS,
                        paragraph=self._named(paragraph.id, paragraph.number, language),
                        language=language,
                    )
        if decisions.publication is None:
            return False
        published = entries.get(decisions.publication, {})
        facts = published.get("facts", {})
        names = (published.get("kind"), facts.get("manifest"), facts.get("fingerprint"))
        if names != (_PUBLISHED, self.report.manifest, manifest.fingerprint):
            self._find(BundleProblem.NOT_PUBLISHED, file=MANIFEST, entry=decisions.publication)
            return False
        if facts.get("corrects") != (manifest.corrects.manifest if manifest.corrects else None):
            self._find(BundleProblem.LINEAGE_DIFFERS, file=MANIFEST, entry=decisions.publication)
        return checkpoint is not None

    def _rows(self, decisions: bundle.BundledDecisions) -> None:
        """Decisions and recommendations whose words are given must be among those that the signed list names."""
        record = self._decoded(RECORD, Record) if decisions.rows else None
        for name, rows in decisions.rows.items():
            listed = set(record.rows.get(name, ())) if record else set()
            for row in rows:
                if _sha256(row.encode()) not in listed:
                    found = _ROW_ID.search(row)
                    key = found[1] if found else ""
                    self._find(BundleProblem.RECORD_DIFFERS, file=bundle.DECISIONS, paragraph=f"{name} {key}".strip())

    def _entries(self, decided: bundle.BundledDecisions, checkpoint: Checkpoint | None) -> dict[int, Mapping[str, Any]]:
        """The entries whose words are given; those that are not what the checkpoint vouches for are findings."""
        entries: dict[int, Mapping[str, Any]] = {}
        for entry in decided.entries:
            said = _entry(entry.entry)
            is_own = entry.entry is None or (
                said is not None
                and said.get("sequence") == entry.sequence
                and leaf_hash(entry.entry.encode()).hex() == entry.leaf
            )
            if not is_own or (checkpoint and not _is_in(entry.leaf, entry.sequence, entry.path, checkpoint)):
                self._find(BundleProblem.ENTRY_ALTERED, file=bundle.DECISIONS, entry=entry.sequence)
            entries[entry.sequence] = said or {}
        return entries

    # Signatures, and what vouches from outside

    def _signature(self, *, is_proved: bool) -> None:
        if bundle.SIGNATURE not in self.files:
            return
        key = self._key()
        if key is None:
            return
        self.report.is_signed, self.report.key = True, key.hint.hex()
        if key.has_signed(self.files[MANIFEST].decode("utf-8", "replace"), self.files[bundle.SIGNATURE]):
            self._judge(key, bundle.SIGNATURE, Voucher.SIGNATURE)
        elif is_proved:
            self.report.troubles.append(RejectedSignature(SignatureProblem.WRONG, bundle.SIGNATURE, key.hint.hex()))
        else:  # nothing tells which of the two was changed
            self._find(BundleProblem.FILE_ALTERED, file=MANIFEST)

    def _key(self) -> PublicKey | None:
        if bundle.KEY not in self.files:
            self._find(BundleProblem.FILE_MISSING, file=bundle.KEY)
            return None
        key = self._own_key()
        if key is None:
            self._find(BundleProblem.FILE_UNREADABLE, file=bundle.KEY)
        elif key.file != self.files[bundle.KEY]:
            self._find(BundleProblem.FILE_ALTERED, file=bundle.KEY)
        return key

    def _judge(self, key: PublicKey, file: str, voucher: Voucher) -> None:
        """Whether a valid signature by this key proves anything to this reader."""
        if key in self.trust.revoked:
            self.report.troubles.append(RejectedSignature(SignatureProblem.REVOKED, file, key.hint.hex()))
        elif key in self.trust.keys:
            self.report.vouchers.append(voucher)
        elif self.trust.keys:
            self.report.troubles.append(RejectedSignature(SignatureProblem.UNKNOWN, file, key.hint.hex()))

    def _vouch_for(self, note: SignedNote, *, is_proved: bool) -> None:
        known = [*self.trust.keys, *self.trust.revoked]
        if bundle.KEY in self.files and (own := self._own_key()) is not None:
            known.append(own)
        named = [
            key for key in dict.fromkeys(known) if any(key.hint == signature.hint for signature in note.signatures)
        ]
        signed = note.signed_by(named)
        if named and not signed:
            wrong = RejectedSignature(SignatureProblem.WRONG, bundle.CHECKPOINT, named[0].hint.hex())
            self.report.troubles.append(wrong)
        elif not named and self.trust.keys:
            self.report.troubles.append(
                RejectedSignature(SignatureProblem.UNKNOWN, bundle.CHECKPOINT, note.signatures[0].hint.hex())
            )
        elif signed and is_proved:
            self._judge(signed[0], bundle.CHECKPOINT, Voucher.CHECKPOINT)
        for outside_note in self.trust.outside:
            self._compare(note.checkpoint, outside_note.checkpoint, is_proved=is_proved)

    def _own_key(self) -> PublicKey | None:
        try:
            return PublicKey.read(self.files[bundle.KEY].decode().partition("\n")[0])
        except (BadNote, UnicodeDecodeError):
            return None

    def _compare(self, inside: Checkpoint, outside: Checkpoint, *, is_proved: bool) -> None:
        if inside.origin != outside.origin:
            self._find(BundleProblem.OTHER_LOG, file=bundle.CHECKPOINT)
            return
        if inside.size == outside.size:
            agrees: bool | None = inside.root == outside.root
        else:
            agrees = _continued(inside, outside, self.trust.growth)
        if agrees is False:
            self._find(BundleProblem.CHECKPOINT_DIFFERS, file=bundle.CHECKPOINT, entry=outside.size)
        elif agrees and is_proved:
            self.report.vouchers.append(Voucher.OUTSIDE)

    def _named(self, key: str, number: str, language: Language | None = None) -> str:
        paragraphs = self.text.paragraphs if self.text else ()
        named = next((paragraph for paragraph in paragraphs if paragraph.id == key), None)
        return _name(named, language) if named else number or key


def _continued(inside: Checkpoint, outside: Checkpoint, growth: Sequence[GrowthProof]) -> bool | None:
    """Whether a later checkpoint continues this one; None where it is older, or its proof is not here."""
    proof = next((proof for proof in growth if (proof.since, proof.size) == (inside.size, outside.size)), None)
    if proof is None:
        return None
    return is_consistent(inside.size, outside.size, path=proof.path, root_before=inside.root, root=outside.root)


def _is_as_listed(paragraph: JsonParagraph, language: Language, digest: str | None, numbers: Mapping[str, str]) -> bool:
    cell = paragraph.cell(language)
    if cell.text is None:
        return digest is None
    printed = cell.text if paragraph.kind is BlockKind.CODE else resolve(cell.text, numbers, language)
    return content_hash(cell.text) == cell.sha256 == digest and printed == cell.printed


def _is_cause(
    cause: bundle.TextCause, listed: ParagraphHashes, language: Language, entries: Mapping[int, Mapping[str, Any]]
) -> bool:
    """Whether the entry says that exactly this wording came into force, and why, unless its words are kept back."""
    entry = entries.get(cause.entry)
    if not entry:
        return entry is not None
    facts = entry["facts"]
    digest = listed.sha256.get(language)
    if digest is None:
        return (facts.get("block"), facts.get("language")) == (listed.id, language)
    moves = [
        move for move in facts.get("heads", ()) if (move.get("block"), move.get("language")) == (listed.id, language)
    ]
    if not moves or moves[-1].get("to", {}).get("hash") != digest:
        return False
    ids = set(facts.get("decisions", ()))
    decided = [entries.get(sequence, {}).get("facts", {}) for sequence in cause.decisions]
    adopted = [decision.get("amendment") for decision in decided if decision.get("amendment")]
    filed = {
        entry["facts"].get("amendment"): entry["facts"].get("number")
        for entry in entries.values()
        if entry.get("kind") == "amendment.proposed"
    }
    return (
        cause.kind == facts.get("cause", entry.get("kind"))
        and all(decision.get("decision") in ids for decision in decided if decision)
        and list(cause.amendments) == sorted({filed.get(amendment, 0) for amendment in adopted})
    )


def _entry(words: str | None) -> Mapping[str, Any] | None:
    try:
        found = json.loads(words) if words is not None else None
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) and isinstance(found.get("facts"), dict) else None


def _is_in(leaf: str, sequence: int, path: Sequence[str], checkpoint: Checkpoint) -> bool:
    try:
        hashes = [bytes.fromhex(hexadecimal) for hexadecimal in path]
        found = bytes.fromhex(leaf)
    except ValueError:
        return False
    if [digest.hex() for digest in (found, *hashes)] != [leaf, *path]:  # spaces, capitals
        return False
    return is_included(found, sequence - 1, size=checkpoint.size, path=hashes, root=checkpoint.root)


def _misplaced(told: Sequence[tuple[str, object]], listed: Sequence[tuple[str, object]]) -> Iterator[str]:
    """The ids of what stands in one list alone, otherwise than in the other, or in another order."""
    of_told, of_listed = dict(told), dict(listed)
    yield from (key for key, place in told if of_listed.get(key) != place)
    yield from (key for key, _ in listed if key not in of_told)
    orders = ([key for key, _ in rows if key in of_told and key in of_listed] for rows in (told, listed))
    yield from (left or right for left, right in zip_longest(*orders, fillvalue="") if left != right)


def _place_of(json_paragraph: JsonParagraph | ParagraphHashes) -> tuple[str, str, int, str]:
    return json_paragraph.id, json_paragraph.kind, json_paragraph.level, json_paragraph.number


def _name(json_paragraph: JsonParagraph | ParagraphHashes, language: Language | None = None) -> str:
    """Its number; without one, how it begins."""
    if json_paragraph.number or isinstance(json_paragraph, ParagraphHashes):
        return json_paragraph.number or json_paragraph.id
    said = [json_paragraph.cell(wanted).text for wanted in (language or Language.EN, *Language)]
    words = plain(next((text for text in said if text), json_paragraph.id)).replace("\n", " ")
    return words if len(words) <= _NAMED else f"{words[:_NAMED].rstrip()}…"


def _line(paragraph: ParagraphHashes) -> tuple[str, BlockKind, int, Mapping[str, str | None]]:
    return paragraph.id, paragraph.kind, paragraph.level, paragraph.sha256


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
