"""Read the package's source without importing it: modules, and who imports whom.

Counts every import statement, also those under TYPE_CHECKING and inside functions: a cycle that the
interpreter does not see is still a cycle for the reader.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src"
PACKAGE = "selectorate"


@dataclass(frozen=True, slots=True)
class Module:
    """One file of the package: its dotted name, its path and its tree."""

    name: str
    path: Path
    tree: ast.Module

    @property
    def room(self) -> str:
        """The folder or file directly under the package ("count"); the package itself is its own."""
        parts = self.name.split(".")
        return parts[1] if len(parts) > 1 else parts[0]


@dataclass(frozen=True, slots=True)
class Import:
    """`importer` names `imported`, at a line. Foreign packages are named as they are."""

    importer: str
    imported: str
    line: int


@cache
def modules() -> tuple[Module, ...]:
    """Every module of the package, and the kernel's stub as a module without imports."""
    found = []
    for path in sorted((SOURCE / PACKAGE).rglob("*.py")):
        parts = path.relative_to(SOURCE).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found.append(Module(name, path, ast.parse(path.read_text(encoding="utf-8"), str(path))))
    return tuple(found)


def imports(package: tuple[Module, ...]) -> tuple[Import, ...]:
    """Every import of every module; `from a import b` names a.b where that is a module, else a."""
    names = {module.name for module in package} | {f"{PACKAGE}._kernel"}
    return tuple(found for module in package for found in _of(module, names))


def _of(module: Module, names: set[str]) -> Iterator[Import]:
    inside = module.name if module.path.name == "__init__.py" else module.name.rpartition(".")[0]
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(module.name, alias.name, node.lineno)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = inside.split(".")[: len(inside.split(".")) - node.level + 1]
                base = ".".join([*above, base] if base else above)
            for alias in node.names:
                within = f"{base}.{alias.name}"
                yield Import(module.name, within if within in names else base, node.lineno)


def cycles(graph: dict[str, set[str]]) -> list[list[str]]:
    """Groups of more than one module that reach each other, and modules that import themselves (Tarjan)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    groups: list[list[str]] = []

    def visit(name: str) -> None:
        index[name] = low[name] = len(index)
        stack.append(name)
        for other in sorted(graph.get(name, ())):
            if other not in index:
                visit(other)
                low[name] = min(low[name], low[other])
            elif other in stack:
                low[name] = min(low[name], index[other])
        if low[name] == index[name]:
            cut = stack.index(name)
            group = stack[cut:]
            del stack[cut:]
            if len(group) > 1 or name in graph.get(name, ()):
                groups.append(sorted(group))

    for name in sorted(graph):
        if name not in index:
            visit(name)
    return groups
