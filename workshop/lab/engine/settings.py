"""What the lab's controls set."""

import msgspec

from netlib.transport.conditioner import PERFECT, LinkConditions
from workshop.game.rules.units import TICK_RATE

TICK_RATES = (10.0, 15.0, 20.0, 30.0, 60.0)  # a second
SNAPSHOT_RATES = (2.0, 5.0, 10.0, 15.0, 20.0, 30.0, 60.0)  # a second, and no more than ticks


class Settings(msgspec.Struct, frozen=True):
    """The link, the rates, and which of the client's and the server's devices are on.

    Args:
        link: simulated conditions of the driven player's link.
        tick_rate, snapshot_rate: a second.
        reconciliation: the client goes on from the server's truth; else from what it has predicted itself.
        smoothing: a correction fades from the screen; else it is there at once.
        extrapolation: the others move on for a moment when no snapshot comes.
        lag_compensation: the server judges a shot by what the player saw; else by how it is there now.
    """

    link: LinkConditions = PERFECT
    tick_rate: float = TICK_RATE
    snapshot_rate: float = TICK_RATE
    prediction: bool = True
    reconciliation: bool = True
    smoothing: bool = True
    interpolation: bool = True
    extrapolation: bool = True
    lag_compensation: bool = True
