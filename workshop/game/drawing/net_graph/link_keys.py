"""F4, F5, F6: the keys that make the player's network worse, and with Shift better, step by step."""

from collections.abc import Mapping
from typing import Final

import msgspec
import pygame

from netlib.transport.conditioner import LinkConditions

ROUNDING = 6  # decimals of a value on the screen, so that 0.15 s is exactly 150 ms


class LinkKey(msgspec.Struct, frozen=True):
    """What one key changes.

    Args:
        name: the label of the key.
        field: of `LinkConditions`.
        meaning: of the number, in words.
        unit: of the steps, and on the screen; ``per_unit`` of them are 1 in the field.
        steps: from nothing to the worst.
    """

    name: str
    field: str
    meaning: str
    unit: str
    per_unit: int
    steps: tuple[int, ...]

    def shown(self, conditions: LinkConditions) -> float:
        """The value in the unit of the screen."""
        return round(float(getattr(conditions, self.field)) * self.per_unit, ROUNDING)

    def words(self, conditions: LinkConditions) -> str:
        """The value with its unit."""
        return f"{self.shown(conditions):.4g} {self.unit}"

    def stepped(self, conditions: LinkConditions, way: int) -> LinkConditions:
        """The conditions one step worse (``way`` is 1) or better (-1); at the last step, the same."""
        value = self.shown(conditions)
        worse = [step for step in self.steps if step > value]
        better = [step for step in self.steps if step < value]
        new = next(iter(worse if way > 0 else reversed(better)), value)
        return msgspec.structs.replace(conditions, **{self.field: new / self.per_unit})


LINK_KEYS: Final[Mapping[int, LinkKey]] = {
    pygame.K_F4: LinkKey(
        name="F4",
        field="latency",
        meaning="added to the round trip",
        unit="ms",
        per_unit=1000,
        steps=(0, 50, 100, 150, 200, 250, 300, 400, 500, 750, 1000),
    ),
    pygame.K_F5: LinkKey(
        name="F5",
        field="jitter",
        meaning="by which each way varies",
        unit="ms",
        per_unit=1000,
        steps=(0, 10, 20, 40, 80, 160),
    ),
    pygame.K_F6: LinkKey(
        name="F6",
        field="loss",
        meaning="of the messages come late, and all after them wait",
        unit="%",
        per_unit=100,
        steps=(0, 1, 2, 5, 10, 20),
    ),
}
