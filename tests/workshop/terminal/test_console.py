"""What the command line prints can be read without colour and without Unicode."""

import io
import sys

import pytest

from workshop.terminal import console


def old_terminal(monkeypatch: pytest.MonkeyPatch) -> io.BytesIO:
    """Print to a terminal that knows only code page 437 from now on; return what it gets."""
    shown = io.BytesIO()
    stream = io.TextIOWrapper(shown, encoding="cp437", write_through=True)
    monkeypatch.setattr(sys, "stdout", stream)
    monkeypatch.setattr(sys, "stderr", stream)
    return shown


def test_ascii_signs_on_an_old_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the encoding lacks the signs, ASCII stands in for them, beside the word."""
    terminal = old_terminal(monkeypatch)
    console.ok("found")
    console.warn("slow")
    console.fail("lost")
    assert terminal.getvalue().split(b"\n") == [b"+ ok  found", b"! warning  slow", b"x error  lost", b""]


def test_what_cannot_be_shown_does_not_raise(monkeypatch: pytest.MonkeyPatch) -> None:
    """A player's name that the terminal lacks becomes question marks, and no exception."""
    terminal = old_terminal(monkeypatch)
    console.prepare_streams()
    console.say("Ада joined")
    assert terminal.getvalue() == b"??? joined\n"


def test_without_any_output_nothing_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    """After the shell's >&- Python has no streams: commands that ask about them go on."""
    for name in ("stdout", "stderr"):
        monkeypatch.setattr(sys, name, None)
    console.prepare_streams()
    with sys.stdout, sys.stderr:
        console.say("hello")
        console.fail("lost")
        assert not sys.stdout.isatty()


def test_signs_where_they_can_be_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """With UTF-8 the signs are used; standard error gets what went wrong."""
    console.ok("found")
    console.fail("lost")
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("✓ ok  found\n", "✗ error  lost\n")


def test_brackets_are_no_markup(capsys: pytest.CaptureFixture[str]) -> None:
    """Text from outside cannot colour or break the output."""
    console.say("[red]name[/red] [/]")
    assert capsys.readouterr().out == "[red]name[/red] [/]\n"


@pytest.mark.parametrize(("no_color", "coloured"), [("", True), ("1", False)])
def test_no_color(monkeypatch: pytest.MonkeyPatch, no_color: str, coloured: bool) -> None:
    """NO_COLOR takes the colour away, and leaves sign and word."""
    stream = io.StringIO()
    monkeypatch.setattr(stream, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stdout", stream)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", no_color)
    console.ok("found")
    assert ("\x1b[1;32m" in stream.getvalue()) is coloured
    assert "ok" in stream.getvalue()
