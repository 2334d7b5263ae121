"""What a typed line means, and who may command by it."""

import os
from functools import partial

import pytest

import netlib
from netlib import testing
from solutions.step14_public.server import make_server
from workshop.game.drawing.screen import Screen
from workshop.game.play.chat_commands import HOST_HELP, USAGE, CannotSay, meaning, say
from workshop.game.rules.entities import Player
from workshop.game.rules.maps import make_map
from workshop.game.rules.messages import MESSAGES, Chat

PLAYERS = {3: Player("Ada 2", 0, 0, 0), 7: Player("Bob", 1, 0, 0)}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("hi there", Chat("hi there")),
        ("/pause", netlib.Command("pause")),
        ("/START", netlib.Command("start")),
        ("/kick ada 2", netlib.Command("kick", player=3)),
        ("/kick ＡＤＡ 2", netlib.Command("kick", player=3)),
        ("/lag 250", netlib.Command("link", latency=0.25)),
        ("/lag 250 40 2", netlib.Command("link", latency=0.25, jitter=0.04, loss=0.02)),
        ("/lag 0", netlib.Command("link")),
        ("/shutdown time for lunch", netlib.Command("shutdown", reason="time for lunch")),
        ("/host plum", netlib.Command("host", password="plum")),
    ],
)
def test_lines(line: str, message: netlib.Message) -> None:
    """Talk is talk; after a slash it is a command."""
    assert meaning(line, PLAYERS) == message


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("/puase", "did you mean /pause"),
        ("/xyzzy", "there are /pause"),
        ("/kick", USAGE["kick"]),
        ("/kick Zoe", "Nobody here is called 'Zoe'"),
        ("/lag", USAGE["lag"]),
        ("/lag lots", USAGE["lag"]),
        ("/lag 100 0 100", USAGE["lag"]),
        ("/host", USAGE["host"]),
        ("/", "there are /pause"),
    ],
)
def test_what_makes_no_sense_is_explained(line: str, words: str) -> None:
    """Nothing is sent, and the text says what to type."""
    with pytest.raises(CannotSay) as raised:
        meaning(line, PLAYERS)
    assert words in str(raised.value)


def said(screen: Screen) -> list[str]:
    """The lines in its chat."""
    return [line[1] for line in screen.chat._lines]


@testing.in_virtual_time
async def test_the_host_pauses_and_nobody_else() -> None:
    """The room's answer is in the chat of the player who typed."""
    os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
    async with testing.Network() as network:
        server = await network.serve(make_server, seed=1, first_is_host=True)
        ada = await network.join("Ada", messages=MESSAGES)
        bob = await network.join("Bob", messages=MESSAGES)
        for client, paused, answer in ((bob, False, "only the host"), (ada, True, "Done: pause")):
            screen = Screen(make_map(1))
            say("/pause", client, {}, screen.chat)
            await testing.until(partial(said, screen), "an answer")
            assert answer in said(screen)[-1]
            assert server.paused is paused
        screen = Screen(make_map(1))
        say("/host plum", bob, {}, screen.chat)
        say("/nonsense", bob, {}, screen.chat)
        await testing.until(lambda: len(said(screen)) == 2, "both answers")
        words = said(screen)
        assert words[0].startswith("There is no /nonsense") and "password" in words[1]
        assert HOST_HELP not in words
