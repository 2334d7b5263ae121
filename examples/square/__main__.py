"""The command line: ``python -m examples.square --help``."""

import argparse
import logging

from examples.square.game import main

parser = argparse.ArgumentParser("python -m examples.square", description="A square for each of two players.")
parser.add_argument("--server", action="store_true", help="the server alone, without a window")
parser.add_argument("--join", metavar="ADDRESS", help="a window alone, which joins a server: 192.168.1.5")
parser.add_argument("--name", default="player", help="what the window is called")
parser.add_argument("--port", type=int, default=8765, help="TCP port of the server (8765)")
parser.add_argument("--seconds", type=float, metavar="S", help="end by itself")
parser.add_argument("--screenshot", metavar="FILE.png", help="keep the window's last picture")

if __name__ == "__main__":
    logging.basicConfig(level="INFO", format="%(message)s")
    main(parser.parse_args())
