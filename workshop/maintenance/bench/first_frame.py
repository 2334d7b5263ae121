"""How long a newcomer who has only Python waits for the first frame, from a bare clone.

Run it with ``python -m workshop.maintenance.bench.first_frame``. It clones this checkout into temporary
folders and starts ``python3 -m workshop play`` there: with an empty package cache, with a warm one, and a
second time.
"""

import os
import subprocess
import tempfile
import time
from pathlib import Path

from workshop.bootstrap.pip import outside_python
from workshop.paths import ROOT


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        for number, what in enumerate(["empty package cache", "warm package cache"]):
            clone = here / f"clone{number}"
            subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
            print(f"{what}: {first_frame(clone, here):.1f} s to the first frame", flush=True)
        print(f"second start: {first_frame(clone, here):.1f} s")


def first_frame(clone: Path, here: Path) -> float:
    """Seconds from typing the command until the first frame is saved."""
    picture = here / "frame.png"
    environ = {key: value for key, value in os.environ.items() if not key.startswith("WORKSHOP_")}
    environ |= {"PIP_CACHE_DIR": str(here / "cache"), "SDL_VIDEODRIVER": "dummy"}
    command = [outside_python(), "-m", "workshop", "play", "--seconds", "0.01", "--screenshot", str(picture)]
    begun = time.time()
    subprocess.run(command, cwd=clone, env=environ, check=True, stdout=subprocess.DEVNULL)
    return picture.stat().st_mtime - begun


if __name__ == "__main__":
    main()
