"""A shared drawing board for many."""

from examples.canvas.client import play
from examples.canvas.server import make_server
from examples.running import run

if __name__ == "__main__":
    run(__doc__, make_server, play)
