"""Commands as processes of their own, in which nothing is loaded but what they need."""

import os
import subprocess
import sys

from tests.support import factories
from workspace.core.actor import Role
from workspace.core.security.permissions import Phase


def test_the_step_to_adoption_is_asked_for_and_confirmed_by_a_process_of_its_own(store, tmp_path):
    with store.writing() as db:
        factories.chair(db)
        factories.person(db, Role.SECRETARIAT)
        factories.person(db, Role.MEMBER)
        factories.declaration(db, "Towns share water.", phase=Phase.CONSULTATION)
    address = "third-forum/declaration"
    people = ("--as", "A chair", "--second", "A secretariat")
    url = store.engine.url.render_as_string(hide_password=False)
    done = subprocess.run(
        [sys.executable, "-m", "workspace", "phase", address, "adoption", *people],
        env={**os.environ, "WORKSPACE_DATABASE_URL": url, "WORKSPACE_LANGUAGE": "en"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{address} is now in adoption.\n"
