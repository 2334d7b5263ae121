"""The command line: what it offers, and what becomes of it."""

import argparse

from msgspec.structs import replace

import netlib

PORT = 8765  # of the server, when no other is asked for
MOST_BOTS = 100  # beside a window, in one process
LINK = {  # what is simulated: how many of the command line's units are one of netlib's; the unit; for --help
    "latency": (1000, "MS", "milliseconds added to the round trip"),
    "jitter": (1000, "MS", "milliseconds by which each way varies"),
    "loss": (100, "PERCENT", "share of messages that are lost once"),
}
Options = argparse.Namespace


def read_options(package: str, about: str | None, *, bots: bool) -> Options:
    """Read the command line; where it cannot be, the program ends and says why.

    Args:
        package: the game's name, such as ``my_game``.
        about: what it is, for ``--help``.
        bots: whether there are any.

    Returns:
        The options by their names; `connection`: what `netlib.connect` is told by them; and `place`: what
        the server is told. Without ``--port`` it takes the next port that is free.

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
    options.place = {
        "port": PORT if options.port is None else options.port,
        "next_port": options.port is None,
    }
    return options


def _parser(package: str, about: str | None) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(f"python -m {package}", description=about)
    parser.add_argument("--server", action="store_true", help="a server alone, without a window")
    where = "a window alone, on the server there: 192.168.1.5; without an address it looks for one"
    parser.add_argument("--join", nargs="?", const="", metavar="ADDRESS", help=where)
    parser.add_argument("--port", type=int, help=f"of the server ({PORT}, or the next that is free)")
    parser.add_argument("--name", default="Ada", help="what the others call you")
    for what, (_, unit, words) in LINK.items():
        parser.add_argument(f"--{what}", type=float, metavar=unit, help=words)
    names = f"these three by a name: {', '.join(netlib.PRESETS)}"
    parser.add_argument("--network", choices=netlib.PRESETS, metavar="NAME", help=names)
    parser.add_argument("--record", metavar="FILE", help="record what crosses the window's wire")
    parser.add_argument("--seconds", type=float, metavar="S", help="end by itself after so many")
    parser.add_argument("--screenshot", metavar="FILE.png", help="save what the window showed last")
    return parser


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) > MOST_BOTS:
        raise argparse.ArgumentTypeError(f"{text!r} bots cannot be; choose a number from 0 to {MOST_BOTS}")
    return int(text)


def _link(options: Options) -> netlib.LinkConditions:
    """The named network, but for what is given by itself."""
    named = netlib.PRESETS[options.network] if options.network else netlib.PERFECT
    given = {it: getattr(options, it) for it in LINK}
    changes = {it: value / LINK[it][0] for it, value in given.items() if value is not None}
    return replace(named, **changes)
