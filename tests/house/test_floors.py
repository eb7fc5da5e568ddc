"""The floors of ARCHITECTURE.md, read from the source itself.

import-linter holds the same contracts in `make lint`; this reads the compiled kernel's place too, and what
the linter has no word for.
"""

from __future__ import annotations

import ast
import re

import pytest
from tests.house import source_graph
from tests.house.source_graph import PACKAGE, ROOT, Import, Module

FLOOR = {
    "errors": 0,
    "canon": 1, "workbook": 1, "_kernel": 1,
    "rules": 2, "log": 2,
    "roll": 3, "ballot": 3, "count": 3, "consult": 3, "register": 3,
    "office": 4, "verify": 4, "pages": 4,
    "web": 5, "cli": 5,
    "__main__": 6,
}  # fmt: skip
ROOMS = (
    "errors",
    "canon",
    "workbook",
    "rules",
    "log",
    "roll",
    "ballot",
    "count",
    "consult",
    "register",
    "pages",
)
WORLD = {
    "os", "sqlite3", "socket", "ssl", "subprocess", "time", "shutil", "tempfile", "urllib", "http", "asyncio",
    "threading", "multiprocessing", "signal", "locale", "pathlib", "glob", "getpass", "platform", "sys",
}  # fmt: skip
CLOCK = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today")}
NOT_TO_BE_CREATED = {
    "core", "models", "services", "schemas", "utils", "util", "common", "helpers", "helper", "types",
    "managers", "manager", "misc", "base", "user", "users", "process", "handle", "handler", "handlers",
    "data", "item", "items",
}  # fmt: skip
DOORS = {"selectorate.count.fast.door"}  # may open a file, to read it, for whoever counts from Python
VALUES = {
    "selectorate.count.certificate"
}  # modules of values under another name than objects; no maker in them
LINES_MAX = 500
FUNCTION_LINES_MAX = 60
FOLDER_FILES_MAX = 14


@pytest.fixture(scope="module")
def package() -> tuple[Module, ...]:
    return source_graph.modules()


@pytest.fixture(scope="module")
def found(package: tuple[Module, ...]) -> tuple[Import, ...]:
    return source_graph.imports(package)


def inner(found: tuple[Import, ...]) -> list[tuple[Import, str, str]]:
    """The imports within the package, each with the rooms at both ends."""
    pairs = []
    for each in found:
        if each.imported == PACKAGE or each.imported.startswith(PACKAGE + "."):
            ends = [name.split(".")[1] if "." in name else "" for name in (each.importer, each.imported)]
            pairs.append((each, ends[0], ends[1]))
    return pairs


def show(each: Import) -> str:
    return f"{each.importer} line {each.line} imports {each.imported}"


def test_every_room_has_its_floor(package: tuple[Module, ...]) -> None:
    strangers = {module.room for module in package} - FLOOR.keys() - {PACKAGE}
    assert not strangers, f"not on any floor of ARCHITECTURE.md: {sorted(strangers)}"


def test_imports_go_down_only_and_rooms_on_one_floor_have_no_door(found: tuple[Import, ...]) -> None:
    wrong = [
        show(each)
        for each, upper, lower in inner(found)
        if upper and lower and upper != lower and FLOOR[upper] <= FLOOR[lower]
    ]
    assert not wrong, "\n".join(wrong)


def test_no_cycle_even_through_imports_for_types_alone(
    package: tuple[Module, ...], found: tuple[Import, ...]
) -> None:
    graph: dict[str, set[str]] = {module.name: set() for module in package}
    for each, _, _ in inner(found):
        if each.imported in graph:
            graph[each.importer].add(each.imported)
    assert source_graph.cycles(graph) == []


def test_a_cycle_would_be_seen() -> None:
    assert source_graph.cycles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == [["a", "b", "c"]]


def _twin(name: str, word: str) -> bool:
    return any(part == word or part.startswith(word + "_") for part in name.split(".")[2:])


def test_what_checks_never_imports_what_makes(found: tuple[Import, ...]) -> None:
    wrong = [
        show(each)
        for each, _, _ in inner(found)
        if _twin(each.importer, "check") and _twin(each.imported, "make")
    ]
    assert not wrong, "\n".join(wrong)


def test_the_verifier_imports_only_what_checks(found: tuple[Import, ...]) -> None:
    """Checks, the values they take, and the floors below; never a maker, an office or a page."""
    wrong = [
        show(each)
        for each, upper, lower in inner(found)
        if upper == "verify"
        and lower not in {"", "verify", "log", "canon", "errors"}
        and not (_twin(each.imported, "check") or _twin(each.imported, "objects") or each.imported in VALUES)
    ]
    assert not wrong, "\n".join(wrong)


def test_no_room_touches_the_world(package: tuple[Module, ...], found: tuple[Import, ...]) -> None:
    rooms = {module.name: module for module in package if module.room in ROOMS}
    wrong = [show(each) for each in found if each.importer in rooms and each.imported.split(".")[0] in WORLD]
    for module in rooms.values():
        for node in ast.walk(module.tree):
            if not isinstance(node, ast.Call):
                continue
            call = node.func
            door = module.name in DOORS and isinstance(call, ast.Name) and call.id == "open"
            reads = door and [ast.unparse(one) for one in node.args[1:]] == ["'rb'"]
            if isinstance(call, ast.Name) and call.id in {"open", "input", "print"} and not reads:
                wrong.append(f"{module.name} line {node.lineno} calls {call.id}()")
            if isinstance(call, ast.Attribute):
                owner = call.value
                name = owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")
                if (name, call.attr) in CLOCK:
                    wrong.append(f"{module.name} line {node.lineno} reads the clock")
                if name == "duckdb" and call.attr[:1].islower():
                    wrong.append(f"{module.name} line {node.lineno} opens an engine of its own")
    assert not wrong, "\n".join(wrong)


def test_no_float_in_ballot_or_count(package: tuple[Module, ...]) -> None:
    wrong = []
    for module in package:
        if module.room not in {"ballot", "count"}:
            continue
        for node in ast.walk(module.tree):
            constant = isinstance(node, ast.Constant) and isinstance(node.value, float | complex)
            name = isinstance(node, ast.Name) and node.id == "float"
            rooted = isinstance(node, ast.Attribute) and node.attr in {"sqrt", "log2", "log10", "exp"}
            if constant or name or rooted:
                wrong.append(f"{module.name} line {getattr(node, 'lineno', '?')}")
    assert not wrong, "\n".join(wrong)


def test_no_verdict_hangs_on_an_assert(package: tuple[Module, ...]) -> None:
    wrong = []
    for module in package:
        lines = module.path.read_text(encoding="utf-8").splitlines()
        # one that only tells the type checker what the line before has settled may stay, and says so
        wrong += [
            f"{module.name} line {node.lineno}"
            for node in ast.walk(module.tree)
            if isinstance(node, ast.Assert) and "narrows the type" not in lines[node.lineno - 1]
        ]
    assert not wrong, "an assert vanishes under python -O:\n" + "\n".join(wrong)


def test_files_functions_and_folders_stay_small(package: tuple[Module, ...]) -> None:
    wrong = []
    for module in package:
        lines = len(module.path.read_text(encoding="utf-8").splitlines())
        if lines > LINES_MAX:
            wrong.append(f"{module.name}: {lines} lines, at most {LINES_MAX}")
        for node in ast.walk(module.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > FUNCTION_LINES_MAX:
                    wrong.append(f"{module.name}.{node.name}: {length} lines, at most {FUNCTION_LINES_MAX}")
    for folder in {module.path.parent for module in package}:
        files = len(list(folder.glob("*.py")))
        if files > FOLDER_FILES_MAX:
            wrong.append(f"{folder.relative_to(ROOT)}: {files} files, at most {FOLDER_FILES_MAX}")
    for path in sorted((ROOT / "auditor").glob("*.py")):
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > LINES_MAX:
            wrong.append(f"auditor/{path.name}: {lines} lines, at most {LINES_MAX}")
    assert not wrong, "\n".join(wrong)


def test_names_say_what_a_thing_is(package: tuple[Module, ...]) -> None:
    wrong = []
    for module in package:
        parts = module.name.split(".")[1:]
        wrong += [f"{module.name}: not to be created" for part in parts if part in NOT_TO_BE_CREATED]
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ClassDef):
                words = {word.lower() for word in re.findall(r"[A-Z][a-z]+", node.name)}
                if words & {
                    "user",
                    "process",
                    "handle",
                    "handler",
                    "data",
                    "item",
                    "manager",
                    "helper",
                    "util",
                }:
                    wrong.append(f"{module.name}.{node.name}: a name that says nothing")
    assert not wrong, "\n".join(wrong)


def test_every_room_says_what_it_takes_gives_refuses_and_leaves_out(package: tuple[Module, ...]) -> None:
    wrong = []
    for module in package:
        top = module.path.name == "__init__.py" and len(module.name.split(".")) == 2
        if not top or module.room in {"cli", "web"}:
            continue
        words = (ast.get_docstring(module.tree) or "").lower()
        lacking = [word for word in ("take", "give", "refuse", "deliberately absent") if word not in words]
        if lacking:
            wrong.append(f"{module.name}: its docstring does not say {', '.join(lacking)}")
    assert not wrong, "\n".join(wrong)


def test_the_auditor_needs_nothing_but_python() -> None:
    import sys

    files = sorted((ROOT / "auditor").glob("*.py"))
    if not files:
        pytest.skip("the auditor is not here yet")
    own = {path.stem for path in files} | {"auditor"}
    wrong = []
    for path in files:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [] if node.level else [node.module or ""]
            wrong += [
                f"{path.name} imports {name}"
                for name in names
                if name.split(".")[0] not in own and name.split(".")[0] not in sys.stdlib_module_names
            ]
    assert not wrong, "\n".join(wrong)
    assert len(files) <= 10, f"{len(files)} files; a stranger should read ten at most"
