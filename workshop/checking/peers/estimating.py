"""Gives measurements to somebody's `RoundTrip`, and writes what it makes of each: `… MODULE SECONDS …`."""

import sys
from importlib import import_module


def main() -> None:
    """One line for each measurement: the smoothed round trip, and the variation."""
    round_trip = import_module(sys.argv[1]).RoundTrip()
    for measured in sys.argv[2:]:
        round_trip.add(float(measured))
        sys.stdout.write(f"{round_trip.smoothed} {round_trip.variation}\n")


if __name__ == "__main__":
    main()
