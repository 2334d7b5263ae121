"""The command-line flags that the game's programs share, and what they mean."""

import argparse
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from netlib.protocol.frames import PORT
from netlib.session.names import name_problem
from netlib.transport.conditioner import PERFECT, PRESETS, LinkConditions
from netlib.transport.tcp import host_port
from workshop.game.play.log_file import LogFile
from workshop.game.rules.rounds import ROUND_SECONDS
from workshop.terminal.printer import PrintingHandler

# Flags by name, in words that argparse and click both take.
LINK_FLAGS: Final[dict[str, dict[str, Any]]] = {
    "--latency": {"type": float, "metavar": "MS", "help": "milliseconds added to the round trip"},
    "--jitter": {"type": float, "metavar": "MS", "help": "milliseconds by which each way varies"},
    "--loss": {"type": float, "metavar": "PERCENT", "help": "share of messages that are lost once"},
    "--network": {"metavar": "NAME", "help": f"a named network: {', '.join(PRESETS)}"},
}
RUN_FLAGS: Final[dict[str, dict[str, Any]]] = {
    "--seconds": {"type": float, "metavar": "S", "help": "stop after so many seconds"},
    "--log": {"type": Path, "metavar": "FILE", "help": "write every message to a file"},
}
VERBOSE = "say what happens"
LOG_FORMAT = "%(asctime)s.%(msecs)03d %(levelname)s %(name)s: %(message)s"
TIME_FORMAT = "%H:%M:%S"


def server_options(arguments: Sequence[str] | None = None, *, public: bool = False) -> dict[str, Any]:
    """A server's flags as arguments of its ``serve``; ends the program when they are wrong.

    Args:
        public: with those of a room that strangers may reach: ``cert``, ``key``, ``origins``.
    """
    parser = argparse.ArgumentParser(description="Serve a game of Gem Rush.")
    parser.add_argument("--name", dest="room", default="Gem Rush", help="the room's name")
    parser.add_argument("--host", help="one address to listen on; all of them otherwise")
    parser.add_argument("--port", type=_port, default=PORT)
    parser.add_argument("--next-port", action="store_true", help="take the next free port")
    parser.add_argument("--password", default="", help="what players need to join")
    parser.add_argument("--host-password", default="", help="the password to command the room")
    parser.add_argument("--first-is-host", action="store_true", help="the first player commands the room")
    parser.add_argument("--round-seconds", type=float, default=ROUND_SECONDS, metavar="S")
    parser.add_argument("--seed", type=int, help="make the map and all chances repeatable")
    if public:
        group = parser.add_argument_group("a room that strangers may reach")
        group.add_argument("--cert", help="certificate (PEM), for wss://", **_FILE)
        group.add_argument("--key", help="its private key (PEM)", **_FILE)
        origins = "a site whose pages may connect, such as https://play.example.org; may come several times"
        group.add_argument(
            "--origin", dest="origins", action="append", default=[], metavar="URL", help=origins
        )
    options = _parsed(parser, arguments)
    if bool(options.get("cert")) != bool(options.get("key")):
        parser.error("a certificate and its key belong together: give both --cert and --key")
    return options


def _player_name(name: str) -> str:
    """A name that a room lets in."""
    if problem := name_problem(name):
        raise argparse.ArgumentTypeError(problem)
    return name


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port; choose a number from 0 to 65535")
    return int(text)


def _readable(file: str) -> str:
    """The name of a file that can be read; empty, as the default is, for none."""
    try:
        if file:
            Path(file).open("rb").close()
    except OSError as error:
        raise argparse.ArgumentTypeError(f"cannot read {file}: {error.strerror}") from error
    return file


_FILE: Final[dict[str, Any]] = {"type": _readable, "default": "", "metavar": "FILE"}


def client_options(arguments: Sequence[str] | None = None, *, public: bool = False) -> dict[str, Any]:
    """A client's flags as arguments of its ``run``; ends the program when they are wrong.

    Args:
        public: with those of a room that strangers may reach: ``--tls``, and ``ca``.
    """
    parser = argparse.ArgumentParser(description="Play Gem Rush.")
    parser.add_argument("--host", default="localhost", help="the server's name or address")
    parser.add_argument("--port", type=_port, default=PORT)
    parser.add_argument("--name", type=_player_name, default="player", help="how others see you")
    parser.add_argument("--password", default="")
    parser.add_argument("--spectator", action="store_true", help="only watch")
    parser.add_argument("--screenshot", type=Path, metavar="FILE.png", help="save the last frame")
    if public:
        parser.add_argument("--tls", action="store_true", help="connect to wss:// and not to ws://")
        parser.add_argument("--ca", help="trust this authority only (PEM); with --tls", **_FILE)
    options = _parsed(parser, arguments)
    scheme = "wss" if options.pop("tls", False) or options.get("ca") else "ws"
    host, port = options.pop("host"), options.pop("port")
    return {"url": f"{scheme}://{host_port(host, port)}", **options}


def _parsed(parser: argparse.ArgumentParser, arguments: Sequence[str] | None) -> dict[str, Any]:
    """Parse, with the flags that both sides have; start the log, and make one link of four flags."""
    link = parser.add_argument_group("a worse network, simulated at this end")
    for flag, details in LINK_FLAGS.items():
        link.add_argument(flag, **details)
    for flag, details in RUN_FLAGS.items():
        parser.add_argument(flag, **details)
    parser.add_argument("--verbose", action="store_true", help=VERBOSE)
    options = vars(parser.parse_args(arguments))
    try:
        start_logging(verbose=options.pop("verbose"), log=options.pop("log"))
        names = ("latency", "jitter", "loss", "network")
        return {"link": link_conditions(**{name: options.pop(name) for name in names}), **options}
    except (ValueError, OSError) as error:
        parser.error(str(error))


def link_conditions(
    *,
    latency: float | None = None,
    jitter: float | None = None,
    loss: float | None = None,
    network: str | None = None,
) -> LinkConditions:
    """Link conditions from flags: milliseconds, milliseconds, percent, and a preset's name.

    Raises:
        ValueError: a number is out of range, or there is no such network; the text says which.
    """
    if network is not None and network not in PRESETS:
        raise ValueError(f"there is no network {network!r}; choose one of {', '.join(PRESETS)}")
    base = PRESETS[network] if network else PERFECT
    if loss is not None and not 0 <= loss < 100:
        raise ValueError(f"a loss of {loss:g} % is not possible; choose 0 to 99")
    for flag, value in (("latency", latency), ("jitter", jitter)):
        if value is not None and not 0 <= value <= 60_000:
            raise ValueError(f"a {flag} of {value:g} ms is not possible; choose 0 to 60000")
    return LinkConditions(
        latency=base.latency if latency is None else latency / 1000,
        jitter=base.jitter if jitter is None else jitter / 1000,
        loss=base.loss if loss is None else loss / 100,
    )


def start_logging(*, verbose: bool = False, log: Path | None = None) -> None:
    """Show what happens (``verbose``), and write every message to a file.

    Raises:
        OSError: the file cannot be written.
    """
    logger = logging.getLogger("netlib")
    if verbose or log is not None:  # what is wrong is told on the terminal, too
        _add(logger, PrintingHandler(), logging.INFO if verbose else logging.WARNING)
    if log is not None:
        _add(logger, LogFile(log), logging.DEBUG)


def _add(logger: logging.Logger, handler: logging.Handler, level: int) -> None:
    handler.setLevel(level)
    handler.setFormatter(logging.Formatter(LOG_FORMAT, TIME_FORMAT))
    logger.addHandler(handler)
    logger.setLevel(min(level, logger.level or level))
