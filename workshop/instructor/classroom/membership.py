"""What this laptop remembers about its class: the nickname, the host, and what the host has not heard yet.

The file is beside the progress: `.workshop/class.json` in the checkout.
"""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec.structs import replace

from workshop import files
from workshop.course import progress_file
from workshop.errors import WorkshopError
from workshop.instructor.classroom.news import MAX_SECONDS, News, What, on_one_line
from workshop.terminal import console

NAME = "class.json"
UNTOLD_KEPT = 200  # news to keep for a host who is gone; beyond that the oldest are dropped


class NotKept(WorkshopError):
    """The file cannot be written; the text says why."""


class PlaceLost(WorkshopError):
    """We no longer have a place in the class; the text says why."""


class Untold(msgspec.Struct, frozen=True):
    """News that the host has not heard; `at` is when it happened, in seconds since 1970."""

    news: News
    at: float


class Enrolment(msgspec.Struct, frozen=True):
    """A membership in a class.

    Args:
        nickname: as others see us.
        token: the secret by which the host recognises us.
        address: where the host's room is.
        room: its name.
        password: the room's.
        number: that of the newest news.
        untold: what the host has not heard yet, oldest first.
    """

    nickname: Annotated[str, msgspec.Meta(min_length=1, max_length=20)]  # as a host would accept them
    token: Annotated[str, msgspec.Meta(min_length=16, max_length=64)]
    address: str
    room: str = ""
    password: str = ""
    number: int = 0
    untold: list[Untold] = []

    def news(self, now: float) -> list[News]:
        """What the host has not heard yet, if we send it at `now`."""
        ages = [min(MAX_SECONDS, max(0.0, round(now - each.at, 1))) for each in self.untold]
        return [replace(each.news, ago=age) for each, age in zip(self.untold, ages, strict=True)]


class MembershipFile:
    """Keeps the membership. Each change reads the file again, since several terminals may be open.

    A change that cannot be written raises `NotKept`.

    Args:
        path: the file; beside the progress if not given.
        warn: prints a warning.
        clock: the time in seconds since 1970.
    """

    def __init__(
        self,
        path: Path | None = None,
        *,
        warn: Callable[[str], object] = console.warn,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.path = path or progress_file.beside(progress_file.place(), NAME)
        self._warn, self._clock = warn, clock

    def read(self) -> Enrolment | None:
        """The membership; None outside a class. An invalid file is renamed."""
        try:
            return msgspec.json.decode(self.path.read_bytes(), type=Enrolment)
        except FileNotFoundError:
            return None
        except OSError as error:
            self._warn(f"{self.path} cannot be read: {error.strerror or error}.")
        except (ValueError, RecursionError) as error:  # msgspec's own errors, and bytes that are no UTF-8
            self._set_aside(error)
        return None

    def write(self, membership: Enrolment) -> None:
        """Remember a membership."""
        data = msgspec.json.format(msgspec.json.encode(membership), indent=2) + b"\n"
        try:
            files.write_whole(self.path, data)
        except OSError as error:
            raise NotKept(f"{self.path} cannot be written: {error.strerror or error}.") from error

    def forget(self) -> None:
        """Forget the class."""
        try:
            self.path.unlink(missing_ok=True)
        except OSError as error:
            raise NotKept(f"{self.path} cannot be deleted: {error.strerror or error}.") from error

    def note(
        self, what: What, *, step: str = "", passed: bool = False, seconds: float = 0.0, words: str = ""
    ) -> None:
        """Keep news for the host; outside a class, do nothing."""
        if membership := self.read():
            number = membership.number + 1
            news = News(number, what, step, passed, min(MAX_SECONDS, seconds), on_one_line(words))
            untold = [*membership.untold, Untold(news, self._clock())]
            self.write(replace(membership, number=number, untold=untold[-UNTOLD_KEPT:]))

    def heard(self, number: int, nickname: str) -> None:
        """Note that the host has heard all news up to that number, and what it calls us."""
        if membership := self.read():
            untold = [each for each in membership.untold if each.news.number > number]
            number = max(number, membership.number)
            self.write(replace(membership, nickname=nickname, number=number, untold=untold))

    def _set_aside(self, error: Exception) -> None:
        try:
            aside = files.set_aside(self.path)
        except OSError as failure:
            self._warn(f"{self.path} cannot be understood, nor renamed: {failure.strerror or failure}.")
            return
        again = console.command("class", "join")
        self._warn(
            f"{self.path} cannot be understood ({error}). It is now {aside}; to join the class: {again}"
        )
