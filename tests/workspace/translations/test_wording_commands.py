"""The glossary and the memory through the command line: what goes out comes back in."""

import re
from pathlib import Path

import pytest

from tests.workspace.test_cli import first_forum, founded, here, texts  # noqa: F401  (fixtures)
from workspace.cli import run

TABLE = "es,en,fr,forbidden_fr\nfuente,fountain,fontaine,jet d’eau\n"


@pytest.fixture
def drafted(founded: Path) -> Path:  # noqa: F811
    assert run(["import", *texts(founded), "--declaration", "water"]) == 0
    (founded / "terms.csv").write_text(TABLE)
    return founded


@pytest.mark.usefixtures("drafted")
def test_a_glossary_goes_in_and_comes_out_of_a_forum_and_of_a_declaration(capfdbinary):
    for place in ("forum", "forum/water"):
        assert run(["glossary", "import", place, "terms.csv", "--as", "Luc"]) == 0
        assert re.findall(rb"\d+", capfdbinary.readouterr().out) == [b"1", b"0", b"0"]
        assert run(["glossary", "export", place, "--as", "Luc"]) == 0
        assert "jet d’eau" in capfdbinary.readouterr().out.decode()
    assert run(["glossary", "import", "forum", "terms.csv", "--as", "Nobody"]) == 2


def test_a_memory_goes_out_and_into_another_forum_and_words_are_found_with_their_source(drafted: Path, capfdbinary):
    for phase in ("drafting", "review"):
        run(["phase", "forum/water", phase, "--as", "Ana"])
    assert run(["sign", "forum/water", "--as", "Eva"]) == 0
    capfdbinary.readouterr()
    assert run(["memory", "export", "forum", "--as", "Eva"]) == 0
    (drafted / "m.tmx").write_bytes(capfdbinary.readouterr().out)
    assert run(["init", "second", "--network", "Towns", "--name", "Second", "--place", "Villa Clara, Cuba"]) == 0
    assert run(["user", "add", "Isa", "--forum", "second", "--role", "secretariat"]) == 0
    capfdbinary.readouterr()
    assert run(["memory", "import", "second", "m.tmx", "--as", "Isa"]) == 0
    assert re.findall(rb"\d+", capfdbinary.readouterr().out)[1:] == [b"0"]
    assert run(["memory", "find", "forum/water", "mend the pumps", "--as", "Eva"]) == 0
    told = capfdbinary.readouterr().out.decode()
    assert "Declaration, 2" in told
    assert "Les villes réparent les pompes." in told
    assert run(["memory", "find", "forum/water", "no such words", "--as", "Eva"]) == 1
