"""Asking before something happens."""

import sys

import click
import pytest

from workshop.terminal.asking import agreed


def test_ctrl_c_ends_the_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """After Ctrl-C as an answer, the shell's next line is below the question, not after it."""

    def interrupted(*_: object, **__: object) -> bool:
        raise click.Abort

    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr(click, "confirm", interrupted)
    with pytest.raises(click.Abort):
        agreed("Really?", yes=False, again=("reset",))
    assert capsys.readouterr().err == "\n"
