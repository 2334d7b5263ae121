"""Code that guides and slides quote from the stages: it must be there, word for word."""

from collections.abc import Callable, Iterator
from typing import TypeAlias

from workshop.maintenance.upkeep.stages import quoted
from workshop.paths import ROOT

Source: TypeAlias = Callable[[str], str | None]  # a file's path in the checkout -> its text, None without one


def problems(info: str, code: str, source: Source) -> Iterator[str]:
    """What is wrong with a block of code, in one sentence each; only Python is quoted.

    Args:
        info: what comes after the three backticks: "python starter/step02_echo/server.py".
        code: the lines in the block.
        source: gives the text of a file.
    """
    language, _, file = info.strip().partition(" ")
    if language != "python":
        return
    text = source(file) if file else None
    if text is None:
        yield f"a block of Python does not say from which file it is (```python starter/…): {info!r}"
    elif not quoted(code.splitlines(), text):
        yield f"what it quotes from {file} is not there: {code.splitlines()[:1]}"


def from_checkout(file: str) -> str | None:
    """The text of a file in the checkout; None if there is no such file."""
    path = ROOT / file
    return path.read_text(encoding="utf-8") if path.is_file() else None
