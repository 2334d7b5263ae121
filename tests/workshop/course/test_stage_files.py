"""The files of a stage: read, rewritten, compared and written."""

import sys
from pathlib import Path

import pytest

from workshop.course import stage_files

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has other permissions")


def test_what_tools_leave_is_no_file_of_ours(tmp_path: Path) -> None:
    """Sources are read, also in folders; caches are not; a folder that somebody deleted reads as empty."""
    for path in ("client.py", "maps/one.txt", "__pycache__/client.pyc", ".pytest_cache/x", "old.pyc"):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(path.encode())
    assert stage_files.read(tmp_path) == {"client.py": b"client.py", "maps/one.txt": b"maps/one.txt"}
    assert stage_files.read(tmp_path / "gone") == {}


def test_a_solution_becomes_a_starter() -> None:
    """The package is renamed in imports and run lines; the word alone is left."""
    text = "from {0}.step02_echo.x import y\n# python {0}/step02_echo/x.py has two solutions.\n"
    solution, starter = ({"x.py": text.format(stage).encode()} for stage in ("solutions", "starter"))
    assert stage_files.as_starter(solution) == starter


def test_what_is_changed(tmp_path: Path) -> None:
    """A missing file and another text are changes; Windows' line ends and files beside are none."""
    (tmp_path / "same.py").write_bytes(b"a\r\nb\r\n")
    (tmp_path / "other.py").write_bytes(b"a\nc\n")
    (tmp_path / "mine.py").write_bytes(b"")
    wanted = {"same.py": b"a\nb\n", "other.py": b"a\nb\n", "gone.py": b"a\nb\n"}
    assert stage_files.changed(tmp_path, wanted) == ["other.py", "gone.py"]


def test_writing_leaves_the_rest(tmp_path: Path) -> None:
    """Files are made with their folders, or replaced; others stay, and nothing unfinished is left."""
    (tmp_path / "mine.py").write_bytes(b"mine")
    (tmp_path / "x.py").write_bytes(b"old")
    stage_files.write(tmp_path, {"x.py": b"new", "deep/y.py": b"why"})
    assert stage_files.read(tmp_path) == {"mine.py": b"mine", "x.py": b"new", "deep/y.py": b"why"}


@posix
def test_a_file_that_cannot_be_written_stays(tmp_path: Path) -> None:
    """A failed writing leaves the old file whole, and no half of a new one."""
    (tmp_path / "x.py").mkdir()  # even the superuser cannot replace a folder by a file
    with pytest.raises(OSError):
        stage_files.write(tmp_path, {"x.py": b"new"})
    assert [path.name for path in tmp_path.iterdir()] == ["x.py"]
