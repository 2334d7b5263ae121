"""What a child process runs: `python -m workshop.processes.child MODULE …` ends when its parent does."""

import runpy
import sys

from workshop.bootstrap.lifeline import watch


def main() -> None:
    """Run the module that the command line names, with the remaining arguments."""
    watch()
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
