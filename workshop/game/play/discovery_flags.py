"""The flags of a room that can be found, and of a lobby that finds it."""

import argparse
import sys
from collections.abc import Sequence
from typing import Any

from netlib.discovery.discovery import PORTS
from netlib.protocol.frames import PORT
from workshop.game.play.flags import server_options

ASK_EVERY = 1.0  # seconds between two questions; servers answer four a second


def room_options(arguments: Sequence[str] | None = None) -> dict[str, Any]:
    """The flags of a room as `server_options` has them, and ``discovery_ports``."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    _add_ports(parser)
    found, others = parser.parse_known_args(sys.argv[1:] if arguments is None else arguments)
    return {**server_options(others), **vars(found)}


def lobby_options(arguments: Sequence[str] | None = None) -> dict[str, Any]:
    """The flags of a lobby, as arguments of `lobby_and_game`; ends the program when they are wrong."""
    parser = argparse.ArgumentParser(description="Gem Rush, with rooms that can be found.")
    parser.add_argument("--name", default="player", help="how others see you")
    parser.add_argument("--host", help="where to go, when no room is found")
    parser.add_argument("--port", type=int, default=PORT, help="TCP port of the game")
    _add_ports(parser)
    asking = "seconds between questions"
    parser.add_argument("--ask-every", type=float, default=ASK_EVERY, metavar="S", help=asking)
    parser.add_argument("--loopback", action="store_true", help="look for rooms on this machine alone")
    return vars(parser.parse_args(arguments))


def _add_ports(parser: argparse.ArgumentParser) -> None:
    help = "UDP ports at which rooms answer; with others than everybody's you have rooms of your own"
    parser.add_argument("--discovery-ports", type=port_range, default=PORTS, metavar="FROM-TO", help=help)


def port_range(text: str) -> Sequence[int]:
    """The ports that somebody means by 20100-20103; a ValueError when these are no two numbers."""
    first, _, last = text.partition("-")
    return range(int(first), int(last) + 1)
