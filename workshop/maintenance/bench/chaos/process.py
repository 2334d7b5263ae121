"""The server's process: started, killed, started again on the same port."""

import asyncio
import os
import re
import subprocess
import sys
import tempfile
from types import TracebackType
from typing import Self

from workshop.bootstrap.lifeline import spawn
from workshop.errors import WorkshopError
from workshop.paths import ROOT
from workshop.processes.children import READY, START_SECONDS

MODULE = "workshop.maintenance.bench.chaos.serve"
SHOWN = 400  # characters of a server's last words


class ServerProcess:
    """One life of the server; it ends with the block, and never outlives us.

    Args:
        port: where it listens; 0 for any free port.
        players: how many bots will come.
    """

    def __init__(self, port: int, players: int) -> None:
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed in __exit__
        self._process, self._lifeline = spawn(
            [sys.executable, "-m", "workshop.processes.child", MODULE, str(port), str(players)],
            {**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8:replace"},
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self._errors,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()
        self._process.communicate()
        self._errors.close()
        os.close(self._lifeline)

    async def port(self) -> int:
        """Wait until it is open, and return its port.

        Raises:
            WorkshopError: it did not open in time; with its last words.
        """
        assert self._process.stdout is not None
        alarm = asyncio.get_running_loop().call_later(START_SECONDS, self.kill)
        line = await asyncio.to_thread(self._process.stdout.readline)
        alarm.cancel()
        if found := re.search(READY, line.decode(errors="replace")):
            return int(found[1])
        self.kill()
        raise WorkshopError(f"the server did not start; {self.last_words()}")

    @property
    def runs(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    def kill(self) -> None:
        """End it without a warning: SIGKILL, or on Windows TerminateProcess."""
        self._process.kill()
        self._process.wait()

    def last_words(self) -> str:
        """How it ended and what it said last, for the words of a problem."""
        self._errors.seek(0)
        said = self._errors.read().decode(errors="replace").strip()
        return f"its exit code is {self._process.returncode}, and it said: {said[-SHOWN:] or 'nothing'}"
