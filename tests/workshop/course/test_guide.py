"""A guide in the terminal, narrow or without Unicode, and its commands as the person types them."""

import io
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.course import ALPHA
from workshop import steps
from workshop.bootstrap.typed import TYPED
from workshop.course import guide
from workshop.course.markdown import WIDEST
from workshop.terminal import console

DIAGRAM = [
    '+--------+    "hello"     +---------------------------------------------+',
    "| client | -------------> | server:  counts, answers   and   waits      |",
    "|        | <------------- |                                             |",
    '+--------+  "1: HELLO"    +---------------------------------------------+--+',
]
GUIDE = f"""\
# Step 01: Alpha

> You build an alpha.

## The idea

Type `workshop run 1` → then `workshop`, or `uv run workshop list`; the folder `workshop/` and
`workshop.game` are none. workshop run is a word here, and this line is long enough to be wrapped anywhere.

```text
{chr(10).join(DIAGRAM)}
```

1. **TODO 01.1** in `a.py`: like this

   ```python starter/step01_alpha/a.py
   async def answer(connection: ServerConnection, text: str = "it is so long that it cannot fit") -> None:
       await connection.send(f"[{{text}}]")
   ```

```sh
workshop run 1
workshop check 1
```

- [websockets: the `serve` function](https://websockets.readthedocs.io/), why
"""


@pytest.fixture(autouse=True)
def typed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fix how the person started us."""
    monkeypatch.setenv(TYPED, r"C:\new\py -m workshop")


@pytest.fixture
def file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Give a guide, the only one of a checkout."""
    monkeypatch.setattr(steps, "GUIDES", tmp_path)
    ALPHA.guide.write_text(GUIDE, encoding="utf-8")
    return ALPHA.guide


def shown(
    monkeypatch: pytest.MonkeyPatch, columns: int, encoding: str = "utf-8", step: steps.Step = ALPHA
) -> list[str]:
    """A guide's lines, in a terminal of so many columns; trailing blanks are taken off."""
    monkeypatch.setenv("COLUMNS", str(columns))
    terminal = io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors="replace", write_through=True)
    monkeypatch.setattr(sys, "stdout", terminal)
    guide.show(guide.text_of(step))
    terminal.seek(0)
    return [line.rstrip() for line in terminal.read().splitlines()]


def within(block: list[str], lines: list[str]) -> bool:
    """Whether the block's lines stand one below the other, indented or not."""
    places = range(len(lines) - len(block) + 1)
    return any([line.strip() for line in lines[n : n + len(block)]] == block for n in places)


@pytest.mark.parametrize("columns", [76, 78, 80, 100, 200])
@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_a_diagram_is_not_wrapped(
    file: Path, monkeypatch: pytest.MonkeyPatch, columns: int, encoding: str
) -> None:
    """From 76 columns on a diagram of 76 stands as it was drawn."""
    assert max(map(len, DIAGRAM)) == 76
    lines = shown(monkeypatch, columns, encoding)
    assert within(DIAGRAM, lines)
    assert max(map(len, lines)) <= columns


@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "cp437"])
def test_sixty_columns(file: Path, monkeypatch: pytest.MonkeyPatch, encoding: str) -> None:
    """In a narrow terminal nothing is cut off, in a list neither; a long line goes on below."""
    lines = shown(monkeypatch, 60, encoding)
    assert max(map(len, lines)) <= 60
    assert {DIAGRAM[1][:60].rstrip(), DIAGRAM[1][60:].rstrip()} <= set(lines), "as a terminal would"
    together = "".join(line.strip() for line in lines).replace(" ", "")
    for line in (*DIAGRAM, 'text: str = "it is so long that it cannot fit") -> None:', 'send(f"[{text}]")'):
        assert line.replace(" ", "") in together, line


def test_long_lines_are_kept_short(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a wide terminal text does not run over all of it, except for code that is wide itself."""
    lines = [line for line in shown(monkeypatch, 200) if "->" not in line]
    assert max(map(len, lines)) <= WIDEST


def test_wide_code_has_the_whole_terminal(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line of code that is longer than text may be is not broken where the terminal has room for it."""
    wide = "words " * 16 + "end"
    file.write_text(f"```text\n{wide}\n```\n", encoding="utf-8")
    assert len(wide) > WIDEST
    assert within([wide], shown(monkeypatch, len(wide)))


def test_commands_as_they_are_typed(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands in the text and in a block are those that work here; folders and modules stay."""
    text = "\n".join(shown(monkeypatch, 200)).replace("\n", " ")
    for words in ("run 1 →", "run 1 ", "check 1 "):
        assert rf"C:\new\py -m workshop {words}" in text
    assert r"then C:\new\py -m workshop, or uv run workshop list;" in text
    assert "folder workshop/ and workshop.game are none. workshop run is a word here" in text


def test_a_quoted_file_is_named(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Above a block that quotes a program stands which one, behind a link its address."""
    lines = [line.strip() for line in shown(monkeypatch, 120)]
    assert lines[lines.index("starter/step01_alpha/a.py") + 1].startswith("async def answer")
    assert any("(https://websockets.readthedocs.io/), why" in line for line in lines)
    assert not any("Step 01: Alpha" in line for line in lines), "`start` prints it already"


ADDRESS = "https://example.org/" + "a_long_way_/" * 9 + "end.html"


@pytest.mark.parametrize("columns", [60, 80, 100, 200])
@pytest.mark.parametrize("text", ["- [words]({}): read", "1. [words]({})", "Words, [words]({}) in between"])
def test_a_long_address_is_not_broken(
    file: Path, monkeypatch: pytest.MonkeyPatch, columns: int, text: str
) -> None:
    """An address that is longer than a line has one of its own; the terminal wraps it, and can open it."""
    file.write_text(f"{text.format(ADDRESS)}\n", encoding="utf-8")
    lines = [line.strip() for line in shown(monkeypatch, columns)]
    assert any(line.startswith(f"({ADDRESS})") for line in lines)
    words = text.partition("(")[2].partition(")")[2].strip(": ")
    assert words in lines, "what follows begins on a line of its own"


def test_a_short_address_stays_in_its_line(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An address that fits is a word among others."""
    file.write_text("- [words](https://example.org/), why\n", encoding="utf-8")
    assert shown(monkeypatch, 60) == ["", " • words (https://example.org/), why"]


def test_what_one_needs_at_work() -> None:
    """What one builds, how to see it work and the tasks are one part, the rest the other; nothing is lost."""
    at_work, rest = guide.split("> What\n\n## Why\nw\n\n## Tasks\nt\n\n## See it work\ns\n\n## Last\nl\n")
    assert at_work == "> What\n\n## See it work\ns\n\n## Tasks\nt\n\n"
    assert rest == "> What\n\n## Why\nw\n\n## Last\nl\n"


def test_every_guide_can_be_split() -> None:
    """Each guide has both sections, and all its lines are in one of the two parts."""
    for step in steps.all_steps():
        text = guide.text_of(step)
        at_work, rest = guide.split(text)
        assert "## See it work\n" in at_work and "## Tasks\n" in at_work, step.id
        assert set(text.splitlines()) == set((at_work + rest).splitlines()), step.id


@pytest.mark.parametrize("columns", [60, 100])
def test_ascii(file: Path, monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    """Where nothing else is possible, signs become ASCII, and not question marks."""
    text = "\n".join(shown(monkeypatch, columns, "ascii"))
    assert "?" not in text and "| You build an alpha." in text and " * websockets" in text


def test_the_same_width() -> None:
    """Lines and arrows of a diagram become signs as wide, so it stays straight."""
    assert guide.in_ascii("┌─┐ │►▶→") == "+-+ |>>>"
    assert guide.in_ascii("╔═╗║├┼┤┃") == "+=+|+++|"


@given(st.text())
def test_any_text_keeps_its_length(text: str) -> None:
    """Whatever is written, ASCII takes as many places."""
    assert len(guide.in_ascii(text)) == len(text)


def test_a_hint_is_plain_text(capsys: pytest.CaptureFixture[str]) -> None:
    """Stars, underscores and brackets are code, not Markdown; commands are as typed; lines stay lines."""
    guide.show_hint("Write `await send(*args, **[x])`:\n    __init__()\nthen `workshop run 1`.\n")
    lines = [line.rstrip() for line in capsys.readouterr().out.splitlines()]
    assert lines == [
        "  Write `await send(*args, **[x])`:",
        "      __init__()",
        r"  then `C:\new\py -m workshop run 1`.",
    ]


def test_every_guide_can_be_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """All guides fit into 76 columns, but for long addresses, and need nothing beyond ASCII to be read."""
    console.prepare_streams()
    for step in steps.all_steps():
        lines = shown(monkeypatch, 76, "ascii", step)
        assert "".join(lines).count("?") <= step.guide.read_text(encoding="utf-8").count("?"), step.id
        assert max(len(line) for line in lines if not line.strip().startswith("(https://")) <= 76, step.id
