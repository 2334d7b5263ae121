"""A Python that is too old reads our first lines, and gets one clear message."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.processes import ROOT, python, running
from workshop.bootstrap import old_python

READ_BY_ALL = ("__init__.py", "__main__.py", "bootstrap/__init__.py", "bootstrap/old_python.py")
TOO_NEW = (
    ast.JoinedStr, ast.AnnAssign, ast.NamedExpr, ast.AsyncFunctionDef, ast.Nonlocal, ast.YieldFrom, ast.Match,
    ast.Starred,
)  # fmt: skip
OLD_PYTHON = """
import runpy, sys
sys.version_info = (3, 8, 10, "final", 0)
sys.argv[1:] = ["play", "--bots", "3"]
runpy.run_module("workshop", run_name="__main__")
"""


def too_new_parts(source: str) -> Iterator[str]:
    """Yield what Python 2.7 would not read."""
    if not source.isascii():
        yield "characters beyond ASCII"
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, TOO_NEW):
            yield type(node).__name__
        if isinstance(node, ast.arg) and node.annotation:
            yield "annotation"
        if isinstance(node, ast.FunctionDef) and (
            node.returns or node.args.kwonlyargs or node.args.posonlyargs
        ):
            yield "signature"
        if isinstance(node, ast.Raise) and node.cause:
            yield "raise from"


@pytest.mark.parametrize("name", READ_BY_ALL)
def test_old_pythons_can_read_it(name: str) -> None:
    """What runs before the check parses on Python 2.7 and 3.5."""
    source = (ROOT / "workshop" / name).read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 4))
    assert not list(too_new_parts(source))


@pytest.mark.parametrize(
    "source", ["f'{x}'", "x: int = 1", "def f(a: int): pass", "def f() -> int: pass", "[*a]", "'ü'"]
)
def test_what_is_too_new_is_found(source: str) -> None:
    """The check above can fail."""
    assert list(too_new_parts(source))


def test_nothing_else_is_imported_before_the_check() -> None:
    """__main__.py imports nothing of ours at its top but what every Python can read."""
    tree = ast.parse((ROOT / "workshop" / "__main__.py").read_text(encoding="utf-8"))
    top = [node for node in tree.body if isinstance(node, ast.ImportFrom)]
    assert [alias.name for node in top for alias in node.names] == ["old_python"]


def test_old_python_gets_one_message(tmp_path: Path) -> None:
    """`python -m workshop play` on an old Python says what is needed, with exit code 2 and no traceback."""
    with running(python("-c", OLD_PYTHON), tmp_path / "log") as program:
        assert program.wait() == 2
    assert "needs Python 3.11 or newer; this is Python 3.8." in program.text()
    assert "Traceback" not in program.text()


def test_what_helps_is_told() -> None:
    """Where a newer Python is on the machine, the message is a line to type; where none is, it says so."""
    text = old_python.too_old_message((3, 9), "python3.12", ["play", "--bots", "3"])
    assert "    python3.12 -m workshop play --bots 3\n" in text
    assert "Install a newer Python" in old_python.too_old_message((2, 7), None, [])


def test_newest_on_the_path_wins(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Of several good Pythons on the path the newest is suggested; an old one never."""
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert old_python.find_newer_python() is None
    for name in ("python3.8", "python3.11", "python3.12"):
        (tmp_path / name).touch(mode=0o755)
    assert old_python.find_newer_python() == "python3.12"


@pytest.mark.parametrize(
    ("listing", "expected"),
    [
        (" -V:3.13 *        Python 3.13 (64-bit)\n -V:3.9          Python 3.9 (64-bit)\n", "py -3.13"),
        (" -3.11-64 *\n -3.8-64\n", "py -3.11"),
        (" -V:3.9 *   Python 3.9 (64-bit)\n", None),
        ("No installed Pythons found!\n", None),
        ("", None),
    ],
)
def test_windows_launcher(monkeypatch: pytest.MonkeyPatch, listing: str, expected: str | None) -> None:
    """On Windows the `py` launcher knows the Pythons; both forms of its list are understood."""
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(old_python, "_launcher_list", lambda: listing)
    assert old_python.find_newer_python() == expected


def test_no_launcher(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without the launcher the list is empty."""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert old_python._launcher_list() == ""
