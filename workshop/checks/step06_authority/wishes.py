"""Prints what a `Move` of the module on the command line says: by itself, and when it is given a wish."""

import json
import sys
from importlib import import_module

if __name__ == "__main__":
    Move = import_module(sys.argv[1]).Move
    both = Move(), Move(move=(0.6, 0.8), collect=True)
    print(json.dumps([[each.move, each.collect] for each in both]))  # noqa: T201 - for the check
