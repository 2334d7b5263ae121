"""Go on in another Python: it takes our place, or on Windows runs as our child.

Elsewhere `exec` keeps the process itself, so no signal can miss the program and nothing is left behind.
Windows has no such thing: there the child shares our console, and gets Ctrl-C by itself; and it holds
one end of a pipe, the lifeline (see lifeline), which closes when we die in whatever way.
"""

import os
import sys
from collections.abc import Mapping, Sequence


def go_on(command: Sequence[str], environ: Mapping[str, str], platform: str = sys.platform) -> int:
    """Run the command in our place; where that is impossible, return its exit code."""
    if platform == "win32":
        from workshop.bootstrap import lifeline

        return lifeline.run_child(command, environ)
    sys.stdout.flush()
    sys.stderr.flush()
    return os.execve(command[0], list(command), dict(environ))
