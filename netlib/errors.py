"""Everything netlib raises, as one tree; each message says what happened, why, and what to do.

::

    NetlibError
    ├── WrongArgument           an argument is not what a call takes; a TypeError and a ValueError, too
    ├── WrongCall               a call at the wrong time, or in the wrong place; a RuntimeError, too
    ├── StartError              a server could not start
    │   └── PortInUse           another program listens on that port
    ├── MessageError            a message is not acceptable; ``code`` names why
    │   ├── BadMessage          not JSON, wrong types, missing fields
    │   ├── UnknownType         nobody declared a message of that type
    │   └── MessageTooBig       over the size limit
    ├── ConnectError            a client could not connect
    │   ├── HostNotFound        the name has no address
    │   ├── Unreachable         no answer from that address, or nothing listens there
    │   ├── NotOurServer        somebody answers, but does not speak netlib
    │   └── Refused             the server said no; ``code`` names why
    │       ├── WrongVersion    another version of the protocol
    │       ├── RoomFull        no place left
    │       └── WrongPassword   the room has a password
    ├── ConnectionLost          an open connection ended; ``code`` and ``reason`` tell how
    ├── RequestFailed           a request got an error for an answer; ``code`` names why
    └── UnknownCollection       a state has no collection of that name (a KeyError, too)
"""

import difflib
from collections.abc import Iterable

MAX_TEXT = 500  # characters of an error's text


def showable(text: str) -> str:
    """What may come from a stranger, fit for a terminal: without control characters, and not endless."""
    return "".join(char for char in text[:MAX_TEXT] if char.isprintable())


class NetlibError(Exception):
    """Base of all errors of this library; its text can be shown to a user as it is."""

    def __init__(self, text: str = "") -> None:
        super().__init__(showable(text))


class WrongArgument(NetlibError, TypeError, ValueError):
    """An argument is not what a call takes."""


class WrongCall(NetlibError, RuntimeError):
    """A call at the wrong time or in the wrong place: before the start, or in another thread."""


class StartError(NetlibError):
    """A server could not start."""


class PortInUse(StartError):
    """Another program listens on the port that a server wanted."""


class MessageError(NetlibError):
    """A message is not acceptable. ``code`` is the word that goes over the wire, ``type`` its own."""

    code = "bad_message"

    def __init__(self, text: str = "", type: str = "") -> None:
        super().__init__(text)
        self.type = type


class BadMessage(MessageError):
    """A message is not well formed, or a field has the wrong type."""


class UnknownType(MessageError):
    """A message has a type that this side has not declared."""

    code = "unknown_type"


class MessageTooBig(MessageError):
    """A message is larger than the limit, in bytes."""

    code = "too_big"


class ConnectError(NetlibError):
    """A client could not connect."""


class HostNotFound(ConnectError):
    """The host name has no address."""


class Unreachable(ConnectError):
    """Nothing answered at that address in time, or nothing listens there."""


class NotOurServer(ConnectError):
    """Something answered that is not a netlib server."""


class Refused(ConnectError):
    """The server refused the hello; ``code`` is its word for why."""

    def __init__(self, message: str, code: str = "refused") -> None:
        super().__init__(message)
        self.code = code


class WrongVersion(Refused):
    """The server speaks another version of the protocol."""


class RoomFull(Refused):
    """The room has no place left."""


class WrongPassword(Refused):
    """The room wants a password, and this was not it."""


class ConnectionLost(NetlibError):
    """An open connection ended. ``code`` is a WebSocket close code (RFC 6455, 7.4)."""

    def __init__(self, code: int, reason: str = "", text: str = "") -> None:
        why = f"{code}: {reason}" if reason else f"{code}"
        ended = f"the server ended the connection ({why}); is it still running? Then try again"
        super().__init__(text or ended)
        self.code = code
        self.reason = reason


class RequestFailed(NetlibError):
    """The other side answered a request with an error; ``code`` is its word for why."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class UnknownCollection(NetlibError, KeyError):
    """A state has no collection of that name."""

    __str__ = Exception.__str__  # that of a KeyError would put the text in quotes


_REFUSALS: dict[str, type[Refused]] = {"protocol": WrongVersion, "full": RoomFull, "password": WrongPassword}


def refusal(code: str, message: str) -> Refused:
    """The error for a ``refused`` frame with that code and message."""
    return _REFUSALS.get(code, Refused)(message, code)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint such as ``; did you mean "chat"?``, or nothing when no known word is near."""
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f'; did you mean "{near[0]}"?' if near else ""
