"""What the host has put on the board: a word, a countdown, the step. Pure: the time is given, in seconds."""

from netlib.errors import RequestFailed
from netlib.session.names import readable
from workshop import steps
from workshop.instructor.board.messages import BoardOrder, OnScreen

OVER_SECONDS = 60.0  # for which the board says that a countdown is over


class Screen:
    """The host's part of the board.

    Args:
        expected: how many people the host expects.
    """

    def __init__(self, expected: int) -> None:
        self._word = self._by = self._step = ""
        self._expected = expected
        self._ends_at: float | None = None

    def obey(self, order: BoardOrder, by: str, now: float) -> None:
        """Do what a host of that name orders.

        Raises:
            RequestFailed: it cannot be done; the text says why.
        """
        match order.do:
            case "say":
                self._word, self._by = _seen(order.text), by
            case "countdown":
                self._ends_at = now + order.number if order.number else None
            case "step":
                self._step = _known_step(order.text) if order.text else ""
            case "expect":
                self._expected = order.number

    def at(self, now: float) -> OnScreen:
        """What is on the board at that time."""
        left = None if self._ends_at is None else round(self._ends_at - now)
        if left is not None and left < -OVER_SECONDS:
            left = self._ends_at = None
        return OnScreen(self._word, self._by, left, self._step, self._expected)


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
