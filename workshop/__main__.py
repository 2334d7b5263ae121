"""Run the command line before anything is installed: python3 -m workshop

Parses on any Python, back to 2.7: an old one gets a clear message.
"""

import os
import sys

if not __package__:  # started as a folder: python3 path/to/workshop
    sys.path[0] = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

from workshop.bootstrap import old_python

if __name__ == "__main__":
    old_python.refuse_old_python()
    try:
        from workshop.bootstrap import shadows

        shadows.clear_the_way()
        from workshop.bootstrap import start

        sys.exit(start.start(sys.argv[1:]))
    except KeyboardInterrupt:  # before any command runs; a command knows better what Ctrl-C means to it
        sys.exit(130)
