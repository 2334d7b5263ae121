"""An arena: run, and shoot what you see, against bots and others."""

from examples.arena import bots
from examples.arena.client import play
from examples.arena.server import Arena
from examples.running import run

if __name__ == "__main__":
    run(__package__, __doc__, lambda port: Arena(port=port).server, play, bots.play)
