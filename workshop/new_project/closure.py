"""Which modules of the checkout some others need, read from their source."""

import ast
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

OURS = ("examples", "solutions", "workshop")  # what is copied by need; netlib travels as a whole
NONE: Mapping[str, str] = {}


def closure(
    first: Collection[str], root: Path, *, instead: Mapping[str, str] = NONE, without: Collection[str] = ()
) -> dict[str, Path]:
    """Return where the sources of these modules are, and of all that they need.

    Args:
        first: names of modules in the checkout.
        root: the checkout.
        instead: which module stands in for another one.
        without: modules that are left out; see `rewriting.without`.
    """
    found: dict[str, Path] = {}
    todo = list(first)
    while todo:
        name = todo.pop(0)
        path = _source(instead.get(name, name), root)
        if name in found or name in without or path is None:
            continue
        found[name] = path
        todo += [name.rpartition(".")[0], *_imported(path.read_text(encoding="utf-8"))]
    return found


def _source(module: str, root: Path) -> Path | None:
    """Return where a module's source is; None if it is none of ours."""
    if module.partition(".")[0] not in OURS:
        return None
    path = root.joinpath(*module.split("."))
    return next((it for it in (path / "__init__.py", path.with_suffix(".py")) if it.is_file()), None)


def _imported(source: str) -> Iterator[str]:
    """Yield what a source imports: `from a import b` may mean the module a.b."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
