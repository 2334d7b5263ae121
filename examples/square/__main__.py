"""A square for each of two players, or of many."""

from examples.running import run
from examples.square import bots
from examples.square.game import make_server, play

if __name__ == "__main__":
    run(__package__, __doc__, make_server, play, bots.play)
