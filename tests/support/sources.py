"""Our own source as data: modules by name, what they import, circles among them, lines of code."""

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from tests.support.processes import ROOT

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def name_of(path: Path) -> str:
    """Return the full name of a module; a package has the name of its folder."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def nodes(tree: ast.AST, *, late: bool) -> Iterator[ast.AST]:
    """Yield what is in a tree; only with `late` what is in its functions."""
    for node in ast.iter_child_nodes(tree):
        if late or not isinstance(node, FUNCTIONS):
            yield node
            yield from nodes(node, late=late)


@cache
def imports(source: str, package: str = "", *, late: bool = True) -> frozenset[str]:
    """Return the full names that a source imports: `from a import b` counts as a.b.

    Args:
        package: of the module; `from . import state` in netlib counts as netlib.state.
        late: also what is imported within functions.
    """
    found = set[str]()
    for node in nodes(ast.parse(source), late=late):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package.rsplit(".", node.level - 1)[0] if node.level else ""
            module = ".".join(part for part in (above, node.module) if part)
            found |= {f"{module}.{alias.name}" for alias in node.names}
    return frozenset(found)


def circle(modules: Mapping[str, str], *, late: bool) -> list[str]:
    """Return a circle of modules that import each other, empty when there is none.

    Imports for type checkers count; those within functions do with `late`.
    """
    known = {
        name: {
            owner
            for found in imports(source, name.rpartition(".")[0], late=late)
            if (owner := found if found in modules else found.rpartition(".")[0]) in modules
        }
        for name, source in modules.items()
    }
    try:
        TopologicalSorter(known).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def code_lines(source: str) -> int:
    """Return how many lines are neither empty, nor comments, nor docstrings."""
    described = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    docs = {
        line
        for node in ast.walk(ast.parse(source))
        if isinstance(node, described) and ast.get_docstring(node) is not None
        for line in range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1)
    }
    lines = [line.strip() for number, line in enumerate(source.splitlines(), 1) if number not in docs]
    return sum(line != "" and not line.startswith("#") for line in lines)
