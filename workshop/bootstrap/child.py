"""Continue in another Python: it takes our place, or on Windows runs as our child.

On other systems `exec` keeps the process, so no signal can miss the program and nothing is left behind.
Windows has no `exec`: there the child shares our console, and so gets Ctrl-C itself. It also holds one end of
a pipe, the lifeline (see lifeline), which closes when we die, however that happens.
"""

import os
import sys
from collections.abc import Mapping, Sequence


def go_on(command: Sequence[str], environ: Mapping[str, str], platform: str = sys.platform) -> int:
    """Run the command in our place, or as a child whose exit code is returned."""
    if platform == "win32":
        from workshop.bootstrap import lifeline

        return lifeline.run_child(command, environ)
    sys.stdout.flush()
    sys.stderr.flush()
    return os.execve(command[0], list(command), dict(environ))
