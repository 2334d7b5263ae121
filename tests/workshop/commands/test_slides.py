"""`workshop slides`: builds what is needed, opens it, and says where it is."""

from pathlib import Path

import pytest

from tests.support import decks
from tests.support.commands import Shell
from workshop.cli import run
from workshop.slides import build as module


@pytest.fixture
def slides(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Have a small folder of decks instead of the real one."""
    folder, build = decks.small(tmp_path / "slides"), module.build
    monkeypatch.setattr(module, "build", lambda: build(folder))
    return folder


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch, slides: Path) -> list[str]:
    """Note what would be opened instead of opening it."""
    addresses = list[str]()

    def open_it(address: str) -> bool:
        addresses.append(address)
        return True

    monkeypatch.setattr("webbrowser.open", open_it)
    return addresses


def default_file(own_progress: Path) -> Path:
    """Where the slides are kept in these tests."""
    return own_progress.parent / ".workshop" / "slides.html"


def test_it_opens(opened: list[str], own_progress: Path, shell: Shell) -> None:
    """Without a word more it builds the page, prints its path, and opens it."""
    file = default_file(own_progress)
    assert str(file) in shell("slides").out.replace("\n", "")
    assert opened == [file.as_uri()] and module.is_ours(file)


@pytest.mark.parametrize(("words", "at"), [(["--step", "echo"], ["#/step02_echo"]), (["--no-open"], [])])
def test_what_is_opened(words: list[str], at: list[str], opened: list[str], own_progress: Path) -> None:
    """It opens at the step that one names; with --no-open it is built, and that is all."""
    assert run(["slides", *words]) == 0
    file = default_file(own_progress)
    assert file.is_file() and opened == [file.as_uri() + place for place in at]


def test_no_browser(opened: list[str], monkeypatch: pytest.MonkeyPatch, shell: Shell) -> None:
    """Where no browser opens, it says so, and that is no failure."""
    monkeypatch.setattr("webbrowser.open", lambda address: False)
    assert "No browser could be opened" in shell("slides").err
    assert not opened


def test_built_into_a_file(opened: list[str], tmp_path: Path, shell: Shell) -> None:
    """`build FILE` writes there; a file of somebody else's is kept, and its new name told."""
    file = tmp_path / "day.html"
    file.write_text("mine", encoding="utf-8")
    out, err = shell("slides", "build", str(file))
    assert "day.1.html" in err
    assert "The slides are in" in out
    assert (tmp_path / "day.1.html").read_text(encoding="utf-8") == "mine"
    assert not opened


def test_a_deck_that_is_wrong(opened: list[str], slides: Path, own_progress: Path, shell: Shell) -> None:
    """A deck that cannot be understood is one sentence with file and line, and nothing is written."""
    (slides / "title.md").write_text("# Nothing", encoding="utf-8")
    assert "slides/title.md:1: a deck begins with" in shell("slides", code=2).err
    assert not default_file(own_progress).exists()
    assert not opened


def test_an_unknown_step(opened: list[str], shell: Shell) -> None:
    """A step that is mistyped is answered with the nearest, and nothing is opened."""
    assert "Did you mean 2" in shell("slides", "--step", "ehco", code=2).err
    assert not opened
