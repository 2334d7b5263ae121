"""Files that hide modules are named before they can do harm; what PYTHONPATH names hides nothing."""

import os
import sys
from pathlib import Path

import pytest

from tests.support.processes import ROOT, python, running
from workshop.bootstrap import shadows


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Give a folder that our code takes for its checkout."""
    root = tmp_path / "checkout"
    root.mkdir()
    (root / "pyproject.toml").touch()
    (root / "netlib").mkdir()
    (root / "netlib" / "mailbox.py").touch()
    return root


@pytest.mark.parametrize("name", ["random", "queue", "typing", "asyncio", "rich", "pathlib", "shutil"])
def test_a_scratch_file_is_named(name: str, tmp_path: Path) -> None:
    """A scratch file with a module's name, where we are started, is told in a sentence with exit code 2."""
    (tmp_path / f"{name}.py").write_text("print('my scratch file')\n", encoding="utf-8")
    with running(python("-m", "workshop", "list"), tmp_path / "log", cwd=tmp_path) as program:
        assert program.wait() == 2
    assert f"{(tmp_path / name).resolve()}.py hides" in program.text()
    assert "Rename it, and start again." in program.text()
    assert "Traceback" not in program.text()
    assert "my scratch file" not in program.text()


def test_beside_the_project(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Started from elsewhere, as by the script, files beside pyproject.toml count: our programs run there."""
    monkeypatch.setattr(sys, "path", [str(checkout / "netlib"), *sys.path])
    shadows.clear_the_way(str(checkout))
    (checkout / "queue.py").touch()
    (checkout / "rich").mkdir()
    (checkout / "rich" / "__init__.py").touch()
    with pytest.raises(SystemExit) as left:
        shadows.clear_the_way(str(checkout))
    assert left.value.code == 2
    assert capsys.readouterr().err == (
        f"{checkout / 'queue.py'} hides Python's own module queue.\n"
        f"{checkout / 'rich'} hides the installed module rich.\n"
        "Rename them, and start again.\n"
    )


def test_an_installed_copy_has_no_neighbours(tmp_path: Path) -> None:
    """Beside an installed copy lie the installed packages: they hide nothing."""
    (tmp_path / "rich.py").touch()
    shadows.clear_the_way(str(tmp_path))


def test_what_hides(tmp_path: Path) -> None:
    """Modules and packages hide; folders without code, built-in modules and other names do not."""
    for name in ("random.py", "mine.py", "time.py", "os.py", "queue.txt", "heapq.pyc"):
        (tmp_path / name).touch()
    for name in ("json", "email"):
        (tmp_path / name).mkdir()
    (tmp_path / "json" / "__init__.py").touch()
    named = [(Path(path).name, module) for path, module in shadows.hiding(str(tmp_path))]
    assert named == [("heapq.pyc", "heapq"), ("json", "json"), ("random.py", "random")]
    assert shadows.hiding(str(tmp_path / "none")) == []
    assert shadows.hiding(os.path.dirname(os.__file__)) == []  # noqa: PTH120


def test_our_own_checkout_hides_nothing() -> None:
    """No file of the project has the name of a module that we need."""
    assert shadows.hiding(str(ROOT)) == []


def test_a_foreign_path_comes_last(checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What PYTHONPATH names comes behind all others; programs that we start do not get it, but the doctor."""
    foreign = str(tmp_path)
    monkeypatch.setattr(sys, "path", ["", foreign, str(checkout), "/usr/lib/python3"])
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([foreign, str(checkout)]))
    monkeypatch.setenv(shadows.FOREIGN, "")
    shadows.put_foreign_last(str(checkout))
    assert sys.path == ["", str(checkout), "/usr/lib/python3", foreign]
    assert os.environ["PYTHONPATH"] == str(checkout)
    assert os.environ[shadows.FOREIGN] == foreign


def test_a_foreign_package_is_not_imported(tmp_path: Path) -> None:
    """The command line works although PYTHONPATH leads to other packages of the same names."""
    for name in ("random", "click", "msgspec"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('foreign')\n", encoding="utf-8")
    environ = {"PYTHONPATH": str(tmp_path)}
    with running(python("-m", "workshop", "list"), tmp_path / "log", environ=environ) as program:
        assert program.wait() == 0
    assert "foreign" not in program.text()
