"""The laws of the house, as functions from a source tree to a list of faults."""

import ast
import graphlib
import sys
from collections.abc import Iterator
from pathlib import Path

import attrs

__all__ = [
    "FACE",
    "LAYERS",
    "circle_faults",
    "late_faults",
    "layer_faults",
    "outside_faults",
    "read_house",
    "size_faults",
]

FACE = "attrition"

# From the ground up. A module imports from lower layers and from its own wing.
LAYERS = (
    {"errors", "_typing", "_version"},
    {"words"},
    {"uncertain"},
    {"accounts"},
    {"evidence"},
    {"projection"},
    {"series", "lanchester"},
    {"report"},
    {FACE},
)

# What a module may import when it is itself imported; the rest, scipy and
# matplotlib, only inside the function that uses it.
CHEAP = {"attr", "attrs", "numpy", FACE, *sys.stdlib_module_names}

MOST_LINES_OF_A_FILE = 400
MOST_LINES_OF_A_FUNCTION = 40


@attrs.frozen(kw_only=True)
class Import:
    """One imported name: where it is written, what it names, and when it runs."""

    line: int
    target: str
    late: bool
    for_types: bool


@attrs.frozen(kw_only=True)
class Module:
    """A source file: its dotted name, its text and what it imports."""

    name: str
    text: str
    imports: tuple[Import, ...]

    @property
    def wing(self) -> str:
        """The folder or the single file under the face that the module belongs to."""
        return self.name.split(".")[1] if "." in self.name else FACE

    @property
    def functions(self) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
        """Every function and method, nested ones too."""
        kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
        return [node for node in ast.walk(ast.parse(self.text)) if isinstance(node, kinds)]


def read_house(root: Path) -> dict[str, Module]:
    """The modules under a folder that is called like the face, by dotted name."""
    files = {_dotted(path.relative_to(root.parent)): path for path in sorted(root.rglob("*.py"))}
    return {
        name: _module(name, path.read_text("utf-8"), set(files)) for name, path in files.items()
    }


def layer_faults(house: dict[str, Module]) -> list[str]:
    """Imports that point up or sideways, and wings that no layer knows."""
    height = {wing: at for at, wings in enumerate(LAYERS) for wing in wings}
    unknown = [
        f"{module.name} lies in no layer" for module in house.values() if module.wing not in height
    ]
    return unknown + [
        f"{module.name}:{found.line} imports {found.target}, which is not below it"
        for module, found, target in _inner_imports(house)
        if module.wing != target.wing
        if height.get(module.wing, 0) <= height.get(target.wing, 0)
    ]


def circle_faults(house: dict[str, Module]) -> list[str]:
    """Modules that import each other, directly or round a corner, for types too."""
    graph: dict[str, set[str]] = {name: set() for name in house}
    for module, _, target in _inner_imports(house):
        graph[module.name].add(target.name)
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        # It lists what is imported before what imports it.
        return [" imports ".join(reversed(error.args[1]))]
    return []


def late_faults(house: dict[str, Module]) -> list[str]:
    """Imports of the house itself inside a function."""
    return [
        f"{module.name}:{found.line} imports {found.target} late"
        for module, found, _ in _inner_imports(house)
        if found.late
    ]


def outside_faults(house: dict[str, Module]) -> list[str]:
    """Imports that would make ``import attrition`` slow or its dependencies more."""
    return [
        f"{module.name}:{found.line} imports {found.target} at import time"
        for module in house.values()
        for found in module.imports
        if not (found.late or found.for_types)
        if found.target.split(".")[0] not in CHEAP
    ]


def size_faults(house: dict[str, Module]) -> list[str]:
    """Files and functions that are too long; a docstring does not count."""
    files = [
        f"{module.name} has {count} lines, over {MOST_LINES_OF_A_FILE}"
        for module in house.values()
        if (count := len(module.text.splitlines())) > MOST_LINES_OF_A_FILE
    ]
    functions = [
        f"{module.name}:{function.lineno} {function.name} has {count} lines, "
        f"over {MOST_LINES_OF_A_FUNCTION}"
        for module in house.values()
        for function in module.functions
        if (count := _length(function)) > MOST_LINES_OF_A_FUNCTION
    ]
    return files + functions


def _inner_imports(house: dict[str, Module]) -> Iterator[tuple[Module, Import, Module]]:
    for module in house.values():
        for found in module.imports:
            if found.target in house:
                yield module, found, house[found.target]


def _dotted(path: Path) -> str:
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def _module(name: str, text: str, known: set[str]) -> Module:
    found = _imports(ast.parse(text), known, late=False, for_types=False)
    return Module(name=name, text=text, imports=tuple(found))


def _imports(node: ast.AST, known: set[str], *, late: bool, for_types: bool) -> Iterator[Import]:
    for target in _targets(node, known):
        yield Import(line=getattr(node, "lineno", 0), target=target, late=late, for_types=for_types)
    late = late or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
    for_types = for_types or (
        isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
    )
    for child in ast.iter_child_nodes(node):
        yield from _imports(child, known, late=late, for_types=for_types)


def _targets(node: ast.AST, known: set[str]) -> Iterator[str]:
    """The modules that a statement imports; ``from a import b`` is a.b where that is one."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    if isinstance(node, ast.ImportFrom):
        base = "." * node.level + (node.module or "")
        inner = [f"{base}.{alias.name}" for alias in node.names]
        yield from dict.fromkeys(name if name in known else base for name in inner)


def _length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    total = (function.end_lineno or 0) - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function) is None:
        return total
    return total - ((first.end_lineno or 0) - first.lineno + 1)
