"""The net graph's five plots, in the units of the screen: ms, per second, KB/s, pixels."""

from collections.abc import Callable
from typing import Final, TypeAlias

from workshop.game.drawing.net_graph.plot import Curve, Label, Plot
from workshop.game.drawing.net_graph.readings import Reading
from workshop.game.drawing.palette import FADED, GOOD, PAPER, RESOURCES, WARNING, player_colour
from workshop.game.rules.units import UNIT

CYAN, BLUE, ORANGE, LILAC = RESOURCES["gem"], player_colour(1), player_colour(0), player_colour(25)
MS, KB = 1000.0, 1 / 1000
UNKNOWN: Final[Label] = (("–", FADED),)
OFF: Final[Label] = (("off", FADED),)
Value: TypeAlias = Callable[[Reading], float | None]
Words: TypeAlias = Callable[[Reading], Label]


def scaled(value: Value, factor: float) -> Value:
    """The value in another unit; None stays None."""
    return lambda reading: None if (known := value(reading)) is None else known * factor


rtt = scaled(lambda it: it.rtt, MS)
jitter = scaled(lambda it: it.jitter, MS)
snapshots = scaled(lambda it: it.snapshots_per_second, 1)
incoming = scaled(lambda it: it.bytes_per_second_in, KB)
outgoing = scaled(lambda it: it.bytes_per_second_out, KB)
error = scaled(lambda it: it.prediction_error if it.prediction_on else None, 1 / UNIT)
delay = scaled(lambda it: it.interpolation_delay if it.interpolation_on else None, MS)


def rtt_band(reading: Reading) -> tuple[float, float]:
    """Round trip minus and plus its jitter, in milliseconds."""
    middle, spread = rtt(reading) or 0.0, jitter(reading) or 0.0
    return max(0.0, middle - spread), middle + spread


def _rtt_label(reading: Reading) -> Label:
    if reading.rtt is None:
        return UNKNOWN
    spread = () if reading.jitter is None else ((f"± {reading.jitter * MS:.0f}", FADED),)
    return ((f"{reading.rtt * MS:.0f} ms", PAPER), *spread)


def _traffic_label(reading: Reading) -> Label:
    coming, going = incoming(reading), outgoing(reading)
    if coming is None or going is None:
        return UNKNOWN
    return ((f"in {coming:.1f}", BLUE), (f"out {going:.1f}", ORANGE), ("KB/s", FADED))


def labelled(words: str, value: Value, on: Callable[[Reading], bool] = lambda _: True) -> Words:
    """The newest value in words such as "{:.0f} ms"; that there is none while it is not ``on``."""

    def label(reading: Reading) -> Label:
        known = value(reading)
        return OFF if not on(reading) else UNKNOWN if known is None else ((words.format(known), PAPER),)

    return label


ERROR = labelled("{:.1f} px", error, lambda it: it.prediction_on)
DELAY = labelled("{:.0f} ms", delay, lambda it: it.interpolation_on)
PLOTS: Final = (
    Plot("Round trip", 50, (Curve(CYAN, rtt, rtt_band),), _rtt_label),
    Plot("Snapshots", 10, (Curve(GOOD, snapshots),), labelled("{:.0f} per s", snapshots)),
    Plot("Traffic", 1, (Curve(ORANGE, outgoing), Curve(BLUE, incoming)), _traffic_label),
    Plot("Prediction error", 5, (Curve(WARNING, error, lambda it: (0.0, error(it) or 0.0)),), ERROR),
    Plot("Interpolation delay", 100, (Curve(LILAC, delay),), DELAY),
)
