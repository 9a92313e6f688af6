"""Every file of a real edition changed by a byte or a word, and editions signed under one key after another."""

import pytest

from drafts.formats.bundle import CHECKPOINT, KEY, SIGNATURE, pack, unpack
from drafts.text.blocks import Language
from drafts.verification.bundle_report import SignatureProblem, TrustAnchors, Voucher
from drafts.verification.bundle_verification import verify_bundle
from tests.workspace.editions.test_corrigenda import WATER, Printed
from workspace.core.actor import OPERATOR
from workspace.core.jobs import JobContext
from workspace.core.settings import Settings
from workspace.editions.domain.publication import EditionService
from workspace.editions.jobs import sign_new_editions
from workspace.editions.verification.bundle import bundle_of
from workspace.history.signing_keys import KeyFolder, KeyService

FORMS = ("md", "txt", "akn.xml")


@pytest.fixture
def printed(hall):
    return Printed(hall(WATER))


def bundles(printed, folder) -> list[bytes]:
    """Of each edition, newest first, as they are once the worker has made its round."""
    sign_new_editions(JobContext(printed.store, Settings(keys=str(folder))))
    with printed.store.reading() as db:
        return [bundle_of(db, one) for one in EditionService(db).editions(printed.hall.declaration(db))]


def test_a_byte_in_any_file_and_a_word_in_any_form_and_language_is_found_and_named(printed, tmp_path):
    with printed.store.writing() as db:
        key = KeyService(db, KeyFolder(tmp_path)).create(actor=OPERATOR).public
    trust, files = TrustAnchors(keys=[key]), unpack(bundles(printed, tmp_path)[0])
    assert verify_bundle(pack(files), trust).exit_code == 0
    for name, content in files.items():
        changed = bytearray(content)
        changed[len(content) // 2] ^= 1
        report = verify_bundle(pack({**files, name: bytes(changed)}), trust)
        named = {one.file for one in (*report.findings, *report.troubles)}
        assert report.exit_code in {1, 2}, name
        assert name in named or (name in {SIGNATURE, KEY, CHECKPOINT} and named), name
        gone = verify_bundle(pack({other: data for other, data in files.items() if other != name}), trust)
        assert name in {one.file for one in gone.findings} or (
            name in {SIGNATURE, CHECKPOINT} and len(gone.vouchers) < 2
        )
    for language in Language:
        word = WATER[language].split()[2]
        for form in FORMS:
            name = f"declaration.{language.value}.{form}"
            changed = files[name].replace(word.encode(), b"sell", 1)
            assert changed != files[name]
            report = verify_bundle(pack({**files, name: changed}), trust)
            told = {(one.what.value, one.file, one.paragraph, one.language) for one in report.findings}
            assert ("text_differs", name, "1", language.value) in told


def test_editions_signed_under_old_keys_verify_until_the_key_is_revoked(printed, tmp_path):
    with printed.store.writing() as db:
        first = KeyService(db, KeyFolder(tmp_path)).create(actor=OPERATOR).public
    bundles(printed, tmp_path)
    with printed.store.writing() as db:
        second = KeyService(db, KeyFolder(tmp_path)).rotate(actor=OPERATOR).public
    printed.correct()
    printed.say("ask", "A slip.")
    printed.confirm()
    new, old = bundles(printed, tmp_path)
    both = TrustAnchors(keys=[first, second])
    assert [verify_bundle(one, both).vouchers for one in (new, old)] == [[Voucher.SIGNATURE, Voucher.CHECKPOINT]] * 2
    assert [verify_bundle(one, both).key for one in (new, old)] == [second.hint.hex(), first.hint.hex()]
    after = TrustAnchors(keys=[second], revoked=[first])
    assert verify_bundle(new, after).exit_code == 0
    assert {one.why for one in verify_bundle(old, after).troubles} == {SignatureProblem.REVOKED}
