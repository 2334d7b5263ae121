"""An arena: run and shoot, against bots and others."""

import argparse
import asyncio
import logging

import pygame

import netlib
from examples.arena.client import play
from examples.arena.rules import Fighter, Shot
from examples.arena.server import Arena


def arguments() -> argparse.Namespace:
    """What was typed behind the command."""
    parser = argparse.ArgumentParser("python -m examples.arena", description=__doc__)
    parser.add_argument("--server", action="store_true", help="the server alone")
    parser.add_argument("--join", metavar="ADDRESS", help="a window alone: play on this server")
    parser.add_argument("--name", default="Ada")
    parser.add_argument("--port", type=int, default=8765)
    for option, unit in [("latency", "MS"), ("jitter", "MS"), ("loss", "PERCENT")]:
        parser.add_argument(f"--{option}", type=float, default=0, metavar=unit, help="simulated")
    parser.add_argument("--seconds", type=float, default=1e6, help="end by itself")
    parser.add_argument("--screenshot", metavar="FILE.png", help="save what was drawn last")
    return parser.parse_args()


async def main(args: argparse.Namespace) -> None:
    """Serve, play, or both."""
    if args.join:
        await join(args.join, args)
    else:
        async with Arena(port=args.port).server as server:
            logging.info("others join with: python -m examples.arena --join ADDRESS:%d", server.port)
            await (asyncio.sleep(args.seconds) if args.server else join(f"127.0.0.1:{server.port}", args))


async def join(address: str, args: argparse.Namespace) -> None:
    """Play on a server."""
    link = netlib.LinkConditions(args.latency / 1000, args.jitter / 1000, args.loss / 100)
    schema = {"fighters": Fighter}
    async with netlib.connect(address, name=args.name, schema=schema, messages=[Shot], link=link) as client:
        screen = await play(client, args.seconds)
    if args.screenshot:
        pygame.image.save(screen, args.screenshot)


if __name__ == "__main__":
    logging.basicConfig(level="INFO", format="%(message)s")
    netlib.run(main(arguments()))
