"""What the host has put on the board: a word, a countdown, the step. Pure: times are seconds since 1970."""

from collections.abc import Callable

from msgspec.structs import replace

from netlib.errors import RequestFailed
from netlib.session.names import readable
from workshop import steps
from workshop.instructor.board.messages import BoardOrder, OnScreen
from workshop.instructor.classroom.host_memory import OnBoard

OVER_SECONDS = 60.0  # for which the board says that a countdown is over


class Screen:
    """The host's part of the board.

    Args:
        on: what stands there already.
        keep: hears what stands there from now on.
        expected: how many people to wait for as long as the host has not said.
    """

    def __init__(self, on: OnBoard, keep: Callable[[OnBoard], object], expected: int) -> None:
        self._on, self._keep, self._expected = on, keep, expected

    def obey(self, order: BoardOrder, by: str, now: float) -> None:
        """Do what a host of that name orders.

        Raises:
            RequestFailed: it cannot be done; the text says why.
        """
        match order.do:
            case "say":
                self._on = replace(self._on, word=_seen(order.text), by=by)
            case "countdown":
                self._on = replace(self._on, ends_at=now + order.number if order.number else 0.0)
            case "step":
                self._on = replace(self._on, step=_known_step(order.text) if order.text else "")
            case "expect":
                self._on = replace(self._on, expected=order.number)
        self._keep(self._on)

    def at(self, now: float) -> OnScreen:
        """What is on the board at that time."""
        on = self._on
        left = round(on.ends_at - now) if on.ends_at and now <= on.ends_at + OVER_SECONDS else None
        return OnScreen(on.word, on.by, left, on.step, self._expected if on.expected is None else on.expected)


def _seen(text: str) -> str:
    word = readable(text).strip()
    if text and not word:
        raise RequestFailed("not_possible", "there is nothing to say: the text has nothing to be seen")
    return word


def _known_step(typed: str) -> str:
    try:
        return step_words(steps.find(typed).id)
    except steps.UnknownStep as error:
        raise RequestFailed("not_possible", str(error)) from error


def step_words(step_id: str) -> str:
    """The step's number and title; or the id if we do not know it (from another version of the course)."""
    known = next((step for step in steps.all_steps() if step.id == step_id), None)
    return f"{known.number} {known.title}" if known else step_id
