"""The command line that the games share: what it offers, and what becomes of it."""

import argparse
from typing import Any

import netlib

MOST_BOTS = 100  # beside a window, in one process
LINK = {"latency": "MS", "jitter": "MS", "loss": "PERCENT"}
Options = argparse.Namespace


def read_options(package: str, about: str, *, bots: bool) -> Options:
    """Read the command line; where it cannot be, the program ends and says why.

    Args:
        package: the game's name, such as ``examples.pong``.
        about: what it is, for ``--help``.
        bots: whether there are any.

    Returns:
        The options by their names; and `connection`: what `netlib.connect` is told by them.

    Raises:
        netlib.WrongArgument: a number of the simulated link cannot be.
    """
    parser = _parser(package, about)
    if bots:
        parser.add_argument("--bots", type=_count, default=0, metavar="N", help="so many bots play as well")
    options = parser.parse_args(namespace=Options(bots=0))
    if options.server and (options.record or options.join is not None):
        parser.error("--server has no window: it goes with neither --join nor --record")
    options.connection = {"name": options.name, "link": _link(options)}
    return options


def _parser(package: str, about: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(f"python -m {package}", description=about)
    parser.add_argument("--server", action="store_true", help="a server alone, without a window")
    where = "a window alone, on the server there: 192.168.1.5; without an address it looks for one"
    parser.add_argument("--join", nargs="?", const="", metavar="ADDRESS", help=where)
    parser.add_argument("--port", type=int, default=8765, help="of the server (8765)")
    parser.add_argument("--name", default="Ada", help="what the others call you")
    for what, unit in LINK.items():
        parser.add_argument(f"--{what}", type=float, metavar=unit, help="simulated, on the round trip")
    parser.add_argument("--network", choices=netlib.PRESETS, help="the three by the name of a network")
    parser.add_argument("--record", metavar="FILE", help="record what crosses the window's wire")
    parser.add_argument("--seconds", type=float, help="after which it ends by itself")
    parser.add_argument("--screenshot", metavar="FILE.png", help="save what the window showed last")
    return parser


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) > MOST_BOTS:
        raise argparse.ArgumentTypeError(f"{text!r} bots cannot be; choose a number from 0 to {MOST_BOTS}")
    return int(text)


def _link(options: Options) -> netlib.LinkConditions:
    """The named network, but for what is given by itself."""
    named = netlib.PRESETS[options.network] if options.network else netlib.PERFECT
    scale = {"latency": 1000, "jitter": 1000, "loss": 100}  # of the command line's units
    given: dict[str, Any] = {it: getattr(options, it) for it in LINK}
    values = {it: getattr(named, it) if given[it] is None else given[it] / scale[it] for it in LINK}
    return netlib.LinkConditions(**values)
