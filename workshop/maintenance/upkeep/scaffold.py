"""Makes a new step in all its places: small and complete, with a check that fails where it should."""

from pathlib import Path
from string import Template

import msgspec

from workshop.checking.todo_blocks import as_starter
from workshop.errors import WorkshopError


class CannotMake(WorkshopError):
    """The step cannot be made; the text says why."""


class New(msgspec.Struct, frozen=True):
    """A step to make."""

    number: int
    name: str  # a word for folders and files, such as "spectators"
    title: str
    minutes: int
    tracks: tuple[str, ...]

    @property
    def id(self) -> str:
        """Such as "step15_spectators"."""
        return f"step{self.number:02}_{self.name}"


TEMPLATES = Path(__file__).parent / "new_step"  # of the files, by name
DONE = '    return f"{question} Yes."\n'  # what the starter lacks, and has OPEN instead
OPEN = Template('    # TODO ${number}.1: answer the question; it ends in "Yes."\n    return question\n')


def files(new: New) -> dict[str, str]:
    """Every file of the step: path from the checkout's root, and text."""
    package, solution = f'"""Step {new.number:02}: {new.title}."""\n', filled("program.py", new)
    starter = as_starter(solution).replace(DONE, OPEN.substitute(number=f"{new.number:02}"))
    return {
        f"starter/{new.id}/__init__.py": package,
        f"starter/{new.id}/program.py": starter,
        f"solutions/{new.id}/__init__.py": package,
        f"solutions/{new.id}/program.py": solution,
        f"workshop/guides/{new.id}.md": filled("guide.md", new),
        f"slides/{new.id}.md": filled("deck.md", new),
        f"workshop/checks/{new.id}/check.py": filled("check.py", new),
        f"workshop/checks/{new.id}/causes.py": filled("causes.py", new),
        f"workshop/checks/{new.id}/wrong/shouts.toml": filled("wrong.toml", new),
        f"workshop/checks/{new.id}/right/by_adding.toml": filled("right.toml", new),
    }


def make(new: New, root: Path) -> list[Path]:
    """Write all files, and add the step to steps.toml. Returns what was written.

    Raises:
        CannotMake: one of the files exists already; nothing was written.
    """
    texts = {root / name: text for name, text in files(new).items()}
    if there := [path for path in texts if path.exists()]:
        raise CannotMake(f"{there[0]} is there already; choose another name, or move it away.")
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    steps_file = root / "workshop" / "steps.toml"
    with steps_file.open("a", encoding="utf-8") as file:
        file.write(filled("table.toml", new))
    return [*texts, steps_file]


def template(name: str) -> str:
    """The text of a template, such as "guide.md"."""
    return (TEMPLATES / f"{name}.txt").read_text(encoding="utf-8")


def filled(name: str, new: New) -> str:
    """A template with the words of the step in it."""
    words = {
        "id": new.id,
        "title": new.title,
        "number": f"{new.number:02}",
        "plain": str(new.number),
        "minutes": str(new.minutes),
        "tracks": ", ".join(f'"{track}"' for track in new.tracks),
    }
    return Template(template(name)).safe_substitute(words)
