"""A folder is made whole, or not at all."""

import errno
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path, PurePath
from typing import Any

import pytest

from tests.support.processes import ROOT, TIMEOUT
from workshop.new_project.placing import CannotPlace, check, place

FILES: dict[PurePath, str | bytes] = {
    PurePath("README.md"): "# Ü\n",
    PurePath("duel", "__init__.py"): "",
    PurePath("duel.png"): b"\0",
}


def below(folder: Path) -> set[str]:
    """Return what is in a folder, and in its folders."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


WHOLE = {"README.md", "duel", "duel/__init__.py", "duel.png"}


def test_a_new_folder(tmp_path: Path) -> None:
    """All files are there, and nothing beside them."""
    place(tmp_path / "game", FILES)
    assert below(tmp_path / "game") == WHOLE and below(tmp_path) == {"game", *(f"game/{it}" for it in WHOLE)}
    assert (tmp_path / "game" / "README.md").read_bytes() == "# Ü\n".encode()


def test_an_empty_folder_stays_the_same(tmp_path: Path) -> None:
    """A shell that stands in it stands in the project then."""
    before = tmp_path.stat()
    place(tmp_path, FILES)
    assert below(tmp_path) == WHOLE
    assert tmp_path.stat().st_ino == before.st_ino


@pytest.mark.parametrize(
    ("prepare", "why"),
    [
        (lambda path: path.write_text("mine"), "is a file"),
        (lambda path: (path / "mine").mkdir(parents=True), "is not empty: it has mine"),
        (lambda path: path.symlink_to("nowhere"), "is a file"),
        (lambda path: path.parent.rmdir(), "There is no folder .* to put it in"),
    ],
)
def test_what_is_there_is_left_alone(prepare: Callable[[Path], object], why: str, tmp_path: Path) -> None:
    """A file, a folder with something in it, no folder around it: each is told in a sentence."""
    folder = tmp_path / "around" / "game"
    folder.parent.mkdir()
    prepare(folder)
    before = below(tmp_path)
    with pytest.raises(CannotPlace, match=why):
        check(folder)
    with pytest.raises(CannotPlace, match=why):
        place(folder, FILES)
    assert below(tmp_path) == before


def failing(name: str, after: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a method of Path fail after so many calls, as on a full disk."""
    true, calls = getattr(Path, name), list[int]()

    def fails(*args: Any, **more: Any) -> Any:
        calls.append(1)
        if len(calls) > after:
            raise OSError(errno.ENOSPC, "No space left on device")
        return true(*args, **more)

    monkeypatch.setattr(Path, name, fails)


@pytest.mark.parametrize("there", [False, True])
@pytest.mark.parametrize(
    ("name", "after"), [("write_bytes", 0), ("write_bytes", 2), ("mkdir", 1), ("rename", 0)]
)
def test_nothing_half_made_remains(
    there: bool, name: str, after: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The disk is full before the end: the reason is told, and everything is as it was."""
    folder = tmp_path / "game"
    if there:
        folder.mkdir()
    failing(name, after, monkeypatch)
    with pytest.raises(CannotPlace, match="nothing of it is left: No space left on device"):
        place(folder, FILES)
    assert below(tmp_path) == ({"game"} if there else set())


def test_what_was_moved_goes_back(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An empty folder is empty again when the second of its parts cannot be moved."""
    true, moved = Path.rename, list[str]()

    def once(path: Path, target: Path) -> Path:
        moved.append(path.name)
        if len(moved) == 2:
            raise PermissionError(errno.EACCES, "Permission denied")
        return true(path, target)

    monkeypatch.setattr(Path, "rename", once)
    with pytest.raises(CannotPlace, match="Permission denied"):
        place(tmp_path, FILES)
    assert moved[0] == "duel" and not below(tmp_path)


def test_ctrl_c_leaves_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """It may come at any time."""

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "write_bytes", interrupted)
    with pytest.raises(KeyboardInterrupt):
        place(tmp_path / "game", FILES)
    assert not below(tmp_path)


@pytest.mark.parametrize("there", [False, True])
def test_another_terminal_was_quicker(there: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Both begin in an empty place; the second one to end says so, and the first one's files stay."""
    folder, true, begun = tmp_path / "game", Path.write_bytes, list[Path]()
    if there:
        folder.mkdir()

    def overtaken(path: Path, data: bytes) -> int:
        if not begun:
            begun.append(path)
            place(tmp_path / "other", {PurePath("duel", "theirs.py"): "theirs"})
            for made in (tmp_path / "other").iterdir():
                folder.mkdir(exist_ok=True)
                made.rename(folder / made.name)
            (tmp_path / "other").rmdir()
        return true(path, data)

    monkeypatch.setattr(Path, "write_bytes", overtaken)
    with pytest.raises(CannotPlace, match="is not empty: it has duel"):
        place(folder, FILES)
    assert below(tmp_path) == {"game", "game/duel", "game/duel/theirs.py"}


@pytest.mark.root
@pytest.mark.parametrize(
    ("options", "why"), [("size=200k", "No space left on device"), ("ro", "Read-only file")]
)
def test_a_disk_that_takes_no_more(options: str, why: str, tmp_path: Path) -> None:
    """On a real disk that is full, or that may not be written, nothing remains either."""
    command = (
        f"mount -t tmpfs -o {options} none {tmp_path} && {sys.executable} -m workshop new {tmp_path}/game"
    )
    script = f"{command}; echo ended with $?; ls -A {tmp_path} | wc -l"
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=TIMEOUT
    )
    assert done.stdout.split("\n")[-3:-1] == ["ended with 2", "0"], done
    assert f"nothing of it is left: {why}" in done.stderr and "Traceback" not in done.stderr
