"""What the game server costs: its share of one core, and whether it keeps its ticks.

Run it with ``python -m workshop.maintenance.bench.server_load [--bots 32] [--seconds 10]``.
"""

import argparse
import json
import statistics
import time

from workshop.processes.children import READY, Child, running

PATIENCE = 20.0  # seconds for all bots to join


def main() -> None:
    """Measure and print."""
    options = how_much(str(__doc__), bots=32)
    with running("workshop.maintenance.bench.game_server") as server:
        port = server.wait_for(READY)[1]
        with running("workshop", "bots", str(options.bots), f"127.0.0.1:{port}"):
            seconds = measure(server, options.bots, options.seconds)
    cpu = statistics.median(second["cpu"] for second in seconds)
    ticks = statistics.mean(second["ticks"] for second in seconds)
    skipped = sum(second["skipped"] for second in seconds)
    print(f"{options.bots} bots, {len(seconds)} s: {cpu:.1%} of a core (median of the seconds)")
    print(f"ticks kept: {ticks:.2f} per second of 30, {skipped} skipped")


def how_much(about: str, *, bots: int) -> argparse.Namespace:
    """The flags ``--bots`` and ``--seconds``: how much to measure, and for how long."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--bots", type=positive, default=bots)
    parser.add_argument("--seconds", type=positive, default=10)
    return parser.parse_args()


def positive(text: str) -> int:
    """A whole number from 1 on."""
    if text.isdecimal() and int(text) > 0:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text} is not possible; choose 1 or more")


def measure(server: Child, bots: int, seconds: int) -> list[dict[str, float]]:
    """Wait until all bots play, then take what the server prints in that many seconds."""
    deadline = time.monotonic() + PATIENCE
    while next_second(server)["players"] < bots:
        if time.monotonic() > deadline:
            raise SystemExit(f"not all of the {bots} bots joined within {PATIENCE:g} s")
    return [next_second(server) for _ in range(seconds)]


def next_second(server: Child) -> dict[str, float]:
    """The figures of the server's next second."""
    figures: dict[str, float] = json.loads(server.wait_for(r"^\{.*\}$")[0])
    return figures


if __name__ == "__main__":
    main()
