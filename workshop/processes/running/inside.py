"""What runs in the process of an attendee's program: `python -m workshop.processes.running.inside MODULE …`.

It ends when we do. Neither Ctrl-C nor a mistake shows the attendee lines of code that are not their own.
"""

import runpy
import sys
import traceback
from types import TracebackType

from workshop.bootstrap.lifeline import watch

INTERRUPTED = 130


def main() -> None:
    """Run the module that the command line names, with the remaining arguments."""
    watch()
    sys.excepthook = show_theirs
    sys.argv = sys.argv[1:]
    try:
        runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


def show_theirs(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Print an exception that ends the program, without the lines (ours and Python's) that lead to theirs."""
    while trace and is_ours(trace.tb_frame.f_code.co_filename):
        trace = trace.tb_next
    traceback.print_exception(kind, error, trace)


def is_ours(file: str) -> bool:
    """Whether the code in this file only leads to theirs."""
    return file == __file__ or file.startswith("<frozen ") or file == runpy.__file__


if __name__ == "__main__":
    main()
