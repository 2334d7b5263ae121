"""A day's timetable: steps, with breaks and lunch between them. Pure; times are minutes since midnight."""

from collections.abc import Sequence
from itertools import accumulate, islice
from typing import Literal, NamedTuple, TypeAlias

BREAK, LUNCH = 10, 45  # minutes
STRETCH = 75  # minutes of work after which a class needs a break
TOO_LONG = 4  # how much worse it is to work longer than that, compared with shorter
LUNCH_AT = 12 * 60 + 15  # minutes since midnight: about when people are hungry
LUNCH_WINDOW = (12 * 60 - 15, 13 * 60)  # within which lunch begins
FULL_DAY = 300  # minutes of work from which on a day needs lunch

Kind: TypeAlias = Literal["step", "break", "lunch"]


class Item(NamedTuple):
    """One line of a timetable.

    Args:
        begin, end: minutes since midnight.
        kind: what it is.
        step: for a step, which one, counted from 0; title and closing are planned as steps, too.
    """

    begin: int
    end: int
    kind: Kind
    step: int = -1


class Split(NamedTuple):
    """A division into stretches of work: how bad it is, and the number of steps in each stretch."""

    cost: int
    stretches: tuple[int, ...]


def plan(minutes: Sequence[int], start: int) -> list[Item]:
    """Plan a day with these steps.

    Breaks and lunch come between steps. Of all possible plans we take the one whose stretches of work are
    closest to `STRETCH`, and whose lunch is closest to `LUNCH_AT`.

    Args:
        minutes: what each step takes.
        start: when the first one begins.
    """
    morning = _lunch_after(minutes, start)
    if morning is None:
        return _half(minutes, start, 0)
    before = _half(minutes[:morning], start, 0)
    lunch = Item(before[-1].end, before[-1].end + LUNCH, "lunch")
    return [*before, lunch, *_half(minutes[morning:], lunch.end, morning)]


def split(minutes: Sequence[int]) -> Split:
    """The best stretches of work: those whose squared differences from the right length add up to least."""
    ends = [0, *accumulate(minutes)]
    best = [Split(0, ())]
    for end in range(1, len(ends)):
        splits = (
            Split(before.cost + _cost(ends[end] - ends[begin]), (*before.stretches, end - begin))
            for begin, before in enumerate(best)
        )
        best.append(min(splits))
    return best[-1]


def _cost(length: int) -> int:
    return (TOO_LONG if length > STRETCH else 1) * (length - STRETCH) ** 2


def _lunch_after(minutes: Sequence[int], start: int) -> int | None:
    """The number of steps before lunch; None if there is no lunch that day."""
    if sum(minutes) < FULL_DAY:
        return None
    found = [
        (split(minutes[:count]).cost + split(minutes[count:]).cost + (begin - LUNCH_AT) ** 2, count)
        for count in range(1, len(minutes))
        if LUNCH_WINDOW[0] <= (begin := _half(minutes[:count], start, 0)[-1].end) <= LUNCH_WINDOW[1]
    ]
    return min(found)[1] if found else None


def _half(minutes: Sequence[int], start: int, first: int) -> list[Item]:
    """The steps, with a break between any two stretches; `first` is the number of the first step."""
    items: list[Item] = []
    steps = iter(enumerate(minutes, first))
    for stretch in split(minutes).stretches:
        if items:
            items.append(Item(start, start := start + BREAK, "break"))
        for step, length in islice(steps, stretch):
            items.append(Item(start, start := start + length, "step", step))
    return items
