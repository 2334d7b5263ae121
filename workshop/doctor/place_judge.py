"""What to say about the files that attendees work on. Pure."""

from collections.abc import Iterator, Sequence

import msgspec

from workshop.bootstrap.typed import command
from workshop.doctor.finding import Finding, error, ok

NAMED = 3  # missing files to name


class PlaceSeen(msgspec.Struct, frozen=True):
    """What was seen.

    Args:
        starter: the folder that attendees work in.
        is_checkout: False for an installed copy, which has only the game.
        missing: its files that are not there.
        not_writable: why nothing can be written there; "" if it can.
    """

    starter: str
    is_checkout: bool
    is_there: bool
    missing: Sequence[str] = ()
    not_writable: str = ""


def judge_place(seen: PlaceSeen) -> Iterator[Finding]:
    """What to say about the starter."""
    if not seen.is_checkout:
        todo = "Get the project as a folder, and start it from there."
        yield error("files", "This is an installed copy: it has the game, but not the steps.", todo)
        return
    yield _files(seen)
    if seen.not_writable:
        todo = "Copy the checkout to a folder of your own, such as one in your home folder."
        yield error("saving", f"Nothing can be saved in {seen.starter}: {seen.not_writable}.", todo)
    elif seen.is_there:
        yield ok("saving", f"You can save in {seen.starter}.")


def _files(seen: PlaceSeen) -> Finding:
    if not seen.missing:
        return ok("files", "The starter files of all steps are there.")
    numbers = sorted({int(path[4:6]) for path in seen.missing})
    named = ", ".join(seen.missing[:NAMED]) + (" and others" if seen.missing[NAMED:] else "")
    todo = f"Bring them back, one step at a time, without loss: {command('reset', str(numbers[0]))}"
    return error("files", f"{len(seen.missing)} starter files are missing: {named}.", todo)
