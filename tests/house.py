"""How the product is built, measured: `python -m tests.house` prints each figure beside its limit and fails past one.

The files are parsed, never imported. Where a figure has not reached its goal, its limit is what it came to last, so
that it only gets better; a limit is raised by a page in `docs/decisions/` and no other way.
"""

import ast
import re
import statistics
import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
PRODUCT = ("drafts", "workspace")
COMMAND_TABLE = "workspace.cli"  # the only table that names code in strings: commands are loaded when they are called
NAMES_CODE = re.compile(r"(?:workspace|drafts)(?:\.[a-z_]\w*)+(?::\w+)?")
IMPORTERS = ("import_module", "__import__", "import_string", "resolve_name")


class Module(NamedTuple):
    """One file of the product; `nodes` are all of its syntax tree."""

    name: str
    path: Path
    lines: int
    nodes: Sequence[ast.AST]

    @property
    def is_package(self) -> bool:
        return self.path.name == "__init__.py"


class Figure(NamedTuple):
    """One measure: what it is, what it came to, the most it may be, the most it should be, and what it is made of."""

    what: str
    value: float
    limit: float
    goal: float
    detail: str = ""

    @property
    def is_within(self) -> bool:
        return self.value <= self.limit

    def __str__(self) -> str:
        mark = "OVER" if not self.is_within else "    " if self.value <= self.goal else "to go"
        figures = f"{self.value:>9,g} ≤ {self.limit:<9,g} goal {self.goal:<9,g}"
        return f"{mark:5} {self.what:46} {figures} {self.detail}".rstrip()


class House:
    """The product's files in `root`, parsed once."""

    def __init__(self, root: Path = ROOT) -> None:
        self.root = root
        self.modules = {module.name: module for module in _modules(root)}
        self.contracts = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
            "contracts"
        ]

    @cached_property
    def imports(self) -> Mapping[str, set[str]]:
        """Which modules each module imports, inside functions too."""
        return {name: set(self._imported(module)) - {name} for name, module in self.modules.items()}

    def _imported(self, module: Module) -> Iterator[str]:
        for node in module.nodes:
            if isinstance(node, ast.ImportFrom) and node.module:
                for alias in node.names:
                    full = f"{node.module}.{alias.name}"
                    found = full if full in self.modules else node.module
                    yield from [found] if found in self.modules else []
            elif isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names if alias.name in self.modules)

    @property
    def imported_once(self) -> list[str]:
        importers = Counter(imported for names in self.imports.values() for imported in names)
        own = (name for name, module in self.modules.items() if module.path.name not in {"__init__.py", "__main__.py"})
        return sorted(name for name in own if importers[name] == 1)

    @property
    def folders(self) -> Counter[str]:
        """How many modules stand side by side in each folder."""
        here = (module for module in self.modules.values() if not module.is_package)
        return Counter(str(module.path.parent.relative_to(self.root)) for module in here)

    @property
    def circles(self) -> list[list[str]]:
        """Modules that import one another in a circle, at import time or inside a function."""
        return [group for group in _components(self.imports) if len(group) > 1]

    def function_lengths(self, package: str) -> list[int]:
        functions = (ast.FunctionDef, ast.AsyncFunctionDef)
        modules = (module for name, module in self.modules.items() if name.split(".")[0] == package)
        nodes = (node for module in modules for node in module.nodes if isinstance(node, functions))
        return sorted((node.end_lineno or node.lineno) - node.lineno + 1 for node in nodes)

    @property
    def repeated_classes(self) -> dict[str, int]:
        """Names of public classes that stand in more than two modules."""
        where = defaultdict(set)
        for name, module in self.modules.items():
            for node in module.nodes:
                if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                    where[node.name].add(name)
        return {name: len(modules) for name, modules in sorted(where.items()) if len(modules) > 2}

    def variables(self, name: str) -> int:
        """In how many places a variable or a parameter of that name is bound."""
        nodes = (node for module in self.modules.values() for node in module.nodes)
        return sum(_bound_name(node) == name for node in nodes)

    @property
    def strings_naming_code(self) -> list[str]:
        """Strings by which code is found without an import that a reader or a contract could see."""
        return [
            f"{name}:{line} {text}"
            for name, module in self.modules.items()
            if name != COMMAND_TABLE
            for line, text in _strings_naming_code(module.nodes, self.modules)
        ]

    @property
    def unbound(self) -> list[str]:
        """Modules of a slice which no contract of layers places inside their slice."""
        slices = (name for name, module in self.modules.items() if name.count(".") >= 2 and not module.is_package)
        return [name for name in slices if name.startswith("workspace.") and not self._is_bound(name)]

    def _is_bound(self, name: str) -> bool:
        parts = name.split(".")
        return any(
            parts[depth] in _layer_names(contract) or contract.get("exhaustive") is True
            for depth in range(2, len(parts))
            for contract in self.contracts
            if contract["type"] == "layers" and ".".join(parts[:depth]) in contract.get("containers", ())
        )

    @property
    def engine_levels(self) -> int:
        return max(
            len(contract["layers"])
            for contract in self.contracts
            if contract["type"] == "layers" and "drafts" in contract.get("containers", ())
        )


def _modules(root: Path) -> Iterator[Module]:
    for top in PRODUCT:
        for path in sorted((root / top).rglob("*.py")):
            text = path.read_text(encoding="utf-8")
            parts = path.relative_to(root).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            yield Module(name, path, len(text.splitlines()), list(ast.walk(ast.parse(text))))


def _bound_name(node: ast.AST) -> str:
    if isinstance(node, ast.arg):
        return node.arg
    return node.id if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) else ""


def _layer_names(contract: Mapping[str, Any]) -> set[str]:
    return {name for layer in contract["layers"] for name in re.findall(r"[\w.]+", str(layer))}


def _components(graph: Mapping[str, Iterable[str]]) -> Iterator[list[str]]:
    """Strongly connected components (Tarjan), without recursion: a chain of imports may be long."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    for root in graph:
        work = [(root, iter(graph[root]))] if root not in index else []
        while work:
            node, successors = work[-1]
            if node not in index:
                index[node] = low[node] = len(index)
                stack.append(node)
            for successor in successors:
                if successor not in index:
                    work.append((successor, iter(graph.get(successor, ()))))
                    break
                if successor in stack:
                    low[node] = min(low[node], index[successor])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    at = stack.index(node)
                    yield sorted(stack[at:])
                    del stack[at:]


def _strings_naming_code(nodes: Sequence[ast.AST], known: Mapping[str, Module]) -> Iterator[tuple[int, str]]:
    calls = [node for node in nodes if isinstance(node, ast.Call)]
    loggers = {id(arg) for call in calls if ast.unparse(call.func).endswith("getLogger") for arg in call.args}
    imported = {id(arg) for call in calls if ast.unparse(call.func).split(".")[-1] in IMPORTERS for arg in call.args}
    started = {
        id(after)
        for node in nodes
        if isinstance(node, (ast.List, ast.Tuple))
        for before, after in zip(node.elts, node.elts[1:], strict=False)
        if isinstance(before, ast.Constant) and before.value == "-m"
    }
    for node in nodes:
        if not (isinstance(node, ast.Constant) and isinstance(node.value, str)) or id(node) in loggers | started:
            continue
        if not NAMES_CODE.fullmatch(node.value):
            continue
        module = node.value.partition(":")[0]
        inside = module.rpartition(".")[0]
        is_module = module in known and module not in PRODUCT and not known[module].is_package
        is_inside = inside in known and not known[inside].is_package
        if is_module or is_inside or id(node) in imported:
            yield node.lineno, node.value


def figures(house: House | None = None) -> list[Figure]:
    """Every measure with its limit and its goal."""
    house = house or House()
    folder, most = house.folders.most_common(1)[0]
    repeated, named, circles = house.repeated_classes, house.strings_naming_code, house.circles
    engine, service = house.function_lengths("drafts"), house.function_lengths("workspace")
    measured = {
        "lines of Python": (sum(module.lines for module in house.modules.values()), ""),
        "files": (len(house.modules), ""),
        "modules in the fullest folder": (most, folder),
        "modules with one importer": (len(house.imported_once), ""),
        "lines of a function of drafts, median": (statistics.median(engine), ""),
        "lines of a function of drafts, 95 of 100": (engine[int(0.95 * len(engine))], ""),
        "lines of a function of workspace, median": (statistics.median(service), ""),
        "lines of a function of workspace, 95 of 100": (service[int(0.95 * len(service))], ""),
        "levels in the contract of drafts": (house.engine_levels, ""),
        "modules of slices that no contract binds": (len(house.unbound), " ".join(house.unbound[:4])),
        "class names in more than two modules": (len(repeated), " ".join(repeated)),
        "variables called `one`": (house.variables("one"), ""),
        "strings that name code": (len(named), "; ".join(named[:3])),
        "circles of imports": (len(circles), "; ".join(" ".join(circle) for circle in circles)),
    }
    return [
        Figure(what, value, LIMITS.get(what, GOALS[what]), GOALS[what], detail)
        for what, (value, detail) in measured.items()
    ]


GOALS = {
    "lines of Python": 112_000,
    "files": 640,
    "modules in the fullest folder": 20,
    "modules with one importer": 80,
    "lines of a function of drafts, median": 6,
    "lines of a function of drafts, 95 of 100": 18,
    "lines of a function of workspace, median": 7,
    "lines of a function of workspace, 95 of 100": 25,
    "levels in the contract of drafts": 10,
    "modules of slices that no contract binds": 0,
    "class names in more than two modules": 5,
    "variables called `one`": 0,
    "strings that name code": 0,
    "circles of imports": 0,
}
LIMITS = {  # of what has not reached its goal yet
    "lines of Python": 143_880,
    "files": 642,
}


def main() -> None:
    measured = figures()
    sys.stdout.write("".join(f"{figure}\n" for figure in measured))
    sys.exit(not all(figure.is_within for figure in measured))


if __name__ == "__main__":
    main()
