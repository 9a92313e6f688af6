"""Every reason that the program gives for a refusal has a sentence of its own; the source itself is read for them."""

import ast
import re
from pathlib import Path

import drafts
import workspace
from tests.workspace.web.test_errors import every_refusal
from workspace.slices import REGISTRY
from workspace.web.refusals.slice_registry import PLACEHOLDER


def literals(node):
    return [one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str)]


def refused():
    """File, code, reason and facts of every call that makes a refusal with a reason written out."""
    codes = {kind.__name__: kind.code for kind in every_refusal()}
    raises = re.compile(rf"\b(?:{'|'.join(codes)})\(")
    for package in (drafts, workspace):
        root = Path(package.__file__).parent
        for path in sorted(root.rglob("*.py")):
            source = path.read_text(encoding="utf-8")
            if "reason=" not in source or not raises.search(source):  # to parse all of them takes seconds
                continue
            for node in ast.walk(ast.parse(source)):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in codes:
                    facts = {keyword.arg: keyword.value for keyword in node.keywords}
                    if "reason" in facts:
                        for reason in literals(facts["reason"]):
                            yield f"{path.relative_to(root.parent)}:{node.lineno}", codes[node.func.id], reason, facts


def test_every_reason_has_a_sentence_and_gives_the_facts_that_it_needs():
    found = list(refused())
    unknown = [(where, code, reason) for where, code, reason, _ in found if (code, reason) not in REGISTRY.reasons]
    lacking = [
        (where, sorted(needed - facts.keys()))
        for where, code, reason, facts in found
        if (needed := set(PLACEHOLDER.findall(REGISTRY.reasons.get((code, reason), "")))) - facts.keys()
    ]
    assert found
    assert unknown == [], "add them to the registry of their slice"
    assert lacking == [], "leaves out what its sentence tells"
