"""Makes a new step in all its places: small, whole, and such that its check fails where it should."""

from pathlib import Path
from string import Template

import msgspec

from workshop.checking.todo_blocks import as_starter
from workshop.errors import WorkshopError


class CannotMake(WorkshopError):
    """The step cannot be made; the text says why."""


class New(msgspec.Struct, frozen=True):
    """A step that is to be.

    Args:
        name: a word for folders and files, such as "spectators".
    """

    number: int
    name: str
    title: str
    minutes: int
    tracks: tuple[str, ...]

    @property
    def id(self) -> str:
        """Such as "step15_spectators"."""
        return f"step{self.number:02}_{self.name}"


SOLUTION = '''"""${title}: say what it does in one sentence.

Run it with ``python -m solutions.${id}.program``.
"""

import argparse


def answer(question: str) -> str:
    """Answer a question."""
    return f"{question} Yes."


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--question", default="Does it work?")
    print(answer(parser.parse_args().question))
'''
OPEN = (
    '    return f"{question} Yes."\n',
    '    # TODO ${number}.1: answer the question; it ends in "Yes."\n    return question\n',
)
CHECK = '''"""Step ${number}: say what the check sees."""

from __future__ import annotations

from workshop.checking.check import Check
from workshop.checking.lab import Lab
from workshop.checking.verdict import Wrong
from workshop.checks.${id}.causes import CAUSES

check = Check("${id}", files=["program.py"], causes=CAUSES)


@check.part("the program answers the question", todo="${number}.1")
async def answers(lab: Lab) -> None:
    """One question, one line."""
    async with lab.program("program", "--question", "Really?") as program:
        await program.until(lambda: program.lines or program.exit_code is not None)
        if program.lines != ["Really? Yes."]:
            raise Wrong('it prints "Really? Yes."', f"it prints {program.lines}", "no_answer")
'''
CAUSES = '''"""What may be behind the failures of step ${number}."""

from __future__ import annotations

from workshop.checking.evidence.causes import Cause
from workshop.checking.evidence.facts import has

CAUSES = [
    Cause(
        "no_answer",
        "the answer is shouted: it is made of capitals",
        'return f"{question} Yes."',
        needs=(has("_.upper()", inside="answer"),),
        about="answer",
    ),
]
'''
GUIDE = """# Step ${number}: ${title}

> You build a program that answers a question.

## Why it matters

Where real games need this.

## The idea

```text
question ──► answer
```

This is where it happens:

```python starter/${id}/program.py
def answer(question: str) -> str:
    \"\"\"Answer a question.\"\"\"
```

## Tasks

1. **TODO ${number}.1** in `program.py`: answer the question.

## See it work

```sh
workshop run ${plain}
workshop check ${plain}
```

## Key points

- One.

## Going further

- A challenge.
- Another one.

## Readings

- A page, and why.

## In netlib

- The file that does the same.
"""
DECK = """---
title: ${title}
minutes: 3
---
# A question
You press a key. What happens then?

Note:
2 min. Say what this step is about, and show the trouble.

---
## Where it happens
```python starter/${id}/program.py
def answer(question: str) -> str:
```

Note:
1 min. Say what to look for, and what people get wrong.
"""
WRONG = """mistake = "The answer is shouted"
part = "the program answers the question"
says = ["made of capitals"]
never = ["not clear"]

[[change]]
file = "program.py"
old = 'f"{question} Yes."'
new = 'f"{question} Yes.".upper()'
"""
RIGHT = """how = "By adding two texts"

[[change]]
file = "program.py"
old = 'f"{question} Yes."'
new = 'question + " Yes."'
"""
TABLE = """
[[step]]
id = "${id}"
title = "${title}"
teaches = "what one can do afterwards"
minutes = ${minutes}
tracks = [${tracks}]
files = ["program.py"]
run = ["program"]

[step.hints]
"${number}.1" = ["Look at answer().", "What is missing at its end?", "return f\\"{question} Yes.\\""]
"""


def files(new: New) -> dict[str, str]:
    """Every file of the step: path from the checkout's root, and text."""
    words = {"id": new.id, "title": new.title, "number": f"{new.number:02}", "plain": str(new.number)}
    starter = as_starter(Template(SOLUTION).substitute(words)).replace(OPEN[0], _fill(OPEN[1], words))
    package = f'"""Step {new.number:02}: {new.title}."""\n'
    return {
        f"starter/{new.id}/__init__.py": package,
        f"starter/{new.id}/program.py": starter,
        f"solutions/{new.id}/__init__.py": package,
        f"solutions/{new.id}/program.py": _fill(SOLUTION, words),
        f"workshop/guides/{new.id}.md": _fill(GUIDE, words),
        f"slides/{new.id}.md": _fill(DECK, words),
        f"workshop/checks/{new.id}/check.py": _fill(CHECK, words),
        f"workshop/checks/{new.id}/causes.py": _fill(CAUSES, words),
        f"workshop/checks/{new.id}/wrong/shouts.toml": WRONG,
        f"workshop/checks/{new.id}/right/by_adding.toml": RIGHT,
    }


def table(new: New) -> str:
    """What is about it in steps.toml."""
    tracks = ", ".join(f'"{track}"' for track in new.tracks)
    words = {"id": new.id, "title": new.title, "number": f"{new.number:02}", "minutes": str(new.minutes)}
    return _fill(TABLE, words | {"tracks": tracks})


def make(new: New, root: Path) -> list[Path]:
    """Write all files, and add the step to steps.toml. Returns what was written.

    Raises:
        CannotMake: one of the files is there already; nothing was written.
    """
    texts = {root / name: text for name, text in files(new).items()}
    if there := [path for path in texts if path.exists()]:
        raise CannotMake(f"{there[0]} is there already; choose another name, or move it away.")
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    steps_file = root / "workshop" / "steps.toml"
    with steps_file.open("a", encoding="utf-8") as file:
        file.write(table(new))
    return [*texts, steps_file]


def _fill(template: str, words: dict[str, str]) -> str:
    return Template(template).safe_substitute(words)
