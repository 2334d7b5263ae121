"""F4, F5, F6: the keys that make the player's network worse, and with Shift better, step by step."""

from collections.abc import Mapping
from typing import Final

import msgspec
import pygame

from netlib.transport.conditioner import LinkConditions

ROUNDING = 6  # decimals of a value on the screen, so that 0.15 s is exactly 150 ms
LATENCIES = (0, 50, 100, 150, 200, 250, 300, 400, 500, 750, 1000)  # milliseconds
LATE = "of the messages come late, and all after them wait"


class LinkKey(msgspec.Struct, frozen=True):
    """What one key changes."""

    name: str  # the label of the key
    field: str  # of `LinkConditions`
    meaning: str  # of the number, in words
    unit: str  # of the steps, and on the screen
    per_unit: int  # so many units are 1 in the field
    steps: tuple[int, ...]  # from nothing to the worst

    def shown(self, conditions: LinkConditions) -> float:
        """The value in the unit of the screen."""
        return round(float(getattr(conditions, self.field)) * self.per_unit, ROUNDING)

    def words(self, conditions: LinkConditions) -> str:
        """The value with its unit."""
        return f"{self.shown(conditions):.4g} {self.unit}"

    def stepped(self, conditions: LinkConditions, way: int) -> LinkConditions:
        """The conditions one step worse (``way`` is 1) or better (-1); at the last step, the same."""
        value = self.shown(conditions)
        further = (step for step in self.steps[::way] if (step - value) * way > 0)
        new = next(further, value)
        return msgspec.structs.replace(conditions, **{self.field: new / self.per_unit})


LINK_KEYS: Final[Mapping[int, LinkKey]] = {
    pygame.K_F4: LinkKey("F4", "latency", "added to the round trip", "ms", 1000, LATENCIES),
    pygame.K_F5: LinkKey("F5", "jitter", "by which each way varies", "ms", 1000, (0, 10, 20, 40, 80, 160)),
    pygame.K_F6: LinkKey("F6", "loss", LATE, "%", 100, (0, 1, 2, 5, 10, 20)),
}
