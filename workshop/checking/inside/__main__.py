"""Run somebody's program, and tell the check what happens in it: `… -m workshop.checking.inside MODULE …`."""

import os
import runpy
import sys
from pathlib import Path

from workshop.checking.inside.faults import Faults
from workshop.checking.inside.link import CheckLink
from workshop.checking.inside.watch import StallWatch
from workshop.checking.wire import PORT, STAGE, WINDOW, AnyOrder, CloseWindow, Hold, Linger
from workshop.processes.windows_job import end_with_us


def main() -> None:
    """Run the module that the command line names, with the rest of it."""
    held: list[Hold | CloseWindow | Linger] = []

    def obey(order: AnyOrder) -> None:
        if isinstance(order, Hold | CloseWindow | Linger):
            held.append(order)

    end_with_us()
    link = CheckLink(int(os.environ.pop(PORT)), obey)
    faults = Faults(link, Path(os.environ.pop(STAGE)))
    faults.watch()
    if os.environ.pop(WINDOW, ""):
        from workshop.checking.inside.window import look_through

        look_through(link, held)
    StallWatch(link, faults.theirs).start()
    sys.argv = sys.argv[1:]
    try:
        runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
    except KeyboardInterrupt:
        sys.exit(130)
    except SystemExit:
        raise
    except BaseException as error:  # also a CancelledError that nobody caught
        faults.crashed(error)
        sys.exit(1)


if __name__ == "__main__":
    main()
