"""The flags of a room that can be found, and of a lobby that finds it."""

import argparse
from collections.abc import Sequence

import msgspec

from netlib.discovery.discovery import PORTS
from netlib.protocol.frames import PORT

ASK_EVERY = 1.0  # seconds between two questions; servers answer four a second


class DiscoveryOptions(msgspec.Struct, frozen=True):
    """What the command line says.

    Args:
        name: the room's, or the player's.
        host: one address to listen on, or what is in the lobby's line for an address.
        port: TCP port of the game.
        discovery_ports: UDP ports at which rooms answer.
        ask_every: seconds between two questions.
        loopback: look for rooms on this machine alone.
    """

    name: str
    host: str | None
    port: int
    discovery_ports: Sequence[int]
    ask_every: float
    loopback: bool


def discovery_options(name: str, arguments: Sequence[str] | None = None) -> DiscoveryOptions:
    """The flags of a stage; ends the program when they are wrong. ``name`` is used when none is typed."""
    parser = argparse.ArgumentParser(description="Gem Rush, with rooms that can be found.")
    parser.add_argument("--name", default=name, help="of the room, or of the player")
    parser.add_argument("--host", help="of a server: one address to listen on; of a client: where to go")
    parser.add_argument("--port", type=int, default=PORT, help="TCP port of the game")
    parser.add_argument(
        "--discovery-ports",
        type=port_range,
        default=PORTS,
        metavar="FROM-TO",
        help="UDP ports at which rooms answer; with others than everybody's you have rooms of your own",
    )
    parser.add_argument(
        "--ask-every", type=float, default=ASK_EVERY, metavar="S", help="seconds between questions"
    )
    parser.add_argument("--loopback", action="store_true", help="look for rooms on this machine alone")
    return DiscoveryOptions(**vars(parser.parse_args(arguments)))


def port_range(text: str) -> Sequence[int]:
    """The ports that somebody means by 20100-20103.

    Raises:
        ValueError: these are no two numbers.
    """
    first, _, last = text.partition("-")
    return range(int(first), int(last) + 1)
