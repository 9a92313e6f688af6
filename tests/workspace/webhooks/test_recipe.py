"""The recipes of the guide say of a message's signature what we wrote there."""

import re
import shutil
import subprocess
from pathlib import Path

from tests.conftest import missing
from workspace.help.guide import FOLDER
from workspace.web.i18n.messages import LANGUAGES
from workspace.webhooks.service import new_webhook_secret, signature_headers

BODY = '{"type": "amendment.proposed", "data": {"word": "é"}}'.encode()
AT = 1_793_000_000
NEEDED = ("bash", "base64", "od", "openssl")


def recipe(kind: str, language: str = "en") -> str:
    guide = (FOLDER / language / "operators-programs.md").read_text(encoding="utf-8")
    found = re.search(rf"```{kind}\n(.*?)```", guide, re.DOTALL)
    assert found
    return found[1]


def test_the_recipe_for_a_shell_finds_our_signature(tmp_path: Path):
    for program in NEEDED:
        if shutil.which(program) is None:
            missing(program)
    secret = new_webhook_secret()
    sent = signature_headers(secret, "message-1", AT, BODY)
    (tmp_path / "body.json").write_bytes(BODY)
    names = {"SECRET": secret, "ID": sent["webhook-id"], "STAMP": sent["webhook-timestamp"], "PATH": "/usr/bin:/bin"}

    done = subprocess.run(
        ["/bin/bash", "-c", recipe("sh")], cwd=tmp_path, env=names, capture_output=True, text=True, check=True
    )

    assert f"v1,{done.stdout.strip()}" == sent["webhook-signature"]


def test_the_recipe_in_python_tells_our_signature_from_another():
    secret = new_webhook_secret()
    sent = signature_headers(secret, "message-1", AT, BODY)
    names = {"secret": secret, "message_id": "message-1", "stamp": str(AT), "signature": sent["webhook-signature"]}

    def is_ours(body: bytes) -> object:
        told: dict[str, object] = {**names, "body": body}
        exec("import base64, hashlib, hmac\n" + recipe("python"), told)  # noqa: S102  (the words of our own guide)
        return told["is_ours"]

    assert (is_ours(BODY), is_ours(BODY + b" ")) == (True, False)


def test_the_recipes_are_the_same_in_every_language():
    assert len({recipe("sh", one) + recipe("python", one) for one in LANGUAGES}) == 1
