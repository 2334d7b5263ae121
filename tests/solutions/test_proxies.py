"""A proxy that is set on a machine does not stand between a client and a room nearby."""

import asyncio
import os

import pytest
from websockets.asyncio.server import ServerConnection, serve

from tests.support.processes import ROOT, python

CLOSED = "127.0.0.1:9"  # where no proxy listens
PROXIES = {
    "http_proxy": f"http://{CLOSED}",
    "https_proxy": f"http://{CLOSED}",
    "all_proxy": f"socks5h://{CLOSED}",
    "ws_proxy": f"socks5h://{CLOSED}",
}
HEADLESS = {"SDL_VIDEODRIVER": "dummy", "SDL_AUDIODRIVER": "dummy"}


@pytest.mark.parametrize("tree", ["starter", "solutions"])
@pytest.mark.parametrize("step", ["step02_echo", "step03_broadcast", "step04_render_loop"])
async def test_a_client_by_itself(tree: str, step: str) -> None:
    """Started by hand, the client reaches a room on this machine."""
    arrived = asyncio.Event()

    async def welcome(connection: ServerConnection) -> None:
        arrived.set()
        await connection.wait_closed()

    async with serve(welcome, "127.0.0.1", 0) as server:
        port = str(next(iter(server.sockets)).getsockname()[1])
        process = await asyncio.create_subprocess_exec(
            *python("-m", f"{tree}.{step}.client", "--host", "127.0.0.1", "--port", port),
            cwd=ROOT,
            env=os.environ | PROXIES | HEADLESS,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
        )
        try:
            async with asyncio.timeout(60):
                await arrived.wait()
        finally:
            process.kill()
            await process.communicate()
