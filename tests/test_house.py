"""The limits of `tests.house` hold; and its measures see what they are there to see."""

from pathlib import Path

import pytest

from tests.house import GOALS, Figure, House, figures

PYPROJECT = """
[[tool.importlinter.contracts]]
type = "layers"
containers = ["drafts"]
layers = ["merge", "text : diff"]

[[tool.importlinter.contracts]]
type = "layers"
containers = ["workspace.amendments"]
layers = ["api", "service"]
"""
MODULES = {
    "drafts/__init__.py": "",
    "drafts/text.py": "def length(text):\n    one = text\n    return len(one)\n",
    "drafts/merge.py": "from drafts.text import length\n\n\ndef twice(text):\n    return length(text) * 2\n",
    "workspace/__init__.py": "",
    "workspace/amendments/__init__.py": "",
    "workspace/amendments/api.py": (
        "from workspace.amendments import service\n\nJOB = 'workspace.amendments.service:propose'\n"
    ),
    "workspace/amendments/service.py": ("def propose():\n    from workspace.amendments import api\n\n    return api\n"),
    "workspace/amendments/loose.py": "class Line:\n    pass\n",
}


@pytest.fixture
def small(tmp_path: Path) -> House:
    """A product of a few modules with one fault of each kind."""
    for name, source in MODULES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source, encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text(PYPROJECT, encoding="utf-8")
    return House(tmp_path)


@pytest.fixture(scope="module")
def measured() -> dict[str, Figure]:
    return {figure.what: figure for figure in figures()}


@pytest.mark.parametrize("what", GOALS)
def test_the_house_is_within_its_limits(measured, what):
    assert measured[what].is_within, str(measured[what])


def test_each_kind_of_fault_is_seen(small):
    assert small.circles == [["workspace.amendments.api", "workspace.amendments.service"]]
    assert small.unbound == ["workspace.amendments.loose"]
    assert small.variables("one") == 1
    assert len(small.strings_naming_code) == 1
    assert small.imported_once == ["drafts.text", "workspace.amendments.api", "workspace.amendments.service"]
    assert small.engine_levels == 2
    assert small.folders["workspace/amendments"] == 3
