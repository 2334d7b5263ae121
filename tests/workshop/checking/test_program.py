"""A program under a check: what it does is seen, whatever it does, and nothing of it is left."""

import asyncio
import re
import sys
from itertools import pairwise

import pytest

from tests.support.processes import is_alive, wait_until_async
from tests.workshop.checking.conftest import Write
from workshop.checking import listening as waiting
from workshop.checking import program as module
from workshop.checking.lab import Lab, Ports
from workshop.checking.program import Program
from workshop.checking.stage import Stage
from workshop.checking.verdict import Wrong

LISTENS = """
import argparse, asyncio

async def main(port):
    {before}
    server = await asyncio.start_server(lambda r, w: w.close(), "127.0.0.1", {port})
    await server.serve_forever()

parser = argparse.ArgumentParser()
parser.add_argument("--host")
parser.add_argument("--port", type=int)
asyncio.run(main(parser.parse_args().port))
"""


def listening(*, before: str = "pass", port: str = "port") -> str:
    """A server that is short of nothing but what a test changes."""
    return LISTENS.format(before=before, port=port)


def run(stage: Stage, *arguments: str) -> Program:
    """The server of a stage, to be used with ``async with``."""
    return Lab(stage, Ports()).program("server", *arguments)


async def gone(pid: int) -> None:
    """Wait until there is no such process any more."""
    await wait_until_async(lambda: not is_alive(pid), f"the end of process {pid}", timeout=5)


async def test_a_server_that_listens(stage: Write) -> None:
    """A server is ready as soon as it accepts connections on the port that it was given."""
    async with Lab(stage(server=listening()), Ports()).server() as (program, port):
        assert port in {bound.port for bound in program.bound}
        assert program.exit_code is None
    assert program.exit_code is not None


@pytest.mark.parametrize(
    ("source", "patience", "saw", "place"),
    [
        ("names = []\nprint(names[3])\n", 15.0, "IndexError", None),
        ("async def main():\n    pass\n", 15.0, "exit code 0", None),
        (listening(port="45999"), 15.0, "listens on port 45999", "server.py:6"),
        (listening(before="await asyncio.Event().wait()"), 0.5, "nothing listens", None),
    ],
)
async def test_a_server_that_does_not_listen(
    stage: Write, monkeypatch: pytest.MonkeyPatch, source: str, patience: float, saw: str, place: str | None
) -> None:
    """A server that ends, opens another port than it was told, or waits for something else is told so."""
    monkeypatch.setattr(waiting, "START_SECONDS", patience)
    with pytest.raises(Wrong) as caught:
        async with Lab(stage(server=source), Ports()).server():
            pass
    assert saw in caught.value.saw
    assert (str(caught.value.place) if caught.value.place else None) == place


async def test_a_server_that_uses_the_processor(stage: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that runs in circles is named by the line at which the event loop stands still."""
    monkeypatch.setattr(waiting, "START_SECONDS", 0.0)
    source = listening(before="while True: port += 0")
    async with run(stage(server=source), "--host", "127.0.0.1", "--port", "1") as program:
        await program.until(lambda: program.trouble("blocked"))
        with pytest.raises(Wrong) as caught:
            await waiting.listening(program, 1)
    assert "stood still" in caught.value.saw
    assert str(caught.value.place) == "server.py:5"


async def test_garbage(stage: Write) -> None:
    """A program that prints megabytes of garbage is read, and of it the end is kept, in readable form."""
    source = """
        import sys
        for _ in range(200):
            sys.stdout.buffer.write(bytes(range(256)) * 100)
        sys.stdout.buffer.write(b"\\nx" * 4000 + b"\\nlast")
    """
    async with run(stage(server=source)) as program:
        await program.ended()
        assert await program.until(lambda: program.lines[-1:] == ["last"])
    assert len(program.lines) <= module.LINES_KEPT + 1
    assert all(line.isprintable() and len(line) <= module.LONGEST_LINE + 2 for line in program.lines)


async def test_keyboard_and_ctrl_c(stage: Write) -> None:
    """What is typed arrives, and Ctrl-C reaches a program that waits."""
    source = """
        import asyncio
        try:
            print("typed", input())
            asyncio.run(asyncio.sleep(60))
        except KeyboardInterrupt:
            print("interrupted")
    """
    async with run(stage(server=source)) as program:
        await program.type("hello")
        assert await program.until(lambda: "typed hello" in program.lines)
        program.interrupt()
        assert await program.ended() == 0
        assert await program.until(lambda: "interrupted" in program.lines)


async def test_a_program_that_must_not_end_meanwhile(stage: Write) -> None:
    """What is waited for comes, or never does; a program that ends before that is wrong."""
    async with run(stage(server="print('here')\ninput()\n")) as program:
        assert await program.reaches(lambda: program.lines) == ["here"]
        assert await program.reaches(lambda: program.lines[1:], 0.1) is None
        await program.type("")
        with pytest.raises(Wrong, match=r"it plays; saw: server\.py has ended"):
            await program.reaches(lambda: None, expected="it plays")


async def test_a_client_is_there_as_soon_as_it_shows_what_it_must(stage: Write) -> None:
    """A window that draws is enough by itself; one that never shows what it must is wrong."""
    source = """
        import pygame
        pygame.display.set_mode((40, 30))
        pygame.display.flip()
        input()
    """
    lab = Lab(stage(client=source), Ports())
    async with lab.client(lab.ports.free(), expected="it draws") as program:
        assert program.frames
    blank = lab.client(lab.ports.free(), expected="it draws a dot", shows=lambda it: it.frames[1:], seconds=2)
    with pytest.raises(Wrong, match="it draws a dot; saw: no frame shows that within 2 seconds") as wrong:
        async with blank:
            pass
    assert wrong.value.symptom == "no_frames"


@pytest.mark.skipif(sys.platform == "win32", reason="processes are looked at by POSIX means")
async def test_nothing_is_left_of_a_program_that_hangs(stage: Write) -> None:
    """A program that refuses to end, and what it has started, are gone behind the check."""
    source = """
        import os, signal, subprocess, sys, time
        for name in ("SIGINT", "SIGTERM"):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
        sleep = [sys.executable, "-c", "import time; time.sleep(600)"]
        child, left = subprocess.Popen(sleep), subprocess.Popen(sleep, start_new_session=True)
        print("pids", os.getpid(), child.pid, left.pid, flush=True)
        time.sleep(600)
    """
    async with run(stage(server=source)) as program:
        line = await program.until(lambda: next((x for x in program.lines if x.startswith("pids")), None))
    assert line is not None
    pids = [int(word) for word in re.findall(r"\d+", line)]
    assert len(pids) == 3
    await asyncio.gather(*map(gone, pids))


async def test_what_is_set_here_does_not_matter(stage: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """A warning is none of an exception, an assertion counts, and no proxy is asked, whatever is set."""
    monkeypatch.setenv("PYTHONWARNINGS", "error")
    monkeypatch.setenv("PYTHONOPTIMIZE", "1")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    source = """
        import urllib.request, warnings
        warnings.warn("old")
        print("bypass", urllib.request.proxy_bypass("127.0.0.1"))
        assert not "no assertion counts"
    """
    async with run(stage(server=source)) as program:
        assert await program.ended() == 1
    assert "bypass True" in program.lines
    trouble = program.trouble("crashed")
    assert trouble is not None
    assert trouble.name == "AssertionError"


@pytest.mark.skipif(sys.platform == "win32", reason="processes are looked at by POSIX means")
async def test_a_program_ends_with_the_check(stage: Write) -> None:
    """When the check is killed, its program ends by itself: it notices that nobody listens any more."""
    tried = stage(server="import time, os\nprint('pid', os.getpid(), flush=True)\ntime.sleep(600)\n")
    code = f"""if True:
        import asyncio, os, signal
        from pathlib import Path
        from workshop.checking.lab import Lab, Ports
        from workshop.checking.stage import Stage
        async def main():
            async with Lab(Stage(Path({str(tried.folder)!r})), Ports()).program("server") as program:
                await program.until(lambda: program.lines)
                print(program.lines[0], flush=True)
                os.kill(os.getpid(), signal.SIGKILL)
        asyncio.run(main())
    """
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdout=asyncio.subprocess.PIPE)
    out, _ = await process.communicate()
    await gone(int(out.split()[1]))


async def test_the_end_of_the_check_is_silent(stage: Write) -> None:
    """Where the event loop ends while a program is still heard, no traceback stands in the report."""
    told: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: told.append(context))
    async with run(stage(server=listening())) as program:
        await program.until(lambda: program.bound)
        listeners = [task for task in asyncio.all_tasks() if "_heard" in repr(task.get_coro())]
        for task in listeners:
            task.cancel()
        await asyncio.wait(listeners)
        await asyncio.sleep(0)
    assert told == []


async def test_a_window_is_seen(stage: Write) -> None:
    """Frames without a screen are seen, with shapes and keys; one that we make slow is no line's fault."""
    source = """
        import asyncio, pygame
        pygame.init()
        surface = pygame.display.set_mode((100, 100))
        async def main():
            x, down = 10, 0
            while down < 2:
                down += sum(event.type in (pygame.KEYDOWN, pygame.KEYUP) for event in pygame.event.get())
                x += 5 * pygame.key.get_pressed()[pygame.K_RIGHT]
                pygame.draw.circle(surface, "red", (x, 50), 4)
                pygame.display.flip()
                await asyncio.sleep(0.005)
            print("moved", x > 10)
        asyncio.run(main())
    """
    async with Lab(stage(client=source), Ports()).program("client", window=True) as program:
        assert await program.until(lambda: len(program.frames) > 3)
        assert program.frames[0].shapes[0][:2] == ("circle", 6.0)
        program.linger(0.6)
        assert await program.until(lambda: any(b.time - a.time > 0.5 for a, b in pairwise(program.frames)))
        program.hold("right")
        assert await program.until(lambda: program.frames[-1].shapes[0][1] > 6.0)
        program.hold()
        assert await program.ended() == 0
        assert await program.until(lambda: "moved True" in program.lines)
    assert program.trouble("blocked") is None


async def test_datagrams_are_told(stage: Write) -> None:
    """A program's datagrams are told with their address, also those of a socket that is closed."""
    source = """
        import contextlib, socket
        one = socket.socket(type=socket.SOCK_DGRAM)
        one.sendto(b"x", ("127.0.0.1", 9))
        one.close()
        with contextlib.suppress(OSError):
            one.sendto(b"x", ("127.0.0.1", 10))
    """
    async with run(stage(server=source)) as program:
        await program.ended()
    assert [sent.port for sent in program.sent] == [9, 10]
