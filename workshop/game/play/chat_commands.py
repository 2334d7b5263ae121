"""What a typed line means: talk or, after a slash, a command of the host; and how it is sent."""

import difflib
from collections.abc import Callable, Mapping
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
    """The message that a typed line stands for.

    Args:
        players: those in the room, whom a command may name.

    Raises:
        CannotSay: there is no such command, or something is missing.
    """
    if not line.startswith("/"):
        return Chat(line)
    word, _, rest = line[1:].partition(" ")
    make = _COMMANDS.get(word.lower())
    if make is None:
        raise CannotSay(_unknown(word))
    return make(rest.strip(), players)


def _unknown(word: str) -> str:
    near = difflib.get_close_matches(word.lower(), USAGE, n=1)
    known = f"did you mean /{near[0]}?" if near else f"there are {', '.join(f'/{name}' for name in USAGE)}"
    return f"There is no /{word}; {known}"


def _pause(_: str, __: Mapping[int, Player]) -> netlib.Command:
    return netlib.Command("pause")


def _start(_: str, __: Mapping[int, Player]) -> netlib.Command:
    return netlib.Command("start")


def _shutdown(words: str, _: Mapping[int, Player]) -> netlib.Command:
    return netlib.Command("shutdown", reason=words)


def _host(password: str, _: Mapping[int, Player]) -> netlib.Command:
    if not password:
        raise CannotSay(USAGE["host"])
    return netlib.Command("host", password=password)


def _kick(name: str, players: Mapping[int, Player]) -> netlib.Command:
    for id, player in players.items():
        if name_key(player.name) == name_key(name):
            return netlib.Command("kick", player=id)
    raise CannotSay(f"Nobody here is called {name!r}; {USAGE['kick']}" if name else USAGE["kick"])


def _lag(numbers: str, _: Mapping[int, Player]) -> netlib.Command:
    try:
        latency, jitter, loss = (*(float(number) for number in numbers.split()), 0.0, 0.0)[:3]
        link = link_conditions(latency=latency, jitter=jitter, loss=loss)
    except ValueError as error:
        raise CannotSay(USAGE["lag"]) from error
    return netlib.Command("link", latency=link.latency, jitter=link.jitter, loss=link.loss)


_COMMANDS: Final[dict[str, Callable[[str, Mapping[int, Player]], netlib.Command]]] = {
    "pause": _pause,
    "start": _start,
    "kick": _kick,
    "lag": _lag,
    "shutdown": _shutdown,
    "host": _host,
}
