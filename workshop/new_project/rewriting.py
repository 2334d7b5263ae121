"""Copied sources: other names in them, and what belongs to the course cut out. Pure."""

import ast
import re
from collections.abc import Collection, Iterable, Iterator, Mapping


def new_names(modules: Iterable[str], homes: Mapping[str, str]) -> dict[str, str]:
    """Return the new names of modules; those that have no home are left out.

    Args:
        homes: new names of packages; for a module, that of the nearest package above it counts.
    """
    found = {}
    for module in modules:
        above = [home for home in homes if f"{module}.".startswith(f"{home}.")]
        if above:
            nearest = max(above, key=len)
            found[module] = homes[nearest] + module[len(nearest) :]
    return found


def rewritten(text: str, modules: Mapping[str, str], words: Mapping[str, str]) -> str:
    """Return a text with other names in it.

    Args:
        modules: new names of modules, by the old ones; they may stand there with slashes, too.
        words: other texts, and what takes their place.
    """
    names = {old: new for old, new in modules.items() if "." in old}
    names |= {old.replace(".", "/"): new.replace(".", "/") for old, new in names.items()}
    names |= {f"from {old} import": f"from {new} import" for old, new in modules.items() if "." not in old}
    return _replaced(_replaced(text, words), names, before=r"(?<![\w./])", after=r"(?!\w)")


def _replaced(text: str, words: Mapping[str, str], before: str = "", after: str = "") -> str:
    longest_first = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    return re.sub(f"{before}({longest_first}){after}", lambda it: words[it[0]], text) if words else text


def without(source: str, modules: Collection[str]) -> str:
    """Return a source that neither imports from these modules nor calls what came from there.

    Only a call that stands alone as a statement is cut: what needs its result needs the module.
    """
    nodes = list(ast.walk(ast.parse(source)))
    cut: list[ast.stmt] = [it for it in nodes if isinstance(it, ast.ImportFrom) and it.module in modules]
    names = {alias.name for it in cut if isinstance(it, ast.ImportFrom) for alias in it.names}
    cut += _calls(nodes, names)
    gone = {line for it in cut for line in range(it.lineno, (it.end_lineno or it.lineno) + 1)}
    lines = source.splitlines(keepends=True)
    return "".join(line for number, line in enumerate(lines, 1) if number not in gone)


def _calls(nodes: Iterable[ast.AST], names: Collection[str]) -> Iterator[ast.stmt]:
    for node in nodes:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            called = node.value.func
            if isinstance(called, ast.Name) and called.id in names:
                yield node


def without_paragraphs(source: str, absent: Collection[str]) -> str:
    """Return a source whose docstring has lost the paragraphs that name one of these modules, `like this`."""
    docstring = ast.get_docstring(ast.parse(source), clean=False) or ""
    paragraphs = docstring.split("\n\n")
    gone = [it for it in paragraphs[1:] if any(f"`{name}`" in it for name in absent)]
    for paragraph in gone:
        source = source.replace("\n\n" + paragraph.rstrip(), "", 1)
    return source
