"""The net graph's five plots, in the units of the screen: ms, per second, KB/s, pixels."""

from typing import Final

from workshop.game.drawing.net_graph.plot import Curve, Label, Plot
from workshop.game.drawing.net_graph.readings import Reading
from workshop.game.drawing.palette import FADED, GOOD, PAPER, RESOURCES, WARNING, player_colour
from workshop.game.rules.units import UNIT

CYAN, BLUE, ORANGE, LILAC = RESOURCES["gem"], player_colour(1), player_colour(0), player_colour(25)
MS, KB = 1000.0, 1 / 1000
UNKNOWN: Final[Label] = (("–", FADED),)


def scaled(value: float | None, factor: float) -> float | None:
    """The value in another unit; None stays None."""
    return None if value is None else value * factor


def rtt(reading: Reading) -> float | None:
    """Milliseconds."""
    return scaled(reading.rtt, MS)


def rtt_band(reading: Reading) -> tuple[float, float]:
    """Round trip minus and plus its jitter, in milliseconds."""
    middle, spread = rtt(reading) or 0.0, scaled(reading.jitter, MS) or 0.0
    return max(0.0, middle - spread), middle + spread


def incoming(reading: Reading) -> float | None:
    """KB/s."""
    return scaled(reading.bytes_per_second_in, KB)


def outgoing(reading: Reading) -> float | None:
    """KB/s."""
    return scaled(reading.bytes_per_second_out, KB)


def error(reading: Reading) -> float | None:
    """Pixels; there is none without prediction."""
    return scaled(reading.prediction_error, 1 / UNIT) if reading.prediction_on else None


def delay(reading: Reading) -> float | None:
    """Milliseconds; there is none without interpolation."""
    return scaled(reading.interpolation_delay, MS) if reading.interpolation_on else None


def _rtt_label(reading: Reading) -> Label:
    if reading.rtt is None:
        return UNKNOWN
    spread = () if reading.jitter is None else ((f"± {reading.jitter * MS:.0f}", FADED),)
    return ((f"{reading.rtt * MS:.0f} ms", PAPER), *spread)


def _snapshots_label(reading: Reading) -> Label:
    value = reading.snapshots_per_second
    return UNKNOWN if value is None else ((f"{value:.0f} per s", PAPER),)


def _traffic_label(reading: Reading) -> Label:
    coming, going = incoming(reading), outgoing(reading)
    if coming is None or going is None:
        return UNKNOWN
    return ((f"in {coming:.1f}", BLUE), (f"out {going:.1f}", ORANGE), ("KB/s", FADED))


def _error_label(reading: Reading) -> Label:
    if not reading.prediction_on:
        return (("off", FADED),)
    value = error(reading)
    return UNKNOWN if value is None else ((f"{value:.1f} px", PAPER),)


def _delay_label(reading: Reading) -> Label:
    if not reading.interpolation_on:
        return (("off", FADED),)
    value = delay(reading)
    return UNKNOWN if value is None else ((f"{value:.0f} ms", PAPER),)


PLOTS: Final = (
    Plot("Round trip", 50, (Curve(CYAN, rtt, rtt_band),), _rtt_label),
    Plot("Snapshots", 10, (Curve(GOOD, lambda it: it.snapshots_per_second),), _snapshots_label),
    Plot("Traffic", 1, (Curve(ORANGE, outgoing), Curve(BLUE, incoming)), _traffic_label),
    Plot("Prediction error", 5, (Curve(WARNING, error, lambda it: (0.0, error(it) or 0.0)),), _error_label),
    Plot("Interpolation delay", 100, (Curve(LILAC, delay),), _delay_label),
)
