"""The last moments of a world, to look up how it was on somebody's screen."""

import math
from bisect import bisect_right
from collections import deque
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any, TypeAlias

from netlib.arguments import Positive, Rate, checked
from netlib.errors import WrongArgument
from netlib.play.interpolation import Blend, Sample
from netlib.protocol.messages import Input

Seen: TypeAlias = Mapping[str, Mapping[int, Any]]  # collections of entities by id

SECONDS = 0.5  # that are kept: further back nobody may shoot, whatever the client says


class History:
    """States by tick, and what lay between two of them.

    Args:
        tick_rate: the server's ticks per second.
        fields: the collections that are kept, and the numeric fields of each that are blended, as for
            `InterpolationBuffer`, so that both say the same of a moment between two ticks:
            ``{"players": ("x", "y"), "doors": ()}``.
        seconds: how far back one can look.
        max_speed: units a second; what moves further is not blended, as for `InterpolationBuffer`.

    Raises:
        WrongArgument: an argument is not what is said above, or there is none of that name.
    """

    @checked
    def __init__(
        self,
        tick_rate: Rate,
        fields: Mapping[str, Sequence[str]],
        *,
        seconds: Positive = SECONDS,
        max_speed: Positive = math.inf,
    ) -> None:
        if wrong := next((name for name, blended in fields.items() if isinstance(blended, str)), None):
            raise WrongArgument(f'fields["{wrong}"] is a string; a single field is ("{fields[wrong]}",)')
        self._fields, self._max_step = fields, max_speed / tick_rate
        self._ticks = seconds * tick_rate
        self._samples: deque[Sample] = deque()

    def add(self, tick: int, state: Mapping[str, Any]) -> None:
        """Keep a state as it is published: of a tick's several the last. What is not in it counts as empty.

        Raises:
            WrongArgument: it is older than the newest.
        """
        if self._samples and tick <= self._samples[-1].tick:
            if tick < self._samples[-1].tick:
                raise WrongArgument(
                    f"tick {tick} comes after {self._samples[-1].tick:g}; history goes forwards"
                )
            self._samples.pop()
        self._samples.append(Sample(tick, {name: dict(state.get(name, {})) for name in self._fields}))
        while len(self._samples) > 2 and self._samples[1].tick <= tick - self._ticks:
            self._samples.popleft()

    def seen(self, input: Input) -> Seen:
        """The state as the player saw it who sent this input; the newest, when the input does not say."""
        return self.at(math.inf if input.shown_tick is None else input.shown_tick)

    def at(self, tick: float) -> Seen:
        """The state at a tick, or between two: never in the future, and no further back than is kept.

        Before the first `add` its collections are empty.
        """
        if not self._samples:
            return {name: {} for name in self._fields}
        newest = self._samples[-1].tick
        tick = min(newest, max(tick, newest - self._ticks, self._samples[0].tick))  # for NaN the newest
        place = max(1, bisect_right(self._samples, tick, key=lambda sample: sample.tick))
        older, newer = self._pair(place)
        return Blend(older, newer, tick, self._max_step).state(self._fields)

    def _pair(self, place: int) -> tuple[Sample, Sample]:
        """The states before and behind a place in the history; twice the same where there is one alone."""
        pair = list(islice(self._samples, place - 1, place + 1))
        return pair[0], pair[-1]
