"""Gem Rush under another name: its program. Its own tests play it."""

import asyncio
from pathlib import Path

import pytest

import netlib
from solutions.step14_public.public import PASSWORD
from tests.support.processes import python, running
from workshop.game.rules.messages import MESSAGES

SECRET = "with snow on it"


def test_a_password_keeps_strangers_out(tmp_path: Path) -> None:
    """It is that of the environment: the window and the bots beside the server know it, too."""
    environ = {"SDL_VIDEODRIVER": "dummy", PASSWORD: SECRET}
    with running(
        python("-m", "examples.gems", "--port", "0", "--bots", "1"), tmp_path / "log", environ=environ
    ) as program:
        for name in ("Ada", "Bot 1"):
            program.wait_for(f"{name} joined from")
        address = program.wait_for(r"at (127\.0\.0\.1:\d+) as")[1]
        with pytest.raises(netlib.WrongPassword):
            asyncio.run(knock(address, ""))
        asyncio.run(knock(address, SECRET))


async def knock(address: str, password: str) -> None:
    """Join, and leave."""
    async with netlib.connect(address, name="Eve", messages=MESSAGES, password=password):
        pass
