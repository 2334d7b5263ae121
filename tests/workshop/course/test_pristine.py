"""The untouched starter: from git or from the copy, and never somebody's own work."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.checkout import commit, git
from tests.support.tools import need_tools
from workshop.course import pristine as module
from workshop.course import stage_files
from workshop.course.pristine import NoPristine, keep_pristine, pristine

STEP = "step02_echo"
OURS = {"server.py": b"# TODO 02.1: serve\n", "client.py": b"# TODO 02.2: talk\n"}
THEIRS = {"server.py": b"serve()\n"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a checkout as it came, without git."""
    stage_files.write(tmp_path / "checkout" / "starter" / STEP, OURS)
    stage_files.write(tmp_path / "checkout" / "solutions" / STEP, {"server.py": b"done\n"})
    return tmp_path / "checkout"


@pytest.fixture
def repository(root: Path) -> Path:
    """Give a checkout as git makes it."""
    need_tools("git")
    git(root, "init", "-q")
    commit(root, "as it came")
    return root


def work(root: Path) -> None:
    """Do what an attendee does."""
    stage_files.write(root / "starter" / STEP, THEIRS)


def state(root: Path) -> Path:
    """Where we remember."""
    return root / ".workshop"


DEEDS: dict[str, Callable[[Path], object]] = {
    "keep": lambda root: keep_pristine(root, state(root)),
    "work": work,
    "begin git": lambda root: git(root, "init", "-q"),
    "begin git around it": lambda root: git(root.parent, "init", "-q"),
    "commit": lambda root: commit(root, "my work"),
    "delete git": lambda root: shutil.rmtree(root / ".git"),
    "delete the copy": lambda root: shutil.rmtree(state(root)),
    "delete the starter": lambda root: shutil.rmtree(root / "starter"),
    "uninstall git": lambda root: os.environ.update(PATH=""),
}


@pytest.mark.parametrize(
    "deeds",
    [
        "keep, work, keep",
        "keep, delete the starter",
        "keep, work, begin git, commit",
        "begin git around it, keep, work",
    ],
)
def test_a_zip_file(root: Path, deeds: str) -> None:
    """Without our history the first command keeps the starter, and later deeds leave that copy alone."""
    need_tools("git")
    for deed in deeds.split(", "):
        DEEDS[deed](root)
    assert pristine(root, state(root), STEP) == OURS


@pytest.mark.parametrize(
    "deeds",
    [
        "work, commit",  # what comes back is what git had before
        "work, keep, delete git",  # the copy was made of git's files, and not of theirs
        "keep, work, delete git, begin git, commit",  # none of our commits is left: the copy counts
        "keep, work, uninstall git",
        "keep, delete the copy, work",
    ],
)
def test_a_clone(repository: Path, deeds: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever somebody does, their own work is not taken for ours."""
    monkeypatch.setenv("PATH", os.environ["PATH"])  # and so it comes back
    for deed in deeds.split(", "):
        DEEDS[deed](repository)
    assert pristine(repository, state(repository), STEP) == OURS


def test_keeping_is_cheap(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once it is kept, neither git nor a file of the starter is asked."""
    keep_pristine(root, state(root))
    monkeypatch.setattr(module, "git", None)
    monkeypatch.setattr(module, "stage_files", None)
    assert keep_pristine(root, state(root))


def test_an_update_by_us(repository: Path) -> None:
    """After `git pull` the new starter counts, and not the copy of the old one."""
    keep_pristine(repository, state(repository))
    newer = {**OURS, "server.py": b"# TODO 02.1: serve well\n"}
    stage_files.write(repository / "starter" / STEP, newer)
    stage_files.write(repository / "solutions" / STEP, {"server.py": b"well done\n"})
    commit(repository, "a better step")
    assert pristine(repository, state(repository), STEP) == newer


def test_a_shallow_clone(repository: Path, tmp_path: Path) -> None:
    """One commit of history is enough, even with somebody's own on top."""
    work(repository)
    commit(repository, "what a fork has")
    stage_files.write(repository / "starter" / STEP, OURS)
    stage_files.write(repository / "solutions" / STEP, {"server.py": b"better\n"})
    commit(repository, "the newest of ours")
    git(tmp_path, "clone", "-q", "--depth", "1", repository.as_uri(), "shallow")
    work(tmp_path / "shallow")
    commit(tmp_path / "shallow", "my solution")
    assert pristine(tmp_path / "shallow", tmp_path / "state", STEP) == OURS


def test_a_copy_that_was_changed(root: Path) -> None:
    """A copy that somebody has edited is not passed off as ours: the message says what to do."""
    keep_pristine(root, state(root))
    stage_files.write(state(root) / "pristine" / STEP, THEIRS)
    with pytest.raises(NoPristine, match="Get the project once more"):
        pristine(root, state(root), STEP)


def test_nobody_knows(root: Path) -> None:
    """Without git and without a copy there is a message, and no guess."""
    with pytest.raises(NoPristine, match="neither git's history nor an intact copy"):
        pristine(root, state(root), STEP)


def test_a_step_that_git_does_not_have_yet(repository: Path) -> None:
    """Of a step that was added by hand the copy is kept, beside those that git has."""
    stage_files.write(repository / "starter" / "step15_more", OURS)
    keep_pristine(repository, state(repository))
    stage_files.write(repository / "starter" / "step15_more", THEIRS)
    assert pristine(repository, state(repository), "step15_more") == OURS


def test_where_nothing_can_be_kept(root: Path) -> None:
    """In a read-only checkout keeping does nothing, and raises nothing."""
    state(root).write_text("a file where the folder should be")
    assert not keep_pristine(root, state(root))


def test_an_interrupted_copy_is_made_again(root: Path) -> None:
    """A copy without its list of files was interrupted: it does not count, and is made anew."""
    stage_files.write(state(root) / "pristine" / STEP, THEIRS)
    assert keep_pristine(root, state(root))
    assert pristine(root, state(root), STEP) == OURS


def test_an_installed_copy_has_no_starter(tmp_path: Path) -> None:
    """Where there is no starter, there is nothing to keep."""
    assert not keep_pristine(tmp_path, tmp_path / ".workshop")
    assert not (tmp_path / ".workshop").exists()
