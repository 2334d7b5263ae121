"""An arena: run, and shoot what you see, against bots and others."""

from examples.arena import bots
from examples.arena.client import play
from examples.arena.server import Arena
from examples.running import run

if __name__ == "__main__":
    run("examples.arena", __doc__, lambda **place: Arena(**place).server, play, bots.play)
