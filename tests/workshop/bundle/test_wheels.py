"""Wheels for other laptops are fetched by pip, here from a folder of wheels that hold nothing."""

from pathlib import Path

import pytest

from tests.support.wheels import a_wheel, only_from
from workshop.bundle.targets import PLATFORMS, Target
from workshop.bundle.wheels import NotFetched, NoWheel, fetch, fetching, problem, read_all

WINDOWS = Target(PLATFORMS["windows"], "3.13")
LINUX = Target(PLATFORMS["linux-x86_64"], "3.12")
APPLE = Target(PLATFORMS["macos-apple"], "3.13")


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the folder that pip knows."""
    folder = tmp_path / "index"
    folder.mkdir()
    for name, text in only_from(folder).items():
        monkeypatch.setenv(name, text)
    return folder


def names(folder: Path) -> list[str]:
    """The wheels that were fetched."""
    return sorted(file.name for file in folder.glob("*.whl"))


def test_each_target_gets_its_own(index: Path, tmp_path: Path) -> None:
    """A wheel for the target's system and Python is taken, with what only that system needs."""
    a_wheel(index, "game", tag="cp313-cp313-win_amd64", requires=['colour; sys_platform == "win32"'])
    a_wheel(index, "game", tag="cp312-cp312-manylinux_2_17_x86_64", requires=['colour; os_name == "nt"'])
    a_wheel(index, "colour")
    fetch(WINDOWS, ["game"], tmp_path / "windows", lambda _: None)
    fetch(LINUX, ["game"], tmp_path / "linux", lambda _: None)
    assert names(tmp_path / "windows") == [
        "colour-1.0-py3-none-any.whl",
        "game-1.0-cp313-cp313-win_amd64.whl",
    ]
    assert names(tmp_path / "linux") == ["game-1.0-cp312-cp312-manylinux_2_17_x86_64.whl"]


def test_an_older_wheel_where_the_newest_has_none(index: Path, tmp_path: Path) -> None:
    """A release without a wheel for this system is passed over."""
    a_wheel(index, "game", "2.0", tag="cp313-cp313-win_amd64")
    a_wheel(index, "game", "1.0", tag="cp313-cp313-macosx_11_0_arm64")
    assert [wheel.version for wheel in fetch(APPLE, ["game"], tmp_path / "f", lambda _: None)] == ["1.0"]


def test_a_version_that_somebody_else_does_not_want(index: Path, tmp_path: Path) -> None:
    """What was fetched too new is fetched again, and the wrong one does not stay."""
    a_wheel(index, "one", requires=["two<2"])
    for version in ("1.5", "2.5"):
        a_wheel(index, "two", version)
    fetch(WINDOWS, ["one", "two"], tmp_path / "f", lambda _: None)
    assert names(tmp_path / "f") == ["one-1.0-py3-none-any.whl", "two-1.5-py3-none-any.whl"]


def test_there_is_no_wheel(index: Path, tmp_path: Path) -> None:
    """A package without a wheel for the target is named."""
    a_wheel(index, "game", tag="cp313-cp313-win_amd64")
    with pytest.raises(NoWheel, match=r"^game$"):
        fetch(APPLE, ["game"], tmp_path / "f", lambda _: None)


def test_what_is_there_is_not_fetched_again(index: Path, tmp_path: Path) -> None:
    """With everything there, pip is not even asked; a torn wheel is fetched anew."""
    kept = a_wheel(tmp_path / "f", "one", requires=["two"])
    a_wheel(tmp_path / "f", "two")
    fetch(WINDOWS, ["one"], tmp_path / "f", lambda _: None)
    kept.write_bytes(kept.read_bytes()[:100])
    assert [wheel.name for wheel in read_all(tmp_path / "f")] == ["two"]
    a_wheel(index, "one", requires=["two"])
    fetch(WINDOWS, ["one"], tmp_path / "f", lambda _: None)
    assert len(names(tmp_path / "f")) == 2


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("  Downloading pygame_ce-2.5.8-cp314-cp314-win_amd64.whl (9.8 MB)\n", "pygame_ce 2.5.8 (9.8 MB)"),
        ("  Downloading click-8.5.1-py3-none-any.whl.metadata (2.6 kB)\n", "click 8.5.1 (2.6 kB)"),
        ("Downloading https://x/y/click-8.5.1-py3-none-any.whl (126 kB)\n", "click 8.5.1 (126 kB)"),
        ("Collecting click>=8.1\n", ""),
        ("", ""),
    ],
)
def test_what_pip_is_at(line: str, said: str) -> None:
    """What is being fetched is read from pip's output."""
    assert fetching(line) == said


@pytest.mark.parametrize(
    ("output", "kind", "words"),
    [
        (
            "WARNING: Retrying after NewConnectionError\nNo matching distribution found for x",
            NotFetched,
            "cannot be reached",
        ),
        ("ERROR: No matching distribution found for pygame-ce>=2.5", NoWheel, "^pygame-ce$"),
        ("/usr/bin/python: No module named pip", NotFetched, "ensurepip"),
        ("something\nnew", NotFetched, "something\nnew"),
    ],
)
def test_why_it_failed(output: str, kind: type[Exception], words: str) -> None:
    """Each failure of pip has a sentence; without a connection nothing is said of wheels."""
    with pytest.raises(kind, match=words):
        raise problem(output)
