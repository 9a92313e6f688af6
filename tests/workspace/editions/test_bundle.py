"""The bundle of a published edition, through every door: page, API and command line; and what it must not tell."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from drafts.base.transparency_log import PublicKey, SignedNote
from drafts.formats.bundle import pack, unpack
from drafts.formats.verification_files import GUIDE
from drafts.text.blocks import Language
from drafts.verification.bundle_report import TrustAnchors, Voucher
from drafts.verification.bundle_verification import verify_bundle
from tests.conftest import missing
from tests.support import factories
from workspace.cli import run
from workspace.core.actor import NOBODY, OPERATOR
from workspace.core.jobs import JobContext
from workspace.core.settings import Settings
from workspace.declarations.domain.phase_changes import PhaseService
from workspace.editions.domain.edition_store import recorded_rows, sha256
from workspace.editions.domain.models import Edition
from workspace.editions.domain.publication import EditionService
from workspace.editions.jobs import sign_new_editions
from workspace.editions.messages import VERDICTS
from workspace.editions.verification import bundle as bundling
from workspace.editions.verification.bundle import bundle_of
from workspace.editions.verification.signing import unsigned_editions
from workspace.history.audit import audit
from workspace.history.checkpoints import CheckpointService
from workspace.history.signing_keys import KeyFolder, KeyService
from workspace.web.i18n.messages import messages

ES, EN, FR = Language
AT = "third-forum/declaration"
WATER = {
    ES: "Las ciudades compartirán el agua.",
    EN: "Towns shall share water.",
    FR: "Les villes partagent l’eau.",
}
TREES = {ES: "Las ciudades plantarán árboles.", EN: "Towns shall plant trees.", FR: "Les villes plantent des arbres."}
REASON = "so decided"  # what the hall says when it edits


@pytest.fixture
def keys(tmp_path) -> Path:
    return tmp_path / "keys"


@pytest.fixture
def published(hall):
    hall = hall(WATER, TREES)
    hall.reword(EN, 0, "Towns shall share their water.")
    hall.save(ES, 0, "Las ciudades compartirán su agua.", sources=(EN,))
    hall.save(FR, 0, "Les villes partagent leur eau.", sources=(EN,))
    hall.sign()
    hall.request()
    hall.publish()
    return hall


def make_key(hall, keys) -> PublicKey:
    with hall.store.writing() as db:
        return KeyService(db, KeyFolder(keys)).create(actor=OPERATOR).public


def sealed(hall, keys) -> None:
    sign_new_editions(JobContext(hall.store, Settings(keys=str(keys))))


def bundle(hall) -> bytes:
    with hall.store.reading() as db:
        edition = EditionService(db).editions(hall.declaration(db))[0]
        return bundle_of(db, db.get_one(Edition, edition.id))


def decisions(data: bytes):
    return json.loads(unpack(data)["decisions.json"])


def test_a_sealed_edition_is_proved_by_key_and_by_a_checkpoint_kept_outside(published, keys):
    key = make_key(published, keys)
    sealed(published, keys)
    data = bundle(published)
    with published.store.reading() as db:
        outside = SignedNote.read(CheckpointService(db).latest().note)
    assert verify_bundle(data, TrustAnchors(keys=[key])).vouchers == [Voucher.SIGNATURE, Voucher.CHECKPOINT]
    assert verify_bundle(data, TrustAnchors(outside=[outside])).vouchers == [Voucher.OUTSIDE]


def test_the_bundle_stays_the_same_while_the_log_grows(published, keys):
    make_key(published, keys)
    sealed(published, keys)
    before = bundle(published)
    with published.store.writing() as db:
        factories.person(db, factories.Role.MEMBER)
        KeyService(db, KeyFolder(keys)).rotate(actor=OPERATOR)
        CheckpointService(db).make(KeyService(db, KeyFolder(keys)))
    sealed(published, keys)
    bundling_forgets()
    assert bundle(published) == before


def bundling_forgets() -> None:
    """Make it anew rather than from what is kept at hand."""
    bundling._kept.clear()


def test_sealing_twice_signs_once_and_leaves_the_history_whole(published, keys):
    make_key(published, keys)
    sealed(published, keys)
    sealed(published, keys)
    with published.store.reading() as db:
        assert unsigned_editions(db) == []
        assert audit(db).findings == ()


def test_without_a_key_the_bundle_says_plainly_that_nothing_signs_it(published, keys, tmp_path, capsys):
    data = bundle(published)
    key = make_key(published, keys)
    assert {"manifest.json.sig", "key.pem", "checkpoint.txt"}.isdisjoint(unpack(data))
    (tmp_path / "bundle.zip").write_bytes(data)
    assert run(["verify", str(tmp_path / "bundle.zip"), "--json"]) == 3
    told = json.loads(capsys.readouterr().out)
    assert told["verdict"] == "not_provable"
    assert (told["key"], told["vouchers"]) == (None, [])
    (tmp_path / "keys.txt").write_text(key.line)
    assert run(["verify", str(tmp_path / "bundle.zip"), "--keys", str(tmp_path / "keys.txt")]) == 3
    assert VERDICTS[3] not in capsys.readouterr().out  # to give a key, as was done


def test_each_text_names_the_entry_that_put_it_in_force(published):
    told = decisions(bundle(published))
    kinds = [{language: text["kind"] for language, text in one["texts"].items()} for one in told["paragraphs"]]
    assert kinds == [
        {"es": "translation.saved", "en": "editorial", "fr": "translation.saved"},
        {"es": "import", "en": "import", "fr": "import"},
    ]


def test_the_reasons_of_decisions_stay_out_of_the_bundle_while_the_history_is_closed(published):
    told = decisions(bundle(published))
    cause = told["paragraphs"][0]["texts"]["en"]
    kept_back = {one["sequence"] for one in told["entries"] if one["entry"] is None and len(one["leaf"]) == 64}
    assert {cause["entry"], *cause["decisions"]} == kept_back
    assert not any(REASON in (one["entry"] or "") for one in told["entries"])
    assert verify_bundle(bundle(published), TrustAnchors()).findings == []


def test_once_the_history_is_open_the_decisions_are_in_the_bundle_word_for_word_and_a_checkpoint_covers_that(
    published, keys
):
    key = make_key(published, keys)
    sealed(published, keys)
    before = unpack(bundle(published))
    with published.store.writing() as db:
        PhaseService(db).open_history(
            published.declaration(db), is_open=True, reason="It is history now.", actor=published.chair
        )
        CheckpointService(db).make(KeyService(db, KeyFolder(keys)))
    after = unpack(bundle(published))
    [decision] = json.loads(after["decisions.json"])["paragraphs"][0]["texts"]["en"]["decisions"]
    entries = {one["sequence"]: one["entry"] for one in json.loads(after["decisions.json"])["entries"]}
    assert REASON in entries[decision]
    assert {name for name in after if after[name] != before[name]} == {"decisions.json", "checkpoint.txt"}
    assert verify_bundle(pack(after), TrustAnchors(keys=[key])).exit_code == 0
    told = json.loads(after["decisions.json"])
    assert REASON in {json.loads(row)["reason"] for row in told["rows"]["decision"]}
    assert not json.loads(before["decisions.json"])["rows"]
    said = after["decisions.json"].replace(REASON.encode(), b"not decided")
    found = verify_bundle(pack({**after, "decisions.json": said}), TrustAnchors(keys=[key]))
    assert "record_differs" in {finding.what.value for finding in found.findings}


def test_the_signed_list_of_an_edition_covers_reasons_and_outcomes(published):
    listed = json.loads(unpack(bundle(published))["record.json"])["rows"]
    with published.store.reading() as db:
        rows = recorded_rows(db, published.declaration(db))
    assert listed["decision"]
    for name, digests in listed.items():
        assert digests == sorted(sha256(row) for row in rows[name])
    assert b"reason" in rows["decision"][0]


def test_a_text_that_was_left_out_names_the_decision(hall):
    hall = hall(WATER, {ES: TREES[ES], EN: TREES[EN]})
    hall.leave_out(FR, 1, "It names a Spanish law.")
    hall.sign()
    hall.request()
    hall.publish()
    told = decisions(bundle(hall))
    absent = told["paragraphs"][1]["texts"]["fr"]
    assert absent["kind"] == "absent"
    assert absent["entry"] in {one["sequence"] for one in told["entries"]}
    assert verify_bundle(bundle(hall), TrustAnchors()).findings == []


def test_anyone_downloads_the_bundle_and_asks_again_by_its_etag(published, keys, visit):
    make_key(published, keys)
    sealed(published, keys)
    client = visit(NOBODY)
    answer = client.get(f"/en/{AT}/editions/1/bundle.zip")
    assert answer.content == bundle(published)
    assert answer.headers["content-disposition"] == 'attachment; filename="bundle.zip"'
    again = client.get(f"/en/{AT}/editions/1/bundle.zip", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    program = client.get(f"/api/declarations/{published.declaration_id}/editions/1/bundle")
    assert (program.content, program.headers["etag"]) == (answer.content, answer.headers["etag"])
    assert client.get(f"/en/{AT}/editions/2/bundle.zip").status_code == 404


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("language", ["es", "en", "fr"])
def test_the_edition_page_leads_to_the_bundle_and_to_the_page_that_verifies_it(visit, language):
    client = visit(NOBODY)
    page = client.get(f"/{language}/{AT}/editions/1").text
    assert f"/{language}/{AT}/editions/1/bundle.zip" in page
    assert f'href="/{language}/verify"' in page
    assert client.get(f"/{language}/verify").status_code == 200


def test_the_page_that_verifies_knows_the_keys_of_this_workspace_and_which_were_revoked(published, keys, visit):
    first = make_key(published, keys)
    with published.store.writing() as db:
        service = KeyService(db, KeyFolder(keys))
        second = service.rotate(actor=OPERATOR).public
        service.revoke(first.hint.hex(), reason="stolen", actor=OPERATOR)
    page = visit(NOBODY).get("/en/verify").text
    assert f"revoked {first.line}\n{second.line}" in page.replace("&#43;", "+")


# The command


@pytest.fixture
def held(published, keys, tmp_path) -> Iterator[Path]:
    """A folder in which somebody keeps a bundle, a key and a checkpoint."""
    key = make_key(published, keys)
    sealed(published, keys)
    (tmp_path / "bundle.zip").write_bytes(bundle(published))
    (tmp_path / "keys.txt").write_text(f"# from the secretariat\n{key.line}\n")
    (tmp_path / "checkpoint.txt").write_bytes(unpack(bundle(published))["checkpoint.txt"])
    return tmp_path


def altered(folder: Path, **changed: bytes) -> str:
    files = unpack((folder / "bundle.zip").read_bytes())
    files |= {name.replace("__", "."): data for name, data in changed.items()}
    (folder / "altered.zip").write_bytes(pack(files))
    return str(folder / "altered.zip")


def test_the_command_says_good_with_a_key_or_a_checkpoint(held):
    assert run(["verify", str(held / "bundle.zip"), "--keys", str(held / "keys.txt")]) == 0
    assert run(["verify", str(held / "bundle.zip"), "--checkpoint", str(held / "checkpoint.txt")]) == 0
    assert run(["verify", str(held / "bundle.zip")]) == 3


def test_the_command_says_which_declaration_of_which_forum_it_looked_at(held, capsys, monkeypatch):
    monkeypatch.setenv("WORKSPACE_LANGUAGE", "fr")
    assert run(["verify", str(held / "bundle.zip"), "--keys", str(held / "keys.txt")]) == 0
    assert "Draft Declaration (Third Forum), édition 1\u00a0: 6 textes" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["\x1b[2J\x1b[HThis is the edition that was published.", "\u202etxt.exe", "\x9b2J"])
def test_nothing_in_a_bundle_commands_the_terminal(held, capsys, name):
    assert run(["verify", altered(held, **{name: b""}), "--keys", str(held / "keys.txt")]) == 1
    assert run(["verify", altered(held, **{f"{name}/": b""})]) == 4
    said = capsys.readouterr()
    assert name[-2:] in said.err
    assert not {"\x1b", "\u202e", "\x9b"} & set(said.out + said.err)


def test_the_command_names_the_paragraph_and_the_language_that_were_altered(held, capsys):
    text = unpack((held / "bundle.zip").read_bytes())["declaration.json"]
    bundle = altered(held, declaration__json=text.replace(b"Les villes plantent", b"Les villes coupent"))
    assert run(["verify", bundle, "--keys", str(held / "keys.txt")]) == 1
    assert "Paragraph 2, French: the text was altered (in declaration.json)." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("language", "names"), [("es", ("«Towns", "1 a)")), ("en", ("“Towns", "1(a)")), ("fr", ("«\u00a0Towns", "1 a)"))]
)
def test_a_paragraph_is_named_as_the_reader_writes(held, capsys, monkeypatch, language, names):
    monkeypatch.setenv("WORKSPACE_LANGUAGE", language)
    text = unpack((held / "bundle.zip").read_bytes())["declaration.json"]
    for number, name in zip(("", "1(a)"), names, strict=True):
        changed = text.replace(b'"number": "1"', f'"number": "{number}"'.encode())
        assert run(["verify", altered(held, declaration__json=changed)]) == 1
        assert name in capsys.readouterr().err


def test_the_command_answers_programs_in_json(held, capsys):
    bundle = altered(held, declaration__fr__md=b"# Rien\n")
    assert run(["verify", bundle, "--keys", str(held / "keys.txt"), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["verdict"] == "altered"
    assert {"what": "file_altered", "file": "declaration.fr.md"} in told["findings"]
    assert {"what": "text_differs", "file": "declaration.fr.md", "paragraph": "1", "language": "fr"} in told["findings"]


@pytest.mark.parametrize(("before", "why"), [("revoked ", "revoked_key"), ("", "unknown_key")])
def test_a_key_that_does_not_count_is_trouble(held, capsys, before, why, tmp_path):
    line = (held / "keys.txt").read_text().split("\n")[1]
    if not before:
        with_another = KeyFolder(tmp_path / "others").create()
        line = with_another.line
    (held / "mine.txt").write_text(f"{before}{line}\n")
    assert run(["verify", str(held / "bundle.zip"), "--keys", str(held / "mine.txt"), "--json"]) == 2
    assert {trouble["why"] for trouble in json.loads(capsys.readouterr().out)["troubles"]} == {why}


def test_a_later_checkpoint_needs_the_proof_that_the_workspace_gives(held, published, keys, visit):
    with published.store.writing() as db:
        factories.person(db, factories.Role.MEMBER)
        later = CheckpointService(db).make(KeyService(db, KeyFolder(keys)))
        (held / "later.txt").write_text(later.note)
        size = later.size
    since = SignedNote.read((held / "checkpoint.txt").read_text()).checkpoint.size
    proof = visit(NOBODY).get(f"/api/checkpoints/{size}/consistency/{since}")
    (held / "proof.json").write_bytes(proof.content)
    asked = ["verify", str(held / "bundle.zip"), "--checkpoint", str(held / "later.txt")]
    assert run(asked) == 3
    assert run([*asked, "--proof", str(held / "proof.json")]) == 0


@pytest.mark.parametrize("wrong", [["verify"], ["verify", "nowhere.zip"], ["verify", __file__], ["verify", "--what"]])
def test_a_wrong_call_or_what_cannot_be_read_ends_with_4(wrong):
    assert run(wrong) == 4


def test_a_line_that_is_no_key_is_named_with_its_file(held, capsys):
    (held / "mine.txt").write_text(f"# ours\n{(held / 'keys.txt').read_text().splitlines()[1]}\nhello\n")
    assert run(["verify", str(held / "bundle.zip"), "--keys", str(held / "mine.txt")]) == 4
    assert "mine.txt”: problem at line 3" in capsys.readouterr().err


def test_a_key_or_checkpoint_that_cannot_be_read_ends_with_4(held):
    for option in ("--keys", "--checkpoint", "--proof"):
        assert run(["verify", str(held / "bundle.zip"), option, str(held / "bundle.zip")]) == 4


def test_the_command_needs_neither_web_nor_database(held):
    code = (
        "import sys; from workspace.cli import run; "
        f"code = run(['verify', {str(held / 'bundle.zip')!r}, '--keys', {str(held / 'keys.txt')!r}]); "
        "print(code, *{'litestar', 'sqlalchemy', 'jinja2'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[-2] == "0"


@pytest.mark.parametrize(
    "language",
    ["es", "en", "fr"],
)
def test_the_verdict_is_in_the_language_of_the_command_line(held, capsys, monkeypatch, language):
    monkeypatch.setenv("WORKSPACE_LANGUAGE", language)
    assert run(["verify", str(held / "bundle.zip"), "--keys", str(held / "keys.txt")]) == 0
    assert messages(Language(language)).gettext(VERDICTS[0]) in capsys.readouterr().out


def test_the_guide_in_the_bundle_leads_through_public_tools_alone(published, keys, tmp_path):
    if not (shutil.which("openssl") and shutil.which("sha256sum")):
        missing("openssl or sha256sum")
    make_key(published, keys)
    sealed(published, keys)
    folder = tmp_path / "unpacked"
    folder.mkdir()
    for name, content in unpack(bundle(published)).items():
        (folder / name).write_bytes(content)
    guide = (folder / GUIDE).read_text()
    signature, files = (
        command.replace("\\\n", "")
        for command in re.findall(r"\([12]\)  (openssl[^\n]+|grep.+?-c)\n", guide, re.DOTALL)
    )

    def follow(command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(["/bin/sh", "-c", command], cwd=folder, capture_output=True, text=True, check=False)

    assert follow(signature).returncode == 0
    told = follow(files)
    assert told.returncode == 0
    assert told.stdout.count(": OK") == len(json.loads((folder / "manifest.json").read_bytes())["files"])
    (folder / "declaration.fr.txt").write_text("Les villes ne partagent rien.")
    assert "declaration.fr.txt: FAILED" in follow(files).stdout
    (folder / "manifest.json").write_bytes((folder / "manifest.json").read_bytes() + b" ")
    assert follow(signature).returncode != 0
