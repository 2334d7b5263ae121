"""What git knows of a checkout; nothing where it knows nothing."""

from pathlib import Path

import pytest

from tests.support.checkout import commit, git
from tests.support.tools import need_tools
from workshop.git import archived, said


def test_what_was_committed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A commit's files are told as they were committed, even if variables lead git to another repository."""
    need_tools("git")
    git(tmp_path, "init", "-q")
    (tmp_path / "a.py").write_bytes(b"a\n")
    commit(tmp_path, "first")
    (tmp_path / "a.py").write_bytes(b"changed\n")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    assert archived(tmp_path, "HEAD") == {"a.py": b"a\n"}


def test_nothing_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no repository, or no git, nothing is told, and nothing is raised."""
    assert archived(tmp_path, "HEAD") == {}
    monkeypatch.setenv("PATH", "")
    assert said(tmp_path, "--version") is None
