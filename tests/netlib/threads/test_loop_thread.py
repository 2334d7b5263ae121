"""A thread with an event loop ends with the program, whatever a function in it does."""

import asyncio
from pathlib import Path

from tests.support.processes import python, running
from tests.support.rooms import LOOPBACK, a_room, plain_client


class TestTheEndOfAProgram:
    START = (
        "from netlib import threads\n"
        f"server = threads.BackgroundServer('room', host='{LOOPBACK}', port=0, discoverable=False)\n"
    )

    async def test_goodbye_when_the_main_thread_ends(self, tmp_path: Path) -> None:
        """A program that just ends says goodbye to its clients, and leaves with code 0."""
        code = "import logging\nlogging.getLogger('asyncio').setLevel('ERROR')\n"  # a busy machine is slow
        code += self.START + "server.start()\nprint(server.port, flush=True)\ninput()\n"
        process = await asyncio.create_subprocess_exec(
            *map(str, python("-X", "dev", "-W", "error", "-c", code)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        room = a_room(port=int(await process.stdout.readline()))
        async with plain_client(room) as client:
            process.stdin.write(b"\n")
            assert await client.closed() == (1001, "the server shuts down")
        assert await process.wait() == 0
        assert await process.stdout.read() == b""

    def test_a_blocked_listener_keeps_no_program_from_ending(self, tmp_path: Path) -> None:
        """The interpreter ends although a listener in the thread never does."""
        code = self.START + (
            "import threading, netlib.threads.loop_thread as machinery\n"
            "machinery.END_TIME = 0.1\n"
            "blocked = threading.Event()\n"
            "server.on_tick(lambda dt: (blocked.set(), threading.Event().wait()))\n"
            "server.start()\n"
            "blocked.wait()\n"
        )
        with running(python("-c", code), tmp_path / "log") as program:
            assert program.wait() == 0
