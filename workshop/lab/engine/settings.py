"""What the lab's controls set."""

import msgspec

from netlib.transport.conditioner import PERFECT, LinkConditions
from workshop.game.rules.units import TICK_RATE

TICK_RATES = (10.0, 15.0, 20.0, 30.0, 60.0)  # a second
SNAPSHOT_RATES = (2.0, 5.0, *TICK_RATES)  # a second, and no more than ticks


class Settings(msgspec.Struct, frozen=True):
    """The driven player's link, the rates (a second), and which devices are on."""

    link: LinkConditions = PERFECT
    tick_rate: float = TICK_RATE
    snapshot_rate: float = TICK_RATE
    prediction: bool = True
    reconciliation: bool = True  # else the client goes on from what it has predicted itself
    smoothing: bool = True  # a correction fades; else it is there at once
    interpolation: bool = True
    extrapolation: bool = True  # the others move on for a moment when no snapshot comes
    lag_compensation: bool = True  # the server judges a shot by what the player saw; else by what is now
