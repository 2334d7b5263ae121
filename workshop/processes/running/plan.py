"""What to start for a step: the programs, their arguments, and which of them gets the keyboard. Pure."""

from collections import Counter
from collections.abc import Sequence

import msgspec

from workshop.errors import WorkshopError

SERVER, CLIENT, BOTH = "server", "client", "both"


class NoProgram(WorkshopError):
    """The step has no such program; the text names those that it has."""


class Launch(msgspec.Struct, frozen=True):
    """A program to start.

    Args:
        program: the name of its file, without the ending.
        label: the text before each of its lines.
        arguments: its command line.
        keyboard: whether it gets what the attendee types: the first program that is not a server does.
    """

    program: str
    label: str
    arguments: tuple[str, ...] = ()
    keyboard: bool = False

    @property
    def is_server(self) -> bool:
        """Whether the others must wait until it is ready."""
        return self.program == SERVER

    @property
    def is_tests(self) -> bool:
        """Whether it is for pytest."""
        return self.program.startswith("test_")


def programs(run: Sequence[str], which: str = BOTH, clients: int | None = None) -> list[str]:
    """The programs to start, in their order.

    Args:
        run: those of the step; a name that comes twice means two windows.
        which: one of their names, or "both" for all of them.
        clients: how many clients; as many as the step has if not given.

    Raises:
        NoProgram: the step has no program of that name.
    """
    if which not in (BOTH, *run):
        raise NoProgram(f"This step has no program {which!r}; it has {', '.join(dict.fromkeys(run))}.")
    if clients is not None and CLIENT not in run:
        raise NoProgram("This step has no client, so there cannot be several.")
    chosen = list(run) if which == BOTH else [which]
    if clients is None:
        return chosen
    return [name for name in chosen if name != CLIENT] + [CLIENT] * (clients if CLIENT in chosen else 0)


def plan(names: Sequence[str], extra: Sequence[str] = (), port: int | None = None) -> list[Launch]:
    """How to start programs.

    Args:
        names: the programs; a name may come several times.
        extra: arguments for those of the last kind.
        port: for servers and clients, if it is not their default.
    """
    labels = _labels(names)
    typed_for = next((place for place, name in enumerate(names) if name != SERVER), 0)
    return [
        Launch(
            name,
            label,
            (*_port_flags(name, port), *(extra if name == names[-1] else ())),
            keyboard=place == typed_for,
        )
        for place, (name, label) in enumerate(zip(names, labels, strict=True))
    ]


def _labels(names: Sequence[str]) -> list[str]:
    """The names, numbered where there are several of a kind."""
    total, seen = Counter(names), Counter[str]()
    labels = []
    for name in names:
        seen[name] += 1
        labels.append(f"{name} {seen[name]}" if total[name] > 1 else name)
    return labels


def _port_flags(name: str, port: int | None) -> tuple[str, ...]:
    return () if port is None or name not in (SERVER, CLIENT) else ("--port", str(port))
