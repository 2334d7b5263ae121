"""Asking on the terminal."""

import sys
from collections.abc import Callable

import click
import pytest

from workshop.terminal.asking import agreed, answer


@pytest.mark.parametrize(
    "ask", [lambda: agreed("Really?", yes=False, again=("reset",)), lambda: answer("Which")]
)
def test_ctrl_c_ends_the_line(
    ask: Callable[[], object], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """After Ctrl-C as an answer, the shell's next line is below the question, not after it."""

    def interrupted(*_: object, **__: object) -> bool:
        raise click.Abort

    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr(click, "confirm", interrupted)
    monkeypatch.setattr(click, "prompt", interrupted)
    with pytest.raises(click.Abort):
        ask()
    assert capsys.readouterr().err == "\n"
