"""The board's program: a server and a window, or one of them; ``--help`` has the flags."""

import argparse
import asyncio

import netlib
from examples.canvas.client import play
from examples.canvas.rules import Board
from examples.canvas.server import canvas

parser = argparse.ArgumentParser("python -m examples.canvas", description="A drawing board for many.")
parser.add_argument("--server", action="store_true", help="the server alone")
parser.add_argument("--join", metavar="ADDRESS", help="a window alone, on the board at this address")
parser.add_argument("--name", default="painter", help="how others see you")
parser.add_argument("--port", type=int, default=8765, help="the server's TCP port")
parser.add_argument("--seconds", type=float, default=float("inf"), help="end by itself")
parser.add_argument("--screenshot", metavar="FILE.png", help="save the last frame")
flags = parser.parse_args()
if not flags.join:
    server = canvas(flags.port, Board())
    server.start()
    print("The board is at", server.url, flush=True)
url = flags.join or server.url
netlib.run(asyncio.sleep(flags.seconds) if flags.server else play(url, flags))
