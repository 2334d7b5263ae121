"""What a typed line means: talk or, after a slash, a command of the host; and how it is sent."""

import difflib
from collections.abc import Mapping
from typing import Final

import netlib
from netlib.session.names import name_key
from workshop.errors import WorkshopError
from workshop.game.drawing.chat import ChatLog
from workshop.game.drawing.palette import WARNING
from workshop.game.play.flags import link_conditions
from workshop.game.rules.entities import Player
from workshop.game.rules.messages import Chat

HOST_HELP: Final = "You command this room: /pause /start /kick NAME /lag MS /shutdown"
USAGE: Final = {
    "pause": "/pause: everybody stands still",
    "start": "/start: the game goes on",
    "kick": "/kick NAME",
    "lag": "/lag MS [JITTER] [LOSS %]: a worse network for everybody; /lag 0 ends it",
    "shutdown": "/shutdown [WORDS]: closes the room",
    "host": "/host PASSWORD: gives you the rights of the host",
}


class CannotSay(WorkshopError):
    """A line after a slash that makes no sense; the text says what would."""


def say(line: str, client: netlib.Client, players: Mapping[int, Player], chat: ChatLog) -> None:
    """Send what somebody has typed; what becomes of a command stands in the chat.

    Args:
        players: those in the room, whom a command may name.
    """
    try:
        message = meaning(line, players)
    except CannotSay as error:
        chat.note(str(error), WARNING)
        return
    if isinstance(message, netlib.Command):
        client.spawn(_ask(message, client, chat))
    else:
        client.send(message)


async def _ask(command: netlib.Command, client: netlib.Client, chat: ChatLog) -> None:
    try:
        await client.request(command)
    except TimeoutError:
        chat.note("The server has not answered; try again", WARNING)
    except netlib.NetlibError as error:
        chat.note(str(error), WARNING)
    else:
        chat.note(HOST_HELP if command.do == "host" else f"Done: {command.do}")


def meaning(line: str, players: Mapping[int, Player]) -> Chat | netlib.Command:
    """The message that a typed line stands for; see `say`.

    Raises:
        CannotSay: there is no such command, or something is missing.
    """
    if not line.startswith("/"):
        return Chat(line)
    word, _, rest = line[1:].partition(" ")
    match word.lower(), rest.strip():
        case ("pause" | "start") as do, _:
            return netlib.Command(do)
        case "shutdown", words:
            return netlib.Command("shutdown", reason=words)
        case "host", password if password:
            return netlib.Command("host", password=password)
        case "kick", name if name:
            return netlib.Command("kick", player=_called(name, players))
        case "lag", numbers if numbers:
            return _link(numbers)
        case known, _:
            raise CannotSay(USAGE.get(known) or _unknown(word))


def _unknown(word: str) -> str:
    near = difflib.get_close_matches(word.lower(), USAGE, n=1)
    known = f"did you mean /{near[0]}?" if near else f"there are {', '.join(f'/{name}' for name in USAGE)}"
    return f"There is no /{word}; {known}"


def _called(name: str, players: Mapping[int, Player]) -> int:
    """The id of the player of that name."""
    for id, player in players.items():
        if name_key(player.name) == name_key(name):
            return id
    raise CannotSay(f"Nobody here is called {name!r}; {USAGE['kick']}")


def _link(numbers: str) -> netlib.Command:
    try:
        latency, jitter, loss = (*(float(number) for number in numbers.split()), 0.0, 0.0)[:3]
        link = link_conditions(latency=latency, jitter=jitter, loss=loss)
    except ValueError as error:
        raise CannotSay(USAGE["lag"]) from error
    return netlib.Command("link", latency=link.latency, jitter=link.jitter, loss=link.loss)
